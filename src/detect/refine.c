/* refine.c - maximum-likelihood core and energy edges of a burst. */
#include <math.h>
#include "detect/refine.h"

static const double RATIO_MIN = 1.6;
enum { ITERATIONS = 4 };

/* Contiguous [on, off) with the largest log-likelihood ratio of variance `ratio` against 1. */
static void best_segment(const float *u, int64_t n, double ratio, int64_t *on, int64_t *off)
{
    const double gain = 0.5 * (1.0 - 1.0 / ratio), cost = 0.5 * log(ratio);
    double sum = 0.0, best = 0.0;
    int64_t from = 0;
    *on = *off = 0;
    for (int64_t i = 0; i < n; i++) {
        sum += gain * (double)u[i] - cost;
        if (sum <= 0.0) {
            sum = 0.0;
            from = i + 1;
        } else if (sum > best) {
            best = sum;
            *on = from;
            *off = i + 1;
        }
    }
}

static double mean(const float *u, int64_t on, int64_t off)
{
    double s = 0.0;
    for (int64_t i = on; i < off; i++) {
        s += (double)u[i];
    }
    return s / (double)(off - on);
}

void myo_energy_edges(const float *u, int64_t lo, int64_t hi, double share, myo_edges *e)
{
    double total = 0.0;
    for (int64_t i = lo; i < hi; i++) {
        total += (double)u[i] - 1.0;
    }
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

bool myo_refine(const float *u, int64_t n, int64_t margin, double share, myo_edges *out)
{
    int64_t on = 0, off = n;
    int64_t on_before = -1, off_before = -1;
    double ratio = 4.0;
    for (int i = 0; i < ITERATIONS; i++) {
        best_segment(u, n, ratio, &on, &off);
        if (on >= off) {
            return false;
        }
        if (on == on_before && off == off_before) {
            break; /* and so it would remain */
        }
        on_before = on;
        off_before = off;
        ratio = mean(u, on, off);
        if (ratio < RATIO_MIN) {
            return false;
        }
    }
    out->ratio = ratio;
    myo_energy_edges(u, on > margin ? on - margin : 0, off + margin < n ? off + margin : n, share, out);
    return out->on < out->off && out->energy > 0.0;
}
