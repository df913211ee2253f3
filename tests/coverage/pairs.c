/* pairs.c - the same people under two conditions: the headline of design paired. */
#include <math.h>
#include <stdio.h>
#include "compare/pairs.h"
#include "coverage.h"
#include "stats/rank.h"

enum { MAX_PEOPLE = 64 };

/* Somebody's session. */
static myo_pooled session(int who, int condition, int64_t n, double hours) {
    return (myo_pooled){.participant = who,
                        .condition = condition,
                        .group = -1,
                        .n_recordings = 1,
                        .n = n,
                        .exposure_s = 3600.0 * hours,
                        .fano = NAN,
                        .unit = ""};
}

/* Between half and one and a half times as long, if sessions differ in length. */
static double hours_of(const cov_case *c, myo_rng *r, double hours) {
    return c->unequal ? hours * (0.5 + myo_rng_uniform(r)) : hours;
}

static void draw_person(const cov_case *c, myo_rng *r, int who, myo_pooled *cell) {
    const double rate = c->mean * exp(c->sd_rate * myo_rng_normal(r));
    const double ratio = c->ratio * exp(c->sd_ratio * myo_rng_normal(r));
    const double hours_ref = hours_of(c, r, c->hours_ref), hours_con = hours_of(c, r, c->hours_con);
    cell[0] = session(who, 0, cov_count(r, c->law_ref, rate * hours_ref), hours_ref);
    cell[1] = session(who, 1, cov_count(r, c->law, rate * ratio * hours_con), hours_con);
}

/* As paired.c: the pairs' differences, their signed ranks. */
static cov_trial trial(const cov_case *c, myo_rng *r) {
    const myo_outcome o = {.metric = MYO_METRIC_RATE, .role = MYO_PRIMARY};
    myo_pooled cell[2 * MAX_PEOPLE];
    myo_pairs pairs = {0};
    myo_signed_ranks s;
    cov_bench b;
    cov_bench_init(&b, (int)c->n_con);
    for (int i = 0; i < (int)c->n_con; i++) {
        draw_person(c, r, i, &cell[2 * i]);
    }
    b.c.cell = cell;
    b.c.n_cells = 2 * (size_t)c->n_con;
    if (myo_pairs_of(&b.c, &o, 0, 1, false, &pairs) != MYO_OK ||
        myo_signed_rank(pairs.d, (size_t)pairs.n, COV_LEVEL, &s) != MYO_OK) {
        cov_stop("pairs", "no memory");
    }
    myo_pairs_clear(&pairs);
    cov_bench_clear(&b);
    return cov_trial_of(exp(s.test.low), exp(s.test.high), s.test.level, s.test.p, c->ratio);
}

static void add(cov_list *l, const cov_case *like, double n, cov_law law, double ratio,
                const char *how) {
    cov_case c = *like;
    c.table = "pairs";
    c.method = "hodges_lehmann";
    c.trial = trial;
    c.n_ref = c.n_con = n;
    c.law = c.law_ref = law;
    c.ratio = ratio;
    snprintf(c.name, sizeof c.name, "%s%s, %.0f events, %.0f people x%.2f", cov_law_name[law], how,
             c.mean * c.hours_ref, n, ratio);
    cov_add(l, &c);
}

void cov_cases_pairs(cov_list *l) {
    static const double n[] = {6.0, 8.0, 10.0, 12.0, 20.0, 40.0}, ratio[] = {1.0, 0.5};
    static const double mean[] = {10.0, 20.0, 40.0};
    const cov_law laws[] = {COV_POISSON, COV_GEOMETRIC, COV_FIXED};
    for (int i = 0; i < 6 * 2 * 3; i++) {
        const double people = n[i / 2 % 6], x = ratio[i % 2];
        for (int m = 0; m < 3; m++) {
            const cov_case plain = {
                .mean = mean[m], .hours_ref = 1.0, .hours_con = 1.0, .sd_rate = 0.5};
            cov_case vary = plain, unequal = plain, half = plain;
            add(l, &plain, people, laws[i / 12], x, "");
            vary.sd_ratio = 0.3;
            add(l, &vary, people, laws[i / 12], x, ", ratios differ");
            unequal.unequal = true;
            unequal.sd_ratio = 0.3;
            add(l, &unequal, people, laws[i / 12], x, ", ratios and hours differ");
            half.hours_con = 0.5;
            half.sd_ratio = 0.3;
            add(l, &half, people, laws[i / 12], x, ", ratios differ, 1 h and 1/2 h");
        }
    }
}
