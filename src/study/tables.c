/* tables.c - the study's own files, made from what is known of its rows. */
#include <jansson.h>
#include <math.h>
#include <string.h>
#include <unistd.h>
#include "myotab/myotab.h"
#include "out/json.h"
#include "out/table_file.h"
#include "run/folder.h"
#include "run/link.h"
#include "study/columns.h"
#include "study/tables.h"

static const char *const status_names[] = {
    [MYO_ROW_DONE] = "done", [MYO_ROW_FAILED] = "failed", [MYO_ROW_LEFT] = "left"};

/* What recordings.tsv says besides the manifest. */
static const myo_column result_cols[] = {
    {"stem", MYO_COL_TEXT, "", "what the names of the recording's result files begin with"},
    {"status", MYO_COL_TEXT, "", "done, failed, or left for a later run"},
    {"reason", MYO_COL_TEXT, "", "why it failed"},
};
/* What begins each row of summary.tsv. */
static const myo_column key_cols[] = {
    {"participant_id", MYO_COL_GIVEN, "", "person the recording is of"},
    {"session_id", MYO_COL_GIVEN, "", "session of that person"},
    {"condition", MYO_COL_GIVEN, "",
     "what the recording was made under; the session where the manifest does not say"},
    {"group", MYO_COL_GIVEN, "", "arm of the study"},
    {"stem", MYO_COL_TEXT, "", "what the names of the recording's result files begin with"},
};
enum {
    N_RESULT = sizeof result_cols / sizeof result_cols[0],
    N_KEY = sizeof key_cols / sizeof key_cols[0],
    MAX_OURS = 64
};
static const int key_of_sheet[N_KEY] = {MYO_SHEET_PARTICIPANT, MYO_SHEET_SESSION,
                                        MYO_SHEET_CONDITION, MYO_SHEET_GROUP, MYO_SHEET_STEM};

/* One of the two tables while it is written. */
typedef struct writing {
    const char *dir;
    const myo_sheet *sheet;
    const myo_facts *facts;
    const char *ours[MAX_OURS];
    myo_columns columns;
    int *from; /* columns of the sheet that are passed on */
    int n_from;
    myo_cell *cell; /* of one row */
    myo_table *table;
    myo_diag *d;
} writing;

static myo_err no_memory(const writing *w) {
    return myo_fail(w->d, MYO_ERR_NOMEM, "%s: not enough memory for the study's tables", w->dir);
}

static void reserve(writing *w, const myo_column *cols, int n) {
    for (int i = 0; i < n; i++) {
        w->ours[w->columns.n_ours++] = cols[i].name;
    }
    w->columns.ours = w->ours;
}

static bool is_key(const char *name) {
    for (int i = 0; i < N_KEY - 1; i++) { /* a manifest's "stem" is its own affair */
        if (strcmp(name, key_cols[i].name) == 0) {
            return true;
        }
    }
    return false;
}

/* The manifest's columns, all or those that are not keys. */
static bool pass_on(writing *w, bool all) {
    const myo_tsv *t = &w->sheet->table;
    w->from = myo_alloc((size_t)t->n_cols, sizeof *w->from);
    const char *name = t->text.s + t->row[0];
    for (int c = 0; w->from != NULL && c < t->n_cols; c++, name += strlen(name) + 1) {
        if (c >= MYO_SHEET_KEYS && (all || !is_key(name))) {
            myo_columns_pass_on(&w->columns, name, t);
            w->from[w->n_from++] = c;
        }
    }
    return w->from != NULL;
}

static myo_err open_table(writing *w, const myo_schema *schema) {
    myo_buf path = {0};
    w->cell = myo_alloc((size_t)schema->n_cols, sizeof *w->cell);
    myo_buf_printf(&path, "%s/%s.json", w->dir, schema->name);
    myo_err err =
        path.failed || w->cell == NULL ? no_memory(w) : myo_schema_write_json(schema, path.s, w->d);
    path.n = 0;
    myo_buf_printf(&path, "%s/%s.tsv", w->dir, schema->name);
    if (err == MYO_OK) {
        err = path.failed ? no_memory(w) : myo_table_open(&w->table, schema, path.s, w->d);
    }
    myo_buf_clear(&path);
    return err;
}

/* Cells of the sheet's row from column `at` of ours on; the sheet's cells follow each other in
 * memory. */
static void set_passed(writing *w, size_t row, int at) {
    const char *s = myo_tsv_cell(&w->sheet->table, row, 0);
    for (int c = 0, k = 0; k < w->n_from; c++, s += strlen(s) + 1) {
        if (w->from[k] == c) {
            w->cell[at + k++].text = s;
        }
    }
}

static void free_writing(writing *w) {
    myo_table_abort(&w->table);
    myo_columns_clear(&w->columns);
    myo_free(w->from);
    myo_free(w->cell);
}

/* ---- recordings.tsv ---- */

static myo_err write_recordings(writing *w, const myo_schema *schema) {
    MYO_TRY(open_table(w, schema));
    for (size_t i = 0; i < w->facts->n; i++) {
        const myo_fact *f = &w->facts->of[i];
        myo_cell *own = w->cell + w->n_from;
        set_passed(w, i, 0);
        own[0].text = myo_tsv_cell(&w->sheet->table, i, MYO_SHEET_STEM);
        own[1].text = status_names[f->status];
        own[2].text = f->reason;
        MYO_TRY(myo_table_row(w->table, w->cell));
    }
    return MYO_OK;
}

static myo_err recordings(writing *w, myo_outfile *file) {
    reserve(w, result_cols, N_RESULT);
    if (!pass_on(w, true)) {
        return no_memory(w);
    }
    for (int i = 0; i < N_RESULT; i++) {
        myo_columns_add(&w->columns, &result_cols[i]);
    }
    if (w->columns.failed) {
        return no_memory(w);
    }
    const myo_schema schema =
        myo_columns_schema(&w->columns, "recordings", "the study's recordings");
    MYO_TRY(write_recordings(w, &schema));
    return myo_table_hand_over(&w->table, file);
}

/* ---- summary.tsv ---- */

static myo_err check_header(const myo_tsv *t, myo_diag *d) {
    const myo_schema *s = &myo_summary_schema;
    const char *name = t->text.s + t->row[0];
    bool same = t->n_cols == s->n_cols;
    for (int c = 0; same && c < s->n_cols; c++, name += strlen(name) + 1) {
        same = strcmp(name, s->cols[c].name) == 0;
    }
    return same ? MYO_OK : myo_fail(d, MYO_ERR_DAMAGED, "line 1: not the header of a summary");
}

/* A number as it was written gives the same digits again. */
static myo_err take_cell(const myo_tsv *t, size_t row, int c, const char *s, myo_cell *cell,
                         myo_diag *d) {
    switch (myo_summary_schema.cols[c].type) {
    case MYO_COL_TEXT:
    case MYO_COL_GIVEN:
        cell->text = s;
        return MYO_OK;
    case MYO_COL_INT:
        cell->i = MYO_NO_INT;
        return strcmp(s, "n/a") == 0 || myo_parse_i64(s, strlen(s), &cell->i)
                   ? MYO_OK
                   : myo_tsv_fail(t, row, c, "a whole number or n/a", d);
    case MYO_COL_TIME:
    case MYO_COL_NUM:
        break;
    }
    return myo_tsv_f64(t, row, c, true, &cell->num, d);
}

static myo_err summary_row(writing *w, const myo_tsv *t, size_t row, myo_diag *d) {
    const char *s = myo_tsv_cell(t, row, 0);
    for (int c = 0; c < t->n_cols; c++, s += strlen(s) + 1) {
        MYO_TRY(take_cell(t, row, c, s, &w->cell[N_KEY + c], d));
    }
    return myo_table_row(w->table, w->cell);
}

static myo_err copy_summary(writing *w, const char *path, myo_tsv *t, myo_diag *d) {
    MYO_TRY(myo_tsv_read(t, path, (size_t)64 << 20, d));
    MYO_TRY(check_header(t, d));
    myo_tsv_unguard(t);
    for (size_t r = 0; r < t->n_rows; r++) {
        MYO_TRY(summary_row(w, t, r, d));
    }
    return MYO_OK;
}

static myo_err one_summary(writing *w, size_t row) {
    myo_buf path = {0};
    myo_tsv t = {0};
    myo_diag own = {0};
    for (int k = 0; k < N_KEY; k++) {
        w->cell[k].text = myo_tsv_cell(&w->sheet->table, row, key_of_sheet[k]);
    }
    set_passed(w, row, N_KEY + myo_summary_schema.n_cols);
    myo_buf_printf(&path, "%s/%s_summary.tsv", w->dir, w->cell[N_KEY - 1].text);
    const myo_err err = path.failed ? no_memory(w) : copy_summary(w, path.s, &t, &own);
    if (own.code != MYO_OK) {
        const bool named = strncmp(own.message, path.s, path.n) == 0;
        myo_fail(w->d, err, "%s%s%s", named ? "" : path.s, named ? "" : ": ", own.message);
    }
    myo_buf_clear(&path);
    myo_tsv_clear(&t);
    myo_diag_clear(&own);
    return err;
}

static myo_err write_summary(writing *w, const myo_schema *schema) {
    MYO_TRY(open_table(w, schema));
    for (size_t i = 0; i < w->facts->n; i++) {
        if (w->facts->of[i].status == MYO_ROW_DONE) {
            MYO_TRY(one_summary(w, i));
        }
    }
    return MYO_OK;
}

static myo_err summary(writing *w, myo_outfile *file) {
    const myo_schema *own = &myo_summary_schema;
    reserve(w, key_cols, N_KEY);
    reserve(w, own->cols, own->n_cols);
    for (int i = 0; i < N_KEY; i++) {
        myo_columns_add(&w->columns, &key_cols[i]);
    }
    for (int i = 0; i < own->n_cols; i++) {
        myo_columns_add(&w->columns, &own->cols[i]);
    }
    if (!pass_on(w, false) || w->columns.failed) {
        return no_memory(w);
    }
    const myo_schema schema =
        myo_columns_schema(&w->columns, "summary", "counts, rates and medians of the whole study");
    MYO_TRY(write_summary(w, &schema));
    return myo_table_hand_over(&w->table, file);
}

/* ---- dataset_description.json ---- */

myo_err myo_tables_describe(const char *path, const char *key, myo_diag *d) {
    json_t *root = json_pack("{s:s, s:s, s:s, s:[{s:s, s:s, s:s, s:s*}]}", "Name",
                             "Muscle jerks, cramps and tremor in EMG and accelerometer recordings",
                             "BIDSVersion", "1.11.0", "DatasetType", "derivative", "GeneratedBy",
                             "Name", "myotab", "Version", MYO_VERSION, "Description",
                             "events of muscle activity and movement", "Fingerprint", key);
    const myo_err err = root != NULL ? myo_json_write(root, path, d)
                                     : myo_fail(d, MYO_ERR_NOMEM, "%s: not enough memory", path);
    json_decref(root);
    return err;
}

static json_t *read_json(const char *path) {
    myo_buf text = {0};
    json_t *root = NULL;
    if (myo_slurp(path, (size_t)8 << 20, &text, NULL) == MYO_OK) {
        root = json_loadb(text.s, text.n, JSON_REJECT_DUPLICATES, NULL);
    }
    myo_buf_clear(&text);
    return root;
}

static bool has_key(const char *path, const char *key) {
    json_t *root = read_json(path);
    const json_t *by = json_array_get(json_object_get(root, "GeneratedBy"), 0);
    const char *found = json_string_value(json_object_get(by, "Fingerprint"));
    const bool same = found != NULL && strcmp(found, key) == 0;
    json_decref(root);
    return same;
}

/* ---- all of them ---- */

/* summary.tsv and recordings.tsv appear together. */
static myo_err write_tables(writing *w, myo_outfile file[2]) {
    writing rec = *w;
    const myo_err err = summary(w, &file[0]);
    const myo_err then = err == MYO_OK ? recordings(&rec, &file[1]) : err;
    free_writing(&rec);
    return then == MYO_OK ? myo_outfile_commit_all(file, 2, w->d) : then;
}

myo_err myo_tables_write(const char *dir, const myo_sheet *s, const myo_facts *f, myo_diag *d) {
    writing w = {.dir = dir, .sheet = s, .facts = f, .d = d};
    myo_outfile file[2] = {{.path = NULL}, {.path = NULL}};
    myo_buf path = {0};
    myo_buf_printf(&path, "%s/dataset_description.json", dir);
    myo_err err = path.failed ? no_memory(&w) : myo_folder_dictionaries(dir, MYO_N_TABLES - 1, d);
    err = err == MYO_OK ? myo_tables_describe(path.s, s->key, d) : err;
    err = err == MYO_OK ? write_tables(&w, file) : err;
    if (err != MYO_OK) {
        myo_outfile_abort(&file[0]);
        myo_outfile_abort(&file[1]);
    }
    free_writing(&w);
    myo_buf_clear(&path);
    return err;
}

static const char *const table_names[] = {"recordings.tsv", "summary.tsv"};
static const char *const other_names[] = {
#define T(id, name) #name ".json",
    MYO_LINK_TABLES
#undef T
    "recordings.json", "dataset_description.json", ".myotab-study"};

void myo_tables_remove(const char *dir) {
    for (size_t i = 0; i < sizeof table_names / sizeof table_names[0]; i++) {
        myo_buf path = {0};
        myo_buf_printf(&path, "%s/%s", dir, table_names[i]);
        if (!path.failed) {
            unlink(path.s);
        }
        myo_buf_clear(&path);
    }
}

bool myo_tables_is_name(const char *name) {
    bool is = false;
    for (size_t i = 0; i < sizeof table_names / sizeof table_names[0]; i++) {
        is = is || strcmp(name, table_names[i]) == 0;
    }
    for (size_t i = 0; i < sizeof other_names / sizeof other_names[0]; i++) {
        is = is || strcmp(name, other_names[i]) == 0;
    }
    return is;
}

/* ---- read back ---- */

static bool take_fact(myo_fact *f, const char *status, const char *reason) {
    for (int i = MYO_ROW_DONE; i <= MYO_ROW_LEFT; i++) {
        if (strcmp(status, status_names[i]) == 0) {
            f->status = (myo_row_status)i;
        }
    }
    f->reason = f->status == MYO_ROW_FAILED ? myo_strdup(reason) : NULL;
    return f->status != MYO_ROW_FAILED || f->reason != NULL;
}

myo_err myo_tables_facts(const char *dir, const char *key, myo_facts *f, bool *same, myo_diag *d) {
    myo_buf path = {0};
    myo_tsv t = {0};
    bool ok = true;
    *same = false;
    myo_buf_printf(&path, "%s/dataset_description.json", dir);
    const bool known = !path.failed && has_key(path.s, key);
    path.n = 0;
    myo_buf_printf(&path, "%s/recordings.tsv", dir);
    if (known && !path.failed && myo_tsv_read(&t, path.s, (size_t)1 << 30, NULL) == MYO_OK &&
        t.n_rows == f->n && t.n_cols > N_RESULT) {
        *same = true;
        myo_tsv_unguard(&t);
        for (size_t i = 0; i < f->n; i++) {
            ok = take_fact(&f->of[i], myo_tsv_cell(&t, i, t.n_cols - 2),
                           myo_tsv_cell(&t, i, t.n_cols - 1)) &&
                 ok;
        }
    }
    myo_tsv_clear(&t);
    ok = ok && !path.failed;
    myo_buf_clear(&path);
    return ok ? MYO_OK : myo_fail(d, MYO_ERR_NOMEM, "%s: not enough memory", dir);
}
