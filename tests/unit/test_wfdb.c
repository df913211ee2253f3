/* test_wfdb.c - WFDB records: every format, several signals and files, checksums, and headers that
 * lie. */
#include "recfile.h"

static int sample(int sig, int k) {
    return (k * 37 + sig * 501) % 4001 - 2000;
}

/* n frames of two signals, interleaved, in one format. */
static bytes samples(int format, int n, int n_sig) {
    bytes b = {0};
    int held = 0;
    for (int k = 0; k < n * n_sig; k++) {
        const int v = sample(k % n_sig, k / n_sig);
        switch (format) {
        case 16:
            put_le(&b, v, 2);
            break;
        case 61:
            put_number(&b, (uint64_t)(int64_t)v, 2, true);
            break;
        case 24:
            put_le(&b, v * 1000, 3);
            break;
        case 32:
            put_le(&b, v * 100000, 4);
            break;
        case 80:
            put_le(&b, v / 20 + 128, 1);
            break;
        default:
            if (k % 2 == 0) {
                held = v;
                put_le(&b, v & 0xff, 1);
                put_le(&b, v >> 8 & 15, 1);
            } else {
                b.p[b.n - 1] = (unsigned char)((held >> 8 & 15) | (v >> 4 & 0xf0));
                put_le(&b, v & 0xff, 1);
            }
        }
    }
    return b;
}

static void save_samples(const char *name, int format, int n, int n_sig) {
    bytes b = samples(format, n, n_sig);
    save(&b, name);
    free(b.p);
}

static int expected(int format, int sig, int k) {
    const int v = sample(sig, k);
    return format == 24 ? v * 1000 : format == 32 ? v * 100000 : format == 80 ? v / 20 : v;
}

static const int formats[] = {16, 24, 32, 61, 80, 212};

static const char *record(int format, int n) {
    char text[512];
    int64_t sum[2] = {0, 0};
    for (int s = 0; s < 2; s++) {
        for (int k = 0; k < n; k++) {
            sum[s] += expected(format, s, k);
        }
    }
    save_samples("r.dat", format, n, 2);
    snprintf(text, sizeof text,
             "r 2 1000 %d 12:30:01 29/02/2024\n"
             "r.dat %d 50(10)/uV 12 0 %d %d 0 EMG left\nr.dat %d 2/g 12 4 %d %d 0\n# a comment\n",
             n, format, expected(format, 0, 0), (int16_t)(uint16_t)(sum[0] & 0xffff), format,
             expected(format, 1, 0), (int16_t)(uint16_t)(sum[1] & 0xffff));
    return save_text(text, "r.hea");
}

START_TEST(every_format_gives_its_samples) {
    const int format = formats[_i];
    taken t;
    accepted(&t, record(format, 3001), NULL);
    ck_assert_str_eq(t.format, "WFDB");
    ck_assert_str_eq(t.start, "2024-02-29T12:30:01");
    ck_assert_int_eq(t.d.n_warnings, 0);
    ck_assert_int_eq(t.n_ch, 2);
    ck_assert_str_eq(t.ch[0].label, "EMG left");
    ck_assert_str_eq(t.ch[0].file_unit, "uV");
    for (int k = 0; k < 3001; k++) {
        const double raw[2] = {expected(format, 0, k), expected(format, 1, k)};
        ck_assert_double_eq_tol(t.x[0][k], (raw[0] - 10) / 50, fabs(raw[0]) * 1e-6 + 1e-6);
        ck_assert_double_eq_tol(t.x[1][k], (raw[1] - 4) / 2, fabs(raw[1]) * 1e-6 + 1e-6);
    }
    ck_assert_double_eq_tol(t.ch[0].lsb, 0.02, 1e-12);
    ck_assert_double_eq_tol(t.ch[0].rail_lo, (-2048 - 10) / 50.0, 1e-9);
    ck_assert_double_eq_tol(t.ch[0].rail_hi, (2047 - 10) / 50.0, 1e-9);
    drop(&t);
}
END_TEST

START_TEST(blocks_and_seeks_agree) {
    check_chunks(record(formats[_i], 9001), NULL, 4.321);
}
END_TEST

START_TEST(named_by_its_samples) {
    taken t;
    record(16, 100);
    accepted(&t, in_folder("r.dat"), NULL);
    ck_assert_int_eq(t.n[0], 100);
    drop(&t);
}
END_TEST

START_TEST(missing_samples_are_nan) {
    bytes b = samples(16, 10, 1);
    memcpy(b.p + 6, "\0\x80", 2);
    save(&b, "n.dat");
    free(b.p);
    taken t;
    accepted(&t, save_text("n 1 100 10\nn.dat 16 1/mV\n", "n.hea"), NULL);
    ck_assert(isnan(t.x[0][3]));
    ck_assert_int_eq(t.ch[0].n_missing, 1);
    drop(&t);
}
END_TEST

START_TEST(wrong_checksum_is_refused) {
    save_samples("c.dat", 16, 100, 1);
    refused(save_text("c 1 100 100\nc.dat 16 1/mV 16 0 -2000 77 0 EMG\n", "c.hea"), NULL,
            MYO_ERR_DAMAGED, "signal 1: wrong checksum");
    taken t;
    accepted(&t, save_text("c 1 100 100\nc.dat 16 1/mV 16 0 5\n", "c.hea"), NULL);
    ck_assert(warned(&t, "first sample is -2000"));
    drop(&t);
}
END_TEST

START_TEST(samples_per_frame_mix_rates) {
    bytes b = {0};
    for (int f = 0; f < 50; f++) {
        for (int k = 0; k < 4; k++) {
            put_le(&b, f * 4 + k, 2);
        }
        put_le(&b, -f, 2);
    }
    save(&b, "m.dat");
    free(b.p);
    const char *path =
        save_text("m 2 100 50\nm.dat 16x4 1/uV 16 0 0 0 0 EMG\nm.dat 16 1/g\n", "m.hea");
    refused(path, NULL, MYO_ERR_DAMAGED, "wrong checksum");
    path = save_text("m 2 100 50\nm.dat 16x4 1/uV 16 0 0\nm.dat 16 1/g\n", "m.hea");
    taken t;
    accepted(&t, path, NULL);
    ck_assert_double_eq(t.ch[0].fs, 400);
    ck_assert_double_eq(t.ch[1].fs, 100);
    ck_assert_int_eq(t.n[0], 200);
    ck_assert_int_eq(t.n[1], 50);
    for (int k = 0; k < 200; k++) {
        ck_assert_float_eq(t.x[0][k], (float)k);
    }
    ck_assert_float_eq(t.x[1][49], -49);
    drop(&t);
    check_chunks(path, NULL, 0.31);
}
END_TEST

START_TEST(several_files_and_prolog) {
    save_samples("p1.dat", 16, 40, 1);
    bytes b = {0}, s = samples(212, 41, 1);
    put_text(&b, "PROLOG");
    put(&b, s.p, s.n);
    save(&b, "p2.dat");
    free(b.p);
    free(s.p);
    taken t;
    accepted(&t, save_text("p 2 100 40\np1.dat 16 1/uV\np2.dat 212+6 1/uV\n", "p.hea"), NULL);
    ck_assert_int_eq(t.n[1], 40);
    for (int k = 0; k < 40; k++) {
        ck_assert_float_eq(t.x[0][k], (float)sample(0, k));
        ck_assert_float_eq(t.x[1][k], (float)sample(0, k));
    }
    ck_assert(warned(&t, "sample file 2"));
    drop(&t);
}
END_TEST

START_TEST(cut_samples) {
    const myo_open_opts salvage = {.salvage = true};
    const char *path = record(formats[_i], 100);
    bytes b = load(in_folder("r.dat"));
    b.n -= 3;
    save(&b, "r.dat");
    refused(path, NULL, MYO_ERR_TRUNCATED, "expected 100");
    taken t;
    accepted(&t, path, &salvage);
    ck_assert(t.truncated);
    ck_assert_int_lt(t.n[0], 100);
    ck_assert_int_ge(t.n[0], 97);
    drop(&t);
    b.n = 0;
    save(&b, "r.dat");
    refused(path, &salvage, MYO_ERR_TRUNCATED, "found 0 samples");
    free(b.p);
    unlink(in_folder("r.dat"));
    refused(path, NULL, MYO_ERR_INPUT, "sample file 'r.dat' cannot be opened");
}
END_TEST

START_TEST(unknown_length_comes_from_the_file) {
    save_samples("u.dat", 16, 30, 1);
    taken t;
    accepted(&t, save_text("# first a comment\nu 1 100\r\nu.dat 16 1/mV\r\n", "u.hea"), NULL);
    ck_assert_int_eq(t.n[0], 30);
    ck_assert(warned(&t, "taken from the file's size"));
    drop(&t);
    accepted(&t, save_text("u 1\nu.dat 16", "u.hea"), NULL);
    ck_assert_double_eq(t.ch[0].fs, 250);
    ck_assert(warned(&t, "250 Hz"));
    ck_assert(warned(&t, "no gain"));
    ck_assert_float_eq(t.x[0][1], (float)sample(0, 1));
    drop(&t);
}
END_TEST

START_TEST(signal_files_stay_in_the_folder) {
    static const char *const names[] = {"/etc/passwd", "../x.dat", "a/b.dat", "..",
                                        "-",           "~",        "|cat",    "http://x/y.dat"};
    char text[256];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(text, sizeof text, "s 1 100 30\n%s 16 1/mV\n", names[i]);
        refused(save_text(text, "s.hea"), NULL, MYO_ERR_INPUT, "line 2: field file");
    }
    mkdir(in_folder("d.dat"), 0700);
    refused(save_text("s 1 100 30\nd.dat 16 1/mV\n", "s.hea"), NULL, MYO_ERR_INPUT,
            "not a regular file");
}
END_TEST

START_TEST(bad_header_fields) {
    static const struct {
        const char *text;
        myo_err code;
        const char *words;
    } cases[] = {
        {"", MYO_ERR_FORMAT, "empty"},
        {"b/3 1 100 30\n", MYO_ERR_UNSUPPORTED, "several segments"},
        {"b\n", MYO_ERR_FORMAT, "line 1: field number of signals"},
        {"b 0 100 30\n", MYO_ERR_RANGE, "line 1: field number of signals"},
        {"b -1 100 30\n", MYO_ERR_RANGE, "number of signals"},
        {"b 9999 100 30\n", MYO_ERR_RANGE, "number of signals"},
        {"b 1.5 100 30\n", MYO_ERR_RANGE, "number of signals"},
        {"b 900 100 30\n", MYO_ERR_TRUNCATED, "number of signals"},
        {"b 2 100 30\nb.dat 16\n", MYO_ERR_TRUNCATED, "found 1 signals, expected 2"},
        {"b 1 0 30\nb.dat 16\n", MYO_ERR_RANGE, "line 1: field sampling rate"},
        {"b 1 -5 30\nb.dat 16\n", MYO_ERR_RANGE, "sampling rate"},
        {"b 1 nan 30\nb.dat 16\n", MYO_ERR_RANGE, "sampling rate"},
        {"b 1 1e12 30\nb.dat 16\n", MYO_ERR_RANGE, "sampling rate"},
        {"b 1 100,5 30\nb.dat 16\n", MYO_ERR_RANGE, "sampling rate"},
        {"b 1 100 -3\nb.dat 16\n", MYO_ERR_RANGE, "number of samples"},
        {"b 1 100 99999999999999999999\nb.dat 16\n", MYO_ERR_RANGE, "number of samples"},
        {"b 1 100 30\nb.dat\n", MYO_ERR_FORMAT, "line 2: field format"},
        {"b 1 100 30\nb.dat 310\n", MYO_ERR_UNSUPPORTED, "found '310'"},
        {"b 1 100 30\nb.dat x16\n", MYO_ERR_RANGE, "field format"},
        {"b 1 100 30\nb.dat 16x0\n", MYO_ERR_RANGE, "field format"},
        {"b 1 100 30\nb.dat 16x99999999999\n", MYO_ERR_RANGE, "field format"},
        {"b 1 100 30\nb.dat 16 abc\n", MYO_ERR_RANGE, "field gain"},
        {"b 1 100 30\nb.dat 16 5(3/mV\n", MYO_ERR_RANGE, "field gain"},
        {"b 1 100 30\nb.dat 16 -5/mV\n", MYO_ERR_RANGE, "field gain"},
        {"b 1 100 30\nb.dat 16 5/mV 99\n", MYO_ERR_RANGE, "field resolution"},
        {"b 1 100 30\nb.dat 16 5/mV 16 zero\n", MYO_ERR_RANGE, "field zero"},
        {"b 3 100 30\nb.dat 16\nc.dat 16\nb.dat 16\n", MYO_ERR_DAMAGED, "do not stand together"},
        {"b 2 100 30\nb.dat 16\nb.dat 212\n", MYO_ERR_DAMAGED, "share a file"},
        {"b 1 100 1099511627776\nb.dat 16x2\n", MYO_ERR_RANGE, "too many samples"},
    };
    save_samples("b.dat", 16, 90, 1);
    save_samples("c.dat", 16, 30, 1);
    refused(save_text(cases[_i].text, "b.hea"), NULL, cases[_i].code, cases[_i].words);
}
END_TEST
enum { N_BAD = 29 };

START_TEST(odd_start_is_warned) {
    save_samples("o.dat", 16, 30, 1);
    taken t;
    accepted(&t, save_text("o 1 100 30 25:61:00 31/13/2020\no.dat 16 1/mV\n", "o.hea"), NULL);
    ck_assert(warned(&t, "start unknown"));
    ck_assert_str_eq(t.start, "");
    drop(&t);
}
END_TEST

START_TEST(samples_count_in_the_hash) {
    char one[65], two[65];
    myo_rec *r = NULL;
    for (int i = 0; i < 2; i++) {
        record(i == 0 ? 16 : 61, 100);
        save_samples("h.dat", i == 0 ? 16 : 61, 10, 1);
        ck_assert_int_eq(
            myo_rec_open(&r, save_text("h 1 10 10\nh.dat 16 1/mV\n", "h.hea"), NULL, NULL), MYO_OK);
        ck_assert_int_eq(myo_rec_sha256(r, i == 0 ? one : two), MYO_OK);
        myo_rec_close(&r);
    }
    ck_assert_str_ne(one, two);
}
END_TEST

START_TEST(real_needle_emg) {
    const char *path = shared("needle_emg/emg_healthy.hea");
    if (path == NULL) {
        return;
    }
    taken t;
    accepted(&t, path, NULL);
    ck_assert_int_eq(t.n[0], 50860);
    ck_assert_double_eq(t.ch[0].fs, 4000);
    ck_assert_str_eq(t.ch[0].label, "EMG");
    ck_assert_str_eq(t.ch[0].file_unit, "mV");
    ck_assert_double_eq_tol(t.x[0][0] / t.ch[0].scale, -333 / 1e4, 1e-6);
    drop(&t);
    check_chunks(path, NULL, 3);
}
END_TEST

START_TEST(failing_memory) {
    check_memory(record(212, 300));
}
END_TEST

START_TEST(samples_that_change_are_noticed) {
    char hex[65];
    myo_rec *r = NULL;
    ck_assert_int_eq(myo_rec_open(&r, record(16, 100), NULL, NULL), MYO_OK);
    ck_assert_int_eq(myo_rec_sha256(r, hex), MYO_OK);
    ck_assert_int_eq(truncate(in_folder("r.dat"), 100), 0);
    ck_assert_int_eq(myo_rec_sha256(r, hex), MYO_ERR_CHANGED);
    myo_rec_close(&r);
}
END_TEST

START_TEST(mutated_headers) {
    record(212, 100);
    bytes b = load(in_folder("r.hea"));
    fuzz(&b, b.n, "r.hea", 3000, 5);
    free(b.p);
}
END_TEST

int main(void) {
    enum { N = sizeof formats / sizeof formats[0] };
    Suite *suite = suite_create("wfdb");
    TCase *t = tcase_create("all");
    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, every_format_gives_its_samples, 0, N);
    tcase_add_loop_test(t, blocks_and_seeks_agree, 0, N);
    tcase_add_test(t, named_by_its_samples);
    tcase_add_test(t, missing_samples_are_nan);
    tcase_add_test(t, wrong_checksum_is_refused);
    tcase_add_test(t, samples_per_frame_mix_rates);
    tcase_add_test(t, several_files_and_prolog);
    tcase_add_loop_test(t, cut_samples, 0, N);
    tcase_add_test(t, unknown_length_comes_from_the_file);
    tcase_add_test(t, signal_files_stay_in_the_folder);
    tcase_add_loop_test(t, bad_header_fields, 0, N_BAD);
    tcase_add_test(t, odd_start_is_warned);
    tcase_add_test(t, samples_count_in_the_hash);
    tcase_add_test(t, real_needle_emg);
    tcase_add_test(t, failing_memory);
    tcase_add_test(t, samples_that_change_are_noticed);
    tcase_add_test(t, mutated_headers);
    suite_add_tcase(suite, t);
    return run_tests(suite);
}
