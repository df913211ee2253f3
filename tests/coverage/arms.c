/* arms.c - counts of different people in two arms: the headline of design parallel's rates, and, in
 * a table of its own, the permutation of people beside it. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "coverage.h"
#include "stats/nbfit.h"
#include "stats/negbin.h"
#include "stats/resample.h"
#include "stats/tail.h"

enum { MAX_ARM = 40, RESAMPLES = 999 };

/* Both arms, the reference's people first. */
typedef struct arms {
    double count[2 * MAX_ARM], hours[2 * MAX_ARM];
    int arm[2 * MAX_ARM];
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
        x->count[i] = (double)draw_count(c, r, mean);
        x->arm[i] = i >= n;
    }
}

/* How far twice the log likelihood falls from its top to a log ratio. */
static double fall_at(const myo_nb_data *d, const myo_nb_fit *top, double beta) {
    const myo_nb_model m = {d, false, beta};
    return fmax(0.0, 2.0 * (top->loglik - myo_nb_maximum(&m).loglik));
}

/* Whether the headline's interval holds the truth, without looking for its ends. */
static cov_trial by_likelihood(const cov_case *c, const arms *x) {
    const size_t n = 2 * (size_t)c->n_ref;
    const myo_nb_data d = {x->count, x->hours, x->arm, n};
    const myo_nb_model m = {&d, true, 0.0};
    size_t rows[2];
    double events[2];
    myo_nb_totals(&d, rows, events);
    const myo_nb_fit top = myo_nb_maximum(&m);
    if (!(events[0] + events[1] > 0.0) || top.at_edge || !isfinite(top.loglik)) {
        return cov_trial_of(NAN, NAN, NAN, NAN, c->ratio);
    }
    const double df = (double)n - 2.0, t = myo_t_quantile(COV_LEVEL, df);
    const double estimate = top.log_rate[1] - top.log_rate[0];
    const bool outside = fall_at(&d, &top, log(c->ratio)) > t * t;
    const double p = myo_t_p(sqrt(fall_at(&d, &top, 0.0)), df);
    return (cov_trial){.made = true,
                       .below = outside && log(c->ratio) < estimate,
                       .above = outside && log(c->ratio) > estimate,
                       .tested = true,
                       .rejected = p <= 1.0 - COV_LEVEL + 1e-12,
                       .level = COV_LEVEL,
                       .width = NAN};
}

/* What src/compare/arm_rows.c takes for its headline. Its ends take ten times as long to find as
 * whether the truth is between them: one trial in twenty finds them, and must say the same. */
static cov_trial headline(const cov_case *c, myo_rng *r) {
    enum { ONE_IN = 20 };
    arms x;
    draw(c, r, &x);
    const cov_trial quick = by_likelihood(c, &x);
    if (myo_rng_uniform(r) * ONE_IN >= 1.0) {
        return quick;
    }
    const size_t n = 2 * (size_t)c->n_ref;
    const myo_test t = myo_negbin_ratio(x.count, x.hours, x.arm, n, COV_LEVEL).ratio;
    const cov_trial whole = cov_trial_of(t.low, t.high, t.level, t.p, c->ratio);
    if (whole.made != quick.made || whole.below != quick.below || whole.above != quick.above ||
        whole.rejected != quick.rejected) {
        cov_stop(c->name, "the interval and the likelihood differ on what it holds");
    }
    return whole;
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
    {"independent, people differ", COV_POISSON, 0.7, false},
    {"independent, people and hours differ", COV_POISSON, 0.7, true},
    {"independent, people differ much", COV_POISSON, 1.0, false},
    {"clusters, people alike", COV_GEOMETRIC, 0.0, false},
    {"clusters, people and hours differ", COV_GEOMETRIC, 0.7, true},
};
enum { N_WORLDS = sizeof worlds / sizeof worlds[0] };

static void add(cov_list *l, const char *table, const world *w, double mean, double n, double ratio,
                const char *method, cov_trial (*trial)(const cov_case *c, myo_rng *r)) {
    cov_case c = {.table = table,
                  .method = method,
                  .law = w->law,
                  .law_ref = w->law,
                  .n_ref = n,
                  .n_con = n,
                  .ratio = ratio,
                  .mean = mean,
                  .sd_rate = w->sd_rate,
                  .supports = strcmp(table, "permuted") == 0,
                  .unequal = w->unequal,
                  .trial = trial};
    snprintf(c.name, sizeof c.name, "%s, %.0f events, %.0f people", w->name, mean, n);
    cov_add(l, &c);
}

void cov_cases_arms(cov_list *l) {
    static const double n[] = {10.0, 20.0, 40.0}, mean[] = {2.0, 10.0, 40.0};
    for (int i = 0; i < N_WORLDS * 3 * 3 * 2; i++) {
        add(l, "arms", &worlds[i / 18], mean[i / 6 % 3], n[i / 2 % 3], i % 2 ? 0.5 : 1.0,
            "rate ratio, negative binomial", headline);
    }
    for (int i = 0; i < N_WORLDS * 2 * 2; i++) {
        add(l, "permuted", &worlds[i / 4], 10.0, n[1 + i / 2 % 2], i % 2 ? 0.5 : 1.0,
            "rate ratio, people permuted", permutation);
    }
}
