/* signed_rank.c - Wilcoxon's signed ranks, exact with and without ties. */
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "stats/order.h"
#include "stats/rank.h"

/* P(V = s), s = 0..sum(rank), of the sum V of ranks that are each taken or not with equal chance.
 * `chance` is zeroed and has sum + 1 cells. */
static void signed_null(double *chance, const int64_t *rank, size_t n) {
    size_t top = 0;
    chance[0] = 1.0;
    for (size_t i = 0; i < n; i++) {
        const size_t r = (size_t)rank[i];
        top += r;
        for (size_t s = top + 1; s-- > 0;) {
            chance[s] = 0.5 * (chance[s] + (s >= r ? chance[s - r] : 0.0));
        }
    }
}

static double sum_range(const double *v, size_t from, size_t to) {
    double sum = 0.0;
    for (size_t i = from; i < to; i++) {
        sum += v[i];
    }
    return sum;
}

/* Given the ties: V2 is twice V, rank2 twice the ranks. */
static myo_err exact_p(const int64_t *rank2, size_t n, int64_t v2, double *p) {
    const size_t size = n * (n + 1) + 1; /* whatever the ties, the doubled ranks sum to n(n+1) */
    double *chance = myo_alloc(size, sizeof *chance);
    if (!chance) {
        return MYO_ERR_NOMEM;
    }
    signed_null(chance, rank2, n);
    *p = myo_two_sided(sum_range(chance, 0, (size_t)v2 + 1), sum_range(chance, (size_t)v2, size));
    myo_free(chance);
    return MYO_OK;
}

/* Rank of the limits among the Walsh averages, by the distribution without ties. */
static myo_err exact_limit_rank(size_t n, double level, size_t *k, double *attained) {
    const size_t size = n * (n + 1) / 2 + 1;
    double *cum = myo_alloc(size, sizeof *cum);
    int64_t *rank = myo_alloc(n, sizeof *rank);
    if (!cum || !rank) {
        myo_free(cum);
        myo_free(rank);
        return MYO_ERR_NOMEM;
    }
    for (size_t i = 0; i < n; i++) {
        rank[i] = (int64_t)i + 1;
    }
    signed_null(cum, rank, n);
    for (size_t i = 1; i < size; i++) {
        cum[i] += cum[i - 1];
    }
    *k = myo_limit_rank(cum, size, level, attained);
    myo_free(cum);
    myo_free(rank);
    return MYO_OK;
}

typedef struct walsh {
    const double *x; /* sorted */
    size_t n;
} walsh;

/* How many (x_i + x_j) / 2, i <= j, are <= t. As i rises the last fitting j falls. */
static uint64_t count_walsh(const void *user, double t) {
    const walsh *w = user;
    uint64_t count = 0;
    size_t end = w->n; /* x[0..end) fit */
    for (size_t i = 0; i < w->n; i++) {
        while (end > i && 0.5 * w->x[i] + 0.5 * w->x[end - 1] > t) {
            end--;
        }
        if (end <= i) {
            break;
        }
        count += end - i;
    }
    return count;
}

static void set_interval(myo_test *t, const double *sorted, size_t n, size_t k) {
    const walsh w = {sorted, n};
    const uint64_t m = (uint64_t)n * (n + 1) / 2;
    t->estimate = 0.5 * myo_kth_by_count(count_walsh, &w, (m - 1) / 2) +
                  0.5 * myo_kth_by_count(count_walsh, &w, m / 2);
    t->low = myo_kth_by_count(count_walsh, &w, k - 1);
    t->high = myo_kth_by_count(count_walsh, &w, m - k);
}

static const char *refuse(const double *d, size_t n, double level) {
    if (n == 0) {
        return "no pair";
    }
    if (n == 1) {
        return "one pair only";
    }
    if (!myo_level_ok(level)) {
        return myo_why_level;
    }
    return myo_all_finite(d, n) ? NULL : myo_why_finite;
}

/* Estimate and interval of all n sorted differences, zeros kept; p and statistic are the test's. */
static myo_err locate_all(const double *d, size_t n, double level, myo_signed_ranks *r) {
    const double m = (double)n, var = m * (m + 1.0) * (2.0 * m + 1.0) / 24.0;
    size_t k;
    r->location = r->test;
    if (n <= MYO_SIGNED_RANK_EXACT) {
        MYO_TRY(exact_limit_rank(n, level, &k, &r->location.level));
    } else {
        k = myo_limit_rank_normal(m * (m + 1.0) / 4.0, sqrt(var), level, &r->location.level);
    }
    set_interval(&r->location, d, n, k);
    return MYO_OK;
}

/* d holds no zero and is sorted; room: as long. */
static myo_err rank_them(const double *d, size_t n, double *magnitude, int64_t *rank2, double level,
                         myo_signed_ranks *r) {
    double sum_t3;
    int64_t v2 = 0;
    size_t k;
    for (size_t i = 0; i < n; i++) {
        magnitude[i] = fabs(d[i]);
    }
    MYO_TRY(myo_midranks(magnitude, n, rank2, &sum_t3));
    for (size_t i = 0; i < n; i++) {
        v2 += d[i] > 0.0 ? rank2[i] : 0;
    }
    r->test.statistic = 0.5 * (double)v2;
    if (r->exact) {
        MYO_TRY(exact_p(rank2, n, v2, &r->test.p));
        MYO_TRY(exact_limit_rank(n, level, &k, &r->test.level));
    } else {
        const double m = (double)n, mean = m * (m + 1.0) / 4.0;
        const double var = m * (m + 1.0) * (2.0 * m + 1.0) / 24.0;
        r->test.p = myo_two_sided_normal(r->test.statistic - mean, sqrt(var - sum_t3 / 48.0), 0.5);
        k = myo_limit_rank_normal(mean, sqrt(var), level, &r->test.level);
    }
    set_interval(&r->test, d, n, k);
    return MYO_OK;
}

myo_err myo_signed_rank(const double *d, size_t n, double level, myo_signed_ranks *out) {
    myo_signed_ranks r = {.test = myo_test_none(refuse(d, n, level))};
    r.location = r.test;
    if (r.test.why) {
        *out = r;
        return MYO_OK;
    }
    double *used = myo_alloc(2 * n, sizeof *used);
    int64_t *rank2 = myo_alloc(n, sizeof *rank2);
    myo_err e = used && rank2 ? MYO_OK : MYO_ERR_NOMEM;
    for (size_t i = 0; e == MYO_OK && i < n; i++) {
        if (d[i] < 0.0 || d[i] > 0.0) {
            used[r.n_used++] = d[i];
        }
    }
    r.n_zero = n - r.n_used;
    r.exact = r.n_used <= MYO_SIGNED_RANK_EXACT;
    if (e == MYO_OK && r.n_used == 0) {
        r.test.why = r.location.why = "all differences are zero";
    } else if (e == MYO_OK) {
        myo_sort_f64(used, r.n_used);
        e = rank_them(used, r.n_used, used + r.n_used, rank2, level, &r);
        r.location = r.test;
    }
    if (e == MYO_OK && r.n_used > 0 && r.n_zero > 0) {
        memcpy(used, d, n * sizeof *used);
        myo_sort_f64(used, n);
        e = locate_all(used, n, level, &r);
    }
    myo_free(used);
    myo_free(rank2);
    if (e == MYO_OK) {
        *out = r;
    }
    return e;
}
