/* test_sndfile.c - WAV, RF64, W64, CAF, AIFF, FLAC: written by libsndfile, then cut, bent and
 * flipped. */
#include <sndfile.h>
#include "recfile.h"

enum { FRAMES = 9000, RATE = 1000 };

/* Audio files name neither kind nor unit: told here, so that no warning is about that. */
static const myo_open_opts named = {.channels = "1=EMG:uV"};
static const myo_open_opts named3 = {.channels = "1=EMG:uV,2=EMG:uV,3=EMG:uV"};

static float wave(int frame, int c) {
    return (float)((frame * 73 + c * 1013) % 2001 - 1000) / 1024.0f;
}

static const char *write_audio(const char *name, int format, int channels) {
    const char *path = in_folder(name);
    SF_INFO info = {.samplerate = RATE, .channels = channels, .format = format};
    SNDFILE *f = sf_open(path, SFM_WRITE, &info);
    ck_assert_msg(f != NULL, "%s: %s", name, sf_strerror(NULL));
    float *x = malloc(sizeof *x * (size_t)(FRAMES * channels));
    for (int i = 0; i < FRAMES; i++) {
        for (int c = 0; c < channels; c++) {
            x[i * channels + c] = wave(i, c);
        }
    }
    ck_assert_int_eq(sf_writef_float(f, x, FRAMES), FRAMES);
    ck_assert_int_eq(sf_close(f), 0);
    free(x);
    return path;
}

static const struct kind {
    const char *name;
    int format;
    const char *text;
    double lsb;
} kinds[] = {
    {"a.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, "WAV", 0x1p-15},
    {"b.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, "WAV", 0},
    {"c.wav", SF_FORMAT_WAVEX | SF_FORMAT_PCM_24, "WAV", 0x1p-23},
    {"d.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_U8, "WAV", 0x1p-7},
    {"e.rf64", SF_FORMAT_RF64 | SF_FORMAT_DOUBLE, "RF64", 0},
    {"f.w64", SF_FORMAT_W64 | SF_FORMAT_PCM_32, "W64", 0x1p-31},
    {"g.caf", SF_FORMAT_CAF | SF_FORMAT_FLOAT, "CAF", 0},
    {"h.caf", SF_FORMAT_CAF | SF_FORMAT_PCM_16, "CAF", 0x1p-15},
    {"i.aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_24, "AIFF", 0x1p-23},
    {"j.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, "FLAC", 0x1p-15},
    {"k.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_24, "FLAC", 0x1p-23},
    {"l.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_S8, "FLAC", 0x1p-7},
};
enum { N_KINDS = sizeof kinds / sizeof kinds[0] };

START_TEST(every_format_gives_its_samples) {
    const struct kind *k = &kinds[_i];
    taken t;
    accepted(&t, write_audio(k->name, k->format, 3), &named3);
    ck_assert_str_eq(t.format, k->text);
    ck_assert_int_eq(t.d.n_warnings, 0);
    ck_assert_int_eq(t.n_ch, 3);
    ck_assert_double_eq(t.ch[2].fs, RATE);
    ck_assert_double_eq(t.duration_s, (double)FRAMES / RATE);
    ck_assert_double_eq(t.ch[0].lsb, k->lsb);
    ck_assert_str_eq(t.ch[0].file_unit, "");
    for (int c = 0; c < 3; c++) {
        ck_assert_int_eq(t.n[c], FRAMES);
        for (int i = 0; i < FRAMES; i++) {
            ck_assert_double_eq_tol(t.x[c][i], wave(i, c), 2 * k->lsb + 1e-6);
        }
    }
    drop(&t);
}
END_TEST

START_TEST(blocks_and_seeks_agree) {
    check_chunks(write_audio(kinds[_i].name, kinds[_i].format, 2), NULL, 4.3);
}
END_TEST

START_TEST(cut_files_are_refused_or_salvaged) {
    const myo_open_opts salvage = {.salvage = true};
    const char *path = write_audio(kinds[_i].name, kinds[_i].format, 2);
    bytes b = load(path);
    const size_t whole = b.n;
    taken t;
    for (size_t cut = 1; cut < whole * 2 / 5; cut += whole / 13) {
        b.n = whole - cut;
        take(&t, save(&b, kinds[_i].name), NULL);
        ck_assert_msg(t.err == MYO_ERR_TRUNCATED ||
                          (warned(&t, "size of the whole") && t.n[0] == FRAMES) ||
                          warned(&t, "after the samples is cut"),
                      "%s cut by %zu: %d %s", kinds[_i].name, cut, (int)t.err, t.d.message);
        const bool cut_samples = t.err != MYO_OK;
        drop(&t);
        if (cut_samples) {
            accepted(&t, save(&b, kinds[_i].name), &salvage);
            ck_assert(t.truncated);
            ck_assert_int_lt(t.n[0], FRAMES);
            ck_assert_double_eq(t.duration_s, (double)t.n[0] / RATE);
            for (int64_t i = 0; i < t.n[0]; i++) {
                ck_assert_double_eq_tol(t.x[1][i], wave((int)i, 1), 2 * kinds[_i].lsb + 1e-6);
            }
            drop(&t);
        }
    }
    b.n = 20;
    refused(save(&b, kinds[_i].name), &salvage, MYO_ERR_TRUNCATED, "");
    free(b.p);
}
END_TEST

/* One flipped bit in any frame must be found before or while reading; a decoder alone hides most of
 * them. */
START_TEST(flipped_bits_in_flac_are_found) {
    const char *path = write_audio("flip.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 2);
    bytes b = load(path);
    const size_t audio = b.n / 4;
    for (int i = 0; i < 60; i++) {
        const size_t at = audio + (b.n - audio - 1) * (size_t)i / 60;
        const unsigned char bit = (unsigned char)(1u << (i % 8));
        b.p[at] ^= bit;
        taken t;
        take(&t, save(&b, "flip2.flac"), NULL);
        ck_assert_msg(t.err == MYO_ERR_DAMAGED || t.err == MYO_ERR_TRUNCATED,
                      "byte %zu bit %d accepted", at, i % 8);
        drop(&t);
        b.p[at] ^= bit;
    }
    free(b.p);
}
END_TEST

START_TEST(damage_in_flac_is_located) {
    bytes b = load(write_audio("where.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 2));
    const myo_open_opts salvage = {.salvage = true};
    b.p[b.n / 2] ^= 4;
    refused(save(&b, "where.flac"), NULL, MYO_ERR_DAMAGED,
            "FLAC frame 2 (from sample 4096) is damaged");
    refused(save(&b, "where.flac"), &salvage, MYO_ERR_DAMAGED, "FLAC frame");
    free(b.p);
}
END_TEST

START_TEST(wrong_md5_is_found) {
    bytes b = load(write_audio("md5.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_24, 1));
    b.p[30] ^= 1;
    refused(save(&b, "md5.flac"), NULL, MYO_ERR_DAMAGED, "MD5");
    memset(b.p + 26, 0, 16);
    taken t;
    accepted(&t, save(&b, "md5.flac"), NULL);
    ck_assert(warned(&t, "no checksum"));
    drop(&t);
    free(b.p);
}
END_TEST

START_TEST(flac_length_must_fit) {
    bytes b = load(write_audio("len.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 1));
    const unsigned char was = b.p[25];
    b.p[25] = (unsigned char)(was + 1);
    refused(save(&b, "len.flac"), NULL, MYO_ERR_TRUNCATED, "expected 9001");
    b.p[25] = (unsigned char)(was - 1);
    refused(save(&b, "len.flac"), NULL, MYO_ERR_DAMAGED, "header promises 8999");
    b.p[25] = was;
    put_text(&b, "tail of text");
    taken t;
    accepted(&t, save(&b, "len.flac"), NULL);
    ck_assert(warned(&t, "bytes follow the last FLAC frame"));
    ck_assert_int_eq(t.n[0], FRAMES);
    drop(&t);
    free(b.p);
}
END_TEST

/* --- WAV by hand --- */
static bytes plain_wav(int frames, uint32_t riff, uint32_t data, int rate, int channels,
                       int frame_bytes) {
    bytes b = {0};
    put_text(&b, "RIFF");
    put_le(&b, riff, 4);
    put_text(&b, "WAVEfmt ");
    put_le(&b, 16, 4);
    put_le(&b, 1, 2);
    put_le(&b, channels, 2);
    put_le(&b, rate, 4);
    put_le(&b, (int64_t)rate * frame_bytes, 4);
    put_le(&b, frame_bytes, 2);
    put_le(&b, 16, 2);
    put_text(&b, "data");
    put_le(&b, data, 4);
    for (int i = 0; i < frames; i++) {
        put_le(&b, i * 3 - 500, 2);
    }
    return b;
}

static void wav_warns(bytes b, const char *words, int64_t frames) {
    taken t;
    accepted(&t, save(&b, "hand.wav"), &named);
    ck_assert_msg(warned(&t, words), "no warning '%s'", words);
    ck_assert_int_eq(t.n[0], frames);
    ck_assert_int_eq(t.d.n_warnings, 1);
    drop(&t);
    free(b.p);
}

static void wav_refused(bytes b, myo_err code, const char *words) {
    refused(save(&b, "hand.wav"), NULL, code, words);
    free(b.p);
}

START_TEST(wrong_sizes_in_wav) {
    taken t;
    bytes b = plain_wav(500, 1036, 1000, 1000, 1, 2);
    accepted(&t, save(&b, "hand.wav"), &named);
    ck_assert_int_eq(t.d.n_warnings, 0);
    ck_assert_double_eq(t.x[0][1], -497 / 32768.0);
    drop(&t);
    put_text(&b, "LIST");
    put_le(&b, 50, 4);
    put_text(&b, "short");
    wav_warns(plain_wav(500, 1040, 1000, 1000, 1, 2), "size of the whole is wrong", 500);
    wav_warns(plain_wav(500, 0, 1000, 1000, 1, 2), "size of the whole is wrong", 500);
    wav_warns(plain_wav(500, 0xffffffff, 0xffffffff, 1000, 1, 2), "did not close", 500);
    wav_refused(plain_wav(500, 1036, 1002, 1000, 1, 2), MYO_ERR_TRUNCATED,
                "found 1000 bytes of samples, expected 1002");
    wav_warns(plain_wav(500, 0, 0, 1000, 1, 2), "did not close", 500);
    wav_refused(plain_wav(500, 1036, 0xfffffff0, 1000, 1, 2), MYO_ERR_TRUNCATED,
                "found 1000 bytes");
    wav_refused(plain_wav(0, 36, 0, 1000, 1, 2), MYO_ERR_TOO_SHORT, "no samples");
    b.p[4] = 0;
    take(&t, save(&b, "hand.wav"), NULL);
    ck_assert_int_eq(t.err, MYO_OK);
    ck_assert(warned(&t, "'LIST' after the samples is cut"));
    drop(&t);
    free(b.p);
}
END_TEST

/* Frames of an AIFF's COMM against those in its SSND. */
START_TEST(wrong_counts_in_aiff) {
    static const struct { uint32_t count; bool cut; } counts[] = {{0, false}, {FRAMES - 1, false}, {FRAMES + 1, true},
                                                              {1000000, true}, {0xffffffff, true}};
    const myo_open_opts salvage = {.salvage = true};
    bytes b = load(write_audio("count.aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_16, 2));
    unsigned char *comm = memmem(b.p, b.n, "COMM", 4);
    ck_assert_ptr_nonnull(comm);
    for (int i = 0; i < 4; i++) {
        comm[10 + i] = (unsigned char)(counts[_i].count >> (24 - 8 * i));
    }
    const char *path = save(&b, "count.aiff");
    taken t;
    if (counts[_i].cut) {
        refused(path, NULL, MYO_ERR_TRUNCATED, "found 9000 frames, expected");
    }
    accepted(&t, path, counts[_i].cut ? &salvage : NULL);
    ck_assert(warned(&t, counts[_i].cut ? "cut file: 9000 of" : "the samples are 9000: all of them used"));
    ck_assert(t.truncated == counts[_i].cut);
    ck_assert_int_eq(t.n[0], FRAMES);
    drop(&t);
    comm[7] = 17;
    refused(save(&b, "count.aiff"), &salvage, MYO_ERR_DAMAGED, "COMM chunk too short");
    free(b.p);
}
END_TEST

START_TEST(bad_fields_in_wav) {
    wav_refused(plain_wav(500, 1036, 1000, 0, 1, 2), MYO_ERR_RANGE, "byte 24: sampling rate");
    wav_refused(plain_wav(500, 1036, 1000, 2000000000, 1, 2), MYO_ERR_RANGE,
                "byte 24: sampling rate");
    wav_refused(plain_wav(500, 1036, 1000, 1000, 0, 2), MYO_ERR_RANGE,
                "byte 22: number of channels");
    wav_refused(plain_wav(500, 1036, 1000, 1000, 9999, 2), MYO_ERR_RANGE,
                "byte 22: number of channels");
    wav_refused(plain_wav(500, 1036, 1000, 1000, 1, 3), MYO_ERR_DAMAGED,
                "byte 32: bytes per frame");
    bytes b = plain_wav(500, 1036, 1000, 1000, 1, 2);
    memcpy(b.p + 16, "\xf8\xff\xff\xff", 4);
    wav_refused(b, MYO_ERR_TRUNCATED, "chunk 'fmt ' runs past the end");
    b = plain_wav(500, 1036, 1000, 1000, 1, 2);
    memcpy(b.p + 12, "\0\1\2\3", 4);
    wav_refused(b, MYO_ERR_DAMAGED, "byte 12: no chunk");
    b = plain_wav(500, 1036, 1000, 1000, 1, 2);
    memcpy(b.p + 36, "dota", 4);
    wav_refused(b, MYO_ERR_TRUNCATED, "no data chunk");
    b = plain_wav(500, 1036, 1000, 1000, 1, 2);
    b.p[20] = 0x55;
    wav_refused(b, MYO_ERR_UNSUPPORTED, "sample coding");
    b = plain_wav(500, 1036, 1000, 1000, 1, 2);
    memcpy(b.p + 8, "AVI ", 4);
    wav_refused(b, MYO_ERR_UNSUPPORTED, "'AVI '");
}
END_TEST

START_TEST(chunk_floods_end) {
    bytes b = {0};
    put_text(&b, "RIFF");
    put_le(&b, 400004, 4);
    put_text(&b, "WAVE");
    for (int i = 0; i < 50000; i++) {
        put_text(&b, "junk");
        put_le(&b, 0, 4);
    }
    wav_refused(b, MYO_ERR_RANGE, "too many chunks");
}
END_TEST

START_TEST(odd_length_and_part_frame) {
    bytes b = plain_wav(500, 1037, 1001, 1000, 1, 2);
    put_text(&b, "x");
    taken t;
    accepted(&t, save(&b, "hand.wav"), &named);
    ck_assert(warned(&t, "inside a frame"));
    ck_assert_int_eq(t.n[0], 500);
    drop(&t);
    free(b.p);
}
END_TEST

START_TEST(rate_scale_and_names) {
    const myo_open_opts o = {.fs = 2148.148, .scale = 100, .unit = "uV"};
    taken t;
    const char *path = write_audio("a.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 1);
    accepted(&t, path, &o);
    ck_assert(warned(&t, "2148.148 Hz as asked"));
    ck_assert_double_eq(t.ch[0].fs, 2148.148);
    ck_assert_double_eq_tol(t.duration_s, FRAMES / 2148.148, 1e-9);
    ck_assert_double_eq_tol(t.x[0][7], 100 * wave(7, 0), 1e-2);
    drop(&t);
    bytes b = load(path);
    accepted(&t, save(&b, "a.flac"), NULL);
    ck_assert(warned(&t, ".flac"));
    drop(&t);
    free(b.p);
}
END_TEST

/* Rows of a _channels.tsv, of as many channels, name those that have no names. */
START_TEST(names_from_a_sidecar) {
    static const struct { const char *rows, *label, *sensor; } given[] = {
        {"acc_z\tACCEL\tg\tn/a\nacc_x\tACCEL\tg\tn/a\nacc_y\tACCEL\tg\tn/a\n", "acc_z", "acc"},
        {"a\tACCEL\tg\twrist\nb\tACCEL\tg\twrist\nc\tACCEL\tg\twrist\n", "a", "wrist"},
        {"1\tACCEL\tg\twrist\n2\tACCEL\tg\twrist\n3\tACCEL\tg\twrist\n", "1", "wrist"},
        {"1\tACCEL\tg\twrist\nb\tACCEL\tg\twrist\nc\tACCEL\tg\twrist\n", "1", ""},
        {"acc_x\tACCEL\tg\tn/a\nacc_y\tACCEL\tg\tn/a\n", "1", ""},
    };
    char text[300];
    bytes b = {0};
    snprintf(text, sizeof text, "name\ttype\tunits\ttracked_point\n%s", given[_i].rows);
    put_text(&b, text);
    save(&b, "sub-01_channels.tsv");
    taken t;
    accepted(&t, write_audio("sub-01_motion.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 3), NULL);
    ck_assert_str_eq(t.ch[0].label, given[_i].label);
    ck_assert_str_eq(t.ch[0].sensor, given[_i].sensor);
    drop(&t);
    unlink(in_folder("sub-01_channels.tsv"));
    free(b.p);
}
END_TEST

/* Audio headers know whole rates: rows that agree say the true one; where the JSON says it, that counts. */
START_TEST(rate_from_a_sidecar) {
    static const struct { const char *rates[2], *json; double fs; const char *warning; } given[] = {
        {{"1000.25", "1000.25"}, NULL, 1000.25, NULL},
        {{"1000.25", "n/a"}, NULL, 1000.25, NULL},
        {{"1000.25", "1000.5"}, NULL, 1000, NULL},
        {{"1000.25", "1000.25"}, "{\"SamplingFrequency\": 999.5}", 999.5, NULL},
        {{"500", "500"}, NULL, 1000, "channel 'a' and 1 more: sampling rates differ: 1000 Hz in the file, 500 Hz in"},
    };
    char text[200];
    bytes b = {0}, json = {0};
    snprintf(text, sizeof text, "name\ttype\tunits\tsampling_frequency\na\tEMG\tuV\t%s\nb\tEMG\tuV\t%s\n",
             given[_i].rates[0], given[_i].rates[1]);
    put_text(&b, text);
    save(&b, "sub-01_channels.tsv");
    if (given[_i].json != NULL) {
        put_text(&json, given[_i].json);
        save(&json, "sub-01_emg.json");
    }
    taken t;
    accepted(&t, write_audio("sub-01_emg.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 2), NULL);
    ck_assert_double_eq(t.ch[0].fs, given[_i].fs);
    ck_assert_double_eq_tol(t.duration_s, FRAMES / given[_i].fs, 1e-9);
    ck_assert_int_eq(t.d.n_warnings, given[_i].warning != NULL);
    ck_assert(given[_i].warning == NULL || warned(&t, given[_i].warning));
    drop(&t);
    unlink(in_folder("sub-01_channels.tsv"));
    unlink(in_folder("sub-01_emg.json"));
    free(b.p);
    free(json.p);
}
END_TEST

START_TEST(nan_and_inf_are_counted) {
    bytes b = load(write_audio("nan.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 1));
    const size_t data = b.n - 4 * FRAMES;
    static const float odd[4] = {INFINITY, -INFINITY, NAN, 1e38f};
    memcpy(b.p + data + 400, odd, sizeof odd);
    const myo_open_opts o = {.scale = 100, .unit = "uV"};
    taken t;
    accepted(&t, save(&b, "nan.wav"), &o);
    ck_assert_int_eq(t.ch[0].n_missing, 4);
    for (int i = 100; i < 104; i++) {
        ck_assert(isnan(t.x[0][i]));
    }
    ck_assert(!isnan(t.x[0][104]));
    drop(&t);
    free(b.p);
}
END_TEST

START_TEST(failing_memory) {
    check_memory(write_audio(kinds[_i].name, kinds[_i].format, 2));
}
END_TEST

/* --- real recordings --- */
START_TEST(real_spikerbox) {
    static const char *const names[] = {"wav_emg/pulse_1.wav", "wav_emg/amp_off.wav",
                                        "wav_emg/amp_on_baseline.wav"};
    const char *path = shared(names[_i]);
    if (path == NULL) {
        return;
    }
    taken t;
    accepted(&t, path, NULL);
    ck_assert(warned(&t, "size of the whole is wrong"));
    ck_assert_double_eq(t.ch[0].fs, 44100);
    ck_assert_int_eq(t.n_ch, 1);
    drop(&t);
}
END_TEST

START_TEST(real_axivity) {
    const myo_open_opts salvage = {.salvage = true};
    const char *path = shared("accel_devices/ax3test.wav");
    if (path == NULL) {
        return;
    }
    refused(path, NULL, MYO_ERR_TRUNCATED, "expected 759972696");
    taken t;
    accepted(&t, path, &salvage);
    ck_assert(t.truncated);
    ck_assert_int_eq(t.n_ch, 4);
    ck_assert_double_eq(t.ch[0].fs, 100);
    ck_assert_double_eq_tol(t.duration_s, 326, 3);
    drop(&t);
}
END_TEST

START_TEST(mutated_files) {
    bytes b = load(write_audio(kinds[_i].name, kinds[_i].format, 2));
    b.n = b.n < 6000 ? b.n : 6000;
    fuzz(&b, 120, kinds[_i].name, 150, (unsigned)_i);
    free(b.p);
    b = load(write_audio(kinds[_i].name, kinds[_i].format, 1));
    fuzz(&b, 200, kinds[_i].name, 100, (unsigned)_i + 100);
    free(b.p);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("sndfile");
    TCase *t = tcase_create("all");
    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, every_format_gives_its_samples, 0, N_KINDS);
    tcase_add_loop_test(t, blocks_and_seeks_agree, 0, N_KINDS);
    tcase_add_loop_test(t, cut_files_are_refused_or_salvaged, 0, N_KINDS);
    tcase_add_test(t, flipped_bits_in_flac_are_found);
    tcase_add_test(t, damage_in_flac_is_located);
    tcase_add_test(t, wrong_md5_is_found);
    tcase_add_test(t, flac_length_must_fit);
    tcase_add_test(t, wrong_sizes_in_wav);
    tcase_add_loop_test(t, wrong_counts_in_aiff, 0, 5);
    tcase_add_test(t, bad_fields_in_wav);
    tcase_add_test(t, chunk_floods_end);
    tcase_add_test(t, odd_length_and_part_frame);
    tcase_add_test(t, rate_scale_and_names);
    tcase_add_loop_test(t, names_from_a_sidecar, 0, 5);
    tcase_add_loop_test(t, rate_from_a_sidecar, 0, 5);
    tcase_add_test(t, nan_and_inf_are_counted);
    tcase_add_loop_test(t, failing_memory, 8, 10);
    tcase_add_loop_test(t, real_spikerbox, 0, 3);
    tcase_add_test(t, real_axivity);
    tcase_add_loop_test(t, mutated_files, 0, N_KINDS);
    suite_add_tcase(suite, t);
    return run_tests(suite);
}
