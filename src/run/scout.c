/* scout.c - a look at the recording beforehand: rails, steps, gravity, the line, the session's noise floor.
 *
 * First pass over the raw samples of each lane, second pass through the lane's own stages for the floor, a third over the
 * span of rest if there is one. Windows of 10 s spread evenly over a recording that can seek; always the same ones, so the
 * results are too. */
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "myotab/stop.h"
#include "run/feed.h"
#include "run/floors.h"
#include "run/rawstat.h"
#include "run/tilt.h"

static const double WINDOW_S = 10.0, READ_S = 2.0;

/* ---- reading windows ---- */

/* n windows from the part's start on, evenly spread; the first block of each does not follow the one before. */
typedef struct windows {
    myo_rec *rec;
    double first, spread, seconds; /* s: the first one's start, from it to the last one's, and the length of each */
    int at, n;
    bool open;                     /* window `at` is being read */
    double slack;                  /* a part ends at the nearest sample */
} windows;

static double window_start(const windows *w)
{
    return w->first + (w->n > 1 ? floor(w->spread * w->at / (w->n - 1)) : 0.0);
}

static bool reached(const windows *w, const myo_block *b)
{
    const myo_recinfo *info = myo_rec_info(w->rec);
    double end = 0.0;
    for (int c = 0; c < b->n_ch; c++) {
        end = fmax(end, b->start_s[c] + (double)b->n[c] / info->ch[c].fs);
    }
    return end >= window_start(w) + w->seconds - w->slack;
}

static myo_err next_block(void *from, myo_block *b)
{
    windows *w = from;
    *b = (myo_block){0};
    while (w->at < w->n) {
        const bool starts = !w->open;
        MYO_TRY(starts ? myo_rec_seek(w->rec, myo_rec_info(w->rec)->can_seek ? window_start(w) : 0.0) : MYO_OK);
        MYO_TRY(myo_rec_read(w->rec, READ_S, b));
        w->open = b->n_ch > 0 && !reached(w, b);
        w->at += !w->open;
        if (b->n_ch > 0) {
            b->gap = b->gap || starts;
            return MYO_OK;
        }
    }
    return MYO_OK;
}

static windows one_window(myo_rec *rec, double from, double seconds)
{
    const myo_recinfo *info = myo_rec_info(rec);
    windows w = {.rec = rec, .first = from, .seconds = seconds, .n = 1};
    for (int c = 0; isfinite(info->to_s) && c < info->n_ch; c++) {
        w.slack = fmax(w.slack, 0.51 / info->ch[c].fs);
    }
    return w;
}

static windows all_windows(myo_rec *rec, double scout_s)
{
    const myo_recinfo *info = myo_rec_info(rec);
    const double length = fmin(info->duration_s < 0.0 ? INFINITY : info->duration_s, info->to_s) - info->from_s;
    if (!info->can_seek || length <= scout_s) {
        return one_window(rec, info->from_s, isfinite(info->to_s) ? fmin(scout_s, length) : scout_s);
    }
    windows w = one_window(rec, info->from_s, WINDOW_S);
    w.n = (int)(scout_s / WINDOW_S);
    w.spread = length - WINDOW_S;
    return w;
}

/* ---- the two passes ---- */

typedef struct scout {
    myo_plan *plan;
    myo_rawstat *stat;
    myo_err *err;            /* of each lane */
    myo_floors *floors;      /* second pass */
    myo_rec *rec;
    const myo_params *params;
    myo_pool *pool;
} scout;

static myo_err see_block(scout *s, int i, const myo_block *b)
{
    const myo_plan_lane *l = &s->plan->lane[i];
    const float *x[MYO_MAX_AXES];
    myo_plan_axes(l, b, x);
    if (b->gap) {
        s->stat[i].in_window = 0;
        if (s->stat[i].tilt) {
            myo_tilt_break(s->stat[i].tilt);
        }
    }
    return myo_rawstat_see(&s->stat[i], l, x, b->n[l->ch[0]]);
}

static bool first_pass(void *user, int i, const myo_block *b)
{
    scout *s = user;
    s->err[i] = see_block(s, i, b);
    return s->err[i] == MYO_OK;
}

static bool second_pass(void *user, int i, const myo_block *b)
{
    scout *s = user;
    s->err[i] = myo_floors_block(s->floors, i, b);
    return s->err[i] == MYO_OK;
}

static myo_err first_error(const scout *s)
{
    for (int i = 0; i < s->plan->n_lanes; i++) {
        MYO_TRY(s->err[i]);
    }
    return MYO_OK;
}

static myo_err pass(scout *s, windows w, myo_feed_fn fn)
{
    MYO_TRY(myo_feed(next_block, &w, s->pool, s->plan->n_lanes, fn, s));
    return first_error(s);
}

static void see_reel(void *user, int i)
{
    scout *s = user;
    const myo_reel *r = &s->plan->reel;
    const int c = s->plan->lane[i].ch[0];
    myo_rawstat *st = &s->stat[i];
    st->later = true;
    for (size_t k = 0; k < r->n && s->err[i] == MYO_OK; k++) {
        s->err[i] = myo_stop_requested() ? MYO_ERR_STOPPED : see_block(s, i, &r->at[k].b);
    }
    const bool again = s->err[i] == MYO_OK && myo_rawstat_may_hum(st, s->params);
    for (size_t k = 0; again && k < r->n && s->err[i] == MYO_OK; k++) {
        const myo_block *b = &r->at[k].b;
        s->err[i] = myo_stop_requested() ? MYO_ERR_STOPPED : myo_rawstat_see_again(st, b->x[c], b->n[c], k == 0 || b->gap);
    }
}

static myo_err see_all(scout *s)
{
    if (s->plan->reel.n == 0) {
        return pass(s, all_windows(s->rec, s->params->run_scout_s), first_pass);
    }
    myo_pool_for(s->pool, s->plan->n_lanes, see_reel, s);
    return first_error(s);
}

/* Is all of the recording looked at, and small enough to be kept? A minute of eight muscles takes 4 MB, and as much again
 * behind the filter. */
static bool is_short(const scout *s, const myo_period *rest)
{
    enum { MOST = 1 << 21 };
    const myo_recinfo *info = myo_rec_info(s->rec);
    double n = 0.0;
    for (int c = 0; c < info->n_ch; c++) {
        n += info->duration_s * info->ch[c].fs;
    }
    return s->plan->hold && !rest && info->can_seek && info->duration_s >= 0.0 && info->from_s <= 0.0 &&
           !isfinite(info->to_s) && info->duration_s <= s->params->run_scout_s && n <= MOST;
}

/* A calibrated floor under 6 uV needs no doubt, whatever its spectrum: a low-pass in the amplifier tilts it too. */
static void lower_if_active(myo_plan_lane *l, myo_rawstat *st)
{
    static const double SURE_UV = 6.0, MARGIN = 1.6; /* 2 dB: noise is not quite white */
    myo_lane_prior *prior = &l->cfg.prior;
    double density;
    if (!st->tilt || prior->rest || (l->cfg.calibrated && prior->floor < SURE_UV * SURE_UV) ||
        !myo_tilt_active(st->tilt, &density)) {
        return;
    }
    const double floor = MARGIN * density * (l->cfg.band_hi - l->cfg.params->emg.band_lo);
    if (floor < prior->floor) {
        prior->floor = fmax(floor, prior->least);
        prior->active = true;
        myo_plan_flag(l, "active_throughout");
    }
}

/* ---- rest ---- */

static const double REST_MIN_S = 2.0;

static myo_err check_rest(const myo_period *rest, const myo_recinfo *info, myo_diag *d)
{
    const double end = fmin(rest->to_s, info->duration_s < 0.0 ? INFINITY : info->duration_s);
    MYO_TRY(myo_period_check(rest, info, d));
    if (end - rest->from_s < REST_MIN_S) {
        return myo_fail(d, MYO_ERR_RANGE, "the span of rest is too short (found %.9g s, allowed from %g s)",
                        end - rest->from_s, REST_MIN_S);
    }
    return MYO_OK;
}

/* The recording's part is put back afterwards. */
static myo_err read_rest(scout *s, myo_rec *rec, const myo_period *rest, myo_diag *d)
{
    const myo_recinfo *info = myo_rec_info(rec);
    const double from = info->from_s, to = info->to_s;
    MYO_TRY(myo_rec_select(rec, rest->from_s, rest->to_s));
    MYO_TRY(pass(s, one_window(rec, rest->from_s, rest->to_s - rest->from_s), second_pass));
    MYO_TRY(check_rest(rest, info, d)); /* text tells its length at its end */
    return myo_rec_select(rec, from, to);
}

/* The median of the epochs: all of them are rest. */
static void take_rest(myo_plan_lane *l, double floor, myo_diag *d)
{
    static const double LOUD = 4.0; /* 6 dB */
    myo_lane_prior *prior = &l->cfg.prior;
    if (isnan(floor)) {
        myo_plan_flag(l, "no_rest");
        myo_warn(d, "channel %s: no usable signal in the span of rest; the noise floor is taken from the recording's "
                 "quiet moments", l->name);
        return;
    }
    if (prior->floor > 0.0 && floor > LOUD * prior->floor) {
        myo_plan_flag(l, "rest_not_quiet");
        myo_warn(d, "channel %s: the span of rest is not quiet (%.3g %s rms, quiet moments elsewhere %.3g)", l->name,
                 sqrt(floor), l->unit, sqrt(prior->floor));
    }
    prior->floor = fmax(floor, prior->least);
    prior->rest = true;
}

static myo_err floors_at_rest(scout *s, myo_rec *rec, const myo_period *rest, myo_diag *d)
{
    myo_floors_free(&s->floors);
    MYO_TRY(myo_floors_new(&s->floors, s->plan, 0.0));
    MYO_TRY(check_rest(rest, myo_rec_info(rec), d));
    MYO_TRY(read_rest(s, rec, rest, d));
    MYO_TRY(myo_floors_end(s->floors, s->pool));
    for (int i = 0; i < s->plan->n_lanes; i++) {
        take_rest(&s->plan->lane[i], myo_floors_get(s->floors, i, 0.5), d);
    }
    return MYO_OK;
}

/* ---- all of it ---- */

/* Session floor: the lower quartile of the epochs' floors, so that three quarters of a recording may be active. */
static myo_err floors_of_session(scout *s)
{
    const bool kept = s->plan->reel.n > 0;
    MYO_TRY(myo_floors_new(&s->floors, s->plan, kept ? myo_rec_info(s->rec)->duration_s + 1.0 : 0.0));
    MYO_TRY(kept ? myo_floors_reel(s->floors, s->pool) : pass(s, all_windows(s->rec, s->params->run_scout_s), second_pass));
    MYO_TRY(myo_floors_end(s->floors, s->pool));
    for (int i = 0; i < s->plan->n_lanes; i++) {
        const double floor = myo_floors_get(s->floors, i, 0.25);
        myo_lane_prior *prior = &s->plan->lane[i].cfg.prior;
        prior->floor = isnan(floor) ? 0.0 : fmax(floor, prior->least);
        myo_floors_heart(s->floors, i, &prior->heart);
        if (prior->heart.found) {
            myo_plan_flag(&s->plan->lane[i], "heart"); /* what is behind the filter has it still */
        } else {
            s->plan->lane[i].held = myo_floors_held(s->floors, i);
        }
    }
    return MYO_OK;
}

static myo_err look_again_without_dead_axes(scout *s, myo_diag *d)
{
    bool dropped = false;
    for (int i = 0; i < s->plan->n_lanes; i++) {
        dropped |= myo_rawstat_drop_dead(&s->plan->lane[i], &s->stat[i], myo_rec_info(s->rec), d);
    }
    for (int i = 0; dropped && i < s->plan->n_lanes; i++) {
        myo_rawstat_clear(&s->stat[i]);
        s->stat[i] = (myo_rawstat){0};
        MYO_TRY(myo_rawstat_init(&s->stat[i], &s->plan->lane[i], s->params->run_scout_s));
    }
    return dropped ? see_all(s) : MYO_OK;
}

static myo_err all_passes(scout *s, const myo_period *rest, myo_diag *d)
{
    const myo_recinfo *info = myo_rec_info(s->rec);
    for (int i = 0; i < s->plan->n_lanes; i++) {
        MYO_TRY(myo_rawstat_init(&s->stat[i], &s->plan->lane[i], s->params->run_scout_s));
    }
    MYO_TRY(is_short(s, rest) ? myo_reel_take(&s->plan->reel, s->rec, READ_S) : MYO_OK);
    MYO_TRY(see_all(s));
    MYO_TRY(look_again_without_dead_axes(s, d));
    for (int i = 0; i < s->plan->n_lanes; i++) {
        MYO_TRY(myo_rawstat_conclude(&s->plan->lane[i], &s->stat[i], info, s->params, d));
    }
    MYO_TRY(floors_of_session(s));
    if (rest) {
        MYO_TRY(floors_at_rest(s, s->rec, rest, d));
    }
    for (int i = 0; i < s->plan->n_lanes; i++) {
        lower_if_active(&s->plan->lane[i], &s->stat[i]);
    }
    return MYO_OK;
}

myo_err myo_scout(myo_plan *plan, myo_rec *rec, const myo_params *p, const myo_period *rest, myo_pool *pool, myo_diag *d)
{
    const size_t n = (size_t)plan->n_lanes;
    scout s = {.plan = plan, .rec = rec, .params = p, .pool = pool};
    s.stat = myo_alloc(n, sizeof *s.stat);
    s.err = myo_alloc(n, sizeof *s.err);
    const myo_err err = s.stat && s.err ? all_passes(&s, rest, d) : MYO_ERR_NOMEM;
    for (int i = 0; s.stat && i < plan->n_lanes; i++) {
        myo_rawstat_clear(&s.stat[i]);
    }
    myo_free(s.stat);
    myo_free(s.err);
    myo_floors_free(&s.floors);
    return err;
}
