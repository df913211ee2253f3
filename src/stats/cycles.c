/* cycles.c - intervals, phases and stability of a rhythm's beats. */
#include <math.h>
#include "stats/cycles.h"
#include "stats/stats.h"

myo_intervals myo_intervals_of(const double *t, size_t n, double *work)
{
    myo_intervals out = {NAN, NAN, NAN};
    if (n < 2) {
        return out;
    }
    const double m = (double)(n - 1), mean = (t[n - 1] - t[0]) / m;
    double ss = 0.0, local = 0.0;
    for (size_t i = 0; i + 1 < n; i++) {
        const double d = t[i + 1] - t[i];
        work[i] = d;
        ss += (d - mean) * (d - mean);
        if (i > 0) {
            const double before = t[i] - t[i - 1], change = (before - d) / (before + d);
            local += change * change;
        }
    }
    out.median = myo_quartiles_of(work, n - 1).median;
    if (n >= 3) {
        out.cv = sqrt(ss / (m - 1.0)) / mean;
        out.local = 3.0 * local / (m - 1.0);
    }
    return out;
}

double myo_vector_strength(const double *t, size_t n, double f)
{
    double re = 0.0, im = 0.0;
    for (size_t i = 0; i < n; i++) {
        const double phase = 2.0 * M_PI * f * (t[i] - t[0]);
        re += cos(phase);
        im += sin(phase);
    }
    return n > 0 ? hypot(re, im) / (double)n : NAN;
}

double myo_tremor_stability(const double *t, size_t n, double *work)
{
    if (n < MYO_STABILITY_CYCLES + 1) {
        return NAN;
    }
    for (size_t i = 0; i + 2 < n; i++) {
        work[i] = 1.0 / (t[i + 2] - t[i + 1]) - 1.0 / (t[i + 1] - t[i]);
    }
    const myo_quartiles q = myo_quartiles_of(work, n - 2);
    return q.q3 - q.q1;
}
