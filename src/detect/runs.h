/* runs.h - from the detector's bits to activities: hysteresis with a tolerated gap.
 *
 *   on    ............1..........................1.....
 *   off   .....1.11.1111.11.........1............1111..
 *   runs       [=========]          -            [==]      one with an on bit is an activity, a gap joins two */
#ifndef MYO_DETECT_RUNS_H
#define MYO_DETECT_RUNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "myotab/err.h"

/* A bit of each per frame from `base` on (base: a multiple of 64), n_words words of 64 frames. Zero-initialise; free the
 * two arrays with myo_free. */
typedef struct myo_marks {
    uint64_t *on, *off;
    size_t cap_on, cap_off, n_words;
    int64_t base;
} myo_marks;

/* Forget whole words before `before`, and have room for n_words behind those that are left; n_words stays. */
myo_err myo_marks_room(myo_marks *m, int64_t before, size_t n_words);
/* No mark in [on, end), which lies within the words. */
void myo_marks_clear(myo_marks *m, int64_t on, int64_t end);

typedef struct myo_activity { int64_t on, off; } myo_activity; /* frames */

/* Streaming: the state lives from call to call. Zero-initialise. */
typedef struct myo_runs {
    bool open, seen_on;
    int64_t on;                      /* first frame of the open run */
    int64_t last_seen;               /* last marked frame + 1 */
} myo_runs;
/* Feed frames [from, to), which lie within the words; calls found() for each finished activity. */
void myo_runs_feed(myo_runs *r, const myo_marks *m, int64_t from, int64_t to, int64_t gap,
                   void (*found)(void *user, myo_activity a), void *user);
void myo_runs_finish(myo_runs *r, void (*found)(void *user, myo_activity a), void *user);

#endif
