/* refine.c - maximum-likelihood core and energy edges of a burst. */
#include <math.h>
#include "detect/refine.h"
#include "kern/kern.h"

static const double RATIO_MIN = 1.6;
enum { ITERATIONS = 4 };

/* gain u - cost: what a frame adds to the log-likelihood ratio of variance `ratio` against 1; it is positive over cost / gain. */
typedef struct scale { double gain, cost; } scale;

static scale scale_of(double ratio)
{
    return (scale){0.5 * (1.0 - 1.0 / ratio), 0.5 * log(ratio)};
}

/* Contiguous [on, off) of [from, to) with the largest log-likelihood ratio. *rival: no stretch beside it has more than this. */
static void best_segment(const float *u, int64_t from, int64_t to, scale c, int64_t *on, int64_t *off, double *rival)
{
    int64_t span[2];
    *rival = myo_kern()->best_run(span, u + from, c.gain, c.cost, to - from);
    *on = from + span[0];
    *off = from + span[1];
}

static double sum(const float *u, int64_t on, int64_t off)
{
    enum { AT_ONCE = 8 }; /* sums that do not wait for each other */
    double s[AT_ONCE] = {0.0};
    int64_t i = on;
    for (; i + AT_ONCE <= off; i += AT_ONCE) {
        for (int k = 0; k < AT_ONCE; k++) {
            s[k] += (double)u[i + k];
        }
    }
    for (; i < off; i++) {
        s[0] += (double)u[i];
    }
    return (s[0] + s[4] + (s[2] + s[6])) + (s[1] + s[5] + (s[3] + s[7]));
}

void myo_energy_edges(const float *u, int64_t lo, int64_t hi, double share, myo_edges *e)
{
    const double total = sum(u, lo, hi) - (double)(hi - lo);
    double c = 0.0;
    e->on = lo;
    for (int64_t i = lo; i < hi; i++) {
        c += (double)u[i] - 1.0;
        if (c >= share * total) {
            e->on = i;
            break;
        }
    }
    c = 0.0;
    e->off = hi;
    for (int64_t i = hi - 1; i >= lo; i--) {
        c += (double)u[i] - 1.0;
        if (c >= share * total) {
            e->off = i + 1;
            break;
        }
    }
    e->energy = total;
}

/* With a larger ratio a frame must be higher to add anything, so no stretch gains by being longer: the best one lies within
 * the last best, unless it lies wholly beside it. There nothing had more than `rival`, in units of (u - what it must exceed),
 * and now has less: where the last best still has more as it is, only its inside is searched. */
static bool is_inside(double ratio, int64_t n, scale before, scale now, double rival)
{
    const double limit = now.cost / now.gain;
    return limit >= before.cost / before.gain && (double)n * (ratio - limit) > 1.001 * rival;
}

bool myo_refine(const float *u, int64_t n, int64_t margin, double share, myo_edges *out)
{
    int64_t on = 0, off = n, from = 0, to = n;
    double ratio = 4.0, beside = 0.0;
    scale c = scale_of(ratio);
    for (int i = 0; i < ITERATIONS; i++) {
        const int64_t on_before = on, off_before = off;
        double rival;
        best_segment(u, from, to, c, &on, &off, &rival);
        if (on >= off) {
            return false;
        }
        if (i > 0 && on == on_before && off == off_before) {
            break; /* and so it would remain */
        }
        ratio = sum(u, on, off) / (double)(off - on);
        if (ratio < RATIO_MIN) {
            return false;
        }
        const scale now = scale_of(ratio);
        const bool whole = from == 0 && to == n;
        beside = fmax(whole ? 0.0 : beside, rival / c.gain);
        const bool inside = is_inside(ratio, off - on, c, now, beside);
        from = inside ? on : 0;
        to = inside ? off : n;
        c = now;
    }
    out->ratio = ratio;
    myo_energy_edges(u, on > margin ? on - margin : 0, off + margin < n ? off + margin : n, share, out);
    return out->on < out->off && out->energy > 0.0;
}
