/* test_repeat.c - frames that repeat on all axes: what they need to be none of a limb; axes that are stuck alone. */
#include "dsp/repeat.h"
#include "sig.h"

enum { N = 3000, REST = 200, OFF = 12, ZEROS = 10, STUCK = 600 };

static float x[3][N];

static myo_repeat_cfg usual(void)
{
    return (myo_repeat_cfg){.n_axes = 3, .rest_lo = 0.7, .rest_hi = 1.3, .rest_n = REST, .off_n = OFF, .zero_n = ZEROS, .stuck_n = STUCK};
}

/* Noise about a limb at rest. */
static void limb(void)
{
    static const double level[] = {0.2, -0.4, 0.89};
    memset(x, 0, sizeof x);
    for (int a = 0; a < 3; a++) {
        sig_const(x[a], N, level[a]);
        sig_noise(x[a], N, 0.002, (uint64_t)(a + 1));
    }
}

static void hold(int a, int on, int off, float value)
{
    for (int i = on; i < off; i++) {
        x[a][i] = value;
    }
}

static myo_repeat *make(const myo_repeat_cfg *cfg)
{
    myo_repeat *r = NULL;
    ck_assert_int_eq(myo_repeat_new(&r, cfg), MYO_OK);
    return r;
}

static void push(myo_repeat *r, int64_t from, int64_t n)
{
    const float *const at[] = {x[0], x[1], x[2]};
    ck_assert_int_eq(myo_repeat_push(r, at, from, n), MYO_OK);
}

START_TEST(the_level_tells_how_long)
{
    static const struct { float v[3]; int64_t needs; } held[] = {
        {{0.2f, -0.4f, 0.89f}, REST}, {{0.0f, 0.0f, 0.0f}, ZEROS}, {{0.1f, 0.0f, 0.1f}, OFF}, {{2.0f, 2.0f, 2.0f}, OFF}};
    const myo_repeat_cfg cfg = usual();
    limb();
    for (int a = 0; a < 3; a++) {
        hold(a, 1000, 1500, held[_i].v[a]);
    }
    myo_repeat *r = make(&cfg);
    push(r, 0, N);
    for (int i = 0; i < N; i++) { /* the first frame of a run repeats nothing */
        ck_assert_int_eq(myo_repeat_needs(r, i), i > 1000 && i < 1500 ? held[_i].needs : 0);
    }
    myo_repeat_free(&r);
}
END_TEST

START_TEST(where_rest_is_unknown_all_levels_may_be_it)
{
    myo_repeat_cfg cfg = usual();
    cfg.rest_lo = cfg.rest_hi = 0.0;
    memset(x, 0, sizeof x);
    myo_repeat *r = make(&cfg);
    push(r, 0, 100);
    ck_assert_int_eq(myo_repeat_needs(r, 0), 0);
    ck_assert_int_eq(myo_repeat_needs(r, 99), REST);
    myo_repeat_free(&r);
}
END_TEST

START_TEST(one_still_axis_is_no_still_sensor)
{
    const myo_repeat_cfg cfg = usual();
    limb();
    hold(1, 500, 1500, 0.0f);
    hold(2, 1700, 1700 + STUCK - 1, 0.9f);
    myo_repeat *r = make(&cfg);
    push(r, 0, N);
    for (int i = 0; i < N; i++) {
        ck_assert_int_eq(myo_repeat_needs(r, i), 0);
    }
    ck_assert_int_eq(myo_repeat_stuck(r, 0), 0);
    ck_assert_int_eq(myo_repeat_stuck(r, 1), 1000);
    ck_assert_int_eq(myo_repeat_stuck(r, 2), 0);
    myo_repeat_free(&r);
}
END_TEST

/* A stretch in which nothing moves is no axis's own; one that lasts counts up to here; a reset forgets. */
START_TEST(stuck_is_what_others_do_not_do)
{
    const myo_repeat_cfg cfg = usual();
    limb();
    for (int a = 0; a < 3; a++) {
        hold(a, 500, 1500, 0.5f);
    }
    hold(0, 2000, N, 0.1f);
    myo_repeat *r = make(&cfg);
    push(r, 0, N);
    ck_assert_int_eq(myo_repeat_stuck(r, 0), N - 2000);
    ck_assert_int_eq(myo_repeat_stuck(r, 0), N - 2000);
    ck_assert_int_eq(myo_repeat_stuck(r, 1), 0);
    myo_repeat_reset(r);
    push(r, 0, 400);
    ck_assert_int_eq(myo_repeat_stuck(r, 0), 0);
    myo_repeat_free(&r);
}
END_TEST

START_TEST(pieces_tell_the_same)
{
    static const int64_t pieces[] = {1, 7, 64, 999};
    const myo_repeat_cfg cfg = usual();
    limb();
    for (int a = 0; a < 3; a++) {
        hold(a, 990, 1300, a == 2 ? 1.0f : 0.0f);
    }
    hold(0, 1500, 2500, 0.1f);
    myo_repeat *whole = make(&cfg), *cut = make(&cfg);
    push(whole, 0, N);
    for (int64_t i = 0; i < N; i += pieces[_i]) {
        const int64_t n = N - i < pieces[_i] ? N - i : pieces[_i], from = i < 100 ? 0 : i - 100;
        push(cut, i, n);
        for (int64_t k = from; k < i + n; k++) {
            ck_assert_int_eq(myo_repeat_needs(whole, k), myo_repeat_needs(cut, k));
        }
        myo_repeat_drop(cut, i + n - 100);
    }
    ck_assert_int_eq(myo_repeat_stuck(whole, 0), 1000);
    ck_assert_int_eq(myo_repeat_stuck(cut, 0), 1000);
    myo_repeat_free(&whole);
    myo_repeat_free(&cut);
}
END_TEST

/* Frames of an axis in runs that are long enough, counted one by one. */
static int64_t stuck_of(int axis, int64_t least)
{
    int64_t stuck = 0, on = 0, moved = 0;
    for (int i = 0; i <= N; i++) {
        bool all = i > 0 && i < N;
        for (int a = 0; all && a < 3; a++) {
            all = x[a][i] == x[a][i - 1];
        }
        if (i == N || i == 0 || x[axis][i] != x[axis][i - 1]) {
            stuck += i - on >= least && 2 * moved >= i - on ? i - on : 0;
            on = i;
            moved = 0;
        }
        moved += !all;
    }
    return stuck;
}

/* Axes that change at random, each as seldom as it likes for a while. */
START_TEST(stuck_axes_are_counted_to_the_frame)
{
    static const int64_t pieces[] = {1, 5, 64, 700, N};
    myo_rng rng;
    myo_rng_seed(&rng, 77, (uint64_t)_i);
    myo_repeat_cfg cfg = usual();
    cfg.stuck_n = 21;
    double rate[3] = {0.5, 0.5, 0.5};
    int64_t found = 0;
    for (int i = 0; i < N; i++) {
        for (int a = 0; a < 3; a++) {
            rate[a] = myo_rng_uniform(&rng) < 0.01 ? pow(myo_rng_uniform(&rng), 3.0) : rate[a];
            x[a][i] = i > 0 && myo_rng_uniform(&rng) > rate[a] ? x[a][i - 1] : (float)i;
        }
    }
    for (size_t k = 0; k < sizeof pieces / sizeof pieces[0]; k++) {
        myo_repeat *r = make(&cfg);
        for (int64_t i = 0; i < N; i += pieces[k]) {
            push(r, i, N - i < pieces[k] ? N - i : pieces[k]);
        }
        for (int a = 0; a < 3; a++) {
            const int64_t stuck = myo_repeat_stuck(r, a);
            ck_assert_int_eq(stuck, stuck_of(a, cfg.stuck_n));
            found += stuck;
        }
        myo_repeat_free(&r);
    }
    ck_assert_int_gt(found, 0);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("repeat");
    TCase *c = tcase_create("repeat");
    tcase_add_loop_test(c, the_level_tells_how_long, 0, 4);
    tcase_add_test(c, where_rest_is_unknown_all_levels_may_be_it);
    tcase_add_test(c, one_still_axis_is_no_still_sensor);
    tcase_add_test(c, stuck_is_what_others_do_not_do);
    tcase_add_loop_test(c, stuck_axes_are_counted_to_the_frame, 0, 10);
    tcase_add_loop_test(c, pieces_tell_the_same, 0, 4);
    suite_add_tcase(s, c);
    return sig_main(s);
}
