/* test_shape.c - discharges of a multiplet counted. */
#include <stdlib.h>
#include "event/shape.h"
#include "sig.h"

static const double FS = 2000.0;
enum { N = 800, ON = 300 };

/* A motor unit's potential of some 8 ms: two phases, its middle at frame `at`. */
static void put_unit(float *x, int64_t at, double amp)
{
    for (int64_t i = at - 12; i <= at + 12; i++) {
        const double z = (double)(i - at) / 3.0;
        x[i] += (float)(-amp * z * exp(0.5 - 0.5 * z * z));
    }
}

static int count(const float *x, int64_t off, double noise)
{
    return myo_count_plets(x, N, ON, off, FS, noise);
}

START_TEST(one_potential_is_one)
{
    float *x = sig_new(N);
    sig_noise(x, N, 1.0, 3);
    put_unit(x, ON + 12, 40.0);
    ck_assert_int_eq(count(x, ON + 24, 1.0), 1);
    myo_free(x);
}
END_TEST

START_TEST(each_discharge_counts)
{
    for (int n = 2; n <= 6; n++) {
        float *x = sig_new(N);
        sig_noise(x, N, 1.0, (uint64_t)n);
        for (int k = 0; k < n; k++) {
            put_unit(x, ON + 12 + 20 * k, k == 1 ? 42.0 : 40.0); /* 10 ms apart; the second is the largest */
        }
        ck_assert_int_eq(count(x, ON + 24 + 20 * (n - 1), 1.0), n);
        myo_free(x);
    }
}
END_TEST

/* Noise lowers the plain correlation under 0.8; its energy is known and does not count. */
START_TEST(weak_ones_count_too)
{
    float *x = sig_new(N);
    sig_noise(x, N, 6.0, 5);
    for (int k = 0; k < 4; k++) {
        put_unit(x, ON + 12 + 24 * k, 22.0);
    }
    ck_assert_int_ge(count(x, ON + 96, 6.0), 3);
    myo_free(x);
}
END_TEST

START_TEST(too_far_apart_is_no_multiplet)
{
    float *x = sig_new(N);
    put_unit(x, ON + 12, 40.0);
    put_unit(x, ON + 12 + 60, 40.0); /* 30 ms: an F-wave */
    ck_assert_int_eq(count(x, ON + 90, 1.0), 1);
    myo_free(x);
}
END_TEST

START_TEST(another_shape_does_not_count)
{
    float *x = sig_new(N);
    put_unit(x, ON + 12, 40.0);
    put_unit(x, ON + 32, -40.0); /* upside down */
    ck_assert_int_eq(count(x, ON + 46, 1.0), 1);
    put_unit(x, ON + 72, 12.0);  /* alike, but far weaker */
    ck_assert_int_eq(count(x, ON + 90, 1.0), 1);
    myo_free(x);
}
END_TEST

START_TEST(edges_and_slow_rates_are_safe)
{
    float x[16] = {0.0f};
    ck_assert_int_eq(myo_count_plets(x, 16, 0, 16, 2000.0, 1.0), 1);
    ck_assert_int_eq(myo_count_plets(x, 16, 0, 1, 2000.0, 1.0), 1);
    ck_assert_int_eq(myo_count_plets(x, 16, 4, 12, 100.0, 1.0), 1);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("shape");
    TCase *c = tcase_create("plets");
    tcase_add_test(c, one_potential_is_one);
    tcase_add_test(c, each_discharge_counts);
    tcase_add_test(c, weak_ones_count_too);
    tcase_add_test(c, too_far_apart_is_no_multiplet);
    tcase_add_test(c, another_shape_does_not_count);
    tcase_add_test(c, edges_and_slow_rates_are_safe);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
