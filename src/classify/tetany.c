/* tetany.c - long runs of multiplets at 4-15 Hz on growing tone (science.md 1.1, 5.3; Dee83). */
#include <stddef.h>
#include "classify/rules.h"

static const myo_term multiplets[] = {
    {MYO_F_DURATION, MYO_LOG_ABOVE, 4000.0, 0.2, 0.5},
    {MYO_F_REPEAT, MYO_ABOVE, 0.30, 0.012, 2.0},
    {MYO_F_N, MYO_ABOVE, 5.5, 0.5, 1.0},
    {MYO_F_COVER, MYO_ABOVE, 0.3, 0.1, 0.5},
    {MYO_F_CROWD, MYO_BELOW, 3.5, 0.2, 1.0},
};

/* Close doublets hide their repetition, but every group has the same shape. */
static const myo_term same_shape[] = {
    {MYO_F_DURATION, MYO_LOG_ABOVE, 4000.0, 0.2, 0.5},
    {MYO_F_SAME, MYO_ABOVE, 0.83, 0.02, 2.0},
    {MYO_F_N, MYO_ABOVE, 5.5, 0.5, 1.0},
    {MYO_F_COVER, MYO_ABOVE, 0.3, 0.1, 0.5},
};

const myo_rule myo_tetany_rules[] = {
    {"tetany-multiplets", MYO_TETANY, MYO_ON_EMG, MYO_FORM(TRAIN) | MYO_FORM(SUSTAINED) | MYO_FORM(RHYTHM), 0.0,
     MYO_TERMS(multiplets)},
    {"tetany-same-shape", MYO_TETANY, MYO_ON_EMG, MYO_FORM(TRAIN) | MYO_FORM(RHYTHM), 0.0, MYO_TERMS(same_shape)},
    {NULL, MYO_TETANY, 0, 0, 0.0, NULL, 0}};
