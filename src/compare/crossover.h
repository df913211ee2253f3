/* crossover.h - paired data where the manifest says who had which condition first. */
#ifndef MYO_COMPARE_CROSSOVER_H
#define MYO_COMPARE_CROSSOVER_H

#include "compare/pairs.h"

/* Who had which condition first, and what comes of it. */
typedef struct myo_crossed {
    bool made;     /* there is such a column */
    int n[2];      /* people with the reference first, second; both 0: not told */
    double period; /* p of the period's own effect (Hills-Armitage); NaN: not tested */
    myo_test test; /* period-adjusted effect on the metric's scale */
} myo_crossed;

/* From a manifest column `order`, `sequence` or `period`: a number that rises with time where it
 * differs between a person's recordings, else a label of the order, of which there must be two. */
myo_err myo_compare_crossover(const myo_comparison *c, const myo_pairs *pairs, double level,
                              myo_crossed *out);

#endif
