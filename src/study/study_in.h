/* study_in.h - a study's table becomes rows: what manifests, datasets and results read back share.
 */
#ifndef MYO_STUDY_STUDY_IN_H
#define MYO_STUDY_STUDY_IN_H

#include "study/study.h"

enum {
    MYO_STUDY_ROWS = 1000000, /* reliability.md 4 */
    MYO_ID_MAX = 255          /* bytes of an id or label */
};
#define MYO_STUDY_BYTES ((size_t)256 << 20)

/* Where a table comes from decides what it must have. */
typedef enum myo_form {
    MYO_FORM_MANIFEST, /* path, participant_id, session_id; paths checked; stems made */
    MYO_FORM_DATASET,  /* the same without a session; stems are the files' own names */
    MYO_FORM_RESULTS   /* participant_id; stems read */
} myo_form;

/* Rows of s->table: every cell that we know read and checked. */
myo_err myo_study_fill(myo_study *s, myo_form form, bool allow_outside, myo_diag *d);
/* No two ids that only look different; labels that do are told. */
myo_err myo_study_check_ids(const myo_study *s, myo_diag *d);
/* No recording said twice: by what it is called, or by its file. */
myo_err myo_study_check_twice(const myo_study *s, myo_diag *d);

/* How messages name a row: "line 12", or the recording's path in a dataset. Returns dst. */
enum { MYO_WHERE_MAX = 128 };
const char *myo_study_where(const myo_study *s, size_t row, char dst[MYO_WHERE_MAX]);

/* "a/b" in memory of its own, with one slash between, none where a is ""; NULL without memory. */
char *myo_join_path(const char *a, const char *b);

#endif
