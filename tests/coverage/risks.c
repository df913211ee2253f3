/* risks.c - who had the event, in two arms: the headline of design parallel's incidence, by all
 * tables there are. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "compare/arms.h"
#include "coverage.h"
#include "stats/risk.h"

enum { MAX_ARM = 64, MAX_TABLES = (MAX_ARM + 1) * (MAX_ARM + 1) };

/* What is reported of each table: a of n in the contrast, c of n in the reference, at a (n + 1) +
 * c. Truth: below low, above high are left open. */
typedef struct answers {
    const char *method;
    int n;
    struct answer {
        double low, high, level, p;
    } of[MAX_TABLES];
} answers;

static void fill_arm(myo_arm *arm, const char *name, int first, int had, int n, int *who,
                     double *value) {
    *arm = (myo_arm){name, who, value, (size_t)n, (size_t)n};
    for (int i = 0; i < n; i++) {
        who[i] = first + i;
        value[i] = i < had;
    }
}

/* An interval that lacks one limit is open to that side, as its warning says. */
static struct answer answer_of(const cov_trial *t, double low, double high, double p) {
    return (struct answer){t->made && isnan(low) ? 0.0 : low,
                           t->made && isnan(high) ? INFINITY : high, t->level, p};
}

static struct answer ask_headline(cov_bench *b, int a, int c, int n) {
    const myo_outcome o = {.metric = MYO_METRIC_INCIDENCE, .role = MYO_EXPLORATORY};
    int who[2][MAX_ARM];
    double value[2][MAX_ARM];
    myo_versus q = {.c = &b->c, .o = &o};
    fill_arm(&q.ref, "a", 0, c, n, who[0], value[0]);
    fill_arm(&q.con, "b", n, a, n, who[1], value[1]);
    if (myo_arms_incidence(&q) != MYO_OK) {
        cov_stop("risks", "no memory");
    }
    const double low = b->c.row[0].low, high = b->c.row[0].high, p = b->c.row[0].p;
    const cov_trial t = cov_bench_take(b, MYO_METRIC_INCIDENCE, 1.0);
    return answer_of(&t, low, high, p);
}

static struct answer ask_score(int a, int c, int n) {
    const myo_test t = myo_risk_ratio_score((myo_2x2){a, n, c, n}, COV_LEVEL);
    return (struct answer){t.low, t.high, t.level, t.p};
}

/* All tables of arms of n people; kept until others are asked for. */
static const answers *answers_of(const char *method, int n) {
    static answers kept;
    if (kept.method == method && kept.n == n) {
        return &kept;
    }
    cov_bench b;
    cov_bench_init(&b, MYO_CLINICIAN);
    kept.method = method;
    kept.n = n;
    for (int a = 0; a <= n; a++) {
        for (int c = 0; c <= n; c++) {
            kept.of[a * (n + 1) + c] =
                strstr(method, "score") ? ask_score(a, c, n) : ask_headline(&b, a, c, n);
        }
    }
    cov_bench_clear(&b);
    return &kept;
}

/* --- sums over tables --- */

static double binomial(int k, int n, double p) {
    return exp(lgamma(n + 1.0) - lgamma(k + 1.0) - lgamma(n - k + 1.0) + k * log(p) +
               (n - k) * log1p(-p));
}

typedef struct weighed {
    double value, weight;
} weighed;

static int compare_weighed(const void *x, const void *y) {
    const weighed *a = x, *b = y;
    return (a->value > b->value) - (a->value < b->value);
}

static double median(weighed *v, size_t n, double all) {
    double sum = 0.0;
    myo_sort_in_place(v, n, sizeof *v, compare_weighed);
    for (size_t i = 0; i < n; i++) {
        sum += v[i].weight;
        if (sum >= 0.5 * all) {
            return v[i].value;
        }
    }
    return NAN;
}

typedef struct totals {
    double made, below, above, tested, rejected, level;
    weighed width[MAX_TABLES];
    size_t n_width;
} totals;

static void add_table(totals *t, const struct answer *x, double weight, double truth) {
    if (!isnan(x->p)) {
        t->tested += weight;
        t->rejected += x->p <= 1.0 - COV_LEVEL + 1e-12 ? weight : 0.0;
    }
    if (!isnan(x->low) && !isnan(x->high)) {
        t->made += weight;
        t->below += truth < x->low * (1.0 - 1e-12) ? weight : 0.0;
        t->above += truth > x->high * (1.0 + 1e-12) ? weight : 0.0;
        t->level += weight * x->level;
        t->width[t->n_width++] = (weighed){x->high / x->low, weight};
    }
}

static void exactly(const cov_case *c, cov_row *row) {
    static totals t;
    const int n = (int)c->n_con;
    const answers *all = answers_of(c->method, n);
    memset(&t, 0, sizeof t);
    for (int a = 0; a <= n; a++) {
        const double weight = binomial(a, n, c->ratio * c->risk_ref);
        for (int k = 0; k <= n; k++) {
            add_table(&t, &all->of[a * (n + 1) + k], weight * binomial(k, n, c->risk_ref),
                      c->ratio);
        }
    }
    *row = (cov_row){.failed = fmax(0.0, 1.0 - t.made),
                     .coverage = 1.0 - (t.below + t.above) / t.made,
                     .below = t.below / t.made,
                     .above = t.above / t.made,
                     .rejected = t.rejected / t.tested,
                     .level = t.level / t.made,
                     .width = median(t.width, t.n_width, t.made),
                     .wide = NAN,
                     .first_coverage = NAN,
                     .first_rejected = NAN};
}

/* --- cases --- */

static void add(cov_list *l, const char *method, double n, int tenths_con, int tenths_ref) {
    cov_case c = {.table = "risks",
                  .method = method,
                  .n_ref = n,
                  .n_con = n,
                  .ratio = (double)tenths_con / (double)tenths_ref,
                  .risk_ref = 0.1 * tenths_ref,
                  .exactly = exactly};
    snprintf(c.name, sizeof c.name, "%.0f and %.0f people, risks 0.%d and 0.%d", n, n, tenths_ref,
             tenths_con);
    cov_add(l, &c);
}

void cov_cases_risks(cov_list *l) {
    static const double n[] = {10.0, 15.0, 25.0, 40.0, 63.0};
    static const char *const method[] = {"risk ratio", "risk ratio, score"};
    for (int i = 0; i < 2 * 5; i++) {
        for (int k = 0; k < 81; k++) {
            add(l, method[i / 5], n[i % 5], k / 9 + 1, k % 9 + 1);
        }
    }
}
