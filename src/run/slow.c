/* slow.c - the slow signal of a lane where something happened. */
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "run/slow.h"
#include "run/store.h"

static const double SLOW_HZ = 125.0;   /* tremor to 20 Hz, its third harmonic */
static const double REACH_S = 1.0;     /* kept around a mark: the filters of what reads it */

typedef struct mark {
    double on, off;
} mark;

struct myo_slow {
    myo_slow_rate rate;
    myo_store *kept;
    myo_slow_block *waiting;   /* blocks that a mark may still meet */
    size_t n_waiting, cap_waiting;
    mark *marks;
    size_t n_marks, cap_marks;
    int64_t next;              /* reading: first block that the next span may need */
};

double myo_slow_hz(const myo_slow_rate *r)
{
    return r->fs / r->step;
}

double myo_slow_lag(const myo_slow_rate *r)
{
    return 0.5 * (r->step - 1) / r->fs;
}

double myo_slow_gain(const myo_slow_rate *r, double f)
{
    const double x = M_PI * f / r->fs;
    return f > 0.0 && r->step > 1 ? fabs(sin(r->step * x) / (r->step * sin(x))) : 1.0;
}

int myo_slow_step(double fs, int step)
{
    const double track = fs / step;
    return step * (int)fmax(1.0, floor(track / SLOW_HZ));
}

myo_err myo_slow_new(myo_slow **out, const char *dir, const myo_slow_rate *rate)
{
    myo_slow *s = myo_alloc(1, sizeof *s);
    if (!s) {
        return MYO_ERR_NOMEM;
    }
    s->rate = *rate;
    /* of a lone channel only the first row of v is stored */
    const size_t size = offsetof(myo_slow_block, v) + (size_t)rate->n_axes * sizeof s->waiting->v[0];
    if (myo_store_new(&s->kept, dir, size) != MYO_OK) {
        myo_slow_free(&s);
        return MYO_ERR_NOMEM;
    }
    *out = s;
    return MYO_OK;
}

const myo_slow_rate *myo_slow_get_rate(const myo_slow *s)
{
    return &s->rate;
}

void myo_slow_free(myo_slow **s)
{
    if (*s) {
        myo_store_free(&(*s)->kept);
        myo_free((*s)->waiting);
        myo_free((*s)->marks);
        myo_free(*s);
        *s = NULL;
    }
}

static double start_of(const myo_slow *s, const myo_slow_block *b)
{
    return b->segment_s + (double)b->first / myo_slow_hz(&s->rate);
}

static double end_of(const myo_slow *s, const myo_slow_block *b)
{
    return b->segment_s + (double)(b->first + b->n) / myo_slow_hz(&s->rate);
}

myo_err myo_slow_add(myo_slow *s, const myo_slow_block *b)
{
    MYO_TRY(myo_grow((void **)&s->waiting, &s->cap_waiting, s->n_waiting + 1, sizeof *s->waiting));
    s->waiting[s->n_waiting++] = *b;
    return MYO_OK;
}

myo_err myo_slow_mark(myo_slow *s, double on, double off)
{
    mark *last = s->n_marks > 0 ? &s->marks[s->n_marks - 1] : NULL;
    if (last && on - REACH_S <= last->off && off + REACH_S >= last->on) {
        last->on = fmin(last->on, on - REACH_S);
        last->off = fmax(last->off, off + REACH_S);
        return MYO_OK;
    }
    MYO_TRY(myo_grow((void **)&s->marks, &s->cap_marks, s->n_marks + 1, sizeof *s->marks));
    s->marks[s->n_marks++] = (mark){on - REACH_S, off + REACH_S};
    return MYO_OK;
}

static bool marked(const myo_slow *s, double on, double off)
{
    for (size_t i = 0; i < s->n_marks; i++) {
        if (s->marks[i].on < off && s->marks[i].off > on) {
            return true;
        }
    }
    return false;
}

static void forget_marks(myo_slow *s, double before)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->n_marks; i++) {
        if (s->marks[i].off > before) {
            s->marks[kept++] = s->marks[i];
        }
    }
    s->n_marks = kept;
}

myo_err myo_slow_advance(myo_slow *s, double until, bool segment_end, myo_diag *d)
{
    const double sure = segment_end ? INFINITY : until - REACH_S;
    size_t done = 0;
    while (done < s->n_waiting && end_of(s, &s->waiting[done]) <= sure) {
        const myo_slow_block *b = &s->waiting[done++];
        if (marked(s, start_of(s, b), end_of(s, b))) {
            MYO_TRY(myo_store_add(s->kept, b, d));
        }
    }
    if (done > 0) {
        s->n_waiting -= done;
        memmove(s->waiting, s->waiting + done, sizeof *s->waiting * s->n_waiting);
    }
    /* At a segment's end the reach of its last mark may touch the next segment: no harm. */
    forget_marks(s, s->n_waiting > 0 ? start_of(s, &s->waiting[0]) : fmin(sure, until));
    return MYO_OK;
}

/* ---- reading ---- */

void myo_slow_rewind(myo_slow *s)
{
    s->next = 0;
}

void myo_slow_span_clear(myo_slow_span *span)
{
    for (int a = 0; a < MYO_MAX_AXES; a++) {
        myo_free(span->v[a]);
    }
    *span = (myo_slow_span){0};
}

static myo_err make_room(const myo_slow *s, const myo_slow_block *b, double on, double off, myo_slow_span *out,
                         int64_t *first)
{
    const double hz = myo_slow_hz(&s->rate), zero = b->segment_s + myo_slow_lag(&s->rate);
    const double from = ceil((on - zero) * hz - 1e-6), to = ceil((off - zero) * hz - 1e-6);
    *first = (int64_t)fmax((double)b->first, from);
    out->n = (int64_t)fmax(0.0, to - (double)*first);
    out->start_s = zero + (double)*first / hz;
    for (int a = 0; a < s->rate.n_axes; a++) {
        MYO_TRY(myo_grow((void **)&out->v[a], &out->cap[a], (size_t)out->n, sizeof(float)));
        for (int64_t i = 0; i < out->n; i++) {
            out->v[a][i] = NAN;
        }
    }
    return MYO_OK;
}

/* What of block b lies in the span, whose value 0 is number `first` of the segment. */
static void take(const myo_slow *s, const myo_slow_block *b, int64_t first, myo_slow_span *out)
{
    const int64_t from = b->first > first ? b->first : first;
    const int64_t to = b->first + b->n < first + out->n ? b->first + b->n : first + out->n;
    if (to <= from) {
        return;
    }
    for (int a = 0; a < s->rate.n_axes; a++) {
        memcpy(out->v[a] + (from - first), b->v[a] + (from - b->first), sizeof(float) * (size_t)(to - from));
    }
}

myo_err myo_slow_read(myo_slow *s, double on, double off, myo_slow_span *out, myo_diag *d)
{
    int64_t first = 0;
    double segment_s = NAN;
    out->n = 0;
    for (int64_t i = s->next; i < myo_store_count(s->kept); i++) {
        myo_slow_block b;
        MYO_TRY(myo_store_get(s->kept, i, &b, d));
        if (end_of(s, &b) <= on) {
            s->next = i + 1;
            continue;
        }
        if (start_of(s, &b) >= off || (!isnan(segment_s) && b.segment_s != segment_s)) {
            break;
        }
        if (isnan(segment_s)) {
            segment_s = b.segment_s;
            MYO_TRY(make_room(s, &b, on, off, out, &first));
        }
        take(s, &b, first, out);
    }
    return MYO_OK;
}
