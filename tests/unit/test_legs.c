/* test_legs.c - leg movements of a lane by the 8/2 uV rule; their series and pairs across lanes. */
#include <stdlib.h>
#include "myotab/event.h"
#include "run/link_in.h"
#include "run/lane.h"
#include "sig.h"

static const double FS = 500.0;
enum { MAX_LEGS = 64, N_LANES = 2 };

static myo_params params;
static myo_diag diag;

/* ---- the lane ---- */

typedef struct heard {
    myo_leg leg[MAX_LEGS];
    int n;
    double until;
} heard;

static myo_err on_leg(void *user, const myo_leg *g)
{
    heard *h = user;
    ck_assert_int_lt(h->n, MAX_LEGS);
    ck_assert_double_ge(g->on, h->until - 1e-9); /* announced before anything later */
    h->leg[h->n++] = *g;
    return MYO_OK;
}

static myo_err on_burst(void *user, const myo_burst *b)
{
    (void)user;
    (void)b;
    return MYO_OK;
}

static myo_err on_window(void *user, const myo_window *w)
{
    (void)user;
    (void)w;
    return MYO_OK;
}

static myo_err on_advance(void *user, double until, bool end)
{
    (void)end;
    ((heard *)user)->until = until;
    return MYO_OK;
}

/* 60 s of 2 uV noise; [on, off) s are `rms` uV strong. */
static float *night(const double (*act)[3], int n_act)
{
    const int64_t n = (int64_t)(60.0 * FS);
    float *x = sig_new(n);
    sig_noise(x, n, 2.0, 11);
    for (int i = 0; i < n_act; i++) {
        const int64_t on = (int64_t)(act[i][0] * FS);
        sig_noise(x + on, (int64_t)(act[i][1] * FS) - on, act[i][2], (uint64_t)(20 + i));
    }
    return x;
}

static heard hear(const float *x, int64_t chunk, bool calibrated)
{
    heard h = {.until = -1.0};
    const myo_lane_cfg c = {.kind = MYO_KIND_EMG, .fs = FS, .n_axes = 1, .band_hi = 225.0, .calibrated = calibrated,
                            .params = &params,
                            .prior = {.scale = 1.0, .rail_lo = {NAN, NAN, NAN}, .rail_hi = {NAN, NAN, NAN},
                                      .step_sd = 5.0, .least = 1e-6}};
    const myo_lane_sink sink = {.burst = on_burst, .window = on_window, .leg = on_leg, .advance = on_advance, .user = &h};
    myo_lane *l = NULL;
    ck_assert_int_eq(myo_lane_new(&l, &c, &sink), MYO_OK);
    const int64_t n = (int64_t)(60.0 * FS);
    for (int64_t i = 0; i < n; i += chunk) {
        const float *at[MYO_MAX_AXES] = {x + i};
        ck_assert_int_eq(myo_lane_push(l, at, n - i < chunk ? n - i : chunk, (double)i / FS, i == 0), MYO_OK);
    }
    ck_assert_int_eq(myo_lane_finish(l), MYO_OK);
    myo_lane_free(&l);
    return h;
}

static heard hear_acts(const double (*act)[3], int n_act)
{
    float *x = night(act, n_act);
    const heard h = hear(x, 1000, true);
    myo_free(x);
    return h;
}

static void setup(void)
{
    myo_params_defaults(&params);
    ck_assert_int_eq(myo_params_preset(&params, "sleep-legs", &diag), MYO_OK);
}

START_TEST(a_movement_has_its_edges)
{
    const heard h = hear_acts((const double[][3]){{20.0, 22.0, 40.0}}, 1);
    ck_assert_int_eq(h.n, 1);
    ck_assert_double_eq_tol(h.leg[0].on, 20.0, 0.04);
    ck_assert_double_eq_tol(h.leg[0].off, 22.0, 0.06);
}
END_TEST

/* 0.3 s and 12 s are no leg movements, nor are 5 uV over rest; 0.6 s and 9 s are. */
START_TEST(length_and_strength_decide)
{
    const heard h = hear_acts((const double[][3]){{10.0, 10.3, 40.0}, {14.0, 14.7, 40.0}, {20.0, 29.0, 40.0},
                                                  {34.0, 36.0, 4.0}, {40.0, 52.0, 40.0}}, 5);
    ck_assert_int_eq(h.n, 2);
    ck_assert_double_eq_tol(h.leg[0].on, 14.0, 0.05);
    ck_assert_double_eq_tol(h.leg[1].off, 29.0, 0.06);
}
END_TEST

/* A pause ends a movement from 0.5 s on. */
START_TEST(a_short_pause_is_none)
{
    const heard h = hear_acts((const double[][3]){{10.0, 11.0, 40.0}, {11.35, 12.5, 40.0},
                                                  {30.0, 31.0, 40.0}, {31.7, 33.0, 40.0}}, 4);
    ck_assert_int_eq(h.n, 3);
    ck_assert_double_eq_tol(h.leg[0].off, 12.5, 0.06);
    ck_assert_double_eq_tol(h.leg[1].off, 31.0, 0.06);
}
END_TEST

/* Two twitches 0.4 s apart last 0.5 s together, but no half second of it has its median over 2 uV. */
START_TEST(two_twitches_are_no_movement)
{
    const heard h = hear_acts((const double[][3]){{20.0, 20.06, 60.0}, {20.46, 20.52, 60.0}}, 2);
    ck_assert_int_eq(h.n, 0);
}
END_TEST

START_TEST(what_runs_into_the_end_is_told)
{
    const heard h = hear_acts((const double[][3]){{57.0, 60.0, 40.0}}, 1);
    ck_assert_int_eq(h.n, 1);
    ck_assert_uint_eq(h.leg[0].flags, MYO_FLAG_CUT_END);
}
END_TEST

START_TEST(cutting_does_not_matter)
{
    float *x = night((const double[][3]){{10.0, 11.0, 40.0}, {24.0, 29.0, 20.0}, {40.0, 41.5, 15.0}}, 3);
    const heard a = hear(x, 30000, true), b = hear(x, 77, true);
    ck_assert_int_eq(a.n, 3);
    ck_assert_int_eq(b.n, 3);
    for (int i = 0; i < 3; i++) {
        ck_assert_double_eq(a.leg[i].on, b.leg[i].on);
        ck_assert_double_eq(a.leg[i].off, b.leg[i].off);
    }
    myo_free(x);
}
END_TEST

START_TEST(only_with_the_switch_and_a_unit)
{
    float *x = night((const double[][3]){{20.0, 22.0, 40.0}}, 1);
    ck_assert_int_eq(hear(x, 1000, false).n, 0);
    params.legs_on = 0;
    ck_assert_int_eq(hear(x, 1000, true).n, 0);
    myo_free(x);
}
END_TEST

/* ---- series ---- */

typedef struct movement { double on; int lane; } movement;

/* Which of the movements of 2 s are periodic, as a text of 0 and 1. */
static const char *series_of(const movement *m, int n)
{
    static char text[MAX_LEGS + 1];
    myo_lane_result lane[N_LANES] = {{0}};
    myo_plan plan = {.n_lanes = N_LANES};
    plan.lane = myo_alloc(N_LANES, sizeof *plan.lane);
    myo_link_job job = {.plan = &plan, .lane = lane, .params = &params, .d = &diag};
    myo_link_entry e[MAX_LEGS];
    uint8_t series[MAX_LEGS + 1] = {0}, excess[MAX_LEGS + 1] = {0};
    myo_linking k = {.job = &job, .e = e, .n = n, .series = series, .excess = excess};
    for (int i = 0; i < N_LANES; i++) {
        ck_assert_int_eq(myo_store_new(&lane[i].cands, ".", sizeof(myo_cand)), MYO_OK);
    }
    for (int i = 0; i < n; i++) {
        const myo_cand c = {.form = MYO_FORM_LEG, .on = m[i].on, .off = m[i].on + 2.0, .lane = m[i].lane};
        e[i] = (myo_link_entry){c.on, 2.0f, m[i].lane, (int32_t)myo_store_count(lane[m[i].lane].cands)};
        ck_assert_int_eq(myo_store_add(lane[m[i].lane].cands, &c, &diag), MYO_OK);
    }
    ck_assert_int_eq(myo_link_series(&k), MYO_OK);
    for (int i = 0; i < n; i++) {
        text[i] = (char)('0' + series[i]);
    }
    text[n] = '\0';
    for (int i = 0; i < N_LANES; i++) {
        myo_store_free(&lane[i].cands);
    }
    myo_free(plan.lane);
    return text;
}
#define SERIES(...) series_of((const movement[]){__VA_ARGS__}, (int)(sizeof((const movement[]){__VA_ARGS__}) / sizeof(movement)))

START_TEST(four_make_a_series)
{
    ck_assert_str_eq(SERIES({10, 0}, {40, 0}, {70, 0}), "000");
    ck_assert_str_eq(SERIES({10, 0}, {40, 0}, {70, 0}, {100, 0}), "1111");
    ck_assert_str_eq(SERIES({10, 0}, {40, 0}, {70, 0}, {161, 0}, {200, 0}), "00000"); /* 91 s */
    ck_assert_str_eq(SERIES({10, 0}, {40, 0}, {70, 0}, {159, 0}, {259, 0}), "11110");
}
END_TEST

START_TEST(an_interval_too_short_ends_a_series)
{
    const movement m[] = {{10, 0}, {40, 0}, {48, 0}, {80, 0}, {110, 0}};
    ck_assert_str_eq(series_of(m, 5), "00000");
    ck_assert_int_eq(myo_params_preset(&params, "sleep-legs-aasm", &diag), MYO_OK);
    ck_assert_str_eq(series_of(m, 5), "11111");
}
END_TEST

/* The other leg within 0.5 s is the same movement; the same leg again is not. */
START_TEST(both_legs_are_one)
{
    ck_assert_str_eq(SERIES({10, 0}, {11, 1}, {40, 0}, {42.3, 1}, {70, 1}, {71, 0}, {100, 0}), "1111111");
    ck_assert_str_eq(SERIES({10, 0}, {14, 1}, {40, 0}, {70, 1}, {100, 0}), "01111"); /* 2 s between: two movements */
    ck_assert_str_eq(SERIES({10, 0}, {40, 1}, {70, 0}), "000");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("legs");
    TCase *c = tcase_create("legs");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_test(c, a_movement_has_its_edges);
    tcase_add_test(c, length_and_strength_decide);
    tcase_add_test(c, a_short_pause_is_none);
    tcase_add_test(c, two_twitches_are_no_movement);
    tcase_add_test(c, what_runs_into_the_end_is_told);
    tcase_add_test(c, cutting_does_not_matter);
    tcase_add_test(c, only_with_the_switch_and_a_unit);
    tcase_add_test(c, four_make_a_series);
    tcase_add_test(c, an_interval_too_short_ends_a_series);
    tcase_add_test(c, both_legs_are_one);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
