/* test_stall.c - coarse sensors and fine ones, gravity at rest, extremes that are no clipping, and the rule made of them. */
#include "run/stall.h"
#include "sig.h"

enum { N = 20000, FS = 100 };

static float x[3][N];
static myo_params params;
static myo_plan_lane lane;
static myo_stall seen;

/* A limb at rest of which a converter of steps `lsb` tells; noise of so many steps. */
static void limb(double lsb, double noise)
{
    static const double level[] = {0.2013, -0.4102, 0.8888};
    memset(x, 0, sizeof x);
    for (int a = 0; a < 3; a++) {
        sig_const(x[a], N, level[a]);
        sig_noise(x[a], N, noise * lsb, (uint64_t)(a + 1));
    }
}

/* Slow movements, one step in a few samples: they tell nothing of the noise. */
static void move(double g, double hz)
{
    for (int a = 0; a < 3; a++) {
        sig_sine(x[a], N / 2, FS, hz * (1 + 0.1 * a), g, a);
    }
}

static void quantize(double lsb)
{
    for (int a = 0; a < 3; a++) {
        for (int i = 0; i < N; i++) {
            x[a][i] = (float)(floor(x[a][i] / lsb + 0.5) * lsb);
        }
    }
}

static void hold(int a, int on, int n, float value)
{
    for (int i = on; i < on + n; i++) {
        x[a][i] = value;
    }
}

static void conclude(const char *flags, bool calibrated)
{
    static float kept[3][N / 10];
    float *const all[] = {kept[0], kept[1], kept[2]};
    const float *const at[] = {x[0], x[1], x[2]};
    myo_params_defaults(&params);
    lane = (myo_plan_lane){.cfg = {.kind = MYO_KIND_ACC, .fs = FS, .n_axes = 3, .calibrated = calibrated, .params = &params,
                                   .prior = {.scale = 1.0}}};
    snprintf(lane.flags, sizeof lane.flags, "%s", flags);
    for (int i = 0; i < N; i += 10) {
        for (int a = 0; a < 3; a++) {
            kept[a][i / 10] = x[a][i];
        }
    }
    myo_stall_init(&seen, &lane.cfg);
    myo_stall_see(&seen, at, 0, N / 3);
    myo_stall_see(&seen, at, N / 3, N);
    ck_assert_int_eq(myo_stall_conclude(&seen, &lane, all, N / 10), MYO_OK);
}

/* Steps against noise, held for how many samples on how many axes. */
START_TEST(noise_over_a_step_is_fine)
{
    static const struct { double lsb, noise; int held, axes; bool coarse; } given[] = {
        {0.0039, 0.6, 0, 0, false},  {0.0039, 0.6, 2000, 3, false}, {0.0001, 20.0, 2000, 3, false}, {0.0039, 0.6, 10000, 1, false},
        {0.0156, 0.5, 0, 0, false},  {0.0039, 0.2, 0, 0, true},     {0.0156, 0.02, 0, 0, true},     {0.001, 0.1, 0, 0, true}};
    limb(given[_i].lsb, given[_i].noise);
    move(given[_i].noise < 0.5 ? 0.05 : 0.0, 0.2);
    quantize(given[_i].lsb);
    for (int a = 0; a < given[_i].axes; a++) {
        hold(a, 5000, given[_i].held, x[a][5000]);
    }
    conclude("", true);
    ck_assert_int_eq(lane.cfg.prior.coarse, given[_i].coarse);
}
END_TEST

/* Nothing but large steps, and stillness: steps that a pulse need not exceed may hide it. */
START_TEST(without_quiet_frames_the_step_tells)
{
    static const struct { double lsb; bool calibrated, coarse; } given[] = {{0.0156, true, true}, {0.0005, true, false}, {0.0005, false, true}};
    for (int i = 0; i < N; i++) {
        for (int a = 0; a < 3; a++) {
            x[a][i] = (float)((a == 2) + (i < 1000 ? given[_i].lsb * (i % 3) * (i % 2 ? 7 : 1) : 0.0));
        }
    }
    conclude("", given[_i].calibrated);
    ck_assert_int_eq(lane.cfg.prior.coarse, given[_i].coarse);
}
END_TEST

/* Tremor of a quiet limb in coarse steps, with a rest now and then. */
START_TEST(many_still_spells_are_a_coarse_sensor)
{
    limb(0.0156, 0.0);
    for (int a = 0; a < 3; a++) {
        for (int k = 0; k < 10; k++) {
            sig_sine(x[a] + 2000 * k, 1500, FS, 5.3, 0.1, a);
        }
    }
    quantize(0.0156);
    conclude("", true);
    ck_assert_int_ge(seen.n_long, 9);
    ck_assert(lane.cfg.prior.coarse);
}
END_TEST

START_TEST(rest_is_one_g)
{
    static const struct { const char *flags; bool calibrated; double scale; int zeros; double lo, hi; } given[] = {
        {"", true, 1.0, 0, 0.7, 1.3},   {"", true, 1.0, 9000, 0.7, 1.3},  {"", true, 1.0, 15000, 0.7, 1.3},
        {"", true, 0.8, 0, 0.56, 1.3},  {"", true, 3.0, 0, 0.0, 0.0},     {"without_gravity", true, 1.0, 0, 0.0, 0.0},
        {"", false, 1.0, 0, 0.0, 0.0}};
    limb(0.0039, 0.6);
    for (int a = 0; a < 3; a++) {
        for (int i = 0; i < N; i++) {
            x[a][i] = i < given[_i].zeros ? 0.0f : x[a][i] * (float)given[_i].scale;
        }
    }
    conclude(given[_i].flags, given[_i].calibrated);
    ck_assert_double_eq_tol(lane.cfg.prior.rest_lo, given[_i].lo, 0.01);
    ck_assert_double_eq_tol(lane.cfg.prior.rest_hi, given[_i].hi, 0.01);
}
END_TEST

START_TEST(what_all_axes_hold_is_no_clipping)
{
    limb(0.0039, 0.6);
    for (int a = 0; a < 3; a++) {
        hold(a, 5000, 300, 0.0f);
    }
    hold(0, 9000, 5, 2.0f);
    conclude("", true);
    ck_assert_int_eq(seen.lo[2].run, 1);
    ck_assert_int_eq(seen.lo[0].run, 1);
    ck_assert_int_eq(seen.hi[0].run, 5);
}
END_TEST

START_TEST(the_rule)
{
    limb(0.0039, 0.6);
    quantize(0.0039);
    conclude("", true);
    const myo_repeat_cfg fine = myo_stall_rule(&lane.cfg);
    ck_assert_int_eq(fine.zero_n, 10);
    ck_assert_int_ge(fine.off_n, 10);
    ck_assert_int_le(fine.off_n, 12);
    ck_assert_int_eq(fine.rest_n, 200);
    ck_assert_int_eq(fine.stuck_n, 6000);
    lane.cfg.fs = 12.5;
    ck_assert_int_eq(myo_stall_rule(&lane.cfg).rest_n, 40);
    ck_assert_int_eq(myo_stall_rule(&lane.cfg).zero_n, 3);
    lane.cfg.n_axes = 1;
    ck_assert_int_eq(myo_stall_rule(&lane.cfg).stuck_n, MYO_REPEAT_NEVER);
    lane.cfg.prior.coarse = true;
    ck_assert_int_eq(myo_stall_rule(&lane.cfg).rest_n, MYO_REPEAT_NEVER);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("stall");
    TCase *c = tcase_create("stall");
    tcase_add_loop_test(c, noise_over_a_step_is_fine, 0, 8);
    tcase_add_loop_test(c, without_quiet_frames_the_step_tells, 0, 3);
    tcase_add_test(c, many_still_spells_are_a_coarse_sensor);
    tcase_add_loop_test(c, rest_is_one_g, 0, 7);
    tcase_add_test(c, what_all_axes_hold_is_no_clipping);
    tcase_add_test(c, the_rule);
    suite_add_tcase(s, c);
    return sig_main(s);
}
