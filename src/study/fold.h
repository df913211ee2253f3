/* fold.h - texts that people take for the same: letters of either case, either form of Unicode. */
#ifndef MYO_STUDY_FOLD_H
#define MYO_STUDY_FOLD_H

#include <stdint.h>
#include "base/base.h"

/* Append to out the form (and a NUL) in which two texts are equal if they differ only in case
 * (simple case folding), in canonical form (NFC, NFD) or in blanks around them. Covers Latin, Greek,
 * Cyrillic letters, kana and Hangul; other characters, and texts over 255 bytes, stand for
 * themselves. The form is for comparing only. */
void myo_fold(myo_buf *out, const char *s);

/* The tables (foldtable.c, made by scripts/foldtable.py): by code point, ascending. */
typedef struct myo_fold_pair {
    uint16_t cp, base, mark;
} myo_fold_pair; /* cp = base [+ mark; 0: none] */
typedef struct myo_fold_case {
    uint16_t first, last, step;
    int32_t delta;
} myo_fold_case;
typedef struct myo_fold_mark {
    uint16_t first, last;
    uint8_t order;
} myo_fold_mark; /* combining class */
extern const myo_fold_pair myo_fold_pairs[];
extern const myo_fold_case myo_fold_cases[];
extern const myo_fold_mark myo_fold_marks[];
extern const size_t myo_n_fold_pairs, myo_n_fold_cases, myo_n_fold_marks;

#endif
