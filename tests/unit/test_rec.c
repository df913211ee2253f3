/* test_rec.c - opening: file kinds, foreign contents, hash, change, failing memory. */
#include <sys/socket.h>
#include <sys/un.h>
#include "base/base.h"
#include "recfile.h"

/* A small WAV: 4 channels of 300 frames at 1000 Hz. */
static const char *good(const char *name) {
    bytes b = {0};
    put_text(&b, "RIFF");
    put_le(&b, 36 + 2400, 4);
    put_text(&b, "WAVEfmt ");
    put_le(&b, 16, 4);
    put_le(&b, 1, 2);
    put_le(&b, 4, 2);
    put_le(&b, 1000, 4);
    put_le(&b, 8000, 4);
    put_le(&b, 8, 2);
    put_le(&b, 16, 2);
    put_text(&b, "data");
    put_le(&b, 2400, 4);
    for (int i = 0; i < 1200; i++) {
        put_le(&b, i * 7 - 4000, 2);
    }
    const char *path = save(&b, name);
    free(b.p);
    return path;
}

START_TEST(files_that_cannot_be_opened) {
    refused(in_folder("missing.edf"), NULL, MYO_ERR_INPUT, "No such file");
    refused(folder, NULL, MYO_ERR_INPUT, "is a folder");
    refused("/dev/zero", NULL, MYO_ERR_INPUT, "is a device");
    ck_assert_int_eq(mkfifo(in_folder("pipe.edf"), 0600), 0);
    refused(in_folder("pipe.edf"), NULL, MYO_ERR_INPUT, "is a pipe");
    ck_assert_int_eq(symlink("nowhere", in_folder("dangling.edf")), 0);
    refused(in_folder("dangling.edf"), NULL, MYO_ERR_INPUT, "a link to a file that does not exist");
    ck_assert_int_eq(symlink("loop.edf", in_folder("loop.edf")), 0);
    refused(in_folder("loop.edf"), NULL, MYO_ERR_INPUT, "symbolic links");
    ck_assert_int_eq(symlink("../.git/annex/objects/aa/bb", in_folder("annex.edf")), 0);
    refused(in_folder("annex.edf"), NULL, MYO_ERR_INPUT, "datalad get");
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    snprintf(a.sun_path, sizeof a.sun_path, "%s/sock", folder);
    const int s = socket(AF_UNIX, SOCK_STREAM, 0);
    ck_assert_int_eq(bind(s, (struct sockaddr *)&a, sizeof a), 0);
    refused(in_folder("sock"), NULL, MYO_ERR_INPUT, "cannot be opened");
    close(s);
}
END_TEST

static const struct {
    const char *head;
    size_t n;
    const char *name;
    myo_err code;
    const char *words;
} foreign[] = {
    {"", 0, "a.edf", MYO_ERR_FORMAT, "an empty file"},
    {"/annex/objects/MD5E-s1--x.edf\n", 30, "a.edf", MYO_ERR_FORMAT, "run `datalad get`"},
    {"version https://git-lfs.github.com/spec/v1\n", 43, "a.edf", MYO_ERR_FORMAT,
     "git LFS pointer"},
    {"\x1f\x8b\x08\x00", 4, "a.csv.gz", MYO_ERR_UNSUPPORTED, "gzip"},
    {"PK\x03\x04xxxx", 8, "a.zip", MYO_ERR_UNSUPPORTED, "a zip archive"},
    {"PK\x03\x04xxxx", 8, "a.gt3x", MYO_ERR_UNSUPPORTED, ".gt3x"},
    {"PK\x03\x04xxxx", 8, "a.XLSX", MYO_ERR_UNSUPPORTED, "a spreadsheet"},
    {"{\"Rate\": 1}", 11, "a.json", MYO_ERR_FORMAT, "JSON"},
    {"\n <!DOCTYPE html><html>", 23, "a.edf", MYO_ERR_FORMAT, "a web page"},
    {"<html><body>404", 15, "a.wav", MYO_ERR_FORMAT, "a web page"},
    {"%PDF-1.7", 8, "a.edf", MYO_ERR_FORMAT, "a PDF document"},
    {"OggS\0\2", 6, "a.ogg", MYO_ERR_UNSUPPORTED, "Ogg"},
    {"ABF2\0\0", 6, "a.abf", MYO_ERR_UNSUPPORTED, "save2gdf -f=EDF"},
    {"MATLAB 5.0 MAT-file", 19, "a.mat", MYO_ERR_UNSUPPORTED, "MATLAB"},
    {"\xff\xfe"
     "a\0",
     4, "a.csv", MYO_ERR_UNSUPPORTED, "UTF-16"},
    {"\0\0\0\0\0\0", 6, "a.edf", MYO_ERR_FORMAT, "only zero bytes"},
    {"\x02\x50\x01", 3, "a.c3d", MYO_ERR_FORMAT, "02 50 01"},
    {"\x93\x01\x02\x03\x04", 5, "a.bin", MYO_ERR_FORMAT, "93 01 02 03 04"},
};
enum { N_FOREIGN = sizeof foreign / sizeof foreign[0] };

START_TEST(foreign_content_is_named) {
    bytes b = {0};
    put(&b, foreign[_i].head, foreign[_i].n);
    refused(save(&b, foreign[_i].name), NULL, foreign[_i].code, foreign[_i].words);
    free(b.p);
}
END_TEST

START_TEST(c3d_is_named) {
    bytes b = {0};
    put(&b, "\x02\x50", 2);
    put_zeros(&b, 510);
    put(&b, "\1\x50\4\x54", 4);
    put_zeros(&b, 508);
    refused(save(&b, "a.c3d"), NULL, MYO_ERR_UNSUPPORTED, "C3D");
    free(b.p);
}
END_TEST

static const struct {
    const char *path, *words;
} collection[] = {
    {"accel_devices/GENEActiv_testfile.bin", "GENEActiv"},
    {"accel_devices/TAS1H30182785_2019-09-17.csv.gz", "gzip"},
    {"accel_devices/TAS1H30182785_2019-09-17.gt3x", "ActiGraph"},
    {"accel_devices/ax3_testfile.cwa", "Axivity"},
    {"accel_devices/ax6_testfile.cwa", "Axivity"},
    {"accel_devices/genea_testfile.bin", "GENEA"},
    {"accel_devices/mtx_12.5Hz_acc.BIN", "Matrix"},
    {"eeg_formats/test.vhdr", "BrainVision"},
    {"eeg_formats/test.vmrk", "BrainVision"},
    {"eeg_formats/test.eeg", "not recognised"},
    {"plux_opensignals/emg_bursts.h5", "HDF5"},
    {"plux_opensignals/emg_1000_hz_16_bits.h5", "HDF5"},
    {"hand_gesture_mat/user_1_day_1_posture_1.mat", "MATLAB"},
    {"abf_rhythmic/96627009.abf", "ABF"},
    {"needle_emg/emg_healthy.dat", ""},
};
enum { N_COLLECTION = sizeof collection / sizeof collection[0] };

START_TEST(real_foreign_files) {
    const char *path = shared(collection[_i].path);
    if (path == NULL) {
        return;
    }
    taken t;
    take(&t, path, NULL);
    if (collection[_i].words[0] == '\0') {
        ck_assert_int_eq(t.err, MYO_OK); /* samples named instead of their header */
    } else {
        ck_assert_msg(t.err == MYO_ERR_UNSUPPORTED || t.err == MYO_ERR_FORMAT, "%s: %d", path,
                      (int)t.err);
        ck_assert_msg(strstr(t.d.message, collection[_i].words) != NULL, "%s: %s", path,
                      t.d.message);
    }
    drop(&t);
}
END_TEST

START_TEST(hash_is_the_files) {
    const char *path = save_text("", "x");
    myo_rec *r = NULL;
    myo_diag d = {0};
    char hex[65], want[65];
    path = good("hash.wav");
    bytes b = load(path);
    myo_sha *s = myo_sha_new();
    myo_sha_add(s, b.p, b.n);
    myo_sha_hex(s, want);
    myo_sha_free(s);
    ck_assert_int_eq(myo_rec_open(&r, path, NULL, &d), MYO_OK);
    ck_assert_int_eq(myo_rec_sha256(r, hex), MYO_OK);
    ck_assert_str_eq(hex, want);
    put_text(&b, "more");
    save(&b, "hash.wav");
    ck_assert_int_eq(myo_rec_sha256(r, hex), MYO_ERR_CHANGED);
    ck_assert_ptr_nonnull(strstr(d.message, "changed while it was read"));
    myo_rec_close(&r);
    myo_diag_clear(&d);
    free(b.p);
}
END_TEST

START_TEST(wrong_arguments) {
    myo_rec *r = NULL;
    myo_block b;
    const char *path = good("args.wav");
    const myo_open_opts slow = {.fs = -1}, nan_scale = {.scale = NAN};
    refused(path, &slow, MYO_ERR_PARAM, "sampling rate");
    refused(path, &nan_scale, MYO_ERR_PARAM, "scale");
    ck_assert_int_eq(myo_rec_open(&r, path, NULL, NULL), MYO_OK);
    ck_assert_int_eq(myo_rec_read(r, 0, &b), MYO_ERR_PARAM);
    ck_assert_int_eq(myo_rec_read(r, NAN, &b), MYO_ERR_PARAM);
    ck_assert_int_eq(myo_rec_seek(r, -1), MYO_ERR_PARAM);
    ck_assert_int_eq(myo_rec_read(r, 1, &b), MYO_OK);
    ck_assert_int_eq(b.n_ch, 4);
    ck_assert_int_eq(b.n[3], 300);
    ck_assert_int_eq(myo_rec_read(r, 1, &b), MYO_OK);
    ck_assert_int_eq(b.n_ch, 0);
    ck_assert_int_eq(myo_rec_seek(r, 1e9), MYO_OK);
    ck_assert_int_eq(myo_rec_read(r, 1, &b), MYO_OK);
    ck_assert_int_eq(b.n_ch, 0);
    myo_rec_close(&r);
    myo_rec_close(&r);
    ck_assert_str_eq(myo_kind_name(MYO_KIND_ACC), "ACC");
}
END_TEST

START_TEST(a_file_that_shrinks_is_noticed) {
    bytes big = load(good("shrink.wav"));
    myo_rec *r = NULL;
    myo_diag d = {0};
    myo_block b;
    ck_assert_int_eq(myo_rec_open(&r, in_folder("shrink.wav"), NULL, &d), MYO_OK);
    ck_assert_int_eq(myo_rec_read(r, 0.1, &b), MYO_OK);
    ck_assert_int_eq(truncate(in_folder("shrink.wav"), 900), 0);
    myo_err err = MYO_OK;
    do {
        err = myo_rec_read(r, 0.1, &b);
    } while (err == MYO_OK && b.n_ch > 0);
    ck_assert_int_ne(err, MYO_OK);
    ck_assert_int_eq(myo_rec_read(r, 0.1, &b), err);
    myo_rec_close(&r);
    myo_diag_clear(&d);
    free(big.p);
}
END_TEST

/* Channel c, frame i of good() holds (4 i + c) * 7 - 4000. */
static void check_selected(myo_rec *r, double max_s, int64_t first, int64_t end) {
    int64_t at[4] = {first, first, first, first};
    for (;;) {
        myo_block b;
        ck_assert_int_eq(myo_rec_read(r, max_s, &b), MYO_OK);
        if (b.n_ch == 0) {
            break;
        }
        for (int c = 0; c < 4; c++) {
            const double scale = myo_rec_info(r)->ch[c].scale;
            for (int64_t i = 0; i < b.n[c]; i++, at[c]++) {
                ck_assert_double_eq_tol(b.start_s[c] + (double)i / 1000.0, (double)at[c] / 1000.0, 1e-9);
                ck_assert_float_eq_tol(b.x[c][i], (float)(((double)(4 * at[c] + c) * 7 - 4000) / 32768 * scale), 1e-6f);
            }
        }
    }
    for (int c = 0; c < 4; c++) {
        ck_assert_int_eq(at[c], end);
        ck_assert_int_eq(myo_rec_info(r)->ch[c].n_delivered, end - first);
        ck_assert_int_eq(myo_rec_info(r)->ch[c].n_samples, 300);
    }
}

START_TEST(a_part_is_selected) {
    static const double sizes[] = {0.001, 0.037, 7};
    myo_rec *r = NULL;
    ck_assert_int_eq(myo_rec_open(&r, good("good.wav"), NULL, NULL), MYO_OK);
    ck_assert(isinf(myo_rec_info(r)->to_s));
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(myo_rec_select(r, 0.1, 0.2504), MYO_OK);
        ck_assert_int_eq(myo_rec_seek(r, 0), MYO_OK);
        check_selected(r, sizes[i], 100, 250);
        ck_assert_int_eq(myo_rec_select(r, 0.0995, INFINITY), MYO_OK); /* halves go down */
        ck_assert_int_eq(myo_rec_seek(r, 0.05), MYO_OK);
        check_selected(r, sizes[i], 99, 300);
        ck_assert_int_eq(myo_rec_select(r, 0, INFINITY), MYO_OK);
        ck_assert_int_eq(myo_rec_seek(r, 0), MYO_OK);
        check_selected(r, sizes[i], 0, 300);
    }
    ck_assert_double_eq_tol(myo_rec_position(r), 0.3, 1e-9);
    ck_assert_int_eq(myo_rec_select(r, -1, 2), MYO_ERR_RANGE);
    ck_assert_int_eq(myo_rec_select(r, 2, 2), MYO_ERR_RANGE);
    ck_assert_int_eq(myo_rec_select(r, NAN, 2), MYO_ERR_RANGE);
    ck_assert_int_eq(myo_rec_select(r, INFINITY, INFINITY), MYO_ERR_RANGE);
    myo_rec_close(&r);
}
END_TEST

/* Their bytes as they were read: what comes later does not count, nor is it looked at. */
START_TEST(sidecars_are_remembered) {
    char path[512];
    snprintf(path, sizeof path, "%s", save_text("1\n2\n4\n3\n5\n7\n6\n2\n", "told.csv"));
    save_text("{\"SamplingFrequency\": 8, \"Units\": \"mV\"}", "told.json");
    myo_rec *r = NULL;
    char hex[65];
    ck_assert_int_eq(myo_file_sha256(in_folder("told.json"), hex, NULL), MYO_OK);
    ck_assert_int_eq(myo_rec_open(&r, path, NULL, NULL), MYO_OK);
    save_text("{}", "told.json");
    const myo_recinfo *info = myo_rec_info(r);
    ck_assert_int_eq(info->n_sidecars, 1);
    ck_assert_str_eq(info->sidecars[0].name, "told.json");
    ck_assert_str_eq(info->sidecars[0].sha256, hex);
    ck_assert_double_eq(info->ch[0].fs, 8);
    myo_rec_close(&r);
    unlink(in_folder("told.json"));
    const myo_open_opts o = {.fs = 8};
    ck_assert_int_eq(myo_rec_open(&r, path, &o, NULL), MYO_OK);
    ck_assert_int_eq(myo_rec_info(r)->n_sidecars, 0);
    myo_rec_close(&r);
}
END_TEST

START_TEST(failing_memory) {
    check_memory(good("mem.wav"));
}
END_TEST

START_TEST(standard_input_is_spooled) {
    const char *path = good("spool.wav");
    const int fd = open(path, O_RDONLY);
    taken t;
    ck_assert_int_ge(dup2(fd, 0), 0);
    close(fd);
    accepted(&t, "-", NULL);
    ck_assert_int_eq(t.n_ch, 4);
    ck_assert_int_eq(t.n[0], 300);
    drop(&t);
}
END_TEST

/* 6 GiB of nothing behind a small header: memory stays small, and the missing samples are told. */
START_TEST(sparse_file) {
    const char *path = good("sparse.wav");
    if (truncate(path, (off_t)6 << 30) != 0) {
        return;
    }
    taken t;
    take(&t, path, NULL);
    ck_assert_int_eq(t.err, MYO_OK);
    ck_assert(warned(&t, "follow"));
    ck_assert_int_eq(t.n[0], 300);
    drop(&t);
    ck_assert_int_eq(truncate(path, 0), 0);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("rec");
    TCase *t = tcase_create("all");
    tcase_set_timeout(t, 120);
    tcase_add_test(t, files_that_cannot_be_opened);
    tcase_add_loop_test(t, foreign_content_is_named, 0, N_FOREIGN);
    tcase_add_test(t, c3d_is_named);
    tcase_add_loop_test(t, real_foreign_files, 0, N_COLLECTION);
    tcase_add_test(t, hash_is_the_files);
    tcase_add_test(t, wrong_arguments);
    tcase_add_test(t, a_file_that_shrinks_is_noticed);
    tcase_add_test(t, a_part_is_selected);
    tcase_add_test(t, sidecars_are_remembered);
    tcase_add_test(t, failing_memory);
    tcase_add_test(t, standard_input_is_spooled);
    tcase_add_test(t, sparse_file);
    suite_add_tcase(suite, t);
    return run_tests(suite);
}
