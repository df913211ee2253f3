/* stats.h - numbers that describe many events: rates with exact limits, scatter, quantiles. */
#ifndef MYO_STATS_STATS_H
#define MYO_STATS_STATS_H

#include <stddef.h>
#include <stdint.h>
#include "myotab/err.h"

/* --- rates (rate.c) --- */

/* Exact two-sided limits (Garwood 1936) of a Poisson mean of which n >= 0 events were seen; level
 * in (0, 1), as 0.95. Limits are in events: divide by the exposure. Both NaN if an argument is
 * outside its range. */
void myo_poisson_limits(int64_t n, double level, double *lo, double *hi);

typedef struct myo_rate {
    double per_h, low, high;
} myo_rate; /* 1/h */
/* n events in exposure_s seconds, with 95 % limits; all NaN without exposure. */
myo_rate myo_rate_of(int64_t n, double exposure_s);

/* Scatter of counts over bins of usable time: sum((y - mu)^2 / mu) / (n - 1) with mu_i the pooled
 * rate times exposure_i; with equal exposures exactly variance over mean (Fano factor). exposure
 * NULL: all equal. Bins without exposure are left out. NaN with fewer than two bins or no event. */
double myo_fano(const double *count, const double *exposure, size_t n);

/* --- description (describe.c) --- */

/* Quantile p in [0, 1] of n sorted values, type 7 of Hyndman and Fan (the default of R and NumPy):
 * linear between the order statistics at h = (n - 1) p. NaN if n is 0. */
double myo_quantile_sorted(const double *sorted, size_t n, double p);
typedef struct myo_quartiles {
    double q1, median, q3;
} myo_quartiles;
/* Sorts x. NaN are not allowed. */
myo_quartiles myo_quartiles_of(double *x, size_t n);

/* Mean, SD and quantiles of any number of values in bounded memory, in whatever unit they come.
 *
 * Up to MYO_DIST_EXACT values all are kept and the quantiles are exact. Beyond, they are counted in
 * 1024 equal bins an octave from 2^-20 to 2^30 (edges from the bits of the double, so the same on
 * every machine); a quantile is then within 0.05 % of the exact one. Smaller values (zero and
 * negative ones too) and larger ones are counted as the least and the greatest value seen. Counting
 * takes 8 KiB for every octave met, 0.4 MiB at the most. Zero-initialise; release with
 * myo_dist_clear. The result depends on the values and their order only. */
enum { MYO_DIST_EXACT = 4096 };
typedef struct myo_dist {
    int64_t n;       /* values so far; NaN and infinite ones are not counted */
    double mean, m2; /* Welford: sum of squared deviations */
    double min, max;
    double *x; /* the values, while few */
    size_t cap;
    uint64_t **page; /* counts, once many; a page is made when a value falls into it */
} myo_dist;
/* MYO_ERR_NOMEM leaves d as it was. */
myo_err myo_dist_add(myo_dist *d, double value);
double myo_dist_quantile(myo_dist *d, double p); /* NaN if empty; sorts the kept values */
double myo_dist_sd(const myo_dist *d); /* n - 1 in the denominator; NaN under two values */
double myo_dist_cv(const myo_dist *d); /* SD over mean; NaN where the mean is not > 0 */
void myo_dist_clear(myo_dist *d);

#endif
