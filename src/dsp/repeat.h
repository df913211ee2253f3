/* repeat.h - frames in which all axes of a sensor repeat, and how many such in a row are no limb.
 *
 * A limb at rest feels 1 g: an even stretch of some other length of gravity is a dropout after a few frames, one of 1 g is a stalled
 * sensor only after more than its noise leaves equal. One axis that is still while others move is no dead sensor; such time is
 * counted. Frames count from a reset. */
#ifndef MYO_DSP_REPEAT_H
#define MYO_DSP_REPEAT_H

#include <stdbool.h>
#include <stdint.h>
#include "myotab/err.h"

#define MYO_REPEAT_NEVER INT64_MAX
enum { MYO_REPEAT_AXES = 3 };

typedef struct myo_repeat_cfg {
    int n_axes;               /* up to MYO_REPEAT_AXES */
    double rest_lo, rest_hi;  /* length of gravity at rest, in the unit of the samples; equal: unknown */
    /* Equal frames that are no limb: at a length of rest, or where that is unknown; at another length; and all zero. */
    int64_t rest_n, off_n, zero_n;
    int64_t stuck_n;          /* equal samples after which a lone axis counts as stuck; MYO_REPEAT_NEVER: not looked for */
} myo_repeat_cfg;

/* How many samples in a row repeat the one before once in 1e12 samples by chance, where such a share of all does so: a coarse
 * converter repeats itself. */
double myo_repeat_by_chance(double share);

typedef struct myo_repeat myo_repeat;
myo_err myo_repeat_new(myo_repeat **out, const myo_repeat_cfg *cfg);
/* n frames x[a][from ..] of all axes. */
myo_err myo_repeat_push(myo_repeat *r, const float *const *x, int64_t from, int64_t n);
/* The length that a run of equal frames needs to be none of a limb, if `frame` repeats the one before; else 0. */
int64_t myo_repeat_needs(const myo_repeat *r, int64_t frame);
/* Does no run of equal frames reach the length it needs within n frames from `from` on? Then *on, the start of the present run, moves
 * on with them. */
bool myo_repeat_pass(const myo_repeat *r, int64_t from, int64_t n, int64_t *on);
/* Nobody asks for frames before this one any more. */
void myo_repeat_drop(myo_repeat *r, int64_t before);
/* Samples of the axis in runs of stuck_n at least in half of whose frames other axes moved; a run that lasts is cut here. */
int64_t myo_repeat_stuck(myo_repeat *r, int axis);
void myo_repeat_reset(myo_repeat *r);
void myo_repeat_free(myo_repeat **r);

#endif
