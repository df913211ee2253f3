/* test_csv_fuzz.c - seeded mutations of every dialect: any ending but a crash, a hang or a silent
 * error. */
#include "text_kit.h"

static const char *const seeds[] = {
    "time,emg_TA (mV),acc_x (g),acc_y (g),acc_z "
    "(g)\n0.000,1.5,0.1,0.2,0.98\n0.001,-1.25e1,0.1,0.2,0.98\n"
    "0.002,NaN,0.1,,0.98\n0.003,2,0.1,0.2,0.98\n0.004,3,0.1,0.2,0.98\n",
    "\xEF\xBB\xBF"
    "ts;x;y;z\r\n2019-03-21 14:58:00:500;0,1;0,2;0,9\r\n2019-03-21 14:58:00:510;0,1;0,2;0,9\r\n"
    "2019-03-21 14:58:00:520;0,1;0,2;0,9\r\n",
    "0.00025 -0.0333\n0.0005 -0.0350\n0.00075 -0.0350\n0.001 -0.0300\n0.00125 -0.0300\n",
    "# OpenSignals Text File Format\n# {\"00:07\": {\"sensor\": [\"EMG\", \"XYZ\"], \"column\": "
    "[\"nSeq\", \"DI\", "
    "\"CH1\", \"CH2\"], \"time\": \"15:26:22.578\", \"comments\": \"ch1_tibialis\", \"channels\": "
    "[1, 2], "
    "\"sampling rate\": 1000, \"resolution\": [16, 16], \"date\": \"2019-1-23\"}}\n# EndOfHeader\n"
    "0\t0\t32816\t32647\t\n1\t0\t32740\t32750\t\n2\t0\t32752\t32785\t\n",
    "# Simple Text Format\n# Sampling Rate (Hz):= 100.00\n# Resolution:= 12\n# Units:= m/s^2\n"
    "# Labels:= acc_x\tacc_y\tacc_z\n0.28467\t-0.88965\t0.22266\n0.24902\t-0.92285\t0.21533\n",
    "\"sep=,\"\r\nS_Timestamp_Unix_CAL,S_Accel_LN_X_CAL,S_Accel_LN_Y_CAL,S_Accel_LN_Z_CAL,\r\n"
    "ms,m/(s^2),m/(s^2),m/"
    "(s^2),\r\n1.6294033377807312E12,-1.789,-1.1,1.5,\r\n1.629403337794403E12,-2.2,-2.0,"
    "-4.3,\r\n1.629403337808075E12,2.5,-4.8,-10.8,\r\n",
    "Label: S1: EMG 1 Sampling frequency: 1.0e+003 Number of points: 4 start: 0 Unit: V Domain "
    "Unit: s\n"
    "Label: S1: ACC.X 1 Sampling frequency: 1.0e+002 Number of points: 2 start: 0 Unit: g Domain "
    "Unit: s\n\n"
    "X[s],\"S1: EMG 1\",X[s],\"S1: ACC.X 1\"\n0,1,0,1\n0.001,2,0.01,2\n0.002,3,,\n0.003,4,,\n",
    "Devices,,\r\n2000,,\r\n,,Analog EMG,\r\nFrame,Sub "
    "Frame,1\r\n,,V\r\n1,0,-0.02\r\n1,1,-0.01\r\n1,2,-0.01\r\n\r\n"
    "Trajectories\r\n100\r\n",
    "----- Data File Created By ActiGraph GT3X+ ActiLife date format M/d/yyyy at 30 Hz "
    "-----\r\nStart Time 18:40:00\r\n"
    "Start Date 9/17/2019\r\n-----\r\nAccelerometer X,Accelerometer Y,Accelerometer "
    "Z\r\n0,0.008,0.996\r\n"
    "0.016,0,1.008\r\n",
};
enum { N_SEEDS = sizeof seeds / sizeof seeds[0], ROUNDS = 400, GROWN = 4096 };

/* One to four edits: a byte changed, taken out, doubled, a token put in, a piece moved, the end
 * cut. */
static size_t mutate(char *s, size_t n, myo_rng *rng) {
    static const char *const tokens[] = {",",
                                         ";",
                                         "\t",
                                         "\"",
                                         "\n",
                                         "\r",
                                         "nan",
                                         "-inf",
                                         "1e999",
                                         "#",
                                         "{",
                                         "[[[[",
                                         "99999999999999999999",
                                         "\xFF\xFE",
                                         "0x",
                                         ":=",
                                         "e",
                                         "-",
                                         " ",
                                         "1e-320"};
    for (uint32_t edits = 1 + myo_rng_u32(rng) % 4; edits > 0 && n > 1; edits--) {
        const size_t at = myo_rng_u32(rng) % n;
        const char *token = tokens[myo_rng_u32(rng) % (sizeof tokens / sizeof tokens[0])];
        const size_t len = strlen(token);
        switch (myo_rng_u32(rng) % 6) {
        case 0:
            s[at] = (char)myo_rng_u32(rng);
            break;
        case 1:
            memmove(s + at, s + at + 1, n - at - 1);
            n--;
            break;
        case 2:
            if (2 * (n - at) + at < GROWN) {
                memmove(s + n, s + at, n - at);
                n += n - at;
            }
            break;
        case 3:
        case 4:
            if (n + len < GROWN) {
                memmove(s + at + len, s + at, n - at);
                memcpy(s + at, token, len);
                n += len;
            }
            break;
        default:
            n = at > 0 ? at : n;
        }
    }
    return n;
}

static void judge(const kit *k, size_t n) {
    if (k->err != MYO_OK) {
        ck_assert(k->d.message[0] != '\0');
        ck_assert_ptr_null(strpbrk(k->d.message, "\n\r\x1B"));
        return;
    }
    for (int c = 0; c < k->n_ch; c++) {
        ck_assert_int_le(k->n[c], (int64_t)n);
        ck_assert(k->ch[c].fs > 0 && k->ch[c].fs <= MYO_MAX_RATE);
        ck_assert(k->ch[c].kind == MYO_KIND_EMG || k->ch[c].kind == MYO_KIND_ACC ||
                  k->ch[c].kind == MYO_KIND_OTHER);
        for (int64_t i = 0; i < k->n[c]; i++) {
            ck_assert(!isinf(k->x[c][i]));
        }
    }
}

START_TEST(mutations_end_well) {
    const char *rounds = getenv("MYO_FUZZ_ROUNDS");
    const int n_rounds = rounds != NULL ? atoi(rounds) : ROUNDS;
    myo_rng rng;
    myo_rng_seed(&rng, 2024, (uint64_t)_i);
    for (int i = 0; i < n_rounds; i++) {
        static char text[GROWN + 64];
        size_t n = strlen(seeds[_i]);
        memcpy(text, seeds[_i], n);
        n = mutate(text, n, &rng);
        kit k = kit_text_n(text, n, NULL, i % 2 == 0 ? 1.0 : 0.002);
        judge(&k, n);
        kit_free(&k);
    }
}
END_TEST

START_TEST(seeds_are_read) {
    kit k = kit_text(seeds[_i], NULL);
    KIT_OK(k);
    ck_assert_int_ge(k.n[0], 2);
    kit_free(&k);
}
END_TEST

int main(void) {
    Suite *s = suite_create("csv fuzz");
    TCase *t = tcase_create("mutations");
    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, seeds_are_read, 0, N_SEEDS);
    tcase_add_loop_test(t, mutations_end_well, 0, N_SEEDS);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed;
}
