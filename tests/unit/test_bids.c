/* test_bids.c - sidecars: where they are looked for, what they say, how they fail. */
#include "io/bids.h"
#include "text_kit.h"

#define TSV_HEAD "name\tcomponent\ttype\ttracked_point\tunits\n"
#define TSV_ACC                                                                                    \
    TSV_HEAD                                                                                       \
    "w_acc_x\tx\tACCEL\twrist\tg\nw_acc_y\ty\tACCEL\twrist\tg\nw_acc_z\tz\tACCEL\twrist\t"         \
    "m/s^2\n"
#define JSON_100 "{\"SamplingFrequency\": 100, \"TaskName\": \"rest\"}"
#define STEM "sub-01/motion/sub-01_task-rest_tracksys-imu"
#define MOTION STEM "_motion.tsv"

/* Files of one small dataset; parts of paths are made as needed. */
typedef struct file {
    const char *name, *text;
} file;

static void make_folders(const char *name) {
    char path[400];
    snprintf(path, sizeof path, "%s", kit_path(name));
    for (char *p = path + 1; *p != '\0'; p++) {
        if (*p == '/') {
            *p = '\0';
            mkdir(path, 0700);
            *p = '/';
        }
    }
}

static kit dataset(const char *recording, const char *row, const file *files, size_t n,
                   const myo_open_opts *o) {
    make_folders(recording);
    myo_buf b = kit_table("", row, 200, 100, 4);
    kit_write(recording, b.s, b.n);
    myo_buf_clear(&b);
    for (size_t i = 0; i < n; i++) {
        make_folders(files[i].name);
        kit_write(files[i].name, files[i].text, strlen(files[i].text));
    }
    kit k = kit_read(kit_path(recording), o, 1.0);
    for (size_t i = 0; i < n; i++) {
        unlink(kit_path(files[i].name));
    }
    unlink(kit_path(recording));
    rmdir(kit_path("sub-01/motion"));
    rmdir(kit_path("sub-01"));
    kit_clean(NULL, 0);
    return k;
}

#define N_OF(a) (sizeof(a) / sizeof(a)[0])

static void check_motion(const kit *k) {
    KIT_OK(*k);
    ck_assert_int_eq(k->n_ch, 3);
    ck_assert_double_eq(k->ch[0].fs, 100);
    ck_assert_int_eq(k->n[0], 200);
    ck_assert_str_eq(k->ch[0].label, "w_acc_x");
    ck_assert_str_eq(k->ch[0].sensor, "w_acc");
    ck_assert_int_eq(k->ch[2].kind, MYO_KIND_ACC);
    ck_assert_double_eq_tol(k->ch[2].scale, 1 / 9.80665, 1e-12);
    ck_assert_float_eq(k->x[0][9], (float)kit_sample(9));
}

START_TEST(motion_with_sidecars_beside_it) {
    const file files[] = {{STEM "_channels.tsv", TSV_ACC}, {STEM "_motion.json", JSON_100}};
    kit k = dataset(MOTION, "%V\t1\t0\n", files, N_OF(files), NULL);
    check_motion(&k);
    kit_free(&k);
}
END_TEST

START_TEST(motion_with_inherited_sidecars) {
    static const char *const names[][2] = {
        {"task-rest_tracksys-imu_channels.tsv", "task-rest_motion.json"},
        {"sub-01/sub-01_tracksys-imu_channels.tsv", "sub-01/sub-01_motion.json"},
        {"channels.tsv", "motion.json"},
    };
    const file files[] = {
        {names[_i][0], TSV_ACC}, {names[_i][1], JSON_100}, {"dataset_description.json", "{}"}};
    kit k = dataset(MOTION, "%V\t1\t0\n", files, N_OF(files), NULL);
    check_motion(&k);
    kit_free(&k);
}
END_TEST

START_TEST(the_nearest_sidecar_counts) {
    const file files[] = {{STEM "_channels.tsv", TSV_ACC},
                          {STEM "_motion.json", JSON_100},
                          {"task-rest_motion.json", "{\"SamplingFrequency\": 50}"}};
    kit k = dataset(MOTION, "%V\t1\t0\n", files, N_OF(files), NULL);
    check_motion(&k);
    kit_free(&k);
}
END_TEST

START_TEST(other_entities_do_not_count) {
    const file files[] = {{"task-walk_motion.json", JSON_100}};
    kit k = dataset(MOTION, "%V\t1\t0\n", files, N_OF(files), NULL);
    KIT_FAILS(k, MYO_ERR_INPUT, "--fs");
    kit_free(&k);
}
END_TEST

START_TEST(latency_column_is_time) {
    const file files[] = {{STEM "_channels.tsv", TSV_ACC "lat\tn/a\tLATENCY\tn/a\ts\n"}};
    kit k = dataset(MOTION, "%V\t1\t0\t%T\n", files, N_OF(files), NULL);
    check_motion(&k);
    kit_free(&k);
}
END_TEST

START_TEST(rows_that_do_not_fit) {
    const file files[] = {{STEM "_channels.tsv", TSV_ACC}, {STEM "_motion.json", JSON_100}};
    kit k = dataset(MOTION, "%V\t1\t0\t4\n", files, N_OF(files), NULL);
    KIT_FAILS(k, MYO_ERR_DAMAGED,
              "4 columns but 3 rows in sub-01_task-rest_tracksys-imu_channels.tsv");
    kit_free(&k);
}
END_TEST

START_TEST(bad_and_other_channels) {
    const file files[] = {
        {STEM "_channels.tsv",
         "name\tcomponent\ttype\ttracked_"
         "point\tunits\tstatus\na\tx\tACCEL\twrist\tg\tbad\nb\tx\tGYRO\twrist\tdeg/s\tgood\n"
         "c\tn/a\tEMG\tn/a\tmV\tgood\n"},
        {STEM "_motion.json", JSON_100}};
    kit k = dataset(MOTION, "%V\t1\t2\n", files, N_OF(files), NULL);
    KIT_OK(k);
    ck_assert_int_eq(k.ch[0].kind, MYO_KIND_OTHER);
    ck_assert(kit_warned(&k, "'a': marked bad"));
    ck_assert_int_eq(k.ch[1].kind, MYO_KIND_OTHER);
    ck_assert_int_eq(k.ch[2].kind, MYO_KIND_EMG);
    ck_assert_double_eq(k.ch[2].scale, 1000);
    kit_free(&k);
}
END_TEST

START_TEST(types_stand_above_labels) {
    const file files[] = {
        {"sub-01_emg.json", "{\"SamplingFrequency\": 1000}"},
        {"sub-01_channels.tsv", "name\ttype\tunits\ttarget_muscle\nch1\tEMG\tuV\tsoleus\n"}};
    kit k = dataset("sub-01_emg.csv", "%V\n", files, N_OF(files), NULL);
    KIT_OK(k);
    ck_assert_int_eq(k.ch[0].kind, MYO_KIND_EMG);
    ck_assert_str_eq(k.ch[0].unit, "uV");
    ck_assert_str_eq(k.ch[0].muscle, "soleus");
    ck_assert(!k.ch[0].guessed);
    kit_free(&k);
}
END_TEST

START_TEST(plain_sidecar) {
    const file files[] = {
        {"rec.json", "{\"SamplingFrequency\": 2000, \"Units\": \"mV\", \"Scale\": 0.5}"}};
    kit k = dataset("rec.csv", "%V\n", files, N_OF(files), NULL);
    KIT_OK(k);
    ck_assert_double_eq(k.ch[0].fs, 2000);
    ck_assert_double_eq(k.ch[0].scale, 500);
    ck_assert_str_eq(k.ch[0].unit, "uV");
    kit_free(&k);
}
END_TEST

START_TEST(a_list_beside_a_recording_is_no_sidecar) {
    const file files[] = {{"rec.json", "[1, 2, 3]"}};
    const myo_open_opts o = {.fs = 1000};
    kit k = dataset("rec.csv", "%V\n", files, N_OF(files), &o);
    KIT_OK(k);
    ck_assert(kit_warned(&k, "no sidecar"));
    kit_free(&k);
}
END_TEST

START_TEST(rates_that_differ) {
    const file files[] = {{"rec.json", "{\"SamplingFrequency\": 2000}"}};
    kit k = dataset("rec.csv", "%T,%V\n", files, N_OF(files), NULL);
    KIT_OK(k);
    ck_assert_double_eq(k.ch[0].fs, 100);
    ck_assert(kit_warned(&k, "sampling rates differ"));
    kit_free(&k);
}
END_TEST

/* Some programs put numbers in quotes. */
START_TEST(numbers_in_quotes) {
    const file files[] = {{"rec.json", "{\"SamplingFrequency\": \"2000\"}"}};
    kit k = dataset("rec.csv", "%V\n", files, N_OF(files), NULL);
    KIT_OK(k);
    ck_assert_double_eq(k.ch[0].fs, 2000);
    ck_assert(kit_warned(&k, "field SamplingFrequency is text; taken as the number 2000"));
    kit_free(&k);
}
END_TEST

static char deep[200001];

static const char *nested(void) {
    memset(deep, '[', 100000);
    memset(deep + 100000, ']', 100000);
    return deep;
}

static const struct {
    const char *json, *part;
    myo_err code;
} broken[] = {
    {"{\"SamplingFrequency\": 10,\n \"a\" 5}", "line 2, column 6", MYO_ERR_DAMAGED},
    {"{\"SamplingFrequency\": ", "line 1", MYO_ERR_DAMAGED},
    {"{\"SamplingFrequency\": NaN}", "line 1, column 25", MYO_ERR_DAMAGED},
    {"{\"SamplingFrequency\": 1e999}", "line 1, column", MYO_ERR_DAMAGED},
    {"{\"a\": \"\\ud800\"}", "line 1", MYO_ERR_DAMAGED},
    {"{\"a\": \"\xFF\"}", "line 1", MYO_ERR_DAMAGED},
    {"[1]", "not a JSON object", MYO_ERR_DAMAGED},
    {"", "line 1", MYO_ERR_DAMAGED},
    {"{\"SamplingFrequency\": -1}", "SamplingFrequency (found -1", MYO_ERR_RANGE},
    {"{\"SamplingFrequency\": 0}", "SamplingFrequency (found 0", MYO_ERR_RANGE},
    {"{\"SamplingFrequency\": 1e12}", "SamplingFrequency (found 1e+12", MYO_ERR_RANGE},
    {"{\"SamplingFrequency\": [5]}", "SamplingFrequency (found an array", MYO_ERR_RANGE},
    {"{\"SamplingFrequency\": true}", "SamplingFrequency (found true", MYO_ERR_RANGE},
    {"{\"SamplingFrequency\": \"abc\"}", "field SamplingFrequency (found \"abc\"", MYO_ERR_RANGE},
    {"{\"SamplingFrequency\": \"1000,5\"}", "SamplingFrequency (found \"1000,5\"", MYO_ERR_RANGE},
    {"{\"SamplingFrequency\": \"0x3e8\"}", "SamplingFrequency (found \"0x3e8\"", MYO_ERR_RANGE},
    {"{\"SamplingFrequency\": 1e-12}", "SamplingFrequency (found 1e-12", MYO_ERR_RANGE},
    {"{\"SamplingFrequencyEffective\": \"99 Hz\"}", "SamplingFrequencyEffective (found \"99 Hz\"", MYO_ERR_RANGE},
    {"{\"SamplingFrequencyEffective\": 1e12}", "SamplingFrequencyEffective (found 1e+12", MYO_ERR_RANGE},
    {"{\"Scale\": \"big\"}", "field Scale (found \"big\", allowed a number above 0)", MYO_ERR_RANGE},
    {"{\"Scale\": -1}", "Scale (found -1", MYO_ERR_RANGE},
    {NULL, "line 1, column 65: nested too deeply", MYO_ERR_DAMAGED},
};

START_TEST(broken_json) {
    const file files[] = {
        {STEM "_channels.tsv", TSV_ACC},
        {STEM "_motion.json", broken[_i].json != NULL ? broken[_i].json : nested()}};
    kit k = dataset(MOTION, "%V\t1\t0\n", files, N_OF(files), NULL);
    KIT_FAILS(k, broken[_i].code, broken[_i].part);
    ck_assert_ptr_nonnull(strstr(k.d.message, "_motion.json"));
    kit_free(&k);
}
END_TEST

START_TEST(depth_is_located) {
    char json[400] = "{\"SamplingFrequency\": 100,\n\"a\": ";
    for (int i = 0; i < 64; i++) {
        strcat(json, "[");
    }
    const file files[] = {{STEM "_channels.tsv", TSV_ACC}, {STEM "_motion.json", json}};
    kit k = dataset(MOTION, "%V\t1\t0\n", files, N_OF(files), NULL);
    KIT_FAILS(k, MYO_ERR_DAMAGED, "_motion.json: line 2, column 69: nested too deeply");
    kit_free(&k);
}
END_TEST

START_TEST(unstated_numbers_are_absent) {
    static const char *const texts[] = {"{\"SamplingFrequency\": 100, \"SamplingFrequencyEffective\": \"n/a\"}",
                                        "{\"SamplingFrequency\": 100, \"Scale\": null}"};
    const file files[] = {{STEM "_channels.tsv", TSV_ACC}, {STEM "_motion.json", texts[_i]}};
    kit k = dataset(MOTION, "%V\t1\t0\n", files, N_OF(files), NULL);
    check_motion(&k);
    ck_assert_int_eq(k.d.n_warnings, 0);
    kit_free(&k);
}
END_TEST

START_TEST(units_that_are_no_text_are_told) {
    const file files[] = {{"rec.json", "{\"SamplingFrequency\": 100, \"Units\": 5}"}};
    kit k = dataset("rec.csv", "%V\n", files, N_OF(files), NULL);
    KIT_OK(k);
    ck_assert(kit_warned(&k, "sidecar rec.json: field Units is no text: not used"));
    kit_free(&k);
}
END_TEST

START_TEST(brackets_in_strings_are_text) {
    char json[400] = "{\"SamplingFrequency\": 100, \"a\": \"\\\\\\\"";
    for (int i = 0; i < 100; i++) {
        strcat(json, "[");
    }
    strcat(json, "\"}");
    const file files[] = {{STEM "_channels.tsv", TSV_ACC}, {STEM "_motion.json", json}};
    kit k = dataset(MOTION, "%V\t1\t0\n", files, N_OF(files), NULL);
    check_motion(&k);
    kit_free(&k);
}
END_TEST

START_TEST(duplicate_keys_are_told) {
    const file files[] = {
        {STEM "_channels.tsv", TSV_ACC},
        {STEM "_motion.json", "{\"SamplingFrequency\": 50, \"SamplingFrequency\": 100}"}};
    kit k = dataset(MOTION, "%V\t1\t0\n", files, N_OF(files), NULL);
    check_motion(&k);
    ck_assert(kit_warned(&k, "duplicate"));
    kit_free(&k);
}
END_TEST

START_TEST(broken_tsv) {
    static const char *const cases[][2] = {
        {TSV_HEAD "a\tx\tACCEL\n",
         "line 2, column 4: row of another width (found 3 columns, allowed 5)"},
        {"label\tkind\n", "line 1, column 1: no columns 'name' and 'type'"},
    };
    const file files[] = {{STEM "_channels.tsv", cases[_i][0]}, {STEM "_motion.json", JSON_100}};
    kit k = dataset(MOTION, "%V\t1\t0\n", files, N_OF(files), NULL);
    KIT_FAILS(k, MYO_ERR_DAMAGED, cases[_i][1]);
    kit_free(&k);
}
END_TEST

START_TEST(tsv_with_bom_and_crlf) {
    const file files[] = {
        {STEM "_channels.tsv",
         "\xEF\xBB\xBF"
         "name\tcomponent\ttype\ttracked_point\tunits\r\nw_acc_x\tx\tACCEL\tw\tg\r\n"
         "w_acc_y\ty\tACCEL\tw\tg\r\nw_acc_z\tz\tACCEL\tw\tm/s^2\r\n\r\n"},
        {STEM "_motion.json", "\xEF\xBB\xBF" JSON_100}};
    kit k = dataset(MOTION, "%V\t1\t0\n", files, N_OF(files), NULL);
    check_motion(&k);
    kit_free(&k);
}
END_TEST

START_TEST(a_sidecar_too_large_is_refused) {
    char *big = myo_alloc((9 << 20) + 1, 1);
    ck_assert_ptr_nonnull(big);
    memset(big, ' ', 9 << 20);
    const file files[] = {{STEM "_motion.json", big}};
    kit k = dataset(MOTION, "%V\t1\t0\n", files, N_OF(files), NULL);
    ck_assert_int_ne(k.err, MYO_OK);
    ck_assert_ptr_nonnull(strstr(k.d.message, "_motion.json"));
    kit_free(&k);
    myo_free(big);
}
END_TEST

START_TEST(absent_sidecars_are_no_error) {
    myo_sidecar side = {0};
    myo_diag d = {0};
    ck_assert_int_eq(myo_sidecar_load(&side, "/nowhere/at/all/sub-01_emg.edf", &d), MYO_OK);
    ck_assert_uint_eq(side.n_row, 0);
    ck_assert_double_eq(side.fs, 0);
    myo_sidecar_free(&side);
    ck_assert_int_eq(myo_sidecar_load(&side, "", &d), MYO_OK);
    myo_sidecar_free(&side);
    ck_assert_int_eq(myo_sidecar_load(&side, "a/b/", &d), MYO_OK);
    myo_sidecar_free(&side);
    myo_diag_clear(&d);
}
END_TEST

int main(void) {
    Suite *s = suite_create("bids");
    TCase *t = tcase_create("sidecars");
    tcase_add_test(t, motion_with_sidecars_beside_it);
    tcase_add_loop_test(t, motion_with_inherited_sidecars, 0, 3);
    tcase_add_test(t, the_nearest_sidecar_counts);
    tcase_add_test(t, other_entities_do_not_count);
    tcase_add_test(t, latency_column_is_time);
    tcase_add_test(t, rows_that_do_not_fit);
    tcase_add_test(t, bad_and_other_channels);
    tcase_add_test(t, types_stand_above_labels);
    tcase_add_test(t, plain_sidecar);
    tcase_add_test(t, a_list_beside_a_recording_is_no_sidecar);
    tcase_add_test(t, rates_that_differ);
    tcase_add_test(t, numbers_in_quotes);
    tcase_add_loop_test(t, broken_json, 0, (int)N_OF(broken));
    tcase_add_test(t, depth_is_located);
    tcase_add_loop_test(t, unstated_numbers_are_absent, 0, 2);
    tcase_add_test(t, units_that_are_no_text_are_told);
    tcase_add_test(t, brackets_in_strings_are_text);
    tcase_add_test(t, duplicate_keys_are_told);
    tcase_add_loop_test(t, broken_tsv, 0, 2);
    tcase_add_test(t, tsv_with_bom_and_crlf);
    tcase_add_test(t, a_sidecar_too_large_is_refused);
    tcase_add_test(t, absent_sidecars_are_no_error);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed;
}
