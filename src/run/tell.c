/* tell.c - what happened to one recording, to the caller. */
#include "run/tell.h"

const char *myo_tell_reason(const myo_diag *d, myo_err err) {
    return d->code != MYO_OK ? d->message : myo_err_text(err);
}

void myo_tell(myo_say_fn say, void *user, const char *file, const myo_diag *d, myo_err err) {
    if (!say) {
        return;
    }
    const myo_level level = err == MYO_OK ? MYO_LEVEL_WARNING : MYO_LEVEL_INFO; /* what failed gets one line */
    for (int w = 0; w < d->n_warnings; w++) {
        say(user, level, file, d->warnings[w]);
    }
    if (d->n_suppressed > 0) {
        char text[64];
        snprintf(text, sizeof text, "%d more warning%s", d->n_suppressed, d->n_suppressed == 1 ? "" : "s");
        say(user, level, file, text);
    }
    if (err != MYO_OK) {
        say(user, MYO_LEVEL_ERROR, file, myo_tell_reason(d, err));
    }
}

myo_err myo_tell_worse(myo_err first, myo_err next) {
    return first == MYO_OK || myo_err_exit(next) > myo_err_exit(first) ? next : first;
}
