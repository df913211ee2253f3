/* tremor_lab.c - the numbers of a lane's tremor episodes and of the windows in them (science.md 4). */
#include <math.h>
#include <string.h>
#include "dsp/spec.h"
#include "dsp/tremor.h"
#include "dsp/welch.h"
#include "myotab/table.h"
#include "run/tremor.h"
#include "stats/cycles.h"
#include "stats/stats.h"
#include "stats/tail.h"

static const double WINDOW_S = 3.0, HOP_S = 1.0;       /* science.md 4.2 */
static const double LONGEST_S = 7200.0;                /* of a longer episode the beginning is measured */
static const double EDGE_S = 0.75;                     /* reach of the narrow band's filter */
static const double SEARCH_HZ = 2.0;                   /* a window's peak is sought this far from its episode's */
enum { TAPERS = 3, CYCLE_SAMPLES = 16 };               /* samples a cycle has at least, for its zero crossing */

/* Buffers that live from episode to episode. */
typedef struct lab {
    const myo_plan_lane *plan;
    const myo_kind_params *k;
    myo_lane_result *lane;
    myo_diag *d;
    myo_slow_rate rate;
    double hz, top;
    myo_spec *spec;                 /* of a window */
    int spec_n;
    myo_welch *welch;               /* of segments of welch_n */
    int welch_n;
    double *psd, *part;             /* one estimate; one axis of it */
    size_t cap_psd, cap_part;
    myo_slow_span span;
    int64_t from, to;               /* the episode within the span */
    float *whole;                   /* an axis without holes */
    float *narrow[MYO_MAX_AXES], *size; /* `times` values a slow one: each axis, [0] along the main one; vector's length */
    size_t cap_whole, cap_narrow[MYO_MAX_AXES], cap_size;
    int times;
    double *beat, *work;            /* s from the file's start: onsets of bursts (EMG) or cycles (ACC) */
    size_t n_beats, cap_beat, cap_work;
    myo_burst *burst;               /* the episode's */
    size_t n_bursts, cap_burst;
    int64_t next_burst;             /* first burst that an episode to come may have */
    myo_tremor_row *window;         /* its windows */
    size_t n_windows, cap_window;
} lab;

static bool is_emg(const lab *l)
{
    return l->plan->cfg.kind == MYO_KIND_EMG;
}

/* ---- what the episode is made of ---- */

static myo_err take_bursts(lab *l, const myo_episode *e)
{
    l->n_bursts = 0;
    for (int64_t i = l->next_burst; i < myo_store_count(l->lane->bursts); i++) {
        myo_burst b;
        MYO_TRY(myo_store_get(l->lane->bursts, i, &b, l->d));
        if (b.on >= e->off) {
            break;
        }
        if (b.off < e->on) {
            l->next_burst += i == l->next_burst; /* bursts come by onset: a long one before may reach into what follows */
            continue;
        }
        if (b.event == e->event) {
            MYO_TRY(myo_grow((void **)&l->burst, &l->cap_burst, l->n_bursts + 1, sizeof *l->burst));
            l->burst[l->n_bursts++] = b;
        }
    }
    return MYO_OK;
}

/* Missing values become the mean of the others; false if there are no others. */
static bool fill(float *x, int64_t n)
{
    double sum = 0.0;
    int64_t count = 0;
    for (int64_t i = 0; i < n; i++) {
        sum += isnan(x[i]) ? 0.0 : (double)x[i];
        count += !isnan(x[i]);
    }
    for (int64_t i = 0; i < n && count > 0 && count < n; i++) {
        x[i] = isnan(x[i]) ? (float)(sum / (double)count) : x[i];
    }
    return count > 0;
}

static int64_t index_at(const lab *l, double t)
{
    const double i = ceil((t - l->span.start_s) * l->hz - 1e-6);
    return i < 0.0 ? 0 : i > (double)l->span.n ? l->span.n : (int64_t)i;
}

static myo_err take_signal(lab *l, const myo_episode *e)
{
    const double off = fmin(e->off, e->on + LONGEST_S);
    MYO_TRY(myo_slow_read(l->lane->slow, e->on - EDGE_S, off + EDGE_S, &l->span, l->d));
    l->from = index_at(l, e->on);
    l->to = index_at(l, off);
    return MYO_OK;
}

/* ---- spectra ---- */

/* Segments of 4 s where there are four of them, else 2 s, else the whole. */
static int segment_length(const lab *l)
{
    const double s = (double)(l->to - l->from) / l->hz;
    return s >= 10.0 ? (int)(4.0 * l->hz) : s >= 3.0 ? (int)(2.0 * l->hz) : (int)(l->to - l->from);
}

/* The episode's density, its axes together. n_free 0: nothing to be had. */
static myo_err episode_density(lab *l, myo_density *out)
{
    const int n = segment_length(l);
    *out = (myo_density){.top = l->top};
    if (n < l->hz) {
        return MYO_OK;
    }
    if (l->welch_n != n) {
        myo_welch_free(&l->welch);
        MYO_TRY(myo_welch_new(&l->welch, l->hz, n));
        l->welch_n = n;
    }
    const int bins = myo_welch_bins(l->welch);
    MYO_TRY(myo_grow((void **)&l->psd, &l->cap_psd, (size_t)bins, sizeof *l->psd));
    MYO_TRY(myo_grow((void **)&l->part, &l->cap_part, (size_t)bins, sizeof *l->part));
    memset(l->psd, 0, sizeof *l->psd * (size_t)bins);
    int count = 0;
    for (int a = 0; a < l->rate.n_axes; a++) {
        count = myo_welch_psd(l->welch, l->span.v[a] + l->from, l->to - l->from, l->part);
        for (int b = 0; b < bins; b++) {
            l->psd[b] += l->part[b];
        }
    }
    *out = (myo_density){l->psd, bins, myo_welch_df(l->welch), l->top, count > 0 ? myo_welch_independent(count) : 0.0};
    return MYO_OK;
}

/* That of the window from value `at` on; n_free 0 where more than a tenth is missing. */
static myo_err window_density(lab *l, int64_t at, myo_density *out)
{
    const int n = l->spec_n, bins = myo_spec_bins(l->spec);
    *out = (myo_density){.top = l->top};
    MYO_TRY(myo_grow((void **)&l->psd, &l->cap_psd, (size_t)bins, sizeof *l->psd));
    memset(l->psd, 0, sizeof *l->psd * (size_t)bins);
    for (int a = 0; a < l->rate.n_axes; a++) {
        float *x = l->span.v[a] + at;
        int64_t missing = 0;
        for (int i = 0; i < n; i++) {
            missing += isnan(x[i]);
        }
        if (missing * 10 > n || !fill(x, n)) {
            return MYO_OK;
        }
        myo_spec_add(l->spec, x, l->psd);
    }
    *out = (myo_density){l->psd, bins, myo_spec_df(l->spec), l->top, TAPERS};
    return MYO_OK;
}

/* Chance that the background alone makes such a peak anywhere among `tried` frequencies (science.md 4.3). Where a peak is
 * sought between the bins, too, each 1 / (2 T) Hz counts as one: of white noise 6.4 and 1.4 % pass 5 and 1 % in episodes,
 * 4.8 % pass 5 % in windows. */
static double chance(double ratio, double n_free, double tried)
{
    const double p = myo_chi2_p(ratio * 2.0 * n_free, 2.0 * n_free);
    return -expm1(fmax(1.0, tried) * log1p(-fmin(p, 1.0)));
}

static void describe_peak(const lab *l, const myo_density *d, double lo, double hi, double seconds, double tried_hz,
                          myo_tremor_row *r)
{
    myo_tremor t;
    myo_tremor_of(d, lo, hi, &t);
    if (t.freq <= 0.0) {
        return;
    }
    r->freq = t.freq;
    r->ratio_db = 10.0 * log10(t.ratio);
    r->p = chance(t.ratio, d->n_free, 2.0 * tried_hz * seconds);
    r->width_hz = t.width_hz;
    r->harmonics = t.harmonics;
    r->harmonic_db = 10.0 * log10(t.mean_harmonic);
    r->share = t.share;
    r->rms = t.power > 0.0 ? sqrt(t.power) / myo_slow_gain(&l->rate, t.freq) : NAN;
}

/* ---- the narrow band and its cycles ---- */

static myo_err make_narrow(lab *l, double f, double axis[MYO_MAX_AXES])
{
    const int n_axes = l->rate.n_axes;
    l->times = (int)fmax(1.0, ceil(CYCLE_SAMPLES * f / l->hz));
    const size_t n = (size_t)l->span.n * (size_t)l->times;
    MYO_TRY(myo_grow((void **)&l->size, &l->cap_size, n, sizeof(float)));
    MYO_TRY(myo_grow((void **)&l->whole, &l->cap_whole, (size_t)l->span.n, sizeof(float)));
    for (int a = 0; a < n_axes; a++) {
        MYO_TRY(myo_grow((void **)&l->narrow[a], &l->cap_narrow[a], n, sizeof(float)));
        memcpy(l->whole, l->span.v[a], sizeof(float) * (size_t)l->span.n);
        fill(l->whole, l->span.n);
        MYO_TRY(myo_narrow(l->whole, l->span.n, l->hz, f, l->times, l->narrow[a]));
    }
    myo_main_axis((const float *const *)l->narrow, n_axes, (int64_t)n, axis);
    for (size_t i = 0; i < n; i++) {
        double ss = 0.0, along = 0.0;
        for (int a = 0; a < n_axes; a++) {
            ss += (double)l->narrow[a][i] * (double)l->narrow[a][i];
            along += axis[a] * (double)l->narrow[a][i];
        }
        l->size[i] = (float)sqrt(ss);
        l->narrow[0][i] = (float)along;
    }
    return MYO_OK;
}

/* Largest |narrow band| of the values [from, to). */
static double peak_in(const lab *l, int64_t from, int64_t to, double f)
{
    float most = 0.0f;
    for (int64_t i = from * l->times; i < to * l->times; i++) {
        most = fmaxf(most, l->size[i]);
    }
    return (double)most / myo_slow_gain(&l->rate, f);
}

/* Cycles of the episode: upward zero crossings along the main axis. */
static myo_err find_cycles(lab *l, myo_tremor_row *r)
{
    const int64_t n = (l->to - l->from) * l->times, max = n / 2 + 1;
    const double start = l->span.start_s + (double)l->from / l->hz;
    MYO_TRY(myo_grow((void **)&l->beat, &l->cap_beat, (size_t)max, sizeof *l->beat));
    MYO_TRY(myo_grow((void **)&l->work, &l->cap_work, (size_t)max, sizeof *l->work));
    const int64_t found = myo_upward(l->narrow[0] + l->from * l->times, n, l->hz * l->times, l->beat, max);
    for (int64_t i = 0; i < found; i++) {
        l->beat[i] += start;
    }
    l->n_beats = (size_t)found;
    r->n_cycles = found > 0 ? found - 1 : 0;
    r->stability = myo_tremor_stability(l->beat, l->n_beats, l->work);
    return MYO_OK;
}

/* In EMG the bursts themselves are the beats. */
static myo_err beats_of_bursts(lab *l)
{
    l->n_beats = l->n_bursts;
    MYO_TRY(myo_grow((void **)&l->beat, &l->cap_beat, l->n_beats + 1, sizeof *l->beat));
    MYO_TRY(myo_grow((void **)&l->work, &l->cap_work, l->n_beats + 1, sizeof *l->work));
    for (size_t i = 0; i < l->n_bursts; i++) {
        l->beat[i] = l->burst[i].on;
    }
    return MYO_OK;
}

static void describe_beats(const lab *l, myo_tremor_row *r)
{
    size_t from = 0;
    while (from < l->n_beats && l->beat[from] < r->on) {
        from++;
    }
    size_t to = from;
    while (to < l->n_beats && l->beat[to] < r->off) {
        to++;
    }
    const myo_intervals i = myo_intervals_of(l->beat + from, to - from, l->work);
    r->interval_s = i.median;
    r->interval_cv = i.cv;
    r->interval_local = i.local;
    r->strength = to - from >= 3 && r->freq > 0.0 ? myo_vector_strength(l->beat + from, to - from, r->freq) : NAN;
    if (is_emg(l)) {
        double inside = 0.0;
        for (size_t b = 0; b < l->n_bursts; b++) {
            inside += fmax(0.0, fmin(l->burst[b].off, r->off) - fmax(l->burst[b].on, r->on));
        }
        r->duty = inside / (r->off - r->on);
    }
}

/* ---- rows ---- */

static myo_tremor_row new_row(const myo_episode *e, double on, double off, bool window)
{
    return (myo_tremor_row){
        .on = on, .off = off, .id = e->id, .window = window, .freq = NAN, .ratio_db = NAN, .p = NAN, .width_hz = NAN,
        .harmonics = NAN, .harmonic_db = NAN, .share = NAN, .rms = NAN, .peak = NAN, .stability = NAN,
        .n_cycles = MYO_NO_INT, .interval_s = NAN, .interval_cv = NAN, .interval_local = NAN, .strength = NAN, .duty = NAN,
    };
}

static myo_err describe_window(lab *l, const myo_episode *e, myo_tremor_row *r)
{
    const int64_t at = index_at(l, r->on);
    myo_density d = {0};
    if (at + l->spec_n <= l->span.n) {
        MYO_TRY(window_density(l, at, &d));
    }
    if (d.n_free > 0.0) {
        const double lo = fmax(l->k->tremor_lo, e->freq - SEARCH_HZ), hi = fmin(l->k->tremor_hi, e->freq + SEARCH_HZ);
        describe_peak(l, &d, lo, hi, WINDOW_S, hi - lo, r);
        r->peak = r->freq > 0.0 ? peak_in(l, at, at + l->spec_n, r->freq) : NAN;
    }
    describe_beats(l, r);
    return MYO_OK;
}

/* The windows of the episode that start before `end`; those without a peak are none. */
static myo_err take_windows(lab *l, const myo_episode *e, double end)
{
    const double off = fmin(e->off, e->on + LONGEST_S);
    for (int k = 0; e->on + k * HOP_S + WINDOW_S <= off + 1e-9 && e->on + k * HOP_S < end; k++) {
        myo_tremor_row r = new_row(e, e->on + k * HOP_S, e->on + k * HOP_S + WINDOW_S, true);
        MYO_TRY(describe_window(l, e, &r));
        if (r.freq > 0.0) {
            MYO_TRY(myo_grow((void **)&l->window, &l->cap_window, l->n_windows + 1, sizeof *l->window));
            l->window[l->n_windows++] = r;
        }
    }
    return MYO_OK;
}

/* Frequency, spectrum, cycles and beats of the whole episode. */
static myo_err describe_episode(lab *l, myo_episode *e, myo_tremor_row *r)
{
    myo_density d;
    myo_peak peak = {0};
    l->n_beats = 0;
    e->axis[0] = 1.0;
    MYO_TRY(episode_density(l, &d));
    if (d.n_free > 0.0) {
        myo_spec_peak(d.psd, d.bins, d.df, l->k->tremor_lo, l->k->tremor_hi, 0.0, &peak);
    }
    if (peak.freq > 0.0) {
        describe_peak(l, &d, peak.freq - 1.5 * d.df, peak.freq + 1.5 * d.df, l->welch_n / l->hz,
                      l->k->tremor_hi - l->k->tremor_lo, r);
    }
    if (!isnan(r->freq)) {
        e->freq = r->freq;
        MYO_TRY(make_narrow(l, e->freq, e->axis));
        r->peak = peak_in(l, l->from, l->to, e->freq);
        MYO_TRY(find_cycles(l, r));
    }
    MYO_TRY(is_emg(l) ? beats_of_bursts(l) : MYO_OK);
    describe_beats(l, r);
    return MYO_OK;
}

/* Over a long episode the phase wanders: its vector strength is the median of its windows'. */
static myo_err window_strength(lab *l, double *strength)
{
    size_t n = 0;
    MYO_TRY(myo_grow((void **)&l->work, &l->cap_work, l->n_windows + 1, sizeof *l->work));
    for (size_t i = 0; i < l->n_windows; i++) {
        if (!isnan(l->window[i].strength)) {
            l->work[n++] = l->window[i].strength;
        }
    }
    if (n > 0) {
        *strength = myo_quartiles_of(l->work, n).median;
    }
    return MYO_OK;
}

static myo_err add_rows(lab *l, myo_tremor_row *r)
{
    MYO_TRY(window_strength(l, &r->strength));
    MYO_TRY(myo_store_add(l->lane->tremor, r, l->d));
    for (size_t i = 0; i < l->n_windows; i++) {
        MYO_TRY(myo_store_add(l->lane->tremor, &l->window[i], l->d));
    }
    return MYO_OK;
}

static myo_err measure(lab *l, myo_episode *e, double next_on)
{
    myo_tremor_row r = new_row(e, e->on, e->off, false);
    l->n_windows = 0;
    MYO_TRY(take_signal(l, e));
    MYO_TRY(take_bursts(l, e));
    MYO_TRY(describe_episode(l, e, &r));
    if (e->tremor && e->freq > 0.0) {
        MYO_TRY(take_windows(l, e, next_on));
    }
    MYO_TRY(e->tremor ? add_rows(l, &r) : MYO_OK);
    return myo_store_add(l->lane->measured, e, l->d);
}

/* ---- all of a lane ---- */

static void close_lab(lab *l)
{
    myo_spec_free(&l->spec);
    myo_welch_free(&l->welch);
    myo_slow_span_clear(&l->span);
    for (int a = 0; a < MYO_MAX_AXES; a++) {
        myo_free(l->narrow[a]);
    }
    myo_free(l->psd);
    myo_free(l->part);
    myo_free(l->whole);
    myo_free(l->size);
    myo_free(l->beat);
    myo_free(l->work);
    myo_free(l->burst);
    myo_free(l->window);
}

/* Onset of the next tremor behind episode i; INFINITY for none. */
static myo_err next_tremor(lab *l, int64_t i, double *on)
{
    *on = INFINITY;
    for (int64_t j = i + 1; j < myo_store_count(l->lane->episodes); j++) {
        myo_episode e;
        MYO_TRY(myo_store_get(l->lane->episodes, j, &e, l->d));
        if (e.tremor) {
            *on = e.on;
            break;
        }
    }
    return MYO_OK;
}

static myo_err measure_all(lab *l)
{
    MYO_TRY(myo_spec_new(&l->spec, l->hz, l->spec_n, TAPERS, l->top));
    myo_slow_rewind(l->lane->slow);
    for (int64_t i = 0; i < myo_store_count(l->lane->episodes); i++) {
        myo_episode e;
        double next_on;
        MYO_TRY(next_tremor(l, i, &next_on));
        MYO_TRY(myo_store_get(l->lane->episodes, i, &e, l->d));
        MYO_TRY(measure(l, &e, next_on));
    }
    return MYO_OK;
}

myo_err myo_tremor_measure(const myo_plan_lane *plan, const myo_params *p, myo_lane_result *lane, myo_diag *d)
{
    if (myo_store_count(lane->episodes) == 0) {
        return MYO_OK;
    }
    const bool acc = plan->cfg.kind == MYO_KIND_ACC;
    lab l = {.plan = plan, .k = acc ? &p->acc : &p->emg, .lane = lane, .d = d, .rate = *myo_slow_get_rate(lane->slow)};
    l.hz = myo_slow_hz(&l.rate);
    l.top = acc ? fmin(plan->cfg.band_hi, 0.45 * l.hz) : 0.45 * l.hz;
    l.spec_n = (int)(WINDOW_S * l.hz);
    const myo_err err = measure_all(&l);
    close_lab(&l);
    return err;
}
