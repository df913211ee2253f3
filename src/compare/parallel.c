/* parallel.c - design parallel: arms of different people (science.md 6.4). */
#include "base/base.h"
#include "compare/arms.h"
#include "compare/designs.h"
#include "compare/words.h"

/* The rows of each metric. */
static myo_err (*const rows_of[MYO_N_METRIC])(const myo_versus *q) = {
    [MYO_METRIC_RATE] = myo_arms_rate,         [MYO_METRIC_BURDEN] = myo_arms_location,
    [MYO_METRIC_DURATION] = myo_arms_location, [MYO_METRIC_PEAK] = myo_arms_location,
    [MYO_METRIC_FREQ] = myo_arms_location,     [MYO_METRIC_INCIDENCE] = myo_arms_incidence,
    [MYO_METRIC_GRADE] = myo_arms_grade,       [MYO_METRIC_ONSET] = myo_arms_onset,
};

static myo_err take_arm(const myo_comparison *c, const myo_outcome *o, int group, myo_arm *out) {
    const size_t n = (size_t)c->participants.n + 1;
    *out = (myo_arm){.name = c->groups.name[group],
                     .who = myo_alloc(n, sizeof *out->who),
                     .value = myo_alloc(n, sizeof *out->value)};
    if (!out->who || !out->value) {
        return MYO_ERR_NOMEM;
    }
    for (int i = 0; i < c->participants.n; i++) {
        const double v = myo_arms_value(c, i, o);
        out->n_all += c->arms->person[i].group == group;
        if (c->arms->person[i].group == group && !isnan(v)) {
            out->who[out->n] = i;
            out->value[out->n++] = v;
        }
    }
    return MYO_OK;
}

static void clear_arm(myo_arm *a) {
    myo_free(a->who);
    myo_free(a->value);
}

/* What so few people can give is told with every row, whichever way it was made; a score interval
 * falls short for another reason, which its file tells. */
static void warn_levels(myo_comparison *c, const myo_outcome *o, size_t from) {
    for (size_t i = from; i < c->n_rows; i++) {
        myo_cmp_row *r = &c->row[i];
        if (r->level < MYO_ARMS_LEVEL - 1e-9 && o->metric != MYO_METRIC_INCIDENCE) {
            myo_cmp_row_warn(c, r, "%lld and %s cannot give an interval of 95 %%: %.1f %%",
                             (long long)r->n_reference, myo_say_people(c, r->n_contrast),
                             100.0 * r->level);
        }
    }
}

static myo_err ask(myo_comparison *c, const myo_outcome *o, int reference, int contrast) {
    const size_t from = c->n_rows;
    myo_versus q = {.c = c, .o = o};
    myo_err e = take_arm(c, o, reference, &q.ref);
    e = e == MYO_OK ? take_arm(c, o, contrast, &q.con) : e;
    if (e == MYO_OK) {
        e = rows_of[o->metric](&q);
        warn_levels(c, o, from);
    }
    clear_arm(&q.ref);
    clear_arm(&q.con);
    return e;
}

static myo_err compare_two(myo_comparison *c, int reference, int contrast) {
    for (int i = 0; i < c->n_outcomes; i++) {
        MYO_TRY(ask(c, &c->outcome[i], reference, contrast));
    }
    return MYO_OK;
}

myo_err myo_design_parallel(myo_comparison *c) {
    myo_arms arms = {0};
    myo_err e = myo_arms_of(c, &arms);
    c->arms = &arms;
    e = e == MYO_OK ? myo_compare_contrasts(c, &c->groups, "group", compare_two) : e;
    c->arms = NULL;
    myo_arms_clear(&arms);
    return e;
}
