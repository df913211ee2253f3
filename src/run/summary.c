/* summary.c - the summary table. */
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "run/jerk_sum.h"
#include "run/summary.h"

static const double BIN_S = 60.0; /* Fano factor: counts per minute (science.md 6.1) */
enum { OWN_CELLS = 20, TREMOR_CELLS = 2 }; /* columns before and behind those of the jerks */

/* One channel's events of one class. */
typedef struct tally {
    int64_t n;
    double burden_s;
    myo_dist duration, peak, freq, interval;
    myo_dist amp, disp;      /* of tremor as measured */
    double last_on;          /* onset of the last one; NaN before the first */
    double covered_to;       /* end of the union so far */
    double bin, bin_n, bin_ss; /* present minute, its count, sum of squared counts of full minutes */
} tally;

struct myo_summary {
    int n_lanes;
    double sync_s;
    double pair_s;           /* leg movements no further apart are one of both legs */
    tally *t;                /* (n_lanes + 1) x MYO_N_CLASS; the last lane is `all` */
    myo_jerk_sum *jerks;     /* n_lanes */
};

myo_err myo_summary_new(myo_summary **out, const myo_plan *plan, double sync_s)
{
    myo_summary *s = myo_alloc(1, sizeof *s);
    if (!s) {
        return MYO_ERR_NOMEM;
    }
    s->n_lanes = plan->n_lanes;
    s->sync_s = sync_s;
    s->pair_s = plan->n_lanes > 0 && plan->lane[0].cfg.params ? plan->lane[0].cfg.params->legs_pair_s : 0.0;
    s->t = myo_alloc((size_t)(plan->n_lanes + 1) * MYO_N_CLASS, sizeof *s->t);
    s->jerks = myo_alloc((size_t)plan->n_lanes, sizeof *s->jerks);
    if (!s->t || !s->jerks) {
        myo_summary_free(&s);
        return MYO_ERR_NOMEM;
    }
    for (int i = 0; i < (plan->n_lanes + 1) * MYO_N_CLASS; i++) {
        s->t[i].last_on = NAN;
        s->t[i].covered_to = -INFINITY;
    }
    *out = s;
    return MYO_OK;
}

void myo_summary_free(myo_summary **s)
{
    if (*s) {
        for (int i = 0; (*s)->t && i < ((*s)->n_lanes + 1) * MYO_N_CLASS; i++) {
            myo_dist_clear(&(*s)->t[i].duration);
            myo_dist_clear(&(*s)->t[i].peak);
            myo_dist_clear(&(*s)->t[i].freq);
            myo_dist_clear(&(*s)->t[i].interval);
            myo_dist_clear(&(*s)->t[i].amp);
            myo_dist_clear(&(*s)->t[i].disp);
        }
        myo_free((*s)->t);
        myo_free((*s)->jerks);
        myo_free(*s);
        *s = NULL;
    }
}

static void count_in_bin(tally *t, double on)
{
    const double bin = floor(on / BIN_S);
    if (bin != t->bin) {
        t->bin_ss += t->bin_n * t->bin_n;
        t->bin_n = 0.0;
        t->bin = bin;
    }
    t->bin_n += 1.0;
}

/* amplitudes: false for `all`, whose peaks nobody asks for (channels differ in unit) and which would only cost memory. */
static myo_err add(tally *t, const myo_cand *c, double freq_hz, bool amplitudes)
{
    t->n++;
    count_in_bin(t, c->on);
    MYO_TRY(myo_dist_add(&t->duration, (c->off - c->on) * 1000.0));
    if (amplitudes && c->n_bursts > 0) { /* a rhythm without bursts has no peak, rather than one of 0 */
        MYO_TRY(myo_dist_add(&t->peak, (double)c->f[MYO_F_PEAK]));
    }
    if (freq_hz > 0.0) {
        MYO_TRY(myo_dist_add(&t->freq, freq_hz));
    }
    if (!isnan(t->last_on)) {
        MYO_TRY(myo_dist_add(&t->interval, c->on - t->last_on));
    }
    t->last_on = c->on;
    return MYO_OK;
}

/* Time the event adds to the union of those before. */
static void cover(tally *t, const myo_cand *c)
{
    const double from = fmax(c->on, t->covered_to);
    t->burden_s += fmax(0.0, c->off - from);
    t->covered_to = fmax(t->covered_to, c->off);
}

myo_err myo_summary_add(myo_summary *s, const myo_cand *c, myo_class cls, double freq_hz)
{
    tally *own = &s->t[c->lane * MYO_N_CLASS + (int)cls], *all = &s->t[s->n_lanes * MYO_N_CLASS + (int)cls];
    /* Linked events count once in `all`: jerks that start together, episodes that overlap. */
    const double apart = c->form == MYO_FORM_LEG ? s->pair_s : 0.0;
    const bool linked = !isnan(all->last_on) && (c->on <= all->last_on + s->sync_s || c->on < all->covered_to + apart);
    MYO_TRY(add(own, c, freq_hz, true));
    cover(own, c);
    if (cls == MYO_JERK) {
        myo_jerk_sum_add(&s->jerks[c->lane], c);
    }
    if (!linked) {
        MYO_TRY(add(all, c, freq_hz, false));
    }
    cover(all, c);
    return MYO_OK;
}

myo_err myo_summary_tremor(myo_summary *s, int lane, double amp_rms, double disp_rms_mm)
{
    tally *t = &s->t[lane * MYO_N_CLASS + MYO_TREMOR];
    MYO_TRY(isnan(amp_rms) ? MYO_OK : myo_dist_add(&t->amp, amp_rms));
    return isnan(disp_rms_mm) ? MYO_OK : myo_dist_add(&t->disp, disp_rms_mm);
}

void myo_summary_negative(myo_summary *s, int lane)
{
    s->jerks[lane].n_negative++;
}

void myo_summary_moved(myo_summary *s, int lane, bool moved)
{
    s->jerks[lane].n_moved += moved;
    s->jerks[lane].n_still += !moved;
}

/* Variance over mean of the counts per minute of exposure. */
static double fano(const tally *t, double exposure_s)
{
    const double bins = exposure_s / BIN_S, n = (double)t->n;
    const double ss = t->bin_ss + t->bin_n * t->bin_n;
    /* More minutes with events than minutes of exposure (the last one is never whole) must not make it negative. */
    return bins >= 2.0 && n > 0.0 ? fmax(0.0, ss - n * n / bins) / (bins - 1.0) / (n / bins) : NAN;
}

static myo_err row(tally *t, const char *channel, myo_class cls, const char *unit, double exposure_s,
                   int64_t n_indeterminate, const myo_jerk_sum *jerks, myo_table *table)
{
    const myo_rate r = myo_rate_of(t->n, exposure_s);
    const bool amplitudes = unit != NULL;
    const double none = NAN;
    myo_cell cells[OWN_CELLS + MYO_JERK_CELLS + TREMOR_CELLS] = {
        {.text = channel}, {.text = myo_class_name(cls)}, {.i = t->n}, {.num = exposure_s},
        {.num = r.per_h}, {.num = r.low}, {.num = r.high}, {.num = fano(t, exposure_s)},
        {.num = exposure_s > 0.0 ? t->burden_s * 3600.0 / exposure_s : NAN},
        {.num = myo_dist_quantile(&t->duration, 0.5)}, {.num = myo_dist_quantile(&t->duration, 0.25)},
        {.num = myo_dist_quantile(&t->duration, 0.75)},
        {.num = amplitudes ? myo_dist_quantile(&t->peak, 0.5) : none},
        {.num = amplitudes ? myo_dist_quantile(&t->peak, 0.25) : none},
        {.num = amplitudes ? myo_dist_quantile(&t->peak, 0.75) : none},
        {.text = unit}, {.num = myo_dist_quantile(&t->freq, 0.5)},
        {.num = myo_dist_quantile(&t->interval, 0.5)}, {.num = myo_dist_cv(&t->interval)},
        {.i = n_indeterminate},
    };
    myo_jerk_cells(jerks, exposure_s, cells + OWN_CELLS);
    cells[OWN_CELLS + MYO_JERK_CELLS].num = myo_dist_quantile(&t->amp, 0.5);
    cells[OWN_CELLS + MYO_JERK_CELLS + 1].num = myo_dist_quantile(&t->disp, 0.5);
    return myo_table_row(table, cells);
}

static myo_err rows(myo_summary *s, const myo_params *p, int lane, const char *channel, const char *unit, int kinds,
                    double exposure_s, myo_table *table)
{
    tally *t = &s->t[lane * MYO_N_CLASS];
    for (int c = 0; c < MYO_N_CLASS; c++) {
        bool shown = false;
        for (int k = 0; k < MYO_N_KIND; k++) {
            shown = shown || ((kinds & (1 << k)) && myo_class_shown((myo_class)c, (myo_kind)k, p));
        }
        if (shown) {
            const bool timed = c == MYO_JERK && lane < s->n_lanes && (kinds & (1 << MYO_KIND_EMG));
            MYO_TRY(row(&t[c], channel, (myo_class)c, unit, exposure_s, t[MYO_INDETERMINATE].n,
                        timed ? &s->jerks[lane] : NULL, table));
        }
    }
    return MYO_OK;
}

myo_err myo_summary_write(myo_summary *s, const myo_plan *plan, const double *exposure_s, myo_table *t)
{
    const myo_params *p = s->n_lanes > 0 ? plan->lane[0].cfg.params : NULL;
    int kinds = 0;
    for (int i = 0; i < s->n_lanes; i++) {
        const myo_plan_lane *l = &plan->lane[i];
        MYO_TRY(rows(s, l->cfg.params, i, l->name, l->unit, 1 << l->cfg.kind, exposure_s[i], t));
        kinds |= 1 << l->cfg.kind;
    }
    return rows(s, p, s->n_lanes, "all", NULL, kinds, exposure_s[s->n_lanes], t);
}
