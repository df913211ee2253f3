/* stretch.c - stretches of rhythm windows that show tremor or walking, and the bursts in them. */
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
    /* Not what lies in a few moments only: jerks that ring at the limb's resonance. And what beats looks the same a beat
     * later: idle movement has peaks in its spectrum too, but a correlation under 0.2 (Parkinson's tremor: over 0.5). */
    const bool spread = g->kind == MYO_KIND_ACC ? w->gait.fill >= 0.26f && w->gait.beat_r >= 0.4f : w->focus <= 0.45f;
    /* At the lower limit it is the flank of a slower rhythm, of jerks at 2-3 Hz say. */
    const bool flank = g->kind == MYO_KIND_EMG && (double)w->freq_hz <= 1.02 * g->k->tremor_lo;
    if (w->freq_hz <= 0.0f || w->amp < g->tremor_amp || !spread || flank || myo_shows_steps(w)) {
        return false;
    }
    return w->width_hz <= 2.0f && w->share >= share && w->below_db < -3.0f && w->height_db >= g->k->tremor_db;
}

/* A movement that goes on without a pause and repeats itself, but only after 0.36 s and more. Of walking wrists and
 * trunks the correlation is 0.7-0.95 (biosppy's recording: 0.71-0.84); of reaches, jerks and idle movement it stays under
 * that, or they leave moments of rest. Tremor repeats itself after one of its own cycles already. */
bool myo_shows_steps(const myo_window *w)
{
    const myo_gait *g = &w->gait;
    return g->step_r >= 0.5f && g->again_r >= 0.45f && g->step_r > g->beat_r + 0.2f && g->beat_r < 0.45f &&
           g->fill >= 0.35f && g->trough >= 0.05f;
}

/* So clear a rhythm needs no bursts: weak tremor, of which the detector sees a beat here and there. */
bool myo_clear_tremor(const myo_window *w)
{
    return w->height_db >= 11.0f && w->share >= 0.45f && w->below_db < -4.0f && w->focus <= 0.35f;
}

/* Less clear than that: four such in a row and weak beats in them are tremor too. */
bool myo_likely_tremor(const myo_window *w)
{
    return w->height_db >= 8.5f && w->share >= 0.35f && w->below_db < -4.0f && w->focus <= 0.4f;
}

/* Time a window speaks for: a second about its middle. */
double myo_window_middle(const myo_window *w)
{
    return 0.5 * (w->on + w->off);
}

typedef struct stretch {
    double on, off;
    size_t n_clear, n_likely;
    double freq;         /* of its first window, Hz */
    bool steps;          /* walking, not tremor */
} stretch;

/* Does window b go on with what window a shows? */
static bool goes_on(const myo_group *g, const myo_window *a, const myo_window *b)
{
    if (myo_shows_steps(a)) {
        return myo_shows_steps(b);
    }
    return myo_shows_tremor(g, b) && fabsf(b->freq_hz - a->freq_hz) < 1.5f;
}

/* A tremor of six cycles fills two fifths of one of its windows at least; two jerks that ring alike do not. */
static bool fills(const myo_group *g, size_t first, size_t last)
{
    float most = 0.0f;
    for (size_t i = first; i <= last; i++) {
        most = fmaxf(most, g->w[i].gait.fill);
    }
    return g->kind != MYO_KIND_ACC || most >= 0.4f;
}

/* Next stretch of windows from index *i that speak for times up to `end`; at least two of tremor in a row, or four of
 * walking (eight steps: a reach out and back repeats itself too), a missing one tolerated. */
static bool next_stretch(const myo_group *g, size_t *i, double end, stretch *s)
{
    size_t n_w = *i;
    while (n_w < g->n_w && myo_window_middle(&g->w[n_w]) - 0.5 <= end) {
        n_w++;
    }
    while (*i < n_w) {
        const bool steps = myo_shows_steps(&g->w[*i]);
        if (!steps && !myo_shows_tremor(g, &g->w[*i])) {
            (*i)++;
            continue;
        }
        size_t last = *i, n = 1, n_clear = myo_clear_tremor(&g->w[*i]), n_likely = myo_likely_tremor(&g->w[*i]);
        for (size_t j = *i + 1; j < n_w && g->w[j].on - g->w[last].on < 2.6; j++) {
            if (goes_on(g, &g->w[last], &g->w[j])) {
                last = j;
                n++;
                n_clear += myo_clear_tremor(&g->w[j]);
                n_likely += myo_likely_tremor(&g->w[j]);
            }
        }
        *s = (stretch){myo_window_middle(&g->w[*i]) - 0.5, myo_window_middle(&g->w[last]) + 0.5, n_clear, n_likely,
                       (double)g->w[*i].freq_hz, steps};
        /* At the file's start half a window has no window of its own: there the energy tells where the rhythm begins. */
        s->on = g->w[*i].on < 0.5 ? fmin(g->w[*i].on + (double)g->w[*i].lead, s->on) : s->on;
        const bool enough = n >= (steps ? 4 : 2) && fills(g, *i, last);
        *i = last + 1;
        if (enough) {
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
    myo_part_of part = {from, to, s->steps ? MYO_FORM_GAIT : MYO_FORM_RHYTHM, s->on, s->off};
    const double near = g->kind == MYO_KIND_ACC ? 2.5 : 2.0; /* there a piece of 2 s whose middle is in reach */
    if (to > from) {
        if (fabs(g->b[from].on - s->on) < near) {
            part.on = g->b[from].on;
        }
        if (fabs(g->b[to - 1].off - s->off) < near) {
            part.off = g->b[to - 1].off;
        }
    }
    g->parts[g->n_parts++] = part;
    return MYO_OK;
}

/* Bursts [*from, *to), none before `done`, whose middles lie in the stretch or within `reach` s of it. */
static void inside(const myo_group *g, const stretch *s, double reach, size_t done, size_t *from, size_t *to)
{
    *from = first_burst_from(g, s->on - reach);
    *to = first_burst_from(g, s->off + reach);
    *from = *from < done ? done : *from;
    *to = *to < *from ? *from : *to;
}

/* Bursts without a pause of 1.5 s from `from`: a window may bridge the pause between two episodes, a train does not. */
static size_t before_pause(const myo_group *g, size_t from, size_t to)
{
    size_t i = from + 1;
    while (i < to && g->b[i].on - g->b[i - 1].off <= 1.5) {
        i++;
    }
    return i < to ? i : to;
}

bool myo_weak_beats(const myo_group *g, size_t from, size_t to)
{
    enum { MOST = 64 };
    static const float SURE_DB = 9.0f;
    float v[MOST];
    size_t n = 0;
    for (size_t i = from; i < to && n < MOST; i++) {
        v[n++] = g->b[i].snr_db;
    }
    myo_sort_f32(v, n);
    return n > 0 && v[n / 2] < SURE_DB;
}

/* A burst that only strong tremor makes: a second and more, and so far above the noise that no waning hides it. */
static bool is_solid(const myo_burst *b)
{
    static const double SOLID_S = 1.0;
    static const float SOLID_DB = 18.0f;
    return b->off - b->on >= SOLID_S && b->snr_db >= SOLID_DB;
}

/* Accelerometer: strong tremor is felt as solid bursts. Then what stands apart at its ends is not its, and
 * where it stops for 1.5 s between two such bursts, it ends: windows of 4 s see over that. Of bursts [*from, *to) those up
 * to that pause are left. False: no such burst. */
static bool solid_part(const myo_group *g, size_t *from, size_t *to)
{
    static const double APART_S = 0.4, PAUSE_S = 1.5;
    size_t first = *from;
    while (first < *to && !is_solid(&g->b[first])) {
        first++;
    }
    if (first == *to) {
        return false; /* weak tremor: some of its beats */
    }
    size_t last = first;
    double pause = 0.0; /* longest since the last solid burst */
    for (size_t i = first + 1; i < *to; i++) {
        pause = fmax(pause, g->b[i].on - g->b[i - 1].off);
        if (is_solid(&g->b[i])) {
            if (pause > PAUSE_S) {
                break;
            }
            last = i;
            pause = 0.0;
        }
    }
    while (first > *from && g->b[first].on - g->b[first - 1].off <= APART_S) {
        first--;
    }
    while (last + 1 < *to && g->b[last + 1].on - g->b[last].off <= APART_S) {
        last++;
    }
    *from = first;
    *to = last + 1;
    return true;
}

/* At the end of a recording half a window has no window of its own: what goes on there without a gap is still tremor. */
static size_t with_tail(const myo_group *g, size_t from, size_t to, const stretch *s)
{
    static const double HALF_S = 2.5, GAP_S = 0.02;
    static const float CLEAR_DB = 15.0f;
    while (to > from && to < g->n && g->b[to].snr_db > CLEAR_DB && g->b[to].on - g->b[to - 1].off < GAP_S &&
           g->b[to].off <= s->off + HALF_S) {
        to++;
    }
    return to;
}

/* An accelerometer's tremor among bursts [from, to): one part or, where it stops, several. */
static myo_err add_tremor(myo_group *g, size_t from, size_t to, const stretch *whole, size_t *done)
{
    stretch s = *whole;
    size_t first = from, last = to;
    if (!solid_part(g, &first, &last)) {
        MYO_TRY(myo_group_cut(g, *done, from));
        *done = to;
        return add_rhythm(g, from, to, &s);
    }
    for (size_t a = last, b = to; solid_part(g, &a, &b); a = last = b, b = to) {
        s.off = g->b[last - 1].off; /* another one follows */
        MYO_TRY(myo_group_cut(g, *done, first));
        MYO_TRY(add_rhythm(g, first, last, &s));
        *done = last;
        first = a;
        s.on = g->b[first].on;
    }
    s.off = whole->off;
    MYO_TRY(myo_group_cut(g, *done, first));
    *done = last;
    return add_rhythm(g, first, last, &s);
}

/* Most beats of the rhythm are there, and strong: then a pause is a pause, not a few beats that the detector missed. */
static bool keeps_beat(const myo_group *g, size_t from, size_t to, const stretch *s)
{
    return to - from >= RUN_MIN && (double)(to - from) > 0.6 * s->freq * (g->b[to - 1].off - g->b[from].on) &&
           !myo_weak_beats(g, from, to);
}

static double filled(const myo_group *g, size_t from, size_t to, const stretch *s)
{
    double t = 0.0;
    for (size_t i = from; i < to; i++) {
        t += g->b[i].off - g->b[i].on;
    }
    return t / (s->off - s->on);
}

/* What a stretch of tremor windows makes of the bursts in it: rhythm on an accelerometer; in EMG one train where they have
 * gaps, rhythm where only some stand out and the windows are clear, nothing (false) in a contraction. */
static bool stretch_form(const myo_group *g, size_t from, size_t to, const stretch *s, myo_form *form)
{
    enum { CLEAR_MIN = 3, LIKELY_MIN = 4, BEATS_MIN = 2 };
    const bool train = g->kind == MYO_KIND_EMG && to - from >= RUN_MIN && myo_has_gaps(g, from, to);
    *form = train ? MYO_FORM_TRAIN : MYO_FORM_RHYTHM;
    const bool likely = s->n_likely >= LIKELY_MIN && to - from >= BEATS_MIN && myo_weak_beats(g, from, to);
    return train || g->kind == MYO_KIND_ACC ||
           ((s->n_clear >= CLEAR_MIN || likely) && filled(g, from, to, s) < 0.5);
}

myo_err myo_cut_with_rhythm(myo_group *g, double end)
{
    size_t done = 0, i = 0;
    stretch s;
    while (next_stretch(g, &i, end, &s)) {
        size_t from, to;
        myo_form form;
        /* The first and last steps lie further from the windows' middles than tremor's edges. */
        inside(g, &s, g->kind == MYO_KIND_EMG ? 0.0 : s.steps ? 1.5 : 0.5, done, &from, &to);
        if (g->kind == MYO_KIND_EMG && from < to && keeps_beat(g, from, before_pause(g, from, to), &s)) {
            to = before_pause(g, from, to); /* what follows finds its own rhythm */
        }
        if (!stretch_form(g, from, to, &s, &form)) {
            continue;
        }
        if (form == MYO_FORM_RHYTHM && g->kind == MYO_KIND_EMG) {
            inside(g, &s, 1.0, done, &from, &to); /* the beats before the first and behind the last window */
        }
        if (g->kind == MYO_KIND_ACC && !s.steps) {
            MYO_TRY(add_tremor(g, from, with_tail(g, from, to, &s), &s, &done));
            continue;
        }
        MYO_TRY(myo_group_cut(g, done, from));
        MYO_TRY(form == MYO_FORM_RHYTHM ? add_rhythm(g, from, to, &s) : myo_group_part(g, from, to, form));
        done = to;
    }
    return myo_group_cut(g, done, g->n);
}

