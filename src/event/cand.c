/* cand.c - features of a candidate event. */
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "event/cand.h"
#include "myotab/event.h"

/* Median of v[0..n) without NaN; sorts v; `none` if nothing is left. */
static float median(float *v, size_t n, float none)
{
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isnan(v[i])) {
            v[m++] = v[i];
        }
    }
    if (m == 0) {
        return none;
    }
    myo_sort_f32(v, m);
    return m % 2 ? v[m / 2] : 0.5f * (v[m / 2 - 1] + v[m / 2]);
}

/* Median over the bursts of one of their float members. */
static float over_bursts(const myo_burst *b, size_t n, size_t member, float *work)
{
    for (size_t i = 0; i < n; i++) {
        memcpy(&work[i], (const char *)&b[i] + member, sizeof(float));
    }
    return median(work, n, 0.0f);
}

static void durations(myo_cand *c, const myo_burst *b, size_t n, float *work)
{
    double inside = 0.0;
    for (size_t i = 0; i < n; i++) {
        work[i] = (float)((b[i].off - b[i].on) * 1000.0);
        inside += b[i].off - b[i].on + (i > 0 && myo_is_filled(b, i) ? b[i].on - b[i - 1].off : 0.0);
    }
    c->f[MYO_F_DURATION] = (float)((c->off - c->on) * 1000.0);
    c->f[MYO_F_BURST] = n > 0 ? median(work, n, 0.0f) : c->f[MYO_F_DURATION];
    c->f[MYO_F_N] = (float)n;
    c->f[MYO_F_DUTY] = n > 0 ? (float)fmin(1.0, inside / (c->off - c->on)) : 1.0f;
}

float myo_interval_cv(const myo_burst *b, size_t n)
{
    if (n < 3) {
        return NAN;
    }
    double sum = 0.0, ss = 0.0;
    for (size_t i = 0; i + 1 < n; i++) {
        const double d = b[i + 1].on - b[i].on;
        sum += d;
        ss += d * d;
    }
    const double m = (double)(n - 1), mean = sum / m;
    return (float)(sqrt(fmax(0.0, (ss - m * mean * mean) / (m - 1.0))) / mean);
}

static void intervals(myo_cand *c, const myo_burst *b, size_t n, float *work)
{
    c->f[MYO_F_CV] = 1.0f;
    c->interval_cv = myo_interval_cv(b, n);
    if (n < 2) {
        return;
    }
    for (size_t i = 0; i + 1 < n; i++) {
        work[i] = (float)(b[i + 1].on - b[i].on);
    }
    const float med = median(work, n - 1, 1.0f);
    c->f[MYO_F_RATE] = med > 0.0f ? 1.0f / med : 0.0f;
    if (n < 3) {
        return;
    }
    for (size_t i = 0; i + 1 < n; i++) { /* a skipped beat is no irregularity */
        const float d = (float)(b[i + 1].on - b[i].on);
        work[i] = fabsf(d / fmaxf(1.0f, floorf(d / med + 0.5f)) - med);
    }
    c->f[MYO_F_CV] = 1.4826f * median(work, n - 1, 0.0f) / med;
}

/* A burst of many units resembles itself after any time, a multiplet after its own interval, burst after burst. */
static float steady_repeat(const myo_burst *b, size_t n, float *work)
{
    const float lag = over_bursts(b, n, offsetof(myo_burst, repeat_ms), work);
    for (size_t i = 0; i < n; i++) {
        work[i] = fabsf(b[i].repeat_ms - lag);
    }
    const float spread = 1.4826f * median(work, n, 0.0f);
    const float steady = lag > 0.0f ? fmaxf(0.0f, 1.0f - spread / lag) : 0.0f;
    return steady * over_bursts(b, n, offsetof(myo_burst, multiplet), work);
}

/* Dee83: four and more discharges in a group, group after group. */
static float quadruplets(const myo_burst *b, size_t n)
{
    static const double PAUSE_S = 2.0;
    double on = NAN, last = NAN, longest = 0.0;
    for (size_t i = 0; i < n; i++) {
        if (b[i].plets < 4.0f) {
            continue;
        }
        on = b[i].on - last <= PAUSE_S ? on : b[i].on;
        last = b[i].on;
        longest = fmax(longest, b[i].off - on);
    }
    return (float)longest;
}

static void amplitudes(myo_cand *c, const myo_burst *b, size_t n, float *work)
{
    double sum = 0.0, ss = 0.0, time = 0.0, masked = 0.0, multiplets = 0.0, energy = 0.0;
    for (size_t i = 0; i < n; i++) {
        const double d = b[i].off - b[i].on;
        c->f[MYO_F_PEAK] = fmaxf(c->f[MYO_F_PEAK], b[i].peak);
        c->area += b[i].area;
        sum += b[i].rms;
        ss += (double)b[i].rms * b[i].rms;
        energy += d * b[i].rms * b[i].rms;
        masked += d * fmin(1.0, (double)b[i].masked + b[i].clipped);
        multiplets += b[i].multiplet > 0.4f;
        time += d;
        c->flags |= b[i].flags;
    }
    const double mean = sum / (double)n;
    c->rms = (float)sqrt(energy / time);
    c->f[MYO_F_WAVER] = (float)(sqrt(fmax(0.0, ss / (double)n - mean * mean)) / mean);
    c->f[MYO_F_MASKED] = (float)(masked / time);
    c->f[MYO_F_MULTIPLET] = (float)(multiplets / (double)n);
    c->f[MYO_F_REPEAT] = steady_repeat(b, n, work);
    c->f[MYO_F_SNR] = over_bursts(b, n, offsetof(myo_burst, snr_db), work);
    c->f[MYO_F_TURNS] = over_bursts(b, n, offsetof(myo_burst, turns), work);
    c->f[MYO_F_CREST] = over_bursts(b, n, offsetof(myo_burst, crest), work);
    c->f[MYO_F_MDF] = over_bursts(b, n, offsetof(myo_burst, mdf_hz), work);
    c->f[MYO_F_TEMPLATE] = over_bursts(b, n, offsetof(myo_burst, template_corr), work);
    /* The best of five random likenesses is the higher the shorter the bursts: 0.8 at 23 ms, 0.6 at 50 ms. */
    c->f[MYO_F_SAME] = c->f[MYO_F_TEMPLATE] * sqrtf(sqrtf(c->f[MYO_F_BURST] / 25.0f));
    c->f[MYO_F_QUADS] = quadruplets(b, n);
    c->f[MYO_F_LINE] = over_bursts(b, n, offsetof(myo_burst, line_share), work);
    c->f[MYO_F_SPIKE] = over_bursts(b, n, offsetof(myo_burst, spike), work);
    c->f[MYO_F_AGAIN] = over_bursts(b, n, offsetof(myo_burst, likeness), work);
    c->f[MYO_F_STEP] = over_bursts(b, n, offsetof(myo_burst, step), work);
    c->f[MYO_F_ONEWAY] = over_bursts(b, n, offsetof(myo_burst, one_way), work);
    c->f[MYO_F_AROUND] = over_bursts(b, n, offsetof(myo_burst, around), work);
    c->f[MYO_F_BRINK] = over_bursts(b, n, offsetof(myo_burst, brink), work);
    c->f[MYO_F_BEAT] = over_bursts(b, n, offsetof(myo_burst, beat), work);
    c->f[MYO_F_LOW] = over_bursts(b, n, offsetof(myo_burst, low_share), work);
}

static float apart(const float *a, const float *b)
{
    float ss = 0.0f;
    for (int i = 0; i < 3; i++) {
        ss += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return sqrtf(ss);
}

/* How the sensor was moved (accelerometer). */
static void movement(myo_cand *c, const myo_burst *b, size_t n, float *work)
{
    double ss = 0.0, time = 0.0;
    float turn = 0.0f;
    for (size_t i = 0; i < n; i++) {
        const double d = b[i].off - b[i].on;
        turn = fmaxf(turn, apart(b[0].before, b[i].after));
        ss += d * b[i].lift * b[i].lift;
        time += d;
    }
    c->f[MYO_F_TURN] = turn;
    c->f[MYO_F_STAY] = turn > 0.0f ? apart(b[0].before, b[n - 1].after) / turn : 0.0f;
    c->f[MYO_F_BEND] = turn / c->f[MYO_F_PEAK];
    c->f[MYO_F_PLAIN] = (float)(sqrt(ss / time) / fmax(1e-6, (double)turn));
    c->f[MYO_F_SHARP] = over_bursts(b, n, offsetof(myo_burst, sharp), work);
    c->f[MYO_F_FLOOR] = over_bursts(b, n, offsetof(myo_burst, noise), work);
}

/* Flanks: the median burst's; of a sustained activity the time its pieces take to reach, and to fall from, half of the
 * strongest piece, on top of the first and last pieces' own flanks. */
static void flanks(myo_cand *c, const myo_burst *b, size_t n, float *work)
{
    c->f[MYO_F_RISE] = over_bursts(b, n, offsetof(myo_burst, rise_ms), work);
    c->f[MYO_F_FALL] = over_bursts(b, n, offsetof(myo_burst, fall_ms), work);
    if (c->form != MYO_FORM_SUSTAINED) {
        return;
    }
    float top = 0.0f;
    for (size_t i = 0; i < n; i++) {
        top = fmaxf(top, b[i].rms);
    }
    size_t first = 0, last = n - 1;
    while (b[first].rms < 0.5f * top) {
        first++;
    }
    while (b[last].rms < 0.5f * top) {
        last--;
    }
    c->f[MYO_F_RISE] = (float)((b[first].on - b[0].on) * 1000.0) + b[first].rise_ms;
    c->f[MYO_F_FALL] = (float)((b[n - 1].off - b[last].off) * 1000.0) + b[last].fall_ms;
}

static bool speaks_for(const myo_window *w, const myo_cand *c)
{
    const double mid = 0.5 * (w->on + w->off);
    if (c->off - c->on < 2.0) { /* a short event: windows that hold it whole */
        return w->on <= c->on && w->off >= c->off;
    }
    return mid > c->on && mid < c->off;
}

static myo_err rhythm(myo_cand *c, const myo_window_view *v)
{
    size_t n = 0;
    float *work = myo_alloc(v->n + 1, 6 * sizeof *work);
    if (!work) {
        return MYO_ERR_NOMEM;
    }
    float *col[6];
    for (int k = 0; k < 6; k++) {
        col[k] = work + (size_t)k * (v->n + 1);
    }
    for (size_t i = 0; i < v->n; i++) {
        const myo_window *w = &v->w[i];
        if (speaks_for(w, c) && v->shows_tremor(v->user, w)) {
            col[0][n] = w->freq_hz;
            col[1][n] = w->height_db;
            col[2][n] = w->width_hz;
            col[3][n] = w->below_db;
            col[4][n] = w->amp;
            col[5][n++] = w->gait.step_s > 0.0f ? 1.0f / w->gait.step_s : 0.0f;
        }
    }
    const double expected = fmax(1.0, floor(c->off - c->on));
    c->f[MYO_F_COVER] = (float)fmin(1.0, (double)n / expected);
    c->f[MYO_F_PEAK_HZ] = median(col[0], n, 0.0f);
    c->f[MYO_F_HEIGHT] = median(col[1], n, 0.0f);
    c->f[MYO_F_WIDTH] = median(col[2], n, 0.0f);
    c->f[MYO_F_SLOWER] = median(col[3], n, -60.0f);
    c->f[MYO_F_AMP] = median(col[4], n, 0.0f);
    c->f[MYO_F_CYCLES] = (float)(c->f[MYO_F_PEAK_HZ] * (c->off - c->on));
    c->f[MYO_F_STEPS] = c->form == MYO_FORM_GAIT ? median(col[5], n, 0.0f) : 0.0f;
    myo_free(work);
    return MYO_OK;
}

myo_err myo_cand_make(myo_cand *c, const myo_burst *b, const myo_part_of *part, const myo_window_view *windows)
{
    const size_t n = part->last - part->first;
    float *work = myo_alloc(n + 1, sizeof *work);
    if (!work) {
        return MYO_ERR_NOMEM;
    }
    memset(c, 0, sizeof *c);
    c->on = part->on;
    c->off = part->off;
    c->form = part->form;
    c->n_bursts = (int64_t)n;
    c->flags = part->form == MYO_FORM_RHYTHM ? MYO_FLAG_RHYTHM : part->form == MYO_FORM_GAIT ? MYO_FLAG_WALKING : 0u;
    b = n > 0 ? b + part->first : NULL;
    c->onset_sd_ms = n > 0 ? b[0].onset_sd_ms : NAN;
    c->end_sd_ms = n > 0 ? b[n - 1].end_sd_ms : NAN;
    durations(c, b, n, work);
    intervals(c, b, n, work);
    if (n > 0) {
        amplitudes(c, b, n, work);
        flanks(c, b, n, work);
        movement(c, b, n, work);
    }
    const uint32_t cut = MYO_FLAG_CUT_START | MYO_FLAG_CUT_END;
    c->f[MYO_F_CUT] = c->flags & cut ? 1.0f : 0.0f;
    myo_free(work);
    return rhythm(c, windows);
}
