/* negbin.h - counts that scatter more than Poisson's: NB2 regression, Var = mu + kappa mu^2
 * (science.md 6.1).
 *
 * One row per person (or bin): a count >= 0 and its exposure > 0 (any unit; NULL: all 1). Rows
 * without exposure are left out. */
#ifndef MYO_STATS_NEGBIN_H
#define MYO_STATS_NEGBIN_H

#include <stdbool.h>
#include <stddef.h>
#include "stats/test.h"

typedef struct myo_negbin {
    /* Rate ratio, contrast over reference. Headline: the interval and p for small arms (see
     * negbin.c for what was tried). */
    myo_test ratio;
    myo_test wald; /* same estimate, Wald's interval and p with z, as summary(MASS::glm.nb) */
    double rate_reference, rate_contrast; /* per unit of exposure */
    double kappa;                   /* maximum likelihood, 1 / theta of glm.nb; 0 if is_poisson */
    bool is_poisson;                /* no scatter beyond Poisson's is seen: the fit is Poisson's */
    size_t n_reference, n_contrast; /* rows used */
} myo_negbin;

/* log mu = b0 + b1 arm + log exposure; arm 0 reference, 1 contrast. Events in one arm only: the
 * ratio is 0 or infinite, with the one limit that exists and p; wald has none of it (why). Not made
 * with an arm without rows, without any event, or with two rows in all. */
myo_negbin myo_negbin_ratio(const double *count, const double *exposure, const int *arm, size_t n,
                            double level);

/* One rate for all rows: is there scatter beyond Poisson's? estimate kappa with its
 * profile-likelihood interval (low 0 where it reaches Poisson), statistic the likelihood ratio
 * against kappa = 0, p from the even mixture of 0 and chi-squared with 1 degree of freedom that
 * holds at the edge (Self and Liang 1987). */
myo_test myo_negbin_dispersion(const double *count, const double *exposure, size_t n, double level);

#endif
