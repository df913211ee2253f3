/* beat_in.h - what finding and subtracting beats share. */
#ifndef MYO_DSP_BEAT_IN_H
#define MYO_DSP_BEAT_IN_H

#include "dsp/beat.h"

enum { BEAT_TAPS_MAX = 161 };
#define BEAT_HALF_S 0.06                /* half a shape */

/* The 8-40 Hz band-pass of the coarse grid; returns its length, odd. */
int myo_beat_taps(float *taps, double grid_fs);
/* y[i] = sum of z[i .. i + n_taps) by the taps: z begins n_taps / 2 before y. */
void myo_beat_filter(float *y, const float *z, int64_t n, const float *taps, int n_taps);

/* What resembles the shape. */
typedef struct beat_found {
    int64_t at;                  /* frame of its middle */
    double size, likeness;       /* against the prior shape */
    double quiet;                /* its weight: 1 / (power of the 2-ms differences)^2 */
    float *wave;                 /* its samples, straight line taken off */
} beat_found;

struct myo_beat {
    double fs;
    int box, half, n_taps, pre, len, taper, lag, qrs;
    float taps[BEAT_TAPS_MAX];
    float *band;                 /* the filter behind */
    int n_band;
    myo_beat_shape shape;
    int64_t block, margin;       /* samples; samples behind a block that its search looks at */
    int64_t first;               /* frame the stream began with */
    float *x;                    /* pending samples, x[0] is frame `base` */
    size_t cap_x;
    int64_t base, n_in, n_out;
    int64_t searched, cleaned;   /* blocks */
    beat_found *beats;                /* of the blocks that may still matter, by time */
    size_t n_beats, cap_beats;
    float *z, *y, *dots;         /* grid of a block and its margins */
    float *mean, *slope, *work;  /* a beat's mean, its derivative */
    myo_beat_mark *marks;
    size_t n_marks, cap_marks;
};

/* Median size and interval of the surest among beats [lo, hi); false: too few. */
bool myo_beat_usual(const myo_beat *b, size_t lo, size_t hi, double *size, double *period);
/* Is beat i of this size, sure by itself or in time with a sure one of [lo, hi), and without a step beside the mean
 * (myo_beat_mean)? */
bool myo_beat_counts(const myo_beat *b, size_t i, size_t lo, size_t hi, double size, double period);
/* The mean of the sure beats of [lo, hi) and its derivative; false: too few. *rms: as in a mark. */
bool myo_beat_mean(myo_beat *b, size_t lo, size_t hi, double size, double *rms);
/* Take the mean, fitted, out of the pending samples; leaves a mark. */
myo_err myo_beat_subtract(myo_beat *b, const beat_found *f, double rms);

#endif
