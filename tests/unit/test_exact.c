/* test_exact.c - proportions and rates against R (tests/oracle/make_exact.R), and their edges. */
#include <check.h>
#include "base/base.h"
#include "oracle_case.h"
#include "stats/exact.h"
#include "stats/law.h"
#include "stats/order.h"
#include "stats/stats.h"
#include "stats/tail.h"

static const double REL = 1e-9; /* most agree to 1e-12 */

static void check_limits(const oracle_case *c,
                         void (*limits)(int64_t, int64_t, double, double *, double *)) {
    double lo, hi;
    limits((int64_t)c->arg[0], (int64_t)c->arg[1], c->arg[2], &lo, &hi);
    oracle_is(c, 0, lo, REL);
    oracle_is(c, 1, hi, REL);
}

static void check_clopper(const oracle_case *c) {
    check_limits(c, myo_binom_limits);
}

static void check_midp_limits(const oracle_case *c) {
    check_limits(c, myo_binom_midp_limits);
}

static void check_wilson(const oracle_case *c) {
    check_limits(c, myo_wilson_limits);
}

START_TEST(limits_of_a_proportion_equal_r) {
    ck_assert_int_eq(oracle_each("binom_limits", check_clopper), 64);
    ck_assert_int_eq(oracle_each("binom_midp_limits", check_midp_limits), 19);
    ck_assert_int_eq(oracle_each("wilson_limits", check_wilson), 19);
}
END_TEST

static void check_binom_p(const oracle_case *c) {
    oracle_is(c, 0, myo_binom_p((int64_t)c->arg[0], (int64_t)c->arg[1], c->arg[2]), REL);
}

static void check_binom_midp(const oracle_case *c) {
    oracle_is(c, 0, myo_binom_midp((int64_t)c->arg[0], (int64_t)c->arg[1], c->arg[2]), REL);
}

START_TEST(p_of_a_proportion_equals_r) {
    ck_assert_int_eq(oracle_each("binom_p", check_binom_p), 76);
    ck_assert_int_eq(oracle_each("binom_midp", check_binom_midp), 76);
}
END_TEST

static void check_test(const oracle_case *c, myo_test t) {
    ck_assert_msg(!t.why, "%s: %s", c->call, t.why);
    oracle_is(c, 0, t.estimate, REL);
    oracle_is(c, 1, t.low, REL);
    oracle_is(c, 2, t.high, REL);
}

static void check_rate_ratio(const oracle_case *c) {
    const double *a = c->arg;
    const myo_test t = myo_rate_ratio((int64_t)a[0], a[1], (int64_t)a[2], a[3], a[4]);
    check_test(c, t);
    oracle_is(c, 3, t.p, REL);
}

static void check_rate_ratio_midp(const oracle_case *c) {
    const double *a = c->arg;
    const myo_test t = myo_rate_ratio_midp((int64_t)a[0], a[1], (int64_t)a[2], a[3], a[4]);
    check_test(c, t);
    oracle_is(c, 3, t.p, REL);
}

static void check_rate_difference(const oracle_case *c) {
    const double *a = c->arg;
    check_test(c, myo_rate_difference((int64_t)a[0], a[1], 1.0, INFINITY, (int64_t)a[2], a[3], 1.0,
                                      INFINITY, a[4]));
}

START_TEST(rates_compare_as_in_r) {
    ck_assert_int_eq(oracle_each("rate_ratio", check_rate_ratio), 40);
    ck_assert_int_eq(oracle_each("rate_ratio_midp", check_rate_ratio_midp), 20);
    ck_assert_int_eq(oracle_each("rate_difference", check_rate_difference), 40);
}
END_TEST

static void check_quasi(const oracle_case *c) {
    const double *a = c->arg;
    const myo_test t = myo_rate_ratio_quasi((int64_t)a[0], a[1], a[2], a[3], (int64_t)a[4], a[5],
                                            a[6], a[7], a[8]);
    check_test(c, t);
    oracle_is(c, 3, t.p, REL);
    oracle_is(c, 4, t.statistic, REL);
}

START_TEST(clustered_rates_compare_as_in_r) {
    ck_assert_int_eq(oracle_each("rate_ratio_quasi", check_quasi), 15);
}
END_TEST

/* glm stops iterating at 1e-14 of the deviance, which leaves its mean good to about 1e-8. */
static void check_dispersion(const oracle_case *c) {
    const size_t n = c->n_arg / 2;
    const myo_test t = myo_dispersion(c->arg, c->arg + n, n);
    ck_assert_ptr_null(t.why);
    oracle_is(c, 0, t.estimate, 1e-7);
    oracle_is(c, 1, t.statistic, 1e-7);
    oracle_is(c, 2, t.p, 1e-6);
}

START_TEST(scatter_of_counts_equals_r) {
    ck_assert_int_eq(oracle_each("dispersion", check_dispersion), 8);
}
END_TEST

/* A shift of one side into the other turns the ratio over. */
START_TEST(sides_exchanged_give_the_inverse) {
    const int64_t n[] = {0, 1, 7, 40, 1000, 999999};
    for (size_t i = 0; i < 6; i++) {
        for (size_t j = 1; j < 6; j++) {
            const myo_test a = myo_rate_ratio(n[i], 2.0, n[j], 3.0, 0.95);
            const myo_test b = myo_rate_ratio(n[j], 3.0, n[i], 2.0, 0.95);
            ck_assert_double_eq_tol(a.p, b.p, 1e-12);
            ck_assert(a.low * b.high >= 1.0 - 1e-11 && a.low * b.high <= 1.0 + 1e-11);
            const myo_test c = myo_rate_ratio_quasi(n[i], 2.0, 2.5, 9.0, n[j], 3.0, 1.7, 4.0, 0.9);
            const myo_test d = myo_rate_ratio_quasi(n[j], 3.0, 1.7, 4.0, n[i], 2.0, 2.5, 9.0, 0.9);
            ck_assert(c.low * d.high >= 1.0 - 1e-11 && c.low * d.high <= 1.0 + 1e-11);
            ck_assert_double_eq_tol(c.p, d.p, 1e-12);
        }
    }
}
END_TEST

/* The interval excludes 1 exactly where p is below 1 - level (mid-p and quasi: by construction). */
START_TEST(interval_and_p_agree) {
    for (int64_t ref = 0; ref <= 40; ref += 4) {
        for (int64_t con = 1; con <= 40; con += 3) {
            const myo_test m = myo_rate_ratio_midp(ref, 1.3, con, 1.0, 0.95);
            ck_assert_int_eq(m.p<0.05, m.low> 1.0 || m.high < 1.0);
            const myo_test q = myo_rate_ratio_quasi(ref, 1.3, 1.4, 20.0, con, 1.0, 3.0, 9.0, 0.95);
            ck_assert_int_eq(q.p<0.05, q.low> 1.0 || q.high < 1.0);
        }
    }
}
END_TEST

START_TEST(midp_lies_within_exact) {
    for (int64_t k = 0; k <= 25; k++) {
        double lo, hi, mid_lo, mid_hi;
        myo_binom_limits(k, 25, 0.95, &lo, &hi);
        myo_binom_midp_limits(k, 25, 0.95, &mid_lo, &mid_hi);
        ck_assert(lo <= mid_lo && mid_lo <= (double)k / 25.0);
        ck_assert(hi >= mid_hi && mid_hi >= (double)k / 25.0);
    }
}
END_TEST

START_TEST(rates_without_ground_say_why) {
    ck_assert_str_eq(myo_rate_ratio(0, 1.0, 0, 1.0, 0.95).why, "no event in either");
    ck_assert_str_eq(myo_rate_ratio(1, 0.0, 3, 1.0, 0.95).why, "no exposure");
    ck_assert_str_eq(myo_rate_ratio(1, 1.0, 3, NAN, 0.95).why, "no exposure");
    ck_assert_str_eq(myo_rate_ratio(1, 1.0, 3, INFINITY, 0.95).why, "no exposure");
    ck_assert_str_eq(myo_rate_ratio(-1, 1.0, 3, 1.0, 0.95).why, "a count below zero");
    ck_assert_str_eq(myo_rate_ratio(1, 1.0, 3, 1.0, 1.0).why, myo_why_level);
    const myo_test t = myo_rate_ratio_midp(0, 1.0, 0, 1.0, 0.95);
    ck_assert(t.why && isnan(t.p) && isnan(t.estimate) && isnan(t.low) && isnan(t.level));
    ck_assert_str_eq(myo_rate_ratio_quasi(3, 1.0, NAN, 0, 2, 1.0, NAN, 0, 0.95).why,
                     "the scatter of counts is not known");
    ck_assert_str_eq(myo_rate_difference(0, 1.0, 1, 5, 0, 1.0, 1, 5, 0.95).why,
                     "no event in either");
}
END_TEST

START_TEST(a_proportion_without_ground_is_nan) {
    double lo, hi;
    myo_binom_limits(0, 0, 0.95, &lo, &hi);
    ck_assert(isnan(lo) && isnan(hi));
    myo_wilson_limits(4, 3, 0.95, &lo, &hi);
    ck_assert(isnan(lo) && isnan(hi));
    myo_binom_midp_limits(1, 3, 0.0, &lo, &hi);
    ck_assert(isnan(lo) && isnan(hi));
    ck_assert(isnan(myo_binom_p(-1, 3, 0.5)) && isnan(myo_binom_p(1, 3, 1.5)));
    ck_assert(isnan(myo_binom_midp(1, 3, NAN)));
    ck_assert_double_eq(myo_binom_p(3, 3, 1.0), 1.0);
    ck_assert_double_eq(myo_binom_p(2, 3, 1.0), 0.0);
    ck_assert_double_eq(myo_binom_midp(0, 3, 0.0), 1.0);
}
END_TEST

/* F of one side missing (no event there) is the other's; below 1 it counts as 1. */
START_TEST(scatter_is_borrowed_and_floored) {
    const myo_test both = myo_rate_ratio_quasi(20, 1.0, 3.0, 10.0, 0, 1.0, 3.0, 1e9, 0.95);
    const myo_test one = myo_rate_ratio_quasi(20, 1.0, 3.0, 10.0, 0, 1.0, NAN, 0.0, 0.95);
    ck_assert_double_eq(one.statistic, 3.0);
    ck_assert_double_eq(one.low, 0.0);
    ck_assert(one.high > both.high); /* ten degrees of freedom only */
    const myo_test less = myo_rate_ratio_quasi(20, 1.0, 0.4, 10.0, 9, 1.0, 0.7, 10.0, 0.95);
    const myo_test unit = myo_rate_ratio_quasi(20, 1.0, 1.0, 10.0, 9, 1.0, 1.0, 10.0, 0.95);
    ck_assert_double_eq(less.low, unit.low);
    ck_assert_double_eq(less.high, unit.high);
    ck_assert_double_eq(less.p, unit.p);
}
END_TEST

/* More scatter or less knowledge of it never shortens the interval. */
START_TEST(scatter_widens) {
    double last_low = 1.0, last_high = 1.0;
    for (double f = 1.0; f < 6.0; f += 0.5) {
        const myo_test t = myo_rate_ratio_quasi(30, 1.0, f, 20.0, 30, 1.0, 1.0, 20.0, 0.95);
        const myo_test few = myo_rate_ratio_quasi(30, 1.0, f, 3.0, 30, 1.0, 1.0, 2.0, 0.95);
        ck_assert(t.low < last_low && t.high > last_high);
        ck_assert(few.low < t.low && few.high > t.high);
        last_low = t.low;
        last_high = t.high;
    }
}
END_TEST

START_TEST(scatter_sees_trains_longer_than_bins)
{
    /* A train of 12 events every 60 bins, an event a bin: single bins show no cluster. */
    double y[240];
    for (size_t i = 0; i < 240; i++) {
        y[i] = i % 60 < 12 ? 1.0 : 0.0;
    }
    ck_assert(myo_fano(y, NULL, 240) < 1.0);
    myo_scatter s;
    ck_assert_int_eq(myo_scatter_of(y, NULL, 240, &s), MYO_OK);
    ck_assert_double_eq_tol(s.df, 3.2 * 240.0 / 28.0, 1e-12); /* windows of sqrt(3.2 * 240) */
    ck_assert(s.f > 4.0);
}
END_TEST

/* By hand: windows of three of fifteen bins, 0.6 events on average; half of three is one. */
START_TEST(scatter_is_that_of_overlapping_windows)
{
    double y[15] = {0};
    myo_scatter s;
    y[0] = y[1] = y[2] = 1.0; /* one window has 3, two have 2, two have 1 */
    ck_assert_int_eq(myo_scatter_of(y, NULL, 15, &s), MYO_OK);
    const double sum = 2.4 * 2.4 + 2 * 1.4 * 1.4 + 2 * 0.4 * 0.4 + 10 * 0.6 * 0.6;
    const double wide = sum / 0.6 / (15.0 - 3.0), narrow = myo_fano(y, NULL, 15);
    ck_assert(wide > narrow);
    ck_assert_double_eq_tol(s.seen, wide, 1e-12);
    ck_assert_double_eq_tol(s.seen_df, 1.38 * 5.0, 1e-12);
    ck_assert_double_eq_tol(s.f, wide + 3.0 * (wide - narrow), 1e-12);
    ck_assert_double_eq(s.df, 14.0); /* no more than bins have */
}
END_TEST

/* Clusters that come evenly are fewer than expected in long windows: no growth. */
START_TEST(scatter_that_grows_no_more_is_not_carried_on)
{
    double y[20] = {0};
    myo_scatter s;
    y[3] = 2.0;
    y[8] = 2.0;
    y[13] = 2.0;
    y[18] = 2.0;
    ck_assert_int_eq(myo_scatter_of(y, NULL, 20, &s), MYO_OK);
    ck_assert(s.seen < myo_fano(y, NULL, 20));
    ck_assert_double_eq(s.f, s.seen);
}
END_TEST

START_TEST(scatter_sees_clusters_that_come_evenly)
{
    double y[80];
    for (size_t i = 0; i < 80; i++) {
        y[i] = i % 8 == 0 ? 6.0 : 0.0;
    }
    myo_scatter s;
    ck_assert_int_eq(myo_scatter_of(y, NULL, 80, &s), MYO_OK);
    ck_assert_double_eq_tol(s.f, 2.0 / 3.0 * myo_fano(y, NULL, 80), 1e-12);
}
END_TEST

START_TEST(scatter_leaves_masked_bins_out)
{
    const double y[] = {3, 100, 0, 2, 5}, t[] = {1, 0, 1, 0.5, 1}, y4[] = {3, 0, 2, 5};
    const double t4[] = {1, 1, 0.5, 1};
    myo_scatter s;
    ck_assert_int_eq(myo_scatter_of(y, t, 5, &s), MYO_OK);
    ck_assert_double_eq(s.df, 3.0);
    ck_assert_double_eq_tol(s.f, myo_fano(y4, t4, 4), 1e-12);
    ck_assert_int_eq(myo_scatter_of(y, t, 0, &s), MYO_OK);
    ck_assert(isnan(s.f) && s.df == 0.0);
    ck_assert_int_eq(myo_scatter_of(y, t, 2, &s), MYO_OK);
    ck_assert(isnan(s.f));
}
END_TEST

START_TEST(scatter_survives_without_memory) {
    const double y[] = {3, 1, 0};
    myo_scatter s = {.f = -1.0, .df = -1.0};
    myo_mem_fail_at(1);
    ck_assert_int_eq(myo_scatter_of(y, NULL, 3, &s), MYO_ERR_NOMEM);
    myo_mem_fail_at(0);
    ck_assert(s.f == -1.0 && s.df == -1.0);
}
END_TEST

START_TEST(dispersion_says_why_not) {
    const double y[] = {0, 0, 0}, t[] = {1, 0, 0};
    ck_assert_str_eq(myo_dispersion(y, NULL, 3).why, "no event");
    ck_assert_str_eq(myo_dispersion(y, t, 3).why, "fewer than two bins");
    ck_assert_str_eq(myo_dispersion(y, t, 0).why, "fewer than two bins");
}
END_TEST

/* The tails of a law sum to 1 with the point itself, at every point and far from the mode. */
START_TEST(tails_of_a_law_sum_to_one) {
    const myo_law law[] = {myo_law_binomial(30), myo_law_binomial(100000),
                           myo_law_fisher(20, 30, 25), myo_law_fisher(3000, 70, 1500)};
    for (size_t i = 0; i < 4; i++) {
        const int64_t step = 1 + (law[i].hi - law[i].lo) / 50;
        for (double theta = -3.0; theta <= 3.0; theta += 1.0) {
            for (int64_t k = law[i].lo; k <= law[i].hi; k += step) {
                const double above = exp(myo_law_ln_tail(&law[i], theta, k, 1.0, false));
                const double below = exp(myo_law_ln_tail(&law[i], theta, k, 0.0, true));
                ck_assert_double_eq_tol(above + below, 1.0, 1e-11);
            }
        }
    }
}
END_TEST

START_TEST(root_is_found_to_the_last_digits) {
    const myo_law law = myo_law_fisher(8, 9, 7);
    for (int64_t k = 1; k < 7; k++) {
        ck_assert_double_eq_tol(myo_law_mean(&law, myo_law_estimate(&law, k)), (double)k, 1e-12);
    }
    ck_assert(myo_law_estimate(&law, 0) == -INFINITY && myo_law_estimate(&law, 7) == INFINITY);
}
END_TEST

/* Counts of a million and a thousand million: limits near those of the normal law, at once. */
START_TEST(large_counts_are_quick_and_right) {
    for (int i = 0; i < 200; i++) {
        const myo_test t = myo_rate_ratio(1000000 + i, 1.0, 1000000 - i, 1.0, 0.95);
        ck_assert_double_eq_tol(log(t.high / t.low), 2.0 * 1.959963985 * sqrt(2e-6), 3e-6);
    }
    double lo, hi;
    myo_binom_limits(500000000, 1000000000, 0.95, &lo, &hi);
    ck_assert_double_eq_tol(hi - lo, 2.0 * 1.959963985 * sqrt(0.25e-9), 2.5e-9);
}
END_TEST

START_TEST(deviates_and_tails_of_usual_laws) {
    ck_assert_double_eq_tol(myo_z_quantile(0.95), 1.959963984540054, 1e-14);
    ck_assert_double_eq_tol(myo_t_quantile(0.95, 3.0), 3.182446305284263, 1e-11);
    ck_assert_double_eq(myo_t_quantile(0.95, INFINITY), myo_z_quantile(0.95));
    ck_assert(isnan(myo_t_quantile(0.95, 0.0)) && isnan(myo_z_quantile(1.0)));
    ck_assert_double_eq_tol(myo_z_p(-1.959963984540054), 0.05, 1e-15);
    ck_assert_double_eq_tol(myo_t_p(3.182446305284263, 3.0), 0.05, 1e-13);
    ck_assert_double_eq_tol(myo_t_p(-17.0859375, 39.0) * 1e19, 1.04802724794148, 1e-12);
    ck_assert_double_eq(myo_t_p(1.0, INFINITY), myo_z_p(1.0));
    ck_assert_double_eq_tol(myo_chi2_p(3.841458820694124, 1.0), 0.05, 1e-14);
    ck_assert(isnan(myo_chi2_p(NAN, 1.0)) && isnan(myo_t_p(NAN, 1.0)));
}
END_TEST

static Suite *suite(void) {
    Suite *s = suite_create("exact");
    TCase *c = tcase_create("exact");
    tcase_add_test(c, limits_of_a_proportion_equal_r);
    tcase_add_test(c, p_of_a_proportion_equals_r);
    tcase_add_test(c, rates_compare_as_in_r);
    tcase_add_test(c, clustered_rates_compare_as_in_r);
    tcase_add_test(c, scatter_of_counts_equals_r);
    tcase_add_test(c, sides_exchanged_give_the_inverse);
    tcase_add_test(c, interval_and_p_agree);
    tcase_add_test(c, midp_lies_within_exact);
    tcase_add_test(c, rates_without_ground_say_why);
    tcase_add_test(c, a_proportion_without_ground_is_nan);
    tcase_add_test(c, scatter_is_borrowed_and_floored);
    tcase_add_test(c, scatter_widens);
    tcase_add_test(c, scatter_sees_trains_longer_than_bins);
    tcase_add_test(c, scatter_is_that_of_overlapping_windows);
    tcase_add_test(c, scatter_that_grows_no_more_is_not_carried_on);
    tcase_add_test(c, scatter_sees_clusters_that_come_evenly);
    tcase_add_test(c, scatter_leaves_masked_bins_out);
    tcase_add_test(c, scatter_survives_without_memory);
    tcase_add_test(c, dispersion_says_why_not);
    tcase_add_test(c, tails_of_a_law_sum_to_one);
    tcase_add_test(c, root_is_found_to_the_last_digits);
    tcase_add_test(c, large_counts_are_quick_and_right);
    tcase_add_test(c, deviates_and_tails_of_usual_laws);
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
