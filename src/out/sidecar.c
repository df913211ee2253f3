/* sidecar.c - JSON files: written whole, with sorted keys and fixed formatting. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/base.h"
#include "out/json.h"

myo_err myo_json_write(const json_t *root, const char *path, myo_diag *d) {
    /* 15 digits: 0.2 stays 0.2, and every parameter a person would type survives the round trip */
    char *text = json_dumps(root, JSON_INDENT(2) | JSON_SORT_KEYS | JSON_REAL_PRECISION(15));
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
