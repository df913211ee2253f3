/* mdc.c - how large a change of one person must be, from everybody's repeated baselines
 * (science.md 6.5). */
#include <string.h>
#include "base/base.h"
#include "compare/mdc.h"
#include "stats/agree.h"

double myo_log_rate(const myo_pooled *p, double add) {
    return p->exposure_s > 0.0 ? log(((double)p->n + add) / (p->exposure_s / 3600.0)) : NAN;
}

double myo_metric_scaled(const myo_pooled *p, myo_metric_id metric) {
    if (metric == MYO_METRIC_RATE) {
        return myo_log_rate(p, 0.5);
    }
    const double v = myo_pooled_value(p, metric);
    return !myo_metrics[metric].ratio_name ? v : v > 0.0 ? log(v) : NAN;
}

/* Values of sessions, and whose they are. */
typedef struct baselines {
    double *value;
    int *subject;
    size_t n;
    double chance; /* sum of the variances that counting alone gives the logs of rates, 1 / (n + 1/2) */
    myo_measure *one; /* the session at hand */
} baselines;

static const char *session_of(const myo_comparison *c, const myo_measure *m) {
    return c->results.recordings.row[m->row].session;
}

/* Recordings of the session of measure i, if that is the session's first. */
static size_t take_session(const myo_comparison *c, const myo_pooled *p, int i, myo_measure *one) {
    const char *session = session_of(c, &p->measure[i]);
    for (int k = 0; k < i; k++) {
        if (strcmp(session_of(c, &p->measure[k]), session) == 0) {
            return 0;
        }
    }
    size_t n = 0;
    for (int k = i; k < p->n_recordings; k++) {
        if (strcmp(session_of(c, &p->measure[k]), session) == 0) {
            one[n++] = p->measure[k];
        }
    }
    return n;
}

/* Sessions without any event would differ by their lengths only, or not at all. */
static void add_person(const myo_comparison *c, const myo_pooled *p, myo_metric_id metric,
                       baselines *b) {
    if (metric == MYO_METRIC_RATE && p->n == 0) {
        return;
    }
    for (int i = 0; i < p->n_recordings; i++) {
        const size_t n = take_session(c, p, i, b->one);
        if (n > 0) {
            const myo_pooled session = myo_pool_measures(c, b->one, n);
            const double v = myo_metric_scaled(&session, metric);
            if (isfinite(v)) {
                b->chance += 1.0 / ((double)session.n + 0.5);
                b->value[b->n] = v;
                b->subject[b->n++] = p->participant;
            }
        }
    }
}

/* At most as many sessions as measures. */
static myo_err make_room(const myo_comparison *c, const myo_outcome *o, int condition,
                         baselines *b) {
    size_t n = 0, most = 0;
    for (int i = 0; i < c->participants.n; i++) {
        const myo_pooled *p = myo_compare_cell(c, i, condition, o->channel, o->type);
        const size_t k = p ? (size_t)p->n_recordings : 0;
        n += k;
        most = k > most ? k : most;
    }
    b->value = myo_alloc(n + 1, sizeof *b->value);
    b->subject = myo_alloc(n + 1, sizeof *b->subject);
    b->one = myo_alloc(most + 1, sizeof *b->one);
    return b->value && b->subject && b->one ? MYO_OK : MYO_ERR_NOMEM;
}

/* Counts scatter, however alike the few that were seen are. */
static double least_mdc(const baselines *b, myo_metric_id metric) {
    return metric == MYO_METRIC_RATE && b->n > 0 ? myo_mdc_of(sqrt(b->chance / (double)b->n)) : 0.0;
}

myo_err myo_compare_mdc(const myo_comparison *c, const myo_outcome *o, int condition, double *mdc) {
    baselines b = {0};
    *mdc = NAN;
    myo_err e = make_room(c, o, condition, &b);
    for (int i = 0; e == MYO_OK && i < c->participants.n; i++) {
        const myo_pooled *p = myo_compare_cell(c, i, condition, o->channel, o->type);
        if (p) {
            add_person(c, p, o->metric, &b);
        }
    }
    myo_reliability r = {0};
    e = e == MYO_OK ? myo_reliability_baselines(&r, b.value, b.subject, b.n, 0.95) : e;
    if (e == MYO_OK && !r.why) {
        const double least = least_mdc(&b, o->metric), in_unit = fmax(r.mdc, least);
        const double shown = myo_metrics[o->metric].ratio_name ? myo_mdc_percent(in_unit) : in_unit;
        *mdc = in_unit > 0.0 ? shown : NAN; /* values that agree to the last digit tell nothing */
    }
    myo_free(b.value);
    myo_free(b.subject);
    myo_free(b.one);
    return e;
}
