/* beatfind.c - is there a heart in the channel, and what does it look like. */
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "dsp/beat_in.h"
#include "dsp/noise.h"
#include "kern/kern.h"

/* ---- the coarse grid ---- */

int myo_beat_box(double fs)
{
    return (int)fmax(1.0, floor(fs / 250.0));
}

int myo_beat_points(double fs)
{
    return 2 * (int)floor(BEAT_HALF_S * fs / myo_beat_box(fs)) + 1;
}

void myo_beat_grid(float *z, const float *x, int64_t n, int box)
{
    myo_kern()->means(z, x, box, n);
}

void myo_beat_filter(float *y, const float *z, int64_t n, const float *taps, int n_taps)
{
    myo_kern()->slide(y, z, taps, n_taps, n);
}

/* ---- one window ---- */

static const double WINDOW_S = 10.0, APART_S = 0.2, SAME = 0.8, SIZE_RATIO = 1.7, JITTER = 0.18;
/* 40-170 a minute. */
static const double PERIOD_MIN_S = 0.35, PERIOD_MAX_S = 1.5;
/* Squared difference over 2 ms against the power at 8-40 Hz: (2 sin(0.002 pi f))^2 is 0.04 at 15 Hz, where a QRS complex
 * lies, 0.5 at 60 Hz and 0.9 at 80 Hz, where a motor unit's potential does. */
static const double FAST_MAX = 0.3;
enum { PEAKS = 64, FRIENDS_MIN = 6, SLIP = 3, MAX_WINDOWS = 128 };

typedef struct peak {
    int at;
    float norm;              /* of its snippet */
} peak;

struct myo_beat_find {
    double fs;
    int box, points, half, n_taps, lag; /* lag: 2 ms */
    float taps[BEAT_TAPS_MAX];
    float *x;                /* one window of samples */
    int64_t n_x, n_window;
    float *z, *y, *d;        /* grid: means with the filter's reach on both sides, 8-40 Hz, squared differences */
    float *work;
    float ones[MYO_BEAT_MAX];
    int n;                   /* grid points of a window */
    peak peaks[PEAKS];
    int n_peaks;
    myo_beat_shape *shapes;  /* of the windows that show one */
    int n_shapes, n_windows;
};

myo_err myo_beat_find_new(myo_beat_find **out, double fs)
{
    myo_beat_find *f = myo_alloc(1, sizeof *f);
    if (!f) {
        return MYO_ERR_NOMEM;
    }
    f->fs = fs;
    f->box = myo_beat_box(fs);
    f->points = myo_beat_points(fs);
    f->half = f->points / 2;
    f->lag = (int)fmax(1.0, floor(0.002 * fs + 0.5));
    f->n = (int)floor(WINDOW_S * fs / f->box);
    f->n_window = (int64_t)f->n * f->box;
    f->x = myo_alloc_room((size_t)f->n_window, sizeof *f->x);
    if (!f->x) {
        myo_beat_find_free(&f);
        return MYO_ERR_NOMEM;
    }
    *out = f;
    return MYO_OK;
}

/* With the first window that is complete: a short recording has none. */
static myo_err prepare(myo_beat_find *f)
{
    const size_t n = (size_t)f->n;
    f->n_taps = myo_beat_taps(f->taps, f->fs / f->box);
    for (int k = 0; k < f->points; k++) {
        f->ones[k] = 1.0f;
    }
    f->z = myo_alloc(n + (size_t)f->n_taps, sizeof *f->z);
    f->y = myo_alloc(3 * n, sizeof *f->y);
    f->shapes = myo_alloc(MAX_WINDOWS, sizeof *f->shapes);
    if (!f->z || !f->y || !f->shapes) {
        return MYO_ERR_NOMEM;
    }
    f->d = f->y + n;
    f->work = f->d + n;
    return MYO_OK;
}

void myo_beat_find_free(myo_beat_find **find)
{
    myo_beat_find *f = *find;
    if (f) {
        myo_free(f->x);
        myo_free(f->z);
        myo_free(f->y);
        myo_free(f->shapes);
        myo_free(f);
        *find = NULL;
    }
}

static void to_grid(myo_beat_find *f)
{
    const int reach = f->n_taps / 2;
    myo_beat_grid(f->z + reach, f->x, f->n, f->box);
    for (int i = 0; i < reach; i++) {
        f->z[i] = f->z[reach];
        f->z[reach + f->n + i] = f->z[reach + f->n - 1];
    }
    myo_beat_filter(f->y, f->z, f->n, f->taps, f->n_taps);
}

/* The grid's squared differences: asked for where there may be a heart only. */
static void take_differences(myo_beat_find *f)
{
    for (int i = 0; i < f->n; i++) {
        double s = 0.0;
        for (int64_t k = (int64_t)i * f->box; k < (int64_t)(i + 1) * f->box; k++) {
            const double step = k >= f->lag ? (double)f->x[k] - f->x[k - f->lag] : 0.0;
            s += step * step;
        }
        f->d[i] = (float)(s / f->box);
    }
}

static double energy(const myo_beat_find *f, int at)
{
    return (double)myo_kern()->sumsq(f->y + at - f->half, f->points);
}

/* Local maxima of the energy of a complex's length, clear of the window's median. */
static void find_peaks(myo_beat_find *f)
{
    const int apart = (int)(APART_S * f->fs / f->box), from = f->half, to = f->n - f->half;
    float *square = f->z; /* the means are done with */
    for (int i = 0; i < f->n; i++) {
        square[i] = f->y[i] * f->y[i];
    }
    myo_kern()->slide(f->work + from, square, f->ones, f->points, to - from);
    const float least = 3.0f * myo_order_statistic(f->work + from, to - from, (to - from) / 2);
    f->n_peaks = 0;
    for (int i = from; i < to && f->n_peaks < PEAKS; i++) {
        bool top = f->work[i] > least;
        for (int k = i - apart; top && k <= i + apart; k++) {
            top = k < from || k >= to || f->work[k] < f->work[i] || (f->work[k] <= f->work[i] && k >= i);
        }
        if (top) {
            f->peaks[f->n_peaks++] = (peak){i, sqrtf(f->work[i])};
        }
    }
}

/* Are peaks a and b one shape of about one size? *slip: how many grid points b's snippet has to move. */
static bool alike(const myo_beat_find *f, const peak *a, const peak *b, int *slip)
{
    enum { AT_ONCE = 16 };   /* slips, some of them for nothing: a whole vector of them takes no longer */
    float r[AT_ONCE];
    double best = 0.0;
    if (a->norm > SIZE_RATIO * b->norm || b->norm > SIZE_RATIO * a->norm) {
        return false;
    }
    const int from = b->at - SLIP < f->half ? f->half : b->at - SLIP; /* y is followed by other arrays of its length */
    myo_kern()->slide(r, f->y + from - f->half, f->y + a->at - f->half, f->points, AT_ONCE);
    for (int at = from; at <= b->at + SLIP && at < f->n - f->half; at++) {
        if ((double)r[at - from] > best) {
            best = (double)r[at - from];
            *slip = at - b->at;
        }
    }
    return best > SAME * a->norm * b->norm;
}

/* Do times v[0..n) in s keep a heart's rhythm over most of the window? */
static bool keeps_rhythm(const double *v, int n, double *period)
{
    double d[PEAKS];
    int even = 0;
    for (int i = 0; i + 1 < n; i++) {
        d[i] = v[i + 1] - v[i];
    }
    myo_sort_f64(d, (size_t)(n - 1));
    *period = d[(n - 1) / 2];
    for (int i = 0; i + 1 < n; i++) {
        const double k = floor(d[i] / *period + 0.5);
        even += k >= 1.0 && k <= 3.0 && fabs(d[i] / k / *period - 1.0) < JITTER;
    }
    return *period >= PERIOD_MIN_S && *period <= PERIOD_MAX_S && (double)even >= 0.75 * (n - 1) &&
           n * *period > 0.5 * WINDOW_S;
}

/* Too much of it is fast: motor units. What a stretch of a complex's length usually holds is taken off. */
static bool is_fast(myo_beat_find *f, const int *at, int n)
{
    const int from = f->half, to = f->n - f->half;
    double fast = 0.0, slow = 0.0;
    take_differences(f);
    myo_kern()->slide(f->work, f->d, f->ones, f->points, to - from);
    const double rest = (double)myo_order_statistic(f->work, to - from, (to - from) / 2);
    for (int i = 0; i < n; i++) {
        fast += (double)myo_kern()->sum(f->d + at[i] - f->half, f->points) - rest;
        slow += energy(f, at[i]);
    }
    return fast > FAST_MAX * slow;
}

/* The mean of n beats, as a shape. */
static void take_shape(const myo_beat_find *f, const int *at, int n, double period, myo_beat_shape *s)
{
    double ss = 0.0;
    *s = (myo_beat_shape){.found = true, .n = f->points, .period_s = period};
    for (int k = 0; k < f->points; k++) {
        double sum = 0.0;
        for (int i = 0; i < n; i++) {
            sum += f->y[at[i] - f->half + k];
        }
        s->q[k] = (float)(sum / n);
        ss += (sum / n) * (sum / n);
    }
    s->size = sqrt(ss);
    for (int k = 0; k < f->points; k++) {
        s->q[k] /= (float)s->size;
    }
}

/* The peak that most others resemble, and they, make a heart if they keep its rhythm. */
static void see_window(myo_beat_find *f)
{
    int best[PEAKS], n_best = 0;
    to_grid(f);
    find_peaks(f);
    for (int i = 0; i < f->n_peaks; i++) {
        int at[PEAKS], n = 0;
        for (int j = 0; j < f->n_peaks; j++) {
            int slip = 0;
            if (j == i || alike(f, &f->peaks[i], &f->peaks[j], &slip)) {
                at[n++] = f->peaks[j].at + slip;
            }
        }
        if (n > n_best) {
            n_best = n;
            memcpy(best, at, sizeof at);
        }
    }
    f->n_windows++;
    double t[PEAKS], period;
    for (int i = 0; i < n_best; i++) {
        t[i] = best[i] * f->box / f->fs;
    }
    if (n_best >= FRIENDS_MIN && f->n_shapes < MAX_WINDOWS && keeps_rhythm(t, n_best, &period) &&
        !is_fast(f, best, n_best)) {
        take_shape(f, best, n_best, period, &f->shapes[f->n_shapes++]);
    }
}

myo_err myo_beat_find_add(myo_beat_find *f, const float *x, int64_t n, bool apart)
{
    f->n_x = apart ? 0 : f->n_x;
    while (n > 0 && f->fs >= 250.0) {
        const int64_t m = n < f->n_window - f->n_x ? n : f->n_window - f->n_x;
        memcpy(f->x + f->n_x, x, sizeof *x * (size_t)m);
        f->n_x += m;
        x += m;
        n -= m;
        if (f->n_x == f->n_window) {
            MYO_TRY(f->n_windows == 0 ? prepare(f) : MYO_OK);
            see_window(f);
            f->n_x = 0;
        }
    }
    return MYO_OK;
}

/* ---- all windows ---- */

/* Correlation of two shapes at the best of some slips. */
static double likeness(const myo_beat_shape *a, const myo_beat_shape *b)
{
    double best = 0.0;
    for (int s = -SLIP; s <= SLIP; s++) {
        const int from = s < 0 ? -s : 0, n = a->n - (s < 0 ? -s : s);
        best = fmax(best, (double)myo_kern()->dot(a->q + from, b->q + from + s, n));
    }
    return best;
}

/* The shape that most windows agree on. One window may do where there are no more than two; else a fifth of them. */
void myo_beat_find_get(const myo_beat_find *f, myo_beat_shape *shape)
{
    int best = -1, most = 0;
    for (int i = 0; i < f->n_shapes; i++) {
        int n = 0;
        for (int j = 0; j < f->n_shapes; j++) {
            n += i == j || likeness(&f->shapes[i], &f->shapes[j]) >= SAME;
        }
        if (n > most) {
            most = n;
            best = i;
        }
    }
    const int needed = f->n_windows > 2 ? (int)fmax(2.0, ceil(0.2 * f->n_windows)) : 1;
    *shape = best >= 0 && most >= needed ? f->shapes[best] : (myo_beat_shape){.found = false};
}
