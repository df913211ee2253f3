/* arms.h - people in parallel groups, each of them counted once: what the files of design parallel
 * share. */
#ifndef MYO_COMPARE_ARMS_H
#define MYO_COMPARE_ARMS_H

#include "compare/compare.h"

#define MYO_ARMS_LEVEL 0.95

/* One person, all recordings (but those of the baseline) together. */
typedef struct myo_person {
    int group;     /* label; -1: none, or more than one */
    int incidence; /* as the clinician saw it: 0, 1; -1: not said */
    double grade;  /* the worst that the clinician gave; NaN: none */
} myo_person;

/* Everybody, by label of the comparison. */
typedef struct myo_arms {
    myo_person *person;
    int baseline; /* condition that is left out; -1: none */
} myo_arms;

/* People from c->results; pools what they have in the summary anew, by person. Adds to c->extra
 * what can be asked beside the summary's columns. Doubts that concern everybody are warnings in
 * c->d. Release with myo_arms_clear(), also on failure. */
myo_err myo_arms_of(myo_comparison *c, myo_arms *out);
void myo_arms_clear(myo_arms *a);

/* Whose cell it is: recordings of one person, channel and class; NULL: none. */
const myo_pooled *myo_arms_cell(const myo_comparison *c, int person, const myo_outcome *o);
/* What the person has of an outcome, on the scale that is compared: 0 or 1, a grade, a log or a
 * plain number; NaN: no value. */
double myo_arms_value(const myo_comparison *c, int person, const myo_outcome *o);

/* The people of one arm who have a value of the outcome. */
typedef struct myo_arm {
    const char *name;
    int *who; /* labels, in manifest order */
    double *value;
    size_t n;
    size_t n_all; /* people of the arm, with a value or without */
} myo_arm;

/* One question about two arms. */
typedef struct myo_versus {
    myo_comparison *c;
    const myo_outcome *o;
    myo_arm ref, con;
} myo_versus;

/* A row with names, people, events, exposures, and who was left out. */
myo_cmp_row myo_versus_row(const myo_versus *q);
/* The same as a supporting row: the doubts stay with the row above. */
myo_cmp_row myo_versus_support(const myo_versus *q, const char *effect_name, const char *test);

/* Rows of one metric each. */
myo_err myo_arms_incidence(const myo_versus *q);

#endif
