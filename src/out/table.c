/* table.c - result tables as tab-separated text, and their column dictionaries. */
#include <errno.h>
#include <string.h>
#include <math.h>
#include "base/base.h"
#include "myotab/table.h"
#include "out/json.h"
#include "out/table_file.h"

struct myo_table {
    const myo_schema *schema;
    FILE *f;
    myo_outfile file; /* file.path is NULL for a borrowed stream */
    myo_diag *d;      /* the caller's, from open to close */
    myo_err err;      /* the first failure: later rows are not tried */
    char *cell;       /* escaped text of one cell */
    size_t cell_cap;
};

static const char *target(const myo_table *t) {
    return t->file.path ? t->file.path : "standard output";
}

static myo_err write_failed(myo_table *t) {
    if (t->err == MYO_OK) {
        const int why = errno;
        t->err = myo_fail(t->d, MYO_ERR_OUTPUT, "%s: cannot be written (%s)", target(t),
                          strerror(why ? why : EIO));
    }
    return t->err;
}

static void put(myo_table *t, const char *s, size_t n) {
    if (t->err == MYO_OK && fwrite_unlocked(s, 1, n, t->f) != n) { /* nobody else has it */
        write_failed(t);
    }
}

/* A spreadsheet takes a cell that begins so for a formula (CWE-1236), in ASCII or full width. */
static bool is_formula(const char *s) {
    static const char *const wide[] = {"\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D",
                                       "\xEF\xBC\xA0"};
    if (strchr("=+-@", s[0])) {
        return s[0] != '\0';
    }
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++) {
        if (strncmp(s, wide[i], 3) == 0) {
            return true;
        }
    }
    return false;
}

/* A text that begins with our own guard gets one more, so that taking one off gives the text back. */
static const char *guard(const char *s) {
    return is_formula(s + strspn(s, "'")) ? "'" : "";
}

/* A quote makes common readers (read.delim of R, pandas) swallow tabs and lines up to the next one,
 * in silence. A backslash is written out where it would be read as the beginning of \x22 or \x5C. */
static void put_unquoted(myo_table *t, const char *s) {
    while (*s) {
        const size_t plain = strcspn(s, "\"\\");
        put(t, s, plain);
        s += plain;
        if (*s == '"') {
            put(t, "\\x22", 4);
            s++;
        } else if (*s == '\\') {
            const bool doubtful = strncmp(s, "\\x22", 4) == 0 || strncmp(s, "\\x5C", 4) == 0;
            put(t, "\\x5C", doubtful ? 4 : 1);
            s++;
        }
    }
}

static void put_text(myo_table *t, const char *s) {
    if (!s || !s[0]) {
        put(t, "n/a", 3);
        return;
    }
    const size_t n = strlen(s);
    /* a byte grows to at most four: \xNN */
    if (n > (SIZE_MAX - 1) / 4 ||
        myo_grow((void **)&t->cell, &t->cell_cap, 4 * n + 1, 1) != MYO_OK) {
        if (t->err == MYO_OK) {
            t->err = myo_fail(t->d, MYO_ERR_NOMEM, "%s: no memory for a cell", target(t));
        }
        return;
    }
    const char *safe = myo_printable(t->cell, t->cell_cap, s);
    const char *lead = guard(safe);
    put(t, lead, strlen(lead));
    put_unquoted(t, safe);
}

/* "-30" is no formula. */
static bool is_plain_number(const char *s) {
    double v;
    const size_t n = strlen(s);
    return n > 0 && strspn(s, "0123456789.eE+-") == n && myo_parse_f64(s, n, &v);
}

static void put_given(myo_table *t, const char *s) {
    if (s && is_plain_number(s)) {
        put(t, s, strlen(s));
    } else {
        put_text(t, s);
    }
}

static void put_cell(myo_table *t, myo_coltype type, myo_cell cell) {
    char s[400]; /* the longest double with 6 decimals has 317 characters */
    int n = 0;
    switch (type) {
    case MYO_COL_TEXT:
        put_text(t, cell.text);
        return;
    case MYO_COL_GIVEN:
        put_given(t, cell.text);
        return;
    case MYO_COL_INT:
        n = cell.i == MYO_NO_INT ? snprintf(s, sizeof s, "n/a") : myo_digits_i64(s, cell.i);
        break;
    case MYO_COL_TIME:
        n = myo_format_fixed(s, sizeof s, cell.num, 6);
        break;
    case MYO_COL_NUM:
        n = myo_format_g(s, sizeof s, cell.num, 6);
        break;
    }
    put(t, s, n > 0 ? (size_t)n : 0);
}

static void put_header(myo_table *t) {
    for (int c = 0; c < t->schema->n_cols; c++) {
        put(t, "\t", c > 0);
        put_text(t, t->schema->cols[c].name); /* may come from a manifest */
    }
    put(t, "\n", 1);
}

static myo_table *new_table(const myo_schema *s, myo_diag *d) {
    myo_table *t = myo_alloc(1, sizeof *t);
    if (!t) {
        myo_fail(d, MYO_ERR_NOMEM, "no memory for the %s table", s->name);
        return NULL;
    }
    t->schema = s;
    t->d = d;
    return t;
}

myo_err myo_table_open(myo_table **out, const myo_schema *s, const char *path, myo_diag *d) {
    myo_table *t = new_table(s, d);
    if (!t) {
        return MYO_ERR_NOMEM;
    }
    const myo_err e = myo_outfile_open(&t->file, path, d);
    if (e != MYO_OK) {
        myo_free(t);
        return e;
    }
    t->f = t->file.f;
    put_header(t);
    *out = t;
    if (t->err != MYO_OK) {
        const myo_err failed = t->err;
        myo_table_abort(out);
        return failed;
    }
    return MYO_OK;
}

myo_err myo_table_stream(myo_table **out, const myo_schema *s, FILE *f, myo_diag *d) {
    myo_table *t = new_table(s, d);
    if (!t) {
        return MYO_ERR_NOMEM;
    }
    t->f = f;
    put_header(t);
    if (t->err != MYO_OK) {
        const myo_err failed = t->err;
        myo_free(t);
        return failed;
    }
    *out = t;
    return MYO_OK;
}

myo_err myo_table_row(myo_table *t, const myo_cell *cells) {
    for (int c = 0; c < t->schema->n_cols; c++) {
        put(t, "\t", c > 0);
        put_cell(t, t->schema->cols[c].type, cells[c]);
    }
    put(t, "\n", 1);
    return t->err;
}

myo_err myo_table_close(myo_table **table) {
    myo_table *t = *table;
    if (!t) {
        return MYO_OK;
    }
    if (t->err == MYO_OK && fflush(t->f) != 0) {
        write_failed(t);
    }
    if (t->file.path && t->err == MYO_OK) {
        t->err = myo_outfile_commit(&t->file, t->d);
        t->file = (myo_outfile){0};
    }
    const myo_err e = t->err;
    myo_table_abort(table);
    return e;
}

myo_err myo_table_hand_over(myo_table **table, myo_outfile *file) {
    myo_table *t = *table;
    myo_err e = t->err;
    e = e == MYO_OK ? myo_outfile_park(&t->file, t->d) : e;
    if (e == MYO_OK) {
        *file = t->file;
        t->file = (myo_outfile){0};
    }
    myo_table_abort(table);
    return e;
}

void myo_table_abort(myo_table **table) {
    myo_table *t = *table;
    if (!t) {
        return;
    }
    if (t->file.path) {
        myo_outfile_abort(&t->file);
    }
    myo_free(t->cell);
    myo_free(t);
    *table = NULL;
}

myo_err myo_schema_open_json(const myo_schema *s, const char *path, myo_outfile *file, myo_diag *d) {
    json_t *dict = json_object();
    bool ok = dict != NULL;
    for (int c = 0; ok && c < s->n_cols; c++) {
        const myo_column *col = &s->cols[c];
        json_t *entry = json_pack("{s:s}", "Description", col->help);
        ok = entry &&
             (!col->unit[0] || json_object_set_new(entry, "Units", json_string(col->unit)) == 0);
        ok = json_object_set_new(dict, col->name, entry) == 0 && ok;
    }
    const myo_err e =
        ok ? myo_json_open(dict, path, file, d)
           : myo_fail(d, MYO_ERR_NOMEM, "%s: no memory for the column dictionary", path);
    json_decref(dict);
    return e;
}

myo_err myo_schema_write_json(const myo_schema *s, const char *path, myo_diag *d) {
    myo_outfile file = {0};
    MYO_TRY(myo_schema_open_json(s, path, &file, d));
    return myo_outfile_commit(&file, d);
}
