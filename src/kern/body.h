/* body.h - the loops themselves. Each ISA file defines MYO_ISA and includes this once, compiled with its
 * own flags; with contraction off the compiler may vectorise but not change a bit. */
#include <float.h>
#include <math.h>
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

/* As fold does it: the halves of `step` values, then those of their sums. */
static void envelope_of_8(float *restrict out, const float *restrict x, int64_t n)
{
    enum { PART = 64 };
    float four[4 * PART], two[2 * PART];
    for (int64_t from = 0; from < n; from += PART) {
        const int m = n - from < PART ? (int)(n - from) : PART;
        const float *restrict y = x + 8 * from;
        for (int i = 0; i < m; i++) {
            for (int l = 0; l < 4; l++) {
                four[4 * i + l] = fabsf(y[8 * i + l]) + fabsf(y[8 * i + 4 + l]);
            }
        }
        for (int i = 0; i < m; i++) {
            two[2 * i] = four[4 * i] + four[4 * i + 2];
            two[2 * i + 1] = four[4 * i + 1] + four[4 * i + 3];
        }
        for (int i = 0; i < m; i++) {
            out[from + i] = (two[2 * i] + two[2 * i + 1]) / 8.0f;
        }
    }
}

static void envelope(float *restrict out, const float *restrict x, int64_t step, int64_t n)
{
    if (step == 8) {
        envelope_of_8(out, x, n);
        return;
    }
    for (int64_t i = 0; i < n; i++) {
        out[i] = sumabs(x + i * step, step) / (float)step;
    }
}

static float top(const float *restrict x, int64_t n)
{
    float p[LANES] = {0.0f}, most = 0.0f;
    int64_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        for (int l = 0; l < LANES; l++) {
            const float v = fabsf(x[i + l]);
            p[l] = v > p[l] ? v : p[l];
        }
    }
    for (int l = 0; i < n; i++, l++) {
        const float v = fabsf(x[i]);
        p[l] = v > p[l] ? v : p[l];
    }
    for (int l = 0; l < LANES; l++) {
        most = p[l] > most ? p[l] : most;
    }
    return most;
}

/* Half of the tones at a time: as many as the wide sets have registers for. */
static void goertzel(double *restrict power, const double *restrict twice_cos, const float *restrict x, int64_t n)
{
    enum { PART = MYO_TONES / 2 };
    for (int from = 0; from < MYO_TONES; from += PART) {
        const double *restrict c = twice_cos + from;
        double s1[PART] = {0.0}, s2[PART] = {0.0};
        for (int64_t i = 0; i < n; i++) {
            const double v = (double)x[i];
            for (int b = 0; b < PART; b++) {
                const double s0 = v + c[b] * s1[b] - s2[b];
                s2[b] = s1[b];
                s1[b] = s0;
            }
        }
        for (int b = 0; b < PART; b++) {
            power[from + b] += s1[b] * s1[b] + s2[b] * s2[b] - c[b] * s1[b] * s2[b];
        }
    }
}

static void sub_rotating(float *restrict x, const float *restrict c, const float *restrict s,
                         const float *restrict amp, int64_t n)
{
    const float a0 = amp[0], da = amp[1], b0 = amp[2], db = amp[3];
    for (int32_t i = 0; i < (int32_t)n; i++) {
        const float t = (float)i;
        x[i] -= (a0 + t * da) * c[i] + (b0 + t * db) * s[i];
    }
}

const myo_kernels CAT(myo_kernels_, MYO_ISA) = {
    STR(MYO_ISA),
#define KERN(name, result, signature) name,
#include "kern.def"
#undef KERN
};
