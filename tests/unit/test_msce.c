/* test_msce.c - moving sums, false-alarm rate and the hysteresis of activities. */
#include "detect/msce.h"
#include "dsp/fir.h"
#include "dsp/ovs.h"
#include "kern/kern.h"
#include "sig.h"

/* ---- moving sums ---- */

static double largest_error(const float *u, int64_t n, int w)
{
    float *work = sig_new(2 * (n + w));
    const float *r = myo_moving_sum(u, n, w, work, work + n + w);
    double worst = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double s = 0.0;
        for (int k = 0; k < w; k++) {
            s += u[i - k];
        }
        worst = fmax(worst, fabs(r[i] / s - 1.0));
    }
    myo_free(work);
    return worst;
}

START_TEST(moving_sum_agrees_with_doubles)
{
    static const int windows[] = {1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 48, 63, 64, 65, 127, 144, 255, 431, 432, 433, 1000, 1023};
    enum { BEFORE = 1100, N = 3000 };
    float *u = sig_new(BEFORE + N);
    myo_rng r;
    myo_rng_seed(&r, 1, 1);
    for (int i = 0; i < BEFORE + N; i++) {
        const double v = myo_rng_normal(&r);
        u[i] = (float)(v * v * (i / 500 % 3 == 1 ? 1000.0 : 1.0));
    }
    ck_assert_double_lt(largest_error(u + BEFORE, N, windows[_i]), 1e-6);
    myo_free(u);
}
END_TEST

START_TEST(moving_sum_does_not_depend_on_the_block)
{
    enum { BEFORE = 500, N = 2000, W = 433 };
    float *u = sig_new(BEFORE + N), *work = sig_new(2 * (N + W)), *whole = sig_new(N);
    sig_noise(u, BEFORE + N, 1.0, 2);
    memcpy(whole, myo_moving_sum(u + BEFORE, N, W, work, work + N + W), sizeof *u * N);
    for (int from = 0; from < N; from += 173) {
        const int n = N - from < 173 ? N - from : 173;
        const float *part = myo_moving_sum(u + BEFORE + from, n, W, work, work + n + W);
        ck_assert_mem_eq(part, whole + from, sizeof *u * (size_t)n);
    }
    myo_free(u);
    myo_free(work);
    myo_free(whole);
}
END_TEST

START_TEST(moving_sum_has_the_same_bits_on_every_set)
{
    enum { BEFORE = 1100, N = 1777 };
    const myo_kernels *isa[4];
    const int n_isa = myo_kern_all(isa, 4);
    float *u = sig_new(BEFORE + N), *work = sig_new(2 * (N + 1000)), *ref = sig_new(N);
    sig_noise(u, BEFORE + N, 1.0, 3);
    for (int w = 3; w < 1000; w += 61) {
        for (int k = 0; k < n_isa; k++) {
            ck_assert_int_eq(myo_kern_limit(isa[k]->isa), MYO_OK);
            const float *r = myo_moving_sum(u + BEFORE, N, w, work, work + N + w);
            if (k == 0) {
                memcpy(ref, r, sizeof *ref * N);
            }
            ck_assert_mem_eq(ref, r, sizeof *ref * N);
        }
    }
    myo_free(u);
    myo_free(work);
    myo_free(ref);
}
END_TEST

START_TEST(a_spike_leaves_no_trace_behind_its_window)
{
    enum { BEFORE = 500, N = 2000, W = 431 };
    float *u = sig_new(BEFORE + N), *work = sig_new(2 * (N + W));
    sig_const(u, BEFORE + N, 1.0);
    u[BEFORE + 700] = 1e9f;
    const float *r = myo_moving_sum(u + BEFORE, N, W, work, work + N + W);
    ck_assert_float_eq(r[699], (float)W);
    ck_assert_float_gt(r[700], 9e8f);
    ck_assert_float_gt(r[700 + W - 1], 9e8f);
    ck_assert_float_eq(r[700 + W], (float)W);
    myo_free(u);
    myo_free(work);
}
END_TEST

/* ---- thresholds ---- */

static double half_dof(const void *user, int w)
{
    (void)user;
    return 0.5 * w;
}

static myo_kind_params emg_params(double fa_per_h)
{
    myo_params p;
    myo_params_defaults(&p);
    p.emg.fa_per_h = fa_per_h;
    return p.emg;
}

START_TEST(threshold_follows_the_measured_rates)
{
    ck_assert_double_eq_tol(myo_msce_z(60.0), 4.1, 0.05); /* science.md 3.4 (vi) */
    ck_assert_double_eq_tol(myo_msce_z(6.0), 4.65, 0.05);
    ck_assert_double_eq_tol(myo_msce_z(1.0), 5.05, 0.05);
    ck_assert_double_gt(myo_msce_z(0.001), 5.9);
    ck_assert_double_lt(myo_msce_z(3600.0), 3.2);
    ck_assert_double_ge(myo_msce_z(1e9), 1.0);
}
END_TEST

START_TEST(scales_are_those_of_the_parameters)
{
    const myo_kind_params k = emg_params(1.0);
    myo_msce m;
    myo_msce_init(&m, &k, 2000.0, half_dof, NULL);
    ck_assert_int_eq(m.n_scales, 4);
    ck_assert_int_eq(m.w[0], 16);
    ck_assert_int_eq(m.w[3], 432);
    ck_assert_int_eq(m.w_max, 432);
    for (int i = 0; i < 4; i++) {
        ck_assert_float_gt(m.on[i], m.off[i]);
        ck_assert_float_gt(m.off[i], (float)m.w[i]);
    }
}
END_TEST

START_TEST(scales_under_three_samples_are_left_out)
{
    const myo_kind_params k = emg_params(1.0);
    myo_msce m;
    myo_msce_init(&m, &k, 100.0, half_dof, NULL); /* 0.8, 2.4, 7.2, 21.6 samples */
    ck_assert_int_eq(m.n_scales, 2);
    ck_assert_int_eq(m.w[0], 7);
    ck_assert_int_eq(m.w[1], 22);
}
END_TEST

START_TEST(marks_are_set_by_the_thresholds)
{
    enum { BEFORE = 100, N = 300 };
    myo_msce m = {.n_scales = 1, .w = {10}, .on = {50.0f}, .off = {20.0f}, .w_max = 10};
    float *u = sig_new(BEFORE + N), *work = sig_new(2 * (N + 10));
    uint8_t mark[N];
    sig_const(u, BEFORE + N, 1.0);
    for (int i = 0; i < 10; i++) {
        u[BEFORE + 100 + i] = 7.0f; /* sum 10 + 6 k: over 20 from k = 2, over 50 from k = 7 */
    }
    myo_msce_mark(&m, u + BEFORE, N, mark, work);
    for (int i = 0; i < N; i++) {
        const int inside = i < 100 || i > 118 ? 0 : (i < 110 ? i - 99 : 119 - i);
        const int want = (inside >= 2 ? 1 : 0) | (inside >= 7 ? 2 : 0);
        if (mark[i] != want) {
            ck_abort_msg("frame %d: %d, wanted %d", i, mark[i], want);
        }
    }
    myo_free(u);
    myo_free(work);
}
END_TEST

/* ---- false alarms ---- */

typedef struct lane { const double *rho; int n; } lane;
static double lane_dof(const void *user, int w)
{
    const lane *l = user;
    return myo_fir_dof(l->rho, l->n, w);
}

static void count(void *user, myo_activity a)
{
    ck_assert_int_lt(a.on, a.off);
    ++*(int *)user;
}

static int alarms(double fa_per_h, double fs, double minutes, uint64_t seed)
{
    static float taps[2001];
    static double rho[2001];
    const int64_t n = (int64_t)(minutes * 60.0 * fs);
    const myo_kind_params k = emg_params(fa_per_h);
    const int n_taps = myo_fir_length(fs, k.taps_ms);
    myo_ovs *o = NULL;
    myo_msce m;
    int found = 0;
    myo_fir_bandpass(taps, n_taps, fs, k.band_lo, fmin(k.band_hi, 0.45 * fs));
    ck_assert_int_eq(myo_ovs_new(&o, taps, n_taps), MYO_OK);
    myo_fir_rho(rho, n_taps, taps, n_taps);
    myo_msce_init(&m, &k, fs, lane_dof, &(lane){rho, n_taps});
    float *x = sig_new(n), *u = sig_new(m.w_max + n + 70000), *work = sig_new(2 * (n + m.w_max));
    uint8_t *mark = myo_alloc((size_t)n, 1);
    sig_const(u, m.w_max, 1.0);
    sig_noise(x, n, 1.0, seed);
    float *y = u + m.w_max;
    const int64_t done = myo_ovs_push(o, x, n, y);
    ck_assert_int_eq(done + myo_ovs_finish(o, y + done), n);
    const double power = sig_power(y, 0, n);
    for (int64_t i = 0; i < n; i++) {
        y[i] = (float)(y[i] * y[i] / power);
    }
    myo_msce_mark(&m, y, n, mark, work);
    myo_runs r = {0};
    const int64_t gap = (int64_t)(k.gap_ms * fs / 1000.0);
    myo_runs_feed(&r, mark, 0, n, gap, count, &found);
    myo_runs_finish(&r, count, &found);
    myo_ovs_free(&o);
    myo_free(x);
    myo_free(u);
    myo_free(work);
    myo_free(mark);
    return found;
}

/* 40 minutes at a wanted 60 per hour: 40 expected; 24 and 61 are the 99 % Poisson limits. */
START_TEST(false_alarms_come_at_the_wanted_rate)
{
    const int n = alarms(60.0, 1000.0, 20.0, 11) + alarms(60.0, 2000.0, 20.0, 12);
    ck_assert_msg(n >= 24 && n <= 61, "found %d alarms, wanted about 40", n);
}
END_TEST

START_TEST(false_alarms_are_rare_at_the_default)
{
    const int n = alarms(1.0, 1000.0, 30.0, 13); /* half an alarm expected; over 4: p < 0.0002 */
    ck_assert_msg(n <= 4, "found %d alarms, wanted about 0.5", n);
}
END_TEST

/* ---- runs ---- */

typedef struct list { myo_activity a[32]; int n; } list;
static void add(void *user, myo_activity a)
{
    list *l = user;
    ck_assert_int_lt(l->n, 32);
    l->a[l->n++] = a;
}

/* marks as text: '.' nothing, 'o' over h_off, 'X' over h_on. */
static list runs_of(const char *text, int64_t gap, int chunk)
{
    list l = {0};
    myo_runs r = {0};
    const int n = (int)strlen(text);
    uint8_t mark[512];
    for (int i = 0; i < n; i++) {
        mark[i] = text[i] == 'X' ? 3 : (text[i] == 'o' ? 1 : 0);
    }
    for (int i = 0; i < n; i += chunk) {
        myo_runs_feed(&r, mark + i, 1000 + i, n - i < chunk ? n - i : chunk, gap, add, &l);
    }
    myo_runs_finish(&r, add, &l);
    return l;
}

typedef struct run_case { const char *text; int64_t gap; const char *want; } run_case;
/* want: '#' where activities are; neighbours are told apart by letters a, b. */
static const run_case run_cases[] = {
    {"..........", 3, ".........."},
    {"ooooooooo.", 3, ".........."},          /* never over h_on */
    {"..ooXoo...", 3, "..aaaaa..."},          /* h_off edges about an h_on core */
    {"X.........", 3, "a........."},
    {".........X", 3, ".........a"},          /* open at the end */
    {"..X..X....", 2, "..aaaa...."},          /* a gap of 2 is tolerated */
    {"..X...X...", 2, "..a...b..."},          /* one of 3 is not */
    {"..X.X.X.X.", 0, "..a.b.c.d."},          /* no gap at all */
    {"oo.Xo.....", 3, "...aa....."},          /* before h_on no gap is tolerated */
    {"oo..X.....", 3, "....a....."},
    {"X..o..o..o", 2, "aaaaaaaaaa"},          /* weak marks carry on behind the core */
    {"X..o...oo.", 2, "aaaa......"},          /* a weak run of its own is nothing */
    {"XX", 5, "aa"},
    {"", 5, ""},
};
enum { N_RUN_CASES = sizeof run_cases / sizeof run_cases[0] };

START_TEST(runs_become_activities)
{
    const run_case *c = &run_cases[_i];
    const int n = (int)strlen(c->text);
    for (int chunk = 1; chunk <= 11; chunk++) { /* any feeding */
        const list l = runs_of(c->text, c->gap, chunk);
        char got[64];
        memset(got, '.', sizeof got);
        got[n] = '\0';
        for (int k = 0; k < l.n; k++) {
            for (int64_t i = l.a[k].on; i < l.a[k].off; i++) {
                got[i - 1000] = (char)('a' + k);
            }
        }
        ck_assert_str_eq(got, c->want);
    }
}
END_TEST

START_TEST(finish_twice_tells_once)
{
    list l = {0};
    myo_runs r = {0};
    const uint8_t mark[3] = {3, 3, 3};
    myo_runs_feed(&r, mark, 0, 3, 5, add, &l);
    ck_assert_int_eq(l.n, 0);
    myo_runs_finish(&r, add, &l);
    myo_runs_finish(&r, add, &l);
    ck_assert_int_eq(l.n, 1);
    ck_assert_int_eq(l.a[0].on, 0);
    ck_assert_int_eq(l.a[0].off, 3);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("msce");
    TCase *c = tcase_create("msce");
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, moving_sum_agrees_with_doubles, 0, 23);
    tcase_add_test(c, moving_sum_does_not_depend_on_the_block);
    tcase_add_test(c, moving_sum_has_the_same_bits_on_every_set);
    tcase_add_test(c, a_spike_leaves_no_trace_behind_its_window);
    tcase_add_test(c, threshold_follows_the_measured_rates);
    tcase_add_test(c, scales_are_those_of_the_parameters);
    tcase_add_test(c, scales_under_three_samples_are_left_out);
    tcase_add_test(c, marks_are_set_by_the_thresholds);
    tcase_add_test(c, false_alarms_come_at_the_wanted_rate);
    tcase_add_test(c, false_alarms_are_rare_at_the_default);
    tcase_add_loop_test(c, runs_become_activities, 0, N_RUN_CASES);
    tcase_add_test(c, finish_twice_tells_once);
    suite_add_tcase(s, c);
    return sig_main(s);
}
