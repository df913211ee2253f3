/* exact.c - the ratio of two rates of independent events, given their sum (science.md 6.2).
 *
 * Of N = n_con + n_ref events, n_con is binomial with odds RR t_con / t_ref. */
#include "stats/exact.h"
#include "stats/law.h"
#include "stats/order.h"
#include "stats/tail.h"

static bool is_exposure(double t) {
    return t > 0.0 && isfinite(t);
}

static const char *why_not(int64_t n_ref, double t_ref, int64_t n_con, double t_con, double level) {
    return n_ref < 0 || n_con < 0                       ? "a count below zero"
           : !is_exposure(t_ref) || !is_exposure(t_con) ? "no exposure"
           : n_ref == 0 && n_con == 0                   ? "no event in either"
           : !myo_level_ok(level)                       ? myo_why_level
                                                        : NULL;
}

static myo_test ratio(int64_t n_ref, double t_ref, int64_t n_con, double t_con, double level,
                      bool mid) {
    const char *why = why_not(n_ref, t_ref, n_con, t_con, level);
    if (why) {
        return myo_test_none(why);
    }
    const myo_law law = myo_law_binomial(n_ref + n_con);
    const double equal = log(t_con / t_ref);
    double lo, hi;
    myo_law_limits(&law, n_con, level, mid ? 0.5 : 1.0, &lo, &hi);
    return (myo_test){
        .estimate = ((double)n_con / t_con) / ((double)n_ref / t_ref),
        .low = exp(lo - equal),
        .high = exp(hi - equal),
        .level = level,
        .p = mid ? myo_law_midp(&law, equal, n_con) : myo_law_minlike(&law, equal, n_con),
        .statistic = (double)n_con,
    };
}

myo_test myo_rate_ratio(int64_t n_ref, double t_ref, int64_t n_con, double t_con, double level) {
    return ratio(n_ref, t_ref, n_con, t_con, level, false);
}

myo_test myo_rate_ratio_midp(int64_t n_ref, double t_ref, int64_t n_con, double t_con,
                             double level) {
    return ratio(n_ref, t_ref, n_con, t_con, level, true);
}
