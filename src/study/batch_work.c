/* batch_work.c - the rows of a batch: kept or computed, told in order, however many work on them.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <math.h>
#include <unistd.h>
#include "myotab/stop.h"
#include "run/crew.h"
#include "run/tell.h"
#include "study/batch.h"
#include "study/tables.h"

/* ---- one row as a job ---- */

static const char *given(const char *row, const char *job) {
    return row[0] != '\0' ? row : job;
}

myo_err batch_row_job(const batch *b, size_t i, myo_analyse_job *job, myo_open_opts *open,
                      myo_buf *stem) {
    const myo_study_row *r = &b->study.row[i];
    *open = b->job->open;
    open->fs = r->fs > 0.0 ? r->fs : open->fs;
    open->scale = r->scale != 0.0 ? r->scale : open->scale;
    open->unit = given(r->unit, open->unit);
    open->channels = given(r->channels, open->channels);
    myo_buf_printf(stem, "%s/%s", b->job->out_dir, r->stem);
    *job = (myo_analyse_job){.input = r->file,
                             .stem_path = stem->s,
                             .dir = b->job->out_dir,
                             .params = &b->params[batch_preset(b, i)],
                             .open = open,
                             .preset = given(r->preset, b->job->params.preset),
                             .explain = b->job->explain,
                             .start_s = r->start_s,
                             .end_s = r->end_s,
                             .rest_start_s = r->rest_start_s,
                             .rest_end_s = r->rest_end_s};
    return stem->failed ? MYO_ERR_NOMEM : MYO_OK;
}

/* ---- what a row came to ---- */

static double now_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* At most ten times a second, and when the last row has ended. */
static void show_progress(batch *b) {
    const double now = now_s(), elapsed = now - b->start_s;
    const myo_batch_counts *c = &b->counts;
    const bool last = c->n_done + c->n_failed == c->n;
    if (b->job->progress == NULL || (now - b->progress_s < 0.1 && !last)) {
        return;
    }
    b->progress_s = now;
    const double speed = (double)b->bytes_done / elapsed;
    const myo_progress p = {.n = c->n,
                            .n_done = c->n_done,
                            .n_failed = c->n_failed,
                            .n_kept = c->n_kept,
                            .elapsed_s = elapsed,
                            .left_s = b->bytes_done > 0 ? (double)b->bytes_left / speed : NAN};
    b->job->progress(b->job->user, &p);
}

static void tell_row(batch *b, size_t i) {
    batch_row *r = &b->row[i];
    if (r->d != NULL) {
        myo_tell(b->job->say, b->job->user, b->study.row[i].file, r->d, r->err);
        myo_diag_clear(r->d);
        myo_free(r->d);
        r->d = NULL;
    }
}

/* Up to the first row that is still under way. */
static void tell_rows(batch *b) {
    while (b->n_told < b->study.n_rows && (!b->row[b->n_told].mine || b->row[b->n_told].ended)) {
        tell_row(b, b->n_told++);
    }
}

/* Takes over what d has. */
static void keep_diag(batch_row *r, myo_diag *d) {
    if (d->n_warnings == 0 && d->n_suppressed == 0 && r->err == MYO_OK) {
        return;
    }
    r->d = myo_alloc(1, sizeof *r->d);
    if (r->d != NULL) {
        *r->d = *d;
        *d = (myo_diag){.code = MYO_OK};
    }
}

/* Cut the manifest's folder out of s where a path begins with it: the reason must not tell from
 * where the study was started. */
static void cut_folder(char *s, const char *folder) {
    const size_t n = strlen(folder);
    for (char *at = s; n > 1 && (at = strstr(at, folder)) != NULL;) {
        if (at == s || strchr(" '\"(", at[-1]) != NULL) {
            memmove(at, at + n, strlen(at + n) + 1);
        } else {
            at++;
        }
    }
}

/* The message without the recording's own name in front; NULL without memory. */
static char *reason_of(const batch *b, size_t i, const myo_diag *d, myo_err err) {
    const char *text = myo_tell_reason(d, err), *file = b->study.row[i].file;
    const size_t n = strlen(file);
    if (strncmp(text, file, n) == 0 && strncmp(text + n, ": ", 2) == 0) {
        text += n + 2;
    }
    char *reason = myo_strdup(text);
    if (reason != NULL) {
        cut_folder(reason, b->study.folder);
    }
    return reason;
}

/* The row's fact and its line in the journal. */
static myo_err record(batch *b, size_t i, const char *fingerprint, char *reason, myo_diag *d) {
    const bool failed = reason != NULL;
    b->facts.of[i].status = failed ? MYO_ROW_FAILED : MYO_ROW_DONE;
    b->facts.of[i].reason = reason;
    const myo_journal_line line = {.row = (int64_t)i + 1,
                                   .status = b->facts.of[i].status,
                                   .stem = b->study.row[i].stem,
                                   .fingerprint = fingerprint,
                                   .reason = failed ? reason : ""};
    return myo_journal_add(&b->journal, &line, d);
}

static void count(batch *b, size_t i) {
    const batch_row *r = &b->row[i];
    b->counts.n_done += b->facts.of[i].status == MYO_ROW_DONE;
    b->counts.n_failed += b->facts.of[i].status == MYO_ROW_FAILED;
    b->counts.n_kept += r->kept;
    b->bytes_left -= r->size;
    b->bytes_done += r->kept ? 0 : r->size;
}

/* An error of the recording, or of what the manifest says of it, is a fact; one of the surroundings
 * ends the run and leaves the row. */
static bool is_fact(myo_err err) {
    return myo_err_exit(err) <= 2;
}

static void end_row(batch *b, size_t i, myo_err err, const char *fingerprint, myo_diag *d) {
    batch_row *r = &b->row[i];
    char *reason = NULL;
    if (err != MYO_OK && myo_stop_requested()) {
        err = MYO_ERR_STOPPED; /* a read that a signal cut short says nothing of the recording */
    }
    if (is_fact(err) && err != MYO_OK) {
        reason = reason_of(b, i, d, err);
        err = reason != NULL ? err : myo_fail(d, MYO_ERR_OUTPUT, "not enough memory to go on");
    }
    pthread_mutex_lock(&b->mutex);
    if (is_fact(err)) {
        const myo_err written = record(b, i, fingerprint, reason, d);
        count(b, i);
        err = written == MYO_OK ? err : written;
    }
    r->err = err;
    if (err != MYO_ERR_STOPPED) {
        keep_diag(r, d);
        r->ended = true;
    }
    if (!is_fact(err)) {
        atomic_store(&b->give_up, true);
    }
    tell_rows(b);
    show_progress(b);
    pthread_mutex_unlock(&b->mutex);
    myo_diag_clear(d);
}

/* ---- rows that may be complete ---- */

myo_err batch_row_check(const batch *b, size_t i, bool *complete) {
    myo_analyse_job job;
    myo_open_opts open;
    myo_buf stem = {0};
    myo_diag d = {0};
    char hex[65];
    myo_err err = batch_row_job(b, i, &job, &open, &stem);
    err = err == MYO_OK ? myo_fingerprint(&job, hex, &d) : err;
    *complete = err == MYO_OK && myo_result_current(stem.s, hex);
    myo_buf_clear(&stem);
    myo_diag_clear(&d);
    return err == MYO_ERR_STOPPED ? err : MYO_OK;
}

static bool is_over(const batch *b) {
    return myo_stop_requested() || atomic_load(&b->give_up);
}

static bool stem_path(const batch *b, size_t i, myo_buf *path) {
    myo_buf_printf(path, "%s/%s", b->job->out_dir, b->study.row[i].stem);
    return !path->failed;
}

static void check_item(void *user, size_t k, myo_pool *pool) {
    batch *b = user;
    const size_t i = b->item[k];
    myo_diag d = {0};
    myo_buf path = {0};
    char hex[65] = "";
    (void)pool;
    if (is_over(b) || batch_row_check(b, i, &b->row[i].kept) != MYO_OK) {
        b->row[i].kept = false;
        return;
    }
    if (b->row[i].kept && stem_path(b, i, &path) && myo_result_fingerprint(path.s, hex)) {
        end_row(b, i, MYO_OK, hex, &d);
    } else {
        b->row[i].kept = false;
    }
    myo_buf_clear(&path);
}

static bool has_mark(const batch *b, size_t i) {
    myo_buf path = {0};
    const bool ok = stem_path(b, i, &path);
    myo_buf_puts(&path, "_run.json");
    const bool has = ok && !path.failed && access(path.s, F_OK) == 0;
    myo_buf_clear(&path);
    return has;
}

/* ---- rows to compute ---- */

/* Before the first result that changes: what the study's tables say of it would not be true any
 * more. */
static void remove_tables(batch *b) {
    pthread_mutex_lock(&b->mutex);
    if (!b->tables_gone) {
        myo_tables_remove(b->job->out_dir);
        b->tables_gone = true;
    }
    pthread_mutex_unlock(&b->mutex);
}

static myo_err compute(batch *b, size_t i, myo_pool *pool, char hex[65], myo_diag *d) {
    myo_analyse_job job;
    myo_open_opts open;
    myo_buf stem = {0};
    myo_err err = batch_row_job(b, i, &job, &open, &stem);
    job.pool = pool;
    job.fingerprint = hex;
    err = err == MYO_OK ? myo_analyse(&job, d) : err;
    hex[0] = err == MYO_OK ? hex[0] : '\0';
    const bool may_be_there = !b->made || err == MYO_OK; /* not in a folder that is new */
    if (err != MYO_OK && is_fact(err) && !myo_stop_requested() && stem.s != NULL && may_be_there) {
        myo_result_remove(stem.s); /* a failed recording leaves only its row */
    }
    myo_buf_clear(&stem);
    return err;
}

static void compute_item(void *user, size_t k, myo_pool *pool) {
    batch *b = user;
    const size_t i = b->item[k];
    char hex[65] = "";
    myo_diag d = {0};
    if (is_over(b)) {
        return;
    }
    remove_tables(b);
    const myo_err err = compute(b, i, pool, hex, &d);
    end_row(b, i, err, hex, &d);
}

/* ---- all rows ---- */

typedef struct by_size {
    int64_t size;
    size_t i;
} by_size;

/* The longest first; of equals, the earlier. */
static int longest_first(const void *a, const void *b) {
    const by_size *x = a, *y = b;
    if (x->size != y->size) {
        return x->size < y->size ? 1 : -1;
    }
    return (x->i > y->i) - (x->i < y->i);
}

/* Rows that have not ended and (if `marked`) have a result already, as items. */
static myo_err choose(batch *b, bool marked) {
    by_size *order = myo_alloc(b->study.n_rows + 1, sizeof *order);
    if (order == NULL) {
        return myo_fail(&b->d, MYO_ERR_OUTPUT, "not enough memory for the study");
    }
    b->n_items = 0;
    for (size_t i = 0; i < b->study.n_rows; i++) {
        if (b->row[i].mine && !b->row[i].ended && (!marked || has_mark(b, i))) {
            order[b->n_items++] = (by_size){b->row[i].size, i};
        }
    }
    qsort(order, b->n_items, sizeof *order, longest_first);
    for (size_t k = 0; k < b->n_items; k++) {
        b->item[k] = order[k].i;
    }
    myo_free(order);
    return MYO_OK;
}

static myo_err run_crew(batch *b, myo_crew_fn fn) {
    const myo_err err = myo_crew_run(b->job->n_threads, b->n_items, fn, b);
    return err == MYO_OK ? err : myo_fail(&b->d, MYO_ERR_OUTPUT, "not enough memory for workers");
}

static void begin(batch *b) {
    b->start_s = now_s();
    b->counts = (myo_batch_counts){.n = batch_n_mine(b)};
    for (size_t i = 0; i < b->study.n_rows; i++) {
        b->bytes_left += b->row[i].mine ? b->row[i].size : 0;
    }
    show_progress(b);
}

/* In the order of the rows, not of their ends: the same whoever is quicker. */
static myo_err worst(const batch *b) {
    myo_err all = MYO_OK;
    for (size_t i = 0; i < b->study.n_rows; i++) {
        const myo_err err = b->row[i].ended ? b->row[i].err : MYO_OK;
        /* wrong usage (exit 2) of one row does not mean that nothing was written */
        all = myo_tell_worse(all, myo_err_exit(err) == 2 ? MYO_ERR_INPUT : err);
    }
    return all;
}

myo_err batch_work(batch *b) {
    begin(b);
    MYO_TRY(choose(b, true));
    const int64_t n_marked = (int64_t)b->n_items;
    MYO_TRY(run_crew(b, check_item));
    b->n_recomputed = is_over(b) ? 0 : n_marked - b->counts.n_kept;
    MYO_TRY(choose(b, false));
    MYO_TRY(run_crew(b, compute_item));
    for (size_t i = 0; i < b->study.n_rows; i++) {
        tell_row(b, i); /* those behind a row that did not end */
    }
    b->err = worst(b);
    b->counts.n_left = b->counts.n - b->counts.n_done - b->counts.n_failed;
    return MYO_OK;
}
