/* test_negative.c - negative jerks of synthetic recordings, from the file to the table. */
#include "myotab/myotab.h"
#include "recfile.h"
#include "tsv.h"

#define MAKE(scenario, seed, ...) make(scenario, seed, (const char *const[]){__VA_ARGS__, NULL})
static void make(const char *scenario, uint64_t seed, const char *const *settings)
{
    myo_diag d = {0};
    const myo_synth_job job = {.scenario = scenario, .out_dir = folder, .seed = seed, .settings = settings};
    ck_assert_msg(myo_synth(&job, &d) == MYO_OK, "%s", d.message);
}

static void hush(void *user, myo_level level, const char *file, const char *text)
{
    (void)user, (void)level, (void)file, (void)text;
}

static void detect(const char *name, const char *const *settings)
{
    myo_params params;
    myo_diag d = {0};
    int n_failed = 0;
    char input[600], out[600];
    snprintf(input, sizeof input, "%s/%s", folder, name);
    snprintf(out, sizeof out, "%s/out", folder);
    const myo_param_source source = {.settings = settings};
    ck_assert_msg(myo_params_from(&params, &source, &d) == MYO_OK, "%s", d.message);
    const char *const inputs[] = {input};
    const myo_detect_job job = {.inputs = inputs, .n_inputs = 1, .out_dir = out, .params = &params, .n_threads = 1,
                                .say = hush};
    ck_assert_int_eq(myo_detect(&job, &n_failed), MYO_OK);
    myo_diag_clear(&d);
}

static tsv *table(const char *name)
{
    return tsv_read(in_folder(name));
}

static double overlap(const tsv *a, int i, const tsv *b, int j)
{
    const double on_a = tsv_number(a, i, "onset"), on_b = tsv_number(b, j, "onset");
    const double off_a = on_a + tsv_number(a, i, "duration"), off_b = on_b + tsv_number(b, j, "duration");
    const bool same = strcmp(tsv_text(a, i, "channel"), tsv_text(b, j, "channel")) == 0;
    return same ? (fmin(off_a, off_b) - fmax(on_a, on_b)) / fmax(off_a - on_a, off_b - on_b) : 0.0;
}

typedef struct tally {
    int truth, found, hits, near;
} tally;

/* Silences of 50-500 ms in tone of 12 dB and more; one found that overlaps no true one at all is false. */
static tally compare(const tsv *t, const tsv *f)
{
    tally n = {0};
    for (int i = 1; i < t->n_rows; i++) {
        const double length = tsv_number(t, i, "duration");
        const bool counts = length >= 0.05 && length <= 0.5 && tsv_number(t, i, "tone_snr_db") >= 12.0;
        n.truth += counts;
        for (int j = 1; j < f->n_rows && counts; j++) {
            if (overlap(t, i, f, j) > 0.3) {
                const double on = tsv_number(f, j, "onset") - tsv_number(t, i, "onset");
                const double off = on + tsv_number(f, j, "duration") - length;
                n.hits++;
                n.near += fabs(on) <= 0.010 && fabs(off) <= 0.010;
            }
        }
    }
    for (int j = 1; j < f->n_rows; j++) {
        bool any = false;
        for (int i = 1; i < t->n_rows; i++) {
            any = any || overlap(t, i, f, j) > 0.3;
        }
        n.found += !any;
    }
    n.found += n.hits;
    return n;
}

START_TEST(silences_of_contractions_are_found)
{
    tally all = {0};
    static const char *const snr[] = {"snr_db=15", "snr_db=22"};
    for (int k = 0; k < 2; k++) {
        MAKE("emg-clean", 500 + (uint64_t)k, "duration_s=150", "negative_per_min=8", "noise_uv=3", snr[k]);
        detect("emg-clean.edf", NULL);
        tsv *t = table("emg-clean_truth_negative.tsv"), *f = table("out/emg-clean_negative.tsv");
        const tally n = compare(t, f);
        all.truth += n.truth, all.found += n.found, all.hits += n.hits, all.near += n.near;
        tsv_free(t);
        tsv_free(f);
    }
    const double f1 = 2.0 * all.hits / (all.truth + all.found);
    ck_assert_int_ge(all.truth, 50);
    ck_assert_msg(f1 >= 0.90, "F1 %.3f: %d true, %d found, %d of them right", f1, all.truth, all.found, all.hits);
    ck_assert_int_ge(10 * all.near, 8 * all.hits);
}
END_TEST

/* No recording without them has any: contractions, cramps, tetany, tremor, jerks, dropouts, cables. */
START_TEST(nothing_else_is_one)
{
    MAKE("emg-clean", 510, "duration_s=150", "voluntary_per_min=6", "dropout_per_min=2", "cable_per_min=1");
    detect("emg-clean.edf", NULL);
    MAKE("emg-tremor", 511, "duration_s=150", "snr_db=20");
    detect("emg-tremor.edf", NULL);
    static const char *const name[] = {"out/emg-clean_negative.tsv", "out/emg-tremor_negative.tsv"};
    for (int k = 0; k < 2; k++) {
        tsv *f = table(name[k]);
        ck_assert_int_eq(f->n_rows, 1);
        tsv_free(f);
    }
}
END_TEST

START_TEST(parameters_bound_them)
{
    static const char *const narrow[] = {"negative.min_ms=150", "negative.max_ms=250", NULL};
    static const char *const wrong[] = {"negative.min_ms=300", "negative.max_ms=200", NULL};
    MAKE("emg-clean", 520, "duration_s=60", "negative_per_min=10", "snr_db=24");
    detect("emg-clean.edf", narrow);
    tsv *f = table("out/emg-clean_negative.tsv");
    ck_assert_int_gt(f->n_rows, 1);
    for (int j = 1; j < f->n_rows; j++) {
        ck_assert_double_ge(tsv_number(f, j, "duration"), 0.1499);
        ck_assert_double_le(tsv_number(f, j, "duration"), 0.2501);
    }
    tsv_free(f);
    myo_params params;
    myo_diag d = {0};
    const myo_param_source source = {.settings = wrong};
    ck_assert_int_eq(myo_params_from(&params, &source, &d), MYO_ERR_PARAM);
    ck_assert_ptr_nonnull(strstr(d.message, "negative.min_ms"));
    myo_diag_clear(&d);
}
END_TEST

/* Truth only where it was asked for; without, recordings are what they were. */
START_TEST(truth_comes_with_the_setting)
{
    MAKE("emg-clean", 530, "duration_s=20");
    ck_assert_int_ne(access(in_folder("emg-clean_truth_negative.tsv"), F_OK), 0);
    MAKE("emg-clean", 530, "duration_s=20", "negative_per_min=0.01");
    ck_assert_int_eq(access(in_folder("emg-clean_truth_negative.tsv"), F_OK), 0);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("negative");
    TCase *c = tcase_create("negative");
    tcase_add_checked_fixture(c, make_folder, remove_folder);
    tcase_add_test(c, silences_of_contractions_are_found);
    tcase_add_test(c, nothing_else_is_one);
    tcase_add_test(c, parameters_bound_them);
    tcase_add_test(c, truth_comes_with_the_setting);
    tcase_set_timeout(c, 120);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_ENV);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? 0 : 1;
}
