/* fir.c - Kaiser-window FIR design and what it does to noise. */
#include <math.h>
#include "dsp/fir.h"

static const double STOP_DB = 60.0;

/* Modified Bessel function of order 0, by its power series (converges fast for x < 20). */
static double bessel_i0(double x)
{
    double term = 1.0, total = 1.0;
    for (int k = 1; k < 60; k++) {
        term *= (x / (2.0 * k)) * (x / (2.0 * k));
        total += term;
    }
    return total;
}

static double kaiser(int i, int n)
{
    const double beta = 0.1102 * (STOP_DB - 8.7); /* Kaiser's formula for > 50 dB */
    const double r = 2.0 * i / (n - 1) - 1.0;
    return bessel_i0(beta * sqrt(fmax(0.0, 1.0 - r * r))) / bessel_i0(beta);
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
    const double f1 = lo / fs, f2 = fmin(hi / fs, 0.5);
    double dc = 0.0, window = 0.0;
    for (int i = 0; i < n; i++) {
        const double w = kaiser(i, n);
        taps[i] = (float)(w * (ideal(f2, i - n / 2) - ideal(f1, i - n / 2)));
        dc += taps[i];
        window += w;
    }
    /* What is left at 0 Hz goes off in the window's own shape, so that gravity and offsets vanish. */
    for (int i = 0; i < n; i++) {
        taps[i] -= (float)(dc / window * kaiser(i, n));
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

double myo_fir_dof(const float *taps, int n, int w)
{
    double r0 = 0.0, total = 0.0;
    for (int i = 0; i < n; i++) {
        r0 += (double)taps[i] * taps[i];
    }
    for (int k = 0; k < w && k < n; k++) {
        double r = 0.0;
        for (int i = 0; i + k < n; i++) {
            r += (double)taps[i] * taps[i + k];
        }
        total += (k ? 2.0 : 1.0) * (w - k) * (r / r0) * (r / r0);
    }
    return (double)w * w / total;
}
