/* unit.c - one motor unit discharging like a clock: neither tremor nor a fasciculation, so indeterminate, by name. */
#include <stddef.h>
#include "classify/rules.h"

/* SCMUSD20: 1.3-18 Hz, CV 3.5 +- 1.7 %; the units of a steady contraction vary by 10-25 %, fasciculations by half and
 * more. science.md 1.1: under 25 ms and correlation over 0.9. */
static const myo_term clock[] = {
    {MYO_F_BURST, MYO_LOG_BELOW, 25.0, 0.06, 1.5},
    {MYO_F_TEMPLATE, MYO_ABOVE, 0.90, 0.015, 1.5},
    {MYO_F_CV, MYO_BELOW, 0.085, 0.007, 1.5},
    {MYO_F_TURNS, MYO_BELOW, 5.5, 0.5, 1.0},
    {MYO_F_N, MYO_ABOVE, 5.5, 0.3, 1.0},
};

const myo_rule myo_unit_rules[] = {
    {"indeterminate-unit", MYO_INDETERMINATE, MYO_ON_EMG, MYO_FORM(TRAIN) | MYO_FORM(RHYTHM), 1.0, MYO_TERMS(clock)},
    {NULL, MYO_INDETERMINATE, 0, 0, 0.0, NULL, 0}};
