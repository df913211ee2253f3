/* synth_train.c - what presets and near misses are made of: clonus, one unit like a clock, leg movements, fragmentary
 * myoclonus (science.md 1.1, 8.2). */
#include <math.h>
#include "run/synth.h"

typedef struct maker {
    const syn_world *w;
    const syn_event *e;
    const syn_muscle *m;
    syn_clip *c;
    myo_rng *own;
} maker;

static double cut_normal(myo_rng *r) {
    return fmax(-2.5, fmin(2.5, myo_rng_normal(r)));
}

static void spike(maker *k, int unit, double t) {
    syn_spike(k->m, k->w->fs, k->c, k->c->x[0], unit, t, 1.0 + 0.02 * myo_rng_normal(k->own));
}

static void begins(maker *k, double t) {
    k->c->drive_on = (double)k->c->first / k->w->fs + t;
}

/* 4.7-7 Hz, CV 5-10 %, and 98 % of the units fire once in each cycle (Wal05). */
static myo_err render_clonus(maker *k) {
    syn_clip *c = k->c;
    const double hz = syn_uniform(k->own, 4.7, 7.0), cv = syn_uniform(k->own, 0.05, 0.10);
    const double spread = syn_uniform(k->own, 0.008, 0.020);
    const int n_units = (int)syn_uniform(k->own, 0.15 * SYN_UNITS, 0.6 * SYN_UNITS);
    const double length = k->e->span - 0.15;
    c->cut = myo_alloc((size_t)(length * hz * 2.0) + 4, sizeof *c->cut);
    if (!c->cut) {
        return MYO_ERR_NOMEM;
    }
    double t = 2.5 * spread + 0.005, first = t, last = t;
    int n = 0;
    c->cut[c->n_cut++] = 0;
    while (t + 2.5 * spread < length) {
        for (int unit = 0; unit < n_units; unit++) {
            if (myo_rng_uniform(k->own) < 0.98) {
                spike(k, unit, t + spread * cut_normal(k->own));
            }
        }
        last = t;
        n++;
        const double next = t + (1.0 + cv * cut_normal(k->own)) / hz;
        c->cut[c->n_cut++] = (int64_t)((0.5 * (t + next) + 0.006) * k->w->fs);
        t = next;
    }
    c->cut[c->n_cut - 1] = c->n;
    c->freq = n > 1 ? (n - 1) / (last - first) : NAN;
    begins(k, first - 2.5 * spread);
    return MYO_OK;
}

/* One unit, 1.3-18 Hz, CV 3.5 +- 1.7 % (SCMUSD20). */
static myo_err render_unit(maker *k) {
    const double hz = syn_loguniform(k->own, 1.3, 18.0);
    const double cv = fmax(0.01, 0.035 + 0.017 * cut_normal(k->own));
    const int unit = SYN_UNITS / 2 + syn_below(k->own, SYN_UNITS / 2);
    double t = 0.01, first = t, last = t;
    int n = 0;
    for (; t < k->e->span - 0.05; t += (1.0 + cv * cut_normal(k->own)) / hz, n++) {
        spike(k, unit, t);
        last = t;
    }
    k->c->freq = n > 1 ? (n - 1) / (last - first) : NAN;
    begins(k, first);
    return MYO_OK;
}

/* A plateau with edges of 30-100 ms. */
static myo_err render_leg(maker *k) {
    const int n = (int)((double)k->c->n / k->w->fs * 1e3) + 1;
    float *e = myo_alloc((size_t)n, sizeof *e);
    if (!e) {
        return MYO_ERR_NOMEM;
    }
    const double length = k->e->span - k->e->lag - 0.1, edge = syn_uniform(k->own, 0.03, 0.10);
    const double top = syn_loguniform(k->own, 6.0, 30.0);
    double wobble = 0.0;
    for (int i = 0; i < n; i++) {
        const double t = i * 1e-3 - k->e->lag, level = fmin(1.0, fmin(t / edge, (length - t) / edge));
        wobble += 0.004 * (-wobble + 1.6 * myo_rng_normal(k->own));
        e[i] = level > 0.0 ? (float)(top * level * (1.0 + wobble)) : 0.0f;
    }
    begins(k, k->e->lag);
    const myo_err err = syn_pool_fire(k->w, k->m, e, n, 0.15, k->own, k->c, k->c->x[0]);
    myo_free(e);
    return err;
}

/* 75-150 ms: units that fire two to five times. */
static myo_err render_fragment(maker *k) {
    const double length = syn_uniform(k->own, 0.072, 0.132), hz = syn_uniform(k->own, 25.0, 45.0);
    const int n_units = 10 + syn_below(k->own, 40);
    for (int unit = 0; unit < n_units; unit++) {
        for (double t = 0.01 + 0.006 * myo_rng_uniform(k->own); t < 0.01 + length;) {
            spike(k, unit, t);
            t += fmax(0.008, (1.0 + 0.3 * cut_normal(k->own)) / hz);
        }
    }
    begins(k, 0.01);
    return MYO_OK;
}

myo_err syn_render_train(const syn_world *w, const syn_event *e, syn_clip *c, myo_rng *own) {
    static myo_err (*const render[MYO_N_CLASS])(maker *) = {
        [MYO_CLONUS] = render_clonus,    [MYO_INDETERMINATE] = render_unit,
        [MYO_LEG_MOVEMENT] = render_leg, [MYO_PLM] = render_leg,
        [MYO_FRAGMENTARY] = render_fragment,
    };
    maker k = {.w = w, .e = e, .m = &w->muscle[e->site], .c = c, .own = own};
    return render[e->cls](&k);
}
