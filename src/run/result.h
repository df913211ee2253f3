/* result.h - the end of an analysis: its files. */
#ifndef MYO_RUN_RESULT_H
#define MYO_RUN_RESULT_H

#include "run/analyse.h"
#include "run/link.h"

/* Links the lanes, writes the tables and their mark, all or none. rec: read to its end. */
myo_err myo_result_write(const myo_analyse_job *job, myo_rec *rec, const myo_plan *plan, myo_lane_result *results,
                         myo_diag *d);

#endif
