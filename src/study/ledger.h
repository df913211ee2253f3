/* ledger.h - what is known of every row of a study: from the journals of its parts, checked against
 * the files. */
#ifndef MYO_STUDY_LEDGER_H
#define MYO_STUDY_LEDGER_H

#include "study/sheet.h"

typedef struct myo_fact {
    myo_row_status status;
    char *reason; /* of a failed row; NULL */
} myo_fact;
typedef struct myo_facts {
    myo_fact *of; /* of each row */
    size_t n;
} myo_facts;

myo_err myo_facts_new(myo_facts *f, size_t n, myo_diag *d); /* all left */
void myo_facts_clear(myo_facts *f);
int64_t myo_facts_count(const myo_facts *f, myo_row_status status);

/* A row is done if a journal of this study says so of the result that is there; failed if one says
 * that. thorough: every table of the result is what it was, too. */
myo_err myo_facts_gather(myo_facts *f, const char *dir, const myo_sheet *s, bool thorough,
                         myo_diag *d);

/* DIR/.myotab-A-B.journal; NULL without memory. */
char *myo_ledger_path(const char *dir, int64_t a, int64_t b);
/* The journals and, with_sheet, the sheet: the study's tables say it all, or it is another study
 * now. */
void myo_ledger_remove(const char *dir, bool with_sheet);
/* A finished study is taken up again: what its tables say goes back into a journal, if they are of
 * this very study. */
myo_err myo_ledger_reopen(const char *dir, const myo_sheet *s, myo_diag *d);

#endif
