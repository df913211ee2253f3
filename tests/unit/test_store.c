/* test_store.c - records in memory and in the temporary file. */
#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "run/store.h"
#include "sig.h"

typedef struct record { int64_t number; char pad[96]; } record;

static char dir[64];

static void make_dir(void)
{
    snprintf(dir, sizeof dir, "/tmp/myotab-store-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
}

static int files_in_dir(void)
{
    int n = 0;
    DIR *d = opendir(dir);
    ck_assert_ptr_nonnull(d);
    for (struct dirent *e = readdir(d); e; e = readdir(d)) {
        n += e->d_name[0] != '.' || strlen(e->d_name) > 2;
    }
    closedir(d);
    return n;
}

static void remove_dir(void)
{
    ck_assert_int_eq(files_in_dir(), 0); /* nothing may be left behind */
    ck_assert_int_eq(rmdir(dir), 0);
}

static myo_store *filled(int64_t n)
{
    myo_store *s = NULL;
    ck_assert_int_eq(myo_store_new(&s, dir, sizeof(record)), MYO_OK);
    for (int64_t i = 0; i < n; i++) {
        record r = {.number = i * 7 + 1};
        memset(r.pad, (int)(i % 251), sizeof r.pad);
        ck_assert_int_eq(myo_store_add(s, &r, NULL), MYO_OK);
    }
    ck_assert_int_eq(myo_store_count(s), n);
    return s;
}

static bool right(myo_store *s, int64_t i)
{
    record r;
    memset(&r, 0xee, sizeof r);
    if (myo_store_get(s, i, &r, NULL) != MYO_OK || r.number != i * 7 + 1) {
        return false;
    }
    for (size_t k = 0; k < sizeof r.pad; k++) {
        if (r.pad[k] != (char)(i % 251)) {
            return false;
        }
    }
    return true;
}

/* 131072 / 104 = 1260 records a buffer. */
static const int64_t counts[] = {0, 1, 2, 1259, 1260, 1261, 2519, 2520, 2521, 20000};

START_TEST(all_come_back_in_order)
{
    myo_store *s = filled(counts[_i]);
    for (int64_t i = 0; i < counts[_i]; i++) {
        ck_assert(right(s, i));
    }
    for (int64_t i = 0; i < counts[_i]; i += 97) { /* and again */
        ck_assert(right(s, i));
    }
    myo_store_free(&s);
    ck_assert_ptr_null(s);
}
END_TEST

START_TEST(any_order_of_reading)
{
    myo_store *s = filled(20000);
    myo_rng r;
    myo_rng_seed(&r, 1, 1);
    for (int k = 0; k < 500; k++) {
        ck_assert(right(s, myo_rng_u32(&r) % 20000));
    }
    for (int64_t i = 19999; i >= 19000; i--) {
        ck_assert(right(s, i));
    }
    ck_assert(right(s, 0));
    ck_assert(right(s, 19999));
    myo_store_free(&s);
}
END_TEST

START_TEST(the_tail_is_read_first)
{
    myo_store *s = filled(1400);
    ck_assert(right(s, 1399)); /* only in memory yet */
    ck_assert(right(s, 0));
    ck_assert(right(s, 1399));
    myo_store_free(&s);
}
END_TEST

START_TEST(adding_goes_on_after_reading)
{
    static const int64_t reads[] = {0, 700, 1259, 1399};
    for (int k = 0; k < 4; k++) {
        myo_store *s = filled(1400);
        ck_assert(right(s, reads[k]));
        for (int64_t i = 1400; i < 5000; i++) {
            record r = {.number = i * 7 + 1};
            memset(r.pad, (int)(i % 251), sizeof r.pad);
            ck_assert_int_eq(myo_store_add(s, &r, NULL), MYO_OK);
        }
        for (int64_t i = 0; i < 5000; i++) {
            ck_assert_msg(right(s, i), "record %lld after a read of %lld", (long long)i, (long long)reads[k]);
        }
        myo_store_free(&s);
    }
}
END_TEST

START_TEST(few_records_need_no_folder)
{
    myo_store *s = NULL;
    ck_assert_int_eq(myo_store_new(&s, "/nowhere/at/all", sizeof(record)), MYO_OK);
    for (int64_t i = 0; i < 1260; i++) {
        record r = {.number = i * 7 + 1};
        memset(r.pad, (int)(i % 251), sizeof r.pad);
        ck_assert_int_eq(myo_store_add(s, &r, NULL), MYO_OK);
    }
    ck_assert(right(s, 1259));
    myo_store_free(&s);
}
END_TEST

START_TEST(a_folder_that_is_not_there_is_told)
{
    myo_store *s = NULL;
    myo_diag d = {0};
    myo_err err = MYO_OK;
    ck_assert_int_eq(myo_store_new(&s, "/nowhere/at/all", sizeof(record)), MYO_OK);
    for (int64_t i = 0; i < 3000 && err == MYO_OK; i++) {
        const record r = {.number = i};
        err = myo_store_add(s, &r, &d);
    }
    ck_assert_int_eq(err, MYO_ERR_OUTPUT);
    ck_assert_ptr_nonnull(strstr(d.message, "/nowhere/at/all"));
    myo_diag_clear(&d);
    myo_store_free(&s);
}
END_TEST

START_TEST(no_memory_is_told)
{
    myo_store *s = NULL;
    const record r = {.number = 1};
    for (int at = 1; at <= 2; at++) {
        myo_mem_fail_at(at);
        ck_assert_int_eq(myo_store_new(&s, dir, sizeof r), MYO_ERR_NOMEM);
        ck_assert_ptr_null(s);
    }
    myo_mem_fail_at(0);
    ck_assert_int_eq(myo_store_new(&s, dir, sizeof r), MYO_OK);
    myo_mem_fail_at(1);
    ck_assert_int_eq(myo_store_add(s, &r, NULL), MYO_ERR_NOMEM);
    myo_mem_fail_at(0);
    ck_assert_int_eq(myo_store_add(s, &r, NULL), MYO_OK);
    ck_assert_int_eq(myo_store_count(s), 1);
    myo_store_free(&s);
}
END_TEST

START_TEST(free_takes_null)
{
    myo_store *s = NULL;
    myo_store_free(&s);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("store");
    TCase *c = tcase_create("store");
    tcase_add_checked_fixture(c, make_dir, remove_dir);
    tcase_add_loop_test(c, all_come_back_in_order, 0, 10);
    tcase_add_test(c, any_order_of_reading);
    tcase_add_test(c, the_tail_is_read_first);
    tcase_add_test(c, adding_goes_on_after_reading);
    tcase_add_test(c, few_records_need_no_folder);
    tcase_add_test(c, a_folder_that_is_not_there_is_told);
    tcase_add_test(c, no_memory_is_told);
    tcase_add_test(c, free_takes_null);
    suite_add_tcase(s, c);
    return sig_main(s);
}
