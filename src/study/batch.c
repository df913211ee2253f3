/* batch.c - myotab batch: a study, resumed by itself; and what it would do. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "myotab/stop.h"
#include "myotab/table.h"
#include "run/crew.h"
#include "run/folder.h"
#include "run/tell.h"
#include "study/batch.h"
#include "study/tables.h"

/* ---- the folder ---- */

static void count_alive(void *user, const char *path, const myo_owner *o) {
    (void)path;
    *(int *)user += o->alive;
}

static bool is_alone(const batch *b) {
    int n = 0;
    myo_lock_visit(b->job->out_dir, b->lock.path, &myo_rows_all, count_alive, &n, NULL);
    return n == 0;
}

/* A part joins the parts that are there; with other parameters it begins them anew, if nobody works
 * on them. */
static myo_err join(batch *b, const myo_sheet *there) {
    const char *dir = b->job->out_dir;
    if (strcmp(there->manifest, b->sheet.manifest) != 0 ||
        strcmp(there->program, b->sheet.program) != 0) {
        const bool other = strcmp(there->manifest, b->sheet.manifest) != 0;
        return myo_fail(&b->d, MYO_ERR_USAGE,
                        "%s: holds parts made %s; run all rows at once (without --rows), or choose "
                        "another folder",
                        dir, other ? "from another manifest" : "by another version of myotab");
    }
    if (!is_alone(b)) {
        return myo_fail(&b->d, MYO_ERR_LOCKED, "%s: in use by parts with other parameters", dir);
    }
    myo_warn(&b->d,
             "%s: other parameters than the parts there have; their rows are to be done again",
             dir);
    myo_ledger_remove(dir, false);
    return myo_sheet_write(&b->sheet, dir, &b->d);
}

static myo_err begin_sheet(batch *b) {
    const char *dir = b->job->out_dir;
    if (b->whole) {
        myo_ledger_remove(dir, false);
    } else {
        MYO_TRY(myo_ledger_reopen(dir, &b->sheet, &b->d));
    }
    return myo_sheet_write(&b->sheet, dir, &b->d);
}

/* The study's own copy of the manifest: written by who comes first. */
static myo_err open_sheet(batch *b) {
    myo_sheet there;
    myo_diag d = {0};
    bool found = false;
    myo_err err = myo_sheet_read(&there, b->job->out_dir, &found, &d);
    if (err == MYO_ERR_NOMEM) {
        return myo_fail(&b->d, MYO_ERR_OUTPUT, "not enough memory for the study");
    }
    const bool good = found && err == MYO_OK;
    if (good && strcmp(there.key, b->sheet.key) == 0) {
        err = MYO_OK;
    } else {
        err = good && !b->whole ? join(b, &there) : begin_sheet(b);
    }
    myo_sheet_clear(&there);
    myo_diag_clear(&d);
    return err;
}

/* Temporary files of our rows; with all rows in hand, of the study's own files too. */
static bool is_ours(void *user, const char *name) {
    const batch *b = user;
    if (b->whole && myo_tables_is_name(name)) {
        return true;
    }
    for (size_t i = 0; i < b->study.n_rows; i++) {
        if (b->row[i].mine && myo_folder_is_result(name, b->study.row[i].stem, b->whole)) {
            return true;
        }
    }
    return false;
}

static myo_err open_folder(batch *b) {
    const char *dir = b->job->out_dir;
    const int64_t last = b->whole ? (int64_t)b->study.n_rows : b->last;
    MYO_TRY(myo_folder_open(&b->lock, &b->made, dir, &b->rows, b->first, last, &b->d));
    myo_folder_tidy(dir, is_ours, b);
    MYO_TRY(open_sheet(b));
    char *path = myo_ledger_path(dir, b->first, last);
    const myo_err err =
        path != NULL ? myo_journal_open(&b->journal, path, b->sheet.key, &b->d) : MYO_ERR_NOMEM;
    myo_free(path);
    myo_lock_leave(&b->lock);
    return err;
}

/* ---- results of rows that are gone ---- */

static int by_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The stem that a mark is of, cut out of its name; false for other names, and compare's. */
static bool cut_stem(char *name) {
    const size_t n = strlen(name);
    const bool is = n > 9 && strcmp(name + n - 9, "_run.json") == 0 &&
                    strcmp(name, "comparison_run.json") != 0;
    if (is) {
        name[n - 9] = '\0';
    }
    return is;
}

static void warn_strangers(batch *b) {
    const char **stem = myo_alloc(b->study.n_rows + 1, sizeof *stem);
    DIR *list = stem != NULL ? opendir(b->job->out_dir) : NULL;
    char first[sizeof((struct dirent *)0)->d_name] = "";
    int64_t n = 0;
    for (size_t i = 0; stem != NULL && i < b->study.n_rows; i++) {
        stem[i] = b->study.row[i].stem;
    }
    if (stem != NULL) {
        qsort(stem, b->study.n_rows, sizeof *stem, by_text);
    }
    for (struct dirent *e; list != NULL && (e = readdir(list)) != NULL;) {
        char name[sizeof e->d_name];
        const char *key = name;
        strcpy(name, e->d_name);
        if (cut_stem(name) && !bsearch(&key, stem, b->study.n_rows, sizeof *stem, by_text)) {
            if (n++ == 0 || strcmp(name, first) < 0) {
                strcpy(first, name);
            }
        }
    }
    if (list != NULL) {
        closedir(list);
    }
    myo_free(stem);
    if (n > 0) {
        myo_warn(&b->d, "%s: left %lld results that no row of the study is of (first: %s)",
                 b->job->out_dir, (long long)n, first);
    }
}

/* ---- the end ---- */

/* Tables that a stopped run did not make untrue stay; a full disk takes no new ones. */
static bool is_for_tables(const batch *b) {
    myo_buf path = {0};
    myo_buf_printf(&path, "%s/recordings.tsv", b->job->out_dir);
    const bool there = !path.failed && access(path.s, F_OK) == 0;
    myo_buf_clear(&path);
    return myo_err_exit(b->err) != 3 && (b->counts.n_left == 0 || !there);
}

/* What is complete is in the tables; then the ledger has nothing to add. */
static myo_err close_study(batch *b) {
    if (!is_for_tables(b)) {
        return MYO_OK;
    }
    warn_strangers(b);
    MYO_TRY(myo_tables_write(b->job->out_dir, &b->sheet, &b->facts, &b->d));
    if (b->counts.n_left == 0) {
        myo_ledger_remove(b->job->out_dir, true);
    }
    return MYO_OK;
}

static void say_count(const batch *b, int64_t n, const char *what) {
    char text[160];
    if (n > 0 && b->job->say) {
        snprintf(text, sizeof text, "%lld %s", (long long)n, what);
        b->job->say(b->job->user, MYO_LEVEL_INFO, b->job->out_dir, text);
    }
}

static void tell_study(batch *b, const char *file, myo_err err) {
    myo_tell(b->job->say, b->job->user, file, &b->d, err);
    myo_diag_clear(&b->d);
}

static myo_err work(batch *b) {
    tell_study(b, NULL, MYO_OK); /* what opening the folder had to say */
    MYO_TRY(batch_work(b));
    say_count(b, b->counts.n_kept, "complete results kept");
    say_count(b, b->n_recomputed,
              "results made again: input, parameters or version changed, or files damaged");
    return b->whole ? close_study(b) : MYO_OK;
}

/* A folder made for nothing goes again. */
static myo_err in_folder(batch *b) {
    myo_err err = open_folder(b);
    err = err == MYO_OK ? work(b) : err;
    if (err == MYO_ERR_NOMEM) { /* for the study itself: no going on (contract.md 2) */
        myo_diag_clear(&b->d);
        err = myo_fail(&b->d, MYO_ERR_OUTPUT, "not enough memory for the study");
    }
    myo_journal_close(&b->journal, true);
    myo_lock_give_back(&b->lock);
    if (b->made) {
        rmdir(b->job->out_dir); /* fails if anything is in it */
    }
    return err;
}

static myo_err outcome(const batch *b) {
    const bool stopped = myo_stop_requested() && b->counts.n_left > 0;
    return stopped ? myo_tell_worse(b->err, MYO_ERR_STOPPED) : b->err;
}

myo_err myo_batch(const myo_batch_job *job, myo_batch_counts *counts) {
    batch b;
    myo_err err = batch_prepare(&b, job);
    const bool of_study = err == MYO_OK || err == MYO_ERR_MANIFEST || err == MYO_ERR_USAGE;
    tell_study(&b, of_study ? job->study : NULL, err);
    if (err == MYO_OK) {
        err = in_folder(&b);
        tell_study(&b, NULL, err);
    }
    *counts = b.counts;
    err = err == MYO_OK ? outcome(&b) : err;
    batch_clear(&b);
    return err;
}

/* ---- what it would do ---- */

static void plan_item(void *user, size_t k, myo_pool *pool) {
    batch *b = user;
    (void)pool;
    batch_row_check(b, b->item[k], &b->row[b->item[k]].kept);
}

static myo_err print_plan(const batch *b, FILE *f, myo_diag *d) {
    static const myo_column cols[] = {
        {"stem", MYO_COL_TEXT, "", "of the result files"},
        {"path", MYO_COL_TEXT, "", "of the recording"},
        {"state", MYO_COL_TEXT, "", "done or left"},
    };
    static const myo_schema schema = {"plan", "what a batch would do", cols, 3};
    myo_table *t = NULL;
    MYO_TRY(myo_table_stream(&t, &schema, f, d));
    myo_err err = MYO_OK;
    for (size_t i = 0; i < b->study.n_rows && err == MYO_OK; i++) {
        const myo_study_row *r = &b->study.row[i];
        const myo_cell cells[] = {
            {.text = r->stem}, {.text = r->path}, {.text = b->row[i].kept ? "done" : "left"}};
        err = b->row[i].mine ? myo_table_row(t, cells) : MYO_OK;
    }
    myo_table_abort(&t); /* the stream is the caller's */
    return err;
}

static myo_err plan(batch *b, FILE *f, myo_diag *d) {
    for (size_t i = 0; i < b->study.n_rows; i++) {
        if (b->row[i].mine) {
            b->item[b->n_items++] = i;
        }
    }
    MYO_TRY(myo_crew_run(b->job->n_threads, b->n_items, plan_item, b));
    if (myo_stop_requested()) {
        return myo_fail(d, MYO_ERR_STOPPED, "stopped by a signal");
    }
    return print_plan(b, f, d);
}

myo_err myo_batch_plan(const myo_batch_job *job, FILE *f, myo_diag *d) {
    batch b;
    myo_err err = batch_prepare(&b, job);
    for (int i = 0; i < b.d.n_warnings; i++) {
        myo_warn(d, "%s", b.d.warnings[i]);
    }
    err = err == MYO_OK ? plan(&b, f, d) : myo_fail(d, err, "%s", myo_tell_reason(&b.d, err));
    batch_clear(&b);
    return err;
}
