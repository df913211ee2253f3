/* solve.h - zeros of functions of one variable, within a bracket and a bounded number of steps. */
#ifndef MYO_STATS_SOLVE_H
#define MYO_STATS_SOLVE_H

typedef double (*myo_fn)(double x, const void *ctx);

/* A zero of f between a and b, to the last bits of x. NaN if f(a) and f(b) have the same sign, or a
 * value is NaN. Chandrupatla 1997: inverse quadratic steps where they are safe, else halving. */
double myo_zero(myo_fn f, const void *ctx, double a, double b);

/* The same from a start x0 outwards in one direction: the bracket is [x0, x0 + step], and its far
 * end moves out, the step doubled each time, until the sign changes or it passes `limit`. INFINITY
 * with the sign of `step` if it never does. */
double myo_zero_outwards(myo_fn f, const void *ctx, double x0, double step, double limit);

#endif
