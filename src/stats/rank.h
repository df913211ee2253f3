/* rank.h - tests by ranks: signed ranks, rank sums, two distributions compared.
 *
 * Values must be finite; level in (0, 1), as 0.95; otherwise the test is not made, with `why`.
 * Every two-sided p is twice the smaller tail, at most 1. Where an interval is discrete, it is the
 * shortest one whose level is at least the asked one, and test.level is the attained level; if so
 * few values cannot reach the asked level, the widest possible interval with what it attains.
 * A function returns MYO_ERR_NOMEM without memory (*out untouched), else MYO_OK. Thread-safe. */
#ifndef MYO_STATS_RANK_H
#define MYO_STATS_RANK_H

#include <stdbool.h>
#include <stddef.h>
#include "myotab/err.h"
#include "stats/test.h"

enum {
    MYO_SIGNED_RANK_EXACT = 200, /* exact up to so many differences that are not zero */
    MYO_RANK_SUM_EXACT = 2500,   /* exact up to so many pairs nx * ny (50 against 50) */
    MYO_KS_EXACT = 4000000       /* as above (2000 against 2000) */
};

/* --- paired: Wilcoxon's signed ranks (signed_rank.c) --- */

/* test: estimate: Hodges and Lehmann's pseudo-median, the median of the n(n+1)/2 Walsh averages;
 * low..high: Walsh averages, by the null distribution without ties; p: exact given the ties
 * (midranks), or normal with R's corrections for ties and continuity; statistic: V, the sum of the
 * positive differences' ranks.
 * Zeros are left out of all three, as Wilcoxon and R's wilcox.test do: the numbers of `test` describe
 * those who changed. n_zero tells how many did not.
 * location: the same p, but estimate and interval over all differences, zeros kept: what holds for
 * everybody. By the null distribution of n values without zeros, so with zeros the level is more
 * than it says (the interval is never shorter than its level allows). Equal to test if n_zero is 0. */
typedef struct myo_signed_ranks {
    myo_test test, location;
    size_t n_used, n_zero;
    bool exact; /* p by the exact distribution */
} myo_signed_ranks;
myo_err myo_signed_rank(const double *d, size_t n, double level, myo_signed_ranks *out);

/* --- two groups: Mann and Whitney's rank sums (rank_sum.c) --- */

/* shift: estimate: median of all differences contrast - reference (Hodges and Lehmann); low..high:
 * such differences, by the null distribution without ties; p: exact given the ties, or normal with
 * R's corrections; statistic: U of the contrast (R's W of wilcox.test(contrast, reference)).
 * superiority: estimate: P(reference < contrast) + P(equal) / 2, with Newcombe's interval (2006,
 * method 5: score-like, never degenerate, stays within 0..1); p and statistic as in shift. */
typedef struct myo_rank_sums {
    myo_test shift, superiority;
    bool exact; /* p (and the shift's interval) by the exact distribution */
} myo_rank_sums;
myo_err myo_rank_sum(const double *ref, size_t n_ref, const double *con, size_t n_con, double level,
                     myo_rank_sums *out);

/* --- two groups: Kolmogorov and Smirnov's largest distance (ks.c) --- */

/* statistic: D, the largest distance between the two distribution functions; p: exact given the
 * ties by counting paths (Schroeer and Trenkler 1995; R's ks.test(exact = TRUE)), or Smirnov's
 * limit. No estimate. */
typedef struct myo_ks {
    myo_test test;
    bool exact;
} myo_ks;
myo_err myo_ks_test(const double *x, size_t nx, const double *y, size_t ny, myo_ks *out);

#endif
