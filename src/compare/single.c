/* single.c - what every row about one person holds, and what it must not claim. */
#include <string.h>
#include "compare/single.h"

/* A single pair of sessions cannot show a smaller change of a tremor's amplitude, per cent of the
 * first (science.md 6.5: Elb17, CPA20). */
static const double TREMOR_AMPLITUDE_MDC = 60.0;

static const char BELOW[] = "The change is smaller than what two sessions can show.";

static void put_side(const myo_pooled *p, myo_metric_id metric, int64_t *n, int64_t *events,
                     double *exposure_h, double *estimate) {
    *n = p ? p->n_recordings : 0;
    if (p) {
        *events = p->n;
        *exposure_h = p->exposure_s / 3600.0;
        *estimate = myo_pooled_value(p, metric);
    }
}

static bool is_one_session(const myo_single *q, const myo_pooled *p) {
    const myo_study_row *row = q->c->results.recordings.row;
    for (int i = 1; p && i < p->n_recordings; i++) {
        if (strcmp(row[p->measure[i].row].session, row[p->measure[0].row].session) != 0) {
            return false;
        }
    }
    return true;
}

myo_cmp_row myo_single_row(const myo_single *q) {
    const myo_comparison *c = q->c;
    myo_cmp_row r =
        myo_cmp_row_of(c, q->o, c->conditions.name[q->reference], c->conditions.name[q->contrast]);
    r.participant = c->participants.name[q->participant];
    r.family = q->participant;
    r.mdc = q->mdc;
    put_side(q->ref, q->o->metric, &r.n_reference, &r.events_reference, &r.exposure_reference_h,
             &r.estimate_reference);
    put_side(q->con, q->o->metric, &r.n_contrast, &r.events_contrast, &r.exposure_contrast_h,
             &r.estimate_contrast);
    if (isnan(r.mdc) && is_one_session(q, q->ref) && is_one_session(q, q->con)) {
        r.caveat = "One pair of sessions cannot tell a change from day-to-day scatter.";
    }
    return r;
}

/* Size of the change as the mdc counts it: per cent of the larger side for ratios. */
static double size_of(const myo_outcome *o, double effect) {
    if (!myo_metrics[o->metric].ratio_name) {
        return fabs(effect);
    }
    return 100.0 * (1.0 - (effect > 1.0 ? 1.0 / effect : effect));
}

void myo_warn_mdc(myo_comparison *c, const myo_outcome *o, myo_cmp_row *row) {
    const bool tremor_peak =
        o->metric == MYO_METRIC_PEAK && strcmp(c->types.name[o->type], "tremor") == 0;
    const double change = size_of(o, row->effect);
    if (isnan(row->effect)) {
        return;
    }
    if (!isnan(row->mdc) && change < row->mdc) {
        row->caveat = BELOW;
        myo_cmp_row_warn(c, row, "below the minimal detectable change of one person");
    } else if (isnan(row->mdc) && tremor_peak && change < TREMOR_AMPLITUDE_MDC) {
        row->caveat = BELOW;
        myo_cmp_row_warn(c, row, "below what two sessions can show (about 60 %% of the amplitude)");
    } else if (isnan(row->mdc) && o->role == MYO_PRIMARY) {
        myo_cmp_row_warn(c, row,
                         "no repeated baseline: how much sessions differ anyway is unknown");
    }
}

/* People with recordings under both conditions. */
static int n_people(const myo_single *q) {
    int n = 0;
    for (int i = 0; i < q->c->participants.n; i++) {
        n += myo_compare_has(q->c, i, q->reference) && myo_compare_has(q->c, i, q->contrast);
    }
    return n;
}

void myo_warn_single(const myo_single *q, myo_cmp_row *row) {
    const int left_out = q->ref->n_no_exposure + q->con->n_no_exposure;
    if (left_out > 0) {
        myo_cmp_row_warn(q->c, row, "%d of %d recordings without usable time, left out", left_out,
                         q->ref->n_recordings + q->con->n_recordings);
    }
    if (row->level < MYO_SINGLE_LEVEL - 1e-9) {
        myo_cmp_row_warn(q->c, row,
                         "so few events or bins of time cannot give an interval of 95 %%: attained "
                         "%.1f %%",
                         100.0 * row->level);
    }
    const int people = q->o->role == MYO_PRIMARY ? n_people(q) : 1;
    if (people > 1) {
        myo_cmp_row_warn(q->c, row, "one of %d people, not adjusted for their number", people);
    }
}
