/* batch.h - a batch from the inside: what its preparation, its work and its end share. */
#ifndef MYO_STUDY_BATCH_H
#define MYO_STUDY_BATCH_H

#include <pthread.h>
#include <stdatomic.h>
#include "run/analyse.h"
#include "run/lock.h"
#include "study/journal.h"
#include "study/ledger.h"

/* One row of the study at work. */
typedef struct batch_row {
    bool mine;  /* of this run's part */
    bool ended; /* done, failed, or met with trouble of the surroundings */
    bool kept;  /* complete from an earlier run */
    myo_err err;
    myo_diag *d;  /* until it is told; NULL for nothing to tell */
    int64_t size; /* bytes of the recording, 0 unknown */
} batch_row;

typedef struct batch {
    const myo_batch_job *job;
    myo_study study;
    myo_params *params; /* of the job; then with each preset that a row has in place of the job's */
    myo_sheet sheet;
    batch_row *row; /* of each row of the study */
    size_t *item;   /* rows for the workers, in their order */
    size_t n_items;
    bool whole;       /* every row: the study's tables come at the end */
    myo_range *range; /* of mine rows */
    myo_rows rows;
    int64_t first, last; /* from 1 */

    myo_lock lock;
    bool made; /* the folder */
    myo_journal journal;
    myo_facts facts;
    int64_t n_recomputed;

    /* shared by the workers */
    pthread_mutex_t mutex;
    atomic_bool give_up; /* the surroundings fail: no use in beginning another row */
    bool tables_gone;
    size_t n_told; /* rows whose messages are out, in manifest order */
    myo_batch_counts counts;
    int64_t bytes_done, bytes_left;
    double start_s, progress_s; /* monotonic clock */
    myo_err err;                /* worst of the rows */
    myo_diag d;                 /* of the study as a whole */
} batch;

/* Everything that can be wrong with the job before any work; writes nothing (batch_prepare.c). */
myo_err batch_prepare(batch *b, const myo_batch_job *job);
void batch_clear(batch *b);
int64_t batch_n_mine(const batch *b);
int batch_preset(const batch *b, size_t i); /* index into params */

/* What analysing a row means; stem holds the path that the job points to (batch_work.c). */
myo_err batch_row_job(const batch *b, size_t i, myo_analyse_job *job, myo_open_opts *open,
                      myo_buf *stem);
/* Whether row i is complete already. STOPPED is told; whatever else keeps it from being known is
 * found again by the analysis. */
myo_err batch_row_check(const batch *b, size_t i, bool *complete);
/* All rows that are ours: those complete are kept, the others computed. Messages in manifest order.
 */
myo_err batch_work(batch *b);

#endif
