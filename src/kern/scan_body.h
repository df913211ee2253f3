/* scan_body.h - the scan (scan.h) for one vector set, in blocks of four vectors that stay in registers. Sums of fewer
 * frames than a vector has lanes are made by moving lanes, longer ones by adding whole vectors: of the block itself, or
 * of the rings, stored long enough ago that no load waits for a store. */
#include <string.h>
#include "kern/scan.h"
#include "kern/vec.h"

enum { WORD = MYO_SCAN_BLOCK, NV = 4, BLOCK = NV * VL };

typedef struct scan_bits { uint64_t on, off; } scan_bits;

INLINE void block_energy(V *restrict v, const myo_scan_in *in, int64_t i)
{
    if (in->n_axes == 0) {
        for (int j = 0; j < NV; j++) {
            v[j] = v_load(in->x[0] + i + VL * j);
        }
        return;
    }
    const V gain = v_set(in->gain[i / WORD]);
    for (int j = 0; j < NV; j++) {
        const V x = v_load(in->x[0] + i + VL * j);
        v[j] = v_mul(v_mul(x, x), gain);
    }
    for (int a = 1; a < in->n_axes; a++) {
        for (int j = 0; j < NV; j++) {
            const V x = v_load(in->x[a] + i + VL * j);
            v[j] = v_add(v[j], v_mul(v_mul(x, x), gain));
        }
    }
}

/* The block's vectors from `first` on into their level's ring. */
INLINE void to_ring(const myo_scan *s, int level, int first, const V *restrict v)
{
    const int64_t at = s->at & s->mask[level];
    float *ring = s->ring[level];
    for (int j = first; j < NV; j++) {
        v_store(ring + at + VL * j, v[j]);
    }
    if (at == 0) {
        for (int j = first; j < NV; j++) {
            v_store(ring + s->mask[level] + 1 + VL * j, v[j]);
        }
    }
}

/* Noise is seldom above `off`, and nothing is above `on` that is not: most blocks end with the first comparison. */
INLINE void judge(const V *restrict sum, const myo_scan_scale *c, scan_bits *b)
{
    const V off = v_set(c->off);
    const M above[NV] = {v_above(sum[0], off), v_above(sum[1], off), v_above(sum[2], off), v_above(sum[3], off)};
    if (m_any(m_or(m_or(above[0], above[1]), m_or(above[2], above[3])))) {
        const V on = v_set(c->on);
        const M far[NV] = {v_above(sum[0], on), v_above(sum[1], on), v_above(sum[2], on), v_above(sum[3], on)};
        b->off |= m_bits(above);
        b->on |= m_bits(far);
    }
}

INLINE const float *ring_block(const myo_scan *s, myo_scan_term t)
{
    return s->ring[t.level] + ((s->at - t.lag) & s->mask[t.level]);
}

INLINE void judge_all(const myo_scan *s, scan_bits *b)
{
    for (int i = 0; i < s->n_scales; i++) {
        const myo_scan_scale *c = &s->scale[i];
        const float *from = ring_block(s, c->term[0]);
        V sum[NV] = {v_load(from), v_load(from + VL), v_load(from + 2 * VL), v_load(from + 3 * VL)};
        for (int t = 1; t < c->n_terms; t++) {
            from = ring_block(s, c->term[t]);
            for (int j = 0; j < NV; j++) {
                sum[j] = v_add(sum[j], v_load(from + VL * j));
            }
        }
        judge(sum, c, b);
    }
}

/* From sums of k frames to sums of 2 k, k < VL: lanes move, those of the block before come in. */
#define MOVE_LANES(shift, before)                            \
    do {                                                     \
        const V last = v[NV - 1];                            \
        for (int j = NV - 1; j > 0; j--) {                   \
            v[j] = v_add(v[j], shift(v[j], v[j - 1]));       \
        }                                                    \
        v[0] = v_add(v[0], shift(v[0], (before)));           \
        (before) = last;                                     \
    } while (0)

/* The same by `ahead` whole vectors. */
INLINE void move_vectors(V *restrict v, int ahead, const float *before)
{
    for (int j = NV - 1; j >= ahead; j--) {
        v[j] = v_add(v[j], v[j - ahead]);
    }
    for (int j = 0; j < ahead; j++) {
        v[j] = v_add(v[j], v_load(before + VL * j));
    }
}

/* ---- any windows ---- */

#define LEVEL_IN_REGISTER(level, shift)                      \
    if (s->read[level]) {                                    \
        to_ring(s, level, 0, v);                             \
    }                                                        \
    if (s->n_levels == (level) + 1) {                        \
        return;                                              \
    }                                                        \
    MOVE_LANES(shift, carry[level]);

#define LEVEL_IN_BLOCK(level, ahead)                         \
    if (s->read[level]) {                                    \
        to_ring(s, level, 0, v);                             \
    } else {                                                 \
        to_ring(s, level, NV - (ahead), v);                  \
    }                                                        \
    if (s->n_levels == (level) + 1) {                        \
        return;                                              \
    }                                                        \
    move_vectors(v, ahead, s->ring[level] + ((s->at - (ahead) * VL) & s->mask[level]));

/* The top level is always read, so every level below it has a ring. */
INLINE void block_levels(const myo_scan *s, V *restrict v, V *restrict carry)
{
    LEVEL_IN_REGISTER(0, v_shift1)
    LEVEL_IN_REGISTER(1, v_shift2)
#if MYO_ISA_LEVEL > 1
    LEVEL_IN_REGISTER(2, v_shift4)
#endif
#if MYO_ISA_LEVEL > 2
    LEVEL_IN_REGISTER(3, v_shift8)
#endif
    LEVEL_IN_BLOCK(VL_LOG, 1)
    LEVEL_IN_BLOCK(VL_LOG + 1, 2)
    for (int level = VL_LOG + 2;; level++) {
        to_ring(s, level, 0, v);
        if (level + 1 == s->n_levels) {
            return;
        }
        move_vectors(v, NV, s->ring[level] + ((s->at - ((int64_t)1 << level)) & s->mask[level]));
    }
}

/* ---- one window of a few vectors: nothing leaves the registers ---- */

INLINE void move_kept(V *restrict v, int ahead, V *restrict before)
{
    V now[NV];
    for (int j = 0; j < NV; j++) {
        now[j] = v_add(v[j], j < ahead ? before[j] : v[j - ahead]);
    }
    for (int j = 0; j < ahead; j++) {
        before[j] = v[NV - ahead + j];
    }
    for (int j = 0; j < NV; j++) {
        v[j] = now[j];
    }
}

/* Sums of 2^levels frames, VL <= 2^levels <= 8 VL. */
INLINE void one_window(V *restrict v, V *restrict carry, int levels)
{
    MOVE_LANES(v_shift1, carry[0]);
    MOVE_LANES(v_shift2, carry[1]);
#if MYO_ISA_LEVEL > 1
    MOVE_LANES(v_shift4, carry[2]);
#endif
#if MYO_ISA_LEVEL > 2
    MOVE_LANES(v_shift8, carry[3]);
#endif
    if (levels > VL_LOG) {
        move_kept(v, 1, carry + 4);
    }
    if (levels > VL_LOG + 1) {
        move_kept(v, 2, carry + 5);
    }
    if (levels > VL_LOG + 2) {
        move_kept(v, 4, carry + 7);
    }
}

enum { N_CARRY = 11, ONE_LOW = 4, ONE_HIGH = 5 }; /* windows of 16 and 32 frames: 8 ms at 2 and 4 kHz */

/* ---- words ---- */

/* levels: 0 for any windows, else one of 2^levels frames. */
INLINE scan_bits scan_block(myo_scan *s, const myo_scan_in *in, int64_t i, V *restrict carry, int levels)
{
    scan_bits b = {0, 0};
    V v[NV];
    block_energy(v, in, i);
    if (levels == 0) {
        block_levels(s, v, carry);
        judge_all(s, &b);
    } else {
        one_window(v, carry, levels);
        judge(v, &s->scale[0], &b);
    }
    s->at += BLOCK;
    return b;
}

INLINE void scan_words(myo_scan *s, const myo_scan_in *in, int64_t n, uint64_t *on, uint64_t *off, int levels)
{
    V carry[N_CARRY];
    for (int k = 0; k < N_CARRY; k++) {
        carry[k] = v_load(s->carry + VL * k);
    }
    for (int64_t i = 0; i < n; i += WORD) {
        uint64_t bits_on = 0, bits_off = 0;
        for (int at = 0; at < WORD; at += BLOCK) {
            const scan_bits b = scan_block(s, in, i + at, carry, levels);
            bits_on |= b.on << at;
            bits_off |= b.off << at;
        }
        on[i / WORD] = bits_on;
        off[i / WORD] = bits_off;
    }
    for (int k = 0; k < N_CARRY; k++) {
        v_store(s->carry + VL * k, carry[k]);
    }
}

static void scan_by_shape(myo_scan *s, const myo_scan_in *in, int64_t n, uint64_t *on, uint64_t *off)
{
    const bool one = s->n_scales == 1 && s->scale[0].n_terms == 1 && in->n_axes == 1;
    if (one && s->n_levels == ONE_LOW + 1) {
        scan_words(s, in, n, on, off, ONE_LOW);
    } else if (one && s->n_levels == ONE_HIGH + 1) {
        scan_words(s, in, n, on, off, ONE_HIGH);
    } else {
        scan_words(s, in, n, on, off, 0);
    }
}

/* The last frames of a segment: as if zeros followed. */
static void scan_tail(myo_scan *s, const myo_scan_in *in, int64_t i, uint64_t *on, uint64_t *off)
{
    float x[3][WORD] = {{0.0f}};
    const int64_t n = in->n - i;
    const uint64_t there = ((uint64_t)1 << n) - 1;
    myo_scan_in last = {.n_axes = in->n_axes, .gain = in->gain ? in->gain + i / WORD : NULL, .n = n};
    for (int a = 0; a < in->n_axes || a == 0; a++) {
        memcpy(x[a], in->x[a] + i, sizeof(float) * (size_t)n);
        last.x[a] = x[a];
    }
    scan_by_shape(s, &last, WORD, on, off);
    *on &= there;
    *off &= there;
}

/* What the registers hold before the first frame: sums of ones. */
static void start_carry(myo_scan *s)
{
    static const int level[N_CARRY] = {0, 1, 2, 3, VL_LOG, VL_LOG + 1, VL_LOG + 1, VL_LOG + 2, VL_LOG + 2, VL_LOG + 2,
                                       VL_LOG + 2};
    for (int k = 0; k < N_CARRY; k++) {
        v_store(s->carry + VL * k, v_set((float)(1 << level[k])));
    }
}

static void scan(myo_scan *restrict s, const myo_scan_in *in, uint64_t *restrict on, uint64_t *restrict off)
{
    const int64_t whole = in->n - in->n % WORD;
    if (s->at == 0) {
        start_carry(s);
    }
    scan_by_shape(s, in, whole, on, off);
    if (whole < in->n) {
        scan_tail(s, in, whole, on + whole / WORD, off + whole / WORD);
    }
}

static void energy(float *restrict u, const myo_scan_in *in)
{
    V v[NV];
    const int64_t whole = in->n - in->n % BLOCK;
    for (int64_t i = 0; i < whole; i += BLOCK) {
        block_energy(v, in, i);
        for (int j = 0; j < NV; j++) {
            v_store(u + i + VL * j, v[j]);
        }
    }
    for (int64_t i = whole; i < in->n; i++) {
        const float gain = in->gain[i / WORD];
        u[i] = in->x[0][i] * in->x[0][i] * gain;
        for (int a = 1; a < in->n_axes; a++) {
            u[i] += in->x[a][i] * in->x[a][i] * gain;
        }
    }
}
