/* test_cand.c - the numbers of a candidate event. */
#include <stdlib.h>
#include "bursts.h"
#include "event/cand.h"
#include "myotab/event.h"

static bool says_yes(const void *user, const myo_window *w)
{
    (void)user;
    return w->height_db > 6.0f;
}

static const myo_window_view no_windows = {NULL, 0, says_yes, NULL};

/* The event of b[0..n). */
static myo_cand of(const myo_burst *b, size_t n, myo_form form, const myo_window_view *v)
{
    myo_cand c;
    const myo_part_of p = {0, n, form, b[0].on, b[n - 1].off};
    ck_assert_int_eq(myo_cand_make(&c, b, &p, v ? v : &no_windows), MYO_OK);
    return c;
}

static void all_finite(const myo_cand *c)
{
    for (int k = 0; k < MYO_N_FEAT; k++) {
        ck_assert_msg(isfinite(c->f[k]), "feature %d is %g", k, (double)c->f[k]);
    }
}

/* ---- intervals ---- */

START_TEST(rate_and_cv_of_even_intervals)
{
    myo_burst b[10];
    for (int i = 0; i < 10; i++) {
        b[i] = burst_at(1.0 + 0.25 * i, 50.0);
    }
    const myo_cand c = of(b, 10, MYO_FORM_TRAIN, NULL);
    ck_assert_float_eq_tol(c.f[MYO_F_RATE], 4.0f, 1e-4f);
    ck_assert_float_eq_tol(c.f[MYO_F_CV], 0.0f, 1e-5f);
    ck_assert_float_eq_tol(c.interval_cv, 0.0f, 1e-6f);
    ck_assert_float_eq(c.f[MYO_F_N], 10.0f);
    ck_assert_float_eq_tol(c.f[MYO_F_BURST], 50.0f, 1e-3f);
    ck_assert_float_eq_tol(c.f[MYO_F_DURATION], 2300.0f, 1e-2f);
    ck_assert_float_eq_tol(c.f[MYO_F_DUTY], 0.5f / 2.3f, 1e-5f);
    all_finite(&c);
}
END_TEST

/* Intervals 0.18, 0.20, 0.20, 0.22, 0.25: median 0.20, MAD 0.02. */
START_TEST(robust_cv_is_the_mad_over_the_median)
{
    static const double on[] = {1.0, 1.18, 1.38, 1.58, 1.80, 2.05};
    myo_burst b[6];
    for (int i = 0; i < 6; i++) {
        b[i] = burst_at(on[i], 50.0);
    }
    const myo_cand c = of(b, 6, MYO_FORM_TRAIN, NULL);
    ck_assert_float_eq_tol(c.f[MYO_F_CV], 1.4826f * 0.02f / 0.20f, 1e-4f);
    ck_assert_float_eq_tol(c.interval_cv, 0.026458f / 0.21f, 1e-4f); /* SD with n - 1 over the mean */
}
END_TEST

START_TEST(a_skipped_beat_is_no_irregularity)
{
    myo_burst b[9];
    for (int i = 0, at = 0; i < 9; i++, at += i == 4 ? 2 : i == 7 ? 3 : 1) {
        b[i] = burst_at(1.0 + 0.2 * at, 50.0);
    }
    const myo_cand c = of(b, 9, MYO_FORM_TRAIN, NULL);
    ck_assert_float_lt(c.f[MYO_F_CV], 0.001f);
    ck_assert_float_gt(c.interval_cv, 0.3f); /* the plain one sees it */
    ck_assert_float_eq_tol(c.f[MYO_F_RATE], 5.0f, 1e-3f);
}
END_TEST

START_TEST(one_and_two_bursts_have_no_cv)
{
    const myo_burst b[2] = {burst_at(1.0, 50.0), burst_at(1.5, 50.0)};
    myo_cand c = of(b, 1, MYO_FORM_SINGLE, NULL);
    ck_assert_float_nan(c.interval_cv);
    ck_assert_float_eq(c.f[MYO_F_CV], 1.0f);
    ck_assert_float_eq(c.f[MYO_F_RATE], 0.0f);
    ck_assert_float_eq_tol(c.f[MYO_F_DUTY], 1.0f, 1e-6f);
    c = of(b, 2, MYO_FORM_SINGLE, NULL);
    ck_assert_float_nan(c.interval_cv);
    ck_assert_float_eq(c.f[MYO_F_CV], 1.0f);
    ck_assert_float_eq_tol(c.f[MYO_F_RATE], 2.0f, 1e-5f);
}
END_TEST

/* ---- amplitudes ---- */

START_TEST(amplitudes_of_three)
{
    myo_burst b[3] = {burst_at(1.0, 100.0), burst_at(2.0, 100.0), burst_at(3.0, 200.0)};
    b[0].rms = 10.0f;
    b[1].rms = 20.0f;
    b[2].rms = 30.0f;
    b[1].peak = 99.0f;
    b[2].masked = 0.5f;
    b[2].clipped = 0.25f;
    b[0].flags = MYO_FLAG_LOW_SNR;
    b[2].flags = MYO_FLAG_CUT_END;
    b[2].multiplet = 0.9f;
    b[0].mdf_hz = NAN;
    b[1].mdf_hz = 80.0f;
    const myo_cand c = of(b, 3, MYO_FORM_TRAIN, NULL);
    ck_assert_float_eq(c.f[MYO_F_PEAK], 99.0f);
    ck_assert_float_eq_tol(c.rms, sqrtf((0.1f * 100.0f + 0.1f * 400.0f + 0.2f * 900.0f) / 0.4f), 1e-3f);
    ck_assert_float_eq_tol(c.area, 3.0f, 1e-6f);
    ck_assert_float_eq_tol(c.f[MYO_F_MASKED], 0.375f, 1e-6f);
    ck_assert_float_eq_tol(c.f[MYO_F_MULTIPLET], 1.0f / 3.0f, 1e-6f);
    ck_assert_float_eq_tol(c.f[MYO_F_WAVER], sqrtf(200.0f / 3.0f) / 20.0f, 1e-5f);
    ck_assert_float_eq_tol(c.f[MYO_F_MDF], 90.0f, 1e-4f); /* of the two that are known */
    ck_assert_uint_eq(c.flags, MYO_FLAG_LOW_SNR | MYO_FLAG_CUT_END);
    ck_assert_float_eq(c.f[MYO_F_CUT], 1.0f);
    all_finite(&c);
}
END_TEST

/* Repeats after the same time are a multiplet's, after any time an interference pattern's. */
START_TEST(repeat_must_keep_its_time)
{
    myo_burst b[9];
    for (int i = 0; i < 9; i++) {
        b[i] = burst_at(1.0 + 0.2 * i, 50.0);
        b[i].multiplet = 0.6f;
        b[i].repeat_ms = 8.0f + 0.1f * (float)(i % 3);
    }
    ck_assert_float_gt(of(b, 9, MYO_FORM_TRAIN, NULL).f[MYO_F_REPEAT], 0.57f);
    for (int i = 0; i < 9; i++) {
        b[i].repeat_ms = 4.0f + 2.0f * (float)i; /* median 12, MAD 4 */
    }
    ck_assert_float_eq_tol(of(b, 9, MYO_FORM_TRAIN, NULL).f[MYO_F_REPEAT], 0.6f * (1.0f - 1.4826f / 3.0f), 1e-4f);
    for (int i = 0; i < 9; i++) {
        b[i].repeat_ms = 0.0f;
    }
    ck_assert_float_eq(of(b, 9, MYO_FORM_TRAIN, NULL).f[MYO_F_REPEAT], 0.0f);
}
END_TEST

START_TEST(likeness_counts_more_in_long_bursts)
{
    myo_burst b[6];
    for (int i = 0; i < 6; i++) {
        b[i] = burst_at(1.0 + 0.2 * i, 25.0);
        b[i].template_corr = 0.8f;
    }
    ck_assert_float_eq_tol(of(b, 6, MYO_FORM_TRAIN, NULL).f[MYO_F_SAME], 0.8f, 1e-4f);
    for (int i = 0; i < 6; i++) {
        b[i].off = b[i].on + 0.1;
    }
    ck_assert_float_eq_tol(of(b, 6, MYO_FORM_TRAIN, NULL).f[MYO_F_SAME], 0.8f * sqrtf(2.0f), 1e-4f);
}
END_TEST

START_TEST(quadruplets_must_follow_one_another)
{
    myo_burst b[20];
    for (int i = 0; i < 20; i++) {
        b[i] = burst_at(1.0 + 0.5 * i + (i >= 12 ? 3.0 : 0.0), 50.0); /* a pause of 3.5 s before the 13th */
        b[i].plets = i % 2 ? 5.0f : 2.0f;
    }
    const myo_cand c = of(b, 20, MYO_FORM_TRAIN, NULL);
    ck_assert_float_eq_tol(c.f[MYO_F_QUADS], (float)(b[11].off - b[1].on), 1e-4f);
}
END_TEST

START_TEST(masked_and_clipped_share_is_one_at_most)
{
    myo_burst b = burst_at(1.0, 100.0);
    b.masked = 0.8f;
    b.clipped = 0.8f;
    ck_assert_float_eq_tol(of(&b, 1, MYO_FORM_SINGLE, NULL).f[MYO_F_MASKED], 1.0f, 1e-6f);
}
END_TEST

START_TEST(a_burst_of_one_sample_has_numbers)
{
    myo_burst b = burst_at(1.0, 0.5);
    b.mdf_hz = NAN;
    const myo_cand c = of(&b, 1, MYO_FORM_SINGLE, NULL);
    all_finite(&c);
    ck_assert_float_eq(c.f[MYO_F_MDF], 0.0f);
}
END_TEST

/* Flanks of a sustained activity: to the first piece, and from the last, of half the strongest. */
START_TEST(flanks_of_a_ramp)
{
    myo_burst b[5];
    static const float rms[] = {4.0f, 9.0f, 20.0f, 11.0f, 5.0f};
    for (int i = 0; i < 5; i++) {
        b[i] = burst_at(1.0 + i, 1000.0);
        b[i].rms = rms[i];
    }
    const myo_cand c = of(b, 5, MYO_FORM_SUSTAINED, NULL);
    ck_assert_float_eq_tol(c.f[MYO_F_RISE], 2000.0f + 10.0f, 0.01f);
    ck_assert_float_eq_tol(c.f[MYO_F_FALL], 1000.0f + 10.0f, 0.01f);
    ck_assert_float_eq_tol(of(b, 5, MYO_FORM_TRAIN, NULL).f[MYO_F_RISE], 10.0f, 0.01f);
}
END_TEST

/* ---- windows ---- */

START_TEST(cover_is_windows_over_seconds)
{
    myo_window w[30];
    for (int i = 0; i < 30; i++) {
        w[i] = window_at(i, 5.0 + 0.1 * i);
        w[i].height_db = i < 14 ? 20.0f : 1.0f; /* middles 2 to 15 s show tremor */
    }
    const myo_window_view v = {w, 30, says_yes, NULL};
    const myo_burst b[2] = {burst_at(10.0, 50.0), burst_at(19.95, 50.0)};
    const myo_cand c = of(b, 2, MYO_FORM_SUSTAINED, &v); /* 10..20 s: middles 11, 12, 13, 14, 15 of 10 */
    ck_assert_float_eq_tol(c.f[MYO_F_COVER], 0.5f, 1e-6f);
    ck_assert_float_eq_tol(c.f[MYO_F_PEAK_HZ], 6.1f, 1e-4f);
    ck_assert_float_eq_tol(c.f[MYO_F_HEIGHT], 20.0f, 1e-6f);
    ck_assert_float_eq_tol(c.f[MYO_F_SLOWER], -20.0f, 1e-6f);
}
END_TEST

START_TEST(a_short_event_needs_windows_that_hold_it)
{
    const myo_window w[2] = {window_at(7.0, 5.0), window_at(10.2, 5.0)};
    const myo_window_view v = {w, 2, says_yes, NULL};
    const myo_burst in = burst_at(10.5, 50.0), out = burst_at(10.98, 50.0);
    ck_assert_float_eq(of(&in, 1, MYO_FORM_SINGLE, &v).f[MYO_F_COVER], 1.0f);
    const myo_window_view first = {w, 1, says_yes, NULL};
    ck_assert_float_eq(of(&in, 1, MYO_FORM_SINGLE, &first).f[MYO_F_COVER], 1.0f);
    ck_assert_float_eq(of(&out, 1, MYO_FORM_SINGLE, &first).f[MYO_F_COVER], 0.0f); /* ends behind the window */
}
END_TEST

START_TEST(no_windows_no_peak)
{
    const myo_burst b = burst_at(1.0, 50.0);
    const myo_cand c = of(&b, 1, MYO_FORM_SINGLE, NULL);
    ck_assert_float_eq(c.f[MYO_F_COVER], 0.0f);
    ck_assert_float_eq(c.f[MYO_F_PEAK_HZ], 0.0f);
    ck_assert_float_eq(c.f[MYO_F_SLOWER], -60.0f);
}
END_TEST

START_TEST(a_rhythm_without_bursts)
{
    myo_window w[8];
    for (int i = 0; i < 8; i++) {
        w[i] = window_at(10.0 + i, 6.0);
    }
    const myo_window_view v = {w, 8, says_yes, NULL};
    const myo_part_of p = {0, 0, MYO_FORM_RHYTHM, 11.5, 19.5};
    myo_cand c;
    ck_assert_int_eq(myo_cand_make(&c, NULL, &p, &v), MYO_OK);
    ck_assert_float_eq(c.f[MYO_F_N], 0.0f);
    ck_assert_float_eq(c.f[MYO_F_DUTY], 1.0f);
    ck_assert_float_eq_tol(c.f[MYO_F_BURST], 8000.0f, 1e-2f);
    ck_assert_float_eq_tol(c.f[MYO_F_COVER], 1.0f, 1e-6f);
    ck_assert_float_eq_tol(c.f[MYO_F_AMP], 0.1f, 1e-6f);
    ck_assert_uint_eq(c.flags, MYO_FLAG_RHYTHM);
    all_finite(&c);
}
END_TEST

START_TEST(no_memory_is_told)
{
    const myo_burst b = burst_at(1.0, 50.0);
    const myo_part_of p = {0, 1, MYO_FORM_SINGLE, b.on, b.off};
    myo_cand c;
    for (int n = 1; n <= 2; n++) {
        myo_mem_fail_at(n);
        ck_assert_int_eq(myo_cand_make(&c, &b, &p, &no_windows), MYO_ERR_NOMEM);
    }
    myo_mem_fail_at(0);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("cand");
    TCase *c = tcase_create("cand");
    tcase_add_test(c, rate_and_cv_of_even_intervals);
    tcase_add_test(c, robust_cv_is_the_mad_over_the_median);
    tcase_add_test(c, a_skipped_beat_is_no_irregularity);
    tcase_add_test(c, one_and_two_bursts_have_no_cv);
    tcase_add_test(c, amplitudes_of_three);
    tcase_add_test(c, repeat_must_keep_its_time);
    tcase_add_test(c, likeness_counts_more_in_long_bursts);
    tcase_add_test(c, quadruplets_must_follow_one_another);
    tcase_add_test(c, masked_and_clipped_share_is_one_at_most);
    tcase_add_test(c, a_burst_of_one_sample_has_numbers);
    tcase_add_test(c, flanks_of_a_ramp);
    tcase_add_test(c, cover_is_windows_over_seconds);
    tcase_add_test(c, a_short_event_needs_windows_that_hold_it);
    tcase_add_test(c, no_windows_no_peak);
    tcase_add_test(c, a_rhythm_without_bursts);
    tcase_add_test(c, no_memory_is_told);
    suite_add_tcase(s, c);
    return s;
}

int main(void)
{
    SRunner *sr = srunner_create(suite());
    srunner_run_all(sr, CK_NORMAL);
    const int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed;
}
