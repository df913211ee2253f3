/* test_fir.c - the band-pass design against its promises, its degrees of freedom against simulation. */
#include "dsp/fir.h"
#include "sig.h"

typedef struct design { double fs, ms, lo, hi; } design;
/* EMG at three rates, accelerometers at three, a high-pass. The lower corner is judged only where the transition (3.64 /
 * length for 60 dB) leaves room for it. */
static const design designs[] = {
    {2000.0, 250.0, 20.0, 450.0},   {1000.0, 250.0, 20.0, 450.0},  {4000.0, 250.0, 30.0, 450.0},
    {2048.0, 250.0, 20.0, 450.0},   {100.0, 3600.0, 1.0, 30.0},    {50.0, 3600.0, 1.0, 22.5},
    {200.0, 3600.0, 1.0, 30.0},     {1000.0, 250.0, 20.0, 500.0},
};
enum { N_DESIGNS = sizeof designs / sizeof designs[0], MAX_TAPS = 4001 };

static float taps[MAX_TAPS];

static int make(const design *d)
{
    const int n = myo_fir_length(d->fs, d->ms);
    ck_assert_int_le(n, MAX_TAPS);
    myo_fir_bandpass(taps, n, d->fs, d->lo, d->hi);
    return n;
}

static double gain(int n, double fs, double f)
{
    double re = 0.0, im = 0.0;
    for (int i = 0; i < n; i++) {
        re += taps[i] * cos(2.0 * M_PI * f / fs * i);
        im += taps[i] * sin(2.0 * M_PI * f / fs * i);
    }
    return hypot(re, im);
}

static double transition(const design *d, int n)
{
    return 3.64 * d->fs / n; /* Kaiser: (60 - 7.95) / 14.36 */
}

START_TEST(zero_hertz_vanishes)
{
    const design *d = &designs[_i];
    const int n = make(d);
    ck_assert_double_lt(gain(n, d->fs, 0.0), 1e-6);
}
END_TEST

START_TEST(middle_of_the_band_has_gain_one)
{
    const design *d = &designs[_i];
    const int n = make(d);
    ck_assert_double_eq_tol(gain(n, d->fs, (d->lo + fmin(d->hi, d->fs / 2)) / 2), 1.0, 1e-5);
}
END_TEST

START_TEST(corners_are_at_minus_6_db)
{
    const design *d = &designs[_i];
    const int n = make(d);
    ck_assert_double_eq_tol(20.0 * log10(gain(n, d->fs, d->lo)), -6.0, 0.4);
    if (d->hi < d->fs / 2.0 - transition(d, n)) {
        ck_assert_double_eq_tol(20.0 * log10(gain(n, d->fs, d->hi)), -6.0, 0.2);
    }
}
END_TEST

START_TEST(pass_band_is_flat)
{
    const design *d = &designs[_i];
    const int n = make(d);
    const double t = 0.6 * transition(d, n), hi = d->hi >= d->fs / 2.0 ? d->fs / 2.0 : d->hi - t;
    for (double f = d->lo + t; f < hi; f += (hi - d->lo) / 200.0) {
        ck_assert_double_eq_tol(gain(n, d->fs, f), 1.0, 0.02);
    }
}
END_TEST

/* 55 dB above the band; 54 below it, where clearing 0 Hz costs up to 6 of the 60 dB. */
START_TEST(stop_band_is_down)
{
    const design *d = &designs[_i];
    const int n = make(d);
    const double t = 0.55 * transition(d, n);
    for (double f = d->hi + t; f <= d->fs / 2.0; f += d->fs / 2000.0) {
        ck_assert_double_lt(20.0 * log10(gain(n, d->fs, f)), -55.0);
    }
    for (double f = 0.0; f < d->lo - t; f += d->lo / 100.0) {
        ck_assert_double_lt(20.0 * log10(gain(n, d->fs, f) + 1e-9), -54.0);
    }
}
END_TEST

START_TEST(taps_are_symmetric)
{
    const int n = make(&designs[_i]);
    for (int i = 0; i < n / 2; i++) {
        ck_assert_float_eq_tol(taps[i], taps[n - 1 - i], 1e-8f);
    }
}
END_TEST

START_TEST(length_is_odd_and_nearest)
{
    ck_assert_int_eq(myo_fir_length(2000.0, 250.0), 501);
    ck_assert_int_eq(myo_fir_length(1000.0, 250.0), 251);
    ck_assert_int_eq(myo_fir_length(100.0, 3600.0), 361);
    ck_assert_int_eq(myo_fir_length(2000.0, 250.4), 501);
    ck_assert_int_eq(myo_fir_length(10.0, 1.0), 3);
    for (double fs = 20.0; fs < 5000.0; fs += 13.7) {
        const int n = myo_fir_length(fs, 250.0);
        ck_assert_int_eq(n % 2, 1);
        ck_assert_int_ge(n, 3);
        ck_assert(n == 3 || fabs(n - 1 - 0.25 * fs) <= 1.0);
    }
}
END_TEST

/* 2 mean^2 / variance of the mean square of w filtered samples. */
static double simulated_dof(int n_taps, int w, int trials)
{
    const int n = n_taps + w - 1;
    float *x = sig_new(n);
    myo_rng r;
    double s = 0.0, ss = 0.0;
    myo_rng_seed(&r, 12, (uint64_t)w);
    for (int t = 0; t < trials; t++) {
        double e = 0.0;
        for (int i = 0; i < n; i++) {
            x[i] = (float)myo_rng_normal(&r);
        }
        for (int i = 0; i < w; i++) {
            double y = 0.0;
            for (int k = 0; k < n_taps; k++) {
                y += taps[k] * x[i + k];
            }
            e += y * y;
        }
        s += e;
        ss += e * e;
    }
    const double mean = s / trials, var = ss / trials - mean * mean;
    myo_free(x);
    return 2.0 * mean * mean / var;
}

static double dof_of(const float *h, int n, int w)
{
    static double rho[MAX_TAPS];
    const int n_lags = w < n ? w : n;
    myo_fir_rho(rho, n_lags, h, n, 1);
    return myo_fir_dof(rho, n_lags, w);
}

START_TEST(autocorrelation_is_that_of_the_taps)
{
    const int n = make(&(design){1000.0, 60.0, 40.0, 300.0});
    double rho[MAX_TAPS], r0 = 0.0;
    for (int n_lags = 1; n_lags <= n; n_lags++) {
        myo_fir_rho(rho, n_lags, taps, n, 1);
        for (int k = 0; k < n_lags; k++) {
            double r = 0.0;
            for (int i = 0; i + k < n; i++) {
                r += (double)taps[i] * taps[i + k];
            }
            r0 = k == 0 ? r : r0;
            ck_assert_double_eq(rho[k], r / r0); /* to the bit */
        }
    }
}
END_TEST

/* High rates: a step leaves the autocorrelation, and with it the degrees of freedom, as they are. */
START_TEST(steps_change_little)
{
    static const double rates[] = {36000.0, 48000.0, 96000.0};
    enum { MOST = 24001, LAGS = 4000 };
    const double fs = rates[_i], hi = 450.0;
    const int n = myo_fir_length(fs, 250.0), step = myo_fir_step(fs, hi);
    float *h = sig_new(MOST);
    double *exact = myo_alloc(LAGS, sizeof *exact), *rho = myo_alloc(LAGS, sizeof *rho);
    ck_assert_int_le(n, MOST);
    ck_assert_int_eq(step, (int)(fs / 18000.0));
    ck_assert_int_eq(myo_fir_step(2000.0, hi), 1);
    myo_fir_bandpass(h, n, fs, 20.0, hi);
    myo_fir_rho(exact, LAGS, h, n, 1);
    myo_fir_rho(rho, LAGS, h, n, step);
    for (int k = 0; k < LAGS; k++) {
        ck_assert_double_eq_tol(rho[k], exact[k], 0.005);
    }
    ck_assert_double_eq_tol(myo_fir_dof(rho, LAGS, LAGS) / myo_fir_dof(exact, LAGS, LAGS), 1.0, 0.005);
    myo_free(exact);
    myo_free(rho);
    myo_free(h);
}
END_TEST

START_TEST(dof_agrees_with_simulation)
{
    static const int windows[] = {8, 16, 48, 100};
    const int n = make(&(design){1000.0, 60.0, 40.0, 300.0});
    const double want = simulated_dof(n, windows[_i], 20000);
    const double got = dof_of(taps, n, windows[_i]);
    ck_assert_msg(fabs(got / want - 1.0) < 0.05, "w %d: found %g, simulated %g", windows[_i], got, want);
}
END_TEST

START_TEST(dof_of_one_sample_is_one_half_of_two)
{
    const int n = make(&designs[0]);
    ck_assert_double_eq_tol(dof_of(taps, n, 1), 1.0, 1e-9); /* chi-square of one square */
}
END_TEST

START_TEST(dof_of_white_noise_is_the_number_of_samples)
{
    const float one[3] = {0.0f, 1.0f, 0.0f};
    ck_assert_double_eq_tol(dof_of(one, 3, 7), 7.0, 1e-9);
    ck_assert_double_eq_tol(dof_of(one, 3, 500), 500.0, 1e-9);
}
END_TEST

START_TEST(dof_grows_with_the_window)
{
    const int n = make(&designs[0]);
    double before = 0.0;
    for (int w = 1; w < 500; w += 20) {
        const double nu = dof_of(taps, n, w);
        ck_assert_double_gt(nu, before);
        ck_assert_double_le(nu, w);
        before = nu;
    }
    /* science.md 3.4 (vi): 0.43 .. 0.53 of the samples for these bands at 2 kHz */
    const double rho = dof_of(taps, n, 432) / 432.0;
    ck_assert_double_gt(rho, 0.38);
    ck_assert_double_lt(rho, 0.56);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("fir");
    TCase *c = tcase_create("fir");
    tcase_set_timeout(c, 30);
    tcase_add_loop_test(c, zero_hertz_vanishes, 0, N_DESIGNS);
    tcase_add_loop_test(c, middle_of_the_band_has_gain_one, 0, N_DESIGNS);
    tcase_add_loop_test(c, corners_are_at_minus_6_db, 0, N_DESIGNS);
    tcase_add_loop_test(c, pass_band_is_flat, 0, N_DESIGNS);
    tcase_add_loop_test(c, stop_band_is_down, 0, N_DESIGNS);
    tcase_add_loop_test(c, taps_are_symmetric, 0, N_DESIGNS);
    tcase_add_test(c, length_is_odd_and_nearest);
    tcase_add_test(c, autocorrelation_is_that_of_the_taps);
    tcase_add_loop_test(c, steps_change_little, 0, 3);
    tcase_add_loop_test(c, dof_agrees_with_simulation, 0, 4);
    tcase_add_test(c, dof_of_one_sample_is_one_half_of_two);
    tcase_add_test(c, dof_of_white_noise_is_the_number_of_samples);
    tcase_add_test(c, dof_grows_with_the_window);
    suite_add_tcase(s, c);
    return sig_main(s);
}
