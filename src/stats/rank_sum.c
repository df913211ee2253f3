/* rank_sum.c - Mann and Whitney's rank sums, exact with and without ties. */
#include <math.h>
#include <string.h>
#include <gsl/gsl_cdf.h>
#include "base/base.h"
#include "stats/order.h"
#include "stats/rank.h"

/* --- the sum of m of n ranks, every choice being as likely --- */

typedef struct choice {
    double *chance; /* P(sum = s), s in 0..top */
    size_t top;
} choice;

/* table[j * (top + 1) + s]: in how many ways j of the ranks so far have the sum s. Up to
 * MYO_RANK_SUM_EXACT pairs there are at most choose(100, 50) = 1e29 ways. */
static myo_err choice_new(choice *c, const int64_t *rank, size_t n, size_t m, size_t top) {
    const size_t row = top + 1;
    double *table = myo_alloc(m + 1, row * sizeof *table);
    if (!table) {
        return MYO_ERR_NOMEM;
    }
    table[0] = 1.0;
    for (size_t i = 0; i < n; i++) {
        const size_t r = (size_t)rank[i];
        for (size_t j = i + 1 < m ? i + 1 : m; j > 0; j--) {
            double *to = table + j * row + r;
            const double *from = table + (j - 1) * row;
            for (size_t s = 0; s + r <= top; s++) {
                to[s] += from[s];
            }
        }
    }
    double all = 0.0;
    for (size_t s = 0; s <= top; s++) {
        all += table[m * row + s];
    }
    for (size_t s = 0; s <= top; s++) {
        table[s] = table[m * row + s] / all;
    }
    *c = (choice){table, top};
    return MYO_OK;
}

/* The sum of the m largest. */
static size_t top_sum(int64_t *sorted, size_t n, size_t m) {
    size_t sum = 0;
    for (size_t i = n - m; i < n; i++) {
        sum += (size_t)sorted[i];
    }
    return sum;
}

static int by_rank(const void *a, const void *b) {
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static myo_err exact_p(int64_t *rank2, size_t n, size_t m, size_t w2, double *p) {
    choice c;
    double lower = 0.0, upper = 0.0;
    myo_sort_in_place(rank2, n, sizeof *rank2, by_rank);
    MYO_TRY(choice_new(&c, rank2, n, m, top_sum(rank2, n, m)));
    for (size_t s = 0; s <= c.top; s++) {
        lower += s <= w2 ? c.chance[s] : 0.0;
        upper += s >= w2 ? c.chance[s] : 0.0;
    }
    *p = myo_two_sided(lower, upper);
    myo_free(c.chance);
    return MYO_OK;
}

/* Rank of the limits among the differences, by the distribution of U without ties. */
static myo_err exact_limit_rank(int64_t *rank, size_t n, size_t m, double level, size_t *k,
                                double *attained) {
    choice c;
    for (size_t i = 0; i < n; i++) {
        rank[i] = (int64_t)i + 1;
    }
    MYO_TRY(choice_new(&c, rank, n, m, top_sum(rank, n, m)));
    const size_t least = m * (m + 1) / 2; /* U = 0 */
    for (size_t s = 1; s <= c.top; s++) {
        c.chance[s] += c.chance[s - 1];
    }
    *k = myo_limit_rank(c.chance + least, c.top + 1 - least, level, attained);
    myo_free(c.chance);
    return MYO_OK;
}

/* --- shift --- */

typedef struct pairs {
    const double *x, *y; /* sorted */
    size_t nx, ny;
} pairs;

/* How many y_j - x_i are <= t. As x_i rises, more y_j fit. */
static uint64_t count_pairs(const void *user, double t) {
    const pairs *p = user;
    uint64_t count = 0;
    size_t end = 0; /* y[0..end) fit */
    for (size_t i = 0; i < p->nx; i++) {
        while (end < p->ny && p->y[end] - p->x[i] <= t) {
            end++;
        }
        count += end;
    }
    return count;
}

static void set_shift(myo_test *t, const pairs *p, size_t k) {
    const uint64_t m = (uint64_t)p->nx * p->ny;
    t->estimate = 0.5 * myo_kth_by_count(count_pairs, p, (m - 1) / 2) +
                  0.5 * myo_kth_by_count(count_pairs, p, m / 2);
    t->low = myo_kth_by_count(count_pairs, p, k - 1);
    t->high = myo_kth_by_count(count_pairs, p, m - k);
}

/* --- P(x < y) --- */

/* Newcombe's method 5: the variance of Hanley and McNeil (1982) at the true value, with the mean of
 * both sizes in place of either. */
static double superiority_var(double theta, double m, double n) {
    const double star = 0.5 * (m + n) - 1.0;
    return theta * (1.0 - theta) *
           (1.0 + star * ((1.0 - theta) / (2.0 - theta) + theta / (1.0 + theta))) / (m * n);
}

/* The theta between `seen` and the end of 0..1 at which `seen` lies z standard errors off. */
static double superiority_limit(double seen, double end, double m, double n, double z) {
    double in = seen, out = end;
    for (int i = 0; i < 100; i++) {
        const double mid = 0.5 * (in + out);
        if (fabs(seen - mid) <= z * sqrt(superiority_var(mid, m, n))) {
            in = mid;
        } else {
            out = mid;
        }
    }
    return in;
}

static void set_superiority(myo_test *t, const pairs *p, double u, double level) {
    const double m = (double)p->nx, n = (double)p->ny;
    const double z = gsl_cdf_ugaussian_Qinv(0.5 * (1.0 - level));
    t->estimate = u / (m * n);
    t->low = superiority_limit(t->estimate, 0.0, m, n, z);
    t->high = superiority_limit(t->estimate, 1.0, m, n, z);
    t->level = level;
}

/* --- the test --- */

static const char *refuse(const double *x, size_t nx, const double *y, size_t ny, double level) {
    if (nx == 0 || ny == 0) {
        return "a group is empty";
    }
    if (nx == 1 && ny == 1) {
        return "one value in each group";
    }
    if (!myo_level_ok(level)) {
        return myo_why_level;
    }
    return myo_all_finite(x, nx) && myo_all_finite(y, ny) ? NULL : myo_why_finite;
}

/* all: x sorted, then y sorted; rank2: as long. */
static myo_err rank_them(const double *all, const pairs *p, int64_t *rank2, double level,
                         myo_rank_sums *r) {
    const size_t n = p->nx + p->ny;
    double sum_t3;
    size_t k, wx = 0, wy = 0;
    MYO_TRY(myo_midranks(all, n, rank2, &sum_t3));
    for (size_t i = 0; i < n; i++) {
        *(i < p->nx ? &wx : &wy) += (size_t)rank2[i];
    }
    const double my = (double)p->ny, m = (double)p->nx * my, total = (double)n;
    const double u = 0.5 * ((double)wy - my * (my + 1.0));
    r->shift.statistic = u;
    if (r->exact) {
        const bool x_less = p->nx <= p->ny;
        const size_t less = x_less ? p->nx : p->ny;
        MYO_TRY(exact_p(rank2, n, less, x_less ? wx : wy, &r->shift.p));
        MYO_TRY(exact_limit_rank(rank2, n, less, level, &k, &r->shift.level));
    } else {
        const double var = m / 12.0 * (total + 1.0);
        const double ties = m / 12.0 * sum_t3 / (total * (total - 1.0));
        r->shift.p = myo_two_sided_normal(u - 0.5 * m, sqrt(fmax(var - ties, 0.0)), 0.5);
        k = myo_limit_rank_normal(0.5 * m, sqrt(var), level, &r->shift.level);
    }
    set_shift(&r->shift, p, k);
    set_superiority(&r->superiority, p, u, level);
    r->superiority.p = r->shift.p;
    r->superiority.statistic = u;
    return MYO_OK;
}

myo_err myo_rank_sum(const double *ref, size_t n_ref, const double *con, size_t n_con, double level,
                     myo_rank_sums *out) {
    const myo_test none = myo_test_none(refuse(ref, n_ref, con, n_con, level));
    myo_rank_sums r = {none, none, (uint64_t)n_ref * n_con <= MYO_RANK_SUM_EXACT};
    if (none.why) {
        r.exact = false;
        *out = r;
        return MYO_OK;
    }
    double *all = myo_alloc(n_ref + n_con, sizeof *all);
    int64_t *rank2 = myo_alloc(n_ref + n_con, sizeof *rank2);
    myo_err e = all && rank2 ? MYO_OK : MYO_ERR_NOMEM;
    if (e == MYO_OK) {
        memcpy(all, ref, n_ref * sizeof *all);
        memcpy(all + n_ref, con, n_con * sizeof *all);
        myo_sort_f64(all, n_ref);
        myo_sort_f64(all + n_ref, n_con);
        const pairs p = {all, all + n_ref, n_ref, n_con};
        e = rank_them(all, &p, rank2, level, &r);
    }
    myo_free(all);
    myo_free(rank2);
    if (e == MYO_OK) {
        *out = r;
    }
    return e;
}
