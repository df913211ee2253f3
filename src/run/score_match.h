/* score_match.h - pairing of true and found events (science.md 8.1). */
#ifndef MYO_RUN_SCORE_MATCH_H
#define MYO_RUN_SCORE_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "myotab/err.h"
#include "myotab/event.h"

/* One row of a truth or events table. */
typedef struct myo_mark {
    double on, off; /* s */
    int channel;    /* number shared by both tables */
    myo_class cls;
    double snr_db;     /* NaN unknown */
    double confidence; /* NaN unknown */
    double freq_hz;    /* of its rhythm; NaN unknown */
    bool free;         /* truth: counts neither way (faint, indeterminate) */
    /* results */
    ptrdiff_t partner; /* index in the other array, -1 none */
    bool near_free;    /* found: could have been paired with a free true event */
    int inside;        /* found: unpaired true events that lie mostly in it; truth: the reverse */
    bool part;         /* found: unpaired, and mostly in a true event that is no artefact */
} myo_mark;

/* Sorts both arrays (channel, onset, end, class), then pairs them one to one within each channel so
 * that the sum of the pairs' likeness is greatest (exact: shortest augmenting paths). A pair is
 * allowed if short true event (jerk, fasciculation, or under 0.5 s): IoU >= 0.2 or onsets within
 * max(15 ms, 0.3 x its duration); its likeness is the larger of IoU and 0.2 x closeness of onsets;
 *   episode: overlap when it is widened by 0.5 s on both sides; likeness IoU, 0.01 at least.
 * Equal likeness: the pair of one class. MYO_ERR_RANGE beyond 2^24 allowed pairs. */
myo_err myo_score_match(myo_mark *truth, size_t n_truth, myo_mark *found, size_t n_found,
                        myo_diag *d);
bool myo_mark_is_episode(const myo_mark *truth);
double myo_mark_iou(const myo_mark *a, const myo_mark *b);

#endif
