/* fft.h - real FFTs by FFTW, the only door to it.
 *
 * Plans are made once per size under a lock with FFTW_ESTIMATE (same plan every run, libraries.md 2) and live
 * to the end of the program. Buffers must come from myo_alloc_aligned(). */
#ifndef MYO_DSP_FFT_H
#define MYO_DSP_FFT_H

#include <stdbool.h>
#include "myotab/err.h"

typedef struct myo_fft myo_fft;

/* Plan pair for n real samples (n even, >= 2). */
myo_err myo_fft_get(const myo_fft **out, int n);
/* spec gets n/2+1 complex numbers (interleaved re, im); x is left alone. */
void myo_fft_forward(const myo_fft *f, const float *x, float *spec);
/* x gets n samples, unscaled (n times the mean); spec is overwritten. */
void myo_fft_inverse(const myo_fft *f, float *spec, float *x);
/* Plan pair for n complex numbers (interleaved re, im). */
myo_err myo_fft_get_complex(const myo_fft **out, int n);
/* z is left alone, w gets n complex numbers; the inverse is unscaled. */
void myo_fft_complex(const myo_fft *f, const float *z, float *w);
void myo_fft_complex_inverse(const myo_fft *f, const float *w, float *z);
/* Either without its inverse: planning takes a millisecond. */
myo_err myo_fft_get_forward(const myo_fft **out, int n, bool complex);
const char *myo_fft_version(void);

#endif
