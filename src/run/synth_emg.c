/* synth_emg.c - the motor-unit pool, its surface potentials, and how units fire (science.md 8.2).
 */
#include <math.h>
#include <string.h>
#include "run/synth.h"

/* Fuglevand-type pool; parameters as in science.md 8.2. */
static const double k_rr = 30.0;   /* range of recruitment thresholds */
static const double k_mfr = 8.0;   /* Hz, least firing rate */
static const double k_gain = 1.5;  /* Hz per unit of drive */
static const double k_pfr1 = 45.0; /* Hz, peak rate of the smallest unit */
static const double k_pfrd = 10.0; /* Hz, how much less the largest one reaches */

static const double k_cv = 0.2; /* of voluntary intervals */

/* The shape of a potential before its time scale is known: z counts in SDs of the source. */
enum { GRID_N = 401, PHASES_MIN = 3, PHASES_MAX = 5 };
static const double k_grid = 0.1, k_span = 20.0;

typedef struct shape {
    double p[GRID_N];
    double za, zb; /* where it rises above and falls under 10 % of its peak */
} shape;

double syn_drive_max(void) {
    return k_rr + (k_pfr1 - k_pfrd - k_mfr) / k_gain;
}

/* Source seen at depth: derivative of a Gaussian of order n, under the tissue's exp(-2 pi f r / v),
 * which is a convolution with a Cauchy kernel of width rho = r / (v sigma). */
static void shape_monopolar(double *m, int n, double rho) {
    double src[GRID_N], ker[2 * GRID_N];
    for (int i = 0; i < GRID_N; i++) {
        const double z = i * k_grid - k_span;
        const double g = exp(-0.5 * z * z);
        src[i] = n == 1 ? -z * g : (z * z - 1.0) * g;
    }
    for (int i = 0; i < 2 * GRID_N; i++) {
        const double z = (i - GRID_N) * k_grid;
        ker[i] = rho / (rho * rho + z * z);
    }
    for (int i = 0; i < GRID_N; i++) {
        double sum = 0.0;
        for (int j = 0; j < GRID_N; j++) {
            sum += src[j] * ker[i - j + GRID_N];
        }
        m[i] = sum;
    }
}

static double shape_at(const double *p, double z) {
    const double pos = (z + k_span) / k_grid;
    if (!(pos >= 0.0) || pos >= GRID_N - 1) {
        return 0.0;
    }
    const int i = (int)pos;
    return p[i] + (pos - i) * (p[i + 1] - p[i]);
}

/* Bipolar electrode: minus the same wave, `delay` later and a little smaller. Peak scaled to 1. */
static void shape_bipolar(shape *s, const double *m, double delay, double share) {
    double top = 0.0;
    for (int i = 0; i < GRID_N; i++) {
        const double z = i * k_grid - k_span;
        s->p[i] = m[i] - share * shape_at(m, z - delay);
        top = fmax(top, fabs(s->p[i]));
    }
    int a = GRID_N, b = 0;
    for (int i = 0; i < GRID_N; i++) {
        s->p[i] /= top;
        if (fabs(s->p[i]) > 0.10) {
            a = i < a ? i : a;
            b = i;
        }
    }
    s->za = a * k_grid - k_span;
    s->zb = b * k_grid - k_span;
}

/* Lobes that reach 6 % of the peak. */
static int shape_phases(const shape *s) {
    int n = 0, sign = 0;
    for (int i = 0; i < GRID_N; i++) {
        const int now = s->p[i] > 0.06 ? 1 : s->p[i] < -0.06 ? -1 : 0;
        if (now && now != sign) {
            n++;
            sign = now;
        }
    }
    return n;
}

/* depth in m. Drawn again until the potential has 3-5 phases. */
static void shape_draw(shape *s, double depth, double electrode, double v, myo_rng *r) {
    double m[GRID_N];
    for (int i = 0; i < 20; i++) {
        const int n = myo_rng_uniform(r) < 0.8 ? 1 : 2;
        const double sigma_s = syn_uniform(r, 0.8e-3, 1.6e-3) * 4.0 / v;
        shape_monopolar(m, n, depth / v / sigma_s);
        shape_bipolar(s, m, electrode / v / sigma_s, syn_uniform(r, 0.75, 1.0));
        const int phases = shape_phases(s);
        if (phases >= PHASES_MIN && phases <= PHASES_MAX) {
            break;
        }
    }
}

/* Samples of the shape stretched to dur_s between its 10 % points, for every sub-sample shift; the
 * tails beyond are faded out over a quarter of that. */
static void shape_sample(const shape *s, double dur_s, double fs, double scale, float *w, int len) {
    const double width = s->zb - s->za, fade = 0.25 * width;
    for (int shift = 0; shift < SYN_SHIFTS; shift++) {
        for (int k = 0; k < len; k++) {
            const double t = (k - (double)shift / SYN_SHIFTS) / fs;
            const double z = s->za - fade + t / dur_s * width;
            const double out = fmax(fmax(s->za - z, z - s->zb), 0.0) / fade;
            const double taper = out >= 1.0 ? 0.0 : 0.5 + 0.5 * cos(M_PI * out);
            w[shift * len + k] = (float)(scale * taper * shape_at(s->p, z));
        }
    }
}

/* Where units have their own amplitudes, those that fasciculate are large enough to be seen. */
static void muscle_fasciculation(syn_muscle *m, const syn_world *w, myo_rng *r) {
    const int least = w->conf->unit_hi_uv > 0.0 ? SYN_UNITS * 3 / 4 : SYN_UNITS / 3;
    for (int i = 0; i < SYN_FASC; i++) {
        m->fasc_unit[i] = least + syn_below(r, SYN_UNITS - least);
        m->fasc_db[i] = w->conf->snr_db + 2.0 + w->conf->snr_sd_db * myo_rng_normal(r);
    }
}

/* The largest unit gets this peak, uV, the others theirs by size alone: 1/30 of it for the smallest. */
static void muscle_amplitude(syn_muscle *m, double peak_uv) {
    const size_t n = (size_t)SYN_SHIFTS * (size_t)m->len;
    for (int i = 0; i < SYN_UNITS; i++) {
        const double size = peak_uv * exp(log(30.0) * ((i + 1.0) / SYN_UNITS - 1.0));
        const float gain = (float)(size / m->size[i]);
        for (size_t k = 0; k < n; k++) {
            m->w[(size_t)i * n + k] *= gain;
        }
        m->size[i] = size;
    }
}

myo_err syn_muscle_make(syn_muscle *m, const syn_world *w, int site) {
    myo_rng r;
    syn_rng(w, SYN_R_MUSCLE, (uint64_t)site, &r);
    const double longest_s = 0.015;
    m->len = (int)ceil(1.5 * longest_s * w->fs) + 2;
    m->w = myo_alloc((size_t)SYN_UNITS * SYN_SHIFTS * (size_t)m->len, sizeof *m->w);
    if (!m->w) {
        return MYO_ERR_NOMEM;
    }
    const double electrode = syn_uniform(&r, 0.008, 0.020); /* m between the two contacts */
    const double top_depth = syn_uniform(&r, 0.004, 0.012); /* m of skin and fat over the muscle */
    const double stretch = syn_uniform(&r, 0.95, 1.4);      /* fibre length, temperature */
    const double size_range = syn_loguniform(&r, 30.0, 100.0);
    for (int i = 0; i < SYN_UNITS; i++) {
        const double rank = (i + 1.0) / SYN_UNITS;
        m->rte[i] = exp(log(k_rr) * rank);
        m->pfr[i] = k_pfr1 - k_pfrd * m->rte[i] / k_rr;
        const double depth = top_depth + syn_uniform(&r, 0.0, 0.010);
        const double v = syn_uniform(&r, 3.0, 5.0); /* m/s */
        const double dur_s =
            fmin(fmax(stretch * syn_uniform(&r, 9.5e-3, 14.5e-3) * 4.0 / v, 6e-3), longest_s);
        m->size[i] = exp(log(size_range) * rank) * pow(depth / 0.005, -1.2);
        shape s;
        shape_draw(&s, depth, electrode, v, &r);
        shape_sample(&s, dur_s, w->fs, m->size[i], m->w + (size_t)i * SYN_SHIFTS * (size_t)m->len,
                     m->len);
    }
    muscle_fasciculation(m, w, &r);
    if (w->conf->unit_hi_uv > 0.0) {
        muscle_amplitude(m, syn_loguniform(&r, w->conf->unit_lo_uv, w->conf->unit_hi_uv));
    }
    return MYO_OK;
}

void syn_spike(const syn_muscle *m, double fs, const syn_clip *c, float *dst, int unit, double t,
               double gain) {
    const int64_t tick = (int64_t)floor(t * fs * SYN_SHIFTS + 0.5);
    if (tick < 0) {
        return;
    }
    const int64_t at = tick / SYN_SHIFTS;
    /* A discharge just after a sample is seen late: the template moves right by the remainder. */
    const int64_t shift = tick % SYN_SHIFTS;
    const float *t_w = m->w + ((int64_t)unit * SYN_SHIFTS + shift) * m->len;
    const int64_t n = c->n - at < m->len ? c->n - at : m->len;
    for (int64_t k = 0; k < n; k++) {
        dst[at + k] += (float)gain * t_w[k];
    }
}

/* Renewal process in the unit's own time: an interval ends when the rate, summed up, has reached a
 * gamma variate of mean 1. After a silence the first discharge comes soon: this is what recruitment
 * is. */
void syn_unit_fire(const syn_world *w, const syn_muscle *m, const syn_train *tr, int unit,
                   myo_rng *r, const syn_clip *c, float *dst) {
    const double order = 1.0 / (tr->cv * tr->cv);
    double left = 0.0, since = 1.0;
    bool silent = true;
    for (int k = 0; k < tr->n; k++) {
        const double step = tr->rate[k] * 1e-3;
        since += step > 0.0 ? step : 0.02;
        if (step <= 0.0) {
            silent = true;
            continue;
        }
        if (silent) {
            left = fmax(tr->first * myo_rng_uniform(r), 0.5 - since);
            silent = false;
        }
        left -= step;
        if (left <= 0.0) {
            const double t = (k + 1 + left / step) * 1e-3;
            syn_spike(m, w->fs, c, dst, unit, t, 1.0 + 0.02 * myo_rng_normal(r));
            if (tr->doublet > 0.0 && myo_rng_uniform(r) < tr->doublet) {
                syn_spike(m, w->fs, c, dst, unit, t + syn_uniform(r, 0.003, 0.010), 0.9);
            }
            left += myo_rng_gamma(r, order) / order;
            since = 0.0;
        }
    }
}

myo_err syn_pool_fire(const syn_world *w, const syn_muscle *m, const float *e, int n, double first,
                      myo_rng *r, const syn_clip *c, float *dst) {
    float *rate = myo_alloc((size_t)n, sizeof *rate);
    if (!rate) {
        return MYO_ERR_NOMEM;
    }
    for (int unit = 0; unit < SYN_UNITS; unit++) {
        for (int k = 0; k < n; k++) {
            const double over = e[k] - m->rte[unit];
            rate[k] = over < 0.0 ? 0.0f : (float)fmin(k_mfr + k_gain * over, m->pfr[unit]);
        }
        const syn_train tr = {.rate = rate, .n = n, .cv = k_cv, .first = first};
        syn_unit_fire(w, m, &tr, unit, r, c, dst);
    }
    myo_free(rate);
    return MYO_OK;
}
