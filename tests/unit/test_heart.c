/* test_heart.c - heart beats are taken out of an EMG channel; jerks, tremor and fasciculations are not. */
#include <stdlib.h>
#include "bursts.h"
#include "event/group_in.h"

/* A QRS complex: short, always alike, slow. */
static myo_burst beat_at(double on)
{
    myo_burst b = burst_at(on, 60.0);
    b.template_corr = 0.9f;
    b.low_share = 0.6f;
    b.mdf_hz = 30.0f;
    return b;
}

static int by_time(const void *a, const void *b)
{
    const myo_burst *x = a, *y = b;
    return (x->on > y->on) - (x->on < y->on);
}

static myo_burst row[5000];
static int n_row;

static void plus(myo_burst b)
{
    ck_assert_int_lt(n_row, 5000);
    row[n_row++] = b;
}

/* Heart of this period with +-3 %, beats [from, to). */
static void plus_heart(double on, int n, double period)
{
    myo_rng r;
    myo_rng_seed(&r, 9, 1);
    for (int i = 0; i < n; i++) {
        plus(beat_at(on + period * (i + 0.03 * (2.0 * myo_rng_uniform(&r) - 1.0))));
    }
}

static void run(myo_kind kind)
{
    qsort(row, (size_t)n_row, sizeof *row, by_time);
    kit_open(kind);
    for (int i = 0; i < n_row; i++) {
        put_burst(row[i]);
    }
    kit_end(row[n_row - 1].off + 10.0);
}

static int hearts(int64_t *beats)
{
    int n = 0;
    *beats = 0;
    for (int i = 0; i < the.n_e; i++) {
        n += the.e[i].form == MYO_FORM_HEART;
        *beats += the.e[i].form == MYO_FORM_HEART ? the.e[i].n_bursts : 0;
    }
    return n;
}

START_TEST(a_heart_is_one_event)
{
    int64_t beats;
    plus_heart(1.0, 20, 60.0 / 72.0);
    run(MYO_KIND_EMG);
    ck_assert_int_eq(the.n_e, 1);
    ck_assert_int_eq(hearts(&beats), 1);
    ck_assert_int_eq(beats, 20);
    ck_assert_int_eq(the.n_b, 20);
}
END_TEST

START_TEST(jerks_between_beats_stay)
{
    int64_t beats;
    plus_heart(1.0, 20, 0.8);
    plus(burst_at(3.0 + 0.43, 50.0));
    plus(burst_at(8.2 + 0.37, 50.0));
    run(MYO_KIND_EMG);
    ck_assert_int_eq(hearts(&beats), 1);
    ck_assert_int_eq(beats, 20);
    ck_assert_int_eq(the.n_e, 3);
    ck_assert_int_eq(the.e[0].form, MYO_FORM_SINGLE);
}
END_TEST

START_TEST(missed_beats_do_not_end_it)
{
    int64_t beats;
    for (int i = 0; i < 30; i++) {
        if (i % 5 != 3) {
            plus(beat_at(1.0 + 0.7 * i));
        }
    }
    run(MYO_KIND_EMG);
    ck_assert_int_eq(hearts(&beats), 1);
    ck_assert_int_eq(beats, 24);
}
END_TEST

/* A contraction hides more beats than a chain may miss: the heart behind it is still the heart. */
START_TEST(the_heart_beats_on_behind_a_contraction)
{
    int64_t beats;
    plus_heart(1.0, 12, 0.8);
    for (int i = 0; i < 4; i++) {
        plus(burst_at(11.0 + 1.7 * i, 1600.0));
    }
    plus_heart(18.3, 12, 0.8);
    run(MYO_KIND_EMG);
    ck_assert_int_eq(hearts(&beats), 1);
    ck_assert_int_eq(beats, 24);
    ck_assert_int_eq(the.n_e, 2);
}
END_TEST

/* A beat in the midst of pieces: what it parted must not be joined over it. */
START_TEST(a_beat_taken_out_joins_nothing)
{
    plus_heart(1.0, 12, 0.8);
    for (int i = 0; i < 12; i++) {
        myo_burst b = burst_at(1.0 + 0.8 * i + 0.2, 30.0);
        b.joined = 1.0f;
        plus(b);
    }
    run(MYO_KIND_EMG);
    ck_assert_int_eq(the.n_b, 24);
    for (int i = 0; i < the.n_b; i++) {
        ck_assert_double_lt(the.b[i].off - the.b[i].on, 0.1);
    }
}
END_TEST

START_TEST(five_beats_are_no_heart)
{
    int64_t beats;
    plus_heart(1.0, 5, 0.8);
    run(MYO_KIND_EMG);
    ck_assert_int_eq(hearts(&beats), 0);
}
END_TEST

/* Muscle: the same rhythm and shape, but not slow. */
START_TEST(regular_units_are_no_heart)
{
    int64_t beats;
    plus_heart(1.0, 20, 0.8);
    for (int i = 0; i < n_row; i++) {
        row[i].low_share = 0.1f;
    }
    run(MYO_KIND_EMG);
    ck_assert_int_eq(hearts(&beats), 0);
}
END_TEST

START_TEST(changing_shapes_are_no_heart)
{
    int64_t beats;
    plus_heart(1.0, 20, 0.8);
    for (int i = 0; i < n_row; i++) {
        row[i].template_corr = 0.3f;
    }
    run(MYO_KIND_EMG);
    ck_assert_int_eq(hearts(&beats), 0);
}
END_TEST

/* Fasciculations come when they like, alike and slow as they may be. */
START_TEST(irregular_units_are_no_heart)
{
    static const double gap[] = {0.5, 1.1, 0.62, 1.45, 0.47, 1.3, 0.75, 1.4, 0.55, 1.2, 0.43, 1.35};
    int64_t beats;
    double t = 1.0;
    for (size_t i = 0; i < sizeof gap / sizeof gap[0]; i++) {
        plus(beat_at(t));
        t += gap[i];
    }
    run(MYO_KIND_EMG);
    ck_assert_int_eq(hearts(&beats), 0);
    ck_assert_int_eq(the.n_b, 12);
}
END_TEST

/* An 8-Hz tremor offers every fourth burst as a beat. */
START_TEST(tremor_is_no_heart)
{
    int64_t beats;
    plus_heart(1.0, 60, 0.12);
    run(MYO_KIND_EMG);
    ck_assert_int_eq(hearts(&beats), 0);
    ck_assert_int_eq(the.n_e, 1);
    ck_assert_int_eq(the.e[0].form, MYO_FORM_TRAIN);
}
END_TEST

START_TEST(an_accelerometer_has_no_heart)
{
    int64_t beats;
    plus_heart(1.0, 20, 0.8);
    run(MYO_KIND_ACC);
    ck_assert_int_eq(hearts(&beats), 0);
}
END_TEST

/* An hour of it fills clusters of CLUSTER_MAX; all beats are found in each. */
START_TEST(a_heart_all_day)
{
    int64_t beats;
    plus_heart(1.0, 4990, 0.8);
    run(MYO_KIND_EMG);
    ck_assert_int_eq(hearts(&beats), 2);
    ck_assert_int_eq(beats, 4990);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("heart");
    TCase *c = tcase_create("heart");
    tcase_add_test(c, a_heart_is_one_event);
    tcase_add_test(c, jerks_between_beats_stay);
    tcase_add_test(c, missed_beats_do_not_end_it);
    tcase_add_test(c, the_heart_beats_on_behind_a_contraction);
    tcase_add_test(c, a_beat_taken_out_joins_nothing);
    tcase_add_test(c, five_beats_are_no_heart);
    tcase_add_test(c, regular_units_are_no_heart);
    tcase_add_test(c, changing_shapes_are_no_heart);
    tcase_add_test(c, irregular_units_are_no_heart);
    tcase_add_test(c, tremor_is_no_heart);
    tcase_add_test(c, an_accelerometer_has_no_heart);
    tcase_add_test(c, a_heart_all_day);
    tcase_set_timeout(c, 30.0);
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
