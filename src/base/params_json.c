/* params_json.c - parameters from a JSON file. */
#include <jansson.h>
#include <string.h>
#include "base/base.h"
#include "myotab/params.h"

enum { CONFIG_MAX = 8 << 20 }; /* bytes of a parameter file, as of any sidecar */

typedef struct loader {
    const char *path, *text; /* text is the whole file, for the line numbers */
    myo_params *p;
    myo_diag *d;
} loader;

/* Line (from 1) of the quoted key in the text, looked for from `from` on; the parser keeps no
 * places. */
static int line_of(const char *text, const char *from, const char *key) {
    myo_buf quoted = {0};
    myo_buf_printf(&quoted, "\"%s\"", key);
    const char *at = quoted.failed ? NULL : strstr(from, quoted.s);
    myo_buf_clear(&quoted);
    int line = 1;
    for (const char *s = text; at != NULL && s < at; s++) {
        line += *s == '\n';
    }
    return line;
}

static const char *after_key(const char *text, const char *group) {
    const char *at = group == NULL ? NULL : strstr(text, group);
    return at == NULL ? text : at;
}

/* The value as the text that myo_params_set reads; false if it is no number and no truth value. */
static bool value_text(const json_t *v, char *dst, size_t cap) {
    if (json_is_boolean(v)) {
        snprintf(dst, cap, "%d", json_is_true(v));
    } else if (json_is_integer(v)) {
        snprintf(dst, cap, "%lld", (long long)json_integer_value(v));
    } else if (json_is_real(v)) {
        myo_format_g(dst, cap, json_real_value(v), 17);
    } else {
        return false;
    }
    return true;
}

static myo_err set_one(const loader *l, const char *group, const char *key, const json_t *v) {
    char value[64];
    myo_buf name = {0};
    myo_buf_printf(&name, "%s%s%.100s", group == NULL ? "" : group, group == NULL ? "" : ".", key);
    if (name.failed) {
        return myo_fail(l->d, MYO_ERR_NOMEM, "%s: not enough memory", l->path);
    }
    myo_diag why = {0};
    myo_err e;
    if (value_text(v, value, sizeof value)) {
        e = myo_params_set(l->p, name.s, value, &why);
    } else {
        e = myo_fail(&why, MYO_ERR_PARAM,
                     "parameter %s: wrong value (found no number, allowed a number, true or false)",
                     name.s);
    }
    if (e != MYO_OK) {
        myo_fail(l->d, e, "%s: line %d: %s", l->path,
                 line_of(l->text, after_key(l->text, group), key), why.message);
    }
    myo_buf_clear(&name);
    return e;
}

static myo_err set_group(const loader *l, const char *group, json_t *members) {
    const char *key;
    json_t *v;
    json_object_foreach(members, key, v) {
        MYO_TRY(set_one(l, group, key, v));
    }
    return MYO_OK;
}

static myo_err set_all(const loader *l, json_t *root) {
    const char *key;
    json_t *v;
    json_object_foreach(root, key, v) {
        MYO_TRY(json_is_object(v) ? set_group(l, key, v) : set_one(l, NULL, key, v));
    }
    return MYO_OK;
}

static myo_err load_text(myo_params *p, const char *path, const myo_buf *b, myo_diag *d) {
    const size_t bom = b->n >= 3 && memcmp(b->s, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    json_error_t err;
    json_t *root = json_loadb(b->s + bom, b->n - bom, JSON_REJECT_DUPLICATES, &err);
    if (root == NULL) {
        return myo_fail(d, MYO_ERR_PARAM, "%s: line %d, column %d: not valid JSON (%.160s)", path,
                        err.line, err.column, err.text);
    }
    myo_params copy = *p; /* a wrong file changes nothing */
    const loader l = {path, b->s, &copy, d};
    const myo_err e =
        json_is_object(root)
            ? set_all(&l, root)
            : myo_fail(d, MYO_ERR_PARAM, "%s: line 1: not a JSON object of parameters", path);
    json_decref(root);
    if (e == MYO_OK) {
        *p = copy;
    }
    return e;
}

myo_err myo_params_load(myo_params *p, const char *path, myo_diag *d) {
    myo_buf b = {0};
    myo_diag why = {0};
    if (myo_slurp(path, CONFIG_MAX, &b, &why) !=
        MYO_OK) { /* wrong usage, whatever the system said */
        return myo_fail(d, MYO_ERR_PARAM, "%s", why.message);
    }
    const myo_err e = load_text(p, path, &b, d);
    myo_buf_clear(&b);
    return e;
}
