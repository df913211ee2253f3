/* test_synth_wire.c - synthetic recordings: corruptions of the wire, and the accelerometer. */
#include "synth_kit.h"

/* --- corruptions --- */

START_TEST(hum_stands_at_its_frequency) {
    MAKE("emg-noise", 3, "duration_s=10", "mains_uv=20", "mains_hz=60", "mains_drift_hz=0");
    const signal s = read_edf("emg-noise.edf", 0);
    const double hum = power_at(s.x, s.n, s.fs, 60.0);
    ck_assert_double_gt(hum, 300.0 * power_at(s.x, s.n, s.fs, 53.0));
    ck_assert_double_gt(hum, 300.0 * power_at(s.x, s.n, s.fs, 67.0));
    ck_assert_double_gt(power_at(s.x, s.n, s.fs, 120.0), 3.0 * power_at(s.x, s.n, s.fs, 127.0));
    /* Peak amplitude 12-20 uV: Hann window, |X| = a n / 4. */
    const double peak = sqrt(hum) * 4.0 / (double)s.n;
    ck_assert_double_ge(peak, 11.0);
    ck_assert_double_le(peak, 21.0);
    free(s.x);
}
END_TEST

START_TEST(heart_beats_60_to_110_a_minute) {
    MAKE("emg-noise", 5, "duration_s=60", "ecg_uv=300", "noise_uv=1");
    const signal s = read_edf("emg-noise.edf", 0);
    double top = 0.0;
    for (int64_t i = 0; i < s.n; i++) {
        top = fmax(top, fabs(s.x[i]));
    }
    int beats = 0;
    int64_t last = -10000;
    for (int64_t i = 0; i < s.n; i++) {
        if (fabs(s.x[i]) > 0.6 * top && i - last > (int64_t)(0.3 * s.fs)) {
            beats++;
            last = i;
        }
    }
    ck_assert_int_ge(beats, 55);
    ck_assert_int_le(beats, 118);
    ck_assert_double_ge(top, 100.0);
    free(s.x);
}
END_TEST

START_TEST(heart_shows_in_the_share_asked_for) {
    int shown = 0;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        MAKE("emg-noise", seed, "duration_s=10", "ecg_uv=1000", "noise_uv=1", "ecg_share=0.5", "ecg_lo_uv=500",
             "ecg_ectopic=0.1", "ecg_breath=0.1");
        const signal s = read_edf("emg-noise.edf", 0);
        double top = 0.0;
        for (int64_t k = 0; k < s.n; k++) {
            top = fmax(top, fabs(s.x[k]));
        }
        ck_assert(top < 20.0 || (top > 400.0 && top < 1500.0));
        shown += top > 20.0;
        free(s.x);
    }
    ck_assert_int_ge(shown, 5);
    ck_assert_int_le(shown, 15);
}
END_TEST

START_TEST(artefacts_are_listed_and_there) {
    MAKE("emg-artefacts", 3, "duration_s=120", "mains_uv=0", "ecg_uv=0", "wander_uv=0",
         "pink_hz=0");
    read_truth("emg-artefacts_truth.tsv");
    ck_assert_int_eq(count(MYO_ARTEFACT), n_row);
    ck_assert_int_ge(n_row, 20);
    int flat = 0;
    for (int i = 0; i < n_row; i++) {
        const signal s = read_edf("emg-artefacts.edf", row[i].site);
        const double level = rms(s.x + (int64_t)(row[i].on * s.fs), (int64_t)(row[i].dur * s.fs));
        /* Dropouts have no amplitude and next to no noise; the others stand above it. */
        if (isnan(row[i].amp)) {
            ck_assert_double_lt(level, 1.0);
            flat++;
        } else {
            ck_assert_double_gt(level, 6.0);
        }
        free(s.x);
    }
    ck_assert_int_ge(flat, 1);
}
END_TEST

START_TEST(crosstalk_reaches_the_neighbour_only) {
    MAKE("emg-jerks", 4, "clean=1", "crosstalk=0.2", "jerk_sync=0", "snr_db=30", "duration_s=60",
         "name=x");
    read_truth("x_truth.tsv");
    int seen = 0;
    for (int i = 0; i < n_row; i++) {
        if (row[i].site != 0) {
            continue;
        }
        double level[3];
        bool alone = true;
        for (int k = 0; k < n_row; k++) {
            alone = alone && (k == i || fabs(row[k].on - row[i].on) > 0.5);
        }
        for (int col = 0; col < 3; col++) {
            const signal s = read_edf("x.edf", col);
            level[col] = rms(s.x + (int64_t)(row[i].on * s.fs), (int64_t)(row[i].dur * s.fs));
            free(s.x);
        }
        if (alone) {
            ck_assert_double_gt(level[1], 0.02 * level[0]);
            ck_assert_double_lt(level[1], 0.25 * level[0]);
            ck_assert_double_lt(level[2], 1e-9);
            seen++;
        }
    }
    ck_assert_int_ge(seen, 1);
}
END_TEST

START_TEST(converter_clips_at_its_rail) {
    MAKE("emg-clean", 4, "rail=20", "duration_s=60");
    const signal s = read_edf("emg-clean.edf", 0);
    int at_rail = 0;
    for (int64_t i = 0; i < s.n; i++) {
        ck_assert_double_le(fabs(s.x[i]), 20.0 + 1e-9);
        at_rail += fabs(s.x[i]) > 20.0 - 1e-6;
    }
    ck_assert_int_gt(at_rail, 3);
    free(s.x);
}
END_TEST

/* --- accelerometer --- */

START_TEST(rest_is_one_g) {
    MAKE("acc-noise", (uint64_t)_i, "duration_s=30");
    signal s[3];
    for (int a = 0; a < 3; a++) {
        s[a] = read_edf("acc-noise.edf", a);
    }
    double mean = 0.0;
    for (int64_t i = 0; i < s[0].n; i++) {
        mean += sqrt(s[0].x[i] * s[0].x[i] + s[1].x[i] * s[1].x[i] + s[2].x[i] * s[2].x[i]) /
                (double)s[0].n;
    }
    ck_assert_double_eq_tol(mean, 1.0, 0.006);
    /* 100-300 ug per root Hz over 50 Hz: 0.7-2.1 mg, and some for 1/f and steps of 0.5 mg. */
    for (int a = 0; a < 3; a++) {
        ck_assert_double_ge(rms(s[a].x, s[a].n), 0.0006);
        ck_assert_double_le(rms(s[a].x, s[a].n), 0.0045);
        free(s[a].x);
    }
}
END_TEST

START_TEST(tremor_of_the_limb_has_the_frequency_of_the_truth) {
    MAKE("acc-mixed", 30 + (uint64_t)_i, "clean=1", "jerk_per_min=0", "voluntary_per_min=0",
         "turn_per_min=0", "tremor_per_min=1.5", "lsb=0.0001", "duration_s=300", "rail=3");
    read_truth("acc-mixed_truth.tsv");
    ck_assert_int_ge(n_row, 3);
    signal s[3];
    for (int a = 0; a < 3; a++) {
        s[a] = read_edf("acc-mixed.edf", a);
    }
    for (int i = 0; i < n_row; i++) {
        ck_assert_int_eq(row[i].cls, MYO_TREMOR);
        double best = 0.0, at = 0.0;
        for (double hz = 2.0; hz < 13.0; hz += 0.02) {
            double p = 0.0;
            for (int a = 0; a < 3; a++) {
                p += power_at(s[a].x + (int64_t)(row[i].on * s[a].fs),
                              (int64_t)(row[i].dur * s[a].fs), s[a].fs, hz);
            }
            at = p > best ? hz : at;
            best = fmax(best, p);
        }
        ck_assert_double_eq_tol(at, row[i].freq, 0.08 * row[i].freq);
        ck_assert_double_ge(row[i].amp, 0.02);
        ck_assert_double_le(row[i].amp, 0.9);
        ck_assert_double_ge(row[i].on, row[i].drive);
    }
    for (int a = 0; a < 3; a++) {
        free(s[a].x);
    }
}
END_TEST

START_TEST(reaches_and_jerks_return_to_rest) {
    MAKE("acc-mixed", 5, "clean=1", "turn_per_min=0", "lsb=0.0001", "rail=3", "duration_s=300");
    read_truth("acc-mixed_truth.tsv");
    ck_assert_int_ge(count(MYO_JERK), 10);
    ck_assert_int_ge(count(MYO_VOLUNTARY), 3);
    const signal s = read_edf("acc-mixed.edf", 0);
    ck_assert_double_eq_tol(s.fs, 100.0, 1e-9);
    ck_assert_double_eq_tol(s.x[0], s.x[s.n - 1], 0.0011);
    for (int i = 0; i < n_row; i++) {
        const double min_on =
            row[i].cls == MYO_JERK ? 0.02 : -0.2; /* a jerk comes after its delay */
        ck_assert_double_ge(row[i].on - row[i].drive, min_on);
        if (row[i].cls == MYO_JERK) {
            ck_assert_double_ge(row[i].amp, 0.04);
            ck_assert_double_le(row[i].amp, 1.8);
            ck_assert_double_ge(row[i].dur, 0.08);
            ck_assert_double_le(row[i].dur, 1.3);
        }
    }
    free(s.x);
}
END_TEST

int main(void) {
    Suite *s = suite_create("synth_wire");
    TCase *t = tcase_create("synth_wire");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 120);
    tcase_add_test(t, hum_stands_at_its_frequency);
    tcase_add_test(t, heart_beats_60_to_110_a_minute);
    tcase_add_test(t, heart_shows_in_the_share_asked_for);
    tcase_add_test(t, artefacts_are_listed_and_there);
    tcase_add_test(t, crosstalk_reaches_the_neighbour_only);
    tcase_add_test(t, converter_clips_at_its_rail);
    tcase_add_loop_test(t, rest_is_one_g, 0, 4);
    tcase_add_loop_test(t, tremor_of_the_limb_has_the_frequency_of_the_truth, 0, 2);
    tcase_add_test(t, reaches_and_jerks_return_to_rest);
    suite_add_tcase(s, t);
    SRunner *sr = srunner_create(s);
    srunner_run_all(sr, CK_NORMAL);
    const int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed;
}
