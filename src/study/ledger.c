/* ledger.c - what is known of every row of a study. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "run/analyse.h"
#include "study/journal.h"
#include "study/ledger.h"
#include "study/tables.h"

/* ---- facts ---- */

myo_err myo_facts_new(myo_facts *f, size_t n, myo_diag *d) {
    f->of = myo_alloc(n + 1, sizeof *f->of);
    f->n = f->of != NULL ? n : 0;
    for (size_t i = 0; i < f->n; i++) {
        f->of[i].status = MYO_ROW_LEFT;
    }
    return f->of != NULL ? MYO_OK : myo_fail(d, MYO_ERR_NOMEM, "no memory for %zu rows", n);
}

void myo_facts_clear(myo_facts *f) {
    for (size_t i = 0; i < f->n; i++) {
        myo_free(f->of[i].reason);
    }
    myo_free(f->of);
    *f = (myo_facts){.of = NULL};
}

int64_t myo_facts_count(const myo_facts *f, myo_row_status status) {
    int64_t n = 0;
    for (size_t i = 0; i < f->n; i++) {
        n += f->of[i].status == status;
    }
    return n;
}

/* ---- journals of a folder ---- */

char *myo_ledger_path(const char *dir, int64_t a, int64_t b) {
    myo_buf path = {0};
    myo_buf_printf(&path, "%s/.myotab-%lld-%lld.journal", dir, (long long)a, (long long)b);
    if (path.failed) {
        myo_buf_clear(&path);
    }
    return path.s;
}

/* ".myotab-A-B.journal"; *width gets B - A. */
static bool is_journal_name(const char *name, int64_t *width) {
    static const char head[] = ".myotab-", tail[] = ".journal";
    const size_t n = strlen(name);
    int64_t a, b;
    if (n < sizeof head + sizeof tail || strncmp(name, head, sizeof head - 1) != 0 ||
        strcmp(name + n - sizeof tail + 1, tail) != 0) {
        return false;
    }
    const char *rows = name + sizeof head - 1, *dash = strchr(rows, '-');
    if (dash == NULL || !myo_parse_i64(rows, (size_t)(dash - rows), &a) ||
        !myo_parse_i64(dash + 1, n - (size_t)(dash + 1 - name) - sizeof tail + 1, &b) || a < 1 ||
        b < a) {
        return false;
    }
    *width = b - a;
    return true;
}

typedef struct found {
    char *path;
    int64_t width;
} found;
typedef struct journals {
    found *j;
    size_t n, cap;
} journals;

static void free_journals(journals *list) {
    for (size_t i = 0; i < list->n; i++) {
        myo_free(list->j[i].path);
    }
    myo_free(list->j);
}

/* The widest first, so that what a part did later than a run over everything is heard last. */
static int by_width(const void *a, const void *b) {
    const found *x = a, *y = b;
    return x->width != y->width ? (x->width < y->width ? 1 : -1) : strcmp(x->path, y->path);
}

static bool add_journal(journals *list, const char *dir, const char *name, int64_t width) {
    void *p = list->j;
    myo_buf path = {0};
    myo_buf_printf(&path, "%s/%s", dir, name);
    if (path.failed || myo_grow(&p, &list->cap, list->n + 1, sizeof *list->j) != MYO_OK) {
        myo_buf_clear(&path);
        return false;
    }
    list->j = p;
    list->j[list->n++] = (found){path.s, width};
    return true;
}

static myo_err list_journals(journals *list, const char *dir, myo_diag *d) {
    DIR *folder = opendir(dir);
    bool ok = true;
    int64_t width;
    for (struct dirent *e; ok && folder != NULL && (e = readdir(folder)) != NULL;) {
        ok = !is_journal_name(e->d_name, &width) || add_journal(list, dir, e->d_name, width);
    }
    if (folder != NULL) {
        closedir(folder);
    }
    if (list->n > 1) {
        qsort(list->j, list->n, sizeof *list->j, by_width);
    }
    return ok ? MYO_OK : myo_fail(d, MYO_ERR_NOMEM, "%s: not enough memory", dir);
}

void myo_ledger_remove(const char *dir, bool with_sheet) {
    journals list = {0};
    list_journals(&list, dir, NULL);
    for (size_t i = 0; i < list.n; i++) {
        unlink(list.j[i].path);
    }
    free_journals(&list);
    myo_buf path = {0};
    myo_buf_printf(&path, "%s/.myotab-study", dir);
    if (with_sheet && !path.failed) {
        unlink(path.s);
    }
    myo_buf_clear(&path);
}

/* ---- from journals to facts ---- */

typedef struct gathering {
    myo_facts *facts;
    const myo_sheet *sheet;
    const char *dir;
    char (*there)[65]; /* fingerprint of each row's result; "" unknown yet, "-" none */
    bool failed;
} gathering;

static bool stem_path(myo_buf *b, const gathering *g, size_t row) {
    b->n = 0;
    myo_buf_printf(b, "%s/%s", g->dir, myo_tsv_cell(&g->sheet->table, row, MYO_SHEET_STEM));
    return !b->failed;
}

static void hear_done(gathering *g, size_t row, const char *fingerprint) {
    myo_buf stem = {0};
    char *there = g->there[row];
    if (there[0] == '\0' && stem_path(&stem, g, row) && !myo_result_fingerprint(stem.s, there)) {
        strcpy(there, "-");
    }
    g->failed = g->failed || stem.failed;
    myo_buf_clear(&stem);
    if (strcmp(there, fingerprint) == 0) {
        g->facts->of[row].status = MYO_ROW_DONE;
    }
}

static void hear_failed(gathering *g, size_t row, const char *reason) {
    myo_fact *f = &g->facts->of[row];
    char *copy = myo_strdup(reason);
    if (copy == NULL) {
        g->failed = true;
        return;
    }
    myo_free(f->reason);
    f->reason = copy;
}

static void hear(void *user, const myo_journal_line *line) {
    gathering *g = user;
    if (line->row > (int64_t)g->facts->n) {
        return;
    }
    const size_t row = (size_t)line->row - 1;
    if (strcmp(line->stem, myo_tsv_cell(&g->sheet->table, row, MYO_SHEET_STEM)) != 0) {
        return;
    }
    if (line->status == MYO_ROW_DONE) {
        hear_done(g, row, line->fingerprint);
    } else {
        hear_failed(g, row, line->reason);
    }
}

/* A result that is there outweighs an earlier or later failure: a row that fails leaves none. */
static void settle(gathering *g, bool thorough) {
    myo_buf stem = {0};
    for (size_t i = 0; i < g->facts->n; i++) {
        myo_fact *f = &g->facts->of[i];
        if (f->status == MYO_ROW_DONE && thorough && stem_path(&stem, g, i) &&
            !myo_result_current(stem.s, g->there[i])) {
            f->status = MYO_ROW_LEFT;
        }
        if (f->status != MYO_ROW_DONE && f->reason != NULL) {
            f->status = MYO_ROW_FAILED;
        } else {
            myo_free(f->reason);
            f->reason = NULL;
        }
    }
    g->failed = g->failed || stem.failed;
    myo_buf_clear(&stem);
}

myo_err myo_facts_gather(myo_facts *f, const char *dir, const myo_sheet *s, bool thorough,
                         myo_diag *d) {
    gathering g = {.facts = f, .sheet = s, .dir = dir};
    journals list = {0};
    g.there = myo_alloc(f->n + 1, sizeof *g.there);
    g.failed = g.there == NULL;
    myo_err err = list_journals(&list, dir, d);
    for (size_t i = 0; i < list.n && !g.failed && err == MYO_OK; i++) {
        err = myo_journal_read(list.j[i].path, s->key, hear, &g);
    }
    if (!g.failed && err == MYO_OK) {
        settle(&g, thorough);
    }
    free_journals(&list);
    myo_free(g.there);
    return g.failed || err != MYO_OK
               ? myo_fail(d, MYO_ERR_NOMEM, "%s: no memory for %zu rows", dir, f->n)
               : MYO_OK;
}

/* ---- from tables to a journal ---- */

/* "n/a" stands for no reason. */
static myo_err add_row(myo_journal *j, const char *dir, const myo_sheet *s, size_t row,
                       const myo_fact *f, myo_diag *d) {
    char fingerprint[65] = "";
    const char *stem = myo_tsv_cell(&s->table, row, MYO_SHEET_STEM);
    myo_buf path = {0};
    myo_buf_printf(&path, "%s/%s", dir, stem);
    const bool there = !path.failed && myo_result_fingerprint(path.s, fingerprint);
    myo_buf_clear(&path);
    if (f->status == MYO_ROW_LEFT || (f->status == MYO_ROW_DONE && !there)) {
        return MYO_OK;
    }
    const myo_journal_line line = {(int64_t)row + 1, f->status, stem, fingerprint,
                                   f->reason != NULL ? f->reason : ""};
    return myo_journal_add(j, &line, d);
}

static myo_err write_facts(const char *dir, const myo_sheet *s, const myo_facts *f, myo_diag *d) {
    myo_journal j = MYO_JOURNAL_NONE;
    char *path = myo_ledger_path(dir, 1, (int64_t)f->n);
    myo_err err = path != NULL ? myo_journal_open(&j, path, s->key, d) : MYO_ERR_NOMEM;
    for (size_t i = 0; i < f->n && err == MYO_OK; i++) {
        err = add_row(&j, dir, s, i, &f->of[i], d);
    }
    myo_journal_close(&j, true);
    myo_free(path);
    return err;
}

myo_err myo_ledger_reopen(const char *dir, const myo_sheet *s, myo_diag *d) {
    myo_facts f = {0};
    bool same = false;
    myo_err err = myo_facts_new(&f, s->table.n_rows, d);
    err = err == MYO_OK ? myo_tables_facts(dir, s->key, &f, &same, d) : err;
    err = err == MYO_OK && same ? write_facts(dir, s, &f, d) : err;
    myo_facts_clear(&f);
    return err;
}
