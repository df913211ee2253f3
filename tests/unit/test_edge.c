/* test_edge.c - the standard errors of edges are what the edges' errors are. */
#include "detect/refine.h"
#include "event/edge.h"
#include "sig.h"

enum { N = 1200, ON = 400, OFF = 500, MARGIN = 20 };
static const double FS = 2000.0;

typedef struct scatter {
    double on, off, on_sd, end_sd; /* root mean squares, ms */
} scatter;

/* Edges of one and the same burst (a stretch of noise of 50 ms) in many draws of white noise, against those without. */
static scatter scatter_at(double amp)
{
    enum { DRAWS = 300 };
    static float clean[N], x[N], u[N];
    scatter s = {0};
    memset(clean, 0, sizeof clean);
    sig_noise(clean + ON, OFF - ON, amp, 77);
    myo_edges truth;
    for (int i = 0; i < N; i++) {
        u[i] = clean[i] * clean[i] + 1.0f;
    }
    myo_energy_edges(u, ON - MARGIN, OFF + MARGIN, 0.025, &truth);
    for (int k = 0; k < DRAWS; k++) {
        memset(x, 0, sizeof x);
        sig_noise(x, N, 1.0, 1000 + (uint64_t)k);
        for (int i = 0; i < N; i++) {
            x[i] += clean[i];
            u[i] = x[i] * x[i];
        }
        myo_edges e;
        myo_energy_edges(u, ON - MARGIN, OFF + MARGIN, 0.025, &e);
        const myo_burst_view v = {.fs = FS, .kind = MYO_KIND_EMG, .n_axes = 1, .x = {x}, .raw = {x}, .n = N,
                                  .on = e.on, .off = e.off, .noise = 1.0, .dof = 1.0, .edge_share = 0.025};
        myo_burst b = {0};
        myo_edge_errors(&b, &v);
        const double d_on = (double)(e.on - truth.on) * 1000.0 / FS;
        const double d_off = (double)(e.off - truth.off) * 1000.0 / FS;
        s.on += d_on * d_on / DRAWS;
        s.off += d_off * d_off / DRAWS;
        s.on_sd += (double)b.onset_sd_ms * (double)b.onset_sd_ms / DRAWS;
        s.end_sd += (double)b.end_sd_ms * (double)b.end_sd_ms / DRAWS;
    }
    return (scatter){sqrt(s.on), sqrt(s.off), sqrt(s.on_sd), sqrt(s.end_sd)};
}

START_TEST(errors_are_what_they_say)
{
    for (double amp = 2.5; amp < 12.0; amp *= 2.0) { /* 8 to 20 dB */
        const scatter s = scatter_at(amp);
        ck_assert_msg(s.on_sd > 0.6 * s.on && s.end_sd > 0.6 * s.off, "amplitude %g: said %g %g ms, found %g %g", amp,
                      s.on_sd, s.end_sd, s.on, s.off);
        ck_assert_msg(s.on_sd < 1.2 + 2.0 * s.on && s.end_sd < 1.2 + 2.0 * s.off,
                      "amplitude %g: said %g %g ms, found %g %g", amp, s.on_sd, s.end_sd, s.on, s.off);
    }
}
END_TEST

START_TEST(stronger_bursts_have_surer_edges)
{
    const scatter weak = scatter_at(2.0), strong = scatter_at(20.0);
    ck_assert_double_lt(strong.on_sd, weak.on_sd);
    ck_assert_double_lt(strong.end_sd, weak.end_sd);
    ck_assert_double_lt(strong.on_sd, 1.5); /* the filter's blur is left */
}
END_TEST

START_TEST(edges_are_alike_both_ways)
{
    static float x[2][N];
    sig_noise(x[0], N, 1.0, 5);
    for (int i = ON; i < OFF; i++) {
        x[0][i] *= 6.0f;
    }
    for (int i = 0; i < N; i++) {
        x[1][i] = x[0][N - 1 - i];
    }
    myo_burst b[2] = {0};
    for (int k = 0; k < 2; k++) {
        const myo_burst_view v = {.fs = FS, .kind = MYO_KIND_EMG, .n_axes = 1, .x = {x[k]}, .raw = {x[k]}, .n = N,
                                  .on = k ? N - OFF : ON, .off = k ? N - ON : OFF, .noise = 1.0, .dof = 1.0,
                                  .edge_share = 0.025};
        myo_edge_errors(&b[k], &v);
    }
    ck_assert_double_eq_tol((double)b[0].onset_sd_ms, (double)b[1].end_sd_ms, 1e-5);
    ck_assert_double_eq_tol((double)b[0].end_sd_ms, (double)b[1].onset_sd_ms, 1e-5);
}
END_TEST

/* A burst from the first frame of what is there to the last, and an empty one. */
START_TEST(nothing_is_read_outside)
{
    float *x = sig_new(8);
    for (int i = 0; i < 8; i++) {
        x[i] = 5.0f;
    }
    for (int64_t off = 0; off <= 8; off++) {
        const myo_burst_view v = {.fs = FS, .kind = MYO_KIND_EMG, .n_axes = 1, .x = {x}, .raw = {x}, .n = 8, .on = 0,
                                  .off = off, .noise = 1.0, .dof = 1.0, .edge_share = 0.025};
        myo_burst b = {0};
        myo_edge_errors(&b, &v);
        ck_assert(isfinite(b.onset_sd_ms) && b.onset_sd_ms > 0.0f && isfinite(b.end_sd_ms) && b.end_sd_ms > 0.0f);
    }
    myo_free(x);
    ck_assert_double_eq_tol(myo_duration_sd_ms(3.0, 4.0), 5.0, 1e-12);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("edge");
    TCase *c = tcase_create("edge");
    tcase_add_test(c, errors_are_what_they_say);
    tcase_add_test(c, stronger_bursts_have_surer_edges);
    tcase_add_test(c, edges_are_alike_both_ways);
    tcase_add_test(c, nothing_is_read_outside);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_ENV);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed == 0 ? 0 : 1;
}
