/* legs.c - leg movements by the rules of WASM and AASM: begin 8 uV above rest, end where the signal stays under 2 uV
 * above it for 0.5 s, last 0.5-10 s, with a stretch of 0.5 s whose median lies above the 2 uV.
 *
 *      RMS of 50 ms   ____/^^^^\___/^^\__________        rest + 8   rest + 2   rest
 *      movement           |============|<- 0.5 s ->     on: first step over rest + 8; off: first under rest + 2 */
#include <math.h>
#include <string.h>
#include "kern/kern.h"
#include "myotab/event.h"
#include "run/legs.h"

static const double STEP_S = 0.01, WINDOW_S = 0.05;
static const double MASKED_MAX = 0.3; /* share of a movement under a mask */

static bool wanted(const myo_lane *l)
{
    return l->cfg.params->legs_on && l->cfg.kind == MYO_KIND_EMG && l->cfg.calibrated;
}

static int64_t step_n(const myo_lane *l)
{
    return (int64_t)fmax(1.0, STEP_S * l->cfg.fs);
}

void myo_legs_reset(myo_lane *l)
{
    l->legs = (myo_legs){.on = -1};
}

int64_t myo_legs_next(const myo_lane *l)
{
    if (!wanted(l)) {
        return INT64_MAX;
    }
    return l->legs.on >= 0 && !l->legs.too_long ? l->legs.on : l->legs.next * step_n(l);
}

/* The movement that began at legs.on ended at `off`. */
static myo_err report(myo_lane *l, int64_t off, uint32_t flags)
{
    const myo_params *p = l->cfg.params;
    const myo_legs *g = &l->legs;
    const double length = (double)(off - g->on) / l->cfg.fs, steps = (double)(off - g->on) / (double)step_n(l);
    const bool is = !g->too_long && g->solid && length >= p->legs_min_s && length <= p->legs_max_s &&
                    (double)g->n_masked <= MASKED_MAX * steps;
    const myo_leg leg = {.on = l->seg_start + (double)g->on / l->cfg.fs, .off = l->seg_start + (double)off / l->cfg.fs,
                         .flags = flags};
    const int64_t next = g->next;
    myo_legs_reset(l);
    l->legs.next = next;
    return is && l->sink.leg ? l->sink.leg(l->sink.user, &leg) : MYO_OK;
}

/* At least half of the last 0.5 s over the lower level: their median is. */
static void remember(myo_legs *g, bool over, int n_rest)
{
    const int at = (int)(g->n_steps % n_rest);
    g->n_over += (int)over - (g->n_steps >= n_rest ? (int)g->over[at] : 0);
    g->over[at] = over;
    g->n_steps++;
    g->solid = g->solid || (g->n_steps >= n_rest && 2 * g->n_over >= n_rest);
}

static myo_err step(myo_lane *l, int64_t at, double rms, bool masked)
{
    const myo_params *p = l->cfg.params;
    myo_legs *g = &l->legs;
    const double rest = myo_lane_floor_rms(l, at);
    const int n_rest = (int)fmin(MYO_LEG_REST, fmax(1.0, floor(p->legs_rest_s / STEP_S + 0.5)));
    if (g->on < 0 && rms < rest + p->legs_on_uv) {
        return MYO_OK;
    }
    if (g->on < 0) {
        g->on = at;
        g->under = -1;
    }
    const bool over = rms >= rest + p->legs_off_uv;
    g->n_masked += masked;
    remember(g, over, n_rest);
    g->under = over ? -1 : g->under < 0 ? at : g->under;
    const int64_t known = over ? at : g->under;
    g->too_long = g->too_long || (double)(known - g->on) / l->cfg.fs > p->legs_max_s;
    return g->under >= 0 && at - g->under >= (n_rest - 1) * step_n(l) ? report(l, g->under, 0) : MYO_OK;
}

myo_err myo_legs_run(myo_lane *l, int64_t end, bool last)
{
    const int64_t w = (int64_t)fmax(2.0, WINDOW_S * l->cfg.fs), n = step_n(l);
    if (!wanted(l)) {
        return MYO_OK;
    }
    for (; l->legs.next * n + w - w / 2 <= end; l->legs.next++) {
        const int64_t at = l->legs.next * n, from = at - w / 2 < l->x[0].base ? l->x[0].base : at - w / 2;
        const int64_t m = at - w / 2 + w - from;
        const double ss = (double)myo_kern()->sumsq(l->x[0].v + (from - l->x[0].base), m);
        MYO_TRY(step(l, at, sqrt(ss / (double)m), myo_lane_overlap(l, at, at + n, false) > 0));
    }
    if (last && l->legs.on >= 0) {
        return report(l, l->legs.under >= 0 ? l->legs.under : end, l->legs.under >= 0 ? 0 : MYO_FLAG_CUT_END);
    }
    return MYO_OK;
}
