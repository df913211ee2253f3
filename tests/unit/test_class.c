/* test_class.c - names of classes and flags, and the classes a kind of channel can show. */
#include <check.h>
#include "myotab/event.h"

START_TEST(names_and_numbers_agree) {
    static const char *const names[] = {"jerk",   "cramp",     "tremor",   "fasciculation",
                                        "tetany", "voluntary", "artefact", "indeterminate",
                                        "clonus", "leg_movement", "plm", "fragmentary_myoclonus"};
    ck_assert_int_eq(MYO_N_CLASS, 12);
    for (int c = 0; c < MYO_N_CLASS; c++) {
        ck_assert_str_eq(myo_class_name((myo_class)c), names[c]);
        ck_assert_int_eq(myo_class_from_name(names[c]), c);
    }
}
END_TEST

START_TEST(unknown_names_and_numbers_are_safe) {
    ck_assert_int_eq(myo_class_from_name("Jerk"), -1);
    ck_assert_int_eq(myo_class_from_name(""), -1);
    ck_assert_int_eq(myo_class_from_name(NULL), -1);
    ck_assert_str_eq(myo_class_name((myo_class)99), "n/a");
    ck_assert_str_eq(myo_class_name((myo_class)-1), "n/a");
    ck_assert_int_eq(myo_class_in_kind((myo_class)99, MYO_KIND_EMG), 0);
    ck_assert_int_eq(myo_class_in_kind(MYO_JERK, (myo_kind)99), 0);
    ck_assert_str_eq(myo_flag_name(-1), "n/a");
    ck_assert_str_eq(myo_flag_name(MYO_N_FLAG), "n/a");
}
END_TEST

START_TEST(kinds_show_the_classes_of_the_contract) {
    static const myo_class acc[] = {MYO_JERK, MYO_TREMOR, MYO_VOLUNTARY, MYO_ARTEFACT,
                                    MYO_INDETERMINATE};
    int n = 0;
    for (int c = 0; c < MYO_N_CLASS; c++) {
        ck_assert_int_eq(myo_class_in_kind((myo_class)c, MYO_KIND_EMG), 1);
        ck_assert_int_eq(myo_class_in_kind((myo_class)c, MYO_KIND_OTHER), 0);
        n += myo_class_in_kind((myo_class)c, MYO_KIND_ACC);
    }
    ck_assert_int_eq(n, 5);
    for (int i = 0; i < 5; i++) {
        ck_assert_int_eq(myo_class_in_kind(acc[i], MYO_KIND_ACC), 1);
    }
}
END_TEST

/* A preset's classes are there with the preset only, and never on an accelerometer. */
START_TEST(presets_switch_their_classes) {
    myo_params p;
    myo_diag d = {0};
    myo_params_defaults(&p);
    for (int c = 0; c < MYO_N_CLASS; c++) {
        ck_assert_int_eq(myo_class_is_usual((myo_class)c), c <= MYO_INDETERMINATE);
        ck_assert_int_eq(myo_class_shown((myo_class)c, MYO_KIND_EMG, &p), c <= MYO_INDETERMINATE);
        ck_assert_int_eq(myo_class_shown((myo_class)c, MYO_KIND_EMG, NULL), c <= MYO_INDETERMINATE);
    }
    ck_assert_int_eq(myo_params_preset(&p, "clonus", &d), MYO_OK);
    ck_assert_int_eq(myo_class_shown(MYO_CLONUS, MYO_KIND_EMG, &p), 1);
    ck_assert_int_eq(myo_class_shown(MYO_CLONUS, MYO_KIND_ACC, &p), 0);
    ck_assert_int_eq(myo_class_shown(MYO_PLM, MYO_KIND_EMG, &p), 0);
    myo_params_defaults(&p);
    ck_assert_int_eq(myo_params_preset(&p, "sleep-legs", &d), MYO_OK);
    ck_assert_int_eq(myo_class_shown(MYO_PLM, MYO_KIND_EMG, &p), 1);
    ck_assert_int_eq(myo_class_shown(MYO_CLONUS, MYO_KIND_EMG, &p), 0);
    ck_assert_int_eq(myo_class_shown((myo_class)99, MYO_KIND_EMG, &p), 0);
}
END_TEST

START_TEST(every_flag_has_its_own_name) {
    ck_assert_int_eq(1 << (MYO_N_FLAG - 1), MYO_FLAG_EXCESSIVE);
    ck_assert_str_eq(myo_flag_name(0), "clipped");
    ck_assert_str_eq(myo_flag_name(7), "walking");
    for (int a = 0; a < MYO_N_FLAG; a++) {
        for (int b = 0; b < a; b++) {
            ck_assert_str_ne(myo_flag_name(a), myo_flag_name(b));
        }
    }
}
END_TEST

int main(void) {
    Suite *s = suite_create("class");
    TCase *c = tcase_create("class");
    tcase_add_test(c, names_and_numbers_agree);
    tcase_add_test(c, unknown_names_and_numbers_are_safe);
    tcase_add_test(c, kinds_show_the_classes_of_the_contract);
    tcase_add_test(c, presets_switch_their_classes);
    tcase_add_test(c, every_flag_has_its_own_name);
    suite_add_tcase(s, c);
    SRunner *sr = srunner_create(s);
    srunner_run_all(sr, CK_NORMAL);
    const int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed;
}
