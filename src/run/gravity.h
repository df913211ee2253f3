/* gravity.h - what gravity says of an accelerometer: its scale, its zero, a wrong unit. */
#ifndef MYO_RUN_GRAVITY_H
#define MYO_RUN_GRAVITY_H

#include "run/plan.h"

/* What the scout saw of the axes, in the unit they come in. */
typedef struct myo_gravity {
    double norm_sum;                 /* of |a| */
    int64_t norm_n;
    double mean[MYO_MAX_AXES];
    float lo[MYO_MAX_AXES], hi[MYO_MAX_AXES];
    float least_step[MYO_MAX_AXES];  /* smallest difference between neighbours that is not 0; INFINITY for none */
    float *kept[MYO_MAX_AXES];       /* n_kept samples of each axis spread over all, not owned */
    int64_t n_kept;
} myo_gravity;

/* Sets the lane's scale and offsets, its unit and flags; tells what it did. Nothing without norm_n. */
void myo_gravity_judge(myo_plan_lane *l, const myo_gravity *g, const myo_recinfo *info, myo_diag *d);

#endif
