/* test_csv_comma.c - commas that may be decimal marks or delimiters, row numbers in front. */
#include "text_kit.h"

/* --- commas --- */

/* Rows of a table of text: the row's number, then cells as `f` says, `n` of them. */
typedef void (*cells_fn)(myo_buf *b, int i, int n);

static double noise(int i, int column) {
    return 60 * sin(i * 12.9898 + column * 78.233) * cos(i * 4.1414 + column);
}

static void tenths(myo_buf *b, int i, int n) {
    for (int c = 0; c < n; c++) {
        const double v = noise(i, c);
        const int x = (int)lround(fabs(v) * 10);
        myo_buf_printf(b, "%s%s%d,%d", c > 0 ? "," : "", v < 0 ? "-" : "", x / 10, x % 10);
    }
}

static void tenths_of_millivolts(myo_buf *b, int i, int n) {
    for (int c = 0; c < n; c++) {
        const double v = noise(i, c);
        myo_buf_printf(b, "%s%s0,%d", c > 0 ? "," : "", v < 0 ? "-" : "", (int)(fabs(v) / 10));
    }
}

static void hundredths(myo_buf *b, int i, int n) {
    for (int c = 0; c < n; c++) {
        const int x = (int)lround(100 * (512 + noise(i, c)));
        myo_buf_printf(b, "%s%d,%02d", c > 0 ? "," : "", x / 100, x % 100);
    }
}

/* 0.98 g: never a zero behind the comma. */
static void gravity(myo_buf *b, int i, int n) {
    for (int c = 0; c < n; c++) {
        myo_buf_printf(b, "%s0,%d", c > 0 ? "," : "", 98 + (int)(noise(i, c) / 61));
    }
}

/* As programs write them that leave out zeros at the end. */
static void shortest(myo_buf *b, int i, int n) {
    for (int c = 0; c < n; c++) {
        char text[32];
        myo_format_g(text, sizeof text, floor(noise(i, c) * 4) / 4, 6);
        char *point = strchr(text, '.');
        if (point != NULL) {
            *point = ',';
        }
        myo_buf_printf(b, "%s%s%s", c > 0 ? "," : "", text, point != NULL ? "" : ",0");
    }
}

static void adc10(myo_buf *b, int i, int n) {
    for (int c = 0; c < n; c++) {
        myo_buf_printf(b, "%s%d", c > 0 ? "," : "", 512 + (int)noise(i, c));
    }
}

static void adc8(myo_buf *b, int i, int n) {
    for (int c = 0; c < n; c++) {
        myo_buf_printf(b, "%s%d", c > 0 ? "," : "", 128 + (int)noise(i, c));
    }
}

static void adc_signed(myo_buf *b, int i, int n) {
    for (int c = 0; c < n; c++) {
        myo_buf_printf(b, "%s%d", c > 0 ? "," : "", (int)noise(i, c));
    }
}

static void adc_blanks(myo_buf *b, int i, int n) {
    for (int c = 0; c < n; c++) {
        myo_buf_printf(b, "%s%d", c > 0 ? ", " : "", (int)fabs(noise(i, c)) % 10);
    }
}

static void adc_quoted(myo_buf *b, int i, int n) {
    for (int c = 0; c < n; c++) {
        myo_buf_printf(b, "%s\"%d\"", c > 0 ? "," : "", (int)fabs(noise(i, c)) % 10);
    }
}

static void adc_padded(myo_buf *b, int i, int n) {
    for (int c = 0; c < n; c++) {
        myo_buf_printf(b, "%s%04d", c > 0 ? "," : "", 512 + (int)noise(i, c));
    }
}

static void adc_marked(myo_buf *b, int i, int n) {
    for (int c = 0; c < n; c++) {
        myo_buf_printf(b, "%s%d", c > 0 ? "," : "", c + 1 < n ? (int)noise(i, c) : i / 50 % 2);
    }
}

/* Rounded numbers have a -0 too. */
static void rounded(myo_buf *b, int i, int n) {
    for (int c = 0; c < n; c++) {
        myo_buf_printf(b, "%s%.0f", c > 0 ? "," : "", c % 2 == 0 ? noise(i, c) / 20 : i / 50 % 3);
    }
}

static void adc_dead(myo_buf *b, int i, int n) {
    for (int c = 0; c < n; c++) {
        myo_buf_printf(b, "%s%d", c > 0 ? "," : "", c + 1 < n ? (int)noise(i, c) : 0);
    }
}

static kit cells_table(const char *head, bool numbered, cells_fn f, int n) {
    const myo_open_opts o = {.fs = 1000};
    myo_buf b = {0};
    myo_buf_puts(&b, head);
    for (int i = 0; i < 300; i++) {
        if (numbered) {
            myo_buf_printf(&b, "%d,", i);
        }
        f(&b, i, n);
        myo_buf_puts(&b, "\n");
    }
    kit k = kit_text_n(b.s, b.n, &o, 1.0);
    myo_buf_clear(&b);
    return k;
}

START_TEST(commas_that_may_be_decimal_marks) {
    static const cells_fn rows[] = {tenths, tenths_of_millivolts, hundredths, gravity, shortest};
    static const struct {
        const char *head;
        bool numbered;
        int n;
    } tables[] = {{"", false, 1},         {"", false, 2},          {"", true, 1},
                  {"", true, 4},          {"EMG1\n", false, 1},    {"EMG1,\n", false, 1},
                  {"nr,EMG1\n", true, 1}, {"EMG1,EMG2\n", false, 2}, {"nr,a,b\n", true, 2},
                  {"a title\n", false, 4}};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        kit k = cells_table(tables[i].head, tables[i].numbered, rows[_i], tables[i].n);
        ck_assert_msg(k.err == MYO_ERR_DAMAGED && strstr(k.d.message, "ambiguous comma") != NULL,
                      "table %zu: %d '%s'", i, (int)k.err, k.d.message);
        ck_assert_ptr_null(strchr(k.d.message, '\n'));
        kit_free(&k);
    }
}
END_TEST

START_TEST(ambiguous_commas_are_shown) {
    kit k = kit_text("nr,EMG1 (uV)\n0,-2,4\n1,-4,0\n2,-0,7\n3,1,3\n", NULL);
    KIT_FAILS(k, MYO_ERR_DAMAGED, "line 2, column 2: ambiguous comma, decimal mark or delimiter (2 "
                                  "names, 3 values): put ; or tab between columns");
    ck_assert_ptr_nonnull(strstr(k.d.message, "(found '-2,4')"));
    kit_free(&k);
    k = kit_text("time (ms),EMG1 (uV)\n0,0,-2,4\n1,0,-4,0\n2,0,-0,7\n3,0,1,3\n", NULL);
    KIT_FAILS(k, MYO_ERR_DAMAGED, "line 2, column 3: ambiguous comma");
    kit_free(&k);
    k = kit_text("0.000,-2,4\n0.001,-4,0\n0.002,-0,7\n0.003,1,3\n", NULL);
    KIT_FAILS(k, MYO_ERR_DAMAGED, "line 1, column 2: ambiguous comma");
    kit_free(&k);
}
END_TEST

/* Whole numbers of 2, 4, 8 columns, with row numbers or without, are read. */
START_TEST(tables_of_whole_numbers) {
    static const cells_fn rows[] = {adc10,      adc8,       adc_signed, adc_blanks,
                                    adc_quoted, adc_padded, adc_marked, rounded,    adc_dead};
    for (int n = 2; n <= 8; n *= 2) {
        for (int numbered = 0; numbered < 2; numbered++) {
            kit k = cells_table("", numbered == 1, rows[_i], n);
            ck_assert_msg(k.err == MYO_OK, "%d columns: %s", n, k.d.message);
            ck_assert_int_eq(k.n_ch, n);
            ck_assert_int_eq(k.n[0], 300);
            kit_free(&k);
        }
    }
}
END_TEST

/* A name for each column, or a word on the delimiter, settles what the rows leave open. */
START_TEST(names_settle_commas) {
    static const char *const heads[] = {"EMG1,EMG2\n", "sep=,\n", "EMG1,EMG2\nuV,uV\n"};
    kit k = cells_table(heads[_i], false, tenths, 1);
    KIT_OK(k);
    ck_assert_int_eq(k.n_ch, 2);
    kit_free(&k);
}
END_TEST

/* --- row numbers --- */

START_TEST(row_numbers_have_no_name) {
    static const char *const heads[] = {",time,emg\n", "time,emg\n", "\"\",time,emg\n"};
    kit k = kit_rows(heads[_i], "%I,%T,%V\n", 400, 1000, 3, NULL);
    KIT_OK(k);
    ck_assert_int_eq(k.n_ch, 1);
    ck_assert_str_eq(k.ch[0].label, "emg");
    ck_assert_double_eq(k.ch[0].fs, 1000);
    ck_assert_int_eq(k.n[0], 400);
    ck_assert_float_eq(k.x[0][7], (float)((double)(float)kit_sample(7) * k.ch[0].scale));
    ck_assert(kit_warned(&k, "column 1 has no name and counts the rows"));
    kit_free(&k);
}
END_TEST

START_TEST(row_numbers_of_a_selection) {
    kit k = kit_text(",time,emg\n17,0.000,1\n19,0.001,2\n20,0.002,4\n24,0.003,3\n", NULL);
    KIT_OK(k);
    ck_assert_int_eq(k.n_ch, 1);
    ck_assert_str_eq(k.ch[0].label, "emg");
    kit_free(&k);
}
END_TEST

START_TEST(a_title_is_no_name) {
    kit k = kit_rows("session 7\n\n", "%T,%V\n", 400, 1000, 3, NULL);
    KIT_OK(k);
    ck_assert_int_eq(k.n_ch, 1);
    ck_assert_str_eq(k.ch[0].label, "ch1");
    kit_free(&k);
    k = kit_rows("session 7\n", "%T,%V\n", 400, 1000, 3, NULL);
    KIT_FAILS(k, MYO_ERR_DAMAGED, "(found 1 name, 2 values");
    kit_free(&k);
}
END_TEST

START_TEST(a_nameless_signal_stays) {
    kit k = kit_text(",time,emg\n5,0.000,1\n6,0.001,2\n5,0.002,4\n7,0.003,3\n", NULL);
    KIT_OK(k);
    ck_assert_int_eq(k.n_ch, 2);
    kit_free(&k);
}
END_TEST

int main(void) {
    Suite *s = suite_create("csv_comma");
    TCase *t = tcase_create("text");
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, commas_that_may_be_decimal_marks, 0, 5);
    tcase_add_test(t, ambiguous_commas_are_shown);
    tcase_add_loop_test(t, tables_of_whole_numbers, 0, 9);
    tcase_add_loop_test(t, names_settle_commas, 0, 3);
    tcase_add_loop_test(t, row_numbers_have_no_name, 0, 3);
    tcase_add_test(t, row_numbers_of_a_selection);
    tcase_add_test(t, a_title_is_no_name);
    tcase_add_test(t, a_nameless_signal_stays);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed;
}
