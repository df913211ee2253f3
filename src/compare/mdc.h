/* mdc.h - the scale on which a metric is compared, and the smallest change of one person on it. */
#ifndef MYO_COMPARE_MDC_H
#define MYO_COMPARE_MDC_H

#include "compare/compare.h"

/* The metric's value where differences are taken: the log of a ratio metric (of (n + 1/2) / h for
 * the rate: science.md 6.3), the value of another. NaN: none. */
double myo_metric_scaled(const myo_pooled *p, myo_metric_id metric);
/* The log of (n + add) / h. */
double myo_log_rate(const myo_pooled *p, double add);

/* Minimal detectable change (95 %) of one person, from people with two or more sessions of the
 * condition: per cent for ratio metrics, else in the metric's unit. NaN: nobody has two. */
myo_err myo_compare_mdc(const myo_comparison *c, const myo_outcome *o, int condition, double *mdc);

#endif
