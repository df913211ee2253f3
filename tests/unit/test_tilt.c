/* test_tilt.c - is a channel active even when it is quiet? White noise is not, muscle is. */
#include <stdlib.h>
#include "run/tilt.h"
#include "sig.h"

static myo_tilt *t;

static void open_at(double fs)
{
    ck_assert_int_eq(myo_tilt_new(&t, fs), MYO_OK);
    ck_assert_ptr_nonnull(t);
}

static bool is_active(const float *x, int64_t n, double *density)
{
    ck_assert_int_eq(myo_tilt_add(t, x, n), MYO_OK);
    const bool active = myo_tilt_active(t, density);
    myo_tilt_free(&t);
    ck_assert_ptr_null(t);
    return active;
}

/* Noise shaped as muscle: two poles at `hz` (12 dB an octave above), over white noise of `floor` SD. */
static float *muscle(double fs, int64_t n, double hz, double sd, double floor)
{
    float *x = sig_new(n), *w = sig_new(n);
    const double a = exp(-2.0 * M_PI * hz / fs);
    double y1 = 0.0, y2 = 0.0, ss = 0.0;
    sig_noise(w, n, 1.0, 7);
    for (int64_t i = 0; i < n; i++) {
        y1 = a * y1 + (1.0 - a) * (double)w[i];
        y2 = a * y2 + (1.0 - a) * y1;
        x[i] = (float)y2;
        ss += y2 * y2;
    }
    const double gain = sd / sqrt(ss / (double)n);
    for (int64_t i = 0; i < n; i++) {
        x[i] = (float)(gain * (double)x[i]);
    }
    sig_noise(x, n, floor, 8);
    myo_free(w);
    return x;
}

static double width(const float *x, int64_t n)
{
    ck_assert_int_eq(myo_tilt_add(t, x, n), MYO_OK);
    const double w = myo_tilt_width(t, 20.0, 450.0);
    myo_tilt_free(&t);
    return w;
}

/* Noise with a spectrum of about 1/f (power): a sum of low-passed ones, an octave apart, equal energy in each. */
static float *pink(double fs, int64_t n)
{
    float *x = sig_new(n);
    for (int octave = 0; octave < 9; octave++) {
        const double a = exp(-2.0 * M_PI * (2.0 * pow(2.0, octave)) / fs), gain = sqrt((1.0 + a) / (1.0 - a)) * (1.0 - a);
        float *w = sig_new(n);
        double y = 0.0;
        sig_noise(w, n, 1.0, (uint64_t)(20 + octave));
        for (int64_t i = 0; i < n; i++) {
            y = a * y + gain * (double)w[i];
            x[i] += (float)y;
        }
        myo_free(w);
    }
    return x;
}

static const double rates[] = {1000.0, 1259.26, 1599.0, 1600.0, 2000.0, 2148.1, 4096.0};
enum { N_RATES = (int)(sizeof rates / sizeof rates[0]) };

START_TEST(white_noise_fills_the_band)
{
    const int64_t n = (int64_t)(60.0 * rates[_i]);
    float *x = sig_new(n);
    sig_noise(x, n, 10.0, 3);
    open_at(rates[_i]);
    ck_assert_double_gt(width(x, n), 0.97);
    myo_free(x);
}
END_TEST

/* f^-1 over 20..450 Hz: (ln 22.5)^2 / ((1/20 - 1/450) 430) = 0.47. */
START_TEST(pink_noise_fills_half_of_it)
{
    const int64_t n = (int64_t)(60.0 * 2000.0);
    float *x = pink(2000.0, n);
    open_at(2000.0);
    ck_assert_double_eq_tol(width(x, n), 0.47, 0.1);
    myo_free(x);
}
END_TEST

START_TEST(muscle_and_silence_are_no_noise)
{
    const int64_t n = (int64_t)(60.0 * 2000.0);
    float *x = muscle(2000.0, n, 60.0, 10.0, 0.5);
    open_at(2000.0);
    ck_assert_double_eq(width(x, n), 1.0);
    open_at(2000.0);
    ck_assert_double_eq(width(x, 10), 1.0);
    myo_free(x);
}
END_TEST

START_TEST(white_noise_is_quiet)
{
    const double fs = rates[_i];
    const int64_t n = (int64_t)(60.0 * fs);
    double density;
    float *x = sig_new(n);
    sig_noise(x, n, 10.0, 3);
    open_at(fs);
    ck_assert(!is_active(x, n, &density));
    myo_free(x);
}
END_TEST

/* The density under it is the amplifier's: 1 uV SD of white noise spread over fs / 2. */
START_TEST(muscle_is_active)
{
    const double fs = rates[_i];
    const int64_t n = (int64_t)(60.0 * fs);
    double density = NAN;
    float *x = muscle(fs, n, 60.0, 30.0, 1.0);
    open_at(fs);
    ck_assert(is_active(x, n, &density));
    ck_assert_double_gt(density, 0.3 * 2.0 / fs);
    ck_assert_double_lt(density, fs < 1600.0 ? 1.0 : 30.0 * 2.0 / fs);
    myo_free(x);
}
END_TEST

/* A fifth of quiet is enough to say that the channel rests. */
START_TEST(a_channel_that_rests_is_quiet)
{
    const double fs = 2000.0;
    const int64_t n = 120000;
    double density;
    float *x = muscle(fs, n, 60.0, 30.0, 1.0);
    memset(x, 0, sizeof *x * 40000);
    sig_noise(x, 40000, 1.0, 9);
    open_at(fs);
    ck_assert(!is_active(x, n, &density));
    myo_free(x);
}
END_TEST

/* Mains on white noise is no muscle: its lines are left out. */
START_TEST(mains_is_no_muscle)
{
    const double fs = 2000.0;
    const int64_t n = 120000;
    double density;
    for (int f = 50; f <= 60; f += 10) {
        float *x = sig_new(n);
        sig_noise(x, n, 1.0, 11);
        for (int h = 1; h <= 3; h++) {
            sig_sine(x, n, fs, f * h, 10.0, 0.3);
        }
        open_at(fs);
        ck_assert(!is_active(x, n, &density));
        myo_free(x);
    }
}
END_TEST

START_TEST(a_flat_channel_is_quiet)
{
    double density;
    float *x = sig_new(20000);
    open_at(2000.0);
    ck_assert(!is_active(x, 20000, &density));
    myo_free(x);
}
END_TEST

START_TEST(too_slow_is_no_judge)
{
    ck_assert_int_eq(myo_tilt_new(&t, 999.0), MYO_OK);
    ck_assert_ptr_null(t);
    myo_tilt_free(&t);
}
END_TEST

START_TEST(less_than_a_window_says_no)
{
    double density;
    float *x = muscle(2000.0, 999, 60.0, 30.0, 0.1);
    open_at(2000.0);
    ck_assert(!is_active(x, 999, &density));
    myo_free(x);
}
END_TEST

/* Blocks are cut anyhow; a break drops what the window held. */
START_TEST(cuts_change_nothing_but_breaks_do)
{
    const double fs = 2000.0;
    const int64_t n = 60000;
    float *x = muscle(fs, n, 60.0, 30.0, 1.0);
    double whole, cut;
    open_at(fs);
    ck_assert(is_active(x, n, &whole));
    open_at(fs);
    for (int64_t i = 0; i < n; i += 137) {
        ck_assert_int_eq(myo_tilt_add(t, x + i, n - i < 137 ? n - i : 137), MYO_OK);
    }
    ck_assert(myo_tilt_active(t, &cut));
    ck_assert_double_eq(whole, cut);
    myo_tilt_free(&t);
    open_at(fs);
    for (int64_t i = 0; i + 900 <= n; i += 900) { /* never a whole window */
        ck_assert_int_eq(myo_tilt_add(t, x + i, 900), MYO_OK);
        myo_tilt_break(t);
    }
    ck_assert(!myo_tilt_active(t, &cut));
    myo_tilt_free(&t);
    myo_free(x);
}
END_TEST

/* A line that the noise of 3 Hz outweighs still shows, whichever it is and wherever bursts lie; noise and muscle are none, and
 * half a minute is too little to say. */
START_TEST(hum_shows_in_the_coarse_spectrum)
{
    static const double lines[] = {0.0, 50.0, 49.9, 60.0, 100.0, 120.0, 150.1, 180.0};
    const double fs = rates[_i];
    const int64_t n = (int64_t)(60.0 * fs);
    for (int k = 0; k < 8; k++) {
        const double density = 2.0 * 3.0 * 3.0 / fs, amp = sqrt(2.0 * density * 3.0);
        float *x = sig_new(n);
        sig_noise(x, n, 3.0, (uint64_t)(50 + k));
        for (int64_t i = 0; i < n && k > 0; i++) {
            x[i] += (float)(amp * sin(2.0 * M_PI * lines[k] * (double)i / fs));
        }
        for (int64_t i = 0; i < n / 3; i++) {
            x[i] *= i / 500 % 3 == 0 ? 20.0f : 1.0f;
        }
        open_at(fs);
        ck_assert_int_eq(myo_tilt_add(t, x, n / 3), MYO_OK);
        ck_assert(isinf(myo_tilt_hum_db(t)));
        myo_tilt_free(&t);
        open_at(fs);
        ck_assert_int_eq(myo_tilt_add(t, x, n), MYO_OK);
        const double db = myo_tilt_hum_db(t);
        if (k == 0) {
            ck_assert_double_lt(db, 0.8);
        } else {
            ck_assert_double_gt(db, 0.8);
        }
        myo_tilt_free(&t);
        myo_free(x);
    }
}
END_TEST

START_TEST(no_memory_is_told)
{
    int failed = 0;
    for (int n = 1; n < 12; n++) {
        t = NULL;
        myo_mem_fail_at(n);
        const myo_err err = myo_tilt_new(&t, 2000.0);
        myo_mem_fail_at(0);
        ck_assert(err == MYO_OK || err == MYO_ERR_NOMEM);
        ck_assert((err == MYO_OK) == (t != NULL));
        failed += err != MYO_OK;
        myo_tilt_free(&t);
    }
    ck_assert_int_ge(failed, 3);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("tilt");
    TCase *c = tcase_create("tilt");
    tcase_add_loop_test(c, white_noise_is_quiet, 0, N_RATES);
    tcase_add_loop_test(c, muscle_is_active, 0, N_RATES);
    tcase_add_test(c, a_channel_that_rests_is_quiet);
    tcase_add_test(c, mains_is_no_muscle);
    tcase_add_loop_test(c, white_noise_fills_the_band, 0, N_RATES);
    tcase_add_test(c, pink_noise_fills_half_of_it);
    tcase_add_test(c, muscle_and_silence_are_no_noise);
    tcase_add_test(c, a_flat_channel_is_quiet);
    tcase_add_test(c, too_slow_is_no_judge);
    tcase_add_test(c, less_than_a_window_says_no);
    tcase_add_test(c, cuts_change_nothing_but_breaks_do);
    tcase_add_loop_test(c, hum_shows_in_the_coarse_spectrum, 0, N_RATES);
    tcase_add_test(c, no_memory_is_told);
    tcase_set_timeout(c, 30.0);
    suite_add_tcase(s, c);
    return s;
}

int main(void)
{
    SRunner *sr = srunner_create(suite());
    srunner_run_all(sr, CK_NORMAL);
    const int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed;
}
