/* err.c - texts and exit classes of the errors, and the diagnostics of one call. */
#include <stdio.h>
#include <string.h>
#include "base/base.h"

static const struct {
    int exit_class;
    const char *text;
} errors[MYO_N_ERR] = {
#define E(code, exit_class, text) [MYO_ERR_##code] = {exit_class, text},
#include "myotab/errors.def"
#undef E
};

/* A code from a corrupted variable must not read past the table. */
static myo_err known(myo_err code) {
    return (unsigned)code < MYO_N_ERR ? code : MYO_ERR_INPUT;
}

const char *myo_err_text(myo_err code) {
    return errors[known(code)].text;
}

int myo_err_exit(myo_err code) {
    return errors[known(code)].exit_class;
}

/* Twice the final size: escapes shorten what fits, so a longer raw text is not lost before its
 * time. */
static void format_message(char dst[MYO_MSG_MAX], const char *fmt, va_list ap) {
    char raw[2 * MYO_MSG_MAX];
    vsnprintf(raw, sizeof raw, fmt, ap);
    myo_printable(dst, MYO_MSG_MAX, raw);
}

myo_err myo_fail(myo_diag *d, myo_err code, const char *fmt, ...) {
    if (d != NULL && d->code == MYO_OK) {
        va_list ap;
        va_start(ap, fmt);
        format_message(d->message, fmt, ap);
        va_end(ap);
        d->code = code;
    }
    return code;
}

static bool is_told(const myo_diag *d, const char *text) {
    for (int i = 0; i < d->n_warnings; i++) {
        if (strcmp(d->warnings[i], text) == 0) {
            return true;
        }
    }
    return false;
}

/* The list is taken whole at the first warning, so that a warning can grow nothing later. */
static bool keep_warning(myo_diag *d, const char *text) {
    if (d->warnings == NULL) {
        d->warnings = myo_alloc(MYO_MAX_WARNINGS, sizeof *d->warnings);
    }
    if (d->warnings == NULL || d->n_warnings == MYO_MAX_WARNINGS) {
        return false;
    }
    char *copy = myo_strdup(text);
    if (copy == NULL) {
        return false;
    }
    d->warnings[d->n_warnings++] = copy;
    return true;
}

void myo_warn(myo_diag *d, const char *fmt, ...) {
    if (d == NULL) {
        return;
    }
    char text[MYO_MSG_MAX];
    va_list ap;
    va_start(ap, fmt);
    format_message(text, fmt, ap);
    va_end(ap);
    if (!is_told(d, text) && !keep_warning(d, text)) {
        d->n_suppressed++;
    }
}

void myo_diag_clear(myo_diag *d) {
    if (d == NULL) {
        return;
    }
    for (int i = 0; i < d->n_warnings; i++) {
        myo_free(d->warnings[i]);
    }
    myo_free(d->warnings);
    memset(d, 0, sizeof *d);
}
