/* test_table.c - result tables: exact bytes, escaping, whole or absent, column dictionaries. */
#include <check.h>
#include <dirent.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/base.h"
#include "myotab/table.h"

static char dir[64];
static char path[128];

static void make_dir(void) {
    strcpy(dir, "/tmp/myotab_table_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/x.tsv", dir);
}

static int files_in_dir(void) {
    DIR *d = opendir(dir);
    int n = 0;
    for (struct dirent *e; (e = readdir(d));) {
        n += e->d_name[0] != '.' || strlen(e->d_name) > 2;
    }
    closedir(d);
    return n;
}

static void remove_dir(void) {
    unlink(path);
    ck_assert_int_eq(rmdir(dir), 0);
}

static const myo_column four_cols[] = {{"name", MYO_COL_TEXT, "", "a text"},
                                       {"n", MYO_COL_INT, "", "a count"},
                                       {"t", MYO_COL_TIME, "s", "a time"},
                                       {"v", MYO_COL_NUM, "Hz", "a number"}};
static const myo_schema four = {"four", "for the tests", four_cols, 4};

static void check_row(const char *text, int64_t n, double t, double v, const char *expected) {
    FILE *f = tmpfile();
    myo_table *table = NULL;
    ck_assert_int_eq(myo_table_stream(&table, &four, f, NULL), MYO_OK);
    const myo_cell row[] = {{.text = text}, {.i = n}, {.num = t}, {.num = v}};
    ck_assert_int_eq(myo_table_row(table, row), MYO_OK);
    ck_assert_int_eq(myo_table_close(&table), MYO_OK);
    ck_assert_ptr_null(table);
    char got[4096] = "";
    rewind(f);
    got[fread(got, 1, sizeof got - 1, f)] = '\0';
    fclose(f);
    char want[4096];
    snprintf(want, sizeof want, "name\tn\tt\tv\n%s\n", expected);
    ck_assert_str_eq(got, want);
}

START_TEST(numbers_are_formatted_by_type) {
    check_row("a", 7, 1.5, 0.1234567891, "a\t7\t1.500000\t0.123457");
    check_row("a", -7, 123456.7890126, 1e-12, "a\t-7\t123456.789013\t1e-12");
}
END_TEST

START_TEST(missing_values_are_na) {
    check_row(NULL, MYO_NO_INT, NAN, INFINITY, "n/a\tn/a\tn/a\tn/a");
    check_row("", 0, 0.0, -0.0, "n/a\t0\t0.000000\t0");
}
END_TEST

START_TEST(formula_cells_are_prefixed) {
    check_row("=1+1", 1, 0, -2.5, "'=1+1\t1\t0.000000\t-2.5");
    check_row("+x", 1, 0, 0, "'+x\t1\t0.000000\t0");
    check_row("-5", 1, 0, 0, "'-5\t1\t0.000000\t0");
    check_row("@sum", 1, 0, 0, "'@sum\t1\t0.000000\t0");
    check_row("\xEF\xBC\x9D"
              "1",
              1, 0, 0,
              "'\xEF\xBC\x9D"
              "1\t1\t0.000000\t0");
    check_row("a=b", 1, 0, 0, "a=b\t1\t0.000000\t0");
}
END_TEST

START_TEST(a_guard_can_be_taken_off_again) {
    check_row("'=1", 1, 0, 0, "''=1\t1\t0.000000\t0");
    check_row("''-1", 1, 0, 0, "'''-1\t1\t0.000000\t0");
    check_row("'a", 1, 0, 0, "'a\t1\t0.000000\t0");
    check_row("'", 1, 0, 0, "'\t1\t0.000000\t0");
}
END_TEST

START_TEST(column_names_are_cells_too) {
    static const myo_column cols[] = {{"=SUM(A1)", MYO_COL_INT, "", ""},
                                      {"a\x1B", MYO_COL_INT, "", ""}};
    static const myo_schema schema = {"x", "", cols, 2};
    char *text = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&text, &n);
    myo_table *t = NULL;
    ck_assert_int_eq(myo_table_stream(&t, &schema, f, NULL), MYO_OK);
    ck_assert_int_eq(myo_table_close(&t), MYO_OK);
    fclose(f);
    ck_assert_str_eq(text, "'=SUM(A1)\ta\\x1B\n");
    free(text);
}
END_TEST

START_TEST(control_bytes_never_reach_the_table) {
    check_row("a\tb\nc\r", 1, 0, 0, "a\\x09b\\x0Ac\\x0D\t1\t0.000000\t0");
    check_row("\x1b[31m\x7f", 1, 0, 0, "\\x1B[31m\\x7F\t1\t0.000000\t0");
    check_row("\t=1", 1, 0, 0, "\\x09=1\t1\t0.000000\t0");
    check_row("x\xC2\x85y", 1, 0, 0, "x\\x85y\t1\t0.000000\t0");
}
END_TEST

START_TEST(bidi_and_bad_utf8_are_shown) {
    check_row("a\xE2\x80\xAE"
              "b",
              1, 0, 0,
              "a\\xE2\\x80\\xAE"
              "b\t1\t0.000000\t0");
    check_row("a\xFF"
              "b",
              1, 0, 0,
              "a\xEF\xBF\xBD"
              "b\t1\t0.000000\t0");
    check_row("\xC2\xB5V", 1, 0, 0, "\xC2\xB5V\t1\t0.000000\t0");
}
END_TEST

START_TEST(leading_quote_cannot_swallow_rows) {
    check_row("\"EMG", 1, 0, 0, "\\x22EMG\t1\t0.000000\t0");
    check_row("5\" cable", 1, 0, 0, "5\\x22 cable\t1\t0.000000\t0");
    check_row("\"a\" \"b\"", 1, 0, 0, "\\x22a\\x22 \\x22b\\x22\t1\t0.000000\t0");
    check_row("'\"", 1, 0, 0, "'\\x22\t1\t0.000000\t0");
    check_row("C:\\x", 1, 0, 0, "C:\\x\t1\t0.000000\t0");
    check_row("\\x22 \\x5C", 1, 0, 0, "\\x5Cx22 \\x5Cx5C\t1\t0.000000\t0");
}
END_TEST

START_TEST(long_cells_are_not_cut) {
    char text[1001], want[1100];
    memset(text, 'x', 1000);
    text[1000] = '\0';
    snprintf(want, sizeof want, "%s\t1\t0.000000\t0", text);
    check_row(text, 1, 0, 0, want);
}
END_TEST

START_TEST(a_table_appears_only_when_closed) {
    make_dir();
    myo_table *t = NULL;
    ck_assert_int_eq(myo_table_open(&t, &four, path, NULL), MYO_OK);
    ck_assert_int_ne(access(path, F_OK), 0);
    ck_assert_int_eq(myo_table_close(&t), MYO_OK);
    ck_assert_int_eq(access(path, F_OK), 0);
    ck_assert_int_eq(files_in_dir(), 1);
    remove_dir();
}
END_TEST

START_TEST(an_aborted_table_leaves_nothing) {
    make_dir();
    myo_table *t = NULL;
    ck_assert_int_eq(myo_table_open(&t, &four, path, NULL), MYO_OK);
    myo_table_abort(&t);
    ck_assert_ptr_null(t);
    ck_assert_int_eq(files_in_dir(), 0);
    remove_dir();
}
END_TEST

START_TEST(a_missing_folder_is_an_output_error) {
    myo_table *t = NULL;
    myo_diag d = {0};
    ck_assert_int_eq(myo_table_open(&t, &four, "/nonexistent/x.tsv", &d), MYO_ERR_OUTPUT);
    ck_assert_ptr_null(t);
    ck_assert_ptr_nonnull(strstr(d.message, "/nonexistent/x.tsv"));
    ck_assert_ptr_nonnull(strstr(d.message, "No such file"));
    myo_diag_clear(&d);
}
END_TEST

START_TEST(a_full_disk_is_told_with_its_reason) {
    FILE *f = fopen("/dev/full", "w");
    if (!f) {
        printf("skipped: no /dev/full\n");
        return;
    }
    myo_diag d = {0};
    myo_table *t = NULL;
    ck_assert_int_eq(myo_table_stream(&t, &four, f, &d), MYO_OK);
    ck_assert_int_eq(myo_table_close(&t), MYO_ERR_OUTPUT);
    ck_assert_ptr_null(t);
    ck_assert_ptr_nonnull(strstr(d.message, "No space left on device"));
    fclose(f);
    myo_diag_clear(&d);
}
END_TEST

START_TEST(many_rows_on_a_full_disk_fail_early) {
    FILE *f = fopen("/dev/full", "w");
    if (!f) {
        printf("skipped: no /dev/full\n");
        return;
    }
    myo_table *t = NULL;
    ck_assert_int_eq(myo_table_stream(&t, &four, f, NULL), MYO_OK);
    const myo_cell row[] = {{.text = "a"}, {.i = 1}, {.num = 1}, {.num = 1}};
    myo_err e = MYO_OK;
    for (int i = 0; e == MYO_OK && i < 100000; i++) {
        e = myo_table_row(t, row);
    }
    ck_assert_int_eq(e, MYO_ERR_OUTPUT);
    ck_assert_int_eq(myo_table_row(t, row), MYO_ERR_OUTPUT);
    ck_assert_int_eq(myo_table_close(&t), MYO_ERR_OUTPUT);
    fclose(f);
}
END_TEST

START_TEST(close_and_abort_of_nothing_are_fine) {
    myo_table *t = NULL;
    ck_assert_int_eq(myo_table_close(&t), MYO_OK);
    myo_table_abort(&t);
}
END_TEST

/* The n-th allocation fails, for every n: an error and no file, or the whole table. */
START_TEST(failing_allocations_leave_no_half_file) {
    const myo_cell row[] = {{.text = "a"}, {.i = 1}, {.num = 1}, {.num = 1}};
    int failures = 0;
    for (int n = 1;; n++) {
        make_dir();
        myo_table *t = NULL;
        myo_mem_fail_at(n);
        myo_err e = myo_table_open(&t, &four, path, NULL);
        if (e == MYO_OK) {
            e = myo_table_row(t, row);
            const myo_err closed = myo_table_close(&t);
            e = e == MYO_OK ? closed : e;
        }
        myo_mem_fail_at(0);
        ck_assert_ptr_null(t);
        ck_assert_int_eq(files_in_dir(), e == MYO_OK ? 1 : 0);
        ck_assert(e == MYO_OK || e == MYO_ERR_NOMEM);
        remove_dir();
        if (e == MYO_OK) {
            break;
        }
        failures++;
    }
    ck_assert_int_ge(failures, 3);
}
END_TEST

static void check_columns(const myo_schema *s, const char *names) {
    char got[2048] = "";
    for (int c = 0; c < s->n_cols; c++) {
        strcat(got, c ? " " : "");
        strcat(got, s->cols[c].name);
        ck_assert_ptr_nonnull(s->cols[c].unit);
        ck_assert_uint_gt(strlen(s->cols[c].help), 5);
    }
    ck_assert_str_eq(got, names);
}

START_TEST(the_columns_are_those_of_the_contract) {
    check_columns(&myo_events_schema,
                  "onset duration trial_type channel event_id confidence second_type "
                  "second_confidence rule n_bursts freq_hz interval_cv peak rms area unit snr_db "
                  "median_freq_hz sync_channels sync_lag_ms flags duration_sd_ms");
    check_columns(&myo_bursts_schema,
                  "onset duration channel burst_id event_id peak_time peak rms area unit snr_db "
                  "rise_ms fall_ms median_freq_hz turns crest template_corr onset_sd_ms flags "
                  "duration_sd_ms");
    check_columns(&myo_channels_schema, "channel kind unit rate_hz duration_s usable_s masked_s "
                                        "gap_s noise_floor flags");
    check_columns(&myo_summary_schema,
                  "channel trial_type n exposure_s rate_per_h rate_low rate_high fano "
                  "burden_s_per_h duration_ms_median duration_ms_q1 duration_ms_q3 peak_median "
                  "peak_q1 peak_q3 unit freq_hz_median interval_s_median interval_cv "
                  "n_indeterminate "
                  "burst_n burst_ms_mean burst_ms_low burst_ms_high pattern pattern_reason "
                  "negative_n negative_per_h negative_low negative_high moved_n still_n "
                  "amp_rms_median disp_rms_mm_median");
}
END_TEST

START_TEST(dictionaries_name_every_column) {
    const myo_schema *all[] = {&myo_events_schema,    &myo_bursts_schema,  &myo_channels_schema, &myo_tremor_schema,
                               &myo_coherence_schema, &myo_summary_schema, &myo_comparison_schema};
    make_dir();
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        ck_assert_int_eq(myo_schema_write_json(all[i], path, NULL), MYO_OK);
        json_t *dict = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
        ck_assert_uint_eq(json_object_size(dict), (size_t)all[i]->n_cols);
        for (int c = 0; c < all[i]->n_cols; c++) {
            const myo_column *col = &all[i]->cols[c];
            const json_t *entry = json_object_get(dict, col->name);
            ck_assert_str_eq(json_string_value(json_object_get(entry, "Description")), col->help);
            const json_t *unit = json_object_get(entry, "Units");
            if (col->unit[0]) {
                ck_assert_str_eq(json_string_value(unit), col->unit);
            } else {
                ck_assert_ptr_null(unit);
            }
        }
        json_decref(dict);
    }
    remove_dir();
}
END_TEST

START_TEST(a_dictionary_has_fixed_bytes) {
    make_dir();
    ck_assert_int_eq(myo_schema_write_json(&four, path, NULL), MYO_OK);
    myo_buf b = {0};
    ck_assert_int_eq(myo_slurp(path, 4096, &b, NULL), MYO_OK);
    ck_assert_str_eq(b.s,
                     "{\n  \"n\": {\n    \"Description\": \"a count\"\n  },\n"
                     "  \"name\": {\n    \"Description\": \"a text\"\n  },\n"
                     "  \"t\": {\n    \"Description\": \"a time\",\n    \"Units\": \"s\"\n  },\n"
                     "  \"v\": {\n    \"Description\": \"a number\",\n    \"Units\": \"Hz\"\n"
                     "  }\n}\n");
    myo_buf_clear(&b);
    remove_dir();
}
END_TEST

static Suite *suite(void) {
    Suite *s = suite_create("table");
    TCase *c = tcase_create("table");
    tcase_add_test(c, numbers_are_formatted_by_type);
    tcase_add_test(c, missing_values_are_na);
    tcase_add_test(c, formula_cells_are_prefixed);
    tcase_add_test(c, a_guard_can_be_taken_off_again);
    tcase_add_test(c, column_names_are_cells_too);
    tcase_add_test(c, control_bytes_never_reach_the_table);
    tcase_add_test(c, bidi_and_bad_utf8_are_shown);
    tcase_add_test(c, leading_quote_cannot_swallow_rows);
    tcase_add_test(c, long_cells_are_not_cut);
    tcase_add_test(c, a_table_appears_only_when_closed);
    tcase_add_test(c, an_aborted_table_leaves_nothing);
    tcase_add_test(c, a_missing_folder_is_an_output_error);
    tcase_add_test(c, a_full_disk_is_told_with_its_reason);
    tcase_add_test(c, many_rows_on_a_full_disk_fail_early);
    tcase_add_test(c, close_and_abort_of_nothing_are_fine);
    tcase_add_test(c, failing_allocations_leave_no_half_file);
    tcase_add_test(c, the_columns_are_those_of_the_contract);
    tcase_add_test(c, dictionaries_name_every_column);
    tcase_add_test(c, a_dictionary_has_fixed_bytes);
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
