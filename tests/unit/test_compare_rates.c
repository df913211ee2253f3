/* test_compare_rates.c - one person, two conditions, against R (tests/oracle/make_compare.R). */
#include "study_kit.h"

/* --- tables of one recording --- */

static FILE *table(const char *stem, const char *what, const char *header)
{
    char name[128];
    snprintf(name, sizeof name, "%s_%s.tsv", stem, what);
    return kit_file(name, header);
}

static FILE *events(const char *stem)
{
    return table(stem, "events", "onset\tduration\ttrial_type\tchannel\tpeak\tfreq_hz\n");
}

static void event(FILE *f, double on, double ms, const char *type, const char *channel, double peak)
{
    fprintf(f, "%.6f\t%.6f\t%s\t%s\t%g\tn/a\n", on, ms / 1000.0, type, channel, peak);
}

static void length(const char *stem, double seconds)
{
    FILE *f = table(stem, "channels", "channel\tkind\tduration_s\n");
    fprintf(f, "biceps\tEMG\t%.6f\n", seconds);
    fclose(f);
}

static void two_sessions(void)
{
    kit_begin("");
    kit_recording("p1", "1", "pre", "", "done");
    kit_recording("p1", "2", "post", "", "done");
}

static tsv *compare(void)
{
    const myo_compare_job job = kit_job();
    return kit_compare(&job);
}

static int row_by_test(const tsv *t, const char *part)
{
    for (int i = 1; i < t->n_rows; i++) {
        if (strstr(tsv_text(t, i, "test"), part)) {
            return i;
        }
    }
    ck_abort_msg("no row of test %s", part);
    return 0;
}

/* n events, evenly over the seconds; clustered: in threes... of `together` at a time. */
static void spread(const char *stem, int n, double seconds, int together)
{
    FILE *f = events(stem);
    for (int i = 0; i < n; i++) {
        const double k = (double)(i / together), groups = (double)((n + together - 1) / together);
        event(f, (k + 0.5) / groups * seconds + 0.4 * (i % together), 40, "jerk", "biceps", 100);
    }
    fclose(f);
    length(stem, seconds);
}

static void plain_study(int together)
{
    two_sessions();
    kit_sum("p1", "1", (kit_row){.n = 120, .hours = 1.98, .n_indeterminate = 4});
    kit_sum("p1", "2", (kit_row){.n = 63, .hours = 2.01, .n_indeterminate = 2});
    kit_end();
    spread("p1-1", 120, 1.98 * 3600, together);
    spread("p1-2", 63, 2.01 * 3600, together);
}

/* --- independent events --- */

START_TEST(exact_where_events_are_independent)
{
    plain_study(1);
    tsv *t = compare();
    const int r = kit_primary(t);
    kit_text(t, r, "design", "rates");
    kit_text(t, r, "participant_id", "p1");
    kit_text(t, r, "events_reference", "120");
    kit_text(t, r, "events_contrast", "63");
    kit_text(t, r, "n_reference", "1");
    kit_near(t, r, "exposure_reference_h", 1.98);
    kit_near(t, r, "estimate_reference", 120 / 1.98);
    kit_near(t, r, "estimate_contrast", 63 / 2.01);
    kit_near(t, r, "effect", kit_expected("rates.effect"));
    kit_near(t, r, "ci_low", kit_expected("rates.low"));
    kit_near(t, r, "ci_high", kit_expected("rates.high"));
    kit_near(t, r, "p_value", kit_expected("rates.p"));
    kit_text(t, r, "ci_level", "0.95");
    kit_text(t, r, "test", "conditional exact, Clopper-Pearson");
    kit_text(t, r, "sentence",
             "Jerk rate of p1 was 48 % lower under post than pre (rate ratio 0.52, 95 % interval 0.38 to 0.71, 120 events "
             "in 1.98 h under pre, 63 events in 2.01 h under post): fewer jerks. One pair of sessions cannot tell a change "
             "from day-to-day scatter.");
    kit_holds(t, r, "warning", "no repeated baseline");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(midp_difference_and_indeterminate_support)
{
    plain_study(1);
    tsv *t = compare();
    const int m = row_by_test(t, "mid-p"), d = kit_find(t, NULL, NULL, NULL, "supporting", 1);
    kit_near(t, m, "effect", kit_expected("rates.effect"));
    ck_assert_double_gt(tsv_number(t, m, "ci_low"), kit_expected("rates.low"));
    ck_assert_double_lt(tsv_number(t, m, "ci_high"), kit_expected("rates.high"));
    kit_text(t, d, "effect_name", "rate_difference");
    kit_near(t, d, "effect", 63 / 2.01 - 120 / 1.98);
    ck_assert_double_lt(tsv_number(t, d, "ci_high"), 0.0);
    const int i = kit_find(t, NULL, NULL, NULL, "supporting", 2);
    kit_text(t, i, "indeterminate", "included");
    kit_text(t, i, "events_reference", "124");
    kit_near(t, i, "effect", (65 / 2.01) / (124 / 1.98));
    tsv_free(t);
    kit_clear();
}
END_TEST

/* --- clusters --- */

START_TEST(clusters_widen_the_headline)
{
    plain_study(9);
    tsv *t = compare();
    const int r = kit_primary(t), e = row_by_test(t, "if independent");
    ck_assert_ptr_null(strstr(tsv_text(t, r, "test"), "exact"));
    kit_holds(t, r, "warning", "events cluster (variance over mean");
    kit_text(t, e, "role", "supporting");
    kit_text(t, e, "p_adjusted", "n/a");
    kit_near(t, e, "ci_low", kit_expected("rates.low"));
    ck_assert_double_lt(tsv_number(t, r, "ci_low"), tsv_number(t, e, "ci_low"));
    ck_assert_double_gt(tsv_number(t, r, "ci_high"), tsv_number(t, e, "ci_high"));
    tsv_free(t);
    kit_clear();
}
END_TEST

/* One event a bin, but all in a quarter of the time: bins do not see it, blocks do. */
START_TEST(clusters_longer_than_a_bin)
{
    two_sessions();
    for (int k = 1; k <= 2; k++) {
        const char *stem = k == 1 ? "p1-1" : "p1-2";
        kit_sum("p1", k == 1 ? "1" : "2", (kit_row){.n = 7, .hours = 1.0 / 3});
        FILE *f = events(stem);
        for (int i = 0; i < 7; i++) {
            event(f, (k == 1 ? 20 : 600) + 45 * i, 40, "jerk", "biceps", 100);
        }
        fclose(f);
        length(stem, 1200);
    }
    kit_end();
    tsv *t = compare();
    kit_holds(t, kit_primary(t), "warning", "events cluster (variance over mean");
    kit_text(t, kit_primary(t), "test", "quasi-Poisson");
    const int permuted = row_by_test(t, "circular permutation of bins");
    kit_text(t, permuted, "role", "supporting");
    kit_text(t, permuted, "seed", "1");
    kit_text(t, permuted, "resamples", "100000");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(scatter_of_the_summary_without_events)
{
    two_sessions();
    kit_sum("p1", "1", (kit_row){.n = 120, .hours = 1.98, .fano = 6});
    kit_sum("p1", "2", (kit_row){.n = 63, .hours = 2.01, .fano = 5});
    kit_end();
    tsv *t = compare();
    const int r = kit_primary(t);
    kit_text(t, r, "test", "quasi-Poisson");
    kit_holds(t, r, "warning", "no table of events");
    ck_assert_double_gt(tsv_number(t, r, "ci_high"), 1.0); /* F about 5.5: sqrt(5.5) as wide */
    kit_holds(t, r, "sentence", "No difference shown in jerk rate of p1");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(short_recordings_cannot_show_clusters)
{
    two_sessions();
    kit_sum("p1", "1", (kit_row){.n = 5, .hours = 30.0 / 3600});
    kit_sum("p1", "2", (kit_row){.n = 2, .hours = 30.0 / 3600});
    kit_end();
    spread("p1-1", 5, 30, 1);
    spread("p1-2", 2, 30, 1);
    tsv *t = compare();
    kit_holds(t, kit_primary(t), "warning", "too short to see whether events cluster");
    kit_text(t, kit_primary(t), "test", "conditional exact, Clopper-Pearson");
    tsv_free(t);
    kit_clear();
}
END_TEST

/* --- edges --- */

static void counts(int pre, int post, double hours)
{
    two_sessions();
    kit_sum("p1", "1", (kit_row){.n = pre, .hours = hours});
    kit_sum("p1", "2", (kit_row){.n = post, .hours = hours});
    kit_end();
}

START_TEST(no_event_after)
{
    counts(7, 0, 1);
    tsv *t = compare();
    const int r = kit_primary(t);
    kit_text(t, r, "effect", "0");
    kit_text(t, r, "ci_low", "0");
    kit_near(t, r, "ci_high", kit_expected("none.high"));
    kit_near(t, r, "p_value", kit_expected("none.p"));
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(no_event_before_has_an_open_interval)
{
    counts(0, 7, 1);
    tsv *t = compare();
    const int r = kit_primary(t);
    kit_text(t, r, "effect", "n/a");
    kit_text(t, r, "ci_high", "n/a");
    kit_near(t, r, "ci_low", kit_expected("first.low"));
    kit_holds(t, r, "warning", "no finite effect");
    kit_holds(t, r, "warning", "no upper limit");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(no_event_at_all)
{
    counts(0, 0, 1);
    tsv *t = compare();
    for (int i = 1; i < t->n_rows; i++) {
        kit_text(t, i, "p_value", "n/a");
        ck_assert_str_ne(tsv_text(t, i, "warning"), "n/a");
    }
    kit_holds(t, kit_primary(t), "sentence", "No jerks of p1 on either side: 0 events in 1.00 h under pre, 0 events");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(one_event)
{
    counts(1, 0, 1);
    tsv *t = compare();
    kit_text(t, kit_primary(t), "p_value", "1");
    kit_holds(t, kit_primary(t), "sentence", "No difference shown");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(no_exposure)
{
    counts(0, 0, 0);
    tsv *t = compare();
    kit_text(t, kit_primary(t), "estimate_reference", "n/a");
    kit_holds(t, kit_primary(t), "warning", "no exposure");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(one_condition_only)
{
    kit_begin("");
    kit_recording("p1", "1", "pre", "", "done");
    kit_sum("p1", "1", (kit_row){.n = 3, .hours = 1});
    kit_end();
    tsv *t = compare();
    ck_assert_int_eq(t->n_rows, 2);
    kit_text(t, 1, "contrast", "n/a");
    kit_holds(t, 1, "warning", "one condition only");
    tsv_free(t);
    kit_clear();
}
END_TEST

/* --- the events themselves --- */

static const int dur_pre[] = {31, 44, 52, 38, 61, 47, 35, 58}, dur_post[] = {41, 66, 72, 55, 49, 80, 63};

static void durations(void)
{
    two_sessions();
    for (int k = 1; k <= 2; k++) {
        const int n = k == 1 ? 8 : 7;
        const int *ms = k == 1 ? dur_pre : dur_post;
        const char *session = k == 1 ? "1" : "2", *stem = k == 1 ? "p1-1" : "p1-2";
        kit_sum("p1", session, (kit_row){.channel = "biceps", .n = n, .hours = 0.5, .duration = 50, .peak = 90, .unit = "uV"});
        kit_sum("p1", session, (kit_row){.n = n, .hours = 0.5, .duration = 50});
        FILE *f = events(stem);
        for (int i = 0; i < n; i++) {
            event(f, 100 + 200 * i, ms[i], "jerk", "biceps", 2 * ms[i]);
        }
        fclose(f);
        length(stem, 1800);
    }
    kit_end();
}

START_TEST(durations_by_ranks_and_shape)
{
    durations();
    tsv *t = compare();
    const int r = kit_find(t, "jerk", "duration_ms_median", "biceps", "supporting", 0);
    kit_text(t, r, "effect_name", "duration_ratio");
    kit_near(t, r, "effect", kit_expected("duration.effect"));
    kit_near(t, r, "ci_low", kit_expected("duration.low"));
    kit_near(t, r, "ci_high", kit_expected("duration.high"));
    kit_near(t, r, "p_value", kit_expected("duration.p"));
    kit_near(t, r, "estimate_reference", kit_expected("duration.median_pre"));
    kit_near(t, r, "estimate_contrast", kit_expected("duration.median_post"));
    const int k = kit_find(t, "jerk", "duration_ms_median", "biceps", "supporting", 1);
    kit_near(t, k, "effect", kit_expected("duration.ks"));
    kit_near(t, k, "p_value", kit_expected("duration.ks_p"));
    const int p = kit_find(t, "jerk", "peak_median", "biceps", "exploratory", 0);
    kit_near(t, p, "effect", kit_expected("duration.effect")); /* peaks are twice the durations */
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(burden_by_bins)
{
    durations();
    tsv *t = compare();
    const int r = kit_find(t, "jerk", "burden_s_per_h", "biceps", "supporting", 0);
    kit_holds(t, r, "test", "permutation of bins");
    ck_assert_double_gt(tsv_number(t, r, "p_value"), 0.0);
    tsv_free(t);
    kit_clear();
}
END_TEST

/* Two channels fire together: in `all` the summary counts the pair once, and so do we. */
START_TEST(linked_events_count_once)
{
    two_sessions();
    for (int k = 1; k <= 2; k++) {
        const char *session = k == 1 ? "1" : "2", *stem = k == 1 ? "p1-1" : "p1-2";
        kit_sum("p1", session, (kit_row){.channel = "biceps", .n = 10, .hours = 1});
        kit_sum("p1", session, (kit_row){.channel = "calf", .n = 10, .hours = 1});
        kit_sum("p1", session, (kit_row){.n = 10, .hours = 1});
        FILE *f = events(stem);
        for (int i = 0; i < 10; i++) {
            event(f, 100 + 300 * i, 50, "jerk", "biceps", 9);
            event(f, 100.03 + 300 * i, 50, "jerk", "calf", 9);
        }
        fclose(f);
    }
    kit_end();
    tsv *t = compare();
    ck_assert_ptr_null(strstr(tsv_text(t, kit_primary(t), "warning"), "tables of events hold"));
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(events_and_summary_that_disagree_are_told)
{
    two_sessions();
    kit_sum("p1", "1", (kit_row){.n = 12, .hours = 1});
    kit_sum("p1", "2", (kit_row){.n = 9, .hours = 1});
    kit_end();
    spread("p1-1", 12, 3600, 1);
    spread("p1-2", 5, 3600, 1);
    tsv *t = compare();
    kit_holds(t, kit_primary(t), "warning", "tables of events hold 12 and 5 events, the summary 12 and 9");
    tsv_free(t);
    kit_clear();
}
END_TEST

/* --- several sessions of a condition --- */

static void sessions(const int pre[3], const int post[3], double fano)
{
    static const char *const name[] = {"1", "2", "3", "4", "5", "6"};
    kit_begin("");
    for (int i = 0; i < 6; i++) {
        kit_recording("p1", name[i], i < 3 ? "pre" : "post", "", "done");
        kit_sum("p1", name[i], (kit_row){.n = i < 3 ? pre[i] : post[i - 3], .hours = 1, .fano = fano});
    }
    kit_end();
}

/* Counts alone say p 0.00004; days differ as much within a condition. */
START_TEST(sessions_scatter_too)
{
    sessions((int[]){100, 50, 60}, (int[]){70, 30, 30}, 1);
    tsv *t = compare();
    const int r = kit_primary(t), e = row_by_test(t, "if independent");
    kit_text(t, r, "test", "quasi-Poisson");
    kit_near(t, r, "effect", 130.0 / 210.0);
    ck_assert_double_lt(tsv_number(t, e, "p_value"), 0.001);
    ck_assert_double_gt(tsv_number(t, r, "p_value"), 0.1);
    /* 1400 / 70 / 2 and 1066.7 / 43.33 / 2, each with 2 degrees of freedom: 11.15 together */
    kit_holds(t, r, "warning", "the scatter among 3 and 3 sessions or recordings (variance over mean of their counts 11.2)");
    kit_holds(t, r, "sentence", "No difference shown");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(sessions_that_agree_keep_the_bins_scatter)
{
    sessions((int[]){60, 60, 60}, (int[]){30, 30, 30}, 3);
    tsv *t = compare();
    const double wide = tsv_number(t, kit_primary(t), "ci_high");
    kit_holds(t, kit_primary(t), "warning", "events cluster (variance over mean of counts 3 and 3");
    tsv_free(t);
    kit_clear();
    sessions((int[]){60, 60, 60}, (int[]){30, 30, 30}, 1);
    t = compare();
    ck_assert_double_lt(tsv_number(t, kit_primary(t), "ci_high"), wide);
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(events_without_time_do_not_count)
{
    kit_begin("");
    for (int i = 0; i < 3; i++) {
        const char *session = i == 0 ? "1" : i == 1 ? "2" : "3";
        kit_recording("p1", session, i < 2 ? "pre" : "post", "", "done");
        kit_sum("p1", session, (kit_row){.n = i == 0 ? 30 : 7, .hours = i == 1 ? 0 : 1});
    }
    kit_end();
    tsv *t = compare();
    const int r = kit_primary(t);
    kit_text(t, r, "events_reference", "30");
    kit_near(t, r, "estimate_reference", 30);
    kit_holds(t, r, "warning", "1 of 3 recordings without usable time, left out");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(two_events_on_each_side_claim_nothing)
{
    two_sessions();
    for (int k = 1; k <= 2; k++) {
        const char *stem = k == 1 ? "p1-1" : "p1-2";
        kit_sum("p1", k == 1 ? "1" : "2", (kit_row){.n = 2, .hours = 0.5, .duration = 50});
        FILE *f = events(stem);
        event(f, 100, 40.0 * k, "jerk", "biceps", 100);
        event(f, 900, 50.0 * k, "jerk", "biceps", 100);
        fclose(f);
        length(stem, 1800);
    }
    kit_end();
    myo_compare_job job = kit_job();
    job.primary = "jerk:duration_ms_median:all";
    tsv *t = kit_compare(&job);
    const int r = kit_primary(t);
    kit_text(t, r, "ci_level", "0.666667");
    kit_holds(t, r, "warning", "so few events or bins of time cannot give an interval of 95 %: attained 66.7 %");
    kit_holds(t, r, "sentence", "Too few events to say whether jerk duration of p1 differs");
    tsv_free(t);
    kit_clear();
}
END_TEST

/* --- several people --- */

START_TEST(people_one_by_one)
{
    kit_begin("");
    for (int i = 0; i < 2; i++) {
        const char *who = i ? "b" : "a";
        kit_recording(who, "1", "pre", "", "done");
        kit_recording(who, "2", "post", "", "done");
        kit_sum(who, "1", (kit_row){.n = 40, .hours = 1});
        kit_sum(who, "2", (kit_row){.n = i ? 38 : 10, .hours = 1});
    }
    kit_recording("c", "1", "pre", "", "done");
    kit_sum("c", "1", (kit_row){.n = 4, .hours = 1});
    kit_end();
    myo_compare_job job = kit_job();
    job.design = "rates";
    tsv *t = kit_compare(&job);
    const int a = kit_find(t, NULL, NULL, NULL, "primary", 0), b = kit_find(t, NULL, NULL, NULL, "primary", 1);
    const int c = kit_find(t, NULL, NULL, NULL, "primary", 2);
    kit_text(t, a, "participant_id", "a");
    kit_text(t, b, "participant_id", "b");
    kit_text(t, a, "adjustment", "primary"); /* a study of one each */
    kit_holds(t, a, "warning", "one of 2 people, not adjusted for their number");
    kit_text(t, c, "participant_id", "c");
    kit_holds(t, c, "warning", "no pair");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(tremor_amplitude_of_two_sessions)
{
    two_sessions();
    kit_sum("p1", "1", (kit_row){.channel = "acc", .type = "tremor", .n = 3, .hours = 1, .peak = 0.5, .unit = "g", .freq = 5});
    kit_sum("p1", "2", (kit_row){.channel = "acc", .type = "tremor", .n = 3, .hours = 1, .peak = 0.4, .unit = "g", .freq = 5.2});
    kit_end();
    myo_compare_job job = kit_job();
    job.primary = "tremor:peak_median:acc";
    tsv *t = kit_compare(&job);
    const int r = kit_primary(t);
    kit_near(t, r, "effect", 0.8);
    kit_holds(t, r, "warning", "below what two sessions can show");
    kit_text(t, r, "p_value", "n/a");
    const int f = kit_find(t, "tremor", "freq_hz_median", "acc", NULL, 0);
    kit_near(t, f, "effect", 0.2);
    tsv_free(t);
    kit_clear();
}
END_TEST

/* The n-th allocation fails while events are read, counted and permuted: an error, or the same table. */
START_TEST(memory_that_fails)
{
    char path[128];
    size_t n = 0, n_again = 0;
    plain_study(9);
    myo_compare_job job = kit_job();
    job.resamples = 199;
    tsv_free(kit_compare(&job));
    snprintf(path, sizeof path, "%s/comparison.tsv", kit_dir);
    char *whole = tsv_slurp(path, &n);
    int failures = 0, in_a_row = 0;
    for (int64_t k = 1; in_a_row < 20; k++) {
        unlink(path);
        kit_said[0] = '\0';
        myo_mem_fail_at(k);
        const myo_err e = myo_compare(&job);
        myo_mem_fail_at(0);
        if (e == MYO_OK) {
            char *again = tsv_slurp(path, &n_again);
            ck_assert_uint_eq(n, n_again);
            ck_assert_int_eq(memcmp(whole, again, n), 0);
            free(again);
            in_a_row++;
            continue;
        }
        ck_assert_int_ne(access(path, F_OK), 0);
        failures++;
        in_a_row = 0;
    }
    ck_assert_int_gt(failures, 100);
    free(whole);
    kit_clear();
}
END_TEST

int main(void)
{
    Suite *s = suite_create("compare, rates");
    TCase *c = tcase_create("rates");
    tcase_add_test(c, exact_where_events_are_independent);
    tcase_add_test(c, midp_difference_and_indeterminate_support);
    tcase_add_test(c, clusters_widen_the_headline);
    tcase_add_test(c, clusters_longer_than_a_bin);
    tcase_add_test(c, scatter_of_the_summary_without_events);
    tcase_add_test(c, short_recordings_cannot_show_clusters);
    tcase_add_test(c, no_event_after);
    tcase_add_test(c, no_event_before_has_an_open_interval);
    tcase_add_test(c, no_event_at_all);
    tcase_add_test(c, one_event);
    tcase_add_test(c, no_exposure);
    tcase_add_test(c, one_condition_only);
    tcase_add_test(c, durations_by_ranks_and_shape);
    tcase_add_test(c, burden_by_bins);
    tcase_add_test(c, linked_events_count_once);
    tcase_add_test(c, events_and_summary_that_disagree_are_told);
    tcase_add_test(c, sessions_scatter_too);
    tcase_add_test(c, sessions_that_agree_keep_the_bins_scatter);
    tcase_add_test(c, events_without_time_do_not_count);
    tcase_add_test(c, two_events_on_each_side_claim_nothing);
    tcase_add_test(c, people_one_by_one);
    tcase_add_test(c, tremor_amplitude_of_two_sessions);
    tcase_add_test(c, memory_that_fails);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
