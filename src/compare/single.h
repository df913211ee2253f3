/* single.h - one person under two conditions, one question: what the files of design rates share.
 */
#ifndef MYO_COMPARE_SINGLE_H
#define MYO_COMPARE_SINGLE_H

#include "compare/events.h"

#define MYO_SINGLE_LEVEL 0.95

typedef struct myo_single {
    myo_comparison *c;
    const myo_outcome *o;
    int participant, reference, contrast;
    const myo_pooled *ref, *con;
    const myo_side *ref_side, *con_side;
    myo_series ref_series, con_series; /* empty if a table of events is missing */
    bool has_events;
    double mdc;
} myo_single;

/* A row with names, counts, exposures and estimates. */
myo_cmp_row myo_single_row(const myo_single *q);
/* Rows of a rate (rate_rows.c); of any other metric (event_rows.c). */
myo_err myo_single_rate(const myo_single *q);
myo_err myo_single_events(const myo_single *q);
/* Is the change smaller than what sessions differ by anyway? Adds to the warnings of a row about
 * one person (single.c). */
void myo_warn_mdc(myo_comparison *c, const myo_outcome *o, myo_cmp_row *row);

/* Recordings left out; an interval that few events cannot widen to 95 %; a primary row of one of
 * several people. Call with the test in the row. */
void myo_warn_single(const myo_single *q, myo_cmp_row *row);

#endif
