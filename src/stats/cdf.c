/* cdf.c - distributions by GSL, guarded. */
#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include "stats/cdf.h"

static pthread_once_t gsl_ready = PTHREAD_ONCE_INIT;

/* GSL's default handler ends the process. */
static void silence_gsl(void) {
    gsl_set_error_handler_off();
}

static bool is_probability(double p) {
    pthread_once(&gsl_ready, silence_gsl);
    return p > 0.0 && p < 1.0;
}

double myo_normal_quantile(double p) {
    return is_probability(p) ? gsl_cdf_ugaussian_Pinv(p) : NAN;
}

double myo_normal_p(double z) {
    return isnan(z) ? NAN : erfc(fabs(z) * M_SQRT1_2);
}

double myo_t_quantile(double p, double df) {
    if (!is_probability(p) || !(df > 0.0)) {
        return NAN;
    }
    return isinf(df) ? gsl_cdf_ugaussian_Pinv(p) : gsl_cdf_tdist_Pinv(p, df);
}

double myo_t_p(double t, double df) {
    if (isnan(t) || !(df > 0.0)) {
        return NAN;
    }
    return isinf(df) ? myo_normal_p(t) : 2.0 * gsl_cdf_tdist_Q(fabs(t), df);
}

double myo_chisq_upper(double x, double df) {
    if (isnan(x) || !(df > 0.0)) {
        return NAN;
    }
    return x <= 0.0 ? 1.0 : gsl_cdf_chisq_Q(x, df);
}

double myo_f_quantile(double p, double df1, double df2) {
    if (!is_probability(p) || !(df1 > 0.0) || !(df2 > 0.0)) {
        return NAN;
    }
    return gsl_cdf_fdist_Pinv(p, df1, df2);
}

double myo_f_upper(double f, double df1, double df2) {
    if (isnan(f) || !(df1 > 0.0) || !(df2 > 0.0)) {
        return NAN;
    }
    return f <= 0.0 ? 1.0 : gsl_cdf_fdist_Q(f, df1, df2);
}

double myo_two_sided_z(double level) {
    return level > 0.0 && level < 1.0 ? -myo_normal_quantile(0.5 * (1.0 - level)) : NAN;
}

double myo_two_sided_t(double level, double df) {
    return level > 0.0 && level < 1.0 ? -myo_t_quantile(0.5 * (1.0 - level), df) : NAN;
}
