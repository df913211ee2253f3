/* ovs.h - overlap-save filtering of a stream by FFT, with the filter's delay removed.
 *
 * Frames out equal frames in: output i belongs to input i. Both ends are extended by reflection about the
 * edge sample, so that a constant offset makes no step. Pairs of blocks lie on a grid anchored at the first
 * sample after new or reset: the bits do not depend on how the input is cut.
 *
 *   in   |x0 x1 ... xD ............................ xn-1|
 *   ext  xD..x1|x0 ............................... xn-1|xn-2..xn-1-D       D = (taps-1)/2
 *   FFT  [---- N ----]
 *              [---- N ----]      each yields N - 2D outputs */
#ifndef MYO_DSP_OVS_H
#define MYO_DSP_OVS_H

#include <stdint.h>
#include "myotab/err.h"

typedef struct myo_ovs myo_ovs;

myo_err myo_ovs_new(myo_ovs **out, const float *taps, int n_taps); /* n_taps odd, symmetric */
/* Most samples one push of n can put out. */
int64_t myo_ovs_bound(const myo_ovs *o, int64_t n);
/* Takes n samples, puts the finished ones to out (myo_ovs_bound() large), returns how many. */
int64_t myo_ovs_push(myo_ovs *o, const float *x, int64_t n, float *out);
/* The delayed tail; returns how many, or -1 if the stream was shorter than D + 1 samples. */
int64_t myo_ovs_finish(myo_ovs *o, float *out);
void myo_ovs_reset(myo_ovs *o);
int myo_ovs_min_length(const myo_ovs *o); /* D + 1 samples */
int myo_ovs_step(const myo_ovs *o);       /* 2 (N - 2D): the grid of pairs */
void myo_ovs_free(myo_ovs **o);

#endif
