/* track.c - memory of a track. */
#include <string.h>
#include "base/base.h"
#include "run/track.h"

/* Samples move only once as many have been dropped: each of them once at most, on the average. */
myo_err myo_track_room(myo_track *t, int64_t n)
{
    const int64_t spent = t->v - t->memory, there = t->n + t->ahead;
    if (spent + t->n + n <= (int64_t)t->cap) {
        return MYO_OK;
    }
    if (spent >= there && t->n + n <= (int64_t)t->cap) {
        memcpy(t->memory, t->v, sizeof *t->v * (size_t)there);
        t->v = t->memory;
        return MYO_OK;
    }
    MYO_TRY(myo_grow((void **)&t->memory, &t->cap, (size_t)(spent + t->n + n), sizeof *t->v));
    t->v = t->memory + spent;
    return MYO_OK;
}

void myo_track_drop(myo_track *t, int64_t before)
{
    const int64_t n = before - t->base;
    if (n > 0 && n <= t->n) {
        t->n -= n;
        t->v += n;
        t->base = before;
    }
}

void myo_track_empty(myo_track *t, int64_t base)
{
    t->v = t->memory;
    t->n = t->ahead = 0;
    t->base = base;
}
