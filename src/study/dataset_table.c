/* dataset_table.c - recordings and what the tables beside them say, joined into one table of text.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "study/dataset.h"
#include "study/study_in.h"

/* Columns that every dataset gets, before those of its tables. acq_time and condition are columns of
 * theirs that have a place of their own. */
enum { N_OWN = MYO_N_ENTITY + 3, ACQ_TIME = N_OWN - 2, CONDITION = N_OWN - 1 };
static const char *const own_names[N_OWN] = {"path",     "participant_id", "session_id", "task",
                                             "acq",      "tracksys",       "recording",  "run",
                                             "acq_time", "condition"};

/* A column of one kind of table: where it goes. */
typedef struct target {
    char *name; /* owned; NULL: a column of ours */
    int own;    /* which one then: ACQ_TIME, CONDITION */
} target;

typedef struct join {
    myo_dataset set;
    myo_beside_names names[MYO_N_SIDE];
    target *to[MYO_N_SIDE];        /* names[kind].n of them */
    const char **cell[MYO_N_SIDE]; /* of the row being written; NULL: n/a */
    myo_beside participants;
    myo_beside *sessions, *scans; /* one a participant, one a folder, in the files' order */
    size_t n_sessions, n_scans;
    size_t *person, *place; /* file -> index of its sessions, its scans */
    myo_diag *d;
} join;

static myo_err no_memory(const join *j) {
    return myo_fail(j->d, MYO_ERR_NOMEM, "no memory for a dataset of %zu recordings", j->set.n);
}

/* --- the tables beside the recordings --- */

/* "sub-01/ses-a" in front of "emg/...": where a folder's scans.tsv counts from. */
static size_t folder_length(const char *path) {
    const char *slash = strrchr(path, '/');
    while (slash > path && slash[-1] != '/') {
        slash--;
    }
    return (size_t)(slash - path) - 1; /* a recording lies two folders deep at least */
}

/* "sub-01/ses-a/sub-01_ses-a_scans.tsv", "sub-01/sub-01_sessions.tsv". */
static char *side_path(const myo_bids_file *f, bool scans) {
    myo_buf b = {0};
    const bool ses = scans && f->entity[MYO_SES][0];
    const char *sub = f->entity[MYO_SUB];
    myo_buf_printf(&b, "sub-%s/", sub);
    if (ses) {
        myo_buf_printf(&b, "ses-%s/", f->entity[MYO_SES]);
    }
    myo_buf_printf(&b, "sub-%s_", sub);
    if (ses) {
        myo_buf_printf(&b, "ses-%s_", f->entity[MYO_SES]);
    }
    myo_buf_puts(&b, scans ? "scans.tsv" : "sessions.tsv");
    if (b.failed) {
        myo_buf_clear(&b);
    }
    return b.s;
}

static bool same(const myo_bids_file *a, const myo_bids_file *b, myo_entity i) {
    return strcmp(a->entity[i], b->entity[i]) == 0;
}

/* Files are in order of path, so those of a participant follow each other, and those of a folder.
 */
static myo_err read_sides(join *j) {
    const myo_bids_file *f = j->set.file;
    for (size_t i = 0; i < j->set.n; i++) {
        const bool new_person = i == 0 || !same(&f[i - 1], &f[i], MYO_SUB);
        const bool new_place = new_person || !same(&f[i - 1], &f[i], MYO_SES);
        if (new_person) {
            MYO_TRY(myo_beside_read(&j->sessions[j->n_sessions++], MYO_SESSIONS, j->set.dir,
                                    side_path(&f[i], false), &j->names[MYO_SESSIONS], j->d));
        }
        if (new_place) {
            MYO_TRY(myo_beside_read(&j->scans[j->n_scans++], MYO_SCANS, j->set.dir,
                                    side_path(&f[i], true), &j->names[MYO_SCANS], j->d));
        }
        j->person[i] = j->n_sessions - 1;
        j->place[i] = j->n_scans - 1;
    }
    return MYO_OK;
}

static myo_err read_tables(join *j) {
    const size_t n = j->set.n;
    j->sessions = myo_alloc(n, sizeof *j->sessions);
    j->scans = myo_alloc(n, sizeof *j->scans);
    j->person = myo_alloc(n, sizeof *j->person);
    j->place = myo_alloc(n, sizeof *j->place);
    if (!j->sessions || !j->scans || !j->person || !j->place) {
        return no_memory(j);
    }
    MYO_TRY(myo_beside_read(&j->participants, MYO_PARTICIPANTS, j->set.dir,
                            myo_strdup("participants.tsv"), &j->names[MYO_PARTICIPANTS], j->d));
    return read_sides(j);
}

/* --- names of columns --- */

static bool is_taken(const join *j, const char *name) {
    for (int i = 0; i < N_OWN; i++) {
        if (strcmp(own_names[i], name) == 0) {
            return true;
        }
    }
    for (int k = 0; k < MYO_N_SIDE; k++) {
        for (size_t i = 0; j->to[k] && i < j->names[k].n; i++) {
            if (j->to[k][i].name && strcmp(j->to[k][i].name, name) == 0) {
                return true;
            }
        }
    }
    return false;
}

static bool is_named(const join *j, myo_beside_kind kind, const char *name) {
    for (size_t i = 0; i < j->names[kind].n; i++) {
        if (strcmp(j->names[kind].name[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* ACQ_TIME or CONDITION if this column is the most specific one of that name; else -1. */
static int own_place(const join *j, myo_beside_kind kind, const char *name) {
    for (int k = MYO_N_SIDE - 1; k > (int)kind; k--) {
        if (is_named(j, (myo_beside_kind)k, name)) {
            return -1;
        }
    }
    return strcmp(name, own_names[ACQ_TIME]) == 0    ? ACQ_TIME
           : strcmp(name, own_names[CONDITION]) == 0 ? CONDITION
                                                     : -1;
}

/* The name with the kind's prefix as often as it takes to be the only one. */
static char *unique_name(const join *j, myo_beside_kind kind, const char *name) {
    myo_buf b = {0};
    myo_buf_puts(&b, name);
    while (!b.failed && is_taken(j, b.s)) {
        myo_buf longer = {0};
        myo_buf_printf(&longer, "%s%s", myo_beside_prefix[kind], b.s);
        myo_buf_clear(&b);
        b = longer;
    }
    if (b.failed) {
        myo_buf_clear(&b);
    }
    return b.s;
}

/* The most specific tables name theirs first. */
static myo_err name_columns(join *j) {
    for (int k = MYO_N_SIDE - 1; k >= 0; k--) {
        const myo_beside_names *v = &j->names[k];
        j->to[k] = myo_alloc(v->n + 1, sizeof *j->to[k]);
        j->cell[k] = myo_alloc(v->n + 1, sizeof *j->cell[k]);
        if (!j->to[k] || !j->cell[k]) {
            return no_memory(j);
        }
        for (size_t i = 0; i < v->n; i++) {
            j->to[k][i].own = own_place(j, (myo_beside_kind)k, v->name[i]);
            if (j->to[k][i].own >= 0) {
                continue;
            }
            j->to[k][i].name = unique_name(j, (myo_beside_kind)k, v->name[i]);
            if (!j->to[k][i].name) {
                return no_memory(j);
            }
        }
    }
    return MYO_OK;
}

/* --- rows --- */

/* A cell; one with a tab, or that begins with a quote, in quotes. */
static void put_cell(myo_buf *b, const char *lead, const char *cell) {
    myo_buf_puts(b, lead);
    cell = cell && cell[0] ? cell : "n/a";
    if (cell[0] != '"' && !strchr(cell, '\t')) {
        myo_buf_puts(b, cell);
        return;
    }
    myo_buf_puts(b, "\"");
    for (; *cell; cell++) {
        myo_buf_puts(b, *cell == '"' ? "\"" : "");
        myo_buf_put(b, cell, 1);
    }
    myo_buf_puts(b, "\"");
}

/* The table's row of `key` into the cells of its kind. */
static void take_side(join *j, const myo_beside *t, myo_beside_kind kind, const char *key) {
    for (size_t i = 0; i < j->names[kind].n; i++) {
        j->cell[kind][i] = NULL;
    }
    size_t row;
    if (t->table.n_cols == 0) {
        return;
    }
    if (!myo_beside_find(t, kind, key, &row)) {
        myo_warn(j->d, "%s: no row for \"%s\"", t->path, key);
        return;
    }
    const char *cell = myo_tsv_cell(&t->table, row, 0);
    for (int c = 0; c < t->table.n_cols; c++, cell += strlen(cell) + 1) {
        if (t->to[c] >= 0) {
            j->cell[kind][t->to[c]] = cell;
        }
    }
}

static void take_sides(join *j, size_t i) {
    const myo_bids_file *f = &j->set.file[i];
    static const myo_beside none;
    const char *ses = f->entity[MYO_SES];
    take_side(j, &j->participants, MYO_PARTICIPANTS, f->entity[MYO_SUB]);
    take_side(j, ses[0] ? &j->sessions[j->person[i]] : &none, MYO_SESSIONS, ses);
    take_side(j, &j->scans[j->place[i]], MYO_SCANS, f->path + folder_length(f->path) + 1);
}

/* What the tables say in a column that has a place of its own; NULL: nothing. */
static const char *own_cell(const join *j, int place) {
    for (int k = MYO_N_SIDE - 1; k >= 0; k--) {
        for (size_t i = 0; i < j->names[k].n; i++) {
            const char *cell = j->cell[k][i];
            if (!j->to[k][i].name && j->to[k][i].own == place) {
                return cell && cell[0] && strcmp(cell, "n/a") != 0 ? cell : NULL;
            }
        }
    }
    return NULL;
}

/* An id as tables of BIDS have it, which join by it; no program takes it for a number. */
static void put_id(myo_buf *b, const char *prefix, const char *label) {
    put_cell(b, "\t", label[0] ? prefix : NULL);
    myo_buf_puts(b, label);
}

/* A session is the condition where nothing else is said, by its bare label. */
static const char *condition(const join *j, const myo_bids_file *f) {
    const char *said = own_cell(j, CONDITION);
    return said ? said : f->entity[MYO_SES];
}

static void put_row(join *j, size_t i, myo_buf *b) {
    const myo_bids_file *f = &j->set.file[i];
    take_sides(j, i);
    put_cell(b, "", f->path);
    put_id(b, "sub-", f->entity[MYO_SUB]);
    put_id(b, "ses-", f->entity[MYO_SES]);
    for (int e = MYO_SES + 1; e < MYO_N_ENTITY; e++) {
        put_cell(b, "\t", f->entity[e]);
    }
    put_cell(b, "\t", own_cell(j, ACQ_TIME));
    put_cell(b, "\t", condition(j, f));
    for (int k = 0; k < MYO_N_SIDE; k++) {
        for (size_t c = 0; c < j->names[k].n; c++) {
            if (j->to[k][c].name) {
                put_cell(b, "\t", j->cell[k][c]);
            }
        }
    }
    myo_buf_puts(b, "\n");
}

static void put_header(const join *j, myo_buf *b) {
    for (int i = 0; i < N_OWN; i++) {
        put_cell(b, i > 0 ? "\t" : "", own_names[i]);
    }
    for (int k = 0; k < MYO_N_SIDE; k++) {
        for (size_t c = 0; c < j->names[k].n; c++) {
            if (j->to[k][c].name) {
                put_cell(b, "\t", j->to[k][c].name);
            }
        }
    }
    myo_buf_puts(b, "\n");
}

/* --- order: the first session is what others are compared with (contract.md 3.5) --- */

typedef struct place_in_time {
    const char *sub, *ses;
    size_t session;   /* row of sessions.tsv; SIZE_MAX: not there */
    const char *when; /* acq_time, ISO 8601: sorts as text; "~" unknown, behind all */
    int turn;         /* by its label: -1 before, 1 after a treatment, 0 says nothing */
    size_t i;         /* of the files, which are in the order of their paths */
} place_in_time;

static int by_time(const void *a, const void *b) {
    const place_in_time *x = a, *y = b;
    const int sub = strcmp(x->sub, y->sub), when = strcmp(x->when, y->when);
    const int session = (x->session > y->session) - (x->session < y->session);
    const int turn = x->turn - y->turn;
    return sub ? sub : session ? session : when ? when : turn ? turn : (x->i > y->i) - (x->i < y->i);
}

/* What a session's label, digits behind it aside, says of its place: nobody means "post" to come before "pre". */
static int turn_of(const char *label) {
    static const struct {
        const char *label;
        int turn;
    } said[] = {{"pre", -1},   {"before", -1}, {"baseline", -1}, {"base", -1},    {"bl", -1},
                {"post", 1},   {"after", 1},   {"followup", 1},  {"fu", 1}};
    size_t n = strlen(label);
    while (n > 0 && label[n - 1] >= '0' && label[n - 1] <= '9') {
        n--;
    }
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        if (strlen(said[i].label) == n && strncasecmp(said[i].label, label, n) == 0) {
            return said[i].turn;
        }
    }
    return 0;
}

static place_in_time place_of(join *j, size_t i) {
    const myo_bids_file *f = &j->set.file[i];
    const myo_beside *t = f->entity[MYO_SES][0] ? &j->sessions[j->person[i]] : NULL;
    place_in_time p = {.sub = f->entity[MYO_SUB],
                       .ses = f->entity[MYO_SES],
                       .session = SIZE_MAX,
                       .when = "~",
                       .turn = turn_of(f->entity[MYO_SES]),
                       .i = i};
    size_t row;
    if (t && t->table.n_cols > 0 && myo_beside_find(t, MYO_SESSIONS, f->entity[MYO_SES], &row)) {
        p.session = row;
    }
    take_sides(j, i);
    const char *when = own_cell(j, ACQ_TIME);
    p.when = when ? when : "~";
    return p;
}

/* "1" before "2", "9" before "10": the order of the labels is that of their numbers. */
static bool are_numbered(const char *a, const char *b) {
    static const char digits[] = "0123456789";
    return a[strspn(a, digits)] == '\0' && b[strspn(b, digits)] == '\0' && strlen(a) <= strlen(b);
}

/* Of two sessions the one that comes first is the reference, or the baseline of two groups. */
static void tell_guess(const join *j, const place_in_time *order) {
    for (size_t i = 1; i < j->set.n; i++) {
        const place_in_time *a = &order[i - 1], *b = &order[i];
        if (strcmp(a->sub, b->sub) == 0 && strcmp(a->ses, b->ses) != 0 &&
            a->session == b->session && strcmp(a->when, b->when) == 0 && a->turn == b->turn &&
            !are_numbered(a->ses, b->ses)) {
            myo_warn(j->d,
                     "sessions are in alphabetical order (ses-%.60s before ses-%.60s): say which comes first "
                     "by --reference (with two groups by --baseline), or give their order in sessions.tsv",
                     a->ses, b->ses);
            return;
        }
    }
}

static myo_err put_rows(join *j, const place_in_time *order, myo_buf *b) {
    for (size_t i = 0; i < j->set.n && !b->failed; i++) {
        put_row(j, order[i].i, b);
        if (b->n > MYO_STUDY_BYTES) {
            return myo_fail(j->d, MYO_ERR_MANIFEST,
                            "the dataset's table is too large (allowed %zu "
                            "bytes)",
                            MYO_STUDY_BYTES);
        }
    }
    return b->failed ? no_memory(j) : MYO_OK;
}

/* People by path; of one person the sessions as sessions.tsv has them, then by time, then by path. */
static myo_err put_table(join *j, myo_buf *b) {
    place_in_time *order = myo_alloc(j->set.n + 1, sizeof *order);
    if (!order) {
        return no_memory(j);
    }
    for (size_t i = 0; i < j->set.n; i++) {
        order[i] = place_of(j, i);
    }
    qsort(order, j->set.n, sizeof *order, by_time);
    tell_guess(j, order);
    put_header(j, b);
    const myo_err e = put_rows(j, order, b);
    myo_free(order);
    return e;
}

static void clear_names(join *j, int kind) {
    for (size_t i = 0; i < j->names[kind].n; i++) {
        myo_free(j->names[kind].name[i]);
        myo_free(j->to[kind] ? j->to[kind][i].name : NULL);
    }
    myo_free(j->names[kind].name);
    myo_free(j->to[kind]);
    myo_free(j->cell[kind]);
}

static void clear(join *j) {
    for (int k = 0; k < MYO_N_SIDE; k++) {
        clear_names(j, k);
    }
    for (size_t i = 0; i < j->n_sessions; i++) {
        myo_beside_clear(&j->sessions[i]);
    }
    for (size_t i = 0; i < j->n_scans; i++) {
        myo_beside_clear(&j->scans[i]);
    }
    myo_beside_clear(&j->participants);
    myo_free(j->sessions);
    myo_free(j->scans);
    myo_free(j->person);
    myo_free(j->place);
    myo_dataset_clear(&j->set);
}

myo_err myo_dataset_table(const char *dir, myo_buf *text, myo_diag *d) {
    join j = {.set = {.dir = dir}, .d = d};
    myo_buf b = {0};
    myo_err e = myo_dataset_walk(&j.set, d);
    e = e == MYO_OK ? read_tables(&j) : e;
    e = e == MYO_OK ? name_columns(&j) : e;
    e = e == MYO_OK ? put_table(&j, &b) : e;
    clear(&j);
    if (e != MYO_OK) {
        myo_buf_clear(&b);
        return e;
    }
    *text = b;
    return MYO_OK;
}
