/* resample.h - tests by sign flips and permutations, intervals by their inversion or the bootstrap.
 *
 * All is a function of the data, the number of resamples and the seed: block b of 1024 resamples
 * has its own random stream (seed, b), so that no number depends on threads. Where all arrangements
 * are gone through, nothing is drawn: test.resamples is 0 and the seed does not matter. Monte Carlo
 * p = (b + 1) / (B + 1) with b of B resamples at least as extreme, two-sided: twice the smaller
 * tail, at most 1. Sums that differ by rounding only count as equal.
 * Values must be finite, level in (0, 1), resamples in MYO_RESAMPLES_MIN..MYO_RESAMPLES_MAX; else
 * the test is not made, with `why`. MYO_ERR_NOMEM without memory (*out untouched), else MYO_OK. */
#ifndef MYO_STATS_RESAMPLE_H
#define MYO_STATS_RESAMPLE_H

#include <stddef.h>
#include <stdint.h>
#include "myotab/err.h"
#include "stats/test.h"

enum {
    MYO_SIGN_FLIP_EXACT = 20,         /* all 2^n up to so many values */
    MYO_ARRANGEMENTS_EXACT = 1 << 20, /* all groupings up to so many */
    MYO_RESAMPLES_MIN = 199,
    MYO_RESAMPLES_MAX = 1000000
};

typedef struct myo_draws {
    int64_t resamples; /* B, if Monte Carlo is needed */
    uint64_t seed;
} myo_draws;

/* --- one sample (flip.c) --- */

/* Is the mean of d zero, d being symmetric about it? estimate, statistic: the mean. low..high: the
 * test inverted: with s = -1 for the values of a subset, sum s (d - m) reaches sum (d - m) exactly
 * if the subset's mean is at most m, so the limits are order statistics of the subsets' means
 * (Hartigan 1969): of all 2^n - 1 up to MYO_SIGN_FLIP_EXACT values, of those drawn beyond. level:
 * attained; the widest interval where n is too small for the asked one. */
myo_err myo_sign_flip(const double *d, size_t n, double level, myo_draws draws, myo_test *out);

/* --- two samples (permute.c) --- */

/* Difference of means, contrast - reference, under permutation of the labels. low..high: the test
 * of a shift inverted: the limits are order statistics of mean(B) - mean(A) over the exchanged
 * parts A of the reference and B of the contrast, of equal size. level: attained. Assumes equal
 * distributions but for the shift. statistic: the difference. */
myo_err myo_permute_means(const double *ref, size_t n_ref, const double *con, size_t n_con,
                          double level, myo_draws draws, myo_test *out);

/* Is the contrast's sum of scores (the last n_con of n_ref + n_con) as under permutation of the
 * labels? For rank tests whose scores hold for any grouping. statistic: the sum; no interval. */
myo_err myo_permute_scores(const double *score, size_t n_ref, size_t n_con, myo_draws draws,
                           myo_test *out);

/* People with event counts and exposures, in two groups (Konietschke, Friede and Pauly 2019). Ratio
 * of rates sum(count) / sum(exposure), contrast / reference; statistic: ln of it over its standard
 * error by the scatter between people (never under Poisson's). People are permuted: p, and
 * low..high = ratio exp(-q SE) with q the upper and lower quantile of the permuted statistic. Exact
 * for p if the groups are alike; right for groups of unequal scatter as they grow, which is why the
 * statistic is studentised. 1/2 is added to both sums of counts in the statistic, and in the ratio
 * if a group has no event. level: nominal, or 1 - 2 / (number of groupings) where these are so few
 * that no more can be had. NaN limits and level: all groupings are alike (everybody the same). */
typedef struct myo_people {
    const double *count, *exposure; /* exposure > 0, in one unit */
    size_t n;                       /* >= 2 */
} myo_people;
myo_err myo_permute_rates(myo_people ref, myo_people con, double level, myo_draws draws,
                          myo_test *out);

/* --- one person, two sessions, events that cluster (circular.c) --- */

/* Counts in bins of equal length, in the order of time, with usable time in each (bins without are
 * left out; the rest is taken as if it were joined). */
typedef struct myo_bins {
    const double *count, *exposure;
    size_t n;
} myo_bins;

/* Are the rates equal, and what is their ratio contrast / reference?
 *
 *   reference  |..::.|....:|:.:..|..:::|.....|  its end joined to its beginning, turned at random,
 *   contrast   |.:...|.....|::...|..:..|.:...|  cut into k blocks: so is the other
 *                 \________ change sides ____/
 *
 * k = the cube root of the bins of the shorter session, at least 5, so that a block (about 12 min
 * of an hour) holds whole clusters. For each resample both rings are turned, and k of the 2k blocks
 * drawn to be the contrast: blocks a of the reference and as many b of the contrast change sides.
 * Within blocks the order, and so the clustering, stays.
 * p: the share of resamples in which the difference of rates is at least as large, or small; equal
 * ones count in full. Interval: the test inverted. If the contrast's true rate is r times the
 * reference's, contrast counts divided by r are alike the reference's, and the exchange makes the
 * difference at least as large exactly if rate(b) / rate(a) <= r: the limits are order statistics
 * of these ratios. p <= 1 - level if and only if 1 is outside. Small counts are discrete and do not
 * scale like that: F events, F being the dispersion of counts in blocks (at least 1), are added to
 * a and b in proportion to their exposures. An interval that cannot exclude anything is
 * 0..infinity; without events in the reference, the estimate and high are infinite; in the
 * contrast, the estimate and low are 0. With k = 5, p is at least about 0.008. Seconds of burden
 * may stand for counts.
 *
 * Assumes that both sessions are stationary, that their clusters are alike and shorter than a third
 * of a block. Simulated with 2000 pairs of sessions of an hour in bins of 30 s, 10, 20 or 40 events
 * expected in the reference, ratios 0.25 to 4 (a part of it again: tests/unit/test_circular.c):
 *
 *   clusters                                    type I error at 5 %   coverage of 95 %
 *   none: independent events                    1.1 - 1.6 %           96.0 - 97.8 %
 *   F 3, over seconds, 1-2 min, or 5 min        1.2 - 3.9 %           93.9 - 99.0 %
 *   F 3, over 2-6 min                           3.0 - 4.5 %           92.8 - 97.9 %
 *   F 7, over 1-4 min                           1.9 - 4.2 %           93.5 - 99.6 %
 *   F 3, up to 5 min, sessions of half an hour  1.7 - 5.0 %           92.9 - 99.1 %
 *   F 3, up to 5 min, an hour against half      2.6 - 5.8 %           91.7 - 99.8 %
 *
 * (F: variance over mean of a session's count; over 98 % is with 2 to 5 events expected). The
 * price: of independent events, 40 against 20, 49 % are found different, 66 % by the exact test.
 * Whether events cluster is for `dispersion` to say, not for the Fano factor of bins of a minute,
 * which misses clusters that last longer: with that above 1.5 as the condition for this test in
 * place of the exact one, the type I error of both together was 17 % for clusters of some minutes;
 * with dispersion above 1.2, at most 5.1 % (in sessions of half an hour 6.8 %). */
typedef struct myo_circular {
    myo_test test;
    size_t block;      /* bins that are moved together, in the shorter session */
    double dispersion; /* variance over mean of counts in blocks, in both; 1: independent events */
} myo_circular;
myo_err myo_circular_bins(myo_bins ref, myo_bins con, double level, myo_draws draws,
                          myo_circular *out);

/* --- bootstrap (boot.c) --- */

/* The statistic of the units index[0..n), which may repeat; NaN where it has none. */
typedef double (*myo_statistic)(const void *user, const size_t *index, size_t n);
typedef enum myo_boot_kind { MYO_BOOT_PERCENTILE, MYO_BOOT_BCA } myo_boot_kind;
/* Interval of fn over n units in the order of time, by taking blocks of `block` neighbours at
 * random, the last joined to the first (Politis and Romano 1992); block 1: independent units. BCa
 * (Efron 1987): bias from the resamples, acceleration by leaving out one block at a time. estimate:
 * fn of all units as they are. Resamples without a statistic are left out; fewer than nine in ten
 * with one: not made. p and statistic are NaN. */
myo_err myo_block_bootstrap(myo_statistic fn, const void *user, size_t n, size_t block,
                            myo_boot_kind kind, double level, myo_draws draws, myo_test *out);

#endif
