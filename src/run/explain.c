/* explain.c - STEM_explain.tsv: each event's two best rules, condition by condition, and what its confidence follows from. */
#include <math.h>
#include <string.h>
#include "classify/features.h"
#include "classify/rules.h"
#include "classify/trust.h"
#include "run/link_in.h"

/* What all rows of an event and rank begin with. */
typedef struct head {
    const myo_cand *c;
    const myo_plan_lane *lane;
    int64_t id;
    int rank;
    myo_class cls;
    const char *rule;
    myo_table *table;
} head;

/* The rest of a row; NaN and NULL: does not apply. */
typedef struct evidence {
    const char *name, *unit, *direction, *scale, *meaning; /* name in capitals */
    double value, at, width, membership, weight, log_odds;
} evidence;

static const char *lower(char *dst, size_t cap, const char *name)
{
    size_t n = 0;
    for (; name[n] && n + 1 < cap; n++) {
        dst[n] = (char)(name[n] >= 'A' && name[n] <= 'Z' ? name[n] - 'A' + 'a' : name[n]);
    }
    dst[n] = '\0';
    return dst;
}

static myo_err write_row(const head *h, const evidence *e)
{
    char name[64];
    const myo_cell cells[] = {
        {.num = h->c->on}, {.num = h->c->off - h->c->on}, {.i = h->id}, {.text = h->lane->name}, {.i = h->rank},
        {.text = myo_class_name(h->cls)}, {.text = h->rule}, {.text = lower(name, sizeof name, e->name)},
        {.num = e->value}, {.text = e->unit && e->unit[0] ? e->unit : NULL}, {.num = e->at}, {.text = e->direction},
        {.text = e->scale}, {.num = e->width}, {.num = e->membership}, {.num = e->weight}, {.num = e->log_odds},
        {.text = e->meaning},
    };
    return myo_table_row(h->table, cells);
}

static myo_err write_term(const head *h, const myo_term *t)
{
    const bool logs = t->cmp == MYO_LOG_ABOVE || t->cmp == MYO_LOG_BELOW;
    const bool above = t->cmp == MYO_ABOVE || t->cmp == MYO_LOG_ABOVE;
    const myo_feat_row *f = &myo_feat_rows[t->feat];
    const evidence e = {
        .name = f->name,
        .unit = t->feat == MYO_F_PEAK || t->feat == MYO_F_AMP || t->feat == MYO_F_TURN ? h->lane->unit : f->unit,
        .direction = above ? "above" : "below", .scale = logs ? "log" : "linear", .meaning = f->meaning,
        .value = (double)h->c->f[t->feat], .at = t->at, .width = t->soft,
        .membership = myo_term_membership(t, h->c), .weight = t->weight, .log_odds = myo_term_log_odds(t, h->c),
    };
    return write_row(h, &e);
}

static myo_err write_rule(head *h, const myo_rule *r)
{
    h->rule = r->name;
    for (int i = 0; i < r->n_terms; i++) {
        MYO_TRY(write_term(h, &r->terms[i]));
    }
    const evidence bias = {.name = "BIAS", .meaning = "the rule's own addition", .value = NAN, .at = NAN, .width = NAN,
                           .membership = NAN, .weight = NAN, .log_odds = r->bias};
    return r->bias != 0.0 ? write_row(h, &bias) : MYO_OK;
}

static myo_err write_trust(head *h, const myo_verdict *v)
{
    const myo_kind kind = h->lane->cfg.kind;
    double x[MYO_N_TRUST];
    h->rule = "confidence";
    myo_trust_look(x, h->c, v->share, v->fit);
    for (int i = 0; i < MYO_N_TRUST; i++) {
        const double w = myo_trust_weight(kind, (myo_trust_id)i);
        const myo_trust_row *row = &myo_trust_rows[i];
        const evidence e = {.name = row->name, .unit = row->unit, .meaning = row->meaning, .value = x[i], .at = NAN,
                            .width = NAN, .membership = NAN, .weight = w, .log_odds = w * x[i]};
        MYO_TRY(write_row(h, &e));
    }
    return MYO_OK;
}

static myo_err explain_event(myo_linking *k, int64_t i, const myo_cand *c, const myo_verdict *v)
{
    head h = {.c = c, .lane = &k->job->plan->lane[c->lane], .id = i + 1, .rank = 1, .cls = v->best,
              .table = k->table[MYO_TABLE_EXPLAIN]};
    if (v->why[0]) {
        MYO_TRY(write_rule(&h, v->why[0]));
        MYO_TRY(myo_is_doubted(v->best) ? write_trust(&h, v) : MYO_OK);
    }
    h.rank = 2;
    h.cls = v->second;
    return v->why[1] ? write_rule(&h, v->why[1]) : MYO_OK;
}

myo_err myo_link_explain(myo_linking *k)
{
    bool *seen = myo_alloc((size_t)k->job->plan->n_lanes, sizeof *seen);
    myo_err err = seen ? MYO_OK : MYO_ERR_NOMEM;
    for (int64_t i = 0; i < k->n && err == MYO_OK; i++) {
        myo_company co = {0};
        myo_cand c;
        myo_verdict v;
        err = myo_link_judge(k, i, seen, &c, &v, &co);
        err = err == MYO_OK ? explain_event(k, i, &c, &v) : err;
        myo_buf_clear(&co.names);
    }
    myo_free(seen);
    return err;
}
