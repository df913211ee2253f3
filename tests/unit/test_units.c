/* test_units.c - the table of units. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "io/units.h"

typedef struct unit_case {
    const char *text;
    myo_dim dim;
    double scale;
} unit_case;

static const unit_case known[] = {
    {"V", MYO_DIM_VOLT, 1e6},
    {"mV", MYO_DIM_VOLT, 1e3},
    {"uV", MYO_DIM_VOLT, 1},
    {"\xC2\xB5V", MYO_DIM_VOLT, 1},
    {"\xCE\xBCV", MYO_DIM_VOLT, 1},
    {"\xB5V", MYO_DIM_VOLT, 1},
    {"nV", MYO_DIM_VOLT, 1e-3},
    {" uV ", MYO_DIM_VOLT, 1},
    {"(mV)", MYO_DIM_VOLT, 1e3},
    {"g", MYO_DIM_ACCEL, 1},
    {"mg", MYO_DIM_ACCEL, 1e-3},
    {"m/s^2", MYO_DIM_ACCEL, 1 / 9.80665},
    {"m/s2", MYO_DIM_ACCEL, 1 / 9.80665},
    {"m/s\xC2\xB2", MYO_DIM_ACCEL, 1 / 9.80665},
    {"m/s\xB2", MYO_DIM_ACCEL, 1 / 9.80665},
    {"m/(s^2)", MYO_DIM_ACCEL, 1 / 9.80665},
    {"cm/s2", MYO_DIM_ACCEL, 0.01 / 9.80665},
    {"s", MYO_DIM_TIME, 1},
    {"ms", MYO_DIM_TIME, 1e-3},
    {"counts", MYO_DIM_COUNTS, 1},
    {"raw", MYO_DIM_COUNTS, 1},
    {"a.u.", MYO_DIM_COUNTS, 1},
    {"ADC", MYO_DIM_COUNTS, 1},
    {"N", MYO_DIM_OTHER, 1},
    {"kg", MYO_DIM_OTHER, 1},
    {"deg/s", MYO_DIM_OTHER, 1},
    {"\xC2\xB0/s", MYO_DIM_OTHER, 1},
    {"%", MYO_DIM_OTHER, 1},
    {"uS", MYO_DIM_OTHER, 1},
    {"local_flux", MYO_DIM_OTHER, 1},
};

START_TEST(known_units_have_their_scale) {
    const unit_case *u = &known[_i];
    double scale = 0;
    ck_assert_msg(myo_unit_find(u->text, &scale) == u->dim, "%s", u->text);
    ck_assert_msg(fabs(scale / u->scale - 1) < 1e-12, "%s: %g", u->text, scale);
}
END_TEST

/* A megavolt, a lower-case volt or a word is no unit that we convert. */
START_TEST(other_texts_are_unknown) {
    static const char *const texts[] = {"", "MV", "v", "furlong", "Vx", "uVV", "microgram", "\xFF"};
    double scale = 0;
    ck_assert_msg(myo_unit_find(texts[_i], &scale) == MYO_DIM_NONE, "'%s'", texts[_i]);
    ck_assert_double_eq(scale, 1);
}
END_TEST

START_TEST(a_long_text_does_not_match_by_its_start) {
    char text[200];
    memset(text, 'V', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    double scale;
    ck_assert_int_eq(myo_unit_find(text, &scale), MYO_DIM_NONE);
}
END_TEST

START_TEST(canonical_names) {
    ck_assert_str_eq(myo_unit_canonical(MYO_DIM_VOLT), "uV");
    ck_assert_str_eq(myo_unit_canonical(MYO_DIM_ACCEL), "g");
    ck_assert_str_eq(myo_unit_canonical(MYO_DIM_COUNTS), "au");
    ck_assert_str_eq(myo_unit_canonical(MYO_DIM_NONE), "au");
}
END_TEST

START_TEST(latin1_signs_are_shown_as_utf8) {
    char shown[32];
    ck_assert_str_eq(myo_unit_show(shown, sizeof shown, "\xB5V"), "\xC2\xB5V");
    ck_assert_str_eq(myo_unit_show(shown, sizeof shown, "m/s\xB2"), "m/s\xC2\xB2");
    ck_assert_str_eq(myo_unit_show(shown, sizeof shown,
                                   "a\x1B"
                                   "b"),
                     "a\\x1Bb");
    ck_assert_str_eq(myo_unit_show(shown, 4, "counts"), "cou");
}
END_TEST

int main(void) {
    Suite *s = suite_create("units");
    TCase *t = tcase_create("table");
    tcase_add_loop_test(t, known_units_have_their_scale, 0, (int)(sizeof known / sizeof known[0]));
    tcase_add_loop_test(t, other_texts_are_unknown, 0, 8);
    tcase_add_test(t, a_long_text_does_not_match_by_its_start);
    tcase_add_test(t, canonical_names);
    tcase_add_test(t, latin1_signs_are_shown_as_utf8);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed;
}
