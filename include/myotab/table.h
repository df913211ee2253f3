/* table.h - result tables: columns with a name, unit and meaning; rows written as they come.
 *
 * A table is a stream: begin writes the header, each row is formatted and written at once, so a table's length
 * costs no memory. A writer knows nothing of EMG. */
#ifndef MYOTAB_TABLE_H
#define MYOTAB_TABLE_H

#include <stdint.h>
#include <stdio.h>
#include "myotab/err.h"

typedef enum myo_coltype {
    MYO_COL_TEXT,   /* escaped: control characters, tabs, formula starts (reliability.md 4.3) */
    MYO_COL_GIVEN,  /* a cell of the user's own table: as TEXT, but a plain number stays as it was written */
    MYO_COL_INT,
    MYO_COL_TIME,   /* seconds, 6 decimals */
    MYO_COL_NUM     /* 6 significant digits */
} myo_coltype;

typedef struct myo_column {
    const char *name;
    myo_coltype type;
    const char *unit;   /* BIDS unit, "" for none */
    const char *help;   /* the meaning, for the sidecar */
} myo_column;

typedef struct myo_schema {
    const char *name;          /* "events": also the sidecar's file name */
    const char *help;
    const myo_column *cols;
    int n_cols;
} myo_schema;

/* One value; NaN and NULL print as n/a; MYO_NO_INT too. */
typedef union myo_cell { double num; int64_t i; const char *text; } myo_cell;
#define MYO_NO_INT INT64_MIN

typedef struct myo_table myo_table;
/* Opens a temporary file beside `path`; nothing is visible until close succeeds. */
myo_err myo_table_open(myo_table **out, const myo_schema *s, const char *path, myo_diag *d);
/* A table on an open stream (stdout): not closed, not renamed. */
myo_err myo_table_stream(myo_table **out, const myo_schema *s, FILE *f, myo_diag *d);
myo_err myo_table_row(myo_table *t, const myo_cell *cells); /* schema->n_cols cells */
myo_err myo_table_close(myo_table **t);   /* flush, fsync, rename; *t is gone whatever the result */
void myo_table_abort(myo_table **t);      /* leaves no file; NULL is fine */
/* BIDS column dictionary {"onset": {"Description":..., "Units":...}}, whole or absent. */
myo_err myo_schema_write_json(const myo_schema *s, const char *path, myo_diag *d);

/* The tables of contract.md 3. */
extern const myo_schema myo_events_schema, myo_bursts_schema, myo_channels_schema, myo_summary_schema,
    myo_negative_schema, myo_spread_schema, myo_tremor_schema, myo_coherence_schema,
    myo_explain_schema, myo_comparison_schema;

#endif
