/* test_edf_faults.c - EDF and BDF: every fault of the fault model, and mutated files. */
#include "edffile.h"

/* --- sizes --- */
START_TEST(dead_recorder) {
    spec s = basic();
    taken t;
    s.n_rec = "-1";
    accepted(&t, written(&s), NULL);
    ck_assert(warned(&t, "byte 236"));
    ck_assert_int_eq(t.n[0], 500);
    drop(&t);
    s.n_rec = "3";
    accepted(&t, written(&s), NULL);
    ck_assert(warned(&t, "counts 3 records, the file holds 5"));
    ck_assert_int_eq(t.n[0], 500);
    drop(&t);
    s.n_rec = "-2";
    refused(written(&s), NULL, MYO_ERR_RANGE, "byte 236");
    s.n_rec = "0";
    s.records = 0;
    refused(written(&s), NULL, MYO_ERR_TOO_SHORT, "no data records");
}
END_TEST

START_TEST(cut_file) {
    const myo_open_opts salvage = {.salvage = true};
    const spec s = basic();
    bytes b = build(&s);
    const size_t whole = b.n;
    taken t;
    for (size_t cut = 1; cut < 900; cut += 80) {
        b.n = whole - cut;
        refused(save(&b, "cut.edf"), NULL, MYO_ERR_TRUNCATED, "the file is cut");
        accepted(&t, save(&b, "cut.edf"), &salvage);
        ck_assert(t.truncated);
        ck_assert_int_eq(t.n[0], (int64_t)((b.n - 768) / 240 * 100));
        ck_assert_double_eq(t.duration_s, (double)t.n[0] / 100);
        drop(&t);
    }
    b.n = 768 + 100;
    refused(save(&b, "cut.edf"), &salvage, MYO_ERR_TRUNCATED, "0 of 5 records");
    b.n = 700;
    refused(save(&b, "cut.edf"), &salvage, MYO_ERR_TRUNCATED, "byte 252");
    b.n = 200;
    refused(save(&b, "cut.edf"), &salvage, MYO_ERR_TRUNCATED, "header cut");
    free(b.p);
}
END_TEST

START_TEST(trailing_bytes) {
    const spec s = basic();
    bytes b = build(&s);
    put_text(&b, "tail");
    taken t;
    accepted(&t, save(&b, "tail.edf"), NULL);
    ck_assert(warned(&t, "4 bytes follow"));
    drop(&t);
    free(b.p);
    const spec p = plus("EDF+C", regular);
    b = build(&p);
    put_zeros(&b, 400);
    accepted(&t, save(&b, "tail.edf"), NULL);
    ck_assert(warned(&t, "400 bytes follow"));
    ck_assert_int_eq(t.n[0], 500);
    drop(&t);
    free(b.p);
}
END_TEST

/* A file filled up with zeros behind its records is not a dead recorder's. */
START_TEST(zero_filled_rest) {
    spec s = basic();
    bytes b = build(&s);
    put_zeros(&b, 3 * 240);
    taken t;
    accepted(&t, save(&b, "filled.edf"), NULL);
    ck_assert(warned(&t, "720 bytes follow"));
    ck_assert_int_eq(t.n[0], 500);
    drop(&t);
    free(b.p);
}
END_TEST

START_TEST(samples_beyond_the_digital_limits) {
    spec s = basic();
    s.dmin[1] = "0";
    s.dmax[1] = "70";
    taken t;
    accepted(&t, written(&s), NULL);
    ck_assert(warned(&t, "signal 2: samples outside its digital limits 0 to 70"));
    drop(&t);
    s.dmax[1] = "76";
    accepted(&t, written(&s), NULL);
    ck_assert(!warned(&t, "outside"));
    drop(&t);
}
END_TEST

START_TEST(failing_memory) {
    static const double onsets[] = {10, 11, 12, 20.5, 21.5};
    spec s = plus("EDF+D", onsets);
    s.texts = "+11.5\x14jerk\x14";
    check_memory(written(&s));
}
END_TEST

/* --- header fields --- */
START_TEST(bad_header_fields) {
    static const char *const counts[] = {"0", "-1", "9999", "", "four", "4.5", "0x5", "3,0", "1e1"};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        spec s = basic();
        s.n_sig = counts[i];
        taken t;
        take(&t, written(&s), NULL);
        ck_assert_int_ne(t.err, MYO_OK);
        ck_assert_ptr_nonnull(strstr(t.d.message, "byte 252: field number of signals"));
        drop(&t);
    }
    spec s = basic();
    bytes b = build(&s);
    b.p[253] = 0;
    refused(save(&b, "nul.edf"), NULL, MYO_ERR_RANGE, "byte 252");
    free(b.p);
    s.n_sig = "900";
    refused(written(&s), NULL, MYO_ERR_TRUNCATED, "byte 252");
    s = basic();
    s.head = "512";
    refused(written(&s), NULL, MYO_ERR_RANGE, "byte 184: field header length");
    s = basic();
    s.n_rec = "2.5";
    refused(written(&s), NULL, MYO_ERR_RANGE, "byte 236");
}
END_TEST

START_TEST(bad_duration_and_rate) {
    static const char *const durations[] = {"0", "-1", "nan", "inf", "1,0", "", "0x1", "1e999"};
    for (size_t i = 0; i < sizeof durations / sizeof durations[0]; i++) {
        spec s = basic();
        s.dur = durations[i];
        refused(written(&s), NULL, MYO_ERR_RANGE, "byte 244");
    }
    spec s = basic();
    s.dur = "1e-12";
    refused(written(&s), NULL, MYO_ERR_RANGE, "channel 1: sampling rate");
    s.dur = "1e12";
    refused(written(&s), NULL, MYO_ERR_RANGE, "channel 1: sampling rate");
    s = basic();
    static const char *const samples[] = {"0", "-5", "1.5", "", "x"};
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        s.spr[1] = samples[i];
        refused(written(&s), NULL, MYO_ERR_RANGE, "field samples per record of signal 2");
    }
    s.spr[1] = "1000";
    s.n_rec = "99999999";
    refused(written(&s), NULL, MYO_ERR_TRUNCATED, "the file is cut");
}
END_TEST

START_TEST(bad_limits) {
    spec s = basic();
    s.dmax[1] = "-32768";
    refused(written(&s), NULL, MYO_ERR_RANGE, "field digital maximum of signal 2");
    s.dmax[1] = "-32769";
    refused(written(&s), NULL, MYO_ERR_RANGE, "field digital maximum of signal 2");
    s.dmax[1] = "99999";
    refused(written(&s), NULL, MYO_ERR_RANGE, "field digital maximum of signal 2");
    s = basic();
    s.pmin[0] = s.pmax[0];
    refused(written(&s), NULL, MYO_ERR_RANGE, "field physical maximum of signal 1");
    s.pmin[0] = "NaN";
    refused(written(&s), NULL, MYO_ERR_RANGE, "field physical minimum of signal 1");
    s.pmin[0] = "1e300";
    refused(written(&s), NULL, MYO_ERR_RANGE, "field physical minimum of signal 1");
    s.pmin[0] = "-1,5";
    refused(written(&s), NULL, MYO_ERR_RANGE, "found '-1,5'");
}
END_TEST

START_TEST(odd_dates_are_warned) {
    static const char *const dates[] = {"31.02.20", "00.01.20", "01.13.20",
                                        "1.1.2020", "aa.bb.cc", "01/02/20"};
    taken t;
    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        spec s = basic();
        s.date = dates[i];
        accepted(&t, written(&s), NULL);
        ck_assert(warned(&t, "start unknown"));
        ck_assert_str_eq(t.start, "");
        drop(&t);
    }
    spec s = basic();
    s.date = "29.02.00";
    s.time = "23.59.59";
    accepted(&t, written(&s), NULL);
    ck_assert_str_eq(t.start, "2000-02-29T23:59:59");
    drop(&t);
}
END_TEST

/* EDF+ says its date twice. */
START_TEST(dates_in_full) {
    static const struct { const char *field, *warning, *start; } given[] = {
        {"Startdate 02-MAR-2021 X X X", NULL, "2021-03-02T04:05:06"},
        {"Startdate 02-mar-2021 X X X", NULL, "2021-03-02T04:05:06"},
        {"Startdate X X X X", NULL, "2021-03-02T04:05:06"},
        {"from another device", NULL, "2021-03-02T04:05:06"},
        {"Startdate 02-MAR-1921 X X X", NULL, "1921-03-02T04:05:06"},
        {"Startdate 31-FEB-2021 X X X", "byte 98: start date '31-FEB-2021' in the recording", "2021-03-02T04:05:06"},
        {"Startdate 29-FEB-2021 X X X", "byte 98: start date '29-FEB-2021' in the recording", "2021-03-02T04:05:06"},
        {"Startdate 02-MRZ-2021 X X X", "is not possible: byte 168 counts", "2021-03-02T04:05:06"},
        {"Startdate 02.03.2021 X X X", "is not possible: byte 168 counts", "2021-03-02T04:05:06"},
        {"Startdate 02-MAR-2020 X X X", "disagree on the year (21, 2020)", "2020-03-02T04:05:06"},
        {"Startdate 03-MAR-2021 X X X", "disagree on the day (02.03., 03-MAR-2021)", "2021-03-02T04:05:06"},
    };
    const spec s = plus("EDF+C", regular);
    bytes b = build(&s);
    memset(b.p + 88, ' ', 80);
    memcpy(b.p + 88, given[_i].field, strlen(given[_i].field));
    taken t;
    accepted(&t, save(&b, "date.edf"), NULL);
    ck_assert_str_eq(t.start, given[_i].start);
    ck_assert_int_eq(t.d.n_warnings, given[_i].warning != NULL);
    ck_assert(given[_i].warning == NULL || warned(&t, given[_i].warning));
    drop(&t);
    free(b.p);
}
END_TEST

START_TEST(rate_can_be_corrected) {
    const myo_open_opts o = {.fs = 200};
    spec s = basic();
    taken t;
    refused(written(&s), &o, MYO_ERR_PARAM, "several rates");
    s.spr[1] = "100";
    accepted(&t, written(&s), &o);
    ck_assert(warned(&t, "200 Hz as asked"));
    ck_assert_double_eq(t.ch[1].fs, 200);
    ck_assert_double_eq(t.duration_s, 2.5);
    drop(&t);
}
END_TEST

START_TEST(name_and_content_disagree) {
    const spec s = basic();
    bytes b = build(&s);
    taken t;
    accepted(&t, save(&b, "x.bdf"), NULL);
    ck_assert(warned(&t, ".bdf"));
    drop(&t);
    accepted(&t, save(&b, "x.wav"), NULL);
    ck_assert(warned(&t, ".wav"));
    drop(&t);
    accepted(&t, save(&b, "x.dat"), NULL);
    ck_assert_int_eq(t.d.n_warnings, 0);
    drop(&t);
    free(b.p);
}
END_TEST

/* --- mutations --- */
START_TEST(mutated_headers) {
    spec s = plus("EDF+D", broken);
    s.texts = "+11.5\x15"
              "0.25\x14jerk\x14";
    bytes b = build(&s);
    fuzz(&b, 1024, "fuzz.edf", 1500, 1);
    fuzz(&b, b.n, "fuzz.edf", 800, 2);
    free(b.p);
}
END_TEST

START_TEST(mutated_annotations) {
    static const double onsets[] = {0, 1, 2, 3, 4};
    spec s = plus("EDF+C", onsets);
    s.spr[0] = s.spr[1] = "1";
    s.texts = "+1.5\x15"
              "0.25\x14jerk\x14"
              "b\x14\0+2\x14x\x14";
    bytes b = build(&s);
    fuzz(&b, b.n, "fuzz.edf", 1200, 3);
    free(b.p);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("edf_faults");
    TCase *t = tcase_create("all");
    tcase_set_timeout(t, 120);
    tcase_add_test(t, dead_recorder);
    tcase_add_test(t, cut_file);
    tcase_add_test(t, trailing_bytes);
    tcase_add_test(t, zero_filled_rest);
    tcase_add_test(t, samples_beyond_the_digital_limits);
    tcase_add_test(t, failing_memory);
    tcase_add_test(t, bad_header_fields);
    tcase_add_test(t, bad_duration_and_rate);
    tcase_add_test(t, bad_limits);
    tcase_add_test(t, odd_dates_are_warned);
    tcase_add_loop_test(t, dates_in_full, 0, 11);
    tcase_add_test(t, rate_can_be_corrected);
    tcase_add_test(t, name_and_content_disagree);
    tcase_add_test(t, mutated_headers);
    tcase_add_test(t, mutated_annotations);
    suite_add_tcase(suite, t);
    return run_tests(suite);
}
