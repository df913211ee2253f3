/* journal.h - what a run did, a line a row, as it goes: DIR/.myotab-A-B.journal.
 *
 * It carries what result files cannot (failures and their reasons) from a part, or from a run that
 * was killed, to whoever joins the study, and which result belongs to which row. Nobody trusts it:
 * every line has a checksum, and what it calls done is checked against the files. */
#ifndef MYO_STUDY_JOURNAL_H
#define MYO_STUDY_JOURNAL_H

#include "study/study.h"

typedef struct myo_journal {
    char *path;
    int fd;
    int64_t end; /* bytes of whole lines */
} myo_journal;
#define MYO_JOURNAL_NONE                                                                           \
    { .path = NULL, .fd = -1, .end = 0 }

typedef struct myo_journal_line {
    int64_t row;           /* from 1 */
    myo_row_status status; /* done or failed */
    const char *stem;
    const char *fingerprint; /* of the result; "" for none */
    const char *reason;      /* one line; "" for none */
} myo_journal_line;

/* Go on with the journal at `path` if it is of the study `key` (64 hex digits), after its last
 * whole line; else begin anew. */
myo_err myo_journal_open(myo_journal *j, const char *path, const char *key, myo_diag *d);
/* A line is added whole or not at all; a killed run may leave a part of one. */
myo_err myo_journal_add(myo_journal *j, const myo_journal_line *line, myo_diag *d);
/* sync: onto the disk first. NONE is fine. */
void myo_journal_close(myo_journal *j, bool sync);

/* Visit the good lines in order; none if the journal is missing or of another study. */
typedef void (*myo_journal_fn)(void *user, const myo_journal_line *line);
myo_err myo_journal_read(const char *path, const char *key, myo_journal_fn fn, void *user);

#endif
