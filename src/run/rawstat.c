/* rawstat.c - statistics of raw samples, and the first conclusions from them. */
#include <float.h>
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "dsp/noise.h"
#include "kern/kern.h"
#include "run/gravity.h"
#include "run/rawstat.h"

static const double SPECTRUM_S = 4.0;
enum { MAX_STEPS = 20000, PIECE = 1024 };

void myo_rawstat_clear(myo_rawstat *s)
{
    for (int a = 0; a < MYO_MAX_AXES; a++) {
        myo_free(s->axis[a].step);
        myo_free(s->kept[a]);
    }
    myo_spec_free(&s->spec);
    myo_tilt_free(&s->tilt);
    myo_free(s->log_psd);
    myo_free(s->psd);
    myo_free(s->product);
    myo_free(s->window);
}

myo_err myo_rawstat_init(myo_rawstat *s, const myo_plan_lane *l, double seconds)
{
    s->lag = (int)fmax(1.0, floor(0.002 * l->cfg.fs + 0.5));
    s->thin = (int64_t)fmax(1.0, ceil(seconds * l->cfg.fs / MAX_STEPS));
    for (int a = 0; a < l->cfg.n_axes; a++) {
        s->axis[a].lo = INFINITY;
        s->axis[a].hi = -INFINITY;
        s->axis[a].least_step = INFINITY;
        s->axis[a].sums = l->cfg.kind == MYO_KIND_ACC;
        s->axis[a].step = myo_alloc_room(MAX_STEPS + 1, sizeof(float));
        if (!s->axis[a].step) {
            return MYO_ERR_NOMEM;
        }
        s->kept[a] = l->cfg.n_axes == MYO_MAX_AXES ? myo_alloc(MAX_STEPS, sizeof *s->kept[a]) : NULL;
        if (l->cfg.n_axes == MYO_MAX_AXES && !s->kept[a]) {
            return MYO_ERR_NOMEM;
        }
    }
    myo_stall_init(&s->stall, &l->cfg);
    if (l->cfg.kind != MYO_KIND_EMG) {
        return MYO_OK;
    }
    s->fs = l->cfg.fs;
    s->f_max = l->cfg.band_hi + 6.0; /* a line's neighbourhood of 5 Hz, and a bin */
    s->window_n = myo_spec_good((int)(SPECTRUM_S * l->cfg.fs));
    s->window = myo_alloc((size_t)s->window_n, sizeof(float));
    return s->window ? myo_tilt_new(&s->tilt, l->cfg.fs) : MYO_ERR_NOMEM;
}

/* With the first window that is complete: a short recording has none. */
static myo_err spectrum_init(myo_rawstat *s)
{
    MYO_TRY(myo_spec_new(&s->spec, s->fs, (int)s->window_n, 1, s->f_max));
    const size_t bins = (size_t)myo_spec_bins(s->spec);
    s->log_psd = myo_alloc(bins, sizeof(double));
    s->psd = myo_alloc(bins, sizeof(double));
    s->product = myo_alloc(bins, sizeof(double));
    for (size_t b = 0; s->product && b < bins; b++) {
        s->product[b] = 1.0;
    }
    return s->log_psd && s->psd && s->product ? MYO_OK : MYO_ERR_NOMEM;
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

static void see_sample(myo_rawstat_axis *a, float x)
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

static double sum_of(const float *x, int64_t n)
{
    enum { AT_ONCE = 8 };    /* sums that do not wait for each other */
    double s[AT_ONCE] = {0.0};
    int64_t i = 0;
    for (; i + AT_ONCE <= n; i += AT_ONCE) {
        for (int k = 0; k < AT_ONCE; k++) {
            s[k] += (double)x[i + k];
        }
    }
    for (; i < n; i++) {
        s[0] += (double)x[i];
    }
    return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
}

/* Samples that lie within the extremes end the runs at these; of them only steps count. */
static bool see_within(myo_rawstat_axis *a, const float *x, int64_t n)
{
    float seen[3] = {x[0], x[0], a->least_step};
    const int64_t equal = myo_kern()->range(seen, x, n);
    if (!(seen[0] > a->lo && seen[1] < a->hi) || a->n == 0) {
        return false;
    }
    const float first = fabsf(x[0] - a->last);
    a->n_equal += equal + (first == 0.0f);
    a->least_step = first > 0.0f && first < seen[2] ? first : seen[2];
    a->sum += a->sums ? sum_of(x, n) : 0.0;
    a->at_lo = a->at_hi = 0;
    a->last = x[n - 1];
    a->n += n;
    return true;
}

/* In pieces, and those that touch an extreme in smaller ones, down to single samples. */
static void see_samples(myo_rawstat_axis *a, const float *x, int64_t n, int64_t piece)
{
    enum { LEAST = 64 };
    for (int64_t i = 0; i < n; i += piece) {
        const int64_t m = n - i < piece ? n - i : piece;
        if (see_within(a, x + i, m)) {
            continue;
        }
        if (piece > LEAST) {
            see_samples(a, x + i, m, LEAST);
            continue;
        }
        for (int64_t k = i; k < i + m; k++) {
            see_sample(a, x[k]);
        }
    }
}

/* |x[i] - x[i - lag]| after every thin-th sample of the axis; `before` of them had been seen. */
static void keep_steps(myo_rawstat_axis *a, const float *x, int64_t n, int64_t before, int lag, int64_t thin)
{
    for (int64_t i = thin - 1 - before % thin; i < n && a->n_step < MAX_STEPS; i += thin) {
        if (i >= lag) {
            if (a->n_step % (MAX_STEPS / MYO_RAWSTAT_LEVELS) == 0 && a->n_level < MYO_RAWSTAT_LEVELS) {
                a->level[a->n_level++] = x[i];
            }
            a->step[a->n_step++] = fabsf(x[i] - x[i - lag]);
        }
    }
}

/* Powers come from single precision: the product of so many is a number still. */
enum { FACTORS = 7 };

static void take_logs(myo_rawstat *s)
{
    const int bins = myo_spec_bins(s->spec);
    for (int b = 0; b < bins && s->n_factors > 0; b++) {
        s->log_psd[b] += log(s->product[b]);
        s->product[b] = 1.0;
    }
    s->n_factors = 0;
}

/* Geometric mean of spectra: bursts in some windows do not hide the line in the others. */
static myo_err window_done(myo_rawstat *s)
{
    if (!s->spec) {
        MYO_TRY(spectrum_init(s));
    }
    const int bins = myo_spec_bins(s->spec);
    memset(s->psd, 0, sizeof(double) * (size_t)bins);
    myo_spec_add(s->spec, s->window, s->psd);
    for (int b = 0; b < bins; b++) {
        s->product[b] *= s->psd[b] + 1e-30;
    }
    if (++s->n_factors == FACTORS) {
        take_logs(s);
    }
    s->n_spectra++;
    s->in_window = 0;
    return MYO_OK;
}

static myo_err see_spectrum(myo_rawstat *s, const float *x, int64_t n)
{
    while (n > 0) {
        const int64_t take = n < s->window_n - s->in_window ? n : s->window_n - s->in_window;
        memcpy(s->window + s->in_window, x, sizeof *x * (size_t)take);
        s->in_window += take;
        x += take;
        n -= take;
        MYO_TRY(s->in_window == s->window_n ? window_done(s) : MYO_OK);
    }
    return MYO_OK;
}

/* x[a][on..off) without missing samples. */
static myo_err see_stretch(myo_rawstat *s, const myo_plan_lane *l, const float *const *x, int64_t on, int64_t off)
{
    for (int a = 0; a < l->cfg.n_axes; a++) {
        myo_rawstat_axis *st = &s->axis[a];
        keep_steps(st, x[a] + on, off - on, st->n, s->lag, s->thin);
        see_samples(st, x[a] + on, off - on, PIECE);
    }
    for (int64_t i = on; l->cfg.n_axes == MYO_MAX_AXES && i < off; i++) {
        s->norm_sum += sqrt((double)x[0][i] * x[0][i] + (double)x[1][i] * x[1][i] + (double)x[2][i] * x[2][i]);
        for (int a = 0; s->norm_n % s->thin == 0 && s->n_kept < MAX_STEPS && a < MYO_MAX_AXES; a++) {
            s->kept[a][s->n_kept] = x[a][i];
        }
        s->n_kept += s->norm_n % s->thin == 0 && s->n_kept < MAX_STEPS;
        s->norm_n++;
    }
    if (l->cfg.kind == MYO_KIND_ACC) {
        myo_stall_see(&s->stall, x, on, off);
    }
    if (s->window && !s->later) {
        MYO_TRY(see_spectrum(s, x[0] + on, off - on));
    }
    return s->tilt ? myo_tilt_add(s->tilt, x[0] + on, off - on) : MYO_OK;
}

static void see_axes(myo_rawstat *s, const myo_plan_lane *l, const float *const *x, int64_t n)
{
    for (int a = 0; a < l->cfg.n_axes; a++) {
        for (int64_t i = 0; i < n && !s->seen[a]; i++) {
            s->seen[a] = !isnan(x[a][i]);
        }
    }
}

myo_err myo_rawstat_see(myo_rawstat *s, const myo_plan_lane *l, const float *const *x, int64_t n)
{
    see_axes(s, l, x, n);
    for (int64_t i = 0; i < n; i++) {
        const int64_t on = i;
        i = myo_axes_present(x, l->cfg.n_axes, i, n);
        if (i > on) {
            MYO_TRY(see_stretch(s, l, x, on, i));
        }
    }
    return MYO_OK;
}

/* In the coarse spectrum a line of 6 dB in the fine one, the least that counts, stands 0.9 dB high; of noise over a minute
 * one channel in twenty does so by 0.8. */
static const double COARSE_MIN_DB = 0.8;

bool myo_rawstat_may_hum(const myo_rawstat *s, const myo_params *p)
{
    const bool known = s->tilt && p->mains_freq <= 0.0 && p->mains_min_db >= 6.0;
    return s->window && p->mains_on && !(known && myo_tilt_hum_db(s->tilt) < COARSE_MIN_DB);
}

myo_err myo_rawstat_see_again(myo_rawstat *s, const float *x, int64_t n, bool apart)
{
    s->in_window = apart ? 0 : s->in_window;
    for (int64_t i = 0; i < n; i++) {
        const int64_t on = i;
        i = myo_axes_present(&x, 1, i, n);
        MYO_TRY(see_spectrum(s, x + on, i - on));
    }
    return MYO_OK;
}

/* ---- conclusions ---- */

/* Has the axis ever changed? */
static bool moves(const myo_rawstat_axis *s)
{
    return s->lo < s->hi;
}

/* An axis that never has a sample would make every sample of its sensor a missing one; one that always has the same shows no
 * movement along it. Where all that have samples are so, the sensor is flat, and they stay. */
bool myo_rawstat_drop_dead(myo_plan_lane *l, const myo_rawstat *s, const myo_recinfo *info, myo_diag *d)
{
    bool any = false;
    for (int a = 0; a < l->cfg.n_axes; a++) {
        any = any || moves(&s->axis[a]);
    }
    int kept[MYO_MAX_AXES], n = 0;
    for (int a = 0; a < l->cfg.n_axes; a++) {
        if (any ? moves(&s->axis[a]) : s->seen[a]) {
            kept[n++] = a;
        }
    }
    if (n == 0 || n == l->cfg.n_axes) {
        return false;
    }
    for (int a = 0, k = 0; a < l->cfg.n_axes; a++) {
        const char *label = info->ch[l->ch[a]].label;
        if (k < n && a == kept[k]) {
            k++;
        } else if (s->seen[a]) {
            myo_warn(d, "channel %s: axis %s never changes (found %g throughout); the others are analysed without it", l->name, label,
                     (double)s->axis[a].lo);
        } else {
            myo_warn(d, "channel %s: axis %s has no samples; the others are analysed without it", l->name, label);
        }
    }
    for (int k = 0; k < n; k++) {
        l->ch[k] = l->ch[kept[k]];
    }
    l->cfg.n_axes = n;
    myo_plan_flag(l, "axis_missing");
    return true;
}

/* The recorder's own rails, or an extreme that is held for clip_n samples. */
static void set_rails(myo_lane_prior *prior, int a, const myo_rawstat_axis *s, const myo_channel *c, int clip_n)
{
    const double span = (double)s->hi - s->lo;
    myo_rail_limits(c, &prior->rail_lo[a], &prior->rail_hi[a]);
    if (isnan(c->rail_lo) && s->run_lo >= clip_n && span > 0.0 && (double)s->n_equal < 0.2 * (double)s->n) {
        prior->rail_lo[a] = s->lo;
    }
    if (isnan(c->rail_hi) && s->run_hi >= clip_n && span > 0.0 && (double)s->n_equal < 0.2 * (double)s->n) {
        prior->rail_hi[a] = s->hi;
    }
}

static void judge_gravity(myo_plan_lane *l, const myo_rawstat *s, const myo_recinfo *info, myo_diag *d)
{
    myo_gravity g = {.norm_sum = s->norm_sum, .norm_n = s->norm_n, .n_kept = s->n_kept};
    for (int a = 0; a < l->cfg.n_axes; a++) {
        const myo_rawstat_axis *st = &s->axis[a];
        g.mean[a] = st->n > 0 ? st->sum / (double)st->n : 0.0;
        g.lo[a] = st->lo;
        g.hi[a] = st->hi;
        g.least_step[a] = st->least_step;
        g.kept[a] = s->kept[a];
    }
    myo_gravity_judge(l, &g, info, d);
}

static void find_line(myo_plan_lane *l, myo_rawstat *s, const myo_params *p)
{
    if (!s->spec || !p->mains_on || s->n_spectra == 0) {
        return;
    }
    const int bins = myo_spec_bins(s->spec);
    take_logs(s);
    for (int b = 0; b < bins; b++) {
        s->psd[b] = exp(s->log_psd[b] / (double)s->n_spectra);
    }
    myo_mains_find(&l->cfg.prior.line, s->psd, bins, myo_spec_df(s->spec), p->mains_freq, p->mains_min_db,
                   (int)p->mains_harmonics, l->cfg.band_hi);
}

static void take_medians(myo_rawstat_axis *s)
{
    s->usual_step = s->n_step > 0 ? (double)myo_order_statistic(s->step, s->n_step, s->n_step / 2) : 0.0;
    s->middle = s->n_level > 0 ? (double)myo_order_statistic(s->level, s->n_level, s->n_level / 2) : 0.0;
}

/* Steps as large as that say that the unit is wrong, single values that something else was recorded there. */
static void judge_amplitude(myo_plan_lane *l, const myo_rawstat_axis *s, myo_diag *d)
{
    static const double MOST_UV = 1e5;
    if (l->cfg.kind != MYO_KIND_EMG || !l->cfg.calibrated || s->n_step == 0 || s->n_level == 0) {
        return;
    }
    const double step = s->usual_step, reach = fmax((double)s->hi - s->middle, s->middle - (double)s->lo);
    if (step > MOST_UV || reach > MOST_UV) {
        myo_plan_flag(l, "amplitude_implausible");
        myo_warn(d, "channel %s: EMG amplitude is not plausible (%s %.3g mV, expected under 100 mV)", l->name,
                 step > MOST_UV ? "steps of" : "up to", (step > MOST_UV ? step : reach) / 1000.0);
    }
}

/* Farther from the middle than FAR times the step that one in a thousand exceeds lies no signal: the noise of a converter of 24
 * bits is not so small, and single precision knows little of anything beside such a value. */
static void set_far(myo_lane_prior *prior, int a, const myo_rawstat_axis *s)
{
    static const double FAR = 1e5;
    prior->far_lo[a] = prior->far_hi[a] = 0.0;
    if (s->n_step == 0 || s->n_level == 0) {
        return;
    }
    const double step = (double)myo_order_statistic(s->step, s->n_step, s->n_step - 1 - s->n_step / 1000);
    if (step > 0.0) {
        prior->far_lo[a] = (s->middle - FAR * step - prior->offset[a]) * prior->scale;
        prior->far_hi[a] = (s->middle + FAR * step - prior->offset[a]) * prior->scale;
    }
}

/* What single precision makes of a standing value. */
static double grain_of(const myo_rawstat_axis *s)
{
    float most = s->n_level > 0 ? 0.0f : fmaxf(fabsf(s->lo), fabsf(s->hi));
    for (int i = 0; i < s->n_level; i++) {
        most = fmaxf(most, fabsf(s->level[i]));
    }
    return (double)FLT_EPSILON * (double)most;
}

/* Of a sensor with several axes: what all of them hold is no clipping, wherever it is. */
static void take_stalls(myo_rawstat *s, int n_axes)
{
    for (int a = 0; n_axes > 1 && a < n_axes; a++) {
        s->axis[a].run_lo = s->stall.lo[a].run;
        s->axis[a].run_hi = s->stall.hi[a].run;
    }
}

myo_err myo_rawstat_conclude(myo_plan_lane *l, myo_rawstat *s, const myo_recinfo *info, const myo_params *p, myo_diag *d)
{
    myo_lane_prior *prior = &l->cfg.prior;
    double least = 0.0;
    int flat = 0;
    prior->scale = 1.0;
    memset(prior->offset, 0, sizeof prior->offset);
    judge_gravity(l, s, info, d);
    take_stalls(s, l->cfg.n_axes);
    for (int a = 0; a < l->cfg.n_axes; a++) {
        myo_rawstat_axis *st = &s->axis[a];
        const myo_channel *c = &info->ch[l->ch[a]];
        set_rails(prior, a, st, c, (int)p->mask_clip_n);
        prior->rail_lo[a] = (prior->rail_lo[a] - prior->offset[a]) * prior->scale;
        prior->rail_hi[a] = (prior->rail_hi[a] - prior->offset[a]) * prior->scale;
        take_medians(st);
        set_far(prior, a, st);
        prior->step_sd = fmax(prior->step_sd, 1.4826 * st->usual_step * prior->scale);
        if (st->n > 0) {
            prior->equal_share = fmax(prior->equal_share, (double)st->n_equal / (double)st->n);
        }
        const double lsb = c->lsb > 0.0 ? c->lsb : (isfinite(st->least_step) ? (double)st->least_step : 0.0);
        if (l->cfg.kind == MYO_KIND_EMG) { /* science.md 2: under 0.2 of the usual, and hardly a converter step */
            prior->dead_step = fmin(0.2 * prior->step_sd, 1.5 * lsb * prior->scale);
        }
        least += lsb * prior->scale * lsb * prior->scale / 12.0;
        if (st->n > 0) {
            const double grain = grain_of(st) * prior->scale;
            least += grain * grain;
        }
        flat += st->n > 0 && st->hi == st->lo;
        judge_amplitude(l, st, d);
    }
    l->flat = flat == l->cfg.n_axes;
    prior->least = fmax(0.25 * least, 1e-18);
    prior->width = s->tilt ? myo_tilt_width(s->tilt, p->emg.band_lo, l->cfg.band_hi) : 1.0;
    if (prior->step_sd <= 0.0) { /* all but constant: steps say nothing about pops */
        prior->step_sd = INFINITY;
    }
    find_line(l, s, p);
    if (prior->line.n_harmonics > 0) {
        myo_plan_flag(l, "mains");
    }
    return l->cfg.kind == MYO_KIND_ACC ? myo_stall_conclude(&s->stall, l, s->kept, s->n_kept) : MYO_OK;
}
