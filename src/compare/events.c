/* events.c - events tables of one participant and condition. */
#include <errno.h>
#include <jansson.h>
#include <string.h>
#include <sys/stat.h>
#include "base/base.h"
#include "compare/events.h"
#include "myotab/params.h"

#define TABLE_BYTES ((size_t)1 << 30)
#define JSON_BYTES ((size_t)8 << 20)

static bool is_there(const char *path) {
    struct stat st;
    return stat(path, &st) == 0;
}

/* --- STEM_events.tsv --- */

enum { ONSET, DURATION, TYPE, CHANNEL, N_NEEDED, PEAK = N_NEEDED, FREQ, AREA, UNIT, N_COLS };

static myo_err read_mark(const myo_comparison *c, const myo_tsv *t, const int col[N_COLS],
                         size_t row, myo_mark *m) {
    double duration = 0.0;
    *m = (myo_mark){.peak = NAN, .freq_hz = NAN, .area = NAN};
    MYO_TRY(myo_tsv_f64(t, row, col[ONSET], false, &m->on, c->d));
    MYO_TRY(myo_tsv_f64(t, row, col[DURATION], false, &duration, c->d));
    if (duration < 0.0) {
        return myo_tsv_fail(t, row, col[DURATION], "a number >= 0", c->d);
    }
    m->off = m->on + duration;
    m->type = myo_labels_find(&c->types, myo_tsv_cell(t, row, col[TYPE]));
    m->channel = myo_labels_find(&c->channels, myo_tsv_cell(t, row, col[CHANNEL]));
    m->in_g = col[UNIT] >= 0 && strcmp(myo_tsv_cell(t, row, col[UNIT]), "g") == 0;
    double *const numbers[N_COLS] = {[PEAK] = &m->peak, [FREQ] = &m->freq_hz, [AREA] = &m->area};
    for (int i = PEAK; i <= AREA; i++) {
        if (col[i] >= 0) {
            MYO_TRY(myo_tsv_f64(t, row, col[i], true, numbers[i], c->d));
        }
    }
    return MYO_OK;
}

static int compare_marks(const void *a, const void *b) {
    const myo_mark *x = a, *y = b;
    return x->on != y->on ? (x->on > y->on) - (x->on < y->on)
                          : (x->channel > y->channel) - (x->channel < y->channel);
}

static myo_err take_marks(const myo_comparison *c, const myo_tsv *t, myo_marks *m) {
    static const char *const names[N_COLS] = {"onset", "duration", "trial_type", "channel",
                                              "peak",  "freq_hz",  "area",       "unit"};
    int col[N_COLS];
    for (int i = 0; i < N_COLS; i++) {
        col[i] = myo_tsv_find(t, names[i]);
        if (i < N_NEEDED) {
            MYO_TRY(myo_tsv_need(t, names[i], &col[i], c->d));
        }
    }
    m->mark = myo_alloc(t->n_rows + 1, sizeof *m->mark);
    if (!m->mark) {
        return myo_fail(c->d, MYO_ERR_NOMEM, "no memory for %zu events", t->n_rows);
    }
    for (size_t i = 0; i < t->n_rows; i++) {
        MYO_TRY(read_mark(c, t, col, i, &m->mark[i]));
    }
    m->n = t->n_rows;
    myo_sort_in_place(m->mark, m->n, sizeof *m->mark, compare_marks);
    return MYO_OK;
}

/* --- STEM_channels.tsv: how long the recording is --- */

static myo_err take_length(const myo_comparison *c, const myo_tsv *t, myo_marks *m) {
    int col = -1;
    MYO_TRY(myo_tsv_need(t, "duration_s", &col, c->d));
    for (size_t i = 0; i < t->n_rows; i++) {
        double s = NAN;
        MYO_TRY(myo_tsv_f64(t, i, col, true, &s, c->d));
        m->length_s = s > m->length_s || isnan(m->length_s) ? s : m->length_s;
    }
    return MYO_OK;
}

/* --- STEM_run.json: how close events of two channels are linked --- */

static double sync_of(const char *text, size_t n, double standard) {
    json_t *root = json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL);
    const json_t *ms = json_object_get(json_object_get(root, "parameters"), "group.sync_ms");
    const double s = json_is_number(ms) ? json_number_value(ms) / 1000.0 : standard;
    json_decref(root);
    return s;
}

/* Without a record of the run that can be read: the standard. */
static myo_err take_sync(const char *path, myo_marks *m) {
    myo_params standard;
    myo_buf text = {0};
    myo_params_defaults(&standard);
    m->sync_s = standard.group_sync_ms / 1000.0;
    const myo_err e = is_there(path) ? myo_slurp(path, JSON_BYTES, &text, NULL) : MYO_OK;
    if (e == MYO_OK && text.s) {
        m->sync_s = sync_of(text.s, text.n, m->sync_s);
    }
    myo_buf_clear(&text);
    return e == MYO_ERR_NOMEM ? e : MYO_OK;
}

/* --- one recording --- */

/* A table of the recording by the function that takes it in; errors name it. */
static myo_err take_table(const myo_comparison *c, const char *path, const char *name,
                          myo_err (*take)(const myo_comparison *, const myo_tsv *, myo_marks *),
                          myo_marks *m) {
    myo_diag own = {0};
    myo_tsv t = {0};
    myo_comparison quiet = *c;
    quiet.d = &own;
    myo_err e = myo_tsv_read(&t, path, TABLE_BYTES, &own);
    e = e == MYO_OK ? take(&quiet, &t, m) : e;
    if (e != MYO_OK) {
        myo_fail(c->d, e, "%s: %s", name, own.code ? own.message : myo_err_text(e));
    }
    myo_tsv_clear(&t);
    myo_diag_clear(&own);
    return e;
}

/* BASE_WHAT, or NULL without memory. */
static const char *path_of(myo_buf *b, const char *base, const char *what) {
    myo_buf_clear(b);
    myo_buf_printf(b, "%s_%s", base, what);
    return b->failed ? NULL : b->s;
}

static myo_err read_files(const myo_comparison *c, const char *base, myo_marks *m, bool *missing) {
    const size_t name = strlen(c->job->dirs[0]) + 1;
    myo_buf b = {0};
    const char *path = path_of(&b, base, "events.tsv");
    myo_err e = path ? MYO_OK : MYO_ERR_NOMEM;
    m->missing = path && !is_there(path);
    *missing = *missing || m->missing;
    if (path && is_there(path)) {
        e = take_table(c, path, path + name, take_marks, m);
    }
    path = e == MYO_OK ? path_of(&b, base, "channels.tsv") : NULL;
    e = e == MYO_OK && !path ? MYO_ERR_NOMEM : e;
    if (path && is_there(path)) {
        e = take_table(c, path, path + name, take_length, m);
    }
    path = e == MYO_OK ? path_of(&b, base, "run.json") : NULL;
    e = e == MYO_OK ? (path ? take_sync(path, m) : MYO_ERR_NOMEM) : e;
    myo_buf_clear(&b);
    return e;
}

static myo_err read_recording(const myo_comparison *c, size_t row, myo_marks *m, bool *missing) {
    const myo_study_row *rec = &c->results.recordings.row[row];
    myo_buf base = {0};
    *m = (myo_marks){.row = row, .length_s = NAN};
    m->start_s = isnan(rec->start_s) ? 0.0 : rec->start_s;
    myo_buf_printf(&base, "%s/%s", c->job->dirs[0], rec->stem);
    const myo_err e = base.failed ? MYO_ERR_NOMEM : read_files(c, base.s, m, missing);
    myo_buf_clear(&base);
    return e;
}

static bool belongs(const myo_comparison *c, size_t row, int participant, int condition) {
    return c->results.status[row] == MYO_ROW_DONE && c->rec_participant[row] == participant &&
           c->rec_condition[row] == condition;
}

myo_err myo_side_read(const myo_comparison *c, int participant, int condition, myo_side *out) {
    const size_t all = c->results.recordings.n_rows;
    size_t n = 0;
    for (size_t i = 0; i < all; i++) {
        n += belongs(c, i, participant, condition);
    }
    myo_side s = {.recording = myo_alloc(n + 1, sizeof *s.recording)};
    myo_err e = s.recording ? MYO_OK : MYO_ERR_NOMEM;
    for (size_t i = 0; i < all && e == MYO_OK; i++) {
        if (belongs(c, i, participant, condition)) {
            e = read_recording(c, i, &s.recording[s.n_recordings++], &s.missing);
        }
    }
    if (e != MYO_OK) {
        myo_side_clear(&s);
        return e;
    }
    *out = s;
    return MYO_OK;
}

void myo_side_clear(myo_side *s) {
    for (size_t i = 0; i < s->n_recordings; i++) {
        myo_free(s->recording[i].mark);
    }
    myo_free(s->recording);
    *s = (myo_side){0};
}
