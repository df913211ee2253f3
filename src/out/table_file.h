/* table_file.h - a finished table's file, to be committed together with others. */
#ifndef MYO_OUT_TABLE_FILE_H
#define MYO_OUT_TABLE_FILE_H

#include "base/base.h"
#include "myotab/table.h"

/* In place of myo_table_close(): every row is in *file (parked), which the caller commits or aborts. *t is gone whatever the
 * result; on failure *file is untouched. */
myo_err myo_table_hand_over(myo_table **t, myo_outfile *file);

/* Column dictionary of a table (myo_schema_write_json), left for the caller to commit or abort. */
myo_err myo_schema_open_json(const myo_schema *s, const char *path, myo_outfile *file, myo_diag *d);

#endif
