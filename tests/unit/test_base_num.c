/* test_base_num.c - strict reading and locale-proof printing of numbers. */
#include <check.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/base.h"

static bool f64(const char *s, double *out) {
    return myo_parse_f64(s, strlen(s), out);
}

static bool i64(const char *s, int64_t *out) {
    return myo_parse_i64(s, strlen(s), out);
}

static const char *const good[] = {
    "0",
    "-0",
    "+1",
    "1.",
    ".5",
    "-.5e1",
    "1e0",
    "1E+2",
    "1e-2",
    " 12 ",
    "\t7\t",
    "007",
    "0.1",
    "0.3",
    "123456789012345678901234567890",
    "9007199254740993",
    "9007199254740992",
    "1e22",
    "1e23",
    "1e-22",
    "4.9e-324",
    "2.2250738585072011e-308",
    "1.7976931348623157e308",
    "3.0000000000000000000000000",
    "0.000000000000000000000000000000001",
    "179769313486231580793e288",
    "1e-400",
    "0e999999999999",
    "18446744073709551615",
    "18446744073709551616",
    "0.1000000000000000055511151231257827",
};

START_TEST(good_numbers_equal_strtod) {
    double v = -1;
    ck_assert_msg(f64(good[_i], &v), "%s refused", good[_i]);
    const double want = strtod(good[_i], NULL);
    ck_assert_msg(memcmp(&v, &want, sizeof v) == 0, "%s: %.17g", good[_i], v);
}
END_TEST

static const char *const bad[] = {
    "",
    " ",
    "+",
    "-",
    ".",
    "e5",
    "1e",
    "1e+",
    "0x10",
    "0x1p3",
    "inf",
    "-inf",
    "nan",
    "NaN",
    "1,5",
    "1 2",
    "1.2.3",
    "--1",
    "1e5.0",
    "1e999",
    "-1e400",
    "1_000",
    "1\n",
    "\xE2\x88\x92\x31", /* a typographer's minus and a 1 */
    "1d5",
    "infinity",
    "$1",
};

START_TEST(bad_numbers_are_refused_and_leave_the_result) {
    double v = 42;
    ck_assert_msg(!f64(bad[_i], &v), "'%s' accepted as %g", bad[_i], v);
    ck_assert_double_eq(v, 42);
}
END_TEST

START_TEST(nul_inside_is_refused) {
    double v;
    int64_t i;
    ck_assert(!myo_parse_f64("1\0002", 3, &v));
    ck_assert(!myo_parse_i64("1\0002", 3, &i));
    ck_assert(!myo_parse_f64("1e999999\0", 9, &v));
}
END_TEST

START_TEST(length_bounds_the_field) {
    double v = 0;
    ck_assert(myo_parse_f64("12345", 2, &v));
    ck_assert_double_eq(v, 12);
    ck_assert(!myo_parse_f64("1e5", 2, &v));
}
END_TEST

static void random_decimal(myo_rng *r, char *dst, size_t cap) {
    static const char *const forms[] = {"%s%u.%u", "%s%u%09u", "%s0.%09u%u", "%s%u.%ue%d",
                                        "%s%u%u.%ue-%d"};
    const char *sign = myo_rng_u32(r) & 1 ? "-" : "";
    const unsigned a = myo_rng_u32(r) >> (myo_rng_u32(r) & 31),
                   b = myo_rng_u32(r) >> (myo_rng_u32(r) & 31);
    const unsigned c = myo_rng_u32(r) % 300;
    switch (myo_rng_u32(r) % 5) {
    case 0:
        snprintf(dst, cap, forms[0], sign, a, b);
        break;
    case 1:
        snprintf(dst, cap, forms[1], sign, a, b);
        break;
    case 2:
        snprintf(dst, cap, forms[2], sign, a, b);
        break;
    case 3:
        snprintf(dst, cap, forms[3], sign, a, b, (int)c - 150);
        break;
    default:
        snprintf(dst, cap, forms[4], sign, a, b, b, (int)c);
    }
}

START_TEST(random_decimals_equal_strtod_bit_for_bit) {
    myo_rng r;
    myo_rng_seed(&r, 1, (uint64_t)_i);
    for (int k = 0; k < 100000; k++) {
        char s[96];
        random_decimal(&r, s, sizeof s);
        double v = 0;
        ck_assert_msg(f64(s, &v), "%s refused", s);
        const double want = strtod(s, NULL);
        ck_assert_msg(memcmp(&v, &want, sizeof v) == 0, "%s: %.17g, strtod %.17g", s, v, want);
    }
}
END_TEST

/* Any text: accepted exactly when strtod takes all of it and it is a plain finite decimal. */
START_TEST(random_text_agrees_with_strtod) {
    static const char alphabet[] = "0123456789..eE+-- x";
    myo_rng r;
    myo_rng_seed(&r, 2, (uint64_t)_i);
    for (int k = 0; k < 100000; k++) {
        char s[9] = "";
        const size_t n = myo_rng_u32(&r) % 8;
        for (size_t j = 0; j < n; j++) {
            s[j] = alphabet[myo_rng_u32(&r) % (sizeof alphabet - 1)];
        }
        char *end = s;
        const double want = strtod(s, &end);
        end += strspn(end, " ");
        const bool plain = n > 0 && end != s && *end == '\0' && strpbrk(s, "x") == NULL &&
                           isfinite(want) && strspn(s, " ") < n;
        double v = 0;
        ck_assert_msg(f64(s, &v) == plain, "'%s'", s);
        ck_assert(!plain || v == want);
    }
}
END_TEST

START_TEST(long_numbers_round_right_or_are_refused) {
    char s[3000];
    memset(s, '0', sizeof s);
    s[1] = '.';
    s[1000] = '7';
    s[1001] = '\0';
    double v = -1;
    ck_assert(f64(s, &v));
    ck_assert_double_eq(v, 0);
    memset(s, '1', sizeof s);
    ck_assert(!myo_parse_f64(s, sizeof s, &v));
}
END_TEST

START_TEST(integers) {
    int64_t v = 0;
    ck_assert(i64("-9223372036854775808", &v) && v == INT64_MIN);
    ck_assert(i64("9223372036854775807", &v) && v == INT64_MAX);
    ck_assert(i64(" +12 ", &v) && v == 12);
    ck_assert(i64("-0", &v) && v == 0);
    v = 5;
    static const char *const wrong[] = {"9223372036854775808",
                                        "-9223372036854775809",
                                        "",
                                        "-",
                                        "1.0",
                                        "1e3",
                                        "0x5",
                                        "4.5",
                                        "99999999999999999999",
                                        "1 2",
                                        "a"};
    for (size_t k = 0; k < sizeof wrong / sizeof wrong[0]; k++) {
        ck_assert_msg(!i64(wrong[k], &v), "'%s' accepted", wrong[k]);
    }
    ck_assert_int_eq(v, 5);
}
END_TEST

static void expect_g(double v, int digits, const char *want) {
    char s[64];
    const int n = myo_format_g(s, sizeof s, v, digits);
    ck_assert_str_eq(s, want);
    ck_assert_int_eq(n, (int)strlen(want));
}

START_TEST(format_g) {
    expect_g(1.5, 6, "1.5");
    expect_g(123456789.0, 6, "1.23457e+08");
    expect_g(-0.0, 6, "0");
    expect_g(NAN, 6, "n/a");
    expect_g(INFINITY, 6, "n/a");
    expect_g(-INFINITY, 6, "n/a");
    expect_g(-1e-9, 6, "-1e-09");
    expect_g(0.1, 17, "0.10000000000000001");
}
END_TEST

static void expect_fixed(double v, int decimals, const char *want) {
    char s[64];
    const int n = myo_format_fixed(s, sizeof s, v, decimals);
    ck_assert_str_eq(s, want);
    ck_assert_int_eq(n, (int)strlen(want));
}

START_TEST(format_fixed) {
    expect_fixed(1.0, 6, "1.000000");
    expect_fixed(-1e-9, 6, "0.000000");
    expect_fixed(-0.0, 0, "0");
    expect_fixed(NAN, 6, "n/a");
    expect_fixed(-1.25, 1, "-1.2");
    expect_fixed(86400.1234567, 6, "86400.123457");
}
END_TEST

/* Numbers of all sizes, those of few digits, halves of the last digit and their neighbours, as printf prints them. */
static double some_number(myo_rng *r, int k) {
    static const double steps[] = {1.0, 0.5, 0.25, 0.1, 0.05, 0.01, 0.005, 5e-6, 5e-7};
    uint64_t bits = (uint64_t)myo_rng_u32(r) << 32 | myo_rng_u32(r);
    double v;
    switch (k % 6) {
    case 0: /* any bits */
        memcpy(&v, &bits, sizeof v);
        return v;
    case 1: /* a measured number */
        return (double)(float)(myo_rng_normal(r) * pow(10.0, myo_rng_uniform(r) * 12.0 - 6.0));
    case 2: /* a time */
        return (double)(bits % 172800000) / 2000.0;
    case 3: /* few digits */
        return (double)(int64_t)(bits % 4000001 - 2000000) * steps[(bits >> 32) % 9];
    case 4: /* at and beside a power of ten */
        v = pow(10.0, (double)(int)(bits % 60) - 30.0);
        return (bits >> 32) % 3 == 0 ? v : nextafter(v, (bits >> 32) % 3 == 1 ? 0.0 : INFINITY);
    default: /* halves that a double holds exactly, and their neighbours */
        v = ((double)(bits % 2000000) + 0.5) * pow(2.0, (double)(int)((bits >> 32) % 12) - 6.0);
        return (bits >> 40) % 2 ? v : nextafter(v, (bits >> 41) % 2 ? 0.0 : INFINITY);
    }
}

static void as_printf(double v, bool fixed, int digits) {
    char s[400], want[400];
    const int n = fixed ? myo_format_fixed(s, sizeof s, v, digits) : myo_format_g(s, sizeof s, v, digits);
    snprintf(want, sizeof want, fixed ? "%.*f" : "%.*g", digits, v);
    const char *w = want[0] == '-' && strspn(want + 1, "0.") == strlen(want + 1) ? want + 1 : want;
    if (strcmp(s, w) != 0 || n != (int)strlen(w)) {
        ck_abort_msg("%.17g with %d digits: %s, not %s", v, digits, s, w);
    }
}

START_TEST(format_is_printf) {
    myo_rng r;
    myo_rng_seed(&r, 7, 0);
    for (int k = 0; k < 1500000; k++) {
        const double v = some_number(&r, k);
        if (isfinite(v)) {
            as_printf(v, false, k % 3 ? 6 : 1 + k / 3 % 17);
            as_printf(v, true, k % 3 ? 6 : k / 3 % 17);
        }
    }
}
END_TEST

START_TEST(whole_numbers) {
    static const int64_t v[] = {0, 9, 10, -1, -10, 1234567890123, INT64_MAX, INT64_MIN};
    for (size_t k = 0; k < sizeof v / sizeof v[0]; k++) {
        char s[MYO_DIGITS_CAP], want[40];
        snprintf(want, sizeof want, "%lld", (long long)v[k]);
        ck_assert_int_eq(myo_digits_i64(s, v[k]), (int)strlen(want));
        ck_assert_str_eq(s, want);
    }
}
END_TEST

START_TEST(short_target_is_cut_not_overrun) {
    char s[4] = "xxx";
    ck_assert_int_eq(myo_format_g(s, 3, -0.5, 6), 4);
    ck_assert_str_eq(s, "-0");
}
END_TEST

START_TEST(seventeen_digits_come_back) {
    myo_rng r;
    myo_rng_seed(&r, 3, 0);
    for (int k = 0; k < 20000; k++) {
        uint64_t bits = (uint64_t)myo_rng_u32(&r) << 32 | myo_rng_u32(&r);
        double v, back = 0;
        memcpy(&v, &bits, sizeof v);
        if (!isfinite(v)) {
            continue;
        }
        char s[40];
        myo_format_g(s, sizeof s, v, 17);
        ck_assert_msg(f64(s, &back) && back == v, "%s", s);
    }
}
END_TEST

/* A decimal comma in the environment's locale changes nothing. Any such locale will do. */
START_TEST(locale_does_not_matter) {
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "de_DE",
                                        "nl_NL.UTF-8"};
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
        if (setlocale(LC_ALL, names[k]) != NULL) {
            break;
        }
    }
    double v = 0;
    ck_assert(f64("1.5", &v) && v == 1.5);
    ck_assert(f64("3.0000000000000000000000001e-5", &v) && v == 3e-5);
    ck_assert(!f64("1,5", &v));
    expect_g(2.5, 6, "2.5");
    expect_fixed(2.5, 3, "2.500");
}
END_TEST

int main(void) {
    Suite *s = suite_create("base_num");
    TCase *t = tcase_create("num");
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, good_numbers_equal_strtod, 0, sizeof good / sizeof good[0]);
    tcase_add_loop_test(t, bad_numbers_are_refused_and_leave_the_result, 0,
                        sizeof bad / sizeof bad[0]);
    tcase_add_test(t, nul_inside_is_refused);
    tcase_add_test(t, length_bounds_the_field);
    tcase_add_loop_test(t, random_decimals_equal_strtod_bit_for_bit, 0, 3);
    tcase_add_loop_test(t, random_text_agrees_with_strtod, 0, 3);
    tcase_add_test(t, long_numbers_round_right_or_are_refused);
    tcase_add_test(t, integers);
    tcase_add_test(t, format_g);
    tcase_add_test(t, format_fixed);
    tcase_add_test(t, format_is_printf);
    tcase_add_test(t, whole_numbers);
    tcase_add_test(t, short_target_is_cut_not_overrun);
    tcase_add_test(t, seventeen_digits_come_back);
    tcase_add_test(t, locale_does_not_matter);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed;
}
