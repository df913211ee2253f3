/* spec.h - spectra of short stretches: Welch power density, sine-taper spectra, and the tremor peak in them. */
#ifndef MYO_DSP_SPEC_H
#define MYO_DSP_SPEC_H

#include <stdbool.h>
#include "myotab/err.h"

typedef struct myo_spec myo_spec;

/* Spectra of about n >= 8 samples at rate fs by n_tapers sine tapers (Riedel and Sidorenko 1995); of their number only the
 * greatest N <= n for which 2 (N + 1), the transform's length, is a product of twos, threes and fives. Bins up to f_max. */
myo_err myo_spec_new(myo_spec **out, double fs, int n, int n_tapers, double f_max);
/* A length near n (to 5 %) whose transform is fast: one less than a power of two if there is one. */
int myo_spec_good(int n);
int myo_spec_bins(const myo_spec *s);
double myo_spec_df(const myo_spec *s);             /* Hz per bin: fs / 2 (N + 1) */
/* Adds the power density of x[0..N), its mean removed, to psd[bins]: unit^2/Hz, one-sided. */
void myo_spec_add(myo_spec *s, const float *x, double *psd);
/* The same of two stretches, by one transform; p and q may be the same. */
void myo_spec_add_two(myo_spec *s, const float *x, const float *y, double *p, double *q);
void myo_spec_free(myo_spec **s);

/* A peak in [lo, hi] Hz over its surroundings (science.md 4.3). */
typedef struct myo_peak {
    double freq;        /* Hz, refined by a parabola through log power; 0 = none */
    double height_db;   /* over the median of the band lo-0.5 .. hi+5 Hz without the peak and its harmonics */
    double width_hz;    /* full width at half power */
    double share;       /* of the band's power (2 Hz .. hi+5) within +-1 Hz of the peak and its harmonics to 3 f */
    double power;       /* unit^2 in the peak +-1 Hz */
    double below_db;    /* highest bin from 0.7 Hz to 0.6 freq, under lo, over the peak, dB: a slower rhythm's */
} myo_peak;
/* Nothing (freq 0) where the height is less than least_db. */
void myo_spec_peak(const double *psd, int bins, double df, double lo, double hi, double least_db, myo_peak *peak);

#endif
