/* jerk.c - myoclonic jerks: 10-300 ms, abrupt, isolated or irregular (science.md 1.1, 5.3). */
#include <stddef.h>
#include "classify/rules.h"

static const myo_term brief[] = {
    {MYO_F_TURNS, MYO_ABOVE, 3.6, 0.5, 1.0},
    {MYO_F_DURATION, MYO_LOG_BELOW, 260.0, 0.10, 1.5},
    {MYO_F_TEMPLATE, MYO_BELOW, 0.89, 0.045, 0.7},
    {MYO_F_RISE, MYO_LOG_BELOW, 120.0, 0.12, 0.5},
    {MYO_F_BURST, MYO_LOG_ABOVE, 11.0, 0.08, 0.7},
    {MYO_F_MDF, MYO_LOG_ABOVE, 52.0, 0.05, 0.7},
    {MYO_F_CROWD, MYO_BELOW, 3.5, 0.2, 1.0},
};

/* A limb's answer out of rest: 60-1000 ms of damped swing about where it hung, too slow for a knock. At a file's edge
 * nobody knows what it is the end of. */
static const myo_term limb[] = {
    {MYO_F_DURATION, MYO_LOG_BELOW, 1000.0, 0.12, 1.5},
    {MYO_F_RISE, MYO_LOG_BELOW, 260.0, 0.15, 0.7},
    {MYO_F_MDF, MYO_LOG_ABOVE, 2.3, 0.08, 1.5},
    {MYO_F_MDF, MYO_LOG_BELOW, 14.3, 0.055, 1.0},
    {MYO_F_SHARP, MYO_LOG_ABOVE, 1.25, 0.05, 1.5},
    {MYO_F_BEND, MYO_BELOW, 0.30, 0.03, 1.0},
    {MYO_F_SNR, MYO_ABOVE, 12.0, 1.2, 1.0},
    {MYO_F_CUT, MYO_BELOW, 0.5, 0.1, 0.7},
};

const myo_rule myo_jerk_rules[] = {
    {"jerk-brief", MYO_JERK, MYO_ON_EMG, MYO_FORM(SINGLE) | MYO_FORM(SUSTAINED), 0.0, MYO_TERMS(brief)},
    {"jerk-limb", MYO_JERK, MYO_ON_ACC, MYO_FORM(SINGLE) | MYO_FORM(SUSTAINED), 0.0, MYO_TERMS(limb)},
    {NULL, MYO_JERK, 0, 0, 0.0, NULL, 0}};
