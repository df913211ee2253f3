/* welch.h - averaged periodograms (Welch 1967): Hann segments that overlap by half, each without its mean. */
#ifndef MYO_DSP_WELCH_H
#define MYO_DSP_WELCH_H

#include <stdint.h>
#include "myotab/err.h"

typedef struct myo_welch myo_welch;

/* Segments of n >= 4 samples at rate fs, zero-padded to four times the next power of two. */
myo_err myo_welch_new(myo_welch **out, double fs, int n);
int myo_welch_bins(const myo_welch *w);
double myo_welch_df(const myo_welch *w);  /* Hz per bin */
/* Sets psd[bins] to the mean power density of the segments of x[0..n_x): unit^2/Hz, one-sided; segments with a NaN are
 * left out. Returns how many there were; psd is 0 if none. */
int myo_welch_psd(myo_welch *w, const float *x, int64_t n_x, double *psd);
void myo_welch_free(myo_welch **w);

/* Independent segments that k Hann segments with half overlap are worth (science.md 4.7: 0.95 k; exactly, of white
 * noise, whose neighbours correlate by 1/6). k >= 1. */
double myo_welch_independent(double k);

#endif
