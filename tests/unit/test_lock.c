/* test_lock.c - one owner for a folder's rows: refusals, parts side by side, dead owners. */
#include <check.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "run/lock.h"

static char home[64];

static const char *at(const char *name) {
    static char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", home, name);
    return path;
}

static void make_home(void) {
    strcpy(home, "/tmp/myotab-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(home));
}

static void remove_home(void) {
    char command[256];
    snprintf(command, sizeof command, "chmod -R u+w %s; rm -rf %s", home, home);
    ck_assert_int_eq(system(command), 0);
}

static bool exists(const char *name) {
    return access(at(name), F_OK) == 0;
}

static void put(const char *name, const char *text) {
    FILE *f = fopen(at(name), "w");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
}

static myo_err take(myo_lock *l, int64_t first, int64_t last, myo_diag *d) {
    const myo_range range = {first, last};
    const myo_rows rows = {&range, 1};
    const myo_err err = myo_lock_take(l, home, &rows, first, last, d);
    if (err == MYO_OK) {
        myo_lock_leave(l);
    }
    return err;
}

START_TEST(rows_read_well) {
    const myo_range some[] = {{3, 5}, {9, 9}, {12, 20}};
    const myo_rows rows = {some, 3};
    myo_buf b = {0};
    myo_rows_text(&rows, &b);
    ck_assert_str_eq(b.s, "3-5,9,12-20");
    b.n = 0;
    myo_rows_text(&myo_rows_all, &b);
    ck_assert_str_eq(b.s, "all");
    myo_buf_clear(&b);
}
END_TEST

START_TEST(a_lock_says_who_and_goes) {
    myo_lock l;
    myo_diag d = {0};
    myo_buf b = {0};
    char want[64];
    ck_assert_msg(take(&l, 2, 7, &d) == MYO_OK, "%s", d.message);
    ck_assert_int_eq(myo_slurp(at(".myotab-2-7.lock"), 4096, &b, &d), MYO_OK);
    snprintf(want, sizeof want, "%ld ", (long)getpid());
    ck_assert_ptr_eq(strstr(b.s, want), b.s);
    ck_assert_ptr_nonnull(strstr(b.s, " 2-7\n"));
    myo_lock_give_back(&l);
    ck_assert(!exists(".myotab-2-7.lock"));
    ck_assert_int_eq(l.fd, -1);
    myo_lock_give_back(&l); /* none is fine */
    ck_assert_int_eq(d.n_warnings, 0);
    myo_buf_clear(&b);
}
END_TEST

/* flock belongs to the open file, so that two locks of one process meet as those of two do. */
static const struct {
    int64_t first, last;
    bool free;
} second[] = {{1, 9, true},    {9, 10, false},        {10, 10, false},
              {12, 15, false}, {20, 20, false},       {21, 30, true},
              {5, 40, false},  {1, INT64_MAX, false}, {10, 20, false}};

START_TEST(only_rows_of_nobody_can_be_taken) {
    myo_lock first, other;
    myo_diag d = {0};
    char pid[32];
    ck_assert_int_eq(take(&first, 10, 20, &d), MYO_OK);
    const myo_err want = second[_i].free ? MYO_OK : MYO_ERR_LOCKED;
    ck_assert_int_eq(take(&other, second[_i].first, second[_i].last, &d), want);
    if (!second[_i].free) {
        snprintf(pid, sizeof pid, "process %ld on ", (long)getpid());
        ck_assert_ptr_nonnull(strstr(d.message, pid));
        ck_assert_ptr_nonnull(strstr(d.message, "rows 10-20"));
        ck_assert_int_eq(other.fd, -1);
        ck_assert_ptr_null(other.path);
    }
    ck_assert(exists(".myotab-10-20.lock"));
    myo_lock_give_back(&other);
    ck_assert(exists(".myotab-10-20.lock"));
    myo_lock_give_back(&first);
    myo_diag_clear(&d);
}
END_TEST

static const char *const left_behind[] = {
    "4242 elsewhere 1-9\n", "", "nonsense", "-1 - -\n", "999999999999 x 1-3,all\n",
};

/* The file is there, but nobody holds it: whatever it says, its owner is dead. */
START_TEST(a_dead_owner_is_succeeded) {
    myo_lock l;
    myo_diag d = {0};
    put(".myotab-1-9.lock", left_behind[_i]);
    put(".myotab-30-40.lock", left_behind[_i]);
    ck_assert_msg(take(&l, 1, 9, &d) == MYO_OK, "%s", d.message);
    ck_assert_int_ge(d.n_warnings, 1);
    ck_assert_ptr_nonnull(strstr(d.warnings[0], "took over"));
    ck_assert(!exists(".myotab-30-40.lock"));
    myo_lock_give_back(&l);
    ck_assert(!exists(".myotab-1-9.lock"));
    myo_diag_clear(&d);
}
END_TEST

/* A living owner whose text cannot be read may have any rows. */
START_TEST(doubt_is_for_the_living) {
    myo_lock l;
    myo_diag d = {0};
    put(".myotab-1-9.lock", left_behind[_i]);
    const int fd = open(at(".myotab-1-9.lock"), O_RDWR);
    ck_assert_int_eq(flock(fd, LOCK_EX), 0);
    const bool rows_known = _i == 0;
    ck_assert_int_eq(take(&l, 20, 21, &d), rows_known ? MYO_OK : MYO_ERR_LOCKED);
    ck_assert(exists(".myotab-1-9.lock"));
    myo_lock_give_back(&l);
    myo_diag_clear(&d);
    close(fd);
}
END_TEST

START_TEST(long_lists_of_rows_are_cut_only_when_shown) {
    enum { N = 3000 };
    static myo_range range[N];
    for (int i = 0; i < N; i++) {
        range[i] = (myo_range){10 * i + 1, 10 * i + 2};
    }
    const myo_rows rows = {range, N};
    myo_lock l, other;
    myo_diag d = {0};
    ck_assert_int_eq(myo_lock_take(&l, home, &rows, 1, 10 * N, &d), MYO_OK);
    myo_lock_leave(&l);
    ck_assert_int_eq(take(&other, 10 * (N - 1) + 3, 10 * N, &d), MYO_OK);
    myo_lock_give_back(&other);
    ck_assert_int_eq(take(&other, 10 * (N - 1) + 2, 10 * N, &d), MYO_ERR_LOCKED);
    ck_assert_ptr_nonnull(strstr(d.message, "1-2,11-12"));
    ck_assert_ptr_nonnull(strstr(d.message, "..."));
    myo_lock_give_back(&l);
}
END_TEST

START_TEST(other_files_do_not_matter) {
    myo_lock l;
    myo_diag d = {0};
    put("a.lock", "1 x all\n");
    put(".myotab-.lock", "1 x all\n");
    put(".myotab-1-2.journal", "1 x all\n");
    ck_assert_int_eq(symlink("/etc/passwd", at(".myotab-3-4.lock")), 0);
    ck_assert_int_eq(mkfifo(at(".myotab-5-6.lock"), 0600), 0);
    ck_assert_msg(take(&l, 7, 8, &d) == MYO_OK, "%s", d.message);
    ck_assert(exists("a.lock"));
    myo_lock_give_back(&l);
    ck_assert_int_eq(take(&l, 3, 4, &d), MYO_ERR_OUTPUT); /* the name is taken */
    ck_assert(exists("a.lock") && exists(".myotab-1-2.journal"));
}
END_TEST

START_TEST(unusable_folders_are_told) {
    myo_lock l;
    myo_diag d = {0};
    strcat(home, "/nowhere");
    ck_assert_int_eq(take(&l, 1, 2, &d), MYO_ERR_OUTPUT);
    ck_assert_ptr_nonnull(strstr(d.message, "No such file"));
    *strrchr(home, '/') = '\0';
    myo_diag_clear(&d);
    if (getuid() != 0) {
        chmod(home, 0555);
        ck_assert_int_eq(take(&l, 1, 2, &d), MYO_ERR_OUTPUT);
        ck_assert_ptr_nonnull(strstr(d.message, "Permission denied"));
    }
}
END_TEST

START_TEST(without_memory_nothing_is_left) {
    for (int n = 1; n <= 3; n++) {
        myo_lock l;
        myo_mem_fail_at(n);
        const myo_err err = take(&l, 1, 2, NULL);
        myo_mem_fail_at(0);
        ck_assert(err != MYO_OK || exists(".myotab-1-2.lock"));
        myo_lock_give_back(&l);
        ck_assert(!exists(".myotab-1-2.lock"));
    }
}
END_TEST

/* Eight processes want overlapping rows at the same moment: exactly one gets them. */
START_TEST(a_race_has_one_winner) {
    enum { N = 8 };
    int go[2], done[2];
    pid_t pid[N];
    ck_assert(pipe(go) == 0 && pipe(done) == 0);
    for (int i = 0; i < N; i++) {
        pid[i] = fork();
        if (pid[i] == 0) {
            char c;
            myo_lock l;
            close(go[1]);
            close(done[1]);
            const bool started = read(go[0], &c, 1) == 0;
            const myo_err err = started ? take(&l, 1 + i, 100, NULL) : MYO_ERR_OUTPUT;
            const bool ended = read(done[0], &c, 1) == 0; /* held until all have tried */
            _exit(ended && err == MYO_OK ? 0 : err == MYO_ERR_LOCKED ? 1 : 2);
        }
    }
    close(go[1]);
    usleep(200000);
    close(done[1]);
    int won = 0, lost = 0;
    for (int i = 0; i < N; i++) {
        int status = 0;
        ck_assert_int_eq(waitpid(pid[i], &status, 0), pid[i]);
        won += WIFEXITED(status) && WEXITSTATUS(status) == 0;
        lost += WIFEXITED(status) && WEXITSTATUS(status) == 1;
    }
    ck_assert_int_eq(won, 1);
    ck_assert_int_eq(lost, N - 1);
    close(go[0]);
    close(done[0]);
}
END_TEST

START_TEST(a_killed_owner_frees_its_rows) {
    int ready[2];
    char c;
    ck_assert_int_eq(pipe(ready), 0);
    const pid_t pid = fork();
    if (pid == 0) {
        myo_lock l;
        const bool ok = take(&l, 1, 5, NULL) == MYO_OK && write(ready[1], "x", 1) == 1;
        for (;;) {
            pause();
        }
        _exit(ok);
    }
    ck_assert_int_eq(read(ready[0], &c, 1), 1);
    myo_lock l;
    myo_diag d = {0};
    char who[32];
    snprintf(who, sizeof who, "process %ld", (long)pid);
    ck_assert_int_eq(take(&l, 5, 6, &d), MYO_ERR_LOCKED);
    ck_assert_ptr_nonnull(strstr(d.message, who));
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    myo_diag_clear(&d);
    ck_assert_int_eq(take(&l, 5, 6, &d), MYO_OK);
    ck_assert_ptr_nonnull(strstr(d.warnings[0], who));
    myo_lock_give_back(&l);
    myo_diag_clear(&d);
}
END_TEST

int main(void) {
    Suite *s = suite_create("lock");
    TCase *t = tcase_create("lock");
    tcase_add_checked_fixture(t, make_home, remove_home);
    tcase_add_test(t, rows_read_well);
    tcase_add_test(t, a_lock_says_who_and_goes);
    tcase_add_loop_test(t, only_rows_of_nobody_can_be_taken, 0, sizeof second / sizeof second[0]);
    tcase_add_loop_test(t, a_dead_owner_is_succeeded, 0,
                        sizeof left_behind / sizeof left_behind[0]);
    tcase_add_loop_test(t, doubt_is_for_the_living, 0, sizeof left_behind / sizeof left_behind[0]);
    tcase_add_test(t, long_lists_of_rows_are_cut_only_when_shown);
    tcase_add_test(t, other_files_do_not_matter);
    tcase_add_test(t, unusable_folders_are_told);
    tcase_add_test(t, without_memory_nothing_is_left);
    tcase_add_test(t, a_race_has_one_winner);
    tcase_add_test(t, a_killed_owner_frees_its_rows);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed;
}
