/* synth_world.c - one recording's frame: rate, length, muscles or limb, names, random streams,
 * clips. */
#include <math.h>
#include <string.h>
#include "run/synth.h"

/* Finaliser of SplitMix64 (Steele 2014): neighbouring numbers become unrelated ones. */
static uint64_t scramble(uint64_t z) {
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* What belongs to the person is alike in all of their recordings. */
void syn_rng(const syn_world *w, syn_purpose what, uint64_t index, myo_rng *r) {
    const bool of_person = what == SYN_R_MUSCLE || what == SYN_R_LIMB || what == SYN_R_PERSON;
    const uint64_t who = of_person ? w->person * 2 : w->part;
    const uint64_t stream = (uint64_t)what << 56 | who << 40 | index;
    myo_rng_seed(r, scramble(w->seed + stream * UINT64_C(0x9e3779b97f4a7c15)), stream);
}

double syn_uniform(myo_rng *r, double lo, double hi) {
    return lo + (hi - lo) * myo_rng_uniform(r);
}

double syn_loguniform(myo_rng *r, double lo, double hi) {
    return lo * exp(log(hi / lo) * myo_rng_uniform(r));
}

int syn_below(myo_rng *r, int n) {
    return (int)(myo_rng_uniform(r) * n);
}

const char *syn_site_name(const syn_world *w, int site, char buf[16]) {
    if (w->acc) {
        snprintf(buf, 16, "acc");
    } else {
        /* A WAV file has no names: its reader counts. */
        snprintf(buf, 16, "%s%d", strcmp(w->conf->format, "wav") == 0 ? "" : "EMG", site + 1);
    }
    return buf;
}

const char *syn_col_name(const syn_world *w, int col, char buf[16]) {
    if (w->acc) {
        snprintf(buf, 16, "acc_%c", "xyz"[col % SYN_AXES]);
        return buf;
    }
    return syn_site_name(w, col, buf);
}

/* Jerks a minute of this person in this session. */
static double world_jerk_rate(const syn_world *w, int session) {
    const syn_conf *c = w->conf;
    double rate = c->jerk_per_min;
    if (c->participants > 1.0) {
        myo_rng r;
        syn_rng(w, SYN_R_PERSON, 0, &r);
        rate *= exp(c->person_sd * myo_rng_normal(&r));
    }
    return session > 0 ? rate * c->ratio : rate;
}

/* The room and the recorder: how loud the floor is, and whether the heart shows. */
static void world_room(syn_world *w) {
    const syn_conf *c = w->conf;
    myo_rng r;
    syn_rng(w, SYN_R_ROOM, 0, &r);
    const double loud = myo_rng_uniform(&r);
    w->noise = c->noise_uv * pow(fmax(c->noise_hi_uv, c->noise_uv) / c->noise_uv, loud);
    w->ecg = c->ecg_uv > 0.0 && myo_rng_uniform(&r) < c->ecg_share;
}

myo_err syn_world_make(syn_world *w, const syn_conf *c, uint64_t seed, int person, int session) {
    *w = (syn_world){.conf = c,
                     .acc = c->acc > 0.5,
                     .seed = seed,
                     .person = (uint64_t)person,
                     .part = (uint64_t)person * 2 + (uint64_t)session};
    w->fs = c->fs > 0.0 ? c->fs : w->acc ? 100.0 : 2000.0;
    w->n = (int64_t)floor(ceil(c->duration_s) * w->fs + 0.5);
    w->n_sites = w->acc ? 1 : (int)c->n_channels;
    w->n_cols = w->acc ? SYN_AXES : w->n_sites;
    w->jerk_per_min = world_jerk_rate(w, session);
    if (w->acc) {
        myo_rng r;
        syn_rng(w, SYN_R_LIMB, 1, &r);
        w->noise = (c->noise_ug > 0.0 ? c->noise_ug : syn_uniform(&r, 100.0, 300.0)) * 1e-6;
        syn_limb_make(&w->limb, w);
        return MYO_OK;
    }
    world_room(w);
    w->muscle = myo_alloc((size_t)w->n_sites, sizeof *w->muscle);
    if (!w->muscle) {
        return MYO_ERR_NOMEM;
    }
    for (int i = 0; i < w->n_sites; i++) {
        MYO_TRY(syn_muscle_make(&w->muscle[i], w, i));
    }
    return MYO_OK;
}

void syn_world_clear(syn_world *w) {
    for (int i = 0; w->muscle && i < w->n_sites; i++) {
        myo_free(w->muscle[i].w);
    }
    myo_free(w->muscle);
    myo_free(w->ev);
    myo_free(w->turn);
    *w = (syn_world){0};
}

myo_err syn_clip_new(syn_clip *c, const syn_world *w, const syn_event *e, double t0, double span) {
    *c = (syn_clip){.first = (int64_t)floor(t0 * w->fs),
                    .n = (int64_t)ceil(span * w->fs) + 1,
                    .n_ax = w->acc ? SYN_AXES : 1,
                    .drive_on = NAN,
                    .freq = NAN,
                    .col = e->site};
    for (int a = 0; a < c->n_ax; a++) {
        c->x[a] = myo_alloc((size_t)c->n, sizeof *c->x[a]);
        if (!c->x[a]) {
            syn_clip_clear(c);
            return MYO_ERR_NOMEM;
        }
    }
    return MYO_OK;
}

void syn_clip_clear(syn_clip *c) {
    for (int a = 0; a < SYN_AXES; a++) {
        myo_free(c->x[a]);
    }
    myo_free(c->burst);
    myo_free(c->cut);
    myo_free(c->lapse);
    *c = (syn_clip){0};
}

myo_err syn_render(const syn_world *w, const syn_event *e, syn_clip *c) {
    const myo_err err = w->acc ? syn_render_acc(w, e, c) : syn_render_emg(w, e, c);
    if (err != MYO_OK) {
        syn_clip_clear(c);
    }
    return err;
}
