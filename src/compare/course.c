/* course.c - the time course of a rate after an infusion (science.md 6.5): rates in bins, which
 * assume nothing, and two fitted curves. */
#include <string.h>
#include "base/base.h"
#include "compare/course.h"
#include "compare/events.h"
#include "compare/words.h"
#include "stats/decay.h"
#include "stats/exact.h"

static const double LEVEL = 0.95, MIN_PER_H = 60.0;
/* Pearson's chi-squared over its degrees of freedom: above, Poisson's intervals are too narrow. */
static const double SCATTERED = 1.5;
/* Edges in minutes from the dose; the first bin is the reference. */
static const double edges[] = {-15.0, 0.0, 15.0, 30.0, 60.0, 120.0};
enum { N_BINS = sizeof edges / sizeof edges[0] - 1, COURSE_RESAMPLES = 2000 };

typedef struct course {
    myo_comparison *c;
    const myo_outcome *o;
    myo_course_bin bin[N_BINS]; /* exposure in h */
    int n_people, n_missing; /* n_missing: recordings without a table of events, left out */
} course;

/* --- counts in bins --- */

static void add_exposure(course *k, double from, double to, double usable_h) {
    for (int i = 0; i < N_BINS; i++) {
        const double inside = fmin(to, k->bin[i].end) - fmax(from, k->bin[i].start);
        if (inside > 0.0 && to > from) {
            k->bin[i].exposure += usable_h * inside / (to - from);
        }
    }
}

static void add_event(void *user, const myo_marks *r, const myo_mark *m, bool counts, double from) {
    course *k = user;
    (void)from;
    const double minute =
        k->c->results.recordings.row[r->row].minutes_from_dose + m->on / MIN_PER_H;
    for (int i = 0; i < N_BINS; i++) {
        k->bin[i].count += counts && minute >= k->bin[i].start && minute < k->bin[i].end;
    }
}

/* A recording's usable time is spread evenly over its length: gaps are known in total only. */
static void add_recording(course *k, const myo_marks *r, const myo_pooled *cell) {
    const double dose = k->c->results.recordings.row[r->row].minutes_from_dose;
    for (int i = 0; !isnan(dose) && i < cell->n_recordings; i++) {
        if (cell->measure[i].row == r->row) {
            const double usable_s = cell->measure[i].exposure_s;
            const double length_s = fmax(usable_s, isnan(r->length_s) ? 0.0 : r->length_s);
            const double from = dose + r->start_s / MIN_PER_H;
            add_exposure(k, from, from + length_s / MIN_PER_H, usable_s / 3600.0);
        }
    }
}

static myo_err add_side(course *k, int participant, int condition, bool *seen) {
    myo_side side = {0};
    const myo_pooled *cell =
        myo_compare_cell(k->c, participant, condition, k->o->channel, k->o->type);
    if (!cell) {
        return MYO_OK;
    }
    MYO_TRY(myo_side_read(k->c, participant, condition, &side));
    const myo_wanted w = {.channel = k->o->channel,
                          .type = k->o->type,
                          .all = strcmp(k->c->channels.name[k->o->channel], "all") == 0};
    for (size_t i = 0; i < side.n_recordings; i++) {
        const myo_marks *r = &side.recording[i];
        const bool timed = !isnan(k->c->results.recordings.row[r->row].minutes_from_dose);
        k->n_missing += timed && r->missing;
        if (timed && !r->missing) {
            add_recording(k, r, cell);
            myo_marks_visit(r, &w, add_event, k);
            *seen = true;
        }
    }
    myo_side_clear(&side);
    return MYO_OK;
}

static myo_err count_all(course *k) {
    for (int i = 0; i < N_BINS; i++) {
        k->bin[i] = (myo_course_bin){edges[i], edges[i + 1], 0.0, 0.0};
    }
    for (int p = 0; p < k->c->participants.n; p++) {
        bool seen = false;
        for (int q = 0; q < k->c->conditions.n; q++) {
            MYO_TRY(add_side(k, p, q, &seen));
        }
        k->n_people += seen;
    }
    return MYO_OK;
}

/* --- rows --- */

/* No minus sign in front: a spreadsheet would take it for a formula. */
static const char *bin_name(myo_comparison *c, const myo_course_bin *b) {
    return b->start < 0.0 ? myo_compare_text(c, "%g to %g min before dose", -b->start, fabs(b->end))
                          : myo_compare_text(c, "%g to %g min after dose", b->start, b->end);
}

static void tell_missing(const course *k, myo_cmp_row *r) {
    if (k->n_missing > 0) {
        myo_cmp_row_warn(k->c, r, "%s without a table of events, left out",
                         myo_say_count(k->c, k->n_missing, "recording", "recordings"));
    }
}

static myo_cmp_row row_of(course *k, const char *reference, const char *contrast) {
    myo_cmp_row r = myo_cmp_row_of(k->c, k->o, reference, contrast);
    r.role = MYO_SUPPORTING;
    tell_missing(k, &r);
    if (k->n_people > 1) {
        myo_cmp_row_warn(
            k->c, &r, "%d people pooled as one: the interval takes no account of their differences",
            k->n_people);
    }
    return r;
}

static void put_side(const myo_course_bin *b, int64_t *events, double *hours, double *rate) {
    *events = (int64_t)b->count;
    *hours = b->exposure;
    *rate = b->exposure > 0.0 ? b->count / b->exposure : NAN;
}

static myo_err add_bin(course *k, int i) {
    const myo_course_bin *ref = &k->bin[0], *con = &k->bin[i];
    myo_cmp_row r = row_of(k, bin_name(k->c, ref), bin_name(k->c, con));
    r.test = "conditional exact, Clopper-Pearson";
    put_side(ref, &r.events_reference, &r.exposure_reference_h, &r.estimate_reference);
    put_side(con, &r.events_contrast, &r.exposure_contrast_h, &r.estimate_contrast);
    const myo_test t = myo_rate_ratio((int64_t)ref->count, ref->exposure, (int64_t)con->count,
                                      con->exposure, LEVEL);
    myo_cmp_row_test(k->c, &r, &t);
    return myo_compare_add(k->c, &r);
}

typedef struct form {
    myo_course_form form;
    const char *effect, *speed, *test;
} form;
static const form forms[] = {
    {MYO_COURSE_BUILDS, "share_removed_in_the_end", "onset_rate_per_min",
     "course that builds up (Poisson likelihood, parametric bootstrap)"},
    {MYO_COURSE_WEARS, "share_removed_at_once", "recovery_rate_per_min",
     "course that wears off (Poisson likelihood, parametric bootstrap)"},
};

/* Where counts scatter more than Poisson's about the curve, they are drawn so in the bootstrap too. */
static myo_err fit_course(const course *k, const form *f, myo_course *fit) {
    myo_course_opts opts = {LEVEL, 1.0, k->c->job->seed, 0};
    MYO_TRY(myo_course_fit(fit, k->bin, N_BINS, f->form, &opts));
    opts.fano = fit->dispersion > SCATTERED ? fit->dispersion : 1.0;
    opts.resamples = COURSE_RESAMPLES;
    return myo_course_fit(fit, k->bin, N_BINS, f->form, &opts);
}

static myo_err add_fit(course *k, const form *f) {
    myo_course fit;
    MYO_TRY(fit_course(k, f, &fit));
    const myo_test none = myo_test_none(fit.why);
    const myo_test *test[] = {fit.why ? &none : &fit.effect, fit.why ? &none : &fit.k};
    const char *name[] = {f->effect, f->speed};
    for (int i = 0; i < 2; i++) {
        myo_cmp_row r = row_of(k, bin_name(k->c, &k->bin[0]),
                               myo_compare_text(k->c, "0 to %g min after dose", edges[N_BINS]));
        r.effect_name = name[i];
        r.test = f->test;
        r.has_seed = !fit.why;
        myo_cmp_row_test(k->c, &r, test[i]);
        if (!fit.why && fit.dispersion > SCATTERED) {
            char scatter[24];
            myo_format_g(scatter, sizeof scatter, fit.dispersion, 3);
            myo_cmp_row_warn(k->c, &r, "counts scatter about the curve (%s times Poisson's): interval widened",
                             scatter);
        }
        MYO_TRY(myo_compare_add(k->c, &r));
    }
    return MYO_OK;
}

myo_err myo_compare_course(myo_comparison *c, const myo_outcome *o) {
    course k = {.c = c, .o = o};
    if (o->metric != MYO_METRIC_RATE) {
        return MYO_OK;
    }
    MYO_TRY(count_all(&k));
    if (!(k.bin[0].exposure > 0.0)) {
        return MYO_OK;
    }
    for (int i = 1; i < N_BINS; i++) {
        MYO_TRY(add_bin(&k, i));
    }
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        MYO_TRY(add_fit(&k, &forms[i]));
    }
    return MYO_OK;
}
