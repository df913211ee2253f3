/* close.c - one recording's tables of channels, events and bursts. */
#include <math.h>
#include <string.h>
#include "report/close.h"

enum { MAX_LANES = 1024 };

/* ---- channels ---- */

static myo_err need(const myo_tsv *t, const char *const *names, int *cols, int n, myo_diag *d) {
    for (int i = 0; i < n; i++) {
        MYO_TRY(myo_tsv_need(t, names[i], &cols[i], d));
    }
    return MYO_OK;
}

static const char *text_at(const myo_tsv *t, size_t row, int col) {
    const char *s = myo_tsv_cell(t, row, col);
    return strcmp(s, "n/a") == 0 ? "" : s;
}

static myo_err fill_lanes(myo_close *c, const int *col, myo_diag *d) {
    const myo_tsv *t = &c->channels;
    for (size_t i = 0; i < t->n_rows; i++) {
        myo_close_lane *l = &c->lane[i];
        l->name = myo_tsv_cell(t, i, col[0]);
        l->kind = text_at(t, i, col[1]);
        l->unit = text_at(t, i, col[2]);
        l->flags = text_at(t, i, col[3]);
        MYO_TRY(myo_tsv_f64(t, i, col[4], true, &l->duration_s, d));
        MYO_TRY(myo_tsv_f64(t, i, col[5], true, &l->usable_s, d));
        MYO_TRY(myo_tsv_f64(t, i, col[6], true, &l->masked_s, d));
        MYO_TRY(myo_tsv_f64(t, i, col[7], true, &l->gap_s, d));
        c->duration_s =
            isfinite(l->duration_s) ? fmax(c->duration_s, l->duration_s) : c->duration_s;
        c->n_lanes++;
    }
    return MYO_OK;
}

static myo_err take_channels(myo_close *c, myo_diag *d) {
    static const char *const names[] = {"channel",    "kind",     "unit",     "flags",
                                        "duration_s", "usable_s", "masked_s", "gap_s"};
    int col[8];
    MYO_TRY(need(&c->channels, names, col, 8, d));
    if (c->channels.n_rows > MAX_LANES) {
        return myo_fail(d, MYO_ERR_RANGE, "too many channels (found %zu, allowed %d)",
                        c->channels.n_rows, (int)MAX_LANES);
    }
    c->lane = myo_alloc(c->channels.n_rows + 1, sizeof *c->lane);
    return c->lane ? fill_lanes(c, col, d) : MYO_ERR_NOMEM;
}

/* Events of one channel mostly follow each other. */
static int lane_of(const myo_close *c, const char *name, int last) {
    for (int i = 0; i < c->n_lanes; i++) {
        const int k = (last + i) % c->n_lanes;
        if (strcmp(c->lane[k].name, name) == 0) {
            return k;
        }
    }
    return -1;
}

/* ---- events and bursts ---- */

static myo_err take_span(const myo_tsv *t, size_t row, const int *col, double *on, double *off,
                         myo_diag *d) {
    double duration;
    MYO_TRY(myo_tsv_f64(t, row, col[0], false, on, d));
    MYO_TRY(myo_tsv_f64(t, row, col[1], false, &duration, d));
    if (duration < 0.0) {
        return myo_tsv_fail(t, row, col[1], "a number >= 0", d);
    }
    *off = *on + duration;
    return MYO_OK;
}

static myo_err take_event(myo_close *c, size_t row, const int *col, myo_diag *d) {
    const myo_tsv *t = &c->events;
    myo_close_event *e = &c->event[row];
    double id;
    MYO_TRY(take_span(t, row, col, &e->on, &e->off, d));
    MYO_TRY(myo_tsv_f64(t, row, col[4], true, &e->confidence, d));
    MYO_TRY(myo_tsv_f64(t, row, col[5], false, &id, d));
    e->id = fabs(id) < 1e15 ? (int64_t)id : 0;
    e->type = myo_class_from_name(myo_tsv_cell(t, row, col[2]));
    e->lane = lane_of(c, myo_tsv_cell(t, row, col[3]), row > 0 ? c->event[row - 1].lane : 0);
    if (e->type < 0) {
        return myo_tsv_fail(t, row, col[2], "a class of event", d);
    }
    if (e->lane < 0) {
        return myo_tsv_fail(t, row, col[3], "a channel of the channels table", d);
    }
    c->n_of[e->type]++;
    c->n_events++;
    return MYO_OK;
}

static myo_err take_events(myo_close *c, myo_diag *d) {
    static const char *const names[] = {"onset",   "duration",   "trial_type",
                                        "channel", "confidence", "event_id"};
    int col[6];
    MYO_TRY(need(&c->events, names, col, 6, d));
    c->event = myo_alloc(c->events.n_rows + 1, sizeof *c->event);
    for (size_t i = 0; c->event && i < c->events.n_rows; i++) {
        MYO_TRY(take_event(c, i, col, d));
    }
    return c->event ? MYO_OK : MYO_ERR_NOMEM;
}

static myo_err take_bursts(myo_close *c, myo_diag *d) {
    static const char *const names[] = {"onset", "duration", "channel"};
    const myo_tsv *t = &c->bursts;
    int col[3], last = 0;
    MYO_TRY(need(t, names, col, 3, d));
    c->burst = myo_alloc(t->n_rows + 1, sizeof *c->burst);
    for (size_t i = 0; c->burst && i < t->n_rows; i++) {
        myo_close_burst *b = &c->burst[i];
        MYO_TRY(take_span(t, i, col, &b->on, &b->off, d));
        b->lane = lane_of(c, myo_tsv_cell(t, i, col[2]), last);
        if (b->lane < 0) {
            return myo_tsv_fail(t, i, col[2], "a channel of the channels table", d);
        }
        last = b->lane;
        c->n_bursts++;
    }
    return c->burst ? MYO_OK : MYO_ERR_NOMEM;
}

/* ---- all of it ---- */

static myo_err read_one(myo_rep *r, myo_close *c, const char *ending, myo_tsv *t,
                        myo_err (*take)(myo_close *, myo_diag *), bool *found) {
    myo_diag why = {0};
    bool there = false;
    if (!*found) {
        return MYO_OK;
    }
    MYO_TRY(myo_rep_table(r, t, c->rec->stem, ending, &there));
    *found = there;
    const myo_err e = there ? take(c, &why) : MYO_OK;
    return e == MYO_OK ? e : myo_rep_blame(r, c->rec->stem, ending, e, &why);
}

myo_err myo_close_read(myo_rep *r, size_t rec, myo_close *c, bool *found) {
    *c = (myo_close){.r = r, .rec = &r->rec[rec], .index = rec};
    *found = true;
    c->start_s = isfinite(c->rec->start_s) ? c->rec->start_s : 0.0;
    MYO_TRY(read_one(r, c, "_channels.tsv", &c->channels, take_channels, found));
    MYO_TRY(read_one(r, c, "_events.tsv", &c->events, take_events, found));
    return read_one(r, c, "_bursts.tsv", &c->bursts, take_bursts, found);
}

void myo_close_clear(myo_close *c) {
    myo_free(c->lane);
    myo_free(c->event);
    myo_free(c->burst);
    myo_tsv_clear(&c->channels);
    myo_tsv_clear(&c->events);
    myo_tsv_clear(&c->bursts);
    *c = (myo_close){.n_lanes = 0};
}
