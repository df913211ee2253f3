/* test_resample.c - permutation tests against R, which goes through all arrangements one by one
 * (tests/oracle/make_rank.R); Monte Carlo against exact; the bootstrap against theory. */
#include <check.h>
#include <math.h>
#include "base/base.h"
#include "oracle.h"
#include "stats/draw.h"
#include "stats/resample.h"

static const myo_draws few = {999, 1};

/* --- against R --- */

static myo_test run_row(const tsv *t, int row) {
    oracle_list a, b, ta, tb;
    myo_test r = myo_test_none("not run");
    const double level = tsv_number(t, row, "level");
    const char *call = tsv_text(t, row, "call");
    oracle_get(t, row, "a", &a);
    oracle_get(t, row, "b", &b);
    oracle_get(t, row, "ta", &ta);
    oracle_get(t, row, "tb", &tb);
    if (strncmp(call, "sign_flip", 9) == 0) {
        ck_assert_int_eq(myo_sign_flip(a.v, a.n, level, few, &r), MYO_OK);
    } else if (strncmp(call, "permute_means", 13) == 0) {
        ck_assert_int_eq(myo_permute_means(a.v, a.n, b.v, b.n, level, few, &r), MYO_OK);
    } else {
        const myo_people ref = {a.v, ta.v, a.n}, con = {b.v, tb.v, b.n};
        ck_assert_int_eq(myo_permute_rates(ref, con, level, few, &r), MYO_OK);
    }
    return r;
}

START_TEST(permutations_equal_r) {
    tsv *t = oracle_read("permutation");
    oracle_list want;
    for (int row = 1; row < t->n_rows; row++) {
        const myo_test r = run_row(t, row);
        oracle_get(t, row, "numbers", &want);
        ck_assert_msg(!r.why, "row %d: %s", row, r.why);
        oracle_close(r.estimate, want.v[0], t, row, "estimate");
        oracle_close(r.low, want.v[1], t, row, "low");
        oracle_close(r.high, want.v[2], t, row, "high");
        oracle_close(r.level, want.v[3], t, row, "level");
        oracle_close(r.p, want.v[4], t, row, "p");
        ck_assert_int_eq(r.resamples, 0);
    }
    ck_assert_int_ge(t->n_rows, 30);
    tsv_free(t);
}
END_TEST

/* --- random numbers --- */

START_TEST(whole_numbers_are_even) {
    myo_rng r;
    int count[7] = {0};
    myo_rng_seed(&r, 5, 0);
    for (int i = 0; i < 70000; i++) {
        const uint32_t v = myo_draw_below(&r, 7);
        ck_assert_uint_lt(v, 7);
        count[v]++;
    }
    for (int k = 0; k < 7; k++) {
        ck_assert_int_lt(abs(count[k] - 10000), 400); /* 4.3 SD */
    }
}
END_TEST

START_TEST(every_1024_resamples_have_their_own_stream) {
    myo_rng drawn = {0}, own;
    for (int64_t b = 0; b < 3000; b++) {
        myo_draw_begin(&drawn, 77, b);
        if (b % 1024 == 0) {
            myo_rng_seed(&own, 77, (uint64_t)(b / 1024));
        }
        ck_assert_uint_eq(myo_rng_u32(&drawn), myo_rng_u32(&own));
    }
}
END_TEST

START_TEST(choices_are_even) {
    myo_rng r;
    bool pick[5];
    uint32_t order[5];
    int count[32] = {0};
    myo_rng_seed(&r, 6, 0);
    for (int i = 0; i < 20000; i++) {
        int mask = 0;
        myo_draw_choice(&r, 5, 2, pick, order);
        for (int k = 0; k < 5; k++) {
            mask |= pick[k] << k;
        }
        count[mask]++;
    }
    int seen = 0;
    for (int mask = 0; mask < 32; mask++) {
        seen += count[mask] > 0;
        ck_assert(count[mask] == 0 || abs(count[mask] - 2000) < 190); /* 4.5 SD */
    }
    ck_assert_int_eq(seen, 10);
}
END_TEST

START_TEST(numbers_of_choices) {
    ck_assert(myo_n_choices(5, 2) == 10.0);
    ck_assert(myo_n_choices(20, 10) == 184756.0);
    ck_assert(myo_n_choices(22, 11) == 705432.0);
    ck_assert(myo_n_choices(7, 0) == 1.0 && myo_n_choices(7, 7) == 1.0);
    ck_assert(isinf(myo_n_choices(100, 50)));
}
END_TEST

/* --- sign flips --- */

START_TEST(flips_drawn_agree_with_all) {
    enum { N = 20 };
    double d[N + 1];
    myo_rng r;
    myo_test all, drawn;
    myo_rng_seed(&r, 3, 0);
    for (int i = 0; i < N; i++) {
        d[i] = myo_rng_normal(&r) + 0.45;
    }
    d[N] = 1e-9; /* one more value, that hardly changes anything */
    ck_assert_int_eq(myo_sign_flip(d, N, 0.95, few, &all), MYO_OK);
    ck_assert_int_eq(myo_sign_flip(d, N + 1, 0.95, (myo_draws){200000, 9}, &drawn), MYO_OK);
    ck_assert_int_eq(all.resamples, 0);
    ck_assert_int_eq(drawn.resamples, 200000);
    ck_assert_double_eq_tol(drawn.p, all.p, 0.1 * all.p);
    ck_assert_double_eq_tol(drawn.low, all.low, 0.06);
    ck_assert_double_eq_tol(drawn.high, all.high, 0.06);
}
END_TEST

/* The limits are where the test, made again with the shift taken off, begins to reject. */
START_TEST(limits_are_where_the_test_turns) {
    enum { N = 9 };
    const double d[N] = {0.2, 1.4, -0.3, 2.2, 0.9, 1.1, 0.4, 3.0, -0.8};
    myo_test t, moved;
    ck_assert_int_eq(myo_sign_flip(d, N, 0.95, few, &t), MYO_OK);
    for (int side = 0; side < 4; side++) {
        double e[N];
        const double limit = side < 2 ? t.low : t.high, off = side % 2 ? 1e-6 : -1e-6;
        for (int i = 0; i < N; i++) {
            e[i] = d[i] - limit - off;
        }
        ck_assert_int_eq(myo_sign_flip(e, N, 0.95, few, &moved), MYO_OK);
        const bool inside = (side < 2) == (off > 0.0);
        ck_assert_msg((moved.p > 1.0 - t.level + 1e-9) == inside, "side %d: p %g, level %g", side,
                      moved.p, t.level);
    }
}
END_TEST

START_TEST(flips_say_why_not) {
    const double zero[] = {0, 0, 0}, bad[] = {1, NAN};
    double many[21];
    myo_test t;
    for (int i = 0; i < 21; i++) {
        many[i] = i;
    }
    ck_assert_int_eq(myo_sign_flip(zero, 0, 0.95, few, &t), MYO_OK);
    ck_assert_str_eq(t.why, "no value");
    ck_assert_int_eq(myo_sign_flip(many, 1, 0.95, few, &t), MYO_OK);
    ck_assert_str_eq(t.why, "one value only");
    ck_assert_int_eq(myo_sign_flip(zero, 3, 0.95, few, &t), MYO_OK);
    ck_assert_str_eq(t.why, "all values are zero");
    ck_assert_int_eq(myo_sign_flip(bad, 2, 0.95, few, &t), MYO_OK);
    ck_assert_str_eq(t.why, "a value is not finite");
    ck_assert_int_eq(myo_sign_flip(many, 21, 0.95, (myo_draws){10, 1}, &t), MYO_OK);
    ck_assert_ptr_nonnull(t.why);
    ck_assert(isnan(t.p) && isnan(t.estimate) && t.resamples == 0);
    ck_assert_int_eq(myo_sign_flip(many, 20, 0.95, (myo_draws){10, 1}, &t), MYO_OK);
    ck_assert_ptr_null(t.why); /* nothing is drawn */
}
END_TEST

START_TEST(equal_sums_count_as_equal) {
    /* 0.1 + 0.2 and 0.3 differ in their last bit */
    const double d[] = {0.1, 0.2, -0.3, 0.6};
    myo_test t;
    ck_assert_int_eq(myo_sign_flip(d, 4, 0.9, few, &t), MYO_OK);
    /* of 16 flips, subsets with sum <= 0: {}, {-.3}, {.1,.2,-.3}, {.1,-.3}, {.2,-.3} */
    ck_assert_double_eq_tol(t.p, 2.0 * 5.0 / 16.0, 1e-15);
}
END_TEST

/* --- two groups --- */

START_TEST(regroupings_drawn_agree_with_all) {
    enum { N = 11 };
    double x[N], y[N + 1];
    myo_rng r;
    myo_test all, drawn;
    myo_rng_seed(&r, 12, 0);
    for (int i = 0; i < N; i++) {
        x[i] = myo_rng_normal(&r);
        y[i] = myo_rng_normal(&r) + 0.9;
    }
    y[N] = 0.5; /* 12 against 11: more than 2^20 groupings */
    ck_assert_int_eq(myo_permute_means(x, N, y, N, 0.95, few, &all), MYO_OK);
    ck_assert_int_eq(myo_permute_means(x, N, y, N + 1, 0.95, (myo_draws){50000, 2}, &drawn),
                     MYO_OK);
    ck_assert(all.resamples == 0 && drawn.resamples == 50000);
    ck_assert_double_eq_tol(drawn.low, all.low, 0.2);
    ck_assert_double_eq_tol(drawn.high, all.high, 0.2);
    ck_assert_double_eq_tol(drawn.level, 0.95, 1e-4);
    ck_assert(drawn.p > 0.3 * all.p && drawn.p < 3.0 * all.p);
}
END_TEST

START_TEST(same_seed_same_numbers) {
    double x[30], y[30];
    myo_rng r;
    myo_test a, b, c;
    myo_rng_seed(&r, 13, 0);
    for (int i = 0; i < 30; i++) {
        x[i] = myo_rng_normal(&r);
        y[i] = myo_rng_normal(&r);
    }
    ck_assert_int_eq(myo_permute_means(x, 30, y, 30, 0.95, (myo_draws){2000, 2}, &a), MYO_OK);
    ck_assert_int_eq(myo_permute_means(x, 30, y, 30, 0.95, (myo_draws){2000, 2}, &b), MYO_OK);
    ck_assert_int_eq(myo_permute_means(x, 30, y, 30, 0.95, (myo_draws){2000, 3}, &c), MYO_OK);
    ck_assert(a.p == b.p && a.low == b.low && a.high == b.high);
    ck_assert(a.low != c.low);
    ck_assert(a.p >= 2.0 / 2001.0);
}
END_TEST

START_TEST(groups_say_why_not) {
    const double x[] = {1, 2, -1}, zero[] = {0, 0}, ok[] = {1, 1, 1};
    const myo_people one = {x, ok, 1}, two = {x, ok, 2}, none = {zero, ok, 2};
    const myo_people negative = {x, ok, 3}, unexposed = {x, zero, 2};
    myo_test t;
    ck_assert_int_eq(myo_permute_means(x, 0, x, 2, 0.95, few, &t), MYO_OK);
    ck_assert_str_eq(t.why, "a group is empty");
    ck_assert_int_eq(myo_permute_means(x, 1, x, 1, 0.95, few, &t), MYO_OK);
    ck_assert_str_eq(t.why, "one value in each group");
    ck_assert_int_eq(myo_permute_rates(one, two, 0.95, few, &t), MYO_OK);
    ck_assert_str_eq(t.why, "fewer than two people in a group");
    ck_assert_int_eq(myo_permute_rates(none, none, 0.95, few, &t), MYO_OK);
    ck_assert_str_eq(t.why, "no event");
    ck_assert_int_eq(myo_permute_rates(two, negative, 0.95, few, &t), MYO_OK);
    ck_assert_str_eq(t.why, "a count is negative");
    ck_assert_int_eq(myo_permute_rates(unexposed, two, 0.95, few, &t), MYO_OK);
    ck_assert_str_eq(t.why, "somebody has no exposure");
}
END_TEST

/* --- bootstrap --- */

typedef struct sample {
    const double *x;
} sample;

static double mean_stat(const void *user, const size_t *index, size_t n) {
    const sample *s = user;
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += s->x[index[i]];
    }
    return sum / (double)n;
}

static double ratio_stat(const void *user, const size_t *index, size_t n) {
    const double m = mean_stat(user, index, n);
    return m > 1.2 ? 1.0 / m : NAN;
}

/* The mean of skewed values: Efron's second-order limits, mean + se (z + g (2 z^2 + 1) / 6) with g
 * the skewness of the mean, are nearer to BCa than to the percentiles. */
START_TEST(bca_follows_skewness) {
    enum { N = 100 };
    double x[N], m2 = 0.0, m3 = 0.0;
    for (int i = 0; i < N; i++) {
        x[i] = -log((i + 0.5) / N); /* an exponential distribution's quantiles */
    }
    const sample s = {x};
    myo_test bca, percentile;
    const myo_draws draws = {20000, 4};
    ck_assert_int_eq(myo_block_bootstrap(mean_stat, &s, N, 1, MYO_BOOT_BCA, 0.95, draws, &bca),
                     MYO_OK);
    ck_assert_int_eq(
        myo_block_bootstrap(mean_stat, &s, N, 1, MYO_BOOT_PERCENTILE, 0.95, draws, &percentile),
        MYO_OK);
    for (int i = 0; i < N; i++) {
        const double d = x[i] - bca.estimate;
        m2 += d * d / N;
        m3 += d * d * d / N;
    }
    const double se = sqrt(m2 / N), g = m3 / pow(m2, 1.5) / sqrt(N), z = 1.959964;
    const double bend = g * (2.0 * z * z + 1.0) / 6.0;
    ck_assert_double_eq_tol(bca.low, bca.estimate + se * (bend - z), 0.06 * se);
    ck_assert_double_eq_tol(bca.high, bca.estimate + se * (bend + z), 0.10 * se);
    ck_assert(percentile.low < bca.low && percentile.high < bca.high);
    ck_assert(bca.estimate == percentile.estimate && isnan(bca.p) && bca.resamples == 20000);
}
END_TEST

/* Neighbours that are alike: blocks see it, single units do not. */
START_TEST(blocks_keep_what_neighbours_share) {
    enum { N = 240, RUN = 8 };
    double x[N], level = 0.0;
    myo_rng r;
    myo_rng_seed(&r, 21, 0);
    for (int i = 0; i < N; i++) {
        level = i % RUN == 0 ? myo_rng_normal(&r) : level;
        x[i] = level;
    }
    const sample s = {x};
    myo_test single, block;
    ck_assert_int_eq(myo_block_bootstrap(mean_stat, &s, N, 1, MYO_BOOT_BCA, 0.95, few, &single),
                     MYO_OK);
    ck_assert_int_eq(myo_block_bootstrap(mean_stat, &s, N, 24, MYO_BOOT_BCA, 0.95, few, &block),
                     MYO_OK);
    const double wider = (block.high - block.low) / (single.high - single.low);
    ck_assert_msg(wider > 1.8 && wider < 3.4, "%g times as wide", wider); /* sqrt(8) = 2.8 */
}
END_TEST

START_TEST(bootstrap_says_why_not) {
    const double x[] = {1, 1.1, 1.15, 1.9, 1.3, 1.0};
    const sample s = {x};
    myo_test t;
    ck_assert_int_eq(myo_block_bootstrap(mean_stat, &s, 0, 1, MYO_BOOT_BCA, 0.95, few, &t), MYO_OK);
    ck_assert_str_eq(t.why, "no unit");
    ck_assert_int_eq(myo_block_bootstrap(mean_stat, &s, 6, 4, MYO_BOOT_BCA, 0.95, few, &t), MYO_OK);
    ck_assert_str_eq(t.why, "fewer than two blocks");
    ck_assert_int_eq(myo_block_bootstrap(mean_stat, &s, 6, 0, MYO_BOOT_BCA, 0.95, few, &t), MYO_OK);
    ck_assert_str_eq(t.why, "fewer than two blocks");
    ck_assert_int_eq(myo_block_bootstrap(ratio_stat, &s, 3, 1, MYO_BOOT_BCA, 0.95, few, &t),
                     MYO_OK);
    ck_assert_str_eq(t.why, "the statistic has no value");
    ck_assert_int_eq(myo_block_bootstrap(ratio_stat, &s, 6, 1, MYO_BOOT_BCA, 0.95, few, &t),
                     MYO_OK);
    ck_assert_str_eq(t.why, "too many resamples without a value");
    ck_assert(isnan(t.low) && isnan(t.estimate));
}
END_TEST

START_TEST(a_constant_has_no_width) {
    const double x[] = {2, 2, 2, 2};
    const sample s = {x};
    myo_test t;
    ck_assert_int_eq(myo_block_bootstrap(mean_stat, &s, 4, 2, MYO_BOOT_BCA, 0.95, few, &t), MYO_OK);
    ck_assert(t.low == 2.0 && t.high == 2.0 && t.estimate == 2.0);
}
END_TEST

START_TEST(no_memory_is_told) {
    const double x[] = {1, 2, 3, 4, 5}, y[] = {2, 4, 1, 9, 7};
    const myo_people a = {x, y, 5}, b = {y, x, 5};
    const sample s = {x};
    int failures = 0;
    for (int64_t n = 1; n <= 20; n++) {
        myo_test t[4] = {{.p = 7.0}, {.p = 7.0}, {.p = 7.0}, {.p = 7.0}};
        myo_mem_fail_at(n);
        const myo_err e[4] = {
            myo_sign_flip(x, 5, 0.95, few, &t[0]),
            myo_permute_means(x, 5, y, 5, 0.95, few, &t[1]),
            myo_permute_rates(a, b, 0.95, few, &t[2]),
            myo_block_bootstrap(mean_stat, &s, 5, 1, MYO_BOOT_BCA, 0.95, few, &t[3]),
        };
        myo_mem_fail_at(0);
        for (int i = 0; i < 4; i++) {
            ck_assert(e[i] == MYO_OK || (e[i] == MYO_ERR_NOMEM && t[i].p == 7.0));
            failures += e[i] != MYO_OK;
        }
    }
    ck_assert_int_ge(failures, 8);
    ck_assert_int_lt(failures, 20);
}
END_TEST

int main(void) {
    Suite *s = suite_create("resample");
    TCase *c = tcase_create("resample");
    tcase_set_timeout(c, 60);
    tcase_add_test(c, permutations_equal_r);
    tcase_add_test(c, whole_numbers_are_even);
    tcase_add_test(c, every_1024_resamples_have_their_own_stream);
    tcase_add_test(c, choices_are_even);
    tcase_add_test(c, numbers_of_choices);
    tcase_add_test(c, flips_drawn_agree_with_all);
    tcase_add_test(c, limits_are_where_the_test_turns);
    tcase_add_test(c, flips_say_why_not);
    tcase_add_test(c, equal_sums_count_as_equal);
    tcase_add_test(c, regroupings_drawn_agree_with_all);
    tcase_add_test(c, same_seed_same_numbers);
    tcase_add_test(c, groups_say_why_not);
    tcase_add_test(c, bca_follows_skewness);
    tcase_add_test(c, blocks_keep_what_neighbours_share);
    tcase_add_test(c, bootstrap_says_why_not);
    tcase_add_test(c, a_constant_has_no_width);
    tcase_add_test(c, no_memory_is_told);
    suite_add_tcase(s, c);
    SRunner *sr = srunner_create(s);
    srunner_run_all(sr, CK_NORMAL);
    const int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed;
}
