/* err.h - error codes and the diagnostics a call leaves behind.
 *
 * Functions return myo_err and leave results untouched on failure. What went wrong, and the warnings on
 * the way, go into a myo_diag that the caller owns; the library never prints and never exits. */
#ifndef MYOTAB_ERR_H
#define MYOTAB_ERR_H

#include <stdarg.h>
#include <stddef.h>

typedef enum myo_err {
#define E(code, exit_class, text) MYO_ERR_##code,
#include "errors.def"
#undef E
    MYO_N_ERR
} myo_err;
#define MYO_OK MYO_ERR_OK

enum { MYO_MSG_MAX = 400, MYO_MAX_WARNINGS = 64 };

/* One recording's (or command's) diagnostics. Zero-initialise; release with myo_diag_clear().
 * Messages hold no control characters: myo_fail() and myo_warn() escape them. Not thread-safe: one
 * recording, one diag, one thread at a time. */
typedef struct myo_diag {
    myo_err code;               /* MYO_OK until myo_fail() */
    char message[MYO_MSG_MAX];  /* "what is wrong (found X, allowed Y)", no file name, no newline */
    char **warnings;            /* n_warnings strings, each at most MYO_MSG_MAX bytes, no duplicates */
    int n_warnings;             /* beyond MYO_MAX_WARNINGS they are only counted */
    int n_suppressed;
} myo_diag;

/* The error's own text, and its exit class (contract.md 2). Never NULL; unknown codes read as INPUT. */
const char *myo_err_text(myo_err code);
int myo_err_exit(myo_err code);

/* Record an error and return `code`, so that `return myo_fail(...)` reads well. The first error wins:
 * a later one on the way out does not cover the cause. d may be NULL. */
myo_err myo_fail(myo_diag *d, myo_err code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Record a warning once; the run goes on. d may be NULL. */
void myo_warn(myo_diag *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void myo_diag_clear(myo_diag *d);

#define MYO_TRY(expr)                      \
    do {                                   \
        myo_err myo_try_ = (expr);         \
        if (myo_try_ != MYO_OK) {          \
            return myo_try_;               \
        }                                  \
    } while (0)

#endif
