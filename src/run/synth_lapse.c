/* synth_lapse.c - negative jerks: the drive of a contraction is gone for a moment; where the signal shows it. */
#include <math.h>
#include <stdlib.h>
#include "myotab/table.h"
#include "run/synth.h"

/* Ahead of and behind a silence the contraction goes on for so long at least. */
static const double k_aside_s = 0.4;

/* From drive to electrode, and from the last discharge to the end of its potential. */
static const double k_way_s = 0.006;

myo_err syn_lapses_cut(const syn_world *w, const syn_event *e, double from, double to, myo_rng *r, float *drive,
                       int n, syn_clip *c) {
    if (e->n_lapses == 0) {
        return MYO_OK;
    }
    c->lapse = myo_alloc((size_t)e->n_lapses, sizeof *c->lapse);
    if (!c->lapse) {
        return MYO_ERR_NOMEM;
    }
    const double slot = (to - from) / e->n_lapses;
    for (int i = 0; i < e->n_lapses; i++) {
        const double most = fmin(0.45, slot - 2.0 * k_aside_s - 0.05);
        const double length = syn_loguniform(r, 0.06, fmax(0.07, most));
        const double on = from + i * slot + k_aside_s + myo_rng_uniform(r) * fmax(0.0, slot - 2.0 * k_aside_s - length);
        for (int k = (int)(on * 1e3); k < (int)((on + length) * 1e3) && k < n; k++) {
            drive[k] = 0.0f;
        }
        const double until = fmin(on + length + k_way_s, (double)c->n / w->fs);
        c->lapse[c->n_lapse++] = (syn_lapse){(int64_t)((on + k_way_s) * w->fs), (int64_t)(until * w->fs)};
    }
    return MYO_OK;
}

/* --- truth --- */

typedef struct row {
    double onset, end, snr_db;
    int site;
} row;

struct syn_lapses {
    const syn_world *w;
    row *rows;
    size_t n, cap;
};

myo_err syn_lapses_new(syn_lapses **out, const syn_world *w) {
    syn_lapses *l = myo_alloc(1, sizeof *l);
    if (!l) {
        return MYO_ERR_NOMEM;
    }
    l->w = w;
    *out = l;
    return MYO_OK;
}

void syn_lapses_free(syn_lapses **l) {
    if (*l) {
        myo_free((*l)->rows);
        myo_free(*l);
        *l = NULL;
    }
}

/* Mean square of frames [from, to), cut to the clip. */
static double power(const syn_clip *c, int64_t from, int64_t to) {
    double sum = 0.0;
    from = from < 0 ? 0 : from;
    to = to > c->n ? c->n : to;
    for (int64_t i = from; i < to; i++) {
        sum += (double)c->x[0][i] * c->x[0][i];
    }
    return to > from ? sum / (double)(to - from) : 0.0;
}

/* The quiet stretch about a silence's middle: its 5-ms rms under a fifth of the tone's. */
static row measure(const syn_lapses *l, const syn_clip *c, const syn_lapse *s) {
    const double fs = l->w->fs;
    const int64_t half = (int64_t)fmax(1.0, 0.0025 * fs), mid = (s->on + s->off) / 2;
    const double tone = power(c, s->on - (int64_t)(k_aside_s * fs), s->on), least = 0.04 * tone;
    int64_t on = mid, off = mid;
    while (on > 0 && power(c, on - half, on + half) < least) {
        on--;
    }
    while (off < c->n && power(c, off - half, off + half) < least) {
        off++;
    }
    return (row){(double)(c->first + on) / fs, (double)(c->first + off) / fs,
                 10.0 * log10(tone / syn_noise_power(l->w)), 0};
}

myo_err syn_lapses_add(syn_lapses *l, const syn_event *e, const syn_clip *c) {
    MYO_TRY(myo_grow((void **)&l->rows, &l->cap, l->n + (size_t)c->n_lapse, sizeof *l->rows));
    for (int i = 0; i < c->n_lapse; i++) {
        row r = measure(l, c, &c->lapse[i]);
        r.site = e->site;
        if (r.end > r.onset) {
            l->rows[l->n++] = r;
        }
    }
    return MYO_OK;
}

static int by_onset(const void *a, const void *b) {
    const row *p = a, *q = b;
    return p->onset != q->onset ? (p->onset > q->onset) - (p->onset < q->onset) : (p->site > q->site) - (p->site < q->site);
}

static const myo_column k_cols[] = {
    {"onset", MYO_COL_TIME, "s", "the signal's 5-ms rms falls under a fifth of the tone before"},
    {"duration", MYO_COL_TIME, "s", "until it rises above it again"},
    {"channel", MYO_COL_TEXT, "", "channel"},
    {"tone_snr_db", MYO_COL_NUM, "dB", "power of the 0.4 s before over noise power"},
};
static const myo_schema k_schema = {"truth_negative", "silent periods put into contractions", k_cols,
                                    (int)(sizeof k_cols / sizeof k_cols[0])};

static myo_err write_rows(const syn_lapses *l, myo_table *t) {
    char name[16];
    for (size_t i = 0; i < l->n; i++) {
        const row *r = &l->rows[i];
        const myo_cell cells[] = {{.num = r->onset},
                                  {.num = r->end - r->onset},
                                  {.text = syn_site_name(l->w, r->site, name)},
                                  {.num = r->snr_db}};
        MYO_TRY(myo_table_row(t, cells));
    }
    return MYO_OK;
}

myo_err syn_lapses_write(syn_lapses *l, const char *dir, const char *stem, myo_diag *d) {
    if (l->w->conf->negative_per_min <= 0.0) {
        return MYO_OK;
    }
    if (l->n > 0) {
        qsort(l->rows, l->n, sizeof *l->rows, by_onset);
    }
    myo_buf path = {0};
    myo_table *t = NULL;
    myo_buf_printf(&path, "%s/%s_truth_negative.tsv", dir, stem);
    myo_err err = path.failed ? MYO_ERR_NOMEM : myo_table_open(&t, &k_schema, path.s, d);
    myo_buf_clear(&path);
    err = err == MYO_OK ? write_rows(l, t) : err;
    if (err != MYO_OK) {
        myo_table_abort(&t);
        return err;
    }
    return myo_table_close(&t);
}
