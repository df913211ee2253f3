/* synth_noise.c - what is on the wire beside the muscle: floor, hum, heart, wander; gravity
 * (8.2, 8.3). */
#include <math.h>
#include <string.h>
#include "run/synth.h"

enum { POLES = 5, HARMONICS = 5, GRID = 64, WAVES = 3 };

/* White noise plus the same noise through one-pole low-passes two octaves apart: about 1/f below
 * pink_hz. */
typedef struct floor_noise {
    myo_rng r;
    double y[POLES], gain;
} floor_noise;

typedef struct column {
    floor_noise floor;
    double hum[HARMONICS], hum_phase[HARMONICS];
    double ecg; /* uV, R wave of this channel */
    double wave[WAVES], hz[WAVES], at[WAVES];
} column;

/* An R wave: when, s; how large it is against the others; born in a ventricle. */
typedef struct syn_beat {
    double t, gain;
    bool ectopic;
} syn_beat;

struct syn_noise {
    const syn_world *w;
    column *col;
    double pole[POLES], share[POLES]; /* coefficient and gain of the low-passes */
    myo_rng hum_r;
    double hum_phase, hum_off;           /* rad at the grid point; Hz off the nominal rate */
    double zr[HARMONICS], zi[HARMONICS]; /* phasors of the hum at the present frame */
    double sr, si;                       /* one frame's turn of the fundamental */
    syn_beat *beat;
    int64_t n_beats, next_beat;
};

static void poles_make(syn_noise *s) {
    const double pink = s->w->acc ? 1.0 : s->w->conf->pink_hz;
    for (int k = 0; k < POLES; k++) {
        const double hz = 0.3 * pow(4.0, k);
        s->pole[k] = 1.0 - exp(-2.0 * M_PI * hz / s->w->fs);
        s->share[k] = 0.6 * sqrt(pink / hz);
    }
}

/* |H|^2 of the floor's shaping at f. */
static double floor_response(const syn_noise *s, double f) {
    const double w = 2.0 * M_PI * f / s->w->fs;
    double re = 1.0, im = 0.0;
    for (int k = 0; k < POLES; k++) {
        /* g a / (1 - (1 - a) e^-jw) */
        const double a = s->pole[k], dr = 1.0 - (1.0 - a) * cos(w), di = (1.0 - a) * sin(w);
        const double scale = s->share[k] * a / (dr * dr + di * di);
        re += scale * dr;
        im -= scale * di;
    }
    return re * re + im * im;
}

/* EMG: the gain that makes 1 uV rms in 20-450 Hz; accelerometer: density 1 at 10 Hz. */
static double floor_gain(const syn_noise *s) {
    const double fs = s->w->fs;
    if (s->w->acc) {
        return sqrt(0.5 * fs);
    }
    double power = 0.0;
    for (double f = 20.5; f < fmin(450.0, 0.5 * fs); f += 1.0) {
        power += floor_response(s, f) * 2.0 / fs;
    }
    return 1.0 / sqrt(power);
}

static double floor_next(const syn_noise *s, floor_noise *n) {
    const double white = myo_rng_normal(&n->r);
    double sum = white;
    for (int k = 0; k < POLES; k++) {
        n->y[k] += s->pole[k] * (white - n->y[k]);
        sum += s->share[k] * n->y[k];
    }
    return n->gain * sum;
}

/* RR intervals with some sinus arrhythmia. An ectopic beat comes after 0.6 of one, and the next one where it would have
 * come without it. */
static myo_err beats_make(syn_noise *s) {
    const syn_conf *c = s->w->conf;
    const double breath_hz = 0.25;
    myo_rng r;
    syn_rng(s->w, SYN_R_ECG, 0, &r);
    const double length = (double)s->w->n / s->w->fs;
    const double rr = 60.0 / syn_uniform(&r, c->ecg_lo_bpm, c->ecg_hi_bpm);
    size_t cap = 0;
    double pause = 0.0;
    for (double t = -rr * myo_rng_uniform(&r); t < length + 1.0;) {
        MYO_TRY(myo_grow((void **)&s->beat, &cap, (size_t)s->n_beats + 1, sizeof *s->beat));
        const double breath = sin(2.0 * M_PI * breath_hz * t);
        s->beat[s->n_beats++] = (syn_beat){t, 1.0 + c->ecg_breath * breath, pause > 0.0};
        double step = rr * (1.0 + 0.05 * breath + 0.02 * myo_rng_normal(&r));
        if (pause > 0.0) {
            step = pause;
            pause = 0.0;
        } else if (c->ecg_ectopic > 0.0 && myo_rng_uniform(&r) < c->ecg_ectopic) {
            pause = 1.4 * step;
            step *= 0.6;
        }
        t += step;
    }
    return MYO_OK;
}

/* P, Q, R, S, T as Gaussians: share of R, centre and SD in s; an ectopic beat has a broad R and a T against it. */
static double ecg_wave(double t, bool ectopic) {
    static const double wave[5][3] = {{0.12, -0.17, 0.025},
                                      {-0.12, -0.026, 0.010},
                                      {1.0, 0.0, 0.011},
                                      {-0.25, 0.028, 0.010},
                                      {0.28, 0.25, 0.045}};
    static const double broad[5][3] = {{0.0, -0.17, 0.025},
                                       {0.25, -0.04, 0.022},
                                       {1.2, 0.0, 0.024},
                                       {-0.6, 0.06, 0.028},
                                       {-0.45, 0.25, 0.060}};
    double sum = 0.0;
    for (int i = 0; i < 5; i++) {
        const double *v = ectopic ? broad[i] : wave[i];
        const double z = (t - v[1]) / v[2];
        sum += fabs(z) < 6.0 ? v[0] * exp(-0.5 * z * z) : 0.0;
    }
    return sum;
}

/* Of the channel's R wave, uV, with its sign. */
static double draw_ecg(const syn_conf *c, myo_rng *r) {
    const double v = c->ecg_lo_uv > 0.0 ? syn_loguniform(r, fmin(c->ecg_lo_uv, c->ecg_uv), c->ecg_uv)
                                        : c->ecg_uv * syn_uniform(r, 0.4, 1.0);
    return myo_rng_uniform(r) < 0.5 ? -v : v;
}

static void column_make(syn_noise *s, int i) {
    const syn_conf *c = s->w->conf;
    column *col = &s->col[i];
    myo_rng r;
    syn_rng(s->w, SYN_R_NOISE, (uint64_t)i, &col->floor.r);
    col->floor.gain = floor_gain(s) * s->w->noise;
    syn_rng(s->w, SYN_R_MAINS, (uint64_t)i + 1, &r);
    for (int h = 0; h < HARMONICS; h++) {
        const double share = h == 0 ? syn_uniform(&r, 0.6, 1.0) : syn_uniform(&r, 0.05, 0.5) / h;
        col->hum[h] = s->w->acc ? 0.0 : c->mains_uv * share;
        col->hum_phase[h] = syn_uniform(&r, 0.0, 2.0 * M_PI);
    }
    col->ecg = s->w->acc ? 0.0 : draw_ecg(c, &r);
    syn_rng(s->w, SYN_R_WANDER, (uint64_t)i, &r);
    for (int k = 0; k < WAVES; k++) {
        /* Accelerometer: 1 mg a degree, some degrees over minutes. */
        col->wave[k] =
            s->w->acc ? syn_uniform(&r, 0.0, 1e-3) : c->wander_uv * syn_uniform(&r, 0.2, 0.45);
        col->hz[k] = s->w->acc ? syn_uniform(&r, 5e-4, 3e-3) : syn_uniform(&r, 0.05, 0.5);
        col->at[k] = syn_uniform(&r, 0.0, 2.0 * M_PI);
    }
}

myo_err syn_noise_new(syn_noise **out, const syn_world *w) {
    syn_noise *s = myo_alloc(1, sizeof *s);
    if (s) {
        s->w = w;
        s->col = myo_alloc((size_t)w->n_cols, sizeof *s->col);
    }
    if (!s || !s->col || (w->ecg && beats_make(s) != MYO_OK)) {
        syn_noise_free(&s);
        return MYO_ERR_NOMEM;
    }
    poles_make(s);
    syn_rng(w, SYN_R_MAINS, 0, &s->hum_r);
    for (int i = 0; i < w->n_cols; i++) {
        column_make(s, i);
    }
    *out = s;
    return MYO_OK;
}

void syn_noise_free(syn_noise **s) {
    if (*s) {
        myo_free((*s)->col);
        myo_free((*s)->beat);
        myo_free(*s);
        *s = NULL;
    }
}

/* Every GRID frames the hum's frequency wanders a little and its phasors are set afresh; between
 * grid points they turn by one multiplication a frame. */
static void hum_grid(syn_noise *s) {
    const syn_conf *c = s->w->conf;
    const double dt = GRID / s->w->fs, tau = 20.0;
    for (int h = 0; h < HARMONICS; h++) {
        s->zr[h] = cos((h + 1) * s->hum_phase);
        s->zi[h] = sin((h + 1) * s->hum_phase);
    }
    const double turn = 2.0 * M_PI * (c->mains_hz + s->hum_off) / s->w->fs;
    s->sr = cos(turn);
    s->si = sin(turn);
    s->hum_phase = fmod(s->hum_phase + GRID * turn, 2.0 * M_PI);
    s->hum_off += -s->hum_off * dt / tau +
                  c->mains_drift_hz * sqrt(2.0 * dt / tau) * myo_rng_normal(&s->hum_r);
}

static void hum_turn(syn_noise *s) {
    double tr = s->sr, ti = s->si;
    for (int h = 0; h < HARMONICS; h++) {
        const double zr = s->zr[h] * tr - s->zi[h] * ti;
        s->zi[h] = s->zr[h] * ti + s->zi[h] * tr;
        s->zr[h] = zr;
        const double next = tr * s->sr - ti * s->si;
        ti = tr * s->si + ti * s->sr;
        tr = next;
    }
}

static void add_hum(syn_noise *s, int64_t t0, int n, float *const *x) {
    double cr[SYN_MAX_CH][HARMONICS], ci[SYN_MAX_CH][HARMONICS];
    for (int c = 0; c < s->w->n_cols; c++) {
        for (int h = 0; h < HARMONICS; h++) {
            const bool folds = (h + 1) * s->w->conf->mains_hz > 0.45 * s->w->fs;
            const double a = folds ? 0.0 : s->col[c].hum[h];
            cr[c][h] = a * cos(s->col[c].hum_phase[h]);
            ci[c][h] = a * sin(s->col[c].hum_phase[h]);
        }
    }
    for (int i = 0; i < n; i++) {
        if ((t0 + i) % GRID == 0) {
            hum_grid(s);
        }
        for (int c = 0; c < s->w->n_cols; c++) {
            double sum = 0.0;
            for (int h = 0; h < HARMONICS; h++) {
                sum += s->zr[h] * cr[c][h] - s->zi[h] * ci[c][h];
            }
            x[c][i] += (float)sum;
        }
        hum_turn(s);
    }
}

static void add_ecg(syn_noise *s, int64_t t0, int n, float *const *x) {
    const double fs = s->w->fs, before = 0.33, after = 0.53;
    while (s->next_beat < s->n_beats && s->beat[s->next_beat].t + after < (double)t0 / fs) {
        s->next_beat++;
    }
    for (int64_t b = s->next_beat; b < s->n_beats && s->beat[b].t - before < (double)(t0 + n) / fs;
         b++) {
        const syn_beat *q = &s->beat[b];
        const int64_t from = (int64_t)ceil((q->t - before) * fs) - t0;
        const int64_t to = (int64_t)ceil((q->t + after) * fs) - t0;
        for (int64_t i = from < 0 ? 0 : from; i < n && i < to; i++) {
            const double v = q->gain * ecg_wave((double)(t0 + i) / fs - q->t, q->ectopic);
            for (int c = 0; c < s->w->n_cols; c++) {
                x[c][i] += (float)(s->col[c].ecg * v);
            }
        }
    }
}

/* Slow sines, true at every GRID-th frame and straight between. */
static double wander_at(const column *c, double t) {
    double sum = 0.0;
    for (int k = 0; k < WAVES; k++) {
        sum += c->wave[k] * sin(2.0 * M_PI * c->hz[k] * t + c->at[k]);
    }
    return sum;
}

static void add_wander(const syn_noise *s, const column *c, int64_t t0, int n, float *x) {
    const double fs = s->w->fs;
    double a = 0.0, step = 0.0;
    for (int i = 0; i < n; i++) {
        const int64_t frame = t0 + i, grid = frame / GRID * GRID;
        if (i == 0 || frame == grid) {
            a = wander_at(c, (double)grid / fs);
            step = (wander_at(c, (double)(grid + GRID) / fs) - a) / GRID;
        }
        x[i] += (float)(a + step * (double)(frame - grid));
    }
}

static void add_gravity(const syn_world *w, int64_t t0, int n, float *const *x) {
    for (int i = 0; i < n; i++) {
        const syn_vec g = syn_gravity(w, (double)(t0 + i) / w->fs);
        x[0][i] += (float)g.x;
        x[1][i] += (float)g.y;
        x[2][i] += (float)g.z;
    }
}

void syn_noise_fill(syn_noise *s, int64_t t0, int n, float *const *x) {
    const syn_conf *conf = s->w->conf;
    const bool clean = conf->clean > 0.5;
    for (int c = 0; c < s->w->n_cols; c++) {
        memset(x[c], 0, (size_t)n * sizeof x[c][0]);
        for (int i = 0; i < n && !clean; i++) {
            x[c][i] = (float)floor_next(s, &s->col[c].floor);
        }
        if (!clean && (s->w->acc || conf->wander_uv > 0.0)) {
            add_wander(s, &s->col[c], t0, n, x[c]);
        }
    }
    if (s->w->acc) {
        add_gravity(s->w, t0, n, x);
    } else if (!clean && conf->mains_uv > 0.0) {
        add_hum(s, t0, n, x);
    }
    if (!clean && s->w->ecg) {
        add_ecg(s, t0, n, x);
    }
}
