/* test_circular.c - two sessions of one person: what the circular permutation promises, and, by
 * simulation, its type I error and the coverage of its interval. */
#include <check.h>
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "stats/resample.h"

enum { N = 120, PAIRS = 600 };

static const double bin_s = 30.0;
static const myo_draws draws = {499, 1};

/* --- sessions --- */

/* Clusters arrive independently; each has a random number of events, scattered over some time. */
typedef struct process {
    const char *name;
    double mean_size; /* of a cluster: geometric; 1: independent events */
    double gap_s;     /* mean time between a cluster's events */
} process;

static const process independent = {"independent", 1.0, 0.0};
static const process tight = {"tight", 2.0,
                              10.0}; /* variance of a session's count: 3 times the mean */
static const process loose = {"loose", 2.0, 60.0}; /* as well, over minutes */

static void add_events(myo_rng *r, const process *p, double t, double *count) {
    for (;;) {
        if (t >= 0.0 && t < N * bin_s) {
            count[(int)(t / bin_s)] += 1.0;
        }
        if (myo_rng_uniform(r) < 1.0 / p->mean_size) {
            return;
        }
        t += p->gap_s * myo_rng_exponential(r);
    }
}

/* As many events as `mean` in a session are expected. */
static void draw_session(myo_rng *r, const process *p, double mean, double *count) {
    const double before = 2400.0, every = N * bin_s * p->mean_size / mean;
    memset(count, 0, N * sizeof *count);
    for (double t = -before + every * myo_rng_exponential(r); t < N * bin_s;
         t += every * myo_rng_exponential(r)) {
        add_events(r, p, t, count);
    }
}

static const double *exposure(void) {
    static double e[N];
    for (int i = 0; i < N; i++) {
        e[i] = bin_s;
    }
    return e;
}

static myo_circular compare(const double *ref, const double *con, uint64_t seed) {
    myo_circular c;
    const myo_bins a = {ref, exposure(), N}, b = {con, exposure(), N};
    ck_assert_int_eq(myo_circular_bins(a, b, 0.95, (myo_draws){499, seed}, &c), MYO_OK);
    return c;
}

/* --- simulation --- */

typedef struct share {
    double rejected, covered, dispersion; /* %, %, mean */
} share;

static share simulate(const process *p, double mean, double ratio) {
    share s = {0};
    myo_rng r;
    myo_rng_seed(&r, 2024, (uint64_t)(1000.0 * p->gap_s + mean + 10.0 * ratio));
    for (uint64_t i = 0; i < PAIRS; i++) {
        double ref[N], con[N];
        draw_session(&r, p, mean, ref);
        draw_session(&r, p, mean * ratio, con);
        const myo_circular c = compare(ref, con, i);
        if (c.test.why) { /* no event in either session */
            s.covered += 100.0 / PAIRS;
            continue;
        }
        const bool outside = c.test.low > 1.0 || c.test.high < 1.0;
        ck_assert_msg((c.test.p <= 0.05) == outside, "p %g, %g..%g", c.test.p, c.test.low,
                      c.test.high);
        s.rejected += 100.0 / PAIRS * (c.test.p <= 0.05);
        s.covered += 100.0 / PAIRS * (c.test.low <= ratio && ratio <= c.test.high);
        s.dispersion += c.dispersion / PAIRS;
    }
    return s;
}

static const process *const processes[] = {&independent, &tight, &loose};
static const double means[] = {10.0, 20.0, 40.0};

/* SE of a share of 5 % of 600: 0.9 %. */
START_TEST(type_one_error_is_kept) {
    const share s = simulate(processes[_i % 3], means[_i / 3], 1.0);
    ck_assert_msg(s.rejected <= 5.5, "%s, %g events: %.1f %%", processes[_i % 3]->name,
                  means[_i / 3], s.rejected);
}
END_TEST

START_TEST(interval_covers) {
    static const double ratios[] = {0.53, 1.9, 0.25};
    const process *p = processes[_i % 3];
    const double ratio = ratios[_i / 9], mean = means[_i / 3 % 3];
    const share s = simulate(p, mean, ratio);
    const double most = mean * ratio < 6.0 ? 99.9 : 98.5; /* so few events are too discrete */
    ck_assert_msg(s.covered >= 93.0 && s.covered <= most, "%s, %g events, ratio %g: %.1f %%",
                  p->name, mean, ratio, s.covered);
}
END_TEST

START_TEST(dispersion_is_that_of_a_session) {
    const double one = simulate(&independent, 40.0, 1.0).dispersion;
    const double three = simulate(&tight, 40.0, 1.0).dispersion;
    ck_assert_double_eq_tol(one, 1.0, 0.05);
    ck_assert(three > 2.7 && three < 3.1);
}
END_TEST

/* --- promises --- */

static void fill(double *count, uint64_t seed, double mean) {
    myo_rng r;
    myo_rng_seed(&r, seed, 0);
    draw_session(&r, &tight, mean, count);
}

START_TEST(estimate_is_the_ratio_of_rates) {
    double ref[N] = {0}, con[N] = {0};
    ref[3] = 6;
    ref[50] = 4;
    con[70] = 5;
    const myo_circular c = compare(ref, con, 1);
    ck_assert_double_eq_tol(c.test.estimate, 0.5, 1e-12);
    ck_assert(c.test.low <= 0.5 && c.test.high >= 0.5);
    ck_assert_int_eq(c.test.resamples, 499);
    ck_assert_uint_eq(c.block, 24);
    ck_assert(c.test.level == 0.95);
}
END_TEST

START_TEST(same_seed_same_numbers) {
    double ref[N], con[N];
    fill(ref, 1, 30.0);
    fill(con, 2, 20.0);
    const myo_circular a = compare(ref, con, 5), b = compare(ref, con, 5), c = compare(ref, con, 6);
    ck_assert(memcmp(&a.test, &b.test, sizeof a.test) == 0);
    ck_assert(a.test.p != c.test.p || a.test.low != c.test.low || a.test.high != c.test.high);
    ck_assert_double_eq_tol(a.test.low, c.test.low, 0.2 * a.test.low); /* Monte Carlo scatter */
}
END_TEST

START_TEST(unit_of_exposure_does_not_matter) {
    double ref[N], con[N], hours[N];
    fill(ref, 3, 30.0);
    fill(con, 4, 20.0);
    for (int i = 0; i < N; i++) {
        hours[i] = bin_s / 3600.0;
    }
    myo_circular h;
    const myo_circular s = compare(ref, con, 1);
    ck_assert_int_eq(
        myo_circular_bins((myo_bins){ref, hours, N}, (myo_bins){con, hours, N}, 0.95, draws, &h),
        MYO_OK);
    ck_assert_double_eq_tol(h.test.p, s.test.p, 1e-12);
    ck_assert_double_eq_tol(h.test.low, s.test.low, 1e-9);
    ck_assert_double_eq_tol(h.test.high, s.test.high, 1e-9);
    ck_assert_double_eq_tol(h.dispersion, s.dispersion, 1e-9);
}
END_TEST

/* A longer session, with bins that hold no usable time: they leave no trace. */
START_TEST(bins_without_exposure_are_left_out) {
    double ref[N], con[N], more[N + 40], time[N + 40];
    fill(ref, 5, 30.0);
    fill(con, 6, 20.0);
    for (int i = 0, k = 0; i < N + 40; i++) {
        const bool masked = i % 4 == 3;
        time[i] = masked ? 0.0 : bin_s;
        more[i] = masked ? 99.0 : ref[k++];
    }
    myo_circular masked;
    const myo_circular plain = compare(ref, con, 1);
    ck_assert_int_eq(myo_circular_bins((myo_bins){more, time, N + 40},
                                       (myo_bins){con, exposure(), N}, 0.95, draws, &masked),
                     MYO_OK);
    ck_assert(memcmp(&plain.test, &masked.test, sizeof plain.test) == 0);
}
END_TEST

START_TEST(no_event_on_one_side_leaves_it_open) {
    double ref[N], con[N] = {0};
    fill(ref, 7, 40.0);
    const myo_circular less = compare(ref, con, 1), more = compare(con, ref, 1);
    ck_assert(less.test.estimate == 0.0 && less.test.low == 0.0 && less.test.high < 1.0);
    ck_assert(isinf(more.test.estimate) && isinf(more.test.high) && more.test.low > 1.0);
    ck_assert(less.test.p < 0.05);
}
END_TEST

START_TEST(one_event_says_nothing) {
    double ref[N] = {0}, con[N] = {0};
    ref[60] = 1;
    const myo_circular c = compare(ref, con, 1);
    ck_assert(c.test.p > 0.9 && c.test.low == 0.0 && isinf(c.test.high));
}
END_TEST

START_TEST(sessions_of_different_length) {
    double ref[N], con[N];
    fill(ref, 8, 40.0);
    fill(con, 9, 40.0);
    myo_circular c;
    ck_assert_int_eq(myo_circular_bins((myo_bins){ref, exposure(), N},
                                       (myo_bins){con, exposure(), 7}, 0.95, draws, &c),
                     MYO_OK);
    ck_assert_ptr_null(c.test.why);
    ck_assert_uint_eq(c.block, 1);
}
END_TEST

START_TEST(says_why_not) {
    double ref[N] = {0}, con[N] = {0}, bad[N] = {NAN}, below[N] = {-1.0};
    const myo_bins none = {ref, exposure(), N}, four = {con, exposure(), 4};
    myo_circular c;
    ck_assert_str_eq(compare(ref, con, 1).test.why, "no event");
    ck_assert_str_eq(compare(bad, con, 1).test.why, "a value is not finite");
    ck_assert_str_eq(compare(ref, below, 1).test.why, "a count or an exposure is negative");
    ck_assert_int_eq(myo_circular_bins(none, four, 0.95, draws, &c), MYO_OK);
    ck_assert_str_eq(c.test.why, "fewer than five bins with exposure");
    ck_assert_int_eq(myo_circular_bins(none, none, 0.95, (myo_draws){3, 1}, &c), MYO_OK);
    ck_assert_str_eq(c.test.why, "the number of resamples is not within 199..1000000");
    ck_assert_int_eq(myo_circular_bins(none, (myo_bins){NULL, NULL, 0}, 0.95, draws, &c), MYO_OK);
    ck_assert_str_eq(c.test.why, "fewer than five bins with exposure");
    ck_assert(isnan(c.test.p) && isnan(c.test.low) && isnan(c.dispersion));
}
END_TEST

START_TEST(no_memory_is_told) {
    double ref[N], con[N];
    int failures = 0;
    fill(ref, 10, 20.0);
    fill(con, 11, 20.0);
    for (int64_t n = 1; n <= 12; n++) {
        myo_circular c = {.block = 77};
        myo_mem_fail_at(n);
        const myo_err e = myo_circular_bins((myo_bins){ref, exposure(), N},
                                            (myo_bins){con, exposure(), N}, 0.95, draws, &c);
        myo_mem_fail_at(0);
        ck_assert(e == MYO_OK || (e == MYO_ERR_NOMEM && c.block == 77));
        failures += e != MYO_OK;
    }
    ck_assert_int_eq(failures, 7);
}
END_TEST

int main(void) {
    Suite *s = suite_create("circular");
    TCase *c = tcase_create("circular");
    tcase_set_timeout(c, 120);
    tcase_add_loop_test(c, type_one_error_is_kept, 0, 9);
    tcase_add_loop_test(c, interval_covers, 0, 27);
    tcase_add_test(c, dispersion_is_that_of_a_session);
    tcase_add_test(c, estimate_is_the_ratio_of_rates);
    tcase_add_test(c, same_seed_same_numbers);
    tcase_add_test(c, unit_of_exposure_does_not_matter);
    tcase_add_test(c, bins_without_exposure_are_left_out);
    tcase_add_test(c, no_event_on_one_side_leaves_it_open);
    tcase_add_test(c, one_event_says_nothing);
    tcase_add_test(c, sessions_of_different_length);
    tcase_add_test(c, says_why_not);
    tcase_add_test(c, no_memory_is_told);
    suite_add_tcase(s, c);
    SRunner *sr = srunner_create(s);
    srunner_run_all(sr, CK_NORMAL);
    const int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed;
}
