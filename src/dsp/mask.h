/* mask.h - spans of a raw channel that are no signal: dropouts, flat stretches, electrode pops, impossible samples; and clipping.
 *
 * Dropouts and pops are bridged by a straight line before any filter sees them, so that they do not ring, and
 * leave the exposure. Clipped samples stay in the signal (a clipped jerk is still a jerk) but are reported.
 * A sample's verdict depends only on its surroundings within about 1.5 s, never on the caller's blocks. */
#ifndef MYO_DSP_MASK_H
#define MYO_DSP_MASK_H

#include <stdbool.h>
#include <stdint.h>
#include "dsp/repeat.h"
#include "myotab/err.h"

typedef enum myo_mask_kind { MYO_MASK_CLIP, MYO_MASK_FLAT, MYO_MASK_POP, MYO_N_MASK } myo_mask_kind;

typedef struct myo_span {
    int64_t on, off;          /* frames, half-open */
    myo_mask_kind kind;
} myo_span;

/* What is known of the channel beforehand (scout.c). Levels in the unit of the samples. */
typedef struct myo_mask_cfg {
    double fs;
    double rail_lo, rail_hi;  /* NaN: no rail known */
    double far_lo, far_hi;    /* no signal lies beyond these; equal: none known */
    int clip_n;               /* samples in a row */
    double pop_step;          /* step within 2 ms that may be a pop; <= 0 switches pops off */
    int flat_n;               /* equal samples in a row that are no signal; with `joint` the most that it may need */
    int dilate;               /* samples */
    double dead_step;         /* a dropout's neighbouring samples differ by no more than this; 0: equal only */
    const myo_repeat *joint;  /* what is equal, of the sensor that the channel is an axis of: it gets samples, and is reset, before
                               * the mask; NULL: the channel's own samples */
} myo_mask_cfg;

typedef struct myo_mask myo_mask;
myo_err myo_mask_new(myo_mask **out, const myo_mask_cfg *cfg);
/* Stream protocol as in ovs.h: as many frames out as in. -1: no memory. Samples that are not finished yet are held in the
 * caller's array, so each call's `out` must be where the last one's finished samples end, those behind it as they were left. */
int64_t myo_mask_bound(const myo_mask *m, int64_t n);
int64_t myo_mask_push(myo_mask *m, const float *x, int64_t n, float *out);
int64_t myo_mask_finish(myo_mask *m, float *out);
void myo_mask_reset(myo_mask *m);
/* First frame that is not judged yet: none before it is asked of `joint` again. */
int64_t myo_mask_next(const myo_mask *m);
/* Spans found so far, in order of their ends; all that touch a sample are known when it comes out. */
const myo_span *myo_mask_spans(const myo_mask *m, int *n);
void myo_mask_drop_spans(myo_mask *m, int n); /* the first n are done with */
/* Samples around one that its verdict and value may depend on (dropouts that last longer have no bound). */
int64_t myo_mask_reach(const myo_mask *m);
void myo_mask_free(myo_mask **m);

#endif
