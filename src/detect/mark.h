/* mark.h - the detector's marks, made only where there can be any.
 *
 *   u       ..:..:.::..:.||||||||.:..:..:.::.:.      energy over noise
 *   grains  |  |  |  |  |##|##|##|  |  |  |  |       sums of it; no window goes beyond the grains that cover it
 *   scan                 =============               whole words: where a window may pass its upper threshold, back along
 *                                                    the marks that touch it, and on for as long as an activity may last
 *
 * Where nothing is scanned no bit is set, though noise may pass a lower threshold there: the activities that myo_runs_feed
 * finds are those of a scan of everything. */
#ifndef MYO_DETECT_MARK_H
#define MYO_DETECT_MARK_H

#include <stdbool.h>
#include <stdint.h>
#include "detect/msce.h"

typedef struct myo_marker myo_marker;

/* gap: longest interruption inside an activity, frames. */
myo_err myo_marker_new(myo_marker **out, const myo_msce *rule, int64_t gap);
void myo_marker_free(myo_marker **k);
/* A new segment begins. */
void myo_marker_reset(myo_marker *k);
/* Words of the next n frames (a multiple of 64 but in a segment's last call), whose energies are u[0 .. n); before them as
 * many of the segment as the longest window, rounded up to whole words, must be readable. */
myo_err myo_marker_feed(myo_marker *k, const float *u, int64_t n, uint64_t *on, uint64_t *off);

#endif
