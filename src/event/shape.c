/* shape.c - how often a burst repeats one of its own waves: multiplets (science.md 1.1, 5.3). */
#include <math.h>
#include <stdbool.h>
#include "event/shape.h"
#include "kern/kern.h"

static const double HALF_S = 0.004;              /* half of the wave that is looked for; a potential lasts 6-15 ms */
static const double LAG_LO_S = 0.002, LAG_HI_S = 0.020; /* from one discharge to the next */
static const double ALIKE = 0.8, LEAST = 0.2;    /* correlation; share of the energy */
static const double LEFT = 0.5;                  /* correlation that ends a likeness */
enum { PLETS_MAX = 64, AT_ONCE = 16 };

typedef struct search {
    const float *x;
    int64_t at, half, lo, hi; /* the wave's middle and half length; frames it may move over */
    double energy, noise;
} search;

static double clean(const search *s, double e)
{
    const double n = (double)(2 * s->half + 1);
    return fmax(e - n * s->noise * s->noise, 0.25 * e);
}

/* Correlation of the wave with one of energy e; 0 where that is far weaker. */
static double alike(const search *s, double e, double dot)
{
    const double own = clean(s, e);
    return own < LEAST * s->energy ? 0.0 : dot / sqrt(own * s->energy);
}

/* Energies of the waves about the n middles from `first` on, and their products with the wave. */
typedef struct stretch { float energy[AT_ONCE], dot[AT_ONCE]; } stretch;

static void measure(stretch *t, const search *s, int64_t first, int64_t n)
{
    const int64_t width = 2 * s->half + 1;
    const float *x = s->x + first - s->half;
    myo_kern()->sliding_sumsq(t->energy, x, width, n);
    myo_kern()->slide(t->dot, x, s->x + s->at - s->half, width, n);
}

/* Place of the first likeness that is lag_lo to lag_hi frames away from `from`, forward or backward, and not the one at
 * `from` itself; -1 without one. */
static int64_t next_alike(const search *s, int64_t from, int way, int64_t lag_lo, int64_t lag_hi)
{
    const int64_t room = way < 0 ? from - s->half - s->lo : s->hi - 1 - s->half - from;
    const int64_t most = lag_hi < room ? lag_hi : room;
    double best = ALIKE;
    int64_t found = -1;
    bool left = false; /* the likeness at `from` has ended */
    stretch t;
    for (int64_t lag = 1, n; lag <= most; lag += n) {
        n = most - lag + 1 < AT_ONCE ? most - lag + 1 : AT_ONCE;
        measure(&t, s, way < 0 ? from - lag - n + 1 : from + lag, n);
        for (int64_t k = 0; k < n; k++) {
            const int64_t i = way < 0 ? n - 1 - k : k;
            const double r = alike(s, (double)t.energy[i], (double)t.dot[i]);
            left = left || r < LEFT;
            if (left && lag + k >= lag_lo && r > best) {
                best = r;
                found = from + way * (lag + k);
            } else if (found >= 0 && r < best - 0.2) {
                return found; /* over the top of the first likeness */
            }
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
    for (const float most = myo_kern()->top(x + on, off - on); s.at + 1 < off && fabsf(x[s.at]) < most;) {
        s.at++;
    }
    if (s.half < 2 || s.at - s.half < s.lo || s.at + s.half >= s.hi) {
        return 1;
    }
    s.energy = clean(&s, (double)myo_kern()->sumsq(x + s.at - s.half, 2 * s.half + 1));
    int plets = 1;
    for (int way = -1; way <= 1; way += 2) {
        for (int64_t at = next_alike(&s, s.at, way, lag_lo, lag_hi); at >= 0 && plets < PLETS_MAX;
             at = next_alike(&s, at, way, lag_lo, lag_hi)) {
            plets++;
        }
    }
    return plets;
}
