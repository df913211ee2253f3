/* adjust.c - Holm and Benjamini-Hochberg, as R's p.adjust does them. */
#include "stats/adjust.h"
#include <math.h>
#include "base/base.h"

typedef struct ranked {
    double p;
    size_t at;
} ranked;

static int by_p(const void *a, const void *b) {
    const ranked *x = a, *y = b;
    return (x->p > y->p) - (x->p < y->p);
}

/* The p-values that are numbers, smallest first. */
static myo_err rank(const double *p, size_t n, ranked **out, size_t *n_out) {
    ranked *r = myo_alloc(n ? n : 1, sizeof *r);
    if (!r) {
        return MYO_ERR_NOMEM;
    }
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isnan(p[i])) {
            r[k++] = (ranked){p[i], i};
        }
    }
    myo_sort_in_place(r, k, sizeof *r, by_p);
    *out = r;
    *n_out = k;
    return MYO_OK;
}

/* Each p times how many are left, and never below the one before. */
static void step_down(ranked *r, size_t k) {
    double most = 0.0;
    for (size_t i = 0; i < k; i++) {
        most = fmax(most, fmin(1.0, (double)(k - i) * r[i].p));
        r[i].p = most;
    }
}

/* Each p times k / rank, and never above the one after. */
static void step_up(ranked *r, size_t k) {
    double least = 1.0;
    for (size_t i = k; i-- > 0;) {
        least = fmin(least, (double)k / (double)(i + 1) * r[i].p);
        r[i].p = least;
    }
}

static myo_err adjust(const double *p, size_t n, double *out, void (*step)(ranked *r, size_t k)) {
    ranked *r = NULL;
    size_t k = 0;
    MYO_TRY(rank(p, n, &r, &k));
    step(r, k);
    for (size_t i = 0; i < n; i++) {
        out[i] = p[i];
    }
    for (size_t i = 0; i < k; i++) {
        out[r[i].at] = r[i].p;
    }
    myo_free(r);
    return MYO_OK;
}

myo_err myo_adjust_holm(const double *p, size_t n, double *out) {
    return adjust(p, n, out, step_down);
}

myo_err myo_adjust_bh(const double *p, size_t n, double *out) {
    return adjust(p, n, out, step_up);
}
