/* people.h - one outcome of a study by person and condition, recordings pooled. */
#ifndef MYO_REPORT_PEOPLE_H
#define MYO_REPORT_PEOPLE_H

#include "report/report.h"

enum { MYO_SIDES = 6 }; /* the most: the reference, then every other condition or group */

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
    const char *side[MYO_SIDES]; /* labels: conditions, or groups */
    int n_sides;
    bool more_sides; /* than have room */
    bool by_group;
    double median[MYO_SIDES]; /* of a side's values; NaN if there are none */
    size_t n_whole;           /* people with a value on every side */
} myo_people;

/* Are groups compared (design parallel)? Then a recording's label is its group, else its condition.
 */
bool myo_rep_by_group(const myo_rep *r);
const char *myo_rep_label(const myo_rep *r, const myo_rep_rec *rec);
/* People under the conditions (groups, in a parallel design) of the study: the reference and the
 * contrast of the first comparison, then the others in the order of the table. */
myo_err myo_people_pool(const myo_rep *r, const myo_rep_outcome *o, myo_people *out);
/* Those of one group, with medians of their own. */
myo_err myo_people_of_group(const myo_people *all, const char *group, myo_people *out);
void myo_people_clear(myo_people *p);
/* A recording's own value of a metric; NaN without exposure or events. */
double myo_value_of(const myo_rep_sum *s, const char *metric);
/* "jerk: rate, per hour (square-root axis)" */
void myo_outcome_name(const myo_rep_outcome *o, bool sqrt_axis, char dst[160]);

#endif
