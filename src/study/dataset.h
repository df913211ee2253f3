/* dataset.h - a BIDS dataset as the table of a study (field.md 5a-5c, contract.md 4).
 *
 *   folders --> recordings (dataset.c) --+--> table of text (dataset_table.c)
 *   participants, sessions, scans.tsv ---+    (dataset_side.c) */
#ifndef MYO_STUDY_DATASET_H
#define MYO_STUDY_DATASET_H

#include "out/tsv.h"

/* The text of a manifest (study.h) to `text`: a row for each sub-X/[ses-Y/]emg/X_emg.edf, .bdf and
 * sub-X/[ses-Y/]motion/X_motion.tsv: people by path, each one's sessions as
 * sessions.tsv has them, then by acq_time, then by path. Columns: path participant_id session_id task acq
 * tracksys recording run acq_time condition, then those of participants.tsv, sessions.tsv, scans.tsv. Where
 * two files have a column of one name the more specific file keeps it, the other's gets
 * participants_ or sessions_ in front. Ids are as in BIDS tables, "sub-01" and "ses-pre"; session_id is
 * n/a in a dataset without sessions. condition is what the tables say, else the session's label without "ses-". A broken file or a name that contradicts its folder is
 * MYO_ERR_MANIFEST, and named. */
myo_err myo_dataset_table(const char *dir, myo_buf *text, myo_diag *d);

/* --- between the three files --- */

/* Entities of a file's name, in the table's order. */
typedef enum myo_entity {
    MYO_SUB,
    MYO_SES,
    MYO_TASK,
    MYO_ACQ,
    MYO_TRACKSYS,
    MYO_RECORDING,
    MYO_RUN,
    MYO_N_ENTITY
} myo_entity;

/* One recording. */
typedef struct myo_bids_file {
    char *path;                       /* from the dataset's folder */
    char *name;                       /* its file name, cut into parts */
    const char *entity[MYO_N_ENTITY]; /* into name; "" where the name has none */
} myo_bids_file;

typedef struct myo_dataset {
    const char *dir;
    myo_bids_file *file;
    size_t n, cap;
} myo_dataset;
/* Look through the folders. Zero-initialise; clear always. */
myo_err myo_dataset_walk(myo_dataset *s, myo_diag *d);
void myo_dataset_clear(myo_dataset *s);

/* The three kinds of tables beside recordings, the general one first. */
typedef enum myo_beside_kind {
    MYO_PARTICIPANTS,
    MYO_SESSIONS,
    MYO_SCANS,
    MYO_N_SIDE
} myo_beside_kind;
/* Columns of all tables of a kind, in order of appearance. */
typedef struct myo_beside_names {
    char **name;
    size_t n, cap;
} myo_beside_names;
/* One table; n_cols 0 where there is no such file. */
typedef struct myo_beside {
    char *path; /* from the dataset's folder */
    myo_tsv table;
    int key;       /* column */
    size_t *order; /* rows by key */
    int *to;       /* column -> index of its name in myo_beside_names; -1 the key */
} myo_beside;
extern const char *const myo_beside_prefix[MYO_N_SIDE]; /* "participants_" ... */
/* Read dir/path, if there is one; path is taken over. Clear always. */
myo_err myo_beside_read(myo_beside *t, myo_beside_kind kind, const char *dir, char *path,
                        myo_beside_names *names, myo_diag *d);
/* The row of a key without "sub-", "ses-"; false if there is none. */
bool myo_beside_find(const myo_beside *t, myo_beside_kind kind, const char *key, size_t *row);
void myo_beside_clear(myo_beside *t);

#endif
