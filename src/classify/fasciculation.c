/* fasciculation.c - one motor unit, the same shape again, irregular (science.md 1.1, 5.3). */
#include <stddef.h>
#include "classify/rules.h"

static const myo_term unit[] = {
    {MYO_F_BURST, MYO_LOG_BELOW, 22.0, 0.12, 1.5},
    {MYO_F_TURNS, MYO_BELOW, 4.5, 0.6, 1.0},
    {MYO_F_TEMPLATE, MYO_ABOVE, 0.86, 0.05, 1.0},
    {MYO_F_OTHERS, MYO_BELOW, 0.6, 0.2, 1.0},
    {MYO_F_CROWD, MYO_BELOW, 3.5, 0.2, 1.0},
};

/* The first of its kind has no fellow yet, but is shorter than any jerk. */
static const myo_term first[] = {
    {MYO_F_BURST, MYO_LOG_BELOW, 12.0, 0.06, 1.5},
    {MYO_F_TURNS, MYO_BELOW, 4.5, 0.6, 1.0},
    {MYO_F_OTHERS, MYO_BELOW, 0.6, 0.2, 1.0},
    {MYO_F_CROWD, MYO_BELOW, 3.5, 0.2, 1.0},
};

const myo_rule myo_fasciculation_rules[] = {
    {"fasciculation-unit", MYO_FASCICULATION, MYO_ON_EMG, MYO_FORM(SINGLE), 0.0, MYO_TERMS(unit)},
    {"fasciculation-brief", MYO_FASCICULATION, MYO_ON_EMG, MYO_FORM(SINGLE), -0.5, MYO_TERMS(first)},
    {NULL, MYO_FASCICULATION, 0, 0, 0.0, NULL, 0}};
