/* arms.h - people in parallel groups, each of them counted once: what the files of design parallel
 * share. */
#ifndef MYO_COMPARE_ARMS_H
#define MYO_COMPARE_ARMS_H

#include "compare/compare.h"

#define MYO_ARMS_LEVEL 0.95

/* What is graded, by a clinician and from the signal: myoclonus, which is a jerk in our tables. */
#define MYO_GRADED_TYPE "jerk"

/* What the signal shows of one person's jerks, all recordings together (severity.c). */
typedef struct myo_severity {
    int64_t n;      /* linked events of several channels once */
    double busy_s;  /* time within events */
    int n_channels; /* with events, of one kind: the muscles, or the accelerometers if these are
                     * more
                     */
    double peak_g;  /* the largest of accelerometers; NaN: none */
    double area[2]; /* of all events together: muscles, accelerometers; NaN: none */
} myo_severity;
/* Grade 0 to 3 (science.md 6.4, an expert's default). q1: first quartiles of the areas of all
 * people with events.
 *
 *   3  three channels or more, or over 10 s, or a peak of 0.5 g or more
 *   2  two channels, or 2 to 10 s, or more than two events whose area is not small
 *   1  one or two events; or more in one channel, with an area under q1
 *   0  none */
int myo_severity_grade(const myo_severity *s, const double q1[2]);

/* One person, all recordings (but those of the baseline) together. */
typedef struct myo_person {
    int group;           /* label; -1: none, or more than one */
    int incidence;       /* as the clinician saw it: 0, 1; -1: not said */
    double grade;        /* the worst that the clinician gave; NaN: none */
    double signal_grade; /* NaN: no table of events */
    double *onset_s;     /* by class: of the first event; NaN: none */
    double watched_s;    /* until then somebody without event was watched; NaN: not known */
} myo_person;

/* Everybody, by label of the comparison. */
typedef struct myo_arms {
    myo_person *person;
    double *onset_s; /* of all, by person and class */
    int baseline;    /* condition that is left out; -1: none */
    myo_pooled *before; /* its cells, as c->cell; measures are gone */
    size_t n_before;
    int n_several;   /* people of whom more than the first recording is there */
    bool from_dose;  /* onsets are counted from the dose; else from the first sample */
    bool has_events; /* somebody has tables of events */
} myo_arms;

/* People from c->results; pools what they have in the summary anew, by person. Adds to c->extra
 * what can be asked beside the summary's columns. Doubts that concern everybody are warnings in
 * c->d. Release with myo_arms_clear(), also on failure. */
myo_err myo_arms_of(myo_comparison *c, myo_arms *out);
void myo_arms_clear(myo_arms *a);

/* Whose cell it is: recordings of one person, channel and class; NULL: none. */
const myo_pooled *myo_arms_cell(const myo_comparison *c, int person, const myo_outcome *o);
/* The same of the baseline. */
const myo_pooled *myo_arms_before(const myo_comparison *c, int person, const myo_outcome *o);
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

/* Had the i-th person of the arm the event? For incidence, grade and onset. */
bool myo_arms_had(const myo_versus *q, const myo_arm *a, size_t i);
/* A row with names, people, events, exposures, and who was left out. */
myo_cmp_row myo_versus_row(const myo_versus *q);
/* The same as a supporting row: the doubts stay with the row above. */
myo_cmp_row myo_versus_support(const myo_versus *q, const char *effect_name, const char *test);

/* Grades and onsets from the tables of events, for myo_arms_of() (severity.c). */
myo_err myo_arms_events(myo_comparison *c, myo_arms *arms);

/* Rows of one metric each; of burden, duration, peak and frequency the last. */
myo_err myo_arms_incidence(const myo_versus *q);
myo_err myo_arms_grade(const myo_versus *q);
myo_err myo_arms_onset(const myo_versus *q);
myo_err myo_arms_rate(const myo_versus *q);
myo_err myo_arms_location(const myo_versus *q);

#endif
