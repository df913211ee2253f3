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
/* F: the quantile with p below it, and the upper tail. Degrees of freedom need not be whole. */
double myo_f_quantile(double p, double df1, double df2);
double myo_f_p(double f, double df1, double df2);

/* A root of fn, which changes sign once between lo and hi: to a relative width of 1e-15 (Ridders
 * 1979). NaN if both ends have the same sign. */
double myo_root(double (*fn)(double x, const void *user), const void *user, double lo, double hi);
/* The first change of sign met from x0 outwards, in strides that begin with `step` (its sign is the
 * direction) and double. INFINITY with the sign of step if there is none up to |x| = limit. */
double myo_root_outwards(double (*fn)(double x, const void *user), const void *user, double x0,
                         double step, double limit);

#endif
