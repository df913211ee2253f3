/* test_feature.c - the numbers of one burst on signals whose numbers are known. */
#include "event/feature.h"
#include "sig.h"

static const double FS = 2000.0;
enum { N = 1200, ON = 400, OFF = 600 };

typedef struct scene {
    float *x[3], *raw[3];
    myo_burst_view v;
    myo_burst b;
    myo_templates t;
} scene;

static scene *scene_new(int n_axes, double fs, myo_kind kind)
{
    scene *s = myo_alloc(1, sizeof *s);
    ck_assert_ptr_nonnull(s);
    s->v = (myo_burst_view){.fs = fs, .kind = kind, .n_axes = n_axes, .n = N, .on = ON, .off = OFF, .noise = 1.0,
                            .dof = 0.43, .edge_share = 0.025};
    for (int a = 0; a < n_axes; a++) {
        s->v.x[a] = s->x[a] = sig_new(N);
        s->v.raw[a] = s->raw[a] = sig_new(N);
    }
    return s;
}

static void scene_free(scene *s)
{
    for (int a = 0; a < 3; a++) {
        myo_free(s->x[a]);
        myo_free(s->raw[a]);
    }
    myo_free(s);
}

static const myo_burst *measure(scene *s)
{
    myo_burst_measure(&s->b, &s->v, &s->t);
    return &s->b;
}

static scene *sine_burst(double f, double amp)
{
    scene *s = scene_new(1, FS, MYO_KIND_EMG);
    sig_sine(s->x[0] + ON, OFF - ON, FS, f, amp, 0.0);
    sig_sine(s->raw[0] + ON, OFF - ON, FS, f, amp, 0.0);
    return s;
}

START_TEST(amplitudes_of_a_sine)
{
    scene *s = sine_burst(100.0, 50.0); /* ten whole periods of 20 samples */
    const myo_burst *b = measure(s);
    ck_assert_double_eq_tol(b->peak, 50.0, 1e-3);
    ck_assert_double_eq_tol(b->rms, 50.0 / sqrt(2.0), 1e-3);
    ck_assert_double_eq_tol(b->area, 50.0 * 2.0 / M_PI * 100.0, 40.0); /* unit x ms */
    ck_assert_double_eq_tol(b->crest, sqrt(2.0), 1e-3);
    ck_assert_double_eq_tol(b->noise, 1.0, 1e-6);
    ck_assert_double_eq_tol(b->snr_db, 10.0 * log10(1250.0 - 1.0), 1e-3);
    scene_free(s);
}
END_TEST

START_TEST(peak_time_is_that_of_the_largest_sample)
{
    scene *s = sine_burst(100.0, 50.0);
    s->x[0][517] = -90.0f;
    const myo_burst *b = measure(s);
    ck_assert_double_eq_tol(b->peak_at, 517.0 / FS, 1e-9);
    ck_assert_double_eq_tol(b->peak, 90.0, 1e-4);
    scene_free(s);
}
END_TEST

START_TEST(what_lies_outside_does_not_count)
{
    scene *s = sine_burst(100.0, 50.0);
    const float rms = measure(s)->rms;
    s->x[0][ON - 1] = 1000.0f;
    s->x[0][OFF] = 1000.0f;
    memset(&s->t, 0, sizeof s->t);
    ck_assert_float_eq(measure(s)->rms, rms);
    ck_assert_double_eq_tol(s->b.peak, 50.0, 1e-3);
    scene_free(s);
}
END_TEST

START_TEST(polarity_changes_nothing)
{
    scene *s = sine_burst(80.0, 20.0);
    sig_noise(s->x[0], N, 1.0, 3);
    const myo_burst a = *measure(s);
    for (int i = 0; i < N; i++) {
        s->x[0][i] = -s->x[0][i];
        s->raw[0][i] = -s->raw[0][i];
    }
    memset(&s->t, 0, sizeof s->t);
    measure(s);
    ck_assert_float_eq(a.peak, s->b.peak);
    ck_assert_float_eq(a.rms, s->b.rms);
    ck_assert_float_eq(a.area, s->b.area);
    ck_assert_float_eq(a.mdf_hz, s->b.mdf_hz);
    ck_assert_float_eq(a.turns, s->b.turns);
    ck_assert_float_eq(a.rise_ms, s->b.rise_ms);
    ck_assert_float_eq(a.multiplet, s->b.multiplet);
    ck_assert_float_eq(a.low_share, s->b.low_share);
    scene_free(s);
}
END_TEST

START_TEST(median_frequency_of_a_sine_is_its_own)
{
    static const double f[] = {40.0, 80.0, 120.0, 200.0, 310.0};
    scene *s = sine_burst(f[_i], 50.0);
    ck_assert_double_eq_tol(measure(s)->mdf_hz, f[_i], 6.0);
    scene_free(s);
}
END_TEST

START_TEST(median_frequency_of_white_noise_is_the_middle)
{
    scene *s = scene_new(1, FS, MYO_KIND_EMG);
    sig_noise(s->x[0], N, 10.0, 5);
    s->v.on = 0;
    s->v.off = N;
    ck_assert_double_eq_tol(measure(s)->mdf_hz, 250.0, 40.0); /* of 0 .. 500 Hz */
    scene_free(s);
}
END_TEST

START_TEST(a_very_short_burst_borrows_samples_about_it)
{
    scene *s = sine_burst(100.0, 50.0);
    s->v.off = ON + 7;
    ck_assert_double_eq_tol(measure(s)->mdf_hz, 100.0, 40.0);
    scene_free(s);
}
END_TEST

START_TEST(few_samples_have_no_median_frequency)
{
    scene *s = sine_burst(100.0, 50.0);
    s->v.on = 0;
    s->v.off = s->v.n = 7;
    ck_assert(isnan(measure(s)->mdf_hz));
    scene_free(s);
}
END_TEST

START_TEST(turns_count_alternations)
{
    scene *s = sine_burst(100.0, 50.0);
    const float turns = measure(s)->turns; /* ten periods: twenty extremes */
    ck_assert_float_ge(turns, 19.0f);
    ck_assert_float_le(turns, 21.0f);
    scene_free(s);
    s = sine_burst(100.0, 1.4); /* under 3 floor rms from top to bottom */
    ck_assert_float_eq(measure(s)->turns, 0.0f);
    scene_free(s);
}
END_TEST

START_TEST(flanks_of_a_ramp)
{
    /* noise-like carrier under a trapezoid: 30 ms up, 60 ms down; 10-90 % is 0.8 of it */
    scene *s = scene_new(1, FS, MYO_KIND_EMG);
    s->v.noise = 0.01;
    s->v.on = 300;
    s->v.off = 700;
    for (int i = 300; i < 700; i++) {
        const double a = fmin(1.0, fmin((i - 300) / 60.0, (700 - i) / 120.0));
        s->x[0][i] = (float)(100.0 * a * (i % 2 ? 1.0 : -1.0));
    }
    const myo_burst *b = measure(s);
    ck_assert_double_ge(b->rise_ms, 22.0); /* smoothing over a sixth of the burst adds some */
    ck_assert_double_le(b->rise_ms, 45.0);
    ck_assert_double_ge(b->fall_ms, 46.0);
    ck_assert_double_le(b->fall_ms, 70.0);
    scene_free(s);
}
END_TEST

START_TEST(abrupt_burst_has_short_flanks)
{
    scene *s = sine_burst(250.0, 50.0);
    const myo_burst *b = measure(s);
    ck_assert_double_le(b->rise_ms, 17.0); /* 100 ms: a sixth at the most */
    ck_assert_double_le(b->fall_ms, 17.0);
    scene_free(s);
}
END_TEST

static void add_shape(float *x, int at, double amp)
{
    for (int i = -12; i <= 12; i++) {
        const double t = i / 4.0;
        x[at + i] += (float)(amp * (1.0 - t * t) * exp(-0.5 * t * t));
    }
}

START_TEST(same_shape_again_is_recognised)
{
    scene *s = scene_new(1, FS, MYO_KIND_EMG);
    s->v.on = 480;
    s->v.off = 520;
    add_shape(s->x[0], 500, 100.0);
    ck_assert_float_eq(measure(s)->template_corr, 0.0f); /* nothing to compare with */
    ck_assert_double_gt(measure(s)->template_corr, 0.999);
    memset(s->x[0], 0, sizeof(float) * N);
    add_shape(s->x[0], 505, 30.0); /* weaker and 2.5 ms later */
    ck_assert_double_gt(measure(s)->template_corr, 0.98);
    memset(s->x[0], 0, sizeof(float) * N);
    sig_noise(s->x[0] + 470, 60, 50.0, 6);
    ck_assert_double_lt(measure(s)->template_corr, 0.75);
    scene_free(s);
}
END_TEST

/* Equal noise in neither burst makes them unlike: at 6 dB the plain correlation would be 0.8. */
START_TEST(known_noise_does_not_lower_the_likeness)
{
    double sum = 0.0;
    for (int k = 0; k < 20; k++) {
        scene *s = scene_new(1, FS, MYO_KIND_EMG);
        s->v.on = 480;
        s->v.off = 520;
        s->v.noise = 10.0;
        for (int i = 0; i < 2; i++) {
            memset(s->x[0], 0, sizeof(float) * N);
            sig_noise(s->x[0], N, 10.0, (uint64_t)(2 * k + i + 1));
            add_shape(s->x[0], 500, 45.0);
            measure(s);
        }
        sum += (double)s->b.template_corr;
        ck_assert_float_le(s->b.template_corr, 1.0f);
        scene_free(s);
    }
    ck_assert_double_gt(sum / 20.0, 0.9);
}
END_TEST

START_TEST(only_five_templates_are_kept)
{
    scene *s = scene_new(1, FS, MYO_KIND_EMG);
    s->v.on = 480;
    s->v.off = 520;
    add_shape(s->x[0], 500, 100.0);
    measure(s);
    for (int k = 0; k < MYO_TEMPLATES; k++) {
        memset(s->x[0], 0, sizeof(float) * N);
        sig_sine(s->x[0] + 470, 60, FS, 60.0, 50.0, 0.0);
        measure(s);
    }
    ck_assert_int_eq(s->t.count, MYO_TEMPLATES);
    memset(s->x[0], 0, sizeof(float) * N);
    add_shape(s->x[0], 500, 100.0);
    ck_assert_double_lt(measure(s)->template_corr, 0.95);
    scene_free(s);
}
END_TEST

START_TEST(long_burst_is_no_template)
{
    scene *s = sine_burst(100.0, 50.0);
    s->v.on = 100;
    s->v.off = 1100;
    measure(s);
    ck_assert_int_eq(s->t.count, 0);
    ck_assert_float_eq(s->b.template_corr, 0.0f);
    scene_free(s);
}
END_TEST

START_TEST(doublet_repeats_its_shape)
{
    scene *s = scene_new(1, FS, MYO_KIND_EMG);
    s->v.on = 470;
    s->v.off = 530;
    add_shape(s->x[0], 485, 100.0);
    ck_assert_double_lt(measure(s)->multiplet, 0.25);
    add_shape(s->x[0], 513, 100.0); /* 14 ms later */
    ck_assert_double_eq_tol(measure(s)->multiplet, 0.5, 0.1);
    scene_free(s);
}
END_TEST

START_TEST(slow_swing_has_low_energy_muscle_has_not)
{
    scene *s = scene_new(1, FS, MYO_KIND_EMG);
    sig_sine(s->x[0] + ON, OFF - ON, FS, 25.0, 50.0, 0.0);
    sig_sine(s->raw[0] + ON, OFF - ON, FS, 5.0, 500.0, 0.0); /* cable movement */
    ck_assert_double_gt(measure(s)->low_share, 0.8);
    memset(s->raw[0], 0, sizeof(float) * N);
    sig_sine(s->raw[0] + ON, OFF - ON, FS, 100.0, 500.0, 0.0);
    ck_assert_double_lt(measure(s)->low_share, 0.05);
    scene_free(s);
}
END_TEST

START_TEST(offset_does_not_count_as_low_energy)
{
    scene *s = sine_burst(100.0, 50.0);
    sig_const(s->raw[0], N, 3000.0);
    ck_assert_double_lt(measure(s)->low_share, 0.05);
    scene_free(s);
}
END_TEST

START_TEST(axes_add_as_vectors)
{
    scene *s = scene_new(3, 100.0, MYO_KIND_ACC);
    for (int i = ON; i < OFF; i++) {
        s->x[0][i] = 0.3f;
        s->x[1][i] = -0.4f;
        s->x[2][i] = 1.2f;
    }
    s->v.noise = 0.001;
    const myo_burst *b = measure(s);
    ck_assert_double_eq_tol(b->peak, 1.3, 1e-5);
    ck_assert_double_eq_tol(b->rms, 1.3, 1e-5);
    ck_assert_double_eq_tol(b->area, 1.3 * 2000.0, 0.1);
    ck_assert_float_eq(b->template_corr, 0.0f); /* EMG only */
    ck_assert_float_eq(b->multiplet, 0.0f);
    ck_assert_float_eq(b->low_share, 0.0f);
    scene_free(s);
}
END_TEST

START_TEST(rotation_of_the_sensor_changes_no_amplitude)
{
    scene *s = scene_new(3, 100.0, MYO_KIND_ACC), *r = scene_new(3, 100.0, MYO_KIND_ACC);
    s->v.noise = r->v.noise = 0.05;
    sig_noise(s->x[0] + ON, OFF - ON, 0.5, 1);
    sig_noise(s->x[1] + ON, OFF - ON, 0.2, 2);
    for (int i = 0; i < N; i++) {
        r->x[2][i] = (float)(0.6 * s->x[0][i] - 0.8 * s->x[1][i]);
        r->x[1][i] = (float)(0.8 * s->x[0][i] + 0.6 * s->x[1][i]);
    }
    measure(s);
    measure(r);
    ck_assert_double_eq_tol(s->b.peak, r->b.peak, 1e-6);
    ck_assert_double_eq_tol(s->b.rms, r->b.rms, 1e-6);
    ck_assert_double_eq_tol(s->b.area, r->b.area, 1e-3);
    ck_assert_double_eq_tol(s->b.mdf_hz, r->b.mdf_hz, 1e-3);
    ck_assert_double_eq(s->b.peak_at, r->b.peak_at);
    scene_free(s);
    scene_free(r);
}
END_TEST

START_TEST(onset_error_shrinks_with_snr)
{
    double before = 1e9;
    for (double a = 1.5; a < 200.0; a *= 2.0) {
        scene *s = sine_burst(100.0, a);
        const double sd = measure(s)->onset_sd_ms;
        ck_assert(isfinite(sd));
        ck_assert_double_gt(sd, 0.0);
        ck_assert_double_le(sd, before);
        before = sd;
        scene_free(s);
    }
    ck_assert_double_lt(before, 1.5);
}
END_TEST

/* A view that is the burst itself: nothing may be read outside. */
START_TEST(burst_at_the_edges_of_its_view)
{
    static const int lengths[] = {1, 2, 3, 8, 20, 100, 1200};
    const int n = lengths[_i];
    scene *s = scene_new(1, FS, MYO_KIND_EMG);
    float *x = myo_alloc((size_t)n, sizeof *x); /* exact, for the sanitizer */
    for (int i = 0; i < n; i++) {
        x[i] = i % 2 ? 5.0f : -4.0f;
    }
    s->v.x[0] = s->v.raw[0] = x;
    s->v.n = s->v.off = n;
    s->v.on = 0;
    for (int k = 0; k < 7; k++) {
        const myo_burst *b = measure(s);
        ck_assert(isfinite(b->rms) && isfinite(b->rise_ms) && isfinite(b->fall_ms) && isfinite(b->snr_db));
        ck_assert(isfinite(b->template_corr) && isfinite(b->multiplet) && isfinite(b->low_share));
    }
    myo_free(x);
    scene_free(s);
}
END_TEST

START_TEST(silent_burst_gives_finite_numbers)
{
    scene *s = scene_new(1, FS, MYO_KIND_EMG);
    const myo_burst *b = measure(s);
    ck_assert_float_eq(b->peak, 0.0f);
    ck_assert_float_eq(b->rms, 0.0f);
    ck_assert_double_eq_tol(b->snr_db, -20.0, 1e-4);
    ck_assert(isfinite(b->template_corr));
    scene_free(s);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("feature");
    TCase *c = tcase_create("feature");
    tcase_add_test(c, amplitudes_of_a_sine);
    tcase_add_test(c, peak_time_is_that_of_the_largest_sample);
    tcase_add_test(c, what_lies_outside_does_not_count);
    tcase_add_test(c, polarity_changes_nothing);
    tcase_add_loop_test(c, median_frequency_of_a_sine_is_its_own, 0, 5);
    tcase_add_test(c, median_frequency_of_white_noise_is_the_middle);
    tcase_add_test(c, few_samples_have_no_median_frequency);
    tcase_add_test(c, a_very_short_burst_borrows_samples_about_it);
    tcase_add_test(c, turns_count_alternations);
    tcase_add_test(c, flanks_of_a_ramp);
    tcase_add_test(c, abrupt_burst_has_short_flanks);
    tcase_add_test(c, same_shape_again_is_recognised);
    tcase_add_test(c, known_noise_does_not_lower_the_likeness);
    tcase_add_test(c, only_five_templates_are_kept);
    tcase_add_test(c, long_burst_is_no_template);
    tcase_add_test(c, doublet_repeats_its_shape);
    tcase_add_test(c, slow_swing_has_low_energy_muscle_has_not);
    tcase_add_test(c, offset_does_not_count_as_low_energy);
    tcase_add_test(c, axes_add_as_vectors);
    tcase_add_test(c, rotation_of_the_sensor_changes_no_amplitude);
    tcase_add_test(c, onset_error_shrinks_with_snr);
    tcase_add_loop_test(c, burst_at_the_edges_of_its_view, 0, 7);
    tcase_add_test(c, silent_burst_gives_finite_numbers);
    suite_add_tcase(s, c);
    return sig_main(s);
}
