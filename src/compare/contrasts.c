/* contrasts.c - each condition, or group, against the reference. */
#include "compare/compare.h"

/* There must be something to compare. */
static myo_err need_data(const myo_comparison *c, const myo_labels *labels, const char *what) {
    if (c->n_cells == 0 && c->n_extra == 0) {
        return c->results.summary.n_cols == 0
                   ? myo_fail(c->d, MYO_ERR_INPUT, "no summary.tsv: nothing to compare")
                   : myo_fail(c->d, MYO_ERR_INPUT, "no recording is done: nothing to compare");
    }
    if (labels->n > 0) {
        return MYO_OK;
    }
    /* Who asks for a design that the study cannot have uses it wrongly. */
    return c->job->design ? myo_fail(c->d, MYO_ERR_USAGE, "design %s: recordings.tsv names no %s", c->job->design, what)
                          : myo_fail(c->d, MYO_ERR_INPUT, "recordings.tsv names no %s", what);
}

myo_err myo_compare_contrasts(myo_comparison *c, const myo_labels *labels, const char *what,
                              myo_err (*compare)(myo_comparison *c, int reference, int contrast)) {
    int reference = 0;
    MYO_TRY(need_data(c, labels, what));
    MYO_TRY(myo_compare_reference(c, labels, &reference));
    MYO_TRY(myo_compare_outcomes(c));
    const char *name = labels->name[reference];
    if (!c->job->reference) {
        c->job->say(c->job->user, MYO_LEVEL_NOTE, c->job->dirs[0],
                    myo_compare_text(c, "reference %s, the first %s", name, what));
    }
    if (labels->n == 1) {
        return myo_compare_nothing(
            c, &c->outcome[0], name, NULL,
            myo_compare_text(c, "one %s only: nothing to compare with", what));
    }
    for (int k = 0; k < labels->n; k++) {
        if (k != reference) {
            MYO_TRY(compare(c, reference, k));
        }
    }
    return MYO_OK;
}
