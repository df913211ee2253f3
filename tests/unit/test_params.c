/* test_params.c - parameters: every row's bounds, presets, files, rules across fields. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/base.h"
#include "myotab/study.h"

static int n_rows(void) {
    return myo_n_params;
}

static myo_params defaults(void) {
    myo_params p;
    memset(&p, 0xff, sizeof p);
    myo_params_defaults(&p);
    return p;
}

static myo_err set_value(myo_params *p, const myo_param_row *row, double v, myo_diag *d) {
    char s[40];
    myo_format_g(s, sizeof s, v, 17);
    if (row->kind == MYO_PARAM_INT) {
        snprintf(s, sizeof s, "%lld", (long long)v);
    }
    return myo_params_set(p, row->name, s, d);
}

START_TEST(bounds_are_taken_and_beyond_is_refused) {
    const myo_param_row *row = &myo_param_rows[_i];
    myo_params p = defaults();
    myo_diag d = {0};
    ck_assert_double_eq(myo_param_get(&p, row), row->def);
    ck_assert(row->def >= row->lo && row->def <= row->hi && row->lo < row->hi);
    ck_assert_int_eq(set_value(&p, row, row->lo, &d), MYO_OK);
    ck_assert_double_eq(myo_param_get(&p, row), row->lo);
    ck_assert_int_eq(set_value(&p, row, row->hi, &d), MYO_OK);
    ck_assert_double_eq(myo_param_get(&p, row), row->hi);
    const bool whole = row->kind != MYO_PARAM_REAL;
    const double below = whole ? row->lo - 1 : nextafter(row->lo, -INFINITY);
    const double above = whole ? row->hi + 1 : nextafter(row->hi, INFINITY);
    ck_assert_int_eq(set_value(&p, row, below, &d), MYO_ERR_PARAM);
    ck_assert_ptr_nonnull(strstr(d.message, row->name));
    myo_diag_clear(&d);
    ck_assert_int_eq(set_value(&p, row, above, &d), MYO_ERR_PARAM);
    ck_assert_double_eq(myo_param_get(&p, row), row->hi);
}
END_TEST

START_TEST(one_parameter_does_not_touch_another) {
    myo_params p = defaults();
    ck_assert_int_eq(set_value(&p, &myo_param_rows[_i], myo_param_rows[_i].hi, NULL), MYO_OK);
    for (int k = 0; k < myo_n_params; k++) {
        if (k != _i) {
            ck_assert_double_eq(myo_param_get(&p, &myo_param_rows[k]), myo_param_rows[k].def);
        }
    }
}
END_TEST

static const char *const nonsense[] = {"",      " ",   "x",   "1x",  "nan", "inf",
                                       "1e999", "0x1", "1,5", "--1", "1 2"};

START_TEST(nonsense_is_refused_by_every_row) {
    const myo_param_row *row = &myo_param_rows[_i];
    for (size_t k = 0; k < sizeof nonsense / sizeof nonsense[0]; k++) {
        myo_params p = defaults();
        myo_diag d = {0};
        ck_assert_int_eq(myo_params_set(&p, row->name, nonsense[k], &d), MYO_ERR_PARAM);
        ck_assert_double_eq(myo_param_get(&p, row), row->def);
        ck_assert_ptr_nonnull(strstr(d.message, "allowed"));
    }
}
END_TEST

START_TEST(rows_have_names_help_and_are_unique) {
    const myo_param_row *row = &myo_param_rows[_i];
    ck_assert_ptr_nonnull(strchr(row->name, '.'));
    ck_assert_uint_gt(strlen(row->help), 5);
    ck_assert_ptr_null(strpbrk(row->help, "|\t\n"));
    for (int k = 0; k < _i; k++) {
        ck_assert_str_ne(myo_param_rows[k].name, row->name);
        ck_assert_uint_ne(myo_param_rows[k].offset, row->offset);
    }
}
END_TEST

START_TEST(fields_and_rows_are_the_same_thing) {
    myo_params p = defaults();
    ck_assert_int_eq(myo_params_set(&p, "emg.band_lo", "33.5", NULL), MYO_OK);
    ck_assert_int_eq(myo_params_set(&p, "acc.band_lo", "2", NULL), MYO_OK);
    ck_assert_int_eq(myo_params_set(&p, "mask.clip_n", "7", NULL), MYO_OK);
    ck_assert_double_eq(p.emg.band_lo, 33.5);
    ck_assert_double_eq(p.acc.band_lo, 2);
    ck_assert_int_eq(p.mask_clip_n, 7);
    ck_assert_int_eq(myo_params_set(&p, "mask.clip_n", "7.5", NULL), MYO_ERR_PARAM);
    ck_assert_int_eq(p.mask_clip_n, 7);
}
END_TEST

START_TEST(switches_read_words) {
    static const char *const on[] = {"1", "true", "yes", "on", "TRUE"}, *const off[] = {
                                                                            "0", "false", "no",
                                                                            "off"};
    myo_params p = defaults();
    for (size_t k = 0; k < sizeof off / sizeof off[0]; k++) {
        ck_assert_int_eq(myo_params_set(&p, "mains.on", off[k], NULL), MYO_OK);
        ck_assert_int_eq(p.mains_on, 0);
        ck_assert_int_eq(myo_params_set(&p, "mains.on", on[k], NULL), MYO_OK);
        ck_assert_int_eq(p.mains_on, 1);
    }
    ck_assert_int_eq(myo_params_set(&p, "mains.on", on[4], NULL), MYO_OK);
    ck_assert_int_eq(myo_params_set(&p, "mains.on", "2", NULL), MYO_ERR_PARAM);
    ck_assert_int_eq(myo_params_set(&p, "mains.on", "maybe", NULL), MYO_ERR_PARAM);
}
END_TEST

START_TEST(unknown_names_are_told) {
    static const char *const names[] = {
        "", "emg", "emg.", "band_lo", "emg.band_low", "emg.band_l", "EMG.band_lo"};
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
        myo_params p = defaults();
        myo_diag d = {0};
        ck_assert_int_eq(myo_params_set(&p, names[k], "30", &d), MYO_ERR_PARAM);
        ck_assert_ptr_nonnull(strstr(d.message, "unknown parameter"));
    }
}
END_TEST

START_TEST(defaults_and_presets_pass_the_check) {
    myo_params p = defaults();
    myo_diag d = {0};
    ck_assert_msg(myo_params_check(&p, &d) == MYO_OK, "%s", d.message);
    for (int k = 0; k < myo_n_presets; k++) {
        p = defaults();
        ck_assert_msg(myo_params_preset(&p, myo_presets[k].name, &d) == MYO_OK, "%s", d.message);
        ck_assert_msg(myo_params_check(&p, &d) == MYO_OK, "%s: %s", myo_presets[k].name, d.message);
    }
    ck_assert_int_eq(myo_params_preset(&p, "none", &d), MYO_ERR_PARAM);
    ck_assert_ptr_nonnull(strstr(d.message, "emg, accel"));
}
END_TEST

/* Settings of two fields that contradict each other; the message names both. */
static const struct {
    const char *a, *a_value, *b, *b_value;
} wrong[] = {
    {"emg.band_lo", "450", "emg.band_hi", "450"},
    {"acc.band_lo", "40", "acc.band_hi", "30"},
    {"emg.band_lo", "39.9", "emg.band_hi", "40"}, /* less than an octave */
    {"emg.scale1_ms", "24", "emg.scale2_ms", "24"},
    {"emg.scale2_ms", "100", "emg.scale3_ms", "99"},
    {"acc.scale3_ms", "2000", "acc.scale4_ms", "1500"},
    {"emg.tremor_lo", "20", "emg.tremor_hi", "20"},
    {"acc.tremor_lo", "9", "acc.tremor_hi", "8"},
    {"negative.min_ms", "600", "negative.max_ms", "500"},
    {"legs.off_uv", "8", "legs.on_uv", "2"},
    {"legs.min_s", "5", "legs.max_s", "2"},
    {"legs.imi_lo", "80", "legs.imi_hi", "20"},
};

START_TEST(contradictions_are_refused) {
    myo_params p = defaults();
    myo_diag d = {0};
    ck_assert_int_eq(myo_params_set(&p, wrong[_i].a, wrong[_i].a_value, &d), MYO_OK);
    ck_assert_int_eq(myo_params_set(&p, wrong[_i].b, wrong[_i].b_value, &d), MYO_OK);
    ck_assert_int_eq(myo_params_check(&p, &d), MYO_ERR_PARAM);
    ck_assert_ptr_nonnull(strstr(d.message, wrong[_i].a));
    ck_assert_ptr_nonnull(strstr(d.message, wrong[_i].b));
}
END_TEST

START_TEST(check_finds_values_out_of_bounds_and_odd_mains) {
    myo_params p = defaults();
    p.emg.fa_per_h = NAN;
    ck_assert_int_eq(myo_params_check(&p, NULL), MYO_ERR_PARAM);
    p = defaults();
    p.mask_clip_n = 0;
    ck_assert_int_eq(myo_params_check(&p, NULL), MYO_ERR_PARAM);
    p = defaults();
    p.mains_freq = 5;
    ck_assert_int_eq(myo_params_check(&p, NULL), MYO_ERR_PARAM);
    p.mains_freq = 16.7;
    ck_assert_int_eq(myo_params_check(&p, NULL), MYO_OK);
}
END_TEST

/* --- files --- */
static char path[64];

static void write_config(const char *text) {
    strcpy(path, "/tmp/myotab-params-XXXXXX");
    const int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static const char *const good[] = {
    "{}",
    "{\"emg.band_lo\": 30}",
    "{\"emg\": {\"band_lo\": 30}}",
    "\xEF\xBB\xBF{\"emg\": {\"band_lo\": 3.0e1}}\r\n",
    "{\"mains.on\": false, \"mask\": {\"clip_n\": 5}}",
    "{\"mains.on\": 0}",
};

START_TEST(good_files) {
    write_config(good[_i]);
    myo_params p = defaults();
    myo_diag d = {0};
    ck_assert_msg(myo_params_load(&p, path, &d) == MYO_OK, "%s", d.message);
    unlink(path);
    ck_assert_double_eq(p.emg.band_lo, strstr(good[_i], "band_lo") != NULL ? 30 : 20);
    ck_assert_int_eq(p.mains_on, strstr(good[_i], "mains") == NULL);
}
END_TEST

static const struct {
    const char *text, *told;
} bad[] = {
    {"", "line 1"},
    {"[]", "not a JSON object"},
    {"{\"emg\": {\"band_lo\": 30},\n \"emg.foo\": 1}", "line 2: unknown parameter 'emg.foo'"},
    {"{\"emg\": {\"band_hi\": 300,\n\n\"band_x\": 1}}", "line 3: unknown parameter 'emg.band_x'"},
    {"{\"emg.band_lo\": 30,\n\"emg.band_lo\": 30}", "line 2, column"},
    {"{\"emg.band_lo\": \"30\"}", "found no number"},
    {"{\"emg.band_lo\": null}", "found no number"},
    {"{\"emg.band_lo\": [30]}", "found no number"},
    {"{\"emg\": {\"band_lo\": {\"x\": 1}}}", "found no number"},
    {"{\"emg.band_lo\": 1e999}", "line 1"},
    {"{\"emg.band_lo\": NaN}", "line 1"},
    {"{\"emg.band_lo\": 99999}", "allowed 0.05 to 5000 Hz"},
    {"{\"emg.band_lo\": 30", "line 1"},
    {"{\"emg.band_lo\": 30} x", "line 1"},
    {"{\"mask.clip_n\": 3.5}", "whole number"},
    {"{\"\\ud800\": 3.5}", "line 1"},
    {"{\"a\\nb\": 1}", "unknown parameter 'a\\x0Ab'"},
};

START_TEST(bad_files_change_nothing_and_tell_the_place) {
    write_config(bad[_i].text);
    myo_params p = defaults();
    const myo_params before = p;
    myo_diag d = {0};
    ck_assert_int_eq(myo_params_load(&p, path, &d), MYO_ERR_PARAM);
    unlink(path);
    ck_assert_msg(strstr(d.message, bad[_i].told) != NULL, "%s", d.message);
    ck_assert_msg(strncmp(d.message, path, strlen(path)) == 0, "%s", d.message);
    ck_assert_int_eq(memcmp(&p, &before, sizeof p), 0);
}
END_TEST

START_TEST(deep_and_missing_files) {
    char deep[60001];
    memset(deep, '[', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    write_config(deep);
    myo_params p = defaults();
    myo_diag d = {0};
    ck_assert_int_eq(myo_params_load(&p, path, &d), MYO_ERR_PARAM);
    unlink(path);
    myo_diag_clear(&d);
    ck_assert_int_eq(myo_params_load(&p, path, &d), MYO_ERR_PARAM);
    ck_assert_ptr_nonnull(strstr(d.message, "No such file"));
}
END_TEST

START_TEST(files_without_memory) {
    write_config("{\"emg\": {\"band_lo\": 30, \"band_x\": 1}}");
    int failures = 0;
    for (int n = 1; n <= 12; n++) {
        myo_params p = defaults();
        myo_diag d = {0};
        myo_mem_fail_at(n);
        ck_assert_int_ne(myo_params_load(&p, path, &d), MYO_OK);
        myo_mem_fail_at(0);
        failures += strstr(d.message, "memory") != NULL;
        ck_assert_uint_gt(strlen(d.message), 0);
    }
    unlink(path);
    ck_assert_int_gt(failures, 0);
}
END_TEST

START_TEST(later_sources_win) {
    static const char *const settings[] = {"emg.gap_ms=55", "emg.gap_ms=56", NULL};
    write_config("{\"emg.band_lo\": 30, \"emg.gap_ms\": 40}");
    const myo_param_source src = {.preset = "noisy", .file = path, .settings = settings};
    myo_params p;
    myo_diag d = {0};
    ck_assert_msg(myo_params_from(&p, &src, &d) == MYO_OK, "%s", d.message);
    unlink(path);
    ck_assert_double_eq(p.emg.band_hi, 250.0); /* the preset's */
    ck_assert_double_eq(p.emg.band_lo, 30.0);  /* the file's over the preset's 40 */
    ck_assert_double_eq(p.emg.gap_ms, 56.0);   /* the last setting */
    const myo_param_source none = {.preset = NULL};
    const myo_params def = defaults();
    memset(&p, 0, sizeof p);
    ck_assert_int_eq(myo_params_from(&p, &none, &d), MYO_OK);
    ck_assert_int_eq(memcmp(&p, &def, sizeof p), 0);
}
END_TEST

static const struct {
    const char *preset, *file, *setting, *told;
} wrong_sources[] = {
    {"nope", NULL, NULL, "unknown preset (found 'nope'"},
    {NULL, "/nowhere/p.json", NULL, "/nowhere/p.json"},
    {NULL, NULL, "emg.gap_ms", "allowed name=value"},
    {NULL, NULL, "emg.gap_ms=x", "emg.gap_ms"},
    {NULL, NULL, "emg.band_lo=500", "must be below"},
};

START_TEST(wrong_sources_change_nothing) {
    const char *const settings[] = {wrong_sources[_i].setting, NULL};
    const myo_param_source src = {wrong_sources[_i].preset, wrong_sources[_i].file, settings};
    myo_params p = defaults();
    const myo_params before = p;
    myo_diag d = {0};
    ck_assert_int_eq(myo_params_from(&p, &src, &d), MYO_ERR_PARAM);
    ck_assert_ptr_nonnull(strstr(d.message, wrong_sources[_i].told));
    ck_assert_int_eq(memcmp(&p, &before, sizeof p), 0);
}
END_TEST

int main(void) {
    Suite *s = suite_create("params");
    TCase *t = tcase_create("params");
    tcase_add_loop_test(t, bounds_are_taken_and_beyond_is_refused, 0, n_rows());
    tcase_add_loop_test(t, one_parameter_does_not_touch_another, 0, n_rows());
    tcase_add_loop_test(t, nonsense_is_refused_by_every_row, 0, n_rows());
    tcase_add_loop_test(t, rows_have_names_help_and_are_unique, 0, n_rows());
    tcase_add_test(t, fields_and_rows_are_the_same_thing);
    tcase_add_test(t, switches_read_words);
    tcase_add_test(t, unknown_names_are_told);
    tcase_add_test(t, defaults_and_presets_pass_the_check);
    tcase_add_loop_test(t, contradictions_are_refused, 0, sizeof wrong / sizeof wrong[0]);
    tcase_add_test(t, check_finds_values_out_of_bounds_and_odd_mains);
    tcase_add_loop_test(t, good_files, 0, sizeof good / sizeof good[0]);
    tcase_add_loop_test(t, bad_files_change_nothing_and_tell_the_place, 0,
                        sizeof bad / sizeof bad[0]);
    tcase_add_test(t, deep_and_missing_files);
    tcase_add_test(t, files_without_memory);
    tcase_add_test(t, later_sources_win);
    tcase_add_loop_test(t, wrong_sources_change_nothing, 0,
                        sizeof wrong_sources / sizeof wrong_sources[0]);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed;
}
