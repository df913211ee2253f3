/* law.h - the two discrete laws behind the exact tests: binomial and Fisher's hypergeometric.
 *
 * Both are the law of a count k of successes of n1 trials with odds e^theta; the hypergeometric
 * one on the condition that n1 + n0 trials, those of n0 with odds 1, had m successes together. */
#ifndef MYO_STATS_LAW_H
#define MYO_STATS_LAW_H

#include <stdbool.h>
#include <stdint.h>

typedef struct myo_law {
    int64_t lo, hi; /* support */
    int64_t n1, n0, m;
    bool binomial; /* n0 and m unused */
} myo_law;

myo_law myo_law_binomial(int64_t n);
/* Both margins must leave a choice: lo < hi. */
myo_law myo_law_fisher(int64_t n1, int64_t n0, int64_t m);

/* ln of P(X > k) + weight P(X = k), or with below of P(X < k) + weight P(X = k). Relative error of
 * the tail about 1e-12, however small. Time: a few standard deviations of X. */
double myo_law_ln_tail(const myo_law *law, double theta, int64_t k, double weight, bool below);
double myo_law_mean(const myo_law *law, double theta);
/* P of all outcomes no likelier than k, with R's slack of 1 + 1e-7 for ties. */
double myo_law_minlike(const myo_law *law, double theta, int64_t k);
/* Twice the smaller tail in which k counts by half; at most 1. */
double myo_law_midp(const myo_law *law, double theta, int64_t k);

/* Limits of theta at which the tails (k counting by weight: 1 exact, 1/2 mid-p) are (1 - level) /
 * 2; -INFINITY and INFINITY at the ends of the support. */
void myo_law_limits(const myo_law *law, int64_t k, double level, double weight, double *lo,
                    double *hi);
/* The theta with mean k; infinite at the ends of the support. */
double myo_law_estimate(const myo_law *law, int64_t k);

#endif
