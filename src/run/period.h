/* period.h - a stretch of a recording that somebody named: the part to analyse, a span of rest. */
#ifndef MYO_RUN_PERIOD_H
#define MYO_RUN_PERIOD_H

#include <stdbool.h>
#include "myotab/rec.h"

/* s from the file's first sample; INFINITY: the file's end. */
typedef struct myo_period {
    double from_s, to_s;
    const char *what;        /* "the part to analyse" */
    const char *keys[2];     /* names of its ends, for messages */
} myo_period;

/* 0 or NaN: the file's start, its end. */
myo_period myo_period_part(double start_s, double end_s);
myo_period myo_period_rest(double start_s, double end_s);
/* Neither end is given. */
bool myo_period_none(double start_s, double end_s);
/* It is a span, and within the recording as far as its length is known; MYO_ERR_RANGE else. */
myo_err myo_period_check(const myo_period *s, const myo_recinfo *info, myo_diag *d);

#endif
