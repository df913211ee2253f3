/* test_dirt.c - single samples and lines against potentials and noise. */
#include "event/dirt.h"
#include "sig.h"

enum { N = 1400 };
static float x[N + 16];
static myo_burst_view v;

static void scene(double fs, int on, int off)
{
    for (int i = 0; i < N; i++) {
        x[i] = 0.0f;
    }
    v = (myo_burst_view){.fs = fs, .kind = MYO_KIND_EMG, .n_axes = 1, .x = {x}, .raw = {x}, .n = N, .on = on, .off = off,
                         .noise = 1.0};
}

/* A motor unit's potential on the skin: three phases. */
static void potential(int at, double length_s, float peak)
{
    const int half = (int)(0.5 * length_s * v.fs);
    for (int i = -half; i <= half; i++) {
        const double t = (double)i / half;
        x[at + i] += peak * (float)(cos(1.5 * M_PI * t) * 0.5 * (1.0 + cos(M_PI * t)));
    }
}

START_TEST(one_or_two_samples_are_a_spike)
{
    for (int width = 1; width <= 2; width++) {
        scene(2000.0, 690, 708);
        sig_noise(x, N, 1.5, 7);
        x[699] = 100.0f;
        x[700] = width == 2 ? -60.0f : x[700];
        ck_assert_float_gt(myo_spike_share(&v), 0.95f);
    }
}
END_TEST

START_TEST(a_potential_is_none)
{
    for (double fs = 1000.0; fs < 5000.0; fs *= 2.0) {
        scene(fs, 690, 710);
        sig_noise(x, N, 1.0, 7);
        potential(700, 0.010, 100.0f);
        ck_assert_float_lt(myo_spike_share(&v), 0.8f);
    }
}
END_TEST

START_TEST(slow_rates_and_long_bursts_cannot_tell)
{
    scene(500.0, 690, 708);
    x[700] = 100.0f;
    ck_assert_float_eq(myo_spike_share(&v), 0.0f);
    scene(2000.0, 690, 708);
    x[700] = 7.0f; /* so high is noise by itself */
    ck_assert_float_eq(myo_spike_share(&v), 0.0f);
    x[700] = 9.0f;
    ck_assert_float_gt(myo_spike_share(&v), 0.95f);
    scene(2000.0, 600, 700);
    x[650] = 100.0f;
    ck_assert_float_eq(myo_spike_share(&v), 0.0f);
    scene(2000.0, 0, 10); /* nothing before it to compare with */
    x[5] = 100.0f;
    ck_assert_float_eq(myo_spike_share(&v), 0.0f);
}
END_TEST

/* An electrode's pop of `high`, decaying; at most of the rates 20 ms are no whole number of samples. */
static void pop(int at, double tau_s, float high)
{
    for (int i = at; i < N; i++) {
        x[i] += high * (float)exp(-(i - at) / (tau_s * v.fs));
    }
}

START_TEST(a_step_stays)
{
    static const double rate[] = {500.0, 1000.0, 2048.0, 5000.0};
    for (int k = 0; k < 4; k++) {
        scene(rate[k], 690, 720);
        sig_noise(x, N, 4.0, 7);
        pop(700, 0.2, -150.0f);
        ck_assert_float_gt(myo_step_share(&v), 0.85f);
        scene(rate[k], 690, 720);
        sig_noise(x, N, 4.0, 7);
        pop(700, 0.025, 150.0f);
        ck_assert_float_gt(myo_step_share(&v), 0.55f);
    }
}
END_TEST

START_TEST(potentials_and_swings_leave_no_step)
{
    scene(2000.0, 690, 760);
    sig_noise(x, N, 2.0, 7);
    for (int at = 700; at < 750; at += 7) {
        potential(at, 0.010, at % 2 ? 80.0f : -50.0f);
    }
    ck_assert_float_lt(myo_step_share(&v), 0.35f);
    scene(2000.0, 690, 720); /* a cable swings under a small potential */
    potential(700, 0.010, 40.0f);
    for (int i = 0; i < N; i++) {
        x[i] += 800.0f * (float)sin(2.0 * M_PI * 5.0 * (i - 700) / v.fs);
    }
    ck_assert_float_lt(myo_step_share(&v), 0.1f);
    scene(2000.0, 0, 10); /* nothing before it to compare with */
    pop(5, 0.2, 100.0f);
    ck_assert_float_eq(myo_step_share(&v), 0.0f);
}
END_TEST

START_TEST(pops_jump_one_way)
{
    static const double rate[] = {500.0, 1000.0, 2048.0, 5000.0};
    for (int k = 0; k < 4; k++) {
        scene(rate[k], 690, 720);
        sig_noise(x, N, 3.0, 7);
        pop(700, 0.008, -150.0f); /* behind 20 Hz */
        ck_assert_float_gt(myo_one_way(&v), 0.5f);
        scene(rate[k], 690, 720);
        sig_noise(x, N, 3.0, 7);
        potential(705, 0.012, -150.0f);
        ck_assert_float_lt(myo_one_way(&v), 0.4f);
    }
}
END_TEST

START_TEST(lines_come_again)
{
    static const double hz[] = {16.7, 33.4, 50.2, 80.0, 150.0};
    for (int k = 0; k < 5; k++) {
        scene(2000.0, 500, 900);
        sig_noise(x, N, 1.0, 3);
        sig_sine(x, N, 2000.0, hz[k], 15.0, 0.3);
        sig_sine(x, N, 2000.0, 3.0 * hz[k], 5.0, 1.0);
        ck_assert_float_gt(myo_line_likeness(&v), 0.97f);
    }
}
END_TEST

START_TEST(a_swinging_line_comes_again)
{
    scene(2000.0, 500, 900);
    sig_sine(x, N, 2000.0, 50.0, 20.0, 0.0);
    for (int i = 0; i < N; i++) {
        x[i] *= (float)(1.0 + 0.6 * sin(2.0 * M_PI * 1.1 * i / 2000.0));
    }
    ck_assert_float_gt(myo_line_likeness(&v), 0.97f);
}
END_TEST

START_TEST(noise_is_forgotten)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        scene(2000.0, 500, 900);
        sig_noise(x, N, 10.0, seed);
        for (int i = N - 1; i >= 4; i--) { /* a muscle's slower spectrum */
            x[i] = x[i] + x[i - 1] + x[i - 2] - x[i - 3] - x[i - 4];
        }
        ck_assert_float_lt(myo_line_likeness(&v), 0.6f);
    }
}
END_TEST

START_TEST(regular_units_are_no_line)
{
    scene(2000.0, 690, 710);
    sig_noise(x, N, 1.0, 5);
    for (int at = 40; at < N - 40; at += 160) { /* 12.5 Hz without any variation */
        potential(at, 0.008, 100.0f);
    }
    ck_assert_float_eq(myo_line_likeness(&v), 0.0f);
}
END_TEST

START_TEST(a_short_view_cannot_tell)
{
    scene(2000.0, 100, 300);
    sig_sine(x, N, 2000.0, 50.0, 20.0, 0.0);
    v.n = 700;
    ck_assert_float_eq(myo_line_likeness(&v), 0.0f);
    v.n = 750;
    ck_assert_float_gt(myo_line_likeness(&v), 0.97f);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("dirt");
    TCase *c = tcase_create("dirt");
    tcase_add_test(c, one_or_two_samples_are_a_spike);
    tcase_add_test(c, a_potential_is_none);
    tcase_add_test(c, slow_rates_and_long_bursts_cannot_tell);
    tcase_add_test(c, a_step_stays);
    tcase_add_test(c, pops_jump_one_way);
    tcase_add_test(c, potentials_and_swings_leave_no_step);
    tcase_add_test(c, lines_come_again);
    tcase_add_test(c, a_swinging_line_comes_again);
    tcase_add_test(c, noise_is_forgotten);
    tcase_add_test(c, regular_units_are_no_line);
    tcase_add_test(c, a_short_view_cannot_tell);
    suite_add_tcase(s, c);
    return sig_main(s);
}
