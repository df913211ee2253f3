/* bench.c - the whole bench: a folder to work in, a recording, the table. */
#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/base.h"
#include "bench/parts.h"
#include "myotab/run.h"
#include "myotab/stop.h"

/* Rows are seen as they come; why one could not be written is known only now. */
static void flush(myo_bench_table *t)
{
    errno = 0;
    if (fflush(t->f) != 0 && t->error == 0) {
        t->error = errno != 0 ? errno : EIO;
    }
}

void myo_bench_head(myo_bench_table *t)
{
    fputs("part\twhat\tset\tspeed\tunit\tratio\tof\n", t->f);
    flush(t);
}

void myo_bench_row(myo_bench_table *t, const char *part, const char *what, const char *set, double speed, const char *unit,
                   double ratio, const char *of)
{
    fprintf(t->f, "%s\t%s\t%s\t%.4g\t%s\t", part, what, set, speed, unit);
    if (of) {
        fprintf(t->f, "%.3g\t%s\n", ratio, of);
    } else {
        fputs("n/a\tn/a\n", t->f);
    }
    flush(t);
}

myo_err myo_bench_go_on(const myo_bench_table *t, myo_diag *d)
{
    if (myo_stop_requested()) {
        return myo_fail(d, MYO_ERR_STOPPED, "stopped by a signal");
    }
    return t->error == 0 ? MYO_OK
                         : myo_fail(d, MYO_ERR_OUTPUT, "standard output: cannot be written (%s)", strerror(t->error));
}

static void remove_folder(const char *dir)
{
    DIR *list = opendir(dir);
    for (struct dirent *e; list && (e = readdir(list)) != NULL;) {
        myo_buf path = {0};
        myo_buf_printf(&path, "%s/%s", dir, e->d_name);
        if (!path.failed && strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0) {
            unlink(path.s);
        }
        myo_buf_clear(&path);
    }
    if (list) {
        closedir(list);
    }
    rmdir(dir);
}

/* Ten minutes of eight muscles at 2 kHz with everything in them. */
static myo_err make_recording(const char *dir, myo_buf *path, myo_diag *d)
{
    static const char *const settings[] = {"name=bench", "n_channels=8", "fs=2000", "duration_s=600", NULL};
    const myo_synth_job synth = {.scenario = "emg-mixed", .out_dir = dir, .seed = 1, .settings = settings};
    MYO_TRY(myo_synth(&synth, d));
    myo_buf_printf(path, "%s/bench.edf", dir);
    return path->failed ? MYO_ERR_NOMEM : MYO_OK;
}

static myo_err in_folder(const myo_bench_job *job, const char *dir, FILE *f, myo_diag *d)
{
    myo_bench_job made = *job;
    myo_bench_table t = {.f = f};
    myo_buf path = {0};
    myo_err err = job->input ? MYO_OK : make_recording(dir, &path, d);
    if (err == MYO_OK) {
        made.input = job->input ? job->input : path.s;
        myo_bench_head(&t);
        err = myo_bench_chain(&made, dir, &t, d);
        err = err == MYO_OK ? myo_bench_kernels(&t, d) : err;
        err = err == MYO_OK ? myo_bench_go_on(&t, d) : err;
    }
    myo_buf_clear(&path);
    return err;
}

myo_err myo_bench(const myo_bench_job *job, FILE *f, myo_diag *d)
{
    char *dir = myo_temp_folder("myotab-bench");
    if (!dir) {
        return myo_fail(d, MYO_ERR_OUTPUT, "cannot make a temporary folder in %s (%s)", myo_temp_dir(), strerror(errno));
    }
    const myo_err err = in_folder(job, dir, f, d);
    remove_folder(dir);
    myo_free(dir);
    /* Where nobody had a better word for it; the first message stays. */
    return err == MYO_OK ? err : myo_fail(d, err, "%s", myo_err_text(err));
}
