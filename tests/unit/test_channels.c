/* test_channels.c - kinds, units, names, sensors of channels. */
#include "io/channels.h"
#include "io/labels.h"
#include "text_kit.h"

static const struct {
    const char *label;
    myo_kind kind;
} labels[] = {
    {"EMG", MYO_KIND_EMG},
    {"EMG1", MYO_KIND_EMG},
    {"emg_VL", MYO_KIND_EMG},
    {"sEMG left", MYO_KIND_EMG},
    {"Mini sensor 10: EMG 10", MYO_KIND_EMG},
    {"TA", MYO_KIND_EMG},
    {"RTA", MYO_KIND_EMG},
    {"TA_L", MYO_KIND_EMG},
    {"L GM", MYO_KIND_EMG},
    {"Left TA", MYO_KIND_EMG},
    {"LAT", MYO_KIND_EMG},
    {"SO", MYO_KIND_EMG},
    {"so", MYO_KIND_EMG},
    {"FDI", MYO_KIND_EMG},
    {"biceps", MYO_KIND_EMG},
    {"Biceps brachii R", MYO_KIND_EMG},
    {"gastrocnemius lateralis", MYO_KIND_EMG},
    {"Chin1-Chin2", MYO_KIND_EMG},
    {"Leg/L", MYO_KIND_EMG},
    {"EMG_zyg", MYO_KIND_EMG},
    {"acc_x", MYO_KIND_ACC},
    {"ACC.X 10", MYO_KIND_ACC},
    {"AccX", MYO_KIND_ACC},
    {"accelerometer", MYO_KIND_ACC},
    {"Shimmer_952D_Accel_LN_X_CAL", MYO_KIND_ACC},
    {"Trigno EMG 2.0 - Sensor 1: ACC.X", MYO_KIND_ACC},
    {"ax", MYO_KIND_ACC},
    {"force", MYO_KIND_OTHER},
    {"EMG trigger", MYO_KIND_OTHER},
    {"knee angle", MYO_KIND_OTHER},
    {"EDA", MYO_KIND_OTHER},
    {"ECG", MYO_KIND_OTHER},
    {"EKG1", MYO_KIND_OTHER},
    {"EEG Fpz-Cz", MYO_KIND_OTHER},
    {"Fp1", MYO_KIND_OTHER},
    {"C3-A2", MYO_KIND_OTHER},
    {"Oz", MYO_KIND_OTHER},
    {"PO10", MYO_KIND_OTHER},
    {"EOG left", MYO_KIND_OTHER},
    {"GYRO.X 10", MYO_KIND_OTHER},
    {"gyroX", MYO_KIND_OTHER},
    {"Mag_Z", MYO_KIND_OTHER},
    {"Temp", MYO_KIND_OTHER},
    {"Battery_CAL", MYO_KIND_OTHER},
    {"Status", MYO_KIND_OTHER},
    {"SpO2", MYO_KIND_OTHER},
    {"Resp", MYO_KIND_OTHER},
    {"Button", MYO_KIND_OTHER},
    {"Light", MYO_KIND_OTHER},
    {"ch1", MYO_N_KIND},
    {"x", MYO_N_KIND},
    {"value", MYO_N_KIND},
    {"", MYO_N_KIND},
    {"me and so on", MYO_N_KIND},
    {"42", MYO_N_KIND},
};

START_TEST(kinds_from_labels) {
    ck_assert_msg(myo_kind_from_label(labels[_i].label) == labels[_i].kind, "'%s': %d",
                  labels[_i].label, (int)myo_kind_from_label(labels[_i].label));
}
END_TEST

START_TEST(kinds_from_types) {
    ck_assert_int_eq(myo_kind_from_type("EMG"), MYO_KIND_EMG);
    ck_assert_int_eq(myo_kind_from_type("ACCEL"), MYO_KIND_ACC);
    ck_assert_int_eq(myo_kind_from_type("XYZ"), MYO_KIND_ACC);
    ck_assert_int_eq(myo_kind_from_type("TRIG"), MYO_KIND_OTHER);
    ck_assert_int_eq(myo_kind_from_type("whatever"), MYO_N_KIND);
    ck_assert_int_eq(myo_kind_from_type(""), MYO_N_KIND);
}
END_TEST

START_TEST(muscles_from_labels) {
    static const char *const cases[][2] = {
        {"emg_VL", "VL"}, {"TA", "TA"},   {"left biceps", "left biceps"},
        {"EMG 1", ""},    {"RTA", "RTA"}, {"ch1", ""}};
    char muscle[64];
    myo_label_muscle(muscle, sizeof muscle, cases[_i][0]);
    ck_assert_str_eq(muscle, cases[_i][1]);
}
END_TEST

/* --- a table with the given names --- */

static kit with_names(const char *names, int n, double fs, const myo_open_opts *o) {
    char row[400] = "%T";
    for (int i = 0; i < n; i++) {
        strcat(row, ",%V");
    }
    strcat(row, "\n");
    char head[1200];
    snprintf(head, sizeof head, "time,%s\n", names);
    return kit_rows(head, row, 100, fs, 6, o);
}

static const struct {
    const char *names;
    myo_kind kind;
    const char *unit;
    double scale;
} units[] = {
    {"a (mV)", MYO_KIND_EMG, "uV", 1e3},      {"a (V)", MYO_KIND_EMG, "uV", 1e6},
    {"a [\xC2\xB5V]", MYO_KIND_EMG, "uV", 1}, {"a [\xB5V]", MYO_KIND_EMG, "uV", 1},
    {"a_uV", MYO_KIND_EMG, "uV", 1},          {"a (g)", MYO_KIND_ACC, "g", 1},
    {"a (mg)", MYO_KIND_ACC, "g", 1e-3},      {"a (m/s^2)", MYO_KIND_ACC, "g", 1 / 9.80665},
    {"acc (G)", MYO_KIND_ACC, "g", 1},        {"emg", MYO_KIND_EMG, "au", 1},
    {"emg (counts)", MYO_KIND_EMG, "au", 1},  {"emg (furlong)", MYO_KIND_EMG, "au", 1},
    {"emg (kg)", MYO_KIND_OTHER, "kg", 1},    {"emg (g)", MYO_KIND_OTHER, "g", 1},
    {"a (N)", MYO_KIND_OTHER, "N", 1},       {"a (uS)", MYO_KIND_OTHER, "uS", 1},
    {"a (%)", MYO_KIND_OTHER, "%", 1},       {"acc_x (V)", MYO_KIND_ACC, "au", 1},
    {"ECG (mV)", MYO_KIND_OTHER, "mV", 1},    {"Battery (mV)", MYO_KIND_OTHER, "mV", 1},
    {"ECG (\xC2\xB5V)", MYO_KIND_OTHER, "uV", 1},
};

START_TEST(kinds_and_scales_from_units) {
    kit k = with_names(units[_i].names, 1, 1000, NULL);
    KIT_OK(k);
    ck_assert_msg(k.ch[0].kind == units[_i].kind, "%s: kind %d", units[_i].names,
                  (int)k.ch[0].kind);
    ck_assert_str_eq(k.ch[0].unit, units[_i].unit);
    ck_assert_double_eq_tol(k.ch[0].scale / units[_i].scale, 1, 1e-12);
    const bool doubtful = k.ch[0].kind != MYO_KIND_OTHER && strcmp(k.ch[0].unit, "au") == 0;
    ck_assert_int_eq(kit_warned(&k, "file units"), doubtful);
    kit_free(&k);
}
END_TEST

START_TEST(nameless_channels_are_guessed_by_rate) {
    static const double rates[] = {100, 399, 400, 2000};
    kit k = with_names("a,b", 2, rates[_i], NULL);
    KIT_OK(k);
    const bool emg = rates[_i] >= 400;
    ck_assert_int_eq(k.ch[0].kind, emg ? MYO_KIND_EMG : MYO_KIND_ACC);
    ck_assert(k.ch[0].guessed && k.ch[1].guessed);
    ck_assert(kit_warned(&k, emg ? "taken as EMG from the rate (2 channels: a, b)"
                                 : "accelerometer from the rate"));
    kit_free(&k);
}
END_TEST

START_TEST(labels_become_unique) {
    kit k = with_names("emg,emg,emg#2,emg", 4, 1000, NULL);
    KIT_OK(k);
    for (int a = 0; a < 4; a++) {
        for (int b = 0; b < a; b++) {
            ck_assert_str_ne(k.ch[a].label, k.ch[b].label);
        }
    }
    ck_assert_str_eq(k.ch[0].label, "emg");
    ck_assert_str_eq(k.ch[1].label, "emg#2");
    ck_assert(kit_warned(&k, "label 'emg' comes twice"));
    kit_free(&k);
}
END_TEST

START_TEST(labels_are_printable) {
    kit k = with_names("e\x1B[31mmg,\xE2\x80\xAE"
                       "gme,%s%n",
                       3, 1000, NULL);
    KIT_OK(k);
    ck_assert_str_eq(k.ch[0].label, "e\\x1B[31mmg");
    ck_assert_ptr_null(strstr(k.ch[1].label, "\xE2\x80\xAE"));
    ck_assert_str_eq(k.ch[2].label, "%s%n");
    kit_free(&k);
}
END_TEST

START_TEST(long_labels_are_cut) {
    char names[900];
    memset(names, 'x', 800);
    names[800] = '\0';
    kit k = with_names(names, 1, 1000, NULL);
    KIT_OK(k);
    ck_assert_uint_lt(strlen(k.ch[0].label), MYO_LABEL_MAX);
    kit_free(&k);
}
END_TEST

/* --- sensors --- */

static const struct {
    const char *names;
    int n;
    const char *sensor; /* of the first channel, "" if none */
} sensors[] = {
    {"acc_x,acc_y,acc_z", 3, "acc"},
    {"acc_z,acc_y,acc_x", 3, "acc"},
    {"x,y,z", 3, "acc"},
    {"X,Y,Z", 3, "acc"},
    {"Accelerometer X,Accelerometer Y,Accelerometer Z", 3, "Accelerometer"},
    {"AccX,AccY,AccZ", 3, "Acc"},
    {"accx1,accy1,accz1", 3, "acc1"},
    {"ACC.X 10,ACC.Y 10,ACC.Z 10", 3, "ACC 10"},
    {"ax,ay,az", 3, "a"},
    {"acc_x,acc_y", 2, "acc"},
    {"acc_z,acc_y", 2, "acc"},
    {"acc_x,acc_y,acc_y", 3, "acc"},
    {"acc_x,acc_X,acc_y,acc_z", 4, ""},
    {"acc1_x,acc2_y", 2, ""},
    {"acc_x (g),acc_y (g),acc_z (m/s^2)", 3, "acc"},
    {"acc_x (g),acc_y,acc_z (counts)", 3, ""},
    {"acc_x (mV),acc_y (mV),acc_z (V)", 3, "acc"},
    {"acc_x,acc_x,acc_y,acc_z", 4, "acc"},
    {"acc,acc_x,acc_y,acc_z", 4, ""},
    {"gyro_x,gyro_y,gyro_z", 3, ""},
};

START_TEST(sensors_from_labels) {
    kit k = with_names(sensors[_i].names, sensors[_i].n, 100, NULL);
    KIT_OK(k);
    ck_assert_msg(strcmp(k.ch[0].sensor, sensors[_i].sensor) == 0, "%s: '%s'", sensors[_i].names,
                  k.ch[0].sensor);
    for (int c = 0; c < k.n_ch; c++) {
        ck_assert_int_eq(k.ch[c].sensor[0] == '\0', k.ch[c].axis < 0);
    }
    kit_free(&k);
}
END_TEST

START_TEST(sensor_names_are_unique) {
    kit k = with_names("acc,acc_x,acc_y,acc_z,acc.x,acc.y,acc.z", 7, 100, NULL);
    KIT_OK(k);
    ck_assert_str_eq(k.ch[1].sensor, "acc#2");
    ck_assert_str_eq(k.ch[2].sensor, "acc#2");
    ck_assert_str_eq(k.ch[4].sensor, "acc#3");
    ck_assert_int_eq(k.ch[4].axis, 0);
    ck_assert_int_eq(k.ch[6].axis, 2);
    kit_free(&k);
}
END_TEST

/* Rows at 100 Hz without a header, so without names. */
static kit without_names(int n, const myo_open_opts *o) {
    char row[100] = "";
    for (int i = 0; i < n; i++) {
        strcat(row, i > 0 ? ",%V" : "%V");
    }
    strcat(row, "\n");
    return kit_rows("", row, 100, 100, 6, o);
}

#define ALONE "analysed each for itself"
#define TAKEN "taken as the axes of one"

static const struct {
    int n;                /* channels, named 1, 2 ... */
    const char *channels; /* --channels */
    const char *sensors;  /* of each channel, "-" for none */
    const char *told;     /* NULL: nothing */
} declared[] = {
    {3, "1=ACC:g:wrist,2=ACC:g:wrist,3=ACC:g:wrist", "wrist wrist wrist", NULL},
    {3, "1=ACC:g:wrist,3=ACC:g:Wrist,2=OTHER", "wrist - wrist", NULL},
    {4, "1=ACC:g:a,2=ACC:g:b,3=ACC:g:a,4=ACC:g:b", "a b a b", NULL},
    {4, "1=ACC:g:a,2=ACC:g:a,3=ACC:g:a,4=ACC:g:a", "- - - -", ALONE},
    {3, "1=ACC:g:a,2=ACC:g:b,3=ACC:g:c", "- - -", NULL},
    {3, "1=ACC:g:a,2=ACC:counts:a,3=ACC:mg:a", "a - a", NULL},
    {3, "1=ACC:g:a,2=ACC:counts:a,3=OTHER", "- - -", ALONE},
    {3, "1=ACC:g,2=ACC:g,3=ACC:mg", "acc acc acc", TAKEN " (3 channels: ch1, ch2, ch3)"},
    {3, "1=ACC:g,2=ACC:g,3=ACC:counts", "- - -", ALONE},
    {3, "1=ACC:g:a,2=ACC:g,3=ACC:g", "- - -", ALONE " (3 channels: ch1, ch2, ch3)"},
    {4, "1=ACC:g,2=ACC:g,3=ACC:g,4=ACC:g", "- - - -", ALONE},
    {4, "1=EMG:uV,2=ACC:g,3=ACC:g,4=ACC:g", "- acc acc acc", TAKEN},
    {5, "1=ACC:g,2=ACC:g,3=ACC:g,4=ACC:g:b,5=ACC:g:b", "acc acc acc b b", TAKEN},
    {2, "1=ACC:g,2=ACC:g", "- -", ALONE " (2 channels: ch1, ch2)"},
    {2, "1=ACC:g,2=OTHER", "- -", NULL},
    {3, NULL, "- - -", ALONE}, /* accelerometers by their rate alone */
};

START_TEST(sensors_from_what_is_declared) {
    const myo_open_opts o = {.fs = 100, .channels = declared[_i].channels};
    kit k = without_names(declared[_i].n, &o);
    KIT_OK(k);
    char found[200] = "";
    for (int c = 0; c < k.n_ch; c++) {
        strcat(found, c > 0 ? " " : "");
        strcat(found, k.ch[c].sensor[0] != '\0' ? k.ch[c].sensor : "-");
        ck_assert_int_eq(k.ch[c].sensor[0] == '\0', k.ch[c].axis < 0);
    }
    ck_assert_msg(strcmp(found, declared[_i].sensors) == 0, "%d: '%s'", _i, found);
    const char *told = declared[_i].told;
    ck_assert_int_eq(kit_warned(&k, ALONE), told != NULL && strstr(told, ALONE) != NULL);
    ck_assert_int_eq(kit_warned(&k, TAKEN), told != NULL && strstr(told, TAKEN) != NULL);
    kit_free(&k);
}
END_TEST

START_TEST(axes_of_a_place_are_in_file_order) {
    const myo_open_opts o = {.channels = "3=ACC:g:wrist,1=ACC:g:wrist,2=ACC:g:wrist"};
    kit k = with_names("right,front,down", 3, 100, &o);
    KIT_OK(k);
    for (int c = 0; c < 3; c++) {
        ck_assert_str_eq(k.ch[c].sensor, "wrist");
        ck_assert_int_eq(k.ch[c].axis, c);
    }
    kit_free(&k);
}
END_TEST

/* A place keeps apart, and names only what has no name. */
START_TEST(places_of_named_axes) {
    static const char *const given[][2] = {
        {"acc_z=ACC:g:wrist,acc_y=ACC:g:wrist,acc_x=ACC:g:wrist", "acc"},
        {"acc_z=ACC:g:wrist,acc_y=ACC:g:ankle,acc_x=ACC:g:hand", ""},
        {"acc_z=ACC:g:wrist,acc_y=ACC:g:ankle,acc_x=ACC:g:wrist", "acc"},
    };
    const myo_open_opts o = {.channels = given[_i][0]};
    kit k = with_names("acc_z,acc_y,acc_x", 3, 100, &o);
    KIT_OK(k);
    ck_assert_str_eq(k.ch[0].sensor, given[_i][1]);
    ck_assert_str_eq(k.ch[1].sensor, _i == 0 ? "acc" : "");
    ck_assert_int_eq(k.ch[0].axis, _i == 1 ? -1 : 2);
    ck_assert_int_eq(kit_warned(&k, ALONE), 0);
    kit_free(&k);
}
END_TEST

/* Amplitudes are in g once gravity has told the scale, for which it takes three axes. */
START_TEST(unknown_units_of_axes) {
    static const struct { const char *names; int n; const char *told, *not_told; } given[] = {
        {"acc_x,acc_y,acc_z", 3, "unit not stated; gravity is to tell the scale (3 channels", "file units"},
        {"acc_x (counts),acc_y (counts),acc_z (counts)", 3, "gravity is to tell the scale (3 channels: acc_x in counts",
         "file units"},
        {"acc_x,acc_y", 2, "unit not stated; amplitudes are in file units", "gravity"},
    };
    kit k = with_names(given[_i].names, given[_i].n, 100, NULL);
    KIT_OK(k);
    ck_assert(kit_warned(&k, given[_i].told));
    ck_assert(!kit_warned(&k, given[_i].not_told));
    kit_free(&k);
}
END_TEST

/* --- what the user says --- */

START_TEST(user_names_kinds) {
    const myo_open_opts o = {.channels = "a=EMG:mV:TA, 3=ACC:mg,d=OTHER"};
    kit k = with_names("a,b (V),c,d (uV)", 4, 1000, &o);
    KIT_OK(k);
    ck_assert_int_eq(k.ch[0].kind, MYO_KIND_EMG);
    ck_assert_double_eq(k.ch[0].scale, 1000);
    ck_assert_str_eq(k.ch[0].muscle, "TA");
    ck_assert_int_eq(k.ch[1].kind, MYO_KIND_EMG);
    ck_assert_int_eq(k.ch[2].kind, MYO_KIND_ACC);
    ck_assert_double_eq(k.ch[2].scale, 1e-3);
    ck_assert_int_eq(k.ch[3].kind, MYO_KIND_OTHER);
    ck_assert(!k.ch[0].guessed && !k.ch[2].guessed);
    kit_free(&k);
}
END_TEST

START_TEST(user_chooses_channels) {
    const myo_open_opts o = {.channels = "EMG2"};
    kit k = with_names("EMG1,EMG2", 2, 1000, &o);
    KIT_OK(k);
    ck_assert_int_eq(k.ch[0].kind, MYO_KIND_OTHER);
    ck_assert_int_eq(k.ch[1].kind, MYO_KIND_EMG);
    kit_free(&k);
}
END_TEST

START_TEST(user_errors) {
    static const struct {
        const char *channels;
        myo_err code;
        const char *part;
    } cases[] = {
        {"q=EMG", MYO_ERR_NO_CHANNEL, "no channel 'q' (the recording has 2: EMG1, EMG2)"},
        {"3=EMG", MYO_ERR_NO_CHANNEL, "no channel '3'"},
        {"0", MYO_ERR_NO_CHANNEL, "no channel '0'"},
        {"EMG1=FOO", MYO_ERR_PARAM, "found 'FOO'"},
        {"EMG1=EMG:parsec", MYO_ERR_PARAM, "found 'parsec'"},
        {"EMG1=ACC,1=EMG", MYO_ERR_PARAM, "'EMG1' comes twice (found ACC and EMG, allowed one kind)"},
    };
    const myo_open_opts o = {.channels = cases[_i].channels};
    kit k = with_names("EMG1,EMG2", 2, 1000, &o);
    KIT_FAILS(k, cases[_i].code, cases[_i].part);
    kit_free(&k);
}
END_TEST

START_TEST(user_unit_and_scale) {
    const myo_open_opts o = {.unit = "mV", .scale = 0.5};
    kit k = with_names("EMG1,acc_x (g),force (N)", 3, 1000, &o);
    KIT_OK(k);
    ck_assert_double_eq(k.ch[0].scale, 500);
    ck_assert_str_eq(k.ch[0].unit, "uV");
    ck_assert_str_eq(k.ch[1].unit, "g");
    ck_assert_float_eq(k.x[0][7], (float)((double)(float)kit_sample(7) * 500));
    kit_free(&k);
    const myo_open_opts wrong = {.unit = "parsec"};
    k = with_names("EMG1", 1, 1000, &wrong);
    KIT_FAILS(k, MYO_ERR_PARAM, "parsec");
    kit_free(&k);
}
END_TEST

START_TEST(rails_are_scaled) {
    const myo_open_opts o = {.unit = "mV", .scale = -0.5};
    kit k = kit_rows(
        "# Simple Text Format\n# Sampling Rate (Hz):= 1000\n# Resolution:= 12\n# Labels:= EMG\n",
        "%I\n", 100, 1, 0, &o);
    KIT_OK(k);
    ck_assert_double_eq(k.ch[0].scale, -500);
    ck_assert_double_eq(k.ch[0].rail_lo, -500 * 4095.0);
    ck_assert_double_eq(k.ch[0].rail_hi, 0);
    ck_assert_double_eq(k.ch[0].lsb, 500);
    kit_free(&k);
}
END_TEST

/* Whatever single precision makes of a rail, the last code is at it, and the one before is not. */
START_TEST(rails_in_single_precision) {
    static const double tops[] = {3276.7, 1000, 5000, 327.67, 2499.9, 3199.902, 8191.5, 1638.35, 500.5, 1234.5, 2047.9};
    const double top = tops[_i], lsb = 2 * top / 65535;
    const myo_channel c = {.rail_lo = -top, .rail_hi = top, .lsb = lsb}, bare = {.rail_lo = -top, .rail_hi = top};
    double lo, hi;
    myo_rail_limits(&c, &lo, &hi);
    ck_assert((double)(float)top >= hi && (double)(float)-top <= lo);
    ck_assert((double)(float)(top - lsb) < hi && (double)(float)(lsb - top) > lo);
    myo_rail_limits(&bare, &lo, &hi);
    ck_assert((double)(float)top >= hi && (double)(float)-top <= lo);
    myo_rail_limits(&(myo_channel){.rail_lo = NAN, .rail_hi = NAN, .lsb = lsb}, &lo, &hi);
    ck_assert(isnan(lo) && isnan(hi));
}
END_TEST

int main(void) {
    Suite *s = suite_create("channels");
    TCase *t = tcase_create("channels");
    tcase_add_loop_test(t, kinds_from_labels, 0, (int)(sizeof labels / sizeof labels[0]));
    tcase_add_test(t, kinds_from_types);
    tcase_add_loop_test(t, muscles_from_labels, 0, 6);
    tcase_add_loop_test(t, kinds_and_scales_from_units, 0, (int)(sizeof units / sizeof units[0]));
    tcase_add_loop_test(t, nameless_channels_are_guessed_by_rate, 0, 4);
    tcase_add_test(t, labels_become_unique);
    tcase_add_test(t, labels_are_printable);
    tcase_add_test(t, long_labels_are_cut);
    tcase_add_loop_test(t, sensors_from_labels, 0, (int)(sizeof sensors / sizeof sensors[0]));
    tcase_add_test(t, sensor_names_are_unique);
    tcase_add_loop_test(t, sensors_from_what_is_declared, 0, (int)(sizeof declared / sizeof declared[0]));
    tcase_add_test(t, axes_of_a_place_are_in_file_order);
    tcase_add_loop_test(t, places_of_named_axes, 0, 3);
    tcase_add_loop_test(t, unknown_units_of_axes, 0, 3);
    tcase_add_test(t, user_names_kinds);
    tcase_add_test(t, user_chooses_channels);
    tcase_add_loop_test(t, user_errors, 0, 6);
    tcase_add_test(t, user_unit_and_scale);
    tcase_add_test(t, rails_are_scaled);
    tcase_add_loop_test(t, rails_in_single_precision, 0, 11);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed;
}
