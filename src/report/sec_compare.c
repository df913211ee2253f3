/* sec_compare.c - every row of the comparison, what is only exploratory marked as such. */
#include <math.h>
#include <string.h>
#include "report/esc.h"
#include "report/report.h"

enum { MAX_ROWS = 600 };

static bool has(const myo_rep *r) {
    return r->n_cmps > 0;
}

static void write_count(myo_page *p, double n, double events, double hours) {
    myo_page_int(p, n);
    myo_page_int(p, events);
    myo_page_num(p, hours, 4);
}

static void write_p(myo_page *p, double v) {
    myo_page_cell(p, "n");
    myo_esc_p(&p->b, v);
    myo_page_cell_end(p);
}

static void write_row(myo_page *p, const myo_rep_cmp *c) {
    char word[64];
    myo_page_row(p, c->role == MYO_REP_PRIMARY       ? "lead"
                    : c->role == MYO_REP_EXPLORATORY ? "expl"
                                                     : "");
    myo_page_th(p, myo_role_word(c->role));
    myo_page_td(p, c->participant);
    myo_page_td(p, c->type);
    myo_page_td(p, c->channel);
    myo_page_td(p, c->metric);
    myo_page_td(p, c->indeterminate);
    myo_page_td(p, c->reference);
    write_count(p, c->n_reference, c->events_reference, c->exposure_reference_h);
    myo_page_num(p, c->estimate_reference, 4);
    myo_page_td(p, c->contrast);
    write_count(p, c->n_contrast, c->events_contrast, c->exposure_contrast_h);
    myo_page_num(p, c->estimate_contrast, 4);
    myo_page_td(p, myo_effect_word(c->effect_name, word));
    myo_page_num(p, c->effect, 3);
    myo_page_limits(p, c->low, c->high, 3);
    myo_page_num(p, c->level, 4);
    write_p(p, c->p);
    write_p(p, c->p_adjusted);
    myo_page_td(p, c->adjustment);
    myo_page_td(p, c->test);
    myo_page_num(p, c->mdc, 3);
    myo_page_td(p, c->warning);
    myo_page_row_end(p);
}

static void write_note(myo_rep *r) {
    size_t n[MYO_REP_N_ROLE] = {0};
    for (size_t i = 0; i < r->n_cmps; i++) {
        n[r->cmp[i].role]++;
    }
    myo_page_para_begin(&r->page, "");
    myo_buf_printf(
        &r->page.b,
        "%zu primary, %zu supporting, %zu confirmatory and %zu exploratory rows. Only the primary "
        "outcome and the confirmatory family, with its adjusted p values, carry claims. "
        "<strong>Exploratory rows do not</strong>: among many of them some look striking by "
        "chance.",
        n[MYO_REP_PRIMARY], n[MYO_REP_SUPPORTING], n[MYO_REP_CONFIRMATORY], n[MYO_REP_EXPLORATORY]);
    myo_page_para_end(&r->page);
    if (r->n_cmps > MAX_ROWS) {
        myo_page_para_begin(&r->page, "note");
        myo_buf_printf(&r->page.b, "Shown are the first %d of %zu rows; comparison.tsv has all.",
                       (int)MAX_ROWS, r->n_cmps);
        myo_page_para_end(&r->page);
    }
}

static myo_err write(myo_rep *r) {
    static const char *const heads[] = {
        "role",      "person",  "type",    "channel",     "metric",     "indeterminate events",
        "reference", "#n",      "#events", "#hours",      "#value",     "contrast",
        "#n",        "#events", "#hours",  "#value",      "effect",     "#estimate",
        "#interval", "#level",  "#p",      "#p adjusted", "adjustment", "test",
        "#MDC",      "warning"};
    write_note(r);
    myo_page_fold(&r->page, "All comparisons");
    myo_page_table(&r->page, "All comparisons", heads, sizeof heads / sizeof heads[0]);
    for (size_t i = 0; i < r->n_cmps && i < MAX_ROWS; i++) {
        write_row(&r->page, &r->cmp[i]);
        MYO_TRY(myo_page_flush(&r->page));
    }
    myo_page_table_end(&r->page);
    myo_page_para(
        &r->page, "note",
        "n: people (recordings, where one person is compared). MDC: the least change that the "
        "scatter of "
        "repeated baselines lets one tell from none; n/a where no baseline was repeated.");
    myo_page_fold_end(&r->page);
    return MYO_OK;
}

const myo_rep_section myo_sec_comparisons = {"comparisons", "All comparisons", has, write};
