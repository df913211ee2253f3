/* sidecar.c - JSON files: written whole, with sorted keys and fixed formatting. */
#include <errno.h>
#include <string.h>
#include "base/base.h"
#include "out/json.h"

static int to_buf(const char *text, size_t n, void *user) {
    myo_buf *b = user;
    myo_buf_put(b, text, n);
    return b->failed ? -1 : 0;
}

/* The fewest digits, 15 to 17, that give back every number: 0.2 stays 0.2. Pure ASCII, so that no
 * control or bidi character of a name gets through. False without memory. */
static bool dump(const json_t *root, myo_buf *b) {
    for (size_t digits = 15;; digits++) {
        const size_t flags = JSON_INDENT(2) | JSON_SORT_KEYS | JSON_ENSURE_ASCII;
        if (json_dump_callback(root, to_buf, b, flags | JSON_REAL_PRECISION(digits)) != 0) {
            return false;
        }
        if (digits == 17) {
            return true;
        }
        json_t *again = json_loadb(b->s, b->n, JSON_ALLOW_NUL, NULL);
        const bool same = again && json_equal(root, again);
        json_decref(again);
        if (same) {
            return true;
        }
        myo_buf_clear(b);
    }
}

static myo_err write_text(myo_outfile *file, const char *text, const char *path, myo_diag *d) {
    MYO_TRY(myo_outfile_open(file, path, d));
    errno = 0;
    if (fputs(text, file->f) < 0 || fputc('\n', file->f) == EOF) {
        const int why = errno;
        myo_outfile_abort(file);
        return myo_fail(d, MYO_ERR_OUTPUT, "%s: cannot be written (%s)", path,
                        strerror(why ? why : EIO));
    }
    return MYO_OK;
}

myo_err myo_json_open(const json_t *root, const char *path, myo_outfile *file, myo_diag *d) {
    myo_buf text = {0};
    const myo_err e = dump(root, &text)
                          ? write_text(file, text.s, path, d)
                          : myo_fail(d, MYO_ERR_NOMEM, "%s: no memory for the JSON text", path);
    myo_buf_clear(&text);
    return e;
}

myo_err myo_json_write(const json_t *root, const char *path, myo_diag *d) {
    myo_outfile file = {0};
    MYO_TRY(myo_json_open(root, path, &file, d));
    return myo_outfile_commit(&file, d);
}

myo_err myo_json_sha256(const json_t *root, char hex[65]) {
    myo_buf text = {0};
    myo_sha *sha = myo_sha_new();
    const bool ok = sha != NULL && dump(root, &text);
    if (ok) {
        myo_sha_add(sha, text.s, text.n);
        myo_sha_hex(sha, hex);
    }
    myo_sha_free(sha);
    myo_buf_clear(&text);
    return ok ? MYO_OK : MYO_ERR_NOMEM;
}
