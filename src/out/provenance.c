/* provenance.c - STEM_run.json: version, input, every setting; nothing that varies between equal
 * runs. */
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "myotab/myotab.h"
#include "out/json.h"
#include "out/provenance.h"

static int count_replaced(const char *s) {
    int n = 0;
    while ((s = strstr(s, "\xEF\xBF\xBD")) != NULL) { /* U+FFFD */
        s += 3;
        n++;
    }
    return n;
}

/* A text as JSON. Names keep their exact bytes (JSON escapes them). What is not UTF-8 cannot, and
 * DEL would not be escaped: such texts are shown the way tables show them. NULL without memory. */
static json_t *text_or_null(const char *s) {
    if (!s) {
        return json_null();
    }
    const size_t cap = 4 * strlen(s) + 1;
    char *shown = myo_alloc(cap, 1);
    if (!shown) {
        return NULL;
    }
    myo_printable(shown, cap, s);
    const bool exact = count_replaced(shown) == count_replaced(s) && !strchr(s, 0x7F);
    json_t *v = json_string_nocheck(exact ? s : shown);
    myo_free(shown);
    return v;
}

/* 0 of the open options means: as the file says. */
static json_t *positive_or_null(double v) {
    return v > 0.0 ? json_real(v) : json_null();
}

static const char *text_of(const char *s) {
    return s && s[0] ? s : NULL;
}

static json_t *input_json(const myo_provenance *p) {
    const char *slash = p->input ? strrchr(p->input, '/') : NULL;
    return json_pack("{s:o, s:o, s:o}", "file", text_or_null(slash ? slash + 1 : p->input),
                     "sha256", text_or_null(p->sha256), "size_bytes",
                     p->size < 0 ? json_null() : json_integer(p->size));
}

static json_t *sidecars_json(const myo_provenance *p) {
    json_t *all = json_array();
    for (int i = 0; i < p->n_sidecars; i++) {
        json_t *one = json_pack("{s:o, s:s}", "file", text_or_null(p->sidecars[i].name), "sha256",
                                p->sidecars[i].sha256);
        if (json_array_append_new(all, one) != 0) {
            json_decref(all);
            return NULL;
        }
    }
    return all;
}

static json_t *options_json(const myo_provenance *p) {
    json_t *all = json_object();
    for (int i = 0; i < p->n_options; i++) {
        const double v = p->options[i].value;
        if (json_object_set_new(all, p->options[i].name, isnan(v) ? json_null() : json_real(v)) !=
            0) {
            json_decref(all);
            return NULL;
        }
    }
    return all;
}

static json_t *open_json(const myo_open_opts *o) {
    static const myo_open_opts as_the_file_says = {0};
    if (!o) {
        o = &as_the_file_says;
    }
    return json_pack("{s:o, s:o, s:o, s:o, s:b}", "fs", positive_or_null(o->fs), "scale",
                     o->scale == 0.0 ? json_null() : json_real(o->scale), "unit",
                     text_or_null(text_of(o->unit)), "channels", text_or_null(text_of(o->channels)),
                     "salvage", o->salvage);
}

static json_t *param_json(const myo_params *p, const myo_param_row *row) {
    const double v = myo_param_get(p, row);
    switch (row->kind) {
    case MYO_PARAM_INT:
        return json_integer((json_int_t)v);
    case MYO_PARAM_BOOL:
        return json_boolean(v != 0.0);
    case MYO_PARAM_REAL:
        break;
    }
    return json_real(v);
}

static json_t *params_json(const myo_params *p) {
    json_t *all = json_object();
    for (int i = 0; p && i < myo_n_params; i++) {
        const myo_param_row *row = &myo_param_rows[i];
        if (strcmp(row->name, "run.chunk_s") == 0) {
            continue;
        }
        if (json_object_set_new(all, row->name, param_json(p, row)) != 0) {
            json_decref(all);
            return NULL;
        }
    }
    return all;
}

static json_t *named_json(const myo_named *named, int n) {
    json_t *all = json_object();
    for (int i = 0; i < n; i++) {
        if (json_object_set_new(all, named[i].name, text_or_null(named[i].value)) != 0) {
            json_decref(all);
            return NULL;
        }
    }
    return all;
}

static json_t *warnings_json(const myo_provenance *p) {
    json_t *all = json_array();
    for (int i = 0; i < p->n_warnings; i++) {
        if (json_array_append_new(all, text_or_null(p->warnings[i])) != 0) {
            json_decref(all);
            return NULL;
        }
    }
    return all;
}

/* 64 bits of seed do not fit every reader's numbers: from 2^53 on as text. */
static json_t *seed_json(const myo_provenance *p) {
    if (!p->has_seed) {
        return json_null();
    }
    if (p->seed <= UINT64_C(1) << 53) {
        return json_integer((json_int_t)p->seed);
    }
    char s[32];
    snprintf(s, sizeof s, "%llu", (unsigned long long)p->seed);
    return json_string(s);
}

/* All that the result follows from. json_pack takes over every member, also when one of them is NULL
 * and it fails. */
static json_t *causes_json(const myo_provenance *p) {
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "program", "myotab",
                     "version", MYO_VERSION, "compiler", text_or_null(p->compiler), "libraries",
                     named_json(p->libraries, p->n_libraries), "input", input_json(p), "sidecars",
                     sidecars_json(p), "open", open_json(p->open), "options", options_json(p),
                     "preset", text_or_null(p->preset), "parameters", params_json(p->params),
                     "seed", seed_json(p));
}

static myo_err no_memory(myo_diag *d) {
    return myo_fail(d, MYO_ERR_NOMEM, "no memory for the provenance");
}

static myo_err fingerprint(const json_t *causes, char hex[65], myo_diag *d) {
    return causes != NULL && myo_json_sha256(causes, hex) == MYO_OK ? MYO_OK : no_memory(d);
}

myo_err myo_provenance_fingerprint(const myo_provenance *p, char hex[65], myo_diag *d) {
    json_t *causes = causes_json(p);
    const myo_err e = fingerprint(causes, hex, d);
    json_decref(causes);
    return e;
}

/* What followed from the causes, added to them. */
static myo_err add_effects(json_t *root, const myo_provenance *p, char hex[65], myo_diag *d) {
    MYO_TRY(fingerprint(root, hex, d));
    json_t *input = json_object_get(root, "input");
    const bool ok = json_object_set_new(root, "fingerprint", json_string(hex)) == 0 &&
                    json_object_set_new(input, "format", text_or_null(p->format)) == 0 &&
                    json_object_set_new(input, "truncated", json_boolean(p->truncated)) == 0 &&
                    json_object_set_new(root, "outputs", named_json(p->outputs, p->n_outputs)) == 0 &&
                    json_object_set_new(root, "warnings", warnings_json(p)) == 0 &&
                    json_object_set_new(root, "warnings_suppressed", json_integer(p->n_suppressed)) == 0;
    return ok ? MYO_OK : no_memory(d);
}

myo_err myo_provenance_open(const myo_provenance *p, const char *path, myo_outfile *file,
                            char hex[65], myo_diag *d) {
    json_t *root = causes_json(p);
    myo_err e = add_effects(root, p, hex, d);
    if (e == MYO_OK) {
        e = myo_json_open(root, path, file, d);
    }
    json_decref(root);
    return e;
}

myo_err myo_provenance_write(const myo_provenance *p, const char *path, myo_diag *d) {
    myo_outfile file = {0};
    char hex[65];
    MYO_TRY(myo_provenance_open(p, path, &file, hex, d));
    return myo_outfile_commit(&file, d);
}
