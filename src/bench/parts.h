/* parts.h - the parts of a bench's table. */
#ifndef MYO_BENCH_PARTS_H
#define MYO_BENCH_PARTS_H

#include "myotab/bench.h"

/* Rows: part, what, set, speed, unit, ratio, of (what the ratio is to; both n/a where there is none). */
void myo_bench_head(FILE *f);
void myo_bench_row(FILE *f, const char *part, const char *what, const char *set, double speed, const char *unit,
                   double ratio, const char *of);

myo_err myo_bench_kernels(FILE *f, myo_diag *d);
/* `dir`: an empty folder for tables. */
myo_err myo_bench_chain(const myo_bench_job *job, const char *dir, FILE *f, myo_diag *d);
/* Processor seconds of the floor (bench.h) of a recording, and how many samples it has. */
myo_err myo_bench_floor(const myo_bench_job *job, double *seconds, double *sha_seconds, double *decode_seconds,
                        int64_t *n_samples, myo_diag *d);

#endif
