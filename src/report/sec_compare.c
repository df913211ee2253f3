/* sec_compare.c - every row of the comparison, what is only exploratory marked as such. */
#include <string.h>
#include "report/cells.h"

enum { MAX_ROWS = 600 };

static bool has(myo_rep *r) {
    return r->n_cmps > 0;
}

static void write_row(myo_page *p, const myo_rep_cmp *c) {
    myo_page_row(p, c->role == MYO_REP_EXPLORATORY ? "expl" : "");
    myo_cell_outcome(p, c);
    myo_cell_side(p, c, 0);
    myo_cell_side(p, c, 1);
    myo_cell_effect(p, c);
    myo_cell_p(p, c);
    myo_cell_notes(p, c);
    myo_page_row_end(p);
}

/* The heading of a group of rows. */
static void write_role(myo_rep *r, size_t i) {
    static const char *const heads[MYO_REP_N_ROLE] = {
        "Primary outcome", "Supporting: other methods, other counts of events",
        "Confirmatory family", "Exploratory: no claim follows from these"};
    const myo_rep_role role = r->cmp[i].role;
    if (i == 0 || r->cmp[i - 1].role != role) {
        myo_buf_printf(&r->page.b,
                       "<tr><th class=\"group\" scope=\"rowgroup\" colspan=\"6\">%s</th></tr>\n",
                       heads[role]);
    }
}

static void write_note(myo_rep *r) {
    if (strcmp(r->cmp[0].design, "forest") == 0) {
        myo_page_para(&r->page, "",
                      "The studies, then all together by three methods. Nothing here is more than "
                      "exploratory: each study's own comparison says what it shows.");
        return;
    }
    size_t n[MYO_REP_N_ROLE] = {0};
    for (size_t i = 0; i < r->n_cmps; i++) {
        n[r->cmp[i].role]++;
    }
    myo_page_para_begin(&r->page, "");
    myo_buf_printf(
        &r->page.b,
        "%zu primary, %zu supporting, %zu confirmatory and %zu exploratory rows. Only the primary "
        "outcome and the confirmatory family carry claims, by their adjusted p values where some are given. "
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
        "outcome", "#reference", "#contrast", "#effect and interval", "#p", "method and warnings"};
    write_note(r);
    myo_page_fold(&r->page, "All comparisons");
    myo_page_table(&r->page, "All comparisons", heads, sizeof heads / sizeof heads[0]);
    for (size_t i = 0; i < r->n_cmps && i < MAX_ROWS; i++) {
        write_role(r, i);
        write_row(&r->page, &r->cmp[i]);
        MYO_TRY(myo_page_flush(&r->page));
    }
    myo_page_table_end(&r->page);
    myo_page_para(
        &r->page, "note",
        "n: people (recordings, where one person is compared). MDC: the least change that "
        "the scatter of repeated baselines lets one tell from none; absent where no "
        "baseline was repeated.");
    myo_page_fold_end(&r->page);
    return MYO_OK;
}

const myo_rep_section myo_sec_comparisons = {"comparisons", "All comparisons", has, write};
