/* collect.c - myotab collect: the study's tables from what its parts made. */
#include <string.h>
#include <unistd.h>
#include "run/folder.h"
#include "run/tell.h"
#include "study/tables.h"

typedef struct collecting {
    const char *dir;
    myo_sheet sheet;
    myo_facts facts;
    myo_lock lock;
    myo_batch_counts *counts;
    myo_diag d;
} collecting;

static bool is_ours(void *user, const char *name) {
    const collecting *c = user;
    bool ours = myo_tables_is_name(name);
    for (size_t i = 0; i < c->sheet.table.n_rows && !ours; i++) {
        ours = myo_folder_is_result(name, myo_tsv_cell(&c->sheet.table, i, MYO_SHEET_STEM), true);
    }
    return ours;
}

static void count(collecting *c) {
    *c->counts = (myo_batch_counts){.n = (int64_t)c->facts.n,
                                    .n_done = myo_facts_count(&c->facts, MYO_ROW_DONE),
                                    .n_failed = myo_facts_count(&c->facts, MYO_ROW_FAILED),
                                    .n_left = myo_facts_count(&c->facts, MYO_ROW_LEFT)};
    c->counts->n_kept = c->counts->n_done;
}

static myo_err join(collecting *c) {
    myo_folder_tidy(c->dir, is_ours, c);
    MYO_TRY(myo_facts_new(&c->facts, c->sheet.table.n_rows, &c->d));
    MYO_TRY(myo_facts_gather(&c->facts, c->dir, &c->sheet, true, &c->d));
    count(c);
    MYO_TRY(myo_tables_write(c->dir, &c->sheet, &c->facts, &c->d));
    if (c->counts->n_left == 0) {
        myo_ledger_remove(c->dir, true);
    }
    return MYO_OK;
}

/* No parts wait to be joined: their study's tables say how it ended. */
static myo_err already_joined(collecting *c) {
    myo_results r = {0};
    MYO_TRY(myo_results_read(&r, c->dir, &c->d));
    myo_err err = myo_facts_new(&c->facts, r.recordings.n_rows, &c->d);
    for (size_t i = 0; i < c->facts.n; i++) {
        c->facts.of[i].status = r.status[i];
    }
    count(c);
    myo_results_clear(&r);
    return err;
}

static myo_err locked(collecting *c) {
    bool found = false;
    MYO_TRY(myo_sheet_read(&c->sheet, c->dir, &found, &c->d));
    return found ? join(c) : already_joined(c);
}

static myo_err run(collecting *c) {
    if (access(c->dir, F_OK) != 0) {
        return myo_fail(&c->d, MYO_ERR_INPUT, "%s: not a study's result folder (no such folder)",
                        c->dir);
    }
    MYO_TRY(myo_lock_take(&c->lock, c->dir, &myo_rows_all, 1, INT64_MAX, &c->d));
    myo_lock_leave(&c->lock);
    const myo_err err = locked(c);
    myo_lock_give_back(&c->lock);
    return err;
}

/* Rows that failed or are left make the study incomplete, which the caller's exit code says. */
myo_err myo_collect(const char *dir, myo_say_fn say, void *user, myo_batch_counts *counts) {
    collecting c = {.dir = dir, .lock = MYO_LOCK_NONE, .counts = counts};
    *counts = (myo_batch_counts){.n = 0};
    myo_err err = run(&c);
    if (err == MYO_ERR_NOMEM) {
        myo_diag_clear(&c.d);
        err = myo_fail(&c.d, MYO_ERR_OUTPUT, "%s: not enough memory for the study", dir);
    }
    myo_tell(say, user, dir, &c.d, err);
    if (err == MYO_OK && counts->n_failed + counts->n_left > 0) {
        err = MYO_ERR_INPUT;
    }
    myo_facts_clear(&c.facts);
    myo_sheet_clear(&c.sheet);
    myo_diag_clear(&c.d);
    return err;
}
