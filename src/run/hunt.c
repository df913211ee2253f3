/* hunt.c - the bursts of an epoch: energy over noise, activities, parts, edges, numbers. */
#include <math.h>
#include <string.h>
#include "kern/kern.h"
#include "kern/scan.h"
#include "myotab/event.h"
#include "run/lane_in.h"
#include "run/legs.h"

static const double PIECE_S = 2.0;       /* a tonic burst is handed on in pieces of at most this */
static const double JOIN_RATIO = 0.2;    /* a gap with this share of its neighbours' energy is none */
static const double RING_SHARE = 0.01;   /* energy of a ring-down against its burst's */
static const double CONTEXT_S = 0.6;    /* samples kept around bursts */

myo_err myo_hunt_alloc(myo_lane *l)
{
    l->floor_work = myo_alloc((size_t)(3 * l->per_epoch + 1), sizeof *l->floor_work);
    l->gain = myo_alloc((size_t)(l->epoch / MYO_SCAN_BLOCK + 1), sizeof *l->gain);
    return l->floor_work && l->gain ? myo_silences_alloc(l) : MYO_ERR_NOMEM;
}

void myo_hunt_free(myo_lane *l)
{
    myo_free(l->floor_work);
    myo_free(l->u.memory);
    myo_free(l->p.memory);
    myo_free(l->marks.on);
    myo_free(l->marks.off);
    myo_free(l->gain);
    myo_free(l->work);
    myo_marker_free(&l->marker);
    myo_silence_free(&l->silence);
}

void myo_hunt_reset(myo_lane *l)
{
    myo_track_empty(&l->u, 0);
    myo_track_empty(&l->p, 0);
    l->pos = l->part_pos = l->act_end = 0;
    l->last_off = -1;
    l->marks.n_words = 0;
    l->marks.base = 0;
    l->runs = (myo_runs){0};
    if (l->marker) {
        myo_marker_reset(l->marker);
    }
    l->parting = l->part_forced = l->at_end = false;
    l->pending.is = false;
    myo_silences_reset(l);
    memset(&l->templates, 0, sizeof l->templates);
}

/* ---- energy over noise ---- */

static myo_err pad_ones(myo_track *t, int64_t n)
{
    MYO_TRY(myo_track_room(t, n));
    for (int64_t i = 0; i < n; i++) {
        t->v[t->n++] = 1.0f;
    }
    return MYO_OK;
}

/* u and the detector's marks over [on, end): the floor runs in a line (in dB) across the epoch, constant in each word. */
static myo_err extend_energy(myo_lane *l, int64_t on, int64_t end)
{
    if (on == 0) {
        l->u.base = -(int64_t)(l->msce.w_max + l->part_w);
        MYO_TRY(pad_ones(&l->u, -l->u.base));
    }
    const int64_t n = end - on, n_words = (n + MYO_SCAN_BLOCK - 1) / MYO_SCAN_BLOCK;
    const double slope = log(l->floor / l->floor_before) / (double)l->epoch;
    MYO_TRY(myo_track_room(&l->u, n));
    MYO_TRY(myo_marks_room(&l->marks, l->pos, (size_t)n_words));
    for (int64_t w = 0; w < n_words; w++) {
        l->gain[w] = (float)(1.0 / (l->floor_before * exp(slope * (double)(w * MYO_SCAN_BLOCK))));
    }
    myo_scan_in in = {.n_axes = l->cfg.n_axes, .gain = l->gain, .n = n};
    for (int a = 0; a < l->cfg.n_axes; a++) {
        in.x[a] = l->x[a].v + (on - l->x[a].base);
    }
    myo_marks *m = &l->marks;
    myo_kern()->energy(l->u.v + l->u.n, &in);
    MYO_TRY(myo_marker_feed(l->marker, l->u.v + l->u.n, n, m->on + m->n_words, m->off + m->n_words));
    l->u.n += n;
    m->n_words += (size_t)n_words;
    return MYO_OK;
}

double myo_lane_floor_rms(const myo_lane *l, int64_t frame)
{
    const int64_t on = l->next_epoch * l->epoch;
    const double part = fmax(0.0, fmin(1.0, (double)(frame - on) / (double)l->epoch));
    return sqrt(l->floor_before * pow(l->floor / l->floor_before, part));
}

static const float *u_at(const myo_lane *l, int64_t frame)
{
    return l->u.v + (frame - l->u.base);
}

static double mean_u(const myo_lane *l, int64_t on, int64_t off)
{
    const int64_t end = l->u.base + l->u.n;
    on = on < l->u.base ? l->u.base : on;
    off = off > end ? end : off;
    return off > on ? (double)myo_kern()->sum(u_at(l, on), off - on) / (double)(off - on) : 0.0;
}

/* ---- bursts ---- */

static uint32_t cut_flags(const myo_lane *l, int64_t on, int64_t off)
{
    const int64_t edge = (int64_t)(0.1 * l->cfg.fs) + 1, end = l->u.base + l->u.n;
    const int64_t near = 4 * edge;
    uint32_t flags = 0;
    if (on < near && mean_u(l, 0, edge) > 3.0) {
        flags |= MYO_FLAG_CUT_START;
    }
    if (l->at_end && off > end - near && mean_u(l, end - edge, end) > 3.0) {
        flags |= MYO_FLAG_CUT_END;
    }
    return flags;
}

static myo_burst_view view_of(const myo_lane *l, int64_t on, int64_t off)
{
    const int64_t pad = (int64_t)(CONTEXT_S * l->cfg.fs) / 2;
    const int64_t first = on - pad < l->x[0].base ? l->x[0].base : on - pad;
    const int64_t end = l->u.base + l->u.n, last = off + pad > end ? end : off + pad;
    myo_burst_view v = {.fs = l->cfg.fs, .kind = l->cfg.kind, .n_axes = l->cfg.n_axes, .n = last - first,
                        .on = on - first, .off = off - first, .noise = myo_lane_floor_rms(l, on),
                        .edge_share = l->k->edge_pct / 100.0};
    v.band_hz = l->cfg.band_hi - l->k->band_lo;
    v.line = &l->cfg.prior.line;
    v.dof = v.n_axes * fmin(1.0, 2.0 * (l->cfg.band_hi - l->k->band_lo) / v.fs);
    for (int a = 0; a < l->cfg.n_axes; a++) {
        v.x[a] = l->x[a].v + (first - l->x[a].base);
        v.raw[a] = l->raw[a].v + (first - l->raw[a].base);
    }
    return v;
}

static double to_s(const myo_lane *l, int64_t frame)
{
    return l->seg_start + (double)frame / l->cfg.fs;
}

static void set_profile(const myo_lane *l, myo_burst *b)
{
    const myo_pending *q = &l->pending;
    double part[8], total = 0.0;
    for (int k = 0; k < 8; k++) {
        const int64_t on = q->on + (q->off - q->on) * k / 8, off = q->on + (q->off - q->on) * (k + 1) / 8;
        part[k] = fmax(0.0, (mean_u(l, on, off) - 1.0) * (double)(off - on));
        total += part[k];
    }
    for (int k = 0; k < 8; k++) {
        b->profile[k] = total > 0.0 ? (float)(part[k] / total) : 0.125f;
    }
}

static void mean_raw(const myo_lane *l, int64_t on, int64_t off, float *mean)
{
    for (int a = 0; a < l->cfg.n_axes; a++) {
        const myo_track *t = &l->raw[a];
        const int64_t lo = on < t->base ? t->base : on, hi = off > t->base + t->n ? t->base + t->n : off;
        mean[a] = hi > lo ? myo_kern()->sum(t->v + (lo - t->base), hi - lo) / (float)(hi - lo) : 0.0f;
    }
}

/* Where gravity lay before and behind: a reach turns the limb, its return turns it back. */
static void set_posture(const myo_lane *l, myo_burst *b)
{
    const int64_t half = (int64_t)(0.5 * l->cfg.fs);
    if (l->cfg.kind == MYO_KIND_ACC) {
        mean_raw(l, l->pending.on - half, l->pending.on, b->before);
        mean_raw(l, l->pending.off, l->pending.off + half, b->after);
    }
}

/* A lone unit beside a muscle's short burst has an edge of its own, but little of the whole: the edges follow from the energy
 * of all parts. Each has lost its share outside its edges; the margin gives it back. */
static void mend_edges(const myo_lane *l, myo_pending *q)
{
    static const double SHORT_S = 0.5;
    const int64_t margin = l->merge_n, end = l->u.base + l->u.n;
    const int64_t lo = q->on - margin > l->u.base ? q->on - margin : q->on, hi = q->off + margin < end ? q->off + margin : q->off;
    myo_edges e;
    if (l->cfg.kind == MYO_KIND_EMG && q->several && !q->joined && (double)(q->off - q->on) < SHORT_S * l->cfg.fs) {
        myo_energy_edges(u_at(l, lo), 0, hi - lo, l->k->edge_pct / 100.0, &e);
        q->on = lo + e.on;
        q->off = lo + e.off;
    }
}

static void emit_pending(myo_lane *l)
{
    myo_pending *q = &l->pending;
    if (!q->is || l->err != MYO_OK) {
        return;
    }
    mend_edges(l, q);
    const double n = (double)(q->off - q->on);
    const myo_burst_view v = view_of(l, q->on, q->off);
    myo_burst b = {.on = to_s(l, q->on), .off = to_s(l, q->off), .event = -1};
    myo_burst_measure(&b, &v, &l->templates);
    b.peak_at += to_s(l, q->on) - (double)v.on / v.fs;
    b.joined = q->joined ? 1.0f : 0.0f;
    b.beat = myo_lane_is_beat(l, q->on, q->off, (double)b.rms * (double)b.rms - (double)b.noise * (double)b.noise) ? 1.0f : 0.0f;
    b.fill = l->last_off >= 0 ? (float)myo_lane_fill(l, l->last_off, q->on) : 0.0f;
    l->last_off = q->off;
    set_profile(l, &b);
    set_posture(l, &b);
    b.masked = (float)((double)myo_lane_overlap(l, q->on, q->off, false) / n);
    b.clipped = (float)((double)myo_lane_overlap(l, q->on, q->off, true) / n);
    b.around = (float)myo_lane_around(l, q->on, q->off);
    b.brink = l->cfg.kind == MYO_KIND_EMG ? (float)myo_lane_brink(l, q->on, q->off) : 0.0f;
    b.flags = cut_flags(l, q->on, q->off) | (b.masked > 0.0f ? MYO_FLAG_MASKED : 0u) |
              (b.clipped > 0.0f ? MYO_FLAG_CLIPPED : 0u) | (b.snr_db < 3.0f ? MYO_FLAG_LOW_SNR : 0u);
    l->pending.is = false;
    l->err = l->sink.burst(l->sink.user, &b);
}

/* Highest mean of u over peak_w. */
static double peak_u(const myo_lane *l, int64_t on, int64_t off)
{
    const int64_t w = l->peak_w;
    double sum = 0.0, top = 0.0;
    for (int64_t i = on - w / 2; i < off + w / 2; i++) {
        sum += i >= l->u.base && i < l->u.base + l->u.n ? (double)*u_at(l, i) : 1.0;
        if (i - w >= on - w / 2) {
            sum -= i - w >= l->u.base ? (double)*u_at(l, i - w) : 1.0;
        }
        top = sum > top ? sum : top;
    }
    return top / (double)w;
}

static bool passes_gate(const myo_lane *l, int64_t on, int64_t off)
{
    const double top = peak_u(l, on, off), rms = sqrt(top) * myo_lane_floor_rms(l, on);
    const myo_params *p = l->cfg.params;
    if (l->cfg.kind == MYO_KIND_ACC) {
        const double least = l->cfg.calibrated ? p->acc_jerk_g / M_SQRT2 : 0.0; /* peak of a sine to its rms */
        return top >= l->gate_u && rms >= least;
    }
    if (!l->cfg.calibrated) {
        return top >= p->emg_gate_raw * p->emg_gate_raw;
    }
    return top >= l->gate_u && rms >= p->emg_gate_uv;
}

/* The same rule as a level of the short-time RMS, for those who draw it. */
double myo_lane_gate(const myo_lane *l, double floor_rms)
{
    const myo_params *p = l->cfg.params;
    const double gate = sqrt(l->gate_u) * floor_rms;
    if (l->cfg.kind == MYO_KIND_ACC) {
        return fmax(gate, l->cfg.calibrated ? p->acc_jerk_g / M_SQRT2 : 0.0);
    }
    return l->cfg.calibrated ? fmax(gate, p->emg_gate_uv) : p->emg_gate_raw * floor_rms;
}

int64_t myo_lane_gate_window(const myo_lane *l)
{
    return l->peak_w;
}

/* Energy between two bursts: its mean in EMG, where motor units leave natural holes; the lowest short-scale energy on an
 * accelerometer, where a limb rings down. */
static double between(const myo_lane *l, int64_t on, int64_t off)
{
    float least = INFINITY;
    if (l->cfg.kind == MYO_KIND_EMG) {
        return mean_u(l, on, off);
    }
    for (int64_t i = on; i < off; i++) {
        const int64_t at = i - l->p.base;
        if (at >= 0 && at < l->p.n) {
            least = fminf(least, l->p.v[at]);
        }
    }
    return isfinite(least) ? (double)least : 0.0;
}

/* Two parts are one burst. Where one is far weaker, it is a tail: the edges follow from the energy of both. */
static void join(myo_lane *l, int64_t off, bool tail)
{
    myo_pending *q = &l->pending;
    myo_edges e;
    q->several = true;
    if (!tail) {
        q->off = off > q->off ? off : q->off;
        q->mean = mean_u(l, q->on, q->off);
        return;
    }
    myo_energy_edges(u_at(l, q->on), 0, off - q->on, l->k->edge_pct / 100.0, &e);
    q->off = q->on + e.off;
    q->on += e.on;
    q->mean = mean_u(l, q->on, q->off);
}

/* A parted burst with refined edges: joined with the one before it where the gap between is no gap. A hundredth of its
 * neighbour's energy right beside it is the neighbour's own ring-down (or the filter's), not a burst. */
static void add_burst(myo_lane *l, int64_t on, int64_t off)
{
    myo_pending *q = &l->pending;
    const double mean = mean_u(l, on, off), gap = q->is ? between(l, q->off, on) : 0.0;
    bool joined = false;
    if (q->is) {
        const double lower = q->mean < mean ? q->mean : mean, higher = q->mean > mean ? q->mean : mean;
        const double e0 = (q->mean - 1.0) * (double)(q->off - q->on), e1 = (mean - 1.0) * (double)(off - on);
        const bool beside = on - q->off < l->ring_n;
        if (beside && e1 < RING_SHARE * e0) {
            return;
        }
        if (beside && e0 < RING_SHARE * e1) {
            *q = (myo_pending){.is = true, .on = on, .off = off, .mean = mean};
            return;
        }
        const bool close = on - q->off < l->merge_n || (gap > 2.0 && gap > JOIN_RATIO * lower);
        if (close && off - q->on <= (int64_t)(PIECE_S * l->cfg.fs)) {
            join(l, off, higher > 10.0 * lower);
            return;
        }
        emit_pending(l);
        joined = close;
    }
    *q = (myo_pending){.is = true, .on = on, .off = off, .mean = mean, .joined = joined};
}

/* One part [on, off) of an activity. Edges at forced cuts stay where they are. */
static void take_part(myo_lane *l, int64_t on, int64_t off, bool forced_off)
{
    myo_edges e;
    if (off <= on || !myo_refine(u_at(l, on), off - on, l->merge_n, l->k->edge_pct / 100.0, &e)) {
        return;
    }
    const int64_t from = l->part_forced ? on : on + e.on, to = forced_off ? off : on + e.off;
    if (to - from >= l->min_n && passes_gate(l, from, to)) {
        add_burst(l, from, to);
    }
}

/* ---- activities ---- */

static void begin_activity(myo_lane *l, int64_t on)
{
    const int64_t lead = on - l->msce.w_max;
    const int64_t from = lead < l->act_end ? l->act_end : lead;
    l->parting = true;
    l->part_forced = false;
    l->part_pos = from;
    l->part_rise = -1;
    l->pending.is = false;
    myo_part_start(&l->part, from);
}

/* p up to frame `upto`, from where the parting stands on: the trailing sums, half a window later. */
static myo_err extend_part_energy(myo_lane *l, int64_t upto)
{
    if (l->p.base + l->p.n < l->part_pos) {
        myo_track_empty(&l->p, l->part_pos);
    }
    const int64_t from = l->p.base + l->p.n, n = upto - from;
    if (n <= 0) {
        return MYO_OK;
    }
    MYO_TRY(myo_grow((void **)&l->work, &l->cap_work, (size_t)(2 * (n + l->part_w + 1)), sizeof(float)));
    MYO_TRY(myo_track_room(&l->p, n));
    const float *s = myo_moving_sum(u_at(l, from + l->part_w / 2), n, l->part_w, l->work, l->work + n + l->part_w + 1);
    for (int64_t i = 0; i < n; i++) {
        l->p.v[l->p.n++] = s[i] / (float)l->part_w;
    }
    return MYO_OK;
}

/* From where the present segment's length counts: a forced cut may not hit a movement because of the quiet before it,
 * which an accelerometer's windows take along by the second. */
static int64_t piece_start(const myo_lane *l)
{
    return l->cfg.kind == MYO_KIND_ACC && l->part_rise >= 0 ? l->part_rise : l->part.on;
}

static void feed_parts(myo_lane *l, int64_t upto)
{
    const int64_t most = (int64_t)(PIECE_S * l->cfg.fs);
    int64_t on, off;
    l->err = l->err == MYO_OK ? extend_part_energy(l, upto) : l->err;
    for (; l->err == MYO_OK && l->part_pos < upto; l->part_pos++) {
        const int64_t forced = piece_start(l) + most, end = forced < upto ? forced : upto;
        if (l->cfg.kind == MYO_KIND_EMG || l->part_rise >= 0) { /* nothing but a valley can end the piece */
            const float *from = l->p.v + (l->part_pos - l->p.base);
            l->part_pos += myo_part_pass(&l->part, &l->part_rule, l->part_pos, from, end - l->part_pos);
        }
        if (l->part_pos == upto) {
            break;
        }
        const float p = l->p.v[l->part_pos - l->p.base];
        if (myo_part_feed(&l->part, &l->part_rule, l->part_pos, p, &on, &off)) {
            take_part(l, on, off, false);
            l->part_forced = false;
            l->part_rise = l->part_pos;
        } else if (l->part_pos - piece_start(l) >= most) {
            /* In the midst of a tonic burst the cut is ours; in a lull it is a natural end. */
            const bool tonic = p > l->part_rule.clear && p * l->part_rule.ratio > l->part.peak;
            take_part(l, l->part.on, l->part_pos, tonic);
            myo_part_start(&l->part, l->part_pos);
            l->part_forced = tonic;
            l->part_rise = tonic ? l->part_pos : -1;
        } else if (l->part_rise < 0 && p > l->part_rule.clear) {
            l->part_rise = l->part_pos;
        }
    }
}

static void end_activity(void *user, myo_activity a)
{
    myo_lane *l = user;
    if (!l->parting) {
        begin_activity(l, a.on);
    }
    feed_parts(l, a.off);
    take_part(l, l->part.on, a.off, false);
    emit_pending(l);
    l->parting = false;
    l->act_end = a.off;
}

/* ---- the epoch ---- */

/* Nothing is found under a mask. */
static void clear_masked(myo_lane *l, int64_t from, int64_t to)
{
    for (size_t i = 0; i < l->n_spans; i++) {
        const myo_span *s = &l->spans[i];
        const int64_t lo = s->on > from ? s->on : from, hi = s->off < to ? s->off : to;
        if (s->kind != MYO_MASK_CLIP && hi > lo) {
            myo_marks_clear(&l->marks, lo, hi);
        }
    }
}

/* No burst to come starts before this frame. */
static int64_t settled(const myo_lane *l)
{
    if (l->parting) {
        return l->pending.is && l->pending.on < l->part.on ? l->pending.on : l->part.on;
    }
    const int64_t next = l->runs.open ? l->runs.on : l->pos;
    return next - l->msce.w_max > l->act_end ? next - l->msce.w_max : l->act_end;
}

static void trim(myo_lane *l, int64_t done)
{
    const double behind = l->cfg.kind == MYO_KIND_EMG ? fmax(CONTEXT_S, MYO_FILL_MAX_S) : CONTEXT_S;
    int64_t from = done - l->msce.w_max - l->part_w - (int64_t)(behind * l->cfg.fs);
    const int64_t window = myo_rhythm_needs(l);
    from = window < from ? window : from;
    for (int a = 0; a < l->cfg.n_axes; a++) {
        myo_track_drop(&l->x[a], from);
        myo_track_drop(&l->raw[a], from);
    }
    myo_track_drop(&l->u, from);
    myo_track_drop(&l->p, from);
    myo_lane_forget_spans(l, from);
}

myo_err myo_hunt_epoch(myo_lane *l, int64_t on, int64_t end, bool last)
{
    const int64_t half = l->part_w / 2;
    MYO_TRY(extend_energy(l, on, end));
    MYO_TRY(myo_silences_run(l, on, end, last));
    const int64_t to = last ? end : end - half;
    if (last) {
        MYO_TRY(pad_ones(&l->u, half + 1)); /* what p needs at the end, but not part of it */
        l->u.n -= half + 1;
    }
    if (to > l->pos) {
        clear_masked(l, l->pos, to);
        l->at_end = last;
        l->err = MYO_OK;
        myo_runs_feed(&l->runs, &l->marks, l->pos, to, l->gap_n, end_activity, l);
        if (last) {
            myo_runs_finish(&l->runs, end_activity, l);
        } else if (l->runs.open && l->runs.seen_on) {
            if (!l->parting) {
                begin_activity(l, l->runs.on);
            }
            feed_parts(l, l->runs.last_seen);
        }
        l->pos = to;
        MYO_TRY(l->err);
    }
    MYO_TRY(myo_lane_account_spans(l, on, end));
    MYO_TRY(myo_rhythm_run(l, end));
    MYO_TRY(myo_legs_run(l, end, last));
    const int64_t next = settled(l), window = myo_rhythm_next(l), leg = myo_legs_next(l);
    const int64_t until = leg < (next < window ? next : window) ? leg : next < window ? next : window;
    MYO_TRY(l->sink.advance(l->sink.user, to_s(l, last ? end : until), last));
    trim(l, last ? end : next);
    return MYO_OK;
}
