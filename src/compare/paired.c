/* paired.c - design paired: the same people under two conditions (science.md 6.3). */
#include <string.h>
#include "base/base.h"
#include "compare/crossover.h"
#include "compare/designs.h"
#include "compare/mdc.h"
#include "compare/pairs.h"
#include "compare/words.h"
#include "stats/rank.h"
#include "stats/resample.h"
#include "stats/shares.h"

static const double LEVEL = 0.95;
/* The signed ranks of five differences reach p = 2 / 2^5 = 0.0625 at the least. */
enum { FEW = 6 };

/* One question about one pair of conditions. */
typedef struct question {
    myo_comparison *c;
    const myo_outcome *o;
    int reference, contrast;
    double mdc;
    myo_pairs pairs;
    myo_crossed crossed;
} question;

/* --- what is in the row before any test --- */

static double median_over(const myo_pooled *p, int n, myo_metric_id metric, double *scratch) {
    size_t k = 0;
    for (int i = 0; i < n; i++) {
        const double v = myo_pooled_value(&p[i], metric);
        if (!isnan(v)) {
            scratch[k++] = v;
        }
    }
    return myo_quartiles_of(scratch, k).median;
}

static myo_err estimates(const question *q, myo_cmp_row *r) {
    const myo_pairs *p = &q->pairs;
    double *scratch = myo_alloc((size_t)p->n_pairs + 1, sizeof *scratch);
    if (!scratch) {
        return MYO_ERR_NOMEM;
    }
    r->estimate_reference = median_over(p->ref, p->n_pairs, q->o->metric, scratch);
    r->estimate_contrast = median_over(p->con, p->n_pairs, q->o->metric, scratch);
    myo_free(scratch);
    return MYO_OK;
}

static void totals(const question *q, myo_cmp_row *r) {
    const myo_pairs *p = &q->pairs;
    r->n_reference = r->n_contrast = p->n_pairs;
    r->events_reference = r->events_contrast = 0;
    r->exposure_reference_h = r->exposure_contrast_h = 0.0;
    for (int i = 0; i < p->n_pairs; i++) {
        r->events_reference += p->ref[i].n;
        r->events_contrast += p->con[i].n;
        r->exposure_reference_h += p->ref[i].exposure_s / 3600.0;
        r->exposure_contrast_h += p->con[i].exposure_s / 3600.0;
    }
}

/* The same people's change may differ between arms. */
static void tell_arms(const question *q, myo_cmp_row *r) {
    if (q->c->groups.n > 1) {
        myo_cmp_row_warn(q->c, r, "people of %d groups together: not a comparison of the groups",
                         q->c->groups.n);
    }
}

static void tell_left_out(const question *q, myo_cmp_row *r) {
    const myo_pairs *p = &q->pairs;
    const int all = p->n_pairs + p->n_incomplete + p->n_no_exposure;
    const struct {
        int n;
        const char *what;
    } left_out[] = {
        {p->n_incomplete, "with one of the two conditions only, left out"},
        {p->n_no_exposure, "without usable time under one condition, left out"},
        {p->n_no_event, "without any event, which tells nothing about a ratio"},
        {p->n_no_value, "without a value under one condition, left out"},
        {p->n_units, "with recordings that differ in unit, left out"},
    };
    for (size_t i = 0; i < sizeof left_out / sizeof left_out[0]; i++) {
        if (left_out[i].n > 0) {
            myo_cmp_row_warn(q->c, r, "%d of %s %s", left_out[i].n, myo_say_people(q->c, all),
                             left_out[i].what);
        }
    }
}

/* Recordings of the people above that count for nothing. */
static void tell_no_time(const question *q, myo_cmp_row *r) {
    int n = 0;
    for (int i = 0; i < q->pairs.n_pairs; i++) {
        n += q->pairs.ref[i].n_no_exposure + q->pairs.con[i].n_no_exposure;
    }
    if (n > 0) {
        myo_cmp_row_warn(q->c, r, "%s without usable time, left out",
                         myo_say_count(q->c, n, "recording", "recordings"));
    }
}

static myo_err start_row(const question *q, myo_cmp_row *r) {
    const myo_comparison *c = q->c;
    *r = myo_cmp_row_of(c, q->o, c->conditions.name[q->reference], c->conditions.name[q->contrast]);
    r->n_people = q->pairs.n;
    r->mdc = q->mdc;
    totals(q, r);
    return estimates(q, r);
}

/* --- tests --- */

/* Fill in a test on the metric's scale. */
static void put_test(const question *q, myo_cmp_row *r, const myo_test *t) {
    if (myo_metrics[q->o->metric].ratio_name) {
        myo_cmp_row_log_test(q->c, r, t);
    } else {
        myo_cmp_row_test(q->c, r, t);
    }
}

/* Nobody, or one: what there is to say instead of a test. True if so. */
static bool too_few(const question *q, myo_cmp_row *r) {
    const myo_pairs *p = &q->pairs;
    if (p->n == 1) {
        const myo_test one = {p->d[0], NAN, NAN, NAN, NAN, NAN, "one pair: described, not tested",
                              0};
        put_test(q, r, &one);
    } else if (p->n == 0) {
        myo_cmp_row_warn(q->c, r, "%s",
                         p->n_pairs == 0 ? "no pair"
                         : p->n_no_event ? "no event"
                                         : "no value");
    }
    return p->n < 2;
}

static void warn_ranks(const question *q, const myo_signed_ranks *s, myo_cmp_row *r) {
    if (s->n_zero > 0 && s->n_used > 0) {
        myo_cmp_row_warn(q->c, r,
                         "%zu of %d people did not change: in the estimate and its interval, not "
                         "in the ranks of the test",
                         s->n_zero, q->pairs.n);
    }
    if (s->n_used > 0 && q->pairs.n < FEW && !isnan(r->level)) {
        myo_cmp_row_warn(q->c, r, "%d people cannot give an interval of 95 %%: attained %.1f %%",
                         q->pairs.n, 100.0 * r->level);
    }
}

static myo_err signed_ranks(const question *q, myo_cmp_row *r) {
    r->test = "Wilcoxon signed-rank, Hodges-Lehmann";
    if (too_few(q, r)) {
        return MYO_OK;
    }
    myo_signed_ranks s;
    MYO_TRY(myo_signed_rank(q->pairs.d, (size_t)q->pairs.n, LEVEL, &s));
    put_test(q, r, &s.location);
    r->test = s.exact ? "Wilcoxon signed-rank (exact), Hodges-Lehmann"
                      : "Wilcoxon signed-rank (normal), Hodges-Lehmann";
    r->all_alike = s.n_used == 0;
    warn_ranks(q, &s, r);
    return MYO_OK;
}

static void warn_uneven(const question *q, myo_cmp_row *r) {
    char times[24], few[24];
    myo_format_g(times, sizeof times, q->pairs.times, 3);
    myo_format_g(few, sizeof few, q->pairs.few, 2);
    myo_cmp_row_warn(q->c, r,
                     "usable times differ %s-fold between the conditions and one has %s events a "
                     "person only: ranks of log rates would mislead, so the ratio and its test are "
                     "of each person's share of events under %s",
                     times, few, r->contrast);
}

/* Where logs of counts would mislead. */
static myo_err shares(const question *q, myo_cmp_row *r) {
    const myo_pairs *p = &q->pairs;
    r->test = "binomial given each person's events, scatter of people's scores";
    if (too_few(q, r)) {
        return MYO_OK;
    }
    myo_two_counts *counts = myo_alloc((size_t)p->n, sizeof *counts);
    if (!counts) {
        return MYO_ERR_NOMEM;
    }
    for (int i = 0; i < p->n; i++) {
        const myo_pooled *ref = &p->ref[p->pair[i]], *con = &p->con[p->pair[i]];
        counts[i] = (myo_two_counts){(double)ref->n, ref->exposure_s, (double)con->n,
                                     con->exposure_s};
    }
    const myo_test t = myo_shared_ratio(counts, (size_t)p->n, LEVEL);
    myo_free(counts);
    put_test(q, r, &t);
    warn_uneven(q, r);
    return MYO_OK;
}

static myo_err main_test(const question *q, myo_cmp_row *r) {
    return q->pairs.uneven ? shares(q, r) : signed_ranks(q, r);
}

/* --- rows --- */

/* Where counts did not get their logarithm by half an event. */
static void tell_added(const question *q, myo_cmp_row *r) {
    char fano[24];
    if (q->pairs.clustered && !q->pairs.uneven && q->pairs.n > 1) {
        myo_format_g(fano, sizeof fano, q->pairs.fano, 3);
        myo_cmp_row_warn(
            q->c, r,
            "events cluster (variance over mean of counts %s): up to half of that, not "
            "1/2, added to each count",
            fano);
    }
}

/* Where more had one order, what the period does counts as the condition's. */
static bool is_lopsided(const question *q) {
    return q->crossed.n[0] != q->crossed.n[1];
}

/* The period-adjusted row takes the headline's place; a few people stay too few. */
static bool is_adjusted(const question *q) {
    return q->o->role == MYO_PRIMARY && q->pairs.n >= FEW && is_lopsided(q) && !q->crossed.test.why &&
           !q->pairs.uneven;
}

static void tell_order(const question *q, myo_cmp_row *r) {
    static const double CLEAR_PERIOD = 0.1;
    const myo_crossed *x = &q->crossed;
    const char *first = q->c->conditions.name[q->reference];
    const char *people = myo_say_people(q->c, x->n[0]);
    char p[24];
    if (x->n[0] + x->n[1] < 2 || !(is_lopsided(q) || x->period < CLEAR_PERIOD)) {
        return;
    }
    if (x->test.why) {
        myo_cmp_row_warn(q->c, r, "order and condition are mixed up: %s had %s first, %d second",
                         people, first, x->n[1]);
        return;
    }
    myo_format_g(p, sizeof p, x->period, 2);
    myo_cmp_row_warn(q->c, r, "%s: see the period-adjusted row (%s had %s first, %d second; period p %s)",
                     is_lopsided(q) ? "order and condition are mixed up"
                                    : "first and second sessions differ, whichever the condition",
                     people, first, x->n[1], p);
}

/* Without a period-adjusted headline the sentence must say that it may be the order. */
static const char *order_caveat(const question *q) {
    const int *n = q->crossed.n;
    const char *ref = q->c->conditions.name[q->reference], *con = q->c->conditions.name[q->contrast];
    if (n[0] + n[1] < 2 || !is_lopsided(q) || is_adjusted(q)) {
        return NULL;
    }
    if (n[0] == 0 || n[1] == 0) {
        return myo_compare_text(q->c, "Everybody had %s first: order and condition cannot be told apart.",
                                n[0] ? ref : con);
    }
    return myo_compare_text(q->c, "%s had %s first and %d %s: order and condition are mixed up.",
                            myo_say_people(q->c, n[0]), ref, n[1], con);
}

static myo_err headline(const question *q) {
    myo_cmp_row r;
    MYO_TRY(start_row(q, &r));
    MYO_TRY(main_test(q, &r));
    tell_added(q, &r);
    tell_order(q, &r);
    r.caveat = order_caveat(q);
    r.role = is_adjusted(q) ? MYO_SUPPORTING : r.role;
    tell_left_out(q, &r);
    tell_no_time(q, &r);
    tell_arms(q, &r);
    return myo_compare_add(q->c, &r);
}

static myo_err sign_flip(const question *q) {
    const myo_compare_job *job = q->c->job;
    myo_cmp_row r;
    MYO_TRY(start_row(q, &r));
    r.role = MYO_SUPPORTING;
    r.test = "sign-flip permutation of the mean";
    if (!too_few(q, &r)) {
        myo_test t;
        const myo_draws draws = {job->resamples, job->seed};
        MYO_TRY(myo_sign_flip(q->pairs.d, (size_t)q->pairs.n, LEVEL, draws, &t));
        put_test(q, &r, &t);
        r.has_seed = t.resamples > 0;
        r.test = r.has_seed ? "sign-flip permutation of the mean (Monte Carlo)"
                            : "sign-flip permutation of the mean (all flips)";
    }
    return myo_compare_add(q->c, &r);
}

/* The primary rate with indeterminate events counted in. */
static myo_err sensitivity(const question *q) {
    question in = *q;
    myo_cmp_row r;
    MYO_TRY(myo_pairs_of(q->c, q->o, q->reference, q->contrast, true, &in.pairs));
    in.mdc = NAN;
    myo_err e = start_row(&in, &r);
    if (e == MYO_OK) {
        r.role = MYO_SUPPORTING;
        r.indeterminate_in = true;
        e = main_test(&in, &r);
    }
    e = e == MYO_OK ? myo_compare_add(q->c, &r) : e;
    myo_pairs_clear(&in.pairs);
    return e;
}

static void warn_logs(const question *q, myo_cmp_row *r) {
    myo_cmp_row_warn(q->c, r, "few events in times that differ: made on log rates, which mislead");
}

static myo_err crossover(const question *q) {
    myo_cmp_row r;
    if (!q->crossed.made) {
        return MYO_OK;
    }
    MYO_TRY(start_row(q, &r));
    r.role = is_adjusted(q) ? q->o->role : MYO_SUPPORTING;
    r.test = "period-adjusted t (Hills-Armitage)";
    put_test(q, &r, &q->crossed.test);
    if (q->pairs.uneven) {
        warn_logs(q, &r);
    }
    if (is_adjusted(q)) {
        myo_cmp_row_warn(q->c, &r, "headline, as %s had %s first and %d second",
                         myo_say_people(q->c, q->crossed.n[0]), q->c->conditions.name[q->reference], q->crossed.n[1]);
        tell_left_out(q, &r);
        tell_no_time(q, &r);
        tell_arms(q, &r);
    }
    return myo_compare_add(q->c, &r);
}

static bool counts_indeterminate(const myo_comparison *c, const myo_outcome *o) {
    return o->role == MYO_PRIMARY && o->metric == MYO_METRIC_RATE &&
           strcmp(c->types.name[o->type], "indeterminate") != 0;
}

static myo_err ask(question *q) {
    const bool more = q->o->role < MYO_EXPLORATORY && q->pairs.n > 1;
    if (more) {
        MYO_TRY(myo_compare_crossover(q->c, &q->pairs, LEVEL, &q->crossed));
    }
    MYO_TRY(headline(q));
    if (more) {
        MYO_TRY(q->pairs.uneven ? MYO_OK : sign_flip(q));
        MYO_TRY(crossover(q));
    }
    return counts_indeterminate(q->c, q->o) ? sensitivity(q) : MYO_OK;
}

static myo_err compare_two(myo_comparison *c, int reference, int contrast) {
    for (int i = 0; i < c->n_outcomes; i++) {
        question q = {.c = c, .o = &c->outcome[i], .reference = reference, .contrast = contrast};
        MYO_TRY(myo_compare_mdc(c, q.o, reference, &q.mdc));
        MYO_TRY(myo_pairs_of(c, q.o, reference, contrast, false, &q.pairs));
        const myo_err e = ask(&q);
        myo_pairs_clear(&q.pairs);
        MYO_TRY(e);
    }
    return MYO_OK;
}

myo_err myo_design_paired(myo_comparison *c) {
    return myo_compare_contrasts(c, &c->conditions, "condition", compare_two);
}
