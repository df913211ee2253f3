/* tilt.c - spectral tilt of the quietest half-seconds. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/base.h"
#include "dsp/spec.h"
#include "run/tilt.h"

static const double WINDOW_S = 0.5, QUIET = 0.2;
/* 9 dB within the band; or 6 dB if beyond it, where no low-pass can hide, it is 13 dB. */
static const double STEEP = 8.0, FAIRLY_STEEP = 4.0, STEEP_BEYOND = 20.0;
static const double LOW[2] = {60.0, 150.0}, HIGH[2] = {300.0, 420.0};

typedef struct bands { float low, high, top; } bands; /* mean densities */

struct myo_tilt {
    double fs;
    myo_spec *spec;
    double *psd;
    float *window;
    bool *clear;             /* bins away from the multiples of 50 and 60 Hz */
    int64_t n, fill;
    bands *b;
    size_t n_b, cap_b;
};

static bool near_line(double f)
{
    return fabs(f - 50.0 * floor(f / 50.0 + 0.5)) < 5.0 || fabs(f - 60.0 * floor(f / 60.0 + 0.5)) < 5.0;
}

static myo_err set_clear(myo_tilt *t)
{
    const int bins = myo_spec_bins(t->spec);
    t->clear = myo_alloc((size_t)bins, sizeof *t->clear);
    for (int i = 0; t->clear && i < bins; i++) {
        t->clear[i] = !near_line(i * myo_spec_df(t->spec));
    }
    return t->clear ? MYO_OK : MYO_ERR_NOMEM;
}

myo_err myo_tilt_new(myo_tilt **out, double fs)
{
    *out = NULL;
    if (fs < 1000.0) {
        return MYO_OK;
    }
    myo_tilt *t = myo_alloc(1, sizeof *t);
    if (!t) {
        return MYO_ERR_NOMEM;
    }
    t->fs = fs;
    t->n = myo_spec_good((int)(WINDOW_S * fs));
    myo_err err = myo_spec_new(&t->spec, fs, (int)t->n, 2, fs);
    err = err == MYO_OK ? set_clear(t) : err;
    t->window = myo_alloc((size_t)t->n, sizeof *t->window);
    t->psd = err == MYO_OK ? myo_alloc((size_t)myo_spec_bins(t->spec), sizeof *t->psd) : NULL;
    if (err != MYO_OK || !t->window || !t->psd) {
        myo_tilt_free(&t);
        return MYO_ERR_NOMEM;
    }
    *out = t;
    return MYO_OK;
}

void myo_tilt_free(myo_tilt **t)
{
    if (*t) {
        myo_spec_free(&(*t)->spec);
        myo_free((*t)->psd);
        myo_free((*t)->window);
        myo_free((*t)->clear);
        myo_free((*t)->b);
        myo_free(*t);
        *t = NULL;
    }
}

void myo_tilt_break(myo_tilt *t)
{
    t->fill = 0;
}

static float mean_density(const myo_tilt *t, double lo, double hi)
{
    const double df = myo_spec_df(t->spec);
    double s = 0.0;
    int n = 0;
    for (int i = (int)ceil(lo / df); i * df <= hi && i < myo_spec_bins(t->spec); i++) {
        if (t->clear[i]) {
            s += t->psd[i];
            n++;
        }
    }
    return n > 0 ? (float)(s / n) : 0.0f;
}

static myo_err window_done(myo_tilt *t)
{
    memset(t->psd, 0, sizeof *t->psd * (size_t)myo_spec_bins(t->spec));
    myo_spec_add(t->spec, t->window, t->psd);
    MYO_TRY(myo_grow((void **)&t->b, &t->cap_b, t->n_b + 1, sizeof *t->b));
    bands *b = &t->b[t->n_b++];
    b->low = mean_density(t, LOW[0], LOW[1]);
    b->high = mean_density(t, HIGH[0], HIGH[1]);
    b->top = t->fs >= 1600.0 ? mean_density(t, 0.30 * t->fs, 0.45 * t->fs) : b->high;
    return MYO_OK;
}

myo_err myo_tilt_add(myo_tilt *t, const float *x, int64_t n)
{
    while (n > 0) {
        const int64_t take = n < t->n - t->fill ? n : t->n - t->fill;
        memcpy(t->window + t->fill, x, sizeof *x * (size_t)take);
        t->fill += take;
        x += take;
        n -= take;
        if (t->fill == t->n) {
            MYO_TRY(window_done(t));
            t->fill = 0;
        }
    }
    return MYO_OK;
}

static int by_low(const void *a, const void *b)
{
    const float x = ((const bands *)a)->low, y = ((const bands *)b)->low;
    return (x > y) - (x < y);
}

/* Mean densities of the quietest fifth; false if nothing was seen. */
static bool quietest(myo_tilt *t, double *low, double *high, double *top)
{
    const size_t n = (size_t)ceil(QUIET * (double)t->n_b);
    *low = *high = *top = 0.0;
    if (n == 0) {
        return false;
    }
    qsort(t->b, t->n_b, sizeof *t->b, by_low);
    for (size_t i = 0; i < n; i++) {
        *low += t->b[i].low / (double)n;
        *high += t->b[i].high / (double)n;
        *top += t->b[i].top / (double)n;
    }
    return true;
}

static bool is_steep(const myo_tilt *t, double low, double high, double top)
{
    const bool beyond = t->fs >= 1600.0 && low > STEEP_BEYOND * top && low > FAIRLY_STEEP * high;
    return low > STEEP * high || beyond;
}

bool myo_tilt_active(myo_tilt *t, double *density)
{
    double low, high, top;
    if (!quietest(t, &low, &high, &top)) {
        return false;
    }
    *density = fmin(high, top);
    return is_steep(t, low, high, top) && *density > 0.0;
}

/* Integral of f^-p. */
static double power_law(double p, double lo, double hi)
{
    return fabs(1.0 - p) < 1e-9 ? log(hi / lo) : (pow(hi, 1.0 - p) - pow(lo, 1.0 - p)) / (1.0 - p);
}

double myo_tilt_width(myo_tilt *t, double lo, double hi)
{
    double low, high, top;
    if (!quietest(t, &low, &high, &top) || high <= 0.0 || low <= high || is_steep(t, low, high, top)) {
        return 1.0;
    }
    const double p = log(low / high) / log((HIGH[0] + HIGH[1]) / (LOW[0] + LOW[1])), s = power_law(p, lo, hi);
    return fmin(1.0, s * s / (power_law(2.0 * p, lo, hi) * (hi - lo)));
}
