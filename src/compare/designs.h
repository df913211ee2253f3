/* designs.h - the designs' functions: one file each, one row in designs.c. */
#ifndef MYO_COMPARE_DESIGNS_H
#define MYO_COMPARE_DESIGNS_H

#include "compare/compare.h"

myo_err myo_design_rates(myo_comparison *c);
myo_err myo_design_paired(myo_comparison *c);
myo_err myo_design_parallel(myo_comparison *c);
myo_err myo_design_trend(myo_comparison *c);
myo_err myo_design_forest(myo_comparison *c);

#endif
