/* status.c - myotab status: how far a study is. */
#include <string.h>
#include "run/lock.h"
#include "study/tables.h"

typedef struct view {
    const char *dir;
    const char *const *stem; /* of each row */
    myo_facts facts;
    myo_buf text;
} view;

/* Journals and locks are anybody's. */
static void put_shown(view *v, const char *s) {
    char shown[2 * MYO_MSG_MAX];
    myo_buf_puts(&v->text, myo_printable(shown, sizeof shown, s));
}

static void put_owner(void *user, const char *path, const myo_owner *o) {
    view *v = user;
    (void)path;
    if (o->alive) {
        myo_buf_printf(&v->text, "running: process %lld on ", (long long)o->pid);
        put_shown(v, o->host);
        myo_buf_puts(&v->text, ", rows ");
        put_shown(v, o->rows);
        myo_buf_puts(&v->text, "\n");
    }
}

/* Under the folder's lock, so that looking at a lock is never taken for holding it. A folder that
 * cannot be entered is looked at without. */
static myo_err put_owners(view *v, myo_diag *d) {
    myo_lock l = MYO_LOCK_NONE;
    const bool entered = myo_lock_enter(&l, v->dir, NULL) == MYO_OK;
    const myo_err err =
        entered ? myo_lock_visit(v->dir, NULL, &myo_rows_all, put_owner, v, d) : MYO_OK;
    myo_lock_leave(&l);
    return err;
}

static void put_failed(view *v) {
    for (size_t i = 0; i < v->facts.n; i++) {
        const myo_fact *f = &v->facts.of[i];
        if (f->status == MYO_ROW_FAILED) {
            myo_buf_printf(&v->text, "failed: row %zu, ", i + 1);
            put_shown(v, v->stem[i]);
            myo_buf_puts(&v->text, ": ");
            put_shown(v, f->reason != NULL ? f->reason : "n/a");
            myo_buf_puts(&v->text, "\n");
        }
    }
}

/* "left: rows 3-5, 9" */
static void put_left(view *v) {
    const myo_fact *of = v->facts.of;
    size_t n = 0;
    for (size_t i = 0; i < v->facts.n; i++) {
        const size_t from = i;
        while (i < v->facts.n && of[i].status == MYO_ROW_LEFT) {
            i++;
        }
        if (i > from) {
            myo_buf_puts(&v->text, n++ == 0 ? "left: rows " : ", ");
            myo_buf_printf(&v->text, i > from + 1 ? "%zu-%zu" : "%zu", from + 1, i);
        }
    }
    myo_buf_puts(&v->text, n > 0 ? "\n" : "");
}

static myo_err put_all(view *v, myo_batch_counts *counts, FILE *f, myo_diag *d) {
    *counts = (myo_batch_counts){.n = (int64_t)v->facts.n,
                                 .n_done = myo_facts_count(&v->facts, MYO_ROW_DONE),
                                 .n_failed = myo_facts_count(&v->facts, MYO_ROW_FAILED),
                                 .n_left = myo_facts_count(&v->facts, MYO_ROW_LEFT)};
    myo_buf_printf(&v->text, "%lld recording%s: %lld done, %lld failed, %lld left\n",
                   (long long)counts->n, counts->n == 1 ? "" : "s", (long long)counts->n_done, (long long)counts->n_failed,
                   (long long)counts->n_left);
    put_failed(v);
    put_left(v);
    MYO_TRY(put_owners(v, d));
    if (v->text.failed) {
        return myo_fail(d, MYO_ERR_NOMEM, "not enough memory");
    }
    fwrite(v->text.s, 1, v->text.n, f); /* the stream's owner looks for its errors */
    return MYO_OK;
}

static myo_err show(view *v, const char **stem, myo_batch_counts *counts, FILE *f, myo_diag *d) {
    v->stem = stem;
    return put_all(v, counts, f, d);
}

/* A study under way: its journals know. */
static myo_err show_sheet(view *v, const myo_sheet *s, myo_batch_counts *counts, FILE *f,
                          myo_diag *d) {
    const size_t n = s->table.n_rows;
    const char **stem = myo_alloc(n + 1, sizeof *stem);
    myo_err err = stem != NULL ? myo_facts_new(&v->facts, n, d) : MYO_ERR_NOMEM;
    for (size_t i = 0; i < n && err == MYO_OK; i++) {
        stem[i] = myo_tsv_cell(&s->table, i, MYO_SHEET_STEM);
    }
    err = err == MYO_OK ? myo_facts_gather(&v->facts, v->dir, s, false, d) : err;
    err = err == MYO_OK ? show(v, stem, counts, f, d) : err;
    myo_free(stem);
    return err;
}

static char *reason_of(const myo_results *r, size_t i) {
    return r->reason_col >= 0 ? myo_strdup(myo_tsv_cell(&r->recordings.table, i, r->reason_col))
                              : NULL;
}

/* A finished one: its tables do. */
static myo_err show_results(view *v, const myo_results *r, myo_batch_counts *counts, FILE *f,
                            myo_diag *d) {
    const size_t n = r->recordings.n_rows;
    const char **stem = myo_alloc(n + 1, sizeof *stem);
    myo_err err = stem != NULL ? myo_facts_new(&v->facts, n, d) : MYO_ERR_NOMEM;
    for (size_t i = 0; i < n && err == MYO_OK; i++) {
        stem[i] = r->recordings.row[i].stem;
        v->facts.of[i].status = r->status[i];
        v->facts.of[i].reason = r->status[i] == MYO_ROW_FAILED ? reason_of(r, i) : NULL;
    }
    err = err == MYO_OK ? show(v, stem, counts, f, d) : err;
    myo_free(stem);
    return err;
}

static myo_err look(view *v, myo_batch_counts *counts, FILE *f, myo_diag *d) {
    myo_sheet sheet;
    myo_results r = {0};
    bool found = false;
    MYO_TRY(myo_sheet_read(&sheet, v->dir, &found, d));
    myo_err err = MYO_OK;
    if (found) {
        err = show_sheet(v, &sheet, counts, f, d);
    } else {
        err = myo_results_read(&r, v->dir, d);
        err = err == MYO_OK ? show_results(v, &r, counts, f, d) : err;
    }
    myo_results_clear(&r);
    myo_sheet_clear(&sheet);
    return err;
}

myo_err myo_status(const char *dir, FILE *f, myo_batch_counts *counts, myo_diag *d) {
    view v = {.dir = dir};
    *counts = (myo_batch_counts){.n = 0};
    const myo_err err = look(&v, counts, f, d);
    myo_facts_clear(&v.facts);
    myo_buf_clear(&v.text);
    return err;
}
