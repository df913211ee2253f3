/* test_gravity.c - scale, zero and unit of an accelerometer by what it feels at rest. */
#include <check.h>
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "run/gravity.h"

enum { N = 2000 };

static myo_channel channel[3];
static myo_recinfo info;
static myo_plan_lane lane;
static myo_gravity seen;
static float kept[3][N];
static char told[512];

/* A sensor that rests first this way, then that way, moved a little: v * by + zero, whole numbers if wanted. */
static void rest(const double v[2][3], double by, double zero, bool whole)
{
    myo_rng r;
    myo_rng_seed(&r, 9, 1);
    seen = (myo_gravity){.n_kept = N, .norm_n = N};
    for (int a = 0; a < 3; a++) {
        seen.kept[a] = kept[a];
        seen.lo[a] = INFINITY;
        seen.hi[a] = -INFINITY;
        seen.least_step[a] = whole ? 1.0f : 1e-4f;
    }
    for (int i = 0; i < N; i++) {
        double ss = 0.0;
        for (int a = 0; a < 3; a++) {
            const double x = (v[i >= N / 2][a] + 0.01 * myo_rng_normal(&r)) * by + zero;
            kept[a][i] = (float)(whole ? floor(x + 0.5) : x);
            seen.lo[a] = fminf(seen.lo[a], kept[a][i]);
            seen.hi[a] = fmaxf(seen.hi[a], kept[a][i]);
            seen.mean[a] += (double)kept[a][i] / N;
            ss += (double)kept[a][i] * kept[a][i];
        }
        seen.norm_sum += sqrt(ss);
    }
}

static void judge(const char *label, const char *unit)
{
    memset(channel, 0, sizeof channel);
    memset(&lane, 0, sizeof lane);
    info = (myo_recinfo){.n_ch = 3, .ch = channel};
    for (int a = 0; a < 3; a++) {
        snprintf(channel[a].label, sizeof channel[a].label, "%s", label);
        snprintf(channel[a].file_unit, sizeof channel[a].file_unit, "%s", unit);
        lane.ch[a] = a;
    }
    snprintf(lane.name, sizeof lane.name, "acc");
    snprintf(lane.unit, sizeof lane.unit, "%s", unit[0] ? "g" : "au");
    lane.cfg.kind = MYO_KIND_ACC;
    lane.cfg.n_axes = 3;
    lane.cfg.calibrated = unit[0] != '\0';
    lane.cfg.prior.scale = 1.0;
    myo_diag d = {0};
    myo_gravity_judge(&lane, &seen, &info, &d);
    snprintf(told, sizeof told, "%s", d.n_warnings > 0 ? d.warnings[0] : "");
    myo_diag_clear(&d);
}

static const double still[2][3] = {{0.6, 0.0, 0.8}, {0.6, 0.0, 0.8}};
static const double turned[2][3] = {{0.6, 0.0, 0.8}, {0.0, -0.8, -0.6}};
static const double octant[2][3] = {{0.57735, 0.57735, 0.57735}, {0.5, 0.5, 0.7071}};

START_TEST(signed_counts)
{
    rest(turned, 16384.0, 0.0, true);
    judge("acc_x", "");
    ck_assert_double_eq_tol(1.0 / lane.cfg.prior.scale, 16384.0, 30.0);
    ck_assert_double_eq(lane.cfg.prior.offset[0], 0.0);
    ck_assert(lane.cfg.calibrated);
    ck_assert_str_eq(lane.unit, "g");
    ck_assert_str_eq(lane.flags, "scale_from_gravity");
    ck_assert_ptr_nonnull(strstr(told, "file units are 1 g"));
}
END_TEST

START_TEST(unsigned_counts_have_their_zero_in_the_middle)
{
    static const struct { double middle, one_g; } given[] = {{128, 32}, {512, 100}, {2048, 410}, {32768, 5000}, {8388608, 1.3e6}};
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        rest(i % 2 ? still : turned, given[i].one_g, given[i].middle, true);
        judge("acc_x", "");
        ck_assert_double_eq(lane.cfg.prior.offset[2], given[i].middle);
        ck_assert_double_eq_tol(1.0 / lane.cfg.prior.scale, given[i].one_g, 0.01 * given[i].one_g);
        ck_assert_str_eq(lane.flags, "scale_from_gravity;zero_at_middle");
    }
}
END_TEST

/* All axes positive and alike by chance; turned, the length about 0 stays and that about the middle does not. */
START_TEST(a_positive_octant_is_no_middle)
{
    rest(octant, 14189.0, 0.0, true);
    judge("acc_x", "");
    ck_assert_double_eq(lane.cfg.prior.offset[0], 0.0);
    ck_assert_double_eq_tol(1.0 / lane.cfg.prior.scale, 14189.0, 30.0);
}
END_TEST

START_TEST(units_written_for_one_another)
{
    static const struct { const char *stated, *flags; double delivered; } given[] = {
        {"m/s^2", "unit_from_gravity", 1.0 / 9.80665}, {"g", "unit_from_gravity", 9.80665},
        {"g", "unit_from_gravity", 1000.0}, {"mg", "unit_from_gravity", 0.001},
        {"mg", "unit_from_gravity", 9.80665e-3}, {"m/s^2", "unit_from_gravity", 1e3 / 9.80665},
        {"g", "", 1.0}, {"m/s^2", "", 1.1}, {"g", "gravity_implausible", 0.2}, {"g", "gravity_implausible", 1.0 / 9.80665},
        {"m/s^2", "gravity_implausible", 30.0}};
    for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
        rest(still, given[i].delivered, 0.0, false);
        judge("acc_x", given[i].stated);
        ck_assert_msg(strcmp(lane.flags, given[i].flags) == 0, "%zu: %s", i, lane.flags);
        const bool mended = strcmp(given[i].flags, "unit_from_gravity") == 0;
        ck_assert_double_eq_tol(lane.cfg.prior.scale * given[i].delivered, mended ? 1.0 : given[i].delivered, 1e-6);
        ck_assert_int_eq(told[0] != '\0', given[i].flags[0] != '\0');
    }
}
END_TEST

START_TEST(linear_acceleration_has_no_gravity)
{
    static const char *const labels[] = {"LinearAcceleration.x", "linacc_x", "userAcceleration.x"};
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        rest(still, 0.01, 0.0, false);
        judge(labels[i], "");
        ck_assert_double_eq(lane.cfg.prior.scale, 1.0);
        ck_assert(!lane.cfg.calibrated);
        ck_assert_str_eq(lane.flags, "without_gravity");
        judge(labels[i], "g");
        ck_assert_str_eq(lane.flags, "without_gravity");
        ck_assert_str_eq(told, "");
    }
}
END_TEST

START_TEST(nothing_seen_says_nothing)
{
    rest(still, 1.0, 0.0, false);
    seen.norm_n = 0;
    judge("acc_x", "");
    ck_assert_double_eq(lane.cfg.prior.scale, 1.0);
    ck_assert_str_eq(lane.flags, "");
    rest((const double[2][3]){{0}}, 0.0, 0.0, true); /* all zero */
    judge("acc_x", "");
    ck_assert(!lane.cfg.calibrated);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("gravity");
    TCase *c = tcase_create("gravity");
    tcase_add_test(c, signed_counts);
    tcase_add_test(c, unsigned_counts_have_their_zero_in_the_middle);
    tcase_add_test(c, a_positive_octant_is_no_middle);
    tcase_add_test(c, units_written_for_one_another);
    tcase_add_test(c, linear_acceleration_has_no_gravity);
    tcase_add_test(c, nothing_seen_says_nothing);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed;
}
