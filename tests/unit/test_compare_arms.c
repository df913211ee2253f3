/* test_compare_arms.c - people in groups, against R (tests/oracle/make_arms.R). */
#include "compare/arms.h"
#include "study_kit.h"

enum { ARM = 10, WINDOW_S = 180 };
/* The reference's people, then the contrast's; 0 duration: none. */
static const int n_of[] = {12, 7, 20, 3, 9, 15, 0, 22, 5, 11, 4, 0, 9, 2, 6, 0, 3, 10, 1, 5};
static const double h_of[] = {1, 0.9, 1.1, 1, 1, 1.2, 0.8, 1, 1, 1, 1, 1, 0.95, 1.05, 1, 1, 1, 1.1, 0.9, 1};
static const double b_of[] = {12.5, 8.1, 20.3, 5.2, 10.4, 16.6, 3.7, 22.8, 9.9, 14.05,
                              7.3, 5.45, 9.2, 4.1, 6.5, 7.7, 3.05, 10.8, 9.65, 6.25};
static const double d_of[] = {41, 52, 63, 38, 47, 59, 0, 71, 44, 55.5, 35, 0, 45.5, 29, 37, 0, 33, 50, 28, 36.5};
static const int g_of[] = {2, 1, 3, 1, 2, 3, 0, 3, 1, 2, 1, 0, 2, 0, 1, 0, 1, 2, 0, 1};
static const double t_of[] = {12, 30, 8, 75, 22, 9, 180, 5, 60, 18, 55, 180, 25, 120, 40, 180, 90, 20, 150, 48};

static double expected(const char *key)
{
    return kit_expected_in(MYO_SOURCE_DIR "/tests/oracle/arms_expected.tsv", key);
}

static const char *who(int i)
{
    static char name[4][16];
    static int k;
    char *s = name[k++ % 4];
    snprintf(s, sizeof name[0], "p%02d", i + 1);
    return s;
}

static const char *arm_of(int i)
{
    return i < ARM ? "saline" : "magnesium";
}

/* A person's tables: the first jerk at t_of, in a recording of WINDOW_S. */
static void tables(int i, double shift_s)
{
    char name[64];
    snprintf(name, sizeof name, "%s-1_events.tsv", who(i));
    FILE *f = kit_file(name, "onset\tduration\ttrial_type\tchannel\tpeak\tarea\tunit\n");
    if (t_of[i] < WINDOW_S) {
        fprintf(f, "%.17g\t0.04\tjerk\tx\t90\t2\tuV\n", t_of[i] + shift_s);
    }
    fclose(f);
    snprintf(name, sizeof name, "%s-1_channels.tsv", who(i));
    f = kit_file(name, "channel\tduration_s\n");
    fprintf(f, "x\t%.17g\n", WINDOW_S + shift_s);
    fclose(f);
}

/* The whole trial. */
static void trial(bool with_tables)
{
    kit_begin("\tgroup\tgrade");
    for (int i = 0; i < 2 * ARM; i++) {
        char cells[64];
        snprintf(cells, sizeof cells, "\t%s\t%d", arm_of(i), g_of[i]);
        kit_recording(who(i), "1", "only", cells, "done");
        kit_sum(who(i), "1", (kit_row){.n = n_of[i], .hours = h_of[i], .burden = b_of[i], .duration = d_of[i],
                                       .n_indeterminate = i < ARM ? 1 : 2});
        if (with_tables) {
            tables(i, 0);
        }
    }
    kit_end();
}

/* recordings.tsv alone, as of a published trial; lines end in \n. */
static void table_of_people(const char *text)
{
    strcpy(kit_dir, "/tmp/myotab-compare-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(kit_dir));
    kit_said[0] = '\0';
    fclose(kit_file("recordings.tsv", text));
}

/* n people a group, the first of them with the event. */
static void counts(int n_con, int a, int n_ref, int b)
{
    static char text[65536];
    size_t n = (size_t)snprintf(text, sizeof text, "participant_id\tsession_id\tgroup\tincidence\n");
    for (int i = 0; i < n_ref + n_con; i++) {
        const bool con = i >= n_ref;
        n += (size_t)snprintf(text + n, sizeof text - n, "s%d\t1\t%s\t%s\n", i, con ? "B" : "A",
                              i < (con ? n_ref + a : b) ? "yes" : "no");
    }
    table_of_people(text);
}

static tsv *compare_primary(const char *primary)
{
    myo_compare_job job = kit_job();
    job.primary = primary;
    job.resamples = 999;
    return kit_compare(&job);
}

static tsv *compare(void)
{
    return compare_primary(NULL);
}

static void fails(const char *why)
{
    myo_compare_job job = kit_job();
    ck_assert_int_ne(myo_compare(&job), MYO_OK);
    ck_assert_msg(strstr(kit_said, why) != NULL, "%s", kit_said);
    kit_clear();
}

/* The row of an effect; effects of a question stand one under the other. */
static int effect_row(const tsv *t, const char *channel, const char *metric, const char *effect, int nth)
{
    for (int i = 1; i < t->n_rows; i++) {
        if (strcmp(tsv_text(t, i, "channel"), channel) == 0 && strcmp(tsv_text(t, i, "metric"), metric) == 0 &&
            strcmp(tsv_text(t, i, "effect_name"), effect) == 0 && nth-- == 0) {
            return i;
        }
    }
    ck_abort_msg("no %s of %s in %s", effect, metric, channel);
    return 0;
}

/* --- incidence --- */

START_TEST(guler_2005)
{
    counts(25, 6, 25, 18);
    tsv *t = compare();
    const int r = kit_primary(t);
    ck_assert_int_eq(r, 1);
    kit_text(t, r, "design", "parallel");
    kit_text(t, r, "trial_type", "jerk");
    kit_text(t, r, "channel", "clinician");
    kit_text(t, r, "reference", "A");
    kit_text(t, r, "n_contrast", "25");
    kit_text(t, r, "events_reference", "18");
    kit_text(t, r, "events_contrast", "6");
    kit_text(t, r, "exposure_reference_h", "n/a");
    kit_text(t, r, "estimate_reference", "0.72");
    kit_near(t, r, "effect", expected("guler.effect"));
    kit_near(t, r, "ci_low", expected("guler.low"));
    kit_near(t, r, "ci_high", expected("guler.high"));
    kit_text(t, r, "ci_level", "0.95");
    kit_near(t, r, "p_value", expected("guler.p"));
    kit_near(t, r, "p_adjusted", expected("guler.p"));
    kit_text(t, r, "adjustment", "primary");
    kit_text(t, r, "warning", "n/a");
    kit_text(t, r, "sentence",
             "6 of 25 people under B against 18 of 25 under A: risk ratio 0.33 (95 % interval 0.16 to 0.70): "
             "fewer people with jerks.");
    kit_near(t, effect_row(t, "clinician", "incidence", "risk_ratio", 1), "p_value", expected("guler.score_p"));
    const int d = effect_row(t, "clinician", "incidence", "risk_difference", 0);
    kit_near(t, d, "effect", expected("guler.difference"));
    kit_near(t, d, "ci_low", expected("guler.difference_low"));
    kit_near(t, d, "ci_high", expected("guler.difference_high"));
    const int n = effect_row(t, "clinician", "incidence", "nnt", 0);
    kit_near(t, n, "effect", expected("guler.nnt"));
    kit_near(t, n, "ci_low", expected("guler.benefit"));
    kit_near(t, n, "ci_high", expected("guler.harm"));
    kit_text(t, n, "warning", "n/a");
    kit_near(t, effect_row(t, "clinician", "incidence", "odds_ratio", 0), "p_value", expected("guler.p"));
    ck_assert_int_eq(t->n_rows, 1 + 6);
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(rashdi_2013_shows_no_difference)
{
    counts(25, 16, 25, 15);
    tsv *t = compare();
    kit_text(t, 1, "p_value", "1");
    kit_text(t, 1, "sentence",
             "No difference shown: 16 of 25 people under B against 15 of 25 under A: risk ratio 1.07 "
             "(95 % interval 0.69 to 1.65); a risk lower by more than 31 % or higher by more than 65 % "
             "is not compatible with these data.");
    kit_holds(t, effect_row(t, "clinician", "incidence", "nnt", 0), "warning",
              "one more event for every 3.46 people or more, through no difference, to one fewer for every 4.63");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(many_times_is_said_as_times)
{
    counts(8, 3, 8, 2);
    tsv *t = compare();
    kit_holds(t, 1, "sentence", "or more than ");
    kit_holds(t, 1, "sentence", " times as high is not compatible with these data");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(nobody_in_an_arm)
{
    counts(10, 0, 10, 5);
    tsv *t = compare();
    kit_text(t, 1, "effect", "0");
    kit_text(t, 1, "ci_low", "0");
    kit_near(t, 1, "ci_high", expected("zero.high"));
    kit_near(t, 1, "ci_level", expected("zero.level"));
    kit_text(t, 1, "test", "Fisher exact (two-sided), score interval (Koopman)");
    kit_text(t, 2, "test", "Katz");
    kit_text(t, 2, "role", "supporting");
    kit_text(t, 2, "ci_level", "0.95");
    kit_holds(t, 2, "warning", "1/2 added to each cell");
    kit_holds(t, 1, "sentence", ": fewer people with jerks."); /* p 0.033 */
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(few_people_have_another_level)
{
    counts(5, 1, 5, 1);
    tsv *t = compare();
    kit_near(t, 1, "ci_level", expected("few.level"));
    kit_near(t, 1, "ci_low", expected("few.low"));
    kit_near(t, 1, "ci_high", expected("few.high"));
    kit_holds(t, 1, "warning", "the score interval covers about 94.6 % at such risks");
    kit_text(t, 1, "p_value", "1");
    kit_holds(t, 1, "sentence", "No difference shown: 1 of 5 people under B against 1 of 5 under A: risk ratio 1.00 (94.6 %");
    kit_text(t, 2, "ci_level", "0.95");
    kit_holds(t, 2, "warning", "so few people: the interval of 95 % covers ");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(many_people_have_the_nominal_level)
{
    counts(1500, 300, 1500, 400);
    tsv *t = compare();
    kit_text(t, 1, "ci_level", "0.95");
    kit_text(t, 1, "warning", "n/a");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(no_event_at_all)
{
    counts(5, 0, 5, 0);
    tsv *t = compare();
    kit_text(t, 1, "effect", "n/a");
    kit_text(t, 1, "p_value", "n/a");
    kit_text(t, 1, "estimate_reference", "0");
    kit_holds(t, 1, "warning", "no event in either arm");
    kit_text(t, 1, "sentence",
             "No jerks seen by the clinician on either side: 0 of 5 people under B against 0 of 5 under A (nothing to test).");
    const int n = effect_row(t, "clinician", "incidence", "nnt", 0);
    kit_text(t, n, "effect", "n/a");
    kit_holds(t, n, "warning", "no difference: infinitely many");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(everybody)
{
    counts(25, 25, 25, 25);
    tsv *t = compare();
    kit_text(t, 1, "effect", "1");
    kit_near(t, 1, "ci_low", expected("everybody.low"));
    kit_near(t, 1, "ci_high", expected("everybody.high"));
    kit_near(t, 1, "ci_level", expected("everybody.level"));
    kit_text(t, 1, "p_value", "1");
    kit_text(t, effect_row(t, "clinician", "incidence", "odds_ratio", 0), "effect", "n/a");
    kit_holds(t, 1, "sentence", "No difference shown");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(incidence_of_signal_and_clinician)
{
    trial(false);
    tsv *t = compare();
    const int s = effect_row(t, "all", "incidence", "risk_ratio", 0);
    kit_text(t, s, "events_reference", "9");
    kit_text(t, s, "events_contrast", "8");
    kit_near(t, s, "effect", expected("signal.effect"));
    kit_near(t, s, "ci_low", expected("signal.score_low"));
    kit_near(t, s, "ci_high", expected("signal.score_high"));
    kit_near(t, s, "ci_level", expected("signal.level"));
    kit_near(t, s, "p_value", expected("signal.p"));
    kit_near(t, s, "exposure_reference_h", 10.0);
    kit_text(t, s, "role", "exploratory");
    const int c = effect_row(t, "clinician", "incidence", "risk_ratio", 0);
    kit_text(t, c, "role", "confirmatory");
    kit_text(t, c, "events_contrast", "6");
    kit_near(t, c, "effect", expected("clinician.effect"));
    kit_near(t, c, "p_value", expected("clinician.p"));
    kit_near(t, c, "exposure_reference_h", 10.0);
    const int n = effect_row(t, "clinician", "incidence", "nnt", 0);
    kit_near(t, n, "effect", expected("clinician.nnt"));
    kit_near(t, n, "ci_low", expected("clinician.harm"));
    kit_near(t, n, "ci_high", expected("clinician.benefit"));
    tsv_free(t);
    kit_clear();
}
END_TEST

/* Nobody in the reference: the ratio is infinite, Fisher's p is not. */
START_TEST(nobody_in_the_reference)
{
    counts(10, 9, 10, 0);
    tsv *t = compare();
    kit_text(t, 1, "effect", "n/a");
    kit_text(t, 1, "ci_high", "n/a");
    kit_holds(t, 1, "warning", "no upper limit");
    kit_holds(t, 1, "sentence", "9 of 10 people under B against 0 of 10 under A: no finite risk ratio (");
    kit_holds(t, 1, "sentence", ": more people with jerks.");
    tsv_free(t);
    kit_clear();
}
END_TEST

/* An incidence by the signal where people were watched for hours against minutes. */
static tsv *watched(double hours_ref, double hours_con)
{
    kit_begin("\tgroup");
    for (int i = 0; i < 12; i++) {
        kit_recording(who(i), "1", "x", i < 6 ? "\tA" : "\tB", "done");
        kit_sum(who(i), "1", (kit_row){.n = i < 6 ? 5 : i % 2, .hours = i < 6 ? hours_ref : hours_con});
    }
    kit_end();
    return compare_primary("jerk:incidence:all");
}

START_TEST(incidence_of_unequal_watching_is_doubted)
{
    tsv *t = watched(10, 0.1);
    kit_holds(t, 1, "warning", "people were watched for different times: compare rates or onset");
    kit_holds(t, 1, "sentence", "3 of 6 people under B in 0.6 h against 6 of 6 under A in 60.0 h: ");
    tsv_free(t);
    kit_clear();
    t = watched(1, 0.95);
    ck_assert_ptr_null(strstr(tsv_text(t, 1, "warning"), "different times"));
    kit_holds(t, 1, "sentence", "3 of 6 people under B against 6 of 6 under A: ");
    tsv_free(t);
    kit_clear();
}
END_TEST

/* --- rates and ranks --- */

START_TEST(rate_is_negative_binomial)
{
    trial(false);
    tsv *t = compare();
    kit_text(t, 1, "metric", "rate_per_h");
    kit_text(t, 1, "role", "primary");
    kit_text(t, 1, "events_reference", "104");
    kit_text(t, 1, "events_contrast", "40");
    kit_near(t, 1, "effect", expected("rate.effect"));
    kit_near(t, 1, "estimate_reference", expected("rate.reference"));
    kit_near(t, 1, "estimate_contrast", expected("rate.contrast"));
    kit_holds(t, 1, "test", "negative binomial, profile");
    kit_holds(t, 1, "sentence", "104 events of 10 people in 10.0 h under saline, 40 events of 10 people in 10.0 h under magnesium");
    kit_text(t, 2, "role", "supporting");
    kit_holds(t, 2, "test", "studentised permutation");
    kit_holds(t, 2, "test", "all groupings"); /* 184756 of them: nothing drawn */
    kit_text(t, 2, "seed", "n/a");
    kit_text(t, 2, "resamples", "n/a");
    kit_near(t, 2, "effect", (40 / 10.0) / (104 / 10.0));
    kit_text(t, 3, "indeterminate", "included");
    kit_text(t, 3, "events_reference", "114");
    kit_text(t, 3, "events_contrast", "60");
    kit_near(t, 3, "effect", expected("rate.in_effect"));
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(burden_and_duration_are_ranked)
{
    trial(false);
    tsv *t = compare();
    const int b = effect_row(t, "all", "burden_s_per_h", "burden_difference", 0);
    kit_near(t, b, "effect", expected("burden.effect"));
    kit_near(t, b, "ci_low", expected("burden.low"));
    kit_near(t, b, "ci_high", expected("burden.high"));
    kit_near(t, b, "p_value", expected("burden.p"));
    kit_text(t, b, "test", "Mann-Whitney (exact), Hodges-Lehmann");
    const int d = effect_row(t, "all", "duration_ms_median", "duration_ratio", 0);
    kit_near(t, d, "effect", expected("duration.effect"));
    kit_near(t, d, "ci_low", expected("duration.low"));
    kit_near(t, d, "ci_high", expected("duration.high"));
    kit_near(t, d, "p_value", expected("duration.p"));
    kit_near(t, d, "estimate_reference", expected("duration.median_ref"));
    kit_near(t, d, "estimate_contrast", expected("duration.median_con"));
    kit_text(t, d, "n_contrast", "8");
    kit_holds(t, d, "warning", "1 of 10 people under saline without a value, left out");
    kit_holds(t, d, "warning", "2 of 10 people under magnesium without a value, left out");
    tsv_free(t);
    kit_clear();
}
END_TEST

static void four_people(const char *unit)
{
    kit_begin("\tgroup");
    for (int i = 0; i < 4; i++) {
        kit_recording(who(i), "1", "only", i < 2 ? "\tA" : "\tB", "done");
        kit_sum(who(i), "1", (kit_row){.n = i, .hours = 1, .burden = i});
        kit_sum(who(i), "1", (kit_row){.channel = "x", .n = i + 1, .hours = 1, .burden = i, .peak = 10 + i * i, .unit = i < 3 ? "uV" : unit});
        kit_sum(who(i), "1", (kit_row){.type = "tremor", .hours = 1});
    }
    kit_end();
}

START_TEST(four_people_have_a_wider_interval)
{
    four_people("uV");
    tsv *t = compare();
    const int p = effect_row(t, "x", "peak_median", "peak_ratio", 0);
    kit_near(t, p, "ci_level", 1 - 2.0 / 6);
    kit_near(t, p, "p_value", 2.0 / 6);
    kit_holds(t, p, "warning", "2 and 2 people cannot give an interval of 95 %");
    tsv_free(t);
    kit_clear();
}
END_TEST

/* From an interval of 67 % nothing is said to be excluded. */
START_TEST(four_people_exclude_nothing)
{
    four_people("uV");
    tsv *t = compare_primary("jerk:burden_s_per_h:all");
    kit_near(t, 1, "ci_level", 1 - 2.0 / 6);
    kit_holds(t, 1, "warning", "2 and 2 people cannot give an interval of 95 %: 66.7 %");
    kit_holds(t, 1, "sentence", "Too few people to say whether jerk burden differs under B from A: ");
    ck_assert_ptr_null(strstr(tsv_text(t, 1, "sentence"), "compatible"));
    tsv_free(t);
    t = compare_primary("jerk:rate_per_h:all");
    kit_holds(t, 2, "test", "all groupings");
    kit_near(t, 2, "ci_level", 1 - 2.0 / 6);
    kit_holds(t, 2, "warning", "2 and 2 people cannot give an interval of 95 %");
    tsv_free(t);
    kit_clear();
}
END_TEST

static void people_with(const int *n, int n_people, int n_ref)
{
    kit_begin("\tgroup");
    for (int i = 0; i < n_people; i++) {
        kit_recording(who(i), "1", "x", i < n_ref ? "\tA" : "\tB", "done");
        kit_sum(who(i), "1", (kit_row){.n = n[i], .hours = 1});
    }
    kit_end();
}

/* One person has nearly all: no gamma law is like that. */
START_TEST(what_regrouping_does_not_bear_out_is_not_claimed)
{
    const int n[] = {5, 6, 5, 4, 6, 5, 7, 5, 4, 6, 5, 6, 5, 4, 5, 500};
    people_with(n, 16, 8);
    tsv *t = compare();
    kit_holds(t, 1, "test", "studentised permutation");
    kit_holds(t, 1, "warning", "the negative binomial model finds a difference");
    kit_holds(t, 1, "sentence", "No difference shown in jerk rate, B against A");
    ck_assert_double_gt(tsv_number(t, 1, "p_value"), 0.5);
    kit_text(t, 2, "role", "supporting");
    kit_holds(t, 2, "test", "negative binomial, profile");
    ck_assert_double_lt(tsv_number(t, 2, "p_value"), 0.05);
    tsv_free(t);
    kit_clear();
}
END_TEST

/* How people scatter cannot be seen in one of them. */
START_TEST(one_person_makes_no_arm)
{
    const int n[] = {500, 5, 7, 9, 3, 4, 8, 6, 2};
    people_with(n, 9, 1);
    tsv *t = compare();
    kit_near(t, 1, "effect", (44 / 8.0) / 500.0);
    kit_text(t, 1, "p_value", "n/a");
    kit_text(t, 1, "ci_low", "n/a");
    kit_holds(t, 1, "sentence", "of 8 people in 8.00 h under B; fewer than two people in a group)");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(people_who_are_all_alike_have_no_interval)
{
    kit_begin("\tgroup");
    for (int i = 0; i < 8; i++) {
        kit_recording(who(i), "1", "x", i < 4 ? "\tA" : "\tB", "done");
        kit_sum(who(i), "1", (kit_row){.n = 7, .hours = 1});
    }
    kit_end();
    tsv *t = compare();
    kit_holds(t, 2, "test", "studentised permutation");
    kit_text(t, 2, "effect", "1");
    kit_text(t, 2, "p_value", "1");
    kit_text(t, 2, "ci_low", "n/a");
    kit_text(t, 2, "ci_high", "n/a");
    kit_text(t, 2, "ci_level", "n/a");
    kit_holds(t, 2, "warning", "everybody is alike");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(peaks_in_two_units_are_not_compared)
{
    four_people("au");
    tsv *t = compare();
    const int p = effect_row(t, "x", "peak_median", "peak_ratio", 0);
    kit_text(t, p, "effect", "n/a");
    kit_text(t, p, "p_value", "n/a");
    kit_holds(t, p, "warning", "differ in unit");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(no_event_in_either_arm)
{
    four_people("uV");
    tsv *t = compare();
    for (int i = 0; i < t->n_rows; i++) {
        if (strcmp(tsv_text(t, i, "trial_type"), "tremor") == 0) {
            kit_text(t, i, "p_value", "n/a");
            kit_holds(t, i, "warning", "no event");
        }
    }
    tsv_free(t);
    kit_clear();
}
END_TEST

/* --- grades --- */

START_TEST(grades_of_the_clinician)
{
    trial(false);
    tsv *t = compare_primary("jerk:grade");
    kit_text(t, 1, "channel", "clinician"); /* no table of events, so no grade of the signal */
    kit_text(t, 1, "effect_name", "probability_superiority");
    kit_near(t, 1, "effect", expected("grade.u"));
    kit_near(t, 1, "p_value", expected("grade.p"));
    kit_near(t, 1, "estimate_reference", 2);
    kit_near(t, 1, "estimate_contrast", 1);
    kit_text(t, 1, "events_contrast", "6");
    kit_holds(t, 1, "sentence", "In 23 % of pairs the person under magnesium has a higher grade of jerks than");
    kit_holds(t, 1, "sentence", "10 people under saline, 10 people under magnesium): lower grades of jerks.");
    kit_text(t, 2, "effect_name", "grade_difference");
    kit_near(t, 2, "effect", -1);
    kit_text(t, 3, "effect_name", "odds_ratio");
    ck_assert_double_eq_tol(tsv_number(t, 3, "effect"), expected("grade.odds"), 1e-5);
    ck_assert_double_eq_tol(tsv_number(t, 3, "p_value"), expected("grade.odds_p"), 1e-6);
    kit_holds(t, 3, "warning", "one odds ratio for all grades: p ");
    kit_text(t, 4, "test", "Cochran-Armitage trend");
    kit_near(t, 4, "p_value", expected("grade.trend_p"));
    for (int i = 2; i <= 4; i++) {
        kit_text(t, i, "role", "supporting");
    }
    tsv_free(t);
    kit_clear();
}
END_TEST

static int grade(myo_severity s)
{
    static const double q1[2] = {10, 1};
    return myo_severity_grade(&s, q1);
}

START_TEST(grade_of_the_signal)
{
    const double none = NAN;
    ck_assert_int_eq(grade((myo_severity){0, 0, 0, none, {none, none}}), 0);
    ck_assert_int_eq(grade((myo_severity){2, 1.9, 1, none, {50, none}}), 1);
    ck_assert_int_eq(grade((myo_severity){3, 1.9, 1, none, {9.9, none}}), 1);
    ck_assert_int_eq(grade((myo_severity){3, 1.9, 1, none, {10, none}}), 2);
    ck_assert_int_eq(grade((myo_severity){3, 1.9, 1, 0.1, {9.9, 2}}), 2);
    ck_assert_int_eq(grade((myo_severity){3, 1.9, 1, 0.1, {9.9, 0.9}}), 1);
    ck_assert_int_eq(grade((myo_severity){3, 1.9, 1, none, {none, none}}), 2);
    ck_assert_int_eq(grade((myo_severity){1, 2, 1, none, {1, none}}), 2);
    ck_assert_int_eq(grade((myo_severity){1, 10, 1, none, {1, none}}), 2);
    ck_assert_int_eq(grade((myo_severity){2, 0.1, 2, none, {1, none}}), 2);
    ck_assert_int_eq(grade((myo_severity){1, 10.1, 1, none, {1, none}}), 3);
    ck_assert_int_eq(grade((myo_severity){3, 0.1, 3, none, {1, none}}), 3);
    ck_assert_int_eq(grade((myo_severity){1, 0.1, 1, 0.5, {none, 0.1}}), 3);
    ck_assert_int_eq(grade((myo_severity){1, 0.1, 1, 0.49, {none, 0.1}}), 1);
}
END_TEST

/* Signal: everybody with an event has one short jerk in one channel, grade 1. */
START_TEST(both_grades_agree_as_kappa_says)
{
    trial(true);
    tsv *t = compare();
    const int s = effect_row(t, "all", "grade", "probability_superiority", 0);
    kit_near(t, s, "effect", (8 * 1.0 + 2 * 9 * 0 + 8 * 9 * 0.5 + 2 * 0.5) / 100); /* 8 of B, 9 of A have 1 */
    const int k = effect_row(t, "clinician", "grade", "weighted_kappa", 0);
    kit_text(t, k, "n_reference", "10");
    kit_text(t, k, "n_contrast", "10");
    kit_text(t, k, "role", "supporting");
    /* quadratic weights by hand: sum of d^2 seen over that by chance */
    double seen = 0, chance = 0;
    for (int i = 0; i < 2 * ARM; i++) {
        for (int j = 0; j < 2 * ARM; j++) {
            const double d = g_of[i] - (t_of[j] < WINDOW_S);
            chance += d * d / (2 * ARM);
            seen += i == j ? d * d : 0;
        }
    }
    kit_near(t, k, "effect", 1 - seen / chance);
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(grades_beyond_the_signals)
{
    table_of_people("participant_id\tgroup\tgrade\n1\tA\t7\n2\tA\t2.5\n3\tB\t0\n4\tB\t1\n5\tC\tn/a\n");
    tsv *t = compare_primary("jerk:grade:clinician");
    kit_text(t, 1, "n_reference", "2");
    kit_near(t, 1, "estimate_reference", 4.75);
    kit_text(t, effect_row(t, "clinician", "grade", "probability_superiority", 1), "n_contrast", "0");
    const int i = effect_row(t, "clinician", "incidence", "risk_ratio", 0);
    kit_text(t, i, "events_contrast", "1");
    tsv_free(t);
    kit_clear();
}
END_TEST

/* --- onset --- */

static void check_onset(const tsv *t)
{
    const int r = effect_row(t, "all", "onset_s", "hazard_ratio", 0);
    kit_text(t, r, "events_reference", "9");
    kit_text(t, r, "events_contrast", "8");
    kit_near(t, r, "p_value", expected("onset.p"));
    kit_near(t, r, "effect", expected("onset.effect"));
    kit_near(t, r, "ci_low", expected("onset.low"));
    kit_near(t, r, "ci_high", expected("onset.high"));
    kit_near(t, r, "estimate_reference", expected("onset.median_ref"));
    kit_near(t, r, "estimate_contrast", expected("onset.median_con"));
}

START_TEST(onset_from_the_first_sample)
{
    trial(true);
    tsv *t = compare();
    check_onset(t);
    kit_holds(t, effect_row(t, "all", "onset_s", "hazard_ratio", 0), "warning", "time from the recording's first sample");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(onset_from_the_dose)
{
    kit_begin("\tgroup\tminutes_from_dose");
    for (int i = 0; i < 2 * ARM; i++) {
        char cells[64];
        const int minutes = i % 3; /* before the dose */
        snprintf(cells, sizeof cells, "\t%s\t%d", arm_of(i), -minutes);
        kit_recording(who(i), "1", "only", cells, "done");
        kit_sum(who(i), "1", (kit_row){.n = n_of[i], .hours = h_of[i]});
        tables(i, 60 * minutes);
    }
    kit_end();
    tsv *t = compare();
    check_onset(t);
    kit_holds(t, effect_row(t, "all", "onset_s", "hazard_ratio", 0), "warning", "time from the dose");
    tsv_free(t);
    kit_clear();
}
END_TEST

/* Jerks in one arm only: no ratio, but p; row and sentence say the same. */
static tsv *one_sided(int n, int without)
{
    kit_begin("\tgroup");
    for (int i = 0; i < 2 * n; i++) {
        const bool has = (i < n) != (without == 0);
        char name[64];
        kit_recording(who(i), "1", "x", i < n ? "\tA" : "\tB", "done");
        kit_sum(who(i), "1", (kit_row){.n = has, .hours = 0.05});
        snprintf(name, sizeof name, "%s-1_events.tsv", who(i));
        FILE *f = kit_file(name, "onset\tduration\ttrial_type\tchannel\tpeak\tarea\tunit\n");
        if (has) {
            fprintf(f, "%d\t0.04\tjerk\tx\t90\t2\tuV\n", i + 3);
        }
        fclose(f);
        snprintf(name, sizeof name, "%s-1_channels.tsv", who(i));
        fclose(kit_file(name, "channel\tduration_s\nx\t180\n"));
    }
    kit_end();
    return compare_primary("jerk:onset_s:all");
}

START_TEST(onset_without_a_ratio_has_p)
{
    tsv *t = one_sided(5, 1);
    kit_near(t, 1, "p_value", 2.0 / 252);
    kit_text(t, 1, "effect", "0");
    kit_text(t, 1, "ci_level", "n/a");
    kit_holds(t, 1, "test", "log-rank by permutation (all groupings)");
    kit_holds(t, 1, "sentence", "0 of 5 people under B against 5 of 5 under A (first jerk: median 5.00 s): hazard ratio 0 (p 0.0079, no interval): later or fewer first jerks.");
    tsv_free(t);
    kit_clear();
    t = one_sided(5, 0);
    kit_text(t, 1, "effect", "n/a");
    kit_holds(t, 1, "sentence", "5 of 5 people under B (first jerk: median 10.0 s) against 0 of 5 under A: no finite hazard ratio (p 0.0079, no interval): sooner or more first jerks.");
    tsv_free(t);
    kit_clear();
    t = one_sided(3, 1);
    kit_near(t, 1, "p_value", 2.0 / 20);
    kit_holds(t, 1, "sentence", "Too few people to say: 0 of 3 people under B against 3 of 3 under A (first jerk: median 4.00 s): hazard ratio 0 (p 0.1, no interval).");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(without_jerks_another_rate_is_primary)
{
    kit_begin("\tgroup");
    for (int i = 0; i < 8; i++) {
        kit_recording(who(i), "1", "x", i < 4 ? "\tA" : "\tB", "done");
        kit_sum(who(i), "1", (kit_row){.type = "artefact", .n = 3, .hours = 1});
        kit_sum(who(i), "1", (kit_row){.type = "cramp", .n = i + 1, .hours = 1});
    }
    kit_end();
    tsv *t = compare();
    kit_text(t, 1, "role", "primary");
    kit_text(t, 1, "trial_type", "cramp");
    kit_text(t, 1, "metric", "rate_per_h");
    kit_holds(t, 1, "warning", "no jerks in the data: cramp:rate_per_h:all is taken as primary");
    tsv_free(t);
    myo_compare_job job = kit_job();
    job.primary = "jerk:rate_per_h:all";
    ck_assert_int_eq(myo_compare(&job), MYO_ERR_USAGE);
    kit_clear();
}
END_TEST

START_TEST(onset_needs_a_table_of_events)
{
    trial(false);
    tsv *t = compare();
    ck_assert_int_eq(kit_find(t, NULL, "onset_s", NULL, NULL, 0), 0);
    tsv_free(t);
    kit_clear();
}
END_TEST

/* --- who is in which arm --- */

START_TEST(a_baseline_is_left_out)
{
    kit_begin("\tgroup\tincidence");
    for (int i = 0; i < 6; i++) {
        const char *group = i < 3 ? "A" : "B";
        char cells[32];
        snprintf(cells, sizeof cells, "\t%s\t1", group);
        kit_recording(who(i), "1", "before", cells, "done");
        snprintf(cells, sizeof cells, "\t%s\t0", group);
        kit_recording(who(i), "2", "after", cells, "done");
        kit_recording(who(i), "3", "later", cells, "done");
        kit_sum(who(i), "1", (kit_row){.n = 100, .hours = 1});
        kit_sum(who(i), "2", (kit_row){.n = 4 + i, .hours = 1});
        kit_sum(who(i), "3", (kit_row){.n = 6, .hours = 1});
    }
    kit_end();
    tsv *t = compare();
    kit_text(t, 1, "events_reference", "33");
    kit_text(t, 1, "events_contrast", "42");
    kit_near(t, 1, "exposure_contrast_h", 6);
    kit_holds(t, 1, "warning", "condition before is taken as a baseline and left out (6 of 6 people have others too)");
    kit_text(t, effect_row(t, "clinician", "incidence", "risk_ratio", 0), "events_reference", "0");
    tsv_free(t);
    kit_clear();
}
END_TEST

/* Ten people before and after, listed in either order. */
static void before_and_after(bool after_first)
{
    static const int before[] = {100, 80, 120, 90, 60, 110, 70, 95, 130, 85};
    static const int after[] = {90, 85, 100, 99, 50, 22, 20, 19, 40, 15};
    kit_begin("\tgroup");
    for (int i = 0; i < 10; i++) {
        for (int k = 0; k < 2; k++) {
            const bool is_after = (k == 1) != after_first;
            kit_recording(who(i), is_after ? "2" : "1", is_after ? "post" : "pre", i < 5 ? "\tA" : "\tB", "done");
            kit_sum(who(i), is_after ? "2" : "1", (kit_row){.n = is_after ? after[i] : before[i], .hours = 1});
        }
    }
    kit_end();
}

static void check_change(const tsv *t)
{
    const int r = effect_row(t, "all", "rate_per_h", "change_ratio", 0);
    kit_text(t, 1, "events_reference", "424");
    kit_text(t, 1, "events_contrast", "116");
    kit_text(t, r, "role", "supporting");
    kit_holds(t, r, "test", "change from baseline, Mann-Whitney (exact), Hodges-Lehmann");
    kit_near(t, r, "effect", expected("change.effect"));
    kit_near(t, r, "ci_low", expected("change.low"));
    kit_near(t, r, "ci_high", expected("change.high"));
    kit_near(t, r, "p_value", expected("change.p"));
    kit_near(t, r, "estimate_reference", expected("change.median_ref"));
}

START_TEST(change_from_baseline)
{
    before_and_after(false);
    tsv *t = compare();
    check_change(t);
    ck_assert_ptr_nonnull(strstr(kit_said, "baseline pre, left out; compared: post (--baseline LABEL chooses another)"));
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(baseline_is_named)
{
    before_and_after(true);
    tsv *t = compare(); /* what the order says is told, and wrong */
    kit_text(t, 1, "events_reference", "450");
    ck_assert_ptr_nonnull(strstr(kit_said, "baseline post, left out; compared: pre"));
    tsv_free(t);
    myo_compare_job job = kit_job();
    job.baseline = "pre";
    kit_said[0] = '\0';
    t = kit_compare(&job);
    check_change(t);
    ck_assert_ptr_nonnull(strstr(kit_said, "N "));
    ck_assert_ptr_nonnull(strstr(kit_said, "baseline pre, left out; compared: post\n"));
    tsv_free(t);
    job.baseline = "NONE";
    t = kit_compare(&job);
    kit_text(t, 1, "events_reference", "874");
    tsv_free(t);
    job.baseline = "Pre";
    ck_assert_int_eq(myo_compare(&job), MYO_ERR_USAGE);
    ck_assert_ptr_nonnull(strstr(kit_said, "--baseline: no such condition in the data (found Pre, allowed NONE, post, pre)"));
    job.baseline = "pre";
    job.design = "paired";
    ck_assert_int_eq(myo_compare(&job), MYO_ERR_USAGE);
    kit_clear();
}
END_TEST

START_TEST(a_channel_that_some_lack_is_told)
{
    kit_begin("\tgroup");
    for (int i = 0; i < 8; i++) {
        kit_recording(who(i), "1", "x", i < 4 ? "\tA" : "\tB", "done");
        kit_sum(who(i), "1", (kit_row){.n = i, .hours = 1});
        kit_sum(who(i), "1", (kit_row){.channel = "y", .n = i, .hours = 1});
        if (i > 0) {
            kit_sum(who(i), "1", (kit_row){.channel = "z", .n = i, .hours = 1});
        }
    }
    kit_end();
    tsv *t = compare_primary("jerk:rate_per_h:z");
    kit_holds(t, 1, "warning", "1 of 4 people under A without channel z");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(one_slip_makes_no_baseline)
{
    kit_begin("\tgroup");
    for (int i = 0; i < 6; i++) {
        kit_recording(who(i), "1", "trial", i < 3 ? "\tA" : "\tB", "done");
        kit_sum(who(i), "1", (kit_row){.n = 4 + i, .hours = 1});
    }
    kit_recording(who(0), "2", "tiral", "\tA", "done");
    kit_sum(who(0), "2", (kit_row){.n = 5, .hours = 1});
    kit_end();
    tsv *t = compare();
    kit_text(t, 1, "events_reference", "20");
    kit_holds(t, 1, "warning", "1 of 6 people have several conditions, taken together");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(people_in_no_group_or_two)
{
    table_of_people("participant_id\tsession_id\tgroup\tincidence\n"
                    "1\t1\tA\t1\n2\t1\tA\t0\n3\t1\tB\t1\n4\t1\tB\t0\n5\t1\tn/a\t1\n6\t1\tA\t1\n6\t2\tB\t1\n");
    tsv *t = compare();
    kit_text(t, 1, "n_reference", "2");
    kit_text(t, 1, "n_contrast", "2");
    kit_holds(t, 1, "warning", "1 of 6 people in no group, left out");
    kit_holds(t, 1, "warning", "1 of 6 people in more than one group, left out");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(a_person_counts_once)
{
    table_of_people("participant_id\tsession_id\tcondition\tgroup\tincidence\tgrade\n"
                    "1\t1\tx\tA\tNo\t0\n1\t2\tx\tA\tYES\t2\n2\t1\tx\tA\tn/a\t3\n3\t1\tx\tB\t0\tn/a\n4\t1\tx\tB\tn/a\tn/a\n");
    tsv *t = compare();
    kit_text(t, 1, "n_reference", "2");
    kit_text(t, 1, "events_reference", "2");
    kit_text(t, 1, "n_contrast", "1");
    kit_holds(t, 1, "warning", "1 of 2 people under B without a value, left out");
    kit_near(t, effect_row(t, "clinician", "grade", "grade_difference", 0), "estimate_reference", 2.5);
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(what_the_clinician_saw_outlives_the_recording)
{
    kit_begin("\tgroup\tincidence");
    for (int i = 0; i < 4; i++) {
        kit_recording(who(i), "1", "x", i < 2 ? "\tA\t1" : "\tB\t0", i == 1 ? "failed" : "done");
        kit_sum(who(i), "1", (kit_row){.n = 4 + i, .hours = 1});
    }
    kit_end();
    tsv *t = compare();
    kit_text(t, 1, "metric", "rate_per_h");
    kit_text(t, 1, "n_reference", "1");
    kit_holds(t, 1, "warning", "1 of 2 people under A without a value, left out");
    kit_text(t, effect_row(t, "clinician", "incidence", "risk_ratio", 0), "n_reference", "2");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(contradictions_are_told)
{
    table_of_people("participant_id\tgroup\tincidence\tgrade\n1\tA\t0\t2\n2\tA\t1\t1\n3\tB\t0\t0\n4\tB\t1\t0\n");
    tsv *t = compare();
    kit_holds(t, 1, "warning", "incidence and grade contradict each other in 2 people");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(three_arms_are_adjusted)
{
    table_of_people("participant_id\tgroup\tincidence\n1\tA\t1\n2\tA\t1\n3\tA\t1\n4\tB\t0\n5\tB\t0\n6\tB\t0\n7\tC\t0\n8\tC\t1\n9\tC\t1\n");
    myo_compare_job job = kit_job();
    job.reference = "C";
    tsv *t = kit_compare(&job);
    const int a = kit_find(t, NULL, NULL, NULL, "primary", 0), b = kit_find(t, NULL, NULL, NULL, "primary", 1);
    kit_text(t, a, "reference", "C");
    kit_text(t, a, "contrast", "A");
    kit_text(t, b, "contrast", "B");
    kit_text(t, a, "adjustment", "holm");
    ck_assert_ptr_null(strstr(kit_said, "reference"));
    tsv_free(t);
    kit_clear();
}
END_TEST

/* --- what is asked --- */

START_TEST(primary_may_be_any_of_them)
{
    trial(true);
    static const char *const asked[][3] = {{"jerk:incidence", "incidence", "all"},
                                           {"jerk:incidence:clinician", "incidence", "clinician"},
                                           {"jerk:grade", "grade", "all"},
                                           {"jerk:onset_s", "onset_s", "all"},
                                           {"jerk:burden_s_per_h", "burden_s_per_h", "all"}};
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        tsv *t = compare_primary(asked[i][0]);
        kit_text(t, 1, "role", "primary");
        kit_text(t, 1, "metric", asked[i][1]);
        kit_text(t, 1, "channel", asked[i][2]);
        ck_assert_str_ne(tsv_text(t, 1, "sentence"), "n/a");
        const int rate = kit_find(t, "jerk", "rate_per_h", "all", NULL, 0);
        kit_text(t, rate, "role", "confirmatory");
        tsv_free(t);
    }
    kit_clear();
}
END_TEST

START_TEST(primary_that_is_not_there)
{
    static const char *const asked[] = {"jerk:rate_per_h:clinician", "tremor:grade", "jerk:incidence:x"};
    trial(true);
    for (size_t i = 0; i < 3; i++) {
        myo_compare_job job = kit_job();
        job.primary = asked[i];
        ck_assert_int_eq(myo_compare(&job), MYO_ERR_USAGE);
        ck_assert_ptr_nonnull(strstr(kit_said, "incidence grade onset_s"));
    }
    kit_clear();
}
END_TEST

START_TEST(one_group_has_nothing_to_compare)
{
    table_of_people("participant_id\tgroup\tincidence\n1\tA\t1\n2\tA\t0\n");
    myo_compare_job job = kit_job();
    job.design = "parallel";
    tsv *t = kit_compare(&job);
    kit_holds(t, 1, "warning", "one group only: nothing to compare with");
    tsv_free(t);
    kit_clear();
}
END_TEST

START_TEST(wrong_tables_are_refused)
{
    table_of_people("participant_id\tgroup\tincidence\n1\tA\t1\n2\tB\tmaybe\n");
    fails("recordings.tsv: line 3, column 3 (incidence): wrong value");
    table_of_people("participant_id\tgroup\n1\tA\n2\tB\n");
    fails("no summary.tsv");
    table_of_people("participant_id\tgroup\tgrade\n1\tA\t-1\n2\tB\t1\n");
    fails("grade");
}
END_TEST

START_TEST(no_group_is_named)
{
    table_of_people("participant_id\tgrade\n1\t1\n2\t2\n");
    myo_compare_job job = kit_job();
    job.design = "parallel";
    ck_assert_int_eq(myo_compare(&job), MYO_ERR_USAGE); /* as where design trend has no column */
    ck_assert_ptr_nonnull(strstr(kit_said, "design parallel: recordings.tsv names no group"));
    kit_clear();
}
END_TEST

/* The n-th allocation fails: an error, or the very same table. */
START_TEST(memory_that_fails)
{
    size_t n = 0, n_again = 0;
    char path[128];
    trial(true);
    myo_compare_job job = kit_job();
    job.resamples = 199;
    tsv_free(kit_compare(&job));
    snprintf(path, sizeof path, "%s/comparison.tsv", kit_dir);
    char *whole = tsv_slurp(path, &n);
    int failures = 0, in_a_row = 0;
    for (int64_t k = 1; in_a_row < 20; k += k < 200 ? 1 : 7) {
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
        ck_assert_ptr_nonnull(strstr(kit_said, "E "));
        failures++;
        in_a_row = 0;
    }
    ck_assert_int_gt(failures, 200);
    free(whole);
    kit_clear();
}
END_TEST

int main(void)
{
    Suite *s = suite_create("compare, arms");
    TCase *t = tcase_create("arms");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, guler_2005);
    tcase_add_test(t, rashdi_2013_shows_no_difference);
    tcase_add_test(t, many_times_is_said_as_times);
    tcase_add_test(t, nobody_in_an_arm);
    tcase_add_test(t, few_people_have_another_level);
    tcase_add_test(t, many_people_have_the_nominal_level);
    tcase_add_test(t, no_event_at_all);
    tcase_add_test(t, everybody);
    tcase_add_test(t, nobody_in_the_reference);
    tcase_add_test(t, incidence_of_unequal_watching_is_doubted);
    tcase_add_test(t, incidence_of_signal_and_clinician);
    tcase_add_test(t, rate_is_negative_binomial);
    tcase_add_test(t, burden_and_duration_are_ranked);
    tcase_add_test(t, four_people_have_a_wider_interval);
    tcase_add_test(t, four_people_exclude_nothing);
    tcase_add_test(t, what_regrouping_does_not_bear_out_is_not_claimed);
    tcase_add_test(t, one_person_makes_no_arm);
    tcase_add_test(t, people_who_are_all_alike_have_no_interval);
    tcase_add_test(t, peaks_in_two_units_are_not_compared);
    tcase_add_test(t, no_event_in_either_arm);
    tcase_add_test(t, grades_of_the_clinician);
    tcase_add_test(t, grade_of_the_signal);
    tcase_add_test(t, both_grades_agree_as_kappa_says);
    tcase_add_test(t, grades_beyond_the_signals);
    tcase_add_test(t, onset_from_the_first_sample);
    tcase_add_test(t, onset_from_the_dose);
    tcase_add_test(t, onset_without_a_ratio_has_p);
    tcase_add_test(t, without_jerks_another_rate_is_primary);
    tcase_add_test(t, onset_needs_a_table_of_events);
    tcase_add_test(t, a_baseline_is_left_out);
    tcase_add_test(t, change_from_baseline);
    tcase_add_test(t, baseline_is_named);
    tcase_add_test(t, a_channel_that_some_lack_is_told);
    tcase_add_test(t, one_slip_makes_no_baseline);
    tcase_add_test(t, people_in_no_group_or_two);
    tcase_add_test(t, a_person_counts_once);
    tcase_add_test(t, what_the_clinician_saw_outlives_the_recording);
    tcase_add_test(t, contradictions_are_told);
    tcase_add_test(t, three_arms_are_adjusted);
    tcase_add_test(t, primary_may_be_any_of_them);
    tcase_add_test(t, primary_that_is_not_there);
    tcase_add_test(t, one_group_has_nothing_to_compare);
    tcase_add_test(t, wrong_tables_are_refused);
    tcase_add_test(t, no_group_is_named);
    tcase_add_test(t, memory_that_fails);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
