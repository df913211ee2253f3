/* tsv.c - strict reading of tab-separated tables. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "out/tsv.h"

enum { LINE_MAX_BYTES = 1 << 20, COLS_MAX = 65536, SHOWN = 60 };

/* Cells are cut apart by NUL bytes; a row's cells follow each other in the text. */
static const char *nth_cell(const char *s, int col) {
    while (col-- > 0) {
        s += strlen(s) + 1;
    }
    return s;
}

const char *myo_tsv_cell(const myo_tsv *t, size_t row, int col) {
    return nth_cell(t->text.s + t->row[row + 1], col);
}

static const char *col_name(const myo_tsv *t, int col) {
    return nth_cell(t->text.s + t->row[0], col);
}

int myo_tsv_find(const myo_tsv *t, const char *name) {
    const char *s = t->text.s + t->row[0];
    for (int c = 0; c < t->n_cols; c++, s += strlen(s) + 1) {
        if (strcmp(s, name) == 0) {
            return c;
        }
    }
    return -1;
}

myo_err myo_tsv_need(const myo_tsv *t, const char *name, int *col, myo_diag *d) {
    const int found = myo_tsv_find(t, name);
    if (found < 0) {
        return myo_fail(d, MYO_ERR_DAMAGED, "line 1: no column \"%s\" (found %d other column%s)",
                        name, t->n_cols, t->n_cols == 1 ? "" : "s");
    }
    *col = found;
    return MYO_OK;
}

myo_err myo_tsv_fail(const myo_tsv *t, size_t row, int col, const char *allowed, myo_diag *d) {
    return myo_fail(d, MYO_ERR_DAMAGED,
                    "line %zu, column %d (%.*s): wrong value (found \"%.*s\", allowed %s)", row + 2,
                    col + 1, SHOWN, col_name(t, col), SHOWN, myo_tsv_cell(t, row, col), allowed);
}

myo_err myo_tsv_f64(const myo_tsv *t, size_t row, int col, bool may_miss, double *out,
                    myo_diag *d) {
    const char *s = myo_tsv_cell(t, row, col);
    if (may_miss && strcmp(s, "n/a") == 0) {
        *out = NAN;
        return MYO_OK;
    }
    if (!myo_parse_f64(s, strlen(s), out)) {
        return myo_tsv_fail(t, row, col, may_miss ? "a number or n/a" : "a number", d);
    }
    return MYO_OK;
}

static myo_err check_text(const char *line, size_t n, size_t number, myo_diag *d) {
    if (n > LINE_MAX_BYTES) {
        return myo_fail(d, MYO_ERR_RANGE, "line %zu: too long (found %zu bytes, allowed %d)",
                        number, n, (int)LINE_MAX_BYTES);
    }
    for (size_t i = 0; i < n;) {
        const size_t len = myo_utf8_length(line + i, n - i);
        if (len == 0 || line[i] == '\0') {
            return myo_fail(d, MYO_ERR_DAMAGED, "line %zu, byte %zu: not UTF-8 text (found 0x%02X)",
                            number, i + 1, (unsigned)(unsigned char)line[i]);
        }
        i += len;
    }
    return MYO_OK;
}

/* Length of the quoted cell at s with its quotes; 0 if the quotes are part of the text, as in
 * ["good" session]; -1 if no quote closes it. */
static ptrdiff_t quoted_length(const char *s) {
    const char *c = s + 1;
    while (*c && !(c[0] == '"' && c[1] != '"')) {
        c += c[0] == '"' ? 2 : 1;
    }
    if (!*c) {
        return -1;
    }
    return c[1] == '\t' || c[1] == '\0' ? c + 1 - s : 0;
}

/* What stands between the quotes of the n bytes at s, to out; returns its end. */
static char *unquote(char *out, const char *s, size_t n) {
    for (size_t i = 1; i + 1 < n; i++) {
        *out++ = s[i];
        i += s[i] == '"'; /* doubled */
    }
    return out;
}

/* Cut a line into cells that follow each other; *cells gets how many. */
static myo_err split(char *line, size_t number, int *cells, myo_diag *d) {
    const char *in = line;
    char *out = line;
    *cells = 1;
    for (;; ++*cells) {
        const ptrdiff_t quoted = *in == '"' ? quoted_length(in) : 0;
        if (quoted < 0) {
            return myo_fail(d, MYO_ERR_DAMAGED, "line %zu, column %d: open quote (found %.*s)",
                            number, *cells, SHOWN, in);
        }
        const size_t n = quoted > 0 ? (size_t)quoted : strcspn(in, "\t");
        if (quoted > 0) {
            out = unquote(out, in, n);
        } else {
            memmove(out, in, n);
            out += n;
        }
        const bool more = in[n] == '\t';
        in += n + 1;
        *out++ = '\0'; /* never beyond the tab or NUL at in[-1] */
        if (!more) {
            return MYO_OK;
        }
    }
}

/* By text, equal ones by place. */
static int compare_names(const void *a, const void *b) {
    const char *x = *(const char *const *)a, *y = *(const char *const *)b;
    const int order = strcmp(x, y);
    return order ? order : (x > y) - (x < y);
}

/* The second cell of a pair of equal names, or NULL. */
static const char *twice(const char **name, int n) {
    qsort(name, (size_t)n, sizeof *name, compare_names);
    for (int c = 1; c < n; c++) {
        if (strcmp(name[c - 1], name[c]) == 0) {
            return name[c];
        }
    }
    return NULL;
}

/* Names must tell columns apart. */
static myo_err check_header(const myo_tsv *t, myo_diag *d) {
    if (t->n_cols > COLS_MAX) {
        return myo_fail(d, MYO_ERR_RANGE, "line 1: too many columns (found %d, allowed %d)",
                        t->n_cols, (int)COLS_MAX);
    }
    const char **name = myo_alloc((size_t)t->n_cols, sizeof *name);
    if (!name) {
        return myo_fail(d, MYO_ERR_NOMEM, "no memory for %d columns", t->n_cols);
    }
    const char *s = t->text.s + t->row[0];
    myo_err e = MYO_OK;
    for (int c = 0; c < t->n_cols; c++, s += strlen(s) + 1) {
        name[c] = s;
        if (!s[0]) {
            e = myo_fail(d, MYO_ERR_DAMAGED, "line 1, column %d: empty column name", c + 1);
        }
    }
    const char *again = e == MYO_OK ? twice(name, t->n_cols) : NULL;
    if (again) {
        e = myo_fail(d, MYO_ERR_DAMAGED, "line 1: column \"%.*s\" found twice", SHOWN, again);
    }
    myo_free(name);
    return e;
}

static myo_err add_line(myo_tsv *t, size_t from, size_t n, size_t number, myo_diag *d) {
    char *line = t->text.s + from;
    MYO_TRY(check_text(line, n, number, d));
    line[n] = '\0';
    int cells;
    MYO_TRY(split(line, number, &cells, d));
    void *rows = t->row;
    if (myo_grow(&rows, &t->cap, number, sizeof *t->row) != MYO_OK) {
        return myo_fail(d, MYO_ERR_NOMEM, "no memory for a table of %zu rows", number);
    }
    t->row = rows;
    t->row[number - 1] = from;
    if (number == 1) {
        t->n_cols = cells;
        return check_header(t, d);
    }
    if (cells != t->n_cols) {
        return myo_fail(d, MYO_ERR_DAMAGED, "line %zu: ragged row (found %d cells, allowed %d)",
                        number, cells, t->n_cols);
    }
    t->n_rows++;
    return MYO_OK;
}

/* A spreadsheet's "Unicode text". */
static bool is_utf16(const myo_buf *b) {
    return b->n >= 2 && (memcmp(b->s, "\xFF\xFE", 2) == 0 || memcmp(b->s, "\xFE\xFF", 2) == 0);
}

static myo_err cut_lines(myo_tsv *t, size_t max_rows, myo_diag *d) {
    size_t at = t->text.n >= 3 && memcmp(t->text.s, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    size_t end = t->text.n;
    while (end > at && (t->text.s[end - 1] == '\n' || t->text.s[end - 1] == '\r')) {
        end--;
    }
    if (end == at) {
        return myo_fail(d, MYO_ERR_DAMAGED, "line 1: empty table (found no header)");
    }
    if (is_utf16(&t->text)) {
        return myo_fail(d, MYO_ERR_DAMAGED, "line 1, byte 1: UTF-16 text; save it as UTF-8");
    }
    for (size_t number = 1; at < end; number++) {
        const char *nl = memchr(t->text.s + at, '\n', end - at);
        const size_t stop = nl ? (size_t)(nl - t->text.s) : end;
        const size_t n = stop - at - (stop > at && t->text.s[stop - 1] == '\r');
        if (number > 1 && number - 1 > max_rows) {
            return myo_fail(d, MYO_ERR_RANGE, "line %zu: too many rows (allowed %zu)", number,
                            max_rows);
        }
        MYO_TRY(add_line(t, at, n, number, d));
        at = stop + 1;
    }
    return MYO_OK;
}

myo_err myo_tsv_cut(myo_tsv *t, myo_buf *text, size_t max_rows, myo_diag *d) {
    myo_tsv new = {.text = *text};
    *text = (myo_buf){0};
    const myo_err e = cut_lines(&new, max_rows, d);
    if (e != MYO_OK) {
        myo_tsv_clear(&new);
        return e;
    }
    myo_tsv_clear(t);
    *t = new;
    return MYO_OK;
}

myo_err myo_tsv_read(myo_tsv *t, const char *path, size_t max_bytes, myo_diag *d) {
    myo_buf text = {0};
    MYO_TRY(myo_slurp(path, max_bytes, &text, d));
    return myo_tsv_cut(t, &text, SIZE_MAX, d);
}

void myo_tsv_clear(myo_tsv *t) {
    myo_buf_clear(&t->text);
    myo_free(t->row);
    *t = (myo_tsv){0};
}

static bool begins_formula(const char *s) {
    static const char *const wide[] = {"\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D",
                                       "\xEF\xBC\xA0"};
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++) {
        if (strncmp(s, wide[i], 3) == 0) {
            return true;
        }
    }
    return s[0] != '\0' && strchr("=+-@", s[0]) != NULL;
}

/* Copy the cell at s to out, without its guard; returns out's end. */
static char *put_bare(char *out, const char *s) {
    s += s[0] == '\'' && begins_formula(s + strspn(s, "'"));
    while (*s) {
        const bool quote = strncmp(s, "\\x22", 4) == 0;
        const bool escaped = quote || strncmp(s, "\\x5C", 4) == 0;
        *out++ = quote ? '"' : *s; /* \x5C is a backslash, as its first character */
        s += escaped ? 4 : 1;
    }
    *out++ = '\0';
    return out;
}

void myo_tsv_unguard(myo_tsv *t) {
    for (size_t line = 0; line <= t->n_rows; line++) {
        char *out = t->text.s + t->row[line];
        const char *s = out;
        for (int c = 0; c < t->n_cols; c++) {
            const size_t n = strlen(s) + 1;
            out = put_bare(out, s);
            s += n;
        }
    }
}
