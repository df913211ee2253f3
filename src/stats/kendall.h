/* kendall.h - Kendall's S and its null distribution, for the rank correlation and the slope. */
#ifndef MYO_STATS_KENDALL_H
#define MYO_STATS_KENDALL_H

#include <stddef.h>
#include "myotab/err.h"
#include "stats/trend.h"

/* Sums over groups of t equal values. */
typedef struct myo_ties {
    double t2, t3;  /* sum t(t-1), sum t(t-1)(t-2) */
    double v;       /* sum t(t-1)(2t+5) */
    double log_all; /* ln of the product of all t!: orders that look the same */
} myo_ties;
myo_err myo_ties_of(const double *x, size_t n, myo_ties *out);

/* cum[s] = P(at most s pairs in reversed order), s = 0..n(n-1)/2; NULL without memory. Release with
 * myo_free. */
double *myo_kendall_cum(size_t n);

/* The same among the pairs with unequal x, given the ties in x (ties in y: none); n <= 50. */
double *myo_kendall_cum_tied(const double *x, size_t n);

/* Why a trend of y over x cannot be tested; NULL if it can. */
const char *myo_trend_refuse(const double *x, const double *y, size_t n, double level);

#endif
