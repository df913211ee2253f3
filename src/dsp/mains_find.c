/* mains_find.c - mains hum found in a spectrum. */
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "dsp/mains.h"

/* Height in dB of the highest bin within +-0.6 Hz of f over the median of +-5 Hz; *at gets its refined place. */
static double line_height(const double *psd, int n, double df, double f, double *at)
{
    enum { MAX_NEAR = 4096 };
    double near[MAX_NEAR];
    int n_near = 0, best = -1;
    const int lo = (int)fmax(1.0, ceil((f - 5.0) / df)), hi = (int)fmin(n - 2.0, floor((f + 5.0) / df));
    for (int i = lo; i <= hi && n_near < MAX_NEAR; i++) {
        if (fabs(i * df - f) <= 0.6) {
            best = best < 0 || psd[i] > psd[best] ? i : best;
        } else if (fabs(i * df - f) > 1.2) {
            near[n_near++] = psd[i];
        }
    }
    if (best < 0 || n_near < 4) {
        return -INFINITY;
    }
    myo_sort_f64(near, (size_t)n_near);
    const double base = near[n_near / 2];
    const double l = log(psd[best - 1] + 1e-300), c = log(psd[best] + 1e-300), r = log(psd[best + 1] + 1e-300);
    const double bend = l - 2.0 * c + r;
    const double shift = bend < 0.0 ? fmax(-0.5, fmin(0.5, 0.5 * (l - r) / bend)) : 0.0;
    *at = (best + shift) * df;
    return base > 0.0 ? 10.0 * log10(psd[best] / base) : -INFINITY;
}

void myo_mains_find(myo_mains_line *line, const double *psd, int n, double df, double want, double min_db,
                    int n_harmonics, double f_max)
{
    const double nominal[2] = {want > 0.0 ? want : 50.0, 60.0};
    double best = -INFINITY, freq = 0.0;
    memset(line, 0, sizeof *line);
    for (int i = 0; i < (want > 0.0 ? 1 : 2); i++) {
        for (int k = 1; k <= 3 && k * nominal[i] < f_max; k++) { /* the 2nd or 3rd may be all there is */
            double at = 0.0;
            const double h = line_height(psd, n, df, k * nominal[i], &at);
            if (h >= min_db + (k > 1 ? 3.0 : 0.0) && h > best) {
                best = h;
                freq = at / k;
            }
        }
    }
    if (freq <= 0.0) {
        return;
    }
    line->freq = freq;
    for (int k = 0; k < n_harmonics && k < MYO_MAINS_MAX && (k + 1) * freq < f_max; k++) {
        double at = 0.0;
        line->present[k] = line_height(psd, n, df, (k + 1) * freq, &at) >= min_db;
        line->n_harmonics = line->present[k] ? k + 1 : line->n_harmonics;
    }
}
