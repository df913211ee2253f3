/* cycles.h - how regular a rhythm is, from the times of its beats (science.md 4.4, 4.5). */
#ifndef MYO_STATS_CYCLES_H
#define MYO_STATS_CYCLES_H

#include <stddef.h>

/* Of the intervals between n times t[], ascending; NaN where there are too few. */
typedef struct myo_intervals {
    double median;        /* s; from 2 times */
    double cv;            /* SD over mean; from 3 times */
    double local;         /* local variation 3/(m-1) sum ((I1-I2)/(I1+I2))^2 of m intervals (Shinomoto 2003): 1 for random
                           * times, 0 for a clock; from 3 times */
} myo_intervals;

enum { MYO_STABILITY_CYCLES = 30 }; /* science.md 4.4 */

/* work: n doubles. */
myo_intervals myo_intervals_of(const double *t, size_t n, double *work);
/* Length of the mean unit vector at phases 2 pi f t: 1 for beats at f, about 1/sqrt(n) for random times. NaN for none. */
double myo_vector_strength(const double *t, size_t n, double f);
/* Tremor stability index: interquartile range of the change of frequency from cycle to cycle, Hz (di Biase and others
 * 2017). NaN under MYO_STABILITY_CYCLES cycles. work: n doubles. */
double myo_tremor_stability(const double *t, size_t n, double *work);

#endif
