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
    float tremor_amp;         /* least rms of a tremor's peak, g; 0 for EMG */
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
    if (w->amp < g->tremor_amp || w->focus > 0.45f) {
        return false;
    }
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

/* Beats between two bursts `d` seconds apart if the rhythm has this period and may skip up to three beats (weak tremor
 * does); 0 if they do not fit. */
static int beats(double d, double period)
{
    const int k = (int)floor(d / period + 0.5);
    return k >= 1 && k <= 4 && fabs(d - k * period) <= 0.3 * period ? k : 0;
}

/* End of the run from `first` that keeps the period; `first` if it is too short or mostly skipped beats. */
static size_t run_at(const myo_group *g, size_t first, size_t end, double period)
{
    size_t last = first + 1, misfits = 0;
    int total = 0;
    for (; last < end; last++) {
        const int k = beats(interval(g, last - 1), period);
        if (k == 0 && (++misfits * 6 > last - first || interval(g, last - 1) > 2.0 * period)) {
            break;
        }
        total += k > 0 ? k : 1;
    }
    const size_t n = last - first;
    return n >= RUN_MIN && n * 2 > (size_t)total ? last : first;
}

/* Median frequency of the tremor windows that hold burst i; 0 without. */
static double window_period(const myo_group *g, size_t i)
{
    double v[16];
    size_t n = 0;
    for (size_t j = 0; j < g->n_w && n < 16; j++) {
        if (g->w[j].on <= g->b[i].on + 2.0 && g->w[j].off >= g->b[i].off && shows_tremor(g, &g->w[j])) {
            v[n++] = 1.0 / (double)g->w[j].freq_hz;
        }
    }
    qsort(v, n, sizeof *v, by_value);
    return n > 0 ? v[n / 2] : 0.0;
}

static bool tremor_period(const myo_group *g, double period)
{
    return period < 1.0 / (0.8 * g->k->tremor_lo) && period > 1.0 / (1.2 * g->k->tremor_hi);
}

/* Bursts that leave hardly a gap are a contraction, whatever the rhythm of its units; bursts that are hardly there are
 * single potentials (science.md 4: duty of tremor 0.2-0.7). */
static bool has_gaps(const myo_group *g, size_t first, size_t last)
{
    double inside = 0.0;
    for (size_t i = first; i < last; i++) {
        inside += g->b[i].off - g->b[i].on;
    }
    const double span = g->b[last - 1].off - g->b[first].on;
    return inside < 0.8 * span && inside > 0.08 * span;
}

/* Longest run of bursts from `first` in a tremor's rhythm: at the period of the spectrum's peak, or of the first few
 * intervals themselves. */
static size_t regular_run(const myo_group *g, size_t first, size_t end)
{
    if (first + RUN_MIN > end) {
        return first;
    }
    const double own = median_interval(g, first, first + RUN_MIN + 2 < end ? first + RUN_MIN + 2 : end);
    const double seen = window_period(g, first);
    size_t last = first;
    if (tremor_period(g, own)) {
        last = run_at(g, first, end, own);
    }
    if (seen > 0.0 && tremor_period(g, seen)) {
        const size_t other = run_at(g, first, end, seen);
        last = other > last ? other : last;
    }
    return last > first && has_gaps(g, first, last) ? last : first;
}

/* A fasciculation's F-wave echo: a second short burst 28-42 ms behind the first (science.md 1.1, Kle12). */
static bool is_echo(const myo_group *g, size_t i)
{
    const double d = interval(g, i - 1), a = g->b[i - 1].off - g->b[i - 1].on, b = g->b[i].off - g->b[i].on;
    return g->kind == MYO_KIND_EMG && d > 0.026 && d < 0.042 && a < 0.025 && b < 0.025;
}

/* Longest gap inside an activity that has lasted `inside` seconds: a cramp of many seconds may waver for a moment. */
static double may_gap(const myo_group *g, double inside)
{
    return inside > 1.5 ? fmax(g->join_s, fmin(1.0, 0.2 * inside)) : g->join_s;
}

/* Bursts from `first` that are one activity: pieces without a gap, or small gaps filling less than 40 %. */
static size_t joined_run(const myo_group *g, size_t first, size_t end)
{
    double inside = g->b[first].off - g->b[first].on;
    size_t last = first + 1;
    for (; last < end; last++) {
        const double gap = g->b[last].on - g->b[last - 1].off;
        const double more = g->b[last].off - g->b[last].on, span = g->b[last].off - g->b[first].on;
        const bool echo = last == first + 1 && is_echo(g, last);
        if (!echo && (gap > may_gap(g, inside) || inside + more < 0.6 * span)) {
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

/* ---- mending trains ---- */

static double period_of(const myo_group *g, const myo_part_of *p)
{
    return median_interval(g, p->first, p->last);
}

/* Two trains of one rhythm, and what lies between them, are one train if the pause is short. */
static bool same_train(const myo_group *g, const myo_part_of *a, const myo_part_of *b)
{
    const double pa = period_of(g, a), pb = period_of(g, b);
    return b->on - a->off <= fmax(g->gap_s, 4.0 * fmin(pa, pb)) && fmax(pa, pb) < 1.5 * fmin(pa, pb);
}

/* A lone burst on the beat beside a train belongs to it. */
static bool on_beat(const myo_group *g, const myo_part_of *train, const myo_part_of *p)
{
    const double period = period_of(g, train), length = g->b[train->first].off - g->b[train->first].on;
    const double d = p->on > train->on ? p->on - g->b[train->last - 1].on : train->on - g->b[p->last - 1].on;
    return p->form == MYO_FORM_SINGLE && d <= 2.4 * period && p->off - p->on < 3.0 * length + 0.02;
}

/* Index behind the last part that continues the train at i. */
static size_t train_end(const myo_group *g, size_t i)
{
    size_t end = i + 1;
    for (size_t j = i + 1; j < g->n_parts && j < end + 6; j++) {
        if (g->parts[j].form == MYO_FORM_TRAIN && same_train(g, &g->parts[i], &g->parts[j])) {
            g->parts[i].last = g->parts[j].last;
            g->parts[i].off = g->parts[j].off;
            end = j + 1;
        }
    }
    while (end < g->n_parts && on_beat(g, &g->parts[i], &g->parts[end])) {
        g->parts[i].last = g->parts[end].last;
        g->parts[i].off = g->parts[end].off;
        end++;
    }
    return end;
}

static void mend_trains(myo_group *g)
{
    size_t kept = 0;
    for (size_t i = 0; i < g->n_parts;) {
        if (g->parts[i].form != MYO_FORM_TRAIN) {
            g->parts[kept++] = g->parts[i++];
            continue;
        }
        const size_t end = train_end(g, i);
        myo_part_of train = g->parts[i];
        while (kept > 0 && on_beat(g, &train, &g->parts[kept - 1])) {
            train.first = g->parts[--kept].first;
            train.on = g->parts[kept].on;
        }
        g->parts[kept++] = train;
        i = end;
    }
    g->n_parts = kept;
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

/* Bursts inside a stretch of tremor windows are one train, even where they run into each other. */
static myo_err add_stretch(myo_group *g, size_t from, size_t to, const stretch *s)
{
    if (g->kind == MYO_KIND_ACC) {
        return add_rhythm(g, from, to, s);
    }
    return to > from ? add_part(g, from, to, MYO_FORM_TRAIN) : MYO_OK;
}

static myo_err cut_with_rhythm(myo_group *g, double end)
{
    const double reach = g->kind == MYO_KIND_ACC ? 0.5 : 0.0;
    size_t done = 0, i = 0;
    stretch s;
    while (next_stretch(g, &i, &s) && s.on <= end) {
        size_t from = first_burst_from(g, s.on - reach), to = first_burst_from(g, s.off + reach);
        from = from < done ? done : from;
        to = to < from ? from : to;
        if (g->kind == MYO_KIND_EMG && (to - from < RUN_MIN || !has_gaps(g, from, to))) {
            continue;
        }
        MYO_TRY(cut(g, done, from));
        MYO_TRY(add_stretch(g, from, to, &s));
        done = to;
    }
    return cut(g, done, g->n);
}

/* ---- mending contractions ---- */

static double part_energy(const myo_group *g, const myo_part_of *p, double *rms)
{
    double e = 0.0, t = 0.0;
    for (size_t i = p->first; i < p->last; i++) {
        const double d = g->b[i].off - g->b[i].on;
        e += d * g->b[i].rms * g->b[i].rms;
        t += d;
    }
    *rms = t > 0.0 ? sqrt(e / t) : 0.0;
    return e;
}

/* The first units before a contraction's ramp and the last ones behind it: near, weak, and little of the whole. */
static bool is_fringe(const myo_group *g, const myo_part_of *main, const myo_part_of *p)
{
    double rms_main, rms;
    const double e_main = part_energy(g, main, &rms_main), e = part_energy(g, p, &rms);
    const double gap = p->on > main->on ? p->on - main->off : main->on - p->off;
    const double reach = main->off - main->on > 3.0 ? 1.5 : 1.0;
    return p->form != MYO_FORM_TRAIN && gap < reach && rms < 0.45 * rms_main && e < 0.03 * e_main;
}

static void mend_contractions(myo_group *g)
{
    size_t kept = 0;
    for (size_t i = 0; i < g->n_parts; i++) {
        myo_part_of p = g->parts[i];
        const bool tonic = p.form == MYO_FORM_SUSTAINED;
        while (tonic && kept > 0 && is_fringe(g, &p, &g->parts[kept - 1])) {
            p.first = g->parts[--kept].first;
        }
        while (tonic && i + 1 < g->n_parts && is_fringe(g, &p, &g->parts[i + 1])) {
            p.last = g->parts[++i].last;
        }
        g->parts[kept++] = p;
    }
    g->n_parts = kept;
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
static size_t unite(myo_group *g, const myo_part_of *part)
{
    size_t n = 0;
    for (size_t i = part->first; i < part->last; i++) {
        if (n > 0 && g->b[i].joined > 0.0f) {
            myo_burst_append(&g->b[part->first + n - 1], &g->b[i]);
        } else {
            g->b[part->first + n++] = g->b[i];
        }
    }
    return n;
}

static myo_err hand_on(myo_group *g, myo_part_of *part)
{
    myo_cand c;
    const myo_window_view view = {g->w, g->n_w, shows_tremor, g};
    if (part->form == MYO_FORM_SUSTAINED) {
        myo_tonic_edges(g->b, part, g->k->edge_pct / 100.0);
    }
    MYO_TRY(myo_cand_make(&c, g->b, part, &view));
    c.lane = g->lane;
    c.f[MYO_F_NEAR] = crowd(g, part);
    const size_t n = unite(g, part);
    c.n_bursts = (int64_t)n;
    MYO_TRY(g->sink.event(g->sink.user, &c));
    for (size_t i = part->first; i < part->first + n; i++) {
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
    mend_trains(g);
    mend_contractions(g);
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
    return fmax(fmax(g->gap_s, 1.5), fmin(2.5 * med, 2.0)); /* 1.5 s: the fringe of a contraction */
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
