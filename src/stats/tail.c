/* tail.c - tails and quantiles by GSL with its traps fenced off, and Ridders' root finder. */
#include "stats/tail.h"
#include <float.h>
#include <math.h>
#include <pthread.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include "stats/order.h"

static pthread_once_t gsl_ready = PTHREAD_ONCE_INIT;

/* GSL's default handler ends the process. */
static void silence_gsl(void) {
    gsl_set_error_handler_off();
}

double myo_z_quantile(double level) {
    pthread_once(&gsl_ready, silence_gsl);
    return myo_level_ok(level) ? gsl_cdf_ugaussian_Qinv(0.5 * (1.0 - level)) : NAN;
}

double myo_t_quantile(double level, double df) {
    if (!myo_level_ok(level) || !(df > 0.0)) {
        return NAN;
    }
    if (isinf(df)) {
        return myo_z_quantile(level);
    }
    pthread_once(&gsl_ready, silence_gsl);
    return gsl_cdf_tdist_Qinv(0.5 * (1.0 - level), df);
}

double myo_z_p(double z) {
    return erfc(fabs(z) * M_SQRT1_2);
}

double myo_t_p(double t, double df) {
    if (isnan(t) || !(df > 0.0)) {
        return NAN;
    }
    if (isinf(df)) {
        return myo_z_p(t);
    }
    pthread_once(&gsl_ready, silence_gsl);
    /* GSL's t loses digits far out (3e-7 at t = 17, df = 39); its beta does not, with few df. */
    return fabs(t) > 2.0 && df < 1e5 ? gsl_cdf_beta_P(df / (df + t * t), 0.5 * df, 0.5)
                                     : 2.0 * gsl_cdf_tdist_Q(fabs(t), df);
}

double myo_chi2_p(double x, double df) {
    if (!(x >= 0.0) || !(df > 0.0)) {
        return NAN;
    }
    pthread_once(&gsl_ready, silence_gsl);
    return gsl_cdf_chisq_Q(x, df);
}

double myo_f_quantile(double p, double df1, double df2) {
    if (!(p > 0.0 && p < 1.0) || !(df1 > 0.0) || !(df2 > 0.0)) {
        return NAN;
    }
    pthread_once(&gsl_ready, silence_gsl);
    return gsl_cdf_fdist_Pinv(p, df1, df2);
}

double myo_f_p(double f, double df1, double df2) {
    if (!(f >= 0.0) || !(df1 > 0.0) || !(df2 > 0.0)) {
        return NAN;
    }
    pthread_once(&gsl_ready, silence_gsl);
    return gsl_cdf_fdist_Q(f, df1, df2);
}

/* Ridders' step from a bracket and its middle: an exponential through three points. */
static double ridders_step(double lo, double mid, double flo, double fmid, double fhi) {
    const double s = sqrt(fmid * fmid - flo * fhi);
    return s > 0.0 ? mid + (mid - lo) * copysign(1.0, flo - fhi) * fmid / s : mid;
}

double myo_root(double (*fn)(double x, const void *user), const void *user, double lo, double hi) {
    double flo = fn(lo, user), fhi = fn(hi, user);
    if (flo == 0.0 || fhi == 0.0) {
        return flo == 0.0 ? lo : hi;
    }
    if (!((flo < 0.0) != (fhi < 0.0)) || isnan(flo) || isnan(fhi)) {
        return NAN;
    }
    double best = 0.5 * (lo + hi);
    for (int i = 0; i < 200 && fabs(hi - lo) > 2.0 * DBL_EPSILON * (fabs(lo) + fabs(hi)); i++) {
        const double mid = 0.5 * (lo + hi), fmid = fn(mid, user);
        const double x = ridders_step(lo, mid, flo, fmid, fhi), fx = fn(x, user), last = best;
        best = x;
        if (fx == 0.0 || (i > 0 && fabs(x - last) <= DBL_EPSILON * fabs(x))) {
            break;
        }
        /* Keep the shortest piece of lo..mid..x..hi over which the sign changes. */
        const double a = x < mid ? x : mid, fa = x < mid ? fx : fmid;
        const double b = x < mid ? mid : x, fb = x < mid ? fmid : fx;
        if ((fa < 0.0) != (flo < 0.0)) {
            hi = a;
            fhi = fa;
        } else if ((fb < 0.0) != (fa < 0.0)) {
            lo = a;
            flo = fa;
            hi = b;
            fhi = fb;
        } else {
            lo = b;
            flo = fb;
        }
    }
    return best;
}

double myo_root_outwards(double (*fn)(double x, const void *user), const void *user, double x0,
                         double step, double limit) {
    const double f0 = fn(x0, user);
    double near = x0;
    if (f0 == 0.0 || isnan(f0) || !(fabs(step) > 0.0)) {
        return f0 == 0.0 ? x0 : NAN;
    }
    for (; fabs(near) <= limit && isfinite(near); step *= 2.0) {
        const double far = near + step, value = fn(far, user);
        if (isnan(value)) {
            return NAN;
        }
        if (value == 0.0 || (value < 0.0) != (f0 < 0.0)) {
            return myo_root(fn, user, near, far);
        }
        near = far;
    }
    return copysign(INFINITY, step);
}
