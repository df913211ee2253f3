/* fill.c - is the time between two bursts silent, or filled with activity too weak to stand out? */
#include <math.h>
#include "base/base.h"
#include "kern/kern.h"
#include "run/lane_in.h"

static const double GUARD_S = 0.01, LEAST_S = 0.05, PIECE_S = 0.05;
/* Excess over the floor, of the whole and of a quarter of its pieces; deviates of chi square. */
static const double MEAN_MIN = 0.15, QUARTER_MIN = 0.0, Z_MIN = 3.5;
static const double AROUND_S = 0.6;
enum { PIECES = 32 };

static double mean_of(const myo_lane *l, int64_t on, int64_t off)
{
    return (double)myo_kern()->sum(l->u.v + (on - l->u.base), off - on) / (double)(off - on);
}

double myo_lane_fill(const myo_lane *l, int64_t on, int64_t off)
{
    const int64_t guard = (int64_t)(GUARD_S * l->cfg.fs);
    double v[PIECES];
    on += guard;
    off -= guard;
    const int64_t n = off - on;
    if (l->cfg.kind != MYO_KIND_EMG || (double)n < LEAST_S * l->cfg.fs || (double)n > MYO_FILL_MAX_S * l->cfg.fs ||
        on < l->u.base || off > l->u.base + l->u.n || myo_lane_overlap(l, on, off, false) > 0) {
        return 0.0;
    }
    const int pieces = (int)((double)n / (PIECE_S * l->cfg.fs));
    const int64_t step = n / pieces;
    for (int i = 0; i < pieces; i++) {
        v[i] = mean_of(l, on + i * step, on + (i + 1) * step) - 1.0;
    }
    myo_sort_f64(v, (size_t)pieces);
    const double excess = mean_of(l, on, off) - 1.0, dof = l->block_dof * (double)n / (double)l->block;
    const bool filled = excess > MEAN_MIN && v[pieces / 4] > QUARTER_MIN && excess * sqrt(0.5 * dof) > Z_MIN;
    return filled ? excess : 0.0;
}

double myo_lane_around(const myo_lane *l, int64_t on, int64_t off)
{
    const int64_t guard = (int64_t)(GUARD_S * l->cfg.fs), piece = (int64_t)(PIECE_S * l->cfg.fs);
    const int64_t reach = (int64_t)(AROUND_S * l->cfg.fs), end = l->u.base + l->u.n;
    double v[PIECES];
    size_t n = 0;
    if (l->cfg.kind != MYO_KIND_EMG) {
        return 0.0;
    }
    for (int64_t at = on - guard - piece; at >= l->u.base && at >= on - reach; at -= piece) {
        v[n++] = mean_of(l, at, at + piece) - 1.0;
    }
    for (int64_t at = off + guard; at + piece <= end && at + piece <= off + reach; at += piece) {
        v[n++] = mean_of(l, at, at + piece) - 1.0;
    }
    if (n == 0) {
        return 0.0;
    }
    myo_sort_f64(v, n);
    /* A median's standard error is 1.25 times the mean's. */
    const double error = 1.25 * sqrt(2.0 / (l->block_dof * (double)piece / (double)l->block * (double)n));
    return fmax(0.0, v[n / 2] - error);
}
