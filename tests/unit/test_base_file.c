/* test_base_file.c - files that are whole or absent, and small files read at once. */
#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/base.h"

static char home[64]; /* a fresh folder for each test */

static void make_home(void) {
    strcpy(home, "/tmp/myotab-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(home));
}

static const char *at(const char *name) {
    static char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", home, name);
    return path;
}

static int count_files(void) {
    int n = 0;
    DIR *dir = opendir(home);
    ck_assert_ptr_nonnull(dir);
    for (struct dirent *e; (e = readdir(dir)) != NULL;) {
        n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    }
    closedir(dir);
    return n;
}

static void remove_home(void) {
    char command[256];
    snprintf(command, sizeof command, "chmod -R u+w %s; rm -rf %s", home, home);
    ck_assert_int_eq(system(command), 0);
}

static void put(const char *name, const char *text, size_t n) {
    FILE *f = fopen(at(name), "w");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(text, 1, n, f), n);
    fclose(f);
}

static void expect_text(const char *name, const char *want) {
    myo_buf b = {0};
    myo_diag d = {0};
    ck_assert_msg(myo_slurp(at(name), 1 << 20, &b, &d) == MYO_OK, "%s", d.message);
    ck_assert_str_eq(b.s, want);
    myo_buf_clear(&b);
}

START_TEST(commit_makes_the_file_at_once) {
    myo_outfile o;
    ck_assert_int_eq(myo_outfile_open(&o, at("a.tsv"), NULL), MYO_OK);
    fputs("hello\n", o.f);
    fflush(o.f);
    ck_assert_int_ne(access(at("a.tsv"), F_OK), 0);
    ck_assert_int_eq(count_files(), 1);
    ck_assert_int_eq(myo_outfile_commit(&o, NULL), MYO_OK);
    ck_assert_int_eq(count_files(), 1);
    expect_text("a.tsv", "hello\n");
    ck_assert_ptr_null(o.f);
    ck_assert_ptr_null(o.path);
}
END_TEST

START_TEST(abort_leaves_nothing_and_the_old_file_whole) {
    put("a.tsv", "old", 3);
    myo_outfile o;
    ck_assert_int_eq(myo_outfile_open(&o, at("a.tsv"), NULL), MYO_OK);
    fputs("new", o.f);
    myo_outfile_abort(&o);
    ck_assert_int_eq(count_files(), 1);
    expect_text("a.tsv", "old");
    myo_outfile_abort(&o);
}
END_TEST

START_TEST(commit_replaces_an_older_file) {
    put("a.tsv", "old and longer", 14);
    myo_outfile o;
    ck_assert_int_eq(myo_outfile_open(&o, at("a.tsv"), NULL), MYO_OK);
    fputs("new", o.f);
    ck_assert_int_eq(myo_outfile_commit(&o, NULL), MYO_OK);
    expect_text("a.tsv", "new");
    ck_assert_int_eq(count_files(), 1);
}
END_TEST

START_TEST(two_files_of_one_name_do_not_mix) {
    myo_outfile a, b;
    ck_assert_int_eq(myo_outfile_open(&a, at("x"), NULL), MYO_OK);
    ck_assert_int_eq(myo_outfile_open(&b, at("x"), NULL), MYO_OK);
    fputs("first", a.f);
    fputs("second", b.f);
    ck_assert_int_eq(myo_outfile_commit(&a, NULL), MYO_OK);
    ck_assert_int_eq(myo_outfile_commit(&b, NULL), MYO_OK);
    expect_text("x", "second");
    ck_assert_int_eq(count_files(), 1);
}
END_TEST

static void expect_open_fails(const char *path, const char *reason) {
    myo_outfile o;
    myo_diag d = {0};
    ck_assert_int_eq(myo_outfile_open(&o, path, &d), MYO_ERR_OUTPUT);
    ck_assert_msg(strstr(d.message, path) != NULL && strstr(d.message, reason) != NULL, "%s",
                  d.message);
    ck_assert_ptr_null(o.f);
    ck_assert_int_eq(myo_err_exit(d.code), 3);
}

START_TEST(impossible_places_are_told) {
    put("file", "x", 1);
    mkdir(at("folder"), 0777);
    char path[PATH_MAX];
    expect_open_fails(strcpy(path, at("no/such")), "No such file or directory");
    expect_open_fails(strcpy(path, at("file/below")), "Not a directory");
    expect_open_fails(strcpy(path, at("folder")), "Is a directory");
    expect_open_fails(strcpy(path, at("folder/")), "Is a directory");
    ck_assert_int_eq(count_files(), 2);
}
END_TEST

/* What is no regular file is never replaced by one, whoever asks. */
START_TEST(only_regular_files_are_replaced) {
    struct stat st;
    char path[PATH_MAX];
    put("kept", "x", 1);
    ck_assert_int_eq(mkfifo(at("fifo"), 0600), 0);
    ck_assert_int_eq(symlink("kept", at("link")), 0);
    ck_assert_int_eq(symlink("nowhere", at("dangling")), 0);
    expect_open_fails(strcpy(path, at("fifo")), "not a regular file");
    expect_open_fails(strcpy(path, at("link")), "not a regular file");
    expect_open_fails(strcpy(path, at("dangling")), "not a regular file");
    expect_open_fails("/dev/full", "not a regular file");
    ck_assert_int_eq(lstat(at("fifo"), &st), 0);
    ck_assert(S_ISFIFO(st.st_mode));
    expect_text("kept", "x");
    ck_assert_int_eq(count_files(), 4);
}
END_TEST

/* Nor what took the name while the file was written; as one of several, nothing of them stays. */
START_TEST(what_came_meanwhile_is_not_replaced) {
    static const char *const names[] = {"a", "b", "c"};
    myo_outfile o[3];
    myo_diag d = {0};
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(myo_outfile_open(&o[i], at(names[i]), NULL), MYO_OK);
    }
    ck_assert_int_eq(mkfifo(at(names[_i]), 0600), 0);
    ck_assert_int_eq(myo_outfile_commit_all(o, 3, &d), MYO_ERR_OUTPUT);
    ck_assert_msg(strstr(d.message, "not a regular file") != NULL, "%s", d.message);
    ck_assert_ptr_nonnull(strstr(d.message, at(names[_i])));
    struct stat st;
    ck_assert_int_eq(lstat(at(names[_i]), &st), 0);
    ck_assert(S_ISFIFO(st.st_mode));
    ck_assert_int_eq(count_files(), 1);
}
END_TEST

static void expect_owned(const char *name, myo_err want, const char *reason) {
    char path[PATH_MAX];
    myo_diag d = {0};
    ck_assert_int_eq(myo_file_owned(strcpy(path, at(name)), "ours 1\n", "a file of ours", &d),
                     want);
    ck_assert_msg(strstr(d.message, reason) != NULL, "%s", d.message);
    ck_assert(want == MYO_OK || strstr(d.message, path) != NULL);
}

START_TEST(owned_files_begin_as_ours_do) {
    put("ours", "ours 1\nand more", 15);
    put("alone", "ours 1\n", 7);
    put("cut", "ours 1", 6);
    put("other", "hours 1\n", 8);
    put("empty", "", 0);
    mkdir(at("folder"), 0777);
    ck_assert_int_eq(mkfifo(at("fifo"), 0600), 0);
    ck_assert_int_eq(symlink("ours", at("link")), 0);
    ck_assert_int_eq(symlink("nowhere", at("dangling")), 0);
    expect_owned("absent", MYO_OK, "");
    expect_owned("ours", MYO_OK, "");
    expect_owned("alone", MYO_OK, "");
    expect_owned("cut", MYO_ERR_USAGE, "not a file of ours");
    expect_owned("other", MYO_ERR_USAGE, "not a file of ours");
    expect_owned("empty", MYO_ERR_USAGE, "not a file of ours");
    expect_owned("folder", MYO_ERR_USAGE, "not a regular file");
    expect_owned("fifo", MYO_ERR_USAGE, "not a regular file");
    expect_owned("link", MYO_ERR_USAGE, "not a regular file");
    expect_owned("dangling", MYO_ERR_USAGE, "not a regular file");
}
END_TEST

START_TEST(long_names_fit) {
    char name[256];
    memset(name, 'n', 250);
    name[250] = '\0';
    myo_outfile o;
    ck_assert_int_eq(myo_outfile_open(&o, at(name), NULL), MYO_OK);
    ck_assert_int_eq(myo_outfile_commit(&o, NULL), MYO_OK);
    ck_assert_int_eq(access(at(name), F_OK), 0);
}
END_TEST

/* The file-size limit stands for a full disk: at every size nothing half is left, and the reason is
 * told. */
START_TEST(no_room_leaves_nothing) {
    signal(SIGXFSZ, SIG_IGN);
    const struct rlimit limit = {(rlim_t)_i * 3000, RLIM_INFINITY};
    myo_outfile o;
    myo_diag d = {0};
    ck_assert_int_eq(myo_outfile_open(&o, at("a.tsv"), &d), MYO_OK);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    for (int i = 0; i < 20000; i++) {
        fputc('x', o.f);
    }
    const myo_err e = myo_outfile_commit(&o, &d);
    const struct rlimit none = {RLIM_INFINITY, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &none);
    ck_assert_int_eq(e, MYO_ERR_OUTPUT);
    ck_assert_msg(strstr(d.message, "a.tsv: cannot be written (File too large)") != NULL, "%s",
                  d.message);
    ck_assert_int_eq(count_files(), 0);
}
END_TEST

START_TEST(folder_that_vanished_is_told) {
    mkdir(at("sub"), 0777);
    myo_outfile o;
    myo_diag d = {0};
    ck_assert_int_eq(myo_outfile_open(&o, at("sub/a"), &d), MYO_OK);
    ck_assert_int_eq(unlink(o.temp), 0);
    ck_assert_int_eq(rmdir(at("sub")), 0);
    ck_assert_int_eq(myo_outfile_commit(&o, &d), MYO_ERR_OUTPUT);
    ck_assert_ptr_nonnull(strstr(d.message, "No such file"));
}
END_TEST

START_TEST(outfile_without_memory) {
    char path[PATH_MAX];
    strcpy(path, at("a"));
    for (int n = 1; n <= 2; n++) {
        myo_outfile o;
        myo_diag d = {0};
        myo_mem_fail_at(n);
        ck_assert_int_eq(myo_outfile_open(&o, path, &d), MYO_ERR_NOMEM);
    }
    ck_assert_int_eq(count_files(), 0);
}
END_TEST

START_TEST(temporary_folders_are_ones_own) {
    setenv("TMPDIR", "/no/such/folder", 1);
    ck_assert_ptr_null(myo_temp_folder("what"));
    ck_assert_int_eq(errno, ENOENT);
    setenv("TMPDIR", "", 1);
    ck_assert_str_eq(myo_temp_dir(), "/tmp");
    unsetenv("TMPDIR");
    char *a = myo_temp_folder("what"), *b = myo_temp_folder("what");
    struct stat st;
    ck_assert(a != NULL && b != NULL && strcmp(a, b) != 0);
    ck_assert(stat(a, &st) == 0 && S_ISDIR(st.st_mode) && (st.st_mode & 0777) == 0700);
    ck_assert(rmdir(a) == 0 && rmdir(b) == 0);
    myo_free(a);
    myo_free(b);
}
END_TEST

START_TEST(slurp_takes_exactly_max) {
    char text[40000];
    memset(text, 'y', sizeof text);
    put("f", text, sizeof text);
    myo_buf b = {0};
    myo_diag d = {0};
    ck_assert_int_eq(myo_slurp(at("f"), sizeof text, &b, &d), MYO_OK);
    ck_assert_uint_eq(b.n, sizeof text);
    ck_assert_int_eq(myo_slurp(at("f"), sizeof text - 1, &b, &d), MYO_ERR_RANGE);
    ck_assert_uint_eq(b.n, sizeof text);
    myo_buf_clear(&b);
    put("empty", "", 0);
    ck_assert_int_eq(myo_slurp(at("empty"), 10, &b, &d), MYO_OK);
    ck_assert_str_eq(b.s, "");
    myo_buf_clear(&b);
}
END_TEST

static void expect_slurp_fails(const char *path, const char *reason) {
    myo_buf b = {0};
    myo_diag d = {0};
    ck_assert_int_eq(myo_slurp(path, 1 << 20, &b, &d), MYO_ERR_INPUT);
    ck_assert_msg(strstr(d.message, path) != NULL && strstr(d.message, reason) != NULL, "%s",
                  d.message);
    ck_assert_ptr_null(b.s);
}

START_TEST(slurp_wants_a_regular_file) {
    char path[PATH_MAX];
    ck_assert_int_eq(mkfifo(at("fifo"), 0600), 0);
    expect_slurp_fails(strcpy(path, at("fifo")), "not a regular file");
    expect_slurp_fails(strcpy(path, at("none")), "No such file");
    expect_slurp_fails(home, "not a regular file");
    expect_slurp_fails("/dev/zero", "not a regular file");
}
END_TEST

START_TEST(slurp_without_memory) {
    char text[50000];
    memset(text, 'y', sizeof text);
    put("f", text, sizeof text);
    for (int n = 1; n <= 3; n++) {
        myo_buf b = {0};
        myo_diag d = {0};
        myo_mem_fail_at(n);
        ck_assert_int_eq(myo_slurp(at("f"), 1 << 20, &b, &d), MYO_ERR_NOMEM);
        ck_assert_ptr_null(b.s);
    }
}
END_TEST

int main(void) {
    Suite *s = suite_create("base_file");
    TCase *t = tcase_create("file");
    tcase_add_checked_fixture(t, make_home, remove_home);
    tcase_add_test(t, commit_makes_the_file_at_once);
    tcase_add_test(t, abort_leaves_nothing_and_the_old_file_whole);
    tcase_add_test(t, commit_replaces_an_older_file);
    tcase_add_test(t, two_files_of_one_name_do_not_mix);
    tcase_add_test(t, impossible_places_are_told);
    tcase_add_test(t, only_regular_files_are_replaced);
    tcase_add_loop_test(t, what_came_meanwhile_is_not_replaced, 0, 3);
    tcase_add_test(t, owned_files_begin_as_ours_do);
    tcase_add_test(t, long_names_fit);
    tcase_add_loop_test(t, no_room_leaves_nothing, 0, 7);
    tcase_add_test(t, folder_that_vanished_is_told);
    tcase_add_test(t, outfile_without_memory);
    tcase_add_test(t, slurp_takes_exactly_max);
    tcase_add_test(t, temporary_folders_are_ones_own);
    tcase_add_test(t, slurp_wants_a_regular_file);
    tcase_add_test(t, slurp_without_memory);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed;
}
