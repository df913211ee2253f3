/* test_results.c - a study's results read back: exact ids, states, tables made by others. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "myotab/table.h"
#include "study/study.h"

static char dir[64];
static myo_results results;
static myo_diag diag;

static void setup(void) {
    strcpy(dir, "/tmp/myotab_results_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
}

static void forget(void) {
    myo_results_clear(&results);
    myo_diag_clear(&diag);
    diag = (myo_diag){0};
}

static void teardown(void) {
    char command[128];
    forget();
    snprintf(command, sizeof command, "rm -rf '%s'", dir);
    ck_assert_int_eq(system(command), 0);
}

static void write_text(const char *name, const char *text) {
    char file[256];
    snprintf(file, sizeof file, "%s/%s", dir, name);
    FILE *f = fopen(file, "wb");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
}

static void good(const char *text) {
    forget();
    write_text("recordings.tsv", text);
    const myo_err e = myo_results_read(&results, dir, &diag);
    ck_assert_msg(e == MYO_OK, "%s", diag.message);
}

static void bad(const char *text, const char *part) {
    forget();
    write_text("recordings.tsv", text);
    ck_assert_int_eq(myo_results_read(&results, dir, &diag), MYO_ERR_DAMAGED);
    ck_assert_msg(strstr(diag.message, part) != NULL, "\"%s\" lacks \"%s\"", diag.message, part);
    ck_assert_msg(strstr(diag.message, "recordings.tsv: ") == diag.message, "%s", diag.message);
    ck_assert_ptr_null(results.recordings.row);
    ck_assert_ptr_null(results.status);
}

#define HEAD "path\tparticipant_id\tsession_id"

START_TEST(what_batch_wrote_comes_back) {
    good(HEAD "\tgrade\tnote\tstem\tstatus\treason\n"
              "a.edf\tP1\tpre\t2\tx\tsub-P1_ses-pre_a\tdone\tn/a\n"
              "b.edf\tP1\tpost\tn/a\tn/a\tsub-P1_ses-post_b\tfailed\tno such file\n"
              "c.edf\tP2\tpre\t0\tn/a\tsub-P2_ses-pre_c\tleft\tn/a\n");
    const myo_study *s = &results.recordings;
    ck_assert_uint_eq(s->n_rows, 3);
    ck_assert_str_eq(s->row[0].stem, "sub-P1_ses-pre_a");
    ck_assert_str_eq(s->row[1].condition, "post");
    ck_assert(s->row[0].grade == 2 && isnan(s->row[1].grade) && s->row[2].grade == 0);
    ck_assert_ptr_null(s->row[0].file);
    ck_assert_int_eq(results.status[0], MYO_ROW_DONE);
    ck_assert_int_eq(results.status[1], MYO_ROW_FAILED);
    ck_assert_int_eq(results.status[2], MYO_ROW_LEFT);
    ck_assert_int_eq(results.stem_col, 5);
    ck_assert_int_eq(results.reason_col, 7);
    ck_assert_str_eq(myo_tsv_cell(&s->table, 1, results.reason_col), "no such file");
    ck_assert_int_eq(results.summary.n_cols, 0);
}
END_TEST

START_TEST(a_hand_made_table_counts_as_done) {
    good("participant_id\tcondition\nP1\tplacebo\nP2\tmagnesium\n");
    ck_assert_int_eq(results.stem_col, -1);
    ck_assert_int_eq(results.reason_col, -1);
    ck_assert_int_eq(results.status[0], MYO_ROW_DONE);
    ck_assert_int_eq(results.status[1], MYO_ROW_DONE);
    ck_assert_str_eq(results.recordings.row[1].condition, "magnesium");
    ck_assert_str_eq(results.recordings.row[1].session, "");
    ck_assert_str_eq(results.recordings.row[1].path, "");
    ck_assert_str_eq(results.recordings.row[1].stem, "");
}
END_TEST

START_TEST(without_stems_they_are_made_from_paths) {
    good(HEAD "\na.edf\tP1\tpre\nx/a.edf\tP1\tpre\n");
    ck_assert_str_eq(results.recordings.row[0].stem, "sub-P1_ses-pre_a");
    ck_assert_str_eq(results.recordings.row[1].stem, "sub-P1_ses-pre_a-2");
}
END_TEST

START_TEST(a_dataset_without_sessions_is_told_apart_by_task) {
    good("path\tparticipant_id\tsession_id\ttask\na.edf\tP1\tn/a\trest\nb.edf\tP1\tn/a\tn/a\n");
    ck_assert_str_eq(results.recordings.row[0].condition, "rest");
    ck_assert_str_eq(results.recordings.row[1].condition, "all");
}
END_TEST

START_TEST(formula_guards_are_taken_off) {
    good(HEAD "\t'=col\tnote\tstatus\n"
              "'-a.edf\t'-5\t'@pre\t'+1\t''=x\tdone\n"
              "b.edf\t'plain\t'\t'-30\t\\x22quoted\tdone\n");
    const myo_study *s = &results.recordings;
    ck_assert_str_eq(s->row[0].participant, "-5");
    ck_assert_str_eq(s->row[0].session, "@pre");
    ck_assert_str_eq(s->row[0].path, "-a.edf");
    ck_assert_str_eq(myo_tsv_cell(&s->table, 0, 3), "+1");
    ck_assert_str_eq(myo_tsv_cell(&s->table, 0, 4), "'=x");
    ck_assert_str_eq(s->row[1].participant, "'plain");
    ck_assert_str_eq(s->row[1].session, "'");
    ck_assert_str_eq(myo_tsv_cell(&s->table, 1, 4), "\"quoted");
    ck_assert_str_eq(myo_tsv_cell(&s->table, 1, 5), "done");
    ck_assert_int_eq(myo_tsv_find(&s->table, "=col"), 3);
}
END_TEST

START_TEST(numbers_behind_a_guard_are_numbers) {
    good(HEAD "\tminutes_from_dose\na.edf\tP1\tpre\t'-30\nb.edf\tP1\tpost\t30\n");
    ck_assert(results.recordings.row[0].minutes_from_dose == -30);
}
END_TEST

/* What table.c escapes, results.c gives back. */
START_TEST(every_id_survives_the_table) {
    static const char *const ids[] = {"-1",
                                      "=x",
                                      "+",
                                      "@a",
                                      "'",
                                      "''",
                                      "'=",
                                      "''-x",
                                      "\"q\"",
                                      "'\"",
                                      "a \"b\" c\"",
                                      "\\x22",
                                      "\\x5C",
                                      "\\x5Cx22",
                                      "\\\\x22\\",
                                      "\\\"\\x22\"x5C",
                                      "'\\x22",
                                      "\"=1",
                                      "\\x2",
                                      "P 1",
                                      "\xC3\xBC",
                                      "\xEF\xBC\x9Dx",
                                      "a'b",
                                      "0x1"};
    enum { N = sizeof ids / sizeof ids[0] };
    static const myo_column cols[] = {{"participant_id", MYO_COL_TEXT, "", ""}};
    static const myo_schema schema = {"recordings", "", cols, 1};
    char file[128];
    snprintf(file, sizeof file, "%s/recordings.tsv", dir);
    myo_table *t = NULL;
    ck_assert_int_eq(myo_table_open(&t, &schema, file, &diag), MYO_OK);
    for (size_t i = 0; i < N; i++) {
        ck_assert_int_eq(myo_table_row(t, &(myo_cell){.text = ids[i]}), MYO_OK);
    }
    ck_assert_int_eq(myo_table_close(&t), MYO_OK);
    ck_assert_msg(myo_results_read(&results, dir, &diag) == MYO_OK, "%s", diag.message);
    for (size_t i = 0; i < N; i++) {
        ck_assert_str_eq(results.recordings.row[i].participant, ids[i]);
    }
}
END_TEST

/* Nor does any quote stand in it, which readers of CSV would take for the beginning of a cell. */
START_TEST(column_names_survive_without_a_quote) {
    static const myo_column cols[] = {{"participant_id", MYO_COL_TEXT, "", ""},
                                      {"a \"b\"", MYO_COL_GIVEN, "", ""},
                                      {"\\x22", MYO_COL_GIVEN, "", ""},
                                      {"\"", MYO_COL_GIVEN, "", ""}};
    static const myo_schema schema = {"recordings", "", cols, 4};
    static const myo_cell row[] = {
        {.text = "P\"1\""}, {.text = "-5\""}, {.text = "5\" \"6"}, {.text = "-30"}};
    char file[128];
    myo_buf text = {0};
    snprintf(file, sizeof file, "%s/recordings.tsv", dir);
    myo_table *t = NULL;
    ck_assert_int_eq(myo_table_open(&t, &schema, file, &diag), MYO_OK);
    ck_assert_int_eq(myo_table_row(t, row), MYO_OK);
    ck_assert_int_eq(myo_table_close(&t), MYO_OK);
    ck_assert_int_eq(myo_slurp(file, 1 << 20, &text, NULL), MYO_OK);
    ck_assert_msg(strchr(text.s, '"') == NULL, "%s", text.s);
    myo_buf_clear(&text);
    ck_assert_msg(myo_results_read(&results, dir, &diag) == MYO_OK, "%s", diag.message);
    for (int c = 0; c < 4; c++) {
        ck_assert_int_eq(myo_tsv_find(&results.recordings.table, cols[c].name), c);
        ck_assert_str_eq(myo_tsv_cell(&results.recordings.table, 0, c), row[c].text);
    }
}
END_TEST

START_TEST(states_are_the_three) {
    bad(HEAD "\tstatus\na\tP\ts\tok\n", "line 2, column 4 (status)");
    bad(HEAD "\tstatus\na\tP\ts\tDone\n", "done, failed or left");
    bad(HEAD "\tstatus\na\tP\ts\tn/a\n", "(status)");
}
END_TEST

START_TEST(stems_lead_nowhere_else) {
    bad(HEAD "\tstem\na\tP\ts\t../../etc/passwd\n", "line 2, column 4 (stem)");
    bad(HEAD "\tstem\na\tP\ts\t..\n", "(stem)");
    bad(HEAD "\tstem\na\tP\ts\t\n", "(stem)");
    bad(HEAD "\tstem\na\tP\ts\tn/a\n", "(stem)");
    bad(HEAD "\tstem\na\tP\ts\ta b\n", "(stem)");
    bad(HEAD "\tstem\na\tP\ts\tx\nb\tQ\ts\tx\n", "line 3, column 4 (stem): stem found twice");
    bad(HEAD "\tstem\na\tP\ts\tx\nb\tQ\ts\tX\n", "stem found twice");
    good(HEAD "\tstem\na\tP\ts\tx%20..y_-1\nb\tP\tt\tx\n");
}
END_TEST

START_TEST(wrong_tables_are_refused) {
    bad("", "line 1: empty table");
    bad(HEAD "\na\tP\n", "line 2: ragged row");
    bad("path\tsession_id\na\ts\n", "no column \"participant_id\"");
    bad(HEAD "\na\tn/a\ts\n", "(participant_id): no value");
    bad(HEAD "\tgrade\na\tP\ts\tbad\n", "(grade)");
    bad(HEAD "\na\tP1\ts\nb\tp1\ts\n", "participant_id differs");
    good(HEAD "\n");
    ck_assert_uint_eq(results.recordings.n_rows, 0);
}
END_TEST

START_TEST(a_folder_without_results_is_told) {
    ck_assert_int_eq(myo_results_read(&results, dir, &diag), MYO_ERR_INPUT);
    ck_assert_str_eq(diag.message, "no recordings.tsv: not a study's result folder");
    forget();
    ck_assert_int_eq(myo_results_read(&results, "/nowhere/at/all", &diag), MYO_ERR_INPUT);
    ck_assert_str_eq(diag.message, "no recordings.tsv: not a study's result folder");
}
END_TEST

START_TEST(a_folder_in_place_of_the_table_is_told) {
    char name[128];
    snprintf(name, sizeof name, "%s/recordings.tsv", dir);
    ck_assert_int_eq(mkdir(name, 0777), 0);
    ck_assert_int_eq(myo_results_read(&results, dir, &diag), MYO_ERR_INPUT);
    ck_assert_ptr_nonnull(strstr(diag.message, "not a regular file"));
}
END_TEST

START_TEST(the_summary_is_read_where_there_is_one) {
    write_text("summary.tsv", "participant_id\tn\tfreq_hz_median\n'-1\t3\t-2.5\n");
    good(HEAD "\na\t'-1\ts\n");
    ck_assert_int_eq(results.summary.n_cols, 3);
    ck_assert_str_eq(myo_tsv_cell(&results.summary, 0, 0), "-1");
    ck_assert_str_eq(myo_tsv_cell(&results.summary, 0, 2), "-2.5");
    forget();
    write_text("summary.tsv", "participant_id\tn\nP\n");
    ck_assert_int_eq(myo_results_read(&results, dir, &diag), MYO_ERR_DAMAGED);
    ck_assert_ptr_nonnull(strstr(diag.message, "summary.tsv: line 2: ragged row"));
}
END_TEST

START_TEST(without_memory_nothing_is_left) {
    write_text("recordings.tsv", HEAD "\tstem\tstatus\na.edf\tP1\tpre\tx\tdone\n");
    write_text("summary.tsv", "participant_id\tn\nP1\t3\n");
    myo_err e = MYO_ERR_NOMEM;
    for (int n = 1; n < 1000 && e != MYO_OK; n++) {
        forget();
        myo_mem_fail_at(n);
        e = myo_results_read(&results, dir, &diag);
        myo_mem_fail_at(0);
        ck_assert(e == MYO_OK || (e == MYO_ERR_NOMEM && results.status == NULL));
    }
    ck_assert_int_eq(e, MYO_OK);
    ck_assert_int_eq(results.summary.n_cols, 2);
}
END_TEST

int main(void) {
    Suite *s = suite_create("results");
    TCase *c = tcase_create("all");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, what_batch_wrote_comes_back);
    tcase_add_test(c, a_hand_made_table_counts_as_done);
    tcase_add_test(c, without_stems_they_are_made_from_paths);
    tcase_add_test(c, a_dataset_without_sessions_is_told_apart_by_task);
    tcase_add_test(c, formula_guards_are_taken_off);
    tcase_add_test(c, numbers_behind_a_guard_are_numbers);
    tcase_add_test(c, every_id_survives_the_table);
    tcase_add_test(c, column_names_survive_without_a_quote);
    tcase_add_test(c, states_are_the_three);
    tcase_add_test(c, stems_lead_nowhere_else);
    tcase_add_test(c, wrong_tables_are_refused);
    tcase_add_test(c, a_folder_without_results_is_told);
    tcase_add_test(c, a_folder_in_place_of_the_table_is_told);
    tcase_add_test(c, the_summary_is_read_where_there_is_one);
    tcase_add_test(c, without_memory_nothing_is_left);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
