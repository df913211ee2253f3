/* tremor.h - a tremor's numbers from a spectrum, and its cycles from the signal (science.md 4). */
#ifndef MYO_DSP_TREMOR_H
#define MYO_DSP_TREMOR_H

#include <stdint.h>
#include "myotab/err.h"

/* A power density (unit^2/Hz) and what is known of it. */
typedef struct myo_density {
    const double *psd;
    int bins;
    double df;            /* Hz per bin */
    double top;           /* Hz; the band that the channel carries ends here */
    double n_free;        /* independent estimates averaged in a bin: 2 n_free degrees of freedom */
} myo_density;

typedef struct myo_tremor {
    double freq;          /* Hz, by a parabola through the log density; 0: no peak, all else is NaN */
    double ratio;         /* density of the peak over that of the background */
    double width_hz;      /* full width at half power */
    double harmonics;     /* (P(2f) + P(3f)) / P(f), those under `top`; NaN without any */
    double mean_harmonic; /* mean of P(kf), k = 1..5 under `top`, over the background */
    double share;         /* of the power from 2 to 20 Hz within 1 Hz of the peak */
    double power;         /* unit^2 within 1 Hz of the peak, less the background's; 0 if nothing is left */
} myo_tremor;

/* The highest local peak in [lo, hi] Hz. Background: the median density from 2.5 Hz to 25 Hz or top, 1 Hz around the peak
 * and its second and third harmonics left out, brought from the median of its chi-squared law to the mean. */
void myo_tremor_of(const myo_density *d, double lo, double hi, myo_tremor *out);

/* x[0..n) within 2 Hz of f, at `times` as many samples: y[n * times], y[0] at x[0]. The ends are taken for still. Linear
 * phase, 1.5 s long. x without NaN; MYO_ERR_NOMEM is the only failure. */
myo_err myo_narrow(const float *x, int64_t n, double fs, double f, int times, float *y);
/* Times of the upward zero crossings of y (linear between samples), s after y[0], into t[max]; returns their number. */
int64_t myo_upward(const float *y, int64_t n, double fs, double *t, int64_t max);

/* Main axis of n_axes (1..3) signals: eigenvector of the largest eigenvalue of their second moments, its largest part
 * positive; a lone signal's is {1, 0, 0}. */
void myo_main_axis(const float *const *x, int n_axes, int64_t n, double axis[3]);

#endif
