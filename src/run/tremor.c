/* tremor.c - STEM_tremor.tsv: the measured rows of all lanes in one order. */
#include <math.h>
#include <string.h>
#include "run/link_in.h"
#include "run/tremor.h"

static const double MM_PER_S2 = 9806.65; /* of 1 g */

/* Displacement (mm) of a swing at f Hz with this acceleration (science.md 1.2); none for other units. */
static double displacement(const myo_plan_lane *l, double amplitude, double f)
{
    const bool g = l->cfg.kind == MYO_KIND_ACC && strcmp(l->unit, "g") == 0;
    return g ? amplitude * MM_PER_S2 / (4.0 * M_PI * M_PI * f * f) : NAN;
}

static myo_err write_row(const myo_plan_lane *l, const myo_tremor_row *r, myo_table *t)
{
    const myo_cell cells[] = {
        {.num = r->on}, {.num = r->off - r->on}, {.text = r->window ? "window" : "episode"}, {.text = l->name},
        {.i = r->id}, {.num = r->freq}, {.num = r->ratio_db}, {.num = r->p}, {.num = r->width_hz}, {.num = r->share},
        {.num = r->harmonics}, {.num = r->harmonic_db}, {.num = r->rms}, {.num = r->peak}, {.text = l->unit},
        {.num = log10(r->rms)}, {.num = displacement(l, r->rms, r->freq)}, {.num = displacement(l, r->peak, r->freq)},
        {.i = r->n_cycles}, {.num = r->stability}, {.num = r->interval_s}, {.num = r->interval_cv},
        {.num = r->interval_local}, {.num = r->strength}, {.num = r->duty},
    };
    return myo_table_row(t, cells);
}

myo_err myo_tremor_note(const myo_link_job *job, const myo_cand *c, myo_class cls, int64_t id, int64_t event)
{
    const bool train = (c->form == MYO_FORM_TRAIN || c->form == MYO_FORM_RHYTHM) && cls != MYO_ARTEFACT;
    const myo_episode e = {.on = c->on, .off = c->off, .id = id, .event = event, .tremor = cls == MYO_TREMOR};
    return e.tremor || train ? myo_store_add(job->lane[c->lane].episodes, &e, job->d) : MYO_OK;
}

typedef struct head {
    int64_t at, n;
    myo_tremor_row row;
} head;

static myo_err step(const myo_link_job *job, int lane, head *h)
{
    return h->at < h->n ? myo_store_get(job->lane[lane].tremor, h->at, &h->row, job->d) : MYO_OK;
}

/* Each lane's rows are in order already. */
static myo_err merge(myo_linking *k, head *h, myo_table *t)
{
    const myo_link_job *job = k->job;
    const int n_lanes = job->plan->n_lanes;
    for (;;) {
        int next = -1;
        for (int i = 0; i < n_lanes; i++) {
            if (h[i].at < h[i].n && (next < 0 || h[i].row.on < h[next].row.on)) {
                next = i;
            }
        }
        if (next < 0) {
            return MYO_OK;
        }
        const myo_plan_lane *l = &job->plan->lane[next];
        const myo_tremor_row *r = &h[next].row;
        MYO_TRY(write_row(l, r, t));
        MYO_TRY(r->window ? MYO_OK : myo_summary_tremor(k->summary, next, r->rms, displacement(l, r->rms, r->freq)));
        h[next].at++;
        MYO_TRY(step(job, next, &h[next]));
    }
}

typedef struct measured {
    myo_err err;
    myo_diag d;     /* its own: lanes are measured side by side */
} measured;

typedef struct measuring {
    const myo_link_job *job;
    measured *lane;
} measuring;

static void measure_lane(void *user, int i)
{
    const measuring *m = user;
    const myo_link_job *job = m->job;
    m->lane[i].err = myo_tremor_measure(&job->plan->lane[i], job->params, &job->lane[i], &m->lane[i].d);
}

static myo_err measure_lanes(const myo_link_job *job)
{
    const int n = job->plan->n_lanes;
    measuring m = {job, myo_alloc((size_t)n, sizeof *m.lane)};
    if (!m.lane) {
        return MYO_ERR_NOMEM;
    }
    myo_pool_for(job->pool, n, measure_lane, &m);
    myo_err err = MYO_OK;
    for (int i = 0; i < n; i++) {
        const measured *l = &m.lane[i];
        if (err == MYO_OK && l->err != MYO_OK) {
            err = l->d.code != MYO_OK ? myo_fail(job->d, l->err, "%s", l->d.message) : l->err;
        }
        myo_diag_clear(&m.lane[i].d);
    }
    myo_free(m.lane);
    return err;
}

myo_err myo_link_tremor(myo_linking *linking)
{
    const myo_link_job *job = linking->job;
    const int n_lanes = job->plan->n_lanes;
    MYO_TRY(measure_lanes(job));
    head *h = myo_alloc((size_t)n_lanes, sizeof *h);
    myo_err err = h ? MYO_OK : MYO_ERR_NOMEM;
    for (int i = 0; i < n_lanes && err == MYO_OK; i++) {
        h[i].n = myo_store_count(job->lane[i].tremor);
        err = step(job, i, &h[i]);
    }
    err = err == MYO_OK ? merge(linking, h, linking->table[MYO_TABLE_TREMOR]) : err;
    myo_free(h);
    return err;
}
