/* test_beat.c - the heart in an EMG channel: found only where it beats, taken out, whatever the chunks. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/base.h"
#include "dsp/beat.h"
#include "dsp/fir.h"

enum { LENGTH_S = 60 };

static double fs, bpm;
static int64_t n;
static float *x, *heart, *out;

static void begin(double rate, double beats)
{
    fs = rate;
    bpm = beats;
    n = (int64_t)(LENGTH_S * fs);
    x = calloc((size_t)n, sizeof *x);
    heart = calloc((size_t)n, sizeof *heart);
    out = calloc((size_t)n + 1, sizeof *out);
    ck_assert(x && heart && out);
}

static void end(void)
{
    free(x);
    free(heart);
    free(out);
}

/* White noise of `rms` uV in 20-450 Hz. */
static void add_noise(double rms, uint64_t seed)
{
    myo_rng r;
    myo_rng_seed(&r, seed, 1);
    const double sd = rms * sqrt(0.5 * fs / 430.0);
    for (int64_t i = 0; i < n; i++) {
        x[i] += (float)(sd * myo_rng_normal(&r));
    }
}

/* A QRS complex of 10-ms waves, `uv` high, breathing. */
static void add_heart(double uv, uint64_t seed)
{
    myo_rng r;
    myo_rng_seed(&r, seed, 2);
    for (double t = 0.2; t < LENGTH_S - 0.3; t += 60.0 / bpm * (1.0 + 0.03 * myo_rng_normal(&r))) {
        const double size = uv * (1.0 + 0.1 * sin(1.5 * t));
        for (int64_t i = (int64_t)((t - 0.1) * fs) < 0 ? 0 : (int64_t)((t - 0.1) * fs); i < (int64_t)((t + 0.14) * fs); i++) {
            const double s = (double)i / fs - t, q = (s + 0.025) / 0.009, p = s / 0.011, d = (s - 0.028) / 0.01;
            heart[i] += (float)(size * (exp(-0.5 * p * p) - 0.15 * exp(-0.5 * q * q) - 0.3 * exp(-0.5 * d * d)));
        }
    }
    for (int64_t i = 0; i < n; i++) {
        x[i] += heart[i];
    }
}

/* Bursts of noise at 60-120 Hz, 60 ms, uv rms, at the heart's rate. */
static void add_jerks(double uv, uint64_t seed)
{
    myo_rng r;
    myo_rng_seed(&r, seed, 3);
    for (double t = 0.3; t < LENGTH_S - 0.3; t += 60.0 / bpm) {
        double a = 0.0, b = 0.0;
        for (int64_t i = (int64_t)(t * fs); i < (int64_t)((t + 0.06) * fs); i++) {
            const double w = 2.0 * M_PI * 85.0 / fs, damp = exp(-2.0 * M_PI * 30.0 / fs);
            const double y = 2.0 * damp * cos(w) * a - damp * damp * b + myo_rng_normal(&r) * sqrt(1.0 - damp * damp) * sin(w) * 1.4;
            b = a;
            a = y;
            x[i] += (float)(uv * y);
        }
    }
}

static void find(myo_beat_shape *s)
{
    myo_beat_find *f = NULL;
    ck_assert_int_eq(myo_beat_find_new(&f, fs), MYO_OK);
    for (int64_t i = 0; i < n; i += 777) {
        ck_assert_int_eq(myo_beat_find_add(f, x + i, n - i < 777 ? n - i : 777, i == 0), MYO_OK);
    }
    myo_beat_find_get(f, s);
    myo_beat_find_free(&f);
}

static myo_beat *stage(const myo_beat_shape *s)
{
    float taps[4096];
    myo_beat *b = NULL;
    const int n_taps = myo_fir_length(fs, 250.0);
    myo_fir_bandpass(taps, n_taps, fs, 20.0, fmin(450.0, 0.45 * fs));
    ck_assert_int_eq(myo_beat_new(&b, fs, s, taps, n_taps), MYO_OK);
    return b;
}

/* x[from..) through a stage in steps. */
static int64_t run(myo_beat *b, int64_t from, int64_t step, float *to)
{
    int64_t m = 0;
    for (int64_t i = from; i < n; i += step) {
        m += myo_beat_push(b, x + i, n - i < step ? n - i : step, to + m);
    }
    return m + myo_beat_finish(b, to + m);
}

static double power_where_heart_is(const float *v)
{
    double ss = 0.0;
    for (int64_t i = 0; i < n; i++) {
        ss += fabsf(heart[i]) > 0.0f ? (double)v[i] * v[i] : 0.0;
    }
    return ss;
}

static const struct { double fs, bpm, uv; } hearts[] = {
    {500, 72, 60}, {1000, 45, 100}, {2000, 140, 200}, {2048, 90, 40}, {10000, 110, 300},
};

START_TEST(heart_is_found_and_taken_out)
{
    begin(hearts[_i].fs, hearts[_i].bpm);
    add_heart(hearts[_i].uv, 5);
    const double whole = power_where_heart_is(heart);
    add_noise(8.0, 6);
    myo_beat_shape s;
    find(&s);
    ck_assert(s.found);
    ck_assert_double_eq_tol(s.period_s, 60.0 / bpm, 0.08 * 60.0 / bpm);
    myo_beat *b = stage(&s);
    ck_assert_int_eq(run(b, 0, 1000, out), n);
    /* What the stage took, against the heart that was put in. */
    for (int64_t i = 0; i < n; i++) {
        out[i] = x[i] - out[i] - heart[i];
    }
    ck_assert_double_le(power_where_heart_is(out), 0.06 * whole);
    int marks;
    myo_beat_marks(b, &marks);
    ck_assert_double_ge(marks, 0.95 * (LENGTH_S * bpm / 60.0 - 1.0));
    myo_beat_free(&b);
    end();
}
END_TEST

START_TEST(jerks_in_a_hearts_rhythm_are_no_heart)
{
    begin(1000.0 * (1 + _i % 2), 60.0 + 12.0 * _i);
    add_noise(5.0, 10 + (uint64_t)_i);
    add_jerks(80.0, 20 + (uint64_t)_i);
    myo_beat_shape s;
    find(&s);
    ck_assert(!s.found);
    end();
}
END_TEST

/* One wave of a few motor units, the same every time, at a heart's rate: 15 ms long, its middle at 65-110 Hz. */
START_TEST(one_potential_in_a_hearts_rhythm_is_no_heart)
{
    begin(2000.0, 66.0);
    add_noise(5.0, 40);
    const double sd = 0.0015 + 0.0003 * _i;
    for (double t = 0.3; t < LENGTH_S - 0.3; t += 60.0 / bpm) {
        for (int64_t i = (int64_t)((t - 0.02) * fs); i < (int64_t)((t + 0.02) * fs); i++) {
            const double z = ((double)i / fs - t) / sd;
            x[i] += (float)(-150.0 * z * exp(-0.5 * z * z));
        }
    }
    myo_beat_shape s;
    find(&s);
    ck_assert(!s.found);
    end();
}
END_TEST

START_TEST(noise_has_no_heart)
{
    begin(1000.0, 60.0);
    add_noise(8.0, 30 + (uint64_t)_i);
    myo_beat_shape s;
    find(&s);
    ck_assert(!s.found);
    end();
}
END_TEST

START_TEST(jerks_beside_the_heart_stay)
{
    begin(2000.0, 75.0);
    add_heart(120.0, 7);
    add_noise(5.0, 8);
    myo_beat_shape s;
    find(&s);
    ck_assert(s.found);
    float *quiet = malloc(sizeof *quiet * (size_t)n);
    ck_assert_ptr_nonnull(quiet);
    memcpy(quiet, x, sizeof *x * (size_t)n);
    add_jerks(100.0, 9);
    myo_beat *b = stage(&s);
    ck_assert_int_eq(run(b, 0, 4096, out), n);
    double jerks = 0.0, lost = 0.0;
    for (int64_t i = 0; i < n; i++) {
        const double jerk = (double)x[i] - quiet[i], found = (double)out[i] - ((double)quiet[i] - heart[i]);
        jerks += jerk * jerk;
        lost += jerk != 0.0 ? (found - jerk) * (found - jerk) : 0.0;
    }
    ck_assert_double_le(lost, 0.05 * jerks);
    free(quiet);
    myo_beat_free(&b);
    end();
}
END_TEST

/* Behind 8-40 Hz a pop is as high as a heart beat of 0.4 of it, and looks like one. */
START_TEST(pops_are_no_beats)
{
    begin(2000.0, 75.0);
    add_heart(60.0, 7);
    add_noise(5.0, 8);
    myo_beat_shape s;
    find(&s);
    ck_assert(s.found);
    float *quiet = malloc(sizeof *quiet * (size_t)n);
    ck_assert_ptr_nonnull(quiet);
    memcpy(quiet, x, sizeof *x * (size_t)n);
    for (double t = 3.43; t < LENGTH_S - 3.0; t += 5.17) {
        for (int64_t i = (int64_t)(t * fs); i < (int64_t)((t + 1.0) * fs); i++) {
            x[i] += 150.0f * (float)exp(-((double)i / fs - t) / 0.03);
        }
    }
    myo_beat *b = stage(&s);
    ck_assert_int_eq(run(b, 0, 4096, out), n);
    double pops = 0.0, lost = 0.0;
    for (int64_t i = 0; i < n; i++) {
        const double pop = (double)x[i] - quiet[i], found = (double)out[i] - ((double)quiet[i] - heart[i]);
        pops += pop * pop;
        lost += pop > 10.0 ? (found - pop) * (found - pop) : 0.0;
    }
    ck_assert_double_le(lost, 0.1 * pops);
    free(quiet);
    myo_beat_free(&b);
    end();
}
END_TEST

START_TEST(chunks_and_a_late_entry_change_nothing)
{
    begin(1000.0, 80.0);
    add_heart(150.0, 11);
    add_noise(6.0, 12);
    myo_beat_shape s;
    find(&s);
    myo_beat *b = stage(&s);
    float *other = malloc(sizeof *other * (size_t)n);
    ck_assert_ptr_nonnull(other);
    ck_assert_int_eq(run(b, 0, n, out), n);
    static const int64_t steps[] = {1, 333, 4000, 50000};
    for (int i = 0; i < 4; i++) {
        myo_beat_reset(b, 0);
        ck_assert_int_eq(run(b, 0, steps[i], other), n);
        ck_assert_mem_eq(out, other, sizeof *out * (size_t)n);
    }
    const int64_t from = 3 * myo_beat_block(b), good = from + myo_beat_warm(b);
    ck_assert_int_lt(good, n);
    myo_beat_reset(b, from);
    ck_assert_int_eq(run(b, from, 2500, other), n - from);
    ck_assert_mem_eq(out + good, other + (good - from), sizeof *out * (size_t)(n - good));
    free(other);
    myo_beat_free(&b);
    end();
}
END_TEST

START_TEST(short_streams_pass)
{
    begin(1000.0, 80.0);
    add_heart(150.0, 11);
    add_noise(6.0, 12);
    myo_beat_shape s;
    find(&s);
    myo_beat *b = stage(&s);
    static const int64_t lengths[] = {0, 1, 100, 3999, 4000, 4001, 9000};
    n = lengths[_i];
    ck_assert_int_eq(run(b, 0, 1000, out), n);
    for (int64_t i = 0; i < n; i++) {
        ck_assert(isfinite(out[i]));
    }
    myo_beat_free(&b);
    end();
}
END_TEST

int main(void)
{
    Suite *s = suite_create("beat");
    TCase *t = tcase_create("beat");
    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, heart_is_found_and_taken_out, 0, (int)(sizeof hearts / sizeof hearts[0]));
    tcase_add_loop_test(t, jerks_in_a_hearts_rhythm_are_no_heart, 0, 6);
    tcase_add_loop_test(t, one_potential_in_a_hearts_rhythm_is_no_heart, 0, 4);
    tcase_add_loop_test(t, noise_has_no_heart, 0, 4);
    tcase_add_test(t, jerks_beside_the_heart_stay);
    tcase_add_test(t, pops_are_no_beats);
    tcase_add_test(t, chunks_and_a_late_entry_change_nothing);
    tcase_add_loop_test(t, short_streams_pass, 0, 7);
    suite_add_tcase(s, t);
    SRunner *sr = srunner_create(s);
    srunner_run_all(sr, CK_NORMAL);
    const int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed;
}
