/* names.c - names of output files, built from a whitelist (reliability.md 4.4). */
#include <string.h>
#include "base/base.h"
#include "out/names.h"

enum { CUT = 200, HASH_DIGITS = 16 };

static bool is_plain(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

static void put_escaped(myo_buf *b, const char *s, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (is_plain(s[i])) {
            myo_buf_put(b, s + i, 1);
        } else {
            myo_buf_printf(b, "%%%02X", (unsigned)(unsigned char)s[i]);
        }
    }
}

/* File name of a path without its ending; a leading dot begins a name, not an ending. */
static const char *base_of(const char *path, size_t *n) {
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    *n = dot && dot > name ? (size_t)(dot - name) : strlen(name);
    if (strcmp(path, "-") == 0) {
        *n = strlen("stdin");
        return "stdin";
    }
    return name;
}

static void put_id(myo_buf *b, const char *prefix, const char *id) {
    const size_t n = strlen(prefix);
    id += strncmp(id, prefix, n) == 0 ? n : 0;
    myo_buf_puts(b, prefix);
    put_escaped(b, id, strlen(id));
    myo_buf_puts(b, "_");
}

/* Long stems: as much as fits, no %XX cut in two, and a hash of the whole that keeps them apart. */
static myo_err shorten(myo_buf *b) {
    if (b->n <= CUT) {
        return MYO_OK;
    }
    myo_sha *sha = myo_sha_new();
    if (!sha) {
        return MYO_ERR_NOMEM;
    }
    char hex[65];
    myo_sha_add(sha, b->s, b->n);
    myo_sha_hex(sha, hex);
    myo_sha_free(sha);
    size_t keep = CUT;
    for (size_t back = 1; back <= 2; back++) {
        keep -= b->s[CUT - back] == '%' ? back : 0;
    }
    b->n = keep;
    myo_buf_printf(b, "-%.*s", (int)HASH_DIGITS, hex);
    return MYO_OK;
}

/* "", "." and ".." mean folders. */
static void name_the_nameless(myo_buf *b) {
    if (b->n > 2 || b->failed || strspn(b->s, ".") != b->n) {
        return;
    }
    const size_t dots = b->n;
    b->n = 0;
    myo_buf_puts(b, dots == 0 ? "recording" : dots == 1 ? "%2E" : "%2E%2E");
}

myo_err myo_stem_of(const char *path, const char *participant, const char *session,
                    char stem[MYO_STEM_MAX], myo_diag *d) {
    myo_buf b = {0};
    size_t n;
    const char *base = base_of(path, &n);
    myo_buf_puts(&b, "");
    if (participant) {
        put_id(&b, "sub-", participant);
        put_id(&b, "ses-", session ? session : "");
    }
    put_escaped(&b, base, n);
    name_the_nameless(&b);
    if (b.failed || shorten(&b) != MYO_OK || b.failed) {
        myo_buf_clear(&b);
        return myo_fail(d, MYO_ERR_NOMEM, "no memory for the name of the result");
    }
    memcpy(stem, b.s, b.n + 1);
    myo_buf_clear(&b);
    return MYO_OK;
}

struct myo_name_slot {
    char *key;    /* lower case; NULL: free */
    int64_t last; /* the largest number given to it so far */
};

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_name(const char *key, const char *stem) {
    while (*key && *key == lower(*stem)) {
        key++;
        stem++;
    }
    return *key == '\0' && *stem == '\0';
}

/* Slot of a stem, or the free one where it belongs (FNV-1a, linear probing). */
static struct myo_name_slot *find(const myo_names *s, const char *stem) {
    uint64_t h = UINT64_C(14695981039346656037);
    for (const char *c = stem; *c; c++) {
        h = (h ^ (unsigned char)lower(*c)) * UINT64_C(1099511628211);
    }
    size_t i = (size_t)h & (s->cap - 1);
    while (s->slot[i].key && !same_name(s->slot[i].key, stem)) {
        i = (i + 1) & (s->cap - 1);
    }
    return &s->slot[i];
}

/* At most half full, so that probing stays short. */
static myo_err make_room(myo_names *s) {
    if (2 * (s->n + 1) <= s->cap) {
        return MYO_OK;
    }
    myo_names bigger = {.n = s->n, .cap = s->cap ? 2 * s->cap : 64};
    bigger.slot = myo_alloc(bigger.cap, sizeof *bigger.slot);
    if (!bigger.slot) {
        return MYO_ERR_NOMEM;
    }
    for (size_t i = 0; i < s->cap; i++) {
        if (s->slot[i].key) {
            *find(&bigger, s->slot[i].key) = s->slot[i];
        }
    }
    myo_free(s->slot);
    *s = bigger;
    return MYO_OK;
}

static myo_err insert(myo_names *s, const char *stem) {
    char *key = myo_strdup(stem);
    if (!key) {
        return MYO_ERR_NOMEM;
    }
    for (char *c = key; *c; c++) {
        *c = lower(*c);
    }
    *find(s, stem) = (struct myo_name_slot){key, 1};
    s->n++;
    return MYO_OK;
}

myo_err myo_names_claim(myo_names *s, char stem[MYO_STEM_MAX], myo_diag *d) {
    if (make_room(s) != MYO_OK) {
        return myo_fail(d, MYO_ERR_NOMEM, "no memory for the names of the results");
    }
    char name[MYO_STEM_MAX + 24];
    snprintf(name, sizeof name, "%s", stem);
    struct myo_name_slot *first = find(s, stem);
    while (first->key && find(s, name)->key) {
        snprintf(name, sizeof name, "%s-%lld", stem, (long long)++first->last);
    }
    if (strlen(name) >= MYO_STEM_MAX || insert(s, name) != MYO_OK) {
        return myo_fail(d, MYO_ERR_NOMEM, "no memory for the names of the results");
    }
    memcpy(stem, name, strlen(name) + 1);
    return MYO_OK;
}

void myo_names_clear(myo_names *s) {
    for (size_t i = 0; i < s->cap; i++) {
        myo_free(s->slot[i].key);
    }
    myo_free(s->slot);
    *s = (myo_names){0};
}
