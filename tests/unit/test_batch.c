/* test_batch.c - studies in the library: tables, parts, order of messages, stops, refusals, lost
 * memory. */
#include <check.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/base.h"
#include "myotab/myotab.h"
#include "study/ledger.h"
#include "study/journal.h"
#include "study/sheet.h"

static char home[64];

static const char *at(const char *name) {
    static char path[4][PATH_MAX];
    static int next;
    char *p = path[next++ % 4];
    snprintf(p, PATH_MAX, "%s/%s", home, name);
    return p;
}

static void spit(const char *name, const char *text) {
    FILE *f = fopen(at(name), "w");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
}

static const char *text_of(const char *name) {
    static myo_buf b;
    myo_diag d = {0};
    ck_assert_msg(myo_slurp(at(name), 1 << 22, &b, &d) == MYO_OK, "%s", d.message);
    return b.s;
}

static bool exists(const char *name) {
    return access(at(name), F_OK) == 0;
}

static bool same_tree(const char *a, const char *b) {
    char command[2 * PATH_MAX + 64];
    snprintf(command, sizeof command, "diff -r '%s' '%s' >/dev/null", at(a), at(b));
    return system(command) == 0;
}

/* But for the notes a study keeps while it runs: taking them away may want memory, too. */
static bool same_results(const char *a, const char *b) {
    char command[2 * PATH_MAX + 64];
    snprintf(command, sizeof command, "diff -r -x '.myotab-*' '%s' '%s' >/dev/null", at(a), at(b));
    return system(command) == 0;
}

static void shell(const char *what) {
    char command[512];
    snprintf(command, sizeof command, "cd %s && %s", home, what);
    ck_assert_int_eq(system(command), 0);
}

/* Two seconds of noise with three bursts, 1000 Hz, one channel. */
static void write_recording(const char *name, int seed) {
    myo_rng r;
    FILE *f = fopen(at(name), "w");
    ck_assert_ptr_nonnull(f);
    fputs("EMG1 (uV)\n", f);
    myo_rng_seed(&r, (uint64_t)seed, 1);
    for (int i = 0; i < 2000; i++) {
        const bool burst = i % 600 > 300 && i % 600 < 380;
        fprintf(f, "%.2f\n", (burst ? 120.0 : 6.0) * myo_rng_normal(&r));
    }
    fclose(f);
}

#define HEAD                                                                                       \
    "path\tparticipant_id\tsession_id\tcondition\tfs\tpreset\tstatus\tminutes_from_dose\tnote\n"
static const char manifest[] = HEAD "a.csv\tp1\t1\tpre\t1000\tn/a\tok\t-30\t=1+1\n"
                                    "b.csv\tp1\t2\tpost\t1000\tnoisy\tok\t30\t\"x \"\"y\"\"\"\n"
                                    "missing.csv\tp2\t1\tn/a\t1000\tn/a\tn/a\tn/a\t%s%n\n"
                                    "c.csv\tp3\t1\tpre\t1000\tn/a\tn/a\t1e1\t-a\n"
                                    "empty.csv\tp4\t1\tpre\t1000\tn/a\tn/a\tn/a\tn/a\n";

/* In memory where there is some: hundreds of studies are made here. */
static void make_home(void) {
    strcpy(home, access("/dev/shm", W_OK) == 0 ? "/dev/shm/myotab-test-XXXXXX"
                                               : "/tmp/myotab-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(home));
    write_recording("a.csv", 1);
    write_recording("b.csv", 2);
    write_recording("c.csv", 3);
    spit("empty.csv", "");
    spit("m.tsv", manifest);
}

static void remove_home(void) {
    myo_stop_request(0);
    shell("cd / && rm -rf $OLDPWD");
}

/* --- what the caller hears --- */

typedef struct heard {
    char text[8192]; /* "LEVEL FILE: text\n", files without their folder */
    int64_t progress_n, progress_done, n_progress;
    bool stop_on_error;
} heard;

static void hear(void *user, myo_level level, const char *file, const char *text) {
    heard *h = user;
    const size_t n = strlen(h->text);
    const char *name =
        file != NULL && strncmp(file, home, strlen(home)) == 0 ? file + strlen(home) + 1 : file;
    snprintf(h->text + n, sizeof h->text - n, "%c %s: %s\n", "EWI"[level],
             name != NULL ? name : "-", text);
    if (h->stop_on_error && level == MYO_LEVEL_ERROR) {
        myo_stop_request(15);
    }
}

static void see(void *user, const myo_progress *p) {
    heard *h = user;
    ck_assert_int_ge(p->n_done + p->n_failed, h->progress_done);
    ck_assert(p->n_kept <= p->n_done && p->elapsed_s >= 0.0);
    h->progress_done = p->n_done + p->n_failed;
    h->progress_n = p->n;
    h->n_progress++;
}

static myo_batch_job job_for(heard *h, const char *dir) {
    static char study[PATH_MAX], out[PATH_MAX];
    strcpy(study, at("m.tsv"));
    strcpy(out, at(dir));
    *h = (heard){.text = ""};
    return (myo_batch_job){.study = study, .out_dir = out, .n_threads = 2, .say = hear, .user = h};
}

static myo_batch_counts run(const char *dir, myo_err want) {
    heard h;
    const myo_batch_job job = job_for(&h, dir);
    myo_batch_counts c;
    const myo_err err = myo_batch(&job, &c);
    ck_assert_msg(err == want, "%d, wanted %d: %s", err, want, h.text);
    return c;
}

/* --- tables --- */

START_TEST(recordings_tell_each_row) {
    const myo_batch_counts c = run("out", MYO_ERR_INPUT);
    ck_assert(c.n == 5 && c.n_done == 3 && c.n_failed == 2 && c.n_left == 0 && c.n_kept == 0);
    ck_assert_str_eq(
        text_of("out/recordings.tsv"),
        "path\tparticipant_id\tsession_id\tcondition\tfs\tpreset\tmanifest_status\tminutes_from_"
        "dose\tnote"
        "\tstem\tstatus\treason\n"
        "a.csv\tp1\t1\tpre\t1000\tn/a\tok\t-30\t'=1+1\tsub-p1_ses-1_a\tdone\tn/a\n"
        "b.csv\tp1\t2\tpost\t1000\tnoisy\tok\t30\tx \\x22y\\x22\tsub-p1_ses-2_b\tdone\tn/a\n"
        "missing.csv\tp2\t1\tn/a\t1000\tn/a\tn/a\tn/a\t%s%n\tsub-p2_ses-1_missing\tfailed"
        "\tcannot be opened: No such file or directory\n"
        "c.csv\tp3\t1\tpre\t1000\tn/a\tn/a\t1e1\t'-a\tsub-p3_ses-1_c\tdone\tn/a\n"
        "empty.csv\tp4\t1\tpre\t1000\tn/a\tn/a\tn/a\tn/a\tsub-p4_ses-1_empty\tfailed\tan empty "
        "file\n");
    ck_assert(!exists("out/sub-p4_ses-1_empty_run.json") && !exists("out/.myotab-study"));
}
END_TEST

START_TEST(summaries_stand_side_by_side) {
    run("out", MYO_ERR_INPUT);
    myo_tsv all = {0}, one = {0};
    ck_assert_int_eq(myo_tsv_read(&all, at("out/summary.tsv"), 1 << 20, NULL), MYO_OK);
    ck_assert_int_eq(myo_tsv_read(&one, at("out/sub-p1_ses-2_b_summary.tsv"), 1 << 20, NULL),
                     MYO_OK);
    ck_assert_uint_eq(all.n_rows, 3 * one.n_rows);
    const int shift = myo_tsv_find(&all, "channel");
    ck_assert_int_eq(shift, 5);
    for (size_t r = 0; r < one.n_rows; r++) {
        const size_t row = one.n_rows + r; /* the second recording */
        ck_assert_str_eq(myo_tsv_cell(&all, row, 0), "p1");
        ck_assert_str_eq(myo_tsv_cell(&all, row, 2), "post");
        ck_assert_str_eq(myo_tsv_cell(&all, row, 3), "n/a"); /* no group */
        ck_assert_str_eq(myo_tsv_cell(&all, row, 4), "sub-p1_ses-2_b");
        for (int c = 0; c < one.n_cols; c++) {
            ck_assert_str_eq(myo_tsv_cell(&all, row, shift + c), myo_tsv_cell(&one, r, c));
        }
        ck_assert_str_eq(myo_tsv_cell(&all, row, myo_tsv_find(&all, "minutes_from_dose")), "30");
    }
    ck_assert_int_eq(all.n_cols, 5 + one.n_cols + 6); /* path fs preset status minutes note */
    ck_assert_ptr_nonnull(strstr(text_of("out/summary.json"), "\"rate_per_h\""));
    ck_assert_ptr_nonnull(strstr(text_of("out/recordings.json"), "\"as in the manifest\""));
    ck_assert_ptr_nonnull(strstr(text_of("out/dataset_description.json"), "\"derivative\""));
    myo_tsv_clear(&all);
    myo_tsv_clear(&one);
}
END_TEST

START_TEST(names_of_ours_are_moved) {
    spit("m.tsv",
         "path\tparticipant_id\tsession_id\tfs\tstem\tmanifest_stem\tn\tchannel\treason\t=x\n"
         "a.csv\tp1\t1\t1000\ts\tm\t7\tc\tr\te\n");
    run("out", MYO_OK);
    ck_assert_ptr_nonnull(
        strstr(text_of("out/recordings.tsv"),
               "path\tparticipant_id\tsession_id\tfs\tmanifest_manifest_stem\tmanifest_stem\tn"
               "\tchannel\tmanifest_reason\t'=x\tstem\tstatus\treason\n"));
    ck_assert_ptr_nonnull(
        strstr(text_of("out/summary.tsv"),
               "\tpath\tfs\tmanifest_manifest_stem\tmanifest_stem\tmanifest_n"
               "\tmanifest_channel\treason\t'=x\n"));
}
END_TEST

START_TEST(a_row_has_its_own_settings) {
    heard h;
    myo_batch_job job = job_for(&h, "out");
    static const char *const settings[] = {"emg.gap_ms=42", NULL};
    myo_batch_counts c;
    job.params.settings = settings;
    ck_assert_int_eq(myo_batch(&job, &c), MYO_ERR_INPUT);
    ck_assert_ptr_nonnull(strstr(text_of("out/sub-p1_ses-2_b_run.json"), "\"preset\": \"noisy\""));
    ck_assert_ptr_nonnull(strstr(text_of("out/sub-p1_ses-2_b_run.json"), "\"emg.band_lo\": 40.0"));
    ck_assert_ptr_nonnull(strstr(text_of("out/sub-p1_ses-2_b_run.json"), "\"emg.gap_ms\": 42.0"));
    ck_assert_ptr_nonnull(strstr(text_of("out/sub-p1_ses-1_a_run.json"), "\"preset\": null"));
    ck_assert_ptr_nonnull(strstr(text_of("out/sub-p1_ses-1_a_run.json"), "\"fs\": 1000.0"));
}
END_TEST

START_TEST(nothing_complete_still_tells_why) {
    spit("m.tsv", HEAD "x.csv\tp\t1\tn/a\t1000\tn/a\tn/a\tn/a\tn/a\n");
    const myo_batch_counts c = run("out", MYO_ERR_INPUT);
    ck_assert_int_eq(c.n_failed, 1);
    ck_assert_ptr_nonnull(strstr(text_of("out/recordings.tsv"), "No such file"));
    ck_assert(strchr(text_of("out/summary.tsv"), '\n')[1] == '\0'); /* a header and no rows */
}
END_TEST

/* --- order, progress, stops --- */

START_TEST(messages_come_in_manifest_order) {
    heard h;
    myo_batch_job job = job_for(&h, "out");
    myo_batch_counts c;
    job.n_threads = 1 + _i;
    job.progress = see;
    /* which of two failed recordings names the code is a matter of time, its exit class is not */
    ck_assert_int_eq(myo_err_exit(myo_batch(&job, &c)), 1);
    const char *missing = strstr(h.text, "E missing.csv: "),
               *empty = strstr(h.text, "E empty.csv: ");
    ck_assert_msg(missing != NULL && empty != NULL && missing < empty, "%s", h.text);
    ck_assert(h.n_progress >= 1 && h.progress_n == 5 && h.progress_done == 5);
}
END_TEST

/* Stopped before the first row, or when the first failure is told: then only the last row is left.
 */
START_TEST(a_stopped_study_goes_on) {
    heard h;
    run("whole", MYO_ERR_INPUT);
    myo_batch_job job = job_for(&h, "out");
    myo_batch_counts c;
    job.n_threads = 1;
    h.stop_on_error = _i == 1;
    myo_stop_request(_i == 0 ? 15 : 0);
    ck_assert_int_eq(myo_batch(&job, &c), MYO_ERR_STOPPED);
    ck_assert(c.n == 5 && c.n_left == (_i == 0 ? 5 : 1));
    ck_assert_ptr_nonnull(strstr(text_of("out/recordings.tsv"), "\tleft\tn/a\n"));
    ck_assert(exists("out/.myotab-study") && !exists("out/.myotab-1-5.lock"));
    myo_stop_request(0);
    c = run("out", MYO_ERR_INPUT);
    ck_assert_int_eq(c.n_kept, _i == 0 ? 0 : 3);
    ck_assert(same_tree("whole", "out"));
}
END_TEST

/* The longest is worked on first, the first row's error is the study's. */
START_TEST(the_error_is_the_first_rows) {
    spit("long.csv", "this is no recording, but it is longer than the one that is missing\n");
    spit("m.tsv", HEAD "missing.csv\tp1\t1\tpre\t1000\tn/a\tn/a\tn/a\tn/a\n"
                       "long.csv\tp2\t1\tpre\t1000\tn/a\tn/a\tn/a\tn/a\n");
    run("out", MYO_ERR_INPUT);
    spit("m.tsv", HEAD "long.csv\tp2\t1\tpre\t1000\tn/a\tn/a\tn/a\tn/a\n"
                       "missing.csv\tp1\t1\tpre\t1000\tn/a\tn/a\tn/a\tn/a\n");
    run("other", MYO_ERR_TOO_SHORT);
}
END_TEST

/* --- parts --- */

static void run_rows(const char *dir, int64_t first, int64_t last, myo_err want) {
    heard h;
    myo_batch_job job = job_for(&h, dir);
    myo_batch_counts c;
    job.rows = (myo_row_range){first, last};
    const myo_err err = myo_batch(&job, &c);
    ck_assert_msg(err == want, "%d, wanted %d: %s", err, want, h.text);
}

static myo_batch_counts collect(const char *dir, myo_err want) {
    heard h = {.text = ""};
    myo_batch_counts c;
    const myo_err err = myo_collect(at(dir), hear, &h, &c);
    ck_assert_msg(err == want, "%d, wanted %d: %s", err, want, h.text);
    return c;
}

START_TEST(parts_make_the_whole) {
    run("whole", MYO_ERR_INPUT);
    run_rows("out", 4, 5, MYO_ERR_FORMAT);
    ck_assert(!exists("out/recordings.tsv"));
    myo_batch_counts c = collect("out", MYO_ERR_INPUT);
    ck_assert(c.n == 5 && c.n_done == 1 && c.n_failed == 1 && c.n_left == 3);
    run_rows("out", 1, 2, MYO_OK);
    run_rows("out", 2, 3, MYO_ERR_INPUT);
    c = collect("out", MYO_ERR_INPUT);
    ck_assert(c.n_done == 3 && c.n_failed == 2 && c.n_left == 0);
    ck_assert(same_tree("whole", "out"));
    c = collect("out", MYO_ERR_INPUT); /* once more */
    ck_assert(c.n_done == 3 && c.n_failed == 2);
    ck_assert(same_tree("whole", "out"));
}
END_TEST

START_TEST(a_damaged_result_is_not_collected) {
    run_rows("out", 1, 5, MYO_ERR_INPUT);
    shell("echo >>out/sub-p1_ses-1_a_events.tsv; rm out/sub-p3_ses-1_c_run.json");
    const myo_batch_counts c = collect("out", MYO_ERR_INPUT);
    ck_assert(c.n_done == 1 && c.n_failed == 2 && c.n_left == 2);
    ck_assert(exists("out/.myotab-study"));
}
END_TEST

START_TEST(a_part_of_a_finished_study_keeps_the_rest) {
    run("whole", MYO_ERR_INPUT);
    run("out", MYO_ERR_INPUT);
    write_recording("missing.csv", 4); /* repaired */
    run_rows("out", 3, 3, MYO_OK);
    ck_assert(!exists("out/summary.tsv")); /* it would be behind */
    const myo_batch_counts c = collect("out", MYO_ERR_INPUT);
    ck_assert(c.n_done == 4 && c.n_failed == 1 && c.n_left == 0);
    run("whole", MYO_ERR_FORMAT);
    ck_assert(same_tree("whole", "out"));
}
END_TEST

START_TEST(parts_with_other_parameters_begin_anew) {
    static const char *const settings[] = {"emg.gap_ms=42", NULL};
    heard h;
    myo_batch_counts c;
    run_rows("out", 1, 2, MYO_OK);
    myo_batch_job job = job_for(&h, "out");
    job.rows = (myo_row_range){3, 5};
    job.params.settings = settings;
    ck_assert_int_eq(myo_batch(&job, &c), MYO_ERR_INPUT);
    ck_assert_ptr_nonnull(strstr(h.text, "W -: "));
    ck_assert_ptr_nonnull(strstr(h.text, "other parameters"));
    c = collect("out", MYO_ERR_INPUT);
    ck_assert(c.n_done == 1 && c.n_failed == 2 && c.n_left == 2); /* never mixed */
}
END_TEST

START_TEST(status_tells_the_same_before_and_after) {
    char before[4096] = "", after[4096] = "";
    myo_batch_counts c;
    run_rows("out", 1, 5, MYO_ERR_INPUT);
    for (int i = 0; i < 2; i++) {
        FILE *f = fmemopen(i == 0 ? before : after, sizeof before, "w");
        myo_diag d = {0};
        ck_assert_msg(myo_status(at("out"), f, &c, &d) == MYO_OK, "%s", d.message);
        fclose(f);
        ck_assert(c.n == 5 && c.n_done == 3 && c.n_failed == 2);
        collect("out", MYO_ERR_INPUT);
    }
    ck_assert_str_eq(before, after);
    ck_assert_str_eq(
        before, "5 recordings: 3 done, 2 failed, 0 left\n"
                "failed: row 3, sub-p2_ses-1_missing: cannot be opened: No such file or directory\n"
                "failed: row 5, sub-p4_ses-1_empty: an empty file\n");
}
END_TEST

START_TEST(folders_that_are_no_study) {
    myo_batch_counts c;
    heard h = {.text = ""};
    myo_diag d = {0};
    shell("mkdir plain");
    ck_assert_int_ne(myo_collect(at("plain"), hear, &h, &c), MYO_OK);
    ck_assert_int_ne(myo_collect(at("nowhere"), hear, &h, &c), MYO_OK);
    ck_assert_int_ne(myo_status(at("nowhere"), stdout, &c, &d), MYO_OK);
    myo_diag_clear(&d);
    spit("plain/.myotab-study", "myotab-study 1\tx\n");
    ck_assert_int_eq(myo_status(at("plain"), stdout, &c, &d), MYO_ERR_DAMAGED);
    myo_diag_clear(&d);
}
END_TEST

/* --- refusals --- */

static const struct {
    int64_t first, last;
    const char *participant;
} wrong[] = {{0, 3, NULL}, {4, 3, NULL}, {2, 6, NULL}, {-1, 2, NULL}, {0, 0, "p9"}, {4, 5, "p1"}};

START_TEST(wrong_choices_write_nothing) {
    heard h;
    myo_batch_job job = job_for(&h, "out");
    const char *const people[] = {wrong[_i].participant, NULL};
    myo_batch_counts c;
    job.rows = (myo_row_range){wrong[_i].first, wrong[_i].last};
    job.participants = wrong[_i].participant != NULL ? people : NULL;
    ck_assert_int_eq(myo_batch(&job, &c), MYO_ERR_USAGE);
    ck_assert(!exists("out"));
    ck_assert_msg(strstr(h.text, "m.tsv: ") != NULL, "%s", h.text);
}
END_TEST

START_TEST(a_preset_that_contradicts_is_found_before) {
    static const char *const settings[] = {"emg.band_lo=220", NULL};
    heard h;
    myo_batch_job job = job_for(&h, "out"); /* noisy ends at 250 Hz */
    myo_batch_counts c;
    job.params.settings = settings;
    ck_assert_int_eq(myo_batch(&job, &c), MYO_ERR_PARAM);
    ck_assert_ptr_nonnull(strstr(h.text, "row 2, preset noisy"));
    ck_assert(!exists("out"));
}
END_TEST

START_TEST(strange_results_are_told) {
    heard h;
    run("out", MYO_ERR_INPUT);
    spit("m.tsv", HEAD "a.csv\tp1\t1\tpre\t1000\tn/a\tok\t-30\t=1+1\n");
    const myo_batch_job job = job_for(&h, "out");
    myo_batch_counts c;
    ck_assert_int_eq(myo_batch(&job, &c), MYO_OK);
    ck_assert_msg(
        strstr(h.text, "left 2 results that no row of the study is of (first: sub-p1_ses-2_b)") !=
            NULL,
        "%s", h.text);
    ck_assert(exists("out/sub-p1_ses-2_b_events.tsv"));
}
END_TEST

/* --- temporary files of dead runs --- */

START_TEST(leftovers_go_but_only_ours) {
    static const char *const ours[] = {".sub-p1_ses-1_a_events.tsv.99.0.tmp",
                                       ".summary.tsv.1.22.tmp", "..myotab-study.5.6.tmp",
                                       ".sub-p3_ses-1_c_run.json.1.1.tmp"};
    static const char *const others[] = {".other_events.tsv.99.0.tmp", ".x.tmp",
                                         "summary.tsv.1.2.tmp", ".sub-p1_ses-1_a_events.tsv.99.tmp",
                                         ".sub-p1_ses-1_a_notes.tsv.9.9.tmp"};
    char name[128];
    shell("mkdir out");
    for (size_t i = 0; i < 4; i++) {
        snprintf(name, sizeof name, "out/%s", ours[i]);
        spit(name, "x");
    }
    for (size_t i = 0; i < 5; i++) {
        snprintf(name, sizeof name, "out/%s", others[i]);
        spit(name, "x");
    }
    run_rows("out", 1, 1, MYO_OK); /* a part clears up after its own rows only */
    ck_assert(!exists("out/.sub-p1_ses-1_a_events.tsv.99.0.tmp"));
    ck_assert(exists("out/.sub-p3_ses-1_c_run.json.1.1.tmp") &&
              exists("out/.summary.tsv.1.22.tmp"));
    run("out", MYO_ERR_INPUT);
    for (size_t i = 0; i < 4; i++) {
        snprintf(name, sizeof name, "out/%s", ours[i]);
        ck_assert_msg(!exists(name), "%s", name);
    }
    for (size_t i = 0; i < 5; i++) {
        snprintf(name, sizeof name, "out/%s", others[i]);
        ck_assert_msg(exists(name), "%s", name);
    }
}
END_TEST

/* --- the sheet --- */

START_TEST(a_sheet_comes_back) {
    spit("m.tsv", "path\tparticipant_id\tsession_id\t.stem\tnote\n"
                  "a.csv\tp1\t1\tx\t\"tab\there\"\nb.csv\tp1\t2\t\"a\"\"b\"\tend\n");
    heard h;
    const myo_batch_job job = job_for(&h, "out");
    myo_study s = {0};
    myo_params p;
    myo_diag d = {0};
    myo_sheet made, back;
    bool found = false;
    myo_params_defaults(&p);
    ck_assert_msg(myo_study_read(&s, job.study, false, &d) == MYO_OK, "%s", d.message);
    ck_assert_int_eq(myo_sheet_make(&made, &s, &p, 1, &job, &d), MYO_OK);
    ck_assert_int_eq(myo_sheet_write(&made, home, &d), MYO_OK);
    ck_assert_msg(myo_sheet_read(&back, home, &found, &d) == MYO_OK && found, "%s", d.message);
    ck_assert_str_eq(made.key, back.key);
    ck_assert_int_eq(back.table.n_cols, MYO_SHEET_KEYS + 5);
    ck_assert_uint_eq(back.table.n_rows, 2);
    ck_assert_str_eq(myo_tsv_cell(&back.table, 0, MYO_SHEET_KEYS + 4), "tab\there");
    ck_assert_str_eq(myo_tsv_cell(&back.table, 1, MYO_SHEET_KEYS + 3), "a\"b");
    ck_assert_str_eq(myo_tsv_cell(&back.table, 1, MYO_SHEET_STEM), "sub-p1_ses-2_b");
    myo_sheet_clear(&back);
    p.emg.gap_ms += 1.0;
    ck_assert_int_eq(myo_sheet_make(&back, &s, &p, 1, &job, &d), MYO_OK);
    ck_assert_str_ne(made.key, back.key);
    ck_assert_str_eq(made.manifest, back.manifest);
    p.emg.gap_ms -= 1.0;
    p.run_chunk_s += 1.0; /* cannot change a result */
    myo_sheet_clear(&back);
    ck_assert_int_eq(myo_sheet_make(&back, &s, &p, 1, &job, &d), MYO_OK);
    ck_assert_str_eq(made.key, back.key);
    myo_sheet_clear(&back);
    myo_sheet_clear(&made);
    myo_study_clear(&s);
}
END_TEST

/* Every byte changed in turn: damaged, or (in the hashes of program and settings) another study. */
START_TEST(a_damaged_sheet_is_found) {
    run_rows("out", 1, 1, MYO_OK);
    myo_buf b = {0};
    ck_assert_int_eq(myo_slurp(at("out/.myotab-study"), 1 << 20, &b, NULL), MYO_OK);
    const size_t first = strcspn(b.s, "\n");
    for (size_t i = 0; i < b.n; i++) {
        myo_sheet s;
        bool found = false;
        FILE *f = fopen(at("out/.myotab-study"), "w");
        b.s[i] ^= 1;
        fwrite(b.s, 1, b.n, f);
        fclose(f);
        b.s[i] ^= 1;
        myo_diag d = {0};
        const myo_err err = myo_sheet_read(&s, at("out"), &found, &d);
        ck_assert(found && (err == MYO_ERR_DAMAGED || (err == MYO_OK && i > 14 + 65 && i < first)));
        if (err == MYO_OK) {
            myo_sheet_clear(&s);
        }
        myo_diag_clear(&d);
    }
    myo_buf_clear(&b);
}
END_TEST

/* --- memory --- */

/* Whatever fails for want of memory is told and left resumable; nothing wrong is ever called done.
 */
START_TEST(lost_memory_loses_no_truth) {
    spit("m.tsv", HEAD "a.csv\tp1\t1\tpre\t1000\tn/a\tok\t-30\t=1+1\nx.csv\tp2\t1\tpre\t1000\tn/"
                       "a\tn/a\tn/a\tn/a\n");
    run("whole", MYO_ERR_INPUT);
    int n_bad = 0;
    for (int n = 1 + _i; n < 2000; n += n < 60 ? 8 : 97) {
        heard h;
        myo_batch_job job = job_for(&h, "out");
        myo_batch_counts c;
        job.n_threads = 1;
        myo_mem_fail_at(n);
        const myo_err err = myo_batch(&job, &c);
        myo_mem_fail_at(0);
        ck_assert_int_ne(err, MYO_OK); /* x.csv is missing */
        ck_assert(!exists("out/.myotab-1-2.lock"));
        n_bad += c.n_done != 1 || c.n_failed != 1;
        if (c.n_done == 1 && err == MYO_ERR_INPUT && exists("out/summary.tsv")) {
            ck_assert_msg(same_results("whole", "out"), "allocation %d", n);
        }
        run("out", MYO_ERR_INPUT);
        ck_assert_msg(same_tree("whole", "out"), "allocation %d, resumed", n);
        shell("rm -r out");
    }
    ck_assert_int_gt(n_bad, 5);
}
END_TEST

static void add_tests(TCase *t) {
    tcase_add_test(t, recordings_tell_each_row);
    tcase_add_test(t, summaries_stand_side_by_side);
    tcase_add_test(t, names_of_ours_are_moved);
    tcase_add_test(t, a_row_has_its_own_settings);
    tcase_add_test(t, nothing_complete_still_tells_why);
    tcase_add_loop_test(t, messages_come_in_manifest_order, 0, 4);
    tcase_add_loop_test(t, a_stopped_study_goes_on, 0, 2);
    tcase_add_test(t, the_error_is_the_first_rows);
    tcase_add_test(t, parts_make_the_whole);
    tcase_add_test(t, a_damaged_result_is_not_collected);
    tcase_add_test(t, a_part_of_a_finished_study_keeps_the_rest);
    tcase_add_test(t, parts_with_other_parameters_begin_anew);
    tcase_add_test(t, status_tells_the_same_before_and_after);
    tcase_add_test(t, folders_that_are_no_study);
    tcase_add_loop_test(t, wrong_choices_write_nothing, 0, sizeof wrong / sizeof wrong[0]);
    tcase_add_test(t, a_preset_that_contradicts_is_found_before);
    tcase_add_test(t, strange_results_are_told);
    tcase_add_test(t, leftovers_go_but_only_ours);
    tcase_add_test(t, a_sheet_comes_back);
    tcase_add_test(t, a_damaged_sheet_is_found);
    tcase_add_loop_test(t, lost_memory_loses_no_truth, 0, 8);
}

int main(void) {
    Suite *s = suite_create("batch");
    TCase *t = tcase_create("batch");
    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, make_home, remove_home);
    add_tests(t);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed;
}
