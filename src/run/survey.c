/* survey.c - segments, floors and extremes of every lane. */
#include <math.h>
#include "myotab/stop.h"
#include "run/survey.h"

/* One lane at work. */
typedef struct worker {
    const myo_plan_lane *plan;
    const myo_survey *survey;
    myo_survey_lane *out;
    myo_lane *lane;
    const myo_block *block;
    struct masked { int64_t on, off; } *masks; /* that samples to come may lie under */
    size_t n_masks, cap_masks;
    myo_lane_watch watch;
    myo_err err;
} worker;

/* ---- what a lane tells ---- */

static myo_err on_segment(void *user, double start_s)
{
    worker *w = user;
    myo_survey_lane *o = w->out;
    MYO_TRY(myo_grow((void **)&o->segment, &o->cap_segments, o->n_segments + 1, sizeof *o->segment));
    o->segment[o->n_segments++] = (myo_survey_segment){start_s, 0, o->n_floors};
    w->n_masks = 0;
    return MYO_OK;
}

static myo_err on_masked(void *user, int64_t on, int64_t off)
{
    worker *w = user;
    MYO_TRY(myo_grow((void **)&w->masks, &w->cap_masks, w->n_masks + 1, sizeof *w->masks));
    w->masks[w->n_masks++] = (struct masked){on, off};
    return MYO_OK;
}

static myo_err on_floor(void *user, int64_t on, int64_t end, double before, double after)
{
    myo_survey_lane *o = ((worker *)user)->out;
    MYO_TRY(myo_grow((void **)&o->floor, &o->cap_floors, o->n_floors + 1, sizeof *o->floor));
    (void)end;
    o->floor[o->n_floors++] = (myo_survey_floor){on, before, after};
    return MYO_OK;
}

/* Masks that end before a frame are done with. */
static void forget_masks(worker *w, int64_t before)
{
    size_t kept = 0;
    for (size_t i = 0; i < w->n_masks; i++) {
        if (w->masks[i].off > before) {
            w->masks[kept++] = w->masks[i];
        }
    }
    w->n_masks = kept;
}

static bool is_masked(const worker *w, int64_t frame)
{
    for (size_t i = 0; i < w->n_masks; i++) {
        if (frame >= w->masks[i].on && frame < w->masks[i].off) {
            return true;
        }
    }
    return false;
}

static void see(worker *w, int bin, const float *const *x, int64_t i)
{
    for (int a = 0; a < w->plan->cfg.n_axes; a++) {
        w->out->lo[bin] = fminf(w->out->lo[bin], x[a][i]); /* of NaN and a number: the number */
        w->out->hi[bin] = fmaxf(w->out->hi[bin], x[a][i]);
    }
}

static myo_err on_samples(void *user, int64_t first, int64_t n, const float *const *x)
{
    worker *w = user;
    const myo_survey *s = w->survey;
    myo_survey_segment *g = &w->out->segment[w->out->n_segments - 1];
    const double per_s = s->n_bins / (s->to_s - s->from_s), fs = w->plan->cfg.fs;
    forget_masks(w, first);
    g->n = first + n;
    for (int64_t i = 0; s->n_bins > 0 && i < n; i++) {
        const double at = floor((g->start_s + (double)(first + i) / fs - s->from_s) * per_s);
        if (at >= 0.0 && at < s->n_bins && !is_masked(w, first + i)) {
            see(w, (int)at, x, i);
        }
    }
    return MYO_OK;
}

/* ---- the pass ---- */

static myo_err start(worker *w, const myo_plan_lane *plan, const myo_survey *s, myo_survey_lane *out)
{
    *w = (worker){.plan = plan, .survey = s, .out = out};
    w->watch = (myo_lane_watch){on_segment, on_masked, on_samples, on_floor, w};
    out->lo = myo_alloc((size_t)s->n_bins + 1, sizeof *out->lo);
    out->hi = myo_alloc((size_t)s->n_bins + 1, sizeof *out->hi);
    if (!out->lo || !out->hi) {
        return MYO_ERR_NOMEM;
    }
    for (int i = 0; i < s->n_bins; i++) {
        out->lo[i] = out->hi[i] = NAN;
    }
    const myo_lane_sink sink = {.watch = &w->watch};
    MYO_TRY(myo_lane_new(&w->lane, &plan->cfg, &sink));
    out->epoch = myo_lane_epoch(w->lane);
    return MYO_OK;
}

static void work_block(void *user, int i)
{
    worker *w = &((worker *)user)[i];
    const float *x[MYO_MAX_AXES];
    const int c = w->plan->ch[0];
    if (w->err == MYO_OK) {
        myo_plan_axes(w->plan, w->block, x);
        w->err = myo_lane_push(w->lane, x, w->block->n[c], w->block->start_s[c], w->block->gap);
    }
}

static void work_finish(void *user, int i)
{
    worker *w = &((worker *)user)[i];
    w->err = w->err == MYO_OK ? myo_lane_finish(w->lane) : w->err;
}

static myo_err for_all(myo_pool *pool, worker *w, int n, void (*fn)(void *user, int i))
{
    for (int i = 0; !pool && i < n; i++) {
        fn(w, i);
    }
    if (pool) {
        myo_pool_for(pool, n, fn, w);
    }
    for (int i = 0; i < n; i++) {
        MYO_TRY(w[i].err);
    }
    return MYO_OK;
}

static myo_err stream(worker *w, int n, myo_rec *rec, double chunk_s, myo_pool *pool)
{
    MYO_TRY(myo_rec_seek(rec, 0.0));
    for (;;) {
        myo_block b;
        if (myo_stop_requested()) {
            return MYO_ERR_STOPPED;
        }
        MYO_TRY(myo_rec_read(rec, chunk_s, &b));
        if (b.n_ch == 0) {
            return for_all(pool, w, n, work_finish);
        }
        for (int i = 0; i < n; i++) {
            w[i].block = &b;
        }
        MYO_TRY(for_all(pool, w, n, work_block));
    }
}

/* Segments that were too short for the filter gave nothing. */
static void drop_empty(myo_survey_lane *l)
{
    size_t kept = 0;
    for (size_t i = 0; i < l->n_segments; i++) {
        if (l->segment[i].n > 0) {
            l->segment[kept++] = l->segment[i];
        }
    }
    l->n_segments = kept;
}

myo_err myo_survey_run(myo_survey *s, const myo_plan *plan, myo_rec *rec, double chunk_s, myo_pool *pool, int n_bins,
                       double from_s, double to_s)
{
    const int n = plan->n_lanes;
    worker *w = myo_alloc((size_t)n, sizeof *w);
    *s = (myo_survey){.n_lanes = n, .n_bins = n_bins, .from_s = from_s, .to_s = to_s,
                      .lane = myo_alloc((size_t)n, sizeof *s->lane)};
    myo_err err = w && s->lane ? MYO_OK : MYO_ERR_NOMEM;
    for (int i = 0; i < n && err == MYO_OK; i++) {
        err = start(&w[i], &plan->lane[i], s, &s->lane[i]);
    }
    err = err == MYO_OK ? stream(w, n, rec, chunk_s, pool) : err;
    for (int i = 0; w && i < n; i++) {
        myo_lane_free(&w[i].lane);
        myo_free(w[i].masks);
    }
    myo_free(w);
    for (int i = 0; err == MYO_OK && i < n; i++) {
        drop_empty(&s->lane[i]);
    }
    return err;
}

void myo_survey_clear(myo_survey *s)
{
    for (int i = 0; s->lane && i < s->n_lanes; i++) {
        myo_free(s->lane[i].segment);
        myo_free(s->lane[i].floor);
        myo_free(s->lane[i].lo);
        myo_free(s->lane[i].hi);
    }
    myo_free(s->lane);
    *s = (myo_survey){0};
}

double myo_survey_noise(const myo_survey_lane *l, const myo_survey_segment *g, int64_t frame)
{
    const myo_survey_segment *next = g + 1;
    const size_t end = next < l->segment + l->n_segments ? next->first_floor : l->n_floors;
    if (g->first_floor >= end) {
        return NAN;
    }
    const size_t at = g->first_floor + (size_t)(frame / l->epoch);
    const myo_survey_floor *f = &l->floor[at < end ? at : end - 1];
    const double part = fmax(0.0, fmin(1.0, (double)(frame - f->on) / (double)l->epoch));
    return sqrt(f->before * pow(f->after / f->before, part));
}
