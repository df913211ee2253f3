/* clonus.c - one burst a cycle, 3-8 Hz, as regular as a reflex (science.md 1.1, 5.3 rule 3); only with the preset, as the
 * signal alone cannot tell it from a very regular tremor. */
#include <stddef.h>
#include "classify/rules.h"

static const myo_term train[] = {
    {MYO_F_N, MYO_ABOVE, 4.5, 0.3, 1.5},
    {MYO_F_CV, MYO_BELOW, 0.15, 0.015, 2.0},
    {MYO_F_RATE, MYO_LOG_ABOVE, 2.8, 0.03, 1.5},
    {MYO_F_RATE, MYO_LOG_BELOW, 8.2, 0.03, 1.5},
    {MYO_F_BURST, MYO_LOG_ABOVE, 18.5, 0.05, 1.0},
    {MYO_F_BURST, MYO_LOG_BELOW, 160.0, 0.08, 1.0},
    {MYO_F_REPEAT, MYO_BELOW, 0.30, 0.012, 1.0},
    {MYO_F_CROWD, MYO_BELOW, 3.5, 0.2, 1.0},
};

/* The context is told, so it weighs more than what tremor shares with it. */
const myo_rule myo_clonus_rules[] = {
    {"clonus-train", MYO_CLONUS, MYO_ON_EMG, MYO_FORM(TRAIN), 3.0, MYO_TERMS(train)},
    {NULL, MYO_CLONUS, 0, 0, 0.0, NULL, 0}};
