/* artefact.c - what no muscle made: masked spans, cable and electrode movement, the same shape everywhere. */
#include <stddef.h>
#include "classify/rules.h"

static const myo_term masked[] = {{MYO_F_MASKED, MYO_ABOVE, 0.30, 0.04, 3.0}};

/* science.md 5.3 rule 0: much of the raw energy under 20 Hz, and what the filter leaves is slow too: movement of cables
 * and electrodes, lone heart beats. Muscle keeps its 60-120 Hz even where the baseline wanders under it. */
static const myo_term slow[] = {{MYO_F_LOW, MYO_ABOVE, 0.36, 0.04, 1.5}, {MYO_F_MDF, MYO_LOG_BELOW, 57.0, 0.05, 1.5}};

/* An electrode pop: a step that decays leaves a short answer of the filter, quick for an artefact, and most of the raw
 * energy under 20 Hz. */
static const myo_term pop[] = {
    {MYO_F_LOW, MYO_ABOVE, 0.52, 0.03, 1.5},
    {MYO_F_MDF, MYO_LOG_BELOW, 72.0, 0.03, 1.5},
    {MYO_F_BURST, MYO_LOG_BELOW, 70.0, 0.1, 1.5},
};

/* A step: an electrode pop or a switch. Muscle swings both ways, and leaves the baseline where it was. */
static const myo_term step[] = {{MYO_F_STEP, MYO_ABOVE, 0.50, 0.04, 2.5}, {MYO_F_BURST, MYO_LOG_BELOW, 300.0, 0.1, 1.5}};

/* The same behind a recorder that lets nothing slow through: it jumps one way and creeps back. */
static const myo_term jump[] = {
    {MYO_F_ONEWAY, MYO_ABOVE, 0.54, 0.02, 2.5},
    {MYO_F_MDF, MYO_LOG_BELOW, 65.0, 0.03, 1.5},
    {MYO_F_BURST, MYO_LOG_BELOW, 60.0, 0.1, 1.5},
};

/* At the edge of a mask the signal breaks off: the bridge has a bend there, and half a heart beat cannot be subtracted. */
static const myo_term brink[] = {{MYO_F_BRINK, MYO_ABOVE, 0.65, 0.04, 2.5}, {MYO_F_BURST, MYO_LOG_BELOW, 80.0, 0.1, 1.5}};

/* What is left of hum, where its amplitude jumped or its frequency drifted fast. */
static const myo_term line[] = {{MYO_F_LINE, MYO_ABOVE, 0.45, 0.05, 2.5}};

/* Mains of other frequencies, machines, and hum whose level swings: the same wave again after 55-125 ms. */
static const myo_term again[] = {{MYO_F_AGAIN, MYO_ABOVE, 0.90, 0.02, 2.5}};

/* A stimulus, a broken byte: one or two samples, all frequencies alike. */
static const myo_term spike[] = {
    {MYO_F_SPIKE, MYO_ABOVE, 0.85, 0.03, 2.5},
    {MYO_F_MDF, MYO_LOG_ABOVE, 203.0, 0.025, 2.0},
    {MYO_F_BURST, MYO_LOG_BELOW, 15.0, 0.06, 1.5},
};

/* Hiss of an amplifier or electrode that rose or fell: all frequencies alike, and no potential stands out. Muscle under
 * the skin has its middle at 60-150 Hz; short contractions of the face may reach this. Only rates that show 450 Hz can
 * tell. */
static const myo_term hiss[] = {
    {MYO_F_MDF, MYO_LOG_ABOVE, 200.0, 0.025, 3.0},
    {MYO_F_CREST, MYO_BELOW, 4.6, 0.15, 1.0},
    {MYO_F_DURATION, MYO_LOG_ABOVE, 4000.0, 0.1, 1.5},
    {MYO_F_SNR, MYO_BELOW, 16.0, 0.6, 2.0}, /* a floor does not rise by more than some 12 dB */
};

/* What is left of a heart beat that was subtracted: slow as the beat was. */
static const myo_term beat[] = {{MYO_F_BEAT, MYO_ABOVE, 0.5, 0.1, 1.5}, {MYO_F_MDF, MYO_LOG_BELOW, 65.0, 0.06, 1.5}};

/* Identical on three and more channels within 1 ms: it came through the air or the ground. */
static const myo_term everywhere[] = {{MYO_F_ALIKE, MYO_ABOVE, 2.5, 0.3, 2.0}, {MYO_F_BURST, MYO_LOG_BELOW, 40.0, 0.2, 1.0}};

/* A knock on the sensor lasts 1-3 ms, a limb's answer to a muscle 60 ms and more (science.md 8.3). */
static const myo_term knock[] = {{MYO_F_SHARP, MYO_LOG_BELOW, 1.2, 0.05, 2.0}, {MYO_F_MDF, MYO_LOG_ABOVE, 6.0, 0.08, 0.7}};

/* The sensor turns in gravity and does not come back, and nothing else happens: another posture, or it slipped. */
static const myo_term turn[] = {
    {MYO_F_TURN, MYO_LOG_ABOVE, 0.12, 0.2, 1.0},
    {MYO_F_PLAIN, MYO_LOG_BELOW, 0.035, 0.15, 1.5},
    {MYO_F_STAY, MYO_ABOVE, 0.5, 0.08, 1.5},
    {MYO_F_MDF, MYO_LOG_BELOW, 3.2, 0.1, 1.0},
};

/* Vehicles and machines shake at 8-20 Hz for seconds and more; no limb does so but in tremor. */
static const myo_term vibration[] = {{MYO_F_DURATION, MYO_LOG_ABOVE, 1300.0, 0.1, 1.5}, {MYO_F_MDF, MYO_LOG_ABOVE, 7.5, 0.06, 1.5}};

/* As a clear rhythm: above every limb's tremor but the orthostatic one of the legs, so in doubt. */
static const myo_term hum[] = {{MYO_F_PEAK_HZ, MYO_LOG_ABOVE, 12.5, 0.03, 1.0}};

/* Walking moves whatever is worn, and hides what a limb does by itself (science.md 8.3). */
static const myo_term walking[] = {{MYO_F_STEPS, MYO_BELOW, 3.0, 0.1, 1.0}, {MYO_F_DURATION, MYO_LOG_ABOVE, 2500.0, 0.1, 1.0}};

/* heart.c found the beat; the rhythm it kept is the evidence. */
static const myo_term heart[] = {{MYO_F_N, MYO_ABOVE, 6.0, 0.5, 1.0}};

const myo_rule myo_artefact_rules[] = {
    {"artefact-heart", MYO_ARTEFACT, MYO_ON_EMG, MYO_FORM(HEART), 0.0, MYO_TERMS(heart)},
    {"artefact-masked", MYO_ARTEFACT, MYO_ON_EMG | MYO_ON_ACC, MYO_ANY_FORM, 0.0, MYO_TERMS(masked)},
    {"artefact-slow", MYO_ARTEFACT, MYO_ON_EMG, MYO_ANY_FORM, 0.0, MYO_TERMS(slow)},
    {"artefact-pop", MYO_ARTEFACT, MYO_ON_EMG, MYO_FORM(SINGLE), 0.0, MYO_TERMS(pop)},
    {"artefact-step", MYO_ARTEFACT, MYO_ON_EMG, MYO_FORM(SINGLE), 3.0, MYO_TERMS(step)},
    {"artefact-jump", MYO_ARTEFACT, MYO_ON_EMG, MYO_FORM(SINGLE), 3.0, MYO_TERMS(jump)},
    {"artefact-brink", MYO_ARTEFACT, MYO_ON_EMG, MYO_FORM(SINGLE), 3.0, MYO_TERMS(brink)},
    {"artefact-line", MYO_ARTEFACT, MYO_ON_EMG, MYO_ANY_FORM, 0.0, MYO_TERMS(line)},
    {"artefact-again", MYO_ARTEFACT, MYO_ON_EMG, MYO_ANY_FORM, 3.0, MYO_TERMS(again)},
    {"artefact-spike", MYO_ARTEFACT, MYO_ON_EMG, MYO_ANY_FORM, 3.0, MYO_TERMS(spike)},
    {"artefact-hiss", MYO_ARTEFACT, MYO_ON_EMG, MYO_FORM(SUSTAINED), 3.0, MYO_TERMS(hiss)},
    {"artefact-beat", MYO_ARTEFACT, MYO_ON_EMG, MYO_FORM(SINGLE), 0.0, MYO_TERMS(beat)},
    {"artefact-everywhere", MYO_ARTEFACT, MYO_ON_EMG, MYO_FORM(SINGLE), 0.0, MYO_TERMS(everywhere)},
    {"artefact-knock", MYO_ARTEFACT, MYO_ON_ACC, MYO_FORM(SINGLE), 0.0, MYO_TERMS(knock)},
    {"artefact-turn", MYO_ARTEFACT, MYO_ON_ACC, MYO_FORM(SINGLE) | MYO_FORM(SUSTAINED), 1.5, MYO_TERMS(turn)},
    {"artefact-vibration", MYO_ARTEFACT, MYO_ON_ACC, MYO_FORM(SINGLE) | MYO_FORM(SUSTAINED), 0.0, MYO_TERMS(vibration)},
    {"artefact-hum", MYO_ARTEFACT, MYO_ON_ACC, MYO_FORM(RHYTHM), 0.0, MYO_TERMS(hum)},
    {"artefact-walking", MYO_ARTEFACT, MYO_ON_ACC, MYO_FORM(GAIT), 0.0, MYO_TERMS(walking)},
    {NULL, MYO_ARTEFACT, 0, 0, 0.0, NULL, 0}};
