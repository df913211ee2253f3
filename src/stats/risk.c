/* risk.c - two arms, event or not: ratio, difference, odds ratio, number needed to treat. */
#include "stats/risk.h"
#include <math.h>
#include "stats/exact.h"
#include "stats/law.h"
#include "stats/order.h"
#include "stats/tail.h"

static const char *why_not(myo_2x2 t, double level) {
    return t.n1 <= 0 || t.n0 <= 0                           ? "an arm without people"
           : t.a < 0 || t.a > t.n1 || t.c < 0 || t.c > t.n0 ? "a count outside its arm"
           : !myo_level_ok(level)                           ? myo_why_level
                                                            : NULL;
}

static const char *why_no_ratio(myo_2x2 t, double level) {
    const char *why = why_not(t, level);
    return why || t.a + t.c > 0 ? why : "no event in either arm";
}

myo_log_ratio myo_risk_log_ratio(myo_2x2 t) {
    const bool zero = t.a == 0 || t.c == 0 || t.a == t.n1 || t.c == t.n0;
    const double add = zero ? 0.5 : 0.0;
    const double a = (double)t.a + add, n1 = (double)t.n1 + 2.0 * add;
    const double c = (double)t.c + add, n0 = (double)t.n0 + 2.0 * add;
    return (myo_log_ratio){
        .log = log(a / n1) - log(c / n0),
        .se = sqrt((n1 - a) / (a * n1) + (n0 - c) / (c * n0)),
        .corrected = zero,
    };
}

myo_test myo_risk_ratio_katz(myo_2x2 t, double level) {
    const char *why = why_no_ratio(t, level);
    if (why) {
        return myo_test_none(why);
    }
    const myo_log_ratio r = myo_risk_log_ratio(t);
    const double half = myo_z_quantile(level) * r.se;
    return (myo_test){
        .estimate = exp(r.log),
        .low = exp(r.log - half),
        .high = exp(r.log + half),
        .level = level,
        .p = myo_z_p(r.log / r.se),
        .statistic = r.log / r.se,
    };
}

/* --- score interval (Koopman 1984, in the form of Miettinen and Nurminen 1985) --- */

/* Deviate of the table from a true ratio: how far p1 - ratio p0 is from 0, in standard errors at
 * the risks that are likeliest (q0, q1 = ratio q0) under that ratio. */
static double score_deviate(myo_2x2 t, double ratio) {
    const double a = (double)t.a, n1 = (double)t.n1, c = (double)t.c, n0 = (double)t.n0;
    const double b = ratio * (n1 + c) + a + n0;
    const double disc = b * b - 4.0 * (n1 + n0) * ratio * (a + c);
    const double q0 = 2.0 * (a + c) / (b + sqrt(fmax(0.0, disc))), q1 = ratio * q0;
    const double var =
        q1 * fmax(0.0, 1.0 - q1) / n1 + ratio * ratio * q0 * fmax(0.0, 1.0 - q0) / n0;
    const double diff = a / n1 - ratio * c / n0;
    return diff == 0.0 ? 0.0 : diff / sqrt(var);
}

typedef struct score_target {
    myo_2x2 table;
    double deviate;
} score_target;

static double score_excess(double ln_ratio, const void *user) {
    const score_target *s = user;
    return score_deviate(s->table, exp(ln_ratio)) - s->deviate;
}

/* ln of the ratio with this deviate; the deviate falls as the ratio rises. */
static double score_limit(myo_2x2 t, double deviate) {
    const score_target s = {t, deviate};
    const double from = myo_risk_log_ratio(t).log, way = deviate > 0.0 ? -1.0 : 1.0;
    for (double step = 1.0; step < 600.0; step *= 2.0) {
        const double end = from + way * step, back = from - way * step;
        const double x = myo_root(score_excess, &s, fmin(end, back), fmax(end, back));
        if (isfinite(x)) {
            return x;
        }
    }
    return NAN;
}

myo_test myo_risk_ratio_score(myo_2x2 t, double level) {
    const char *why = why_no_ratio(t, level);
    if (why) {
        return myo_test_none(why);
    }
    const double z = myo_z_quantile(level), at_one = score_deviate(t, 1.0);
    return (myo_test){
        .estimate = ((double)t.a / (double)t.n1) / ((double)t.c / (double)t.n0),
        .low = t.a == 0 ? 0.0 : exp(score_limit(t, z)),
        .high = t.c == 0 ? INFINITY : exp(score_limit(t, -z)),
        .level = level,
        .p = myo_z_p(at_one),
        .statistic = at_one * at_one,
    };
}

/* --- attained coverage, by all tables --- */

enum { MOST_IN_ARM = 1000 };

/* P(k of n), k = 0..n, outward from the mode. */
static void binomial_row(int64_t n, double p, double *row) {
    const double odds = p / (1.0 - p);
    int64_t mode = (int64_t)((double)(n + 1) * p);
    mode = mode > n ? n : mode;
    double sum = row[mode] = 1.0;
    for (int64_t k = mode; k < n; k++) {
        row[k + 1] = row[k] * odds * (double)(n - k) / (double)(k + 1);
        sum += row[k + 1];
    }
    for (int64_t k = mode; k > 0; k--) {
        row[k - 1] = row[k] / odds * (double)k / (double)(n - k + 1);
        sum += row[k - 1];
    }
    for (int64_t k = 0; k <= n; k++) {
        row[k] /= sum;
    }
}

static bool katz_holds(myo_2x2 t, double ratio, double z) {
    const myo_log_ratio r = myo_risk_log_ratio(t);
    return fabs(r.log - log(ratio)) <= z * r.se;
}

static bool score_holds(myo_2x2 t, double ratio, double z) {
    return fabs(score_deviate(t, ratio)) <= z;
}

static double coverage(int64_t n1, double p1, int64_t n0, double p0, double level,
                       bool (*holds)(myo_2x2 t, double ratio, double z)) {
    if (why_not((myo_2x2){0, n1, 0, n0}, level) || n1 > MOST_IN_ARM || n0 > MOST_IN_ARM ||
        !(p1 > 0.0 && p1 < 1.0 && p0 > 0.0 && p0 < 1.0)) {
        return NAN;
    }
    double row1[MOST_IN_ARM + 1], row0[MOST_IN_ARM + 1], covered = 0.0;
    binomial_row(n1, p1, row1);
    binomial_row(n0, p0, row0);
    const double z = myo_z_quantile(level), ratio = p1 / p0;
    for (int64_t a = 0; a <= n1; a++) {
        for (int64_t c = a == 0 ? 1 : 0; c <= n0; c++) {
            const double p = row1[a] * row0[c];
            if (p > 1e-20 && holds((myo_2x2){a, n1, c, n0}, ratio, z)) {
                covered += p;
            }
        }
    }
    return covered / (1.0 - row1[0] * row0[0]);
}

double myo_risk_ratio_katz_coverage(int64_t n1, double p1, int64_t n0, double p0, double level) {
    return coverage(n1, p1, n0, p0, level, katz_holds);
}

double myo_risk_ratio_score_coverage(int64_t n1, double p1, int64_t n0, double p0, double level) {
    return coverage(n1, p1, n0, p0, level, score_holds);
}

/* --- difference --- */

myo_test myo_risk_difference(myo_2x2 t, double level) {
    const char *why = why_not(t, level);
    if (why) {
        return myo_test_none(why);
    }
    double lo1, hi1, lo0, hi0;
    myo_wilson_limits(t.a, t.n1, level, &lo1, &hi1);
    myo_wilson_limits(t.c, t.n0, level, &lo0, &hi0);
    const double p1 = (double)t.a / (double)t.n1, p0 = (double)t.c / (double)t.n0;
    return (myo_test){
        .estimate = p1 - p0,
        .low = p1 - p0 - hypot(p1 - lo1, hi0 - p0),
        .high = p1 - p0 + hypot(hi1 - p1, p0 - lo0),
        .level = level,
        .p = NAN,
        .statistic = NAN,
    };
}

/* No difference at all is needed by infinitely many, be it for benefit or for harm. */
static double per_event(double difference, double at_zero) {
    return difference == 0.0 ? at_zero : -1.0 / difference;
}

myo_nnt myo_nnt_of(myo_test risk_difference) {
    const double lo = risk_difference.low, hi = risk_difference.high;
    const bool two_parts = lo <= 0.0 && hi >= 0.0;
    return (myo_nnt){
        .estimate = per_event(risk_difference.estimate, INFINITY),
        .low = two_parts ? per_event(hi, -INFINITY) : per_event(lo, INFINITY),
        .high = two_parts ? per_event(lo, INFINITY) : per_event(hi, INFINITY),
        .two_parts = two_parts,
    };
}

/* --- Fisher --- */

static const char *why_no_odds(myo_2x2 t, double level) {
    const char *why = why_no_ratio(t, level);
    return why || t.a + t.c < t.n1 + t.n0 ? why : "everybody had the event";
}

myo_test myo_fisher(myo_2x2 t, double level) {
    const char *why = why_no_odds(t, level);
    if (why) {
        return myo_test_none(why);
    }
    const myo_law law = myo_law_fisher(t.n1, t.n0, t.a + t.c);
    double lo, hi;
    myo_law_limits(&law, t.a, level, 1.0, &lo, &hi);
    return (myo_test){
        .estimate = exp(myo_law_estimate(&law, t.a)),
        .low = exp(lo),
        .high = exp(hi),
        .level = level,
        .p = myo_law_minlike(&law, 0.0, t.a),
        .statistic = (double)t.a,
    };
}

double myo_fisher_central_p(myo_2x2 t) {
    if (why_no_odds(t, 0.5)) {
        return NAN;
    }
    const myo_law law = myo_law_fisher(t.n1, t.n0, t.a + t.c);
    const double upper = exp(myo_law_ln_tail(&law, 0.0, t.a, 1.0, false));
    const double lower = exp(myo_law_ln_tail(&law, 0.0, t.a, 1.0, true));
    return fmin(1.0, 2.0 * fmin(upper, lower));
}
