/* scan.h - the burst detector's inner loop in one pass: energy over noise, moving sums at several scales, thresholds,
 * one bit a sample.
 *
 *   u[n]   = (x0[n]^2 + x1[n]^2 + ...) gain           gain: 1 / noise energy, one for each 64 frames
 *   s_1    = u,  s_2k[n] = s_k[n] + s_k[n - k]        doubling tree, never a running sum
 *   S_W[n] = s_a[n] + s_b[n - a] + s_c[n - a - b] ... a > b > c > ...: the powers of two that make W
 *   off bit: any S_W[n] > off_W;  on bit: any S_W[n] > on_W >= off_W
 *
 * Every output is one fixed expression of the input, so neither the width of a vector nor the length of a call matters
 * to a bit. Before the first frame u counts as 1, its mean in noise. */
#ifndef MYO_KERN_SCAN_H
#define MYO_KERN_SCAN_H

#include <stdbool.h>
#include <stdint.h>
#include "myotab/err.h"

enum {
    MYO_SCAN_BLOCK = 64,      /* frames of a word of bits and of a gain */
    MYO_SCAN_SCALES = 4,
    MYO_SCAN_LEVELS = 21,     /* windows of up to 2^21 - 1 frames */
    MYO_SCAN_CARRY = 11 * 16  /* floats that stay in registers from block to block, at most */
};

/* s_(2^level) at `lag` frames before the newest. */
typedef struct myo_scan_term { int level; int64_t lag; } myo_scan_term;

typedef struct myo_scan_scale {
    float on, off;            /* thresholds on the window's sum */
    int n_terms;
    myo_scan_term term[MYO_SCAN_LEVELS];
} myo_scan_scale;

/* Rules and memory of one lane's scan. Make with myo_scan_init, free with myo_scan_free. */
typedef struct myo_scan {
    int n_scales, n_levels;
    myo_scan_scale scale[MYO_SCAN_SCALES];
    /* level k's last sums, at frame & mask; the first block is there again behind the last, so that a block may be read
     * from anywhere. NULL where nothing reads the level. */
    float *ring[MYO_SCAN_LEVELS];
    int64_t mask[MYO_SCAN_LEVELS];
    bool read[MYO_SCAN_LEVELS];  /* some window has a term of this level */
    float carry[MYO_SCAN_CARRY]; /* newest sums of the levels that never leave the registers */
    int64_t at;               /* frames so far */
    float *memory;
} myo_scan;

/* Windows of w[i] >= 1 frames, ascending, with their thresholds on >= off; 1..MYO_SCAN_SCALES of them. MYO_ERR_NOMEM; MYO_ERR_PARAM for a
 * window that is too long. */
myo_err myo_scan_init(myo_scan *s, int n_scales, const int *w, const float *on, const float *off);
/* As after init. */
void myo_scan_reset(myo_scan *s);
void myo_scan_free(myo_scan *s);

/* A call's input: n_axes arrays of n frames (64-byte alignment helps), gain[n / 64, rounded up]. No axes: x[0] holds u
 * itself, and gain nothing. */
typedef struct myo_scan_in {
    const float *x[3];
    int n_axes;
    const float *gain;
    int64_t n;                /* a multiple of 64 but in the last call of a segment */
} myo_scan_in;
/* The kernel (kern.def: scan) writes a word of on and of off bits for each 64 frames, frame 0 in the lowest bit and zeros
 * after the last frame; energy (of one axis or more) writes u itself. A state belongs to one instruction set. A scan may leave
 * frames out: behind as many again as the longest window, its bits are those of a scan that did not. */

#endif
