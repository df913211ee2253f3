/* agree.h - how well two graders, or two sessions, agree; how large a change must be to be one
 * (science.md 6.5). */
#ifndef MYO_STATS_AGREE_H
#define MYO_STATS_AGREE_H

#include <stddef.h>
#include "myotab/err.h"
#include "stats/test.h"

typedef enum myo_kappa_weight { MYO_KAPPA_LINEAR, MYO_KAPPA_QUADRATIC } myo_kappa_weight;

/* Weighted kappa (Cohen 1968) of two graders from the k x k table of counts, table[a * k + b]:
 * grade a by one, b by the other; agreement weights 1 - |a - b| / (k - 1), or 1 - that squared.
 * Interval from the large-sample standard error, p against kappa = 0 from the one under
 * independence (Fleiss, Cohen, Everitt 1969); statistic z. Agreement (or disagreement) without
 * exception has no interval: NaN. */
myo_test myo_weighted_kappa(const int64_t *table, int k, myo_kappa_weight weight, double level);

/* Measurement error, in the unit of the values (of their logs, if they are logs). */
typedef struct myo_reliability {
    myo_test icc; /* p: F test against no difference between people */
    double mean;
    double sem; /* one measurement's standard error */
    double mdc; /* smallest change of one person beyond error: 1.96 sqrt(2) sem */
    size_t n_subjects, n_sessions; /* n_sessions 0: unequal */
    const char *why; /* why none of it could be made; NULL: it was (icc may still have its own) */
} myo_reliability;

/* The smallest change beyond a standard error of one measurement. */
double myo_mdc_of(double sem);

/* ICC(2,1) of McGraw and Wong's ICC(A,1): people and sessions random, absolute agreement, one
 * measurement; x[subject * n_sessions + session], complete. sem from session and residual variance
 * together (= SD sqrt(1 - ICC) with the model's SD; a negative session variance counts as 0).
 * Interval of McGraw and Wong 1996. */
myo_reliability myo_icc_agreement(const double *x, size_t n_subjects, size_t n_sessions,
                                  double level);

/* Repeated baselines in unequal numbers: value[i] of person subject[i] (any labels). People with
 * one value are left out. sem = the pooled within-person SD (one-way); icc is ICC(1) with n0 for
 * unequal numbers and the interval of Searle (approximate where numbers differ). */
myo_err myo_reliability_baselines(myo_reliability *out, const double *value, const int *subject,
                                  size_t n, double level);

/* MDC of log values as a share of the first value: 100 (1 - exp(-mdc)), the smallest true fall in
 * per cent. */
double myo_mdc_percent(double mdc_log);

#endif
