/* analyse.h - one recording from file to tables. */
#ifndef MYO_RUN_ANALYSE_H
#define MYO_RUN_ANALYSE_H

#include "base/base.h"
#include "myotab/run.h"

typedef struct myo_analyse_job {
    const char *input;
    const char *stem_path;        /* folder/STEM */
    const char *dir;              /* the folder: temporary files go there */
    const myo_params *params;
    const myo_open_opts *open;
    const char *preset;           /* NULL for none */
    myo_pool *pool;               /* workers for the recording's channels */
} myo_analyse_job;

/* Writes the five files of contract.md 3, each whole; on failure none of this run's is left behind. */
myo_err myo_analyse(const myo_analyse_job *job, myo_diag *d);

#endif
