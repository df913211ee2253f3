/* test_csv_vendor.c - what recording programs write, from strings and from real recordings. */
#include "text_kit.h"

/* --- headers from strings --- */

#define PLUX(sensors, more)                                                                        \
    "# OpenSignals Text File Format\n# {\"00:07\": {\"sensor\": [" sensors                         \
    "], \"column\": [\"nSeq\", \"DI\", \"CH1\", \"CH2\"], \"time\": \"15:26:22.578\", "            \
    "\"comments\": \"rest ch1_tibialis_anterior [trial 1]\", \"channels\": [1, 2], "               \
    "\"sampling rate\": 1000, \"resolution\": [16, 12], \"date\": \"2019-1-23\"" more              \
    "}}\n# EndOfHeader\n"

START_TEST(opensignals) {
    kit k = kit_rows(PLUX("\"EMG\", \"XYZ\"", ""), "%I\t0\t%V\t7\t\n", 400, 1, 3, NULL);
    KIT_OK(k);
    ck_assert_int_eq(k.n_ch, 3);
    ck_assert_str_eq(k.format, "CSV (OpenSignals)");
    ck_assert_str_eq(k.start, "2019-01-23T15:26:22.578");
    ck_assert_int_eq(k.ch[0].kind, MYO_KIND_OTHER); /* DI */
    ck_assert_int_eq(k.ch[1].kind, MYO_KIND_EMG);
    ck_assert_int_eq(k.ch[2].kind, MYO_KIND_ACC);
    ck_assert_str_eq(k.ch[1].label, "CH1");
    ck_assert_str_eq(k.ch[1].muscle, "tibialis anterior");
    ck_assert_str_eq(k.ch[1].unit, "au");
    ck_assert_double_eq(k.ch[1].fs, 1000);
    ck_assert_double_eq(k.ch[1].rail_lo, 0);
    ck_assert_double_eq(k.ch[1].rail_hi, 65535);
    ck_assert_double_eq(k.ch[2].rail_hi, 4095);
    ck_assert_double_eq(k.ch[1].lsb, 1);
    ck_assert_float_eq(k.x[1][5], (float)kit_sample(5));
    kit_free(&k);
}
END_TEST

START_TEST(opensignals_converted) {
    kit k = kit_rows(PLUX("\"EMG\", \"ACC\"", ", \"convertedValues\": 1"), "%I\t0\t%V\t7\t\n", 400,
                     1, 3, NULL);
    KIT_OK(k);
    ck_assert_str_eq(k.ch[1].unit, "uV");
    ck_assert_double_eq(k.ch[1].scale, 1000);
    ck_assert(isnan(k.ch[1].rail_hi));
    ck_assert_str_eq(k.ch[2].unit, "g");
    kit_free(&k);
}
END_TEST

START_TEST(opensignals_other_sensors) {
    static const char *const heads[] = {PLUX("\"ECG\", \"EDA\"", ""), PLUX("\"RESP\", \"EEG\"", ""),
                                        PLUX("\"TEMP\", \"LUX\"", "")};
    kit k = kit_rows(heads[_i], "%I\t0\t%V\t7\t\n", 400, 1, 3, NULL);
    KIT_OK(k);
    ck_assert_int_eq(k.ch[1].kind, MYO_KIND_OTHER);
    ck_assert_int_eq(k.ch[2].kind, MYO_KIND_OTHER);
    kit_free(&k);
}
END_TEST

START_TEST(opensignals_damaged) {
    static const struct {
        const char *head, *row, *part;
    } cases[] = {
        {"# OpenSignals Text File Format\n# {\"a\": {\"sampling rate\": 1000, cut\n# EndOfHeader\n",
         "%I\t%V\n", "line 2, column 35: OpenSignals header is no JSON"},
        {"# {\"a\": {\"sampling rate\": 0, \"column\": [\"nSeq\", \"CH1\"], \"sensor\": "
         "[\"EMG\"]}}\n",
         "%I\t%V\n", "'sampling rate'"},
        {"# {\"a\": {\"sampling rate\": \"x\", \"column\": [\"nSeq\", \"CH1\"], \"sensor\": "
         "[\"EMG\"]}}\n",
         "%I\t%V\n", "'sampling rate'"},
        {PLUX("\"EMG\", \"XYZ\"", ""), "%I\t0\t%V\n", "'column'"},
        {PLUX("\"EMG\", \"XYZ\"", ""), "%I\t0\t%V\t1\t2\n", "'column'"},
        {PLUX("\"EMG\", \"EMG\", \"EMG\", \"EMG\", \"EMG\"", ""), "%I\t0\t%V\t1\n", "'column'"},
    };
    kit k = kit_rows(cases[_i].head, cases[_i].row, 50, 1, 3, NULL);
    KIT_FAILS(k, MYO_ERR_DAMAGED, cases[_i].part);
    kit_free(&k);
}
END_TEST

START_TEST(biosppy) {
    kit k = kit_rows(
        "# Simple Text Format\n# Sampling Rate (Hz):= 100.00\n# Resolution:= 0\n# Units:= m/s^2\n"
        "# Labels:= acc_x\tacc_y\tacc_z\n",
        "1\t%V\t2\n", 400, 1, 3, NULL);
    KIT_OK(k);
    ck_assert_int_eq(k.n_ch, 3);
    ck_assert_double_eq(k.ch[0].fs, 100);
    ck_assert_str_eq(k.ch[1].label, "acc_y");
    ck_assert_str_eq(k.ch[1].sensor, "acc");
    ck_assert_str_eq(k.ch[1].unit, "g");
    ck_assert_double_eq_tol(k.ch[1].scale, 1 / 9.80665, 1e-12);
    kit_free(&k);
}
END_TEST

#define DELSYS                                                                                     \
    "Label: S1: EMG 1 Sampling frequency: 1.0e+003 Number of points: 400 start: 0 Unit: V Domain " \
    "Unit: s\nLabel: S1: ACC.X 1 Sampling frequency: 1.0e+002 Number of points: 40 start: 0 "      \
    "Unit: g Domain Unit: s\nStart Trigger Method: None\n\nX[s],\"S1: EMG 1\",X[s],\"S1: ACC.X "   \
    "1\"\n"

static myo_buf delsys(int stray_row, const char *stray) {
    myo_buf b = {0};
    myo_buf_puts(&b, DELSYS);
    for (int i = 0; i < 400; i++) {
        myo_buf_printf(&b, "%g,%g,", i / 1000.0, kit_sample(i));
        if (i < 40) {
            myo_buf_printf(&b, "%g,%g\n", i / 100.0, kit_sample(i) + 1);
        } else {
            myo_buf_printf(&b, "%s\n", i == stray_row ? stray : ",");
        }
    }
    return b;
}

START_TEST(delsys_pairs) {
    myo_buf b = delsys(-1, "");
    kit k = kit_text_n(b.s, b.n, NULL, _i == 0 ? 1.0 : 0.0137);
    KIT_OK(k);
    ck_assert_int_eq(k.n_ch, 2);
    ck_assert_double_eq(k.ch[0].fs, 1000);
    ck_assert_double_eq(k.ch[1].fs, 100);
    ck_assert_int_eq(k.n[0], 400);
    ck_assert_int_eq(k.n[1], 40);
    ck_assert_str_eq(k.ch[0].unit, "uV");
    ck_assert_str_eq(k.ch[1].unit, "g");
    ck_assert_float_eq(k.x[1][39], (float)(kit_sample(39) + 1));
    ck_assert_double_lt(k.worst_start, 1e-9);
    myo_buf_clear(&b);
    kit_free(&k);
}
END_TEST

START_TEST(delsys_stray_cells) {
    static const char *const cells[][2] = {{"0.6,1", "line 65, column 4"},
                                           {"0.6,", "line 65"},
                                           {",1", "line 65, column 4"},
                                           {"x,", "line 65"}};
    myo_buf b = delsys(59, cells[_i][0]);
    kit k = kit_text_n(b.s, b.n, NULL, 1.0);
    KIT_FAILS(k, MYO_ERR_DAMAGED, cells[_i][1]);
    myo_buf_clear(&b);
    kit_free(&k);
}
END_TEST

/* Two columns of times: of ages apart, or ages long, each must end at once. */
START_TEST(delsys_far_times) {
    static const struct {
        const char *rows;
        myo_err code;
    } cases[] = {
        {"0,1,0,1\n0.001,2,099999999999999999999.01,2\n0.002,3,,\n0.003,4,,\n", MYO_ERR_RANGE},
        {"0,1,100000000,1\n0.001,2,100000000.01,2\n0.002,3,,\n0.003,4,,\n", MYO_ERR_DAMAGED},
        {"0,1,3600,1\n0.001,2,3600.01,2\n0.002,3,,\n0.003,4,,\n", MYO_OK},
    };
    myo_buf b = {0};
    myo_buf_puts(&b, DELSYS);
    myo_buf_puts(&b, cases[_i].rows);
    kit k = kit_text_n(b.s, b.n, NULL, 0.001);
    ck_assert_msg(k.err == cases[_i].code, "%d: %s", (int)k.err, k.d.message);
    if (k.err == MYO_OK) {
        ck_assert_int_eq(k.n[0], 4);
        ck_assert_int_eq(k.n[1], 2);
        ck_assert_double_eq_tol(k.duration, 3600.02, 1e-9);
    }
    myo_buf_clear(&b);
    kit_free(&k);
}
END_TEST

#define VICON                                                                                      \
    "Devices\r\n2000\r\n,,Analog EMG - Voltage,,IM\r\nFrame,Sub Frame,1,2,EMG1\r\n,,V,V,mV\r\n"

START_TEST(vicon) {
    kit k = kit_rows(VICON, "1,%I,%V,2,3\r\n", 400, 1, 3, NULL);
    KIT_OK(k);
    ck_assert_int_eq(k.n_ch, 3);
    ck_assert_str_eq(k.ch[0].label, "Analog EMG - Voltage 1");
    ck_assert_str_eq(k.ch[1].label, "Analog EMG - Voltage 2");
    ck_assert_str_eq(k.ch[2].label, "EMG1");
    ck_assert_double_eq(k.ch[0].fs, 2000);
    ck_assert_double_eq(k.ch[0].scale, 1e6);
    ck_assert_double_eq(k.ch[2].scale, 1e3);
    kit_free(&k);
}
END_TEST

START_TEST(vicon_second_table) {
    myo_buf b = kit_table(VICON, "1,%I,%V,2,3\r\n", 400, 1, 3);
    myo_buf_puts(&b, "\r\nTrajectories\r\n100\r\n,,a\r\nFrame,Sub Frame,X\r\n,,mm\r\n1,0,3\r\n");
    kit k = kit_text_n(b.s, b.n, NULL, 1.0);
    KIT_OK(k);
    ck_assert_int_eq(k.n[0], 400);
    ck_assert(kit_warned(&k, "line 407: a second table"));
    myo_buf_clear(&b);
    kit_free(&k);
}
END_TEST

START_TEST(vicon_rate) {
    static const char *const heads[] = {"Devices\nfast\n,,a\nFrame,Sub Frame,EMG\n,,V\n",
                                        "Devices\n-1\n,,a\nFrame,Sub Frame,EMG\n,,V\n"};
    kit k = kit_rows(heads[_i], "1,%I,%V\n", 50, 1, 3, NULL);
    ck_assert_int_ne(k.err, MYO_OK);
    ck_assert_ptr_nonnull(strstr(k.d.message, "line 2, column 1"));
    kit_free(&k);
}
END_TEST

START_TEST(actilife) {
    kit k = kit_rows("------------ Data File Created By ActiGraph GT3X+ ActiLife v6.13.3 Firmware "
                     "v1.7.2 date format "
                     "M/d/yyyy at 30 Hz  Filter Normal -----------\r\nSerial Number: TAS1\r\nStart "
                     "Time 18:40:00\r\n"
                     "Start Date 9/17/2019\r\nEpoch Period (hh:mm:ss) 00:00:00\r\n-----\r\n"
                     "Accelerometer X,Accelerometer Y,Accelerometer Z\r\n",
                     "0,%V,1\r\n", 400, 1, 3, NULL);
    KIT_OK(k);
    ck_assert_double_eq(k.ch[0].fs, 30);
    ck_assert_str_eq(k.start, "2019-09-17T18:40:00.000");
    ck_assert_str_eq(k.ch[0].unit, "g");
    ck_assert_str_eq(k.ch[2].sensor, "Accelerometer");
    ck_assert_int_eq(k.ch[2].axis, 2);
    kit_free(&k);
}
END_TEST

START_TEST(rates_in_other_headers) {
    static const struct {
        const char *head, *row;
        double fs;
    } cases[] = {
        {"%OpenBCI Raw EEG Data\n%Sample Rate = 250 Hz\nSample Index, EXG Channel 0\n", "%I, %V\n",
         250},
        {"Name:\tTest\nFrequency:\t1500\n\nindex\tEMG 1,uV\n", "%I\t%V\n", 1500},
        {"# sampling rate: 2 kHz\nemg\n", "%V\n", 2000},
        {"# sampling rate 512 Hz\nemg\n", "%V\n", 512},
        {"Sampling Frequency (Hz);1024;\n\nemg1;emg2\n", "%V;1\n", 1024},
        {"\"Sampling rate\",\"500\"\n\n\"emg1\",\"emg2\"\n", "%V,1\n", 500},
    };
    kit k = kit_rows(cases[_i].head, cases[_i].row, 400, 1, 3, NULL);
    KIT_OK(k);
    ck_assert_double_eq(k.ch[0].fs, cases[_i].fs);
    kit_free(&k);
}
END_TEST

/* --- real recordings --- */

typedef struct real_case {
    const char *name;
    int n_ch, n_emg, n_acc;
    double fs;          /* of the first channel */
    int64_t n;          /* its samples */
    const char *unit;   /* of the first channel that is analysed */
    const char *sensor; /* one that must be there, "" for none */
} real_case;

static const real_case real[] = {
    {"biosppy/emg_1.txt", 1, 1, 0, 1000, 63880, "au", ""},
    {"biosppy/emg.txt", 1, 1, 0, 1000, 100000, "au", ""},
    {"biosppy/acc.txt", 3, 0, 3, 100, 2000, "g", "acc"},
    {"pd_rest_accel/sub811_ses1_rest_acc.csv", 3, 0, 3, 500, 60000, "au", "acc"},
    {"gait_emg/ID0012_TW_01_emg.csv", 13, 13, 0, 1000, 7618, "au", ""},
    {"wrist_csv/sample_wrist_accelerometer_data.csv", 3, 0, 3, 100, 12000, "au", "acc"},
    {"shimmer_csv/shimmer3_imu_calibrated.csv", 13, 0, 6, 1000 / 13.671875, 2149, "g",
     "Shimmer_952D_Accel_WR_CAL"},
    {"delsys_trigno/truncated_trigno_sample.csv", 14, 2, 6, 1259.259, 2519, "uV",
     "Mini sensor 11: ACC 11"},
    {"c3d_emg/analogs.csv", 38, 38, 0, 2000, 11600, "uV", ""},
    {"face_emg/sample_data_01.csv", 2, 2, 0, 2000, 20000, "au", ""},
    {"plux_opensignals/gesture0_trial1.txt", 4, 2, 1, 1000, 6000, "au", ""},
};

static const char *first_unit(const kit *k) {
    for (int c = 0; c < k->n_ch; c++) {
        if (k->ch[c].kind != MYO_KIND_OTHER) {
            return k->ch[c].unit;
        }
    }
    return "";
}

START_TEST(real_recordings) {
    const real_case *e = &real[_i];
    const char *path = kit_shared(e->name);
    if (path == NULL) {
        return;
    }
    kit k = kit_read(path, NULL, 1.0);
    KIT_OK(k);
    ck_assert_int_eq(k.n_ch, e->n_ch);
    int n[MYO_N_KIND] = {0};
    bool sensor = e->sensor[0] == '\0';
    for (int c = 0; c < k.n_ch; c++) {
        n[k.ch[c].kind]++;
        sensor = sensor || strcmp(k.ch[c].sensor, e->sensor) == 0;
        ck_assert(!k.ch[c].guessed);
    }
    ck_assert_int_eq(n[MYO_KIND_EMG], e->n_emg);
    ck_assert_int_eq(n[MYO_KIND_ACC], e->n_acc);
    ck_assert_msg(fabs(k.ch[0].fs / e->fs - 1) < 1e-5, "%.9g Hz", k.ch[0].fs);
    ck_assert_int_eq(k.n[0], e->n);
    ck_assert_int_eq(k.ch[0].n_samples, e->n);
    ck_assert_str_eq(first_unit(&k), e->unit);
    ck_assert(sensor);
    ck_assert_int_eq(k.n_gaps, 0);
    kit_free(&k);
}
END_TEST

/* Samples do not depend on the length of the blocks. */
START_TEST(real_recordings_in_any_blocks) {
    static const double lengths[] = {0.005, 0.37, 17.0, 1000.0};
    const char *path = kit_shared(real[_i].name);
    if (path == NULL) {
        return;
    }
    kit whole = kit_read(path, NULL, 2.0);
    for (size_t l = 0; l < sizeof lengths / sizeof lengths[0]; l++) {
        kit k = kit_read(path, NULL, lengths[l]);
        KIT_OK(k);
        for (int c = 0; c < k.n_ch; c++) {
            ck_assert_int_eq(k.n[c], whole.n[c]);
            ck_assert_int_eq(memcmp(k.x[c], whole.x[c], (size_t)k.n[c] * sizeof(float)), 0);
        }
        ck_assert_double_eq(k.duration, whole.duration);
        kit_free(&k);
    }
    kit_free(&whole);
}
END_TEST

START_TEST(real_values) {
    const char *path = kit_shared("wrist_csv/sample_wrist_accelerometer_data.csv");
    if (path != NULL) {
        kit k = kit_read(path, NULL, 1.0);
        ck_assert_float_eq(k.x[0][0], 0.1273F);
        ck_assert_float_eq(k.x[2][11999], -0.2912F);
        kit_free(&k);
    }
    path = kit_shared("delsys_trigno/truncated_trigno_sample.csv");
    if (path != NULL) {
        kit k = kit_read(path, NULL, 1.0);
        ck_assert_int_eq(k.n[1], 297);
        ck_assert_double_eq_tol(k.ch[1].fs, 148.148148, 1e-5);
        ck_assert_float_eq_tol(k.x[0][2518], 295.5825F, 1e-3F);
        kit_free(&k);
    }
}
END_TEST

START_TEST(real_recordings_refused) {
    static const struct {
        const char *name;
        myo_err code;
        const char *part;
    } cases[] = {
        {"needle_emg/emg_healthy.txt", MYO_ERR_DAMAGED, "line 639, column 2"},
        {"pd_rest_accel/labels.csv", MYO_ERR_DAMAGED, "line 2, column 1: not a table of numbers"},
        {"gait_emg/ID0012_TW_01_cycles.csv", MYO_ERR_INPUT, "--fs"},
        {"isometric_leg/id01_taskTA.csv", MYO_ERR_INPUT, "--fs"},
    };
    const char *path = kit_shared(cases[_i].name);
    if (path == NULL) {
        return;
    }
    kit k = kit_read(path, NULL, 1.0);
    KIT_FAILS(k, cases[_i].code, cases[_i].part);
    kit_free(&k);
}
END_TEST

START_TEST(isometric_with_a_rate) {
    const char *path = kit_shared("isometric_leg/id01_taskTA.csv");
    if (path == NULL) {
        return;
    }
    const myo_open_opts o = {.fs = 2000, .unit = "uV"};
    kit k = kit_read(path, &o, 1.0);
    KIT_OK(k);
    ck_assert_int_eq(k.n_ch, 5);
    ck_assert_int_eq(k.ch[3].kind, MYO_KIND_EMG);
    ck_assert_str_eq(k.ch[3].muscle, "GL");
    ck_assert_str_eq(k.ch[3].unit, "uV");
    ck_assert_int_eq(k.ch[4].kind, MYO_KIND_OTHER);
    ck_assert_double_eq_tol(k.duration, 10.0, 0.1);
    kit_free(&k);
}
END_TEST

int main(void) {
    Suite *s = suite_create("csv vendor");
    TCase *t = tcase_create("headers");
    tcase_add_test(t, opensignals);
    tcase_add_test(t, opensignals_converted);
    tcase_add_loop_test(t, opensignals_other_sensors, 0, 3);
    tcase_add_loop_test(t, opensignals_damaged, 0, 6);
    tcase_add_test(t, biosppy);
    tcase_add_loop_test(t, delsys_pairs, 0, 2);
    tcase_add_loop_test(t, delsys_stray_cells, 0, 4);
    tcase_add_loop_test(t, delsys_far_times, 0, 3);
    tcase_add_test(t, vicon);
    tcase_add_test(t, vicon_second_table);
    tcase_add_loop_test(t, vicon_rate, 0, 2);
    tcase_add_test(t, actilife);
    tcase_add_loop_test(t, rates_in_other_headers, 0, 6);
    suite_add_tcase(s, t);
    t = tcase_create("real");
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, real_recordings, 0, (int)(sizeof real / sizeof real[0]));
    tcase_add_loop_test(t, real_recordings_in_any_blocks, 0, (int)(sizeof real / sizeof real[0]));
    tcase_add_test(t, real_values);
    tcase_add_loop_test(t, real_recordings_refused, 0, 4);
    tcase_add_test(t, isometric_with_a_rate);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed;
}
