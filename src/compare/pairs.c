/* pairs.c - the same people under two conditions: their values side by side. */
#include <string.h>
#include "base/base.h"
#include "compare/mdc.h"
#include "compare/pairs.h"

static bool same_unit(const myo_pooled *a, const myo_pooled *b) {
    return a->unit && b->unit && strcmp(a->unit, b->unit) == 0;
}

/* science.md 6.3: d = ln((n_con + 1/2) / T_con) - ln((n_ref + 1/2) / T_ref). Without any event d
 * would be ln(T_ref / T_con): a matter of the exposures only. */
static void add_difference(const myo_outcome *o, const myo_pooled *ref, const myo_pooled *con,
                           myo_pairs *p) {
    const double d = myo_metric_scaled(con, o->metric) - myo_metric_scaled(ref, o->metric);
    if (o->metric == MYO_METRIC_RATE && ref->n + con->n == 0) {
        p->n_no_event++;
    } else if (o->metric == MYO_METRIC_PEAK && !isnan(d) && !same_unit(ref, con)) {
        p->n_units++;
    } else if (!isfinite(d)) {
        p->n_no_value++;
    } else {
        p->pair[p->n] = p->n_pairs;
        p->d[p->n++] = d;
    }
}

/* A cell whose indeterminate events count. */
static myo_pooled counted(const myo_pooled *p, bool indeterminate_in) {
    myo_pooled copy = *p;
    copy.n += indeterminate_in ? p->n_indeterminate : 0;
    return copy;
}

/* The same change must be the same number, and no change 0, whatever rounding did on the way: ranks
 * hang on ties. Steps of 2^-40 of the largest value are far below the tables' six digits. */
static void round_differences(const myo_outcome *o, myo_pairs *p) {
    double largest = 0.0;
    for (int i = 0; i < p->n; i++) {
        const int k = p->pair[i];
        largest = fmax(largest, fmax(fabs(myo_metric_scaled(&p->ref[k], o->metric)),
                                     fabs(myo_metric_scaled(&p->con[k], o->metric))));
    }
    const double step = largest > 0.0 ? ldexp(1.0, ilogb(largest) - 40) : 1.0;
    for (int i = 0; i < p->n && largest > 0.0; i++) {
        p->d[i] = nearbyint(p->d[i] / step) * step;
    }
}

static void add_person(const myo_outcome *o, const myo_pooled *ref, const myo_pooled *con,
                       bool indeterminate_in, myo_pairs *p) {
    if (!ref || !con) {
        p->n_incomplete += ref || con;
    } else if (!(ref->exposure_s > 0.0 && con->exposure_s > 0.0)) {
        p->n_no_exposure++;
    } else {
        p->ref[p->n_pairs] = counted(ref, indeterminate_in);
        p->con[p->n_pairs] = counted(con, indeterminate_in);
        add_difference(o, &p->ref[p->n_pairs], &p->con[p->n_pairs], p);
        p->n_pairs++;
    }
}

myo_err myo_pairs_of(const myo_comparison *c, const myo_outcome *o, int reference, int contrast,
                     bool indeterminate_in, myo_pairs *out) {
    const size_t n = (size_t)c->participants.n + 1;
    myo_pairs p = {.ref = myo_alloc(n, sizeof *p.ref), .con = myo_alloc(n, sizeof *p.con)};
    p.d = myo_alloc(n, sizeof *p.d);
    p.pair = myo_alloc(n, sizeof *p.pair);
    if (!p.ref || !p.con || !p.d || !p.pair) {
        myo_pairs_clear(&p);
        return MYO_ERR_NOMEM;
    }
    for (int i = 0; i < c->participants.n; i++) {
        add_person(o, myo_compare_cell(c, i, reference, o->channel, o->type),
                   myo_compare_cell(c, i, contrast, o->channel, o->type), indeterminate_in, &p);
    }
    round_differences(o, &p);
    *out = p;
    return MYO_OK;
}

void myo_pairs_clear(myo_pairs *p) {
    myo_free(p->ref);
    myo_free(p->con);
    myo_free(p->d);
    myo_free(p->pair);
    *p = (myo_pairs){0};
}
