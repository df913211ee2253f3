/* test_svg.c - figures: well-formed text, escaping, stable bytes, ticks, labels that do not overlap. */
#include <check.h>
#include <math.h>
#include <string.h>
#include "report/axis.h"
#include "report/esc.h"
#include "xml_check.h"

static myo_buf b;

static void setup(void) {
    b = (myo_buf){0};
}

static void teardown(void) {
    myo_buf_clear(&b);
}

/* ---- text ---- */

START_TEST(markup_is_escaped) {
    myo_esc_text(&b, "<script>alert('a & b')</script> \"x\"");
    ck_assert_str_eq(b.s, "&lt;script&gt;alert(&#39;a &amp; b&#39;)&lt;/script&gt; &quot;x&quot;");
}
END_TEST

START_TEST(control_characters_are_shown) {
    myo_esc_text(&b, "a\x1B[31m\nb\xE2\x80\xAE" "c\x7F");
    ck_assert_str_eq(b.s, "a\\x1B[31m\\x0Ab\\xE2\\x80\\xAEc\\x7F");
}
END_TEST

START_TEST(bytes_that_are_no_text_are_replaced) {
    myo_esc_text(&b, "a\xFF" "b");
    ck_assert_str_eq(b.s, "a\xEF\xBF\xBD" "b");
}
END_TEST

START_TEST(long_text_is_escaped_whole) {
    char long_text[2001];
    memset(long_text, '<', 2000);
    long_text[2000] = '\0';
    myo_esc_text(&b, long_text);
    ck_assert_uint_eq(b.n, 2000 * strlen("&lt;"));
}
END_TEST

START_TEST(cut_counts_characters_not_bytes) {
    myo_esc_cut(&b, "\xC3\xA4\xC3\xB6\xC3\xBC\xC3\x9F", 3);
    ck_assert_str_eq(b.s, "\xC3\xA4\xC3\xB6\xE2\x80\xA6");
    b.n = 0;
    myo_esc_cut(&b, "abc", 3);
    ck_assert_str_eq(b.s, "abc");
}
END_TEST

START_TEST(cut_never_splits_a_reference) {
    myo_esc_cut(&b, "<<<<", 2);
    ck_assert_str_eq(b.s, "&lt;\xE2\x80\xA6");
}
END_TEST

START_TEST(p_values_read_as_people_write_them) {
    static const struct {
        double p;
        const char *want;
    } cases[] = {{0.0004, "&lt; 0.001"}, {0.0123, "0.0123"}, {0.0502, "0.0502"}, {0.04996, "0.04996"},
                 {0.5, "0.5"}, {1.0, "1"}, {NAN, "n/a"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        b.n = 0;
        myo_esc_p(&b, cases[i].p);
        ck_assert_str_eq(b.s, cases[i].want);
    }
}
END_TEST

START_TEST(spans_choose_their_unit) {
    static const struct {
        double s;
        const char *want;
    } cases[] = {{0.0, "0 s"}, {35.0, "35 s"}, {600.0, "10 min"}, {9000.0, "2.5 h"}, {NAN, "n/a"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        b.n = 0;
        myo_esc_span(&b, cases[i].s);
        ck_assert_str_eq(b.s, cases[i].want);
    }
}
END_TEST

/* ---- elements ---- */

static void draw_everything(const char *name) {
    myo_svg_path p;
    myo_svg_begin(&b, &(myo_svg_head){100, 50.25, 7, name, name});
    myo_svg_group(&b, "k");
    myo_svg_tip(&b, name);
    myo_svg_line(&b, "ax", 0, 1, 2.04, 3.06);
    myo_svg_rect(&b, "", 1, 2, -3, 4);
    myo_svg_mark(&b, "pt", MYO_CIRCLE, 5, 6, 2);
    myo_svg_mark(&b, "pt", MYO_DIAMOND, 5, 6, 2);
    myo_svg_arrow(&b, "ar", 5, 6, -1);
    myo_svg_text(&b, "s", MYO_RIGHT, 1, 2, name);
    myo_svg_fit(&b, "s", MYO_MIDDLE, 1, 2, 30, 12, name);
    myo_svg_path_start(&p, &b, "raw");
    myo_svg_path_move(&p, 0, 0);
    myo_svg_path_line(&p, NAN, INFINITY);
    myo_svg_path_line(&p, 1e300, -1e300);
    myo_svg_path_end(&p);
    myo_svg_group_end(&b);
    myo_svg_end(&b);
}

START_TEST(every_element_is_well_formed) {
    draw_everything("plain");
    ck_assert_msg(xml_check(b.s) == NULL, "%s", xml_check(b.s));
}
END_TEST

START_TEST(hostile_names_stay_text) {
    draw_everything("\"/><script>x</script>\x01&amp;\xE2\x80\xAE ' onload='");
    ck_assert_msg(xml_check(b.s) == NULL, "%s", xml_check(b.s));
    ck_assert_ptr_null(strstr(b.s, "<script"));
}
END_TEST

START_TEST(checker_finds_what_is_wrong) {
    ck_assert_ptr_nonnull(xml_check("<a><b></a></b>"));
    ck_assert_ptr_nonnull(xml_check("<a x=1></a>"));
    ck_assert_ptr_nonnull(xml_check("<a>&nbsp;</a>"));
    ck_assert_ptr_nonnull(xml_check("<a x=\"1\" x=\"2\"></a>"));
    ck_assert_ptr_nonnull(xml_check("<a>"));
    ck_assert_ptr_nonnull(xml_check("a < b"));
    ck_assert_ptr_null(xml_check("<a x=\"1\"><b/>t &amp; u</a>"));
}
END_TEST

START_TEST(coordinates_have_at_most_one_decimal) {
    myo_svg_line(&b, "", 1.0 / 3.0, -0.04, 2.0 / 3.0, 12.0);
    ck_assert_str_eq(b.s, "<line x1=\".3\" y1=\"0\" x2=\".7\" y2=\"12\"/>\n");
}
END_TEST

START_TEST(coordinates_stay_finite) {
    myo_svg_line(&b, "", NAN, INFINITY, -INFINITY, 1e308);
    ck_assert_str_eq(b.s, "<line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"99999\"/>\n");
}
END_TEST

START_TEST(path_leaves_out_points_that_do_not_move) {
    myo_svg_path p;
    myo_svg_path_start(&p, &b, "");
    myo_svg_path_move(&p, 1, 1);
    myo_svg_path_line(&p, 1.01, 1.02);
    myo_svg_path_line(&p, 3, 1);
    myo_svg_path_line(&p, 3, -2);
    myo_svg_path_line(&p, 2.5, 0);
    myo_svg_path_end(&p);
    ck_assert_str_eq(b.s, "<path d=\"M1 1h2v-3l-.5 2\"/>\n");
}
END_TEST

START_TEST(equal_figures_have_equal_bytes) {
    draw_everything("x");
    myo_buf first = b;
    b = (myo_buf){0};
    draw_everything("x");
    ck_assert_str_eq(first.s, b.s);
    myo_buf_clear(&first);
}
END_TEST

START_TEST(long_names_are_cut_with_the_whole_as_tip) {
    myo_svg_fit(&b, "", MYO_LEFT, 0, 0, 60, 12, "a name much longer than sixty pixels");
    ck_assert_ptr_nonnull(strstr(b.s, "<title>a name much longer than sixty pixels</title>"));
    ck_assert_ptr_nonnull(strstr(b.s, "\xE2\x80\xA6</text>"));
    b.n = 0;
    myo_svg_fit(&b, "", MYO_LEFT, 0, 0, 60, 12, "short");
    ck_assert_ptr_null(strstr(b.s, "<title>"));
}
END_TEST

START_TEST(wide_scripts_are_reckoned_wide) {
    const double latin = myo_svg_text_width("abcdef", 10), wide = myo_svg_text_width("\xE5\xBE\x90\xE5\xBE\x90", 10);
    ck_assert_double_eq_tol(latin, 33.6, 0.1);
    ck_assert_double_eq_tol(wide, 20.0, 0.1);
}
END_TEST

/* ---- scales and ticks ---- */

static myo_range range_of(double lo, double hi) {
    myo_range r = {0};
    myo_range_meet(&r, lo);
    myo_range_meet(&r, hi);
    return r;
}

static void check_ticks(const myo_scale *s, double room) {
    const myo_ticks t = myo_ticks_of(s, room);
    const double slack = 1e-6 * (s->hi - s->lo);
    ck_assert_int_ge(t.n, 1);
    for (int i = 0; i < t.n; i++) {
        ck_assert_double_ge(t.v[i], s->lo - slack);
        ck_assert_double_le(t.v[i], s->hi + slack);
        if (i > 0) {
            ck_assert_double_gt(t.v[i], t.v[i - 1]);
            ck_assert_double_ge(fabs(myo_scale_at(s, t.v[i]) - myo_scale_at(s, t.v[i - 1])), 0.7 * room);
        }
    }
}

START_TEST(ticks_are_in_order_and_apart) {
    static const double ends[][2] = {{0, 1},     {0, 0},       {-5, 17},      {1e-9, 3e-9}, {1e9, 1e12}, {-1e-3, 1e-3},
                                     {412, 413}, {0.2, 0.21},  {1e-6, 1e6},   {-7, -7},     {0, 1e-12},  {3, 1e15}};
    static const myo_scale_kind kinds[] = {MYO_LINEAR, MYO_LOG, MYO_SQRT};
    for (size_t k = 0; k < 3; k++) {
        for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
            const myo_range r = range_of(ends[i][0], ends[i][1]);
            const myo_scale s = myo_scale_over(kinds[k], &r, 50, 450);
            ck_assert_double_lt(s.lo, s.hi);
            check_ticks(&s, 40.0);
        }
    }
}
END_TEST

START_TEST(scales_hold_what_they_met) {
    const myo_range r = range_of(0.37, 6.2);
    static const myo_scale_kind kinds[] = {MYO_LINEAR, MYO_LOG, MYO_SQRT};
    for (size_t k = 0; k < 3; k++) {
        const myo_scale s = myo_scale_over(kinds[k], &r, 0, 100);
        ck_assert_int_eq(myo_scale_off(&s, 0.37), 0);
        ck_assert_int_eq(myo_scale_off(&s, 6.2), 0);
        ck_assert_double_lt(myo_scale_at(&s, 0.37), myo_scale_at(&s, 6.2));
    }
}
END_TEST

START_TEST(empty_ranges_have_a_scale) {
    const myo_range none = {0};
    static const myo_scale_kind kinds[] = {MYO_LINEAR, MYO_LOG, MYO_SQRT};
    for (size_t k = 0; k < 3; k++) {
        const myo_scale s = myo_scale_over(kinds[k], &none, 0, 100);
        ck_assert_double_lt(s.lo, s.hi);
        check_ticks(&s, 20.0);
    }
}
END_TEST

START_TEST(log_scale_is_symmetric_about_one) {
    const myo_range r = range_of(0.5, 2.0);
    const myo_scale s = myo_scale_over(MYO_LOG, &r, 0, 100);
    ck_assert_double_eq_tol(myo_scale_at(&s, 1.0), 50.0, 1e-9);
}
END_TEST

START_TEST(sqrt_scale_begins_at_zero) {
    const myo_range r = range_of(3.0, 90.0);
    const myo_scale s = myo_scale_over(MYO_SQRT, &r, 300, 0);
    ck_assert_double_eq(myo_scale_at(&s, 0.0), 300.0);
    ck_assert_double_eq(myo_ticks_of(&s, 20).v[0], 0.0);
}
END_TEST

START_TEST(values_beyond_the_ends_are_told) {
    const myo_scale s = myo_scale_exact(0, 10, 0, 100);
    ck_assert_int_eq(myo_scale_off(&s, -1), -1);
    ck_assert_int_eq(myo_scale_off(&s, 11), 1);
    ck_assert_int_eq(myo_scale_off(&s, NAN), 0);
    ck_assert_double_eq(myo_scale_at(&s, 99), 100);
    ck_assert(isnan(myo_scale_at(&s, NAN)));
}
END_TEST

static void check_time_axis(double lo, double hi, const char *unit) {
    const myo_scale s = myo_scale_exact(lo, hi, 0, 700);
    char want[32];
    b.n = 0;
    myo_axis_time(&b, &s, 10, 10);
    snprintf(want, sizeof want, ">%s</text>", unit);
    ck_assert_msg(strstr(b.s, want) != NULL, "%g to %g: no %s in %s", lo, hi, unit, b.s);
    ck_assert_ptr_null(xml_check(b.s));
}

START_TEST(time_is_told_in_a_fitting_unit) {
    check_time_axis(-0.05, 0.12, "ms");
    check_time_axis(0, 90, "s");
    check_time_axis(0, 600, "min");
    check_time_axis(0, 86400, "h");
    check_time_axis(0, 30 * 86400.0, "h");
}
END_TEST

START_TEST(time_axis_counts_from_the_file) {
    const myo_scale s = myo_scale_exact(60, 120, 0, 700);
    myo_axis_time(&b, &s, 10, 10);
    ck_assert_ptr_nonnull(strstr(b.s, ">60</text>"));
    ck_assert_ptr_null(strstr(b.s, ">0</text>"));
}
END_TEST

/* ---- labels ---- */

START_TEST(labels_keep_order_and_distance) {
    myo_label_at l[] = {{"d", 50, 0}, {"a", 50, 0}, {"b", 51, 0}, {"c", 200, 0}, {"e", 52, 0}};
    myo_labels_spread(l, 5, 14, 0, 300);
    for (int i = 1; i < 5; i++) {
        ck_assert_double_ge(l[i].y - l[i - 1].y, 14.0 - 1e-9);
    }
    ck_assert_str_eq(l[0].text, "a");
    ck_assert_double_eq(l[4].y, 200);
}
END_TEST

START_TEST(labels_stay_inside) {
    myo_label_at l[] = {{"a", 295, 0}, {"b", 296, 0}, {"c", 300, 0}, {"d", -20, 0}};
    myo_labels_spread(l, 4, 14, 0, 300);
    for (int i = 0; i < 4; i++) {
        ck_assert_double_ge(l[i].y, -1e-9);
        ck_assert_double_le(l[i].y, 300 + 1e-9);
    }
}
END_TEST

START_TEST(labels_without_room_begin_at_the_top) {
    myo_label_at l[20];
    for (int i = 0; i < 20; i++) {
        l[i] = (myo_label_at){"x", 50, 0};
    }
    myo_labels_spread(l, 20, 14, 10, 100);
    ck_assert_double_eq(l[0].y, 10);
    ck_assert_double_eq(l[19].y, 10 + 19 * 14);
}
END_TEST

int main(void) {
    Suite *s = suite_create("svg");
    TCase *t = tcase_create("svg");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, markup_is_escaped);
    tcase_add_test(t, control_characters_are_shown);
    tcase_add_test(t, bytes_that_are_no_text_are_replaced);
    tcase_add_test(t, long_text_is_escaped_whole);
    tcase_add_test(t, cut_counts_characters_not_bytes);
    tcase_add_test(t, cut_never_splits_a_reference);
    tcase_add_test(t, p_values_read_as_people_write_them);
    tcase_add_test(t, spans_choose_their_unit);
    tcase_add_test(t, every_element_is_well_formed);
    tcase_add_test(t, hostile_names_stay_text);
    tcase_add_test(t, checker_finds_what_is_wrong);
    tcase_add_test(t, coordinates_have_at_most_one_decimal);
    tcase_add_test(t, coordinates_stay_finite);
    tcase_add_test(t, path_leaves_out_points_that_do_not_move);
    tcase_add_test(t, equal_figures_have_equal_bytes);
    tcase_add_test(t, long_names_are_cut_with_the_whole_as_tip);
    tcase_add_test(t, wide_scripts_are_reckoned_wide);
    tcase_add_test(t, ticks_are_in_order_and_apart);
    tcase_add_test(t, scales_hold_what_they_met);
    tcase_add_test(t, empty_ranges_have_a_scale);
    tcase_add_test(t, log_scale_is_symmetric_about_one);
    tcase_add_test(t, sqrt_scale_begins_at_zero);
    tcase_add_test(t, values_beyond_the_ends_are_told);
    tcase_add_test(t, time_is_told_in_a_fitting_unit);
    tcase_add_test(t, time_axis_counts_from_the_file);
    tcase_add_test(t, labels_keep_order_and_distance);
    tcase_add_test(t, labels_stay_inside);
    tcase_add_test(t, labels_without_room_begin_at_the_top);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_ENV);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
