/* slope.c - Theil and Sen's slope with its interval. */
#include <math.h>
#include <gsl/gsl_cdf.h>
#include "base/base.h"
#include "stats/kendall.h"
#include "stats/order.h"
#include "stats/trend.h"

/* All slopes between points of unequal x; returns how many. */
static size_t all_slopes(const double *x, const double *y, size_t n, double *slope) {
    size_t m = 0;
    for (size_t i = 1; i < n; i++) {
        for (size_t k = 0; k < i; k++) {
            if (x[i] < x[k] || x[i] > x[k]) {
                slope[m++] = (y[i] - y[k]) / (x[i] - x[k]);
            }
        }
    }
    return m;
}

/* Without ties: slopes below the true one are Kendall's reversed pairs. */
static myo_err exact_limits(double *slope, size_t m, size_t n, double level, myo_test *t) {
    double *cum = myo_kendall_cum(n);
    if (!cum) {
        return MYO_ERR_NOMEM;
    }
    const size_t k = myo_limit_rank(cum, m + 1, level, &t->level);
    t->low = myo_kth(slope, m, k - 1);
    t->high = myo_kth(slope, m, m - k);
    myo_free(cum);
    return MYO_OK;
}

/* What limits at these ranks (from 0) attain: the number of slopes below the true one is that of reversed
 * pairs among those with unequal x, whose law given the ties in x is known exactly. */
static myo_err attained(const double *x, size_t n, size_t low, size_t high, double *level) {
    double *cum = myo_kendall_cum_tied(x, n);
    if (!cum) {
        return MYO_ERR_NOMEM;
    }
    *level = cum[high] - cum[low];
    myo_free(cum);
    return MYO_OK;
}

/* Sen 1968, with the ranks rounded as SciPy rounds them; *lo, *hi: those ranks, from 0. */
static void normal_limits(double *slope, size_t m, size_t points, double ties, double level,
                          myo_test *t, size_t *lo, size_t *hi) {
    const double n = (double)points, sd = sqrt((n * (n - 1.0) * (2.0 * n + 5.0) - ties) / 18.0);
    const double reach = gsl_cdf_ugaussian_Qinv(0.5 * (1.0 - level)) * sd;
    const double low = rint(0.5 * ((double)m - reach)) - 1.0;
    const double high = rint(0.5 * ((double)m + reach));
    *lo = (size_t)fmax(low, 0.0);
    *hi = (size_t)fmin(high, (double)m - 1.0);
    t->low = myo_kth(slope, m, *lo);
    t->high = myo_kth(slope, m, *hi);
    t->level = level;
}

static myo_err make_slope(const double *x, const double *y, size_t n, double level, myo_test *t) {
    myo_ties tx, ty;
    MYO_TRY(myo_ties_of(x, n, &tx));
    MYO_TRY(myo_ties_of(y, n, &ty));
    double *slope = myo_alloc(n * (n - 1) / 2, sizeof *slope);
    if (!slope) {
        return MYO_ERR_NOMEM;
    }
    myo_err e = MYO_OK;
    const size_t m = all_slopes(x, y, n, slope);
    t->estimate = 0.5 * myo_kth(slope, m, (m - 1) / 2) + 0.5 * myo_kth(slope, m, m / 2);
    if (tx.t2 + ty.t2 > 0.0 || n > MYO_KENDALL_EXACT) {
        size_t lo, hi;
        normal_limits(slope, m, n, tx.v + ty.v, level, t, &lo, &hi);
        e = n <= MYO_KENDALL_EXACT ? attained(x, n, lo, hi, &t->level) : MYO_OK;
    } else {
        e = exact_limits(slope, m, n, level, t);
    }
    myo_free(slope);
    return e;
}

/* All y are one value, at several x: nothing to test, but a slope. */
static bool is_level(const double *x, const double *y, size_t n) {
    return n >= 2 && myo_all_finite(x, n) && myo_all_finite(y, n) && !myo_all_equal(x, n) && myo_all_equal(y, n);
}

myo_err myo_theil_sen(const double *x, const double *y, size_t n, double level, myo_trend *out) {
    myo_trend r;
    const char *why = myo_trend_refuse(x, y, n, level);
    if (!why && n > MYO_SLOPE_MAX) {
        why = "more than 4096 points";
    }
    if (why) {
        *out = (myo_trend){myo_test_none(why), false};
        out->test.estimate = n <= MYO_SLOPE_MAX && is_level(x, y, n) ? 0.0 : NAN;
        return MYO_OK;
    }
    MYO_TRY(myo_kendall(x, y, n, &r));
    MYO_TRY(make_slope(x, y, n, level, &r.test));
    *out = r;
    return MYO_OK;
}
