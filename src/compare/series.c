/* series.c - events of one class and channel, one by one and in bins. */
#include <string.h>
#include "base/base.h"
#include "compare/events.h"

/* Bins near this length: 30 to 60 s (science.md 6.1) in recordings of a minute and more. */
static const double BIN_S = 45.0, SHORTEST_SPLIT_S = 60.0;

static bool is_wanted(const myo_wanted *w, const myo_mark *m) {
    return m->type == w->type && (w->all || m->channel == w->channel);
}

/* Bins of one recording, in a row of the series' bins. */
typedef struct bins {
    double from, length_s; /* of each */
    size_t first, n;
} bins;

static size_t n_bins_of(double length_s) {
    enum { MOST = 1000000 };
    if (!(length_s >= SHORTEST_SPLIT_S)) {
        return 1;
    }
    const double n = fmax(2.0, floor(length_s / BIN_S + 0.5));
    return n < MOST ? (size_t)n : MOST;
}

/* How long a recording was: as its channels table says, at least what could be used. */
static double length_of(const myo_marks *m, double exposure_s) {
    return isnan(m->length_s) || m->length_s < exposure_s ? exposure_s : m->length_s;
}

static size_t bin_at(const bins *b, double t) {
    const double k = floor((t - b->from) / b->length_s);
    return b->first + (!(k > 0.0) ? 0 : k < (double)b->n ? (size_t)k : b->n - 1);
}

/* Time between on and off, shared out to the bins. */
static void add_burden(myo_series *s, const bins *b, double on, double off) {
    const size_t last = bin_at(b, off);
    for (size_t k = bin_at(b, on); k <= last; k++) {
        const double from = b->from + (double)(k - b->first) * b->length_s;
        const double lo = k == b->first ? on : fmax(on, from);
        const double hi = k == b->first + b->n - 1 ? off : fmin(off, from + b->length_s);
        s->burden_s[k] += fmax(0.0, hi - lo);
    }
}

static void add_event(myo_series *s, const bins *b, const myo_mark *m) {
    s->count[bin_at(b, m->on)] += 1.0;
    s->duration_ms[s->n] = (m->off - m->on) * 1000.0;
    s->peak[s->n] = m->peak;
    s->freq_hz[s->n++] = m->freq_hz;
}

void myo_marks_visit(const myo_marks *r, const myo_wanted *w, myo_mark_fn fn, void *user) {
    double last_on = -INFINITY, covered_to = -INFINITY;
    for (size_t i = 0; i < r->n; i++) {
        const myo_mark *m = &r->mark[i];
        if (!is_wanted(w, m)) {
            continue;
        }
        const bool counts = !w->all || !(m->on <= last_on + r->sync_s || m->on < covered_to);
        fn(user, r, m, counts, fmax(m->on, covered_to));
        last_on = counts ? m->on : last_on;
        covered_to = fmax(covered_to, m->off);
    }
}

/* Where the events of one recording go. */
typedef struct filler {
    myo_series *s;
    const bins *b;
} filler;

static void add_mark(void *user, const myo_marks *r, const myo_mark *m, bool counts, double from) {
    const filler *f = user;
    (void)r;
    if (counts) {
        add_event(f->s, f->b, m);
    }
    if (m->off > from) {
        add_burden(f->s, f->b, from, m->off);
    }
}

static double exposure_of(const myo_pooled *cell, size_t row) {
    for (int i = 0; i < cell->n_recordings; i++) {
        if (cell->measure[i].row == row) {
            return cell->measure[i].exposure_s;
        }
    }
    return 0.0;
}

/* Room for all events and bins. */
static myo_err make_room(const myo_side *side, const myo_wanted *w, const myo_pooled *cell,
                         myo_series *s) {
    size_t n = 0;
    for (size_t i = 0; i < side->n_recordings; i++) {
        const myo_marks *r = &side->recording[i];
        for (size_t k = 0; k < r->n; k++) {
            n += is_wanted(w, &r->mark[k]);
        }
        s->n_bins += n_bins_of(length_of(r, exposure_of(cell, r->row)));
    }
    s->duration_ms = myo_alloc(n + 1, sizeof *s->duration_ms);
    s->peak = myo_alloc(n + 1, sizeof *s->peak);
    s->freq_hz = myo_alloc(n + 1, sizeof *s->freq_hz);
    s->count = myo_alloc(s->n_bins + 1, sizeof *s->count);
    s->exposure_h = myo_alloc(s->n_bins + 1, sizeof *s->exposure_h);
    s->burden_s = myo_alloc(s->n_bins + 1, sizeof *s->burden_s);
    return s->duration_ms && s->peak && s->freq_hz && s->count && s->exposure_h && s->burden_s
               ? MYO_OK
               : MYO_ERR_NOMEM;
}

static double fill(const myo_side *side, const myo_wanted *w, const myo_pooled *cell,
                   myo_series *s) {
    size_t first = 0;
    double all_s = 0.0;
    for (size_t i = 0; i < side->n_recordings; i++) {
        const myo_marks *r = &side->recording[i];
        const double exposure_s = exposure_of(cell, r->row), length_s = length_of(r, exposure_s);
        bins b = {.from = r->start_s, .first = first, .n = n_bins_of(length_s)};
        b.length_s = length_s / (double)b.n;
        for (size_t k = 0; k < b.n; k++) {
            s->exposure_h[first + k] = exposure_s / 3600.0 / (double)b.n;
        }
        if (exposure_s > 0.0) {
            myo_marks_visit(r, w, add_mark, &(filler){s, &b});
            all_s += length_s;
        }
        first += b.n;
    }
    return all_s;
}

myo_err myo_series_of(const myo_side *side, const myo_wanted *w, const myo_pooled *cell,
                      myo_series *out) {
    myo_series s = {0};
    myo_err e = make_room(side, w, cell, &s);
    if (e == MYO_OK) {
        const double all_s = fill(side, w, cell, &s);
        s.bin_s = s.n_bins ? all_s / (double)s.n_bins : NAN;
        e = myo_scatter_of(s.count, s.exposure_h, s.n_bins, &s.scatter);
    }
    if (e != MYO_OK) {
        myo_series_clear(&s);
        return e;
    }
    *out = s;
    return MYO_OK;
}

void myo_series_clear(myo_series *s) {
    myo_free(s->duration_ms);
    myo_free(s->peak);
    myo_free(s->freq_hz);
    myo_free(s->count);
    myo_free(s->exposure_h);
    myo_free(s->burden_s);
    *s = (myo_series){0};
}
