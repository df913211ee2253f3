/* course.h - the time course of a rate after an infusion. */
#ifndef MYO_COMPARE_COURSE_H
#define MYO_COMPARE_COURSE_H

#include "compare/compare.h"

/* Rows for the outcome's channel and class, where recordings.tsv says minutes_from_dose (of a
 * recording's first sample): rates in bins before and after the dose with exact intervals, and the
 * fitted courses. No row where no recording says it, or none began before the dose. */
myo_err myo_compare_course(myo_comparison *c, const myo_outcome *o);

#endif
