/* begin.h - what an analysis and figures of it begin with: the same recording, part, lanes and priors. */
#ifndef MYO_RUN_BEGIN_H
#define MYO_RUN_BEGIN_H

#include "run/analyse.h"
#include "run/plan.h"

/* Opens, selects the part, plans and scouts. The caller closes *rec and frees *plan, also on failure (NULL, {0} where it
 * did not come so far). Seek before reading on. What may be kept of a short recording: plan->hold. */
myo_err myo_begin(const myo_analyse_job *job, myo_rec **rec, myo_plan *plan, myo_diag *d);
/* The part lies within the recording, as far as its length is known: text tells it at its end only. */
myo_err myo_begin_check(const myo_analyse_job *job, const myo_recinfo *info, myo_diag *d);

#endif
