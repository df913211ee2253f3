/* prop_trend.c - Cochran and Armitage's trend of proportions over ordered groups. */
#include <math.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>
#include "stats/order.h"
#include "stats/trend.h"

static const double max_tables = 2e6;

typedef struct groups {
    const int64_t *events, *n;
    const double *score; /* NULL: 1, 2, ..., k */
    size_t k;
    int64_t all_events, all_n;
} groups;

static double score_of(const groups *g, size_t i) {
    return g->score ? g->score[i] : (double)(i + 1);
}

static const char *refuse(groups *g) {
    if (g->score && !myo_all_finite(g->score, g->k)) {
        return myo_why_finite;
    }
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < g->k; i++) {
        if (g->events[i] < 0 || g->events[i] > g->n[i]) {
            return "a count is outside its group";
        }
        if (g->n[i] > INT32_MAX - g->all_n) {
            return "more than 2147483647 people";
        }
        g->all_events += g->events[i];
        g->all_n += g->n[i];
        if (g->n[i] > 0) {
            low = fmin(low, score_of(g, i));
            high = fmax(high, score_of(g, i));
        }
    }
    if (!(high > low)) {
        return "fewer than two scores";
    }
    if (g->all_events == 0) {
        return "no event";
    }
    return g->all_events == g->all_n ? "everybody had the event" : NULL;
}

/* Weighted least squares of events[i] / n[i] on the score. */
static void fit(const groups *g, myo_test *t) {
    const double total = (double)g->all_n, p = (double)g->all_events / total;
    double mean = 0.0, xx = 0.0, xy = 0.0;
    for (size_t i = 0; i < g->k; i++) {
        mean += (double)g->n[i] * score_of(g, i) / total;
    }
    for (size_t i = 0; i < g->k; i++) {
        const double x = score_of(g, i) - mean, n = (double)g->n[i];
        xx += n * x * x;
        xy += x * ((double)g->events[i] - n * p);
    }
    t->estimate = xy / xx;
    t->statistic = xy * xy / xx / (p * (1.0 - p));
}

myo_err myo_prop_trend(const int64_t *events, const int64_t *n, const double *score, size_t k,
                       myo_trend *out) {
    groups g = {events, n, score, k, 0, 0};
    *out = (myo_trend){myo_test_none(refuse(&g)), false};
    if (!out->test.why) {
        fit(&g, &out->test);
        out->test.p = 2.0 * gsl_cdf_ugaussian_Q(sqrt(out->test.statistic));
    }
    return MYO_OK;
}

/* --- all tables with the same margins --- */

typedef struct tables {
    const groups *g;
    double log_scale;         /* ln choose(all_n, all_events) */
    double seen, slack;       /* sum of score times events; what counts as equal */
    double lower, upper, all; /* weights */
} tables;

static double log_choose(int64_t n, int64_t k) {
    return gsl_sf_lnchoose((unsigned)n, (unsigned)k);
}

/* Groups before i are settled: `left` events for the rest, which have `room` people. */
static void tables_from(tables *t, size_t i, int64_t left, int64_t room, double sum,
                        double log_weight) {
    if (i == t->g->k) {
        const double weight = exp(log_weight - t->log_scale);
        t->lower += sum <= t->seen + t->slack ? weight : 0.0;
        t->upper += sum >= t->seen - t->slack ? weight : 0.0;
        t->all += weight;
        return;
    }
    const int64_t n = t->g->n[i], rest = room - n;
    const int64_t least = left > rest ? left - rest : 0, most = left < n ? left : n;
    for (int64_t x = least; x <= most; x++) {
        tables_from(t, i + 1, left - x, rest, sum + score_of(t->g, i) * (double)x,
                    log_weight + log_choose(n, x));
    }
}

/* At most so many; the last group is what remains. */
static double count_tables(const groups *g) {
    double count = 1.0;
    for (size_t i = 0; i + 1 < g->k; i++) {
        count *= (double)(g->n[i] < g->all_events ? g->n[i] : g->all_events) + 1.0;
    }
    return count;
}

myo_err myo_prop_trend_exact(const int64_t *events, const int64_t *n, const double *score, size_t k,
                             myo_trend *out) {
    groups g = {events, n, score, k, 0, 0};
    const char *why = refuse(&g);
    if (!why && count_tables(&g) > max_tables) {
        why = "more than two million tables";
    }
    *out = (myo_trend){myo_test_none(why), why == NULL};
    if (why) {
        return MYO_OK;
    }
    tables t = {.g = &g, .log_scale = log_choose(g.all_n, g.all_events)};
    double size = 0.0;
    for (size_t i = 0; i < k; i++) {
        t.seen += score_of(&g, i) * (double)events[i];
        size += fabs(score_of(&g, i)) * (double)n[i];
    }
    t.slack = 1e-12 * size;
    tables_from(&t, 0, g.all_events, g.all_n, 0.0, 0.0);
    fit(&g, &out->test);
    out->test.p = myo_two_sided(t.lower / t.all, t.upper / t.all);
    return MYO_OK;
}
