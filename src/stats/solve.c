/* solve.c - bracketed zeros. */
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include "stats/solve.h"

enum { MAX_STEPS = 200 }; /* halving alone needs about 60 */

/* Where between b (0) and a (1) to look next. c is the end that was left before. */
static double next_share(double a, double b, double c, double fa, double fb, double fc) {
    const double xi = (a - b) / (c - b), phi = (fa - fb) / (fc - fb);
    if (!(phi * phi < xi && (1.0 - phi) * (1.0 - phi) < 1.0 - xi)) {
        return 0.5;
    }
    return fa / (fb - fa) * (fc / (fb - fc)) +
           (c - a) / (b - a) * (fa / (fc - fa)) * (fb / (fc - fb));
}

double myo_zero(myo_fn f, const void *ctx, double a, double b) {
    double fa = f(a, ctx), fb = f(b, ctx), share = 0.5;
    if (fa == 0.0 || fb == 0.0) {
        return fa == 0.0 ? a : b;
    }
    if (!((fa < 0.0 && fb > 0.0) || (fa > 0.0 && fb < 0.0))) {
        return NAN;
    }
    for (int i = 0; i < MAX_STEPS; i++) {
        const double x = a + share * (b - a), fx = f(x, ctx);
        if (isnan(fx)) {
            return NAN;
        }
        /* c: the end that x replaces, or the farther one where x replaces a */
        double c = a, fc = fa;
        if ((fx > 0.0) != (fa > 0.0)) {
            c = b;
            fc = fb;
            b = a;
            fb = fa;
        }
        a = x;
        fa = fx;
        const double best = fabs(fa) < fabs(fb) ? a : b;
        const double least = (2.0 * DBL_EPSILON * fabs(best) + DBL_MIN) / fabs(b - a);
        if (fa == 0.0 || least > 0.5) {
            return best;
        }
        share = fmin(fmax(next_share(a, b, c, fa, fb, fc), least), 1.0 - least);
    }
    return fabs(fa) < fabs(fb) ? a : b;
}

double myo_zero_outwards(myo_fn f, const void *ctx, double x0, double step, double limit) {
    const double f0 = f(x0, ctx);
    double near = x0;
    if (f0 == 0.0) {
        return x0;
    }
    for (int i = 0; i < MAX_STEPS && fabs(near) <= fabs(limit); i++, step *= 2.0) {
        const double far = near + step, value = f(far, ctx);
        if (isnan(value)) {
            return NAN;
        }
        if ((value > 0.0) != (f0 > 0.0) || value == 0.0) {
            return myo_zero(f, ctx, near, far);
        }
        near = far;
    }
    return copysign(INFINITY, step);
}
