/* heart.c - the heart in an EMG channel: bursts of one shape on a beat of 40-150 a minute (science.md 5.3, rule 0).
 *
 * Trunk and proximal muscles show every QRS complex. The beats are taken out of the cluster before anything else looks
 * at it, so that jerks between them keep their own rhythm; some beats may be missing or covered. */
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "event/group_in.h"

static const double BEAT_MIN_S = 0.4, BEAT_MAX_S = 1.5, BEAT_JITTER = 0.15, LONGEST_S = 0.20;
static const float SAME_SHAPE = 0.5f, SLOW_SHARE = 0.3f; /* a QRS complex lives around 10-20 Hz, muscle above */
enum { BEATS_MIN = 6, MISSED_MAX = 3 };

static bool may_be_beat(const myo_burst *b)
{
    return b->off - b->on <= LONGEST_S && b->template_corr >= SAME_SHAPE && b->low_share >= SLOW_SHARE;
}

/* Next burst one beat (or a few, some missed) after i; 0 if none. *period follows the rhythm. */
static size_t next_beat(const myo_group *g, size_t i, double *period)
{
    for (size_t j = i + 1; j < g->n; j++) {
        const double d = g->b[j].on - g->b[i].on;
        if (d > (MISSED_MAX + 1) * *period * (1.0 + BEAT_JITTER)) {
            return 0;
        }
        const double k = floor(d / *period + 0.5);
        if (k >= 1.0 && may_be_beat(&g->b[j]) && fabs(d / k - *period) <= BEAT_JITTER * *period) {
            *period = 0.7 * *period + 0.3 * d / k;
            return j;
        }
    }
    return 0;
}

/* Marks the chain that starts with bursts i and j (event = -2); returns the index behind its last beat, 0 and nothing
 * marked if it is too short. */
static size_t follow(myo_group *g, size_t i, size_t j)
{
    double period = g->b[j].on - g->b[i].on, missed = 0.0;
    const double first = g->b[i].on;
    size_t n = 2, last = j, at = j;
    while ((at = next_beat(g, at, &period)) != 0) {
        n++;
        last = at;
    }
    missed = (g->b[last].on - first) / period + 1.0 - (double)n;
    /* A faster rhythm that happens to offer every fourth burst is no heart. */
    const bool crowded = (double)(last - i + 1) > 2.0 * (double)n;
    if (n < BEATS_MIN || missed > 0.5 * (double)n || crowded) {
        return 0;
    }
    period = g->b[j].on - g->b[i].on;
    g->b[i].event = g->b[j].event = -2;
    for (at = j; (at = next_beat(g, at, &period)) != 0;) {
        g->b[at].event = -2;
    }
    return last + 1;
}

/* A chain from burst i; the index behind its last beat, 0 if there is none. */
static size_t chain_from(myo_group *g, size_t i)
{
    for (size_t j = i + 1; j < g->n && g->b[j].on - g->b[i].on <= BEAT_MAX_S; j++) {
        if (g->b[j].on - g->b[i].on >= BEAT_MIN_S && may_be_beat(&g->b[j])) {
            const size_t end = follow(g, i, j);
            if (end > 0) {
                return end;
            }
        }
    }
    return 0;
}

/* A contraction that covers more beats than a chain may miss ends it; the heart beats on behind it. */
static bool mark_beats(myo_group *g)
{
    bool any = false;
    for (size_t i = 0; i + BEATS_MIN <= g->n;) {
        const size_t end = may_be_beat(&g->b[i]) ? chain_from(g, i) : 0;
        any = any || end > 0;
        i = end > 0 ? end : i + 1;
    }
    return any;
}

myo_err myo_take_heart(myo_group *g)
{
    g->n_beats = 0;
    if (g->kind != MYO_KIND_EMG || !mark_beats(g)) {
        return MYO_OK;
    }
    MYO_TRY(myo_grow((void **)&g->beats, &g->cap_beats, g->n, sizeof *g->beats));
    size_t kept = 0;
    bool beat_before = false;
    for (size_t i = 0; i < g->n; i++) {
        myo_burst b = g->b[i];
        const bool beat = b.event == -2;
        b.joined = beat || beat_before ? 0.0f : b.joined; /* what it continued is elsewhere now */
        if (beat) {
            g->beats[g->n_beats++] = b;
        } else {
            g->b[kept++] = b;
        }
        beat_before = beat;
    }
    g->n = kept;
    return MYO_OK;
}
