/* noise.h - the running noise floor: a low quantile of short-time energies (science.md 3.2 a).
 *
 * Blocks of floor_ms give mean energies; epochs of floor_s, pooled with both neighbours, give the floor; it
 * falls freely, rises no faster than floor_rise (half of it from 1 dB over the session's own floor on) and never more
 * than 12 dB over that, so that a minutes-long cramp is not taken for noise. */
#ifndef MYO_DSP_NOISE_H
#define MYO_DSP_NOISE_H

#include <stdint.h>

/* The k-th smallest (from 0) of n > k values, none of them NaN. */
float myo_order_statistic(const float *v, int64_t n, int64_t k);
/* Quantile q (0..1) of n values, linear between order statistics; NaN where n is 0. */
double myo_quantile(const float *v, int64_t n, double q);
/* Wilson-Hilferty: the q-quantile (given as normal deviate z) of a chi-square mean with nu degrees of freedom. */
double myo_chi2_mean_quantile(double z, double nu);
/* Mean noise energy from block energies: quantile q over its chi-square expectation (nu per block). */
double myo_floor_estimate(const float *v, int64_t n, double q, double nu);

typedef struct myo_floor_rule {
    double rise_db_per_s, span_db;   /* fastest rise; most over the session's floor */
    double session, least;           /* energies; least > 0 */
} myo_floor_rule;
/* Next epoch's floor from its estimate (NaN: nothing usable) and the floor before (<= 0: none yet). */
double myo_floor_step(const myo_floor_rule *rule, double before, double estimate, double seconds);

#endif
