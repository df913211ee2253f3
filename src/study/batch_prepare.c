/* batch_prepare.c - a batch before any work: the study read, its rows chosen, parameters settled.
 */
#include <string.h>
#include <sys/stat.h>
#include "run/folder.h"
#include "study/batch.h"
#include "study/choice.h"
#include "study/tables.h"

/* ---- which rows ---- */

static myo_err check_range(const batch *b, myo_diag *d) {
    const myo_row_range r = b->job->rows;
    if (r.first == 0 && r.last == 0) {
        return MYO_OK;
    }
    if (r.first < 1 || r.last < r.first || r.last > (int64_t)b->study.n_rows) {
        return myo_fail(d, MYO_ERR_USAGE, "wrong rows (found %lld:%lld, allowed 1:%zu)",
                        (long long)r.first, (long long)r.last, b->study.n_rows);
    }
    return MYO_OK;
}

static bool is_chosen(const batch *b, size_t i) {
    const myo_row_range r = b->job->rows;
    if (r.first > 0 && ((int64_t)i + 1 < r.first || (int64_t)i + 1 > r.last)) {
        return false;
    }
    return myo_chosen(&b->study.row[i], b->job->participants, b->job->sessions);
}

static myo_err add_row(batch *b, size_t i, size_t *cap) {
    const int64_t number = (int64_t)i + 1;
    void *p = b->range;
    if (b->rows.n > 0 && b->range[b->rows.n - 1].last == number - 1) {
        b->range[b->rows.n - 1].last = number;
        return MYO_OK;
    }
    MYO_TRY(myo_grow(&p, cap, b->rows.n + 1, sizeof *b->range));
    b->range = p;
    b->range[b->rows.n++] = (myo_range){number, number};
    return MYO_OK;
}

/* A run over everything takes rows that a longer manifest may have, too. */
static myo_err choose_rows(batch *b) {
    size_t cap = 0;
    MYO_TRY(check_range(b, &b->d));
    MYO_TRY(myo_choice_check(&b->study, b->job->participants, b->job->sessions, &b->d));
    b->whole = b->job->rows.first == 0 && !b->job->participants && !b->job->sessions;
    for (size_t i = 0; i < b->study.n_rows; i++) {
        b->row[i].mine = is_chosen(b, i);
        if (b->row[i].mine) {
            MYO_TRY(add_row(b, i, &cap));
        }
    }
    if (b->rows.n == 0) {
        return myo_fail(&b->d, MYO_ERR_USAGE,
                        "no recording of these participants and sessions in these rows");
    }
    b->first = b->range[0].first;
    b->last = b->range[b->rows.n - 1].last;
    b->rows.range = b->range;
    b->rows = b->whole ? myo_rows_all : b->rows;
    return MYO_OK;
}

int64_t batch_n_mine(const batch *b) {
    int64_t n = 0;
    for (size_t i = 0; i < b->study.n_rows; i++) {
        n += b->row[i].mine;
    }
    return n;
}

/* ---- with what ---- */

int batch_preset(const batch *b, size_t i) {
    int k = 0;
    while (k < myo_n_presets && strcmp(myo_presets[k].name, b->study.row[i].preset) != 0) {
        k++;
    }
    return k < myo_n_presets ? k + 1 : 0;
}

/* Once for every preset in use, before the first row: a parameter file that changes later changes
 * no row. */
static myo_err settle_preset(batch *b, size_t i) {
    const int k = batch_preset(b, i);
    myo_diag d = {0};
    if (k == 0 || b->params[k].run_chunk_s > 0.0) { /* 0 is below its range: not settled yet */
        return MYO_OK;
    }
    myo_param_source src = b->job->params;
    src.preset = b->study.row[i].preset;
    const myo_err err = myo_params_from(&b->params[k], &src, &d);
    return err == MYO_OK
               ? err
               : myo_fail(&b->d, err, "row %zu, preset %s: %s", i + 1, src.preset, d.message);
}

static myo_err settle_params(batch *b) {
    myo_err err = MYO_OK;
    for (size_t i = 0; i < b->study.n_rows && err == MYO_OK; i++) {
        err = settle_preset(b, i);
    }
    return err;
}

/* The study itself is an input, too: its folder (BIDS), or a manifest that is called as a file of ours. */
static myo_err refuse_study(const batch *b, myo_diag *d) {
    const char *study = b->job->study, *dir = b->job->out_dir, *slash = strrchr(study, '/');
    struct stat in, out;
    if (b->study.is_bids && stat(study, &in) == 0 && stat(dir, &out) == 0 &&
        in.st_dev == out.st_dev && in.st_ino == out.st_ino) {
        return myo_fail(d, MYO_ERR_USAGE,
                        "-o %s is the dataset itself; choose a folder below it, as derivatives/myotab",
                        dir);
    }
    if (!b->study.is_bids && myo_folder_holds(dir, study) &&
        myo_tables_is_name(slash ? slash + 1 : study)) {
        return myo_fail(d, MYO_ERR_USAGE,
                        "-o %s would write over the manifest %s; choose another folder", dir, study);
    }
    return MYO_OK;
}

static myo_err look_at_inputs(batch *b) {
    MYO_TRY(refuse_study(b, &b->d));
    for (size_t i = 0; i < b->study.n_rows; i++) {
        struct stat st;
        const char *file = b->study.row[i].file;
        MYO_TRY(myo_folder_refuse(b->job->out_dir, file, &b->d));
        b->row[i].size = stat(file, &st) == 0 && S_ISREG(st.st_mode) ? (int64_t)st.st_size : 0;
    }
    return MYO_OK;
}

static myo_err prepare(batch *b) {
    const myo_batch_job *job = b->job;
    b->params = myo_alloc((size_t)myo_n_presets + 1, sizeof *b->params);
    if (b->params == NULL) {
        return MYO_ERR_NOMEM;
    }
    MYO_TRY(myo_params_from(&b->params[0], &job->params, &b->d));
    MYO_TRY(myo_study_read(&b->study, job->study, job->allow_outside, &b->d));
    b->row = myo_alloc(b->study.n_rows + 1, sizeof *b->row);
    b->item = myo_alloc(b->study.n_rows + 1, sizeof *b->item);
    if (b->row == NULL || b->item == NULL) {
        return MYO_ERR_NOMEM;
    }
    MYO_TRY(settle_params(b));
    MYO_TRY(choose_rows(b));
    MYO_TRY(look_at_inputs(b));
    MYO_TRY(myo_facts_new(&b->facts, b->study.n_rows, &b->d));
    return myo_sheet_make(&b->sheet, &b->study, b->params, myo_n_presets + 1, job, &b->d);
}

/* Without memory for the study itself there is no going on (contract.md 2: exit 3). */
myo_err batch_prepare(batch *b, const myo_batch_job *job) {
    *b = (batch){.job = job, .lock = MYO_LOCK_NONE, .journal = MYO_JOURNAL_NONE};
    pthread_mutex_init(&b->mutex, NULL);
    const myo_err err = prepare(b);
    if (err == MYO_ERR_NOMEM) {
        myo_diag_clear(&b->d);
        return myo_fail(&b->d, MYO_ERR_OUTPUT, "not enough memory for the study");
    }
    return err;
}

void batch_clear(batch *b) {
    for (size_t i = 0; b->row != NULL && i < b->study.n_rows; i++) {
        myo_diag_clear(b->row[i].d);
        myo_free(b->row[i].d);
    }
    myo_free(b->row);
    myo_free(b->item);
    myo_free(b->params);
    myo_free(b->range);
    myo_facts_clear(&b->facts);
    myo_sheet_clear(&b->sheet);
    myo_study_clear(&b->study);
    myo_journal_close(&b->journal, false);
    pthread_mutex_destroy(&b->mutex);
    myo_diag_clear(&b->d);
}
