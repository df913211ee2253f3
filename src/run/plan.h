/* plan.h - which channels of a recording make which lanes, and what the scout learns about them. */
#ifndef MYO_RUN_PLAN_H
#define MYO_RUN_PLAN_H

#include "run/lane.h"
#include "run/period.h"
#include "run/reel.h"

typedef struct myo_plan_lane {
    myo_lane_cfg cfg;
    char name[MYO_LABEL_MAX];      /* channel name in the tables */
    char unit[MYO_UNIT_MAX];
    int ch[MYO_MAX_AXES];          /* channel of each axis */
    char flags[128];               /* ";"-separated doubts for channels.tsv */
    bool flat;                     /* the scout saw no change at all */
    myo_lane *held;                /* the lane as the scout left it, with the whole recording behind its filter; or NULL */
} myo_plan_lane;

typedef struct myo_plan {
    myo_plan_lane *lane;
    int n_lanes;
    bool hold;                     /* a short recording may be kept: what the scout has read and filtered is not done again */
    myo_reel reel;                 /* all of it, hashed; empty where it was not kept */
} myo_plan;

/* Lanes from the channel list: EMG channels, sensors of two or three axes, lone accelerometer channels. MYO_ERR_NO_CHANNEL if
 * there are none, MYO_ERR_TOO_SLOW if no lane's rate carries its band (others are dropped with a warning). */
myo_err myo_plan_make(myo_plan *plan, const myo_recinfo *info, const myo_params *p, myo_diag *d);
void myo_plan_free(myo_plan *plan);
/* Flag "unit?" and a warning where the noise floor (rms) of an EMG in uV is none that electrodes and amplifiers have, or that of an
 * accelerometer in g none that a sensor on a body has. */
void myo_plan_doubt_unit(myo_plan_lane *lane, double floor_rms, myo_diag *d);
void myo_plan_flag(myo_plan_lane *lane, const char *flag); /* adds it once */
/* The lane's axes in a block. */
void myo_plan_axes(const myo_plan_lane *lane, const myo_block *b, const float *x[MYO_MAX_AXES]);

/* Read up to run.scout_s seconds spread over the recording's part (its start where it cannot seek) and fill every
 * lane's prior. rest (NULL: none) is where the noise floor is taken from instead, for every lane that has usable signal
 * there; it may lie outside the part. Where plan->hold is set (pool: who works on its lanes; else not looked at) a short recording is left in plan->reel, and lanes that can go
 * on from there as `held`, to be resumed with their prior. MYO_ERR_RANGE if it is outside the recording or under 2 s. Leaves the recording
 * anywhere: seek before reading on. */
myo_err myo_scout(myo_plan *plan, myo_rec *rec, const myo_params *p, const myo_period *rest, myo_pool *pool, myo_diag *d);

#endif
