/* ordinal.c - the cumulative logit model of two arms.
 *
 * P(grade < j) = F(cut_j - beta arm), F the logistic function, cuts rising. The log likelihood is
 * concave in cuts and beta together (Pratt 1981), and its second derivative by the cuts is
 * tridiagonal: for every beta the best cuts take a few Newton steps, and beta is then a zero of a
 * falling function of one variable. */
#include <math.h>
#include <stdbool.h>
#include <string.h>
#include "stats/ordinal.h"
#include "stats/tail.h"

enum { NEWTON_MAX = 200, HALVINGS_MAX = 60 };
#define BETA_MAX 700.0 /* |log odds ratio|: exp() of it is finite */
#define COUNT_MAX 1e12

typedef struct table {
    double n[2][MYO_MAX_GRADES]; /* people by arm and grade, each grade present */
    double people[2];
    int k; /* grades */
} table;

/* Cuts 1 .. k-1 at some beta, and what the likelihood does there. Index 0 is unused. */
typedef struct state {
    double cut[MYO_MAX_GRADES];
    double loglik;
    double gradient[MYO_MAX_GRADES], diagonal[MYO_MAX_GRADES], beside[MYO_MAX_GRADES];
    double arm1_gradient[MYO_MAX_GRADES],
        arm1_rows[MYO_MAX_GRADES]; /* arm 1's: gradient, row sums */
} state;

static double density(double a) {
    const double e = exp(-fabs(a));
    return e / ((1.0 + e) * (1.0 + e));
}

static double logistic(double a) {
    return a >= 0.0 ? 1.0 / (1.0 + exp(-a)) : exp(a) / (1.0 + exp(a));
}

/* P(grade = g) in an arm whose cuts are shifted by `shift`: a difference of logistic functions
 * without its cancellation. */
static double probability(const table *t, const double *cut, int g, double shift) {
    const double below = g == 0 ? 0.0 : logistic(shift - cut[g]);
    const double above = g == t->k - 1 ? 0.0 : logistic(cut[g + 1] - shift);
    if (g == 0 || g == t->k - 1) {
        return g == 0 ? above : below;
    }
    return above * below * -expm1(cut[g] - cut[g + 1]);
}

static double log_likelihood(const table *t, const double *cut, double beta) {
    double sum = 0.0;
    for (int arm = 0; arm < 2; arm++) {
        for (int g = 0; g < t->k; g++) {
            if (t->n[arm][g] > 0.0) {
                sum += t->n[arm][g] * log(probability(t, cut, g, arm * beta));
            }
        }
    }
    return sum;
}

/* Gradient and second derivatives by the cuts, from one arm. */
static void add_arm(state *s, const table *t, int arm, double beta) {
    double ratio[MYO_MAX_GRADES], ratio2[MYO_MAX_GRADES]; /* n / p and n / p^2 of each grade */
    for (int g = 0; g < t->k; g++) {
        const double p = probability(t, s->cut, g, arm * beta);
        ratio[g] = t->n[arm][g] > 0.0 ? t->n[arm][g] / p : 0.0;
        ratio2[g] = ratio[g] > 0.0 ? ratio[g] / p : 0.0;
    }
    for (int j = 1; j < t->k; j++) {
        const double a = s->cut[j] - arm * beta, f = density(a);
        const double slope = f * (1.0 - 2.0 * logistic(a)), gain = ratio[j - 1] - ratio[j];
        const double own = slope * gain - f * f * (ratio2[j - 1] + ratio2[j]);
        s->gradient[j] += f * gain;
        s->diagonal[j] += own;
        if (arm == 1) {
            s->arm1_gradient[j] += f * gain;
            s->arm1_rows[j] += own;
        }
        if (j + 1 < t->k) {
            const double mixed = f * density(s->cut[j + 1] - arm * beta) * ratio2[j];
            s->beside[j] += mixed;
            if (arm == 1) {
                s->arm1_rows[j] += mixed;
                s->arm1_rows[j + 1] += mixed;
            }
        }
    }
}

static void differentiate(state *s, const table *t, double beta) {
    state fresh = {0};
    memcpy(fresh.cut, s->cut, sizeof fresh.cut);
    fresh.loglik = s->loglik;
    *s = fresh;
    add_arm(s, t, 0, beta);
    add_arm(s, t, 1, beta);
}

/* x of H x = right, H the second derivatives by the cuts (negative definite, tridiagonal). */
static void solve_cuts(const state *s, int k, const double *right, double *x) {
    double d[MYO_MAX_GRADES], r[MYO_MAX_GRADES];
    for (int j = 1; j < k; j++) {
        const double f = j > 1 ? s->beside[j - 1] / d[j - 1] : 0.0;
        d[j] = s->diagonal[j] - (j > 1 ? f * s->beside[j - 1] : 0.0);
        r[j] = right[j] - (j > 1 ? f * r[j - 1] : 0.0);
    }
    for (int j = k - 1; j >= 1; j--) {
        x[j] = (r[j] - (j + 1 < k ? s->beside[j] * x[j + 1] : 0.0)) / d[j];
    }
}

static bool rising(const double *cut, int k) {
    for (int j = 2; j < k; j++) {
        if (!(cut[j] > cut[j - 1])) {
            return false;
        }
    }
    return true;
}

/* Cuts of both arms together: the best ones at beta = 0. */
static void start_cuts(const table *t, double beta, double *cut) {
    const double all = t->people[0] + t->people[1];
    double below = 0.0;
    for (int j = 1; j < t->k; j++) {
        below += t->n[0][j - 1] + t->n[1][j - 1];
        cut[j] = log(below / (all - below)) + beta * t->people[1] / all;
    }
}

/* The best cuts at this beta. Each step is halved until the likelihood does not fall; it is
 * concave, so this ends at its top. */
static void fit_cuts(state *s, const table *t, double beta) {
    start_cuts(t, beta, s->cut);
    s->loglik = log_likelihood(t, s->cut, beta);
    for (int i = 0; i < NEWTON_MAX; i++) {
        double step[MYO_MAX_GRADES], next[MYO_MAX_GRADES], largest = 0.0, loglik = -INFINITY;
        differentiate(s, t, beta);
        solve_cuts(s, t->k, s->gradient, step);
        for (int h = 0; h < HALVINGS_MAX; h++) {
            largest = 0.0;
            for (int j = 1; j < t->k; j++) {
                step[j] *= h > 0 ? 0.5 : 1.0;
                next[j] = s->cut[j] - step[j];
                largest = fmax(largest, fabs(step[j]));
            }
            loglik = rising(next, t->k) ? log_likelihood(t, next, beta) : -INFINITY;
            if (loglik >= s->loglik - 1e-14 * fabs(s->loglik)) {
                break;
            }
        }
        if (!(loglik > -INFINITY)) {
            return;
        }
        memcpy(s->cut + 1, next + 1, (size_t)(t->k - 1) * sizeof *next);
        s->loglik = loglik;
        if (largest < 1e-13 * fmax(1.0, fabs(beta))) {
            break;
        }
    }
    differentiate(s, t, beta);
}

static double beta_score(double beta, const void *ctx) {
    const table *t = ctx;
    state s = {0};
    fit_cuts(&s, t, beta);
    double sum = 0.0;
    for (int j = 1; j < t->k; j++) {
        sum -= s.arm1_gradient[j];
    }
    return sum;
}

/* Information of beta with the cuts free: d2l/dbeta2 less what the cuts take up. */
static double beta_information(const state *s, int k) {
    double x[MYO_MAX_GRADES], own = 0.0, taken = 0.0;
    solve_cuts(s, k, s->arm1_rows, x);
    for (int j = 1; j < k; j++) {
        own += s->arm1_rows[j];
        taken += s->arm1_rows[j] * x[j];
    }
    return taken - own;
}

typedef struct fall {
    const table *t;
    double top, allowed;
} fall;

static double fall_at(double beta, const void *ctx) {
    const fall *f = ctx;
    state s = {0};
    fit_cuts(&s, f->t, beta);
    return 2.0 * (f->top - s.loglik) - f->allowed;
}

static const char *gather(table *t, const int64_t *reference, const int64_t *contrast, int k) {
    *t = (table){0};
    if (k < 1 || k > MYO_MAX_GRADES) {
        return "more grades than can be told apart";
    }
    for (int g = 0; g < k; g++) {
        const double a = (double)reference[g], b = (double)contrast[g];
        if (!(a >= 0.0 && b >= 0.0 && a <= COUNT_MAX && b <= COUNT_MAX)) {
            return "a number of people is out of range";
        }
        if (a + b > 0.0) {
            t->n[0][t->k] = a;
            t->n[1][t->k++] = b;
        }
        t->people[0] += a;
        t->people[1] += b;
    }
    if (t->people[0] == 0.0 || t->people[1] == 0.0) {
        return "an arm has nobody with a grade";
    }
    return t->k > 1 ? NULL : "everybody has the same grade";
}

/* Does anybody of arm a have a higher grade than somebody of arm b? */
static bool reaches_above(const table *t, int a, int b) {
    int top = t->k - 1, bottom = 0;
    while (!(t->n[a][top] > 0.0)) {
        top--;
    }
    while (!(t->n[b][bottom] > 0.0)) {
        bottom++;
    }
    return top > bottom;
}

static double least_expected(const table *t, const state *s, double beta) {
    double least = INFINITY;
    for (int arm = 0; arm < 2; arm++) {
        for (int g = 0; g < t->k; g++) {
            least = fmin(least, t->people[arm] * probability(t, s->cut, g, arm * beta));
        }
    }
    return least;
}

/* With two arms the model with an odds ratio of its own at every cut gives each arm its observed
 * shares. */
static myo_test proportional_of(const table *t, double loglik) {
    if (t->k < 3) {
        return myo_test_none("two grades only: one odds ratio is all there is");
    }
    double saturated = 0.0;
    for (int arm = 0; arm < 2; arm++) {
        for (int g = 0; g < t->k; g++) {
            const double n = t->n[arm][g];
            saturated += n > 0.0 ? n * log(n / t->people[arm]) : 0.0;
        }
    }
    myo_test test = myo_test_none(NULL);
    test.statistic = fmax(0.0, 2.0 * (saturated - loglik));
    test.p = myo_chi2_p(test.statistic, t->k - 2.0);
    return test;
}

static void set_odds(myo_prop_odds *o, const table *t, const state *s, double beta, double level) {
    const double z = myo_z_quantile(level), se = 1.0 / sqrt(beta_information(s, t->k));
    fall f = {t, s->loglik, 0.0};
    const double ratio = fmax(0.0, fall_at(0.0, &f));
    f.allowed = z * z;
    o->odds = (myo_test){.estimate = exp(beta),
                         .low = exp(myo_root_outwards(fall_at, &f, beta, -z * se, BETA_MAX)),
                         .high = exp(myo_root_outwards(fall_at, &f, beta, z * se, BETA_MAX)),
                         .level = level,
                         .p = myo_chi2_p(ratio, 1.0),
                         .statistic = ratio};
    o->wald = (myo_test){.estimate = exp(beta),
                         .low = exp(beta - z * se),
                         .high = exp(beta + z * se),
                         .level = level,
                         .p = myo_z_p(beta / se),
                         .statistic = beta / se};
}

static myo_prop_odds none(const table *t, const char *why) {
    return (myo_prop_odds){.odds = myo_test_none(why),
                           .wald = myo_test_none(why),
                           .proportional = myo_test_none(why),
                           .least_expected = NAN,
                           .n_grades = t->k};
}

myo_prop_odds myo_prop_odds_fit(const int64_t *reference, const int64_t *contrast, int k,
                                double level) {
    table t;
    const char *wrong = gather(&t, reference, contrast, k);
    if (!wrong && !(level > 0.0 && level < 1.0)) {
        wrong = "the level is not between 0 and 1";
    }
    if (wrong) {
        return none(&t, wrong);
    }
    if (!reaches_above(&t, 0, 1) || !reaches_above(&t, 1, 0)) {
        return none(&t, "the grades of one arm are never above the other's: no finite odds ratio");
    }
    const double first = beta_score(0.0, &t) < 0.0 ? -1.0 : 1.0;
    const double beta = myo_root_outwards(beta_score, &t, 0.0, first, BETA_MAX);
    state s = {0};
    if (isfinite(beta)) {
        fit_cuts(&s, &t, beta);
    }
    if (!isfinite(beta) || !isfinite(s.loglik) || !(beta_information(&s, t.k) > 0.0)) {
        return none(&t, "the odds ratio does not converge");
    }
    myo_prop_odds o = {.proportional = proportional_of(&t, s.loglik),
                       .least_expected = least_expected(&t, &s, beta),
                       .n_grades = t.k};
    set_odds(&o, &t, &s, beta, level);
    return o;
}
