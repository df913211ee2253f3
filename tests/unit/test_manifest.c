/* test_manifest.c - the manifest: what it must say, what it may say, what it may not say twice. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/base.h"
#include "study/study.h"

static char dir[64], path[96];
static myo_study study;
static myo_diag diag;

static void setup(void) {
    strcpy(dir, "/tmp/myotab_manifest_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/m.tsv", dir);
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

static void write_bytes(const char *name, const char *text, size_t n) {
    char file[256];
    snprintf(file, sizeof file, "%s/%s", dir, name);
    unlink(file); /* writing over a file may wait for the disk */
    FILE *f = fopen(file, "wb");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(text, 1, n, f), n);
    fclose(f);
}

static void write_text(const char *name, const char *text) {
    write_bytes(name, text, strlen(text));
}

static myo_err read_with(const char *text, bool allow_outside) {
    forget();
    write_text("m.tsv", text);
    return myo_study_read(&study, path, allow_outside, &diag);
}

static void good(const char *text) {
    const myo_err e = read_with(text, false);
    ck_assert_msg(e == MYO_OK, "%s", diag.message);
}

/* Refused as a wrong manifest, the message holding `part`. */
static void bad(const char *text, const char *part) {
    ck_assert_int_eq(read_with(text, false), MYO_ERR_MANIFEST);
    ck_assert_int_eq(diag.code, MYO_ERR_MANIFEST);
    ck_assert_msg(strstr(diag.message, part) != NULL, "\"%s\" lacks \"%s\"", diag.message, part);
    ck_assert_ptr_null(study.row);
}

#define HEAD "path\tparticipant_id\tsession_id"

START_TEST(three_columns_are_a_manifest) {
    good(HEAD "\na.edf\tP1\tpre\nsub/b.edf\tP1\tpost\n");
    ck_assert_uint_eq(study.n_rows, 2);
    ck_assert(!study.is_bids);
    const myo_study_row *r = &study.row[1];
    ck_assert_uint_eq(r->index, 1);
    ck_assert_str_eq(r->path, "sub/b.edf");
    ck_assert_str_eq(r->participant, "P1");
    ck_assert_str_eq(r->session, "post");
    ck_assert_str_eq(r->condition, "post");
    ck_assert_str_eq(r->stem, "sub-P1_ses-post_b");
    char file[160];
    snprintf(file, sizeof file, "%s/sub/b.edf", dir);
    ck_assert_str_eq(r->file, file);
    ck_assert(r->fs == 0 && r->scale == 0 && isnan(r->start_s) && isnan(r->end_s));
    ck_assert(isnan(r->rest_start_s) && isnan(r->dose_mmol) && isnan(r->grade));
    ck_assert_str_eq(r->group, "");
    ck_assert_str_eq(r->unit, "");
}
END_TEST

/* --- the table's form --- */

START_TEST(bom_crlf_and_no_last_newline_are_fine) {
    good("\xEF\xBB\xBF" HEAD "\r\na.edf\tP1\tpre\r\nb.edf\tP1\tpost");
    ck_assert_uint_eq(study.n_rows, 2);
    ck_assert_str_eq(study.row[1].session, "post");
    good(HEAD "\na.edf\tP1\tpre\n\n\r\n");
    ck_assert_uint_eq(study.n_rows, 1);
}
END_TEST

START_TEST(quoted_cells_are_what_r_and_spreadsheets_write) {
    good("\"path\"\t\"participant_id\"\t\"session_id\"\tnote\n"
         "\"my file.edf\"\t\"P1\"\tpre\t\"said \"\"ow\"\"\"\n"
         "b.edf\tP1\tpost\t\"good\" one\n");
    ck_assert_str_eq(study.row[0].path, "my file.edf");
    ck_assert_str_eq(study.row[0].participant, "P1");
    ck_assert_str_eq(myo_tsv_cell(&study.table, 0, 3), "said \"ow\"");
    ck_assert_str_eq(myo_tsv_cell(&study.table, 1, 3), "\"good\" one");
    bad(HEAD "\na.edf\t\"P1\tpre\n", "line 2, column 2: open quote");
}
END_TEST

START_TEST(wrong_tables_are_refused_by_line) {
    bad("", "line 1: empty table");
    bad("\n\n", "line 1");
    bad(HEAD "\n", "no recordings");
    bad(HEAD "\na.edf\tP1\n", "line 2: ragged row (found 2 cells, allowed 3)");
    bad(HEAD "\na.edf\tP1\tpre\textra\n", "line 2: ragged row");
    bad(HEAD "\na.edf\tP1\tpre\n\nb.edf\tP1\tpost\n", "line 3: ragged row");
    bad(HEAD "\tpath\na.edf\tP1\tpre\tb.edf\n", "column \"path\" found twice");
    bad(HEAD "\t\na.edf\tP1\tpre\tx\n", "empty column name");
    bad(HEAD "\na.edf\tP\xFF\tpre\n", "line 2, byte 8: not UTF-8");
    bad(HEAD "\na.edf\tP1\tpre\n" HEAD "\n", "line 3, column 1: header found twice");
    bad("\xFF\xFEp", "UTF-16");
}
END_TEST

START_TEST(a_nul_is_no_text) {
    const char text[] = HEAD "\na\0b.edf\tP1\tpre\n";
    write_bytes("m.tsv", text, sizeof text - 1);
    ck_assert_int_eq(myo_study_read(&study, path, false, &diag), MYO_ERR_MANIFEST);
    ck_assert_ptr_nonnull(strstr(diag.message, "line 2, byte 2"));
}
END_TEST

START_TEST(missing_columns_are_named_with_the_likely_reason) {
    bad("file\tparticipant_id\tsession_id\na\tb\tc\n", "line 1: no column \"path\"");
    bad("path\tsession_id\na\tb\n", "no column \"participant_id\"");
    bad("path\tparticipant_id\na\tb\n", "no column \"session_id\"");
    bad("path,participant_id,session_id\na,b,c\n", "separated by tabs");
    bad("path;participant_id;session_id\na;b;c\n", "separated by tabs");
    bad("path participant_id session_id\na b c\n", "not blanks");
    bad("path\tparticipant_id\tsession_id\ra.edf\tP1\tpre", "LF or CRLF");
    bad("Path\tparticipant_id\tsession_id\na\tb\tc\n", "no column \"path\"");
}
END_TEST

START_TEST(what_is_needed_may_not_be_empty) {
    bad(HEAD "\na.edf\t\tpre\n", "line 2, column 2 (participant_id): no value");
    bad(HEAD "\na.edf\tn/a\tpre\n", "line 2, column 2 (participant_id): no value (found \"n/a\"");
    bad(HEAD "\na.edf\tP1\tn/a\n", "line 2, column 3 (session_id): no value");
    bad(HEAD "\n\tP1\tpre\n", "line 2, column 1 (path): no value");
    good(HEAD "\nn/a.edf\tN/A\tna\n");
    ck_assert_str_eq(study.row[0].participant, "N/A");
}
END_TEST

START_TEST(files_that_are_no_manifest_are_told) {
    char missing[128];
    snprintf(missing, sizeof missing, "%s/none.tsv", dir);
    ck_assert_int_eq(myo_study_read(&study, missing, false, &diag), MYO_ERR_MANIFEST);
    ck_assert_ptr_nonnull(strstr(diag.message, "No such file"));
    forget();
    ck_assert_int_eq(myo_study_read(&study, "/dev/zero", false, &diag), MYO_ERR_MANIFEST);
    ck_assert_ptr_nonnull(strstr(diag.message, "not a regular file"));
}
END_TEST

/* --- ids and paths --- */

START_TEST(ids_are_kept_exact) {
    good(HEAD "\na.edf\t J\xC3\xBCrgen-\xE6\x9D\x8E =1\t-pre\n");
    ck_assert_str_eq(study.row[0].participant, " J\xC3\xBCrgen-\xE6\x9D\x8E =1");
    ck_assert_str_eq(study.row[0].session, "-pre");
    ck_assert_str_eq(study.row[0].stem, "sub-%20J%C3%BCrgen-%E6%9D%8E%20%3D1_ses--pre_a");
}
END_TEST

START_TEST(ids_have_255_bytes_at_most) {
    char text[600], id[300];
    memset(id, 'x', sizeof id);
    id[255] = '\0';
    snprintf(text, sizeof text, HEAD "\na.edf\t%s\tpre\n", id);
    good(text);
    id[255] = 'x';
    id[256] = '\0';
    snprintf(text, sizeof text, HEAD "\na.edf\t%s\tpre\n", id);
    bad(text, "line 2, column 2 (participant_id): too long");
    snprintf(text, sizeof text, HEAD "\tgroup\na.edf\tP1\tpre\t%s\n", id);
    bad(text, "column 4 (group): too long");
}
END_TEST

START_TEST(paths_stay_below_the_manifest) {
    bad(HEAD "\n/etc/passwd\tP1\tpre\n", "line 2, column 1 (path): path leaves");
    bad(HEAD "\n../a.edf\tP1\tpre\n", "path leaves");
    bad(HEAD "\nx/../../a.edf\tP1\tpre\n", "path leaves");
    bad(HEAD "\nx/..\tP1\tpre\n", "path leaves");
    good(HEAD "\n..a.edf\tP1\t1\nx/b..edf\tP1\t2\n.../c\tP1\t3\n");
}
END_TEST

START_TEST(outside_paths_where_allowed) {
    ck_assert_int_eq(read_with(HEAD "\n/x/a.edf\tP1\tpre\n../b.edf\tP1\tpost\n", true), MYO_OK);
    ck_assert_str_eq(study.row[0].file, "/x/a.edf");
    char file[160];
    snprintf(file, sizeof file, "%s/../b.edf", dir);
    ck_assert_str_eq(study.row[1].file, file);
}
END_TEST

START_TEST(names_are_never_expanded) {
    static const char *const names[] = {"~/a.edf", "$(id)", "|id",  "http://example.org/a.edf",
                                        "`id`",    "*",     "%s%n", "-"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char text[128], file[160];
        snprintf(text, sizeof text, HEAD "\n%s\tP1\tpre\n", names[i]);
        good(text);
        ck_assert_str_eq(study.row[0].path, names[i]);
        snprintf(file, sizeof file, "%s/%s", dir, names[i]);
        ck_assert_str_eq(study.row[0].file, file);
    }
}
END_TEST

START_TEST(a_dash_is_no_standard_input) {
    write_text("m.tsv", HEAD "\n-\tP1\tpre\nx\tP2\tpre\n");
    ck_assert_int_eq(chdir(dir), 0);
    ck_assert_int_eq(myo_study_read(&study, "m.tsv", false, &diag), MYO_OK);
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_str_eq(study.row[0].file, "./-");
    ck_assert_str_eq(study.row[1].file, "x");
}
END_TEST

START_TEST(control_characters_in_paths_are_refused) {
    bad(HEAD "\na\x1B.edf\tP1\tpre\n", "column 1 (path): control character");
    bad(HEAD "\na\x7F.edf\tP1\tpre\n", "control character");
    bad(HEAD "\na\xC2\x85.edf\tP1\tpre\n", "control character");
    bad(HEAD "\n\"a\tb.edf\"\tP1\tpre\n", "control character");
    good(HEAD "\na\xC2\xA0\xC3\x85.edf\tP1\tpre\n");
}
END_TEST

START_TEST(stems_are_claimed_in_order) {
    good(HEAD "\trun\nx/a.edf\tsub-P1\tses-pre\t1\ny/a.edf\tsub-P1\tses-pre\t2\n"
              "x/a.bdf\tP2\tses-pre\t1\n");
    ck_assert_str_eq(study.row[0].stem, "sub-P1_ses-pre_a");
    ck_assert_str_eq(study.row[1].stem, "sub-P1_ses-pre_a-2");
    ck_assert_str_eq(study.row[2].stem, "sub-P2_ses-pre_a");
}
END_TEST

/* --- typed columns --- */

static void good_cell(const char *name, const char *cell) {
    char text[256];
    snprintf(text, sizeof text, HEAD "\t%s\na.edf\tP1\tpre\t%s\n", name, cell);
    good(text);
}

static void bad_cell(const char *name, const char *cell) {
    char text[256], where[64];
    snprintf(text, sizeof text, HEAD "\t%s\na.edf\tP1\tpre\t%s\n", name, cell);
    snprintf(where, sizeof where, "line 2, column 4 (%s): ", name);
    bad(text, where);
}

START_TEST(numbers_have_their_ranges) {
    static const struct {
        const char *name, *good[3], *bad[5];
    } rows[] = {
        {"fs", {"0.001", "1e6", "2048.5"}, {"0", "-1", "1000001", "0x10", "inf"}},
        {"scale", {"-0.5", "1e-9", "3"}, {"0", "-0", "nan", "1,5", "x"}},
        {"start_s", {"0", "1.5", "1e3"}, {"-0.001", "x", "1 2", "nan", "1e999"}},
        {"end_s", {"0.001", "7", "1e9"}, {"0", "-1", "x", "1,5", "inf"}},
        {"dose_mmol", {"0", "10", "2.5"}, {"-1", "x", "10mmol", "nan", "--"}},
        {"serum_mg_mmol_l", {"0.8", "1e-3", "2"}, {"0", "-0.8", "x", "1.2.3", "inf"}},
        {"minutes_from_dose", {"-30", "0", "+15.5"}, {"x", "1:30", "nan", "inf", "1e999"}},
        {"grade", {"0", "3", "12.5"}, {"-1", "II", "nan", "inf", "3/4"}},
    };
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        for (int i = 0; i < 3; i++) {
            good_cell(rows[r].name, rows[r].good[i]);
        }
        for (int i = 0; i < 5; i++) {
            bad_cell(rows[r].name, rows[r].bad[i]);
        }
    }
}
END_TEST

START_TEST(numbers_land_in_their_places) {
    good(HEAD "\tfs\tscale\tstart_s\tend_s\trest_start_s\trest_end_s\tdose_mmol\tserum_mg_mmol_l"
              "\tminutes_from_dose\tgrade\na\tP\ts\t1\t2\t3\t4\t5\t6\t7\t8\t9\t10\n");
    const myo_study_row *r = &study.row[0];
    ck_assert(r->fs == 1 && r->scale == 2 && r->start_s == 3 && r->end_s == 4);
    ck_assert(r->rest_start_s == 5 && r->rest_end_s == 6 && r->dose_mmol == 7);
    ck_assert(r->serum_mg_mmol_l == 8 && r->minutes_from_dose == 9 && r->grade == 10);
}
END_TEST

START_TEST(empty_and_na_say_nothing) {
    good(HEAD "\tcondition\tfs\tunit\tpreset\tgrade\tend_s\na\tP\ts\tn/a\t\tn/a\t\tn/a\t\n");
    const myo_study_row *r = &study.row[0];
    ck_assert_str_eq(r->condition, "s");
    ck_assert(r->fs == 0 && isnan(r->grade) && isnan(r->end_s));
    ck_assert_str_eq(r->unit, "");
    ck_assert_str_eq(r->preset, "");
}
END_TEST

START_TEST(incidence_is_yes_or_no) {
    good(HEAD "\tincidence\na\tP\t1\t0\nb\tP\t2\t1\nc\tP\t3\tYes\nd\tP\t4\tNO\n"
              "e\tP\t5\tn/a\nf\tP\t6\t\n");
    ck_assert_str_eq(study.row[2].incidence, "Yes");
    ck_assert_str_eq(study.row[4].incidence, "");
    bad(HEAD "\tincidence\na\tP\t1\t0\nb\tP\t2\t2\n",
        "line 3, column 4 (incidence): wrong value (found \"2\", allowed 0, 1, no, yes or n/a)");
    bad(HEAD "\tincidence\na\tP\t1\ty\n", "line 2, column 4 (incidence)");
    bad(HEAD "\tincidence\na\tP\t1\t1.0\n", "(incidence)");
    bad(HEAD "\tincidence\na\tP\t1\t-1\n", "(incidence)");
}
END_TEST

START_TEST(spans_run_forward) {
    bad(HEAD "\tstart_s\tend_s\na\tP\ts\t5\t5\n", "line 2, column 5 (end_s): wrong value");
    bad(HEAD "\tstart_s\tend_s\na\tP\ts\t5\t4\n", "(end_s)");
    good(HEAD "\tstart_s\tend_s\na\tP\ts\t5\t5.001\n");
    good(HEAD "\tstart_s\tend_s\na\tP\ts\t5\tn/a\n");
    bad(HEAD "\trest_start_s\trest_end_s\na\tP\ts\t5\t5\n", "(rest_end_s)");
    bad(HEAD "\trest_start_s\trest_end_s\na\tP\ts\t5\t\n", "(rest_start_s): half a span");
    bad(HEAD "\trest_start_s\trest_end_s\na\tP\ts\tn/a\t5\n", "(rest_end_s): half a span");
    bad(HEAD "\trest_end_s\na\tP\ts\t5\n", "(rest_end_s): half a span");
    good(HEAD "\trest_start_s\trest_end_s\na\tP\ts\tn/a\tn/a\n");
    good(HEAD "\trest_start_s\trest_end_s\na\tP\ts\t0\t5\n");
}
END_TEST

START_TEST(units_are_those_of_the_option) {
    static const char *const fine[] = {"uV", "mV", "V", "g", "mg", "m/s^2", "counts"};
    for (size_t i = 0; i < sizeof fine / sizeof fine[0]; i++) {
        good_cell("unit", fine[i]);
        ck_assert_str_eq(study.row[0].unit, fine[i]);
    }
    good_cell("unit", "\xC2\xB5V");
    ck_assert_str_eq(study.row[0].unit, "uV");
    good_cell("unit", "\xCE\xBCV");
    ck_assert_str_eq(study.row[0].unit, "uV");
    bad_cell("unit", "uv");
    bad_cell("unit", "volts");
    bad_cell("unit", "kg");
}
END_TEST

START_TEST(presets_are_known_ones) {
    good_cell("preset", "noisy");
    ck_assert_str_eq(study.row[0].preset, "noisy");
    bad_cell("preset", "Noisy");
    bad_cell("preset", "noisy ");
    ck_assert_ptr_nonnull(strstr(diag.message, "allowed emg, accel"));
}
END_TEST

START_TEST(channels_have_known_kinds) {
    good_cell("channels", "TA=EMG:mV:tibialis, 2=ACC:g,x=other");
    ck_assert_str_eq(study.row[0].channels, "TA=EMG:mV:tibialis, 2=ACC:g,x=other");
    good_cell("channels", "TA,GM");
    good_cell("channels", "TA=EMG::tibialis anterior");
    bad_cell("channels", "TA=EGM");
    bad_cell("channels", "TA=EMG:parsec");
    bad_cell("channels", "TA=EMG,GM=");
}
END_TEST

START_TEST(other_columns_pass_through) {
    good(HEAD "\tage\tstem\tstatus\tpath2\na\tP\ts\t71\t../x\tfailed\t/\n");
    ck_assert_int_eq(study.table.n_cols, 7);
    ck_assert_str_eq(myo_tsv_cell(&study.table, 0, 3), "71");
    ck_assert_str_eq(study.row[0].stem, "sub-P_ses-s_a");
}
END_TEST

/* --- said twice --- */

START_TEST(one_recording_is_named_once) {
    bad(HEAD "\na\tP\ts\nb\tQ\ts\nc\tP\ts\n", "line 4: the same recording as line 2");
    ck_assert_ptr_nonnull(strstr(diag.message, "participant_id \"P\", session_id \"s\""));
    bad(HEAD "\ttask\trun\na\tP\ts\tt\t1\nb\tP\ts\tt\t1\n", "line 3: the same recording as line 2");
    bad(HEAD "\ttask\trun\na\tP\ts\tn/a\t\nb\tP\ts\t\tn/a\n", "line 3");
    good(HEAD "\ttask\trun\na\tP\ts\tt\t1\nb\tP\ts\tt\t2\nc\tP\ts\tu\t1\nd\tP\ts\t\t1\n");
    good(HEAD "\na\tP\ts1\nb\tP\ts2\nc\tQ\ts1\n");
    good(HEAD "\tacq\na\tP\ts\tx\nb\tP\ts\ty\n");
}
END_TEST

START_TEST(of_several_clashes_the_first_is_told) {
    bad(HEAD "\nz\tZ\ts\na\tA\ts\ny\tZ\ts\nb\tA\ts\n", "line 4: the same recording as line 2");
}
END_TEST

START_TEST(one_stretch_of_a_file_is_read_once) {
    bad(HEAD "\na.edf\tP\t1\na.edf\tP\t2\n", "line 3: the same file as line 2");
    bad(HEAD "\nx/a.edf\tP\t1\n./x//./a.edf\tP\t2\n", "line 3: the same file as line 2");
    good(HEAD "\nx/a.edf\tP\t1\ny/a.edf\tP\t2\n");
    good(HEAD "\tstart_s\tend_s\na\tP\t1\t0\t10\na\tP\t2\t10\t20\na\tP\t3\t20\tn/a\n");
    bad(HEAD "\tstart_s\tend_s\na\tP\t1\t0\t10\na\tP\t2\t9.999\t20\n", "same file as line 2");
    bad(HEAD "\tstart_s\tend_s\na\tP\t1\t50\tn/a\na\tP\t2\tn/a\tn/a\n", "line 3");
    bad(HEAD "\tstart_s\tend_s\na\tP\t1\t0\t100\na\tP\t2\t200\t300\na\tP\t3\t10\t20\n",
        "line 4: the same file as line 2");
}
END_TEST

START_TEST(links_lead_to_the_same_file) {
    write_text("a.edf", "x");
    write_text("b.edf", "x");
    char from[128], to[128];
    snprintf(from, sizeof from, "%s/a.edf", dir);
    snprintf(to, sizeof to, "%s/hard.edf", dir);
    ck_assert_int_eq(link(from, to), 0);
    snprintf(to, sizeof to, "%s/soft.edf", dir);
    ck_assert_int_eq(symlink("a.edf", to), 0);
    bad(HEAD "\na.edf\tP\t1\nhard.edf\tP\t2\n", "line 3: the same file as line 2");
    bad(HEAD "\na.edf\tP\t1\nsoft.edf\tP\t2\n", "line 3: the same file as line 2");
    good(HEAD "\na.edf\tP\t1\nb.edf\tP\t2\nnone.edf\tP\t3\nnone2.edf\tP\t4\n");
}
END_TEST

START_TEST(ids_that_only_look_different_are_refused) {
    bad(HEAD "\na\tp1\ts\nb\tP1\ts\n", "line 3: participant_id differs from that of line 2");
    bad(HEAD "\na\tP1\ts\nb\tP2\ts\nc\tP1 \tt\n", "line 4: participant_id");
    bad(HEAD "\na\tJ\xC3\xBCrgen\ts\nb\tJu\xCC\x88rgen\tt\n", "participant_id differs");
    bad(HEAD "\na\tP1\tPre\nb\tP1\tpre\n", "line 3: session_id differs from that of line 2");
    good(HEAD "\na\tP1\tPre\nb\tP2\tpre\n");
    good(HEAD "\na\tP1\tpre\nb\tP1\tpost\nc\tP11\tpre\nd\tJurgen\tpre\ne\tJ\xC3\xBCrgen\tpre\n");
}
END_TEST

static void bad_bytes(const char *bytes, size_t n) {
    forget();
    write_bytes("m.tsv", bytes, n);
    ck_assert_int_eq(myo_study_read(&study, path, false, &diag), MYO_ERR_MANIFEST);
    ck_assert_msg(strstr(diag.message, "looks like a recording, not a manifest") != NULL, "%s",
                  diag.message);
}

START_TEST(a_recording_is_no_manifest) {
    char edf[512];
    memset(edf, ' ', sizeof edf);
    edf[0] = '0';
    bad_bytes(edf, sizeof edf);
    bad_bytes("\377BIOSEMI  x", 11);
    bad_bytes("RIFF\x24\x00\x00\x00WAVEfmt ", 16);
    bad_bytes("fLaC\0\0\0\x22", 8);
    bad_bytes("ab\tc\0d\n", 7);
    ck_assert_int_eq(myo_err_exit(diag.code), 2);
}
END_TEST

START_TEST(ids_with_and_without_a_prefix_are_refused) {
    bad(HEAD "\na\t01\ts\nb\tsub-01\ts\n",
        "line 3: participant_id differs from that of line 2 only in case, blanks, prefix sub-");
    bad(HEAD "\na\tSub-A\ts\nb\ta\tt\n", "line 3: participant_id differs");
    bad(HEAD "\na\tSUB-A\ts\nb\tsub-a\tt\n", "line 3: participant_id differs");
    bad(HEAD "\na\tP\tpre\nb\tP\tses-pre\n", "line 3: session_id differs from that of line 2");
    bad(HEAD "\na\tP\tpre\nb\tQ\tses-pre\n",
        "line 3: condition differs from that of line 2 only in case, blanks, prefix ses-");
    good(HEAD "\tcondition\na\tP\tpre\tx\nb\tQ\tses-pre\tx\n");
    good(HEAD "\na\tsub-1\tses-1\nb\tsub-2\tses-2\nc\tsub-12\tses-12\n");
}
END_TEST

START_TEST(labels_that_only_look_different_are_told) {
    good(HEAD "\tgroup\na\tP1\tPre\tA\nb\tP2\tpre\tA\n");
    ck_assert_int_eq(diag.n_warnings, 1);
    ck_assert_ptr_nonnull(
        strstr(diag.warnings[0], "line 3: condition differs from that of line 2"));
    good(HEAD "\tgroup\na\tP1\tpre\tMg \nb\tP2\tpre\tMg\n");
    ck_assert_int_eq(diag.n_warnings, 1);
    ck_assert_ptr_nonnull(strstr(diag.warnings[0], "line 3: group differs"));
    good(HEAD "\tgroup\na\tP1\tpre\tMg\nb\tP2\tpost\tplacebo\nc\tP3\tpre\t\n");
    ck_assert_int_eq(diag.n_warnings, 0);
}
END_TEST

START_TEST(many_rows_are_read) {
    myo_buf b = {0};
    myo_buf_puts(&b, HEAD "\n");
    for (int i = 0; i < 20000; i++) {
        myo_buf_printf(&b, "none/%d.edf\tP%d\t%d\n", i, i / 4, i % 4);
    }
    good(b.s);
    ck_assert_uint_eq(study.n_rows, 20000);
    myo_buf_puts(&b, "none/7.edf\tQ\t1\n");
    bad(b.s, "line 20002: the same file as line 9");
    myo_buf_clear(&b);
}
END_TEST

/* A few bytes of a good manifest changed at random: it is read, or refused with a reason. */
START_TEST(damaged_manifests_are_read_or_refused) {
    static const char text[] =
        HEAD "\tfs\tunit\tchannels\tstart_s\tend_s\tnote\n"
             "a.edf\tP1\tpre\t500\tuV\tTA=EMG:mV:ta,2=ACC\t0\t10\t\"x \"\"y\"\"\"\n"
             "b/c.edf\tJ\xC3\xBCrgen\tpost\tn/a\tg\t\t1e1\t2.5e1\t=1\r\n";
    static const char likely[] = "\t\n\r\"\0\xFF\xC3/.-=:,e9";
    int n_read = 0;
    myo_rng rng;
    myo_rng_seed(&rng, 20, 5);
    for (int i = 0; i < 1500; i++) {
        char copy[sizeof text];
        memcpy(copy, text, sizeof text);
        for (uint32_t k = 1 + myo_rng_u32(&rng) % 4; k > 0; k--) {
            copy[myo_rng_u32(&rng) % (sizeof text - 1)] =
                likely[myo_rng_u32(&rng) % (sizeof likely - 1)];
        }
        const size_t n = i % 3 ? sizeof text - 1 : myo_rng_u32(&rng) % sizeof text;
        forget();
        write_bytes("m.tsv", copy, n);
        const myo_err e = myo_study_read(&study, path, i % 2, &diag);
        ck_assert(e == MYO_OK ? study.n_rows > 0 : e == MYO_ERR_MANIFEST && diag.message[0]);
        n_read += e == MYO_OK;
    }
    ck_assert(n_read > 100 && n_read < 1400);
}
END_TEST

START_TEST(without_memory_nothing_is_left) {
    write_text("m.tsv", HEAD "\tfs\na.edf\tP1\tpre\t500\nb.edf\tP1\tpost\t500\n");
    myo_err e = MYO_ERR_NOMEM;
    for (int n = 1; n < 1000 && e != MYO_OK; n++) {
        forget();
        myo_mem_fail_at(n);
        e = myo_study_read(&study, path, false, &diag);
        myo_mem_fail_at(0);
        ck_assert(e == MYO_OK || (e == MYO_ERR_NOMEM && study.row == NULL));
    }
    ck_assert_int_eq(e, MYO_OK);
    ck_assert_uint_eq(study.n_rows, 2);
}
END_TEST

int main(void) {
    Suite *s = suite_create("manifest");
    TCase *c = tcase_create("all");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, three_columns_are_a_manifest);
    tcase_add_test(c, bom_crlf_and_no_last_newline_are_fine);
    tcase_add_test(c, quoted_cells_are_what_r_and_spreadsheets_write);
    tcase_add_test(c, wrong_tables_are_refused_by_line);
    tcase_add_test(c, a_nul_is_no_text);
    tcase_add_test(c, missing_columns_are_named_with_the_likely_reason);
    tcase_add_test(c, what_is_needed_may_not_be_empty);
    tcase_add_test(c, files_that_are_no_manifest_are_told);
    tcase_add_test(c, ids_are_kept_exact);
    tcase_add_test(c, ids_have_255_bytes_at_most);
    tcase_add_test(c, paths_stay_below_the_manifest);
    tcase_add_test(c, outside_paths_where_allowed);
    tcase_add_test(c, names_are_never_expanded);
    tcase_add_test(c, a_dash_is_no_standard_input);
    tcase_add_test(c, control_characters_in_paths_are_refused);
    tcase_add_test(c, stems_are_claimed_in_order);
    tcase_add_test(c, numbers_have_their_ranges);
    tcase_add_test(c, numbers_land_in_their_places);
    tcase_add_test(c, empty_and_na_say_nothing);
    tcase_add_test(c, incidence_is_yes_or_no);
    tcase_add_test(c, spans_run_forward);
    tcase_add_test(c, units_are_those_of_the_option);
    tcase_add_test(c, presets_are_known_ones);
    tcase_add_test(c, channels_have_known_kinds);
    tcase_add_test(c, other_columns_pass_through);
    tcase_add_test(c, one_recording_is_named_once);
    tcase_add_test(c, of_several_clashes_the_first_is_told);
    tcase_add_test(c, one_stretch_of_a_file_is_read_once);
    tcase_add_test(c, links_lead_to_the_same_file);
    tcase_add_test(c, ids_that_only_look_different_are_refused);
    tcase_add_test(c, a_recording_is_no_manifest);
    tcase_add_test(c, ids_with_and_without_a_prefix_are_refused);
    tcase_add_test(c, labels_that_only_look_different_are_told);
    tcase_add_test(c, many_rows_are_read);
    tcase_add_test(c, damaged_manifests_are_read_or_refused);
    tcase_add_test(c, without_memory_nothing_is_left);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
