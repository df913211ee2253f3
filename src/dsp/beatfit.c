/* beatfit.c - which finds are beats; their mean, fitted to each and taken out. */
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "dsp/beat_in.h"
#include "kern/kern.h"

static const double STRONG = 0.85, SIZE_NEAR = 1.7, JITTER = 0.15, PERIOD_MIN_S = 0.35, PERIOD_MAX_S = 1.8;
/* Beats vary in size by some 15 % (breath), and the grid tells their time to some 1.5 ms. */
static const double SIZE_SD = 0.15, TIME_SD_S = 0.0015;
enum { BEATS_MIN = 4 };

/* ---- which of them are beats ---- */

static bool strong(const beat_found *f)
{
    return f->likeness >= STRONG;
}

bool myo_beat_usual(const myo_beat *b, size_t lo, size_t hi, double *size, double *period)
{
    enum { MOST = 256 };
    double s[MOST], d[MOST];
    size_t n = 0, n_d = 0;
    int64_t last = -1;
    for (size_t i = lo; i < hi && n < MOST; i++) {
        if (!strong(&b->beats[i])) {
            continue;
        }
        s[n++] = b->beats[i].size;
        const double gap = (double)(b->beats[i].at - last) / b->fs;
        if (last >= 0 && gap >= PERIOD_MIN_S && gap <= PERIOD_MAX_S) {
            d[n_d++] = gap;
        }
        last = b->beats[i].at;
    }
    if (n < BEATS_MIN || n_d < BEATS_MIN - 1) {
        return false;
    }
    myo_sort_f64(s, n);
    myo_sort_f64(d, n_d);
    *size = s[n / 2];
    *period = d[n_d / 2];
    return true;
}

/* Is there a strong one a beat or two before or behind? */
static bool in_time(const myo_beat *b, size_t i, size_t lo, size_t hi, double period)
{
    for (size_t j = lo; j < hi; j++) {
        const double d = fabs((double)(b->beats[j].at - b->beats[i].at)) / b->fs, k = floor(d / period + 0.5);
        if (j != i && strong(&b->beats[j]) && k >= 1.0 && k <= 2.0 && fabs(d - k * period) < JITTER * period) {
            return true;
        }
    }
    return false;
}

static bool of_size(const beat_found *f, double size)
{
    return f->size < SIZE_NEAR * size && f->size * SIZE_NEAR > size;
}

/* ---- subtracting ---- */

/* The share of beat f in the mean, times a constant. */
static double weight(const beat_found *f, double size)
{
    return strong(f) && of_size(f, size) ? f->quiet : 0.0;
}

/* Ends faded out; the derivative. */
static void shape_mean(myo_beat *b)
{
    for (int k = 0; k < b->taper; k++) {
        const float g = (float)(0.5 - 0.5 * cos(M_PI * (k + 0.5) / b->taper));
        b->mean[k] *= g;
        b->mean[b->len - 1 - k] *= g;
    }
    for (int k = 0; k < b->len; k++) {
        const float before = k > 0 ? b->mean[k - 1] : 0.0f, behind = k + 1 < b->len ? b->mean[k + 1] : 0.0f;
        b->slope[k] = 0.5f * (behind - before);
    }
}

/* Size and shift of the mean in beat f: least squares, held to what beats do by as much as the muscle drowns them. */
static void fit(const myo_beat *b, const beat_found *f, double *size, double *shift)
{
    const myo_kernels *kern = myo_kern();
    const double tt = (double)kern->sumsq(b->mean, b->len), ss = (double)kern->sumsq(b->slope, b->len);
    const double ts = (double)kern->dot(b->mean, b->slope, b->len);
    const double xt = (double)kern->dot(f->wave, b->mean, b->len), xs = (double)kern->dot(f->wave, b->slope, b->len);
    const double det = tt * ss - ts * ts;
    *size = 1.0;
    *shift = 0.0;
    if (det <= 0.0) {
        return;
    }
    const double a = (xt * ss - xs * ts) / det, c = (xs * tt - xt * ts) / det;
    const double rest = fmax(0.0, (double)kern->sumsq(f->wave, b->len) - a * xt - c * xs) / b->len;
    const double va = rest / tt, vc = rest / ss, pa = SIZE_SD * SIZE_SD, pc = TIME_SD_S * b->fs * TIME_SD_S * b->fs;
    *size = fmax(0.5, fmin(1.6, 1.0 + (a - 1.0) * pa / (pa + va)));
    *shift = c * pc / (pc + vc);
}

/* Behind the coarse grid's band-pass the step of an electrode looks much like a QRS complex about it. But of what a beat
 * leaves, no 2 ms at its middle stand out of the others like a step, as high as half of the beat: noise reaches 3-4 SD. */
static bool jumps(const myo_beat *b, const beat_found *f)
{
    static const double CREST = 6.0, HIGH = 0.5, MIDDLE_S = 0.025;
    const double beat = (double)myo_kern()->top(b->mean, b->len);
    double size, shift, top = 0.0, sum = 0.0;
    fit(b, f, &size, &shift);
    for (int k = 0; k < b->len; k++) {
        b->work[k] = (float)(f->wave[k] - size * b->mean[k] - shift * b->slope[k]);
    }
    for (int k = b->lag; k < b->len; k++) {
        const double step = (double)b->work[k] - (double)b->work[k - b->lag];
        top = fabs((double)(k - b->pre)) < MIDDLE_S * b->fs ? fmax(top, step * step) : top;
        sum += step * step;
    }
    return top > HIGH * HIGH * beat * beat && top * (b->len - b->lag) > CREST * CREST * sum;
}

bool myo_beat_counts(const myo_beat *b, size_t i, size_t lo, size_t hi, double size, double period)
{
    const beat_found *f = &b->beats[i];
    return of_size(f, size) && (strong(f) || in_time(b, i, lo, hi, period)) && !jumps(b, f);
}

/* The mean's rms behind the filter, over MYO_BEAT_QRS_S about the beat. */
static double filtered_rms(const myo_beat *b)
{
    const int reach = b->n_band / 2, step = b->box;
    double ss = 0.0;
    int n = 0;
    for (int i = b->pre - b->qrs / 2; i < b->pre + b->qrs / 2; i += step) {
        /* y[i] = sum over k of h[k] mean[i + reach - k]; the filter is symmetric */
        const int from = i - reach < 0 ? 0 : i - reach, to = i + reach + 1 > b->len ? b->len : i + reach + 1;
        const double y = (double)myo_kern()->dot(b->mean + from, b->band + (from - i + reach), to - from);
        ss += y * y;
        n++;
    }
    return n > 0 ? sqrt(ss / n) : 0.0;
}

bool myo_beat_mean(myo_beat *b, size_t lo, size_t hi, double size, double *rms)
{
    double w = 0.0, ww = 0.0;
    memset(b->mean, 0, sizeof *b->mean * (size_t)b->len);
    for (size_t i = lo; i < hi; i++) {
        w += weight(&b->beats[i], size);
        ww += weight(&b->beats[i], size) * weight(&b->beats[i], size);
    }
    if (w * w < BEATS_MIN * ww || w <= 0.0) {
        return false;
    }
    for (size_t i = lo; i < hi; i++) {
        const float share = (float)(weight(&b->beats[i], size) / w);
        for (int k = 0; k < b->len && share > 0.0f; k++) {
            b->mean[k] += share * b->beats[i].wave[k];
        }
    }
    shape_mean(b);
    *rms = filtered_rms(b);
    return true;
}

myo_err myo_beat_subtract(myo_beat *b, const beat_found *f, double rms)
{
    double size, shift;
    fit(b, f, &size, &shift);
    float *x = b->x + (f->at - b->pre - b->base);
    const int64_t first = b->n_out - (f->at - b->pre); /* what is out is out */
    for (int k = first > 0 ? (int)first : 0; k < b->len; k++) {
        x[k] -= (float)(size * (double)b->mean[k] + shift * (double)b->slope[k]);
    }
    MYO_TRY(myo_grow((void **)&b->marks, &b->cap_marks, b->n_marks + 1, sizeof *b->marks));
    b->marks[b->n_marks++] = (myo_beat_mark){f->at, size * rms};
    return MYO_OK;
}
