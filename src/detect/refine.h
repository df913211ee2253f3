/* refine.h - the edges of a burst.
 *
 * First the most likely contiguous segment of raised variance (science.md 3.6, Kadane's scan with a few
 * iterations for the variance ratio), then the frames where 2.5 % and 97.5 % of the noise-corrected energy
 * in it and a small margin lie (science.md 8.2):
 *
 *      energy  ....__--=====--__....        C(n) = sum (u - 1)
 *              |margin| core |margin|       on: C >= 2.5 %,  off: C >= 97.5 % of C(end) */
#ifndef MYO_DETECT_REFINE_H
#define MYO_DETECT_REFINE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct myo_edges {
    int64_t on, off;     /* relative to u[0], half-open */
    double ratio;        /* mean of u inside the core: variance over noise */
    double energy;       /* sum of (u - 1) between the edges */
} myo_edges;

/* Only the second step, over [lo, hi) of u: frames where `share` of sum (u - 1) lies outside on each side. */
void myo_energy_edges(const float *u, int64_t lo, int64_t hi, double share, myo_edges *out);

/* u[0..n): the burst with its surroundings. False: nothing raised (ratio under 1.6). */
bool myo_refine(const float *u, int64_t n, int64_t margin, double share, myo_edges *out);

#endif
