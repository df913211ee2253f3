/* trend.h - does one thing rise with another: rank correlation, slope, trend of proportions.
 *
 * Values must be finite; level in (0, 1), as 0.95; otherwise the test is not made, with `why`.
 * Every two-sided p is twice the smaller tail, at most 1. A function returns MYO_ERR_NOMEM without
 * memory
 * (*out untouched), else MYO_OK. Thread-safe. */
#ifndef MYO_STATS_TREND_H
#define MYO_STATS_TREND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "myotab/err.h"
#include "stats/test.h"

enum {
    MYO_PERMUTE_EXACT = 9,  /* all permutations up to so many points, with or without ties */
    MYO_KENDALL_EXACT = 50, /* Kendall's null distribution up to so many points without ties */
    MYO_SLOPE_MAX = 4096    /* points of a Theil-Sen slope */
};

typedef struct myo_trend {
    myo_test test;
    bool exact; /* p by the exact distribution */
} myo_trend;

/* Spearman's rho of midranks. p: all permutations for n <= MYO_PERMUTE_EXACT, beyond by Student's t
 * with n - 2 degrees of freedom (R's cor.test(exact = FALSE)). Interval from n = 10 on, if |rho| <
 * 1: Fisher's z with SE^2 = (1 + rho^2 / 2) / (n - 3) (Bonett and Wright 2000). statistic: rho. */
myo_err myo_spearman(const double *x, const double *y, size_t n, double level, myo_trend *out);

/* Kendall's tau-b; with x the time, Mann and Kendall's test. statistic: S, pairs that rise together
 * minus pairs that do not. p: Kendall's exact distribution without ties and n <= MYO_KENDALL_EXACT;
 * all permutations for n <= MYO_PERMUTE_EXACT with ties; else normal with (|S| - 1) and the
 * variance [n(n-1)(2n+5) - sum t(t-1)(2t+5)] / 18 for ties in one variable, Kendall's full one for
 * ties in both (R's cor.test(exact = FALSE, continuity = TRUE)). No interval. */
myo_err myo_kendall(const double *x, const double *y, size_t n, myo_trend *out);

/* None of the n values differs from the first. */
bool myo_all_equal(const double *x, size_t n);

/* Theil and Sen's slope: the median of (y_j - y_i) / (x_j - x_i) over the pairs with unequal x, in
 * units of y per unit of x. low..high: such slopes by rank: without ties and n <= MYO_KENDALL_EXACT
 * from Kendall's exact distribution (test.level: attained; the widest interval if the asked level
 * is out of reach), else Sen's normal ones with ties in x and y (SciPy's theilslopes), test.level
 * being what they attain given the ties in x for n <= MYO_KENDALL_EXACT. p, statistic
 * and exact: as myo_kendall. Not made for more than MYO_SLOPE_MAX points. Where all y are equal the estimate
 * is 0 all the same. */
myo_err myo_theil_sen(const double *x, const double *y, size_t n, double level, myo_trend *out);

/* Cochran and Armitage: do the proportions events[i] / n[i] of k groups follow score[i] (NULL: 1,
 * 2,
 * ..., k)? statistic: chi-squared with one degree of freedom, p from it (R's prop.trend.test);
 * estimate: rise of the proportion per unit of score (weighted least squares). No interval. */
myo_err myo_prop_trend(const int64_t *events, const int64_t *n, const double *score, size_t k,
                       myo_trend *out);
/* The same with p from all tables with the same margins; more than 2e6 tables: not made. */
myo_err myo_prop_trend_exact(const int64_t *events, const int64_t *n, const double *score, size_t k,
                             myo_trend *out);

#endif
