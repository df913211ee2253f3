/* cut.c - a cluster of bursts cut into runs: trains, sustained activity, single bursts. */
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "event/group_in.h"

myo_err myo_group_part(myo_group *g, size_t first, size_t last, myo_form form)
{
    MYO_TRY(myo_grow((void **)&g->parts, &g->cap_parts, g->n_parts + 1, sizeof *g->parts));
    g->parts[g->n_parts++] = (myo_part_of){first, last, form, g->b[first].on, g->b[last - 1].off};
    return MYO_OK;
}

double myo_group_interval(const myo_group *g, size_t i)
{
    return g->b[i + 1].on - g->b[i].on;
}

double myo_group_median_interval(const myo_group *g, size_t first, size_t last)
{
    double v[64];
    size_t n = last - first - 1;
    n = n > 64 ? 64 : n; /* a run's first 64 intervals tell its rhythm */
    for (size_t i = 0; i < n; i++) {
        v[i] = myo_group_interval(g, first + i);
    }
    myo_sort_f64(v, n);
    return n % 2 ? v[n / 2] : 0.5 * (v[n / 2 - 1] + v[n / 2]);
}

/* A fasciculation's F-wave echo: a second short burst 28-42 ms behind the first (science.md 1.1, Kle12). */
static bool is_echo(const myo_group *g, size_t i)
{
    const double d = myo_group_interval(g, i - 1), a = g->b[i - 1].off - g->b[i - 1].on, b = g->b[i].off - g->b[i].on;
    return g->kind == MYO_KIND_EMG && d > 0.026 && d < 0.042 && a < 0.025 && b < 0.025;
}

/* A slow movement speeds up and brakes: two slow bursts of an accelerometer, little rest between. */
static bool is_reach(const myo_group *g, size_t i)
{
    return g->kind == MYO_KIND_ACC && g->b[i - 1].mdf_hz < MYO_SLOW_HZ && g->b[i].mdf_hz < MYO_SLOW_HZ;
}

static double apart(const float *a, const float *b)
{
    double ss = 0.0;
    for (int i = 0; i < 3; i++) {
        ss += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
    }
    return sqrt(ss);
}

/* The way back: burst i turns the limb to where it was before the run that began with burst `first`. */
static bool is_return(const myo_group *g, size_t first, size_t i)
{
    static const double TURN_G = 0.04, BACK = 0.35, HOLD_S = 6.0;
    const myo_burst *out = &g->b[i - 1], *back = &g->b[i];
    const double turned = apart(g->b[first].before, out->after);
    return g->kind == MYO_KIND_ACC && back->on - out->off < HOLD_S && is_reach(g, i) && turned > TURN_G &&
           apart(g->b[first].before, back->after) < BACK * turned && apart(back->before, back->after) > 0.5 * turned;
}

/* Longest gap inside an activity that has lasted `inside` seconds: a cramp of many seconds may waver for a moment. */
static double may_gap(const myo_group *g, double inside)
{
    return inside > 1.5 ? fmax(g->join_s, fmin(1.0, 0.2 * inside)) : g->join_s;
}

/* Weak activity that never pauses: burst i and the one before stand out of it here and there, by less than 13 dB. */
bool myo_is_filled(const myo_burst *b, size_t i)
{
    static const double CONTRAST = 20.0;
    const double e0 = (double)b[i - 1].rms * b[i - 1].rms / ((double)b[i - 1].noise * b[i - 1].noise) - 1.0;
    const double e1 = (double)b[i].rms * b[i].rms / ((double)b[i].noise * b[i].noise) - 1.0;
    return b[i].fill > 0.0f && fmax(e0, e1) < CONTRAST * b[i].fill;
}

/* Bursts from `first` that are one activity: pieces without a gap, or small gaps filling less than 40 %. */
size_t myo_joined_run(const myo_group *g, size_t first, size_t end)
{
    double inside = g->b[first].off - g->b[first].on;
    size_t last = first + 1;
    for (; last < end; last++) {
        const double gap = g->b[last].on - g->b[last - 1].off;
        const double more = g->b[last].off - g->b[last].on, span = g->b[last].off - g->b[first].on;
        const bool echo = last == first + 1 && is_echo(g, last);
        const bool reach = (is_reach(g, last) && gap < 0.7) || is_return(g, first, last);
        const bool filled = g->kind == MYO_KIND_EMG && myo_is_filled(g->b, last);
        if (!echo && !reach && !filled && (gap > may_gap(g, inside) || inside + more < 0.6 * span)) {
            break;
        }
        inside += more + (filled ? gap : 0.0);
    }
    return last;
}

myo_err myo_group_cut(myo_group *g, size_t first, size_t end)
{
    while (first < end) {
        size_t last = g->kind == MYO_KIND_EMG ? myo_regular_run(g, first, end) : first;
        myo_form form = MYO_FORM_TRAIN;
        if (last == first) {
            /* No rhythm begins here; does one begin before the joined run ends? */
            last = myo_joined_run(g, first, end);
            for (size_t i = first + 1; g->kind == MYO_KIND_EMG && i < last; i++) {
                if (myo_regular_run(g, i, end) != i) {
                    last = i;
                }
            }
            const double length = g->b[last - 1].off - g->b[first].on;
            form = length > 0.5 ? MYO_FORM_SUSTAINED : MYO_FORM_SINGLE;
        }
        MYO_TRY(myo_group_part(g, first, last, form));
        first = last;
    }
    return MYO_OK;
}

