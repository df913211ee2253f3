/* test_edf.c - EDF, EDF+, BDF: good files, against EDFlib, in blocks of any size, real recordings.
 */
#include <edflib.h>
#include "edffile.h"

/* --- good files --- */
START_TEST(plain_file_gives_its_samples) {
    const spec s = basic();
    taken t;
    accepted(&t, written(&s), NULL);
    ck_assert_str_eq(t.format, "EDF");
    ck_assert_str_eq(t.start, "2021-03-02T04:05:06");
    ck_assert_int_eq(t.n_ch, 2);
    ck_assert_int_eq(t.n[0], 500);
    ck_assert_int_eq(t.n[1], 100);
    ck_assert_double_eq(t.ch[0].fs, 100);
    ck_assert_double_eq(t.ch[1].fs, 20);
    ck_assert_double_eq(t.duration_s, 5);
    for (int k = 0; k < 500; k++) {
        ck_assert_double_eq_tol(t.x[0][k], (value(0, k) + 32768) * 2000.0 / 65535 - 1000, 1e-3);
    }
    ck_assert_int_eq(t.d.n_warnings, 0);
    ck_assert_double_eq_tol(t.ch[0].rail_lo, -1000, 1e-9);
    ck_assert_double_eq_tol(t.ch[0].rail_hi, 1000, 1e-9);
    ck_assert_double_eq_tol(t.ch[0].lsb, 2000.0 / 65535, 1e-9);
    drop(&t);
}
END_TEST

START_TEST(inverted_physical_limits_are_legal) {
    spec s = basic();
    s.pmin[0] = "1000";
    s.pmax[0] = "-1000";
    taken t;
    accepted(&t, written(&s), NULL);
    ck_assert_double_eq_tol(t.x[0][3], -((value(0, 3) + 32768) * 2000.0 / 65535 - 1000), 1e-3);
    ck_assert_double_le(t.ch[0].rail_lo, t.ch[0].rail_hi);
    ck_assert_double_gt(t.ch[0].lsb, 0);
    drop(&t);
}
END_TEST

START_TEST(latin1_micro_sign_becomes_utf8) {
    spec s = basic();
    s.unit[0] = "\xb5V";
    taken t;
    accepted(&t, written(&s), NULL);
    ck_assert_str_eq(t.ch[0].file_unit, "\xc2\xb5V");
    drop(&t);
    s.unit[0] = "\xc2\xb5V";
    accepted(&t, written(&s), NULL);
    ck_assert_str_eq(t.ch[0].file_unit, "\xc2\xb5V");
    drop(&t);
}
END_TEST

START_TEST(bdf_has_24_bits) {
    spec s = basic();
    s.bdf = true;
    s.dmin[0] = "-8388608";
    s.dmax[0] = "8388607";
    s.pmin[0] = "-8388608";
    s.pmax[0] = "8388607";
    bytes b = build(&s);
    const unsigned char lowest[3] = {0, 0, 0x80};
    memcpy(b.p + 768, lowest, 3);
    taken t;
    accepted(&t, save(&b, "a.bdf"), NULL);
    ck_assert_str_eq(t.format, "BDF");
    ck_assert_float_eq(t.x[0][0], -8388608);
    ck_assert_float_eq(t.x[0][5], (float)value(0, 5));
    ck_assert_int_eq(t.d.n_warnings, 0);
    drop(&t);
    free(b.p);
}
END_TEST

START_TEST(blocks_and_seeks_agree) {
    spec s = basic();
    check_chunks(written(&s), NULL, 2.5);
    s = plus("EDF+D", broken);
    check_chunks(written(&s), NULL, 11.7);
    s.bdf = true;
    s.label[2] = "BDF Annotations";
    s.kind = "BDF+C";
    s.onsets = regular;
    bytes b = build(&s);
    check_chunks(save(&b, "c.bdf"), NULL, 2.5);
    free(b.p);
}
END_TEST

static void count_text(void *user, double onset, double duration, const char *text) {
    char *all = user;
    snprintf(all + strlen(all), 256 - strlen(all), "%g/%g/%s;", onset, duration, text);
}

/* Whatever was read, in whatever blocks; with gaps, where a record is read twice. */
START_TEST(hash_along_is_the_files) {
    static const double lengths[] = {0.01, 1, 3, 1e9};
    const spec s = _i == 0 ? basic() : plus("EDF+D", broken);
    const char *path = written(&s);
    char hex[65], want[65];
    ck_assert_int_eq(myo_file_sha256(path, want, NULL), MYO_OK);
    for (int i = 0; i < 8; i++) {
        myo_rec *r = NULL;
        myo_block b;
        ck_assert_int_eq(myo_rec_open(&r, path, NULL, NULL), MYO_OK);
        ck_assert_int_eq(myo_rec_hash_along(r), MYO_OK);
        for (int k = 0; i < 4 || k < 2; k++) { /* to the end; two blocks */
            ck_assert_int_eq(myo_rec_read(r, lengths[i % 4], &b), MYO_OK);
            if (b.n_ch == 0) {
                break;
            }
        }
        ck_assert_int_eq(myo_rec_sha256(r, hex), MYO_OK);
        ck_assert_str_eq(hex, want);
        ck_assert_int_eq(myo_rec_sha256(r, hex), MYO_OK); /* once more, from the beginning */
        ck_assert_str_eq(hex, want);
        myo_rec_close(&r);
    }
}
END_TEST

START_TEST(annotations_are_kept) {
    spec s = plus("EDF+C", regular);
    s.texts = "+1.5\x15"
              "0.25\x14jerk\x14left\x14";
    taken t;
    accepted(&t, written(&s), NULL);
    ck_assert_int_eq(t.n_ch, 2);
    ck_assert_int_eq(t.n_annotations, 2);
    ck_assert_int_eq(t.d.n_warnings, 0);
    drop(&t);
    myo_rec *r = NULL;
    myo_block b;
    char all[256] = "";
    ck_assert_int_eq(myo_rec_open(&r, written(&s), NULL, NULL), MYO_OK);
    for (int pass = 0; pass < 2; pass++) {
        do {
            ck_assert_int_eq(myo_rec_read(r, 1, &b), MYO_OK);
        } while (b.n_ch > 0);
        ck_assert_int_eq(myo_rec_info(r)->n_annotations, 2);
        ck_assert_int_eq(myo_rec_seek(r, 0), MYO_OK);
    }
    while (myo_rec_read(r, 1, &b) == MYO_OK && b.n_ch > 0) {
    }
    myo_rec_annotations(r, count_text, all);
    ck_assert_str_eq(all, "1.5/0.25/jerk;1.5/0.25/left;");
    myo_rec_close(&r);
}
END_TEST

START_TEST(malformed_annotation_is_told) {
    spec s = plus("EDF+C", regular);
    s.texts = "1,5\x14jerk\x14";
    taken t;
    accepted(&t, written(&s), NULL);
    ck_assert(warned(&t, "annotation without a valid time"));
    ck_assert_int_eq(t.n_annotations, 0);
    drop(&t);
}
END_TEST

START_TEST(gaps_of_a_discontinuous_file_are_told) {
    const spec s = plus("EDF+D", broken);
    taken t;
    accepted(&t, written(&s), NULL);
    ck_assert_str_eq(t.format, "EDF+D");
    ck_assert_int_eq(t.gaps, 1);
    ck_assert_double_eq(t.gap_start[0], 10.5);
    ck_assert_double_eq(t.first_start, 0);
    ck_assert_double_eq(t.duration_s, 12.5);
    ck_assert_int_eq(t.n[0], 500);
    ck_assert_int_eq(t.d.n_warnings, 0);
    drop(&t);
    take_from(&t, written(&s), NULL, 1, 11);
    ck_assert_double_eq(t.first_start, 10.5);
    ck_assert_int_eq(t.n[0], 200);
    drop(&t);
}
END_TEST

START_TEST(gap_in_a_continuous_file_is_warned) {
    const spec s = plus("EDF+C", broken);
    taken t;
    accepted(&t, written(&s), NULL);
    ck_assert(warned(&t, "gaps taken from"));
    ck_assert_int_eq(t.gaps, 1);
    drop(&t);
}
END_TEST

START_TEST(time_going_back_is_refused) {
    static const double back[] = {0, 1, 0.5, 3, 4};
    static const double still[] = {0, 0, 0, 0, 0};
    spec s = plus("EDF+D", back);
    refused(written(&s), NULL, MYO_ERR_DAMAGED, "time goes back");
    s.onsets = still;
    refused(written(&s), NULL, MYO_ERR_DAMAGED, "time goes back");
    s.kind = "EDF+C";
    taken t;
    accepted(&t, written(&s), NULL);
    ck_assert(warned(&t, "do not fit"));
    ck_assert_int_eq(t.gaps, 0);
    drop(&t);
    s.onsets = back;
    accepted(&t, written(&s), NULL);
    ck_assert(warned(&t, "time-keeping says"));
    drop(&t);
}
END_TEST

START_TEST(record_without_time) {
    spec s = plus("EDF+D", broken);
    bytes b = build(&s);
    const size_t rec = (100 + 20 + 30) * 2;
    memset(b.p + 1024 + 2 * rec + 240, 'x', 20);
    refused(save(&b, "notime.edf"), NULL, MYO_ERR_DAMAGED, "record 3 does not begin with its time");
    free(b.p);
    s.label[2] = "Third";
    refused(written(&s), NULL, MYO_ERR_DAMAGED, "without an annotation signal");
}
END_TEST

/* A continuous file goes on where one record tells no time; all that do not are told once. */
START_TEST(records_of_a_continuous_file_without_time) {
    static const char *const lists[] = {"", "+2\x14jerk\x14", "2\x14\x14", "+2\x15\x14\x14", "+2"};
    const spec s = plus("EDF+C", regular);
    bytes b = build(&s);
    const size_t rec = (100 + 20 + 30) * 2;
    for (size_t i = 2; i < 4; i++) {
        memset(b.p + 1024 + i * rec + 240, 0, 60);
        memcpy(b.p + 1024 + i * rec + 240, lists[_i], strlen(lists[_i]));
    }
    taken t;
    accepted(&t, save(&b, "notime.edf"), NULL);
    ck_assert(warned(&t, "record 3: does not begin with its time: taken as continuous"));
    ck_assert(!warned(&t, "record 4: does not begin"));
    ck_assert_int_eq(t.gaps, 0);
    ck_assert_int_eq(t.n[0], 500);
    drop(&t);
    free(b.p);
}
END_TEST

START_TEST(annotations_without_an_end_are_told) {
    const spec s = plus("EDF+C", regular);
    bytes b = build(&s);
    const size_t rec = (100 + 20 + 30) * 2;
    for (size_t i = 2; i < 4; i++) {
        unsigned char *list = b.p + 1024 + i * rec + 240;
        memset(list + 4, 'x', 56);
        memcpy(list + 4, "\0+2\x14jerk", 8);
    }
    taken t;
    accepted(&t, save(&b, "open.edf"), NULL);
    ck_assert_int_eq(t.d.n_warnings, 1);
    ck_assert(warned(&t, "record 3: annotations do not end before the record does"));
    ck_assert_int_eq(t.n_annotations, 2);
    drop(&t);
    free(b.p);
}
END_TEST

START_TEST(annotations_only) {
    spec s = plus("EDF+C", regular);
    s.label[0] = s.label[1] = "EDF Annotations";
    s.dur = "0";
    refused(written(&s), NULL, MYO_ERR_NO_CHANNEL, "annotations only");
}
END_TEST

/* A record beyond the buffer is read in slices. */
START_TEST(huge_record) {
    spec s = plus("EDF+D", broken);
    s.spr[0] = "1500001";
    s.spr[1] = "7";
    s.dur = "100";
    s.records = 3;
    s.n_rec = "3";
    static const double onsets[] = {5, 105, 300};
    s.onsets = onsets;
    s.texts = "+106\x14x\x14";
    taken t;
    const char *path = written(&s);
    accepted(&t, path, NULL);
    ck_assert_int_eq(t.n[0], 3 * 1500001);
    ck_assert_int_eq(t.n[1], 21);
    ck_assert_int_gt(t.blocks, 3);
    ck_assert_int_eq(t.gaps, 1);
    ck_assert_double_eq(t.gap_start[0], 295);
    ck_assert_int_eq(t.n_annotations, 1);
    for (int k = 0; k < 1500001; k += 997) {
        ck_assert_double_eq_tol(t.x[0][k], (value(0, k) + 32768) * 2000.0 / 65535 - 1000, 1e-3);
    }
    drop(&t);
    take_from(&t, path, NULL, 1, 180);
    ck_assert_double_le(t.first_start, 180);
    ck_assert_double_ge(t.first_start, 100);
    drop(&t);
}
END_TEST

/* --- EDFlib as the oracle --- */
static void write_edflib(const char *path, int type) {
    const int bdf = type == EDFLIB_FILETYPE_BDFPLUS, top = bdf ? 8388607 : 32767;
    const int h = edfopen_file_writeonly(path, type, 2);
    ck_assert_int_ge(h, 0);
    int buf[500];
    for (int c = 0; c < 2; c++) {
        edf_set_samplefrequency(h, c, c == 0 ? 500 : 50);
        edf_set_physical_maximum(h, c, 3276.7);
        edf_set_physical_minimum(h, c, -3300.25);
        edf_set_digital_maximum(h, c, top);
        edf_set_digital_minimum(h, c, -top - 1);
        edf_set_label(h, c, c == 0 ? "EMG TA" : "Acc z");
        edf_set_physical_dimension(h, c, c == 0 ? "uV" : "mg");
    }
    edf_set_startdatetime(h, 2024, 2, 29, 12, 30, 1);
    for (int rec = 0; rec < 12; rec++) {
        for (int c = 0; c < 2; c++) {
            for (int k = 0; k < (c == 0 ? 500 : 50); k++) {
                buf[k] = (rec * 7919 + k * 104729 + c) % (2 * top) - top;
            }
            ck_assert_int_eq(edfwrite_digital_samples(h, buf), 0);
        }
    }
    edfwrite_annotation_utf8(h, 25000, 5000, "spasm");
    ck_assert_int_eq(edfclose_file(h), 0);
}

static void compare_edflib(const char *path, int type, const char *format) {
    static struct edf_hdr_struct hdr;
    static double want[6000];
    taken t;
    write_edflib(path, type);
    accepted(&t, path, NULL);
    ck_assert_str_eq(t.format, format);
    ck_assert_str_eq(t.start, "2024-02-29T12:30:01");
    ck_assert_int_eq(t.n_annotations, 1);
    ck_assert_int_eq(t.d.n_warnings, 0);
    ck_assert_int_eq(edfopen_file_readonly(path, &hdr, EDFLIB_READ_ALL_ANNOTATIONS), 0);
    ck_assert_int_eq(hdr.edfsignals, 2);
    for (int c = 0; c < 2; c++) {
        ck_assert_int_eq(hdr.signalparam[c].smp_in_file, t.n[c]);
        ck_assert_int_eq(edfread_physical_samples(hdr.handle, c, (int)t.n[c], want), t.n[c]);
        for (int64_t k = 0; k < t.n[c]; k++) {
            ck_assert_double_eq_tol(t.x[c][k], want[k] * t.ch[c].scale, 1e-3);
        }
    }
    edfclose_file(hdr.handle);
    drop(&t);
    check_chunks(path, NULL, 3.4);
}

START_TEST(equals_edflib_edf) {
    compare_edflib(in_folder("lib.edf"), EDFLIB_FILETYPE_EDFPLUS, "EDF+C");
}
END_TEST
START_TEST(equals_edflib_bdf) {
    compare_edflib(in_folder("lib.bdf"), EDFLIB_FILETYPE_BDFPLUS, "BDF+C");
}
END_TEST

/* --- real recordings --- */
START_TEST(real_biosemi) {
    const char *path = shared("eeg_formats/test.bdf");
    if (path == NULL) {
        return;
    }
    taken t;
    accepted(&t, path, NULL);
    ck_assert_str_eq(t.format, "BDF");
    ck_assert_int_eq(t.n_ch, 73);
    ck_assert_int_eq(t.n[0], 2048);
    ck_assert_double_eq(t.ch[0].fs, 2048);
    ck_assert_str_eq(t.ch[72].label, "Status");
    ck_assert_int_eq(t.ch[72].kind, MYO_KIND_OTHER);
    ck_assert_str_eq(t.start, "2013-08-01T13:21:46");
    drop(&t);
}
END_TEST

START_TEST(real_opensignals) {
    const char *path = shared("plux_opensignals/eda_slow_signal.edf");
    if (path == NULL) {
        return;
    }
    taken t;
    accepted(&t, path, NULL);
    ck_assert_str_eq(t.format, "EDF+C");
    ck_assert_int_eq(t.n_ch, 1);
    ck_assert_int_eq(t.n[0], 2900);
    ck_assert_double_eq(t.duration_s, 29);
    ck_assert_str_eq(t.ch[0].file_unit, "uS");
    drop(&t);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("edf");
    TCase *t = tcase_create("all");
    tcase_set_timeout(t, 120);
    tcase_add_test(t, plain_file_gives_its_samples);
    tcase_add_test(t, inverted_physical_limits_are_legal);
    tcase_add_test(t, latin1_micro_sign_becomes_utf8);
    tcase_add_test(t, bdf_has_24_bits);
    tcase_add_test(t, blocks_and_seeks_agree);
    tcase_add_loop_test(t, hash_along_is_the_files, 0, 2);
    tcase_add_test(t, annotations_are_kept);
    tcase_add_test(t, malformed_annotation_is_told);
    tcase_add_test(t, gaps_of_a_discontinuous_file_are_told);
    tcase_add_test(t, gap_in_a_continuous_file_is_warned);
    tcase_add_test(t, time_going_back_is_refused);
    tcase_add_test(t, record_without_time);
    tcase_add_loop_test(t, records_of_a_continuous_file_without_time, 0, 5);
    tcase_add_test(t, annotations_without_an_end_are_told);
    tcase_add_test(t, annotations_only);
    tcase_add_test(t, huge_record);
    tcase_add_test(t, equals_edflib_edf);
    tcase_add_test(t, equals_edflib_bdf);
    tcase_add_test(t, real_biosemi);
    tcase_add_test(t, real_opensignals);
    suite_add_tcase(suite, t);
    return run_tests(suite);
}
