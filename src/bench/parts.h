/* parts.h - the parts of a bench's table. */
#ifndef MYO_BENCH_PARTS_H
#define MYO_BENCH_PARTS_H

#include "myotab/bench.h"

/* The table in the making. */
typedef struct myo_bench_table {
    FILE *f;
    int error; /* errno of the first write that failed; 0: none */
} myo_bench_table;

/* Rows: part, what, set, speed, unit, ratio, of (what the ratio is to; both n/a where there is none). */
void myo_bench_head(myo_bench_table *t);
void myo_bench_row(myo_bench_table *t, const char *part, const char *what, const char *set, double speed, const char *unit,
                   double ratio, const char *of);

/* Between measurements: is there a point in going on? MYO_ERR_STOPPED, MYO_ERR_OUTPUT where nobody can read the rows. */
myo_err myo_bench_go_on(const myo_bench_table *t, myo_diag *d);

myo_err myo_bench_kernels(myo_bench_table *t, myo_diag *d);
/* `dir`: an empty folder for tables. */
myo_err myo_bench_chain(const myo_bench_job *job, const char *dir, myo_bench_table *t, myo_diag *d);
/* Processor seconds of the floor (bench.h) of a recording, and how many samples it has. */
myo_err myo_bench_floor(const myo_bench_job *job, double *seconds, double *sha_seconds, double *decode_seconds,
                        int64_t *n_samples, myo_diag *d);

#endif
