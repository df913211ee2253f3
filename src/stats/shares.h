/* shares.h - two rates of the same people, from the share of each person's events that came under
 * one condition. */
#ifndef MYO_STATS_SHARES_H
#define MYO_STATS_SHARES_H

#include <stddef.h>
#include "stats/test.h"

/* One person's events in two times, any unit, both above 0. */
typedef struct myo_two_counts {
    double n_ref, t_ref, n_con, t_con;
} myo_two_counts;

/* ln of the ratio of rates, contrast over reference, common to n people whatever their own rates.
 * Estimate: conditional maximum likelihood (-INFINITY or INFINITY where one side has no event at
 * all); interval by inversion and p from the score (shares.c). statistic: events under the contrast.
 * Not made with fewer than two people who have an event. */
myo_test myo_shared_ratio(const myo_two_counts *p, size_t n, double level);

#endif
