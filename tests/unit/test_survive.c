/* test_survive.c - Kaplan-Meier, log-rank and Cox against R's survival (tests/oracle/make_model.R).
 */
#include <check.h>
#include "base/base.h"
#include "rtable.h"
#include "stats/survive.h"

enum { N_CASES = 29, MAX_PEOPLE = 5000 };

static double times[RT_VALUES], column[RT_VALUES];
static bool event[MAX_PEOPLE];
static int arm[MAX_PEOPLE];

static size_t read_people(const rt_row *r) {
    const size_t n = rt_list(r, "event", column);
    for (size_t i = 0; i < n; i++) {
        event[i] = column[i] > 0.5;
    }
    ck_assert_uint_eq(rt_list(r, "arm", column), n);
    for (size_t i = 0; i < n; i++) {
        arm[i] = (int)column[i];
    }
    ck_assert_uint_eq(rt_list(r, "time", times), n);
    return n;
}

static void check_logrank(const rt_row *r) {
    const size_t n = read_people(r);
    myo_test t;
    ck_assert_int_eq(myo_logrank(&t, times, event, arm, n), MYO_OK);
    rt_is(r, "chisq", t.statistic, 1e-10);
    rt_is(r, "p", t.p, 1e-9);
    ck_assert_ptr_null(t.why);
}

START_TEST(logrank_equals_survdiff) {
    ck_assert_int_eq(rt_each("model_survival.tsv", check_logrank), N_CASES);
}
END_TEST

static void check_cox(const rt_row *r) {
    const size_t n = read_people(r);
    myo_test t;
    ck_assert_int_eq(myo_hazard_ratio(&t, times, event, arm, n, 0.95), MYO_OK);
    rt_is(r, "hr", t.estimate, 1e-8);
    rt_is(r, "hr_low", t.low, 1e-8);
    rt_is(r, "hr_high", t.high, 1e-8);
    /* relative to z of order 1: a hazard ratio of exactly 1 leaves only rounding */
    ck_assert_double_eq_tol(t.statistic, rt_number(r, "z"), 1e-8);
    rt_is(r, "hr_p", t.p, 1e-7);
}

START_TEST(hazard_ratio_equals_coxph) {
    ck_assert_int_eq(rt_each("model_survival.tsv", check_cox), N_CASES);
}
END_TEST

static void check_curve(const rt_row *r) {
    const size_t n = read_people(r);
    myo_km k;
    ck_assert_int_eq(myo_km_fit(&k, times, event, n, 0.95), MYO_OK);
    ck_assert_uint_eq(rt_list(r, "times", column), k.n_steps);
    static double low[RT_VALUES], high[RT_VALUES], survival[RT_VALUES];
    rt_list(r, "survival", survival);
    rt_list(r, "low", low);
    rt_list(r, "high", high);
    int64_t left = (int64_t)n;
    for (size_t i = 0; i < k.n_steps; i++) {
        const myo_km_step *s = &k.step[i];
        ck_assert(s->time == column[i] && s->at_risk == left);
        ck_assert_double_eq_tol(s->survival, survival[i], 1e-12);
        ck_assert(isnan(low[i]) ? isnan(s->low) : fabs(s->low - low[i]) < 1e-10);
        ck_assert(isnan(high[i]) ? isnan(s->high) : fabs(s->high - high[i]) < 1e-10);
        left -= s->events + s->censored;
    }
    ck_assert_int_eq(left, 0);
    rt_is(r, "median", k.median.estimate, 1e-12);
    rt_is(r, "median_low", k.median.low, 1e-12);
    rt_is(r, "median_high", k.median.high, 1e-12);
    ck_assert(isnan(rt_number(r, "median")) == (k.median.why != NULL));
    myo_km_clear(&k);
}

START_TEST(curve_and_median_equal_survfit) {
    ck_assert_int_eq(rt_each("model_survival.tsv", check_curve), N_CASES);
}
END_TEST

START_TEST(exchanging_the_arms_inverts_the_ratio) {
    const double t[] = {3, 5, 5, 8, 9, 12, 12, 20};
    const bool e[] = {true, true, false, true, true, false, true, true};
    const int a[] = {0, 1, 0, 1, 0, 1, 0, 1}, b[] = {1, 0, 1, 0, 1, 0, 1, 0};
    myo_test x, y;
    ck_assert_int_eq(myo_hazard_ratio(&x, t, e, a, 8, 0.9), MYO_OK);
    ck_assert_int_eq(myo_hazard_ratio(&y, t, e, b, 8, 0.9), MYO_OK);
    ck_assert_double_eq_tol(x.estimate * y.estimate, 1.0, 1e-12);
    ck_assert_double_eq_tol(x.low * y.high, 1.0, 1e-12);
    ck_assert_double_eq_tol(x.p, y.p, 1e-12);
    ck_assert(x.level == 0.9);
}
END_TEST

START_TEST(the_order_of_people_does_not_matter) {
    const double t[] = {3, 5, 5, 8, 9}, u[] = {9, 5, 8, 3, 5};
    const bool e[] = {true, true, false, true, true}, f[] = {true, false, true, true, true};
    const int a[] = {0, 1, 0, 1, 0}, b[] = {0, 0, 1, 0, 1};
    myo_test x, y;
    ck_assert_int_eq(myo_logrank(&x, t, e, a, 5), MYO_OK);
    ck_assert_int_eq(myo_logrank(&y, u, f, b, 5), MYO_OK);
    ck_assert(x.statistic == y.statistic && x.p == y.p);
}
END_TEST

/* All events in the contrast, then the reference is only watched: the likelihood rises for ever. */
START_TEST(events_in_one_arm_only_have_no_finite_ratio) {
    const double t[] = {1, 2, 3, 9, 9, 9};
    const bool e[] = {true, true, true, false, false, false};
    const int a[] = {1, 1, 1, 0, 0, 0};
    myo_test x;
    ck_assert_int_eq(myo_hazard_ratio(&x, t, e, a, 6, 0.95), MYO_OK);
    RT_NONE(x);
    ck_assert_int_eq(myo_logrank(&x, t, e, a, 6), MYO_OK);
    ck_assert(x.why == NULL && x.p < 0.05); /* the log-rank test needs no ratio */
}
END_TEST

/* Both arms have events, but each only while nobody of the other is watched, or the last one. */
START_TEST(arms_one_after_the_other_have_no_finite_ratio) {
    const double t[] = {1, 2, 3, 4};
    const bool e[] = {true, true, true, true};
    const int a[] = {1, 1, 0, 0};
    myo_test x;
    ck_assert_int_eq(myo_hazard_ratio(&x, t, e, a, 4, 0.95), MYO_OK);
    RT_NONE(x);
}
END_TEST

START_TEST(nothing_to_compare_is_told) {
    const double t[] = {1, 2, 3};
    const bool none[] = {false, false, false}, all[] = {true, true, true};
    const int mixed[] = {0, 1, 0}, same[] = {0, 0, 0}, wrong[] = {0, 1, 2};
    myo_test x;
    ck_assert_int_eq(myo_logrank(&x, t, none, mixed, 3), MYO_OK);
    RT_NONE(x);
    ck_assert_int_eq(myo_hazard_ratio(&x, t, none, mixed, 3, 0.95), MYO_OK);
    RT_NONE(x);
    ck_assert_int_eq(myo_logrank(&x, t, all, same, 3), MYO_OK);
    RT_NONE(x);
    ck_assert_int_eq(myo_hazard_ratio(&x, t, all, wrong, 3, 0.95), MYO_OK);
    RT_NONE(x);
    ck_assert_int_eq(myo_hazard_ratio(&x, t, all, mixed, 3, 1.0), MYO_OK);
    RT_NONE(x);
    ck_assert_int_eq(myo_logrank(&x, NULL, NULL, NULL, 0), MYO_OK);
    RT_NONE(x);
}
END_TEST

START_TEST(one_at_a_time_has_no_logrank) {
    const double t[] = {1, 2};
    const bool e[] = {false, true};
    const int a[] = {0, 1};
    myo_test x;
    ck_assert_int_eq(myo_logrank(&x, t, e, a, 2), MYO_OK);
    RT_NONE(x);
}
END_TEST

START_TEST(impossible_times_are_refused) {
    const bool e[] = {true, true};
    const int a[] = {0, 1};
    const double wrong[][2] = {{1, NAN}, {-1, 2}, {1, INFINITY}};
    for (int i = 0; i < 3; i++) {
        myo_test x;
        myo_km k;
        ck_assert_int_eq(myo_logrank(&x, wrong[i], e, a, 2), MYO_OK);
        RT_NONE(x);
        ck_assert_int_eq(myo_km_fit(&k, wrong[i], e, 2, 0.95), MYO_OK);
        RT_NONE(k.median);
        ck_assert(k.n_steps == 0 && k.step == NULL);
    }
}
END_TEST

START_TEST(a_curve_without_events_stays_at_one) {
    const double t[] = {10, 20};
    const bool e[] = {false, false};
    myo_km k;
    ck_assert_int_eq(myo_km_fit(&k, t, e, 2, 0.95), MYO_OK);
    ck_assert(k.n == 2 && k.n_events == 0 && k.n_steps == 2);
    ck_assert(k.step[1].survival == 1.0 && isnan(k.step[1].low) && isnan(k.step[1].high));
    RT_NONE(k.median);
    myo_km_clear(&k);
    ck_assert_ptr_null(k.step);
    ck_assert_int_eq(myo_km_fit(&k, t, e, 0, 0.95), MYO_OK);
    RT_NONE(k.median);
}
END_TEST

START_TEST(no_memory_leaves_the_result) {
    const double t[] = {1, 2, 3, 4};
    const bool e[] = {true, true, true, true};
    const int a[] = {0, 1, 1, 0};
    for (int n = 1; n <= 2; n++) {
        myo_test x = {.estimate = 7.0};
        myo_mem_fail_at(n);
        ck_assert_int_eq(myo_hazard_ratio(&x, t, e, a, 4, 0.95), MYO_ERR_NOMEM);
        ck_assert(x.estimate == 7.0);
    }
    for (int n = 1; n <= 3; n++) {
        myo_km k = {.n = 7};
        myo_mem_fail_at(n);
        ck_assert_int_eq(myo_km_fit(&k, t, e, 4, 0.95), MYO_ERR_NOMEM);
        ck_assert(k.n == 7 && k.step == NULL);
    }
    myo_mem_fail_at(0);
}
END_TEST

static const myo_draws few = {9999, 1};

/* 3 against 3: of 20 groupings, two are as extreme as this one and its mirror image. */
START_TEST(few_people_are_permuted) {
    const double t[] = {1, 2, 3, 9, 9, 9};
    const bool e[] = {true, true, true, false, false, false};
    const int a[] = {1, 1, 1, 0, 0, 0}, b[] = {0, 0, 0, 1, 1, 1};
    myo_test x, y;
    ck_assert_int_eq(myo_logrank_permuted(&x, t, e, a, 6, few), MYO_OK);
    ck_assert_double_eq_tol(x.p, 2.0 / 20, 1e-12);
    ck_assert(x.statistic > 0 && x.resamples == 0 && isnan(x.low));
    ck_assert_int_eq(myo_logrank_permuted(&y, t, e, b, 6, few), MYO_OK);
    ck_assert_double_eq_tol(y.statistic, -x.statistic, 1e-12);
    ck_assert_int_eq(myo_logrank(&y, t, e, a, 6), MYO_OK);
    ck_assert(y.p < 0.05); /* which chi-squared overstates */
}
END_TEST

/* Random groupings where there are too many: near chi-squared with many people. */
START_TEST(many_people_are_drawn) {
    double t[80];
    bool e[80];
    int a[80];
    myo_test x, y;
    for (int i = 0; i < 80; i++) {
        t[i] = (i * 37) % 80 + (i % 2) * 9;
        e[i] = i % 5 != 0;
        a[i] = i % 2;
    }
    ck_assert_int_eq(myo_logrank_permuted(&x, t, e, a, 80, few), MYO_OK);
    ck_assert_int_eq(myo_logrank(&y, t, e, a, 80), MYO_OK);
    ck_assert_int_eq(x.resamples, few.resamples);
    ck_assert_double_eq_tol(x.p, y.p, 0.02);
    ck_assert(x.p > 0.001 && x.p < 0.9);
    ck_assert_int_eq(myo_logrank_permuted(&y, t, e, a, 80, few), MYO_OK);
    ck_assert(x.p == y.p);
    ck_assert_int_eq(myo_logrank_permuted(&y, t, e, a, 80, (myo_draws){1, 1}), MYO_OK);
    ck_assert(y.why != NULL);
}
END_TEST

/* 3 against 3 of the same distribution, 2000 times: at most 5 % are found to differ. */
START_TEST(permuted_keeps_its_level) {
    const int a[] = {0, 0, 0, 1, 1, 1, 0, 1};
    int small[2] = {0};
    myo_rng rng;
    myo_rng_seed(&rng, 7, 0);
    for (int i = 0; i < 2000; i++) {
        double t[8];
        bool e[8];
        myo_test x, y;
        for (int k = 0; k < 8; k++) {
            t[k] = (double)(myo_rng_u32(&rng) % 1000);
            e[k] = t[k] < 700;
        }
        ck_assert_int_eq(myo_logrank_permuted(&x, t, e, a, 8, few), MYO_OK);
        ck_assert_int_eq(myo_logrank(&y, t, e, a, 8), MYO_OK);
        small[0] += x.p <= 0.05;
        small[1] += y.p <= 0.05;
    }
    ck_assert_int_le(small[0], 115); /* 5 % and 1.5 standard errors */
    ck_assert_int_gt(small[1], small[0]);
}
END_TEST

static Suite *suite(void) {
    Suite *s = suite_create("survive");
    TCase *c = tcase_create("survive");
    tcase_add_test(c, logrank_equals_survdiff);
    tcase_add_test(c, hazard_ratio_equals_coxph);
    tcase_add_test(c, curve_and_median_equal_survfit);
    tcase_add_test(c, exchanging_the_arms_inverts_the_ratio);
    tcase_add_test(c, the_order_of_people_does_not_matter);
    tcase_add_test(c, events_in_one_arm_only_have_no_finite_ratio);
    tcase_add_test(c, arms_one_after_the_other_have_no_finite_ratio);
    tcase_add_test(c, nothing_to_compare_is_told);
    tcase_add_test(c, one_at_a_time_has_no_logrank);
    tcase_add_test(c, impossible_times_are_refused);
    tcase_add_test(c, a_curve_without_events_stays_at_one);
    tcase_add_test(c, no_memory_leaves_the_result);
    tcase_add_test(c, few_people_are_permuted);
    tcase_add_test(c, many_people_are_drawn);
    tcase_add_test(c, permuted_keeps_its_level);
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
