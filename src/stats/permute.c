/* permute.c - two groups of people, compared by permuting who is in which. */
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "myotab/stop.h"
#include "stats/draw.h"
#include "stats/order.h"
#include "stats/resample.h"

/* --- every grouping, or random ones --- */

typedef struct grouping {
    size_t n_ref, n_con;
    void (*fn)(void *user, const bool *contrast); /* contrast[i]: i is in the contrast group */
    void *user;
} grouping;

static bool go_through_all(size_t n_ref, size_t n_con) {
    return myo_n_choices(n_ref + n_con, n_con) <= MYO_ARRANGEMENTS_EXACT;
}

static bool is_observed(const bool *contrast, size_t n_ref) {
    for (size_t i = 0; i < n_ref; i++) {
        if (contrast[i]) {
            return false;
        }
    }
    return true;
}

/* All but the observed grouping (people 0..n_ref-1 are the reference). */
static void except_observed(void *user, const bool *contrast) {
    const grouping *g = user;
    if (!is_observed(contrast, g->n_ref)) {
        g->fn(g->user, contrast);
    }
}

static myo_err regroup(grouping *g, bool exact, myo_draws draws) {
    const size_t n = g->n_ref + g->n_con;
    bool *contrast = myo_alloc(n, sizeof *contrast);
    uint32_t *order = myo_alloc(n, sizeof *order);
    if (!contrast || !order) {
        myo_free(contrast);
        myo_free(order);
        return MYO_ERR_NOMEM;
    }
    if (exact) {
        myo_all_choices(n, g->n_con, contrast, except_observed, g);
    }
    myo_rng rng = {0};
    for (int64_t b = 0; !exact && b < draws.resamples && !myo_stop_requested(); b++) {
        myo_draw_begin(&rng, draws.seed, b);
        do {
            myo_draw_choice(&rng, n, g->n_con, contrast, order);
        } while (is_observed(contrast, g->n_ref));
        g->fn(g->user, contrast);
    }
    myo_free(contrast);
    myo_free(order);
    return MYO_OK;
}

/* How many groupings beside the observed one are looked at. */
static size_t n_regroupings(const grouping *g, bool exact, myo_draws draws) {
    return exact ? (size_t)myo_n_choices(g->n_ref + g->n_con, g->n_con) - 1
                 : (size_t)draws.resamples;
}

/* --- difference of means --- */

typedef struct exchange {
    const double *value; /* reference, then contrast */
    size_t n_ref, n;
    double slack;
    myo_inversion v;
    size_t made;
} exchange;

/* Part A of the reference and part B of the contrast change sides: with the contrast shifted by s,
 * the difference of means is at least as large as observed if mean(B) - mean(A) <= s. */
static void exchange_parts(void *user, const bool *contrast) {
    exchange *x = user;
    double gone = 0.0, come = 0.0, count = 0.0;
    for (size_t i = 0; i < x->n_ref; i++) {
        come += contrast[i] ? x->value[i] : 0.0;
        count += contrast[i];
    }
    for (size_t i = x->n_ref; i < x->n; i++) {
        gone += contrast[i] ? 0.0 : x->value[i];
    }
    x->v.threshold[x->made++] = (gone - come) / count;
    x->v.upper += gone - come <= x->slack;
    x->v.lower += gone - come >= -x->slack;
}

static const char *refuse_means(const double *ref, size_t n_ref, const double *con, size_t n_con,
                                double level, myo_draws draws) {
    if (n_ref == 0 || n_con == 0) {
        return "a group is empty";
    }
    if (n_ref == 1 && n_con == 1) {
        return "one value in each group";
    }
    if (!myo_level_ok(level)) {
        return myo_why_level;
    }
    if (!myo_all_finite(ref, n_ref) || !myo_all_finite(con, n_con)) {
        return myo_why_finite;
    }
    return go_through_all(n_ref, n_con) ? NULL : myo_draws_why(draws);
}

static double mean_of(const double *x, size_t n) {
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += x[i];
    }
    return sum / (double)n;
}

myo_err myo_permute_means(const double *ref, size_t n_ref, const double *con, size_t n_con,
                          double level, myo_draws draws, myo_test *out) {
    myo_test t = myo_test_none(refuse_means(ref, n_ref, con, n_con, level, draws));
    if (t.why) {
        *out = t;
        return MYO_OK;
    }
    exchange x = {.n_ref = n_ref, .n = n_ref + n_con, .v = {.lower = 1.0, .upper = 1.0}};
    grouping g = {n_ref, n_con, exchange_parts, &x};
    const bool exact = go_through_all(n_ref, n_con);
    x.v.n = n_regroupings(&g, exact, draws);
    x.v.threshold = myo_alloc(x.v.n, sizeof *x.v.threshold);
    double *value = myo_alloc(x.n, sizeof *value);
    myo_err e = x.v.threshold && value ? MYO_OK : MYO_ERR_NOMEM;
    if (e == MYO_OK) {
        memcpy(value, ref, n_ref * sizeof *value);
        memcpy(value + n_ref, con, n_con * sizeof *value);
        for (size_t i = 0; i < x.n; i++) {
            x.slack += 1e-12 * fabs(value[i]);
        }
        x.value = value;
        e = regroup(&g, exact, draws);
    }
    if (e == MYO_OK) {
        myo_invert(&x.v, level, &t);
        t.estimate = t.statistic = mean_of(con, n_con) - mean_of(ref, n_ref);
        t.resamples = exact ? 0 : draws.resamples;
        *out = t;
    }
    myo_free(x.v.threshold);
    myo_free(value);
    return e;
}

/* --- sum of scores --- */

typedef struct scoring {
    const double *score;
    size_t n;
    double seen, slack, lower, upper, made;
} scoring;

static double sum_of(const double *score, size_t n, const bool *contrast) {
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += contrast[i] ? score[i] : 0.0;
    }
    return sum;
}

static void add_scores(void *user, const bool *contrast) {
    scoring *s = user;
    const double sum = sum_of(s->score, s->n, contrast);
    s->upper += sum >= s->seen - s->slack;
    s->lower += sum <= s->seen + s->slack;
    s->made += 1.0;
}

myo_err myo_permute_scores(const double *score, size_t n_ref, size_t n_con, myo_draws draws,
                           myo_test *out) {
    const bool exact = n_ref > 0 && n_con > 0 && go_through_all(n_ref, n_con);
    myo_test t = myo_test_none(n_ref == 0 || n_con == 0               ? "a group is empty"
                               : !myo_all_finite(score, n_ref + n_con) ? myo_why_finite
                               : exact                                 ? NULL
                                                                       : myo_draws_why(draws));
    if (!t.why) {
        scoring s = {.score = score, .n = n_ref + n_con, .lower = 1.0, .upper = 1.0, .made = 1.0};
        for (size_t i = 0; i < s.n; i++) {
            s.seen += i >= n_ref ? score[i] : 0.0;
            s.slack += 1e-12 * fabs(score[i]);
        }
        grouping g = {n_ref, n_con, add_scores, &s};
        MYO_TRY(regroup(&g, exact, draws));
        t.statistic = s.seen;
        t.p = myo_two_sided(s.lower / s.made, s.upper / s.made);
        t.resamples = exact ? 0 : draws.resamples;
    }
    *out = t;
    return MYO_OK;
}

/* --- rates --- */

typedef struct crowd {
    const myo_people *ref, *con;
    double *statistic; /* of the regroupings */
    size_t made;
    double seen, lower, upper;
} crowd;

typedef struct sums {
    double n, x, t, xx, xt, tt; /* people, sums of counts, exposures and their products */
} sums;

static void add_person(sums *s, double x, double t) {
    s->n += 1.0;
    s->x += x;
    s->t += t;
    s->xx += x * x;
    s->xt += x * t;
    s->tt += t * t;
}

/* Variance of the logarithm of a group's rate: of the sum of counts, by their scatter about rate
 * times exposure, over its square. */
static double log_rate_var(const sums *s) {
    const double rate = s->x / s->t, events = s->x + 0.5;
    const double scatter = s->xx - 2.0 * rate * s->xt + rate * rate * s->tt;
    return fmax(scatter * s->n / (s->n - 1.0), events) / (events * events);
}

static double log_ratio(const sums *ref, const sums *con, double add) {
    return log((con->x + add) / con->t) - log((ref->x + add) / ref->t);
}

static double student(const sums *ref, const sums *con) {
    return log_ratio(ref, con, 0.5) / sqrt(log_rate_var(ref) + log_rate_var(con));
}

static void regroup_people(void *user, const bool *contrast) {
    crowd *c = user;
    sums group[2] = {{0}};
    for (size_t i = 0; i < c->ref->n; i++) {
        add_person(&group[contrast[i]], c->ref->count[i], c->ref->exposure[i]);
    }
    contrast += c->ref->n;
    for (size_t i = 0; i < c->con->n; i++) {
        add_person(&group[contrast[i]], c->con->count[i], c->con->exposure[i]);
    }
    const double stat = student(&group[0], &group[1]), slack = 1e-9 * (1.0 + fabs(c->seen));
    c->statistic[c->made++] = stat;
    c->upper += stat >= c->seen - slack;
    c->lower += stat <= c->seen + slack;
}

static const char *refuse_people(const myo_people *p, sums *s) {
    if (p->n < 2) {
        return "fewer than two people in a group";
    }
    if (!myo_all_finite(p->count, p->n) || !myo_all_finite(p->exposure, p->n)) {
        return myo_why_finite;
    }
    for (size_t i = 0; i < p->n; i++) {
        if (p->count[i] < 0.0 || !(p->exposure[i] > 0.0)) {
            return p->count[i] < 0.0 ? "a count is negative" : "somebody has no exposure";
        }
        add_person(s, p->count[i], p->exposure[i]);
    }
    return NULL;
}

/* The ratio's limits: where the statistic would leave the permuted ones' quantiles, which number
 * `made` and the observed one. */
static void rate_limits(crowd *c, const sums *ref, const sums *con, double level, myo_test *t) {
    const double all = (double)c->made + 1.0, tail = 0.5 * (1.0 - level) * (1.0 + 1e-12);
    const size_t k = (size_t)floor(tail * all);
    const double least = fmax((double)k, 1.0); /* the extreme one excludes nothing of its own */
    const double se = sqrt(log_rate_var(ref) + log_rate_var(con));
    const double ratio = log_ratio(ref, con, ref->x > 0.0 && con->x > 0.0 ? 0.0 : 0.5);
    c->statistic[c->made++] = c->seen;
    t->estimate = exp(ratio);
    t->low = exp(ratio - se * myo_kth(c->statistic, c->made, c->made - 1 - k));
    t->high = exp(ratio - se * myo_kth(c->statistic, c->made, k));
    t->level = fmin(level, fmax(1.0 - 2.0 * least / all, 0.0));
    t->p = myo_two_sided(c->lower / all, c->upper / all);
    t->statistic = c->seen;
    if (!(t->high > t->low * (1.0 + 1e-9))) { /* all regroupings are alike, so no ratio is told from another */
        t->low = t->high = t->level = NAN;
    }
}

static const char *refuse_rates(const myo_people *ref, const myo_people *con, double level,
                                myo_draws draws, sums *r, sums *c) {
    const char *why = refuse_people(ref, r);
    why = why ? why : refuse_people(con, c);
    if (!why && !myo_level_ok(level)) {
        why = myo_why_level;
    }
    if (!why && !(r->x + c->x > 0.0)) {
        why = "no event";
    }
    return why || go_through_all(ref->n, con->n) ? why : myo_draws_why(draws);
}

myo_err myo_permute_rates(myo_people ref, myo_people con, double level, myo_draws draws,
                          myo_test *out) {
    sums sum_ref = {0}, sum_con = {0};
    myo_test t = myo_test_none(refuse_rates(&ref, &con, level, draws, &sum_ref, &sum_con));
    if (t.why) {
        *out = t;
        return MYO_OK;
    }
    crowd c = {.ref = &ref, .con = &con, .lower = 1.0, .upper = 1.0};
    grouping g = {ref.n, con.n, regroup_people, &c};
    const bool exact = go_through_all(ref.n, con.n);
    c.seen = student(&sum_ref, &sum_con);
    c.statistic = myo_alloc(n_regroupings(&g, exact, draws) + 1, sizeof *c.statistic);
    const myo_err e = c.statistic ? regroup(&g, exact, draws) : MYO_ERR_NOMEM;
    if (e == MYO_OK) {
        rate_limits(&c, &sum_ref, &sum_con, level, &t);
        t.resamples = exact ? 0 : draws.resamples;
        *out = t;
    }
    myo_free(c.statistic);
    return e;
}
