/* compare.h - from a study's results to comparison.tsv: what the designs share.
 *
 *   results --> pool: participant x condition x channel x type --> outcomes --> design: rows -->
 * adjust
 *           --> sentences --> table
 *
 * A design is one file with one function and one row in designs.c. */
#ifndef MYO_COMPARE_COMPARE_H
#define MYO_COMPARE_COMPARE_H

#include <math.h>
#include "compare/labels.h"
#include "myotab/table.h"
#include "stats/stats.h"
#include "stats/test.h"
#include "study/study.h"

/* --- what is compared (metric.c) --- */

/* The channel of what a clinician saw: columns incidence and grade of recordings.tsv. */
#define MYO_CLINICIAN "clinician"

/* What designs compare: columns of the summary, then what one person has once (design parallel). */
typedef enum myo_metric_id {
    MYO_METRIC_RATE,
    MYO_METRIC_BURDEN,
    MYO_METRIC_DURATION,
    MYO_METRIC_PEAK,
    MYO_METRIC_FREQ,
    MYO_N_SUMMARY_METRIC,
    MYO_METRIC_INCIDENCE = MYO_N_SUMMARY_METRIC,
    MYO_METRIC_GRADE,
    MYO_METRIC_ONSET,
    MYO_N_METRIC
} myo_metric_id;
typedef struct myo_metric {
    const char *name;       /* column of summary.tsv (contract.md 3.3), for those that are one */
    const char *ratio_name; /* effect_name where it is compared as a ratio; NULL: as a difference */
    const char *diff_name;  /* effect_name of a difference */
    const char *word, *unit; /* "rate of jerks"-like word, and its unit, for sentences */
    const char *confirmed_in; /* channel where it is confirmatory; NULL: explored everywhere */
} myo_metric;
extern const myo_metric myo_metrics[MYO_N_METRIC];
/* -1: no metric of that name. */
int myo_metric_find(const char *name);

/* --- pooled recordings (pool.c) --- */

/* One row of summary.tsv. */
typedef struct myo_measure {
    int participant, condition, channel, type; /* labels of the comparison */
    size_t row;                                /* of c->results.recordings */
    int64_t n, n_indeterminate;
    double exposure_s;                                                            /* 0: none */
    double burden_s_per_h, fano, duration_ms_median, peak_median, freq_hz_median; /* NaN: none */
    const char *unit; /* of the peaks; "" none */
} myo_measure;

/* What a participant showed under one condition in one channel and class, recordings pooled. */
typedef struct myo_pooled {
    int participant, condition, group; /* labels of the comparison; group -1: none */
    int channel, type;
    int n_recordings;
    const myo_measure *measure; /* n_recordings of them, in manifest order */
    int n_no_exposure; /* recordings without usable time beside others that have some: in no number */
    int64_t n, n_indeterminate; /* events; indeterminate ones of the channel, in no class */
    double exposure_s;
    double burden_s; /* time within events; NaN where a recording with exposure does not say */
    double fano;     /* exposure-weighted; NaN unknown */
    /* Means of the recordings' medians, weighted by events. NaN: no event had one. */
    double duration_ms_median, peak_median, freq_hz_median;
    const char *unit; /* of the peaks; "" unknown; NULL: recordings differ, so no peak_median */
} myo_pooled;

/* Role of a row in the family of tests (science.md 6.5). A supporting row asks the same question as
 * the row above it under other assumptions, and is in no family. */
typedef enum myo_role {
    MYO_PRIMARY,
    MYO_CONFIRMATORY,
    MYO_EXPLORATORY,
    MYO_SUPPORTING,
    MYO_N_ROLE
} myo_role;

/* A question asked of every pair of conditions (outcomes.c). */
typedef struct myo_outcome {
    int channel, type;
    myo_metric_id metric;
    myo_role role;
} myo_outcome;

/* --- rows (row.c) --- */

/* One row of comparison.tsv. Texts are borrowed: they outlive the comparison (labels, literals) or
 * come from myo_compare_text(). NaN, NULL and MYO_NO_INT are n/a. Start from myo_cmp_row_none(). */
typedef struct myo_cmp_row {
    const char *participant; /* whose, where people are looked at one by one; NULL else */
    const char *study;       /* design forest: which; NULL: all together */
    const char *trial_type, *channel, *metric;
    bool indeterminate_in; /* indeterminate events counted as this type */
    const char *reference, *contrast;
    int64_t n_reference, n_contrast; /* people (recordings in design rates) */
    int64_t events_reference, events_contrast;
    double exposure_reference_h, exposure_contrast_h;
    double estimate_reference, estimate_contrast;
    double effect;
    const char *effect_name;
    double low, high, level, p, p_adjusted;
    const char *adjustment, *test;
    bool has_seed; /* random numbers were drawn */
    int64_t resamples;
    bool unequal_watch;   /* people of the two sides were watched for different times */
    double mdc;           /* per cent of the first value for ratios, else in the effect's unit */
    bool all_alike;       /* everybody the same on both sides, or nobody changed: no test */
    double x_range;       /* design trend: from the least to the most of what orders sessions */
    int64_t n_studies;    /* design forest: studies put together */
    const char *caveat;   /* a sentence that the row's own must not be read without; NULL: none */
    const char *warning;  /* "; " between several */
    const char *sentence; /* primary outcome only */
    int64_t n_people; /* how many of n_reference people, the same on both sides, the test rests on;
                         MYO_NO_INT: the sides are not the same people */
    myo_role role;
    int family; /* rows are adjusted within their family: 0 but where people are compared one by one
                 */
} myo_cmp_row;

typedef struct myo_comparison {
    const myo_compare_job *job;
    myo_results results;
    myo_labels participants, conditions, groups, channels, types;
    int *rec_participant, *rec_condition; /* labels of each recording */
    myo_pooled *cell;
    size_t n_cells, cap_cells;
    myo_measure *measure; /* by participant, condition, channel, type, recording */
    size_t n_measures, cap_measures;
    size_t n_failed, n_left,
        n_silent; /* recordings that are not used; silent: done, but in no table */
    myo_outcome *outcome;
    int n_outcomes;
    myo_outcome *extra; /* what people have beside the summary: channel, type and metric */
    int n_extra;
    struct myo_arms *arms; /* design parallel: its people (arms.h); NULL else */
    myo_cmp_row *row;
    size_t n_rows, cap_rows;
    char **text;
    size_t n_text, cap_text;
    const struct myo_design *design;
    myo_diag *d;
} myo_comparison;

myo_cmp_row myo_cmp_row_none(void);
/* With the outcome's names and role, and those of the two labels (NULL: none). */
myo_cmp_row myo_cmp_row_of(const myo_comparison *c, const myo_outcome *o, const char *reference,
                           const char *contrast);
/* A row that says why nothing can be compared. */
myo_err myo_compare_nothing(myo_comparison *c, const myo_outcome *o, const char *reference,
                            const char *contrast, const char *why);
/* Append the row. What cannot be printed is made n/a with a reason in its warning: infinite limits,
 * p = 0. */
myo_err myo_compare_add(myo_comparison *c, const myo_cmp_row *row);
/* Effect, interval, level, p and resamples of the test; its `why` becomes a warning. */
void myo_cmp_row_test(myo_comparison *c, myo_cmp_row *row, const myo_test *t);
/* The same for a test made on logs: effect and limits are exp() of them. */
void myo_cmp_row_log_test(myo_comparison *c, myo_cmp_row *row, const myo_test *t);
/* Add to the row's warnings. */
void myo_cmp_row_warn(myo_comparison *c, myo_cmp_row *row, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* A text that lives as long as the comparison. Without memory: "", and c->d has the error, which
 * myo_compare() returns in the end. */
const char *myo_compare_text(myo_comparison *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* --- pooling (pool.c) --- */

/* Labels and cells from c->results. Recordings that failed or are left are counted, not used. */
myo_err myo_compare_pool(myo_comparison *c);
/* The cell, or NULL if the participant has no recording of that condition with that channel. */
const myo_pooled *myo_compare_cell(const myo_comparison *c, int participant, int condition,
                                   int channel, int type);
/* Measures of one participant, channel and class as one. */
myo_pooled myo_pool_measures(const myo_comparison *c, const myo_measure *m, size_t n);
/* Its value of a metric of the summary; NaN where it has none (no exposure, no event). */
double myo_pooled_value(const myo_pooled *p, myo_metric_id metric);
/* Measures again as cells of one condition (label 0), without those of the baseline (-1: none). */
myo_err myo_compare_merge_conditions(myo_comparison *c, int baseline);
/* Whether a done recording of the participant under the condition is in the summary. */
bool myo_compare_has(const myo_comparison *c, int participant, int condition);
/* Index of the reference among the labels: job->reference, or the first; MYO_ERR_USAGE names what
 * there is. */
myo_err myo_compare_reference(const myo_comparison *c, const myo_labels *labels, int *index);

/* --- outcomes (outcomes.c) --- */

/* Outcomes, then `compare` for the reference and each other label in turn. With one label only: a
 * row that says so. what: "condition" or "group". */
myo_err myo_compare_contrasts(myo_comparison *c, const myo_labels *labels, const char *what,
                              myo_err (*compare)(myo_comparison *c, int reference, int contrast));

/* Something that a treatment may act on: no voluntary movement, artefact or indeterminate event. */
bool myo_compare_movement(const char *type);
/* c->outcome: the primary one first, then the confirmatory ones (rates of the other movements in
 * channel all), then the rest by channel and class. MYO_ERR_USAGE if the data have no such primary.
 */
myo_err myo_compare_outcomes(myo_comparison *c);

/* --- families, sentences, table --- */

/* p_adjusted and adjustment of all rows (family.c). */
myo_err myo_compare_adjust(myo_comparison *c);
/* Plain words for the rows of the primary outcome (sentence.c); "" never. */
/* Nothing happened on either side, which is told though it cannot be tested. */
bool myo_compare_unmoved(const myo_comparison *c, const myo_cmp_row *row);
const char *myo_compare_sentence(myo_comparison *c, const myo_cmp_row *row);
/* comparison_run.json (provenance.c): version, SHA-256 of the tables compared, options; left in *file
 * to commit or abort. On failure nothing is there. */
myo_err myo_compare_provenance(myo_comparison *c, const char *path, myo_outfile *file);
/* comparison.tsv, comparison.json and comparison_run.json in the folder (table.c). */
myo_err myo_compare_write(myo_comparison *c, const char *dir);

/* --- designs (designs.c) --- */

typedef struct myo_design {
    const char *name, *help;
    bool reads_itself; /* it reads the folders of the job; else one folder's results are pooled
                          before */
    myo_err (*run)(myo_comparison *c); /* appends rows */
} myo_design;
extern const myo_design myo_designs[];
extern const int myo_n_designs;
/* MYO_ERR_USAGE names what there is. */
myo_err myo_design_named(const char *name, const myo_design **out, myo_diag *d);
/* What the data call for (contract.md 3.5). */
const myo_design *myo_design_by_data(const myo_comparison *c);

#endif
