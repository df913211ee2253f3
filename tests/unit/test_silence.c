/* test_silence.c - silent periods in tonic activity, and what looks like them. */
#include "detect/silence.h"
#include "sig.h"

enum { FS = 2000, N = 10 * FS, MOST = 64 };
static const myo_silence_rule RULE = {FS, 0.050, 0.500, 4.0};

static float x[N], u[N];
static myo_silence_span found[MOST];
static int n_found;

static myo_err keep(void *user, const myo_silence_span *s)
{
    (void)user;
    ck_assert_int_lt(n_found, MOST);
    found[n_found++] = *s;
    return MYO_OK;
}

static void rest(uint64_t seed)
{
    memset(x, 0, sizeof x);
    sig_noise(x, N, 1.0, seed);
}

/* Tone of this rms over noise from `on` to `off` s; noise of 150 Hz bandwidth, as muscle is about as wide. */
static void tone(double on, double off, double rms, uint64_t seed)
{
    myo_rng r;
    double y = 0.0;
    const double pole = exp(-2.0 * M_PI * 150.0 / FS), gain = rms * sqrt((1.0 + pole) / (1.0 - pole));
    myo_rng_seed(&r, seed, 2);
    for (int i = (int)(on * FS); i < (int)(off * FS); i++) {
        y = pole * y + (1.0 - pole) * myo_rng_normal(&r);
        x[i] += (float)(gain * y);
    }
}

static void energies(void)
{
    for (int i = 0; i < N; i++) {
        u[i] = x[i] * x[i];
    }
}

static void search(int chunk)
{
    myo_silence *s = NULL;
    n_found = 0;
    ck_assert_int_eq(myo_silence_new(&s, &RULE), MYO_OK);
    for (int i = 0; i < N; i += chunk) {
        ck_assert_int_eq(myo_silence_push(s, u + i, N - i < chunk ? N - i : chunk, keep, NULL), MYO_OK);
    }
    ck_assert_int_eq(myo_silence_finish(s, keep, NULL), MYO_OK);
    myo_silence_free(&s);
    ck_assert_ptr_null(s);
}

static void find(void)
{
    energies();
    search(512);
}

/* Contraction of 1-9 s with one silence: found, its edges within 10 ms, from 12 dB on. */
START_TEST(one_silence_in_a_contraction)
{
    static const double length[] = {0.055, 0.08, 0.15, 0.3, 0.48};
    int hits = 0, near = 0, all = 0;
    for (double rms = 4.0; rms < 70.0; rms *= 2.0) {
        for (int k = 0; k < 5; k++) {
            rest(10 + (uint64_t)k);
            tone(1.0, 5.0, rms, 20 + (uint64_t)k);
            tone(5.0 + length[k], 9.0, rms, 30 + (uint64_t)k);
            find();
            all++;
            hits += n_found == 1;
            near += n_found == 1 && fabs((double)found[0].on / FS - 5.0) < 0.010 &&
                    fabs((double)found[0].off / FS - 5.0 - length[k]) < 0.010;
        }
    }
    ck_assert_int_ge(hits, all - 1);
    ck_assert_int_ge(near, all - 2);
}
END_TEST

START_TEST(several_in_a_row)
{
    static const double on[] = {2.0, 2.6, 3.5, 5.0, 7.0};
    double from = 1.0;
    rest(1);
    for (int k = 0; k < 5; k++) {
        tone(from, on[k], 15.0, 40 + (uint64_t)k);
        from = on[k] + 0.1 + 0.02 * k;
    }
    tone(from, 9.5, 15.0, 50);
    find();
    ck_assert_int_eq(n_found, 5);
    for (int k = 0; k < 5; k++) {
        ck_assert_double_eq_tol((double)found[k].on / FS, on[k], 0.010);
        ck_assert_double_gt(found[k].before, 100.0);
        ck_assert_double_lt(found[k].core, 2.0);
    }
}
END_TEST

/* A lone potential in a silence does not part it. */
START_TEST(a_lone_potential_within)
{
    rest(2);
    tone(1.0, 4.0, 20.0, 60);
    tone(4.14, 4.147, 12.0, 61);
    tone(4.3, 8.0, 20.0, 62);
    find();
    ck_assert_int_le(n_found, 1);
}
END_TEST

START_TEST(relaxing_is_none)
{
    rest(3);
    tone(1.0, 4.0, 20.0, 70);    /* then nothing for good */
    tone(4.3, 4.38, 30.0, 71);   /* but a jerk */
    tone(6.0, 9.0, 20.0, 72);    /* and the next contraction, after 1.6 s */
    find();
    ck_assert_int_eq(n_found, 0);
}
END_TEST

/* The tone fades over 150 ms and comes back as slowly: a person paused. */
START_TEST(a_pause_with_ramps_is_none)
{
    rest(4);
    tone(1.0, 8.0, 20.0, 80);
    for (int i = 4 * FS; i < 5 * FS; i++) {
        const double t = (double)i / FS, down = (4.3 - t) / 0.3, up = (t - 4.5) / 0.3;
        x[i] *= (float)fmin(1.0, fmax(0.0, fmax(down, up)));
    }
    memset(x + (int)(4.3 * FS), 0, sizeof *x * (size_t)(0.2 * FS));
    sig_noise(x + (int)(4.25 * FS), (int)(0.3 * FS), 1.0, 81);
    find();
    ck_assert_int_eq(n_found, 0);
}
END_TEST

START_TEST(pauses_of_tremor_are_none)
{
    for (double hz = 3.0; hz < 12.0; hz += 1.5) {
        rest(5);
        for (double t = 1.0; t < 9.0; t += 1.0 / hz) {
            tone(t, t + 0.55 / hz, 15.0, 90 + (uint64_t)(t * 100.0));
        }
        find();
        ck_assert_msg(n_found == 0, "%g Hz: %d", hz, n_found);
    }
}
END_TEST

/* One unit at 8-11 Hz, whose potentials stand 15 dB over rest: gaps of 80-115 ms between them. */
START_TEST(gaps_between_units_are_none)
{
    myo_rng r;
    myo_rng_seed(&r, 6, 3);
    rest(6);
    for (double t = 1.0; t < 9.0; t += 0.105 + 0.015 * myo_rng_normal(&r)) {
        tone(t, t + 0.012, 25.0, 200 + (uint64_t)(t * 1000.0));
    }
    find();
    ck_assert_int_eq(n_found, 0);
}
END_TEST

START_TEST(weak_tone_is_none)
{
    rest(7);
    tone(1.0, 4.0, 2.0, 100);
    tone(4.2, 8.0, 2.0, 101);
    find();
    ck_assert_int_eq(n_found, 0);
}
END_TEST

START_TEST(a_dead_contact_is_none)
{
    rest(8);
    tone(1.0, 8.0, 20.0, 110);
    memset(x + 4 * FS, 0, sizeof *x * FS / 5);
    find();
    ck_assert_int_eq(n_found, 0);
}
END_TEST

START_TEST(a_mask_nearby_forbids)
{
    rest(9);
    tone(1.0, 4.0, 20.0, 120);
    tone(4.2, 8.0, 20.0, 121);
    energies();
    search(512);
    ck_assert_int_eq(n_found, 1);
    u[(int)(4.1 * FS)] = NAN; /* in it, before it, behind it */
    search(512);
    ck_assert_int_eq(n_found, 0);
    energies();
    u[(int)(3.8 * FS)] = NAN;
    search(512);
    ck_assert_int_eq(n_found, 0);
    energies();
    u[(int)(4.3 * FS)] = NAN;
    search(512);
    ck_assert_int_eq(n_found, 0);
}
END_TEST

START_TEST(too_short_and_too_long_are_none)
{
    rest(11);
    tone(1.0, 3.0, 20.0, 130);
    tone(3.03, 6.0, 20.0, 131);
    tone(6.6, 9.0, 20.0, 132);
    find();
    ck_assert_int_eq(n_found, 0);
}
END_TEST

/* Tone must be there on both sides: not at the ends of what is there. */
START_TEST(near_the_ends_there_is_no_tone)
{
    rest(12);
    tone(0.0, 0.15, 20.0, 140);
    tone(0.3, 9.7, 20.0, 141);
    tone(9.85, 10.0, 20.0, 142);
    find();
    ck_assert_int_eq(n_found, 0);
}
END_TEST

START_TEST(any_cutting_gives_the_same)
{
    static const int chunk[] = {1, 3, 7, 37, 512, 4001, N};
    myo_silence_span first[MOST];
    rest(13);
    double from = 0.6;
    for (int k = 0; k < 9; k++) {
        tone(from, 1.0 + 0.9 * k, 12.0, 150 + (uint64_t)k);
        from = 1.0 + 0.9 * k + 0.07 + 0.03 * k;
    }
    tone(from, 10.0, 12.0, 160);
    energies();
    search(N);
    const int n = n_found;
    ck_assert_int_ge(n, 5);
    memcpy(first, found, sizeof first);
    for (size_t i = 0; i < sizeof chunk / sizeof chunk[0]; i++) {
        search(chunk[i]);
        ck_assert_int_eq(n_found, n);
        ck_assert_mem_eq(first, found, sizeof *found * (size_t)n);
    }
}
END_TEST

START_TEST(reset_equals_new)
{
    myo_silence *s = NULL;
    rest(14);
    tone(1.0, 4.0, 20.0, 170);
    tone(4.2, 8.0, 20.0, 171);
    energies();
    ck_assert_int_eq(myo_silence_new(&s, &RULE), MYO_OK);
    ck_assert_int_eq(myo_silence_push(s, u, 3 * FS + 1, keep, NULL), MYO_OK);
    myo_silence_reset(s);
    n_found = 0;
    ck_assert_int_eq(myo_silence_push(s, u, N, keep, NULL), MYO_OK);
    ck_assert_int_eq(myo_silence_finish(s, keep, NULL), MYO_OK);
    ck_assert_int_eq(n_found, 1);
    ck_assert_double_eq_tol((double)found[0].on / FS, 4.0, 0.01);
    myo_silence_free(&s);
    myo_silence_free(&s);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("silence");
    TCase *c = tcase_create("silence");
    tcase_add_test(c, one_silence_in_a_contraction);
    tcase_add_test(c, several_in_a_row);
    tcase_add_test(c, a_lone_potential_within);
    tcase_add_test(c, relaxing_is_none);
    tcase_add_test(c, a_pause_with_ramps_is_none);
    tcase_add_test(c, pauses_of_tremor_are_none);
    tcase_add_test(c, gaps_between_units_are_none);
    tcase_add_test(c, weak_tone_is_none);
    tcase_add_test(c, a_dead_contact_is_none);
    tcase_add_test(c, a_mask_nearby_forbids);
    tcase_add_test(c, too_short_and_too_long_are_none);
    tcase_add_test(c, near_the_ends_there_is_no_tone);
    tcase_add_test(c, any_cutting_gives_the_same);
    tcase_add_test(c, reset_equals_new);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_ENV);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? 0 : 1;
}
