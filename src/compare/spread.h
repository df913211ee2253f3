/* spread.h - whether one person's events cluster, so that their counts scatter more than
 * independent ones. */
#ifndef MYO_COMPARE_SPREAD_H
#define MYO_COMPARE_SPREAD_H

#include "compare/single.h"
#include "stats/resample.h"

typedef struct myo_spread {
    myo_scatter ref, con; /* what quasi-Poisson takes; the wider of bins and blocks */
    double f, df;         /* of counts in bins, both sides together; f NaN: unknown */
    double blocks;  /* the same of counts in blocks of minutes; NaN: too few bins for blocks */
    double block_s; /* mean length of a block */
    bool clustered;
} myo_spread;

/* From the bins, or from the summary's fano where there is no table of events. */
myo_err myo_spread_of(const myo_single *q, myo_spread *out);
void myo_warn_spread(const myo_single *q, const myo_spread *s, myo_cmp_row *row);
/* Blocks of bins permuted on rings, for the ratio of rates. */
myo_err myo_spread_permute(const myo_single *q, int64_t resamples, myo_circular *out);

#endif
