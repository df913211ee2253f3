/* names.h - names of output files: safe in every file system, and each one once. */
#ifndef MYO_OUT_NAMES_H
#define MYO_OUT_NAMES_H

#include <stddef.h>
#include <stdint.h>
#include "myotab/err.h"

/* A stem is at most 200 bytes, then "-" and 16 digits of a hash where it had to be cut, then the
 * "-2" of a clash. */
enum { MYO_STEM_MAX = 256 };

/* Stem of an input's path: its file name without the ending, every byte but A-Z a-z 0-9 . _ - as
 * %XX; never empty, "." or "..". The path "-" (standard input) gives "stdin".
 * In a study (participant not NULL) sub-PARTICIPANT_ses-SESSION_ comes in front; a "sub-" or "ses-"
 * already in an id is not doubled. */
myo_err myo_stem_of(const char *path, const char *participant, const char *session,
                    char stem[MYO_STEM_MAX], myo_diag *d);

/* The stems one command has given out. Zero-initialise; release with myo_names_clear(). */
typedef struct myo_names {
    struct myo_name_slot *slot; /* hash table, a power of two long */
    size_t n, cap;
} myo_names;
/* Make stem unique: the 2nd, 3rd ... that asks for it gets -2, -3 ... Names that differ only in
 * case clash too, as some file systems hold them for one. On failure stem is untouched. */
myo_err myo_names_claim(myo_names *s, char stem[MYO_STEM_MAX], myo_diag *d);
void myo_names_clear(myo_names *s);

#endif
