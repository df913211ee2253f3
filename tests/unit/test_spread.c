/* test_spread.c - where jerks go: places of muscles, extent, direction; and the tables of jerks from a whole recording. */
#include "io/bodypart.h"
#include "myotab/myotab.h"
#include "recfile.h"
#include "run/analyse.h"
#include "run/spread.h"
#include "sig.h"
#include "tsv.h"

/* ---- places ---- */

START_TEST(places_of_labels)
{
    static const struct { const char *label; myo_side side; myo_part part; int level; } row[] = {
        {"RTA", MYO_SIDE_RIGHT, MYO_PART_LEG, 26},           {"L FDI", MYO_SIDE_LEFT, MYO_PART_ARM, 11},
        {"EMG left biceps brachii", MYO_SIDE_LEFT, MYO_PART_ARM, 7},
        {"right biceps femoris", MYO_SIDE_RIGHT, MYO_PART_LEG, 28},
        {"Masseter_R", MYO_SIDE_RIGHT, MYO_PART_HEAD, 1},    {"SCM li", MYO_SIDE_LEFT, MYO_PART_NECK, 4},
        {"ECR", MYO_SIDE_NONE, MYO_PART_ARM, 8},             {"rectus abdominis", MYO_SIDE_NONE, MYO_PART_TRUNK, 20},
        {"flexor hallucis brevis", MYO_SIDE_NONE, MYO_PART_LEG, 29}, {"left wrist", MYO_SIDE_LEFT, MYO_PART_ARM, 0},
        {"Leg/L", MYO_SIDE_LEFT, MYO_PART_LEG, 0},           {"EMG1", MYO_SIDE_NONE, MYO_PART_NONE, 0},
        {"", MYO_SIDE_NONE, MYO_PART_NONE, 0},               {"acc", MYO_SIDE_NONE, MYO_PART_NONE, 0},
        {"LDelt", MYO_SIDE_LEFT, MYO_PART_ARM, 7},           {"report", MYO_SIDE_NONE, MYO_PART_NONE, 0},
    };
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        const myo_bodypart b = myo_bodypart_of(row[i].label);
        ck_assert_msg(b.side == row[i].side && b.part == row[i].part && b.level == row[i].level, "%s: %d %d %d",
                      row[i].label, (int)b.side, (int)b.part, b.level);
    }
}
END_TEST

/* ---- extent and direction ---- */

enum { MOST = 8 };
static myo_spread_site site[MOST];
static int n_sites;

static void muscle(const char *label, double on_ms, double sd_ms)
{
    site[n_sites++] = (myo_spread_site){myo_bodypart_of(label), on_ms / 1000.0, sd_ms};
}

static void is_extent(int n_usable, const char *want, bool by_muscles)
{
    bool named;
    const char *got = myo_spread_extent(site, n_sites, n_usable, &named);
    ck_assert_msg((!got && !want) || (got && want && strcmp(got, want) == 0), "found %s", got ? got : "none");
    ck_assert_int_eq(named, by_muscles);
    n_sites = 0;
}

START_TEST(extent_by_muscles)
{
    muscle("L FDI", 0, 1), muscle("L biceps", 5, 1);
    is_extent(6, "focal", true);
    muscle("L FDI", 0, 1), muscle("R FDI", 5, 1);
    is_extent(6, "segmental", true);
    muscle("SCM L", 0, 1), muscle("L deltoid", 5, 1);
    is_extent(6, "segmental", true);
    muscle("L FDI", 0, 1), muscle("L TA", 20, 1);
    is_extent(6, "multifocal", true);
    muscle("L FDI", 0, 1), muscle("R FDI", 1, 1), muscle("L TA", 20, 1), muscle("R TA", 20, 1);
    is_extent(6, "generalised", true);
    muscle("masseter", 0, 1), muscle("R FDI", 1, 1), muscle("R TA", 20, 1);
    is_extent(6, "generalised", true);
    muscle("SCM", 0, 1), muscle("R FDI", 1, 1), muscle("L FDI", 1, 1);
    is_extent(6, "segmental", true);
    muscle("FDI", 0, 1);
    is_extent(1, NULL, true); /* nothing else was looked at */
}
END_TEST

START_TEST(extent_by_number)
{
    muscle("EMG1", 0, 1);
    is_extent(4, "focal", false);
    muscle("EMG1", 0, 1), muscle("EMG2", 0, 1);
    is_extent(4, "segmental", false);
    muscle("EMG1", 0, 1), muscle("EMG2", 0, 1), muscle("EMG3", 0, 1);
    is_extent(3, "segmental", false); /* all, but of three */
    muscle("EMG1", 0, 1), muscle("EMG2", 0, 1), muscle("EMG3", 0, 1), muscle("L TA", 0, 1);
    is_extent(5, "generalised", false);
}
END_TEST

static void is_text(const char *got, const char *want)
{
    ck_assert_msg((!got && !want) || (got && want && strcmp(got, want) == 0), "found %s", got ? got : "none");
    n_sites = 0;
}

START_TEST(order_by_levels)
{
    muscle("masseter", 0, 1), muscle("deltoid", 5, 1), muscle("FDI", 10, 1), muscle("TA", 25, 1);
    is_text(myo_spread_order(site, n_sites), "rostro_caudal");
    muscle("masseter", 30, 1), muscle("deltoid", 20, 1), muscle("TA", 0, 1);
    is_text(myo_spread_order(site, n_sites), "caudo_rostral");
    muscle("SCM", 0, 1), muscle("masseter", 8, 1), muscle("deltoid", 8, 1), muscle("TA", 25, 1);
    is_text(myo_spread_order(site, n_sites), "outward");
    muscle("deltoid", 0, 3), muscle("FDI", 5, 3); /* 8 ms would be sure */
    is_text(myo_spread_order(site, n_sites), "together");
    muscle("masseter", 0, 1), muscle("deltoid", 20, 1), muscle("FDI", 10, 1);
    is_text(myo_spread_order(site, n_sites), "mixed");
    muscle("L FDI", 0, 1), muscle("R FDI", 20, 1); /* one level */
    is_text(myo_spread_order(site, n_sites), NULL);
    muscle("EMG1", 0, 1), muscle("FDI", 20, 1);
    is_text(myo_spread_order(site, n_sites), NULL);
}
END_TEST

START_TEST(sides_of_muscles)
{
    muscle("L FDI", 0, 1), muscle("L TA", 0, 1);
    is_text(myo_spread_sides(site, n_sites), "left");
    muscle("L FDI", 0, 1), muscle("TA", 0, 1);
    is_text(myo_spread_sides(site, n_sites), NULL);
    muscle("L FDI", 0, 1), muscle("R TA", 0, 1), muscle("TA", 0, 1);
    is_text(myo_spread_sides(site, n_sites), "both");
    is_text(myo_spread_sides(site, 0), NULL);
}
END_TEST

/* ---- a whole recording ---- */

enum { FS = 1000, N = 60 * FS, EMG = 4, COLS = EMG + 3, JERKS = 10 };
static float *x[COLS];

/* Velocity of a limb that swings and comes to rest: acceleration has no net area then, as in life. */
static double swing(double t)
{
    return t > 0.0 ? t / 0.05 * exp(-t / 0.05) * sin(2.0 * M_PI * 5.0 * t) : 0.0;
}

/* Noise, 60 ms of raised variance, which the limb answers 60 ms later. */
static void jerk(const int *channels, const double *lag, int n, double at, bool moves)
{
    for (int i = 0; i < n; i++) {
        sig_noise(x[channels[i]] + (int)((at + lag[i]) * FS), 60, 60.0, (uint64_t)(at * 100.0) + (uint64_t)i);
    }
    for (int k = 0; moves && k < 400; k++) {
        const double t = (double)k / FS;
        x[EMG + 1][(int)((at + 0.06) * FS) + k] += (float)(20.0 * (swing(t + 1.0 / FS) - swing(t)));
    }
}

/* Jerks of three muscles every 4 s, every other one moving the sensor; one of a sensor alone; a hold with two silences. */
static void make_signal(void)
{
    static const int all[] = {0, 1, 2};
    static const double lag[] = {0.0, 0.010, 0.024};
    for (int c = 0; c < COLS; c++) {
        x[c] = sig_new(N);
        sig_noise(x[c], N, c < EMG ? 3.0 : 0.002, (uint64_t)(1 + c));
    }
    sig_const(x[EMG + 2], N, 1.0);
    for (int k = 0; k < JERKS; k++) {
        jerk(all, lag, 3, 4.0 + 4.0 * k, k % 2 == 0);
    }
    jerk(all, lag, 0, 45.9, true);
    static const double hold[][2] = {{48.0, 51.0}, {51.15, 53.0}, {53.25, 57.0}};
    for (int i = 0; i < 3; i++) {
        const int on = (int)(hold[i][0] * FS), off = (int)(hold[i][1] * FS);
        sig_noise(x[3] + on, off - on, 40.0, (uint64_t)(50 + i));
    }
}

static void write_csv(const char *name)
{
    bytes b = {0};
    char line[256];
    put_text(&b, "R trapezius [uV],R biceps [uV],R FDI [uV],R TA [uV],acc_x [g],acc_y [g],acc_z [g]\n");
    for (int i = 0; i < N; i++) {
        int n = 0;
        for (int c = 0; c < COLS; c++) {
            n += snprintf(line + n, sizeof line - (size_t)n, "%s%.6g", c ? "," : "", (double)x[c][i]);
        }
        put_text(&b, line);
        put_text(&b, "\n");
    }
    save(&b, name);
    free(b.p);
}

static void analyse(void)
{
    char command[256], input[512], stem[512], out[512];
    myo_params params;
    myo_pool *pool = NULL;
    myo_diag d = {0};
    snprintf(command, sizeof command, "rm -rf %s && mkdir -p %s/out", folder, folder);
    ck_assert_int_eq(system(command), 0);
    make_signal();
    write_csv("rec.csv");
    for (int c = 0; c < COLS; c++) {
        myo_free(x[c]);
    }
    snprintf(input, sizeof input, "%s/rec.csv", folder);
    snprintf(stem, sizeof stem, "%s/out/rec", folder);
    snprintf(out, sizeof out, "%s/out", folder);
    myo_params_defaults(&params);
    ck_assert_int_eq(myo_pool_new(&pool, 1), MYO_OK);
    const myo_open_opts open = {.fs = FS};
    const myo_analyse_job job = {.input = input, .stem_path = stem, .dir = out, .params = &params, .open = &open, .pool = pool};
    ck_assert_msg(myo_analyse(&job, &d) == MYO_OK, "%s", d.message);
    myo_diag_clear(&d);
    myo_pool_free(&pool);
}

static void check_jerk(const tsv *t, int r, int k)
{
    double lag[3];
    ck_assert_double_eq_tol(tsv_number(t, r, "onset"), 4.0 + 4.0 * k, 0.01);
    ck_assert_str_eq(tsv_text(t, r, "n_channels"), "3");
    ck_assert_str_eq(tsv_text(t, r, "n_usable"), "4");
    ck_assert_str_eq(tsv_text(t, r, "lead_channel"), "R trapezius");
    ck_assert_str_eq(tsv_text(t, r, "channels"), "R trapezius;R biceps;R FDI");
    ck_assert_int_eq(sscanf(tsv_text(t, r, "lags_ms"), "%lf;%lf;%lf", &lag[0], &lag[1], &lag[2]), 3);
    ck_assert(lag[0] == 0.0 && fabs(lag[1] - 10.0) <= 5.0 && fabs(lag[2] - 24.0) <= 5.0);
    ck_assert_double_lt(tsv_number(t, r, "lead_sd_ms"), 5.0);
    ck_assert_str_eq(tsv_text(t, r, "extent"), "segmental");
    ck_assert_str_eq(tsv_text(t, r, "extent_by"), "muscles");
    ck_assert_str_eq(tsv_text(t, r, "sides"), "right");
    ck_assert_str_eq(tsv_text(t, r, "order"), "rostro_caudal");
    ck_assert_str_eq(tsv_text(t, r, "movement_channels"), k % 2 == 0 ? "acc" : "none");
    if (k % 2 == 0) {
        ck_assert_double_eq_tol(tsv_number(t, r, "movement_lag_ms"), 70.0, 30.0);
    }
}

static void check_negative(void)
{
    tsv *t = tsv_read(in_folder("out/rec_negative.tsv"));
    static const double on[] = {51.0, 53.0}, length[] = {0.15, 0.25};
    ck_assert_int_eq(t->n_rows, 3);
    for (int i = 0; i < 2; i++) {
        ck_assert_double_eq_tol(tsv_number(t, i + 1, "onset"), on[i], 0.010);
        ck_assert_double_eq_tol(tsv_number(t, i + 1, "duration"), length[i], 0.015);
        ck_assert_str_eq(tsv_text(t, i + 1, "channel"), "R TA");
        ck_assert_str_eq(tsv_text(t, i + 1, "length"), "101-500");
        ck_assert_double_eq_tol(tsv_number(t, i + 1, "tone"), 40.0, 5.0);
        ck_assert_double_eq_tol(tsv_number(t, i + 1, "rest"), 3.0, 0.5);
        ck_assert_double_eq_tol(tsv_number(t, i + 1, "tone_snr_db"), 20.0 * log10(40.0 / 3.0), 2.0);
    }
    tsv_free(t);
}

static void check_summary(void)
{
    tsv *t = tsv_read(in_folder("out/rec_summary.tsv"));
    for (int r = 1; r < t->n_rows; r++) {
        const char *channel = tsv_text(t, r, "channel");
        if (strcmp(tsv_text(t, r, "trial_type"), "jerk") != 0 || strcmp(channel, "acc") == 0 || strcmp(channel, "all") == 0) {
            continue;
        }
        const bool jerks = strcmp(channel, "R TA") != 0;
        ck_assert_str_eq(tsv_text(t, r, "n"), jerks ? "10" : "0");
        ck_assert_str_eq(tsv_text(t, r, "pattern"), jerks ? "intermediate" : "n/a");
        ck_assert_str_eq(tsv_text(t, r, "moved_n"), jerks ? "5" : "n/a");
        ck_assert_str_eq(tsv_text(t, r, "still_n"), jerks ? "5" : "n/a");
        ck_assert_str_eq(tsv_text(t, r, "negative_n"), jerks ? "0" : "2");
    }
    tsv_free(t);
}

START_TEST(jerks_of_a_recording)
{
    analyse();
    tsv *t = tsv_read(in_folder("out/rec_spread.tsv"));
    ck_assert_int_eq(t->n_rows, 1 + JERKS + 1);
    for (int k = 0; k < JERKS; k++) {
        check_jerk(t, 1 + k, k);
    }
    const int alone = 1 + JERKS; /* the sensor's own jerk */
    ck_assert_str_eq(tsv_text(t, alone, "n_channels"), "0");
    ck_assert_str_eq(tsv_text(t, alone, "lead_channel"), "n/a");
    ck_assert_str_eq(tsv_text(t, alone, "extent"), "n/a");
    ck_assert_str_eq(tsv_text(t, alone, "movement_channels"), "acc");
    ck_assert_str_eq(tsv_text(t, alone, "movement_lag_ms"), "n/a");
    tsv_free(t);
    check_negative();
    check_summary();
}
END_TEST

int main(void)
{
    Suite *s = suite_create("spread");
    TCase *c = tcase_create("spread");
    tcase_add_test(c, places_of_labels);
    tcase_add_test(c, extent_by_muscles);
    tcase_add_test(c, extent_by_number);
    tcase_add_test(c, order_by_levels);
    tcase_add_test(c, sides_of_muscles);
    suite_add_tcase(s, c);
    TCase *r = tcase_create("recording");
    tcase_add_unchecked_fixture(r, make_folder, remove_folder);
    tcase_add_test(r, jerks_of_a_recording);
    tcase_set_timeout(r, 120);
    suite_add_tcase(s, r);
    SRunner *sr = srunner_create(s);
    srunner_run_all(sr, CK_ENV);
    const int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed == 0 ? 0 : 1;
}
