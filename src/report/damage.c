/* damage.c - a recording whose tables cannot be read: told, and left out of what they would have shown. */
#include <string.h>
#include "report/close.h"
#include "report/pick.h"

static myo_err add_reason(myo_rep *r, myo_rep_rec *rec, const char *text) {
    myo_buf b = {0};
    if (strstr(rec->reason, text)) {
        return MYO_OK; /* read a second time */
    }
    myo_buf_printf(&b, "%s%snot readable: %s", rec->reason, rec->reason[0] ? "; " : "", text);
    const myo_err e = b.failed ? MYO_ERR_NOMEM : MYO_OK;
    rec->reason = e == MYO_OK ? myo_rep_keep(r, b.s) : rec->reason;
    myo_buf_clear(&b);
    return e;
}

/* What is told names the folder; the page must not depend on where that is. */
static const char *below_folder(const myo_rep *r, const char *text) {
    const size_t n = strlen(r->job->dir);
    return strncmp(text, r->job->dir, n) == 0 && text[n] == '/' ? text + n + 1 : text;
}

myo_err myo_rep_tolerate(myo_rep *r, size_t i, myo_err e, myo_diag *own) {
    myo_rep_rec *rec = &r->rec[i];
    const char *text = own->message[0] ? own->message : myo_err_text(e);
    if (e == MYO_ERR_NOMEM || e == MYO_ERR_STOPPED) {
        myo_fail(r->d, e, "%s", text);
    } else if (e != MYO_OK) {
        myo_warn(r->d, "%s", text);
        r->n_damaged += !rec->damaged;
        rec->damaged = true;
        e = add_reason(r, rec, below_folder(r, text));
    }
    myo_diag_clear(own);
    return e;
}

myo_err myo_rep_try_close(myo_rep *r, size_t rec, myo_close *c, bool *found) {
    myo_diag own = {0}, *d = r->d;
    r->d = &own;
    const myo_err e = myo_close_read(r, rec, c, found);
    r->d = d;
    *found = *found && e == MYO_OK;
    return myo_rep_tolerate(r, rec, e, &own);
}

static myo_err try_one(myo_rep *r, size_t rec) {
    myo_close c;
    bool found = false;
    const myo_err e = myo_rep_try_close(r, rec, &c, &found);
    myo_close_clear(&c);
    return e;
}

myo_err myo_rep_try_shown(myo_rep *r) {
    bool *shown = myo_alloc(r->n_recs + 1, sizeof *shown);
    size_t n = 0;
    myo_err e = shown ? myo_pick(r, shown, &n) : MYO_ERR_NOMEM;
    for (size_t i = 0; i < r->n_recs && e == MYO_OK; i++) {
        e = shown[i] ? try_one(r, i) : MYO_OK;
    }
    myo_free(shown);
    return e;
}
