/* test_compare_trend.c - sessions against a column of the manifest, courses after a dose, studies together. */
#include <sys/stat.h>
#include "study_kit.h"

static tsv *compare(const char *by)
{
    myo_compare_job job = kit_job();
    job.design = "trend";
    job.by = by;
    return kit_compare(&job);
}

/* n sessions of one person at serum levels 0.7, 0.8 ...; counts halve from one to the next but for `wobble`. */
static void sessions(const char *who, int n, int first, int wobble)
{
    int count = first;
    for (int i = 0; i < n; i++) {
        char name[16], cells[32];
        snprintf(name, sizeof name, "s%d", i);
        snprintf(cells, sizeof cells, "\t%.1f", 0.7 + 0.1 * i);
        kit_recording(who, name, name, cells, "done");
        kit_sum(who, name, (kit_row){.n = count + (i % 2 ? wobble : 0), .hours = 1, .burden = 1});
        count /= 2;
    }
}

START_TEST(one_person_has_one_slope)
{
    kit_begin("\tserum_mg_mmol_l");
    sessions("a", 7, 640, 0);
    kit_end();
    tsv *t = compare(NULL);
    const int r = kit_primary(t);
    kit_text(t, r, "design", "trend");
    kit_text(t, r, "contrast", "serum_mg_mmol_l");
    kit_text(t, r, "reference", "n/a");
    kit_text(t, r, "participant_id", "a");
    kit_text(t, r, "effect_name", "rate_ratio_per_unit");
    kit_text(t, r, "test", "Theil-Sen slope, Mann-Kendall (exact)");
    kit_text(t, r, "n_contrast", "7");
    kit_near(t, r, "exposure_contrast_h", 7.0);
    /* all 21 pairs fall: 2 / 7! */
    kit_near(t, r, "p_value", 2.0 / 5040.0);
    /* from 640.5 to 10.5 (10 events) in 0.6: about halved every 0.1 */
    ck_assert_double_eq_tol(tsv_number(t, r, "effect"), pow(0.5, 10.0), 2e-4);
    ck_assert_double_lt(tsv_number(t, r, "ci_high"), 1.0);
    kit_holds(t, r, "sentence", "Jerk rate of a falls with serum_mg_mmol_l");
    const int s = kit_find(t, NULL, NULL, NULL, "supporting", 0);
    kit_text(t, s, "effect_name", "spearman_rho");
    kit_near(t, s, "effect", -1.0);
    kit_near(t, s, "p_value", 2.0 / 5040.0);
    tsv_free(t);
    kit_clear();
}
END_TEST

static void session(const char *who, int i, int n, double hours)
{
    char name[16], cells[32];
    snprintf(name, sizeof name, "s%d", i);
    snprintf(cells, sizeof cells, "\t%.1f", 0.6 + 0.2 * i);
    kit_recording(who, name, name, cells, "done");
    kit_sum(who, name, (kit_row){.n = n, .hours = hours, .burden = 1});
}

static void session_of(int p, int i, int n, double hours)
{
    char who[16];
    snprintf(who, sizeof who, "p%02d", p);
    session(who, i, n, hours);
}

/* Whose rate stays as it is has a slope: none. */
START_TEST(who_does_not_change_counts)
{
    kit_begin("\tserum_mg_mmol_l");
    for (int p = 0; p < 14; p++) {
        for (int i = 0; i < 4; i++) {
            session_of(p, i, p < 6 ? 40 - 6 * i + p : 10, 1);
        }
    }
    kit_end();
    tsv *t = compare(NULL);
    const int r = kit_primary(t);
    kit_text(t, r, "n_contrast", "14");
    kit_holds(t, r, "sentence", "No trend shown of jerk rate with serum_mg_mmol_l");
    ck_assert_double_ge(tsv_number(t, r, "ci_high"), 1.0);
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(one_person_who_does_not_change_has_a_row)
{
    kit_begin("\tserum_mg_mmol_l");
    for (int i = 0; i < 5; i++) {
        session("a", i, 10, 1);
    }
    kit_end();
    tsv *t = compare(NULL);
    const int r = kit_primary(t);
    kit_near(t, r, "effect", 1.0);
    kit_text(t, r, "p_value", "n/a");
    kit_holds(t, r, "sentence", "described only (all values are equal)");
    tsv_free(t);
    kit_clear();
}
END_TEST

/* One event an hour throughout, in sessions that grow longer: a rate that only looks as if it rose. */
START_TEST(longer_sessions_make_no_trend)
{
    static const double hours[] = {0.1, 1, 10};
    static const int n[] = {0, 1, 10};
    kit_begin("\tserum_mg_mmol_l");
    for (int p = 0; p < 8; p++) {
        for (int i = 0; i < 3; i++) {
            session_of(p, i, n[i], hours[i]);
        }
    }
    kit_end();
    tsv *t = compare(NULL);
    const int r = kit_primary(t);
    kit_text(t, r, "test", "conditional Poisson slope, scatter of people");
    kit_holds(t, r, "sentence", "No trend shown of jerk rate with serum_mg_mmol_l");
    ck_assert_double_gt(tsv_number(t, r, "p_value"), 0.3);
    tsv_free(t);
    kit_clear();
    kit_begin("\tserum_mg_mmol_l");
    for (int i = 0; i < 3; i++) {
        session("a", i, n[i], hours[i]);
    }
    kit_end();
    t = compare(NULL);
    kit_text(t, kit_primary(t), "p_value", "n/a");
    kit_holds(t, kit_primary(t), "sentence", "described only (sessions differ in length");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(several_people_are_taken_one_by_one)
{
    static const char *const who[] = {"a", "b", "c", "d", "e", "f", "g"};
    kit_begin("\tserum_mg_mmol_l");
    for (int i = 0; i < 7; i++) {
        sessions(who[i], 4, 100 * (i + 1), i);
    }
    kit_end();
    tsv *t = compare("serum_mg_mmol_l");
    const int r = kit_primary(t);
    kit_text(t, r, "participant_id", "n/a");
    kit_text(t, r, "n_contrast", "7");
    kit_holds(t, r, "test", "Wilcoxon signed-rank of each person's Theil-Sen slope (exact)");
    kit_near(t, r, "p_value", 2.0 / 128.0);
    kit_near(t, r, "exposure_contrast_h", 28.0);
    for (int i = 0; i < 7; i++) {
        const int s = kit_find(t, NULL, "rate_per_h", NULL, "supporting", 2 * i);
        kit_text(t, s, "participant_id", who[i]);
    }
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(no_trend_is_said)
{
    kit_begin("\tdose_mmol");
    static const int counts[] = {20, 31, 18, 27, 22, 25, 24, 21};
    for (int i = 0; i < 8; i++) {
        char name[16], cells[32];
        snprintf(name, sizeof name, "s%d", i);
        snprintf(cells, sizeof cells, "\t%d", i);
        kit_recording("a", name, name, cells, "done");
        kit_sum("a", name, (kit_row){.n = counts[i], .hours = 2, .burden = 1});
    }
    kit_end();
    tsv *t = compare(NULL);
    kit_holds(t, kit_primary(t), "sentence", "No trend shown of jerk rate of a with dose_mmol");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(few_sessions_reach_no_95_percent)
{
    kit_begin("\tserum_mg_mmol_l");
    sessions("a", 4, 80, 0);
    kit_end();
    tsv *t = compare(NULL);
    const int r = kit_primary(t);
    ck_assert_double_lt(tsv_number(t, r, "ci_level"), 0.95);
    kit_holds(t, r, "sentence", "Too few sessions to say");
    kit_holds(t, r, "warning", "4 sessions cannot give an interval of 95 %");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(one_session_each_is_another_question)
{
    static const char *const who[] = {"a", "b", "c", "d", "e"};
    kit_begin("\tserum_mg_mmol_l");
    for (int i = 0; i < 5; i++) {
        char cells[32];
        snprintf(cells, sizeof cells, "\t%.1f", 0.6 + 0.1 * i);
        kit_recording(who[i], "1", "1", cells, "done");
        kit_sum(who[i], "1", (kit_row){.n = 50 - 5 * i, .hours = 1, .burden = 1});
    }
    kit_end();
    tsv *t = compare(NULL);
    kit_holds(t, kit_primary(t), "warning", "between people");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(wrong_columns_are_named)
{
    kit_begin("\tserum_mg_mmol_l");
    sessions("a", 4, 80, 0);
    kit_end();
    myo_compare_job job = kit_job();
    job.design = "trend";
    job.by = "height";
    ck_assert_int_eq(myo_compare(&job), MYO_ERR_USAGE);
    ck_assert_ptr_nonnull(strstr(kit_said, "no column height"));
    kit_clear();
    kit_begin("");
    kit_recording("a", "1", "pre", "", "done");
    kit_sum("a", "1", (kit_row){.n = 4, .hours = 1});
    kit_end();
    job.by = NULL;
    ck_assert_int_eq(myo_compare(&job), MYO_ERR_USAGE);
    ck_assert_ptr_nonnull(strstr(kit_said, "no column to order sessions by"));
    kit_clear();
}
END_TEST

/* --- the course after a dose --- */

START_TEST(course_is_counted_in_bins)
{
    kit_begin("\tminutes_from_dose");
    kit_recording("a", "1", "1", "\t-15", "done");
    /* from 15 min before to 120 min after: 8100 s; 60 events before, then 30, 15, 20, 40 */
    static const struct { double from, to; int n; } part[] = {{0, 900, 60}, {900, 1800, 30}, {1800, 2700, 15}, {2700, 4500, 20}, {4500, 8100, 40}};
    FILE *f = kit_file("a-1_events.tsv", "onset\tduration\ttrial_type\tchannel\n");
    for (int k = 0; k < 5; k++) {
        for (int i = 0; i < part[k].n; i++) {
            fprintf(f, "%.6f\t0.05\tjerk\tE\n", part[k].from + (i + 0.5) * (part[k].to - part[k].from) / part[k].n);
        }
    }
    fclose(f);
    fclose(kit_file("a-1_channels.tsv", "channel\tduration_s\nE\t8100\n"));
    kit_sum("a", "1", (kit_row){.n = 165, .hours = 2.25, .burden = 1});
    kit_sum("a", "1", (kit_row){.channel = "E", .n = 165, .hours = 2.25, .burden = 1});
    kit_end();
    tsv *t = compare("minutes_from_dose");
    const int r = kit_find(t, "jerk", "rate_per_h", "all", "supporting", 1);
    kit_text(t, r, "reference", "15 to 0 min before dose");
    kit_text(t, r, "contrast", "15 to 30 min after dose");
    kit_text(t, r, "events_reference", "60");
    kit_text(t, r, "events_contrast", "15");
    kit_near(t, r, "exposure_reference_h", 0.25);
    kit_near(t, r, "effect", 0.25);
    const int e = kit_find(t, "jerk", "rate_per_h", "all", "supporting", 4);
    kit_text(t, e, "effect_name", "share_removed_in_the_end");
    ck_assert_double_gt(tsv_number(t, e, "effect"), 0.7);
    ck_assert_double_lt(tsv_number(t, e, "effect"), 0.95);
    kit_text(t, e, "seed", "1");
    tsv_free(t);
    kit_clear();
}
END_TEST

/* --- several studies --- */

static char forest_dirs[3][96];

/* A study's folder with a comparison of two arms: a of n1 against c of n0. */
static void study(int i, const char *name, int a, int n1, int c, int n0)
{
    char path[128];
    snprintf(forest_dirs[i], sizeof forest_dirs[i], "%s/%s/", kit_dir, name);
    ck_assert_int_eq(mkdir(forest_dirs[i], 0777), 0);
    snprintf(path, sizeof path, "%s/comparison.tsv", name);
    FILE *f = kit_file(path, "design\trole\ttrial_type\tchannel\tmetric\treference\tcontrast\teffect_name\ttest\tn_reference\tn_contrast\t"
                             "events_reference\tevents_contrast\texposure_reference_h\texposure_contrast_h\testimate_reference\t"
                             "estimate_contrast\teffect\tci_low\tci_high\tci_level\tp_value\n");
    fprintf(f, "parallel\tprimary\tjerk\tclinician\tincidence\tsaline\tmagnesium\trisk_ratio\tx\t%d\t%d\t%d\t%d\tn/a\tn/a\tn/a\tn/a\t0.9\t0.5\t1.5\t"
               "0.95\t0.1\n", n0, n1, c, a);
    fclose(f);
}

static myo_compare_job forest(int n)
{
    static const char *dirs[3];
    for (int i = 0; i < n; i++) {
        dirs[i] = forest_dirs[i];
    }
    myo_compare_job job = kit_job();
    job.dirs = dirs;
    job.n_dirs = n;
    job.design = "forest";
    return job;
}

START_TEST(studies_are_put_together)
{
    kit_begin("");
    kit_end();
    study(0, "one", 6, 25, 18, 25);
    study(1, "two", 16, 25, 15, 25);
    const myo_compare_job job = forest(2);
    tsv *t = kit_compare(&job);
    kit_text(t, 1, "study", "one");
    kit_text(t, 2, "study", "two");
    kit_holds(t, 1, "warning", "weight 54.5 % (fixed)"); /* 18 x 25 / 50 of (18 + 15) x 25 / 50 */
    const int r = kit_primary(t);
    kit_text(t, r, "study", "n/a");
    kit_text(t, r, "n_contrast", "50");
    kit_text(t, r, "events_contrast", "22");
    kit_holds(t, r, "test", "Hartung-Knapp");
    kit_holds(t, r, "warning", "exploratory");
    kit_holds(t, r, "warning", "I2");
    const int mh = kit_find(t, NULL, NULL, NULL, "supporting", 3);
    kit_text(t, mh, "test", "fixed effect (Mantel-Haenszel)");
    kit_near(t, mh, "effect", 22.0 / 33.0); /* equal arms: events over events */
    tsv_free(t);
    kit_clear();
}
END_TEST

/* Three comparisons of one person by counts; the first has no event under the contrast. */
static void counted(int i, const char *name, const char *reference, const char *contrast, int n_ref, int n_con)
{
    char path[128];
    snprintf(forest_dirs[i], sizeof forest_dirs[i], "%s/%s", kit_dir, name);
    ck_assert_int_eq(mkdir(forest_dirs[i], 0777), 0);
    snprintf(path, sizeof path, "%s/comparison.tsv", name);
    FILE *f = kit_file(path, "design\trole\ttrial_type\tchannel\tmetric\treference\tcontrast\teffect_name\ttest\tn_reference\t"
                             "n_contrast\tevents_reference\tevents_contrast\texposure_reference_h\texposure_contrast_h\t"
                             "estimate_reference\testimate_contrast\teffect\tci_low\tci_high\tci_level\tp_value\n");
    fprintf(f, "rates\tprimary\tjerk\tall\trate_per_h\t%s\t%s\trate_ratio\tx\t1\t1\t%d\t%d\t1\t1\tn/a\tn/a\t%.6f\t%.6f\t%.6f\t0.95\t0.1\n",
            reference, contrast, n_ref, n_con, (double)n_con / n_ref, 0.5 * n_con / n_ref, 2.0 * n_con / n_ref);
    fclose(f);
}

START_TEST(no_event_in_one_arm_says_much)
{
    kit_begin("");
    kit_end();
    counted(0, "a", "pre", "post", 40, 0);
    counted(1, "b", "pre", "post", 10, 12);
    const myo_compare_job job = forest(2);
    tsv *t = kit_compare(&job);
    kit_holds(t, 1, "warning", "1/2 added to both counts");
    ck_assert_double_lt(tsv_number(t, kit_primary(t), "effect"), 1.0);
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(opposite_studies_are_refused)
{
    kit_begin("");
    kit_end();
    counted(0, "a", "pre", "post", 40, 20);
    counted(1, "b", "post", "pre", 20, 40);
    myo_compare_job job = forest(2);
    ck_assert_int_eq(myo_compare(&job), MYO_ERR_USAGE);
    ck_assert_ptr_nonnull(strstr(kit_said, "opposite directions"));
    forest_dirs[1][0] = '\0';
    snprintf(forest_dirs[1], sizeof forest_dirs[1], "%s", forest_dirs[0]);
    job = forest(2);
    ck_assert_int_eq(myo_compare(&job), MYO_ERR_USAGE);
    ck_assert_ptr_nonnull(strstr(kit_said, "the same comparison"));
    kit_clear();
}
END_TEST

/* Without an event the lengths of sessions would be all that is left. */
START_TEST(no_event_is_no_trend)
{
    kit_begin("\tdose_mmol");
    for (int i = 0; i < 8; i++) {
        char name[16], cells[32];
        snprintf(name, sizeof name, "s%d", i);
        snprintf(cells, sizeof cells, "\t%d", i);
        kit_recording("a", name, name, cells, "done");
        kit_sum("a", name, (kit_row){.n = 0, .hours = 0.5 + i, .burden = 0});
    }
    kit_end();
    tsv *t = compare(NULL);
    const int r = kit_primary(t);
    kit_text(t, r, "effect", "n/a");
    kit_holds(t, r, "warning", "no event");
    kit_text(t, r, "sentence", "No jerks in any session: 0 events in 8 recordings of 32.0 h (nothing to test).");
    tsv_free(t);
    kit_clear();
}
END_TEST

/* Five recordings of one session are one point. */
START_TEST(recordings_of_a_session_are_one_point)
{
    kit_begin("\tdose_mmol");
    for (int i = 0; i < 6; i++) {
        char session[16], cells[32], stem[32];
        snprintf(session, sizeof session, "s%d", i / 3);
        snprintf(cells, sizeof cells, "\t%d", i / 3);
        snprintf(stem, sizeof stem, "x%d", i);
        fprintf(kit_recordings, "a_%d.edf\ta\t%s\tc%s\t%s\tdone\tn/a\n", i, session, cells, stem);
        fprintf(kit_summary, "a\t%s\tall\tjerk\t%d\t3600\t1\tn/a\tn/a\tn/a\tn/a\tn/a\t0\n", stem, 20 - 9 * (i / 3));
    }
    kit_end();
    tsv *t = compare(NULL);
    const int r = kit_primary(t);
    kit_holds(t, r, "warning", "fewer than three sessions");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(one_study_is_no_forest)
{
    kit_begin("");
    kit_end();
    study(0, "one", 6, 25, 18, 25);
    const myo_compare_job job = forest(1);
    tsv *t = kit_compare(&job);
    kit_holds(t, kit_primary(t), "warning", "a single study");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(folders_without_comparison_are_named)
{
    kit_begin("");
    kit_end();
    snprintf(forest_dirs[0], sizeof forest_dirs[0], "%s", kit_dir);
    const myo_compare_job job = forest(1);
    ck_assert_int_eq(myo_err_exit(myo_compare(&job)), 1);
    ck_assert_ptr_nonnull(strstr(kit_said, "comparison.tsv"));
    kit_clear();
}
END_TEST

int main(void)
{
    Suite *s = suite_create("compare_trend");
    TCase *t = tcase_create("all");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, one_person_has_one_slope);
    tcase_add_test(t, longer_sessions_make_no_trend);
    tcase_add_test(t, one_person_who_does_not_change_has_a_row);
    tcase_add_test(t, who_does_not_change_counts);
    tcase_add_test(t, several_people_are_taken_one_by_one);
    tcase_add_test(t, no_trend_is_said);
    tcase_add_test(t, few_sessions_reach_no_95_percent);
    tcase_add_test(t, one_session_each_is_another_question);
    tcase_add_test(t, wrong_columns_are_named);
    tcase_add_test(t, course_is_counted_in_bins);
    tcase_add_test(t, studies_are_put_together);
    tcase_add_test(t, no_event_in_one_arm_says_much);
    tcase_add_test(t, opposite_studies_are_refused);
    tcase_add_test(t, no_event_is_no_trend);
    tcase_add_test(t, recordings_of_a_session_are_one_point);
    tcase_add_test(t, one_study_is_no_forest);
    tcase_add_test(t, folders_without_comparison_are_named);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed;
}
