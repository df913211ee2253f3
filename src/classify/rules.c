/* rules.c - the ordered table of rules and their evaluation. */
#include <math.h>
#include <stddef.h>
#include "classify/rules.h"
#include "classify/trust.h"

static const myo_rule *const tables[] = {myo_artefact_rules, myo_cramp_rules, myo_tetany_rules, myo_tremor_rules,
                                         myo_fasciculation_rules, myo_jerk_rules, myo_voluntary_rules, myo_clonus_rules,
                                         myo_unit_rules, myo_legs_rules};
enum { N_TABLES = (int)(sizeof tables / sizeof tables[0]) };

/* An accelerometer feels everything, of which the rules know little: that none of them is right scores as much as one
 * clear contradiction. */
static const double UNCLEAR_ACC = -4.0;

double myo_term_membership(const myo_term *t, const myo_cand *c)
{
    const double x = c->f[t->feat];
    const double d = t->cmp == MYO_LOG_ABOVE || t->cmp == MYO_LOG_BELOW
                         ? (log(fmax(x, 1e-9)) - log(t->at)) / t->soft
                         : (x - t->at) / t->soft;
    const double up = t->cmp == MYO_ABOVE || t->cmp == MYO_LOG_ABOVE ? d : -d;
    return 1.0 / (1.0 + exp(-up));
}

double myo_term_log_odds(const myo_term *t, const myo_cand *c)
{
    return t->weight * log(myo_term_membership(t, c) + 0.01);
}

static double score(const myo_rule *r, const myo_cand *c)
{
    double s = r->bias;
    for (int i = 0; i < r->n_terms; i++) {
        s += myo_term_log_odds(&r->terms[i], c);
    }
    return s;
}

static int applies(const myo_rule *r, const myo_cand *c, myo_kind kind, const myo_params *p)
{
    return (r->kinds & (1 << kind)) && (r->forms & (1 << c->form)) && myo_class_shown(r->cls, kind, p);
}

/* What the rules say, class by class. */
typedef struct tally {
    double sum[MYO_N_CLASS], best[MYO_N_CLASS], top, total; /* sums of exp(S - top); best S */
    const myo_rule *rule[MYO_N_CLASS];
} tally;

enum { RULES_MAX = 128 }; /* over twice as many as there are */

static void add_up(tally *y, const myo_cand *c, myo_kind kind, const myo_params *p)
{
    struct { const myo_rule *r; double s; } found[RULES_MAX];
    int n = 0;
    y->top = -INFINITY;
    for (int t = 0; t < N_TABLES; t++) {
        for (const myo_rule *r = tables[t]; r->name && n < RULES_MAX; r++) {
            if (applies(r, c, kind, p)) {
                found[n].r = r;
                found[n].s = score(r, c);
                y->top = fmax(y->top, found[n++].s);
            }
        }
    }
    for (int i = 0; i < n; i++) {
        const myo_rule *r = found[i].r;
        const double s = found[i].s, share = exp(s - y->top);
        y->sum[r->cls] += share;
        y->total += share;
        if (!y->rule[r->cls] || s > y->best[r->cls]) {
            y->rule[r->cls] = r;
            y->best[r->cls] = s;
        }
    }
    if (kind == MYO_KIND_ACC && y->total > 0.0) {
        y->sum[MYO_INDETERMINATE] += exp(UNCLEAR_ACC - y->top);
        y->total += exp(UNCLEAR_ACC - y->top);
    }
}

static void rank(myo_verdict *v, const tally *y)
{
    for (int k = 0; k < MYO_N_CLASS; k++) {
        const double share = y->total > 0.0 && k != MYO_INDETERMINATE ? y->sum[k] / y->total : 0.0;
        if (share > v->share) {
            v->second = v->best;
            v->second_share = v->share;
            v->why[1] = v->why[0];
            v->best = (myo_class)k;
            v->share = share;
            v->why[0] = y->rule[k];
        } else if (share > v->second_share) {
            v->second = (myo_class)k;
            v->second_share = share;
            v->why[1] = y->rule[k];
        }
    }
    v->fit = v->why[0] ? y->best[v->best] : 0.0;
}

int myo_is_doubted(myo_class c)
{
    return c != MYO_ARTEFACT && c != MYO_INDETERMINATE && myo_class_is_usual(c);
}

/* Shares become probabilities. Doubts only take away, from the second class alike; what they take goes to none. */
static void believe(myo_verdict *v, const myo_cand *c, myo_kind kind)
{
    double x[MYO_N_TRUST], belief = 1.0;
    if (v->share > 0.0 && myo_is_doubted(v->best)) {
        myo_trust_look(x, c, v->share, v->fit);
        belief = fmin(1.0, myo_trust(x, kind) / v->share);
    }
    v->confidence = v->share * belief;
    v->second_confidence = v->second_share * belief;
}

void myo_classify(myo_verdict *v, const myo_cand *c, myo_kind kind, const myo_params *p)
{
    tally y = {.total = 0.0};
    *v = (myo_verdict){.cls = MYO_INDETERMINATE, .best = MYO_INDETERMINATE, .second = MYO_INDETERMINATE,
                       .rule = "none applies"};
    add_up(&y, c, kind, p);
    rank(v, &y);
    believe(v, c, kind);
    const double none = y.total > 0.0 ? y.sum[MYO_INDETERMINATE] / y.total : 0.0;
    const int sure = v->share >= none && v->confidence >= p->score_reject_p &&
                     v->confidence - v->second_confidence >= p->score_margin;
    v->cls = sure ? v->best : MYO_INDETERMINATE;
    v->rule = v->why[0] ? v->why[0]->name : v->rule;
    if (!sure && y.rule[MYO_INDETERMINATE] && none > v->share) {
        v->rule = y.rule[MYO_INDETERMINATE]->name; /* what it is, though no class of ours */
    }
}
