/* sec_result.c - the answer: the primary outcome in words, as a figure and as a table. */
#include <math.h>
#include <string.h>
#include "report/esc.h"
#include "report/report.h"

enum { MAX_SENTENCES = 60 };

static bool is_study(const myo_rep *r) {
    return r->is_study;
}

static void write_sentences(myo_rep *r) {
    int n = 0;
    for (size_t i = 0; i < r->n_cmps && n < MAX_SENTENCES; i++) {
        if (r->cmp[i].role == MYO_REP_PRIMARY && r->cmp[i].sentence[0]) {
            myo_page_para_begin(&r->page, "answer");
            myo_page_name(&r->page, r->cmp[i].sentence);
            myo_page_para_end(&r->page);
            n++;
        }
    }
    if (n == 0) {
        myo_page_para(&r->page, "note",
                      "The comparison has no sentence for its primary outcome; the table below "
                      "has its numbers.");
    }
}

/* What the interval says about "no change", in the same words whichever way it falls. */
static const char *verdict(const myo_rep_cmp *c) {
    const double none = myo_effect_none(c->effect_name);
    const bool low = isfinite(c->low), high = isfinite(c->high);
    if (!low && !high) {
        return "no interval: no statement";
    }
    if ((low && c->low > none) || (high && c->high < none)) {
        return "the interval excludes no change";
    }
    return "the interval includes no change";
}

/* "pre: 406" and below it "812 events in 2 h". */
static void write_side(myo_page *p, const char *label, double estimate, double events,
                       double hours) {
    myo_page_cell(p, "n");
    myo_page_name(p, label);
    myo_buf_puts(&p->b, ": <strong>");
    myo_esc_g(&p->b, estimate, 4);
    myo_buf_puts(&p->b, "</strong><br/><span class=\"na\">");
    myo_esc_fixed(&p->b, events, 0);
    myo_buf_puts(&p->b, events == 1.0 ? " event in " : " events in ");
    myo_esc_g(&p->b, hours, 4);
    myo_buf_puts(&p->b, " h</span>");
    myo_page_cell_end(p);
}

static void write_effect(myo_page *p, const myo_rep_cmp *c) {
    char word[64];
    myo_page_cell(p, "n");
    myo_esc_text(&p->b, myo_effect_word(c->effect_name, word));
    myo_buf_puts(&p->b, ": <strong>");
    myo_esc_g(&p->b, c->effect, 3);
    myo_buf_puts(&p->b, "</strong><br/>");
    myo_esc_g(&p->b, c->low, 3);
    myo_buf_puts(&p->b, " to ");
    myo_esc_g(&p->b, c->high, 3);
    if (isfinite(c->level)) {
        myo_buf_puts(&p->b, " <span class=\"na\">(");
        myo_esc_g(&p->b, 100.0 * c->level, 3);
        myo_buf_puts(&p->b, " %)</span>");
    }
    myo_page_cell_end(p);
}

static void write_outcome(myo_page *p, const myo_rep_cmp *c) {
    myo_buf_puts(&p->b, "<th scope=\"row\">");
    myo_page_text(p, c->type);
    myo_buf_puts(&p->b, ", ");
    myo_page_text(p, myo_metric_word(c->metric));
    if (myo_metric_unit(c->metric)[0]) {
        myo_buf_puts(&p->b, " ");
        myo_page_text(p, myo_metric_unit(c->metric));
    }
    myo_buf_puts(&p->b, "<br/><span class=\"na\">channel ");
    myo_page_name(p, c->channel);
    myo_buf_puts(&p->b, "</span></th>");
}

static void write_row(myo_page *p, const myo_rep_cmp *c, bool people) {
    myo_page_row(p, "");
    write_outcome(p, c);
    if (people) {
        myo_page_td(p, c->participant);
    }
    write_side(p, c->reference, c->estimate_reference, c->events_reference,
               c->exposure_reference_h);
    write_side(p, c->contrast, c->estimate_contrast, c->events_contrast, c->exposure_contrast_h);
    write_effect(p, c);
    myo_page_cell(p, "n");
    myo_esc_p(&p->b, c->p);
    myo_page_cell_end(p);
    myo_page_td(p, verdict(c));
    myo_page_td(p, c->warning);
    myo_page_row_end(p);
}

static void write_table(myo_rep *r) {
    static const char *const heads[] = {
        "outcome", "#reference", "#contrast", "#effect and interval", "#p", "reading", "warning"};
    static const char *const by_person[] = {
        "outcome", "person",  "#reference", "#contrast", "#effect and interval",
        "#p",      "reading", "warning"};
    const bool people = r->cmp[0].participant[0];
    size_t rows = 0;
    myo_page_table(&r->page, "Primary outcome", people ? by_person : heads, people ? 8 : 7);
    for (size_t i = 0; i < r->n_cmps && rows < MAX_SENTENCES; i++) {
        if (r->cmp[i].role == MYO_REP_PRIMARY) {
            write_row(&r->page, &r->cmp[i], people);
            rows++;
        }
    }
    myo_page_table_end(&r->page);
}

static myo_err write(myo_rep *r) {
    if (r->comparison.n_cols == 0) {
        myo_page_para(&r->page, "",
                      "Conditions have not been compared in this folder: it has no comparison.tsv "
                      "(myotab compare makes it).");
        return MYO_OK;
    }
    if (!myo_rep_primary(r)) {
        myo_page_para(&r->page, "",
                      "The comparison names no primary outcome, so nothing can be claimed from it; "
                      "all its rows are below.");
        return MYO_OK;
    }
    write_sentences(r);
    myo_rep_draw(r, "result");
    write_table(r);
    return MYO_OK;
}

const myo_rep_section myo_sec_result = {"result", "Result", is_study, write};

/* ---- each person ---- */

static bool has_people(const myo_rep *r) {
    return r->is_study && myo_rep_has_figure(r, "people");
}

static myo_err write_people(myo_rep *r) {
    myo_rep_draw(r, "people");
    return MYO_OK;
}

const myo_rep_section myo_sec_people = {"people", "Each person", has_people, write_people};
