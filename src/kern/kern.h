/* kern.h - the hot loops, chosen once by instruction set (kern.def, body.h).
 *
 * Same bits on every set: element-wise loops have one expression per element, reductions keep 16 partial
 * sums folded 8-4-2-1. Lengths in samples; arrays need no alignment; n may be 0. */
#ifndef MYO_KERN_H
#define MYO_KERN_H

#include <stdint.h>
#include "myotab/err.h"

enum { MYO_WATCH = 64, MYO_TONES = 96 };
struct myo_scan;
struct myo_scan_in;

typedef struct myo_kernels {
    const char *isa;
#define KERN(name, result, signature) result(*name) signature;
#include "kern.def"
#undef KERN
} myo_kernels;

/* zip: z[2k] = a[k], z[2k + 1] = b[k];  unzip: the reverse;  multiply: x *= h.
 * add_shifted: out = a + b (a step of the doubling tree of a moving sum).
 * accumulate: x += a.
 * decode16: little-endian 16-bit numbers times rule[0] plus rule[1]; how many lie outside rule[2] .. rule[3] (whole numbers).
 * below: how many samples at the beginning are not > most;  count_upto: how many of all are.
 * present: how many samples at the beginning are no NaN.
 * range: seen[0] and seen[1] go down and up to the least and greatest x[0 .. n), seen[2] down to the least |x[i] - x[i - 1]|
 * that is not 0, from i = 1 on; how many of those are 0. n < 2^31.
 * watch: of MYO_WATCH samples, is any x <= limit[0], x >= limit[1] or |x[i + step] - x[i]| > limit[2]? moved[0], moved[1]:
 * first and last i with |x[i] - x[i - 1]| > limit[3]; MYO_WATCH and -1 for none.
 * deliver: x *= scale; what is no number any more becomes NaN: how many.
 * envelope: out[i] = mean |x| of x[i step .. (i + 1) step), n of them, summed as sumabs does.
 * sum, sumsq, sumabs, dot: reductions.
 * slide: out[i] = dot of x[i .. i + m) and y[0 .. m), n of them, to the bit.
 * taper_power: psd[j] += scale times the sum over k = 1 .. tapers of |z[j - k] - z[j + k]|^2, z = re + i im: read from -tapers to
 * n + tapers - 1.
 * mirrored: out[i] = (a[i] + sign b[-i]) / 2.
 * total: the sum in double precision, 16 partial ones.
 * means: out[i] = mean of x[i step .. (i + 1) step), n of them, summed as sum does.
 * block_energies: out[i] = sumsq of x[i block .. (i + 1) block), n of them.
 * lags: out[k] = dot of a[0..n) and b[k .. k + n) for k < m <= nb; n: na, or what there is of the nb samples of b.
 * sliding_sumsq: out[i] = sumsq of x[i .. i + width), n of them.
 * best_run: span[0], span[1]: the stretch [on, off) with the largest sum of gain u - cost, empty if none is positive (Kadane's
 * scan); no stretch beside it has a larger sum than is given back.
 * top: largest |x|, 0 of none.
 * goertzel: power[b] += |sum of x[i] e^(-i w_b i)|^2 for MYO_TONES frequencies, given as 2 cos(w_b).
 * marks: indices of the bytes that are one of which[0 .. 3] among n <= 65536: how many.
 * energy: energy over noise;  scan: that, moving sums, thresholds: scan.h.
 * sub_rotating: x[i] -= (a0 + i da) c[i] + (b0 + i db) s[i], amp = {a0, da, b0, db}. */

/* The table in force. */
const myo_kernels *myo_kern(void);
/* Cap the choice at "auto", "ref", "sse2", "avx2" or "avx512"; MYO_ERR_PARAM if unknown or absent here. */
myo_err myo_kern_limit(const char *isa);
/* All tables this machine can run, reference first; returns their number. */
int myo_kern_all(const myo_kernels **list, int max);

extern const myo_kernels myo_kernels_ref;
#if defined(__x86_64__)
extern const myo_kernels myo_kernels_sse2, myo_kernels_avx2, myo_kernels_avx512;
#endif

#endif
