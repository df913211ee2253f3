/* bench.h - how fast: kernels and stages against the machine's limits, all measured in one run. */
#ifndef MYOTAB_BENCH_H
#define MYOTAB_BENCH_H

#include <stdio.h>
#include "myotab/err.h"
#include "myotab/params.h"
#include "myotab/rec.h"

typedef struct myo_bench_job {
    const char *input;       /* recording that the stages and the whole run on; NULL: a synthetic one is made */
    const myo_params *params;
    myo_open_opts open;
    int n_threads;           /* of the last row */
} myo_bench_job;

/* Writes a table (tab-separated, with a header) to f: medians of 5 runs that take turns.
 *   limit   reading memory by the widest set; SHA-256 of the input; the floor: SHA-256, decoding, and one forward and one
 *           inverse single-precision FFT with a product per block of 4096 samples of each channel (501 taps)
 *   kernel  each kernel and instruction set, times the reference's speed; `scan32`, one window of 32 on 256 MB, also as a
 *           share of reading memory
 *   stage   SHA-256, scout, decoding, lanes (mask, mains, filter, floor, search), the rest (classes, tables)
 *   whole   detect with one thread (processor time) and with n_threads (wall), the floor's share and the gain
 * Needs 300 MB of memory and room for the tables in $TMPDIR (/tmp). */
myo_err myo_bench(const myo_bench_job *job, FILE *f, myo_diag *d);

#endif
