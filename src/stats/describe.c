/* describe.c - quantiles of arrays, and of streams of values in bounded memory. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/base.h"
#include "stats/stats.h"

/* A bin is the exponent and the leading 10 bits of the mantissa: 1024 bins an octave. Bin 0 holds
 * what is under 2^-20 (about 1e-6), the last one what is from 2^30 (about 1e9) up. */
enum {
    SUB_BITS = 10,
    EXP_MIN = -20,
    EXP_MAX = 30,
    N_BIN = ((EXP_MAX - EXP_MIN) << SUB_BITS) + 2,
    PAGE = 256,
    N_PAGE = (N_BIN + PAGE - 1) / PAGE
};

static int compare_f64(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double myo_quantile_sorted(const double *sorted, size_t n, double p) {
    if (n == 0 || !(p >= 0.0 && p <= 1.0)) {
        return NAN;
    }
    const double h = (double)(n - 1) * p;
    const size_t k = (size_t)h;
    if (k + 1 >= n) {
        return sorted[n - 1];
    }
    return sorted[k] + (h - (double)k) * (sorted[k + 1] - sorted[k]);
}

myo_quartiles myo_quartiles_of(double *x, size_t n) {
    if (n > 1) {
        qsort(x, n, sizeof *x, compare_f64);
    }
    return (myo_quartiles){myo_quantile_sorted(x, n, 0.25), myo_quantile_sorted(x, n, 0.5),
                           myo_quantile_sorted(x, n, 0.75)};
}

static int bin_of(double v) {
    if (!(v >= ldexp(1.0, EXP_MIN))) {
        return 0;
    }
    if (v >= ldexp(1.0, EXP_MAX)) {
        return N_BIN - 1;
    }
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    const int64_t key = (int64_t)(bits >> (52 - SUB_BITS));
    const int64_t first = (int64_t)(1023 + EXP_MIN) << SUB_BITS;
    return (int)(key - first) + 1;
}

/* The middle of a bin, never outside of what was seen. */
static double value_of(const myo_dist *d, int bin) {
    if (bin == 0) {
        return d->min;
    }
    if (bin == N_BIN - 1) {
        return d->max;
    }
    const int octave = (bin - 1) >> SUB_BITS, sub = (bin - 1) & ((1 << SUB_BITS) - 1);
    const double mantissa = 1.0 + ((double)sub + 0.5) / (double)(1 << SUB_BITS);
    return fmin(fmax(ldexp(mantissa, EXP_MIN + octave), d->min), d->max);
}

static myo_err count_value(uint64_t **page, double v) {
    const int bin = bin_of(v);
    uint64_t **p = &page[bin / PAGE];
    if (!*p && !(*p = myo_alloc(PAGE, sizeof **p))) {
        return MYO_ERR_NOMEM;
    }
    (*p)[bin % PAGE]++;
    return MYO_OK;
}

static void free_pages(uint64_t **page) {
    for (int i = 0; page && i < N_PAGE; i++) {
        myo_free(page[i]);
    }
    myo_free(page);
}

/* From kept values to counted ones. */
static myo_err start_counting(myo_dist *d) {
    uint64_t **page = myo_alloc(N_PAGE, sizeof *page);
    if (!page) {
        return MYO_ERR_NOMEM;
    }
    for (int64_t i = 0; i < d->n; i++) {
        const myo_err e = count_value(page, d->x[i]);
        if (e != MYO_OK) {
            free_pages(page);
            return e;
        }
    }
    myo_free(d->x);
    d->x = NULL;
    d->cap = 0;
    d->page = page;
    return MYO_OK;
}

static myo_err keep_or_count(myo_dist *d, double v) {
    if (!d->page && d->n == MYO_DIST_EXACT) {
        MYO_TRY(start_counting(d));
    }
    if (d->page) {
        return count_value(d->page, v);
    }
    void *x = d->x;
    MYO_TRY(myo_grow(&x, &d->cap, (size_t)d->n + 1, sizeof *d->x));
    d->x = x;
    d->x[d->n] = v;
    return MYO_OK;
}

myo_err myo_dist_add(myo_dist *d, double v) {
    if (!isfinite(v)) {
        return MYO_OK;
    }
    MYO_TRY(keep_or_count(d, v));
    d->min = d->n == 0 ? v : fmin(d->min, v);
    d->max = d->n == 0 ? v : fmax(d->max, v);
    d->n++;
    const double delta = v - d->mean;
    d->mean += delta / (double)d->n;
    d->m2 += delta * (v - d->mean);
    return MYO_OK;
}

/* Values number k and k + 1 (from 0) in rising order. */
static void ranked_pair(const myo_dist *d, int64_t k, double *a, double *b) {
    int64_t before = 0;
    bool have_a = false;
    *a = *b = d->max;
    for (int p = 0; p < N_PAGE; p++) {
        for (int i = 0; d->page[p] && i < PAGE; i++) {
            before += (int64_t)d->page[p][i];
            if (!have_a && before > k) {
                *a = value_of(d, p * PAGE + i);
                have_a = true;
            }
            if (before > k + 1) {
                *b = value_of(d, p * PAGE + i);
                return;
            }
        }
    }
}

double myo_dist_quantile(myo_dist *d, double p) {
    if (d->n == 0 || !(p >= 0.0 && p <= 1.0)) {
        return NAN;
    }
    if (!d->page) {
        qsort(d->x, (size_t)d->n, sizeof *d->x, compare_f64);
        return myo_quantile_sorted(d->x, (size_t)d->n, p);
    }
    const double h = (double)(d->n - 1) * p;
    const int64_t k = (int64_t)h;
    double a, b;
    ranked_pair(d, k, &a, &b);
    return a + (h - (double)k) * (b - a);
}

double myo_dist_sd(const myo_dist *d) {
    return d->n < 2 ? NAN : sqrt(d->m2 / (double)(d->n - 1));
}

double myo_dist_cv(const myo_dist *d) {
    return d->mean > 0.0 ? myo_dist_sd(d) / d->mean : NAN;
}

void myo_dist_clear(myo_dist *d) {
    myo_free(d->x);
    free_pages(d->page);
    *d = (myo_dist){0};
}
