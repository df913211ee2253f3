/* result.c - the files of a recording: written as one, told by a fingerprint, recognised again. */
#include <jansson.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "run/result.h"
#include "run/version.h"

/* ---- what the result follows from ---- */

enum { N_OPTIONS = 5 };

static double given(double s)
{
    return s == 0.0 ? NAN : s;
}

static int64_t size_of(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? (int64_t)st.st_size : -1;
}

typedef struct causes {
    myo_named libraries[MYO_N_LIBRARIES];
    myo_option options[N_OPTIONS];
    char sha[65];
} causes;

/* Reads the whole input. p borrows from c. */
static myo_err find_causes(const myo_analyse_job *job, myo_rec *rec, causes *c, myo_provenance *p)
{
    const myo_recinfo *info = myo_rec_info(rec);
    MYO_TRY(myo_rec_sha256(rec, c->sha));
    myo_libraries(c->libraries);
    c->options[0] = (myo_option){"start_s", given(job->start_s)};
    c->options[1] = (myo_option){"end_s", given(job->end_s)};
    c->options[2] = (myo_option){"rest_start_s", given(job->rest_start_s)};
    c->options[3] = (myo_option){"rest_end_s", given(job->rest_end_s)};
    c->options[4] = (myo_option){"explain", 1.0};
    *p = (myo_provenance){
        .input = job->input, .sha256 = c->sha, .size = size_of(job->input), .open = job->open, .preset = job->preset,
        .params = job->params, .compiler = myo_compiler(), .libraries = c->libraries, .n_libraries = MYO_N_LIBRARIES,
        .sidecars = info->sidecars, .n_sidecars = info->n_sidecars, .options = c->options,
        .n_options = job->explain ? N_OPTIONS : N_OPTIONS - 1, /* a result without is as it ever was */
    };
    return MYO_OK;
}

myo_err myo_fingerprint(const myo_analyse_job *job, char hex[65], myo_diag *d)
{
    myo_rec *rec = NULL;
    causes c;
    myo_provenance p;
    MYO_TRY(myo_rec_open(&rec, job->input, job->open, d));
    myo_err err = find_causes(job, rec, &c, &p);
    err = err == MYO_OK ? myo_provenance_fingerprint(&p, hex, d) : err;
    myo_rec_close(&rec);
    return err;
}

/* ---- files ---- */

static bool is_wanted(const myo_analyse_job *job, int table)
{
    return job->explain || !myo_link_optional(table);
}

/* The mark of the result: where it comes from, and the hash of each table. */
static myo_err open_mark(const myo_analyse_job *job, myo_provenance *p, const myo_recinfo *info,
                         myo_outfile file[MYO_N_TABLES + 1], myo_diag *d)
{
    char hex[MYO_N_TABLES][65], fingerprint[65];
    myo_named outputs[MYO_N_TABLES];
    myo_buf path = {0};
    int n = 0;
    for (int i = 0; i < MYO_N_TABLES; i++) {
        if (is_wanted(job, i)) {
            MYO_TRY(myo_outfile_sha256(&file[i], hex[n], d));
            outputs[n] = (myo_named){myo_link_tables[i]->name, hex[n]};
            n++;
        }
    }
    p->format = info->format;
    p->truncated = info->truncated;
    p->warnings = (const char *const *)d->warnings;
    p->n_warnings = d->n_warnings;
    p->n_suppressed = d->n_suppressed;
    p->outputs = outputs;
    p->n_outputs = n;
    myo_buf_printf(&path, "%s_run.json", job->stem_path);
    const myo_err err = path.failed ? MYO_ERR_NOMEM : myo_provenance_open(p, path.s, &file[MYO_N_TABLES], fingerprint, d);
    if (err == MYO_OK && job->fingerprint) {
        memcpy(job->fingerprint, fingerprint, sizeof fingerprint);
    }
    myo_buf_clear(&path);
    return err;
}

/* An optional table has its dictionary with it; what an earlier run left of one that nobody wants any more goes. */
static myo_err settle_optional(const myo_analyse_job *job, myo_diag *d)
{
    myo_buf path = {0};
    myo_err err = MYO_OK;
    for (int i = 0; i < MYO_N_TABLES && err == MYO_OK; i++) {
        const char *name = myo_link_tables[i]->name;
        if (!myo_link_optional(i)) {
            continue;
        }
        path.n = 0;
        if (job->explain) {
            myo_buf_printf(&path, "%s/%s.json", job->dir, name);
            err = path.failed ? MYO_ERR_NOMEM : myo_schema_write_json(myo_link_tables[i], path.s, d);
        } else {
            myo_buf_printf(&path, "%s_%s.tsv", job->stem_path, name);
            err = path.failed ? MYO_ERR_NOMEM : MYO_OK;
            if (err == MYO_OK) {
                unlink(path.s);
            }
        }
    }
    myo_buf_clear(&path);
    return err;
}

myo_err myo_result_write(const myo_analyse_job *job, myo_rec *rec, const myo_plan *plan, myo_lane_result *results,
                         myo_diag *d)
{
    const myo_recinfo *info = myo_rec_info(rec);
    const myo_link_job link = {plan, results, job->params, info, job->stem_path, job->explain, job->pool, d};
    myo_outfile file[MYO_N_TABLES + 1] = {0};
    causes c;
    myo_provenance p;
    MYO_TRY(find_causes(job, rec, &c, &p));
    MYO_TRY(myo_link(&link, file));
    myo_err err = open_mark(job, &p, info, file, d);
    err = err == MYO_OK ? myo_outfile_park(&file[MYO_N_TABLES], d) : err;
    err = err == MYO_OK ? settle_optional(job, d) : err;
    if (err == MYO_OK) {
        int n = 0;
        for (int i = 0; i <= MYO_N_TABLES; i++) {
            if (i == MYO_N_TABLES || is_wanted(job, i)) {
                file[n++] = file[i];
            }
        }
        return myo_outfile_commit_all(file, n, d);
    }
    for (int i = 0; i <= MYO_N_TABLES; i++) {
        myo_outfile_abort(&file[i]);
    }
    return err;
}

/* ---- done already? ---- */

static json_t *read_mark(const char *stem_path)
{
    enum { MARK_MAX = 8 << 20 };
    myo_buf path = {0}, text = {0};
    json_t *root = NULL;
    myo_buf_printf(&path, "%s_run.json", stem_path);
    if (!path.failed && myo_slurp(path.s, MARK_MAX, &text, NULL) == MYO_OK) {
        root = json_loadb(text.s, text.n, JSON_REJECT_DUPLICATES, NULL);
    }
    myo_buf_clear(&path);
    myo_buf_clear(&text);
    return root;
}

static bool table_current(const char *stem_path, const char *name, const char *want)
{
    char hex[65];
    myo_buf path = {0};
    myo_buf_printf(&path, "%s_%s.tsv", stem_path, name);
    const bool same = want && !path.failed && myo_file_sha256(path.s, hex, NULL) == MYO_OK && strcmp(hex, want) == 0;
    myo_buf_clear(&path);
    return same;
}

bool myo_result_current(const char *stem_path, const char *hex)
{
    json_t *root = read_mark(stem_path);
    const char *found = json_string_value(json_object_get(root, "fingerprint"));
    const json_t *outputs = json_object_get(root, "outputs");
    bool current = found && strcmp(found, hex) == 0;
    for (int i = 0; i < MYO_N_TABLES && current; i++) {
        const char *name = myo_link_tables[i]->name;
        const char *want = json_string_value(json_object_get(outputs, name));
        current = (!want && myo_link_optional(i)) || table_current(stem_path, name, want);
    }
    json_decref(root);
    return current;
}

bool myo_result_fingerprint(const char *stem_path, char hex[65])
{
    json_t *root = read_mark(stem_path);
    const char *found = json_string_value(json_object_get(root, "fingerprint"));
    const bool ok = found && strlen(found) == 64;
    if (ok) {
        memcpy(hex, found, 65);
    }
    json_decref(root);
    return ok;
}

void myo_result_remove(const char *stem_path)
{
    for (int i = -1; i < MYO_N_TABLES; i++) {
        myo_buf path = {0};
        if (i < 0) {
            myo_buf_printf(&path, "%s_run.json", stem_path);
        } else {
            myo_buf_printf(&path, "%s_%s.tsv", stem_path, myo_link_tables[i]->name);
        }
        if (!path.failed) {
            unlink(path.s);
        }
        myo_buf_clear(&path);
    }
}
