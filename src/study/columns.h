/* columns.h - tables whose columns the user's manifest decides: ours, and those that are passed on.
 */
#ifndef MYO_STUDY_COLUMNS_H
#define MYO_STUDY_COLUMNS_H

#include "myotab/table.h"
#include "study/sheet.h"

typedef struct myo_columns {
    const char *const *ours; /* names that no column of the manifest may have here */
    int n_ours;
    myo_column *col;
    char **name; /* owned, of col */
    int n;
    size_t cap_col, cap_name;
    bool failed; /* without memory; looked at once, at the end */
} myo_columns;

void myo_columns_add(myo_columns *c, const myo_column *col);
/* A column of the manifest, made safe to show, with "manifest_" in front if its name is one of
 * ours. t: to keep clear of the manifest's other names. */
void myo_columns_pass_on(myo_columns *c, const char *name, const myo_tsv *t);
myo_schema myo_columns_schema(const myo_columns *c, const char *name, const char *help);
void myo_columns_clear(myo_columns *c);

#endif
