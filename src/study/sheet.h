/* sheet.h - the study as its result folder keeps it while it is under way: DIR/.myotab-study.
 *
 * Parts must be of one study to be joined, and who joins them has only the folder. So the first
 * part leaves the checked manifest there, with what decides every result: the program and the
 * settings. */
#ifndef MYO_STUDY_SHEET_H
#define MYO_STUDY_SHEET_H

#include "study/study.h"

/* The table's first columns, what is said of each row as myo_study has it ("" for nothing); the
 * manifest's own columns follow as they came. */
enum {
    MYO_SHEET_PARTICIPANT,
    MYO_SHEET_SESSION,
    MYO_SHEET_CONDITION,
    MYO_SHEET_GROUP,
    MYO_SHEET_PATH,
    MYO_SHEET_STEM,
    MYO_SHEET_KEYS
};

typedef struct myo_sheet {
    myo_tsv table;
    myo_buf text; /* of the file, below its first line; empty in a sheet that was read */
    /* SHA-256 of the table; of program, compiler and libraries; of settings for every preset; of
     * all three */
    char manifest[65], program[65], settings[65], key[65];
} myo_sheet;

/* params: n_params sets that rows are analysed with. */
myo_err myo_sheet_make(myo_sheet *s, const myo_study *study, const myo_params *params, int n_params,
                       const myo_batch_job *job, myo_diag *d);
void myo_sheet_clear(myo_sheet *s);

myo_err myo_sheet_write(const myo_sheet *s, const char *dir, myo_diag *d);
/* *found: false where there is none. A file that is not what was written is MYO_ERR_DAMAGED. */
myo_err myo_sheet_read(myo_sheet *s, const char *dir, bool *found, myo_diag *d);

#endif
