/* tremor.c - spectral peak of a tremor against its background; narrow band and cycles. */
#include <math.h>
#include <stdbool.h>
#include <string.h>
#include "base/base.h"
#include "dsp/noise.h"
#include "dsp/tremor.h"

static const double REACH_HZ = 1.0;               /* the peak's own band, either side */
static const double QUIET_LO_HZ = 2.5, QUIET_HI_HZ = 25.0, BAND_LO_HZ = 2.0, BAND_HI_HZ = 20.0; /* science.md 4.3 */

static bool of_peak(double f, double f0)
{
    return fabs(f - f0) <= REACH_HZ || fabs(f - 2.0 * f0) <= REACH_HZ || fabs(f - 3.0 * f0) <= REACH_HZ;
}

/* Median density of what is not the peak's, as a mean. */
static double background(const myo_density *d, double f)
{
    enum { MAX = 2048 };
    double v[MAX];
    size_t n = 0;
    const double hi = fmin(QUIET_HI_HZ, d->top);
    for (int b = (int)ceil(QUIET_LO_HZ / d->df); b < d->bins && b * d->df <= hi && n < MAX; b++) {
        if (!of_peak(b * d->df, f)) {
            v[n++] = d->psd[b];
        }
    }
    if (n == 0) {
        return 0.0;
    }
    myo_sort_f64(v, n);
    const double median = n % 2 ? v[n / 2] : 0.5 * (v[n / 2 - 1] + v[n / 2]);
    return median / myo_chi2_mean_quantile(0.0, 2.0 * d->n_free);
}

static double band_power(const myo_density *d, double lo, double hi)
{
    double sum = 0.0;
    for (int b = (int)fmax(0.0, ceil(lo / d->df)); b < d->bins && b * d->df <= hi; b++) {
        sum += d->psd[b] * d->df;
    }
    return sum;
}

/* Highest density within half a hertz of f; NaN where the channel carries no such frequency. */
static double highest_near(const myo_density *d, double f)
{
    double most = NAN;
    if (f > d->top) {
        return most;
    }
    for (int b = (int)fmax(0.0, ceil((f - 0.5) / d->df)); b < d->bins && b * d->df <= f + 0.5; b++) {
        most = fmax(most, d->psd[b]); /* of a number and NaN, the number */
    }
    return most;
}

/* Where the density falls to half of the top's, going by `step`, in bins; linear between two of them. */
static double half_at(const myo_density *d, int top, int step)
{
    const double half = 0.5 * d->psd[top];
    int b = top;
    while (b + step >= 0 && b + step < d->bins && d->psd[b + step] > half) {
        b += step;
    }
    if (b + step < 0 || b + step >= d->bins) {
        return b;
    }
    return b + step * (d->psd[b] - half) / (d->psd[b] - d->psd[b + step]);
}

static int highest_peak(const myo_density *d, double lo, double hi)
{
    int top = -1;
    const int last = (int)fmin(floor(hi / d->df), d->bins - 2);
    for (int b = (int)fmax(1.0, ceil(lo / d->df)); b <= last; b++) {
        if (d->psd[b] >= d->psd[b - 1] && d->psd[b] > d->psd[b + 1] && (top < 0 || d->psd[b] > d->psd[top])) {
            top = b;
        }
    }
    return top;
}

static double vertex(const myo_density *d, int top)
{
    const double least = 1e-300;
    const double l = log(d->psd[top - 1] + least), c = log(d->psd[top] + least), r = log(d->psd[top + 1] + least);
    const double bend = l - 2.0 * c + r;
    return top + (bend < 0.0 ? 0.5 * (l - r) / bend : 0.0);
}

static void harmonics(const myo_density *d, double base, myo_tremor *out)
{
    enum { K_MAX = 5 };
    double p[K_MAX], sum = 0.0;
    int n = 0;
    for (int k = 0; k < K_MAX; k++) {
        p[k] = highest_near(d, out->freq * (k + 1));
        n += !isnan(p[k]);
        sum += isnan(p[k]) ? 0.0 : p[k];
    }
    out->harmonics = isnan(p[1]) ? NAN : (p[1] + (isnan(p[2]) ? 0.0 : p[2])) / p[0];
    out->mean_harmonic = n > 0 ? sum / n / base : NAN;
}

void myo_tremor_of(const myo_density *d, double lo, double hi, myo_tremor *out)
{
    *out = (myo_tremor){0.0, NAN, NAN, NAN, NAN, NAN, NAN};
    const int top = highest_peak(d, lo, fmin(hi, d->top));
    if (top < 0 || !(d->psd[top] > 0.0)) {
        return;
    }
    out->freq = vertex(d, top) * d->df;
    const double base = background(d, out->freq), f = out->freq;
    const double near = band_power(d, f - REACH_HZ, f + REACH_HZ);
    out->ratio = base > 0.0 ? d->psd[top] / base : INFINITY;
    out->width_hz = (half_at(d, top, 1) - half_at(d, top, -1)) * d->df;
    out->share = near / band_power(d, fmin(BAND_LO_HZ, f - REACH_HZ), fmax(BAND_HI_HZ, f + REACH_HZ));
    out->power = fmax(0.0, near - 2.0 * REACH_HZ * base);
    harmonics(d, base, out);
}

/* ---- narrow band ---- */

/* Hann-windowed sinc of 2 Hz at frequency f, at `times` the rate; without response at 0 Hz, unity at f. */
static double *make_kernel(int half, double fs, double f, int times)
{
    static const double BAND_HZ = 2.0;
    const int n = 2 * half + 1;
    double *k = myo_alloc((size_t)n, sizeof *k), sum = 0.0, windows = 0.0, gain = 0.0;
    for (int i = -half; k && i <= half; i++) {
        const double t = i / (fs * times), x = 2.0 * M_PI * BAND_HZ * t;
        const double window = 0.5 + 0.5 * cos(M_PI * i / (half + 1));
        k[i + half] = window * (i == 0 ? 1.0 : sin(x) / x) * cos(2.0 * M_PI * f * t);
        sum += k[i + half];
        windows += window;
    }
    for (int i = -half; k && i <= half; i++) {
        k[i + half] -= (0.5 + 0.5 * cos(M_PI * i / (half + 1))) * sum / windows;
        gain += k[i + half] * cos(2.0 * M_PI * f * i / (fs * times));
    }
    for (int i = 0; k && i < n; i++) {
        k[i] *= times / gain; /* every times-th value meets a sample */
    }
    return k;
}

/* Values r, r + times, r + 2 times ... of n times values: d[i], 0 beyond its ends, meets k[half + r + times (q - i)]. The sums
 * of several do not wait for each other; each is added up in the order of the samples. */
static void one_phase(const double *d, int64_t n, const double *k, int half, int times, int r, float *y)
{
    enum { AT_ONCE = 8 };
    const int first = (half - r) / times, last = -((half + r) / times);
    for (int64_t q = 0; q < n; q += AT_ONCE) {
        double v[AT_ONCE] = {0.0};
        for (int j = first; j >= last; j--) {
            const double c = k[half + r + times * j], *x = d + (q - j);
            for (int l = 0; l < AT_ONCE; l++) {
                v[l] += x[l] * c;
            }
        }
        for (int l = 0; l < AT_ONCE && q + l < n; l++) {
            y[(q + l) * times + r] = (float)v[l];
        }
    }
}

myo_err myo_narrow(const float *x, int64_t n, double fs, double f, int times, float *y)
{
    static const double HALF_S = 0.75;
    const int half = (int)(HALF_S * fs * times), reach = half / times + 8; /* and what is reckoned at once */
    double *k = make_kernel(half, fs, f, times), sum = 0.0;
    double *d = myo_alloc((size_t)n + 2 * (size_t)reach, sizeof *d);
    for (int64_t i = 0; i < n; i++) {
        sum += (double)x[i];
    }
    const double mean = n > 0 ? sum / (double)n : 0.0;
    for (int64_t i = 0; d && i < n; i++) {
        d[reach + i] = (double)x[i] - mean;
    }
    for (int r = 0; d && k && r < times; r++) {
        one_phase(d + reach, n, k, half, times, r, y);
    }
    const bool done = d && k;
    myo_free(d);
    myo_free(k);
    return done ? MYO_OK : MYO_ERR_NOMEM;
}

int64_t myo_upward(const float *y, int64_t n, double fs, double *t, int64_t max)
{
    int64_t found = 0;
    for (int64_t i = 0; i + 1 < n && found < max; i++) {
        if (y[i] < 0.0f && y[i + 1] >= 0.0f) {
            t[found++] = ((double)i + (double)y[i] / ((double)y[i] - (double)y[i + 1])) / fs;
        }
    }
    return found;
}

/* ---- axis ---- */

static void moments(const float *const *x, int n_axes, int64_t n, double m[3][3])
{
    memset(m, 0, 9 * sizeof(double));
    for (int a = 0; a < n_axes; a++) {
        for (int b = a; b < n_axes; b++) {
            for (int64_t i = 0; i < n; i++) {
                m[a][b] += (double)x[a][i] * (double)x[b][i];
            }
            m[b][a] = m[a][b];
        }
    }
}

/* Powers of m, squared over and over, turn every start to the main axis: 2^20 turns part eigenvalues 1e-5 apart. */
void myo_main_axis(const float *const *x, int n_axes, int64_t n, double axis[3])
{
    double m[3][3];
    moments(x, n_axes, n, m);
    for (int turn = 0; turn < 20; turn++) {
        double square[3][3], trace = 0.0;
        for (int a = 0; a < 3; a++) {
            for (int b = 0; b < 3; b++) {
                square[a][b] = m[a][0] * m[0][b] + m[a][1] * m[1][b] + m[a][2] * m[2][b];
            }
            trace += square[a][a];
        }
        for (int a = 0; a < 3; a++) {
            for (int b = 0; b < 3; b++) {
                m[a][b] = trace > 0.0 ? square[a][b] / trace : 0.0;
            }
        }
    }
    int top = 0;
    for (int a = 1; a < 3; a++) {
        top = m[a][a] > m[top][top] ? a : top;
    }
    const double length = sqrt(m[top][0] * m[top][0] + m[top][1] * m[top][1] + m[top][2] * m[top][2]);
    for (int a = 0; a < 3; a++) {
        axis[a] = length > 0.0 ? m[top][a] / length : a == 0;
    }
}
