/* onset.c - how soon the first event came, in two arms: people watched to the end without one are
 * censored there (science.md 6.4). */
#include "base/base.h"
#include "compare/arms.h"
#include "compare/words.h"
#include "stats/draw.h"
#include "stats/survive.h"

/* Chi-squared is too small in arms of few people: up to so many they are permuted, and beyond where
 * all groupings can be gone through at little cost. */
enum { FEW_PEOPLE = 50, MOST_PERMUTED = 1000 };

/* Everybody of both arms. */
typedef struct waits {
    double *time;
    bool *event;
    int *arm; /* 0 reference, 1 contrast */
    size_t n;
} waits;

static void add_arm(const myo_versus *q, const myo_arm *a, int arm, waits *w) {
    for (size_t i = 0; i < a->n; i++) {
        w->time[w->n] = a->value[i];
        w->event[w->n] = myo_arms_had(q, a, i);
        w->arm[w->n++] = arm;
    }
}

/* Median time of n people (Kaplan and Meier); NaN: not reached. */
static myo_err median_of(const double *time, const bool *event, size_t n, double *out) {
    myo_km k = {0};
    *out = NAN;
    if (n == 0) {
        return MYO_OK;
    }
    MYO_TRY(myo_km_fit(&k, time, event, n, MYO_ARMS_LEVEL));
    *out = k.median.estimate;
    myo_km_clear(&k);
    return MYO_OK;
}

static void tell_clock(const myo_versus *q, myo_cmp_row *r) {
    const myo_arms *arms = q->c->arms;
    myo_cmp_row_warn(q->c, r, "time from the %s",
                     arms->from_dose ? "dose" : "recording's first sample");
    if (arms->n_several > 0) {
        myo_cmp_row_warn(q->c, r, "%s several recordings: the first one of each",
                         myo_say_count(q->c, arms->n_several, "person has", "people have"));
    }
}

static void tell_median(const myo_versus *q, const myo_arm *a, double median, myo_cmp_row *r) {
    if (isnan(median) && a->n > 0) {
        myo_cmp_row_warn(q->c, r, "median not reached under %s", a->name);
    }
}

static bool permutes(const myo_versus *q, size_t n) {
    return n <= FEW_PEOPLE ||
           (n <= MOST_PERMUTED && myo_n_choices(n, q->con.n) <= MYO_ARRANGEMENTS_EXACT);
}

static myo_err logrank(const myo_versus *q, const waits *w, myo_cmp_row *r) {
    const char *const by[] = {"log-rank (chi-squared); hazard ratio by Cox, Efron ties, Wald interval",
                              "log-rank by permutation (all groupings); hazard ratio by Cox, Efron "
                              "ties, Wald interval",
                              "log-rank by permutation (Monte Carlo); hazard ratio by Cox, Efron "
                              "ties, Wald interval"};
    const myo_draws draws = {q->c->job->resamples, q->c->job->seed};
    const bool permuted = permutes(q, w->n);
    myo_test t;
    if (permuted) {
        MYO_TRY(myo_logrank_permuted(&t, w->time, w->event, w->arm, w->n, draws));
    } else {
        MYO_TRY(myo_logrank(&t, w->time, w->event, w->arm, w->n));
    }
    r->has_seed = t.resamples > 0;
    r->resamples = r->has_seed ? t.resamples : MYO_NO_INT;
    r->test = by[r->has_seed ? 2 : permuted];
    r->p = t.p;
    return MYO_OK;
}

/* Where one arm has no event while the other was watched, the likelihood has its top at 0 (the
 * contrast has none) or at infinity, which is no number for the table: NaN. */
static double ratio_at_the_end(const waits *w, size_t n_ref) {
    double last = 0.0;
    for (size_t i = 0; i < n_ref; i++) {
        last = fmax(last, w->time[i]);
    }
    for (size_t i = n_ref; i < w->n; i++) {
        if (w->event[i] && w->time[i] <= last) {
            return NAN;
        }
    }
    return 0.0;
}

static myo_err compare(const myo_versus *q, const waits *w) {
    myo_cmp_row r = myo_versus_row(q);
    myo_test hazard;
    MYO_TRY(median_of(w->time, w->event, q->ref.n, &r.estimate_reference));
    MYO_TRY(median_of(w->time + q->ref.n, w->event + q->ref.n, q->con.n, &r.estimate_contrast));
    MYO_TRY(myo_hazard_ratio(&hazard, w->time, w->event, w->arm, w->n, MYO_ARMS_LEVEL));
    myo_cmp_row_test(q->c, &r, &hazard);
    MYO_TRY(logrank(q, w, &r));
    r.effect = hazard.why && !isnan(r.p) ? ratio_at_the_end(w, q->ref.n) : r.effect;
    tell_clock(q, &r);
    if (r.events_reference + r.events_contrast > 0) {
        tell_median(q, &q->ref, r.estimate_reference, &r);
        tell_median(q, &q->con, r.estimate_contrast, &r);
    }
    return myo_compare_add(q->c, &r);
}

myo_err myo_arms_onset(const myo_versus *q) {
    const size_t n = q->ref.n + q->con.n + 1;
    waits w = {.time = myo_alloc(n, sizeof *w.time),
               .event = myo_alloc(n, sizeof *w.event),
               .arm = myo_alloc(n, sizeof *w.arm)};
    myo_err e = w.time && w.event && w.arm ? MYO_OK : MYO_ERR_NOMEM;
    if (e == MYO_OK) {
        add_arm(q, &q->ref, 0, &w);
        add_arm(q, &q->con, 1, &w);
        e = compare(q, &w);
    }
    myo_free(w.time);
    myo_free(w.event);
    myo_free(w.arm);
    return e;
}
