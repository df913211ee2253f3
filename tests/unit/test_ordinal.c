/* test_ordinal.c - proportional odds against R's MASS::polr (tests/oracle/make_model.R). */
#include <check.h>
#include "rtable.h"
#include "stats/ordinal.h"

static int read_counts(const rt_row *r, const char *name, int64_t *n) {
    static double x[RT_VALUES];
    const size_t k = rt_list(r, name, x);
    ck_assert_uint_le(k, MYO_MAX_GRADES);
    for (size_t g = 0; g < k; g++) {
        n[g] = (int64_t)x[g];
    }
    return (int)k;
}

static void check_fit(const rt_row *r) {
    int64_t reference[MYO_MAX_GRADES], contrast[MYO_MAX_GRADES];
    const int k = read_counts(r, "reference", reference);
    ck_assert_int_eq(read_counts(r, "contrast", contrast), k);
    const myo_prop_odds o = myo_prop_odds_fit(reference, contrast, k, 0.95);
    ck_assert_ptr_null(o.odds.why);
    rt_is(r, "odds", o.odds.estimate, 1e-8);
    rt_is(r, "low", o.odds.low, 1e-7);
    rt_is(r, "high", o.odds.high, 1e-7);
    rt_is(r, "wald_low", o.wald.low, 1e-7);
    rt_is(r, "wald_high", o.wald.high, 1e-7);
    /* both near 0 where the arms are alike: absolute there */
    ck_assert_double_eq_tol(o.odds.statistic, rt_number(r, "lr"),
                            1e-7 * fmax(1.0, o.odds.statistic));
    ck_assert_double_eq_tol(o.wald.statistic, rt_number(r, "z"), 1e-7);
    rt_is(r, "p", o.odds.p, fabs(o.wald.statistic) < 1e-6 ? 1e-5 : 1e-6);
    rt_is(r, "wald_p", o.wald.p, 1e-6);
    if (o.n_grades > 2) {
        ck_assert_double_eq_tol(o.proportional.statistic, rt_number(r, "gap"),
                                1e-7 * fmax(1.0, o.proportional.statistic));
        rt_is(r, "gap_p", o.proportional.p, 1e-6);
    } else {
        RT_NONE(o.proportional);
    }
}

START_TEST(fits_equal_polr) {
    ck_assert_int_eq(rt_each("model_polr.tsv", check_fit), 27);
}
END_TEST

/* Two grades: the odds ratio of the fourfold table, and its usual standard error. */
START_TEST(two_grades_are_the_cross_product) {
    const int64_t reference[] = {7, 18}, contrast[] = {19, 6};
    const myo_prop_odds o = myo_prop_odds_fit(reference, contrast, 2, 0.95);
    const double odds = 6.0 * 7.0 / (19.0 * 18.0);
    const double se = sqrt(1.0 / 7 + 1.0 / 18 + 1.0 / 19 + 1.0 / 6);
    ck_assert_double_eq_tol(o.odds.estimate, odds, 1e-12);
    ck_assert_double_eq_tol(o.wald.statistic, log(odds) / se, 1e-10);
    ck_assert(o.n_grades == 2);
    ck_assert_double_eq_tol(o.least_expected, 6.0, 1e-9);
}
END_TEST

START_TEST(turning_the_scale_or_the_arms_inverts_the_ratio) {
    const int64_t a[] = {3, 5, 9, 2}, b[] = {8, 6, 3, 1}, ra[] = {2, 9, 5, 3}, rb[] = {1, 3, 6, 8};
    const myo_prop_odds x = myo_prop_odds_fit(a, b, 4, 0.95);
    const myo_prop_odds arms = myo_prop_odds_fit(b, a, 4, 0.95);
    const myo_prop_odds scale = myo_prop_odds_fit(ra, rb, 4, 0.95);
    ck_assert(x.odds.estimate < 1.0 && x.odds.low < x.odds.estimate && x.odds.high < 1.0);
    ck_assert_double_eq_tol(x.odds.estimate * arms.odds.estimate, 1.0, 1e-9);
    ck_assert_double_eq_tol(x.odds.low * arms.odds.high, 1.0, 1e-9);
    ck_assert_double_eq_tol(x.odds.estimate * scale.odds.estimate, 1.0, 1e-9);
    ck_assert_double_eq_tol(x.proportional.statistic, scale.proportional.statistic, 1e-9);
}
END_TEST

START_TEST(grades_that_nobody_has_change_nothing) {
    const int64_t a[] = {3, 0, 5, 0, 9}, b[] = {8, 0, 6, 0, 3}, ca[] = {3, 5, 9}, cb[] = {8, 6, 3};
    const myo_prop_odds x = myo_prop_odds_fit(a, b, 5, 0.95);
    const myo_prop_odds y = myo_prop_odds_fit(ca, cb, 3, 0.95);
    ck_assert(x.odds.estimate == y.odds.estimate && x.odds.p == y.odds.p && x.n_grades == 3);
}
END_TEST

static void expect_none(const int64_t *a, const int64_t *b, int k, double level) {
    const myo_prop_odds o = myo_prop_odds_fit(a, b, k, level);
    RT_NONE(o.odds);
    RT_NONE(o.wald);
    RT_NONE(o.proportional);
    ck_assert(isnan(o.least_expected));
}

START_TEST(separated_grades_have_no_finite_ratio) {
    const int64_t low[] = {5, 4, 0, 0}, high[] = {0, 0, 3, 6}, touching[] = {0, 2, 3, 4};
    expect_none(low, high, 4, 0.95);
    expect_none(high, low, 4, 0.95);
    expect_none(low, touching, 4, 0.95); /* they share a grade, and still never cross */
}
END_TEST

/* One person less would separate them: finite, and wide. */
START_TEST(nearly_separated_grades_have_a_wide_interval) {
    const int64_t low[] = {50, 1, 0}, high[] = {1, 0, 50};
    const myo_prop_odds o = myo_prop_odds_fit(low, high, 3, 0.95);
    ck_assert_ptr_null(o.odds.why);
    ck_assert(o.odds.estimate > 100.0 && o.odds.low > 50.0 && o.odds.high > 1000.0);
    ck_assert(isfinite(o.odds.high) && o.odds.low < o.odds.estimate && o.odds.p < 1e-12);
}
END_TEST

START_TEST(nothing_to_compare_is_told) {
    const int64_t some[] = {3, 4, 5}, none[] = {0, 0, 0}, same[] = {0, 4, 0}, wrong[] = {1, -1, 2};
    expect_none(some, none, 3, 0.95);
    expect_none(none, some, 3, 0.95);
    expect_none(same, same, 3, 0.95);
    expect_none(some, wrong, 3, 0.95);
    expect_none(some, some, 3, 0.0);
    expect_none(some, some, 0, 0.95);
    expect_none(some, some, MYO_MAX_GRADES + 1, 0.95); /* refused before it is read */
}
END_TEST

START_TEST(as_many_grades_as_can_be) {
    int64_t a[MYO_MAX_GRADES], b[MYO_MAX_GRADES];
    for (int g = 0; g < MYO_MAX_GRADES; g++) {
        a[g] = 1 + g % 3;
        b[g] = 1 + g / 8;
    }
    const myo_prop_odds o = myo_prop_odds_fit(a, b, MYO_MAX_GRADES, 0.95);
    ck_assert(o.odds.why == NULL && o.n_grades == MYO_MAX_GRADES);
    ck_assert(o.odds.estimate > 1.0 && o.odds.low > 1.0 && o.odds.high < 20.0);
}
END_TEST

/* A million people an arm: the shares differ by little, the interval is narrow. */
START_TEST(large_arms_stay_exact) {
    const int64_t a[] = {400000, 300000, 200000, 100000}, b[] = {410000, 300000, 195000, 95000};
    const myo_prop_odds o = myo_prop_odds_fit(a, b, 4, 0.95);
    ck_assert(o.odds.estimate > 0.9 && o.odds.estimate < 1.0);
    ck_assert_double_eq_tol(o.odds.low, o.wald.low, 1e-5);
    ck_assert_double_eq_tol(o.odds.high, o.wald.high, 1e-5);
}
END_TEST

static Suite *suite(void) {
    Suite *s = suite_create("ordinal");
    TCase *c = tcase_create("ordinal");
    tcase_add_test(c, fits_equal_polr);
    tcase_add_test(c, two_grades_are_the_cross_product);
    tcase_add_test(c, turning_the_scale_or_the_arms_inverts_the_ratio);
    tcase_add_test(c, grades_that_nobody_has_change_nothing);
    tcase_add_test(c, separated_grades_have_no_finite_ratio);
    tcase_add_test(c, nearly_separated_grades_have_a_wide_interval);
    tcase_add_test(c, nothing_to_compare_is_told);
    tcase_add_test(c, as_many_grades_as_can_be);
    tcase_add_test(c, large_arms_stay_exact);
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
