/* slow_lane.c - a lane's slow signal: means of the rhythm track's samples, block by block. */
#include <math.h>
#include <string.h>
#include "kern/kern.h"
#include "run/lane_in.h"

myo_slow_rate myo_lane_slow_rate(const myo_lane *l)
{
    return (myo_slow_rate){myo_slow_step(l->cfg.fs, l->env_step), l->cfg.fs, l->cfg.n_axes};
}

/* n slow values of axis a from number `first` on, each the mean of `each` rhythm samples; NaN under a mask. */
static void values(const myo_lane *l, int a, int64_t first, int n, int64_t each, float *v)
{
    const myo_track *t = l->cfg.kind == MYO_KIND_EMG ? &l->env : &l->x[a];
    const float *x = t->v + (first * each - t->base);
    const int64_t step = each * l->env_step;
    if (each == 1) {
        memcpy(v, x, sizeof *v * (size_t)n);
    }
    for (int i = 0; each > 1 && i < n; i++) {
        v[i] = myo_kern()->sum(x + i * each, each) / (float)each;
    }
    const bool masked = myo_lane_overlap(l, first * step, (first + n) * step, false) > 0;
    for (int i = 0; masked && i < n; i++) {
        v[i] = myo_lane_overlap(l, (first + i) * step, (first + i + 1) * step, false) > 0 ? NAN : v[i];
    }
}

myo_err myo_slow_run(myo_lane *l, int64_t have)
{
    const int64_t step = myo_slow_step(l->cfg.fs, l->env_step), each = step / l->env_step, end = have / each;
    while (l->slow_next < end) {
        const int64_t left = end - l->slow_next, first = l->slow_next;
        myo_slow_block b = {.segment_s = l->seg_start, .first = first,
                            .n = left < MYO_SLOW_BLOCK ? (int)left : MYO_SLOW_BLOCK};
        for (int a = 0; a < l->cfg.n_axes; a++) {
            values(l, a, first, b.n, each, b.v[a]);
        }
        l->slow_next += b.n;
        MYO_TRY(l->sink.slow(l->sink.user, &b));
    }
    return MYO_OK;
}
