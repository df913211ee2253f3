/* compare.h - from a study's results to comparison.tsv: what the designs share.
 *
 *   results --> pool: participant x condition x channel x type --> design: rows --> adjust --> sentence --> table
 *
 * A design is one file with one function and one row in designs.c. */
#ifndef MYO_COMPARE_COMPARE_H
#define MYO_COMPARE_COMPARE_H

#include "stats/stats.h"
#include "study/study.h"

/* What a participant showed under one condition in one channel and class, recordings pooled. */
typedef struct myo_pooled {
    int participant, condition, group;   /* indices of labels; group -1: none */
    int channel, type;                   /* indices of labels */
    int n_recordings;
    int64_t n, n_indeterminate;          /* events */
    double exposure_s;
    double burden_s;                     /* time within events */
    double fano;                         /* exposure-weighted; NaN unknown */
    double duration_ms_median, peak_median, freq_hz_median; /* event-weighted means of the recordings' medians; NaN: none */
    const char *unit;                    /* of the peaks; "" if recordings differ */
    const size_t *rows;                  /* the recordings' rows (n_recordings of them) */
} myo_pooled;

typedef struct myo_labels { const char **name; int n; } myo_labels; /* in order of first appearance */

/* Role of a row in the family of tests (science.md 6.5). */
typedef enum myo_role { MYO_PRIMARY, MYO_CONFIRMATORY, MYO_EXPLORATORY, MYO_SENSITIVITY } myo_role;

/* One row of comparison.tsv. Texts are borrowed: they outlive the comparison (labels, literals) or come from
 * myo_compare_text(). NaN and NULL are n/a. */
typedef struct myo_cmp_row {
    const char *participant;             /* design rates: whose; NULL else */
    const char *trial_type, *channel, *metric;
    bool indeterminate_in;               /* indeterminate events counted as this type */
    const char *reference, *contrast;
    int64_t n_reference, n_contrast;     /* people (recordings in design rates) */
    int64_t events_reference, events_contrast; /* MYO_NO_INT: n/a */
    double exposure_reference_h, exposure_contrast_h;
    double estimate_reference, estimate_contrast;
    double effect; const char *effect_name;
    double low, high, level, p, p_adjusted;
    const char *adjustment, *test;
    bool has_seed; int64_t resamples;    /* MYO_NO_INT: none drawn */
    double mdc;
    const char *warning;                 /* "; " between several */
    const char *sentence;                /* primary outcome only */
    myo_role role;
} myo_cmp_row;

typedef struct myo_comparison {
    const myo_compare_job *job;
    myo_results results;
    myo_labels participants, conditions, groups, channels, types;
    myo_pooled *cell; size_t n_cells;
    int reference, contrast;             /* of conditions, or of groups (parallel); set by the design */
    myo_cmp_row *row; size_t n_rows, cap_rows;
    char **text; size_t n_text, cap_text;
    const char *design;
    myo_diag *d;
} myo_comparison;

typedef struct myo_design {
    const char *name, *help;
    myo_err (*run)(myo_comparison *c);      /* appends rows */
} myo_design;
extern const myo_design myo_designs[];
extern const int myo_n_designs;

/* The cell, or NULL if the participant has no recording of that condition with that channel. */
const myo_pooled *myo_compare_cell(const myo_comparison *c, int participant, int condition, int channel, int type);
myo_err myo_compare_add(myo_comparison *c, const myo_cmp_row *row);
/* A text that lives as long as the comparison; NULL without memory. */
const char *myo_compare_text(myo_comparison *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
