/* study.h - many recordings: analyse a study, resume it, join its parts, compare conditions, show the result.
 *
 * A study is a manifest (contract.md 3.4) or a BIDS dataset; its results live in one folder. */
#ifndef MYOTAB_STUDY_H
#define MYOTAB_STUDY_H

#include "myotab/run.h"

/* Where parameters come from, weakest first: defaults, preset, file, settings. NULL: not given. */
typedef struct myo_param_source {
    const char *preset;
    const char *file;               /* JSON */
    const char *const *settings;    /* "name=value", NULL-ended, in order */
} myo_param_source;
/* Fills p and checks it. MYO_ERR_PARAM with the reason in d. */
myo_err myo_params_from(myo_params *p, const myo_param_source *src, myo_diag *d);

/* Data rows of a manifest, counted from 1, both included. */
typedef struct myo_row_range {
    int64_t first, last;
} myo_row_range;

/* How far a batch has come; called by one thread at a time, never more often than ten times a second. */
typedef struct myo_progress {
    int64_t n, n_done, n_failed, n_kept;  /* recordings; kept: complete from an earlier run */
    double elapsed_s, left_s;             /* left_s NaN while unknown */
} myo_progress;
typedef void (*myo_progress_fn)(void *user, const myo_progress *p);

typedef struct myo_batch_job {
    const char *study;              /* manifest file, or folder of a BIDS dataset */
    const char *out_dir;
    myo_param_source params;        /* a row's own preset takes the place of this one */
    myo_open_opts open;             /* for what a row does not say */
    bool explain;                   /* with a table of the evidence for each event */
    bool allow_outside;             /* manifest paths may be absolute or climb out of its folder */
    myo_row_range rows;             /* {0, 0}: all, and the study's tables at the end */
    const char *const *participants; /* only these (with or without "sub-"), NULL-ended; NULL: all */
    const char *const *sessions;     /* only these (with or without "ses-"), likewise */
    int n_threads;
    myo_say_fn say;
    myo_progress_fn progress;       /* may be NULL */
    void *user;
} myo_batch_job;
typedef struct myo_batch_counts {
    int64_t n, n_done, n_failed, n_left, n_kept;
} myo_batch_counts;
/* Analyse every row that is not complete yet; the others go on when one fails. MYO_ERR_MANIFEST before any work if the
 * manifest is wrong, MYO_ERR_LOCKED if another run owns a row; the worst row's code else. */
myo_err myo_batch(const myo_batch_job *job, myo_batch_counts *counts);
/* What myo_batch would do, a line a row: stem, path, state (done, left), to f. Writes nothing. */
myo_err myo_batch_plan(const myo_batch_job *job, FILE *f, myo_diag *d);
/* The study's tables from what parts (rows) made. */
myo_err myo_collect(const char *dir, myo_say_fn say, void *user, myo_batch_counts *counts);
/* Done, failed and why, left: text to f. */
myo_err myo_status(const char *dir, FILE *f, myo_batch_counts *counts, myo_diag *d);

typedef struct myo_compare_job {
    const char *const *dirs;        /* result folders; one, but for design "forest" */
    int n_dirs;
    const char *out_dir;
    const char *design;             /* a name of myo_designs; NULL: by contract.md 3.5 */
    const char *reference;          /* label; NULL: the first in manifest order */
    const char *baseline;           /* design parallel: condition that is left out, "NONE": all are taken together;
                                     * NULL: the first in manifest order, if most people have others too */
    const char *primary;            /* "TYPE:METRIC[:CHANNEL]"; NULL: "jerk:rate_per_h:all" */
    const char *by;                 /* design trend: column of the manifest; NULL: serum_mg_mmol_l, dose_mmol or minutes_from_dose */
    uint64_t seed;
    int64_t resamples;              /* 0: 100000 */
    myo_say_fn say;
    void *user;
} myo_compare_job;
/* Writes out_dir/comparison.tsv and comparison.json, whole or not at all. */
myo_err myo_compare(const myo_compare_job *job);
/* One line per design: name and what it does. */
void myo_compare_list(FILE *f);

typedef struct myo_report_job {
    const char *dir;                /* results of a study or of recordings; with comparison.tsv or without */
    const char *recordings;         /* folder the recordings' paths start from, for figures of signals; NULL: none */
    const char *out;                /* FILE.html */
    myo_say_fn say;
    void *user;
} myo_report_job;
/* One self-contained page: no script, no request. Same inputs, same bytes. */
myo_err myo_report(const myo_report_job *job);

typedef struct myo_publish_job {
    const char *study;              /* folder of a BIDS dataset */
    const char *results;            /* what myo_batch made of it */
    const char *out_dir;
    const char *const *participants, *const *sessions; /* as in myo_batch_job: only these are touched */
} myo_publish_job;
/* A BIDS derivative dataset: each complete recording's tables under BIDS names beside their dictionaries
 * (sub-X/[ses-Y/]emg/..._desc-myotab_events.tsv), and the study's own tables, where they are there. Files of
 * recordings that are not complete (any more) are removed. *n: recordings published. */
myo_err myo_publish(const myo_publish_job *job, int64_t *n, myo_diag *d);
/* Before any work: MYO_ERR_USAGE or MYO_ERR_MANIFEST if it is no BIDS dataset, or out_dir is it or holds a recording. */
myo_err myo_publish_check(const myo_publish_job *job, myo_diag *d);

#endif
