/* metric.c - the columns of the summary that are compared, and how. */
#include <string.h>
#include "compare/compare.h"

/* Ratios are compared as logs: a change counts alike in a person with many events and one with few.
 * Burden is often zero, and frequencies differ little, so both are compared as differences. */
const myo_metric myo_metrics[MYO_N_METRIC] = {
    [MYO_METRIC_RATE] = {"rate_per_h", "rate_ratio", "rate_difference", "rate", "per hour"},
    [MYO_METRIC_BURDEN] = {"burden_s_per_h", NULL, "burden_difference", "burden", "s/h"},
    [MYO_METRIC_DURATION] = {"duration_ms_median", "duration_ratio", "duration_difference",
                             "duration", "ms"},
    [MYO_METRIC_PEAK] = {"peak_median", "peak_ratio", "peak_difference", "peak", ""},
    [MYO_METRIC_FREQ] = {"freq_hz_median", NULL, "freq_difference", "frequency", "Hz"},
};

int myo_metric_find(const char *name) {
    for (int i = 0; i < MYO_N_METRIC; i++) {
        if (strcmp(myo_metrics[i].name, name) == 0) {
            return i;
        }
    }
    return -1;
}
