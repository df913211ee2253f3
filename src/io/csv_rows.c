/* csv_rows.c - rows of text into samples; the rows' times into one even grid, breaks found, nothing
 * filled. */
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include "io/csv.h"

typedef enum row_end { ROW_TAKEN, ROW_LEFT_OUT, ROW_GAP } row_end;

/* What a row gave besides its samples. */
typedef struct row {
    const csv_line *line;
    int64_t at; /* index of its samples in the block */
    bool has_stamp;
    double stamp; /* s since the first one */
} row;

static float sample(csv_priv *v, double value) {
    if (fabs(value) > (double)FLT_MAX) {
        v->n_infinite++;
        return NAN;
    }
    return (float)value;
}

/* --- fields --- */

static bool same_as_header(const csv_layout *l, const csv_line *line) {
    return l->names_text != NULL && strlen(l->names_text) == line->n &&
           memcmp(l->names_text, line->s, line->n) == 0;
}

static myo_err not_a_number(const myo_reader *r, const csv_layout *l, const row *z, size_t column,
                            csv_field f) {
    if (same_as_header(l, z->line)) {
        return csv_damaged(r, z->line, column, "the header comes again", f);
    }
    return csv_damaged(r, z->line, column, "not a number", f);
}

static myo_err take_sample(myo_reader *r, const row *z, size_t column, int ch, csv_field f) {
    csv_priv *v = r->priv;
    double value;
    const csv_class c = csv_value(f, v->layout.dialect.point, &value, NULL);
    if (c == CSV_TEXT) {
        return not_a_number(r, &v->layout, z, column, f);
    }
    v->n_infinite += c == CSV_INFINITE;
    v->x[ch][z->at] = sample(v, value);
    return MYO_OK;
}

/* The stamp of the row before, made again from where the grid stands. */
static void previous_stamp(const csv_stream *s, char dst[40]) {
    if (s->time.n == 0) {
        snprintf(dst, 40, "the header");
    } else if (s->time.clock == CSV_CLOCK_ISO) {
        csv_iso_format(dst, s->time.day0, s->time.zero + s->time.last, false);
    } else {
        myo_format_g(dst, 40, s->time.zero + s->time.last / s->time.unit, 15);
    }
}

static myo_err take_stamp(myo_reader *r, csv_stream *s, row *z, size_t column, csv_field f) {
    const csv_layout *l = &((csv_priv *)r->priv)->layout;
    if (!csv_time_stamp(&s->time, f, l->dialect.point, &z->stamp)) {
        if (same_as_header(l, z->line)) {
            return not_a_number(r, l, z, column, f);
        }
        char before[40], what[80];
        previous_stamp(s, before);
        snprintf(what, sizeof what, "no time stamp, after %s", before);
        return csv_damaged(r, z->line, column, what, f);
    }
    z->has_stamp = true;
    return MYO_OK;
}

/* A channel of a table of pairs is over where its time column is empty, and must stay so. */
static myo_err take_pair(myo_reader *r, const row *z, size_t column, int ch, csv_field f,
                         bool time_there) {
    csv_priv *v = r->priv;
    if (!time_there && f.n == 0) {
        v->over[ch] = true;
        v->x[ch][z->at] = NAN;
        return MYO_OK;
    }
    if (v->over[ch] || !time_there) {
        return csv_damaged(r, z->line, column,
                           "a sample without a time stamp, or behind the end of its column", f);
    }
    return take_sample(r, z, column, ch, f);
}

static myo_err take_field(myo_reader *r, csv_stream *s, row *z, size_t i, csv_field f,
                          bool *time_there) {
    csv_priv *v = r->priv;
    const int job = s->job[i];
    double value;
    if (job >= 0) {
        return v->layout.pairs ? take_pair(r, z, i + 1, job, f, *time_there)
                               : take_sample(r, z, i + 1, job, f);
    }
    if (job == CSV_JOB_TIME || job == CSV_JOB_OTHER_TIME) {
        *time_there = !(v->layout.pairs && f.n == 0);
    }
    if (job == CSV_JOB_TIME && *time_there) {
        return take_stamp(r, s, z, i + 1, f);
    }
    if (job == CSV_JOB_CHECK && csv_value(f, v->layout.dialect.point, &value, NULL) == CSV_TEXT) {
        return not_a_number(r, &v->layout, z, i + 1, f);
    }
    return MYO_OK;
}

static myo_err wrong_width(const myo_reader *r, const csv_line *line, size_t found, size_t n_col) {
    return myo_fail(r->d, MYO_ERR_DAMAGED,
                    "line %" PRId64 ", column %zu: row of another width (found %zu%s columns, "
                    "allowed %zu)",
                    line->no, (found < n_col ? found : n_col) + 1, found,
                    found > n_col ? " or more" : "", n_col);
}

static myo_err thorough_row(myo_reader *r, csv_stream *s, row *z) {
    const csv_layout *l = &((csv_priv *)r->priv)->layout;
    const csv_line *line = z->line;
    MYO_TRY(csv_check_text(r, line, l->dialect.delim, true));
    const char *p = line->s, *end = line->s + line->n;
    bool time_there = false;
    for (size_t i = 0; i < l->n_col; i++) {
        csv_field f = {end, 0};
        if (p == NULL && !l->pairs) {
            return wrong_width(r, line, i, l->n_col);
        }
        const char *start = p;
        if (p != NULL && !csv_field_next(&p, end, l->dialect.delim, &f)) {
            return csv_damaged(r, line, i + 1, "quote is never closed",
                               (csv_field){start, (size_t)(end - start)});
        }
        MYO_TRY(take_field(r, s, z, i, f, &time_there));
    }
    csv_field rest;
    if (p != NULL &&
        (!csv_field_next(&p, end, l->dialect.delim, &rest) || p != NULL || rest.n > 0)) {
        return wrong_width(r, line, l->n_col + 1, l->n_col);
    }
    return MYO_OK;
}

/* --- time --- */

static size_t time_column(const csv_layout *l, const csv_stream *s) {
    size_t i = 0;
    while (i < l->n_col && s->job[i] != CSV_JOB_TIME) {
        i++;
    }
    return i;
}

static csv_field stamp_field(const csv_layout *l, const csv_stream *s, const csv_line *line) {
    const char *p = line->s;
    csv_field f = {line->s, 0};
    for (size_t i = 0; p != NULL && i < l->n_col; i++) {
        if (!csv_field_next(&p, line->s + line->n, l->dialect.delim, &f) ||
            s->job[i] == CSV_JOB_TIME) {
            break;
        }
    }
    return f;
}

static myo_err bad_time(const myo_reader *r, const csv_stream *s, const row *z, const char *what) {
    const csv_layout *l = &((csv_priv *)r->priv)->layout;
    const csv_field now = stamp_field(l, s, z->line);
    char before[40];
    previous_stamp(s, before);
    return myo_fail(r->d, MYO_ERR_DAMAGED, "line %" PRId64 ", column %zu: %s (found %.*s after %s)",
                    z->line->no, time_column(l, s) + 1, what, (int)(now.n < 40 ? now.n : 40), now.s,
                    before);
}

static bool same_as_previous(const csv_priv *v, const csv_stream *s, const row *z) {
    for (size_t i = 0; i < v->layout.n_col; i++) {
        const int ch = s->job[i];
        if (ch >= 0) {
            const float before = z->at > 0 ? v->x[ch][z->at - 1] : s->last[ch];
            if (memcmp(&before, &v->x[ch][z->at], sizeof before) != 0) {
                return false;
            }
        }
    }
    return true;
}

static void begin_segment(csv_stream *s, double at) {
    s->segment = at;
    s->done = 0;
}

static myo_err judge(myo_reader *r, csv_stream *s, row *z, row_end *how) {
    csv_priv *v = r->priv;
    *how = ROW_TAKEN;
    if (s->judged) {
        s->judged = false;
        begin_segment(s, s->offset + z->stamp);
        return MYO_OK;
    }
    switch (csv_time_step(&s->time, z->stamp)) {
    case CSV_STEP_NEXT:
        return MYO_OK;
    case CSV_STEP_BACK:
        return bad_time(r, s, z, "time goes back");
    case CSV_STEP_ABSURD:
        return bad_time(r, s, z, "time jumps by more than a year");
    case CSV_STEP_EQUAL:
        if (!same_as_previous(v, s, z)) {
            return bad_time(r, s, z, "time stands still while the samples differ");
        }
        if (v->n_twice++ == 0) {
            myo_warn(r->d, "line %" PRId64 ": row comes twice; the second one is left out",
                     z->line->no);
        }
        *how = ROW_LEFT_OUT;
        return MYO_OK;
    case CSV_STEP_GAP:
        if (v->layout.pairs) {
            return bad_time(r, s, z, "time jumps in a table with a time column for each signal");
        }
        *how = ROW_GAP;
        return MYO_OK;
    }
    return MYO_OK;
}

/* --- rows --- */

static myo_err pass_blank(myo_reader *r, csv_stream *s, const csv_line *line) {
    const csv_layout *l = &((csv_priv *)r->priv)->layout;
    s->blank_line = s->blank_line > 0 ? s->blank_line : line->no;
    if (!l->ends_at_blank) {
        return MYO_OK;
    }
    csv_line next;
    do {
        MYO_TRY(csv_source_next(&s->src, &next));
    } while (next.s != NULL && csv_blank(&next));
    if (next.s != NULL) {
        myo_warn(r->d, "line %" PRId64 ": a second table begins here; it is not read", next.no);
    }
    s->ended = true;
    return MYO_OK;
}

/* Blank lines may end a file. Inside a table with one column they could be missing samples. */
static myo_err check_blank(const myo_reader *r, csv_stream *s) {
    const csv_layout *l = &((csv_priv *)r->priv)->layout;
    const int64_t line = s->blank_line;
    s->blank_line = 0;
    if (line == 0) {
        return MYO_OK;
    }
    if (l->n_col == 1) {
        return myo_fail(r->d, MYO_ERR_DAMAGED,
                        "line %" PRId64 ", column 1: blank line inside the table", line);
    }
    if (s->n_blank++ == 0) {
        myo_warn(r->d, "line %" PRId64 ": blank line inside the table", line);
    }
    return MYO_OK;
}

/* Next line with content; line->s is NULL at the end. */
static myo_err next_row(myo_reader *r, csv_stream *s, csv_line *line) {
    for (;;) {
        MYO_TRY(csv_source_next(&s->src, line));
        if (line->s == NULL) {
            s->ended = true;
            return MYO_OK;
        }
        if (csv_comment(line)) {
            MYO_TRY(csv_check_text(r, line, '\0', false));
        } else if (!csv_blank(line)) {
            return check_blank(r, s);
        } else {
            MYO_TRY(pass_blank(r, s, line));
            if (s->ended) {
                line->s = NULL;
                return MYO_OK;
            }
        }
    }
}

static bool all_over(const csv_priv *v, const csv_stream *s) {
    for (size_t i = 0; i < v->layout.n_col; i++) {
        if (s->job[i] >= 0 && !v->over[s->job[i]]) {
            return false;
        }
    }
    return true;
}

/* Samples per channel grow by one, but for those that are over. */
static void count_row(csv_priv *v, csv_stream *s) {
    for (size_t i = 0; v->layout.pairs && i < v->layout.n_col; i++) {
        const int ch = s->job[i];
        if (ch >= 0 && !v->over[ch]) {
            v->n[ch]++;
        }
    }
}

static void keep_last(csv_priv *v, csv_stream *s, int64_t got) {
    for (size_t i = 0; got > 0 && i < v->layout.n_col; i++) {
        const int ch = s->job[i];
        if (ch >= 0) {
            s->last[ch] = v->x[ch][got - 1];
        }
    }
}

static myo_err take_row(myo_reader *r, csv_stream *s, const csv_line *line, int64_t at,
                        row_end *how) {
    csv_priv *v = r->priv;
    row z = {.line = line, .at = at};
    MYO_TRY(thorough_row(r, s, &z));
    *how = ROW_TAKEN;
    if (v->layout.pairs && all_over(v, s)) {
        *how = ROW_LEFT_OUT; /* longer columns go on; these must stay empty to the end */
        return MYO_OK;
    }
    if (s->has_time && z.has_stamp) {
        MYO_TRY(judge(r, s, &z, how));
    }
    if (*how == ROW_GAP && at == 0) {
        begin_segment(s, s->offset + z.stamp);
        v->gap = true;
        *how = ROW_TAKEN;
    }
    return MYO_OK;
}

myo_err csv_rows_read(myo_reader *r, csv_stream *s, int64_t rows, int64_t *got) {
    csv_priv *v = r->priv;
    *got = 0;
    while (*got < rows && !s->ended) {
        csv_line line;
        *got += csv_rows_quick(v, s, *got, rows - *got);
        if (*got == rows) {
            break;
        }
        MYO_TRY(next_row(r, s, &line));
        if (line.s == NULL) {
            break;
        }
        row_end how;
        MYO_TRY(take_row(r, s, &line, *got, &how));
        if (how == ROW_GAP) {
            csv_source_back(&s->src, &line);
            s->judged = true;
            v->gap = true;
            break;
        }
        if (how == ROW_TAKEN) {
            count_row(v, s);
            (*got)++;
        }
    }
    keep_last(v, s, *got);
    return MYO_OK;
}
