/* measure.c - times and medians. */
#include <time.h>
#include "base/base.h"
#include "bench/measure.h"

static double clock_s(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double myo_cpu_s(void)
{
    return clock_s(CLOCK_PROCESS_CPUTIME_ID);
}

double myo_wall_s(void)
{
    return clock_s(CLOCK_MONOTONIC);
}

double myo_median_of(double *v, int n)
{
    myo_sort_f64(v, (size_t)n);
    return n % 2 ? v[n / 2] : 0.5 * (v[n / 2 - 1] + v[n / 2]);
}

static double time_calls(const myo_kern_case *c, const myo_kernels *k, const myo_case_data *data)
{
    enum { CALLS = 200 };
    volatile float sink = 0.0f;
    const double from = myo_cpu_s();
    for (int i = 0; i < CALLS; i++) {
        sink = c->run(k, data, 0, MYO_CASE_N);
    }
    (void)sink;
    return (myo_cpu_s() - from) * 1e9 / (CALLS * (double)MYO_CASE_N);
}

myo_err myo_measure_case(const myo_kern_case *c, const myo_kernels *const *isa, int n_isa, double *ns)
{
    enum { MAX_ISA = 8 };
    double run[MAX_ISA][MYO_RUNS];
    myo_case_data data = {
        .io = myo_alloc_aligned(MYO_CASE_ROOM, sizeof(float)), .in = myo_alloc_aligned(MYO_CASE_ROOM, sizeof(float)),
        .second = myo_alloc_aligned(MYO_CASE_ROOM, sizeof(float)),
        .bits = myo_alloc_aligned(2 * MYO_CASE_WORDS + 2, sizeof(uint64_t))};
    const bool there = data.io && data.in && data.second && data.bits;
    if (there) {
        myo_case_fill(data.in, MYO_CASE_ROOM, MYO_CASE_NORMAL, 1);
        myo_case_fill(data.second, MYO_CASE_ROOM, MYO_CASE_NORMAL, 2);
        for (int r = 0; r < MYO_RUNS; r++) {
            for (int k = 0; k < n_isa && k < MAX_ISA; k++) {
                run[k][r] = time_calls(c, isa[k], &data);
            }
        }
        for (int k = 0; k < n_isa && k < MAX_ISA; k++) {
            ns[k] = myo_median_of(run[k], MYO_RUNS);
        }
    }
    myo_free(data.io);
    myo_free(data.in);
    myo_free(data.second);
    myo_free(data.bits);
    return there ? MYO_OK : MYO_ERR_NOMEM;
}
