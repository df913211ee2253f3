/* binom.c - one proportion: exact, mid-p and score limits, two-sided p. */
#include <math.h>
#include "stats/exact.h"
#include "stats/law.h"
#include "stats/order.h"
#include "stats/tail.h"

static bool is_proportion(int64_t k, int64_t n) {
    return n > 0 && k >= 0 && k <= n;
}

static double expit(double theta) {
    return theta > 0.0 ? 1.0 / (1.0 + exp(-theta)) : exp(theta) / (1.0 + exp(theta));
}

static void limits(int64_t k, int64_t n, double level, double weight, double *lo, double *hi) {
    *lo = *hi = NAN;
    if (is_proportion(k, n) && myo_level_ok(level)) {
        const myo_law law = myo_law_binomial(n);
        double theta_lo, theta_hi;
        myo_law_limits(&law, k, level, weight, &theta_lo, &theta_hi);
        *lo = expit(theta_lo);
        *hi = isinf(theta_hi) ? 1.0 : expit(theta_hi);
    }
}

void myo_binom_limits(int64_t k, int64_t n, double level, double *lo, double *hi) {
    limits(k, n, level, 1.0, lo, hi);
}

void myo_binom_midp_limits(int64_t k, int64_t n, double level, double *lo, double *hi) {
    limits(k, n, level, 0.5, lo, hi);
}

void myo_wilson_limits(int64_t k, int64_t n, double level, double *lo, double *hi) {
    *lo = *hi = NAN;
    if (!is_proportion(k, n) || !myo_level_ok(level)) {
        return;
    }
    const double z = myo_z_quantile(level), x = (double)k, y = (double)(n - k), zz = z * z;
    const double half = z * sqrt(x * y / (double)n + 0.25 * zz);
    /* Each limit as a quotient without cancellation: lo hi = x^2 / (n (n + z^2)). */
    const double upper = (x + 0.5 * zz + half) / ((double)n + zz);
    *lo = x * x / ((double)n * ((double)n + zz) * upper);
    *hi = k == n ? 1.0 : upper;
}

/* A proportion of 0 or 1 allows one outcome only. */
static bool is_certain(double prob) {
    return prob == 0.0 || prob == 1.0;
}

static bool is_prob(double prob) {
    return prob >= 0.0 && prob <= 1.0;
}

double myo_binom_p(int64_t k, int64_t n, double prob) {
    if (!is_proportion(k, n) || !is_prob(prob)) {
        return NAN;
    }
    if (is_certain(prob)) {
        return k == (prob > 0.0 ? n : 0) ? 1.0 : 0.0;
    }
    const myo_law law = myo_law_binomial(n);
    return myo_law_minlike(&law, log(prob) - log1p(-prob), k);
}

double myo_binom_midp(int64_t k, int64_t n, double prob) {
    if (!is_proportion(k, n) || !is_prob(prob)) {
        return NAN;
    }
    if (is_certain(prob)) {
        return k == (prob > 0.0 ? n : 0) ? 1.0 : 0.0;
    }
    const myo_law law = myo_law_binomial(n);
    return myo_law_midp(&law, log(prob) - log1p(-prob), k);
}
