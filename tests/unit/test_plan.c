/* test_plan.c - which channels make which lanes. */
#include <stdlib.h>
#include "myotab/run.h"
#include "run/plan.h"
#include "sig.h"

static myo_channel ch[12];
static myo_recinfo info = {.path = "made", .ch = ch};
static myo_params params;
static myo_plan plan;
static myo_diag d;

static void add(const char *label, myo_kind kind, double fs, const char *unit, const char *sensor, int axis)
{
    myo_channel *c = &ch[info.n_ch++];
    memset(c, 0, sizeof *c);
    c->kind = kind;
    c->fs = fs;
    c->axis = axis;
    c->scale = 1.0;
    snprintf(c->label, sizeof c->label, "%s", label);
    snprintf(c->unit, sizeof c->unit, "%s", unit);
    snprintf(c->sensor, sizeof c->sensor, "%s", sensor);
}

static void emg(const char *label, double fs)
{
    add(label, MYO_KIND_EMG, fs, "uV", "", -1);
}

static void axis(const char *label, double fs, const char *sensor, int a)
{
    add(label, MYO_KIND_ACC, fs, "g", sensor, a);
}

static myo_err make(void)
{
    myo_params_defaults(&params);
    return myo_plan_make(&plan, &info, &params, &d);
}

static void done(void)
{
    myo_plan_free(&plan);
    ck_assert_ptr_null(plan.lane);
    ck_assert_int_eq(plan.n_lanes, 0);
    myo_diag_clear(&d);
}

START_TEST(every_emg_channel_is_a_lane)
{
    emg("FDI", 2000.0);
    emg("TA", 1000.0);
    ck_assert_int_eq(make(), MYO_OK);
    ck_assert_int_eq(plan.n_lanes, 2);
    ck_assert_str_eq(plan.lane[0].name, "FDI");
    ck_assert_str_eq(plan.lane[1].unit, "uV");
    ck_assert_int_eq(plan.lane[1].cfg.index, 1);
    ck_assert_int_eq(plan.lane[1].ch[0], 1);
    ck_assert_double_eq(plan.lane[0].cfg.band_hi, 450.0);
    ck_assert_double_eq(plan.lane[1].cfg.band_hi, 450.0);
    ck_assert(plan.lane[0].cfg.calibrated);
    ck_assert_str_eq(plan.lane[0].flags, "");
    ck_assert_int_eq(d.n_warnings, 0);
    done();
}
END_TEST

START_TEST(three_axes_are_one_lane_in_axis_order)
{
    axis("acc_z", 100.0, "acc", 2);
    emg("FDI", 2000.0);
    axis("acc_x", 100.0, "acc", 0);
    axis("acc_y", 100.0, "acc", 1);
    ck_assert_int_eq(make(), MYO_OK);
    ck_assert_int_eq(plan.n_lanes, 2);
    ck_assert_str_eq(plan.lane[0].name, "acc");
    ck_assert_int_eq(plan.lane[0].cfg.n_axes, 3);
    ck_assert_int_eq(plan.lane[0].ch[0], 2);
    ck_assert_int_eq(plan.lane[0].ch[1], 3);
    ck_assert_int_eq(plan.lane[0].ch[2], 0);
    ck_assert_str_eq(plan.lane[1].name, "FDI");
    done();
}
END_TEST

START_TEST(two_sensors_are_two_lanes)
{
    for (int s = 0; s < 2; s++) {
        for (int a = 0; a < 3; a++) {
            axis(s ? "wrist" : "ankle", 100.0, s ? "w" : "a", a);
        }
    }
    ck_assert_int_eq(make(), MYO_OK);
    ck_assert_int_eq(plan.n_lanes, 2);
    ck_assert_int_eq(plan.lane[1].ch[2], 5);
    done();
}
END_TEST

START_TEST(two_axes_are_one_lane)
{
    axis("acc_z", 100.0, "acc", 2);
    axis("acc_y", 100.0, "acc", 1);
    ck_assert_int_eq(make(), MYO_OK);
    ck_assert_int_eq(plan.n_lanes, 1);
    ck_assert_int_eq(plan.lane[0].cfg.n_axes, 2);
    ck_assert_str_eq(plan.lane[0].name, "acc");
    ck_assert_int_eq(plan.lane[0].ch[0], 1);
    ck_assert_int_eq(plan.lane[0].ch[1], 0);
    done();
}
END_TEST

START_TEST(axes_of_another_rate_do_not_fit)
{
    axis("acc_x", 100.0, "acc", 0);
    axis("acc_y", 50.0, "acc", 1);
    axis("acc_z", 25.0, "acc", 2);
    ck_assert_int_eq(make(), MYO_OK);
    ck_assert_int_eq(plan.n_lanes, 3);
    ck_assert_str_eq(plan.lane[2].name, "acc_z");
    ck_assert_int_eq(plan.lane[2].cfg.n_axes, 1);
    done();
}
END_TEST

START_TEST(lone_channels_without_a_sensor)
{
    axis("A", 100.0, "", -1);
    axis("B", 100.0, "", -1);
    axis("C", 100.0, "", -1);
    ck_assert_int_eq(make(), MYO_OK);
    ck_assert_int_eq(plan.n_lanes, 3);
    done();
}
END_TEST

START_TEST(other_kinds_are_no_lane)
{
    add("force", MYO_KIND_OTHER, 1000.0, "N", "", -1);
    emg("FDI", 1000.0);
    ck_assert_int_eq(make(), MYO_OK);
    ck_assert_int_eq(plan.n_lanes, 1);
    ck_assert_int_eq(plan.lane[0].ch[0], 1);
    done();
}
END_TEST

START_TEST(only_other_kinds_fail)
{
    add("force", MYO_KIND_OTHER, 1000.0, "N", "", -1);
    add("ECG", MYO_KIND_OTHER, 1000.0, "uV", "", -1);
    ck_assert_int_eq(make(), MYO_ERR_NO_CHANNEL);
    ck_assert_ptr_nonnull(strstr(d.message, "found 2"));
    done();
}
END_TEST

START_TEST(no_channels_fail)
{
    ck_assert_int_eq(make(), MYO_ERR_NO_CHANNEL);
    done();
}
END_TEST

/* EMG from 20 Hz needs a band of an octave: 40 / 0.45 = 89 Hz. */
START_TEST(too_slow_fails_with_the_rate_it_means)
{
    add("force", MYO_KIND_OTHER, 4000.0, "N", "", -1);
    emg("FDI", 80.0);
    ck_assert_int_eq(make(), MYO_ERR_TOO_SLOW);
    ck_assert_ptr_nonnull(strstr(d.message, "found 80 Hz, allowed from 88.8889 Hz"));
    ck_assert_ptr_null(strstr(d.message, "4000"));
    ck_assert_int_eq(d.n_warnings, 1);
    done();
}
END_TEST

START_TEST(a_slow_one_is_left_out_beside_a_good_one)
{
    emg("slow", 80.0);
    axis("acc", 19.0, "", -1);
    emg("fast", 1000.0);
    ck_assert_int_eq(make(), MYO_OK);
    ck_assert_int_eq(plan.n_lanes, 1);
    ck_assert_str_eq(plan.lane[0].name, "fast");
    ck_assert_int_eq(plan.lane[0].cfg.index, 0);
    ck_assert_int_eq(d.n_warnings, 2);
    ck_assert_ptr_nonnull(strstr(d.warnings[0], "channel slow left out"));
    done();
}
END_TEST

START_TEST(rates_at_the_limits)
{
    emg("low", 90.0);
    axis("acc", 20.0, "", -1);
    emg("half", 499.0);
    emg("good", 500.0);
    ck_assert_int_eq(make(), MYO_OK);
    ck_assert_int_eq(plan.n_lanes, 4);
    ck_assert_double_eq_tol(plan.lane[0].cfg.band_hi, 40.5, 1e-9);
    ck_assert_double_eq_tol(plan.lane[1].cfg.band_hi, 9.0, 1e-9);
    ck_assert_str_eq(plan.lane[0].flags, "slow");
    ck_assert_str_eq(plan.lane[2].flags, "slow");
    ck_assert_str_eq(plan.lane[3].flags, "");
    done();
}
END_TEST

START_TEST(doubts_become_flags)
{
    add("ch1", MYO_KIND_EMG, 1000.0, "au", "", -1);
    ch[0].guessed = true;
    ck_assert_int_eq(make(), MYO_OK);
    ck_assert(!plan.lane[0].cfg.calibrated);
    ck_assert_str_eq(plan.lane[0].flags, "kind_guessed;uncalibrated");
    done();
}
END_TEST

START_TEST(impossible_noise_doubts_the_unit)
{
    static const double floor_uv[] = {0.004, 0.06, 3.0, 450.0, 4000.0};
    for (int i = 0; i < 5; i++) {
        const bool doubted = i == 0 || i == 4;
        info.n_ch = 0;
        emg("ch1", 1000.0);
        ck_assert_int_eq(make(), MYO_OK);
        const int before = d.n_warnings;
        myo_plan_doubt_unit(&plan.lane[0], floor_uv[i], &d);
        ck_assert_str_eq(plan.lane[0].flags, doubted ? "unit?" : "");
        ck_assert_int_eq(d.n_warnings - before, doubted);
        done();
    }
    info.n_ch = 0;
    add("ch1", MYO_KIND_EMG, 1000.0, "au", "", -1);
    ck_assert_int_eq(make(), MYO_OK);
    myo_plan_doubt_unit(&plan.lane[0], 4000.0, &d);
    ck_assert_str_eq(plan.lane[0].flags, "uncalibrated");
    done();
}
END_TEST

START_TEST(impossible_noise_doubts_an_accelerometer)
{
    static const double floor_g[] = {7e-8, 2e-4, 0.3, 5.0};
    for (int i = 0; i < 4; i++) {
        info.n_ch = 0;
        axis("acc", 100.0, "", -1);
        ck_assert_int_eq(make(), MYO_OK);
        myo_plan_doubt_unit(&plan.lane[0], floor_g[i], &d);
        ck_assert_str_eq(plan.lane[0].flags, i == 0 || i == 3 ? "unit?" : "");
        done();
    }
}
END_TEST

START_TEST(a_flag_stands_once_and_never_overflows)
{
    myo_plan_lane l = {0};
    char flag[32];
    myo_plan_flag(&l, "mains");
    myo_plan_flag(&l, "mains");
    ck_assert_str_eq(l.flags, "mains");
    for (int i = 0; i < 40; i++) {
        snprintf(flag, sizeof flag, "flag-%02d", i);
        myo_plan_flag(&l, flag);
    }
    ck_assert_uint_lt(strlen(l.flags), sizeof l.flags);
    ck_assert_ptr_nonnull(strstr(l.flags, ";flag-00;"));
}
END_TEST

START_TEST(a_flag_within_another_is_another)
{
    myo_plan_lane l = {0};
    myo_plan_flag(&l, "not_slow");
    myo_plan_flag(&l, "slow");
    ck_assert_str_eq(l.flags, "not_slow;slow");
}
END_TEST

START_TEST(no_memory_is_told)
{
    emg("FDI", 1000.0);
    myo_mem_fail_at(1);
    ck_assert_int_eq(make(), MYO_ERR_NOMEM);
    done();
}
END_TEST

static void say(void *user, myo_level level, const char *path, const char *text)
{
    (void)level;
    (void)path;
    snprintf(user, 200, "%s", text);
}

START_TEST(detecting_nothing_is_wrong_usage)
{
    char told[200] = "";
    int n_failed = -1;
    myo_params_defaults(&params);
    const myo_detect_job job = {.n_inputs = 0, .out_dir = "/nonexistent/out", .n_threads = 2, .params = &params,
                                .say = say, .user = told};
    ck_assert_int_eq(myo_detect(&job, &n_failed), MYO_ERR_USAGE);
    ck_assert_int_eq(n_failed, 0);
    ck_assert_ptr_nonnull(strstr(told, "no recording"));
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("plan");
    TCase *c = tcase_create("plan");
    tcase_add_test(c, every_emg_channel_is_a_lane);
    tcase_add_test(c, three_axes_are_one_lane_in_axis_order);
    tcase_add_test(c, two_sensors_are_two_lanes);
    tcase_add_test(c, two_axes_are_one_lane);
    tcase_add_test(c, axes_of_another_rate_do_not_fit);
    tcase_add_test(c, lone_channels_without_a_sensor);
    tcase_add_test(c, other_kinds_are_no_lane);
    tcase_add_test(c, only_other_kinds_fail);
    tcase_add_test(c, no_channels_fail);
    tcase_add_test(c, too_slow_fails_with_the_rate_it_means);
    tcase_add_test(c, a_slow_one_is_left_out_beside_a_good_one);
    tcase_add_test(c, rates_at_the_limits);
    tcase_add_test(c, doubts_become_flags);
    tcase_add_test(c, impossible_noise_doubts_the_unit);
    tcase_add_test(c, impossible_noise_doubts_an_accelerometer);
    tcase_add_test(c, a_flag_stands_once_and_never_overflows);
    tcase_add_test(c, a_flag_within_another_is_another);
    tcase_add_test(c, no_memory_is_told);
    tcase_add_test(c, detecting_nothing_is_wrong_usage);
    suite_add_tcase(s, c);
    return s;
}

int main(void)
{
    SRunner *sr = srunner_create(suite());
    srunner_run_all(sr, CK_NORMAL);
    const int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed;
}
