/* test_analyse.c - one recording from file to tables: what single bad samples and lost electrodes leave of it. */
#include "myotab/myotab.h"
#include "recfile.h"
#include "run/analyse.h"

enum { N = 60000 };
static const double PI = 3.14159265358979;
static myo_params params;
static myo_diag diag;
static double x[N];

/* A minute of noise with ten bursts of 100 ms. */
static void make_signal(void)
{
    myo_rng r;
    myo_rng_seed(&r, 3, 1);
    for (int i = 0; i < N; i++) {
        x[i] = 3.0 * myo_rng_normal(&r);
    }
    for (int b = 0; b < 10; b++) {
        for (int i = 0; i < 100; i++) {
            x[3000 + 5500 * b + i] *= 30.0 * sin(PI * (i + 0.5) / 100.0);
        }
    }
}

static myo_err analyse(void)
{
    static char input[512], out[512], stem[512];
    static const myo_open_opts as_emg = {.fs = 1000.0, .channels = "1=EMG:uV"};
    bytes b = {0};
    char line[64], command[256];
    snprintf(command, sizeof command, "rm -rf %s && mkdir -p %s/out", folder, folder);
    ck_assert_int_eq(system(command), 0);
    for (int i = 0; i < N; i++) {
        snprintf(line, sizeof line, "%.9g\n", x[i]);
        put_text(&b, line);
    }
    save(&b, "rec.txt");
    free(b.p);
    snprintf(input, sizeof input, "%s/rec.txt", folder);
    snprintf(out, sizeof out, "%s/out", folder);
    snprintf(stem, sizeof stem, "%s/out/rec", folder);
    myo_params_defaults(&params);
    const myo_analyse_job job = {.input = input, .stem_path = stem, .dir = out, .params = &params, .open = &as_emg};
    return myo_analyse(&job, &diag);
}

static int count(const char *type)
{
    char path[600], line[4096];
    int n = 0;
    snprintf(path, sizeof path, "%s/out/rec_events.tsv", folder);
    FILE *f = fopen(path, "r");
    ck_assert_ptr_nonnull(f);
    while (fgets(line, sizeof line, f)) {
        n += strstr(line, type) != NULL;
    }
    fclose(f);
    return n;
}

/* Too large for its neighbours, and for single precision to hold them beside it. */
START_TEST(one_impossible_sample_hides_nothing)
{
    static const double bad[] = {0.0, 1e8, -1e10, 1e30};
    make_signal();
    x[7000] = _i > 0 ? bad[_i] : x[7000];
    const myo_err err = analyse();
    ck_assert_msg(err == MYO_OK, "%s", diag.message);
    ck_assert_int_eq(count("\tjerk\t"), 10);
    ck_assert_int_eq(diag.n_warnings > 0, _i > 0);
    myo_diag_clear(&diag);
}
END_TEST

START_TEST(a_recording_masked_throughout_fails)
{
    double level = 0.0;
    myo_rng r;
    make_signal();
    myo_rng_seed(&r, 5, 1);
    for (int i = 0; i < N; i++) {
        level += i % 60 == 0 ? (myo_rng_uniform(&r) < 0.5 ? -3000.0 : 3000.0) : 0.0;
        x[i] += level;
    }
    ck_assert_int_eq(analyse(), MYO_ERR_NO_CHANNEL);
    ck_assert_ptr_nonnull(strstr(diag.message, "no channel with usable signal"));
    myo_diag_clear(&diag);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("analyse");
    TCase *t = tcase_create("bad samples");
    tcase_add_loop_test(t, one_impossible_sample_hides_nothing, 0, 4);
    tcase_add_test(t, a_recording_masked_throughout_fails);
    suite_add_tcase(s, t);
    return run_tests(s);
}
