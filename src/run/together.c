/* together.c - which events of other lanes start with an event, or take turns with it. */
#include <math.h>
#include <string.h>
#include "run/link_in.h"

static const double LONG_S = 0.5; /* from here on, overlap rather than onset says "together" */

static bool together(const myo_link_entry *a, const myo_link_entry *b, double sync_s)
{
    if (fabs(a->on - b->on) <= sync_s) {
        return true;
    }
    const double la = (double)a->length, lb = (double)b->length;
    if (la < LONG_S || lb < LONG_S) {
        return false;
    }
    return fmin(myo_link_end(a), myo_link_end(b)) - fmax(a->on, b->on) >= 0.5 * fmax(la, lb);
}

static void meet(const myo_linking *k, const myo_link_entry *me, const myo_link_entry *o, bool *seen, myo_company *c)
{
    if (o->lane == me->lane || seen[o->lane] || !together(me, o, k->job->params->group_sync_ms / 1000.0)) {
        return;
    }
    const myo_plan *plan = k->job->plan;
    seen[o->lane] = true;
    c->first_on = fmin(c->first_on, o->on);
    if (plan->lane[o->lane].cfg.kind == plan->lane[me->lane].cfg.kind) {
        c->others++;
        c->alike += fabs(o->on - me->on) < 0.001 && fabs(myo_link_end(o) - myo_link_end(me)) < 0.002;
    }
}

/* Muscles that take turns: a movement of several, as walking is (science.md 1.2). */
void myo_find_crowd(const myo_linking *k, int64_t i, bool *seen, myo_company *c)
{
    static const double REACH_S = 1.5, SHORT_S = 0.2, LONGEST_S = 5.0, TOGETHER_S = 0.1;
    const myo_link_entry *me = &k->e[i];
    const double end = fmin(myo_link_end(me), me->on + 1.0); /* a long event would meet everybody in the end */
    memset(seen, 0, sizeof *seen * (size_t)k->job->plan->n_lanes);
    for (int way = -1; way <= 1; way += 2) {
        for (int64_t j = i + way; j >= 0 && j < k->n; j += way) {
            const myo_link_entry *o = &k->e[j];
            const double d = fabs(o->on - me->on), length = (double)o->length;
            if (d > REACH_S + (way < 0 ? LONGEST_S : end - me->on)) {
                break;
            }
            const bool near = myo_link_end(o) > me->on - REACH_S && o->on < end + REACH_S;
            if (o->lane != me->lane && !seen[o->lane] && near && d > TOGETHER_S && length > SHORT_S &&
                length < LONGEST_S && k->job->plan->lane[o->lane].cfg.kind == MYO_KIND_EMG) {
                seen[o->lane] = true;
                c->crowd++;
            }
        }
    }
}

/* Who else fires with event i. Neighbours in onset order reach as far as the longest event. */
void myo_find_company(const myo_linking *k, int64_t i, bool *seen, myo_company *c)
{
    const myo_link_entry *me = &k->e[i];
    const int n_lanes = k->job->plan->n_lanes;
    const double sync_s = k->job->params->group_sync_ms / 1000.0;
    const double back = fmax(sync_s, (double)me->length >= LONG_S ? k->longest : 0.0);
    memset(seen, 0, sizeof *seen * (size_t)n_lanes);
    c->first_on = me->on;
    for (int64_t j = i - 1; j >= 0 && me->on - k->e[j].on <= back; j--) {
        meet(k, me, &k->e[j], seen, c);
    }
    for (int64_t j = i + 1; j < k->n && k->e[j].on <= fmax(myo_link_end(me), me->on + sync_s); j++) {
        meet(k, me, &k->e[j], seen, c);
    }
    for (int l = 0; l < n_lanes; l++) {
        if (seen[l]) {
            myo_buf_printf(&c->names, "%s%s", c->names.n ? ";" : "", k->job->plan->lane[l].name);
        }
    }
}
