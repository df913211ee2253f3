/* mains.c - mains hum subtracted from a stream. */
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "dsp/mains.h"
#include "dsp/trend.h"
#include "kern/kern.h"

enum { REACH = MYO_MAINS_REACH, RING = 2 * REACH + 2 }; /* ring: blocks kept */
static const double BLOCK_S = 0.1;

typedef struct tone {
    int k;                       /* harmonic number, 1 = the line */
    float *c, *s;                /* one block of cos and sin from phase 0 */
    double re[RING], im[RING];   /* measured amplitude of block b at slot b % RING */
} tone;

struct myo_mains {
    double fs, freq;
    int block;                   /* samples */
    int n_tones, ref;            /* ref: the tone whose phase is followed, the strongest measured */
    tone tones[MYO_MAINS_MAX];
    float *ring;                 /* RING blocks of samples */
    float *flat;                 /* a block in hand, without its mean */
    myo_trends trends;
    double of[2 * MYO_MAINS_MAX][MYO_TRENDS]; /* what trends look like as the cos and sin of each tone */
    double other[RING];          /* block's energy without the tones, mean square */
    double level[RING];          /* block's mean square */
    struct skip { int64_t on, off; } *skips; /* bridged spans ahead of the blocks measured */
    size_t n_skips, cap_skips;
    int64_t n_in, n_out;         /* samples */
    int64_t first;               /* block the stream begins with */
    int64_t n_blocks;            /* complete blocks measured, counted from frame 0 */
    double first_re[MYO_MAINS_MAX], first_im[MYO_MAINS_MAX]; /* smoothed amplitude at the last block centre */
    double last_step;            /* turn per block there */
    bool have_first;
};

/* e^(i angle). Tones are harmonics of one line: what turns the line by an angle turns tone k by k times as much, which is
 * a product, where a sine of its own would cost twenty times as much. */
typedef struct rot { double c, s; } rot;

static rot rot_of(double angle)
{
    return (rot){cos(angle), sin(angle)};
}

static rot rot_times(rot a, rot b)
{
    return (rot){a.c * b.c - a.s * b.s, a.c * b.s + a.s * b.c};
}

/* The line's rotation to the power of each tone's harmonic number (they ascend). */
static void rot_tones(const myo_mains *m, rot line, rot *each)
{
    rot power = {1.0, 0.0};
    for (int j = 0, k = 0; j < m->n_tones; j++) {
        for (; k < m->tones[j].k; k++) {
            power = rot_times(power, line);
        }
        each[j] = power;
    }
}

/* Phase of each tone at the first sample of block b. */
static void phases_of(const myo_mains *m, int64_t b, rot *each)
{
    rot_tones(m, rot_of(2.0 * M_PI * fmod(m->freq / m->fs * (double)(b * m->block), 1.0)), each);
}

static myo_err tone_new(myo_mains *m, int k)
{
    tone *t = &m->tones[m->n_tones];
    t->k = k;
    t->c = myo_alloc_aligned((size_t)m->block, sizeof(float));
    t->s = myo_alloc_aligned((size_t)m->block, sizeof(float));
    m->n_tones++;
    if (!t->c || !t->s) {
        return MYO_ERR_NOMEM;
    }
    for (int i = 0; i < m->block; i++) {
        t->c[i] = (float)cos(2.0 * M_PI * k * m->freq / m->fs * i);
        t->s[i] = (float)sin(2.0 * M_PI * k * m->freq / m->fs * i);
    }
    return MYO_OK;
}

static myo_err trends_new(myo_mains *m)
{
    const float *wave[2 * MYO_MAINS_MAX];
    for (int j = 0; j < m->n_tones; j++) {
        wave[2 * j] = m->tones[j].c;
        wave[2 * j + 1] = m->tones[j].s;
    }
    return myo_trends_new(&m->trends, m->block, wave, 2 * m->n_tones, m->of);
}

myo_err myo_mains_new(myo_mains **out, double fs, const myo_mains_line *line)
{
    myo_mains *m = myo_alloc(1, sizeof *m);
    if (!m) {
        return MYO_ERR_NOMEM;
    }
    m->fs = fs;
    m->freq = line->freq;
    m->block = (int)floor(BLOCK_S * fs + 0.5);
    m->ring = myo_alloc_aligned((size_t)m->block * RING, sizeof(float));
    m->flat = myo_alloc_aligned((size_t)m->block, sizeof(float));
    myo_err err = m->ring && m->flat ? MYO_OK : MYO_ERR_NOMEM;
    for (int k = 1; k <= line->n_harmonics && err == MYO_OK; k++) {
        if (line->present[k - 1]) {
            err = tone_new(m, k);
        }
    }
    err = err == MYO_OK ? trends_new(m) : err;
    if (err != MYO_OK) {
        myo_mains_free(&m);
        return err;
    }
    *out = m;
    return MYO_OK;
}

void myo_mains_free(myo_mains **m)
{
    if (*m) {
        for (int i = 0; i < (*m)->n_tones; i++) {
            myo_free((*m)->tones[i].c);
            myo_free((*m)->tones[i].s);
        }
        myo_trends_clear(&(*m)->trends);
        myo_free((*m)->ring);
        myo_free((*m)->flat);
        myo_free((*m)->skips);
        myo_free(*m);
        *m = NULL;
    }
}

int64_t myo_mains_block(const myo_mains *m)
{
    return m->block;
}

void myo_mains_reset(myo_mains *m, int64_t frame)
{
    m->n_in = m->n_out = frame;
    m->first = m->n_blocks = frame / m->block;
    m->n_skips = 0;
    m->have_first = false;
    memset(m->first_re, 0, sizeof m->first_re);
    memset(m->first_im, 0, sizeof m->first_im);
}

int64_t myo_mains_bound(const myo_mains *m, int64_t n)
{
    return n + (int64_t)RING * m->block;
}

myo_err myo_mains_skip(myo_mains *m, int64_t on, int64_t off)
{
    MYO_TRY(myo_grow((void **)&m->skips, &m->cap_skips, m->n_skips + 1, sizeof *m->skips));
    m->skips[m->n_skips++] = (struct skip){on, off};
    return MYO_OK;
}

/* Was anything of block b bridged? Spans that went out are forgotten. */
static bool skipped(myo_mains *m, int64_t b)
{
    size_t kept = 0;
    bool found = false;
    for (size_t i = 0; i < m->n_skips; i++) {
        const struct skip s = m->skips[i];
        found = found || (s.off > b * m->block && s.on < (b + 1) * m->block);
        if (s.off > m->n_out) {
            m->skips[kept++] = s;
        }
    }
    m->n_skips = kept;
    return found;
}

/* The block without its mean: an electrode's offset is thousands of times the hum, and a block need not hold whole
 * periods. */
static void flatten(myo_mains *m, const float *x)
{
    const float mean = myo_kern()->sum(x, m->block) / (float)m->block;
    for (int i = 0; i < m->block; i++) {
        m->flat[i] = x[i] - mean;
    }
}

/* Amplitudes of one complete block, in the frame that turns with the nominal line. */
static void measure(myo_mains *m, int64_t b)
{
    const myo_kernels *kern = myo_kern();
    const int slot = (int)(b % RING);
    const float *x = m->flat;
    flatten(m, m->ring + (int64_t)slot * m->block);
    double trend[MYO_TRENDS], rest = (double)kern->sumsq(x, m->block) / m->block;
    m->level[slot] = rest;
    rest -= myo_trends_fit(&m->trends, x, trend) / m->block;
    rot phase[MYO_MAINS_MAX];
    phases_of(m, b, phase);
    for (int j = 0; j < m->n_tones; j++) {
        tone *t = &m->tones[j];
        double a = 2.0 * (double)kern->dot(x, t->c, m->block) / m->block;
        double q = -2.0 * (double)kern->dot(x, t->s, m->block) / m->block;
        rest -= (a * a + q * q) / 2.0;
        for (int d = 0; d < m->trends.n; d++) {
            a -= trend[d] * m->of[2 * j][d];
            q += trend[d] * m->of[2 * j + 1][d];
        }
        t->re[slot] = a * phase[j].c + q * phase[j].s; /* (a + iq) e^{-ip} */
        t->im[slot] = q * phase[j].c - a * phase[j].s;
    }
    m->other[slot] = skipped(m, b) ? (double)INFINITY : fmax(rest, 0.02 * m->level[slot]) + 1e-30;
}

/* How the line turns against its nominal frequency: radians per block, and their change per block. */
typedef struct turn { double step, rate; } turn;

/* Near blocks say more about block b than far ones: a line that drifts is no straight turn for long. Epanechnikov's
 * weights: on simulated hum of 25 uV over 4 uV noise they left 0.4 uV where even ones left 0.4 (drift of 0.1 Hz SD) and 0.55
 * instead of 0.75 (0.3 Hz), and at worst a quarter as much beside cable movements. */
static double nearness(double d)
{
    return 1.0 - d * d / ((REACH + 1.0) * (REACH + 1.0));
}

/* Weighted lag-1 product of a tone over pairs of blocks; their weight and, times it, their middle from block b. */
typedef struct lag { double re, im, w, t; } lag;

static lag lag_product(const myo_mains *m, const tone *t, int64_t b, int64_t lo, int64_t hi)
{
    lag s = {0.0, 0.0, 0.0, 0.0};
    for (int64_t k = lo; k < hi; k++) {
        const int i = (int)(k % RING), n = (int)((k + 1) % RING);
        const double at = (double)(k - b) + 0.5, w = nearness(at) / (m->other[i] * m->other[n]);
        s.re += w * (t->re[n] * t->re[i] + t->im[n] * t->im[i]);
        s.im += w * (t->im[n] * t->re[i] - t->re[n] * t->im[i]);
        s.w += w;
        s.t += w * at;
    }
    return s;
}

/* From the strongest tone. A line that drifts turns unevenly: the two sides of b tell by how much, if both say enough. */
static turn drift(const myo_mains *m, int64_t b, int64_t lo, int64_t hi)
{
    static const double SIDE_MIN = 0.15, APART_MIN = 3.0;
    double best = -1.0;
    turn found = {0.0, 0.0};
    for (int j = 0; j < m->n_tones; j++) {
        const tone *t = &m->tones[j];
        const lag all = lag_product(m, t, b, lo, hi);
        if (hypot(all.re, all.im) <= best || all.w <= 0.0) {
            continue;
        }
        best = hypot(all.re, all.im);
        found = (turn){atan2(all.im, all.re) / t->k, 0.0};
        const lag l = lag_product(m, t, b, lo, b), r = lag_product(m, t, b, b, hi);
        if (l.w < SIDE_MIN * all.w || r.w < SIDE_MIN * all.w || r.t / r.w - l.t / l.w < APART_MIN) {
            continue;
        }
        const double more = atan2(r.im * l.re - r.re * l.im, r.re * l.re + r.im * l.im) / t->k;
        found.rate = more / (r.t / r.w - l.t / l.w);
        found.step -= found.rate * all.t / all.w;
    }
    return found;
}

/* Smoothed amplitude of each tone at the centre of block b. A turning tone's mean over a block is short by sinc. */
static void smooth(const myo_mains *m, int64_t b, int64_t lo, int64_t hi, const turn *way, double (*amp)[2])
{
    double sum[MYO_MAINS_MAX][2] = {{0.0}}, sw = 0.0;
    rot back[MYO_MAINS_MAX];
    for (int64_t i = lo; i <= hi; i++) {
        const int slot = (int)(i % RING);
        const double w = 1.0 / (m->other[slot] * m->other[slot]), d = (double)(i - b);
        rot_tones(m, rot_of(-(way->step + 0.5 * way->rate * d) * d), back);
        for (int j = 0; j < m->n_tones; j++) {
            const tone *t = &m->tones[j];
            sum[j][0] += w * (t->re[slot] * back[j].c - t->im[slot] * back[j].s);
            sum[j][1] += w * (t->re[slot] * back[j].s + t->im[slot] * back[j].c);
        }
        sw += w;
    }
    for (int j = 0; j < m->n_tones; j++) {
        const double half = fmin(fabs(way->step * m->tones[j].k) / 2.0, 1.5), loss = half > 1e-6 ? sin(half) / half : 1.0;
        /* Nothing but bridges: the line goes on as it was. */
        amp[j][0] = sw > 0.0 ? sum[j][0] / sw / loss : m->first_re[j];
        amp[j][1] = sw > 0.0 ? sum[j][1] / sw / loss : m->first_im[j];
    }
}

/* The amplitude between two block centres: from `a` at position 0 straight to `a + d` at 1, while it turns. */
typedef struct arc { double a[2], d[2]; } arc;

static arc arc_between(const double a0[2], const double a1[2], rot turned)
{
    return (arc){{a0[0], a0[1]},
                 {a1[0] * turned.c + a1[1] * turned.s - a0[0], a1[1] * turned.c - a1[0] * turned.s - a0[1]}};
}

/* At position u, turned so far as `at`: the coefficients of cos and sin. */
static void arc_at(const arc *q, double u, rot at, double amp[2])
{
    const double re = q->a[0] + u * q->d[0], im = q->a[1] + u * q->d[1];
    amp[0] = re * at.c - im * at.s; /* Re[(re + i im) e^{ip} e^{iwn}] = A cos wn - B sin wn */
    amp[1] = -(re * at.s + im * at.c);
}

/* Straight pieces of a quarter block follow the arc well enough. */
enum { MAX_PIECES = 5 };

/* Where a stretch's pieces begin and end: sample and position, and how far each tone has turned there. */
typedef struct pieces {
    int n, at[MAX_PIECES + 1];
    double u[MAX_PIECES + 1];
    rot turned[MAX_PIECES + 1][MYO_MAINS_MAX];
} pieces;

/* n samples of block b, position u at the first of them; angle: the line's turn from position 0 to 1. */
static void cut_pieces(const myo_mains *m, int64_t b, int n, double u, double angle, pieces *p)
{
    const int piece = m->block / 4 + 1;
    rot phase[MYO_MAINS_MAX];
    phases_of(m, b, phase);
    p->n = (n + piece - 1) / piece;
    for (int q = 0; q <= p->n; q++) {
        p->at[q] = q * piece < n ? q * piece : n;
        p->u[q] = u + (double)p->at[q] / m->block;
        rot_tones(m, rot_of(p->u[q] * angle), p->turned[q]);
        for (int j = 0; j < m->n_tones; j++) {
            p->turned[q][j] = rot_times(phase[j], p->turned[q][j]);
        }
    }
}

/* Subtract tone j, along its arc, from samples of its block from x[from] on. */
static void subtract(const myo_mains *m, int j, float *x, int from, const pieces *p, const arc *way)
{
    const tone *t = &m->tones[j];
    for (int q = 0; q < p->n; q++) {
        const int len = p->at[q + 1] - p->at[q], at = from + p->at[q];
        double a[2], e[2];
        arc_at(way, p->u[q], p->turned[q][j], a);
        arc_at(way, p->u[q + 1], p->turned[q + 1][j], e);
        const float amp[4] = {(float)a[0], (float)((e[0] - a[0]) / len), (float)a[1], (float)((e[1] - a[1]) / len)};
        myo_kern()->sub_rotating(x + at, t->c + at, t->s + at, amp, len);
    }
}

/* x is as `was` again where it is bridged: [from, from + n) of block b. A bridge holds no line to take out. */
static void keep_bridges(const myo_mains *m, float *x, const float *was, int64_t b, int from, int n)
{
    const int64_t first = b * m->block;
    for (size_t i = 0; i < m->n_skips; i++) {
        const int64_t on = m->skips[i].on - first, off = m->skips[i].off - first;
        const int64_t lo = on > from ? on : from, hi = off < from + n ? off : from + n;
        if (lo < hi) {
            memcpy(x + lo, was + lo, sizeof *x * (size_t)(hi - lo));
        }
    }
}

/* Subtract every tone over [from, from + n) of block b, each along its arc, position u at the first sample. */
static void clean(myo_mains *m, int64_t b, int from, int n, double u, const arc *arcs, double angle)
{
    float *x = m->ring + (b % RING) * m->block;
    pieces p;
    cut_pieces(m, b, n, u, angle, &p);
    if (m->n_skips > 0) {
        memcpy(m->flat, x, sizeof *x * (size_t)m->block);
    }
    for (int j = 0; j < m->n_tones; j++) {
        subtract(m, j, x, from, &p, &arcs[j]);
    }
    keep_bridges(m, x, m->flat, b, from, n);
}

/* Block b is ready: the line from its predecessor's centre to its own crosses the predecessor's second half and
 * its own first half. out gets nothing yet; the halves are changed in the ring. */
static void clean_up_to(myo_mains *m, int64_t b, int64_t lo, int64_t hi)
{
    const turn way = drift(m, b, lo, hi);
    const double angle = way.step - 0.5 * way.rate;
    const int half = m->block / 2;
    double amp[MYO_MAINS_MAX][2];
    rot turned[MYO_MAINS_MAX];
    arc arcs[MYO_MAINS_MAX];
    smooth(m, b, lo, hi, &way, amp);
    rot_tones(m, rot_of(angle), turned);
    for (int j = 0; j < m->n_tones; j++) {
        const double a0[2] = {m->first_re[j], m->first_im[j]};
        /* before the first centre the amplitude only turns */
        arcs[j] = m->have_first ? arc_between(a0, amp[j], turned[j]) : (arc){{amp[j][0], amp[j][1]}, {0.0, 0.0}};
        m->first_re[j] = amp[j][0];
        m->first_im[j] = amp[j][1];
    }
    if (m->have_first) {
        clean(m, b - 1, half, m->block - half, 0.0, arcs, angle);
        clean(m, b, 0, half, (double)(m->block - half) / m->block, arcs, angle);
    } else {
        clean(m, b, 0, half, -(double)half / m->block, arcs, angle);
    }
    m->last_step = way.step;
    m->have_first = true;
}

static int64_t emit(myo_mains *m, int64_t upto, float *out)
{
    int64_t done = 0;
    while (m->n_out < upto) {
        const int64_t in_ring = m->n_out % ((int64_t)RING * m->block);
        int64_t n = upto - m->n_out;
        if (n > (int64_t)RING * m->block - in_ring) {
            n = (int64_t)RING * m->block - in_ring;
        }
        memcpy(out + done, m->ring + in_ring, sizeof *out * (size_t)n);
        done += n;
        m->n_out += n;
    }
    return done;
}

/* First block of the REACH before b that there is. */
static int64_t reach_back(const myo_mains *m, int64_t b)
{
    return b - REACH > m->first ? b - REACH : m->first;
}

/* A block came in complete: measure it, clean the one REACH before it, put out what is final. */
static int64_t advance(myo_mains *m, float *out)
{
    const int64_t b = m->n_blocks++;
    measure(m, b);
    const int64_t ready = b - REACH;
    if (ready < m->first) {
        return 0;
    }
    clean_up_to(m, ready, reach_back(m, ready), b);
    return emit(m, ready * m->block + m->block / 2, out);
}

int64_t myo_mains_push(myo_mains *m, const float *x, int64_t n, float *out)
{
    int64_t done = 0;
    while (n > 0) {
        const int64_t in_block = m->n_in % m->block;
        const int64_t take = n < m->block - in_block ? n : m->block - in_block;
        memcpy(m->ring + m->n_in % ((int64_t)RING * m->block), x, sizeof *x * (size_t)take);
        m->n_in += take;
        x += take;
        n -= take;
        if (m->n_in % m->block == 0) {
            done += advance(m, out + done);
        }
    }
    return done;
}

int64_t myo_mains_finish(myo_mains *m, float *out)
{
    const int half = m->block / 2;
    int64_t done = 0;
    if (m->n_blocks - m->first < 2) { /* under 0.2 s: nothing to measure with */
        return emit(m, m->n_in, out);
    }
    for (int64_t b = reach_back(m, m->n_blocks); b < m->n_blocks; b++) {
        clean_up_to(m, b, reach_back(m, b), m->n_blocks - 1);
    }
    /* Beyond the last centre the amplitude only turns. */
    const int64_t last = m->n_blocks - 1;
    const int rest = (int)(m->n_in - m->n_blocks * m->block);
    arc arcs[MYO_MAINS_MAX];
    for (int j = 0; j < m->n_tones; j++) {
        arcs[j] = (arc){{m->first_re[j], m->first_im[j]}, {0.0, 0.0}};
    }
    clean(m, last, half, m->block - half, 0.0, arcs, m->last_step);
    clean(m, m->n_blocks, 0, rest, (double)(m->block - half) / m->block, arcs, m->last_step);
    done += emit(m, m->n_in, out);
    return done;
}
