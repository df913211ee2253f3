/* csv_quick.c - rows of plain numbers at full speed: the ends of many fields are found at a time, so that no number
 * waits for the one before it. Whatever is unusual about a row, csv_rows.c reads it. */
#include <float.h>
#include <math.h>
#include "io/csv.h"
#include "kern/kern.h"

/* --- ends of fields --- */

/* Of each run of marks the first: blanks that delimit. What leads a row follows a line end. */
static size_t first_of_runs(uint16_t *at, size_t n) {
    size_t kept = 0;
    int before = -1;
    for (size_t i = 0; i < n; i++) {
        const uint16_t now = at[i];
        at[kept] = now;
        kept += now != before + 1;
        before = now;
    }
    return kept;
}

static void find_marks(csv_marks *m, const csv_source *src, char delim) {
    const char which[4] = {delim, delim == ' ' ? '\t' : delim, '\r', src->eol};
    const size_t left = src->end - src->pos;
    const size_t n = left < CSV_MARKED ? left : CSV_MARKED;
    m->off = src->base + (int64_t)src->pos;
    m->next = 0;
    m->n = (size_t)myo_kern()->marks(m->at, src->buf + src->pos, which, (int64_t)n);
    m->n = delim == ' ' ? first_of_runs(m->at, m->n) : m->n;
}

/* The next unread row's marks: n of them at least, or NULL. */
static const uint16_t *marks_of_row(csv_marks *m, const csv_source *src, char delim, size_t n) {
    const int64_t at = src->base + (int64_t)src->pos - m->off;
    while (m->next < m->n && m->at[m->next] < at) {
        m->next++;
    }
    if (at < 0 || m->n - m->next < n) {
        find_marks(m, src, delim);
    }
    return m->n - m->next < n ? NULL : m->at + m->next;
}

/* --- numbers --- */

/* Up to eight characters less '0' each, zeros before them, with one point at most: the number that their digits
 * make, and how many digits are behind the point, -1 without one. */
static inline bool eight_plain(uint64_t w, char point, uint64_t *value, int *behind) {
    const uint64_t odd = csv_no_digits(w);
    *behind = -1;
    if (odd != 0) {
        const uint64_t bit = odd >> 7;
        if ((odd & (odd - 1)) != 0 || (w & bit * 0xFF) != bit * (uint64_t)(point ^ '0')) {
            return false;
        }
        w = (w & ~((odd << 1) - 1)) | (w & (bit - 1)) << 8;
        *behind = __builtin_clzll(odd) / 8;
    }
    *value = csv_value_of(w);
    return true;
}

/* Up to fifteen digits and a point are an integer and a power of ten that are exact, so one division rounds them right
 * (Clinger 1990); sixteen digits without a point are rounded once. False for all else. */
static inline bool plain(const char *s, const char *end, char point, double *v, int *decimals) {
#define POWERS(sign) {sign 1e0, sign 1e1, sign 1e2, sign 1e3, sign 1e4, sign 1e5, sign 1e6, sign 1e7, \
                      sign 1e8, sign 1e9, sign 1e10, sign 1e11, sign 1e12, sign 1e13, sign 1e14, sign 1e15}
    static const double powers[2][16] = {POWERS(+), POWERS(-)};
    static const uint64_t shift[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};
    const bool minus = *s == '-';
    s += minus;
    size_t n = (size_t)(end - s);
    uint64_t first = 0, rest;
    int behind = -1, places = -1;
    if (n - 1 >= 8) {
        if (n - 9 >= 8 || !eight_plain(csv_eight(s), point, &first, &behind)) {
            return false;
        }
        s += 8;
        n -= 8;
    }
    if (!eight_plain(csv_eight(s) << (64 - 8 * n), point, &rest, &places) || (behind >= 0 && places >= 0) ||
        (n == 1 && places == 0 && first == 0)) {
        return false;
    }
    const uint64_t whole = first * shift[n - (places >= 0)] + rest;
    *decimals = places >= 0 ? places : behind >= 0 ? behind + (int)n : 0;
    *v = (double)(int64_t)whole / powers[minus][*decimals];
    return true;
}

/* --- rows --- */

typedef struct quick {
    csv_stream *s;
    float *const *x;
    size_t n_col;
    char delim, blank, point; /* blank: a second delimiter, or the same again */
} quick;

static inline const char *skip(const char *p, char delim) {
    while (*p == ' ' || (*p == '\t' && delim != '\t')) {
        p++;
    }
    return p;
}

/* A field that is no plain number: one with an exponent, with many digits or with blanks behind it, or none. */
static bool other_number(const quick *q, const char *s, const char *end, double *v, int *decimals) {
    const char *p = csv_number(s, q->point, v, decimals);
    if (p == NULL) {
        *v = NAN;
        *decimals = 0;
        return s == end && q->delim != ' ';
    }
    return skip(p, q->delim) == end && fabs(*v) <= (double)FLT_MAX;
}

/* The beginning of the line behind the one whose last field ends here; NULL if more than a delimiter follows. */
static const char *next_line(const quick *q, const char *end) {
    const char *p = skip(end + (*end == q->delim), q->delim);
    p += *p == '\r' && q->s->src.eol != '\r';
    return *p == q->s->src.eol ? p + 1 : NULL;
}

/* The row at s, whose fields end at base[mark[..]], into x[..][at]. Where the next one begins, NULL if this is no usual
 * row. */
static const char *quick_row(const quick *q, const char *s, const char *base, const uint16_t *mark,
                             int64_t at) {
    const char *end = s;
    const int *job = q->s->job;
    size_t missing = 0;
    double stamp = 0.0;
    int places = 0;
    for (size_t i = 0; i < q->n_col; i++) {
        if (i > 0 && *end != q->delim && *end != q->blank) {
            return NULL;
        }
        s = skip(i > 0 ? end + 1 : s, q->delim);
        end = base + mark[i];
        double v;
        int decimals;
        if (!plain(s, end, q->point, &v, &decimals)) {
            if (!other_number(q, s, end, &v, &decimals) || (isnan(v) && job[i] < 0)) {
                return NULL;
            }
            missing += isnan(v) ? 1 : 0;
        }
        if (job[i] >= 0) {
            q->x[job[i]][at] = (float)v;
        } else if (job[i] == CSV_JOB_TIME) {
            stamp = v;
            places = decimals;
        } else if (job[i] != CSV_JOB_CHECK) {
            return NULL;
        }
    }
    const char *next = missing < q->n_col ? next_line(q, end) : NULL;
    const bool usual = next != NULL && (!q->s->has_time || csv_time_usual(&q->s->time, stamp, places));
    return usual ? next : NULL;
}

int64_t csv_rows_quick(csv_priv *v, csv_stream *s, int64_t at, int64_t rows) {
    const char delim = v->layout.dialect.delim;
    const quick q = {s, v->x, v->layout.n_col, delim, delim == ' ' ? '\t' : delim, v->layout.dialect.point};
    csv_source *src = &s->src;
    int64_t n = 0;
    if (v->layout.pairs || s->judged || s->blank_line > 0 || s->time.clock != CSV_CLOCK_NUMBER) {
        return 0;
    }
    for (; n < rows; n++) {
        const uint16_t *mark = marks_of_row(&v->marks, src, delim, q.n_col);
        const char *row = src->buf + src->pos;
        const char *next = mark ? quick_row(&q, row, src->buf + (v->marks.off - src->base), mark, at + n) : NULL;
        if (!next) {
            break;
        }
        src->pos += (size_t)(next - row);
        src->line++;
    }
    return n;
}
