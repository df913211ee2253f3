/* decay.h - the course of an event rate after an infusion, from counts in bins of time.
 *
 *            t < 0               t = 0 (the infusion)          later
 *   WEARS    lambda0             at once lambda0 (1 - E)       back towards lambda0
 *   BUILDS   lambda0             still lambda0                 on towards lambda0 (1 - E)
 *
 *   WEARS:   lambda(t) = lambda0 (1 - E exp(-k t))
 *            E is the effect at t = 0, and it wears off (the form of science.md 6.5)
 *   BUILDS:  lambda(t) = lambda0 (1 - E (1 - exp(-k t)))
 *            E is the effect in the end, and it builds up (the saturating form)
 *
 * E is the share of the rate that is taken away: 1 all, 0 none, negative: the rate rose. */
#ifndef MYO_STATS_DECAY_H
#define MYO_STATS_DECAY_H

#include <stddef.h>
#include "myotab/err.h"
#include "stats/test.h"

typedef enum myo_course_form { MYO_COURSE_WEARS, MYO_COURSE_BUILDS } myo_course_form;

/* Time in minutes from the infusion, end > start; a bin over 0 is divided there. */
typedef struct myo_course_bin {
    double start, end;
    double exposure; /* usable time in it, in the unit of the rates, spread evenly; 0: left out */
    double count;    /* events */
} myo_course_bin;

typedef struct myo_course {
    myo_test lambda0; /* events per unit of exposure */
    /* E; statistic: likelihood ratio against a constant rate; p: of it, by parametric bootstrap. */
    myo_test effect;
    myo_test k; /* 1/min; low 0 or high infinite: the bins set no limit on that side */
    double curve_effect, curve_k; /* of the best curve, also where they have a why */
    /* Pearson's chi-squared over bins - 3; NaN with 3 bins. Over 1.5 Poisson's intervals are too
     * narrow: set fano. */
    double dispersion;
    /* Why there is no fit at all. NULL: there is, but a parameter that the bins cannot tell has a
     * why of its own. */
    const char *why;
} myo_course;

typedef struct myo_course_opts {
    double level; /* of the intervals, as 0.95 */
    double fano;  /* >= 1: variance over mean with which the counts are drawn; 1: Poisson */
    uint64_t seed;
    int64_t resamples; /* for the intervals, and as many for the p; 0: none; at most 100000 */
} myo_course_opts;

/* Maximum Poisson likelihood, k between the slowest and the fastest that the bins could tell;
 * percentile intervals. Needs a bin before and two after 0, and events. MYO_ERR_NOMEM leaves *out
 * as it was. */
myo_err myo_course_fit(myo_course *out, const myo_course_bin *bin, size_t n, myo_course_form form,
                       const myo_course_opts *opts);

/* The rate at time t of a fit. */
double myo_course_rate(const myo_course *c, myo_course_form form, double minutes);

#endif
