/* risk.h - who had the event, in two arms: risk ratio and difference, odds ratio, Fisher's test. */
#ifndef MYO_STATS_RISK_H
#define MYO_STATS_RISK_H

#include <stdbool.h>
#include <stdint.h>
#include "stats/test.h"

/* a of n1 in the contrast arm had the event, c of n0 in the reference arm. A ratio below 1 and a
 * difference below 0 mean fewer in the contrast. Empty arms, or a count outside its arm, give a
 * test with `why`. */
typedef struct myo_2x2 {
    int64_t a, n1, c, n0;
} myo_2x2;

/* ln RR and its standard error by Katz (below). No check: at least one event, people in both arms.
 */
typedef struct myo_log_ratio {
    double log, se;
    bool corrected; /* 1/2 was added to all cells, as one was zero */
} myo_log_ratio;
myo_log_ratio myo_risk_log_ratio(myo_2x2 t);

/* Risk ratio, log interval of Katz (1978): SE^2 = 1/a - 1/n1 + 1/c - 1/n0; where a cell of the
 * table is zero, 1/2 is added to all four (to the estimate too). statistic: z = ln RR / SE, p from
 * it. No event in either arm: not made. */
myo_test myo_risk_ratio_katz(myo_2x2 t, double level);
/* Risk ratio, score interval of Koopman (1984): right for small arms and zero cells too; high is
 * infinite when c = 0, low 0 when a = 0. statistic: Pearson's chi-squared, p from it. */
myo_test myo_risk_ratio_score(myo_2x2 t, double level);
/* The probability with which either interval holds the true ratio, at true risks p1 and p0, among
 * all (n1 + 1)(n0 + 1) tables that have an interval. NaN outside 0 < p < 1 or beyond 1000 in an
 * arm. */
double myo_risk_ratio_katz_coverage(int64_t n1, double p1, int64_t n0, double p0, double level);
double myo_risk_ratio_score_coverage(int64_t n1, double p1, int64_t n0, double p0, double level);
/* Risk difference a/n1 - c/n0 with Newcombe's hybrid score interval (1998, method 10). p is NaN:
 * equality is tested by Fisher or by the score. */
myo_test myo_risk_difference(myo_2x2 t, double level);

/* Odds ratio (conditional maximum likelihood) with its exact interval, and the two-sided p of all
 * tables no likelier than this: R's fisher.test. statistic: a. */
myo_test myo_fisher(myo_2x2 t, double level);
/* Twice the smaller one-sided p, at most 1: agrees with the interval of myo_fisher. */
double myo_fisher_central_p(myo_2x2 t);

/* Number needed to treat, from a risk difference: positive, so many treated with the contrast for
 * one event fewer (benefit); negative, for one more (harm); infinite without a difference. One
 * part: the interval is low..high. Two parts (the difference's interval holds 0): low < 0 < high
 * and the interval is everything outside, from harm `low` through infinity to benefit `high`
 * (Altman 1998). */
typedef struct myo_nnt {
    double estimate, low, high;
    bool two_parts;
} myo_nnt;
myo_nnt myo_nnt_of(myo_test risk_difference);

#endif
