/* tonic.c - sustained activity that came in pieces: its edges, and one burst from many. */
#include <math.h>
#include "event/group_in.h"

static double energy(const myo_burst *b)
{
    const double over = (double)b->rms * b->rms - (double)b->noise * b->noise;
    return fmax(0.0, over) * (b->off - b->on);
}

/* Time inside b where its energy, counted from the front (or the back), reaches `part` of the burst's own. */
static double reach(const myo_burst *b, double part, int back)
{
    const double eighth = (b->off - b->on) / 8.0;
    double c = 0.0;
    for (int k = 0; k < 8; k++) {
        const double p = b->profile[back ? 7 - k : k];
        if (c + p >= part && p > 0.0) {
            const double t = (k + (part - c) / p) * eighth;
            return back ? b->off - t : b->on + t;
        }
        c += p;
    }
    return back ? b->on : b->off;
}

bool myo_tonic_edges(const myo_burst *b, myo_part_of *part, double share)
{
    double total = 0.0, c = 0.0;
    for (size_t i = part->first; i < part->last; i++) {
        total += energy(&b[i]);
    }
    if (part->last - part->first < 2 || total <= 0.0) {
        return false; /* one piece: its own edges are the event's */
    }
    const double cut = share * total;
    while (part->first + 1 < part->last && c + energy(&b[part->first]) < cut) {
        c += energy(&b[part->first++]);
    }
    const double on = reach(&b[part->first], (cut - c) / energy(&b[part->first]), 0);
    c = 0.0;
    while (part->last > part->first + 1 && c + energy(&b[part->last - 1]) < cut) {
        c += energy(&b[--part->last]);
    }
    part->off = reach(&b[part->last - 1], (cut - c) / energy(&b[part->last - 1]), 1);
    part->on = on;
    return true;
}

myo_own_ends myo_shorten(myo_burst *b, const myo_part_of *part)
{
    const myo_own_ends own = {b[part->first].on, b[part->last - 1].off};
    b[part->first].on = part->on;
    b[part->last - 1].off = part->off;
    return own;
}

/* A burst's peak is no fringe of its event: where the share would leave it out, the edge stays half a shortest burst beyond
 * it, and no burst gets shorter than the shortest (neither reaches beyond its own ends). */
void myo_keep_peaks(myo_burst *first, myo_burst *last, const myo_own_ends *own, double least_s)
{
    const double on = fmin(first->peak_at - 0.5 * least_s, first->off - least_s);
    const double off = fmax(last->peak_at + 0.5 * least_s, last->on + least_s);
    first->on = fmax(own->on, fmin(first->on, on));
    last->off = fmin(own->off, fmax(last->off, off));
}

/* A piece too short for a median frequency has none. */
static float mean_frequency(float f1, double d1, float f2, double d2)
{
    if (isnan(f1) || isnan(f2)) {
        return isnan(f1) ? f2 : f1;
    }
    return (float)((f1 * d1 + f2 * d2) / (d1 + d2));
}

void myo_burst_append(myo_burst *b, const myo_burst *next)
{
    const double d1 = b->off - b->on, d2 = next->off - next->on, d = d1 + d2;
    const double ss = (double)b->rms * b->rms * d1 + (double)next->rms * next->rms * d2;
    if (next->peak > b->peak) {
        b->peak = next->peak;
        b->peak_at = next->peak_at;
    }
    const double over = ss / d / ((double)b->noise * b->noise) - 1.0;
    b->snr_db = (float)(10.0 * log10(fmax(over, 0.01)));
    b->rms = (float)sqrt(ss / d);
    b->crest = b->peak / b->rms;
    b->mdf_hz = mean_frequency(b->mdf_hz, d1, next->mdf_hz, d2);
    b->masked = (float)((b->masked * d1 + next->masked * d2) / d);
    b->clipped = (float)((b->clipped * d1 + next->clipped * d2) / d);
    b->area += next->area;
    b->turns += next->turns;
    b->fall_ms = next->fall_ms;
    b->end_sd_ms = next->end_sd_ms;
    b->flags |= next->flags;
    b->off = next->off;
}

static double part_energy(const myo_group *g, const myo_part_of *p, double *rms)
{
    double e = 0.0, t = 0.0;
    for (size_t i = p->first; i < p->last; i++) {
        const double d = g->b[i].off - g->b[i].on;
        e += d * g->b[i].rms * g->b[i].rms;
        t += d;
    }
    *rms = t > 0.0 ? sqrt(e / t) : 0.0;
    return e;
}

/* A movement as slow as a reach's ends: what is quicker beside it is an event of its own. */
static bool is_slow(const myo_group *g, const myo_part_of *p)
{
    for (size_t i = p->first; i < p->last; i++) {
        if (g->b[i].mdf_hz > MYO_SLOW_HZ) {
            return false;
        }
    }
    return true;
}

/* The first units before a contraction's ramp and the last ones behind it: near, weak, and little of the whole. */
static bool is_fringe(const myo_group *g, const myo_part_of *main, const myo_part_of *p)
{
    double rms_main, rms;
    const double e_main = part_energy(g, main, &rms_main), e = part_energy(g, p, &rms);
    const double gap = p->on > main->on ? p->on - main->off : main->on - p->off;
    const double length = main->off - main->on, reach = length > 6.0 ? 3.0 : length > 3.0 ? 1.5 : 1.0;
    if (p->form == MYO_FORM_RHYTHM || p->form == MYO_FORM_GAIT || (g->kind == MYO_KIND_ACC && !is_slow(g, p))) {
        /* Tremor beside a movement is an event of its own, with bursts or without. */
        return false;
    }
    return (p->form != MYO_FORM_TRAIN || length > 6.0) && gap < reach && rms < 0.45 * rms_main && e < 0.03 * e_main;
}

/* Its bursts stand out of weak activity rather than of silence: a train only by chance. A gap of under 80 ms is too short to
 * tell. */
static bool is_of_one_piece(const myo_group *g, const myo_part_of *p)
{
    size_t filled = 0, silent = 0;
    for (size_t i = p->first + 1; i < p->last; i++) {
        const bool full = g->b[i].joined > 0.0f || myo_is_filled(g->b, i);
        filled += full;
        silent += !full && g->b[i].on - g->b[i - 1].off >= 0.08;
    }
    const bool train = p->form == MYO_FORM_TRAIN;
    return p->form == MYO_FORM_SUSTAINED || p->form == MYO_FORM_SINGLE ||
           (train && filled * 3 >= p->last - p->first - 1 && filled >= 3 * silent);
}

/* A weak contraction and the next part of it: no silence between, and one of the two is a contraction by itself. */
static bool goes_on(const myo_group *g, const myo_part_of *a, const myo_part_of *b)
{
    const bool tonic = a->form == MYO_FORM_SUSTAINED || b->form == MYO_FORM_SUSTAINED;
    return g->kind == MYO_KIND_EMG && tonic && b->last > b->first && a->last == b->first && a->last > a->first &&
           (myo_is_filled(g->b, b->first) || b->on - a->off < 0.08) && is_of_one_piece(g, a) && is_of_one_piece(g, b);
}

/* A long contraction that paused for a moment: its parts are one. */
static bool is_pause(const myo_group *g, const myo_part_of *a, const myo_part_of *b)
{
    double rms_a, rms_b;
    part_energy(g, a, &rms_a);
    part_energy(g, b, &rms_b);
    const double la = a->off - a->on, lb = b->off - b->on, gap = b->on - a->off;
    const bool tonic = a->form == MYO_FORM_SUSTAINED && b->form == MYO_FORM_SUSTAINED;
    const bool like = fmin(rms_a, rms_b) > 0.3 * fmax(rms_a, rms_b) && g->kind == MYO_KIND_EMG;
    /* A cramp's 1-2 Hz common drive may cut it into pieces of half a second. */
    const bool waver = fmin(la, lb) > 0.35 && a->form != MYO_FORM_TRAIN && b->form != MYO_FORM_TRAIN && gap < 0.4;
    return like && (waver || (tonic && fmax(la, lb) > 4.0 && gap < 1.2));
}

static bool are_alike(const myo_group *g, const myo_part_of *a, const myo_part_of *b)
{
    double rms_a, rms_b;
    part_energy(g, a, &rms_a);
    part_energy(g, b, &rms_b);
    return fmin(rms_a, rms_b) > 0.5 * fmax(rms_a, rms_b);
}

/* A weak contraction thins out for a second or two: of what is between, as weak and without a rhythm, only some units stand
 * out, and it goes on. */
static bool is_thin(const myo_group *g, const myo_part_of *a, const myo_part_of *b, const myo_part_of *c)
{
    static const double LONG_S = 4.0, THIN_S = 2.5, GAP_S = 0.8, CV_LEAST = 0.2;
    const bool tonic = a->form == MYO_FORM_SUSTAINED && c->form == MYO_FORM_SUSTAINED;
    const bool some = b->form == MYO_FORM_SINGLE || b->form == MYO_FORM_TRAIN;
    return g->kind == MYO_KIND_EMG && tonic && some && fmax(a->off - a->on, c->off - c->on) > LONG_S &&
           c->on - a->off < THIN_S && b->on - a->off < GAP_S && c->on - b->off < GAP_S && b->last > b->first &&
           myo_weak_beats(g, b->first, b->last) && myo_weak_beats(g, a->first, a->last) &&
           (b->form == MYO_FORM_SINGLE || (double)myo_interval_cv(g->b + b->first, b->last - b->first) > CV_LEAST) &&
           are_alike(g, a, b) && are_alike(g, a, c);
}

static void unite_thin(myo_group *g)
{
    size_t kept = 0;
    for (size_t i = 0; i < g->n_parts; i++) {
        if (kept > 0 && i + 1 < g->n_parts && is_thin(g, &g->parts[kept - 1], &g->parts[i], &g->parts[i + 1])) {
            i++;
            g->parts[kept - 1].last = g->parts[i].last;
            g->parts[kept - 1].off = g->parts[i].off;
        } else {
            g->parts[kept++] = g->parts[i];
        }
    }
    g->n_parts = kept;
}

static void unite_pauses(myo_group *g)
{
    size_t kept = 0;
    for (size_t i = 0; i < g->n_parts; i++) {
        const bool on = kept > 0 && goes_on(g, &g->parts[kept - 1], &g->parts[i]);
        if (on || (kept > 0 && is_pause(g, &g->parts[kept - 1], &g->parts[i]))) {
            g->parts[kept - 1].form = on ? MYO_FORM_SUSTAINED : g->parts[kept - 1].form;
            g->parts[kept - 1].last = g->parts[i].last;
            g->parts[kept - 1].off = g->parts[i].off;
        } else {
            g->parts[kept++] = g->parts[i];
        }
    }
    g->n_parts = kept;
}

void myo_mend_contractions(myo_group *g)
{
    size_t kept = 0;
    unite_pauses(g);
    unite_thin(g);
    for (size_t i = 0; i < g->n_parts; i++) {
        myo_part_of p = g->parts[i];
        const bool tonic = p.form == MYO_FORM_SUSTAINED;
        while (tonic && kept > 0 && is_fringe(g, &p, &g->parts[kept - 1])) {
            p.first = g->parts[--kept].first;
        }
        while (tonic && i + 1 < g->n_parts && is_fringe(g, &p, &g->parts[i + 1])) {
            p.last = g->parts[++i].last;
        }
        g->parts[kept++] = p;
    }
    g->n_parts = kept;
}
