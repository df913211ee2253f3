/* rules.c - the ordered table of rules and their evaluation. */
#include <math.h>
#include <stddef.h>
#include "classify/rules.h"

static const myo_rule *const tables[] = {myo_artefact_rules, myo_cramp_rules, myo_tetany_rules, myo_tremor_rules,
                                         myo_fasciculation_rules, myo_jerk_rules, myo_voluntary_rules, myo_clonus_rules,
                                         myo_unit_rules, myo_legs_rules};
enum { N_TABLES = (int)(sizeof tables / sizeof tables[0]), MAX_RULES = 64 };

/* Temperature of the softmax. 1 left the expected calibration error at 0.03 on held-out EMG (tests/accuracy). */
static const double TAU = 1.0;

/* An accelerometer feels everything, of which the rules know little: that none of them is right scores as much as one
 * clear contradiction. */
static const double UNCLEAR_ACC = -4.0;

static double membership(const myo_term *t, const myo_cand *c)
{
    const double x = c->f[t->feat];
    const double d = t->cmp == MYO_LOG_ABOVE || t->cmp == MYO_LOG_BELOW
                         ? (log(fmax(x, 1e-9)) - log(t->at)) / t->soft
                         : (x - t->at) / t->soft;
    const double up = t->cmp == MYO_ABOVE || t->cmp == MYO_LOG_ABOVE ? d : -d;
    return 1.0 / (1.0 + exp(-up));
}

static double score(const myo_rule *r, const myo_cand *c)
{
    double s = r->bias;
    for (int i = 0; i < r->n_terms; i++) {
        s += r->terms[i].weight * log(membership(&r->terms[i], c) + 0.01);
    }
    return s;
}

static int applies(const myo_rule *r, const myo_cand *c, myo_kind kind, const myo_params *p)
{
    return (r->kinds & (1 << kind)) && (r->forms & (1 << c->form)) && myo_class_shown(r->cls, kind, p);
}

void myo_classify(myo_verdict *v, const myo_cand *c, myo_kind kind, const myo_params *p)
{
    double p_class[MYO_N_CLASS] = {0.0}, s_best[MYO_N_CLASS], top = -INFINITY, total = 0.0;
    const myo_rule *rule_of[MYO_N_CLASS] = {NULL};
    for (int t = 0; t < N_TABLES; t++) {
        for (const myo_rule *r = tables[t]; r->name; r++) {
            if (applies(r, c, kind, p)) {
                top = fmax(top, score(r, c));
            }
        }
    }
    for (int t = 0; t < N_TABLES; t++) {
        for (const myo_rule *r = tables[t]; r->name; r++) {
            if (!applies(r, c, kind, p)) {
                continue;
            }
            const double s = score(r, c);
            p_class[r->cls] += exp((s - top) / TAU);
            total += exp((s - top) / TAU);
            if (!rule_of[r->cls] || s > s_best[r->cls]) {
                rule_of[r->cls] = r;
                s_best[r->cls] = s;
            }
        }
    }
    *v = (myo_verdict){MYO_INDETERMINATE, MYO_INDETERMINATE, 0.0, MYO_INDETERMINATE, 0.0, "none applies"};
    if (kind == MYO_KIND_ACC && total > 0.0) {
        p_class[MYO_INDETERMINATE] += exp((UNCLEAR_ACC - top) / TAU);
        total += exp((UNCLEAR_ACC - top) / TAU);
    }
    for (int k = 0; k < MYO_N_CLASS; k++) {
        const double prob = total > 0.0 && k != MYO_INDETERMINATE ? p_class[k] / total : 0.0;
        if (prob > v->confidence) {
            v->second = v->best;
            v->second_confidence = v->confidence;
            v->best = (myo_class)k;
            v->confidence = prob;
            v->rule = rule_of[k]->name;
        } else if (prob > v->second_confidence) {
            v->second = (myo_class)k;
            v->second_confidence = prob;
        }
    }
    const int sure = v->confidence * total >= p_class[MYO_INDETERMINATE] && v->confidence >= p->score_reject_p &&
                     v->confidence - v->second_confidence >= p->score_margin;
    v->cls = sure ? v->best : MYO_INDETERMINATE;
    if (!sure && rule_of[MYO_INDETERMINATE] && p_class[MYO_INDETERMINATE] > v->confidence * total) {
        v->rule = rule_of[MYO_INDETERMINATE]->name; /* what it is, though no class of ours */
    }
}
