/* test_synth_files.c - synthetic recordings: formats, studies, settings, lack of memory. */
#include "synth_kit.h"

/* --- files --- */

START_TEST(formats_hold_the_same_samples) {
    MAKE("emg-mixed", 9, "duration_s=12", "name=f", "format=edf");
    MAKE("emg-mixed", 9, "duration_s=12", "name=f", "format=csv");
    MAKE("emg-mixed", 9, "duration_s=12", "name=f", "format=wav");
    const signal s[2] = {read_edf("f.edf", 0), read_edf("f.edf", 1)};
    myo_buf csv, wav;
    slurp("f.csv", &csv);
    slurp("f.wav", &wav);
    ck_assert_uint_eq(wav.n, 58 + (size_t)s[0].n * 8);
    char *p = strchr(csv.s, '\n');
    ck_assert(strncmp(csv.s, "time,EMG1 (uV),EMG2 (uV)\n", 25) == 0);
    for (int64_t i = 0; i < s[0].n; i++) {
        const double t = strtod(p + 1, &p);
        ck_assert_double_eq_tol(t, (double)i / s[0].fs, 1e-6);
        for (int c = 0; c < 2; c++) {
            float f;
            memcpy(&f, wav.s + 58 + (size_t)(i * 2 + c) * 4, 4);
            ck_assert_double_eq_tol(strtod(p + 1, &p), s[c].x[i], 1e-6);
            ck_assert_double_eq_tol((double)f, s[c].x[i], 1e-3);
        }
    }
    ck_assert_str_eq(p, "\n");
    free(s[0].x);
    free(s[1].x);
    myo_buf_clear(&csv);
    myo_buf_clear(&wav);
}
END_TEST

START_TEST(wav_has_a_sidecar_and_counts_its_channels) {
    MAKE("emg-jerks", 9, "duration_s=20", "name=w", "format=wav");
    myo_buf b;
    slurp("w.json", &b);
    ck_assert_ptr_nonnull(strstr(b.s, "\"Units\": \"uV\""));
    ck_assert_ptr_nonnull(strstr(b.s, "\"SamplingFrequency\": 2000"));
    myo_buf_clear(&b);
    slurp("w_truth.tsv", &b);
    ck_assert_ptr_nonnull(strstr(b.s, "\tjerk\t2\t"));
    ck_assert_ptr_null(strstr(b.s, "EMG"));
    myo_buf_clear(&b);
}
END_TEST

START_TEST(odd_rates_are_kept) {
    MAKE("emg-mixed", 9, "duration_s=10", "fs=1259.259", "format=csv", "name=odd");
    myo_buf b;
    slurp("odd.csv", &b);
    int lines = 0;
    for (size_t i = 0; i < b.n; i++) {
        lines += b.s[i] == '\n';
    }
    ck_assert_int_eq(lines, 1 + 12593);
    ck_assert_ptr_nonnull(strstr(b.s, "\n0.000794,"));
    myo_buf_clear(&b);
    MAKE("acc-mixed", 9, "duration_s=30", "fs=62.5", "name=half");
    const signal s = read_edf("half.edf", 2);
    ck_assert_int_eq(s.n, 1875);
    ck_assert_double_eq_tol(s.fs, 62.5, 1e-9);
    free(s.x);
}
END_TEST

START_TEST(missing_samples_are_written_as_such) {
    MAKE("emg-noise", 9, "duration_s=60", "fs=500", "format=csv", "missing_per_min=100",
         "n_channels=1");
    myo_buf b;
    slurp("emg-noise.csv", &b);
    int n = 0;
    for (const char *p = b.s; (p = strstr(p, ",n/a\n")); p++) {
        n++;
    }
    ck_assert_int_ge(n, 60);
    ck_assert_int_le(n, 140);
    myo_buf_clear(&b);
}
END_TEST

START_TEST(edf_header_is_fixed) {
    MAKE("emg-noise", 9, "duration_s=10", "n_channels=3");
    myo_buf b;
    slurp("emg-noise.edf", &b);
    ck_assert(memcmp(b.s, "0       X X X X ", 16) == 0);
    ck_assert(memcmp(b.s + 168, "01.01.2000.00.001024    ", 24) == 0);
    ck_assert_uint_eq(b.n, 1024 + 10 * 3 * 2000 * 2);
    myo_buf_clear(&b);
}
END_TEST

START_TEST(pre_post_halves_the_rate) {
    MAKE("pre-post", 5, "participants=6", "duration_s=300", "fs=500");
    int n[2] = {0};
    char name[64];
    for (int p = 1; p <= 6; p++) {
        for (int i = 0; i < 2; i++) {
            snprintf(name, sizeof name, "p%02d_%s_truth.tsv", p, i ? "post" : "pre");
            read_truth(name);
            n[i] += count(MYO_JERK);
        }
    }
    ck_assert_int_ge(n[0], 120);
    ck_assert_double_eq_tol((double)n[1] / n[0], 0.5, 0.17);
    myo_buf b;
    slurp("manifest.tsv", &b);
    static const char head[] =
        "path\tparticipant_id\tsession_id\tcondition\np01_pre.edf\tp01\tpre\tpre\n";
    ck_assert(strncmp(b.s, head, sizeof head - 1) == 0);
    ck_assert_ptr_nonnull(strstr(b.s, "\np06_post.edf\tp06\tpost\tpost\n"));
    myo_buf_clear(&b);
    ck_assert(!same_file("p01_pre.edf", "p02_pre.edf"));
}
END_TEST

/* Counts in 30-s bins: variance over mean is near 1 without, well above with clusters. */
static double fano(const char *setting) {
    MAKE("emg-noise", 8, "jerk_per_min=4", "duration_s=7200", "n_channels=1", "fs=500", setting);
    read_truth("emg-noise_truth.tsv");
    double n[241] = {0}, mean = 0.0, var = 0.0;
    for (int i = 0; i < n_row; i++) {
        n[(int)(row[i].on / 30.0)] += 1.0;
    }
    for (int i = 0; i < 240; i++) {
        mean += n[i] / 240.0;
    }
    for (int i = 0; i < 240; i++) {
        var += (n[i] - mean) * (n[i] - mean) / 239.0;
    }
    ck_assert_double_eq_tol(mean, 2.0, 0.6);
    return var / mean;
}

START_TEST(fano_factor_is_kept) {
    const double poisson = fano("jerk_fano=1"), clustered = fano("jerk_fano=5");
    ck_assert_double_ge(poisson, 0.7);
    ck_assert_double_le(poisson, 1.35);
    ck_assert_double_ge(clustered, 2.5);
    ck_assert_double_le(clustered, 7.5);
}
END_TEST

/* --- settings --- */

static void write_file(const char *name, const char *text, char *path, size_t cap) {
    in_dir(path, cap, name);
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
}

START_TEST(json_equals_settings) {
    char path[512];
    write_file("mine.json",
               "{\"base\": \"emg-jerks\", \"fs\": 1000, \"duration_s\": 20, \"jerk_per_h\": 600}",
               path, sizeof path);
    MAKE(path, 4, "snr_db=10");
    MAKE("emg-jerks", 4, "fs=1000", "duration_s=20", "jerk_per_min=10", "snr_db=10");
    ck_assert(same_file("emg-jerks.edf", "emg-jerks.edf"));
    write_file("own.json",
               "{\"jerk_per_min\": 10, \"n_channels\": 3, \"fs\": 1000, \"duration_s\": 20, "
               "\"snr_db\": 10}",
               path, sizeof path);
    MAKE(path, 4, "clean=0");
    ck_assert(same_file("own.edf", "emg-jerks.edf"));
    ck_assert(same_file("own_truth.tsv", "emg-jerks_truth.tsv"));
}
END_TEST

static const struct {
    const char *scenario, *setting;
    myo_err err;
    const char *says;
} wrong[] = {
    {"emg-nothing", NULL, MYO_ERR_USAGE, "emg-nothing"},
    {"emg-mixed", "fs", MYO_ERR_PARAM, "key=value"},
    {"emg-mixed", "colour=3", MYO_ERR_PARAM, "colour"},
    {"emg-mixed", "fs=100", MYO_ERR_PARAM, "500"},
    {"emg-mixed", "fs=20000", MYO_ERR_PARAM, "10000"},
    {"acc-mixed", "fs=1000", MYO_ERR_PARAM, "500"},
    {"emg-mixed", "fs=abc", MYO_ERR_PARAM, "abc"},
    {"emg-mixed", "fs=nan", MYO_ERR_PARAM, "nan"},
    {"emg-mixed", "n_channels=257", MYO_ERR_PARAM, "256"},
    {"emg-mixed", "snr_db=1e9", MYO_ERR_PARAM, "60"},
    {"emg-mixed", "jerk_per_h=1e9", MYO_ERR_PARAM, "3600"},
    {"emg-mixed", "format=mp3", MYO_ERR_PARAM, "mp3"},
    {"emg-mixed", "name=../x", MYO_ERR_PARAM, "../x"},
    {"emg-mixed", "name=", MYO_ERR_PARAM, "name"},
    {"emg-mixed", "tremor_lo=12", MYO_ERR_PARAM, "tremor_hi"},
    {"emg-mixed", "fs=1259.259", MYO_ERR_PARAM, "csv"},
    {"acc-mixed", "format=wav", MYO_ERR_PARAM, "WAV"},
    {"no-such-file.json", NULL, MYO_ERR_INPUT, ""},
};

START_TEST(wrong_settings_write_nothing) {
    myo_diag d = {0};
    const char *const settings[] = {wrong[_i].setting, NULL};
    ck_assert_int_eq(try_make(wrong[_i].scenario, 1, settings, &d), wrong[_i].err);
    ck_assert_msg(strstr(d.message, wrong[_i].says) != NULL, "%s", d.message);
    ck_assert_int_eq(n_files(), 0);
    myo_diag_clear(&d);
}
END_TEST

static const char *const bad_json[] = {
    "",
    "[]",
    "{",
    "{\"fs\": 1000, \"fs\": 1000}",
    "{\"base\": \"x\"}",
    "{\"base\": 3}",
    "{\"fs\": []}",
    "{\"fs\": \"quick\"}",
    "{\"nothing\": 1}",
    "{\"fs\": null}",
    "{\"fs\": 1e400}",
};

START_TEST(bad_json_is_refused) {
    char path[512];
    myo_diag d = {0};
    write_file("bad.json", bad_json[_i], path, sizeof path);
    ck_assert_int_eq(try_make(path, 1, NULL, &d), MYO_ERR_PARAM);
    ck_assert(d.message[0] != '\0');
    ck_assert_int_eq(n_files(), 1);
    myo_diag_clear(&d);
}
END_TEST

START_TEST(folder_that_cannot_be_is_told) {
    myo_diag d = {0};
    const myo_synth_job job = {.scenario = "emg-noise", .out_dir = "/proc/no/such", .seed = 1};
    ck_assert_int_eq(myo_synth(&job, &d), MYO_ERR_OUTPUT);
    ck_assert_ptr_nonnull(strstr(d.message, "/proc/no/such"));
    myo_diag_clear(&d);
}
END_TEST

START_TEST(every_scenario_is_listed_and_runs) {
    char text[8192] = "";
    FILE *f = fmemopen(text, sizeof text, "w");
    myo_synth_list(f);
    fclose(f);
    int n = 0;
    char *end, *line = strtok_r(text, "\n", &end);
    for (; line; line = strtok_r(NULL, "\n", &end), n++) {
        char name[32];
        ck_assert_int_eq(sscanf(line, "%31s", name), 1);
        MAKE(name, 1, "duration_s=10");
    }
    ck_assert_int_ge(n, 12);
}
END_TEST

enum { READ_MAX = 40000 };
static float seen[3][3][READ_MAX];

/* All samples of a file through myotab's own readers; the number of frames. */
static int64_t read_back(const char *name, float x[3][READ_MAX], const char *first_label,
                         myo_kind kind) {
    char path[512];
    in_dir(path, sizeof path, name);
    myo_diag d = {0};
    myo_rec *r = NULL;
    const myo_open_opts o = {0};
    ck_assert_msg(myo_rec_open(&r, path, &o, &d) == MYO_OK, "%s", d.message);
    ck_assert_str_eq(myo_rec_info(r)->ch[0].label, first_label);
    ck_assert_str_eq(myo_rec_info(r)->ch[0].unit, kind == MYO_KIND_ACC ? "g" : "uV");
    for (int c = 0; c < myo_rec_info(r)->n_ch; c++) {
        ck_assert_int_eq(myo_rec_info(r)->ch[c].kind, kind);
    }
    myo_block b;
    int64_t n = 0;
    for (;;) {
        ck_assert_int_eq(myo_rec_read(r, 1.0, &b), MYO_OK);
        if (b.n_ch == 0) {
            break;
        }
        ck_assert(!b.gap);
        ck_assert_int_le(n + b.n[0], READ_MAX);
        for (int c = 0; c < b.n_ch; c++) {
            memcpy(&x[c][n], b.x[c], (size_t)b.n[c] * sizeof(float));
        }
        n += b.n[0];
    }
    ck_assert_int_eq(d.n_warnings, 0);
    myo_rec_close(&r);
    myo_diag_clear(&d);
    return n;
}

START_TEST(readers_see_the_same_in_every_format) {
    const char *const format[] = {"format=edf", "format=csv", "format=wav"};
    const char *const name[] = {"r.edf", "r.csv", "r.wav"}, *const label[] = {"EMG1", "EMG1", "1"};
    for (int f = 0; f < 3; f++) {
        MAKE("emg-mixed", 13, "duration_s=15", "name=r", format[f]);
        ck_assert_int_eq(read_back(name[f], seen[f], label[f], MYO_KIND_EMG), 30000);
    }
    for (int f = 1; f < 3; f++) {
        for (int c = 0; c < 2; c++) {
            for (int i = 0; i < 30000; i++) {
                ck_assert_float_eq_tol(seen[f][c][i], seen[0][c][i], 0.001f);
            }
        }
    }
}
END_TEST

START_TEST(readers_see_one_accelerometer) {
    MAKE("acc-mixed", 13, "duration_s=60", "name=r", "fs=62.5");
    MAKE("acc-mixed", 13, "duration_s=60", "name=r", "fs=62.5", "format=csv");
    ck_assert_int_eq(read_back("r.edf", seen[0], "acc_x", MYO_KIND_ACC), 3750);
    ck_assert_int_eq(read_back("r.csv", seen[1], "acc_x", MYO_KIND_ACC), 3750);
    for (int c = 0; c < 3; c++) {
        for (int i = 0; i < 3750; i++) {
            ck_assert_float_eq_tol(seen[1][c][i], seen[0][c][i], 1e-5f);
        }
    }
}
END_TEST

static bool same_as_sample(const char *made, const char *sample) {
    char path[1024];
    myo_buf p, q = {0};
    slurp(made, &p);
    snprintf(path, sizeof path, "%s/samples/%s", MYO_SOURCE_DIR, sample);
    ck_assert_int_eq(myo_slurp(path, 1 << 28, &q, NULL), MYO_OK);
    const bool same = p.n == q.n && memcmp(p.s, q.s, p.n) == 0;
    myo_buf_clear(&p);
    myo_buf_clear(&q);
    return same;
}

/* The commands of samples/README.md. */
START_TEST(samples_can_be_made_again) {
    MAKE("emg-jerks", 7, "name=jerks", "n_channels=1", "fs=1000", "duration_s=90", "snr_db=16");
    MAKE("emg-mixed", 7, "name=mixed", "n_channels=1", "fs=1000", "duration_s=120",
         "tremor_per_min=1", "cramp_per_min=0.5", "tetany_per_min=0.5", "voluntary_per_min=1.5",
         "fasciculation_per_min=0.5", "episode_max_s=20");
    MAKE("acc-mixed", 7, "name=tremor", "format=csv", "duration_s=70", "jerk_per_min=4",
         "tremor_per_min=2", "voluntary_per_min=2", "turn_per_min=0", "episode_max_s=15");
    MAKE("pre-post", 7, "format=wav", "fs=1000", "duration_s=70", "jerk_per_min=20",
         "voluntary_per_min=1.5");
    ck_assert(same_as_sample("jerks.edf", "jerks.edf"));
    ck_assert(same_as_sample("jerks_truth.tsv", "jerks_truth.tsv"));
    ck_assert(same_as_sample("mixed.edf", "mixed.edf"));
    ck_assert(same_as_sample("mixed_truth_bursts.tsv", "mixed_truth_bursts.tsv"));
    ck_assert(same_as_sample("tremor.csv", "tremor.csv"));
    ck_assert(same_as_sample("tremor_truth.tsv", "tremor_truth.tsv"));
    ck_assert(same_as_sample("p01_post.wav", "pre-post/p01_post.wav"));
    ck_assert(same_as_sample("manifest.tsv", "pre-post/manifest.tsv"));
}
END_TEST

/* Each allocation fails in turn: no crash, the right code, and in the end the same bytes. */
START_TEST(memory_may_run_out_anywhere) {
    const char *const scenario = _i ? "acc-mixed" : "emg-mixed";
    const char *const settings[] = {_i ? "fs=25" : "fs=500",
                                    "duration_s=20",
                                    "n_channels=1",
                                    "jerk_per_min=30",
                                    "tremor_per_min=6",
                                    "name=m",
                                    NULL};
    make(scenario, 2, settings);
    char good[600], now[600];
    in_dir(good, sizeof good, "good");
    in_dir(now, sizeof now, "m.edf");
    ck_assert_int_eq(rename(now, good), 0);
    myo_err e = MYO_ERR_NOMEM;
    for (int64_t n = 1; e != MYO_OK; n++) {
        ck_assert_int_lt(n, 5000);
        myo_diag d = {0};
        myo_mem_fail_at(n);
        e = try_make(scenario, 2, settings, &d);
        myo_mem_fail_at(0);
        ck_assert(e == MYO_OK || e == MYO_ERR_NOMEM);
        myo_diag_clear(&d);
    }
    ck_assert(same_file("good", "m.edf"));
}
END_TEST

/* --- what is there already --- */

static void put_mine(const char *name) {
    char path[512];
    write_file(name, "mine", path, sizeof path);
}

static void expect_refused(const char *name, const char *scenario, const char *const *settings) {
    myo_diag d = {0};
    myo_buf b;
    const int before = n_files();
    ck_assert_int_eq(try_make(scenario, 1, settings, &d), MYO_ERR_USAGE);
    ck_assert_msg(strstr(d.message, name) != NULL && strstr(d.message, "not replaced") != NULL,
                  "%s", d.message);
    ck_assert_int_eq(n_files(), before);
    slurp(name, &b);
    ck_assert_str_eq(b.s, "mine");
    myo_buf_clear(&b);
}
#define REFUSED(name, scenario, ...)                                                               \
    expect_refused(name, scenario, (const char *const[]){__VA_ARGS__, NULL})

START_TEST(recordings_of_others_are_kept) {
    static const char *const formats[] = {"edf", "csv", "wav"};
    for (int i = 0; i < 3; i++) {
        char name[16], format[16];
        snprintf(name, sizeof name, "x.%s", formats[i]);
        snprintf(format, sizeof format, "format=%s", formats[i]);
        put_mine(name);
        REFUSED(name, "emg-noise", "duration_s=10", "name=x", format);
    }
    put_mine("y.json");
    REFUSED("y.json", "emg-noise", "duration_s=10", "name=y", "format=wav");
}
END_TEST

START_TEST(own_recordings_are_replaced) {
    MAKE("emg-noise", 1, "duration_s=10", "name=x");
    MAKE("emg-noise", 2, "duration_s=10", "name=x");
    MAKE("pre-post", 1, "participants=2", "duration_s=60", "fs=500");
    MAKE("pre-post", 2, "participants=2", "duration_s=60", "fs=500");
}
END_TEST

START_TEST(studies_of_others_are_kept) {
    put_mine("manifest.tsv");
    REFUSED("manifest.tsv", "pre-post", "participants=2", "duration_s=60", "fs=500");
    char path[512];
    in_dir(path, sizeof path, "manifest.tsv");
    remove(path);
    put_mine("p02_post.edf");
    REFUSED("p02_post.edf", "pre-post", "participants=2", "duration_s=60", "fs=500");
}
END_TEST

int main(void) {
    Suite *s = suite_create("synth_files");
    TCase *t = tcase_create("synth_files");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 120);
    tcase_add_test(t, formats_hold_the_same_samples);
    tcase_add_test(t, wav_has_a_sidecar_and_counts_its_channels);
    tcase_add_test(t, odd_rates_are_kept);
    tcase_add_test(t, missing_samples_are_written_as_such);
    tcase_add_test(t, edf_header_is_fixed);
    tcase_add_test(t, pre_post_halves_the_rate);
    tcase_add_test(t, fano_factor_is_kept);
    tcase_add_test(t, json_equals_settings);
    tcase_add_loop_test(t, wrong_settings_write_nothing, 0, (int)(sizeof wrong / sizeof wrong[0]));
    tcase_add_loop_test(t, bad_json_is_refused, 0, (int)(sizeof bad_json / sizeof bad_json[0]));
    tcase_add_test(t, folder_that_cannot_be_is_told);
    tcase_add_test(t, every_scenario_is_listed_and_runs);
    tcase_add_test(t, readers_see_the_same_in_every_format);
    tcase_add_test(t, readers_see_one_accelerometer);
    tcase_add_test(t, samples_can_be_made_again);
    tcase_add_test(t, recordings_of_others_are_kept);
    tcase_add_test(t, own_recordings_are_replaced);
    tcase_add_test(t, studies_of_others_are_kept);
    tcase_add_loop_test(t, memory_may_run_out_anywhere, 0, 2);
    suite_add_tcase(s, t);
    SRunner *sr = srunner_create(s);
    srunner_run_all(sr, CK_NORMAL);
    const int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed;
}
