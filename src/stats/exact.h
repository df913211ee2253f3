/* exact.h - one proportion, and one rate against another: exact, mid-p, and allowing for clusters.
 *
 * Counts are whole numbers >= 0 up to 1e9 (1e6 and more stay fast); exposures are in any unit, the
 * same for both. "con" is the contrast, "ref" the reference: a ratio above 1 means more in the
 * contrast. Every interval is two-sided at `level`, as 0.95. Arguments outside their range give NaN
 * (limits, p) or a test with `why`. All are thread-safe. */
#ifndef MYO_STATS_EXACT_H
#define MYO_STATS_EXACT_H

#include <stddef.h>
#include <stdint.h>
#include "myotab/err.h"
#include "stats/test.h"

/* --- one proportion: k of n (binom.c) --- */

/* Clopper-Pearson (1934): R's binom.test()$conf.int. */
void myo_binom_limits(int64_t k, int64_t n, double level, double *lo, double *hi);
/* The proportions at which the mid-p tail is (1 - level) / 2: shorter, not guaranteed. */
void myo_binom_midp_limits(int64_t k, int64_t n, double level, double *lo, double *hi);
/* Wilson's score limits (1927): R's prop.test(correct = FALSE). */
void myo_wilson_limits(int64_t k, int64_t n, double level, double *lo, double *hi);
/* Two-sided p of k of n where the proportion is prob: all outcomes no likelier than k, with R's
 * slack of 1 + 1e-7: R's binom.test()$p.value. */
double myo_binom_p(int64_t k, int64_t n, double prob);
/* Twice the smaller tail in which k counts by half; at most 1. */
double myo_binom_midp(int64_t k, int64_t n, double prob);

/* --- two rates, independent events (exact.c) --- */

/* Ratio of rates, conditional on the sum of counts (science.md 6.2): Clopper-Pearson interval and
 * R's poisson.test(c(n_con, n_ref), c(t_con, t_ref)). No event in the reference: estimate and high
 * are infinite. statistic: n_con. Not made without exposure in both or without any event. */
myo_test myo_rate_ratio(int64_t n_ref, double t_ref, int64_t n_con, double t_con, double level);
/* The same with mid-p for the interval and p. */
myo_test myo_rate_ratio_midp(int64_t n_ref, double t_ref, int64_t n_con, double t_con,
                             double level);

/* --- two rates, events that cluster (quasi.c) --- */

/* How much counts scatter, variance over mean: 1 if events are independent. NaN with fewer than two
 * bins with exposure, or without event. */
typedef struct myo_scatter {
    double f;       /* of the whole session's count, carried on from that of windows */
    double df;      /* what f rests on, as chi-squared over its degrees of freedom */
    double seen;    /* of counts in windows */
    double seen_df; /* of seen, if events are independent */
} myo_scatter;
/* Of n bins in order of time (exposure NULL: all equal; bins without are left out), in windows of a
 * fifth of them or less that overlap: in single bins, events that come in longer trains look more
 * independent than they are (quasi.c). Up to seven bins: myo_fano. MYO_ERR_NOMEM leaves out as it
 * was. */
myo_err myo_scatter_of(const double *count, const double *exposure, size_t n, myo_scatter *out);

/* Ratio of rates whose counts scatter f times as much as independent ones (quasi-Poisson; f below 1
 * counts as 1, NaN: taken from the other side; df INFINITY: f is known). Score interval; p agrees
 * with it. statistic: F of both sides together. Not made without exposure, event or any f. */
myo_test myo_rate_ratio_quasi(int64_t n_ref, double t_ref, double f_ref, double df_ref,
                              int64_t n_con, double t_con, double f_con, double df_con,
                              double level);
/* Difference of rates, contrast minus reference, per unit of exposure; arguments as above (f = 1
 * and df = INFINITY for independent events). Interval from the score limits of both rates (MOVER,
 * Zou and Donner 2008). p is NaN: equality is tested by the ratio. */
myo_test myo_rate_difference(int64_t n_ref, double t_ref, double f_ref, double df_ref,
                             int64_t n_con, double t_con, double f_con, double df_con,
                             double level);

/* Do the counts of n bins scatter as independent events do? statistic: D = sum((y - mu)^2 / mu), mu
 * the pooled rate times exposure (NULL: all equal; bins without are left out); p: upper tail of
 * chi-squared with bins - 1 degrees of freedom; estimate: D / (bins - 1), which is myo_fano; no
 * interval. Not made with fewer than two bins or without any event. */
myo_test myo_dispersion(const double *count, const double *exposure, size_t n);

#endif
