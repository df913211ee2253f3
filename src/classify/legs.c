/* legs.c - movements of sleeping legs (WASM16, AASM; science.md 1.1, 5.3 rules 5 and 8); only with the preset sleep-legs.
 * The amplitude rules made the movement; the table only tells the series and what a mask spoils. */
#include <stddef.h>
#include "classify/rules.h"

static const myo_term lone[] = {{MYO_F_SERIES, MYO_BELOW, 0.5, 0.05, 1.0}, {MYO_F_MASKED, MYO_BELOW, 0.30, 0.04, 1.0}};
static const myo_term series[] = {{MYO_F_SERIES, MYO_ABOVE, 0.5, 0.05, 1.0}, {MYO_F_MASKED, MYO_BELOW, 0.30, 0.04, 1.0}};

/* FM14: 75-150 ms, at least 50 uV; in sleep what else would be a jerk. */
static const myo_term fragment[] = {
    {MYO_F_DURATION, MYO_LOG_ABOVE, 72.0, 0.03, 2.0},
    {MYO_F_DURATION, MYO_LOG_BELOW, 156.0, 0.03, 2.0},
    {MYO_F_PEAK, MYO_ABOVE, 50.0, 1.5, 2.0},
    {MYO_F_TURNS, MYO_ABOVE, 3.6, 0.5, 1.0},
    {MYO_F_MDF, MYO_LOG_ABOVE, 45.0, 0.05, 0.7},
    {MYO_F_MASKED, MYO_BELOW, 0.30, 0.04, 1.0},
};

const myo_rule myo_legs_rules[] = {
    {"leg_movement-single", MYO_LEG_MOVEMENT, MYO_ON_EMG, MYO_FORM(LEG), 2.0, MYO_TERMS(lone)},
    {"plm-series", MYO_PLM, MYO_ON_EMG, MYO_FORM(LEG), 2.0, MYO_TERMS(series)},
    {"fragmentary_myoclonus-burst", MYO_FRAGMENTARY, MYO_ON_EMG, MYO_FORM(SINGLE), 3.0, MYO_TERMS(fragment)},
    {NULL, MYO_PLM, 0, 0, 0.0, NULL, 0}};
