/* synth_drive.c - what each class of event asks of the motor units (science.md 1.1 and 8.2). */
#include <math.h>
#include "run/synth.h"

typedef struct drive {
    const syn_world *w;
    const syn_event *e;
    const syn_muscle *m;
    syn_clip *c;
    myo_rng both, own; /* what the channels of the event share; this channel's own */
} drive;

/* Number of 1-ms steps of the clip's drive arrays. */
static int drive_steps(const drive *d) {
    return (int)((double)d->c->n / d->w->fs * 1e3) + 1;
}

static double drive_time(const drive *d, double t) {
    return (double)d->c->first / d->w->fs + t;
}

static myo_err pool_fire_and_free(drive *d, float *e, double first) {
    const myo_err err =
        syn_pool_fire(d->w, d->m, e, drive_steps(d), first, &d->own, d->c, d->c->x[0]);
    myo_free(e);
    return err;
}

/* --- jerk: part of the pool at once --- */

/* Units by size, blurred: small ones are likelier to take part. Where the jerk cannot be made as strong as its SNR asks,
 * any unit is as likely as another. */
static bool jerk_takes(drive *d, int unit, double share) {
    if (d->w->conf->unit_hi_uv > 0.0) {
        return myo_rng_uniform(&d->own) < share || unit < 3;
    }
    const double rank = (unit + 0.5) / SYN_UNITS + 0.15 * myo_rng_normal(&d->own);
    return rank < share || unit < 3;
}

static double clipped_normal(myo_rng *r) {
    return fmax(-2.5, fmin(2.5, myo_rng_normal(r)));
}

/* One volley, or several 20 ms apart: each unit fires once in each, spread normally. */
static void jerk_volleys(drive *d, double lead, double sigma, int volleys, double share) {
    double first = 1e9;
    for (int unit = 0; unit < SYN_UNITS; unit++) {
        if (!jerk_takes(d, unit, share)) {
            continue;
        }
        for (int i = 0; i < volleys; i++) {
            const double t = lead + 0.020 * i + sigma * clipped_normal(&d->own);
            syn_spike(d->m, d->w->fs, d->c, d->c->x[0], unit, t,
                      1.0 + 0.02 * myo_rng_normal(&d->own));
            first = fmin(first, t);
        }
    }
    d->c->drive_on = drive_time(d, first);
}

/* Brainstem and spinal types: the units go on firing for 50-250 ms. */
static void jerk_long(drive *d, double lead, double length, double share) {
    const double hz = syn_uniform(&d->both, 25.0, 45.0);
    for (int unit = 0; unit < SYN_UNITS; unit++) {
        if (!jerk_takes(d, unit, share)) {
            continue;
        }
        double t = lead + fabs(0.008 * clipped_normal(&d->own));
        while (t < lead + length) {
            syn_spike(d->m, d->w->fs, d->c, d->c->x[0], unit, t,
                      1.0 + 0.02 * myo_rng_normal(&d->own));
            t += fmax(0.008, (1.0 + 0.3 * myo_rng_normal(&d->own)) / hz);
        }
    }
    d->c->drive_on = drive_time(d, lead);
}

static myo_err render_jerk(drive *d) {
    const double share = syn_uniform(&d->own, 0.05, 0.60);
    if (d->e->kind == SYN_JERK_LONG) {
        jerk_long(d, 0.025 + d->e->lag, syn_uniform(&d->both, 0.050, 0.250), share);
        return MYO_OK;
    }
    const bool is_short = d->e->kind == SYN_JERK_SHORT;
    const bool trains = is_short && myo_rng_uniform(&d->both) < 0.12;
    const int volleys = trains ? 2 + syn_below(&d->both, 3) : 1;
    double sigma =
        is_short ? syn_uniform(&d->both, 0.003, 0.010) : syn_uniform(&d->both, 0.010, 0.030);
    sigma = trains ? fmin(sigma, 0.004) : sigma;
    jerk_volleys(d, 2.5 * sigma + 0.002 + d->e->lag, sigma, volleys, share);
    return MYO_OK;
}

/* --- voluntary: a ramped plateau, slowly wobbling --- */

static myo_err render_voluntary(drive *d) {
    const int n = drive_steps(d);
    float *e = myo_alloc((size_t)n, sizeof *e);
    if (!e) {
        return MYO_ERR_NOMEM;
    }
    const double length = d->e->span - d->e->lag - 0.1;
    const double up = fmin(syn_uniform(&d->both, 0.1, 0.5), 0.45 * length);
    const double down = fmin(syn_uniform(&d->both, 0.1, 0.5), 0.45 * length);
    /* Silences show in a dense pattern only. */
    const double top = syn_loguniform(&d->own, d->e->n_lapses > 0 ? 10.0 : 4.0, 32.0);
    double wobble = 0.0;
    for (int k = 0; k < n; k++) {
        const double t = k * 1e-3 - d->e->lag;
        const double level = fmin(1.0, fmin(t / up, (length - t) / down));
        wobble += 0.004 * (-wobble + 1.6 * myo_rng_normal(&d->own));
        e[k] = level > 0.0 ? (float)(top * level * (1.0 + wobble)) : 0.0f;
    }
    d->c->drive_on = drive_time(d, d->e->lag);
    const myo_err err = syn_lapses_cut(d->w, d->e, d->e->lag + up, d->e->lag + length - down, &d->both, e, n, d->c);
    if (err != MYO_OK) {
        myo_free(e);
        return err;
    }
    return pool_fire_and_free(d, e, 0.15);
}

/* --- tremor --- */

myo_err syn_cycles(const syn_world *w, const syn_event *e, double span, double **t, int *n,
                   double *freq) {
    myo_rng r;
    syn_rng(w, SYN_R_COMMON, e->common + 1, &r);
    const double f0 = syn_loguniform(&r, w->conf->tremor_lo, w->conf->tremor_hi);
    const double jitter = syn_uniform(&r, 0.03, 0.08);
    const int most = (int)(span * f0 * 2.0) + 4;
    *t = myo_alloc((size_t)most, sizeof **t);
    if (!*t) {
        return MYO_ERR_NOMEM;
    }
    double now = 0.0, slow = 0.0;
    for (*n = 0; *n < most && now <= span;) {
        (*t)[(*n)++] = now;
        /* Half of the variance wanders slowly, half is from cycle to cycle. */
        slow = 0.8 * slow + 0.6 * myo_rng_normal(&r);
        const double z = M_SQRT1_2 * (slow + myo_rng_normal(&r));
        now += fmax(0.6, fmin(1.5, 1.0 + jitter * z)) / f0;
    }
    *freq = *n > 1 ? (*n - 1) / ((*t)[*n - 1] - (*t)[0]) : f0;
    return MYO_OK;
}

/* E = E0 + A max(0, sin phase)^p, A waxing and waning, p 0.5-3. */
static void tremor_drive(drive *d, const double *t, int n_t, float *e, int n) {
    const double power = syn_loguniform(&d->both, 0.5, 3.0);
    const double a = syn_loguniform(&d->own, 6.0, 45.0);
    const double e0 = myo_rng_uniform(&d->both) < 0.6 ? 0.0 : syn_uniform(&d->both, 0.0, 1.4);
    const double wax_hz = syn_uniform(&d->both, 0.1, 0.4), wax = syn_uniform(&d->both, 0.0, 0.3);
    const double wax_at = syn_uniform(&d->both, 0.0, 2.0 * M_PI);
    for (int i = 0; i + 1 < n_t; i++) {
        const int to = (int)fmin(n, ceil(t[i + 1] * 1e3));
        for (int k = (int)ceil(t[i] * 1e3); k < to; k++) {
            const double now = k * 1e-3;
            const double phase = (now - t[i]) / (t[i + 1] - t[i]) + d->e->lag;
            const double s = fmax(0.0, sin(2.0 * M_PI * phase));
            const double slow = 1.0 + wax * sin(2.0 * M_PI * wax_hz * now + wax_at);
            e[k] = (float)(e0 + a * slow * pow(s, power));
        }
    }
}

/* Bursts part in the middle of the silence, 6 ms later for the way from drive to electrode. */
static myo_err tremor_cuts(drive *d, const double *t, int n_t) {
    syn_clip *c = d->c;
    c->cut = myo_alloc((size_t)n_t + 1, sizeof *c->cut);
    if (!c->cut) {
        return MYO_ERR_NOMEM;
    }
    double part = 0.75 - d->e->lag;
    part += part <= 0.0 ? 1.0 : 0.0;
    c->cut[c->n_cut++] = 0;
    for (int i = 0; i + 1 < n_t; i++) {
        const double at = t[i] + part * (t[i + 1] - t[i]) + 0.006;
        c->cut[c->n_cut++] = (int64_t)fmin((double)c->n, at * d->w->fs);
    }
    c->cut[c->n_cut++] = c->n;
    return MYO_OK;
}

static myo_err render_tremor(drive *d) {
    double *t = NULL;
    int n_t = 0;
    MYO_TRY(syn_cycles(d->w, d->e, d->e->span - 0.1, &t, &n_t, &d->c->freq));
    myo_err err = tremor_cuts(d, t, n_t);
    const int n = drive_steps(d);
    float *e = err == MYO_OK ? myo_alloc((size_t)n, sizeof *e) : NULL;
    if (e) {
        tremor_drive(d, t, n_t, e, n);
        d->c->drive_on = drive_time(d, 0.0);
        err = pool_fire_and_free(d, e, syn_uniform(&d->own, 0.1, 0.8));
    } else if (err == MYO_OK) {
        err = MYO_ERR_NOMEM;
    }
    myo_free(t);
    return err;
}

/* --- cramp: interference pattern, ramp, 1.4-Hz common drive, erratic decline (Min09) --- */

static void cramp_level(drive *d, float *level, int n) {
    myo_rng *r = &d->own;
    const double length = d->e->span - 0.1;
    const double ramp = fmin(syn_uniform(r, 0.5, 5.0), length / 3.0);
    const double wane = length * syn_uniform(r, 0.55, 0.85), top = syn_uniform(r, 0.45, 0.9);
    const double hz = fmax(0.6, 1.4 + 0.4 * myo_rng_normal(r)), depth = syn_uniform(r, 0.05, 0.2);
    double drop = 1.0, wander = 0.0, phase = syn_uniform(r, 0.0, 2.0 * M_PI);
    for (int k = 0; k < n; k++) {
        const double t = k * 1e-3;
        wander += 0.001 * (-wander + 4.0 * myo_rng_normal(r));
        phase += 2.0 * M_PI * hz * 1e-3 + 0.03 * myo_rng_normal(r);
        if (t > wane && myo_rng_uniform(r) < 4e-3) {
            drop *= syn_uniform(r, 0.75, 1.05); /* four steps a second, most of them down */
        }
        const double end = fmin(1.0, (length - t) / 0.3);
        const double v = top * fmin(1.0, t / ramp) * drop * end * (1.0 + 0.5 * wander) *
                         (1.0 + depth * sin(phase));
        level[k] = t < length ? (float)fmax(v, 0.0) : 0.0f;
    }
}

static void cramp_units(drive *d, const float *level, float *rate, int n) {
    for (int unit = 0; unit < SYN_UNITS; unit++) {
        const double hz = fmax(6.0, fmin(25.0, 14.5 + 5.1 * myo_rng_normal(&d->own)));
        const double at = 0.02 + 0.95 * unit / SYN_UNITS + 0.04 * myo_rng_normal(&d->own);
        for (int k = 0; k < n; k++) {
            rate[k] = level[k] > fmax(at, 0.01) ? (float)(hz * (0.7 + 0.5 * level[k])) : 0.0f;
        }
        const syn_train tr = {.rate = rate, .n = n, .cv = 0.45, .doublet = 0.04, .first = 0.5};
        syn_unit_fire(d->w, d->m, &tr, unit, &d->own, d->c, d->c->x[0]);
    }
}

static myo_err render_cramp(drive *d) {
    const int n = drive_steps(d);
    float *level = myo_alloc((size_t)n * 2, sizeof *level);
    if (!level) {
        return MYO_ERR_NOMEM;
    }
    cramp_level(d, level, n);
    cramp_units(d, level, level + n, n);
    d->c->drive_on = drive_time(d, 0.0);
    myo_free(level);
    return MYO_OK;
}

/* --- fasciculation: one unit, the same wave each time; one in ten with an F-wave echo --- */

static myo_err render_fasciculation(drive *d) {
    const int unit = d->m->fasc_unit[d->e->unit];
    syn_clip *c = d->c;
    syn_spike(d->m, d->w->fs, c, c->x[0], unit, 0.005, 1.0);
    MYO_TRY(syn_scale(d->w, c, d->e->level));
    double top = 0.0, raw = 0.0;
    const float *first = d->m->w + (size_t)unit * SYN_SHIFTS * (size_t)d->m->len;
    for (int64_t i = 0; i < c->n; i++) {
        top = fmax(top, fabs(c->x[0][i]));
    }
    for (int i = 0; i < SYN_SHIFTS * d->m->len; i++) {
        raw = fmax(raw, fabs(first[i]));
    }
    if (myo_rng_uniform(&d->own) < 0.10) {
        const double echo_s = syn_uniform(&d->own, 0.032, 0.035);
        syn_spike(d->m, d->w->fs, c, c->x[0], unit, 0.005 + echo_s, top / raw);
    }
    const double jitter = 1.0 + 0.03 * myo_rng_normal(&d->own);
    for (int64_t i = 0; i < c->n; i++) {
        c->x[0][i] *= (float)jitter;
    }
    c->drive_on = drive_time(d, 0.005);
    return MYO_OK;
}

/* --- tetany: rhythmic groups of multiplets on growing tone (Dee83) --- */

typedef struct multiplet {
    int unit[4], n_units, most; /* discharges of a group: 2 .. most */
    double isi, period, cv;     /* s */
} multiplet;

static void multiplet_draw(multiplet *g, const syn_conf *c, myo_rng *r) {
    const int least = c->unit_hi_uv > 0.0 ? SYN_UNITS * 3 / 4 : SYN_UNITS / 4;
    g->period = 1.0 / syn_loguniform(r, 4.0, 15.0);
    g->cv = syn_uniform(r, 0.05, 0.2);
    g->most = 4 + syn_below(r, 3);
    g->isi = fmin(syn_uniform(r, 0.002, 0.020), 0.55 * g->period / g->most);
    g->n_units = 1 + syn_below(r, 4);
    for (int i = 0; i < g->n_units; i++) {
        g->unit[i] = least + syn_below(r, SYN_UNITS - least);
    }
}

static void multiplet_group(drive *d, const multiplet *g, double t, double gain) {
    for (int u = 0; u < g->n_units; u++) {
        const int n =
            myo_rng_uniform(&d->own) < 0.25 ? 2 + syn_below(&d->own, g->most - 1) : g->most;
        double at = t + syn_uniform(&d->own, 0.0, 0.003);
        for (int i = 0; i < n; i++) {
            syn_spike(d->m, d->w->fs, d->c, d->c->burst, g->unit[u], at, gain);
            at += g->isi * (1.0 + 0.1 * clipped_normal(&d->own));
        }
    }
}

static myo_err tetany_groups(drive *d, double length) {
    syn_clip *c = d->c;
    multiplet g;
    multiplet_draw(&g, d->w->conf, &d->own);
    c->cut = myo_alloc((size_t)(length / g.period * 2.5) + 4, sizeof *c->cut);
    if (!c->cut) {
        return MYO_ERR_NOMEM;
    }
    double t = 0.01, first = t, last = t;
    int n = 0;
    while (t < length - g.period) {
        c->cut[c->n_cut++] = n ? (int64_t)((t - 0.001) * d->w->fs) : 0;
        multiplet_group(d, &g, t, 0.6 + 0.4 * fmin(1.0, t / (0.3 * length)));
        last = t;
        n++;
        t += g.period * fmax(0.7, 1.0 + g.cv * clipped_normal(&d->own));
    }
    c->cut[c->n_cut++] = c->n;
    c->freq = n > 1 ? (n - 1) / (last - first) : NAN;
    c->drive_on = drive_time(d, first);
    return MYO_OK;
}

/* Tone: rms up to 10-30 % of that of the groups, so that the groups stay what the eye sees. */
static void tetany_add(syn_clip *c, float *tone, double share) {
    double eg = 1e-30, et = 1e-30;
    for (int64_t i = 0; i < c->n; i++) {
        eg += (double)c->burst[i] * c->burst[i];
        et += (double)c->x[0][i] * c->x[0][i];
    }
    const float gain = (float)(share * sqrt(eg / et));
    for (int64_t i = 0; i < c->n; i++) {
        tone[i] = gain * tone[i] + c->burst[i];
    }
}

static myo_err render_tetany(drive *d) {
    const double length = d->e->span - 0.1;
    const int n = drive_steps(d);
    d->c->burst = myo_alloc((size_t)d->c->n, sizeof *d->c->burst);
    if (!d->c->burst) {
        return MYO_ERR_NOMEM;
    }
    MYO_TRY(tetany_groups(d, length));
    float *e = myo_alloc((size_t)n, sizeof *e);
    if (!e) {
        return MYO_ERR_NOMEM;
    }
    const double top = syn_uniform(&d->own, 2.0, 8.0);
    const double t_end = (double)d->c->cut[d->c->n_cut - 2] / d->w->fs;
    for (int k = 0; k < n; k++) {
        const double t = k * 1e-3;
        e[k] = t < t_end ? (float)(top * t / length) : 0.0f;
    }
    MYO_TRY(pool_fire_and_free(d, e, 0.15));
    tetany_add(d->c, d->c->x[0], syn_uniform(&d->own, 0.1, 0.3));
    return MYO_OK;
}

/* --- artefacts of electrode and cable --- */

static myo_err render_artefact(drive *d) {
    syn_clip *c = d->c;
    const double sign = myo_rng_uniform(&d->own) < 0.5 ? -1.0 : 1.0;
    const double hz = syn_uniform(&d->own, 1.0, 15.0), tau_move = syn_uniform(&d->own, 0.1, 0.4);
    const double tau_pop = syn_loguniform(&d->own, 0.02, 0.2);
    c->mute = d->e->kind == SYN_DROPOUT;
    c->scaled = true;
    for (int64_t i = 0; !c->mute && i < c->n; i++) {
        const double t = (double)i / d->w->fs - 0.01;
        const double end = fmax(0.0, fmin(1.0, (d->e->span - 0.05 - t) / 0.2));
        const double wave = d->e->kind == SYN_POP ? exp(-t / tau_pop)
                                                  : sin(2.0 * M_PI * hz * t) * exp(-t / tau_move);
        c->x[0][i] = t < 0.0 ? 0.0f : (float)(sign * d->e->level * end * wave);
    }
    c->drive_on = drive_time(d, 0.01);
    return MYO_OK;
}

myo_err syn_render_emg(const syn_world *w, const syn_event *e, syn_clip *c) {
    static myo_err (*const render[MYO_N_CLASS])(drive *) = {
        [MYO_JERK] = render_jerk,         [MYO_CRAMP] = render_cramp,
        [MYO_TREMOR] = render_tremor,     [MYO_FASCICULATION] = render_fasciculation,
        [MYO_TETANY] = render_tetany,     [MYO_VOLUNTARY] = render_voluntary,
        [MYO_ARTEFACT] = render_artefact,
    };
    MYO_TRY(syn_clip_new(c, w, e, e->t0, e->span));
    drive d = {.w = w, .e = e, .m = &w->muscle[e->site], .c = c};
    syn_rng(w, SYN_R_COMMON, e->common, &d.both);
    syn_rng(w, SYN_R_EVENT, e->own, &d.own);
    return render[e->cls] ? render[e->cls](&d) : syn_render_train(w, e, c, &d.own);
}
