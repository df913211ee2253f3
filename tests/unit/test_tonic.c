/* test_tonic.c - contractions that come in pieces: edges, one burst from many, fringes and pauses. */
#include <stdlib.h>
#include "bursts.h"
#include "event/cand.h"
#include "myotab/event.h"

static const double SHARE = 0.025;

/* A piece whose energy over noise runs as `power(t)`; its rms and profile are computed from 8000 steps. */
static myo_burst piece(double on, double off, double (*power)(double))
{
    myo_burst b = burst_at(on, (off - on) * 1000.0);
    double part[8] = {0.0}, total = 0.0;
    for (int i = 0; i < 8000; i++) {
        const double p = power(on + (off - on) * (i + 0.5) / 8000.0);
        part[i / 1000] += p;
        total += p;
    }
    for (int k = 0; k < 8; k++) {
        b.profile[k] = (float)(part[k] / total);
    }
    b.off = off;
    b.noise = 2.0f;
    b.rms = (float)sqrt(total / 8000.0 + 4.0);
    return b;
}

static double flat(double t)
{
    (void)t;
    return 400.0;
}

/* A ramp up over 4 s, a second's hold, a ramp down over 4 s. */
static double hill(double t)
{
    return 900.0 * fmin(1.0, fmin(t / 4.0, (9.0 - t) / 4.0));
}

/* Time before which (or, back, behind which) the share of the power lies. */
static double edge_of(double (*power)(double), double from, double to, double share, bool back)
{
    enum { N = 900000 };
    double total = 0.0, c = 0.0;
    for (int i = 0; i < N; i++) {
        total += power(from + (to - from) * (i + 0.5) / N);
    }
    for (int i = 0; i < N; i++) {
        const double at = (i + 0.5) / N, t = back ? to - (to - from) * at : from + (to - from) * at;
        c += power(t);
        if (c >= share * total) {
            return t;
        }
    }
    return NAN;
}

/* ---- edges ---- */

START_TEST(edges_of_a_flat_contraction)
{
    myo_burst b[3] = {piece(10.0, 12.0, flat), piece(12.0, 14.0, flat), piece(14.0, 15.0, flat)};
    myo_part_of p = {0, 3, MYO_FORM_SUSTAINED, 10.0, 15.0};
    myo_tonic_edges(b, &p, SHARE);
    ck_assert_double_eq_tol(p.on, 10.0 + SHARE * 5.0, 1e-4);
    ck_assert_double_eq_tol(p.off, 15.0 - SHARE * 5.0, 1e-4);
    const myo_own_ends own = myo_shorten(b, &p);
    ck_assert_double_eq(b[0].on, p.on);
    ck_assert_double_eq(b[2].off, p.off);
    ck_assert_double_eq(own.on, 10.0);
    ck_assert_double_eq(own.off, 15.0);
    ck_assert_uint_eq(p.last - p.first, 3);
}
END_TEST

/* Five pieces of a hill: the whole's 2.5 and 97.5 % points, within what an eighth of a piece can tell. */
START_TEST(edges_of_a_ramp)
{
    myo_burst b[5];
    for (int i = 0; i < 5; i++) {
        b[i] = piece(1.8 * i, 1.8 * (i + 1), hill);
    }
    myo_part_of p = {0, 5, MYO_FORM_SUSTAINED, 0.0, 9.0};
    myo_tonic_edges(b, &p, SHARE);
    ck_assert_double_eq_tol(p.on, edge_of(hill, 0.0, 9.0, SHARE, false), 0.02);
    ck_assert_double_eq_tol(p.off, edge_of(hill, 0.0, 9.0, SHARE, true), 0.02);
}
END_TEST

START_TEST(pieces_outside_the_edges_go)
{
    myo_burst b[4] = {piece(9.0, 9.02, flat), piece(10.0, 14.0, flat), piece(14.0, 18.0, flat), piece(19.0, 19.05, flat)};
    myo_part_of p = {0, 4, MYO_FORM_SUSTAINED, 9.0, 19.05};
    myo_tonic_edges(b, &p, SHARE);
    ck_assert_uint_eq(p.first, 1);
    ck_assert_uint_eq(p.last, 3);
    ck_assert_double_eq_tol(p.on, 10.0 + SHARE * 8.07 - 0.02, 1e-4);
    ck_assert_double_eq_tol(p.off, 18.0 - SHARE * 8.07 + 0.05, 1e-4);
}
END_TEST

static double waning(double t)
{
    return 400.0 * (12.0 - t);
}

/* One piece holds nearly all: both edges are its own, measured on the piece as it was. */
START_TEST(both_edges_in_one_piece)
{
    const double share = 0.2; /* far in, to tell the piece as it was from the shortened one */
    myo_burst b[3] = {piece(9.5, 9.5001, flat), piece(10.0, 12.0, waning), piece(12.5, 12.5001, flat)};
    myo_part_of p = {0, 3, MYO_FORM_SUSTAINED, 9.5, 12.5001};
    myo_tonic_edges(b, &p, share);
    ck_assert_uint_eq(p.first, 1);
    ck_assert_uint_eq(p.last, 2);
    ck_assert_double_eq_tol(p.on, edge_of(waning, 10.0, 12.0, share, false), 0.01);
    ck_assert_double_eq_tol(p.off, edge_of(waning, 10.0, 12.0, share, true), 0.01);
}
END_TEST

START_TEST(a_single_piece_keeps_its_edges)
{
    myo_burst b = piece(1.0, 3.0, hill);
    myo_part_of p = {0, 1, MYO_FORM_SUSTAINED, 1.0, 3.0};
    myo_tonic_edges(&b, &p, SHARE);
    ck_assert_double_eq(p.on, 1.0);
    ck_assert_double_eq(b.off, 3.0);
}
END_TEST

START_TEST(no_energy_over_noise_changes_nothing)
{
    myo_burst b[2] = {burst_at(1.0, 500.0), burst_at(2.0, 500.0)};
    b[0].rms = b[1].rms = 1.0f;
    myo_part_of p = {0, 2, MYO_FORM_SUSTAINED, 1.0, 2.5};
    myo_tonic_edges(b, &p, SHARE);
    ck_assert_double_eq(p.on, 1.0);
    ck_assert_double_eq(p.off, 2.5);
    ck_assert_uint_eq(p.last, 2);
}
END_TEST

/* Peaks in what the share leaves out stay in their bursts, which keep the shortest burst's length and their own ends. */
START_TEST(shortened_bursts_hold_their_peaks)
{
    static const double least = 0.004;
    myo_burst first = burst_at(2.0, 50.0), last = burst_at(3.0, 50.0);
    const myo_own_ends own = {2.0, 3.05};
    first.peak_at = 2.001;
    first.on = 2.02;
    last.peak_at = 3.03;
    last.off = 3.0024;
    myo_keep_peaks(&first, &last, &own, least);
    ck_assert_double_eq(first.on, 2.0);
    ck_assert_double_eq_tol(last.off, 3.032, 1e-9);
    first = burst_at(2.0, 50.0);
    first.peak_at = 2.04;
    first.on = 2.02; /* holds it: nothing to mend */
    last = burst_at(3.0, 50.0);
    last.peak_at = 3.0005;
    last.off = 3.0024;
    myo_keep_peaks(&first, &last, &own, least);
    ck_assert_double_eq(first.on, 2.02);
    ck_assert_double_eq_tol(last.off, 3.004, 1e-9);
}
END_TEST

/* ---- appending ---- */

START_TEST(two_pieces_make_one_burst)
{
    myo_burst a = burst_at(1.0, 1000.0), b = burst_at(2.0, 3000.0);
    a.rms = 10.0f;
    b.rms = 20.0f;
    a.peak = 50.0f;
    b.peak = 90.0f;
    b.peak_at = 4.5;
    a.mdf_hz = 80.0f;
    b.mdf_hz = 120.0f;
    b.flags = MYO_FLAG_CLIPPED;
    b.clipped = 0.4f;
    b.fall_ms = 77.0f;
    myo_burst_append(&a, &b);
    ck_assert_double_eq(a.off, 5.0);
    ck_assert_float_eq_tol(a.rms, sqrtf((100.0f + 3.0f * 400.0f) / 4.0f), 1e-4f);
    ck_assert_float_eq(a.peak, 90.0f);
    ck_assert_double_eq(a.peak_at, 4.5);
    ck_assert_float_eq_tol(a.mdf_hz, 110.0f, 1e-4f);
    ck_assert_float_eq_tol(a.clipped, 0.3f, 1e-6f);
    ck_assert_float_eq(a.area, 2.0f);
    ck_assert_float_eq(a.turns, 16.0f);
    ck_assert_float_eq(a.fall_ms, 77.0f);
    ck_assert_uint_eq(a.flags, MYO_FLAG_CLIPPED);
    ck_assert_float_eq_tol(a.snr_db, (float)(10.0 * log10(325.0 / 4.0 - 1.0)), 1e-4f);
}
END_TEST

/* A piece too short for a median frequency must not take the whole's away. */
START_TEST(an_unknown_frequency_does_not_spread)
{
    for (int way = 0; way < 2; way++) {
        myo_burst a = burst_at(1.0, 1000.0), b = burst_at(2.0, 3.0);
        (way ? &a : &b)->mdf_hz = NAN;
        (way ? &b : &a)->mdf_hz = 90.0f;
        myo_burst_append(&a, &b);
        ck_assert_float_eq(a.mdf_hz, 90.0f);
    }
}
END_TEST

/* ---- contractions in a group ---- */

/* A contraction [on, on + s) in 2-s pieces, as a lane hands it on. */
static void put_contraction(double on, double s, float rms)
{
    for (double t = 0.0; t < s - 1e-9; t += 2.0) {
        myo_burst b = burst_at(on + t, 1000.0 * fmin(2.0, s - t));
        b.rms = rms;
        b.joined = t > 0.0 ? 1.0f : 0.0f;
        put_burst(b);
    }
}

START_TEST(pieces_become_one_burst_of_one_event)
{
    kit_open(MYO_KIND_EMG);
    put_contraction(10.0, 9.0, 20.0f);
    kit_end(60.0);
    ck_assert_int_eq(the.n_e, 1);
    ck_assert_int_eq(the.n_b, 1);
    ck_assert_int_eq(the.e[0].form, MYO_FORM_SUSTAINED);
    ck_assert_int_eq(the.e[0].n_bursts, 1);
    ck_assert_float_nan(the.e[0].interval_cv); /* one burst has no intervals, however it came */
    ck_assert_double_eq_tol(the.e[0].on, 10.0 + SHARE * 9.0, 1e-3);
    ck_assert_double_eq_tol(the.e[0].off, 19.0 - SHARE * 9.0, 1e-3);
    ck_assert_double_eq(the.b[0].on, the.e[0].on);
    ck_assert_double_eq(the.b[0].off, the.e[0].off);
}
END_TEST

static void put_weak(double on, double ms, float rms)
{
    myo_burst b = burst_at(on, ms);
    b.rms = rms;
    put_burst(b);
}

START_TEST(weak_units_at_its_ends_are_its_fringe)
{
    kit_open(MYO_KIND_EMG);
    put_weak(9.3, 20.0, 5.0f);
    put_contraction(10.0, 5.0, 40.0f);
    put_weak(15.8, 20.0, 5.0f);
    kit_end(60.0);
    ck_assert_int_eq(the.n_e, 1);
}
END_TEST

/* Near miss: as strong as the contraction itself, a burst beside it is its own event. */
START_TEST(a_strong_burst_beside_it_is_no_fringe)
{
    kit_open(MYO_KIND_EMG);
    put_contraction(10.0, 5.0, 40.0f);
    put_weak(16.3, 60.0, 40.0f);
    kit_end(60.0);
    ck_assert_int_eq(the.n_e, 2);
}
END_TEST

START_TEST(a_moments_pause_does_not_part_a_cramp)
{
    kit_open(MYO_KIND_EMG);
    put_contraction(10.0, 6.0, 20.0f);
    put_contraction(17.1, 6.0, 20.0f);
    kit_end(60.0);
    ck_assert_int_eq(the.n_e, 1);
    ck_assert_int_eq(the.e[0].n_bursts, 2);
}
END_TEST

START_TEST(a_longer_pause_does)
{
    kit_open(MYO_KIND_EMG);
    put_contraction(10.0, 6.0, 20.0f);
    put_contraction(17.4, 6.0, 20.0f);
    kit_end(60.0);
    ck_assert_int_eq(the.n_e, 2);
}
END_TEST

/* Between two contractions of rms 20 six bursts of a rhythm that falters, or keeps on. */
static void put_between(float rms, float snr_db, bool keep)
{
    static const double at[] = {0.0, 0.15, 0.345, 0.495, 0.60, 0.75};

    kit_open(MYO_KIND_EMG);
    for (int part = 0; part < 2; part++) {
        for (int k = 0; k < 3; k++) {
            myo_burst b = burst_at(10.0 + 7.51 * part + 2.0 * k, 2000.0);
            b.rms = 20.0f;
            b.snr_db = 4.0f;
            b.joined = k > 0 ? 1.0f : 0.0f;
            put_burst(b);
        }
        for (int k = 0; k < 6 && part == 0; k++) {
            myo_burst b = burst_at(16.4 + (keep ? 0.15 * k : at[k]), 40.0);
            b.rms = rms;
            b.snr_db = snr_db;
            put_burst(b);
        }
    }
    kit_end(60.0);
}

START_TEST(a_weak_cramp_that_thins_out_goes_on)
{
    put_between(22.0f, 5.0f, false);
    ck_assert_int_eq(the.n_e, 1);
    ck_assert_int_eq(the.e[0].form, MYO_FORM_SUSTAINED);
}
END_TEST

START_TEST(strong_or_regular_bursts_between_stay)
{
    put_between(90.0f, 15.0f, false);
    ck_assert_int_eq(the.n_e, 3);
    put_between(22.0f, 5.0f, true);
    ck_assert_int_eq(the.n_e, 3);
}
END_TEST

START_TEST(half_seconds_with_short_gaps_are_one)
{
    kit_open(MYO_KIND_EMG);
    put_at(10.0, 500.0);
    put_at(10.8, 500.0);
    put_at(11.6, 500.0);
    kit_end(60.0);
    ck_assert_int_eq(the.n_e, 1);
}
END_TEST

START_TEST(tremor_beside_a_movement_is_not_its_fringe)
{
    kit_open(MYO_KIND_ACC);
    put_contraction(10.0, 4.0, 40.0f);
    put_windows(13.2, 22.0, 6.0); /* a rhythm without bursts from 14.7 s on */
    kit_end(60.0);
    ck_assert_int_eq(the.n_e, 2);
    ck_assert_int_eq(the.e[0].form, MYO_FORM_SUSTAINED);
    ck_assert_int_eq(the.e[1].form, MYO_FORM_RHYTHM);
}
END_TEST

/* ---- activity too weak to stand out all the time ---- */

/* Three bursts of 6 dB, 0.4 s apart, over 2 uV. */
static void put_three(float rms, float fill)
{
    for (int i = 0; i < 3; i++) {
        myo_burst b = burst_at(1.0 + 0.37 * i + 0.05 * (i == 1), 60.0);
        b.rms = rms;
        b.fill = i > 0 ? fill : 0.0f;
        put_burst(b);
    }
}

START_TEST(what_stands_out_of_weak_activity_is_one)
{
    kit_open(MYO_KIND_EMG);
    put_three(4.5f, 0.8f);
    kit_end(10.0);
    ck_assert_int_eq(the.n_e, 1);
    ck_assert_int_eq(the.n_b, 1);
    ck_assert_int_eq(the.e[0].form, MYO_FORM_SUSTAINED);
    ck_assert_double_ge((double)the.e[0].f[MYO_F_DUTY], 0.95);
}
END_TEST

START_TEST(jerks_with_silence_between_stay_apart)
{
    kit_open(MYO_KIND_EMG);
    put_three(4.5f, 0.0f);
    kit_end(10.0);
    ck_assert_int_eq(the.n_e, 3);
}
END_TEST

START_TEST(jerks_far_above_weak_tone_stay_apart)
{
    kit_open(MYO_KIND_EMG);
    put_three(20.0f, 0.8f);
    kit_end(10.0);
    ck_assert_int_eq(the.n_e, 3);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("tonic");
    TCase *c = tcase_create("tonic");
    tcase_add_test(c, edges_of_a_flat_contraction);
    tcase_add_test(c, edges_of_a_ramp);
    tcase_add_test(c, pieces_outside_the_edges_go);
    tcase_add_test(c, both_edges_in_one_piece);
    tcase_add_test(c, a_single_piece_keeps_its_edges);
    tcase_add_test(c, no_energy_over_noise_changes_nothing);
    tcase_add_test(c, shortened_bursts_hold_their_peaks);
    tcase_add_test(c, two_pieces_make_one_burst);
    tcase_add_test(c, an_unknown_frequency_does_not_spread);
    tcase_add_test(c, pieces_become_one_burst_of_one_event);
    tcase_add_test(c, weak_units_at_its_ends_are_its_fringe);
    tcase_add_test(c, a_strong_burst_beside_it_is_no_fringe);
    tcase_add_test(c, a_moments_pause_does_not_part_a_cramp);
    tcase_add_test(c, a_longer_pause_does);
    tcase_add_test(c, a_weak_cramp_that_thins_out_goes_on);
    tcase_add_test(c, strong_or_regular_bursts_between_stay);
    tcase_add_test(c, half_seconds_with_short_gaps_are_one);
    tcase_add_test(c, tremor_beside_a_movement_is_not_its_fringe);
    tcase_add_test(c, what_stands_out_of_weak_activity_is_one);
    tcase_add_test(c, jerks_with_silence_between_stay_apart);
    tcase_add_test(c, jerks_far_above_weak_tone_stay_apart);
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
