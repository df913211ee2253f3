/* checkkern.c [--bench] - every kernel on every instruction set against the reference: lengths 0 to 400, misalignments 0 to
 * 15 floats, normal, zero, infinite, missing and denormal numbers; bits compared, borders poisoned (style.md 3.9). Ends in one
 * line "N passed, N failed". With --bench: the time of a call on 4096 samples instead, and how many times faster than the reference it is. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "base/base.h"
#include "kern/kern.h"
#include "kern/scan.h"

enum { MAX_N = 400, SHIFTS = 16, BORDER = 16, ROOM = 2 * MAX_N + SHIFTS + 2 * BORDER, WORDS = ROOM / 64 + 2, BENCH_N = 4096 };
typedef enum data_kind { RANDOM, ZERO, INFINITE, NOT_A_NUMBER, DENORMAL, MIXED, N_DATA } data_kind;

static const myo_kernels *isa[8];
static int n_isa, passed, failed;

static float odd_value(data_kind kind, myo_rng *r)
{
    const float v = (float)myo_rng_normal(r), sign = v < 0.0f ? -1.0f : 1.0f;
    switch (kind) {
    case ZERO: return sign * 0.0f;
    case INFINITE: return sign * INFINITY;
    case NOT_A_NUMBER: return NAN;
    case DENORMAL: return sign * 1e-41f * (float)(1 + myo_rng_u32(r) % 100);
    default: return v;
    }
}

/* RANDOM: normal; MIXED: a quarter odd values; else every fifth value is of the kind. */
static void fill(float *x, int n, data_kind kind, uint64_t seed)
{
    myo_rng r;
    myo_rng_seed(&r, seed, 11);
    for (int i = 0; i < n; i++) {
        const uint32_t dice = myo_rng_u32(&r) % 20;
        const data_kind k = kind == MIXED ? (dice < 5 ? (data_kind)dice : RANDOM)
                                          : (kind == ZERO || kind == DENORMAL || dice < 4 ? kind : RANDOM);
        x[i] = odd_value(k, &r);
    }
}

/* Arrays of one call: in and second are read, io read and written, bits written. */
typedef struct call {
    float *io, *in, *second;
    uint64_t *bits;
    float result;
} call;
typedef void (*run_fn)(const myo_kernels *k, const call *c, int at, int n, float *result);

static void run_zip(const myo_kernels *k, const call *c, int at, int n, float *result)
{
    (void)result;
    k->zip(c->io + at, c->in + at, c->second + at + 1, n);
}
static void run_unzip(const myo_kernels *k, const call *c, int at, int n, float *result)
{
    (void)result;
    k->unzip(c->io + at, c->io + at + n, c->in + at, n);
}
static void run_multiply(const myo_kernels *k, const call *c, int at, int n, float *result)
{
    (void)result;
    k->multiply(c->io + at, c->in + at, n);
}
static void run_present(const myo_kernels *k, const call *c, int at, int n, float *result)
{
    *result = (float)k->present(c->in + at, n);
}
/* Looks at a fixed number of samples: the last of n must lie that far before the room's end. */
static void run_watch(const myo_kernels *k, const call *c, int at, int n, float *result)
{
    const float limit[4] = {-1.9f, 2.1f, 2.9f, n % 3 == 0 ? 3.0f : 0.02f};
    int moved[2];
    const int odd = k->watch(c->in + at + n % 200, 1 + n % 7, limit, moved);
    *result = (float)(odd * 100000 + moved[0] * 100 + moved[1]);
}
static void run_add(const myo_kernels *k, const call *c, int at, int n, float *result)
{
    (void)result;
    k->add_shifted(c->io + at, c->in + at, c->second + at + 1, n);
}
static void run_sum(const myo_kernels *k, const call *c, int at, int n, float *result)
{
    *result = k->sum(c->in + at, n);
}
static void run_sumsq(const myo_kernels *k, const call *c, int at, int n, float *result)
{
    *result = k->sumsq(c->in + at, n);
}
static void run_sumabs(const myo_kernels *k, const call *c, int at, int n, float *result)
{
    *result = k->sumabs(c->in + at, n);
}
static void run_dot(const myo_kernels *k, const call *c, int at, int n, float *result)
{
    *result = k->dot(c->in + at, c->second + at + 1, n);
}
static void run_top(const myo_kernels *k, const call *c, int at, int n, float *result)
{
    *result = k->top(c->in + at, n);
}
static void run_goertzel(const myo_kernels *k, const call *c, int at, int n, float *result)
{
    double power[MYO_TONES], twice_cos[MYO_TONES], sum = 0.0;
    for (int b = 0; b < MYO_TONES; b++) {
        power[b] = b;
        twice_cos[b] = 2.0 * cos(0.03 * b);
    }
    k->goertzel(power, twice_cos, c->in + at, n);
    for (int b = 0; b < MYO_TONES; b++) {
        sum = 0.7 * sum + power[b]; /* a bit of any of them shows */
    }
    *result = (float)sum;
}
static void run_rotate(const myo_kernels *k, const call *c, int at, int n, float *result)
{
    (void)result;
    const float amp[4] = {0.5f, -0.01f, 1.25f, 0.003f};
    k->sub_rotating(c->io + at, c->in + at, c->second + at + 1, amp, n);
}


/* Windows as the detector has them, and odd ones; fed whole words at a time and in one piece, with one to three axes. */
static void run_scan(const myo_kernels *k, const call *c, int at, int n, float *result)
{
    static const int w[5][MYO_SCAN_SCALES] = {{16, 48, 144, 432}, {1, 3, 7, 22}, {32}, {8, 24, 72, 216}, {16}};
    static const int n_scales[5] = {4, 4, 1, 4, 1};
    static float gain[BENCH_N / MYO_SCAN_BLOCK + 1];
    const int set = n == BENCH_N ? 0 : n % 5, axes = set == 2 || set == 4 || n == BENCH_N ? 1 : 1 + n % 3;
    float on[MYO_SCAN_SCALES], off[MYO_SCAN_SCALES];
    myo_scan s;
    for (int i = 0; i < n_scales[set]; i++) {
        on[i] = 1.6f * (float)w[set][i];
        off[i] = 1.1f * (float)w[set][i];
    }
    for (int i = 0; i <= n / MYO_SCAN_BLOCK; i++) {
        gain[i] = 1.0f + 0.1f * (float)(i % 3);
    }
    if (myo_scan_init(&s, n_scales[set], w[set], on, off) != MYO_OK) {
        *result = NAN;
        return;
    }
    const int step = n % 2 ? MYO_SCAN_BLOCK : BENCH_N;
    for (int from = 0; from < n; from += step) {
        const myo_scan_in in = {.x = {c->in + at + from, c->second + at + from, c->in + at + from}, .n_axes = axes,
                                .gain = gain + from / MYO_SCAN_BLOCK, .n = n - from < step ? n - from : step};
        uint64_t *bits = c->bits + 1 + from / MYO_SCAN_BLOCK;
        k->scan(&s, &in, bits, bits + WORDS, axes == 1 && set != 0 ? NULL : c->io + at + from);
    }
    myo_scan_free(&s);
    *result = 0.0f;
}

/* A row per kernel: floats of io that a call of n samples may write, as a multiple of n. */
typedef struct kern_case { const char *name; run_fn run; int width; } kern_case;
static const kern_case cases[] = {
    {"zip", run_zip, 2}, {"unzip", run_unzip, 2}, {"multiply", run_multiply, 1}, {"present", run_present, 0},
    {"watch", run_watch, 0}, {"add_shifted", run_add, 1}, {"sum", run_sum, 0}, {"sumsq", run_sumsq, 0},
    {"sumabs", run_sumabs, 0}, {"dot", run_dot, 0}, {"top", run_top, 0},
    {"goertzel", run_goertzel, 0}, {"sub_rotating", run_rotate, 1}, {"scan", run_scan, 1},
};
enum { N_CASES = sizeof cases / sizeof cases[0] };

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
static int compare(const kern_case *k, const myo_kernels *other, data_kind kind)
{
    static float io[ROOM], in[ROOM], second[ROOM], io_ref[ROOM], io_other[ROOM];
    static uint64_t bits_ref[2 * WORDS + 2], bits_other[2 * WORDS + 2];
    fill(io, ROOM, kind, 1);
    fill(in, ROOM, kind, 2);
    fill(second, ROOM, kind, 3);
    for (int shift = 0; shift < SHIFTS; shift++) {
        for (int n = 0; n <= MAX_N; n++) {
            const call a = {io_ref, in, second, bits_ref, 0.0f}, b = {io_other, in, second, bits_other, 0.0f};
            float result_ref = 0.0f, result_other = 0.0f;
            memcpy(io_ref, io, sizeof io);
            memcpy(io_other, io, sizeof io);
            memset(bits_ref, 0xA5, sizeof bits_ref);
            memset(bits_other, 0xA5, sizeof bits_other);
            k->run(&myo_kernels_ref, &a, BORDER + shift, n, &result_ref);
            k->run(other, &b, BORDER + shift, n, &result_other);
            if (!same_bits(result_ref, result_other) || !same_all(io_ref, io_other, ROOM) ||
                memcmp(bits_ref, bits_other, sizeof bits_ref) != 0) {
                return n;
            }
        }
    }
    return -1;
}

/* Nothing outside [at, at + width n) and the words of n bits may change. */
static int borders(const kern_case *k, const myo_kernels *set)
{
    static float io[ROOM], in[ROOM], second[ROOM];
    static uint64_t bits[2 * WORDS + 2];
    fill(in, ROOM, RANDOM, 5);
    fill(second, ROOM, RANDOM, 6);
    for (int n = 0; n <= MAX_N; n++) {
        const call c = {io, in, second, bits, 0.0f};
        const int words = (n + MYO_SCAN_BLOCK - 1) / MYO_SCAN_BLOCK;
        float result;
        for (int i = 0; i < ROOM; i++) {
            io[i] = 7.25f;
        }
        memset(bits, 0xA5, sizeof bits);
        k->run(set, &c, BORDER, n, &result);
        for (int i = 0; i < ROOM; i++) {
            if ((i < BORDER || i >= BORDER + k->width * n) && io[i] != 7.25f) {
                return n;
            }
        }
        for (int i = 0; i < 2 * WORDS + 2; i++) {
            const bool inside = (i >= 1 && i < 1 + words) || (i >= 1 + WORDS && i < 1 + WORDS + words);
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
    static const char *const data[N_DATA] = {"normal", "zero", "infinite", "missing", "denormal", "mixed"};
    for (int i = 0; i < N_CASES; i++) {
        for (int k = 0; k < n_isa; k++) {
            verdict(borders(&cases[i], isa[k]), cases[i].name, isa[k]->isa, "writes beyond its place");
            for (int kind = 0; k > 0 && kind < N_DATA; kind++) {
                verdict(compare(&cases[i], isa[k], (data_kind)kind), cases[i].name, isa[k]->isa, data[kind]);
            }
        }
    }
    printf("%d passed, %d failed\n", passed, failed);
}

/* ---- --bench ---- */

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Nanoseconds of a call, least of five times 200. */
static double time_of(const kern_case *k, const myo_kernels *set, const call *c)
{
    double least = INFINITY;
    volatile float sink = 0.0f;
    for (int run = 0; run < 5; run++) {
        float result = 0.0f;
        const double from = now_s();
        for (int i = 0; i < 200; i++) {
            k->run(set, c, BORDER, BENCH_N, &result);
        }
        least = fmin(least, (now_s() - from) / 200.0 * 1e9);
        sink = result;
    }
    (void)sink;
    return least;
}

static int bench(void)
{
    enum { N = 2 * BENCH_N + SHIFTS + 2 * BORDER + 8 };
    const call c = {myo_alloc_aligned(N, sizeof(float)), myo_alloc_aligned(N, sizeof(float)),
                    myo_alloc_aligned(N, sizeof(float)), myo_alloc_aligned(2 * (BENCH_N / 64 + WORDS), sizeof(uint64_t)), 0.0f};
    if (!c.io || !c.in || !c.second || !c.bits) {
        return 3;
    }
    fill(c.in, N, RANDOM, 1);
    fill(c.second, N, RANDOM, 2);
    printf("kernel");
    for (int k = 0; k < n_isa; k++) {
        printf("\t%s_ns_per_sample\t%s_ratio", isa[k]->isa, isa[k]->isa);
    }
    printf("\n");
    for (int i = 0; i < N_CASES; i++) {
        double ref = 0.0;
        printf("%s", cases[i].name);
        for (int k = 0; k < n_isa; k++) {
            const double ns = time_of(&cases[i], isa[k], &c);
            ref = k == 0 ? ns : ref;
            printf("\t%.3f\t%.1f", ns / BENCH_N, ref / ns);
        }
        printf("\n");
    }
    myo_free(c.io);
    myo_free(c.in);
    myo_free(c.second);
    myo_free(c.bits);
    return 0;
}

int main(int argc, char **argv)
{
    n_isa = myo_kern_all(isa, 8);
    if (argc > 1 && strcmp(argv[1], "--bench") == 0) {
        return bench();
    }
    check_all();
    return failed > 0;
}
