/* lane_wire.c - a lane's samples through its stages: mask, mains, heart, band-pass. */
#include <math.h>
#include <string.h>
#include "run/lane_in.h"

static myo_err room(myo_lane *l, int64_t n)
{
    return myo_grow((void **)&l->scratch, &l->cap_scratch, (size_t)n, sizeof(float));
}

static myo_err still_room(myo_lane *l, int64_t n)
{
    return myo_grow((void **)&l->still, &l->cap_still, (size_t)n, sizeof(float));
}

/* Of n frames from *at on, those before `from` (a lane that was entered midway begins there later than its source). */
static int64_t too_early(int64_t *at, int64_t n, int64_t from)
{
    const int64_t early = from - *at;
    *at += n;
    return early < 0 ? 0 : early < n ? early : n;
}

/* What hum and heart were taken from is the raw signal that bursts are measured by. */
static void still_raw(const myo_lane *l, int a, const float *v, int64_t n)
{
    const myo_track *raw = &l->raw[a];
    const int64_t at = l->beat_out[a], lo = at < raw->base ? raw->base : at;
    const int64_t hi = at + n > raw->base + raw->n ? raw->base + raw->n : at + n;
    if (hi > lo) {
        memmove(raw->v + (lo - raw->base), v + (lo - at), sizeof *v * (size_t)(hi - lo));
    }
}

/* n samples without hum and heart of axis a: the band-pass, then the track. */
static myo_err after_beat(myo_lane *l, int a, const float *v, int64_t n)
{
    myo_track *x = &l->x[a];
    if (n < 0) {
        return MYO_ERR_NOMEM;
    }
    if (l->mains[a] || l->beat) {
        still_raw(l, a, v, n);
    }
    const int64_t skip = too_early(&l->beat_out[a], n, l->filter_from);
    MYO_TRY(myo_track_room(x, myo_ovs_bound(l->filter[a], n)));
    x->n += myo_ovs_push(l->filter[a], v + skip, n - skip, x->v + x->n);
    return MYO_OK;
}

/* Beats that were subtracted are remembered: what is left of one is no muscle. */
static myo_err take_beats(myo_lane *l)
{
    int n;
    const myo_beat_mark *m = myo_beat_marks(l->beat, &n);
    MYO_TRY(myo_grow((void **)&l->beats, &l->cap_beats, l->n_beats + (size_t)n, sizeof *l->beats));
    for (int i = 0; i < n; i++) {
        l->beats[l->n_beats++] = m[i];
    }
    myo_beat_drop_marks(l->beat, n);
    return MYO_OK;
}

bool myo_lane_is_beat(const myo_lane *l, int64_t on, int64_t off, double power)
{
    static const double SHARE = 0.25, BEFORE_S = 0.06, BEHIND_S = 0.08;
    for (size_t i = 0; i < l->n_beats; i++) {
        const myo_beat_mark *m = &l->beats[i];
        const double before = (double)(m->at - on) / l->cfg.fs, behind = (double)(off - m->at) / l->cfg.fs;
        const double taken = m->rms * m->rms * MYO_BEAT_QRS_S;
        if (before < BEFORE_S && behind < BEHIND_S && behind > -BEFORE_S && before > -BEHIND_S &&
            power * (double)(off - on) / l->cfg.fs < SHARE * taken) {
            return true;
        }
    }
    return false;
}

/* n samples without hum of axis a: the heart, where there is one. */
static myo_err after_mains(myo_lane *l, int a, const float *v, int64_t n)
{
    if (l->sink.wire) {
        MYO_TRY(l->sink.wire(l->sink.user, v, n, l->mains_out[a] == 0));
    }
    if (!l->beat) {
        l->mains_out[a] += n;
        return after_beat(l, a, v, n);
    }
    const int64_t skip = too_early(&l->mains_out[a], n, l->beat_from);
    MYO_TRY(still_room(l, myo_beat_bound(l->beat, n)));
    const int64_t m = myo_beat_push(l->beat, v + skip, n - skip, l->still);
    MYO_TRY(take_beats(l));
    return after_beat(l, a, l->still, m);
}

/* n masked samples of axis a behind those of its raw track. Hum goes before the band-pass: reflected at an end its phase
 * would jump, and what is left of the jump looks like a burst. */
myo_err myo_lane_masked(myo_lane *l, int a, int64_t n)
{
    if (n < 0) {
        return MYO_ERR_NOMEM;
    }
    MYO_TRY(myo_lane_take_spans(l, a));
    myo_track *raw = &l->raw[a];
    const float *v = raw->v + raw->n;
    raw->n += n;
    if (!l->mains[a]) {
        return after_mains(l, a, v, n);
    }
    const int64_t skip = too_early(&l->mask_out[a], n, l->mains_from);
    MYO_TRY(room(l, myo_mains_bound(l->mains[a], n)));
    return after_mains(l, a, l->scratch, myo_mains_push(l->mains[a], v + skip, n - skip, l->scratch));
}

myo_err myo_lane_drain(myo_lane *l, int a)
{
    myo_track *x = &l->x[a], *raw = &l->raw[a];
    MYO_TRY(myo_track_room(raw, myo_mask_bound(l->mask[a], 0)));
    raw->ahead = 0;
    MYO_TRY(myo_lane_masked(l, a, myo_mask_finish(l->mask[a], raw->v + raw->n)));
    if (l->mains[a]) {
        MYO_TRY(room(l, myo_mains_bound(l->mains[a], 0)));
        MYO_TRY(after_mains(l, a, l->scratch, myo_mains_finish(l->mains[a], l->scratch)));
    }
    if (l->beat) {
        MYO_TRY(still_room(l, myo_beat_bound(l->beat, 0)));
        const int64_t m = myo_beat_finish(l->beat, l->still);
        MYO_TRY(take_beats(l));
        MYO_TRY(after_beat(l, a, l->still, m));
    }
    MYO_TRY(myo_track_room(x, myo_ovs_bound(l->filter[a], myo_lane_min_length(l))));
    const int64_t n = myo_ovs_finish(l->filter[a], x->v + x->n);
    l->too_short = l->too_short || n < 0;
    x->n += n > 0 ? n : 0;
    return MYO_OK;
}

/* ---- beginning ---- */

void myo_lane_start(myo_lane *l, const myo_entrance *from)
{
    l->entry = from->mask;
    l->mains_from = from->mains;
    l->beat_from = from->beat;
    l->filter_from = l->watched = from->filter;
    if (l->beat) {
        myo_beat_reset(l->beat, from->beat);
    }
    if (l->repeat) {
        myo_repeat_reset(l->repeat);
    }
    for (int a = 0; a < l->cfg.n_axes; a++) {
        myo_mask_reset(l->mask[a]);
        myo_ovs_reset(l->filter[a]);
        if (l->mains[a]) {
            myo_mains_reset(l->mains[a], from->mains);
        }
        myo_track_empty(&l->x[a], from->filter);
        myo_track_empty(&l->raw[a], from->mask);
        l->mask_out[a] = from->mask;
        l->mains_out[a] = l->mains[a] ? from->mains : from->mask;
        l->beat_out[a] = l->beat ? from->beat : l->mains_out[a];
    }
}
