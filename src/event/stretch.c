/* stretch.c - stretches of rhythm windows that show tremor, and the bursts in them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/base.h"
#include "event/group_in.h"

/* science.md 4: half-power width <= 2 Hz, a good share of the band's power, no stronger slower rhythm (walking). */
bool myo_shows_tremor(const void *group, const myo_window *w)
{
    const myo_group *g = group;
    const double share = g->kind == MYO_KIND_ACC ? 0.4 : 0.25;
    if (w->amp < g->tremor_amp || w->focus > 0.45f) {
        return false;
    }
    return w->width_hz <= 2.0f && w->share >= share && w->below_db < -3.0f && w->height_db >= g->k->tremor_db;
}

/* Time a window speaks for: a second about its middle. */
double myo_window_middle(const myo_window *w)
{
    return 0.5 * (w->on + w->off);
}

/* ---- rhythm on accelerometers ---- */

typedef struct stretch { double on, off; } stretch;

/* Next stretch of tremor windows from index *i; at least two in a row, a missing one tolerated. */
static bool next_stretch(const myo_group *g, size_t *i, stretch *s)
{
    while (*i < g->n_w) {
        if (!myo_shows_tremor(g, &g->w[*i])) {
            (*i)++;
            continue;
        }
        size_t last = *i, n = 1;
        for (size_t j = *i + 1; j < g->n_w && g->w[j].on - g->w[last].on < 2.6; j++) {
            if (myo_shows_tremor(g, &g->w[j]) && fabsf(g->w[j].freq_hz - g->w[last].freq_hz) < 1.5f) {
                last = j;
                n++;
            }
        }
        *s = (stretch){myo_window_middle(&g->w[*i]) - 0.5, myo_window_middle(&g->w[last]) + 0.5};
        /* At the file's start half a window has no window of its own. */
        s->on = g->w[*i].on < 0.5 ? g->w[*i].on : s->on;
        *i = last + 1;
        if (n >= 2) {
            return true;
        }
    }
    return false;
}

static size_t first_burst_from(const myo_group *g, double t)
{
    size_t i = 0;
    while (i < g->n && 0.5 * (g->b[i].on + g->b[i].off) < t) {
        i++;
    }
    return i;
}

/* A rhythm stretch takes in the bursts whose middles lie in it (or within a window's reach); its edges go to theirs. */
static myo_err add_rhythm(myo_group *g, size_t from, size_t to, const stretch *s)
{
    MYO_TRY(myo_grow((void **)&g->parts, &g->cap_parts, g->n_parts + 1, sizeof *g->parts));
    myo_part_of part = {from, to, MYO_FORM_RHYTHM, s->on, s->off};
    if (to > from) {
        if (fabs(g->b[from].on - s->on) < 2.0) {
            part.on = g->b[from].on;
        }
        if (fabs(g->b[to - 1].off - s->off) < 2.0) {
            part.off = g->b[to - 1].off;
        }
    }
    g->parts[g->n_parts++] = part;
    return MYO_OK;
}

/* Bursts inside a stretch of tremor windows are one train, even where they run into each other. */
static myo_err add_stretch(myo_group *g, size_t from, size_t to, const stretch *s)
{
    if (g->kind == MYO_KIND_ACC) {
        return add_rhythm(g, from, to, s);
    }
    return to > from ? myo_group_part(g, from, to, MYO_FORM_TRAIN) : MYO_OK;
}

myo_err myo_cut_with_rhythm(myo_group *g, double end)
{
    const double reach = g->kind == MYO_KIND_ACC ? 0.5 : 0.0;
    size_t done = 0, i = 0;
    stretch s;
    while (next_stretch(g, &i, &s) && s.on <= end) {
        size_t from = first_burst_from(g, s.on - reach), to = first_burst_from(g, s.off + reach);
        from = from < done ? done : from;
        to = to < from ? from : to;
        if (g->kind == MYO_KIND_EMG && (to - from < RUN_MIN || !myo_has_gaps(g, from, to))) {
            continue;
        }
        MYO_TRY(myo_group_cut(g, done, from));
        MYO_TRY(add_stretch(g, from, to, &s));
        done = to;
    }
    return myo_group_cut(g, done, g->n);
}

