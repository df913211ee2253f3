/* scan_ref.h - the scan (scan.h) as it is defined: the reference. A word of frames at a time, one level after another. */
#include <string.h>
#include "kern/scan.h"

enum { WORD = MYO_SCAN_BLOCK };

static void ref_to_ring(const myo_scan *s, int level, const float *v)
{
    float *ring = s->ring[level];
    const int64_t at = s->at & s->mask[level];
    memcpy(ring + at, v, sizeof *v * WORD);
    if (at == 0) {
        memcpy(ring + s->mask[level] + 1, v, sizeof *v * WORD);
    }
}

/* A word of level sums, the first of them `lag` frames before s->at. */
static const float *ref_word(const myo_scan *s, int level, int64_t lag)
{
    return s->ring[level] + ((s->at - lag) & s->mask[level]);
}

static void ref_judge(const myo_scan *s, const myo_scan_scale *c, const float *v, uint64_t *on, uint64_t *off)
{
    float sum[WORD];
    memcpy(sum, v, sizeof sum);
    for (int t = 1; t < c->n_terms; t++) {
        const float *from = ref_word(s, c->term[t].level, c->term[t].lag);
        for (int j = 0; j < WORD; j++) {
            sum[j] += from[j];
        }
    }
    uint64_t bits_on = 0, bits_off = 0;
    for (int j = 0; j < WORD; j++) {
        bits_on |= (uint64_t)(sum[j] > c->on) << j;
        bits_off |= (uint64_t)(sum[j] > c->off) << j;
    }
    *on |= bits_on;
    *off |= bits_off;
}

/* v: u of the next n <= 64 frames, zeros behind. */
static void ref_scan_word(myo_scan *s, float *v, uint64_t *on, uint64_t *off)
{
    int next = 0;
    *on = *off = 0;
    for (int level = 0; level < s->n_levels; level++) {
        if (s->ring[level]) {
            ref_to_ring(s, level, v);
        }
        for (; next < s->n_scales && s->scale[next].term[0].level == level; next++) {
            ref_judge(s, &s->scale[next], v, on, off);
        }
        if (level + 1 < s->n_levels) {
            /* Downwards, so that each sum is read before it grows; below the word's first, the ring's. */
            const int64_t ahead = (int64_t)1 << level;
            const float *before = ref_word(s, level, ahead);
            for (int j = WORD - 1; j >= ahead; j--) {
                v[j] += v[j - ahead];
            }
            for (int j = 0; j < ahead && j < WORD; j++) {
                v[j] += before[j];
            }
        }
    }
    s->at += WORD;
}

/* u of frames [i, i + n), a word at most. */
static void ref_energy(float *v, const myo_scan_in *in, int64_t i, int n)
{
    if (in->n_axes == 0) {
        memcpy(v, in->x[0] + i, sizeof *v * (size_t)n);
        return;
    }
    const float gain = in->gain[i / WORD];
    for (int a = 0; a < in->n_axes; a++) {
        for (int j = 0; j < n; j++) {
            const float x = in->x[a][i + j];
            v[j] = a == 0 ? x * x * gain : v[j] + x * x * gain;
        }
    }
}

static void energy(float *restrict u, const myo_scan_in *in)
{
    for (int64_t i = 0; i < in->n; i += WORD) {
        ref_energy(u + i, in, i, in->n - i < WORD ? (int)(in->n - i) : WORD);
    }
}

static void scan(myo_scan *restrict s, const myo_scan_in *in, uint64_t *restrict on, uint64_t *restrict off)
{
    for (int64_t i = 0; i < in->n; i += WORD) {
        const int n = in->n - i < WORD ? (int)(in->n - i) : WORD;
        const uint64_t there = ~(uint64_t)0 >> (WORD - n);
        float v[WORD] = {0.0f};
        ref_energy(v, in, i, n);
        ref_scan_word(s, v, &on[i / WORD], &off[i / WORD]);
        on[i / WORD] &= there;
        off[i / WORD] &= there;
    }
}
