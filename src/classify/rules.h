/* rules.h - from a candidate's numbers to a class, its probability and the name of the rule that decided.
 *
 * Each rule is a sum of soft comparisons (science.md 5.4): S = bias + sum w ln(m + 0.01), with m = 1 / (1 + exp(-(x -
 * at) / soft)), x the feature or its logarithm. A class's share is the softmax of S, summed over its rules; trust.h makes
 * a probability of it. The table keeps the order of science.md 5.3: on a tie of a class's rules the earlier one is named; on a tie of
 * classes the earlier of contract.md 3.1 wins. */
#ifndef MYO_CLASSIFY_RULES_H
#define MYO_CLASSIFY_RULES_H

#include "event/group.h"
#include "myotab/event.h"
#include "myotab/params.h"

typedef enum myo_cmp { MYO_ABOVE, MYO_BELOW, MYO_LOG_ABOVE, MYO_LOG_BELOW } myo_cmp;

typedef struct myo_term {
    myo_feat feat;
    myo_cmp cmp;       /* LOG_: compared on the natural logarithm */
    double at, soft;   /* threshold; width (of the logarithm for LOG_) */
    double weight;
} myo_term;

enum { MYO_ON_EMG = 1 << MYO_KIND_EMG, MYO_ON_ACC = 1 << MYO_KIND_ACC };

typedef struct myo_rule {
    const char *name;  /* what the table shows */
    myo_class cls;
    int kinds;         /* MYO_ON_... */
    int forms;         /* bit per myo_form */
    double bias;
    const myo_term *terms;
    int n_terms;
} myo_rule;

#define MYO_FORM(f) (1 << MYO_FORM_##f)
enum { MYO_ANY_FORM = 127 };
#define MYO_TERMS(t) (t), (int)(sizeof(t) / sizeof((t)[0]))

extern const myo_rule myo_artefact_rules[], myo_cramp_rules[], myo_tetany_rules[], myo_tremor_rules[],
    myo_fasciculation_rules[], myo_jerk_rules[], myo_voluntary_rules[], myo_clonus_rules[], myo_unit_rules[],
    myo_legs_rules[]; /* each ends with name NULL */

typedef struct myo_verdict {
    myo_class cls;            /* MYO_INDETERMINATE where no class is probable enough */
    myo_class best;           /* the most probable class all the same */
    double confidence;        /* of cls; of best where cls is indeterminate */
    myo_class second;         /* MYO_INDETERMINATE: none */
    double second_confidence;
    const char *rule;
    double share, second_share; /* of best and second among the classes */
    const myo_rule *why[2];     /* the best rule of best and of second; NULL: none */
    double fit;                 /* score of why[0] */
} myo_verdict;

/* Do doubts take away from the rules' share? Not of artefacts and of what a preset defines: the model (trust.h) knows the
 * six usual movements. */
int myo_is_doubted(myo_class c);

void myo_classify(myo_verdict *v, const myo_cand *c, myo_kind kind, const myo_params *p);

/* How well the candidate meets a rule's condition, 0 to 1, and what that adds to the rule's score (0 at best). */
double myo_term_membership(const myo_term *t, const myo_cand *c);
double myo_term_log_odds(const myo_term *t, const myo_cand *c);

#endif
