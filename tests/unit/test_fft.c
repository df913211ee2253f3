/* test_fft.c - the FFT door: known spectra, round trip, the plan cache. */
#include "dsp/fft.h"
#include "sig.h"

static const int sizes[] = {2, 4, 6, 16, 30, 256, 1000, 1024, 4096, 65536};
enum { N_SIZES = sizeof sizes / sizeof sizes[0] };

static const myo_fft *plan(int n)
{
    const myo_fft *f = NULL;
    ck_assert_int_eq(myo_fft_get(&f, n), MYO_OK);
    return f;
}

START_TEST(round_trip_returns_n_times_the_signal)
{
    const int n = sizes[_i];
    float *x = sig_new(n), *y = sig_new(n), *spec = sig_new(n + 2);
    sig_noise(x, n, 1.0, 4);
    myo_fft_forward(plan(n), x, spec);
    myo_fft_inverse(plan(n), spec, y);
    for (int i = 0; i < n; i++) {
        y[i] /= (float)n;
    }
    ck_assert_double_lt(sig_distance(x, y, n), 2e-6);
    myo_free(x);
    myo_free(y);
    myo_free(spec);
}
END_TEST

START_TEST(forward_leaves_its_input_alone)
{
    const int n = sizes[_i];
    float *x = sig_new(n), *copy = sig_new(n), *spec = sig_new(n + 2);
    sig_noise(x, n, 1.0, 5);
    memcpy(copy, x, sizeof *x * (size_t)n);
    myo_fft_forward(plan(n), x, spec);
    ck_assert_mem_eq(x, copy, sizeof *x * (size_t)n);
    myo_free(x);
    myo_free(copy);
    myo_free(spec);
}
END_TEST

START_TEST(energy_is_kept)
{
    const int n = sizes[_i];
    float *x = sig_new(n), *spec = sig_new(n + 2);
    sig_noise(x, n, 1.0, 6);
    myo_fft_forward(plan(n), x, spec);
    double s = 0.0;
    for (int k = 0; k <= n / 2; k++) {
        s += (k == 0 || k == n / 2 ? 1.0 : 2.0) *
             ((double)spec[2 * k] * spec[2 * k] + (double)spec[2 * k + 1] * spec[2 * k + 1]);
    }
    const double want = sig_power(x, 0, n);
    ck_assert_double_eq_tol(s / n / n, want, 1e-5 * want);
    myo_free(x);
    myo_free(spec);
}
END_TEST

START_TEST(impulse_is_flat)
{
    float *x = sig_new(64), *spec = sig_new(66);
    x[0] = 3.0f;
    myo_fft_forward(plan(64), x, spec);
    for (int k = 0; k <= 32; k++) {
        ck_assert_float_eq_tol(spec[2 * k], 3.0f, 1e-6f);
        ck_assert_float_eq_tol(spec[2 * k + 1], 0.0f, 1e-6f);
    }
    myo_free(x);
    myo_free(spec);
}
END_TEST

START_TEST(cosine_is_one_line)
{
    enum { N = 128, K = 5 };
    float *x = sig_new(N), *spec = sig_new(N + 2);
    for (int i = 0; i < N; i++) {
        x[i] = (float)cos(2.0 * M_PI * K * i / N + 0.5);
    }
    myo_fft_forward(plan(N), x, spec);
    for (int k = 0; k <= N / 2; k++) {
        ck_assert_double_eq_tol(spec[2 * k], k == K ? N / 2 * cos(0.5) : 0.0, 1e-4);
        ck_assert_double_eq_tol(spec[2 * k + 1], k == K ? N / 2 * sin(0.5) : 0.0, 1e-4);
    }
    myo_free(x);
    myo_free(spec);
}
END_TEST

START_TEST(constant_is_all_at_zero)
{
    float *x = sig_new(30), *spec = sig_new(32);
    sig_const(x, 30, 2.0);
    myo_fft_forward(plan(30), x, spec);
    ck_assert_float_eq_tol(spec[0], 60.0f, 1e-4f);
    for (int i = 1; i < 32; i++) {
        ck_assert_float_eq_tol(spec[i], 0.0f, 1e-5f);
    }
    myo_free(x);
    myo_free(spec);
}
END_TEST

START_TEST(complex_transform_of_two_signals_is_theirs)
{
    enum { N = 256 };
    float *a = sig_new(N), *b = sig_new(N), *z = sig_new(2 * N), *w = sig_new(2 * N), *sa = sig_new(N + 2), *sb = sig_new(N + 2);
    const myo_fft *f = NULL;
    ck_assert_int_eq(myo_fft_get_complex(&f, N), MYO_OK);
    ck_assert_ptr_ne(f, plan(N));
    sig_noise(a, N, 1.0, 7);
    sig_noise(b, N, 1.0, 8);
    for (int i = 0; i < N; i++) {
        z[2 * i] = a[i];
        z[2 * i + 1] = b[i];
    }
    myo_fft_forward(plan(N), a, sa);
    myo_fft_forward(plan(N), b, sb);
    myo_fft_complex(f, z, w);
    for (int k = 0; k <= N / 2; k++) {
        ck_assert_float_eq_tol(w[2 * k], sa[2 * k] - sb[2 * k + 1], 1e-4f);
        ck_assert_float_eq_tol(w[2 * k + 1], sa[2 * k + 1] + sb[2 * k], 1e-4f);
    }
    myo_fft_complex_inverse(f, w, z);
    for (int i = 0; i < N; i++) {
        ck_assert_float_eq_tol(z[2 * i], N * a[i], 1e-3f);
        ck_assert_float_eq_tol(z[2 * i + 1], N * b[i], 1e-3f);
    }
    myo_free(a);
    myo_free(b);
    myo_free(z);
    myo_free(w);
    myo_free(sa);
    myo_free(sb);
}
END_TEST

START_TEST(same_size_same_plan_other_size_other_plan)
{
    ck_assert_ptr_eq(plan(512), plan(512));
    ck_assert_ptr_ne(plan(512), plan(1024));
    ck_assert_ptr_eq(plan(512), plan(512));
}
END_TEST

START_TEST(no_memory_is_an_error_and_the_next_try_works)
{
    const myo_fft *f = NULL;
    for (int at = 1; at <= 3; at++) {
        myo_mem_fail_at(at);
        ck_assert_int_eq(myo_fft_get(&f, 2048), MYO_ERR_NOMEM);
        ck_assert_ptr_null(f);
    }
    myo_mem_fail_at(0);
    ck_assert_int_eq(myo_fft_get(&f, 2048), MYO_OK);
    ck_assert_ptr_nonnull(f);
}
END_TEST

START_TEST(version_names_the_library)
{
    ck_assert_ptr_nonnull(strstr(myo_fft_version(), "fftw"));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("fft");
    TCase *c = tcase_create("fft");
    tcase_add_loop_test(c, round_trip_returns_n_times_the_signal, 0, N_SIZES);
    tcase_add_loop_test(c, forward_leaves_its_input_alone, 0, N_SIZES);
    tcase_add_loop_test(c, energy_is_kept, 0, N_SIZES);
    tcase_add_test(c, impulse_is_flat);
    tcase_add_test(c, cosine_is_one_line);
    tcase_add_test(c, constant_is_all_at_zero);
    tcase_add_test(c, complex_transform_of_two_signals_is_theirs);
    tcase_add_test(c, same_size_same_plan_other_size_other_plan);
    tcase_add_test(c, no_memory_is_an_error_and_the_next_try_works);
    tcase_add_test(c, version_names_the_library);
    suite_add_tcase(s, c);
    return sig_main(s);
}
