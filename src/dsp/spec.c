/* spec.c - multitaper spectra and the search for a tremor peak. */
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "dsp/fft.h"
#include "dsp/spec.h"

struct myo_spec {
    double fs;
    int n, n_fft, n_tapers;
    const myo_fft *fft;
    float *tapers;       /* n_tapers x n */
    float *x, *spec;
};

myo_err myo_spec_new(myo_spec **out, double fs, int n, int n_tapers)
{
    myo_spec *s = myo_alloc(1, sizeof *s);
    if (!s) {
        return MYO_ERR_NOMEM;
    }
    s->fs = fs;
    s->n = n;
    s->n_tapers = n_tapers;
    s->n_fft = 2;
    while (s->n_fft < 2 * n) {
        s->n_fft *= 2;
    }
    s->tapers = myo_alloc((size_t)n * (size_t)n_tapers, sizeof(float));
    s->x = myo_alloc_aligned((size_t)s->n_fft, sizeof(float));
    s->spec = myo_alloc_aligned((size_t)s->n_fft + 2, sizeof(float));
    if (!s->tapers || !s->x || !s->spec || myo_fft_get(&s->fft, s->n_fft) != MYO_OK) {
        myo_spec_free(&s);
        return MYO_ERR_NOMEM;
    }
    for (int k = 0; k < n_tapers; k++) {
        for (int i = 0; i < n; i++) {
            s->tapers[k * n + i] = (float)(sqrt(2.0 / (n + 1)) * sin(M_PI * (k + 1) * (i + 1) / (n + 1)));
        }
    }
    *out = s;
    return MYO_OK;
}

void myo_spec_free(myo_spec **s)
{
    if (*s) {
        myo_free((*s)->tapers);
        myo_free((*s)->x);
        myo_free((*s)->spec);
        myo_free(*s);
        *s = NULL;
    }
}

int myo_spec_bins(const myo_spec *s)
{
    return s->n_fft / 2 + 1;
}

double myo_spec_df(const myo_spec *s)
{
    return s->fs / s->n_fft;
}

void myo_spec_add(myo_spec *s, const float *x, double *psd)
{
    double mean = 0.0;
    for (int i = 0; i < s->n; i++) {
        mean += x[i];
    }
    mean /= s->n;
    for (int k = 0; k < s->n_tapers; k++) {
        const float *taper = s->tapers + (size_t)k * (size_t)s->n;
        for (int i = 0; i < s->n; i++) {
            s->x[i] = (float)(x[i] - mean) * taper[i];
        }
        memset(s->x + s->n, 0, sizeof *s->x * (size_t)(s->n_fft - s->n));
        myo_fft_forward(s->fft, s->x, s->spec);
        const double scale = 2.0 / (s->fs * s->n_tapers);
        for (int b = 0; b <= s->n_fft / 2; b++) {
            const double re = s->spec[2 * b], im = s->spec[2 * b + 1];
            psd[b] += scale * (re * re + im * im);
        }
    }
}

static bool near_harmonic(double f, double f0, double reach)
{
    for (int k = 1; k <= 3; k++) {
        if (fabs(f - k * f0) <= reach) {
            return true;
        }
    }
    return false;
}

static double sum_band(const double *psd, int bins, double df, double lo, double hi)
{
    double s = 0.0;
    for (int b = (int)ceil(lo / df); b <= (int)floor(hi / df) && b < bins; b++) {
        s += b >= 0 ? psd[b] * df : 0.0;
    }
    return s;
}

/* Median density of the surroundings. */
static double surroundings(const double *psd, int bins, double df, double lo, double hi, double f0)
{
    enum { MAX = 1024 };
    double v[MAX];
    int n = 0;
    for (int b = (int)ceil(lo / df); b <= (int)floor(hi / df) && b < bins && n < MAX; b++) {
        if (!near_harmonic(b * df, f0, 1.0)) {
            v[n++] = psd[b];
        }
    }
    if (n == 0) {
        return 0.0;
    }
    myo_sort_f64(v, (size_t)n);
    return v[n / 2];
}

static double half_width(const double *psd, int bins, double df, int top)
{
    int l = top, r = top;
    while (l > 0 && psd[l] > psd[top] / 2.0) {
        l--;
    }
    while (r + 1 < bins && psd[r] > psd[top] / 2.0) {
        r++;
    }
    return (r - l - 1) * df;
}

/* Gravity and half-wave drives make second harmonics that may outgrow their fundamental: where a local peak stands at
 * half the frequency, within 6 dB, it is the rhythm. */
static int fundamental(const double *psd, int bins, double df, double lo, int top)
{
    const int from = (int)fmax(lo / df, 0.46 * top), to = (int)fmin(0.54 * top, bins - 2);
    for (int b = from < 1 ? 1 : from; b <= to; b++) {
        if (psd[b] > 0.25 * psd[top] && psd[b] >= psd[b - 1] && psd[b] > psd[b + 1]) {
            return b;
        }
    }
    return top;
}

void myo_spec_peak(const double *psd, int bins, double df, double lo, double hi, myo_peak *peak)
{
    memset(peak, 0, sizeof *peak);
    const int first = (int)ceil(lo / df), last = (int)fmin(floor(hi / df), bins - 2);
    int top = -1;
    for (int b = first > 1 ? first : 1; b <= last; b++) {
        if (psd[b] >= psd[b - 1] && psd[b] > psd[b + 1] && (top < 0 || psd[b] > psd[top])) {
            top = b;
        }
    }
    if (top < 0 || psd[top] <= 0.0) {
        return;
    }
    top = fundamental(psd, bins, df, lo, top);
    const double l = log(psd[top - 1] + 1e-300), c = log(psd[top]), r = log(psd[top + 1] + 1e-300);
    const double bend = l - 2.0 * c + r;
    const double f = (top + (bend < 0.0 ? 0.5 * (l - r) / bend : 0.0)) * df;
    const double base = surroundings(psd, bins, df, lo - 0.5, hi + 5.0, f);
    const double all = sum_band(psd, bins, df, 2.0, hi + 5.0);
    double in_peak = 0.0, slow = 0.0;
    for (int b = 1; b < bins && b * df <= hi + 5.0; b++) {
        in_peak += b * df >= 2.0 && near_harmonic(b * df, f, 1.0) ? psd[b] * df : 0.0;
        if (b * df >= 0.7 && b * df <= fmin(0.6 * f, 0.95 * lo) && psd[b] > slow) {
            slow = psd[b];
        }
    }
    peak->freq = f;
    peak->height_db = base > 0.0 ? 10.0 * log10(psd[top] / base) : 60.0;
    peak->width_hz = half_width(psd, bins, df, top);
    peak->share = all > 0.0 ? in_peak / all : 0.0;
    peak->power = sum_band(psd, bins, df, f - 1.0, f + 1.0);
    peak->below_db = slow > 0.0 ? 10.0 * log10(slow / psd[top]) : -60.0;
}
