/* beat.h - the heart in an EMG channel without an ECG channel: find its QRS complex, subtract it from a stream.
 *
 * Trunk and proximal muscles show every beat (science.md 2, template subtraction: Drake06, Costa19). A QRS complex has its
 * energy at 8-40 Hz, comes in one shape, at 40-170 a minute, and is there all along; a jerk varies in shape, a single motor
 * unit's potential lies at 60-120 Hz. Beats are sought by their shape on a coarse grid of 250-500 Hz:
 *
 *   samples -> box means of the grid -> 8-40 Hz -> correlation with the shape -> beats -> mean of the beats about,
 *   each weighted by how quiet the muscle is -> fitted in size and time to each beat -> subtracted */
#ifndef MYO_DSP_BEAT_H
#define MYO_DSP_BEAT_H

#include <stdbool.h>
#include <stdint.h>
#include "myotab/err.h"

enum { MYO_BEAT_MAX = 65 };             /* grid points of a shape */

/* What a search found; found = false: no heart, the rest means nothing. */
typedef struct myo_beat_shape {
    bool found;
    int n;                              /* odd; the middle one is the beat's time */
    float q[MYO_BEAT_MAX];              /* 8-40 Hz, energy 1 */
    double size;                        /* usual correlation of a beat with q, unit of the samples */
    double period_s;
} myo_beat_shape;

/* The coarse grid of a rate: samples a grid point. */
int myo_beat_box(double fs);
/* Grid points of a shape at rate fs. */
int myo_beat_points(double fs);
/* Box means of x[0..n * box) to z[0..n). */
void myo_beat_grid(float *z, const float *x, int64_t n, int box);

/* ---- searching ---- */

typedef struct myo_beat_find myo_beat_find;
/* Rates under 250 Hz hold too little of the muscle beside the heart: nothing is found there. */
myo_err myo_beat_find_new(myo_beat_find **out, double fs);
/* n samples that follow those before; apart: they do not. */
myo_err myo_beat_find_add(myo_beat_find *f, const float *x, int64_t n, bool apart);
void myo_beat_find_get(const myo_beat_find *f, myo_beat_shape *shape);
void myo_beat_find_free(myo_beat_find **f);

/* ---- subtracting ---- */

/* A beat that was subtracted. */
typedef struct myo_beat_mark {
    int64_t at;                         /* frame of its middle */
    double rms;                         /* of what was taken, over MYO_BEAT_QRS_S about `at`, behind the filter given */
} myo_beat_mark;
#define MYO_BEAT_QRS_S 0.12

typedef struct myo_beat myo_beat;
/* taps: the filter whose output the marks' rms speak of (n_taps odd; copied). */
myo_err myo_beat_new(myo_beat **out, double fs, const myo_beat_shape *shape, const float *taps, int n_taps);
/* Stream protocol as in ovs.h: as many frames out as in, delayed by some 20 s. -1: no memory. */
int64_t myo_beat_bound(const myo_beat *b, int64_t n);
int64_t myo_beat_push(myo_beat *b, const float *x, int64_t n, float *out);
int64_t myo_beat_finish(myo_beat *b, float *out);
/* As new; the next sample is frame `frame`, a multiple of the block. From myo_beat_warm() frames later on, the output is
 * that of a stream from frame 0. */
void myo_beat_reset(myo_beat *b, int64_t frame);
int64_t myo_beat_block(const myo_beat *b);
int64_t myo_beat_warm(const myo_beat *b);
int64_t myo_beat_ahead(const myo_beat *b); /* frames behind one that it waits for */
/* Marks of beats whose samples came out or are about to, in order; the first n are done with. */
const myo_beat_mark *myo_beat_marks(const myo_beat *b, int *n);
void myo_beat_drop_marks(myo_beat *b, int n);
void myo_beat_free(myo_beat **b);

#endif
