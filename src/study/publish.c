/* publish.c - results under BIDS names: a derivative dataset beside the flat folder that batch works in.
 *
 *   results/sub-1_ses-a_task-rest_emg_events.tsv -> out/sub-1/ses-a/emg/sub-1_ses-a_task-rest_desc-myotab_events.tsv
 *
 * The standard has no rule yet for derived events of EMG and Motion (field.md 5c): .bidsignore names what a
 * validator should pass over. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "myotab/stop.h"
#include "run/folder.h"
#include "run/link.h"
#include "study/choice.h"
#include "study/tables.h"

#define TABLE_BYTES ((size_t)1 << 30)

static const char bidsignore[] = "*_desc-myotab_*\nrecordings.*\nsummary.*\ncomparison*\nreport.html\n";
/* The study's own files, in the order they are copied. */
static const char *const study_files[] = {"recordings.json", "recordings.tsv",  "summary.json",
                                          "summary.tsv",     "comparison.json", "comparison.tsv",
                                          "comparison_run.json"};

typedef struct publishing {
    const char *results, *out_dir;
    myo_diag *d;
} publishing;

/* --- one file --- */

static bool equal(const myo_buf *a, const myo_buf *b) {
    return a->n == b->n && (a->n == 0 || memcmp(a->s, b->s, a->n) == 0);
}

/* Whole or absent; untouched if its bytes are these already. */
static myo_err put(const char *path, const myo_buf *bytes, myo_diag *d) {
    myo_buf there = {0};
    myo_outfile o;
    const bool same = access(path, F_OK) == 0 &&
                      myo_slurp(path, TABLE_BYTES, &there, NULL) == MYO_OK && equal(&there, bytes);
    myo_buf_clear(&there);
    if (same) {
        return MYO_OK;
    }
    MYO_TRY(myo_outfile_open(&o, path, d));
    fwrite(bytes->s, 1, bytes->n, o.f);
    return myo_outfile_commit(&o, d);
}

static myo_err drop(const char *path, myo_diag *d) {
    return unlink(path) == 0 || errno == ENOENT
               ? MYO_OK
               : myo_fail(d, MYO_ERR_OUTPUT, "%s: cannot be removed (%s)", path, strerror(errno));
}

static myo_err copy(const char *from, const char *to, myo_diag *d) {
    myo_buf bytes = {0};
    myo_err e = myo_slurp(from, TABLE_BYTES, &bytes, d);
    e = e == MYO_OK ? put(to, &bytes, d) : e;
    myo_buf_clear(&bytes);
    return e;
}

/* --- one recording --- */

/* "out/sub-1/ses-a/emg/" and the name's part before the suffix, without "_emg.edf". */
static void put_target(myo_buf *b, const publishing *p, const char *path) {
    const char *suffix = strrchr(path, '_');
    myo_buf_printf(b, "%s/%.*s_desc-myotab_", p->out_dir,
                   (int)(suffix ? suffix - path : (ptrdiff_t)strlen(path)), path);
}

static myo_err make_folder_of(const char *target, myo_diag *d) {
    char *folder = myo_strdup(target);
    bool made;
    if (!folder) {
        return MYO_ERR_NOMEM;
    }
    *strrchr(folder, '/') = '\0';
    const myo_err e = myo_folder_make(folder, &made, d);
    myo_free(folder);
    return e;
}

/* What a recording's files are given to; schema: the dictionary to write, NULL: `from` to copy. */
typedef myo_err (*file_fn)(const char *from, const myo_schema *schema, const char *to, myo_diag *d);

static myo_err publish_file(const char *from, const myo_schema *schema, const char *to, myo_diag *d) {
    return schema ? myo_schema_write_json(schema, to, d) : copy(from, to, d);
}

static myo_err drop_file(const char *from, const myo_schema *schema, const char *to, myo_diag *d) {
    (void)from;
    (void)schema;
    return drop(to, d);
}

static myo_err one_file(const publishing *p, const char *stem, const char *target, const char *name,
                        const char *ending, const myo_schema *schema, file_fn fn) {
    myo_buf from = {0}, to = {0};
    myo_buf_printf(&from, "%s/%s_%s.%s", p->results, stem, name, ending);
    myo_buf_printf(&to, "%s%s.%s", target, name, ending);
    const myo_err e =
        from.failed || to.failed ? MYO_ERR_NOMEM : fn(from.s, schema, to.s, p->d);
    myo_buf_clear(&from);
    myo_buf_clear(&to);
    return e;
}

static bool has_table(const publishing *p, const char *stem, const char *name) {
    myo_buf path = {0};
    myo_buf_printf(&path, "%s/%s_%s.tsv", p->results, stem, name);
    const bool there = !path.failed && access(path.s, F_OK) == 0;
    myo_buf_clear(&path);
    return there;
}

/* Its tables, each with its dictionary, then run.json. */
static myo_err each_file(const publishing *p, const char *stem, const char *target, file_fn fn) {
    for (int i = 0; i < MYO_N_TABLES; i++) {
        const myo_schema *s = myo_link_tables[i];
        const file_fn put_or_drop = myo_link_optional(i) && !has_table(p, stem, s->name) ? drop_file : fn;
        MYO_TRY(one_file(p, stem, target, s->name, "json", s, put_or_drop));
        MYO_TRY(one_file(p, stem, target, s->name, "tsv", NULL, put_or_drop));
    }
    return one_file(p, stem, target, "run", "json", NULL, fn);
}

/* run.json is a result's last file: where it is, all are. */
static bool is_complete(const publishing *p, const char *stem) {
    myo_buf path = {0};
    myo_buf_printf(&path, "%s/%s_run.json", p->results, stem);
    const bool there = !path.failed && access(path.s, F_OK) == 0;
    myo_buf_clear(&path);
    return there;
}

static myo_err publish_row(const publishing *p, const myo_study_row *row, int64_t *n) {
    myo_buf target = {0};
    if (myo_stop_requested()) {
        return myo_fail(p->d, MYO_ERR_STOPPED, "stopped by a signal");
    }
    put_target(&target, p, row->path);
    myo_err e = target.failed ? MYO_ERR_NOMEM : MYO_OK;
    if (e == MYO_OK && is_complete(p, row->stem)) {
        e = make_folder_of(target.s, p->d);
        e = e == MYO_OK ? each_file(p, row->stem, target.s, publish_file) : e;
        *n += e == MYO_OK;
    } else if (e == MYO_OK) {
        e = each_file(p, row->stem, target.s, drop_file);
    }
    myo_buf_clear(&target);
    return e;
}

/* --- the dataset --- */

static myo_err publish_study_files(const publishing *p) {
    myo_buf from = {0}, to = {0};
    myo_err e = MYO_OK;
    for (size_t i = 0; i < sizeof study_files / sizeof study_files[0] && e == MYO_OK; i++) {
        from.n = to.n = 0;
        myo_buf_printf(&from, "%s/%s", p->results, study_files[i]);
        myo_buf_printf(&to, "%s/%s", p->out_dir, study_files[i]);
        e = from.failed || to.failed ? MYO_ERR_NOMEM : MYO_OK;
        if (e == MYO_OK) {
            e = access(from.s, F_OK) == 0 ? copy(from.s, to.s, p->d) : drop(to.s, p->d);
        }
    }
    to.n = 0;
    myo_buf_printf(&to, "%s/dataset_description.json", p->out_dir);
    e = e == MYO_OK && to.failed ? MYO_ERR_NOMEM : e;
    e = e == MYO_OK ? myo_tables_describe(to.s, NULL, p->d) : e;
    to.n = 0;
    myo_buf_printf(&to, "%s/.bidsignore", p->out_dir);
    const myo_buf ignore = {.s = (char *)(uintptr_t)bidsignore, .n = sizeof bidsignore - 1};
    e = e == MYO_OK && to.failed ? MYO_ERR_NOMEM : e;
    e = e == MYO_OK ? put(to.s, &ignore, p->d) : e;
    myo_buf_clear(&from);
    myo_buf_clear(&to);
    return e;
}

/* What is doubtful in the dataset was told when it was analysed. */
static myo_err read_dataset(myo_study *s, const char *path, myo_diag *d) {
    myo_diag own = {0};
    const myo_err read = myo_study_read(s, path, false, &own);
    const myo_err e = read == MYO_OK ? read : myo_fail(d, read, "%s", own.message);
    myo_diag_clear(&own);
    return e;
}

/* May the dataset's derivatives go to out_dir? */
static myo_err check_target(const myo_publish_job *job, const myo_study *s, myo_diag *d) {
    struct stat in, out;
    if (!s->is_bids) {
        return myo_fail(d, MYO_ERR_USAGE, "%s: not the folder of a BIDS dataset", job->study);
    }
    if (stat(job->study, &in) == 0 && stat(job->out_dir, &out) == 0 && in.st_dev == out.st_dev &&
        in.st_ino == out.st_ino) {
        return myo_fail(d, MYO_ERR_USAGE, "%s is the dataset itself; choose another folder",
                        job->out_dir);
    }
    for (size_t i = 0; i < s->n_rows; i++) {
        MYO_TRY(myo_folder_refuse(job->out_dir, s->row[i].file, d));
    }
    return MYO_OK;
}

myo_err myo_publish_check(const myo_publish_job *job, myo_diag *d) {
    myo_study s = {0};
    MYO_TRY(read_dataset(&s, job->study, d));
    const myo_err e = check_target(job, &s, d);
    myo_study_clear(&s);
    return e;
}

myo_err myo_publish(const myo_publish_job *job, int64_t *n, myo_diag *d) {
    const publishing p = {job->results, job->out_dir, d};
    myo_study s = {0};
    *n = 0;
    MYO_TRY(read_dataset(&s, job->study, d));
    myo_err e = check_target(job, &s, d);
    for (size_t i = 0; i < s.n_rows && e == MYO_OK; i++) {
        if (myo_chosen(&s.row[i], job->participants, job->sessions)) {
            e = publish_row(&p, &s.row[i], n);
        }
    }
    e = e == MYO_OK ? publish_study_files(&p) : e;
    myo_study_clear(&s);
    return e == MYO_ERR_NOMEM && d->code == MYO_OK ? myo_fail(d, e, "not enough memory to publish") : e;
}
