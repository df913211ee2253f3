/* trend.h - slow changes of a block fitted together with the tones it holds.
 *
 * Under the hum the baseline wanders, cables swing and hearts repolarise, and what a block shows of that is taken for hum
 * where tones are measured alone: a ramp by R over a block of five periods gives a sine of R / (5 pi). Least squares over
 * tones and polynomials together keeps them apart. */
#ifndef MYO_DSP_TREND_H
#define MYO_DSP_TREND_H

#include "myotab/err.h"

enum { MYO_TRENDS = 3 }; /* line, parabola, cubic */

typedef struct myo_trends {
    int n, block;
    float *wave[MYO_TRENDS];              /* what a polynomial has beside the tones and lower ones, of energy 1 */
    double mix[MYO_TRENDS][MYO_TRENDS];   /* mix[d][e]: polynomial d by wave e; d >= e */
} myo_trends;

/* For blocks of `block` samples that hold tone[0..n_tones), each of mean square 1/2 and all but orthogonal. of[k][d]: what
 * polynomial d gives when it is measured by tone k (2 / block times the product). */
myo_err myo_trends_new(myo_trends *t, int block, const float *const *tone, int n_tones, double (*of)[MYO_TRENDS]);
/* How much of each polynomial x, without its mean, holds beside the tones; returns the energy that takes. */
double myo_trends_fit(const myo_trends *t, const float *x, double much[MYO_TRENDS]);
void myo_trends_clear(myo_trends *t);

#endif
