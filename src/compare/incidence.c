/* incidence.c - who had the event at all, in two arms: risks against each other. */
#include "base/base.h"
#include "compare/arms.h"
#include "stats/risk.h"

/* Where Katz's interval covers between these, its level is told as the nominal one. */
static const double COVERS_LOW = 0.93, COVERS_HIGH = 0.97, MOST_TOLD = 0.999;

static myo_2x2 table_of(const myo_cmp_row *r) {
    return (myo_2x2){r->events_contrast, r->n_contrast, r->events_reference, r->n_reference};
}

static double risk(int64_t events, int64_t n) {
    return n > 0 ? (double)events / (double)n : NAN;
}

static void put_risks(myo_cmp_row *r) {
    r->estimate_reference = risk(r->events_reference, r->n_reference);
    r->estimate_contrast = risk(r->events_contrast, r->n_contrast);
}

static myo_cmp_row support(const myo_versus *q, const char *effect_name, const char *test) {
    myo_cmp_row r = myo_versus_support(q, effect_name, test);
    put_risks(&r);
    return r;
}

/* The interval's own level at risks like the observed ones, pulled off 0 and 1 by half a person.
 * Rounded down: no interval is one of 100 %. NaN: not reckoned for so many people. */
static double attained(myo_2x2 t) {
    const double covers =
        myo_risk_ratio_katz_coverage(t.n1, ((double)t.a + 0.5) / ((double)t.n1 + 1.0), t.n0,
                                     ((double)t.c + 0.5) / ((double)t.n0 + 1.0), MYO_ARMS_LEVEL);
    const double down = floor(1000.0 * covers) / 1000.0;
    return down > MOST_TOLD ? MOST_TOLD : down;
}

static void tell_level(const myo_versus *q, myo_cmp_row *r) {
    const myo_2x2 t = table_of(r);
    const double covers = attained(t);
    if (t.a == 0 || t.c == 0 || t.a == t.n1 || t.c == t.n0) {
        myo_cmp_row_warn(q->c, r,
                         "nobody or everybody in an arm: 1/2 added to each cell of the table");
    }
    if (covers < COVERS_LOW || covers > COVERS_HIGH) {
        myo_cmp_row_warn(q->c, r,
                         "so few people: the interval of 95 %% covers %.1f %% at such risks",
                         100.0 * covers);
        r->level = covers;
    }
}

static myo_err headline(const myo_versus *q) {
    myo_cmp_row r = myo_versus_row(q);
    const myo_2x2 t = table_of(&r);
    const myo_test katz = myo_risk_ratio_katz(t, MYO_ARMS_LEVEL);
    put_risks(&r);
    r.test = "Fisher exact (two-sided), Katz interval";
    myo_cmp_row_test(q->c, &r, &katz);
    if (!katz.why) {
        r.p = myo_fisher(t, MYO_ARMS_LEVEL).p;
        tell_level(q, &r);
    }
    return myo_compare_add(q->c, &r);
}

static myo_err test_row(const myo_versus *q, const char *effect_name, const char *test,
                        myo_test t) {
    myo_cmp_row r = support(q, effect_name, test);
    myo_cmp_row_test(q->c, &r, &t);
    return myo_compare_add(q->c, &r);
}

/* What an interval of numbers needed is, where the difference may have either sign. */
static void tell_two_parts(const myo_versus *q, const myo_nnt *n, myo_cmp_row *r) {
    char low[32], high[32];
    myo_format_g(low, sizeof low, -n->low, 3);
    myo_format_g(high, sizeof high, n->high, 3);
    myo_cmp_row_warn(q->c, r,
                     "interval in two parts: one more event for every %s people or more, through "
                     "no difference, to one fewer for every %s or more",
                     isinf(n->low) ? "(infinitely many)" : low,
                     isinf(n->high) ? "(infinitely many)" : high);
}

static myo_err nnt_row(const myo_versus *q, myo_test difference) {
    myo_cmp_row r = support(q, "nnt", "1 / risk difference, limits inverted");
    const myo_nnt n = myo_nnt_of(difference);
    if (difference.why) {
        myo_cmp_row_warn(q->c, &r, "%s", difference.why);
        return myo_compare_add(q->c, &r);
    }
    if (isinf(n.estimate)) {
        myo_cmp_row_warn(q->c, &r, "no difference: infinitely many");
    }
    if (n.two_parts) {
        tell_two_parts(q, &n, &r);
    }
    r.effect = isinf(n.estimate) ? NAN : n.estimate;
    r.low = isinf(n.low) ? NAN : n.low;
    r.high = isinf(n.high) ? NAN : n.high;
    r.level = difference.level;
    return myo_compare_add(q->c, &r);
}

static myo_err fisher_rows(const myo_versus *q, myo_2x2 t) {
    myo_test odds = myo_fisher(t, MYO_ARMS_LEVEL);
    MYO_TRY(test_row(q, "odds_ratio", "Fisher exact (two-sided), conditional likelihood", odds));
    odds.p = myo_fisher_central_p(t);
    return test_row(q, "odds_ratio", "Fisher exact (central), conditional likelihood", odds);
}

myo_err myo_arms_incidence(const myo_versus *q) {
    MYO_TRY(headline(q));
    if (q->o->role >= MYO_EXPLORATORY) {
        return MYO_OK;
    }
    const myo_cmp_row r = support(q, NULL, NULL);
    const myo_2x2 t = table_of(&r);
    const myo_test difference = myo_risk_difference(t, MYO_ARMS_LEVEL);
    MYO_TRY(test_row(q, "risk_ratio", "score (Koopman)", myo_risk_ratio_score(t, MYO_ARMS_LEVEL)));
    MYO_TRY(test_row(q, "risk_difference", "Newcombe interval", difference));
    MYO_TRY(nnt_row(q, difference));
    return fisher_rows(q, t);
}
