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
    q.kind = MYO_CLAIM_TREND;
    ck_assert_int_eq(myo_claim_read(&q), MYO_READING_SHOWN);
    q.level = 0.92;
    ck_assert_int_eq(myo_claim_read(&q), MYO_READING_FEW);
    q.kind = MYO_CLAIM_STUDIES;
    ck_assert_int_eq(myo_claim_read(&q), MYO_READING_SHOWN);
    q.kind = MYO_CLAIM_GROUPS;
    ck_assert_int_eq(myo_claim_read(&q), MYO_READING_SHOWN);
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

Suite *reading_suite(void);
Suite *reading_suite(void) {
    Suite *s = suite_create("report, reading");
    TCase *rule = tcase_create("rule"), *page = tcase_create("page");
    tcase_add_test(rule, difference_needs_interval_and_p);
    tcase_add_test(rule, low_level_claims_nothing);
    tcase_add_test(rule, no_interval_claims_only_by_an_exact_test);
    tcase_add_test(rule, kinds_follow_the_words_of_the_table);
    tcase_add_checked_fixture(page, setup, teardown);
    tcase_add_test(page, adjusted_p_of_a_primary_outcome_is_shown);
    tcase_add_test(page, unadjusted_p_of_a_primary_outcome_stands_alone);
    tcase_add_test(page, interval_of_half_the_level_shows_nothing);
    tcase_add_test(page, numbers_near_a_limit_are_not_rounded_onto_it);
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
