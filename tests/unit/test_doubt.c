/* test_doubt.c - from file to tables: dead axes, impossible scales and gaps are told and flagged. */
#include "myotab/myotab.h"
#include "recfile.h"
#include "run/analyse.h"

static myo_params params;
static myo_diag diag;
static bytes text;

static void begin(const char *header)
{
    char command[256];
    snprintf(command, sizeof command, "rm -rf %s && mkdir -p %s/out", folder, folder);
    ck_assert_int_eq(system(command), 0);
    put_text(&text, header);
}

static myo_err analyse(const myo_open_opts *open)
{
    static char input[512], out[512], stem[512];
    save(&text, "rec.csv");
    free(text.p);
    text = (bytes){0};
    snprintf(input, sizeof input, "%s/rec.csv", folder);
    snprintf(out, sizeof out, "%s/out", folder);
    snprintf(stem, sizeof stem, "%s/out/rec", folder);
    myo_params_defaults(&params);
    const myo_analyse_job job = {.input = input, .stem_path = stem, .dir = out, .params = &params, .open = open};
    return myo_analyse(&job, &diag);
}

static int lines_with(const char *table, const char *what)
{
    char path[600], line[4096];
    int n = 0;
    snprintf(path, sizeof path, "%s/out/rec_%s.tsv", folder, table);
    FILE *f = fopen(path, "r");
    ck_assert_ptr_nonnull(f);
    while (fgets(line, sizeof line, f)) {
        n += strstr(line, what) != NULL;
    }
    fclose(f);
    return n;
}

static int warnings_with(const char *what)
{
    int n = 0;
    for (int i = 0; i < diag.n_warnings; i++) {
        n += strstr(diag.warnings[i], what) != NULL;
    }
    return n;
}

/* Axes [first, last) hold a value for n samples from `from` on. */
typedef struct held { int first, last; double value; int from, n; } held;

/* A minute and a half of a sensor at rest, z up. */
static void sensor_but(const char *unit, double one_g, const held *h)
{
    char line[160];
    myo_rng r;
    myo_rng_seed(&r, 4, 1);
    snprintf(line, sizeof line, "acc_x%s,acc_y%s,acc_z%s\n", unit, unit, unit);
    begin(line);
    for (int i = 0; i < 9000; i++) {
        double v[3];
        for (int a = 0; a < 3; a++) {
            v[a] = one_g * ((a == 2) + 0.003 * myo_rng_normal(&r));
            v[a] = a >= h->first && a < h->last && i >= h->from && i < h->from + h->n ? h->value : v[a];
        }
        snprintf(line, sizeof line, "%.7g,%.7g,%.7g\n", v[0], v[1], v[2]);
        put_text(&text, line);
    }
}

/* `stuck` (0..2, else none) holds one value throughout. */
static void sensor(const char *unit, double one_g, int stuck, double value)
{
    sensor_but(unit, one_g, &(held){stuck, stuck + 1, value, 0, 9000});
}

static const myo_open_opts at_100 = {.fs = 100.0};

START_TEST(an_axis_that_never_changes_is_told)
{
    static const struct { int axis; double value; const char *label; } dead[] = {{0, 0.2, "acc_x"}, {1, 0.0, "acc_y"}};
    char expected[64];
    sensor(" [g]", 1.0, dead[_i].axis, dead[_i].value);
    ck_assert_int_eq(analyse(&at_100), MYO_OK);
    snprintf(expected, sizeof expected, "axis %s never changes (found %g throughout)", dead[_i].label, dead[_i].value);
    ck_assert_int_eq(warnings_with(expected), 1);
    ck_assert_int_eq(lines_with("channels", "axis_missing"), 1);
    myo_diag_clear(&diag);
}
END_TEST

/* All zero: a dropout, no clipping. One that stays at 1 g: a stalled sensor. An axis by itself. */
START_TEST(still_stretches_are_told)
{
    static const struct { held h; const char *told, *flag; } given[] = {
        {{0, 3, 0.0, 3000, 30}, "channel acc: sensor stood still or dropped out for 0.5 s, left out", "masked"},
        {{0, 3, 0.0, 3000, 2000}, "channel acc: sensor stood still or dropped out for 20.2 s (22 % of 90 s), left out", "masked"},
        {{0, 3, 0.6, 3000, 1000}, "channel acc: sensor stood still or dropped out for 10.2 s, left out", "masked"},
        {{1, 2, 0.01, 2000, 6500}, "channel acc: axis acc_y stood still for 65 s while others moved", "axis_missing"}};
    sensor_but(" [g]", 1.0, &given[_i].h);
    ck_assert_int_eq(analyse(&at_100), MYO_OK);
    ck_assert_int_eq(diag.n_warnings, 1);
    ck_assert_int_eq(warnings_with(given[_i].told), 1);
    ck_assert_int_eq(lines_with("channels", given[_i].flag), _i < 3 ? 2 : 1); /* a column is named masked_s */
    ck_assert_int_eq(lines_with("events", "acc"), 0);
    myo_diag_clear(&diag);
}
END_TEST

START_TEST(living_axes_are_not_doubted)
{
    sensor(" [g]", 1.0, -1, 0.0);
    ck_assert_int_eq(analyse(&at_100), MYO_OK);
    ck_assert_int_eq(diag.n_warnings, 0);
    ck_assert_int_eq(lines_with("channels", "n/a"), 1);
    myo_diag_clear(&diag);
}
END_TEST

/* Without the axis that held most of it gravity is no measure. */
START_TEST(no_scale_from_gravity_with_a_dead_axis)
{
    sensor("", 4096.0, 2, 0.0);
    ck_assert_int_eq(analyse(&at_100), MYO_OK);
    ck_assert_int_eq(warnings_with("scale found from gravity"), 0);
    ck_assert_int_eq(warnings_with("gravity cannot tell the scale without one of its axes; amplitudes are in file units"),
                     1);
    ck_assert_int_eq(lines_with("channels", "uncalibrated;axis_missing"), 1);
    myo_diag_clear(&diag);
}
END_TEST

/* Said once whether amplitudes are in file units. */
START_TEST(scale_from_gravity_of_three_axes_only)
{
    static const struct { const char *channels; int in_g; } given[] = {
        {"", 1}, {"acc_y=OTHER", 0}, {"acc_x=OTHER,acc_y=OTHER", 0}};
    const myo_open_opts open = {.fs = 100.0, .channels = given[_i].channels};
    sensor("", 4096.0, -1, 0.0);
    ck_assert_int_eq(analyse(&open), MYO_OK);
    ck_assert_int_eq(warnings_with("amplitudes are in g"), given[_i].in_g);
    ck_assert_int_eq(warnings_with("amplitudes are in file units"), !given[_i].in_g);
    ck_assert_int_eq(warnings_with("gravity is to tell"), given[_i].in_g);
    ck_assert_int_eq(lines_with("channels", given[_i].in_g ? "ACC\tg" : "ACC\tau"), 1);
    myo_diag_clear(&diag);
}
END_TEST

/* A scale meant for counts on samples of +-1; one too large. */
START_TEST(lone_axes_have_a_plausible_scale)
{
    static const struct { double scale; const char *told, *flag; } given[] = {
        {1.0, NULL, NULL}, {0.000244, "noise floor of", "unit?"}, {1000.0, "gravity is not plausible", "gravity_implausible"}};
    const myo_open_opts open = {.fs = 100.0, .channels = "acc_x=OTHER,acc_y=OTHER", .scale = given[_i].scale};
    sensor(" [g]", 1.0, -1, 0.0);
    ck_assert_int_eq(analyse(&open), MYO_OK);
    ck_assert_int_eq(diag.n_warnings, given[_i].told != NULL);
    ck_assert_int_eq(given[_i].told ? warnings_with(given[_i].told) : 0, given[_i].told != NULL);
    ck_assert_int_eq(given[_i].flag ? lines_with("channels", given[_i].flag) : 0, given[_i].flag != NULL);
    myo_diag_clear(&diag);
}
END_TEST

/* A minute of noise with ten bursts of 100 ms, without the rows [from, to). */
static void emg(int from, int to)
{
    char line[96];
    myo_rng r;
    myo_rng_seed(&r, 3, 1);
    begin("time [s],EMG [uV]\n");
    for (int i = 0; i < 60000; i++) {
        const double x = (i % 5500 >= 3000 && i % 5500 < 3100 ? 90.0 : 3.0) * myo_rng_normal(&r);
        snprintf(line, sizeof line, "%.3f,%.6g\n", i / 1000.0, x);
        put_text(&text, i >= from && i < to ? "" : line);
    }
}

START_TEST(gaps_are_told_once)
{
    static const struct { int from, to; const char *told; } lost[] = {
        {0, 0, NULL}, {20000, 20001, "1 gap in time (0.001 s without samples)"}, {20000, 25000, "1 gap in time (5 s without samples)"}};
    emg(lost[_i].from, lost[_i].to);
    ck_assert_int_eq(analyse(NULL), MYO_OK);
    ck_assert_int_eq(diag.n_warnings, lost[_i].told != NULL);
    ck_assert_int_eq(lost[_i].told ? warnings_with(lost[_i].told) : 0, lost[_i].told != NULL);
    ck_assert_int_eq(lines_with("channels", "gaps"), lost[_i].told != NULL);
    myo_diag_clear(&diag);
}
END_TEST

/* A row lost amid a jerk, or five, make no second one. */
START_TEST(a_jerk_with_a_gap_is_one)
{
    static const int n[] = {0, 1, 5};
    emg(3050, 3050 + n[_i]);
    ck_assert_int_eq(analyse(NULL), MYO_OK);
    ck_assert_int_eq(lines_with("events", "\tjerk\t"), 11);
    ck_assert_int_eq(lines_with("events", "cut_start;cut_end"), _i > 0);
    ck_assert_int_eq(lines_with("bursts", "cut_"), _i > 0 ? 2 : 0); /* no burst runs over it */
    myo_diag_clear(&diag);
}
END_TEST

/* 120 mV in a channel of uV is no EMG; a standing voltage of that size is an electrode's. */
START_TEST(impossible_amplitudes_are_told)
{
    static const struct { double offset, peak; } given[] = {{0.0, 90e3}, {0.0, 120e3}, {120e3, 90e3}, {-120e3, 120e3}};
    char line[64];
    myo_rng r;
    myo_rng_seed(&r, 6, 1);
    begin("EMG [uV]\n");
    for (int i = 0; i < 30000; i++) {
        const double x = given[_i].offset + 3.0 * myo_rng_normal(&r) + (i == 20000 ? given[_i].peak : 0.0);
        snprintf(line, sizeof line, "%.6g\n", x);
        put_text(&text, line);
    }
    const bool told = given[_i].peak > 100e3;
    ck_assert_int_eq(analyse(&(myo_open_opts){.fs = 1000.0}), MYO_OK);
    ck_assert_int_eq(warnings_with("EMG amplitude is not plausible (up to 120 mV"), told);
    ck_assert_int_eq(lines_with("channels", "amplitude_implausible"), told);
    myo_diag_clear(&diag);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("doubt");
    TCase *t = tcase_create("doubt");
    tcase_add_loop_test(t, an_axis_that_never_changes_is_told, 0, 2);
    tcase_add_loop_test(t, still_stretches_are_told, 0, 4);
    tcase_add_test(t, living_axes_are_not_doubted);
    tcase_add_test(t, no_scale_from_gravity_with_a_dead_axis);
    tcase_add_loop_test(t, scale_from_gravity_of_three_axes_only, 0, 3);
    tcase_add_loop_test(t, lone_axes_have_a_plausible_scale, 0, 3);
    tcase_add_loop_test(t, impossible_amplitudes_are_told, 0, 4);
    tcase_add_loop_test(t, gaps_are_told_once, 0, 3);
    tcase_add_loop_test(t, a_jerk_with_a_gap_is_one, 0, 3);
    suite_add_tcase(s, t);
    return run_tests(s);
}
