/* train.c - bursts on a beat: finding runs, and mending trains that were cut. */
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "event/group_in.h"

/* Beats between two bursts `d` seconds apart if the rhythm has this period and may skip up to three beats (weak tremor
 * does); 0 if they do not fit. */
static int beats(double d, double period)
{
    const int k = (int)floor(d / period + 0.5);
    return k >= 1 && k <= 4 && fabs(d - k * period) <= 0.3 * period ? k : 0;
}

/* End of the run from `first` that keeps the period; `first` if it is too short or mostly skipped beats. */
static size_t run_at(const myo_group *g, size_t first, size_t end, double period)
{
    size_t last = first + 1, misfits = 0;
    int total = 0;
    for (; last < end; last++) {
        const int k = beats(myo_group_interval(g, last - 1), period);
        if (k == 0 && (++misfits * 6 > last - first || myo_group_interval(g, last - 1) > 2.0 * period)) {
            break;
        }
        total += k > 0 ? k : 1;
    }
    const size_t n = last - first;
    return n >= RUN_MIN && n * 2 > (size_t)total ? last : first;
}

/* Median frequency of the tremor windows that hold burst i; 0 without. */
static double window_period(const myo_group *g, size_t i)
{
    double v[16];
    size_t n = 0;
    for (size_t j = 0; j < g->n_w && n < 16; j++) {
        if (g->w[j].on <= g->b[i].on + 2.0 && g->w[j].off >= g->b[i].off && myo_shows_tremor(g, &g->w[j])) {
            v[n++] = 1.0 / (double)g->w[j].freq_hz;
        }
    }
    myo_sort_f64(v, n);
    return n > 0 ? v[n / 2] : 0.0;
}

static bool tremor_period(const myo_group *g, double period)
{
    return period < 1.0 / (0.8 * g->k->tremor_lo) && period > 1.0 / (1.2 * g->k->tremor_hi);
}

/* Bursts that leave hardly a gap are a contraction, whatever the rhythm of its units; bursts that are hardly there are
 * single potentials (science.md 4: duty of tremor 0.2-0.7). */
bool myo_has_gaps(const myo_group *g, size_t first, size_t last)
{
    double inside = 0.0;
    for (size_t i = first; i < last; i++) {
        inside += g->b[i].off - g->b[i].on;
    }
    const double span = g->b[last - 1].off - g->b[first].on;
    return inside < 0.8 * span && inside > 0.08 * span;
}

/* Slower than tremor, and no peak of the spectrum says that beats were missed: rhythmic jerks, one by one. */
static bool is_slow(const myo_group *g, size_t first, size_t last)
{
    static const double ENOUGH = 0.4;
    if (last - first < 2) {
        return false; /* rhythm with a lone burst */
    }
    const double on = g->b[first].on, off = g->b[last - 1].off;
    size_t n = 0;
    for (size_t j = 0; j < g->n_w; j++) {
        const double at = myo_window_middle(&g->w[j]);
        n += at > on - 0.5 && at < off + 0.5 && myo_shows_tremor(g, &g->w[j]);
    }
    return myo_group_median_interval(g, first, last) * g->k->tremor_lo > 1.0 &&
           (double)n < fmax(1.0, ENOUGH * (off - on));
}

/* Longest run of bursts from `first` in a tremor's rhythm: at the period of the spectrum's peak, or of the first few
 * intervals themselves. */
size_t myo_regular_run(const myo_group *g, size_t first, size_t end)
{
    if (first + RUN_MIN > end) {
        return first;
    }
    const double own = myo_group_median_interval(g, first, first + RUN_MIN + 2 < end ? first + RUN_MIN + 2 : end);
    const double seen = window_period(g, first);
    size_t last = first;
    if (tremor_period(g, own)) {
        last = run_at(g, first, end, own);
    }
    if (seen > 0.0 && tremor_period(g, seen)) {
        const size_t other = run_at(g, first, end, seen);
        last = other > last ? other : last;
    }
    return last > first && myo_has_gaps(g, first, last) && !is_slow(g, first, last) ? last : first;
}

/* ---- mending trains ---- */

static bool is_train(const myo_group *g, const myo_part_of *p)
{
    return p->form == MYO_FORM_TRAIN || (p->form == MYO_FORM_RHYTHM && g->kind == MYO_KIND_EMG);
}

/* Frequency of the train: the spectrum's where it has one, as weak tremor skips beats. */
static double frequency_of(const myo_group *g, const myo_part_of *p)
{
    double v[64];
    size_t n = 0;
    for (size_t j = 0; j < g->n_w && n < 64; j++) {
        const double at = myo_window_middle(&g->w[j]);
        if (at > p->on && at < p->off && myo_shows_tremor(g, &g->w[j])) {
            v[n++] = (double)g->w[j].freq_hz;
        }
    }
    myo_sort_f64(v, n);
    return n > 0 ? v[n / 2] : p->last - p->first > 1 ? 1.0 / myo_group_median_interval(g, p->first, p->last) : 0.0;
}

/* The beats' own period; of rhythm, which has few beats or none, the spectrum's. */
static double period_of(const myo_group *g, const myo_part_of *p)
{
    if (p->form == MYO_FORM_TRAIN) {
        return myo_group_median_interval(g, p->first, p->last);
    }
    const double hz = frequency_of(g, p);
    return hz > 0.0 ? 1.0 / hz : 1.0;
}

/* Does the rhythm go on through [on, off]: a window of this frequency for each second of it? */
static bool goes_on(const myo_group *g, double on, double off, double hz)
{
    size_t n = 0;
    for (size_t j = 0; j < g->n_w; j++) {
        const myo_window *w = &g->w[j];
        const double at = myo_window_middle(w);
        n += at > on - 0.5 && at < off + 0.5 && fabs((double)w->freq_hz - hz) < 0.2 * hz && myo_shows_tremor(g, w);
    }
    return (double)n >= fmax(1.0, floor(off - on));
}

static double part_rms(const myo_group *g, const myo_part_of *p)
{
    double e = 0.0, t = 0.0;
    for (size_t i = p->first; i < p->last; i++) {
        const double d = g->b[i].off - g->b[i].on;
        e += d * g->b[i].rms * g->b[i].rms;
        t += d;
    }
    return t > 0.0 ? sqrt(e / t) : 0.0;
}

/* Equal strength, as far as beats tell; a part without beats has none to differ. */
static bool is_alike(const myo_group *g, const myo_part_of *a, const myo_part_of *b)
{
    const double ra = part_rms(g, a), rb = part_rms(g, b);
    return ra <= 0.0 || rb <= 0.0 || (ra < 2.5 * rb && rb < 2.5 * ra);
}

static bool is_weak(const myo_group *g, const myo_part_of *p)
{
    return p->first == p->last || myo_weak_beats(g, p->first, p->last);
}

/* Two trains of one rhythm, and what lies between them, are one train if the pause is short, or if weak beats were
 * missed while the spectrum kept the rhythm. */
static bool same_train(const myo_group *g, const myo_part_of *a, const myo_part_of *b)
{
    static const double MISSED_S = 2.5;
    const double pa = period_of(g, a), pb = period_of(g, b), pause = b->on - a->off;
    const bool brief = pause <= fmax(g->gap_s, 4.0 * fmin(pa, pb));
    const bool beats = a->form == MYO_FORM_TRAIN && b->form == MYO_FORM_TRAIN;
    if (beats && brief && fmax(pa, pb) < 1.5 * fmin(pa, pb)) {
        return true;
    }
    const double fa = frequency_of(g, a), fb = frequency_of(g, b);
    return fabs(fa - fb) < 0.2 * fmin(fa, fb) && goes_on(g, a->off, b->on, fa) && is_alike(g, a, b) &&
           (brief || (pause < MISSED_S && is_weak(g, a) && is_weak(g, b)));
}

/* A lone burst on the beat beside a train belongs to it; so do beats that ran together, while the rhythm goes on. */
static bool on_beat(const myo_group *g, const myo_part_of *train, const myo_part_of *p)
{
    if ((p->form != MYO_FORM_SINGLE && p->form != MYO_FORM_SUSTAINED) || train->first == train->last) {
        return false;
    }
    const double period = period_of(g, train), length = g->b[train->first].off - g->b[train->first].on;
    const double d = p->on > train->on ? p->on - g->b[train->last - 1].on : train->on - g->b[p->last - 1].on;
    if (is_slow(g, train->first, train->last)) {
        return false; /* so slow a beat takes in anything */
    }
    if (p->form == MYO_FORM_SINGLE && d <= 2.4 * period && p->off - p->on < 3.0 * length + 0.02) {
        return true;
    }
    const double gap = p->on > train->on ? p->on - train->off : train->on - p->off;
    return gap < 2.4 * period && is_alike(g, p, train) && goes_on(g, p->on, p->off, frequency_of(g, train));
}

/* Nothing of another strength, an artefact or a contraction, lies between parts i and j. */
static bool clear_between(const myo_group *g, size_t i, size_t j)
{
    for (size_t k = i + 1; k < j; k++) {
        if (!is_alike(g, &g->parts[i], &g->parts[k])) {
            return false;
        }
    }
    return true;
}

static void take_in(myo_part_of *train, const myo_part_of *p)
{
    train->last = p->last;
    train->off = p->off;
    train->form = p->form == MYO_FORM_RHYTHM ? p->form : train->form;
}

/* Index behind the last part that continues the train at i. */
static size_t train_end(const myo_group *g, size_t i)
{
    size_t end = i + 1;
    for (size_t j = i + 1; j < g->n_parts && j < end + 6; j++) {
        const myo_part_of *p = &g->parts[j];
        const bool beat = j == end && on_beat(g, &g->parts[i], p);
        if (beat || (is_train(g, p) && same_train(g, &g->parts[i], p) && clear_between(g, i, j))) {
            take_in(&g->parts[i], p);
            end = j + 1;
        }
    }
    return end;
}

void myo_mend_trains(myo_group *g)
{
    size_t kept = 0;
    for (size_t i = 0; i < g->n_parts;) {
        if (!is_train(g, &g->parts[i])) {
            g->parts[kept++] = g->parts[i++];
            continue;
        }
        const size_t end = train_end(g, i);
        myo_part_of train = g->parts[i];
        while (kept > 0 && on_beat(g, &train, &g->parts[kept - 1])) {
            train.first = g->parts[--kept].first;
            train.on = g->parts[kept].on;
        }
        g->parts[kept++] = train;
        i = end;
    }
    g->n_parts = kept;
}

