/* cells.c - a row of the comparison as few, readable cells. */
#include <math.h>
#include <string.h>
#include "report/cells.h"
#include "report/esc.h"

static void second_line(myo_page *p) {
    myo_buf_puts(&p->b, "<br/><span class=\"na\">");
}

void myo_cell_outcome(myo_page *p, const myo_rep_cmp *c) {
    myo_buf_puts(&p->b, "<th scope=\"row\">");
    myo_page_text(p, c->type);
    myo_buf_puts(&p->b, ", ");
    myo_page_text(p, myo_metric_word(c->metric));
    if (myo_metric_unit(c->metric)[0]) {
        myo_buf_puts(&p->b, " ");
        myo_page_text(p, myo_metric_unit(c->metric));
    }
    second_line(p);
    if (strcmp(c->design, "forest") == 0) {
        if (c->study[0]) {
            myo_buf_puts(&p->b, "study ");
            myo_page_name(p, c->study);
        } else {
            myo_buf_puts(&p->b, "all studies together");
        }
        myo_buf_puts(&p->b, "<br/>");
    }
    if (strcmp(c->channel, "all") == 0) {
        myo_buf_puts(&p->b, "all channels");
    } else if (strcmp(c->channel, "clinician") == 0) { /* compare.h: no channel of a recording */
        myo_buf_puts(&p->b, "seen by the clinician");
    } else {
        myo_buf_puts(&p->b, "channel ");
        myo_page_name(p, c->channel);
    }
    myo_buf_puts(&p->b, "</span></th>");
}

/* "5 of 25 people" */
static void put_share(myo_page *p, double had, double n) {
    myo_esc_fixed(&p->b, had, 0);
    myo_buf_puts(&p->b, " of ");
    myo_esc_fixed(&p->b, n, 0);
    myo_buf_puts(&p->b, n == 1.0 ? " person" : " people");
}

/* "812 events, 2 h"; of what people have once, how many of them had it. */
static void put_events(myo_page *p, const myo_rep_cmp *c, int side) {
    const double events = side ? c->events_contrast : c->events_reference;
    const double hours = side ? c->exposure_contrast_h : c->exposure_reference_h;
    const bool once = myo_claim_is_exact(c->metric);
    second_line(p);
    if (once) {
        put_share(p, events, side ? c->n_contrast : c->n_reference);
    } else {
        myo_esc_fixed(&p->b, events, 0);
        myo_buf_puts(&p->b, events == 1.0 ? " event" : " events");
    }
    if (isfinite(hours) && (hours > 0.0 || !once)) {
        myo_buf_puts(&p->b, ", ");
        myo_esc_g(&p->b, hours, 4);
        myo_buf_puts(&p->b, " h");
    }
    myo_buf_puts(&p->b, "</span>");
}

void myo_cell_side(myo_page *p, const myo_rep_cmp *c, int side) {
    const char *label = side ? c->contrast : c->reference;
    const double value = side ? c->estimate_contrast : c->estimate_reference;
    const double events = side ? c->events_contrast : c->events_reference;
    myo_page_cell(p, "n");
    if (label[0]) {
        myo_page_name(p, label);
    } else {
        myo_buf_puts(&p->b, "<span class=\"na\">n/a</span>");
    }
    if (isfinite(value)) {
        myo_buf_puts(&p->b, ": <strong>");
        myo_esc_g(&p->b, value, 4);
        myo_buf_puts(&p->b, "</strong>");
    }
    if (isfinite(events)) {
        put_events(p, c, side);
    }
    myo_page_cell_end(p);
}

void myo_cell_effect(myo_page *p, const myo_rep_cmp *c) {
    char word[64];
    const double none = myo_effect_none(c->effect_name);
    myo_page_cell(p, "n");
    myo_esc_text(&p->b, myo_effect_word(c->effect_name, word));
    myo_buf_puts(&p->b, ": <strong>");
    myo_esc_g_off(&p->b, c->effect, 3, none);
    myo_buf_puts(&p->b, "</strong>");
    if (isfinite(c->low) || isfinite(c->high)) {
        myo_buf_puts(&p->b, "<br/>");
        myo_esc_g_off(&p->b, c->low, 3, none);
        myo_buf_puts(&p->b, " to ");
        myo_esc_g_off(&p->b, c->high, 3, none);
    }
    if (isfinite(c->level)) {
        myo_buf_puts(&p->b, " <span class=\"na\">(");
        myo_esc_g(&p->b, 100.0 * c->level, 3);
        myo_buf_puts(&p->b, " %)</span>");
    }
    if (isfinite(c->mdc)) {
        second_line(p);
        myo_buf_puts(&p->b, "MDC ");
        myo_esc_g(&p->b, c->mdc, 3);
        myo_buf_puts(&p->b, "</span>");
    }
    myo_page_cell_end(p);
}

void myo_cell_p(myo_page *p, const myo_rep_cmp *c) {
    myo_page_cell(p, "n");
    myo_esc_p(&p->b, c->p);
    if (isfinite(c->p_adjusted) && myo_cmp_is_adjusted(c)) {
        second_line(p);
        myo_esc_text(&p->b, c->adjustment);
        myo_buf_puts(&p->b, ": ");
        myo_esc_p(&p->b, c->p_adjusted);
        myo_buf_puts(&p->b, "</span>");
    }
    myo_page_cell_end(p);
}

static void note(myo_page *p, const char *before, const char *text, int *n) {
    if (text[0]) {
        myo_buf_puts(&p->b, (*n)++ > 0 ? "<br/>" : "");
        myo_buf_puts(&p->b, before);
        myo_page_name(p, text);
    }
}

/* "n = 12 and 12", or the one of them that is known */
static void put_people(myo_page *p, const myo_rep_cmp *c, int *n) {
    const bool a = isfinite(c->n_reference), b = isfinite(c->n_contrast);
    if (!a && !b) {
        return;
    }
    myo_buf_puts(&p->b, "n = ");
    myo_esc_fixed(&p->b, a ? c->n_reference : c->n_contrast, 0);
    if (a && b) {
        myo_buf_puts(&p->b, " and ");
        myo_esc_fixed(&p->b, c->n_contrast, 0);
    }
    (*n)++;
}

void myo_cell_notes(myo_page *p, const myo_rep_cmp *c) {
    int n = 0;
    myo_page_cell(p, "notes");
    put_people(p, c, &n);
    note(p, "person ", c->participant, &n);
    note(p, "", c->test, &n);
    note(p, "", strcmp(c->indeterminate, "included") == 0 ? "indeterminate events counted in" : "",
         &n);
    note(p, "", c->warning, &n);
    myo_page_cell_end(p);
}
