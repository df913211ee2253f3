/* compare.c - myotab compare: results in, comparison.tsv out. */
#include <string.h>
#include <unistd.h>
#include "base/base.h"
#include "compare/words.h"
#include "run/folder.h"
#include "stats/resample.h"

/* --- what was asked --- */

static myo_err check_job(const myo_compare_job *job, const myo_design **design, myo_diag *d) {
    *design = NULL;
    if (job->design) {
        MYO_TRY(myo_design_named(job->design, design, d));
    }
    if (job->by && !(*design && strcmp((*design)->name, "trend") == 0)) {
        return myo_fail(d, MYO_ERR_USAGE, "--by orders sessions of --design trend only");
    }
    if (job->n_dirs < 1) {
        return myo_fail(d, MYO_ERR_USAGE, "no result folder given");
    }
    if (job->n_dirs > 1 && !(*design && (*design)->reads_itself)) {
        return myo_fail(d, MYO_ERR_USAGE, "too many result folders (found %d, allowed 1)",
                        job->n_dirs);
    }
    if (job->resamples < MYO_RESAMPLES_MIN || job->resamples > MYO_RESAMPLES_MAX) {
        return myo_fail(d, MYO_ERR_USAGE,
                        "--resamples: out of range (found %lld, allowed %d to %d)",
                        (long long)job->resamples, (int)MYO_RESAMPLES_MIN, (int)MYO_RESAMPLES_MAX);
    }
    return MYO_OK;
}

/* --- what is there --- */

static void tell(const myo_comparison *c, myo_level level, const char *text) {
    c->job->say(c->job->user, level, c->job->dirs[0], text);
}

static void tell_unused(myo_comparison *c) {
    if (c->n_failed + c->n_left > 0) {
        myo_warn(c->d, "%zu of %zu recordings not used (%zu failed, %zu left)",
                 c->n_failed + c->n_left, c->results.recordings.n_rows, c->n_failed, c->n_left);
    }
    if (c->n_silent > 0 && c->results.summary.n_cols > 0) {
        myo_warn(c->d, "summary.tsv: no row of %s done",
                 myo_say_count(c, (int64_t)c->n_silent, "recording that is", "recordings that are"));
    }
}

static myo_err pool(myo_comparison *c) {
    myo_diag own = {0};
    myo_diag *d = c->d;
    c->d = &own;
    const myo_err e = myo_compare_pool(c);
    c->d = d;
    if (e != MYO_OK) {
        myo_fail(d, e, "summary.tsv: %s", own.code ? own.message : myo_err_text(e));
    }
    myo_diag_clear(&own);
    return e;
}

static myo_err read_results(myo_comparison *c) {
    MYO_TRY(myo_results_read(&c->results, c->job->dirs[0], c->d));
    MYO_TRY(pool(c));
    tell_unused(c);
    if (!c->design) {
        c->design = myo_design_by_data(c);
        tell(c, MYO_LEVEL_NOTE,
             myo_compare_text(c, "design %s (%s)", c->design->name, c->design->help));
    }
    return MYO_OK;
}

/* --- what comes of it --- */

/* What concerns the whole comparison is told with its primary rows. */
static void warn_primary(myo_comparison *c, myo_cmp_row *row) {
    for (int i = 0; i < c->d->n_warnings; i++) {
        myo_cmp_row_warn(c, row, "%s", c->d->warnings[i]);
    }
}

static void finish_rows(myo_comparison *c) {
    for (size_t i = 0; i < c->n_rows; i++) {
        if (c->row[i].role == MYO_PRIMARY) {
            c->row[i].sentence = myo_compare_sentence(c, &c->row[i]);
            warn_primary(c, &c->row[i]);
        }
    }
}

static void tell_primary(const myo_comparison *c) {
    for (size_t i = 0; i < c->n_rows; i++) {
        if (c->row[i].role == MYO_PRIMARY && isnan(c->row[i].p) &&
            !myo_compare_unmoved(c, &c->row[i])) {
            tell(c, MYO_LEVEL_WARNING, c->row[i].sentence);
        } else if (c->row[i].role == MYO_PRIMARY) {
            tell(c, MYO_LEVEL_NOTE, c->row[i].sentence);
        }
    }
}

static myo_err make_rows(myo_comparison *c) {
    if (!c->design || !c->design->reads_itself) {
        MYO_TRY(read_results(c));
    }
    if (c->job->baseline && strcmp(c->design->name, "parallel") != 0) {
        return myo_fail(c->d, MYO_ERR_USAGE, "--baseline is of --design parallel only (found %s)",
                        c->design->name);
    }
    MYO_TRY(c->design->run(c));
    MYO_TRY(myo_compare_adjust(c));
    finish_rows(c);
    return c->d->code; /* a text that found no memory */
}

static void clear(myo_comparison *c) {
    for (size_t i = 0; i < c->n_text; i++) {
        myo_free(c->text[i]);
    }
    myo_free(c->text);
    myo_free(c->row);
    myo_free(c->outcome);
    myo_free(c->extra);
    myo_free(c->rec_participant);
    myo_free(c->rec_condition);
    myo_free(c->cell);
    myo_free(c->measure);
    myo_labels_clear(&c->participants);
    myo_labels_clear(&c->conditions);
    myo_labels_clear(&c->groups);
    myo_labels_clear(&c->channels);
    myo_labels_clear(&c->types);
    myo_results_clear(&c->results);
}

static bool is_ours(void *user, const char *name) {
    (void)user;
    return strcmp(name, "comparison.tsv") == 0 || strcmp(name, "comparison.json") == 0 ||
           strcmp(name, "comparison_run.json") == 0;
}

static myo_err work(myo_comparison *c, myo_lock *lock) {
    myo_folder_tidy(c->job->out_dir, is_ours, NULL);
    myo_lock_leave(lock);
    MYO_TRY(make_rows(c));
    return myo_compare_write(c, c->job->out_dir);
}

/* The folder first: results may be read from it, and a run that cannot write need not begin. One
 * made for nothing goes again. */
static myo_err in_folder(myo_comparison *c) {
    myo_lock lock = MYO_LOCK_NONE;
    bool made = false;
    myo_err e = myo_folder_open(&lock, &made, c->job->out_dir, &myo_rows_all, 0, 0, c->d);
    e = e == MYO_OK ? work(c, &lock) : e;
    myo_lock_give_back(&lock);
    if (made && e != MYO_OK) {
        rmdir(c->job->out_dir);
    }
    return e;
}

/* Where a message belongs to: what was asked, or the results. */
static const char *about(const myo_compare_job *job, myo_err e) {
    return e == MYO_ERR_USAGE || e == MYO_ERR_OUTPUT || e == MYO_ERR_LOCKED ? NULL : job->dirs[0];
}

static void nobody(void *user, myo_level level, const char *file, const char *text) {
    (void)user;
    (void)level;
    (void)file;
    (void)text;
}

myo_err myo_compare(const myo_compare_job *asked) {
    enum { RESAMPLES = 100000 };
    myo_diag d = {0};
    myo_compare_job job = *asked;
    job.say = job.say ? job.say : nobody;
    job.resamples = job.resamples ? job.resamples : RESAMPLES;
    myo_comparison c = {.job = &job, .d = &d};
    myo_err e = check_job(&job, &c.design, &d);
    e = e == MYO_OK ? in_folder(&c) : e;
    for (int i = 0; i < d.n_warnings; i++) {
        tell(&c, MYO_LEVEL_WARNING, d.warnings[i]);
    }
    if (e == MYO_OK) {
        tell_primary(&c);
    } else {
        job.say(job.user, MYO_LEVEL_ERROR, about(&job, e),
                d.code != MYO_OK ? d.message : myo_err_text(e));
    }
    clear(&c);
    myo_diag_clear(&d);
    return e;
}
