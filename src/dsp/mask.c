/* mask.c - dropouts, pops and clipping found sample by sample. */
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "dsp/mask.h"
#include "kern/kern.h"

struct myo_mask {
    myo_mask_cfg cfg;
    int k_step, k_mean, look;     /* 2 ms, 40 ms; samples needed behind a sample to judge it */
    int hold;                     /* samples kept back so that a span's start is not yet gone */
    int64_t pop_max;              /* longest pop, samples */
    float still;                  /* dead_step */
    float far_lo, far_hi;
    float limit[4];               /* of the watch kernel: rails or what is far, step of a pop (a little less), dead_step */
    float *buf;                   /* the caller's: pending samples, buf[0] is frame `base` */
    int64_t base, n_in, scan;     /* first pending frame; frames in; next frame to judge */
    int64_t equal_on, rail_on;    /* start of the present run of equal / railed samples */
    int64_t pop_on;               /* start of the present pop, -1 none */
    double pop_ref;               /* level before it */
    double pop_seen, pop_ahead;   /* sums from its start: of the samples judged, and of those looked at */
    int64_t level_at;             /* the last frame asked for the level before it, -1 none; its sum: */
    double level_sum;
    int64_t bridge_on, bridge_off;/* span waiting to be bridged; on = -1 none */
    bool flat_open, clip_open;
    myo_span *spans;
    size_t n_spans, cap_spans;
    bool no_memory;
};

static int at_least_1(double v)
{
    return v < 1.0 ? 1 : (int)(v + 0.5);
}

/* A sample is at a rail (a double) exactly where it is at or beyond the nearest float within. */
static float rail_limit(double rail, bool low)
{
    const float f = (float)rail;
    const bool outside = low ? (double)f > rail : (double)f < rail;
    return outside ? nextafterf(f, low ? -INFINITY : INFINITY) : f;
}

static void set_limits(myo_mask *m)
{
    m->still = (float)m->cfg.dead_step;
    m->far_lo = m->cfg.far_lo < m->cfg.far_hi ? (float)m->cfg.far_lo : -INFINITY;
    m->far_hi = m->cfg.far_lo < m->cfg.far_hi ? (float)m->cfg.far_hi : INFINITY;
    m->limit[0] = fmaxf(rail_limit(m->cfg.rail_lo, true), m->far_lo); /* of a number and NaN: the number */
    m->limit[1] = fminf(rail_limit(m->cfg.rail_hi, false), m->far_hi);
    m->limit[2] = m->cfg.pop_step > 0.0 ? (float)(m->cfg.pop_step * (1.0 - 1e-6)) : INFINITY;
    m->limit[3] = m->still;
}

myo_err myo_mask_new(myo_mask **out, const myo_mask_cfg *cfg)
{
    myo_mask *m = myo_alloc(1, sizeof *m);
    if (!m) {
        return MYO_ERR_NOMEM;
    }
    m->cfg = *cfg;
    m->k_step = at_least_1(0.002 * cfg->fs);
    m->k_mean = at_least_1(0.040 * cfg->fs);
    m->look = m->k_step + m->k_mean;
    m->pop_max = at_least_1(1.0 * cfg->fs);
    m->hold = cfg->dilate + cfg->flat_n + m->k_mean + 1;
    set_limits(m);
    myo_mask_reset(m);
    *out = m;
    return MYO_OK;
}

void myo_mask_free(myo_mask **m)
{
    if (*m) {
        myo_free((*m)->spans);
        myo_free(*m);
        *m = NULL;
    }
}

int64_t myo_mask_reach(const myo_mask *m)
{
    /* a pop may be taken for the end of one, and each lasts pop_max at most */
    return m->hold + m->look + MYO_WATCH + 3 * (m->cfg.pop_step > 0.0 ? m->pop_max : 0) + m->cfg.dilate + m->k_mean;
}

void myo_mask_reset(myo_mask *m)
{
    m->base = m->n_in = m->scan = 0;
    m->equal_on = m->rail_on = 0;
    m->pop_on = m->bridge_on = m->level_at = -1;
    m->flat_open = m->clip_open = false;
    m->n_spans = 0;
}

int64_t myo_mask_next(const myo_mask *m)
{
    return m->scan;
}

int64_t myo_mask_bound(const myo_mask *m, int64_t n)
{
    return m->n_in - m->base + n;
}

const myo_span *myo_mask_spans(const myo_mask *m, int *n)
{
    *n = (int)m->n_spans;
    return m->spans;
}

void myo_mask_drop_spans(myo_mask *m, int n)
{
    if (n > 0) { /* there may be no list yet */
        m->n_spans -= (size_t)n;
        memmove(m->spans, m->spans + n, sizeof *m->spans * m->n_spans);
    }
}

static void add_span(myo_mask *m, int64_t on, int64_t off, myo_mask_kind kind)
{
    if (on >= off) {
        return;
    }
    if (myo_grow((void **)&m->spans, &m->cap_spans, m->n_spans + 1, sizeof *m->spans) != MYO_OK) {
        m->no_memory = true;
        return;
    }
    m->spans[m->n_spans++] = (myo_span){on, off, kind};
}

static float at(const myo_mask *m, int64_t frame)
{
    return m->buf[frame - m->base];
}

static void bridge(myo_mask *m, bool open);

/* A dilated bad span: joins the waiting bridge, or starts one behind it. */
static void bad(myo_mask *m, int64_t on, int64_t off, myo_mask_kind kind)
{
    on = on - m->cfg.dilate < 0 ? 0 : on - m->cfg.dilate;
    off += m->cfg.dilate;
    add_span(m, on, off, kind);
    if (m->bridge_on >= 0 && m->bridge_off < on) {
        bridge(m, false);
    }
    if (m->bridge_on < 0) {
        m->bridge_on = on;
        m->bridge_off = off;
        return;
    }
    m->bridge_on = on < m->bridge_on ? on : m->bridge_on;
    m->bridge_off = off > m->bridge_off ? off : m->bridge_off;
}

/* If the sample repeats the one before: the length from which on such a run is no signal. Else 0. */
static int64_t needs(const myo_mask *m, int64_t i)
{
    if (m->cfg.joint) {
        return myo_repeat_needs(m->cfg.joint, i);
    }
    return i > 0 && fabsf(at(m, i) - at(m, i - 1)) <= m->still ? m->cfg.flat_n : 0;
}

/* A dead hour must not pile up in memory: so long a run is dealt with, but for its last 2 s. They lead to a level that may be another
 * one, and a line that rose faster would be an event. */
static int64_t most_equal(const myo_mask *m)
{
    return m->cfg.flat_n + 4 * m->pop_max;
}

static void watch_equal(myo_mask *m, int64_t i)
{
    const int64_t need = needs(m, i);
    if (need > 0) {
        m->flat_open = m->flat_open || i + 1 - m->equal_on >= need;
        if (m->flat_open && i - m->equal_on >= most_equal(m)) {
            const int64_t cut = i - 2 * m->pop_max;
            bad(m, m->equal_on, cut, MYO_MASK_FLAT);
            m->bridge_off = cut;
            bridge(m, true);
            m->equal_on = cut;
        }
        return;
    }
    if (m->flat_open) {
        bad(m, m->equal_on, i, MYO_MASK_FLAT);
    }
    m->flat_open = false;
    m->equal_on = i;
}

static void watch_rail(myo_mask *m, int64_t i)
{
    const double x = (double)at(m, i);
    const bool railed = x <= m->cfg.rail_lo || x >= m->cfg.rail_hi; /* false for NaN */
    if (railed) {
        m->clip_open = m->clip_open || i + 1 - m->rail_on >= m->cfg.clip_n;
        return;
    }
    if (m->clip_open) {
        add_span(m, m->rail_on, i, MYO_MASK_CLIP);
    }
    m->clip_open = false;
    m->rail_on = i + 1;
}

/* A transmission error or the like: filtered, it would drown what lies about it in its rounding errors. */
static void watch_far(myo_mask *m, int64_t i)
{
    if (at(m, i) < m->far_lo || at(m, i) > m->far_hi) {
        bad(m, i, i + 1, MYO_MASK_POP);
    }
}

static double mean(const myo_mask *m, int64_t on, int64_t off)
{
    return myo_kern()->total(m->buf + (on - m->base), off - on) / (double)(off - on);
}

/* Of the deviation from `ref`. */
static double mean_square(const myo_mask *m, int64_t on, int64_t off, double ref)
{
    double s = 0.0;
    for (int64_t i = on; i < off; i++) {
        const double d = at(m, i) - ref;
        s += d * d;
    }
    return s / (double)(off - on);
}

/* Mean of [on, i). Where sample after sample looks like a step it is that of the sample before but for two samples; never for
 * longer than some, so that no error grows. */
static double level_before(myo_mask *m, int64_t on, int64_t i)
{
    if (m->level_at == i - 1 && i % MYO_WATCH != 0 && on == i - m->k_mean && on > m->base) {
        m->level_sum += (double)at(m, i - 1) - (double)at(m, on - 1);
    } else {
        m->level_sum = mean(m, on, i) * (double)(i - on);
    }
    m->level_at = i;
    return m->level_sum / (double)(i - on);
}

/* A pop is a step that stays (science.md 2: nearly all its energy is slow): over the next 40 ms the signal keeps to the
 * step's side of the old level, and its mean holds a good part of the energy. A muscle potential of that height swings
 * both ways; where one ends, the level is off a mean of the 40 ms before that still holds a part of it, but by less than
 * twice the scatter of these 40 ms. */
static bool is_pop(myo_mask *m, int64_t i, double *ref)
{
    const int64_t before = i - m->k_mean < m->base ? m->base : i - m->k_mean;
    if (i - before < m->k_step) {
        return false;
    }
    *ref = level_before(m, before, i);
    const double side = at(m, i + m->k_step) > *ref ? 1.0 : -1.0;
    double s = 0.0, ss = 0.0;
    for (int64_t j = i + m->k_step; j < i + m->look; j++) {
        const double d = (at(m, j) - *ref) * side;
        if (d < 0.0) {
            return false;
        }
        s += d;
        ss += d * d;
    }
    s /= m->k_mean;
    ss /= m->k_mean;
    return s > m->cfg.pop_step / 4.0 && s * s >= 0.5 * ss && s * s > 4.0 * mean_square(m, before, i, *ref);
}

static void watch_pop(myo_mask *m, int64_t i)
{
    if (m->cfg.pop_step <= 0.0) {
        return;
    }
    if (m->pop_on >= 0) {
        m->pop_ahead += (double)at(m, i + m->look - 1);
        const double level = (m->pop_ahead - m->pop_seen) / m->look;
        m->pop_seen += (double)at(m, i);
        if (fabs(level - m->pop_ref) < 0.15 * m->cfg.pop_step || i - m->pop_on >= m->pop_max) {
            bad(m, m->pop_on, i, MYO_MASK_POP);
            m->pop_on = -1;
        }
        return;
    }
    double ref;
    if (fabs((double)at(m, i + m->k_step) - (double)at(m, i)) > m->cfg.pop_step && is_pop(m, i, &ref)) {
        m->pop_on = i;
        m->pop_ref = ref;
        m->pop_seen = (double)at(m, i);
        m->pop_ahead = mean(m, i, i + m->look) * m->look;
    }
}

/* Straight line from the mean of the 40 ms before to that of the 40 ms behind; level where what is behind is as bad (open). */
static void bridge(myo_mask *m, bool open)
{
    const int64_t on = m->bridge_on < m->base ? m->base : m->bridge_on;
    const int64_t off = m->bridge_off > m->n_in ? m->n_in : m->bridge_off;
    const int64_t before = on - m->k_mean < m->base ? m->base : on - m->k_mean;
    const int64_t behind = off + m->k_mean > m->n_in ? m->n_in : off + m->k_mean;
    double a = before < on ? mean(m, before, on) : NAN, b = off < behind ? mean(m, off, behind) : NAN;
    b = open && !isnan(a) ? a : b;
    a = isnan(a) ? (isnan(b) ? 0.0 : b) : a;
    b = isnan(b) ? a : b;
    for (int64_t i = on; i < off; i++) {
        m->buf[i - m->base] = (float)(a + (b - a) * ((double)(i - on) + 0.5) / (double)(off - on));
    }
    m->bridge_on = -1;
}

/* Frames that may go: none inside a span that is open or not yet bridged. */
static int64_t releasable(const myo_mask *m, bool end)
{
    int64_t upto = end ? m->n_in : m->scan - m->hold;
    if (!end && m->flat_open && m->equal_on - m->cfg.dilate - m->k_mean < upto) {
        upto = m->equal_on - m->cfg.dilate - m->k_mean;
    }
    if (!end && m->pop_on >= 0 && m->pop_on - m->cfg.dilate - m->k_mean < upto) {
        upto = m->pop_on - m->cfg.dilate - m->k_mean;
    }
    if (m->bridge_on >= 0 && m->bridge_on - m->k_mean < upto) {
        upto = m->bridge_on - m->k_mean;
    }
    return upto;
}

static int64_t release(myo_mask *m, int64_t upto)
{
    const int64_t n = upto - m->base;
    if (m->no_memory) {
        return -1;
    }
    if (n <= 0) {
        return 0;
    }
    m->base = upto;
    return n;
}

static void judge(myo_mask *m)
{
    watch_equal(m, m->scan);
    watch_rail(m, m->scan);
    watch_far(m, m->scan);
    watch_pop(m, m->scan);
    if (m->bridge_on >= 0 && m->scan > m->bridge_off + m->hold) {
        bridge(m, false);
    }
    m->scan++;
}

/* Of a channel by itself, moved as its watch kernel told: is there no run that lasts, or nothing but one that lasts already? */
static bool own_pass(myo_mask *m, const int *moved)
{
    const int64_t end = m->scan + MYO_WATCH;
    if (m->flat_open ? moved[0] < MYO_WATCH || end - m->equal_on >= most_equal(m)
                     : m->scan + moved[0] - m->equal_on >= m->cfg.flat_n) {
        return false;
    }
    m->equal_on = moved[1] >= 0 ? m->scan + moved[1] : m->equal_on;
    return true;
}

/* The next MYO_WATCH samples at once, if there is nothing about them: no run of equal samples that lasts, or nothing but one
 * that lasts already; none at a rail, no step. False: they must be judged one by one. */
static bool pass(myo_mask *m)
{
    const int64_t end = m->scan + MYO_WATCH;
    int moved[2];
    const bool bridged = m->bridge_on >= 0 && end - 1 > m->bridge_off + m->hold;
    if (m->scan == 0 || m->clip_open || m->pop_on >= 0 || bridged || (m->cfg.joint && m->flat_open) ||
        (!m->cfg.joint && m->cfg.flat_n < MYO_WATCH) ||
        myo_kern()->watch(m->buf + (m->scan - m->base), m->k_step, m->limit, moved)) {
        return false;
    }
    if (!(m->cfg.joint ? myo_repeat_pass(m->cfg.joint, m->scan, MYO_WATCH, &m->equal_on) : own_pass(m, moved))) {
        return false;
    }
    m->scan = m->rail_on = end;
    return true;
}

int64_t myo_mask_push(myo_mask *m, const float *x, int64_t n, float *out)
{
    const size_t pending = (size_t)(m->n_in - m->base);
    if (n <= 0) {
        return 0;
    }
    m->buf = out;
    memcpy(m->buf + pending, x, sizeof *x * (size_t)n);
    m->n_in += n;
    while (m->scan + m->look + MYO_WATCH <= m->n_in) {
        if (!pass(m)) {
            for (int i = 0; i < MYO_WATCH; i++) {
                judge(m);
            }
        }
    }
    return release(m, releasable(m, false));
}

int64_t myo_mask_finish(myo_mask *m, float *out)
{
    m->buf = out;
    while (m->scan + m->look < m->n_in) {
        judge(m);
    }
    for (; m->scan < m->n_in; m->scan++) {
        watch_equal(m, m->scan);
        watch_rail(m, m->scan);
        watch_far(m, m->scan);
    }
    if (m->flat_open) {
        bad(m, m->equal_on, m->n_in, MYO_MASK_FLAT);
    }
    if (m->clip_open) {
        add_span(m, m->rail_on, m->n_in, MYO_MASK_CLIP);
    }
    if (m->pop_on >= 0) {
        bad(m, m->pop_on, m->n_in, MYO_MASK_POP);
    }
    if (m->bridge_on >= 0) {
        bridge(m, false);
    }
    return release(m, m->n_in);
}
