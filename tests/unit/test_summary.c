/* test_summary.c - counts, rates, burden and scatter of the summary table. */
#include <stdlib.h>
#include <unistd.h>
#include "run/summary.h"
#include "sig.h"

enum { COLS = 32, ROWS = 40 };
enum { CHANNEL, TYPE, N, EXPOSURE, RATE, LOW, HIGH, FANO, BURDEN, DUR, DUR1, DUR3, PEAK, PEAK1, PEAK3, UNIT, FREQ,
       INTERVAL, CV, N_IND, BURST_N, BURST, BURST_LOW, BURST_HIGH, PATTERN, REASON, NEG,
       NEG_RATE, NEG_LOW, NEG_HIGH, MOVED, STILL };

static char text[65536];
static char *cell[ROWS][COLS];
static int n_rows;

static myo_plan_lane lanes[3];
static myo_plan plan = {.lane = lanes};
static myo_summary *s;

static void lane(const char *name, myo_kind kind)
{
    myo_plan_lane *l = &lanes[plan.n_lanes++];
    memset(l, 0, sizeof *l);
    l->cfg.kind = kind;
    snprintf(l->name, sizeof l->name, "%s", name);
    snprintf(l->unit, sizeof l->unit, "%s", kind == MYO_KIND_ACC ? "g" : "uV");
}

static void two_emg(void)
{
    lane("A", MYO_KIND_EMG);
    lane("B", MYO_KIND_EMG);
    ck_assert_int_eq(myo_summary_new(&s, &plan, 0.05), MYO_OK);
}

static void event(int in, myo_class cls, double on, double off, double peak, double freq)
{
    myo_cand c = {.on = on, .off = off, .lane = in, .n_bursts = 1};
    c.f[MYO_F_PEAK] = (float)peak;
    ck_assert_int_eq(myo_summary_add(s, &c, cls, freq), MYO_OK);
}

static void split(void)
{
    char *line = strtok(text, "\n");
    for (n_rows = 0; line && n_rows < ROWS; n_rows++, line = strtok(NULL, "\n")) {
        for (int c = 0; c < COLS; c++) {
            cell[n_rows][c] = line;
            char *tab = strchr(line, '\t');
            ck_assert(tab != NULL || c == COLS - 1);
            if (tab) {
                *tab = '\0';
                line = tab + 1;
            }
        }
    }
}

static void write_with(const double *exposure)
{
    char path[] = "/tmp/myotab-summary-XXXXXX";
    const int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    close(fd);
    myo_diag d = {0};
    myo_table *t = NULL;
    ck_assert_int_eq(myo_table_open(&t, &myo_summary_schema, path, &d), MYO_OK);
    ck_assert_int_eq(myo_summary_write(s, &plan, exposure, t), MYO_OK);
    ck_assert_int_eq(myo_table_close(&t), MYO_OK);
    myo_summary_free(&s);
    ck_assert_ptr_null(s);
    FILE *f = fopen(path, "r");
    ck_assert_ptr_nonnull(f);
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    unlink(path);
    split();
}

static const char *get(const char *channel, const char *type, int col)
{
    for (int r = 1; r < n_rows; r++) {
        if (strcmp(cell[r][CHANNEL], channel) == 0 && strcmp(cell[r][TYPE], type) == 0) {
            return cell[r][col];
        }
    }
    ck_abort_msg("no row %s %s", channel, type);
    return NULL;
}

static double num(const char *channel, const char *type, int col)
{
    const char *t = get(channel, type, col);
    double v;
    ck_assert_msg(myo_parse_f64(t, strlen(t), &v), "%s is no number", t);
    return v;
}

static void is_none(const char *channel, const char *type, int col)
{
    ck_assert_str_eq(get(channel, type, col), "n/a");
}

static const double hour[] = {3600.0, 3600.0, 3600.0};

START_TEST(zeros_are_a_result)
{
    two_emg();
    write_with(hour);
    ck_assert_int_eq(n_rows, 1 + 3 * (MYO_INDETERMINATE + 1));
    ck_assert_str_eq(get("A", "cramp", N), "0");
    ck_assert_double_eq(num("A", "cramp", RATE), 0.0);
    ck_assert_double_eq(num("A", "cramp", LOW), 0.0);
    ck_assert_double_eq_tol(num("A", "cramp", HIGH), 3.68888, 1e-5); /* exact: -ln 0.025 */
    ck_assert_double_eq(num("A", "cramp", BURDEN), 0.0);
    is_none("A", "cramp", DUR);
    is_none("A", "cramp", FANO);
}
END_TEST

START_TEST(rates_are_those_of_stats)
{
    static const double exposure[] = {1234.5, 100.0, 1300.0};
    two_emg();
    for (int i = 0; i < 17; i++) {
        event(0, MYO_JERK, 10.0 * i, 10.0 * i + 0.1, 50.0, 0.0);
    }
    const myo_rate r = myo_rate_of(17, 1234.5);
    write_with(exposure);
    ck_assert_str_eq(get("A", "jerk", N), "17");
    ck_assert_double_eq_tol(num("A", "jerk", RATE), r.per_h, 1e-4);
    ck_assert_double_eq_tol(num("A", "jerk", LOW), r.low, 1e-4);
    ck_assert_double_eq_tol(num("A", "jerk", HIGH), r.high, 1e-4);
    ck_assert_double_eq_tol(num("all", "jerk", EXPOSURE), 1300.0, 1e-9); /* the time any channel was usable */
    ck_assert_double_eq_tol(num("A", "jerk", INTERVAL), 10.0, 1e-9);
    ck_assert_double_eq_tol(num("A", "jerk", CV), 0.0, 1e-9);
}
END_TEST

START_TEST(linked_jerks_count_once_in_all)
{
    two_emg();
    event(0, MYO_JERK, 10.00, 10.01, 50.0, 0.0);
    event(1, MYO_JERK, 10.04, 10.05, 50.0, 0.0); /* 40 ms behind: together */
    event(0, MYO_JERK, 20.00, 20.01, 50.0, 0.0);
    event(1, MYO_JERK, 20.06, 20.07, 50.0, 0.0); /* 60 ms: two */
    write_with(hour);
    ck_assert_str_eq(get("A", "jerk", N), "2");
    ck_assert_str_eq(get("B", "jerk", N), "2");
    ck_assert_str_eq(get("all", "jerk", N), "3");
}
END_TEST

START_TEST(burden_is_the_union)
{
    two_emg();
    event(0, MYO_CRAMP, 10.0, 20.0, 50.0, 0.0);
    event(1, MYO_CRAMP, 15.0, 30.0, 50.0, 0.0);
    event(0, MYO_CRAMP, 100.0, 105.0, 50.0, 0.0);
    event(1, MYO_TREMOR, 101.0, 103.0, 50.0, 5.0); /* another class: its own */
    write_with(hour);
    ck_assert_double_eq_tol(num("A", "cramp", BURDEN), 15.0, 1e-9);
    ck_assert_double_eq_tol(num("B", "cramp", BURDEN), 15.0, 1e-9);
    ck_assert_double_eq_tol(num("all", "cramp", BURDEN), 25.0, 1e-9);
    ck_assert_str_eq(get("all", "cramp", N), "2");
    ck_assert_double_eq_tol(num("all", "tremor", BURDEN), 2.0, 1e-9);
}
END_TEST

/* n jerks on a channel, 2 s apart from `at` on, of ms and ms + spread in turn. */
static void jerks(int in, double at, int n, double ms, double spread, double snr, uint32_t flags)
{
    for (int i = 0; i < n; i++) {
        const double on = at + 2.0 * i, d = (ms + (i % 2 ? spread : 0.0)) / 1000.0;
        myo_cand c = {.on = on, .off = on + d, .lane = in, .n_bursts = 1, .flags = flags};
        c.f[MYO_F_SNR] = (float)snr;
        ck_assert_int_eq(myo_summary_add(s, &c, MYO_JERK, 0.0), MYO_OK);
    }
}

START_TEST(pattern_where_the_interval_supports_it)
{
    static const struct { double ms, spread; const char *pattern, *reason; } row[] = {
        {30.0, 4.0, "short", "n/a"},          {60.0, 10.0, "intermediate", "n/a"},
        {150.0, 60.0, "long", "n/a"},         {43.5, 1.0, "n/a", "interval_spans_45_ms"},
        {90.0, 20.0, "n/a", "interval_spans_100_ms"}, {5.0, 140.0, "n/a", "interval_too_wide"},
    };
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        plan.n_lanes = 0;
        two_emg();
        jerks(0, 10.0, 10, row[i].ms, row[i].spread, 15.0, 0);
        write_with(hour);
        ck_assert_str_eq(get("A", "jerk", BURST_N), "10");
        ck_assert_double_eq_tol(num("A", "jerk", BURST), row[i].ms + row[i].spread / 2.0, 1e-3);
        ck_assert_str_eq(get("A", "jerk", PATTERN), row[i].pattern);
        ck_assert_str_eq(get("A", "jerk", REASON), row[i].reason);
        is_none("all", "jerk", PATTERN);
        is_none("A", "cramp", BURST_N);
    }
}
END_TEST

START_TEST(pattern_needs_ten_bursts_that_can_be_timed)
{
    two_emg();
    jerks(0, 10.0, 9, 30.0, 4.0, 15.0, 0);
    jerks(0, 100.0, 50, 90.0, 4.0, 9.9, 0);                 /* too faint */
    jerks(0, 300.0, 50, 90.0, 4.0, 30.0, MYO_FLAG_CUT_END); /* not whole */
    jerks(0, 500.0, 50, 90.0, 4.0, 30.0, MYO_FLAG_CLIPPED);
    jerks(0, 700.0, 50, 90.0, 4.0, 30.0, MYO_FLAG_MASKED);
    jerks(1, 10.0, 1, 30.0, 4.0, 15.0, 0);
    write_with(hour);
    ck_assert_str_eq(get("A", "jerk", BURST_N), "9");
    is_none("A", "jerk", PATTERN);
    ck_assert_str_eq(get("A", "jerk", REASON), "under_10_bursts_of_10_db");
    ck_assert_double_lt(num("A", "jerk", BURST_LOW), num("A", "jerk", BURST));
    ck_assert_str_eq(get("B", "jerk", BURST_N), "1");
    is_none("B", "jerk", BURST_LOW); /* one burst has no scatter */
}
END_TEST

/* Mean and t interval of 30, 34, 30 ... by hand: 32 +- 2.2622 x 0.66667, and 1 ms. */
START_TEST(interval_of_the_mean_is_students)
{
    two_emg();
    jerks(0, 10.0, 10, 30.0, 4.0, 15.0, 0);
    write_with(hour);
    ck_assert_double_eq_tol(num("A", "jerk", BURST_LOW), 32.0 - 2.262157 * 0.666667 - 1.0, 1e-3);
    ck_assert_double_eq_tol(num("A", "jerk", BURST_HIGH), 32.0 + 2.262157 * 0.666667 + 1.0, 1e-3);
}
END_TEST

START_TEST(negative_jerks_have_a_count_of_their_own)
{
    two_emg();
    jerks(0, 10.0, 3, 30.0, 4.0, 15.0, 0);
    for (int i = 0; i < 4; i++) {
        myo_summary_negative(s, 0);
    }
    write_with(hour);
    ck_assert_str_eq(get("A", "jerk", N), "3");
    ck_assert_str_eq(get("A", "jerk", NEG), "4");
    ck_assert_double_eq_tol(num("A", "jerk", NEG_RATE), 4.0, 1e-9);
    ck_assert_double_eq_tol(num("A", "jerk", NEG_HIGH), myo_rate_of(4, 3600.0).high, 1e-4);
    ck_assert_str_eq(get("B", "jerk", NEG), "0"); /* none seen is a result */
    is_none("A", "voluntary", NEG);
    is_none("all", "jerk", NEG);
}
END_TEST

START_TEST(an_accelerometer_has_no_muscle_burst)
{
    lane("acc", MYO_KIND_ACC);
    ck_assert_int_eq(myo_summary_new(&s, &plan, 0.05), MYO_OK);
    jerks(0, 10.0, 20, 300.0, 4.0, 30.0, 0);
    write_with(hour);
    is_none("acc", "jerk", BURST_N);
    is_none("acc", "jerk", REASON);
}
END_TEST

START_TEST(a_nested_event_adds_nothing)
{
    two_emg();
    event(0, MYO_CRAMP, 10.0, 40.0, 50.0, 0.0);
    event(1, MYO_CRAMP, 12.0, 13.0, 50.0, 0.0);
    event(1, MYO_CRAMP, 39.0, 41.0, 50.0, 0.0);
    write_with(hour);
    ck_assert_double_eq_tol(num("all", "cramp", BURDEN), 31.0, 1e-9);
    ck_assert_str_eq(get("all", "cramp", N), "1");
}
END_TEST

/* Counts 3, 0, 5, 2, 0, 0, 1, 4, 0, 9 a minute. */
START_TEST(fano_is_variance_over_mean)
{
    static const int count[] = {3, 0, 5, 2, 0, 0, 1, 4, 0, 9};
    static const double exposure[] = {600.0, 600.0, 600.0};
    double as_double[10];
    two_emg();
    for (int m = 0; m < 10; m++) {
        as_double[m] = count[m];
        for (int i = 0; i < count[m]; i++) {
            event(0, MYO_JERK, 60.0 * m + 5.0 * i, 60.0 * m + 5.0 * i + 0.1, 50.0, 0.0);
        }
    }
    write_with(exposure);
    ck_assert_double_eq_tol(num("A", "jerk", FANO), myo_fano(as_double, NULL, 10), 1e-4);
}
END_TEST

/* Events in every minute of gappy time, of which little is exposure: a variance is never negative. */
START_TEST(fano_is_never_negative)
{
    static const double exposure[] = {130.0, 130.0, 130.0};
    two_emg();
    for (int m = 0; m < 10; m++) {
        event(0, MYO_JERK, 60.0 * m, 60.0 * m + 0.1, 50.0, 0.0);
    }
    write_with(exposure);
    ck_assert_double_ge(num("A", "jerk", FANO), 0.0);
}
END_TEST

START_TEST(quartiles_and_frequency)
{
    two_emg();
    for (int i = 0; i < 5; i++) {
        event(0, MYO_TREMOR, 100.0 * i, 100.0 * i + 1.0 + i, 10.0 * (i + 1), i == 0 ? 0.0 : 4.0 + i);
    }
    write_with(hour);
    ck_assert_double_eq_tol(num("A", "tremor", DUR), 3000.0, 1e-6);
    ck_assert_double_eq_tol(num("A", "tremor", DUR1), 2000.0, 1e-6);
    ck_assert_double_eq_tol(num("A", "tremor", DUR3), 4000.0, 1e-6);
    ck_assert_double_eq_tol(num("A", "tremor", PEAK), 30.0, 1e-6);
    ck_assert_double_eq_tol(num("A", "tremor", FREQ), 6.5, 1e-6); /* the unknown one left out */
    is_none("all", "tremor", PEAK);
    is_none("all", "tremor", UNIT);
}
END_TEST

/* An accelerometer's rhythm without bursts has no peak; it must not count as one of 0. */
START_TEST(no_bursts_no_peak)
{
    lane("acc", MYO_KIND_ACC);
    ck_assert_int_eq(myo_summary_new(&s, &plan, 0.05), MYO_OK);
    myo_cand c = {.on = 10.0, .off = 20.0, .form = MYO_FORM_RHYTHM};
    ck_assert_int_eq(myo_summary_add(s, &c, MYO_TREMOR, 5.0), MYO_OK);
    event(0, MYO_TREMOR, 50.0, 60.0, 0.5, 5.0);
    write_with(hour);
    ck_assert_str_eq(get("acc", "tremor", N), "2");
    ck_assert_double_eq_tol(num("acc", "tremor", PEAK), 0.5, 1e-9);
    ck_assert_double_eq_tol(num("acc", "tremor", PEAK1), 0.5, 1e-9);
}
END_TEST

START_TEST(an_accelerometer_shows_its_types_only)
{
    lane("acc", MYO_KIND_ACC);
    ck_assert_int_eq(myo_summary_new(&s, &plan, 0.05), MYO_OK);
    write_with(hour);
    ck_assert_int_eq(n_rows, 1 + 2 * 5);
    ck_assert_str_eq(get("acc", "jerk", N), "0");
    ck_assert_str_eq(get("acc", "indeterminate", N), "0");
    for (int r = 1; r < n_rows; r++) {
        ck_assert_str_ne(cell[r][TYPE], "cramp");
        ck_assert_str_ne(cell[r][TYPE], "fasciculation");
    }
}
END_TEST

START_TEST(indeterminate_ones_stand_in_every_row)
{
    two_emg();
    event(0, MYO_INDETERMINATE, 5.0, 5.1, 5.0, 0.0);
    event(0, MYO_INDETERMINATE, 9.0, 9.1, 5.0, 0.0);
    write_with(hour);
    ck_assert_str_eq(get("A", "jerk", N_IND), "2");
    ck_assert_str_eq(get("A", "indeterminate", N), "2");
    ck_assert_str_eq(get("B", "jerk", N_IND), "0");
    ck_assert_str_eq(get("all", "jerk", N_IND), "2");
}
END_TEST

START_TEST(no_exposure_no_rate)
{
    static const double none[] = {0.0, 0.0, 0.0};
    two_emg();
    event(0, MYO_JERK, 5.0, 5.1, 5.0, 0.0);
    write_with(none);
    is_none("A", "jerk", RATE);
    is_none("A", "jerk", BURDEN);
    is_none("A", "jerk", FANO);
    is_none("all", "jerk", RATE);
}
END_TEST

START_TEST(no_memory_is_told)
{
    lane("A", MYO_KIND_EMG);
    for (int n = 1; n <= 2; n++) {
        myo_mem_fail_at(n);
        ck_assert_int_eq(myo_summary_new(&s, &plan, 0.05), MYO_ERR_NOMEM);
        ck_assert_ptr_null(s);
    }
    myo_mem_fail_at(0);
}
END_TEST

static Suite *suite(void)
{
    Suite *u = suite_create("summary");
    TCase *c = tcase_create("summary");
    tcase_add_test(c, zeros_are_a_result);
    tcase_add_test(c, rates_are_those_of_stats);
    tcase_add_test(c, linked_jerks_count_once_in_all);
    tcase_add_test(c, burden_is_the_union);
    tcase_add_test(c, a_nested_event_adds_nothing);
    tcase_add_test(c, pattern_where_the_interval_supports_it);
    tcase_add_test(c, pattern_needs_ten_bursts_that_can_be_timed);
    tcase_add_test(c, interval_of_the_mean_is_students);
    tcase_add_test(c, an_accelerometer_has_no_muscle_burst);
    tcase_add_test(c, negative_jerks_have_a_count_of_their_own);
    tcase_add_test(c, fano_is_variance_over_mean);
    tcase_add_test(c, fano_is_never_negative);
    tcase_add_test(c, quartiles_and_frequency);
    tcase_add_test(c, no_bursts_no_peak);
    tcase_add_test(c, an_accelerometer_shows_its_types_only);
    tcase_add_test(c, indeterminate_ones_stand_in_every_row);
    tcase_add_test(c, no_exposure_no_rate);
    tcase_add_test(c, no_memory_is_told);
    suite_add_tcase(u, c);
    return u;
}

int main(void)
{
    SRunner *sr = srunner_create(suite());
    srunner_run_all(sr, CK_NORMAL);
    const int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed;
}
