/* test_tail.c - tails, quantiles and roots against R (tests/oracle/make_model.R). */
#include <check.h>
#include "rtable.h"
#include "stats/tail.h"

static double by_call(const char *call, double x, double df1, double df2) {
    if (strcmp(call, "qnorm") == 0) {
        return x < 0.5 ? -myo_z_quantile(1.0 - 2.0 * x) : myo_z_quantile(2.0 * x - 1.0);
    }
    if (strcmp(call, "qt") == 0) {
        return x < 0.5 ? -myo_t_quantile(1.0 - 2.0 * x, df1) : myo_t_quantile(2.0 * x - 1.0, df1);
    }
    if (strcmp(call, "qf") == 0) {
        return myo_f_quantile(x, df1, df2);
    }
    if (strcmp(call, "2 * pnorm(-x)") == 0) {
        return myo_z_p(x);
    }
    if (strcmp(call, "2 * pt(-x)") == 0) {
        return myo_t_p(x, df1);
    }
    return strcmp(call, "pf(upper)") == 0 ? myo_f_p(x, df1, df2) : myo_chi2_p(x, df1);
}

static void check_value(const rt_row *r) {
    const char *call = rt_text(r, "call");
    const double x = rt_number(r, "x");
    if (call[0] == 'q' && call[1] != 'f' && (x < 1e-7 || x == 0.5)) {
        return; /* not a two-sided level that a double tells from 1, or none at all */
    }
    rt_is(r, "value", by_call(call, x, rt_number(r, "df1"), rt_number(r, "df2")), 1e-9);
}

START_TEST(tails_equal_r) {
    ck_assert_int_eq(rt_each("model_cdf.tsv", check_value), 156);
}
END_TEST

START_TEST(nonsense_is_nan) {
    ck_assert(isnan(myo_z_quantile(1.0)) && isnan(myo_z_quantile(NAN)) && isnan(myo_z_p(NAN)));
    ck_assert(isnan(myo_t_quantile(0.95, 0.0)) && isnan(myo_t_p(1.0, -1.0)));
    ck_assert(isnan(myo_f_quantile(0.0, 1.0, 1.0)) && isnan(myo_f_quantile(0.5, NAN, 1.0)));
    ck_assert(isnan(myo_f_p(-1.0, 1.0, 1.0)) && isnan(myo_f_p(1.0, 1.0, 0.0)));
    ck_assert(isnan(myo_chi2_p(1.0, 0.0)) && isnan(myo_chi2_p(NAN, 1.0)));
}
END_TEST

static double cubic(double x, const void *zero) {
    return pow(x - *(const double *)zero, 3.0);
}

static double broken(double x, const void *from) {
    return x > *(const double *)from ? NAN : 1.0;
}

static double pole(double x, const void *zero) {
    return x == 0.0 ? INFINITY : 1.0 / x - 1.0 / *(const double *)zero;
}

START_TEST(a_root_beside_a_pole) {
    const double zero = 0.25;
    ck_assert_double_eq_tol(myo_root(pole, &zero, 0.0, 1.0), zero, 1e-12);
    ck_assert_double_eq_tol(myo_root(pole, &zero, 1.0, 0.0), zero, 1e-12);
}
END_TEST

START_TEST(a_root_is_met_outwards) {
    const double right = 1234.5, left = -0.125, at = 7.0;
    ck_assert_double_eq_tol(myo_root_outwards(cubic, &right, 0.0, 1.0, 1e6), right, 1e-9);
    ck_assert_double_eq_tol(myo_root_outwards(cubic, &left, 0.0, -0.01, 1e6), left, 1e-9);
    ck_assert(myo_root_outwards(cubic, &at, 7.0, 1.0, 1e6) == 7.0);
}
END_TEST

START_TEST(no_root_outwards_ends) {
    const double right = 1234.5, from = 3.0;
    ck_assert(myo_root_outwards(cubic, &right, 0.0, -1.0, 1e6) == -INFINITY);
    ck_assert(myo_root_outwards(cubic, &right, 0.0, 1.0, 100.0) == INFINITY);
    ck_assert(isnan(myo_root_outwards(broken, &from, 0.0, 1.0, 1e6)));
    ck_assert(isnan(myo_root_outwards(broken, &from, 4.0, 1.0, 1e6)));
    ck_assert(isnan(myo_root_outwards(cubic, &right, 0.0, 0.0, 1e6)));
}
END_TEST

static Suite *suite(void) {
    Suite *s = suite_create("tail");
    TCase *c = tcase_create("tail");
    tcase_add_test(c, tails_equal_r);
    tcase_add_test(c, nonsense_is_nan);
    tcase_add_test(c, a_root_beside_a_pole);
    tcase_add_test(c, a_root_is_met_outwards);
    tcase_add_test(c, no_root_outwards_ends);
    suite_add_tcase(s, c);
    return s;
}

int main(void) {
    SRunner *sr = srunner_create(suite());
    srunner_run_all(sr, CK_NORMAL);
    const int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed;
}
