/* tail.h - tails and quantiles of the usual laws, and the root of a function. */
#ifndef MYO_STATS_TAIL_H
#define MYO_STATS_TAIL_H

/* The normal and Student's t deviate that leaves (1 - level) / 2 above it. df INFINITY: normal. */
double myo_z_quantile(double level);
double myo_t_quantile(double level, double df);
/* Two-sided p of a deviate. */
double myo_z_p(double z);
double myo_t_p(double t, double df);
/* Upper tail of chi-squared. */
double myo_chi2_p(double x, double df);

/* A root of fn, which changes sign once between lo and hi: to a relative width of 1e-15 (Ridders
 * 1979). NaN if both ends have the same sign. */
double myo_root(double (*fn)(double x, const void *user), const void *user, double lo, double hi);

#endif
