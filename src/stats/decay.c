/* decay.c - an event rate after an infusion, fitted to counts in bins.
 *
 * The mean count of a bin is exposure * (a (1 - g) + b g), where a is lambda0, b = a (1 - E) the
 * rate where the effect is full, and g the mean over the bin of how much of it there is: exp(-kt)
 * or 1 - exp(-kt), 0 before the infusion. For a given k and share = b / (a + b) the scale a + b is
 * that which gives as many events as were seen; the likelihood then has one top in share, as it is
 * concave in a and b. k is looked for on a grid of half-lives, then where its score is zero. E
 * cannot pass 1, as no rate is negative. */
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "stats/decay.h"
#include "stats/tail.h"

enum { GRID_MAX = 64, RESAMPLES_MAX = 100000, BINS_MAX = 100000 };
#define GRID_FACTOR 1.25 /* from one k to the next, unless that takes more than GRID_MAX */
#define EDGE                                                                                       \
    8.0 /* fastest half-life: 1/8 of the shortest bin; slowest: 8 times the longest time           \
         */

typedef struct problem {
    size_t n;
    double *begin, *end, *before, *time; /* part of the bin after 0, share before it, exposure */
    double *count;
    double *share_full; /* n_grid rows of n: g of each bin at each k */
    double k[GRID_MAX];
    int n_grid;
    myo_course_form form;
    double events, exposure;
} problem;

typedef struct fit {
    double share, k, scale; /* b / (a + b); 1/min; a + b */
    double loglik;          /* less what does not depend on the parameters */
    int edge;               /* -1: the slowest k, 1: the fastest, 0: between */
} fit;

/* Mean over the bin of exp(-kt), or of 1 - exp(-kt), and its derivative by k. */
static double full_share(const problem *p, size_t i, double k, double *slope) {
    const double s = p->begin[i], width = p->end[i] - s, after = 1.0 - p->before[i];
    *slope = 0.0;
    if (!(after > 0.0)) {
        return 0.0;
    }
    const double x = k * width, at_s = exp(-k * s);
    const double mean = at_s * -expm1(-x) / x;
    const double fall = -s * mean + at_s * (exp(-x) / k - -expm1(-x) / (x * k));
    *slope = after * (p->form == MYO_COURSE_WEARS ? fall : -fall);
    return after * (p->form == MYO_COURSE_WEARS ? mean : 1.0 - mean);
}

/* --- for one k: the share --- */

typedef struct at_k {
    const problem *p;
    const double *g;
} at_k;

static double share_score(double share, const void *ctx) {
    const at_k *at = ctx;
    const problem *p = at->p;
    double seen = 0.0, slope = 0.0, sum = 0.0;
    for (size_t i = 0; i < p->n; i++) {
        const double d = 2.0 * at->g[i] - 1.0, h = 1.0 - at->g[i] + share * d;
        seen += p->count[i] > 0.0 ? p->count[i] * d / h : 0.0;
        slope += p->time[i] * d;
        sum += p->time[i] * h;
    }
    return seen - p->events * slope / sum;
}

static double log_likelihood(const at_k *at, double share, double *sum) {
    const problem *p = at->p;
    double loglik = 0.0;
    *sum = 0.0;
    for (size_t i = 0; i < p->n; i++) {
        const double h = 1.0 - at->g[i] + share * (2.0 * at->g[i] - 1.0);
        loglik += p->count[i] > 0.0 ? p->count[i] * log(h) : 0.0;
        *sum += p->time[i] * h;
    }
    return loglik - p->events * log(*sum);
}

/* The best share, in [0, 1]: the score falls through zero once, or has one sign. */
static fit best_share(const problem *p, const double *g, double k) {
    const at_k at = {p, g};
    const double least = 1e-12, most = 1.0 - 1e-12; /* at the ends a bin may expect nothing */
    fit f = {.k = k};
    if (share_score(least, &at) > 0.0) {
        f.share = share_score(most, &at) < 0.0 ? myo_root(share_score, &at, least, most) : 1.0;
    }
    double sum;
    f.loglik = log_likelihood(&at, f.share, &sum);
    f.scale = p->events / sum;
    return f;
}

/* --- over k --- */

typedef struct search {
    const problem *p;
    double *g; /* room for one row */
} search;

static fit fit_at(const search *s, double k) {
    double slope;
    for (size_t i = 0; i < s->p->n; i++) {
        s->g[i] = full_share(s->p, i, k, &slope);
    }
    return best_share(s->p, s->g, k);
}

/* Slope of the likelihood in k with the share at its best, where it has none itself. */
static double k_score(double k, const void *ctx) {
    const search *s = ctx;
    const problem *p = s->p;
    const fit f = fit_at(s, k);
    double seen = 0.0, slope = 0.0, sum = 0.0;
    for (size_t i = 0; i < p->n; i++) {
        double by_k;
        const double g = full_share(p, i, k, &by_k);
        const double d = 2.0 * f.share - 1.0, h = 1.0 - g + f.share * (2.0 * g - 1.0);
        seen += p->count[i] > 0.0 ? p->count[i] * d * by_k / h : 0.0;
        slope += p->time[i] * d * by_k;
        sum += p->time[i] * h;
    }
    return seen - p->events * slope / sum;
}

/* From the best of the grid to the top beside it; at an end of the grid if it rises beyond. */
static fit refine(const search *s, int best) {
    const problem *p = s->p;
    const double score = k_score(p->k[best], s);
    const int beside = score > 0.0 ? best + 1 : best - 1;
    fit f = fit_at(s, p->k[best]);
    if (score == 0.0 || isnan(score)) {
        return f;
    }
    if (beside < 0 || beside >= p->n_grid) {
        f.edge = beside < 0 ? -1 : 1;
        return f;
    }
    const double k = myo_root(k_score, s, p->k[best], p->k[beside]);
    const fit top = isnan(k) ? f : fit_at(s, k);
    return top.loglik >= f.loglik ? top : f;
}

static fit maximum(const problem *p, double *room) {
    const search s = {p, room};
    int best = 0;
    double most = -INFINITY;
    for (int j = 0; j < p->n_grid; j++) {
        const double loglik = best_share(p, p->share_full + (size_t)j * p->n, p->k[j]).loglik;
        if (loglik > most) {
            most = loglik;
            best = j;
        }
    }
    return refine(&s, best);
}

/* Twice the likelihood over that of one rate throughout. */
static double gain(const problem *p, const fit *f) {
    return fmax(0.0, 2.0 * (f->loglik + p->events * log(p->exposure)));
}

static double effect_of(const fit *f) {
    return f->share < 1.0 ? 1.0 - f->share / (1.0 - f->share) : -INFINITY;
}

/* --- set up --- */

static const char *options_wrong(const myo_course_opts *o) {
    if (!(o->level > 0.0 && o->level < 1.0)) {
        return "the level is not between 0 and 1";
    }
    if (!(o->fano >= 1.0 && o->fano <= 1e6)) {
        return "the scatter to draw with is not between 1 and 1e6";
    }
    return o->resamples >= 0 && o->resamples <= RESAMPLES_MAX
               ? NULL
               : "the number of resamples is not between 0 and 100000";
}

/* Of the bins with exposure: their number before and after 0, and their events. */
static const char *bins_wrong(const myo_course_bin *bin, size_t n, size_t *used) {
    size_t before = 0, after = 0;
    double events = 0.0;
    *used = 0;
    for (size_t i = 0; i < n && n <= BINS_MAX; i++) {
        const myo_course_bin *b = &bin[i];
        if (!(b->exposure > 0.0)) {
            continue;
        }
        if (!(b->end > b->start && fabs(b->start) < 1e9 && fabs(b->end) < 1e9 &&
              b->exposure < 1e15 && b->count >= 0.0 && b->count < 1e9)) {
            return "a bin has no width, or a number that is not finite or negative";
        }
        ++*used;
        before += b->end <= 0.0;
        after += b->start >= 0.0;
        events += b->count;
    }
    if (n > BINS_MAX) {
        return "more than 100000 bins";
    }
    if (before == 0) {
        return "no bin before the infusion";
    }
    if (after < 2) {
        return "fewer than two bins after the infusion";
    }
    return events > 0.0 ? NULL : "no event";
}

static void fill_bins(problem *p, const myo_course_bin *bin, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (bin[i].exposure > 0.0) {
            const double s = fmax(bin[i].start, 0.0), width = bin[i].end - bin[i].start;
            p->begin[p->n] = s;
            p->end[p->n] = bin[i].end;
            p->before[p->n] = bin[i].end > s ? (s - bin[i].start) / width : 1.0;
            p->time[p->n] = bin[i].exposure;
            p->count[p->n++] = bin[i].count;
            p->events += bin[i].count;
            p->exposure += bin[i].exposure;
        }
    }
}

static void fill_grid(problem *p) {
    double shortest = INFINITY, longest = 0.0, slope;
    for (size_t i = 0; i < p->n; i++) {
        if (p->before[i] < 1.0) {
            shortest = fmin(shortest, p->end[i] - p->begin[i]);
            longest = fmax(longest, p->end[i]);
        }
    }
    const double slowest = M_LN2 / (EDGE * longest), span = log(EDGE * EDGE * longest / shortest);
    p->n_grid = (int)fmin(GRID_MAX, ceil(span / log(GRID_FACTOR)) + 1.0);
    for (int j = 0; j < p->n_grid; j++) {
        p->k[j] = slowest * exp(span * j / (p->n_grid - 1));
        for (size_t i = 0; i < p->n; i++) {
            p->share_full[(size_t)j * p->n + i] = full_share(p, i, p->k[j], &slope);
        }
    }
}

/* All arrays in one block, freed by the caller; *room is one row more. */
static double *new_problem(problem *p, const myo_course_bin *bin, size_t n, size_t used,
                           myo_course_form form, double **room) {
    double *block = myo_alloc(used * (GRID_MAX + 6), sizeof *block);
    if (!block) {
        return NULL;
    }
    *p = (problem){.begin = block,
                   .end = block + used,
                   .before = block + 2 * used,
                   .time = block + 3 * used,
                   .count = block + 4 * used,
                   .share_full = block + 6 * used,
                   .form = form};
    *room = block + 5 * used;
    fill_bins(p, bin, n);
    fill_grid(p);
    return block;
}

/* --- resampling --- */

/* Hormann 1993, PTRS: transformed rejection for mean >= 10. */
static double draw_poisson_large(myo_rng *r, double mean) {
    const double b = 0.931 + 2.53 * sqrt(mean), a = -0.059 + 0.02483 * b;
    const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4), vr = 0.9277 - 3.6224 / (b - 2.0);
    for (;;) {
        const double u = myo_rng_uniform(r) - 0.5, v = 1.0 - myo_rng_uniform(r);
        const double us = 0.5 - fabs(u), k = floor((2.0 * a / us + b) * u + mean + 0.43);
        if (us >= 0.07 && v <= vr) {
            return k;
        }
        if (k < 0.0 || (us < 0.013 && v > us)) {
            continue;
        }
        int sign;
        const double right = k * log(mean) - mean - lgamma_r(k + 1.0, &sign);
        if (log(v * inverse_alpha / (a / (us * us) + b)) <= right) {
            return k;
        }
    }
}

static double draw_poisson(myo_rng *r, double mean) {
    if (mean >= 10.0) {
        return draw_poisson_large(r, mean);
    }
    double n = 0.0;
    for (double t = myo_rng_exponential(r); t < mean; t += myo_rng_exponential(r)) {
        n += 1.0;
    }
    return n;
}

/* A gamma-mixed Poisson count whose variance is fano times its mean. */
static double draw_count(myo_rng *r, double mean, double fano) {
    if (fano > 1.0 && mean > 0.0) {
        mean = myo_rng_gamma(r, mean / (fano - 1.0)) * (fano - 1.0);
    }
    return draw_poisson(r, mean);
}

typedef struct draws {
    double *lambda0, *effect, *k; /* `resamples` of each */
    int64_t n;                    /* made; without any event a draw is none */
} draws;

static void redraw(problem *to, const double *mean, double fano, uint64_t seed, uint64_t stream) {
    myo_rng r;
    myo_rng_seed(&r, seed, stream);
    to->events = 0.0;
    for (size_t i = 0; i < to->n; i++) {
        to->count[i] = draw_count(&r, mean[i], fano);
        to->events += to->count[i];
    }
}

static void draw_fits(draws *d, problem *p, const double *mean, double *room,
                      const myo_course_opts *o) {
    for (int64_t b = 0; b < o->resamples; b++) {
        redraw(p, mean, o->fano, o->seed, 2 * (uint64_t)b);
        if (p->events > 0.0) {
            const fit f = maximum(p, room);
            d->lambda0[d->n] = f.scale * (1.0 - f.share);
            d->effect[d->n] = effect_of(&f);
            d->k[d->n++] = f.edge < 0 ? 0.0 : f.edge > 0 ? INFINITY : f.k;
        }
    }
}

/* How often one rate throughout gains as much as was seen. A draw without events gains nothing. */
static double null_p(problem *p, double *mean, double *room, double seen,
                     const myo_course_opts *o) {
    int64_t reached = 0;
    const double rate = p->events / p->exposure;
    for (size_t i = 0; i < p->n; i++) {
        mean[i] = rate * p->time[i];
    }
    for (int64_t b = 0; b < o->resamples; b++) {
        redraw(p, mean, o->fano, o->seed, 2 * (uint64_t)b + 1);
        double gained = 0.0;
        if (p->events > 0.0) {
            const fit f = maximum(p, room);
            gained = gain(p, &f);
        }
        reached += gained >= seen - 1e-9;
    }
    return ((double)reached + 1.0) / ((double)o->resamples + 1.0);
}

/* Percentile limits: order statistics outwards of the level, as infinite values cannot be mixed. */
static void set_limits(myo_test *t, double *x, int64_t n) {
    t->resamples = n;
    if (n < 2 || t->why) {
        return;
    }
    myo_sort_f64(x, (size_t)n);
    const double tail = 0.5 * (1.0 - t->level) * (double)(n - 1);
    t->low = x[(size_t)floor(tail)];
    t->high = x[(size_t)ceil((double)(n - 1) - tail)];
}

/* Intervals and p into *out; the counts of p are drawn anew on the way. */
static myo_err resample(myo_course *out, problem *p, const fit *f, double *room,
                        const myo_course_opts *o) {
    const size_t b = (size_t)o->resamples;
    double *block = myo_alloc(3 * b + 2 * p->n, sizeof *block);
    if (!block) {
        return MYO_ERR_NOMEM;
    }
    double *mean = block + 3 * b, *count = mean + p->n;
    const double events = p->events, seen = out->effect.statistic;
    memcpy(count, p->count, p->n * sizeof *count);
    for (size_t i = 0; i < p->n; i++) {
        double slope;
        const double g = full_share(p, i, f->k, &slope);
        mean[i] = p->time[i] * f->scale * (1.0 - g + f->share * (2.0 * g - 1.0));
    }
    draws d = {block, block + b, block + 2 * b, 0};
    draw_fits(&d, p, mean, room, o);
    set_limits(&out->lambda0, d.lambda0, d.n);
    set_limits(&out->effect, d.effect, d.n);
    set_limits(&out->k, d.k, d.n);
    p->events = events;
    memcpy(p->count, count, p->n * sizeof *count);
    out->effect.p = out->effect.why ? NAN : null_p(p, mean, room, seen, o);
    myo_free(block);
    return MYO_OK;
}

/* --- the result --- */

static const char *why_no_effect(const fit *f, myo_course_form form) {
    if (form == MYO_COURSE_WEARS && f->edge > 0) {
        return "the effect is over within the first bins: its size at the start cannot be told";
    }
    if (form == MYO_COURSE_BUILDS && f->edge < 0) {
        return "the effect is still building up at the end: its final size cannot be told";
    }
    return NULL;
}

static const char *why_no_k(const fit *f, myo_course_form form) {
    if (f->edge < 0) {
        return form == MYO_COURSE_WEARS ? "no wearing off is seen within the time watched"
                                        : "the effect is still building up at the end";
    }
    if (f->edge > 0) {
        return form == MYO_COURSE_WEARS ? "the effect is over within the first bins"
                                        : "the effect is full within the first bins";
    }
    return NULL;
}

static myo_test parameter(double estimate, const char *why, double level) {
    myo_test t = myo_test_none(why);
    if (!why) {
        t.estimate = estimate;
        t.level = level;
    }
    return t;
}

static double dispersion_of(const problem *p, const fit *f) {
    double sum = 0.0, slope;
    for (size_t i = 0; i < p->n; i++) {
        const double g = full_share(p, i, f->k, &slope);
        const double mu = p->time[i] * f->scale * (1.0 - g + f->share * (2.0 * g - 1.0));
        sum += mu > 0.0 ? (p->count[i] - mu) * (p->count[i] - mu) / mu : 0.0;
    }
    return p->n > 3 ? sum / (double)(p->n - 3) : NAN;
}

static myo_course none(const char *why) {
    const myo_test t = myo_test_none(why);
    return (myo_course){t, t, t, NAN, NAN, NAN, why};
}

static myo_course course_of(const problem *p, const fit *f, double level) {
    if (!(f->share < 1.0) || !isfinite(f->loglik)) {
        return none("no event where the rate is without effect: nothing to compare with");
    }
    myo_course c = {.lambda0 = parameter(f->scale * (1.0 - f->share), NULL, level),
                    .effect = parameter(effect_of(f), why_no_effect(f, p->form), level),
                    .k = parameter(f->k, why_no_k(f, p->form), level),
                    .curve_effect = effect_of(f),
                    .curve_k = f->k,
                    .dispersion = dispersion_of(p, f)};
    c.effect.statistic = c.effect.why ? NAN : gain(p, f);
    return c;
}

myo_err myo_course_fit(myo_course *out, const myo_course_bin *bin, size_t n, myo_course_form form,
                       const myo_course_opts *opts) {
    size_t used = 0;
    const char *wrong = options_wrong(opts);
    wrong = wrong ? wrong : bins_wrong(bin, n, &used);
    if (wrong) {
        *out = none(wrong);
        return MYO_OK;
    }
    problem p;
    double *room, *block = new_problem(&p, bin, n, used, form, &room);
    if (!block) {
        return MYO_ERR_NOMEM;
    }
    const fit f = maximum(&p, room);
    myo_course c = course_of(&p, &f, opts->level);
    myo_err err = MYO_OK;
    if (!c.why && opts->resamples > 0) {
        err = resample(&c, &p, &f, room, opts);
    }
    if (err == MYO_OK) {
        *out = c;
    }
    myo_free(block);
    return err;
}

double myo_course_rate(const myo_course *c, myo_course_form form, double minutes) {
    const double a = c->lambda0.estimate;
    if (!(minutes >= 0.0)) {
        return a;
    }
    const double wearing = exp(-c->curve_k * minutes);
    return a * (1.0 - c->curve_effect * (form == MYO_COURSE_WEARS ? wearing : 1.0 - wearing));
}
