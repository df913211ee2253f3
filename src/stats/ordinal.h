/* ordinal.h - grades of two arms: proportional-odds (cumulative logit) regression (McCullagh 1980).
 */
#ifndef MYO_STATS_ORDINAL_H
#define MYO_STATS_ORDINAL_H

#include <stdint.h>
#include "stats/test.h"

enum { MYO_MAX_GRADES = 64 };

typedef struct myo_prop_odds {
    /* Common odds ratio of a higher grade, contrast over reference (1 / it: of a lower one).
     * Interval by profile likelihood, p by the likelihood ratio (statistic: its chi-squared, 1
     * degree of freedom): interval and p agree, and hold better in small arms. */
    myo_test odds;
    /* The same estimate with Wald's interval and p, as summary(MASS::polr) has it; statistic z. */
    myo_test wald;
    /* Is one odds ratio enough? Likelihood ratio against a free odds ratio at every cut, which with
     * two arms is the saturated model; statistic chi-squared with n_grades - 2 degrees of freedom;
     * no estimate. */
    myo_test proportional;
    double least_expected; /* people in the smallest expected cell: under 1, chi-squared is rough */
    int n_grades;          /* that occur */
} myo_prop_odds;

/* reference[g], contrast[g]: people with grade g, g = 0 .. k-1 rising, k <= MYO_MAX_GRADES. Grades
 * that nobody has are dropped. If no grade of one arm is above any of the other (or all are equal),
 * no finite odds ratio exists, and this is said in odds.why. */
myo_prop_odds myo_prop_odds_fit(const int64_t *reference, const int64_t *contrast, int k,
                                double level);

#endif
