/* silence.c - silent periods in tonic activity, on the energies of 2-ms blocks. */
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "detect/msce.h"
#include "detect/silence.h"
#include "kern/kern.h"

static const double BLOCK_S = 0.002;
static const double SMOOTH_S = 0.020;   /* energy that falls below the level between tone and rest */
static const double TONE_S = 0.5;       /* tone is measured over so much before a silence ... */
static const double BEFORE_S = 0.4;     /* ... of which at least this must be there, without a gap of its own */
static const double AFTER_S = 0.3;      /* tone behind */
static const double REFILL_S = 0.040;   /* shorter than this, activity in a silence is a lone potential */
static const double FLANK_S = 0.030;    /* beside a silence the tone has not faded: relaxing takes longer */
static const double SLACK_S = 0.050;    /* edges are looked for this far beyond the first guess */
static const double REST = 2.5;         /* over the noise's energy it may be tone */
static const double DEAD = 0.05;        /* under this a contact is lost; where muscle never rests, the floor may be said 10 dB too high */
static const double TONE_ERROR = 1.4;   /* half a second of EMG has some 50 degrees of freedom: its power is known to 20 % */

struct myo_silence {
    myo_silence_rule rule;
    int per;              /* frames of a block */
    double block_s;
    int64_t half, tone_n, before_n, after_n, behind_n, refill_n; /* times of this file in blocks; half of SMOOTH_S */
    int filled;           /* samples in `part`: the block being filled */
    float *part;
    float *e;             /* block energies from block `base` on */
    size_t n, cap;
    int64_t base;
    int64_t pos;          /* next block to look at */
    bool low;             /* inside a stretch below the level */
    int64_t low_on, low_off; /* it began here; it is over since (-1: not) */
    double tone;          /* energy before it */
    int64_t bound_at;     /* outside: the energies of the tone before this block sum to no more than `bound` */
    double bound;
    bool waits;           /* [wait_on, wait_off) awaits the tone behind it */
    int64_t wait_on, wait_off;
    double wait_tone;
};

static int64_t blocks(const myo_silence *s, double seconds)
{
    return (int64_t)fmax(1.0, floor(seconds / s->block_s + 0.5));
}

myo_err myo_silence_new(myo_silence **out, const myo_silence_rule *rule)
{
    myo_silence *s = myo_alloc(1, sizeof *s);
    if (!s) {
        return MYO_ERR_NOMEM;
    }
    s->rule = *rule;
    s->per = (int)fmax(1.0, floor(BLOCK_S * rule->fs + 0.5));
    s->block_s = s->per / rule->fs;
    s->half = blocks(s, 0.5 * SMOOTH_S);
    s->tone_n = blocks(s, TONE_S);
    s->before_n = blocks(s, BEFORE_S);
    s->after_n = blocks(s, AFTER_S);
    s->behind_n = blocks(s, AFTER_S + SLACK_S);
    s->refill_n = blocks(s, REFILL_S);
    s->part = myo_alloc((size_t)s->per, sizeof *s->part);
    if (!s->part) {
        myo_silence_free(&s);
        return MYO_ERR_NOMEM;
    }
    *out = s;
    return MYO_OK;
}

void myo_silence_free(myo_silence **s)
{
    if (*s) {
        myo_free((*s)->e);
        myo_free((*s)->part);
        myo_free(*s);
        *s = NULL;
    }
}

void myo_silence_reset(myo_silence *s)
{
    s->filled = 0;
    s->n = 0;
    s->base = s->pos = 0;
    s->low = s->waits = false;
    s->bound_at = -1;
    s->bound = INFINITY;
}

/* End of the blocks that may be looked at: what lies further may or may not be there yet. */
static int64_t horizon(const myo_silence *s)
{
    const int64_t end = s->base + (int64_t)s->n, seen = s->pos + s->half;
    return seen < end ? seen : end;
}

/* Mean energy of blocks [from, to), cut to what is there; NaN where a block is masked, or none is there. */
static double mean(const myo_silence *s, int64_t from, int64_t to)
{
    const int64_t end = horizon(s);
    from = from < s->base ? s->base : from;
    to = to > end ? end : to;
    const float *e = s->e + (from - s->base);
    if (to - from > 32) {
        return (double)myo_kern()->sum(e, to - from) / (double)(to - from);
    }
    double sum = 0.0;
    for (int64_t i = 0; i < to - from; i++) {
        sum += (double)e[i];
    }
    return to > from ? sum / (double)(to - from) : NAN;
}

/* Between rest (1) and the tone, half-way in dB; never so near rest that noise reaches it. */
static double level_of(double tone)
{
    return fmax(REST, sqrt(tone));
}

/* Longest stretch of [from, to) whose 10-ms energy stays under the level, in blocks. */
static int64_t longest_gap(const myo_silence *s, int64_t from, int64_t to, double level)
{
    const int64_t half = blocks(s, 0.005);
    int64_t run = 0, longest = 0;
    for (int64_t i = from; i < to; i++) {
        const bool quiet = mean(s, i - half, i + half + 1) < level;
        run = quiet ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

/* Most likely edges within [*on, *off): the stretch whose energies speak most for rest against the tone (Kadane's scan). */
static void find_edges(const myo_silence *s, double tone, double rest, int64_t *on, int64_t *off)
{
    const double gain = 0.5 * log(tone / rest), cost = 0.5 * (1.0 / rest - 1.0 / tone);
    double sum = 0.0, best = 0.0;
    int64_t from = *on, b_on = *on, b_off = *on;
    for (int64_t i = *on; i < *off; i++) {
        sum += gain - cost * (double)s->e[i - s->base];
        if (sum <= 0.0) {
            sum = 0.0;
            from = i + 1;
        } else if (sum > best) {
            best = sum;
            b_on = from;
            b_off = i + 1;
        }
    }
    *on = b_on;
    *off = b_off;
}

/* Least 100-ms energy of [from, to). */
static double least_energy(const myo_silence *s, int64_t from, int64_t to)
{
    const int64_t step = blocks(s, 0.1);
    double least = INFINITY;
    for (; from + step <= to; from += step) {
        least = fmin(least, mean(s, from, from + step));
    }
    return least;
}

/* Is the tone on both sides of [on, off) there, dense and abrupt? NaN (a mask) fails every comparison. */
static bool is_framed(const myo_silence *s, int64_t on, int64_t off, double before, double after)
{
    const int64_t flank = blocks(s, FLANK_S), skip = blocks(s, 0.004), span = off - on;
    const double level = level_of(before);
    const double fall = mean(s, on - skip - flank, on - skip), rise = mean(s, off + skip, off + skip + flank);
    const int64_t may = span / 2; /* a silence is unlike the gaps that this tone has anyway */
    const double least = s->rule.tone * s->rule.tone / TONE_ERROR;
    return before >= least && after >= before / 8.0 && after >= 0.5 * least &&
           fall >= 0.2 * before && rise >= 0.1 * after &&
           least_energy(s, on - skip - s->tone_n, on - skip) >= 0.2 * before &&
           least_energy(s, off + skip, off + skip + s->after_n) >= 0.15 * after && on - s->before_n >= s->base &&
           longest_gap(s, on - s->before_n, on - skip, level) < may &&
           longest_gap(s, off + skip, off + s->after_n, level) < may;
}

static myo_err judge(myo_silence *s, myo_silence_fn fn, void *user)
{
    const int64_t slack = blocks(s, SLACK_S), inset = blocks(s, 0.005), end = horizon(s);
    int64_t on = s->wait_on - slack, off = s->wait_off + slack;
    s->waits = false;
    on = on < s->base ? s->base : on;
    off = off > end ? end : off;
    const double rest = fmax(1.0, mean(s, s->wait_on + inset, s->wait_off - inset));
    if (isnan(mean(s, on, off)) || rest >= s->wait_tone) {
        return MYO_OK;
    }
    find_edges(s, s->wait_tone, rest, &on, &off);
    const double length = (double)(off - on) * s->block_s;
    if (length < s->rule.min_s || length > s->rule.max_s || off + blocks(s, 0.66 * AFTER_S) > end) {
        return MYO_OK;
    }
    const double before = mean(s, on - s->tone_n, on), after = mean(s, off, off + s->after_n);
    const double core = mean(s, on + inset, off - inset);
    if (!is_framed(s, on, off, before, after) || !(core <= 1.75 + 0.02 * before) || !(core >= DEAD)) {
        return MYO_OK;
    }
    const myo_silence_span span = {on * s->per, off * s->per, before, after, core};
    return fn(user, &span);
}

/* A stretch below the level is over: it waits for the tone behind it. */
static myo_err close_low(myo_silence *s, myo_silence_fn fn, void *user)
{
    const double length = (double)(s->low_off - s->low_on) * s->block_s;
    s->low = false;
    if (length < s->rule.min_s - SMOOTH_S || length > s->rule.max_s + SLACK_S) {
        return MYO_OK;
    }
    MYO_TRY(s->waits ? judge(s, fn, user) : MYO_OK);
    s->waits = true;
    s->wait_on = s->low_on;
    s->wait_off = s->low_off;
    s->wait_tone = s->tone;
    return MYO_OK;
}

/* Energy `now` at block b is over the level whatever exactly the tone before it is: the last time it was summed, and what
 * has been added since, say how much it can be. */
static bool is_above(myo_silence *s, int64_t b, double now)
{
    const int64_t half = s->half, n = s->tone_n;
    if (b < s->bound_at || b - s->bound_at > n || b - half - n < s->base) {
        return false;
    }
    for (; s->bound_at < b; s->bound_at++) {
        s->bound += (double)s->e[s->bound_at - half - s->base];
    }
    return now >= level_of(1.001 * s->bound / (double)n);
}

enum { AT_ONCE = 512, MAX_W = 128 }; /* long enough that no load waits for a store */

/* Block `b` with its surroundings. */
static myo_err look(myo_silence *s, int64_t b, myo_silence_fn fn, void *user)
{
    const int64_t half = s->half;
    const double now = mean(s, b - half, b + half);
    if (s->waits && b >= s->wait_off + s->behind_n) {
        MYO_TRY(judge(s, fn, user));
    }
    if (!s->low) {
        /* At rest nothing fell: the energy a little earlier says so at little cost. */
        if (!(mean(s, b - 3 * half, b - half) > REST) || b - half - s->before_n < s->base) {
            return MYO_OK;
        }
        if (is_above(s, b, now)) {
            return MYO_OK;
        }
        s->tone = mean(s, b - half - s->tone_n, b - half);
        s->bound_at = b;
        s->bound = s->tone * (double)s->tone_n;
        s->low = s->tone >= 0.5 * s->rule.tone * s->rule.tone && now < level_of(s->tone);
        s->low_on = b;
        s->low_off = -1;
        return MYO_OK;
    }
    if (now < level_of(s->tone)) {
        s->low_off = -1;
    } else if (s->low_off < 0) {
        s->low_off = b;
    }
    if (isnan(now) || (s->low_off < 0 && (double)(b - s->low_on) * s->block_s > s->rule.max_s + SLACK_S)) {
        s->low = false; /* a mask, or the muscle relaxed */
        return MYO_OK;
    }
    return s->low_off >= 0 && b - s->low_off >= s->refill_n ? close_low(s, fn, user) : MYO_OK;
}

/* The first block from `b` on at which look() may find something to do: while nothing is awaited, rest and masks (NaN) need no look. */
static int64_t skip_rest(const myo_silence *s, int64_t b, int64_t upto)
{
    const int64_t half = s->half, w = 2 * half, due = s->wait_off + s->behind_n;
    const float most = (float)(REST * (double)w * (1.0 - 1e-5)); /* look() decides; this is to be on the safe side */
    const int64_t end = s->waits && due < upto ? due : upto;
    const myo_kernels *kern = myo_kern();
    float sums[AT_ONCE], work[2 * (AT_ONCE + MAX_W)];
    if (mean(s, b - 3 * half, b - half) > REST) {
        return b;
    }
    while (b < end && w <= MAX_W && b - 3 * half >= s->base) {
        const int n = end - b < AT_ONCE ? (int)(end - b) : AT_ONCE;
        myo_window_sums(sums, s->e + (b - 3 * half - s->base), n, (int)w, work);
        const int64_t quiet = kern->below(sums, most, n);
        b += quiet;
        if (quiet < n) {
            return b;
        }
    }
    return b;
}

/* The same from tone that goes on: while the 20-ms energies lie over the level that all tone until then could have at most. */
static int64_t skip_tone(const myo_silence *s, int64_t b, int64_t upto)
{
    enum { FAR = 64 }; /* blocks; further on the most is far from what is */
    const int64_t half = s->half, w = 2 * half, due = s->wait_off + s->behind_n, known = s->bound_at + s->tone_n;
    const int64_t there = s->base + (int64_t)s->n - half, sure = known < there ? known : there;
    const int64_t asked = s->waits && due < upto ? due : upto;
    const int n = (int)fmin(FAR, (double)((sure < asked ? sure : asked) - b));
    float sums[AT_ONCE], work[2 * (AT_ONCE + MAX_W)];
    if (n <= 0 || b < s->bound_at || w > MAX_W || b - half - s->tone_n < s->base) {
        return b;
    }
    const float *e = s->e - s->base;
    const double bound = s->bound + (double)myo_kern()->sum(e + (s->bound_at - half), b + n - s->bound_at);
    const double level = level_of(1.001 * bound / (double)s->tone_n) * (double)w * (1.0 + 1e-5);
    myo_window_sums(sums, e + (b - half), n, (int)w, work);
    int k = 0;
    while (k < n && (double)sums[k] >= level) { /* not so under a mask, which is NaN */
        k++;
    }
    return b + k;
}

static myo_err run(myo_silence *s, int64_t upto, myo_silence_fn fn, void *user)
{
    while (s->pos < upto) {
        if (!s->low) {
            s->pos = skip_rest(s, s->pos, upto);
            s->pos = skip_tone(s, s->pos, upto);
        }
        if (s->pos < upto) {
            MYO_TRY(look(s, s->pos, fn, user));
            s->pos++;
        }
    }
    return MYO_OK;
}

/* Blocks that nothing will ask for go, now and then. */
static void forget(myo_silence *s)
{
    const int64_t back = blocks(s, s->rule.max_s + 2.0 * TONE_S + AFTER_S + REFILL_S + 4.0 * SLACK_S);
    const int64_t drop = s->pos - back - s->base;
    if (drop > back) {
        s->n -= (size_t)drop;
        memmove(s->e, s->e + drop, sizeof *s->e * s->n);
        s->base += drop;
    }
}

myo_err myo_silence_push(myo_silence *s, const float *u, int64_t n, myo_silence_fn fn, void *user)
{
    const size_t more = (size_t)((n + s->filled) / s->per);
    MYO_TRY(myo_grow((void **)&s->e, &s->cap, s->n + more + 1, sizeof *s->e));
    while (n > 0) {
        if (s->filled == 0 && n >= s->per) { /* energies are not negative: their mean is that of |u| */
            const int64_t whole = n / s->per;
            myo_kern()->envelope(s->e + s->n, u, s->per, whole);
            s->n += (size_t)whole;
            u += whole * s->per;
            n -= whole * s->per;
            continue;
        }
        s->part[s->filled++] = *u++;
        n--;
        if (s->filled == s->per) {
            myo_kern()->envelope(s->e + s->n, s->part, s->per, 1);
            s->n++;
            s->filled = 0;
        }
    }
    MYO_TRY(run(s, s->base + (int64_t)s->n - s->half, fn, user));
    forget(s);
    return MYO_OK;
}

myo_err myo_silence_finish(myo_silence *s, myo_silence_fn fn, void *user)
{
    MYO_TRY(run(s, s->base + (int64_t)s->n, fn, user));
    return s->waits ? judge(s, fn, user) : MYO_OK;
}
