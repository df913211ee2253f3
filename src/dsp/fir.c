/* fir.c - Kaiser-window FIR design and what it does to noise. */
#include <math.h>
#include <stdint.h>
#include "dsp/fir.h"

/* Modified Bessel function of order 0, by its power series (converges fast for x < 20). */
static double bessel_i0(double x)
{
    double term = 1.0, total = 1.0;
    for (int k = 1; k < 60; k++) {
        term *= (x / (2.0 * k)) * (x / (2.0 * k));
        if (total + term == total) {
            break; /* nor will the smaller ones to come change it */
        }
        total += term;
    }
    return total;
}

static const double BETA = 0.1102 * (60.0 - 8.7); /* Kaiser's formula for > 50 dB of stop band */

/* top: bessel_i0(BETA) */
static double kaiser(int i, int n, double top)
{
    const double r = 2.0 * i / (n - 1) - 1.0;
    return bessel_i0(BETA * sqrt(fmax(0.0, 1.0 - r * r))) / top;
}

/* Ideal low-pass at fraction f of the rate, k samples from the centre. */
static double ideal(double f, int k)
{
    return k == 0 ? 2.0 * f : sin(2.0 * M_PI * f * k) / (M_PI * k);
}

static double gain_at(const float *taps, int n, double f)
{
    double g = 0.0;
    for (int i = 0; i < n; i++) {
        g += taps[i] * cos(2.0 * M_PI * f * (i - n / 2));
    }
    return g;
}

void myo_fir_bandpass(float *taps, int n, double fs, double lo, double hi)
{
    const double f1 = lo / fs, f2 = fmin(hi / fs, 0.5), top = bessel_i0(BETA);
    double dc = 0.0, window = 0.0;
    for (int i = 0; i < n; i++) {
        const double w = kaiser(i, n, top);
        taps[i] = (float)(w * (ideal(f2, i - n / 2) - ideal(f1, i - n / 2)));
        dc += taps[i];
        window += w;
    }
    /* What is left at 0 Hz goes off in the window's own shape, so that gravity and offsets vanish. */
    for (int i = 0; i < n; i++) {
        taps[i] -= (float)(dc / window * kaiser(i, n, top));
    }
    const double g = gain_at(taps, n, (f1 + f2) / 2.0);
    for (int i = 0; i < n; i++) {
        taps[i] = (float)(taps[i] / g);
    }
}

int myo_fir_length(double fs, double ms)
{
    const int half = (int)floor(fs * ms / 2000.0 + 0.5);
    return 2 * (half < 1 ? 1 : half) + 1;
}

enum { AT_ONCE = 8 };

/* Sums of taps[i] taps[i + k] for AT_ONCE lags from k on, over every step-th i in order; lags are `step` apart as well. Side by
 * side they do not wait for each other. */
static void sum_lags(double sum[AT_ONCE], const float *taps, int64_t n, int64_t k, int64_t step)
{
    const int64_t whole = n - k - step * (AT_ONCE - 1); /* from there on the longest lags have no fellow */
    int64_t i = 0;
    for (int j = 0; j < AT_ONCE; j++) {
        sum[j] = 0.0;
    }
    for (; i < whole; i += step) {
        for (int j = 0; j < AT_ONCE; j++) {
            sum[j] += (double)taps[i] * taps[i + k + j * step];
        }
    }
    for (int j = 0; j < AT_ONCE; j++) {
        for (int64_t t = i; t + k + j * step < n; t += step) {
            sum[j] += (double)taps[t] * taps[t + k + j * step];
        }
    }
}

/* rho[0, step, 2 step, ...] are known; those between lie on lines. */
static void fill_between(double *rho, int64_t n_lags, int64_t step)
{
    for (int64_t k = 0; step > 1 && k < n_lags; k += step) {
        const double from = rho[k], rise = k + step < n_lags ? (rho[k + step] - from) / (double)step : 0.0;
        for (int64_t j = 1; j < step && k + j < n_lags; j++) {
            rho[k + j] = from + rise * (double)j;
        }
    }
}

void myo_fir_rho(double *rho, int n_lags, const float *taps, int n, int step)
{
    double sum[AT_ONCE], r0 = 0.0;
    for (int64_t k = 0; k < n_lags; k += (int64_t)AT_ONCE * step) {
        sum_lags(sum, taps, n, k, step);
        r0 = k == 0 ? sum[0] : r0;
        for (int64_t j = 0; j < AT_ONCE && k + j * step < n_lags; j++) {
            rho[k + j * step] = sum[j] / r0;
        }
    }
    fill_between(rho, n_lags, step);
}

int myo_fir_step(double fs, double hi)
{
    static const double POINTS = 40.0; /* of a cycle: a line between two of them is off by 0.3 % of it at most */
    return (int)fmax(1.0, floor(fs / (POINTS * hi)));
}

double myo_fir_dof(const double *rho, int n_lags, int w)
{
    double total = 0.0;
    for (int k = 0; k < w && k < n_lags; k++) {
        total += (k ? 2.0 : 1.0) * (w - k) * rho[k] * rho[k];
    }
    return (double)w * w / total;
}
