/* sums.c - summary tables read back: what each channel of each recording showed of each class. */
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include "report/report.h"

/* The most a value may be: a count as compare allows it, times of a thousand years, rates and
 * amplitudes far beyond any recording. */
static const double COUNT = 1e9, SPAN_S = 3.2e10, SPAN_MS = 3.2e13, ANY = 1e15;

typedef struct number_of {
    const char *name;
    size_t at;
    bool may_miss, whole;
    const double *most;
} number_of;

static const number_of numbers[] = {
    {"n", offsetof(myo_rep_sum, n), false, true, &COUNT},
    {"n_indeterminate", offsetof(myo_rep_sum, n_indeterminate), true, true, &COUNT},
    {"exposure_s", offsetof(myo_rep_sum, exposure_s), true, false, &SPAN_S},
    {"rate_per_h", offsetof(myo_rep_sum, rate), true, false, &ANY},
    {"rate_low", offsetof(myo_rep_sum, low), true, false, &ANY},
    {"rate_high", offsetof(myo_rep_sum, high), true, false, &ANY},
    {"fano", offsetof(myo_rep_sum, fano), true, false, &ANY},
    {"burden_s_per_h", offsetof(myo_rep_sum, burden), true, false, &ANY},
    {"duration_ms_median", offsetof(myo_rep_sum, duration), true, false, &SPAN_MS},
    {"peak_median", offsetof(myo_rep_sum, peak), true, false, &ANY},
    {"freq_hz_median", offsetof(myo_rep_sum, freq), true, false, &ANY},
};
enum { N_NUMBERS = sizeof numbers / sizeof numbers[0] };

typedef struct columns {
    int number[N_NUMBERS], channel, type, unit, stem;
} columns;

static myo_err find_columns(const myo_tsv *t, bool by_stem, columns *c, myo_diag *d) {
    for (int i = 0; i < N_NUMBERS; i++) {
        MYO_TRY(myo_tsv_need(t, numbers[i].name, &c->number[i], d));
    }
    MYO_TRY(myo_tsv_need(t, "channel", &c->channel, d));
    MYO_TRY(myo_tsv_need(t, "trial_type", &c->type, d));
    MYO_TRY(myo_tsv_need(t, "unit", &c->unit, d));
    return by_stem ? myo_tsv_need(t, "stem", &c->stem, d) : MYO_OK;
}

/* ---- which recording a row is of ---- */

typedef struct stem_ref {
    const char *stem;
    size_t rec;
} stem_ref;

static int compare_stems(const void *a, const void *b) {
    return strcmp(((const stem_ref *)a)->stem, ((const stem_ref *)b)->stem);
}

/* The recordings by stem; NULL without memory. */
static stem_ref *sorted_stems(const myo_rep *r) {
    stem_ref *s = myo_alloc(r->n_recs + 1, sizeof *s);
    for (size_t i = 0; s && i < r->n_recs; i++) {
        s[i] = (stem_ref){r->rec[i].stem, i};
    }
    if (s) {
        myo_sort_in_place(s, r->n_recs, sizeof *s, compare_stems);
    }
    return s;
}

/* SIZE_MAX if there is none. */
static size_t rec_of(const stem_ref *refs, size_t n, const char *stem) {
    const stem_ref key = {stem, 0};
    const stem_ref *found = n > 0 ? bsearch(&key, refs, n, sizeof *refs, compare_stems) : NULL;
    return found ? found->rec : SIZE_MAX;
}

/* ---- rows ---- */

static myo_err refuse(const myo_tsv *t, size_t row, int col, int i, myo_diag *d) {
    char most[32], allowed[80];
    myo_format_g(most, sizeof most, *numbers[i].most, 15);
    snprintf(allowed, sizeof allowed, "a %snumber >= 0, at most %s",
             numbers[i].whole ? "whole " : "", most);
    return myo_tsv_fail(t, row, col, allowed, d);
}

static myo_err read_row(const myo_tsv *t, size_t row, const columns *c, myo_rep_sum *s,
                        myo_diag *d) {
    for (int i = 0; i < N_NUMBERS; i++) {
        double *to = (double *)(void *)((char *)s + numbers[i].at);
        MYO_TRY(myo_tsv_f64(t, row, c->number[i], numbers[i].may_miss, to, d));
        if (*to < 0.0 || *to > *numbers[i].most || (numbers[i].whole && *to != floor(*to))) {
            MYO_TRY(refuse(t, row, c->number[i], i, d));
        }
    }
    s->channel = myo_tsv_cell(t, row, c->channel);
    s->unit = myo_tsv_cell(t, row, c->unit);
    s->type = myo_class_from_name(myo_tsv_cell(t, row, c->type));
    return s->type < 0 ? myo_tsv_fail(t, row, c->type, "a class of event", d) : MYO_OK;
}

static myo_err add_rows(myo_rep *r, const myo_tsv *t, const columns *c, const stem_ref *refs,
                        size_t rec, myo_diag *d) {
    for (size_t row = 0; row < t->n_rows; row++) {
        if (row % 4096 == 0) {
            MYO_TRY(myo_rep_go_on(r));
        }
        myo_rep_sum *s = &r->sum[r->n_sums];
        *s = (myo_rep_sum){.rec = rec};
        MYO_TRY(read_row(t, row, c, s, d));
        if (refs) {
            s->rec = rec_of(refs, r->n_recs, myo_tsv_cell(t, row, c->stem));
        }
        if (s->rec == SIZE_MAX) {
            return myo_tsv_fail(t, row, c->stem, "a stem of recordings.tsv", d);
        }
        r->n_sums++;
    }
    return MYO_OK;
}

static myo_err read_table(myo_rep *r, const myo_tsv *t, size_t rec, myo_diag *d) {
    columns c = {.stem = -1};
    const bool by_stem = rec == SIZE_MAX;
    MYO_TRY(find_columns(t, by_stem, &c, d));
    void *sums = r->sum;
    stem_ref *refs = by_stem ? sorted_stems(r) : NULL;
    const bool room =
        myo_grow(&sums, &r->cap_sums, r->n_sums + t->n_rows + 1, sizeof *r->sum) == MYO_OK;
    r->sum = sums;
    const myo_err e = room && (refs || !by_stem) ? add_rows(r, t, &c, refs, rec, d) : MYO_ERR_NOMEM;
    myo_free(refs);
    return e;
}

myo_err myo_rep_read_summary(myo_rep *r, const myo_tsv *t, size_t rec) {
    myo_diag why = {0};
    const myo_err e = read_table(r, t, rec, &why);
    if (e != MYO_OK && rec == SIZE_MAX) {
        return myo_rep_blame(r, NULL, "summary.tsv", e, &why);
    }
    return e == MYO_OK ? e : myo_rep_blame(r, r->rec[rec].stem, "_summary.tsv", e, &why);
}

/* Rows into `sorted` by recording; next has room for one more than the recordings, all 0. */
static void sort_by_rec(myo_rep *r, myo_rep_sum *sorted, size_t *next) {
    for (size_t i = 0; i < r->n_sums; i++) {
        next[r->sum[i].rec + 1]++;
    }
    for (size_t i = 0; i < r->n_recs; i++) {
        next[i + 1] += next[i];
        r->rec[i].first_sum = next[i];
    }
    for (size_t i = 0; i < r->n_sums; i++) {
        sorted[next[r->sum[i].rec]++] = r->sum[i];
    }
}

/* By recording, and as in the table within one. */
myo_err myo_rep_index_sums(myo_rep *r) {
    myo_rep_sum *sorted = myo_alloc(r->n_sums + 1, sizeof *sorted);
    size_t *next = myo_alloc(r->n_recs + 1, sizeof *next);
    if (!sorted || !next) {
        myo_free(sorted);
        myo_free(next);
        return MYO_ERR_NOMEM;
    }
    sort_by_rec(r, sorted, next);
    myo_free(next);
    myo_free(r->sum);
    r->sum = sorted;
    r->cap_sums = r->n_sums + 1;
    return MYO_OK;
}

const myo_rep_sum *myo_rep_sum_of(const myo_rep *r, size_t rec, const char *channel, int type) {
    const size_t from = rec < r->n_recs ? r->rec[rec].first_sum : r->n_sums;
    for (size_t i = from; i < r->n_sums && r->sum[i].rec == rec; i++) {
        if (r->sum[i].type == type && strcmp(r->sum[i].channel, channel) == 0) {
            return &r->sum[i];
        }
    }
    return NULL;
}
