/* period.c - bounds of a stretch against its recording. */
#include <math.h>
#include "run/period.h"

static bool given(double s)
{
    return !isnan(s) && s != 0.0;
}

bool myo_period_none(double start_s, double end_s)
{
    return !given(start_s) && !given(end_s);
}

myo_period myo_period_part(double start_s, double end_s)
{
    return (myo_period){given(start_s) ? start_s : 0.0, given(end_s) ? end_s : INFINITY, "the part to analyse",
                        {"start_s", "end_s"}};
}

myo_period myo_period_rest(double start_s, double end_s)
{
    return (myo_period){given(start_s) ? start_s : 0.0, given(end_s) ? end_s : INFINITY, "the span of rest",
                        {"rest_start_s", "rest_end_s"}};
}

/* Times from elsewhere are rounded: a millisecond, or a sample, too much is nothing. */
static double slack(const myo_recinfo *info)
{
    double s = 1e-3;
    for (int c = 0; c < info->n_ch; c++) {
        s = fmax(s, 1.0 / info->ch[c].fs);
    }
    return s;
}

myo_err myo_period_check(const myo_period *s, const myo_recinfo *info, myo_diag *d)
{
    if (!(s->from_s >= 0.0 && isfinite(s->from_s) && s->to_s > s->from_s)) {
        return myo_fail(d, MYO_ERR_RANGE, "%s is none (found %s %.9g, %s %.9g, allowed from 0, end after start)", s->what,
                        s->keys[0], s->from_s, s->keys[1], s->to_s);
    }
    if (info->duration_s < 0.0) {
        return MYO_OK;
    }
    if (s->from_s > 0.0 && s->from_s >= info->duration_s) {
        return myo_fail(d, MYO_ERR_RANGE, "%s starts behind the end (found %s %.9g, allowed 0 to %.9g s)", s->what,
                        s->keys[0], s->from_s, info->duration_s);
    }
    if (isfinite(s->to_s) && s->to_s > info->duration_s + slack(info)) {
        return myo_fail(d, MYO_ERR_RANGE, "%s ends behind the end (found %s %.9g, allowed to %.9g s)", s->what, s->keys[1],
                        s->to_s, info->duration_s);
    }
    return MYO_OK;
}
