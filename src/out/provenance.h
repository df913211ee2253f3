/* provenance.h - STEM_run.json: what a result was made from, and with what. */
#ifndef MYO_OUT_PROVENANCE_H
#define MYO_OUT_PROVENANCE_H

#include <stdbool.h>
#include <stdint.h>
#include "myotab/err.h"
#include "myotab/params.h"
#include "myotab/rec.h"

typedef struct myo_named {
    const char *name, *value;
} myo_named;

/* Everything is borrowed until the call returns. NULL texts are written as null. */
typedef struct myo_provenance {
    const char *input;  /* path; only the file name is written */
    const char *format; /* of myo_recinfo */
    const char *sha256; /* of the input */
    int64_t size;       /* bytes; < 0 unknown */
    bool truncated;     /* of myo_recinfo */
    const myo_open_opts *open;
    const char *preset;
    const myo_params *params;
    const char *compiler;
    const myo_named *libraries;
    int n_libraries;
    const myo_named *extra; /* written under "options", as the manifest's start_s */
    int n_extra;
    bool has_seed;
    uint64_t seed;
    const char *const *warnings;
    int n_warnings, n_suppressed;
} myo_provenance;

/* Equal content gives equal bytes. run.chunk_s is not written: it cannot change a result, and
 * results must be the same files for any value. Other parameters are a JSON object that --params
 * reads. */
myo_err myo_provenance_write(const myo_provenance *p, const char *path, myo_diag *d);

#endif
