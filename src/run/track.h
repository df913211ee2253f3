/* track.h - a stretch of samples that grows behind and is forgotten in front. */
#ifndef MYO_RUN_TRACK_H
#define MYO_RUN_TRACK_H

#include <stddef.h>
#include <stdint.h>
#include "myotab/err.h"

/* v[0] is frame `base` of the segment. Zero-initialise; free `memory`. */
typedef struct myo_track {
    float *v, *memory;           /* what is dropped stays before v until its room is needed */
    size_t cap;                  /* of memory */
    int64_t base, n;
    int64_t ahead;               /* samples behind the n that are not finished, but must not be lost */
} myo_track;

/* Room for n samples behind the finished ones. */
myo_err myo_track_room(myo_track *t, int64_t n);
/* Forget the samples before a frame. */
void myo_track_drop(myo_track *t, int64_t before);
/* Forget all; the next one is frame `base`. */
void myo_track_empty(myo_track *t, int64_t base);

#endif
