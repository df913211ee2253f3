/* survive.h - time until an event, where some people are watched only until they leave (censoring).
 *
 * Each person has a time >= 0 (any unit, the same for all) and whether the event was seen then;
 * else the watching ended then without it. At equal times events come before the ends of watching,
 * as usual. Arms: 0 reference, 1 contrast; levels as 0.95. MYO_ERR_NOMEM leaves *out as it was;
 * everything else that is wrong is told in `why`, with all numbers NaN. */
#ifndef MYO_STATS_SURVIVE_H
#define MYO_STATS_SURVIVE_H

#include <stdbool.h>
#include <stddef.h>
#include "myotab/err.h"
#include "stats/resample.h"
#include "stats/test.h"

/* The curve just after `time`. */
typedef struct myo_km_step {
    double time;
    int64_t at_risk;          /* just before it */
    int64_t events, censored; /* at it */
    double survival;          /* share of people still without the event */
    double low, high;         /* pointwise; NaN where the curve is 1 or 0 */
} myo_km_step;

typedef struct myo_km {
    myo_km_step *step; /* one per distinct time, rising; owned */
    size_t n_steps;
    int64_t n, n_events;
    /* In the unit of time; limits NaN: not reached. why: nobody, or the curve stays above half. */
    myo_test median;
} myo_km;

/* Kaplan and Meier's estimate with the interval on the log(-log) scale from Greenwood's variance;
 * median and its limits where the curve and its limits reach one half, the middle of the stretch if
 * they stay exactly there (Brookmeyer and Crowley 1982; R: survfit(conf.type = "log-log")). */
myo_err myo_km_fit(myo_km *out, const double *time, const bool *event, size_t n, double level);
void myo_km_clear(myo_km *k);

/* Log-rank test of two arms (R: survival::survdiff): statistic chi-squared with 1 degree of
 * freedom, no estimate. */
myo_err myo_logrank(myo_test *out, const double *time, const bool *event, const int *arm, size_t n);

/* The same question by permuting who is in which arm, which is exact however few people there are if
 * the ends of watching are alike in both arms; chi-squared rejects too often then. statistic: events
 * of the contrast beyond those expected, linear in the people's log-rank scores (event or not, less
 * the cumulated hazard of all until then). All groupings, or random ones (resample.h). */
myo_err myo_logrank_permuted(myo_test *out, const double *time, const bool *event, const int *arm,
                             size_t n, myo_draws draws);

/* Hazard ratio, contrast over reference, by Cox's partial likelihood with Efron's ties (R:
 * survival::coxph) and Wald's interval and p; statistic z. */
myo_err myo_hazard_ratio(myo_test *out, const double *time, const bool *event, const int *arm,
                         size_t n, double level);

#endif
