/* test_part.c - parting activities at valleys. */
#include <stdlib.h>
#include "detect/part.h"
#include "sig.h"

/* 9 dB; noise up to 1.8, clear from 3.5 (an EMG lane's figures at 2 kHz are alike). */
static const myo_part_rule rule = {7.94f, 1.8f, 3.5f, 2.5f};

typedef struct cuts { int64_t on[64], off[64]; int n; int64_t last; } cuts;

static cuts cut(const float *p, int64_t first, int64_t n)
{
    cuts c = {0};
    myo_part s;
    myo_part_start(&s, first);
    for (int64_t i = 0; i < n; i++) {
        int64_t on, off;
        myo_part t = s;
        const bool passes = myo_part_pass(&t, &rule, first + i, p + i, 1) == 1;
        const bool is = myo_part_feed(&s, &rule, first + i, p[i], &on, &off);
        ck_assert_int_eq(passes, !is);
        ck_assert(is || (t.on == s.on && t.peak == s.peak && t.valley == s.valley && t.valley_at == s.valley_at));
        if (is) {
            ck_assert_int_lt(c.n, 64);
            c.on[c.n] = on;
            c.off[c.n++] = off;
        }
    }
    c.last = s.on;
    return c;
}

/* Sum of Gaussian humps of `height` at centre + k apart, over a floor. */
static void humps(float *p, int n, int centre, int apart, int count, double width, double height, double floor)
{
    for (int i = 0; i < n; i++) {
        double v = floor;
        for (int k = 0; k < count; k++) {
            const double t = (i - centre - k * apart) / width;
            v += height * exp(-0.5 * t * t);
        }
        p[i] = (float)v;
    }
}

START_TEST(one_hump_is_not_parted)
{
    float p[400];
    humps(p, 400, 200, 0, 1, 40.0, 100.0, 1.0);
    const cuts c = cut(p, 0, 400);
    ck_assert_int_eq(c.n, 0);
    ck_assert_int_eq(c.last, 0);
}
END_TEST

START_TEST(two_humps_are_parted_at_their_valley)
{
    float p[400];
    humps(p, 400, 120, 150, 2, 20.0, 100.0, 1.0);
    const cuts c = cut(p, 5000, 400);
    ck_assert_int_eq(c.n, 1);
    ck_assert_int_eq(c.on[0], 5000);
    ck_assert_int_ge(c.off[0], 5000 + 180);
    ck_assert_int_le(c.off[0], 5000 + 210);
    ck_assert_int_eq(c.last, c.off[0]);
}
END_TEST

START_TEST(shallow_valley_does_not_part)
{
    float p[400];
    humps(p, 400, 120, 150, 2, 48.0, 100.0, 1.0); /* valley at 60: 2.5 dB */
    ck_assert_int_eq(cut(p, 0, 400).n, 0);
}
END_TEST

START_TEST(ten_humps_make_nine_cuts_in_order)
{
    float p[2000];
    humps(p, 2000, 100, 180, 10, 25.0, 50.0, 1.0);
    const cuts c = cut(p, 0, 2000);
    ck_assert_int_eq(c.n, 9);
    for (int k = 0; k < 9; k++) {
        ck_assert_int_eq(c.on[k], k == 0 ? 0 : c.off[k - 1]);
        ck_assert_int_lt(abs((int)(c.off[k] - (190 + 180 * k))), 25);
    }
}
END_TEST

START_TEST(weak_humps_part_at_a_valley_in_the_noise)
{
    /* peaks of 5 are only 7 dB over the valley, but the valley is noise and they are not */
    float p[400];
    humps(p, 400, 120, 150, 2, 20.0, 4.0, 1.0);
    ck_assert_int_eq(cut(p, 0, 400).n, 1);
}
END_TEST

START_TEST(weak_valley_over_the_noise_does_not_part)
{
    float p[400];
    humps(p, 400, 120, 150, 2, 20.0, 6.0, 2.5); /* valley 2.5 > noise, ratio 3.4 < 9 dB */
    ck_assert_int_eq(cut(p, 0, 400).n, 0);
}
END_TEST

START_TEST(peaks_that_do_not_stand_clear_do_not_part)
{
    float p[400];
    humps(p, 400, 120, 150, 2, 20.0, 2.9, 0.3); /* peak 3.2 < clear, though ten times the valley */
    ck_assert_int_eq(cut(p, 0, 400).n, 0);
}
END_TEST

/* Tonic noise-like contraction at 20 dB: its 24-ms energy wavers (25 degrees of freedom and less) and is no train. */
START_TEST(tonic_activity_is_not_shredded)
{
    enum { N = 40000, W = 48 };
    float *x = sig_new(N + W), *p = sig_new(N);
    static const double a[] = {100.0, 1000.0, 30.0};
    double lp = 0.0, hp = 0.0;
    sig_noise(x, N + W, 1.0, (uint64_t)_i);
    for (int i = 0; i < N + W; i++) { /* some 30 - 250 Hz */
        lp += 0.5 * (x[i] - lp);
        hp += 0.09 * (lp - hp);
        x[i] = (float)(lp - hp);
    }
    const double power = sig_power(x, 0, N);
    for (int i = 0; i < N; i++) {
        p[i] = (float)(1.0 + a[_i] * sig_power(x, i, i + W) / power);
    }
    const cuts c = cut(p, 0, N);
    ck_assert_msg(c.n <= 2, "20 s of tonic activity cut %d times", c.n);
    myo_free(x);
    myo_free(p);
}
END_TEST

START_TEST(state_restarts_behind_a_cut)
{
    /* high hump, deep valley, low hump, deep valley, high hump: two cuts, though the middle hump is 20 dB down */
    float p[600];
    for (int i = 0; i < 600; i++) {
        const double a = (i - 100) / 20.0, b = (i - 300) / 20.0, c = (i - 500) / 20.0;
        p[i] = (float)(1.0 + 1e4 * exp(-0.5 * a * a) + 100.0 * exp(-0.5 * b * b) + 1e4 * exp(-0.5 * c * c));
    }
    const cuts k = cut(p, 0, 600);
    ck_assert_int_eq(k.n, 2);
    ck_assert_int_gt(k.off[0], 150);
    ck_assert_int_lt(k.off[0], 260);
    ck_assert_int_gt(k.off[1], 330);
    ck_assert_int_lt(k.off[1], 450);
}
END_TEST

START_TEST(rising_and_falling_slopes_are_not_parted)
{
    float p[300];
    for (int i = 0; i < 300; i++) {
        p[i] = (float)exp(i < 150 ? i * 0.05 : (300 - i) * 0.05);
    }
    ck_assert_int_eq(cut(p, 0, 300).n, 0);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("part");
    TCase *c = tcase_create("part");
    tcase_add_test(c, one_hump_is_not_parted);
    tcase_add_test(c, two_humps_are_parted_at_their_valley);
    tcase_add_test(c, shallow_valley_does_not_part);
    tcase_add_test(c, ten_humps_make_nine_cuts_in_order);
    tcase_add_test(c, weak_humps_part_at_a_valley_in_the_noise);
    tcase_add_test(c, weak_valley_over_the_noise_does_not_part);
    tcase_add_test(c, peaks_that_do_not_stand_clear_do_not_part);
    tcase_add_loop_test(c, tonic_activity_is_not_shredded, 0, 3);
    tcase_add_test(c, state_restarts_behind_a_cut);
    tcase_add_test(c, rising_and_falling_slopes_are_not_parted);
    suite_add_tcase(s, c);
    return sig_main(s);
}
