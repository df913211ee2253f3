/* test_bench.c - the bench's table: its rows, and shares that make up the whole. Speeds are not tested. */
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "bench/measure.h"
#include "bench/parts.h"
#include "myotab/run.h"
#include "myotab/stop.h"
#include "sig.h"

static char *table; /* of samples/jerks.edf */
static size_t table_n;

static void make_table(void)
{
    static const char input[] = MYO_SOURCE_DIR "/samples/jerks.edf";
    char dir[] = "/tmp/test-bench-XXXXXX";
    myo_params p;
    myo_diag d = {0};
    ck_assert_ptr_nonnull(mkdtemp(dir));
    myo_params_defaults(&p);
    const myo_bench_job job = {.input = input, .params = &p, .n_threads = 2};
    myo_bench_table t = {.f = open_memstream(&table, &table_n)};
    myo_bench_head(&t);
    ck_assert_int_eq(myo_bench_chain(&job, dir, &t, &d), MYO_OK);
    fclose(t.f);
    myo_diag_clear(&d);
    char command[64];
    snprintf(command, sizeof command, "rm -r %s", dir);
    ck_assert_int_eq(system(command), 0);
}

/* speed (which 0) or ratio (1) of the row that begins so. */
static double value(const char *row, int which)
{
    const char *at = strstr(table, row);
    ck_assert_msg(at != NULL, "no row %s in\n%s", row, table);
    for (int tab = 0; tab < (which == 0 ? 3 : 5); tab++) {
        at = strchr(at, '\t') + 1;
    }
    return strtod(at, NULL);
}

START_TEST(chain_has_its_rows)
{
    make_table();
    static const char *const row[] = {"limit\tSHA-256\t", "limit\tfloor\t", "stage\tSHA-256\t", "stage\tscout\t",
                                      "stage\tdecode\t", "stage\tlanes\t", "whole\tdetect -j1\t", "whole\tdetect -j2, wall\t"};
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        ck_assert_double_gt(value(row[i], 0), 0.0);
    }
    const double floor_share = value("whole\tdetect -j1\t", 1);
    ck_assert(floor_share > 0.0 && floor_share < 1.0);
    free(table);
}
END_TEST

START_TEST(shares_of_stages_make_one)
{
    make_table();
    const double sum = value("stage\tSHA-256\t", 1) + value("stage\tscout\t", 1) + value("stage\tdecode\t", 1) +
                       value("stage\tlanes\t", 1) + value("stage\tclasses and tables\t", 1);
    ck_assert_double_eq_tol(sum, 1.0, 0.01); /* three digits each */
    free(table);
}
END_TEST

START_TEST(unreadable_input_is_an_error)
{
    myo_params p;
    myo_diag d = {0};
    myo_params_defaults(&p);
    const myo_bench_job job = {.input = "/nowhere.edf", .params = &p, .n_threads = 1};
    myo_bench_table t = {.f = stdout};
    ck_assert_int_ne(myo_bench_chain(&job, "/tmp", &t, &d), MYO_OK);
    ck_assert_int_ne(d.code, MYO_OK);
    myo_diag_clear(&d);
}
END_TEST

/* A stop before the first measurement, and one that a job without a listener has nobody to tell of. */
START_TEST(stop_ends_it)
{
    myo_params p;
    myo_diag d = {0};
    int n_failed = 0;
    char dir[] = "/tmp/test-bench-XXXXXX";
    const char *const input = MYO_SOURCE_DIR "/samples/jerks.edf";
    ck_assert_ptr_nonnull(mkdtemp(dir));
    myo_params_defaults(&p);
    const myo_detect_job detect = {.inputs = &input, .n_inputs = 1, .out_dir = dir, .params = &p, .n_threads = 1};
    const myo_bench_job job = {.input = input, .params = &p, .n_threads = 1};
    myo_stop_request(SIGTERM);
    ck_assert_int_eq(myo_detect(&detect, &n_failed), MYO_ERR_STOPPED);
    ck_assert_int_eq(myo_bench(&job, stdout, &d), MYO_ERR_STOPPED);
    ck_assert_int_eq(d.code, MYO_ERR_STOPPED);
    myo_stop_request(0);
    myo_diag_clear(&d);
    rmdir(dir);
}
END_TEST

/* What a full disk or a reader that left said stays known. */
START_TEST(rows_that_cannot_be_written_end_it)
{
    myo_params p;
    myo_diag d = {0};
    myo_params_defaults(&p);
    const myo_bench_job job = {.input = MYO_SOURCE_DIR "/samples/jerks.edf", .params = &p, .n_threads = 1};
    FILE *f = fopen("/dev/full", "w");
    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(myo_bench(&job, f, &d), MYO_ERR_OUTPUT);
    ck_assert_ptr_nonnull(strstr(d.message, "No space left on device"));
    myo_diag_clear(&d);
    fclose(f);
}
END_TEST

START_TEST(median_is_the_middle)
{
    double odd[5] = {5.0, 1.0, 4.0, 2.0, 3.0}, even[4] = {4.0, 1.0, 3.0, 2.0};
    ck_assert_double_eq(myo_median_of(odd, 5), 3.0);
    ck_assert_double_eq(myo_median_of(even, 4), 2.5);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("bench");
    TCase *c = tcase_create("bench");
    tcase_set_timeout(c, 120);
    tcase_add_test(c, chain_has_its_rows);
    tcase_add_test(c, shares_of_stages_make_one);
    tcase_add_test(c, unreadable_input_is_an_error);
    tcase_add_test(c, stop_ends_it);
    tcase_add_test(c, rows_that_cannot_be_written_end_it);
    tcase_add_test(c, median_is_the_middle);
    suite_add_tcase(s, c);
    return sig_main(s);
}
