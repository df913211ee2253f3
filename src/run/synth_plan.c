/* synth_plan.c - when which event happens: nothing overlaps on a channel, classes keep apart. */
#include <math.h>
#include <stdlib.h>
#include "myotab/stop.h"
#include "run/synth.h"

static const double k_apart_s = 1.5;  /* between events of different classes on one channel */
static const double k_bin_s = 8.0;    /* the day is searched bin by bin */
static const double k_margin_s = 1.0; /* kept free at both ends of the recording */
static const double k_dead_s = 0.15;  /* least time between fasciculations */

typedef struct booking {
    double on, off;
    myo_class cls;
    int64_t next; /* in the same bin, -1 = last */
} booking;

typedef struct plan {
    syn_world *w;
    double length;
    int64_t n_bins;
    int64_t *bin; /* [site][bin]: first booking, -1 = free */
    booking *books;
    size_t n_books, cap_books;
    myo_rng r;
    uint64_t serial; /* of events, for their random streams */
} plan;

static int64_t bin_of(const plan *p, double t) {
    const int64_t b = (int64_t)floor(t / k_bin_s);
    return b < 0 ? 0 : b >= p->n_bins ? p->n_bins - 1 : b;
}

static bool is_free(const plan *p, int site, double on, double off, myo_class cls) {
    const double reach = fmax(k_apart_s, p->w->conf->jerk_gap_s);
    for (int64_t b = bin_of(p, on - reach); b <= bin_of(p, off + reach); b++) {
        for (int64_t i = p->bin[site * p->n_bins + b]; i >= 0; i = p->books[i].next) {
            const booking *k = &p->books[i];
            const double gap =
                cls == MYO_JERK && k->cls == MYO_JERK ? p->w->conf->jerk_gap_s : k_apart_s;
            if (on < k->off + gap && off + gap > k->on) {
                return false;
            }
        }
    }
    return true;
}

static myo_err book(plan *p, int site, double on, double off, myo_class cls) {
    const int64_t from = bin_of(p, on), to = bin_of(p, off);
    MYO_TRY(myo_grow((void **)&p->books, &p->cap_books, p->n_books + (size_t)(to - from + 1),
                     sizeof *p->books));
    for (int64_t b = from; b <= to; b++) {
        int64_t *head = &p->bin[site * p->n_bins + b];
        p->books[p->n_books] = (booking){on, off, cls, *head};
        *head = (int64_t)p->n_books++;
    }
    return MYO_OK;
}

static myo_err add_event(plan *p, syn_event e) {
    syn_world *w = p->w;
    MYO_TRY(myo_grow((void **)&w->ev, &w->cap_ev, w->n_ev + 1, sizeof *w->ev));
    e.own = ++p->serial;
    w->ev[w->n_ev++] = e;
    return MYO_OK;
}

/* Expected count to count: whole part sure, the rest by lot; jerks are Poisson. */
static int64_t lot(plan *p, double per_min, int sites) {
    return (int64_t)floor(per_min * p->length / 60.0 * sites + myo_rng_uniform(&p->r));
}

static int64_t poisson(plan *p, double mean) {
    int64_t n = -1;
    for (double sum = 0.0; sum <= mean; n++) {
        sum += myo_rng_exponential(&p->r);
    }
    return n;
}

static double draw_snr(plan *p) {
    return p->w->conf->snr_db + p->w->conf->snr_sd_db * myo_rng_normal(&p->r);
}

/* A time for e (span, sites of e + n_more above it) in [from, to); the event on every site, or
 * none. */
static myo_err place(plan *p, syn_event e, int n_sites, double from, double to, const double *lags,
                     bool *done) {
    if (myo_stop_requested()) {
        return MYO_ERR_STOPPED;
    }
    *done = false;
    to = fmin(to, p->length - k_margin_s - e.span);
    for (int attempt = 0; attempt < 60 && to > from && !*done; attempt++) {
        e.t0 = syn_uniform(&p->r, from, to);
        *done = true;
        for (int i = 0; i < n_sites && *done; i++) {
            *done = is_free(p, (e.site + i) % p->w->n_sites, e.t0, e.t0 + e.span, e.cls);
        }
    }
    e.common = ++p->serial * 2;
    const int first = e.site;
    for (int i = 0; i < n_sites && *done; i++) {
        e.site = (first + i) % p->w->n_sites;
        e.lag = lags ? lags[i] : 0.0;
        e.level += i ? 2.0 * myo_rng_normal(&p->r) : 0.0;
        MYO_TRY(book(p, e.site, e.t0, e.t0 + e.span, e.cls));
        /* Fasciculations come one by one inside their stretch, as do rhythmic jerks and leg movements. */
        if (e.cls != MYO_FASCICULATION && e.kind != SYN_STRETCH) {
            MYO_TRY(add_event(p, e));
        }
    }
    return MYO_OK;
}

/* --- one function a class: what an event of it looks like --- */

/* EMG: 8.2 wants a cramp at five times the floor, 14 dB. */
static myo_err plan_cramp(plan *p, int site) {
    bool done;
    const double most = p->w->conf->episode_max_s;
    const syn_event e = {.cls = MYO_CRAMP,
                         .site = site,
                         .span = syn_loguniform(&p->r, fmin(14.0, most), most),
                         .level = fmax(14.5, draw_snr(p) + 2.0)};
    return place(p, e, 1, k_margin_s, p->length, NULL, &done);
}

static myo_err plan_tetany(plan *p, int site) {
    bool done;
    const double most = fmin(60.0, p->w->conf->episode_max_s);
    const syn_event e = {.cls = MYO_TETANY,
                         .site = site,
                         .span = syn_loguniform(&p->r, 10.5, most),
                         .level = draw_snr(p) + 2.0};
    return place(p, e, 1, k_margin_s, p->length, NULL, &done);
}

static myo_err plan_tremor(plan *p, int site) {
    bool done;
    const syn_conf *c = p->w->conf;
    syn_event e = {.cls = MYO_TREMOR,
                   .site = site,
                   .span = syn_loguniform(&p->r, 3.3, fmin(60.0, c->episode_max_s)),
                   .level = draw_snr(p)};
    if (p->w->acc) {
        e.level = syn_loguniform(&p->r, c->tremor_g_lo, fmax(c->tremor_g_lo, c->tremor_g_hi));
    }
    const double lags[2] = {0.0, myo_rng_uniform(&p->r) < 0.5 ? 0.0 : 0.5};
    const int n = p->w->n_sites > 1 && myo_rng_uniform(&p->r) < 0.5 ? 2 : 1;
    return place(p, e, n, k_margin_s, p->length, lags, &done);
}

static myo_err plan_voluntary(plan *p, int site) {
    bool done;
    syn_event e = {.cls = MYO_VOLUNTARY,
                   .site = site,
                   .span = syn_loguniform(&p->r, 0.3, 6.0),
                   .level = draw_snr(p)};
    e.span = p->w->acc ? syn_uniform(&p->r, 1.5, 6.0) : e.span + 0.25;
    const double lags[2] = {0.0, syn_uniform(&p->r, 0.0, 0.15)}; /* agonist, then antagonist */
    const int n = p->w->n_sites > 1 && myo_rng_uniform(&p->r) < 0.3 ? 2 : 1;
    return place(p, e, n, k_margin_s, p->length, lags, &done);
}

/* Contractions of one to four silent periods each, a second and a half for every one. */
static myo_err plan_lapses(plan *p) {
    for (int site = 0; site < p->w->n_sites; site++) {
        for (int64_t left = lot(p, p->w->conf->negative_per_min, 1); left > 0;) {
            bool done;
            const int64_t drawn = 1 + syn_below(&p->r, 4), n = drawn < left ? drawn : left;
            const syn_event e = {.cls = MYO_VOLUNTARY,
                                 .site = site,
                                 .span = 2.0 + 1.5 * (double)n + syn_uniform(&p->r, 0.0, 2.0),
                                 .level = draw_snr(p),
                                 .n_lapses = (int)n};
            MYO_TRY(place(p, e, 1, k_margin_s, p->length, NULL, &done));
            left -= n;
        }
    }
    return MYO_OK;
}

/* The potentials inside a stretch: Poisson with a dead time; mostly the first unit of the muscle.
 */
static myo_err fill_stretch(plan *p, int site, double on, double off) {
    const double hz =
        syn_loguniform(&p->r, p->w->conf->fasc_lo, fmax(p->w->conf->fasc_lo, p->w->conf->fasc_hi));
    const double pause = fmax(0.0, 1.0 / hz - k_dead_s);
    for (double t = on + pause * myo_rng_exponential(&p->r); t < off;
         t += k_dead_s + pause * myo_rng_exponential(&p->r)) {
        const double u = myo_rng_uniform(&p->r);
        const int unit = u < 0.75 ? 0 : u < 0.93 ? 1 : 2;
        const syn_event e = {.cls = MYO_FASCICULATION,
                             .site = site,
                             .t0 = t,
                             .span = 0.085,
                             .unit = unit,
                             .level = p->w->muscle[site].fasc_db[unit]};
        MYO_TRY(add_event(p, e));
    }
    return MYO_OK;
}

static myo_err plan_fasciculation(plan *p, int site) {
    bool done;
    const double most = p->w->conf->episode_max_s;
    const syn_event e = {
        .cls = MYO_FASCICULATION, .site = site, .span = syn_uniform(&p->r, fmin(20.0, most), most)};
    MYO_TRY(place(p, e, 1, k_margin_s, p->length, NULL, &done));
    if (!done) {
        return MYO_OK;
    }
    const booking *b = &p->books[p->n_books - 1];
    return fill_stretch(p, site, b->on, b->off - 0.1);
}

static myo_err plan_clonus(plan *p, int site) {
    bool done;
    const double span = syn_loguniform(&p->r, 2.0, fmin(40.0, p->w->conf->episode_max_s));
    const syn_event e = {.cls = MYO_CLONUS, .site = site, .span = span, .level = draw_snr(p)};
    return place(p, e, 1, k_margin_s, p->length, NULL, &done);
}

/* One unit like a clock: counts neither way in the truth, so it is indeterminate there. */
static myo_err plan_unit(plan *p, int site) {
    bool done;
    const double span = syn_loguniform(&p->r, 8.0, p->w->conf->episode_max_s);
    const syn_event e = {.cls = MYO_INDETERMINATE, .site = site, .span = span, .level = draw_snr(p)};
    return place(p, e, 1, k_margin_s, p->length, NULL, &done);
}

/* Spinal and rhythmic cortical jerks: 0.5-3 Hz, CV 5-30 %, all of one muscle. */
static myo_err plan_rhythm(plan *p, int site) {
    bool done;
    const double hz = syn_loguniform(&p->r, 0.5, 3.0), cv = syn_uniform(&p->r, 0.05, 0.3);
    const double level = draw_snr(p);
    const syn_kind kind = myo_rng_uniform(&p->r) < 0.5 ? SYN_JERK_MID : SYN_JERK_LONG;
    const double span = syn_uniform(&p->r, 8.0, fmax(9.0, p->w->conf->episode_max_s));
    const syn_event e = {.cls = MYO_JERK, .kind = SYN_STRETCH, .site = site, .span = span};
    MYO_TRY(place(p, e, 1, k_margin_s, p->length, NULL, &done));
    const booking *b = done ? &p->books[p->n_books - 1] : NULL;
    for (double t = done ? b->on : INFINITY, end = done ? b->off - 0.5 : 0.0; t < end;) {
        const syn_event jerk = {.cls = MYO_JERK, .kind = kind, .site = site, .t0 = t, .span = 0.36,
                                .level = level + 1.5 * myo_rng_normal(&p->r), .common = ++p->serial * 2};
        MYO_TRY(add_event(p, jerk));
        t += fmax(0.3, (1.0 + cv * fmax(-2.5, fmin(2.5, myo_rng_normal(&p->r)))) / hz);
    }
    return MYO_OK;
}

/* One movement of a leg, or of both. */
static myo_err add_leg(plan *p, int site, double t, double span, myo_class cls, bool both) {
    for (int i = 0; i < (both && p->w->n_sites > 1 ? 2 : 1); i++) {
        const double lag = i ? syn_uniform(&p->r, 0.0, 0.3) : 0.0, level = fmax(14.0, draw_snr(p));
        const syn_event e = {.cls = cls, .site = (site + i) % p->w->n_sites, .t0 = t, .span = span,
                             .lag = lag, .level = level, .common = ++p->serial * 2};
        MYO_TRY(add_event(p, e));
    }
    return MYO_OK;
}

/* A series of `n` movements, intervals log-normal about 20-40 s; from four on they are periodic. */
static myo_err plan_legs(plan *p, int site, int n) {
    bool done;
    const double middle = syn_uniform(&p->r, 20.0, 35.0);
    double at[64], span[64], t = 0.0;
    for (int i = 0; i < n; i++) {
        at[i] = t;
        span[i] = syn_loguniform(&p->r, 0.75, 5.0);
        t += fmax(12.0, fmin(85.0, middle * exp(0.25 * myo_rng_normal(&p->r))));
    }
    /* 95 s free behind: no other series may join. */
    const syn_event e = {.cls = MYO_PLM, .kind = SYN_STRETCH, .site = site, .span = at[n - 1] + 95.0};
    MYO_TRY(place(p, e, p->w->n_sites > 1 ? 2 : 1, k_margin_s, p->length, NULL, &done));
    const double on = done ? p->books[p->n_books - 1].on : 0.0;
    for (int i = 0; done && i < n; i++) {
        const bool both = myo_rng_uniform(&p->r) < 0.4;
        MYO_TRY(add_leg(p, site, on + at[i], span[i], n >= 4 ? MYO_PLM : MYO_LEG_MOVEMENT, both));
    }
    return MYO_OK;
}

static myo_err plan_series(plan *p, int site) {
    return plan_legs(p, site, 4 + syn_below(&p->r, 7));
}

static myo_err plan_few(plan *p, int site) {
    return plan_legs(p, site, 1 + syn_below(&p->r, 3));
}

static myo_err plan_fragment(plan *p, int site) {
    bool done;
    const syn_event e = {.cls = MYO_FRAGMENTARY, .site = site, .span = 0.3, .level = fmax(24.0, draw_snr(p))};
    return place(p, e, 1, k_margin_s, p->length, NULL, &done);
}

static myo_err plan_artefact(plan *p, int site, syn_kind kind, double span, double level) {
    bool done;
    const syn_event e = {
        .cls = MYO_ARTEFACT, .kind = kind, .site = site, .span = span, .level = level};
    return place(p, e, 1, k_margin_s, p->length, NULL, &done);
}

/* Two draws never in one argument list: compilers differ in which comes first. */
static myo_err plan_cable(plan *p, int site) {
    const double level = syn_loguniform(&p->r, 50.0, 2000.0);
    return plan_artefact(p, site, SYN_CABLE, syn_uniform(&p->r, 0.5, 2.0), level);
}

static myo_err plan_pop(plan *p, int site) {
    return plan_artefact(p, site, SYN_POP, 1.2, syn_loguniform(&p->r, 100.0, 2000.0));
}

static myo_err plan_dropout(plan *p, int site) {
    return plan_artefact(p, site, SYN_DROPOUT, syn_loguniform(&p->r, 0.15, 2.0), 0.0);
}

static myo_err plan_tap(plan *p, int site) {
    return plan_artefact(p, site, SYN_TAP, 0.2, syn_uniform(&p->r, 2.0, 8.0));
}

static myo_err plan_walk(plan *p, int site) {
    const double most = fmax(10.5, p->w->conf->episode_max_s);
    const double level = syn_uniform(&p->r, 0.1, 0.5);
    return plan_artefact(p, site, SYN_WALK, syn_uniform(&p->r, 10.0, most), level);
}

static myo_err plan_turn(plan *p, int site) {
    return plan_artefact(p, site, SYN_TURN, syn_uniform(&p->r, 1.0, 5.0), 0.0);
}

static myo_err plan_vehicle(plan *p, int site) {
    const double most = fmax(10.5, p->w->conf->episode_max_s);
    const double level = syn_loguniform(&p->r, 0.02, 0.2);
    return plan_artefact(p, site, SYN_VEHICLE, syn_uniform(&p->r, 10.0, most), level);
}

static myo_err plan_slip(plan *p, int site) {
    return plan_artefact(p, site, SYN_SLIP, syn_uniform(&p->r, 0.03, 0.2), 0.0);
}

/* --- jerks --- */

static syn_event jerk_draw(plan *p) {
    static const double span[] = {
        [SYN_JERK_SHORT] = 0.16, [SYN_JERK_MID] = 0.25, [SYN_JERK_LONG] = 0.36};
    const syn_conf *c = p->w->conf;
    const double u = myo_rng_uniform(&p->r);
    syn_event e = {.cls = MYO_JERK, .site = syn_below(&p->r, p->w->n_sites), .level = draw_snr(p)};
    e.kind = u < c->jerk_short        ? SYN_JERK_SHORT
             : u > 1.0 - c->jerk_long ? SYN_JERK_LONG
                                      : SYN_JERK_MID;
    e.span = span[e.kind];
    if (p->w->acc) {
        e.level = syn_loguniform(&p->r, c->jerk_g_lo, fmax(c->jerk_g_lo, c->jerk_g_hi));
        e.span = 0.9;
    }
    return e;
}

/* On how many channels, and how much later on each: short jerks spread fast. */
static int jerk_spread(plan *p, const syn_event *e, double *lags) {
    int n = 1;
    if (p->w->n_sites > 1 && myo_rng_uniform(&p->r) < p->w->conf->jerk_sync) {
        n = 2 + syn_below(&p->r, p->w->n_sites - 1);
    }
    const double most = e->kind == SYN_JERK_SHORT ? 0.020 : 0.030;
    lags[0] = 0.0;
    for (int i = 1; i < n; i++) {
        lags[i] = fmin(most, lags[i - 1] + syn_uniform(&p->r, 0.0, most / 2.0));
    }
    return n;
}

/* A Fano factor above 1 comes from clusters of geometric size m: F = 2m - 1; members some seconds
 * apart. Each channel's count is what jerk_per_min says: a jerk of several channels counts on each.
 */
static myo_err plan_jerks(plan *p) {
    const syn_conf *c = p->w->conf;
    double mean_spread = 1.0;
    if (p->w->n_sites > 1) {
        mean_spread += c->jerk_sync * 0.5 * p->w->n_sites;
    }
    const double size = 0.5 * (c->jerk_fano + 1.0);
    const double mean = p->w->jerk_per_min * p->length / 60.0 * p->w->n_sites / mean_spread / size;
    double lags[SYN_MAX_CH];
    for (int64_t n = poisson(p, mean); n > 0; n--) {
        const double t = syn_uniform(&p->r, k_margin_s, p->length);
        const double from = size > 1.0 ? fmax(k_margin_s, t - 5.0) : k_margin_s;
        const double to = size > 1.0 ? t + 5.0 : p->length;
        do {
            bool done;
            const syn_event e = jerk_draw(p);
            const int spread = jerk_spread(p, &e, lags);
            MYO_TRY(place(p, e, spread, from, to, lags, &done));
        } while (myo_rng_uniform(&p->r) > 1.0 / size);
    }
    return MYO_OK;
}

static int by_start(const void *a, const void *b) {
    const syn_event *p = a, *q = b;
    if (p->t0 != q->t0) {
        return p->t0 < q->t0 ? -1 : 1;
    }
    return p->own < q->own ? -1 : p->own > q->own;
}

/* Long events first: they find no room once the short ones are scattered. */
static myo_err plan_classes(plan *p) {
    const syn_conf *c = p->w->conf;
    const struct {
        double per_min;
        int kinds; /* 1 EMG, 2 accelerometer, 3 both */
        myo_err (*one)(plan *, int site);
    } row[] = {
        {c->fasciculation_per_min, 1, plan_fasciculation},
        {c->cramp_per_min, 1, plan_cramp},
        {c->tetany_per_min, 1, plan_tetany},
        {c->walk_per_min, 2, plan_walk},
        {c->tremor_per_min, 3, plan_tremor},
        {c->voluntary_per_min, 3, plan_voluntary},
        {c->turn_per_min, 2, plan_turn},
        {c->cable_per_min, 1, plan_cable},
        {c->pop_per_min, 1, plan_pop},
        {c->dropout_per_min, 1, plan_dropout},
        {c->tap_per_min, 2, plan_tap},
        {c->vehicle_per_min, 2, plan_vehicle},
        {c->slip_per_min, 2, plan_slip},
        {c->series_per_min, 1, plan_series},
        {c->leg_per_min, 1, plan_few},
        {c->rhythm_per_min, 1, plan_rhythm},
        {c->unit_per_min, 1, plan_unit},
        {c->clonus_per_min, 1, plan_clonus},
        {c->fragment_per_min, 1, plan_fragment},
    };
    const size_t first_quiet = 11; /* rows added later draw no lot without a rate: older scenarios keep their bytes */
    /* Not asked for, it draws no lot: other recordings stay what they are. */
    if (c->negative_per_min > 0.0 && !p->w->acc) {
        MYO_TRY(plan_lapses(p));
    }
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        if (!(row[i].kinds & (p->w->acc ? 2 : 1)) || (i >= first_quiet && row[i].per_min <= 0.0)) {
            continue;
        }
        for (int64_t n = lot(p, row[i].per_min, p->w->n_sites); n > 0; n--) {
            MYO_TRY(row[i].one(p, syn_below(&p->r, p->w->n_sites)));
        }
    }
    return plan_jerks(p);
}

myo_err syn_plan(syn_world *w, myo_diag *d) {
    plan p = {.w = w, .length = (double)w->n / w->fs};
    p.n_bins = (int64_t)(p.length / k_bin_s) + 1;
    p.bin = myo_alloc((size_t)p.n_bins * (size_t)w->n_sites, sizeof *p.bin);
    if (!p.bin) {
        return myo_fail(d, MYO_ERR_NOMEM, "no memory for the plan of %.0f s", p.length);
    }
    for (int64_t i = 0; i < p.n_bins * w->n_sites; i++) {
        p.bin[i] = -1;
    }
    syn_rng(w, SYN_R_PLAN, 0, &p.r);
    const myo_err err = plan_classes(&p);
    if (err == MYO_OK && w->n_ev > 0) {
        qsort(w->ev, w->n_ev, sizeof *w->ev, by_start);
    }
    myo_free(p.bin);
    myo_free(p.books);
    return err != MYO_OK ? err : w->acc ? syn_posture_make(w) : MYO_OK;
}
