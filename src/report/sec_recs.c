/* sec_recs.c - single recordings, close up: events over time, numbers by channel, a few events to
 * look at. */
#include <math.h>
#include <string.h>
#include "report/close.h"
#include "report/esc.h"
#include "report/pick.h"
#include "report/signal.h"

enum {
    MAX_ROWS = 400,
    OPEN_MOST = 3
}; /* rows of a recording's table; so many recordings need no folding */

static bool has(myo_rep *r) {
    return r->n_recs > 0 && !r->counts_only;
}

/* "p01, pre: 85 jerk, 8 voluntary in 10 min" */
static void put_summary(const myo_close *c, myo_buf *b) {
    int n = 0;
    myo_buf_printf(b, "%s: ", c->rec->name);
    for (int type = 0; type < MYO_N_CLASS; type++) {
        if (c->n_of[type] > 0) {
            myo_buf_printf(b, "%s%zu %s", n++ > 0 ? ", " : "", c->n_of[type],
                           myo_class_name((myo_class)type));
        }
    }
    myo_buf_puts(b, n == 0 ? "no event in " : " in ");
    myo_esc_span(b, c->duration_s);
}

static void write_sum(myo_page *p, const myo_rep_sum *s) {
    myo_page_row(p, "");
    myo_page_th(p, s->channel);
    myo_page_td(p, myo_class_name((myo_class)s->type));
    myo_page_int(p, s->n);
    myo_page_num(p, s->exposure_s / 3600.0, 4);
    myo_page_num(p, s->rate, 4);
    myo_page_limits(p, s->low, s->high, 3);
    myo_page_num(p, s->burden, 3);
    myo_page_num(p, s->duration, 3);
    myo_page_num(p, s->peak, 3);
    myo_page_td(p, s->unit);
    myo_page_num(p, s->freq, 3);
    myo_page_row_end(p);
}

static void write_sums(myo_rep *r, size_t rec) {
    static const char *const heads[] = {"channel",
                                        "type",
                                        "#events",
                                        "#hours",
                                        "#per hour",
                                        "#95 % limits",
                                        "#burden, s/h",
                                        "#median duration, ms",
                                        "#median peak",
                                        "unit",
                                        "#median frequency, Hz"};
    int rows = 0;
    myo_page_fold(&r->page, "Numbers by channel and type");
    myo_page_table(&r->page, "Events by channel and type, those never seen included", heads, 11);
    for (size_t i = r->rec[rec].first_sum; i < r->n_sums && r->sum[i].rec == rec && rows < MAX_ROWS;
         i++) {
        write_sum(&r->page, &r->sum[i]);
        rows++;
    }
    myo_page_table_end(&r->page);
    if (rows == MAX_ROWS) {
        myo_page_para(&r->page, "note",
                      "The first 400 rows; the recording's summary table has all.");
    }
    myo_page_fold_end(&r->page);
}

static void write_channels(myo_page *p, const myo_close *c) {
    static const char *const heads[] = {"channel", "kind",  "unit", "#usable",
                                        "#masked", "#gaps", "flags"};
    myo_page_fold(p, "Channels");
    myo_page_table(p, "Channels and their usable time", heads, 7);
    for (int i = 0; i < c->n_lanes && i < MAX_ROWS; i++) {
        const myo_close_lane *l = &c->lane[i];
        const double spans[] = {l->usable_s, l->masked_s, l->gap_s};
        myo_page_row(p, "");
        myo_page_th(p, l->name);
        myo_page_td(p, l->kind);
        myo_page_td(p, l->unit);
        for (int k = 0; k < 3; k++) {
            myo_page_cell(p, "n");
            myo_esc_span(&p->b, spans[k]);
            myo_page_cell_end(p);
        }
        myo_page_td(p, l->flags);
        myo_page_row_end(p);
    }
    myo_page_table_end(p);
    myo_page_fold_end(p);
}

static myo_err write_close(myo_rep *r, myo_close *c) {
    const char *why = NULL;
    MYO_TRY(myo_signal_open(&c->signal, r, c, &why));
    myo_err e = myo_close_draw(c, &r->page);
    if (why && why[0]) {
        myo_page_para_begin(&r->page, "note");
        myo_buf_puts(&r->page.b, "Its signals are not drawn: ");
        myo_page_text(&r->page, why);
        myo_buf_puts(&r->page.b, ".");
        myo_page_para_end(&r->page);
    }
    myo_signal_close(&c->signal);
    if (e == MYO_OK) {
        write_sums(r, c->index);
        write_channels(&r->page, c);
        e = myo_page_flush(&r->page);
    }
    return e;
}

static myo_err write_found(myo_rep *r, myo_close *c, bool open) {
    myo_buf summary = {0};
    put_summary(c, &summary);
    if (summary.failed) {
        myo_buf_clear(&summary);
        return MYO_ERR_NOMEM;
    }
    if (open) {
        myo_page_section(&r->page, NULL, 3, summary.s);
    } else {
        myo_page_fold(&r->page, summary.s);
    }
    myo_buf_clear(&summary);
    MYO_TRY(write_close(r, c));
    if (open) {
        myo_page_section_end(&r->page);
    } else {
        myo_page_fold_end(&r->page);
    }
    return MYO_OK;
}

static void write_absent(myo_rep *r, const myo_rep_rec *rec) {
    myo_page_para_begin(&r->page, "note");
    myo_page_name(&r->page, rec->name);
    if (rec->damaged) {
        myo_buf_puts(&r->page.b, ": ");
        myo_page_text(&r->page, rec->reason);
        myo_buf_puts(&r->page.b, ".");
    } else {
        myo_page_text(&r->page, ": its tables of channels, events or bursts are not here.");
    }
    myo_page_para_end(&r->page);
}

static myo_err write_rec(myo_rep *r, size_t rec, bool open) {
    myo_close c;
    bool found = false;
    myo_err e = myo_rep_try_close(r, rec, &c, &found);
    if (e == MYO_OK && found) {
        e = write_found(r, &c, open);
    } else if (e == MYO_OK) {
        write_absent(r, &r->rec[rec]);
    }
    myo_close_clear(&c);
    return e;
}

static void write_note(myo_rep *r, size_t n) {
    if (!r->job->recordings) {
        myo_page_para(&r->page, "note",
                      "The recordings themselves were not given (option --recordings), so no "
                      "signal is drawn.");
    }
    if (n == r->n_recs) {
        return;
    }
    myo_page_para_begin(&r->page, "note");
    myo_buf_printf(&r->page.b, "Shown are %zu of %zu recordings: ", n, r->n_recs);
    myo_buf_puts(&r->page.b,
                 r->is_study
                     ? "all sessions of people evenly spaced from the one with the fewest "
                       "events of the outcome's type to the one with the most."
                     : "evenly spaced from the one with the fewest jerks to the one with the "
                       "most.");
    myo_page_para_end(&r->page);
}

static myo_err write(myo_rep *r) {
    bool *shown = myo_alloc(r->n_recs + 1, sizeof *shown);
    size_t n = 0;
    myo_err e = shown ? myo_pick(r, shown, &n) : MYO_ERR_NOMEM;
    if (e == MYO_OK) {
        write_note(r, n);
    }
    for (size_t i = 0; i < r->n_recs && e == MYO_OK; i++) {
        e = shown[i] ? write_rec(r, i, n <= OPEN_MOST) : MYO_OK;
    }
    myo_free(shown);
    return e;
}

const myo_rep_section myo_sec_recordings = {"recordings", "Recordings", has, write};
