/* detect.c - myotab detect: recordings in, a folder of tables out. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "out/names.h"
#include "run/analyse.h"
#include "run/link.h"
#include "myotab/stop.h"

typedef struct input {
    char stem[MYO_STEM_MAX];
    myo_diag d;
    myo_err err;
    myo_pool *pool;
} input;

typedef struct run {
    const myo_detect_job *job;
    input *in;
} run;

/* ---- before the first recording ---- */

/* Make the folder and its missing parents; *made: it was not there before. */
static myo_err make_folders(const char *dir, bool *made, myo_diag *d)
{
    char *path = myo_strdup(dir);
    if (!path) {
        return MYO_ERR_NOMEM;
    }
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0777); /* if it fails, the last one below says why */
        *slash = '/';
    }
    myo_free(path);
    *made = mkdir(dir, 0777) == 0;
    return *made || errno == EEXIST ? MYO_OK : myo_fail(d, MYO_ERR_OUTPUT, "%s: %s", dir, strerror(errno));
}

static myo_err output_folder(const char *dir, bool *made, myo_diag *d)
{
    struct stat st;
    MYO_TRY(make_folders(dir, made, d));
    if (stat(dir, &st) != 0 || !S_ISDIR(st.st_mode)) {
        return myo_fail(d, MYO_ERR_OUTPUT, "%s: not a folder", dir);
    }
    if (access(dir, W_OK | X_OK) != 0) {
        return myo_fail(d, MYO_ERR_OUTPUT, "%s: %s", dir, strerror(errno));
    }
    return MYO_OK;
}

/* The folder of a path as the file system knows it. */
static bool folder_of(const char *path, struct stat *st)
{
    char *copy = myo_strdup(path);
    if (!copy) {
        return false;
    }
    char *slash = strrchr(copy, '/');
    if (slash) {
        slash[slash == copy ? 1 : 0] = '\0';
    }
    const bool ok = stat(slash ? copy : ".", st) == 0;
    myo_free(copy);
    return ok;
}

/* contract.md 2: results never land among the recordings. */
static myo_err refuse_input_folder(const myo_detect_job *job, myo_diag *d)
{
    struct stat out, in;
    if (stat(job->out_dir, &out) != 0) {
        return MYO_OK; /* not there yet, so it holds nothing */
    }
    for (int i = 0; i < job->n_inputs; i++) {
        if (folder_of(job->inputs[i], &in) && in.st_dev == out.st_dev && in.st_ino == out.st_ino) {
            return myo_fail(d, MYO_ERR_USAGE, "-o %s holds the input %s; choose another folder or one below it",
                            job->out_dir, job->inputs[i]);
        }
    }
    return MYO_OK;
}

static myo_err sidecars(const char *dir, myo_diag *d)
{
    myo_err err = MYO_OK;
    for (int i = 0; i < MYO_N_TABLES && err == MYO_OK; i++) {
        myo_buf path = {0};
        myo_buf_printf(&path, "%s/%s.json", dir, myo_link_tables[i]->name);
        err = path.failed ? MYO_ERR_NOMEM : myo_schema_write_json(myo_link_tables[i], path.s, d);
        myo_buf_clear(&path);
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

/* ---- the work ---- */

static void one_input(void *user, int i)
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
                                 .params = job->params, .open = &job->open, .preset = job->preset, .pool = in->pool};
    in->err = stem.failed ? MYO_ERR_NOMEM : myo_analyse(&one, &in->d);
    myo_buf_clear(&stem);
}

static void tell(const myo_detect_job *job, int i, const input *in)
{
    for (int w = 0; w < in->d.n_warnings; w++) {
        job->say(job->user, MYO_LEVEL_WARNING, job->inputs[i], in->d.warnings[w]);
    }
    if (in->err != MYO_OK) {
        job->say(job->user, MYO_LEVEL_ERROR, job->inputs[i],
                 in->d.code != MYO_OK ? in->d.message : myo_err_text(in->err));
    }
}

/* Recordings side by side while there are enough of them; spare workers go into each recording's channels. The outer pool
 * runs even a lone recording, so that every one sees the same floating-point mode. */
static myo_err work(run *r)
{
    const int n = r->job->n_inputs, threads = r->job->n_threads < 1 ? 1 : r->job->n_threads;
    const int outer_n = threads < n ? threads : n, inner_n = threads / outer_n;
    myo_pool *outer = NULL;
    myo_err err = myo_pool_new(&outer, outer_n);
    for (int i = 0; i < n && err == MYO_OK; i++) {
        err = outer_n > 1 || i == 0 ? myo_pool_new(&r->in[i].pool, inner_n) : MYO_OK;
        r->in[i].pool = outer_n > 1 || i == 0 ? r->in[i].pool : r->in[0].pool;
    }
    if (err == MYO_OK) {
        myo_pool_for(outer, n, one_input, r);
    }
    for (int i = 0; i < n; i++) {
        if (outer_n > 1 || i == 0) {
            myo_pool_free(&r->in[i].pool);
        }
    }
    myo_pool_free(&outer);
    return err;
}

/* The folder's own files come with the first result; a folder made for nothing goes again. */
static myo_err close_folder(const run *r, bool made, myo_diag *d)
{
    for (int i = 0; i < r->job->n_inputs; i++) {
        if (r->in[i].err == MYO_OK) {
            return sidecars(r->job->out_dir, d);
        }
    }
    if (made) {
        rmdir(r->job->out_dir);
    }
    return MYO_OK;
}

static myo_err finish(run *r, int *n_failed)
{
    myo_err first = MYO_OK;
    for (int i = 0; i < r->job->n_inputs; i++) {
        tell(r->job, i, &r->in[i]);
        *n_failed += r->in[i].err != MYO_OK;
        /* The surroundings' errors (exit 3) outweigh a recording's own. */
        if (first == MYO_OK || myo_err_exit(r->in[i].err) > myo_err_exit(first)) {
            first = r->in[i].err;
        }
    }
    return first;
}

myo_err myo_detect(const myo_detect_job *job, int *n_failed)
{
    myo_diag d = {0};
    bool made = false;
    run r = {job, myo_alloc((size_t)job->n_inputs + 1, sizeof *r.in)};
    myo_err err = r.in ? MYO_OK : MYO_ERR_NOMEM;
    *n_failed = 0;
    err = err == MYO_OK ? myo_params_check(job->params, &d) : err;
    if (err == MYO_OK && job->n_inputs < 1) {
        err = myo_fail(&d, MYO_ERR_USAGE, "no recording given");
    }
    err = err == MYO_OK ? refuse_input_folder(job, &d) : err;
    err = err == MYO_OK ? output_folder(job->out_dir, &made, &d) : err;
    err = err == MYO_OK ? name_inputs(&r, &d) : err;
    err = err == MYO_OK ? work(&r) : err;
    err = err == MYO_OK ? close_folder(&r, made, &d) : err;
    if (err != MYO_OK) {
        job->say(job->user, MYO_LEVEL_ERROR, NULL, d.code != MYO_OK ? d.message : myo_err_text(err));
    } else {
        err = finish(&r, n_failed);
    }
    for (int i = 0; r.in && i < job->n_inputs; i++) {
        myo_diag_clear(&r.in[i].d);
    }
    myo_free(r.in);
    myo_diag_clear(&d);
    return err;
}
