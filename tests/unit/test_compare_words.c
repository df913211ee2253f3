/* test_compare_words.c - the sentences and warnings of comparisons, by kind of outcome. */
#include <sys/stat.h>
#include "study_kit.h"

static const char *who(int i)
{
    static char name[4][16];
    static int k;
    char *s = name[k++ % 4];
    snprintf(s, sizeof name[0], "p%02d", i + 1);
    return s;
}

static myo_compare_job asked(const char *design, const char *primary)
{
    myo_compare_job job = kit_job();
    job.design = design;
    job.primary = primary;
    job.resamples = 999;
    return job;
}

/* The sentence and warning of the primary row hold these; NULL: whatever. */
static void says(const myo_compare_job *job, const char *sentence, const char *warning)
{
    tsv *t = kit_compare(job);
    const int r = kit_primary(t);
    kit_holds(t, r, "sentence", sentence);
    if (warning) {
        kit_holds(t, r, "warning", warning);
    }
    tsv_free(t);
}

static void says_not(const char *part)
{
    char path[128];
    snprintf(path, sizeof path, "%s/comparison.tsv", kit_dir);
    tsv *t = tsv_read(path);
    const int r = kit_primary(t);
    ck_assert_msg(!strstr(tsv_text(t, r, "sentence"), part) && !strstr(tsv_text(t, r, "warning"), part), "%s; %s",
                  tsv_text(t, r, "sentence"), tsv_text(t, r, "warning"));
    tsv_free(t);
}

/* --- who had it --- */

/* n people a group, the first of them with the event or grade; recordings.tsv alone. */
static void people(const char *column, const char *value, int a, int n_con, int b, int n_ref)
{
    strcpy(kit_dir, "/tmp/myotab-compare-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(kit_dir));
    kit_said[0] = '\0';
    FILE *f = kit_file("recordings.tsv", "participant_id\tsession_id\tgroup\t");
    fprintf(f, "%s\n", column);
    for (int i = 0; i < n_ref + n_con; i++) {
        const bool con = i >= n_ref;
        fprintf(f, "s%d\t1\t%s\t%s\n", i, con ? "mg" : "ctl", i < (con ? n_ref + a : b) ? value : "0");
    }
    fclose(f);
}

START_TEST(a_score_interval_is_not_too_few_people)
{
    const myo_compare_job job = asked(NULL, NULL);
    people("incidence", "1", 1, 500, 3, 500);
    says(&job,
         "No difference shown: 1 of 500 people under mg against 3 of 500 under ctl: risk ratio 0.33 (94.7 % interval "
         "0.05 to 2.32)",
         "the score interval covers about 94.7 % at such risks");
    says_not("cannot give");
    kit_clear();
    people("incidence", "1", 0, 25, 5, 25);
    says(&job, "No difference shown: 0 of 25 people under mg against 5 of 25 under ctl: risk ratio 0 (94.2 % "
         "interval 0 to 0.70), but p 0.0502.",
         NULL);
    kit_clear();
    people("incidence", "1", 0, 10, 8, 10);
    says(&job, "0 of 10 people under mg against 8 of 10 under ctl: risk ratio 0 (93.1 % interval 0 to 0.36): fewer "
         "people with jerks.",
         "the score interval covers about 93.1 % at such risks");
    kit_clear();
    people("incidence", "1", 0, 3, 1, 3);
    says(&job, "Too few people to say: 0 of 3 people under mg against 1 of 3 under ctl: risk ratio 0 (88 % interval "
         "0 to 3.00).", NULL);
    kit_clear();
}
END_TEST

START_TEST(nobody_had_it)
{
    const myo_compare_job job = asked(NULL, NULL);
    people("incidence", "1", 0, 100, 0, 100);
    says(&job, "No jerks seen by the clinician on either side: 0 of 100 people under mg against 0 of 100 under ctl "
         "(nothing to test).",
         "no event in either arm");
    ck_assert_ptr_null(strstr(kit_said, "W "));
    kit_clear();
}
END_TEST

START_TEST(everybody_has_one_grade)
{
    const myo_compare_job job = asked(NULL, "jerk:grade");
    people("grade", "2", 0, 5, 0, 5);
    says(&job, "Everybody has the same grade of jerks, 0: 5 people under ctl, 5 people under mg.", NULL);
    kit_clear();
    people("grade", "2", 5, 5, 1, 1);
    says(&job, "Everybody has the same grade of jerks, 2: 1 person under ctl, 5 people under mg.", NULL);
    kit_clear();
    people("grade", "2", 0, 5, 5, 5);
    says(&job, "In 0 % of pairs the person under mg has a higher grade of jerks", NULL);
    kit_clear();
}
END_TEST

/* --- the same people twice --- */

/* n people; columns and cells of the manifest as kit_begin() has them, one cell for each side. */
static void pairs(int n, const int (*count)[2], const char *type, const char *columns, const char *const (*cells)[2])
{
    kit_begin(columns);
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < 2; k++) {
            const char *session = k ? "2" : "1";
            kit_recording(who(i), session, k ? "post" : "pre", cells ? cells[i % 2][k] : "", "done");
            kit_sum(who(i), session, (kit_row){.type = type, .n = count[i][k], .hours = 1, .burden = count[i][k] * 0.1});
        }
    }
    kit_end();
}

START_TEST(nothing_happened_is_said)
{
    static const int same[6][2] = {{10, 10}, {10, 10}, {10, 10}, {10, 10}, {10, 10}, {10, 10}}, none[6][2];
    const myo_compare_job job = asked(NULL, NULL);
    pairs(6, same, "jerk", "", NULL);
    says(&job,
         "Nobody changed in jerk rate, post against pre: 6 people, 60 events in 6.00 h under pre, 60 events in 6.00 "
         "h under post "
         "(nothing to test, as all differences are zero).",
         "all differences are zero");
    ck_assert_ptr_null(strstr(kit_said, "W "));
    kit_clear();
    pairs(6, none, "jerk", "", NULL);
    says(&job, "No jerks on either side: 6 people, 0 events in 6.00 h under pre, 0 events in 6.00 h under post "
         "(nothing to test).",
         "no event");
    kit_clear();
}
END_TEST

static const int fell[8][2] = {{40, 20}, {31, 19}, {22, 14}, {50, 30}, {18, 9}, {60, 29}, {33, 15}, {28, 18}};

START_TEST(classes_have_their_plural)
{
    static const struct {
        const char *type, *begins, *ends;
    } all[] = {
        {"jerk", "Jerk rate", "fewer jerks."},
        {"clonus", "Clonus rate", "fewer clonus episodes."},
        {"tetany", "Tetany rate", "fewer tetany episodes."},
        {"voluntary", "Voluntary movement rate", "fewer voluntary movements."},
        {"leg_movement", "Leg movement rate", "fewer leg movements."},
        {"plm", "Periodic leg movement rate", "fewer periodic leg movements."},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        char primary[64];
        snprintf(primary, sizeof primary, "%s:rate_per_h", all[i].type);
        const myo_compare_job job = asked(NULL, primary);
        pairs(8, fell, all[i].type, "", NULL);
        says(&job, all[i].begins, NULL);
        says(&job, all[i].ends, NULL);
        kit_clear();
    }
}
END_TEST

START_TEST(one_order_for_all_is_in_the_sentence)
{
    static const char *const first[2][2] = {{"\t1", "\t2"}, {"\t1", "\t2"}};
    const myo_compare_job job = asked(NULL, NULL);
    pairs(8, fell, "jerk", "\torder", first);
    says(&job, ": fewer jerks. Everybody had pre first: order and condition cannot be told apart.", "mixed up: 8 "
         "people had pre first, 0 second");
    kit_clear();
}
END_TEST

START_TEST(balanced_orders_are_not_mixed_up)
{
    static const char *const order[2][2] = {{"\t1", "\t2"}, {"\t2", "\t1"}};
    static const int later_more[8][2] = {{20, 41}, {33, 15}, {21, 44}, {30, 14}, {22, 47}, {40, 19}, {20, 38}, {28, 12}};
    const myo_compare_job job = asked(NULL, NULL);
    pairs(8, later_more, "jerk", "\torder", order);
    says(&job, "No difference shown", "first and second sessions differ, whichever the condition: see the "
         "period-adjusted row (4 people had pre first, 4 second; period p ");
    says_not("mixed up");
    kit_clear();
}
END_TEST

/* --- one person --- */

START_TEST(one_pair_of_recordings_has_its_caveat)
{
    static const int halved[1][2] = {{60, 30}}, gone[1][2] = {{60, 0}}, came[1][2] = {{0, 60}};
    const myo_compare_job job = asked(NULL, NULL);
    pairs(1, halved, "jerk", "", NULL);
    says(&job, "60 events in 1.00 h under pre, 30 events in 1.00 h under post): fewer jerks. One pair of sessions "
         "cannot tell a change from day-to-day scatter.",
         NULL);
    kit_clear();
    pairs(1, gone, "jerk", "", NULL);
    says(&job, "Jerk rate of p01 was zero under post and not under pre (rate ratio 0, 95 % interval 0 to 0.06, ", NULL);
    kit_clear();
    pairs(1, came, "jerk", "", NULL);
    says(&job, "Jerk rate of p01 was zero under pre and not under post (no finite rate ratio, 95 % interval from "
         "", NULL);
    kit_clear();
}
END_TEST

/* Recordings of one day are one session; of two days they are told apart. */
START_TEST(two_recordings_of_a_day_are_one_session)
{
    const myo_compare_job job = asked("rates", NULL);
    for (int days = 1; days <= 2; days++) {
        kit_begin("");
        for (int i = 0; i < 4; i++) {
            const int session = i / 2 * 2 + (days == 2 ? i % 2 : 0);
            fprintf(kit_recordings, "a_%d.edf\ta\ts%d\t%s\tx%d\tdone\tn/a\n", i, session, i < 2 ? "pre" : "post", i);
            fprintf(kit_summary, "a\tx%d\tall\tjerk\t%d\t3600\t1\tn/a\tn/a\tn/a\tn/a\tn/a\t0\n", i, i < 2 ? 60 : 30);
        }
        kit_end();
        says(&job, "120 events in 2.00 h under pre, 60 events in 2.00 h under post)", NULL);
        if (days == 1) {
            says(&job, "One pair of sessions cannot tell", NULL);
        } else {
            says_not("One pair of sessions");
        }
        kit_clear();
    }
}
END_TEST

/* --- when it began --- */

/* Five people a group, the first jerk of each after 10 s, or `late`. */
static void onsets(int late)
{
    kit_begin("\tgroup");
    for (int i = 0; i < 10; i++) {
        char name[64];
        kit_recording(who(i), "1", "x", i < 5 ? "\tctl" : "\tmg", "done");
        kit_sum(who(i), "1", (kit_row){.n = 1, .hours = 0.05});
        snprintf(name, sizeof name, "%s-1_events.tsv", who(i));
        FILE *f = kit_file(name, "onset\tduration\ttrial_type\tchannel\tpeak\tarea\tunit\n");
        fprintf(f, "%d\t0.04\tjerk\tx\t90\t2\tuV\n", (i < 5 ? 10 : late) + 2 * (i % 5));
        fclose(f);
        snprintf(name, sizeof name, "%s-1_channels.tsv", who(i));
        fclose(kit_file(name, "channel\tduration_s\nx\t180\n"));
    }
    kit_end();
}

START_TEST(onset_has_its_times)
{
    const myo_compare_job job = asked(NULL, "jerk:onset_s");
    onsets(11);
    says(&job,
         "No difference shown: 5 of 5 people under mg (first jerk: median 15.0 s) against 5 of 5 under ctl (first jerk: median "
         "14.0 s): hazard ratio ", NULL);
    says(&job, "; a chance of a first event at any moment lower by more than ", NULL);
    says_not("a hazard");
    kit_clear();
}
END_TEST

/* --- along a column --- */

START_TEST(a_trend_between_people_says_so)
{
    kit_begin("\tserum_mg_mmol_l");
    for (int i = 0; i < 8; i++) {
        char cells[32];
        snprintf(cells, sizeof cells, "\t%.1f", 0.6 + 0.1 * i);
        kit_recording(who(i), "1", "1", cells, "done");
        kit_sum(who(i), "1", (kit_row){.n = 300 - 30 * i, .hours = 1, .burden = 1});
    }
    kit_end();
    const myo_compare_job job = asked("trend", NULL);
    says(&job, "with serum_mg_mmol_l (rate ratio 0.", "between people");
    says(&job, " per 0.1 mmol/l, ", NULL);
    says(&job, "This is between people, and says nothing of a change within a person.", NULL);
    kit_clear();
}
END_TEST

/* 0.98 a minute would read as nearly nothing, and its limits as one number. */
START_TEST(a_slope_is_told_over_a_step_that_was_made)
{
    kit_begin("\tminutes_from_dose");
    for (int i = 0; i < 8; i++) {
        char session[16], cells[32];
        snprintf(session, sizeof session, "s%d", i);
        snprintf(cells, sizeof cells, "\t%d", 20 * i);
        kit_recording("a", session, "x", cells, "done");
        kit_sum("a", session, (kit_row){.n = (int)(400 * pow(0.98, 20 * i)), .hours = 1, .burden = 1});
    }
    kit_end();
    const myo_compare_job job = asked("trend", NULL);
    says(&job, "Jerk rate of a falls with minutes_from_dose (rate ratio 0.82 per 10 min, ", NULL);
    says(&job, "8 sessions, 8.00 h).", NULL);
    kit_clear();
}
END_TEST

/* --- studies together --- */

static const char *studies[3];
static char study_dirs[3][96];

static void study(int i, int a, int n1, int c, int n0)
{
    char path[128];
    snprintf(study_dirs[i], sizeof study_dirs[i], "%s/study%d", kit_dir, i);
    studies[i] = study_dirs[i];
    ck_assert_int_eq(mkdir(study_dirs[i], 0777), 0);
    snprintf(path, sizeof path, "study%d/comparison.tsv", i);
    FILE *f = kit_file(path, "design\trole\ttrial_type\tchannel\tmetric\treference\tcontrast\teffect_name\ttest\tn_reference\tn_contrast\t"
                             "events_reference\tevents_contrast\texposure_reference_h\texposure_contrast_h\testimate_reference\t"
                             "estimate_contrast\teffect\tci_low\tci_high\tci_level\tp_value\n");
    fprintf(f, "parallel\tprimary\tjerk\tclinician\tincidence\tctl\tmg\trisk_ratio\tx\t%d\t%d\t%d\t%d\tn/a\tn/a\tn/a\tn/a\t0.9\t0.5\t1.5\t"
               "0.95\t0.1\n", n0, n1, c, a);
    fclose(f);
}

static myo_compare_job forest(int n)
{
    myo_compare_job job = asked("forest", NULL);
    job.dirs = studies;
    job.n_dirs = n;
    return job;
}

START_TEST(only_studies_that_are_used_count)
{
    kit_begin("");
    kit_end();
    study(0, 6, 25, 18, 25);
    study(1, 5, 25, 15, 25);
    study(2, 0, 25, 0, 25);
    myo_compare_job job = forest(2);
    says(&job, "2 studies together, mg against ctl: risk ratio 0.33, 95 % interval ", "exploratory: 2 studies, not "
         "seen to differ in more than chance");
    says(&job, ": no difference shown; a risk lower by more than 99 % or more than 12.3 times as high is not "
         "compatible with these data (exploratory).", NULL);
    job = forest(3);
    says(&job, "2 of 3 studies together, ", "1 left out: see their rows");
    studies[1] = study_dirs[2];
    job = forest(2);
    says(&job, "Not tested", "exploratory: 1 study; ");
    says_not("in more than chance");
    kit_clear();
}
END_TEST

START_TEST(studies_that_differ_are_told)
{
    kit_begin("");
    kit_end();
    study(0, 6, 25, 18, 25);
    study(1, 24, 25, 4, 25);
    const myo_compare_job job = forest(2);
    says(&job, "no difference shown (exploratory)", "exploratory: 2 studies, which differ in more than chance");
    kit_clear();
}
END_TEST

int main(void)
{
    Suite *s = suite_create("compare_words");
    TCase *c = tcase_create("all");
    tcase_set_timeout(c, 60);
    tcase_add_test(c, a_score_interval_is_not_too_few_people);
    tcase_add_test(c, nobody_had_it);
    tcase_add_test(c, everybody_has_one_grade);
    tcase_add_test(c, nothing_happened_is_said);
    tcase_add_test(c, classes_have_their_plural);
    tcase_add_test(c, one_order_for_all_is_in_the_sentence);
    tcase_add_test(c, balanced_orders_are_not_mixed_up);
    tcase_add_test(c, one_pair_of_recordings_has_its_caveat);
    tcase_add_test(c, two_recordings_of_a_day_are_one_session);
    tcase_add_test(c, onset_has_its_times);
    tcase_add_test(c, a_trend_between_people_says_so);
    tcase_add_test(c, a_slope_is_told_over_a_step_that_was_made);
    tcase_add_test(c, only_studies_that_are_used_count);
    tcase_add_test(c, studies_that_differ_are_told);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
