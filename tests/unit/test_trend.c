/* test_trend.c - correlations, slopes and trends against R and SciPy (tests/oracle/make_rank.R and
 * make_slope.py), and what they do not show. */
#include <check.h>
#include <math.h>
#include "base/base.h"
#include "oracle.h"
#include "stats/kendall.h"
#include "stats/trend.h"

START_TEST(correlations_equal_r) {
    tsv *t = oracle_read("correlation");
    oracle_list x, y, limits;
    for (int row = 1; row < t->n_rows; row++) {
        myo_trend s, k;
        oracle_get(t, row, "x", &x);
        oracle_get(t, row, "y", &y);
        oracle_get(t, row, "rho_limits", &limits);
        ck_assert_int_eq(myo_spearman(x.v, y.v, x.n, 0.95, &s), MYO_OK);
        ck_assert_int_eq(myo_kendall(x.v, y.v, x.n, &k), MYO_OK);
        ck_assert(!s.test.why && !k.test.why);
        oracle_close(s.test.estimate, tsv_number(t, row, "rho"), t, row, "rho");
        oracle_close(s.test.p, tsv_number(t, row, "rho_p"), t, row, "p of rho");
        oracle_close(s.test.low, limits.v[0], t, row, "low");
        oracle_close(s.test.high, limits.v[1], t, row, "high");
        oracle_close(k.test.estimate, tsv_number(t, row, "tau"), t, row, "tau");
        oracle_close(k.test.statistic, tsv_number(t, row, "s"), t, row, "S");
        oracle_close(k.test.p, tsv_number(t, row, "tau_p"), t, row, "p of tau");
        ck_assert(s.exact == (x.n <= MYO_PERMUTE_EXACT));
        ck_assert(k.exact == (strstr(tsv_text(t, row, "kendall"), "exact = FALSE") == NULL));
    }
    ck_assert_int_ge(t->n_rows, 33);
    tsv_free(t);
}
END_TEST

static void check_slopes(const char *name, bool exact) {
    tsv *t = oracle_read(name);
    oracle_list x, y, want;
    for (int row = 1; row < t->n_rows; row++) {
        myo_trend s;
        const double level = tsv_number(t, row, "level");
        oracle_get(t, row, "x", &x);
        oracle_get(t, row, "y", &y);
        oracle_get(t, row, "slope", &want);
        ck_assert_int_eq(myo_theil_sen(x.v, y.v, x.n, level, &s), MYO_OK);
        ck_assert_ptr_null(s.test.why);
        oracle_close(s.test.estimate, want.v[0], t, row, "slope");
        oracle_close(s.test.low, want.v[1], t, row, "low");
        oracle_close(s.test.high, want.v[2], t, row, "high");
        if (exact) {
            oracle_close(s.test.level, want.v[3], t, row, "level");
        } else { /* SciPy names the level asked for; ours is what it attains */
            ck_assert(s.test.level > 0.0 && s.test.level <= 1.0 + 1e-12);
        }
        if (exact) {
            oracle_close(s.test.p, tsv_number(t, row, "p"), t, row, "p");
        }
    }
    ck_assert_int_ge(t->n_rows, 13);
    tsv_free(t);
}

START_TEST(slopes_without_ties_equal_kendalls_distribution) {
    check_slopes("slope", true);
}
END_TEST

START_TEST(slopes_with_ties_equal_scipy) {
    check_slopes("slope_scipy", false);
}
END_TEST

/* With x = 0 0 10 the two slopes are in either order alike: 0, 1 or 2 below the true one, each a third. */
START_TEST(ties_in_x_are_paid_for_in_level) {
    const double x[] = {0, 0, 10}, y[] = {1, 2, 4};
    const double x4[] = {0, 0, 10, 10}, y4[] = {1, 3, 2, 5};
    myo_trend s;
    ck_assert_int_eq(myo_theil_sen(x, y, 3, 0.95, &s), MYO_OK);
    ck_assert_double_eq_tol(s.test.level, 1.0 / 3.0, 1e-12);
    ck_assert_int_eq(myo_theil_sen(x4, y4, 4, 0.95, &s), MYO_OK);
    ck_assert_double_eq_tol(s.test.level, 2.0 / 3.0, 1e-12); /* 1 1 2 1 1 of 6 */
    double *free_law = myo_kendall_cum(7), *law;
    const double apart[] = {3, 1, 2, 7, 5, 4, 6};
    law = myo_kendall_cum_tied(apart, 7);
    for (int k = 0; k <= 21; k++) {
        ck_assert_double_eq_tol(law[k], free_law[k], 1e-12);
    }
    myo_free(law);
    myo_free(free_law);
}
END_TEST

START_TEST(trends_of_proportions_equal_r) {
    tsv *t = oracle_read("prop_trend");
    oracle_list events, n, score;
    for (int row = 1; row < t->n_rows; row++) {
        int64_t e[8], m[8];
        oracle_get(t, row, "events", &events);
        oracle_get(t, row, "n", &n);
        oracle_get(t, row, "score", &score);
        for (size_t i = 0; i < n.n; i++) {
            e[i] = (int64_t)events.v[i];
            m[i] = (int64_t)n.v[i];
        }
        myo_trend a, b;
        ck_assert_int_eq(myo_prop_trend(e, m, score.v, n.n, &a), MYO_OK);
        ck_assert_int_eq(myo_prop_trend_exact(e, m, score.v, n.n, &b), MYO_OK);
        oracle_close(a.test.estimate, tsv_number(t, row, "slope"), t, row, "slope");
        oracle_close(a.test.statistic, tsv_number(t, row, "chi2"), t, row, "chi2");
        oracle_close(a.test.p, tsv_number(t, row, "p"), t, row, "p");
        if (strcmp(tsv_text(t, row, "exact_p"), "n/a") != 0) {
            oracle_close(b.test.p, tsv_number(t, row, "exact_p"), t, row, "exact p");
            ck_assert(b.exact && !a.exact);
            oracle_close(b.test.estimate, a.test.estimate, t, row, "exact test's slope");
        }
    }
    ck_assert_int_ge(t->n_rows, 17);
    tsv_free(t);
}
END_TEST

START_TEST(scores_are_one_two_three_unless_given) {
    const int64_t events[] = {1, 4, 9}, n[] = {10, 10, 10};
    const double score[] = {1, 2, 3}, twice[] = {12, 14, 16};
    myo_trend a, b, c;
    ck_assert_int_eq(myo_prop_trend(events, n, NULL, 3, &a), MYO_OK);
    ck_assert_int_eq(myo_prop_trend(events, n, score, 3, &b), MYO_OK);
    ck_assert_int_eq(myo_prop_trend(events, n, twice, 3, &c), MYO_OK);
    ck_assert(a.test.p == b.test.p && a.test.estimate == b.test.estimate);
    ck_assert_double_eq_tol(c.test.p, a.test.p, 1e-12);
    ck_assert_double_eq_tol(2.0 * c.test.estimate, a.test.estimate, 1e-12);
    ck_assert_double_eq_tol(a.test.estimate, 0.4, 1e-12);
}
END_TEST

START_TEST(trend_of_proportions_says_why_not) {
    const int64_t none[] = {0, 0}, all[] = {3, 4}, wrong[] = {5, 1}, n[] = {3, 4}, empty[] = {3, 0};
    const int64_t huge[] = {2000000000, 2000000000}, part[] = {1, 0};
    const int64_t many[] = {40, 40, 40, 40, 40, 40}, half[] = {20, 20, 20, 20, 20, 20};
    const double same[] = {2, 2}, nan[] = {1, NAN};
    myo_trend r;
    ck_assert_int_eq(myo_prop_trend(none, n, NULL, 2, &r), MYO_OK);
    ck_assert_str_eq(r.test.why, "no event");
    ck_assert_int_eq(myo_prop_trend(all, n, NULL, 2, &r), MYO_OK);
    ck_assert_str_eq(r.test.why, "everybody had the event");
    ck_assert_int_eq(myo_prop_trend(wrong, n, NULL, 2, &r), MYO_OK);
    ck_assert_str_eq(r.test.why, "a count is outside its group");
    ck_assert_int_eq(myo_prop_trend(part, empty, NULL, 2, &r), MYO_OK);
    ck_assert_str_eq(r.test.why, "fewer than two scores");
    ck_assert_int_eq(myo_prop_trend(part, n, same, 2, &r), MYO_OK);
    ck_assert_str_eq(r.test.why, "fewer than two scores");
    ck_assert_int_eq(myo_prop_trend(part, n, nan, 2, &r), MYO_OK);
    ck_assert_str_eq(r.test.why, "a value is not finite");
    ck_assert_int_eq(myo_prop_trend(part, huge, NULL, 2, &r), MYO_OK);
    ck_assert_str_eq(r.test.why, "more than 2147483647 people");
    ck_assert_int_eq(myo_prop_trend_exact(half, many, NULL, 6, &r), MYO_OK);
    ck_assert_str_eq(r.test.why, "more than two million tables");
    ck_assert(!r.exact && isnan(r.test.p));
}
END_TEST

START_TEST(trend_says_why_not) {
    const double x[] = {1, 2, 3}, same[] = {2, 2, 2}, inf[] = {1, 2, INFINITY};
    myo_trend r;
    ck_assert_int_eq(myo_spearman(x, x, 2, 0.95, &r), MYO_OK);
    ck_assert_str_eq(r.test.why, "fewer than three points");
    ck_assert_int_eq(myo_kendall(x, same, 3, &r), MYO_OK);
    ck_assert_str_eq(r.test.why, "all values are equal");
    ck_assert_int_eq(myo_theil_sen(same, x, 3, 0.95, &r), MYO_OK);
    ck_assert_str_eq(r.test.why, "all values are equal");
    ck_assert_int_eq(myo_theil_sen(x, inf, 3, 0.95, &r), MYO_OK);
    ck_assert_str_eq(r.test.why, "a value is not finite");
    ck_assert_int_eq(myo_theil_sen(x, x, 3, 1.5, &r), MYO_OK);
    ck_assert_str_eq(r.test.why, "the level is not between 0 and 1");
    static double many[MYO_SLOPE_MAX + 1];
    for (int i = 0; i <= MYO_SLOPE_MAX; i++) {
        many[i] = i;
    }
    ck_assert_int_eq(myo_theil_sen(many, many, MYO_SLOPE_MAX + 1, 0.95, &r), MYO_OK);
    ck_assert_str_eq(r.test.why, "more than 4096 points");
    ck_assert(isnan(r.test.estimate) && isnan(r.test.p));
}
END_TEST

/* Perfect order: p is what the permutations say, never 0. */
START_TEST(perfect_order_has_a_p) {
    double x[200], fact = 0.0;
    for (int i = 0; i < 200; i++) {
        x[i] = i;
    }
    myo_trend s, k;
    for (size_t n = 3; n <= 20; n++) {
        fact = 0.0;
        for (size_t i = 2; i <= n; i++) {
            fact += log((double)i);
        }
        ck_assert_int_eq(myo_spearman(x, x, n, 0.95, &s), MYO_OK);
        ck_assert_int_eq(myo_kendall(x, x, n, &k), MYO_OK);
        ck_assert(s.test.estimate == 1.0 && k.test.estimate == 1.0);
        ck_assert_double_eq_tol(log(s.test.p), log(2.0) - fact, 1e-9);
        ck_assert_double_eq_tol(log(k.test.p), log(2.0) - fact, 1e-9);
    }
    ck_assert_int_eq(myo_spearman(x, x, 200, 0.95, &s), MYO_OK);
    ck_assert_int_eq(myo_kendall(x, x, 200, &k), MYO_OK);
    ck_assert(s.test.p > 0.0 && k.test.p > 0.0);
}
END_TEST

START_TEST(three_sessions_get_what_they_deserve) {
    const double day[] = {0, 7, 21}, rate[] = {30, 22, 11};
    myo_trend r;
    ck_assert_int_eq(myo_theil_sen(day, rate, 3, 0.95, &r), MYO_OK);
    ck_assert_double_eq_tol(r.test.estimate, -19.0 / 21.0, 1e-12);
    ck_assert_double_eq_tol(r.test.low, -8.0 / 7.0, 1e-12);
    ck_assert_double_eq_tol(r.test.high, -11.0 / 14.0, 1e-12);
    ck_assert_double_eq_tol(r.test.level, 2.0 / 3.0, 1e-12);
    ck_assert_double_eq_tol(r.test.p, 1.0 / 3.0, 1e-12);
}
END_TEST

START_TEST(no_memory_is_told) {
    const double x[] = {1, 2, 3, 4, 5}, y[] = {2, 4, 1, 9, 7};
    int failures = 0;
    for (int64_t n = 1; n <= 40; n++) {
        myo_trend a = {.test = {.p = 7.0}}, b = a, c = a;
        myo_mem_fail_at(n);
        const myo_err ea = myo_spearman(x, y, 5, 0.95, &a), eb = myo_kendall(x, y, 5, &b);
        const myo_err ec = myo_theil_sen(x, y, 5, 0.95, &c);
        myo_mem_fail_at(0);
        ck_assert(ea == MYO_OK || (ea == MYO_ERR_NOMEM && a.test.p == 7.0));
        ck_assert(eb == MYO_OK || (eb == MYO_ERR_NOMEM && b.test.p == 7.0));
        ck_assert(ec == MYO_OK || (ec == MYO_ERR_NOMEM && c.test.p == 7.0));
        failures += ea != MYO_OK || eb != MYO_OK || ec != MYO_OK;
    }
    ck_assert_int_ge(failures, 15);
    ck_assert_int_lt(failures, 40);
}
END_TEST

int main(void) {
    Suite *s = suite_create("trend");
    TCase *c = tcase_create("trend");
    tcase_set_timeout(c, 60);
    tcase_add_test(c, correlations_equal_r);
    tcase_add_test(c, slopes_without_ties_equal_kendalls_distribution);
    tcase_add_test(c, slopes_with_ties_equal_scipy);
    tcase_add_test(c, ties_in_x_are_paid_for_in_level);
    tcase_add_test(c, trends_of_proportions_equal_r);
    tcase_add_test(c, scores_are_one_two_three_unless_given);
    tcase_add_test(c, trend_of_proportions_says_why_not);
    tcase_add_test(c, trend_says_why_not);
    tcase_add_test(c, perfect_order_has_a_p);
    tcase_add_test(c, three_sessions_get_what_they_deserve);
    tcase_add_test(c, no_memory_is_told);
    suite_add_tcase(s, c);
    SRunner *sr = srunner_create(s);
    srunner_run_all(sr, CK_NORMAL);
    const int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed;
}
