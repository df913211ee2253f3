/* group.c - clusters of bursts cut into candidate events. The numbers of an event are made in cand.c. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/base.h"
#include "event/cand.h"

enum { CLUSTER_MAX = 4096, RUN_MIN = 5 }; /* bursts or windows a cluster may hold; bursts of a regular run */

struct myo_group {
    int lane;
    myo_kind kind;
    const myo_kind_params *k;
    double gap_s, join_s;     /* cluster gap; gap that a sustained activity may have */
    myo_group_sink sink;
    myo_burst *b;             /* bursts of the open cluster */
    size_t n, cap_b;
    myo_window *w;            /* windows that may still matter */
    size_t n_w, cap_w;
    int64_t n_events;         /* handed on */
    myo_part_of *parts;       /* the cluster cut into events */
    size_t n_parts, cap_parts;
};

myo_err myo_group_new(myo_group **out, int lane, myo_kind kind, const myo_params *p, const myo_group_sink *sink)
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
        myo_free(*g);
        *g = NULL;
    }
}

/* ---- windows that show tremor ---- */

/* science.md 4: half-power width <= 2 Hz, a good share of the band's power, no stronger slower rhythm (walking). */
static bool shows_tremor(const void *group, const myo_window *w)
{
    const myo_group *g = group;
    const double share = g->kind == MYO_KIND_ACC ? 0.4 : 0.25;
    return w->width_hz <= 2.0f && w->share >= share && w->below_db < -3.0f && w->height_db >= g->k->tremor_db;
}

/* Time a window speaks for: a second about its middle. */
static double middle(const myo_window *w)
{
    return 0.5 * (w->on + w->off);
}

/* ---- cutting a cluster ---- */

static myo_err add_part(myo_group *g, size_t first, size_t last, myo_form form)
{
    MYO_TRY(myo_grow((void **)&g->parts, &g->cap_parts, g->n_parts + 1, sizeof *g->parts));
    g->parts[g->n_parts++] = (myo_part_of){first, last, form, g->b[first].on, g->b[last - 1].off};
    return MYO_OK;
}

static double interval(const myo_group *g, size_t i)
{
    return g->b[i + 1].on - g->b[i].on;
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_interval(const myo_group *g, size_t first, size_t last)
{
    double v[64];
    size_t n = last - first - 1;
    n = n > 64 ? 64 : n; /* a run's first 64 intervals tell its rhythm */
    for (size_t i = 0; i < n; i++) {
        v[i] = interval(g, first + i);
    }
    qsort(v, n, sizeof *v, by_value);
    return n % 2 ? v[n / 2] : 0.5 * (v[n / 2 - 1] + v[n / 2]);
}

/* Longest run from `first` whose intervals stay within 0.6 .. 1.7 of their median and whose rhythm is one of tremor. */
static size_t regular_run(const myo_group *g, size_t first, size_t end)
{
    size_t last = first + 2;
    if (last > end) {
        return first;
    }
    while (last < end) {
        const double med = median_interval(g, first, last), next = interval(g, last - 1);
        if (next < 0.55 * med || next > 1.8 * med) {
            break;
        }
        last++;
    }
    if (last - first < RUN_MIN) {
        return first;
    }
    const double med = median_interval(g, first, last);
    size_t off_beat = 0;
    for (size_t i = first; i + 1 < last; i++) {
        off_beat += fabs(interval(g, i) - med) > 0.3 * med;
    }
    const bool regular = off_beat * 3 <= last - first - 1;
    const bool fast = med < 1.0 / (0.8 * g->k->tremor_lo) && med > 1.0 / (1.2 * g->k->tremor_hi);
    return regular && fast ? last : first;
}

/* Bursts from `first` that are one activity: pieces without a gap, or gaps under join_s filling less than 40 %. */
static size_t joined_run(const myo_group *g, size_t first, size_t end)
{
    double inside = g->b[first].off - g->b[first].on;
    size_t last = first + 1;
    for (; last < end; last++) {
        const double gap = g->b[last].on - g->b[last - 1].off;
        const double more = g->b[last].off - g->b[last].on, span = g->b[last].off - g->b[first].on;
        if (gap > g->join_s || inside + more < 0.6 * span) {
            break;
        }
        inside += more;
    }
    return last;
}

static myo_err cut(myo_group *g, size_t first, size_t end)
{
    while (first < end) {
        size_t last = g->kind == MYO_KIND_EMG ? regular_run(g, first, end) : first;
        myo_form form = MYO_FORM_TRAIN;
        if (last == first) {
            /* No rhythm begins here; does one begin before the joined run ends? */
            last = joined_run(g, first, end);
            for (size_t i = first + 1; g->kind == MYO_KIND_EMG && i < last; i++) {
                if (regular_run(g, i, end) != i) {
                    last = i;
                }
            }
            const double length = g->b[last - 1].off - g->b[first].on;
            form = length > 0.5 ? MYO_FORM_SUSTAINED : MYO_FORM_SINGLE;
        }
        MYO_TRY(add_part(g, first, last, form));
        first = last;
    }
    return MYO_OK;
}

/* ---- rhythm on accelerometers ---- */

typedef struct stretch { double on, off; } stretch;

/* Next stretch of tremor windows from index *i; at least two in a row, a missing one tolerated. */
static bool next_stretch(const myo_group *g, size_t *i, stretch *s)
{
    while (*i < g->n_w) {
        if (!shows_tremor(g, &g->w[*i])) {
            (*i)++;
            continue;
        }
        size_t last = *i, n = 1;
        for (size_t j = *i + 1; j < g->n_w && g->w[j].on - g->w[last].on < 2.6; j++) {
            if (shows_tremor(g, &g->w[j]) && fabsf(g->w[j].freq_hz - g->w[last].freq_hz) < 1.5f) {
                last = j;
                n++;
            }
        }
        *s = (stretch){middle(&g->w[*i]) - 0.5, middle(&g->w[last]) + 0.5};
        /* At a file's or gap's edge half a window has no window of its own. */
        s->on = g->w[*i].on < 0.5 ? g->w[*i].on : s->on;
        *i = last + 1;
        if (n >= 2) {
            return true;
        }
    }
    return false;
}

static size_t first_burst_from(const myo_group *g, double t)
{
    size_t i = 0;
    while (i < g->n && 0.5 * (g->b[i].on + g->b[i].off) < t) {
        i++;
    }
    return i;
}

/* A rhythm stretch takes in the bursts whose middles lie in it (or within a window's reach); its edges go to theirs. */
static myo_err add_rhythm(myo_group *g, size_t from, size_t to, const stretch *s)
{
    MYO_TRY(myo_grow((void **)&g->parts, &g->cap_parts, g->n_parts + 1, sizeof *g->parts));
    myo_part_of part = {from, to, MYO_FORM_RHYTHM, s->on, s->off};
    if (to > from) {
        if (fabs(g->b[from].on - s->on) < 2.0) {
            part.on = g->b[from].on;
        }
        if (fabs(g->b[to - 1].off - s->off) < 2.0) {
            part.off = g->b[to - 1].off;
        }
    }
    g->parts[g->n_parts++] = part;
    return MYO_OK;
}

static myo_err cut_with_rhythm(myo_group *g, double end)
{
    size_t done = 0, i = 0;
    stretch s;
    while (g->kind == MYO_KIND_ACC && next_stretch(g, &i, &s) && s.on <= end) {
        size_t from = first_burst_from(g, s.on - 0.5), to = first_burst_from(g, s.off + 0.5);
        from = from < done ? done : from;
        to = to < from ? from : to;
        MYO_TRY(cut(g, done, from));
        MYO_TRY(add_rhythm(g, from, to, &s));
        done = to;
    }
    return cut(g, done, g->n);
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

static myo_err hand_on(myo_group *g, const myo_part_of *part)
{
    myo_cand c;
    const myo_window_view view = {g->w, g->n_w, shows_tremor, g};
    MYO_TRY(myo_cand_make(&c, g->b, part, &view));
    c.lane = g->lane;
    c.f[MYO_F_NEAR] = crowd(g, part);
    MYO_TRY(g->sink.event(g->sink.user, &c));
    for (size_t i = part->first; i < part->last; i++) {
        g->b[i].event = g->n_events;
        MYO_TRY(g->sink.burst(g->sink.user, &g->b[i]));
    }
    g->n_events++;
    return MYO_OK;
}

/* The first n bursts are one cluster that ends at `end`: cut it, hand it on, forget it. */
static myo_err close_cluster(myo_group *g, size_t n, double end)
{
    const size_t all = g->n;
    g->n = n;
    g->n_parts = 0;
    MYO_TRY(cut_with_rhythm(g, end));
    for (size_t i = 0; i < g->n_parts; i++) {
        MYO_TRY(hand_on(g, &g->parts[i]));
    }
    g->n = all - n;
    memmove(g->b, g->b + n, sizeof *g->b * g->n);
    if (g->kind == MYO_KIND_ACC) {
        size_t used = 0;
        while (used < g->n_w && middle(&g->w[used]) - 0.5 <= end) {
            used++;
        }
        g->n_w -= used;
        memmove(g->w, g->w + used, sizeof *g->w * g->n_w);
    }
    return MYO_OK;
}

static double cluster_gap(const myo_group *g, size_t n)
{
    const double med = n >= 4 ? median_interval(g, n > 16 ? n - 16 : 0, n) : 0.0;
    return fmax(g->gap_s, fmin(2.5 * med, 2.0));
}

/* How far the first cluster reaches: *n bursts, *end. False: nothing there. *open: it ran out of bursts and windows
 * before it met a gap, so more may belong to it. */
static bool first_cluster(const myo_group *g, size_t *n, double *end, bool *open)
{
    size_t i = 0, j = 0;
    *end = -INFINITY;
    while (i < g->n || j < g->n_w) {
        while (j < g->n_w && (g->kind != MYO_KIND_ACC || !shows_tremor(g, &g->w[j]))) {
            j++; /* only tremor windows of an accelerometer hold a cluster together */
        }
        if (i == g->n && j == g->n_w) {
            break;
        }
        const bool burst = j == g->n_w || (i < g->n && g->b[i].on < middle(&g->w[j]) - 0.5);
        const double on = burst ? g->b[i].on : middle(&g->w[j]) - 0.5;
        const double off = burst ? g->b[i].off : middle(&g->w[j]) + 0.5;
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
