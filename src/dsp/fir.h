/* fir.h - linear-phase FIR design by the Kaiser window (Oppenheim and Schafer, Discrete-Time Signal Processing, 7.6). */
#ifndef MYO_DSP_FIR_H
#define MYO_DSP_FIR_H

/* Band-pass lo..hi Hz (-6 dB points) at rate fs, n taps (odd), 60 dB stop band (54 dB below lo, where clearing 0 Hz
 * costs some); unity gain in the middle of the band and exactly zero at 0 Hz. hi >= fs/2 makes a high-pass. Requires
 * 0 < lo < fs/2. */
void myo_fir_bandpass(float *taps, int n, double fs, double lo, double hi);
/* Odd number of taps nearest to `ms` milliseconds, at least 3. */
int myo_fir_length(double fs, double ms);
/* Autocorrelation of the filter at lags 0 .. n_lags - 1, over that at 0; n_lags <= n. With a step over 1 it is reckoned from
 * every step-th tap at every step-th lag, and lies on lines between: its cost is n n_lags / step^2. */
void myo_fir_rho(double *rho, int n_lags, const float *taps, int n, int step);
/* The step that a filter whose band ends at hi Hz bears at rate fs: 1 under 80 hi. */
int myo_fir_step(double fs, double hi);
/* Degrees of freedom of the mean of w squared samples of white noise that passed the filter (2 per independent
 * value; science.md 3.5): 2 / Var of the mean, relative to its squared mean. n_lags: w, or the filter's length if that is
 * less. */
double myo_fir_dof(const double *rho, int n_lags, int w);

#endif
