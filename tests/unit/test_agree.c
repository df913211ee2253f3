/* test_agree.c - agreement and measurement error against R (tests/oracle/make_model.R). */
#include <check.h>
#include "base/base.h"
#include "rtable.h"
#include "stats/agree.h"

static double x[RT_VALUES], y[RT_VALUES];

static void check_kappa(const rt_row *r) {
    int64_t table[64 * 64];
    const int k = (int)rt_number(r, "k");
    const size_t n = rt_list(r, "table", x);
    ck_assert_uint_eq(n, (size_t)(k * k));
    for (size_t i = 0; i < n; i++) {
        table[i] = (int64_t)x[i];
    }
    const bool quadratic = strcmp(rt_text(r, "weight"), "quadratic") == 0;
    const myo_test t =
        myo_weighted_kappa(table, k, quadratic ? MYO_KAPPA_QUADRATIC : MYO_KAPPA_LINEAR, 0.95);
    ck_assert_ptr_null(t.why);
    ck_assert_double_eq_tol(t.estimate, rt_number(r, "kappa"), 1e-12);
    rt_is(r, "low", t.low, 1e-9);
    rt_is(r, "high", t.high, 1e-9);
    ck_assert_double_eq_tol(t.statistic, rt_number(r, "z"), 1e-9 * fmax(1.0, fabs(t.statistic)));
    rt_is(r, "p", t.p, 1e-8);
}

START_TEST(kappa_equals_the_delta_method) {
    ck_assert_int_eq(rt_each("model_kappa.tsv", check_kappa), 36);
}
END_TEST

START_TEST(perfect_agreement_has_no_interval) {
    const int64_t table[] = {5, 0, 0, 0, 3, 0, 0, 0, 2};
    const myo_test t = myo_weighted_kappa(table, 3, MYO_KAPPA_LINEAR, 0.95);
    ck_assert(t.estimate == 1.0 && isnan(t.low) && isnan(t.high) && t.p < 0.01 && !t.why);
    const int64_t crossed[] = {0, 4, 4, 0};
    const myo_test n = myo_weighted_kappa(crossed, 2, MYO_KAPPA_LINEAR, 0.95);
    ck_assert_double_eq_tol(n.estimate, -1.0, 1e-12);
    ck_assert(isnan(n.low) && isnan(n.high));
}
END_TEST

START_TEST(kappa_that_cannot_be_is_told) {
    const int64_t one[] = {1, 0, 0, 0}, same[] = {9, 0, 0, 0}, none[4] = {0};
    const int64_t wrong[] = {3, -1, 0, 2}, fine[] = {3, 1, 0, 2};
    RT_NONE(myo_weighted_kappa(one, 2, MYO_KAPPA_LINEAR, 0.95));
    RT_NONE(myo_weighted_kappa(same, 2, MYO_KAPPA_LINEAR, 0.95));
    RT_NONE(myo_weighted_kappa(none, 2, MYO_KAPPA_LINEAR, 0.95));
    RT_NONE(myo_weighted_kappa(wrong, 2, MYO_KAPPA_LINEAR, 0.95));
    RT_NONE(myo_weighted_kappa(fine, 1, MYO_KAPPA_LINEAR, 0.95));
    RT_NONE(myo_weighted_kappa(fine, 65, MYO_KAPPA_LINEAR, 0.95));
    RT_NONE(myo_weighted_kappa(fine, 2, MYO_KAPPA_LINEAR, 1.5));
    ck_assert_ptr_null(myo_weighted_kappa(fine, 2, MYO_KAPPA_LINEAR, 0.95).why);
}
END_TEST

static void check_icc(const rt_row *r) {
    const size_t n = (size_t)rt_number(r, "subjects"), k = (size_t)rt_number(r, "sessions");
    ck_assert_uint_eq(rt_list(r, "values", x), n * k);
    const myo_reliability m = myo_icc_agreement(x, n, k, 0.95);
    ck_assert_ptr_null(m.why);
    /* values of 1e6 with differences of 1 leave R 10 digits of a mean square */
    const double rel = m.mean > 1e5 ? 1e-6 : 1e-8;
    rt_is(r, "icc", m.icc.estimate, rel);
    rt_is(r, "low", m.icc.low, rel);
    rt_is(r, "high", m.icc.high, rel);
    rt_is(r, "f", m.icc.statistic, rel);
    rt_is(r, "p", m.icc.p, rel);
    rt_is(r, "sem", m.sem, rel);
    rt_is(r, "mdc", m.mdc, rel);
    ck_assert(m.n_subjects == n && m.n_sessions == k);
}

START_TEST(icc_equals_aov) {
    ck_assert_int_eq(rt_each("model_icc.tsv", check_icc), 20);
}
END_TEST

/* Shrout and Fleiss 1979, table 4: ICC(2,1) = 0.29 of four judges and six targets. */
START_TEST(icc_of_the_known_example) {
    const double v[] = {9, 2, 5, 8, 6, 1, 3, 2, 8, 4, 6, 8, 7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7};
    const myo_reliability m = myo_icc_agreement(v, 6, 4, 0.95);
    ck_assert_double_eq_tol(m.icc.estimate, 0.2898, 5e-5);
    ck_assert(m.icc.low > 0.01 && m.icc.low < 0.03 && m.icc.high > 0.75 && m.icc.high < 0.77);
}
END_TEST

/* A shift of one session is error for agreement: it enters sem. */
START_TEST(a_shift_between_sessions_is_error) {
    const double v[] = {1, 2, 2, 3, 3, 4, 4, 5};
    const myo_reliability m = myo_icc_agreement(v, 4, 2, 0.95);
    ck_assert_double_eq_tol(m.sem, sqrt(0.5), 1e-12);
    ck_assert_double_eq_tol(m.mdc, 1.96, 1e-12);
    ck_assert(m.icc.estimate < 0.8 && isnan(m.icc.low)); /* nothing left to judge the limits by */
}
END_TEST

START_TEST(equal_values_have_no_icc_but_no_error) {
    double v[12];
    for (int i = 0; i < 12; i++) {
        v[i] = 0.1;
    }
    const myo_reliability m = myo_icc_agreement(v, 4, 3, 0.95);
    ck_assert(m.why == NULL && m.sem == 0.0 && m.mdc == 0.0);
    RT_NONE(m.icc);
    for (int i = 0; i < 12; i++) {
        v[i] = 0.1 * (i / 3);
    }
    const myo_reliability same = myo_icc_agreement(v, 4, 3, 0.95);
    ck_assert(same.icc.estimate == 1.0 && same.sem == 0.0 && isnan(same.icc.low));
    ck_assert(same.icc.p == 0.0);
}
END_TEST

static void expect_unreliable(myo_reliability m) {
    ck_assert_ptr_nonnull(m.why);
    ck_assert(isnan(m.sem) && isnan(m.mdc) && isnan(m.mean));
    RT_NONE(m.icc);
}

START_TEST(icc_that_cannot_be_is_told) {
    const double v[] = {1, 2, 3, NAN}, huge[] = {1e200, -1e200, 1e200, 1e199};
    expect_unreliable(myo_icc_agreement(v, 2, 2, 0.95));
    expect_unreliable(myo_icc_agreement(v, 1, 3, 0.95));
    expect_unreliable(myo_icc_agreement(v, 3, 1, 0.95));
    expect_unreliable(myo_icc_agreement(v, 0, 0, 0.95));
    expect_unreliable(myo_icc_agreement(huge, 2, 2, 0.95));
    const double fine[] = {1, 2, 3, 5};
    expect_unreliable(myo_icc_agreement(fine, 2, 2, 0.0));
}
END_TEST

static int person[RT_VALUES];

static void check_baselines(const rt_row *r) {
    const size_t n = rt_list(r, "value", x);
    ck_assert_uint_eq(rt_list(r, "person", y), n);
    for (size_t i = 0; i < n; i++) {
        person[i] = (int)y[i];
    }
    myo_reliability m;
    ck_assert_int_eq(myo_reliability_baselines(&m, x, person, n, 0.95), MYO_OK);
    ck_assert_ptr_null(m.why);
    rt_is(r, "sem", m.sem, 1e-9);
    rt_is(r, "mdc", m.mdc, 1e-9);
    rt_is(r, "icc", m.icc.estimate, 1e-8);
    rt_is(r, "low", m.icc.low, 1e-8);
    rt_is(r, "high", m.icc.high, 1e-8);
    rt_is(r, "p", m.icc.p, 1e-8);
    ck_assert_uint_eq(m.n_subjects, (size_t)rt_number(r, "people"));
}

START_TEST(baselines_equal_aov) {
    ck_assert_int_eq(rt_each("model_baselines.tsv", check_baselines), 16);
}
END_TEST

START_TEST(one_person_has_an_error_but_no_icc) {
    const double v[] = {3, 5, 9};
    const int who[] = {4, 4, 8};
    myo_reliability m;
    ck_assert_int_eq(myo_reliability_baselines(&m, v, who, 3, 0.95), MYO_OK);
    ck_assert_double_eq_tol(m.sem, M_SQRT2, 1e-12);
    ck_assert_double_eq_tol(m.mean, 4.0, 1e-12); /* who has one value only is left out */
    ck_assert(m.why == NULL && m.n_subjects == 1 && m.n_sessions == 2);
    RT_NONE(m.icc);
}
END_TEST

START_TEST(people_that_are_alike_have_no_limits) {
    const double v[] = {1, 3, 1, 3};
    const int who[] = {1, 1, 2, 2};
    myo_reliability m;
    ck_assert_int_eq(myo_reliability_baselines(&m, v, who, 4, 0.95), MYO_OK);
    ck_assert(m.icc.estimate == -1.0 && isnan(m.icc.low) && isnan(m.icc.high) && m.icc.p == 1.0);
}
END_TEST

START_TEST(baselines_that_cannot_be_are_told) {
    const double v[] = {3, 5, 9}, missing[] = {3, NAN, 9};
    const int who[] = {1, 2, 3}, pair[] = {1, 1, 2};
    myo_reliability m;
    ck_assert_int_eq(myo_reliability_baselines(&m, v, who, 3, 0.95), MYO_OK);
    expect_unreliable(m);
    ck_assert_int_eq(myo_reliability_baselines(&m, missing, pair, 3, 0.95), MYO_OK);
    expect_unreliable(m);
    ck_assert_int_eq(myo_reliability_baselines(&m, NULL, NULL, 0, 0.95), MYO_OK);
    expect_unreliable(m);
    ck_assert_int_eq(myo_reliability_baselines(&m, v, pair, 3, 2.0), MYO_OK);
    expect_unreliable(m);
    m.sem = 7.0;
    myo_mem_fail_at(1);
    ck_assert_int_eq(myo_reliability_baselines(&m, v, pair, 3, 0.95), MYO_ERR_NOMEM);
    myo_mem_fail_at(0);
    ck_assert(m.sem == 7.0);
}
END_TEST

START_TEST(mdc_of_logs_is_a_share) {
    ck_assert_double_eq_tol(myo_mdc_percent(0.0), 0.0, 1e-15);
    ck_assert_double_eq_tol(myo_mdc_percent(log(2.0)), 50.0, 1e-12);
    ck_assert_double_eq_tol(myo_mdc_percent(1e-12), 1e-10, 1e-20);
    ck_assert(isnan(myo_mdc_percent(NAN)) && isnan(myo_mdc_percent(-1.0)));
}
END_TEST

static Suite *suite(void) {
    Suite *s = suite_create("agree");
    TCase *c = tcase_create("agree");
    tcase_add_test(c, kappa_equals_the_delta_method);
    tcase_add_test(c, perfect_agreement_has_no_interval);
    tcase_add_test(c, kappa_that_cannot_be_is_told);
    tcase_add_test(c, icc_equals_aov);
    tcase_add_test(c, icc_of_the_known_example);
    tcase_add_test(c, a_shift_between_sessions_is_error);
    tcase_add_test(c, equal_values_have_no_icc_but_no_error);
    tcase_add_test(c, icc_that_cannot_be_is_told);
    tcase_add_test(c, baselines_equal_aov);
    tcase_add_test(c, one_person_has_an_error_but_no_icc);
    tcase_add_test(c, people_that_are_alike_have_no_limits);
    tcase_add_test(c, baselines_that_cannot_be_are_told);
    tcase_add_test(c, mdc_of_logs_is_a_share);
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
