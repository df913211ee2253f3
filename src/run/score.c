/* score.c - score found events against truth (science.md 8.1): read, pair, count. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "myotab/run.h"
#include "out/tsv.h"
#include "run/score.h"
#include "run/score_match.h"

enum { TABLE_MAX_BYTES = 1 << 30 };

static const double stratum_from[MYO_N_STRATUM] = {
    [MYO_STRATUM_UNDER_3] = -INFINITY, [MYO_STRATUM_3] = 3.0,   [MYO_STRATUM_6] = 6.0,
    [MYO_STRATUM_10] = 10.0,           [MYO_STRATUM_20] = 20.0,
};

static int stratum_of(double snr_db) {
    int s = MYO_STRATUM_UNKNOWN;
    while (s + 1 < MYO_N_STRATUM && snr_db >= stratum_from[s + 1]) { /* false for NaN */
        s++;
    }
    return s;
}

bool myo_is_movement(myo_class c) {
    return c != MYO_ARTEFACT && c != MYO_INDETERMINATE;
}

/* --- reading --- */

/* Both tables' marks, and the channel names they share. */
typedef struct pair_of_tables {
    myo_tsv truth_tsv, found_tsv;
    const char **channel; /* sorted, unique; into the texts of the tables */
    size_t n_channels;
    myo_mark *truth, *found;
} pair_of_tables;

typedef struct columns {
    int onset, duration, type, channel; /* needed */
    int faint, snr, confidence, freq;   /* -1 if missing */
} columns;

static int compare_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static myo_err find_columns(const myo_tsv *t, columns *c, myo_diag *d) {
    MYO_TRY(myo_tsv_need(t, "onset", &c->onset, d));
    MYO_TRY(myo_tsv_need(t, "duration", &c->duration, d));
    MYO_TRY(myo_tsv_need(t, "trial_type", &c->type, d));
    MYO_TRY(myo_tsv_need(t, "channel", &c->channel, d));
    c->faint = myo_tsv_find(t, "faint");
    c->snr = myo_tsv_find(t, "snr_db");
    c->confidence = myo_tsv_find(t, "confidence");
    c->freq = myo_tsv_find(t, "freq_hz");
    return MYO_OK;
}

static myo_err read_faint(const myo_tsv *t, size_t row, int col, bool *faint, myo_diag *d) {
    const char *s = myo_tsv_cell(t, row, col);
    *faint = strcmp(s, "1") == 0;
    return *faint || strcmp(s, "0") == 0 || strcmp(s, "n/a") == 0
               ? MYO_OK
               : myo_tsv_fail(t, row, col, "0, 1 or n/a", d);
}

static myo_err read_mark(const myo_tsv *t, size_t row, const columns *c, myo_mark *m, myo_diag *d) {
    double duration;
    m->snr_db = m->confidence = m->freq_hz = NAN;
    MYO_TRY(myo_tsv_f64(t, row, c->onset, false, &m->on, d));
    MYO_TRY(myo_tsv_f64(t, row, c->duration, false, &duration, d));
    if (duration < 0.0) {
        return myo_tsv_fail(t, row, c->duration, "a number >= 0", d);
    }
    m->off = m->on + duration;
    const int cls = myo_class_from_name(myo_tsv_cell(t, row, c->type));
    if (cls < 0) {
        return myo_tsv_fail(t, row, c->type, "a class, as jerk or tremor", d);
    }
    m->cls = (myo_class)cls;
    if (c->faint >= 0) {
        MYO_TRY(read_faint(t, row, c->faint, &m->free, d));
    }
    if (c->snr >= 0) {
        MYO_TRY(myo_tsv_f64(t, row, c->snr, true, &m->snr_db, d));
    }
    if (c->freq >= 0) {
        MYO_TRY(myo_tsv_f64(t, row, c->freq, true, &m->freq_hz, d));
    }
    if (c->confidence >= 0) {
        MYO_TRY(myo_tsv_f64(t, row, c->confidence, true, &m->confidence, d));
        if (m->confidence < 0.0 || m->confidence > 1.0) {
            return myo_tsv_fail(t, row, c->confidence, "0 to 1 or n/a", d);
        }
    }
    return MYO_OK;
}

static int channel_number(const pair_of_tables *p, const char *name) {
    const char **at = bsearch(&name, p->channel, p->n_channels, sizeof *p->channel, compare_text);
    return (int)(at - p->channel);
}

static myo_err read_marks(const pair_of_tables *p, const myo_tsv *t, myo_mark **out, myo_diag *d) {
    columns c;
    MYO_TRY(find_columns(t, &c, d));
    myo_mark *m = myo_alloc(t->n_rows, sizeof *m);
    if (!m) {
        return myo_fail(d, MYO_ERR_NOMEM, "no memory for %zu events", t->n_rows);
    }
    *out = m; /* the caller frees it, also on failure */
    for (size_t i = 0; i < t->n_rows; i++) {
        MYO_TRY(read_mark(t, i, &c, &m[i], d));
        m[i].channel = channel_number(p, myo_tsv_cell(t, i, c.channel));
    }
    return MYO_OK;
}

static void add_channels(pair_of_tables *p, const myo_tsv *t) {
    const int col = myo_tsv_find(t, "channel");
    for (size_t i = 0; col >= 0 && i < t->n_rows; i++) {
        p->channel[p->n_channels++] = myo_tsv_cell(t, i, col);
    }
}

static myo_err list_channels(pair_of_tables *p, myo_diag *d) {
    const size_t n = p->truth_tsv.n_rows + p->found_tsv.n_rows;
    p->channel = myo_alloc(n, sizeof *p->channel);
    if (!p->channel) {
        return myo_fail(d, MYO_ERR_NOMEM, "no memory for %zu events", n);
    }
    add_channels(p, &p->truth_tsv);
    add_channels(p, &p->found_tsv);
    if (p->n_channels > 1) {
        qsort(p->channel, p->n_channels, sizeof *p->channel, compare_text);
    }
    size_t kept = 0;
    for (size_t i = 0; i < p->n_channels; i++) {
        if (kept == 0 || strcmp(p->channel[kept - 1], p->channel[i]) != 0) {
            p->channel[kept++] = p->channel[i];
        }
    }
    p->n_channels = kept;
    return MYO_OK;
}

/* Two files are read: the message says which one. */
static myo_err with_path(const char *path, const myo_diag *from, myo_diag *d) {
    const bool named = strncmp(from->message, path, strlen(path)) == 0;
    return named ? myo_fail(d, from->code, "%s", from->message)
                 : myo_fail(d, from->code, "%s: %s", path, from->message);
}

static myo_err read_both(pair_of_tables *p, const char *truth_path, const char *events_path,
                         myo_diag *d) {
    myo_diag t = {0}, f = {0};
    if (myo_tsv_read(&p->truth_tsv, truth_path, TABLE_MAX_BYTES, &t) != MYO_OK) {
        return with_path(truth_path, &t, d);
    }
    if (myo_tsv_read(&p->found_tsv, events_path, TABLE_MAX_BYTES, &f) != MYO_OK) {
        return with_path(events_path, &f, d);
    }
    MYO_TRY(list_channels(p, d));
    if (read_marks(p, &p->truth_tsv, &p->truth, &t) != MYO_OK) {
        return with_path(truth_path, &t, d);
    }
    if (read_marks(p, &p->found_tsv, &p->found, &f) != MYO_OK) {
        return with_path(events_path, &f, d);
    }
    return MYO_OK;
}

static void clear_pair(pair_of_tables *p) {
    myo_tsv_clear(&p->truth_tsv);
    myo_tsv_clear(&p->found_tsv);
    myo_free(p->channel);
    myo_free(p->truth);
    myo_free(p->found);
}

/* --- exposure --- */

/* X_channels.tsv of X_events.tsv in b; b stays empty if the name is another one or there is no such
 * file. */
static void channels_path(const char *events_path, myo_buf *b) {
    static const char ending[] = "_events.tsv";
    const size_t n = strlen(events_path), m = sizeof ending - 1;
    if (n < m || strcmp(events_path + n - m, ending) != 0) {
        return;
    }
    myo_buf_put(b, events_path, n - m);
    myo_buf_puts(b, "_channels.tsv");
    if (!b->failed && access(b->s, F_OK) != 0 && errno == ENOENT) {
        myo_buf_clear(b);
    }
}

static myo_err sum_usable(const myo_tsv *t, double *seconds, myo_diag *d) {
    int kind, usable;
    MYO_TRY(myo_tsv_need(t, "kind", &kind, d));
    MYO_TRY(myo_tsv_need(t, "usable_s", &usable, d));
    *seconds = 0.0;
    for (size_t i = 0; i < t->n_rows; i++) {
        double s = 0.0;
        if (strcmp(myo_tsv_cell(t, i, kind), "OTHER") != 0) {
            MYO_TRY(myo_tsv_f64(t, i, usable, true, &s, d));
            *seconds += s >= 0.0 ? s : 0.0;
        }
    }
    return MYO_OK;
}

static myo_err add_exposure(myo_score_result *r, const char *events_path, myo_diag *d) {
    myo_buf path = {0};
    channels_path(events_path, &path);
    if (path.failed) {
        myo_buf_clear(&path);
        return myo_fail(d, MYO_ERR_NOMEM, "no memory for a path");
    }
    if (path.n == 0) {
        r->n_no_exposure++;
        return MYO_OK;
    }
    myo_tsv t = {0};
    myo_diag why = {0};
    double seconds = 0.0;
    myo_err e = myo_tsv_read(&t, path.s, TABLE_MAX_BYTES, &why);
    if (e == MYO_OK) {
        e = sum_usable(&t, &seconds, &why);
    }
    if (e != MYO_OK) {
        with_path(path.s, &why, d);
    }
    r->exposure_s += seconds;
    myo_tsv_clear(&t);
    myo_buf_clear(&path);
    return e;
}

/* --- counting --- */

static void tell(const myo_score_result *r, const pair_of_tables *p, const myo_mark *t,
                 const myo_mark *f) {
    if (r->seen) {
        r->seen(r->user, p->channel[t ? t->channel : f->channel], t, f);
    }
}

static void count_pair(myo_score_result *r, const myo_mark *t, const myo_mark *f,
                       myo_score_count *c) {
    r->confusion[t->cls][f->cls]++;
    if (f->cls == MYO_ARTEFACT && t->cls != MYO_ARTEFACT) {
        return; /* a movement that the user is told to be none: not detected */
    }
    const double onset = f->on - t->on, offset = f->off - t->off;
    c->n_detected++;
    c->tp += t->cls == f->cls;
    c->n_iou50 += myo_mark_iou(t, f) >= 0.5;
    c->onset_abs += fabs(onset);
    c->onset_sum += onset;
    c->offset_abs += fabs(offset);
    c->duration_abs += fabs(offset - onset);
    c->duration_sum += offset - onset;
}

static void count_truth(myo_score_result *r, const pair_of_tables *p) {
    for (size_t i = 0; i < p->truth_tsv.n_rows; i++) {
        const myo_mark *t = &p->truth[i];
        if (t->free) {
            r->n_free++;
            continue;
        }
        myo_score_count *c = &r->c[stratum_of(t->snr_db)][t->cls];
        c->n_truth++;
        c->n_split += (t->partner >= 0) + t->inside >= 2;
        tell(r, p, t, t->partner >= 0 ? &p->found[t->partner] : NULL);
        if (t->partner >= 0) {
            count_pair(r, t, &p->found[t->partner], c);
        } else {
            r->confusion[t->cls][MYO_N_CLASS]++;
        }
    }
}

static void count_alone(myo_score_result *r, const myo_mark *f) {
    r->confusion[MYO_N_CLASS][f->cls]++;
    if (myo_is_movement(f->cls)) {
        r->n_false++;
        r->n_part += f->part;
    } else {
        r->n_set_aside++;
    }
}

static myo_err count_found(myo_score_result *r, const pair_of_tables *p) {
    for (size_t i = 0; i < p->found_tsv.n_rows; i++) {
        const myo_mark *f = &p->found[i];
        const myo_mark *t = f->partner >= 0 ? &p->truth[f->partner] : NULL;
        if (t ? t->free : f->near_free) {
            r->n_ignored++;
            continue;
        }
        myo_score_count *c = &r->c[stratum_of(t ? t->snr_db : f->snr_db)][f->cls];
        c->n_found++;
        c->n_merge += (t != NULL) + f->inside >= 2;
        if (!t) {
            tell(r, p, NULL, f);
            count_alone(r, f);
        } else if (myo_is_movement(f->cls) && !myo_is_movement(t->cls)) {
            r->n_false++;
        }
        if (myo_is_movement(f->cls) && !isnan(f->confidence)) {
            void *conf = r->conf;
            MYO_TRY(myo_grow(&conf, &r->cap_conf, r->n_conf + 1, sizeof *r->conf));
            r->conf = conf;
            r->conf[r->n_conf++] = (myo_score_conf){(float)f->confidence, t && t->cls == f->cls};
        }
    }
    return MYO_OK;
}

static myo_err count_all(myo_score_result *r, pair_of_tables *p, const char *events_path,
                         myo_diag *d) {
    for (size_t i = 0; i < p->truth_tsv.n_rows;
         i++) { /* the truth is not sure: counts neither way */
        p->truth[i].free = p->truth[i].free || p->truth[i].cls == MYO_INDETERMINATE;
    }
    MYO_TRY(myo_score_match(p->truth, p->truth_tsv.n_rows, p->found, p->found_tsv.n_rows, d));
    MYO_TRY(add_exposure(r, events_path, d));
    count_truth(r, p);
    r->n_recordings++;
    return count_found(r, p) == MYO_OK ? MYO_OK
                                       : myo_fail(d, MYO_ERR_NOMEM, "no memory for the score");
}

myo_err myo_score_add(myo_score_result *r, const char *truth_path, const char *events_path,
                      myo_diag *d) {
    pair_of_tables p = {0};
    myo_err e = read_both(&p, truth_path, events_path, d);
    if (e == MYO_OK) {
        const myo_score_result before = *r;
        e = count_all(r, &p, events_path, d);
        if (e != MYO_OK) { /* the list of confidences may have moved; its length is what counts */
            myo_score_conf *conf = r->conf;
            const size_t cap = r->cap_conf;
            *r = before;
            r->conf = conf;
            r->cap_conf = cap;
        }
    }
    clear_pair(&p);
    return e;
}

void myo_score_clear(myo_score_result *r) {
    myo_free(r->conf);
    *r = (myo_score_result){0};
}

myo_err myo_score(const char *truth_path, const char *events_path, FILE *f, myo_diag *d) {
    myo_score_result r = {0};
    myo_err e = myo_score_add(&r, truth_path, events_path, d);
    if (e == MYO_OK) {
        e = myo_score_print(&r, f, d);
    }
    myo_score_clear(&r);
    return e;
}
