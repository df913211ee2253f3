/* test_base_mem.c - memory, checked products, growth; SHA-256. */
#include <check.h>
#include <string.h>
#include "base/base.h"

START_TEST(alloc_is_zeroed) {
    unsigned char *p = myo_alloc(1000, 3);
    ck_assert_ptr_nonnull(p);
    for (int i = 0; i < 3000; i++) {
        ck_assert_uint_eq(p[i], 0);
    }
    myo_free(p);
}
END_TEST

START_TEST(aligned_is_aligned_and_zeroed) {
    for (size_t n = 0; n < 200; n++) {
        float *p = myo_alloc_aligned(n, sizeof *p);
        ck_assert_ptr_nonnull(p);
        ck_assert_uint_eq((uintptr_t)p % 64, 0);
        for (size_t i = 0; i < n; i++) {
            ck_assert(p[i] == 0.0f);
        }
        myo_free(p);
    }
}
END_TEST

START_TEST(empty_is_not_failure) {
    void *p = myo_alloc(0, 8);
    ck_assert_ptr_nonnull(p);
    p = myo_realloc(p, 0, 8);
    ck_assert_ptr_nonnull(p);
    myo_free(p);
    myo_free(NULL);
}
END_TEST

START_TEST(overflow_is_refused) {
    ck_assert_ptr_null(myo_alloc(SIZE_MAX / 2, 3));
    ck_assert_ptr_null(myo_alloc_aligned(SIZE_MAX, 1));
    ck_assert_ptr_null(myo_alloc(SIZE_MAX, 1));
    char *p = myo_alloc(4, 1);
    ck_assert_ptr_null(myo_realloc(p, SIZE_MAX / 2, 4));
    memcpy(p, "abc", 4);
    ck_assert_str_eq(p, "abc");
    myo_free(p);
}
END_TEST

START_TEST(products) {
    size_t s = 7;
    int64_t i = 7;
    ck_assert(myo_mul_size(3, 4, &s) && s == 12);
    ck_assert(!myo_mul_size(SIZE_MAX, 2, &s));
    ck_assert(myo_mul_i64(INT64_C(1) << 40, 1 << 20, &i) && i == INT64_C(1) << 60);
    ck_assert(!myo_mul_i64(INT64_C(1) << 40, INT64_C(1) << 24, &i));
    ck_assert(!myo_mul_i64(-1, 5, &i));
    ck_assert(!myo_mul_i64(5, -1, &i));
    ck_assert(myo_mul_i64(0, INT64_MAX, &i) && i == 0);
}
END_TEST

START_TEST(the_nth_request_fails_once) {
    for (int n = 1; n <= 5; n++) {
        myo_mem_fail_at(n);
        for (int k = 1; k <= 8; k++) {
            void *p = k % 2 ? myo_alloc(1, 1) : myo_alloc_aligned(1, 1);
            ck_assert_msg((p == NULL) == (k == n), "request %d of %d", k, n);
            myo_free(p);
        }
    }
    myo_mem_fail_at(3);
    myo_mem_fail_at(0);
    for (int k = 0; k < 5; k++) {
        char *p = myo_strdup("x");
        ck_assert_ptr_nonnull(p);
        myo_free(p);
    }
}
END_TEST

START_TEST(grow_doubles_and_keeps) {
    int *v = NULL;
    void *p = NULL;
    size_t cap = 0;
    for (size_t n = 1; n <= 5000; n++) {
        ck_assert_int_eq(myo_grow(&p, &cap, n, sizeof *v), MYO_OK);
        ck_assert_uint_ge(cap, n);
        v = p;
        v[n - 1] = (int)n;
    }
    for (int i = 0; i < 5000; i++) {
        ck_assert_int_eq(v[i], i + 1);
    }
    ck_assert_uint_lt(cap, 10001);
    const size_t before = cap;
    ck_assert_int_eq(myo_grow(&p, &cap, SIZE_MAX, sizeof *v), MYO_ERR_NOMEM);
    ck_assert_uint_eq(cap, before);
    ck_assert_ptr_eq(p, v);
    myo_free(p);
}
END_TEST

/* FIPS 180-4 examples and the empty message. */
static const struct {
    const char *text, *hex;
} known[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

START_TEST(sha_known_answers) {
    char hex[65];
    myo_sha *s = myo_sha_new();
    myo_sha_add(s, known[_i].text, strlen(known[_i].text));
    myo_sha_hex(s, hex);
    ck_assert_str_eq(hex, known[_i].hex);
    myo_sha_free(s);
}
END_TEST

START_TEST(sha_of_a_million_in_pieces) {
    char hex[65], part[1000];
    memset(part, 'a', sizeof part);
    myo_sha *s = myo_sha_new();
    for (size_t left = 1000000, n = 1; left > 0; left -= n, n = n % 997 + 1) {
        n = n < left ? n : left;
        myo_sha_add(s, part, n);
    }
    myo_sha_hex(s, hex);
    ck_assert_str_eq(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    myo_sha_free(s);
}
END_TEST

START_TEST(sha_ends_once_and_needs_memory) {
    char hex[65];
    myo_sha *s = myo_sha_new();
    myo_sha_hex(s, hex);
    myo_sha_add(s, "x", 1);
    myo_sha_hex(s, hex);
    ck_assert_str_eq(hex, "");
    myo_sha_free(s);
    myo_sha_free(NULL);
    myo_mem_fail_at(1);
    ck_assert_ptr_null(myo_sha_new());
}
END_TEST

int main(void) {
    Suite *s = suite_create("base_mem");
    TCase *t = tcase_create("mem");
    tcase_add_test(t, alloc_is_zeroed);
    tcase_add_test(t, aligned_is_aligned_and_zeroed);
    tcase_add_test(t, empty_is_not_failure);
    tcase_add_test(t, overflow_is_refused);
    tcase_add_test(t, products);
    tcase_add_test(t, the_nth_request_fails_once);
    tcase_add_test(t, grow_doubles_and_keeps);
    tcase_add_loop_test(t, sha_known_answers, 0, sizeof known / sizeof known[0]);
    tcase_add_test(t, sha_of_a_million_in_pieces);
    tcase_add_test(t, sha_ends_once_and_needs_memory);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed;
}
