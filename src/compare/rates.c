/* rates.c - design rates: one person, two conditions; several people one after the other. */
#include <string.h>
#include "base/base.h"
#include "compare/designs.h"
#include "compare/mdc.h"
#include "compare/single.h"

/* Nothing to compare with, or no time to have seen events in: a row that says so. */
static const char *hindrance(const myo_single *q) {
    const myo_comparison *c = q->c;
    if (!q->ref || !q->con) {
        const char *side = c->conditions.name[q->ref ? q->contrast : q->reference];
        return myo_compare_text(q->c, "no pair: no recording with this channel under %s", side);
    }
    return q->ref->exposure_s > 0.0 && q->con->exposure_s > 0.0 ? NULL : "no exposure";
}

static myo_err read_series(myo_single *q) {
    const myo_comparison *c = q->c;
    const myo_wanted w = {.channel = q->o->channel,
                          .type = q->o->type,
                          .all = strcmp(c->channels.name[q->o->channel], "all") == 0};
    q->has_events = !q->ref_side->missing && !q->con_side->missing;
    if (!q->has_events) {
        return MYO_OK;
    }
    MYO_TRY(myo_series_of(q->ref_side, &w, q->ref, &q->ref_series));
    return myo_series_of(q->con_side, &w, q->con, &q->con_series);
}

static myo_err ask(myo_single *q) {
    const char *why = hindrance(q);
    if (why) {
        myo_cmp_row r = myo_single_row(q);
        myo_cmp_row_warn(q->c, &r, "%s", why);
        return myo_compare_add(q->c, &r);
    }
    myo_err e = read_series(q);
    if (e == MYO_OK) {
        e = q->o->metric == MYO_METRIC_RATE ? myo_single_rate(q) : myo_single_events(q);
    }
    myo_series_clear(&q->ref_series);
    myo_series_clear(&q->con_series);
    return e;
}

/* All questions about one person. Who has recordings of one condition only gets the primary row,
 * which says so. */
static myo_err ask_all(myo_comparison *c, int participant, const int condition[2],
                       const double *mdc, const myo_side *ref, const myo_side *con) {
    const bool both = ref->n_recordings > 0 && con->n_recordings > 0;
    for (int i = 0; i < (both ? c->n_outcomes : 1); i++) {
        const myo_outcome *o = &c->outcome[i];
        myo_single q = {.c = c,
                        .o = o,
                        .participant = participant,
                        .reference = condition[0],
                        .contrast = condition[1],
                        .ref_side = ref,
                        .con_side = con,
                        .mdc = mdc[i]};
        q.ref = myo_compare_cell(c, participant, condition[0], o->channel, o->type);
        q.con = myo_compare_cell(c, participant, condition[1], o->channel, o->type);
        if (q.ref || q.con || o->role == MYO_PRIMARY) {
            MYO_TRY(ask(&q));
        }
    }
    return MYO_OK;
}

static myo_err compare_person(myo_comparison *c, int participant, const int condition[2],
                              const double *mdc) {
    myo_side ref = {0}, con = {0};
    if (!myo_compare_has(c, participant, condition[0]) &&
        !myo_compare_has(c, participant, condition[1])) {
        return MYO_OK;
    }
    myo_err e = myo_side_read(c, participant, condition[0], &ref);
    e = e == MYO_OK ? myo_side_read(c, participant, condition[1], &con) : e;
    e = e == MYO_OK ? ask_all(c, participant, condition, mdc, &ref, &con) : e;
    myo_side_clear(&ref);
    myo_side_clear(&con);
    return e;
}

static myo_err compare_two(myo_comparison *c, int reference, int contrast) {
    const int condition[2] = {reference, contrast};
    double *mdc = myo_alloc((size_t)c->n_outcomes + 1, sizeof *mdc);
    myo_err e = mdc ? MYO_OK : MYO_ERR_NOMEM;
    for (int i = 0; i < c->n_outcomes && e == MYO_OK; i++) {
        e = myo_compare_mdc(c, &c->outcome[i], reference, &mdc[i]);
    }
    for (int p = 0; p < c->participants.n && e == MYO_OK; p++) {
        e = compare_person(c, p, condition, mdc);
    }
    myo_free(mdc);
    return e;
}

myo_err myo_design_rates(myo_comparison *c) {
    return myo_compare_contrasts(c, &c->conditions, "condition", compare_two);
}
