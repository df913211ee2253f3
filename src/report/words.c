/* words.c - names of columns as people say them. */
#include <string.h>
#include "report/report.h"

static const struct {
    const char *metric, *word, *unit;
} words[] = {
    {"n", "number of events", ""},
    {"rate_per_h", "rate", "per hour"},
    {"burden_s_per_h", "burden", "s per hour"},
    {"duration_ms_median", "median duration", "ms"},
    {"peak_median", "median peak", ""},
    {"freq_hz_median", "median frequency", "Hz"},
    {"interval_s_median", "median interval", "s"},
    {"interval_cv", "irregularity of intervals", ""},
    {"fano", "scatter of counts", ""},
};

const char *myo_metric_word(const char *metric) {
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i].metric, metric) == 0) {
            return words[i].word;
        }
    }
    return metric;
}

const char *myo_metric_unit(const char *metric) {
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i].metric, metric) == 0) {
            return words[i].unit;
        }
    }
    return "";
}

const char *myo_effect_word(const char *effect_name, char dst[64]) {
    const bool short_form = strncmp(effect_name, "freq_", 5) == 0;
    snprintf(dst, 64, "%s%.50s", short_form ? "frequency_" : "",
             effect_name + (short_form ? 5 : 0));
    for (char *s = dst; *s; s++) {
        *s = *s == '_' ? ' ' : *s;
    }
    return dst;
}

bool myo_effect_is_ratio(const char *effect_name) {
    return strstr(effect_name, "ratio") != NULL;
}

double myo_effect_none(const char *effect_name) {
    if (myo_effect_is_ratio(effect_name)) {
        return 1.0;
    }
    return strstr(effect_name, "P(") || strstr(effect_name, "probability") ||
                   strstr(effect_name, "superiority")
               ? 0.5
               : 0.0;
}

const char *myo_role_word(myo_rep_role role) {
    static const char *const names[MYO_REP_N_ROLE] = {"primary", "supporting", "confirmatory",
                                                      "exploratory"};
    return names[role];
}
