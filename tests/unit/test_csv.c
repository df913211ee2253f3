/* test_csv.c - text tables: numbers, delimiters, encodings, damage. */
#include "io/csv.h"
#include "text_kit.h"

/* --- numbers --- */

static double by_library(const char *s) {
    return strtod(s, NULL);
}

static void same_number(const char *text) {
    double v = 0;
    int decimals = 0;
    const csv_class c = csv_value((csv_field){text, strlen(text)}, '.', &v, &decimals);
    const double expected = by_library(text);
    ck_assert_msg(c == CSV_NUMBER, "%s is no number", text);
    ck_assert_msg(memcmp(&v, &expected, sizeof v) == 0, "%s: %a, strtod %a", text, v, expected);
    char padded[128] = {0};
    ck_assert_uint_le(strlen(text) + CSV_PAD, sizeof padded);
    memcpy(padded, text, strlen(text));
    const char *end = csv_number(padded, '.', &v, &decimals);
    if (end != NULL) {
        ck_assert_msg(memcmp(&v, &expected, sizeof v) == 0, "%s: %a, strtod %a", text, v, expected);
    }
}

START_TEST(numbers_equal_strtod) {
    static const char *const texts[] = {
        "0",
        "-0",
        "1",
        "+1",
        ".5",
        "5.",
        "1e3",
        "1E-3",
        "-1.5e+02",
        "0.1",
        "0.30000000000000004",
        "9007199254740993",
        "9007199254740992.5",
        "1629403337780.7312",
        "1.6294033377807312E12",
        "123456789012345678",
        "1234567890123456789012",
        "0.0000000000000000000000000001",
        "2.2250738585072014e-308",
        "4.9e-324",
        "1.7976931348623157e308",
        "8.5e-5",
        "1e22",
        "1e23",
        "9007199254740991e3",
        "1e-22",
        "1e-23",
        "-2.61E-05",
        "000000000000000000000.5",
    };
    same_number(texts[_i]);
}
END_TEST

START_TEST(random_decimals_equal_strtod) {
    myo_rng rng;
    myo_rng_seed(&rng, 7, (uint64_t)_i);
    for (int i = 0; i < 20000; i++) {
        char text[64];
        const double v = myo_rng_normal(&rng) * pow(10, (double)(myo_rng_u32(&rng) % 24) - 12);
        snprintf(text, sizeof text, "%.*g", (int)(1 + myo_rng_u32(&rng) % 19), v);
        same_number(text);
        snprintf(text, sizeof text, "%.*f", (int)(myo_rng_u32(&rng) % 12), v);
        same_number(text);
    }
}
END_TEST

START_TEST(texts_are_no_numbers) {
    static const char *const texts[] = {"0x10", "1.2.3", "1e",  "--1", "1 2",
                                        "e5",   "1,5",   "abc", "1f",  "+-1"};
    double v;
    const char *s = texts[_i];
    ck_assert_msg(csv_value((csv_field){s, strlen(s)}, '.', &v, NULL) == CSV_TEXT, "%s", s);
    ck_assert(isnan(v));
}
END_TEST

START_TEST(missing_and_infinite_words) {
    static const char *const missing[] = {"",    "NaN", "nan",  "NA",   "n/a",
                                          "N/A", "-",   "null", "NULL", "None"};
    static const char *const infinite[] = {"inf", "-Inf", "Infinity", "1e999", "-1e400"};
    double v;
    for (size_t i = 0; i < sizeof missing / sizeof missing[0]; i++) {
        ck_assert_int_eq(csv_value((csv_field){missing[i], strlen(missing[i])}, '.', &v, NULL),
                         CSV_MISSING);
        ck_assert(isnan(v));
    }
    for (size_t i = 0; i < sizeof infinite / sizeof infinite[0]; i++) {
        ck_assert_int_eq(csv_value((csv_field){infinite[i], strlen(infinite[i])}, '.', &v, NULL),
                         CSV_INFINITE);
    }
}
END_TEST

/* --- tables that are well --- */

/* Head and row of good tables: 1000 Hz, one channel `kit_sample`, 400 rows. */
static const struct {
    const char *head, *row;
    const char *label;
} good[] = {
    {"time,emg\n", "%T,%V\n", "emg"},
    {"time;emg\n", "%T;%V\n", "emg"},
    {"time\temg\n", "%T\t%V\n", "emg"},
    {"time emg\n", "%T %V\n", "emg"},
    {"  time   emg\n", "  %T   %V\n", "emg"},
    {"time, emg\n", "%T, %V\n", "emg"},
    {"\xEF\xBB\xBFtime,emg\n", "%T,%V\n", "emg"},
    {"time,emg\r\n", "%T,%V\r\n", "emg"},
    {"time,emg\r", "%T,%V\r", "emg"},
    {"\"time\",\"emg\"\n", "\"%T\",\"%V\"\n", "emg"},
    {"time,emg,\n", "%T,%V,\n", "emg"},
    {"\"sep=,\"\r\ntime,emg\r\n", "%T,%V\r\n", "emg"},
    {"sep=;\ntime;emg\n", "%T;%V\n", "emg"},
    {"# a comment\n# another\ntime,emg\n", "%T,%V\n", "emg"},
    {"# time emg\n", "%T %V\n", "emg"},
    {"Subject: 12\nDate: today\n\ntime,emg\n", "%T,%V\n", "emg"},
    {"time,emg\ns,mV\n", "%T,%V\n", "emg"},
    {"time (s),emg (mV)\n", "%T,%V\n", "emg"},
    {"time [s] emg [mV]\n", "%T %V\n", "emg"},
    {"time_s,emg_mV\n", "%T,%V\n", "emg"},
    {"Time,s\temg,uV\n", "%T\t%V\n", "emg"},
    {"", "%T,%V\n", "ch1"},
    {"", "%T %V\n", "ch1"},
    {"time,nSeq,emg\n", "%T,%I,%V\n", "emg"},
    {"time,\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xF0\x90\x80\x80\xF4\x8F\xBF\xBFx\n", "%T,%V\n",
     "\\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xF0\x90\x80\x80\xF4\x8F\xBF\xBFx"},
};

static void check_good(const kit *k, const char *label) {
    KIT_OK(*k);
    ck_assert_int_eq(k->n_ch, 1);
    ck_assert_str_eq(k->ch[0].label, label);
    ck_assert_double_eq(k->ch[0].fs, 1000);
    ck_assert_int_eq(k->n[0], 400);
    ck_assert_int_eq(k->ch[0].n_samples, 400);
    ck_assert_int_eq(k->n_gaps, 0);
    ck_assert_double_lt(fabs(k->duration - 0.4), 1e-9);
    for (int i = 0; i < 400; i++) {
        ck_assert_float_eq(k->x[0][i], (float)((double)(float)kit_sample(i) * k->ch[0].scale));
    }
}

START_TEST(good_tables) {
    kit k = kit_rows(good[_i].head, good[_i].row, 400, 1000, 3, NULL);
    check_good(&k, good[_i].label);
    kit_free(&k);
}
END_TEST

START_TEST(no_newline_at_the_end) {
    myo_buf b = kit_table("time,emg\n", "%T,%V\n", 400, 1000, 3);
    kit k = kit_text_n(b.s, b.n - 1, NULL, 1.0);
    check_good(&k, "emg");
    myo_buf_clear(&b);
    kit_free(&k);
}
END_TEST

START_TEST(comment_lines_between_rows) {
    myo_buf b = kit_table("time,emg\n", "%T,%V\n# n %I\n", 400, 1000, 3);
    kit k = kit_text_n(b.s, b.n, NULL, 1.0);
    check_good(&k, "emg");
    myo_buf_clear(&b);
    kit_free(&k);
}
END_TEST

static void commas_for_points(myo_buf *b) {
    for (size_t i = 0; i < b->n; i++) {
        b->s[i] = b->s[i] == '.' ? ',' : b->s[i];
    }
}

START_TEST(decimal_commas_where_clear) {
    static const char *const rows[][2] = {
        {"time;emg\n", "%T;%V\n"}, {"time\temg\n", "%T\t%V\n"}, {"time emg\n", "%T %V\n"}};
    myo_buf b = kit_table(rows[_i][0], rows[_i][1], 400, 1000, 3);
    commas_for_points(&b);
    kit k = kit_text_n(b.s, b.n, NULL, 1.0);
    check_good(&k, "emg");
    ck_assert(kit_warned(&k, "decimal commas"));
    myo_buf_clear(&b);
    kit_free(&k);
}
END_TEST

START_TEST(decimal_commas_where_ambiguous) {
    static const char *const heads[] = {"time,emg\n", ""};
    myo_buf b = kit_table(heads[_i], "%T,%V\n", 400, 1000, 3);
    commas_for_points(&b);
    kit k = kit_text_n(b.s, b.n, NULL, 1.0);
    KIT_FAILS(k, MYO_ERR_DAMAGED, "ambiguous");
    myo_buf_clear(&b);
    kit_free(&k);
}
END_TEST

START_TEST(missing_values_become_nan) {
    kit k =
        kit_text("time,emg\n0.000,1\n0.001,\n0.002,NaN\n0.003,n/a\n0.004,-\n0.005,2\n0.006,inf\n"
                 "0.007,1e999\n0.008,1e300\n0.009,3\n",
                 NULL);
    KIT_OK(k);
    ck_assert_int_eq(k.n[0], 10);
    ck_assert_float_eq(k.x[0][0], 1);
    ck_assert_float_eq(k.x[0][5], 2);
    ck_assert_float_eq(k.x[0][9], 3);
    ck_assert_int_eq(k.ch[0].n_missing, 7);
    ck_assert(kit_warned(&k, "3 infinite values"));
    kit_free(&k);
}
END_TEST

START_TEST(empty_first_column) {
    kit k = kit_rows("", "\t%T\t%V\n", 400, 1000, 3, NULL);
    KIT_FAILS(k, MYO_ERR_INPUT, "--fs");
    kit_free(&k);
}
END_TEST

START_TEST(rate_from_the_user) {
    const myo_open_opts o = {.fs = 2000};
    kit k = kit_rows("emg_VL,emg_BF,force\n", "%V,1,2\n", 400, 1, 3, &o);
    KIT_OK(k);
    ck_assert_int_eq(k.n_ch, 3);
    ck_assert_double_eq(k.ch[0].fs, 2000);
    ck_assert_double_lt(fabs(k.duration - 0.2), 1e-12);
    kit_free(&k);
}
END_TEST

/* --- tables that are not --- */

static const struct {
    const char *what, *text;
    myo_err code;
    const char *part;
} bad[] = {
    {"no rate", "emg1,emg2\n1,2\n3,4\n5,6\n", MYO_ERR_INPUT, "--fs"},
    {"no data", "time,emg\n", MYO_ERR_TOO_SHORT, "line 1"},
    {"blank", "\n \n\n", MYO_ERR_TOO_SHORT, "blank"},
    {"one row", "time,emg\n0,1\n", MYO_ERR_TOO_SHORT, "1 row"},
    {"prose", "hello, world\nthis is, text\n", MYO_ERR_DAMAGED, "line 2, column 1"},
    {"labels", "file,fs\na.csv,500\nb.csv,500\n", MYO_ERR_DAMAGED,
     "line 2, column 1: not a table of numbers"},
    {"text column", "time,emg,state\n0.000,1,rest\n0.001,2,rest\n", MYO_ERR_DAMAGED,
     "line 2, column 3"},
    {"ragged long", "time,emg\n0.000,1\n0.001,2\n0.002,3,4\n0.003,4\n", MYO_ERR_DAMAGED,
     "line 4, column 3"},
    {"ragged short", "time,a,b\n0.000,1,1\n0.001,2,1\n0.002,3\n0.003,4,1\n", MYO_ERR_DAMAGED,
     "line 4, column 3"},
    {"not a number", "time,emg\n0.000,1\n0.001,2\n0.002,3x\n0.003,4\n", MYO_ERR_DAMAGED,
     "line 4, column 2: not a number (found '3x')"},
    {"hexadecimal", "time,emg\n0.000,1\n0.001,2\n0.002,0x3\n0.003,4\n", MYO_ERR_DAMAGED,
     "line 4, column 2"},
    {"escape", "time,emg\n0.000,1\n0.001,2\n0.002,\x1B[31m\n0.003,4\n", MYO_ERR_DAMAGED,
     "'\\x1B[31m'"},
    {"header twice", "time,emg\n0.000,1\n0.001,2\ntime,emg\n0.002,3\n0.003,4\n", MYO_ERR_DAMAGED,
     "line 4, column 1: the header comes again"},
    {"header twice at the top", "time,emg\ntime,emg\n0.000,1\n0.001,2\n0.002,3\n", MYO_ERR_DAMAGED,
     "line 2, column 1: the header comes again (found 'time')"},
    {"header and units twice", "time,emg\ns,mV\ntime,emg\ns,mV\n0.000,1\n0.001,2\n0.002,3\n",
     MYO_ERR_DAMAGED, "line 3, column 1: the header comes again"},
    {"one name short", "left,right\n0.000,1.5,1\n0.001,2.5,1\n0.002,3.5,1\n", MYO_ERR_DAMAGED,
     "line 1, column 3: the header's width differs from the rows' (found 2 names, 3 values; column "
     "1 does not count the rows)"},
    {"one name short, from 2", "time,emg\n2,0.000,1\n3,0.001,2\n4,0.002,3\n", MYO_ERR_DAMAGED,
     "column 1 does not count the rows"},
    {"one name short, steps of two", "time,emg\n0,0.000,1\n2,0.001,2\n4,0.002,3\n",
     MYO_ERR_DAMAGED, "column 1 does not count the rows"},
    {"surrogate", "time,EMG\xED\xA0\x80\n0.000,1\n0.001,2\n0.002,3\n", MYO_ERR_DAMAGED,
     "line 1, column 2: not UTF-8 (found byte 0xED at byte 8)"},
    {"last surrogate", "time,e\xED\xBF\xBF\n0.000,1\n0.001,2\n", MYO_ERR_DAMAGED, "byte 0xED at byte 6"},
    {"overlong, two bytes", "time,e\xC1\xBF\n0.000,1\n0.001,2\n", MYO_ERR_DAMAGED, "byte 0xC1 at byte 6"},
    {"overlong, three bytes", "time,e\xE0\x9F\xBF\n0.000,1\n0.001,2\n", MYO_ERR_DAMAGED,
     "byte 0xE0 at byte 6"},
    {"overlong, four bytes", "time,e\xF0\x8F\xBF\xBF\n0.000,1\n0.001,2\n", MYO_ERR_DAMAGED,
     "byte 0xF0 at byte 6"},
    {"behind U+10FFFF", "time,e\xF4\x90\x80\x80\n0.000,1\n0.001,2\n", MYO_ERR_DAMAGED,
     "byte 0xF4 at byte 6"},
    {"cut character", "time,e\xF0\x9F\x98\n0.000,1\n0.001,2\n", MYO_ERR_DAMAGED, "byte 0xF0 at byte 6"},
    {"first row", "time,emg\n0.000,x\n0.001,2\n0.002,3\n0.003,4\n", MYO_ERR_DAMAGED,
     "line 2, column 2"},
    {"first row, no header", "0.000,x\n0.001,2\n0.002,3\n0.003,4\n", MYO_ERR_DAMAGED,
     "line 1, column 2"},
    {"open quote", "time,emg\n0.000,1\n0.001,\"2\n0.002,3\n0.003,4\n", MYO_ERR_DAMAGED,
     "line 3, column 2: quote is never closed"},
    {"invalid UTF-8", "time,emg\n0.000,1\n0.001,2\xED\n0.002,3\n0.003,4\n", MYO_ERR_DAMAGED,
     "line 3, column 2: not UTF-8 (found byte 0xED at byte 24)"},
    {"Latin-1 label", "time,\xE9mg\n0.000,1\n0.001,2\n0.002,3\n", MYO_ERR_DAMAGED,
     "line 1, column 2: not UTF-8"},
    {"header width", "time,emg,acc\n0.000,1\n0.001,2\n0.002,3\n", MYO_ERR_DAMAGED,
     "found 3 names, 2 values"},
    {"blank line in one column", "# Sampling Rate (Hz):= 1000\n1\n2\n\n3\n", MYO_ERR_DAMAGED,
     "line 4, column 1: blank"},
    {"only time", "time\n0.000\n0.001\n0.002\n", MYO_ERR_NO_CHANNEL, "no column is a signal"},
    {"rate 0", "# Sampling Rate (Hz):= 0\n1\n2\n", MYO_ERR_RANGE, "line 1"},
    {"rate text", "# Sampling Rate (Hz):= fast\n1\n2\n", MYO_ERR_DAMAGED, "found 'fast'"},
    {"rate comma", "# Sampling Rate (Hz):= 1000,00\n1\n2\n", MYO_ERR_DAMAGED, "1000,00"},
    {"rate negative", "# Sampling Rate (Hz):= -5\n1\n2\n", MYO_ERR_RANGE, "-5 Hz"},
    {"rate absurd", "# Sampling Rate (Hz):= 1e12\n1\n2\n", MYO_ERR_RANGE, "1e+12 Hz"},
};

START_TEST(damaged_tables) {
    kit k = kit_text(bad[_i].text, NULL);
    const char *part = bad[_i].part;
    ck_assert_msg(k.err == bad[_i].code, "%s: %d '%s'", bad[_i].what, (int)k.err, k.d.message);
    ck_assert_msg(strstr(k.d.message, part) != NULL, "%s: '%s'", bad[_i].what, k.d.message);
    ck_assert_ptr_null(strchr(k.d.message, '\n'));
    kit_free(&k);
}
END_TEST

START_TEST(nul_bytes) {
    static const char text[] = "time,emg\n0.000,1\n0.001,2\0\n0.002,3\n";
    kit k = kit_text_n(text, sizeof text - 1, NULL, 1.0);
    KIT_FAILS(k, MYO_ERR_DAMAGED, "line 3, column 2: a NUL byte");
    kit_free(&k);
}
END_TEST

START_TEST(utf16_is_named) {
    static const char text[] = "t\0i\0m\0e\0,\0x\0\n\0"
                               "0\0,\0"
                               "1\0\n\0";
    kit k = kit_text_n(text, sizeof text - 1, NULL, 1.0);
    KIT_FAILS(k, MYO_ERR_DAMAGED, "line 1, column 1: a NUL byte");
    kit_free(&k);
    static const char marked[] = "\xFF\xFEt\0i\0m\0e\0";
    k = kit_text_n(marked, sizeof marked - 1, NULL, 1.0);
    KIT_FAILS(k, MYO_ERR_UNSUPPORTED, "UTF-16");
    kit_free(&k);
}
END_TEST

/* `n` bytes of `what` behind the head. */
static kit with_long(const char *head, char what, size_t n) {
    myo_buf b = {0};
    myo_buf_puts(&b, head);
    for (size_t i = 0; i < n; i++) {
        myo_buf_put(&b, &what, 1);
    }
    kit k = kit_text_n(b.s, b.n, NULL, 1.0);
    myo_buf_clear(&b);
    return k;
}

START_TEST(overlong_lines) {
    kit k = with_long("", '1', 10 << 20);
    KIT_FAILS(k, MYO_ERR_DAMAGED, "line 1, column 1: line too long");
    kit_free(&k);
    k = with_long("time,emg\n0.000,1\n0.001,2\n", '1', 3 << 20);
    KIT_FAILS(k, MYO_ERR_DAMAGED, "line 4, column 1: line too long");
    kit_free(&k);
}
END_TEST

START_TEST(too_many_columns) {
    kit k = with_long("a,b\n", ',', 100000);
    KIT_FAILS(k, MYO_ERR_DAMAGED, "too many columns");
    kit_free(&k);
    const myo_open_opts o = {.fs = 1000};
    myo_buf b = {0};
    for (int row = 0; row < 4; row++) {
        for (int i = 0; i < 1100; i++) {
            myo_buf_printf(&b, "%s%d", i > 0 ? "," : "", row + i % 3);
        }
        myo_buf_puts(&b, "\n");
    }
    k = kit_text_n(b.s, b.n, &o, 1.0);
    KIT_FAILS(k, MYO_ERR_RANGE, "1024");
    myo_buf_clear(&b);
    kit_free(&k);
}
END_TEST

START_TEST(a_long_file_with_damage_at_its_end) {
    myo_buf b = kit_table("time,emg\n", "%T,%V\n", 200000, 1000, 3);
    myo_buf_puts(&b, "200.000,x\n");
    kit k = kit_text_n(b.s, b.n, NULL, 1.0);
    KIT_FAILS(k, MYO_ERR_DAMAGED, "line 200002, column 2: not a number (found 'x')");
    myo_buf_clear(&b);
    kit_free(&k);
}
END_TEST

START_TEST(a_long_file_that_ends_lines_with_returns) {
    myo_buf b = kit_table("time,emg\n", "%T,%V\n", 200000, 1000, 3);
    kit lines = kit_text_n(b.s, b.n, NULL, 1.0);
    for (size_t i = 0; i < b.n; i++) {
        b.s[i] = b.s[i] == '\n' ? '\r' : b.s[i];
    }
    kit returns = kit_text_n(b.s, b.n, NULL, 1.0);
    ck_assert_uint_gt(b.n, 2U << 20);
    ck_assert_msg(returns.err == MYO_OK, "%s", returns.d.message);
    ck_assert_int_eq(returns.n[0], lines.n[0]);
    ck_assert_mem_eq(returns.x[0], lines.x[0], (size_t)lines.n[0] * sizeof(float));
    myo_buf_clear(&b);
    kit_free(&lines);
    kit_free(&returns);
}
END_TEST

/* --- memory --- */

START_TEST(every_failed_allocation_is_told) {
    myo_buf b = kit_table("time,emg,acc_x,acc_y,acc_z\n", "%T,%V,1,2,3\n", 50, 1000, 3);
    kit_write("t.csv", b.s, b.n);
    int failures = 0;
    for (int64_t n = 1; n < 200; n++) {
        myo_diag d = {0};
        myo_rec *r = NULL;
        myo_block block = {0};
        myo_mem_fail_at(n);
        myo_err err = myo_rec_open(&r, kit_path("t.csv"), NULL, &d);
        err = err == MYO_OK ? myo_rec_read(r, 1.0, &block) : err;
        myo_mem_fail_at(0);
        ck_assert_msg(err == MYO_OK || err == MYO_ERR_NOMEM, "%d: %s", (int)err, d.message);
        failures += err == MYO_ERR_NOMEM;
        myo_rec_close(&r);
        myo_diag_clear(&d);
    }
    static const char *const name = "t.csv";
    kit_clean(&name, 1);
    myo_buf_clear(&b);
    ck_assert_int_gt(failures, 10);
}
END_TEST

int main(void) {
    Suite *s = suite_create("csv");
    TCase *t = tcase_create("text");
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, numbers_equal_strtod, 0, 29);
    tcase_add_loop_test(t, random_decimals_equal_strtod, 0, 4);
    tcase_add_loop_test(t, texts_are_no_numbers, 0, 10);
    tcase_add_test(t, missing_and_infinite_words);
    tcase_add_loop_test(t, good_tables, 0, (int)(sizeof good / sizeof good[0]));
    tcase_add_test(t, no_newline_at_the_end);
    tcase_add_test(t, comment_lines_between_rows);
    tcase_add_loop_test(t, decimal_commas_where_clear, 0, 3);
    tcase_add_loop_test(t, decimal_commas_where_ambiguous, 0, 2);
    tcase_add_test(t, missing_values_become_nan);
    tcase_add_test(t, empty_first_column);
    tcase_add_test(t, rate_from_the_user);
    tcase_add_loop_test(t, damaged_tables, 0, (int)(sizeof bad / sizeof bad[0]));
    tcase_add_test(t, nul_bytes);
    tcase_add_test(t, utf16_is_named);
    tcase_add_test(t, overlong_lines);
    tcase_add_test(t, too_many_columns);
    tcase_add_test(t, a_long_file_with_damage_at_its_end);
    tcase_add_test(t, a_long_file_that_ends_lines_with_returns);
    tcase_add_test(t, every_failed_allocation_is_told);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed;
}
