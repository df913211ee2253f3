/* beat_in.h - what finding and subtracting beats share. */
#ifndef MYO_DSP_BEAT_IN_H
#define MYO_DSP_BEAT_IN_H

#include <stdint.h>

enum { BEAT_TAPS_MAX = 161 };
#define BEAT_HALF_S 0.06                /* half a shape */

/* The 8-40 Hz band-pass of the coarse grid; returns its length, odd. */
int myo_beat_taps(float *taps, double grid_fs);
/* y[i] = sum of z[i .. i + n_taps) by the taps: z begins n_taps / 2 before y. */
void myo_beat_filter(float *y, const float *z, int64_t n, const float *taps, int n_taps);

#endif
