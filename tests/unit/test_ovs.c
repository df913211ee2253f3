/* test_ovs.c - overlap-save against direct convolution with reflected ends. */
#include "dsp/fir.h"
#include "dsp/ovs.h"
#include "stage.h"

enum { MAX_TAPS = 801 };
static float taps[MAX_TAPS];

static int64_t bound(const void *s, int64_t n) { return myo_ovs_bound(s, n); }
static int64_t push(void *s, const float *x, int64_t n, float *out) { return myo_ovs_push(s, x, n, out); }
static int64_t finish(void *s, float *out) { return myo_ovs_finish(s, out); }
static void reset(void *s) { myo_ovs_reset(s); }

static myo_ovs *make(int n_taps)
{
    myo_ovs *o = NULL;
    myo_fir_bandpass(taps, n_taps, 2000.0, 20.0, 450.0);
    ck_assert_int_eq(myo_ovs_new(&o, taps, n_taps), MYO_OK);
    return o;
}

static stage stage_of(myo_ovs *o)
{
    return (stage){o, bound, push, finish, reset, myo_ovs_min_length(o)};
}

static double reflected(const float *x, int64_t n, int64_t i)
{
    i = i < 0 ? -i : i;
    return x[i >= n ? 2 * (n - 1) - i : i];
}

static void direct(const float *x, int64_t n, int n_taps, float *y)
{
    for (int64_t i = 0; i < n; i++) {
        double s = 0.0;
        for (int k = 0; k < n_taps; k++) {
            s += taps[k] * reflected(x, n, i + n_taps / 2 - k);
        }
        y[i] = (float)s;
    }
}

/* Lengths about the block size, the filter's length and the smallest allowed. */
START_TEST(equals_direct_convolution)
{
    static const int lengths[][2] = {{3, 2},     {3, 3},     {3, 5000},   {51, 26},    {51, 27},  {51, 1024}, {51, 973},
                                     {51, 2000}, {501, 251}, {501, 252},  {501, 1000}, {501, 1547}, {501, 1548}, {501, 3095}, {501, 3096},
                                     {501, 3097}, {501, 9000}, {801, 401}, {801, 20000}};
    const int n_taps = lengths[_i][0], n = lengths[_i][1];
    float *x = sig_new(n), *y = sig_new(n), *want = sig_new(n);
    myo_ovs *o = make(n_taps);
    const stage st = stage_of(o);
    sig_noise(x, n, 100.0, 9);
    sig_const(x, n, 1000.0);
    direct(x, n, n_taps, want);
    ck_assert_int_eq(stage_run(&st, x, n, 700, y), n);
    ck_assert_double_lt(sig_distance(y, want, n), 2e-3);
    myo_ovs_free(&o);
    myo_free(x);
    myo_free(y);
    myo_free(want);
}
END_TEST

START_TEST(any_cutting_gives_the_same_bits)
{
    static const int chunks[] = {STAGE_RANDOM, 1, 2, 250, 251, 252, 501, 1548, 3096, 4096, 9999, 20000};
    enum { N = 20000 };
    float *x = sig_new(N), *a = sig_new(N), *b = sig_new(N);
    myo_ovs *o = make(501), *p = make(501);
    const stage whole = stage_of(o), cut = stage_of(p);
    sig_noise(x, N, 1.0, 10);
    ck_assert_int_eq(stage_run(&whole, x, N, N, a), N);
    ck_assert_int_eq(stage_run(&cut, x, N, chunks[_i], b), N);
    ck_assert_mem_eq(a, b, sizeof *a * N);
    myo_ovs_free(&o);
    myo_ovs_free(&p);
    myo_free(x);
    myo_free(a);
    myo_free(b);
}
END_TEST

START_TEST(reset_equals_new)
{
    enum { N = 9000 };
    float *x = sig_new(N), *a = sig_new(N), *b = sig_new(N), *junk = sig_new(3 * N);
    myo_ovs *o = make(501), *p = make(501);
    const stage used = stage_of(o), fresh = stage_of(p);
    sig_noise(x, N, 1.0, 11);
    sig_noise(junk, 3 * N, 50.0, 12);
    stage_push(&used, junk, 1 + 1500 * _i, 613, junk + N); /* left in the middle, at several places */
    myo_ovs_reset(o);
    ck_assert_int_eq(stage_run(&used, x, N, 700, a), N);
    ck_assert_int_eq(stage_run(&fresh, x, N, 700, b), N);
    ck_assert_mem_eq(a, b, sizeof *a * N);
    myo_ovs_reset(o); /* and after a finish */
    ck_assert_int_eq(stage_run(&used, x, N, 700, a), N);
    ck_assert_mem_eq(a, b, sizeof *a * N);
    myo_ovs_free(&o);
    myo_ovs_free(&p);
    myo_free(x);
    myo_free(a);
    myo_free(b);
    myo_free(junk);
}
END_TEST

START_TEST(too_short_streams_are_refused)
{
    float *x = sig_new(400), *y = sig_new(400);
    myo_ovs *o = make(501);
    const stage st = stage_of(o);
    ck_assert_int_eq(myo_ovs_min_length(o), 251);
    for (int n = 0; n < 251; n += 50) {
        myo_ovs_reset(o);
        ck_assert_int_eq(stage_run(&st, x, n, 17, y), -1);
    }
    myo_ovs_reset(o);
    ck_assert_int_eq(stage_run(&st, x, 250, 17, y), -1);
    myo_ovs_reset(o);
    ck_assert_int_eq(stage_run(&st, x, 251, 17, y), 251);
    myo_ovs_free(&o);
    myo_free(x);
    myo_free(y);
}
END_TEST

START_TEST(constant_input_gives_nothing)
{
    enum { N = 12000 };
    float *x = sig_new(N), *y = sig_new(N);
    myo_ovs *o = make(501);
    const stage st = stage_of(o);
    sig_const(x, N, 1e4);
    ck_assert_int_eq(stage_run(&st, x, N, 999, y), N);
    for (int i = 0; i < N; i++) {
        if (fabs((double)y[i]) > 0.02) {
            ck_abort_msg("%g at %d", (double)y[i], i);
        }
    }
    myo_ovs_free(&o);
    myo_free(x);
    myo_free(y);
}
END_TEST

START_TEST(delay_is_removed)
{
    enum { N = 8000, AT = 4321 };
    float *x = sig_new(N), *y = sig_new(N);
    myo_ovs *o = make(501);
    const stage st = stage_of(o);
    x[AT] = 1.0f;
    ck_assert_int_eq(stage_run(&st, x, N, 1234, y), N);
    for (int i = 0; i < 501; i++) {
        ck_assert_float_eq_tol(y[AT - 250 + i], taps[i], 1e-6f);
    }
    ck_assert_float_eq_tol(y[AT - 300], 0.0f, 1e-6f);
    ck_assert_float_eq_tol(y[AT + 300], 0.0f, 1e-6f);
    myo_ovs_free(&o);
    myo_free(x);
    myo_free(y);
}
END_TEST

START_TEST(output_keeps_up_with_input)
{
    myo_ovs *o = make(501);
    const stage st = stage_of(o);
    float *x = sig_new(50000), *y = sig_new(50000);
    /* one FFT block behind at most */
    ck_assert_int_ge(stage_push(&st, x, 50000, 100, y), 50000 - 4096);
    myo_ovs_free(&o);
    myo_free(x);
    myo_free(y);
}
END_TEST

START_TEST(every_failed_allocation_is_reported)
{
    myo_fir_bandpass(taps, 51, 2000.0, 20.0, 450.0);
    int failures = 0;
    for (int at = 1; at < 30; at++) {
        myo_ovs *o = NULL;
        myo_mem_fail_at(at);
        if (myo_ovs_new(&o, taps, 51) == MYO_OK) {
            myo_mem_fail_at(0);
            myo_ovs_free(&o);
            break;
        }
        failures++;
        ck_assert_ptr_null(o);
    }
    ck_assert_int_ge(failures, 6);
    ck_assert_int_lt(failures, 20);
}
END_TEST

START_TEST(free_takes_null_and_nulls)
{
    myo_ovs *o = NULL;
    myo_ovs_free(&o);
    o = make(51);
    myo_ovs_free(&o);
    ck_assert_ptr_null(o);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("ovs");
    TCase *c = tcase_create("ovs");
    tcase_set_timeout(c, 30);
    tcase_add_loop_test(c, equals_direct_convolution, 0, 19);
    tcase_add_loop_test(c, any_cutting_gives_the_same_bits, 0, 12);
    tcase_add_loop_test(c, reset_equals_new, 0, 5);
    tcase_add_test(c, too_short_streams_are_refused);
    tcase_add_test(c, constant_input_gives_nothing);
    tcase_add_test(c, delay_is_removed);
    tcase_add_test(c, output_keeps_up_with_input);
    tcase_add_test(c, every_failed_allocation_is_reported);
    tcase_add_test(c, free_takes_null_and_nulls);
    suite_add_tcase(s, c);
    return sig_main(s);
}
