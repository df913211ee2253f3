/* floors.c - noise floors of epochs, measured behind each lane's own stages. */
#include <math.h>
#include "base/base.h"
#include "dsp/noise.h"
#include "myotab/stop.h"
#include "run/floors.h"

typedef struct lane_floors {
    myo_lane *lane;
    float *v;                /* a floor per epoch */
    size_t n, cap;
    double q;
    int64_t per_epoch;       /* blocks */
    myo_beat_find *heart;    /* EMG, where it is sought */
    myo_err err;
} lane_floors;

struct myo_floors {
    const myo_plan *plan;
    lane_floors *at;         /* per lane */
};

/* One segment's block energies: a floor for each epoch's worth of them. */
static myo_err take_blocks(void *user, float *energy, int64_t n, double dof)
{
    lane_floors *f = user;
    for (int64_t from = 0; from < n; from += f->per_epoch) {
        int64_t m = n - from < f->per_epoch ? n - from : f->per_epoch, kept = 0;
        if (from > 0 && m < f->per_epoch / 2) {
            break; /* a short rest says little */
        }
        for (int64_t i = 0; i < m; i++) {
            if (!isnan(energy[from + i])) {
                energy[from + kept++] = energy[from + i];
            }
        }
        if (kept > 0) {
            MYO_TRY(myo_grow((void **)&f->v, &f->cap, f->n + 1, sizeof(float)));
            f->v[f->n++] = (float)myo_floor_estimate(energy + from, kept, f->q, dof);
        }
    }
    return MYO_OK;
}

static myo_err take_wire(void *user, const float *x, int64_t n, bool first)
{
    return myo_beat_find_add(((lane_floors *)user)->heart, x, n, first);
}

static myo_err make_lane(lane_floors *f, const myo_lane_cfg *cfg, double hold_s)
{
    const myo_kind_params *k = cfg->kind == MYO_KIND_ACC ? &cfg->params->acc : &cfg->params->emg;
    const bool seek = cfg->kind == MYO_KIND_EMG && cfg->params->heart_on && !cfg->prior.heart.found;
    const myo_lane_sink sink = {.floor_blocks = take_blocks, .wire = seek ? take_wire : NULL, .user = f,
                                .hold = (int64_t)(hold_s * cfg->fs)};
    f->q = k->floor_q;
    f->per_epoch = (int64_t)fmax(4.0, k->floor_s * 1000.0 / k->floor_ms);
    MYO_TRY(seek ? myo_beat_find_new(&f->heart, cfg->fs) : MYO_OK);
    return myo_lane_new(&f->lane, cfg, &sink);
}

/* The lane before may have the same filter. */
static const myo_lane *like_of(const myo_floors *f, int i)
{
    const myo_lane_cfg *c = &f->plan->lane[i].cfg, *before = i > 0 ? &f->plan->lane[i - 1].cfg : NULL;
    const bool same = before && before->kind == c->kind && before->fs == c->fs && before->band_hi == c->band_hi;
    return same ? f->at[i - 1].lane : NULL;
}

myo_err myo_floors_new(myo_floors **out, const myo_plan *plan, double hold_s)
{
    myo_floors *f = myo_alloc(1, sizeof *f);
    if (!f) {
        return MYO_ERR_NOMEM;
    }
    f->plan = plan;
    f->at = myo_alloc((size_t)plan->n_lanes, sizeof *f->at);
    myo_err err = f->at ? MYO_OK : MYO_ERR_NOMEM;
    for (int i = 0; i < plan->n_lanes && err == MYO_OK; i++) {
        myo_lane_cfg cfg = plan->lane[i].cfg;
        cfg.like = like_of(f, i);
        err = make_lane(&f->at[i], &cfg, hold_s);
    }
    if (err != MYO_OK) {
        myo_floors_free(&f);
        return err;
    }
    *out = f;
    return MYO_OK;
}

myo_err myo_floors_block(myo_floors *f, int i, const myo_block *b)
{
    const myo_plan_lane *l = &f->plan->lane[i];
    const float *x[MYO_MAX_AXES];
    myo_plan_axes(l, b, x);
    return myo_lane_push(f->at[i].lane, x, b->n[l->ch[0]], b->start_s[l->ch[0]], b->gap);
}

static myo_err first_error(const myo_floors *f)
{
    for (int i = 0; i < f->plan->n_lanes; i++) {
        MYO_TRY(f->at[i].err);
    }
    return MYO_OK;
}

static void play(void *user, int i)
{
    myo_floors *f = user;
    const myo_reel *r = &f->plan->reel;
    lane_floors *at = &f->at[i];
    for (size_t k = 0; k < r->n && at->err == MYO_OK; k++) {
        at->err = myo_stop_requested() ? MYO_ERR_STOPPED : myo_floors_block(f, i, &r->at[k].b);
    }
}

myo_err myo_floors_reel(myo_floors *f, myo_pool *pool)
{
    myo_pool_for(pool, f->plan->n_lanes, play, f);
    return first_error(f);
}

static void finish(void *user, int i)
{
    lane_floors *at = &((myo_floors *)user)->at[i];
    at->err = myo_lane_finish(at->lane);
}

myo_err myo_floors_end(myo_floors *f, myo_pool *pool)
{
    myo_pool_for(pool, f->plan->n_lanes, finish, f);
    return first_error(f);
}

myo_lane *myo_floors_held(myo_floors *f, int i)
{
    myo_lane *l = f->at[i].lane;
    if (!myo_lane_is_held(l)) {
        return NULL;
    }
    f->at[i].lane = NULL;
    return l;
}

double myo_floors_get(myo_floors *f, int i, double q)
{
    return myo_quantile(f->at[i].v, (int64_t)f->at[i].n, q);
}

void myo_floors_heart(const myo_floors *f, int i, myo_beat_shape *shape)
{
    if (f->at[i].heart) {
        myo_beat_find_get(f->at[i].heart, shape);
    }
}

void myo_floors_free(myo_floors **floors)
{
    myo_floors *f = *floors;
    if (!f) {
        return;
    }
    for (int i = 0; f->at && i < f->plan->n_lanes; i++) {
        myo_lane_free(&f->at[i].lane);
        myo_beat_find_free(&f->at[i].heart);
        myo_free(f->at[i].v);
    }
    myo_free(f->at);
    myo_free(f);
    *floors = NULL;
}
