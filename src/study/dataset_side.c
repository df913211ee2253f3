/* dataset_side.c - participants.tsv, sessions.tsv, scans.tsv: rows by their key. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "study/dataset.h"
#include "study/study_in.h"

#define SIDE_BYTES ((size_t)64 << 20)
enum { COLUMNS_MAX = 1024, SHOWN = 60 };

const char *const myo_beside_prefix[MYO_N_SIDE] = {"participants_", "sessions_", "scans_"};

/* The column that joins, and what its cells may have in front. */
static const struct {
    const char *name, *prefix;
} keys[MYO_N_SIDE] = {{"participant_id", "sub-"}, {"session_id", "ses-"}, {"filename", "./"}};

static const char *bare_key(myo_beside_kind kind, const char *cell) {
    const size_t n = strlen(keys[kind].prefix);
    return strncmp(cell, keys[kind].prefix, n) == 0 ? cell + n : cell;
}

static const char *key_of(const myo_beside *t, myo_beside_kind kind, size_t row) {
    return bare_key(kind, myo_tsv_cell(&t->table, row, t->key));
}

/* --- rows by key --- */

typedef struct keyed {
    const char *key;
    size_t row;
} keyed;

static int by_key(const void *a, const void *b) {
    const keyed *x = a, *y = b;
    const int order = strcmp(x->key, y->key);
    return order ? order : (x->row > y->row) - (x->row < y->row);
}

static myo_err check_keys(const myo_beside *t, myo_beside_kind kind, const keyed *v, myo_diag *d) {
    for (size_t i = 0; i < t->table.n_rows; i++) {
        if (!v[i].key[0] || strcmp(v[i].key, "n/a") == 0) {
            return myo_fail(d, MYO_ERR_MANIFEST, "%s: line %zu, column %d (%s): no value", t->path,
                            v[i].row + 2, t->key + 1, keys[kind].name);
        }
        if (i > 0 && strcmp(v[i - 1].key, v[i].key) == 0) {
            return myo_fail(d, MYO_ERR_MANIFEST,
                            "%s: line %zu, column %d (%s): the same as line %zu (found \"%.*s\" "
                            "twice)",
                            t->path, v[i].row + 2, t->key + 1, keys[kind].name, v[i - 1].row + 2,
                            SHOWN, v[i].key);
        }
    }
    return MYO_OK;
}

static myo_err sort_rows(myo_beside *t, myo_beside_kind kind, myo_diag *d) {
    const size_t n = t->table.n_rows;
    keyed *v = myo_alloc(n + 1, sizeof *v);
    t->order = myo_alloc(n + 1, sizeof *t->order);
    if (!v || !t->order) {
        myo_free(v);
        return myo_fail(d, MYO_ERR_NOMEM, "%s: no memory for %zu rows", t->path, n);
    }
    for (size_t i = 0; i < n; i++) {
        v[i] = (keyed){key_of(t, kind, i), i};
    }
    qsort(v, n, sizeof *v, by_key);
    const myo_err e = check_keys(t, kind, v, d);
    for (size_t i = 0; i < n; i++) {
        t->order[i] = v[i].row;
    }
    myo_free(v);
    return e;
}

bool myo_beside_find(const myo_beside *t, myo_beside_kind kind, const char *key, size_t *row) {
    size_t lo = 0, hi = t->table.n_rows;
    while (lo < hi) {
        const size_t mid = (lo + hi) / 2;
        if (strcmp(key_of(t, kind, t->order[mid]), key) < 0) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    if (lo == t->table.n_rows || strcmp(key_of(t, kind, t->order[lo]), key) != 0) {
        return false;
    }
    *row = t->order[lo];
    return true;
}

/* --- columns by name --- */

static myo_err add_name(myo_beside_names *v, const char *name, int *index) {
    for (size_t i = 0; i < v->n; i++) {
        if (strcmp(v->name[i], name) == 0) {
            *index = (int)i;
            return MYO_OK;
        }
    }
    if (v->n == COLUMNS_MAX) {
        return MYO_ERR_RANGE;
    }
    void *grown = v->name;
    MYO_TRY(myo_grow(&grown, &v->cap, v->n + 1, sizeof *v->name));
    v->name = grown;
    v->name[v->n] = myo_strdup(name);
    if (!v->name[v->n]) {
        return MYO_ERR_NOMEM;
    }
    *index = (int)v->n++;
    return MYO_OK;
}

static myo_err map_columns(myo_beside *t, myo_beside_names *names, myo_diag *d) {
    t->to = myo_alloc((size_t)t->table.n_cols, sizeof *t->to);
    if (!t->to) {
        return myo_fail(d, MYO_ERR_NOMEM, "%s: no memory for its columns", t->path);
    }
    const char *name = t->table.text.s + t->table.row[0];
    for (int c = 0; c < t->table.n_cols; c++, name += strlen(name) + 1) {
        t->to[c] = -1;
        const myo_err e = c == t->key ? MYO_OK : add_name(names, name, &t->to[c]);
        if (e == MYO_ERR_RANGE) {
            return myo_fail(d, MYO_ERR_MANIFEST, "%s: too many columns (allowed %d)", t->path,
                            (int)COLUMNS_MAX);
        }
        if (e != MYO_OK) {
            return myo_fail(d, e, "%s: no memory for its columns", t->path);
        }
    }
    return MYO_OK;
}

/* --- the file --- */

static myo_err read_table(myo_beside *t, myo_beside_kind kind, const char *full, myo_diag *d) {
    myo_buf text = {0};
    myo_diag own = {0};
    myo_err e = myo_slurp(full, SIDE_BYTES, &text, &own);
    e = e == MYO_OK ? myo_tsv_cut(&t->table, &text, MYO_STUDY_ROWS, &own) : e;
    e = e == MYO_OK ? myo_tsv_need(&t->table, keys[kind].name, &t->key, &own) : e;
    if (e != MYO_OK) {
        e = myo_fail(d, e == MYO_ERR_NOMEM ? e : MYO_ERR_MANIFEST, "%s: %s", t->path, own.message);
    }
    myo_diag_clear(&own);
    return e;
}

myo_err myo_beside_read(myo_beside *t, myo_beside_kind kind, const char *dir, char *path,
                        myo_beside_names *names, myo_diag *d) {
    t->path = path;
    char *full = path ? myo_join_path(dir, path) : NULL;
    if (!full) {
        return myo_fail(d, MYO_ERR_NOMEM, "no memory for a path");
    }
    struct stat st;
    const bool none = lstat(full, &st) != 0 && errno == ENOENT; /* a link to nowhere is one */
    const myo_err e = none ? MYO_OK : read_table(t, kind, full, d);
    myo_free(full);
    if (none || e != MYO_OK) {
        return e;
    }
    MYO_TRY(sort_rows(t, kind, d));
    return map_columns(t, names, d);
}

void myo_beside_clear(myo_beside *t) {
    myo_free(t->path);
    myo_free(t->order);
    myo_free(t->to);
    myo_tsv_clear(&t->table);
    *t = (myo_beside){0};
}
