/* body.h - the loops themselves. Each ISA file defines MYO_ISA and includes this once, compiled with its
 * own flags; with contraction off the compiler may vectorise but not change a bit. */
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>
#include "kern/kern.h"

#define CAT2(a, b) a##b
#define CAT(a, b) CAT2(a, b)
#define STR2(a) #a
#define STR(a) STR2(a)
enum { LANES = 16 };

static void zip(float *restrict z, const float *restrict a, const float *restrict b, int64_t n)
{
    for (int64_t k = 0; k < n; k++) {
        z[2 * k] = a[k];
        z[2 * k + 1] = b[k];
    }
}

static void unzip(float *restrict a, float *restrict b, const float *restrict z, int64_t n)
{
    for (int64_t k = 0; k < n; k++) {
        a[k] = z[2 * k];
        b[k] = z[2 * k + 1];
    }
}

static void multiply(float *restrict x, const float *restrict h, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        x[i] *= h[i];
    }
}

static void add_shifted(float *restrict out, const float *restrict a, const float *restrict b, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        out[i] = a[i] + b[i];
    }
}

static void accumulate(float *restrict x, const float *restrict a, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        x[i] += a[i];
    }
}

static int64_t decode16(float *restrict x, const void *restrict raw, const double *restrict rule, int64_t n)
{
    enum { PART = 1024 };
    const double gain = rule[0], offset = rule[1];
    const int16_t lo = (int16_t)rule[2], hi = (int16_t)rule[3];
    const unsigned char *p = raw;
    int16_t v[PART];
    int64_t beyond = 0;
    for (int64_t from = 0; from < n; from += PART) {
        const int m = n - from < PART ? (int)(n - from) : PART;
        float *restrict y = x + from;
        int16_t outside = 0;
        memcpy(v, p + 2 * from, 2 * (size_t)m);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        for (int i = 0; i < m; i++) {
            v[i] = (int16_t)__builtin_bswap16((uint16_t)v[i]);
        }
#endif
        for (int i = 0; i < m; i++) {
            outside = (int16_t)(outside + ((v[i] < lo) | (v[i] > hi)));
        }
        for (int i = 0; i < m; i++) {
            y[i] = (float)((double)v[i] * gain + offset);
        }
        beyond += outside;
    }
    return beyond;
}

static int64_t below(const float *restrict x, float most, int64_t n)
{
    enum { AT_ONCE = 64 };
    int64_t i = 0;
    for (; i + AT_ONCE <= n; i += AT_ONCE) {
        int over = 0;
        for (int j = 0; j < AT_ONCE; j++) {
            over |= x[i + j] > most;
        }
        if (over) {
            break;
        }
    }
    while (i < n && !(x[i] > most)) {
        i++;
    }
    return i;
}

static int64_t count_upto(const float *restrict x, float most, int64_t n)
{
    enum { PART = 1 << 20 };
    int64_t total = 0;
    for (int64_t from = 0; from < n; from += PART) {
        const int m = n - from < PART ? (int)(n - from) : PART;
        int count = 0;
        for (int i = 0; i < m; i++) {
            count += x[from + i] <= most;
        }
        total += count;
    }
    return total;
}

static int64_t present(const float *restrict x, int64_t n)
{
    enum { AT_ONCE = 64 };
    int64_t i = 0;
    for (; i + AT_ONCE <= n; i += AT_ONCE) {
        int missing = 0;
        for (int j = 0; j < AT_ONCE; j++) {
            missing |= x[i + j] != x[i + j];
        }
        if (missing) {
            break;
        }
    }
    while (i < n && x[i] == x[i]) {
        i++;
    }
    return i;
}

static int watch(const float *restrict x, int64_t step, const float *restrict limit, int *restrict moved)
{
    const float lo = limit[0], hi = limit[1], jump = limit[2], still = limit[3];
    const float *restrict before = x - 1, *restrict behind = x + step;
    int odd = 0, first = MYO_WATCH, last = -1;
    for (int i = 0; i < MYO_WATCH; i++) {
        const int went = fabsf(x[i] - before[i]) > still;
        const int on = went ? i : MYO_WATCH, at = went ? i : -1;
        odd |= (x[i] <= lo) | (x[i] >= hi) | (fabsf(behind[i] - x[i]) > jump);
        first = on < first ? on : first;
        last = at > last ? at : last;
    }
    moved[0] = first;
    moved[1] = last;
    return odd;
}

static inline float lesser(float a, float b)
{
    return a < b ? a : b;
}

static inline float greater(float a, float b)
{
    return a > b ? a : b;
}

/* Least and greatest are the same in any order. */
static int64_t range(float *restrict seen, const float *restrict x, int64_t n)
{
    float lo[LANES], hi[LANES], least[LANES];
    int32_t same[LANES] = {0};
    const float none = INFINITY;
    int64_t i = 1;
    for (int l = 0; l < LANES; l++) {
        lo[l] = n > 0 ? lesser(x[0], seen[0]) : seen[0];
        hi[l] = n > 0 ? greater(x[0], seen[1]) : seen[1];
        least[l] = seen[2];
    }
    for (; i + LANES <= n; i += LANES) {
        for (int l = 0; l < LANES; l++) {
            const float v = x[i + l], step = fabsf(v - x[i + l - 1]);
            lo[l] = lesser(v, lo[l]);
            hi[l] = greater(v, hi[l]);
            least[l] = lesser(step > 0.0f ? step : none, least[l]);
            same[l] += step == 0.0f;
        }
    }
    for (; i < n; i++) {
        const float step = fabsf(x[i] - x[i - 1]);
        lo[0] = lesser(x[i], lo[0]);
        hi[0] = greater(x[i], hi[0]);
        least[0] = lesser(step > 0.0f ? step : none, least[0]);
        same[0] += step == 0.0f;
    }
    int64_t equal = 0;
    for (int l = 0; l < LANES; l++) {
        seen[0] = lesser(lo[l], seen[0]);
        seen[1] = greater(hi[l], seen[1]);
        seen[2] = lesser(least[l], seen[2]);
        equal += same[l];
    }
    return equal;
}

#ifdef MYO_ISA_LEVEL
#include "kern/sum_body.h"
#else
/* 16 partial sums folded 8-4-2-1; the tail goes to the first lanes, as if padded with zeros. */
static float fold(float *p)
{
    for (int half = LANES / 2; half >= 1; half /= 2) {
        for (int l = 0; l < half; l++) {
            p[l] += p[l + half];
        }
    }
    return p[0];
}

#define REDUCE(name, args, term)                   \
    static float name args                         \
    {                                              \
        float p[LANES] = {0};                      \
        int64_t i = 0;                             \
        for (; i + LANES <= n; i += LANES) {       \
            for (int l = 0; l < LANES; l++) {      \
                const int64_t j = i + l;           \
                p[l] += (term);                    \
            }                                      \
        }                                          \
        for (int l = 0; i < n; i++, l++) {         \
            const int64_t j = i;                   \
            p[l] += (term);                        \
        }                                          \
        return fold(p);                            \
    }

REDUCE(sum, (const float *restrict x, int64_t n), x[j])
REDUCE(sumsq, (const float *restrict x, int64_t n), x[j] * x[j])
REDUCE(sumabs, (const float *restrict x, int64_t n), fabsf(x[j]))
REDUCE(dot, (const float *restrict x, const float *restrict y, int64_t n), x[j] * y[j])

static void lags(float *restrict out, const float *restrict a, int64_t na, const float *restrict b, int64_t nb, int64_t m)
{
    for (int64_t k = 0; k < m; k++) {
        out[k] = dot(a, b + k, na < nb - k ? na : nb - k);
    }
}

static double best_run(int64_t *restrict span, const float *restrict u, double gain, double cost, int64_t n)
{
    double sum = 0.0, side = 0.0, best = 0.0, most = 0.0;
    int64_t from = 0;
    span[0] = span[1] = 0;
    for (int64_t i = 0; i < n; i++) {
        const double d = gain * (double)u[i] - cost;
        sum += d;
        side += d;
        from = sum > 0.0 ? from : i + 1;
        sum = sum > 0.0 ? sum : 0.0;
        side = side > 0.0 ? side : 0.0;
        most = side > most ? side : most;
        if (sum > best) {
            best = sum;
            side = 0.0;
            span[0] = from;
            span[1] = i + 1;
        }
    }
    return most;
}
#endif

#ifdef MYO_ISA_LEVEL
/* name_half: VL reductions of m samples, from each of as many neighbours on; lanes l, l + 2, l + 4 ... folded in the order of
 * fold(). name_lane: lane l of them all. */
#define SLIDING(name, term)                                                                                \
    static inline V name##_lane(const float *restrict x, const float *restrict y, int64_t m, int l)        \
    {                                                                                                      \
        V p = v_set(0.0f);                                                                                 \
        for (int64_t j = l; j < m; j += LANES) {                                                           \
            p = v_add(p, term);                                                                            \
        }                                                                                                  \
        return p;                                                                                          \
    }                                                                                                      \
    static inline V name##_pair(const float *restrict x, const float *restrict y, int64_t m, int l)        \
    {                                                                                                      \
        return v_add(name##_lane(x, y, m, l), name##_lane(x, y, m, l + 8));                                \
    }                                                                                                      \
    static inline V name##_four(const float *restrict x, const float *restrict y, int64_t m, int l)        \
    {                                                                                                      \
        return v_add(name##_pair(x, y, m, l), name##_pair(x, y, m, l + 4));                                \
    }                                                                                                      \
    static inline V name##_half(const float *restrict x, const float *restrict y, int64_t m, int l)        \
    {                                                                                                      \
        return v_add(name##_four(x, y, m, l), name##_four(x, y, m, l + 2));                                \
    }

SLIDING(slide, v_mul(v_load(x + j), v_set(y[j])))
SLIDING(product, v_mul(v_load(x + j), v_load(y + j)))
#endif

static void slide(float *restrict out, const float *restrict x, const float *restrict y, int64_t m, int64_t n)
{
    int64_t i = 0;
#ifdef MYO_ISA_LEVEL
    for (; i + VL <= n; i += VL) {
        v_store(out + i, v_add(slide_half(x + i, y, m, 0), slide_half(x + i, y, m, 1)));
    }
#endif
    for (; i < n; i++) {
        out[i] = dot(x + i, y, m);
    }
}

static void sliding_sumsq(float *restrict out, const float *restrict x, int64_t width, int64_t n)
{
    int64_t i = 0;
#ifdef MYO_ISA_LEVEL
    for (; i + VL <= n; i += VL) {
        v_store(out + i, v_add(product_half(x + i, x + i, width, 0), product_half(x + i, x + i, width, 1)));
    }
#endif
    for (; i < n; i++) {
        out[i] = sumsq(x + i, width);
    }
}

static int64_t deliver(float *restrict x, double scale, int64_t n)
{
    enum { PART = 4096 };
    int64_t bad = 0;
    for (int64_t from = 0; from < n; from += PART) {
        const int m = n - from < PART ? (int)(n - from) : PART;
        float *restrict y = x + from;
        int32_t missing = 0;
        if (scale != 1.0) {
            for (int i = 0; i < m; i++) {
                y[i] = (float)((double)y[i] * scale);
            }
        }
        for (int i = 0; i < m; i++) {
            missing += !(fabsf(y[i]) <= FLT_MAX);
        }
        for (int i = 0; i < m && missing > 0; i++) {
            y[i] = fabsf(y[i]) <= FLT_MAX ? y[i] : NAN;
        }
        bad += missing;
    }
    return bad;
}

/* A value as a sum takes it that begins with 0, or its size. */
static inline float value(float x, int sizes)
{
    return sizes ? fabsf(x) : 0.0f + x;
}

/* out[i w + l] = x[2 i w + l] + x[2 i w + w + l], l < w: a step of fold in each of n groups of 2 w. */
static inline void halve(float *restrict out, const float *restrict x, int w, int n, int sizes)
{
    for (int i = 0; i < n; i++) {
        for (int l = 0; l < w; l++) {
            out[w * i + l] = value(x[2 * w * i + l], sizes) + value(x[2 * w * i + w + l], sizes);
        }
    }
}

/* The last two steps in each of n groups of 4, over `step`. */
static inline void fold_fours(float *restrict out, const float *restrict x, float step, int n, int sizes)
{
    for (int i = 0; i < n; i++) {
        const float *restrict y = x + 4 * i;
        out[i] = ((value(y[0], sizes) + value(y[2], sizes)) + (value(y[1], sizes) + value(y[3], sizes))) / step;
    }
}

/* Means of groups of 4, 8 or 16 values or of their sizes, folded side by side. */
static inline void means_of_power(float *restrict out, const float *restrict x, int step, int64_t n, int sizes)
{
    enum { PART = 32 };
    float a[PART * LANES / 2], b[PART * LANES / 4];
    for (int64_t from = 0; from < n; from += PART) {
        const int m = n - from < PART ? (int)(n - from) : PART;
        const float *restrict y = x + from * step;
        if (step == 16) {
            halve(a, y, 8, m, sizes);
            halve(b, a, 4, m, 0);
            fold_fours(out + from, b, 16.0f, m, 0);
        } else if (step == 8) {
            halve(b, y, 4, m, sizes);
            fold_fours(out + from, b, 8.0f, m, 0);
        } else {
            fold_fours(out + from, y, 4.0f, m, sizes);
        }
    }
}

static void envelope(float *restrict out, const float *restrict x, int64_t step, int64_t n)
{
    if (step == 4 || step == 8 || step == LANES) {
        means_of_power(out, x, (int)step, n, 1);
        return;
    }
    for (int64_t i = 0; i < n; i++) {
        out[i] = sumabs(x + i * step, step) / (float)step;
    }
}

static void means(float *restrict out, const float *restrict x, int64_t step, int64_t n)
{
    if (step == 4 || step == 8 || step == LANES) {
        means_of_power(out, x, (int)step, n, 0);
        return;
    }
    for (int64_t i = 0; i < n; i++) {
        out[i] = sum(x + i * step, step) / (float)step;
    }
}

/* The bits of numbers >= 0 are in their order, so whole numbers will do; NaN counts as the largest. */
static float top(const float *restrict x, int64_t n)
{
    int32_t most = 0;
    float v;
    for (int64_t i = 0; i < n; i++) {
        int32_t bits;
        memcpy(&bits, x + i, sizeof bits);
        bits &= INT32_MAX;
        most = bits > most ? bits : most;
    }
    memcpy(&v, &most, sizeof v);
    return v;
}

static void block_energies(float *restrict out, const float *restrict x, int64_t block, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        out[i] = sumsq(x + i * block, block);
    }
}

#include "kern/spec_body.h"

const myo_kernels CAT(myo_kernels_, MYO_ISA) = {
    STR(MYO_ISA),
#define KERN(name, result, signature) name,
#include "kern.def"
#undef KERN
};
