/* floors.h - a pass over some stretches of a recording that leaves each lane's noise floors behind. */
#ifndef MYO_RUN_FLOORS_H
#define MYO_RUN_FLOORS_H

#include "run/plan.h"

typedef struct myo_floors myo_floors;
/* The lanes' priors must be set but for the floor; plan is borrowed. */
myo_err myo_floors_new(myo_floors **out, const myo_plan *plan);
/* The next block; apart: it does not follow the one before. */
myo_err myo_floors_block(myo_floors *f, const myo_block *b, bool apart);
/* After the last one: quantile q of the floors of lane i, one per epoch (floor_s); NaN if there is none. */
myo_err myo_floors_end(myo_floors *f);
double myo_floors_get(myo_floors *f, int i, double q);
/* The heart in lane i, if it was sought: one that has none yet. */
void myo_floors_heart(const myo_floors *f, int i, myo_beat_shape *shape);
void myo_floors_free(myo_floors **f);

#endif
