/* test_risk.c - two arms against R (tests/oracle/make_exact.R), trials as printed, and edges. */
#include <check.h>
#include "oracle_case.h"
#include "stats/risk.h"

static const double REL = 1e-9;

static myo_2x2 table_of(const double *a) {
    return (myo_2x2){(int64_t)a[0], (int64_t)a[1], (int64_t)a[2], (int64_t)a[3]};
}

static void check_test(const oracle_case *c, myo_test t, double rel) {
    ck_assert_msg(!t.why, "%s: %s", c->call, t.why);
    oracle_is(c, 0, t.estimate, rel);
    oracle_is(c, 1, t.low, rel);
    oracle_is(c, 2, t.high, rel);
}

static void check_katz(const oracle_case *c) {
    const myo_test t = myo_risk_ratio_katz(table_of(c->arg), c->arg[4]);
    check_test(c, t, REL);
    oracle_is(c, 3, t.p, REL);
}

static void check_score(const oracle_case *c) {
    const myo_test t = myo_risk_ratio_score(table_of(c->arg), c->arg[4]);
    check_test(c, t, REL);
    oracle_is(c, 3, t.p, REL);
}

static void check_newcombe(const oracle_case *c) {
    check_test(c, myo_risk_difference(table_of(c->arg), c->arg[4]), REL);
}

START_TEST(ratio_and_difference_equal_r) {
    ck_assert_int_eq(oracle_each("katz", check_katz), 26);
    ck_assert_int_eq(oracle_each("score", check_score), 66);
    ck_assert_int_eq(oracle_each("newcombe", check_newcombe), 26);
}
END_TEST

static void check_fisher_p(const oracle_case *c) {
    oracle_is(c, 0, myo_fisher(table_of(c->arg), 0.95).p, REL);
}

static void check_fisher_central(const oracle_case *c) {
    oracle_is(c, 0, myo_fisher_central_p(table_of(c->arg)), REL);
}

/* fisher.test itself stops its root finder at 1.22e-4 of the odds ratio, or of its inverse above 1.
 */
static void is_near(const oracle_case *c, size_t i, double got) {
    const double want = c->want[i], tol = 1.3e-4;
    const bool near = got == want || fabs(got - want) < tol || fabs(1.0 / got - 1.0 / want) < tol;
    ck_assert_msg(near, "%s: number %zu is %.17g, by R %.17g", c->call, i, got, want);
}

static void check_fisher(const oracle_case *c) {
    const myo_test t = myo_fisher(table_of(c->arg), c->arg[4]);
    is_near(c, 0, t.estimate);
    is_near(c, 1, t.low);
    is_near(c, 2, t.high);
}

static void check_fisher_fine(const oracle_case *c) {
    check_test(c, myo_fisher(table_of(c->arg), c->arg[4]), REL);
}

START_TEST(fisher_equals_r) {
    ck_assert_int_eq(oracle_each("fisher_p", check_fisher_p), 66);
    ck_assert_int_eq(oracle_each("fisher_central", check_fisher_central), 26);
    ck_assert_int_eq(oracle_each("fisher", check_fisher), 25);
    ck_assert_int_eq(oracle_each("fisher_fine", check_fisher_fine), 65);
}
END_TEST

static void check_katz_coverage(const oracle_case *c) {
    const double *a = c->arg;
    oracle_is(c, 0, myo_risk_ratio_katz_coverage((int64_t)a[0], a[1], (int64_t)a[2], a[3], a[4]),
              REL);
}

static void check_score_coverage(const oracle_case *c) {
    const double *a = c->arg;
    oracle_is(c, 0, myo_risk_ratio_score_coverage((int64_t)a[0], a[1], (int64_t)a[2], a[3], a[4]),
              REL);
}

START_TEST(attained_coverage_equals_r) {
    ck_assert_int_eq(oracle_each("katz_coverage", check_katz_coverage), 4);
    ck_assert_int_eq(oracle_each("score_coverage", check_score_coverage), 2);
}
END_TEST

/* Gueler 2005: magnesium 6 of 25, saline 18 of 25. */
START_TEST(gueler_2005) {
    const myo_2x2 t = {6, 25, 18, 25};
    const myo_test r = myo_risk_ratio_katz(t, 0.95);
    ck_assert_double_eq_tol(r.estimate, 0.3333, 5e-5);
    ck_assert_double_eq_tol(r.low, 0.159, 5e-4);
    ck_assert_double_eq_tol(r.high, 0.698, 5e-4);
    ck_assert_double_eq_tol(myo_fisher(t, 0.95).p, 0.0015, 1e-4);
    const myo_nnt n = myo_nnt_of(myo_risk_difference(t, 0.95));
    ck_assert(!n.two_parts && n.low > 1.0 && n.low < n.estimate && n.estimate < n.high);
    ck_assert_double_eq_tol(n.estimate, 25.0 / 12.0, 1e-12);
}
END_TEST

/* Rashdi 2013: 16 of 25 against 15 of 25, no difference shown. */
START_TEST(rashdi_2013) {
    const myo_2x2 t = {16, 25, 15, 25};
    ck_assert_double_eq(myo_fisher(t, 0.95).p, 1.0);
    ck_assert_double_eq_tol(myo_fisher_central_p(t), 1.0, 1e-12);
    const myo_test s = myo_risk_ratio_score(t, 0.95);
    ck_assert(s.low < 1.0 && s.high > 1.0);
    ck_assert_double_eq_tol(s.p, 0.77, 5e-3);
    const myo_nnt n = myo_nnt_of(myo_risk_difference(t, 0.95));
    ck_assert(n.two_parts && n.low < -1.0 && n.high > 1.0);
    ck_assert_double_eq_tol(n.estimate, -25.0, 1e-9);
}
END_TEST

START_TEST(harm_has_a_negative_number) {
    const myo_test d = myo_risk_difference((myo_2x2){60, 71, 30, 71}, 0.95);
    const myo_nnt n = myo_nnt_of(d);
    ck_assert(!n.two_parts && n.high < 0.0);
    ck_assert(n.low < n.estimate && n.estimate < n.high);
    ck_assert_double_eq_tol(n.low, -1.0 / d.low, 1e-12);
}
END_TEST

START_TEST(no_difference_needs_infinitely_many) {
    const myo_nnt n = myo_nnt_of(myo_risk_difference((myo_2x2){5, 10, 5, 10}, 0.95));
    ck_assert(n.two_parts && isinf(n.estimate) && n.low < -1.0 && n.high > 1.0);
    const myo_nnt none = myo_nnt_of(myo_test_none("x"));
    ck_assert(isnan(none.estimate) && isnan(none.low) && isnan(none.high) && !none.two_parts);
    const myo_nnt edge = myo_nnt_of((myo_test){.estimate = -0.2, .low = -0.4, .high = 0.0});
    ck_assert(edge.two_parts && edge.low == -INFINITY && edge.high == 2.5);
}
END_TEST

START_TEST(arms_exchanged_give_the_inverse) {
    for (int64_t a = 0; a <= 12; a++) {
        for (int64_t c = a == 0; c <= 9; c++) {
            const myo_2x2 t = {a, 12, c, 9}, u = {c, 9, a, 12};
            const myo_test x = myo_risk_ratio_score(t, 0.95), y = myo_risk_ratio_score(u, 0.95);
            ck_assert((x.low == 0.0 && isinf(y.high)) || fabs(x.low * y.high - 1.0) < 1e-10);
            ck_assert_double_eq_tol(x.p, y.p, 1e-12);
            const myo_test k = myo_risk_ratio_katz(t, 0.9), l = myo_risk_ratio_katz(u, 0.9);
            ck_assert_double_eq_tol(k.low * l.high, 1.0, 1e-12);
            const myo_test d = myo_risk_difference(t, 0.95), e = myo_risk_difference(u, 0.95);
            ck_assert_double_eq_tol(d.low, -e.high, 1e-14);
        }
    }
}
END_TEST

START_TEST(intervals_hold_their_estimate) {
    for (int64_t a = 0; a <= 11; a++) {
        for (int64_t c = a == 0; c <= 7; c++) {
            const myo_2x2 t = {a, 11, c, 7};
            const myo_test s = myo_risk_ratio_score(t, 0.95), k = myo_risk_ratio_katz(t, 0.95);
            ck_assert(s.low <= s.estimate && (s.estimate <= s.high || c == 0));
            ck_assert(k.low < k.estimate && k.estimate < k.high && isfinite(k.high));
            const myo_test d = myo_risk_difference(t, 0.95);
            ck_assert(d.low >= -1.0 && d.low <= d.estimate);
            ck_assert(d.high <= 1.0 && d.high >= d.estimate);
        }
    }
}
END_TEST

/* The exact interval leaves 1 out exactly where the central p says so. */
START_TEST(exact_interval_and_central_p_agree) {
    for (int64_t a = 0; a <= 14; a++) {
        for (int64_t c = a == 0; c <= 14 && a + c < 29; c++) {
            const myo_2x2 t = {a, 14, c, 15};
            const myo_test f = myo_fisher(t, 0.95);
            ck_assert_int_eq(myo_fisher_central_p(t) < 0.05, f.low > 1.0 || f.high < 1.0);
        }
    }
}
END_TEST

START_TEST(tables_without_ground_say_why) {
    ck_assert_str_eq(myo_risk_ratio_katz((myo_2x2){0, 0, 1, 5}, 0.95).why, "an arm without people");
    ck_assert_str_eq(myo_risk_ratio_score((myo_2x2){0, 4, 0, 5}, 0.95).why,
                     "no event in either arm");
    ck_assert_str_eq(myo_fisher((myo_2x2){4, 4, 5, 5}, 0.95).why, "everybody had the event");
    ck_assert_str_eq(myo_fisher((myo_2x2){5, 4, 5, 5}, 0.95).why, "a count outside its arm");
    ck_assert_str_eq(myo_risk_difference((myo_2x2){-1, 4, 5, 5}, 0.95).why,
                     "a count outside its arm");
    ck_assert_ptr_nonnull(myo_risk_difference((myo_2x2){1, 4, 5, 5}, 1.0).why);
    ck_assert(isnan(myo_fisher_central_p((myo_2x2){0, 4, 0, 5})));
    ck_assert_ptr_null(myo_risk_difference((myo_2x2){0, 4, 0, 5}, 0.95).why);
}
END_TEST

START_TEST(coverage_refuses_what_it_cannot_go_through) {
    ck_assert(isnan(myo_risk_ratio_katz_coverage(1001, 0.5, 10, 0.5, 0.95)));
    ck_assert(isnan(myo_risk_ratio_katz_coverage(10, 0.0, 10, 0.5, 0.95)));
    ck_assert(isnan(myo_risk_ratio_score_coverage(10, 0.5, 0, 0.5, 0.95)));
    ck_assert(isnan(myo_risk_ratio_score_coverage(10, 0.5, 10, 0.5, 95.0)));
    const double large = myo_risk_ratio_katz_coverage(1000, 0.3, 1000, 0.4, 0.95);
    ck_assert_double_eq_tol(large, 0.95, 2e-3);
}
END_TEST

static Suite *suite(void) {
    Suite *s = suite_create("risk");
    TCase *c = tcase_create("risk");
    tcase_add_test(c, ratio_and_difference_equal_r);
    tcase_add_test(c, fisher_equals_r);
    tcase_add_test(c, attained_coverage_equals_r);
    tcase_add_test(c, gueler_2005);
    tcase_add_test(c, rashdi_2013);
    tcase_add_test(c, harm_has_a_negative_number);
    tcase_add_test(c, no_difference_needs_infinitely_many);
    tcase_add_test(c, arms_exchanged_give_the_inverse);
    tcase_add_test(c, intervals_hold_their_estimate);
    tcase_add_test(c, exact_interval_and_central_p_agree);
    tcase_add_test(c, tables_without_ground_say_why);
    tcase_add_test(c, coverage_refuses_what_it_cannot_go_through);
    suite_add_tcase(s, c);
    return s;
}

int main(void) {
    SRunner *sr = srunner_create(suite());
    srunner_run_all(sr, CK_NORMAL);
    const int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed;
}
