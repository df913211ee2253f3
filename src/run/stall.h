/* stall.h - which even stretches of an accelerometer are no limb: what a first look at its samples tells, and the rule.
 *
 * What a still limb gives depends on the sensor. One whose noise exceeds its steps never repeats on all axes for long: 2 s of that is
 * a stalled sensor. A coarse one repeats whenever the limb is quiet, and such time is as good as any. Either way a limb at rest
 * feels 1 g: equal samples of another length (all zero, say) are a dropout. */
#ifndef MYO_RUN_STALL_H
#define MYO_RUN_STALL_H

#include "dsp/repeat.h"
#include "run/plan.h"

/* A sensor's extreme along one axis, and for how long it stays there while the sensor moves. */
typedef struct myo_stall_end {
    float x;
    int64_t at, run;         /* present and longest run */
} myo_stall_end;

typedef struct myo_stall {
    int n_axes;
    int64_t n;               /* frames seen */
    int64_t long_n;          /* frames in 2 s */
    float last[MYO_MAX_AXES], step[MYO_MAX_AXES]; /* the last sample and step along each axis */
    float least[MYO_MAX_AXES]; /* the smallest step */
    bool small;              /* the last frame moved, by one such step at most along each axis */
    int64_t n_back, n_repeat; /* frames behind such ones: that moved so too, back along an axis; that repeated */
    int64_t run, n_long;     /* present run of equal frames; how many lasted long_n */
    myo_stall_end lo[MYO_MAX_AXES], hi[MYO_MAX_AXES];
} myo_stall;

void myo_stall_init(myo_stall *s, const myo_lane_cfg *c);
/* Frames [on, off) without missing samples. */
void myo_stall_see(myo_stall *s, const float *const *x, int64_t on, int64_t off);
/* Fills the lane's prior, whose scale and offset are known. Of kept[a][0..n_kept), samples of three axes, it learns what gravity is
 * at rest. MYO_ERR_NOMEM. */
myo_err myo_stall_conclude(const myo_stall *s, myo_plan_lane *l, float *const *kept, int64_t n_kept);
myo_repeat_cfg myo_stall_rule(const myo_lane_cfg *c);

#endif
