/* row.c - rows of the comparison, and the texts they hold. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "base/base.h"
#include "compare/compare.h"
#include "myotab/stop.h"

/* The least p that is printed: an exact one may be smaller than a double holds. */
static const double P_MIN = 1e-300;

myo_cmp_row myo_cmp_row_none(void) {
    return (myo_cmp_row){
        .n_reference = MYO_NO_INT,
        .n_contrast = MYO_NO_INT,
        .events_reference = MYO_NO_INT,
        .events_contrast = MYO_NO_INT,
        .exposure_reference_h = NAN,
        .exposure_contrast_h = NAN,
        .estimate_reference = NAN,
        .estimate_contrast = NAN,
        .effect = NAN,
        .low = NAN,
        .high = NAN,
        .level = NAN,
        .p = NAN,
        .p_adjusted = NAN,
        .resamples = MYO_NO_INT,
        .mdc = NAN,
        .x_range = NAN,
        .n_studies = MYO_NO_INT,
        .n_people = MYO_NO_INT,
        .role = MYO_EXPLORATORY,
    };
}

myo_cmp_row myo_cmp_row_of(const myo_comparison *c, const myo_outcome *o, const char *reference,
                           const char *contrast) {
    myo_cmp_row r = myo_cmp_row_none();
    r.trial_type = c->types.name[o->type];
    r.channel = c->channels.name[o->channel];
    r.metric = myo_metrics[o->metric].name;
    r.effect_name = myo_metrics[o->metric].ratio_name ? myo_metrics[o->metric].ratio_name
                                                      : myo_metrics[o->metric].diff_name;
    r.reference = reference;
    r.contrast = contrast;
    r.role = o->role;
    return r;
}

myo_err myo_compare_nothing(myo_comparison *c, const myo_outcome *o, const char *reference,
                            const char *contrast, const char *why) {
    myo_cmp_row r = myo_cmp_row_of(c, o, reference, contrast);
    myo_cmp_row_warn(c, &r, "%s", why);
    return myo_compare_add(c, &r);
}

static const char *text_va(myo_comparison *c, const char *fmt, va_list ap) {
    va_list again;
    va_copy(again, ap);
    const int n = vsnprintf(NULL, 0, fmt, ap);
    void *texts = c->text;
    char *s = n < 0 ? NULL : myo_alloc((size_t)n + 1, 1);
    if (!s || myo_grow(&texts, &c->cap_text, c->n_text + 1, sizeof *c->text) != MYO_OK) {
        va_end(again);
        myo_free(s);
        myo_fail(c->d, MYO_ERR_NOMEM, "no memory for the comparison's texts");
        return "";
    }
    c->text = texts;
    c->text[c->n_text++] = s;
    vsnprintf(s, (size_t)n + 1, fmt, again);
    va_end(again);
    return s;
}

const char *myo_compare_text(myo_comparison *c, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    const char *s = text_va(c, fmt, ap);
    va_end(ap);
    return s;
}

void myo_cmp_row_warn(myo_comparison *c, myo_cmp_row *row, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    const char *s = text_va(c, fmt, ap);
    va_end(ap);
    if (row->warning && strstr(row->warning, s)) {
        return; /* told */
    }
    row->warning = row->warning ? myo_compare_text(c, "%s; %s", row->warning, s) : s;
}

void myo_cmp_row_test(myo_comparison *c, myo_cmp_row *row, const myo_test *t) {
    row->effect = t->estimate;
    row->low = t->low;
    row->high = t->high;
    row->level = isnan(t->low) && isnan(t->high) ? NAN : t->level;
    row->p = t->p;
    row->resamples = t->resamples > 0 ? t->resamples : MYO_NO_INT;
    if (t->why) {
        myo_cmp_row_warn(c, row, "%s", t->why);
    }
}

void myo_cmp_row_log_test(myo_comparison *c, myo_cmp_row *row, const myo_test *t) {
    myo_test back = *t;
    back.estimate = exp(t->estimate);
    back.low = exp(t->low);
    back.high = exp(t->high);
    myo_cmp_row_test(c, row, &back);
}

/* No inf, no p = 0 in the table: what is missing has its reason. */
static void printable(myo_comparison *c, myo_cmp_row *r) {
    if (isinf(r->effect)) {
        myo_cmp_row_warn(c, r, "no finite effect: nothing under the reference");
        r->effect = NAN;
    }
    if (isinf(r->high)) {
        myo_cmp_row_warn(c, r, "no upper limit: the interval is open above");
        r->high = NAN;
    }
    if (isinf(r->low)) {
        myo_cmp_row_warn(c, r, "no lower limit: the interval is open below");
        r->low = NAN;
    }
    if (r->p < P_MIN) {
        myo_cmp_row_warn(c, r, "p is below the number printed");
        r->p = P_MIN;
    }
}

myo_err myo_compare_add(myo_comparison *c, const myo_cmp_row *row) {
    if (myo_stop_requested()) {
        return myo_fail(c->d, MYO_ERR_STOPPED, "stopped by a signal");
    }
    void *rows = c->row;
    if (myo_grow(&rows, &c->cap_rows, c->n_rows + 1, sizeof *c->row) != MYO_OK) {
        return myo_fail(c->d, MYO_ERR_NOMEM, "no memory for %zu rows", c->n_rows + 1);
    }
    c->row = rows;
    c->row[c->n_rows] = *row;
    printable(c, &c->row[c->n_rows++]);
    return MYO_OK;
}
