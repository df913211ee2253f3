/* lane_push.c - blocks of samples into a lane's segments: breaks in time and missing samples end one, but for a few samples
 * that a straight line stands for. */
#include <math.h>
#include "kern/kern.h"
#include "run/lane_in.h"

int64_t myo_axes_present(const float *const *x, int n_axes, int64_t from, int64_t n)
{
    int64_t end = n;
    for (int a = 0; a < n_axes; a++) {
        end = from + myo_kern()->present(x[a] + from, end - from);
    }
    return end;
}

static bool axes_missing(const float *const *x, int n_axes, int64_t i)
{
    for (int a = 0; a < n_axes; a++) {
        if (isnan(x[a][i])) {
            return true;
        }
    }
    return false;
}

/* Accelerometer counts and the like: bring the axes to the lane's unit. */
static myo_err scale_axes(myo_lane *l, const float *const *x, int64_t n, const float **scaled)
{
    const float scale = (float)l->cfg.prior.scale;
    for (int a = 0; a < l->cfg.n_axes; a++) {
        scaled[a] = x[a];
    }
    if (scale == 1.0f) { /* an offset comes with counts, and they with a scale */
        return MYO_OK;
    }
    MYO_TRY(myo_grow((void **)&l->scaled, &l->cap_scaled, (size_t)(n * l->cfg.n_axes), sizeof(float)));
    for (int a = 0; a < l->cfg.n_axes; a++) {
        const float zero = (float)l->cfg.prior.offset[a];
        for (int64_t i = 0; i < n; i++) {
            l->scaled[a * n + i] = (x[a][i] - zero) * scale;
        }
        scaled[a] = l->scaled + a * n;
    }
    return MYO_OK;
}

/* ---- what is bridged ---- */

static const double BRIDGE_S = 0.04;     /* under a third of a fast tremor's cycle ... */
enum { BRIDGE_MAX = 3 };                 /* ... and of no more samples may a straight line know anything */

/* A limb moves slowly against its samples, but at the lowest rates. Muscle and hum do not: a line through them would be an event. */
static bool can_bridge(const myo_lane *l, int64_t n)
{
    return l->cfg.kind == MYO_KIND_ACC && n >= 0 && (double)n <= fmax(1.0, fmin(BRIDGE_MAX, floor(BRIDGE_S * l->cfg.fs)));
}

/* The samples that were lost before x[a][at], on a line from the last one. A lane that was entered midway may have none. */
static myo_err bridge(myo_lane *l, const float *const *x, int64_t at)
{
    const int64_t n = l->n_lost;
    float line[MYO_MAX_AXES][BRIDGE_MAX];
    const float *v[MYO_MAX_AXES];
    for (int a = 0; a < l->cfg.n_axes; a++) {
        const float from = l->seg_n > 0 ? l->last[a] : x[a][at], rise = (x[a][at] - from) / (float)(n + 1);
        for (int64_t i = 0; i < n; i++) {
            line[a][i] = from + rise * (float)(i + 1);
        }
        v[a] = line[a];
    }
    l->seg_bridged += n;
    l->totals.n_bridged += l->time_broke ? 0 : n;
    l->totals.n_gaps_bridged += l->time_broke;
    return n > 0 ? myo_lane_feed(l, v, 0, n) : MYO_OK;
}

/* So many samples were lost in all since the last one: they end the segment, or wait for one behind them. */
static myo_err lose(myo_lane *l, int64_t n, bool time_breaks)
{
    l->n_lost = n;
    l->time_broke = l->time_broke || time_breaks;
    return l->in_segment && !can_bridge(l, n) ? myo_lane_end_segment(l) : MYO_OK;
}

/* ---- blocks ---- */

/* A break in time is as long as the segment's own grid says, so that many short ones do not add up to an error. */
static myo_err break_time(myo_lane *l, double start_s)
{
    const double lost = start_s - (l->cfg.start_s + l->totals.duration_s);
    const int64_t frame = (int64_t)floor((start_s - l->seg_start) * l->cfg.fs + 0.5);
    l->totals.n_gaps += l->totals.duration_s > 0.0;
    l->totals.lost_s += l->totals.duration_s > 0.0 ? fmax(0.0, lost) : 0.0;
    return l->in_segment ? lose(l, frame - l->entry - l->seg_n, true) : MYO_OK;
}

/* Samples [from, end) of the axes, all there. */
static myo_err take(myo_lane *l, const float *const *x, int64_t from, int64_t end, double start_s)
{
    if (!l->in_segment) {
        MYO_TRY(myo_lane_start_segment(l, start_s + (double)from / l->cfg.fs));
    } else if (l->n_lost > 0 || l->time_broke) {
        MYO_TRY(bridge(l, x, from));
    }
    l->n_lost = 0;
    l->time_broke = false;
    for (int a = 0; a < l->cfg.n_axes; a++) {
        l->last[a] = x[a][end - 1];
    }
    return myo_lane_feed(l, x, from, end - from);
}

myo_err myo_lane_push(myo_lane *l, const float *const *x, int64_t n, double start_s, bool gap)
{
    const float *v[MYO_MAX_AXES];
    MYO_TRY(gap ? break_time(l, start_s) : MYO_OK);
    MYO_TRY(scale_axes(l, x, n, v));
    for (int64_t i = 0; i < n;) {
        const int64_t end = myo_axes_present(v, l->cfg.n_axes, i, n);
        MYO_TRY(end > i ? take(l, v, i, end, start_s) : MYO_OK);
        for (i = end; i < n && axes_missing(v, l->cfg.n_axes, i); i++) {
            l->totals.n_missing++;
        }
        MYO_TRY(i > end ? lose(l, l->n_lost + i - end, false) : MYO_OK);
    }
    l->totals.duration_s = start_s + (double)n / l->cfg.fs - l->cfg.start_s;
    return MYO_OK;
}
