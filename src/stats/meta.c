/* meta.c - pooled ratios of several studies (science.md 6.4). */
#include "stats/meta.h"
#include <math.h>
#include "stats/order.h"
#include "stats/tail.h"

/* An estimate on the log scale with its standard error. */
static myo_test ratio_of(double log_ratio, double se, double df, double level) {
    if (!myo_level_ok(level)) {
        return myo_test_none(myo_why_level);
    }
    const double half = myo_t_quantile(level, df) * se;
    return (myo_test){
        .estimate = exp(log_ratio),
        .low = exp(log_ratio - half),
        .high = exp(log_ratio + half),
        .level = level,
        .p = myo_t_p(log_ratio / se, df),
        .statistic = log_ratio / se,
    };
}

/* Weighted mean over the used studies with weights 1 / (se^2 + tau2), and what goes with it. */
typedef struct mean {
    double log, sum, sum_squares; /* of the weights */
    double q;                     /* weighted squares around the mean */
} mean;
static double weight(const myo_effect *s, double tau2) {
    return s->used ? 1.0 / (s->se * s->se + tau2) : 0.0;
}
static mean mean_of(const myo_effect *study, size_t k, double tau2) {
    mean m = {0};
    double total = 0.0;
    for (size_t i = 0; i < k; i++) {
        const double w = weight(&study[i], tau2);
        m.sum += w;
        m.sum_squares += w * w;
        total += study[i].used ? w * study[i].log : 0.0;
    }
    m.log = total / m.sum;
    for (size_t i = 0; i < k; i++) {
        if (study[i].used) {
            const double d = study[i].log - m.log;
            m.q += weight(&study[i], tau2) * d * d;
        }
    }
    return m;
}

/* Limits of I2 by the normal law of ln H, H^2 = Q / (k - 1) (Higgins and Thompson 2002, eq. 17). */
static void i2_limits(double q, double k, double level, double *lo, double *hi) {
    const double ln_h = 0.5 * log(q / (k - 1.0));
    const double r = 1.0 / (k - 2.0);
    const double se =
        q > k ? ln_h / (sqrt(2.0 * q) - sqrt(2.0 * k - 3.0)) : sqrt(0.5 * r * (1.0 - r * r / 3.0));
    const double half = myo_z_quantile(level) * se;
    *lo = fmax(0.0, 1.0 - exp(-2.0 * (ln_h - half)));
    *hi = fmax(0.0, 1.0 - exp(-2.0 * (ln_h + half)));
}

static void heterogeneity(const mean *fixed, double k, double level, myo_meta *out) {
    const double df = k - 1.0;
    out->q = fixed->q;
    out->q_p = myo_chi2_p(fixed->q, df);
    out->tau2 = fmax(0.0, (fixed->q - df) / (fixed->sum - fixed->sum_squares / fixed->sum));
    out->i2 = fixed->q > df ? (fixed->q - df) / fixed->q : 0.0;
    if (k >= 3.0 && fixed->q > 0.0) {
        i2_limits(fixed->q, k, level, &out->i2_low, &out->i2_high);
    }
}

static size_t choose(myo_effect *study, size_t k) {
    size_t used = 0;
    for (size_t i = 0; i < k; i++) {
        study[i].used = isfinite(study[i].log) && isfinite(study[i].se) && study[i].se > 0.0;
        study[i].w_fixed = study[i].w_random = 0.0;
        used += study[i].used;
    }
    return used;
}

static void share(myo_effect *study, size_t k, double tau2, double sum, bool random) {
    for (size_t i = 0; i < k; i++) {
        *(random ? &study[i].w_random : &study[i].w_fixed) = weight(&study[i], tau2) / sum;
    }
}

void myo_meta_effects(myo_effect *study, size_t k, double level, myo_hk hk, myo_meta *out) {
    const size_t used = choose(study, k);
    const myo_test none = myo_test_none(used ? "a single study" : "no study with a ratio");
    *out = (myo_meta){
        .k = used,
        .left_out = k - used,
        .fixed = none,
        .random = none,
        .hk = none,
        .q = NAN,
        .q_p = NAN,
        .tau2 = 0.0,
        .i2 = NAN,
        .i2_low = NAN,
        .i2_high = NAN,
    };
    if (used == 0) {
        out->tau2 = NAN;
        return;
    }
    const mean fixed = mean_of(study, k, 0.0);
    if (used > 1) {
        heterogeneity(&fixed, (double)used, level, out);
    }
    const mean random = mean_of(study, k, out->tau2);
    share(study, k, 0.0, fixed.sum, false);
    share(study, k, out->tau2, random.sum, true);
    out->fixed = ratio_of(fixed.log, 1.0 / sqrt(fixed.sum), INFINITY, level);
    out->random = ratio_of(random.log, 1.0 / sqrt(random.sum), INFINITY, level);
    if (used > 1) {
        const double df = (double)(used - 1), scale = random.q / df;
        const double s = hk == MYO_HK_SAFE ? fmax(1.0, scale) : scale;
        out->hk = ratio_of(random.log, sqrt(s / random.sum), df, level);
    }
}

/* Mantel-Haenszel's ratio, variance of its log by Greenland and Robins (1985); w_fixed: what each
 * study puts into the denominator. */
static myo_test mantel_haenszel(const myo_2x2 *table, size_t k, double level, myo_effect *study) {
    double con = 0.0, ref = 0.0, var = 0.0;
    for (size_t i = 0; i < k; i++) {
        if (study[i].used) {
            const double a = (double)table[i].a, n1 = (double)table[i].n1;
            const double c = (double)table[i].c, n0 = (double)table[i].n0, n = n1 + n0;
            con += a * n0 / n;
            ref += c * n1 / n;
            var += ((a + c) / n * n1 * n0 - a * c) / n;
            study[i].w_fixed = c * n1 / n;
        }
    }
    for (size_t i = 0; i < k; i++) {
        study[i].w_fixed = ref > 0.0 ? study[i].w_fixed / ref : 0.0;
    }
    if (!(con > 0.0 && ref > 0.0)) {
        return myo_test_none("no event in one of the arms of any study");
    }
    return ratio_of(log(con / ref), sqrt(var / (con * ref)), INFINITY, level);
}

static bool is_table(myo_2x2 t) {
    return t.n1 > 0 && t.n0 > 0 && t.a >= 0 && t.a <= t.n1 && t.c >= 0 && t.c <= t.n0;
}

myo_err myo_meta_tables(const myo_2x2 *table, size_t k, double level, myo_hk hk, myo_effect *study,
                        myo_meta *out, myo_diag *d) {
    for (size_t i = 0; i < k; i++) {
        if (!is_table(table[i])) {
            return myo_fail(d, MYO_ERR_RANGE,
                            "study %zu: %lld of %lld and %lld of %lld people cannot be", i + 1,
                            (long long)table[i].a, (long long)table[i].n1, (long long)table[i].c,
                            (long long)table[i].n0);
        }
    }
    for (size_t i = 0; i < k; i++) {
        study[i] = (myo_effect){.log = NAN, .se = NAN};
        if (table[i].a + table[i].c > 0) {
            const myo_log_ratio r = myo_risk_log_ratio(table[i]);
            study[i].log = r.log;
            study[i].se = r.se;
            study[i].corrected = r.corrected;
        }
    }
    myo_meta_effects(study, k, level, hk, out);
    if (out->k > 0) {
        out->fixed = mantel_haenszel(table, k, level, study);
    }
    return MYO_OK;
}
