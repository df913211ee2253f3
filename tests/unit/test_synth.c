/* test_synth.c - synthetic recordings: the same bytes again, truth that is in the samples,
 * physiology. */
#include "synth_kit.h"

/* --- the same again --- */

START_TEST(seed_gives_the_same_bytes) {
    MAKE("emg-hard", 7, "duration_s=40", "name=a");
    MAKE("emg-hard", 7, "duration_s=40", "name=b");
    ck_assert(same_file("a.edf", "b.edf"));
    ck_assert(same_file("a_truth.tsv", "b_truth.tsv"));
    ck_assert(same_file("a_truth_bursts.tsv", "b_truth_bursts.tsv"));
    MAKE("emg-hard", 8, "duration_s=40", "name=c");
    ck_assert(!same_file("a.edf", "c.edf"));
    ck_assert(!same_file("a_truth.tsv", "c_truth.tsv"));
}
END_TEST

static const char *const chunks[] = {"chunk_s=0.01", "chunk_s=0.4321", "chunk_s=7", "chunk_s=60"};

/* The numbers are what gcc and clang agree on: no draw hangs on the order of evaluation. */
START_TEST(seed_gives_the_same_plan_with_every_compiler) {
    MAKE("emg-artefacts", 5, "duration_s=60");
    read_truth("emg-artefacts_truth.tsv");
    ck_assert_int_eq(n_row, 14);
    ck_assert_double_eq_tol(row[0].on, 1.979, 0.002);
    ck_assert_double_eq_tol(row[1].on, 9.8335, 0.002);
    ck_assert_double_eq_tol(row[2].on, 16.381, 0.002);
    ck_assert_double_eq_tol(row[2].dur, 0.5295, 0.002);
    MAKE("acc-hard", 5, "duration_s=300");
    read_truth("acc-hard_truth.tsv");
    ck_assert_int_eq(n_row, 40);
    ck_assert_double_eq_tol(row[0].on, 5.28, 0.02);
    ck_assert_double_eq_tol(row[1].on, 7.26, 0.02);
    ck_assert_double_eq_tol(row[2].on, 10.433425, 1e-4);
}
END_TEST

START_TEST(chunk_length_changes_nothing) {
    const char *const scenario = _i % 2 ? "acc-hard" : "emg-hard";
    const char *const length = _i % 2 ? "duration_s=120" : "duration_s=30";
    MAKE(scenario, 3, length, "name=one", "missing_per_min=30");
    MAKE(scenario, 3, length, "name=other", "missing_per_min=30", chunks[_i / 2]);
    ck_assert(same_file("one.edf", "other.edf"));
    ck_assert(same_file("one_truth.tsv", "other_truth.tsv"));
    ck_assert(same_file("one_truth_bursts.tsv", "other_truth_bursts.tsv"));
}
END_TEST

START_TEST(corruptions_leave_the_events_alone) {
    MAKE("emg-mixed", 5, "duration_s=60", "name=quiet");
    MAKE("emg-mixed", 5, "duration_s=60", "name=loud", "mains_uv=30", "ecg_uv=100",
         "wander_uv=100");
    ck_assert(same_file("quiet_truth.tsv", "loud_truth.tsv"));
    ck_assert(!same_file("quiet.edf", "loud.edf"));
}
END_TEST

/* --- truth is in the samples --- */

START_TEST(edges_hold_95_percent_of_the_energy) {
    MAKE("emg-jerks", 11 + (uint64_t)_i, "clean=1", "duration_s=120", "n_channels=1", "snr_db=20",
         "lsb=0.02", "jerk_gap_s=0.4");
    read_truth("emg-jerks_truth.tsv");
    const signal s = read_edf("emg-jerks.edf", 0);
    ck_assert_int_ge(n_row, 10);
    for (int i = 0; i < n_row; i++) {
        const int64_t from = (int64_t)((row[i].on - 0.15) * s.fs),
                      to = (int64_t)((row[i].on + row[i].dur + 0.15) * s.fs);
        double all = 0.0, sum = 0.0, on = -1.0, off = -1.0;
        for (int64_t k = from; k < to; k++) {
            all += s.x[k] * s.x[k];
        }
        for (int64_t k = from; k < to; k++) {
            sum += s.x[k] * s.x[k];
            on = on < 0.0 && sum >= 0.025 * all ? (double)k / s.fs : on;
            off = off < 0.0 && sum >= 0.975 * all ? (double)(k + 1) / s.fs : off;
        }
        ck_assert_double_eq_tol(on, row[i].on, 0.0011);
        ck_assert_double_eq_tol(off, row[i].on + row[i].dur, 0.0011);
    }
    free(s.x);
}
END_TEST

START_TEST(snr_is_burst_power_over_noise_power) {
    MAKE("emg-jerks", 21, "clean=1", "duration_s=180", "n_channels=1", "noise_uv=5", "snr_db=10",
         "lsb=0.02");
    read_truth("emg-jerks_truth.tsv");
    const signal s = read_edf("emg-jerks.edf", 0);
    double sum = 0.0;
    for (int i = 0; i < n_row; i++) {
        double power = 0.0;
        const int64_t from = (int64_t)(row[i].on * s.fs + 0.5),
                      n = (int64_t)(row[i].dur * s.fs + 0.5);
        for (int64_t k = 0; k < n; k++) {
            power += s.x[from + k] * s.x[from + k] / (double)n;
        }
        /* The samples' power is over the whole band: a little more than in 20-450 Hz. */
        const double db = 10.0 * log10(power / 25.0);
        ck_assert_double_ge(db, row[i].snr - 0.2);
        ck_assert_double_le(db, row[i].snr + 1.5);
        sum += row[i].snr;
    }
    ck_assert_double_eq_tol(sum / n_row, 10.0, 4.0 * 3.0 / sqrt(n_row));
    free(s.x);
}
END_TEST

START_TEST(faint_is_energy_under_16_db) {
    MAKE("emg-jerks", 5, "snr_db=2", "duration_s=300");
    read_truth("emg-jerks_truth.tsv");
    int n = 0;
    for (int i = 0; i < n_row; i++) {
        const double energy_db = row[i].snr + 10.0 * log10(row[i].dur * 430.0);
        if (fabs(energy_db - 16.0) > 0.05) {
            ck_assert_int_eq(row[i].faint, energy_db < 16.0);
        }
        n += row[i].faint;
    }
    ck_assert_int_gt(n, n_row / 10);
    ck_assert_int_lt(n, n_row);
}
END_TEST

/* Twice the unit, twice every amplitude; nothing else moves. */
START_TEST(events_are_as_strong_as_their_units) {
    double small[64];
    MAKE("emg-jerks", 9, "clean=1", "duration_s=60", "unit_lo_uv=40", "unit_hi_uv=40");
    read_truth("emg-jerks_truth.tsv");
    const int n = n_row < 64 ? n_row : 64;
    for (int i = 0; i < n; i++) {
        small[i] = row[i].snr;
    }
    MAKE("emg-jerks", 9, "clean=1", "duration_s=60", "unit_lo_uv=80", "unit_hi_uv=80");
    read_truth("emg-jerks_truth.tsv");
    ck_assert_int_ge(n, 10);
    for (int i = 0; i < n; i++) {
        ck_assert_double_eq_tol(row[i].snr, small[i] + 20.0 * log10(2.0), 0.001);
    }
}
END_TEST

START_TEST(noise_floor_is_drawn_for_each_recording) {
    double least = 1e9, most = 0.0;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        MAKE("emg-noise", seed, "duration_s=10", "pink_hz=0", "noise_uv=7", "noise_hi_uv=14");
        const signal s = read_edf("emg-noise.edf", 0);
        const double floor = rms(s.x, s.n) * sqrt(430.0 / 1000.0);
        least = fmin(least, floor);
        most = fmax(most, floor);
        free(s.x);
    }
    ck_assert_double_ge(least, 6.8);
    ck_assert_double_le(most, 14.3);
    ck_assert_double_ge(most / least, 1.3);
}
END_TEST

START_TEST(noise_floor_is_what_was_asked) {
    MAKE("emg-noise", 1, "duration_s=60", "pink_hz=0", "noise_uv=4");
    const signal s = read_edf("emg-noise.edf", 1);
    /* White to 1000 Hz, 430 Hz of it in the band. */
    ck_assert_double_eq_tol(rms(s.x, s.n) * sqrt(430.0 / 1000.0), 4.0, 0.05);
    free(s.x);
    read_truth("emg-noise_truth.tsv");
    ck_assert_int_eq(n_row, 0);
}
END_TEST

START_TEST(nothing_planned_nothing_found) {
    MAKE("emg-noise", 1, "duration_s=10", "clean=1");
    const signal s = read_edf("emg-noise.edf", 0);
    ck_assert_double_eq_tol(rms(s.x, s.n), 0.0, 1e-9);
    free(s.x);
}
END_TEST

/* --- physiology --- */

static void emg_world(syn_world *w, syn_conf *c, uint64_t seed) {
    ck_assert_int_eq(syn_conf_load(c, "emg-mixed", NULL, NULL), MYO_OK);
    ck_assert_int_eq(syn_world_make(w, c, seed, 0, 0), MYO_OK);
}

START_TEST(potentials_have_3_to_5_phases_and_6_to_15_ms) {
    syn_conf c;
    syn_world w;
    emg_world(&w, &c, (uint64_t)_i);
    double least = 1e9, most = 0.0;
    for (int u = 0; u < SYN_UNITS; u++) {
        const syn_muscle *m = &w.muscle[0];
        const float *t = m->w + (size_t)u * SYN_SHIFTS * (size_t)m->len;
        double top = 0.0;
        for (int k = 0; k < m->len; k++) {
            top = fmax(top, fabs((double)t[k]));
        }
        int phases = 0, sign = 0, first = -1, last = -1;
        for (int k = 0; k < m->len; k++) {
            const int now = t[k] > 0.065 * top ? 1 : t[k] < -0.065 * top ? -1 : 0;
            phases += now && now != sign;
            sign = now ? now : sign;
            if (fabs((double)t[k]) > 0.1 * top) {
                first = first < 0 ? k : first;
                last = k;
            }
        }
        const double ms = (last - first + 1) / w.fs * 1e3;
        ck_assert_int_ge(phases, 2); /* a lobe may fall between two samples */
        ck_assert_int_le(phases, 5);
        ck_assert_double_ge(ms, 5.4);
        ck_assert_double_le(ms, 15.6);
        least = fmin(least, m->size[u]);
        most = fmax(most, m->size[u]);
    }
    ck_assert_double_ge(most / least, 30.0);
    syn_world_clear(&w);
}
END_TEST

/* Voluntary contractions of many muscles: 80 % of the power in 20-250 Hz, median frequency 60-120
 * Hz. */
START_TEST(spectrum_is_that_of_surface_emg) {
    double sum = 0.0;
    for (uint64_t seed = 0; seed < 12; seed++) {
        syn_conf c;
        syn_world w;
        syn_clip k;
        emg_world(&w, &c, 100 + seed);
        const syn_event e = {
            .cls = MYO_VOLUNTARY, .t0 = 5.0, .span = 1.0, .own = seed + 1, .level = 20.0};
        ck_assert_int_eq(syn_render(&w, &e, &k), MYO_OK);
        double *x = malloc((size_t)k.n * sizeof *x), all = 0.0, band = 0.0, half = 0.0,
               median = 0.0, p[700];
        for (int64_t i = 0; i < k.n; i++) {
            x[i] = k.x[0][i];
        }
        for (int hz = 1; hz < 700; hz++) {
            p[hz] = power_at(x, k.n, w.fs, hz);
            all += p[hz];
            band += hz >= 20 && hz <= 250 ? p[hz] : 0.0;
        }
        for (int hz = 1; half < 0.5 * all; hz++) {
            half += p[hz];
            median = hz;
        }
        ck_assert_double_ge(band / all, 0.8);
        ck_assert_double_ge(median, 60.0);
        ck_assert_double_le(median, 135.0);
        sum += median / 12.0;
        free(x);
        syn_clip_clear(&k);
        syn_world_clear(&w);
    }
    ck_assert_double_ge(sum, 60.0);
    ck_assert_double_le(sum, 120.0);
}
END_TEST

START_TEST(jerk_types_differ_in_length) {
    const char *const mix[3][2] = {{"jerk_short=1", "jerk_long=0"},
                                   {"jerk_short=0", "jerk_long=0"},
                                   {"jerk_short=0", "jerk_long=1"}};
    const double lo[3] = {0.010, 0.020, 0.050}, hi[3] = {0.060, 0.120, 0.270};
    double mean[3] = {0};
    for (int i = 0; i < 3; i++) {
        MAKE("emg-jerks", 9, mix[i][0], mix[i][1], "name=j");
        read_truth("j_truth.tsv");
        int in = 0;
        for (int k = 0; k < n_row; k++) {
            mean[i] += row[k].dur / n_row;
            in += row[k].dur >= lo[i] && row[k].dur <= hi[i];
        }
        ck_assert_int_ge(in, n_row * 85 / 100);
    }
    ck_assert_double_lt(mean[0], 0.045);
    ck_assert_double_lt(mean[0], mean[1]);
    ck_assert_double_lt(mean[1], mean[2]);
}
END_TEST

START_TEST(jerks_are_irregular_and_keep_their_gap) {
    MAKE("emg-jerks", 3, "duration_s=600", "n_channels=1");
    read_truth("emg-jerks_truth.tsv");
    double sum = 0.0, sq = 0.0;
    for (int i = 1; i < n_row; i++) {
        const double ibi = row[i].on - row[i - 1].on;
        ck_assert_double_ge(row[i].on - row[i - 1].on - row[i - 1].dur, 0.2);
        sum += ibi;
        sq += ibi * ibi;
    }
    const double mean = sum / (n_row - 1);
    ck_assert_double_ge(sqrt(sq / (n_row - 1) - mean * mean) / mean, 0.5);
    /* 15 a minute asked for: Poisson, +-4 SD. */
    ck_assert_double_eq_tol(n_row, 150.0, 50.0);
}
END_TEST

START_TEST(all_six_classes_are_there_and_apart) {
    MAKE("emg-mixed", (uint64_t)_i, "name=m");
    read_truth("m_truth.tsv");
    ck_assert_int_ge(count(MYO_JERK), 10);
    ck_assert_int_ge(count(MYO_CRAMP), 1);
    ck_assert_int_ge(count(MYO_TREMOR), 1);
    ck_assert_int_ge(count(MYO_TETANY), 1);
    ck_assert_int_ge(count(MYO_FASCICULATION), 1);
    ck_assert_int_ge(count(MYO_VOLUNTARY), 4);
    for (int i = 0; i < n_row; i++) {
        ck_assert_double_gt(row[i].dur, 0.0);
        ck_assert_double_ge(row[i].on, row[i ? i - 1 : 0].on);
        for (int k = i + 1; k < n_row; k++) {
            if (row[k].site == row[i].site && row[k].cls != row[i].cls) {
                ck_assert_double_ge(row[k].on - row[i].on - row[i].dur, 1.4);
            }
        }
    }
}
END_TEST

START_TEST(cramps_are_long_and_strong) {
    MAKE("emg-cramp", 2, "snr_db=5");
    read_truth("emg-cramp_truth.tsv");
    ck_assert_int_ge(count(MYO_CRAMP), 3);
    for (int i = 0; i < n_row; i++) {
        if (row[i].cls == MYO_CRAMP) {
            ck_assert_double_ge(row[i].dur, 5.0);
            ck_assert_double_ge(row[i].snr, 14.0);
            ck_assert_int_eq(row[i].n_bursts, 1);
        }
        if (row[i].cls == MYO_TETANY) {
            ck_assert_double_ge(row[i].dur, 10.0);
            ck_assert_double_ge(row[i].freq, 3.5);
            ck_assert_double_le(row[i].freq, 16.0);
        }
    }
}
END_TEST

START_TEST(tremor_cycles_jitter_by_3_to_8_percent) {
    syn_conf c;
    syn_world w;
    emg_world(&w, &c, 4);
    const syn_event e = {.cls = MYO_TREMOR, .span = 60.0, .common = (uint64_t)_i * 2 + 2};
    double *t, freq, sq = 0.0;
    int n;
    ck_assert_int_eq(syn_cycles(&w, &e, 60.0, &t, &n, &freq), MYO_OK);
    for (int i = 0; i + 1 < n; i++) {
        sq += pow((t[i + 1] - t[i]) * freq - 1.0, 2) / (n - 1);
    }
    ck_assert_double_ge(sqrt(sq), 0.022);
    ck_assert_double_le(sqrt(sq), 0.10);
    ck_assert_double_ge(freq, 3.3);
    ck_assert_double_le(freq, 11.7);
    myo_free(t);
    syn_world_clear(&w);
}
END_TEST

START_TEST(fasciculations_repeat_one_wave) {
    MAKE("emg-mixed", 6, "jerk_per_min=0", "tremor_per_min=0", "cramp_per_min=0",
         "tetany_per_min=0", "voluntary_per_min=0", "fasciculation_per_min=1", "fasc_lo=0.8",
         "n_channels=1", "clean=1", "snr_db=25", "episode_max_s=60");
    read_truth("emg-mixed_truth.tsv");
    const signal s = read_edf("emg-mixed.edf", 0);
    ck_assert_int_ge(n_row, 30);
    int alike = 0, echoes = 0;
    for (int i = 0; i < n_row; i++) {
        int like_this = 0;
        for (int k = 0; k < n_row; k++) {
            like_this += fabs(row[k].amp / row[i].amp - 1.0) < 0.1;
        }
        alike = like_this > alike ? like_this : alike;
        echoes += row[i].dur > 0.03;
        ck_assert_double_le(row[i].dur, 0.06);
    }
    ck_assert_int_ge(alike, n_row / 2); /* the favourite unit */
    ck_assert_int_ge(echoes, 1);
    ck_assert_int_le(echoes, n_row / 4);
    free(s.x);
}
END_TEST

START_TEST(synchronous_jerks_come_within_30_ms) {
    MAKE("emg-jerks", 12, "jerk_sync=1", "n_channels=2", "jerk_long=0");
    read_truth("emg-jerks_truth.tsv");
    int pairs = 0;
    for (int i = 0; i + 1 < n_row; i++) {
        pairs += row[i].site != row[i + 1].site && row[i + 1].on - row[i].on < 0.09;
    }
    ck_assert_int_ge(pairs, n_row * 4 / 10);
}
END_TEST

int main(void) {
    Suite *s = suite_create("synth");
    TCase *t = tcase_create("synth");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 120);
    tcase_add_test(t, seed_gives_the_same_bytes);
    tcase_add_test(t, seed_gives_the_same_plan_with_every_compiler);
    tcase_add_loop_test(t, chunk_length_changes_nothing, 0,
                        2 * (int)(sizeof chunks / sizeof chunks[0]));
    tcase_add_test(t, corruptions_leave_the_events_alone);
    tcase_add_loop_test(t, edges_hold_95_percent_of_the_energy, 0, 4);
    tcase_add_test(t, snr_is_burst_power_over_noise_power);
    tcase_add_test(t, faint_is_energy_under_16_db);
    tcase_add_test(t, events_are_as_strong_as_their_units);
    tcase_add_test(t, noise_floor_is_drawn_for_each_recording);
    tcase_add_test(t, noise_floor_is_what_was_asked);
    tcase_add_test(t, nothing_planned_nothing_found);
    tcase_add_loop_test(t, potentials_have_3_to_5_phases_and_6_to_15_ms, 0, 5);
    tcase_add_test(t, spectrum_is_that_of_surface_emg);
    tcase_add_test(t, jerk_types_differ_in_length);
    tcase_add_test(t, jerks_are_irregular_and_keep_their_gap);
    tcase_add_loop_test(t, all_six_classes_are_there_and_apart, 0, 6);
    tcase_add_test(t, cramps_are_long_and_strong);
    tcase_add_loop_test(t, tremor_cycles_jitter_by_3_to_8_percent, 0, 20);
    tcase_add_test(t, fasciculations_repeat_one_wave);
    tcase_add_test(t, synchronous_jerks_come_within_30_ms);
    suite_add_tcase(s, t);
    SRunner *sr = srunner_create(s);
    srunner_run_all(sr, CK_NORMAL);
    const int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed;
}
