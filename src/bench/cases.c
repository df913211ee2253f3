/* cases.c - a call of every kernel. */
#include <math.h>
#include "base/base.h"
#include "bench/cases.h"

static float odd_value(myo_case_kind kind, myo_rng *r)
{
    const float v = (float)myo_rng_normal(r), sign = v < 0.0f ? -1.0f : 1.0f;
    switch (kind) {
    case MYO_CASE_ZERO: return sign * 0.0f;
    case MYO_CASE_INFINITE: return sign * INFINITY;
    case MYO_CASE_MISSING: return NAN;
    case MYO_CASE_DENORMAL: return sign * 1e-41f * (float)(1 + myo_rng_u32(r) % 100);
    default: return v;
    }
}

void myo_case_fill(float *x, int64_t n, myo_case_kind kind, uint64_t seed)
{
    myo_rng r;
    myo_rng_seed(&r, seed, 11);
    for (int64_t i = 0; i < n; i++) {
        const uint32_t dice = myo_rng_u32(&r) % 20;
        const myo_case_kind k = kind == MYO_CASE_MIXED ? (dice < 5 ? (myo_case_kind)dice : MYO_CASE_NORMAL)
                                          : (kind == MYO_CASE_ZERO || kind == MYO_CASE_DENORMAL || dice < 4 ? kind : MYO_CASE_NORMAL);
        x[i] = odd_value(k, &r);
    }
}

static float run_zip(const myo_kernels *k, const myo_case_data *c, int at, int n)
{
    k->zip(c->io + at, c->in + at, c->second + at + 1, n);
    return 0.0f;
}
static float run_unzip(const myo_kernels *k, const myo_case_data *c, int at, int n)
{
    k->unzip(c->io + at, c->io + at + n, c->in + at, n);
    return 0.0f;
}
static float run_multiply(const myo_kernels *k, const myo_case_data *c, int at, int n)
{
    k->multiply(c->io + at, c->in + at, n);
    return 0.0f;
}
static float run_present(const myo_kernels *k, const myo_case_data *c, int at, int n)
{
    return (float)k->present(c->in + at, n);
}
static float run_range(const myo_kernels *k, const myo_case_data *c, int at, int n)
{
    float seen[3] = {1.0f, -1.0f, INFINITY};
    const int64_t same = k->range(seen, c->in + at, n);
    return (float)same + 3.0f * (seen[0] + 3.0f * seen[1]) + (isinf(seen[2]) ? 0.5f : seen[2]);
}
/* Looks at a fixed number of samples: the last of n must lie that far before the room's end. */
static float run_watch(const myo_kernels *k, const myo_case_data *c, int at, int n)
{
    const float limit[4] = {-1.9f, 2.1f, 2.9f, n % 3 == 0 ? 3.0f : 0.02f};
    int moved[2];
    const int odd = k->watch(c->in + at + n % 200, 1 + n % 7, limit, moved);
    return (float)(odd * 100000 + moved[0] * 100 + moved[1]);
}
static float run_add(const myo_kernels *k, const myo_case_data *c, int at, int n)
{
    k->add_shifted(c->io + at, c->in + at, c->second + at + 1, n);
    return 0.0f;
}
static float run_sum(const myo_kernels *k, const myo_case_data *c, int at, int n)
{
    return k->sum(c->in + at, n);
}
static float run_sumsq(const myo_kernels *k, const myo_case_data *c, int at, int n)
{
    return k->sumsq(c->in + at, n);
}
static float run_sumabs(const myo_kernels *k, const myo_case_data *c, int at, int n)
{
    return k->sumabs(c->in + at, n);
}
static float run_blocks(const myo_kernels *k, const myo_case_data *c, int at, int n)
{
    const int block = n == MYO_CASE_N ? 96 : 1 + n % 50;
    k->block_energies(c->io + at, c->in + at, block, n / block);
    return 0.0f;
}
static float run_dot(const myo_kernels *k, const myo_case_data *c, int at, int n)
{
    return k->dot(c->in + at, c->second + at + 1, n);
}
static float run_lags(const myo_kernels *k, const myo_case_data *c, int at, int n)
{
    const int na = n == MYO_CASE_N ? 64 : 1 + n % 90;
    k->lags(c->io + at, c->in + at, na, c->second + at + 1, n, n);
    return 0.0f;
}
static float run_sliding(const myo_kernels *k, const myo_case_data *c, int at, int n)
{
    const int width = n == MYO_CASE_N ? 17 : 1 + n % 40;
    k->sliding_sumsq(c->io + at, c->in + at, width, n);
    return 0.0f;
}
static float run_slide(const myo_kernels *k, const myo_case_data *c, int at, int n)
{
    const int m = n == MYO_CASE_N ? 75 : n % 90;
    k->slide(c->io + at, c->in + at, c->second + at + 1, m, n - m > 0 ? n - m : 0);
    return 0.0f;
}
static float run_means(const myo_kernels *k, const myo_case_data *c, int at, int n)
{
    static const int steps[] = {8, 16, 4, 1, 3, 17};
    const int step = n == MYO_CASE_N ? 8 : steps[n % 6];
    k->means(c->io + at, c->in + at, step, n / step);
    return 0.0f;
}
static float run_best(const myo_kernels *k, const myo_case_data *c, int at, int n)
{
    int64_t span[2];
    const double rival = k->best_run(span, c->in + at, 1.0, n % 3 * 0.3, n);
    return (float)(rival + (double)(1000 * span[0] + span[1]));
}
static float run_taper(const myo_kernels *k, const myo_case_data *c, int at, int n)
{
    double psd[MYO_CASE_N + 2] = {0.0};
    float sum = 0.0f;
    const int tapers = 1 + n % 4, m = n > 2 * tapers ? n - 2 * tapers : 0;
    k->taper_power(psd + 1, c->in + at + tapers, c->second + at + 1 + tapers, 0.3, tapers, m);
    for (int i = 0; i < m + 2; i++) {
        sum = 0.9f * sum + (float)psd[i];
    }
    return sum;
}
static float run_mirrored(const myo_kernels *k, const myo_case_data *c, int at, int n)
{
    k->mirrored(c->io + at, c->in + at, c->second + at + n, n % 2 ? 1.0f : -1.0f, n);
    return 0.0f;
}
static float run_total(const myo_kernels *k, const myo_case_data *c, int at, int n)
{
    return (float)k->total(c->in + at, n);
}
static float run_top(const myo_kernels *k, const myo_case_data *c, int at, int n)
{
    return k->top(c->in + at, n);
}
static float run_goertzel(const myo_kernels *k, const myo_case_data *c, int at, int n)
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
    return (float)sum;
}
static float run_accumulate(const myo_kernels *k, const myo_case_data *c, int at, int n)
{
    k->accumulate(c->io + at, c->in + at, n);
    return 0.0f;
}
static float run_decode16(const myo_kernels *k, const myo_case_data *c, int at, int n)
{
    const double rule[4] = {0.37, -11.0, -20000.0, 18000.0};
    return (float)k->decode16(c->io + at, (const char *)(c->in + at) + n % 2, rule, n);
}
static float run_below(const myo_kernels *k, const myo_case_data *c, int at, int n)
{
    return (float)k->below(c->in + at, n % 2 ? 2.5f : 10.0f, n);
}
static float run_count(const myo_kernels *k, const myo_case_data *c, int at, int n)
{
    return (float)k->count_upto(c->in + at, 0.5f, n);
}
static float run_deliver(const myo_kernels *k, const myo_case_data *c, int at, int n)
{
    return (float)k->deliver(c->io + at, n % 3 == 0 ? 1.0 : n % 3 == 1 ? 0.3 : 3e38, n);
}
static float run_envelope(const myo_kernels *k, const myo_case_data *c, int at, int n)
{
    static const int steps[] = {8, 16, 4, 1, 3, 17};
    const int step = n == MYO_CASE_N ? 16 : steps[n % 6];
    k->envelope(c->io + at, c->in + at, step, n / step);
    return 0.0f;
}
static float run_rotate(const myo_kernels *k, const myo_case_data *c, int at, int n)
{
    const float amp[4] = {0.5f, -0.01f, 1.25f, 0.003f};
    k->sub_rotating(c->io + at, c->in + at, c->second + at + 1, amp, n);
    return 0.0f;
}


/* Windows as the detector has them, and odd ones; fed whole words at a time and in one piece, with none (energies) to three axes. */
static float run_scan(const myo_kernels *k, const myo_case_data *c, int at, int n)
{
    static const int w[5][MYO_SCAN_SCALES] = {{16, 48, 144, 432}, {1, 3, 7, 22}, {32}, {8, 24, 72, 216}, {16}};
    static const int n_scales[5] = {4, 4, 1, 4, 1};
    static float gain[MYO_CASE_N / MYO_SCAN_BLOCK + 1];
    const int set = n == MYO_CASE_N ? 0 : n % 5, axes = n == MYO_CASE_N ? 0 : set == 2 || set == 4 ? 1 : n % 4;
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
        return NAN;
    }
    const int step = n % 2 ? MYO_SCAN_BLOCK : MYO_CASE_N;
    for (int from = 0; from < n; from += step) {
        const myo_scan_in in = {.x = {c->in + at + from, c->second + at + from, c->in + at + from}, .n_axes = axes,
                                .gain = gain + from / MYO_SCAN_BLOCK, .n = n - from < step ? n - from : step};
        uint64_t *bits = c->bits + 1 + from / MYO_SCAN_BLOCK;
        k->scan(&s, &in, bits, bits + MYO_CASE_WORDS);
    }
    myo_scan_free(&s);
    return 0.0f;
}

static float run_energy(const myo_kernels *k, const myo_case_data *c, int at, int n)
{
    static float gain[MYO_CASE_N / MYO_SCAN_BLOCK + 1];
    for (int i = 0; i <= n / MYO_SCAN_BLOCK; i++) {
        gain[i] = 1.0f + 0.1f * (float)(i % 3);
    }
    const myo_scan_in in = {.x = {c->in + at, c->second + at, c->in + at}, .n_axes = n == MYO_CASE_N ? 1 : 1 + n % 3,
                            .gain = gain, .n = n};
    k->energy(c->io + at, &in);
    return 0.0f;
}

static float run_marks(const myo_kernels *k, const myo_case_data *c, int at, int n)
{
    const char which[4] = {0, (char)0xBF, 0x3F, (char)n};
    return (float)k->marks((uint16_t *)(c->io + at), (const char *)(c->in + at) + n % 4, which, n);
}

const myo_kern_case myo_kern_cases[] = {
    {"zip", run_zip, 2},
    {"unzip", run_unzip, 2},
    {"multiply", run_multiply, 1},
    {"present", run_present, 0},
    {"range", run_range, 0},
    {"watch", run_watch, 0},
    {"add_shifted", run_add, 1},
    {"sum", run_sum, 0},
    {"sumsq", run_sumsq, 0},
    {"sumabs", run_sumabs, 0},
    {"block_energies", run_blocks, 1},
    {"dot", run_dot, 0},
    {"lags", run_lags, 1},
    {"sliding_sumsq", run_sliding, 1},
    {"slide", run_slide, 1},
    {"means", run_means, 1},
    {"best_run", run_best, 0},
    {"taper_power", run_taper, 0},
    {"mirrored", run_mirrored, 1},
    {"total", run_total, 0},
    {"top", run_top, 0},
    {"goertzel", run_goertzel, 0},
    {"accumulate", run_accumulate, 1},
    {"decode16", run_decode16, 1},
    {"below", run_below, 0},
    {"count_upto", run_count, 0},
    {"deliver", run_deliver, 1},
    {"envelope", run_envelope, 1},
    {"sub_rotating", run_rotate, 1},
    {"marks", run_marks, 1},
    {"energy", run_energy, 1},
    {"scan", run_scan, 0},
};
const int myo_n_kern_cases = sizeof myo_kern_cases / sizeof myo_kern_cases[0];
