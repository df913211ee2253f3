/* mains.h - mains hum: find the line in a spectrum, subtract tracked sinusoids from a stream.
 *
 * A few hundred taps cannot make a 1-Hz notch, and a notch lowers EMG amplitude (science.md 2, Mal09). So each
 * harmonic's complex amplitude is measured in blocks of 0.1 s, smoothed over +-1 s with weights that fall with the
 * square of the block's other energy (a burst hardly moves it), its phase drift followed, and subtracted. */
#ifndef MYO_DSP_MAINS_H
#define MYO_DSP_MAINS_H

#include <stdbool.h>
#include <stdint.h>
#include "myotab/err.h"

enum { MYO_MAINS_MAX = 20, MYO_MAINS_REACH = 10 }; /* harmonics; blocks of smoothing on each side */

typedef struct myo_mains_line {
    double freq;                      /* Hz; 0 = no line found */
    int n_harmonics;
    bool present[MYO_MAINS_MAX];      /* present[k]: (k+1) x freq stands out */
} myo_mains_line;

/* Look for a line in a power density psd[0..n) of bin width df (Hz). want = 0 tries 50 and 60 Hz; the peak is
 * sought within +-0.6 Hz and must stand min_db over the median of its +-5 Hz neighbourhood; harmonics alike, below
 * f_max. */
void myo_mains_find(myo_mains_line *line, const double *psd, int n, double df, double want, double min_db,
                    int n_harmonics, double f_max);

typedef struct myo_mains myo_mains;
myo_err myo_mains_new(myo_mains **out, double fs, const myo_mains_line *line);
/* Stream protocol as in ovs.h: same number of frames out, delayed by about 1.1 s. */
int64_t myo_mains_bound(const myo_mains *m, int64_t n);
int64_t myo_mains_push(myo_mains *m, const float *x, int64_t n, float *out);
int64_t myo_mains_finish(myo_mains *m, float *out);
/* Frames [on, off) of the stream were bridged: they hold no line and teach nothing about it. Call before they come.
 * MYO_ERR_NOMEM is the only failure. */
myo_err myo_mains_skip(myo_mains *m, int64_t on, int64_t off);
/* As new; the next sample is frame `frame`, a multiple of the block. From MYO_MAINS_REACH + 2 blocks later on, the output
 * is that of a stream from frame 0. */
void myo_mains_reset(myo_mains *m, int64_t frame);
int64_t myo_mains_block(const myo_mains *m); /* samples */
void myo_mains_free(myo_mains **m);

#endif
