/* kern.c - choice of the kernel table: the best set the machine and the user's cap allow. */
#include <stdatomic.h>
#include <string.h>
#include "kern/kern.h"

static _Atomic(const myo_kernels *) chosen;

int myo_kern_all(const myo_kernels **list, int max)
{
    int n = 0;
    const myo_kernels *all[4] = {&myo_kernels_ref};
    int have = 1;
#if defined(__x86_64__)
    __builtin_cpu_init();
    all[have++] = &myo_kernels_sse2;
    if (__builtin_cpu_supports("avx2")) {
        all[have++] = &myo_kernels_avx2;
        if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
            __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
            all[have++] = &myo_kernels_avx512;
        }
    }
#endif
    for (; n < have && n < max; n++) {
        list[n] = all[n];
    }
    return n;
}

myo_err myo_kern_limit(const char *isa)
{
    const myo_kernels *all[4];
    const int n = myo_kern_all(all, 4);
    if (strcmp(isa, "auto") == 0) {
        atomic_store(&chosen, all[n - 1]);
        return MYO_OK;
    }
    for (int i = 0; i < n; i++) {
        if (strcmp(isa, all[i]->isa) == 0) {
            atomic_store(&chosen, all[i]);
            return MYO_OK;
        }
    }
    return MYO_ERR_PARAM;
}

const myo_kernels *myo_kern(void)
{
    const myo_kernels *k = atomic_load_explicit(&chosen, memory_order_relaxed);
    if (!k) {
        myo_kern_limit("auto");
        k = atomic_load(&chosen);
    }
    return k;
}
