/* crossover.h - two conditions in two periods, in one order or the other. */
#ifndef MYO_STATS_CROSSOVER_H
#define MYO_STATS_CROSSOVER_H

#include <stddef.h>
#include "stats/test.h"

/* Difference contrast - reference of n people, free of what the period adds (Hills and Armitage
 * 1979): with m0 and m1 the mean differences of those who had the reference first (second[i] = 0)
 * and second (1), the effect is (m0 + m1) / 2, for a period's share has the opposite sign in the
 * two. Interval and p by Student's t with n - 2 degrees of freedom, pooled variance: half of R's
 * t.test(m0's, -m1's, var.equal = TRUE). statistic: t. Assumes that nothing carries over. Not made
 * without somebody in each order, with fewer than three people, or if nobody differs from the mean
 * of their order. */
myo_test myo_hills_armitage(const double *d, const int *second, size_t n, double level);

#endif
