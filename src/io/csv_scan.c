/* csv_scan.c - the text reader's lines, fields and numbers. */
#include <inttypes.h>
#include <strings.h>
#include "io/csv.h"

/* --- lines --- */

myo_err csv_source_open(csv_source *s, const myo_reader *r) {
    const int64_t want = r->size < CSV_BUFFER ? r->size : CSV_BUFFER;
    *s = (csv_source){.r = r, .cap = (size_t)want, .eol = '\n'};
    s->buf = myo_alloc(s->cap + CSV_PAD, 1);
    if (s->buf == NULL) {
        return myo_fail(r->d, MYO_ERR_NOMEM, "no memory for a buffer of %zu bytes", s->cap);
    }
    return MYO_OK;
}

void csv_source_seek(csv_source *s, int64_t off, int64_t line) {
    s->line = line;
    if (off >= s->base && off <= s->base + (int64_t)s->end) {
        s->pos = (size_t)(off - s->base);
        return;
    }
    s->base = off;
    s->pos = s->end = 0;
}

/* Unread bytes to the front, new ones behind them. */
myo_err csv_source_fill(csv_source *s) {
    const size_t kept = s->end - s->pos;
    memmove(s->buf, s->buf + s->pos, kept);
    s->base += (int64_t)s->pos;
    s->pos = 0;
    s->end = kept;
    const int64_t left = s->r->size - s->base - (int64_t)kept;
    const size_t room = s->cap - kept;
    const size_t n = left < (int64_t)room ? (size_t)left : room;
    if (n > 0) {
        MYO_TRY(myo_read_at(s->r, s->buf + kept, n, s->base + (int64_t)kept));
        s->end += n;
    }
    memset(s->buf + s->end, 0, CSV_PAD);
    return MYO_OK;
}

static void hand_out(csv_source *s, const char *stop, csv_line *line) {
    const char *at = s->buf + s->pos;
    size_t n = (size_t)(stop - at);
    *line = (csv_line){.s = at, .n = n, .no = ++s->line, .off = s->base + (int64_t)s->pos};
    s->pos += n + (s->pos + n < s->end);
    line->n -= n > 0 && at[n - 1] == '\r';
}

myo_err csv_source_next(csv_source *s, csv_line *line) {
    const char *at = s->buf + s->pos;
    const char *stop = memchr(at, s->eol, s->end - s->pos);
    if (stop == NULL && s->base + (int64_t)s->end < s->r->size) {
        MYO_TRY(csv_source_fill(s));
        at = s->buf;
        stop = memchr(at, s->eol, s->end);
    }
    if (stop == NULL) {
        stop = s->buf + s->end;
    }
    if ((size_t)(stop - at) > CSV_LINE_MAX) {
        return myo_fail(s->r->d, MYO_ERR_DAMAGED,
                        "line %" PRId64 ", column 1: line too long (found more than %d "
                        "bytes, allowed %d)",
                        s->line + 1, CSV_LINE_MAX, CSV_LINE_MAX);
    }
    if (s->pos == s->end) {
        *line = (csv_line){.s = NULL, .no = s->line};
        return MYO_OK;
    }
    hand_out(s, stop, line);
    return MYO_OK;
}

void csv_source_back(csv_source *s, const csv_line *line) {
    s->pos = (size_t)(line->off - s->base);
    s->line = line->no - 1;
}

void csv_source_close(csv_source *s) {
    myo_free(s->buf);
    s->buf = NULL;
}

/* --- fields --- */

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

static bool is_delim(char c, char delim) {
    return delim == ' ' ? is_blank(c) : c == delim;
}

static const char *skip_blanks(const char *p, const char *end, char delim) {
    while (p < end && is_blank(*p) && (delim == ' ' || *p != delim)) {
        p++;
    }
    return p;
}

/* Behind the delimiter at p; a run of blanks at the end of a line starts no further field. */
static const char *behind(const char *p, const char *end, char delim) {
    if (p >= end) {
        return NULL;
    }
    if (delim != ' ') {
        return p + 1;
    }
    p = skip_blanks(p, end, delim);
    return p < end ? p : NULL;
}

static bool quoted_field(const char **p, const char *end, char delim, csv_field *f) {
    const char *s = *p + 1;
    f->s = s;
    for (; s < end && !(s[0] == '"' && (s + 1 >= end || s[1] != '"')); s++) {
        s += s[0] == '"';
    }
    if (s >= end) {
        return false;
    }
    f->n = (size_t)(s - f->s);
    s = skip_blanks(s + 1, end, delim);
    if (s < end && !is_delim(*s, delim) && !(delim == ' ' && is_blank(s[-1]))) {
        return false;
    }
    *p = delim == ' ' && s < end && !is_blank(*s) ? s : behind(s, end, delim);
    return true;
}

bool csv_field_next(const char **p, const char *end, char delim, csv_field *f) {
    const char *s = skip_blanks(*p, end, delim);
    if (s < end && *s == '"') {
        *p = s;
        return quoted_field(p, end, delim, f);
    }
    f->s = s;
    while (s < end && !is_delim(*s, delim)) {
        s++;
    }
    *p = behind(s, end, delim);
    while (s > f->s && is_blank(s[-1])) {
        s--;
    }
    f->n = (size_t)(s - f->s);
    return true;
}

myo_err csv_split(const myo_reader *r, const csv_line *line, char delim, csv_fields *out) {
    const char *p = line->s;
    out->n = 0;
    while (p != NULL) {
        if (out->n == CSV_COLUMNS_MAX) {
            return myo_fail(r->d, MYO_ERR_DAMAGED,
                            "line %" PRId64 ", column %d: too many columns (allowed %d)", line->no,
                            CSV_COLUMNS_MAX + 1, CSV_COLUMNS_MAX);
        }
        void *grown = out->f;
        if (myo_grow(&grown, &out->cap, out->n + 1, sizeof *out->f) != MYO_OK) {
            return myo_fail(r->d, MYO_ERR_NOMEM, "no memory for %zu columns", out->n + 1);
        }
        out->f = grown;
        csv_field *f = &out->f[out->n++];
        const char *start = p;
        if (!csv_field_next(&p, line->s + line->n, delim, f)) {
            const csv_field rest = {start, (size_t)(line->s + line->n - start)};
            return csv_damaged(r, line, out->n, "quote is never closed", rest);
        }
    }
    return MYO_OK;
}

void csv_fields_free(csv_fields *f) {
    myo_free(f->f);
    *f = (csv_fields){0};
}

bool csv_is(csv_field f, const char *text) {
    return strlen(text) == f.n && strncasecmp(f.s, text, f.n) == 0;
}

bool csv_has(csv_field f, const char *text) {
    const size_t n = strlen(text);
    for (size_t i = 0; i + n <= f.n; i++) {
        if (strncasecmp(f.s + i, text, n) == 0) {
            return true;
        }
    }
    return false;
}

char *csv_copy(csv_field f) {
    char *s = myo_alloc(f.n + 1, 1);
    size_t n = 0;
    for (size_t i = 0; s != NULL && i < f.n; i++) {
        i += f.s[i] == '"' && i + 1 < f.n && f.s[i + 1] == '"';
        s[n++] = f.s[i];
    }
    return s;
}

bool csv_blank(const csv_line *line) {
    for (size_t i = 0; i < line->n; i++) {
        if (!is_blank(line->s[i])) {
            return false;
        }
    }
    return true;
}

bool csv_comment(const csv_line *line) {
    return line->n > 0 && (line->s[0] == '#' || line->s[0] == '%');
}

/* --- complaints --- */

myo_err csv_damaged(const myo_reader *r, const csv_line *line, size_t column, const char *what,
                    csv_field found) {
    enum { SHOWN = 40 };
    char raw[SHOWN + 1], shown[4 * SHOWN + 1];
    const size_t n = found.n < SHOWN ? found.n : SHOWN;
    memcpy(raw, found.s, n);
    raw[n] = '\0';
    myo_printable(shown, sizeof shown, raw);
    return myo_fail(r->d, MYO_ERR_DAMAGED, "line %" PRId64 ", column %zu: %s (found '%s%s')",
                    line->no, column, what, shown, found.n > SHOWN ? "..." : "");
}

static size_t column_of(const csv_line *line, const char *at, char delim) {
    size_t column = 1;
    for (const char *p = line->s; p < at; p++) {
        column += is_delim(*p, delim) && !(delim == ' ' && p > line->s && is_blank(p[-1]));
    }
    return column;
}

/* First malformed byte of s[0 .. n), NULL if it is UTF-8. */
static const char *malformed(const char *s, size_t n) {
    for (size_t i = 0, len; i < n; i += len) {
        len = myo_utf8_length(s + i, n - i);
        if (len == 0) {
            return s + i;
        }
    }
    return NULL;
}

/* The Latin-1 bytes that units need: micro, degree, squared. */
static bool latin1_unit(char c) {
    const unsigned char u = (unsigned char)c;
    return u == 0xB5 || u == 0xB0 || u == 0xB2;
}

myo_err csv_check_text(const myo_reader *r, const csv_line *line, char delim, bool strict) {
    const char *end = line->s + line->n;
    const char *nul = memchr(line->s, '\0', line->n);
    if (nul != NULL) {
        return myo_fail(r->d, MYO_ERR_DAMAGED,
                        "line %" PRId64 ", column %zu: a NUL byte (found \\x00 at byte %" PRId64
                        ", allowed UTF-8 text)",
                        line->no, column_of(line, nul, delim), line->off + (nul - line->s));
    }
    const char *p = line->s;
    while ((p = malformed(p, (size_t)(end - p))) != NULL) {
        if (latin1_unit(*p)) {
            myo_warn(r->d, "line %" PRId64 ": Latin-1 unit sign read as UTF-8", line->no);
        } else if (strict) {
            return myo_fail(
                r->d, MYO_ERR_DAMAGED,
                "line %" PRId64 ", column %zu: not UTF-8 (found byte 0x%02X at byte %" PRId64 ")",
                line->no, column_of(line, p, delim), (unsigned char)*p, line->off + (p - line->s));
        } else {
            myo_warn(r->d, "line %" PRId64 ": comment is not UTF-8", line->no);
        }
        p++;
    }
    return MYO_OK;
}
