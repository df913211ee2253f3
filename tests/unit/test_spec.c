/* test_spec.c - spectra and the tremor peak: frequency, height, width, and noise that rarely passes. */
#include "dsp/spec.h"
#include "sig.h"

/* As rhythm.c has it: 4 s at 250 values a second, three tapers. */
enum { RATE = 250, N = 1000, TAPERS = 3 };

typedef struct bench { myo_spec *s; double *psd; int bins; double df; float *x; } bench;

static bench bench_new(double fs, int n, int tapers)
{
    bench b = {0};
    ck_assert_int_eq(myo_spec_new(&b.s, fs, n, tapers, fs), MYO_OK);
    b.bins = myo_spec_bins(b.s);
    b.df = myo_spec_df(b.s);
    b.psd = myo_alloc((size_t)b.bins, sizeof *b.psd);
    b.x = sig_new(n);
    ck_assert_ptr_nonnull(b.psd);
    return b;
}

static void bench_free(bench *b)
{
    myo_spec_free(&b->s);
    myo_free(b->psd);
    myo_free(b->x);
}

static myo_peak peak_of(bench *b, double lo, double hi)
{
    myo_peak p;
    memset(b->psd, 0, sizeof *b->psd * (size_t)b->bins);
    myo_spec_add(b->s, b->x, b->psd);
    myo_spec_peak(b->psd, b->bins, b->df, lo, hi, 0.0, &p);
    return p;
}

START_TEST(sine_frequency_is_found_within_0_05_hz)
{
    static const double f[] = {3.3, 4.0, 4.77, 5.5, 6.13, 7.29, 8.0, 9.41, 11.1, 13.7, 16.2, 19.3};
    bench b = bench_new(RATE, N, TAPERS);
    for (int phase = 0; phase < 6; phase++) {
        memset(b.x, 0, sizeof *b.x * N);
        sig_sine(b.x, N, RATE, f[_i], 1.0, phase);
        sig_noise(b.x, N, 0.1, (uint64_t)phase);
        ck_assert_double_eq_tol(peak_of(&b, 3.0, 20.0).freq, f[_i], 0.05);
    }
    bench_free(&b);
}
END_TEST

START_TEST(peak_power_is_the_sines)
{
    bench b = bench_new(RATE, N, TAPERS);
    sig_sine(b.x, N, RATE, 6.3, 2.0, 0.4);
    ck_assert_double_eq_tol(peak_of(&b, 3.0, 20.0).power, 2.0, 0.1); /* amplitude 2: mean square 2 */
    bench_free(&b);
}
END_TEST

START_TEST(density_of_white_noise_is_flat_and_right)
{
    enum { REPEATS = 60 };
    bench b = bench_new(RATE, N, TAPERS);
    for (int r = 0; r < REPEATS; r++) {
        memset(b.x, 0, sizeof *b.x * N);
        sig_noise(b.x, N, 3.0, (uint64_t)r);
        myo_spec_add(b.s, b.x, b.psd);
    }
    for (int band = 0; band < 4; band++) { /* 9 unit^2 over 125 Hz */
        double s = 0.0;
        const int from = b.bins * (1 + 2 * band) / 10, to = b.bins * (3 + 2 * band) / 10;
        for (int k = from; k < to; k++) {
            s += b.psd[k] / REPEATS / (to - from);
        }
        ck_assert_double_eq_tol(s, 9.0 / 125.0, 0.05 * 9.0 / 125.0);
    }
    bench_free(&b);
}
END_TEST

START_TEST(constant_has_no_density)
{
    bench b = bench_new(RATE, N, TAPERS);
    sig_const(b.x, N, 1000.0);
    myo_spec_add(b.s, b.x, b.psd);
    for (int k = 0; k < b.bins; k++) {
        if (b.psd[k] > 1e-6) {
            ck_abort_msg("bin %d: %g", k, b.psd[k]);
        }
    }
    bench_free(&b);
}
END_TEST

START_TEST(height_follows_the_tone)
{
    /* a tone of power 1/2 in noise of density d: the top is some fixed dB over it, +20 dB for ten times the amplitude */
    bench b = bench_new(RATE, N, TAPERS);
    double height[2];
    for (int k = 0; k < 2; k++) {
        memset(b.x, 0, sizeof *b.x * N);
        sig_noise(b.x, N, 1.0, 3);
        sig_sine(b.x, N, RATE, 7.0, k == 0 ? 1.0 : 10.0, 0.0);
        height[k] = peak_of(&b, 3.0, 20.0).height_db;
    }
    ck_assert_double_gt(height[0], 12.0);
    ck_assert_double_eq_tol(height[1] - height[0], 20.0, 2.0);
    bench_free(&b);
}
END_TEST

START_TEST(steady_tone_is_narrow_wandering_one_is_wide)
{
    bench b = bench_new(RATE, N, TAPERS);
    sig_sine(b.x, N, RATE, 6.0, 1.0, 0.0);
    sig_noise(b.x, N, 0.05, 5);
    const myo_peak steady = peak_of(&b, 3.0, 20.0);
    ck_assert_double_gt(steady.width_hz, 0.2);
    ck_assert_double_lt(steady.width_hz, 1.2);
    double phase = 0.0;
    for (int i = 0; i < N; i++) { /* 4 to 10 Hz */
        phase += 2.0 * M_PI * (4.0 + 6.0 * i / N) / RATE;
        b.x[i] = (float)sin(phase);
    }
    ck_assert_double_gt(peak_of(&b, 3.0, 20.0).width_hz, 0.8);
    ck_assert_double_lt(peak_of(&b, 3.0, 20.0).share, 0.75);
    ck_assert_double_gt(steady.share, 0.95);
    bench_free(&b);
}
END_TEST

START_TEST(harmonics_count_for_the_peak)
{
    bench b = bench_new(RATE, N, TAPERS);
    sig_sine(b.x, N, RATE, 5.0, 1.0, 0.0);
    sig_sine(b.x, N, RATE, 10.0, 0.7, 0.3);
    sig_sine(b.x, N, RATE, 15.0, 0.5, 0.9);
    sig_noise(b.x, N, 0.05, 5);
    const myo_peak p = peak_of(&b, 3.0, 20.0);
    ck_assert_double_eq_tol(p.freq, 5.0, 0.05);
    ck_assert_double_gt(p.share, 0.95);
    bench_free(&b);
}
END_TEST

/* A limb that resonates at the harmonic shows it more than the rhythm itself. */
START_TEST(a_strong_harmonic_is_not_the_rhythm)
{
    for (int k = 2; k <= 3; k++) {
        for (double level = 1.1; level < 2.5; level += 0.6) { /* 2: 6 dB */
            bench b = bench_new(RATE, N, TAPERS);
            sig_sine(b.x, N, RATE, 3.8, 1.0, 0.0);
            sig_sine(b.x, N, RATE, 3.8 * k, level, 0.3);
            sig_noise(b.x, N, 0.05, 5);
            ck_assert_double_eq_tol(peak_of(&b, 3.0, 20.0).freq, level < 1.9 ? 3.8 : 3.8 * k, 0.06);
            bench_free(&b);
        }
    }
}
END_TEST

START_TEST(slower_rhythm_is_seen_below)
{
    bench b = bench_new(100.0, 400, TAPERS);
    sig_sine(b.x, 400, 100.0, 1.8, 3.0, 0.0); /* walking, with its third harmonic in the tremor band */
    sig_sine(b.x, 400, 100.0, 5.4, 1.0, 0.3);
    sig_noise(b.x, 400, 0.02, 5);
    const myo_peak walk = peak_of(&b, 3.0, 20.0);
    ck_assert_double_eq_tol(walk.freq, 5.4, 0.1);
    ck_assert_double_gt(walk.below_db, 6.0);
    memset(b.x, 0, sizeof *b.x * 400);
    sig_sine(b.x, 400, 100.0, 5.4, 1.0, 0.3);
    sig_noise(b.x, 400, 0.02, 5);
    ck_assert_double_lt(peak_of(&b, 3.0, 20.0).below_db, -15.0);
    bench_free(&b);
}
END_TEST

/* Share of white-noise windows whose best peak looks like tremor: width <= 2 Hz, share >= `share`, height over `db`. */
static double passes(double fs, int n, double db, double share)
{
    enum { TRIALS = 1000 };
    int passed = 0;
    bench b = bench_new(fs, n, TAPERS);
    for (int t = 0; t < TRIALS; t++) {
        memset(b.x, 0, sizeof *b.x * (size_t)n);
        sig_noise(b.x, n, 1.0, (uint64_t)(100 + t));
        const myo_peak p = peak_of(&b, 3.0, 20.0);
        passed += p.freq > 0.0 && p.height_db >= db && p.width_hz <= 2.0 && p.share >= share && p.below_db < -3.0;
    }
    bench_free(&b);
    return (double)passed / TRIALS;
}

START_TEST(white_noise_rarely_passes)
{
    ck_assert_double_lt(passes(100.0, 400, 9.0, 0.4), 0.005); /* accelerometer rule */
    ck_assert_double_lt(passes(RATE, N, 6.0, 0.25), 0.05);    /* EMG rule; needs bursts beside */
}
END_TEST

START_TEST(silence_has_no_peak)
{
    bench b = bench_new(RATE, N, TAPERS);
    const myo_peak p = peak_of(&b, 3.0, 20.0);
    ck_assert_double_eq(p.freq, 0.0);
    ck_assert_double_eq(p.power, 0.0);
    bench_free(&b);
}
END_TEST

START_TEST(band_outside_the_spectrum_has_no_peak)
{
    bench b = bench_new(20.0, 80, 1);
    sig_noise(b.x, 80, 1.0, 2);
    ck_assert_double_eq(peak_of(&b, 11.0, 20.0).freq, 0.0);
    const myo_peak p = peak_of(&b, 3.0, 20.0); /* cut at 10 Hz by the rate */
    ck_assert(p.freq >= 0.0 && p.freq <= 10.0);
    bench_free(&b);
}
END_TEST

START_TEST(tone_outside_the_band_is_not_the_peak)
{
    bench b = bench_new(RATE, N, TAPERS);
    sig_sine(b.x, N, RATE, 40.0, 10.0, 0.0);
    sig_sine(b.x, N, RATE, 8.0, 1.0, 0.0);
    ck_assert_double_eq_tol(peak_of(&b, 3.0, 20.0).freq, 8.0, 0.1);
    bench_free(&b);
}
END_TEST

START_TEST(every_failed_allocation_is_reported)
{
    int failures = 0;
    for (int at = 1; at < 30; at++) {
        myo_spec *p = NULL;
        myo_mem_fail_at(at);
        if (myo_spec_new(&p, 250.0, 1000, 3, 250.0) == MYO_OK) {
            myo_mem_fail_at(0);
            myo_spec_free(&p);
            break;
        }
        failures++;
        ck_assert_ptr_null(p);
    }
    ck_assert_int_ge(failures, 4);
    ck_assert_int_lt(failures, 20);
}
END_TEST

/* Each stretch by itself, by the definition: taper, transform, square. */
START_TEST(spectra_are_the_tapers_own_and_two_at_once_are_both)
{
    enum { M = 239, K = 3 };
    const double fs = 120.0;
    myo_spec *s = NULL;
    ck_assert_int_eq(myo_spec_new(&s, fs, M, K, _i == 0 ? fs : 17.0), MYO_OK);
    const int bins = myo_spec_bins(s);
    ck_assert_int_eq(bins, _i == 0 ? 241 : 69);
    ck_assert_double_eq(myo_spec_df(s), 0.25);
    float *x = sig_new(M), *y = sig_new(M);
    double p[241] = {0.0}, q[241] = {0.0}, one[241] = {0.0}, mean = 0.0;
    sig_noise(x, M, 1.0, 31);
    sig_noise(y, M, 5.0, 32);
    sig_const(x, M, 3.0);
    myo_spec_add_two(s, x, y, p, q);
    myo_spec_add(s, y, one);
    for (int i = 0; i < M; i++) {
        mean += (double)x[i] / M;
    }
    for (int b = 0; b < bins; b++) {
        double want = 0.0;
        for (int k = 1; k <= K; k++) {
            double re = 0.0, im = 0.0;
            for (int i = 0; i < M; i++) {
                const double v = sqrt(2.0 / (M + 1)) * sin(M_PI * k * (i + 1) / (M + 1)) * (x[i] - mean);
                re += v * cos(2.0 * M_PI * b * i / (2 * M + 2));
                im += v * sin(2.0 * M_PI * b * i / (2 * M + 2));
            }
            want += 2.0 / (fs * K) * (re * re + im * im);
        }
        ck_assert_double_eq_tol(p[b], want, 1e-5 * (want + 0.01));
        ck_assert_double_eq_tol(q[b], one[b], 1e-5 * (one[b] + 0.2));
    }
    myo_spec_free(&s);
    myo_free(x);
    myo_free(y);
}
END_TEST

START_TEST(good_lengths_are_near)
{
    ck_assert_int_eq(myo_spec_good(1000), 1023);
    ck_assert_int_eq(myo_spec_good(1023), 1023);
    ck_assert_int_eq(myo_spec_good(400), 400);
    for (int n = 8; n < 5000; n++) {
        ck_assert(fabs(myo_spec_good(n) + 1.0 - (n + 1)) <= 0.051 * (n + 1));
    }
}
END_TEST

START_TEST(low_peaks_are_left_out)
{
    bench b = bench_new(RATE, N, TAPERS);
    myo_peak all, high;
    sig_noise(b.x, N, 1.0, 3);
    sig_sine(b.x, N, RATE, 7.0, 0.2, 0.0);
    all = peak_of(&b, 3.0, 20.0);
    myo_spec_peak(b.psd, b.bins, b.df, 3.0, 20.0, all.height_db - 0.01, &high);
    ck_assert_mem_eq(&all, &high, sizeof all);
    myo_spec_peak(b.psd, b.bins, b.df, 3.0, 20.0, all.height_db + 0.01, &high);
    ck_assert_double_eq(high.freq, 0.0);
    bench_free(&b);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("spec");
    TCase *c = tcase_create("spec");
    tcase_add_loop_test(c, sine_frequency_is_found_within_0_05_hz, 0, 12);
    tcase_add_test(c, peak_power_is_the_sines);
    tcase_add_test(c, density_of_white_noise_is_flat_and_right);
    tcase_add_test(c, constant_has_no_density);
    tcase_add_test(c, height_follows_the_tone);
    tcase_add_test(c, steady_tone_is_narrow_wandering_one_is_wide);
    tcase_add_test(c, harmonics_count_for_the_peak);
    tcase_add_test(c, a_strong_harmonic_is_not_the_rhythm);
    tcase_add_test(c, slower_rhythm_is_seen_below);
    tcase_add_test(c, white_noise_rarely_passes);
    tcase_add_test(c, silence_has_no_peak);
    tcase_add_test(c, band_outside_the_spectrum_has_no_peak);
    tcase_add_test(c, tone_outside_the_band_is_not_the_peak);
    tcase_add_loop_test(c, spectra_are_the_tapers_own_and_two_at_once_are_both, 0, 2);
    tcase_add_test(c, good_lengths_are_near);
    tcase_add_test(c, low_peaks_are_left_out);
    tcase_add_test(c, every_failed_allocation_is_reported);
    suite_add_tcase(s, c);
    return sig_main(s);
}
