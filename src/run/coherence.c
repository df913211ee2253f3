/* coherence.c - STEM_coherence.tsv: common time of two channels' episodes, segment by segment, and what its cross-spectrum says.
 *
 *   channel 1     [======= episode =======]        [=== episode ===]
 *   channel 2          [== episode ==]                [======= episode ======]
 *   segments           |--|              (2 s, one each second of the file's time, all channels the same)
 *                       |--|
 *                        |--| ...
 *   rows               [a stretch    ]                [a stretch   ]     and one of both */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "dsp/cohere.h"
#include "run/link_in.h"
#include "run/tremor.h"

static const double HOP_S = 0.5 * MYO_SEGMENT_S;
static const double ALPHA = 0.01;        /* science.md 4.7 */
enum { SEGMENTS_MIN = 4, BINS_MIN = 2 }; /* under 4 segments the limit is 0.81 and more; bins: TrTab25 */

/* A channel at the segment in hand. */
typedef struct channel {
    const myo_plan_lane *plan;
    myo_lane_result *lane;
    myo_slow_rate rate;
    const myo_segmenter *segmenter;
    int64_t at, n;                /* its episodes: those from `at` on may hold a segment to come */
    myo_episode e;                /* number `at` */
    myo_slow_span span;
    float *along;                 /* of a segment, along the main axis */
    bool is;                      /* the segment is whole within e; from take_segment() on: and without gaps */
    myo_transform x;
} channel;

/* Sums of two channels: of the stretch in hand and of all before. */
typedef struct pair {
    int64_t last, first, first_of_all; /* segments: the last of the stretch, its first one, that of all */
    int64_t id[2];                /* events of the stretch */
    myo_cross now, all;
} pair;

typedef struct found_row {
    double on, off;
    int a, b;
    bool all;                     /* the recording's */
    int64_t id[2];
    double n;
    myo_coherence c;
} found_row;

typedef struct coherence {
    const myo_link_job *job;
    channel *ch;
    int n_ch;
    myo_segmenter **segmenter;    /* one for each rate */
    double *segmenter_hz;
    int n_segmenters;
    pair **pair;                  /* [a * n_ch + b], a < b; NULL until they meet */
    found_row *row;
    size_t n_rows, cap_rows;
} coherence;

/* ---- channels ---- */

static myo_err find_segmenter(coherence *k, channel *c)
{
    const double hz = myo_slow_hz(&c->rate);
    for (int i = 0; i < k->n_segmenters; i++) {
        if (k->segmenter_hz[i] == hz) {
            c->segmenter = k->segmenter[i];
            return MYO_OK;
        }
    }
    MYO_TRY(myo_segmenter_new(&k->segmenter[k->n_segmenters], hz));
    k->segmenter_hz[k->n_segmenters] = hz;
    c->segmenter = k->segmenter[k->n_segmenters++];
    return MYO_OK;
}

static myo_err load_episode(coherence *k, channel *c)
{
    return c->at < c->n ? myo_store_get(c->lane->measured, c->at, &c->e, k->job->d) : MYO_OK;
}

static myo_err open_channel(coherence *k, int i)
{
    channel *c = &k->ch[i];
    c->plan = &k->job->plan->lane[i];
    c->lane = &k->job->lane[i];
    c->rate = *myo_slow_get_rate(c->lane->slow);
    c->n = myo_store_count(c->lane->measured);
    if (c->n == 0) {
        return MYO_OK;
    }
    MYO_TRY(find_segmenter(k, c));
    c->along = myo_alloc((size_t)myo_segmenter_length(c->segmenter), sizeof *c->along);
    myo_slow_rewind(c->lane->slow);
    return c->along ? load_episode(k, c) : MYO_ERR_NOMEM;
}

/* Its values from `on` on, along the main axis; false where some are missing. */
static bool project(channel *c, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        double v = 0.0;
        for (int a = 0; a < c->rate.n_axes; a++) {
            v += c->e.axis[a] * (double)c->span.v[a][i];
        }
        if (isnan(v)) {
            return false;
        }
        c->along[i] = (float)v;
    }
    return true;
}

/* Does an episode of the channel hold segment [on, on + 2 s)? */
static myo_err find_episode(coherence *k, channel *c, double on)
{
    const double off = on + MYO_SEGMENT_S;
    while (c->at < c->n && c->e.off < off) {
        c->at++;
        MYO_TRY(load_episode(k, c));
    }
    c->is = c->at < c->n && c->e.on <= on;
    return MYO_OK;
}

/* The segment's transform; not `is` where it has gaps. A value more than it needs is read: the first may lie a step later. */
static myo_err take_segment(coherence *k, channel *c, double on)
{
    const double hz = myo_slow_hz(&c->rate);
    const int n = myo_segmenter_length(c->segmenter);
    MYO_TRY(myo_slow_read(c->lane->slow, on, on + MYO_SEGMENT_S + 1.5 / hz, &c->span, k->job->d));
    const double late = c->span.start_s - on;
    c->is = c->span.n >= n && late < 1.5 / hz && project(c, n);
    if (c->is) {
        myo_segment_transform(c->segmenter, c->along, late, &c->x);
    }
    return MYO_OK;
}

/* Segment [on, on + 2 s) of all channels that have it, if there are two of them. */
static myo_err take_segments(coherence *k, double on)
{
    int n = 0;
    for (int i = 0; i < k->n_ch; i++) {
        MYO_TRY(find_episode(k, &k->ch[i], on));
        n += k->ch[i].is;
    }
    for (int i = 0; i < k->n_ch && n > 1; i++) {
        MYO_TRY(k->ch[i].is ? take_segment(k, &k->ch[i], on) : MYO_OK);
    }
    return MYO_OK;
}

/* ---- pairs ---- */

static myo_err add_row(coherence *k, int a, int b, const pair *p, bool all)
{
    const myo_cross *x = all ? &p->all : &p->now;
    const myo_kind_params *q = k->ch[a].plan->cfg.kind == MYO_KIND_ACC ? &k->job->params->acc : &k->job->params->emg;
    const myo_kind_params *r = k->ch[b].plan->cfg.kind == MYO_KIND_ACC ? &k->job->params->acc : &k->job->params->emg;
    found_row row = {.on = (double)(all ? p->first_of_all : p->first) * HOP_S, .off = (double)(p->last + 2) * HOP_S,
                     .a = a, .b = b, .all = all, .id = {p->id[0], p->id[1]}, .n = x->independent};
    if (x->n < SEGMENTS_MIN) {
        return MYO_OK;
    }
    const double top = 0.45 * fmin(myo_slow_hz(&k->ch[a].rate), myo_slow_hz(&k->ch[b].rate));
    myo_coherence_of(x, fmax(q->tremor_lo, r->tremor_lo), fmin(top, fmin(q->tremor_hi, r->tremor_hi)), ALPHA, &row.c);
    MYO_TRY(myo_grow((void **)&k->row, &k->cap_rows, k->n_rows + 1, sizeof *k->row));
    k->row[k->n_rows++] = row;
    return MYO_OK;
}

/* The stretch in hand is over. */
static myo_err close_stretch(coherence *k, int a, int b, pair *p)
{
    if (p->now.n > 0.0) {
        MYO_TRY(add_row(k, a, b, p, false));
        myo_cross_join(&p->all, &p->now);
        p->now = (myo_cross){.n = 0.0};
    }
    return MYO_OK;
}

static myo_err meet(coherence *k, int64_t segment, int a, int b)
{
    channel *x = &k->ch[a], *y = &k->ch[b];
    pair **slot = &k->pair[a * k->n_ch + b];
    if (!*slot) {
        *slot = myo_alloc(1, sizeof **slot);
        if (!*slot) {
            return MYO_ERR_NOMEM;
        }
        (*slot)->first_of_all = segment;
    }
    pair *p = *slot;
    const bool follows = p->now.n > 0.0 && segment == p->last + 1 && p->id[0] == x->e.id && p->id[1] == y->e.id;
    if (!follows) {
        MYO_TRY(close_stretch(k, a, b, p));
        p->first = segment;
        p->id[0] = x->e.id;
        p->id[1] = y->e.id;
    }
    myo_cross_add(&p->now, &x->x, &y->x, follows);
    p->last = segment;
    return MYO_OK;
}

static myo_err take_pairs(coherence *k, int64_t segment)
{
    for (int a = 0; a < k->n_ch; a++) {
        for (int b = a + 1; k->ch[a].is && b < k->n_ch; b++) {
            if (k->ch[b].is) {
                MYO_TRY(meet(k, segment, a, b));
            }
        }
    }
    return MYO_OK;
}

/* First segment that any channel may have from `segment` on; -1: none. */
static int64_t next_segment(const coherence *k, int64_t segment)
{
    double next = INFINITY;
    for (int i = 0; i < k->n_ch; i++) {
        if (k->ch[i].at < k->ch[i].n) {
            next = fmin(next, fmax((double)segment, ceil(k->ch[i].e.on / HOP_S)));
        }
    }
    return isinf(next) ? -1 : (int64_t)next;
}

static myo_err take_all(coherence *k)
{
    for (int64_t s = next_segment(k, 0); s >= 0; s = next_segment(k, s + 1)) {
        MYO_TRY(take_segments(k, (double)s * HOP_S));
        MYO_TRY(take_pairs(k, s));
    }
    for (int a = 0; a < k->n_ch; a++) {
        for (int b = a + 1; b < k->n_ch; b++) {
            pair *p = k->pair[a * k->n_ch + b];
            if (p) {
                MYO_TRY(close_stretch(k, a, b, p));
                MYO_TRY(add_row(k, a, b, p, true));
            }
        }
    }
    return MYO_OK;
}

/* ---- rows ---- */

static int by_onset(const void *a, const void *b)
{
    const found_row *x = a, *y = b;
    if (x->on != y->on) {
        return x->on < y->on ? -1 : 1;
    }
    if (x->a != y->a || x->b != y->b) {
        return x->a != y->a ? x->a - y->a : x->b - y->b;
    }
    return y->all - x->all;
}

/* Muscles: science.md 4.7. An accelerometer's sign is that of its axis, so its phase tells no turns. */
static const char *verdict(const coherence *k, const found_row *r)
{
    const bool muscles = k->ch[r->a].plan->cfg.kind == MYO_KIND_EMG && k->ch[r->b].plan->cfg.kind == MYO_KIND_EMG;
    if (r->c.n_bins < BINS_MIN) {
        return "not_significant";
    }
    if (!muscles) {
        return "coherent";
    }
    return fabs(r->c.phase) > 2.0 * M_PI / 3.0 ? "alternating" : fabs(r->c.phase) < M_PI / 3.0 ? "synchronous" : "between";
}

static myo_err write_row(const coherence *k, const found_row *r, myo_table *t)
{
    const bool is = r->c.freq > 0.0, single = !r->all;
    const double degrees = 180.0 / M_PI, phase = is ? r->c.phase * degrees : NAN, reach = r->c.reach * degrees;
    const myo_cell cells[] = {
        {.num = r->on}, {.num = r->off - r->on}, {.text = r->all ? "recording" : "episode"},
        {.text = k->ch[r->a].plan->name}, {.text = k->ch[r->b].plan->name},
        {.i = single ? r->id[0] : MYO_NO_INT}, {.i = single ? r->id[1] : MYO_NO_INT}, {.num = r->n},
        {.num = is ? r->c.freq : NAN}, {.num = is ? r->c.coherence : NAN}, {.num = is ? r->c.limit : NAN},
        {.i = r->c.n_bins}, {.num = phase}, {.num = phase - reach}, {.num = phase + reach},
        {.num = is ? -1000.0 * r->c.phase / (2.0 * M_PI * r->c.freq) : NAN},
        {.text = verdict(k, r)},
    };
    return myo_table_row(t, cells);
}

static myo_err compute(coherence *k, myo_table *t)
{
    for (int i = 0; i < k->n_ch; i++) {
        MYO_TRY(open_channel(k, i));
    }
    MYO_TRY(take_all(k));
    if (k->n_rows > 1) {
        qsort(k->row, k->n_rows, sizeof *k->row, by_onset);
    }
    for (size_t i = 0; i < k->n_rows; i++) {
        MYO_TRY(write_row(k, &k->row[i], t));
    }
    return MYO_OK;
}

static void close_all(coherence *k)
{
    for (int i = 0; i < k->n_ch && k->ch; i++) {
        myo_slow_span_clear(&k->ch[i].span);
        myo_free(k->ch[i].along);
    }
    for (int i = 0; i < k->n_segmenters; i++) {
        myo_segmenter_free(&k->segmenter[i]);
    }
    for (int i = 0; i < k->n_ch * k->n_ch && k->pair; i++) {
        myo_free(k->pair[i]);
    }
    myo_free(k->ch);
    myo_free(k->segmenter);
    myo_free(k->segmenter_hz);
    myo_free(k->pair);
    myo_free(k->row);
}

myo_err myo_link_coherence(myo_linking *linking)
{
    const myo_link_job *job = linking->job;
    myo_table *t = linking->table[MYO_TABLE_COHERENCE];
    const size_t n = (size_t)job->plan->n_lanes;
    coherence k = {.job = job, .n_ch = job->plan->n_lanes};
    k.ch = myo_alloc(n, sizeof *k.ch);
    k.segmenter = myo_alloc(n, sizeof(myo_segmenter *));
    k.segmenter_hz = myo_alloc(n, sizeof *k.segmenter_hz);
    k.pair = myo_alloc(n * n, sizeof(pair *));
    const myo_err err = k.ch && k.segmenter && k.segmenter_hz && k.pair ? compute(&k, t) : MYO_ERR_NOMEM;
    close_all(&k);
    return err;
}
