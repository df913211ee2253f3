/* results.c - a study's results read back: its recordings and their summary. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include "study/study_in.h"

#define SUMMARY_BYTES ((size_t)512 << 20)
enum { SUMMARY_ROWS = 64 * MYO_STUDY_ROWS / 4 };

/* --- files --- */

/* Errors inside a table name it. */
static myo_err tell(myo_diag *d, const myo_diag *own, const char *name, myo_err e) {
    if (e == MYO_OK) {
        return e;
    }
    const myo_err code = e == MYO_ERR_MANIFEST ? MYO_ERR_DAMAGED : e;
    return myo_fail(d, code, "%s: %s", name, own->message);
}

static myo_err cut_table(myo_tsv *t, const char *path, size_t bytes, size_t rows, myo_diag *d) {
    myo_buf text = {0};
    MYO_TRY(myo_slurp(path, bytes, &text, d));
    MYO_TRY(myo_tsv_cut(t, &text, rows, d));
    myo_tsv_unguard(t);
    return MYO_OK;
}

static myo_err take_status(myo_results *r, size_t row, int col, myo_diag *d) {
    static const char *const names[] = {
        [MYO_ROW_DONE] = "done", [MYO_ROW_FAILED] = "failed", [MYO_ROW_LEFT] = "left"};
    const char *cell = myo_tsv_cell(&r->recordings.table, row, col);
    for (int i = MYO_ROW_DONE; i <= MYO_ROW_LEFT; i++) {
        if (strcmp(cell, names[i]) == 0) {
            r->status[row] = (myo_row_status)i;
            return MYO_OK;
        }
    }
    return myo_tsv_fail(&r->recordings.table, row, col, "done, failed or left", d);
}

static myo_err take_statuses(myo_results *r, myo_diag *d) {
    myo_study *s = &r->recordings;
    const int col = myo_tsv_find(&s->table, "status");
    r->stem_col = myo_tsv_find(&s->table, "stem");
    r->reason_col = myo_tsv_find(&s->table, "reason");
    r->status = myo_alloc(s->n_rows + 1, sizeof *r->status);
    if (!r->status) {
        return myo_fail(d, MYO_ERR_NOMEM, "no memory for %zu rows", s->n_rows);
    }
    for (size_t i = 0; i < s->n_rows && col >= 0; i++) {
        MYO_TRY(take_status(r, i, col, d));
    }
    return MYO_OK;
}

static myo_err read_recordings(myo_results *r, const char *path, myo_diag *d) {
    myo_study *s = &r->recordings;
    MYO_TRY(cut_table(&s->table, path, MYO_STUDY_BYTES, MYO_STUDY_ROWS, d));
    MYO_TRY(myo_study_fill(s, MYO_FORM_RESULTS, true, d));
    MYO_TRY(myo_study_check_ids(s, d));
    return take_statuses(r, d);
}

static myo_err read_summary(myo_results *r, const char *path, myo_diag *d) {
    struct stat st;
    if (stat(path, &st) != 0 && errno == ENOENT) {
        return MYO_OK;
    }
    return cut_table(&r->summary, path, SUMMARY_BYTES, SUMMARY_ROWS, d);
}

/* One of the two tables, by the function that reads it. */
static myo_err read_one(myo_results *r, const char *dir, const char *name,
                        myo_err (*read)(myo_results *, const char *, myo_diag *), myo_diag *d) {
    char *path = myo_join_path(dir, name);
    if (!path) {
        return myo_fail(d, MYO_ERR_NOMEM, "no memory for a path");
    }
    myo_diag own = {0};
    const myo_err e = tell(d, &own, name, read(r, path, &own));
    myo_diag_clear(&own);
    myo_free(path);
    return e;
}

static myo_err look_for(const char *dir, const char *name, myo_diag *d) {
    char *path = myo_join_path(dir, name);
    if (!path) {
        return myo_fail(d, MYO_ERR_NOMEM, "no memory for a path");
    }
    struct stat st;
    const bool missing = stat(path, &st) != 0;
    myo_free(path);
    return missing ? myo_fail(d, MYO_ERR_INPUT, "no %s: not a study's result folder", name)
                   : MYO_OK;
}

myo_err myo_results_read(myo_results *r, const char *dir, myo_diag *d) {
    MYO_TRY(look_for(dir, "recordings.tsv", d));
    myo_results new = {0};
    new.recordings.folder = myo_join_path(dir, "");
    myo_err e = new.recordings.folder ? MYO_OK : myo_fail(d, MYO_ERR_NOMEM, "no memory for a path");
    if (e == MYO_OK) {
        e = read_one(&new, dir, "recordings.tsv", read_recordings, d);
    }
    if (e == MYO_OK) {
        e = read_one(&new, dir, "summary.tsv", read_summary, d);
    }
    if (e != MYO_OK) {
        myo_results_clear(&new);
        return e;
    }
    *r = new;
    return MYO_OK;
}

void myo_results_clear(myo_results *r) {
    myo_study_clear(&r->recordings);
    myo_free(r->status);
    myo_tsv_clear(&r->summary);
    *r = (myo_results){0};
}
