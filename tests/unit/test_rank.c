/* test_rank.c - rank tests against R (tests/oracle/make_rank.R), and what R does not show. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include "base/base.h"
#include "oracle.h"
#include "stats/order.h"
#include "stats/rank.h"

/* --- order statistics --- */

START_TEST(kth_equals_sorting) {
    enum { N = 101 };
    double v[N], sorted[N];
    myo_rng r;
    myo_rng_seed(&r, 1, (uint64_t)_i);
    for (int i = 0; i < N; i++) {
        v[i] = sorted[i] = _i % 2 ? myo_rng_normal(&r) : floor(4.0 * myo_rng_uniform(&r));
    }
    myo_sort_f64(sorted, N);
    for (size_t n = 0; n < N; n++) {
        const size_t k = (n * 37) % N;
        ck_assert(myo_kth(v, N, k) == sorted[k]);
    }
}
END_TEST

START_TEST(kth_of_few) {
    double two[] = {2.0, 1.0}, one[] = {5.0};
    ck_assert(myo_kth(two, 2, 0) == 1.0 && myo_kth(two, 2, 1) == 2.0);
    ck_assert(myo_kth(one, 1, 0) == 5.0);
}
END_TEST

static uint64_t count_three(const void *user, double t) {
    (void)user;
    return (uint64_t)(-1.5 <= t) + (uint64_t)(0.0 <= t) + (uint64_t)(7.0 <= t);
}

START_TEST(kth_by_count_finds_the_very_value) {
    ck_assert(myo_kth_by_count(count_three, NULL, 0) == -1.5);
    const double zero = myo_kth_by_count(count_three, NULL, 1);
    ck_assert(zero == 0.0 && !signbit(zero));
    ck_assert(myo_kth_by_count(count_three, NULL, 2) == 7.0);
}
END_TEST

START_TEST(midranks_share_ties) {
    const double x[] = {3.0, 1.0, 3.0, 2.0, 3.0};
    const int64_t want[] = {8, 2, 8, 4, 8};
    int64_t rank2[5];
    double sum_t3;
    ck_assert_int_eq(myo_midranks(x, 5, rank2, &sum_t3), MYO_OK);
    for (int i = 0; i < 5; i++) {
        ck_assert_int_eq(rank2[i], want[i]);
    }
    ck_assert(sum_t3 == 24.0);
}
END_TEST

/* --- signed ranks --- */

START_TEST(signed_rank_equals_r) {
    tsv *t = oracle_read("signed_rank");
    oracle_list d, limits;
    for (int row = 1; row < t->n_rows; row++) {
        myo_signed_ranks s;
        oracle_get(t, row, "d", &d);
        oracle_get(t, row, "limits", &limits);
        ck_assert_int_eq(myo_signed_rank(d.v, d.n, tsv_number(t, row, "level"), &s), MYO_OK);
        ck_assert_ptr_null(s.test.why);
        oracle_close(s.test.estimate, tsv_number(t, row, "estimate"), t, row, "estimate");
        oracle_close(s.test.low, limits.v[0], t, row, "low");
        oracle_close(s.test.high, limits.v[1], t, row, "high");
        oracle_close(s.test.level, tsv_number(t, row, "attained"), t, row, "level");
        oracle_close(s.test.p, tsv_number(t, row, "p"), t, row, "p");
        oracle_close(s.test.statistic, tsv_number(t, row, "v"), t, row, "V");
        ck_assert(s.n_zero == (size_t)tsv_number(t, row, "zeros"));
        ck_assert(s.n_used + s.n_zero == d.n);
        ck_assert(s.exact == (s.n_used <= MYO_SIGNED_RANK_EXACT));
    }
    ck_assert_int_ge(t->n_rows, 40);
    tsv_free(t);
}
END_TEST

START_TEST(few_differences_give_the_widest_interval) {
    const double d[] = {0.1, 0.7, 0.3, 0.9, 0.5};
    for (size_t n = 2; n <= 5; n++) {
        myo_signed_ranks s;
        ck_assert_int_eq(myo_signed_rank(d, n, 0.95, &s), MYO_OK);
        double low = d[0], high = d[0];
        for (size_t i = 0; i < n; i++) {
            low = fmin(low, d[i]);
            high = fmax(high, d[i]);
        }
        ck_assert(s.test.low == low && s.test.high == high);
        ck_assert_double_eq_tol(s.test.level, 1.0 - ldexp(2.0, -(int)n), 1e-15);
        ck_assert_double_eq_tol(s.test.p, ldexp(2.0, -(int)n), 1e-15);
    }
}
END_TEST

/* The level asked for is kept as soon as it can be, and no more than needed. */
START_TEST(six_differences_reach_95_percent) {
    const double d[] = {1.0, 2.5, 3.1, 4.2, 5.7, 6.3};
    myo_signed_ranks s;
    ck_assert_int_eq(myo_signed_rank(d, 6, 0.95, &s), MYO_OK);
    ck_assert_double_eq_tol(s.test.level, 1.0 - 2.0 / 64.0, 1e-15);
    ck_assert_int_eq(myo_signed_rank(d, 6, 1.0 - 4.0 / 64.0, &s), MYO_OK);
    ck_assert_double_eq_tol(s.test.level, 1.0 - 4.0 / 64.0, 1e-15);
    ck_assert(s.test.low == 1.75 && s.test.high == 6.0);
}
END_TEST

START_TEST(signed_rank_says_why_not) {
    const double zero[] = {0.0, 0.0, -0.0}, one[] = {0.0, 3.0}, nan[] = {1.0, NAN};
    myo_signed_ranks s;
    ck_assert_int_eq(myo_signed_rank(NULL, 0, 0.95, &s), MYO_OK);
    ck_assert_str_eq(s.test.why, "no pair");
    ck_assert_int_eq(myo_signed_rank(one + 1, 1, 0.95, &s), MYO_OK);
    ck_assert_str_eq(s.test.why, "one pair only");
    ck_assert_int_eq(myo_signed_rank(zero, 3, 0.95, &s), MYO_OK);
    ck_assert_str_eq(s.test.why, "all differences are zero");
    ck_assert(s.n_zero == 3 && isnan(s.test.p) && isnan(s.test.low) && isnan(s.test.estimate));
    ck_assert_int_eq(myo_signed_rank(one, 2, 0.95, &s), MYO_OK);
    ck_assert_ptr_null(s.test.why);
    ck_assert(s.test.p == 1.0 && s.test.estimate == 3.0 && s.location.estimate == 1.5);
    ck_assert_int_eq(myo_signed_rank(nan, 2, 0.95, &s), MYO_OK);
    ck_assert_ptr_nonnull(s.test.why);
    ck_assert_int_eq(myo_signed_rank(one, 2, 1.0, &s), MYO_OK);
    ck_assert_ptr_nonnull(s.test.why);
}
END_TEST

START_TEST(signed_rank_mirrors) {
    const double d[] = {0.3, -1.2, 2.2, 0.9, -0.1, 1.7, 1.7, 0.0}, scale = -2.0;
    double e[8];
    for (int i = 0; i < 8; i++) {
        e[i] = scale * d[i];
    }
    myo_signed_ranks a, b;
    ck_assert_int_eq(myo_signed_rank(d, 8, 0.95, &a), MYO_OK);
    ck_assert_int_eq(myo_signed_rank(e, 8, 0.95, &b), MYO_OK);
    ck_assert(a.test.p == b.test.p);
    ck_assert(b.test.estimate == scale * a.test.estimate);
    ck_assert(b.test.low == scale * a.test.high && b.test.high == scale * a.test.low);
}
END_TEST

/* Ten thousand differences: fifty million Walsh averages that are never kept. */
START_TEST(many_differences_are_fast_and_right) {
    enum { N = 10000 };
    static double d[N];
    for (int i = 0; i < N; i++) {
        d[i] = (double)((i * 7919) % N) / N; /* 0, 1/N, ..., symmetric about its middle */
    }
    myo_signed_ranks s;
    ck_assert_int_eq(myo_signed_rank(d, N, 0.95, &s), MYO_OK);
    ck_assert_double_eq_tol(s.test.estimate, 0.5, 1e-9); /* of 1/N .. (N - 1)/N */
    ck_assert(s.n_zero == 1 && !s.exact);
    ck_assert_double_eq_tol(s.test.low + s.test.high, 1.0, 1e-9);
    /* SE of the mean of a uniform distribution, which this estimate matches in efficiency */
    ck_assert_double_eq_tol(s.test.high - s.test.low, 2.0 * 1.96 * sqrt(1.0 / 12.0 / N), 2e-4);
}
END_TEST

/* Where exact gives way to normal, p hardly moves. */
START_TEST(exact_and_normal_meet) {
    enum { N = 201 };
    double d[N];
    myo_rng r;
    myo_rng_seed(&r, 4, 0);
    for (int i = 0; i < N; i++) {
        d[i] = myo_rng_normal(&r) + 0.12;
    }
    d[N - 1] = 1e-9;
    myo_signed_ranks a, b;
    ck_assert_int_eq(myo_signed_rank(d, N - 1, 0.95, &a), MYO_OK);
    ck_assert_int_eq(myo_signed_rank(d, N, 0.95, &b), MYO_OK);
    ck_assert(a.exact && !b.exact);
    ck_assert_double_eq_tol(a.test.p, b.test.p, 0.02 * a.test.p);
    ck_assert_double_eq_tol(a.test.level, b.test.level, 1e-3);
    ck_assert_double_eq_tol(a.test.low, b.test.low, 5e-3);
}
END_TEST

/* --- rank sums --- */

START_TEST(rank_sum_equals_r) {
    tsv *t = oracle_read("rank_sum");
    oracle_list ref, con, limits, superiority;
    for (int row = 1; row < t->n_rows; row++) {
        myo_rank_sums s;
        oracle_get(t, row, "ref", &ref);
        oracle_get(t, row, "con", &con);
        oracle_get(t, row, "limits", &limits);
        oracle_get(t, row, "superiority", &superiority);
        ck_assert_int_eq(myo_rank_sum(ref.v, ref.n, con.v, con.n, tsv_number(t, row, "level"), &s),
                         MYO_OK);
        ck_assert_ptr_null(s.shift.why);
        oracle_close(s.shift.estimate, tsv_number(t, row, "shift"), t, row, "shift");
        oracle_close(s.shift.low, limits.v[0], t, row, "low");
        oracle_close(s.shift.high, limits.v[1], t, row, "high");
        oracle_close(s.shift.level, tsv_number(t, row, "attained"), t, row, "level");
        oracle_close(s.shift.p, tsv_number(t, row, "p"), t, row, "p");
        oracle_close(s.shift.statistic, tsv_number(t, row, "u"), t, row, "U");
        oracle_close(s.superiority.estimate, superiority.v[0], t, row, "superiority");
        oracle_close(s.superiority.low, superiority.v[1], t, row, "its low");
        oracle_close(s.superiority.high, superiority.v[2], t, row, "its high");
        ck_assert(s.exact == (ref.n * con.n <= MYO_RANK_SUM_EXACT));
        ck_assert(s.superiority.p == s.shift.p);
    }
    ck_assert_int_ge(t->n_rows, 45);
    tsv_free(t);
}
END_TEST

START_TEST(rank_sum_says_why_not) {
    const double x[] = {1.0, INFINITY};
    myo_rank_sums s;
    ck_assert_int_eq(myo_rank_sum(x, 0, x, 1, 0.95, &s), MYO_OK);
    ck_assert_str_eq(s.shift.why, "a group is empty");
    ck_assert_str_eq(s.superiority.why, "a group is empty");
    ck_assert_int_eq(myo_rank_sum(x, 1, x, 1, 0.95, &s), MYO_OK);
    ck_assert_str_eq(s.shift.why, "one value in each group");
    ck_assert_int_eq(myo_rank_sum(x, 2, x, 1, 0.95, &s), MYO_OK);
    ck_assert_str_eq(s.shift.why, "a value is not finite");
    ck_assert_int_eq(myo_rank_sum(x, 1, x, 2, 0.0, &s), MYO_OK);
    ck_assert_ptr_nonnull(s.shift.why);
    ck_assert(isnan(s.shift.p) && isnan(s.superiority.low));
}
END_TEST

START_TEST(exchanged_groups_mirror) {
    const double x[] = {0, 1, 1, 3, 2, 0}, y[] = {2, 3, 3, 1};
    myo_rank_sums a, b;
    ck_assert_int_eq(myo_rank_sum(x, 6, y, 4, 0.9, &a), MYO_OK);
    ck_assert_int_eq(myo_rank_sum(y, 4, x, 6, 0.9, &b), MYO_OK);
    ck_assert_double_eq_tol(a.shift.p, b.shift.p, 1e-14);
    ck_assert(a.shift.estimate == -b.shift.estimate && a.shift.low == -b.shift.high);
    ck_assert_double_eq_tol(a.superiority.estimate, 1.0 - b.superiority.estimate, 1e-14);
    ck_assert_double_eq_tol(a.superiority.low, 1.0 - b.superiority.high, 1e-12);
}
END_TEST

START_TEST(separate_groups_keep_an_interval) {
    const double x[] = {1, 2, 3, 4}, y[] = {5, 6, 7, 8};
    myo_rank_sums s;
    ck_assert_int_eq(myo_rank_sum(x, 4, y, 4, 0.95, &s), MYO_OK);
    ck_assert(s.superiority.estimate == 1.0 && s.superiority.high == 1.0);
    ck_assert(s.superiority.low > 0.3 && s.superiority.low < 0.8);
    ck_assert_double_eq_tol(s.shift.p, 2.0 / 70.0, 1e-14);
    ck_assert(s.shift.low == 1.0 && s.shift.high == 7.0);
}
END_TEST

/* --- Kolmogorov and Smirnov --- */

START_TEST(ks_equals_r) {
    tsv *t = oracle_read("ks");
    oracle_list x, y;
    for (int row = 1; row < t->n_rows; row++) {
        myo_ks k;
        oracle_get(t, row, "x", &x);
        oracle_get(t, row, "y", &y);
        ck_assert_int_eq(myo_ks_test(x.v, x.n, y.v, y.n, &k), MYO_OK);
        ck_assert_ptr_null(k.test.why);
        oracle_close(k.test.statistic, tsv_number(t, row, "d"), t, row, "D");
        oracle_close(k.test.p, tsv_number(t, row, "p"), t, row, "p");
        ck_assert(k.exact == (x.n * y.n <= MYO_KS_EXACT));
    }
    ck_assert_int_ge(t->n_rows, 18);
    tsv_free(t);
}
END_TEST

START_TEST(ks_of_equal_values_shows_nothing) {
    const double x[] = {1, 1, 1}, y[] = {1, 1};
    myo_ks k;
    ck_assert_int_eq(myo_ks_test(x, 3, y, 2, &k), MYO_OK);
    ck_assert(k.test.statistic == 0.0 && k.test.p == 1.0);
    ck_assert_int_eq(myo_ks_test(x, 0, y, 2, &k), MYO_OK);
    ck_assert_str_eq(k.test.why, "a group is empty");
}
END_TEST

/* Far out the exact p keeps its digits: 2 of choose(200, 100) orders. */
START_TEST(ks_keeps_tiny_p) {
    double x[100], y[100], log_choose = 0.0;
    for (int i = 0; i < 100; i++) {
        x[i] = i;
        y[i] = 1000 + i;
        log_choose += log(101.0 + i) - log(1.0 + i);
    }
    myo_ks k;
    ck_assert_int_eq(myo_ks_test(x, 100, y, 100, &k), MYO_OK);
    ck_assert_double_eq_tol(log(k.test.p), log(2.0) - log_choose, 1e-9);
}
END_TEST

/* --- memory --- */

/* Every allocation fails once: the right code, *out untouched. */
START_TEST(no_memory_is_told) {
    const double x[] = {1, 2, 3, 3, 5}, y[] = {2, 4, 4, 9, 7};
    int failures = 0;
    for (int64_t n = 1; n <= 40; n++) {
        myo_signed_ranks s = {.n_used = 77};
        myo_rank_sums r = {.exact = true, .shift = {.p = 7.0}};
        myo_ks k = {.test = {.p = 7.0}};
        myo_mem_fail_at(n);
        const myo_err a = myo_signed_rank(x, 5, 0.95, &s);
        const myo_err b = myo_rank_sum(x, 5, y, 5, 0.95, &r), c = myo_ks_test(x, 5, y, 5, &k);
        myo_mem_fail_at(0);
        ck_assert(a == MYO_OK || (a == MYO_ERR_NOMEM && s.n_used == 77));
        ck_assert(b == MYO_OK || (b == MYO_ERR_NOMEM && r.shift.p == 7.0));
        ck_assert(c == MYO_OK || (c == MYO_ERR_NOMEM && k.test.p == 7.0));
        failures += a != MYO_OK || b != MYO_OK || c != MYO_OK;
    }
    ck_assert_int_ge(failures, 10);
    ck_assert_int_lt(failures, 40); /* all allocations were met */
}
END_TEST

int main(void) {
    Suite *s = suite_create("rank");
    TCase *c = tcase_create("rank");
    tcase_add_loop_test(c, kth_equals_sorting, 0, 6);
    tcase_add_test(c, kth_of_few);
    tcase_add_test(c, kth_by_count_finds_the_very_value);
    tcase_add_test(c, midranks_share_ties);
    tcase_add_test(c, signed_rank_equals_r);
    tcase_add_test(c, few_differences_give_the_widest_interval);
    tcase_add_test(c, six_differences_reach_95_percent);
    tcase_add_test(c, signed_rank_says_why_not);
    tcase_add_test(c, signed_rank_mirrors);
    tcase_add_test(c, many_differences_are_fast_and_right);
    tcase_add_test(c, exact_and_normal_meet);
    tcase_add_test(c, rank_sum_equals_r);
    tcase_add_test(c, rank_sum_says_why_not);
    tcase_add_test(c, exchanged_groups_mirror);
    tcase_add_test(c, separate_groups_keep_an_interval);
    tcase_add_test(c, ks_equals_r);
    tcase_add_test(c, ks_of_equal_values_shows_nothing);
    tcase_add_test(c, ks_keeps_tiny_p);
    tcase_add_test(c, no_memory_is_told);
    suite_add_tcase(s, c);
    SRunner *sr = srunner_create(s);
    srunner_run_all(sr, CK_NORMAL);
    const int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed;
}
