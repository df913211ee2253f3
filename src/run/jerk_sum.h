/* jerk_sum.h - what the summary table says of a channel's jerks beyond their number. */
#ifndef MYO_RUN_JERK_SUM_H
#define MYO_RUN_JERK_SUM_H

#include "event/group.h"
#include "myotab/table.h"

/* Zero-initialise. */
typedef struct myo_jerk_sum {
    int64_t n;          /* jerks whose burst duration counts */
    double mean, m2;    /* of those, ms (Welford) */
    int64_t n_negative;
    int64_t n_moved, n_still; /* with movement, and without; none counted where no sensor was looked at */
} myo_jerk_sum;

/* A jerk of an EMG channel; left out where its edges cannot be trusted. */
void myo_jerk_sum_add(myo_jerk_sum *s, const myo_cand *c);

enum { MYO_JERK_CELLS = 12 };
/* burst_n to still_n of an EMG channel; s NULL: of a row that has none of it. */
void myo_jerk_cells(const myo_jerk_sum *s, double exposure_s, myo_cell cells[MYO_JERK_CELLS]);

#endif
