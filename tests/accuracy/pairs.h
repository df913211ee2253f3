/* pairs.h - every pair, missed true event and extra found one of a table, and what follows from them: metrics with
 * bootstrap intervals, reliability, risk against coverage, cells by class, SNR, rate and scenario. */
#ifndef ACCURACY_PAIRS_H
#define ACCURACY_PAIRS_H

#include <stdio.h>
#include "myotab/event.h"
#include "run/score_match.h"

enum { ACC_NONE = -1 }; /* class of what is not there */

typedef struct acc_pair {
    int recording;               /* of acc_pairs */
    int truth, found;            /* classes */
    double snr_db;               /* of the true event; of an extra one its own */
    double p;                    /* the found one's confidence, NaN unknown */
    double onset_s, duration_s;  /* found less true, absolute */
    double freq_hz;              /* likewise; NaN unknown */
} acc_pair;

typedef struct acc_source {
    const char *rate, *scenario;
    double exposure_s;
} acc_source;

/* Zero-initialise. */
typedef struct acc_pairs {
    acc_pair *pair;
    size_t n, cap;
    acc_source *rec;
    size_t n_rec, cap_rec;
} acc_pairs;

/* What is added from here on is of this recording; false: no memory. */
bool acc_pairs_begin(acc_pairs *a, const char *rate, const char *scenario);
bool acc_pairs_add(acc_pairs *a, const myo_mark *t, const myo_mark *f);
void acc_pairs_clear(acc_pairs *a);

typedef enum acc_number {
    ACC_DETECTION,      /* true events found, as whatever but an artefact */
    ACC_FALSE_PER_H,    /* movements found where there is none, per channel hour */
    ACC_MACRO_F1, ACC_JERK_F1,
    ACC_ONSET_MAE, ACC_DURATION_MAE, /* jerks, ms */
    ACC_ECE,
    ACC_MACRO_F1_20, ACC_JERK_F1_20, ACC_ONSET_MAE_20, ACC_DURATION_MAE_20, /* the same from 20 dB up */
    ACC_FREQ_MAE,       /* tremor found as tremor, Hz */
    ACC_ERROR, ACC_ERROR_80, ACC_ERROR_SHARE, /* wrong of all found movements; of the surest 80 %; that over the first */
    ACC_N_NUMBER
} acc_number;
extern const char *const acc_number_names[ACC_N_NUMBER];

/* All numbers at once; NaN where nothing was counted. draw: how often each recording counts; NULL: once. */
void acc_numbers(const acc_pairs *a, const int *draw, double v[ACC_N_NUMBER]);
/* Blocks of the table, each with a blank line in front. */
void acc_print_intervals(const acc_pairs *a, FILE *f);
void acc_print_reliability(const acc_pairs *a, FILE *f);
void acc_print_cells(const acc_pairs *a, FILE *f);

#endif
