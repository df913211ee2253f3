/* negative.c - negative jerks: the lanes' silent periods that interrupt a contraction, in one order, and their table. */
#include <math.h>
#include <string.h>
#include "run/link_in.h"

/* A silent period with its lane. */
typedef struct lapse {
    myo_lapse s;
    int32_t lane;
    int32_t event;      /* entry of the contraction it interrupts */
} lapse;

typedef struct lapses {
    lapse *v;
    size_t n, cap;
} lapses;

static int by_onset(const void *a, const void *b)
{
    const lapse *x = a, *y = b;
    return x->s.on != y->s.on ? (x->s.on > y->s.on) - (x->s.on < y->s.on) : (x->lane > y->lane) - (x->lane < y->lane);
}

/* First candidate that begins at t or later. */
static int64_t first_from(const myo_linking *k, double t)
{
    int64_t lo = 0, hi = k->n;
    while (lo < hi) {
        const int64_t mid = lo + (hi - lo) / 2;
        if (k->e[mid].on < t) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo;
}

/* The lane's event that holds the silent period, or ends where it begins; -1 where there is none. */
static int64_t contraction_of(const myo_linking *k, const lapse *l)
{
    static const double NEAR_S = 0.06; /* energy edges may lie before the last weak potentials */
    int64_t best = -1;
    for (int64_t i = first_from(k, l->s.on) - 1; i >= 0 && l->s.on - k->e[i].on <= k->longest + NEAR_S; i--) {
        if (k->e[i].lane == l->lane && myo_link_end(&k->e[i]) >= l->s.on - NEAR_S &&
            (best < 0 || k->e[i].length > k->e[best].length)) {
            best = i;
        }
    }
    return best;
}

/* Pauses belong to a rhythm: those of tremor, of steps, of regular bursts, of a movement; and two long jerks are no contraction. What is no
 * muscle has none. */
static bool may_lapse(const myo_linking *k, int64_t event)
{
    if (event < 0) {
        return false;
    }
    static const double HOLD_S = 5.0; /* muscles that take turns for longer hold a posture */
    const uint8_t cls = k->cls[event], form = k->form[event];
    if (k->turns[event] && (double)k->e[event].length < HOLD_S) {
        return false;
    }
    const bool rhythm = form == MYO_FORM_TRAIN || form == MYO_FORM_RHYTHM || form == MYO_FORM_GAIT || form == MYO_FORM_HEART;
    return !rhythm && (cls == MYO_VOLUNTARY || cls == MYO_CRAMP || cls == MYO_INDETERMINATE);
}

static myo_err gather(myo_linking *k, lapses *all)
{
    for (int lane = 0; lane < k->job->plan->n_lanes; lane++) {
        myo_store *s = k->job->lane[lane].lapses;
        for (int64_t i = 0; i < myo_store_count(s); i++) {
            lapse l = {.lane = lane};
            MYO_TRY(myo_store_get(s, i, &l.s, k->job->d));
            const int64_t event = contraction_of(k, &l);
            if (!may_lapse(k, event)) {
                continue;
            }
            l.event = (int32_t)event;
            MYO_TRY(myo_grow((void **)&all->v, &all->cap, all->n + 1, sizeof *all->v));
            all->v[all->n++] = l;
        }
    }
    if (all->n > 0) {
        myo_sort_in_place(all->v, all->n, sizeof *all->v, by_onset);
    }
    return MYO_OK;
}

/* Other lanes' silent periods that begin with number i; *first: the earliest onset of them all. */
static void find_others(const myo_linking *k, const lapses *all, size_t i, myo_buf *names, double *first)
{
    const double sync_s = k->job->params->group_sync_ms / 1000.0, on = all->v[i].s.on;
    size_t from = i, to = i;
    while (from > 0 && on - all->v[from - 1].s.on <= sync_s) {
        from--;
    }
    while (to < all->n && all->v[to].s.on - on <= sync_s) {
        to++;
    }
    *first = all->v[from].s.on;
    for (int lane = 0; lane < k->job->plan->n_lanes; lane++) {
        for (size_t j = from; j < to; j++) {
            if (all->v[j].lane == lane && lane != all->v[i].lane) {
                myo_buf_printf(names, "%s%s", names->n ? ";" : "", k->job->plan->lane[lane].name);
                break;
            }
        }
    }
}

/* Published classes of the duration (Negative Myoclonus 2023, science.md 1.1). */
static const char *length_class(double ms)
{
    return ms < 50.0 ? NULL : ms < 70.0 ? "50-69" : ms <= 100.0 ? "70-100" : ms <= 500.0 ? "101-500" : NULL;
}

static double db(double a, double b)
{
    return 20.0 * log10(a / b);
}

static myo_err write_lapse(myo_linking *k, const lapses *all, size_t i, const char *names, double first)
{
    const lapse *l = &all->v[i];
    const myo_plan_lane *lane = &k->job->plan->lane[l->lane];
    const double rest = (double)l->s.rest, tone = (double)l->s.tone, ms = (l->s.off - l->s.on) * 1000.0;
    const double over = fmax(tone * tone / (rest * rest) - 1.0, 0.01);
    const myo_cell cells[] = {
        {.num = l->s.on}, {.num = l->s.off - l->s.on}, {.text = lane->name}, {.i = (int64_t)i + 1}, {.i = l->event + 1},
        {.num = tone}, {.num = (double)l->s.after}, {.num = (double)l->s.core}, {.num = rest}, {.text = lane->unit},
        {.num = 10.0 * log10(over)}, {.num = db(tone, (double)l->s.core)}, {.text = length_class(ms)},
        {.text = names}, {.num = names ? (l->s.on - first) * 1000.0 : NAN},
    };
    myo_summary_negative(k->summary, l->lane);
    return myo_table_row(k->table[MYO_TABLE_NEGATIVE], cells);
}

myo_err myo_link_negative(myo_linking *k)
{
    lapses all = {0};
    myo_err err = gather(k, &all);
    for (size_t i = 0; i < all.n && err == MYO_OK; i++) {
        myo_buf names = {0};
        double first;
        find_others(k, &all, i, &names, &first);
        err = names.failed ? MYO_ERR_NOMEM : write_lapse(k, &all, i, names.n ? names.s : NULL, first);
        myo_buf_clear(&names);
    }
    myo_free(all.v);
    return err;
}
