/* sec_result.c - the answer: the primary outcome in words, as a figure and as a table. */
#include <math.h>
#include <string.h>
#include "report/esc.h"
#include "report/cells.h"

enum { MAX_SENTENCES = 60 };

static bool has_result(myo_rep *r) {
    return r->is_study || r->is_comparison;
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

/* The sentence's reading in short, and what the interval says about "no change". */
static void put_reading(myo_page *p, const myo_rep_cmp *c) {
    const myo_claim q = myo_cmp_claim(c);
    const bool trend = q.kind == MYO_CLAIM_TREND;
    const bool bare = !myo_claim_has_interval(&q), clear = myo_claim_is_clear(&q);
    switch (myo_claim_read(&q)) {
    case MYO_READING_NONE:
        myo_page_text(p, "not tested: there is no interval");
        return;
    case MYO_READING_FEW:
        myo_page_text(p, "too few to say");
        break;
    case MYO_READING_UNSHOWN:
        myo_page_text(p, trend ? "no trend shown" : "no difference shown");
        break;
    case MYO_READING_SHOWN:
        myo_page_text(p, trend ? "a trend is shown" : "a difference is shown");
        break;
    }
    if (bare) {
        myo_page_text(p, " (by p; there is no interval)");
        return;
    }
    myo_buf_puts(&p->b, ": the ");
    myo_esc_g(&p->b, 100.0 * c->level, 3);
    myo_buf_printf(&p->b, " %% interval %s &quot;no change&quot;", clear ? "leaves out" : "holds");
    if (clear && myo_claim_read(&q) == MYO_READING_UNSHOWN) {
        myo_page_text(p, myo_cmp_is_adjusted(c) ? ", but the adjusted p does not agree"
                                                : ", but p does not agree");
    }
}

static void write_row(myo_page *p, const myo_rep_cmp *c) {
    myo_page_row(p, "");
    myo_cell_outcome(p, c);
    myo_cell_side(p, c, 0);
    myo_cell_side(p, c, 1);
    myo_cell_effect(p, c);
    myo_cell_p(p, c);
    myo_page_cell(p, "read");
    put_reading(p, c);
    myo_page_cell_end(p);
    myo_cell_notes(p, c);
    myo_page_row_end(p);
}

static void write_table(myo_rep *r) {
    static const char *const heads[] = {
        "outcome", "#reference", "#contrast",          "#effect and interval",
        "#p",      "reading",    "method and warnings"};
    size_t rows = 0;
    myo_page_table(&r->page, "Primary outcome", heads, 7);
    for (size_t i = 0; i < r->n_cmps && rows < MAX_SENTENCES; i++) {
        if (r->cmp[i].role == MYO_REP_PRIMARY) {
            write_row(&r->page, &r->cmp[i]);
            rows++;
        }
    }
    myo_page_table_end(&r->page);
}

static myo_err write(myo_rep *r) {
    if (r->origin == MYO_REP_ORIGIN_OTHER) {
        myo_page_para(&r->page, "bad",
                      "comparison.tsv was made from other results: run compare again. Nothing of "
                      "it is shown here.");
        return MYO_OK;
    }
    if (r->comparison.n_cols == 0) {
        myo_page_para(&r->page, "",
                      "Conditions have not been compared in this folder: it has no comparison.tsv "
                      "(myotab compare makes it).");
        return MYO_OK;
    }
    if (r->origin == MYO_REP_ORIGIN_UNKNOWN) {
        myo_page_para(&r->page, "use",
                      "The origin of comparison.tsv is unknown: without its comparison_run.json "
                      "nothing proves that it was made from these results.");
    }
    if (!myo_rep_primary(r)) {
        myo_page_para(&r->page, "",
                      "The comparison names no primary outcome, so nothing can be claimed from it; "
                      "all its rows are below.");
        myo_rep_draw(r, "result");
        return MYO_OK;
    }
    write_sentences(r);
    myo_rep_draw(r, "result");
    write_table(r);
    return MYO_OK;
}

const myo_rep_section myo_sec_result = {"result", "Result", has_result, write};

/* ---- each person ---- */

static bool has_people(myo_rep *r) {
    return r->is_study && myo_rep_has_figure(r, "people");
}

static myo_err write_people(myo_rep *r) {
    myo_rep_draw(r, "people");
    return MYO_OK;
}

const myo_rep_section myo_sec_people = {"people", "Each person", has_people, write_people};
