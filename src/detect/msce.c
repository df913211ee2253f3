/* msce.c - multi-scale energy detector: thresholds and moving sums. */
#include <math.h>
#include <string.h>
#include "detect/msce.h"
#include "dsp/noise.h"
#include "kern/kern.h"

double myo_msce_z(double fa_per_h)
{
    return sqrt(fmax(25.5 - 2.13 * log(fa_per_h), 1.0));
}

void myo_msce_init(myo_msce *m, const myo_kind_params *p, double fs, double (*dof)(const void *user, int w),
                   const void *user)
{
    const double ms[MYO_N_SCALE] = {p->scale1_ms, p->scale2_ms, p->scale3_ms, p->scale4_ms};
    const double z_on = myo_msce_z(p->fa_per_h);
    memset(m, 0, sizeof *m);
    for (int i = 0; i < MYO_N_SCALE; i++) {
        const int w = (int)floor(ms[i] * fs / 1000.0 + 0.5);
        if (w < 3) {
            continue;
        }
        const double nu = dof(user, w);
        m->w[m->n_scales] = w;
        m->on[m->n_scales] = (float)(myo_chi2_mean_quantile(z_on, nu) * w);
        m->off[m->n_scales] = (float)(myo_chi2_mean_quantile(fmin(p->h_off, z_on), nu) * w);
        m->w_max = w > m->w_max ? w : m->w_max;
        m->n_scales++;
    }
}

/* Binary decomposition: the doubled sums of length 2^k are added where w has the bit, oldest part last. One fixed
 * expression per output, so blocks and vectors do not matter. Index 0 of every array is frame -(w - 1). */
const float *myo_moving_sum(const float *u, int64_t n, int w, float *a, float *b)
{
    const myo_kernels *kern = myo_kern();
    const int64_t len = n + w - 1;
    const float *power = u - (w - 1); /* power[i]: sum of `size` samples ending at i */
    float *spare = a;
    int size = 1, have = 0;          /* have: samples already in b */
    for (int rest = w; rest > 0; rest >>= 1, size *= 2) {
        if (rest & 1) {
            if (have == 0) {
                memcpy(b, power, sizeof *b * (size_t)len);
            } else {
                /* b[i] += power[i - have], walking down so that each element is read before it is changed */
                for (int64_t i = len - 1; i >= have; i--) {
                    b[i] = b[i] + power[i - have];
                }
            }
            have += size;
        }
        if (rest > 1) {
            if (power != spare) {
                kern->add_shifted(spare + size, power + size, power, len - size);
            } else {
                for (int64_t i = len - 1; i >= size; i--) {
                    spare[i] = spare[i] + spare[i - size];
                }
            }
            power = spare;
        }
    }
    return b + (w - 1);
}

void myo_window_sums(float *sums, const float *x, int64_t n, int w, float *work)
{
    const myo_kernels *kern = myo_kern();
    const float *power = x; /* sums of `size` */
    int size = 1, have = 0;
    for (int turn = 0;; turn ^= 1) {
        float *next = work + turn * (n + w);
        if (w & size) {
            if (have == 0) {
                memcpy(sums, power, sizeof *sums * (size_t)n);
            } else {
                kern->accumulate(sums, power + have, n);
            }
            have += size;
        }
        if (have == w) {
            return;
        }
        kern->add_shifted(next, power, power + size, n + w - 2 * size);
        power = next;
        size *= 2;
    }
}
