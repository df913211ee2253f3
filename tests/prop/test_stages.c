/* test_stages.c - the contract of every streaming stage (style.md 3.5): cutting, reset, frames, inversion, shift. */
#include "dsp/fir.h"
#include "dsp/mains.h"
#include "dsp/mask.h"
#include "dsp/ovs.h"
#include "stage.h"

enum { N = 24000, N_TAPS = 501 };
static const double FS = 2000.0;

/* ---- the stages, one row each ---- */

static int64_t ovs_bound(const void *s, int64_t n) { return myo_ovs_bound(s, n); }
static int64_t ovs_push(void *s, const float *x, int64_t n, float *out) { return myo_ovs_push(s, x, n, out); }
static int64_t ovs_finish(void *s, float *out) { return myo_ovs_finish(s, out); }
static void ovs_reset(void *s) { myo_ovs_reset(s); }
static void ovs_free(void *s) { myo_ovs *o = s; myo_ovs_free(&o); }
static stage ovs_new(void)
{
    static float taps[N_TAPS];
    myo_ovs *o = NULL;
    myo_fir_bandpass(taps, N_TAPS, FS, 20.0, 450.0);
    ck_assert_int_eq(myo_ovs_new(&o, taps, N_TAPS), MYO_OK);
    return (stage){o, ovs_bound, ovs_push, ovs_finish, ovs_reset, N_TAPS};
}

static int64_t mains_bound(const void *s, int64_t n) { return myo_mains_bound(s, n); }
static int64_t mains_push(void *s, const float *x, int64_t n, float *out) { return myo_mains_push(s, x, n, out); }
static int64_t mains_finish(void *s, float *out) { return myo_mains_finish(s, out); }
static void mains_reset(void *s) { myo_mains_reset(s, 0); }
static void mains_free(void *s) { myo_mains *m = s; myo_mains_free(&m); }
static stage mains_new(void)
{
    myo_mains *m = NULL;
    const myo_mains_line l = {.freq = 50.1, .n_harmonics = 3, .present = {true, false, true}};
    ck_assert_int_eq(myo_mains_new(&m, FS, &l), MYO_OK);
    return (stage){m, mains_bound, mains_push, mains_finish, mains_reset, 0};
}

static int64_t mask_bound(const void *s, int64_t n) { return myo_mask_bound(s, n); }
static int64_t mask_push(void *s, const float *x, int64_t n, float *out)
{
    const int64_t made = myo_mask_push(s, x, n, stage_held());
    return stage_ready(made, myo_mask_bound(s, 0), out);
}
static int64_t mask_finish(void *s, float *out) { return stage_ready(myo_mask_finish(s, stage_held()), 0, out); }
static void mask_reset(void *s) { myo_mask_reset(s); }
static void mask_free(void *s) { myo_mask *m = s; myo_mask_free(&m); }
static stage mask_new(void)
{
    myo_mask *m = NULL;
    const myo_mask_cfg c = {.fs = FS, .rail_lo = -900.0, .rail_hi = 900.0, .clip_n = 3, .pop_step = 100.0, .flat_n = 200,
                            .dilate = 100};
    ck_assert_int_eq(myo_mask_new(&m, &c), MYO_OK);
    return (stage){m, mask_bound, mask_push, mask_finish, mask_reset, 0};
}

typedef struct row {
    const char *name;
    stage (*make)(void);
    void (*drop)(void *s);
    double shift_tol;            /* of a shifted input's output, far from the ends; relative to 1000 */
    int64_t reach;               /* frames from the ends within which a shift may matter */
    int64_t grid;                /* shifts are multiples of this */
} row;
static const row rows[] = {
    {"ovs", ovs_new, ovs_free, 1e-6, 600, 1},
    {"mains", mains_new, mains_free, 2e-4, 5000, 200},
    {"mask", mask_new, mask_free, 0.0, 3000, 1},
};
enum { N_ROWS = sizeof rows / sizeof rows[0] };

/* Noise, hum, a dropout, pops, clipping, bursts. */
static float *signal_of(uint64_t seed)
{
    float *x = sig_new(N);
    sig_noise(x, N, 5.0, seed);
    sig_sine(x, N, FS, 50.1, 30.0, 0.2);
    sig_noise(x + 4000, 150, 100.0, seed + 1);
    memset(x + 7000, 0, sizeof *x * 900);
    for (int i = 12000; i < 14000; i++) {
        x[i] += (float)(600.0 * exp(-(i - 12000) / 200.0));
    }
    for (int i = 16000; i < 16010; i++) {
        x[i] = 900.0f;
    }
    return x;
}

START_TEST(any_cutting_gives_the_same_bits)
{
    const row *r = &rows[_i % N_ROWS];
    static const int64_t chunks[] = {1, 3, 64, 100, 250, 997, 4096, 8191, STAGE_RANDOM};
    float *x = signal_of((uint64_t)_i), *a = sig_new(N), *b = sig_new(N);
    stage whole = r->make(), cut = r->make();
    ck_assert_int_eq(stage_run(&whole, x, N, N, a), N);
    ck_assert_int_eq(stage_run(&cut, x, N, chunks[_i / N_ROWS], b), N);
    ck_assert_msg(memcmp(a, b, sizeof *a * N) == 0, "%s, chunk %d", r->name, (int)chunks[_i / N_ROWS]);
    r->drop(whole.s);
    r->drop(cut.s);
    myo_free(x);
    myo_free(a);
    myo_free(b);
}
END_TEST

START_TEST(reset_equals_new)
{
    const row *r = &rows[_i % N_ROWS];
    static const int64_t left_at[] = {1, 777, 4100, 7500, 12100, 16003, N};
    const int64_t n = left_at[_i / N_ROWS];
    float *x = signal_of(50), *junk = signal_of(60), *a = sig_new(N), *b = sig_new(2 * N);
    stage used = r->make(), fresh = r->make();
    stage_push(&used, junk, n, 500, b);
    used.reset(used.s);
    ck_assert_int_eq(stage_run(&used, x, N, 911, a), N);
    ck_assert_int_eq(stage_run(&fresh, x, N, 911, b), N);
    ck_assert_msg(memcmp(a, b, sizeof *a * N) == 0, "%s, left at %d", r->name, (int)n);
    r->drop(used.s);
    r->drop(fresh.s);
    myo_free(x);
    myo_free(junk);
    myo_free(a);
    myo_free(b);
}
END_TEST

START_TEST(frames_out_are_frames_in)
{
    const row *r = &rows[_i];
    float *x = signal_of(70), *y = sig_new(N);
    for (int64_t n = 251; n < N; n = n * 3 / 2 + 1) {
        stage st = r->make();
        ck_assert_int_eq(stage_run(&st, x, n, 333, y), n);
        r->drop(st.s);
    }
    myo_free(x);
    myo_free(y);
}
END_TEST

START_TEST(inverted_input_gives_inverted_output)
{
    const row *r = &rows[_i];
    float *x = signal_of(80), *a = sig_new(N), *b = sig_new(N);
    stage up = r->make(), down = r->make();
    ck_assert_int_eq(stage_run(&up, x, N, 1000, a), N);
    for (int i = 0; i < N; i++) {
        x[i] = -x[i];
    }
    ck_assert_int_eq(stage_run(&down, x, N, 1000, b), N);
    for (int i = 0; i < N; i++) {
        b[i] = -b[i];
    }
    ck_assert_double_le(sig_distance(a, b, N), 1e-3);
    r->drop(up.s);
    r->drop(down.s);
    myo_free(x);
    myo_free(a);
    myo_free(b);
}
END_TEST

START_TEST(shifted_input_gives_shifted_output)
{
    const row *r = &rows[_i % N_ROWS];
    const int64_t k = (r->grid > 1 ? 7 + 20 * (int64_t)(_i / N_ROWS) : 1 + 346 * (int64_t)(_i / N_ROWS)) * r->grid, n = N - k;
    float *x = signal_of(90), *a = sig_new(N), *b = sig_new(N);
    stage st = r->make(), late = r->make();
    ck_assert_int_lt(k + 2 * r->reach, N);
    ck_assert_int_eq(stage_run(&st, x, N, 1000, a), N);
    ck_assert_int_eq(stage_run(&late, x + k, n, 1000, b), n);
    const double most = sig_distance(a + k + r->reach, b + r->reach, n - 2 * r->reach);
    ck_assert_msg(most <= 1000.0 * r->shift_tol, "%s, shift %d: %g", r->name, (int)k, most);
    r->drop(st.s);
    r->drop(late.s);
    myo_free(x);
    myo_free(a);
    myo_free(b);
}
END_TEST

START_TEST(pushing_nothing_changes_nothing)
{
    const row *r = &rows[_i];
    float *x = signal_of(95), *a = sig_new(N), *b = sig_new(N), none = 0.0f;
    stage st = r->make(), poked = r->make();
    ck_assert_int_eq(stage_run(&st, x, N, 4000, a), N);
    int64_t done = 0;
    for (int i = 0; i < N; i += 4000) {
        ck_assert_int_eq(poked.push(poked.s, &none, 0, b + done), 0);
        done += poked.push(poked.s, x + i, 4000, b + done);
    }
    done += poked.finish(poked.s, b + done);
    ck_assert_int_eq(done, N);
    ck_assert_mem_eq(a, b, sizeof *a * N);
    r->drop(st.s);
    r->drop(poked.s);
    myo_free(x);
    myo_free(a);
    myo_free(b);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("stages");
    TCase *c = tcase_create("stages");
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, any_cutting_gives_the_same_bits, 0, 9 * N_ROWS);
    tcase_add_loop_test(c, reset_equals_new, 0, 7 * N_ROWS);
    tcase_add_loop_test(c, frames_out_are_frames_in, 0, N_ROWS);
    tcase_add_loop_test(c, inverted_input_gives_inverted_output, 0, N_ROWS);
    tcase_add_loop_test(c, shifted_input_gives_shifted_output, 0, 2 * N_ROWS);
    tcase_add_loop_test(c, pushing_nothing_changes_nothing, 0, N_ROWS);
    suite_add_tcase(s, c);
    return sig_main(s);
}
