/* rhythm.c - the lane's rhythm track: every second, the tremor peak of about the 4 s ahead (science.md 4).
 *
 * EMG: spectrum of the rectified, averaged signal (about 125 values a second, more for faster tremor). Accelerometer: spectra of the
 * axes, summed, which no orientation of the sensor changes; and whether the movement is walking. */
#include <math.h>
#include <string.h>
#include "dsp/noise.h"
#include "kern/kern.h"
#include "run/lane_in.h"

static const double WINDOW_S = 4.0, HOP_S = 1.0, ENVELOPE_HZ = 125.0;
enum { TAPERS = 3 };

static bool is_emg(const myo_lane *l)
{
    return l->cfg.kind == MYO_KIND_EMG;
}

myo_err myo_rhythm_alloc(myo_lane *l)
{
    /* Averaging takes 0.4 dB from what lies at a sixth of its rate. */
    const double least = fmax(ENVELOPE_HZ, 6.0 * l->k->tremor_hi);
    l->env_step = is_emg(l) ? (int)fmax(1.0, floor(l->cfg.fs / least)) : 1;
    const double rate = l->cfg.fs / l->env_step;
    l->win_n = myo_spec_good((int)(WINDOW_S * rate));
    l->win_hop = (int64_t)fmax(1.0, HOP_S * rate);
    if (myo_lane_only_scouts(l) || l->sink.watch) {
        return MYO_OK; /* scouting and watching need no rhythm */
    }
    MYO_TRY(myo_spec_new(&l->spec, rate, (int)l->win_n, TAPERS, l->k->tremor_hi + 6.0));
    l->psd = myo_alloc(2 * (size_t)myo_spec_bins(l->spec), sizeof *l->psd);
    if (!is_emg(l)) {
        l->gait_work = myo_alloc(myo_gait_work(l->win_n, rate, l->cfg.n_axes), sizeof *l->gait_work);
        l->drawn = myo_alloc((size_t)(l->win_n * (l->cfg.n_axes + 1)), sizeof *l->drawn);
    }
    return l->psd && (is_emg(l) || (l->gait_work && l->drawn)) ? MYO_OK : MYO_ERR_NOMEM;
}

void myo_rhythm_free(myo_lane *l)
{
    myo_spec_free(&l->spec);
    myo_free(l->psd);
    myo_free(l->gait_work);
    myo_free(l->drawn);
    myo_free(l->env.memory);
}

void myo_rhythm_reset(myo_lane *l)
{
    myo_track_empty(&l->env, 0);
    l->win_next = l->slow_next = 0;
}

int64_t myo_rhythm_next(const myo_lane *l)
{
    return l->win_next * l->env_step;
}

int64_t myo_rhythm_needs(const myo_lane *l)
{
    return is_emg(l) ? (l->env.base + l->env.n) * l->env_step : l->win_next;
}

static myo_err extend_envelope(myo_lane *l, int64_t end)
{
    const int64_t have = l->env.base + l->env.n, want = end / l->env_step;
    if (want <= have) {
        return MYO_OK;
    }
    MYO_TRY(myo_track_room(&l->env, want - have));
    const float *x = l->x[0].v + (have * l->env_step - l->x[0].base);
    myo_kern()->envelope(l->env.v + l->env.n, x, l->env_step, want - have);
    l->env.n += want - have;
    return MYO_OK;
}

/* How the window's energy lies in its eighths: the largest share of one, and the time to the first that holds a quarter
 * of the mean. */
static void energy_spread(const myo_lane *l, int64_t first, myo_window *w)
{
    enum { PARTS = 8 };
    double part[PARTS], total = 0.0, most = 0.0;
    for (int k = 0; k < PARTS; k++) {
        const int64_t on = first + l->win_n * k / PARTS, n = first + l->win_n * (k + 1) / PARTS - on;
        part[k] = 0.0;
        for (int a = 0; a < l->cfg.n_axes; a++) {
            const float *x = is_emg(l) ? l->env.v + (on - l->env.base) : l->x[a].v + (on - l->x[a].base);
            part[k] += (double)myo_kern()->sumsq(x, n);
        }
        total += part[k];
        most = part[k] > most ? part[k] : most;
    }
    int quiet = 0;
    while (quiet < PARTS - 1 && part[quiet] < 0.25 * total / PARTS) {
        quiet++;
    }
    w->focus = total > 0.0 ? (float)(most / total) : 1.0f;
    w->lead = (float)((w->off - w->on) * quiet / PARTS);
}

static const float *window_at(const myo_lane *l, int64_t first, int a)
{
    const myo_track *t = is_emg(l) ? &l->env : &l->x[a];
    return t->v + (first - t->base);
}

/* Squared length of the movement at each sample of the axes' window. */
static void sizes(const myo_lane *l, const float *const *x, float *size)
{
    memset(size, 0, sizeof *size * (size_t)l->win_n);
    for (int a = 0; a < l->cfg.n_axes; a++) {
        for (int64_t i = 0; i < l->win_n; i++) {
            size[i] += x[a][i] * x[a][i];
        }
    }
}

/* A jerk amid tremor would hide it for as long as a window lasts: where few samples stand far out of the window's usual
 * movement, they are drawn in to OUT times its median (of a sine all are within 1.5, of tremor that swells and fades 3). */
static void draw_in(myo_lane *l, const float **x)
{
    static const double OUT = 4.0, FEW = 0.12;
    const int64_t n = l->win_n;
    float *size = l->drawn;
    sizes(l, x, size);
    const float most = (float)(OUT * OUT) * myo_order_statistic(size, n, n / 2);
    int64_t n_out = 0;
    for (int64_t i = 0; i < n; i++) {
        n_out += size[i] > most;
    }
    for (int a = 0; n_out > 0 && (double)n_out <= FEW * (double)n && a < l->cfg.n_axes; a++) {
        float *y = l->drawn + (a + 1) * n;
        for (int64_t i = 0; i < n; i++) {
            y[i] = size[i] > most ? x[a][i] * sqrtf(most / size[i]) : x[a][i];
        }
        x[a] = y;
    }
}

/* Spectra of the window x of each axis and, if there are two, of the one a hop later. */
static void spectra(myo_lane *l, const float *const *x, bool two)
{
    double *p = l->psd, *q = p + myo_spec_bins(l->spec);
    memset(p, 0, 2 * sizeof *p * (size_t)myo_spec_bins(l->spec));
    if (two) {
        myo_spec_add_two(l->spec, x[0], x[0] + l->win_hop, p, q);
        return;
    }
    for (int a = 0; a < l->cfg.n_axes; a++) {
        myo_spec_add(l->spec, x[a], p);
    }
}

/* A person who walks moves any sensor by more; nothing else is looked at for steps. */
static bool moves(const myo_lane *l, int64_t first)
{
    static const double STILL_G = 0.02;
    double e = 0.0;
    for (int a = 0; a < l->cfg.n_axes; a++) {
        e += (double)myo_kern()->sumsq(l->x[a].v + (first - l->x[a].base), l->win_n);
    }
    return !l->cfg.calibrated || e > STILL_G * STILL_G * (double)l->win_n;
}

static void gait(const myo_lane *l, const float *const *x, myo_window *w)
{
    myo_gait_measure(&w->gait, x, l->cfg.n_axes, l->win_n, l->cfg.fs, l->gait_work);
}

static myo_err window(myo_lane *l, int64_t first, const double *psd, const float *const *x)
{
    const double seconds = (double)l->env_step / l->cfg.fs;
    myo_peak peak;
    myo_spec_peak(psd, myo_spec_bins(l->spec), myo_spec_df(l->spec), l->k->tremor_lo, l->k->tremor_hi, l->k->tremor_db, &peak);
    if (!is_emg(l) && peak.power < l->cfg.prior.least) { /* under a converter's step there is nothing to know */
        memset(&peak, 0, sizeof peak);
    }
    if (peak.freq <= 0.0 && (is_emg(l) || !moves(l, first))) {
        return MYO_OK;
    }
    const int64_t on = first * l->env_step, off = (first + l->win_n) * l->env_step;
    if (myo_lane_overlap(l, on, off, false) * 10 > off - on) {
        return MYO_OK;
    }
    myo_window w = {
        .on = l->seg_start + (double)first * seconds,
        .off = l->seg_start + (double)(first + l->win_n) * seconds,
        .freq_hz = (float)peak.freq, .height_db = (float)peak.height_db, .width_hz = (float)peak.width_hz,
        .share = (float)peak.share, .below_db = (float)peak.below_db, .amp = (float)sqrt(peak.power),
    };
    energy_spread(l, first, &w);
    if (!is_emg(l)) {
        gait(l, x, &w);
    }
    return l->sink.window(l->sink.user, &w);
}

myo_err myo_rhythm_run(myo_lane *l, int64_t end)
{
    if (is_emg(l)) {
        MYO_TRY(extend_envelope(l, end));
    }
    const int64_t have = is_emg(l) ? l->env.base + l->env.n : end;
    MYO_TRY(l->sink.slow ? myo_slow_run(l, have) : MYO_OK);
    while (l->win_next + l->win_n <= have) {
        const bool two = is_emg(l) && l->win_next + l->win_hop + l->win_n <= have;
        const int64_t first = l->win_next;
        const float *x[MYO_MAX_AXES];
        for (int a = 0; a < l->cfg.n_axes; a++) {
            x[a] = window_at(l, first, a);
        }
        if (!is_emg(l)) {
            draw_in(l, x);
        }
        spectra(l, x, two);
        MYO_TRY(window(l, first, l->psd, x));
        l->win_next += l->win_hop;
        if (two) {
            MYO_TRY(window(l, first + l->win_hop, l->psd + myo_spec_bins(l->spec), x));
            l->win_next += l->win_hop;
        }
    }
    if (is_emg(l)) {
        myo_track_drop(&l->env, l->win_next);
    }
    return MYO_OK;
}
