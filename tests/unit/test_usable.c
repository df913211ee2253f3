/* test_usable.c - stretches of usable time, and their union over lanes. */
#include <check.h>
#include "base/base.h"
#include "run/usable.h"

static myo_usable a, b, c;
static const myo_usable *const lanes[] = {&a, &b, &c};

static void setup(void)
{
    a = b = c = (myo_usable){0};
}

static void teardown(void)
{
    myo_usable_clear(&a);
    myo_usable_clear(&b);
    myo_usable_clear(&c);
}

static void add(myo_usable *u, double on, double off)
{
    ck_assert_int_eq(myo_usable_add(u, on, off), MYO_OK);
}

static double together(int n)
{
    double s = -1.0;
    ck_assert_int_eq(myo_usable_union(lanes, n, &s), MYO_OK);
    return s;
}

START_TEST(stretches_that_touch_are_one)
{
    add(&a, 0.0, 10.0);
    add(&a, 10.0, 20.0);
    add(&a, 21.0, 30.0);
    ck_assert_uint_eq(a.n, 2);
    ck_assert_double_eq(a.stretch[0].off, 20.0);
    ck_assert_double_eq_tol(together(1), 29.0, 1e-12);
}
END_TEST

START_TEST(the_union_is_longer_than_each)
{
    add(&a, 0.0, 10.0);
    add(&a, 20.0, 30.0);
    add(&b, 5.0, 25.0);
    ck_assert_double_eq_tol(together(2), 30.0, 1e-12);
    add(&c, 40.0, 41.0);
    ck_assert_double_eq_tol(together(3), 31.0, 1e-12);
}
END_TEST

START_TEST(one_inside_another_adds_nothing)
{
    add(&a, 0.0, 100.0);
    add(&b, 10.0, 20.0);
    add(&b, 30.0, 40.0);
    ck_assert_double_eq_tol(together(2), 100.0, 1e-12);
}
END_TEST

START_TEST(nothing_is_nothing)
{
    ck_assert_double_eq(together(3), 0.0);
    add(&b, 1.0, 2.0);
    ck_assert_double_eq_tol(together(3), 1.0, 1e-12);
}
END_TEST

START_TEST(no_memory_is_told)
{
    double s = -1.0;
    add(&a, 0.0, 1.0);
    for (int n = 1; n <= 2; n++) {
        myo_mem_fail_at(n);
        ck_assert_int_eq(myo_usable_union(lanes, 3, &s), MYO_ERR_NOMEM);
        myo_mem_fail_at(0);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("usable");
    TCase *t = tcase_create("all");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, stretches_that_touch_are_one);
    tcase_add_test(t, the_union_is_longer_than_each);
    tcase_add_test(t, one_inside_another_adds_nothing);
    tcase_add_test(t, nothing_is_nothing);
    tcase_add_test(t, no_memory_is_told);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed;
}
