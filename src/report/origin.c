/* origin.c - is the comparison of the folder one of its results? comparison_run.json says by SHA-256 what it was made
 * from. */
#include <jansson.h>
#include <string.h>
#include "report/report.h"

enum { RUN_MAX = 8 << 20 };
static const char RUN[] = "comparison_run.json";

/* The table is the one of the provenance; a table that is not there must not be in it either. */
static myo_err same_table(const myo_rep *r, const json_t *inputs, const char *name, bool *same) {
    char hex[65];
    myo_buf path = {0};
    myo_diag why = {0};
    const char *known = json_string_value(json_object_get(inputs, name));
    myo_err e = myo_rep_path(r, NULL, name, &path);
    if (e == MYO_OK && !myo_rep_exists(path.s)) {
        *same = known == NULL;
    } else if (e == MYO_OK) {
        e = myo_file_sha256(path.s, hex, &why);
        *same = e == MYO_OK && known && strcmp(known, hex) == 0;
    }
    myo_diag_clear(&why);
    myo_buf_clear(&path);
    return e == MYO_ERR_NOMEM || e == MYO_ERR_STOPPED ? e : MYO_OK;
}

/* One folder was compared, and it had these tables. */
static myo_err same_inputs(const myo_rep *r, const json_t *root, bool *same) {
    static const char *const names[] = {"recordings.tsv", "summary.tsv"};
    const json_t *inputs = json_object_get(root, "inputs");
    *same = json_array_size(inputs) == 1;
    for (int i = 0; i < 2 && *same; i++) {
        MYO_TRY(same_table(r, json_array_get(inputs, 0), names[i], same));
    }
    return MYO_OK;
}

/* A provenance that cannot be read proves nothing: not the same. */
static myo_err read_run(const myo_rep *r, const char *path, bool *same) {
    myo_buf text = {0};
    myo_diag why = {0};
    myo_err e = myo_slurp(path, RUN_MAX, &text, &why);
    json_t *root =
        e == MYO_OK && text.n > 0 ? json_loadb(text.s, text.n, JSON_REJECT_DUPLICATES, NULL) : NULL;
    *same = false;
    e = root ? same_inputs(r, root, same) : e;
    json_decref(root);
    myo_buf_clear(&text);
    myo_diag_clear(&why);
    return e == MYO_ERR_NOMEM || e == MYO_ERR_STOPPED ? e : MYO_OK;
}

myo_err myo_rep_find_origin(const myo_rep *r, myo_rep_origin *origin) {
    myo_buf path = {0};
    bool same = false;
    myo_err e = myo_rep_path(r, NULL, RUN, &path);
    *origin = MYO_REP_ORIGIN_UNKNOWN;
    if (e == MYO_OK && myo_rep_exists(path.s)) {
        e = read_run(r, path.s, &same);
        *origin = same ? MYO_REP_ORIGIN_HERE : MYO_REP_ORIGIN_OTHER;
    }
    myo_buf_clear(&path);
    return e;
}
