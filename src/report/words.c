/* words.c - names of columns as people say them. */
#include <math.h>
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
    {"incidence", "share of people with it", ""},
    {"grade", "severity grade", ""},
    {"onset_s", "time to onset", "s"},
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

/* Effects whose name does not say what no effect is; NaN: there is no such value. */
static const struct {
    const char *name, *word;
    double none;
} effects[] = {
    {"nnt", "number needed to treat", NAN},
    {"probability_superiority", "probability of a higher value", 0.5},
    {"spearman_rho", "Spearman's rho", 0.0},
    {"largest_distance", "largest distance of distributions", NAN},
    {"freq_difference", "frequency difference", 0.0},
    {"freq_difference_per_unit", "frequency difference per unit", 0.0},
};
enum { N_EFFECTS = sizeof effects / sizeof effects[0] };

const char *myo_effect_word(const char *effect_name, char dst[64]) {
    snprintf(dst, 64, "%.63s", effect_name);
    for (char *s = dst; *s; s++) {
        *s = *s == '_' ? ' ' : *s;
    }
    for (int i = 0; i < N_EFFECTS; i++) {
        if (strcmp(effects[i].name, effect_name) == 0) {
            snprintf(dst, 64, "%s", effects[i].word);
        }
    }
    return dst;
}

bool myo_effect_is_ratio(const char *effect_name) {
    return strstr(effect_name, "ratio") != NULL;
}

bool myo_effect_is_per_unit(const char *effect_name) {
    return strstr(effect_name, "_per_unit") != NULL;
}

double myo_effect_none(const char *effect_name) {
    for (int i = 0; i < N_EFFECTS; i++) {
        if (strcmp(effects[i].name, effect_name) == 0) {
            return effects[i].none;
        }
    }
    if (myo_effect_is_ratio(effect_name)) {
        return 1.0;
    }
    return strstr(effect_name, "difference") ? 0.0 : NAN;
}

const char *myo_role_word(myo_rep_role role) {
    static const char *const names[MYO_REP_N_ROLE] = {"primary", "supporting", "confirmatory",
                                                      "exploratory"};
    return names[role];
}
