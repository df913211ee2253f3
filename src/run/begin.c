/* begin.c - open, choose the part, plan the lanes, scout. */
#include "run/begin.h"

myo_err myo_begin_check(const myo_analyse_job *job, const myo_recinfo *info, myo_diag *d)
{
    const myo_period part = myo_period_part(job->start_s, job->end_s);
    return myo_period_check(&part, info, d);
}

myo_err myo_begin(const myo_analyse_job *job, myo_rec **rec, myo_plan *plan, myo_diag *d)
{
    const myo_period part = myo_period_part(job->start_s, job->end_s);
    const myo_period rest = myo_period_rest(job->rest_start_s, job->rest_end_s);
    const bool no_rest = myo_period_none(job->rest_start_s, job->rest_end_s);
    MYO_TRY(myo_rec_open(rec, job->input, job->open, d));
    MYO_TRY(myo_begin_check(job, myo_rec_info(*rec), d));
    MYO_TRY(myo_rec_select(*rec, part.from_s, part.to_s));
    MYO_TRY(myo_plan_make(plan, myo_rec_info(*rec), job->params, d));
    return myo_scout(plan, *rec, job->params, no_rest ? NULL : &rest, job->pool, d);
}
