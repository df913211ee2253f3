/* rate_rows.c - one person's rates: exact where events are independent, wider where they cluster.
 */
#include <gsl/gsl_cdf.h>
#include <string.h>
#include "compare/single.h"
#include "stats/resample.h"

/* Above, events cluster and the exact interval is too narrow (science.md 6.1). */
static const double CLUSTERED = 1.5;
/* Fewer tell little of the scatter (stats/quasi.c). */
static const double FEW_BINS = 20.0;
/* Bin length of the summary's fano. */
static const double FANO_BIN_S = 60.0;

/* Counts, and how much they scatter. */
typedef struct rates {
    int64_t n_ref, n_con;
    double t_ref, t_con; /* h */
    myo_scatter ref, con;
    double f, df;   /* of both together; f NaN: unknown */
    bool from_bins; /* else from the summary's fano */
} rates;

static bool is_known(myo_scatter s) {
    return !isnan(s.f) && s.df > 0.0;
}

/* The summary's Fano factor of counts per minute, where there is no table of events. */
static myo_scatter scatter_of_cell(const myo_pooled *p) {
    return (myo_scatter){p->fano, floor(p->exposure_s / FANO_BIN_S) - p->n_recordings};
}

static void together(rates *r) {
    r->f = NAN;
    r->df = (is_known(r->ref) ? r->ref.df : 0.0) + (is_known(r->con) ? r->con.df : 0.0);
    if (r->df > 0.0) {
        r->f = ((is_known(r->ref) ? r->ref.f * r->ref.df : 0.0) +
                (is_known(r->con) ? r->con.f * r->con.df : 0.0)) /
               r->df;
    }
}

static rates rates_of(const myo_single *q) {
    rates r = {.n_ref = q->ref->n,
               .n_con = q->con->n,
               .t_ref = q->ref->exposure_s / 3600.0,
               .t_con = q->con->exposure_s / 3600.0,
               .from_bins = q->has_events};
    r.ref = q->has_events ? q->ref_series.scatter : scatter_of_cell(q->ref);
    r.con = q->has_events ? q->con_series.scatter : scatter_of_cell(q->con);
    together(&r);
    return r;
}

static bool cluster(const rates *r) {
    return r->f > CLUSTERED;
}

/* --- warnings --- */

static void warn_scatter(const myo_single *q, const rates *r, myo_cmp_row *row) {
    if (r->n_ref + r->n_con == 0) {
        return;
    }
    const double bins = r->df + is_known(r->ref) + is_known(r->con);
    if (isnan(r->f)) {
        myo_cmp_row_warn(q->c, row,
                         "too short to see whether events cluster: taken as independent");
    } else if (cluster(r)) {
        char f[24], p[24];
        myo_format_g(f, sizeof f, r->f, 3);
        myo_format_g(p, sizeof p, fmax(gsl_cdf_chisq_Q(r->f * r->df, r->df), 1e-300), 2);
        myo_cmp_row_warn(q->c, row,
                         "events cluster (variance over mean %s of counts in bins, p %s)", f, p);
    } else if (bins < FEW_BINS) {
        myo_cmp_row_warn(q->c, row, "%.0f bins of time only: clusters of events may go unseen",
                         bins);
    }
}

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

/* --- rows --- */

static myo_err exact_row(const myo_single *q, const rates *r, bool headline) {
    myo_cmp_row row = myo_single_row(q);
    const myo_test t = myo_rate_ratio(r->n_ref, r->t_ref, r->n_con, r->t_con, MYO_SINGLE_LEVEL);
    row.test = headline ? "conditional exact, Clopper-Pearson"
                        : "conditional exact, Clopper-Pearson (if independent)";
    row.role = headline ? row.role : MYO_SUPPORTING;
    myo_cmp_row_test(q->c, &row, &t);
    if (headline) {
        warn_scatter(q, r, &row);
        warn_tables(q, &row);
        myo_warn_mdc(q->c, q->o, &row);
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

static myo_bins bins_of(const myo_series *s) {
    return (myo_bins){s->count, s->exposure_h, s->n_bins};
}

static myo_test quasi(const rates *r) {
    return myo_rate_ratio_quasi(r->n_ref, r->t_ref, r->ref.f, r->ref.df, r->n_con, r->t_con,
                                r->con.f, r->con.df, MYO_SINGLE_LEVEL);
}

static myo_err quasi_row(const myo_single *q, const rates *r) {
    myo_cmp_row row = myo_single_row(q);
    const myo_test t = quasi(r);
    row.role = MYO_SUPPORTING;
    row.test = "quasi-Poisson";
    myo_cmp_row_test(q->c, &row, &t);
    return myo_compare_add(q->c, &row);
}

/* Blocks of bins change sides, both recordings being rings; where bins are too few for that, or
 * there is no table of events, the quasi-Poisson interval. Nominal 95 % of this rule (exact where F
 * <= 1.5) covered 94.3 to 98.8 %, with quasi-Poisson alone 91.5 to 98.5 %: 1000 pairs each of 13 to
 * 80 bins, 10 to 40 events, clusters of 1 to 3, ratios 1 and 0.5. *permuted: by blocks. */
static myo_err clustered_test(const myo_single *q, const rates *r, myo_cmp_row *row,
                              bool *permuted) {
    const myo_compare_job *job = q->c->job;
    myo_circular circular = {.test = myo_test_none("")};
    if (r->from_bins) {
        MYO_TRY(myo_circular_bins(bins_of(&q->ref_series), bins_of(&q->con_series),
                                  MYO_SINGLE_LEVEL, (myo_draws){job->resamples, job->seed},
                                  &circular));
    }
    *permuted = !circular.test.why && !isnan(circular.test.low);
    const myo_test t = *permuted ? circular.test : quasi(r);
    row->test = *permuted ? "circular permutation of bins" : "quasi-Poisson";
    myo_cmp_row_test(q->c, row, &t);
    row->has_seed = t.resamples > 0;
    return MYO_OK;
}

static myo_err clustered_row(const myo_single *q, const rates *r) {
    myo_cmp_row row = myo_single_row(q);
    bool permuted = false;
    MYO_TRY(clustered_test(q, r, &row, &permuted));
    warn_scatter(q, r, &row);
    warn_tables(q, &row);
    myo_warn_mdc(q->c, q->o, &row);
    MYO_TRY(myo_compare_add(q->c, &row));
    return permuted && q->o->role != MYO_EXPLORATORY ? quasi_row(q, r) : MYO_OK;
}

/* Events per hour more or fewer. */
static myo_err difference_row(const myo_single *q, const rates *r) {
    myo_cmp_row row = myo_single_row(q);
    const bool wide = cluster(r);
    const myo_test t = myo_rate_difference(
        r->n_ref, r->t_ref, wide ? r->ref.f : 1.0, wide ? r->ref.df : INFINITY, r->n_con, r->t_con,
        wide ? r->con.f : 1.0, wide ? r->con.df : INFINITY, MYO_SINGLE_LEVEL);
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
    const bool wide = cluster(&r);
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
    if (cluster(&r)) {
        MYO_TRY(clustered_row(q, &r));
        MYO_TRY(exact_row(q, &r, false));
    } else {
        MYO_TRY(exact_row(q, &r, true));
    }
    if (q->o->role == MYO_EXPLORATORY) {
        return MYO_OK;
    }
    if (r.n_ref + r.n_con > 0) {
        MYO_TRY(cluster(&r) ? MYO_OK : midp_row(q, &r));
        MYO_TRY(difference_row(q, &r));
    }
    return q->o->role == MYO_PRIMARY && strcmp(q->c->types.name[q->o->type], "indeterminate") != 0
               ? sensitivity_row(q, &r)
               : MYO_OK;
}
