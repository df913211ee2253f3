/* test_journal.c - a line a row: torn ends, damage, other studies, full disks. */
#include <check.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include "study/journal.h"

static char home[64], path[128];
#define KEY "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER "1123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void make_home(void) {
    strcpy(home, "/tmp/myotab-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(home));
    snprintf(path, sizeof path, "%s/.myotab-1-9.journal", home);
}

static void remove_home(void) {
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", home);
    ck_assert_int_eq(system(command), 0);
}

static void open_journal(myo_journal *j, const char *key) {
    myo_diag d = {0};
    ck_assert_msg(myo_journal_open(j, path, key, &d) == MYO_OK, "%s", d.message);
}

static void add(myo_journal *j, int64_t row, myo_row_status status, const char *reason) {
    myo_diag d = {0};
    const myo_journal_line line = {row, status, "sub-1_ses-1_a", status == MYO_ROW_DONE ? KEY : "",
                                   reason};
    ck_assert_msg(myo_journal_add(j, &line, &d) == MYO_OK, "%s", d.message);
}

/* Three lines: done, failed, done. */
static void write_three(void) {
    myo_journal j;
    open_journal(&j, KEY);
    add(&j, 1, MYO_ROW_DONE, "");
    add(&j, 3, MYO_ROW_FAILED, "cannot be opened: No such file or directory");
    add(&j, 2, MYO_ROW_DONE, "");
    myo_journal_close(&j, true);
}

typedef struct heard {
    int n;
    int64_t row[16];
    char reason[16][512];
    myo_row_status status[16];
} heard;

static void hear(void *user, const myo_journal_line *line) {
    heard *h = user;
    ck_assert_int_lt(h->n, 16);
    h->row[h->n] = line->row;
    h->status[h->n] = line->status;
    snprintf(h->reason[h->n++], sizeof h->reason[0], "%s", line->reason);
    ck_assert_str_eq(line->stem, "sub-1_ses-1_a");
}

static heard read_all(const char *key) {
    heard h = {.n = 0};
    ck_assert_int_eq(myo_journal_read(path, key, hear, &h), MYO_OK);
    return h;
}

static void slurp(myo_buf *b) {
    ck_assert_int_eq(myo_slurp(path, 1 << 20, b, NULL), MYO_OK);
}

static void spit(const char *s, size_t n) {
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(s, 1, n, f), n);
    fclose(f);
}

START_TEST(lines_come_back) {
    write_three();
    const heard h = read_all(KEY);
    ck_assert_int_eq(h.n, 3);
    ck_assert(h.row[0] == 1 && h.row[1] == 3 && h.row[2] == 2);
    ck_assert(h.status[0] == MYO_ROW_DONE && h.status[1] == MYO_ROW_FAILED);
    ck_assert_str_eq(h.reason[1], "cannot be opened: No such file or directory");
    ck_assert_int_eq(read_all(OTHER).n, 0);
    unlink(path);
    ck_assert_int_eq(read_all(KEY).n, 0);
}
END_TEST

START_TEST(lines_are_added_to_those_there) {
    write_three();
    write_three();
    ck_assert_int_eq(read_all(KEY).n, 6);
    myo_journal j;
    open_journal(&j, OTHER); /* another study: begun anew */
    add(&j, 1, MYO_ROW_DONE, "");
    myo_journal_close(&j, false);
    ck_assert_int_eq(read_all(KEY).n, 0);
    ck_assert_int_eq(read_all(OTHER).n, 1);
}
END_TEST

/* Cut at every byte: whole lines are heard, and a new one fits on. */
START_TEST(a_torn_end_is_dropped) {
    write_three();
    myo_buf b = {0};
    slurp(&b);
    for (size_t n = 0; n <= b.n; n++) {
        int whole = -1; /* the header is no line */
        for (size_t i = 0; i < n; i++) {
            whole += b.s[i] == '\n';
        }
        spit(b.s, n);
        ck_assert_int_eq(read_all(KEY).n, whole < 0 ? 0 : whole);
        myo_journal j;
        open_journal(&j, KEY);
        add(&j, 9, MYO_ROW_DONE, "");
        myo_journal_close(&j, false);
        const heard h = read_all(KEY);
        ck_assert_int_eq(h.n, (whole < 0 ? 0 : whole) + 1);
        ck_assert_int_eq(h.row[h.n - 1], 9);
    }
    myo_buf_clear(&b);
}
END_TEST

/* Each byte changed in turn: at most the line it is in is lost, and none is made up. */
START_TEST(damage_costs_a_line) {
    write_three();
    myo_buf b = {0};
    slurp(&b);
    const size_t header = strcspn(b.s, "\n");
    for (size_t i = 0; i < b.n; i++) {
        const char was = b.s[i];
        b.s[i] = (char)(was ^ (_i == 0 ? 1 : 0x80));
        spit(b.s, b.n);
        const heard h = read_all(KEY);
        ck_assert_int_eq(h.n <= 2 && (i <= header ? h.n == 0 : h.n >= 1), 1);
        for (int k = 0; k < h.n; k++) {
            ck_assert(h.row[k] >= 1 && h.row[k] <= 3);
        }
        b.s[i] = was;
    }
    myo_buf_clear(&b);
}
END_TEST

static const char *const nonsense[] = {
    "", "\n", "\n\n\n", "myotab-journal 1", "\t\t\t\t\t\t", "1\tdone\tx\ty\tz\t0000000000000000\n",
};

START_TEST(nonsense_is_nothing) {
    spit(nonsense[_i], strlen(nonsense[_i]));
    ck_assert_int_eq(read_all(KEY).n, 0);
    myo_journal j;
    open_journal(&j, KEY);
    add(&j, 1, MYO_ROW_DONE, "");
    myo_journal_close(&j, false);
    ck_assert_int_eq(read_all(KEY).n, 1);
}
END_TEST

START_TEST(a_reason_is_one_line) {
    myo_journal j;
    open_journal(&j, KEY);
    add(&j, 1, MYO_ROW_FAILED, "a\tb\nc");
    add(&j, 2, MYO_ROW_FAILED, "%s%n \xC2\xB5V");
    myo_journal_close(&j, false);
    const heard h = read_all(KEY);
    ck_assert_str_eq(h.reason[0], "a b c");
    ck_assert_str_eq(h.reason[1], "%s%n \xC2\xB5V");
}
END_TEST

START_TEST(what_is_no_file_is_refused) {
    myo_journal j;
    myo_diag d = {0};
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    ck_assert_int_eq(myo_journal_open(&j, path, KEY, &d), MYO_ERR_OUTPUT);
    unlink(path);
    ck_assert_int_eq(symlink("/tmp/elsewhere", path), 0);
    ck_assert_int_eq(myo_journal_open(&j, path, KEY, &d), MYO_ERR_OUTPUT);
    ck_assert_int_eq(j.fd, -1);
    myo_journal_close(&j, true);
    myo_diag_clear(&d);
}
END_TEST

/* A file-size limit stands for a full disk: the line that does not fit leaves nothing of itself. */
START_TEST(no_room_leaves_whole_lines) {
    write_three();
    struct stat st;
    ck_assert_int_eq(stat(path, &st), 0);
    signal(SIGXFSZ, SIG_IGN);
    const struct rlimit small = {(rlim_t)st.st_size + 40, RLIM_INFINITY};
    myo_journal j;
    myo_diag d = {0};
    open_journal(&j, KEY);
    const struct rlimit large = {RLIM_INFINITY, RLIM_INFINITY};
    const myo_journal_line line = {7, MYO_ROW_DONE, "sub-1_ses-1_a", KEY, ""};
    const int limited = setrlimit(RLIMIT_FSIZE, &small); /* Check's own file is under it, too */
    const myo_err err = myo_journal_add(&j, &line, &d);
    const int freed = setrlimit(RLIMIT_FSIZE, &large);
    ck_assert(limited == 0 && freed == 0);
    ck_assert_int_eq(err, MYO_ERR_OUTPUT);
    ck_assert_ptr_nonnull(strstr(d.message, "File too large"));
    struct stat now;
    ck_assert_int_eq(stat(path, &now), 0);
    ck_assert_int_eq(now.st_size, st.st_size);
    add(&j, 8, MYO_ROW_DONE, "");
    myo_journal_close(&j, false);
    ck_assert_int_eq(read_all(KEY).n, 4);
    myo_diag_clear(&d);
}
END_TEST

START_TEST(without_memory) {
    write_three();
    for (int n = 1; n <= 12; n++) {
        myo_journal j;
        const myo_journal_line line = {7, MYO_ROW_DONE, "sub-1_ses-1_a", KEY, ""};
        myo_mem_fail_at(n);
        if (myo_journal_open(&j, path, KEY, NULL) == MYO_OK) {
            myo_journal_add(&j, &line, NULL);
            myo_journal_close(&j, false);
        }
        heard h = {.n = 0};
        myo_journal_read(path, KEY, hear, &h);
        myo_mem_fail_at(0);
        unlink(path);
        write_three();
    }
    ck_assert_int_eq(read_all(KEY).n, 3);
}
END_TEST

int main(void) {
    Suite *s = suite_create("journal");
    TCase *t = tcase_create("journal");
    tcase_add_checked_fixture(t, make_home, remove_home);
    tcase_add_test(t, lines_come_back);
    tcase_add_test(t, lines_are_added_to_those_there);
    tcase_add_test(t, a_torn_end_is_dropped);
    tcase_add_loop_test(t, damage_costs_a_line, 0, 2);
    tcase_add_loop_test(t, nonsense_is_nothing, 0, sizeof nonsense / sizeof nonsense[0]);
    tcase_add_test(t, a_reason_is_one_line);
    tcase_add_test(t, what_is_no_file_is_refused);
    tcase_add_test(t, no_room_leaves_whole_lines);
    tcase_add_test(t, without_memory);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed;
}
