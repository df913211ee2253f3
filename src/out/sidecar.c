/* sidecar.c - JSON files: written whole, with sorted keys and fixed formatting. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/base.h"
#include "out/json.h"

/* The fewest digits, 15 to 17, that give back every number: 0.2 stays 0.2. Pure ASCII, so that no
 * control or bidi character of a name gets through. NULL without memory. */
static char *dump(const json_t *root) {
    for (size_t digits = 15;; digits++) {
        char *text = json_dumps(root, JSON_INDENT(2) | JSON_SORT_KEYS | JSON_ENSURE_ASCII |
                                          JSON_REAL_PRECISION(digits));
        if (!text || digits == 17) {
            return text;
        }
        json_t *again = json_loads(text, JSON_ALLOW_NUL, NULL);
        const bool same = again && json_equal(root, again);
        json_decref(again);
        if (same) {
            return text;
        }
        free(text);
    }
}

myo_err myo_json_write(const json_t *root, const char *path, myo_diag *d) {
    char *text = dump(root);
    if (!text) {
        return myo_fail(d, MYO_ERR_NOMEM, "%s: no memory for the JSON text", path);
    }
    myo_outfile file = {0};
    myo_err e = myo_outfile_open(&file, path, d);
    if (e == MYO_OK) {
        errno = 0;
        if (fputs(text, file.f) < 0 || fputc('\n', file.f) == EOF) {
            e = myo_fail(d, MYO_ERR_OUTPUT, "%s: cannot be written (%s)", path,
                         strerror(errno ? errno : EIO));
            myo_outfile_abort(&file);
        } else {
            e = myo_outfile_commit(&file, d);
        }
    }
    free(text); /* jansson's own memory */
    return e;
}
