/* linklegs.c - what leg movements of all channels are together: both legs' movements as one, periodic series, and
 * stretches with excessive fragmentary myoclonus. */
#include <math.h>
#include <string.h>
#include "classify/rules.h"
#include "run/link_in.h"

static const double PAIR_MAX_S = 15.0;          /* WASM16: both legs together */
enum { FM_PER_MIN = 5, FM_MINUTES = 20 };       /* ATS: excessive */

/* A movement, of one leg or of both: its members are entries with its number. */
typedef struct movement {
    double on, off;
    bool series;
} movement;

typedef struct sleeper {
    myo_linking *k;
    const myo_params *p;
    int32_t *of;          /* movement of entry i, -1 for none */
    movement *m;
    int64_t n;
} sleeper;

/* Does the movement of a lane at [on, off) go on with the last one, made by other lanes? */
static bool is_pair(const sleeper *s, const bool *lanes, int lane, double on, double off)
{
    const movement *last = s->n > 0 ? &s->m[s->n - 1] : NULL;
    return last && !lanes[lane] && on - last->off <= s->p->legs_pair_s && fmax(off, last->off) - last->on <= PAIR_MAX_S;
}

static myo_err gather(sleeper *s, bool *lanes)
{
    myo_linking *k = s->k;
    const int n_lanes = k->job->plan->n_lanes;
    for (int64_t i = 0; i < k->n; i++) {
        const myo_link_entry *e = &k->e[i];
        myo_cand c;
        myo_verdict v;
        s->of[i] = -1;
        MYO_TRY(myo_store_get(k->job->lane[e->lane].cands, e->event, &c, k->job->d));
        if (c.form != MYO_FORM_LEG) {
            continue;
        }
        myo_classify(&v, &c, MYO_KIND_EMG, s->p);
        if (v.best != MYO_LEG_MOVEMENT) {
            continue; /* a mask's */
        }
        if (!is_pair(s, lanes, e->lane, c.on, c.off)) {
            memset(lanes, 0, sizeof *lanes * (size_t)n_lanes);
            s->m[s->n++] = (movement){c.on, c.off, false};
        }
        lanes[e->lane] = true;
        s->m[s->n - 1].off = fmax(s->m[s->n - 1].off, c.off);
        s->of[i] = (int32_t)(s->n - 1);
    }
    return MYO_OK;
}

static void mark_series(sleeper *s)
{
    for (int64_t first = 0, i = 0; i < s->n; i++) {
        const double gap = i + 1 < s->n ? s->m[i + 1].on - s->m[i].on : INFINITY;
        if (gap >= s->p->legs_imi_lo && gap <= s->p->legs_imi_hi) {
            continue;
        }
        for (int64_t j = first; i + 1 - first >= s->p->legs_run && j <= i; j++) {
            s->m[j].series = true;
        }
        first = i + 1;
    }
}

myo_err myo_link_series(myo_linking *k)
{
    sleeper s = {.k = k, .p = k->job->params};
    if (!s.p->legs_on) {
        return MYO_OK;
    }
    bool *lanes = myo_alloc((size_t)k->job->plan->n_lanes, sizeof *lanes);
    s.of = myo_alloc((size_t)k->n + 1, sizeof *s.of);
    s.m = myo_alloc((size_t)k->n + 1, sizeof *s.m);
    myo_err err = lanes && s.of && s.m ? gather(&s, lanes) : MYO_ERR_NOMEM;
    if (err == MYO_OK) {
        mark_series(&s);
        for (int64_t i = 0; i < k->n; i++) {
            k->series[i] = s.of[i] >= 0 && s.m[s.of[i]].series;
        }
    }
    myo_free(lanes);
    myo_free(s.of);
    myo_free(s.m);
    return err;
}

/* Whole minutes of the lane in which fragmentary myoclonus is found at least five times; count: of each minute. */
static myo_err count_minutes(myo_linking *k, int lane, uint16_t *count, int64_t n_minutes)
{
    for (int64_t i = 0; i < k->n; i++) {
        myo_cand c;
        myo_verdict v;
        if (k->e[i].lane != lane) {
            continue;
        }
        MYO_TRY(myo_store_get(k->job->lane[lane].cands, k->e[i].event, &c, k->job->d));
        myo_classify(&v, &c, MYO_KIND_EMG, k->job->params);
        const int64_t minute = (int64_t)floor(c.on / 60.0);
        if (v.cls == MYO_FRAGMENTARY && minute >= 0 && minute < n_minutes && count[minute] < UINT16_MAX) {
            count[minute]++;
        }
    }
    return MYO_OK;
}

/* Minutes of runs long enough keep a count; the others get 0. */
static void keep_runs(uint16_t *count, int64_t n)
{
    for (int64_t first = 0, i = 0; i <= n; i++) {
        if (i < n && count[i] >= FM_PER_MIN) {
            continue;
        }
        for (int64_t j = first; i - first < FM_MINUTES && j < i; j++) {
            count[j] = 0;
        }
        if (i < n) {
            count[i] = 0;
        }
        first = i + 1;
    }
}

myo_err myo_link_excess(myo_linking *k)
{
    double end = 0.0;
    if (!k->job->params->legs_on) {
        return MYO_OK;
    }
    for (int64_t i = 0; i < k->n; i++) {
        end = fmax(end, myo_link_end(&k->e[i]));
    }
    const int64_t n = (int64_t)(end / 60.0) + 1;
    uint16_t *count = myo_alloc((size_t)n, sizeof *count);
    myo_err err = count ? MYO_OK : MYO_ERR_NOMEM;
    for (int lane = 0; err == MYO_OK && lane < k->job->plan->n_lanes; lane++) {
        memset(count, 0, sizeof *count * (size_t)n);
        err = k->job->plan->lane[lane].cfg.kind == MYO_KIND_EMG ? count_minutes(k, lane, count, n) : MYO_OK;
        keep_runs(count, n);
        for (int64_t i = 0; i < k->n; i++) {
            const int64_t minute = (int64_t)floor(k->e[i].on / 60.0);
            if (k->e[i].lane == lane && minute >= 0 && minute < n) {
                k->excess[i] = count[minute] > 0;
            }
        }
    }
    myo_free(count);
    return err;
}
