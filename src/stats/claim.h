/* claim.h - what a row of a comparison allows to be said: one rule for its sentence and for the page. */
#ifndef MYO_STATS_CLAIM_H
#define MYO_STATS_CLAIM_H

#include <stdbool.h>

typedef enum myo_reading {
    MYO_READING_NONE,   /* not tested: no interval, and no exact test that has p without one */
    MYO_READING_FEW,    /* too few people, sessions or events for an interval of the level asked for */
    MYO_READING_UNSHOWN, /* no difference shown */
    MYO_READING_SHOWN   /* the interval keeps clear of "no change", and p agrees */
} myo_reading;

/* What was compared decides what an interval under its level means. */
typedef enum myo_claim_kind {
    MYO_CLAIM_SAME_PEOPLE, /* the same people, or one person's recordings, on both sides */
    MYO_CLAIM_GROUPS,      /* people in groups: the level is the one attained, and p counts beside it */
    MYO_CLAIM_TREND,       /* along a column: Sen's interval is near its level, not at it */
    MYO_CLAIM_STUDIES      /* several studies put together */
} myo_claim_kind;

typedef struct myo_claim {
    myo_claim_kind kind;
    double none;                           /* the effect's value where nothing differs */
    double low, high, level, p, p_adjusted; /* NaN: none */
    bool exact; /* of groups: an exact test has p where there may be no interval */
    double least_p; /* the least that so many people can give; NaN: not known */
} myo_claim;

/* The level asked for; and p of a difference is at most what it leaves. */
extern const double myo_claim_level;

/* The interval leaves "no change" out, whatever p says. */
bool myo_claim_is_clear(const myo_claim *q);
bool myo_claim_has_interval(const myo_claim *q);
myo_reading myo_claim_read(const myo_claim *q);

/* By the words of the table: the design's name, "" or NULL for a side that is not there. */
myo_claim_kind myo_claim_kind_of(const char *design, const char *reference);
/* The least two-sided p of an exact test of n and m people in groups: all of one group on one side. NaN
 * without people. */
double myo_claim_least_p(double n, double m);
/* Metrics that one person has once: incidence, grade, time to onset. */
bool myo_claim_is_exact(const char *metric);

#endif
