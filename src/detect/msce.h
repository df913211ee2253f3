/* msce.h - multi-scale constant-false-alarm energy detector (science.md 3.5).
 *
 * u[n] = x[n]^2 / noise energy. Trailing means of u over up to four windows are compared with thresholds that
 * correspond to one Wilson-Hilferty deviate z at every scale:
 *
 *   u   ......................................n
 *   W1                                    [===]      T(n) > z  <=>  any mean over W > (1 - c + z sqrt c)^3,
 *   W2                            [===========]                     c = 2 / (9 nu_W)
 *   W3            [===========================]  */
#ifndef MYO_DETECT_MSCE_H
#define MYO_DETECT_MSCE_H

#include <stdint.h>
#include "myotab/err.h"
#include "myotab/params.h"

enum { MYO_N_SCALE = 4 };

typedef struct myo_msce {
    int n_scales;
    int w[MYO_N_SCALE];              /* samples, ascending */
    float on[MYO_N_SCALE], off[MYO_N_SCALE]; /* thresholds on the window's sum of u, off <= on */
    int w_max;
} myo_msce;

/* Threshold deviate for a false-alarm rate per hour and channel: science.md 3.4 (vi) measured z = 4.1, 4.65, 5.05 at 60,
 * 6 and 1 per hour; between and beyond, z^2 is linear in the logarithm of the rate. */
double myo_msce_z(double fa_per_h);

/* dof(w, user): degrees of freedom of the mean of w samples of u in noise. Scales under 3 samples are left out. */
void myo_msce_init(myo_msce *m, const myo_kind_params *p, double fs, double (*dof)(const void *user, int w),
                   const void *user);

/* Result r: r[i] = u[i - w + 1] + ... + u[i] for i in [0, n), in a fixed order of additions; u[-(w-1) .. n) must be
 * readable. a, b: work of n + w floats each; r points into b. */
const float *myo_moving_sum(const float *u, int64_t n, int w, float *a, float *b);

/* sums[i] = x[i] + ... + x[i + w - 1] for i in [0, n), w >= 1, by doubling, in a fixed order; x[0 .. n + w - 1) must be
 * readable; work: 2 (n + w) floats. */
void myo_window_sums(float *sums, const float *x, int64_t n, int w, float *work);

#endif
