/* synth_truth.c - where the events really are: energy edges of the noise-free signal
 * (science.md 8.2).
 *
 *   cumulative energy   0 ---- 2.5 % ========= 97.5 % ---- 1      one burst: [onset, onset +
 * duration) an episode          first burst's onset ........ last burst's end */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "myotab/table.h"
#include "run/synth.h"

typedef struct row {
    double onset, end, snr_db, freq, drive_on, amplitude;
    int64_t n_bursts, seq;
    myo_class cls;
    int site;
    bool faint;
} row;

typedef struct burst {
    int64_t on, off; /* frames from the clip's start, half-open */
    double onset, end, amplitude;
    int64_t seq; /* of its row */
} burst;

struct syn_truth {
    const syn_world *w;
    row *rows;
    size_t n_rows, cap_rows;
    burst *bursts;
    size_t n_bursts, cap_bursts;
};

/* What is measured on a clip: energy a frame for the edges, and power in the band of the SNR. */
typedef struct gauge {
    double *edge, *band, *work;
    burst *b;
    int n_b;
    double band_sum; /* of `band` inside the bursts */
    int64_t frames;  /* of all bursts */
} gauge;

typedef struct biquad {
    double b0, b1, b2, a1, a2;
} biquad;

/* Second-order Butterworth, bilinear transform. */
static biquad butterworth(double hz, double fs, bool high) {
    const double k = tan(M_PI * hz / fs), norm = 1.0 / (1.0 + M_SQRT2 * k + k * k);
    biquad q = {.a1 = 2.0 * (k * k - 1.0) * norm, .a2 = (1.0 - M_SQRT2 * k + k * k) * norm};
    q.b0 = high ? norm : k * k * norm;
    q.b1 = high ? -2.0 * norm : 2.0 * q.b0;
    q.b2 = q.b0;
    return q;
}

/* Forward and backward: no delay. */
static void filter_both_ways(const biquad *q, double *x, int64_t n) {
    for (int pass = 0; pass < 2; pass++) {
        double s1 = 0.0, s2 = 0.0;
        for (int64_t i = 0; i < n; i++) {
            double *v = pass ? &x[n - 1 - i] : &x[i];
            const double y = q->b0 * *v + s1;
            s1 = q->b1 * *v - q->a1 * y + s2;
            s2 = q->b2 * *v - q->a2 * y;
            *v = y;
        }
    }
}

static double band_lo(const syn_world *w) {
    return w->acc ? 1.0 : 20.0;
}

static double band_hi(const syn_world *w) {
    return fmin(w->acc ? 30.0 : 450.0, 0.5 * w->fs);
}

/* Noise density, unit^2 per Hz, of one axis. */
static double noise_density(const syn_world *w) {
    return w->acc ? w->noise * w->noise : w->noise * w->noise / (band_hi(w) - band_lo(w));
}

double syn_noise_power(const syn_world *w) {
    return noise_density(w) * (band_hi(w) - band_lo(w)) * (w->acc ? SYN_AXES : 1);
}

/* x^2 of one axis added to `sum`: gravity's turning taken off an accelerometer, the band on demand.
 */
static void add_energy(const syn_world *w, const float *x, int64_t n, bool in_band, double *work,
                       double *sum) {
    for (int64_t i = 0; i < n; i++) {
        work[i] = x[i];
    }
    if (w->acc || in_band) {
        const biquad hp = butterworth(w->acc && !in_band ? 0.5 : band_lo(w), w->fs, true);
        filter_both_ways(&hp, work, n);
    }
    if (in_band && band_hi(w) < 0.45 * w->fs) {
        const biquad lp = butterworth(band_hi(w), w->fs, false);
        filter_both_ways(&lp, work, n);
    }
    for (int64_t i = 0; i < n; i++) {
        sum[i] += work[i] * work[i];
    }
}

/* Edges of the energy in frames [from, to); false where there is none to speak of. */
static bool burst_edges(const double *energy, int64_t from, int64_t to, double least, burst *b) {
    double all = 0.0, sum = 0.0;
    for (int64_t i = from; i < to; i++) {
        all += energy[i];
    }
    if (!(all > least)) {
        return false;
    }
    b->on = b->off = -1;
    for (int64_t i = from; i < to && b->off < 0; i++) {
        sum += energy[i];
        if (b->on < 0 && sum >= 0.025 * all) {
            b->on = i;
        }
        if (sum >= 0.975 * all) {
            b->off = i + 1;
        }
    }
    b->off = b->off < 0 ? to : b->off;
    return true;
}

static void gauge_bursts(gauge *g, const syn_clip *c) {
    double all = 0.0;
    for (int64_t i = 0; i < c->n; i++) {
        all += g->edge[i];
    }
    const int parts = c->n_cut > 1 ? c->n_cut - 1 : 1;
    /* A cycle with under 2 % of the mean energy is a beat left out, not a burst. */
    const double least = parts > 1 ? 0.02 * all / parts : 0.0;
    for (int i = 0; i < parts; i++) {
        const int64_t from = parts > 1 ? c->cut[i] : 0, to = parts > 1 ? c->cut[i + 1] : c->n;
        burst *b = &g->b[g->n_b];
        if (!burst_edges(g->edge, from, to, least, b)) {
            continue;
        }
        for (int64_t k = b->on; k < b->off; k++) {
            g->band_sum += g->band[k];
            b->amplitude = fmax(b->amplitude, g->edge[k]);
        }
        b->amplitude = sqrt(b->amplitude);
        g->frames += b->off - b->on;
        g->n_b++;
    }
}

static void gauge_clear(gauge *g) {
    myo_free(g->edge);
    myo_free(g->b);
    *g = (gauge){0};
}

static myo_err gauge_make(gauge *g, const syn_world *w, const syn_clip *c) {
    *g = (gauge){0};
    g->edge = myo_alloc((size_t)c->n * 3, sizeof *g->edge);
    g->b = myo_alloc((size_t)(c->n_cut + 1), sizeof *g->b);
    if (!g->edge || !g->b) {
        gauge_clear(g);
        return MYO_ERR_NOMEM;
    }
    g->band = g->edge + c->n;
    g->work = g->band + c->n;
    for (int a = 0; a < c->n_ax; a++) {
        add_energy(w, c->burst && a == 0 ? c->burst : c->x[a], c->n, false, g->work, g->edge);
        add_energy(w, c->x[a], c->n, true, g->work, g->band);
    }
    gauge_bursts(g, c);
    return MYO_OK;
}

static double gauge_power(const gauge *g) {
    return g->frames > 0 ? g->band_sum / (double)g->frames : 0.0;
}

static void clip_scale(syn_clip *c, double gain) {
    for (int64_t i = 0; i < c->n; i++) {
        c->x[0][i] *= (float)gain;
        if (c->burst) {
            c->burst[i] *= (float)gain;
        }
    }
    c->scaled = true;
}

myo_err syn_scale(const syn_world *w, syn_clip *c, double snr_db) {
    gauge g;
    if (w->conf->unit_hi_uv > 0.0) {
        c->scaled = true;
        return MYO_OK;
    }
    MYO_TRY(gauge_make(&g, w, c));
    const double power = gauge_power(&g);
    gauge_clear(&g);
    if (power > 0.0) {
        clip_scale(c, sqrt(pow(10.0, 0.1 * snr_db) * syn_noise_power(w) / power));
    }
    return MYO_OK;
}

myo_err syn_truth_new(syn_truth **out, const syn_world *w) {
    syn_truth *t = myo_alloc(1, sizeof *t);
    if (!t) {
        return MYO_ERR_NOMEM;
    }
    t->w = w;
    *out = t;
    return MYO_OK;
}

static myo_err truth_row(syn_truth *t, const row *r) {
    MYO_TRY(myo_grow((void **)&t->rows, &t->cap_rows, t->n_rows + 1, sizeof *t->rows));
    t->rows[t->n_rows] = *r;
    t->rows[t->n_rows].seq = (int64_t)t->n_rows;
    t->n_rows++;
    return MYO_OK;
}

static myo_err truth_bursts(syn_truth *t, const gauge *g, const syn_clip *c) {
    MYO_TRY(myo_grow((void **)&t->bursts, &t->cap_bursts, t->n_bursts + (size_t)g->n_b,
                     sizeof *t->bursts));
    for (int i = 0; i < g->n_b; i++) {
        burst *b = &t->bursts[t->n_bursts++];
        *b = g->b[i];
        b->onset = (double)(c->first + b->on) / t->w->fs;
        b->end = (double)(c->first + b->off) / t->w->fs;
        b->seq = (int64_t)t->n_rows;
    }
    return MYO_OK;
}

static myo_err truth_measured(syn_truth *t, const syn_event *e, const syn_clip *c, const gauge *g) {
    const syn_world *w = t->w;
    const burst *first = &g->b[0], *last = &g->b[g->n_b - 1];
    row r = {.cls = e->cls,
             .site = e->site,
             .drive_on = c->drive_on,
             .freq = c->freq,
             .n_bursts = g->n_b};
    r.onset = (double)(c->first + first->on) / w->fs;
    r.end = (double)(c->first + last->off) / w->fs;
    r.snr_db = 10.0 * log10(gauge_power(g) / syn_noise_power(w));
    r.faint = 10.0 * log10(g->band_sum / w->fs / noise_density(w)) < 16.0;
    for (int i = 0; i < g->n_b; i++) {
        r.amplitude = fmax(r.amplitude, g->b[i].amplitude);
    }
    const bool listed = e->cls == MYO_JERK || e->cls == MYO_TREMOR || e->cls == MYO_TETANY ||
                        e->cls == MYO_CLONUS;
    if (listed) {
        MYO_TRY(truth_bursts(t, g, c));
    }
    return truth_row(t, &r);
}

myo_err syn_truth_span(syn_truth *t, const syn_event *e) {
    const row r = {.cls = e->cls,
                   .site = e->site,
                   .onset = e->t0,
                   .end = e->t0 + e->span,
                   .snr_db = NAN,
                   .freq = NAN,
                   .drive_on = NAN,
                   .amplitude = NAN,
                   .n_bursts = 1};
    return truth_row(t, &r);
}

myo_err syn_truth_add(syn_truth *t, const syn_event *e, syn_clip *c) {
    if (!c->scaled) {
        MYO_TRY(syn_scale(t->w, c, e->level));
    }
    gauge g;
    MYO_TRY(gauge_make(&g, t->w, c));
    const myo_err err = g.n_b > 0 ? truth_measured(t, e, c, &g) : MYO_OK;
    gauge_clear(&g);
    return err;
}

static int by_onset(const void *a, const void *b) {
    const row *p = a, *q = b;
    if (p->onset != q->onset) {
        return p->onset < q->onset ? -1 : 1;
    }
    if (p->site != q->site) {
        return p->site < q->site ? -1 : 1;
    }
    return p->seq < q->seq ? -1 : p->seq > q->seq;
}

static const myo_column k_truth_cols[] = {
    {"onset", MYO_COL_TIME, "s", "2.5 % of the energy of the event's noise-free signal"},
    {"duration", MYO_COL_TIME, "s",
     "from there to 97.5 %; of an episode, to the end of its last burst"},
    {"trial_type", MYO_COL_TEXT, "", "class of the event"},
    {"channel", MYO_COL_TEXT, "", "channel; the three axes of a sensor are one"},
    {"snr_db", MYO_COL_NUM, "dB",
     "mean power in the bursts over noise power, 20-450 Hz (accelerometer 1-30 Hz)"},
    {"freq_hz", MYO_COL_NUM, "Hz", "rhythm of the bursts"},
    {"n_bursts", MYO_COL_INT, "", "bursts of the event"},
    {"drive_onset", MYO_COL_TIME, "s", "when the muscle was told to move"},
    {"faint", MYO_COL_INT, "",
     "1: energy under 16 dB over the noise density, no detector can be sure of it"},
    {"amplitude", MYO_COL_NUM, "", "largest value of the noise-free signal"},
    {"unit", MYO_COL_TEXT, "", "unit of the amplitude"},
};
static const myo_schema k_truth = {"truth", "events put into a synthetic recording", k_truth_cols,
                                   (int)(sizeof k_truth_cols / sizeof k_truth_cols[0])};

static const myo_column k_burst_cols[] = {
    {"onset", MYO_COL_TIME, "s", "2.5 % of the energy of the burst"},
    {"duration", MYO_COL_TIME, "s", "from there to 97.5 %"},
    {"trial_type", MYO_COL_TEXT, "", "class of the event it belongs to"},
    {"channel", MYO_COL_TEXT, "", "channel"},
    {"event_row", MYO_COL_INT, "", "data row of its event in the truth table, from 1"},
    {"amplitude", MYO_COL_NUM, "", "largest value of the noise-free signal"},
    {"unit", MYO_COL_TEXT, "", "unit of the amplitude"},
};
static const myo_schema k_bursts = {"truth_bursts", "bursts inside jerks, tremor and tetany",
                                    k_burst_cols,
                                    (int)(sizeof k_burst_cols / sizeof k_burst_cols[0])};

static myo_err write_events(const syn_truth *t, myo_table *table) {
    char name[16];
    for (size_t i = 0; i < t->n_rows; i++) {
        const row *r = &t->rows[i];
        const myo_cell cells[] = {
            {.num = r->onset},
            {.num = r->end - r->onset},
            {.text = myo_class_name(r->cls)},
            {.text = syn_site_name(t->w, r->site, name)},
            {.num = r->snr_db},
            {.num = r->freq},
            {.i = r->n_bursts},
            {.num = r->drive_on},
            {.i = r->faint},
            {.num = r->amplitude},
            {.text = t->w->acc ? "g" : "uV"},
        };
        MYO_TRY(myo_table_row(table, cells));
    }
    return MYO_OK;
}

static int bursts_by_onset(const void *a, const void *b) {
    const burst *p = a, *q = b;
    if (p->onset != q->onset) {
        return p->onset < q->onset ? -1 : 1;
    }
    return p->seq < q->seq ? -1 : p->seq > q->seq;
}

static myo_err write_bursts(const syn_truth *t, myo_table *table) {
    char name[16];
    for (size_t i = 0; i < t->n_bursts; i++) {
        const burst *b = &t->bursts[i];
        const row *r = &t->rows[b->seq];
        const myo_cell cells[] = {
            {.num = b->onset},
            {.num = b->end - b->onset},
            {.text = myo_class_name(r->cls)},
            {.text = syn_site_name(t->w, r->site, name)},
            {.i = b->seq + 1},
            {.num = b->amplitude},
            {.text = t->w->acc ? "g" : "uV"},
        };
        MYO_TRY(myo_table_row(table, cells));
    }
    return MYO_OK;
}

static myo_err write_table(const syn_truth *t, const myo_schema *s,
                           myo_err (*rows)(const syn_truth *, myo_table *), const char *path,
                           myo_diag *d) {
    myo_table *table = NULL;
    MYO_TRY(myo_table_open(&table, s, path, d));
    const myo_err err = rows(t, table);
    if (err != MYO_OK) {
        myo_table_abort(&table);
        return err;
    }
    return myo_table_close(&table);
}

/* Rows by onset, and each burst's row number with them. */
static myo_err truth_sort(syn_truth *t) {
    int64_t *place = myo_alloc(t->n_rows + 1, sizeof *place);
    if (!place) {
        return MYO_ERR_NOMEM;
    }
    if (t->n_rows > 0) {
        qsort(t->rows, t->n_rows, sizeof *t->rows, by_onset);
    }
    for (size_t i = 0; i < t->n_rows; i++) {
        place[t->rows[i].seq] = (int64_t)i;
    }
    for (size_t i = 0; i < t->n_bursts; i++) {
        t->bursts[i].seq = place[t->bursts[i].seq];
    }
    if (t->n_bursts > 0) {
        qsort(t->bursts, t->n_bursts, sizeof *t->bursts, bursts_by_onset);
    }
    myo_free(place);
    return MYO_OK;
}

myo_err syn_truth_write(syn_truth *t, const char *dir, const char *stem, myo_diag *d) {
    MYO_TRY(truth_sort(t));
    myo_buf path = {0};
    myo_buf_printf(&path, "%s/%s_truth.tsv", dir, stem);
    const size_t cut = path.n - strlen(".tsv");
    myo_err err = path.failed ? MYO_ERR_NOMEM : write_table(t, &k_truth, write_events, path.s, d);
    if (err == MYO_OK) {
        path.n = cut;
        myo_buf_puts(&path, "_bursts.tsv");
        err = path.failed ? MYO_ERR_NOMEM : write_table(t, &k_bursts, write_bursts, path.s, d);
    }
    myo_buf_clear(&path);
    return err;
}

void syn_truth_free(syn_truth **t) {
    if (*t) {
        myo_free((*t)->rows);
        myo_free((*t)->bursts);
        myo_free(*t);
        *t = NULL;
    }
}
