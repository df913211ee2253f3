/* test_gait.c - walking, tremor, jerks and noise told apart by how a movement repeats itself; in any orientation. */
#include "dsp/gait.h"
#include "sig.h"

enum { AXES = 3 };

static float *axis[AXES];
static double rate;
static int64_t n;

static void open_window(double fs)
{
    rate = fs;
    n = (int64_t)(4.0 * fs);
    for (int a = 0; a < AXES; a++) {
        axis[a] = sig_new(n);
    }
}

static myo_gait measure(int n_axes)
{
    const float *x[AXES] = {axis[0], axis[1], axis[2]};
    myo_gait g;
    float *work = myo_alloc(myo_gait_work(n, rate, n_axes), sizeof *work);
    ck_assert_ptr_nonnull(work);
    myo_gait_measure(&g, x, n_axes, n, rate, work);
    myo_free(work);
    return g;
}

static void close_window(void)
{
    for (int a = 0; a < AXES; a++) {
        myo_free(axis[a]);
    }
}

/* Harmonics 1-5 of `hz`, each its own mixture of axes. */
static void add_walk(double hz)
{
    for (int h = 1; h <= 5; h++) {
        for (int64_t i = 0; i < n; i++) {
            const double s = sin(2.0 * M_PI * hz * h * (double)i / rate + h) / h;
            axis[h % AXES][i] += (float)(0.2 * s);
            axis[(h + 1) % AXES][i] += (float)(0.1 * s);
        }
    }
}

static void add_sine(double hz, double g)
{
    for (int64_t i = 0; i < n; i++) {
        axis[1][i] += (float)(g * sin(2.0 * M_PI * hz * (double)i / rate));
    }
}

static void add_ringing(double at, double hz)
{
    for (int64_t i = (int64_t)(at * rate); i < n; i++) {
        const double t = (double)i / rate - at;
        axis[0][i] += (float)(exp(-t / 0.12) * sin(2.0 * M_PI * hz * t));
    }
}

static const double rates[] = {25.0, 50.0, 73.14, 100.0, 200.0, 500.0};
enum { N_RATES = (int)(sizeof rates / sizeof rates[0]) };

START_TEST(steps_repeat_themselves_late_and_go_on)
{
    static const double hz[] = {0.8, 1.1, 1.9, 2.4};
    for (size_t k = 0; k < sizeof hz / sizeof hz[0]; k++) {
        open_window(rates[_i]);
        add_walk(hz[k]);
        const myo_gait g = measure(AXES);
        const double cycles = hz[k] * (double)g.step_s; /* some full number of them */
        ck_assert_double_eq_tol(cycles, floor(cycles + 0.5), 0.08);
        ck_assert_float_gt(g.step_r, 0.85f);
        ck_assert(g.again_r > 0.7f || 2.0f * g.step_s > 2.4f);
        ck_assert_float_lt(g.beat_r, 0.5f);
        ck_assert_float_gt(g.fill, 0.6f);
        ck_assert_float_gt(g.trough, 0.1f);
        close_window();
    }
}
END_TEST

START_TEST(tremor_repeats_itself_at_once)
{
    static const double hz[] = {3.5, 5.0, 7.3, 11.0};
    for (size_t k = 0; k < sizeof hz / sizeof hz[0] && hz[k] < 0.3 * rates[_i]; k++) {
        open_window(rates[_i]);
        add_sine(hz[k], 0.3);
        const myo_gait g = measure(AXES);
        ck_assert_float_gt(g.beat_r, 0.85f);
        ck_assert_float_lt(g.step_r, g.beat_r + 0.1f);
        ck_assert_float_gt(g.fill, 0.8f);
        close_window();
    }
}
END_TEST

START_TEST(jerks_leave_most_of_the_time_empty)
{
    open_window(rates[_i]);
    add_ringing(0.5, 5.0);
    add_ringing(2.4, 5.0);
    const myo_gait g = measure(AXES);
    ck_assert_float_lt(g.fill, 0.26f);
    ck_assert_float_lt(g.trough, 0.03f);
    close_window();
}
END_TEST

START_TEST(noise_and_stillness_repeat_nothing)
{
    open_window(rates[_i]);
    myo_gait g = measure(AXES);
    ck_assert_float_eq(g.step_r, 0.0f);
    ck_assert_float_eq(g.beat_r, 0.0f);
    ck_assert_float_eq(g.fill, 0.0f);
    ck_assert_float_eq(g.trough, 0.0f);
    for (int a = 0; a < AXES; a++) {
        sig_noise(axis[a], n, 0.01, 5 + (uint64_t)a);
    }
    g = measure(AXES);
    ck_assert_float_lt(g.step_r, 0.35f);
    close_window();
}
END_TEST

START_TEST(one_axis_is_enough)
{
    open_window(rates[_i]);
    add_walk(1.0);
    const myo_gait g = measure(1);
    ck_assert_float_gt(g.step_r, 0.85f);
    close_window();
}
END_TEST

/* Turned by 1 rad about (1, 2, 2) / 3, and mirrored. */
START_TEST(no_orientation_changes_it)
{
    open_window(rates[_i]);
    add_walk(1.3);
    add_ringing(1.0, 6.0);
    const myo_gait before = measure(AXES);
    const double u[AXES] = {1.0 / 3.0, 2.0 / 3.0, 2.0 / 3.0}, c = cos(1.0), s = sin(1.0);
    for (int64_t i = 0; i < n; i++) {
        const double v[AXES] = {(double)axis[0][i], (double)axis[1][i], (double)axis[2][i]};
        const double along = u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
        for (int a = 0; a < AXES; a++) {
            const int b = (a + 1) % AXES, d = (a + 2) % AXES;
            axis[a][i] = (float)-(c * v[a] + s * (u[b] * v[d] - u[d] * v[b]) + (1.0 - c) * along * u[a]);
        }
    }
    const myo_gait after = measure(AXES);
    ck_assert_float_eq(before.step_s, after.step_s);
    ck_assert_float_eq_tol(before.step_r, after.step_r, 1e-4f);
    ck_assert_float_eq_tol(before.again_r, after.again_r, 1e-4f);
    ck_assert_float_eq_tol(before.beat_r, after.beat_r, 1e-4f);
    ck_assert_float_eq_tol(before.fill, after.fill, 1e-4f);
    ck_assert_float_eq_tol(before.trough, after.trough, 1e-4f);
    close_window();
}
END_TEST

int main(void)
{
    Suite *s = suite_create("gait");
    TCase *c = tcase_create("gait");
    tcase_add_loop_test(c, steps_repeat_themselves_late_and_go_on, 0, N_RATES);
    tcase_add_loop_test(c, tremor_repeats_itself_at_once, 0, N_RATES);
    tcase_add_loop_test(c, jerks_leave_most_of_the_time_empty, 0, N_RATES);
    tcase_add_loop_test(c, noise_and_stillness_repeat_nothing, 0, N_RATES);
    tcase_add_loop_test(c, one_axis_is_enough, 0, N_RATES);
    tcase_add_loop_test(c, no_orientation_changes_it, 0, N_RATES);
    suite_add_tcase(s, c);
    return sig_main(s);
}
