/* test_negbin.c - NB2 regression against R's MASS::glm.nb (tests/oracle/make_model.R). */
#include <check.h>
#include "base/base.h"
#include "rtable.h"
#include "stats/nbfit.h"
#include "stats/negbin.h"

static double count[RT_VALUES], exposure[RT_VALUES], number[RT_VALUES];
static int arm[RT_VALUES];

static size_t read_rows(const rt_row *r, bool arms) {
    const size_t n = rt_list(r, "count", count);
    ck_assert_uint_eq(rt_list(r, "exposure", exposure), n);
    for (size_t i = 0; arms && i < rt_list(r, "arm", number); i++) {
        arm[i] = (int)number[i];
    }
    return n;
}

/* Where a number is 0 by the likelihood's symmetry, rounding is what is left of it. */
static void near_zero_or(const rt_row *r, const char *name, double got, double rel) {
    ck_assert_double_eq_tol(got, rt_number(r, name), rel * fmax(1.0, fabs(got)));
}

static void check_ratio(const rt_row *r) {
    const size_t n = read_rows(r, true);
    const myo_negbin b = myo_negbin_ratio(count, exposure, arm, n, 0.95);
    ck_assert_ptr_null(b.ratio.why);
    rt_is(r, "ratio", b.ratio.estimate, 1e-8);
    rt_is(r, "kappa", b.kappa, 1e-6);
    ck_assert(b.is_poisson == (rt_number(r, "kappa") == 0.0));
    rt_is(r, "low", b.ratio.low, 1e-6);
    rt_is(r, "high", b.ratio.high, 1e-6);
    near_zero_or(r, "root", b.ratio.statistic, 1e-6);
    rt_is(r, "p", b.ratio.p, 1e-6);
    ck_assert(isnan(rt_number(r, "wald_low")) == (b.wald.why != NULL));
    rt_is(r, "wald_low", b.wald.low, 1e-7);
    rt_is(r, "wald_high", b.wald.high, 1e-7);
    rt_is(r, "z", b.wald.statistic, 1e-6);
    rt_is(r, "wald_p", b.wald.p, 1e-6);
    ck_assert_double_eq_tol(b.rate_contrast, b.rate_reference * b.ratio.estimate,
                            1e-9 * b.rate_reference);
}

START_TEST(rate_ratios_equal_glm_nb) {
    ck_assert_int_eq(rt_each("model_negbin.tsv", check_ratio), 33);
}
END_TEST

static void check_dispersion(const rt_row *r) {
    const size_t n = read_rows(r, false);
    const myo_test t = myo_negbin_dispersion(count, exposure, n, 0.95);
    ck_assert_ptr_null(t.why);
    rt_is(r, "kappa", t.estimate, 1e-6);
    rt_is(r, "low", t.low, 1e-6);
    rt_is(r, "high", t.high, 1e-6);
    near_zero_or(r, "lr", t.statistic, 1e-6);
    rt_is(r, "p", t.p, 1e-6);
}

START_TEST(dispersion_equals_glm_nb) {
    ck_assert_int_eq(rt_each("model_dispersion.tsv", check_dispersion), 16);
}
END_TEST

/* The sum over y terms, against itself term by term: the formula that takes over after 64 terms. */
START_TEST(long_sums_agree_with_terms) {
    const double kappas[] = {1e-9, 1e-6, 1e-3, 0.1, 1.0, 30.0, 1e4};
    for (int k = 0; k < 7; k++) {
        const double y[] = {5000.0}, t[] = {5000.0};
        const myo_nb_data d = {y, t, NULL, 1};
        const myo_nb_model m = {&d, false, 0.0};
        const myo_nb_fit f = myo_nb_at(&m, kappas[k]);
        double want = 5000.0 * log(5000.0) - (5000.0 + 1.0 / kappas[k]) * log1p(kappas[k] * 5000.0);
        for (int j = 1; j < 5000; j++) {
            want += log1p(kappas[k] * j);
        }
        ck_assert_double_eq_tol(f.log_rate[0], 0.0, 1e-12);
        ck_assert_double_eq_tol(f.loglik, want, 1e-7);
    }
}
END_TEST

/* The score that the search follows is the slope of the likelihood. */
START_TEST(the_top_is_a_top) {
    const double y[] = {0, 3, 1, 14, 7, 2, 0, 90, 5, 4}, t[] = {1, 2, 1, 1, 3, 1, 2, 1, 1, 2};
    const int a[] = {0, 0, 0, 0, 0, 1, 1, 1, 1, 1};
    const myo_nb_data d = {y, t, a, 10};
    const myo_nb_model m = {&d, true, 0.0};
    const myo_nb_fit f = myo_nb_maximum(&m);
    ck_assert(f.kappa > 0.0 && !f.at_edge);
    for (double s = 0.5; s < 1.6; s += 0.05) {
        ck_assert(myo_nb_at(&m, f.kappa * s).loglik <= f.loglik + 1e-12);
    }
}
END_TEST

START_TEST(no_scatter_is_poisson) {
    const double y[] = {5, 5, 5, 5, 10, 10, 10, 10}, t[] = {1, 1, 1, 1, 1, 1, 1, 1};
    const int a[] = {0, 0, 0, 0, 1, 1, 1, 1};
    const myo_negbin b = myo_negbin_ratio(y, t, a, 8, 0.95);
    ck_assert(b.is_poisson && b.kappa == 0.0);
    ck_assert_double_eq_tol(b.ratio.estimate, 2.0, 1e-12);
    ck_assert_double_eq_tol(log(b.ratio.estimate) / b.wald.statistic, sqrt(1.0 / 20 + 1.0 / 40),
                            1e-9);
    ck_assert(b.ratio.low < b.wald.low && b.ratio.high > b.wald.high);
}
END_TEST

START_TEST(no_event_in_one_arm_gives_one_limit) {
    const double y[] = {4, 2, 5, 3, 0, 0, 0, 0}, t[] = {1, 1, 1, 1, 1, 1, 1, 1};
    const int a[] = {0, 0, 0, 0, 1, 1, 1, 1}, b[] = {1, 1, 1, 1, 0, 0, 0, 0};
    const myo_negbin x = myo_negbin_ratio(y, t, a, 8, 0.95), z = myo_negbin_ratio(y, t, b, 8, 0.95);
    ck_assert(x.ratio.estimate == 0.0 && x.ratio.low == 0.0 && x.ratio.why == NULL);
    ck_assert(x.ratio.high > 0.05 && x.ratio.high < 0.5 && x.ratio.p < 0.01);
    ck_assert(isinf(z.ratio.estimate) && isinf(z.ratio.high));
    ck_assert_double_eq_tol(z.ratio.low * x.ratio.high, 1.0, 1e-6);
    ck_assert_double_eq_tol(z.ratio.p, x.ratio.p, 1e-9);
    RT_NONE(x.wald);
    RT_NONE(z.wald);
}
END_TEST

START_TEST(rows_without_exposure_are_left_out) {
    const double y[] = {4, 2, 99, 5, 8, 9, 7}, t[] = {1, 1, 0, 1, 2, 1, NAN};
    const int a[] = {0, 0, 0, 0, 1, 1, 1};
    const double y2[] = {4, 2, 5, 8, 9}, t2[] = {1, 1, 1, 2, 1};
    const int a2[] = {0, 0, 0, 1, 1};
    const myo_negbin x = myo_negbin_ratio(y, t, a, 7, 0.95),
                     z = myo_negbin_ratio(y2, t2, a2, 5, 0.95);
    ck_assert(x.ratio.estimate == z.ratio.estimate && x.ratio.p == z.ratio.p);
    ck_assert(x.n_reference == 3 && x.n_contrast == 2);
}
END_TEST

START_TEST(the_unit_of_exposure_does_not_matter) {
    const double y[] = {4, 0, 5, 18, 9, 3}, h[] = {1, 2, 1, 1.5, 1, 2};
    const int a[] = {0, 0, 0, 1, 1, 1};
    double s[6];
    for (int i = 0; i < 6; i++) {
        s[i] = 3600.0 * h[i];
    }
    const myo_negbin x = myo_negbin_ratio(y, h, a, 6, 0.95), z = myo_negbin_ratio(y, s, a, 6, 0.95);
    ck_assert_double_eq_tol(x.ratio.low / z.ratio.low, 1.0, 1e-9);
    ck_assert_double_eq_tol(x.ratio.high / z.ratio.high, 1.0, 1e-9);
    ck_assert_double_eq_tol(x.kappa, z.kappa, 1e-9);
    ck_assert_double_eq_tol(x.rate_reference / z.rate_reference, 3600.0, 1e-5);
}
END_TEST

static void expect_none(const double *y, const double *t, const int *a, size_t n, double level) {
    const myo_negbin b = myo_negbin_ratio(y, t, a, n, level);
    RT_NONE(b.ratio);
    RT_NONE(b.wald);
    ck_assert(isnan(b.kappa) && isnan(b.rate_reference) && isnan(b.rate_contrast));
}

START_TEST(nothing_to_compare_is_told) {
    const double y[] = {1, 2, 3}, zero[] = {0, 0, 0}, t[] = {1, 1, 1}, none[] = {0, 0, 0};
    const double half[] = {1, 2.5, 3}, minus[] = {1, -2, 3}, missing[] = {1, NAN, 3};
    const double endless[] = {1, INFINITY, 1};
    const int a[] = {0, 1, 1}, one[] = {0, 0, 0}, wrong[] = {0, 1, 3};
    expect_none(zero, t, a, 3, 0.95);
    expect_none(y, none, a, 3, 0.95);
    expect_none(y, t, one, 3, 0.95);
    expect_none(y, t, wrong, 3, 0.95);
    expect_none(half, t, a, 3, 0.95);
    expect_none(minus, t, a, 3, 0.95);
    expect_none(missing, t, a, 3, 0.95);
    expect_none(y, endless, a, 3, 0.95);
    expect_none(y, t, a, 2, 0.95); /* one row an arm */
    expect_none(y, t, a, 3, NAN);
    expect_none(NULL, NULL, NULL, 0, 0.95);
    RT_NONE(myo_negbin_dispersion(zero, NULL, 3, 0.95));
    RT_NONE(myo_negbin_dispersion(y, NULL, 1, 0.95));
    RT_NONE(myo_negbin_dispersion(half, NULL, 3, 0.95));
    RT_NONE(myo_negbin_dispersion(y, NULL, 3, 1.0));
}
END_TEST

/* One event in a thousand rows: kappa has no top to speak of, and all stays finite or is told. */
START_TEST(extremes_end) {
    static double y[1000], t[1000];
    static int a[1000];
    for (int i = 0; i < 1000; i++) {
        t[i] = 1e-3 * (1 + i % 7);
        a[i] = i % 2;
    }
    y[4] = 1.0;
    y[5] = 400.0;
    const myo_negbin b = myo_negbin_ratio(y, t, a, 1000, 0.95);
    ck_assert(b.ratio.why != NULL || (b.ratio.p > 0.0 && b.ratio.low < b.ratio.estimate));
    y[4] = 0.0;
    y[5] = 1.0;
    const myo_test d = myo_negbin_dispersion(y, t, 1000, 0.95);
    ck_assert(d.why != NULL || (d.estimate >= 0.0 && d.low == 0.0 && d.p > 0.0));
    const double big[] = {9e8, 8e8, 9.5e8, 1e9, 7e8, 9e8};
    const int arms[] = {0, 0, 0, 1, 1, 1};
    const myo_negbin c = myo_negbin_ratio(big, NULL, arms, 6, 0.95);
    ck_assert(c.ratio.why == NULL && c.kappa > 0.001 && c.kappa < 0.1);
    ck_assert(c.ratio.low < 1.0 && c.ratio.high > 1.0);
}
END_TEST

/* Coverage and error of the first kind, in small: 8 people an arm, 0.4 of variance between them.
 * The bounds are 4 standard errors of 400 trials about what long runs gave (95.7 %). */
START_TEST(small_arms_are_covered) {
    enum { TRIALS = 400, N = 16 };
    myo_rng r;
    myo_rng_seed(&r, 11, 3);
    int covered = 0, rejected = 0;
    for (int k = 0; k < TRIALS; k++) {
        for (int i = 0; i < N; i++) {
            arm[i] = i % 2;
            exposure[i] = 0.5 + myo_rng_uniform(&r);
            const double mu = 8.0 * exposure[i] * 0.4 * myo_rng_gamma(&r, 2.5);
            count[i] = 0.0;
            for (double s = myo_rng_exponential(&r); s < mu; s += myo_rng_exponential(&r)) {
                count[i] += 1.0;
            }
        }
        const myo_negbin b = myo_negbin_ratio(count, exposure, arm, N, 0.95);
        ck_assert_ptr_null(b.ratio.why);
        covered += b.ratio.low <= 1.0 && b.ratio.high >= 1.0;
        rejected += b.ratio.p < 0.05;
    }
    ck_assert_int_ge(covered, 364);
    ck_assert_int_le(covered, 396);
    ck_assert_int_eq(rejected, TRIALS - covered); /* interval and p agree */
}
END_TEST

static Suite *suite(void) {
    Suite *s = suite_create("negbin");
    TCase *c = tcase_create("negbin");
    tcase_set_timeout(c, 60);
    tcase_add_test(c, rate_ratios_equal_glm_nb);
    tcase_add_test(c, dispersion_equals_glm_nb);
    tcase_add_test(c, long_sums_agree_with_terms);
    tcase_add_test(c, the_top_is_a_top);
    tcase_add_test(c, no_scatter_is_poisson);
    tcase_add_test(c, no_event_in_one_arm_gives_one_limit);
    tcase_add_test(c, rows_without_exposure_are_left_out);
    tcase_add_test(c, the_unit_of_exposure_does_not_matter);
    tcase_add_test(c, nothing_to_compare_is_told);
    tcase_add_test(c, extremes_end);
    tcase_add_test(c, small_arms_are_covered);
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
