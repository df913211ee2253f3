/* legs.h - leg movements of a lane: the 8/2 uV rule on a running RMS (WASM16; science.md 1.1, 3.6). */
#ifndef MYO_RUN_LEGS_H
#define MYO_RUN_LEGS_H

#include "run/lane_in.h"

/* Steps complete before `end` of the segment; last: nothing follows, and an open movement ends there. Does nothing
 * without legs.on, or where the lane is no EMG in uV. */
myo_err myo_legs_run(myo_lane *l, int64_t end, bool last);
void myo_legs_reset(myo_lane *l);
/* No movement to come starts before this frame; INT64_MAX if none is looked for. */
int64_t myo_legs_next(const myo_lane *l);

#endif
