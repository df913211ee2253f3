/* sig.h - test signals: seeded noise, sines, bursts, and their measures. Every buffer comes from sig_new(). */
#ifndef MYO_TEST_SIG_H
#define MYO_TEST_SIG_H

#include <check.h>
#include <math.h>
#include <stdint.h>
#include <string.h>
#include "base/base.h"

static inline float *sig_new(int64_t n)
{
    float *x = myo_alloc_aligned((size_t)n + 16, sizeof *x);
    ck_assert_ptr_nonnull(x);
    return x;
}

/* Adds white Gaussian noise. */
static inline void sig_noise(float *x, int64_t n, double sd, uint64_t seed)
{
    myo_rng r;
    myo_rng_seed(&r, seed, 1);
    for (int64_t i = 0; i < n; i++) {
        x[i] += (float)(sd * myo_rng_normal(&r));
    }
}

/* Adds amp sin(2 pi f t + phase). */
static inline void sig_sine(float *x, int64_t n, double fs, double f, double amp, double phase)
{
    for (int64_t i = 0; i < n; i++) {
        x[i] += (float)(amp * sin(2.0 * M_PI * f * (double)i / fs + phase));
    }
}

static inline void sig_const(float *x, int64_t n, double v)
{
    for (int64_t i = 0; i < n; i++) {
        x[i] += (float)v;
    }
}

/* Mean square over [on, off). */
static inline double sig_power(const float *x, int64_t on, int64_t off)
{
    double s = 0.0;
    for (int64_t i = on; i < off; i++) {
        s += (double)x[i] * x[i];
    }
    return s / (double)(off - on);
}

static inline double sig_db(double power, double reference)
{
    return 10.0 * log10(power / reference);
}

/* Largest |a - b|. */
static inline double sig_distance(const float *a, const float *b, int64_t n)
{
    double most = 0.0;
    for (int64_t i = 0; i < n; i++) {
        most = fmax(most, fabs((double)a[i] - b[i]));
    }
    return most;
}

static inline int sig_main(Suite *s)
{
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed;
}

#endif
