/* gait.c - repetition of a movement by its autocorrelation (Moe-Nilssen and Helbostad 2004, unbiased, over all axes). */
#include <math.h>
#include "base/base.h"
#include "kern/kern.h"
#include "dsp/gait.h"

static const double RATE_HZ = 40.0;                    /* steps and tremor up to 15 Hz need no more */
static const double BEAT_MAX_S = 0.34;                 /* tremor repeats itself within this */
static const double STEP_MIN_S = 0.36, STEP_MAX_S = 1.7; /* steps at 2.8 Hz to strides at 0.6 Hz */
static const double MOMENT_S = 0.2;
enum { PARTS = 16, MOMENTS_MAX = 128 };

static int thinning(double fs)
{
    return (int)fmax(1.0, floor(fs / RATE_HZ));
}

size_t myo_gait_work(int64_t n, double fs, int n_axes)
{
    return (size_t)(n / thinning(fs)) * (size_t)n_axes;
}

/* Means of `step` samples about their common mean. */
static int64_t thin(float *y, const float *x, int64_t n, int step)
{
    const int64_t m = n / step;
    double all = 0.0;
    for (int64_t i = 0; i < m; i++) {
        double s = 0.0;
        for (int k = 0; k < step; k++) {
            s += x[i * step + k];
        }
        y[i] = (float)(s / step);
        all += y[i];
    }
    for (int64_t i = 0; i < m; i++) {
        y[i] -= (float)(all / (double)m);
    }
    return m;
}

/* Energy of samples [on, off) over all axes. */
static double energy(const float *y, int n_axes, int64_t m, int64_t on, int64_t off)
{
    double e = 0.0;
    for (int a = 0; a < n_axes; a++) {
        e += (double)myo_kern()->sumsq(y + a * m + on, off - on);
    }
    return e;
}

static double repetition(const float *y, int n_axes, int64_t m, int64_t lag)
{
    double both = 0.0;
    for (int a = 0; a < n_axes; a++) {
        both += (double)myo_kern()->dot(y + a * m, y + a * m + lag, m - lag);
    }
    const double head = energy(y, n_axes, m, 0, m - lag), tail = energy(y, n_axes, m, lag, m);
    return head > 0.0 && tail > 0.0 ? both / sqrt(head * tail) : 0.0;
}

/* Highest local maximum of the repetition over lags of lo to hi seconds; 0 for none. */
static double best(const float *y, int n_axes, int64_t m, double rate, double lo, double hi, double *at)
{
    double top = 0.0, before = 0.0, here = 0.0;
    const int64_t from = (int64_t)fmax(2.0, ceil(lo * rate)), to = (int64_t)floor(hi * rate);
    before = repetition(y, n_axes, m, from - 1);
    here = repetition(y, n_axes, m, from);
    *at = 0.0;
    for (int64_t k = from; k <= to; k++) {
        const double next = repetition(y, n_axes, m, k + 1);
        if (here >= before && here > next && here > top) {
            top = here;
            *at = (double)k / rate;
        }
        before = here;
        here = next;
    }
    return top;
}

static float evenness(const float *y, int n_axes, int64_t m)
{
    double sum = 0.0, ss = 0.0;
    for (int k = 0; k < PARTS; k++) {
        const double e = energy(y, n_axes, m, m * k / PARTS, m * (k + 1) / PARTS);
        sum += e;
        ss += e * e;
    }
    return ss > 0.0 ? (float)(sum * sum / (PARTS * ss)) : 0.0f;
}

static float quiet_moments(const float *y, int n_axes, int64_t m, double rate)
{
    float e[MOMENTS_MAX];
    const int64_t w = (int64_t)fmax(1.0, MOMENT_S * rate);
    size_t n = 0;
    double all = 0.0;
    for (int64_t i = 0; i + w <= m && n < MOMENTS_MAX; i += w) {
        e[n] = (float)energy(y, n_axes, m, i, i + w);
        all += e[n++];
    }
    if (n == 0 || all <= 0.0) {
        return 0.0f;
    }
    myo_sort_f32(e, n);
    return (float)(e[n / 5] * (double)n / all);
}

void myo_gait_measure(myo_gait *g, const float *const *x, int n_axes, int64_t n, double fs, float *work)
{
    const int step = thinning(fs);
    const double rate = fs / step;
    double at, again;
    int64_t m = 0;
    for (int a = 0; a < n_axes; a++) {
        m = thin(work + a * (n / step), x[a], n, step);
    }
    g->beat_r = (float)best(work, n_axes, m, rate, 0.04, BEAT_MAX_S, &at);
    g->step_r = (float)best(work, n_axes, m, rate, STEP_MIN_S, STEP_MAX_S, &at);
    g->step_s = (float)at;
    g->again_r = at > 0.0 ? (float)best(work, n_axes, m, rate, 1.85 * at, 2.15 * at, &again) : 0.0f;
    g->fill = evenness(work, n_axes, m);
    g->trough = quiet_moments(work, n_axes, m, rate);
}
