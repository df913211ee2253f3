/* summary.h - counts, rates and medians per channel and class (contract.md 3.3), gathered in time order. */
#ifndef MYO_RUN_SUMMARY_H
#define MYO_RUN_SUMMARY_H

#include "event/group.h"
#include "myotab/event.h"
#include "myotab/table.h"
#include "run/plan.h"
#include "stats/stats.h"

typedef struct myo_summary myo_summary;
myo_err myo_summary_new(myo_summary **out, const myo_plan *plan, double sync_s);
/* Events in order of onset. freq_hz: 0 for none. */
myo_err myo_summary_add(myo_summary *s, const myo_cand *c, myo_class cls, double freq_hz);
/* A negative jerk of a lane. */
void myo_summary_negative(myo_summary *s, int lane);
/* A jerk of an EMG lane, while an accelerometer was looked at: did that move? */
void myo_summary_moved(myo_summary *s, int lane, bool moved);
/* A tremor episode of a lane as measured: amplitude in its unit, displacement in mm; NaN for none. */
myo_err myo_summary_tremor(myo_summary *s, int lane, double amp_rms, double disp_rms_mm);
/* Rows of every lane, then of `all`. exposure_s: of each lane, then the time any of them was usable. */
myo_err myo_summary_write(myo_summary *s, const myo_plan *plan, const double *exposure_s, myo_table *t);
void myo_summary_free(myo_summary **s);

#endif
