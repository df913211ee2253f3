/* test_kern.c - what the reference kernels compute, and the choice among the sets; tests/kern compares the sets. */
#include "kern/kern.h"
#include "sig.h"

enum { MAX_N = 400 };

static const myo_kernels *isa[8];
static int n_isa;

/* ---- the reference itself ---- */

START_TEST(reference_reductions_are_sums)
{
    static float x[MAX_N + 1], y[MAX_N + 1];
    sig_noise(x, MAX_N, 1.0, 21);
    sig_noise(y, MAX_N, 1.0, 22);
    for (int n = 0; n <= MAX_N; n++) {
        double s = 0.0, ss = 0.0, sa = 0.0, xy = 0.0;
        for (int i = 0; i < n; i++) {
            s += x[i];
            ss += (double)x[i] * x[i];
            sa += fabs((double)x[i]);
            xy += (double)x[i] * y[i];
        }
        const double tol = 1e-6 * (1.0 + sa);
        ck_assert_double_eq_tol(myo_kernels_ref.sum(x, n), s, tol);
        ck_assert_double_eq_tol(myo_kernels_ref.sumsq(x, n), ss, 1e-6 * (1.0 + ss));
        ck_assert_double_eq_tol(myo_kernels_ref.sumabs(x, n), sa, tol);
        ck_assert_double_eq_tol(myo_kernels_ref.dot(x, y, n), xy, 1e-6 * (1.0 + ss));
    }
}
END_TEST

START_TEST(reference_zips_and_multiplies)
{
    const float a[2] = {1.0f, 2.0f}, b[2] = {-3.0f, 0.5f}, want[4] = {1.0f, -3.0f, 2.0f, 0.5f};
    float z[4], c[2], d[2];
    myo_kernels_ref.zip(z, a, b, 2);
    ck_assert_mem_eq(z, want, sizeof z);
    myo_kernels_ref.unzip(c, d, z, 2);
    ck_assert_mem_eq(c, a, sizeof c);
    ck_assert_mem_eq(d, b, sizeof d);
    myo_kernels_ref.multiply(c, b, 2);
    ck_assert_float_eq(c[0], -3.0f);
    ck_assert_float_eq(c[1], 1.0f);
}
END_TEST

START_TEST(reference_counts_what_is_present)
{
    float x[150] = {0.0f};
    ck_assert_int_eq(myo_kernels_ref.present(x, 150), 150);
    x[149] = NAN;
    ck_assert_int_eq(myo_kernels_ref.present(x, 150), 149);
    x[70] = NAN;
    ck_assert_int_eq(myo_kernels_ref.present(x, 150), 70);
    ck_assert_int_eq(myo_kernels_ref.present(x, 70), 70);
    ck_assert_int_eq(myo_kernels_ref.present(x + 70, 5), 0);
}
END_TEST

START_TEST(reference_watches)
{
    float x[80] = {0.0f};
    const float limit[4] = {-5.0f, 5.0f, 3.0f, 0.5f};
    int moved[2];
    ck_assert_int_eq(myo_kernels_ref.watch(x + 1, 4, limit, moved), 0);
    ck_assert_int_eq(moved[0], MYO_WATCH);
    ck_assert_int_eq(moved[1], -1);
    x[11] = 2.0f; /* up and down again: samples 10 and 11 of the watched differ from the ones before */
    ck_assert_int_eq(myo_kernels_ref.watch(x + 1, 4, limit, moved), 0);
    ck_assert_int_eq(moved[0], 10);
    ck_assert_int_eq(moved[1], 11);
    x[11] = 4.0f;
    ck_assert_int_eq(myo_kernels_ref.watch(x + 1, 4, limit, moved), 1); /* a step */
    x[11] = 0.0f;
    x[1] = x[2] = x[3] = x[4] = x[5] = x[0] = -5.0f;
    ck_assert_int_eq(myo_kernels_ref.watch(x + 1, 4, limit, moved), 1); /* a rail */
}
END_TEST

START_TEST(reference_goertzel_is_the_transforms_power)
{
    enum { N = 60 };
    float x[N];
    double power[MYO_TONES] = {0.0}, twice_cos[MYO_TONES];
    for (int b = 0; b < MYO_TONES; b++) {
        twice_cos[b] = 2.0 * cos(0.03 * b);
    }
    sig_noise(memset(x, 0, sizeof x), N, 1.0, 4);
    myo_kernels_ref.goertzel(power, twice_cos, x, N);
    for (int b = 0; b < MYO_TONES; b++) {
        double re = 0.0, im = 0.0;
        for (int i = 0; i < N; i++) {
            re += x[i] * cos(0.03 * b * i);
            im += x[i] * sin(0.03 * b * i);
        }
        ck_assert_double_eq_tol(power[b], re * re + im * im, 1e-6 * (1.0 + re * re + im * im));
    }
    ck_assert_float_eq(myo_kernels_ref.top((const float[]){1.0f, -7.0f, 3.0f}, 3), 7.0f);
}
END_TEST

START_TEST(reference_delivers)
{
    float x[4] = {1.0f, NAN, -INFINITY, 3e38f};
    ck_assert_int_eq(myo_kernels_ref.deliver(x, 1.0, 4), 2);
    ck_assert_float_eq(x[0], 1.0f);
    ck_assert(isnan(x[1]) && isnan(x[2]));
    ck_assert_float_eq(x[3], 3e38f);
    ck_assert_int_eq(myo_kernels_ref.deliver(x, 2.5, 4), 3);
    ck_assert_float_eq(x[0], 2.5f);
    ck_assert(isnan(x[3]));
}
END_TEST

START_TEST(reference_envelope_is_the_mean_of_each_step)
{
    float x[MAX_N], out[MAX_N];
    sig_noise(memset(x, 0, sizeof x), MAX_N, 1.0, 9);
    for (int step = 1; step <= 20; step++) {
        const int n = MAX_N / step;
        myo_kernels_ref.envelope(out, x, step, n);
        for (int i = 0; i < n; i++) {
            ck_assert_float_eq(out[i], myo_kernels_ref.sumabs(x + i * step, step) / (float)step);
        }
    }
}
END_TEST

START_TEST(reference_subtracts_a_turning_line)
{
    float x[3] = {10.0f, 10.0f, 10.0f};
    const float c[3] = {1.0f, 0.0f, -1.0f}, s[3] = {0.0f, 1.0f, 0.0f}, amp[4] = {1.0f, 2.0f, 3.0f, 4.0f};
    myo_kernels_ref.sub_rotating(x, c, s, amp, 3);
    ck_assert_float_eq(x[0], 9.0f);        /* 10 - 1 */
    ck_assert_float_eq(x[1], 3.0f);        /* 10 - (3 + 4) */
    ck_assert_float_eq(x[2], 15.0f);       /* 10 + (1 + 4) */
}
END_TEST

/* ---- the choice ---- */

START_TEST(limit_chooses_each_set)
{
    for (int k = 0; k < n_isa; k++) {
        ck_assert_int_eq(myo_kern_limit(isa[k]->isa), MYO_OK);
        ck_assert_ptr_eq(myo_kern(), isa[k]);
    }
    ck_assert_int_eq(myo_kern_limit("auto"), MYO_OK);
    ck_assert_ptr_eq(myo_kern(), isa[n_isa - 1]);
}
END_TEST

START_TEST(unknown_set_is_refused_and_changes_nothing)
{
    ck_assert_int_eq(myo_kern_limit("ref"), MYO_OK);
    ck_assert_int_eq(myo_kern_limit("mmx"), MYO_ERR_PARAM);
    ck_assert_int_eq(myo_kern_limit(""), MYO_ERR_PARAM);
    ck_assert_ptr_eq(myo_kern(), &myo_kernels_ref);
}
END_TEST

START_TEST(list_starts_with_the_reference_and_obeys_its_length)
{
    const myo_kernels *one[2] = {NULL, NULL};
    ck_assert_int_eq(myo_kern_all(one, 1), 1);
    ck_assert_ptr_eq(one[0], &myo_kernels_ref);
    ck_assert_ptr_null(one[1]);
    ck_assert_int_ge(n_isa, 1);
}
END_TEST

START_TEST(default_is_the_best_set)
{
    ck_assert_ptr_eq(myo_kern(), isa[n_isa - 1]);
}
END_TEST

int main(void)
{
    n_isa = myo_kern_all(isa, 8);
    Suite *s = suite_create("kern");
    TCase *c = tcase_create("kernels");
    tcase_set_timeout(c, 60);
    tcase_add_test(c, reference_reductions_are_sums);
    tcase_add_test(c, reference_zips_and_multiplies);
    tcase_add_test(c, reference_counts_what_is_present);
    tcase_add_test(c, reference_watches);
    tcase_add_test(c, reference_goertzel_is_the_transforms_power);
    tcase_add_test(c, reference_delivers);
    tcase_add_test(c, reference_envelope_is_the_mean_of_each_step);
    tcase_add_test(c, reference_subtracts_a_turning_line);
    tcase_add_test(c, limit_chooses_each_set);
    tcase_add_test(c, unknown_set_is_refused_and_changes_nothing);
    tcase_add_test(c, list_starts_with_the_reference_and_obeys_its_length);
    tcase_add_test(c, default_is_the_best_set);
    suite_add_tcase(s, c);
    return sig_main(s);
}
