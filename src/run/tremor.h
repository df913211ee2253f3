/* tremor.h - the tremor of a recording as measured: STEM_tremor.tsv, a row per episode and per window of it. */
#ifndef MYO_RUN_TREMOR_H
#define MYO_RUN_TREMOR_H

#include "event/group.h"
#include "myotab/event.h"
#include "run/link.h"

/* A tremor, or another train that may go with one. */
typedef struct myo_episode {
    double on, off;
    int64_t id;               /* event_id in the table */
    int64_t event;            /* number in the lane, as its bursts know it */
    bool tremor;
    double freq;              /* Hz, once measured; 0: no peak */
    double axis[MYO_MAX_AXES]; /* main axis of its motion, once measured */
} myo_episode;

/* A row of the table; NaN prints as n/a. */
typedef struct myo_tremor_row {
    double on, off;
    int64_t id;
    bool window;
    double freq, ratio_db, p, width_hz, harmonics, harmonic_db, share;
    double rms, peak;         /* of the band about freq, lane's unit */
    double stability;
    int64_t n_cycles;         /* MYO_NO_INT: not counted */
    double interval_s, interval_cv, interval_local, strength, duty;
} myo_tremor_row;

/* The lane's event number `event` has this class: tremor and other trains are remembered, in order of onset. */
myo_err myo_tremor_note(const myo_link_job *job, const myo_cand *c, myo_class cls, int64_t id, int64_t event);
/* Measures the lane's episodes in the order they were added: rows to lane->tremor, episodes with frequency and axis to
 * lane->measured. */
myo_err myo_tremor_measure(const myo_plan_lane *plan, const myo_params *p, myo_lane_result *lane, myo_diag *d);

#endif
