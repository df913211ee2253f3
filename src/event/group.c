/* group.c - clusters of bursts cut into candidate events. The numbers of an event are made in cand.c. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/base.h"
#include "event/group_in.h"
#include "myotab/event.h"

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
    g->calibrated = calibrated;
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
        myo_free((*g)->legs);
        myo_free((*g)->limb);
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
        const bool own = part->form != MYO_FORM_HEART && part->form != MYO_FORM_LEG && i >= part->first && i < part->last;
        n += !own && g->b[i].on > part->on - 1.0 && g->b[i].on < part->off + 1.0;
    }
    return (float)(n / (2.0 + part->off - part->on));
}

/* Bursts of an event as the table shows them: pieces of a tonic burst become one. Returns their number. */
static size_t unite(myo_burst *b, const myo_part_of *part)
{
    size_t n = 0;
    for (size_t i = part->first; i < part->last; i++) {
        if (n > 0 && (b[i].joined > 0.0f || (part->form == MYO_FORM_SUSTAINED && myo_is_filled(b, i)))) {
            myo_burst_append(&b[part->first + n - 1], &b[i]);
        } else {
            b[part->first + n++] = b[i];
        }
    }
    return n;
}

static bool shows_steps(const void *group, const myo_window *w)
{
    (void)group;
    return myo_shows_steps(w);
}

/* One event of the bursts b[part->first .. part->last): numbered, and its bursts put aside. */
static myo_err hand_on(myo_group *g, myo_burst *b, myo_part_of *part)
{
    myo_cand c;
    const bool steps = part->form == MYO_FORM_GAIT;
    const myo_window_view view = {g->w, g->n_w, steps ? shows_steps : myo_shows_tremor, g};
    const bool whole = part->form == MYO_FORM_SUSTAINED || (part->form == MYO_FORM_SINGLE && g->kind == MYO_KIND_EMG);
    const bool cut = whole && myo_tonic_edges(b, part, g->k->edge_pct / 100.0);
    const myo_own_ends own = cut ? myo_shorten(b, part) : (myo_own_ends){part->on, part->off};
    MYO_TRY(myo_cand_make(&c, b, part, &view));
    c.lane = g->lane;
    c.f[MYO_F_NEAR] = crowd(g, part);
    if (!g->calibrated) {
        c.f[MYO_F_FLOOR] = 0.0f; /* says nothing in counts */
    }
    const size_t n = unite(b, part);
    if (cut) {
        myo_keep_peaks(&b[part->first], &b[part->first + n - 1], &own, g->k->min_ms / 1000.0);
        c.on = b[part->first].on;
        c.off = b[part->first + n - 1].off;
    }
    c.n_bursts = (int64_t)n;
    c.interval_cv = n > 0 ? myo_interval_cv(b + part->first, n) : NAN; /* of the bursts the table shows, not of pieces */
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

/* The bursts of a movement leave the cluster for an event of their own; there may be none. */
static myo_err hand_on_leg(myo_group *g, const myo_leg *leg)
{
    size_t kept = 0, n = 0;
    bool taken = false;
    MYO_TRY(myo_grow((void **)&g->limb, &g->cap_limb, g->n, sizeof *g->limb));
    for (size_t i = 0; i < g->n; i++) {
        myo_burst b = g->b[i];
        const double middle = 0.5 * (b.on + b.off);
        const bool own = middle >= leg->on && middle <= leg->off;
        b.joined = own == taken && i > 0 ? b.joined : 0.0f; /* what it continued is elsewhere now */
        taken = own;
        if (own) {
            b.flags |= leg->flags;
            g->limb[n++] = b;
        } else {
            g->b[kept++] = b;
        }
    }
    g->n = kept;
    myo_part_of part = {0, n, MYO_FORM_LEG, leg->on, leg->off};
    return hand_on(g, g->limb, &part);
}

static myo_err all_events(myo_group *g, double end, size_t n_legs)
{
    g->n_parts = g->n_done = 0;
    for (size_t i = 0; i < n_legs; i++) {
        MYO_TRY(hand_on_leg(g, &g->legs[i]));
    }
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
    if (g->n_done > 0) {
        qsort(g->done, g->n_done, sizeof *g->done, by_onset);
    }
    for (size_t i = 0; i < g->n_done; i++) {
        MYO_TRY(g->sink.burst(g->sink.user, &g->done[i]));
    }
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

/* Windows that speak for a time up to `end`. */
static size_t windows_to(const myo_group *g, double end)
{
    size_t n = 0;
    while (n < g->n_w && myo_window_middle(&g->w[n]) - 0.5 <= end) {
        n++;
    }
    return n;
}

static void drop_first(void *items, size_t *n, size_t used, size_t size)
{
    *n -= used;
    if (used > 0 && *n > 0) {
        memmove(items, (char *)items + used * size, *n * size);
    }
}

/* The first n bursts are one cluster that ends at `end`: cut it, hand it on, forget it. It sees the same windows
 * whenever that happens: an accelerometer's to its end (those behind are the next one's), EMG's from its start. */
static myo_err close_cluster(myo_group *g, size_t n, double end)
{
    const bool acc = g->kind == MYO_KIND_ACC;
    if (!acc && n > 0) {
        forget_windows(g, g->b[0].on - 1.0);
    }
    const size_t all = g->n, all_w = g->n_w, used = windows_to(g, end);
    size_t n_legs = 0;
    while (n_legs < g->n_legs && g->legs[n_legs].on <= end) {
        n_legs++;
    }
    g->n = n;
    g->n_w = acc ? used : all_w;
    MYO_TRY(all_events(g, end, n_legs));
    g->n = all;
    g->n_w = all_w;
    drop_first(g->b, &g->n, n, sizeof *g->b);
    drop_first(g->w, &g->n_w, used, sizeof *g->w);
    drop_first(g->legs, &g->n_legs, n_legs, sizeof *g->legs);
    return MYO_OK;
}

/* Does what begins at `on` lie beyond the cluster of n bursts that ends at `end`? */
static bool is_beyond(const myo_group *g, size_t n, double end, double on)
{
    const double reach = g->kind == MYO_KIND_ACC ? 6.0 : 1.5; /* a held reach; the fringe of a contraction */
    const double least = fmax(g->gap_s, reach);
    if (on <= end + least) {
        return false;
    }
    const double med = n >= 4 ? myo_group_median_interval(g, n > 16 ? n - 16 : 0, n) : 0.0;
    return on > end + fmax(least, fmin(2.5 * med, 2.0));
}

/* How far the first cluster reaches: *n bursts, *end. False: nothing there. Looks at what begins before `until` only:
 * the rest may still get company. Ends at a gap, at `until` or with CLUSTER_MAX bursts and windows. */
static bool first_cluster(const myo_group *g, double until, size_t *n, double *end)
{
    const size_t n_w = g->n_w;
    size_t i = 0, j = 0, k = 0;
    *end = -INFINITY;
    while ((i < g->n || j < n_w || k < g->n_legs) && i + j + k < CLUSTER_MAX) {
        while (g->kind == MYO_KIND_EMG && j < n_w && !myo_likely_tremor(&g->w[j]) && !myo_clear_tremor(&g->w[j])) {
            j++; /* of EMG only windows with a plain peak hold a cluster together */
        }
        if (i == g->n && j == n_w && k == g->n_legs) {
            break;
        }
        const double b_on = i < g->n ? g->b[i].on : INFINITY;
        const double w_on = j < n_w ? myo_window_middle(&g->w[j]) - 0.5 : INFINITY;
        const double g_on = k < g->n_legs ? g->legs[k].on : INFINITY;
        const bool leg = g_on <= fmin(b_on, w_on), burst = !leg && b_on < w_on;
        const double on = leg ? g_on : burst ? b_on : w_on;
        if (on >= until || (*end > -INFINITY && is_beyond(g, i, *end, on))) {
            break;
        }
        *end = fmax(*end, leg ? g->legs[k].off : burst ? g->b[i].off : w_on + 1.0);
        i += burst;
        j += !burst && !leg;
        k += leg;
    }
    *n = i;
    return *end > -INFINITY;
}

static myo_err close_all(myo_group *g, double until)
{
    size_t n;
    double end;
    while (first_cluster(g, until, &n, &end) && is_beyond(g, n, end, until)) {
        MYO_TRY(close_cluster(g, n, end));
    }
    return MYO_OK;
}

/* ---- segments ---- */

static myo_err end_segment(myo_group *g)
{
    g->waits = false;
    MYO_TRY(close_all(g, INFINITY));
    g->n_w = 0;
    return MYO_OK;
}

/* Nothing before `at` follows: is that too late for the rest of what the segment's end had cut? A pause that ends no
 * activity, gap or not, makes no two of it. */
static myo_err wait_until(myo_group *g, double at)
{
    return g->waits && at > g->b[g->n - 1].off + g->join_s ? end_segment(g) : MYO_OK;
}

myo_err myo_group_finish(myo_group *g)
{
    return g->waits ? end_segment(g) : MYO_OK;
}

myo_err myo_group_burst(myo_group *g, const myo_burst *b)
{
    MYO_TRY(wait_until(g, b->flags & MYO_FLAG_CUT_START ? b->on : INFINITY));
    g->waits = false;
    MYO_TRY(myo_grow((void **)&g->b, &g->cap_b, g->n + 1, sizeof *g->b));
    g->b[g->n++] = *b;
    return MYO_OK;
}

myo_err myo_group_leg(myo_group *g, const myo_leg *leg)
{
    MYO_TRY(myo_group_finish(g));
    MYO_TRY(myo_grow((void **)&g->legs, &g->cap_legs, g->n_legs + 1, sizeof *g->legs));
    g->legs[g->n_legs++] = *leg;
    return MYO_OK;
}

myo_err myo_group_window(myo_group *g, const myo_window *w)
{
    if (!myo_shows_tremor(g, w) && !myo_shows_steps(w)) {
        return MYO_OK; /* the others say nothing, and a quiet day has many */
    }
    MYO_TRY(myo_group_finish(g)); /* a rhythm does not run over a gap */
    MYO_TRY(myo_grow((void **)&g->w, &g->cap_w, g->n_w + 1, sizeof *g->w));
    g->w[g->n_w++] = *w;
    return MYO_OK;
}

myo_err myo_group_advance(myo_group *g, double until, int segment_end)
{
    MYO_TRY(wait_until(g, until));
    if (segment_end) {
        g->waits = g->n > 0 && (g->b[g->n - 1].flags & MYO_FLAG_CUT_END);
        return g->waits ? MYO_OK : end_segment(g);
    }
    if (g->waits) {
        return MYO_OK;
    }
    MYO_TRY(close_all(g, until));
    if (g->kind == MYO_KIND_EMG) {
        forget_windows(g, (g->n > 0 ? g->b[0].on : until) - 1.0);
    }
    return MYO_OK;
}
