/* table_file.h - a finished table's file, to be committed together with others; one cell's safe text. */
#ifndef MYO_OUT_TABLE_FILE_H
#define MYO_OUT_TABLE_FILE_H

#include "base/base.h"
#include "myotab/table.h"

/* In place of myo_table_close(): every row is in *file, which the caller commits or aborts. *t is gone whatever the
 * result; on failure *file is untouched. */
myo_err myo_table_hand_over(myo_table **t, myo_outfile *file);

/* Append s as a column of texts shows it, for names of columns that come from a user. */
void myo_cell_text(myo_buf *b, const char *s);

#endif
