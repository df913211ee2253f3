/* order.c - midranks, order statistics, and the ranks of discrete limits. */
#include <math.h>
#include <string.h>
#include <gsl/gsl_cdf.h>
#include "base/base.h"
#include "stats/order.h"

const char myo_why_finite[] = "a value is not finite";
const char myo_why_level[] = "the level is not between 0 and 1";

typedef struct placed {
    double v;
    size_t at;
} placed;

static int by_value(const void *a, const void *b) {
    const double x = ((const placed *)a)->v, y = ((const placed *)b)->v;
    return (x > y) - (x < y);
}

myo_err myo_midranks(const double *x, size_t n, int64_t *rank2, double *sum_t3) {
    placed *p = myo_alloc(n > 0 ? n : 1, sizeof *p);
    if (!p) {
        return MYO_ERR_NOMEM;
    }
    for (size_t i = 0; i < n; i++) {
        p[i] = (placed){x[i], i};
    }
    myo_sort_in_place(p, n, sizeof *p, by_value);
    double sum = 0.0;
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && p[end].v <= p[i].v;) {
            end++;
        }
        for (size_t k = i; k < end; k++) {
            rank2[p[k].at] = (int64_t)(i + end + 1); /* ranks i+1..end: twice their mean */
        }
        const double t = (double)(end - i);
        sum += t * t * t - t;
    }
    if (sum_t3) {
        *sum_t3 = sum;
    }
    myo_free(p);
    return MYO_OK;
}

static void swap(double *a, double *b) {
    const double t = *a;
    *a = *b;
    *b = t;
}

/* Puts the median of three in the middle. */
static double pivot(double *v, size_t lo, size_t hi) {
    const size_t mid = lo + (hi - lo) / 2;
    if (v[mid] < v[lo]) {
        swap(&v[mid], &v[lo]);
    }
    if (v[hi] < v[lo]) {
        swap(&v[hi], &v[lo]);
    }
    if (v[hi] < v[mid]) {
        swap(&v[hi], &v[mid]);
    }
    return v[mid];
}

/* The last place of the lower part: v[lo..j] <= pivot <= v[j+1..hi]. */
static size_t partition(double *v, size_t lo, size_t hi) {
    const double x = pivot(v, lo, hi);
    for (size_t i = lo, j = hi;; i++, j--) {
        while (v[i] < x) {
            i++;
        }
        while (v[j] > x) {
            j--;
        }
        if (i >= j) {
            return j;
        }
        swap(&v[i], &v[j]);
    }
}

double myo_kth(double *v, size_t n, size_t k) {
    size_t lo = 0, hi = n - 1;
    while (lo < hi) {
        const size_t last = partition(v, lo, hi);
        if (k <= last) {
            hi = last;
        } else {
            lo = last + 1;
        }
    }
    return v[lo];
}

/* Doubles as whole numbers in the same order, and back. */
static double from_key(uint64_t key) {
    const uint64_t top = UINT64_C(1) << 63;
    const uint64_t bits = key & top ? key ^ top : ~key;
    double v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

static uint64_t to_key(double v) {
    const uint64_t top = UINT64_C(1) << 63;
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    return bits & top ? ~bits : bits | top;
}

double myo_kth_by_count(myo_count_upto count, const void *user, uint64_t k) {
    uint64_t lo = to_key(-INFINITY), hi = to_key(INFINITY); /* the answer is in lo..hi */
    while (lo < hi) {
        const uint64_t mid = lo + (hi - lo) / 2;
        if (count(user, from_key(mid)) > k) {
            hi = mid;
        } else {
            lo = mid + 1;
        }
    }
    return from_key(lo) + 0.0; /* never -0 */
}

size_t myo_limit_rank(const double *cum, size_t n, double level, double *attained) {
    const double tail =
        0.5 * (1.0 - level) * (1.0 + 1e-12); /* exact tails are not cut by rounding */
    size_t k = 0;
    while (k < n && cum[k] <= tail) {
        k++;
    }
    k = k > 0 ? k : 1;
    *attained = fmax(1.0 - 2.0 * cum[k - 1], 0.0);
    return k;
}

size_t myo_limit_rank_normal(double mean, double sd, double level, double *attained) {
    const double z = gsl_cdf_ugaussian_Qinv(0.5 * (1.0 - level));
    const double k = fmax(floor(mean + 0.5 - z * sd), 1.0);
    *attained = 1.0 - 2.0 * gsl_cdf_ugaussian_P((k - 0.5 - mean) / sd);
    return (size_t)k;
}

double myo_two_sided(double lower, double upper) {
    return fmin(2.0 * fmin(lower, upper), 1.0);
}

double myo_two_sided_normal(double off, double sd, double step) {
    if (!(sd > 0.0)) {
        return 1.0;
    }
    const double towards = off > 0.0 ? step : off < 0.0 ? -step : 0.0;
    const double z = (off - towards) / sd;
    return myo_two_sided(gsl_cdf_ugaussian_P(z), gsl_cdf_ugaussian_Q(z));
}

bool myo_all_finite(const double *x, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i])) {
            return false;
        }
    }
    return true;
}

bool myo_level_ok(double level) {
    return level > 0.0 && level < 1.0;
}
