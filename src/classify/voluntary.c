/* voluntary.c - contractions and movements with gradual edges (science.md 1.1, 5.3). */
#include <stddef.h>
#include "classify/rules.h"

static const myo_term contraction[] = {
    {MYO_F_DURATION, MYO_LOG_ABOVE, 250.0, 0.10, 1.5},
    {MYO_F_COVER, MYO_BELOW, 0.60, 0.08, 1.0},
    {MYO_F_MULTIPLET, MYO_BELOW, 0.60, 0.10, 0.5},
    {MYO_F_MDF, MYO_LOG_ABOVE, 52.0, 0.05, 0.7},
};

/* A long hold that is no cramp: several muscles, or cut by the file. */
static const myo_term hold[] = {
    {MYO_F_DURATION, MYO_LOG_ABOVE, 5000.0, 0.2, 1.0},
    {MYO_F_CUT, MYO_ABOVE, 0.5, 0.1, 1.0},
    {MYO_F_COVER, MYO_BELOW, 0.60, 0.08, 1.0},
};

static const myo_term short_hold[] = {
    {MYO_F_DURATION, MYO_LOG_ABOVE, 250.0, 0.10, 1.0},
    {MYO_F_RISE, MYO_LOG_ABOVE, 90.0, 0.12, 0.5},
    {MYO_F_DURATION, MYO_LOG_BELOW, 5700.0, 0.06, 1.0},
    {MYO_F_COVER, MYO_BELOW, 0.60, 0.08, 1.0},
    {MYO_F_MDF, MYO_LOG_ABOVE, 52.0, 0.05, 0.7},
};

static const myo_term stepping[] = {
    {MYO_F_RATE, MYO_LOG_BELOW, 2.6, 0.05, 1.5},
    {MYO_F_N, MYO_ABOVE, 3.5, 0.3, 1.0},
    {MYO_F_COVER, MYO_BELOW, 0.5, 0.06, 1.5}, /* a tremor that skips beats keeps its peak */
};

/* A weak steady contraction: single units at their own 5-15 Hz, potentials too brief for tremor bursts. */
static const myo_term units[] = {
    {MYO_F_BURST, MYO_LOG_BELOW, 18.5, 0.05, 1.0},
    {MYO_F_N, MYO_ABOVE, 5.5, 0.3, 1.0},
    {MYO_F_RATE, MYO_LOG_ABOVE, 4.0, 0.1, 0.7},
    {MYO_F_TEMPLATE, MYO_ABOVE, 0.84, 0.04, 0.5},
    {MYO_F_CV, MYO_ABOVE, 0.07, 0.01, 0.5},
};

/* A weak contraction whose interference pattern falls apart: irregular, hardly a gap, no peak. */
static const myo_term ragged[] = {
    {MYO_F_CV, MYO_ABOVE, 0.22, 0.02, 1.0},
    {MYO_F_COVER, MYO_BELOW, 0.2, 0.05, 1.5},
    {MYO_F_DUTY, MYO_ABOVE, 0.55, 0.03, 1.0},
    {MYO_F_REPEAT, MYO_BELOW, 0.30, 0.012, 1.0},
};

/* One of many muscles that take turns. */
static const myo_term turns[] = {
    {MYO_F_CROWD, MYO_ABOVE, 3.5, 0.2, 2.0},
    {MYO_F_BURST, MYO_LOG_ABOVE, 10.0, 0.2, 0.3},
};

static const myo_term reach[] = {
    {MYO_F_DURATION, MYO_LOG_ABOVE, 400.0, 0.12, 1.0},
    {MYO_F_RISE, MYO_LOG_ABOVE, 200.0, 0.15, 0.7},
    {MYO_F_MDF, MYO_LOG_BELOW, 2.6, 0.10, 1.0},
};

/* However fast: it left the limb in another posture, or held it there. */
static const myo_term turned[] = {
    {MYO_F_BEND, MYO_ABOVE, 0.30, 0.03, 1.5},
    {MYO_F_DURATION, MYO_LOG_ABOVE, 250.0, 0.12, 1.0},
    {MYO_F_PLAIN, MYO_LOG_ABOVE, 0.025, 0.15, 0.7},
    {MYO_F_SHARP, MYO_LOG_ABOVE, 1.25, 0.05, 1.0},
};

/* One of many movements: where even the quiet moments are above 30 mg a person is busy, and what hardly stands out of
 * that is part of it. Sensors alone have 0.5-3 mg (science.md 1.2). */
static const myo_term busy[] = {
    {MYO_F_FLOOR, MYO_LOG_ABOVE, 0.03, 0.15, 1.5},
    {MYO_F_SNR, MYO_BELOW, 15.0, 1.5, 1.5},
    {MYO_F_SHARP, MYO_LOG_ABOVE, 1.25, 0.05, 1.0},
};

const myo_rule myo_voluntary_rules[] = {
    {"voluntary-contraction", MYO_VOLUNTARY, MYO_ON_EMG, MYO_FORM(SINGLE) | MYO_FORM(SUSTAINED), -3.0,
     MYO_TERMS(contraction)},
    {"voluntary-short", MYO_VOLUNTARY, MYO_ON_EMG, MYO_FORM(SINGLE) | MYO_FORM(SUSTAINED), 0.0, MYO_TERMS(short_hold)},
    {"voluntary-hold", MYO_VOLUNTARY, MYO_ON_EMG, MYO_FORM(SUSTAINED), 0.0, MYO_TERMS(hold)},
    {"voluntary-stepping", MYO_VOLUNTARY, MYO_ON_EMG, MYO_FORM(TRAIN), 0.0, MYO_TERMS(stepping)},
    {"voluntary-units", MYO_VOLUNTARY, MYO_ON_EMG, MYO_FORM(TRAIN), 0.0, MYO_TERMS(units)},
    {"voluntary-ragged", MYO_VOLUNTARY, MYO_ON_EMG, MYO_FORM(TRAIN), 0.0, MYO_TERMS(ragged)},
    {"voluntary-turns", MYO_VOLUNTARY, MYO_ON_EMG, MYO_FORM(SINGLE) | MYO_FORM(SUSTAINED) | MYO_FORM(TRAIN), 0.5,
     MYO_TERMS(turns)},
    {"voluntary-movement", MYO_VOLUNTARY, MYO_ON_ACC, MYO_FORM(SINGLE) | MYO_FORM(SUSTAINED), 0.0, MYO_TERMS(reach)},
    {"voluntary-turned", MYO_VOLUNTARY, MYO_ON_ACC, MYO_FORM(SINGLE) | MYO_FORM(SUSTAINED), 0.0, MYO_TERMS(turned)},
    {"voluntary-busy", MYO_VOLUNTARY, MYO_ON_ACC, MYO_FORM(SINGLE) | MYO_FORM(SUSTAINED), 0.0, MYO_TERMS(busy)},
    {NULL, MYO_VOLUNTARY, 0, 0, 0.0, NULL, 0}};
