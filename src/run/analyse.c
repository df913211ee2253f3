/* analyse.c - begin (open, plan, scout), stream every lane, link, write. */
#include <math.h>
#include <string.h>
#include "event/group.h"
#include "myotab/stop.h"
#include "run/begin.h"
#include "run/feed.h"
#include "run/result.h"
#include "run/tremor.h"

/* One lane at work: samples -> bursts -> groups -> stores. Its diagnostics are its own: lanes run side by side. */
typedef struct lane_job {
    const myo_plan_lane *plan;
    const myo_reel *reel;    /* the recording, where it was kept */
    bool fed;                /* the lane has all of it */
    myo_lane *lane;
    myo_group *group;
    myo_lane_result *result;
    myo_diag d;
    myo_err err;
} lane_job;

static myo_err on_burst(void *user, const myo_burst *b)
{
    lane_job *j = user;
    MYO_TRY(myo_slow_mark(j->result->slow, b->on, b->off));
    return myo_group_burst(j->group, b);
}

static myo_err on_window(void *user, const myo_window *w)
{
    lane_job *j = user;
    MYO_TRY(w->freq_hz > 0.0f ? myo_slow_mark(j->result->slow, w->on, w->off) : MYO_OK);
    return myo_group_window(j->group, w);
}

static myo_err on_leg(void *user, const myo_leg *g)
{
    return myo_group_leg(((lane_job *)user)->group, g);
}

static myo_err on_advance(void *user, double until, bool segment_end)
{
    lane_job *j = user;
    MYO_TRY(myo_slow_advance(j->result->slow, until, segment_end, &j->d));
    return myo_group_advance(j->group, until, segment_end);
}

static myo_err on_slow(void *user, const myo_slow_block *b)
{
    return myo_slow_add(((lane_job *)user)->result->slow, b);
}

static myo_err on_silence(void *user, const myo_lapse *s)
{
    lane_job *j = user;
    return myo_store_add(j->result->lapses, s, &j->d);
}

static myo_err on_usable(void *user, double on, double off)
{
    return myo_usable_add(&((lane_job *)user)->result->usable, on, off);
}

static myo_err keep_event(void *user, const myo_cand *c)
{
    lane_job *j = user;
    return myo_store_add(j->result->cands, c, &j->d);
}

static myo_err keep_burst(void *user, const myo_burst *b)
{
    lane_job *j = user;
    return myo_store_add(j->result->bursts, b, &j->d);
}

/* A lane that kept what the scout gave it goes on from there. */
static myo_err get_lane(lane_job *j, myo_plan_lane *plan, const myo_lane_sink *sink)
{
    if (!plan->held) {
        return myo_lane_new(&j->lane, &plan->cfg, sink);
    }
    j->lane = plan->held;
    plan->held = NULL;
    j->fed = true;
    myo_lane_resume(j->lane, &plan->cfg.prior, sink);
    return MYO_OK;
}

static myo_err start_lane(lane_job *j, myo_plan_lane *plan, const myo_analyse_job *job)
{
    const myo_lane_cfg *cfg = &j->plan->cfg;
    const myo_lane_sink lane_sink = {.burst = on_burst, .window = on_window, .leg = on_leg, .advance = on_advance, .silence = on_silence,
                                     .usable = on_usable, .slow = on_slow, .user = j};
    const myo_group_sink group_sink = {keep_event, keep_burst, j};
    MYO_TRY(myo_store_new(&j->result->cands, job->dir, sizeof(myo_cand)));
    MYO_TRY(myo_store_new(&j->result->bursts, job->dir, sizeof(myo_burst)));
    MYO_TRY(myo_store_new(&j->result->lapses, job->dir, sizeof(myo_lapse)));
    MYO_TRY(myo_store_new(&j->result->episodes, job->dir, sizeof(myo_episode)));
    MYO_TRY(myo_store_new(&j->result->measured, job->dir, sizeof(myo_episode)));
    MYO_TRY(myo_store_new(&j->result->tremor, job->dir, sizeof(myo_tremor_row)));
    MYO_TRY(myo_group_new(&j->group, cfg->index, cfg->kind, cfg->calibrated, job->params, &group_sink));
    MYO_TRY(get_lane(j, plan, &lane_sink));
    const myo_slow_rate rate = myo_lane_slow_rate(j->lane);
    return myo_slow_new(&j->result->slow, job->dir, &rate);
}

static bool push_block(void *user, int i, const myo_block *b)
{
    lane_job *j = &((lane_job *)user)[i];
    const float *x[MYO_MAX_AXES];
    const int first = j->plan->ch[0];
    myo_plan_axes(j->plan, b, x);
    j->err = myo_lane_push(j->lane, x, b->n[first], b->start_s[first], b->gap);
    return j->err == MYO_OK;
}

static void work_finish(void *user, int i)
{
    lane_job *j = &((lane_job *)user)[i];
    j->err = myo_lane_finish(j->lane);
    j->err = j->err == MYO_OK ? myo_group_finish(j->group) : j->err;
}

/* All of a recording that was kept. */
static void work_reel(void *user, int i)
{
    lane_job *j = &((lane_job *)user)[i];
    for (size_t k = 0; k < j->reel->n && !j->fed && j->err == MYO_OK; k++) {
        if (myo_stop_requested()) {
            j->err = MYO_ERR_STOPPED;
        } else {
            push_block(user, i, &j->reel->at[k].b);
        }
    }
    if (j->err == MYO_OK) {
        work_finish(user, i);
    }
}

static myo_err first_error(lane_job *j, int n, myo_diag *d)
{
    for (int i = 0; i < n; i++) {
        if (j[i].err != MYO_OK) {
            return myo_fail(d, j[i].err, "%s", j[i].d.code != MYO_OK ? j[i].d.message : myo_err_text(j[i].err));
        }
    }
    return MYO_OK;
}

typedef struct blocks {
    myo_rec *rec;
    double chunk_s;
} blocks;

static myo_err next_block(void *from, myo_block *b)
{
    const blocks *f = from;
    return myo_rec_read(f->rec, f->chunk_s, b);
}

static myo_err stream(const myo_analyse_job *job, myo_rec *rec, lane_job *j, int n, myo_diag *d)
{
    if (j->reel->n > 0) {
        myo_pool_for(job->pool, n, work_reel, j);
        return first_error(j, n, d);
    }
    MYO_TRY(myo_rec_seek(rec, 0.0));
    MYO_TRY(myo_rec_hash_along(rec));
    blocks from = {rec, job->params->run_chunk_s};
    const myo_err err = myo_feed(next_block, &from, job->pool, n, push_block, j);
    MYO_TRY(first_error(j, n, d));
    if (err != MYO_OK) {
        return err == MYO_ERR_STOPPED ? myo_fail(d, err, "stopped by a signal") : err;
    }
    myo_pool_for(job->pool, n, work_finish, j);
    return first_error(j, n, d);
}

/* ---- after the last sample ---- */

static void tell_missing(myo_plan_lane *l, const myo_lane_totals *t, myo_diag *d)
{
    const bool one = t->n_missing == 1;
    char how[80];
    if (t->n_bridged == 0) {
        snprintf(how, sizeof how, "treated as %s", one ? "a gap" : "gaps");
    } else if (t->n_bridged < t->n_missing) {
        snprintf(how, sizeof how, "%lld of them bridged, the others treated as gaps", (long long)t->n_bridged);
    } else {
        snprintf(how, sizeof how, "bridged");
    }
    myo_warn(d, "channel %s: %lld sample%s missing (%.3g %%), %s", l->name, (long long)t->n_missing, one ? "" : "s",
             100.0 * (double)t->n_missing / (t->duration_s * l->cfg.fs), how);
    myo_plan_flag(l, "missing");
}

static void tell_masked(myo_plan_lane *l, const myo_lane_totals *t, myo_diag *d)
{
    static const double MUCH = 0.2; /* of all samples: rates rest on what is left */
    const double all = t->usable_s + t->masked_s;
    char share[48] = "";
    if (t->flat_s > MUCH * all) {
        snprintf(share, sizeof share, " (%.0f %% of %.3g s)", 100.0 * t->flat_s / all, all);
    }
    myo_warn(d, "channel %s: %s for %.3g s%s, left out", l->name,
             l->cfg.kind == MYO_KIND_ACC ? "sensor stood still or dropped out" : "dropouts or electrode pops", t->flat_s, share);
    myo_plan_flag(l, "masked");
}

static void tell_stuck(myo_plan_lane *l, const myo_lane_totals *t, const myo_recinfo *info, myo_diag *d)
{
    for (int a = 0; a < l->cfg.n_axes; a++) {
        if (t->stuck_s[a] > 0.0) {
            myo_warn(d, "channel %s: axis %s stood still for %.3g s while others moved; movements along it are not seen there", l->name,
                     info->ch[l->ch[a]].label, t->stuck_s[a]);
            myo_plan_flag(l, "axis_missing");
        }
    }
}

/* What is asked for in volts cannot be had of a channel in another unit. */
static void tell_unknown_unit(const myo_plan_lane *l, myo_diag *d)
{
    myo_params usual;
    myo_params_defaults(&usual);
    if (l->cfg.params->legs_on) {
        myo_warn(d, "channel %s: unit unknown, no leg movements looked for", l->name);
    }
    if (l->cfg.params->emg_gate_uv != usual.emg_gate_uv) {
        myo_warn(d, "channel %s: unit unknown, emg.gate_uv is refused (found %g uV); emg.gate_raw serves instead (%g SD)", l->name,
                 l->cfg.params->emg_gate_uv, l->cfg.params->emg_gate_raw);
    }
}

static void check_lane(myo_plan_lane *l, const lane_job *j, const myo_recinfo *info, myo_diag *d)
{
    const myo_lane_totals *t = myo_lane_get_totals(j->lane);
    if (l->cfg.kind == MYO_KIND_EMG && !l->cfg.calibrated) {
        tell_unknown_unit(l, d);
    }
    if (t->n_missing > 0) {
        tell_missing(l, t, d);
    }
    if (t->clipped_s > 0.0) {
        myo_warn(d, "channel %s: clipped for %.3g s", l->name, t->clipped_s);
        myo_plan_flag(l, "clipped");
    }
    if (!l->flat && t->n_floor > 0) {
        myo_plan_doubt_unit(l, t->floor_sum / (double)t->n_floor, d);
    }
    if (l->flat) {
        myo_warn(d, "channel %s: flat, no estimate possible", l->name);
        myo_plan_flag(l, "flat");
    } else if (t->flat_s > 0.0) {
        tell_masked(l, t, d);
    }
    tell_stuck(l, t, info, d);
    if (t->n_short > 0) {
        myo_warn(d, "channel %s: %lld stretch%s shorter than the filter left out (%.3g s; it needs %d samples)", l->name,
                 (long long)t->n_short, t->n_short == 1 ? "" : "es", t->short_s, myo_lane_min_length(j->lane));
        myo_plan_flag(l, "short_segments");
    }
    if (t->gap_s > 0.5 / l->cfg.fs && t->n_segments > 1) {
        myo_plan_flag(l, "gaps");
    }
}

/* Time breaks for all lanes alike: one line for the recording. */
static void tell_gaps(const myo_lane_totals *t, const myo_plan *plan, myo_diag *d)
{
    const char *s = t->n_gaps == 1 ? "" : "s";
    if (t->n_gaps == 0 || t->lost_s <= 0.5 / plan->lane[0].cfg.fs) {
        return;
    }
    if (t->n_gaps_bridged == t->n_gaps) {
        myo_warn(d, "%lld short gap%s in time (%.3g s without samples), bridged", (long long)t->n_gaps, s, t->lost_s);
    } else if (t->n_gaps_bridged > 0) {
        myo_warn(d, "%lld gap%s in time (%.3g s without samples), %lld short ones bridged; what is cut by another is flagged "
                 "cut_end, cut_start", (long long)t->n_gaps, s, t->lost_s, (long long)t->n_gaps_bridged);
    } else {
        myo_warn(d, "%lld gap%s in time (%.3g s without samples); what is cut by one is flagged cut_end, cut_start",
                 (long long)t->n_gaps, s, t->lost_s);
    }
}

/* More missing samples than this say that the recording, or our reading of it, is broken (reliability.md 4.2). */
static const double MISSING_MAX = 0.05;

/* A recording without a usable second is an error, not an empty result. */
static myo_err check(myo_plan *plan, lane_job *j, const myo_recinfo *info, myo_diag *d)
{
    int64_t longest = 0, needed = 0;
    tell_gaps(myo_lane_get_totals(j[0].lane), plan, d);
    for (int i = 0; i < plan->n_lanes; i++) {
        myo_plan_lane *l = &plan->lane[i];
        const myo_lane_totals *t = myo_lane_get_totals(j[i].lane);
        if (info->truncated) {
            myo_plan_flag(l, "truncated");
        }
        check_lane(l, &j[i], info, d);
        const double n = t->duration_s * l->cfg.fs;
        if ((double)t->n_missing > MISSING_MAX * n) {
            return myo_fail(d, MYO_ERR_RANGE, "channel %s: too many samples missing (found %.3g %%, allowed %g %%)",
                            l->name, 100.0 * (double)t->n_missing / n, 100.0 * MISSING_MAX);
        }
        longest = (int64_t)n > longest ? (int64_t)n : longest;
        needed = needed == 0 || myo_lane_min_length(j[i].lane) < needed ? myo_lane_min_length(j[i].lane) : needed;
        j[i].result->totals = *t;
        if (l->flat || t->usable_s <= 0.0) {
            j[i].result->totals.usable_s = 0.0;
            myo_usable_clear(&j[i].result->usable);
        }
    }
    for (int i = 0; i < plan->n_lanes; i++) {
        if (j[i].result->totals.usable_s > 0.0) {
            return MYO_OK;
        }
    }
    if (longest < needed) {
        return myo_fail(d, MYO_ERR_TOO_SHORT, "too short: %lld samples, filter needs %lld", (long long)longest,
                        (long long)needed);
    }
    return myo_fail(d, MYO_ERR_NO_CHANNEL, "no channel with usable signal (found %d, all flat, masked or missing)",
                    plan->n_lanes);
}

static myo_err with_lanes(const myo_analyse_job *job, myo_rec *rec, myo_plan *plan, lane_job *j,
                          myo_lane_result *results, myo_diag *d)
{
    for (int i = 0; i < plan->n_lanes; i++) {
        j[i].plan = &plan->lane[i];
        j[i].result = &results[i];
        j[i].reel = &plan->reel;
        MYO_TRY(start_lane(&j[i], &plan->lane[i], job));
    }
    MYO_TRY(stream(job, rec, j, plan->n_lanes, d));
    MYO_TRY(myo_begin_check(job, myo_rec_info(rec), d)); /* text tells its length at its end */
    MYO_TRY(check(plan, j, myo_rec_info(rec), d));
    return myo_result_write(job, rec, plan, results, d);
}

static myo_err with_plan(const myo_analyse_job *job, myo_rec *rec, myo_plan *plan, myo_diag *d)
{
    const int n = plan->n_lanes;
    lane_job *j = myo_alloc((size_t)n, sizeof *j);
    myo_lane_result *results = myo_alloc((size_t)n, sizeof *results);
    const myo_err err = j && results ? with_lanes(job, rec, plan, j, results, d) : MYO_ERR_NOMEM;
    for (int i = 0; i < n; i++) {
        if (j) {
            myo_lane_free(&j[i].lane);
            myo_group_free(&j[i].group);
            myo_diag_clear(&j[i].d);
        }
        if (results) {
            myo_store_free(&results[i].cands);
            myo_store_free(&results[i].bursts);
            myo_store_free(&results[i].episodes);
            myo_store_free(&results[i].measured);
            myo_store_free(&results[i].tremor);
            myo_slow_free(&results[i].slow);
            myo_store_free(&results[i].lapses);
            myo_usable_clear(&results[i].usable);
        }
    }
    myo_free(j);
    myo_free(results);
    return err;
}

myo_err myo_analyse(const myo_analyse_job *job, myo_diag *d)
{
    myo_rec *rec = NULL;
    myo_plan plan = {.hold = true};
    myo_err err = myo_begin(job, &rec, &plan, d);
    err = err == MYO_OK ? with_plan(job, rec, &plan, d) : err;
    if (err == MYO_ERR_NOMEM && d->code == MYO_OK) {
        myo_fail(d, err, "not enough memory for %d channels", rec ? myo_rec_info(rec)->n_ch : 0);
    }
    myo_plan_free(&plan);
    myo_rec_close(&rec);
    return err;
}
