/* csv_scan.c - the text reader's lines, fields and numbers. */
#include <ctype.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <strings.h>
#include "io/csv.h"

/* --- lines --- */

myo_err csv_source_open(csv_source *s, const myo_reader *r) {
    const int64_t want = r->size < CSV_BUFFER ? r->size : CSV_BUFFER;
    *s = (csv_source){.r = r, .cap = (size_t)want, .eol = '\n'};
    s->buf = myo_alloc(s->cap + 1, 1);
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
static myo_err refill(csv_source *s) {
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
    s->buf[s->end] = '\0';
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
        MYO_TRY(refill(s));
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

/* --- numbers --- */

#if LDBL_MANT_DIG == 64
/* Up to 19 digits are an exact 64-bit integer, 10^27 an exact extended number: one operation leaves
 * an error below half of the 64th bit. Rounding that again to 53 bits is right unless it lies on
 * the very boundary. */
static bool extended(uint64_t mant, int exp10, double *out) {
    static const long double pow10[] = {1e0L,  1e1L,  1e2L,  1e3L,  1e4L,  1e5L,  1e6L,
                                        1e7L,  1e8L,  1e9L,  1e10L, 1e11L, 1e12L, 1e13L,
                                        1e14L, 1e15L, 1e16L, 1e17L, 1e18L, 1e19L, 1e20L,
                                        1e21L, 1e22L, 1e23L, 1e24L, 1e25L, 1e26L, 1e27L};
    if (exp10 < -27 || exp10 > 27) {
        return false;
    }
    const long double m = (long double)mant;
    const long double v = exp10 < 0 ? m / pow10[-exp10] : m * pow10[exp10];
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits); /* the explicit 64-bit significand comes first */
    *out = (double)v;
    return (bits & 0x7FF) != 0x400;
}
#else
static bool extended(uint64_t mant, int exp10, double *out) {
    (void)mant;
    (void)exp10;
    (void)out;
    return false;
}
#endif

/* Exact: integer and power of ten are doubles without error (Clinger 1990). */
static bool exact(uint64_t mant, int exp10, double *out) {
    static const double pow10[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                   1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (mant > UINT64_C(1) << 53 || exp10 < -22 || exp10 > 22) {
        return mant != 0 && extended(mant, exp10, out);
    }
    *out = exp10 < 0 ? (double)mant / pow10[-exp10] : (double)mant * pow10[exp10];
    return true;
}

static inline bool digit(char c) {
    return (unsigned char)(c - '0') < 10;
}

/* e[+-]digits at s; NULL if there are no digits or far too many. */
static const char *exponent(const char *s, int *exp10) {
    const bool minus = *++s == '-';
    s += minus || *s == '+';
    if (!digit(*s)) {
        return NULL;
    }
    int e = 0;
    for (; digit(*s); s++) {
        if (e > 9999) {
            return NULL;
        }
        e = e * 10 + (*s - '0');
    }
    *exp10 += minus ? -e : e;
    return s;
}

const char *csv_number(const char *s, char point, double *value, int *decimals) {
    const bool minus = *s == '-';
    s += minus || *s == '+';
    const char *first = s;
    uint64_t mant = 0;
    for (; digit(*s); s++) {
        mant = mant * 10 + (unsigned)(*s - '0');
    }
    ptrdiff_t n = s - first;
    int exp10 = 0;
    if (*s == point) {
        const char *frac = ++s;
        for (; digit(*s); s++) {
            mant = mant * 10 + (unsigned)(*s - '0');
        }
        n += s - frac;
        exp10 = -(int)(s - frac);
    }
    if (n == 0 || n > 19) {
        return NULL;
    }
    if ((*s == 'e' || *s == 'E') && (s = exponent(s, &exp10)) == NULL) {
        return NULL;
    }
    double v;
    if (!exact(mant, exp10, &v)) {
        return NULL;
    }
    *value = minus ? -v : v;
    *decimals = -exp10;
    return s;
}

static bool is_infinite(csv_field f) {
    if (f.n > 0 && (f.s[0] == '-' || f.s[0] == '+')) {
        f.s++;
        f.n--;
    }
    return csv_is(f, "inf") || csv_is(f, "infinity") || csv_is(f, "1.#inf");
}

static bool is_missing(csv_field f) {
    static const char *const words[] = {
        "",  "nan", "-nan", "+nan", "na",      "n/a",     "#n/a",    "null",     "none",
        "-", "--",  "?",    ".",    "missing", "1.#qnan", "-1.#ind", "nan(ind)", "-nan(ind)"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (csv_is(f, words[i])) {
            return true;
        }
    }
    return false;
}

/* Digits, at most one point, exponent: what myo_parse_f64 refuses then is too large or too long. */
static bool looks_numeric(const char *s) {
    s += *s == '-' || *s == '+';
    const size_t whole = strspn(s, "0123456789");
    s += whole;
    size_t frac = 0;
    if (*s == '.') {
        frac = strspn(s + 1, "0123456789");
        s += frac + 1;
    }
    if (*s == 'e' || *s == 'E') {
        s += 1 + (s[1] == '-' || s[1] == '+');
        const size_t n = strspn(s, "0123456789");
        s += n > 0 ? n : 0;
        return n > 0 && whole + frac > 0 && *s == '\0';
    }
    return whole + frac > 0 && *s == '\0';
}

enum { NUMBER_TEXT = 512 }; /* characters of the longest number looked at */

csv_class csv_value(csv_field f, char point, double *value, int *decimals) {
    int dummy = 0;
    int *places = decimals != NULL ? decimals : &dummy;
    *value = NAN;
    *places = 0;
    char text[NUMBER_TEXT];
    if (f.n >= sizeof text) {
        return CSV_TEXT;
    }
    for (size_t i = 0; i < f.n; i++) {
        text[i] = f.s[i] == point ? '.' : f.s[i] == '.' ? '\1' : f.s[i];
    }
    text[f.n] = '\0';
    double v;
    if (csv_number(text, '.', &v, places) == text + f.n && f.n > 0) {
        *value = v;
        return CSV_NUMBER;
    }
    if (looks_numeric(text)) {
        const char *dot = strchr(text, '.');
        *places = dot != NULL ? (int)strspn(dot + 1, "0123456789") : 0;
        if (myo_parse_f64(text, f.n, &v)) {
            *value = v;
            return CSV_NUMBER;
        }
        return CSV_INFINITE;
    }
    return is_missing(f) ? CSV_MISSING : is_infinite(f) ? CSV_INFINITE : CSV_TEXT;
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

/* First malformed byte of s[0 .. n), NULL if it is UTF-8; myo_printable's rules in short. */
static const char *malformed(const char *s, size_t n) {
    for (size_t i = 0; i < n;) {
        const unsigned char c = (unsigned char)s[i];
        const size_t len = c < 0x80   ? 1
                           : c < 0xC2 ? 0
                           : c < 0xE0 ? 2
                           : c < 0xF0 ? 3
                           : c < 0xF5 ? 4
                                      : 0;
        if (len == 0 || i + len > n) {
            return s + i;
        }
        for (size_t k = 1; k < len; k++) {
            if (((unsigned char)s[i + k] & 0xC0) != 0x80) {
                return s + i;
            }
        }
        i += len;
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
