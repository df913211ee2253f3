/* feature.c - the numbers of one burst. */
#include <math.h>
#include <stdlib.h>
#include <stdbool.h>
#include <string.h>
#include "event/dirt.h"
#include "event/edge.h"
#include "event/feature.h"
#include "event/limb.h"
#include "event/shape.h"
#include "kern/kern.h"

static double squared(const myo_burst_view *v, int64_t i)
{
    double s = 0.0;
    for (int a = 0; a < v->n_axes; a++) {
        s += (double)v->x[a][i] * v->x[a][i];
    }
    return s;
}

static void amplitude_of_axes(myo_burst *b, const myo_burst_view *v, double *ss, double *area, double *top)
{
    *ss = *area = 0.0;
    *top = -1.0;
    for (int64_t i = v->on; i < v->off; i++) {
        const double e = squared(v, i);
        *ss += e;
        *area += sqrt(e);
        if (e > *top) {
            *top = e;
            b->peak_at = (double)i / v->fs;
        }
    }
}

static void amplitude_of_one(myo_burst *b, const myo_burst_view *v, double *ss, double *area, double *top)
{
    const myo_kernels *kern = myo_kern();
    const float *x = v->x[0] + v->on, most = kern->top(x, v->off - v->on);
    int64_t at = 0;
    while (at < v->off - v->on && fabsf(x[at]) < most) {
        at++;
    }
    *ss = (double)kern->sumsq(x, v->off - v->on);
    *area = (double)kern->sumabs(x, v->off - v->on);
    *top = (double)most * most;
    b->peak_at = (double)(v->on + at) / v->fs;
}

static void amplitude(myo_burst *b, const myo_burst_view *v)
{
    double ss, area, top;
    (v->n_axes == 1 ? amplitude_of_one : amplitude_of_axes)(b, v, &ss, &area, &top);
    const double n = (double)(v->off - v->on);
    const double ratio = ss / n / (v->noise * v->noise);
    b->peak = (float)sqrt(top);
    b->rms = (float)sqrt(ss / n);
    b->area = (float)(area * 1000.0 / v->fs);
    b->noise = (float)v->noise;
    b->snr_db = (float)(10.0 * log10(fmax(ratio - 1.0, 0.01)));
    b->crest = (float)(sqrt(top) / sqrt(ss / n));
}

/* Energies up to each frame of a short stretch, from frame `from` on; n = 0: the stretch is long, they are summed anew. */
enum { TABLE = 1024 };
typedef struct energies { int64_t from, n; double upto[TABLE + 1]; } energies;

static void tabulate(energies *t, const myo_burst_view *v, int64_t lo, int64_t hi)
{
    t->from = lo < 0 ? 0 : lo;
    t->n = (hi > v->n ? v->n : hi) - t->from;
    t->n = t->n > TABLE ? 0 : t->n;
    t->upto[0] = 0.0;
    for (int64_t i = 0; i < t->n; i++) {
        t->upto[i + 1] = t->upto[i] + squared(v, t->from + i);
    }
}

/* RMS envelope over 2 * half + 1 frames about i, clipped to the view. */
static double envelope(const myo_burst_view *v, const energies *t, int64_t i, int64_t half)
{
    const int64_t lo = i - half < 0 ? 0 : i - half, hi = i + half + 1 > v->n ? v->n : i + half + 1;
    double s = t->n > 0 ? t->upto[hi - t->from] - t->upto[lo - t->from] : 0.0;
    for (int a = 0; a < v->n_axes && t->n == 0; a++) {
        s += (double)myo_kern()->sumsq(v->x[a] + lo, hi - lo);
    }
    return sqrt(s / (double)(hi - lo));
}

/* 10-90 % flanks of the envelope, noise taken off. Smoothed over a sixth of the burst: less would follow single motor unit
 * potentials instead of the burst. The step keeps long bursts cheap. */
static void flanks(myo_burst *b, const myo_burst_view *v)
{
    const int64_t half = (int64_t)fmax(fmax(1.0, 0.002 * v->fs), (double)(v->off - v->on) / 12.0);
    const int64_t pad = 4 * half, lo = v->on - pad < 0 ? 0 : v->on - pad;
    const int64_t hi = v->off + pad > v->n ? v->n : v->off + pad;
    const int64_t step = 1 + (hi - lo) / 256;
    energies t;
    double top = 0.0;
    tabulate(&t, v, lo - half - step, hi + half + step + 1);
    for (int64_t i = v->on; i < v->off; i += step) {
        const double now = envelope(v, &t, i, half);
        top = now > top ? now : top;
    }
    const double low = v->noise + 0.1 * (top - v->noise), high = v->noise + 0.9 * (top - v->noise);
    int64_t first = v->on, last = v->off - 1;
    while (first < v->off && envelope(v, &t, first, half) < high) {
        first += step;
    }
    while (last > v->on && envelope(v, &t, last, half) < high) {
        last -= step;
    }
    int64_t start = first, end = last;
    while (start > lo && envelope(v, &t, start, half) > low) {
        start -= step;
    }
    while (end < hi - 1 && envelope(v, &t, end, half) > low) {
        end += step;
    }
    b->rise_ms = (float)((double)(first - start) * 1000.0 / v->fs);
    b->fall_ms = (float)((double)(end - last) * 1000.0 / v->fs);
}

static double along(const myo_burst_view *v, const double *dir, int64_t i)
{
    double s = dir[0] * v->x[0][i];
    for (int a = 1; a < v->n_axes; a++) {
        s += dir[a] * v->x[a][i];
    }
    return s;
}

/* Alternations along the main direction larger than 3 floor rms. */
static float count_turns(const myo_burst_view *v)
{
    const double least = 3.0 * v->noise;
    double dir[MYO_MAX_AXES];
    myo_main_direction(dir, v);
    double hi = along(v, dir, v->on), lo = hi;
    int turns = 0, way = 0; /* way: the last turn was to rising (1), to falling (-1), none yet (0) */
    for (int64_t i = v->on; i < v->off; i++) {
        const double x = along(v, dir, i);
        hi = x > hi ? x : hi;
        lo = x < lo ? x : lo;
        const bool fell = way >= 0 && hi - x > least, rose = way <= 0 && x - lo > least;
        if (fell || rose) {
            turns++;
            way = fell ? -1 : 1;
            hi = lo = x;
        }
    }
    return (float)turns;
}

/* Median frequency: Goertzel power at MYO_TONES frequencies over 512 samples at most, which keeps a minutes-long
 * contraction cheap: those about the peak, where the energy is. */
static float median_frequency(const myo_burst_view *v, int64_t peak, myo_templates *t)
{
    enum { MIN = 16, MAX = 512, BINS = MYO_TONES };
    const int64_t length = v->off - v->on;
    int64_t n = length > MAX ? MAX : length < MIN ? MIN : length; /* a few samples more about a very short burst */
    int64_t from = length > MAX ? peak - n / 2 : v->on + (length - n) / 2;
    from = from + n > v->n ? v->n - n : from;
    from = from < 0 ? 0 : from;
    n = n > v->n - from ? v->n - from : n;
    if (n < 8) {
        return NAN;
    }
    const double f_max = fmin(v->fs / 2.0, v->kind == MYO_KIND_ACC ? 40.0 : 500.0);
    for (int b = 0; b < BINS && !t->tones_known; b++) {
        t->twice_cos[b] = 2.0 * cos(2.0 * M_PI * f_max * (b + 0.5) / BINS / v->fs);
    }
    t->tones_known = true;
    double power[BINS] = {0.0}, total = 0.0, sum = 0.0;
    for (int a = 0; a < v->n_axes; a++) {
        myo_kern()->goertzel(power, t->twice_cos, v->x[a] + from, n);
    }
    for (int b = 0; b < BINS; b++) {
        total += power[b];
    }
    for (int b = 0; b < BINS; b++) {
        if (sum + power[b] >= total / 2.0) {
            return (float)((b + (total / 2.0 - sum) / power[b]) * f_max / BINS);
        }
        sum += power[b];
    }
    return (float)f_max;
}

/* Energy of n samples without the noise's; never under a quarter of what was measured, where little is left to tell. */
static double clean_energy(double energy, double n, double noise)
{
    return fmax(energy - n * noise * noise, 0.25 * energy);
}

enum { LAGS = 64 }; /* correlations at a time */

/* The burst repeats its own shape after 2..25 ms: highest autocorrelation behind the first
 * zero crossing (1/2 for a doublet, 2/3 for a triplet). */
static float self_repeat(const myo_burst_view *v, float *lag_ms)
{
    const float *x = v->x[0];
    int64_t n = v->off - v->on;
    const int64_t most = (int64_t)(0.5 * v->fs);
    const int64_t from = v->on + (n > most ? (n - most) / 2 : 0);
    n = n > most ? most : n;
    const int64_t lag_lo = (int64_t)ceil(0.002 * v->fs), lag_hi = (int64_t)(0.025 * v->fs);
    const double r0 = clean_energy((double)myo_kern()->sumsq(x + from, n), (double)n, v->noise);
    const int64_t end = r0 > 0.0 ? (lag_hi + 1 < n - 2 ? lag_hi + 1 : n - 2) : 0;
    float dots[LAGS];
    double best = 0.0;
    bool crossed = false;
    for (int64_t k = 1; k < end; k++) {
        const int64_t at = (k - 1) % LAGS;
        if (at == 0) {
            myo_kern()->lags(dots, x + from, n, x + from + k, n - k, end - k < LAGS ? end - k : LAGS);
        }
        const double r = (double)dots[at] / r0;
        crossed = crossed || r < 0.0;
        if (crossed && k >= lag_lo && r > best) {
            best = r;
            *lag_ms = (float)((double)k * 1000.0 / v->fs);
        }
    }
    return (float)fmin(best, 1.0);
}

/* Share of the raw signal's energy about its local mean that a 20-Hz low-pass (a running mean of 22 ms)
 * leaves: movement and cable artefacts live there (science.md 5.3, rule 0). */
static float low_share(const myo_burst_view *v)
{
    const int64_t half = (int64_t)fmax(1.0, 0.011 * v->fs);
    const int64_t lo = v->on - half < 0 ? 0 : v->on - half, hi = v->off + half > v->n ? v->n : v->off + half;
    const float *x = v->raw[0];
    double mean = 0.0;
    const int64_t around = (int64_t)(0.05 * v->fs), before = lo - around < 0 ? 0 : lo - around;
    const int64_t behind = hi + around > v->n ? v->n : hi + around;
    const int64_t base_lo = before < lo ? before : hi, base_hi = before < lo ? lo : behind; /* at a file's start */
    for (int64_t i = base_lo; i < base_hi; i++) {
        mean += x[i];
    }
    if (base_hi <= base_lo) {
        return 0.0f;
    }
    mean /= (double)(base_hi - base_lo);
    double low = 0.0, all = 0.0, sum = 0.0;
    for (int64_t i = lo; i < hi && i < lo + 2 * half; i++) {
        sum += x[i] - mean;
    }
    for (int64_t i = lo + half; i + half < hi; i++) {
        const double d = x[i] - mean, smooth = sum / (double)(2 * half);
        low += smooth * smooth;
        all += d * d;
        sum += (double)x[i + half] - x[i - half];
    }
    return all > 0.0 ? (float)fmin(1.0, low / all) : 0.0f;
}

/* Highest correlation of a[0..na) with b[0..nb) moved by 0 to reach samples; 0 where none is positive. */
static float highest(const float *a, int na, const float *b, int nb, int reach)
{
    float dots[LAGS], best = 0.0f;
    const int end = reach + 1 < nb ? reach + 1 : nb;
    for (int lag = 0; lag < end; lag += LAGS) {
        const int m = end - lag < LAGS ? end - lag : LAGS;
        myo_kern()->lags(dots, a, na, b + lag, nb - lag, m);
        for (int k = 0; k < m; k++) {
            best = dots[k] > best ? dots[k] : best;
        }
    }
    return best;
}

/* Best correlation of a[0..na) with b[0..nb) over lags of +-reach samples, 0 to 1. Noise, alike in no two bursts, counts
 * in neither's energy: a weak unit resembles itself as much as a strong one. */
static double correlate(const float *a, int na, const float *b, int nb, int reach, double noise)
{
    const myo_kernels *kern = myo_kern();
    const double ea = clean_energy((double)kern->sumsq(a, na), na, noise);
    const double norm = sqrt(ea * clean_energy((double)kern->sumsq(b, nb), nb, noise));
    const double best = norm > 0.0 ? fmax((double)highest(a, na, b, nb, reach), (double)highest(b, nb, a, na, reach)) : 0.0;
    return norm > 0.0 ? fmin(best / norm, 1.0) : 0.0;
}

static float match_templates(const myo_burst_view *v, myo_templates *t)
{
    const int reach = (int)(0.005 * v->fs) + 1;
    const int64_t pad = reach;
    int64_t on = v->on - pad < 0 ? 0 : v->on - pad, off = v->off + pad > v->n ? v->n : v->off + pad;
    if (off - on > MYO_TEMPLATE_MAX) { /* a long contraction is no template */
        return 0.0f;
    }
    const int n = (int)(off - on);
    double best = 0.0;
    for (int k = 0; k < t->count; k++) {
        best = fmax(best, correlate(v->x[0] + on, n, t->shape[k], t->n[k], 2 * reach, v->noise));
    }
    memcpy(t->shape[t->next], v->x[0] + on, sizeof(float) * (size_t)n);
    t->n[t->next] = n;
    t->next = (t->next + 1) % MYO_TEMPLATES;
    t->count = t->count < MYO_TEMPLATES ? t->count + 1 : t->count;
    return (float)best;
}

/* Mean square of the sine of f Hz in x[0..n). */
static double sine_power(const float *x, int64_t n, double f, double fs)
{
    const double c = 2.0 * cos(2.0 * M_PI * f / fs);
    double s1 = 0.0, s2 = 0.0; /* Goertzel */
    for (int64_t i = 0; i < n; i++) {
        const double s0 = (double)x[i] + c * s1 - s2;
        s2 = s1;
        s1 = s0;
    }
    return 2.0 * (s1 * s1 + s2 * s2 - c * s1 * s2) / ((double)n * (double)n);
}

/* Share of the energy over the noise at the line and its harmonics, from 0.12 s on: shorter ones cannot tell them from
 * muscle. What is left of hum has all of it there (science.md 5.3, rule 0), muscle next to nothing. */
static float line_share(const myo_burst_view *v)
{
    static const double LEAST_S = 0.12, MOST_S = 0.5;
    const int64_t most = (int64_t)(MOST_S * v->fs), length = v->off - v->on, n = length < most ? length : most;
    if (!v->line || v->line->n_harmonics == 0 || (double)length < LEAST_S * v->fs) {
        return 0.0f;
    }
    const float *x = v->x[0] + v->on + (length - n) / 2;
    const double noise = v->noise * v->noise, beside = noise * v->fs / ((double)n * v->band_hz);
    const double over = (double)myo_kern()->sumsq(x, n) / (double)n - noise;
    double line = 0.0;
    for (int k = 0; k < v->line->n_harmonics; k++) {
        if (v->line->present[k]) {
            line += fmax(0.0, sine_power(x, n, v->line->freq * (k + 1), v->fs) - beside);
        }
    }
    return over > 0.0 ? (float)fmin(1.0, line / over) : 0.0f;
}

void myo_burst_measure(myo_burst *b, const myo_burst_view *v, myo_templates *t)
{
    amplitude(b, v);
    flanks(b, v);
    b->mdf_hz = median_frequency(v, (int64_t)(b->peak_at * v->fs + 0.5), t);
    b->turns = count_turns(v);
    b->multiplet = v->kind == MYO_KIND_EMG ? self_repeat(v, &b->repeat_ms) : 0.0f;
    b->plets = v->kind == MYO_KIND_EMG ? (float)myo_count_plets(v->x[0], v->n, v->on, v->off, v->fs, v->noise) : 1.0f;
    b->low_share = v->kind == MYO_KIND_EMG ? low_share(v) : 0.0f;
    b->line_share = v->kind == MYO_KIND_EMG ? line_share(v) : 0.0f;
    b->spike = v->kind == MYO_KIND_EMG ? myo_spike_share(v) : 0.0f;
    b->likeness = v->kind == MYO_KIND_EMG ? myo_line_likeness(v) : 0.0f;
    b->step = v->kind == MYO_KIND_EMG ? myo_step_share(v) : 0.0f;
    b->one_way = v->kind == MYO_KIND_EMG ? myo_one_way(v) : 0.0f;
    b->template_corr = v->kind == MYO_KIND_EMG ? match_templates(v, t) : 0.0f;
    myo_edge_errors(b, v);
    if (v->kind == MYO_KIND_ACC) {
        myo_burst_limb(b, v);
    }
}
