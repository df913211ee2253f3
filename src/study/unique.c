/* unique.c - what a study may hold only once: a recording's name, a stretch of a file, the look of
 * an id.
 *
 * Everything is sorted, never compared each with each: a million rows take seconds. */
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include "study/fold.h"
#include "study/study_in.h"

enum { SHOWN = 60, N_PARTS = 7 };

static const char *const part_names[N_PARTS] = {
    "participant_id", "session_id", "task", "run", "acq", "tracksys", "recording"};

static myo_err no_memory(const myo_study *s, myo_diag *d) {
    return myo_fail(d, MYO_ERR_NOMEM, "no memory to check a study of %zu rows", s->n_rows);
}

/* Two rows that clash; of several clashes the first in the table's order is told. */
typedef struct clash {
    size_t first, second; /* second 0: none */
} clash;

static void note(clash *c, size_t a, size_t b) {
    const clash found = {a < b ? a : b, a < b ? b : a};
    if (c->second == 0 || found.second < c->second ||
        (found.second == c->second && found.first < c->first)) {
        *c = found;
    }
}

/* --- a recording's name --- */

typedef struct name {
    const char *part[N_PARTS];
    size_t row;
} name;

static int compare_names(const name *a, const name *b) {
    for (int i = 0; i < N_PARTS; i++) {
        const int order = strcmp(a->part[i], b->part[i]);
        if (order != 0) {
            return order;
        }
    }
    return 0;
}

static int by_name(const void *a, const void *b) {
    const name *x = a, *y = b;
    const int order = compare_names(x, y);
    return order ? order : (x->row > y->row) - (x->row < y->row);
}

static void fill_names(const myo_study *s, name *v) {
    int col[N_PARTS];
    for (int i = 0; i < N_PARTS; i++) {
        col[i] = myo_tsv_find(&s->table, part_names[i]);
    }
    for (size_t r = 0; r < s->n_rows; r++) {
        for (int i = 0; i < N_PARTS; i++) {
            const char *cell = col[i] >= 0 ? myo_tsv_cell(&s->table, r, col[i]) : "";
            v[r].part[i] = strcmp(cell, "n/a") == 0 ? "" : cell;
        }
        v[r].row = r;
    }
}

/* "participant_id P1, session_id pre, run 2": what both rows say. */
static void describe(const name *n, char *dst, size_t cap) {
    size_t used = 0;
    dst[0] = '\0';
    for (int i = 0; i < N_PARTS; i++) {
        if (n->part[i][0] && used < cap) {
            const int k = snprintf(dst + used, cap - used, "%s%s \"%.40s\"", used ? ", " : "",
                                   part_names[i], n->part[i]);
            used += k > 0 ? (size_t)k : 0;
        }
    }
}

static myo_err tell_name(const myo_study *s, const name *v, const clash *c, myo_diag *d) {
    char what[240] = "", one[MYO_WHERE_MAX], other[MYO_WHERE_MAX];
    for (size_t i = 0; i < s->n_rows; i++) {
        if (v[i].row == c->second) {
            describe(&v[i], what, sizeof what);
        }
    }
    return myo_fail(d, MYO_ERR_MANIFEST,
                    "%s: the same recording as %s (found %s twice; task or "
                    "run must differ)",
                    myo_study_where(s, c->second, one), myo_study_where(s, c->first, other), what);
}

static myo_err check_names(const myo_study *s, myo_diag *d) {
    name *v = myo_alloc(s->n_rows + 1, sizeof *v);
    if (!v) {
        return no_memory(s, d);
    }
    fill_names(s, v);
    qsort(v, s->n_rows, sizeof *v, by_name);
    clash c = {0, 0};
    for (size_t i = 1; i < s->n_rows; i++) {
        if (compare_names(&v[i - 1], &v[i]) == 0) {
            note(&c, v[i - 1].row, v[i].row);
        }
    }
    const myo_err e = c.second > 0 ? tell_name(s, v, &c, d) : MYO_OK;
    myo_free(v);
    return e;
}

/* --- a stretch of a file --- */

typedef struct stretch {
    bool exists;
    dev_t dev; /* of a file that exists: links lead to it too */
    ino_t ino;
    const char *path; /* of one that does not: without "." and "//" */
    double start_s, end_s;
    size_t row;
} stretch;

static int compare_files(const stretch *a, const stretch *b) {
    if (a->exists != b->exists) {
        return a->exists ? -1 : 1;
    }
    if (!a->exists) {
        return strcmp(a->path, b->path);
    }
    return a->dev != b->dev ? (a->dev > b->dev ? 1 : -1) : (a->ino > b->ino) - (a->ino < b->ino);
}

static int by_file(const void *a, const void *b) {
    const stretch *x = a, *y = b;
    const int order = compare_files(x, y);
    const int time = (x->start_s > y->start_s) - (x->start_s < y->start_s);
    return order ? order : time ? time : (x->row > y->row) - (x->row < y->row);
}

/* "a//./b" is "a/b". ".." stays: behind a link it may lead anywhere. */
static void put_plain(myo_buf *b, const char *path) {
    if (path[0] == '/') {
        myo_buf_puts(b, "/");
    }
    const char *lead = "";
    while (*path) {
        const size_t n = strcspn(path, "/");
        if (n > 0 && !(n == 1 && path[0] == '.')) {
            myo_buf_puts(b, lead);
            myo_buf_put(b, path, n);
            lead = "/";
        }
        path += n + (path[n] == '/');
    }
    myo_buf_put(b, "", 1);
}

static bool fill_stretches(const myo_study *s, stretch *v, myo_buf *paths) {
    for (size_t r = 0; r < s->n_rows; r++) {
        put_plain(paths, s->row[r].path);
    }
    const char *path = paths->s;
    for (size_t r = 0; r < s->n_rows && !paths->failed; r++, path += strlen(path) + 1) {
        const myo_study_row *row = &s->row[r];
        struct stat st;
        v[r] = (stretch){.path = path, .row = r};
        v[r].start_s = isnan(row->start_s) ? 0 : row->start_s;
        v[r].end_s = isnan(row->end_s) ? INFINITY : row->end_s;
        if (stat(row->file, &st) == 0) {
            v[r].exists = true;
            v[r].dev = st.st_dev;
            v[r].ino = st.st_ino;
        }
    }
    return !paths->failed;
}

/* Stretches by file and start; `last` ends latest of those of the file before i. */
static clash find_overlap(const stretch *v, size_t n) {
    clash c = {0, 0};
    size_t last = 0;
    for (size_t i = 1; i < n; i++) {
        if (compare_files(&v[last], &v[i]) != 0) {
            last = i;
            continue;
        }
        if (v[i].start_s < v[last].end_s) {
            note(&c, v[last].row, v[i].row);
        }
        last = v[i].end_s > v[last].end_s ? i : last;
    }
    return c;
}

static myo_err check_files(const myo_study *s, myo_diag *d) {
    stretch *v = myo_alloc(s->n_rows + 1, sizeof *v);
    myo_buf paths = {0};
    if (!v || !fill_stretches(s, v, &paths)) {
        myo_free(v);
        myo_buf_clear(&paths);
        return no_memory(s, d);
    }
    qsort(v, s->n_rows, sizeof *v, by_file);
    const clash c = find_overlap(v, s->n_rows);
    myo_free(v);
    myo_buf_clear(&paths);
    char one[MYO_WHERE_MAX], other[MYO_WHERE_MAX];
    return c.second == 0
               ? MYO_OK
               : myo_fail(d, MYO_ERR_MANIFEST,
                          "%s: the same file as %s over the same time (found \"%.*s\", allowed "
                          "stretches start_s-end_s that do not overlap)",
                          myo_study_where(s, c.second, one), myo_study_where(s, c.first, other),
                          SHOWN, s->row[c.second].path);
}

myo_err myo_study_check_twice(const myo_study *s, myo_diag *d) {
    MYO_TRY(check_names(s, d));
    return check_files(s, d);
}

/* --- the look of an id --- */

typedef struct look {
    const char *scope; /* the participant of a session, "" for participants */
    const char *id, *form;
    size_t row;
} look;

static int by_text(const void *a, const void *b) {
    const look *x = a, *y = b;
    const int scope = strcmp(x->scope, y->scope), id = scope ? scope : strcmp(x->id, y->id);
    return id ? id : (x->row > y->row) - (x->row < y->row);
}

static int by_form(const void *a, const void *b) {
    const look *x = a, *y = b;
    const int scope = strcmp(x->scope, y->scope), form = scope ? scope : strcmp(x->form, y->form);
    return form ? form : (x->row > y->row) - (x->row < y->row);
}

/* Each id once, where it comes first; returns how many. */
static size_t keep_distinct(look *v, size_t n) {
    qsort(v, n, sizeof *v, by_text);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept == 0 || strcmp(v[kept - 1].scope, v[i].scope) != 0 ||
            strcmp(v[kept - 1].id, v[i].id) != 0) {
            v[kept++] = v[i];
        }
    }
    return kept;
}

/* File names are made of the id without the prefix: with and without it, it is one id. */
static bool add_forms(look *v, size_t n, const char *prefix, myo_buf *forms) {
    const size_t head = strlen(prefix);
    for (size_t i = 0; i < n; i++) {
        myo_fold(forms, v[i].id);
    }
    const char *form = forms->s;
    for (size_t i = 0; i < n && !forms->failed; i++, form += strlen(form) + 1) {
        v[i].form = form + (strncmp(form, prefix, head) == 0 ? head : 0);
    }
    return !forms->failed;
}

static clash find_alike(look *v, size_t n) {
    clash c = {0, 0};
    qsort(v, n, sizeof *v, by_form);
    for (size_t i = 1; i < n; i++) {
        if (strcmp(v[i - 1].scope, v[i].scope) == 0 && strcmp(v[i - 1].form, v[i].form) == 0) {
            note(&c, v[i - 1].row, v[i].row);
        }
    }
    return c;
}

/* Ids that look alike are an error; labels that do may be meant, and are told. */
typedef struct look_of {
    const char *name, *prefix;
    size_t offset; /* in myo_study_row */
    bool within_participant, is_error;
} look_of;

static const look_of looks[] = {
    {"participant_id", "sub-", offsetof(myo_study_row, participant), false, true},
    {"session_id", "ses-", offsetof(myo_study_row, session), true, true},
    {"condition", "ses-", offsetof(myo_study_row, condition), false, false},
    {"group", "", offsetof(myo_study_row, group), false, false},
};

static const char *text_of(const myo_study *s, size_t row, const look_of *l) {
    const char *text;
    memcpy(&text, (const char *)&s->row[row] + l->offset, sizeof text);
    return text;
}

/* Two conditions made of one by a prefix are never meant. */
static bool by_prefix(const look_of *l, const char *a, const char *b) {
    const size_t n = strlen(l->prefix);
    return n > 0 && (strncasecmp(a, l->prefix, n) == 0) != (strncasecmp(b, l->prefix, n) == 0);
}

static myo_err tell_look(const myo_study *s, const look_of *l, const clash *c, myo_diag *d) {
    char one[MYO_WHERE_MAX], other[MYO_WHERE_MAX], what[MYO_MSG_MAX];
    snprintf(what, sizeof what,
             "%s: %s differs from that of %s only in case, blanks%s%s or Unicode form (found "
             "\"%.*s\" and \"%.*s\", allowed one spelling)",
             myo_study_where(s, c->second, one), l->name, myo_study_where(s, c->first, other),
             l->prefix[0] ? ", prefix " : "", l->prefix, SHOWN, text_of(s, c->first, l), SHOWN, text_of(s, c->second, l));
    if (l->is_error || by_prefix(l, text_of(s, c->first, l), text_of(s, c->second, l))) {
        return myo_fail(d, MYO_ERR_MANIFEST, "%s", what);
    }
    myo_warn(d, "%s", what);
    return MYO_OK;
}

static myo_err check_looks(const myo_study *s, look *v, const look_of *l, myo_diag *d) {
    for (size_t r = 0; r < s->n_rows; r++) {
        v[r] = (look){.scope = l->within_participant ? s->row[r].participant : "",
                      .id = text_of(s, r, l),
                      .row = r};
    }
    const size_t n = keep_distinct(v, s->n_rows);
    myo_buf forms = {0};
    if (!add_forms(v, n, l->prefix, &forms)) {
        myo_buf_clear(&forms);
        return no_memory(s, d);
    }
    const clash c = find_alike(v, n);
    myo_buf_clear(&forms);
    return c.second > 0 ? tell_look(s, l, &c, d) : MYO_OK;
}

myo_err myo_study_check_ids(const myo_study *s, myo_diag *d) {
    look *v = myo_alloc(s->n_rows + 1, sizeof *v);
    if (!v) {
        return no_memory(s, d);
    }
    myo_err e = MYO_OK;
    for (size_t i = 0; e == MYO_OK && i < sizeof looks / sizeof looks[0]; i++) {
        e = check_looks(s, v, &looks[i], d);
    }
    myo_free(v);
    return e;
}
