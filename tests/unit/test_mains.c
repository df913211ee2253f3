/* test_mains.c - mains hum: found where it is and only there, taken out without touching bursts. */
#include "dsp/mains.h"
#include "dsp/spec.h"
#include "stage.h"

static const double FS = 2000.0;

static int64_t bound(const void *s, int64_t n) { return myo_mains_bound(s, n); }
static int64_t push(void *s, const float *x, int64_t n, float *out) { return myo_mains_push(s, x, n, out); }
static int64_t finish(void *s, float *out) { return myo_mains_finish(s, out); }
static void reset(void *s) { myo_mains_reset(s, 0); }

static myo_mains_line line_of(double freq, int n)
{
    myo_mains_line l = {.freq = freq, .n_harmonics = n};
    for (int k = 0; k < n; k++) {
        l.present[k] = true;
    }
    return l;
}

static stage make(double fs, double freq, int n)
{
    myo_mains *m = NULL;
    const myo_mains_line l = line_of(freq, n);
    ck_assert_int_eq(myo_mains_new(&m, fs, &l), MYO_OK);
    return (stage){m, bound, push, finish, reset, 0};
}

static void drop(stage *st)
{
    myo_mains *m = st->s;
    myo_mains_free(&m);
}

/* Hum of four harmonics whose frequency is f + slow sine of `drift` Hz and period 30 s. */
static void add_hum(float *x, int64_t n, double fs, double f, double drift, double amp)
{
    double phase = 0.3;
    for (int64_t i = 0; i < n; i++) {
        x[i] += (float)(amp * (sin(phase) + 0.4 * sin(2.0 * phase + 1.0) + 0.5 * sin(3.0 * phase + 2.0) +
                               0.2 * sin(4.0 * phase)));
        phase += 2.0 * M_PI * (f + drift * sin(2.0 * M_PI * (double)i / fs / 30.0)) / fs;
    }
}

/* Reduction in dB of the hum alone in the presence of noise: power of (out - noise) over hum, middle of the stream. */
static double reduction(double fs, double tuned, double f, double drift, int harmonics)
{
    const int64_t n = (int64_t)(40.0 * fs);
    float *hum = sig_new(n), *x = sig_new(n), *noise = sig_new(n), *y = sig_new(n);
    stage st = make(fs, tuned, harmonics);
    add_hum(hum, n, fs, f, drift, 30.0);
    sig_noise(noise, n, 3.0, 41);
    for (int64_t i = 0; i < n; i++) {
        x[i] = hum[i] + noise[i];
    }
    ck_assert_int_eq(stage_run(&st, x, n, 5000, y), n);
    for (int64_t i = 0; i < n; i++) {
        y[i] -= noise[i];
    }
    const int64_t edge = (int64_t)(0.2 * fs);
    const double db = sig_db(sig_power(y, edge, n - edge), sig_power(hum, edge, n - edge));
    drop(&st);
    myo_free(hum);
    myo_free(x);
    myo_free(noise);
    myo_free(y);
    return -db;
}

START_TEST(steady_hum_goes_down_25_db)
{
    static const double f[] = {50.0, 60.0, 49.8, 60.1, 50.37};
    ck_assert_double_gt(reduction(FS, f[_i], f[_i], 0.0, 4), 25.0);
    ck_assert_double_gt(reduction(1000.0, f[_i], f[_i], 0.0, 4), 25.0);
}
END_TEST

START_TEST(detuned_hum_goes_down_25_db)
{
    ck_assert_double_gt(reduction(FS, 50.0, 50.3, 0.0, 4), 25.0);
    ck_assert_double_gt(reduction(FS, 50.0, 49.7, 0.0, 4), 25.0);
}
END_TEST

START_TEST(drifting_hum_goes_down_25_db)
{
    ck_assert_double_gt(reduction(FS, 50.0, 50.0, 0.3, 4), 25.0);
    ck_assert_double_gt(reduction(FS, 60.0, 60.0, 0.3, 4), 25.0);
}
END_TEST

/* A burst at `at` s of hum-free EMG-like noise; its energy after the stage over that before. */
static double burst_change(double hum)
{
    enum { N = 20000, ON = 9000, OFF = 9200 };
    float *x = sig_new(N), *clean = sig_new(N), *y = sig_new(N);
    stage st = make(FS, 50.0, 4);
    sig_noise(clean, N, 3.0, 61);
    sig_noise(clean + ON, OFF - ON, 60.0, 62);
    memcpy(x, clean, sizeof *x * N);
    add_hum(x, N, FS, 50.0, 0.0, hum);
    ck_assert_int_eq(stage_run(&st, x, N, 777, y), N);
    const double ratio = sig_power(y, ON, OFF) / sig_power(clean, ON, OFF);
    drop(&st);
    myo_free(x);
    myo_free(clean);
    myo_free(y);
    return fabs(ratio - 1.0);
}

START_TEST(burst_energy_changes_less_than_2_percent)
{
    ck_assert_double_lt(burst_change(0.0), 0.02);
    ck_assert_double_lt(burst_change(10.0), 0.02);
    ck_assert_double_lt(burst_change(30.0), 0.02);
}
END_TEST

START_TEST(noise_power_is_kept)
{
    enum { N = 40000 };
    float *x = sig_new(N), *y = sig_new(N);
    stage st = make(FS, 50.0, 8);
    sig_noise(x, N, 3.0, 71);
    ck_assert_int_eq(stage_run(&st, x, N, 1111, y), N);
    ck_assert_double_eq_tol(sig_power(y, 0, N) / sig_power(x, 0, N), 1.0, 0.03);
    drop(&st);
    myo_free(x);
    myo_free(y);
}
END_TEST

START_TEST(quiet_behind_a_burst_stays_quiet)
{
    /* a burst in the line's own band must not be smeared over the second around it */
    enum { N = 20000, ON = 9000, OFF = 9200 };
    float *x = sig_new(N), *y = sig_new(N);
    stage st = make(FS, 50.0, 4);
    sig_noise(x, N, 1.0, 81);
    sig_sine(x + ON, OFF - ON, FS, 50.0, 100.0, 0.0);
    ck_assert_int_eq(stage_run(&st, x, N, 777, y), N);
    ck_assert_double_lt(sig_power(y, OFF + 200, OFF + 2000), 1.3);
    ck_assert_double_lt(sig_power(y, ON - 2000, ON - 200), 1.3);
    drop(&st);
    myo_free(x);
    myo_free(y);
}
END_TEST

START_TEST(edges_are_cleaned_too)
{
    enum { N = 20000, EDGE = 300 };
    float *x = sig_new(N), *y = sig_new(N);
    stage st = make(FS, 50.0, 4);
    add_hum(x, N, FS, 50.0, 0.0, 30.0);
    const double before = sig_power(x, 0, EDGE), after = sig_power(x, N - EDGE, N);
    ck_assert_int_eq(stage_run(&st, x, N, 777, y), N);
    ck_assert_double_lt(sig_db(sig_power(y, 0, EDGE), before), -25.0);
    ck_assert_double_lt(sig_db(sig_power(y, N - EDGE, N), after), -25.0);
    drop(&st);
    myo_free(x);
    myo_free(y);
}
END_TEST

START_TEST(detuned_edges_are_cleaned_too)
{
    enum { N = 20000, EDGE = 300 };
    float *x = sig_new(N), *y = sig_new(N);
    stage st = make(FS, 50.0, 4);
    add_hum(x, N, FS, 50.2, 0.0, 30.0);
    const double before = sig_power(x, 0, EDGE), after = sig_power(x, N - EDGE, N);
    ck_assert_int_eq(stage_run(&st, x, N, 777, y), N);
    ck_assert_double_lt(sig_db(sig_power(y, 0, EDGE), before), -20.0);
    ck_assert_double_lt(sig_db(sig_power(y, N - EDGE, N), after), -20.0);
    drop(&st);
    myo_free(x);
    myo_free(y);
}
END_TEST

START_TEST(any_cutting_gives_the_same_bits)
{
    static const int chunks[] = {STAGE_RANDOM, 1, 7, 199, 200, 201, 4400, 4401, 30000};
    enum { N = 30000 + 77 };
    float *x = sig_new(N), *a = sig_new(N), *b = sig_new(N);
    stage whole = make(FS, 50.0, 4), cut = make(FS, 50.0, 4);
    sig_noise(x, N, 5.0, 91);
    add_hum(x, N, FS, 50.1, 0.1, 20.0);
    ck_assert_int_eq(stage_run(&whole, x, N, N, a), N);
    ck_assert_int_eq(stage_run(&cut, x, N, chunks[_i], b), N);
    ck_assert_mem_eq(a, b, sizeof *a * N);
    drop(&whole);
    drop(&cut);
    myo_free(x);
    myo_free(a);
    myo_free(b);
}
END_TEST

START_TEST(reset_equals_new)
{
    enum { N = 12345 };
    float *x = sig_new(N), *a = sig_new(N), *b = sig_new(N), *junk = sig_new(2 * N);
    stage used = make(FS, 50.0, 3), fresh = make(FS, 50.0, 3);
    sig_noise(x, N, 5.0, 92);
    sig_noise(junk, N, 500.0, 93);
    stage_push(&used, junk, 1 + 3000 * _i, 613, junk + N);
    myo_mains_reset(used.s, 0);
    ck_assert_int_eq(stage_run(&used, x, N, 700, a), N);
    ck_assert_int_eq(stage_run(&fresh, x, N, 500, b), N);
    ck_assert_mem_eq(a, b, sizeof *a * N);
    drop(&used);
    drop(&fresh);
    myo_free(x);
    myo_free(a);
    myo_free(b);
    myo_free(junk);
}
END_TEST

/* A stream that begins at frame `from` is that of frame 0, REACH + 2 blocks on, to the bit. */
START_TEST(a_stream_may_begin_midway)
{
    enum { N = 20000 };
    float *x = sig_new(N), *a = sig_new(N), *b = sig_new(N);
    stage whole = make(FS, 50.0, 3), late = make(FS, 50.0, 3);
    const int64_t block = myo_mains_block(late.s), from = block * (1 + 7 * _i), good = block * (MYO_MAINS_REACH + 2);
    sig_noise(x, N, 5.0, 94);
    sig_sine(x, N, FS, 50.07, 20.0, 1.0);
    myo_mains_reset(late.s, from);
    ck_assert_int_eq(stage_run(&whole, x, N, 700, a), N);
    ck_assert_int_eq(stage_run(&late, x + from, N - from, 613, b), N - from);
    ck_assert_mem_eq(a + from + good, b + good, sizeof *a * (size_t)(N - from - good));
    drop(&whole);
    drop(&late);
    myo_free(x);
    myo_free(a);
    myo_free(b);
}
END_TEST

START_TEST(short_streams_come_out_whole)
{
    float *x = sig_new(6000), *y = sig_new(6000);
    add_hum(x, 6000, FS, 50.0, 0.0, 10.0);
    for (int n = 0; n <= 6000; n += n < 500 ? 37 : 499) {
        stage st = make(FS, 50.0, 4);
        ck_assert_int_eq(stage_run(&st, x, n, 211, y), n);
        if (n < 400) { /* under two blocks: as it was */
            ck_assert_mem_eq(x, y, sizeof *x * (size_t)n);
        } else {
            ck_assert_double_lt(sig_db(sig_power(y, 0, n), sig_power(x, 0, n)), -20.0);
        }
        drop(&st);
    }
    myo_free(x);
    myo_free(y);
}
END_TEST

/* Sixty bridged spans, all told beforehand: none may teach the line its absence, whatever the number told at once. */
START_TEST(bridged_spans_teach_nothing)
{
    enum { N = 60000, SPANS = 60 };
    float *x = sig_new(N), *y = sig_new(N);
    stage st = make(FS, 50.0, 1);
    sig_sine(x, N, FS, 50.0, 30.0, 0.5);
    for (int k = 0; k < SPANS; k++) {
        const int on = 450 + 950 * k;
        memset(x + on, 0, sizeof *x * 700);
        ck_assert_int_eq(myo_mains_skip(st.s, on, on + 700), MYO_OK);
    }
    ck_assert_int_eq(stage_run(&st, x, N, 5000, y), N);
    for (int k = 0; k + 1 < SPANS; k++) { /* between two spans */
        const int from = 450 + 950 * k + 700;
        ck_assert_double_lt(sig_db(sig_power(y, from, from + 250), 450.0), -25.0);
    }
    drop(&st);
    myo_free(x);
    myo_free(y);
}
END_TEST

START_TEST(offset_of_the_electrode_does_not_matter)
{
    enum { N = 40000 };
    float *x = sig_new(N), *y = sig_new(N);
    stage st = make(FS, 50.03, 1); /* no whole periods in a block */
    sig_sine(x, N, FS, 50.03, 30.0, 0.5);
    sig_const(x, N, 20000.0);
    ck_assert_int_eq(stage_run(&st, x, N, 5000, y), N);
    for (int i = 0; i < N; i++) {
        y[i] -= 20000.0f;
    }
    ck_assert_double_lt(sig_db(sig_power(y, 0, N), 450.0), -35.0);
    drop(&st);
    myo_free(x);
    myo_free(y);
}
END_TEST

/* Blocks see ramps and bends where the baseline wanders; taken for hum they put in 0.8 uV of hum that is none. */
START_TEST(wander_is_not_taken_for_hum)
{
    enum { N = 40000, EDGE = 4000 };
    float *x = sig_new(N), *slow = sig_new(N), *y = sig_new(N);
    for (int i = 0; i < N; i++) {
        slow[i] = (float)(200.0 * sin(2.0 * M_PI * 0.5 * i / FS) + 50.0 * sin(2.0 * M_PI * 2.2 * i / FS + 1.0));
        x[i] = slow[i];
    }
    add_hum(x, N, FS, 50.0, 0.0, 20.0);
    stage st = make(FS, 50.0, 4);
    ck_assert_int_eq(stage_run(&st, x, N, 5000, y), N);
    for (int i = 0; i < N; i++) {
        y[i] -= slow[i];
    }
    ck_assert_double_lt(sqrt(sig_power(y, EDGE, N - EDGE)), 0.1);
    drop(&st);
    myo_free(x);
    myo_free(slow);
    myo_free(y);
}
END_TEST

START_TEST(line_that_stops_is_not_put_in)
{
    enum { N = 60000, AT = 30000 };
    float *x = sig_new(N), *y = sig_new(N);
    stage st = make(FS, 50.0, 1);
    sig_noise(x, N, 1.0, 46);
    sig_sine(x, AT, FS, 50.0, 60.0, 0.5);
    ck_assert_int_eq(stage_run(&st, x, N, 5000, y), N);
    ck_assert_double_lt(sig_power(y, AT + 3000, N), 1.2);
    drop(&st);
    myo_free(x);
    myo_free(y);
}
END_TEST

/* ---- finding ---- */

/* Geometric mean of the spectra of 4-s windows, as the scout takes it. */
static myo_mains_line look(const float *x, int64_t n, double fs, double want)
{
    const int w = (int)(4.0 * fs);
    myo_spec *s = NULL;
    myo_mains_line line;
    ck_assert_int_eq(myo_spec_new(&s, fs, w, 1, fs), MYO_OK);
    const int bins = myo_spec_bins(s);
    double *sum = myo_alloc((size_t)bins, sizeof *sum), *psd = myo_alloc((size_t)bins, sizeof *psd);
    int windows = 0;
    for (int64_t i = 0; i + w <= n; i += w, windows++) {
        memset(psd, 0, sizeof *psd * (size_t)bins);
        myo_spec_add(s, x + i, psd);
        for (int b = 0; b < bins; b++) {
            sum[b] += log(psd[b] + 1e-30);
        }
    }
    for (int b = 0; b < bins; b++) {
        psd[b] = exp(sum[b] / windows);
    }
    myo_mains_find(&line, psd, bins, myo_spec_df(s), want, 6.0, 8, 450.0);
    myo_spec_free(&s);
    myo_free(sum);
    myo_free(psd);
    return line;
}

START_TEST(line_is_found_where_it_is)
{
    static const double f[] = {50.0, 49.8, 60.1, 60.0, 50.5, 59.55};
    enum { N = 120000 };
    float *x = sig_new(N);
    sig_noise(x, N, 3.0, 17);
    sig_sine(x, N, FS, f[_i], 2.0, 0.0);
    sig_sine(x, N, FS, 3.0 * f[_i], 1.0, 0.7);
    const myo_mains_line l = look(x, N, FS, 0.0);
    ck_assert_double_eq_tol(l.freq, f[_i], 0.05);
    ck_assert(l.present[0]);
    ck_assert(!l.present[1]);
    ck_assert(l.present[2]);
    ck_assert_int_eq(l.n_harmonics, 3);
    myo_free(x);
}
END_TEST

START_TEST(only_the_third_harmonic_is_enough)
{
    enum { N = 120000 };
    float *x = sig_new(N);
    sig_noise(x, N, 3.0, 18);
    sig_sine(x, N, FS, 150.3, 3.0, 0.0);
    const myo_mains_line l = look(x, N, FS, 0.0);
    ck_assert_double_eq_tol(l.freq, 50.1, 0.05);
    ck_assert(!l.present[0]);
    ck_assert(l.present[2]);
    myo_free(x);
}
END_TEST

START_TEST(white_noise_has_no_line)
{
    enum { N = 120000 };
    int found = 0;
    float *x = sig_new(N);
    for (int t = 0; t < 12; t++) {
        memset(x, 0, sizeof *x * N);
        sig_noise(x, N, 3.0, (uint64_t)(200 + t));
        found += look(x, N, FS, 0.0).freq > 0.0;
    }
    ck_assert_int_eq(found, 0);
    myo_free(x);
}
END_TEST

START_TEST(wanted_line_alone_is_sought)
{
    enum { N = 120000 };
    float *x = sig_new(N);
    sig_noise(x, N, 3.0, 19);
    sig_sine(x, N, FS, 50.0, 3.0, 0.0);
    sig_sine(x, N, FS, 16.7 * 6.0, 3.0, 0.0);
    ck_assert_double_eq(look(x, N, FS, 60.0).freq, 0.0);
    ck_assert_double_eq_tol(look(x, N, FS, 50.0).freq, 50.0, 0.05);
    myo_free(x);
}
END_TEST

START_TEST(no_harmonic_beyond_the_band)
{
    enum { N = 40000 };
    float *x = sig_new(N);
    sig_noise(x, N, 1.0, 20);
    for (int k = 1; k <= 12; k++) {
        sig_sine(x, N, FS, 50.0 * k, 5.0, k);
    }
    const myo_mains_line l = look(x, N, FS, 0.0);
    ck_assert_int_eq(l.n_harmonics, 8);
    double psd[200];
    for (int i = 0; i < 200; i++) {
        psd[i] = i % 50 == 0 ? 100.0 : 1.0;
    }
    myo_mains_line low;
    myo_mains_find(&low, psd, 200, 1.0, 0.0, 6.0, 8, 120.0);
    ck_assert_int_le(low.n_harmonics, 2);
    myo_free(x);
}
END_TEST

START_TEST(silence_has_no_line)
{
    double psd[2000] = {0.0};
    myo_mains_line l;
    myo_mains_find(&l, psd, 2000, 0.25, 0.0, 6.0, 8, 450.0);
    ck_assert_double_eq(l.freq, 0.0);
    ck_assert_int_eq(l.n_harmonics, 0);
}
END_TEST

START_TEST(every_failed_allocation_is_reported)
{
    const myo_mains_line l = line_of(50.0, 3);
    int failures = 0;
    for (int at = 1; at < 30; at++) {
        myo_mains *m = NULL;
        myo_mem_fail_at(at);
        if (myo_mains_new(&m, FS, &l) == MYO_OK) {
            myo_mem_fail_at(0);
            myo_mains_free(&m);
            break;
        }
        failures++;
        ck_assert_ptr_null(m);
    }
    ck_assert_int_eq(failures, 13);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("mains");
    TCase *c = tcase_create("mains");
    tcase_set_timeout(c, 30);
    tcase_add_loop_test(c, steady_hum_goes_down_25_db, 0, 5);
    tcase_add_test(c, detuned_hum_goes_down_25_db);
    tcase_add_test(c, drifting_hum_goes_down_25_db);
    tcase_add_test(c, burst_energy_changes_less_than_2_percent);
    tcase_add_test(c, noise_power_is_kept);
    tcase_add_test(c, quiet_behind_a_burst_stays_quiet);
    tcase_add_test(c, edges_are_cleaned_too);
    tcase_add_test(c, detuned_edges_are_cleaned_too);
    tcase_add_loop_test(c, any_cutting_gives_the_same_bits, 0, 9);
    tcase_add_loop_test(c, reset_equals_new, 0, 4);
    tcase_add_loop_test(c, a_stream_may_begin_midway, 0, 4);
    tcase_add_test(c, short_streams_come_out_whole);
    tcase_add_test(c, bridged_spans_teach_nothing);
    tcase_add_test(c, offset_of_the_electrode_does_not_matter);
    tcase_add_test(c, wander_is_not_taken_for_hum);
    tcase_add_test(c, line_that_stops_is_not_put_in);
    tcase_add_loop_test(c, line_is_found_where_it_is, 0, 6);
    tcase_add_test(c, only_the_third_harmonic_is_enough);
    tcase_add_test(c, white_noise_has_no_line);
    tcase_add_test(c, wanted_line_alone_is_sought);
    tcase_add_test(c, no_harmonic_beyond_the_band);
    tcase_add_test(c, silence_has_no_line);
    tcase_add_test(c, every_failed_allocation_is_reported);
    suite_add_tcase(s, c);
    return sig_main(s);
}
