/* scout.c - a look at the recording beforehand: rails, steps, gravity, the line, the session's noise floor.
 *
 * First pass over the raw samples of each lane, second pass through the lane's own stages for the floor, a third over the
 * span of rest if there is one. Windows of 10 s spread evenly over a recording that can seek; always the same ones, so the
 * results are too. */
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "dsp/spec.h"
#include "myotab/stop.h"
#include "run/floors.h"
#include "run/tilt.h"

static const double WINDOW_S = 10.0, SPECTRUM_S = 4.0, READ_S = 2.0;
enum { MAX_STEPS = 20000 };

/* Raw statistics of one axis. */
typedef struct axis_stat {
    float lo, hi;            /* extremes */
    int64_t run_lo, run_hi;  /* longest runs at them */
    int64_t at_lo, at_hi;    /* present runs */
    int64_t n, n_equal;
    double sum;
    float least_step;        /* smallest difference that is not 0 */
    float *step;             /* |x[i + 2 ms] - x[i]|, thinned */
    int64_t n_step;
    float last;
} axis_stat;

typedef struct lane_stat {
    axis_stat axis[MYO_MAX_AXES];
    int lag;                 /* samples in 2 ms */
    int64_t thin;            /* every thin-th difference is kept */
    double fs;
    myo_spec *spec;          /* EMG only */
    double *log_psd, *psd;
    int64_t n_spectra;
    float *window;           /* samples for the next spectrum */
    int64_t in_window, window_n;
    myo_tilt *tilt;          /* EMG from 1000 Hz up */
    double norm_sum;         /* of |a|, accelerometer */
    int64_t norm_n;
} lane_stat;

static void stat_free(lane_stat *s)
{
    for (int a = 0; a < MYO_MAX_AXES; a++) {
        myo_free(s->axis[a].step);
    }
    myo_spec_free(&s->spec);
    myo_tilt_free(&s->tilt);
    myo_free(s->log_psd);
    myo_free(s->psd);
    myo_free(s->window);
}

static myo_err stat_init(lane_stat *s, const myo_plan_lane *l, double seconds)
{
    s->lag = (int)fmax(1.0, floor(0.002 * l->cfg.fs + 0.5));
    s->thin = (int64_t)fmax(1.0, ceil(seconds * l->cfg.fs / MAX_STEPS));
    for (int a = 0; a < l->cfg.n_axes; a++) {
        s->axis[a].lo = INFINITY;
        s->axis[a].hi = -INFINITY;
        s->axis[a].least_step = INFINITY;
        s->axis[a].step = myo_alloc(MAX_STEPS + 1, sizeof(float));
        if (!s->axis[a].step) {
            return MYO_ERR_NOMEM;
        }
    }
    if (l->cfg.kind != MYO_KIND_EMG) {
        return MYO_OK;
    }
    s->fs = l->cfg.fs;
    s->window_n = myo_spec_good((int)(SPECTRUM_S * l->cfg.fs));
    s->window = myo_alloc((size_t)s->window_n, sizeof(float));
    return s->window ? myo_tilt_new(&s->tilt, l->cfg.fs) : MYO_ERR_NOMEM;
}

/* With the first window that is complete: a short recording has none. */
static myo_err spectrum_init(lane_stat *s)
{
    MYO_TRY(myo_spec_new(&s->spec, s->fs, (int)s->window_n, 1, s->fs));
    const size_t bins = (size_t)myo_spec_bins(s->spec);
    s->log_psd = myo_alloc(bins, sizeof(double));
    s->psd = myo_alloc(bins, sizeof(double));
    return s->log_psd && s->psd ? MYO_OK : MYO_ERR_NOMEM;
}

/* ---- first pass ---- */

static void see_extreme(float x, float *extreme, bool beyond, int64_t *at, int64_t *run)
{
    if (beyond) {
        *extreme = x;
        *run = 0;
        *at = 0;
    }
    *at = x == *extreme ? *at + 1 : 0;
    *run = *at > *run ? *at : *run;
}

static void see_sample(axis_stat *a, float x)
{
    see_extreme(x, &a->lo, x < a->lo, &a->at_lo, &a->run_lo);
    see_extreme(x, &a->hi, x > a->hi, &a->at_hi, &a->run_hi);
    if (a->n > 0) {
        const float step = fabsf(x - a->last);
        a->n_equal += step == 0.0f;
        if (step > 0.0f && step < a->least_step) {
            a->least_step = step;
        }
    }
    a->last = x;
    a->sum += x;
    a->n++;
}

/* Geometric mean of spectra: bursts in some windows do not hide the line in the others. */
static myo_err see_spectrum(lane_stat *s, const float *x, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        s->window[s->in_window++] = x[i];
        if (s->in_window == s->window_n) {
            if (!s->spec) {
                MYO_TRY(spectrum_init(s));
            }
            const int bins = myo_spec_bins(s->spec);
            memset(s->psd, 0, sizeof(double) * (size_t)bins);
            myo_spec_add(s->spec, s->window, s->psd);
            for (int b = 0; b < bins; b++) {
                s->log_psd[b] += log(s->psd[b] + 1e-30);
            }
            s->n_spectra++;
            s->in_window = 0;
        }
    }
    return MYO_OK;
}

/* x[a][on..off) without missing samples. */
static myo_err see_stretch(lane_stat *s, const myo_plan_lane *l, const float *const *x, int64_t on, int64_t off)
{
    for (int a = 0; a < l->cfg.n_axes; a++) {
        axis_stat *st = &s->axis[a];
        for (int64_t i = on; i < off; i++) {
            see_sample(st, x[a][i]);
            if (st->n % s->thin == 0 && i - s->lag >= on && st->n_step < MAX_STEPS) {
                st->step[st->n_step++] = fabsf(x[a][i] - x[a][i - s->lag]);
            }
        }
    }
    for (int64_t i = on; l->cfg.n_axes == MYO_MAX_AXES && i < off; i++) {
        s->norm_sum += sqrt((double)x[0][i] * x[0][i] + (double)x[1][i] * x[1][i] + (double)x[2][i] * x[2][i]);
        s->norm_n++;
    }
    if (s->window) {
        MYO_TRY(see_spectrum(s, x[0] + on, off - on));
    }
    return s->tilt ? myo_tilt_add(s->tilt, x[0] + on, off - on) : MYO_OK;
}

static myo_err see_block(lane_stat *s, const myo_plan_lane *l, const float *const *x, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        const int64_t on = i;
        i = myo_axes_present(x, l->cfg.n_axes, i, n);
        if (i > on) {
            MYO_TRY(see_stretch(s, l, x, on, i));
        }
    }
    return MYO_OK;
}

/* ---- conclusions ---- */

/* The recorder's own rails, or an extreme that is held for clip_n samples. */
static void set_rails(myo_lane_prior *prior, int a, const axis_stat *s, const myo_channel *c, int clip_n)
{
    const double span = (double)s->hi - s->lo;
    prior->rail_lo[a] = c->rail_lo;
    prior->rail_hi[a] = c->rail_hi;
    if (isnan(c->rail_lo) && s->run_lo >= clip_n && span > 0.0 && (double)s->n_equal < 0.2 * (double)s->n) {
        prior->rail_lo[a] = s->lo;
    }
    if (isnan(c->rail_hi) && s->run_hi >= clip_n && span > 0.0 && (double)s->n_equal < 0.2 * (double)s->n) {
        prior->rail_hi[a] = s->hi;
    }
}

/* Gravity tells the scale of uncalibrated sensors, and betrays a wrong unit (contract.md 4, reliability.md 4.2). */
static void judge_gravity(myo_plan_lane *l, const lane_stat *s, myo_diag *d)
{
    if (l->cfg.kind != MYO_KIND_ACC || s->norm_n == 0) {
        return;
    }
    const double norm = s->norm_sum / (double)s->norm_n;
    if (!l->cfg.calibrated && norm > 0.0) {
        l->cfg.prior.scale = 1.0 / norm;
        l->cfg.calibrated = true;
        snprintf(l->unit, sizeof l->unit, "g");
        myo_plan_flag(l, "scale_from_gravity");
        myo_warn(d, "channel %s: scale found from gravity (%g file units are 1 g); amplitudes are in g", l->name, norm);
    } else if (fabs(norm * 9.80665 - 1.0) < 0.2) {
        l->cfg.prior.scale = 9.80665;
        myo_plan_flag(l, "unit_from_gravity");
        myo_warn(d, "channel %s: gravity is %.3g m/s^2 by the stated unit, but would be right in g; taken as g",
                 l->name, norm * 9.80665);
    } else if (norm < 0.5 || norm > 2.0) {
        myo_plan_flag(l, "gravity_implausible");
        myo_warn(d, "channel %s: gravity is not plausible (found %.3g g, expected 0.5-2 g)", l->name, norm);
    }
}

static void find_line(myo_plan_lane *l, const lane_stat *s, const myo_params *p)
{
    if (!s->spec || !p->mains_on || s->n_spectra == 0) {
        return;
    }
    const int bins = myo_spec_bins(s->spec);
    for (int b = 0; b < bins; b++) {
        s->psd[b] = exp(s->log_psd[b] / (double)s->n_spectra);
    }
    myo_mains_find(&l->cfg.prior.line, s->psd, bins, myo_spec_df(s->spec), p->mains_freq, p->mains_min_db,
                   (int)p->mains_harmonics, l->cfg.band_hi);
}

static void judge_amplitude(myo_plan_lane *l, const axis_stat *s, myo_diag *d)
{
    if (l->cfg.kind == MYO_KIND_EMG && l->cfg.calibrated && s->n_step > 0 &&
        (double)s->step[s->n_step / 2] > 1e5) { /* the median: conclude() has put it there */
        myo_plan_flag(l, "amplitude_implausible");
        myo_warn(d, "channel %s: EMG amplitude is not plausible (steps of %.3g mV, expected under 100 mV)", l->name,
                 (double)s->step[s->n_step / 2] / 1000.0);
    }
}

static void conclude(myo_plan_lane *l, lane_stat *s, const myo_recinfo *info, const myo_params *p, myo_diag *d)
{
    myo_lane_prior *prior = &l->cfg.prior;
    double least = 0.0;
    int flat = 0;
    prior->scale = 1.0;
    judge_gravity(l, s, d);
    for (int a = 0; a < l->cfg.n_axes; a++) {
        axis_stat *st = &s->axis[a];
        const myo_channel *c = &info->ch[l->ch[a]];
        set_rails(prior, a, st, c, (int)p->mask_clip_n);
        prior->rail_lo[a] *= prior->scale;
        prior->rail_hi[a] *= prior->scale;
        if (st->n_step > 0) {
            const float median = myo_select_f32(st->step, (size_t)st->n_step, (size_t)(st->n_step / 2));
            prior->step_sd = fmax(prior->step_sd, 1.4826 * (double)median * prior->scale);
        }
        if (st->n > 0) {
            prior->equal_share = fmax(prior->equal_share, (double)st->n_equal / (double)st->n);
        }
        const double lsb = c->lsb > 0.0 ? c->lsb : (isfinite(st->least_step) ? (double)st->least_step : 0.0);
        if (l->cfg.kind == MYO_KIND_EMG) { /* science.md 2: under 0.2 of the usual, and hardly a converter step */
            prior->dead_step = fmin(0.2 * prior->step_sd, 1.5 * lsb * prior->scale);
        }
        least += lsb * prior->scale * lsb * prior->scale / 12.0;
        flat += st->n > 0 && st->hi == st->lo;
        judge_amplitude(l, st, d);
    }
    l->flat = flat == l->cfg.n_axes;
    prior->least = fmax(0.25 * least, 1e-18);
    if (prior->step_sd <= 0.0) { /* all but constant: steps say nothing about pops */
        prior->step_sd = INFINITY;
    }
    find_line(l, s, p);
    if (prior->line.n_harmonics > 0) {
        myo_plan_flag(l, "mains");
    }
}

/* ---- reading windows ---- */

typedef myo_err (*block_fn)(void *user, const myo_block *b, bool first);

static myo_err read_window(myo_rec *rec, double from, double seconds, block_fn fn, void *user)
{
    const myo_recinfo *info = myo_rec_info(rec);
    bool first = true;
    double slack = 0.0; /* a part ends at the nearest sample */
    for (int c = 0; isfinite(info->to_s) && c < info->n_ch; c++) {
        slack = fmax(slack, 0.51 / info->ch[c].fs);
    }
    MYO_TRY(myo_rec_seek(rec, info->can_seek ? from : 0.0));
    for (;;) {
        myo_block b;
        double reached = 0.0;
        if (myo_stop_requested()) {
            return MYO_ERR_STOPPED;
        }
        MYO_TRY(myo_rec_read(rec, READ_S, &b));
        if (b.n_ch == 0) {
            return MYO_OK;
        }
        MYO_TRY(fn(user, &b, first));
        first = false;
        for (int c = 0; c < b.n_ch; c++) {
            reached = fmax(reached, b.start_s[c] + (double)b.n[c] / info->ch[c].fs);
        }
        if (reached >= from + seconds - slack) {
            return MYO_OK;
        }
    }
}

static myo_err read_windows(myo_rec *rec, double scout_s, block_fn fn, void *user)
{
    const myo_recinfo *info = myo_rec_info(rec);
    const double length = fmin(info->duration_s < 0.0 ? INFINITY : info->duration_s, info->to_s) - info->from_s;
    if (!info->can_seek || length <= scout_s) {
        return read_window(rec, info->from_s, isfinite(info->to_s) ? fmin(scout_s, length) : scout_s, fn, user);
    }
    const int n = (int)(scout_s / WINDOW_S);
    for (int i = 0; i < n; i++) {
        const double from = (length - WINDOW_S) * i / (n > 1 ? n - 1 : 1);
        MYO_TRY(read_window(rec, info->from_s + floor(from), WINDOW_S, fn, user));
    }
    return MYO_OK;
}

/* ---- the two passes ---- */

typedef struct scout {
    myo_plan *plan;
    lane_stat *stat;
    myo_floors *floors;      /* second pass */
} scout;

static myo_err first_pass(void *user, const myo_block *b, bool first)
{
    scout *s = user;
    for (int i = 0; i < s->plan->n_lanes; i++) {
        const myo_plan_lane *l = &s->plan->lane[i];
        const float *x[MYO_MAX_AXES];
        myo_plan_axes(l, b, x);
        if (first || b->gap) {
            s->stat[i].in_window = 0;
            if (s->stat[i].tilt) {
                myo_tilt_break(s->stat[i].tilt);
            }
        }
        MYO_TRY(see_block(&s->stat[i], l, x, b->n[l->ch[0]]));
    }
    return MYO_OK;
}

static myo_err second_pass(void *user, const myo_block *b, bool first)
{
    return myo_floors_block(((scout *)user)->floors, b, first);
}

/* A calibrated floor under 6 uV needs no doubt, whatever its spectrum: a low-pass in the amplifier tilts it too. */
static void lower_if_active(myo_plan_lane *l, lane_stat *st)
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
    MYO_TRY(read_window(rec, rest->from_s, rest->to_s - rest->from_s, second_pass, s));
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
    MYO_TRY(myo_floors_new(&s->floors, s->plan));
    MYO_TRY(check_rest(rest, myo_rec_info(rec), d));
    MYO_TRY(read_rest(s, rec, rest, d));
    MYO_TRY(myo_floors_end(s->floors));
    for (int i = 0; i < s->plan->n_lanes; i++) {
        take_rest(&s->plan->lane[i], myo_floors_get(s->floors, i, 0.5), d);
    }
    return MYO_OK;
}

/* ---- all of it ---- */

/* Session floor: the lower quartile of the epochs' floors, so that three quarters of a recording may be active. */
static myo_err floors_of_session(scout *s, myo_rec *rec, const myo_params *p)
{
    MYO_TRY(myo_floors_new(&s->floors, s->plan));
    MYO_TRY(read_windows(rec, p->run_scout_s, second_pass, s));
    MYO_TRY(myo_floors_end(s->floors));
    for (int i = 0; i < s->plan->n_lanes; i++) {
        const double floor = myo_floors_get(s->floors, i, 0.25);
        myo_lane_prior *prior = &s->plan->lane[i].cfg.prior;
        prior->floor = isnan(floor) ? 0.0 : fmax(floor, prior->least);
        myo_floors_heart(s->floors, i, &prior->heart);
        if (prior->heart.found) {
            myo_plan_flag(&s->plan->lane[i], "heart");
        }
    }
    return MYO_OK;
}

static myo_err all_passes(scout *s, myo_rec *rec, const myo_params *p, const myo_period *rest, myo_diag *d)
{
    const myo_recinfo *info = myo_rec_info(rec);
    for (int i = 0; i < s->plan->n_lanes; i++) {
        MYO_TRY(stat_init(&s->stat[i], &s->plan->lane[i], p->run_scout_s));
    }
    MYO_TRY(read_windows(rec, p->run_scout_s, first_pass, s));
    for (int i = 0; i < s->plan->n_lanes; i++) {
        conclude(&s->plan->lane[i], &s->stat[i], info, p, d);
    }
    MYO_TRY(floors_of_session(s, rec, p));
    if (rest) {
        MYO_TRY(floors_at_rest(s, rec, rest, d));
    }
    for (int i = 0; i < s->plan->n_lanes; i++) {
        lower_if_active(&s->plan->lane[i], &s->stat[i]);
    }
    return MYO_OK;
}

myo_err myo_scout(myo_plan *plan, myo_rec *rec, const myo_params *p, const myo_period *rest, myo_diag *d)
{
    scout s = {.plan = plan, .stat = myo_alloc((size_t)plan->n_lanes, sizeof *s.stat)};
    const myo_err err = s.stat ? all_passes(&s, rec, p, rest, d) : MYO_ERR_NOMEM;
    for (int i = 0; s.stat && i < plan->n_lanes; i++) {
        stat_free(&s.stat[i]);
    }
    myo_free(s.stat);
    myo_floors_free(&s.floors);
    return err;
}
