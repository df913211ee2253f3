/* spread.c - do one person's events cluster? Counts in bins of 30 to 60 s or more, and in blocks.
 */
#include <gsl/gsl_cdf.h>
#include "compare/spread.h"

/* Above, events cluster and the exact interval is too narrow: of counts in bins (science.md 6.1),
 * and in blocks, which also see clusters longer than a bin (stats/resample.h). */
static const double CLUSTERED_BINS = 1.5, CLUSTERED_BLOCKS = 1.2;
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

static myo_bins bins_of(const myo_series *s) {
    return (myo_bins){s->count, s->exposure_h, s->n_bins};
}

myo_err myo_spread_permute(const myo_single *q, int64_t resamples, myo_circular *out) {
    return myo_circular_bins(bins_of(&q->ref_series), bins_of(&q->con_series), MYO_SINGLE_LEVEL,
                             (myo_draws){resamples, q->c->job->seed}, out);
}

/* Where blocks scatter more than bins, clusters are longer than bins: what blocks say holds. */
static void take_blocks(const myo_single *q, const myo_circular *c, myo_spread *s) {
    const myo_series *ref = &q->ref_series, *con = &q->con_series;
    const double block = (double)c->block;
    s->blocks = c->dispersion;
    s->block_s = 0.5 * block * (ref->bin_s + con->bin_s);
    if (c->dispersion > s->f) {
        s->ref = (myo_scatter){c->dispersion, fmax(1.0, floor((double)ref->n_bins / block) - 1.0)};
        s->con = (myo_scatter){c->dispersion, fmax(1.0, floor((double)con->n_bins / block) - 1.0)};
    }
}

myo_err myo_spread_of(const myo_single *q, myo_spread *out) {
    myo_spread s = {.blocks = NAN, .block_s = NAN};
    s.ref = q->has_events ? q->ref_series.scatter : scatter_of_cell(q->ref);
    s.con = q->has_events ? q->con_series.scatter : scatter_of_cell(q->con);
    together(&s);
    if (q->has_events && q->ref_series.n + q->con_series.n > 0) {
        myo_circular c;
        MYO_TRY(myo_spread_permute(q, MYO_RESAMPLES_MIN, &c));
        if (!c.test.why && c.block > 0) {
            take_blocks(q, &c, &s);
        }
    }
    s.clustered = s.f > CLUSTERED_BINS || s.blocks > CLUSTERED_BLOCKS;
    *out = s;
    return MYO_OK;
}

static void warn_clustered(const myo_single *q, const myo_spread *s, myo_cmp_row *row) {
    char f[24], p[24];
    if (s->f > CLUSTERED_BINS) {
        myo_format_g(f, sizeof f, s->f, 3);
        myo_format_g(p, sizeof p, fmax(gsl_cdf_chisq_Q(s->f * s->df, s->df), 1e-300), 2);
        myo_cmp_row_warn(q->c, row,
                         "events cluster (variance over mean %s of counts in bins, p %s)", f, p);
    } else {
        myo_format_g(f, sizeof f, s->blocks, 3);
        myo_format_g(p, sizeof p, s->block_s / 60.0, 2);
        myo_cmp_row_warn(q->c, row,
                         "events may cluster (variance over mean %s of counts in blocks of %s min)",
                         f, p);
    }
}

void myo_warn_spread(const myo_single *q, const myo_spread *s, myo_cmp_row *row) {
    const double bins = s->df + is_known(s->ref) + is_known(s->con);
    if (q->ref->n + q->con->n == 0) {
        return;
    }
    if (s->clustered) {
        warn_clustered(q, s, row);
    } else if (isnan(s->f)) {
        myo_cmp_row_warn(q->c, row,
                         "too short to see whether events cluster: taken as independent");
    } else if (bins < FEW_BINS) {
        myo_cmp_row_warn(q->c, row, "%.0f bins of time only: clusters of events may go unseen",
                         bins);
    }
}
