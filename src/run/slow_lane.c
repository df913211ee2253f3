/* slow_lane.c - a lane's slow signal: means of the rhythm track's samples, block by block. */
#include <math.h>
#include "kern/kern.h"
#include "run/lane_in.h"

myo_slow_rate myo_lane_slow_rate(const myo_lane *l)
{
    return (myo_slow_rate){myo_slow_step(l->cfg.fs, l->env_step), l->cfg.fs, l->cfg.n_axes};
}

/* Slow value i of axis a: the mean of `each` rhythm samples. */
static float value(const myo_lane *l, int a, int64_t i, int64_t each, bool masked)
{
    const myo_track *t = l->cfg.kind == MYO_KIND_EMG ? &l->env : &l->x[a];
    const float *x = t->v + (i * each - t->base);
    const int64_t step = each * l->env_step;
    if (masked && myo_lane_overlap(l, i * step, (i + 1) * step, false) > 0) {
        return NAN;
    }
    return each == 1 ? *x : myo_kern()->sum(x, each) / (float)each;
}

myo_err myo_slow_run(myo_lane *l, int64_t have)
{
    const int64_t step = myo_slow_step(l->cfg.fs, l->env_step), each = step / l->env_step, end = have / each;
    while (l->slow_next < end) {
        const int64_t left = end - l->slow_next, first = l->slow_next;
        myo_slow_block b = {.segment_s = l->seg_start, .first = first,
                            .n = left < MYO_SLOW_BLOCK ? (int)left : MYO_SLOW_BLOCK};
        const bool masked = myo_lane_overlap(l, first * step, (first + b.n) * step, false) > 0;
        for (int a = 0; a < l->cfg.n_axes; a++) {
            for (int i = 0; i < b.n; i++) {
                b.v[a][i] = value(l, a, first + i, each, masked);
            }
        }
        l->slow_next += b.n;
        MYO_TRY(l->sink.slow(l->sink.user, &b));
    }
    return MYO_OK;
}
