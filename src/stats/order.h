/* order.h - for the rank tests: midranks, order statistics, checks that all tests begin with. */
#ifndef MYO_STATS_ORDER_H
#define MYO_STATS_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "myotab/err.h"

/* Ranks of n values, doubled so that the mean ranks of equal values are whole numbers: 2, 4, ...
 * sum_t3 (may be NULL) gets sum(t^3 - t) over groups of t equal values: 0 means no ties. */
myo_err myo_midranks(const double *x, size_t n, int64_t *rank2, double *sum_t3);

/* The k-th smallest (k from 0) of n values; reorders them (Hoare 1961). */
double myo_kth(double *v, size_t n, size_t k);

/* The smallest double t with count(user, t) > k, count being how many of some values are <= t: so
 * the k-th smallest (k from 0) of values too many to be kept. At most 64 calls. */
typedef uint64_t (*myo_count_upto)(const void *user, double t);
double myo_kth_by_count(myo_count_upto count, const void *user, uint64_t k);

/* Ranks of the limits of a discrete interval: the limits are the k-th smallest and the k-th largest
 * of the values that the null distribution cum[0..n) = P(statistic <= i) counts. k >= 1 is the
 * largest with 2 cum[k - 1] <= 1 - level, or 1 if there is none; *attained: 1 - 2 cum[k - 1]. */
size_t myo_limit_rank(const double *cum, size_t n, double level, double *attained);
/* The same if the statistic is normal, with continuity correction. */
size_t myo_limit_rank_normal(double mean, double sd, double level, double *attained);

/* Twice the smaller of two tails, at most 1. */
double myo_two_sided(double lower, double upper);
/* Two-sided p of a statistic that lies off its mean by `off`, with R's correction of `step` towards
 * the mean. */
double myo_two_sided_normal(double off, double sd, double step);

bool myo_all_finite(const double *x, size_t n);
bool myo_level_ok(double level);
extern const char myo_why_finite[], myo_why_level[];

#endif
