/* test_base_rng.c - random numbers: the reference sequence, moments, independence; the worker pool.
 */
#include <check.h>
#include <math.h>
#include <stdatomic.h>
#include <string.h>
#include "base/base.h"

enum { N = 200000, MANY = 10007 };

/* First outputs of the PCG authors' demonstration program (seed 42, stream 54). */
START_TEST(reference_sequence) {
    static const uint32_t want[] = {0xa15c02b7, 0x7b47f409, 0xba1d3330,
                                    0x83d2f293, 0xbfa4784b, 0xcbed606e};
    myo_rng r;
    myo_rng_seed(&r, 42, 54);
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        ck_assert_uint_eq(myo_rng_u32(&r), want[i]);
    }
}
END_TEST

START_TEST(same_seed_same_numbers) {
    myo_rng a, b;
    myo_rng_seed(&a, 7, 1);
    memset(&b, 0xff, sizeof b);
    myo_rng_seed(&b, 7, 1);
    for (int i = 0; i < 1000; i++) {
        ck_assert(myo_rng_normal(&a) == myo_rng_normal(&b));
        ck_assert(myo_rng_gamma(&a, 0.7) == myo_rng_gamma(&b, 0.7));
    }
}
END_TEST

typedef double (*draw_fn)(myo_rng *r);

static double gamma_half(myo_rng *r) {
    return myo_rng_gamma(r, 0.5);
}

static double gamma_four(myo_rng *r) {
    return myo_rng_gamma(r, 4.0);
}

static const struct {
    draw_fn draw;
    double mean, variance, skewness;
} moments[] = {
    {myo_rng_uniform, 0.5, 1.0 / 12.0, 0.0},
    {myo_rng_normal, 0.0, 1.0, 0.0},
    {myo_rng_exponential, 1.0, 1.0, 2.0},
    {gamma_half, 0.5, 0.5, 2.8284271247461903},
    {gamma_four, 4.0, 4.0, 1.0},
};

START_TEST(moments_are_right) {
    static double x[N];
    myo_rng r;
    myo_rng_seed(&r, 11, (uint64_t)_i);
    double sum = 0, m2 = 0, m3 = 0;
    for (int i = 0; i < N; i++) {
        sum += x[i] = moments[_i].draw(&r);
    }
    const double mean = sum / N;
    for (int i = 0; i < N; i++) {
        m2 += pow(x[i] - mean, 2);
        m3 += pow(x[i] - mean, 3);
    }
    const double sd = sqrt(moments[_i].variance);
    ck_assert_double_eq_tol(mean, moments[_i].mean, 5 * sd / sqrt(N));
    ck_assert_double_eq_tol(m2 / N / moments[_i].variance, 1.0, 0.04);
    ck_assert_double_eq_tol(m3 / N / pow(m2 / N, 1.5), moments[_i].skewness, 0.15);
}
END_TEST

START_TEST(uniform_stays_inside) {
    myo_rng r;
    myo_rng_seed(&r, 0, 0);
    for (int i = 0; i < N; i++) {
        const double u = myo_rng_uniform(&r);
        ck_assert(u >= 0.0 && u < 1.0);
    }
}
END_TEST

START_TEST(streams_are_uncorrelated) {
    myo_rng a, b;
    myo_rng_seed(&a, 9, 0);
    myo_rng_seed(&b, 9, 1);
    double sum = 0;
    for (int i = 0; i < N; i++) {
        sum += myo_rng_normal(&a) * myo_rng_normal(&b);
    }
    ck_assert_double_lt(fabs(sum / N), 5 / sqrt(N));
}
END_TEST

/* --- pool --- */
static atomic_int hits[MANY];

static void hit(void *user, int i) {
    atomic_fetch_add((atomic_int *)user + i, 1);
}

START_TEST(every_item_runs_once) {
    myo_pool *p = NULL;
    ck_assert_int_eq(myo_pool_new(&p, _i), MYO_OK);
    ck_assert_int_eq(myo_pool_size(p), _i);
    for (int round = 1; round <= 3; round++) {
        myo_pool_for(p, MANY, hit, hits);
        for (int i = 0; i < MANY; i++) {
            ck_assert_int_eq(atomic_load(&hits[i]), round);
        }
    }
    myo_pool_for(p, 0, hit, hits);
    myo_pool_for(p, 1, hit, hits);
    ck_assert_int_eq(atomic_load(&hits[0]), 4);
    ck_assert_int_eq(atomic_load(&hits[1]), 3);
    myo_pool_free(&p);
    ck_assert_ptr_null(p);
}
END_TEST

START_TEST(without_a_pool_the_caller_works) {
    static atomic_int alone[MANY];
    ck_assert_int_eq(myo_pool_size(NULL), 1);
    myo_pool_for(NULL, MANY, hit, alone);
    for (int i = 0; i < MANY; i++) {
        ck_assert_int_eq(atomic_load(&alone[i]), 1);
    }
}
END_TEST

START_TEST(short_jobs_in_a_row) {
    myo_pool *p = NULL;
    ck_assert_int_eq(myo_pool_new(&p, 4), MYO_OK);
    for (int round = 0; round < 3000; round++) {
        myo_pool_for(p, 3, hit, hits);
    }
    ck_assert_int_eq(atomic_load(&hits[2]), 3000);
    myo_pool_free(&p);
}
END_TEST

static void halve(void *user, int i) {
    volatile double tiny = 4.9e-320, *out = user;
    volatile float small = 1e-39f;
    out[i] = tiny * 1.0 + (double)(small * 1.0f);
}

/* Denormals are zero in every worker, the caller included, and as before outside. */
START_TEST(denormals_are_flushed_in_workers_only) {
#if defined(__x86_64__)
    static double out[1000];
    myo_pool *p = NULL;
    ck_assert_int_eq(myo_pool_new(&p, _i), MYO_OK);
    memset(out, 0xff, sizeof out);
    myo_pool_for(p, 1000, halve, out);
    for (int i = 0; i < 1000; i++) {
        ck_assert(out[i] == 0.0);
    }
    double outside = 0;
    halve(&outside, 0);
    ck_assert(outside > 0.0);
    myo_pool_free(&p);
#endif
}
END_TEST

START_TEST(pool_refuses_nonsense_and_survives_lack_of_memory) {
    myo_pool *p = NULL;
    ck_assert_int_eq(myo_pool_new(&p, 0), MYO_ERR_RANGE);
    ck_assert_int_eq(myo_pool_new(&p, -1), MYO_ERR_RANGE);
    ck_assert_int_eq(myo_pool_new(&p, 1 << 20), MYO_ERR_RANGE);
    for (int n = 1; n <= 2; n++) {
        myo_mem_fail_at(n);
        ck_assert_int_eq(myo_pool_new(&p, 2), MYO_ERR_NOMEM);
        ck_assert_ptr_null(p);
    }
    myo_pool_free(&p);
    myo_pool_free(NULL);
}
END_TEST

int main(void) {
    Suite *s = suite_create("base_rng");
    TCase *t = tcase_create("rng");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, reference_sequence);
    tcase_add_test(t, same_seed_same_numbers);
    tcase_add_loop_test(t, moments_are_right, 0, sizeof moments / sizeof moments[0]);
    tcase_add_test(t, uniform_stays_inside);
    tcase_add_test(t, streams_are_uncorrelated);
    tcase_add_loop_test(t, every_item_runs_once, 1, 6);
    tcase_add_test(t, without_a_pool_the_caller_works);
    tcase_add_test(t, short_jobs_in_a_row);
    tcase_add_loop_test(t, denormals_are_flushed_in_workers_only, 1, 4);
    tcase_add_test(t, pool_refuses_nonsense_and_survives_lack_of_memory);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed;
}
