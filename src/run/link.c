/* link.c - events of all lanes in one order: who fires together, what it is, and the tables. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "classify/rules.h"
#include "out/table_file.h"
#include "run/link.h"
#include "run/summary.h"

enum { EVENTS, BURSTS, CHANNELS, SUMMARY };
const myo_schema *const myo_link_tables[MYO_N_TABLES] = {
    [EVENTS] = &myo_events_schema, [BURSTS] = &myo_bursts_schema,
    [CHANNELS] = &myo_channels_schema, [SUMMARY] = &myo_summary_schema,
};

static const double LONG_S = 0.5; /* from here on, overlap rather than onset says "together" */

/* One candidate, as little as the comparison of lanes needs: 24 bytes. */
typedef struct entry {
    double on;
    float length;       /* s */
    int32_t lane;
    int32_t event;      /* number in the lane */
} entry;

static double end_of(const entry *e)
{
    return e->on + (double)e->length;
}

typedef struct link {
    const myo_link_job *job;
    entry *e;           /* all candidates by onset, then lane */
    int64_t n;
    int32_t **id;       /* id[lane][event]: number in the table, from 1 */
    double longest;     /* longest event so far decides how far back overlaps reach */
    myo_table *table[MYO_N_TABLES];
    myo_summary *summary;
} link;

static int by_onset(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    if (x->on != y->on) {
        return x->on < y->on ? -1 : 1;
    }
    if (x->lane != y->lane) {
        return x->lane < y->lane ? -1 : 1;
    }
    return (x->event > y->event) - (x->event < y->event);
}

static myo_err build_index(link *k)
{
    const int n_lanes = k->job->plan->n_lanes;
    for (int i = 0; i < n_lanes; i++) {
        k->n += myo_store_count(k->job->lane[i].cands);
    }
    k->e = myo_alloc((size_t)k->n + 1, sizeof *k->e);
    k->id = myo_alloc((size_t)n_lanes, sizeof *k->id);
    if (!k->e || !k->id) {
        return myo_fail(k->job->d, MYO_ERR_NOMEM, "no memory for %lld events", (long long)k->n);
    }
    int64_t at = 0;
    for (int i = 0; i < n_lanes; i++) {
        myo_store *s = k->job->lane[i].cands;
        k->id[i] = myo_alloc((size_t)myo_store_count(s) + 1, sizeof **k->id);
        if (!k->id[i]) {
            return myo_fail(k->job->d, MYO_ERR_NOMEM, "no memory for %lld events", (long long)k->n);
        }
        for (int64_t j = 0; j < myo_store_count(s); j++) {
            myo_cand c;
            MYO_TRY(myo_store_get(s, j, &c, k->job->d));
            k->e[at++] = (entry){c.on, (float)(c.off - c.on), i, (int32_t)j};
            k->longest = fmax(k->longest, c.off - c.on);
        }
    }
    myo_sort_in_place(k->e, (size_t)k->n, sizeof *k->e, by_onset); /* a copy would double the memory of an event */
    for (int64_t i = 0; i < k->n; i++) {
        k->id[k->e[i].lane][k->e[i].event] = (int32_t)(i + 1);
    }
    return MYO_OK;
}

/* ---- together ---- */

static bool together(const entry *a, const entry *b, double sync_s)
{
    if (fabs(a->on - b->on) <= sync_s) {
        return true;
    }
    const double la = (double)a->length, lb = (double)b->length;
    if (la < LONG_S || lb < LONG_S) {
        return false;
    }
    return fmin(end_of(a), end_of(b)) - fmax(a->on, b->on) >= 0.5 * fmax(la, lb);
}

typedef struct company {
    myo_buf names;      /* "a;b" */
    int others, alike, crowd;
    double first_on;    /* earliest onset of those together, this one included */
} company;

static void meet(const link *k, const entry *me, const entry *o, bool *seen, company *c)
{
    if (o->lane == me->lane || seen[o->lane] || !together(me, o, k->job->params->group_sync_ms / 1000.0)) {
        return;
    }
    const myo_plan *plan = k->job->plan;
    seen[o->lane] = true;
    c->first_on = fmin(c->first_on, o->on);
    if (plan->lane[o->lane].cfg.kind == plan->lane[me->lane].cfg.kind) {
        c->others++;
        c->alike += fabs(o->on - me->on) < 0.001 && fabs(end_of(o) - end_of(me)) < 0.002;
    }
}

/* Muscles that take turns: a movement of several, as walking is (science.md 1.2). */
static void find_crowd(const link *k, int64_t i, bool *seen, company *c)
{
    static const double REACH_S = 1.5, SHORT_S = 0.2, LONGEST_S = 5.0, TOGETHER_S = 0.1;
    const entry *me = &k->e[i];
    const double end = fmin(end_of(me), me->on + 1.0); /* a long event would meet everybody in the end */
    memset(seen, 0, sizeof *seen * (size_t)k->job->plan->n_lanes);
    for (int way = -1; way <= 1; way += 2) {
        for (int64_t j = i + way; j >= 0 && j < k->n; j += way) {
            const entry *o = &k->e[j];
            const double d = fabs(o->on - me->on), length = (double)o->length;
            if (d > REACH_S + (way < 0 ? LONGEST_S : end - me->on)) {
                break;
            }
            const bool near = end_of(o) > me->on - REACH_S && o->on < end + REACH_S;
            if (o->lane != me->lane && !seen[o->lane] && near && d > TOGETHER_S && length > SHORT_S &&
                length < LONGEST_S && k->job->plan->lane[o->lane].cfg.kind == MYO_KIND_EMG) {
                seen[o->lane] = true;
                c->crowd++;
            }
        }
    }
}

/* Who else fires with event i. Neighbours in onset order reach as far as the longest event. */
static void find_company(const link *k, int64_t i, bool *seen, company *c)
{
    const entry *me = &k->e[i];
    const int n_lanes = k->job->plan->n_lanes;
    const double sync_s = k->job->params->group_sync_ms / 1000.0;
    const double back = fmax(sync_s, (double)me->length >= LONG_S ? k->longest : 0.0);
    memset(seen, 0, sizeof *seen * (size_t)n_lanes);
    c->first_on = me->on;
    for (int64_t j = i - 1; j >= 0 && me->on - k->e[j].on <= back; j--) {
        meet(k, me, &k->e[j], seen, c);
    }
    for (int64_t j = i + 1; j < k->n && k->e[j].on <= fmax(end_of(me), me->on + sync_s); j++) {
        meet(k, me, &k->e[j], seen, c);
    }
    for (int l = 0; l < n_lanes; l++) {
        if (seen[l]) {
            myo_buf_printf(&c->names, "%s%s", c->names.n ? ";" : "", k->job->plan->lane[l].name);
        }
    }
}

/* ---- rows ---- */

static const char *flag_text(char *dst, size_t cap, uint32_t flags)
{
    size_t n = 0;
    dst[0] = '\0';
    for (int bit = 0; bit < MYO_N_FLAG; bit++) {
        if (flags & (1u << bit) && n < cap) {
            n += (size_t)snprintf(dst + n, cap - n, "%s%s", n ? ";" : "", myo_flag_name(bit));
        }
    }
    return n ? dst : NULL;
}

static double or_none(double v, bool is)
{
    return is ? v : NAN;
}

/* The event's rhythm: its spectral peak where it has one, else its burst rate. */
static double frequency(const myo_cand *c, myo_class cls)
{
    const bool rhythmic = cls == MYO_TREMOR || cls == MYO_TETANY || c->form == MYO_FORM_TRAIN;
    if (!rhythmic) {
        return 0.0;
    }
    const double peak = c->f[MYO_F_PEAK_HZ], rate = c->f[MYO_F_RATE];
    return c->form == MYO_FORM_TRAIN && rate > 0.0 ? rate : peak;
}

static uint32_t event_flags(const myo_cand *c, myo_class cls, myo_kind kind)
{
    uint32_t flags = c->flags;
    if (cls == MYO_TREMOR && kind == MYO_KIND_EMG && c->f[MYO_F_RATE] >= 3.0f && c->f[MYO_F_RATE] <= 8.0f &&
        c->f[MYO_F_CV] <= 0.15f) {
        flags |= MYO_FLAG_CLONUS_LIKE; /* science.md 5.3 rule 3: clonus only by preset */
    }
    return flags;
}

static myo_err write_event(link *k, int64_t i, const myo_cand *c, const myo_verdict *v, const company *co)
{
    const myo_plan_lane *l = &k->job->plan->lane[c->lane];
    const double freq = frequency(c, v->cls);
    char flags[128];
    const bool bursts = c->n_bursts > 0;
    const myo_cell cells[] = {
        {.num = c->on}, {.num = c->off - c->on}, {.text = myo_class_name(v->cls)}, {.text = l->name},
        {.i = i + 1}, {.num = v->confidence},
        {.text = v->second == MYO_INDETERMINATE ? NULL : myo_class_name(v->second)},
        {.num = or_none(v->second_confidence, v->second != MYO_INDETERMINATE)}, {.text = v->rule},
        {.i = c->n_bursts}, {.num = or_none(freq, freq > 0.0)}, {.num = c->interval_cv},
        {.num = or_none(c->f[MYO_F_PEAK], bursts)},
        {.num = bursts ? c->rms : c->f[MYO_F_AMP]}, {.num = or_none(c->area, bursts)}, {.text = l->unit},
        {.num = or_none(c->f[MYO_F_SNR], bursts)}, {.num = or_none(c->f[MYO_F_MDF], bursts)},
        {.text = co->names.n ? co->names.s : NULL},
        {.num = or_none((c->on - co->first_on) * 1000.0, co->names.n > 0)},
        {.text = flag_text(flags, sizeof flags, event_flags(c, v->cls, l->cfg.kind))},
    };
    MYO_TRY(myo_table_row(k->table[EVENTS], cells));
    return myo_summary_add(k->summary, c, v->cls, freq);
}

static myo_err write_events(link *k)
{
    bool *seen = myo_alloc((size_t)k->job->plan->n_lanes, sizeof *seen);
    myo_err err = seen ? MYO_OK : MYO_ERR_NOMEM;
    for (int64_t i = 0; i < k->n && err == MYO_OK; i++) {
        const entry *e = &k->e[i];
        company co = {0};
        myo_cand c;
        myo_verdict v;
        err = myo_store_get(k->job->lane[e->lane].cands, e->event, &c, k->job->d);
        if (err == MYO_OK) {
            find_company(k, i, seen, &co);
            find_crowd(k, i, seen, &co);
            c.f[MYO_F_OTHERS] = (float)co.others;
            c.f[MYO_F_ALIKE] = (float)co.alike;
            c.f[MYO_F_CROWD] = (float)co.crowd;
            myo_classify(&v, &c, k->job->plan->lane[e->lane].cfg.kind, k->job->params);
            err = co.names.failed ? MYO_ERR_NOMEM : write_event(k, i, &c, &v, &co);
        }
        myo_buf_clear(&co.names);
    }
    myo_free(seen);
    return err;
}

static myo_err write_burst(link *k, const myo_burst *b, int lane, int64_t id)
{
    const myo_plan_lane *l = &k->job->plan->lane[lane];
    char flags[128];
    const myo_cell cells[] = {
        {.num = b->on}, {.num = b->off - b->on}, {.text = l->name}, {.i = id},
        {.i = k->id[lane][b->event]}, {.num = b->peak_at}, {.num = b->peak}, {.num = b->rms}, {.num = b->area},
        {.text = l->unit}, {.num = b->snr_db}, {.num = b->rise_ms}, {.num = b->fall_ms}, {.num = b->mdf_hz},
        {.i = (int64_t)b->turns}, {.num = b->crest},
        {.num = or_none(b->template_corr, l->cfg.kind == MYO_KIND_EMG && b->template_corr != 0.0f)},
        {.num = b->onset_sd_ms}, {.text = flag_text(flags, sizeof flags, b->flags)},
    };
    return myo_table_row(k->table[BURSTS], cells);
}

/* Bursts of all lanes in one order: each lane's are in order already. */
static myo_err write_bursts(link *k)
{
    const int n_lanes = k->job->plan->n_lanes;
    struct head { int64_t at, n; myo_burst b; } *h = myo_alloc((size_t)n_lanes, sizeof *h);
    myo_err err = h ? MYO_OK : MYO_ERR_NOMEM;
    for (int i = 0; i < n_lanes && err == MYO_OK; i++) {
        h[i].n = myo_store_count(k->job->lane[i].bursts);
        err = h[i].n > 0 ? myo_store_get(k->job->lane[i].bursts, 0, &h[i].b, k->job->d) : MYO_OK;
    }
    for (int64_t id = 1; err == MYO_OK; id++) {
        int next = -1;
        for (int i = 0; i < n_lanes; i++) {
            if (h[i].at < h[i].n && (next < 0 || h[i].b.on < h[next].b.on)) {
                next = i;
            }
        }
        if (next < 0) {
            break;
        }
        err = write_burst(k, &h[next].b, next, id);
        if (err == MYO_OK && ++h[next].at < h[next].n) {
            err = myo_store_get(k->job->lane[next].bursts, h[next].at, &h[next].b, k->job->d);
        }
    }
    myo_free(h);
    return err;
}

static myo_err write_lane(link *k, int i)
{
    const myo_plan_lane *l = &k->job->plan->lane[i];
    const myo_lane_totals *t = &k->job->lane[i].totals;
    const myo_cell cells[] = {
        {.text = l->name}, {.text = myo_kind_name(l->cfg.kind)}, {.text = l->unit}, {.num = l->cfg.fs},
        {.num = t->duration_s}, {.num = t->usable_s}, {.num = t->masked_s}, {.num = t->gap_s},
        {.num = t->n_floor ? t->floor_sum / (double)t->n_floor : NAN}, {.text = l->flags[0] ? l->flags : NULL},
    };
    return myo_table_row(k->table[CHANNELS], cells);
}

/* Channels no lane took: other kinds, and those too slow. */
static myo_err write_other(link *k, const myo_channel *c)
{
    const double seconds = (double)c->n_delivered / c->fs;
    const myo_cell cells[] = {
        {.text = c->label}, {.text = myo_kind_name(c->kind)}, {.text = c->file_unit[0] ? c->file_unit : NULL},
        {.num = c->fs}, {.num = seconds}, {.num = 0.0}, {.num = 0.0}, {.num = 0.0}, {.num = NAN},
        {.text = c->kind == MYO_KIND_OTHER ? "not_analysed" : "too_slow"},
    };
    return myo_table_row(k->table[CHANNELS], cells);
}

static myo_err write_channels(link *k)
{
    const myo_plan *plan = k->job->plan;
    for (int i = 0; i < plan->n_lanes; i++) {
        MYO_TRY(write_lane(k, i));
    }
    for (int c = 0; c < k->job->info->n_ch; c++) {
        bool used = false;
        for (int i = 0; i < plan->n_lanes; i++) {
            for (int a = 0; a < plan->lane[i].cfg.n_axes; a++) {
                used = used || plan->lane[i].ch[a] == c;
            }
        }
        if (!used) {
            MYO_TRY(write_other(k, &k->job->info->ch[c]));
        }
    }
    return MYO_OK;
}

static myo_err write_summary(link *k)
{
    const int n = k->job->plan->n_lanes;
    double *exposure = myo_alloc((size_t)n + 1, sizeof *exposure);
    const myo_usable **usable = myo_alloc((size_t)n, sizeof(myo_usable *));
    myo_err err = exposure && usable ? MYO_OK : MYO_ERR_NOMEM;
    for (int i = 0; err == MYO_OK && i < n; i++) {
        exposure[i] = k->job->lane[i].totals.usable_s;
        usable[i] = &k->job->lane[i].usable;
    }
    err = err == MYO_OK ? myo_usable_union(usable, n, &exposure[n]) : err;
    err = err == MYO_OK ? myo_summary_write(k->summary, k->job->plan, exposure, k->table[SUMMARY]) : err;
    myo_free(exposure);
    myo_free(usable);
    return err;
}

/* ---- files ---- */

static myo_err open_table(const link *k, myo_table **t, const myo_schema *s)
{
    myo_buf path = {0};
    myo_buf_printf(&path, "%s_%s.tsv", k->job->stem_path, s->name);
    const myo_err err = path.failed ? MYO_ERR_NOMEM : myo_table_open(t, s, path.s, k->job->d);
    myo_buf_clear(&path);
    return err;
}

/* One after the other: a run needs one descriptor for them all (reliability.md 4.5). */
static myo_err write_all(link *k, myo_outfile file[MYO_N_TABLES])
{
    static myo_err (*const write[MYO_N_TABLES])(link *) = {
        [EVENTS] = write_events, [BURSTS] = write_bursts, [CHANNELS] = write_channels, [SUMMARY] = write_summary,
    };
    myo_err err = MYO_OK;
    int n = 0;
    for (; n < MYO_N_TABLES && err == MYO_OK; n++) {
        err = open_table(k, &k->table[n], myo_link_tables[n]);
        err = err == MYO_OK ? write[n](k) : err;
        err = err == MYO_OK ? myo_table_hand_over(&k->table[n], &file[n]) : err;
    }
    for (int i = 0; i < n && err != MYO_OK; i++) {
        myo_outfile_abort(&file[i]);
    }
    return err;
}

myo_err myo_link(const myo_link_job *job, myo_outfile file[MYO_N_TABLES])
{
    link k = {.job = job};
    myo_err err = build_index(&k);
    if (err == MYO_OK) {
        err = myo_summary_new(&k.summary, job->plan, job->params->group_sync_ms / 1000.0);
    }
    err = err == MYO_OK ? write_all(&k, file) : err;
    for (int i = 0; i < MYO_N_TABLES; i++) {
        myo_table_abort(&k.table[i]);
    }
    myo_summary_free(&k.summary);
    for (int i = 0; k.id && i < job->plan->n_lanes; i++) {
        myo_free(k.id[i]);
    }
    myo_free(k.id);
    myo_free(k.e);
    return err;
}
