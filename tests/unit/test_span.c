/* test_span.c - a part of a recording, and a span of rest: a part gives what a file cut there gives, later. */
#include "myotab/myotab.h"
#include "recfile.h"
#include "run/analyse.h"
#include "sig.h"
#include "tsv.h"

enum { N = 60000 };
static const double FS = 1000.0;
static myo_params params;
static myo_pool *pool;
static myo_diag diag;
static double rest_start_s, rest_end_s;
static const myo_open_opts as_emg = {.fs = 1000.0, .channels = "1=EMG:uV,2=EMG:uV"};
static const myo_open_opts as_file = {0};

static void fresh(void)
{
    char command[256];
    snprintf(command, sizeof command, "rm -rf %s && mkdir -p %s/out", folder, folder);
    ck_assert_int_eq(system(command), 0);
    myo_params_defaults(&params);
    rest_start_s = rest_end_s = 0.0;
    ck_assert_int_eq(myo_pool_new(&pool, 2), MYO_OK);
}

static void done(void)
{
    myo_pool_free(&pool);
    myo_diag_clear(&diag);
}

/* ---- running ---- */

static myo_err run(const char *input, const char *stem, const myo_open_opts *open, double start_s, double end_s)
{
    char stem_path[512], dir[512];
    snprintf(stem_path, sizeof stem_path, "%s/out/%s", folder, stem);
    snprintf(dir, sizeof dir, "%s/out", folder);
    const myo_analyse_job job = {.input = input, .stem_path = stem_path, .dir = dir, .params = &params, .open = open,
                                 .pool = pool, .start_s = start_s, .end_s = end_s,
                                 .rest_start_s = rest_start_s, .rest_end_s = rest_end_s};
    myo_diag_clear(&diag);
    return myo_analyse(&job, &diag);
}

static void analyse(const char *input, const char *stem, const myo_open_opts *open, double start_s, double end_s)
{
    ck_assert_msg(run(input, stem, open, start_s, end_s) == MYO_OK, "%s", diag.message);
}

static tsv *table(const char *stem, const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "out/%s_%s.tsv", stem, name);
    return tsv_read(in_folder(path));
}

static bool is_time(const char *column)
{
    return strcmp(column, "onset") == 0 || strcmp(column, "peak_time") == 0;
}

/* Table of `part` is that of `cut`, later by `shift`. Returns its rows. */
static int same_but_later(const char *part, const char *cut, const char *name, double shift)
{
    tsv *a = table(part, name), *b = table(cut, name);
    ck_assert_int_eq(a->n_rows, b->n_rows);
    for (int i = 0; i < a->n_rows; i++) {
        for (int k = 0; k < a->n_columns; k++) {
            if (i > 0 && is_time(a->cell[0][k])) {
                ck_assert_double_eq_tol(strtod(a->cell[i][k], NULL), strtod(b->cell[i][k], NULL) + shift, 1.1e-6);
            } else {
                ck_assert_msg(strcmp(a->cell[i][k], b->cell[i][k]) == 0, "%s row %d %s: %s, cut %s", name, i, a->cell[0][k],
                              a->cell[i][k], b->cell[i][k]);
            }
        }
    }
    const int n = a->n_rows - 1;
    tsv_free(a);
    tsv_free(b);
    return n;
}

static void all_same_but_later(const char *part, const char *cut, double shift)
{
    same_but_later(part, cut, "channels", 0.0);
    same_but_later(part, cut, "summary", 0.0);
    ck_assert_int_gt(same_but_later(part, cut, "bursts", shift), 3);
    ck_assert_int_gt(same_but_later(part, cut, "events", shift), 3);
}

/* ---- recordings ---- */

/* Noise, hum, and bursts of two channels. */
static void make_signal(float *x[2])
{
    for (int c = 0; c < 2; c++) {
        x[c] = sig_new(N);
        sig_noise(x[c], N, 3.0, (uint64_t)(70 + c));
        sig_sine(x[c], N, FS, 50.02, c ? 6.0 : 0.0, 0.3);
        for (int k = 0; 1500 + 1300 * k + 200 < N; k++) {
            if (k % 3 != c) {
                sig_noise(x[c] + 1500 + 1300 * k, 50 + 10 * (k % 5), 50.0, (uint64_t)(100 + 2 * k + c));
            }
        }
    }
}

static const char *write_csv(const char *name, float *const *x, int from, int to)
{
    char line[64];
    bytes b = {0};
    for (int i = from; i < to; i++) {
        if (isnan(x[0][i])) {
            snprintf(line, sizeof line, ",%.9g\n", (double)x[1][i]);
        } else {
            snprintf(line, sizeof line, "%.9g,%.9g\n", (double)x[0][i], (double)x[1][i]);
        }
        put_text(&b, line);
    }
    const char *path = save(&b, name);
    free(b.p);
    return path;
}

/* 32-bit float WAV. */
static const char *write_wav(const char *name, float *const *x, int from, int to)
{
    bytes b = {0};
    const int64_t size = 8 * (int64_t)(to - from);
    put_text(&b, "RIFF");
    put_le(&b, 36 + size, 4);
    put_text(&b, "WAVEfmt ");
    put_le(&b, 16, 4);
    put_le(&b, 3, 2);
    put_le(&b, 2, 2);
    put_le(&b, 1000, 4);
    put_le(&b, 8000, 4);
    put_le(&b, 8, 2);
    put_le(&b, 32, 2);
    put_text(&b, "data");
    put_le(&b, size, 4);
    for (int i = from; i < to; i++) {
        for (int c = 0; c < 2; c++) {
            put(&b, &x[c][i], 4);
        }
    }
    const char *path = save(&b, name);
    free(b.p);
    return path;
}

static void free_signal(float *x[2])
{
    myo_free(x[0]);
    myo_free(x[1]);
}

/* Records [from, to) of an EDF file. */
static const char *cut_edf(const char *path, const char *name, int from, int to)
{
    bytes all = load(path), b = {0};
    char field[9] = {0};
    memcpy(field, all.p + 184, 8);
    const size_t head = (size_t)atoi(field);
    memcpy(field, all.p + 236, 8);
    const size_t record = (all.n - head) / (size_t)atoi(field);
    put(&b, all.p, head);
    snprintf(field, sizeof field, "%-8d", to - from);
    memcpy(b.p + 236, field, 8);
    put(&b, all.p + head + record * (size_t)from, record * (size_t)(to - from));
    const char *out = save(&b, name);
    free(all.p);
    free(b.p);
    return out;
}

/* ---- a part is a cut file ---- */

START_TEST(a_part_of_text_is_a_cut_file)
{
    float *x[2];
    make_signal(x);
    const char *whole = write_csv("whole.csv", x, 0, N), *cut = write_csv("cut.csv", x, 12345, 47001);
    analyse(whole, "part", &as_emg, 12.345, 47.001);
    analyse(cut, "cut", &as_emg, 0.0, 0.0);
    all_same_but_later("part", "cut", 12.345);
    free_signal(x);
}
END_TEST

/* scout_s decides whether the beforehand look is at all or at windows of it. */
START_TEST(a_part_of_audio_is_a_cut_file)
{
    float *x[2];
    make_signal(x);
    const char *whole = write_wav("whole.wav", x, 0, N), *cut = write_wav("cut.wav", x, 12345, 47001);
    params.run_scout_s = _i ? 20.0 : 600.0;
    analyse(whole, "part", &as_emg, 12.345, 47.001);
    analyse(cut, "cut", &as_emg, NAN, NAN);
    all_same_but_later("part", "cut", 12.345);
    free_signal(x);
}
END_TEST

START_TEST(a_part_of_edf_is_a_cut_file)
{
    const char *whole = MYO_SOURCE_DIR "/samples/mixed.edf";
    const char *cut = cut_edf(whole, "cut.edf", 7, 52);
    params.run_scout_s = _i ? 20.0 : 600.0;
    analyse(whole, "part", &as_file, 7.0, 52.0);
    analyse(cut, "cut", &as_file, 0.0, 0.0);
    all_same_but_later("part", "cut", 7.0);
}
END_TEST

START_TEST(the_whole_as_a_part_is_the_whole)
{
    const char *whole = MYO_SOURCE_DIR "/samples/jerks.edf";
    analyse(whole, "whole", &as_file, 0.0, 0.0);
    tsv *t = table("whole", "channels");
    const double duration = tsv_number(t, 1, "duration_s");
    tsv_free(t);
    analyse(whole, "part", &as_file, NAN, duration);
    all_same_but_later("part", "whole", 0.0);
}
END_TEST

/* ---- accounts ---- */

static void check_account(const char *stem, double duration)
{
    tsv *t = table(stem, "channels");
    ck_assert_int_gt(t->n_rows, 1);
    for (int i = 1; i < t->n_rows; i++) {
        ck_assert_double_eq_tol(tsv_number(t, i, "duration_s"), duration, 1e-3);
        ck_assert_double_eq_tol(tsv_number(t, i, "usable_s") + tsv_number(t, i, "masked_s") + tsv_number(t, i, "gap_s"),
                                duration, 2e-3);
    }
    tsv_free(t);
}

START_TEST(usable_masked_and_gap_make_the_part)
{
    float *x[2];
    make_signal(x);
    for (int i = 19900; i < 20400; i++) { /* missing across the start */
        x[0][i] = NAN;
    }
    memset(x[1] + 25000, 0, 600 * sizeof(float)); /* a dropout: masked */
    const char *whole = write_csv("gaps.csv", x, 0, N);
    analyse(whole, "part", &as_emg, 20.0, 40.0);
    check_account("part", 20.0);
    tsv *t = table("part", "channels");
    ck_assert_double_eq_tol(tsv_number(t, 1, "gap_s"), 0.4, 1e-3);
    ck_assert_double_gt(tsv_number(t, 2, "masked_s"), 0.5);
    tsv_free(t);
    free_signal(x);
}
END_TEST

START_TEST(adjoining_parts_make_the_whole)
{
    float *x[2];
    make_signal(x);
    const char *path = write_wav("whole.wav", x, 0, N);
    const double at[] = {0.0, 13.0005, 29.9996, 60.0};
    double sum = 0.0;
    for (int i = 0; i < 3; i++) {
        analyse(path, "part", &as_emg, at[i], at[i + 1]);
        tsv *t = table("part", "channels");
        sum += tsv_number(t, 1, "duration_s");
        ck_assert_double_eq_tol(tsv_number(t, 1, "duration_s"), tsv_number(t, 1, "usable_s"), 1e-9);
        tsv_free(t);
    }
    ck_assert_double_eq_tol(sum, 60.0, 1e-9);
    free_signal(x);
}
END_TEST

START_TEST(channels_left_out_have_the_parts_length)
{
    float *x[2];
    make_signal(x);
    const myo_open_opts one = {.fs = 1000.0, .channels = "1=EMG:uV,2=OTHER"};
    analyse(write_csv("whole.csv", x, 0, N), "part", &one, 10.0, 25.0);
    tsv *t = table("part", "channels");
    ck_assert_str_eq(tsv_text(t, 2, "flags"), "not_analysed");
    ck_assert_double_eq_tol(tsv_number(t, 2, "duration_s"), 15.0, 1e-9);
    tsv_free(t);
    free_signal(x);
}
END_TEST

/* Bounds on half a sample: every block length rounds them alike. */
START_TEST(block_length_moves_no_bound)
{
    float *x[2];
    make_signal(x);
    char path[512];
    snprintf(path, sizeof path, "%s", _i ? write_wav("whole.wav", x, 0, N) : write_csv("whole.csv", x, 0, N));
    analyse(path, "usual", &as_emg, 10.0005, 30.0015);
    const double chunk[] = {0.013, 0.5, 7.7, 100.0};
    for (int k = 0; k < 4; k++) {
        params.run_chunk_s = chunk[k];
        analyse(path, "part", &as_emg, 10.0005, 30.0015);
        all_same_but_later("part", "usual", 0.0);
    }
    free_signal(x);
}
END_TEST

/* ---- wrong parts ---- */

static void refuse(const char *path, double start_s, double end_s, const char *words)
{
    ck_assert_int_eq(run(path, "none", &as_emg, start_s, end_s), MYO_ERR_RANGE);
    ck_assert_msg(strstr(diag.message, words) != NULL, "'%s' lacks '%s'", diag.message, words);
    ck_assert_ptr_nonnull(strstr(diag.message, "found"));
    ck_assert_ptr_nonnull(strstr(diag.message, "allowed"));
    ck_assert_int_ne(access(in_folder("out/none_run.json"), F_OK), 0);
}

START_TEST(parts_outside_are_refused)
{
    float *x[2];
    make_signal(x);
    char path[512];
    snprintf(path, sizeof path, "%s", _i ? write_wav("whole.wav", x, 0, N) : write_csv("whole.csv", x, 0, N));
    refuse(path, 60.0, NAN, "starts behind the end");
    refuse(path, 1e9, NAN, "starts behind the end");
    refuse(path, 10.0, 60.1, "ends behind the end");
    refuse(path, -1.0, 20.0, "allowed from 0");
    refuse(path, 20.0, 20.0, "allowed from 0");
    refuse(path, 30.0, 20.0, "allowed from 0");
    refuse(path, INFINITY, NAN, "allowed from 0");
    ck_assert_int_eq(run(path, "fine", &as_emg, 10.0, 60.0005), MYO_OK); /* rounded elsewhere */
    free_signal(x);
}
END_TEST

START_TEST(a_part_shorter_than_the_filter_is_refused)
{
    float *x[2];
    make_signal(x);
    const char *path = write_wav("whole.wav", x, 0, N);
    ck_assert_int_eq(run(path, "none", &as_emg, 10.0, 10.05), MYO_ERR_TOO_SHORT);
    ck_assert_ptr_nonnull(strstr(diag.message, "50 samples"));
    free_signal(x);
}
END_TEST

/* Damage behind the part is found all the same: here a missing end. */
START_TEST(damage_outside_the_part_counts)
{
    float *x[2];
    make_signal(x);
    x[0][50000] = INFINITY;
    bytes b = {0};
    const char *whole = write_csv("whole.csv", x, 0, 1000);
    bytes text = load(whole);
    put(&b, text.p, text.n);
    put_text(&b, "1,2,3\n");
    const char *path = save(&b, "broken.csv");
    ck_assert_int_eq(run(path, "none", &as_emg, 0.0, 0.5), MYO_ERR_DAMAGED);
    free(text.p);
    free(b.p);
    free_signal(x);
}
END_TEST

/* ---- rest ---- */

/* Noise of 3 uV. Channel 1 is active at 9 uV but for pauses of 60 ms every 2 s and a rest from 26 to 29 s; channel 2
 * twitches now and then, but at rest. */
static void make_active(float *x[2])
{
    for (int c = 0; c < 2; c++) {
        x[c] = sig_new(N);
        sig_noise(x[c], N, 3.0, (uint64_t)(30 + c));
    }
    for (int k = 0; 2000 * (k + 1) <= N; k++) {
        if (k != 13) {
            sig_noise(x[0] + 2000 * k + (k == 14 ? 1000 : 0), k == 14 ? 940 : 1940, 9.0, (uint64_t)(300 + k));
            sig_noise(x[1] + 2000 * k + 1500, 60, 40.0, (uint64_t)(400 + k));
        }
    }
}

/* Seconds under bursts of channel 1. */
static double active_s(const char *stem)
{
    tsv *t = table(stem, "bursts"), *channels = table(stem, "channels");
    const char *channel = tsv_text(channels, 1, "channel");
    double sum = 0.0;
    for (int i = 1; i < t->n_rows; i++) {
        sum += strcmp(tsv_text(t, i, "channel"), channel) == 0 ? tsv_number(t, i, "duration") : 0.0;
    }
    tsv_free(channels);
    tsv_free(t);
    return sum;
}

static double floor_of(const char *stem, int channel)
{
    tsv *t = table(stem, "channels");
    const double v = tsv_number(t, channel, "noise_floor");
    tsv_free(t);
    return v;
}

START_TEST(rest_finds_what_goes_on_throughout)
{
    float *x[2];
    make_active(x);
    const char *path = _i ? write_wav("active.wav", x, 0, N) : write_csv("active.csv", x, 0, N);
    analyse(path, "without", &as_emg, 0.0, 0.0);
    rest_start_s = 26.0;
    rest_end_s = 29.0;
    analyse(path, "rest", &as_emg, 0.0, 0.0);
    ck_assert_double_lt(active_s("without"), 5.0);
    ck_assert_double_gt(active_s("rest"), 50.0);
    ck_assert_double_lt(active_s("rest"), 57.0);
    free_signal(x);
}
END_TEST

START_TEST(rest_may_lie_outside_the_part)
{
    float *x[2];
    make_active(x);
    const char *path = write_wav("active.wav", x, 0, N);
    rest_start_s = 27.0;
    rest_end_s = 29.0; /* the shortest allowed */
    analyse(path, "rest", &as_emg, 30.0, 50.0);
    ck_assert_double_gt(active_s("rest"), 17.0);
    check_account("rest", 20.0);
    free_signal(x);
}
END_TEST

/* The true floor is 3 uV over 430 of 500 Hz. */
START_TEST(the_floor_is_that_of_rest)
{
    float *x[2];
    make_active(x);
    rest_start_s = 26.0;
    rest_end_s = 29.0;
    params.emg.floor_rise = 0.0;
    analyse(write_wav("active.wav", x, 0, N), "rest", &as_emg, 0.0, 0.0);
    ck_assert_double_eq_tol(floor_of("rest", 1), 3.0 * sqrt(430.0 / 500.0), 0.15);
    ck_assert_double_eq_tol(floor_of("rest", 2), 3.0 * sqrt(430.0 / 500.0), 0.15);
    free_signal(x);
}
END_TEST

/* Rest that is noisier than what follows: the floor falls at once. */
START_TEST(the_floor_falls_below_rest)
{
    float *x[2];
    for (int c = 0; c < 2; c++) {
        x[c] = sig_new(N);
        sig_noise(x[c], N, 2.0, (uint64_t)(30 + c));
        sig_noise(x[c], 5000, 8.0, (uint64_t)(50 + c));
    }
    rest_end_s = 5.0;
    analyse(write_wav("loud.wav", x, 0, N), "rest", &as_emg, 0.0, 0.0);
    ck_assert_double_lt(floor_of("rest", 1), 3.0);
    tsv *t = table("rest", "channels");
    ck_assert_str_eq(tsv_text(t, 1, "flags"), "rest_not_quiet");
    tsv_free(t);
    ck_assert_int_eq(diag.n_warnings, 2);
    ck_assert_ptr_nonnull(strstr(diag.warnings[0], "not quiet"));
    free_signal(x);
}
END_TEST

START_TEST(wrong_rest_is_refused)
{
    float *x[2];
    make_active(x);
    char path[512];
    snprintf(path, sizeof path, "%s", _i ? write_wav("active.wav", x, 0, N) : write_csv("active.csv", x, 0, N));
    const struct { double from, to; const char *words; } wrong[] = {
        {1.0, 2.9, "too short (found 1.9 s, allowed from 2 s)"}, {5.0, 4.0, "span of rest is none"},
        {-2.0, 4.0, "span of rest is none"}, {61.0, 70.0, "rest_start_s 61, allowed 0 to 60 s"},
        {50.0, 70.0, "rest_end_s 70, allowed to 60 s"}, {59.0, NAN, "too short (found 1 s"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        rest_start_s = wrong[i].from;
        rest_end_s = wrong[i].to;
        refuse(path, 0.0, 0.0, wrong[i].words);
    }
    free_signal(x);
}
END_TEST

START_TEST(a_channel_without_rest_is_told)
{
    float *x[2];
    make_active(x);
    for (int i = 500; i < 4500; i++) {
        x[0][i] = NAN;
    }
    const char *path = write_csv("gap.csv", x, 0, N);
    rest_start_s = 1.0;
    rest_end_s = 4.0;
    params.run_scout_s = 60.0;
    ck_assert_int_eq(run(path, "gap", &as_emg, 0.0, 0.0), MYO_ERR_RANGE); /* over 5 % missing */
    for (int i = 500; i < 4500; i++) {
        x[0][i] = i > 900 && i < 3700 ? NAN : x[1][i];
    }
    rest_end_s = 3.5;
    analyse(write_csv("gap.csv", x, 0, N), "gap", &as_emg, 0.0, 0.0);
    tsv *t = table("gap", "channels");
    ck_assert_ptr_nonnull(strstr(tsv_text(t, 1, "flags"), "no_rest"));
    ck_assert_str_eq(tsv_text(t, 2, "flags"), "n/a");
    tsv_free(t);
    free_signal(x);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("span");
    TCase *t = tcase_create("part");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, fresh, done);
    tcase_add_test(t, a_part_of_text_is_a_cut_file);
    tcase_add_loop_test(t, a_part_of_audio_is_a_cut_file, 0, 2);
    tcase_add_loop_test(t, a_part_of_edf_is_a_cut_file, 0, 2);
    tcase_add_test(t, the_whole_as_a_part_is_the_whole);
    tcase_add_test(t, usable_masked_and_gap_make_the_part);
    tcase_add_test(t, adjoining_parts_make_the_whole);
    tcase_add_test(t, channels_left_out_have_the_parts_length);
    tcase_add_loop_test(t, block_length_moves_no_bound, 0, 2);
    tcase_add_loop_test(t, parts_outside_are_refused, 0, 2);
    tcase_add_test(t, a_part_shorter_than_the_filter_is_refused);
    tcase_add_test(t, damage_outside_the_part_counts);
    tcase_add_loop_test(t, rest_finds_what_goes_on_throughout, 0, 2);
    tcase_add_test(t, rest_may_lie_outside_the_part);
    tcase_add_test(t, the_floor_is_that_of_rest);
    tcase_add_test(t, the_floor_falls_below_rest);
    tcase_add_loop_test(t, wrong_rest_is_refused, 0, 2);
    tcase_add_test(t, a_channel_without_rest_is_told);
    suite_add_tcase(s, t);
    return run_tests(s);
}
