/* cdf.h - the distributions that tests need: GSL's, with its error handler off.
 *
 * NaN in, NaN out; a probability is in (0, 1), degrees of freedom are > 0 and need not be whole.
 * Against R 4.2: 1e-10 relative or better for p from 1e-12 up. */
#ifndef MYO_STATS_CDF_H
#define MYO_STATS_CDF_H

double myo_normal_quantile(double p);
double myo_normal_p(double z); /* two-sided */
double myo_t_quantile(double p, double df);
double myo_t_p(double t, double df); /* two-sided */
double myo_chisq_upper(double x, double df);
double myo_f_quantile(double p, double df1, double df2);
double myo_f_upper(double f, double df1, double df2);

/* z (or t with df < infinity) that leaves 1 - level on both sides together. NaN where level is not
 * in (0, 1). */
double myo_two_sided_z(double level);
double myo_two_sided_t(double level, double df);

#endif
