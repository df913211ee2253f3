/* synth_acc.c - accelerometer on a rigid limb segment (science.md 8.3).
 *
 * drive -> delay -> activation (two poles) -> torque -> theta'' = T - 2 zeta w theta' - w^2 theta
 * a = r theta'' t - r theta'^2 r + R(-theta) g - g, in the sensor's frame, in g. */
#include <math.h>
#include "run/synth.h"

static const double k_g = 9.80665;  /* m/s^2 */
static const double k_inner = 2000; /* Hz, least rate of the mechanics */

/* Angle of the joint, `sub` steps a frame. */
typedef struct track {
    double *x;
    int64_t n;
    int sub;
    double dt;
} track;

static syn_vec vec_add(syn_vec a, syn_vec b, double k) {
    return (syn_vec){a.x + k * b.x, a.y + k * b.y, a.z + k * b.z};
}

static double vec_dot(syn_vec a, syn_vec b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
}

static syn_vec vec_cross(syn_vec a, syn_vec b) {
    return (syn_vec){a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}

/* Rodrigues: v turned by `angle` about the unit vector `axis`. */
static syn_vec vec_turn(syn_vec v, syn_vec axis, double angle) {
    const double c = cos(angle), s = sin(angle);
    const syn_vec cross = vec_cross(axis, v);
    syn_vec out = {c * v.x, c * v.y, c * v.z};
    out = vec_add(out, cross, s);
    return vec_add(out, axis, (1.0 - c) * vec_dot(axis, v));
}

static syn_vec vec_random(myo_rng *r) {
    const syn_vec v = {myo_rng_normal(r), myo_rng_normal(r), myo_rng_normal(r)};
    const double norm = sqrt(vec_dot(v, v)) + 1e-12;
    return (syn_vec){v.x / norm, v.y / norm, v.z / norm};
}

/* Min-jerk path from 0 to 1 (Flash and Hogan 1985). */
static double min_jerk(double s) {
    s = fmax(0.0, fmin(1.0, s));
    return s * s * s * (10.0 + s * (-15.0 + 6.0 * s));
}

void syn_limb_make(syn_limb *l, const syn_world *w) {
    myo_rng r;
    syn_rng(w, SYN_R_LIMB, 0, &r);
    l->res_hz = syn_loguniform(&r, 3.0, 12.0);
    l->zeta = syn_uniform(&r, 0.1, 0.3);
    l->tau_s = syn_uniform(&r, 0.030, 0.060);
    l->emd_s = syn_uniform(&r, 0.030, 0.060);
    l->radius = syn_uniform(&r, 0.08, 0.35);
    /* The sensor was put on up to 10 degrees askew. */
    const syn_vec about = vec_random(&r);
    const double askew = syn_uniform(&r, 0.0, 10.0) * M_PI / 180.0;
    l->rad = vec_turn((syn_vec){1, 0, 0}, about, askew);
    l->tang = vec_turn((syn_vec){0, 1, 0}, about, askew);
    l->axis = vec_turn((syn_vec){0, 0, 1}, about, askew);
}

bool syn_turns(const syn_event *e) {
    return e->kind == SYN_TURN || e->kind == SYN_SLIP;
}

myo_err syn_posture_make(syn_world *w) {
    int64_t n = 1;
    for (size_t i = 0; i < w->n_ev; i++) {
        n += syn_turns(&w->ev[i]);
    }
    w->turn = myo_alloc((size_t)n, sizeof *w->turn);
    if (!w->turn) {
        return MYO_ERR_NOMEM;
    }
    myo_rng r;
    syn_rng(w, SYN_R_LIMB, 2, &r);
    syn_vec now = vec_random(&r);
    w->turn[w->n_turns++] = (syn_turn){.before = now, .axis = now, .span = 1.0};
    for (size_t i = 0; i < w->n_ev; i++) {
        const syn_event *e = &w->ev[i];
        if (!syn_turns(e)) {
            continue;
        }
        syn_rng(w, SYN_R_EVENT, e->own, &r);
        const syn_turn t = {.t0 = e->t0,
                            .span = e->span,
                            .before = now,
                            .axis = vec_random(&r),
                            .angle = syn_uniform(&r, 0.3, 1.5)};
        now = vec_turn(now, t.axis, t.angle);
        w->turn[w->n_turns++] = t;
    }
    return MYO_OK;
}

syn_vec syn_gravity(const syn_world *w, double t) {
    int64_t lo = 0, hi = w->n_turns;
    while (hi - lo > 1) {
        const int64_t mid = (lo + hi) / 2;
        *(w->turn[mid].t0 <= t ? &lo : &hi) = mid;
    }
    const syn_turn *p = &w->turn[lo];
    return vec_turn(p->before, p->axis, p->angle * min_jerk((t - p->t0) / p->span));
}

static myo_err track_new(track *k, const syn_world *w, const syn_clip *c) {
    k->sub = (int)ceil(k_inner / w->fs);
    k->dt = 1.0 / (w->fs * k->sub);
    k->n = c->n * k->sub;
    k->x = myo_alloc((size_t)k->n, sizeof *k->x);
    return k->x ? MYO_OK : MYO_ERR_NOMEM;
}

/* In place: drive becomes angle. */
static void limb_move(const syn_limb *l, track *k) {
    const double w = 2.0 * M_PI * l->res_hz, pole = k->dt / l->tau_s;
    double act1 = 0.0, act2 = 0.0, theta = 0.0, speed = 0.0;
    for (int64_t i = 0; i < k->n; i++) {
        act1 += pole * (k->x[i] - act1);
        act2 += pole * (act1 - act2);
        speed += k->dt * (act2 - 2.0 * l->zeta * w * speed - w * w * theta);
        theta += k->dt * speed;
        k->x[i] = theta;
    }
}

/* Tangential acceleration by second difference, m/s^2 for radius 1. */
static double track_accel(const track *k, int64_t i) {
    return i < 1 || i + 1 >= k->n ? 0.0
                                  : (k->x[i + 1] - 2.0 * k->x[i] + k->x[i - 1]) / (k->dt * k->dt);
}

static void track_scale(const syn_limb *l, track *k, double peak_g) {
    double top = 0.0;
    for (int64_t i = 0; i < k->n; i++) {
        top = fmax(top, fabs(track_accel(k, i)));
    }
    const double gain = top > 0.0 ? peak_g * k_g / (l->radius * top) : 0.0;
    for (int64_t i = 0; i < k->n; i++) {
        k->x[i] *= gain;
    }
}

/* One frame: the steps around it under a Hann window two frames wide, which is the anti-alias
 * filter. */
static syn_vec frame_mean(const track *k, int64_t frame,
                          syn_vec (*at)(const track *, int64_t, const void *), const void *user) {
    syn_vec sum = {0, 0, 0};
    double weight = 0.0;
    for (int64_t j = -k->sub + 1; j < k->sub; j++) {
        const int64_t i = frame * k->sub + j;
        const double hann = 0.5 + 0.5 * cos(M_PI * (double)j / k->sub);
        weight += hann;
        if (i >= 0 && i < k->n) {
            sum = vec_add(sum, at(k, i, user), hann);
        }
    }
    return (syn_vec){sum.x / weight, sum.y / weight, sum.z / weight};
}

typedef struct scene {
    const syn_limb *limb;
    syn_vec gravity, dir;
} scene;

static syn_vec limb_at(const track *k, int64_t i, const void *user) {
    const scene *s = user;
    const double r = s->limb->radius / k_g;
    const double speed = i > 0 ? (k->x[i] - k->x[i - 1]) / k->dt : 0.0;
    syn_vec a = vec_turn(s->gravity, s->limb->axis, -k->x[i]);
    a = vec_add(a, s->gravity, -1.0);
    a = vec_add(a, s->limb->tang, r * track_accel(k, i));
    return vec_add(a, s->limb->rad, -r * speed * speed);
}

static syn_vec along_at(const track *k, int64_t i, const void *user) {
    const scene *s = user;
    return (syn_vec){s->dir.x * k->x[i], s->dir.y * k->x[i], s->dir.z * k->x[i]};
}

static void clip_fill(syn_clip *c, const track *k,
                      syn_vec (*at)(const track *, int64_t, const void *), const scene *s) {
    for (int64_t i = 0; i < c->n; i++) {
        const syn_vec a = frame_mean(k, i, at, s);
        c->x[0][i] = (float)a.x;
        c->x[1][i] = (float)a.y;
        c->x[2][i] = (float)a.z;
    }
}

/* --- the drives --- */

/* A muscle burst; now and then a second one answers it. Each jerk meets the limb in another posture
 * and stiffness. */
static void drive_jerk(const syn_world *w, const syn_event *e, track *k, myo_rng *r) {
    syn_limb l = w->limb;
    l.res_hz = fmax(3.0, fmin(12.0, l.res_hz * exp(0.25 * myo_rng_normal(r))));
    l.zeta = syn_uniform(r, 0.1, 0.3);
    l.tau_s = syn_uniform(r, 0.030, 0.060);
    const double longest = e->kind == SYN_JERK_LONG  ? 0.250
                           : e->kind == SYN_JERK_MID ? 0.100
                                                     : 0.050;
    const double length = syn_uniform(r, 0.4, 1.0) * longest, from = SYN_PAD_S + l.emd_s;
    const double sign = myo_rng_uniform(r) < 0.5 ? -1.0 : 1.0;
    const double answer = myo_rng_uniform(r) < 0.3 ? -syn_uniform(r, 0.3, 0.8) : 0.0;
    for (int64_t i = 0; i < k->n; i++) {
        const double s = ((double)i * k->dt - from) / length;
        const double a = s > 0.0 && s < 1.0 ? sin(M_PI * s) : 0.0;
        const double b = s > 1.0 && s < 2.0 ? answer * sin(M_PI * (s - 1.0)) : 0.0;
        k->x[i] = sign * (a + b);
    }
    limb_move(&l, k);
}

static myo_err tremor_cuts(syn_clip *c, const syn_limb *l, const double *t, int n_t, double fs) {
    c->cut = myo_alloc((size_t)n_t + 2, sizeof *c->cut);
    if (!c->cut) {
        return MYO_ERR_NOMEM;
    }
    for (int i = 0; i < n_t; i++) {
        const double at = i == 0 ? 0.0 : (SYN_PAD_S + l->emd_s + t[i]) * fs;
        c->cut[c->n_cut++] = (int64_t)fmin((double)c->n, at);
    }
    c->cut[c->n_cut++] = c->n;
    return MYO_OK;
}

/* Agonist and, weaker or as strong, antagonist, half a cycle apart. */
static myo_err drive_tremor(const syn_world *w, const syn_event *e, syn_clip *c, track *k,
                            myo_rng *r) {
    double *t = NULL;
    int n_t = 0;
    const double span = e->span - 0.8;
    MYO_TRY(syn_cycles(w, e, span, &t, &n_t, &c->freq));
    const double power = syn_uniform(r, 1.0, 3.0), other = syn_uniform(r, 0.2, 1.0);
    const double fade = syn_uniform(r, 0.2, 0.8), wax = syn_uniform(r, 0.0, 0.3),
                 wax_hz = syn_uniform(r, 0.1, 0.4);
    for (int i = 0; i + 1 < n_t; i++) {
        const double begin = SYN_PAD_S + w->limb.emd_s + t[i], cycle = t[i + 1] - t[i];
        const int64_t to = (int64_t)fmin((double)k->n, ceil((begin + cycle) / k->dt));
        for (int64_t j = (int64_t)ceil(begin / k->dt); j < to; j++) {
            const double now = (double)j * k->dt - begin, s = sin(2.0 * M_PI * now / cycle);
            const double level =
                fmin(1.0, fmin((t[i] + now) / fade, fmax(0.0, t[n_t - 1] - t[i] - now) / fade));
            const double pull = s > 0.0 ? pow(s, power) : -other * pow(-s, power);
            k->x[j] = level * (1.0 + wax * sin(2.0 * M_PI * wax_hz * (t[i] + now))) * pull;
        }
    }
    limb_move(&w->limb, k);
    const myo_err err = tremor_cuts(c, &w->limb, t, n_t, w->fs);
    myo_free(t);
    return err;
}

/* There, hold, and back: the angle itself. */
static void drive_reach(const syn_event *e, track *k, myo_rng *r) {
    const double move = fmin(syn_uniform(r, 0.5, 1.2), 0.45 * e->span);
    const double size = syn_uniform(r, 0.25, 1.2);
    const double angle = myo_rng_uniform(r) < 0.5 ? -size : size;
    for (int64_t i = 0; i < k->n; i++) {
        const double t = (double)i * k->dt - SYN_PAD_S;
        k->x[i] = angle * (min_jerk(t / move) - min_jerk((t - e->span + move) / move));
    }
}

/* Half-sine of 1-3 ms, e->level g high. */
static void drive_tap(const syn_event *e, track *k, myo_rng *r) {
    const double length = syn_uniform(r, 0.001, 0.003);
    for (int64_t i = 0; i < k->n; i++) {
        const double s = ((double)i * k->dt - SYN_PAD_S - 0.05) / length;
        k->x[i] = s > 0.0 && s < 1.0 ? e->level * sin(M_PI * s) : 0.0;
    }
}

/* A step's blow: up within 5 ms, and ringing out at 20 Hz. */
static double heel(double s) {
    return s < 0.0 ? 0.0 : fmin(1.0, s / 0.005) * exp(-s / 0.030) * cos(2.0 * M_PI * 20.0 * s);
}

/* Steps at 1-2.5 Hz with their harmonics, weaker the higher. */
static void drive_walk(const syn_world *w, const syn_event *e, track *k, myo_rng *r) {
    double share[5], at[5], phase = 0.0, slow = 0.0, step = 0.0;
    const double hz = syn_uniform(r, 1.0, 2.5);
    for (int h = 0; h < 5; h++) {
        share[h] = syn_uniform(r, 0.3, 1.0) / (h + 1);
        at[h] = syn_uniform(r, 0.0, 2.0 * M_PI);
    }
    for (int64_t i = 0; i < k->n; i++) {
        const double t = (double)i * k->dt - SYN_PAD_S;
        const double fade = fmax(0.0, fmin(1.0, fmin(t, e->span - t) / 0.5));
        slow += k->dt * (-slow + 0.05 * myo_rng_normal(r) / sqrt(k->dt));
        phase += 2.0 * M_PI * hz * (1.0 + slow) * k->dt;
        k->x[i] = 0.0;
        for (int h = 0; h < 5; h++) {
            k->x[i] += fade * e->level * share[h] * sin((h + 1) * phase + at[h]);
        }
        step = fmod(phase, 2.0 * M_PI) / (2.0 * M_PI * hz);
        k->x[i] += w->conf->walk_heel_g > 0.0 ? fade * w->conf->walk_heel_g * heel(step) : 0.0;
    }
}

/* Engine and road at 8-20 Hz: waves whose strength wanders; e->level g rms. */
static void drive_vehicle(const syn_event *e, track *k, myo_rng *r) {
    enum { N_WAVES = 3 };
    double hz[N_WAVES], wide[N_WAVES], re[N_WAVES], im[N_WAVES];
    for (int h = 0; h < N_WAVES; h++) {
        hz[h] = syn_uniform(r, 8.0, 20.0);
        wide[h] = syn_loguniform(r, 1.0, 6.0);
        re[h] = myo_rng_normal(r);
        im[h] = myo_rng_normal(r);
    }
    for (int64_t i = 0; i < k->n; i++) {
        const double t = (double)i * k->dt - SYN_PAD_S;
        const double fade = fmax(0.0, fmin(1.0, fmin(t, e->span - t) / 1.0));
        k->x[i] = 0.0;
        for (int h = 0; h < N_WAVES; h++) {
            const double pole = M_PI * wide[h] * k->dt, kick = sqrt(2.0 * pole), turn = 2.0 * M_PI * hz[h] * t;
            re[h] += -pole * re[h] + kick * myo_rng_normal(r);
            im[h] += -pole * im[h] + kick * myo_rng_normal(r);
            k->x[i] += fade * e->level / sqrt((double)N_WAVES) * (re[h] * cos(turn) + im[h] * sin(turn));
        }
    }
}

static myo_err drive_any(const syn_world *w, const syn_event *e, syn_clip *c, track *k,
                         myo_rng *r) {
    myo_err err = MYO_OK;
    if (e->cls == MYO_TREMOR) {
        err = drive_tremor(w, e, c, k, r);
    } else if (e->cls == MYO_VOLUNTARY) {
        drive_reach(e, k, r);
    } else if (e->kind == SYN_TAP) {
        drive_tap(e, k, r);
    } else if (e->kind == SYN_WALK) {
        drive_walk(w, e, k, r);
    } else if (e->kind == SYN_VEHICLE) {
        drive_vehicle(e, k, r);
    } else {
        drive_jerk(w, e, k, r);
    }
    return err;
}

myo_err syn_render_acc(const syn_world *w, const syn_event *e, syn_clip *c) {
    MYO_TRY(syn_clip_new(c, w, e, e->t0 - SYN_PAD_S, e->span + 2.0 * SYN_PAD_S));
    c->scaled = true;
    c->drive_on = e->t0;
    c->col = 0;
    track k = {0};
    myo_rng r;
    syn_rng(w, SYN_R_EVENT, e->own, &r);
    MYO_TRY(track_new(&k, w, c));
    const scene s = {.limb = &w->limb, .gravity = syn_gravity(w, e->t0), .dir = vec_random(&r)};
    const myo_err err = drive_any(w, e, c, &k, &r);
    if (err == MYO_OK && (e->cls == MYO_JERK || e->cls == MYO_TREMOR)) {
        track_scale(&w->limb, &k, e->level);
    }
    if (err == MYO_OK) {
        clip_fill(c, &k, e->cls == MYO_ARTEFACT ? along_at : limb_at, &s);
    }
    myo_free(k.x);
    return err;
}
