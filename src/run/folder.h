/* folder.h - the folder that results go to: made, checked, owned, tidied; its column dictionaries.
 */
#ifndef MYO_RUN_FOLDER_H
#define MYO_RUN_FOLDER_H

#include "run/lock.h"

/* Does the file `path` lie in `dir` itself? */
bool myo_folder_holds(const char *dir, const char *path);
/* MYO_ERR_USAGE if `input` lies in `dir` itself: results never land among recordings (contract.md
 * 2). */
myo_err myo_folder_refuse(const char *dir, const char *input, myo_diag *d);

/* Makes dir with its parents; *made: it was missing. */
myo_err myo_folder_make(const char *dir, bool *made, myo_diag *d);
/* As myo_folder_make; checks that files can be made there, takes
 * `rows` of it (myo_lock_take) and stays entered. */
myo_err myo_folder_open(myo_lock *l, bool *made, const char *dir, const myo_rows *rows, int64_t a,
                        int64_t b, myo_diag *d);

/* events.json and so on, for the first n of myo_link_tables. */
myo_err myo_folder_dictionaries(const char *dir, int n, myo_diag *d);

/* Whether `name` is a result file of `stem`, whole or cut as temporary names are (cut: that is
 * enough). */
bool myo_folder_is_result(const char *name, const char *stem, bool cut);
/* Remove temporary files that dead runs left of files that `ours` says yes to. */
void myo_folder_tidy(const char *dir, bool (*ours)(void *user, const char *name), void *user);

#endif
