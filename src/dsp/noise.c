/* noise.c - noise floor from block energies. */
#include <math.h>
#include "base/base.h"
#include "dsp/noise.h"

double myo_quantile(float *v, int64_t n, double q)
{
    if (n <= 0) {
        return NAN;
    }
    const double at = q * (double)(n - 1);
    const int64_t i = (int64_t)at;
    const float low = myo_select_f32(v, (size_t)n, (size_t)i);
    float next = i + 1 < n ? v[i + 1] : low;
    for (int64_t j = i + 2; j < n; j++) {
        next = v[j] < next ? v[j] : next;
    }
    return (double)low + (at - (double)i) * ((double)next - (double)low);
}

double myo_chi2_mean_quantile(double z, double nu)
{
    const double c = 2.0 / (9.0 * nu);
    const double root = 1.0 - c + z * sqrt(c);
    return root > 0.0 ? root * root * root : 0.0;
}

/* Normal deviate of probability p: Hastings' rational approximation (Abramowitz and Stegun 26.2.23), |error| < 4.5e-4. */
static double deviate(double p)
{
    const double t = sqrt(-2.0 * log(p < 0.5 ? p : 1.0 - p));
    const double z = t - (2.515517 + t * (0.802853 + t * 0.010328)) /
                             (1.0 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
    return p < 0.5 ? -z : z;
}

double myo_floor_estimate(float *v, int64_t n, double q, double nu)
{
    const double expected = myo_chi2_mean_quantile(deviate(q), nu);
    return myo_quantile(v, n, q) / (expected > 0.05 ? expected : 0.05);
}

double myo_floor_step(const myo_floor_rule *rule, double before, double estimate, double seconds)
{
    double floor = isnan(estimate) ? before : estimate;
    if (before > 0.0) {
        floor = fmin(floor, before * pow(10.0, rule->rise_db_per_s * seconds / 10.0));
    }
    if (rule->session > 0.0) {
        floor = floor > 0.0 ? floor : rule->session;
        floor = fmin(floor, rule->session * pow(10.0, rule->span_db / 10.0));
    }
    return fmax(floor, rule->least);
}
