/* survive.c - Kaplan-Meier curve, log-rank test, Cox hazard ratio. */
#include <math.h>
#include <stdlib.h>
#include "base/base.h"
#include "stats/survive.h"
#include "stats/tail.h"

#define BETA_MAX 700.0    /* |log hazard ratio|: exp() of it is finite */
#define HALF_SLACK 1.5e-8 /* survfit's: a curve this near to one half is there */

typedef struct person {
    double time;
    int arm;
    bool event;
} person;

/* One distinct time: who was at risk just before it, and what happened, by arm. */
typedef struct moment {
    double time;
    double at_risk[2], events[2], censored[2];
} moment;

typedef struct moments {
    moment *m;
    size_t n;
    double people[2], events[2];
} moments;

static int by_time(const void *a, const void *b) {
    const double x = ((const person *)a)->time, y = ((const person *)b)->time;
    return (x > y) - (x < y);
}

static const char *people_wrong(const double *time, const int *arm, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (!(time[i] >= 0.0 && isfinite(time[i]))) {
            return "a time is missing, negative or not finite";
        }
        if (arm && arm[i] != 0 && arm[i] != 1) {
            return "a person is of neither arm";
        }
    }
    return NULL;
}

/* From people in order of time, the distinct times; then, from the last one back, who was at risk.
 */
static void gather(moments *t, const person *p, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || p[i].time > p[i - 1].time) {
            t->m[t->n++] = (moment){.time = p[i].time};
        }
        moment *m = &t->m[t->n - 1];
        (p[i].event ? m->events : m->censored)[p[i].arm] += 1.0;
        t->people[p[i].arm] += 1.0;
        t->events[p[i].arm] += p[i].event;
    }
    double left[2] = {0.0, 0.0};
    for (size_t i = t->n; i-- > 0;) {
        for (int a = 0; a < 2; a++) {
            left[a] += t->m[i].events[a] + t->m[i].censored[a];
            t->m[i].at_risk[a] = left[a];
        }
    }
}

static myo_err moments_of(moments *t, const double *time, const bool *event, const int *arm,
                          size_t n) {
    *t = (moments){0};
    person *p = myo_alloc(n + 1, sizeof *p);
    t->m = myo_alloc(n + 1, sizeof *t->m);
    if (!p || !t->m) {
        myo_free(p);
        myo_free(t->m);
        return MYO_ERR_NOMEM;
    }
    for (size_t i = 0; i < n; i++) {
        p[i] = (person){time[i], arm ? arm[i] : 0, event[i]};
    }
    myo_sort_in_place(p, n, sizeof *p, by_time);
    gather(t, p, n);
    myo_free(p);
    return MYO_OK;
}

/* --- Kaplan and Meier --- */

static void set_limits(myo_km_step *s, double greenwood, double z) {
    s->low = s->high = NAN;
    if (s->survival > 0.0 && s->survival < 1.0) {
        const double half = z * sqrt(greenwood) / fabs(log(s->survival));
        s->low = pow(s->survival, exp(half));
        s->high = pow(s->survival, exp(-half));
    }
}

static void fill_steps(myo_km *k, const moments *t, double z) {
    double survival = 1.0, greenwood = 0.0;
    for (size_t i = 0; i < t->n; i++) {
        const double r = t->m[i].at_risk[0], d = t->m[i].events[0];
        survival *= (r - d) / r;
        greenwood += d < r ? d / (r * (r - d)) : 0.0;
        k->step[i] = (myo_km_step){.time = t->m[i].time,
                                   .at_risk = (int64_t)r,
                                   .events = (int64_t)d,
                                   .censored = (int64_t)t->m[i].censored[0],
                                   .survival = survival};
        set_limits(&k->step[i], greenwood, z);
    }
}

typedef enum curve { SURVIVAL, LOW, HIGH } curve;

static double value_of(const myo_km_step *s, curve c) {
    return c == SURVIVAL ? s->survival : c == LOW ? s->low : s->high;
}

/* Where a curve reaches one half; the middle of the stretch if it stays there and falls later. */
static double time_of_half(const myo_km *k, curve c) {
    size_t i = 0;
    while (i < k->n_steps && !(value_of(&k->step[i], c) < 0.5 + HALF_SLACK)) {
        i++;
    }
    if (i == k->n_steps) {
        return NAN;
    }
    const double at = value_of(&k->step[i], c);
    for (size_t j = i + 1; fabs(at - 0.5) < HALF_SLACK && j < k->n_steps; j++) {
        if (value_of(&k->step[j], c) < at) {
            return 0.5 * (k->step[i].time + k->step[j].time);
        }
    }
    return k->step[i].time;
}

static myo_test median_of(const myo_km *k, double level) {
    const double median = time_of_half(k, SURVIVAL);
    if (isnan(median)) {
        return myo_test_none("the curve does not fall to one half");
    }
    return (myo_test){.estimate = median,
                      .low = time_of_half(k, LOW),
                      .high = time_of_half(k, HIGH),
                      .level = level,
                      .p = NAN,
                      .statistic = NAN};
}

myo_err myo_km_fit(myo_km *out, const double *time, const bool *event, size_t n, double level) {
    const char *wrong = n == 0 ? "nobody" : people_wrong(time, NULL, n);
    const double z = myo_z_quantile(level);
    if (!wrong && isnan(z)) {
        wrong = "the level is not between 0 and 1";
    }
    if (wrong) {
        *out = (myo_km){.median = myo_test_none(wrong)};
        return MYO_OK;
    }
    moments t;
    MYO_TRY(moments_of(&t, time, event, NULL, n));
    myo_km k = {.n_steps = t.n, .n = (int64_t)n, .n_events = (int64_t)t.events[0]};
    k.step = myo_alloc(t.n, sizeof *k.step);
    if (!k.step) {
        myo_free(t.m);
        return MYO_ERR_NOMEM;
    }
    fill_steps(&k, &t, z);
    k.median = median_of(&k, level);
    myo_free(t.m);
    *out = k;
    return MYO_OK;
}

void myo_km_clear(myo_km *k) {
    myo_free(k->step);
    *k = (myo_km){0};
}

/* --- two arms --- */

static const char *arms_wrong(const moments *t) {
    if (t->people[0] == 0.0 || t->people[1] == 0.0) {
        return "an arm has nobody";
    }
    return t->events[0] + t->events[1] > 0.0 ? NULL : "no event in either arm";
}

/* Sum over times of observed minus expected events of arm 1, and its hypergeometric variance. */
static myo_test logrank_of(const moments *t, double level) {
    (void)level; /* no interval */
    double excess = 0.0, variance = 0.0;
    for (size_t i = 0; i < t->n; i++) {
        const moment *m = &t->m[i];
        const double d = m->events[0] + m->events[1], r = m->at_risk[0] + m->at_risk[1];
        const double share = m->at_risk[1] / r;
        excess += m->events[1] - d * share;
        variance += r > 1.0 ? d * share * (1.0 - share) * (r - d) / (r - 1.0) : 0.0;
    }
    if (!(variance > 0.0)) {
        return myo_test_none("no event while both arms were watched");
    }
    myo_test test = myo_test_none(NULL);
    test.statistic = excess * excess / variance;
    test.p = myo_chi2_p(test.statistic, 1.0);
    return test;
}

/* Score and information of the log hazard ratio; ties after Efron (1977): the k-th of d events at a
 * time meets a risk set from which k/d of those events have gone. */
static double cox_score(const moments *t, double beta, double *info) {
    const double hazard = exp(beta);
    double score = 0.0;
    *info = 0.0;
    for (size_t i = 0; i < t->n; i++) {
        const moment *m = &t->m[i];
        const double d = m->events[0] + m->events[1];
        score += m->events[1];
        for (double k = 0.0; k < d; k += 1.0) {
            const double one = hazard * (m->at_risk[1] - k / d * m->events[1]);
            const double share = one / (m->at_risk[0] - k / d * m->events[0] + one);
            score -= share;
            *info += share * (1.0 - share);
        }
    }
    return score;
}

static double cox_zero(double beta, const void *ctx) {
    double info;
    return cox_score(ctx, beta, &info);
}

/* The likelihood is concave; it has a top if it falls at both ends: an event in the reference while
 * the contrast was watched, and the reverse. */
static bool has_top(const moments *t) {
    bool falls_right = false, falls_left = false;
    for (size_t i = 0; i < t->n; i++) {
        falls_right = falls_right || (t->m[i].events[0] > 0.0 && t->m[i].at_risk[1] > 0.0);
        falls_left = falls_left || (t->m[i].events[1] > 0.0 && t->m[i].at_risk[0] > 0.0);
    }
    return falls_right && falls_left;
}

static myo_test hazard_of(const moments *t, double level) {
    if (!has_top(t)) {
        return myo_test_none("events in one arm only while both were watched: no finite ratio");
    }
    double info;
    const double step = cox_score(t, 0.0, &info) < 0.0 ? -1.0 : 1.0;
    const double beta = myo_root_outwards(cox_zero, t, 0.0, step, BETA_MAX);
    if (!isfinite(beta)) {
        return myo_test_none("the hazard ratio does not converge");
    }
    cox_score(t, beta, &info);
    const double se = 1.0 / sqrt(info), z = beta / se, half = myo_z_quantile(level) * se;
    if (!isfinite(z) || isnan(half)) {
        return myo_test_none("the hazard ratio has no standard error");
    }
    return (myo_test){.estimate = exp(beta),
                      .low = exp(beta - half),
                      .high = exp(beta + half),
                      .level = level,
                      .p = myo_z_p(z),
                      .statistic = z};
}

/* Both tests: check, gather, and let `of` reckon. */
static myo_err two_arms(myo_test *out, const double *time, const bool *event, const int *arm,
                        size_t n, double level, myo_test (*of)(const moments *t, double level)) {
    const char *wrong = people_wrong(time, arm, n);
    if (wrong) {
        *out = myo_test_none(wrong);
        return MYO_OK;
    }
    moments t;
    MYO_TRY(moments_of(&t, time, event, arm, n));
    wrong = arms_wrong(&t);
    *out = wrong ? myo_test_none(wrong) : of(&t, level);
    myo_free(t.m);
    return MYO_OK;
}

myo_err myo_logrank(myo_test *out, const double *time, const bool *event, const int *arm,
                    size_t n) {
    return two_arms(out, time, event, arm, n, NAN, logrank_of);
}

myo_err myo_hazard_ratio(myo_test *out, const double *time, const bool *event, const int *arm,
                         size_t n, double level) {
    return two_arms(out, time, event, arm, n, level, hazard_of);
}

/* --- log-rank by permutation --- */

static double cumulated_hazard(const moments *t, double until) {
    double sum = 0.0;
    for (size_t i = 0; i < t->n && t->m[i].time <= until; i++) {
        sum += (t->m[i].events[0] + t->m[i].events[1]) / (t->m[i].at_risk[0] + t->m[i].at_risk[1]);
    }
    return sum;
}

myo_err myo_logrank_permuted(myo_test *out, const double *time, const bool *event, const int *arm,
                             size_t n, myo_draws draws) {
    myo_test t;
    MYO_TRY(myo_logrank(&t, time, event, arm, n));
    if (t.why) {
        *out = t;
        return MYO_OK;
    }
    moments m;
    MYO_TRY(moments_of(&m, time, event, arm, n));
    const size_t n_ref = (size_t)m.people[0];
    size_t next[2] = {0, n_ref};
    double *score = myo_alloc(n, sizeof *score);
    for (size_t i = 0; score && i < n; i++) {
        score[next[arm[i]]++] = (double)event[i] - cumulated_hazard(&m, time[i]);
    }
    const myo_err e = score ? myo_permute_scores(score, n_ref, n - n_ref, draws, &t) : MYO_ERR_NOMEM;
    if (e == MYO_OK) {
        *out = t;
    }
    myo_free(score);
    myo_free(m.m);
    return e;
}
