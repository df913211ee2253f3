/* crossover.c - period-adjusted effect of a two-period crossover. */
#include <gsl/gsl_cdf.h>
#include <stdbool.h>
#include "stats/crossover.h"

/* Mean of each order, how many, and the squared deviations of both together. */
typedef struct orders {
    double mean[2], n[2], ss;
} orders;

static bool sum_up(const double *d, const int *second, size_t n, orders *o) {
    *o = (orders){0};
    for (size_t i = 0; i < n; i++) {
        o->mean[second[i] != 0] += d[i];
        o->n[second[i] != 0] += 1.0;
    }
    if (o->n[0] == 0.0 || o->n[1] == 0.0) {
        return false;
    }
    for (int k = 0; k < 2; k++) {
        o->mean[k] /= o->n[k];
    }
    for (size_t i = 0; i < n; i++) {
        const double r = d[i] - o->mean[second[i] != 0];
        o->ss += r * r;
    }
    return true;
}

myo_test myo_hills_armitage(const double *d, const int *second, size_t n, double level) {
    orders o;
    if (!(level > 0.0 && level < 1.0)) {
        return myo_test_none("confidence level outside 0 to 1");
    }
    if (!sum_up(d, second, n, &o)) {
        return myo_test_none("all people had the conditions in the same order");
    }
    if (n < 3) {
        return myo_test_none("fewer than three people");
    }
    const double df = (double)n - 2.0;
    const double se = 0.5 * sqrt(o.ss / df * (1.0 / o.n[0] + 1.0 / o.n[1]));
    if (!(se > 0.0)) {
        return myo_test_none("no scatter between people of the same order");
    }
    const double effect = 0.5 * (o.mean[0] + o.mean[1]);
    const double half = gsl_cdf_tdist_Qinv(0.5 * (1.0 - level), df) * se;
    return (myo_test){
        .estimate = effect,
        .low = effect - half,
        .high = effect + half,
        .level = level,
        .p = 2.0 * gsl_cdf_tdist_Q(fabs(effect / se), df),
        .statistic = effect / se,
    };
}
