/* trust.h - from what the rules say to a probability that holds: how often such a verdict is right.
 *
 * The rules weigh classes against each other and know nothing of what is no event of its own: the loudest pieces of a weak
 * cramp, the top of a wave of noise. A logistic model (Platt 1999) of a few plain doubts corrects them; its weights were
 * fitted on recordings whose truth is known (calibration.def). */
#ifndef MYO_CLASSIFY_TRUST_H
#define MYO_CLASSIFY_TRUST_H

#include "event/group.h"

/* E(ID, unit, meaning): what the model looks at. */
#define MYO_TRUSTS                                                                                                     \
    E(START, "", "every event of this kind of channel")                                                               \
    E(MARGIN, "", "log-odds of the class among the classes, at most 3: the rules are never surer than 20 to 1")         \
    E(FIT, "", "score of the deciding rule, -8 to 0: 0 where all its conditions are clearly met")                   \
    E(FAINT, "dB", "how far the signal-to-noise ratio is under 12 dB: of a faint event only the loudest piece is seen") \
    E(NEAR, "", "ln(1 + other bursts of the channel per s around it): a piece of something longer has others about it") \
    E(AROUND, "", "how far all that is about a faint single burst (under 8 dB; from 16 dB on 0) lies over the floor, of the floor's energy, at most 0.5: what stands out of weak activity is a piece of it") \
    E(EPISODE, "", "1 for a train, a rhythm or sustained activity, 0 for a single burst")

typedef enum myo_trust_id {
#define E(id, unit, meaning) MYO_TRUST_##id,
    MYO_TRUSTS
#undef E
    MYO_N_TRUST
} myo_trust_id;

typedef struct myo_trust_row {
    const char *name, *unit, *meaning;
} myo_trust_row;
extern const myo_trust_row myo_trust_rows[MYO_N_TRUST];

/* What there is about the verdict on c: share is the class's among the classes (0 to 1), fit its rule's score. */
void myo_trust_look(double x[MYO_N_TRUST], const myo_cand *c, double share, double fit);
double myo_trust_weight(myo_kind kind, myo_trust_id id);
/* Probability that the class is right. */
double myo_trust(const double x[MYO_N_TRUST], myo_kind kind);

#endif
