/* test_info.c - the description of a recording: shares, gaps, text and JSON. */
#include <check.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/base.h"
#include "myotab/run.h"
#include "myotab/stop.h"

enum { FS = 1000 };
static char path[64];

/* Two EMG channels at 1 kHz, 10 s: a has 50 missing samples, b is constant from 4 s to 6 s; with
 * gap > 0 the time jumps by that many seconds in the middle. */
static void write_csv(const char *label, double gap) {
    strcpy(path, "/tmp/myotab-info-XXXXXX");
    FILE *f = fdopen(mkstemp(path), "w");
    ck_assert_ptr_nonnull(f);
    fprintf(f, "time (s),%s (uV),EMG b (uV)\n", label);
    myo_rng r;
    myo_rng_seed(&r, 3, 0);
    for (int i = 0; i < 10 * FS; i++) {
        const double t = i / (double)FS + (i >= 5 * FS ? gap : 0.0);
        const bool missing = i >= 1000 && i < 1050, flat = i >= 4000 && i < 6000;
        fprintf(f, "%.3f,", t);
        fprintf(f, missing ? "NaN," : "%.4f,", 10.0 * myo_rng_normal(&r));
        fprintf(f, "%.4f\n", flat ? 0.5 : 10.0 * myo_rng_normal(&r));
    }
    fclose(f);
}

static char *describe(int json, myo_err want, myo_diag *d) {
    char *text = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&text, &n);
    const myo_open_opts o = {0};
    ck_assert_msg(myo_info(path, &o, json, f, d) == want, "%s", d->message);
    fclose(f);
    unlink(path);
    return text;
}

static json_t *describe_json(void) {
    myo_diag d = {0};
    char *text = describe(1, MYO_OK, &d);
    ck_assert_ptr_eq(strchr(text, '\n'), text + strlen(text) - 1);
    json_t *root = json_loads(text, 0, NULL);
    ck_assert_ptr_nonnull(root);
    free(text);
    myo_diag_clear(&d);
    return root;
}

static double number(const json_t *root, int channel, const char *key) {
    const json_t *c = json_array_get(json_object_get(root, "channels"), (size_t)channel);
    const json_t *v = json_object_get(c, key);
    ck_assert_msg(json_is_number(v), "%s", key);
    return json_number_value(v);
}

START_TEST(shares_are_counted) {
    write_csv("EMG a", 0.0);
    json_t *root = describe_json();
    ck_assert_uint_eq(json_array_size(json_object_get(root, "channels")), 2);
    for (int c = 0; c < 2; c++) {
        ck_assert_double_eq_tol(number(root, c, "samples"), 10 * FS, 0.5);
        ck_assert_double_eq_tol(number(root, c, "rate_hz"), FS, 1e-6);
        ck_assert_double_eq_tol(number(root, c, "duration_s"), 10.0, 1e-6);
    }
    ck_assert_double_eq_tol(number(root, 0, "missing"), 0.005, 1e-9);
    ck_assert_double_eq_tol(number(root, 0, "flat"), 0.0, 1e-9);
    ck_assert_double_eq_tol(number(root, 1, "missing"), 0.0, 1e-9);
    ck_assert_double_eq_tol(number(root, 1, "flat"), 0.2, 1e-9);
    ck_assert_double_gt(number(root, 0, "max"), 20.0);
    ck_assert_double_lt(number(root, 0, "min"), -20.0);
    ck_assert_int_eq((int)json_integer_value(json_object_get(root, "n_gaps")), 0);
    json_decref(root);
}
END_TEST

START_TEST(gaps_have_place_and_length_and_end_flat_runs) {
    write_csv("EMG a", 7.5);
    json_t *root = describe_json();
    const json_t *gaps = json_object_get(root, "gaps");
    ck_assert_uint_eq(json_array_size(gaps), 1);
    const json_t *gap = json_array_get(gaps, 0);
    ck_assert_double_eq_tol(json_number_value(json_object_get(gap, "at_s")), 5.0, 1e-6);
    ck_assert_double_eq_tol(json_number_value(json_object_get(gap, "length_s")), 7.5, 1e-6);
    ck_assert_double_eq_tol(json_number_value(json_object_get(root, "gap_s")), 7.5, 1e-6);
    ck_assert_double_eq_tol(json_number_value(json_object_get(root, "duration_s")), 17.5, 0.0021);
    ck_assert_double_eq_tol(number(root, 1, "flat"), 0.2, 1e-9);
    json_decref(root);
}
END_TEST

START_TEST(text_has_a_line_per_channel) {
    write_csv("EMG a", 7.5);
    myo_diag d = {0};
    char *text = describe(0, MYO_OK, &d);
    ck_assert_ptr_nonnull(strstr(text, path));
    ck_assert_ptr_nonnull(strstr(text, "gaps         1, 7.500 s in all: 5.000+7.500\n"));
    ck_assert_ptr_nonnull(strstr(text, "\nEMG a"));
    ck_assert_ptr_nonnull(strstr(text, "\nEMG b"));
    ck_assert_ptr_nonnull(strstr(text, "20.00"));
    free(text);
    myo_diag_clear(&d);
}
END_TEST

START_TEST(labels_cannot_steer_a_terminal) {
    write_csv("EMG \xC2\x9B\x33\x31m\xE2\x80\xAE", 0.0);
    myo_diag d = {0};
    char *text = describe(_i, MYO_OK, &d);
    ck_assert_ptr_null(strstr(text, "\xC2\x9B"));
    ck_assert_ptr_null(strstr(text, "\xE2\x80\xAE"));
    free(text);
    myo_diag_clear(&d);
}
END_TEST

START_TEST(failure_writes_nothing) {
    write_csv("EMG a", -3.0);
    myo_diag d = {0};
    char *text = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&text, &n);
    const myo_open_opts o = {0};
    ck_assert_int_ne(myo_info(path, &o, 0, f, &d), MYO_OK);
    fclose(f);
    unlink(path);
    ck_assert_uint_eq(n, 0);
    ck_assert_uint_gt(strlen(d.message), 0);
    free(text);
    myo_diag_clear(&d);
}
END_TEST

START_TEST(stop_ends_the_pass) {
    write_csv("EMG a", 0.0);
    myo_stop_request(15);
    myo_diag d = {0};
    char *text = describe(0, MYO_ERR_STOPPED, &d);
    ck_assert_str_eq(text, "");
    free(text);
    myo_diag_clear(&d);
}
END_TEST

/* The n-th request for memory fails: an error and no output, or the same output as ever. */
START_TEST(lack_of_memory_is_told) {
    write_csv("EMG a", 7.5);
    char kept[sizeof path];
    strcpy(kept, path);
    int n = 1;
    for (bool done = false; !done && n < 5000; n++) {
        char *text = NULL;
        size_t length = 0;
        FILE *f = open_memstream(&text, &length);
        const myo_open_opts o = {0};
        myo_diag d = {0};
        myo_mem_fail_at(n);
        const myo_err e = myo_info(kept, &o, _i, f, &d);
        fclose(f);
        ck_assert_msg((e == MYO_OK) == (length > 0), "request %d", n);
        ck_assert(e == MYO_OK || d.message[0] != '\0');
        done = e == MYO_OK && d.n_suppressed == 0;
        free(text);
        myo_diag_clear(&d);
    }
    unlink(kept);
    ck_assert_int_gt(n, 5);
}
END_TEST

int main(void) {
    Suite *s = suite_create("info");
    TCase *t = tcase_create("info");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, shares_are_counted);
    tcase_add_test(t, gaps_have_place_and_length_and_end_flat_runs);
    tcase_add_test(t, text_has_a_line_per_channel);
    tcase_add_loop_test(t, labels_cannot_steer_a_terminal, 0, 2);
    tcase_add_test(t, failure_writes_nothing);
    tcase_add_test(t, stop_ends_the_pass);
    tcase_add_loop_test(t, lack_of_memory_is_told, 0, 2);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed;
}
