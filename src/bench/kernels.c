/* kernels.c - every kernel and set against the reference, and the scan against reading memory. */
#include <math.h>
#include "base/base.h"
#include "bench/measure.h"
#include "bench/parts.h"

enum { MAX_ISA = 8 };
static const int64_t LARGE = (int64_t)1 << 26; /* floats: 256 MB, more than any cache */

static myo_err cases(myo_bench_table *t, const myo_kernels *const *isa, int n_isa, myo_diag *d)
{
    for (int i = 0; i < myo_n_kern_cases; i++) {
        double ns[MAX_ISA];
        MYO_TRY(myo_bench_go_on(t, d));
        MYO_TRY(myo_measure_case(&myo_kern_cases[i], isa, n_isa, ns));
        for (int k = 0; k < n_isa; k++) {
            myo_bench_row(t, "kernel", myo_kern_cases[i].name, isa[k]->isa, 1e3 / ns[k], "Msamples/s", ns[0] / ns[k], "ref");
        }
    }
    return MYO_OK;
}

/* ---- energy, moving sum of 32, threshold, one bit a sample (libraries.md 3) ---- */

typedef struct large { float *x, *gain; uint64_t *on, *off; } large;

static double scan_s(const myo_kernels *k, const large *l)
{
    myo_scan s;
    const float on = 60.0f, off = 50.0f;
    if (myo_scan_init(&s, 1, (const int[]){32}, &on, &off) != MYO_OK) {
        return NAN;
    }
    const myo_scan_in in = {.x = {l->x}, .n_axes = 1, .gain = l->gain, .n = LARGE};
    const double from = myo_cpu_s();
    k->scan(&s, &in, l->on, l->off);
    const double took = myo_cpu_s() - from;
    myo_scan_free(&s);
    return took;
}

static double read_s(const myo_kernels *k, const large *l)
{
    const double from = myo_cpu_s();
    volatile float sink = k->sum(l->x, LARGE);
    (void)sink;
    return myo_cpu_s() - from;
}

static double gb_s(double seconds)
{
    return (double)LARGE * sizeof(float) / seconds * 1e-9;
}

static myo_err scan_rows(myo_bench_table *t, const myo_kernels *const *isa, int n_isa, const large *l, myo_diag *d)
{
    double read[MYO_RUNS], scan[MAX_ISA][MYO_RUNS], share[MAX_ISA][MYO_RUNS], times[MAX_ISA][MYO_RUNS];
    for (int r = 0; r < MYO_RUNS; r++) {
        read[r] = read_s(isa[n_isa - 1], l);
        for (int k = 0; k < n_isa; k++) {
            MYO_TRY(myo_bench_go_on(t, d));
            scan[k][r] = scan_s(isa[k], l);
            share[k][r] = read[r] / scan[k][r];
            times[k][r] = scan[0][r] / scan[k][r];
        }
    }
    myo_bench_row(t, "limit", "read memory", isa[n_isa - 1]->isa, gb_s(myo_median_of(read, MYO_RUNS)), "GB/s", NAN, NULL);
    for (int k = 0; k < n_isa; k++) {
        const double speed = gb_s(myo_median_of(scan[k], MYO_RUNS));
        myo_bench_row(t, "kernel", "scan32", isa[k]->isa, speed, "GB/s", myo_median_of(share[k], MYO_RUNS), "read memory");
        myo_bench_row(t, "kernel", "scan32", isa[k]->isa, speed, "GB/s", myo_median_of(times[k], MYO_RUNS), "ref");
    }
    return MYO_OK;
}

static myo_err scan_against_memory(myo_bench_table *t, const myo_kernels *const *isa, int n_isa, myo_diag *d)
{
    large l = {.x = myo_alloc_aligned((size_t)LARGE, sizeof(float)),
               .gain = myo_alloc_aligned((size_t)(LARGE / MYO_SCAN_BLOCK), sizeof(float)),
               .on = myo_alloc_aligned((size_t)(LARGE / MYO_SCAN_BLOCK), sizeof(uint64_t)),
               .off = myo_alloc_aligned((size_t)(LARGE / MYO_SCAN_BLOCK), sizeof(uint64_t))};
    myo_err err = l.x && l.gain && l.on && l.off ? myo_bench_go_on(t, d) : MYO_ERR_NOMEM;
    if (err == MYO_OK) {
        myo_case_fill(l.x, LARGE / 64, MYO_CASE_NORMAL, 1);
        for (int64_t i = LARGE / 64; i < LARGE; i++) {
            l.x[i] = l.x[i - LARGE / 64];
        }
        for (int64_t i = 0; i < LARGE / MYO_SCAN_BLOCK; i++) {
            l.gain[i] = 1.0f;
            l.on[i] = l.off[i] = 0; /* pages that exist: the first run is as the others */
        }
        err = scan_rows(t, isa, n_isa, &l, d);
    }
    myo_free(l.x);
    myo_free(l.gain);
    myo_free(l.on);
    myo_free(l.off);
    return err;
}

myo_err myo_bench_kernels(myo_bench_table *t, myo_diag *d)
{
    const myo_kernels *isa[MAX_ISA];
    const int n_isa = myo_kern_all(isa, MAX_ISA);
    myo_err err = scan_against_memory(t, isa, n_isa, d);
    err = err == MYO_OK ? cases(t, isa, n_isa, d) : err;
    return err == MYO_ERR_NOMEM ? myo_fail(d, err, "not enough memory for the kernels (needs 300 MB)") : err;
}
