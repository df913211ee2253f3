/* crossover.h - paired data where the manifest says who had which condition first. */
#ifndef MYO_COMPARE_CROSSOVER_H
#define MYO_COMPARE_CROSSOVER_H

#include "compare/pairs.h"

/* Period-adjusted effect on the metric's scale, from a manifest column `order`, `sequence` or
 * `period`: a number that rises with time where it differs between a person's recordings, else a
 * label of the order, of which there must be two. *made: there is such a column. */
myo_err myo_compare_crossover(const myo_comparison *c, const myo_pairs *pairs, double level,
                              bool *made, myo_test *out);

#endif
