/* test_base_text.c - growing text, printable text, diagnostics and the table of errors. */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include "base/base.h"
#include "myotab/stop.h"

static const struct {
    const char *in, *out;
} shown[] = {
    {"plain text", "plain text"},
    {"a\nb\tc", "a\\x0Ab\\x09c"},
    {"\x1b[31mred", "\\x1B[31mred"},
    {"\x7f", "\\x7F"},
    {"\xC2\x85", "\\x85"},
    {"\xC2\x9B", "\\x9B"},
    {"\xC2\xB5V", "\xC2\xB5V"},
    {"\xE2\x80\xAE"
     "gpj",
     "\\xE2\\x80\\xAEgpj"},
    {"\xE2\x81\xA6", "\\xE2\\x81\\xA6"},
    {"\xEF\xBB\xBF", "\\xEF\\xBB\\xBF"},
    {"\xB5V", "\xEF\xBF\xBDV"},
    {"\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD"},
    {"\xE0\x80\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
    {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
    {"\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
    {"\xF0\x9F\x92\xAA", "\xF0\x9F\x92\xAA"},
    {"cut \xE2\x82", "cut \xEF\xBF\xBD\xEF\xBF\xBD"},
    {"%s%n", "%s%n"},
    {"", ""},
};

START_TEST(printable) {
    char dst[200];
    ck_assert_ptr_eq(myo_printable(dst, sizeof dst, shown[_i].in), dst);
    ck_assert_str_eq(dst, shown[_i].out);
}
END_TEST

START_TEST(printable_is_cut_between_characters) {
    for (size_t cap = 1; cap < 12; cap++) {
        char dst[16];
        memset(dst, 'x', sizeof dst);
        myo_printable(dst, cap, "a\xC2\xB5\n\xE2\x82\xAC");
        ck_assert_uint_lt(strlen(dst), cap);
        ck_assert_int_eq(dst[cap], 'x');
        char again[16];
        ck_assert_str_eq(myo_printable(again, sizeof again, dst), dst);
    }
}
END_TEST

/* Whatever goes in: only printable, valid UTF-8 comes out, and what is printable already stays. */
START_TEST(printable_of_random_bytes_is_stable) {
    myo_rng r;
    myo_rng_seed(&r, 5, (uint64_t)_i);
    for (int k = 0; k < 20000; k++) {
        char in[17] = "", out[200], again[200];
        for (int j = 0; j < 16; j++) {
            in[j] = (char)(1 + myo_rng_u32(&r) % 255);
        }
        myo_printable(out, sizeof out, in);
        for (const char *s = out; *s != '\0'; s++) {
            ck_assert_msg((unsigned char)*s >= 0x20 && *s != 0x7f, "control character left");
        }
        ck_assert_str_eq(myo_printable(again, sizeof again, out), out);
    }
}
END_TEST

START_TEST(buf_grows) {
    myo_buf b = {0};
    for (int i = 0; i < 1000; i++) {
        myo_buf_printf(&b, "%d,", i % 10);
    }
    ck_assert(!b.failed);
    ck_assert_uint_eq(b.n, 2000);
    ck_assert_uint_eq(strlen(b.s), 2000);
    ck_assert_int_eq(memcmp(b.s, "0,1,2,3,", 8), 0);
    myo_buf_clear(&b);
    ck_assert_ptr_null(b.s);
}
END_TEST

START_TEST(buf_holds_any_bytes) {
    myo_buf b = {0};
    myo_buf_put(&b, "a\0b", 3);
    myo_buf_put(&b, "", 0);
    ck_assert_uint_eq(b.n, 3);
    ck_assert_int_eq(memcmp(b.s, "a\0b", 4), 0);
    myo_buf_clear(&b);
}
END_TEST

START_TEST(buf_without_memory_is_marked_and_keeps_its_text) {
    myo_buf b = {0};
    myo_buf_puts(&b, "kept");
    myo_mem_fail_at(1);
    myo_buf_printf(&b, "%100d", 1);
    ck_assert(b.failed);
    ck_assert_str_eq(b.s, "kept");
    myo_buf_puts(&b, "x");
    ck_assert_str_eq(b.s, "kept");
    myo_buf_clear(&b);
}
END_TEST

START_TEST(errors_have_text_and_exit_class) {
    for (int e = 0; e < MYO_N_ERR; e++) {
        ck_assert_uint_gt(strlen(myo_err_text((myo_err)e)), 0);
        const int x = myo_err_exit((myo_err)e);
        ck_assert_msg((e == MYO_OK) == (x == 0), "code %d", e);
        ck_assert(x <= 3 || x == 130);
    }
    ck_assert_int_eq(myo_err_exit((myo_err)999), 1);
    ck_assert_str_eq(myo_err_text((myo_err)999), myo_err_text(MYO_ERR_INPUT));
    ck_assert_int_eq(myo_err_exit(MYO_ERR_PARAM), 2);
    ck_assert_int_eq(myo_err_exit(MYO_ERR_OUTPUT), 3);
}
END_TEST

START_TEST(first_error_wins) {
    myo_diag d = {0};
    ck_assert_int_eq(myo_fail(&d, MYO_ERR_DAMAGED, "first %d", 1), MYO_ERR_DAMAGED);
    ck_assert_int_eq(myo_fail(&d, MYO_ERR_NOMEM, "second"), MYO_ERR_NOMEM);
    ck_assert_int_eq(d.code, MYO_ERR_DAMAGED);
    ck_assert_str_eq(d.message, "first 1");
    myo_diag_clear(&d);
    ck_assert_int_eq(d.code, MYO_OK);
    ck_assert_int_eq(myo_fail(NULL, MYO_ERR_RANGE, "nobody listens"), MYO_ERR_RANGE);
}
END_TEST

START_TEST(messages_are_escaped_and_bounded) {
    char evil[2000];
    memset(evil, '\n', sizeof evil - 1);
    evil[sizeof evil - 1] = '\0';
    myo_diag d = {0};
    myo_fail(&d, MYO_ERR_FORMAT, "label %s", evil);
    ck_assert_ptr_null(strchr(d.message, '\n'));
    ck_assert_uint_lt(strlen(d.message), MYO_MSG_MAX);
    ck_assert_uint_gt(strlen(d.message), MYO_MSG_MAX - 8);
    myo_diag_clear(&d);
}
END_TEST

START_TEST(warnings_are_kept_once_and_counted_beyond_the_limit) {
    myo_diag d = {0};
    myo_warn(&d, "same");
    myo_warn(&d, "same");
    ck_assert_int_eq(d.n_warnings, 1);
    for (int i = 0; i < 100; i++) {
        myo_warn(&d, "number %d", i);
    }
    ck_assert_int_eq(d.n_warnings, MYO_MAX_WARNINGS);
    ck_assert_int_eq(d.n_suppressed, 101 - MYO_MAX_WARNINGS);
    ck_assert_int_eq(d.code, MYO_OK);
    myo_diag_clear(&d);
    ck_assert_ptr_null(d.warnings);
    myo_warn(NULL, "nobody listens");
    myo_diag_clear(NULL);
}
END_TEST

START_TEST(warning_without_memory_is_counted) {
    for (int n = 1; n <= 2; n++) {
        myo_diag d = {0};
        myo_mem_fail_at(n);
        myo_warn(&d, "lost");
        ck_assert_int_eq(d.n_warnings, 0);
        ck_assert_int_eq(d.n_suppressed, 1);
        myo_diag_clear(&d);
    }
}
END_TEST

START_TEST(stop_is_remembered) {
    ck_assert(!myo_stop_requested());
    myo_stop_request(15);
    ck_assert(myo_stop_requested());
    ck_assert_int_eq(myo_stop_signal(), 15);
    myo_stop_request(0);
    ck_assert(!myo_stop_requested());
}
END_TEST

int main(void) {
    Suite *s = suite_create("base_text");
    TCase *t = tcase_create("text");
    tcase_add_loop_test(t, printable, 0, sizeof shown / sizeof shown[0]);
    tcase_add_test(t, printable_is_cut_between_characters);
    tcase_add_loop_test(t, printable_of_random_bytes_is_stable, 0, 2);
    tcase_add_test(t, buf_grows);
    tcase_add_test(t, buf_holds_any_bytes);
    tcase_add_test(t, buf_without_memory_is_marked_and_keeps_its_text);
    tcase_add_test(t, errors_have_text_and_exit_class);
    tcase_add_test(t, first_error_wins);
    tcase_add_test(t, messages_are_escaped_and_bounded);
    tcase_add_test(t, warnings_are_kept_once_and_counted_beyond_the_limit);
    tcase_add_test(t, warning_without_memory_is_counted);
    tcase_add_test(t, stop_is_remembered);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed;
}
