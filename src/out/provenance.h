/* provenance.h - STEM_run.json: what a result was made from, and with what. */
#ifndef MYO_OUT_PROVENANCE_H
#define MYO_OUT_PROVENANCE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/base.h"
#include "myotab/params.h"
#include "myotab/rec.h"

typedef struct myo_named {
    const char *name, *value;
} myo_named;

typedef struct myo_option {
    const char *name;
    double value; /* NaN: not given */
} myo_option;

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
    const myo_sidecar_file *sidecars; /* of myo_recinfo */
    int n_sidecars;
    const myo_option *options; /* of one recording, as the part to analyse */
    int n_options;
    bool has_seed;
    uint64_t seed;
    const char *const *warnings;
    int n_warnings, n_suppressed;
    const myo_named *outputs; /* SHA-256 of each table, by its name */
    int n_outputs;
} myo_provenance;

/* SHA-256 over all that a result follows from: input, sidecars, options, parameters, program and libraries. Not over
 * what follows itself: format, truncated, warnings, outputs. */
myo_err myo_provenance_fingerprint(const myo_provenance *p, char hex[65], myo_diag *d);

/* Equal content gives equal bytes. run.chunk_s is not written: it cannot change a result, and
 * results must be the same files for any value. Other parameters are a JSON object that --params
 * reads. */
myo_err myo_provenance_write(const myo_provenance *p, const char *path, myo_diag *d);
/* The same, but *file is left for the caller to commit or abort; and hex gets the fingerprint. */
myo_err myo_provenance_open(const myo_provenance *p, const char *path, myo_outfile *file, char hex[65],
                            myo_diag *d);

#endif
