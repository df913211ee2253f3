/* incidence.c - who had the event at all, in two arms: risks against each other. */
#include "base/base.h"
#include "compare/arms.h"
#include "stats/risk.h"

/* With as many people in each cell of the table, Katz's interval is the headline. */
enum { KATZ_CELL = 5 };
/* Beyond, what Katz's interval covers is told. */
static const double COVERS_LOW = 0.93, COVERS_HIGH = 0.97;
/* People watched for times that differ by more than this share cannot be compared by who had it. */
static const double UNEQUAL = 0.1;

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

/* What an interval covers at risks like the observed ones, pulled off 0 and 1 by half a person,
 * rounded down. NaN: not reckoned for so many people. */
static double attained(myo_2x2 t, double (*coverage)(int64_t, double, int64_t, double, double)) {
    const double covers = coverage(t.n1, ((double)t.a + 0.5) / ((double)t.n1 + 1.0), t.n0,
                                   ((double)t.c + 0.5) / ((double)t.n0 + 1.0), MYO_ARMS_LEVEL);
    return floor(1000.0 * covers) / 1000.0;
}

static bool is_extreme(myo_2x2 t) {
    return t.a == 0 || t.c == 0 || t.a == t.n1 || t.c == t.n0;
}

/* Katz's interval leans on the logarithm's being normal: not so with few people in a cell. By all
 * tables of two arms of 10 to 63 people, risks of 0.1 to 0.9, this rule covers 93.5 to 97 %, but
 * for 7 of 405 pairs of risks up to 99.1 %; Katz alone up to 100 %, above 97 % in 65 of them
 * (tests/coverage/risks.tsv). Katz where it covers 93 to 97 % at the observed risks: from 92.7 %.
 */
static bool katz_will_do(myo_2x2 t) {
    return t.a >= KATZ_CELL && t.c >= KATZ_CELL && t.n1 - t.a >= KATZ_CELL &&
           t.n0 - t.c >= KATZ_CELL;
}

/* Of tables that have the same margins there is one only if everybody had the event. */
static double fisher_p(myo_2x2 t) {
    return t.a + t.c == t.n1 + t.n0 ? 1.0 : myo_fisher(t, MYO_ARMS_LEVEL).p;
}

static void put_ratio(const myo_versus *q, myo_2x2 t, bool katz, myo_cmp_row *r) {
    const myo_test test =
        katz ? myo_risk_ratio_katz(t, MYO_ARMS_LEVEL) : myo_risk_ratio_score(t, MYO_ARMS_LEVEL);
    myo_cmp_row_test(q->c, r, &test);
}

static double each_h(double exposure_h, int64_t n) {
    return exposure_h / (double)n;
}

/* By the signal, somebody watched for longer has more time to show the event. */
static void tell_exposure(const myo_versus *q, myo_cmp_row *r) {
    const double ref = each_h(r->exposure_reference_h, r->n_reference);
    const double con = each_h(r->exposure_contrast_h, r->n_contrast);
    if (q->o->channel != myo_labels_find(&q->c->channels, MYO_CLINICIAN) &&
        fabs(ref - con) > UNEQUAL * fmax(ref, con)) {
        r->unequal_watch = true;
        myo_cmp_row_warn(q->c, r,
                         "people were watched for different times: compare rates or onset");
    }
}

/* A property of the score method at such risks, however many people there are. */
static void tell_level(const myo_versus *q, myo_cmp_row *r) {
    if (r->level < MYO_ARMS_LEVEL - 1e-9) {
        myo_cmp_row_warn(q->c, r, "the score interval covers about %.1f %% at such risks",
                         100.0 * r->level);
    }
}

static myo_err headline(const myo_versus *q) {
    myo_cmp_row r = myo_versus_row(q);
    const myo_2x2 t = table_of(&r);
    const bool katz = katz_will_do(t);
    put_risks(&r);
    r.test = katz ? "Fisher exact (two-sided), Katz interval"
                  : "Fisher exact (two-sided), score interval (Koopman)";
    put_ratio(q, t, katz, &r);
    if (!katz && !isnan(r.level)) { /* the nominal one, or what it covers if that is less */
        r.level = fmin(r.level, attained(t, myo_risk_ratio_score_coverage));
        tell_level(q, &r);
    }
    r.p = isnan(r.level) ? NAN : fisher_p(t);
    tell_exposure(q, &r);
    return myo_compare_add(q->c, &r);
}

/* The interval that is not the headline's. */
static myo_err other_ratio_row(const myo_versus *q) {
    myo_cmp_row r = support(q, NULL, NULL);
    const myo_2x2 t = table_of(&r);
    const bool katz = !katz_will_do(t);
    const double covers = attained(t, myo_risk_ratio_katz_coverage);
    r.test = katz ? "Katz" : "score (Koopman)";
    put_ratio(q, t, katz, &r);
    if (katz && is_extreme(t) && t.a + t.c > 0) {
        myo_cmp_row_warn(q->c, &r,
                         "nobody or everybody in an arm: 1/2 added to each cell of the table");
    }
    if (katz && (covers < COVERS_LOW || covers > COVERS_HIGH)) {
        myo_cmp_row_warn(q->c, &r,
                         "so few people: the interval of 95 %% covers %.1f %% at such risks",
                         100.0 * covers);
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
    MYO_TRY(other_ratio_row(q));
    MYO_TRY(test_row(q, "risk_difference", "Newcombe interval", difference));
    MYO_TRY(nnt_row(q, difference));
    return fisher_rows(q, t);
}
