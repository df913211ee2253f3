/* test_decay.c - the course after an infusion against R's optim (tests/oracle/make_model.R). */
#include <check.h>
#include "base/base.h"
#include "rtable.h"
#include "stats/decay.h"

enum { MAX_BINS = 200 };

static const myo_course_opts plain = {.level = 0.95, .fano = 1.0};
static const myo_course_opts drawn = {.level = 0.95, .fano = 1.0, .seed = 5, .resamples = 399};

static size_t read_bins(const rt_row *r, myo_course_bin *bin) {
    static double x[RT_VALUES];
    const size_t n = rt_list(r, "start", x);
    ck_assert_uint_le(n, MAX_BINS);
    for (size_t i = 0; i < n; i++) {
        bin[i].start = x[i];
    }
    rt_list(r, "end", x);
    for (size_t i = 0; i < n; i++) {
        bin[i].end = x[i];
    }
    rt_list(r, "exposure", x);
    for (size_t i = 0; i < n; i++) {
        bin[i].exposure = x[i];
    }
    rt_list(r, "count", x);
    for (size_t i = 0; i < n; i++) {
        bin[i].count = x[i];
    }
    return n;
}

static myo_course fit(const myo_course_bin *bin, size_t n, myo_course_form form,
                      const myo_course_opts *o) {
    myo_course c;
    ck_assert_int_eq(myo_course_fit(&c, bin, n, form, o), MYO_OK);
    return c;
}

static void check_fit(const rt_row *r) {
    myo_course_bin bin[MAX_BINS];
    const size_t n = read_bins(r, bin);
    const bool builds = strcmp(rt_text(r, "form"), "builds") == 0;
    const myo_course c = fit(bin, n, builds ? MYO_COURSE_BUILDS : MYO_COURSE_WEARS, &plain);
    ck_assert_ptr_null(c.why);
    rt_is(r, "lambda0", c.lambda0.estimate, 1e-7);
    rt_is(r, "effect", c.effect.estimate, 1e-6);
    rt_is(r, "k", c.k.estimate, 1e-6);
    rt_is(r, "gain", c.effect.statistic, 1e-8);
    rt_is(r, "dispersion", c.dispersion, 1e-6);
    ck_assert(isnan(c.effect.low) && isnan(c.effect.p) && c.effect.resamples == 0);
}

START_TEST(fits_equal_optim) {
    ck_assert_int_eq(rt_each("model_course.tsv", check_fit), 12);
}
END_TEST

/* Events as often as the curve has them: its parameters come back. */
static void bins_of(myo_course_bin *bin, int n, double lambda0, double effect, double k,
                    bool builds) {
    for (int i = 0; i < n; i++) {
        const double s = 10.0 * (i - 3), e = s + 10.0;
        const double wearing = i < 3 ? 0.0 : (exp(-k * s) - exp(-k * e)) / (10.0 * k);
        const double full = i < 3 ? 0.0 : builds ? 1.0 - wearing : wearing;
        bin[i] = (myo_course_bin){s, e, 10.0, lambda0 * 10.0 * (1.0 - effect * full)};
    }
}

START_TEST(a_curve_without_noise_comes_back) {
    myo_course_bin bin[15];
    for (int form = 0; form < 2; form++) {
        bins_of(bin, 15, 3.0, 0.6, 0.03, form == 1);
        const myo_course c = fit(bin, 15, form ? MYO_COURSE_BUILDS : MYO_COURSE_WEARS, &plain);
        ck_assert_double_eq_tol(c.lambda0.estimate, 3.0, 1e-6);
        ck_assert_double_eq_tol(c.effect.estimate, 0.6, 1e-6);
        ck_assert_double_eq_tol(c.k.estimate, 0.03, 1e-7);
        ck_assert_double_eq_tol(c.dispersion, 0.0, 1e-9);
    }
}
END_TEST

START_TEST(the_drawn_curve_is_the_formula) {
    myo_course_bin bin[15];
    bins_of(bin, 15, 3.0, 0.6, 0.03, false);
    const myo_course c = fit(bin, 15, MYO_COURSE_WEARS, &plain);
    ck_assert_double_eq_tol(myo_course_rate(&c, MYO_COURSE_WEARS, -5.0), 3.0, 1e-6);
    ck_assert_double_eq_tol(myo_course_rate(&c, MYO_COURSE_WEARS, 0.0), 1.2, 1e-6);
    ck_assert_double_eq_tol(myo_course_rate(&c, MYO_COURSE_WEARS, 1e4), 3.0, 1e-6);
    ck_assert_double_eq_tol(myo_course_rate(&c, MYO_COURSE_BUILDS, 0.0), 3.0, 1e-6);
    ck_assert_double_eq_tol(myo_course_rate(&c, MYO_COURSE_BUILDS, 1e4), 1.2, 1e-6);
}
END_TEST

START_TEST(intervals_hold_the_estimate_and_repeat) {
    myo_course_bin bin[15];
    bins_of(bin, 15, 3.0, 0.6, 0.03, false);
    const myo_course c = fit(bin, 15, MYO_COURSE_WEARS, &drawn);
    const myo_course d = fit(bin, 15, MYO_COURSE_WEARS, &drawn);
    ck_assert(c.lambda0.low < 3.0 && c.lambda0.high > 3.0);
    ck_assert(c.effect.low > 0.2 && c.effect.low < 0.6 && c.effect.high > 0.6);
    ck_assert(c.effect.high <= 1.0 && c.effect.p <= 0.01 && c.effect.resamples == 399);
    ck_assert(c.k.low < 0.03 && c.k.high > 0.03);
    ck_assert(c.effect.low == d.effect.low && c.k.high == d.k.high && c.effect.p == d.effect.p);
    myo_course_opts other = drawn;
    other.seed = 6;
    ck_assert(fit(bin, 15, MYO_COURSE_WEARS, &other).effect.low != c.effect.low);
}
END_TEST

START_TEST(clustered_counts_widen_the_interval) {
    myo_course_bin bin[15];
    bins_of(bin, 15, 3.0, 0.6, 0.03, false);
    myo_course_opts clustered = drawn;
    clustered.fano = 4.0;
    const myo_course c = fit(bin, 15, MYO_COURSE_WEARS, &drawn);
    const myo_course d = fit(bin, 15, MYO_COURSE_WEARS, &clustered);
    const double ratio = (d.lambda0.high - d.lambda0.low) / (c.lambda0.high - c.lambda0.low);
    ck_assert_msg(ratio > 1.6 && ratio < 2.4, "%g times as wide, about 2 expected", ratio);
    ck_assert(d.effect.p > c.effect.p);
}
END_TEST

START_TEST(a_constant_rate_shows_no_effect) {
    myo_course_bin bin[15];
    bins_of(bin, 15, 3.0, 0.0, 0.03, false);
    for (int i = 0; i < 15; i++) {
        bin[i].count += i % 2 ? 3.0 : -3.0;
    }
    const myo_course c = fit(bin, 15, MYO_COURSE_BUILDS, &drawn);
    ck_assert(c.why == NULL && (c.effect.why || c.effect.p > 0.2));
}
END_TEST

/* The effect of two hours was there after the first minutes and stayed: no speed can be told. */
START_TEST(a_step_down_has_no_speed) {
    myo_course_bin bin[15];
    for (int i = 0; i < 15; i++) {
        bin[i] = (myo_course_bin){10.0 * (i - 3), 10.0 * (i - 2), 10.0, i < 3 ? 30.0 : 10.0};
    }
    const myo_course w = fit(bin, 15, MYO_COURSE_WEARS, &drawn);
    RT_NONE(w.k);
    ck_assert(w.effect.why == NULL && w.effect.estimate > 0.6 && w.effect.p <= 0.01);
    const myo_course b = fit(bin, 15, MYO_COURSE_BUILDS, &drawn);
    RT_NONE(b.k);
    ck_assert_double_eq_tol(b.effect.estimate, 2.0 / 3.0, 0.01);
    ck_assert_double_eq_tol(myo_course_rate(&b, MYO_COURSE_BUILDS, 60.0), 1.0, 0.02);
}
END_TEST

/* Only the first bin is low: how large the effect was at its start lies within that bin. */
START_TEST(an_effect_within_one_bin_has_no_size) {
    myo_course_bin bin[15];
    for (int i = 0; i < 15; i++) {
        bin[i] = (myo_course_bin){10.0 * (i - 3), 10.0 * (i - 2), 10.0, i == 3 ? 27.0 : 30.0};
    }
    const myo_course w = fit(bin, 15, MYO_COURSE_WEARS, &drawn);
    ck_assert_ptr_null(w.why);
    RT_NONE(w.effect);
    RT_NONE(w.k);
    ck_assert(isfinite(w.curve_effect) && isfinite(w.curve_k) && w.lambda0.low < 3.0);
}
END_TEST

/* Still falling in a straight line at the end. */
START_TEST(an_effect_that_only_begins_has_no_final_size) {
    myo_course_bin bin[15];
    for (int i = 0; i < 15; i++) {
        bin[i] = (myo_course_bin){10.0 * (i - 3), 10.0 * (i - 2), 10.0,
                                  i < 3 ? 300.0 : 300.0 - (i - 2.5)};
    }
    const myo_course b = fit(bin, 15, MYO_COURSE_BUILDS, &plain);
    RT_NONE(b.effect);
    RT_NONE(b.k);
    ck_assert_double_eq_tol(b.lambda0.estimate, 30.0, 0.1);
}
END_TEST

START_TEST(all_events_gone_is_an_effect_of_one) {
    const myo_course_bin bin[] = {
        {-30, 0, 30, 60}, {0, 15, 15, 0}, {15, 30, 15, 0}, {30, 60, 30, 0}};
    const myo_course w = fit(bin, 4, MYO_COURSE_WEARS, &drawn);
    ck_assert(w.effect.estimate == 1.0 && w.effect.high == 1.0);
    RT_NONE(w.k);
    ck_assert_double_eq_tol(w.lambda0.estimate, 2.0, 0.3);
}
END_TEST

START_TEST(bins_without_exposure_and_over_zero_count_rightly) {
    myo_course_bin bin[16];
    bins_of(bin, 15, 3.0, 0.6, 0.03, true);
    const myo_course whole = fit(bin, 15, MYO_COURSE_BUILDS, &plain);
    bin[15] = (myo_course_bin){0, 10, 0.0, 5};
    const myo_course more = fit(bin, 16, MYO_COURSE_BUILDS, &plain);
    ck_assert(whole.effect.estimate == more.effect.estimate);
    /* the bins on both sides of 0 in one */
    bin[2] = (myo_course_bin){-10, 10, 20, bin[2].count + bin[3].count};
    bin[3].exposure = 0.0;
    const myo_course over = fit(bin, 15, MYO_COURSE_BUILDS, &plain);
    ck_assert_double_eq_tol(over.effect.estimate, 0.6, 1e-5);
    ck_assert_double_eq_tol(over.k.estimate, 0.03, 1e-6);
}
END_TEST

static void expect_none(const myo_course_bin *bin, size_t n, const myo_course_opts *o) {
    const myo_course c = fit(bin, n, MYO_COURSE_WEARS, o);
    ck_assert_ptr_nonnull(c.why);
    RT_NONE(c.lambda0);
    RT_NONE(c.effect);
    RT_NONE(c.k);
    ck_assert(isnan(c.dispersion) && isnan(myo_course_rate(&c, MYO_COURSE_WEARS, 1.0)));
}

START_TEST(what_cannot_be_fitted_is_told) {
    const myo_course_bin after[] = {{0, 10, 10, 3}, {10, 20, 10, 4}, {20, 30, 10, 6}};
    const myo_course_bin one[] = {{-10, 0, 10, 3}, {0, 20, 10, 4}};
    const myo_course_bin empty[] = {{-10, 0, 10, 0}, {0, 10, 10, 0}, {10, 20, 10, 0}};
    const myo_course_bin silent[] = {{-10, 0, 10, 0}, {0, 10, 10, 5}, {10, 20, 10, 8}};
    const myo_course_bin narrow[] = {{-10, 0, 10, 3}, {5, 5, 10, 4}, {10, 20, 10, 6}};
    const myo_course_bin minus[] = {{-10, 0, 10, 3}, {0, 5, 10, -4}, {10, 20, 10, 6}};
    const myo_course_bin endless[] = {{-10, 0, 10, 3}, {0, 5, 10, 4}, {10, INFINITY, 10, 6}};
    const myo_course_bin missing[] = {{-10, 0, 10, 3}, {0, 5, 10, NAN}, {NAN, 20, 10, 6}};
    expect_none(after, 3, &plain);
    expect_none(one, 2, &plain);
    expect_none(empty, 3, &plain);
    expect_none(silent, 3, &plain);
    expect_none(narrow, 3, &plain);
    expect_none(minus, 3, &plain);
    expect_none(endless, 3, &plain);
    expect_none(missing, 3, &plain);
    expect_none(NULL, 0, &plain);
    const myo_course_bin fine[] = {{-10, 0, 10, 9}, {0, 10, 10, 2}, {10, 20, 10, 5}};
    const myo_course_opts wrong[] = {{.level = 1.0, .fano = 1.0},
                                     {.level = 0.95, .fano = 0.5},
                                     {.level = 0.95, .fano = NAN},
                                     {.level = 0.95, .fano = 1.0, .resamples = -1},
                                     {.level = 0.95, .fano = 1.0, .resamples = 200000}};
    for (int i = 0; i < 5; i++) {
        expect_none(fine, 3, &wrong[i]);
    }
    const myo_course c = fit(fine, 3, MYO_COURSE_WEARS, &plain);
    ck_assert(c.why == NULL && isnan(c.dispersion));
}
END_TEST

START_TEST(no_memory_leaves_the_result) {
    const myo_course_bin fine[] = {{-10, 0, 10, 9}, {0, 10, 10, 2}, {10, 20, 10, 5}};
    for (int n = 1; n <= 2; n++) {
        myo_course c = {.dispersion = 7.0};
        myo_mem_fail_at(n);
        ck_assert_int_eq(myo_course_fit(&c, fine, 3, MYO_COURSE_WEARS, &drawn), MYO_ERR_NOMEM);
        ck_assert(c.dispersion == 7.0);
    }
    myo_mem_fail_at(0);
}
END_TEST

/* Means and variances of the counts drawn, by what they do: an interval of one known rate. The
 * counts are 20 bins of 100 expected events each; SD of lambda0 is sqrt(fano / events). */
START_TEST(draws_scatter_as_asked) {
    myo_course_bin bin[20];
    for (int i = 0; i < 20; i++) {
        bin[i] = (myo_course_bin){i - 17.0, i - 16.0, 1.0, i < 17 ? 100.0 : 50.0};
    }
    myo_course_opts o = {.level = 0.95, .fano = 1.0, .seed = 3, .resamples = 2000};
    for (int k = 0; k < 2; k++) {
        o.fano = k ? 9.0 : 1.0;
        const myo_course c = fit(bin, 20, MYO_COURSE_BUILDS, &o);
        const double sd = sqrt(o.fano * 100.0 / 17.0);
        ck_assert_double_eq_tol((c.lambda0.high - c.lambda0.low) / (2.0 * 1.96 * sd), 1.0, 0.08);
        ck_assert_double_eq_tol(0.5 * (c.lambda0.high + c.lambda0.low), 100.0, 0.15 * sd);
    }
}
END_TEST

static Suite *suite(void) {
    Suite *s = suite_create("decay");
    TCase *c = tcase_create("decay");
    tcase_set_timeout(c, 60);
    tcase_add_test(c, fits_equal_optim);
    tcase_add_test(c, a_curve_without_noise_comes_back);
    tcase_add_test(c, the_drawn_curve_is_the_formula);
    tcase_add_test(c, intervals_hold_the_estimate_and_repeat);
    tcase_add_test(c, clustered_counts_widen_the_interval);
    tcase_add_test(c, a_constant_rate_shows_no_effect);
    tcase_add_test(c, a_step_down_has_no_speed);
    tcase_add_test(c, an_effect_within_one_bin_has_no_size);
    tcase_add_test(c, an_effect_that_only_begins_has_no_final_size);
    tcase_add_test(c, all_events_gone_is_an_effect_of_one);
    tcase_add_test(c, bins_without_exposure_and_over_zero_count_rightly);
    tcase_add_test(c, what_cannot_be_fitted_is_told);
    tcase_add_test(c, no_memory_leaves_the_result);
    tcase_add_test(c, draws_scatter_as_asked);
    suite_add_tcase(s, c);
    return s;
}

int main(void) {
    SRunner *sr = srunner_create(suite());
    srunner_run_all(sr, CK_NORMAL);
    const int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed;
}
