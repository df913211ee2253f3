/* slow.h - a lane's slow signal, at 125 to 250 values a second: EMG's mean |x|, an accelerometer's axes. Kept, in an
 * unlinked file of the output folder, where something happened; what is quiet is forgotten.
 *
 *   from the lane |....blocks....|....|....|..            kept: within a second of a mark
 *   marks               [burst]  [rhythm window ]
 *                                          ^ until: nothing that starts before is marked from now on */
#ifndef MYO_RUN_SLOW_H
#define MYO_RUN_SLOW_H

#include <stdbool.h>
#include <stdint.h>
#include "event/feature.h"
#include "myotab/err.h"

enum { MYO_SLOW_BLOCK = 64 }; /* values of a block, less at a segment's end */

/* A run of slow values, in the lane's unit. NaN: under a mask. Value i lies at segment_s + lag + (first + i) / rate. */
typedef struct myo_slow_block {
    double segment_s;           /* start of its segment, s from the file's first sample */
    int64_t first;              /* its first value, from the segment's start */
    int n;
    float v[MYO_MAX_AXES][MYO_SLOW_BLOCK];
} myo_slow_block;

/* What one slow value is made of. */
typedef struct myo_slow_rate {
    int step;                   /* frames averaged */
    double fs;                  /* of the frames, Hz */
    int n_axes;
} myo_slow_rate;
double myo_slow_hz(const myo_slow_rate *r);
double myo_slow_lag(const myo_slow_rate *r);           /* s from a segment's start to its first value's time */
double myo_slow_gain(const myo_slow_rate *r, double f); /* what averaging leaves of a sine at f Hz */
/* Frames to average for a track whose frames come `step` at a time at rate fs: a multiple of step. */
int myo_slow_step(double fs, int step);

typedef struct myo_slow myo_slow;
myo_err myo_slow_new(myo_slow **out, const char *dir, const myo_slow_rate *rate);
const myo_slow_rate *myo_slow_get_rate(const myo_slow *s);
/* Blocks in order of time. */
myo_err myo_slow_add(myo_slow *s, const myo_slow_block *b);
/* Something happened in [on, off): keep what lies there. */
myo_err myo_slow_mark(myo_slow *s, double on, double off);
/* Marks to come start at `until` or later; at a segment's end everything is settled. */
myo_err myo_slow_advance(myo_slow *s, double until, bool segment_end, myo_diag *d);
void myo_slow_free(myo_slow **s);

/* A stretch read back: v[a][0..n), value i at start_s + i / rate; NaN where nothing was kept, or a mask lies. */
typedef struct myo_slow_span {
    double start_s;
    int64_t n;
    float *v[MYO_MAX_AXES];
    size_t cap[MYO_MAX_AXES];
} myo_slow_span;

/* Reading goes forward: spans are asked for in order of `on`, from the beginning again after rewind. */
void myo_slow_rewind(myo_slow *s);
/* All values of [on, off) that lie in the segment of the first one kept; n = 0 if there are none. */
myo_err myo_slow_read(myo_slow *s, double on, double off, myo_slow_span *out, myo_diag *d);
void myo_slow_span_clear(myo_slow_span *span);

#endif
