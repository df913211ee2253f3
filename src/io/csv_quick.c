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

/* Up to fifteen digits and a point are an integer and a power of ten that are exact, so one division rounds them right
 * (Clinger 1990); sixteen digits without a point are rounded once. False if the number is not written as its column's
 * others were. */
static inline bool number_as_before(const csv_shape *h, const char *s, const char *end, double *v) {
    static const double power[2][8] = {{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7},
                                       {-1e0, -1e1, -1e2, -1e3, -1e4, -1e5, -1e6, -1e7}};
    const size_t minus = *s == '-' ? 1 : 0;
    s += minus;
    const size_t n = (size_t)(end - s);
    uint64_t ahead = 0, w;
    if (n - 1 < 8) {
        w = csv_eight(s) << (64 - 8 * n);
    } else if (n - 9 < 8 && csv_no_digits(ahead = csv_eight(s) << (128 - 8 * n)) == 0) {
        w = csv_eight(end - 8);
        ahead = csv_value_of(ahead) * (h->places > 0 ? 10000000 : 100000000);
    } else {
        return false;
    }
    w ^= h->point;
    const uint64_t whole = w & h->whole; /* closes up to the digits behind the point */
    *v = (double)(int64_t)(ahead + csv_value_of(w - whole + (whole << 8))) / power[minus][h->places];
    return (csv_no_digits(w) | (w & h->zero)) == 0;
}

static void learn(csv_shape *h, int places, char point) {
    if (places >= 0 && places < 8) {
        const uint64_t one = places > 0 ? UINT64_C(1) << (56 - 8 * places) : 0;
        *h = (csv_shape){.point = one * (uint64_t)(point ^ '0'), .zero = one * 0xFF,
                          .whole = places > 0 ? one - 1 : 0, .places = places};
    }
}

/* --- rows --- */

typedef struct quick {
    csv_stream *s;
    float *const *x;
    csv_shape *shape;
    size_t n_col;
    char delim, blank, point; /* blank: a second delimiter, or the same again */
} quick;

static inline const char *skip(const char *p, char delim) {
    while (*p == ' ' || (*p == '\t' && delim != '\t')) {
        p++;
    }
    return p;
}

/* A field in another shape, maybe with blanks behind it: NaN for none, infinite for what is no usual number. */
static double other_number(const quick *q, csv_shape *h, const char *s, const char *end, int *decimals) {
    double v;
    const char *p = csv_number(s, q->point, &v, decimals);
    if (p == NULL) {
        return s == end && q->delim != ' ' ? (double)NAN : (double)INFINITY;
    }
    learn(h, *decimals, q->point);
    return skip(p, q->delim) == end && fabs(v) <= (double)FLT_MAX ? v : (double)INFINITY;
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
    const char delim = q->delim;
    const size_t n = q->n_col;
    const int *job = q->s->job;
    size_t missing = 0;
    double stamp = 0.0;
    int places = 0, decimals;
    for (size_t i = 0; i < n; i++, s = end + 1) {
        double v;
        s = skip(s, delim);
        end = base + mark[i];
        const bool as_before = number_as_before(&q->shape[i], s, end, &v);
        if (!as_before) {
            v = other_number(q, &q->shape[i], s, end, &decimals);
            missing += isnan(v) ? 1 : 0;
        }
        if (isinf(v) || (isnan(v) && job[i] < 0) || (i + 1 < n && *end != delim && *end != q->blank)) {
            return NULL;
        }
        if (job[i] >= 0) {
            q->x[job[i]][at] = (float)v;
        } else if (job[i] == CSV_JOB_TIME) {
            stamp = v;
            places = as_before ? q->shape[i].places : decimals;
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
    const quick q = {s, v->x, v->shape, v->layout.n_col, delim, delim == ' ' ? '\t' : delim, v->layout.dialect.point};
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
        v->marks.next += q.n_col;
        src->line++;
    }
    return n;
}
