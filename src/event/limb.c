/* limb.c - how sharp a movement was, and how far it left the unit sphere on which a sensor that only turns stays. */
#include <math.h>
#include "event/limb.h"
#include "kern/kern.h"

static const double REST_S = 0.1;      /* rest looked at on either side */
static const double MARGIN_S = 0.04;   /* what the band-pass may have cut off a blow */
static const double SHARE = 0.8;
static const double EDGE = 0.025;      /* science.md 8.2 */
static const double BLOW_MS = 12.0, BLOW_FRAMES = 1.5; /* what a blow of 3 ms and its anti-alias filter's answer take */

/* m := m m over the largest of it, so that nothing overflows. */
static void square(double m[MYO_MAX_AXES][MYO_MAX_AXES])
{
    double s[MYO_MAX_AXES][MYO_MAX_AXES], top = 0.0;
    for (int a = 0; a < MYO_MAX_AXES; a++) {
        for (int b = 0; b < MYO_MAX_AXES; b++) {
            s[a][b] = 0.0;
            for (int c = 0; c < MYO_MAX_AXES; c++) {
                s[a][b] += m[a][c] * m[c][b];
            }
            top = fmax(top, fabs(s[a][b]));
        }
    }
    for (int a = 0; a < MYO_MAX_AXES; a++) {
        for (int b = 0; b < MYO_MAX_AXES; b++) {
            m[a][b] = top > 0.0 ? s[a][b] / top : 0.0;
        }
    }
}

/* First principal axis. Squared eight times, the sum of products turns any vector into it that is not at right angles:
 * its own largest column is none. */
void myo_main_direction(double dir[MYO_MAX_AXES], const myo_burst_view *v)
{
    double m[MYO_MAX_AXES][MYO_MAX_AXES] = {{0.0}};
    double top = 0.0;
    int column = 0;
    for (int a = 0; a < v->n_axes; a++) {
        for (int b = a; b < v->n_axes && v->n_axes > 1; b++) {
            m[a][b] = m[b][a] = (double)myo_kern()->dot(v->x[a] + v->on, v->x[b] + v->on, v->off - v->on);
        }
    }
    for (int k = 0; k < 8 && v->n_axes > 1; k++) {
        square(m);
    }
    for (int a = 1; a < MYO_MAX_AXES; a++) {
        column = m[a][a] > m[column][column] ? a : column;
    }
    for (int a = 0; a < MYO_MAX_AXES; a++) {
        top += m[a][column] * m[a][column];
    }
    for (int a = 0; a < MYO_MAX_AXES; a++) {
        dir[a] = top > 0.0 ? m[a][column] / sqrt(top) : a == 0;
    }
}

/* A straight way from the rest before to the rest behind: what gravity does meanwhile. */
typedef struct rest {
    double before[MYO_MAX_AXES], after[MYO_MAX_AXES];
    double on, off;        /* middles of the two stretches, frames */
} rest;

static double mean(const float *x, int64_t on, int64_t off)
{
    double s = 0.0;
    for (int64_t i = on; i < off; i++) {
        s += x[i];
    }
    return s / (double)(off - on);
}

static int64_t within(int64_t i, int64_t n)
{
    return i < 0 ? 0 : i > n ? n : i;
}

static rest find_rest(const myo_burst_view *v)
{
    const int64_t margin = (int64_t)(MARGIN_S * v->fs), n = (int64_t)fmax(2.0, REST_S * v->fs);
    const int64_t b1 = within(v->on - margin, v->n), b0 = within(b1 - n, v->n);
    const int64_t a0 = within(v->off + margin, v->n), a1 = within(a0 + n, v->n);
    rest r = {.on = 0.5 * (double)(b0 + b1), .off = 0.5 * (double)(a0 + a1)};
    for (int a = 0; a < v->n_axes; a++) {
        r.before[a] = b1 > b0 ? mean(v->raw[a], b0, b1) : a1 > a0 ? mean(v->raw[a], a0, a1) : 0.0;
        r.after[a] = a1 > a0 ? mean(v->raw[a], a0, a1) : r.before[a];
    }
    return r;
}

/* Energy of frame i about the straight way. */
static double off_way(const myo_burst_view *v, const rest *r, int64_t i)
{
    const double part = fmin(1.0, fmax(0.0, ((double)i - r->on) / fmax(1.0, r->off - r->on)));
    double e = 0.0;
    for (int a = 0; a < v->n_axes; a++) {
        const double d = v->raw[a][i] - (r->before[a] + part * (r->after[a] - r->before[a]));
        e += d * d;
    }
    return e;
}

/* Frames of the shortest stretch of [on, off) that holds SHARE of its energy. */
static int64_t shortest(const myo_burst_view *v, const rest *r, int64_t on, int64_t off)
{
    double all = 0.0, in = 0.0;
    int64_t best = off - on, tail = on;
    for (int64_t i = on; i < off; i++) {
        all += off_way(v, r, i);
    }
    for (int64_t i = on; i < off; i++) {
        in += off_way(v, r, i);
        while (tail < i && in - off_way(v, r, tail) >= SHARE * all) {
            in -= off_way(v, r, tail++);
        }
        best = in >= SHARE * all && i + 1 - tail < best ? i + 1 - tail : best;
    }
    return best;
}

static double norm(const double *x)
{
    return sqrt(x[0] * x[0] + x[1] * x[1] + x[2] * x[2]);
}

/* Root mean square of |a| about its course at rest. */
static double leave_sphere(const myo_burst_view *v, const rest *r)
{
    const double before = norm(r->before), after = norm(r->after);
    double ss = 0.0;
    for (int64_t i = v->on; i < v->off; i++) {
        const double x[MYO_MAX_AXES] = {(double)v->raw[0][i], (double)v->raw[1][i], (double)v->raw[2][i]};
        const double part = (double)(i - v->on) / (double)(v->off - v->on);
        const double d = norm(x) - (before + part * (after - before));
        ss += d * d;
    }
    return sqrt(ss / (double)(v->off - v->on));
}

/* Frames [*on, *off) that all but `part` of the energy of [from, to) lies in, half of that part on either side. */
static void energy_edges(const myo_burst_view *v, const rest *r, int64_t from, int64_t to, int64_t *on, int64_t *off)
{
    double all = 0.0, sum = 0.0;
    for (int64_t i = from; i < to; i++) {
        all += off_way(v, r, i);
    }
    *on = from;
    *off = to;
    for (int64_t i = from; i < to; i++) {
        const double before = sum;
        sum += off_way(v, r, i);
        *on = before < EDGE * all && sum >= EDGE * all ? i : *on;
        *off = before < (1.0 - EDGE) * all && sum >= (1.0 - EDGE) * all ? i + 1 : *off;
    }
}

void myo_burst_limb(myo_burst *b, const myo_burst_view *v)
{
    const rest r = find_rest(v);
    const int64_t margin = (int64_t)(MARGIN_S * v->fs);
    const int64_t on = within(v->on - margin, v->n), off = within(v->off + margin, v->n);
    int64_t sharp_on, sharp_off;
    b->sharp = (float)((double)shortest(v, &r, on, off) / (BLOW_MS * v->fs / 1000.0 + BLOW_FRAMES));
    b->lift = v->n_axes < MYO_MAX_AXES ? b->rms : (float)leave_sphere(v, &r);
    if (b->sharp < MYO_BLOW) {
        energy_edges(v, &r, on, off, &sharp_on, &sharp_off);
        b->on += (double)(sharp_on - v->on) / v->fs;
        b->off += (double)(sharp_off - v->off) / v->fs;
    }
}
