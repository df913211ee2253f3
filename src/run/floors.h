/* floors.h - a pass over some stretches of a recording that leaves each lane's noise floors behind. */
#ifndef MYO_RUN_FLOORS_H
#define MYO_RUN_FLOORS_H

#include "run/plan.h"

typedef struct myo_floors myo_floors;
/* The lanes' priors must be set but for the floor; plan is borrowed. hold_s: how many seconds lanes may keep, to be handed
 * over as `held`. */
myo_err myo_floors_new(myo_floors **out, const myo_plan *plan, double hold_s);
/* The next block for lane i; lanes may go side by side. */
myo_err myo_floors_block(myo_floors *f, int i, const myo_block *b);
/* Or the plan's reel, lanes side by side. */
myo_err myo_floors_reel(myo_floors *f, myo_pool *pool);
/* After the last one: quantile q of the floors of lane i, one per epoch (floor_s); NaN if there is none. */
myo_err myo_floors_end(myo_floors *f, myo_pool *pool);
double myo_floors_get(myo_floors *f, int i, double q);
/* The heart in lane i, if it was sought: one that has none yet. */
void myo_floors_heart(const myo_floors *f, int i, myo_beat_shape *shape);
/* After the end: lane i with all it got, now the caller's; NULL if it could not keep it. */
myo_lane *myo_floors_held(myo_floors *f, int i);
void myo_floors_free(myo_floors **f);

#endif
