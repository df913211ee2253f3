/* lane.c - a lane's life: segments, stages, floor, epochs. The search inside an epoch is in hunt.c. */
#include <math.h>
#include <string.h>
#include "dsp/fir.h"
#include "dsp/noise.h"
#include "kern/kern.h"
#include "run/lane_in.h"

/* ---- making and freeing ---- */

static double lane_dof(const void *user, int w)
{
    const myo_lane *l = user;
    return l->cfg.n_axes * myo_fir_dof(l->rho, l->n_rho, w);
}

static myo_err make_stages(myo_lane *l)
{
    const myo_lane_cfg *c = &l->cfg;
    const myo_params *p = c->params;
    /* A coarse converter repeats itself: a run counts as flat where chance makes it once in 1e12 samples. */
    const double by_chance = ceil(log(1e-12) / log(fmin(0.999, fmax(1e-6, c->prior.equal_share))));
    /* A still sensor may well repeat one coarse value; only a minute of it is a dead one. */
    const double flat_ms = c->kind == MYO_KIND_ACC ? fmax(60e3, p->mask_flat_ms) : p->mask_flat_ms;
    for (int a = 0; a < c->n_axes; a++) {
        const myo_mask_cfg mask = {
            .fs = c->fs,
            .rail_lo = c->prior.rail_lo[a],
            .rail_hi = c->prior.rail_hi[a],
            .clip_n = (int)p->mask_clip_n,
            .pop_step = c->kind == MYO_KIND_EMG ? p->mask_pop_sd * c->prior.step_sd : 0.0,
            .flat_n = (int)fmax(by_chance, flat_ms * c->fs / 1000.0),
            .dead_step = c->prior.dead_step,
            .dilate = (int)(p->mask_dilate_ms * c->fs / 1000.0),
        };
        MYO_TRY(myo_mask_new(&l->mask[a], &mask));
        MYO_TRY(myo_ovs_new(&l->filter[a], l->taps, l->n_taps));
        if (c->prior.line.n_harmonics > 0) {
            MYO_TRY(myo_mains_new(&l->mains[a], c->fs, &c->prior.line));
        }
    }
    return MYO_OK;
}

static void set_grid(myo_lane *l)
{
    const double fs = l->cfg.fs;
    l->block = (int64_t)fmax(2.0, floor(l->k->floor_ms * fs / 1000.0 + 0.5));
    l->per_epoch = (int64_t)fmax(4.0, floor(l->k->floor_s * fs / (double)l->block + 0.5));
    l->epoch = l->block * l->per_epoch;
    l->part_w = (int)fmax(3.0, floor(l->k->part_ms * fs / 1000.0 + 0.5));
    l->gap_n = (int64_t)(l->k->gap_ms * fs / 1000.0);
    l->min_n = (int64_t)fmax(1.0, l->k->min_ms * fs / 1000.0);
    l->merge_n = (int64_t)(l->k->merge_ms * fs / 1000.0);
    l->ring_n = (int64_t)((l->cfg.kind == MYO_KIND_EMG ? 0.125 : 0.6) * fs);
    l->peak_w = (int64_t)fmax(1.0, (l->cfg.kind == MYO_KIND_EMG ? 0.008 : 0.040) * fs);
}

/* The longest window whose degrees of freedom are asked for. Scouting asks for the floor's blocks only. */
static int longest_window(const myo_lane *l)
{
    const double scales = fmax(fmax(l->k->scale1_ms, l->k->scale2_ms), fmax(l->k->scale3_ms, l->k->scale4_ms));
    const double others = fmax((double)l->block, l->part_w);
    return (int)(l->sink.floor_blocks ? (double)l->block : fmax(scales * l->cfg.fs / 1000.0 + 1.0, others));
}

static myo_err set_rules(myo_lane *l)
{
    const int longest = longest_window(l);
    l->n_rho = longest < l->n_taps ? longest : l->n_taps;
    l->rho = myo_alloc((size_t)l->n_rho, sizeof *l->rho);
    if (!l->rho) {
        return MYO_ERR_NOMEM;
    }
    myo_fir_rho(l->rho, l->n_rho, l->taps, l->n_taps);
    l->block_dof = lane_dof(l, (int)l->block);
    if (l->sink.floor_blocks) {
        return MYO_OK;
    }
    const double nu = lane_dof(l, l->part_w);
    l->part_rule = (myo_part_rule){
        .ratio = (float)pow(10.0, l->k->part_db / 10.0),
        .noise = (float)myo_chi2_mean_quantile(l->k->h_off, nu),
        .clear = (float)myo_chi2_mean_quantile(4.0, nu),
        .clear_ratio = 2.5f,
    };
    myo_msce_init(&l->msce, l->k, l->cfg.fs, lane_dof, l);
    return MYO_OK;
}

myo_err myo_lane_new(myo_lane **out, const myo_lane_cfg *cfg, const myo_lane_sink *sink)
{
    myo_lane *l = myo_alloc(1, sizeof *l);
    if (!l) {
        return MYO_ERR_NOMEM;
    }
    l->cfg = *cfg;
    l->sink = *sink;
    l->k = cfg->kind == MYO_KIND_ACC ? &cfg->params->acc : &cfg->params->emg;
    l->n_taps = myo_fir_length(cfg->fs, l->k->taps_ms);
    l->taps = myo_alloc((size_t)l->n_taps, sizeof *l->taps);
    myo_err err = l->taps ? MYO_OK : MYO_ERR_NOMEM;
    if (err == MYO_OK) {
        myo_fir_bandpass(l->taps, l->n_taps, cfg->fs, l->k->band_lo, cfg->band_hi);
        set_grid(l);
        err = set_rules(l);
    }
    err = err == MYO_OK ? make_stages(l) : err;
    err = err == MYO_OK ? myo_hunt_alloc(l) : err;
    err = err == MYO_OK ? myo_rhythm_alloc(l) : err;
    if (err != MYO_OK) {
        myo_lane_free(&l);
        return err;
    }
    *out = l;
    return MYO_OK;
}

void myo_lane_free(myo_lane **lane)
{
    myo_lane *l = *lane;
    if (!l) {
        return;
    }
    for (int a = 0; a < MYO_MAX_AXES; a++) {
        myo_mask_free(&l->mask[a]);
        myo_ovs_free(&l->filter[a]);
        myo_mains_free(&l->mains[a]);
        myo_free(l->x[a].v);
        myo_free(l->raw[a].v);
    }
    myo_hunt_free(l);
    myo_rhythm_free(l);
    myo_free(l->taps);
    myo_free(l->rho);
    myo_free(l->scratch[0]);
    myo_free(l->scratch[1]);
    myo_free(l->scaled);
    myo_free(l->spans);
    myo_free(l->blocks);
    myo_free(l);
    *lane = NULL;
}

int myo_lane_min_length(const myo_lane *l)
{
    return myo_ovs_min_length(l->filter[0]);
}

const myo_lane_totals *myo_lane_get_totals(const myo_lane *l)
{
    return &l->totals;
}

/* ---- masked spans ---- */

static myo_err take_spans(myo_lane *l, int a)
{
    int n;
    const myo_span *s = myo_mask_spans(l->mask[a], &n);
    MYO_TRY(myo_grow((void **)&l->spans, &l->cap_spans, l->n_spans + (size_t)n, sizeof *l->spans));
    for (int i = 0; i < n; i++) {
        l->spans[l->n_spans++] = s[i];
        if (l->mains[a] && s[i].kind != MYO_MASK_CLIP) {
            MYO_TRY(myo_mains_skip(l->mains[a], s[i].on, s[i].off));
        }
    }
    myo_mask_drop_spans(l->mask[a], n);
    return MYO_OK;
}

/* Does a span count: clips, masks, or (want < 0) both? */
static bool counts(const myo_span *s, int want)
{
    return want < 0 || (s->kind == MYO_MASK_CLIP) == (want == 1);
}

/* Frames of [on, off) under spans; spans of several axes may overlap, so walk along their union. */
static int64_t covered(const myo_lane *l, int64_t on, int64_t off, int want)
{
    int64_t total = 0, at = on;
    while (at < off) {
        int64_t inside = -1, next = off;
        for (size_t i = 0; i < l->n_spans; i++) {
            const myo_span *s = &l->spans[i];
            if (!counts(s, want)) {
                continue;
            }
            if (s->on <= at && s->off > at && s->off > inside) {
                inside = s->off;
            } else if (s->on > at && s->on < next) {
                next = s->on;
            }
        }
        if (inside > at) {
            inside = inside < off ? inside : off;
            total += inside - at;
            at = inside;
        } else {
            at = next;
        }
    }
    return total;
}

int64_t myo_lane_overlap(const myo_lane *l, int64_t on, int64_t off, bool clips)
{
    return covered(l, on, off, clips ? 1 : 0);
}

void myo_lane_forget_spans(myo_lane *l, int64_t before)
{
    size_t kept = 0;
    for (size_t i = 0; i < l->n_spans; i++) {
        if (l->spans[i].off > before) {
            l->spans[kept++] = l->spans[i];
        }
    }
    l->n_spans = kept;
}

void myo_lane_account_spans(myo_lane *l, int64_t on, int64_t off)
{
    const double masked = (double)covered(l, on, off, -1) / l->cfg.fs;
    l->totals.masked_s += masked;
    l->totals.usable_s -= masked;
    l->totals.clipped_s += (double)covered(l, on, off, 1) / l->cfg.fs;
    l->totals.flat_s += (double)covered(l, on, off, 0) / l->cfg.fs;
}

/* ---- floor ---- */

/* Block energies as soon as the filtered samples are there; a masked block has NaN. */
static myo_err measure_blocks(myo_lane *l)
{
    const int64_t have = l->x[0].base + l->x[0].n;
    for (; (l->n_blocks_done + 1) * l->block <= have; l->n_blocks_done++) {
        const int64_t from = l->n_blocks_done * l->block;
        double e = 0.0;
        for (int a = 0; a < l->cfg.n_axes; a++) {
            e += (double)myo_kern()->sumsq(l->x[a].v + (from - l->x[a].base), l->block);
        }
        const bool masked = covered(l, from, from + l->block, -1) > 0;
        MYO_TRY(myo_grow((void **)&l->blocks, &l->cap_blocks, l->n_blocks + 1, sizeof *l->blocks));
        l->blocks[l->n_blocks++] = masked ? NAN : (float)(e / (double)l->block);
    }
    return MYO_OK;
}

/* The floor of epoch e from the blocks of e-1 .. e+1 that exist; NaN if all are masked. */
static double estimate_floor(const myo_lane *l, int64_t e)
{
    const int64_t first = l->n_blocks_done - (int64_t)l->n_blocks; /* number of blocks[0] */
    int64_t lo = (e - 1) * l->per_epoch, hi = (e + 2) * l->per_epoch;
    lo = lo < first ? first : lo;
    hi = hi > l->n_blocks_done ? l->n_blocks_done : hi;
    int64_t n = 0;
    for (int64_t b = lo; b < hi; b++) {
        if (!isnan(l->blocks[b - first])) {
            l->floor_work[n++] = l->blocks[b - first];
        }
    }
    return n > 0 ? myo_floor_estimate(l->floor_work, n, l->k->floor_q, l->block_dof) : NAN;
}

static void next_floor(myo_lane *l, int64_t e)
{
    const myo_floor_rule rule = {l->k->floor_rise / 60.0, l->cfg.prior.active ? 2.0 : 12.0, l->cfg.prior.floor, l->cfg.prior.least};
    const double before = l->floor;
    l->floor = myo_floor_step(&rule, before, estimate_floor(l, e), (double)l->epoch / l->cfg.fs);
    l->floor_before = before > 0.0 ? before : l->floor;
    l->totals.floor_sum += sqrt(l->floor);
    l->totals.n_floor++;
}

/* ---- epochs ---- */

static myo_err epoch_done(myo_lane *l, int64_t e, int64_t end, bool last)
{
    next_floor(l, e);
    MYO_TRY(myo_hunt_epoch(l, e * l->epoch, end, last));
    const int64_t drop = (e - 1) * l->per_epoch - (l->n_blocks_done - (int64_t)l->n_blocks);
    if (drop > 0) {
        l->n_blocks -= (size_t)drop;
        memmove(l->blocks, l->blocks + drop, sizeof *l->blocks * l->n_blocks);
    }
    l->next_epoch++;
    return MYO_OK;
}

void myo_track_drop(myo_track *t, int64_t before)
{
    const int64_t n = before - t->base;
    if (n > 0 && n <= t->n) {
        t->n -= n;
        memmove(t->v, t->v + n, sizeof *t->v * (size_t)t->n);
        t->base = before;
    }
}

/* While scouting only block energies matter. */
static myo_err scout_only(myo_lane *l)
{
    MYO_TRY(measure_blocks(l));
    for (int a = 0; a < l->cfg.n_axes; a++) {
        myo_track_drop(&l->x[a], l->n_blocks_done * l->block);
        l->raw[a].base += l->raw[a].n;
        l->raw[a].n = 0;
    }
    myo_lane_forget_spans(l, l->n_blocks_done * l->block);
    return MYO_OK;
}

static myo_err run_epochs(myo_lane *l, bool end_of_segment)
{
    if (l->sink.floor_blocks) {
        return scout_only(l);
    }
    MYO_TRY(measure_blocks(l));
    const int64_t have = l->x[0].base + l->x[0].n;
    while ((l->next_epoch + 2) * l->epoch <= have) {
        MYO_TRY(epoch_done(l, l->next_epoch, (l->next_epoch + 1) * l->epoch, false));
    }
    while (end_of_segment && l->next_epoch * l->epoch < have) {
        const int64_t full = (l->next_epoch + 1) * l->epoch, end = full < have ? full : have;
        MYO_TRY(epoch_done(l, l->next_epoch, end, end == have));
    }
    return MYO_OK;
}

/* ---- samples through the stages ---- */

static myo_err keep(myo_track *t, const float *x, int64_t n)
{
    if (n <= 0) {
        return MYO_OK;
    }
    MYO_TRY(myo_grow((void **)&t->v, &t->cap, (size_t)(t->n + n), sizeof *t->v));
    memcpy(t->v + t->n, x, sizeof *x * (size_t)n);
    t->n += n;
    return MYO_OK;
}

static myo_err room(myo_lane *l, int which, int64_t n)
{
    return myo_grow((void **)&l->scratch[which], &l->cap_scratch[which], (size_t)n, sizeof(float));
}

/* n samples without hum of axis a in scratch[which]: the band-pass, then the track. */
static myo_err after_mains(myo_lane *l, int a, int which, int64_t n)
{
    MYO_TRY(room(l, 1 - which, myo_ovs_bound(l->filter[a], n)));
    const int64_t m = myo_ovs_push(l->filter[a], l->scratch[which], n, l->scratch[1 - which]);
    return keep(&l->x[a], l->scratch[1 - which], m);
}

/* n masked samples of axis a in scratch[0]. Hum goes before the band-pass: reflected at an end its phase would jump,
 * and what is left of the jump looks like a burst. */
static myo_err after_mask(myo_lane *l, int a, int64_t n)
{
    if (n < 0) {
        return MYO_ERR_NOMEM;
    }
    MYO_TRY(take_spans(l, a));
    MYO_TRY(keep(&l->raw[a], l->scratch[0], n));
    if (!l->mains[a]) {
        return after_mains(l, a, 0, n);
    }
    MYO_TRY(room(l, 1, myo_mains_bound(l->mains[a], n)));
    return after_mains(l, a, 1, myo_mains_push(l->mains[a], l->scratch[0], n, l->scratch[1]));
}

static myo_err feed(myo_lane *l, const float *const *x, int64_t from, int64_t n)
{
    for (int a = 0; a < l->cfg.n_axes; a++) {
        MYO_TRY(room(l, 0, myo_mask_bound(l->mask[a], n)));
        MYO_TRY(after_mask(l, a, myo_mask_push(l->mask[a], x[a] + from, n, l->scratch[0])));
    }
    l->seg_n += n;
    return run_epochs(l, false);
}

static myo_err drain_axis(myo_lane *l, int a)
{
    MYO_TRY(room(l, 0, myo_mask_bound(l->mask[a], 0)));
    MYO_TRY(after_mask(l, a, myo_mask_finish(l->mask[a], l->scratch[0])));
    if (l->mains[a]) {
        MYO_TRY(room(l, 0, myo_mains_bound(l->mains[a], 0)));
        MYO_TRY(after_mains(l, a, 0, myo_mains_finish(l->mains[a], l->scratch[0])));
    }
    MYO_TRY(room(l, 1, myo_ovs_bound(l->filter[a], myo_lane_min_length(l))));
    const int64_t n = myo_ovs_finish(l->filter[a], l->scratch[1]);
    l->too_short = l->too_short || n < 0;
    return keep(&l->x[a], l->scratch[1], n);
}

/* ---- segments ---- */

static void start_segment(myo_lane *l, double start_s)
{
    l->in_segment = true;
    l->too_short = false;
    l->seg_start = start_s;
    l->seg_n = 0;
    l->n_blocks = 0;
    l->n_blocks_done = l->next_epoch = 0;
    l->floor = l->floor_before = l->cfg.prior.rest ? l->cfg.prior.floor : 0.0;
    l->n_spans = 0;
    for (int a = 0; a < l->cfg.n_axes; a++) {
        myo_mask_reset(l->mask[a]);
        myo_ovs_reset(l->filter[a]);
        if (l->mains[a]) {
            myo_mains_reset(l->mains[a]);
        }
        l->x[a].n = l->raw[a].n = 0;
        l->x[a].base = l->raw[a].base = 0;
    }
    myo_hunt_reset(l);
    myo_rhythm_reset(l);
}

static myo_err end_segment(myo_lane *l)
{
    if (!l->in_segment) {
        return MYO_OK;
    }
    l->in_segment = false;
    for (int a = 0; a < l->cfg.n_axes; a++) {
        MYO_TRY(drain_axis(l, a));
    }
    if (l->too_short) {
        l->totals.n_short++;
        return MYO_OK;
    }
    l->totals.n_segments++;
    l->totals.usable_s += (double)l->seg_n / l->cfg.fs;
    MYO_TRY(run_epochs(l, true));
    if (l->sink.floor_blocks) {
        return l->sink.floor_blocks(l->sink.user, l->blocks, (int64_t)l->n_blocks, l->block_dof);
    }
    return MYO_OK;
}

bool myo_axes_missing(const float *const *x, int n_axes, int64_t i)
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
    if (scale == 1.0f) {
        return MYO_OK;
    }
    MYO_TRY(myo_grow((void **)&l->scaled, &l->cap_scaled, (size_t)(n * l->cfg.n_axes), sizeof(float)));
    for (int a = 0; a < l->cfg.n_axes; a++) {
        for (int64_t i = 0; i < n; i++) {
            l->scaled[a * n + i] = x[a][i] * scale;
        }
        scaled[a] = l->scaled + a * n;
    }
    return MYO_OK;
}

myo_err myo_lane_push(myo_lane *l, const float *const *x, int64_t n, double start_s, bool gap)
{
    const float *v[MYO_MAX_AXES];
    if (gap) {
        MYO_TRY(end_segment(l));
    }
    MYO_TRY(scale_axes(l, x, n, v));
    for (int64_t i = 0; i < n;) {
        int64_t end = i;
        while (end < n && !myo_axes_missing(v, l->cfg.n_axes, end)) {
            end++;
        }
        if (end > i) {
            if (!l->in_segment) {
                start_segment(l, start_s + (double)i / l->cfg.fs);
            }
            MYO_TRY(feed(l, v, i, end - i));
        }
        for (i = end; i < n && myo_axes_missing(v, l->cfg.n_axes, i); i++) {
            l->totals.n_missing++;
        }
        if (i > end) {
            MYO_TRY(end_segment(l));
        }
    }
    l->totals.duration_s = start_s + (double)n / l->cfg.fs - l->cfg.start_s;
    return MYO_OK;
}

myo_err myo_lane_finish(myo_lane *l)
{
    MYO_TRY(end_segment(l));
    l->totals.gap_s = fmax(0.0, l->totals.duration_s - l->totals.usable_s - l->totals.masked_s);
    return MYO_OK;
}
