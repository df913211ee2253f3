/* analyse.h - one recording from file to tables, and whether that was done already. */
#ifndef MYO_RUN_ANALYSE_H
#define MYO_RUN_ANALYSE_H

#include "base/base.h"
#include "myotab/run.h"

/* Members left out of a designated initialiser are 0, which always means "nothing special". */
typedef struct myo_analyse_job {
    const char *input;
    const char *stem_path;        /* folder/STEM */
    const char *dir;              /* the folder: temporary files go there */
    const myo_params *params;
    const myo_open_opts *open;
    const char *preset;           /* NULL for none */
    char *fingerprint;            /* gets that of the result, 65 bytes; NULL: nobody asks */
    myo_pool *pool;               /* workers for the recording's channels */
    bool explain;                 /* with STEM_explain.tsv and the folder's explain.json */
    double start_s, end_s;        /* the part to analyse, start <= t < end, s from the file's first sample; 0 or NaN:
                                   * the file's start, its end */
    double rest_start_s, rest_end_s; /* a span of rest, for the noise floor, in the part or outside; alike, but both 0
                                   * or NaN: none */
} myo_analyse_job;

/* Writes the files of contract.md 3, all of them or none. STEM_run.json is their mark: an old one goes before
 * the first table is replaced, the new one comes last. */
myo_err myo_analyse(const myo_analyse_job *job, myo_diag *d);

/* SHA-256 over all that the result of `job` follows from: the input's bytes and name, the sidecars that are read, open
 * options, part, rest, preset, parameters (run.chunk_s cannot change a result), version, compiler, libraries; as
 * STEM_run.json tells it under "fingerprint". Not over stem_path, dir and pool. Opens and reads the whole input, which
 * standard input allows once only. */
myo_err myo_fingerprint(const myo_analyse_job *job, char hex[65], myo_diag *d);

/* STEM_run.json has this fingerprint, and all tables are there with the SHA-256 it names. */
bool myo_result_current(const char *stem_path, const char *hex);
/* The fingerprint that STEM_run.json tells; false where there is none. */
bool myo_result_fingerprint(const char *stem_path, char hex[65]);
/* Removes the files, their mark first. */
void myo_result_remove(const char *stem_path);

#endif
