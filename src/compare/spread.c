/* spread.c - do one person's events cluster? */
#include <gsl/gsl_cdf.h>
#include "compare/spread.h"

/* Above, the exact interval is too narrow: of either side's counts, per minute in the summary
 * (science.md 6.1) or over longer windows (stats/quasi.c); of both sides' windows together. */
static const double CLUSTERED = 1.5, CLUSTERED_BOTH = 1.2;
/* Fewer tell little of the scatter (stats/quasi.c). */
static const double FEW_BINS = 20.0;
/* Bin length of the summary's fano. */
static const double FANO_BIN_S = 60.0;

static bool is_known(myo_scatter s) {
    return !isnan(s.f) && s.df > 0.0;
}

/* The summary's Fano factor of counts per minute, where there is no table of events. */
static myo_scatter scatter_of_cell(const myo_pooled *p) {
    return (myo_scatter){p->fano, floor(p->exposure_s / FANO_BIN_S) - p->n_recordings};
}

static void together(myo_spread *s) {
    s->f = NAN;
    s->df = (is_known(s->ref) ? s->ref.df : 0.0) + (is_known(s->con) ? s->con.df : 0.0);
    if (s->df > 0.0) {
        s->f = ((is_known(s->ref) ? s->ref.f * s->ref.df : 0.0) +
                (is_known(s->con) ? s->con.f * s->con.df : 0.0)) /
               s->df;
    }
}

static bool clusters(const myo_pooled *p, myo_scatter s) {
    return s.f > CLUSTERED || p->fano > CLUSTERED;
}

myo_spread myo_spread_of(const myo_single *q) {
    myo_spread s;
    s.ref = q->has_events ? q->ref_series.scatter : scatter_of_cell(q->ref);
    s.con = q->has_events ? q->con_series.scatter : scatter_of_cell(q->con);
    together(&s);
    s.clustered =
        s.df > 0.0 && (s.f > CLUSTERED_BOTH || clusters(q->ref, s.ref) || clusters(q->con, s.con));
    return s;
}

static void warn_clustered(const myo_single *q, const myo_spread *s, myo_cmp_row *row) {
    char ref[24], con[24], p[24];
    const double chance = fmax(gsl_cdf_chisq_Q(s->f * s->df, s->df), 1e-300);
    myo_format_g(ref, sizeof ref, fmax(s->ref.f, q->ref->fano), 3);
    myo_format_g(con, sizeof con, fmax(s->con.f, q->con->fano), 3);
    myo_format_g(p, sizeof p, chance, 2);
    myo_cmp_row_warn(q->c, row, "events %s (variance over mean of counts %s and %s, p %s)",
                     chance > 1.0 - MYO_SINGLE_LEVEL ? "may cluster" : "cluster", ref, con, p);
}

static double n_bins(const myo_single *q, const myo_spread *s) {
    return q->has_events ? (double)(q->ref_series.n_bins + q->con_series.n_bins)
                         : s->df + is_known(s->ref) + is_known(s->con);
}

void myo_warn_spread(const myo_single *q, const myo_spread *s, myo_cmp_row *row) {
    if (q->ref->n + q->con->n == 0) {
        return;
    }
    if (s->clustered) {
        warn_clustered(q, s, row);
    } else if (isnan(s->f)) {
        myo_cmp_row_warn(q->c, row,
                         "too short to see whether events cluster: taken as independent");
    } else if (n_bins(q, s) < FEW_BINS) {
        myo_cmp_row_warn(q->c, row, "%.0f bins of time only: clusters of events may go unseen",
                         n_bins(q, s));
    }
}
