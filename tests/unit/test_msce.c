/* test_msce.c - moving sums, false-alarm rate and the hysteresis of activities. */
#include "detect/msce.h"
#include "detect/runs.h"
#include "kern/kern.h"
#include "kern/scan.h"
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

/* The bits of frames 0..n of one axis with gain 1. */
static myo_marks marks_of(const int *w, int n_scales, const float *on, const float *off, const float *x, int64_t n)
{
    const size_t n_words = (size_t)(n + 63) / 64;
    myo_marks m = {0};
    myo_scan s;
    float *gain = sig_new((int64_t)n_words);
    sig_const(gain, (int64_t)n_words, 1.0);
    ck_assert_int_eq(myo_scan_init(&s, n_scales, w, on, off), MYO_OK);
    ck_assert_int_eq(myo_marks_room(&m, 0, n_words), MYO_OK);
    myo_kern()->scan(&s, &(myo_scan_in){.x = {x}, .n_axes = 1, .gain = gain, .n = n}, m.on, m.off);
    m.n_words = n_words;
    myo_scan_free(&s);
    myo_free(gain);
    return m;
}

static void free_marks(myo_marks *m)
{
    myo_free(m->on);
    myo_free(m->off);
}

static int bit(const uint64_t *words, int64_t i)
{
    return (int)(words[i / 64] >> (i % 64) & 1);
}

START_TEST(marks_are_set_by_the_thresholds)
{
    enum { N = 300 };
    float *x = sig_new(N);
    sig_const(x, N, 1.0);
    for (int i = 0; i < 10; i++) {
        x[100 + i] = 3.0f; /* x^2 = 9: the sum of 10 is 10 + 8 k, over 20 from k = 2, over 50 from k = 6 */
    }
    myo_marks m = marks_of((int[]){10}, 1, (float[]){50.0f}, (float[]){20.0f}, x, N);
    for (int i = 0; i < N; i++) {
        const int inside = i < 100 || i > 118 ? 0 : (i < 110 ? i - 99 : 119 - i);
        if (bit(m.off, i) != (inside >= 2) || bit(m.on, i) != (inside >= 6)) {
            ck_abort_msg("frame %d: %d %d", i, bit(m.off, i), bit(m.on, i));
        }
    }
    free_marks(&m);
    myo_free(x);
}
END_TEST

/* Any window, any place: the sums in doubles say the same wherever they are not within rounding of a threshold. */
START_TEST(marks_agree_with_doubles)
{
    enum { N = 5000 };
    const int w[4] = {5 + _i, 37 + 3 * _i, 200 + 11 * _i, 777 + _i};
    float *x = sig_new(N), on[4], off[4];
    sig_noise(x, N, 1.0, (uint64_t)_i);
    for (int k = 0; k < 4; k++) {
        on[k] = (float)w[k] * (1.0f + 4.0f / sqrtf((float)w[k]));
        off[k] = (float)w[k] * (1.0f + 1.5f / sqrtf((float)w[k]));
    }
    myo_marks m = marks_of(w, 4, on, off, x, N);
    int n_on = 0, n_off = 0;
    for (int i = 0; i < N; i++) {
        int want_on = 0, want_off = 0, sure = 1;
        for (int k = 0; k < 4; k++) {
            double sum = 0.0;
            for (int j = i - w[k] + 1; j <= i; j++) {
                sum += j < 0 ? 1.0 : (double)x[j] * x[j];
            }
            sure = sure && fabs(sum - on[k]) > 1e-3 && fabs(sum - off[k]) > 1e-3;
            want_on |= sum > on[k];
            want_off |= sum > off[k];
        }
        if (sure && (bit(m.on, i) != want_on || bit(m.off, i) != want_off)) {
            ck_abort_msg("frame %d: on %d (%d), off %d (%d)", i, bit(m.on, i), want_on, bit(m.off, i), want_off);
        }
        n_on += want_on;
        n_off += want_off;
    }
    ck_assert_int_gt(n_off, n_on);
    ck_assert_int_lt(n_off, N);
    free_marks(&m);
    myo_free(x);
}
END_TEST

START_TEST(too_long_a_window_is_refused)
{
    const float t = 1.0f;
    myo_scan s;
    ck_assert_int_eq(myo_scan_init(&s, 1, (int[]){1 << MYO_SCAN_LEVELS}, &t, &t), MYO_ERR_PARAM);
    ck_assert_int_eq(myo_scan_init(&s, 1, (int[]){0}, &t, &t), MYO_ERR_PARAM);
    ck_assert_int_eq(myo_scan_init(&s, 1, (int[]){(1 << MYO_SCAN_LEVELS) - 1}, &t, &t), MYO_OK);
    myo_scan_free(&s);
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
    myo_fir_rho(rho, n_taps, taps, n_taps, 1);
    myo_msce_init(&m, &k, fs, lane_dof, &(lane){rho, n_taps});
    float *x = sig_new(n), *y = sig_new(n + 70000);
    sig_noise(x, n, 1.0, seed);
    const int64_t done = myo_ovs_push(o, x, n, y);
    ck_assert_int_eq(done + myo_ovs_finish(o, y + done), n);
    const double power = sig_power(y, 0, n);
    for (int64_t i = 0; i < n; i++) {
        y[i] = (float)(y[i] / sqrt(power));
    }
    myo_marks marks = marks_of(m.w, m.n_scales, m.on, m.off, y, n);
    myo_runs r = {0};
    const int64_t gap = (int64_t)(k.gap_ms * fs / 1000.0);
    myo_runs_feed(&r, &marks, 0, n, gap, count, &found);
    myo_runs_finish(&r, count, &found);
    myo_ovs_free(&o);
    free_marks(&marks);
    myo_free(x);
    myo_free(y);
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
    uint64_t on[4] = {0}, off[4] = {0};
    const myo_marks m = {.on = on, .off = off, .n_words = 4, .base = 960};
    for (int i = 0; i < n; i++) { /* frame 1000 is in the first word, the later ones in the second */
        const int at = 1000 - 960 + i;
        on[at / 64] |= (uint64_t)(text[i] == 'X') << (at % 64);
        off[at / 64] |= (uint64_t)(text[i] != '.') << (at % 64);
    }
    for (int i = 0; i < n; i += chunk) {
        myo_runs_feed(&r, &m, 1000 + i, 1000 + (n - i < chunk ? n : i + chunk), gap, add, &l);
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
    {"..................oXo...XooooooooX..o", 2, "..................aaa...bbbbbbbbbbbbb"}, /* across words */
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

START_TEST(cleared_marks_are_gone)
{
    uint64_t on[3], off[3];
    for (int from = 0; from <= 130; from += 13) {
        for (int to = from; to <= 192; to += 31) {
            memset(on, 0xFF, sizeof on);
            memset(off, 0xFF, sizeof off);
            myo_marks m = {.on = on, .off = off, .n_words = 3, .base = 640};
            myo_marks_clear(&m, 640 + from, 640 + to);
            for (int i = 0; i < 192; i++) {
                ck_assert_int_eq(bit(on, i), i < from || i >= to);
                ck_assert_int_eq(bit(off, i), i < from || i >= to);
            }
        }
    }
}
END_TEST

START_TEST(finish_twice_tells_once)
{
    list l = {0};
    myo_runs r = {0};
    uint64_t bits = 7;
    myo_runs_feed(&r, &(myo_marks){.on = &bits, .off = &bits, .n_words = 1}, 0, 3, 5, add, &l);
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
    tcase_add_loop_test(c, marks_agree_with_doubles, 0, 12);
    tcase_add_test(c, too_long_a_window_is_refused);
    tcase_add_test(c, cleared_marks_are_gone);
    tcase_add_test(c, false_alarms_come_at_the_wanted_rate);
    tcase_add_test(c, false_alarms_are_rare_at_the_default);
    tcase_add_loop_test(c, runs_become_activities, 0, N_RUN_CASES);
    tcase_add_test(c, finish_twice_tells_once);
    suite_add_tcase(s, c);
    return sig_main(s);
}
