/* tremor.c - regular bursts or a narrow spectral peak at 3-20 Hz (science.md 4). */
#include <stddef.h>
#include "classify/rules.h"

static const myo_term train[] = {
    {MYO_F_N, MYO_ABOVE, 7.5, 0.3, 1.5},
    {MYO_F_DURATION, MYO_LOG_ABOVE, 1300.0, 0.06, 1.5},
    {MYO_F_CV, MYO_BELOW, 0.28, 0.04, 1.0},
    {MYO_F_COVER, MYO_ABOVE, 0.2, 0.05, 0.8},
    {MYO_F_RATE, MYO_LOG_ABOVE, 2.8, 0.04, 1.0},
    {MYO_F_CROWD, MYO_BELOW, 3.5, 0.2, 1.0},
    {MYO_F_DUTY, MYO_ABOVE, 0.14, 0.012, 0.7},
    {MYO_F_BURST, MYO_LOG_ABOVE, 18.5, 0.05, 1.0},
    {MYO_F_REPEAT, MYO_BELOW, 0.30, 0.012, 1.0},
    {MYO_F_SAME, MYO_BELOW, 0.83, 0.02, 1.0},
    {MYO_F_SLOWER, MYO_BELOW, 0.0, 1.0, 0.5},
};

/* Weak tremor: of its beats only some stand out, and of those only the tops, but the spectrum's peak is sharp. */
static const myo_term beats[] = {
    {MYO_F_N, MYO_ABOVE, 5.5, 0.3, 1.0},
    {MYO_F_DURATION, MYO_LOG_ABOVE, 1300.0, 0.06, 1.5},
    {MYO_F_COVER, MYO_ABOVE, 0.6, 0.06, 1.5},
    {MYO_F_HEIGHT, MYO_ABOVE, 12.5, 0.6, 1.0},
    {MYO_F_SNR, MYO_BELOW, 10.0, 0.5, 1.0},
    {MYO_F_BURST, MYO_LOG_ABOVE, 16.5, 0.05, 1.0},
    {MYO_F_REPEAT, MYO_BELOW, 0.30, 0.012, 1.0},
    {MYO_F_SAME, MYO_BELOW, 0.83, 0.02, 1.0},
};

static const myo_term envelope[] = {
    {MYO_F_COVER, MYO_ABOVE, 0.50, 0.08, 2.0},
    {MYO_F_DURATION, MYO_LOG_ABOVE, 1300.0, 0.1, 1.0},
    {MYO_F_MULTIPLET, MYO_BELOW, 0.50, 0.06, 0.5},
};

static const myo_term peak[] = {
    {MYO_F_HEIGHT, MYO_ABOVE, 9.0, 1.0, 1.0},
    {MYO_F_DURATION, MYO_LOG_ABOVE, 1300.0, 0.06, 1.0},
    {MYO_F_WIDTH, MYO_BELOW, 2.0, 0.1, 1.0},
    {MYO_F_CYCLES, MYO_ABOVE, 6.0, 0.1, 2.0}, /* science.md 4: at least six */
};

const myo_rule myo_tremor_rules[] = {
    {"tremor-train", MYO_TREMOR, MYO_ON_EMG, MYO_FORM(TRAIN), 0.0, MYO_TERMS(train)},
    {"tremor-beats", MYO_TREMOR, MYO_ON_EMG, MYO_FORM(TRAIN), 0.0, MYO_TERMS(beats)},
    {"tremor-envelope", MYO_TREMOR, MYO_ON_EMG | MYO_ON_ACC, MYO_FORM(SUSTAINED), 0.0, MYO_TERMS(envelope)},
    {"tremor-peak", MYO_TREMOR, MYO_ON_EMG | MYO_ON_ACC, MYO_FORM(RHYTHM), 0.0, MYO_TERMS(peak)},
    {NULL, MYO_TREMOR, 0, 0, 0.0, NULL, 0}};
