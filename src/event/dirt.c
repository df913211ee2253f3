/* dirt.c - single samples and exact repetition in a burst (science.md 5.3, rule 0). */
#include <math.h>
#include "event/dirt.h"

/* Mean and slope of the samples of x[0..n) that are more than 2 from the middle. */
static void base_line(const float *x, int n, double *mean, double *slope)
{
    const int mid = n / 2;
    double s = 0.0, sx = 0.0, xx = 0.0, m = 0.0;
    for (int i = 0; i < n; i++) {
        const double t = i - mid;
        if (fabs(t) > 2.0) {
            s += (double)x[i];
            sx += t * (double)x[i];
            xx += t * t;
            m += 1.0;
        }
    }
    *mean = s / m;
    *slope = sx / xx;
}

float myo_spike_share(const myo_burst_view *v)
{
    static const double LEAST_FS = 800.0, AROUND_S = 0.004, LONGEST_S = 0.04, LEAST = 8.0; /* floor rms */
    const int half = (int)(AROUND_S * v->fs + 0.5);
    const float *x = v->raw[0];
    if (v->fs < LEAST_FS || (double)(v->off - v->on) > LONGEST_S * v->fs || v->on < half + 1 || v->off + half + 1 > v->n) {
        return 0.0f;
    }
    int64_t at = v->on;
    for (int64_t i = v->on; i < v->off; i++) { /* the narrowest wave, not the highest of a slow one */
        const double here = fabs(2.0 * (double)x[i] - (double)x[i - 1] - (double)x[i + 1]);
        at = here > fabs(2.0 * (double)x[at] - (double)x[at - 1] - (double)x[at + 1]) ? i : at;
    }
    double mean, slope, all = 0.0, e[3] = {0.0};
    base_line(x + at - half, 2 * half + 1, &mean, &slope);
    for (int i = -half; i <= half; i++) {
        const double d = (double)x[at + i] - mean - slope * i;
        all += d * d;
        if (i >= -1 && i <= 1) {
            e[i + 1] = d * d;
        }
    }
    const double two = e[1] + fmax(e[0], e[2]);
    return two > LEAST * LEAST * v->noise * v->noise ? (float)(two / all) : 0.0f;
}

static int64_t jump_lag(const myo_burst_view *v)
{
    return (int64_t)fmax(1.0, floor(0.002 * v->fs + 0.5));
}

float myo_step_share(const myo_burst_view *v)
{
    const bool line = v->line && v->line->n_harmonics > 0;
    const int64_t lag = jump_lag(v), period = (int64_t)(v->fs / (line ? v->line->freq : 50.0) + 0.5);
    const float *x = v->raw[0];
    int64_t at = -1;
    float most = 0.0f;
    for (int64_t i = v->on < period ? period : v->on; i < v->off && i + lag + period <= v->n; i++) {
        const float here = fabsf(x[i + lag] - x[i]);
        if (at < 0 || here > most) {
            at = i;
            most = here;
        }
    }
    if (at < 0) {
        return 0.0f;
    }
    const double jump = (double)x[at + lag] - (double)x[at];
    const double before = (double)myo_kern()->sum(x + at - period, period), after = (double)myo_kern()->sum(x + at + lag, period);
    const double stays = jump != 0.0 ? (after - before) / (double)period / jump : 0.0;
    return (float)fmax(0.0, 1.0 - fabs(1.0 - stays));
}

float myo_one_way(const myo_burst_view *v)
{
    const int64_t lag = jump_lag(v), reach = (int64_t)(0.015 * v->fs);
    const float *x = v->raw[0];
    const int64_t from = v->on - reach < 0 ? 0 : v->on - reach, to = v->off + reach > v->n ? v->n : v->off + reach;
    double up = 0.0, down = 0.0;
    for (int64_t i = from; i + lag < to; i++) {
        const double d = (double)x[i + lag] - (double)x[i];
        up = fmax(up, d);
        down = fmax(down, -d);
    }
    const double most = fmax(up, down), least = fmin(up, down);
    return most > 0.0 ? (float)(1.0 - least / most) : 0.0f;
}

float myo_line_likeness(const myo_burst_view *v)
{
    enum { LAGS = 64 }; /* correlations at a time */
    static const double WINDOW_S = 0.25, LAG_LO_S = 0.055, LAG_HI_S = 0.125, CREST = 4.0;
    const myo_kernels *kern = myo_kern();
    const int64_t n = (int64_t)(WINDOW_S * v->fs), lag_lo = (int64_t)(LAG_LO_S * v->fs), lag_hi = (int64_t)(LAG_HI_S * v->fs);
    int64_t from = (v->on + v->off - n - lag_hi) / 2;
    from = from + n + lag_hi > v->n ? v->n - n - lag_hi : from;
    if (v->n < n + lag_hi) {
        return 0.0f;
    }
    const float *x = v->x[0] + (from < 0 ? 0 : from);
    const double noise = (double)n * v->noise * v->noise, e = (double)kern->sumsq(x, n), top = (double)kern->top(x, n);
    if (e < 2.0 * noise || top * top * (double)n > CREST * CREST * e) {
        return 0.0f;
    }
    double best = 0.0, later = (double)kern->sumsq(x + lag_lo, n);
    float dots[LAGS];
    for (int64_t k = lag_lo; k <= lag_hi; k++) {
        const int64_t at = (k - lag_lo) % LAGS, left = lag_hi + 1 - k;
        if (at == 0) {
            kern->lags(dots, x, n, x + k, n + left - 1, left < LAGS ? left : LAGS);
        }
        const double norm = (e - noise) * (later - noise);
        best = norm > 0.0 && later > 2.0 * noise ? fmax(best, (double)dots[at] / sqrt(norm)) : best;
        later += (double)x[k + n] * (double)x[k + n] - (double)x[k] * (double)x[k];
    }
    return (float)fmin(best, 1.0);
}
