/* test_group.c - bursts to candidate events: clusters, trains, rhythm, and the same events whatever the calls. */
#include <stdlib.h>
#include "bursts.h"
#include "event/group_in.h"
#include "myotab/event.h"

/* ---- clusters ---- */

START_TEST(nothing_gives_nothing)
{
    kit_open(MYO_KIND_EMG);
    kit_advance(100.0, 0);
    kit_end(200.0);
    ck_assert_int_eq(the.n_e + the.n_b, 0);
}
END_TEST

START_TEST(one_burst_is_one_single)
{
    kit_open(MYO_KIND_EMG);
    put_at(1.0, 50.0);
    kit_end(10.0);
    ck_assert_int_eq(the.n_e, 1);
    ck_assert_int_eq(the.n_b, 1);
    ck_assert_int_eq(the.e[0].form, MYO_FORM_SINGLE);
    ck_assert_int_eq(the.e[0].lane, 3);
    ck_assert_int_eq(the.e[0].n_bursts, 1);
    ck_assert_double_eq(the.e[0].on, 1.0);
    ck_assert_double_eq(the.e[0].off, 1.05);
    ck_assert_int_eq(the.b[0].event, 0);
}
END_TEST

/* A cluster may close only when nothing within 1.5 s can follow. */
START_TEST(a_cluster_stays_open_while_something_may_follow)
{
    kit_open(MYO_KIND_EMG);
    put_at(1.0, 50.0);
    kit_advance(2.54, 0);
    ck_assert_int_eq(the.n_e, 0);
    kit_advance(2.56, 0);
    ck_assert_int_eq(the.n_e, 1);
    kit_close();
}
END_TEST

START_TEST(an_accelerometers_cluster_waits_for_a_held_reach)
{
    kit_open(MYO_KIND_ACC);
    put_at(1.0, 500.0);
    kit_advance(7.4, 0);
    ck_assert_int_eq(the.n_e, 0);
    kit_advance(7.6, 0);
    ck_assert_int_eq(the.n_e, 1);
    kit_close();
}
END_TEST

/* A slow rhythm keeps its cluster open for 2.5 intervals (2 s at most). */
START_TEST(a_slow_train_waits_longer)
{
    kit_open(MYO_KIND_EMG);
    for (int i = 0; i < 6; i++) {
        put_at(1.0 + i * 0.72, 50.0);
    }
    kit_advance(1.0 + 5 * 0.72 + 0.05 + 1.7, 0);
    ck_assert_int_eq(the.n_e, 0);
    kit_advance(1.0 + 5 * 0.72 + 0.05 + 1.81, 0);
    ck_assert_int_eq(the.n_e, 6);
    kit_close();
}
END_TEST

START_TEST(a_segments_end_closes_everything)
{
    kit_open(MYO_KIND_EMG);
    put_at(1.0, 50.0);
    kit_advance(1.05, 1);
    ck_assert_int_eq(the.n_e, 1);
    put_at(1.06, 50.0); /* the next segment begins at once */
    kit_end(1.11);
    ck_assert_int_eq(the.n_e, 2);
    ck_assert_int_eq(the.b[1].event, 1);
}
END_TEST

/* ---- trains ---- */

START_TEST(regular_bursts_are_a_train)
{
    kit_open(MYO_KIND_EMG);
    put_train(1.0, 20, 0.2, 60.0, 0.0);
    kit_end(20.0);
    ck_assert_int_eq(the.n_e, 1);
    ck_assert_int_eq(the.e[0].form, MYO_FORM_TRAIN);
    ck_assert_int_eq(the.e[0].n_bursts, 20);
    ck_assert_float_eq_tol(the.e[0].f[MYO_F_RATE], 5.0f, 1e-4f);
    ck_assert_double_eq_tol(the.e[0].off, 1.0 + 19 * 0.2 + 0.06, 1e-9);
}
END_TEST

START_TEST(jitter_of_a_tenth_is_still_a_train)
{
    kit_open(MYO_KIND_EMG);
    put_train(1.0, 30, 0.2, 60.0, 0.1);
    kit_end(20.0);
    ck_assert_int_eq(the.n_e, 1);
    ck_assert_int_eq(the.e[0].form, MYO_FORM_TRAIN);
    ck_assert_int_eq(the.e[0].n_bursts, 30);
}
END_TEST

START_TEST(skipped_beats_do_not_end_a_train)
{
    kit_open(MYO_KIND_EMG);
    for (int i = 0; i < 30; i++) {
        if (i % 7 != 6) {
            put_at(1.0 + 0.2 * i, 60.0);
        }
    }
    kit_end(20.0);
    ck_assert_int_eq(the.n_e, 1);
    ck_assert_int_eq(the.e[0].form, MYO_FORM_TRAIN);
    ck_assert_float_lt(the.e[0].f[MYO_F_CV], 0.05f);
}
END_TEST

START_TEST(four_bursts_are_no_train)
{
    kit_open(MYO_KIND_EMG);
    put_train(1.0, 4, 0.2, 60.0, 0.0);
    kit_end(20.0);
    ck_assert_int_eq(the.n_e, 4);
    ck_assert_int_eq(the.e[0].form, MYO_FORM_SINGLE);
}
END_TEST

START_TEST(a_short_pause_does_not_part_one_rhythm)
{
    kit_open(MYO_KIND_EMG);
    put_train(1.0, 10, 0.2, 60.0, 0.0);
    put_train(1.0 + 9 * 0.2 + 0.06 + 0.7, 10, 0.2, 60.0, 0.0);
    kit_end(20.0);
    ck_assert_int_eq(the.n_e, 1);
    ck_assert_int_eq(the.e[0].n_bursts, 20);
}
END_TEST

/* 5 Hz from 1 to 5 s and from 7 to 11 s; the spectrum keeps the rhythm all the time. */
static void put_interrupted(float snr_db)
{
    kit_open(MYO_KIND_EMG);
    for (int i = 0; i < 40; i++) {
        myo_burst b = burst_at(1.0 + 0.2 * i + (i >= 20 ? 2.0 : 0.0), 60.0);
        b.snr_db = snr_db;
        put_burst(b);
    }
    put_windows(0.0, 9.0, 5.0);
    kit_end(30.0);
}

START_TEST(weak_beats_that_pause_are_one_tremor)
{
    put_interrupted(6.5f);
    ck_assert_int_eq(the.n_e, 1);
    ck_assert_int_eq(the.e[0].n_bursts, 40);
}
END_TEST

START_TEST(strong_beats_that_pause_are_two)
{
    put_interrupted(15.0f);
    ck_assert_int_eq(the.n_e, 2);
}
END_TEST

/* Windows with a plain peak, none of them clear: weak beats on them are tremor, strong ones are what they are. */
START_TEST(weak_beats_on_likely_windows_are_tremor)
{
    for (int weak = 0; weak < 2; weak++) {
        kit_open(MYO_KIND_EMG);
        for (int i = 0; i < 4; i++) {
            myo_burst b = burst_at(2.0 + 1.3 * i, 20.0);
            b.snr_db = weak ? 7.0f : 15.0f;
            put_burst(b);
        }
        for (int i = 0; i < 6; i++) {
            myo_window w = window_at(i, 7.0);
            w.height_db = 9.5f;
            ck_assert_int_eq(myo_group_window(the.g, &w), MYO_OK);
        }
        kit_end(30.0);
        ck_assert_int_eq(the.n_e, weak ? 1 : 4);
        ck_assert_int_eq(the.e[0].form, weak ? MYO_FORM_RHYTHM : MYO_FORM_SINGLE);
    }
}
END_TEST

/* Jerks at 2.7 Hz stay jerks, whatever the spectrum shows at its lower limit; 5 Hz that skips beats stays tremor. */
START_TEST(rhythmic_jerks_come_one_by_one)
{
    for (int skips = 0; skips < 2; skips++) {
        kit_open(MYO_KIND_EMG);
        put_train(1.0, 20, 0.37, 60.0, 0.05);
        put_windows(0.0, 6.0, skips ? 5.4 : 3.0);
        kit_end(30.0);
        ck_assert_int_eq(the.n_e, skips ? 1 : 20);
    }
}
END_TEST

/* A leg movement takes its bursts along, and needs none. */
START_TEST(a_leg_movement_is_an_event)
{
    kit_open(MYO_KIND_EMG);
    put_at(1.0, 50.0);
    put_at(2.0, 300.0);
    put_at(2.4, 300.0);
    put_at(3.4, 50.0);
    const myo_leg legs[] = {{1.95, 2.75, 0}, {20.0, 21.0, 0}};
    ck_assert_int_eq(myo_group_leg(the.g, &legs[0]), MYO_OK);
    ck_assert_int_eq(myo_group_leg(the.g, &legs[1]), MYO_OK);
    kit_end(60.0);
    ck_assert_int_eq(the.n_e, 4);
    ck_assert_int_eq(the.n_b, 4);
    ck_assert_int_eq(the.e[0].form, MYO_FORM_LEG);
    ck_assert_int_eq(the.e[0].n_bursts, 2);
    ck_assert_double_eq(the.e[0].on, 1.95);
    ck_assert_double_eq(the.e[0].off, 2.75);
    ck_assert_int_eq(the.e[3].form, MYO_FORM_LEG);
    ck_assert_int_eq(the.e[3].n_bursts, 0);
    ck_assert_int_eq(the.b[1].event, 0);
    ck_assert_int_eq(the.b[2].event, 0);
}
END_TEST

/* Another strength between two trains, an artefact say, keeps them apart. */
START_TEST(what_differs_is_not_taken_in)
{
    for (int loud = 0; loud < 2; loud++) {
        kit_open(MYO_KIND_EMG);
        put_train(1.0, 20, 0.2, 60.0, 0.0);
        myo_burst b = burst_at(5.15, 250.0);
        b.rms = loud ? 200.0f : 20.0f;
        put_burst(b);
        put_train(5.5, 20, 0.2, 60.0, 0.0);
        put_windows(0.0, 6.0, 5.0);
        kit_end(30.0);
        ck_assert_int_ge(the.n_e, 1);
        ck_assert_int_le(the.n_e, loud ? 3 : 1);
    }
}
END_TEST

/* Beats of a train that ran together at its end. */
START_TEST(what_keeps_the_rhythm_joins_the_train)
{
    for (int rhythmic = 0; rhythmic < 2; rhythmic++) {
        kit_open(MYO_KIND_EMG);
        put_train(1.0, 40, 0.1, 55.0, 0.0);
        put_at(5.15, 900.0);
        put_windows(0.0, rhythmic ? 3.5 : 1.0, 10.0);
        kit_end(30.0);
        ck_assert_int_eq(the.n_e, rhythmic ? 1 : 2);
    }
}
END_TEST

START_TEST(two_rhythms_stay_two)
{
    kit_open(MYO_KIND_EMG);
    put_train(1.0, 12, 0.24, 60.0, 0.0);
    put_train(1.0 + 11 * 0.24 + 0.06 + 0.8, 20, 0.1, 30.0, 0.0);
    kit_end(20.0);
    ck_assert_int_eq(the.n_e, 2);
    ck_assert_int_eq(the.e[0].form, MYO_FORM_TRAIN);
    ck_assert_int_eq(the.e[1].form, MYO_FORM_TRAIN);
    ck_assert_int_eq(the.e[0].n_bursts, 12);
}
END_TEST

START_TEST(irregular_bursts_stay_single)
{
    static const double gap[] = {0.5, 0.13, 0.9, 0.31, 0.7, 0.16, 1.1, 0.42, 0.95, 0.22, 0.6, 0.15, 1.2, 0.38};
    double t = 1.0;
    kit_open(MYO_KIND_EMG);
    put_at(t, 50.0);
    for (size_t i = 0; i < sizeof gap / sizeof gap[0]; i++) {
        t += gap[i];
        put_at(t, 50.0);
    }
    kit_end(40.0);
    ck_assert_int_eq(the.n_e, 15);
    for (int i = 0; i < 15; i++) {
        ck_assert_int_eq(the.e[i].form, MYO_FORM_SINGLE);
    }
}
END_TEST

/* Regular, but 1 Hz is no tremor. */
START_TEST(a_slow_beat_is_no_train)
{
    kit_open(MYO_KIND_EMG);
    put_train(1.0, 12, 1.0, 60.0, 0.0);
    kit_end(40.0);
    ck_assert_int_eq(the.n_e, 12);
}
END_TEST

/* ---- echoes ---- */

START_TEST(an_f_wave_is_its_fasciculations)
{
    kit_open(MYO_KIND_EMG);
    put_at(1.0, 12.0);
    put_at(1.034, 10.0);
    kit_end(10.0);
    ck_assert_int_eq(the.n_e, 1);
    ck_assert_int_eq(the.e[0].n_bursts, 2);
    ck_assert_int_eq(the.e[0].form, MYO_FORM_SINGLE);
}
END_TEST

/* Near misses: too early is a piece of the same activity by its small gap, so the gap here is wide: too late, too long. */
START_TEST(no_echo_when_late_or_long)
{
    kit_open(MYO_KIND_EMG);
    put_at(1.0, 8.0);
    put_at(1.045, 8.0);
    put_at(5.0, 8.0);
    put_at(5.034, 60.0); /* gap 26 ms in 94: joined by its length, not as an echo */
    kit_end(10.0);
    ck_assert_int_eq(the.n_e, 3);
}
END_TEST

/* ---- accelerometers ---- */

START_TEST(windows_alone_make_a_rhythm)
{
    kit_open(MYO_KIND_ACC);
    put_windows(10.0, 20.0, 6.0);
    kit_end(60.0);
    ck_assert_int_eq(the.n_e, 1);
    ck_assert_int_eq(the.n_b, 0);
    ck_assert_int_eq(the.e[0].form, MYO_FORM_RHYTHM);
    ck_assert_int_eq(the.e[0].n_bursts, 0);
    ck_assert_double_eq_tol(the.e[0].on, 11.5, 1e-9);  /* the first window's middle, half a second before */
    ck_assert_double_eq_tol(the.e[0].off, 21.5, 1e-9);
    ck_assert_float_eq_tol(the.e[0].f[MYO_F_PEAK_HZ], 6.0f, 1e-5f);
    ck_assert_float_eq_tol(the.e[0].f[MYO_F_COVER], 1.0f, 1e-5f);
    ck_assert_uint_eq(the.e[0].flags, MYO_FLAG_RHYTHM);
    ck_assert_float_nan(the.e[0].interval_cv);
}
END_TEST

START_TEST(bursts_lie_in_their_rhythm)
{
    kit_open(MYO_KIND_ACC);
    for (double t = 11.0; t < 19.9; t += 0.25) {
        put_at(t, 120.0);
    }
    put_windows(10.0, 18.0, 4.0);
    kit_end(60.0);
    ck_assert_int_eq(the.n_e, 1);
    ck_assert_int_eq(the.e[0].form, MYO_FORM_RHYTHM);
    ck_assert_int_eq(the.e[0].n_bursts, the.n_b);
    ck_assert_double_eq_tol(the.e[0].on, 11.0, 1e-9);
}
END_TEST

/* At the file's start the first window speaks for all of its time, but not for the silence before the rhythm. */
START_TEST(a_file_that_begins_quiet_does_not_begin_with_tremor)
{
    static const struct { float lead; double burst, on; } given[] = {
        {0.0f, 0.3, 0.3}, {0.0f, 0.0, 0.0}, {1.0f, 0.0, 1.0}, {2.5f, 2.6, 2.6}, {3.5f, 0.0, 1.5}};
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        kit_open(MYO_KIND_ACC);
        if (given[i].burst > 0.0) {
            put_at(given[i].burst, 3000.0);
        }
        for (int k = 0; k < 3; k++) {
            myo_window w = window_at(k, 6.0);
            w.lead = k == 0 ? given[i].lead : 0.0f;
            ck_assert_int_eq(myo_group_window(the.g, &w), MYO_OK);
        }
        kit_end(60.0);
        ck_assert_int_eq(the.n_e, 1);
        ck_assert_double_eq_tol(the.e[0].on, given[i].on, 1e-6);
    }
}
END_TEST

static void put_solid(double on, double seconds)
{
    myo_burst b = burst_at(on, 1000.0 * seconds);
    b.snr_db = 30.0f;
    put_burst(b);
}

/* Windows see over a pause of two seconds, solid bursts do not; a jerk a second behind is no tremor. */
START_TEST(strong_tremor_ends_where_it_stops)
{
    kit_open(MYO_KIND_ACC);
    put_solid(10.0, 1.9);
    put_solid(11.9, 1.9);
    put_solid(16.2, 1.9);
    put_solid(18.1, 1.5);
    put_at(20.2, 150.0);
    put_windows(9.0, 19.0, 6.0);
    kit_end(60.0);
    ck_assert_int_eq(the.n_e, 3);
    ck_assert_int_eq(the.e[0].form, MYO_FORM_RHYTHM);
    ck_assert_double_eq_tol(the.e[0].on, 10.0, 1e-6);
    ck_assert_double_eq_tol(the.e[0].off, 13.8, 1e-6);
    ck_assert_int_eq(the.e[1].form, MYO_FORM_RHYTHM);
    ck_assert_double_eq_tol(the.e[1].on, 16.2, 1e-6);
    ck_assert_double_eq_tol(the.e[1].off, 19.6, 1e-6);
    ck_assert_int_eq(the.e[2].form, MYO_FORM_SINGLE);
}
END_TEST

static myo_window steps_at(double on)
{
    myo_window w = window_at(on, 4.0);
    w.gait.beat_r = 0.2f;
    w.gait.step_s = 0.5f;
    return w;
}

/* A rhythm that repeats itself after half a second only is the steps', whatever stands out of its spectrum. */
START_TEST(steps_are_walking)
{
    kit_open(MYO_KIND_ACC);
    for (int i = 0; i < 5; i++) {
        put_at(8.0 + 2.0 * i, 1900.0);
    }
    for (int i = 0; i < 6; i++) {
        const myo_window w = steps_at(8.0 + i);
        ck_assert(!myo_shows_tremor(the.g, &w));
        ck_assert_int_eq(myo_group_window(the.g, &w), MYO_OK);
    }
    kit_end(60.0);
    ck_assert_int_eq(the.n_e, 1);
    ck_assert_int_eq(the.e[0].form, MYO_FORM_GAIT);
    ck_assert_uint_eq(the.e[0].flags, MYO_FLAG_WALKING);
    ck_assert_double_eq_tol(the.e[0].on, 8.0, 1e-9);
    ck_assert_double_eq_tol(the.e[0].off, 17.9, 1e-9);
    ck_assert_float_eq_tol(the.e[0].f[MYO_F_STEPS], 2.0f, 1e-5f);
    ck_assert_float_eq(the.e[0].f[MYO_F_PEAK_HZ], 4.0f);
}
END_TEST

START_TEST(two_windows_of_steps_are_none)
{
    kit_open(MYO_KIND_ACC);
    for (int i = 0; i < 2; i++) {
        const myo_window w = steps_at(8.0 + i);
        ck_assert_int_eq(myo_group_window(the.g, &w), MYO_OK);
    }
    kit_end(60.0);
    ck_assert_int_eq(the.n_e, 0);
}
END_TEST

/* Two jerks may ring alike, but leave most of every window empty. */
START_TEST(ringing_jerks_are_no_rhythm)
{
    kit_open(MYO_KIND_ACC);
    for (int i = 0; i < 4; i++) {
        myo_window w = window_at(10.0 + i, 6.0);
        w.gait.fill = 0.35f;
        ck_assert(myo_shows_tremor(the.g, &w));
        ck_assert_int_eq(myo_group_window(the.g, &w), MYO_OK);
    }
    kit_end(60.0);
    ck_assert_int_eq(the.n_e, 0);
}
END_TEST

START_TEST(one_window_is_no_rhythm)
{
    kit_open(MYO_KIND_ACC);
    put_windows(10.0, 10.5, 6.0);
    kit_end(60.0);
    ck_assert_int_eq(the.n_e, 0);
}
END_TEST

START_TEST(windows_that_show_no_tremor_make_nothing)
{
    myo_window w[6];
    kit_open(MYO_KIND_ACC);
    for (int i = 0; i < 6; i++) {
        w[i] = window_at(10.0 + i, 6.0);
    }
    w[0].width_hz = 3.0f;
    w[1].share = 0.2f;
    w[2].below_db = 0.0f;
    w[3].height_db = 5.0f;
    w[4].amp = 0.001f;
    w[5].gait.fill = 0.2f;
    for (int i = 0; i < 6; i++) {
        ck_assert(!myo_shows_tremor(the.g, &w[i]));
        ck_assert_int_eq(myo_group_window(the.g, &w[i]), MYO_OK);
    }
    kit_end(60.0);
    ck_assert_int_eq(the.n_e, 0);
}
END_TEST

/* A burst of an accelerometer: slow, and the gravity before and behind it along x. */
static void put_move(double on, double ms, double hz, float before, float after)
{
    myo_burst b = burst_at(on, ms);
    b.mdf_hz = (float)hz;
    b.before[0] = before;
    b.after[0] = after;
    put_burst(b);
}

START_TEST(a_reach_and_its_return_are_one)
{
    kit_open(MYO_KIND_ACC);
    put_move(10.0, 600.0, 1.5, 0.0f, 0.5f);
    put_move(13.0, 600.0, 1.5, 0.5f, 0.02f);
    kit_end(60.0);
    ck_assert_int_eq(the.n_e, 1);
    ck_assert_int_eq(the.e[0].form, MYO_FORM_SUSTAINED);
    ck_assert_int_eq(the.e[0].n_bursts, 2);
}
END_TEST

/* The share of the whole that is left out at either end never takes a burst's peak along. */
START_TEST(bursts_of_a_whole_hold_their_peaks)
{
    kit_open(MYO_KIND_ACC);
    for (int i = 0; i < 2; i++) {
        myo_burst b = burst_at(10.0 + 3.0 * i, 600.0);
        b.mdf_hz = 1.5f;
        b.before[0] = i == 0 ? 0.0f : 0.5f;
        b.after[0] = i == 0 ? 0.5f : 0.02f;
        b.peak_at = i == 0 ? 10.001 : 13.599;
        put_burst(b);
    }
    kit_end(60.0);
    ck_assert_int_eq(the.n_e, 1);
    ck_assert_int_eq(the.n_b, 2);
    for (int i = 0; i < 2; i++) {
        ck_assert_double_le(the.b[i].on, the.b[i].peak_at);
        ck_assert_double_gt(the.b[i].off, the.b[i].peak_at);
    }
    ck_assert_double_eq(the.e[0].on, the.b[0].on);
    ck_assert_double_eq(the.e[0].off, the.b[1].off);
}
END_TEST

START_TEST(two_jerks_are_two)
{
    kit_open(MYO_KIND_ACC);
    put_move(10.0, 200.0, 6.0, 0.0f, 0.5f);
    put_move(13.0, 200.0, 6.0, 0.5f, 0.02f);
    kit_end(60.0);
    ck_assert_int_eq(the.n_e, 2);
}
END_TEST

START_TEST(a_second_reach_further_on_is_no_return)
{
    kit_open(MYO_KIND_ACC);
    put_move(10.0, 600.0, 1.5, 0.0f, 0.5f);
    put_move(13.0, 600.0, 1.5, 0.5f, 0.9f);
    kit_end(60.0);
    ck_assert_int_eq(the.n_e, 2);
}
END_TEST

/* ---- the contract ---- */

START_TEST(every_burst_comes_out_once_and_in_order)
{
    kit_open(MYO_KIND_EMG);
    put_train(1.0, 20, 0.15, 40.0, 0.05);
    put_at(6.0, 900.0); /* a contraction of one piece keeps its burst */
    put_train(9.0, 9, 0.37, 30.0, 0.4);
    kit_end(40.0);
    int64_t sum = 0;
    for (int i = 0; i < the.n_e; i++) {
        sum += the.e[i].n_bursts;
    }
    ck_assert_int_eq(the.n_b, 30);
    ck_assert_int_eq(sum, 30);
    for (int i = 0; i < the.n_b; i++) {
        const myo_cand *e = &the.e[the.b[i].event];
        ck_assert(the.b[i].on >= e->on && the.b[i].off <= e->off);
    }
}
END_TEST

/* A sum over everything that went out. */
static double fingerprint(void)
{
    double s = 0.0;
    for (int i = 0; i < the.n_e; i++) {
        s = 0.7 * s + the.e[i].on + 3.0 * the.e[i].off + 7.0 * (double)the.e[i].form + (double)the.e[i].n_bursts;
        for (int k = 0; k < MYO_N_FEAT; k++) {
            s += (k + 1) * (double)the.e[i].f[k];
        }
    }
    for (int i = 0; i < the.n_b; i++) {
        s = 0.7 * s + the.b[i].on + 3.0 * the.b[i].off + 11.0 * (double)the.b[i].event;
    }
    return s;
}

enum { MANY = 1500 };
typedef struct scene { myo_burst b[MANY]; myo_window w[MANY]; int n_b, n_w; } scene;
static scene play;

/* Everything at once: trains, jerks, contractions in pieces, tremor windows with changing frequency, and rests. */
static void make_scene(uint64_t seed, bool acc)
{
    myo_rng r;
    myo_rng_seed(&r, seed, 2);
    double t = 0.5;
    play.n_b = play.n_w = 0;
    while (play.n_b < MANY - 40) {
        const int what = (int)(5.0 * myo_rng_uniform(&r)), n = 1 + (int)(20.0 * myo_rng_uniform(&r));
        const double period = what == 0 ? 0.12 : what == 1 ? 0.2 : what == 2 ? 0.4 : what == 3 ? 2.0 : 0.9;
        for (int i = 0; i < n; i++) {
            const double ms = what == 3 ? 1900.0 : 20.0 + 60.0 * myo_rng_uniform(&r);
            myo_burst b = burst_at(t, ms);
            b.rms = (float)(5.0 + 30.0 * myo_rng_uniform(&r));
            b.mdf_hz = acc ? (float)(1.0 + 6.0 * myo_rng_uniform(&r)) : b.mdf_hz;
            b.low_share = b.template_corr = what == 4 ? 0.7f : 0.1f;
            b.joined = what == 3 && i > 0 ? 1.0f : 0.0f;
            play.b[play.n_b++] = b;
            t = fmax(b.off + 0.001, t + period * (0.9 + 0.2 * myo_rng_uniform(&r)));
        }
        t += 8.0 * myo_rng_uniform(&r) * myo_rng_uniform(&r);
    }
    for (double at = 0.0; at < t && play.n_w < MANY; at += 1.0) {
        if (myo_rng_uniform(&r) < (sin(at / 17.0) > 0.0 ? 0.8 : 0.1)) {
            play.w[play.n_w++] = window_at(at, myo_rng_uniform(&r) < 0.5 ? 5.0 : 8.0);
        }
    }
}

/* Feeds the scene as a lane does: bursts and windows may come long before `until` reaches them. step 0: one call. */
static double perform(bool acc, double step, uint64_t seed)
{
    myo_rng r;
    int i = 0, j = 0;
    const double end = play.b[play.n_b - 1].off + 1.0;
    myo_rng_seed(&r, seed, 3);
    kit_open(acc ? MYO_KIND_ACC : MYO_KIND_EMG);
    for (double until = 0.0; step > 0.0 && until < end; until += step * myo_rng_uniform(&r)) {
        const double b_to = until + 5.0 * myo_rng_uniform(&r), w_to = until + 3.0 * myo_rng_uniform(&r);
        for (; i < play.n_b && play.b[i].on < b_to; i++) {
            put_burst(play.b[i]);
        }
        for (; j < play.n_w && play.w[j].on < w_to; j++) {
            ck_assert_int_eq(myo_group_window(the.g, &play.w[j]), MYO_OK);
        }
        kit_advance(until, 0);
    }
    for (; i < play.n_b; i++) {
        put_burst(play.b[i]);
    }
    for (; j < play.n_w; j++) {
        ck_assert_int_eq(myo_group_window(the.g, &play.w[j]), MYO_OK);
    }
    kit_end(end);
    return fingerprint();
}

START_TEST(any_sequence_of_calls_gives_the_same_events)
{
    static const double step[] = {0.3, 2.0, 10.0, 60.0, 300.0};
    const bool acc = _i % 2;
    make_scene((uint64_t)(_i / 2 + 1), acc);
    const double whole = perform(acc, 0.0, 0);
    const int n = the.n_e;
    ck_assert_int_gt(n, 30);
    for (int k = 0; k < 5; k++) {
        const double again = perform(acc, step[k], (uint64_t)(k + 1));
        ck_assert_int_eq(the.n_e, n);
        ck_assert_msg(again == whole, "steps up to %g s: other events", step[k]);
    }
}
END_TEST

/* ---- a day ---- */

/* Windows without tremor must not pile up, nor cut the first cluster after a quiet hour. */
START_TEST(a_quiet_day_leaves_no_trace)
{
    kit_open(MYO_KIND_ACC);
    for (int i = 0; i < 6000; i++) {
        myo_window w = window_at(i, 6.0);
        w.amp = 0.001f;
        ck_assert_int_eq(myo_group_window(the.g, &w), MYO_OK);
        if (i % 10 == 9) {
            kit_advance(i, 0);
        }
    }
    ck_assert_uint_le(the.g->n_w, 16);
    put_move(6010.0, 600.0, 1.5, 0.0f, 0.5f);
    put_move(6013.0, 600.0, 1.5, 0.5f, 0.02f);
    kit_end(6100.0);
    ck_assert_int_eq(the.n_e, 1); /* reach and return still meet */
}
END_TEST

/* Tremor all day comes in pieces that neither overlap nor leave a hole. */
START_TEST(tremor_all_day_is_cut_without_overlap)
{
    kit_open(MYO_KIND_ACC);
    for (int i = 0; i < 10000; i++) {
        const myo_window w = window_at(i, 6.0);
        ck_assert_int_eq(myo_group_window(the.g, &w), MYO_OK);
        if (i % 10 == 9) {
            kit_advance(i, 0);
            ck_assert_uint_lt(the.g->n_w, 4200);
        }
    }
    kit_end(10003.0);
    ck_assert_int_eq(the.n_e, 3);
    for (int i = 1; i < the.n_e; i++) {
        ck_assert_double_eq_tol(the.e[i].on, the.e[i - 1].off, 1e-9);
    }
}
END_TEST

/* Windows of a long EMG cluster do not count against its bursts. */
START_TEST(muscle_active_all_day_is_bounded)
{
    kit_open(MYO_KIND_EMG);
    for (int i = 0; i < 9000; i++) {
        put_at(0.7 * i, 50.0);
        const myo_window w = window_at(0.7 * i, 6.0);
        ck_assert_int_eq(myo_group_window(the.g, &w), MYO_OK);
        if (i % 14 == 13) {
            kit_advance(0.7 * i, 0);
            ck_assert_uint_lt(the.g->n, 4096 + 20);
            ck_assert_uint_lt(the.g->n_w, 4096 + 20);
        }
    }
    kit_end(7000.0);
    ck_assert_int_eq(the.n_b, 9000);
}
END_TEST

/* A burst that a gap cuts goes on behind it at once, late, as another one, or not at all. */
START_TEST(a_burst_over_a_gap_is_one_event)
{
    static const struct { double on; uint32_t flags; int n_e; } next[] = {
        {1.050, MYO_FLAG_CUT_START, 1}, {1.090, MYO_FLAG_CUT_START, 1}, {1.200, MYO_FLAG_CUT_START, 2}, {1.050, 0u, 2}, {0.0, 0u, 1}};
    kit_open(MYO_KIND_EMG);
    myo_burst b = burst_at(1.0, 45.0);
    b.flags = MYO_FLAG_CUT_END;
    put_burst(b);
    kit_advance(1.045, 1);
    ck_assert_int_eq(the.n_e, 0); /* it may still go on */
    if (next[_i].on > 0.0) {
        b = burst_at(next[_i].on, 45.0);
        b.flags = next[_i].flags;
        put_burst(b);
    }
    kit_advance(9.0, 0);
    ck_assert_int_eq(the.n_e, next[_i].n_e);
    ck_assert_int_eq(the.n_b, next[_i].on > 0.0 ? 2 : 1);
    kit_end(10.0);
    ck_assert_int_eq(the.n_e, next[_i].n_e);
}
END_TEST

/* Every allocation that can fail is told, and nothing leaks (under a sanitizer). */
START_TEST(no_memory_is_told)
{
    int failed = 0;
    for (int n = 1; n < 40; n++) {
        kit_open(MYO_KIND_EMG);
        myo_err err = MYO_OK;
        myo_mem_fail_at(n);
        for (int i = 0; i < 20 && err == MYO_OK; i++) {
            const myo_burst b = burst_at(1.0 + 0.2 * i, 50.0);
            const myo_window w = window_at(1.0 + 0.2 * i, 5.0);
            err = myo_group_burst(the.g, &b);
            err = err == MYO_OK ? myo_group_window(the.g, &w) : err;
        }
        err = err == MYO_OK ? myo_group_advance(the.g, 20.0, 1) : err;
        myo_mem_fail_at(0);
        ck_assert(err == MYO_OK || err == MYO_ERR_NOMEM);
        failed += err == MYO_ERR_NOMEM;
        kit_close();
    }
    ck_assert_int_ge(failed, 5);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("group");
    TCase *c = tcase_create("clusters");
    tcase_add_test(c, nothing_gives_nothing);
    tcase_add_test(c, one_burst_is_one_single);
    tcase_add_test(c, a_cluster_stays_open_while_something_may_follow);
    tcase_add_test(c, an_accelerometers_cluster_waits_for_a_held_reach);
    tcase_add_test(c, a_slow_train_waits_longer);
    tcase_add_test(c, a_segments_end_closes_everything);
    tcase_add_loop_test(c, a_burst_over_a_gap_is_one_event, 0, 5);
    tcase_add_test(c, every_burst_comes_out_once_and_in_order);
    tcase_add_loop_test(c, any_sequence_of_calls_gives_the_same_events, 0, 12);
    tcase_add_test(c, a_quiet_day_leaves_no_trace);
    tcase_add_test(c, tremor_all_day_is_cut_without_overlap);
    tcase_add_test(c, muscle_active_all_day_is_bounded);
    tcase_add_test(c, no_memory_is_told);
    tcase_set_timeout(c, 60.0);
    suite_add_tcase(s, c);
    c = tcase_create("cuts");
    tcase_add_test(c, regular_bursts_are_a_train);
    tcase_add_test(c, jitter_of_a_tenth_is_still_a_train);
    tcase_add_test(c, skipped_beats_do_not_end_a_train);
    tcase_add_test(c, four_bursts_are_no_train);
    tcase_add_test(c, a_short_pause_does_not_part_one_rhythm);
    tcase_add_test(c, weak_beats_that_pause_are_one_tremor);
    tcase_add_test(c, strong_beats_that_pause_are_two);
    tcase_add_test(c, what_keeps_the_rhythm_joins_the_train);
    tcase_add_test(c, weak_beats_on_likely_windows_are_tremor);
    tcase_add_test(c, what_differs_is_not_taken_in);
    tcase_add_test(c, rhythmic_jerks_come_one_by_one);
    tcase_add_test(c, a_leg_movement_is_an_event);
    tcase_add_test(c, two_rhythms_stay_two);
    tcase_add_test(c, irregular_bursts_stay_single);
    tcase_add_test(c, a_slow_beat_is_no_train);
    tcase_add_test(c, an_f_wave_is_its_fasciculations);
    tcase_add_test(c, no_echo_when_late_or_long);
    tcase_add_test(c, windows_alone_make_a_rhythm);
    tcase_add_test(c, bursts_lie_in_their_rhythm);
    tcase_add_test(c, a_file_that_begins_quiet_does_not_begin_with_tremor);
    tcase_add_test(c, strong_tremor_ends_where_it_stops);
    tcase_add_test(c, steps_are_walking);
    tcase_add_test(c, two_windows_of_steps_are_none);
    tcase_add_test(c, ringing_jerks_are_no_rhythm);
    tcase_add_test(c, one_window_is_no_rhythm);
    tcase_add_test(c, windows_that_show_no_tremor_make_nothing);
    tcase_add_test(c, a_reach_and_its_return_are_one);
    tcase_add_test(c, bursts_of_a_whole_hold_their_peaks);
    tcase_add_test(c, two_jerks_are_two);
    tcase_add_test(c, a_second_reach_further_on_is_no_return);
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
