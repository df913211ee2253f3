/* trend.c - rank correlations of Spearman and Kendall, exact for few points. */
#include <float.h>
#include <math.h>
#include <string.h>
#include <gsl/gsl_cdf.h>
#include "base/base.h"
#include "stats/kendall.h"
#include "stats/order.h"
#include "stats/trend.h"

/* --- all permutations --- */

/* A statistic that grows by gain() when the next x is given one of the remaining y. */
typedef struct permuted {
    const int64_t *x, *y; /* ranks */
    size_t n;
    int64_t (*gain)(const struct permuted *p, size_t i);
    int64_t seen;
    size_t order[MYO_PERMUTE_EXACT]; /* x[i] is given y[order[i]] */
    double lower, upper, all;        /* how many are <= seen, >= seen, in all */
} permuted;

static int64_t gain_spearman(const permuted *p, size_t i) {
    return p->x[i] * p->y[p->order[i]];
}

static int sign_of(int64_t a, int64_t b) {
    return (a > b) - (a < b);
}

static int64_t gain_kendall(const permuted *p, size_t i) {
    int64_t gain = 0;
    for (size_t k = 0; k < i; k++) {
        gain += sign_of(p->x[i], p->x[k]) * sign_of(p->y[p->order[i]], p->y[p->order[k]]);
    }
    return gain;
}

/* order[0..i) is settled and made `sum`; the rest holds what remains. */
static void permute_from(permuted *p, size_t i, int64_t sum) {
    if (i == p->n) {
        p->lower += sum <= p->seen;
        p->upper += sum >= p->seen;
        p->all += 1.0;
        return;
    }
    for (size_t k = i; k < p->n; k++) {
        const size_t a = p->order[i], b = p->order[k];
        p->order[i] = b;
        p->order[k] = a;
        permute_from(p, i + 1, sum + p->gain(p, i));
        p->order[i] = a;
        p->order[k] = b;
    }
}

static double permutation_p(const int64_t *x, const int64_t *y, size_t n,
                            int64_t (*gain)(const permuted *p, size_t i), int64_t seen) {
    permuted p = {.x = x, .y = y, .n = n, .gain = gain, .seen = seen};
    for (size_t i = 0; i < n; i++) {
        p.order[i] = i;
    }
    permute_from(&p, 0, 0);
    return myo_two_sided(p.lower / p.all, p.upper / p.all);
}

/* --- what both share --- */

bool myo_all_equal(const double *x, size_t n) {
    for (size_t i = 1; i < n; i++) {
        if (x[i] < x[0] || x[i] > x[0]) {
            return false;
        }
    }
    return true;
}

const char *myo_trend_refuse(const double *x, const double *y, size_t n, double level) {
    if (n < 3) {
        return "fewer than three points";
    }
    if (!myo_level_ok(level)) {
        return myo_why_level;
    }
    if (!myo_all_finite(x, n) || !myo_all_finite(y, n)) {
        return myo_why_finite;
    }
    return myo_all_equal(x, n) || myo_all_equal(y, n) ? "all values are equal" : NULL;
}

myo_err myo_ties_of(const double *x, size_t n, myo_ties *out) {
    double *v = myo_alloc(n, sizeof *v);
    if (!v) {
        return MYO_ERR_NOMEM;
    }
    memcpy(v, x, n * sizeof *v);
    myo_sort_f64(v, n);
    myo_ties ties = {0};
    for (size_t i = 0, end; i < n; i = end) {
        double t = 1.0;
        for (end = i + 1; end < n && v[end] <= v[i]; end++) {
            t += 1.0;
            ties.log_all += log(t);
        }
        ties.t2 += t * (t - 1.0);
        ties.t3 += t * (t - 1.0) * (t - 2.0);
        ties.v += t * (t - 1.0) * (2.0 * t + 5.0);
    }
    myo_free(v);
    *out = ties;
    return MYO_OK;
}

/* Ranks of x in [0..n), of y in [n..2n); NULL without memory. */
static int64_t *ranks_of(const double *x, const double *y, size_t n) {
    int64_t *rank2 = myo_alloc(2 * n, sizeof *rank2);
    if (rank2 && (myo_midranks(x, n, rank2, NULL) != MYO_OK ||
                  myo_midranks(y, n, rank2 + n, NULL) != MYO_OK)) {
        myo_free(rank2);
        return NULL;
    }
    return rank2;
}

/* --- Spearman --- */

static double spearman_rho(const int64_t *rank2, size_t n) {
    double xx = 0.0, xy = 0.0, yy = 0.0;
    for (size_t i = 0; i < n; i++) { /* the mean of doubled ranks is n + 1 */
        const double x = (double)(rank2[i] - (int64_t)n - 1);
        const double y = (double)(rank2[n + i] - (int64_t)n - 1);
        xx += x * x;
        xy += x * y;
        yy += y * y;
    }
    return fmax(-1.0, fmin(1.0, xy / sqrt(xx * yy)));
}

/* Of the n! orders so many show |rho| = 1. Student's t would say p = 0. */
static double perfect_p(size_t n, double log_same) {
    double log_p = log_same;
    for (size_t i = 2; i <= n; i++) {
        log_p -= log((double)i);
    }
    return fmax(2.0 * exp(log_p), DBL_MIN);
}

static void spearman_large(myo_test *t, size_t n, double log_same) {
    const double rho = t->estimate, df = (double)n - 2.0, room = 1.0 - rho * rho;
    if (room < 1e-14) {
        t->p = perfect_p(n, log_same);
        return;
    }
    const double stat = rho * sqrt(df / room);
    const double z = gsl_cdf_ugaussian_Qinv(0.5 * (1.0 - t->level));
    const double half = z * sqrt((1.0 + 0.5 * rho * rho) / (df - 1.0));
    t->p = fmax(myo_two_sided(gsl_cdf_tdist_P(stat, df), gsl_cdf_tdist_Q(stat, df)), DBL_MIN);
    t->low = tanh(atanh(rho) - half);
    t->high = tanh(atanh(rho) + half);
}

myo_err myo_spearman(const double *x, const double *y, size_t n, double level, myo_trend *out) {
    myo_trend r = {myo_test_none(myo_trend_refuse(x, y, n, level)), false};
    if (r.test.why) {
        *out = r;
        return MYO_OK;
    }
    myo_ties ties;
    MYO_TRY(myo_ties_of(x, n, &ties));
    int64_t *rank2 = ranks_of(x, y, n);
    if (!rank2) {
        return MYO_ERR_NOMEM;
    }
    r.exact = n <= MYO_PERMUTE_EXACT;
    r.test.estimate = r.test.statistic = spearman_rho(rank2, n);
    if (r.exact) {
        int64_t seen = 0;
        for (size_t i = 0; i < n; i++) {
            seen += rank2[i] * rank2[n + i];
        }
        r.test.p = permutation_p(rank2, rank2 + n, n, gain_spearman, seen);
    } else {
        r.test.level = level;
        spearman_large(&r.test, n, ties.log_all);
    }
    myo_free(rank2);
    *out = r;
    return MYO_OK;
}

/* --- Kendall --- */

/* One more value can stand in i places, so that it reverses 0..i-1 pairs, all as likely. */
double *myo_kendall_cum(size_t n) {
    const size_t size = n * (n - 1) / 2 + 1;
    double *chance = myo_alloc(2 * size, sizeof *chance);
    if (!chance) {
        return NULL;
    }
    double *before = chance + size;
    chance[0] = 1.0;
    for (size_t i = 2; i <= n; i++) {
        memcpy(before, chance, size * sizeof *chance);
        for (size_t s = 0; s < size; s++) {
            double sum = 0.0;
            for (size_t k = 0; k < i && k <= s; k++) {
                sum += before[s - k];
            }
            chance[s] = sum / (double)i;
        }
    }
    for (size_t s = 1; s < size; s++) {
        chance[s] += chance[s - 1];
    }
    return chance;
}

/* Chances times prod (1 - q^(n+i)) / (1 - q^i), i = 1..t: a group of t joins n earlier values, and each of its members may
 * be below any of them (the law of Mann and Whitney's count). Whole numbers, exact up to 2^53. */
static void join_group(double *ways, size_t size, size_t n, size_t t) {
    for (size_t i = 1; i <= t; i++) {
        for (size_t s = size; s-- > n + i;) {
            ways[s] -= ways[s - n - i];
        }
        for (size_t s = i; s < size; s++) {
            ways[s] += ways[s - i];
        }
    }
}

double *myo_kendall_cum_tied(const double *x, size_t n) {
    const size_t size = n * (n - 1) / 2 + 1;
    double *all = myo_alloc(size + n, sizeof *all), *one = myo_alloc(2 * size, sizeof *one);
    if (!all || !one) {
        myo_free(all);
        myo_free(one);
        return NULL;
    }
    double *sorted = all + size, *next = one + size;
    memcpy(sorted, x, n * sizeof *sorted);
    myo_sort_f64(sorted, n);
    all[0] = 1.0;
    for (size_t i = 0, end; i < n; i = end) {
        double total = 0.0;
        for (end = i + 1; end < n && sorted[end] == sorted[i]; end++) {
        }
        memset(one, 0, 2 * size * sizeof *one);
        one[0] = 1.0;
        join_group(one, size, i, end - i);
        for (size_t s = 0; s < size; s++) {
            total += one[s];
        }
        for (size_t s = 0; s < size; s++) {
            for (size_t k = 0; k <= s; k++) {
                next[s] += all[s - k] * (one[k] / total);
            }
        }
        memcpy(all, next, size * sizeof *all);
    }
    for (size_t s = 1; s < size; s++) {
        all[s] += all[s - 1];
    }
    myo_free(one);
    return all;
}

static int64_t kendall_s(const int64_t *rank2, size_t n) {
    int64_t s = 0;
    for (size_t i = 1; i < n; i++) {
        for (size_t k = 0; k < i; k++) {
            s += sign_of(rank2[i], rank2[k]) * sign_of(rank2[n + i], rank2[n + k]);
        }
    }
    return s;
}

static myo_err kendall_exact_p(size_t n, int64_t s, double *p) {
    double *cum = myo_kendall_cum(n);
    if (!cum) {
        return MYO_ERR_NOMEM;
    }
    /* S and -S are as likely: look at the tail that begins with no reversed pair */
    const int64_t pairs = (int64_t)(n * (n - 1) / 2), reversed = (pairs - (s < 0 ? -s : s)) / 2;
    *p = fmin(2.0 * cum[reversed], 1.0);
    myo_free(cum);
    return MYO_OK;
}

static double kendall_sd(size_t points, const myo_ties *x, const myo_ties *y) {
    const double n = (double)points;
    return sqrt((n * (n - 1.0) * (2.0 * n + 5.0) - x->v - y->v) / 18.0 +
                x->t2 * y->t2 / (2.0 * n * (n - 1.0)) +
                x->t3 * y->t3 / (9.0 * n * (n - 1.0) * (n - 2.0)));
}

static myo_err kendall_p(const int64_t *rank2, size_t n, int64_t s, const myo_ties *x,
                         const myo_ties *y, myo_trend *r) {
    const bool tied = x->t2 > 0.0 || y->t2 > 0.0;
    r->exact = n <= (tied ? MYO_PERMUTE_EXACT : MYO_KENDALL_EXACT);
    if (!r->exact) {
        r->test.p = fmax(myo_two_sided_normal((double)s, kendall_sd(n, x, y), 1.0), DBL_MIN);
    } else if (tied) {
        r->test.p = permutation_p(rank2, rank2 + n, n, gain_kendall, s);
    } else {
        return kendall_exact_p(n, s, &r->test.p);
    }
    return MYO_OK;
}

myo_err myo_kendall(const double *x, const double *y, size_t n, myo_trend *out) {
    myo_trend r = {myo_test_none(myo_trend_refuse(x, y, n, 0.95)), false};
    if (r.test.why) {
        *out = r;
        return MYO_OK;
    }
    myo_ties tx, ty;
    MYO_TRY(myo_ties_of(x, n, &tx));
    MYO_TRY(myo_ties_of(y, n, &ty));
    int64_t *rank2 = ranks_of(x, y, n);
    if (!rank2) {
        return MYO_ERR_NOMEM;
    }
    const double pairs = (double)n * ((double)n - 1.0);
    const int64_t s = kendall_s(rank2, n);
    r.test.statistic = (double)s;
    r.test.estimate = 2.0 * (double)s / sqrt((pairs - tx.t2) * (pairs - ty.t2));
    const myo_err e = kendall_p(rank2, n, s, &tx, &ty, &r);
    myo_free(rank2);
    if (e == MYO_OK) {
        *out = r;
    }
    return e;
}
