/* progress.c - is the study finished? What a page shows of a part must not look like the whole. */
#include "report/report.h"
#include "study/ledger.h"

static void count_rows(myo_rep *r) {
    r->n_all = r->n_recs;
    for (size_t i = 0; i < r->n_recs; i++) {
        r->n_left += r->rec[i].status == MYO_ROW_LEFT;
    }
    r->unfinished = r->n_left > 0;
}

static myo_err count_facts(myo_rep *r, const myo_sheet *sheet, myo_diag *d) {
    myo_facts facts = {0};
    myo_err e = myo_facts_new(&facts, sheet->table.n_rows, d);
    e = e == MYO_OK ? myo_facts_gather(&facts, r->job->dir, sheet, false, d) : e;
    if (e == MYO_OK) {
        r->n_all = facts.n;
        r->n_left = (size_t)myo_facts_count(&facts, MYO_ROW_LEFT);
    }
    myo_facts_clear(&facts);
    return e;
}

/* The sheet of a study goes when its tables are whole: where there is one, its journals know more
 * than the tables. One that is damaged still says that the study is under way. */
static myo_err count_sheet(myo_rep *r) {
    myo_sheet sheet = {0};
    myo_diag why = {0};
    bool found = false;
    myo_err e = myo_sheet_read(&sheet, r->job->dir, &found, &why);
    r->unfinished = r->unfinished || found || (e != MYO_OK && e != MYO_ERR_NOMEM);
    e = e == MYO_OK && found ? count_facts(r, &sheet, &why) : e;
    myo_sheet_clear(&sheet);
    myo_diag_clear(&why);
    return e == MYO_ERR_NOMEM || e == MYO_ERR_STOPPED ? e : MYO_OK;
}

/* "unfinished: 3 of 24 recordings left" */
static void put_text(const myo_rep *r, myo_buf *b) {
    if (r->n_left > 0) {
        myo_buf_printf(b, "unfinished: %zu of %zu recordings left", r->n_left, r->n_all);
    } else {
        myo_buf_puts(b, "unfinished: the study is under way, its tables are not joined yet");
    }
}

myo_err myo_rep_read_progress(myo_rep *r) {
    myo_buf b = {0};
    count_rows(r);
    MYO_TRY(count_sheet(r));
    if (!r->unfinished) {
        return MYO_OK;
    }
    put_text(r, &b);
    const myo_err e = b.failed ? MYO_ERR_NOMEM : MYO_OK;
    if (e == MYO_OK) {
        r->progress = myo_rep_keep(r, b.s);
        myo_warn(r->d, "%s: %s", r->job->dir, b.s);
    }
    myo_buf_clear(&b);
    return e;
}
