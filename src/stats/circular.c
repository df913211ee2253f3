/* circular.c - one person, two sessions of clustered events: blocks of bins permuted on rings. */
#include <math.h>
#include "base/base.h"
#include "myotab/stop.h"
#include "stats/draw.h"
#include "stats/order.h"
#include "stats/resample.h"

enum { LEAST_BLOCKS = 5 };

/* A session, its bins joined to a ring. */
typedef struct ring {
    double *count, *exposure; /* sums over bins 0..i-1, i in 0..2n: twice round */
    size_t n;                 /* bins with exposure */
} ring;

static const char *ring_fill(ring *r, const myo_bins *b) {
    for (size_t i = 0; i < b->n; i++) {
        if (!isfinite(b->count[i]) || !isfinite(b->exposure[i])) {
            return myo_why_finite;
        }
        if (b->count[i] < 0.0 || b->exposure[i] < 0.0) {
            return "a count or an exposure is negative";
        }
        if (b->exposure[i] > 0.0) {
            r->n++;
            r->count[r->n] = r->count[r->n - 1] + b->count[i];
            r->exposure[r->n] = r->exposure[r->n - 1] + b->exposure[i];
        }
    }
    for (size_t i = 1; i <= r->n; i++) {
        r->count[r->n + i] = r->count[r->n] + r->count[i];
        r->exposure[r->n + i] = r->exposure[r->n] + r->exposure[i];
    }
    return r->n < LEAST_BLOCKS ? "fewer than five bins with exposure" : NULL;
}

static myo_err ring_new(ring *r, const myo_bins *b, const char **why) {
    r->n = 0;
    r->count = myo_alloc(2 * b->n + 1, sizeof *r->count);
    r->exposure = myo_alloc(2 * b->n + 1, sizeof *r->exposure);
    if (!r->count || !r->exposure) {
        return MYO_ERR_NOMEM;
    }
    *why = *why ? *why : ring_fill(r, b);
    return MYO_OK;
}

static double events_of(const ring *r) {
    return r->count[r->n];
}

static double rate_of(const ring *r) {
    return r->count[r->n] / r->exposure[r->n];
}

/* Events times dispersion: of the counts in all n windows of `width` bins. Their squared distances
 * from expectation come out short by 1 - width / n, the rate being fitted to them. */
static double spread(const ring *r, size_t width) {
    const double rate = rate_of(r), n = (double)r->n;
    double sum = 0.0;
    for (size_t i = 0; rate > 0.0 && i < r->n; i++) {
        const double mu = rate * (r->exposure[i + width] - r->exposure[i]);
        const double off = r->count[i + width] - r->count[i] - mu;
        sum += off * off / mu;
    }
    return events_of(r) * sum / (n - (double)width);
}

typedef struct sums {
    double count, exposure;
} sums;

/* The blocks of a ring turned by `turn` that are picked (or not). Block k of n_blocks begins at bin
 * floor(k n / n_blocks). */
static sums sum_blocks(const ring *r, size_t turn, const bool *pick, bool want, size_t n_blocks) {
    sums s = {0};
    for (size_t k = 0; k < n_blocks; k++) {
        if (pick[k] == want) {
            const size_t from = turn + k * r->n / n_blocks, to = turn + (k + 1) * r->n / n_blocks;
            s.count += r->count[to] - r->count[from];
            s.exposure += r->exposure[to] - r->exposure[from];
        }
    }
    return s;
}

typedef struct turned {
    ring ref, con;
    size_t n_blocks; /* a session */
    double extra;    /* events that keep small counts from showing impossible ratios */
    myo_inversion v; /* thresholds: ratios of rates; here n leaves out those of no event */
} turned;

/* Parts a of the reference and b of the contrast change sides. */
static void exchange(turned *t, sums a, sums b) {
    if (!(a.count + b.count > 0.0)) {
        t->v.lower += 1.0; /* nothing changes, whatever the ratio */
        t->v.upper += 1.0;
        return;
    }
    const double ra = a.count / a.exposure, rb = b.count / b.exposure;
    const double add = 2.0 * t->extra / (a.exposure + b.exposure);
    double ratio = (rb + add) / (ra + add);
    if (fabs(rb - ra) <= 1e-12 * (ra + rb)) {
        ratio = 1.0;
    }
    t->v.threshold[t->v.n++] = ratio;
}

static myo_err exchange_all(turned *t, myo_draws draws) {
    const size_t k = t->n_blocks;
    bool *pick = myo_alloc(2 * k, sizeof *pick);
    uint32_t *order = myo_alloc(2 * k, sizeof *order);
    myo_rng rng = {0};
    const myo_err e = pick && order ? MYO_OK : MYO_ERR_NOMEM;
    for (int64_t i = 0; e == MYO_OK && i < draws.resamples && !myo_stop_requested(); i++) {
        myo_draw_begin(&rng, draws.seed, i);
        const size_t turn_ref = myo_draw_below(&rng, (uint32_t)t->ref.n);
        const size_t turn_con = myo_draw_below(&rng, (uint32_t)t->con.n);
        myo_draw_choice(&rng, 2 * k, k, pick, order); /* which blocks are in the contrast */
        exchange(t, sum_blocks(&t->ref, turn_ref, pick, true, k),
                 sum_blocks(&t->con, turn_con, pick + k, false, k));
    }
    myo_free(pick);
    myo_free(order);
    return e;
}

/* A ratio is kept while more than `tail` of the arrangements are as extreme either way; v->lower
 * and v->upper hold those that always are. */
static void limits(turned *t, double level, double all, myo_test *out) {
    myo_inversion *v = &t->v;
    const double always = v->upper, tail = 0.5 * (1.0 - level) * (1.0 + 1e-12);
    const double more = floor(tail * all - always); /* the limit's place among the thresholds */
    for (size_t i = 0; i < v->n; i++) {
        v->upper += v->threshold[i] <= 1.0;
        v->lower += v->threshold[i] >= 1.0;
    }
    out->p = myo_two_sided(v->lower / all, v->upper / all);
    out->low = 0.0;
    out->high = INFINITY;
    out->level = level;
    if (more >= 0.0 && more < (double)v->n) {
        const size_t k = (size_t)more;
        if (events_of(&t->con) > 0.0) {
            out->low = fmin(myo_kth(v->threshold, v->n, k), out->estimate);
        }
        if (events_of(&t->ref) > 0.0) {
            out->high = fmax(myo_kth(v->threshold, v->n, v->n - 1 - k), out->estimate);
        }
    }
}

static myo_err compare(turned *t, double level, myo_draws draws, myo_circular *out) {
    const size_t n = t->ref.n < t->con.n ? t->ref.n : t->con.n;
    const double ref = events_of(&t->ref), con = events_of(&t->con);
    t->n_blocks = (size_t)fmax(LEAST_BLOCKS, round(cbrt((double)n)));
    out->block = n / t->n_blocks;
    out->dispersion =
        (spread(&t->ref, t->ref.n / t->n_blocks) + spread(&t->con, t->con.n / t->n_blocks)) /
        (ref + con);
    t->extra = 0.5 * fmax(out->dispersion, 1.0);
    t->v.lower = t->v.upper = 1.0;
    t->v.threshold = myo_alloc((size_t)draws.resamples, sizeof *t->v.threshold);
    if (!t->v.threshold) {
        return MYO_ERR_NOMEM;
    }
    MYO_TRY(exchange_all(t, draws));
    out->test.estimate = ref > 0.0 ? rate_of(&t->con) / rate_of(&t->ref) : INFINITY;
    out->test.statistic = rate_of(&t->con) - rate_of(&t->ref);
    out->test.resamples = draws.resamples;
    limits(t, level, (double)draws.resamples + 1.0, &out->test);
    return MYO_OK;
}

myo_err myo_circular_bins(myo_bins ref, myo_bins con, double level, myo_draws draws,
                          myo_circular *out) {
    const char *why = myo_level_ok(level) ? myo_draws_why(draws) : myo_why_level;
    turned t = {0};
    if (!why && (ref.n > INT32_MAX || con.n > INT32_MAX)) {
        why = "too many bins";
    }
    myo_err e = MYO_OK;
    if (!why) {
        e = ring_new(&t.ref, &ref, &why);
    }
    if (e == MYO_OK && !why) {
        e = ring_new(&t.con, &con, &why);
    }
    if (e == MYO_OK && !why && !(events_of(&t.ref) + events_of(&t.con) > 0.0)) {
        why = "no event";
    }
    myo_circular r = {myo_test_none(why), 0, NAN};
    if (e == MYO_OK && !why) {
        e = compare(&t, level, draws, &r);
    }
    myo_free(t.ref.count);
    myo_free(t.ref.exposure);
    myo_free(t.con.count);
    myo_free(t.con.exposure);
    myo_free(t.v.threshold);
    if (e == MYO_OK) {
        *out = r;
    }
    return e;
}
