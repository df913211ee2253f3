/* pool.c - the summary's rows, recordings of one participant and condition put together. */
#include <stdlib.h>
#include <string.h>
#include "base/base.h"
#include "compare/compare.h"

/* Columns of summary.tsv that pooling reads; those that may be missing come after N_NEEDED. */
enum {
    STEM,
    CHANNEL,
    TYPE,
    N,
    EXPOSURE,
    N_NEEDED,
    BURDEN = N_NEEDED,
    FANO,
    DURATION,
    PEAK,
    UNIT,
    FREQ,
    N_INDETERMINATE,
    N_COLS
};
static const char *const col_names[N_COLS] = {
    "stem",        "channel",        "trial_type",     "n",
    "exposure_s",  "burden_s_per_h", "fano",           "duration_ms_median",
    "peak_median", "unit",           "freq_hz_median", "n_indeterminate"};

typedef struct reader {
    myo_comparison *c;
    int col[N_COLS]; /* -1: no such column */
    myo_labels stems;
    size_t *stem_row; /* recording of each stem */
    bool *seen;       /* recordings that have a row */
} reader;

/* --- recordings --- */

static myo_err label_recordings(reader *r) {
    myo_comparison *c = r->c;
    const myo_study *s = &c->results.recordings;
    for (size_t i = 0; i < s->n_rows; i++) {
        int k = 0;
        const int before = r->stems.n;
        MYO_TRY(myo_labels_add(&c->participants, s->row[i].participant, &c->rec_participant[i]));
        MYO_TRY(myo_labels_add(&c->conditions, s->row[i].condition, &c->rec_condition[i]));
        if (s->row[i].group[0]) {
            MYO_TRY(myo_labels_add(&c->groups, s->row[i].group, &k));
        }
        if (s->row[i].stem[0]) { /* none: a table of people, without recordings */
            MYO_TRY(myo_labels_add(&r->stems, s->row[i].stem, &k));
            if (k < before) {
                return myo_fail(c->d, MYO_ERR_DAMAGED,
                                "recordings.tsv: line %zu: stem \"%s\" found twice", i + 2,
                                s->row[i].stem);
            }
            r->stem_row[k] = i;
        }
        c->n_failed += c->results.status[i] == MYO_ROW_FAILED;
        c->n_left += c->results.status[i] == MYO_ROW_LEFT;
    }
    return MYO_OK;
}

/* --- rows of the summary --- */

static myo_err find_columns(reader *r) {
    const myo_tsv *t = &r->c->results.summary;
    for (int i = 0; i < N_COLS; i++) {
        r->col[i] = myo_tsv_find(t, col_names[i]);
        if (i < N_NEEDED) {
            MYO_TRY(myo_tsv_need(t, col_names[i], &r->col[i], r->c->d));
        }
    }
    return MYO_OK;
}

/* A number >= 0; NaN where there is none. */
static myo_err number(reader *r, size_t row, int which, double *out) {
    const myo_tsv *t = &r->c->results.summary;
    *out = NAN;
    if (r->col[which] < 0) {
        return MYO_OK;
    }
    MYO_TRY(myo_tsv_f64(t, row, r->col[which], true, out, r->c->d));
    return *out < 0.0 ? myo_tsv_fail(t, row, r->col[which], "a number >= 0", r->c->d) : MYO_OK;
}

static myo_err count(reader *r, size_t row, int which, int64_t *out) {
    enum { COUNT_MAX = 1000000000 };
    const myo_tsv *t = &r->c->results.summary;
    *out = 0;
    if (r->col[which] < 0) {
        return MYO_OK;
    }
    const char *s = myo_tsv_cell(t, row, r->col[which]);
    if (!myo_parse_i64(s, strlen(s), out) || *out < 0 || *out > COUNT_MAX) {
        return myo_tsv_fail(t, row, r->col[which], "a whole number 0 to 1000000000", r->c->d);
    }
    return MYO_OK;
}

static myo_err numbers(reader *r, size_t row, myo_measure *x) {
    MYO_TRY(count(r, row, N, &x->n));
    MYO_TRY(count(r, row, N_INDETERMINATE, &x->n_indeterminate));
    MYO_TRY(number(r, row, EXPOSURE, &x->exposure_s));
    MYO_TRY(number(r, row, BURDEN, &x->burden_s_per_h));
    MYO_TRY(number(r, row, FANO, &x->fano));
    MYO_TRY(number(r, row, DURATION, &x->duration_ms_median));
    MYO_TRY(number(r, row, PEAK, &x->peak_median));
    MYO_TRY(number(r, row, FREQ, &x->freq_hz_median));
    x->exposure_s = isnan(x->exposure_s) ? 0.0 : x->exposure_s;
    x->unit = r->col[UNIT] < 0 ? "" : myo_tsv_cell(&r->c->results.summary, row, r->col[UNIT]);
    x->unit = strcmp(x->unit, "n/a") == 0 ? "" : x->unit;
    return MYO_OK;
}

static myo_err add_row(reader *r, size_t row) {
    myo_comparison *c = r->c;
    const myo_tsv *t = &c->results.summary;
    const int stem = myo_labels_find(&r->stems, myo_tsv_cell(t, row, r->col[STEM]));
    if (stem < 0) {
        return myo_tsv_fail(t, row, r->col[STEM], "a stem of recordings.tsv", c->d);
    }
    myo_measure x = {.row = r->stem_row[stem]};
    if (c->results.status[x.row] != MYO_ROW_DONE) {
        return MYO_OK;
    }
    x.participant = c->rec_participant[x.row];
    x.condition = c->rec_condition[x.row];
    MYO_TRY(numbers(r, row, &x));
    MYO_TRY(myo_labels_add(&c->channels, myo_tsv_cell(t, row, r->col[CHANNEL]), &x.channel));
    MYO_TRY(myo_labels_add(&c->types, myo_tsv_cell(t, row, r->col[TYPE]), &x.type));
    r->seen[x.row] = true;
    void *all = c->measure;
    MYO_TRY(myo_grow(&all, &c->cap_measures, c->n_measures + 1, sizeof *c->measure));
    c->measure = all;
    c->measure[c->n_measures++] = x;
    return MYO_OK;
}

static myo_err read_rows(reader *r) {
    MYO_TRY(find_columns(r));
    for (size_t i = 0; i < r->c->results.summary.n_rows; i++) {
        MYO_TRY(add_row(r, i));
    }
    return MYO_OK;
}

/* --- cells --- */

static int compare_key(const myo_measure *x, const myo_measure *y) {
    const int a[] = {x->participant, x->condition, x->channel, x->type};
    const int b[] = {y->participant, y->condition, y->channel, y->type};
    for (int i = 0; i < 4; i++) {
        if (a[i] != b[i]) {
            return a[i] < b[i] ? -1 : 1;
        }
    }
    return 0;
}

static int compare_measures(const void *a, const void *b) {
    const myo_measure *x = a, *y = b;
    const int order = compare_key(x, y);
    return order ? order : (x->row > y->row) - (x->row < y->row);
}

/* Mean of value, by weight; NaN values do not count. */
typedef struct mean {
    double sum, weight;
} mean;

static void mean_add(mean *m, double value, double weight) {
    if (!isnan(value) && weight > 0.0) {
        m->sum += value * weight;
        m->weight += weight;
    }
}

static double mean_of(const mean *m) {
    return m->weight > 0.0 ? m->sum / m->weight : NAN;
}

/* The unit all recordings with events have (exposed: and usable time); NULL if they differ. */
static const char *unit_of(const myo_measure *x, size_t n, bool exposed) {
    const char *unit = "";
    for (size_t i = 0; i < n; i++) {
        if (exposed && !(x[i].exposure_s > 0.0)) {
            continue;
        }
        if (!isnan(x[i].peak_median) && unit[0] && strcmp(unit, x[i].unit) != 0) {
            return NULL;
        }
        unit = isnan(x[i].peak_median) ? unit : x[i].unit;
    }
    return unit;
}

static int group_of(const myo_comparison *c, const myo_measure *x, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const int g = myo_labels_find(&c->groups, c->results.recordings.row[x[i].row].group);
        if (g >= 0) {
            return g;
        }
    }
    return -1;
}

static bool has_exposure(const myo_measure *x, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (x[i].exposure_s > 0.0) {
            return true;
        }
    }
    return false;
}

myo_pooled myo_pool_measures(const myo_comparison *c, const myo_measure *x, size_t n) {
    myo_pooled p = {.participant = x->participant,
                    .condition = x->condition,
                    .channel = x->channel,
                    .type = x->type,
                    .n_recordings = (int)n,
                    .measure = x,
                    .group = group_of(c, x, n)};
    mean fano = {0}, duration = {0}, peak = {0}, freq = {0};
    const bool any = has_exposure(x, n);
    for (size_t i = 0; i < n; i++) {
        if (any && !(x[i].exposure_s > 0.0)) { /* its events have no time to be a rate of */
            p.n_no_exposure++;
            continue;
        }
        p.n += x[i].n;
        p.n_indeterminate += x[i].n_indeterminate;
        p.exposure_s += x[i].exposure_s;
        p.burden_s += x[i].exposure_s > 0.0 ? x[i].burden_s_per_h * x[i].exposure_s / 3600.0 : 0.0;
        mean_add(&fano, x[i].fano, x[i].exposure_s);
        mean_add(&duration, x[i].duration_ms_median, (double)x[i].n);
        mean_add(&peak, x[i].peak_median, (double)x[i].n);
        mean_add(&freq, x[i].freq_hz_median, (double)x[i].n);
    }
    p.fano = mean_of(&fano);
    p.duration_ms_median = mean_of(&duration);
    p.unit = unit_of(x, n, any);
    p.peak_median = p.unit ? mean_of(&peak) : NAN;
    p.freq_hz_median = mean_of(&freq);
    return p;
}

static myo_err add_cell(myo_comparison *c, const myo_measure *x, size_t n) {
    for (size_t i = 1; i < n; i++) {
        if (x[i].row == x[i - 1].row) {
            return myo_fail(c->d, MYO_ERR_DAMAGED,
                            "channel %s, type %s of recording %s found twice",
                            c->channels.name[x->channel], c->types.name[x->type],
                            c->results.recordings.row[x->row].stem);
        }
    }
    void *cells = c->cell;
    MYO_TRY(myo_grow(&cells, &c->cap_cells, c->n_cells + 1, sizeof *c->cell));
    c->cell = cells;
    c->cell[c->n_cells++] = myo_pool_measures(c, x, n);
    return MYO_OK;
}

static myo_err make_cells(myo_comparison *c) {
    qsort(c->measure, c->n_measures, sizeof *c->measure, compare_measures);
    for (size_t i = 0, end; i < c->n_measures; i = end) {
        for (end = i + 1; end < c->n_measures && compare_key(&c->measure[i], &c->measure[end]) == 0;
             end++) {
        }
        MYO_TRY(add_cell(c, &c->measure[i], end - i));
    }
    return MYO_OK;
}

myo_err myo_compare_pool(myo_comparison *c) {
    const size_t n = c->results.recordings.n_rows;
    reader r = {.c = c};
    r.stem_row = myo_alloc(n + 1, sizeof *r.stem_row);
    r.seen = myo_alloc(n + 1, sizeof *r.seen);
    c->rec_participant = myo_alloc(n + 1, sizeof *c->rec_participant);
    c->rec_condition = myo_alloc(n + 1, sizeof *c->rec_condition);
    const bool room = r.stem_row && r.seen && c->rec_participant && c->rec_condition;
    myo_err e = room ? label_recordings(&r) : MYO_ERR_NOMEM;
    e = e == MYO_OK && c->results.summary.n_cols > 0 ? read_rows(&r) : e;
    e = e == MYO_OK && c->n_measures > 0 ? make_cells(c) : e;
    for (size_t i = 0; e == MYO_OK && i < n; i++) {
        c->n_silent += c->results.status[i] == MYO_ROW_DONE && !r.seen[i];
    }
    myo_labels_clear(&r.stems);
    myo_free(r.stem_row);
    myo_free(r.seen);
    return e;
}

myo_err myo_compare_merge_conditions(myo_comparison *c, int baseline) {
    size_t n = 0;
    for (size_t i = 0; i < c->n_measures; i++) {
        if (c->measure[i].condition != baseline) {
            c->measure[n] = c->measure[i];
            c->measure[n++].condition = 0;
        }
    }
    c->n_measures = n;
    c->n_cells = 0;
    return n > 0 ? make_cells(c) : MYO_OK;
}

/* --- looking up --- */

static int compare_cells(const void *a, const void *b) {
    const myo_pooled *x = a, *y = b;
    return compare_key(&(myo_measure){x->participant, x->condition, x->channel, x->type, .row = 0},
                       &(myo_measure){y->participant, y->condition, y->channel, y->type, .row = 0});
}

const myo_pooled *myo_compare_cell(const myo_comparison *c, int participant, int condition,
                                   int channel, int type) {
    const myo_pooled key = {
        .participant = participant, .condition = condition, .channel = channel, .type = type};
    return c->n_cells ? bsearch(&key, c->cell, c->n_cells, sizeof *c->cell, compare_cells) : NULL;
}

/* The first cell of the pair, by bisection. */
bool myo_compare_has(const myo_comparison *c, int participant, int condition) {
    size_t lo = 0, hi = c->n_cells;
    while (lo < hi) {
        const size_t mid = lo + (hi - lo) / 2;
        const myo_pooled *p = &c->cell[mid];
        if (p->participant < participant ||
            (p->participant == participant && p->condition < condition)) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo < c->n_cells && c->cell[lo].participant == participant &&
           c->cell[lo].condition == condition;
}

double myo_pooled_value(const myo_pooled *p, myo_metric_id metric) {
    const double h = p->exposure_s / 3600.0;
    const double value[MYO_N_SUMMARY_METRIC] = {
        h > 0.0 ? (double)p->n / h : NAN, h > 0.0 ? p->burden_s / h : NAN, p->duration_ms_median,
        p->peak_median, p->freq_hz_median};
    return metric < MYO_N_SUMMARY_METRIC ? value[metric] : NAN;
}

myo_err myo_compare_reference(const myo_comparison *c, const myo_labels *labels, int *index) {
    enum { SHOWN = 12 };
    *index = c->job->reference ? myo_labels_find(labels, c->job->reference) : labels->n ? 0 : -1;
    if (*index >= 0 || !c->job->reference) {
        return MYO_OK;
    }
    const bool elsewhere = labels == &c->groups && myo_labels_find(&c->conditions, c->job->reference) >= 0;
    myo_buf b = {0};
    for (int i = 0; i < labels->n && i < SHOWN; i++) {
        myo_buf_printf(&b, "%s%s", i ? ", " : "", labels->name[i]);
    }
    const myo_err e =
        b.failed
            ? MYO_ERR_NOMEM
            : myo_fail(c->d, MYO_ERR_USAGE,
                       "--reference: no such label in the data (found %.80s%s, allowed %s%s)",
                       c->job->reference, elsewhere ? ", a condition: --baseline takes it" : "", b.s ? b.s : "none",
                       labels->n > SHOWN ? ", ..." : "");
    myo_buf_clear(&b);
    return e;
}
