/* test_trace.c - stretches of a signal for figures: the detector's own numbers, wherever a stretch lies. */
#include "myotab/myotab.h"
#include "recfile.h"
#include "run/begin.h"
#include "run/trace.h"
#include "sig.h"
#include "tsv.h"

enum { MAX_FRAMES = 400000, MAX_SPANS = 200, MAX_FLOORS = 200 };
static myo_params params;
static myo_diag diag;

static void fresh(void)
{
    char command[256];
    snprintf(command, sizeof command, "rm -rf %s && mkdir -p %s/out", folder, folder);
    ck_assert_int_eq(system(command), 0);
    myo_params_defaults(&params);
}

static void done(void)
{
    myo_diag_clear(&diag);
}

/* ---- recordings ---- */

static const myo_open_opts as_emg = {.fs = 1000.0, .channels = "1=EMG:uV,2=EMG:uV"};
static const myo_open_opts as_file = {0};

/* n samples of two channels at 1000 Hz: noise, bursts; hum, a dropout and a pop in the second. */
static void make_signal(float *x[2], int n)
{
    for (int c = 0; c < 2; c++) {
        x[c] = sig_new(n);
        sig_noise(x[c], n, 3.0, (uint64_t)(80 + c));
        for (int k = 0; 1500 + 1300 * k + 200 < n; k++) {
            sig_noise(x[c] + 1500 + 1300 * k, 50 + 10 * (k % 5), 50.0, (uint64_t)(200 + 2 * k + c));
        }
    }
    sig_sine(x[1], n, 1000.0, 50.03, 8.0, 0.4);
    sig_sine(x[1], n, 1000.0, 150.09, 3.0, 1.4);
    for (int i = n / 2; i < n / 2 + 700; i++) {
        x[1][i] = 0.25f;
    }
    sig_const(x[1] + n / 3, 400, 900.0);
}

static const char *write_csv(const char *name, float *const *x, int n)
{
    char line[64];
    bytes b = {0};
    for (int i = 0; i < n; i++) {
        if (isnan(x[0][i])) {
            snprintf(line, sizeof line, ",%.9g\n", (double)x[1][i]);
        } else {
            snprintf(line, sizeof line, "%.9g,%.9g\n", (double)x[0][i], (double)x[1][i]);
        }
        put_text(&b, line);
    }
    const char *path = save(&b, name);
    free(b.p);
    return path;
}

static const char *write_wav(const char *name, float *const *x, int n)
{
    bytes b = {0};
    put_text(&b, "RIFF");
    put_le(&b, 36 + 8 * n, 4);
    put_text(&b, "WAVEfmt ");
    put_le(&b, 16, 4);
    put_le(&b, 3, 2);
    put_le(&b, 2, 2);
    put_le(&b, 1000, 4);
    put_le(&b, 8000, 4);
    put_le(&b, 8, 2);
    put_le(&b, 32, 2);
    put_text(&b, "data");
    put_le(&b, 8 * n, 4);
    for (int i = 0; i < n; i++) {
        put(&b, &x[0][i], 4);
        put(&b, &x[1][i], 4);
    }
    const char *path = save(&b, name);
    free(b.p);
    return path;
}

static void free_signal(float *x[2])
{
    myo_free(x[0]);
    myo_free(x[1]);
}

/* ---- the reference: a lane that is fed everything ---- */

typedef struct reference {
    myo_lane *lane;
    double fs;
    int n_axes;
    float *x[MYO_MAX_AXES];              /* filtered; NaN in gaps and under masks */
    double *noise;                       /* floor RMS per frame of the file */
    double start_s;                      /* of the present segment */
    struct { int64_t on, off; } masked[MAX_SPANS];
    int n_masked;
    int64_t epoch;
} reference;

static int64_t frame_of(const reference *r, int64_t i)
{
    const int64_t at = (int64_t)floor(r->start_s * r->fs + 0.5) + i;
    ck_assert_int_lt(at, MAX_FRAMES);
    return at;
}

static myo_err on_segment(void *user, double start_s)
{
    ((reference *)user)->start_s = start_s;
    return MYO_OK;
}

static myo_err on_masked(void *user, int64_t on, int64_t off)
{
    reference *r = user;
    ck_assert_int_lt(r->n_masked, MAX_SPANS);
    r->masked[r->n_masked].on = frame_of(r, on);
    r->masked[r->n_masked++].off = frame_of(r, off);
    return MYO_OK;
}

static myo_err on_samples(void *user, int64_t first, int64_t n, const float *const *x)
{
    reference *r = user;
    for (int a = 0; a < r->n_axes; a++) {
        memcpy(r->x[a] + frame_of(r, first), x[a], sizeof(float) * (size_t)n);
    }
    return MYO_OK;
}

static myo_err on_floor(void *user, int64_t on, int64_t end, double before, double after)
{
    reference *r = user;
    for (int64_t i = on; i < end; i++) {
        r->noise[frame_of(r, i)] = sqrt(before * pow(after / before, (double)(i - on) / (double)r->epoch));
    }
    return MYO_OK;
}

static void mask_out(reference *r)
{
    for (int k = 0; k < r->n_masked; k++) {
        for (int64_t i = r->masked[k].on; i < r->masked[k].off && i < MAX_FRAMES; i++) {
            for (int a = 0; a < r->n_axes; a++) {
                r->x[a][i] = NAN;
            }
        }
    }
}

static void refer(reference *r, const myo_analyse_job *job, int lane)
{
    myo_rec *rec = NULL;
    myo_plan plan = {0};
    myo_block b;
    memset(r, 0, sizeof *r);
    ck_assert_msg(myo_begin(job, &rec, &plan, &diag) == MYO_OK, "%s", diag.message);
    const myo_plan_lane *l = &plan.lane[lane];
    r->fs = l->cfg.fs;
    r->n_axes = l->cfg.n_axes;
    r->noise = myo_alloc(MAX_FRAMES, sizeof *r->noise);
    for (int a = 0; a < r->n_axes; a++) {
        r->x[a] = sig_new(MAX_FRAMES);
        sig_const(r->x[a], MAX_FRAMES, (double)NAN);
    }
    const myo_lane_watch watch = {on_segment, on_masked, on_samples, on_floor, r};
    const myo_lane_sink sink = {.watch = &watch};
    ck_assert_int_eq(myo_lane_new(&r->lane, &l->cfg, &sink), MYO_OK);
    r->epoch = myo_lane_epoch(r->lane);
    ck_assert_int_eq(myo_rec_seek(rec, 0.0), MYO_OK);
    for (;;) {
        const float *x[MYO_MAX_AXES];
        ck_assert_int_eq(myo_rec_read(rec, 1.7, &b), MYO_OK);
        if (b.n_ch == 0) {
            break;
        }
        myo_plan_axes(l, &b, x);
        ck_assert_int_eq(myo_lane_push(r->lane, x, b.n[l->ch[0]], b.start_s[l->ch[0]], b.gap), MYO_OK);
    }
    ck_assert_int_eq(myo_lane_finish(r->lane), MYO_OK);
    mask_out(r);
    myo_plan_free(&plan);
    myo_rec_close(&rec);
}

static void forget(reference *r)
{
    myo_lane_free(&r->lane);
    myo_free(r->noise);
    for (int a = 0; a < r->n_axes; a++) {
        myo_free(r->x[a]);
    }
}

/* ---- comparing ---- */

static bool alike(float a, float b)
{
    return isnan(a) ? isnan(b) : a == b;
}

static double square(const reference *r, int64_t i)
{
    double e = 0.0;
    for (int a = 0; a < r->n_axes; a++) {
        e += (double)r->x[a][i] * r->x[a][i];
    }
    return e;
}

/* Away from masks, whose surroundings the reference does not keep. */
static void check_envelope(const reference *r, const myo_trace *t, int64_t i, int64_t at)
{
    const int64_t w = myo_lane_gate_window(r->lane);
    double sum = 0.0;
    for (int64_t k = at - w / 2; k < at - w / 2 + w; k++) {
        sum += k >= 0 ? square(r, k) : (double)NAN;
    }
    if (!isnan(sum)) {
        ck_assert_double_eq_tol((double)t->envelope[i] / sqrt(sum / (double)w), 1.0, 1e-4);
    }
}

static int compare(const reference *r, const myo_trace *t)
{
    const int64_t first = (int64_t)floor(t->start_s * r->fs + 0.5);
    int n = 0;
    ck_assert_double_eq(t->fs, r->fs);
    for (int64_t i = 0; i < t->n; i++) {
        const float want = first + i < MAX_FRAMES ? r->x[t->axis][first + i] : (float)NAN;
        ck_assert_msg(alike(t->filtered[i], want), "frame %lld: %.9g, wanted %.9g", (long long)(first + i),
                      (double)t->filtered[i], (double)want);
        ck_assert_int_eq(isnan(t->envelope[i]), isnan(want));
        ck_assert_int_eq(isnan(t->threshold[i]), isnan(want));
        if (isnan(want)) {
            continue;
        }
        n++;
        if (i % 97 == 0) {
            check_envelope(r, t, i, first + i);
        }
    }
    return n;
}

static myo_analyse_job job_of(const char *input, const myo_open_opts *open)
{
    return (myo_analyse_job){.input = input, .params = &params, .open = open};
}

static myo_tracer *open_tracer(const myo_analyse_job *job)
{
    myo_tracer *t = NULL;
    ck_assert_msg(myo_tracer_open(&t, job, &diag) == MYO_OK, "%s", diag.message);
    return t;
}

static void get(myo_tracer *t, int lane, double from_s, double to_s, myo_trace *out)
{
    const myo_err err = myo_trace_get(t, myo_tracer_channel(t, lane), from_s, to_s, out);
    ck_assert_msg(err == MYO_OK, "%s", diag.message);
}

/* Stretches all over the recording, backwards too, against the reference of the lane. */
static void check_stretches(const myo_analyse_job *job, int lane, double duration_s)
{
    reference r;
    int seen = 0;
    refer(&r, job, lane);
    myo_tracer *t = open_tracer(job);
    for (int k = 0; k < 10; k++) {
        const double from = fmod(k * 0.381966 * duration_s, duration_s), length = k % 3 == 0 ? 0.4 : 2.0 + k;
        myo_trace trace;
        get(t, lane, from, from + length, &trace);
        ck_assert_int_eq(trace.n, (int64_t)(floor((from + length) * r.fs + 0.5 - 1e-6) - floor(from * r.fs + 0.5 - 1e-6)));
        seen += compare(&r, &trace);
        myo_trace_clear(&trace);
    }
    ck_assert_int_gt(seen, 1000);
    myo_tracer_close(&t);
    forget(&r);
}

/* ---- tests ---- */

/* Lane 0 without hum, lane 1 with hum, dropout and pop; text and audio. */
START_TEST(stretches_of_emg_are_the_detectors_numbers)
{
    float *x[2];
    char path[512];
    make_signal(x, 60000);
    snprintf(path, sizeof path, "%s", _i / 2 ? write_wav("emg.wav", x, 60000) : write_csv("emg.csv", x, 60000));
    const myo_analyse_job job = job_of(path, &as_emg);
    check_stretches(&job, _i % 2, 60.0);
    free_signal(x);
}
END_TEST

START_TEST(stretches_of_edf_are_the_detectors_numbers)
{
    const myo_analyse_job job = job_of(MYO_SOURCE_DIR "/samples/mixed.edf", &as_file);
    check_stretches(&job, 0, 120.0);
}
END_TEST

/* Three axes; their filter is 3.6 s long. */
START_TEST(stretches_of_a_sensor_are_the_detectors_numbers)
{
    const myo_analyse_job job = job_of(MYO_SOURCE_DIR "/samples/tremor.csv", &as_file);
    check_stretches(&job, 0, 120.0);
}
END_TEST

START_TEST(stretches_across_gaps_are_the_detectors_numbers)
{
    float *x[2];
    make_signal(x, 60000);
    const int gaps[][2] = {{5000, 5003}, {5100, 5200}, {20000, 20001}, {33333, 34000}};
    for (int g = 0; g < 4; g++) {
        for (int i = gaps[g][0]; i < gaps[g][1]; i++) {
            x[0][i] = NAN;
        }
    }
    const myo_analyse_job job = job_of(write_csv("gaps.csv", x, 60000), &as_emg);
    check_stretches(&job, 0, 60.0);
    free_signal(x);
}
END_TEST

START_TEST(stretches_of_a_part_are_the_detectors_numbers)
{
    float *x[2];
    make_signal(x, 60000);
    myo_analyse_job job = job_of(write_wav("emg.wav", x, 60000), &as_emg);
    job.start_s = 11.3215;
    job.end_s = 51.5;
    job.rest_start_s = 2.0;
    job.rest_end_s = 6.0;
    check_stretches(&job, 1, 60.0);
    free_signal(x);
}
END_TEST

START_TEST(the_threshold_is_the_gate)
{
    float *x[2];
    reference r;
    myo_trace t;
    make_signal(x, 60000);
    const myo_analyse_job job = job_of(write_wav("emg.wav", x, 60000), &as_emg);
    refer(&r, &job, 0);
    myo_tracer *tracer = open_tracer(&job);
    get(tracer, 0, 3.0, 50.0, &t);
    for (int64_t i = 0; i < t.n; i += 101) {
        const double want = fmax(params.emg.gate_sigma * r.noise[3000 + i], params.emg_gate_uv);
        ck_assert_double_eq_tol((double)t.threshold[i] / want, 1.0, 1e-5);
    }
    ck_assert_str_eq(t.unit, "uV");
    ck_assert_int_eq(t.axis, 0);
    myo_trace_clear(&t);
    myo_tracer_close(&tracer);
    forget(&r);
    free_signal(x);
}
END_TEST

/* Every burst of the table rises above the threshold, and nothing else does. */
START_TEST(bursts_rise_above_the_threshold)
{
    float *x[2];
    char stem[256], dir[256];
    myo_pool *pool = NULL;
    myo_trace t;
    make_signal(x, 60000);
    ck_assert_int_eq(myo_pool_new(&pool, 2), MYO_OK);
    myo_analyse_job job = job_of(write_wav("emg.wav", x, 60000), &as_emg);
    snprintf(stem, sizeof stem, "%s/out/emg", folder);
    snprintf(dir, sizeof dir, "%s/out", folder);
    job.stem_path = stem;
    job.dir = dir;
    job.pool = pool;
    ck_assert_int_eq(myo_analyse(&job, &diag), MYO_OK);
    tsv *bursts = tsv_read(in_folder("out/emg_bursts.tsv"));
    myo_tracer *tracer = open_tracer(&job);
    get(tracer, 0, 0.0, 60.0, &t);
    int found = 0;
    for (int b = 1; b < bursts->n_rows; b++) {
        if (strcmp(tsv_text(bursts, b, "channel"), myo_tracer_channel(tracer, 0)) != 0) {
            continue;
        }
        const double on = tsv_number(bursts, b, "onset"), off = on + tsv_number(bursts, b, "duration");
        double most = 0.0;
        for (int64_t i = (int64_t)(on * 1000.0) - 40; i < (int64_t)(off * 1000.0) + 40; i++) {
            most = fmax(most, (double)(t.envelope[i] / t.threshold[i]));
            t.envelope[i] = 0.0f;
        }
        ck_assert_double_gt(most, 1.0);
        found++;
    }
    ck_assert_int_gt(found, 40);
    for (int64_t i = 0; i < t.n; i++) {
        ck_assert_double_lt((double)(t.envelope[i] / t.threshold[i]), 1.3);
    }
    tsv_free(bursts);
    myo_trace_clear(&t);
    myo_tracer_close(&tracer);
    myo_pool_free(&pool);
    free_signal(x);
}
END_TEST

START_TEST(raw_is_what_was_recorded)
{
    float *x[2];
    myo_trace t;
    make_signal(x, 30000);
    sig_const(x[0], 30000, 500.0);
    for (int i = 7000; i < 7100; i++) {
        x[0][i] = NAN;
    }
    const myo_analyse_job job = job_of(write_csv("emg.csv", x, 30000), &as_emg);
    myo_tracer *tracer = open_tracer(&job);
    get(tracer, 0, 6.5, 8.0, &t);
    double sum = 0.0, mean = 0.0;
    for (int i = 0; i < 1500; i++) {
        mean += isnan(x[0][6500 + i]) ? 0.0 : (double)x[0][6500 + i] / 1400.0;
    }
    for (int i = 0; i < 1500; i++) {
        ck_assert_int_eq(isnan(t.raw[i]), isnan(x[0][6500 + i]));
        if (!isnan(t.raw[i])) {
            ck_assert_double_eq_tol((double)t.raw[i], (double)x[0][6500 + i] - mean, 1e-3);
            sum += (double)t.raw[i];
        }
    }
    ck_assert_double_eq_tol(sum / 1400.0, 0.0, 1e-3);
    myo_trace_clear(&t);
    myo_tracer_close(&tracer);
    free_signal(x);
}
END_TEST

START_TEST(of_a_sensor_the_busiest_axis_is_shown)
{
    const myo_analyse_job job = job_of(MYO_SOURCE_DIR "/samples/tremor.csv", &as_file);
    reference r;
    myo_trace t;
    myo_tracer *tracer = open_tracer(&job);
    refer(&r, &job, 0);
    ck_assert_int_eq(r.n_axes, 3);
    get(tracer, 0, 10.0, 30.0, &t);
    const int64_t on = (int64_t)(10.0 * r.fs), off = (int64_t)(30.0 * r.fs);
    for (int a = 0; a < 3; a++) {
        ck_assert_double_ge(sig_power(r.x[t.axis], on, off), sig_power(r.x[a], on, off));
    }
    ck_assert_str_eq(t.unit, "g");
    myo_trace_clear(&t);
    myo_tracer_close(&tracer);
    forget(&r);
}
END_TEST

START_TEST(an_overview_holds_the_extremes)
{
    float *x[2];
    char path[512];
    reference r;
    myo_overview o;
    make_signal(x, 60000);
    snprintf(path, sizeof path, "%s", _i ? write_wav("emg.wav", x, 60000) : write_csv("emg.csv", x, 60000));
    const myo_analyse_job job = job_of(path, &as_emg);
    params.run_scout_s = 10.0; /* a text's length is not known beforehand */
    refer(&r, &job, 1);
    myo_tracer *t = open_tracer(&job);
    ck_assert_int_eq(myo_trace_overview(t, myo_tracer_channel(t, 1), 240, &o), MYO_OK);
    ck_assert_int_eq(o.n_bins, 240);
    ck_assert_double_eq_tol(o.to_s, 60.0, 1e-9);
    int empty = 0;
    for (int b = 0; b < 240; b++) {
        float lo = NAN, hi = NAN;
        for (int i = b * 250; i < (b + 1) * 250; i++) {
            lo = fminf(lo, r.x[0][i]);
            hi = fmaxf(hi, r.x[0][i]);
        }
        ck_assert_msg(alike(o.lo[b], lo) && alike(o.hi[b], hi), "bin %d", b);
        empty += isnan(lo);
    }
    ck_assert_int_ge(empty, 1); /* the dropout */
    myo_tracer_close(&t);
    forget(&r);
    free_signal(x);
}
END_TEST

START_TEST(wrong_requests_are_refused)
{
    float *x[2];
    myo_trace t = {.n = 7};
    myo_overview o;
    make_signal(x, 20000);
    const myo_analyse_job job = job_of(write_wav("emg.wav", x, 20000), &as_emg);
    myo_tracer *tracer = open_tracer(&job);
    const char *name = myo_tracer_channel(tracer, 0);
    const struct { const char *channel; double from, to; } wrong[] = {
        {"nobody", 1.0, 2.0}, {name, 2.0, 2.0}, {name, 3.0, 2.0}, {name, -1.0, 2.0}, {name, NAN, 2.0}, {name, 1.0, 1e9},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        myo_diag_clear(&diag);
        ck_assert_int_eq(myo_trace_get(tracer, wrong[i].channel, wrong[i].from, wrong[i].to, &t), MYO_ERR_RANGE);
        ck_assert_ptr_nonnull(strstr(diag.message, "found"));
        ck_assert_int_eq(t.n, 7);
    }
    ck_assert_int_eq(myo_trace_overview(tracer, name, 0, &o), MYO_ERR_RANGE);
    ck_assert_int_eq(myo_trace_overview(tracer, "nobody", 9, &o), MYO_ERR_RANGE);
    myo_trace_clear(&t);
    get(tracer, 0, 19.0, 25.0, &t); /* beyond the end: nothing there */
    ck_assert_int_eq(t.n, 6000);
    ck_assert(!isnan(t.raw[999]) && isnan(t.raw[1000]) && isnan(t.filtered[5999]));
    myo_trace_clear(&t);
    myo_tracer_close(&tracer);
    myo_tracer_close(&tracer);
    free_signal(x);
}
END_TEST

START_TEST(no_memory_is_told)
{
    float *x[2];
    make_signal(x, 5000);
    const myo_analyse_job job = job_of(write_wav("emg.wav", x, 5000), &as_emg);
    int failures = 0;
    for (int64_t n = 1;; n += 1 + n / 40) {
        myo_tracer *tracer = NULL;
        myo_trace t = {0};
        myo_overview o;
        myo_mem_fail_at(n);
        myo_err err = myo_tracer_open(&tracer, &job, &diag);
        err = err == MYO_OK ? myo_trace_overview(tracer, myo_tracer_channel(tracer, 0), 10, &o) : err;
        err = err == MYO_OK ? myo_trace_get(tracer, myo_tracer_channel(tracer, 1), 1.0, 2.0, &t) : err;
        myo_mem_fail_at(0);
        ck_assert(err == MYO_OK || err == MYO_ERR_NOMEM);
        myo_trace_clear(&t);
        myo_tracer_close(&tracer);
        myo_diag_clear(&diag);
        if (err == MYO_OK && n > 2000) {
            break;
        }
        failures += err != MYO_OK;
    }
    ck_assert_int_gt(failures, 20);
    free_signal(x);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("trace");
    TCase *c = tcase_create("trace");
    tcase_set_timeout(c, 60);
    tcase_add_checked_fixture(c, fresh, done);
    tcase_add_loop_test(c, stretches_of_emg_are_the_detectors_numbers, 0, 4);
    tcase_add_test(c, stretches_of_edf_are_the_detectors_numbers);
    tcase_add_test(c, stretches_of_a_sensor_are_the_detectors_numbers);
    tcase_add_test(c, stretches_across_gaps_are_the_detectors_numbers);
    tcase_add_test(c, stretches_of_a_part_are_the_detectors_numbers);
    tcase_add_test(c, the_threshold_is_the_gate);
    tcase_add_test(c, bursts_rise_above_the_threshold);
    tcase_add_test(c, raw_is_what_was_recorded);
    tcase_add_test(c, of_a_sensor_the_busiest_axis_is_shown);
    tcase_add_loop_test(c, an_overview_holds_the_extremes, 0, 2);
    tcase_add_test(c, wrong_requests_are_refused);
    tcase_add_test(c, no_memory_is_told);
    suite_add_tcase(s, c);
    return run_tests(s);
}
