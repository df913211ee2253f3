/* beat.c - the heart's beats subtracted from a stream. */
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "dsp/beat_in.h"
#include "dsp/fir.h"
#include "kern/kern.h"

/* Blocks of 4 s; a beat's mean is taken over the blocks up to REACH on both sides, about 28 s. */
static const double BLOCK_S = 4.0, PRE_S = 0.10, POST_S = 0.14, TAPER_S = 0.03, APART_S = 0.25;
static const double WEAK = 0.60, SIZE_WIDE = 2.5;
enum { REACH = 3 };

int myo_beat_taps(float *taps, double grid_fs)
{
    int n = myo_fir_length(grid_fs, 300.0);
    n = n > BEAT_TAPS_MAX ? BEAT_TAPS_MAX : n;
    myo_fir_bandpass(taps, n, grid_fs, 8.0, 40.0);
    return n;
}

static int64_t grid_n(const myo_beat *b)
{
    return (b->block + 2 * b->margin) / b->box + 2;
}

static myo_err make_room(myo_beat *b)
{
    const size_t n = (size_t)grid_n(b), len = (size_t)b->len;
    b->z = myo_alloc(3 * n, sizeof *b->z);
    b->mean = myo_alloc(3 * len, sizeof *b->mean);
    b->band = myo_alloc((size_t)b->n_band, sizeof *b->band);
    if (!b->z || !b->mean || !b->band) {
        return MYO_ERR_NOMEM;
    }
    b->y = b->z + n;
    b->dots = b->y + n;
    b->slope = b->mean + len;
    b->work = b->slope + len;
    return MYO_OK;
}

myo_err myo_beat_new(myo_beat **out, double fs, const myo_beat_shape *shape, const float *taps, int n_taps)
{
    myo_beat *b = myo_alloc(1, sizeof *b);
    if (!b) {
        return MYO_ERR_NOMEM;
    }
    b->fs = fs;
    b->box = myo_beat_box(fs);
    b->half = shape->n / 2;
    b->n_taps = myo_beat_taps(b->taps, fs / b->box);
    b->n_band = n_taps;
    b->shape = *shape;
    b->pre = (int)(PRE_S * fs);
    b->len = b->pre + (int)(POST_S * fs);
    b->taper = (int)(TAPER_S * fs);
    b->lag = (int)fmax(1.0, floor(0.002 * fs + 0.5));
    b->qrs = (int)(MYO_BEAT_QRS_S * fs);
    const int64_t look = (int64_t)(APART_S * fs / b->box) + b->half + b->n_taps / 2 + 2;
    b->margin = look * b->box > b->len ? look * b->box : (b->len / b->box + 1) * b->box;
    b->block = (int64_t)floor(BLOCK_S * fs / b->box + 0.5) * b->box;
    if (make_room(b) != MYO_OK) {
        myo_beat_free(&b);
        return MYO_ERR_NOMEM;
    }
    memcpy(b->band, taps, sizeof *taps * (size_t)n_taps);
    myo_beat_reset(b, 0);
    *out = b;
    return MYO_OK;
}

static void forget_beats(myo_beat *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        myo_free(b->beats[i].wave);
    }
    b->n_beats -= n;
    if (n > 0 && b->n_beats > 0) {
        memmove(b->beats, b->beats + n, sizeof *b->beats * b->n_beats);
    }
}

void myo_beat_free(myo_beat **beat)
{
    myo_beat *b = *beat;
    if (b) {
        forget_beats(b, b->n_beats);
        myo_free(b->beats);
        myo_free(b->x);
        myo_free(b->z);
        myo_free(b->mean);
        myo_free(b->band);
        myo_free(b->marks);
        myo_free(b);
        *beat = NULL;
    }
}

void myo_beat_reset(myo_beat *b, int64_t frame)
{
    forget_beats(b, b->n_beats);
    b->first = b->base = b->n_in = b->n_out = frame;
    b->searched = b->cleaned = frame / b->block;
    b->n_marks = 0;
}

int64_t myo_beat_block(const myo_beat *b)
{
    return b->block;
}

int64_t myo_beat_warm(const myo_beat *b)
{
    return (REACH + 2) * b->block;
}

int64_t myo_beat_ahead(const myo_beat *b)
{
    return (REACH + 2) * b->block + b->margin;
}

int64_t myo_beat_bound(const myo_beat *b, int64_t n)
{
    return b->n_in - b->n_out + n;
}

const myo_beat_mark *myo_beat_marks(const myo_beat *b, int *n)
{
    *n = (int)b->n_marks;
    return b->marks;
}

void myo_beat_drop_marks(myo_beat *b, int n)
{
    if (n > 0) {
        b->n_marks -= (size_t)n;
        memmove(b->marks, b->marks + n, sizeof *b->marks * b->n_marks);
    }
}

/* ---- seeking ---- */

/* Box means of grid points [from, from + n) of the stream; those outside repeat the outermost. */
static void grid_of(const myo_beat *b, int64_t from, int64_t n, float *z)
{
    const int64_t lo = b->base / b->box, hi = b->n_in / b->box; /* whole boxes at hand */
    const int64_t a = from < lo ? lo : from, e = from + n > hi ? hi : from + n;
    for (int64_t i = 0; i < n && e <= a; i++) {
        z[i] = 0.0f;
    }
    if (e <= a) {
        return;
    }
    myo_beat_grid(z + (a - from), b->x + (a * b->box - b->base), e - a, b->box);
    for (int64_t i = 0; i < a - from; i++) {
        z[i] = z[a - from];
    }
    for (int64_t i = e - from; i < n; i++) {
        z[i] = z[e - from - 1];
    }
}

static bool is_top(const float *v, int64_t i, int64_t reach)
{
    for (int64_t k = i - reach; k <= i + reach; k++) {
        if (v[k] > v[i] || (v[k] >= v[i] && k < i)) {
            return false;
        }
    }
    return true;
}

/* A beat's samples without the straight line through its ends; how quiet the muscle is there. False: no memory. */
static bool take_wave(const myo_beat *b, beat_found *f)
{
    const int end = (int)fmax(1.0, 0.02 * b->fs);
    const float *x = b->x + (f->at - b->pre - b->base);
    f->wave = myo_alloc((size_t)b->len, sizeof *f->wave);
    if (!f->wave) {
        return false;
    }
    const double head = (double)myo_kern()->sum(x, end) / end, tail = (double)myo_kern()->sum(x + b->len - end, end) / end;
    const double slope = (tail - head) / (b->len - end);
    double fast = 0.0;
    for (int i = 0; i < b->len; i++) {
        f->wave[i] = (float)((double)x[i] - head - slope * (i - 0.5 * (end - 1)));
        if (i >= b->lag) {
            const double step = (double)x[i] - x[i - b->lag];
            fast += step * step;
        }
    }
    f->quiet = 1.0 / (fast * fast + 1e-30);
    return true;
}

/* Peak of a parabola through three points, in points from the middle one. */
static double vertex(double l, double m, double r)
{
    const double bend = l - 2.0 * m + r;
    return bend < 0.0 ? fmax(-0.5, fmin(0.5, 0.5 * (l - r) / bend)) : 0.0;
}

static myo_err add_found(myo_beat *b, int64_t point, double shift, double size, double likeness)
{
    beat_found f = {.size = size, .likeness = likeness};
    f.at = (int64_t)floor(((double)point + 0.5 + shift) * b->box);
    if (f.at - b->pre < b->base || f.at - b->pre + b->len > b->n_in) {
        return MYO_OK; /* cut by an end */
    }
    MYO_TRY(myo_grow((void **)&b->beats, &b->cap_beats, b->n_beats + 1, sizeof *b->beats));
    if (!take_wave(b, &f)) {
        return MYO_ERR_NOMEM;
    }
    b->beats[b->n_beats++] = f;
    return MYO_OK;
}

/* What resembles the shape in block k. */
static myo_err search(myo_beat *b, int64_t k)
{
    const int64_t apart = (int64_t)(APART_S * b->fs / b->box), per = b->block / b->box, from = k * per - apart - 1;
    const int64_t n = per + 2 * apart + 2, n_y = n + 2 * b->half, reach = b->n_taps / 2;
    grid_of(b, from - b->half - reach, n_y + 2 * reach, b->z);
    myo_beat_filter(b->y, b->z, n_y, b->taps, b->n_taps);
    myo_kern()->slide(b->dots, b->y, b->shape.q, b->shape.n, n);
    for (int64_t i = apart + 1; i < apart + 1 + per; i++) {
        const double size = b->dots[i];
        if (size * SIZE_WIDE < b->shape.size || size > SIZE_WIDE * b->shape.size || !is_top(b->dots, i, apart)) {
            continue;
        }
        const double norm = sqrt((double)myo_kern()->sumsq(b->y + i, b->shape.n));
        if (size >= WEAK * norm) {
            const double shift = vertex(b->dots[i - 1], size, b->dots[i + 1]);
            MYO_TRY(add_found(b, from + i, shift, size, size / norm));
        }
    }
    return MYO_OK;
}

/* Beats [*lo, *hi) whose middles lie in blocks from .. to. */
static void beats_of(const myo_beat *b, int64_t from, int64_t to, size_t *lo, size_t *hi)
{
    size_t i = 0;
    while (i < b->n_beats && b->beats[i].at < from * b->block) {
        i++;
    }
    *lo = i;
    while (i < b->n_beats && b->beats[i].at < (to + 1) * b->block) {
        i++;
    }
    *hi = i;
}

static myo_err clean(myo_beat *b, int64_t k)
{
    size_t lo, hi, mine, end;
    double size, period, rms;
    beats_of(b, k - REACH, k + REACH, &lo, &hi);
    beats_of(b, k, k, &mine, &end);
    if (myo_beat_usual(b, lo, hi, &size, &period) && myo_beat_mean(b, lo, hi, size, &rms)) {
        for (size_t i = mine; i < end; i++) {
            if (myo_beat_counts(b, i, lo, hi, size, period)) {
                MYO_TRY(myo_beat_subtract(b, &b->beats[i], rms));
            }
        }
    }
    beats_of(b, k - REACH + 1, k, &lo, &hi);
    forget_beats(b, lo);
    return MYO_OK;
}

/* ---- the stream ---- */

static int64_t emit(myo_beat *b, int64_t upto, float *out)
{
    const int64_t n = upto - b->n_out;
    if (n <= 0) {
        return 0;
    }
    memcpy(out, b->x + (b->n_out - b->base), sizeof *out * (size_t)n);
    b->n_out = upto;
    /* The search of the next block looks back by a margin. */
    const int64_t keep = (b->n_out < b->searched * b->block ? b->n_out : b->searched * b->block) - b->margin - b->len;
    const int64_t drop = keep / b->box * b->box - b->base;
    if (drop > 0) {
        memmove(b->x, b->x + drop, sizeof *b->x * (size_t)(b->n_in - b->base - drop));
        b->base += drop;
    }
    return n;
}

/* Blocks that are complete: sought, and cleaned where the beats about are known. end: nothing follows. */
static int64_t advance(myo_beat *b, bool end, float *out)
{
    int64_t done = 0;
    while (b->searched * b->block < b->n_in && (end || (b->searched + 1) * b->block + b->margin <= b->n_in)) {
        if (search(b, b->searched) != MYO_OK) {
            return -1;
        }
        b->searched++;
        if (b->searched - b->cleaned > REACH) {
            if (clean(b, b->cleaned) != MYO_OK) {
                return -1;
            }
            b->cleaned++;
            done += emit(b, b->cleaned * b->block - b->len, out + done);
        }
    }
    return done;
}

int64_t myo_beat_push(myo_beat *b, const float *x, int64_t n, float *out)
{
    if (n <= 0) {
        return 0;
    }
    if (myo_grow((void **)&b->x, &b->cap_x, (size_t)(b->n_in - b->base + n), sizeof *b->x) != MYO_OK) {
        return -1;
    }
    memcpy(b->x + (b->n_in - b->base), x, sizeof *x * (size_t)n);
    b->n_in += n;
    return advance(b, false, out);
}

int64_t myo_beat_finish(myo_beat *b, float *out)
{
    int64_t done = advance(b, true, out);
    for (; done >= 0 && b->cleaned < b->searched; b->cleaned++) {
        if (clean(b, b->cleaned) != MYO_OK) {
            return -1;
        }
    }
    return done < 0 ? -1 : done + emit(b, b->n_in, out + done);
}
