/* test_report_reading.c - the page reads a row as its sentence does: level, p, adjustment, counts of people. */
#include "report_kit.h"
#include "stats/claim.h"
#include "xml_check.h"

static int few(int i) {
    return 4 + i;
}
static int half(int i) {
    return (4 + i) / 2;
}

static void setup(void) {
    kit_make_dir();
}
static void teardown(void) {
    kit_remove_dir();
}

static void check_has(const char *what) {
    ck_assert_msg(strstr(kit_html.s, what) != NULL, "the page lacks \"%s\"", what);
}
static void check_lacks(const char *what) {
    ck_assert_msg(strstr(kit_html.s, what) == NULL, "the page has \"%s\"", what);
}

/* ---- the rule ---- */

static const myo_claim paired = {.kind = MYO_CLAIM_SAME_PEOPLE, .none = 1.0, .low = 0.3, .high = 0.8,
                                 .level = 0.95, .p = 0.01, .p_adjusted = 0.01};

START_TEST(difference_needs_interval_and_p) {
    myo_claim q = paired;
    ck_assert_int_eq(myo_claim_read(&q), MYO_READING_SHOWN);
    q.p_adjusted = 0.0625;
    ck_assert_int_eq(myo_claim_read(&q), MYO_READING_UNSHOWN);
    q.p_adjusted = NAN; /* tables made by hand */
    ck_assert_int_eq(myo_claim_read(&q), MYO_READING_SHOWN);
    q.p = 0.5;
    ck_assert_int_eq(myo_claim_read(&q), MYO_READING_UNSHOWN);
    q = paired;
    q.high = 1.2;
    ck_assert_int_eq(myo_claim_read(&q), MYO_READING_UNSHOWN);
}
END_TEST

START_TEST(low_level_claims_nothing) {
    myo_claim q = paired;
    q.level = 0.9375;
    ck_assert_int_eq(myo_claim_read(&q), MYO_READING_FEW);
    q.kind = MYO_CLAIM_TREND; /* signed ranks of five people */
    ck_assert_int_eq(myo_claim_read(&q), MYO_READING_FEW);
    q.level = 0.945; /* Sen's interval, given ties */
    ck_assert_int_eq(myo_claim_read(&q), MYO_READING_SHOWN);
    q.level = 0.92;
    q.kind = MYO_CLAIM_STUDIES;
    ck_assert_int_eq(myo_claim_read(&q), MYO_READING_SHOWN);
    q.kind = MYO_CLAIM_GROUPS;
    ck_assert_int_eq(myo_claim_read(&q), MYO_READING_SHOWN);
}
END_TEST

/* All of three against none of three: p is 0.1, and could not be less. */
START_TEST(so_few_that_no_p_would_do) {
    ck_assert_double_eq_tol(myo_claim_least_p(3, 3), 0.1, 1e-12);
    ck_assert_double_eq_tol(myo_claim_least_p(3, 5), 1.0 / 56.0, 1e-12);
    ck_assert_double_eq_tol(myo_claim_least_p(500, 500), 0.0, 1e-12);
    ck_assert(isnan(myo_claim_least_p(0, 5)));
    myo_claim q = paired;
    q.kind = MYO_CLAIM_GROUPS;
    q.exact = true;
    q.p = q.p_adjusted = q.least_p = 0.1;
    ck_assert_int_eq(myo_claim_read(&q), MYO_READING_FEW);
    q.least_p = 0.02;
    ck_assert_int_eq(myo_claim_read(&q), MYO_READING_UNSHOWN);
}
END_TEST

/* From 0 to any size: that is what was known before. */
START_TEST(an_interval_without_limits_says_nothing) {
    myo_claim q = paired;
    q.low = 0.0;
    q.high = NAN;
    ck_assert_int_eq(myo_claim_read(&q), MYO_READING_FEW);
    q.high = 9.0;
    ck_assert_int_eq(myo_claim_read(&q), MYO_READING_UNSHOWN);
    q.low = 0.1;
    q.high = NAN;
    ck_assert_int_eq(myo_claim_read(&q), MYO_READING_UNSHOWN);
}
END_TEST

START_TEST(no_interval_claims_only_by_an_exact_test) {
    myo_claim q = paired;
    q.low = q.high = NAN;
    ck_assert_int_eq(myo_claim_read(&q), MYO_READING_NONE);
    q.kind = MYO_CLAIM_GROUPS;
    ck_assert_int_eq(myo_claim_read(&q), MYO_READING_UNSHOWN);
    q.exact = true;
    ck_assert_int_eq(myo_claim_read(&q), MYO_READING_SHOWN);
    q.p = NAN;
    ck_assert_int_eq(myo_claim_read(&q), MYO_READING_NONE);
}
END_TEST

START_TEST(kinds_follow_the_words_of_the_table) {
    ck_assert_int_eq(myo_claim_kind_of("paired", "pre"), MYO_CLAIM_SAME_PEOPLE);
    ck_assert_int_eq(myo_claim_kind_of("rates", "pre"), MYO_CLAIM_SAME_PEOPLE);
    ck_assert_int_eq(myo_claim_kind_of("parallel", "A"), MYO_CLAIM_GROUPS);
    ck_assert_int_eq(myo_claim_kind_of("trend", NULL), MYO_CLAIM_TREND);
    ck_assert_int_eq(myo_claim_kind_of("trend", ""), MYO_CLAIM_TREND);
    ck_assert_int_eq(myo_claim_kind_of("forest", "A"), MYO_CLAIM_STUDIES);
    ck_assert(myo_claim_is_exact("incidence") && !myo_claim_is_exact("rate_per_h") && !myo_claim_is_exact(NULL));
}
END_TEST

/* ---- the page ---- */

/* A primary row: "effect, limits, level, p, adjusted p, adjustment" as cells. */
static void put_row(const char *numbers) {
    char e[6][32];
    char adjustment[32];
    ck_assert_int_eq(sscanf(numbers, "%31s %31s %31s %31s %31s %31s %31s", e[0], e[1], e[2], e[3], e[4], e[5],
                            adjustment),
                     7);
    kit_put("comparison.tsv",
            KIT_CMP_HEAD "paired\tjerk\tall\trate_per_h\tpre\tpost\t6\t6\t60\t30\t6\t6\t10\t5\t%s\trate_ratio\t%s\t%s"
                         "\t%s\t%s\t%s\t%s\tWilcoxon signed rank\t1\t1000\tn/a\tn/a\tprimary\texcluded\tn/a\tWords.\n",
            e[0], e[1], e[2], e[3], e[4], e[5], adjustment);
    kit_put_study(6, "P", few, half);
    kit_report();
}

START_TEST(adjusted_p_of_a_primary_outcome_is_shown) {
    put_row("0.5 0.3 0.8 0.96875 0.03125 0.0625 holm");
    check_has("holm: 0.0625");
    check_has("also adjusted for the other contrasts");
    check_has("no difference shown: the 96.9 % interval leaves out &quot;no change&quot;, but the adjusted p does not agree");
    check_lacks("a difference is shown");
    check_lacks("is not adjusted");
    check_has("adjusted together");
}
END_TEST

START_TEST(unadjusted_p_of_a_primary_outcome_stands_alone) {
    put_row("0.5 0.3 0.8 0.95 0.01 0.01 primary");
    check_lacks("primary: 0.01");
    check_has("a difference is shown: the 95 % interval leaves out &quot;no change&quot;<");
    check_has("The primary outcome&#39;s p value is not adjusted");
}
END_TEST

START_TEST(interval_of_half_the_level_shows_nothing) {
    put_row("0.15 0.05 0.2 0.5 0.5 0.5 primary");
    check_has("too few to say: the 50 % interval leaves out &quot;no change&quot;");
    check_lacks("a difference is shown");
}
END_TEST

START_TEST(trends_are_read_as_trends) {
    kit_put("comparison.tsv",
            KIT_CMP_HEAD "trend\tjerk\tall\trate_per_h\tn/a\tdose\tn/a\t6\tn/a\t30\tn/a\t6\tn/a\tn/a\t0.5\t"
                         "rate_ratio_per_unit\t0.3\t0.8\t0.94\t0.01\t0.01\tprimary\tTheil-Sen slope\tn/a\tn/a\tn/a\t"
                         "n/a\tprimary\texcluded\tn/a\tWords.\n");
    kit_put_study(6, "P", few, half);
    kit_report();
    check_has("a trend is shown: the 94 % interval leaves out");
    check_lacks(", reference <strong>");
}
END_TEST

START_TEST(numbers_near_a_limit_are_not_rounded_onto_it) {
    put_row("0.5 0.3 1.0012 0.95 0.0502 0.0502 primary");
    check_has("0.3 to 1.001");
    check_has("0.5 (0.3 to 1.001)");
    check_has(">0.0502<");
    put_row("0.5 0.3 0.99996 0.95 0.049998 0.99996 holm");
    check_has("0.3 to 0.99996");
    check_has(">0.049998<");
    check_has("holm: 0.99996");
}
END_TEST

/* ---- a table of people, and studies together ---- */

#define INCIDENCE                                                                                                \
    "jerk\tclinician\tincidence\tctl\tmg\t25\t25\t5\t0\tn/a\tn/a\t0.2\t0\t0\trisk_ratio\t0\t0.7\t0.95\t0.0502\t" \
    "0.0502\tprimary\tFisher exact (two-sided), score interval (Koopman)\tn/a\tn/a\tn/a\tn/a\tprimary\t"           \
    "excluded\tn/a\tWords about mg.\n"

static void put_people(void) {
    kit_put("recordings.tsv", "participant_id\tsession_id\tgroup\tincidence\nP1\tind\tctl\t1\nP2\tind\tmg\t0\n");
    kit_put("comparison.tsv", KIT_CMP_HEAD "parallel\t" INCIDENCE);
}

START_TEST(table_of_people_says_nothing_of_recordings) {
    static const char *const absent[] = {"recordings:", "None failed", "gave a warning", "filter", "emg.band_lo",
                                         "id=\"recordings\"", "id=\"quality\"", "id=\"parameters\"",
                                         "Detection", "Half an event", "Signed ranks", "adjusted together",
                                         "channel clinician", "2 complete", "5 events"};
    put_people();
    const char *wrong = xml_check(kit_report());
    ck_assert_msg(wrong == NULL, "%s", wrong);
    for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++) {
        check_lacks(absent[i]);
    }
    check_has("A table of 2 people, without recordings");
    check_has("5 of 25 people");
    check_has("0 of 25 people");
    check_has("Incidence: the share of people of a group");
    check_has("seen by the clinician");
}
END_TEST

START_TEST(failed_recordings_are_no_table_of_people) {
    kit_put("recordings.tsv", "path\tparticipant_id\tsession_id\tstem\tstatus\treason\n"
                              "a.edf\tP1\tpre\ta\tfailed\tcut short\n");
    kit_report();
    check_has("1 failed");
    check_has("cut short");
    check_lacks("without recordings");
}
END_TEST

#define FOREST_HEAD "study\t" KIT_CMP_HEAD

START_TEST(studies_together_have_a_page) {
    kit_put("comparison.tsv", FOREST_HEAD
            "one\tforest\tjerk\tclinician\tincidence\tsaline\tmg\t25\t25\t18\t6\tn/a\tn/a\tn/a\tn/a\t0.33\trisk_ratio\t"
            "0.16\t0.7\t0.95\t0.001\tn/a\tnone\tFisher\tn/a\tn/a\tn/a\tn/a\tsupporting\texcluded\tn/a\tn/a\n"
            "two\tforest\tjerk\tseen\tincidence\tcontrol\tdrug\t25\t25\t15\t16\tn/a\tn/a\tn/a\tn/a\t1.07\trisk_ratio\t"
            "0.7\t1.6\t0.95\t1\tn/a\tnone\tFisher\tn/a\tn/a\tn/a\tn/a\tsupporting\texcluded\tn/a\tn/a\n"
            "n/a\tforest\tjerk\tvarious\tincidence\treferences\tcontrasts\t50\t50\t33\t22\tn/a\tn/a\tn/a\tn/a\t0.6\t"
            "risk_ratio\t0.2\t2\t0.95\t0.3\t0.3\tprimary\trandom effects\tn/a\tn/a\tn/a\tI2 70 %%\tprimary\t"
            "excluded\tn/a\tStudies in words.\n");
    kit_put("comparison_run.json", "{\"program\": \"myotab\", \"inputs\": [{}, {}]}\n");
    const char *wrong = xml_check(kit_report());
    ck_assert_msg(wrong == NULL, "%s", wrong);
    check_has("Studies in words.");
    check_has("2 compared studies");
    check_has("one: mg vs saline");
    check_has("two: drug vs control");
    check_has("all studies together");
    check_has("study <bdi>one</bdi>");
    check_has("Nothing here is more than exploratory");
    check_lacks("carry claims");
    check_has("Studies put together");
    check_lacks("cannot be read");
    check_lacks("recordings:");
    check_lacks("id=\"quality\"");
}
END_TEST

/* A comparison beside recordings without a study is not shown, and its provenance is no recording. */
START_TEST(provenance_of_a_comparison_is_no_recording) {
    kit_put_recording("a", "a.edf", 3);
    kit_put_primary("0.5", "0.3", "0.8", "Of something else.");
    kit_put("comparison_run.json", "{\"program\": \"myotab\"}\n");
    kit_report();
    check_has(": 1 recording<");
    check_lacks("Of something else.");
}
END_TEST

static int one_up(int i) {
    return i == 0 ? 9 : i == 1 ? 5 : 1;
}

START_TEST(one_person_is_no_people) {
    kit_put_study(3, "P", few, one_up); /* placebo: 4 to 9, 6 to 1; drug: 5 to 5 */
    kit_put_primary("0.5", "0.3", "0.8", "Words.");
    kit_report();
    check_has("1 person lower, 0 the same, 1 higher in post than in pre.");
    check_has(">1 person the same in post<");
    check_lacks("1 people");
}
END_TEST

Suite *reading_suite(void);
Suite *reading_suite(void) {
    Suite *s = suite_create("report, reading");
    TCase *rule = tcase_create("rule"), *page = tcase_create("page");
    tcase_add_test(rule, difference_needs_interval_and_p);
    tcase_add_test(rule, an_interval_without_limits_says_nothing);
    tcase_add_test(rule, so_few_that_no_p_would_do);
    tcase_add_test(rule, low_level_claims_nothing);
    tcase_add_test(rule, no_interval_claims_only_by_an_exact_test);
    tcase_add_test(rule, kinds_follow_the_words_of_the_table);
    tcase_add_checked_fixture(page, setup, teardown);
    tcase_add_test(page, adjusted_p_of_a_primary_outcome_is_shown);
    tcase_add_test(page, unadjusted_p_of_a_primary_outcome_stands_alone);
    tcase_add_test(page, interval_of_half_the_level_shows_nothing);
    tcase_add_test(page, trends_are_read_as_trends);
    tcase_add_test(page, numbers_near_a_limit_are_not_rounded_onto_it);
    tcase_add_test(page, table_of_people_says_nothing_of_recordings);
    tcase_add_test(page, failed_recordings_are_no_table_of_people);
    tcase_add_test(page, studies_together_have_a_page);
    tcase_add_test(page, provenance_of_a_comparison_is_no_recording);
    tcase_add_test(page, one_person_is_no_people);
    suite_add_tcase(s, rule);
    suite_add_tcase(s, page);
    return s;
}

int main(void) {
    SRunner *r = srunner_create(reading_suite());
    srunner_run_all(r, CK_ENV);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
