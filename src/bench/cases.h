/* cases.h - a call of every kernel, for who compares the sets (tests/kern) and who times them. */
#ifndef MYO_BENCH_CASES_H
#define MYO_BENCH_CASES_H

#include "kern/kern.h"
#include "kern/scan.h"

enum {
    MYO_CASE_N = 4096,                 /* samples of a timed call: the arrays stay in the first-level cache */
    MYO_CASE_ROOM = 2 * MYO_CASE_N + 64, /* floats that a call may touch from its arrays' beginning */
    MYO_CASE_WORDS = MYO_CASE_N / MYO_SCAN_BLOCK + 2
};

/* Arrays of one call: in and second are read, io is read and written; bits: 2 MYO_CASE_WORDS + 2 words. */
typedef struct myo_case_data {
    float *io, *in, *second;
    uint64_t *bits;
} myo_case_data;

/* n <= MYO_CASE_N samples from position `at` of the arrays on; the kernel's result, if it has one. */
typedef float (*myo_case_fn)(const myo_kernels *k, const myo_case_data *c, int at, int n);
/* width: floats of io that a call of n samples may write, as a multiple of n. */
typedef struct myo_kern_case { const char *name; myo_case_fn run; int width; } myo_kern_case;
extern const myo_kern_case myo_kern_cases[];
extern const int myo_n_kern_cases;

/* What numbers the arrays hold: normal ones, or every fifth of a kind (all for zero and denormal), or some of each. */
typedef enum myo_case_kind {
    MYO_CASE_NORMAL, MYO_CASE_ZERO, MYO_CASE_INFINITE, MYO_CASE_MISSING, MYO_CASE_DENORMAL, MYO_CASE_MIXED, MYO_N_CASE_KIND
} myo_case_kind;
void myo_case_fill(float *x, int64_t n, myo_case_kind kind, uint64_t seed);

#endif
