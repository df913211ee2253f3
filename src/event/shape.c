/* shape.c - how often a burst repeats one of its own waves: multiplets (science.md 1.1, 5.3). */
#include <math.h>
#include <stdbool.h>
#include "event/shape.h"
#include "kern/kern.h"

static const double HALF_S = 0.004;              /* half of the wave that is looked for; a potential lasts 6-15 ms */
static const double LAG_LO_S = 0.002, LAG_HI_S = 0.020; /* from one discharge to the next */
static const double ALIKE = 0.8, LEAST = 0.2;    /* correlation; share of the energy */
static const double LEFT = 0.5;                  /* correlation that ends a likeness */
enum { PLETS_MAX = 64 };

typedef struct search {
    const float *x;
    int64_t at, half, lo, hi; /* the wave's middle and half length; frames it may move over */
    double energy, noise;
} search;

static double clean(const search *s, int64_t at)
{
    const int64_t n = 2 * s->half + 1;
    const double e = (double)myo_kern()->sumsq(s->x + at - s->half, n);
    return fmax(e - (double)n * s->noise * s->noise, 0.25 * e);
}

/* Correlation of the wave with the one about `at`; 0 where that is far weaker. */
static double alike(const search *s, int64_t at)
{
    const double e = clean(s, at);
    if (e < LEAST * s->energy) {
        return 0.0;
    }
    const double dot = (double)myo_kern()->dot(s->x + s->at - s->half, s->x + at - s->half, 2 * s->half + 1);
    return dot / sqrt(e * s->energy);
}

/* Place of the first likeness that is lag_lo to lag_hi frames away from `from`, forward or backward, and not the one at
 * `from` itself; -1 without one. */
static int64_t next_alike(const search *s, int64_t from, int way, int64_t lag_lo, int64_t lag_hi)
{
    double best = ALIKE;
    int64_t found = -1;
    bool left = false; /* the likeness at `from` has ended */
    for (int64_t lag = 1; lag <= lag_hi; lag++) {
        const int64_t at = from + way * lag;
        if (at - s->half < s->lo || at + s->half >= s->hi) {
            break;
        }
        const double r = alike(s, at);
        left = left || r < LEFT;
        if (left && lag >= lag_lo && r > best) {
            best = r;
            found = at;
        } else if (found >= 0 && r < best - 0.2) {
            break; /* over the top of the first likeness */
        }
    }
    return found;
}

int myo_count_plets(const float *x, int64_t n, int64_t on, int64_t off, double fs, double noise)
{
    search s = {.x = x, .half = (int64_t)(HALF_S * fs), .noise = noise};
    const int64_t lag_lo = (int64_t)ceil(LAG_LO_S * fs), lag_hi = (int64_t)(LAG_HI_S * fs);
    s.lo = on - s.half < 0 ? 0 : on - s.half;
    s.hi = off + s.half > n ? n : off + s.half;
    s.at = on;
    for (int64_t i = on; i < off; i++) {
        s.at = fabsf(x[i]) > fabsf(x[s.at]) ? i : s.at;
    }
    if (s.half < 2 || s.at - s.half < s.lo || s.at + s.half >= s.hi) {
        return 1;
    }
    s.energy = clean(&s, s.at);
    int plets = 1;
    for (int way = -1; way <= 1; way += 2) {
        for (int64_t at = next_alike(&s, s.at, way, lag_lo, lag_hi); at >= 0 && plets < PLETS_MAX;
             at = next_alike(&s, at, way, lag_lo, lag_hi)) {
            plets++;
        }
    }
    return plets;
}
