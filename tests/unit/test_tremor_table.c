/* test_tremor_table.c - recordings with known tremor to STEM_tremor.tsv and STEM_coherence.tsv. */
#include "edffile.h"
#include "myotab/myotab.h"
#include "run/analyse.h"
#include "sig.h"
#include "tsv.h"

enum { SECONDS = 60, EMG_HZ = 1000, ACC_HZ = 100 };
static const double ON = 12.0, OFF = 48.0; /* of the tremor, s */
static myo_params params;
static myo_pool *pool;

static void fresh(void)
{
    char command[256];
    snprintf(command, sizeof command, "rm -rf %s && mkdir -p %s/out", folder, folder);
    ck_assert_int_eq(system(command), 0);
    myo_params_defaults(&params);
    ck_assert_int_eq(myo_pool_new(&pool, 1), MYO_OK);
}

static void done(void)
{
    myo_pool_free(&pool);
}

static void analyse(const char *name, const char *stem, const myo_open_opts *open)
{
    char stem_path[512], dir[512], input[512];
    snprintf(stem_path, sizeof stem_path, "%s/out/%s", folder, stem);
    snprintf(dir, sizeof dir, "%s/out", folder);
    snprintf(input, sizeof input, "%s/%s", folder, name);
    const myo_analyse_job job = {.input = input, .stem_path = stem_path, .dir = dir, .params = &params, .open = open,
                                 .pool = pool};
    myo_diag d = {0};
    ck_assert_msg(myo_analyse(&job, &d) == MYO_OK, "%s", d.message);
    myo_diag_clear(&d);
}

static tsv *table(const char *stem, const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "out/%s_%s.tsv", stem, name);
    return tsv_read(in_folder(path));
}

/* A wavering 5-Hz rhythm: its phase at t. */
static double phase_at(double t)
{
    return 2.0 * M_PI * 5.0 * t + 1.5 * sin(0.9 * t);
}

static bool trembles(double t)
{
    return t >= ON && t < OFF;
}

/* EMG (uV) that bursts with the rhythm, `late` s behind it. */
static double emg_at(double t, double late, myo_rng *r)
{
    const double drive = trembles(t - late) ? fmax(0.0, sin(phase_at(t - late))) : 0.0;
    return (2.0 + 80.0 * drive * drive) * myo_rng_normal(r);
}

/* ---- one accelerometer ---- */

static void write_acc(const char *name, double amplitude, int hole_from, int hole_to)
{
    bytes b = {0};
    char line[96];
    myo_rng r;
    myo_rng_seed(&r, 5, 1);
    put_text(&b, "time_s,acc_x,acc_y,acc_z\n");
    for (int i = 0; i < SECONDS * ACC_HZ; i++) {
        const double t = (double)i / ACC_HZ, a = trembles(t) ? amplitude * sin(phase_at(t)) : 0.0;
        double v[3] = {0.6 * a, -0.8 * a, 1.0};
        for (int k = 0; k < 3; k++) {
            v[k] += 0.001 * myo_rng_normal(&r);
        }
        if (i >= hole_from && i < hole_to) {
            snprintf(line, sizeof line, "%.2f,n/a,n/a,n/a\n", t);
        } else {
            snprintf(line, sizeof line, "%.2f,%.5f,%.5f,%.5f\n", t, v[0], v[1], v[2]);
        }
        put_text(&b, line);
    }
    save(&b, name);
    free(b.p);
}

static const myo_open_opts as_file = {0}, as_g = {.unit = "g"};

START_TEST(an_accelerometers_tremor_in_g_and_mm)
{
    static const double amplitude = 0.2;
    write_acc("a.csv", amplitude, 0, 0);
    analyse("a.csv", "a", &as_g);
    tsv *t = table("a", "tremor");
    const double rms = amplitude / sqrt(2.0), f = 5.0, w2 = 4.0 * M_PI * M_PI * f * f;
    ck_assert_int_ge(t->n_rows, 30);
    ck_assert_str_eq(tsv_text(t, 1, "scope"), "episode");
    ck_assert_double_eq_tol(tsv_number(t, 1, "onset"), ON, 0.3);
    ck_assert_double_eq_tol(tsv_number(t, 1, "duration"), OFF - ON, 0.5);
    ck_assert_double_eq_tol(tsv_number(t, 1, "freq_hz"), f, 0.25); /* it wavers by 0.2 */
    ck_assert_double_lt(tsv_number(t, 1, "p_value"), 1e-12);
    ck_assert_double_lt(tsv_number(t, 1, "harmonic_ratio"), 0.01);
    ck_assert_double_gt(tsv_number(t, 1, "peak_share"), 0.95);
    ck_assert_double_eq_tol(tsv_number(t, 1, "amp_rms"), rms, 0.02 * rms);
    ck_assert_double_eq_tol(tsv_number(t, 1, "amp_log10"), log10(rms), 0.01);
    ck_assert_double_eq_tol(tsv_number(t, 1, "amp_peak"), amplitude, 0.1 * amplitude);
    ck_assert_double_eq_tol(tsv_number(t, 1, "disp_rms_mm"), rms * 9806.65 / w2, 0.1 * rms * 9806.65 / w2);
    ck_assert_double_eq_tol(tsv_number(t, 1, "n_cycles"), (OFF - ON) * f, 3.0);
    ck_assert_double_lt(tsv_number(t, 1, "stability_hz"), 0.2);
    ck_assert_double_eq_tol(tsv_number(t, 1, "interval_s_median"), 0.2, 0.01);
    ck_assert_double_lt(tsv_number(t, 1, "interval_cv"), 0.06);
    ck_assert_str_eq(tsv_text(t, 1, "burst_duty"), "n/a");
    for (int i = 2; i < t->n_rows; i++) {
        const double at = tsv_number(t, i, "onset") + 1.5, now = f + 1.5 * 0.9 * cos(0.9 * at) / (2.0 * M_PI);
        ck_assert_str_eq(tsv_text(t, i, "scope"), "window");
        ck_assert_double_eq_tol(tsv_number(t, i, "duration"), 3.0, 1e-9);
        ck_assert_double_eq_tol(tsv_number(t, i, "freq_hz"), now, 0.2);
        ck_assert_double_eq_tol(tsv_number(t, i, "amp_rms"), rms, 0.05 * rms);
        ck_assert_double_lt(tsv_number(t, i, "p_value"), 1e-6);
        ck_assert_double_gt(tsv_number(t, i, "vector_strength"), 0.8);
        ck_assert_str_eq(tsv_text(t, i, "stability_hz"), "n/a");
    }
    tsv *s = table("a", "summary");
    for (int i = 1; i < s->n_rows; i++) {
        const bool own = strcmp(tsv_text(s, i, "trial_type"), "tremor") == 0 && strcmp(tsv_text(s, i, "channel"), "acc") == 0;
        ck_assert_int_eq(strcmp(tsv_text(s, i, "amp_rms_median"), "n/a") != 0, own);
        ck_assert_int_eq(strcmp(tsv_text(s, i, "disp_rms_mm_median"), "n/a") != 0, own);
        if (own) {
            ck_assert_double_eq_tol(tsv_number(s, i, "amp_rms_median"), tsv_number(t, 1, "amp_rms"), 0.001 * rms);
        }
    }
    tsv_free(s);
    tsv_free(t);
    t = table("a", "coherence");
    ck_assert_int_eq(t->n_rows, 1);
    tsv_free(t);
}
END_TEST

/* A second of silence cuts the recording: two episodes, each measured. */
START_TEST(a_hole_makes_two_episodes)
{
    write_acc("h.csv", 0.2, 3000, 3100);
    analyse("h.csv", "h", &as_g);
    tsv *t = table("h", "tremor");
    int episodes = 0;
    for (int i = 1; i < t->n_rows; i++) {
        const double on = tsv_number(t, i, "onset"), off = on + tsv_number(t, i, "duration");
        episodes += strcmp(tsv_text(t, i, "scope"), "episode") == 0;
        ck_assert(off < 30.01 || on > 30.99);
        ck_assert(i == 1 || on >= tsv_number(t, i - 1, "onset"));
        ck_assert_double_eq_tol(tsv_number(t, i, "freq_hz"), 5.0, 0.4);
    }
    ck_assert_int_eq(episodes, 2);
    tsv_free(t);
}
END_TEST

START_TEST(stillness_has_empty_tables)
{
    write_acc("s.csv", 0.0, 0, 0);
    analyse("s.csv", "s", &as_g);
    for (int i = 0; i < 2; i++) {
        tsv *t = table("s", i ? "coherence" : "tremor");
        ck_assert_int_eq(t->n_rows, 1);
        tsv_free(t);
    }
}
END_TEST

/* ---- two muscles ---- */

static void write_muscles(const char *name, double late)
{
    bytes b = {0};
    char line[64];
    myo_rng r;
    myo_rng_seed(&r, 6, 1);
    for (int i = 0; i < SECONDS * EMG_HZ; i++) {
        const double t = (double)i / EMG_HZ, first = emg_at(t, 0.0, &r);
        snprintf(line, sizeof line, "%.2f\t%.2f\n", first, emg_at(t, late, &r));
        put_text(&b, line);
    }
    save(&b, name);
    free(b.p);
}

START_TEST(muscles_take_turns_or_go_together)
{
    static const struct { double late; const char *verdict; } given[] = {
        {0.1, "alternating"}, {0.008, "synchronous"}, {0.05, "between"}};
    static const myo_open_opts as_emg = {.fs = EMG_HZ, .channels = "1=EMG:uV,2=EMG:uV"};
    write_muscles("m.txt", given[_i].late);
    analyse("m.txt", "m", &as_emg);
    tsv *t = table("m", "coherence"), *e = table("m", "tremor");
    ck_assert_int_eq(t->n_rows, 3);
    for (int i = 1; i < 3; i++) {
        const double f = tsv_number(t, i, "freq_hz"), delay = tsv_number(t, i, "delay_ms");
        ck_assert_str_eq(tsv_text(t, i, "verdict"), given[_i].verdict);
        ck_assert_str_eq(tsv_text(t, i, "scope"), i == 1 ? "recording" : "episode");
        ck_assert_double_eq_tol(f, 5.0, 0.3);
        ck_assert_double_gt(tsv_number(t, i, "coherence"), 0.9);
        ck_assert_double_lt(tsv_number(t, i, "coherence_limit"), 0.2);
        ck_assert_double_eq_tol(remainder(delay - 1000.0 * given[_i].late, 1000.0 / f), 0.0, 6.0);
        ck_assert_double_lt(tsv_number(t, i, "phase_low"), tsv_number(t, i, "phase_deg"));
        ck_assert_double_gt(tsv_number(t, i, "phase_high"), tsv_number(t, i, "phase_deg"));
    }
    ck_assert_str_eq(tsv_text(t, 1, "event_id_1"), "n/a");
    ck_assert_str_ne(tsv_text(t, 2, "event_id_1"), tsv_text(t, 2, "event_id_2"));
    ck_assert_double_gt(tsv_number(e, 1, "burst_duty"), 0.2);
    ck_assert_double_lt(tsv_number(e, 1, "burst_duty"), 0.7);
    ck_assert_str_eq(tsv_text(e, 1, "disp_rms_mm"), "n/a");
    ck_assert_str_eq(tsv_text(e, 1, "unit"), "uV");
    tsv_free(t);
    tsv_free(e);
}
END_TEST

/* ---- a muscle and a sensor of another rate ---- */

static int16_t digital(double v, double full)
{
    return (int16_t)fmax(-32768.0, fmin(32767.0, floor(v / full * 32768.0 + 0.5)));
}

static void write_edf(const char *name, double late)
{
    spec s = basic();
    myo_rng r;
    myo_rng_seed(&r, 7, 1);
    s.n_rec = "60";
    s.records = 0;
    s.spr[0] = "1000";
    s.spr[1] = "100";
    s.pmin[1] = "-4";
    s.pmax[1] = "4";
    bytes b = build(&s);
    for (int second = 0; second < SECONDS; second++) {
        for (int i = 0; i < EMG_HZ; i++) {
            put_le(&b, digital(emg_at(second + (double)i / EMG_HZ, 0.0, &r), 1000.0), 2);
        }
        for (int i = 0; i < ACC_HZ; i++) {
            const double t = second + (double)i / ACC_HZ - late;
            const double a = trembles(t) ? 0.1 * sin(phase_at(t)) : 0.0;
            put_le(&b, digital(a + 0.002 * myo_rng_normal(&r), 4.0), 2);
        }
    }
    save(&b, name);
    free(b.p);
}

START_TEST(a_sensor_follows_its_muscle)
{
    write_edf("e.edf", 0.03);
    analyse("e.edf", "e", &as_file);
    tsv *t = table("e", "coherence");
    ck_assert_int_ge(t->n_rows, 2);
    ck_assert_str_eq(tsv_text(t, 1, "verdict"), "coherent");
    ck_assert_str_eq(tsv_text(t, 1, "channel_1"), "EMG biceps");
    ck_assert_double_gt(tsv_number(t, 1, "coherence"), 0.9);
    ck_assert_double_eq_tol(tsv_number(t, 1, "delay_ms"), 30.0, 3.0);
    tsv_free(t);
}
END_TEST

/* Every 7th allocation fails: an error each time, and no table is left. */
START_TEST(lost_memory_leaves_nothing)
{
    char stem_path[512], dir[512], input[512];
    write_edf("e.edf", 0.03);
    snprintf(dir, sizeof dir, "%s/out", folder);
    snprintf(input, sizeof input, "%s/e.edf", folder);
    snprintf(stem_path, sizeof stem_path, "%s/out/e", folder);
    const myo_analyse_job job = {.input = input, .stem_path = stem_path, .dir = dir, .params = &params, .open = &as_file,
                                 .pool = pool};
    int failed = 0;
    for (int n = 1, fine = 0; fine < 5; n += 7) { /* one that fails where there is a way round is fine, five are the end */
        myo_diag d = {0};
        myo_mem_fail_at(n);
        const myo_err err = myo_analyse(&job, &d);
        myo_mem_fail_at(0);
        myo_diag_clear(&d);
        if (err == MYO_OK) {
            myo_result_remove(stem_path);
            fine++;
            continue;
        }
        fine = 0;
        failed++;
        ck_assert_int_ne(access(in_folder("out/e_tremor.tsv"), F_OK), 0);
        ck_assert_int_ne(access(in_folder("out/e_run.json"), F_OK), 0);
    }
    ck_assert_int_gt(failed, 50);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("tremor_table");
    TCase *c = tcase_create("tremor_table");
    tcase_set_timeout(c, 60);
    tcase_add_unchecked_fixture(c, make_folder, remove_folder);
    tcase_add_checked_fixture(c, fresh, done);
    tcase_add_test(c, an_accelerometers_tremor_in_g_and_mm);
    tcase_add_test(c, a_hole_makes_two_episodes);
    tcase_add_test(c, stillness_has_empty_tables);
    tcase_add_loop_test(c, muscles_take_turns_or_go_together, 0, 3);
    tcase_add_test(c, a_sensor_follows_its_muscle);
    tcase_add_test(c, lost_memory_leaves_nothing);
    suite_add_tcase(s, c);
    return sig_main(s);
}
