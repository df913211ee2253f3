/* people.h - one outcome of a study by person and condition, recordings pooled. */
#ifndef MYO_REPORT_PEOPLE_H
#define MYO_REPORT_PEOPLE_H

#include "report/report.h"

enum { MYO_SIDES = 2 }; /* reference and contrast */

typedef struct myo_pool_sum {
    double n, exposure_s;
    double weighted, weight; /* of metrics that are no rate */
    int n_recordings;
} myo_pool_sum;

typedef struct myo_person {
    const char *id, *group;
    myo_pool_sum side[MYO_SIDES];
    double
        value[MYO_SIDES]; /* of the outcome's metric; NaN: no recording, no exposure or no event */
} myo_person;

typedef struct myo_people {
    myo_person *person; /* in the order of the recordings */
    size_t n, cap;
    const char *side[MYO_SIDES]; /* labels: conditions, or groups; NULL: there are no two */
    bool by_group;
    size_t n_both; /* people with a value on both sides */
} myo_people;

/* People under the two conditions (groups, in a parallel design) that the primary outcome compares;
 * without a comparison, the first two conditions of the table. */
myo_err myo_people_pool(const myo_rep *r, const myo_rep_outcome *o, myo_people *out);
void myo_people_clear(myo_people *p);
/* Median of a side's values; NaN if there are none. */
double myo_people_median(const myo_people *p, int side);

#endif
