/* test_lane.c - a channel from raw blocks to bursts: what is found, when, and that cutting does not matter. */
#include "myotab/event.h"
#include "run/lane.h"
#include "run/lane_in.h"
#include "sig.h"

static const double FS = 1000.0;
enum { MAX_FOUND = 4000 };

typedef struct heard {
    myo_burst b[MAX_FOUND];
    myo_window w[MAX_FOUND];
    int n_b, n_w, n_ends;
    double until, last_on, last_w;
    int fail_after;              /* the n-th burst's sink fails; 0 never */
} heard;

static myo_err on_burst(void *user, const myo_burst *b)
{
    heard *h = user;
    ck_assert_int_lt(h->n_b, MAX_FOUND);
    ck_assert_double_ge(b->on, h->until - 1e-9);
    ck_assert_double_ge(b->on, h->last_on);
    ck_assert_double_gt(b->off, b->on);
    h->last_on = b->on;
    h->b[h->n_b++] = *b;
    return h->fail_after > 0 && h->n_b == h->fail_after ? MYO_ERR_OUTPUT : MYO_OK;
}

static myo_err on_window(void *user, const myo_window *w)
{
    heard *h = user;
    ck_assert_int_lt(h->n_w, MAX_FOUND);
    ck_assert_double_ge(w->on, h->until - 1e-9);
    ck_assert_double_ge(w->on, h->last_w);
    h->last_w = w->on;
    h->w[h->n_w++] = *w;
    return MYO_OK;
}

static myo_err on_advance(void *user, double until, bool segment_end)
{
    heard *h = user;
    ck_assert_double_ge(until, h->until - 1e-9);
    h->until = until;
    h->n_ends += segment_end;
    return MYO_OK;
}

static myo_params params;

static myo_lane_cfg emg_cfg(void)
{
    myo_params_defaults(&params);
    return (myo_lane_cfg){.kind = MYO_KIND_EMG, .fs = FS, .n_axes = 1, .band_hi = 450.0, .calibrated = true,
                          .params = &params,
                          .prior = {.scale = 1.0, .rail_lo = {NAN, NAN, NAN}, .rail_hi = {NAN, NAN, NAN},
                                    .step_sd = 5.0, .least = 1e-6}};
}

static myo_lane_cfg acc_cfg(void)
{
    myo_lane_cfg c = emg_cfg();
    c.kind = MYO_KIND_ACC;
    c.fs = 100.0;
    c.n_axes = 3;
    c.band_hi = 30.0;
    c.prior.step_sd = 0.005;
    c.prior.least = 1e-9;
    return c;
}

static myo_lane *lane_new(const myo_lane_cfg *c, heard *h)
{
    myo_lane *l = NULL;
    const myo_lane_sink sink = {.burst = on_burst, .window = on_window, .advance = on_advance, .user = h};
    ck_assert_int_eq(myo_lane_new(&l, c, &sink), MYO_OK);
    return l;
}

static heard *heard_new(void)
{
    heard *h = myo_alloc(1, sizeof *h);
    ck_assert_ptr_nonnull(h);
    h->last_on = h->last_w = h->until = -1.0;
    return h;
}

/* Push x[a][0..n) from time start_s on, cut into chunks. */
static void feed(myo_lane *l, const myo_lane_cfg *c, float *const *x, int64_t n, int64_t chunk, double start_s, bool gap)
{
    for (int64_t i = 0; i < n; i += chunk) {
        const float *at[MYO_MAX_AXES] = {NULL};
        for (int a = 0; a < c->n_axes; a++) {
            at[a] = x[a] + i;
        }
        const int64_t take = n - i < chunk ? n - i : chunk;
        ck_assert_int_eq(myo_lane_push(l, at, take, start_s + (double)i / c->fs, gap && i == 0), MYO_OK);
    }
}

/* One whole recording; the totals if wanted. */
static heard *hear(const myo_lane_cfg *c, float *const *x, int64_t n, int64_t chunk, myo_lane_totals *totals)
{
    heard *h = heard_new();
    myo_lane *l = lane_new(c, h);
    feed(l, c, x, n, chunk, 0.0, true);
    ck_assert_int_eq(myo_lane_finish(l), MYO_OK);
    if (totals) {
        *totals = *myo_lane_get_totals(l);
    }
    myo_lane_free(&l);
    ck_assert_ptr_null(l);
    return h;
}

/* 60 s of EMG noise of 3 uV with bursts of 60 ms and 40 uV every 4 s from 3 s on. */
enum { N_EMG = 60000, N_BURSTS = 14 };
static float *emg(void)
{
    float *x = sig_new(N_EMG);
    sig_noise(x, N_EMG, 3.0, 21);
    for (int k = 0; k < N_BURSTS; k++) {
        sig_noise(x + 3000 + 4000 * k, 60, 40.0, (uint64_t)(100 + k));
    }
    return x;
}

START_TEST(bursts_are_found_where_they_are)
{
    float *x = emg();
    const myo_lane_cfg c = emg_cfg();
    heard *h = hear(&c, &x, N_EMG, 2000, NULL);
    ck_assert_int_eq(h->n_b, N_BURSTS);
    for (int k = 0; k < N_BURSTS; k++) {
        ck_assert_double_eq_tol(h->b[k].on, 3.0 + 4.0 * k, 0.008);
        ck_assert_double_eq_tol(h->b[k].off, 3.06 + 4.0 * k, 0.008);
        ck_assert_double_eq_tol(h->b[k].rms, 40.0, 12.0);
        ck_assert(h->b[k].peak_at >= h->b[k].on && h->b[k].peak_at < h->b[k].off);
        ck_assert_uint_eq(h->b[k].flags, 0);
    }
    myo_free(x);
    myo_free(h);
}
END_TEST

/* Many dropouts, a pop, clipping, tremor, hum: all that has a memory. */
static float *eventful(void)
{
    float *x = emg();
    sig_sine(x, N_EMG, FS, 50.1, 10.0, 0.0);
    for (int k = 0; k < 45; k++) { /* more than any list of fixed length should hold */
        memset(x + 1000 + 1250 * k, 0, sizeof *x * 150);
    }
    for (int i = 20000; i < 21000; i++) {
        x[i] += (float)(800.0 * exp(-(i - 20000) / 100.0));
    }
    for (int k = 0; k < 30; k++) {
        sig_noise(x + 40000 + 150 * k, 60, 50.0, (uint64_t)(300 + k));
    }
    for (int i = 0; i < 20; i++) {
        x[50000 + i] = 2000.0f;
    }
    return x;
}

START_TEST(cutting_changes_nothing)
{
    static const int64_t chunks[] = {1, 13, 50, 999, 10000, 33333};
    float *x = eventful();
    myo_lane_cfg c = emg_cfg();
    c.prior.rail_hi[0] = 2000.0;
    c.prior.line = (myo_mains_line){.freq = 50.0, .n_harmonics = 1, .present = {true}};
    myo_lane_totals a, b;
    heard *whole = hear(&c, &x, N_EMG, N_EMG, &a), *cut = hear(&c, &x, N_EMG, chunks[_i], &b);
    ck_assert_int_gt(whole->n_b, 10);
    ck_assert_int_eq(whole->n_b, cut->n_b);
    ck_assert_int_eq(whole->n_w, cut->n_w);
    ck_assert_mem_eq(whole->b, cut->b, sizeof *cut->b * (size_t)cut->n_b);
    ck_assert_mem_eq(whole->w, cut->w, sizeof *cut->w * (size_t)cut->n_w);
    ck_assert_mem_eq(&a, &b, sizeof a);
    myo_free(x);
    myo_free(whole);
    myo_free(cut);
}
END_TEST

START_TEST(cutting_an_accelerometer_changes_nothing)
{
    static const int64_t chunks[] = {1, 7, 100, 12345};
    enum { N = 30000 };
    float *x[3];
    for (int a = 0; a < 3; a++) {
        x[a] = sig_new(N);
        sig_noise(x[a], N, 0.003, (uint64_t)a);
        sig_sine(x[a] + 9000, 4000, 100.0, 5.5, 0.2, a);
    }
    for (int k = 0; k < 10; k++) {
        sig_noise(x[0] + 1000 + 700 * k, 20, 0.3, (uint64_t)k);
    }
    const myo_lane_cfg c = acc_cfg();
    heard *whole = hear(&c, x, N, N, NULL), *cut = hear(&c, x, N, chunks[_i], NULL);
    ck_assert_int_ge(whole->n_b, 10);
    ck_assert_int_ge(whole->n_w, 30);
    ck_assert_int_eq(whole->n_b, cut->n_b);
    ck_assert_int_eq(whole->n_w, cut->n_w);
    ck_assert_mem_eq(whole->b, cut->b, sizeof *cut->b * (size_t)cut->n_b);
    ck_assert_mem_eq(whole->w, cut->w, sizeof *cut->w * (size_t)cut->n_w);
    for (int a = 0; a < 3; a++) {
        myo_free(x[a]);
    }
    myo_free(whole);
    myo_free(cut);
}
END_TEST

START_TEST(tremor_has_windows_of_its_frequency)
{
    enum { N = 6000 };
    float *x[3];
    for (int a = 0; a < 3; a++) {
        x[a] = sig_new(N);
        sig_noise(x[a], N, 0.003, (uint64_t)a);
        sig_sine(x[a] + 2000, 2000, 100.0, 5.5, 0.1, a);
    }
    const myo_lane_cfg c = acc_cfg();
    heard *h = hear(&c, x, N, 200, NULL);
    int inside = 0;
    for (int i = 0; i < h->n_w; i++) {
        if (h->w[i].on >= 20.0 && h->w[i].off <= 40.0) {
            inside++;
            ck_assert_double_eq_tol(h->w[i].freq_hz, 5.5, 0.1);
            ck_assert_double_eq_tol(h->w[i].amp, 0.1 * sqrt(1.5), 0.02); /* rms over three axes */
        }
        ck_assert_double_eq_tol(h->w[i].off - h->w[i].on, 4.0, 1e-6);
    }
    ck_assert_int_ge(inside, 16);
    for (int a = 0; a < 3; a++) {
        myo_free(x[a]);
    }
    myo_free(h);
}
END_TEST

START_TEST(strong_hum_makes_no_bursts_at_the_ends)
{
    float *x = sig_new(N_EMG);
    sig_noise(x, N_EMG, 3.0, 35);
    sig_sine(x, N_EMG, FS, 50.05, 300.0, 0.8 * _i);
    sig_const(x, N_EMG, 5000.0);
    x[30123] = NAN; /* two more ends */
    myo_lane_cfg c = emg_cfg();
    c.prior.step_sd = 100.0;
    c.prior.line = (myo_mains_line){.freq = 50.03, .n_harmonics = 1, .present = {true}};
    heard *h = hear(&c, &x, N_EMG, 2000, NULL);
    ck_assert_int_eq(h->n_b, 0);
    myo_free(x);
    myo_free(h);
}
END_TEST

/* ---- gaps and missing samples ---- */

START_TEST(single_samples_and_lines_are_known)
{
    enum { N = 30000 };
    const myo_lane_cfg c = emg_cfg();
    float *x[] = {sig_new(N)};
    sig_noise(x[0], N, 3.0, 21);
    for (int i = 5000; i < 10000; i += 1000) {
        x[0][i] += 300.0f;
    }
    sig_sine(x[0] + 15000, 4000, FS, 80.0, 40.0, 0.0);
    heard *h = hear(&c, x, N, 777, NULL);
    int spikes = 0, lines = 0;
    for (int i = 0; i < h->n_b; i++) {
        const bool line = h->b[i].on > 14.0;
        spikes += !line && h->b[i].spike > 0.95f;
        lines += line && h->b[i].likeness > 0.95f && h->b[i].spike == 0.0f;
    }
    ck_assert_int_eq(spikes, 5);
    ck_assert_int_ge(lines, 1);
    ck_assert_int_eq(spikes + lines, h->n_b);
    myo_free(h);
    myo_free(x[0]);
}
END_TEST

START_TEST(time_breaks_shift_what_follows)
{
    float *x = emg();
    const myo_lane_cfg c = emg_cfg();
    heard *h = heard_new();
    myo_lane *l = lane_new(&c, h);
    float *second = x + 25000;
    feed(l, &c, &x, 25000, 700, 0.0, true);
    feed(l, &c, &second, N_EMG - 25000, 700, 125.0, true); /* 100 s are missing */
    ck_assert_int_eq(myo_lane_finish(l), MYO_OK);
    ck_assert_int_eq(h->n_b, N_BURSTS);
    for (int k = 0; k < N_BURSTS; k++) {
        ck_assert_double_eq_tol(h->b[k].on, 3.0 + 4.0 * k + (k >= 6 ? 100.0 : 0.0), 0.008);
    }
    const myo_lane_totals *t = myo_lane_get_totals(l);
    ck_assert_int_eq(t->n_segments, 2);
    ck_assert_int_eq(h->n_ends, 2);
    ck_assert_double_eq_tol(t->duration_s, 160.0, 1e-9);
    ck_assert_double_eq_tol(t->usable_s, 60.0, 1e-9);
    ck_assert_double_eq_tol(t->gap_s, 100.0, 1e-9);
    myo_lane_free(&l);
    myo_free(x);
    myo_free(h);
}
END_TEST

START_TEST(missing_samples_stay_local)
{
    float *x = emg();
    const myo_lane_cfg c = emg_cfg();
    for (int i = 24500; i < 24800; i++) {
        x[i] = NAN;
    }
    x[41000] = NAN;
    myo_lane_totals t;
    heard *h = hear(&c, &x, N_EMG, 777, &t);
    ck_assert_int_eq(h->n_b, N_BURSTS);
    for (int k = 0; k < N_BURSTS; k++) {
        ck_assert_double_eq_tol(h->b[k].on, 3.0 + 4.0 * k, 0.008);
    }
    ck_assert_int_eq(t.n_missing, 301);
    ck_assert_int_eq(t.n_segments, 3);
    ck_assert_double_eq_tol(t.usable_s, 60.0 - 0.301, 1e-9);
    ck_assert_double_eq_tol(t.gap_s, 0.301, 1e-9);
    myo_free(x);
    myo_free(h);
}
END_TEST

/* A sensor at 100 Hz: three lost samples are bridged, of one axis or in time, whatever the blocks; four end a segment. */
START_TEST(lost_samples_of_a_sensor)
{
    enum { N = 4000, AT = 2000 };
    static const int64_t chunks[] = {37, 100, AT, N};
    const int lost = 1 + _i % 4, chunk = (int)chunks[_i / 4 % 4];
    const bool in_time = _i >= 16;
    const myo_lane_cfg c = acc_cfg();
    float *x[3], *behind[3];
    for (int a = 0; a < 3; a++) {
        x[a] = sig_new(N);
        sig_noise(x[a], N, 0.003, (uint64_t)a);
        sig_sine(x[a], N, c.fs, 5.0, 0.3, 0.0);
        behind[a] = x[a] + AT + lost;
    }
    for (int i = AT; i < AT + lost; i++) {
        x[1][i] = NAN;
    }
    heard *h = heard_new();
    myo_lane *l = lane_new(&c, h);
    feed(l, &c, x, in_time ? AT : N, chunk, 0.0, true);
    if (in_time) {
        feed(l, &c, behind, N - AT - lost, chunk, (AT + lost) / c.fs + 0.001, true);
    }
    ck_assert_int_eq(myo_lane_finish(l), MYO_OK);
    const myo_lane_totals *t = myo_lane_get_totals(l);
    const bool bridged = lost <= 3;
    ck_assert_int_eq(t->n_segments, bridged ? 1 : 2);
    ck_assert_int_eq(t->n_missing, in_time ? 0 : lost);
    ck_assert_int_eq(t->n_gaps, in_time);
    ck_assert_int_eq(t->n_bridged, bridged && !in_time ? lost : 0);
    ck_assert_int_eq(t->n_gaps_bridged, bridged && in_time);
    ck_assert_double_eq_tol(t->usable_s, (N - lost) / c.fs, 1e-9);
    ck_assert_double_eq_tol(t->gap_s, lost / c.fs, 0.0011);
    for (int i = 0; i < h->n_w; i++) { /* the rhythm goes on over it */
        ck_assert_double_eq_tol(h->w[i].freq_hz, 5.0, 0.05);
    }
    ck_assert_int_ge(h->n_w, bridged ? 36 : 30);
    for (int a = 0; a < 3; a++) {
        myo_free(x[a]);
    }
    myo_lane_free(&l);
    myo_free(h);
}
END_TEST

/* A jerk eight times as high as the tremor it lies in leaves no window without the tremor, and no window larger. */
START_TEST(jerks_amid_tremor_hide_no_window)
{
    enum { N = 3000 };
    const myo_lane_cfg c = acc_cfg();
    float *x[3];
    for (int a = 0; a < 3; a++) {
        x[a] = sig_new(N);
        sig_noise(x[a], N, 0.003, (uint64_t)a);
        sig_sine(x[a], N, c.fs, 6.0, 0.08, 0.0);
    }
    heard *calm = hear(&c, x, N, 100, NULL);
    for (int a = 0; a < 3; a++) {
        sig_sine(x[a] + 1500, 16, c.fs, 6.25, 0.64, 0.0);
    }
    heard *h = hear(&c, x, N, 100, NULL);
    ck_assert_int_eq(calm->n_w, 27);
    ck_assert_int_eq(h->n_w, calm->n_w);
    for (int i = 0; i < h->n_w; i++) {
        ck_assert_double_eq_tol(h->w[i].freq_hz, 6.0, 0.25);
        ck_assert_float_ge(h->w[i].gait.fill, 0.3f); /* tremor needs 0.26, walking 0.35 */
        ck_assert_float_le(h->w[i].amp, 1.5f * calm->w[i].amp);
    }
    for (int a = 0; a < 3; a++) {
        myo_free(x[a]);
    }
    myo_free(calm);
    myo_free(h);
}
END_TEST

START_TEST(stretches_shorter_than_the_filter_are_left_out)
{
    float *x = emg();
    const myo_lane_cfg c = emg_cfg();
    for (int i = 0; i < N_EMG; i += 100) {
        x[i] = NAN;
    }
    myo_lane_totals t;
    heard *h = hear(&c, &x, N_EMG, 777, &t);
    ck_assert_int_eq(h->n_b, 0);
    ck_assert_int_eq(t.n_segments, 0);
    ck_assert_int_eq(t.n_short, 600);
    ck_assert_double_eq_tol(t.usable_s, 0.0, 1e-12);
    ck_assert_double_eq_tol(t.gap_s, 60.0, 1e-9);
    myo_free(x);
    myo_free(h);
}
END_TEST

START_TEST(a_segment_just_long_enough_counts)
{
    const myo_lane_cfg c = emg_cfg();
    float *x = emg();
    for (int more = 0; more < 2; more++) {
        heard *h = heard_new();
        myo_lane *l = lane_new(&c, h);
        const int n = myo_lane_min_length(l) - 1 + more;
        feed(l, &c, &x, n, 10, 0.0, true);
        ck_assert_int_eq(myo_lane_finish(l), MYO_OK);
        ck_assert_int_eq(myo_lane_get_totals(l)->n_segments, more);
        ck_assert_int_eq(myo_lane_get_totals(l)->n_short, 1 - more);
        myo_lane_free(&l);
        myo_free(h);
    }
    myo_free(x);
}
END_TEST

START_TEST(nothing_at_all_is_no_error)
{
    const myo_lane_cfg c = emg_cfg();
    heard *h = heard_new();
    myo_lane *l = lane_new(&c, h);
    ck_assert_int_eq(myo_lane_finish(l), MYO_OK);
    ck_assert_double_eq(myo_lane_get_totals(l)->usable_s, 0.0);
    ck_assert_double_eq(myo_lane_get_totals(l)->gap_s, 0.0);
    myo_lane_free(&l);
    myo_free(h);
}
END_TEST

START_TEST(all_missing_is_all_gap)
{
    float *x = emg();
    const myo_lane_cfg c = emg_cfg();
    for (int i = 0; i < N_EMG; i++) {
        x[i] = NAN;
    }
    myo_lane_totals t;
    heard *h = hear(&c, &x, N_EMG, 777, &t);
    ck_assert_int_eq(t.n_missing, N_EMG);
    ck_assert_double_eq_tol(t.gap_s, 60.0, 1e-9);
    ck_assert_int_eq(h->n_b + h->n_w + h->n_ends, 0);
    myo_free(x);
    myo_free(h);
}
END_TEST

/* ---- masks ---- */

START_TEST(dropouts_leave_the_exposure_and_make_no_bursts)
{
    float *x = sig_new(N_EMG);
    sig_noise(x, N_EMG, 3.0, 22);
    sig_const(x, N_EMG, 500.0); /* an offset: the edges of a dropout are steps */
    for (int k = 0; k < 5; k++) {
        memset(x + 5000 + 10000 * k, 0, sizeof *x * 400);
    }
    const myo_lane_cfg c = emg_cfg();
    myo_lane_totals t;
    heard *h = hear(&c, &x, N_EMG, 2000, &t);
    ck_assert_int_eq(h->n_b, 0);
    ck_assert_double_eq_tol(t.masked_s, 5 * 0.6, 0.02); /* 0.4 s and 0.1 s on both sides */
    ck_assert_double_eq_tol(t.usable_s + t.masked_s, 60.0, 1e-9);
    myo_free(x);
    myo_free(h);
}
END_TEST

/* A sensor at rest; axes [0, axes) hold a value from 20 s on: what leaves the exposure of which sensor, what it makes, and that no cut
 * changes that. */
START_TEST(still_stretches_of_a_sensor)
{
    enum { N = 12000 };
    static const struct { int axes, n; float value; bool coarse; double masked, stuck; } held[] = {
        {3, 2000, NAN, false, 20.2, 0.0}, {3, 30, 0.0f, false, 0.5, 0.0}, {3, 150, NAN, false, 0.0, 0.0}, {3, 2000, NAN, true, 0.0, 0.0},
        {3, 2000, 0.0f, true, 20.2, 0.0}, {1, 7000, NAN, false, 0.0, 70.0}, {1, 7000, NAN, true, 0.0, 0.0}};
    static const int64_t chunks[] = {1, 13, 100, 4999};
    static const double level[] = {0.2, -0.4, 0.89};
    float *x[3];
    for (int a = 0; a < 3; a++) {
        x[a] = sig_new(N);
        sig_const(x[a], N, level[a]);
        sig_noise(x[a], N, 0.003, (uint64_t)a);
        for (int i = 2000; a < held[_i].axes && i < 2000 + held[_i].n; i++) {
            x[a][i] = isnan(held[_i].value) ? x[a][2000] : held[_i].value;
        }
    }
    myo_lane_cfg c = acc_cfg();
    c.prior.rest_lo = 0.7;
    c.prior.rest_hi = 1.3;
    c.prior.coarse = held[_i].coarse;
    myo_lane_totals t, other;
    heard *h = hear(&c, x, N, N, &t);
    ck_assert_double_eq_tol(t.masked_s, held[_i].masked, 0.025);
    ck_assert_double_eq_tol(t.stuck_s[0], held[_i].stuck, 0.025);
    ck_assert_int_eq(h->n_b, 0);
    for (int k = 0; k < 4; k++) {
        heard *cut = hear(&c, x, N, chunks[k], &other);
        ck_assert_mem_eq(&t, &other, sizeof t);
        myo_free(cut);
    }
    for (int a = 0; a < 3; a++) {
        myo_free(x[a]);
    }
    myo_free(h);
}
END_TEST

/* Weak activity that nothing but its loudest moment stands out of. */
START_TEST(bursts_know_what_is_about_them)
{
    float *x = emg();
    for (int i = 3000 - 2000; i < 3000 + 2000; i++) {
        x[i] *= i < 3000 || i >= 3060 ? 1.2f : 1.0f;
    }
    const myo_lane_cfg c = emg_cfg();
    heard *h = hear(&c, &x, N_EMG, 2000, NULL);
    ck_assert_int_eq(h->n_b, N_BURSTS);
    ck_assert_float_eq_tol(h->b[0].around, 0.37f, 0.15f);
    for (int i = 1; i < N_BURSTS; i++) {
        ck_assert_float_lt(h->b[i].around, 0.2f);
    }
    myo_free(x);
    myo_free(h);
}
END_TEST

START_TEST(bursts_at_a_mask_know_it)
{
    float *x = emg();
    memset(x + 3000 + 60 + 110, 0, sizeof *x * 400); /* masked from 10 ms behind the first burst on */
    memset(x + 7000 - 500 - 130, 0, sizeof *x * 400); /* until 130 ms before the second */
    const myo_lane_cfg c = emg_cfg();
    heard *h = hear(&c, &x, N_EMG, 2000, NULL);
    ck_assert_int_eq(h->n_b, N_BURSTS);
    ck_assert_float_eq_tol(h->b[0].brink, 0.75f, 0.15f);
    for (int i = 1; i < N_BURSTS; i++) {
        ck_assert_float_eq(h->b[i].brink, 0.0f);
    }
    myo_free(x);
    myo_free(h);
}
END_TEST

START_TEST(clipped_burst_is_still_a_burst)
{
    float *x = emg();
    for (int i = 3000; i < 3060; i++) {
        x[i] = fmaxf(-20.0f, fminf(20.0f, 3.0f * x[i]));
    }
    myo_lane_cfg c = emg_cfg();
    c.prior.rail_lo[0] = -20.0;
    c.prior.rail_hi[0] = 20.0;
    for (int i = 3060; i < N_EMG; i++) {
        x[i] = fmaxf(-19.0f, fminf(19.0f, x[i]));
    }
    for (int i = 3020; i < 3030; i++) {
        x[i] = 20.0f;
    }
    myo_lane_totals t;
    heard *h = hear(&c, &x, N_EMG, 2000, &t);
    ck_assert_int_ge(h->n_b, 1);
    ck_assert_double_eq_tol(h->b[0].on, 3.0, 0.008);
    ck_assert(h->b[0].flags & MYO_FLAG_CLIPPED);
    ck_assert_double_gt(h->b[0].clipped, 0.05);
    ck_assert_double_gt(t.clipped_s, 0.009);
    myo_free(x);
    myo_free(h);
}
END_TEST

START_TEST(bursts_at_the_ends_are_flagged)
{
    float *x = sig_new(N_EMG);
    sig_noise(x, N_EMG, 3.0, 23);
    sig_noise(x, 200, 60.0, 24);
    sig_noise(x + N_EMG - 200, 200, 60.0, 25);
    sig_noise(x + 30000, 200, 60.0, 26);
    const myo_lane_cfg c = emg_cfg();
    heard *h = hear(&c, &x, N_EMG, 2000, NULL);
    ck_assert_int_eq(h->n_b, 3);
    ck_assert(h->b[0].flags & MYO_FLAG_CUT_START);
    ck_assert(!(h->b[0].flags & MYO_FLAG_CUT_END));
    ck_assert(!(h->b[1].flags & (MYO_FLAG_CUT_START | MYO_FLAG_CUT_END)));
    ck_assert(h->b[2].flags & MYO_FLAG_CUT_END);
    ck_assert(!(h->b[2].flags & MYO_FLAG_CUT_START));
    ck_assert_double_le(h->b[2].off, 60.0);
    myo_free(x);
    myo_free(h);
}
END_TEST

/* ---- amplitudes ---- */

START_TEST(floor_is_the_noise)
{
    enum { N = 120000 };
    float *x = sig_new(N);
    const myo_lane_cfg c = emg_cfg();
    sig_noise(x, N, 5.0, 27);
    myo_lane_totals t;
    heard *h = hear(&c, &x, N, 2000, &t);
    /* 20 .. 450 of 500 Hz: 430 / 500 of the power */
    ck_assert_double_eq_tol(t.floor_sum / (double)t.n_floor, 5.0 * sqrt(0.86), 0.15);
    ck_assert_int_le(h->n_b, 1);
    myo_free(x);
    myo_free(h);
}
END_TEST

START_TEST(scale_of_the_samples_is_applied)
{
    float *x = emg(), *half = emg();
    for (int i = 0; i < N_EMG; i++) {
        half[i] *= 0.5f;
    }
    myo_lane_cfg c = emg_cfg();
    heard *a = hear(&c, &x, N_EMG, 2000, NULL);
    c.prior.scale = 2.0;
    heard *b = hear(&c, &half, N_EMG, 2000, NULL);
    ck_assert_int_eq(a->n_b, b->n_b);
    ck_assert_mem_eq(a->b, b->b, sizeof *a->b * (size_t)a->n_b);
    myo_free(x);
    myo_free(half);
    myo_free(a);
    myo_free(b);
}
END_TEST

START_TEST(uncalibrated_amplitude_does_not_move_edges)
{
    float *x = emg(), *big = emg();
    for (int i = 0; i < N_EMG; i++) {
        big[i] *= 1024.0f;
    }
    myo_lane_cfg c = emg_cfg();
    c.calibrated = false;
    heard *a = hear(&c, &x, N_EMG, 2000, NULL);
    c.prior.step_sd *= 1024.0;
    heard *b = hear(&c, &big, N_EMG, 2000, NULL);
    ck_assert_int_eq(a->n_b, b->n_b);
    for (int k = 0; k < a->n_b; k++) {
        ck_assert_double_eq(a->b[k].on, b->b[k].on);
        ck_assert_double_eq(a->b[k].off, b->b[k].off);
        ck_assert_double_eq_tol(b->b[k].rms / a->b[k].rms, 1024.0, 0.01);
        ck_assert_double_eq_tol(b->b[k].snr_db, a->b[k].snr_db, 1e-3);
    }
    myo_free(x);
    myo_free(big);
    myo_free(a);
    myo_free(b);
}
END_TEST

START_TEST(calibrated_bursts_under_the_gate_are_left_out)
{
    float *x = emg();
    for (int i = 0; i < N_EMG; i++) {
        x[i] *= 0.1f; /* bursts of 4 uV */
    }
    myo_lane_cfg c = emg_cfg();
    heard *h = hear(&c, &x, N_EMG, 2000, NULL);
    ck_assert_int_le(h->n_b, 10);
    for (int k = 0; k < h->n_b; k++) {
        ck_assert_double_gt(h->b[k].peak, params.emg_gate_uv);
    }
    c.calibrated = false;
    heard *all = hear(&c, &x, N_EMG, 2000, NULL);
    ck_assert_int_eq(all->n_b, N_BURSTS);
    myo_free(x);
    myo_free(h);
    myo_free(all);
}
END_TEST

START_TEST(axes_may_be_swapped)
{
    enum { N = 12000 };
    float *x[3], *y[3];
    for (int a = 0; a < 3; a++) {
        x[a] = sig_new(N);
        sig_noise(x[a], N, 0.003, (uint64_t)a);
        for (int k = 0; k < 9; k++) {
            sig_noise(x[a] + 1000 + 1100 * k, 20, 0.1 + 0.1 * a, (uint64_t)(10 * k + a));
        }
        y[(a + 1) % 3] = x[a];
    }
    const myo_lane_cfg c = acc_cfg();
    heard *p = hear(&c, x, N, 300, NULL), *q = hear(&c, y, N, 300, NULL);
    ck_assert_int_ge(p->n_b, 9);
    ck_assert_int_eq(p->n_b, q->n_b);
    for (int k = 0; k < p->n_b; k++) {
        ck_assert_double_eq_tol(p->b[k].on, q->b[k].on, 0.0101);
        ck_assert_double_eq_tol(p->b[k].off, q->b[k].off, 0.0101);
    }
    for (int a = 0; a < 3; a++) {
        myo_free(x[a]);
    }
    myo_free(p);
    myo_free(q);
}
END_TEST

/* ---- long activity, memory, errors ---- */

START_TEST(long_contraction_is_handed_on_in_pieces)
{
    float *x = sig_new(N_EMG);
    sig_noise(x, N_EMG, 3.0, 28);
    sig_noise(x + 12000, 35000, 40.0, 29);
    const myo_lane_cfg c = emg_cfg();
    heard *h = hear(&c, &x, N_EMG, 2000, NULL);
    double covered = 0.0;
    for (int k = 0; k < h->n_b; k++) {
        ck_assert_double_le(h->b[k].off - h->b[k].on, 10.5);
        covered += h->b[k].off - h->b[k].on;
        if (k > 0) {
            ck_assert_double_ge(h->b[k].on, h->b[k - 1].off - 1e-9);
        }
    }
    ck_assert_int_ge(h->n_b, 4);
    ck_assert_double_eq_tol(covered, 35.0, 1.0);
    myo_free(x);
    myo_free(h);
}
END_TEST

/* Half an hour, quiet or tense, clean or full of clipping: samples and spans in hand stay those of some epochs. */
START_TEST(memory_does_not_grow_with_time)
{
    enum { CHUNK = 2000, MINUTES = 30 };
    myo_lane_cfg c = emg_cfg();
    c.prior.floor = 9.0;
    c.prior.rail_hi[0] = 8.0;
    heard *h = heard_new();
    myo_lane *l = lane_new(&c, h);
    float *x = sig_new(CHUNK);
    sig_noise(x, CHUNK, _i == 1 ? 60.0 : 3.0, 30);
    for (int k = 0; k < CHUNK && _i == 2; k++) {
        x[k] = k % 40 < 4 ? 8.0f : x[k];
    }
    for (int s = 0; s < MINUTES * 30; s++) {
        const float *at[1] = {x};
        ck_assert_int_eq(myo_lane_push(l, at, CHUNK, s * 2.0, s == 0), MYO_OK);
        h->n_b = h->n_w = 0;
    }
    const size_t most = (size_t)(60.0 * FS);
    ck_assert_uint_le(l->x[0].cap, 2 * most);
    ck_assert_uint_le(l->raw[0].cap, 2 * most);
    ck_assert_uint_le(l->u.cap, 2 * most);
    ck_assert_uint_le(l->p.cap, 2 * most);
    ck_assert_uint_le(l->cap_spans, 8192);
    ck_assert_uint_le(l->cap_blocks, 8192);
    ck_assert_int_eq(myo_lane_finish(l), MYO_OK);
    myo_lane_free(&l);
    myo_free(x);
    myo_free(h);
}
END_TEST

static myo_err take_blocks(void *user, float *energy, int64_t n, double dof)
{
    double *mean = user;
    double s = 0.0;
    int64_t kept = 0;
    for (int64_t i = 0; i < n; i++) {
        s += isnan(energy[i]) ? 0.0 : (double)energy[i];
        kept += !isnan(energy[i]);
    }
    ck_assert_double_gt(dof, 5.0);
    *mean = s / (double)kept;
    return MYO_OK;
}

START_TEST(scouting_hands_on_block_energies)
{
    enum { N = 200000 };
    double mean = 0.0;
    myo_lane *l = NULL;
    myo_lane_cfg c = emg_cfg();
    c.prior.rail_hi[0] = 11.0;
    const myo_lane_sink sink = {.floor_blocks = take_blocks, .user = &mean};
    float *x = sig_new(N);
    sig_noise(x, N, 3.0, 31);
    for (int k = 0; k < N; k++) { /* clipped five times a second: those blocks do not count */
        x[k] = k % 200 < 4 ? 11.0f : x[k];
    }
    ck_assert_int_eq(myo_lane_new(&l, &c, &sink), MYO_OK);
    feed(l, &c, &x, N, 2000, 0.0, true);
    ck_assert_uint_le(l->cap_spans, 256); /* spans behind must go */
    ck_assert_int_eq(myo_lane_finish(l), MYO_OK);
    ck_assert_double_gt(mean, 9.0 * 0.86 * 0.95);
    myo_lane_free(&l);
    myo_free(x);
}
END_TEST

/* A lane that scouted all of a recording and kept it finds what one finds that got it anew; a second segment, or more than it
 * may keep, and it keeps nothing. */
START_TEST(kept_lanes_go_on_from_there)
{
    double mean = 0.0;
    float *x = emg();
    myo_lane_cfg c = emg_cfg();
    c.prior.rail_hi[0] = 30.0;
    x[20000] = x[20001] = x[20002] = x[20003] = 30.0f;
    const myo_lane_sink scout = {.floor_blocks = take_blocks, .hold = N_EMG + (_i == 1 ? -1 : 0), .user = &mean};
    myo_lane *l = NULL;
    ck_assert_int_eq(myo_lane_new(&l, &c, &scout), MYO_OK);
    feed(l, &c, &x, N_EMG / 2, 2000, 0.0, true);
    float *rest = x + N_EMG / 2;
    feed(l, &c, &rest, N_EMG / 2, 7000, 30.0, _i == 2);
    ck_assert_int_eq(myo_lane_finish(l), MYO_OK);
    ck_assert_int_eq(myo_lane_is_held(l), _i == 0);
    if (_i == 0) {
        heard *h = heard_new();
        const myo_lane_sink sink = {.burst = on_burst, .window = on_window, .advance = on_advance, .user = h};
        myo_lane_totals anew;
        c.prior.floor = mean;
        heard *want = hear(&c, &x, N_EMG, 3000, &anew);
        myo_lane_resume(l, &c.prior, &sink);
        ck_assert_int_eq(myo_lane_finish(l), MYO_OK);
        ck_assert_int_ge(want->n_b, N_BURSTS);
        ck_assert_int_eq(h->n_b, want->n_b);
        ck_assert_int_eq(h->n_w, want->n_w);
        ck_assert_int_eq(h->n_ends, want->n_ends);
        ck_assert_mem_eq(h->b, want->b, sizeof *h->b * (size_t)h->n_b);
        ck_assert_mem_eq(myo_lane_get_totals(l), &anew, sizeof anew);
        myo_free(h);
        myo_free(want);
    }
    myo_lane_free(&l);
    myo_free(x);
}
END_TEST

START_TEST(failing_sink_is_forwarded)
{
    float *x = emg();
    const myo_lane_cfg c = emg_cfg();
    heard *h = heard_new();
    h->fail_after = 3;
    myo_lane *l = lane_new(&c, h);
    const float *at[1] = {x};
    ck_assert_int_eq(myo_lane_push(l, at, N_EMG, 0.0, true), MYO_ERR_OUTPUT);
    ck_assert_int_eq(h->n_b, 3);
    myo_lane_free(&l);
    myo_free(x);
    myo_free(h);
}
END_TEST

/* The n-th allocation fails: an error, no crash; a run that reaches its end has all its bursts. */
START_TEST(every_failed_allocation_is_reported)
{
    float *x = emg();
    const myo_lane_cfg c = emg_cfg();
    heard *h = heard_new();
    const myo_lane_sink sink = {.burst = on_burst, .window = on_window, .advance = on_advance, .user = h};
    int failures = 0;
    for (int at = 1; at < 400; at++) {
        myo_lane *l = NULL;
        const float *v[1] = {x};
        memset(h, 0, sizeof *h);
        h->until = h->last_on = h->last_w = -1.0;
        myo_mem_fail_at(at);
        myo_err err = myo_lane_new(&l, &c, &sink);
        err = err == MYO_OK ? myo_lane_push(l, v, 25000, 0.0, true) : err;
        err = err == MYO_OK ? myo_lane_finish(l) : err;
        myo_mem_fail_at(0);
        myo_lane_free(&l);
        if (err == MYO_OK) {
            ck_assert_int_eq(h->n_b, 6);
            break;
        }
        ck_assert_int_eq(err, MYO_ERR_NOMEM);
        failures++;
    }
    ck_assert_int_ge(failures, 20);
    ck_assert_int_lt(failures, 399);
    myo_free(x);
    myo_free(h);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("lane");
    TCase *c = tcase_create("lane");
    tcase_set_timeout(c, 60);
    tcase_add_test(c, bursts_are_found_where_they_are);
    tcase_add_loop_test(c, cutting_changes_nothing, 0, 6);
    tcase_add_loop_test(c, cutting_an_accelerometer_changes_nothing, 0, 4);
    tcase_add_test(c, tremor_has_windows_of_its_frequency);
    tcase_add_loop_test(c, strong_hum_makes_no_bursts_at_the_ends, 0, 4);
    tcase_add_test(c, single_samples_and_lines_are_known);
    tcase_add_test(c, time_breaks_shift_what_follows);
    tcase_add_test(c, missing_samples_stay_local);
    tcase_add_loop_test(c, lost_samples_of_a_sensor, 0, 32);
    tcase_add_test(c, jerks_amid_tremor_hide_no_window);
    tcase_add_test(c, stretches_shorter_than_the_filter_are_left_out);
    tcase_add_test(c, a_segment_just_long_enough_counts);
    tcase_add_test(c, nothing_at_all_is_no_error);
    tcase_add_test(c, all_missing_is_all_gap);
    tcase_add_test(c, dropouts_leave_the_exposure_and_make_no_bursts);
    tcase_add_loop_test(c, still_stretches_of_a_sensor, 0, 7);
    tcase_add_test(c, bursts_know_what_is_about_them);
    tcase_add_test(c, bursts_at_a_mask_know_it);
    tcase_add_test(c, clipped_burst_is_still_a_burst);
    tcase_add_test(c, bursts_at_the_ends_are_flagged);
    tcase_add_test(c, floor_is_the_noise);
    tcase_add_test(c, scale_of_the_samples_is_applied);
    tcase_add_test(c, uncalibrated_amplitude_does_not_move_edges);
    tcase_add_test(c, calibrated_bursts_under_the_gate_are_left_out);
    tcase_add_test(c, axes_may_be_swapped);
    tcase_add_test(c, long_contraction_is_handed_on_in_pieces);
    tcase_add_loop_test(c, memory_does_not_grow_with_time, 0, 3);
    tcase_add_test(c, scouting_hands_on_block_energies);
    tcase_add_loop_test(c, kept_lanes_go_on_from_there, 0, 3);
    tcase_add_test(c, failing_sink_is_forwarded);
    tcase_add_test(c, every_failed_allocation_is_reported);
    suite_add_tcase(s, c);
    return sig_main(s);
}
