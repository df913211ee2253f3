/* features.h - what the numbers of a candidate are called, for people. */
#ifndef MYO_CLASSIFY_FEATURES_H
#define MYO_CLASSIFY_FEATURES_H

#include "event/group.h"

typedef struct myo_feat_row {
    const char *name, *unit, *meaning;
} myo_feat_row;
extern const myo_feat_row myo_feat_rows[MYO_N_FEAT];

#endif
