/* rate_rows.c - one person's rates: exact where events are independent, wider where they cluster.
 */
#include <string.h>
#include "compare/spread.h"

/* Counts, time and scatter. */
typedef struct rates {
    int64_t n_ref, n_con;
    double t_ref, t_con; /* h */
    myo_spread spread;
} rates;

static rates rates_of(const myo_single *q) {
    return (rates){.n_ref = q->ref->n,
                   .n_con = q->con->n,
                   .t_ref = q->ref->exposure_s / 3600.0,
                   .t_con = q->con->exposure_s / 3600.0,
                   .spread = myo_spread_of(q)};
}

/* --- warnings --- */

static void warn_tables(const myo_single *q, myo_cmp_row *row) {
    if (!q->has_events) {
        myo_cmp_row_warn(q->c, row, "no table of events: scatter as the summary says");
        return;
    }
    const int64_t n_ref = (int64_t)q->ref_series.n, n_con = (int64_t)q->con_series.n;
    if (n_ref != q->ref->n || n_con != q->con->n) {
        myo_cmp_row_warn(
            q->c, row, "tables of events hold %lld and %lld events, the summary %lld and %lld",
            (long long)n_ref, (long long)n_con, (long long)q->ref->n, (long long)q->con->n);
    }
}

/* What a headline must not hide. */
static void warn(const myo_single *q, const rates *r, myo_cmp_row *row) {
    myo_warn_spread(q, &r->spread, row);
    warn_tables(q, row);
    myo_warn_single(q, row);
    myo_warn_mdc(q->c, q->o, row);
}

/* --- rows --- */

static myo_err exact_row(const myo_single *q, const rates *r, bool headline) {
    myo_cmp_row row = myo_single_row(q);
    const myo_test t = myo_rate_ratio(r->n_ref, r->t_ref, r->n_con, r->t_con, MYO_SINGLE_LEVEL);
    row.test = headline ? "conditional exact, Clopper-Pearson"
                        : "conditional exact, Clopper-Pearson (if independent)";
    row.role = headline ? row.role : MYO_SUPPORTING;
    myo_cmp_row_test(q->c, &row, &t);
    if (headline) {
        warn(q, r, &row);
    }
    return myo_compare_add(q->c, &row);
}

static myo_err midp_row(const myo_single *q, const rates *r) {
    myo_cmp_row row = myo_single_row(q);
    const myo_test t =
        myo_rate_ratio_midp(r->n_ref, r->t_ref, r->n_con, r->t_con, MYO_SINGLE_LEVEL);
    row.test = "conditional, mid-p";
    row.role = MYO_SUPPORTING;
    myo_cmp_row_test(q->c, &row, &t);
    return myo_compare_add(q->c, &row);
}

static myo_test quasi(const rates *r) {
    const myo_spread *s = &r->spread;
    return myo_rate_ratio_quasi(r->n_ref, r->t_ref, s->ref.f, s->ref.df, r->n_con, r->t_con,
                                s->con.f, s->con.df, MYO_SINGLE_LEVEL);
}

static myo_err clustered_row(const myo_single *q, const rates *r) {
    myo_cmp_row row = myo_single_row(q);
    const myo_test t = quasi(r);
    row.test = "quasi-Poisson";
    myo_cmp_row_test(q->c, &row, &t);
    warn(q, r, &row);
    return myo_compare_add(q->c, &row);
}

static myo_bins bins_of(const myo_series *s) {
    return (myo_bins){s->count, s->exposure_h, s->n_bins};
}

/* Blocks of bins change sides, both recordings being rings. It supports quasi-Poisson: its interval
 * is wider or has no upper end with few events, and covers up to 99.6 % of the nominal 95 %. */
static myo_err circular_row(const myo_single *q) {
    const myo_compare_job *job = q->c->job;
    myo_cmp_row row = myo_single_row(q);
    myo_circular circular;
    MYO_TRY(myo_circular_bins(bins_of(&q->ref_series), bins_of(&q->con_series), MYO_SINGLE_LEVEL,
                              (myo_draws){job->resamples, job->seed}, &circular));
    row.role = MYO_SUPPORTING;
    row.test = "circular permutation of bins";
    myo_cmp_row_test(q->c, &row, &circular.test);
    row.has_seed = circular.test.resamples > 0;
    return myo_compare_add(q->c, &row);
}

/* Events per hour more or fewer. */
static myo_err difference_row(const myo_single *q, const rates *r) {
    myo_cmp_row row = myo_single_row(q);
    const bool wide = r->spread.clustered;
    const myo_scatter none = {.f = 1.0, .df = INFINITY}, ref = wide ? r->spread.ref : none;
    const myo_scatter con = wide ? r->spread.con : none;
    const myo_test t = myo_rate_difference(r->n_ref, r->t_ref, ref.f, ref.df, r->n_con, r->t_con,
                                           con.f, con.df, MYO_SINGLE_LEVEL);
    row.effect_name = myo_metrics[MYO_METRIC_RATE].diff_name;
    row.role = MYO_SUPPORTING;
    row.mdc = NAN;
    row.test = wide ? "score limits of both rates (quasi-Poisson)" : "score limits of both rates";
    myo_cmp_row_test(q->c, &row, &t);
    return myo_compare_add(q->c, &row);
}

/* The primary rate with indeterminate events counted in; their scatter is not looked at apart. */
static myo_err sensitivity_row(const myo_single *q, const rates *excluded) {
    rates r = *excluded;
    myo_pooled ref = *q->ref, con = *q->con;
    ref.n = r.n_ref = q->ref->n + q->ref->n_indeterminate;
    con.n = r.n_con = q->con->n + q->con->n_indeterminate;
    myo_single in = *q;
    in.ref = &ref;
    in.con = &con;
    in.mdc = NAN;
    myo_cmp_row row = myo_single_row(&in);
    const bool wide = r.spread.clustered;
    const myo_test t =
        wide ? quasi(&r) : myo_rate_ratio(r.n_ref, r.t_ref, r.n_con, r.t_con, MYO_SINGLE_LEVEL);
    row.role = MYO_SUPPORTING;
    row.indeterminate_in = true;
    row.test = wide ? "quasi-Poisson" : "conditional exact, Clopper-Pearson";
    myo_cmp_row_test(q->c, &row, &t);
    return myo_compare_add(q->c, &row);
}

myo_err myo_single_rate(const myo_single *q) {
    const rates r = rates_of(q);
    if (r.spread.clustered) {
        MYO_TRY(clustered_row(q, &r));
        MYO_TRY(exact_row(q, &r, false));
    } else {
        MYO_TRY(exact_row(q, &r, true));
    }
    if (q->o->role >= MYO_EXPLORATORY) {
        return MYO_OK;
    }
    if (r.n_ref + r.n_con > 0) {
        MYO_TRY(!r.spread.clustered ? midp_row(q, &r) : q->has_events ? circular_row(q) : MYO_OK);
        MYO_TRY(difference_row(q, &r));
    }
    return q->o->role == MYO_PRIMARY && strcmp(q->c->types.name[q->o->type], "indeterminate") != 0
               ? sensitivity_row(q, &r)
               : MYO_OK;
}
