/* chain.c - detect as a whole against its floor, and where its time goes. */
#include <math.h>
#include <stdlib.h>
#include "base/base.h"
#include "bench/measure.h"
#include "bench/parts.h"
#include "myotab/stop.h"
#include "run/begin.h"

/* What one round measures, in processor seconds unless they are wall's. */
typedef enum figure { FLOOR, SHA, DECODE, SCOUT, LANES, ONE, ONE_WALL, MANY_WALL, N_FIGURE } figure;
typedef struct rounds {
    double v[N_FIGURE][MYO_RUNS];
    int64_t n_samples;
} rounds;

/* ---- lanes alone ---- */

static myo_err ignore_burst(void *user, const myo_burst *b)
{
    (void)user;
    (void)b;
    return MYO_OK;
}

static myo_err ignore_window(void *user, const myo_window *w)
{
    (void)user;
    (void)w;
    return MYO_OK;
}

static myo_err ignore_advance(void *user, double until, bool segment_end)
{
    (void)user;
    (void)until;
    (void)segment_end;
    return MYO_OK;
}

static myo_err push_all(myo_rec *rec, const myo_plan *plan, myo_lane *const *lane, double chunk_s)
{
    MYO_TRY(myo_rec_seek(rec, 0.0));
    for (;;) {
        myo_block b;
        MYO_TRY(myo_stop_requested() ? MYO_ERR_STOPPED : myo_rec_read(rec, chunk_s, &b));
        if (b.n_ch == 0) {
            break;
        }
        for (int i = 0; i < plan->n_lanes; i++) {
            const float *x[MYO_MAX_AXES];
            const int c = plan->lane[i].ch[0];
            myo_plan_axes(&plan->lane[i], &b, x);
            MYO_TRY(myo_lane_push(lane[i], x, b.n[c], b.start_s[c], b.gap));
        }
    }
    for (int i = 0; i < plan->n_lanes; i++) {
        MYO_TRY(myo_lane_finish(lane[i]));
    }
    return MYO_OK;
}

static myo_err run_lanes(myo_rec *rec, const myo_plan *plan, double chunk_s)
{
    const myo_lane_sink sink = {.burst = ignore_burst, .window = ignore_window, .advance = ignore_advance};
    myo_lane **lane = myo_alloc((size_t)plan->n_lanes, sizeof *lane);
    myo_err err = lane ? MYO_OK : MYO_ERR_NOMEM;
    for (int i = 0; i < plan->n_lanes && err == MYO_OK; i++) {
        err = myo_lane_new(&lane[i], &plan->lane[i].cfg, &sink);
    }
    err = err == MYO_OK ? push_all(rec, plan, lane, chunk_s) : err;
    for (int i = 0; lane && i < plan->n_lanes; i++) {
        myo_lane_free(&lane[i]);
    }
    myo_free(lane);
    return err;
}

static myo_err scout_and_lanes(const myo_bench_job *job, double *scout, double *lanes, myo_diag *d)
{
    const myo_analyse_job one = {.input = job->input, .params = job->params, .open = &job->open};
    myo_rec *rec = NULL;
    myo_plan plan = {0};
    const double from = myo_cpu_s();
    myo_err err = myo_begin(&one, &rec, &plan, d);
    const double begun = myo_cpu_s();
    err = err == MYO_OK ? run_lanes(rec, &plan, job->params->run_chunk_s) : err;
    *scout = begun - from;
    *lanes = myo_cpu_s() - begun;
    myo_plan_free(&plan);
    myo_rec_close(&rec);
    return err;
}

/* ---- the whole ---- */

static myo_err whole(const myo_bench_job *job, const char *dir, int n_threads, double *cpu, double *wall, myo_diag *d)
{
    const myo_detect_job detect = {.inputs = &job->input, .n_inputs = 1, .out_dir = dir, .params = job->params,
                                   .open = job->open, .n_threads = n_threads};
    const double from = myo_cpu_s(), wall_from = myo_wall_s();
    int n_failed = 0;
    const myo_err err = myo_detect(&detect, &n_failed);
    *cpu = myo_cpu_s() - from;
    *wall = myo_wall_s() - wall_from;
    if (err == MYO_OK || err == MYO_ERR_STOPPED) {
        return err;
    }
    return myo_fail(d, err, "the recording cannot be analysed: myotab detect tells why");
}

static myo_err round_of(const myo_bench_job *job, const char *dir, int r, rounds *m, myo_diag *d)
{
    double v[N_FIGURE], cpu;
    MYO_TRY(myo_bench_floor(job, &v[FLOOR], &v[SHA], &v[DECODE], &m->n_samples, d));
    MYO_TRY(whole(job, dir, 1, &v[ONE], &v[ONE_WALL], d));
    MYO_TRY(whole(job, dir, job->n_threads, &cpu, &v[MANY_WALL], d));
    MYO_TRY(scout_and_lanes(job, &v[SCOUT], &v[LANES], d));
    v[LANES] -= v[DECODE];
    for (int k = 0; k < N_FIGURE; k++) {
        m->v[k][r] = v[k];
    }
    return MYO_OK;
}

/* Median of the rounds' a / b. */
static double ratio(const rounds *m, figure a, figure b)
{
    double q[MYO_RUNS];
    for (int r = 0; r < MYO_RUNS; r++) {
        q[r] = m->v[a][r] / m->v[b][r];
    }
    return myo_median_of(q, MYO_RUNS);
}

static double speed(const rounds *m, figure k)
{
    double v[MYO_RUNS];
    for (int r = 0; r < MYO_RUNS; r++) {
        v[r] = m->v[k][r];
    }
    return (double)m->n_samples * 1e-6 / myo_median_of(v, MYO_RUNS);
}

static void rows(myo_bench_table *t, const rounds *m, int n_threads)
{
    static const char unit[] = "Msamples/s";
    static const struct { figure k; const char *name; } stage[] = {
        {SHA, "SHA-256"}, {SCOUT, "scout"}, {DECODE, "decode"}, {LANES, "lanes"}};
    char many[32];
    double rest = 1.0;
    snprintf(many, sizeof many, "detect -j%d, wall", n_threads);
    myo_bench_row(t, "limit", "SHA-256", "n/a", speed(m, SHA), unit, NAN, NULL);
    myo_bench_row(t, "limit", "floor", "n/a", speed(m, FLOOR), unit, NAN, NULL);
    for (size_t i = 0; i < sizeof stage / sizeof stage[0]; i++) {
        const double share = ratio(m, stage[i].k, ONE);
        myo_bench_row(t, "stage", stage[i].name, "n/a", speed(m, stage[i].k), unit, share, "time of detect -j1");
        rest -= share;
    }
    myo_bench_row(t, "stage", "classes and tables", "n/a", speed(m, ONE) / rest, unit, rest, "time of detect -j1");
    myo_bench_row(t, "whole", "detect -j1", "n/a", speed(m, ONE), unit, ratio(m, FLOOR, ONE), "floor");
    myo_bench_row(t, "whole", "detect -j1, wall", "n/a", speed(m, ONE_WALL), unit, NAN, NULL);
    myo_bench_row(t, "whole", many, "n/a", speed(m, MANY_WALL), unit, ratio(m, ONE_WALL, MANY_WALL), "detect -j1, wall");
}

myo_err myo_bench_chain(const myo_bench_job *job, const char *dir, myo_bench_table *t, myo_diag *d)
{
    rounds m = {0};
    for (int r = 0; r < MYO_RUNS; r++) {
        MYO_TRY(myo_bench_go_on(t, d));
        MYO_TRY(round_of(job, dir, r, &m, d));
    }
    rows(t, &m, job->n_threads);
    return MYO_OK;
}
