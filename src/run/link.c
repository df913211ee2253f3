/* link.c - events of all lanes in one order: who fires together, what it is, and the tables. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "classify/rules.h"
#include "event/edge.h"
#include "out/table_file.h"
#include "run/link_in.h"
#include "run/tremor.h"

const myo_schema *const myo_link_tables[MYO_N_TABLES] = {
#define T(id, name) [MYO_TABLE_##id] = &myo_##name##_schema,
    MYO_LINK_TABLES
#undef T
};

static int by_onset(const void *a, const void *b)
{
    const myo_link_entry *x = a, *y = b;
    if (x->on != y->on) {
        return x->on < y->on ? -1 : 1;
    }
    if (x->lane != y->lane) {
        return x->lane < y->lane ? -1 : 1;
    }
    return (x->event > y->event) - (x->event < y->event);
}

static myo_err build_index(myo_linking *k)
{
    const int n_lanes = k->job->plan->n_lanes;
    for (int i = 0; i < n_lanes; i++) {
        k->n += myo_store_count(k->job->lane[i].cands);
    }
    k->e = myo_alloc((size_t)k->n + 1, sizeof *k->e);
    k->id = myo_alloc((size_t)n_lanes, sizeof *k->id);
    k->cls = myo_alloc((size_t)k->n + 1, 5);
    k->form = k->cls ? k->cls + k->n + 1 : NULL;
    k->turns = k->cls ? k->form + k->n + 1 : NULL;
    k->series = k->cls ? k->turns + k->n + 1 : NULL;
    k->excess = k->cls ? k->series + k->n + 1 : NULL;
    if (!k->e || !k->id || !k->cls) {
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
            k->e[at++] = (myo_link_entry){c.on, (float)(c.off - c.on), i, (int32_t)j};
            k->longest = fmax(k->longest, c.off - c.on);
        }
    }
    myo_sort_in_place(k->e, (size_t)k->n, sizeof *k->e, by_onset); /* a copy would double the memory of an event */
    for (int64_t i = 0; i < k->n; i++) {
        k->id[k->e[i].lane][k->e[i].event] = (int32_t)(i + 1);
    }
    return MYO_OK;
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
    if (c->form == MYO_FORM_GAIT) {
        return c->f[MYO_F_STEPS];
    }
    const bool rhythmic = cls == MYO_TREMOR || cls == MYO_TETANY || cls == MYO_CLONUS || c->form == MYO_FORM_TRAIN;
    if (!rhythmic) {
        return 0.0;
    }
    const double peak = c->f[MYO_F_PEAK_HZ], rate = c->f[MYO_F_RATE];
    return c->form == MYO_FORM_TRAIN && rate > 0.0 ? rate : peak;
}

static uint32_t event_flags(const myo_cand *c, myo_class cls, myo_kind kind, bool excess)
{
    static const float POSITIVE_S = 120.0f;
    uint32_t flags = c->flags;
    flags |= cls == MYO_TETANY && c->f[MYO_F_QUADS] >= POSITIVE_S ? MYO_FLAG_EMG_POSITIVE : 0u;
    flags |= cls == MYO_FRAGMENTARY && excess ? MYO_FLAG_EXCESSIVE : 0u;
    if (cls == MYO_TREMOR && kind == MYO_KIND_EMG && c->f[MYO_F_RATE] >= 3.0f && c->f[MYO_F_RATE] <= 8.0f &&
        c->f[MYO_F_CV] <= 0.15f) {
        flags |= MYO_FLAG_CLONUS_LIKE; /* science.md 5.3 rule 3: clonus only by preset */
    }
    return flags;
}

static myo_err write_event(myo_linking *k, int64_t i, const myo_cand *c, const myo_verdict *v, const myo_company *co)
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
        {.text = flag_text(flags, sizeof flags, event_flags(c, v->cls, l->cfg.kind, k->excess[i]))},
        {.num = myo_duration_sd_ms((double)c->onset_sd_ms, (double)c->end_sd_ms)},
    };
    MYO_TRY(myo_table_row(k->table[MYO_TABLE_EVENTS], cells));
    MYO_TRY(myo_tremor_note(k->job, c, v->cls, i + 1, k->e[i].event));
    return myo_summary_add(k->summary, c, v->cls, freq);
}

myo_err myo_link_judge(const myo_linking *k, int64_t i, bool *seen, myo_cand *c, myo_verdict *v, myo_company *co)
{
    const myo_link_entry *e = &k->e[i];
    MYO_TRY(myo_store_get(k->job->lane[e->lane].cands, e->event, c, k->job->d));
    myo_find_company(k, i, seen, co);
    myo_find_crowd(k, i, seen, co);
    c->f[MYO_F_OTHERS] = (float)co->others;
    c->f[MYO_F_ALIKE] = (float)co->alike;
    c->f[MYO_F_CROWD] = (float)co->crowd;
    c->f[MYO_F_SERIES] = (float)k->series[i];
    myo_classify(v, c, k->job->plan->lane[e->lane].cfg.kind, k->job->params);
    return co->names.failed ? MYO_ERR_NOMEM : MYO_OK;
}

myo_err myo_link_events(myo_linking *k)
{
    bool *seen = myo_alloc((size_t)k->job->plan->n_lanes, sizeof *seen);
    myo_err err = seen ? myo_link_series(k) : MYO_ERR_NOMEM;
    err = err == MYO_OK ? myo_link_excess(k) : err;
    for (int64_t i = 0; i < k->n && err == MYO_OK; i++) {
        myo_company co = {0};
        myo_cand c;
        myo_verdict v;
        err = myo_link_judge(k, i, seen, &c, &v, &co);
        if (err == MYO_OK) {
            k->cls[i] = (uint8_t)v.cls;
            k->form[i] = (uint8_t)c.form;
            k->turns[i] = co.crowd >= MYO_CROWD_MIN;
            err = write_event(k, i, &c, &v, &co);
        }
        myo_buf_clear(&co.names);
    }
    myo_free(seen);
    return err;
}

static myo_err write_burst(myo_linking *k, const myo_burst *b, int lane, int64_t id)
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
        {.num = myo_duration_sd_ms((double)b->onset_sd_ms, (double)b->end_sd_ms)},
    };
    return myo_table_row(k->table[MYO_TABLE_BURSTS], cells);
}

/* Bursts of all lanes in one order: each lane's are in order already. */
myo_err myo_link_bursts(myo_linking *k)
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

static myo_err write_lane(myo_linking *k, int i)
{
    const myo_plan_lane *l = &k->job->plan->lane[i];
    const myo_lane_totals *t = &k->job->lane[i].totals;
    const myo_cell cells[] = {
        {.text = l->name}, {.text = myo_kind_name(l->cfg.kind)}, {.text = l->unit}, {.num = l->cfg.fs},
        {.num = t->duration_s}, {.num = t->usable_s}, {.num = t->masked_s}, {.num = t->gap_s},
        {.num = t->n_floor ? t->floor_sum / (double)t->n_floor : NAN}, {.text = l->flags[0] ? l->flags : NULL},
    };
    return myo_table_row(k->table[MYO_TABLE_CHANNELS], cells);
}

/* Channels no lane took: other kinds, and those too slow. */
static myo_err write_other(myo_linking *k, const myo_channel *c)
{
    const double seconds = (double)c->n_delivered / c->fs;
    const myo_cell cells[] = {
        {.text = c->label}, {.text = myo_kind_name(c->kind)}, {.text = c->file_unit[0] ? c->file_unit : NULL},
        {.num = c->fs}, {.num = seconds}, {.num = 0.0}, {.num = 0.0}, {.num = 0.0}, {.num = NAN},
        {.text = c->kind == MYO_KIND_OTHER ? "not_analysed" : c->n_missing >= c->n_delivered ? "no_samples" : "too_slow"},
    };
    return myo_table_row(k->table[MYO_TABLE_CHANNELS], cells);
}

myo_err myo_link_channels(myo_linking *k)
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

myo_err myo_link_summary(myo_linking *k)
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
    err = err == MYO_OK ? myo_summary_write(k->summary, k->job->plan, exposure, k->table[MYO_TABLE_SUMMARY]) : err;
    myo_free(exposure);
    myo_free(usable);
    return err;
}

/* ---- files ---- */

static myo_err open_table(const myo_linking *k, myo_table **t, const myo_schema *s)
{
    myo_buf path = {0};
    myo_buf_printf(&path, "%s_%s.tsv", k->job->stem_path, s->name);
    const myo_err err = path.failed ? MYO_ERR_NOMEM : myo_table_open(t, s, path.s, k->job->d);
    myo_buf_clear(&path);
    return err;
}

/* One after the other: a run needs one descriptor for them all (reliability.md 4.5). */
static myo_err write_all(myo_linking *k, myo_outfile file[MYO_N_TABLES])
{
    static myo_err (*const write[MYO_N_TABLES])(myo_linking *) = {
#define T(id, name) [MYO_TABLE_##id] = myo_link_##name,
        MYO_LINK_TABLES
#undef T
    };
    myo_err err = MYO_OK;
    int n = 0;
    for (; n < MYO_N_TABLES && err == MYO_OK; n++) {
        if (myo_link_optional(n) && !k->job->explain) {
            continue;
        }
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
    myo_linking k = {.job = job};
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
    myo_free(k.cls);
    return err;
}
