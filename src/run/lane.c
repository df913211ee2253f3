/* lane.c - a lane's life: segments, stages, epochs. What comes in: lane_push.c; masks and floor: lane_floor.c; the search
 * inside an epoch: hunt.c. */
#include <math.h>
#include <string.h>
#include "dsp/fir.h"
#include "dsp/noise.h"
#include "kern/kern.h"
#include "kern/scan.h"
#include "run/lane_in.h"
#include "run/legs.h"
#include "run/stall.h"

/* ---- making and freeing ---- */

/* Of the mean over w samples of u in the lane's noise. */
static double lane_dof(const void *user, int w)
{
    const myo_lane *l = user;
    const double white = l->cfg.n_axes * myo_fir_dof(l->rho, l->n_rho, w), width = l->cfg.prior.width;
    return width > 0.0 && width < 1.0 ? fmax(1.0, white * width) : white;
}

/* gate_sigma is meant for noise that fills the band: elsewhere the energy that noise exceeds as seldom. */
static double gate_energy(const myo_lane *l)
{
    const double gate = l->k->gate_sigma * l->k->gate_sigma;
    const double c = 2.0 / (9.0 * l->cfg.n_axes * myo_fir_dof(l->rho, l->n_rho, (int)l->peak_w));
    const double z = (cbrt(gate) - 1.0 + c) / sqrt(c); /* Wilson and Hilferty */
    return fmax(gate, myo_chi2_mean_quantile(z, lane_dof(l, (int)l->peak_w)));
}

/* From how many equal samples on a run is none of the signal? */
static myo_err set_flat(myo_lane *l, int *flat_n)
{
    const myo_lane_cfg *c = &l->cfg;
    if (c->kind == MYO_KIND_ACC) {
        const myo_repeat_cfg rule = myo_stall_rule(c);
        *flat_n = (int)(rule.rest_n == MYO_REPEAT_NEVER ? rule.off_n : rule.rest_n);
        return myo_repeat_new(&l->repeat, &rule);
    }
    *flat_n = (int)fmax(myo_repeat_by_chance(c->prior.equal_share), c->params->mask_flat_ms * c->fs / 1000.0);
    return MYO_OK;
}

static myo_err make_stages(myo_lane *l)
{
    const myo_lane_cfg *c = &l->cfg;
    const myo_params *p = c->params;
    int flat_n;
    MYO_TRY(set_flat(l, &flat_n));
    for (int a = 0; a < c->n_axes; a++) {
        const myo_mask_cfg mask = {
            .fs = c->fs,
            .rail_lo = c->prior.rail_lo[a],
            .rail_hi = c->prior.rail_hi[a],
            .far_lo = c->prior.far_lo[a],
            .far_hi = c->prior.far_hi[a],
            .clip_n = (int)p->mask_clip_n,
            .pop_step = c->kind == MYO_KIND_EMG ? p->mask_pop_sd * c->prior.step_sd : 0.0,
            .flat_n = flat_n,
            .dead_step = c->prior.dead_step,
            .joint = l->repeat,
            .dilate = (int)(p->mask_dilate_ms * c->fs / 1000.0),
        };
        MYO_TRY(myo_mask_new(&l->mask[a], &mask));
        MYO_TRY(myo_ovs_new(&l->filter[a], l->taps, l->n_taps));
        if (c->prior.line.n_harmonics > 0) {
            MYO_TRY(myo_mains_new(&l->mains[a], c->fs, &c->prior.line));
        }
    }
    return c->prior.heart.found ? myo_beat_new(&l->beat, c->fs, &c->prior.heart, l->taps, l->n_taps) : MYO_OK;
}

static void set_grid(myo_lane *l)
{
    const double fs = l->cfg.fs;
    l->block = (int64_t)fmax(2.0, floor(l->k->floor_ms * fs / 1000.0 + 0.5));
    l->block = l->block < 64 ? l->block : (l->block + 8) / 16 * 16; /* whole vectors, which sum faster */
    /* Whole words of marks in an epoch. */
    int64_t step = 1;
    while (l->block * step % MYO_SCAN_BLOCK != 0) {
        step *= 2;
    }
    l->per_epoch = step * (int64_t)fmax(1.0, floor(l->k->floor_s * fs / (double)(l->block * step) + 0.5));
    l->per_epoch = l->per_epoch < 4 ? 4 : l->per_epoch;
    l->epoch = l->block * l->per_epoch;
    l->part_w = (int)fmax(3.0, floor(l->k->part_ms * fs / 1000.0 + 0.5));
    l->gap_n = (int64_t)(l->k->gap_ms * fs / 1000.0);
    l->min_n = (int64_t)fmax(1.0, l->k->min_ms * fs / 1000.0);
    l->merge_n = (int64_t)(l->k->merge_ms * fs / 1000.0);
    l->ring_n = (int64_t)((l->cfg.kind == MYO_KIND_EMG ? 0.125 : 0.6) * fs);
    l->peak_w = (int64_t)fmax(1.0, (l->cfg.kind == MYO_KIND_EMG ? 0.008 : 0.040) * fs);
}

bool myo_lane_only_scouts(const myo_lane *l)
{
    return l->sink.floor_blocks && l->sink.hold == 0;
}

/* The longest window whose degrees of freedom are asked for. Scouting asks for the floor's blocks only. */
static int longest_window(const myo_lane *l)
{
    const double scales = fmax(fmax(l->k->scale1_ms, l->k->scale2_ms), fmax(l->k->scale3_ms, l->k->scale4_ms));
    const double others = fmax((double)l->block, l->part_w);
    return (int)(myo_lane_only_scouts(l) ? (double)l->block : fmax(scales * l->cfg.fs / 1000.0 + 1.0, others));
}

static myo_err set_rules(myo_lane *l)
{
    const int longest = longest_window(l);
    l->n_rho = longest < l->n_taps ? longest : l->n_taps;
    l->rho = myo_alloc((size_t)l->n_rho, sizeof *l->rho);
    if (!l->rho) {
        return MYO_ERR_NOMEM;
    }
    if (l->cfg.like && l->cfg.like->n_rho == l->n_rho) {
        memcpy(l->rho, l->cfg.like->rho, sizeof *l->rho * (size_t)l->n_rho);
    } else {
        myo_fir_rho(l->rho, l->n_rho, l->taps, l->n_taps, myo_fir_step(l->cfg.fs, l->cfg.band_hi));
    }
    l->block_dof = lane_dof(l, (int)l->block);
    if (myo_lane_only_scouts(l)) {
        return MYO_OK;
    }
    const double nu = lane_dof(l, l->part_w);
    l->gate_u = gate_energy(l);
    l->part_rule = (myo_part_rule){
        .ratio = (float)pow(10.0, l->k->part_db / 10.0),
        .noise = (float)myo_chi2_mean_quantile(l->k->h_off, nu),
        .clear = (float)myo_chi2_mean_quantile(4.0, nu),
        .clear_ratio = 2.5f,
    };
    myo_msce_init(&l->msce, l->k, l->cfg.fs, lane_dof, l);
    return myo_marker_new(&l->marker, &l->msce, l->gap_n);
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
        if (cfg->like) {
            memcpy(l->taps, cfg->like->taps, sizeof *l->taps * (size_t)l->n_taps);
        } else {
            myo_fir_bandpass(l->taps, l->n_taps, cfg->fs, l->k->band_lo, cfg->band_hi);
        }
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
    l->cfg.like = NULL; /* it may go before this one */
    *out = l;
    return MYO_OK;
}

void myo_lane_free(myo_lane **lane)
{
    myo_lane *l = *lane;
    if (!l) {
        return;
    }
    myo_repeat_free(&l->repeat);
    for (int a = 0; a < MYO_MAX_AXES; a++) {
        myo_mask_free(&l->mask[a]);
        myo_ovs_free(&l->filter[a]);
        myo_mains_free(&l->mains[a]);
        myo_free(l->x[a].memory);
        myo_free(l->raw[a].memory);
    }
    myo_hunt_free(l);
    myo_rhythm_free(l);
    myo_free(l->taps);
    myo_free(l->rho);
    myo_beat_free(&l->beat);
    myo_free(l->beats);
    myo_free(l->scratch);
    myo_free(l->still);
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

int64_t myo_lane_epoch(const myo_lane *l)
{
    return l->epoch;
}

const myo_lane_totals *myo_lane_get_totals(const myo_lane *l)
{
    return &l->totals;
}

/* ---- epochs ---- */

static myo_err epoch_done(myo_lane *l, int64_t e, int64_t end, bool last)
{
    const myo_lane_watch *w = l->sink.watch;
    myo_lane_next_floor(l, e);
    MYO_TRY(w ? w->floor(w->user, e * l->epoch, end, l->floor_before, l->floor)
              : myo_hunt_epoch(l, e * l->epoch, end, last));
    const int64_t drop = (e - 1) * l->per_epoch - (l->n_blocks_done - (int64_t)l->n_blocks);
    if (drop > 0) {
        l->n_blocks -= (size_t)drop;
        memmove(l->blocks, l->blocks + drop, sizeof *l->blocks * l->n_blocks);
    }
    l->next_epoch++;
    return MYO_OK;
}

/* While scouting only block energies matter. What is held stays. */
static myo_err scout_only(myo_lane *l)
{
    MYO_TRY(myo_lane_measure_blocks(l));
    l->held = l->held && l->seg_n <= l->sink.hold;
    if (l->held) {
        return MYO_OK;
    }
    for (int a = 0; a < l->cfg.n_axes; a++) {
        myo_track_drop(&l->x[a], l->n_blocks_done * l->block);
        myo_track_drop(&l->raw[a], l->raw[a].base + l->raw[a].n);
    }
    myo_lane_forget_spans(l, l->n_blocks_done * l->block);
    return MYO_OK;
}

/* Hand on what is new; the blocks of the floor still need some of it. */
static myo_err watch_samples(myo_lane *l)
{
    const myo_lane_watch *w = l->sink.watch;
    const int64_t end = myo_lane_filtered(l), from = l->watched;
    for (int a = 0; a < l->cfg.n_axes; a++) {
        myo_track_drop(&l->raw[a], l->raw[a].base + l->raw[a].n);
    }
    if (end > from) {
        const float *x[MYO_MAX_AXES];
        for (int a = 0; a < l->cfg.n_axes; a++) {
            x[a] = l->x[a].v + (from - l->x[a].base);
        }
        MYO_TRY(w->samples(w->user, from, end - from, x));
    }
    l->watched = end;
    MYO_TRY(w->floor ? myo_lane_measure_blocks(l) : MYO_OK);
    const int64_t done = w->floor ? l->n_blocks_done * l->block : end;
    for (int a = 0; a < l->cfg.n_axes; a++) {
        myo_track_drop(&l->x[a], done);
    }
    myo_lane_forget_spans(l, done);
    return MYO_OK;
}

static myo_err run_epochs(myo_lane *l, bool end_of_segment)
{
    if (l->sink.floor_blocks) {
        return scout_only(l);
    }
    if (l->sink.watch) {
        MYO_TRY(watch_samples(l));
        if (!l->sink.watch->floor) {
            return MYO_OK;
        }
    } else {
        MYO_TRY(myo_lane_measure_blocks(l));
    }
    const int64_t have = myo_lane_filtered(l);
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

myo_err myo_lane_feed(myo_lane *l, const float *const *x, int64_t from, int64_t n)
{
    MYO_TRY(l->repeat ? myo_repeat_push(l->repeat, x, from, n) : MYO_OK);
    for (int a = 0; a < l->cfg.n_axes; a++) {
        myo_track *raw = &l->raw[a];
        MYO_TRY(myo_track_room(raw, myo_mask_bound(l->mask[a], n)));
        const int64_t done = myo_mask_push(l->mask[a], x[a] + from, n, raw->v + raw->n);
        raw->ahead = myo_mask_bound(l->mask[a], 0);
        MYO_TRY(myo_lane_masked(l, a, done));
    }
    if (l->repeat) {
        myo_repeat_drop(l->repeat, myo_mask_next(l->mask[0]));
    }
    l->seg_n += n;
    return run_epochs(l, false);
}

/* ---- segments ---- */

/* From these frames on, each stage gets samples. */
static void begin_segment(myo_lane *l, double start_s, const myo_entrance *from)
{
    l->in_segment = true;
    l->too_short = false;
    l->seg_start = start_s;
    l->seg_n = l->seg_bridged = l->n_lost = 0;
    l->time_broke = false;
    l->n_blocks = 0;
    l->n_blocks_done = l->next_epoch = 0;
    l->floor = l->floor_before = l->cfg.prior.rest ? l->cfg.prior.floor : 0.0;
    l->n_spans = l->n_beats = 0;
    l->held = l->sink.hold > 0 && l->totals.n_segments + l->totals.n_short == 0;
    myo_lane_start(l, from);
    myo_hunt_reset(l);
    myo_rhythm_reset(l);
    myo_legs_reset(l);
}

myo_err myo_lane_start_segment(myo_lane *l, double start_s)
{
    const myo_lane_watch *w = l->sink.watch;
    begin_segment(l, start_s, &(myo_entrance){0});
    for (int a = 0; l->held && a < l->cfg.n_axes; a++) { /* and what a stage hands on at once */
        MYO_TRY(myo_track_room(&l->x[a], l->sink.hold + 2 * myo_ovs_step(l->filter[a])));
        MYO_TRY(myo_track_room(&l->raw[a], l->sink.hold));
    }
    return w ? w->segment(w->user, start_s) : MYO_OK;
}

/* Mains blocks before one whose amplitudes rest on whole neighbourhoods. */
enum { MAINS_BLOCKS = 2 * MYO_MAINS_REACH + 2 };

/* The filter's blocks lie on a grid; the block before the first one wanted takes the reflected start. */
int64_t myo_lane_enter(myo_lane *l, double segment_s, int64_t frame)
{
    const int64_t step = myo_ovs_step(l->filter[0]), reach = myo_mask_reach(l->mask[0]);
    const int64_t filter_from = step * (frame / step - 1) < 0 ? 0 : step * (frame / step - 1);
    int64_t beat_from = filter_from;
    if (l->beat) {
        const int64_t block = myo_beat_block(l->beat), back = (filter_from - myo_beat_warm(l->beat)) / block;
        beat_from = back < 0 ? 0 : back * block;
    }
    int64_t mains_from = beat_from;
    if (l->mains[0]) {
        const int64_t block = myo_mains_block(l->mains[0]), back = beat_from / block - MAINS_BLOCKS;
        mains_from = back < 0 ? 0 : back * block;
    }
    const int64_t mask_from = mains_from - reach < 0 ? 0 : mains_from - reach;
    begin_segment(l, segment_s, &(myo_entrance){mask_from, mains_from, beat_from, filter_from});
    return mask_from;
}

int64_t myo_lane_ahead(const myo_lane *l)
{
    const int64_t mains = l->mains[0] ? MAINS_BLOCKS * myo_mains_block(l->mains[0]) : 0;
    const int64_t beat = l->beat ? myo_beat_ahead(l->beat) : 0;
    return myo_ovs_step(l->filter[0]) + myo_lane_min_length(l) + mains + beat + myo_mask_reach(l->mask[0]);
}

/* Whoever gets them may sort them: what is held needs them in their order. */
static myo_err tell_blocks(myo_lane *l)
{
    const int64_t n = (int64_t)l->n_blocks;
    if (!l->held) {
        return l->sink.floor_blocks(l->sink.user, l->blocks, n, l->block_dof);
    }
    float *copy = myo_alloc(l->n_blocks, sizeof *copy);
    if (!copy) {
        return MYO_ERR_NOMEM;
    }
    memcpy(copy, l->blocks, sizeof *copy * l->n_blocks);
    const myo_err err = l->sink.floor_blocks(l->sink.user, copy, n, l->block_dof);
    myo_free(copy);
    return err;
}

myo_err myo_lane_end_segment(myo_lane *l)
{
    if (!l->in_segment) {
        return MYO_OK;
    }
    l->in_segment = false;
    for (int a = 0; a < l->cfg.n_axes; a++) {
        MYO_TRY(myo_lane_drain(l, a));
        l->totals.stuck_s[a] += l->repeat ? (double)myo_repeat_stuck(l->repeat, a) / l->cfg.fs : 0.0;
    }
    if (l->too_short) {
        l->totals.n_short++;
        l->totals.short_s += (double)l->seg_n / l->cfg.fs;
        return MYO_OK;
    }
    l->totals.n_segments++;
    l->totals.usable_s += (double)(l->seg_n - l->seg_bridged) / l->cfg.fs;
    MYO_TRY(run_epochs(l, true));
    return l->sink.floor_blocks ? tell_blocks(l) : MYO_OK;
}

bool myo_lane_is_held(const myo_lane *l)
{
    return l->held && !l->in_segment && l->totals.n_segments == 1;
}

void myo_lane_resume(myo_lane *l, const myo_lane_prior *prior, const myo_lane_sink *sink)
{
    l->cfg.prior = *prior;
    l->sink = *sink;
    l->floor = l->floor_before = prior->rest ? prior->floor : 0.0;
    l->held = false;
    l->resumed = true;
}

myo_err myo_lane_finish(myo_lane *l)
{
    MYO_TRY(myo_lane_end_segment(l));
    if (l->resumed) {
        l->resumed = false;
        MYO_TRY(run_epochs(l, true));
    }
    if (l->totals.usable_s * l->cfg.fs < 0.5) { /* nothing but what sums leave */
        l->totals.usable_s = 0.0;
    }
    l->totals.gap_s = fmax(0.0, l->totals.duration_s - l->totals.usable_s - l->totals.masked_s);
    return MYO_OK;
}
