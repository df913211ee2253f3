/* test_dataset.c - BIDS datasets: recordings found, names read, side tables joined. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/base.h"
#include "study/dataset.h"
#include "study/study.h"

static char dir[64];
static myo_study study;
static myo_diag diag;

static void write_text(const char *name, const char *text) {
    char file[512];
    snprintf(file, sizeof file, "%s/%s", dir, name);
    for (char *slash = file + strlen(dir) + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
        *slash = '\0';
        mkdir(file, 0777);
        *slash = '/';
    }
    unlink(file); /* writing over a file may wait for the disk */
    FILE *f = fopen(file, "wb");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
}

static void unlink_text(const char *name) {
    char file[512];
    snprintf(file, sizeof file, "%s/%s", dir, name);
    ck_assert_int_eq(unlink(file), 0);
}

static void link_to(const char *target, const char *name) {
    char file[512];
    snprintf(file, sizeof file, "%s/%s", dir, name);
    ck_assert_int_eq(symlink(target, file), 0);
}

static void setup(void) {
    strcpy(dir, "/tmp/myotab_dataset_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
    write_text("dataset_description.json", "{\"Name\": \"x\", \"BIDSVersion\": \"1.11.0\"}");
}

static void forget(void) {
    myo_study_clear(&study);
    myo_diag_clear(&diag);
    diag = (myo_diag){0};
}

static void teardown(void) {
    char command[128];
    forget();
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    ck_assert_int_eq(system(command), 0);
}

static void good(void) {
    forget();
    const myo_err e = myo_study_read(&study, dir, false, &diag);
    ck_assert_msg(e == MYO_OK, "%s", diag.message);
    ck_assert(study.is_bids);
}

static void bad(const char *part) {
    forget();
    ck_assert_int_eq(myo_study_read(&study, dir, false, &diag), MYO_ERR_MANIFEST);
    ck_assert_msg(strstr(diag.message, part) != NULL, "\"%s\" lacks \"%s\"", diag.message, part);
    ck_assert_ptr_null(study.row);
}

static bool warned(const char *part) {
    for (int i = 0; i < diag.n_warnings; i++) {
        if (strstr(diag.warnings[i], part)) {
            return true;
        }
    }
    return false;
}

/* The cell of a column, by name. */
static const char *cell(size_t row, const char *name) {
    const int col = myo_tsv_find(&study.table, name);
    ck_assert_msg(col >= 0, "no column %s", name);
    return myo_tsv_cell(&study.table, row, col);
}

static bool has(const char *name) {
    return myo_tsv_find(&study.table, name) >= 0;
}

#define EMG(sub, ses, rest) "sub-" sub "/ses-" ses "/emg/sub-" sub "_ses-" ses "_" rest "_emg.edf"

/* --- recordings --- */

START_TEST(recordings_are_found_in_order) {
    write_text(EMG("02", "pre", "task-rest"), "x");
    write_text(EMG("01", "verum", "task-rest"), "x");
    write_text("sub-01/ses-mg/motion/"
               "sub-01_ses-mg_task-walk_acq-a_tracksys-imu_run-2_motion.tsv",
               "1\t2\n");
    write_text("sub-01/ses-mg/emg/sub-01_ses-mg_task-rest_recording-left_emg.bdf", "x");
    good();
    ck_assert_uint_eq(study.n_rows, 4);
    ck_assert_int_eq(diag.n_warnings, 1);
    const myo_study_row *r = study.row;
    ck_assert_str_eq(r[0].path,
                     "sub-01/ses-mg/emg/sub-01_ses-mg_task-rest_recording-left_emg.bdf");
    ck_assert_str_eq(r[0].stem, "sub-01_ses-mg_task-rest_recording-left_emg");
    ck_assert_str_eq(cell(0, "recording"), "left");
    ck_assert_str_eq(cell(0, "run"), "n/a");
    ck_assert_str_eq(r[1].participant, "sub-01");
    ck_assert_str_eq(r[1].session, "ses-mg");
    ck_assert_str_eq(r[1].condition, "mg");
    ck_assert_str_eq(r[1].task, "walk");
    ck_assert_str_eq(r[1].run, "2");
    ck_assert_str_eq(cell(1, "acq"), "a");
    ck_assert_str_eq(cell(1, "tracksys"), "imu");
    ck_assert_str_eq(cell(1, "acq_time"), "n/a");
    ck_assert_str_eq(r[2].path, EMG("01", "verum", "task-rest"));
    ck_assert_str_eq(r[3].participant, "sub-02");
    char file[256];
    snprintf(file, sizeof file, "%s/%s", dir, r[3].path);
    ck_assert_str_eq(r[3].file, file);
}
END_TEST

START_TEST(columns_come_in_a_fixed_order) {
    static const char *const want[] = {
        "path",      "participant_id", "session_id", "task",      "acq", "tracksys",
        "recording", "run",            "acq_time",   "condition", "age"};
    write_text(EMG("01", "pre", "task-rest"), "x");
    write_text("participants.tsv", "age\tparticipant_id\n71\tsub-01\n");
    good();
    ck_assert_int_eq(study.table.n_cols, 11);
    for (int i = 0; i < 11; i++) {
        ck_assert_int_eq(myo_tsv_find(&study.table, want[i]), i);
    }
}
END_TEST

START_TEST(a_dataset_may_lack_sessions) {
    write_text("sub-A/emg/sub-A_task-rest_emg.edf", "x");
    write_text("sub-A/emg/sub-A_emg.edf", "x");
    good();
    ck_assert_uint_eq(study.n_rows, 2);
    ck_assert_str_eq(study.row[0].session, "");
    ck_assert_str_eq(cell(0, "session_id"), "n/a");
    ck_assert_str_eq(study.row[0].condition, "all");
    ck_assert_str_eq(study.row[0].stem, "sub-A_emg");
    ck_assert_str_eq(study.row[1].condition, "rest");
    ck_assert_str_eq(study.row[1].stem, "sub-A_task-rest_emg");
}
END_TEST

START_TEST(what_is_no_raw_recording_is_passed_by) {
    write_text(EMG("01", "pre", "task-rest"), "x");
    write_text("derivatives/sub-01/ses-pre/emg/sub-01_ses-pre_task-a_emg.edf", "x");
    write_text("sourcedata/sub-01/ses-pre/emg/sub-01_ses-pre_task-b_emg.edf", "x");
    write_text(".sub-02/emg/sub-02_task-b_emg.edf", "x");
    write_text("sub-01/ses-pre/emg/._sub-01_ses-pre_task-c_emg.edf", "x");
    write_text("sub-01/ses-pre/emg/sub-01_ses-pre_task-rest_emg.json", "{}");
    write_text("sub-01/ses-pre/emg/sub-01_ses-pre_task-rest_channels.tsv", "name\ttype\tunits\n");
    write_text("sub-01/ses-pre/eeg/sub-01_ses-pre_task-rest_eeg.edf", "x");
    write_text("sub-01/ses-pre/emg/sub-01_ses-pre_task-rest_myemg.edf", "x");
    write_text("sub-03_emg.edf", "x");
    good();
    ck_assert_uint_eq(study.n_rows, 1);
    ck_assert_int_eq(diag.n_warnings, 0);
}
END_TEST

START_TEST(near_misses_are_told) {
    write_text(EMG("01", "pre", "task-rest"), "x");
    write_text("sub-01/ses-pre/emg/sub-01_ses-pre_task-x_emg.EDF", "x");
    write_text("sub-01/ses-pre/motion/sub-01_ses-pre_task-x_tracksys-i_motion.tsv.gz", "x");
    good();
    ck_assert_uint_eq(study.n_rows, 1);
    ck_assert(warned("sub-01_ses-pre_task-x_emg.EDF: not read"));
    ck_assert(warned("_motion.tsv.gz: not read"));
}
END_TEST

START_TEST(a_folder_without_recordings_is_no_dataset) {
    bad("no recordings of a BIDS dataset");
    ck_assert_ptr_null(strstr(diag.message, "manifest.tsv"));
    write_text("manifest.tsv", "path\n");
    bad("the folder has a manifest.tsv");
}
END_TEST

START_TEST(a_missing_description_is_told) {
    char file[128];
    write_text(EMG("01", "pre", "task-rest"), "x");
    snprintf(file, sizeof file, "%s/dataset_description.json", dir);
    ck_assert_int_eq(unlink(file), 0);
    good();
    ck_assert(warned("no dataset_description.json"));
}
END_TEST

START_TEST(names_must_fit_their_folders) {
    write_text("sub-01/ses-pre/emg/sub-02_ses-pre_task-rest_emg.edf", "x");
    bad("sub-02_ses-pre_task-rest_emg.edf: name and folder disagree (found sub \"02\", allowed "
        "\"01\")");
}
END_TEST

START_TEST(session_names_must_fit_too) {
    write_text("sub-01/ses-pre/emg/sub-01_task-rest_emg.edf", "x");
    bad("name and folder disagree (found ses \"\", allowed \"pre\")");
}
END_TEST

START_TEST(no_session_where_there_is_no_folder) {
    write_text("sub-01/emg/sub-01_ses-pre_task-rest_emg.edf", "x");
    bad("name and folder disagree (found ses \"pre\", allowed \"\")");
}
END_TEST

START_TEST(names_are_made_of_entities) {
    write_text("sub-01/emg/sub-01_rest_emg.edf", "x");
    bad("not a BIDS name (found \"rest\", allowed entity-label)");
}
END_TEST

START_TEST(an_entity_stands_once) {
    write_text("sub-01/emg/sub-01_task-a_task-b_emg.edf", "x");
    bad("entity task found twice");
}
END_TEST

START_TEST(other_entities_are_told) {
    write_text("sub-01/emg/sub-01_task-a_space-x_emg.edf", "x");
    good();
    ck_assert(warned("entity \"space\" is not used"));
}
END_TEST

START_TEST(names_that_are_no_text_are_refused) {
    write_text("sub-01/emg/sub-01_task-a\x1B_emg.edf", "x");
    bad("characters that are no text");
}
END_TEST

START_TEST(folders_need_labels_of_text) {
    write_text("sub-\x1B-1/emg/sub-1_task-a_emg.edf", "x");
    bad("characters that are no text");
}
END_TEST

START_TEST(folders_need_labels) {
    write_text("sub-01/ses-/emg/sub-01_task-a_emg.edf", "x");
    bad("sub-01/ses-: not a BIDS name (found nothing");
}
END_TEST

START_TEST(entities_tell_recordings_apart) {
    write_text("sub-01/emg/sub-01_task-a_acq-x_emg.edf", "x");
    write_text("sub-01/emg/sub-01_task-a_acq-y_emg.edf", "x");
    write_text("sub-01/emg/sub-01_task-a_acq-y_recording-1_emg.edf", "x");
    write_text("sub-01/motion/sub-01_task-a_acq-y_tracksys-i_motion.tsv", "x");
    good();
    ck_assert_uint_eq(study.n_rows, 4);
    write_text("sub-01/emg/sub-01_acq-y_task-a_emg.edf", "x");
    bad("the same recording as sub-01/emg/sub-01_acq-y_task-a_emg.edf");
}
END_TEST

START_TEST(one_recording_in_two_formats_is_two) {
    write_text("sub-01/emg/sub-01_task-a_emg.edf", "x");
    write_text("sub-01/emg/sub-01_task-a_emg.bdf", "x");
    bad("sub-01/emg/sub-01_task-a_emg.edf: the same recording as sub-01/emg/sub-01_task-a_emg.bdf");
}
END_TEST

START_TEST(labels_that_only_look_different_are_refused) {
    write_text("sub-a/emg/sub-a_task-x_emg.edf", "x");
    write_text("sub-A/emg/sub-A_task-x_emg.edf", "x");
    bad("participant_id differs");
}
END_TEST

START_TEST(links_to_files_are_followed) {
    write_text("store/one", "x");
    write_text("sub-01/emg/sub-01_emg.json", "{}");
    link_to("../../store/one", "sub-01/emg/sub-01_task-a_emg.edf");
    link_to("../../store/not-fetched", "sub-01/emg/sub-01_task-b_emg.edf");
    good();
    ck_assert_uint_eq(study.n_rows, 2);
    link_to("../../store/one", "sub-01/emg/sub-01_task-c_emg.edf");
    bad("the same file as sub-01/emg/sub-01_task-a_emg.edf over the same time");
}
END_TEST

START_TEST(circles_of_folders_end) {
    write_text(EMG("01", "pre", "task-rest"), "x");
    link_to(".", "sub-01/emg");
    link_to("..", "sub-01/ses-up");
    link_to("sub-round", "sub-round");
    link_to("../sub-01", "sub-01/ses-round");
    good();
    ck_assert_uint_eq(study.n_rows, 1);
}
END_TEST

START_TEST(a_slash_at_the_end_changes_nothing) {
    write_text(EMG("01", "pre", "task-rest"), "x");
    good();
    char file[256], with_slash[96];
    snprintf(file, sizeof file, "%s", study.row[0].file);
    snprintf(with_slash, sizeof with_slash, "%s/", dir);
    forget();
    ck_assert_int_eq(myo_study_read(&study, with_slash, false, &diag), MYO_OK);
    ck_assert_str_eq(study.row[0].file, file);
}
END_TEST

/* --- tables beside them --- */

START_TEST(three_tables_are_joined) {
    write_text(EMG("01", "pre", "task-rest"), "x");
    write_text(EMG("01", "post", "task-rest"), "x");
    write_text(EMG("02", "pre", "task-rest"), "x");
    write_text("participants.tsv", "participant_id\tage\tgroup\r\nsub-01\t71\tA\r\n02\t68\tB\r\n");
    write_text("sub-01/sub-01_sessions.tsv",
               "session_id\tdose_mmol\tcondition\nses-pre\t0\tbefore\npost\t10\tafter\n");
    write_text("sub-01/ses-post/sub-01_ses-post_scans.tsv",
               "filename\tacq_time\tnote\n"
               "emg/sub-01_ses-post_task-rest_emg.edf\t2026-01-02T03:04:05\tfine\n");
    good();
    ck_assert_int_eq(diag.n_warnings, 0);
    ck_assert_str_eq(cell(1, "session_id"), "ses-post");
    ck_assert_str_eq(cell(1, "age"), "71");
    ck_assert_str_eq(cell(1, "acq_time"), "2026-01-02T03:04:05");
    ck_assert_str_eq(cell(1, "note"), "fine");
    ck_assert_str_eq(study.row[1].condition, "after");
    ck_assert(study.row[1].dose_mmol == 10);
    ck_assert_str_eq(study.row[1].group, "A");
    ck_assert_str_eq(study.row[0].condition, "before");
    ck_assert_str_eq(cell(0, "note"), "n/a");
    ck_assert_str_eq(study.row[2].group, "B");
    ck_assert_str_eq(study.row[2].condition, "pre");
    ck_assert_str_eq(cell(2, "dose_mmol"), "n/a");
    ck_assert(isnan(study.row[2].dose_mmol));
}
END_TEST

START_TEST(the_specific_table_keeps_a_name) {
    write_text(EMG("01", "pre", "task-rest"), "x");
    write_text("participants.tsv",
               "participant_id\tage\tnote\ttask\tweight\nsub-01\t70\tpn\tpt\t80\n");
    write_text("sub-01/sub-01_sessions.tsv",
               "session_id\tage\tnote\tacq_time\nses-pre\t71\tsn\tst\n");
    write_text("sub-01/ses-pre/sub-01_ses-pre_scans.tsv",
               "filename\tnote\tacq_time\trun\n"
               "./emg/sub-01_ses-pre_task-rest_emg.edf\tcn\tct\t9\n");
    good();
    ck_assert_str_eq(cell(0, "note"), "cn");
    ck_assert_str_eq(cell(0, "sessions_note"), "sn");
    ck_assert_str_eq(cell(0, "participants_note"), "pn");
    ck_assert_str_eq(cell(0, "age"), "71");
    ck_assert_str_eq(cell(0, "participants_age"), "70");
    ck_assert_str_eq(cell(0, "acq_time"), "ct");
    ck_assert_str_eq(cell(0, "sessions_acq_time"), "st");
    ck_assert_str_eq(cell(0, "task"), "rest");
    ck_assert_str_eq(cell(0, "participants_task"), "pt");
    ck_assert_str_eq(cell(0, "run"), "n/a");
    ck_assert_str_eq(cell(0, "scans_run"), "9");
    ck_assert_str_eq(cell(0, "weight"), "80");
    ck_assert(!has("sessions_age") && !has("participants_weight"));
}
END_TEST

START_TEST(a_prefixed_name_may_be_taken_too) {
    write_text(EMG("01", "pre", "task-rest"), "x");
    write_text("participants.tsv", "participant_id\tage\tparticipants_age\nsub-01\t70\t71\n");
    write_text("sub-01/sub-01_sessions.tsv", "session_id\tage\nses-pre\t72\n");
    good();
    ck_assert_str_eq(cell(0, "age"), "72");
    ck_assert_str_eq(cell(0, "participants_age"), "70");
    ck_assert_str_eq(cell(0, "participants_participants_age"), "71");
}
END_TEST

START_TEST(sessions_may_give_the_time) {
    write_text(EMG("01", "pre", "task-rest"), "x");
    write_text("sub-01/sub-01_sessions.tsv", "session_id\tacq_time\nses-pre\tst\n");
    good();
    ck_assert_str_eq(cell(0, "acq_time"), "st");
    ck_assert(!has("sessions_acq_time"));
}
END_TEST

/* The first session is what compare takes for the reference or the baseline. */
START_TEST(sessions_come_in_their_own_order) {
    write_text(EMG("01", "mg", "task-rest"), "x");
    write_text(EMG("01", "verum", "task-rest"), "x");
    write_text(EMG("02", "mg", "task-rest"), "x");
    write_text(EMG("02", "verum", "task-rest"), "x");
    good();
    ck_assert_str_eq(cell(0, "session_id"), "ses-mg");
    write_text("sub-01/sub-01_sessions.tsv", "session_id\nses-verum\nses-mg\n");
    write_text("sub-02/sub-02_sessions.tsv",
               "session_id\tacq_time\nses-mg\t2026-02-02T10:00:00\nses-verum\t2026-02-01T10:00:00\n");
    good();
    ck_assert_str_eq(cell(0, "session_id"), "ses-verum");
    ck_assert_str_eq(cell(1, "session_id"), "ses-mg");
    ck_assert_str_eq(cell(2, "session_id"), "ses-mg"); /* as its table has it */
    unlink_text("sub-02/sub-02_sessions.tsv");
    write_text("sub-02/ses-verum/sub-02_ses-verum_scans.tsv",
               "filename\tacq_time\nemg/sub-02_ses-verum_task-rest_emg.edf\t2026-02-01T10:00:00\n");
    write_text("sub-02/ses-mg/sub-02_ses-mg_scans.tsv",
               "filename\tacq_time\nemg/sub-02_ses-mg_task-rest_emg.edf\t2026-02-02T10:00:00\n");
    good();
    ck_assert_str_eq(cell(2, "session_id"), "ses-verum");
    ck_assert_str_eq(cell(3, "session_id"), "ses-mg");
}
END_TEST

#define GUESSED "sessions are in alphabetical order (ses-mg before ses-verum): say which comes first "

START_TEST(a_guessed_order_is_told_once) {
    write_text(EMG("01", "mg", "task-rest"), "x");
    write_text(EMG("01", "verum", "task-rest"), "x");
    write_text(EMG("02", "mg", "task-rest"), "x");
    write_text(EMG("02", "verum", "task-rest"), "x");
    good();
    ck_assert(warned(GUESSED));
    ck_assert_int_eq(diag.n_warnings, 1);
    write_text("sub-01/sub-01_sessions.tsv", "session_id\nses-verum\nses-mg\n");
    good();
    ck_assert(warned(GUESSED));
    write_text("sub-02/ses-verum/sub-02_ses-verum_scans.tsv",
               "filename\tacq_time\nemg/sub-02_ses-verum_task-rest_emg.edf\t2026-02-01T10:00:00\n");
    good();
    ck_assert_int_eq(diag.n_warnings, 0);
}
END_TEST

/* Nothing else says it: "post" comes behind "pre" whatever the letters, "BL" before any other, and nothing was guessed. */
START_TEST(labels_that_say_their_place_take_it) {
    write_text(EMG("01", "post", "task-rest"), "x");
    write_text(EMG("01", "pre", "task-rest"), "x");
    write_text(EMG("02", "BL1", "task-rest"), "x");
    write_text(EMG("02", "6mo", "task-rest"), "x");
    write_text(EMG("03", "mg", "task-rest"), "x");
    write_text(EMG("03", "after", "task-rest"), "x");
    good();
    static const char *const order[] = {"ses-pre", "ses-post", "ses-BL1", "ses-6mo", "ses-mg", "ses-after"};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        ck_assert_str_eq(cell(i, "session_id"), order[i]);
    }
    ck_assert_int_eq(diag.n_warnings, 0);
}
END_TEST

START_TEST(an_order_that_is_no_guess_is_not_told) {
    write_text(EMG("01", "1", "task-a"), "x");
    write_text(EMG("01", "1", "task-b"), "x");
    write_text(EMG("01", "2", "task-a"), "x");
    write_text(EMG("02", "pre", "task-a"), "x");
    good();
    ck_assert_int_eq(diag.n_warnings, 0);
    write_text(EMG("01", "10", "task-a"), "x");
    good();
    ck_assert(warned("(ses-10 before ses-2)"));
}
END_TEST

/* Ids as in BIDS tables, conditions as people say them, also where a table says only some. */
START_TEST(a_session_is_the_condition_by_its_label) {
    write_text(EMG("01", "pre", "task-rest"), "x");
    write_text(EMG("02", "pre", "task-rest"), "x");
    write_text(EMG("03", "pre", "task-rest"), "x");
    write_text("participants.tsv", "participant_id\tcondition\nsub-01\tx\nsub-02\ty\nsub-03\tz\n");
    write_text("sub-01/sub-01_sessions.tsv", "session_id\tcondition\nses-pre\tbefore\n");
    write_text("sub-02/sub-02_sessions.tsv", "session_id\tcondition\nses-pre\tn/a\n");
    good();
    ck_assert_str_eq(cell(0, "participant_id"), "sub-01");
    ck_assert_str_eq(cell(0, "session_id"), "ses-pre");
    ck_assert_str_eq(cell(0, "condition"), "before");
    ck_assert_str_eq(cell(0, "participants_condition"), "x");
    ck_assert_str_eq(study.row[0].condition, "before");
    ck_assert_str_eq(study.row[1].condition, "pre");
    ck_assert_str_eq(study.row[2].condition, "pre");
    ck_assert_str_eq(study.row[2].stem, "sub-03_ses-pre_task-rest_emg");
}
END_TEST

START_TEST(rows_that_are_missing_are_told) {
    write_text(EMG("01", "pre", "task-rest"), "x");
    write_text("participants.tsv", "participant_id\tage\nsub-02\t70\n");
    write_text("sub-01/sub-01_sessions.tsv", "session_id\tk\nses-post\tst\n");
    good();
    ck_assert(warned("participants.tsv: no row for \"01\""));
    ck_assert(warned("sub-01/sub-01_sessions.tsv: no row for \"pre\""));
    ck_assert_str_eq(cell(0, "age"), "n/a");
}
END_TEST

static void bad_table(const char *name, const char *text, const char *part) {
    write_text(EMG("01", "pre", "task-rest"), "x");
    write_text(name, text);
    bad(part);
}

START_TEST(wrong_participants_are_named) {
    const char *const t = "participants.tsv";
    bad_table(t, "participant_id\tage\nsub-01\n", "participants.tsv: line 2: ragged row");
    bad_table(t, "id\tage\nsub-01\t1\n", "participants.tsv: line 1: no column \"participant_id\"");
    bad_table(t, "participant_id\nsub-01\n01\n",
              "participants.tsv: line 3, column 1 "
              "(participant_id): the same as line 2");
    bad_table(t, "participant_id\nn/a\n", "participants.tsv: line 2, column 1");
    bad_table(t, "", "participants.tsv: line 1: empty table");
    bad_table(t, "participant_id\tgrade\nsub-01\thigh\n", "task-rest_emg.edf, column (grade)");
}
END_TEST

START_TEST(wrong_tables_below_are_named) {
    bad_table("sub-01/sub-01_sessions.tsv", "session_id\tx\nses-pre\n",
              "sub-01/sub-01_sessions.tsv: line 2: ragged row");
    write_text("sub-01/sub-01_sessions.tsv", "session_id\tx\nses-pre\t1\n");
    bad_table("sub-01/ses-pre/sub-01_ses-pre_scans.tsv", "file\tx\na\tb\n",
              "sub-01/ses-pre/sub-01_ses-pre_scans.tsv: line 1: no column \"filename\"");
}
END_TEST

START_TEST(a_table_not_fetched_is_no_missing_one) {
    write_text(EMG("01", "pre", "task-rest"), "x");
    link_to(".git/annex/objects/x", "participants.tsv");
    bad("participants.tsv");
}
END_TEST

START_TEST(cells_come_through_unchanged) {
    write_text(EMG("01", "pre", "task-rest"), "x");
    write_text("participants.tsv", "participant_id\ta\tb\tc\td\n"
                                   "sub-01\t\"x\ty\"\t\"\"\"q\"\" r\"\t=1\t\xC3\xBC'\"\n");
    good();
    ck_assert_str_eq(cell(0, "a"), "x\ty");
    ck_assert_str_eq(cell(0, "b"), "\"q\" r");
    ck_assert_str_eq(cell(0, "c"), "=1");
    ck_assert_str_eq(cell(0, "d"), "\xC3\xBC'\"");
}
END_TEST

START_TEST(damaged_tables_are_read_or_refused) {
    static const char text[] =
        "participant_id\tage\tnote\nsub-01\t70\t\"a \"\"b\"\nsub-02\t7\tn/a\n";
    static const char likely[] = "\t\n\r\"0-n/a";
    write_text(EMG("01", "pre", "task-rest"), "x");
    int n_read = 0;
    myo_rng rng;
    myo_rng_seed(&rng, 20, 6);
    for (int i = 0; i < 1000; i++) {
        char copy[sizeof text];
        memcpy(copy, text, sizeof text);
        for (int k = 0; k < 2; k++) {
            copy[myo_rng_u32(&rng) % (sizeof text - 1)] =
                likely[myo_rng_u32(&rng) % (sizeof likely - 1)];
        }
        forget();
        write_text("participants.tsv", copy);
        const myo_err e = myo_study_read(&study, dir, false, &diag);
        ck_assert(e == MYO_OK ? study.n_rows == 1 : e == MYO_ERR_MANIFEST && diag.message[0]);
        n_read += e == MYO_OK;
    }
    ck_assert(n_read > 50 && n_read < 950);
}
END_TEST

START_TEST(without_memory_nothing_is_left) {
    write_text(EMG("01", "pre", "task-rest"), "x");
    write_text(EMG("01", "post", "task-rest"), "x");
    write_text("participants.tsv", "participant_id\tage\nsub-01\t70\n");
    write_text("sub-01/sub-01_sessions.tsv", "session_id\tage\nses-pre\t71\nses-post\t72\n");
    write_text("sub-01/ses-pre/sub-01_ses-pre_scans.tsv",
               "filename\tacq_time\nemg/sub-01_ses-pre_task-rest_emg.edf\tct\n");
    myo_err e = MYO_ERR_NOMEM;
    for (int n = 1; n < 2000 && e != MYO_OK; n++) {
        forget();
        myo_mem_fail_at(n);
        e = myo_study_read(&study, dir, false, &diag);
        myo_mem_fail_at(0);
        ck_assert_msg(e == MYO_OK || (e == MYO_ERR_NOMEM && study.row == NULL), "%d: %d %s", n, e,
                      diag.message);
    }
    ck_assert_int_eq(e, MYO_OK);
    ck_assert_uint_eq(study.n_rows, 2);
    ck_assert_str_eq(cell(0, "acq_time"), "ct");
}
END_TEST

int main(void) {
    Suite *s = suite_create("dataset");
    TCase *c = tcase_create("all");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, recordings_are_found_in_order);
    tcase_add_test(c, columns_come_in_a_fixed_order);
    tcase_add_test(c, a_dataset_may_lack_sessions);
    tcase_add_test(c, what_is_no_raw_recording_is_passed_by);
    tcase_add_test(c, near_misses_are_told);
    tcase_add_test(c, a_folder_without_recordings_is_no_dataset);
    tcase_add_test(c, a_missing_description_is_told);
    tcase_add_test(c, names_must_fit_their_folders);
    tcase_add_test(c, session_names_must_fit_too);
    tcase_add_test(c, no_session_where_there_is_no_folder);
    tcase_add_test(c, names_are_made_of_entities);
    tcase_add_test(c, an_entity_stands_once);
    tcase_add_test(c, other_entities_are_told);
    tcase_add_test(c, names_that_are_no_text_are_refused);
    tcase_add_test(c, folders_need_labels_of_text);
    tcase_add_test(c, folders_need_labels);
    tcase_add_test(c, entities_tell_recordings_apart);
    tcase_add_test(c, one_recording_in_two_formats_is_two);
    tcase_add_test(c, labels_that_only_look_different_are_refused);
    tcase_add_test(c, links_to_files_are_followed);
    tcase_add_test(c, circles_of_folders_end);
    tcase_add_test(c, a_slash_at_the_end_changes_nothing);
    tcase_add_test(c, three_tables_are_joined);
    tcase_add_test(c, the_specific_table_keeps_a_name);
    tcase_add_test(c, a_prefixed_name_may_be_taken_too);
    tcase_add_test(c, sessions_may_give_the_time);
    tcase_add_test(c, sessions_come_in_their_own_order);
    tcase_add_test(c, a_guessed_order_is_told_once);
    tcase_add_test(c, labels_that_say_their_place_take_it);
    tcase_add_test(c, an_order_that_is_no_guess_is_not_told);
    tcase_add_test(c, a_session_is_the_condition_by_its_label);
    tcase_add_test(c, rows_that_are_missing_are_told);
    tcase_add_test(c, wrong_participants_are_named);
    tcase_add_test(c, wrong_tables_below_are_named);
    tcase_add_test(c, a_table_not_fetched_is_no_missing_one);
    tcase_add_test(c, cells_come_through_unchanged);
    tcase_add_test(c, damaged_tables_are_read_or_refused);
    tcase_add_test(c, without_memory_nothing_is_left);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
