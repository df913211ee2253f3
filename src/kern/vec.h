/* vec.h - the few vector operations the kernels are written with, for the instruction set that MYO_ISA_LEVEL names:
 * 1 SSE2, 2 AVX2, 3 AVX-512. Each ISA file sets it and includes this before the bodies. */
#ifndef MYO_KERN_VEC_H
#define MYO_KERN_VEC_H

#include <stdint.h>

#define INLINE static inline __attribute__((always_inline))

/* V: a vector of VL floats.  v_first(p, n): the first n >= 1 of those at p, then zeros.  v_fold: 16 partial sums folded
 * 8-4-2-1.  v_shiftK(v, prev): the lanes of v moved up by K, those of prev coming in from below.
 * M: what v_above compared, v > t per lane (false for NaN); m_any: not 0 if any lane is; m_bits: a bit a
 * lane of four of them, the first in the lowest bits.
 * B: a vector of BL bytes; b_among: a bit a byte of v that is one of w[0 .. 3]. */
#include <emmintrin.h>

/* The last two steps of v_fold. */
static inline float fold4(__m128 v)
{
    const __m128 two = _mm_add_ps(v, _mm_movehl_ps(v, v));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps(two, two, 1)));
}

#if MYO_ISA_LEVEL == 1
typedef __m128 V;
enum { VL = 4, VL_LOG = 2 };
static inline V v_load(const float *p) { return _mm_loadu_ps(p); }
static inline void v_store(float *p, V v) { _mm_storeu_ps(p, v); }
static inline V v_set(float x) { return _mm_set1_ps(x); }
static inline V v_add(V a, V b) { return _mm_add_ps(a, b); }
static inline V v_mul(V a, V b) { return _mm_mul_ps(a, b); }
static inline V v_abs(V a) { return _mm_andnot_ps(_mm_set1_ps(-0.0f), a); }
static inline V v_first(const float *p, int64_t n)
{
    if (n >= 4) {
        return _mm_loadu_ps(p);
    }
    const V two = n > 1 ? _mm_castsi128_ps(_mm_loadu_si64(p)) : _mm_load_ss(p);
    return n == 3 ? _mm_movelh_ps(two, _mm_load_ss(p + 2)) : two;
}
static inline float v_fold(const V *p) { return fold4(_mm_add_ps(_mm_add_ps(p[0], p[2]), _mm_add_ps(p[1], p[3]))); }
typedef __m128 M;
static inline M v_above(V a, V t) { return _mm_cmpgt_ps(a, t); }
static inline int m_any(M m) { return _mm_movemask_ps(m); }
static inline M m_or(M a, M b) { return _mm_or_ps(a, b); }
static inline uint64_t m_bits(const M *m)
{
    const __m128i low = _mm_packs_epi32(_mm_castps_si128(m[0]), _mm_castps_si128(m[1]));
    const __m128i high = _mm_packs_epi32(_mm_castps_si128(m[2]), _mm_castps_si128(m[3]));
    return (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_packs_epi16(low, high));
}
static inline V v_shift1(V v, V prev)
{
    const V t = _mm_shuffle_ps(prev, v, _MM_SHUFFLE(1, 0, 3, 3)); /* p3 p3 v0 v1 */
    return _mm_shuffle_ps(t, v, _MM_SHUFFLE(2, 1, 2, 0));
}
static inline V v_shift2(V v, V prev) { return _mm_shuffle_ps(prev, v, _MM_SHUFFLE(1, 0, 3, 2)); }
typedef __m128i B;
enum { BL = 16 };
static inline B b_load(const char *p) { return _mm_loadu_si128((const __m128i *)p); }
static inline B b_set(char c) { return _mm_set1_epi8(c); }
static inline uint64_t b_among(B v, const B *w)
{
    const B low = _mm_or_si128(_mm_cmpeq_epi8(v, w[0]), _mm_cmpeq_epi8(v, w[1]));
    const B high = _mm_or_si128(_mm_cmpeq_epi8(v, w[2]), _mm_cmpeq_epi8(v, w[3]));
    return (uint32_t)_mm_movemask_epi8(_mm_or_si128(low, high));
}
#elif MYO_ISA_LEVEL == 2
#include <immintrin.h>
typedef __m256 V;
enum { VL = 8, VL_LOG = 3 };
static inline V v_load(const float *p) { return _mm256_loadu_ps(p); }
static inline void v_store(float *p, V v) { _mm256_storeu_ps(p, v); }
static inline V v_set(float x) { return _mm256_set1_ps(x); }
static inline V v_add(V a, V b) { return _mm256_add_ps(a, b); }
static inline V v_mul(V a, V b) { return _mm256_mul_ps(a, b); }
static inline V v_abs(V a) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), a); }
static inline V v_first(const float *p, int64_t n)
{
    const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_maskload_ps(p, _mm256_cmpgt_epi32(_mm256_set1_epi32(n < 8 ? (int)n : 8), lane));
}
static inline float v_fold(const V *p)
{
    const __m256 v = _mm256_add_ps(p[0], p[1]);
    return fold4(_mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1)));
}
typedef __m256 M;
static inline M v_above(V a, V t) { return _mm256_cmp_ps(a, t, _CMP_GT_OQ); }
static inline int m_any(M m) { return _mm256_movemask_ps(m); }
static inline M m_or(M a, M b) { return _mm256_or_ps(a, b); }
static inline uint64_t m_bits(const M *m)
{
    const uint64_t low = (uint64_t)_mm256_movemask_ps(m[0]) | (uint64_t)_mm256_movemask_ps(m[1]) << 8;
    return low | (uint64_t)_mm256_movemask_ps(m[2]) << 16 | (uint64_t)_mm256_movemask_ps(m[3]) << 24;
}
/* alignr works within halves: `mid` brings the upper half of prev beside the lower half of v. */
#define V_ALIGN(v, prev, k)                                                                            \
    _mm256_castsi256_ps(_mm256_alignr_epi8(_mm256_castps_si256(v),                                      \
        _mm256_castps_si256(_mm256_permute2f128_ps(prev, v, 0x21)), 16 - 4 * (k)))
static inline V v_shift1(V v, V prev) { return V_ALIGN(v, prev, 1); }
static inline V v_shift2(V v, V prev) { return V_ALIGN(v, prev, 2); }
static inline V v_shift4(V v, V prev) { return _mm256_permute2f128_ps(prev, v, 0x21); }
typedef __m256i B;
enum { BL = 32 };
static inline B b_load(const char *p) { return _mm256_loadu_si256((const __m256i *)p); }
static inline B b_set(char c) { return _mm256_set1_epi8(c); }
static inline uint64_t b_among(B v, const B *w)
{
    const B low = _mm256_or_si256(_mm256_cmpeq_epi8(v, w[0]), _mm256_cmpeq_epi8(v, w[1]));
    const B high = _mm256_or_si256(_mm256_cmpeq_epi8(v, w[2]), _mm256_cmpeq_epi8(v, w[3]));
    return (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(low, high));
}
#elif MYO_ISA_LEVEL == 3
#include <immintrin.h>
typedef __m512 V;
enum { VL = 16, VL_LOG = 4 };
static inline V v_load(const float *p) { return _mm512_loadu_ps(p); }
static inline void v_store(float *p, V v) { _mm512_storeu_ps(p, v); }
static inline V v_set(float x) { return _mm512_set1_ps(x); }
static inline V v_add(V a, V b) { return _mm512_add_ps(a, b); }
static inline V v_mul(V a, V b) { return _mm512_mul_ps(a, b); }
static inline V v_abs(V a) { return _mm512_abs_ps(a); }
static inline V v_first(const float *p, int64_t n)
{
    return _mm512_maskz_loadu_ps((__mmask16)(n < 16 ? (1u << n) - 1u : 0xFFFFu), p);
}
static inline float v_fold(const V *p)
{
    const __m256 v = _mm256_add_ps(_mm512_castps512_ps256(p[0]), _mm512_extractf32x8_ps(p[0], 1));
    return fold4(_mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1)));
}
typedef __mmask16 M;
static inline M v_above(V a, V t) { return _mm512_cmp_ps_mask(a, t, _CMP_GT_OQ); }
static inline int m_any(M m) { return m != 0; }
static inline M m_or(M a, M b) { return _kor_mask16(a, b); }
static inline uint64_t m_bits(const M *m)
{
    return _cvtmask64_u64(_mm512_kunpackd(_mm512_kunpackw(m[3], m[2]), _mm512_kunpackw(m[1], m[0])));
}
#define V_ALIGN(v, prev, k)                                                                            \
    _mm512_castsi512_ps(_mm512_alignr_epi32(_mm512_castps_si512(v), _mm512_castps_si512(prev), 16 - (k)))
static inline V v_shift1(V v, V prev) { return V_ALIGN(v, prev, 1); }
static inline V v_shift2(V v, V prev) { return V_ALIGN(v, prev, 2); }
static inline V v_shift4(V v, V prev) { return V_ALIGN(v, prev, 4); }
static inline V v_shift8(V v, V prev) { return V_ALIGN(v, prev, 8); }
typedef __m512i B;
enum { BL = 64 };
static inline B b_load(const char *p) { return _mm512_loadu_si512(p); }
static inline B b_set(char c) { return _mm512_set1_epi8(c); }
static inline uint64_t b_among(B v, const B *w)
{
    return _cvtmask64_u64(_mm512_cmpeq_epi8_mask(v, w[0]) | _mm512_cmpeq_epi8_mask(v, w[1]) |
                          _mm512_cmpeq_epi8_mask(v, w[2]) | _mm512_cmpeq_epi8_mask(v, w[3]));
}
#endif

#endif
