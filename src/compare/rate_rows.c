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

static myo_err rates_of(const myo_single *q, rates *r) {
    *r = (rates){.n_ref = q->ref->n,
                 .n_con = q->con->n,
                 .t_ref = q->ref->exposure_s / 3600.0,
                 .t_con = q->con->exposure_s / 3600.0};
    return myo_spread_of(q, &r->spread);
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

static myo_err quasi_row(const myo_single *q, const rates *r) {
    myo_cmp_row row = myo_single_row(q);
    const myo_test t = quasi(r);
    row.role = MYO_SUPPORTING;
    row.test = "quasi-Poisson";
    myo_cmp_row_test(q->c, &row, &t);
    return myo_compare_add(q->c, &row);
}

/* Blocks of bins change sides, both recordings being rings; where bins are too few for that, or
 * there is no table of events, the quasi-Poisson interval. Coverage of the nominal 95 % by this
 * rule (else the exact interval), 1000 pairs each of 13 to 80 bins, 10 to 40 events, ratios 1 and
 * 0.5: independent events 96 to 99 %, clusters of two or three within a bin 94 to 99 %, over two
 * bins 93 to 97 % in 80 bins, 89 to 95 % in 27; longer ones show only in longer recordings.
 * *permuted: by blocks. */
static myo_err clustered_test(const myo_single *q, const rates *r, myo_cmp_row *row,
                              bool *permuted) {
    myo_circular circular = {.test = myo_test_none("")};
    if (q->has_events) {
        MYO_TRY(myo_spread_permute(q, q->c->job->resamples, &circular));
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
    warn(q, r, &row);
    MYO_TRY(myo_compare_add(q->c, &row));
    return permuted && q->o->role != MYO_EXPLORATORY ? quasi_row(q, r) : MYO_OK;
}

/* Events per hour more or fewer. */
static myo_err difference_row(const myo_single *q, const rates *r) {
    myo_cmp_row row = myo_single_row(q);
    const bool wide = r->spread.clustered;
    const myo_scatter none = {1.0, INFINITY}, ref = wide ? r->spread.ref : none;
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
    rates r;
    MYO_TRY(rates_of(q, &r));
    if (r.spread.clustered) {
        MYO_TRY(clustered_row(q, &r));
        MYO_TRY(exact_row(q, &r, false));
    } else {
        MYO_TRY(exact_row(q, &r, true));
    }
    if (q->o->role == MYO_EXPLORATORY) {
        return MYO_OK;
    }
    if (r.n_ref + r.n_con > 0) {
        MYO_TRY(r.spread.clustered ? MYO_OK : midp_row(q, &r));
        MYO_TRY(difference_row(q, &r));
    }
    return q->o->role == MYO_PRIMARY && strcmp(q->c->types.name[q->o->type], "indeterminate") != 0
               ? sensitivity_row(q, &r)
               : MYO_OK;
}
