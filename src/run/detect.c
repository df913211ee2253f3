/* detect.c - myotab detect: recordings in, a folder of tables out. */
#include <string.h>
#include <unistd.h>
#include "myotab/stop.h"
#include "out/names.h"
#include "run/analyse.h"
#include "run/crew.h"
#include "run/folder.h"
#include "run/link.h"
#include "run/tell.h"

typedef struct input {
    char stem[MYO_STEM_MAX];
    myo_diag d;
    myo_err err;
} input;

typedef struct run {
    const myo_detect_job *job;
    input *in;
    bool any; /* one of them is complete */
} run;

/* ---- before the first recording ---- */

static myo_err refuse_input_folder(const myo_detect_job *job, myo_diag *d)
{
    myo_err err = MYO_OK;
    for (int i = 0; i < job->n_inputs && err == MYO_OK; i++) {
        err = myo_folder_refuse(job->out_dir, job->inputs[i], d);
    }
    return err;
}

static myo_err name_inputs(run *r, myo_diag *d)
{
    myo_names names = {0};
    myo_err err = MYO_OK;
    for (int i = 0; i < r->job->n_inputs && err == MYO_OK; i++) {
        err = myo_stem_of(r->job->inputs[i], NULL, NULL, r->in[i].stem, d);
        err = err == MYO_OK ? myo_names_claim(&names, r->in[i].stem, d) : err;
    }
    myo_names_clear(&names);
    return err;
}

/* Temporary files of our results, and of the folder's own. */
static bool is_ours(void *user, const char *name)
{
    const run *r = user;
    for (int i = 0; i < MYO_N_TABLES; i++) {
        const size_t n = strlen(myo_link_tables[i]->name);
        if (strncmp(name, myo_link_tables[i]->name, n) == 0 && strcmp(name + n, ".json") == 0) {
            return true;
        }
    }
    for (int i = 0; i < r->job->n_inputs; i++) {
        if (myo_folder_is_result(name, r->in[i].stem, true)) {
            return true;
        }
    }
    return false;
}

/* ---- the work ---- */

static void one_input(void *user, size_t i, myo_pool *pool)
{
    run *r = user;
    input *in = &r->in[i];
    const myo_detect_job *job = r->job;
    myo_buf stem = {0};
    if (myo_stop_requested()) {
        in->err = myo_fail(&in->d, MYO_ERR_STOPPED, "stopped by a signal");
        return;
    }
    myo_buf_printf(&stem, "%s/%s", job->out_dir, in->stem);
    const myo_analyse_job one = {.input = job->inputs[i], .stem_path = stem.s, .dir = job->out_dir,
                                 .params = job->params, .open = &job->open, .preset = job->preset, .pool = pool,
                                 .rest_start_s = job->rest_start_s, .rest_end_s = job->rest_end_s,
                                 .explain = job->explain};
    in->err = stem.failed ? MYO_ERR_NOMEM : myo_analyse(&one, &in->d);
    myo_buf_clear(&stem);
}

/* The folder's own files come with the first result. */
static myo_err work(run *r, myo_lock *lock, myo_diag *d)
{
    myo_folder_tidy(r->job->out_dir, is_ours, r);
    myo_lock_leave(lock);
    MYO_TRY(myo_crew_run(r->job->n_threads, (size_t)r->job->n_inputs, one_input, r));
    for (int i = 0; i < r->job->n_inputs; i++) {
        if (r->in[i].err == MYO_OK) {
            r->any = true;
            return myo_folder_dictionaries(r->job->out_dir, MYO_N_TABLES, d);
        }
    }
    return MYO_OK;
}

/* A folder made for nothing goes again. */
static myo_err in_folder(run *r, myo_diag *d)
{
    const myo_detect_job *job = r->job;
    myo_lock lock = MYO_LOCK_NONE;
    bool made = false;
    myo_err err = myo_folder_open(&lock, &made, job->out_dir, &myo_rows_all, 1, job->n_inputs, d);
    err = err == MYO_OK ? work(r, &lock, d) : err;
    myo_lock_give_back(&lock);
    if (made && !r->any) {
        rmdir(job->out_dir);
    }
    return err;
}

static myo_err finish(run *r, int *n_failed)
{
    const myo_detect_job *job = r->job;
    myo_err worst = MYO_OK;
    for (int i = 0; i < job->n_inputs; i++) {
        myo_tell(job->say, job->user, job->inputs[i], &r->in[i].d, r->in[i].err);
        *n_failed += r->in[i].err != MYO_OK;
        worst = myo_tell_worse(worst, r->in[i].err);
    }
    return worst;
}

myo_err myo_detect(const myo_detect_job *job, int *n_failed)
{
    myo_diag d = {0};
    run r = {job, myo_alloc((size_t)job->n_inputs + 1, sizeof *r.in), false};
    myo_err err = r.in ? MYO_OK : MYO_ERR_NOMEM;
    *n_failed = 0;
    err = err == MYO_OK ? myo_params_check(job->params, &d) : err;
    if (err == MYO_OK && job->n_inputs < 1) {
        err = myo_fail(&d, MYO_ERR_USAGE, "no recording given");
    }
    err = err == MYO_OK ? refuse_input_folder(job, &d) : err;
    err = err == MYO_OK ? name_inputs(&r, &d) : err;
    err = err == MYO_OK ? in_folder(&r, &d) : err;
    myo_tell(job->say, job->user, NULL, &d, err);
    err = err == MYO_OK ? finish(&r, n_failed) : err;
    for (int i = 0; r.in && i < job->n_inputs; i++) {
        myo_diag_clear(&r.in[i].d);
    }
    myo_free(r.in);
    myo_diag_clear(&d);
    return err;
}
