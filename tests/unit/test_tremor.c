/* test_tremor.c - spectra, cycles and coherence of tremor: closed forms, null levels, SciPy (oracle/make_spectra.py). */
#include "dsp/cohere.h"
#include "dsp/tremor.h"
#include "dsp/welch.h"
#include "oracle.h"
#include "sig.h"
#include "stats/cycles.h"
#include "stats/tail.h"

enum { BINS_MAX = 4100 };
static double psd[BINS_MAX];

static myo_density welch_of(const float *x, int64_t n, double fs, int segment, double top)
{
    myo_welch *w = NULL;
    ck_assert_int_eq(myo_welch_new(&w, fs, segment), MYO_OK);
    ck_assert_int_le(myo_welch_bins(w), BINS_MAX);
    const int count = myo_welch_psd(w, x, n, psd);
    const myo_density d = {psd, myo_welch_bins(w), myo_welch_df(w), top, count > 0 ? myo_welch_independent(count) : 0.0};
    myo_welch_free(&w);
    return d;
}

static void floats_of(const oracle_list *l, float *x)
{
    for (size_t i = 0; i < l->n; i++) {
        x[i] = (float)l->v[i];
    }
}

/* ---- Welch ---- */

START_TEST(density_is_scipys)
{
    static oracle_list x, want, number;
    tsv *t = oracle_read("spectra_welch");
    for (int row = 1; row < t->n_rows; row++) {
        oracle_get(t, row, "x", &x);
        oracle_get(t, row, "psd", &want);
        oracle_get(t, row, "nperseg", &number);
        const int segment = (int)number.v[0];
        oracle_get(t, row, "fs", &number);
        float *v = sig_new((int64_t)x.n);
        floats_of(&x, v);
        welch_of(v, (int64_t)x.n, number.v[0], segment, 50.0);
        double most = 0.0;
        for (size_t b = 0; b < want.n; b++) {
            most = fmax(most, want.v[b]);
        }
        for (size_t b = 1; b < want.n; b++) { /* single precision transforms; 0 Hz is not halved here */
            ck_assert_double_eq_tol(psd[b], want.v[b], 1e-5 * want.v[b] + 1e-8 * most);
        }
        myo_free(v);
    }
    ck_assert_int_ge(t->n_rows, 5);
    tsv_free(t);
}
END_TEST

START_TEST(missing_values_cost_their_segments)
{
    float *x = sig_new(1000), *y = sig_new(1000);
    double other[BINS_MAX];
    sig_noise(x, 1000, 1.0, 3);
    memcpy(y, x, 1000 * sizeof *y);
    myo_welch *w = NULL;
    ck_assert_int_eq(myo_welch_new(&w, 100.0, 200), MYO_OK);
    ck_assert_int_eq(myo_welch_psd(w, x, 1000, psd), 9);
    ck_assert_int_eq(myo_welch_psd(w, x, 199, psd), 0);
    ck_assert_double_eq(psd[10], 0.0);
    y[950] = NAN;
    ck_assert_int_eq(myo_welch_psd(w, y, 1000, psd), 8);
    ck_assert_int_eq(myo_welch_psd(w, x, 900, other), 8);
    ck_assert_double_eq(psd[10], other[10]);
    myo_welch_free(&w);
    myo_free(x);
    myo_free(y);
}
END_TEST

/* ---- the peak ---- */

/* A sine of 0.2 with harmonics in noise of known density: all numbers have closed forms. */
START_TEST(a_sine_is_measured)
{
    static const double fs = 125.0, amp = 0.2, sd = 0.05;
    const int64_t n = (int64_t)(60 * fs);
    for (double f = 3.3; f < 16.0; f += 1.37) {
        float *x = sig_new(n);
        sig_noise(x, n, sd, (uint64_t)(f * 100));
        sig_sine(x, n, fs, f, amp, 0.3);
        sig_sine(x, n, fs, 2.0 * f, 0.5 * amp, 1.0);
        const myo_density d = welch_of(x, n, fs, 500, 56.0);
        myo_tremor t;
        myo_tremor_of(&d, 3.0, 20.0, &t);
        ck_assert_double_eq_tol(t.freq, f, 0.02);
        ck_assert_double_eq_tol(sqrt(t.power), amp / sqrt(2.0), 0.002);
        ck_assert_double_eq_tol(t.width_hz, 1.44 / 4.0, 0.03); /* a Hann window's */
        ck_assert_double_eq_tol(t.harmonics, 0.25, 0.05);
        /* peak of a Hann window: A^2 / 4 x T x 4 / 1.5 (one-sided); noise: 2 sd^2 / fs */
        const double ratio = amp * amp / 4.0 * 4.0 * 2.0 / 1.5 / (2.0 * sd * sd / fs);
        ck_assert_double_eq_tol(10.0 * log10(t.ratio / ratio), 0.0, 0.7);
        const double in_band = (2.0 * f <= 20.0 ? 1.25 : 1.0) * amp * amp / 2.0 + 18.0 * 2.0 * sd * sd / fs;
        if (2.0 * f < 19.0 || 2.0 * f > 21.0) {
            ck_assert_double_eq_tol(t.share, (amp * amp / 2.0 + 2.0 * 2.0 * sd * sd / fs) / in_band, 0.02);
        }
        myo_free(x);
    }
}
END_TEST

START_TEST(beyond_the_channels_band_there_are_no_harmonics)
{
    float *x = sig_new(3000);
    sig_noise(x, 3000, 0.01, 1);
    sig_sine(x, 3000, 50.0, 12.0, 1.0, 0.0);
    const myo_density d = welch_of(x, 3000, 50.0, 200, 22.5);
    myo_tremor t;
    myo_tremor_of(&d, 3.0, 20.0, &t);
    ck_assert_double_eq_tol(t.freq, 12.0, 0.02);
    ck_assert(isnan(t.harmonics));
    ck_assert_double_eq_tol(t.mean_harmonic, t.ratio, 1e-9 * t.ratio);
    myo_free(x);
}
END_TEST

START_TEST(silence_has_no_peak)
{
    float *x = sig_new(1000);
    const myo_density d = welch_of(x, 1000, 100.0, 200, 45.0);
    myo_tremor t;
    myo_tremor_of(&d, 3.0, 20.0, &t);
    ck_assert_double_eq(t.freq, 0.0);
    ck_assert(isnan(t.ratio) && isnan(t.power) && isnan(t.share));
    myo_free(x);
}
END_TEST

/* Of 2000 noises, the highest peak passes its own 5 and 1 % levels in about as many: the null of science.md 4.3. */
START_TEST(noise_passes_as_often_as_it_should)
{
    static const double fs = 100.0;
    enum { TRIALS = 2000, N = 2000, SEGMENT = 400 };
    float *x = sig_new(N);
    int n_passed = 0, n_rare = 0;
    for (int i = 0; i < TRIALS; i++) {
        memset(x, 0, N * sizeof *x);
        sig_noise(x, N, 1.0, 1000 + (uint64_t)i);
        const myo_density d = welch_of(x, N, fs, SEGMENT, 45.0);
        myo_tremor t;
        myo_tremor_of(&d, 3.0, 20.0, &t);
        const double p = myo_chi2_p(t.ratio * 2.0 * d.n_free, 2.0 * d.n_free), tried = 2.0 * 17.0 * SEGMENT / fs;
        n_passed += -expm1(tried * log1p(-p)) < 0.05;
        n_rare += -expm1(tried * log1p(-p)) < 0.01;
    }
    ck_assert_int_ge(n_passed, TRIALS * 3 / 100); /* found: 6.4 and 1.4 % */
    ck_assert_int_le(n_passed, TRIALS * 8 / 100);
    ck_assert_int_ge(n_rare, TRIALS / 250);
    ck_assert_int_le(n_rare, TRIALS * 2 / 100);
    myo_free(x);
}
END_TEST

/* ---- cycles ---- */

START_TEST(the_narrow_band_keeps_the_tremor_and_finds_its_cycles)
{
    static const double fs = 50.0;
    enum { N = 1000 };
    float *x = sig_new(N), *y = sig_new(N * 4);
    double at[400], work[400];
    sig_const(x, N, 2.0);
    sig_sine(x, N, fs, 5.2, 1.0, 0.0);
    sig_sine(x, N, fs, 0.7, 3.0, 0.0);
    sig_sine(x, N, fs, 10.4, 0.5, 0.0);
    ck_assert_int_eq(myo_narrow(x, N, fs, 5.2, 4, y), MYO_OK);
    for (int i = 400; i < N * 4 - 400; i++) { /* the edges are half a filter long */
        ck_assert_double_eq_tol((double)y[i], sin(2.0 * M_PI * 5.2 * i / (4.0 * fs)), 0.03);
    }
    const int64_t n = myo_upward(y + 400, N * 4 - 800, 4.0 * fs, at, 400);
    ck_assert_int_ge(n, 82);
    ck_assert_int_le(n, 84);
    const myo_intervals i = myo_intervals_of(at, (size_t)n, work);
    ck_assert_double_eq_tol(i.median, 1.0 / 5.2, 2e-4);
    ck_assert_double_lt(i.cv, 0.01);
    ck_assert_double_lt(myo_tremor_stability(at, (size_t)n, work), 0.1);
    ck_assert_double_gt(myo_vector_strength(at, (size_t)n, 5.2), 0.99);
    ck_assert_int_eq(myo_upward(y + 400, 100, 200.0, at, 1), 1); /* no more than asked for */
    myo_free(x);
    myo_free(y);
}
END_TEST

START_TEST(the_main_axis_is_found)
{
    enum { N = 500 };
    float *x[3];
    const double want[3] = {-0.6 / -1.0, -0.8, 0.0};
    for (int a = 0; a < 3; a++) {
        x[a] = sig_new(N);
        sig_noise(x[a], N, 0.01, (uint64_t)a + 1);
        sig_sine(x[a], N, 100.0, 5.0, want[a], 0.0);
    }
    double axis[3];
    myo_main_axis((const float *const *)x, 3, N, axis);
    ck_assert_double_eq_tol(axis[0], -0.6, 0.01); /* the largest part is positive */
    ck_assert_double_eq_tol(axis[1], 0.8, 0.01);
    ck_assert_double_eq_tol(axis[2], 0.0, 0.01);
    myo_main_axis((const float *const *)x, 1, N, axis);
    ck_assert(axis[0] == 1.0 && axis[1] == 0.0 && axis[2] == 0.0);
    memset(x[0], 0, N * sizeof(float));
    myo_main_axis((const float *const *)x, 1, N, axis);
    ck_assert(axis[0] == 1.0 && axis[1] == 0.0 && axis[2] == 0.0);
    for (int a = 0; a < 3; a++) {
        myo_free(x[a]);
    }
}
END_TEST

START_TEST(intervals_by_hand)
{
    static const double t[] = {0.0, 0.2, 0.5, 0.7}; /* intervals 0.2 0.3 0.2 */
    double work[4];
    const myo_intervals i = myo_intervals_of(t, 4, work);
    ck_assert_double_eq_tol(i.median, 0.2, 1e-12);
    ck_assert_double_eq_tol(i.cv, sqrt(2.0 / 300.0 / 2.0) / (0.7 / 3.0), 1e-12);
    ck_assert_double_eq_tol(i.local, 3.0 / 2.0 * (0.04 + 0.04), 1e-12);
    ck_assert(isnan(myo_intervals_of(t, 1, work).median));
    ck_assert(!isnan(myo_intervals_of(t, 2, work).median) && isnan(myo_intervals_of(t, 2, work).cv));
    ck_assert(isnan(myo_vector_strength(t, 0, 5.0)));
    ck_assert_double_eq_tol(myo_vector_strength(t, 4, 5.0), 0.0, 1e-12); /* after 0, 1, 2.5 and 3.5 turns */
    ck_assert_double_eq_tol(myo_vector_strength(t, 3, 5.0), 1.0 / 3.0, 1e-12);
}
END_TEST

/* Random times: CV and local variation 1, no phase; a jittered clock: the index by its law. */
START_TEST(regularity_has_its_scale)
{
    enum { N = 4000 };
    static double t[N], work[N];
    myo_rng r;
    myo_rng_seed(&r, 8, 1);
    double at = 0.0;
    for (int i = 0; i < N; i++) {
        t[i] = at += 0.2 * myo_rng_exponential(&r);
    }
    const myo_intervals random = myo_intervals_of(t, N, work);
    ck_assert_double_eq_tol(random.cv, 1.0, 0.06);
    ck_assert_double_eq_tol(random.local, 1.0, 0.06);
    ck_assert_double_lt(myo_vector_strength(t, N, 5.0), 0.06);
    at = 0.0;
    for (int i = 0; i < N; i++) { /* frequencies 5 +- 0.2 Hz, independent: their change has SD 0.2 sqrt 2 */
        t[i] = at;
        at += 1.0 / (5.0 + 0.2 * myo_rng_normal(&r));
    }
    ck_assert_double_eq_tol(myo_tremor_stability(t, N, work), 1.349 * 0.2 * sqrt(2.0), 0.02);
    ck_assert(isnan(myo_tremor_stability(t, MYO_STABILITY_CYCLES, work)));
    ck_assert(!isnan(myo_tremor_stability(t, MYO_STABILITY_CYCLES + 1, work)));
}
END_TEST

/* ---- coherence ---- */

/* Segments of x and y at their own rates and starts, half overlapped. */
static myo_cross cross_of(const float *x, double fx, const float *y, double fy, double y_starts, int64_t segments)
{
    myo_segmenter *sx = NULL, *sy = NULL;
    myo_cross c = {.n = 0.0};
    ck_assert_int_eq(myo_segmenter_new(&sx, fx), MYO_OK);
    ck_assert_int_eq(myo_segmenter_new(&sy, fy), MYO_OK);
    for (int64_t k = 0; k < segments; k++) {
        myo_transform a, b;
        const double on = (double)k * MYO_SEGMENT_S / 2.0;
        const int64_t i = (int64_t)ceil(on * fx - 1e-9);
        const int64_t j = (int64_t)fmax(0.0, ceil((on - y_starts) * fy - 1e-9));
        myo_segment_transform(sx, x + i, (double)i / fx - on, &a);
        myo_segment_transform(sy, y + j, (double)j / fy + y_starts - on, &b);
        myo_cross_add(&c, &a, &b, k > 0);
    }
    myo_segmenter_free(&sx);
    myo_segmenter_free(&sy);
    return c;
}

START_TEST(coherence_and_phase_are_scipys)
{
    static oracle_list x, y, coherence, phase, number;
    tsv *t = oracle_read("spectra_coherence");
    for (int row = 1; row < t->n_rows; row++) {
        oracle_get(t, row, "x", &x);
        oracle_get(t, row, "y", &y);
        oracle_get(t, row, "coherence", &coherence);
        oracle_get(t, row, "phase", &phase);
        oracle_get(t, row, "fs", &number);
        const double fs = number.v[0];
        float *a = sig_new((int64_t)x.n), *b = sig_new((int64_t)y.n);
        floats_of(&x, a);
        floats_of(&y, b);
        const myo_cross c = cross_of(a, fs, b, fs, 0.0, (int64_t)((double)x.n / fs) - 1);
        for (size_t k = 0; k < coherence.n; k++) {
            oracle_close(myo_cross_coherence(&c, (int)k), coherence.v[k], t, row, "coherence");
            oracle_close(myo_cross_phase(&c, (int)k), phase.v[k], t, row, "phase");
        }
        myo_free(a);
        myo_free(b);
    }
    ck_assert_int_ge(t->n_rows, 4);
    tsv_free(t);
}
END_TEST

/* A shared wavering rhythm, one channel 12 ms late, at other rates and starts: coherent, and the delay comes out. */
START_TEST(channels_of_other_rates_show_their_delay)
{
    static const struct { double fx, fy, starts; } given[] = {{125.0, 125.0, 0.0}, {125.0, 100.0, 0.0}, {134.25, 50.0, 0.0073},
                                                             {125.0, 200.0, 0.0019}};
    static const double late = 0.012;
    enum { SECONDS = 41 };
    for (size_t g = 0; g < sizeof given / sizeof given[0]; g++) {
        const int64_t nx = (int64_t)(SECONDS * given[g].fx), ny = (int64_t)(SECONDS * given[g].fy);
        float *x = sig_new(nx), *y = sig_new(ny);
        sig_noise(x, nx, 0.3, 4);
        sig_noise(y, ny, 0.3, 5);
        for (int64_t i = 0; i < nx; i++) {
            const double t = (double)i / given[g].fx;
            x[i] += (float)sin(2.0 * M_PI * 6.1 * t + 1.5 * sin(0.9 * t));
        }
        for (int64_t i = 0; i < ny; i++) {
            const double t = (double)i / given[g].fy + given[g].starts - late;
            y[i] += (float)sin(2.0 * M_PI * 6.1 * t + 1.5 * sin(0.9 * t));
        }
        const myo_cross c = cross_of(x, given[g].fx, y, given[g].fy, given[g].starts, SECONDS - 3);
        myo_coherence found;
        myo_coherence_of(&c, 3.0, 20.0, 0.01, &found);
        ck_assert_double_gt(found.coherence, 0.9);
        ck_assert_int_ge(found.n_bins, 3);
        ck_assert_double_eq_tol(found.freq, 6.1, 0.2);
        ck_assert_double_eq_tol(-found.phase / (2.0 * M_PI * found.freq), late, 0.001);
        ck_assert_double_lt(found.reach, 0.1);
        myo_free(x);
        myo_free(y);
    }
}
END_TEST

/* Of unrelated noises 1 % exceed the limit in a bin: 400 pairs x 47 bins. */
START_TEST(unrelated_noises_keep_the_limit)
{
    static const double fs = 100.0;
    enum { PAIRS = 400, SECONDS = 21 };
    const int64_t n = (int64_t)(SECONDS * fs);
    float *x = sig_new(n), *y = sig_new(n);
    int over = 0;
    for (int i = 0; i < PAIRS; i++) {
        memset(x, 0, sizeof *x * (size_t)n);
        memset(y, 0, sizeof *y * (size_t)n);
        sig_noise(x, n, 1.0, 100 + (uint64_t)i);
        sig_noise(y, n, 1.0, 5000 + (uint64_t)i);
        const myo_cross c = cross_of(x, fs, y, fs, 0.0, SECONDS - 1);
        ck_assert_double_eq_tol(c.independent, 1.0 + 19.0 * 18.0 / 19.0, 1e-9);
        for (int b = 0; b < MYO_SEGMENT_BINS; b++) {
            over += myo_cross_coherence(&c, b) > myo_coherence_limit(0.01, c.independent);
        }
    }
    const double share = (double)over / (PAIRS * MYO_SEGMENT_BINS);
    ck_assert_msg(share > 0.006 && share < 0.014, "%g", share);
    myo_free(x);
    myo_free(y);
}
END_TEST

START_TEST(limits_and_intervals_by_hand)
{
    ck_assert_double_eq_tol(myo_coherence_limit(0.01, 2.0), 0.99, 1e-12);
    ck_assert_double_eq_tol(myo_coherence_limit(0.05, 11.0), 1.0 - pow(0.05, 0.1), 1e-12);
    ck_assert_double_eq(myo_coherence_limit(0.01, 1.0), 1.0);
    ck_assert_double_eq_tol(myo_phase_reach(0.5, 8.0), 1.96 * 0.25, 1e-12);
    ck_assert_double_eq(myo_phase_reach(0.0, 8.0), M_PI);
    ck_assert_double_eq(myo_phase_reach(1.0, 8.0), 0.0);
    myo_cross none = {.n = 0.0};
    myo_coherence found;
    myo_coherence_of(&none, 3.0, 20.0, 0.01, &found);
    ck_assert(found.freq == 0.0 && found.n_bins == 0);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("tremor");
    TCase *c = tcase_create("tremor");
    tcase_set_timeout(c, 60);
    tcase_add_test(c, density_is_scipys);
    tcase_add_test(c, missing_values_cost_their_segments);
    tcase_add_test(c, a_sine_is_measured);
    tcase_add_test(c, beyond_the_channels_band_there_are_no_harmonics);
    tcase_add_test(c, silence_has_no_peak);
    tcase_add_test(c, noise_passes_as_often_as_it_should);
    tcase_add_test(c, the_narrow_band_keeps_the_tremor_and_finds_its_cycles);
    tcase_add_test(c, the_main_axis_is_found);
    tcase_add_test(c, intervals_by_hand);
    tcase_add_test(c, regularity_has_its_scale);
    tcase_add_test(c, coherence_and_phase_are_scipys);
    tcase_add_test(c, channels_of_other_rates_show_their_delay);
    tcase_add_test(c, unrelated_noises_keep_the_limit);
    tcase_add_test(c, limits_and_intervals_by_hand);
    suite_add_tcase(s, c);
    return sig_main(s);
}
