/* plan.c - lanes from a recording's channels. */
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "run/plan.h"

/* Lowest rates: EMG needs something over its lower edge, an accelerometer 20 Hz to show 3-9 Hz (science.md 2). */
static const double ACC_MIN_HZ = 20.0, ACC_GOOD_HZ = 50.0, EMG_GOOD_HZ = 500.0;

/* Is the flag one of the ";"-separated ones? */
static bool has_flag(const char *flags, const char *flag)
{
    const size_t n = strlen(flag);
    for (const char *at = flags; (at = strstr(at, flag)) != NULL; at += n) {
        if ((at == flags || at[-1] == ';') && (at[n] == '\0' || at[n] == ';')) {
            return true;
        }
    }
    return false;
}

void myo_plan_flag(myo_plan_lane *lane, const char *flag)
{
    const size_t have = strlen(lane->flags);
    if (!has_flag(lane->flags, flag) && have + strlen(flag) + 2 < sizeof lane->flags) {
        snprintf(lane->flags + have, sizeof lane->flags - have, "%s%s", have ? ";" : "", flag);
    }
}

void myo_plan_doubt_unit(myo_plan_lane *l, double floor_rms, myo_diag *d)
{
    /* Skin and amplifier make 1-20 uV; an amplifier with its input shorted 0.1 uV and more, a loose electrode hundreds. */
    static const double LEAST_UV = 0.05, MOST_UV = 500.0;
    /* The quietest sensors of silicon make 20 ug/sqrt(Hz), 0.1 mg in 20 Hz, and piezo ones a twentieth; heart and breath
     * shake a resting limb by more. No limb shakes at 2 g all the time. */
    static const double LEAST_G = 5e-6, MOST_G = 2.0;
    if (l->cfg.kind == MYO_KIND_ACC && l->cfg.calibrated && !has_flag(l->flags, "gravity_implausible") &&
        !(floor_rms >= LEAST_G && floor_rms <= MOST_G)) {
        myo_warn(d, "channel %s: noise floor of %.3g g rms, are its unit and scale right? (expected %g to %g g)", l->name,
                 floor_rms, LEAST_G, MOST_G);
        myo_plan_flag(l, "unit?");
    }
    if (l->cfg.kind == MYO_KIND_EMG && l->cfg.calibrated && !(floor_rms >= LEAST_UV && floor_rms <= MOST_UV)) {
        myo_warn(d, "channel %s: noise floor of %.3g uV rms, is its unit right? (expected %g to %g uV)", l->name, floor_rms,
                 LEAST_UV, MOST_UV);
        myo_plan_flag(l, "unit?");
    }
}

/* The least rate that carries an octave of the lane's band. */
static double least_rate(const myo_plan_lane *l)
{
    const bool acc = l->cfg.kind == MYO_KIND_ACC;
    const double least = 2.0 * (acc ? l->cfg.params->acc.band_lo : l->cfg.params->emg.band_lo) / 0.45;
    return acc ? fmax(least, ACC_MIN_HZ) : least;
}

static bool fast_enough(myo_plan_lane *l, myo_diag *d)
{
    const myo_kind_params *k = l->cfg.kind == MYO_KIND_ACC ? &l->cfg.params->acc : &l->cfg.params->emg;
    const double fs = l->cfg.fs;
    l->cfg.band_hi = fmin(k->band_hi, 0.45 * fs);
    if (l->cfg.band_hi < 2.0 * k->band_lo || (l->cfg.kind == MYO_KIND_ACC && fs < ACC_MIN_HZ)) {
        myo_warn(d, "channel %s left out: %g Hz is too slow for %s (found %g Hz, needs %g Hz)", l->name, fs,
                 myo_kind_name(l->cfg.kind), fs, least_rate(l));
        return false;
    }
    const double good = l->cfg.kind == MYO_KIND_ACC ? ACC_GOOD_HZ : EMG_GOOD_HZ;
    if (fs < good) {
        myo_warn(d, "channel %s: band cut to %g Hz by its rate (found %g Hz, wanted at least %g Hz)", l->name,
                 l->cfg.band_hi, fs, good);
        myo_plan_flag(l, "slow");
    }
    return true;
}

static void set_lane(myo_plan_lane *l, const myo_recinfo *info, int first, const myo_params *p)
{
    const myo_channel *c = &info->ch[first];
    memset(l, 0, sizeof *l);
    l->cfg.kind = c->kind;
    l->cfg.fs = c->fs;
    l->cfg.start_s = (double)myo_sample_at(info->from_s, c->fs) / c->fs;
    l->cfg.n_axes = 1;
    l->cfg.params = p;
    l->cfg.calibrated = strcmp(c->unit, "au") != 0;
    l->ch[0] = first;
    snprintf(l->name, sizeof l->name, "%s", c->label);
    snprintf(l->unit, sizeof l->unit, "%s", c->unit);
    if (c->guessed) {
        myo_plan_flag(l, "kind_guessed");
    }
    if (!l->cfg.calibrated) {
        myo_plan_flag(l, "uncalibrated");
    }
}

/* The other axes of channel `first`'s sensor, at its rate. */
static void find_axes(myo_plan_lane *l, const myo_recinfo *info, int first)
{
    const myo_channel *c = &info->ch[first];
    int at[MYO_MAX_AXES] = {-1, -1, -1}, n = 0;
    for (int i = 0; i < info->n_ch; i++) {
        const myo_channel *o = &info->ch[i];
        if (o->kind == MYO_KIND_ACC && o->axis >= 0 && o->axis < MYO_MAX_AXES && o->fs == c->fs &&
            strcmp(o->sensor, c->sensor) == 0) {
            at[o->axis] = i;
        }
    }
    for (int a = 0; a < MYO_MAX_AXES; a++) {
        n += at[a] >= 0;
    }
    if (n < 2) {
        return;
    }
    l->cfg.n_axes = 0;
    for (int a = 0; a < MYO_MAX_AXES; a++) {
        if (at[a] >= 0) {
            l->ch[l->cfg.n_axes++] = at[a];
        }
    }
    snprintf(l->name, sizeof l->name, "%s", c->sensor);
}

static bool taken(const myo_plan *plan, int channel)
{
    for (int i = 0; i < plan->n_lanes; i++) {
        for (int a = 0; a < plan->lane[i].cfg.n_axes; a++) {
            if (plan->lane[i].ch[a] == channel) {
                return true;
            }
        }
    }
    return false;
}

myo_err myo_plan_make(myo_plan *plan, const myo_recinfo *info, const myo_params *p, myo_diag *d)
{
    double fastest = 0.0, needed = 0.0; /* of those that are too slow the one that comes nearest */
    plan->n_lanes = 0;
    plan->lane = myo_alloc((size_t)info->n_ch + 1, sizeof *plan->lane);
    if (!plan->lane) {
        return myo_fail(d, MYO_ERR_NOMEM, "no memory for %d channels", info->n_ch);
    }
    for (int i = 0; i < info->n_ch; i++) {
        const myo_channel *c = &info->ch[i];
        if (c->kind == MYO_KIND_OTHER || taken(plan, i)) {
            continue;
        }
        myo_plan_lane *l = &plan->lane[plan->n_lanes];
        set_lane(l, info, i, p);
        if (c->kind == MYO_KIND_ACC && c->sensor[0]) {
            find_axes(l, info, i);
        }
        if (fast_enough(l, d)) {
            l->cfg.index = plan->n_lanes++;
        } else if (needed <= 0.0 || c->fs / least_rate(l) > fastest / needed) {
            fastest = c->fs;
            needed = least_rate(l);
        }
    }
    if (plan->n_lanes == 0) {
        return fastest > 0.0 ? myo_fail(d, MYO_ERR_TOO_SLOW, "every EMG or accelerometer channel is too slow to analyse "
                               "(found %g Hz, allowed from %g Hz)", fastest, needed)
                    : myo_fail(d, MYO_ERR_NO_CHANNEL, "no EMG or accelerometer channel (found %d of other kinds; "
                               "--channels can name them)", info->n_ch);
    }
    return MYO_OK;
}

void myo_plan_axes(const myo_plan_lane *lane, const myo_block *b, const float *x[MYO_MAX_AXES])
{
    for (int a = 0; a < lane->cfg.n_axes; a++) {
        x[a] = b->x[lane->ch[a]];
    }
}

void myo_plan_free(myo_plan *plan)
{
    for (int i = 0; plan->lane && i < plan->n_lanes; i++) {
        myo_lane_free(&plan->lane[i].held);
    }
    myo_reel_clear(&plan->reel);
    myo_free(plan->lane);
    plan->lane = NULL;
    plan->n_lanes = 0;
}
