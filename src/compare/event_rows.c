/* event_rows.c - one person's events themselves: how long, how large, how fast, how much of the
 * time. */
#include <string.h>
#include "base/base.h"
#include "compare/single.h"
#include "stats/rank.h"
#include "stats/resample.h"

/* Values of the events of both sides on the scale they are compared on. */
typedef struct samples {
    double *ref, *con;
    size_t n_ref, n_con;
} samples;

static const double *values_of(const myo_series *s, myo_metric_id metric) {
    return metric == MYO_METRIC_DURATION ? s->duration_ms
           : metric == MYO_METRIC_PEAK   ? s->peak
                                         : s->freq_hz;
}

/* Events without a value (or, for a ratio, one that has no log) are left out. */
static double *take(const myo_series *s, myo_metric_id metric, size_t *n) {
    const double *v = values_of(s, metric);
    double *out = myo_alloc(s->n + 1, sizeof *out);
    *n = 0;
    for (size_t i = 0; out && i < s->n; i++) {
        if (isfinite(v[i]) && (v[i] > 0.0 || !myo_metrics[metric].ratio_name)) {
            out[(*n)++] = v[i];
        }
    }
    return out;
}

/* Medians of the events, which a mean of recordings' medians only comes near to. Sorts. */
static void medians(const samples *s, myo_cmp_row *r) {
    r->estimate_reference = myo_quartiles_of(s->ref, s->n_ref).median;
    r->estimate_contrast = myo_quartiles_of(s->con, s->n_con).median;
}

static void take_logs(samples *s) {
    for (size_t i = 0; i < s->n_ref; i++) {
        s->ref[i] = log(s->ref[i]);
    }
    for (size_t i = 0; i < s->n_con; i++) {
        s->con[i] = log(s->con[i]);
    }
}

static bool same_unit(const myo_pooled *a, const myo_pooled *b) {
    return a->unit && b->unit && strcmp(a->unit, b->unit) == 0;
}

/* Why there is no test; NULL: there can be one. */
static const char *hindrance(const myo_single *q, const samples *s) {
    if (q->ref->n == 0 || q->con->n == 0) {
        return q->ref->n + q->con->n == 0 ? "no event" : "no event under one condition";
    }
    if (q->o->metric == MYO_METRIC_PEAK && !same_unit(q->ref, q->con)) {
        return "recordings differ in unit";
    }
    if (!q->has_events) {
        return "no table of events: described, not tested";
    }
    return s->n_ref == 0 || s->n_con == 0 ? "no value under one condition" : NULL;
}

/* Without the events: the medians of the summary against each other. */
static void describe(const myo_single *q, myo_cmp_row *r) {
    const double a = r->estimate_reference, b = r->estimate_contrast;
    if (q->o->metric != MYO_METRIC_PEAK || same_unit(q->ref, q->con)) {
        r->effect = myo_metrics[q->o->metric].ratio_name ? (a > 0.0 ? b / a : NAN) : b - a;
    }
}

/* r: with the medians. Ends with s as logs, where the metric is compared as a ratio. */
static myo_err location_row(const myo_single *q, samples *s, myo_cmp_row r) {
    const bool ratio = myo_metrics[q->o->metric].ratio_name != NULL;
    const char *why = hindrance(q, s);
    r.test = "rank sum of events, Hodges-Lehmann (if independent)";
    if (why) {
        describe(q, &r);
        myo_cmp_row_warn(q->c, &r, "%s", why);
    } else {
        myo_rank_sums t;
        if (ratio) {
            take_logs(s);
        }
        MYO_TRY(myo_rank_sum(s->ref, s->n_ref, s->con, s->n_con, MYO_SINGLE_LEVEL, &t));
        if (ratio) {
            myo_cmp_row_log_test(q->c, &r, &t.shift);
        } else {
            myo_cmp_row_test(q->c, &r, &t.shift);
        }
    }
    myo_warn_single(q, &r);
    myo_warn_mdc(q->c, q->o, &r);
    return myo_compare_add(q->c, &r);
}

/* Whether the durations' distributions differ anywhere, not in their location only. */
static myo_err shape_row(const myo_single *q, const samples *s, myo_cmp_row r) {
    myo_ks ks;
    MYO_TRY(myo_ks_test(s->ref, s->n_ref, s->con, s->n_con, &ks));
    myo_cmp_row_test(q->c, &r, &ks.test);
    r.role = MYO_SUPPORTING;
    r.mdc = NAN;
    r.effect = ks.test.statistic;
    r.effect_name = "largest_distance";
    r.test = ks.exact ? "Kolmogorov-Smirnov (exact, if independent)"
                      : "Kolmogorov-Smirnov (if independent)";
    return myo_compare_add(q->c, &r);
}

static myo_err value_rows(const myo_single *q) {
    samples s = {0};
    myo_cmp_row r = myo_single_row(q);
    s.ref = take(&q->ref_series, q->o->metric, &s.n_ref);
    s.con = take(&q->con_series, q->o->metric, &s.n_con);
    myo_err e = s.ref && s.con ? MYO_OK : MYO_ERR_NOMEM;
    if (e == MYO_OK && q->has_events) {
        medians(&s, &r);
    }
    e = e == MYO_OK ? location_row(q, &s, r) : e;
    if (e == MYO_OK && q->o->metric == MYO_METRIC_DURATION && !hindrance(q, &s)) {
        e = shape_row(q, &s, r);
    }
    myo_free(s.ref);
    myo_free(s.con);
    return e;
}

/* --- burden --- */

/* s/h in each bin with exposure. */
static double *burdens(const myo_series *s, size_t *n) {
    double *out = myo_alloc(s->n_bins + 1, sizeof *out);
    *n = 0;
    for (size_t i = 0; out && i < s->n_bins; i++) {
        if (s->exposure_h[i] > 0.0) {
            out[(*n)++] = s->burden_s[i] / s->exposure_h[i];
        }
    }
    return out;
}

static myo_err permute_bins(const myo_single *q, myo_cmp_row *r) {
    const myo_compare_job *job = q->c->job;
    size_t n_ref = 0, n_con = 0;
    double *ref = burdens(&q->ref_series, &n_ref), *con = burdens(&q->con_series, &n_con);
    myo_test t = myo_test_none("fewer than two bins of time under one condition: not tested");
    myo_err e = ref && con ? MYO_OK : MYO_ERR_NOMEM;
    if (e == MYO_OK && n_ref > 1 && n_con > 1) {
        e = myo_permute_means(ref, n_ref, con, n_con, MYO_SINGLE_LEVEL,
                              (myo_draws){job->resamples, job->seed}, &t);
    }
    if (e == MYO_OK) {
        myo_cmp_row_test(q->c, r, &t);
        r->has_seed = t.resamples > 0;
    }
    myo_free(ref);
    myo_free(con);
    return e;
}

static myo_err burden_row(const myo_single *q) {
    myo_cmp_row r = myo_single_row(q);
    r.test = "permutation of bins of 30 to 60 s";
    if (q->ref->n + q->con->n == 0) {
        myo_cmp_row_warn(q->c, &r, "no event");
    } else if (!q->has_events) {
        myo_cmp_row_warn(q->c, &r, "no table of events: described, not tested");
    } else {
        MYO_TRY(permute_bins(q, &r));
    }
    r.effect = r.estimate_contrast - r.estimate_reference;
    myo_warn_single(q, &r);
    myo_warn_mdc(q->c, q->o, &r);
    return myo_compare_add(q->c, &r);
}

myo_err myo_single_events(const myo_single *q) {
    return q->o->metric == MYO_METRIC_BURDEN ? burden_row(q) : value_rows(q);
}
