/* spread.h - whether one person's events cluster, so that their counts scatter more than
 * independent ones. */
#ifndef MYO_COMPARE_SPREAD_H
#define MYO_COMPARE_SPREAD_H

#include "compare/single.h"
#include "stats/resample.h"

typedef struct myo_spread {
    myo_scatter ref, con; /* what quasi-Poisson takes */
    double f, df;         /* of both sides together; f NaN: unknown */
    bool clustered;       /* the exact interval would be too narrow */
} myo_spread;

/* From the bins, or from the summary's fano where there is no table of events. */
myo_spread myo_spread_of(const myo_single *q);
void myo_warn_spread(const myo_single *q, const myo_spread *s, myo_cmp_row *row);

#endif
