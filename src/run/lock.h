/* lock.h - who works in a folder: one run, or several with rows of their own.
 *
 * DIR/.myotab-A-B.lock says "pid host rows" of a run and is held by flock(2) for as long as the run
 * lives: whatever ends it, the system lets go. Looking and creating is one step, under a lock of
 * the folder itself. */
#ifndef MYO_RUN_LOCK_H
#define MYO_RUN_LOCK_H

#include "base/base.h"

/* Data rows from 1, both ends included, ascending and apart. */
typedef struct myo_range {
    int64_t first, last;
} myo_range;
typedef struct myo_rows {
    const myo_range *range;
    size_t n;
} myo_rows;
/* Every row there is or may come. */
extern const myo_rows myo_rows_all;
/* "3-5,9", or "all". */
void myo_rows_text(const myo_rows *rows, myo_buf *b);

typedef struct myo_lock {
    char *path;
    int fd, folder; /* -1: none */
} myo_lock;
#define MYO_LOCK_NONE                                                                              \
    { .path = NULL, .fd = -1, .folder = -1 }

/* Take `rows` of the folder; A-B names the file only. MYO_ERR_LOCKED names the owner if a living
 * run has some of them. Locks of dead runs are removed, with a warning in d. Returns with the
 * folder entered (below). */
myo_err myo_lock_take(myo_lock *l, const char *dir, const myo_rows *rows, int64_t a, int64_t b,
                      myo_diag *d);
/* Between enter and leave no other run of this machine takes a lock or gives one back. */
myo_err myo_lock_enter(myo_lock *l, const char *dir, myo_diag *d);
void myo_lock_leave(myo_lock *l);
/* Removes the file; NONE is fine. */
void myo_lock_give_back(myo_lock *l);

/* What a lock file says. */
typedef struct myo_owner {
    int64_t pid;
    char host[256];
    char rows[256];   /* cut with "..." where longer */
    bool alive, mine; /* mine: overlaps the rows asked for */
} myo_owner;
/* Visit all locks of the folder but own; `rows` as in `mine`. The folder should be entered. */
typedef void (*myo_owner_fn)(void *user, const char *path, const myo_owner *o);
myo_err myo_lock_visit(const char *dir, const char *own, const myo_rows *rows, myo_owner_fn fn,
                       void *user, myo_diag *d);

#endif
