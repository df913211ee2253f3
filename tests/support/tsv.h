/* tsv.h - result tables for tests: whole files, and cells by column name. */
#ifndef MYO_TEST_TSV_H
#define MYO_TEST_TSV_H

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include "base/base.h"

/* The file's bytes as a string; the caller frees it with free(). */
static inline char *tsv_slurp(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    ck_assert_msg(f != NULL, "no file %s", path);
    ck_assert_int_eq(fseek(f, 0, SEEK_END), 0);
    const long size = ftell(f);
    rewind(f);
    char *s = calloc((size_t)size + 1, 1);
    ck_assert_ptr_nonnull(s);
    ck_assert_uint_eq(fread(s, 1, (size_t)size, f), (size_t)size);
    fclose(f);
    *n = (size_t)size;
    return s;
}

enum { TSV_ROWS = 2000, TSV_COLUMNS = 40 };
typedef struct tsv { char *text; char *cell[TSV_ROWS][TSV_COLUMNS]; int n_rows, n_columns; } tsv; /* row 0: the header */

static inline tsv *tsv_read(const char *path)
{
    size_t n;
    tsv *t = calloc(1, sizeof *t);
    ck_assert_ptr_nonnull(t);
    t->text = tsv_slurp(path, &n);
    char *line_end = NULL, *cell_end = NULL;
    for (char *line = strtok_r(t->text, "\n", &line_end); line; line = strtok_r(NULL, "\n", &line_end)) {
        int k = 0;
        ck_assert_int_lt(t->n_rows, TSV_ROWS);
        for (char *c = strtok_r(line, "\t", &cell_end); c; c = strtok_r(NULL, "\t", &cell_end)) {
            ck_assert_int_lt(k, TSV_COLUMNS);
            t->cell[t->n_rows][k++] = c;
        }
        t->n_columns = t->n_rows == 0 ? k : t->n_columns;
        ck_assert_int_eq(k, t->n_columns);
        t->n_rows++;
    }
    return t;
}

static inline void tsv_free(tsv *t)
{
    free(t->text);
    free(t);
}

static inline int tsv_column(const tsv *t, const char *name)
{
    for (int k = 0; k < t->n_columns; k++) {
        if (strcmp(t->cell[0][k], name) == 0) {
            return k;
        }
    }
    ck_abort_msg("no column %s", name);
    return -1;
}

static inline const char *tsv_text(const tsv *t, int row, const char *name)
{
    return t->cell[row][tsv_column(t, name)];
}

static inline double tsv_number(const tsv *t, int row, const char *name)
{
    return strtod(tsv_text(t, row, name), NULL);
}

#endif
