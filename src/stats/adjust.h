/* adjust.h - p-values of a family of tests (science.md 6.5): R's p.adjust. */
#ifndef MYO_STATS_ADJUST_H
#define MYO_STATS_ADJUST_H

#include <stddef.h>
#include "myotab/err.h"

/* out[i] belongs to p[i]; out may be p. NaN are left out of the family and stay NaN.
 * MYO_ERR_NOMEM leaves out as it was. */
myo_err myo_adjust_holm(const double *p, size_t n, double *out); /* Holm 1979: family-wise error */
myo_err myo_adjust_bh(const double *p, size_t n,
                      double *out); /* Benjamini and Hochberg 1995: FDR */

#endif
