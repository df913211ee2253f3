/* linkspread.c - jerks over all channels: which muscle led, how far each spread, and whether a sensor moved. */
#include <math.h>
#include <string.h>
#include "myotab/text.h"
#include "run/link_in.h"
#include "run/spread.h"

/* From a muscle's burst to the limb's movement: 30-100 ms, and the sensor's edge is known to some 10 ms (science.md 1.2). */
static const double MOVE_FROM_S = -0.020, MOVE_TO_S = 0.250;
static const double LONGEST_S = 0.250; /* from the first to the last muscle of one jerk */

typedef struct complex {
    int64_t *member;    /* entries by onset; at most one a lane */
    int n;              /* of EMG lanes */
    int64_t *moved;     /* first entry of each sensor that moved */
    int n_moved;
    bool sensors;       /* was one looked at? */
} complex;

enum { IS_MEMBER = 1, IS_CLAIMED = 2 }; /* belongs to a muscle's jerk; is the movement of one */

typedef struct spreading {
    myo_linking *k;
    uint8_t *used;      /* of each entry: IS_MEMBER, IS_CLAIMED */
    bool *seen;         /* of each lane */
    myo_spread_site *site;
    complex c;
    int64_t id;
} spreading;

static bool is_kind(const myo_linking *k, int64_t i, myo_kind kind)
{
    return k->job->plan->lane[k->e[i].lane].cfg.kind == kind;
}

static bool is_muscle(const spreading *s, int64_t i)
{
    return s->k->cls[i] == MYO_JERK && !(s->used[i] & IS_MEMBER) && is_kind(s->k, i, MYO_KIND_EMG);
}

/* A movement that began: a jerk, one that nobody can name, or one that looks meant. */
static bool is_movement(const myo_linking *k, int64_t i)
{
    const uint8_t cls = k->cls[i];
    return is_kind(k, i, MYO_KIND_ACC) && (cls == MYO_JERK || cls == MYO_VOLUNTARY || cls == MYO_INDETERMINATE);
}

/* Was the lane looked at, at time t? */
static bool is_usable(const myo_linking *k, int lane, double t)
{
    const myo_usable *u = &k->job->lane[lane].usable;
    size_t lo = 0, hi = u->n;
    while (lo < hi) {
        const size_t mid = lo + (hi - lo) / 2;
        if (u->stretch[mid].off <= t) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo < u->n && u->stretch[lo].on <= t;
}

/* Muscles one after the other, each within sync_ms of the one before. */
static void gather_muscles(spreading *s, int64_t i)
{
    const myo_linking *k = s->k;
    const double sync_s = k->job->params->group_sync_ms / 1000.0, first = k->e[i].on;
    double last = first;
    memset(s->seen, 0, sizeof *s->seen * (size_t)k->job->plan->n_lanes);
    s->c.n = 0;
    for (int64_t j = i; j < k->n && k->e[j].on - last <= sync_s && k->e[j].on - first <= LONGEST_S; j++) {
        if (is_muscle(s, j) && !s->seen[k->e[j].lane]) {
            s->seen[k->e[j].lane] = true;
            s->used[j] |= IS_MEMBER;
            s->c.member[s->c.n++] = j;
            last = k->e[j].on;
        }
    }
}

/* The first movement of each sensor about the time t of the first muscle. */
static void gather_movements(spreading *s, int64_t i, double t)
{
    const myo_linking *k = s->k;
    const int n_lanes = k->job->plan->n_lanes;
    memset(s->seen, 0, sizeof *s->seen * (size_t)n_lanes);
    s->c.n_moved = 0;
    s->c.sensors = false;
    for (int lane = 0; lane < n_lanes; lane++) {
        s->c.sensors = s->c.sensors || (k->job->plan->lane[lane].cfg.kind == MYO_KIND_ACC && is_usable(k, lane, t));
    }
    while (i > 0 && k->e[i - 1].on - t >= MOVE_FROM_S) {
        i--;
    }
    for (; i < k->n && k->e[i].on - t <= MOVE_TO_S; i++) {
        if (is_movement(k, i) && !s->seen[k->e[i].lane]) {
            s->seen[k->e[i].lane] = true;
            s->c.moved[s->c.n_moved++] = i;
            s->used[i] |= IS_CLAIMED;
        }
    }
}

/* A sensor's jerk that no muscle claims, and those of other sensors with it. */
static bool gather_lone_movements(spreading *s, int64_t i)
{
    const myo_linking *k = s->k;
    const double sync_s = k->job->params->group_sync_ms / 1000.0;
    memset(s->seen, 0, sizeof *s->seen * (size_t)k->job->plan->n_lanes);
    s->c.n = s->c.n_moved = 0;
    s->c.sensors = true;
    if (s->used[i] & IS_CLAIMED) {
        return false;
    }
    for (int64_t j = i; j < k->n && k->e[j].on - k->e[i].on <= sync_s; j++) {
        const bool lone = is_kind(k, j, MYO_KIND_ACC) && k->cls[j] == MYO_JERK && !(s->used[j] & IS_CLAIMED);
        if (lone && !s->seen[k->e[j].lane]) {
            s->seen[k->e[j].lane] = true;
            s->used[j] |= IS_CLAIMED;
            s->c.moved[s->c.n_moved++] = j;
        }
    }
    return true;
}

/* ---- the row ---- */

static myo_bodypart body_of(const myo_linking *k, int lane)
{
    const myo_plan_lane *l = &k->job->plan->lane[lane];
    const myo_bodypart label = myo_bodypart_of(l->name), muscle = myo_bodypart_of(k->job->info->ch[l->ch[0]].muscle);
    myo_bodypart b = muscle.part != MYO_PART_NONE ? muscle : label; /* what was said of it outweighs its name */
    b.side = b.side != MYO_SIDE_NONE ? b.side : label.side;
    return b;
}

static myo_err fill_sites(spreading *s)
{
    for (int i = 0; i < s->c.n; i++) {
        const myo_link_entry *e = &s->k->e[s->c.member[i]];
        myo_cand c;
        MYO_TRY(myo_store_get(s->k->job->lane[e->lane].cands, e->event, &c, s->k->job->d));
        s->site[i] = (myo_spread_site){body_of(s->k, e->lane), e->on, (double)c.onset_sd_ms};
    }
    return MYO_OK;
}

static void put_name(myo_buf *b, const myo_linking *k, int64_t i)
{
    myo_buf_printf(b, "%s%s", b->n ? ";" : "", k->job->plan->lane[k->e[i].lane].name);
}

/* A delay in ms, to a hundredth. */
static void put_lag(myo_buf *b, double seconds)
{
    char text[40];
    myo_format_g(text, sizeof text, floor(seconds * 1e5 + 0.5) / 100.0 + 0.0, 6);
    myo_buf_printf(b, "%s%s", b->n ? ";" : "", text);
}

typedef struct texts {
    myo_buf names, lags, ids, moved, delays;
} texts;

static void write_texts(const spreading *s, texts *t)
{
    const myo_linking *k = s->k;
    const complex *c = &s->c;
    for (int i = 0; i < c->n; i++) {
        put_name(&t->names, k, c->member[i]);
        put_lag(&t->lags, k->e[c->member[i]].on - k->e[c->member[0]].on);
        myo_buf_printf(&t->ids, "%s%lld", i ? ";" : "", (long long)c->member[i] + 1);
    }
    for (int i = 0; i < c->n_moved; i++) {
        put_name(&t->moved, k, c->moved[i]);
        if (c->n > 0) {
            put_lag(&t->delays, k->e[c->moved[i]].on - k->e[c->member[0]].on);
        }
        myo_buf_printf(&t->ids, "%s%lld", t->ids.n ? ";" : "", (long long)c->moved[i] + 1);
    }
}

static const char *text_of(const myo_buf *b)
{
    return b->n ? b->s : NULL;
}

/* Standard error of the lead over the second muscle, ms. */
static double lead_sd(const spreading *s)
{
    return s->c.n > 1 ? sqrt(s->site[0].sd_ms * s->site[0].sd_ms + s->site[1].sd_ms * s->site[1].sd_ms) : NAN;
}

static double last_end(const spreading *s)
{
    double end = -INFINITY;
    for (int i = 0; i < s->c.n; i++) {
        end = fmax(end, myo_link_end(&s->k->e[s->c.member[i]]));
    }
    for (int i = 0; s->c.n == 0 && i < s->c.n_moved; i++) {
        end = fmax(end, myo_link_end(&s->k->e[s->c.moved[i]]));
    }
    return end;
}

static int count_usable(const myo_linking *k, double t)
{
    int n = 0;
    for (int lane = 0; lane < k->job->plan->n_lanes; lane++) {
        n += k->job->plan->lane[lane].cfg.kind == MYO_KIND_EMG && is_usable(k, lane, t);
    }
    return n;
}

static myo_err write_row(spreading *s, const texts *t)
{
    myo_linking *k = s->k;
    const complex *c = &s->c;
    const double on = k->e[c->n > 0 ? c->member[0] : c->moved[0]].on;
    const int usable = count_usable(k, on);
    bool named = false;
    const char *extent = myo_spread_extent(s->site, c->n, usable, &named);
    const char *still = c->sensors ? "none" : NULL;
    const myo_cell cells[] = {
        {.num = on}, {.num = last_end(s) - on}, {.i = ++s->id}, {.text = t->ids.s}, {.i = c->n}, {.i = usable},
        {.text = c->n > 0 ? k->job->plan->lane[k->e[c->member[0]].lane].name : NULL},
        {.text = text_of(&t->names)}, {.text = text_of(&t->lags)}, {.num = lead_sd(s)},
        {.text = extent}, {.text = !extent ? NULL : named ? "muscles" : "number"},
        {.text = myo_spread_sides(s->site, c->n)}, {.text = myo_spread_order(s->site, c->n)},
        {.text = c->n_moved > 0 ? t->moved.s : still}, {.text = text_of(&t->delays)},
    };
    for (int i = 0; i < c->n && c->sensors; i++) {
        myo_summary_moved(k->summary, k->e[c->member[i]].lane, c->n_moved > 0);
    }
    return myo_table_row(k->table[MYO_TABLE_SPREAD], cells);
}

static myo_err write_complex(spreading *s)
{
    texts t = {0};
    myo_err err = fill_sites(s);
    if (err == MYO_OK) {
        write_texts(s, &t);
        const bool failed = t.names.failed || t.lags.failed || t.ids.failed || t.moved.failed || t.delays.failed;
        err = failed ? MYO_ERR_NOMEM : write_row(s, &t);
    }
    myo_buf_clear(&t.names);
    myo_buf_clear(&t.lags);
    myo_buf_clear(&t.ids);
    myo_buf_clear(&t.moved);
    myo_buf_clear(&t.delays);
    return err;
}

/* ---- all jerks ---- */

/* Claims of all times first: a movement may begin a moment before its muscle, and is then no jerk of its own. */
static void claim_movements(spreading *s)
{
    const myo_linking *k = s->k;
    for (int64_t i = 0; i < k->n; i++) {
        if (is_muscle(s, i)) {
            gather_muscles(s, i);
            gather_movements(s, i, k->e[i].on);
        }
    }
    for (int64_t i = 0; i < k->n; i++) {
        s->used[i] &= IS_CLAIMED;
    }
}

/* Rows by onset. Where no muscle was looked at, a movement's jerk is the events table's affair. */
static myo_err each_jerk(spreading *s)
{
    const myo_linking *k = s->k;
    claim_movements(s);
    for (int64_t i = 0; i < k->n; i++) {
        if (is_muscle(s, i)) {
            gather_muscles(s, i);
            gather_movements(s, i, k->e[i].on);
            MYO_TRY(write_complex(s));
        } else if (is_kind(k, i, MYO_KIND_ACC) && k->cls[i] == MYO_JERK && count_usable(k, k->e[i].on) > 0 &&
                   gather_lone_movements(s, i)) {
            MYO_TRY(write_complex(s));
        }
    }
    return MYO_OK;
}

static bool make(spreading *s)
{
    const size_t n_lanes = (size_t)s->k->job->plan->n_lanes;
    s->used = myo_alloc((size_t)s->k->n + 1, 1);
    s->seen = myo_alloc(n_lanes, sizeof *s->seen);
    s->site = myo_alloc(n_lanes, sizeof *s->site);
    s->c.member = myo_alloc(n_lanes, sizeof *s->c.member);
    s->c.moved = myo_alloc(n_lanes, sizeof *s->c.moved);
    return s->used && s->seen && s->site && s->c.member && s->c.moved;
}

myo_err myo_link_spread(myo_linking *k)
{
    spreading s = {.k = k};
    const myo_err err = make(&s) ? each_jerk(&s) : MYO_ERR_NOMEM;
    myo_free(s.used);
    myo_free(s.seen);
    myo_free(s.site);
    myo_free(s.c.member);
    myo_free(s.c.moved);
    return err;
}
