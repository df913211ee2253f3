/* test_fold.c - texts taken for the same: case, canonical form, blanks; and those that are not. */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include "study/fold.h"

static bool same(const char *a, const char *b) {
    myo_buf x = {0}, y = {0};
    myo_fold(&x, a);
    myo_fold(&y, b);
    ck_assert(!x.failed && !y.failed && x.s[x.n - 1] == '\0');
    const bool equal = strcmp(x.s, y.s) == 0;
    myo_buf_clear(&x);
    myo_buf_clear(&y);
    return equal;
}

START_TEST(case_is_folded) {
    ck_assert(same("P01-pre", "p01-PRE"));
    ck_assert(same("J\xC3\x9CRGEN", "j\xC3\xBCrgen"));       /* U-diaeresis */
    ck_assert(same("\xC3\x98sten", "\xC3\xB8sten"));         /* O-stroke: no decomposition */
    ck_assert(same("\xCE\xA3\xCE\xAF", "\xCF\x83\xCE\x8A")); /* sigma, iota-tonos */
    ck_assert(same("\xCF\x82", "\xCF\x83"));                 /* final sigma */
    ck_assert(same("\xD0\x96\xD0\x81", "\xD0\xB6\xD1\x91")); /* Zhe, Io */
    ck_assert(same("\xE1\xBA\x9E", "\xC3\x9F"));             /* capital sharp s */
    ck_assert(same("\xEF\xBC\xB0", "\xEF\xBD\x90"));         /* full-width P */
}
END_TEST

START_TEST(other_letters_stay_apart) {
    ck_assert(!same("P1", "P2"));
    ck_assert(!same("P1", "P11"));
    ck_assert(!same("", "a"));
    ck_assert(!same("J\xC3\xBCrgen", "Jurgen"));
    ck_assert(!same("\xC3\x9F", "ss"));    /* full folding would join them */
    ck_assert(!same("\xC4\xB1", "i"));     /* dotless i */
    ck_assert(!same("A", "\xD0\x90"));     /* Latin, Cyrillic */
    ck_assert(!same("\xEF\xBC\xB0", "P")); /* full width is compatible, not canonical */
    ck_assert(!same("a\xCC\x80", "a\xCC\x81"));
    ck_assert(!same("P_1", "P-1"));
}
END_TEST

START_TEST(composed_equals_decomposed) {
    ck_assert(same("\xC3\xBC", "u\xCC\x88"));
    ck_assert(same("\xC3\x9C", "u\xCC\x88"));
    ck_assert(same("\xC3\x85", "\xE2\x84\xAB"));                         /* Angstrom sign */
    ck_assert(same("\xCE\xA9", "\xE2\x84\xA6"));                         /* Ohm sign */
    ck_assert(same("\xC2\xB5", "\xCE\xBC"));                             /* micro sign by case */
    ck_assert(same("\xE1\xBA\xBF", "e\xCC\x82\xCC\x81"));                /* e with two marks */
    ck_assert(same("\xE1\xBE\x82", "\xCE\xB1\xCC\x93\xCC\x80\xCD\x85")); /* alpha with three */
    ck_assert(same("\xE1\xBE\x8A", "\xE1\xBE\x82"));                     /* and its capital */
    ck_assert(same("\xD0\x99", "\xD0\xB8\xCC\x86"));                     /* short I */
}
END_TEST

START_TEST(marks_of_different_kinds_come_in_any_order) {
    ck_assert(same("a\xCC\xA3\xCC\x88", "a\xCC\x88\xCC\xA3")); /* below, above */
    ck_assert(same("\xC3\xA4\xCC\xA3", "\xE1\xBA\xA1\xCC\x88"));
    ck_assert(!same("a\xCC\x80\xCC\x88", "a\xCC\x88\xCC\x80")); /* both above */
    ck_assert(!same("a\xCC\xA3"
                    "b\xCC\x88",
                    "a\xCC\x88"
                    "b\xCC\xA3"));
}
END_TEST

START_TEST(hangul_is_arithmetic) {
    ck_assert(same("\xEA\xB0\x80", "\xE1\x84\x80\xE1\x85\xA1"));             /* GA */
    ck_assert(same("\xEA\xB0\x81", "\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8")); /* GAG */
    ck_assert(same("\xED\x9E\xA3", "\xE1\x84\x92\xE1\x85\xB5\xE1\x87\x82")); /* the last */
    ck_assert(!same("\xEA\xB0\x80", "\xEA\xB0\x81"));
}
END_TEST

START_TEST(kana_have_two_forms) {
    ck_assert(same("\xE3\x81\x8C", "\xE3\x81\x8B\xE3\x82\x99")); /* GA */
    ck_assert(!same("\xE3\x81\x8C", "\xE3\x81\x8B"));
    ck_assert(!same("\xE3\x81\x8C", "\xE3\x82\xAC")); /* hiragana, katakana */
}
END_TEST

START_TEST(blanks_around_do_not_tell_apart) {
    ck_assert(same(" P1", "P1  "));
    ck_assert(same("", "  "));
    ck_assert(!same("P 1", "P1"));
}
END_TEST

START_TEST(other_scripts_stand_for_themselves) {
    ck_assert(same("\xE6\x9D\x8E", "\xE6\x9D\x8E"));
    ck_assert(!same("\xE6\x9D\x8E", "\xE6\x9D\x8F"));
    ck_assert(!same("\xD4\xB1", "\xD5\xA1")); /* Armenian */
    ck_assert(same("\xF0\x9F\xA6\xB5", "\xF0\x9F\xA6\xB5"));
    ck_assert(!same("\xF0\x9F\xA6\xB5", "\xF0\x9F\xA6\xB6"));
}
END_TEST

START_TEST(long_texts_stay_as_they_are) {
    char upper[300], lower[300];
    memset(upper, 'A', sizeof upper);
    memset(lower, 'a', sizeof lower);
    upper[255] = lower[255] = '\0';
    ck_assert(same(upper, lower));
    upper[255] = 'A';
    lower[255] = 'a';
    upper[256] = lower[256] = '\0';
    ck_assert(!same(upper, lower));
    ck_assert(same(upper, upper));
}
END_TEST

START_TEST(the_longest_form_fits) {
    char three[256] = "", apart[600] = "";
    for (int i = 0; i < 85; i++) { /* 255 bytes, 340 letters and marks */
        strcat(three, "\xE1\xBE\x82");
    }
    for (int i = 0; i < 28; i++) { /* the same decomposed, as far as 255 bytes go */
        strcat(apart, "\xCE\xB1\xCC\x93\xCC\x80\xCD\x85");
    }
    ck_assert(same(three, three));
    three[28 * 3] = '\0';
    ck_assert(same(three, apart));
}
END_TEST

START_TEST(broken_bytes_stand_for_themselves) {
    ck_assert(same("a\xFF", "A\xFF"));
    ck_assert(!same("a\xFF", "a\xFE"));
    ck_assert(same("\xE1\xBA", "\xE1\xBA"));
}
END_TEST

START_TEST(the_tables_are_sorted) {
    for (size_t i = 1; i < myo_n_fold_pairs; i++) {
        ck_assert_uint_lt(myo_fold_pairs[i - 1].cp, myo_fold_pairs[i].cp);
    }
    for (size_t i = 1; i < myo_n_fold_cases; i++) {
        ck_assert_uint_lt(myo_fold_cases[i - 1].last, myo_fold_cases[i].first);
    }
    for (size_t i = 1; i < myo_n_fold_marks; i++) {
        ck_assert_uint_lt(myo_fold_marks[i - 1].last, myo_fold_marks[i].first);
    }
}
END_TEST

int main(void) {
    Suite *s = suite_create("fold");
    TCase *c = tcase_create("all");
    tcase_add_test(c, case_is_folded);
    tcase_add_test(c, other_letters_stay_apart);
    tcase_add_test(c, composed_equals_decomposed);
    tcase_add_test(c, marks_of_different_kinds_come_in_any_order);
    tcase_add_test(c, hangul_is_arithmetic);
    tcase_add_test(c, kana_have_two_forms);
    tcase_add_test(c, blanks_around_do_not_tell_apart);
    tcase_add_test(c, other_scripts_stand_for_themselves);
    tcase_add_test(c, long_texts_stay_as_they_are);
    tcase_add_test(c, the_longest_form_fits);
    tcase_add_test(c, broken_bytes_stand_for_themselves);
    tcase_add_test(c, the_tables_are_sorted);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
