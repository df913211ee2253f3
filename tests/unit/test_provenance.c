/* test_provenance.c - STEM_run.json and the names of output files. */
#include <check.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/base.h"
#include "myotab/myotab.h"
#include "out/json.h"
#include "out/names.h"
#include "out/provenance.h"

static char path[128];

static myo_provenance example(const myo_params *params) {
    static const myo_named libs[] = {{"gsl", "2.7.1"}, {"fftw", "3.3.10"}};
    static const char *const warnings[] = {"unit missing", "flat channel"};
    return (myo_provenance){.input = "/home/somebody/study/rec 1.edf",
                            .format = "EDF",
                            .sha256 = "00ff",
                            .size = 1234,
                            .params = params,
                            .compiler = "gcc 12.2.0",
                            .libraries = libs,
                            .n_libraries = 2,
                            .warnings = warnings,
                            .n_warnings = 2};
}

static void write_to_buf(const myo_provenance *p, myo_buf *b) {
    snprintf(path, sizeof path, "/tmp/myotab_run_%ld.json", (long)getpid());
    ck_assert_int_eq(myo_provenance_write(p, path, NULL), MYO_OK);
    ck_assert_int_eq(myo_slurp(path, 1 << 20, b, NULL), MYO_OK);
    unlink(path);
}

static json_t *write_and_parse(const myo_provenance *p) {
    myo_buf b = {0};
    write_to_buf(p, &b);
    json_t *root = json_loads(b.s, JSON_REJECT_DUPLICATES, NULL);
    ck_assert_ptr_nonnull(root);
    myo_buf_clear(&b);
    return root;
}

START_TEST(equal_content_gives_equal_bytes) {
    myo_params params;
    myo_params_defaults(&params);
    const myo_provenance p = example(&params);
    myo_buf a = {0}, b = {0};
    write_to_buf(&p, &a);
    write_to_buf(&p, &b);
    ck_assert_str_eq(a.s, b.s);
    ck_assert_ptr_null(strstr(a.s, "somebody")); /* no path */
    myo_buf_clear(&a);
    myo_buf_clear(&b);
}
END_TEST

START_TEST(chunk_length_is_not_provenance) {
    myo_params params;
    myo_params_defaults(&params);
    const myo_provenance p = example(&params);
    myo_buf a = {0}, b = {0};
    write_to_buf(&p, &a);
    params.run_chunk_s = 0.5;
    write_to_buf(&p, &b);
    ck_assert_str_eq(a.s, b.s);
    params.group_gap_s = 0.5;
    write_to_buf(&p, &b);
    ck_assert_str_ne(a.s, b.s);
    myo_buf_clear(&a);
    myo_buf_clear(&b);
}
END_TEST

START_TEST(every_parameter_comes_back) {
    myo_params params, back;
    myo_params_defaults(&params);
    params.emg.band_lo = 1.0 / 3.0 + 20.0;
    params.mains_on = 0;
    params.mask_clip_n = 7;
    const myo_provenance p = example(&params);
    json_t *root = write_and_parse(&p);
    ck_assert_str_eq(json_string_value(json_object_get(root, "version")), MYO_VERSION);
    json_t *all = json_object_get(root, "parameters");
    ck_assert_uint_eq(json_object_size(all), (size_t)myo_n_params - 1);
    snprintf(path, sizeof path, "/tmp/myotab_par_%ld.json", (long)getpid());
    ck_assert_int_eq(myo_json_write(all, path, NULL), MYO_OK);
    myo_params_defaults(&back);
    ck_assert_int_eq(myo_params_load(&back, path, NULL), MYO_OK);
    unlink(path);
    for (int i = 0; i < myo_n_params; i++) {
        ck_assert_msg(myo_param_get(&params, &myo_param_rows[i]) ==
                          myo_param_get(&back, &myo_param_rows[i]),
                      "%s", myo_param_rows[i].name);
    }
    json_decref(root);
}
END_TEST

START_TEST(input_and_options_are_told) {
    myo_params params;
    myo_params_defaults(&params);
    myo_provenance p = example(&params);
    const myo_open_opts open = {.fs = 2000, .unit = "uV", .channels = "", .salvage = true};
    p.open = &open;
    p.truncated = true;
    json_t *root = write_and_parse(&p);
    const json_t *in = json_object_get(root, "input"), *o = json_object_get(root, "open");
    ck_assert_str_eq(json_string_value(json_object_get(in, "file")), "rec 1.edf");
    ck_assert_int_eq(json_integer_value(json_object_get(in, "size_bytes")), 1234);
    ck_assert(json_is_true(json_object_get(in, "truncated")));
    ck_assert(json_real_value(json_object_get(o, "fs")) == 2000.0);
    ck_assert(json_is_null(json_object_get(o, "scale")));
    ck_assert(json_is_null(json_object_get(o, "channels")));
    ck_assert(json_is_true(json_object_get(o, "salvage")));
    ck_assert(json_is_null(json_object_get(root, "seed")));
    ck_assert_uint_eq(json_array_size(json_object_get(root, "warnings")), 2);
    json_decref(root);
}
END_TEST

START_TEST(seeds_survive_in_full) {
    myo_provenance p = example(NULL);
    p.has_seed = true;
    p.seed = 42;
    json_t *root = write_and_parse(&p);
    ck_assert_int_eq(json_integer_value(json_object_get(root, "seed")), 42);
    json_decref(root);
    p.seed = UINT64_MAX;
    root = write_and_parse(&p);
    ck_assert_str_eq(json_string_value(json_object_get(root, "seed")), "18446744073709551615");
    json_decref(root);
}
END_TEST

START_TEST(hostile_names_reach_the_file_escaped) {
    const char *names[] = {"a\x01\x1b[2J.edf", "a\xE2\x80\xAE.b", "a\xC2\x85", "\xFF\xFE", "d\x7F"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        myo_provenance p = example(NULL);
        p.input = names[i];
        myo_buf b = {0};
        write_to_buf(&p, &b);
        for (size_t k = 0; k < b.n; k++) {
            ck_assert(b.s[k] == '\n' || (b.s[k] >= 0x20 && b.s[k] < 0x7F));
        }
        json_t *root = json_loads(b.s, 0, NULL);
        const char *file =
            json_string_value(json_object_get(json_object_get(root, "input"), "file"));
        ck_assert_ptr_nonnull(file);
        if (i < 3) {
            ck_assert_str_eq(file, names[i]); /* exact bytes come back */
        }
        json_decref(root);
        myo_buf_clear(&b);
    }
}
END_TEST

static long budget;

static void *failing_malloc(size_t n) {
    return --budget == 0 ? NULL : malloc(n);
}

/* Leaks show under the sanitizers. */
START_TEST(no_memory_writes_no_file) {
    myo_params params;
    myo_params_defaults(&params);
    const myo_provenance p = example(&params);
    snprintf(path, sizeof path, "/tmp/myotab_nomem_%ld.json", (long)getpid());
    json_set_alloc_funcs(failing_malloc, free);
    int failures = 0;
    for (long n = 1;; n++) {
        budget = n;
        if (myo_provenance_write(&p, path, NULL) == MYO_OK) {
            break;
        }
        failures++;
        ck_assert_int_ne(access(path, F_OK), 0);
    }
    json_set_alloc_funcs(malloc, free);
    unlink(path);
    ck_assert_int_gt(failures, 100);
}
END_TEST

static void check_stem(const char *in, const char *want) {
    char stem[MYO_STEM_MAX];
    ck_assert_int_eq(myo_stem_of(in, NULL, NULL, stem, NULL), MYO_OK);
    ck_assert_str_eq(stem, want);
}

START_TEST(stems_drop_folder_and_ending) {
    check_stem("rec.edf", "rec");
    check_stem("/a/b.c/rec.tar.gz", "rec.tar");
    check_stem("a.b/rec", "rec");
    check_stem("sub-01_task-rest_emg.edf", "sub-01_task-rest_emg");
    check_stem(".hidden", ".hidden");
    check_stem("-", "stdin");
}
END_TEST

START_TEST(stems_are_built_from_a_whitelist) {
    check_stem("a b.edf", "a%20b");
    check_stem("50%.edf", "50%25");
    check_stem("\xC3\xA4.edf", "%C3%A4");
    check_stem("a\n$(x)`|.edf", "a%0A%24%28x%29%60%7C");
}
END_TEST

START_TEST(stems_are_never_a_folder) {
    check_stem("..edf", "%2E");
    check_stem("...edf", "%2E%2E");
    check_stem(".", "%2E");
    check_stem("..", "%2E");
    check_stem("", "recording");
    check_stem("a/", "recording");
    check_stem("....edf", "...");
}
END_TEST

START_TEST(study_stems_carry_the_ids) {
    char stem[MYO_STEM_MAX];
    ck_assert_int_eq(myo_stem_of("x/rec.edf", "01", "pre", stem, NULL), MYO_OK);
    ck_assert_str_eq(stem, "sub-01_ses-pre_rec");
    ck_assert_int_eq(myo_stem_of("x/rec.edf", "sub-01", "ses-pre", stem, NULL), MYO_OK);
    ck_assert_str_eq(stem, "sub-01_ses-pre_rec");
    ck_assert_int_eq(myo_stem_of("x/rec.edf", "../1", "a/b", stem, NULL), MYO_OK);
    ck_assert_str_eq(stem, "sub-..%2F1_ses-a%2Fb_rec");
}
END_TEST

START_TEST(long_stems_are_cut_and_told_apart) {
    char in[600], a[MYO_STEM_MAX], b[MYO_STEM_MAX];
    memset(in, 'x', sizeof in);
    in[255] = '\0';
    ck_assert_int_eq(myo_stem_of(in, NULL, NULL, a, NULL), MYO_OK);
    in[254] = 'y';
    ck_assert_int_eq(myo_stem_of(in, NULL, NULL, b, NULL), MYO_OK);
    ck_assert_uint_eq(strlen(a), 217);
    ck_assert_str_ne(a, b);
    ck_assert_int_eq(strncmp(a, b, 201), 0);
    in[200] = '\0';
    ck_assert_int_eq(myo_stem_of(in, NULL, NULL, a, NULL), MYO_OK);
    ck_assert_str_eq(a, in);
}
END_TEST

START_TEST(an_escape_is_never_cut_in_two) {
    for (int lead = 190; lead <= 200; lead++) {
        char in[300], stem[MYO_STEM_MAX];
        memset(in, 'x', sizeof in);
        memset(in + lead, ' ', 20);
        in[lead + 20] = '\0';
        ck_assert_int_eq(myo_stem_of(in, NULL, NULL, stem, NULL), MYO_OK);
        const char *dash = strrchr(stem, '-');
        ck_assert_ptr_nonnull(dash);
        ck_assert_int_le(dash - stem, 200);
        ck_assert_int_ge(dash - stem, 198);
        ck_assert_int_eq((dash - stem - lead) % 3, 0);
    }
}
END_TEST

static void check_claim(myo_names *s, const char *ask, const char *want) {
    char stem[MYO_STEM_MAX];
    snprintf(stem, sizeof stem, "%s", ask);
    ck_assert_int_eq(myo_names_claim(s, stem, NULL), MYO_OK);
    ck_assert_str_eq(stem, want);
}

START_TEST(the_second_and_third_get_numbers) {
    myo_names s = {0};
    check_claim(&s, "rec", "rec");
    check_claim(&s, "rec", "rec-2");
    check_claim(&s, "rec", "rec-3");
    check_claim(&s, "other", "other");
    check_claim(&s, "REC", "REC-4"); /* one file for some file systems */
    check_claim(&s, "rec-2", "rec-2-2");
    myo_names_clear(&s);
}
END_TEST

START_TEST(a_number_already_taken_is_passed_over) {
    myo_names s = {0};
    check_claim(&s, "a-2", "a-2");
    check_claim(&s, "a", "a");
    check_claim(&s, "a", "a-3");
    myo_names_clear(&s);
}
END_TEST

START_TEST(a_hundred_thousand_clashes_are_quick) {
    myo_names s = {0};
    char stem[MYO_STEM_MAX];
    for (int i = 0; i < 100000; i++) {
        strcpy(stem, "rec");
        ck_assert_int_eq(myo_names_claim(&s, stem, NULL), MYO_OK);
    }
    ck_assert_str_eq(stem, "rec-100000");
    myo_names_clear(&s);
}
END_TEST

START_TEST(failing_allocations_leave_names_usable) {
    myo_names s = {0};
    char stem[MYO_STEM_MAX] = "rec";
    for (int n = 1; n <= 2; n++) {
        myo_mem_fail_at(n);
        ck_assert_int_eq(myo_names_claim(&s, stem, NULL), MYO_ERR_NOMEM);
        ck_assert_str_eq(stem, "rec");
    }
    myo_mem_fail_at(1);
    char a[MYO_STEM_MAX] = "unchanged";
    ck_assert_int_eq(myo_stem_of("x.edf", NULL, NULL, a, NULL), MYO_ERR_NOMEM);
    ck_assert_str_eq(a, "unchanged");
    myo_mem_fail_at(0);
    check_claim(&s, "rec", "rec");
    myo_names_clear(&s);
}
END_TEST

static Suite *suite(void) {
    Suite *s = suite_create("provenance");
    TCase *c = tcase_create("run.json");
    tcase_add_test(c, equal_content_gives_equal_bytes);
    tcase_add_test(c, chunk_length_is_not_provenance);
    tcase_add_test(c, every_parameter_comes_back);
    tcase_add_test(c, input_and_options_are_told);
    tcase_add_test(c, seeds_survive_in_full);
    tcase_add_test(c, hostile_names_reach_the_file_escaped);
    tcase_add_test(c, no_memory_writes_no_file);
    suite_add_tcase(s, c);
    c = tcase_create("names");
    tcase_add_test(c, stems_drop_folder_and_ending);
    tcase_add_test(c, stems_are_built_from_a_whitelist);
    tcase_add_test(c, stems_are_never_a_folder);
    tcase_add_test(c, study_stems_carry_the_ids);
    tcase_add_test(c, long_stems_are_cut_and_told_apart);
    tcase_add_test(c, an_escape_is_never_cut_in_two);
    tcase_add_test(c, the_second_and_third_get_numbers);
    tcase_add_test(c, a_number_already_taken_is_passed_over);
    tcase_add_test(c, a_hundred_thousand_clashes_are_quick);
    tcase_add_test(c, failing_allocations_leave_names_usable);
    suite_add_tcase(s, c);
    return s;
}

int main(void) {
    SRunner *sr = srunner_create(suite());
    srunner_run_all(sr, CK_NORMAL);
    const int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed;
}
