/* test_shares.c - rates from how each person's events are shared out, against R (tests/oracle/make_shares.R). */
#include <check.h>
#include "rtable.h"
#include "stats/shares.h"

enum { MOST = 256 };
static double person[RT_VALUES], x[RT_VALUES], t[RT_VALUES], n[RT_VALUES];

static size_t take(const rt_row *r, myo_session_count *s, myo_two_counts *pair) {
    const size_t k = rt_list(r, "person", person);
    rt_list(r, "x", x);
    rt_list(r, "t", t);
    rt_list(r, "n", n);
    ck_assert_uint_le(k, MOST);
    for (size_t i = 0; i < k; i++) {
        s[i] = (myo_session_count){n[i], t[i], x[i], (int)person[i]};
        if (i % 2 == 1) {
            pair[i / 2] = (myo_two_counts){n[i - 1], t[i - 1], n[i], t[i]};
        }
    }
    return k;
}

static void check_test(const rt_row *r, const myo_test *test) {
    ck_assert_ptr_null(test->why);
    ck_assert_double_eq_tol(test->estimate, rt_number(r, "estimate"), 1e-8 * fmax(0.1, fabs(test->estimate)));
    rt_is(r, "low", test->low, 1e-8);
    rt_is(r, "high", test->high, 1e-8);
    rt_is(r, "p", test->p, 1e-8);
}

static void check(const rt_row *r) {
    myo_session_count s[MOST];
    myo_two_counts pair[MOST / 2];
    size_t used;
    const size_t k = take(r, s, pair);
    const myo_test slope = myo_shared_slope(s, k, 0.95, &used);
    check_test(r, &slope);
    ck_assert_uint_ge(used, 2);
    if (strcmp(r->cell[0], "ratio") == 0) {
        const myo_test ratio = myo_shared_ratio(pair, k / 2, 0.95);
        check_test(r, &ratio);
    }
}

START_TEST(slopes_and_ratios_equal_conditional_regression) {
    ck_assert_int_eq(rt_each("shares.tsv", check), 90);
}
END_TEST

/* Slopes do not depend on where x begins, and go with its unit. */
START_TEST(x_may_be_shifted_and_scaled) {
    myo_session_count s[] = {{4, 1, 0.7, 0}, {9, 2, 0.9, 0}, {2, 1, 1.1, 0}, {7, 1, 0.6, 1}, {1, 0.5, 1.2, 1},
                             {3, 1, 0.8, 2}, {1, 1, 1.0, 2}, {6, 3, 0.7, 3}, {2, 2, 0.9, 3},
                             {8, 1, 0.6, 4}, {3, 1, 1.0, 4}, {9, 2, 0.7, 5}, {2, 1, 1.2, 5}};
    const myo_test a = myo_shared_slope(s, 13, 0.95, NULL);
    ck_assert(isfinite(a.low) && isfinite(a.high));
    for (int i = 0; i < 13; i++) {
        s[i].x = 1000.0 * s[i].x + 5e5;
    }
    const myo_test b = myo_shared_slope(s, 13, 0.95, NULL);
    ck_assert_double_eq_tol(1000.0 * b.estimate, a.estimate, 1e-7);
    ck_assert_double_eq_tol(1000.0 * b.low, a.low, 1e-7);
    ck_assert_double_eq_tol(1000.0 * b.high, a.high, 1e-7);
    ck_assert_double_eq_tol(b.p, a.p, 1e-7);
}
END_TEST

START_TEST(events_at_one_end_have_no_finite_slope) {
    const myo_session_count s[] = {{0, 1, 0, 0}, {0, 1, 1, 0}, {8, 1, 2, 0}, {0, 1, 0, 1}, {9, 1, 2, 1},
                                   {0, 1, 1, 2}, {7, 1, 2, 2}, {0, 1, 0, 3}, {5, 1, 2, 3}};
    const myo_test up = myo_shared_slope(s, 9, 0.95, NULL);
    ck_assert(up.estimate == INFINITY && up.high == INFINITY && up.low > 0.0 && up.p < 0.05);
    myo_session_count down[9];
    for (int i = 0; i < 9; i++) {
        down[i] = s[i];
        down[i].x = -s[i].x;
    }
    const myo_test other = myo_shared_slope(down, 9, 0.95, NULL);
    ck_assert(other.estimate == -INFINITY && other.low == -INFINITY);
    ck_assert_double_eq_tol(other.high, -up.low, 1e-9);
}
END_TEST

START_TEST(one_person_is_not_enough) {
    const myo_session_count s[] = {{3, 1, 0, 0}, {5, 1, 1, 0}, {0, 1, 0, 1}, {0, 1, 1, 1}, {4, 1, 7, 2}};
    size_t used = 9;
    RT_NONE(myo_shared_slope(s, 5, 0.95, &used));
    ck_assert_uint_eq(used, 1);
    RT_NONE(myo_shared_slope(s, 5, 1.5, NULL));
}
END_TEST

int main(void) {
    Suite *suite = suite_create("shares");
    TCase *c = tcase_create("shares");
    tcase_add_test(c, slopes_and_ratios_equal_conditional_regression);
    tcase_add_test(c, x_may_be_shifted_and_scaled);
    tcase_add_test(c, events_at_one_end_have_no_finite_slope);
    tcase_add_test(c, one_person_is_not_enough);
    suite_add_tcase(suite, c);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed > 0;
}
