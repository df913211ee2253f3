/* test_turned.c - an accelerometer's events do not depend on how it was put on, nor on the unit it was written in; tremor
 * has the amplitude that all its axes have together. */
#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <check.h>
#include "myotab/run.h"
#include "base/base.h"
#include "out/tsv.h"

enum { PATH = 256, AXES = 3 };
static char root[PATH];

static const char *path_of(const char *name, const char *end)
{
    static char path[8][2 * PATH];
    static int at;
    at = (at + 1) % 8;
    snprintf(path[at], sizeof path[at], "%s/%s%s", root, name, end);
    return path[at];
}

/* ---- recordings: a plain one, and the same with its axes mixed ---- */

static const char *const scenarios[] = {"acc-moving", "acc-hard", "acc-artefacts"};
static const char *const rates[] = {"fs=100", "fs=50", "fs=200"};
enum { N_SCENARIOS = (int)(sizeof scenarios / sizeof scenarios[0]) };

static void make(int i)
{
    const char *const settings[] = {rates[i], "format=csv", "duration_s=240", "name=plain", NULL};
    const myo_synth_job job = {.scenario = scenarios[i], .out_dir = root, .seed = 60, .settings = settings};
    ck_assert_int_eq(myo_synth(&job, NULL), MYO_OK);
}

typedef struct change {
    const char *name, *unit;
    double m[AXES][AXES];
} change;

/* Turned by 1 rad about (1, 2, 2) / 3: cos I + sin [u]x + (1 - cos) u u'. */
static change turned(void)
{
    const double u[AXES] = {1.0 / 3.0, 2.0 / 3.0, 2.0 / 3.0}, c = cos(1.0), s = sin(1.0);
    change k = {.name = "turned", .unit = "g"};
    for (int a = 0; a < AXES; a++) {
        for (int b = 0; b < AXES; b++) {
            k.m[a][b] = (1.0 - c) * u[a] * u[b] + (a == b ? c : 0.0);
        }
        k.m[a][(a + 1) % AXES] -= s * u[(a + 2) % AXES];
        k.m[a][(a + 2) % AXES] += s * u[(a + 1) % AXES];
    }
    return k;
}

static change mirrored(void)
{
    return (change){"mirrored", "g", {{0, 0, -1}, {-1, 0, 0}, {0, 1, 0}}};
}

static change scaled(const char *name, const char *unit, double by)
{
    return (change){name, unit, {{by, 0, 0}, {0, by, 0}, {0, 0, by}}};
}

static void write_changed(const change *k)
{
    char line[512];
    FILE *in = fopen(path_of("plain", ".csv"), "r"), *out = fopen(path_of(k->name, ".csv"), "w");
    ck_assert(in && out);
    ck_assert_ptr_nonnull(fgets(line, sizeof line, in));
    fprintf(out, "time,acc_x (%s),acc_y (%s),acc_z (%s)\n", k->unit, k->unit, k->unit);
    for (double t, x[AXES]; fgets(line, sizeof line, in) && sscanf(line, "%lf,%lf,%lf,%lf", &t, x, x + 1, x + 2) == 4;) {
        fprintf(out, "%.6f", t);
        for (int a = 0; a < AXES; a++) {
            fprintf(out, ",%.9g", k->m[a][0] * x[0] + k->m[a][1] * x[1] + k->m[a][2] * x[2]);
        }
        fputs("\n", out);
    }
    fclose(in);
    ck_assert_int_eq(fclose(out), 0);
}

static void say_nothing(void *user, myo_level level, const char *file, const char *text)
{
    (void)user;
    (void)level;
    (void)file;
    (void)text;
}

static void detect(const char *name)
{
    const char *const inputs[] = {path_of(name, ".csv")};
    myo_params p;
    int n_failed = 0;
    myo_params_defaults(&p);
    const myo_detect_job job = {.inputs = inputs, .n_inputs = 1, .out_dir = path_of("out", ""), .params = &p, .n_threads = 1,
                                .say = say_nothing};
    ck_assert_int_eq(myo_detect(&job, &n_failed), MYO_OK);
    ck_assert_int_eq(n_failed, 0);
}

/* ---- tables ---- */

static void read_table(myo_tsv *t, const char *name, const char *table)
{
    char file[PATH];
    myo_diag d = {0};
    snprintf(file, sizeof file, "out/%s", name);
    ck_assert_msg(myo_tsv_read(t, path_of(file, table), 1 << 26, &d) == MYO_OK, "%s", d.message);
}

/* Text alike; numbers to `share` of themselves, or a step of their last digit. */
static bool alike(const char *a, const char *b, double share)
{
    char *end_a, *end_b;
    const double x = strtod(a, &end_a), y = strtod(b, &end_b);
    if (*end_a || *end_b || end_a == a) {
        return strcmp(a, b) == 0;
    }
    return fabs(x - y) <= share * fabs(x) + 2e-6;
}

/* Columns before `until` (-1: all) of both tables, row by row. */
static void compare(const char *name, const char *table, const char *until, double share)
{
    myo_tsv a = {0}, b = {0};
    read_table(&a, "plain", table);
    read_table(&b, name, table);
    ck_assert_uint_gt(a.n_rows, 3);
    ck_assert_uint_eq(a.n_rows, b.n_rows);
    const int n = until ? myo_tsv_find(&a, until) : a.n_cols;
    for (size_t i = 0; i < a.n_rows; i++) {
        for (int c = 0; c < n; c++) {
            const char *x = myo_tsv_cell(&a, i, c), *y = myo_tsv_cell(&b, i, c);
            ck_assert_msg(alike(x, y, share), "%s%s, row %zu, column %d: %s, not %s", name, table, i + 1, c + 1, y, x);
        }
    }
    myo_tsv_clear(&a);
    myo_tsv_clear(&b);
}

START_TEST(any_way_of_wearing_it_gives_the_same_events)
{
    const change k[] = {turned(), mirrored()};
    make(_i);
    detect("plain");
    for (size_t i = 0; i < sizeof k / sizeof k[0]; i++) {
        write_changed(&k[i]);
        detect(k[i].name);
        compare(k[i].name, "_events.tsv", NULL, 1e-3);
        compare(k[i].name, "_bursts.tsv", NULL, 1e-3);
        compare(k[i].name, "_summary.tsv", NULL, 1e-3);
    }
}
END_TEST

START_TEST(any_unit_gives_the_same_events)
{
    const change k[] = {scaled("si", "m/s^2", 9.80665), scaled("milli", "mg", 1000.0)};
    make(_i);
    detect("plain");
    for (size_t i = 0; i < sizeof k / sizeof k[0]; i++) {
        write_changed(&k[i]);
        detect(k[i].name);
        compare(k[i].name, "_events.tsv", NULL, 1e-3);
        compare(k[i].name, "_bursts.tsv", NULL, 1e-3);
    }
}
END_TEST

/* Gravity tells how many counts are one g; movement blurs that a little, so edges and doubtful events may differ. */
START_TEST(counts_are_scaled_by_gravity)
{
    const change k = scaled("counts", "counts", 16384.0);
    make(0);
    detect("plain");
    write_changed(&k);
    detect(k.name);
    compare(k.name, "_events.tsv", "event_id", 0.01);
    myo_tsv t = {0};
    read_table(&t, k.name, "_channels.tsv");
    ck_assert_str_eq(myo_tsv_cell(&t, 0, myo_tsv_find(&t, "unit")), "g");
    ck_assert_ptr_nonnull(strstr(myo_tsv_cell(&t, 0, myo_tsv_find(&t, "flags")), "scale_from_gravity"));
    myo_tsv_clear(&t);
}
END_TEST

/* 30 s of tremor, 0.1 g rms in all, along (2, 1, 2) / 3 of a sensor that gravity meets askew. */
START_TEST(tremor_has_the_amplitude_of_all_axes)
{
    static const double hz[] = {3.7, 5.3, 8.1, 10.6};
    const double fs = 100.0, rms = 0.1, w = 2.0 * M_PI * hz[_i];
    FILE *f = fopen(path_of("plain", ".csv"), "w");
    myo_rng r;
    myo_rng_seed(&r, 3, 1);
    ck_assert_ptr_nonnull(f);
    fputs("time,acc_x (g),acc_y (g),acc_z (g)\n", f);
    for (int i = 0; i < 6000; i++) {
        const double t = i / fs, s = t > 15.0 && t < 45.0 ? rms * M_SQRT2 * sin(w * t) : 0.0;
        fprintf(f, "%.6f", t);
        for (int a = 0; a < AXES; a++) {
            fprintf(f, ",%.6f", 0.57735 + s * (a == 1 ? 1.0 : 2.0) / 3.0 + 0.002 * myo_rng_normal(&r));
        }
        fputs("\n", f);
    }
    ck_assert_int_eq(fclose(f), 0);
    detect("plain");
    myo_tsv t = {0};
    double found[4];
    static const char *const column[] = {"rms", "freq_hz", "onset", "duration"};
    read_table(&t, "plain", "_events.tsv");
    ck_assert_uint_eq(t.n_rows, 1);
    ck_assert_str_eq(myo_tsv_cell(&t, 0, myo_tsv_find(&t, "trial_type")), "tremor");
    for (int c = 0; c < 4; c++) {
        ck_assert_int_eq(myo_tsv_f64(&t, 0, myo_tsv_find(&t, column[c]), false, &found[c], NULL), MYO_OK);
    }
    ck_assert_double_eq_tol(found[0], rms, 0.03 * rms);
    ck_assert_double_eq_tol(found[1], hz[_i], 0.05);
    ck_assert_double_eq_tol(found[2], 15.0, 1.0);
    ck_assert_double_eq_tol(found[3], 30.0, 2.0);
    myo_tsv_clear(&t);
}
END_TEST

static void setup_root(void)
{
    snprintf(root, sizeof root, "/tmp/myotab-turned-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(root));
}

static void remove_root(void)
{
    char command[2 * PATH];
    snprintf(command, sizeof command, "rm -rf '%s'", root);
    ck_assert_int_eq(system(command), 0);
}

int main(void)
{
    Suite *s = suite_create("turned");
    TCase *c = tcase_create("turned");
    tcase_add_checked_fixture(c, setup_root, remove_root);
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, any_way_of_wearing_it_gives_the_same_events, 0, N_SCENARIOS);
    tcase_add_loop_test(c, any_unit_gives_the_same_events, 0, N_SCENARIOS);
    tcase_add_test(c, counts_are_scaled_by_gravity);
    tcase_add_loop_test(c, tremor_has_the_amplitude_of_all_axes, 0, 4);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed;
}
