/* test_bids_rows.c - rows of a _channels.tsv: rates, and which channels they describe. */
#include "io/bids.h"
#include "text_kit.h"

#define JSON_100 "{\"SamplingFrequency\": 100}"
#define N_OF(a) (sizeof(a) / sizeof(a)[0])

/* --- rates --- */

#define RATE_HEAD "name\ttype\tunits\tsampling_frequency\n"
#define RATES(a, b, c)                                                                             \
    RATE_HEAD "w_acc_x\tACCEL\tg\t" a "\nw_acc_y\tACCEL\tg\t" b "\nw_acc_z\tACCEL\tm/s^2\t" c "\n"

/* Samples in rows, beside a table of channels and perhaps a sidecar. */
static kit beside(const char *recording, const char *head, const char *row, const char *tsv, const char *json,
                  const myo_open_opts *o) {
    myo_buf b = kit_table(head, row, 200, 100, 4);
    kit_write(recording, b.s, b.n);
    myo_buf_clear(&b);
    kit_write("sub-01_channels.tsv", tsv, strlen(tsv));
    if (json != NULL) {
        kit_write("sub-01_motion.json", json, strlen(json));
    }
    kit k = kit_read(kit_path(recording), o, 1.0);
    unlink(kit_path("sub-01_channels.tsv"));
    unlink(kit_path("sub-01_motion.json"));
    unlink(kit_path(recording));
    kit_clean(NULL, 0);
    return k;
}

static kit motion(const char *tsv, const char *json, const myo_open_opts *o) {
    return beside("sub-01_motion.tsv", "", "%V\t1\t0\n", tsv, json, o);
}

static void check_motion(const kit *k) {
    KIT_OK(*k);
    ck_assert_int_eq(k->n_ch, 3);
    ck_assert_double_eq(k->ch[0].fs, 100);
    ck_assert_str_eq(k->ch[0].sensor, "w_acc");
    ck_assert_float_eq(k->x[0][9], (float)kit_sample(9));
}

START_TEST(rates_of_rows_are_checked) {
    static const char *const wrong[] = {"abc", "0", "-1", "nan", "inf", "1e12", "1e-12", "500,5", "0x1F4"};
    char tsv[200], part[100];
    snprintf(tsv, sizeof tsv, RATE_HEAD "a\tACCEL\tg\t100\nb\tACCEL\tg\t%s\nc\tACCEL\tg\t100\n", wrong[_i]);
    snprintf(part, sizeof part, "_channels.tsv: line 3, column 4: field sampling_frequency (found '%s'", wrong[_i]);
    kit k = motion(tsv, JSON_100, NULL);
    KIT_FAILS(k, MYO_ERR_RANGE, part);
    kit_free(&k);
}
END_TEST

START_TEST(rows_give_the_rate) {
    static const char *const tables[] = {RATES("100", "100", "100"), RATES("n/a", "100.0", "N/A")};
    kit k = motion(tables[_i], NULL, NULL);
    check_motion(&k);
    ck_assert_int_eq(k.d.n_warnings, 0);
    kit_free(&k);
}
END_TEST

START_TEST(rows_of_different_rates_give_none) {
    kit k = motion(RATES("100", "50", "100"), NULL, NULL);
    KIT_FAILS(k, MYO_ERR_DAMAGED, "found 100 Hz in line 2, 50 Hz in line 3");
    kit_free(&k);
    k = motion(RATES("100", "50", "100"), JSON_100, NULL);
    check_motion(&k);
    ck_assert_int_eq(k.d.n_warnings, 1);
    ck_assert(kit_warned(&k, "channel 'w_acc_y': sampling rates differ: 100 Hz in"));
    kit_free(&k);
}
END_TEST

START_TEST(rows_against_the_rate_in_use) {
    const myo_open_opts o = {.fs = 100};
    kit k = motion(RATES("50", "50", "50"), JSON_100, NULL);
    check_motion(&k);
    ck_assert_int_eq(k.d.n_warnings, 1);
    ck_assert(kit_warned(&k, "channel 'w_acc_x' and 2 more: sampling rates differ: 100 Hz in "
                             "sub-01_motion.json, 50 Hz in sub-01_channels.tsv"));
    kit_free(&k);
    k = motion(RATES("50", "50", "50"), NULL, &o);
    check_motion(&k);
    ck_assert(kit_warned(&k, "sampling rates differ: 100 Hz used, the sidecar says 50 Hz"));
    kit_free(&k);
    k = motion(RATES("100.5", "n/a", ""), JSON_100, NULL);
    check_motion(&k);
    ck_assert_int_eq(k.d.n_warnings, 0);
    kit_free(&k);
}
END_TEST

/* --- rows and channels --- */

#define NAME_HEAD "name\ttype\tunits\n"

static const struct {
    const char *tsv, *warning; /* NULL: none */
} tables[] = {
    {NAME_HEAD "one\tEMG\tuV\ntwo\tEMG\tuV\n", NULL},
    {NAME_HEAD "two\tEMG\tuV\none\tEMG\tuV\ntime\tMISC\ts\n", NULL},
    {NAME_HEAD "one\tEMG\tuV\ntwo\tEMG\tuV\nlat\tLATENCY\ts\n", NULL},
    {"", "_channels.tsv: no rows"},
    {NAME_HEAD, "_channels.tsv: no rows"},
    {NAME_HEAD "A\tEMG\tuV\nB\tEMG\tuV\n", "other channels (A, B; the recording has one, two)"},
    {NAME_HEAD "two\tEMG\tuV\n", "no row for 1 channel of the recording: one"},
    {NAME_HEAD "one\tEMG\tuV\ntwo\tEMG\tuV\nthree\tEMG\tuV\nfour\tEMG\tuV\n",
     "2 rows of no channel of the recording: three, four"},
    {NAME_HEAD "one\tEMG\tuV\ntwo\tEMG\tuV\none\tEMG\tuV\n",
     "line 4: 'one' comes twice, with the same cells as in line 2"},
    {NAME_HEAD "one\tEMG\tuV\ntwo\tEMG\tuV\none\tn/a\tn/a\n", "line 4: 'one' comes twice, with the same"},
};

static kit named(const char *tsv, const char *head) {
    const myo_open_opts o = {.channels = "2=EMG:uV"};
    return beside("sub-01_emg.csv", head, "%T,%V,1\n", tsv, NULL, &o);
}

START_TEST(rows_against_channels) {
    kit k = named(tables[_i].tsv, "time,one,two\n");
    KIT_OK(k);
    const char *const told = tables[_i].warning;
    int n = 0;
    for (int i = 0; i < k.d.n_warnings; i++) {
        n += strstr(k.d.warnings[i], "_channels.tsv") != NULL;
    }
    ck_assert_int_eq(n, told != NULL);
    ck_assert(told == NULL || kit_warned(&k, told));
    kit_free(&k);
}
END_TEST

START_TEST(rows_that_contradict_each_other) {
    static const char *const cells[][2] = {
        {"EMG\tuV\tn/a\tgood", "EMG\tmV\tn/a\tgood"}, {"EMG\tuV\tn/a\tgood", "ACCEL\tuV\tn/a\tgood"},
        {"EMG\tuV\tn/a\tgood", "EMG\tuV\tn/a\tbad"},  {"EMG\tuV\tfdi\tgood", "EMG\tuV\tapb\tgood"}};
    char tsv[300];
    snprintf(tsv, sizeof tsv, "name\ttype\tunits\ttarget_muscle\tstatus\none\t%s\none\t%s\ntwo\tEMG\tuV\tn/a\tgood\n",
             cells[_i][0], cells[_i][1]);
    kit k = named(tsv, "time,one,two\n");
    KIT_FAILS(k, MYO_ERR_DAMAGED, "line 3, column 1: 'one' comes twice and says something else than in line 2");
    kit_free(&k);
}
END_TEST

/* As many rows of a name as channels: the first is the first one's. */
START_TEST(rows_of_channels_of_one_name) {
    kit k = named(NAME_HEAD "one\tEMG\tmV\none\tEMG\tuV\n", "time,one,one\n");
    KIT_OK(k);
    ck_assert_str_eq(k.ch[1].label, "one#2");
    ck_assert_double_eq(k.ch[0].scale, 1000);
    ck_assert_double_eq(k.ch[1].scale, 1);
    kit_free(&k);
}
END_TEST

int main(void) {
    Suite *s = suite_create("bids_rows");
    TCase *t = tcase_create("rows");
    tcase_add_loop_test(t, rates_of_rows_are_checked, 0, 9);
    tcase_add_loop_test(t, rows_give_the_rate, 0, 2);
    tcase_add_test(t, rows_of_different_rates_give_none);
    tcase_add_test(t, rows_against_the_rate_in_use);
    tcase_add_loop_test(t, rows_against_channels, 0, (int)N_OF(tables));
    tcase_add_loop_test(t, rows_that_contradict_each_other, 0, 4);
    tcase_add_test(t, rows_of_channels_of_one_name);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed;
}
