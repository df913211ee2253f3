/* welch.c - power density by averaged periodograms. */
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "dsp/fft.h"
#include "dsp/welch.h"

struct myo_welch {
    double fs, scale;
    int n, n_fft;
    const myo_fft *fft;
    double *taper;
    float *x, *spec;
};

myo_err myo_welch_new(myo_welch **out, double fs, int n)
{
    myo_welch *w = myo_alloc(1, sizeof *w);
    if (!w) {
        return MYO_ERR_NOMEM;
    }
    w->fs = fs;
    w->n = n;
    w->n_fft = 4;
    while (w->n_fft < 4 * n) {
        w->n_fft *= 2;
    }
    w->taper = myo_alloc((size_t)n, sizeof *w->taper);
    w->x = myo_alloc_aligned((size_t)w->n_fft, sizeof(float));
    w->spec = myo_alloc_aligned((size_t)w->n_fft + 2, sizeof(float));
    if (!w->taper || !w->x || !w->spec || myo_fft_get_forward(&w->fft, w->n_fft, false) != MYO_OK) {
        myo_welch_free(&w);
        return MYO_ERR_NOMEM;
    }
    double ss = 0.0;
    for (int i = 0; i < n; i++) {
        w->taper[i] = 0.5 - 0.5 * cos(2.0 * M_PI * i / n);
        ss += w->taper[i] * w->taper[i];
    }
    w->scale = 2.0 / (fs * ss);
    *out = w;
    return MYO_OK;
}

void myo_welch_free(myo_welch **w)
{
    if (*w) {
        myo_free((*w)->taper);
        myo_free((*w)->x);
        myo_free((*w)->spec);
        myo_free(*w);
        *w = NULL;
    }
}

int myo_welch_bins(const myo_welch *w)
{
    return w->n_fft / 2 + 1;
}

double myo_welch_df(const myo_welch *w)
{
    return w->fs / w->n_fft;
}

/* NaN if a sample is. */
static double mean_of(const float *x, int n)
{
    double sum = 0.0;
    for (int i = 0; i < n; i++) {
        sum += (double)x[i];
    }
    return sum / n;
}

int myo_welch_psd(myo_welch *w, const float *x, int64_t n_x, double *psd)
{
    const int bins = myo_welch_bins(w), hop = w->n / 2;
    int count = 0;
    memset(psd, 0, sizeof *psd * (size_t)bins);
    for (int64_t at = 0; at + w->n <= n_x; at += hop) {
        const double mean = mean_of(x + at, w->n);
        if (isnan(mean)) {
            continue;
        }
        for (int i = 0; i < w->n; i++) {
            w->x[i] = (float)(((double)x[at + i] - mean) * w->taper[i]);
        }
        memset(w->x + w->n, 0, sizeof *w->x * (size_t)(w->n_fft - w->n));
        myo_fft_forward(w->fft, w->x, w->spec);
        for (int b = 0; b < bins; b++) {
            const double re = (double)w->spec[2 * b], im = (double)w->spec[2 * b + 1];
            psd[b] += re * re + im * im;
        }
        count++;
    }
    for (int b = 0; b < bins && count > 0; b++) {
        psd[b] *= w->scale / count;
    }
    return count;
}

double myo_welch_independent(double k)
{
    return k / (1.0 + 2.0 / 36.0 * (k - 1.0) / k);
}
