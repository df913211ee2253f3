/* provenance.c - comparison_run.json: what a comparison was made from, and how; nothing that varies between equal runs. */
#include <jansson.h>
#include <string.h>
#include <unistd.h>
#include "compare/compare.h"
#include "myotab/myotab.h"
#include "out/json.h"

/* The tables a comparison reads of each folder; those that are not there are left out. */
static const char *const tables[] = {"recordings.tsv", "summary.tsv"};
static const char *const compared[] = {"comparison.tsv"};

static myo_err add_hash(json_t *inputs, const char *dir, const char *name, myo_diag *d) {
    char hex[65];
    myo_buf path = {0};
    myo_buf_printf(&path, "%s/%s", dir, name);
    myo_err e = path.failed ? MYO_ERR_NOMEM : MYO_OK;
    if (e == MYO_OK && access(path.s, F_OK) == 0) {
        e = myo_file_sha256(path.s, hex, d);
        if (e == MYO_OK && json_object_set_new(inputs, name, json_string(hex)) != 0) {
            e = MYO_ERR_NOMEM;
        }
    }
    myo_buf_clear(&path);
    return e;
}

/* One object a folder, in the order given; folders have no names here, as trees may move. */
static myo_err add_inputs(const myo_comparison *c, json_t *all) {
    const bool forest = c->design->reads_itself;
    const char *const *name = forest ? compared : tables;
    const size_t n = forest ? 1 : sizeof tables / sizeof tables[0];
    for (int i = 0; i < c->job->n_dirs; i++) {
        json_t *inputs = json_object();
        if (!inputs || json_array_append_new(all, inputs) != 0) {
            return MYO_ERR_NOMEM;
        }
        for (size_t k = 0; k < n; k++) {
            MYO_TRY(add_hash(inputs, c->job->dirs[i], name[k], c->d));
        }
    }
    return MYO_OK;
}

static json_t *text_or_null(const char *s) {
    return s ? json_string(s) : json_null();
}

static json_t *options(const myo_comparison *c) {
    const myo_compare_job *job = c->job;
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:I, s:I}", "design", c->design->name, "reference",
                     text_or_null(job->reference), "baseline", text_or_null(job->baseline), "primary", text_or_null(job->primary), "by",
                     text_or_null(job->by), "seed", (json_int_t)job->seed, "resamples",
                     (json_int_t)job->resamples);
}

myo_err myo_compare_provenance(myo_comparison *c, const char *path, myo_outfile *file) {
    json_t *inputs = json_array();
    myo_err e = inputs ? add_inputs(c, inputs) : MYO_ERR_NOMEM;
    json_t *root = e == MYO_OK
                       ? json_pack("{s:s, s:s, s:O, s:o}", "program", "myotab", "version",
                                   MYO_VERSION, "inputs", inputs, "options", options(c))
                       : NULL;
    e = e == MYO_OK && !root ? MYO_ERR_NOMEM : e;
    e = e == MYO_OK ? myo_json_open(root, path, file, c->d) : e;
    json_decref(root);
    json_decref(inputs);
    return e == MYO_ERR_NOMEM ? myo_fail(c->d, e, "no memory for the provenance") : e;
}
