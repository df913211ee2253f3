/* meta.h - several studies together (exploratory): fixed and random effects, and how they disagree.
 */
#ifndef MYO_STATS_META_H
#define MYO_STATS_META_H

#include <stdbool.h>
#include <stddef.h>
#include "myotab/err.h"
#include "stats/risk.h"

/* One study on the log scale. */
typedef struct myo_effect {
    double log, se;
    bool used;      /* false: it says nothing about the ratio (no event in either arm; NaN) */
    bool corrected; /* 1/2 was added to all cells because one was zero */
    double w_fixed; /* share of the fixed and of the random estimate, 0..1; set by myo_meta_* */
    double w_random;
} myo_effect;

/* Hartung and Knapp's scale factor as it comes, or never below 1: with few and agreeing studies it
 * may be near 0 and give a needle-thin interval (Roever 2015). */
typedef enum myo_hk { MYO_HK_SAFE, MYO_HK_PLAIN } myo_hk;

/* Estimates, limits on the ratio scale (exp), p two-sided. With one study used, hk is not made and
 * q, i2 are NaN. */
typedef struct myo_meta {
    size_t k, left_out; /* studies used and not */
    myo_test fixed;     /* Mantel-Haenszel (tables) or inverse variance; statistic: z */
    myo_test random;    /* DerSimonian-Laird 1986; statistic: z */
    myo_test hk;        /* the same estimate, Hartung-Knapp interval, t with k - 1; statistic: t */
    double q, q_p;      /* Cochran's Q, k - 1 degrees of freedom */
    double tau2;        /* between-study variance of the log ratio */
    double i2, i2_low,
        i2_high; /* 0..1; limits by ln H (Higgins and Thompson 2002); NaN for k < 3 */
} myo_meta;

/* k studies of two arms. Mantel-Haenszel with the variance of Greenland and Robins (1985) takes the
 * tables as they are, zero cells included; the log ratios for Q, tau2 and the random effects take
 * 1/2 where a cell is zero. Studies without an event in either arm say nothing of the ratio and are
 * left out. study: k of them, filled in. MYO_ERR_RANGE: a table that is none. */
myo_err myo_meta_tables(const myo_2x2 *table, size_t k, double level, myo_hk hk, myo_effect *study,
                        myo_meta *out, myo_diag *d);
/* k studies with log and se (> 0) given in study; those without finite ones are left out. */
void myo_meta_effects(myo_effect *study, size_t k, double level, myo_hk hk, myo_meta *out);

#endif
