/* group.c - clusters of bursts cut into candidate events. The numbers of an event are made in cand.c. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/base.h"
#include "event/group_in.h"

enum { CLUSTER_MAX = 4096 }; /* bursts or windows a cluster may hold */

myo_err myo_group_new(myo_group **out, int lane, myo_kind kind, bool calibrated, const myo_params *p,
                      const myo_group_sink *sink)
{
    myo_group *g = myo_alloc(1, sizeof *g);
    if (!g) {
        return MYO_ERR_NOMEM;
    }
    g->lane = lane;
    g->kind = kind;
    g->k = kind == MYO_KIND_ACC ? &p->acc : &p->emg;
    g->gap_s = p->group_gap_s;
    g->join_s = kind == MYO_KIND_ACC ? 0.3 : 0.12;
    g->tremor_amp = calibrated && kind == MYO_KIND_ACC ? (float)p->acc_tremor_g : 0.0f;
    g->sink = *sink;
    *out = g;
    return MYO_OK;
}

void myo_group_free(myo_group **g)
{
    if (*g) {
        myo_free((*g)->b);
        myo_free((*g)->w);
        myo_free((*g)->parts);
        myo_free((*g)->beats);
        myo_free((*g)->done);
        myo_free(*g);
        *g = NULL;
    }
}

/* ---- the cluster's end ---- */

static float crowd(const myo_group *g, const myo_part_of *part)
{
    /* Bursts of the cluster within 1 s on either side, the event's own left out. */
    int n = 0;
    for (size_t i = 0; i < g->n; i++) {
        const bool own = i >= part->first && i < part->last;
        n += !own && g->b[i].on > part->on - 1.0 && g->b[i].on < part->off + 1.0;
    }
    return (float)(n / (2.0 + part->off - part->on));
}

/* Bursts of an event as the table shows them: pieces of a tonic burst become one. Returns their number. */
static size_t unite(myo_burst *b, const myo_part_of *part)
{
    size_t n = 0;
    for (size_t i = part->first; i < part->last; i++) {
        if (n > 0 && b[i].joined > 0.0f) {
            myo_burst_append(&b[part->first + n - 1], &b[i]);
        } else {
            b[part->first + n++] = b[i];
        }
    }
    return n;
}

/* One event of the bursts b[part->first .. part->last): numbered, and its bursts put aside. */
static myo_err hand_on(myo_group *g, myo_burst *b, myo_part_of *part)
{
    myo_cand c;
    const myo_window_view view = {g->w, g->n_w, myo_shows_tremor, g};
    if (part->form == MYO_FORM_SUSTAINED) {
        myo_tonic_edges(b, part, g->k->edge_pct / 100.0);
    }
    MYO_TRY(myo_cand_make(&c, b, part, &view));
    c.lane = g->lane;
    c.f[MYO_F_NEAR] = crowd(g, part);
    const size_t n = unite(b, part);
    c.n_bursts = (int64_t)n;
    MYO_TRY(g->sink.event(g->sink.user, &c));
    MYO_TRY(myo_grow((void **)&g->done, &g->cap_done, g->n_done + n, sizeof *g->done));
    for (size_t i = part->first; i < part->first + n; i++) {
        g->done[g->n_done] = b[i];
        g->done[g->n_done++].event = g->n_events;
    }
    g->n_events++;
    return MYO_OK;
}

static int by_onset(const void *a, const void *b)
{
    const myo_burst *x = a, *y = b;
    return x->on != y->on ? (x->on > y->on) - (x->on < y->on) : (x->event > y->event) - (x->event < y->event);
}

static myo_err all_events(myo_group *g, double end)
{
    g->n_parts = g->n_done = 0;
    MYO_TRY(myo_take_heart(g));
    MYO_TRY(myo_cut_with_rhythm(g, end));
    myo_mend_trains(g);
    myo_mend_contractions(g);
    for (size_t i = 0; i < g->n_parts; i++) {
        MYO_TRY(hand_on(g, g->b, &g->parts[i]));
    }
    if (g->n_beats > 0) {
        myo_part_of heart = {0, g->n_beats, MYO_FORM_HEART, g->beats[0].on, g->beats[g->n_beats - 1].off};
        MYO_TRY(hand_on(g, g->beats, &heart));
    }
    qsort(g->done, g->n_done, sizeof *g->done, by_onset);
    for (size_t i = 0; i < g->n_done; i++) {
        MYO_TRY(g->sink.burst(g->sink.user, &g->done[i]));
    }
    return MYO_OK;
}

/* The first n bursts are one cluster that ends at `end`: cut it, hand it on, forget it. */
static myo_err close_cluster(myo_group *g, size_t n, double end)
{
    const size_t all = g->n;
    g->n = n;
    MYO_TRY(all_events(g, end));
    g->n = all - n;
    if (n > 0) {
        memmove(g->b, g->b + n, sizeof *g->b * g->n);
    }
    if (g->kind == MYO_KIND_ACC && g->n_w > 0) {
        size_t used = 0;
        while (used < g->n_w && myo_window_middle(&g->w[used]) - 0.5 <= end) {
            used++;
        }
        g->n_w -= used;
        memmove(g->w, g->w + used, sizeof *g->w * g->n_w);
    }
    return MYO_OK;
}

static double cluster_gap(const myo_group *g, size_t n)
{
    const double med = n >= 4 ? myo_group_median_interval(g, n > 16 ? n - 16 : 0, n) : 0.0;
    const double reach = g->kind == MYO_KIND_ACC ? 6.0 : 1.5; /* a held reach; the fringe of a contraction */
    return fmax(fmax(g->gap_s, reach), fmin(2.5 * med, 2.0));
}

/* How far the first cluster reaches: *n bursts, *end. False: nothing there. *open: it ran out of bursts and windows
 * before it met a gap, so more may belong to it. */
static bool first_cluster(const myo_group *g, size_t *n, double *end, bool *open)
{
    size_t i = 0, j = 0;
    *end = -INFINITY;
    while (i < g->n || j < g->n_w) {
        while (j < g->n_w && (g->kind != MYO_KIND_ACC || !myo_shows_tremor(g, &g->w[j]))) {
            j++; /* only tremor windows of an accelerometer hold a cluster together */
        }
        if (i == g->n && j == g->n_w) {
            break;
        }
        const bool burst = j == g->n_w || (i < g->n && g->b[i].on < myo_window_middle(&g->w[j]) - 0.5);
        const double on = burst ? g->b[i].on : myo_window_middle(&g->w[j]) - 0.5;
        const double off = burst ? g->b[i].off : myo_window_middle(&g->w[j]) + 0.5;
        if (*end > -INFINITY && (on > *end + cluster_gap(g, i) || i + j >= CLUSTER_MAX)) {
            *n = i;
            *open = false;
            return true;
        }
        *end = fmax(*end, off);
        i += burst ? 1 : 0;
        j += burst ? 0 : 1;
    }
    *n = i;
    *open = true;
    return *end > -INFINITY;
}

myo_err myo_group_burst(myo_group *g, const myo_burst *b)
{
    MYO_TRY(myo_grow((void **)&g->b, &g->cap_b, g->n + 1, sizeof *g->b));
    g->b[g->n++] = *b;
    return MYO_OK;
}

myo_err myo_group_window(myo_group *g, const myo_window *w)
{
    MYO_TRY(myo_grow((void **)&g->w, &g->cap_w, g->n_w + 1, sizeof *g->w));
    g->w[g->n_w++] = *w;
    return MYO_OK;
}

/* Windows that end before `before` can matter no more. */
static void forget_windows(myo_group *g, double before)
{
    size_t kept = 0;
    for (size_t i = 0; i < g->n_w; i++) {
        if (g->w[i].off > before) {
            g->w[kept++] = g->w[i];
        }
    }
    g->n_w = kept;
}

myo_err myo_group_advance(myo_group *g, double until, int segment_end)
{
    size_t n;
    double end;
    bool open;
    /* A window speaks for its middle: one that starts at `until` may still hold a cluster together up to there. */
    while (first_cluster(g, &n, &end, &open) && (!open || segment_end || until > end + cluster_gap(g, n))) {
        MYO_TRY(close_cluster(g, n, end));
    }
    if (segment_end) {
        g->n_w = 0;
    } else if (g->kind == MYO_KIND_EMG) {
        forget_windows(g, (g->n > 0 ? g->b[0].on : until) - 1.0);
    }
    return MYO_OK;
}
