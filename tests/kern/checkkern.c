/* checkkern.c [--bench] - every kernel on every instruction set against the reference: lengths 0 to 400, misalignments 0 to
 * 15 floats, normal, zero, infinite, missing and denormal numbers; bits compared, borders poisoned (style.md 3.9). Ends in one
 * line "N passed, N failed". With --bench: instead, nanoseconds a sample on 4096 samples, and times the reference's speed. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "base/base.h"
#include "bench/cases.h"
#include "bench/measure.h"

enum { MAX_N = 400, SHIFTS = 16, BORDER = 16, ROOM = 2 * MAX_N + SHIFTS + 2 * BORDER, N_BITS = 2 * MYO_CASE_WORDS + 2 };

static const myo_kernels *isa[8];
static int n_isa, passed, failed;

static bool same_bits(float a, float b)
{
    return (isnan(a) && isnan(b)) || memcmp(&a, &b, sizeof a) == 0;
}

/* Any NaN equals any NaN. */
static bool same_all(const float *a, const float *b, int n)
{
    if (memcmp(a, b, sizeof *a * (size_t)n) == 0) {
        return true;
    }
    for (int i = 0; i < n; i++) {
        if (!same_bits(a[i], b[i])) {
            return false;
        }
    }
    return true;
}

/* First difference of one kernel, set and kind of data, or -1. */
static int compare(const myo_kern_case *k, const myo_kernels *other, myo_case_kind kind)
{
    static float io[ROOM], in[ROOM], second[ROOM], io_ref[ROOM], io_other[ROOM];
    static uint64_t bits_ref[N_BITS], bits_other[N_BITS];
    myo_case_fill(io, ROOM, kind, 1);
    myo_case_fill(in, ROOM, kind, 2);
    myo_case_fill(second, ROOM, kind, 3);
    for (int shift = 0; shift < SHIFTS; shift++) {
        for (int n = 0; n <= MAX_N; n++) {
            const myo_case_data a = {io_ref, in, second, bits_ref}, b = {io_other, in, second, bits_other};
            memcpy(io_ref, io, sizeof io);
            memcpy(io_other, io, sizeof io);
            memset(bits_ref, 0xA5, sizeof bits_ref);
            memset(bits_other, 0xA5, sizeof bits_other);
            const float result_ref = k->run(&myo_kernels_ref, &a, BORDER + shift, n);
            const float result_other = k->run(other, &b, BORDER + shift, n);
            if (!same_bits(result_ref, result_other) || !same_all(io_ref, io_other, ROOM) ||
                memcmp(bits_ref, bits_other, sizeof bits_ref) != 0) {
                return n;
            }
        }
    }
    return -1;
}

/* Nothing outside [at, at + width n) and the words of n bits may change. */
static int borders(const myo_kern_case *k, const myo_kernels *set)
{
    static float io[ROOM], in[ROOM], second[ROOM];
    static uint64_t bits[N_BITS];
    myo_case_fill(in, ROOM, MYO_CASE_NORMAL, 5);
    myo_case_fill(second, ROOM, MYO_CASE_NORMAL, 6);
    for (int n = 0; n <= MAX_N; n++) {
        const myo_case_data c = {io, in, second, bits};
        const int words = (n + MYO_SCAN_BLOCK - 1) / MYO_SCAN_BLOCK;
        for (int i = 0; i < ROOM; i++) {
            io[i] = 7.25f;
        }
        memset(bits, 0xA5, sizeof bits);
        k->run(set, &c, BORDER, n);
        for (int i = 0; i < ROOM; i++) {
            if ((i < BORDER || i >= BORDER + k->width * n) && io[i] != 7.25f) {
                return n;
            }
        }
        for (int i = 0; i < N_BITS; i++) {
            const bool inside = (i >= 1 && i < 1 + words) || (i >= 1 + MYO_CASE_WORDS && i < 1 + MYO_CASE_WORDS + words);
            if (!inside && bits[i] != 0xA5A5A5A5A5A5A5A5u) {
                return n;
            }
        }
    }
    return -1;
}

static void verdict(int n, const char *name, const char *set, const char *what)
{
    passed += n < 0;
    failed += n >= 0;
    if (n >= 0) {
        printf("FAIL  %s, %s: %s at length %d\n", name, set, what, n);
    }
}

static void check_all(void)
{
    static const char *const data[MYO_N_CASE_KIND] = {"normal", "zero", "infinite", "missing", "denormal", "mixed"};
    for (int i = 0; i < myo_n_kern_cases; i++) {
        for (int k = 0; k < n_isa; k++) {
            verdict(borders(&myo_kern_cases[i], isa[k]), myo_kern_cases[i].name, isa[k]->isa, "writes beyond its place");
            for (int kind = 0; k > 0 && kind < MYO_N_CASE_KIND; kind++) {
                verdict(compare(&myo_kern_cases[i], isa[k], (myo_case_kind)kind), myo_kern_cases[i].name, isa[k]->isa, data[kind]);
            }
        }
    }
    printf("%d passed, %d failed\n", passed, failed);
}

static void bench(void)
{
    printf("kernel");
    for (int k = 0; k < n_isa; k++) {
        printf("\t%s_ns_per_sample\t%s_times_ref", isa[k]->isa, isa[k]->isa);
    }
    printf("\n");
    for (int i = 0; i < myo_n_kern_cases; i++) {
        double ns[8];
        if (myo_measure_case(&myo_kern_cases[i], isa, n_isa, ns) != MYO_OK) {
            return;
        }
        printf("%s", myo_kern_cases[i].name);
        for (int k = 0; k < n_isa; k++) {
            printf("\t%.3f\t%.1f", ns[k], ns[0] / ns[k]);
        }
        printf("\n");
    }
}

int main(int argc, char **argv)
{
    n_isa = myo_kern_all(isa, 8);
    if (argc > 1 && strcmp(argv[1], "--bench") == 0) {
        bench();
        return 0;
    }
    check_all();
    return failed > 0;
}
