/* cramp.c - seconds to minutes of unbroken activity in one muscle that ramps up and wanes (science.md 1.1, 5.3). */
#include <stddef.h>
#include "classify/rules.h"

static const myo_term sustained[] = {
    {MYO_F_DURATION, MYO_LOG_ABOVE, 5700.0, 0.06, 1.5},
    {MYO_F_DUTY, MYO_ABOVE, 0.80, 0.05, 1.0},
    {MYO_F_COVER, MYO_BELOW, 0.50, 0.10, 1.0},
    {MYO_F_OTHERS, MYO_BELOW, 0.6, 0.2, 0.7},
    {MYO_F_CUT, MYO_BELOW, 0.5, 0.1, 0.7},
};

const myo_rule myo_cramp_rules[] = {
    {"cramp-sustained", MYO_CRAMP, MYO_ON_EMG, MYO_FORM(SUSTAINED), 0.0, MYO_TERMS(sustained)},
    {NULL, MYO_CRAMP, 0, 0, 0.0, NULL, 0}};
