/* choice.h - rows of a study by the labels of people and sessions. */
#ifndef MYO_STUDY_CHOICE_H
#define MYO_STUDY_CHOICE_H

#include "study/study.h"

/* Labels with or without "sub-" and "ses-", NULL-ended; NULL: all. */
bool myo_chosen(const myo_study_row *row, const char *const *participants,
                const char *const *sessions);
/* A label that nobody bears is a slip of the pen, not an empty study: MYO_ERR_USAGE. */
myo_err myo_choice_check(const myo_study *s, const char *const *participants,
                         const char *const *sessions, myo_diag *d);

#endif
