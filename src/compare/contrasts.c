/* contrasts.c - each condition against the reference. */
#include "compare/compare.h"

/* There must be something to compare. */
static myo_err need_cells(const myo_comparison *c) {
    if (c->results.summary.n_cols == 0) {
        return myo_fail(c->d, MYO_ERR_INPUT, "no summary.tsv: nothing to compare");
    }
    return c->n_cells > 0
               ? MYO_OK
               : myo_fail(c->d, MYO_ERR_INPUT, "no recording is done: nothing to compare");
}

myo_err myo_compare_contrasts(myo_comparison *c,
                              myo_err (*compare)(myo_comparison *c, int reference, int contrast)) {
    int reference = 0;
    MYO_TRY(need_cells(c));
    MYO_TRY(myo_compare_reference(c, &c->conditions, &reference));
    MYO_TRY(myo_compare_outcomes(c));
    const char *name = c->conditions.name[reference];
    if (!c->job->reference) {
        c->job->say(c->job->user, MYO_LEVEL_INFO, c->job->dirs[0],
                    myo_compare_text(c, "reference %s, the first condition", name));
    }
    if (c->conditions.n == 1) {
        return myo_compare_nothing(c, &c->outcome[0], name, NULL,
                                   "one condition only: nothing to compare with");
    }
    for (int k = 0; k < c->conditions.n; k++) {
        if (k != reference) {
            MYO_TRY(compare(c, reference, k));
        }
    }
    return MYO_OK;
}
