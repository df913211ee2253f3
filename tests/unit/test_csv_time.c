/* test_csv_time.c - time columns: rates from rounded and jittered stamps, gaps, damage. */
#include "io/csv.h"
#include "text_kit.h"

/* A table "NAME,acc" whose stamps come from `stamp`. */
typedef void (*stamp_fn)(char dst[48], int i);

static kit with_stamps(const char *name, stamp_fn stamp, int n, const myo_open_opts *o) {
    myo_buf b = {0};
    myo_buf_printf(&b, "%s,emg\n", name);
    for (int i = 0; i < n; i++) {
        char text[48];
        stamp(text, i);
        myo_buf_printf(&b, "%s,%.3f\n", text, kit_sample(i));
    }
    kit k = kit_text_n(b.s, b.n, o, 1.0);
    myo_buf_clear(&b);
    return k;
}

/* --- rates --- */

static void unix_ms(char dst[48], int i) {
    snprintf(dst, 48, "%.0f", 1629403337781 + i * 13.671875);
}

static void unix_ms_exact(char dst[48], int i) {
    snprintf(dst, 48, "%.16E", 1629403337780.7312 + i * 13.671875);
}

static void unix_s(char dst[48], int i) {
    snprintf(dst, 48, "%.6f", 1600000000 + i / 128.0);
}

static void unix_us(char dst[48], int i) {
    snprintf(dst, 48, "%.0f", 1.6e15 + i * 1e4);
}

static void rounded_ms(char dst[48], int i) {
    snprintf(dst, 48, "%.3f", i / 1259.259);
}

static void pairs_of_ms(char dst[48], int i) {
    snprintf(dst, 48, "%d", i / 2);
}

static void six_digits(char dst[48], int i) {
    snprintf(dst, 48, "%g", (i + 1) / 4000.0);
}

static void five_digits(char dst[48], int i) {
    snprintf(dst, 48, "%.5g", i / 2000.0);
}

static void jittered(char dst[48], int i) {
    snprintf(dst, 48, "%.5f", i * 0.01 + 0.004 * sin(i * 12.9898) * cos(i * 78.233));
}

static void packets(char dst[48], int i) {
    snprintf(dst, 48, "%.3f", i / 8 * 0.08);
}

static void whole_seconds(char dst[48], int i) {
    snprintf(dst, 48, "2019-03-21 01:%02d:%02d", i / 6000, i / 100 % 60);
}

static void colon_ms(char dst[48], int i) {
    snprintf(dst, 48, "2019-03-21 %02d:%02d:%02d:%03d", 14 + i / 360000, i / 6000 % 60,
             i / 100 % 60, i % 100 * 10);
}

static void iso_t_z(char dst[48], int i) {
    snprintf(dst, 48, "2024-02-29T12:00:%02d.%02dZ", i / 100 % 60, i % 100);
}

static void iso_zone(char dst[48], int i) {
    snprintf(dst, 48, "2024-02-29T12:00:%02d.%02d+01:00", i / 100 % 60, i % 100);
}

static void clock_over_midnight(char dst[48], int i) {
    const int s = 86395 + i / 100;
    snprintf(dst, 48, "%02d:%02d:%02d.%02d", s / 3600 % 24, s / 60 % 60, s % 60, i % 100);
}

static void american(char dst[48], int i) {
    snprintf(dst, 48, "9/17/2019 11:59:%02d.%03d PM", i / 100 % 60, i % 100 * 10);
}

static void counting_ms(char dst[48], int i) {
    snprintf(dst, 48, "%d", 5000 + i);
}

static void negative(char dst[48], int i) {
    snprintf(dst, 48, "%.4f", i / 2000.0 - 0.25);
}

static void scientific(char dst[48], int i) {
    snprintf(dst, 48, "%.6e", i / 1000.0);
}

static const struct {
    const char *what, *name;
    stamp_fn stamp;
    int n;
    double fs;
} rates[] = {
    {"Unix ms, whole", "timestamp", unix_ms, 3000, 1000 / 13.671875},
    {"Unix ms, scientific", "Timestamp_Unix_CAL", unix_ms_exact, 2149, 1000 / 13.671875},
    {"Unix s", "ts", unix_s, 400, 128},
    {"Unix us", "timestamp", unix_us, 400, 100},
    {"rounded to 3 decimals", "time", rounded_ms, 20000, 1259.259},
    {"two samples a ms", "time_ms", pairs_of_ms, 4000, 2000},
    {"six digits", "time", six_digits, 450000, 4000},
    {"five digits", "t", five_digits, 100000, 2000},
    {"jitter", "Time (s)", jittered, 5000, 100},
    {"packets of 8", "time", packets, 8000, 100},
    {"whole seconds", "ts", whole_seconds, 6000, 100},
    {"colon before ms", "ts", colon_ms, 1200, 100},
    {"ISO with T and Z", "time", iso_t_z, 3000, 100},
    {"ISO with zone", "time", iso_zone, 3000, 100},
    {"over midnight", "time", clock_over_midnight, 1000, 100},
    {"month first, PM", "Timestamp", american, 1000, 100},
    {"ms by its name", "ms", counting_ms, 400, 1000},
    {"ms by its steps", "time", counting_ms, 400, 1000},
    {"below zero", "time", negative, 1000, 2000},
    {"scientific", "X[s]", scientific, 1000, 1000},
};

START_TEST(rates_from_stamps) {
    kit k = with_stamps(rates[_i].name, rates[_i].stamp, rates[_i].n, NULL);
    KIT_OK(k);
    ck_assert_msg(fabs(k.ch[0].fs / rates[_i].fs - 1) < 1e-5, "%s: %.9g Hz", rates[_i].what,
                  k.ch[0].fs);
    ck_assert_msg(k.n_gaps == 0, "%s: %d gaps, first at %g", rates[_i].what, k.n_gaps, k.gap[0]);
    ck_assert_int_eq(k.n[0], rates[_i].n);
    ck_assert_double_lt(k.worst_start, 1e-6);
    ck_assert_int_eq(k.n_ch, 1);
    kit_free(&k);
}
END_TEST

START_TEST(whole_rates_are_whole) {
    kit k = with_stamps("time", unix_s, 300, NULL);
    KIT_OK(k);
    ck_assert_double_eq(k.ch[0].fs, 128);
    ck_assert_str_eq(k.start, "2020-09-13T12:26:40.000Z");
    kit_free(&k);
    k = with_stamps("ts", colon_ms, 300, NULL);
    ck_assert_double_eq(k.ch[0].fs, 100);
    ck_assert_str_eq(k.start, "2019-03-21T14:00:00.000");
    kit_free(&k);
}
END_TEST

START_TEST(guessed_units_are_told) {
    kit k = with_stamps("time", counting_ms, 400, NULL);
    ck_assert(kit_warned(&k, "taken as ms (1000 Hz)"));
    kit_free(&k);
    k = with_stamps("time (ms)", counting_ms, 400, NULL);
    ck_assert(!kit_warned(&k, "taken as"));
    kit_free(&k);
}
END_TEST

/* 1000 Hz in every unit that a header may state, however it states it. */
static double per_unit;

static void in_unit(char dst[48], int i) {
    snprintf(dst, 48, "%.12g", i / 1000.0 / per_unit);
}

static const struct {
    const char *name;
    double seconds;
} stated[] = {
    {"time [s]", 1},          {"Time (Seconds)", 1},  {"t/s", 1},
    {"time [ms]", 1e-3},      {"time_msecs", 1e-3},   {"Time (milliseconds since start)", 1e-3},
    {"time [us]", 1e-6},      {"time [\xC2\xB5s]", 1e-6}, {"time [ns]", 1e-9},
    {"time [min]", 60},       {"time (min)", 60},     {"time_min", 60},
    {"Time (Minutes)", 60},   {"t / min", 60},        {"X[min]", 60},
    {"elapsed minutes", 60},  {"time [h]", 3600},     {"time (hrs)", 3600},
    {"Minutes", 60},          {"hours", 3600},        {"time_h", 3600},         {"time [d]", 86400},    {"time days", 86400},
};

START_TEST(stated_units_count) {
    per_unit = stated[_i].seconds;
    kit k = with_stamps(stated[_i].name, in_unit, 3000, NULL);
    KIT_OK(k);
    ck_assert_msg(fabs(k.ch[0].fs - 1000) < 1e-3, "%s: %.9g Hz", stated[_i].name, k.ch[0].fs);
    ck_assert_int_eq(k.n_ch, 1);
    ck_assert(!kit_warned(&k, "taken as s") && !kit_warned(&k, "taken as ms"));
    kit_free(&k);
}
END_TEST

static void tens(char dst[48], int i) {
    snprintf(dst, 48, "%d", 10 * i);
}

START_TEST(units_of_no_time_are_refused) {
    static const char *const names[] = {"time [ticks]", "time_samples", "time (mV)", "time [m]", "Time (%)"};
    const myo_open_opts o = {.fs = 500};
    kit k = with_stamps(names[_i], tens, 400, NULL);
    KIT_FAILS(k, MYO_ERR_DAMAGED, "line 1, column 1: unit of the time column (found '");
    ck_assert_ptr_nonnull(strstr(k.d.message, "allowed ns, us, ms, s, min, h, d"));
    kit_free(&k);
    k = with_stamps(names[_i], tens, 400, &o);
    KIT_OK(k);
    ck_assert_double_eq(k.ch[0].fs, 500);
    ck_assert(kit_warned(&k, "time column not used"));
    kit_free(&k);
}
END_TEST

START_TEST(samples_are_counted) {
    const myo_open_opts o = {.fs = 500};
    kit k = with_stamps("time [samples]", counting_ms, 400, NULL);
    KIT_FAILS(k, MYO_ERR_INPUT, "give the rate with --fs");
    kit_free(&k);
    k = with_stamps("time [samples]", counting_ms, 400, &o);
    KIT_OK(k);
    ck_assert_double_eq(k.ch[0].fs, 500);
    ck_assert(kit_warned(&k, "counts the samples"));
    kit_free(&k);
}
END_TEST

START_TEST(unknown_units_are_told) {
    kit k = with_stamps("time [fortnights]", scientific, 400, NULL);
    KIT_OK(k);
    ck_assert(kit_warned(&k, "line 1, column 1: unit of the time column not known (found 'fortnights', allowed ns"));
    kit_free(&k);
}
END_TEST

/* Elsewhere the word is a minimum, not a minute. */
START_TEST(minima_are_signals) {
    kit k = kit_rows("time,emg_min\n", "%T,%V\n", 400, 1000, 3, NULL);
    KIT_OK(k);
    ck_assert_str_eq(k.ch[0].label, "emg_min");
    ck_assert_int_eq(k.ch[0].kind, MYO_KIND_EMG);
    kit_free(&k);
}
END_TEST

START_TEST(coarse_stamps_are_told) {
    kit k = with_stamps("ts", whole_seconds, 6000, NULL);
    ck_assert(kit_warned(&k, "coarser than the samples"));
    kit_free(&k);
}
END_TEST

/* --- which rate counts --- */

START_TEST(time_column_against_header) {
    kit k = kit_rows("# Sampling Rate (Hz):= 500\ntime,emg\n", "%T,%V\n", 400, 1000, 3, NULL);
    KIT_OK(k);
    ck_assert_double_eq(k.ch[0].fs, 1000);
    ck_assert(kit_warned(&k, "sampling rates differ"));
    kit_free(&k);
    k = kit_rows("# Sampling Rate (Hz):= 1000\ntime,emg\n", "%T,%V\n", 400, 1000, 3, NULL);
    ck_assert(!kit_warned(&k, "sampling rates differ"));
    kit_free(&k);
}
END_TEST

START_TEST(user_rate_above_all) {
    const myo_open_opts o = {.fs = 500};
    kit k = kit_rows("time,emg\n", "%T,%V\n", 400, 1000, 3, &o);
    KIT_OK(k);
    ck_assert_double_eq(k.ch[0].fs, 500);
    ck_assert(kit_warned(&k, "sampling rates differ"));
    kit_free(&k);
}
END_TEST

START_TEST(user_rate_where_time_is_useless) {
    const myo_open_opts o = {.fs = 500};
    kit k = kit_text("time,emg\n5,1\n5,2\n5,3\n5,4\n", &o);
    KIT_OK(k);
    ck_assert_int_eq(k.n[0], 4);
    ck_assert(kit_warned(&k, "time column not used"));
    kit_free(&k);
}
END_TEST

START_TEST(counters_are_no_time) {
    const myo_open_opts o = {.fs = 1000};
    kit k = kit_rows("", "%I,%V\n", 400, 1000, 3, &o);
    KIT_OK(k);
    ck_assert_int_eq(k.n_ch, 1);
    ck_assert(kit_warned(&k, "counts the samples"));
    ck_assert_float_eq(k.x[0][3], (float)kit_sample(3));
    kit_free(&k);
    k = kit_rows(",emg\n", "%I,%V\n", 400, 1000, 3, &o);
    KIT_OK(k);
    ck_assert_int_eq(k.n_ch, 1);
    kit_free(&k);
}
END_TEST

START_TEST(date_and_time_in_two_columns) {
    myo_buf b = {0};
    myo_buf_puts(&b, "Date,Time,x,y,z\n");
    for (int i = 0; i < 300; i++) {
        myo_buf_printf(&b, "2024-01-02,10:00:%02d.%02d,1,2,3\n", i / 100, i % 100);
    }
    kit k = kit_text_n(b.s, b.n, NULL, 1.0);
    KIT_OK(k);
    ck_assert_int_eq(k.n_ch, 3);
    ck_assert_double_eq(k.ch[0].fs, 100);
    myo_buf_clear(&b);
    kit_free(&k);
}
END_TEST

/* --- gaps --- */

static int hole_at, hole_n;

static void with_hole(char dst[48], int i) {
    snprintf(dst, 48, "%.3f", (i < hole_at ? i : i + hole_n) / 1000.0);
}

START_TEST(gaps_are_told_and_not_filled) {
    static const int holes[][2] = {{200, 1}, {200, 50}, {1, 3}, {399, 7}, {200, 100000000}};
    hole_at = holes[_i][0];
    hole_n = holes[_i][1];
    kit k = with_stamps("time", with_hole, 400, NULL);
    KIT_OK(k);
    ck_assert_int_eq(k.n[0], 400);
    ck_assert_int_eq(k.n_gaps, 1);
    ck_assert_double_eq(k.ch[0].fs, 1000);
    const double expected = (hole_at + hole_n) / 1000.0;
    ck_assert_msg(fabs(k.gap[0] - expected) < 1e-9, "gap at %.9g", k.gap[0]);
    ck_assert_double_lt(fabs(k.duration - (400 + hole_n) / 1000.0), 1e-9);
    ck_assert_float_eq(k.x[0][399], (float)kit_sample(399));
    kit_free(&k);
}
END_TEST

static void many_holes(char dst[48], int i) {
    snprintf(dst, 48, "%.3f", (i + i / 2000 * 10) / 1000.0);
}

START_TEST(rate_holds_over_many_gaps) {
    kit k = with_stamps("time", many_holes, 12000, NULL);
    KIT_OK(k);
    ck_assert_double_eq(k.ch[0].fs, 1000);
    ck_assert_int_eq(k.n_gaps, 5);
    ck_assert_double_lt(fabs(k.gap[4] - 10.05), 1e-9);
    kit_free(&k);
}
END_TEST

/* Blocks of any length show the same gaps and samples. */
START_TEST(gaps_at_any_block_length) {
    static const double lengths[] = {0.001, 0.0037, 0.2, 0.25, 3.0, 1000.0};
    hole_at = 200;
    hole_n = 50;
    myo_buf b = {0};
    myo_buf_puts(&b, "time,emg\n");
    for (int i = 0; i < 400; i++) {
        char text[48];
        with_hole(text, i);
        myo_buf_printf(&b, "%s,%.3f\n", text, kit_sample(i));
    }
    kit k = kit_text_n(b.s, b.n, NULL, lengths[_i]);
    KIT_OK(k);
    ck_assert_int_eq(k.n_gaps, 1);
    ck_assert_double_eq_tol(k.gap[0], 0.25, 1e-12);
    for (int i = 0; i < 400; i++) {
        ck_assert_float_eq(k.x[0][i], (float)kit_sample(i));
    }
    myo_buf_clear(&b);
    kit_free(&k);
}
END_TEST

/* --- damage --- */

static const char *odd_stamp;

static void odd(char dst[48], int i) {
    if (i == 300) {
        snprintf(dst, 48, "%s", odd_stamp);
    } else {
        snprintf(dst, 48, "%.3f", i / 1000.0);
    }
}

START_TEST(odd_stamps) {
    static const char *const cases[][2] = {
        {"0.100", "time goes back (found 0.1 after 0.299)"},
        {"NaN", "line 302, column 1: no time stamp, after 0.299 (found 'NaN')"},
        {"", "line 302, column 1: no time stamp"},
        {"1e15", "column 1: time jumps ahead of the rows behind it (found 1e+15 after 0.299)"},
        {"inf", "no time stamp"},
        {"0.299", "line 302, column 1: time stands still while the samples differ"},
        {"abc", "no time stamp, after 0.299 (found 'abc')"},
    };
    odd_stamp = cases[_i][0];
    kit k = with_stamps("time", odd, 400, NULL);
    KIT_FAILS(k, MYO_ERR_DAMAGED, cases[_i][1]);
    ck_assert_ptr_nonnull(strstr(k.d.message, "line 302"));
    kit_free(&k);
}
END_TEST

/* The same far behind the stretch from which the rate was taken. */
static void late_back(char dst[48], int i) {
    snprintf(dst, 48, "%.3f", (i == 290000 ? 5 : i) / 1000.0);
}

START_TEST(time_goes_back_late) {
    kit k = with_stamps("time", late_back, 300000, NULL);
    KIT_FAILS(k, MYO_ERR_DAMAGED,
              "line 290002, column 1: time goes back (found 0.005 after 289.999)");
    kit_free(&k);
}
END_TEST

/* Far ahead, behind the stretch that gave the rate, and at the file's end, where nothing shows that
 * it is alone. */
static void ahead(char dst[48], int i) {
    snprintf(dst, 48, "%.3f", i == 199999 ? 1e15 : i / 1000.0);
}

START_TEST(time_jumps_by_ages) {
    kit k = with_stamps("time", ahead, 200000, NULL);
    KIT_FAILS(k, MYO_ERR_DAMAGED, "line 200001, column 1: time jumps by more than a year");
    kit_free(&k);
}
END_TEST

START_TEST(first_stamp_missing) {
    kit k = kit_text("time,emg\nNaN,1\n0.001,2\n0.002,3\n0.003,4\n0.004,5\n", NULL);
    KIT_FAILS(k, MYO_ERR_DAMAGED,
              "line 2, column 1: no time stamp, after the header (found 'NaN')");
    kit_free(&k);
}
END_TEST

static void constant(char dst[48], int i) {
    (void)i;
    snprintf(dst, 48, "0.5");
}

START_TEST(time_that_stands) {
    kit k = with_stamps("time", constant, 400, NULL);
    KIT_FAILS(k, MYO_ERR_DAMAGED, "time does not advance");
    kit_free(&k);
}
END_TEST

START_TEST(same_row_twice) {
    myo_buf b = {0};
    myo_buf_puts(&b, "time,emg\n");
    for (int i = 0; i < 400; i++) {
        for (int twice = 0; twice < (i == 123 ? 2 : 1); twice++) {
            myo_buf_printf(&b, "%.3f,%.3f\n", i / 1000.0, kit_sample(i));
        }
    }
    kit k = kit_text_n(b.s, b.n, NULL, 1.0);
    KIT_OK(k);
    ck_assert_int_eq(k.n[0], 400);
    ck_assert_double_eq(k.ch[0].fs, 1000);
    ck_assert(kit_warned(&k, "line 126: row comes twice"));
    ck_assert_float_eq(k.x[0][399], (float)kit_sample(399));
    myo_buf_clear(&b);
    kit_free(&k);
}
END_TEST

START_TEST(impossible_clocks) {
    static const char *const texts[] = {
        "2019-13-01 10:00:00", "2019-02-29 10:00:00", "25:00:00",      "10:61:00",
        "2019-03-21 10:00:61", "10:00:00x",           "2019-03-21 10", "2019-03-21T"};
    int64_t day;
    double sec;
    int decimals;
    bool has_date;
    const char *s = texts[_i];
    ck_assert_msg(!csv_iso((csv_field){s, strlen(s)}, &day, &sec, &decimals, &has_date), "%s", s);
}
END_TEST

START_TEST(calendar) {
    static const char *const texts[] = {"1970-01-01 00:00:00", "2000-02-29 23:59:59.5",
                                        "2024/12/31T06:07:08"};
    static const char *const shown[] = {"1970-01-01T00:00:00.000", "2000-02-29T23:59:59.500",
                                        "2024-12-31T06:07:08.000"};
    int64_t day;
    double sec;
    int decimals;
    bool has_date;
    char text[40];
    ck_assert(csv_iso((csv_field){texts[_i], strlen(texts[_i])}, &day, &sec, &decimals, &has_date));
    ck_assert(has_date);
    csv_iso_format(text, day, sec, false);
    ck_assert_str_eq(text, shown[_i]);
}
END_TEST

START_TEST(numbers_too_far_apart_are_no_time) {
    myo_buf b = {0};
    for (int i = 0; i < 500; i++) {
        myo_buf_printf(&b, "%s1.7e308,%d\n", i % 3 == 0 ? "-" : "", i % 7);
    }
    kit k = kit_text(b.s, NULL);
    KIT_FAILS(k, MYO_ERR_INPUT, "--fs");
    kit_free(&k);
    myo_buf_clear(&b);
}
END_TEST

int main(void) {
    Suite *s = suite_create("csv time");
    TCase *t = tcase_create("time");
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, rates_from_stamps, 0, (int)(sizeof rates / sizeof rates[0]));
    tcase_add_test(t, whole_rates_are_whole);
    tcase_add_test(t, guessed_units_are_told);
    tcase_add_loop_test(t, stated_units_count, 0, (int)(sizeof stated / sizeof stated[0]));
    tcase_add_loop_test(t, units_of_no_time_are_refused, 0, 5);
    tcase_add_test(t, samples_are_counted);
    tcase_add_test(t, unknown_units_are_told);
    tcase_add_test(t, minima_are_signals);
    tcase_add_test(t, coarse_stamps_are_told);
    tcase_add_test(t, time_column_against_header);
    tcase_add_test(t, user_rate_above_all);
    tcase_add_test(t, user_rate_where_time_is_useless);
    tcase_add_test(t, counters_are_no_time);
    tcase_add_test(t, numbers_too_far_apart_are_no_time);
    tcase_add_test(t, date_and_time_in_two_columns);
    tcase_add_loop_test(t, gaps_are_told_and_not_filled, 0, 5);
    tcase_add_test(t, rate_holds_over_many_gaps);
    tcase_add_loop_test(t, gaps_at_any_block_length, 0, 6);
    tcase_add_loop_test(t, odd_stamps, 0, 7);
    tcase_add_test(t, time_goes_back_late);
    tcase_add_test(t, time_jumps_by_ages);
    tcase_add_test(t, first_stamp_missing);
    tcase_add_test(t, time_that_stands);
    tcase_add_test(t, same_row_twice);
    tcase_add_loop_test(t, impossible_clocks, 0, 8);
    tcase_add_loop_test(t, calendar, 0, 3);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed;
}
