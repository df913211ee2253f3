/* spread.h - whether one person's events cluster, so that their counts scatter more than
 * independent ones. */
#ifndef MYO_COMPARE_SPREAD_H
#define MYO_COMPARE_SPREAD_H

#include "compare/single.h"
#include "stats/resample.h"

typedef struct myo_spread {
    myo_scatter ref, con; /* what quasi-Poisson takes */
    double f, df;         /* as seen in both sides' bins together; f NaN: unknown */
    double bins[2];       /* of each */
    bool within;          /* bins show that events cluster */
    bool clustered;       /* the exact interval would be too narrow, for that or for sessions */
    int n_ref, n_con;     /* sessions that tell their scatter; 0: none has two */
    double sessions;      /* variance over mean of counts of sessions, both sides together */
} myo_spread;

/* From the bins, or from the summary's fano where there is no table of events. */
myo_spread myo_spread_of(const myo_single *q);
void myo_warn_spread(const myo_single *q, const myo_spread *s, myo_cmp_row *row);

#endif
