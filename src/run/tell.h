/* tell.h - what happened to one recording, beside myo_tell() itself (myotab/run.h). */
#ifndef MYO_RUN_TELL_H
#define MYO_RUN_TELL_H

#include "base/base.h"
#include "myotab/run.h"

const char *myo_tell_reason(const myo_diag *d, myo_err err);
/* Of two results of a job, the one that it returns: the surroundings' errors (exit 3) outweigh a
 * recording's own, else the first wins. */
myo_err myo_tell_worse(myo_err first, myo_err next);

#endif
