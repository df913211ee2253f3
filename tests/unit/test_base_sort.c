/* test_base_sort.c - order of numbers and of any items. */
#include <check.h>
#include <stdlib.h>
#include "base/base.h"

enum { N = 1000 };

static int by_int(const void *a, const void *b)
{
    return (*(const int *)a > *(const int *)b) - (*(const int *)a < *(const int *)b);
}

START_TEST(in_place_equals_qsort)
{
    static const int lengths[] = {0, 1, 2, 3, 7, 64, 999, N};
    int a[N], b[N];
    myo_rng r;
    myo_rng_seed(&r, 7, (uint64_t)_i);
    for (int i = 0; i < N; i++) {
        a[i] = b[i] = (int)(myo_rng_u32(&r) % 200) - 100; /* many equal ones */
    }
    const size_t n = (size_t)lengths[_i];
    myo_sort_in_place(a, n, sizeof *a, by_int);
    qsort(b, n, sizeof *b, by_int);
    ck_assert_mem_eq(a, b, sizeof a); /* behind n nothing moved */
}
END_TEST

START_TEST(numbers_come_out_ascending)
{
    double d[N];
    float f[N];
    myo_rng r;
    myo_rng_seed(&r, 8, 0);
    for (int i = 0; i < N; i++) {
        d[i] = myo_rng_normal(&r);
        f[i] = (float)d[i];
    }
    myo_sort_f64(d, N);
    myo_sort_f32(f, N);
    for (int i = 1; i < N; i++) {
        ck_assert(d[i - 1] <= d[i]);
        ck_assert(f[i - 1] <= f[i]);
    }
}
END_TEST

/* Random, with many equal ones, rising, falling, and up and down. */
static double pattern(int kind, int i, myo_rng *r)
{
    switch (kind) {
    case 0: return myo_rng_normal(r);
    case 1: return (double)(myo_rng_u32(r) % 5);
    case 2: return i;
    case 3: return -i;
    default: return i < N / 2 ? i : N - i;
    }
}

START_TEST(selection_is_the_sorted_ones)
{
    double d[N], sorted[N];
    myo_rng r;
    myo_rng_seed(&r, 9, (uint64_t)_i);
    for (size_t n = 1; n <= N; n = n * 3 + 1) {
        for (size_t k = 0; k < n; k += 1 + n / 13) {
            for (size_t i = 0; i < n; i++) {
                d[i] = sorted[i] = pattern(_i, (int)i, &r);
            }
            myo_sort_f64(sorted, n);
            ck_assert_double_eq(myo_select_f64(d, n, k), sorted[k]);
            for (size_t i = 0; i < n; i++) {
                ck_assert(i < k ? d[i] <= d[k] : d[i] >= d[k]);
            }
        }
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("sort");
    TCase *c = tcase_create("sort");
    tcase_add_loop_test(c, in_place_equals_qsort, 0, 8);
    tcase_add_loop_test(c, selection_is_the_sorted_ones, 0, 5);
    tcase_add_test(c, numbers_come_out_ascending);
    suite_add_tcase(s, c);
    SRunner *sr = srunner_create(s);
    srunner_run_all(sr, CK_NORMAL);
    const int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed;
}
