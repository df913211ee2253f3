/* features.c - names, units and meanings of the features. */
#include "classify/features.h"

const myo_feat_row myo_feat_rows[MYO_N_FEAT] = {
#define F(id, unit, meaning) {#id, unit, meaning},
#include "myotab/features.def"
#undef F
};
