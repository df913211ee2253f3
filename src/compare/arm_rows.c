/* arm_rows.c - columns of the summary in two arms, each person once: rates by counts, the rest by
 * ranks. */
#include <string.h>
#include "base/base.h"
#include "compare/arms.h"
#include "compare/mdc.h"
#include "stats/negbin.h"
#include "stats/rank.h"
#include "stats/resample.h"

/* --- rates --- */

/* Events and hours of everybody, the reference's people first. */
typedef struct counts {
    double *count, *hours;
    int *arm; /* 0 reference, 1 contrast */
    size_t n;
    size_t n_ref;
    double events[2], exposure_h[2];
} counts;

static void add_arm(const myo_versus *q, const myo_arm *a, int arm, bool indeterminate_in,
                    counts *k) {
    for (size_t i = 0; i < a->n; i++) {
        const myo_pooled *p = myo_arms_cell(q->c, a->who[i], q->o);
        k->count[k->n] = (double)(p->n + (indeterminate_in ? p->n_indeterminate : 0));
        k->hours[k->n] = p->exposure_s / 3600.0;
        k->events[arm] += k->count[k->n];
        k->exposure_h[arm] += k->hours[k->n];
        k->arm[k->n++] = arm;
    }
}

static void clear_counts(counts *k) {
    myo_free(k->count);
    myo_free(k->hours);
    myo_free(k->arm);
}

static myo_err take_counts(const myo_versus *q, bool indeterminate_in, counts *k) {
    const size_t n = q->ref.n + q->con.n + 1;
    *k = (counts){.count = myo_alloc(n, sizeof *k->count),
                  .hours = myo_alloc(n, sizeof *k->hours),
                  .arm = myo_alloc(n, sizeof *k->arm),
                  .n_ref = q->ref.n};
    if (!k->count || !k->hours || !k->arm) {
        clear_counts(k);
        return MYO_ERR_NOMEM;
    }
    add_arm(q, &q->ref, 0, indeterminate_in, k);
    add_arm(q, &q->con, 1, indeterminate_in, k);
    return MYO_OK;
}

static void put_rates(const counts *k, myo_cmp_row *r) {
    r->events_reference = (int64_t)k->events[0];
    r->events_contrast = (int64_t)k->events[1];
    r->estimate_reference = k->exposure_h[0] > 0.0 ? k->events[0] / k->exposure_h[0] : NAN;
    r->estimate_contrast = k->exposure_h[1] > 0.0 ? k->events[1] / k->exposure_h[1] : NAN;
}

static myo_err permute(const myo_versus *q, const counts *k, myo_cmp_row *r) {
    const myo_draws draws = {q->c->job->resamples, q->c->job->seed};
    const myo_people ref = {k->count, k->hours, k->n_ref};
    const myo_people con = {k->count + k->n_ref, k->hours + k->n_ref, k->n - k->n_ref};
    myo_test t;
    MYO_TRY(myo_permute_rates(ref, con, MYO_ARMS_LEVEL, draws, &t));
    myo_cmp_row_test(q->c, r, &t);
    if (isnan(t.level) && !isnan(t.p)) {
        myo_cmp_row_warn(q->c, r, "everybody is alike: regrouping people gives no interval");
    }
    r->has_seed = t.resamples > 0;
    r->test = r->has_seed ? "studentised permutation of people (Monte Carlo)"
                          : "studentised permutation of people (all groupings)";
    return MYO_OK;
}

static void put_model(const myo_versus *q, const myo_negbin *f, myo_cmp_row *r) {
    r->test = f->is_poisson ? "negative binomial without scatter (Poisson), profile likelihood"
                            : "negative binomial, profile likelihood";
    r->estimate_reference = f->rate_reference;
    r->estimate_contrast = f->rate_contrast;
    myo_cmp_row_test(q->c, r, &f->ratio);
}

/* The numbers of a test from one row to another, which keeps its own role. */
static void take_numbers(myo_cmp_row *to, const myo_cmp_row *from) {
    to->estimate_reference = from->estimate_reference;
    to->estimate_contrast = from->estimate_contrast;
    to->effect = from->effect;
    to->low = from->low;
    to->high = from->high;
    to->level = from->level;
    to->p = from->p;
    to->test = from->test;
    to->has_seed = from->has_seed;
    to->resamples = from->resamples;
}

static myo_err regrouped_row(const myo_versus *q, const counts *k, myo_cmp_row *r) {
    *r = myo_versus_support(q, NULL, NULL);
    put_rates(k, r);
    return permute(q, k, r);
}

/* Where few people have most of the events, no gamma law describes how rates scatter, and the model
 * finds differences that are not there (log-normal rates, SD of logs 1 and 1.5, 20 people an arm: in
 * 11 and 19 % of true null hypotheses; regrouping people: 4 %). So what it finds counts only if
 * regrouping bears it out; else that has the word. `beside`: whichever has not. */
static myo_err check_model(const myo_versus *q, const counts *k, myo_cmp_row *r, myo_cmp_row *beside) {
    MYO_TRY(regrouped_row(q, k, beside));
    if (beside->p > 1.0 - MYO_ARMS_LEVEL) {
        const myo_cmp_row model = *r;
        take_numbers(r, beside);
        take_numbers(beside, &model);
        myo_cmp_row_warn(q->c, r, "the negative binomial model finds a difference that regrouping "
                                  "people does not bear out");
    }
    return MYO_OK;
}

/* With few events the model may find no bound to their scatter: then people are permuted
 * (science.md 6.1). The estimates are the model's, which weighs people by what it knows of them.
 * beside->test is set where regrouping was asked besides the model. */
static myo_err model(const myo_versus *q, const counts *k, myo_cmp_row *r, myo_cmp_row *beside) {
    beside->test = NULL;
    r->test = "negative binomial, profile likelihood";
    if (k->events[0] + k->events[1] == 0.0) {
        myo_cmp_row_warn(q->c, r, "no event");
        return MYO_OK;
    }
    if (q->ref.n < 2 || q->con.n < 2) { /* how people scatter cannot be seen */
        r->effect = r->estimate_contrast / r->estimate_reference;
        myo_cmp_row_warn(q->c, r, "fewer than two people in a group");
        return MYO_OK;
    }
    const myo_negbin f = myo_negbin_ratio(k->count, k->hours, k->arm, k->n, MYO_ARMS_LEVEL);
    if (f.ratio.why) {
        MYO_TRY(permute(q, k, r));
        if (!isnan(r->p)) {
            myo_cmp_row_warn(q->c, r, "no negative binomial model: %s", f.ratio.why);
        }
        return MYO_OK;
    }
    put_model(q, &f, r);
    return r->p <= 1.0 - MYO_ARMS_LEVEL ? check_model(q, k, r, beside) : MYO_OK;
}

static myo_err headline(const myo_versus *q, const counts *k, myo_cmp_row *beside) {
    myo_cmp_row r = myo_versus_row(q);
    put_rates(k, &r);
    MYO_TRY(model(q, k, &r, beside));
    return myo_compare_add(q->c, &r);
}

/* What stands beside the headline: regrouped people, or the model. */
static myo_err row_beside(const myo_versus *q, const counts *k, myo_cmp_row *beside) {
    MYO_TRY(beside->test ? MYO_OK : regrouped_row(q, k, beside));
    return myo_compare_add(q->c, beside);
}

/* The primary rate with indeterminate events counted in. */
static myo_err sensitivity_row(const myo_versus *q) {
    counts k;
    myo_cmp_row r = myo_versus_support(q, NULL, NULL), beside;
    r.indeterminate_in = true;
    MYO_TRY(take_counts(q, true, &k));
    put_rates(&k, &r);
    myo_err e = model(q, &k, &r, &beside);
    e = e == MYO_OK ? myo_compare_add(q->c, &r) : e;
    clear_counts(&k);
    return e;
}

static bool counts_indeterminate(const myo_versus *q) {
    return q->o->role == MYO_PRIMARY && strcmp(q->c->types.name[q->o->type], "indeterminate") != 0;
}

/* --- rates against the person's own baseline --- */

/* Who of the arm has both, and the log of after over before, (n + 1/2) / h of each. */
static myo_err take_changes(const myo_versus *q, const myo_arm *from, myo_arm *out) {
    *out = (myo_arm){.name = from->name,
                     .who = myo_alloc(from->n + 1, sizeof *out->who),
                     .value = myo_alloc(from->n + 1, sizeof *out->value),
                     .n_all = from->n_all};
    if (!out->who || !out->value) {
        return MYO_ERR_NOMEM;
    }
    for (size_t i = 0; i < from->n; i++) {
        const myo_pooled *before = myo_arms_before(q->c, from->who[i], q->o);
        if (before) {
            out->who[out->n] = from->who[i];
            out->value[out->n++] = myo_log_rate(myo_arms_cell(q->c, from->who[i], q->o), 0.5) -
                                   myo_log_rate(before, 0.5);
        }
    }
    return MYO_OK;
}

static myo_err test_changes(const myo_versus *q) {
    myo_rank_sums s;
    myo_cmp_row r = myo_versus_support(q, "change_ratio", NULL);
    MYO_TRY(myo_rank_sum(q->ref.value, q->ref.n, q->con.value, q->con.n, MYO_ARMS_LEVEL, &s));
    myo_cmp_row_log_test(q->c, &r, &s.shift);
    r.test = s.exact ? "change from baseline, Mann-Whitney (exact), Hodges-Lehmann"
                     : "change from baseline, Mann-Whitney (normal), Hodges-Lehmann";
    r.estimate_reference = exp(myo_quartiles_of(q->ref.value, q->ref.n).median);
    r.estimate_contrast = exp(myo_quartiles_of(q->con.value, q->con.n).median);
    myo_cmp_row_warn(q->c, &r, "ratio of the arms' changes, each person after against baseline %s",
                     q->c->conditions.name[q->c->arms->baseline]);
    return myo_compare_add(q->c, &r);
}

static myo_err change_row(const myo_versus *q) {
    myo_versus v = {.c = q->c, .o = q->o};
    myo_err e = take_changes(q, &q->ref, &v.ref);
    e = e == MYO_OK ? take_changes(q, &q->con, &v.con) : e;
    e = e == MYO_OK ? test_changes(&v) : e;
    myo_free(v.ref.who);
    myo_free(v.ref.value);
    myo_free(v.con.who);
    myo_free(v.con.value);
    return e;
}

myo_err myo_arms_rate(const myo_versus *q) {
    counts k;
    myo_cmp_row beside;
    MYO_TRY(take_counts(q, false, &k));
    myo_err e = headline(q, &k, &beside);
    if (e == MYO_OK && q->o->role < MYO_EXPLORATORY && k.events[0] + k.events[1] > 0.0) {
        e = row_beside(q, &k, &beside);
    }
    clear_counts(&k);
    e = e == MYO_OK && counts_indeterminate(q) ? sensitivity_row(q) : e;
    const bool changes = q->o->role == MYO_PRIMARY && q->c->arms->baseline >= 0;
    return e == MYO_OK && changes ? change_row(q) : e;
}

/* --- burden, duration, peak, frequency --- */

/* The middle person's value, not its log. */
static double median_of(const myo_versus *q, const myo_arm *a, double *room) {
    for (size_t i = 0; i < a->n; i++) {
        room[i] = myo_pooled_value(myo_arms_cell(q->c, a->who[i], q->o), q->o->metric);
    }
    return myo_quartiles_of(room, a->n).median;
}

static myo_err put_medians(const myo_versus *q, myo_cmp_row *r) {
    double *room = myo_alloc(q->ref.n + q->con.n + 1, sizeof *room);
    if (!room) {
        return MYO_ERR_NOMEM;
    }
    r->estimate_reference = median_of(q, &q->ref, room);
    r->estimate_contrast = median_of(q, &q->con, room);
    myo_free(room);
    return MYO_OK;
}

/* Peaks of people in one unit? */
static bool one_unit(const myo_versus *q) {
    const myo_arm *const arms[] = {&q->ref, &q->con};
    const char *unit = NULL;
    for (int k = 0; k < 2; k++) {
        for (size_t i = 0; i < arms[k]->n; i++) {
            const myo_pooled *p = myo_arms_cell(q->c, arms[k]->who[i], q->o);
            if (!p->unit || (unit && strcmp(unit, p->unit) != 0)) {
                return false;
            }
            unit = p->unit;
        }
    }
    return true;
}

static myo_err test_ranks(const myo_versus *q, myo_cmp_row *r) {
    myo_rank_sums s;
    MYO_TRY(myo_rank_sum(q->ref.value, q->ref.n, q->con.value, q->con.n, MYO_ARMS_LEVEL, &s));
    if (myo_metrics[q->o->metric].ratio_name) {
        myo_cmp_row_log_test(q->c, r, &s.shift);
    } else {
        myo_cmp_row_test(q->c, r, &s.shift);
    }
    r->test =
        s.exact ? "Mann-Whitney (exact), Hodges-Lehmann" : "Mann-Whitney (normal), Hodges-Lehmann";
    return MYO_OK;
}

myo_err myo_arms_location(const myo_versus *q) {
    myo_cmp_row r = myo_versus_row(q);
    r.test = "Mann-Whitney, Hodges-Lehmann";
    MYO_TRY(put_medians(q, &r));
    if (r.events_reference + r.events_contrast == 0) {
        myo_cmp_row_warn(q->c, &r, "no event");
    } else if (q->o->metric == MYO_METRIC_PEAK && !one_unit(q)) {
        myo_cmp_row_warn(q->c, &r, "recordings differ in unit");
    } else {
        MYO_TRY(test_ranks(q, &r));
    }
    return myo_compare_add(q->c, &r);
}
