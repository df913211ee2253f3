/* arms.c - counts of different people in two arms: the headline of design parallel's rates, and the
 * permutation of people beside it. */
#include <math.h>
#include <stdio.h>
#include "coverage.h"
#include "stats/resample.h"

enum { MAX_ARM = 40, RESAMPLES = 999 };

/* Both arms, the reference's people first. */
typedef struct arms {
    myo_pooled cell[2 * MAX_ARM];
    double count[2 * MAX_ARM], hours[2 * MAX_ARM], value[2 * MAX_ARM];
    int who[2 * MAX_ARM];
} arms;

/* People's rates are gamma: with independent events their counts are negative binomial. */
static int64_t draw_count(const cov_case *c, myo_rng *r, double mean) {
    const double kappa = c->sd_rate * c->sd_rate;
    const double factor = kappa > 0.0 ? kappa * myo_rng_gamma(r, 1.0 / kappa) : 1.0;
    return cov_count(r, c->law, mean * factor);
}

static void draw(const cov_case *c, myo_rng *r, arms *x) {
    const int n = (int)c->n_ref;
    for (int i = 0; i < 2 * n; i++) {
        x->hours[i] = c->unequal ? 0.5 + myo_rng_uniform(r) : 1.0;
        const double mean = c->mean * x->hours[i] * (i < n ? 1.0 : c->ratio);
        const int64_t count = draw_count(c, r, mean);
        x->count[i] = (double)count;
        x->cell[i] = cov_cell(i, 0, count, x->hours[i], NAN);
        x->who[i] = i;
        x->value[i] = x->count[i];
    }
}

static cov_trial headline(const cov_case *c, myo_rng *r) {
    const myo_outcome o = {.metric = MYO_METRIC_RATE, .role = MYO_EXPLORATORY};
    const size_t n = (size_t)c->n_ref;
    arms x;
    cov_bench b;
    cov_bench_init(&b, "some");
    draw(c, r, &x);
    b.c.cell = x.cell;
    b.c.n_cells = 2 * n;
    const myo_versus q = {.c = &b.c,
                          .o = &o,
                          .ref = {"a", x.who, x.value, n, n},
                          .con = {"b", x.who + n, x.value + n, n, n}};
    if (myo_arms_rate(&q) != MYO_OK) {
        cov_stop("arms", "no memory");
    }
    const cov_trial t = cov_bench_take(&b, MYO_METRIC_RATE, c->ratio);
    cov_bench_clear(&b);
    return t;
}

static cov_trial permutation(const cov_case *c, myo_rng *r) {
    const size_t n = (size_t)c->n_ref;
    arms x;
    myo_test t;
    draw(c, r, &x);
    if (myo_permute_rates((myo_people){x.count, x.hours, n},
                          (myo_people){x.count + n, x.hours + n, n}, COV_LEVEL,
                          (myo_draws){RESAMPLES, 1}, &t) != MYO_OK) {
        cov_stop("arms", "no memory");
    }
    return cov_trial_of(t.low, t.high, t.level, t.p, c->ratio);
}

/* --- cases --- */

typedef struct world {
    const char *name;
    cov_law law;
    double sd_rate; /* between people, of the gamma factor: sqrt(kappa) */
    bool unequal;
} world;
static const world worlds[] = {
    {"independent, people alike", COV_POISSON, 0.0, false},
    {"independent, people and hours differ", COV_POISSON, 0.7, true},
    {"clusters, people alike", COV_GEOMETRIC, 0.0, false},
    {"clusters, people and hours differ", COV_GEOMETRIC, 0.7, true},
};
enum { N_WORLDS = sizeof worlds / sizeof worlds[0] };

static void add(cov_list *l, const world *w, double mean, double n, double ratio,
                const char *method, cov_trial (*trial)(const cov_case *c, myo_rng *r)) {
    cov_case c = {.table = "arms",
                  .method = method,
                  .law = w->law,
                  .law_ref = w->law,
                  .n_ref = n,
                  .n_con = n,
                  .ratio = ratio,
                  .mean = mean,
                  .sd_rate = w->sd_rate,
                  .unequal = w->unequal,
                  .trial = trial};
    snprintf(c.name, sizeof c.name, "%s, %.0f events, %.0f people", w->name, mean, n);
    cov_add(l, &c);
}

static void add_headlines(cov_list *l, const world *w, double mean, double n) {
    static const char method[] = "rate ratio, negative binomial";
    add(l, w, mean, n, 1.0, method, headline);
    add(l, w, mean, n, 0.5, method, headline);
}

static void add_permutations(cov_list *l, const world *w, double n) {
    static const char method[] = "rate ratio, people permuted";
    add(l, w, 10.0, n, 1.0, method, permutation);
    add(l, w, 10.0, n, 0.5, method, permutation);
}

void cov_cases_arms(cov_list *l) {
    for (int i = 0; i < N_WORLDS; i++) {
        add_headlines(l, &worlds[i], 2.0, 10.0);
        add_headlines(l, &worlds[i], 10.0, 10.0);
        add_headlines(l, &worlds[i], 40.0, 10.0);
        add_headlines(l, &worlds[i], 10.0, 20.0);
        add_headlines(l, &worlds[i], 10.0, 40.0);
    }
    for (int i = 0; i < N_WORLDS; i++) {
        add_permutations(l, &worlds[i], 20.0);
        add_permutations(l, &worlds[i], 40.0);
    }
}
