/* study.h - a study as a table: one row a recording, and what the lab knows of it (contract.md 3.4).
 *
 * A BIDS dataset is turned into the same table first (dataset.h), so that everything after it knows one form. */
#ifndef MYO_STUDY_STUDY_H
#define MYO_STUDY_STUDY_H

#include "myotab/study.h"
#include "out/names.h"
#include "out/tsv.h"

/* One recording. Texts point into the study's table; "" where the manifest says nothing ("n/a" or no column). */
typedef struct myo_study_row {
    size_t index;                 /* row of the table, from 0 */
    const char *path;             /* as the manifest has it */
    char *file;                   /* to open: the manifest's folder + path; owned; NULL in results read back */
    const char *participant, *session;
    const char *condition;        /* never "": the session where nothing is said, the task where there is none */
    const char *group, *task, *run, *preset;
    const char *channels, *unit;  /* myo_open_opts of the row; "" */
    const char *incidence;        /* 0, 1, no, yes in any case */
    double fs, scale;             /* 0: as the file says */
    double start_s, end_s;        /* the part to analyse, s from the file's first sample; NaN: its start, its end */
    double rest_start_s, rest_end_s; /* a span of rest; NaN: none */
    double dose_mmol, serum_mg_mmol_l, minutes_from_dose, grade; /* NaN: unknown */
    char stem[MYO_STEM_MAX];      /* of its result files */
} myo_study_row;

typedef struct myo_study {
    myo_tsv table;                /* every column as it came */
    char *folder;                 /* paths start here: "" or ends with "/" */
    myo_study_row *row;
    size_t n_rows;
    bool is_bids;
} myo_study;

/* Read and check the manifest at `path`, or the BIDS dataset in the folder `path`. Everything wrong with it is found here, before any
 * work: MYO_ERR_MANIFEST with "line N, column C: ...". A recording that is missing is not (contract.md 3.4). */
myo_err myo_study_read(myo_study *s, const char *path, bool allow_outside, myo_diag *d);
void myo_study_clear(myo_study *s);

/* A study's results read back: DIR/recordings.tsv (manifest columns, then stem, status, reason) and, if it is there,
 * DIR/summary.tsv. */
typedef enum myo_row_status { MYO_ROW_DONE, MYO_ROW_FAILED, MYO_ROW_LEFT } myo_row_status;
typedef struct myo_results {
    myo_study recordings;
    myo_row_status *status;       /* recordings.n_rows */
    int stem_col, reason_col;     /* of recordings.table; -1: none (tables written by hand) */
    myo_tsv summary;              /* n_cols 0 if there is none */
} myo_results;
myo_err myo_results_read(myo_results *r, const char *dir, myo_diag *d);
void myo_results_clear(myo_results *r);

#endif
