/* jerk_sum.c - the mean burst duration of a channel's jerks, and the pattern it supports. */
#include <math.h>
#include "base/base.h"
#include "myotab/event.h"
#include "run/jerk_sum.h"
#include "stats/stats.h"
#include "stats/tail.h"

/* A cut at 45 ms parts cortical from other myoclonus by a person's mean over 10 bursts and more, never by one burst (van der
 * Veen 2024); an edge is known to some ms from 10 dB on (science.md 3.4). */
static const double LEAST_DB = 10.0, SHORT_MS = 45.0, LONG_MS = 100.0;
enum { LEAST_N = 10 };

/* The band-pass lengthens a burst by about this much whatever its strength, so no count of jerks averages it out. */
static const double BIAS_MS = 1.0;

void myo_jerk_sum_add(myo_jerk_sum *s, const myo_cand *c)
{
    const uint32_t doubt = MYO_FLAG_CLIPPED | MYO_FLAG_CUT_START | MYO_FLAG_CUT_END | MYO_FLAG_MASKED;
    if ((double)c->f[MYO_F_SNR] < LEAST_DB || (c->flags & doubt)) {
        return;
    }
    const double ms = (c->off - c->on) * 1000.0, d = ms - s->mean;
    s->n++;
    s->mean += d / (double)s->n;
    s->m2 += d * (ms - s->mean);
}

/* What the interval [low, high] of the mean supports; NULL and why not. */
static const char *pattern_of(double low, double high, const char **reason)
{
    *reason = NULL;
    if (high < SHORT_MS) {
        return "short";
    }
    if (low > LONG_MS) {
        return "long";
    }
    if (low >= SHORT_MS && high <= LONG_MS) {
        return "intermediate";
    }
    *reason = low < SHORT_MS && high > LONG_MS ? "interval_too_wide" : low < SHORT_MS ? "interval_spans_45_ms"
                                                                                      : "interval_spans_100_ms";
    return NULL;
}

void myo_jerk_cells(const myo_jerk_sum *s, double exposure_s, myo_cell cells[MYO_JERK_CELLS])
{
    double half = NAN;
    const char *pattern = NULL, *reason = NULL;
    if (s && s->n >= 2) {
        const double se = sqrt(s->m2 / (double)(s->n - 1) / (double)s->n);
        half = myo_t_quantile(0.95, (double)(s->n - 1)) * se + BIAS_MS;
    }
    if (s && s->n < LEAST_N) {
        reason = "under_10_bursts_of_10_db";
    } else if (s) {
        pattern = pattern_of(s->mean - half, s->mean + half, &reason);
    }
    cells[0].i = s ? s->n : MYO_NO_INT;
    cells[1].num = s && s->n > 0 ? s->mean : NAN;
    cells[2].num = s && !isnan(half) ? fmax(0.0, s->mean - half) : NAN;
    cells[3].num = s ? s->mean + half : NAN;
    cells[4].text = pattern;
    cells[5].text = reason;
    const myo_rate r = myo_rate_of(s ? s->n_negative : 0, exposure_s);
    cells[6].i = s ? s->n_negative : MYO_NO_INT;
    cells[7].num = s ? r.per_h : NAN;
    cells[8].num = s ? r.low : NAN;
    cells[9].num = s ? r.high : NAN;
    const bool sensors = s && s->n_moved + s->n_still > 0;
    cells[10].i = sensors ? s->n_moved : MYO_NO_INT;
    cells[11].i = sensors ? s->n_still : MYO_NO_INT;
}
