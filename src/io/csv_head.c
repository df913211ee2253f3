/* csv_head.c - what kind of table this is: delimiter, decimal mark, header rows, roles of the
 * columns. */
#include <inttypes.h>
#include <strings.h>
#include "io/csv.h"
#include "io/units.h"

enum { HEAD_LINES = 2000 }; /* lines looked at before the first row of numbers must have come */

/* --- the lines at the top --- */

static bool add_line(csv_head *h, const csv_line *line) {
    void *grown = h->line;
    if (myo_grow(&grown, &h->cap, h->n + 1, sizeof *h->line) != MYO_OK) {
        return false;
    }
    h->line = grown;
    h->line[h->n++] = *line;
    return true;
}

/* Old Macintosh files end lines with CR alone. */
static bool only_returns(const csv_source *s) {
    return s->eol == '\n' && memchr(s->buf, '\n', s->end) == NULL &&
           memchr(s->buf, '\r', s->end) != NULL;
}

static bool buffer_has_line(const csv_source *s) {
    return s->base + (int64_t)s->end == s->r->size ||
           memchr(s->buf + s->pos, s->eol, s->end - s->pos) != NULL;
}

static myo_err collect(csv_head *h, csv_source *s) {
    csv_line line;
    csv_source_seek(s, 0, 0);
    MYO_TRY(csv_source_fill(s));
    if (only_returns(s)) {
        s->eol = '\r';
    }
    MYO_TRY(csv_source_next(s, &line));
    if (line.n >= 2 && (memcmp(line.s, "\xFF\xFE", 2) == 0 || memcmp(line.s, "\xFE\xFF", 2) == 0)) {
        return myo_fail(s->r->d, MYO_ERR_UNSUPPORTED,
                        "line 1, column 1: UTF-16 text; save it as UTF-8");
    }
    if (line.n >= 3 && memcmp(line.s, "\xEF\xBB\xBF", 3) == 0) {
        line.s += 3;
        line.n -= 3;
        line.off += 3;
    }
    while (line.s != NULL) {
        if (!add_line(h, &line)) {
            return myo_fail(s->r->d, MYO_ERR_NOMEM, "no memory for the header");
        }
        const bool more = buffer_has_line(s);
        if (h->n == HEAD_LINES || (!more && s->end - s->pos <= CSV_LINE_MAX)) {
            break; /* what follows would move the lines in the buffer */
        }
        MYO_TRY(csv_source_next(s, &line));
    }
    return MYO_OK;
}

/* --- rows before the data --- */

static bool width_fits(size_t n, const csv_fields *f, size_t width) {
    return n == width || (n == width + 1 && f->f[n - 1].n == 0);
}

static bool is_units_row(const csv_fields *f, size_t width) {
    size_t known = 0;
    for (size_t i = 0; i < f->n && i < width; i++) {
        char text[64];
        double scale;
        if (f->f[i].n >= sizeof text) {
            return false;
        }
        memcpy(text, f->f[i].s, f->f[i].n);
        text[f->f[i].n] = '\0';
        if (f->f[i].n > 0 && myo_unit_find(text, &scale) == MYO_DIM_NONE && !(myo_time_unit(text) > 0)) {
            return false;
        }
        known += f->f[i].n > 0;
    }
    return known > 0;
}

/* Index of the content line before `i`, or h->n. */
static size_t line_before(const csv_head *h, size_t i) {
    while (i-- > 0) {
        if (csv_content(&h->line[i])) {
            return i;
        }
    }
    return h->n;
}

/* Column names may be whole numbers; a number with a fraction among them is a damaged row of data.
 */
static myo_err check_names(const csv_layout *l, const csv_head *h, size_t at, const csv_fields *f,
                           const myo_reader *r) {
    size_t numbers = 0, texts = 0, first_text = 0;
    bool fraction = false;
    for (size_t i = 0; i < f->n; i++) {
        double v;
        const csv_class c = csv_value(f->f[i], l->dialect.point, &v, NULL);
        numbers += c == CSV_NUMBER;
        fraction =
            fraction || (c == CSV_NUMBER && memchr(f->f[i].s, l->dialect.point, f->f[i].n) != NULL);
        if (c == CSV_TEXT && texts++ == 0) {
            first_text = i;
        }
    }
    const bool header_above = line_before(h, at) < h->n;
    if (numbers > 0 && texts > 0 && (fraction || header_above || numbers > texts)) {
        return csv_damaged(r, &h->line[at], first_text + 1, "not a number", f->f[first_text]);
    }
    return MYO_OK;
}

/* Names behind '#', as numpy.savetxt writes them: the last comment before the data. */
static bool comment_names(const csv_layout *l, const csv_head *h, csv_fields *f,
                          const myo_reader *r, csv_line *line) {
    if (h->first_data == 0 || !csv_comment(&h->line[h->first_data - 1])) {
        return false;
    }
    *line = h->line[h->first_data - 1];
    line->s++;
    line->n--;
    myo_diag quiet = {0};
    myo_reader silent = *r;
    silent.d = &quiet;
    const bool fits =
        csv_split(&silent, line, l->dialect.delim, f) == MYO_OK && f->n == l->n_col && f->n > 1;
    myo_diag_clear(&quiet);
    double v;
    for (size_t i = 0; fits && i < f->n; i++) {
        if (csv_value(f->f[i], l->dialect.point, &v, NULL) != CSV_TEXT ||
            memchr(f->f[i].s, ':', f->f[i].n) != NULL) {
            return false;
        }
    }
    return fits;
}

static myo_err take_names(csv_layout *l, const csv_line *line, const csv_fields *f, size_t skip,
                          const myo_reader *r) {
    l->names_line = line->no;
    l->names_text = csv_copy((csv_field){line->s, line->n});
    for (size_t i = 0; i + skip < l->n_col && i < f->n; i++) {
        MYO_TRY(csv_column_name(&l->col[i + skip], f->f[i]));
    }
    return l->names_text != NULL ? MYO_OK
                                 : myo_fail(r->d, MYO_ERR_NOMEM, "no memory for column names");
}

static myo_err take_units(csv_layout *l, const csv_fields *f, const myo_reader *r) {
    for (size_t i = 0; i < l->n_col && i < f->n; i++) {
        if (f->f[i].n > 0) {
            myo_free(l->col[i].unit);
            if ((l->col[i].unit = csv_copy(f->f[i])) == NULL) {
                return myo_fail(r->d, MYO_ERR_NOMEM, "no memory for units");
            }
        }
    }
    return MYO_OK;
}

/* "tokens (unit)" of a blank-delimited header are one name: join what opens a bracket to the word
 * before. */
static void join_brackets(csv_fields *f) {
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++) {
        if (n > 0 && f->f[i].n > 0 && (f->f[i].s[0] == '(' || f->f[i].s[0] == '[')) {
            f->f[n - 1].n = (size_t)(f->f[i].s + f->f[i].n - f->f[n - 1].s);
        } else {
            f->f[n++] = f->f[i];
        }
    }
    f->n = n;
}

static myo_err wrong_width(const csv_layout *l, const csv_line *line, size_t n,
                           const myo_reader *r) {
    return myo_fail(r->d, MYO_ERR_DAMAGED,
                    "line %" PRId64 ", column %zu: the header's width differs from the rows' "
                    "(found %zu name%s, %zu values%s)",
                    line->no, (n < l->n_col ? n : l->n_col) + 1, n, n == 1 ? "" : "s", l->n_col,
                    n + 1 == l->n_col ? "; column 1 does not count the rows" : "");
}

/* The names of two recordings put together, or a header written twice. */
static myo_err check_once(const csv_head *h, size_t at, char delim, const myo_reader *r) {
    for (size_t i = 0; i < at; i++) {
        const csv_line *line = &h->line[i];
        if (line->n == h->line[at].n && memcmp(line->s, h->line[at].s, line->n) == 0) {
            const char *p = h->line[at].s;
            csv_field first = {p, 0};
            csv_field_next(&p, p + h->line[at].n, delim, &first);
            return csv_damaged(r, &h->line[at], 1, "the header comes again", first);
        }
    }
    return MYO_OK;
}

/* Names of the columns but for empty ones at the end. */
static size_t count_names(const csv_fields *f) {
    size_t n = f->n;
    while (n > 0 && f->f[n - 1].n == 0) {
        n--;
    }
    return n;
}

static myo_err fit_names(csv_layout *l, const csv_head *h, size_t at, const csv_fields *f,
                         const myo_reader *r) {
    const bool row_numbers =
        f->n + 1 == l->n_col && csv_first_column(l, h) == CSV_ORDER_COUNTS; /* have no name */
    if (!row_numbers && !width_fits(f->n, f, l->n_col)) {
        const bool title = f->n == 1 && (l->n_col > 2 || at + 1 < h->first_data);
        return title ? MYO_OK : wrong_width(l, &h->line[at], f->n, r);
    }
    MYO_TRY(check_once(h, at, l->dialect.delim, r));
    return take_names(l, &h->line[at], f, row_numbers, r);
}

static myo_err read_header(csv_layout *l, const csv_head *h, csv_fields *f, const myo_reader *r) {
    csv_line line;
    size_t at = line_before(h, h->first_data);
    if (at == h->n) {
        return comment_names(l, h, f, r, &line) ? take_names(l, &line, f, 0, r) : MYO_OK;
    }
    MYO_TRY(csv_split(r, &h->line[at], l->dialect.delim, f));
    const size_t above = line_before(h, at);
    if (above < h->n && width_fits(f->n, f, l->n_col) && is_units_row(f, l->n_col)) {
        MYO_TRY(take_units(l, f, r));
        MYO_TRY(csv_split(r, &h->line[above], l->dialect.delim, f));
        at = above;
    } else {
        MYO_TRY(check_names(l, h, at, f, r));
    }
    if (l->dialect.delim == ' ' && f->n != l->n_col) {
        join_brackets(f);
    }
    MYO_TRY(csv_comma_check(l, h, count_names(f), r));
    return fit_names(l, h, at, f, r);
}

/* --- finding the data --- */

/* A first line 0,1,2,... or 1,2,3,... above rows with decimals is what programs write for columns
 * without names. */
static bool counts_columns(const csv_head *h, const csv_layout *l) {
    const csv_line *line = &h->line[h->first_data];
    const char *p = line->s;
    int64_t first = 0;
    size_t n = 0;
    for (; p != NULL && n < l->n_col; n++) {
        csv_field f;
        int64_t v;
        if (!csv_field_next(&p, line->s + line->n, l->dialect.delim, &f) ||
            !myo_parse_i64(f.s, f.n, &v)) {
            return false;
        }
        first = n == 0 ? v : first;
        if ((first != 0 && first != 1) || v != first + (int64_t)n) {
            return false;
        }
    }
    const csv_line *next = h->first_data + 1 < h->n ? line + 1 : line;
    return n >= 3 && n == l->n_col && memchr(next->s, l->dialect.point, next->n) != NULL;
}

/* No row of numbers at all: say where the first text stands that should have been one. */
static myo_err no_numbers(const csv_head *h, char delim, csv_fields *f, const myo_reader *r) {
    size_t content[2], n = 0;
    for (size_t i = 0; i < h->n && n < 2; i++) {
        if (csv_content(&h->line[i])) {
            content[n++] = i;
        }
    }
    if (n == 0) {
        return myo_fail(r->d, MYO_ERR_TOO_SHORT, "too short: only blank lines and comments");
    }
    if (n == 1) {
        return myo_fail(r->d, MYO_ERR_TOO_SHORT, "line %" PRId64 ": too short: no row of numbers",
                        h->line[content[0]].no);
    }
    const csv_line *line = &h->line[content[1]];
    MYO_TRY(csv_split(r, line, delim, f));
    for (size_t i = 0; i < f->n; i++) {
        bool value = false;
        if (!csv_numeric_field(f->f[i], '.', &value)) {
            return csv_damaged(r, line, i + 1, "not a table of numbers", f->f[i]);
        }
    }
    return myo_fail(r->d, MYO_ERR_FORMAT, "text without a row of numbers");
}

static char likeliest_delim(const csv_line *line) {
    static const char delims[] = "\t;, ";
    for (const char *d = delims; *d != '\0'; d++) {
        if (memchr(line->s, *d, line->n) != NULL) {
            return *d;
        }
    }
    return ',';
}

/* "sep=;" as spreadsheets write it; the line is then out of the way. */
static char given_delim(csv_head *h) {
    const csv_line *line = &h->line[0];
    const size_t quote = line->n > 0 && line->s[0] == '"';
    if (line->n < quote + 5 || strncasecmp(line->s + quote, "sep=", 4) != 0) {
        return '\0';
    }
    const char delim = line->s[quote + 4];
    h->n--;
    memmove(h->line, h->line + 1, h->n * sizeof *h->line);
    return delim;
}

static size_t find_data(const csv_layout *l, const csv_head *h) {
    size_t i = csv_vicon(h) ? 5 : 0;
    while (i < h->n &&
           !(csv_content(&h->line[i]) && csv_numeric_width(&h->line[i], l->dialect) == l->n_col)) {
        i++;
    }
    return i;
}

/* --- what the names leave open --- */

static bool all_named(const csv_layout *l) {
    for (size_t i = 0; i < l->n_col; i++) {
        if (l->col[i].name == NULL || l->col[i].name[0] == '\0') {
            return false;
        }
    }
    return true;
}

static myo_err check_point(const csv_layout *l, const csv_head *h, const myo_reader *r) {
    if (l->dialect.point == ',') {
        myo_warn(r->d, "decimal commas read as decimal points");
    }
    return l->names_line > 0 || all_named(l) ? MYO_OK : csv_comma_check(l, h, 0, r);
}

/* A nameless first column beside one of time, as tables with row names have it. */
static void drop_row_numbers(csv_layout *l, const csv_head *h, const myo_reader *r) {
    csv_column *c = &l->col[0];
    if (l->pairs || c->role != CSV_SIGNAL || c->kind != MYO_N_KIND || c->time_col >= l->n_col ||
        (c->name != NULL && c->name[0] != '\0') || csv_first_column(l, h) == CSV_ORDER_NONE) {
        return;
    }
    myo_warn(r->d, "column 1 has no name and counts the rows; it is no signal");
    c->role = CSV_COUNTER;
}

/* --- all together --- */

/* True if every row in sight ends with a delimiter. */
static bool rows_end_open(const csv_layout *l, const csv_head *h) {
    for (size_t i = h->first_data; i < h->n; i++) {
        csv_line line = h->line[i];
        while (line.n > 0 && line.s[line.n - 1] == ' ') {
            line.n--;
        }
        if (csv_content(&line) && line.s[line.n - 1] != l->dialect.delim) {
            return false;
        }
    }
    return l->n_col > 1 && l->dialect.delim != ' ';
}

/* A delimiter at the end of each row makes no column, unless the header names one there. */
static myo_err drop_void(csv_layout *l, const csv_head *h, csv_fields *f, const myo_reader *r) {
    if (!rows_end_open(l, h)) {
        return MYO_OK;
    }
    const size_t at = csv_vicon(h) ? 3 : line_before(h, h->first_data);
    if (at < h->n) {
        MYO_TRY(csv_split(r, &h->line[at], l->dialect.delim, f));
        l->n_col -= !(f->n == l->n_col && f->f[f->n - 1].n > 0);
        return MYO_OK;
    }
    l->n_col--;
    return MYO_OK;
}

static myo_err make_columns(csv_layout *l, const myo_reader *r) {
    l->col = myo_alloc(l->n_col, sizeof *l->col);
    if (l->col == NULL) {
        return myo_fail(r->d, MYO_ERR_NOMEM, "no memory for %zu columns", l->n_col);
    }
    for (size_t i = 0; i < l->n_col; i++) {
        csv_column_clear(&l->col[i]);
    }
    return MYO_OK;
}

static myo_err layout(csv_layout *l, csv_head *h, csv_fields *f, const myo_reader *r,
                      const myo_sidecar *side) {
    const char given = given_delim(h);
    if (h->n == 0) {
        return myo_fail(r->d, MYO_ERR_TOO_SHORT, "too short: no data");
    }
    l->n_col = csv_choose_dialect(h, &l->dialect, given);
    l->told_delim = given != '\0';
    const char delim = l->n_col > 0 ? l->dialect.delim : likeliest_delim(&h->line[0]);
    h->first_data = l->n_col > 0 ? find_data(l, h) : h->n;
    for (size_t i = 0; i < h->n && i < h->first_data; i++) {
        MYO_TRY(csv_check_text(r, &h->line[i], delim, !csv_comment(&h->line[i])));
    }
    if (h->first_data == h->n) {
        return no_numbers(h, delim, f, r);
    }
    if (line_before(h, h->first_data) == h->n && side->n_row != l->n_col && counts_columns(h, l)) {
        myo_warn(r->d, "line %" PRId64 " counts the columns: taken as a header",
                 h->line[h->first_data].no);
        h->first_data++;
    }
    if (h->first_data == h->n) {
        return no_numbers(h, delim, f, r);
    }
    l->data_off = h->line[h->first_data].off;
    l->data_line = h->line[h->first_data].no - 1;
    MYO_TRY(drop_void(l, h, f, r));
    MYO_TRY(make_columns(l, r));
    MYO_TRY(csv_vicon(h) ? csv_vicon_header(l, h, r) : read_header(l, h, f, r));
    MYO_TRY(csv_vendor_header(l, h, r));
    MYO_TRY(csv_columns_assign(l, &h->line[h->first_data], r, side));
    drop_row_numbers(l, h, r);
    return check_point(l, h, r);
}

myo_err csv_layout_read(csv_layout *l, csv_source *s, const myo_sidecar *side) {
    csv_head h = {0};
    csv_fields f = {0};
    myo_err err = collect(&h, s);
    if (err == MYO_OK) {
        err = h.n > 0 ? layout(l, &h, &f, s->r, side)
                      : myo_fail(s->r->d, MYO_ERR_TOO_SHORT, "too short: no data");
    }
    csv_fields_free(&f);
    myo_free(h.line);
    return err;
}
