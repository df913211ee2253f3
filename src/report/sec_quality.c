/* sec_quality.c - how good the data are: failures first, then usable time, doubts and warnings. */
#include <math.h>
#include <string.h>
#include "report/esc.h"
#include "report/report.h"

enum { MAX_RECS = 1000, MAX_WARNINGS = 300 };

static bool has(myo_rep *r) {
    return r->n_recs > 0 && !r->counts_only;
}

static void count(const myo_rep *r, size_t n[3]) {
    for (size_t i = 0; i < r->n_recs; i++) {
        n[r->rec[i].status]++;
    }
}

static void write_counts(myo_rep *r) {
    size_t n[3] = {0};
    count(r, n);
    if (!r->is_study) {
        myo_page_para(&r->page, "",
                      "A recording that failed leaves no table and is not on this page.");
        return;
    }
    myo_page_para_begin(&r->page, "");
    myo_buf_printf(&r->page.b, "%zu recording%s: %zu complete", r->n_recs,
                   r->n_recs == 1 ? "" : "s", n[MYO_ROW_DONE]);
    if (n[MYO_ROW_FAILED] > 0) {
        myo_buf_printf(&r->page.b, ", <span class=\"bad\">%zu failed</span>", n[MYO_ROW_FAILED]);
    }
    if (n[MYO_ROW_LEFT] > 0) {
        myo_buf_printf(&r->page.b, ", <span class=\"bad\">%zu not analysed yet</span>",
                       n[MYO_ROW_LEFT]);
    }
    myo_buf_puts(&r->page.b, ".");
    if (n[MYO_ROW_FAILED] + n[MYO_ROW_LEFT] == 0) {
        myo_buf_puts(&r->page.b, " None failed.");
    } else {
        myo_buf_puts(&r->page.b, " What is not complete is in no number on this page.");
    }
    myo_page_para_end(&r->page);
}

static void write_failures(myo_rep *r) {
    static const char *const heads[] = {"recording", "file", "status", "reason"};
    size_t n = 0;
    for (size_t i = 0; i < r->n_recs && n < MAX_RECS; i++) {
        const myo_rep_rec *rec = &r->rec[i];
        if (rec->status == MYO_ROW_DONE && !rec->reason[0]) {
            continue;
        }
        if (n++ == 0) {
            myo_page_table(&r->page, "Recordings that are not complete", heads, 4);
        }
        myo_page_row(&r->page, "");
        myo_page_th(&r->page, rec->name);
        myo_page_td(&r->page, rec->path);
        myo_page_td(&r->page, rec->status == MYO_ROW_FAILED ? "failed"
                              : rec->status == MYO_ROW_LEFT ? "left"
                              : rec->damaged                ? "not readable"
                                                            : "tables missing");
        myo_page_td(&r->page, rec->reason);
        myo_page_row_end(&r->page);
    }
    if (n > 0) {
        myo_page_table_end(&r->page);
    }
}

static void put_times(myo_page *p, double least, double most) {
    myo_page_cell(p, "n");
    myo_esc_span(&p->b, least);
    if (most > least) {
        myo_buf_puts(&p->b, " to ");
        myo_esc_span(&p->b, most);
    }
    myo_page_cell_end(p);
}

static void write_rec(myo_page *p, const myo_rep_rec *rec) {
    myo_page_row(p, "");
    myo_page_th(p, rec->name);
    myo_page_int(p, rec->n_channels);
    put_times(p, rec->usable_least_s, rec->usable_most_s);
    put_times(p, rec->masked_most_s, NAN);
    put_times(p, rec->gap_most_s, NAN);
    myo_page_int(p, rec->n_warnings + rec->n_suppressed);
    myo_page_td(p, rec->flags);
    myo_page_row_end(p);
}

static myo_err write_recs(myo_rep *r) {
    static const char *const heads[] = {
        "recording", "#channels",           "#usable", "#masked", "#gaps",
        "#warnings", "flags of any channel"};
    size_t n = 0;
    myo_page_fold(&r->page, "Usable time of every recording");
    myo_page_table(&r->page,
                   "Time: usable from the worst to the best channel; masked and in gaps, the most",
                   heads, 7);
    for (size_t i = 0; i < r->n_recs && n < MAX_RECS; i++) {
        if (r->rec[i].status == MYO_ROW_DONE && r->rec[i].n_channels > 0) {
            write_rec(&r->page, &r->rec[i]);
            MYO_TRY(myo_page_flush(&r->page));
            n++;
        }
    }
    myo_page_table_end(&r->page);
    if (n == MAX_RECS) {
        myo_page_para(
            &r->page, "note",
            "Only the first 1000 are shown; each recording's table of channels has its own.");
    }
    myo_page_fold_end(&r->page);
    return MYO_OK;
}

static void write_warnings(myo_rep *r) {
    static const char *const heads[] = {"recording", "warning"};
    size_t all = 0, n = 0;
    for (size_t i = 0; i < r->n_recs; i++) {
        all += (size_t)r->rec[i].n_warnings + (size_t)r->rec[i].n_suppressed;
    }
    if (all == 0) {
        myo_page_para(&r->page, "", "No recording gave a warning.");
        return;
    }
    char summary[80];
    snprintf(summary, sizeof summary, "%zu warning%s", all, all == 1 ? "" : "s");
    myo_page_fold(&r->page, summary);
    myo_page_table(&r->page, "Warnings", heads, 2);
    for (size_t i = 0; i < r->n_recs; i++) {
        for (int k = 0; k < r->rec[i].n_warnings && n < MAX_WARNINGS; k++, n++) {
            myo_page_row(&r->page, "");
            myo_page_th(&r->page, r->rec[i].name);
            myo_page_td(&r->page, r->rec[i].warnings[k]);
            myo_page_row_end(&r->page);
        }
    }
    myo_page_table_end(&r->page);
    if (n < all) {
        myo_page_para_begin(&r->page, "note");
        myo_buf_printf(&r->page.b,
                       "Shown are %zu of them; STEM_run.json of each recording has its own.", n);
        myo_page_para_end(&r->page);
    }
    myo_page_fold_end(&r->page);
}

static myo_err write(myo_rep *r) {
    write_counts(r);
    write_failures(r);
    MYO_TRY(write_recs(r));
    write_warnings(r);
    return MYO_OK;
}

const myo_rep_section myo_sec_quality = {"quality", "Quality", has, write};
