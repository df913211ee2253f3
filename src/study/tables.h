/* tables.h - the study's own files: recordings.tsv, summary.tsv, their dictionaries,
 * dataset_description.json. */
#ifndef MYO_STUDY_TABLES_H
#define MYO_STUDY_TABLES_H

#include "study/ledger.h"

/* All of them, each whole; the same bytes for the same sheet, facts and results. Summaries are read
 * back from STEM_summary.tsv: MYO_ERR_DAMAGED names one that is not as it was written. */
myo_err myo_tables_write(const char *dir, const myo_sheet *s, const myo_facts *f, myo_diag *d);
/* recordings.tsv and summary.tsv go: a result they tell of is about to change. */
void myo_tables_remove(const char *dir);
/* Whether the file name is one of these, or of the dictionaries. */
bool myo_tables_is_name(const char *name);

/* dataset_description.json of a BIDS derivative. key: the study's, by which its tables are known
 * again; NULL: none. */
myo_err myo_tables_describe(const char *path, const char *key, myo_diag *d);

/* What recordings.tsv says of each row; *same: it is there, whole, and of the study `key`. */
myo_err myo_tables_facts(const char *dir, const char *key, myo_facts *f, bool *same, myo_diag *d);

#endif
