/* test_mask.c - spans that are no signal: clipping, flat stretches, pops; and what is none of them. */
#include <stdlib.h>
#include "dsp/mask.h"
#include "stage.h"

static const double FS = 2000.0;
enum { N = 20000, DILATE = 200, FLAT_N = 200 };

static int64_t bound(const void *s, int64_t n) { return myo_mask_bound(s, n); }
static int64_t push(void *s, const float *x, int64_t n, float *out)
{
    const int64_t made = myo_mask_push(s, x, n, stage_held());
    return stage_ready(made, myo_mask_bound(s, 0), out);
}
static int64_t finish(void *s, float *out) { return stage_ready(myo_mask_finish(s, stage_held()), 0, out); }
static void reset(void *s) { myo_mask_reset(s); }

static const myo_mask_cfg usual = {.fs = 2000.0, .rail_lo = -1000.0, .rail_hi = 1000.0, .clip_n = 3, .pop_step = 60.0,
                                   .flat_n = FLAT_N, .dilate = DILATE};

static myo_mask_cfg without_pops(double lo, double hi)
{
    myo_mask_cfg c = usual;
    c.rail_lo = lo;
    c.rail_hi = hi;
    c.pop_step = 0.0;
    return c;
}

static stage make(const myo_mask_cfg *cfg)
{
    myo_mask *m = NULL;
    ck_assert_int_eq(myo_mask_new(&m, cfg), MYO_OK);
    return (stage){m, bound, push, finish, reset, 0};
}

static void drop(stage *st)
{
    myo_mask *m = st->s;
    myo_mask_free(&m);
}

typedef struct found { myo_span s[64]; int n; } found;

/* Runs x through a mask with cfg; y gets the bridged signal. */
static found spans_of(const myo_mask_cfg *cfg, const float *x, int64_t n, float *y)
{
    stage st = make(cfg);
    found f;
    ck_assert_int_eq(stage_run(&st, x, n, 777, y), n);
    const myo_span *s = myo_mask_spans(st.s, &f.n);
    ck_assert_int_le(f.n, 64);
    if (f.n > 0) {
        memcpy(f.s, s, sizeof *s * (size_t)f.n);
    }
    drop(&st);
    return f;
}

static void assert_span(const myo_span *s, int64_t on, int64_t off, myo_mask_kind kind)
{
    ck_assert_int_eq(s->on, on);
    ck_assert_int_eq(s->off, off);
    ck_assert_int_eq(s->kind, kind);
}

typedef struct pair { float *x, *y; } pair;

static pair pair_of(int64_t n, double sd)
{
    pair p = {sig_new(n), sig_new(n)};
    sig_noise(p.x, n, sd, 55);
    return p;
}

static void pair_free(pair *p)
{
    myo_free(p->x);
    myo_free(p->y);
}

/* One sample that no converter gives, wherever it is: it goes, and nothing else. */
START_TEST(far_samples_are_bridged)
{
    static float x[N], y[N];
    static const int64_t at[] = {0, 5000, N - 1};
    myo_mask_cfg cfg = usual;
    cfg.rail_lo = cfg.rail_hi = NAN;
    cfg.far_lo = -1e6;
    cfg.far_hi = 1e6;
    sig_noise(x, N, 3.0, 11);
    for (int k = 0; k < 3; k++) {
        x[at[k]] = k == 1 ? -1e30f : 1e10f;
    }
    const found f = spans_of(&cfg, x, N, y);
    ck_assert_int_eq(f.n, 3);
    assert_span(&f.s[0], 0, 1 + DILATE, MYO_MASK_POP);
    assert_span(&f.s[1], 5000 - DILATE, 5001 + DILATE, MYO_MASK_POP);
    for (int64_t i = 0; i < N; i++) {
        ck_assert_float_lt(fabsf(y[i]), 30.0f);
        ck_assert(labs((long)(i - 5000)) <= DILATE || i <= DILATE || i >= N - 1 - DILATE || y[i] == x[i]);
    }
    cfg.far_lo = cfg.far_hi = 0.0; /* unknown */
    ck_assert_int_eq(spans_of(&cfg, x, N, y).n, 0);
}
END_TEST

START_TEST(clean_signal_passes_untouched)
{
    pair p = pair_of(N, 3.0);
    ck_assert_int_eq(spans_of(&usual, p.x, N, p.y).n, 0);
    ck_assert_mem_eq(p.x, p.y, sizeof *p.x * N);
    pair_free(&p);
}
END_TEST

/* ---- clipping ---- */

START_TEST(clip_runs_are_told_and_left)
{
    pair p = pair_of(N, 3.0);
    for (int i = 0; i < 5; i++) {
        p.x[5000 + i] = 1000.0f;
        p.x[7000 + i] = -1000.0f;
    }
    const myo_mask_cfg cfg = without_pops(-1000.0, 1000.0);
    const found f = spans_of(&cfg, p.x, N, p.y);
    ck_assert_int_eq(f.n, 2);
    assert_span(&f.s[0], 5000, 5005, MYO_MASK_CLIP);
    assert_span(&f.s[1], 7000, 7005, MYO_MASK_CLIP);
    ck_assert_mem_eq(p.x, p.y, sizeof *p.x * N);
    pair_free(&p);
}
END_TEST

START_TEST(two_samples_at_the_rail_are_no_clip)
{
    pair p = pair_of(N, 3.0);
    p.x[5000] = p.x[5001] = 1000.0f;
    const myo_mask_cfg cfg = without_pops(-1000.0, 1000.0);
    ck_assert_int_eq(spans_of(&cfg, p.x, N, p.y).n, 0);
    pair_free(&p);
}
END_TEST

START_TEST(clip_at_both_ends_of_the_stream)
{
    pair p = pair_of(N, 3.0);
    for (int i = 0; i < 10; i++) {
        p.x[i] = p.x[N - 1 - i] = 1500.0f;
    }
    const myo_mask_cfg cfg = without_pops(-1000.0, 1000.0);
    const found f = spans_of(&cfg, p.x, N, p.y);
    ck_assert_int_eq(f.n, 2);
    assert_span(&f.s[0], 0, 10, MYO_MASK_CLIP);
    assert_span(&f.s[1], N - 10, N, MYO_MASK_CLIP);
    pair_free(&p);
}
END_TEST

START_TEST(without_rails_nothing_clips)
{
    pair p = pair_of(N, 3.0);
    for (int i = 0; i < 50; i++) {
        p.x[5000 + i] = 1e6f + (float)i;
    }
    const myo_mask_cfg cfg = without_pops(NAN, NAN);
    ck_assert_int_eq(spans_of(&cfg, p.x, N, p.y).n, 0);
    pair_free(&p);
}
END_TEST

/* ---- flat stretches ---- */

START_TEST(flat_stretch_is_dilated_and_bridged)
{
    pair p = pair_of(N, 3.0);
    for (int i = 5000; i < 5600; i++) {
        p.x[i] = 40.0f;
    }
    const found f = spans_of(&usual, p.x, N, p.y);
    ck_assert_int_eq(f.n, 1);
    assert_span(&f.s[0], 5000 - DILATE, 5600 + DILATE, MYO_MASK_FLAT);
    ck_assert_mem_eq(p.x, p.y, sizeof *p.x * (5000 - DILATE));
    ck_assert_mem_eq(p.x + 5600 + DILATE, p.y + 5600 + DILATE, sizeof *p.x * (N - 5600 - DILATE));
    for (int i = 5000 - DILATE; i < 5600 + DILATE; i++) { /* a line near 0, of no second difference */
        ck_assert_double_lt(fabs((double)p.y[i]), 3.0);
        if (i > 5000 - DILATE + 1) {
            ck_assert_double_lt(fabs((double)p.y[i] - 2.0 * p.y[i - 1] + p.y[i - 2]), 1e-5);
        }
    }
    pair_free(&p);
}
END_TEST

START_TEST(flat_shorter_than_the_limit_is_signal)
{
    pair p = pair_of(N, 3.0);
    for (int i = 0; i < FLAT_N - 1; i++) {
        p.x[5000 + i] = 1.0f;
    }
    ck_assert_int_eq(spans_of(&usual, p.x, N, p.y).n, 0);
    p.x[5000 + FLAT_N - 1] = 1.0f;
    ck_assert_int_eq(spans_of(&usual, p.x, N, p.y).n, 1);
    pair_free(&p);
}
END_TEST

START_TEST(flat_at_both_ends_of_the_stream)
{
    pair p = pair_of(N, 3.0);
    memset(p.x, 0, sizeof *p.x * 1000);
    memset(p.x + N - 700, 0, sizeof *p.x * 700);
    const found f = spans_of(&usual, p.x, N, p.y);
    ck_assert_int_eq(f.n, 2);
    ck_assert_int_eq(f.s[0].on, 0);
    ck_assert_int_eq(f.s[0].off, 1000 + DILATE);
    ck_assert_int_eq(f.s[1].on, N - 700 - DILATE);
    ck_assert_int_ge(f.s[1].off, N);
    pair_free(&p);
}
END_TEST

START_TEST(all_flat_is_one_long_span)
{
    pair p = pair_of(N, 0.0);
    const found f = spans_of(&usual, p.x, N, p.y);
    ck_assert_int_ge(f.n, 1);
    int64_t to = 0;
    for (int i = 0; i < f.n; i++) {
        ck_assert_int_le(f.s[i].on, to);
        to = f.s[i].off;
    }
    ck_assert_int_ge(to, N);
    for (int i = 0; i < N; i++) {
        if (p.y[i] != 0.0f) {
            ck_abort_msg("%g at %d", (double)p.y[i], i);
        }
    }
    pair_free(&p);
}
END_TEST

START_TEST(dropout_that_is_not_quite_flat)
{
    pair p = pair_of(N, 3.0);
    for (int i = 5000; i < 5600; i++) {
        p.x[i] = (float)(40.0 + 0.04 * sin(0.3 * i));
    }
    ck_assert_int_eq(spans_of(&usual, p.x, N, p.y).n, 0);
    myo_mask_cfg c = usual;
    c.dead_step = 0.02;
    const found f = spans_of(&c, p.x, N, p.y);
    ck_assert_int_eq(f.n, 1);
    assert_span(&f.s[0], 5000 - DILATE, 5600 + DILATE, MYO_MASK_FLAT);
    for (int i = 5000; i < 5600; i++) {
        ck_assert_double_lt(fabs((double)p.y[i]), 3.0);
    }
    pair_free(&p);
}
END_TEST

/* A dead hour: covered without a hole, and neither the stage nor its delay grow with it. */
START_TEST(dead_hour_takes_no_memory)
{
    enum { CHUNK = 2000, HOUR = 3600 };
    stage st = make(&usual);
    pair p = pair_of(CHUNK, 3.0);
    float *out = sig_new(40 * CHUNK);
    int64_t in = 0, made = 0, covered_to = 10 * CHUNK;
    for (int s = 0; s < HOUR + 20; s++, in += CHUNK) {
        if (s == 10) {
            memset(p.x, 0, sizeof *p.x * CHUNK);
        } else if (s == HOUR) {
            sig_noise(p.x, CHUNK, 3.0, 5);
        }
        ck_assert_int_le(myo_mask_bound(st.s, CHUNK), 10 * CHUNK);
        const int64_t ready = myo_mask_push(st.s, p.x, CHUNK, out);
        memmove(out, out + ready, sizeof *out * (size_t)myo_mask_bound(st.s, 0));
        made += ready;
        int n;
        const myo_span *v = myo_mask_spans(st.s, &n);
        for (int i = 0; i < n; i++) {
            ck_assert_int_le(v[i].on, covered_to);
            covered_to = v[i].off;
        }
        myo_mask_drop_spans(st.s, n);
    }
    ck_assert_int_ge(covered_to, (int64_t)HOUR * CHUNK);
    ck_assert_int_le(covered_to, (int64_t)HOUR * CHUNK + DILATE);
    ck_assert_int_eq(made + myo_mask_finish(st.s, out), in);
    drop(&st);
    pair_free(&p);
    myo_free(out);
}
END_TEST

/* ---- pops ---- */

/* Step of `height` at `at`, decaying with time constant tau (s). */
static void add_pop(float *x, int64_t n, int64_t at, double height, double tau)
{
    for (int64_t i = at; i < n; i++) {
        x[i] += (float)(height * exp(-(double)(i - at) / (tau * FS)));
    }
}

START_TEST(pop_is_masked_and_bridged)
{
    static const double tau[] = {0.05, 0.1, 0.2, 1.0};
    pair p = pair_of(N, 3.0);
    add_pop(p.x, N, 6000, _i % 2 ? -300.0 : 300.0, tau[_i]);
    const found f = spans_of(&usual, p.x, N, p.y);
    ck_assert_int_ge(f.n, 1);
    ck_assert_int_eq(f.s[0].kind, MYO_MASK_POP);
    ck_assert_int_ge(f.s[0].on, 6000 - DILATE - 5);
    ck_assert_int_le(f.s[0].on, 6000 - DILATE + 5);
    ck_assert_int_gt(f.s[0].off, 6000 + (int64_t)(fmin(1.0, tau[_i]) * FS));
    if (_i < 3) { /* bridged: little is left of the step */
        for (int i = 5000; i < N; i++) {
            if (fabs((double)p.y[i]) > 40.0) {
                ck_abort_msg("%g left at %d", (double)p.y[i], i);
            }
        }
    }
    pair_free(&p);
}
END_TEST

START_TEST(spike_that_swings_both_ways_is_no_pop)
{
    /* a muscle potential: derivative of a Gaussian, 0.3 .. 4 ms wide, 300 uV */
    static const double width_ms[] = {0.3, 0.7, 1.5, 2.5, 4.0};
    pair p = pair_of(N, 3.0);
    for (int k = 0; k < 20; k++) {
        const int at = 1000 + 900 * k;
        for (int i = -60; i <= 60; i++) {
            const double t = i * 1000.0 / FS / width_ms[_i];
            p.x[at + i] += (float)(300.0 * 1.65 * t * exp(-0.5 * t * t));
        }
    }
    ck_assert_int_eq(spans_of(&usual, p.x, N, p.y).n, 0);
    ck_assert_mem_eq(p.x, p.y, sizeof *p.x * N);
    pair_free(&p);
}
END_TEST

START_TEST(strong_bursts_are_no_pops)
{
    enum { BURSTS = 90, LONG = 100000 };
    pair p = pair_of(LONG, 3.0);
    int pops = 0;
    for (int k = 0; k < BURSTS; k++) { /* 40-ms bursts of band noise, some 250 uV rms */
        myo_rng r;
        double a = 0.0, b = 0.0;
        myo_rng_seed(&r, 9, (uint64_t)k);
        for (int i = 0; i < 80; i++) { /* resonance about 90 Hz */
            const double y = 1.74 * a - 0.81 * b + 60.0 * myo_rng_normal(&r);
            /* the difference: EMG between two electrodes has no direct current */
            p.x[1000 + 1000 * k + i] += (float)(4.0 * (y - a) * sin(M_PI * i / 80.0));
            b = a;
            a = y;
        }
    }
    const found f = spans_of(&usual, p.x, LONG, p.y);
    for (int i = 0; i < f.n; i++) {
        pops += f.s[i].kind == MYO_MASK_POP;
    }
    ck_assert_int_eq(pops, 0);
    pair_free(&p);
}
END_TEST

START_TEST(small_steps_and_no_limit_are_no_pops)
{
    pair p = pair_of(N, 3.0);
    add_pop(p.x, N, 6000, 40.0, 0.1); /* under the limit of 60 */
    ck_assert_int_eq(spans_of(&usual, p.x, N, p.y).n, 0);
    add_pop(p.x, N, 9000, 4000.0, 0.1);
    myo_mask_cfg off = usual;
    off.pop_step = 0.0;
    off.rail_hi = NAN;
    ck_assert_int_eq(spans_of(&off, p.x, N, p.y).n, 0);
    pair_free(&p);
}
END_TEST

START_TEST(step_that_stays_ends_after_a_second)
{
    pair p = pair_of(N, 3.0);
    for (int i = 6000; i < N; i++) {
        p.x[i] += 300.0f;
    }
    const found f = spans_of(&usual, p.x, N, p.y);
    ck_assert_int_eq(f.n, 1);
    ck_assert_int_le(f.s[0].off - f.s[0].on, 2000 + 2 * DILATE + 4);
    ck_assert_float_eq(p.y[19000], p.x[19000]);
    pair_free(&p);
}
END_TEST

/* Two pops so far apart that their spans do not touch, but the second is there before the first is bridged. */
START_TEST(neighbouring_pops_are_both_bridged)
{
    pair p = pair_of(N, 3.0);
    const int apart = 2 * DILATE + 130 + 60 * _i;
    for (int k = 0; k < 2; k++) {
        for (int i = 0; i < 120; i++) {
            p.x[6000 + k * apart + i] += 300.0f;
        }
    }
    const found f = spans_of(&usual, p.x, N, p.y);
    ck_assert_int_ge(f.n, 2);
    for (int i = 5000; i < 9000; i++) {
        if (fabs((double)p.y[i]) > 40.0) {
            ck_abort_msg("%g left at %d, pops %d apart", (double)p.y[i], i, apart);
        }
    }
    pair_free(&p);
}
END_TEST

/* ---- the stream ---- */

static void eventful(float *x, int64_t n)
{
    sig_noise(x, n, 3.0, 56);
    for (int i = 0; i < 5; i++) {
        x[2000 + i] = 1200.0f;
    }
    for (int i = 4000; i < 9500; i++) { /* dropout longer than a piece */
        x[i] = 0.0f;
    }
    add_pop(x, n, 11000, 400.0, 0.05);
    add_pop(x, n, 11900, -400.0, 0.05);
    add_pop(x, n, 15000, 400.0, 0.3);
}

START_TEST(any_cutting_gives_the_same_bits_and_spans)
{
    static const int chunks[] = {STAGE_RANDOM, 1, 43, 44, 45, 400, 2000, 9999};
    pair p = pair_of(N, 0.0);
    float *y = sig_new(N);
    eventful(p.x, N);
    stage whole = make(&usual), cut = make(&usual);
    ck_assert_int_eq(stage_run(&whole, p.x, N, N, p.y), N);
    ck_assert_int_eq(stage_run(&cut, p.x, N, chunks[_i], y), N);
    ck_assert_mem_eq(p.y, y, sizeof *y * N);
    int a, b;
    const myo_span *s = myo_mask_spans(whole.s, &a), *t = myo_mask_spans(cut.s, &b);
    ck_assert_int_eq(a, b);
    ck_assert_int_ge(a, 5);
    for (int i = 0; i < a; i++) {
        assert_span(&t[i], s[i].on, s[i].off, s[i].kind);
    }
    drop(&whole);
    drop(&cut);
    pair_free(&p);
    myo_free(y);
}
END_TEST

START_TEST(reset_equals_new)
{
    pair p = pair_of(N, 0.0);
    float *y = sig_new(N);
    eventful(p.x, N);
    stage used = make(&usual), fresh = make(&usual);
    stage_push(&used, p.x, 3000 + 3000 * _i, 613, y);
    myo_mask_reset(used.s);
    ck_assert_int_eq(stage_run(&used, p.x, N, 700, y), N);
    ck_assert_int_eq(stage_run(&fresh, p.x, N, 500, p.y), N);
    ck_assert_mem_eq(p.y, y, sizeof *y * N);
    int a, b;
    myo_mask_spans(used.s, &a);
    myo_mask_spans(fresh.s, &b);
    ck_assert_int_eq(a, b);
    drop(&used);
    drop(&fresh);
    pair_free(&p);
    myo_free(y);
}
END_TEST

/* All that touch a sample are known when it comes out (mask.h). */
START_TEST(spans_are_known_before_their_samples_come_out)
{
    pair p = pair_of(N, 0.0);
    eventful(p.x, N);
    const found all = spans_of(&usual, p.x, N, p.y);
    stage st = make(&usual);
    int64_t out = 0;
    for (int i = 0; i < N; i += 100) {
        out += myo_mask_push(st.s, p.x + i, 100, p.y + out);
        int known;
        const myo_span *s = myo_mask_spans(st.s, &known);
        for (int k = 0; k < all.n; k++) {
            const bool told = k < known && s[k].on == all.s[k].on;
            ck_assert_msg(told || all.s[k].on >= out || all.s[k].kind == MYO_MASK_CLIP, "span at %lld, out at %lld",
                          (long long)all.s[k].on, (long long)out);
        }
    }
    drop(&st);
    pair_free(&p);
}
END_TEST

START_TEST(short_streams_come_out_whole)
{
    pair p = pair_of(600, 3.0);
    for (int n = 0; n <= 600; n += n < 60 ? 1 : 90) {
        stage st = make(&usual);
        ck_assert_int_eq(stage_run(&st, p.x, n, 7, p.y), n);
        ck_assert_mem_eq(p.x, p.y, sizeof *p.x * (size_t)n);
        drop(&st);
    }
    pair_free(&p);
}
END_TEST

/* A dropout that lasts is bridged piece by piece: none of them may lean towards what the dropout itself holds, and the last one rises
 * slowly to the level behind it. */
START_TEST(long_dropouts_are_bridged_level)
{
    static const float rise[] = {0.0f, 100.0f};
    static const int end[] = {50000, 29300, 30100, 34600};
    const int off = end[_i / 2];
    pair p = pair_of(60000, 1.0);
    for (int i = 0; i < 60000; i++) {
        p.x[i] = i >= 10000 && i < off ? 0.0f : p.x[i] + 500.0f + (i < off ? 0.0f : rise[_i % 2]);
    }
    const myo_mask_cfg cfg = without_pops(-1000.0, 1000.0);
    spans_of(&cfg, p.x, 60000, p.y);
    for (int i = 10000; i < off; i++) {
        ck_assert_float_ge(p.y[i], 498.0f);
        ck_assert_float_le(p.y[i], 502.0f + (i < off - 9000 ? 0.0f : rise[_i % 2]));
        ck_assert_float_eq_tol(p.y[i + 200], p.y[i], (float)(rise[_i % 2] * 200.0 / (1.9 * FS)) + 2.0f);
    }
    pair_free(&p);
}
END_TEST

/* Of a sensor's axis the mask takes what is equal from all of its axes. */
START_TEST(an_axis_is_flat_with_its_sensor_only)
{
    enum { M = 4000 };
    const myo_repeat_cfg all = {.n_axes = 2, .rest_n = 300, .off_n = 300, .zero_n = 300, .stuck_n = MYO_REPEAT_NEVER};
    float *x[] = {sig_new(M), sig_new(M)}, *y = sig_new(M);
    for (int a = 0; a < 2; a++) {
        sig_noise(x[a], M, 1.0, (uint64_t)a);
        for (int i = 1000; i < (a == 0 ? 2500 : 1400); i++) {
            x[a][i] = 0.3f;
        }
    }
    myo_repeat *r = NULL;
    ck_assert_int_eq(myo_repeat_new(&r, &all), MYO_OK);
    ck_assert_int_eq(myo_repeat_push(r, (const float *const *)x, 0, M), MYO_OK);
    myo_mask_cfg cfg = without_pops(NAN, NAN);
    cfg.joint = r;
    cfg.flat_n = 300;
    const found f = spans_of(&cfg, x[0], M, y);
    ck_assert_int_eq(f.n, 1);
    assert_span(&f.s[0], 1000 - DILATE, 1400 + DILATE, MYO_MASK_FLAT);
    myo_repeat_free(&r);
    myo_free(x[0]);
    myo_free(x[1]);
    myo_free(y);
}
END_TEST

START_TEST(slow_rates_work)
{
    /* 20 Hz: 2 ms is less than a sample */
    pair p = pair_of(500, 0.01);
    const myo_mask_cfg cfg = {.fs = 20.0, .rail_lo = -8.0, .rail_hi = 8.0, .clip_n = 3, .flat_n = 4, .dilate = 2};
    for (int i = 100; i < 140; i++) {
        p.x[i] = 0.5f;
    }
    const found f = spans_of(&cfg, p.x, 500, p.y);
    ck_assert_int_eq(f.n, 1);
    assert_span(&f.s[0], 98, 142, MYO_MASK_FLAT);
    pair_free(&p);
}
END_TEST

START_TEST(no_memory_is_told)
{
    stage st = make(&usual);
    float x[1000] = {0}, y[1000];
    for (int i = 100; i < 200; i++) {
        x[i] = 2000.0f; /* clipped: a span to keep */
    }
    myo_mem_fail_at(1);
    ck_assert_int_eq(myo_mask_push(st.s, x, 1000, y), -1);
    myo_mem_fail_at(0);
    drop(&st);
    myo_mask *m = NULL;
    myo_mem_fail_at(1);
    ck_assert_int_eq(myo_mask_new(&m, &usual), MYO_ERR_NOMEM);
    myo_mem_fail_at(0);
    ck_assert_ptr_null(m);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("mask");
    TCase *c = tcase_create("mask");
    tcase_set_timeout(c, 30);
    tcase_add_test(c, far_samples_are_bridged);
    tcase_add_test(c, clean_signal_passes_untouched);
    tcase_add_test(c, clip_runs_are_told_and_left);
    tcase_add_test(c, two_samples_at_the_rail_are_no_clip);
    tcase_add_test(c, clip_at_both_ends_of_the_stream);
    tcase_add_test(c, without_rails_nothing_clips);
    tcase_add_test(c, flat_stretch_is_dilated_and_bridged);
    tcase_add_test(c, flat_shorter_than_the_limit_is_signal);
    tcase_add_test(c, flat_at_both_ends_of_the_stream);
    tcase_add_test(c, all_flat_is_one_long_span);
    tcase_add_test(c, dropout_that_is_not_quite_flat);
    tcase_add_test(c, dead_hour_takes_no_memory);
    tcase_add_loop_test(c, pop_is_masked_and_bridged, 0, 4);
    tcase_add_loop_test(c, spike_that_swings_both_ways_is_no_pop, 0, 5);
    tcase_add_test(c, strong_bursts_are_no_pops);
    tcase_add_test(c, small_steps_and_no_limit_are_no_pops);
    tcase_add_test(c, step_that_stays_ends_after_a_second);
    tcase_add_loop_test(c, neighbouring_pops_are_both_bridged, 0, 8);
    tcase_add_loop_test(c, any_cutting_gives_the_same_bits_and_spans, 0, 8);
    tcase_add_loop_test(c, reset_equals_new, 0, 5);
    tcase_add_test(c, spans_are_known_before_their_samples_come_out);
    tcase_add_test(c, short_streams_come_out_whole);
    tcase_add_loop_test(c, long_dropouts_are_bridged_level, 0, 8);
    tcase_add_test(c, an_axis_is_flat_with_its_sensor_only);
    tcase_add_test(c, slow_rates_work);
    tcase_add_test(c, no_memory_is_told);
    suite_add_tcase(s, c);
    return sig_main(s);
}
