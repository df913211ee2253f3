/* bids.c - sidecars beside a recording: STEM.json, BIDS _emg.json, _motion.json, _channels.tsv. */
#include <float.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include "base/base.h"
#include "io/bids_in.h"
#include "io/planes.h"

enum {
    SIDECAR_MAX = 8 << 20, /* bytes */
    DEPTH_MAX = 64,        /* of nested JSON */
    LEVELS = 4             /* folders looked at above the recording's own */
};

/* --- names --- */

/* The parts of ".../sub-01_task-rest_tracksys-imu_motion.tsv". */
typedef struct name_parts {
    char *folder; /* with its slash, or "" */
    char *stem;   /* without the ending */
    char *suffix; /* "motion": behind the last underscore; "" if there is none */
    bool bids;    /* begins with sub- and has a suffix */
} name_parts;

static void free_parts(name_parts *p) {
    myo_free(p->folder);
    myo_free(p->stem);
    myo_free(p->suffix);
}

char *myo_sidecar_text(const char *s, size_t n) {
    char *out = myo_alloc(n + 1, 1);
    if (out != NULL) {
        memcpy(out, s, n);
    }
    return out;
}

static bool split_path(name_parts *p, const char *path) {
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    const size_t n = dot != NULL && dot > name ? (size_t)(dot - name) : strlen(name);
    p->folder = myo_sidecar_text(path, (size_t)(name - path));
    p->stem = myo_sidecar_text(name, n);
    const char *bar = p->stem != NULL ? strrchr(p->stem, '_') : NULL;
    p->suffix = myo_strdup(bar != NULL ? bar + 1 : "");
    p->bids = bar != NULL && strncmp(name, "sub-", 4) == 0;
    return p->folder != NULL && p->stem != NULL && p->suffix != NULL;
}

static bool exists(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* "sub-01_task-rest_emg" loses its suffix. */
static void drop_suffix(char *stem) {
    char *bar = strrchr(stem, '_');
    *(bar != NULL ? bar : stem) = '\0';
}

static char *join(const char *a, const char *b, const char *c, const char *d) {
    const size_t n = strlen(a) + strlen(b) + strlen(c) + strlen(d) + 1;
    char *s = myo_alloc(n, 1);
    if (s != NULL) {
        snprintf(s, n, "%s%s%s%s", a, b, c, d);
    }
    return s;
}

/* The entities whose bits are set in `keep`: a sidecar with fewer of them applies more widely. */
static void choose(char *dst, size_t cap, const char *entities, unsigned keep) {
    size_t used = 0;
    unsigned bit = 1;
    dst[0] = '\0';
    for (const char *p = entities; *p != '\0'; bit <<= 1) {
        const size_t n = strcspn(p, "_");
        if ((keep & bit) != 0 && used + n + 2 < cap) {
            used +=
                (size_t)snprintf(dst + used, cap - used, "%s%.*s", used > 0 ? "_" : "", (int)n, p);
        }
        p += n + (p[n] == '_');
    }
}

static unsigned n_bits(unsigned v) {
    unsigned n = 0;
    for (; v != 0; v &= v - 1) {
        n++;
    }
    return n;
}

/* In one folder: the file "<some of the entities>_<suffix><ending>" with the most entities. NULL if
 * none. */
static char *best_match(const char *folder, const char *entities, const char *suffix) {
    enum { ENTITIES_MAX = 8 };
    char subset[256];
    unsigned n = 1;
    for (const char *p = entities; *p != '\0'; p++) {
        n += *p == '_';
    }
    n = n > ENTITIES_MAX ? ENTITIES_MAX : n;
    const unsigned all = (1u << n) - 1;
    for (unsigned count = n + 1; count-- > 0;) {
        for (unsigned keep = all + 1; keep-- > 0;) {
            if (n_bits(keep) != count) {
                continue;
            }
            choose(subset, sizeof subset, entities, keep);
            char *path = join(folder, subset, subset[0] != '\0' ? "_" : "", suffix);
            if (path == NULL || exists(path)) {
                return path;
            }
            myo_free(path);
        }
    }
    return NULL;
}

/* Nearest sidecar of the kind, from the recording's folder upward; stops above a dataset's root. */
static char *find_inherited(const name_parts *p, const char *suffix) {
    char *entities = myo_strdup(p->stem);
    char *folder = myo_strdup(p->folder);
    char *found = NULL;
    if (entities != NULL) {
        drop_suffix(entities);
    }
    for (int level = 0; entities != NULL && folder != NULL && level <= LEVELS && found == NULL;
         level++) {
        found = best_match(folder, entities, suffix);
        char *root = join(folder, "dataset_description.json", "", "");
        const bool top = root == NULL || exists(root);
        myo_free(root);
        if (top) {
            break;
        }
        char *up = join(folder, "../", "", "");
        myo_free(folder);
        folder = up;
    }
    myo_free(entities);
    myo_free(folder);
    return found;
}

static const char *base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* --- JSON --- */

/* Where the parser would have to recurse too deeply; NULL if nowhere. Strings may hold brackets. */
static const char *too_deep(const char *s, size_t n) {
    int depth = 0;
    bool text = false;
    for (size_t i = 0; i < n; i++) {
        if (text && s[i] == '\\') {
            i++; /* whatever is escaped does not end the string */
        } else if (s[i] == '"') {
            text = !text;
        } else if (!text && (s[i] == '{' || s[i] == '[') && ++depth > DEPTH_MAX) {
            return s + i;
        } else if (!text && (s[i] == '}' || s[i] == ']')) {
            depth--;
        }
    }
    return NULL;
}

static myo_err fail_deep(const char *begin, const char *at, const char *name, myo_diag *d) {
    int64_t line = 1;
    for (const char *lf; (lf = memchr(begin, '\n', (size_t)(at - begin))) != NULL; begin = lf + 1) {
        line++;
    }
    return myo_fail(d, MYO_ERR_DAMAGED,
                    "sidecar %s: line %" PRId64 ", column %td: nested too deeply (allowed %d levels)", name,
                    line, at - begin + 1, DEPTH_MAX);
}

/* NULL and no error for a file that is no sidecar: another program's list beside a recording
 * without a BIDS name. */
static json_t *parse(const myo_buf *b, const char *name, bool bids, myo_diag *d) {
    const size_t bom = b->n >= 3 && memcmp(b->s, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    json_error_t e;
    const char *deep = too_deep(b->s + bom, b->n - bom);
    if (deep != NULL) {
        fail_deep(b->s + bom, deep, name, d);
        return NULL;
    }
    json_t *root = json_loadb(b->s + bom, b->n - bom, JSON_REJECT_DUPLICATES, &e);
    if (root == NULL && json_error_code(&e) == json_error_duplicate_key) {
        myo_warn(d, "sidecar %s: line %d, column %d: %s; the last one counts", name, e.line,
                 e.column, e.text);
        root = json_loadb(b->s + bom, b->n - bom, 0, &e);
    }
    if (root == NULL) {
        myo_fail(d, MYO_ERR_DAMAGED, "sidecar %s: line %d, column %d: %s", name, e.line, e.column,
                 e.text);
    } else if (!json_is_object(root)) {
        if (bids) {
            myo_fail(d, MYO_ERR_DAMAGED, "sidecar %s: line 1, column 1: not a JSON object", name);
        } else {
            myo_warn(d, "%s: not a JSON object, so no sidecar", name);
        }
        json_decref(root);
        root = NULL;
    }
    return root;
}

/* What stands there in place of what is allowed, for a message. */
static void show_value(char *dst, size_t cap, const json_t *v) {
    static const char *const kinds[] = {[JSON_OBJECT] = "an object", [JSON_ARRAY] = "an array",
                                        [JSON_TRUE] = "true", [JSON_FALSE] = "false"};
    if (json_is_string(v)) {
        char text[80];
        snprintf(dst, cap, "\"%s\"", myo_printable(text, sizeof text, json_string_value(v)));
    } else if (json_is_number(v)) {
        myo_format_g(dst, cap, json_number_value(v), 6);
    } else {
        snprintf(dst, cap, "%s", kinds[json_typeof(v)]);
    }
}

/* A key, and the numbers it may have. */
typedef struct number {
    const char *key;
    double lo, hi;
    const char *allowed;
} number;

/* Its value, where it is stated; null and "n/a" state none. */
static myo_err take_number(const json_t *root, const number *n, const char *name, double *out,
                           myo_diag *d) {
    const json_t *v = json_object_get(root, n->key);
    if (v == NULL || json_is_null(v) ||
        (json_is_string(v) && strcasecmp(json_string_value(v), "n/a") == 0)) {
        return MYO_OK;
    }
    const char *text = json_string_value(v); /* NULL for what is none */
    double x = json_number_value(v);
    const bool is = text != NULL ? myo_parse_f64(text, strlen(text), &x) : json_is_number(v);
    if (!is || !(x >= n->lo && x <= n->hi)) {
        char shown[96];
        show_value(shown, sizeof shown, v);
        return myo_fail(d, MYO_ERR_RANGE, "sidecar %s: field %s (found %s, allowed %s)", name, n->key,
                        shown, n->allowed);
    }
    if (text != NULL) {
        myo_warn(d, "sidecar %s: field %s is text; taken as the number %g", name, n->key, x);
    }
    *out = x;
    return MYO_OK;
}

static void take_text(const json_t *root, const char *key, const char *name, char *dst, size_t cap,
                      myo_diag *d) {
    const json_t *v = json_object_get(root, key);
    if (json_is_string(v)) {
        snprintf(dst, cap, "%s", json_string_value(v));
    } else if (v != NULL && !json_is_null(v)) {
        myo_warn(d, "sidecar %s: field %s is no text: not used", name, key);
    }
}

static myo_err take_json(myo_sidecar *s, const json_t *root, const char *name, myo_diag *d) {
    static const number rate = {"SamplingFrequency", MYO_MIN_RATE, MYO_MAX_RATE, MYO_SIDE_RATES},
                        measured = {"SamplingFrequencyEffective", MYO_MIN_RATE, MYO_MAX_RATE,
                                    MYO_SIDE_RATES},
                        scale = {"Scale", DBL_MIN, DBL_MAX, "a number above 0"};
    double effective = 0;
    MYO_TRY(take_number(root, &rate, name, &s->fs, d));
    MYO_TRY(take_number(root, &measured, name, &effective, d));
    MYO_TRY(take_number(root, &scale, name, &s->scale, d));
    s->fs = effective > 0 && (s->fs == 0 || fabs(effective / s->fs - 1) < 0.01) ? effective : s->fs;
    take_text(root, "Units", name, s->unit, sizeof s->unit, d);
    return MYO_OK;
}

/* The whole file into b; *name gets its name, and its hash is kept. */
static myo_err load_file(myo_sidecar *s, const char *path, char **name, myo_buf *b, myo_diag *d) {
    MYO_TRY(myo_slurp(path, SIDECAR_MAX, b, d));
    myo_sidecar_file *used = &s->used[s->n_used++];
    myo_sha *sha = myo_sha_new();
    *name = myo_strdup(base_name(path));
    used->name = myo_strdup(base_name(path));
    if (sha != NULL) {
        myo_sha_add(sha, b->s, b->n);
        myo_sha_hex(sha, used->sha256);
        myo_sha_free(sha);
    }
    return sha != NULL && *name != NULL && used->name != NULL
               ? MYO_OK
               : myo_fail(d, MYO_ERR_NOMEM, "no memory for the sidecar");
}

static myo_err load_json(myo_sidecar *s, const char *path, bool bids, myo_diag *d) {
    myo_buf b = {0};
    myo_err err = load_file(s, path, &s->json_name, &b, d);
    json_t *root = err == MYO_OK ? parse(&b, s->json_name, bids, d) : NULL;
    if (root != NULL) {
        err = take_json(s, root, s->json_name, d);
    } else if (err == MYO_OK) {
        err = d != NULL ? d->code : MYO_ERR_DAMAGED;
    }
    json_decref(root);
    myo_buf_clear(&b);
    return err;
}

/* --- both --- */

static myo_err load_tsv(myo_sidecar *s, const char *path, myo_diag *d) {
    myo_buf b = {0};
    myo_err err = load_file(s, path, &s->tsv_name, &b, d);
    const size_t bom = b.n >= 3 && memcmp(b.s, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    if (err == MYO_OK) {
        err = myo_sidecar_rows(s, b.s + bom, b.n - bom, d);
    }
    myo_buf_clear(&b);
    return err;
}

static myo_err load_all(myo_sidecar *s, const name_parts *p, myo_diag *d) {
    char *json = join(p->folder, p->stem, ".json", "");
    if (json != NULL && !exists(json)) {
        myo_free(json);
        char *suffix = join(p->suffix, ".json", "", "");
        json = p->bids && suffix != NULL ? find_inherited(p, suffix) : NULL;
        myo_free(suffix);
    }
    char *tsv = p->bids ? find_inherited(p, "channels.tsv") : NULL;
    myo_err err = json != NULL ? load_json(s, json, p->bids, d) : MYO_OK;
    if (err == MYO_OK && tsv != NULL) {
        err = load_tsv(s, tsv, d);
    }
    myo_free(json);
    myo_free(tsv);
    return err;
}

myo_err myo_sidecar_load(myo_sidecar *s, const char *path, myo_diag *d) {
    name_parts p = {0};
    if (s->loaded) {
        return MYO_OK;
    }
    *s = (myo_sidecar){.loaded = true};
    const myo_err err = split_path(&p, path)
                            ? load_all(s, &p, d)
                            : myo_fail(d, MYO_ERR_NOMEM, "no memory for the sidecar's name");
    free_parts(&p);
    return err;
}

void myo_sidecar_free(myo_sidecar *s) {
    for (size_t i = 0; i < s->n_row; i++) {
        myo_free(s->row[i].name);
        myo_free(s->row[i].type);
        myo_free(s->row[i].units);
    }
    myo_free(s->row);
    myo_free(s->json_name);
    myo_free(s->tsv_name);
    for (int i = 0; i < s->n_used; i++) {
        myo_free(s->used[i].name);
    }
    *s = (myo_sidecar){0};
}
