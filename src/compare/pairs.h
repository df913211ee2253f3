/* pairs.h - the same people under two conditions: their values side by side. */
#ifndef MYO_COMPARE_PAIRS_H
#define MYO_COMPARE_PAIRS_H

#include "compare/compare.h"

/* People with both conditions in one channel and class, and their differences on the metric's scale
 * (mdc.h). Release with myo_pairs_clear(). */
typedef struct myo_pairs {
    myo_pooled *ref, *con; /* n_pairs of each, with exposure, in order of the participants */
    int n_pairs;
    double *d; /* contrast - reference, n of them */
    int *pair; /* which pair each is of */
    int n;
    double fano;    /* variance over mean of counts per minute, mean over sessions; NaN: unknown */
    double per_h;   /* events of all pairs in the hours of all pairs */
    bool clustered; /* rates: fano has a part in d */
    double times;   /* how many times as long one side is, geometric mean over people; >= 1 */
    double few;     /* events per person on the side with fewer */
    bool uneven;    /* rates: d would mislead (pairs.c) */
    int n_incomplete;  /* people with one of the two only */
    int n_no_exposure; /* people with both, but no usable time in one */
    int n_no_event;    /* pairs without any event, which tell nothing of a ratio */
    int n_no_value;    /* pairs where one side has no value of the metric */
    int n_units;       /* pairs whose peaks are in different units */
} myo_pairs;

/* indeterminate_in: indeterminate events count as the outcome's class (rates only), in ref and con
 * too. */
myo_err myo_pairs_of(const myo_comparison *c, const myo_outcome *o, int reference, int contrast,
                     bool indeterminate_in, myo_pairs *out);
void myo_pairs_clear(myo_pairs *p);
/* Do logs of rates mislead: where times are so many times as long, and so many events expected? */
bool myo_times_mislead(double times, double events);

#endif
