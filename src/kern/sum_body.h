/* sum_body.h - the reductions for one vector set: the 16 partial sums of body.h in registers. The last samples come with
 * zeros behind them, which change no sum. */
#include "kern/vec.h"

enum { NP = LANES / VL, N_LAGS = VL / 2 }; /* vectors of partial sums; sets of them that the registers hold, with room to spare */

#define REDUCE(name, args, whole, last)                \
    static float name args                             \
    {                                                  \
        V p[NP];                                       \
        for (int h = 0; h < NP; h++) {                 \
            p[h] = v_set(0.0f);                        \
        }                                              \
        int64_t i = 0;                                 \
        for (; i + LANES <= n; i += LANES) {           \
            for (int h = 0; h < NP; h++) {             \
                const int64_t j = i + h * VL;          \
                p[h] = v_add(p[h], whole);             \
            }                                          \
        }                                              \
        for (int h = 0; h < NP; h++) {                 \
            const int64_t j = i + h * VL, left = n - j; \
            if (left > 0) {                            \
                p[h] = v_add(p[h], last);              \
            }                                          \
        }                                              \
        return v_fold(p);                              \
    }

INLINE V v_square(V x)
{
    return v_mul(x, x);
}

REDUCE(sum, (const float *restrict x, int64_t n), v_load(x + j), v_first(x + j, left))
REDUCE(sumsq, (const float *restrict x, int64_t n), v_square(v_load(x + j)), v_square(v_first(x + j, left)))
REDUCE(sumabs, (const float *restrict x, int64_t n), v_abs(v_load(x + j)), v_abs(v_first(x + j, left)))
REDUCE(dot, (const float *restrict x, const float *restrict y, int64_t n), v_mul(v_load(x + j), v_load(y + j)),
       v_mul(v_first(x + j, left), v_first(y + j, left)))

/* Of N_LAGS lags: each vector of a meets b at all of them, and no sum waits for another. n[g]: samples of lag g. */
INLINE void lags_at_once(float *restrict out, const float *restrict a, const float *restrict b, const int64_t *n)
{
    V p[N_LAGS][NP];
    int64_t i = 0;
    for (int g = 0; g < N_LAGS; g++) {
        for (int h = 0; h < NP; h++) {
            p[g][h] = v_set(0.0f);
        }
    }
    for (; i + LANES <= n[N_LAGS - 1]; i += LANES) {
        for (int h = 0; h < NP; h++) {
            const V x = v_load(a + i + h * VL);
            for (int g = 0; g < N_LAGS; g++) {
                p[g][h] = v_add(p[g][h], v_mul(x, v_load(b + g + i + h * VL)));
            }
        }
    }
    for (int g = 0; g < N_LAGS; g++) {
        for (int64_t j = i; j < n[g]; j += LANES) {
            for (int h = 0; h < NP; h++) {
                const int64_t at = j + h * VL, left = n[g] - at;
                p[g][h] = left > 0 ? v_add(p[g][h], v_mul(v_first(a + at, left), v_first(b + g + at, left))) : p[g][h];
            }
        }
        out[g] = v_fold(p[g]);
    }
}

static void lags(float *restrict out, const float *restrict a, int64_t na, const float *restrict b, int64_t nb, int64_t m)
{
    int64_t k = 0;
    for (; k + N_LAGS <= m; k += N_LAGS) {
        int64_t n[N_LAGS];
        for (int g = 0; g < N_LAGS; g++) {
            n[g] = na < nb - k - g ? na : nb - k - g;
        }
        lags_at_once(out + k, a, b + k, n);
    }
    for (; k < m; k++) {
        out[k] = dot(a, b + k, na < nb - k ? na : nb - k);
    }
}

INLINE __m128d choose(__m128d mask, __m128d yes, __m128d no)
{
    return _mm_or_pd(_mm_and_pd(mask, yes), _mm_andnot_pd(mask, no));
}

/* Sums fall to 0 and exceed the best at times that nobody can guess: no branch asks for it. Frames are counted as numbers. */
static double best_run(int64_t *restrict span, const float *restrict u, double gain, double cost, int64_t n)
{
    const __m128d none = _mm_setzero_pd(), one = _mm_set1_pd(1.0);
    __m128d sum = none, side = none, most = none, best = none, from = none, end = none, found = none;
    for (int64_t i = 0; i < n; i++) {
        const __m128d d = _mm_set_sd(gain * (double)u[i] - cost);
        end = _mm_add_pd(end, one);
        sum = _mm_add_sd(sum, d);
        from = choose(_mm_cmpgt_sd(sum, none), from, end);
        sum = _mm_max_sd(sum, none);
        const __m128d better = _mm_cmpgt_sd(sum, best);
        side = _mm_max_sd(_mm_add_sd(side, d), none);
        most = _mm_max_sd(side, most);
        best = _mm_max_sd(sum, best);
        side = _mm_andnot_pd(better, side);
        found = choose(_mm_unpacklo_pd(better, better), _mm_unpacklo_pd(from, end), found);
    }
    span[0] = (int64_t)_mm_cvtsd_f64(found);
    span[1] = (int64_t)_mm_cvtsd_f64(_mm_unpackhi_pd(found, found));
    return _mm_cvtsd_f64(most);
}
