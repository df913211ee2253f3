/* shares.h - rates of the same people, from how each person's events are shared out among conditions
 * or sessions. */
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

/* Events n of a person's session of length t, any unit, above 0; x: what rates may follow. */
typedef struct myo_session_count {
    double n, t, x;
    int person;
} myo_session_count;

/* ln of the ratio of rates per unit of x, common to all people whatever their own rates, from n_sessions
 * sessions, those of a person together. Made as myo_shared_ratio() is, which is the case of x = 0 and 1
 * (conditional Poisson regression; INFINITY with a sign where every event lies at an end of x).
 * statistic: the sum of x over events. Not made with fewer than two people who have an event and several
 * x. *used (may be NULL): how many have. */
myo_test myo_shared_slope(const myo_session_count *s, size_t n_sessions, double level, size_t *used);

#endif
