/* test_report_signal.c - figures of signals: only from the recording that was analysed, found where it is said to be. */
#include <sys/stat.h>
#include "report_kit.h"
#include "xml_check.h"

static char rec_dir[64];
static char recording[128];

static void make_recording(void) {
    static const char *const settings[] = {"name=a", "fs=1000", "duration_s=20", "n_channels=1", "jerk_per_min=40",
                                           NULL};
    const myo_synth_job synth = {.scenario = "emg-jerks", .out_dir = rec_dir, .seed = 5, .settings = settings};
    myo_diag d = {0};
    ck_assert_msg(myo_synth(&synth, &d) == MYO_OK, "%s", d.message);
    snprintf(recording, sizeof recording, "%s/a.edf", rec_dir);
}

static void analyse(void) {
    const char *inputs[] = {recording, NULL};
    myo_params params;
    int n_failed = 0;
    myo_params_defaults(&params);
    const myo_detect_job job = {.inputs = inputs, .n_inputs = 1, .out_dir = kit_dir, .params = &params,
                                .n_threads = 1, .say = kit_say};
    ck_assert_msg(myo_detect(&job, &n_failed) == MYO_OK, "%s", kit_said);
}

static void setup(void) {
    kit_make_dir();
    strcpy(rec_dir, "/tmp/myotab_signal_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(rec_dir));
    make_recording();
    analyse();
}

static void teardown(void) {
    char command[128];
    kit_remove_dir();
    snprintf(command, sizeof command, "rm -rf %s", rec_dir);
    ck_assert_int_eq(system(command), 0);
}

static void report_with(const char *recordings) {
    const myo_err e = kit_report_to(kit_page, recordings);
    ck_assert_msg(e == MYO_OK, "%s", kit_said);
    myo_buf_clear(&kit_html);
    ck_assert_int_eq(myo_slurp(kit_page, (size_t)64 << 20, &kit_html, NULL), MYO_OK);
    ck_assert_msg(xml_check(kit_html.s) == NULL, "%s", xml_check(kit_html.s));
}

static bool page_has(const char *what) {
    return strstr(kit_html.s, what) != NULL;
}

/* The result's run.json says another path or content. */
static void edit_run(const char *from, const char *to) {
    char path[256];
    myo_buf text = {0};
    kit_path(path, "a_run.json");
    ck_assert_int_eq(myo_slurp(path, 1 << 20, &text, NULL), MYO_OK);
    const char *at = strstr(text.s, from);
    ck_assert_ptr_nonnull(at);
    kit_put("a_run.json", "%.*s%s%s", (int)(at - text.s), text.s, to, at + strlen(from));
    myo_buf_clear(&text);
}

START_TEST(signals_are_drawn) {
    report_with(rec_dir);
    ck_assert(page_has("class=\"strip\""));
    ck_assert(page_has("class=\"raw\""));
    ck_assert(page_has("class=\"fil\""));
    ck_assert(page_has("class=\"env\""));
    ck_assert(page_has("class=\"thr\""));
    ck_assert(page_has("most certain: "));
    ck_assert(!page_has("not drawn"));
}
END_TEST

START_TEST(signals_do_not_change_from_run_to_run) {
    report_with(rec_dir);
    myo_buf first = kit_html;
    kit_html = (myo_buf){0};
    report_with(rec_dir);
    ck_assert_uint_eq(first.n, kit_html.n);
    ck_assert_int_eq(memcmp(first.s, kit_html.s, first.n), 0);
    ck_assert(!page_has(rec_dir));
    myo_buf_clear(&first);
}
END_TEST

START_TEST(without_a_folder_there_are_no_signals) {
    report_with(NULL);
    ck_assert(!page_has("class=\"strip\""));
    ck_assert(!page_has("class=\"raw\""));
    ck_assert(page_has("The recordings themselves were not given"));
}
END_TEST

START_TEST(another_recording_is_not_drawn) {
    FILE *f = fopen(recording, "r+b");
    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(fseek(f, -1, SEEK_END), 0);
    fputc(0x15, f);
    fclose(f);
    report_with(rec_dir);
    ck_assert(!page_has("class=\"strip\""));
    ck_assert(page_has("is not the one that was analysed (its SHA-256 differs)"));
}
END_TEST

START_TEST(missing_recording_is_told) {
    unlink(recording);
    report_with(rec_dir);
    ck_assert(!page_has("class=\"strip\""));
    ck_assert(page_has("Its signals are not drawn: "));
}
END_TEST

START_TEST(nothing_outside_the_folder_is_opened) {
    static const char *const paths[] = {"\"file\": \"../x/a.edf\"", "\"file\": \"/etc/passwd\"", "\"file\": \"..\"",
                                        "\"file\": \"b/../../a.edf\""};
    const char *now = "\"file\": \"a.edf\"";
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        edit_run(now, paths[i]);
        now = paths[i];
        report_with(rec_dir);
        ck_assert(page_has("its path leads out of the folder of recordings"));
        ck_assert(!page_has("class=\"strip\""));
    }
}
END_TEST

START_TEST(dots_in_names_are_fine) {
    char other[192];
    snprintf(other, sizeof other, "%s/..a..edf", rec_dir);
    ck_assert_int_eq(rename(recording, other), 0);
    edit_run("\"file\": \"a.edf\"", "\"file\": \"..a..edf\"");
    report_with(rec_dir);
    ck_assert(page_has("class=\"strip\""));
}
END_TEST

START_TEST(changed_sidecar_is_told) {
    edit_run("\"sidecars\": []", "\"sidecars\": [{\"file\": \"a.json\", \"sha256\": "
                                 "\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"}]");
    report_with(rec_dir);
    ck_assert(page_has("a file beside it is not the one that was read"));
    ck_assert(!page_has("class=\"strip\""));
}
END_TEST

START_TEST(recordings_of_a_study_are_found_by_their_path) {
    char folder[128], moved[192];
    snprintf(folder, sizeof folder, "%s/data", rec_dir);
    ck_assert_int_eq(mkdir(folder, 0755), 0);
    snprintf(moved, sizeof moved, "%s/a.edf", folder);
    ck_assert_int_eq(rename(recording, moved), 0);
    kit_put("recordings.tsv", "path\tparticipant_id\tsession_id\tcondition\tstem\tstatus\treason\n"
                              "data/a.edf\tP1\tpre\tpre\ta\tdone\tn/a\n");
    report_with(rec_dir);
    ck_assert(page_has("P1, pre: "));
    ck_assert(page_has("class=\"strip\""));
}
END_TEST

START_TEST(no_memory_costs_no_figure) {
    for (int n = 1; n < 4000; n += 1 + n / 8) {
        unlink(kit_page);
        myo_mem_fail_at(n);
        const myo_err e = kit_report_to(kit_page, rec_dir);
        myo_mem_fail_at(0);
        ck_assert_msg(e == MYO_OK || e == MYO_ERR_NOMEM, "allocation %d: %d %s", n, e, kit_said);
        ck_assert_int_eq(access(kit_page, F_OK) == 0, e == MYO_OK);
        if (e == MYO_OK) { /* a failed allocation may not cost a figure */
            myo_buf_clear(&kit_html);
            ck_assert_int_eq(myo_slurp(kit_page, (size_t)64 << 20, &kit_html, NULL), MYO_OK);
            ck_assert_msg(page_has("class=\"strip\"") && page_has("class=\"env\""), "allocation %d", n);
        }
    }
}
END_TEST

START_TEST(folder_of_recordings_must_be_one) {
    char file[256];
    ck_assert_int_eq(kit_report_to(kit_page, "/nowhere/recordings"), MYO_ERR_USAGE);
    ck_assert_msg(strstr(kit_said, "/nowhere/recordings: No such file") != NULL, "%s", kit_said);
    kit_path(file, "a_run.json");
    ck_assert_int_eq(kit_report_to(kit_page, file), MYO_ERR_USAGE);
    ck_assert_msg(strstr(kit_said, "not a folder") != NULL, "%s", kit_said);
    ck_assert_int_ne(access(kit_page, F_OK), 0);
}
END_TEST

int main(void) {
    Suite *s = suite_create("report_signal");
    TCase *t = tcase_create("report_signal");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, folder_of_recordings_must_be_one);
    tcase_add_test(t, signals_are_drawn);
    tcase_add_test(t, signals_do_not_change_from_run_to_run);
    tcase_add_test(t, without_a_folder_there_are_no_signals);
    tcase_add_test(t, another_recording_is_not_drawn);
    tcase_add_test(t, missing_recording_is_told);
    tcase_add_test(t, nothing_outside_the_folder_is_opened);
    tcase_add_test(t, dots_in_names_are_fine);
    tcase_add_test(t, changed_sidecar_is_told);
    tcase_add_test(t, recordings_of_a_study_are_found_by_their_path);
    tcase_add_test(t, no_memory_costs_no_figure);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_ENV);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
