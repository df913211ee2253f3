/* tsv.h - strict reading of tab-separated tables with a header: our own results, and truth tables.
 */
#ifndef MYO_OUT_TSV_H
#define MYO_OUT_TSV_H

#include <stddef.h>
#include "base/base.h"

/* A table in memory: its text, cut in place into cells, and where each row begins. Zero-initialise;
 * release with myo_tsv_clear(). Row 0 is the first under the header. */
typedef struct myo_tsv {
    myo_buf text;
    size_t *row; /* n_rows + 1 offsets into text, the header's first */
    size_t n_rows, cap;
    int n_cols;
} myo_tsv;

/* UTF-8, tabs, LF or CRLF, BOM and missing last newline allowed, empty lines at the end too; a cell
 * may stand in quotes, as spreadsheets and R write it. Errors name line and column: not UTF-8, NUL,
 * an open quote, a line over 1 MiB, ragged rows, a column name twice or empty. */
myo_err myo_tsv_read(myo_tsv *t, const char *path, size_t max_bytes, myo_diag *d);
/* The same for text in memory, of max_rows at most; text is taken over, also on failure. */
myo_err myo_tsv_cut(myo_tsv *t, myo_buf *text, size_t max_rows, myo_diag *d);
/* Number of the column of this name, or -1. */
int myo_tsv_find(const myo_tsv *t, const char *name);
/* The same; MYO_ERR_DAMAGED names the column that is missing. */
myo_err myo_tsv_need(const myo_tsv *t, const char *name, int *col, myo_diag *d);
const char *myo_tsv_cell(const myo_tsv *t, size_t row, int col);
/* A finite number; "n/a" gives NaN where that is allowed. */
myo_err myo_tsv_f64(const myo_tsv *t, size_t row, int col, bool may_miss, double *out, myo_diag *d);
/* Fail with "line N, column NAME: what (found CELL, allowed ...)"; allowed as in "a number >= 0".
 */
myo_err myo_tsv_fail(const myo_tsv *t, size_t row, int col, const char *allowed, myo_diag *d);
/* Cells as they were before table.c made them safe for spreadsheets, in a table that it wrote: ids as
 * they were given. */
void myo_tsv_unguard(myo_tsv *t);
void myo_tsv_clear(myo_tsv *t);

#endif
