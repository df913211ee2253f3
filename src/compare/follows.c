/* follows.c - sentences about what follows a dose, level or time, and about several studies. */
#include <string.h>
#include "base/base.h"
#include "compare/words.h"

/* Units of the columns that sessions are usually ordered by. */
static const struct {
    const char *column, *unit;
} units[] = {
    {"serum_mg_mmol_l", "mmol/l"},
    {"dose_mmol", "mmol"},
    {"minutes_from_dose", "min"},
};

/* A slope is told for a step that was made within the data at least twice: 10 of 120 minutes. */
static double step_of(const myo_cmp_row *r) {
    return r->x_range > 0.0 ? pow(10.0, floor(log10(r->x_range / 2.0) + 1e-9)) : 1.0;
}

/* " per 10 min" */
static const char *per(myo_comparison *c, const myo_cmp_row *r) {
    const double step = step_of(r);
    char s[MYO_WORD];
    myo_format_g(s, MYO_WORD, step, 6);
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(units[i].column, r->contrast) == 0) {
            return myo_compare_text(c, " per %s%s%s", step == 1.0 ? "" : s,
                                    step == 1.0 ? "" : " ", units[i].unit);
        }
    }
    return myo_compare_text(c, " per %s of %s", step == 1.0 ? "unit" : s, r->contrast);
}

static double over(double slope, double step, bool ratio) {
    return ratio ? pow(slope, step) : slope * step;
}

/* "rate ratio 0.50 per 0.1 mmol/l, 95 % interval 0.41 to 0.66, 7 sessions, 7.00 h" */
static const char *slope(myo_comparison *c, const myo_cmp_row *r) {
    const bool ratio = myo_words_of_effect(r).ratio;
    const double step = step_of(r);
    myo_cmp_row stepped = *r;
    char h[MYO_WORD];
    stepped.effect = over(r->effect, step, ratio);
    stepped.low = over(r->low, step, ratio);
    stepped.high = over(r->high, step, ratio);
    myo_put_number(h, r->exposure_contrast_h, 0.0);
    const char *n = r->n_people == MYO_NO_INT
                        ? myo_say_count(c, r->n_contrast, "session", "sessions")
                        : myo_say_people(c, r->n_contrast);
    return myo_compare_text(c, "%s%s, %s, %s, %s h", myo_say_effect(c, &stepped), per(c, r),
                            myo_say_interval(c, &stepped), n, h);
}

/* There is a contrast, but no reference. */
const char *myo_say_trend(myo_comparison *c, const myo_cmp_row *r, myo_reading reading) {
    const char *basis = slope(c, r), *caveat = myo_say_caveat(c, r);
    if (reading == MYO_READING_FEW) {
        return myo_compare_text(c, "Too few %s to say whether %s follows %s (%s).%s",
                                r->n_people == MYO_NO_INT ? "sessions" : "people",
                                myo_say_subject(c, r), r->contrast, basis, caveat);
    }
    if (reading != MYO_READING_SHOWN) {
        return myo_compare_text(c, "No trend shown of %s with %s (%s).%s", myo_say_subject(c, r),
                                r->contrast, basis, caveat);
    }
    const bool falls = r->effect < myo_words_of_effect(r).null;
    return myo_compare_text(c, "%s %s with %s (%s).%s", myo_say_capital(c, myo_say_subject(c, r)),
                            falls ? "falls" : "rises", r->contrast, basis, caveat);
}

int64_t myo_trend_without_event(const myo_comparison *c, const myo_cmp_row *r, double *hours) {
    int64_t n = 0, events = 0;
    *hours = 0.0;
    for (size_t i = 0; i < c->n_cells && !r->reference && r->contrast && isnan(r->p); i++) {
        const myo_pooled *p = &c->cell[i];
        if (strcmp(c->channels.name[p->channel], r->channel) == 0 &&
            strcmp(c->types.name[p->type], r->trial_type) == 0 && p->exposure_s > 0.0) {
            n += p->n_recordings - p->n_no_exposure;
            events += p->n;
            *hours += p->exposure_s / 3600.0;
        }
    }
    return events == 0 ? n : 0;
}

/* "2 of 3 studies together" */
static const char *how_many(myo_comparison *c, const myo_cmp_row *r) {
    const int64_t all = c->job->n_dirs;
    const char *of = r->n_studies < all ? myo_compare_text(c, "%lld of ", (long long)r->n_studies) : "";
    return myo_compare_text(c, "%s%s%s", of, myo_say_count(c, all, "study", "studies"),
                            r->n_studies > 1 ? " together" : "");
}

const char *myo_say_studies(myo_comparison *c, const myo_cmp_row *r, myo_reading reading) {
    const char *says =
        myo_compare_text(c, "%s, %s against %s: %s, %s", how_many(c, r), r->contrast, r->reference,
                         myo_say_effect(c, r), myo_say_interval(c, r));
    return reading == MYO_READING_SHOWN
               ? myo_compare_text(c, "%s: %s (exploratory).", says, myo_say_direction(c, r))
               : myo_compare_text(c, "%s: no difference shown%s (exploratory).", says,
                                  myo_say_incompatible(c, r));
}
