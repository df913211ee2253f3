/* metric.c - the columns of the summary that are compared, and how. */
#include <string.h>
#include "compare/compare.h"

/* Incidence, grade and onset are of a person, not of a recording: design parallel compares them.
 *
 * Ratios are compared as logs: a change counts alike in a person with many events and one with few.
 * Burden is often zero, and frequencies differ little, so both are compared as differences. */
const myo_metric myo_metrics[MYO_N_METRIC] = {
    [MYO_METRIC_RATE] = {"rate_per_h", "rate_ratio", "rate_difference", "rate", "per hour", "all"},
    [MYO_METRIC_BURDEN] = {"burden_s_per_h", NULL, "burden_difference", "burden", "s/h", NULL},
    [MYO_METRIC_DURATION] = {"duration_ms_median", "duration_ratio", "duration_difference",
                             "duration", "ms", NULL},
    [MYO_METRIC_PEAK] = {"peak_median", "peak_ratio", "peak_difference", "peak", "", NULL},
    [MYO_METRIC_FREQ] = {"freq_hz_median", NULL, "freq_difference", "frequency", "Hz", NULL},
    [MYO_METRIC_INCIDENCE] = {"incidence", "risk_ratio", "risk_difference", "incidence", "",
                              "clinician"},
    [MYO_METRIC_GRADE] = {"grade", "probability_superiority", "grade_difference", "grade", "",
                          NULL},
    [MYO_METRIC_ONSET] = {"onset_s", "hazard_ratio", NULL, "onset", "s", NULL},
};

int myo_metric_find(const char *name) {
    for (int i = 0; i < MYO_N_METRIC; i++) {
        if (strcmp(myo_metrics[i].name, name) == 0) {
            return i;
        }
    }
    return -1;
}
