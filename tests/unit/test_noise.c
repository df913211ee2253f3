/* test_noise.c - the noise floor: unbiased on chi-square data, slow up, free down. */
#include "dsp/noise.h"
#include "sig.h"

START_TEST(quantile_is_linear_between_order_statistics)
{
    float v[5] = {5.0f, 1.0f, 4.0f, 2.0f, 3.0f};
    ck_assert_double_eq_tol(myo_quantile(v, 5, 0.5), 3.0, 1e-9);
    ck_assert_double_eq_tol(myo_quantile(v, 5, 0.0), 1.0, 1e-9);
    ck_assert_double_eq_tol(myo_quantile(v, 5, 1.0), 5.0, 1e-9);
    ck_assert_double_eq_tol(myo_quantile(v, 5, 0.125), 1.5, 1e-9);
}
END_TEST

START_TEST(quantile_is_the_sorted_ones)
{
    enum { N = 333 };
    float v[N], sorted[N];
    for (int kind = 0; kind < 4; kind++) { /* any, many equal ones, all zero, of very different size */
        memset(v, 0, sizeof v);
        sig_noise(v, N, kind == 2 ? 0.0 : 3.0, 5);
        for (int i = 0; i < N; i++) {
            v[i] = kind == 1 ? floorf(v[i]) + 0.0f : kind == 3 ? expf(10.0f * v[i]) : v[i];
            sorted[i] = v[i];
        }
        myo_sort_f32(sorted, N);
        for (int i = 0; i < N; i += 7) {
            ck_assert_double_eq_tol(myo_quantile(v, N, i / (N - 1.0)), sorted[i], 1e-9 * fabs((double)sorted[i]) + 1e-30);
        }
    }
}
END_TEST

START_TEST(quantile_of_one_and_none)
{
    float v[1] = {7.0f};
    ck_assert_double_eq(myo_quantile(v, 1, 0.2), 7.0);
    ck_assert(isnan(myo_quantile(v, 0, 0.2)));
}
END_TEST

/* Chi-square quantiles from tables (0.5, 0.9, 0.99) over nu; Wilson-Hilferty is good to 1 % from nu = 5 on. */
START_TEST(wilson_hilferty_agrees_with_tables)
{
    static const double nu[] = {5.0, 10.0, 30.0, 100.0};
    static const double q50[] = {4.351, 9.342, 29.336, 99.334}, q90[] = {9.236, 15.987, 40.256, 118.498},
                        q99[] = {15.086, 23.209, 50.892, 135.807}, q10[] = {1.610, 4.865, 20.599, 82.358};
    ck_assert_double_eq_tol(myo_chi2_mean_quantile(0.0, nu[_i]) * nu[_i] / q50[_i], 1.0, 0.01);
    ck_assert_double_eq_tol(myo_chi2_mean_quantile(1.281552, nu[_i]) * nu[_i] / q90[_i], 1.0, 0.01);
    ck_assert_double_eq_tol(myo_chi2_mean_quantile(2.326348, nu[_i]) * nu[_i] / q99[_i], 1.0, 0.01);
    ck_assert_double_eq_tol(myo_chi2_mean_quantile(-1.281552, nu[_i]) * nu[_i] / q10[_i], 1.0, 0.02);
}
END_TEST

START_TEST(quantile_never_falls_below_zero)
{
    ck_assert_double_eq(myo_chi2_mean_quantile(-9.0, 1.0), 0.0);
    ck_assert_double_ge(myo_chi2_mean_quantile(-3.0, 0.5), 0.0);
}
END_TEST

/* Mean of estimates over many draws of n block energies, each a chi-square mean with nu degrees of freedom. */
static double mean_estimate(double nu, int n, double q, double scale)
{
    enum { DRAWS = 400 };
    static float v[2000];
    double sum = 0.0;
    myo_rng r;
    myo_rng_seed(&r, 31, (uint64_t)(nu * 10.0));
    for (int d = 0; d < DRAWS; d++) {
        for (int i = 0; i < n; i++) {
            v[i] = (float)(scale * myo_rng_gamma(&r, nu / 2.0) / (nu / 2.0));
        }
        sum += myo_floor_estimate(v, n, q, nu);
    }
    return sum / DRAWS;
}

/* EMG: 50-ms blocks have about 50 degrees of freedom; accelerometer blocks as few as 10. 30 s hold 600 and 150. */
START_TEST(estimate_is_unbiased)
{
    static const double nu[] = {8.0, 12.0, 20.0, 50.0, 100.0};
    ck_assert_double_eq_tol(mean_estimate(nu[_i], 600, 0.2, 1.0), 1.0, 0.03);
    ck_assert_double_eq_tol(mean_estimate(nu[_i], 150, 0.2, 1.0), 1.0, 0.03);
    ck_assert_double_eq_tol(mean_estimate(nu[_i], 600, 0.5, 1.0), 1.0, 0.03);
    ck_assert_double_eq_tol(mean_estimate(nu[_i], 600, 0.2, 1e-6) * 1e6, 1.0, 0.03);
}
END_TEST

START_TEST(a_third_of_bursts_moves_the_estimate_little)
{
    static float v[600];
    myo_rng r;
    myo_rng_seed(&r, 8, 8);
    for (int i = 0; i < 600; i++) {
        v[i] = (float)((i % 3 == 0 ? 100.0 : 1.0) * myo_rng_gamma(&r, 25.0) / 25.0);
    }
    const double got = myo_floor_estimate(v, 600, 0.2, 50.0);
    ck_assert_double_gt(got, 0.95);
    ck_assert_double_lt(got, 1.15);
}
END_TEST

static const myo_floor_rule rule = {0.1, 12.0, 1.0, 1e-9};

START_TEST(floor_rises_no_faster_than_the_rule)
{
    /* 0.1 dB/s over 10 s: one decibel */
    ck_assert_double_eq_tol(myo_floor_step(&rule, 1.0, 50.0, 10.0), pow(10.0, 0.1), 1e-9);
    /* over the session's floor half of it */
    ck_assert_double_eq_tol(myo_floor_step(&rule, 2.0, 50.0, 10.0), 2.0 * pow(10.0, 0.05), 1e-9);
    ck_assert_double_eq_tol(myo_floor_step(&rule, 1.0, 1.1, 10.0), 1.1, 1e-9);
}
END_TEST

START_TEST(floor_falls_freely)
{
    ck_assert_double_eq_tol(myo_floor_step(&rule, 1.0, 0.001, 10.0), 0.001, 1e-12);
}
END_TEST

START_TEST(floor_stays_within_12_db_of_the_session)
{
    double f = 1.0;
    for (int i = 0; i < 100; i++) {
        f = myo_floor_step(&rule, f, 1e9, 10.0);
    }
    ck_assert_double_eq_tol(f, pow(10.0, 1.2), 1e-9);
}
END_TEST

START_TEST(first_estimate_is_taken_as_it_is)
{
    ck_assert_double_eq_tol(myo_floor_step(&rule, 0.0, 1.9, 10.0), 1.9, 1e-12);
    /* but a recording that begins in a cramp does not make it its noise */
    ck_assert_double_eq_tol(myo_floor_step(&rule, 0.0, 1e9, 10.0), pow(10.0, 0.3), 1e-9);
}
END_TEST

START_TEST(nothing_usable_keeps_the_floor)
{
    ck_assert_double_eq_tol(myo_floor_step(&rule, 0.7, NAN, 10.0), 0.7, 1e-12);
    ck_assert_double_eq_tol(myo_floor_step(&rule, 0.0, NAN, 10.0), 1.0, 1e-12); /* the session's */
}
END_TEST

START_TEST(floor_is_never_under_the_least)
{
    const myo_floor_rule none = {0.1, 12.0, 0.0, 0.25};
    ck_assert_double_eq(myo_floor_step(&none, 0.0, NAN, 10.0), 0.25);
    ck_assert_double_eq(myo_floor_step(&none, 1.0, 0.0, 10.0), 0.25);
}
END_TEST

START_TEST(without_a_session_floor_nothing_caps)
{
    const myo_floor_rule none = {100.0, 12.0, 0.0, 1e-9};
    ck_assert_double_eq_tol(myo_floor_step(&none, 1.0, 1e6, 10.0), 1e6, 1e-3);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("noise");
    TCase *c = tcase_create("noise");
    tcase_add_test(c, quantile_is_linear_between_order_statistics);
    tcase_add_test(c, quantile_is_the_sorted_ones);
    tcase_add_test(c, quantile_of_one_and_none);
    tcase_add_loop_test(c, wilson_hilferty_agrees_with_tables, 0, 4);
    tcase_add_test(c, quantile_never_falls_below_zero);
    tcase_add_loop_test(c, estimate_is_unbiased, 0, 5);
    tcase_add_test(c, a_third_of_bursts_moves_the_estimate_little);
    tcase_add_test(c, floor_rises_no_faster_than_the_rule);
    tcase_add_test(c, floor_falls_freely);
    tcase_add_test(c, floor_stays_within_12_db_of_the_session);
    tcase_add_test(c, first_estimate_is_taken_as_it_is);
    tcase_add_test(c, nothing_usable_keeps_the_floor);
    tcase_add_test(c, floor_is_never_under_the_least);
    tcase_add_test(c, without_a_session_floor_nothing_caps);
    suite_add_tcase(s, c);
    return sig_main(s);
}
