/* rate.c - rates of events: exact Poisson limits and scatter of counts (science.md 6.1). */
#include <math.h>
#include <pthread.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include "stats/stats.h"

/* GSL's inverse gamma returns NaN from shapes near 1e6; from here on the expansion below takes over. */
enum { EXPANSION_FROM = 100000 };

static pthread_once_t gsl_ready = PTHREAD_ONCE_INIT;

/* GSL's default handler ends the process. */
static void silence_gsl(void) {
    gsl_set_error_handler_off();
}

/* Quantile of a gamma distribution with unit scale and large shape a, from that of the normal one: the
 * Cornish-Fisher series in powers of a^(-1/2) (Goldberg and Levine 1946, for chi-squared = 2 x). The first term
 * left out is under 1e-14 of the result from a = 1e5. */
static double gamma_quantile_large(double z, double a) {
    const double z2 = z * z, root = sqrt(a);
    const double t0 = (z2 - 1.0) / 3.0;
    const double t1 = z * (z2 - 7.0) / 36.0;
    const double t2 = -((3.0 * z2 + 7.0) * z2 - 16.0) / 810.0;
    const double t3 = z * ((9.0 * z2 + 256.0) * z2 - 433.0) / 38880.0;
    return a + z * root + t0 + t1 / root + t2 / a + t3 / (a * root);
}

/* The point with probability p below it (upper = 0) or above it (upper = 1). */
static double gamma_quantile(double p, double a, int upper) {
    if (a >= EXPANSION_FROM) {
        const double z = gsl_cdf_ugaussian_Pinv(p);
        return gamma_quantile_large(upper ? -z : z, a);
    }
    return upper ? gsl_cdf_gamma_Qinv(p, a, 1.0) : gsl_cdf_gamma_Pinv(p, a, 1.0);
}

void myo_poisson_limits(int64_t n, double level, double *lo, double *hi) {
    *lo = *hi = NAN;
    if (n < 0 || !(level > 0.0 && level < 1.0)) {
        return;
    }
    pthread_once(&gsl_ready, silence_gsl);
    const double tail = 0.5 * (1.0 - level);
    *lo = n == 0 ? 0.0 : gamma_quantile(tail, (double)n, 0);
    *hi = gamma_quantile(tail, (double)n + 1.0, 1);
}

myo_rate myo_rate_of(int64_t n, double exposure_s) {
    myo_rate r = {NAN, NAN, NAN};
    if (n >= 0 && exposure_s > 0.0 && isfinite(exposure_s)) {
        const double hours = exposure_s / 3600.0;
        myo_poisson_limits(n, 0.95, &r.low, &r.high);
        r.per_h = (double)n / hours;
        r.low /= hours;
        r.high /= hours;
    }
    return r;
}

double myo_fano(const double *count, const double *exposure, size_t n) {
    double events = 0.0, time = 0.0;
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        const double t = exposure ? exposure[i] : 1.0;
        if (t > 0.0) {
            events += count[i];
            time += t;
            used++;
        }
    }
    if (used < 2 || !(events > 0.0)) {
        return NAN;
    }
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        const double t = exposure ? exposure[i] : 1.0;
        if (t > 0.0) {
            const double mu = events / time * t;
            sum += (count[i] - mu) * (count[i] - mu) / mu;
        }
    }
    return sum / (double)(used - 1);
}
