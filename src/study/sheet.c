/* sheet.c - the study as its result folder keeps it while it is under way. */
#include <string.h>
#include <sys/stat.h>
#include "myotab/myotab.h"
#include "run/version.h"
#include "study/sheet.h"

static const char first_line[] = "myotab-study 1";
enum { HEX = 64 };

/* ---- the table as text ---- */

static void put_cell(myo_buf *b, const char *s, bool last) {
    if (strpbrk(s, "\"\t\r") == NULL) {
        myo_buf_puts(b, s);
    } else { /* as the reader undoes it */
        myo_buf_puts(b, "\"");
        for (; *s != '\0'; s++) {
            myo_buf_put(b, s, 1);
            myo_buf_puts(b, *s == '"' ? "\"" : "");
        }
        myo_buf_puts(b, "\"");
    }
    myo_buf_puts(b, last ? "\n" : "\t");
}

/* Names for our columns that no column of the manifest has. */
static void put_key_names(myo_buf *b, const myo_tsv *t) {
    static const char *const names[MYO_SHEET_KEYS] = {"participant", "session", "condition",
                                                      "group",       "path",    "stem"};
    for (int k = 0; k < MYO_SHEET_KEYS; k++) {
        myo_buf name = {0};
        do {
            char longer[256];
            snprintf(longer, sizeof longer, ".%.200s", name.s != NULL ? name.s : names[k]);
            name.n = 0;
            myo_buf_puts(&name, longer);
        } while (!name.failed && name.n < 200 && myo_tsv_find(t, name.s) >= 0);
        put_cell(b, name.failed ? "" : name.s, false);
        b->failed = b->failed || name.failed;
        myo_buf_clear(&name);
    }
}

static void put_line(myo_buf *b, const char *cells, int n) {
    for (int c = 0; c < n; c++, cells += strlen(cells) + 1) {
        put_cell(b, cells, c == n - 1);
    }
}

static void put_table(myo_buf *b, const myo_study *s) {
    put_key_names(b, &s->table);
    put_line(b, s->table.text.s + s->table.row[0], s->table.n_cols);
    for (size_t i = 0; i < s->n_rows; i++) {
        const myo_study_row *r = &s->row[i];
        const char *const keys[MYO_SHEET_KEYS] = {r->participant, r->session, r->condition,
                                                  r->group,       r->path,    r->stem};
        for (int k = 0; k < MYO_SHEET_KEYS; k++) {
            put_cell(b, keys[k], false);
        }
        put_line(b, myo_tsv_cell(&s->table, r->index, 0), s->table.n_cols);
    }
}

/* ---- what it is of ---- */

static myo_err hash(const myo_buf *b, char hex[65], myo_diag *d) {
    myo_sha *sha = b->failed ? NULL : myo_sha_new();
    if (sha == NULL) {
        return myo_fail(d, MYO_ERR_NOMEM, "not enough memory for the study");
    }
    myo_sha_add(sha, b->s, b->n);
    myo_sha_hex(sha, hex);
    myo_sha_free(sha);
    return MYO_OK;
}

static myo_err hash_program(char hex[65], myo_diag *d) {
    myo_named libraries[MYO_N_LIBRARIES];
    myo_buf b = {0};
    myo_libraries(libraries);
    myo_buf_printf(&b, "%s\n%s\n", MYO_VERSION, myo_compiler());
    for (int i = 0; i < MYO_N_LIBRARIES; i++) {
        myo_buf_printf(&b, "%s %s\n", libraries[i].name, libraries[i].value);
    }
    const myo_err err = hash(&b, hex, d);
    myo_buf_clear(&b);
    return err;
}

static void put_text(myo_buf *b, const char *name, const char *s) {
    myo_buf_printf(b, "%s=%s\n", name, s != NULL ? s : "");
}

static void put_number(myo_buf *b, const char *name, double v) {
    char s[32];
    myo_format_g(s, sizeof s, v, 17);
    put_text(b, name, s);
}

/* run.chunk_s cannot change a result. */
static void put_params(myo_buf *b, const myo_params *p) {
    for (int i = 0; i < myo_n_params; i++) {
        if (strcmp(myo_param_rows[i].name, "run.chunk_s") != 0) {
            put_number(b, myo_param_rows[i].name, myo_param_get(p, &myo_param_rows[i]));
        }
    }
}

static myo_err hash_settings(char hex[65], const myo_params *params, int n_params,
                             const myo_batch_job *job, myo_diag *d) {
    myo_buf b = {0};
    for (int i = 0; i < n_params; i++) {
        put_params(&b, &params[i]);
    }
    put_text(&b, "preset", job->params.preset);
    put_number(&b, "fs", job->open.fs);
    put_number(&b, "scale", job->open.scale);
    put_text(&b, "unit", job->open.unit);
    put_text(&b, "channels", job->open.channels);
    put_number(&b, "salvage", job->open.salvage);
    const myo_err err = hash(&b, hex, d);
    myo_buf_clear(&b);
    return err;
}

static myo_err hash_key(myo_sheet *s, myo_diag *d) {
    myo_buf b = {0};
    myo_buf_printf(&b, "%s\n%s\n%s\n", s->manifest, s->program, s->settings);
    const myo_err err = hash(&b, s->key, d);
    myo_buf_clear(&b);
    return err;
}

/* ---- sheets ---- */

/* The table is cut out of a copy: the text is still to be written. */
static myo_err cut_copy(myo_sheet *s, myo_diag *d) {
    myo_buf copy = {0};
    myo_buf_put(&copy, s->text.s, s->text.n);
    if (copy.failed) {
        myo_buf_clear(&copy);
        return myo_fail(d, MYO_ERR_NOMEM, "not enough memory for the study");
    }
    return myo_tsv_cut(&s->table, &copy, SIZE_MAX, d);
}

static myo_err make(myo_sheet *s, const myo_study *study, const myo_params *params, int n_params,
                    const myo_batch_job *job, myo_diag *d) {
    put_table(&s->text, study);
    MYO_TRY(hash(&s->text, s->manifest, d));
    MYO_TRY(hash_program(s->program, d));
    MYO_TRY(hash_settings(s->settings, params, n_params, job, d));
    MYO_TRY(hash_key(s, d));
    return cut_copy(s, d);
}

myo_err myo_sheet_make(myo_sheet *s, const myo_study *study, const myo_params *params, int n_params,
                       const myo_batch_job *job, myo_diag *d) {
    *s = (myo_sheet){.text = {0}};
    const myo_err err = make(s, study, params, n_params, job, d);
    if (err != MYO_OK) {
        myo_sheet_clear(s);
    }
    return err;
}

void myo_sheet_clear(myo_sheet *s) {
    myo_tsv_clear(&s->table);
    myo_buf_clear(&s->text);
}

static char *path_of(const char *dir, myo_diag *d) {
    myo_buf path = {0};
    myo_buf_printf(&path, "%s/.myotab-study", dir);
    if (path.failed) {
        myo_fail(d, MYO_ERR_NOMEM, "not enough memory");
        myo_buf_clear(&path);
    }
    return path.s;
}

static myo_err write_to(const myo_sheet *s, const char *path, myo_diag *d) {
    myo_outfile file = {0};
    MYO_TRY(myo_outfile_open(&file, path, d));
    fprintf(file.f, "%s\t%s\t%s\t%s\n", first_line, s->manifest, s->program, s->settings);
    fwrite(s->text.s, 1, s->text.n, file.f);
    return myo_outfile_commit(&file, d); /* sees the failure of either */
}

myo_err myo_sheet_write(const myo_sheet *s, const char *dir, myo_diag *d) {
    char *path = path_of(dir, d);
    const myo_err err = path != NULL ? write_to(s, path, d) : MYO_ERR_NOMEM;
    myo_free(path);
    return err;
}

/* "myotab-study 1", then three hashes. */
static bool take_first_line(myo_sheet *s, const char *line, size_t n) {
    char *const to[] = {s->manifest, s->program, s->settings};
    const size_t head = strlen(first_line);
    if (n != head + 3 * (HEX + 1) || memcmp(line, first_line, head) != 0) {
        return false;
    }
    for (int i = 0; i < 3; i++) {
        const char *at = line + head + (size_t)i * (HEX + 1);
        if (at[0] != '\t' || strspn(at + 1, "0123456789abcdef") < HEX) {
            return false;
        }
        memcpy(to[i], at + 1, HEX);
        to[i][HEX] = '\0';
    }
    return true;
}

static myo_err take_text(myo_sheet *s, const char *path, const myo_buf *text, myo_diag *d) {
    const char *end = memchr(text->s, '\n', text->n);
    char hex[65];
    if (end == NULL || !take_first_line(s, text->s, (size_t)(end - text->s))) {
        return myo_fail(d, MYO_ERR_DAMAGED, "%s: damaged", path);
    }
    myo_buf body = {0};
    myo_buf_put(&body, end + 1, text->n - (size_t)(end + 1 - text->s));
    myo_err err = hash(&body, hex, d);
    if (err == MYO_OK && strcmp(hex, s->manifest) != 0) {
        err = myo_fail(d, MYO_ERR_DAMAGED, "%s: damaged (wrong checksum)", path);
    }
    if (err != MYO_OK) {
        myo_buf_clear(&body);
        return err;
    }
    MYO_TRY(myo_tsv_cut(&s->table, &body, SIZE_MAX, d));
    if (s->table.n_cols <= MYO_SHEET_KEYS) {
        return myo_fail(d, MYO_ERR_DAMAGED, "%s: damaged (found %d columns)", path,
                        s->table.n_cols);
    }
    return hash_key(s, d);
}

myo_err myo_sheet_read(myo_sheet *s, const char *dir, bool *found, myo_diag *d) {
    struct stat st;
    myo_buf text = {0};
    *s = (myo_sheet){.text = {0}};
    char *path = path_of(dir, d);
    *found = path != NULL && lstat(path, &st) == 0;
    myo_err err = path != NULL ? MYO_OK : MYO_ERR_NOMEM;
    if (*found) {
        err = myo_slurp(path, (size_t)1 << 30, &text, d);
        err = err == MYO_OK ? take_text(s, path, &text, d) : err;
    }
    if (err != MYO_OK) {
        myo_sheet_clear(s);
    }
    myo_buf_clear(&text);
    myo_free(path);
    return err;
}
