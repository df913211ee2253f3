/* test_score.c - pairing of events, counts and rates of a score, strict reading of the tables. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "base/base.h"
#include "myotab/run.h"
#include "out/tsv.h"
#include "run/score.h"
#include "run/score_match.h"

/* --- pairing --- */

static myo_mark mark(double on, double duration, myo_class cls) {
    return (myo_mark){.on = on, .off = on + duration, .cls = cls, .snr_db = NAN, .confidence = NAN};
}

START_TEST(a_close_onset_pairs_short_events) {
    myo_mark t[] = {mark(1.0, 0.050, MYO_JERK)};
    myo_mark near[] = {mark(1.014, 0.001, MYO_JERK)}, far[] = {mark(1.049, 0.2, MYO_JERK)};
    ck_assert_int_eq(myo_score_match(t, 1, near, 1, NULL), MYO_OK);
    ck_assert_int_eq(t[0].partner, 0);
    ck_assert_int_eq(near[0].partner, 0);
    ck_assert_int_eq(myo_score_match(t, 1, far, 1, NULL), MYO_OK);
    ck_assert_int_eq(t[0].partner, -1);
    ck_assert_int_eq(far[0].partner, -1);
}
END_TEST

START_TEST(the_onset_slack_grows_with_duration) {
    myo_mark t[] = {mark(1.0, 0.400, MYO_JERK)};
    myo_mark in[] = {mark(1.119, 0.001, MYO_JERK)}, out[] = {mark(1.121, 0.001, MYO_JERK)};
    ck_assert_int_eq(myo_score_match(t, 1, in, 1, NULL), MYO_OK);
    ck_assert_int_eq(t[0].partner, 0);
    ck_assert_int_eq(myo_score_match(t, 1, out, 1, NULL), MYO_OK);
    ck_assert_int_eq(t[0].partner, -1);
}
END_TEST

START_TEST(a_fifth_of_overlap_pairs_short_events) {
    myo_mark t[] = {mark(1.0, 0.100, MYO_JERK)};
    myo_mark in[] = {mark(1.065, 0.065, MYO_JERK)}, out[] = {mark(1.080, 0.1, MYO_JERK)};
    ck_assert_int_eq(myo_score_match(t, 1, in, 1, NULL), MYO_OK);
    ck_assert_int_eq(t[0].partner, 0);
    ck_assert_int_eq(myo_score_match(t, 1, out, 1, NULL), MYO_OK);
    ck_assert_int_eq(t[0].partner, -1);
}
END_TEST

START_TEST(episodes_reach_half_a_second) {
    myo_mark t[] = {mark(10.0, 5.0, MYO_TREMOR)};
    myo_mark in[] = {mark(15.4, 1.0, MYO_TREMOR)}, out[] = {mark(15.6, 1.0, MYO_TREMOR)};
    ck_assert_int_eq(myo_score_match(t, 1, in, 1, NULL), MYO_OK);
    ck_assert_int_eq(t[0].partner, 0);
    ck_assert_int_eq(myo_score_match(t, 1, out, 1, NULL), MYO_OK);
    ck_assert_int_eq(t[0].partner, -1);
}
END_TEST

START_TEST(short_voluntary_events_are_no_episodes) {
    const myo_mark t = mark(0, 0.4, MYO_VOLUNTARY), u = mark(0, 0.6, MYO_VOLUNTARY);
    const myo_mark jerk = mark(0, 0.6, MYO_JERK);
    ck_assert(!myo_mark_is_episode(&t) && myo_mark_is_episode(&u) && !myo_mark_is_episode(&jerk));
}
END_TEST

START_TEST(channels_do_not_mix) {
    myo_mark t[] = {mark(1.0, 0.1, MYO_JERK)}, f[] = {mark(1.0, 0.1, MYO_JERK)};
    f[0].channel = 1;
    ck_assert_int_eq(myo_score_match(t, 1, f, 1, NULL), MYO_OK);
    ck_assert_int_eq(t[0].partner, -1);
}
END_TEST

START_TEST(one_found_event_serves_one_true_one) {
    myo_mark t[] = {mark(1.00, 0.1, MYO_JERK), mark(1.15, 0.1, MYO_JERK)};
    myo_mark f[] = {mark(1.00, 0.25, MYO_JERK)};
    ck_assert_int_eq(myo_score_match(t, 2, f, 1, NULL), MYO_OK);
    ck_assert_int_eq((t[0].partner >= 0) + (t[1].partner >= 0), 1);
    ck_assert_int_eq(f[0].inside, 1); /* merged */
}
END_TEST

START_TEST(parts_of_an_episode_are_counted) {
    myo_mark t[] = {mark(10, 9, MYO_TREMOR)};
    myo_mark f[] = {mark(10, 4, MYO_TREMOR), mark(14.5, 2, MYO_TREMOR), mark(17, 2, MYO_ARTEFACT)};
    ck_assert_int_eq(myo_score_match(t, 1, f, 3, NULL), MYO_OK);
    ck_assert_int_eq(t[0].partner, 0);
    ck_assert_int_eq(t[0].inside, 1); /* the artefact is no part */
}
END_TEST

START_TEST(the_same_class_decides_between_equals) {
    myo_mark t[] = {mark(1.0, 0.1, MYO_JERK)};
    myo_mark f[] = {mark(1.0, 0.1, MYO_FASCICULATION), mark(1.0, 0.1, MYO_JERK)};
    ck_assert_int_eq(myo_score_match(t, 1, f, 2, NULL), MYO_OK);
    ck_assert_int_eq(f[t[0].partner].cls, MYO_JERK);
}
END_TEST

START_TEST(nothing_pairs_with_nothing) {
    myo_mark t[] = {mark(1.0, 0.1, MYO_JERK)};
    ck_assert_int_eq(myo_score_match(t, 0, t, 0, NULL), MYO_OK);
    ck_assert_int_eq(myo_score_match(t, 1, NULL, 0, NULL), MYO_OK);
    ck_assert_int_eq(t[0].partner, -1);
    ck_assert_int_eq(myo_score_match(NULL, 0, t, 1, NULL), MYO_OK);
}
END_TEST

/* The rule of the header, written anew: millionths of likeness, -1 not allowed. */
static long value_of(const myo_mark *t, const myo_mark *f) {
    const double both = fmin(t->off, f->off) - fmax(t->on, f->on), d = t->off - t->on;
    const double either = fmax(t->off, f->off) - fmin(t->on, f->on);
    const double iou = both > 0 ? both / either : 0;
    const long bonus = t->cls == f->cls ? 1000 : 0;
    if (t->channel != f->channel) {
        return -1;
    }
    if (t->cls != MYO_JERK && t->cls != MYO_FASCICULATION && d >= 0.5) {
        return both >= -0.5 ? lrint(1e6 * fmax(iou, 0.01)) + bonus : -1;
    }
    const double wide = fmax(0.015, 0.3 * d), apart = fabs(t->on - f->on);
    if (apart <= wide) {
        return lrint(1e6 * fmax(iou, 0.2 * (1.0 - 0.99 * apart / wide))) + bonus;
    }
    return iou >= 0.2 ? lrint(1e6 * iou) + bonus : -1;
}

/* Best sum over all ways to pair truth i.. with found events that are not in `used`. */
static long best_sum(const myo_mark *t, int nt, const myo_mark *f, int nf, int i, unsigned used) {
    if (i == nt) {
        return 0;
    }
    long best = best_sum(t, nt, f, nf, i + 1, used);
    for (int j = 0; j < nf; j++) {
        const long v = used >> j & 1u ? -1 : value_of(&t[i], &f[j]);
        if (v >= 0) {
            const long sum = v + best_sum(t, nt, f, nf, i + 1, used | 1u << j);
            best = sum > best ? sum : best;
        }
    }
    return best;
}

static void random_marks(myo_rng *r, myo_mark *m, int n) {
    for (int i = 0; i < n; i++) {
        const bool episode = myo_rng_u32(r) % 3 == 0;
        const double on = 0.7 * myo_rng_uniform(r);
        const double duration = (episode ? 3.0 : 0.6) * myo_rng_uniform(r);
        m[i] = mark(on, duration, episode ? MYO_TREMOR : MYO_JERK);
        m[i].channel = (int)(myo_rng_u32(r) % 2);
    }
}

START_TEST(pairing_is_the_best_there_is) {
    myo_rng r;
    myo_rng_seed(&r, 11, 3);
    int paired = 0;
    for (int trial = 0; trial < 2000; trial++) {
        myo_mark t[6], f[6];
        const int nt = (int)(myo_rng_u32(&r) % 7), nf = (int)(myo_rng_u32(&r) % 7);
        random_marks(&r, t, nt);
        random_marks(&r, f, nf);
        ck_assert_int_eq(myo_score_match(t, (size_t)nt, f, (size_t)nf, NULL), MYO_OK);
        long sum = 0;
        for (int i = 0; i < nt; i++) {
            if (t[i].partner >= 0) {
                const long v = value_of(&t[i], &f[t[i].partner]);
                ck_assert_int_ge(v, 0);
                ck_assert_int_eq(f[t[i].partner].partner, i);
                sum += v;
                paired++;
            }
        }
        ck_assert_int_eq(sum, best_sum(t, nt, f, nf, 0, 0));
    }
    ck_assert_int_gt(paired, 2000);
}
END_TEST

/* 100,000 jerks on one channel under one event as long as the recording, which overlaps them all.
 */
START_TEST(many_events_take_no_quadratic_time) {
    enum { N = 100000 };
    myo_mark *t = malloc(N * sizeof *t), *f = malloc((N + 1) * sizeof *f);
    for (int i = 0; i < N; i++) {
        t[i] = mark(i, 0.1, MYO_JERK);
        f[i] = mark(i + 0.01, 0.1, MYO_JERK);
    }
    f[N] = mark(-1, N + 2, MYO_VOLUNTARY);
    const clock_t start = clock();
    ck_assert_int_eq(myo_score_match(t, N, f, N + 1, NULL), MYO_OK);
    const double s = (double)(clock() - start) / CLOCKS_PER_SEC;
    ck_assert_msg(s < 2.0, "%g s", s);
    for (int i = 0; i < N; i++) {
        ck_assert_int_eq(t[i].partner, i + 1); /* the long one sorts first */
    }
    ck_assert_int_eq(f[0].partner, -1);
    free(t);
    free(f);
}
END_TEST

START_TEST(endless_overlap_is_refused) {
    enum { N = 5000 };
    myo_mark *t = malloc(N * sizeof *t), *f = malloc(N * sizeof *f);
    for (int i = 0; i < N; i++) {
        t[i] = f[i] = mark(i * 1e-3, 100.0, MYO_TREMOR);
    }
    myo_diag d = {0};
    ck_assert_int_eq(myo_score_match(t, N, f, N, &d), MYO_ERR_RANGE);
    myo_diag_clear(&d);
    free(t);
    free(f);
}
END_TEST

/* --- files --- */

static char dir[64], truth_path[96], events_path[96], channels_path[96];

static void write_file(const char *path, const char *text) {
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
}

static void setup(void) {
    strcpy(dir, "/tmp/myotab_score_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
    snprintf(truth_path, sizeof truth_path, "%s/a_truth.tsv", dir);
    snprintf(events_path, sizeof events_path, "%s/a_events.tsv", dir);
    snprintf(channels_path, sizeof channels_path, "%s/a_channels.tsv", dir);
}

static void teardown(void) {
    unlink(truth_path);
    unlink(events_path);
    unlink(channels_path);
    rmdir(dir);
}

#define TRUTH "onset\tduration\ttrial_type\tchannel\tsnr_db\tfaint\n"
#define EVENTS "channel\tonset\tduration\ttrial_type\tconfidence\tsnr_db\n" /* another order */

static myo_score_result score(const char *truth, const char *events) {
    write_file(truth_path, truth);
    write_file(events_path, events);
    myo_score_result r = {0};
    myo_diag d = {0};
    ck_assert_msg(myo_score_add(&r, truth_path, events_path, &d) == MYO_OK, "%s", d.message);
    return r;
}

/* Two jerks (one called a fasciculation), a missed cramp, an extra jerk. */
static const char *const some_truth = TRUTH "1\t0.1\tjerk\tA\t12\t0\n"
                                            "2\t0.1\tjerk\tA\t4\t0\n"
                                            "9\t20\tcramp\tB\tn/a\tn/a\n";
static const char *const some_events = EVENTS "A\t1.004\t0.09\tjerk\t0.9\t12\n"
                                              "A\t1.998\t0.1\tfasciculation\t0.6\t4\n"
                                              "A\t5\t0.1\tjerk\t0.7\t7\n";

START_TEST(counts_are_end_to_end) {
    myo_score_result r = score(some_truth, some_events);
    const myo_score_count jerk = myo_score_of_class(&r, MYO_JERK);
    ck_assert_int_eq(jerk.n_truth, 2);
    ck_assert_int_eq(jerk.n_detected, 2);
    ck_assert_int_eq(jerk.n_found, 2);
    ck_assert_int_eq(jerk.tp, 1);
    const myo_score_rates rates = myo_score_rates_of(&jerk);
    ck_assert_double_eq_tol(rates.precision, 0.5, 1e-12);
    ck_assert_double_eq_tol(rates.recall, 0.5, 1e-12);
    ck_assert_double_eq_tol(rates.f1, 0.5, 1e-12);
    ck_assert_double_eq_tol(rates.onset_mae, 3.0, 1e-6);
    ck_assert_double_eq_tol(rates.onset_bias, 1.0, 1e-6);
    ck_assert_double_eq_tol(rates.offset_mae, 4.0, 1e-6);
    ck_assert_double_eq_tol(rates.duration_mae, 5.0, 1e-6);
    ck_assert_double_eq_tol(rates.duration_bias, -5.0, 1e-6);
    const myo_score_count all = myo_score_of_stratum(&r, -1);
    ck_assert_int_eq(all.n_truth, 3);
    ck_assert_int_eq(all.n_detected, 2);
    ck_assert_int_eq(r.n_false, 1);
    myo_score_clear(&r);
}
END_TEST

START_TEST(confusion_has_missed_and_extra) {
    myo_score_result r = score(some_truth, some_events);
    ck_assert_int_eq(r.confusion[MYO_JERK][MYO_JERK], 1);
    ck_assert_int_eq(r.confusion[MYO_JERK][MYO_FASCICULATION], 1);
    ck_assert_int_eq(r.confusion[MYO_CRAMP][MYO_N_CLASS], 1);
    ck_assert_int_eq(r.confusion[MYO_N_CLASS][MYO_JERK], 1);
    int64_t sum = 0;
    for (int i = 0; i <= MYO_N_CLASS; i++) {
        for (int k = 0; k <= MYO_N_CLASS; k++) {
            sum += r.confusion[i][k];
        }
    }
    ck_assert_int_eq(sum, 4);
    myo_score_clear(&r);
}
END_TEST

START_TEST(macro_f1_is_over_classes_of_the_truth) {
    myo_score_result r = score(some_truth, some_events);
    ck_assert_double_eq_tol(myo_score_macro_f1(&r), (0.5 + 0.0) / 2, 1e-12);
    myo_score_clear(&r);
}
END_TEST

START_TEST(strata_go_by_the_true_snr) {
    myo_score_result r = score(some_truth, some_events);
    ck_assert_int_eq(r.c[MYO_STRATUM_10][MYO_JERK].tp, 1);
    ck_assert_int_eq(r.c[MYO_STRATUM_3][MYO_JERK].n_truth, 1);
    ck_assert_int_eq(r.c[MYO_STRATUM_3][MYO_FASCICULATION].n_found, 1);
    ck_assert_int_eq(r.c[MYO_STRATUM_6][MYO_JERK].n_found, 1); /* extra: its own */
    ck_assert_int_eq(r.c[MYO_STRATUM_UNKNOWN][MYO_CRAMP].n_truth, 1);
    myo_score_clear(&r);
}
END_TEST

START_TEST(stratum_bounds_belong_above) {
    myo_score_result r = score(TRUTH "1\t0.1\tjerk\tA\t2.9\t0\n"
                                     "2\t0.1\tjerk\tA\t3\t0\n"
                                     "3\t0.1\tjerk\tA\t6\t0\n"
                                     "4\t0.1\tjerk\tA\t10\t0\n"
                                     "5\t0.1\tjerk\tA\t20\t0\n",
                               EVENTS);
    for (int s = MYO_STRATUM_UNDER_3; s < MYO_N_STRATUM; s++) {
        ck_assert_int_eq(r.c[s][MYO_JERK].n_truth, 1);
    }
    myo_score_clear(&r);
}
END_TEST

START_TEST(faint_events_count_neither_way) {
    myo_score_result r = score(TRUTH "1\t0.1\tjerk\tA\t1\t1\n"
                                     "2\t0.1\tjerk\tA\t1\t1\n"
                                     "3\t2\ttremor\tA\t1\t1\n",
                               EVENTS "A\t1\t0.1\tjerk\t0.5\t1\n"
                                      "A\t3\t0.9\ttremor\t0.5\t1\n"
                                      "A\t4\t0.9\ttremor\t0.5\t1\n");
    const myo_score_count all = myo_score_of_stratum(&r, -1);
    ck_assert_int_eq(all.n_truth + all.n_found + r.n_false, 0);
    ck_assert_int_eq(r.n_free, 3);
    ck_assert_int_eq(r.n_ignored, 3);
    ck_assert_uint_eq(r.n_conf, 0);
    ck_assert(isnan(myo_score_macro_f1(&r)));
    myo_score_clear(&r);
}
END_TEST

START_TEST(artefacts_are_set_aside) {
    myo_score_result r =
        score(TRUTH "1\t0.1\tjerk\tA\t9\t0\n", EVENTS "A\t1\t0.1\tartefact\t0.5\t1\n"
                                                      "A\t3\t0.1\tartefact\t0.5\t1\n"
                                                      "A\t4\t0.1\tindeterminate\t0.5\t1\n");
    const myo_score_count all = myo_score_of_stratum(&r, -1);
    ck_assert_int_eq(all.n_truth, 1);
    ck_assert_int_eq(all.n_detected, 0); /* told to be no movement */
    ck_assert_int_eq(r.confusion[MYO_JERK][MYO_ARTEFACT], 1);
    ck_assert_int_eq(r.n_false, 0);
    ck_assert_int_eq(r.n_set_aside, 2);
    myo_score_clear(&r);
}
END_TEST

START_TEST(a_movement_made_of_an_artefact_is_a_false_alarm) {
    myo_score_result r =
        score(TRUTH "1\t0.1\tartefact\tA\t9\t0\n", EVENTS "A\t1\t0.1\tjerk\t0.5\t1\n");
    ck_assert_int_eq(r.n_false, 1);
    ck_assert_int_eq(myo_score_of_class(&r, MYO_ARTEFACT).n_detected, 1);
    myo_score_clear(&r);
}
END_TEST

START_TEST(splits_and_merges_are_counted) {
    myo_score_result r = score(TRUTH "10\t9\ttremor\tA\t9\t0\n"
                                     "30\t0.1\tjerk\tA\t9\t0\n"
                                     "30.15\t0.1\tjerk\tA\t9\t0\n",
                               EVENTS "A\t10\t4\ttremor\t0.5\t1\n"
                                      "A\t15\t4\ttremor\t0.5\t1\n"
                                      "A\t30\t0.25\tjerk\t0.5\t1\n");
    ck_assert_int_eq(myo_score_of_class(&r, MYO_TREMOR).n_split, 1);
    ck_assert_int_eq(myo_score_of_class(&r, MYO_JERK).n_merge, 1);
    ck_assert_int_eq(myo_score_of_class(&r, MYO_JERK).n_split, 0);
    ck_assert_int_eq(myo_score_of_class(&r, MYO_TREMOR).n_iou50, 0);
    myo_score_clear(&r);
}
END_TEST

/* Pieces of a movement are false alarms, told apart; pieces of an artefact are no movement's. */
START_TEST(pieces_of_a_movement_are_told_apart) {
    myo_score_result r = score(TRUTH "10\t9\ttremor\tA\t9\t0\n"
                                     "30\t9\tartefact\tA\t9\t0\n",
                               EVENTS "A\t10\t6\ttremor\t0.5\t1\n"
                                      "A\t17\t1\tjerk\t0.5\t1\n"     /* inside */
                                      "A\t18.9\t0.3\tjerk\t0.5\t1\n" /* two thirds outside */
                                      "A\t30\t6\tartefact\t0.5\t1\n"
                                      "A\t37\t1\tjerk\t0.5\t1\n"
                                      "B\t12\t1\tjerk\t0.5\t1\n");
    ck_assert_int_eq(r.n_false, 4);
    ck_assert_int_eq(r.n_part, 1);
    myo_score_clear(&r);
}
END_TEST

typedef struct heard {
    int pairs, missed, extra;
} heard;

static void listen(void *user, const char *channel, const myo_mark *t, const myo_mark *f) {
    heard *h = user;
    ck_assert(t || f);
    ck_assert_str_eq(channel, (t ? t->cls : f->cls) == MYO_CRAMP ? "B" : "A");
    h->pairs += t && f;
    h->missed += !f;
    h->extra += !t;
}

START_TEST(listeners_hear_what_is_counted) {
    write_file(truth_path, TRUTH "1\t0.1\tjerk\tA\t12\t0\n"
                                 "2\t0.1\tjerk\tA\t4\t1\n" /* free: not told */
                                 "9\t20\tcramp\tB\tn/a\tn/a\n");
    write_file(events_path, some_events);
    heard h = {0};
    myo_score_result r = {.seen = listen, .user = &h};
    myo_diag d = {0};
    ck_assert_int_eq(myo_score_add(&r, truth_path, events_path, &d), MYO_OK);
    ck_assert_int_eq(h.pairs, 1);
    ck_assert_int_eq(h.missed, 1);
    ck_assert_int_eq(h.extra, 1);
    myo_score_clear(&r);
}
END_TEST

START_TEST(calibration_error_by_hand) {
    /* one event a bin: |1 - 0.9| + |0 - 0.7| + |0 - 0.6| over 3 */
    myo_score_result r = score(some_truth, some_events);
    ck_assert_uint_eq(r.n_conf, 3);
    ck_assert_double_eq_tol(myo_score_ece(&r), (0.1 + 0.7 + 0.6) / 3, 1e-6);
    ck_assert_double_eq_tol(myo_score_brier(&r), (0.01 + 0.49 + 0.36) / 3, 1e-6);
    myo_score_clear(&r);
}
END_TEST

START_TEST(exposure_comes_from_the_channels_table) {
    write_file(channels_path, "channel\tkind\tusable_s\n"
                              "A\tEMG\t1800\nB\tACC\t900\nC\tOTHER\t9999\nD\tEMG\tn/a\n");
    myo_score_result r = score(some_truth, some_events);
    ck_assert_double_eq_tol(r.exposure_s, 2700.0, 1e-9);
    ck_assert_double_eq_tol(myo_score_false_per_h(&r), 1.0 / 0.75, 1e-12);
    myo_score_clear(&r);
}
END_TEST

START_TEST(without_exposure_there_is_no_rate) {
    myo_score_result r = score(some_truth, some_events);
    ck_assert_int_eq(r.n_no_exposure, 1);
    ck_assert(isnan(myo_score_false_per_h(&r)));
    myo_score_clear(&r);
}
END_TEST

START_TEST(pooling_adds_recordings) {
    myo_score_result r = score(some_truth, some_events);
    ck_assert_int_eq(myo_score_add(&r, truth_path, events_path, NULL), MYO_OK);
    const myo_score_count jerk = myo_score_of_class(&r, MYO_JERK);
    ck_assert_int_eq(jerk.n_truth, 4);
    ck_assert_int_eq(jerk.tp, 2);
    ck_assert_int_eq(r.n_recordings, 2);
    ck_assert_uint_eq(r.n_conf, 6);
    ck_assert_double_eq_tol(myo_score_rates_of(&jerk).onset_mae, 3.0, 1e-6);
    myo_score_clear(&r);
}
END_TEST

START_TEST(empty_tables_are_fine) {
    myo_score_result r = score(TRUTH, EVENTS);
    ck_assert(isnan(myo_score_ece(&r)) && isnan(myo_score_macro_f1(&r)));
    ck_assert_int_eq(r.n_recordings, 1);
    myo_score_clear(&r);
}
END_TEST

START_TEST(a_failed_recording_leaves_the_pool_as_it_was) {
    myo_score_result r = score(some_truth, some_events);
    write_file(channels_path, "channel\tkind\nA\tEMG\n"); /* no usable_s: fails late */
    myo_diag d = {0};
    ck_assert_int_eq(myo_score_add(&r, truth_path, events_path, &d), MYO_ERR_DAMAGED);
    ck_assert_ptr_nonnull(strstr(d.message, channels_path));
    ck_assert_int_eq(myo_score_of_class(&r, MYO_JERK).n_truth, 2);
    ck_assert_uint_eq(r.n_conf, 3);
    ck_assert_int_eq(r.n_recordings, 1);
    myo_score_clear(&r);
}
END_TEST

START_TEST(failing_allocations_leave_the_pool_as_it_was) {
    write_file(truth_path, some_truth);
    write_file(events_path, some_events);
    write_file(channels_path, "channel\tkind\tusable_s\nA\tEMG\t1800\n");
    int failures = 0;
    for (int n = 1;; n++) {
        myo_score_result r = {0};
        myo_mem_fail_at(n);
        const myo_err e = myo_score_add(&r, truth_path, events_path, NULL);
        myo_mem_fail_at(0);
        ck_assert_int_eq(myo_score_of_class(&r, MYO_JERK).n_truth, e == MYO_OK ? 2 : 0);
        ck_assert_int_eq(r.n_recordings, e == MYO_OK);
        myo_score_clear(&r);
        if (e == MYO_OK) {
            break;
        }
        ck_assert_int_eq(e, MYO_ERR_NOMEM);
        failures++;
    }
    ck_assert_int_gt(failures, 10);
}
END_TEST

static void check_refused(const char *truth, const char *events, const char *message) {
    write_file(truth_path, truth);
    write_file(events_path, events);
    myo_score_result r = {0};
    myo_diag d = {0};
    ck_assert_int_ne(myo_score_add(&r, truth_path, events_path, &d), MYO_OK);
    ck_assert_msg(strstr(d.message, message) != NULL, "got: %s", d.message);
    ck_assert_int_eq(r.n_recordings, 0);
    myo_diag_clear(&d);
    myo_score_clear(&r);
}

START_TEST(wrong_cells_are_named_by_line_and_column) {
    check_refused(TRUTH "x\t0.1\tjerk\tA\t1\t0\n", EVENTS, "a_truth.tsv: line 2, column 1 (onset)");
    check_refused(TRUTH "1\t-1\tjerk\tA\t1\t0\n", EVENTS, "line 2, column 2 (duration)");
    check_refused(TRUTH "1\t1\tJERK\tA\t1\t0\n", EVENTS, "line 2, column 3 (trial_type)");
    check_refused(TRUTH "1\t1\tjerk\tA\t1\t2\n", EVENTS, "line 2, column 6 (faint)");
    check_refused(TRUTH, EVENTS "A\t1\t1\tjerk\t1.5\t0\n", "a_events.tsv: line 2, column 5");
    check_refused(TRUTH, EVENTS "A\tn/a\t1\tjerk\t1\t0\n", "line 2, column 2 (onset)");
    check_refused(TRUTH, EVENTS "A\tnan\t1\tjerk\t1\t0\n", "line 2, column 2 (onset)");
}
END_TEST

START_TEST(wrong_tables_are_refused) {
    check_refused("", EVENTS, "a_truth.tsv: line 1: empty table");
    check_refused("onset\tduration\n", EVENTS, "line 1: no column \"trial_type\"");
    check_refused("onset\tonset\n", EVENTS, "line 1: column \"onset\" found twice");
    check_refused("onset\t\tx\n", EVENTS, "line 1, column 2: empty column name");
    check_refused(TRUTH "1\t1\n", EVENTS, "line 2: ragged row (found 2 cells, allowed 6)");
    check_refused(TRUTH, EVENTS "\xFF\t1\t1\tjerk\t1\t0\n", "line 2, byte 1: not UTF-8");
}
END_TEST

START_TEST(a_missing_file_is_named_once) {
    myo_score_result r = {0};
    myo_diag d = {0};
    ck_assert_int_eq(myo_score_add(&r, "/nonexistent_truth.tsv", events_path, &d), MYO_ERR_INPUT);
    ck_assert_int_eq(strncmp(d.message, "/nonexistent_truth.tsv: cannot", 29), 0);
    myo_diag_clear(&d);
}
END_TEST

START_TEST(crlf_bom_and_no_last_newline_are_accepted) {
    myo_score_result r = score("\xEF\xBB\xBFonset\tduration\ttrial_type\tchannel\r\n"
                               "1\t0.1\tjerk\tA\r\n2\t0.1\tjerk\tA",
                               EVENTS);
    ck_assert_int_eq(myo_score_of_class(&r, MYO_JERK).n_truth, 2);
    myo_score_clear(&r);
}
END_TEST

START_TEST(nul_and_long_lines_are_refused) {
    myo_tsv t = {0};
    myo_diag d = {0};
    FILE *f = fopen(truth_path, "w");
    fwrite("a\tb\n1\0\t2\n", 1, 10, f);
    fclose(f);
    ck_assert_int_eq(myo_tsv_read(&t, truth_path, 1 << 20, &d), MYO_ERR_DAMAGED);
    ck_assert_ptr_nonnull(strstr(d.message, "line 2, byte 2"));
    char *line = malloc(2 << 20);
    memset(line, 'x', 2 << 20);
    line[(2 << 20) - 1] = '\0';
    write_file(truth_path, line);
    free(line);
    d = (myo_diag){0};
    ck_assert_int_eq(myo_tsv_read(&t, truth_path, 4 << 20, &d), MYO_ERR_RANGE);
    ck_assert_ptr_nonnull(strstr(d.message, "line 1: too long"));
    d = (myo_diag){0};
    ck_assert_int_eq(myo_tsv_read(&t, truth_path, 1 << 10, &d), MYO_ERR_RANGE);
    ck_assert_ptr_null(t.text.s);
}
END_TEST

START_TEST(the_printed_tables_have_fixed_bytes) {
    write_file(truth_path, some_truth);
    write_file(events_path, some_events);
    FILE *f = tmpfile();
    ck_assert_int_eq(myo_score(truth_path, events_path, f, NULL), MYO_OK);
    char got[8192];
    rewind(f);
    got[fread(got, 1, sizeof got - 1, f)] = '\0';
    fclose(f);
    ck_assert_ptr_nonnull(strstr(got,
                                 "class\tn_truth\tn_detected\tn_found\ttp\tdetection\tprecision"
                                 "\trecall\tf1\tonset_mae_ms"));
    ck_assert_ptr_nonnull(
        strstr(got, "\njerk\t2\t2\t2\t1\t1\t0.5\t0.5\t0.5\t3\t1\t4\t5\t-5\t2\t1\t0\t0\n"));
    ck_assert_ptr_nonnull(strstr(got, "\ncramp\t1\t0\t0\t0\t0\tn/a\t0\t0\tn/a\t"));
    ck_assert_ptr_nonnull(strstr(got, "\n\nsnr_db\tn_truth"));
    ck_assert_ptr_nonnull(strstr(got, "\n10-20\t1\t1\t1\t1\t1\t1\t1\t1\t"));
    ck_assert_ptr_nonnull(strstr(got, "\n\nmetric\tvalue\n"));
    ck_assert_ptr_nonnull(strstr(got, "\nmacro_f1\t0.25\n"));
    ck_assert_ptr_nonnull(strstr(got, "\nfalse_alarms\t1\n"));
    ck_assert_ptr_nonnull(strstr(got, "\nfalse_alarms_per_channel_hour\tn/a\n"));
    ck_assert_ptr_nonnull(strstr(got, "\ncramp\t0\t0\t0\t0\t0\t0\t0\t0\t1\n"));
    ck_assert_ptr_nonnull(strstr(got, "\nextra\t1\t0\t0\t0\t0\t0\t0\t0\tn/a\n"));
}
END_TEST

START_TEST(a_full_disk_is_an_output_error) {
    write_file(truth_path, some_truth);
    write_file(events_path, some_events);
    FILE *f = fopen("/dev/full", "w");
    if (!f) {
        printf("skipped: no /dev/full\n");
        return;
    }
    ck_assert_int_eq(myo_score(truth_path, events_path, f, NULL), MYO_ERR_OUTPUT);
    fclose(f);
}
END_TEST

static TCase *pairing(void) {
    TCase *c = tcase_create("pairing");
    tcase_add_test(c, a_close_onset_pairs_short_events);
    tcase_add_test(c, the_onset_slack_grows_with_duration);
    tcase_add_test(c, a_fifth_of_overlap_pairs_short_events);
    tcase_add_test(c, episodes_reach_half_a_second);
    tcase_add_test(c, short_voluntary_events_are_no_episodes);
    tcase_add_test(c, channels_do_not_mix);
    tcase_add_test(c, one_found_event_serves_one_true_one);
    tcase_add_test(c, parts_of_an_episode_are_counted);
    tcase_add_test(c, the_same_class_decides_between_equals);
    tcase_add_test(c, nothing_pairs_with_nothing);
    tcase_add_test(c, pairing_is_the_best_there_is);
    tcase_add_test(c, many_events_take_no_quadratic_time);
    tcase_add_test(c, endless_overlap_is_refused);
    tcase_set_timeout(c, 60);
    return c;
}

static TCase *counting(void) {
    TCase *c = tcase_create("counting");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, counts_are_end_to_end);
    tcase_add_test(c, confusion_has_missed_and_extra);
    tcase_add_test(c, macro_f1_is_over_classes_of_the_truth);
    tcase_add_test(c, strata_go_by_the_true_snr);
    tcase_add_test(c, stratum_bounds_belong_above);
    tcase_add_test(c, faint_events_count_neither_way);
    tcase_add_test(c, artefacts_are_set_aside);
    tcase_add_test(c, a_movement_made_of_an_artefact_is_a_false_alarm);
    tcase_add_test(c, splits_and_merges_are_counted);
    tcase_add_test(c, pieces_of_a_movement_are_told_apart);
    tcase_add_test(c, listeners_hear_what_is_counted);
    tcase_add_test(c, calibration_error_by_hand);
    tcase_add_test(c, exposure_comes_from_the_channels_table);
    tcase_add_test(c, without_exposure_there_is_no_rate);
    tcase_add_test(c, pooling_adds_recordings);
    tcase_add_test(c, empty_tables_are_fine);
    tcase_add_test(c, a_failed_recording_leaves_the_pool_as_it_was);
    tcase_add_test(c, failing_allocations_leave_the_pool_as_it_was);
    tcase_add_test(c, the_printed_tables_have_fixed_bytes);
    tcase_add_test(c, a_full_disk_is_an_output_error);
    return c;
}

static TCase *reading(void) {
    TCase *c = tcase_create("reading");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, wrong_cells_are_named_by_line_and_column);
    tcase_add_test(c, wrong_tables_are_refused);
    tcase_add_test(c, a_missing_file_is_named_once);
    tcase_add_test(c, crlf_bom_and_no_last_newline_are_accepted);
    tcase_add_test(c, nul_and_long_lines_are_refused);
    return c;
}

int main(void) {
    Suite *s = suite_create("score");
    suite_add_tcase(s, pairing());
    suite_add_tcase(s, counting());
    suite_add_tcase(s, reading());
    SRunner *sr = srunner_create(s);
    srunner_run_all(sr, CK_NORMAL);
    const int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed;
}
