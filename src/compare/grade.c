/* grade.c - how bad it was, in two arms: grades against each other (science.md 6.4). */
#include "base/base.h"
#include "compare/arms.h"
#include "stats/agree.h"
#include "stats/ordinal.h"
#include "stats/rank.h"
#include "stats/trend.h"

/* Under this, chi-squared is rough (the usual rule of one person expected in every cell). */
static const double LEAST_EXPECTED = 1.0;
enum { N_SIGNAL_GRADES = 4 };

/* Grades that occur, rising, and the people of each. */
typedef struct grades {
    double grade[MYO_MAX_GRADES];
    int64_t ref[MYO_MAX_GRADES], con[MYO_MAX_GRADES];
    int n; /* MYO_MAX_GRADES + 1: more than there is room for */
} grades;

static int find_grade(const grades *g, double v) {
    int i = 0;
    while (i < g->n && g->grade[i] < v) {
        i++;
    }
    return i;
}

static void add_grade(grades *g, double v, bool con) {
    const int at = find_grade(g, v);
    if (g->n > MYO_MAX_GRADES) {
        return;
    }
    if (at == g->n || g->grade[at] > v) {
        if (g->n == MYO_MAX_GRADES) {
            g->n++;
            return;
        }
        for (int i = g->n++; i > at; i--) {
            g->grade[i] = g->grade[i - 1];
            g->ref[i] = g->ref[i - 1];
            g->con[i] = g->con[i - 1];
        }
        g->grade[at] = v;
        g->ref[at] = g->con[at] = 0;
    }
    *(con ? &g->con[at] : &g->ref[at]) += 1;
}

static grades grades_of(const myo_versus *q) {
    grades g = {.n = 0};
    for (size_t i = 0; i < q->ref.n; i++) {
        add_grade(&g, q->ref.value[i], false);
    }
    for (size_t i = 0; i < q->con.n; i++) {
        add_grade(&g, q->con.value[i], true);
    }
    return g;
}

/* --- Mann and Whitney --- */

static myo_err put_medians(const myo_versus *q, myo_cmp_row *r) {
    double *v = myo_alloc(q->ref.n + q->con.n + 1, sizeof *v);
    if (!v) {
        return MYO_ERR_NOMEM;
    }
    for (size_t i = 0; i < q->ref.n; i++) {
        v[i] = q->ref.value[i];
    }
    r->estimate_reference = myo_quartiles_of(v, q->ref.n).median;
    for (size_t i = 0; i < q->con.n; i++) {
        v[i] = q->con.value[i];
    }
    r->estimate_contrast = myo_quartiles_of(v, q->con.n).median;
    myo_free(v);
    return MYO_OK;
}

/* The probability of the higher grade is the headline: with so few grades the shift is often 0
 * where they differ clearly. */
static myo_err rank_rows(const myo_versus *q, myo_cmp_row medians, bool all_alike) {
    myo_rank_sums s;
    myo_cmp_row r = myo_versus_row(q);
    MYO_TRY(myo_rank_sum(q->ref.value, q->ref.n, q->con.value, q->con.n, MYO_ARMS_LEVEL, &s));
    r.estimate_reference = medians.estimate_reference;
    r.estimate_contrast = medians.estimate_contrast;
    r.test = s.exact ? "Mann-Whitney (exact), Newcombe interval"
                     : "Mann-Whitney (normal), Newcombe interval";
    r.all_alike = all_alike;
    myo_cmp_row_test(q->c, &r, &s.superiority);
    MYO_TRY(myo_compare_add(q->c, &r));
    medians.effect_name = myo_metrics[MYO_METRIC_GRADE].diff_name;
    medians.test =
        s.exact ? "Mann-Whitney (exact), Hodges-Lehmann" : "Mann-Whitney (normal), Hodges-Lehmann";
    myo_cmp_row_test(q->c, &medians, &s.shift);
    return myo_compare_add(q->c, &medians);
}

/* --- models --- */

static void tell_proportional(const myo_versus *q, const myo_prop_odds *f, myo_cmp_row *r) {
    char p[24];
    if (!f->proportional.why) {
        myo_format_g(p, sizeof p, f->proportional.p, 2);
        myo_cmp_row_warn(q->c, r, "one odds ratio for all grades: p %s against it", p);
    }
    if (f->least_expected < LEAST_EXPECTED) {
        myo_cmp_row_warn(q->c, r, "few people in some grades: p is rough");
    }
}

static myo_err odds_row(const myo_versus *q, const grades *g, myo_cmp_row r) {
    r.effect_name = "odds_ratio";
    r.test = "proportional odds, profile likelihood";
    if (g->n > MYO_MAX_GRADES) {
        myo_cmp_row_warn(q->c, &r, "more than %d grades", MYO_MAX_GRADES);
        return myo_compare_add(q->c, &r);
    }
    const myo_prop_odds f = myo_prop_odds_fit(g->ref, g->con, g->n, MYO_ARMS_LEVEL);
    myo_cmp_row_test(q->c, &r, &f.odds);
    if (!f.odds.why) {
        tell_proportional(q, &f, &r);
    }
    return myo_compare_add(q->c, &r);
}

/* Does the share of people who are in the contrast's arm follow the grade? */
static myo_err trend_row(const myo_versus *q, const grades *g, myo_cmp_row r) {
    int64_t all[MYO_MAX_GRADES];
    myo_trend t;
    r.effect_name = "share_per_grade";
    r.test = "Cochran-Armitage trend";
    if (g->n > MYO_MAX_GRADES) {
        return MYO_OK; /* told by the row above */
    }
    for (int i = 0; i < g->n; i++) {
        all[i] = g->ref[i] + g->con[i];
    }
    MYO_TRY(myo_prop_trend(g->con, all, g->grade, (size_t)g->n, &t));
    myo_cmp_row_test(q->c, &r, &t.test);
    return myo_compare_add(q->c, &r);
}

/* --- clinician against signal --- */

/* False: a grade that the signal cannot have. */
static bool add_pair(int64_t table[N_SIGNAL_GRADES * N_SIGNAL_GRADES], double seen, double found) {
    const int a = (int)seen, b = (int)found;
    if (a != seen || a >= N_SIGNAL_GRADES) {
        return false;
    }
    table[a * N_SIGNAL_GRADES + b]++;
    return true;
}

/* People of an arm with both grades; -1: other grades than 0 to 3. */
static int64_t add_pairs(const myo_versus *q, const myo_arm *a, int64_t *table) {
    int64_t n = 0;
    for (size_t i = 0; i < a->n; i++) {
        const double found = q->c->arms->person[a->who[i]].signal_grade;
        if (!isnan(found)) {
            if (!add_pair(table, a->value[i], found)) {
                return -1;
            }
            n++;
        }
    }
    return n;
}

static myo_err kappa_row(const myo_versus *q) {
    int64_t table[N_SIGNAL_GRADES * N_SIGNAL_GRADES] = {0};
    myo_cmp_row r = myo_versus_support(q, "weighted_kappa",
                                       "weighted kappa (quadratic), clinician against signal");
    const int64_t n_ref = add_pairs(q, &q->ref, table), n_con = add_pairs(q, &q->con, table);
    if (n_ref < 0 || n_con < 0) {
        myo_cmp_row_warn(q->c, &r, "grades other than 0, 1, 2, 3: the signal's cannot be compared");
        return myo_compare_add(q->c, &r);
    }
    r.n_reference = n_ref;
    r.n_contrast = n_con;
    const myo_test t =
        myo_weighted_kappa(table, N_SIGNAL_GRADES, MYO_KAPPA_QUADRATIC, MYO_ARMS_LEVEL);
    myo_cmp_row_test(q->c, &r, &t);
    return myo_compare_add(q->c, &r);
}

static bool is_clinician(const myo_versus *q) {
    return q->o->channel == myo_labels_find(&q->c->channels, MYO_CLINICIAN);
}

myo_err myo_arms_grade(const myo_versus *q) {
    const grades g = grades_of(q);
    myo_cmp_row r = myo_versus_support(q, NULL, NULL);
    MYO_TRY(put_medians(q, &r));
    MYO_TRY(rank_rows(q, r, g.n == 1 && q->ref.n > 0 && q->con.n > 0));
    MYO_TRY(odds_row(q, &g, r));
    MYO_TRY(trend_row(q, &g, r));
    return is_clinician(q) && q->c->arms->has_events ? kappa_row(q) : MYO_OK;
}
