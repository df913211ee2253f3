/* noise.c - noise floor from block energies. */
#include <math.h>
#include <stdbool.h>
#include <string.h>
#include "dsp/noise.h"
#include "kern/kern.h"

/* The float at a place in their order: numbers of one sign are in that of their bits. */
static float float_at(int64_t place)
{
    const int32_t key = (int32_t)place, bits = key >= 0 ? key : key ^ INT32_MAX;
    float v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

static int32_t place_of(float v)
{
    int32_t bits;
    memcpy(&bits, &v, sizeof bits);
    return bits >= 0 ? bits : bits ^ INT32_MAX;
}

/* The smallest above `low`, infinite if there is none: places are compared many at a time. */
static float next_above(const float *v, int64_t n, float low)
{
    const int32_t at = place_of(low);
    int32_t next = place_of(INFINITY);
    for (int64_t j = 0; j < n; j++) {
        const int32_t k = place_of(v[j]), above = k > at ? k : INT32_MAX;
        next = above < next ? above : next;
    }
    return float_at(next);
}

/* The first float up to which there are more than k: some 32 fast counts. */
float myo_order_statistic(const float *v, int64_t n, int64_t k)
{
    int64_t lo = INT32_MIN + (1 << 23), hi = INT32_MAX - (1 << 23) + 1; /* -FLT_MAX, Inf */
    while (lo < hi) {
        const int64_t mid = lo + (hi - lo) / 2;
        if (myo_kern()->count_upto(v, float_at(mid), n) > k) {
            hi = mid;
        } else {
            lo = mid + 1;
        }
    }
    return float_at(lo) + 0.0f; /* never -0 */
}

double myo_quantile(const float *v, int64_t n, double q)
{
    if (n <= 0) {
        return NAN;
    }
    const double at = q * (double)(n - 1);
    const int64_t i = (int64_t)at;
    const float low = myo_order_statistic(v, n, i);
    const bool last = i + 1 >= n || myo_kern()->count_upto(v, low, n) > i + 1;
    const float next = last ? low : next_above(v, n, low);
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

double myo_floor_estimate(const float *v, int64_t n, double q, double nu)
{
    const double expected = myo_chi2_mean_quantile(deviate(q), nu);
    return myo_quantile(v, n, q) / (expected > 0.05 ? expected : 0.05);
}

/* The session's own floor is what its quiet quarter shows: more than a decibel over it is rather a cramp than noise, and the
 * floor follows half as fast; a segment that begins active begins no more than 3 dB over it. */
static const double USUAL_DB = 1.0, SLOW = 0.5, FIRST_DB = 3.0;

double myo_floor_step(const myo_floor_rule *rule, double before, double estimate, double seconds)
{
    const double usual = rule->session * pow(10.0, 0.1 * USUAL_DB);
    double floor = isnan(estimate) ? before : estimate;
    if (before > 0.0) {
        const bool over = rule->session > 0.0 && before >= usual;
        const double rise = rule->rise_db_per_s * seconds * (over ? SLOW : 1.0);
        floor = fmin(floor, before * pow(10.0, rise / 10.0));
    } else if (rule->session > 0.0) {
        floor = fmin(floor, rule->session * pow(10.0, 0.1 * FIRST_DB));
    }
    if (rule->session > 0.0) {
        floor = floor > 0.0 ? floor : rule->session;
        floor = fmin(floor, rule->session * pow(10.0, rule->span_db / 10.0));
    }
    return fmax(floor, rule->least);
}
