/* tell.h - what happened to one recording, to the caller. */
#ifndef MYO_RUN_TELL_H
#define MYO_RUN_TELL_H

#include "base/base.h"
#include "myotab/run.h"

/* d's warnings, or err alone in d's words or its own, and then the warnings to whoever asks for more (MYO_LEVEL_INFO). say (nobody listens) and file may be NULL. */
void myo_tell(myo_say_fn say, void *user, const char *file, const myo_diag *d, myo_err err);
const char *myo_tell_reason(const myo_diag *d, myo_err err);
/* Of two results of a job, the one that it returns: the surroundings' errors (exit 3) outweigh a
 * recording's own, else the first wins. */
myo_err myo_tell_worse(myo_err first, myo_err next);

#endif
