/* run.c - STEM_run.json read back: what a recording's tables were made from. */
#include <jansson.h>
#include <math.h>
#include <string.h>
#include "report/report.h"

enum { RUN_MAX = 8 << 20, VALUE_MAX = 400 };

static const char ENDING[] = "_run.json";

/* The file being read; the first thing wrong stops it. */
typedef struct reader {
    myo_rep *r;
    myo_rep_rec *rec;
    const json_t *root;
    myo_diag *d;
} reader;

static myo_err wrong(const reader *f, const char *member, const char *allowed) {
    return myo_fail(f->d, MYO_ERR_DAMAGED, "member \"%.80s\": wrong value (allowed %s)", member,
                    allowed);
}

/* A text, kept; "" for null and for what is not there. */
static const char *text_of(const reader *f, const json_t *object, const char *key) {
    const char *s = json_string_value(json_object_get(object, key));
    return s ? myo_rep_keep(f->r, s) : "";
}

static double number_of(const json_t *object, const char *key, double missing) {
    const json_t *v = json_object_get(object, key);
    return json_is_number(v) ? json_number_value(v) : missing;
}

/* A value as text, for counting. */
static const char *value_text(const json_t *v, char dst[VALUE_MAX]) {
    if (json_is_string(v)) {
        snprintf(dst, VALUE_MAX, "%s", json_string_value(v));
    } else if (json_is_boolean(v)) {
        snprintf(dst, VALUE_MAX, "%s", json_is_true(v) ? "yes" : "no");
    } else if (json_is_number(v)) {
        myo_format_g(dst, VALUE_MAX, json_number_value(v), 15);
    } else {
        snprintf(dst, VALUE_MAX, "n/a");
    }
    return dst;
}

static myo_err count(const reader *f, const char *group, const char *name, const json_t *v) {
    char value[VALUE_MAX];
    return myo_distinct_add(&f->r->settings, group, name, value_text(v, value));
}

static myo_err check_object(const reader *f, const char *group) {
    const json_t *object = json_object_get(f->root, group);
    return json_is_object(object) && json_object_size(object) <= 1000
               ? MYO_OK
               : wrong(f, group, "an object of at most 1000 members");
}

static myo_err count_members(const reader *f, const char *group) {
    json_t *object = json_object_get(f->root, group);
    const char *key;
    json_t *v;
    json_object_foreach(object, key, v) {
        MYO_TRY(count(f, group, key, v));
    }
    return MYO_OK;
}

/* Also at the first reading, as a check of what will be said about them. */
static myo_err read_params(const reader *f, myo_params *p) {
    const json_t *all = json_object_get(f->root, "parameters");
    myo_params_defaults(p);
    for (int i = 0; i < myo_n_params; i++) {
        char value[VALUE_MAX];
        const json_t *v = json_object_get(all, myo_param_rows[i].name);
        if (json_is_boolean(v)) {
            snprintf(value, sizeof value, "%d", json_is_true(v));
        } else if (json_is_number(v)) {
            myo_format_g(value, sizeof value, json_number_value(v), 17);
        } else if (v) {
            return wrong(f, myo_param_rows[i].name, "a number, true or false");
        }
        if (v) {
            MYO_TRY(myo_params_set(p, myo_param_rows[i].name, value, f->d));
        }
    }
    return MYO_OK;
}

static bool is_hash(const char *s) {
    return strlen(s) == 64 && strspn(s, "0123456789abcdef") == 64;
}

static myo_err read_input(const reader *f) {
    const json_t *input = json_object_get(f->root, "input"),
                 *open = json_object_get(f->root, "open");
    const json_t *options = json_object_get(f->root, "options");
    myo_rep_rec *rec = f->rec;
    rec->file = text_of(f, input, "file");
    rec->format = text_of(f, input, "format");
    rec->sha256 = text_of(f, input, "sha256");
    rec->size = number_of(input, "size_bytes", NAN);
    rec->fs_opt = number_of(open, "fs", 0.0);
    rec->scale_opt = number_of(open, "scale", 0.0);
    rec->unit_opt = text_of(f, open, "unit");
    rec->channels_opt = text_of(f, open, "channels");
    rec->salvage = json_is_true(json_object_get(open, "salvage"));
    rec->start_s = number_of(options, "start_s", NAN);
    rec->end_s = number_of(options, "end_s", NAN);
    rec->rest_start_s = number_of(options, "rest_start_s", NAN);
    rec->rest_end_s = number_of(options, "rest_end_s", NAN);
    return is_hash(rec->sha256) ? MYO_OK : wrong(f, "input.sha256", "64 hexadecimal digits");
}

static myo_err read_sidecars(const reader *f) {
    const json_t *all = json_object_get(f->root, "sidecars");
    myo_buf b = {0};
    for (size_t i = 0; i < json_array_size(all); i++) {
        const char *sha = json_string_value(json_object_get(json_array_get(all, i), "sha256"));
        myo_buf_printf(&b, "%s ", sha && is_hash(sha) ? sha : "?");
    }
    const myo_err e = b.failed ? MYO_ERR_NOMEM : MYO_OK;
    f->rec->sidecars = e == MYO_OK && b.n > 0 ? myo_rep_keep(f->r, b.s) : "";
    myo_buf_clear(&b);
    return e;
}

static myo_err read_warnings(const reader *f) {
    const json_t *all = json_object_get(f->root, "warnings");
    const size_t n = json_array_size(all);
    if (n > 10 * MYO_MAX_WARNINGS) {
        return wrong(f, "warnings", "a short list");
    }
    const char **list = myo_alloc(n + 1, sizeof *list);
    if (!list) {
        return MYO_ERR_NOMEM;
    }
    for (size_t i = 0; i < n; i++) {
        const char *s = json_string_value(json_array_get(all, i));
        list[i] = s ? myo_rep_keep(f->r, s) : "";
    }
    f->rec->warnings = list;
    f->rec->n_warnings = (int)n;
    f->rec->n_suppressed = (int)fmin(number_of(f->root, "warnings_suppressed", 0.0), 1e9);
    return MYO_OK;
}

/* Settings are counted last: those of a file with anything wrong in it count nowhere. */
static myo_err count_settings(const reader *f) {
    static const char *const single[] = {"version", "compiler", "preset", "seed"};
    for (size_t i = 0; i < sizeof single / sizeof single[0]; i++) {
        MYO_TRY(count(f, "run", single[i], json_object_get(f->root, single[i])));
    }
    MYO_TRY(count_members(f, "libraries"));
    return count_members(f, "parameters");
}

static myo_err read_members(const reader *f) {
    const char *program = json_string_value(json_object_get(f->root, "program"));
    if (!program || strcmp(program, "myotab") != 0) {
        return wrong(f, "program", "\"myotab\"");
    }
    MYO_TRY(check_object(f, "libraries"));
    MYO_TRY(check_object(f, "parameters"));
    MYO_TRY(read_params(f, &(myo_params){0}));
    MYO_TRY(read_input(f));
    MYO_TRY(read_sidecars(f));
    MYO_TRY(read_warnings(f));
    MYO_TRY(count_settings(f));
    f->rec->has_run = true;
    return MYO_OK;
}

/* Everything, or the parameters alone where p is given. */
static myo_err read_text(myo_rep *r, myo_rep_rec *rec, myo_params *p, const myo_buf *text,
                         myo_diag *d) {
    json_error_t err;
    json_t *root = json_loadb(text->n > 0 ? text->s : "", text->n, JSON_REJECT_DUPLICATES, &err);
    if (!root) {
        return myo_fail(d, MYO_ERR_DAMAGED, "line %d, column %d: not valid JSON (%.160s)", err.line,
                        err.column, err.text);
    }
    const reader f = {r, rec, root, d};
    const myo_err e = p ? read_params(&f, p) : read_members(&f);
    json_decref(root);
    return e;
}

static myo_err read_file(myo_rep *r, const char *stem, myo_rep_rec *rec, myo_params *p) {
    myo_buf path = {0}, text = {0};
    myo_diag why = {0};
    myo_err e = myo_rep_path(r, stem, ENDING, &path);
    if (e == MYO_OK && myo_rep_exists(path.s)) {
        e = myo_slurp(path.s, RUN_MAX, &text, &why);
        e = e == MYO_OK ? read_text(r, rec, p, &text, &why) : e;
        e = e == MYO_OK ? e : myo_rep_blame(r, stem, ENDING, e, &why);
    }
    myo_buf_clear(&path);
    myo_buf_clear(&text);
    return e;
}

myo_err myo_rep_read_run(myo_rep *r, myo_rep_rec *rec) {
    return read_file(r, rec->stem, rec, NULL);
}

myo_err myo_rep_read_params(myo_rep *r, const myo_rep_rec *rec, myo_params *p) {
    myo_params_defaults(p);
    return read_file(r, rec->stem, NULL, p);
}
