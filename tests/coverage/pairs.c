/* pairs.c - the same people under two conditions: the headline of design paired. */
#include <math.h>
#include <stdio.h>
#include "compare/designs.h"
#include "coverage.h"

enum { MAX_PEOPLE = 64, MAX_EVENTS = 4096 };

/* Half to one and a half times as long, if sessions differ in length. */
static double hours_of(const cov_case *c, myo_rng *r, double hours) {
    return c->unequal ? hours * (0.5 + myo_rng_uniform(r)) : hours;
}

static myo_pooled session(myo_rng *r, int who, int condition, cov_law law, double per_h,
                          double hours) {
    static _Thread_local double onset[MAX_EVENTS];
    const size_t n = cov_onsets(r, law, per_h * hours, 3600.0 * hours, onset, MAX_EVENTS);
    return cov_cell(who, condition, (int64_t)n, hours, cov_fano(onset, n, 3600.0 * hours));
}

static void draw_person(const cov_case *c, myo_rng *r, int who, myo_pooled cell[2]) {
    const double per_h = c->mean * exp(c->sd_rate * myo_rng_normal(r));
    const double ratio = c->ratio * exp(c->sd_ratio * myo_rng_normal(r));
    cell[0] = session(r, who, 0, c->law_ref, per_h, hours_of(c, r, c->hours_ref));
    cell[1] = session(r, who, 1, c->law, per_h * ratio, hours_of(c, r, c->hours_con));
}

static cov_trial trial(const cov_case *c, myo_rng *r) {
    const int n = (int)c->n_con;
    const myo_measure none = {.row = 0};
    myo_pooled cell[2 * MAX_PEOPLE];
    cov_bench b;
    cov_bench_init(&b, "some");
    for (int i = 0; i < n; i++) {
        draw_person(c, r, i, &cell[2 * i]);
    }
    for (int i = 0; i < 2 * n; i++) {
        cell[i].measure = &none;
    }
    b.c.cell = cell;
    b.c.n_cells = 2 * (size_t)n;
    b.c.participants.n = n; /* nobody is asked for their name */
    if (myo_design_paired(&b.c) != MYO_OK) {
        cov_stop("pairs", b.d.message);
    }
    const cov_trial t = cov_bench_take(&b, MYO_METRIC_RATE, c->ratio);
    cov_bench_clear(&b);
    return t;
}

static void add(cov_list *l, const cov_case *like, const char *how) {
    cov_case c = *like;
    snprintf(c.name, sizeof c.name, "%s%s, %.0f events, %.0f people", cov_law_name[c.law], how,
             c.mean * c.hours_ref, c.n_con);
    cov_add(l, &c);
}

/* All people alike but for their rate; changes that differ; sessions that differ in length too. */
static void add_worlds(cov_list *l, cov_law law, double mean, double people, double ratio) {
    cov_case c = {.table = "pairs",
                  .method = "rate ratio, Hodges-Lehmann",
                  .law = law,
                  .law_ref = law,
                  .n_ref = people,
                  .n_con = people,
                  .ratio = ratio,
                  .hours_ref = 1.0,
                  .hours_con = 1.0,
                  .mean = mean,
                  .sd_rate = 0.5,
                  .trial = trial};
    add(l, &c, "");
    c.sd_ratio = 0.3;
    add(l, &c, ", changes differ");
    c.unequal = true;
    add(l, &c, ", changes and hours differ");
    c.unequal = false;
    c.hours_con = 0.5;
    add(l, &c, ", changes differ, 1 h and 1/2 h");
}

void cov_cases_pairs(cov_list *l) {
    static const double people[] = {6.0, 8.0, 10.0, 12.0, 20.0, 40.0};
    static const double ratio[] = {1.0, 0.5}, mean[] = {10.0, 20.0, 40.0};
    static const cov_law laws[] = {COV_POISSON, COV_GEOMETRIC, COV_FIXED, COV_MINUTES};
    for (size_t i = 0; i < 4; i++) {
        for (int k = 0; k < 3 * 6 * 2; k++) {
            add_worlds(l, laws[i], mean[k / 12], people[k / 2 % 6], ratio[k % 2]);
        }
    }
}
