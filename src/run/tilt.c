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

enum { LOW_BAND, HIGH_BAND, TOP_BAND, N_BANDS };

/* Where hum may lie, Hz: two tapers over half a second spread a line over +-2.9 Hz, so its height is that of the bins up to
 * LINE_AT from it over those LINE_FROM to LINE_TO away on both sides, which the next line does not reach. */
enum { N_LINES = 6, LINE_BINS = 64 };
static const double LINES[N_LINES] = {50.0, 60.0, 100.0, 120.0, 150.0, 180.0};
static const double LINE_AT = 1.0, LINE_FROM = 3.9, LINE_TO = 6.1;

/* Log powers about the lines, averaged over windows: bursts in some do not hide a line in the others. A logarithm is taken for
 * FACTORS of them at once, whose product is a number still: powers come from single precision. */
enum { FACTORS = 7, ENOUGH = 60 };
typedef struct hum {
    int bin[LINE_BINS], line[LINE_BINS];
    bool beside[LINE_BINS];
    double product[LINE_BINS], log_sum[LINE_BINS];
    int n, n_factors;
} hum;

struct myo_tilt {
    double fs;
    myo_spec *spec;
    double *psd[2];
    float *window[2];        /* two go through one transform */
    int at;                  /* the one that is being filled */
    int64_t n, fill;
    int *bin;                /* of all bands, away from the multiples of 50 and 60 Hz */
    int from[N_BANDS + 1];   /* where each band's begin */
    hum hum;
    bands *b;
    size_t n_b, cap_b;
};

static bool near_line(double f)
{
    return fabs(f - 50.0 * floor(f / 50.0 + 0.5)) < 5.0 || fabs(f - 60.0 * floor(f / 60.0 + 0.5)) < 5.0;
}

/* The top band lies over 0.3 of a rate of 1600 Hz or more, so no bin is in two of them. */
static myo_err set_bins(myo_tilt *t)
{
    const double edge[N_BANDS][2] = {{LOW[0], LOW[1]}, {HIGH[0], HIGH[1]}, {0.30 * t->fs, 0.45 * t->fs}};
    const double df = myo_spec_df(t->spec);
    const int bins = myo_spec_bins(t->spec), n_bands = t->fs >= 1600.0 ? N_BANDS : TOP_BAND;
    int n = 0;
    t->bin = myo_alloc((size_t)bins * N_BANDS, sizeof *t->bin);
    for (int k = 0; t->bin && k < N_BANDS; k++) {
        t->from[k] = n;
        for (int i = (int)ceil(edge[k][0] / df); k < n_bands && i * df <= edge[k][1] && i < bins; i++) {
            if (!near_line(i * df)) {
                t->bin[n++] = i;
            }
        }
    }
    t->from[N_BANDS] = n;
    return t->bin ? MYO_OK : MYO_ERR_NOMEM;
}

static void set_hum(myo_tilt *t)
{
    const double df = myo_spec_df(t->spec);
    hum *h = &t->hum;
    for (int k = 0; k < N_LINES; k++) {
        for (int i = (int)((LINES[k] - LINE_TO) / df); i * df <= LINES[k] + LINE_TO && h->n < LINE_BINS; i++) {
            const double away = fabs(i * df - LINES[k]);
            if (away <= LINE_AT || (away >= LINE_FROM && away <= LINE_TO)) {
                h->bin[h->n] = i;
                h->line[h->n] = k;
                h->beside[h->n] = away > LINE_AT;
                h->product[h->n++] = 1.0;
            }
        }
    }
}

static void take_logs(hum *h)
{
    for (int i = 0; i < h->n && h->n_factors > 0; i++) {
        h->log_sum[i] += log(h->product[i]);
        h->product[i] = 1.0;
    }
    h->n_factors = 0;
}

static void see_hum(hum *h, const double *psd)
{
    for (int i = 0; i < h->n; i++) {
        h->product[i] *= psd[h->bin[i]] + 1e-30;
    }
    if (++h->n_factors == FACTORS) {
        take_logs(h);
    }
}

static myo_err make_room(myo_tilt *t)
{
    for (int k = 0; k < 2; k++) {
        t->window[k] = myo_alloc((size_t)t->n, sizeof *t->window[k]);
        t->psd[k] = myo_alloc((size_t)myo_spec_bins(t->spec), sizeof *t->psd[k]);
        if (!t->window[k] || !t->psd[k]) {
            return MYO_ERR_NOMEM;
        }
    }
    set_hum(t);
    return set_bins(t);
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
    myo_err err = myo_spec_new(&t->spec, fs, (int)t->n, 2, fmax(HIGH[1], 0.45 * fs) + 1.0 / WINDOW_S);
    err = err == MYO_OK ? make_room(t) : err;
    if (err != MYO_OK) {
        myo_tilt_free(&t);
        return err;
    }
    *out = t;
    return MYO_OK;
}

void myo_tilt_free(myo_tilt **t)
{
    if (*t) {
        myo_spec_free(&(*t)->spec);
        for (int k = 0; k < 2; k++) {
            myo_free((*t)->psd[k]);
            myo_free((*t)->window[k]);
        }
        myo_free((*t)->bin);
        myo_free((*t)->b);
        myo_free(*t);
        *t = NULL;
    }
}

void myo_tilt_break(myo_tilt *t)
{
    t->fill = 0;
}

static float mean_density(const myo_tilt *t, const double *psd, int band)
{
    enum { AT_ONCE = 4 };    /* sums that do not wait for each other */
    const int *bin = t->bin + t->from[band], n = t->from[band + 1] - t->from[band];
    double s[AT_ONCE] = {0.0};
    int i = 0;
    for (; i + AT_ONCE <= n; i += AT_ONCE) {
        for (int j = 0; j < AT_ONCE; j++) {
            s[j] += psd[bin[i + j]];
        }
    }
    for (; i < n; i++) {
        s[0] += psd[bin[i]];
    }
    return n > 0 ? (float)((s[0] + s[1] + (s[2] + s[3])) / n) : 0.0f;
}

/* The spectra of the first n windows; there is room for what they show. */
static void take_windows(myo_tilt *t, int n)
{
    for (int k = 0; k < n; k++) {
        memset(t->psd[k], 0, sizeof *t->psd[k] * (size_t)myo_spec_bins(t->spec));
    }
    if (n == 2) {
        myo_spec_add_two(t->spec, t->window[0], t->window[1], t->psd[0], t->psd[1]);
    } else {
        myo_spec_add(t->spec, t->window[0], t->psd[0]);
    }
    for (int k = 0; k < n; k++) {
        bands *b = &t->b[t->n_b++];
        b->low = mean_density(t, t->psd[k], LOW_BAND);
        b->high = mean_density(t, t->psd[k], HIGH_BAND);
        b->top = t->fs >= 1600.0 ? mean_density(t, t->psd[k], TOP_BAND) : b->high;
        see_hum(&t->hum, t->psd[k]);
    }
}

static myo_err window_full(myo_tilt *t)
{
    t->fill = 0;
    t->at = !t->at;
    if (t->at == 0) {
        take_windows(t, 2);
    }
    return myo_grow((void **)&t->b, &t->cap_b, t->n_b + 2, sizeof *t->b);
}

myo_err myo_tilt_add(myo_tilt *t, const float *x, int64_t n)
{
    while (n > 0) {
        const int64_t take = n < t->n - t->fill ? n : t->n - t->fill;
        memcpy(t->window[t->at] + t->fill, x, sizeof *x * (size_t)take);
        t->fill += take;
        x += take;
        n -= take;
        MYO_TRY(t->fill == t->n ? window_full(t) : MYO_OK);
    }
    return MYO_OK;
}

/* A window that waits for another goes alone, and one that was begun is forgotten. */
static void end_stretch(myo_tilt *t)
{
    if (t->at == 1) {
        take_windows(t, 1);
    }
    t->fill = t->at = 0;
}

double myo_tilt_hum_db(myo_tilt *t)
{
    hum *h = &t->hum;
    double highest = -INFINITY;
    end_stretch(t);
    take_logs(h);
    for (int k = 0; k < N_LINES; k++) {
        double sum[2] = {0.0};
        int n[2] = {0};
        for (int i = 0; i < h->n; i++) {
            if (h->line[i] == k) {
                sum[h->beside[i]] += h->log_sum[i];
                n[h->beside[i]]++;
            }
        }
        highest = fmax(highest, 10.0 / log(10.0) * (sum[0] / n[0] - sum[1] / n[1]) / (double)t->n_b);
    }
    return t->n_b >= ENOUGH ? highest : INFINITY;
}

static int by_low(const void *a, const void *b)
{
    const float x = ((const bands *)a)->low, y = ((const bands *)b)->low;
    return (x > y) - (x < y);
}

/* Mean densities of the quietest fifth; false if nothing was seen. */
static bool quietest(myo_tilt *t, double *low, double *high, double *top)
{
    end_stretch(t);
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
