/* test_detect.c - whole runs: what may not change a result (blocks, threads, instruction set, repetition), and what may
 * change it only in a known way (shift, scale, polarity, missing samples). */
#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "myotab/run.h"
#include "sig.h"
#include "tsv.h"

enum { PATH = 256, N_EMG = 60000 };
static const double FS = 1000.0;
static char root[PATH];

/* ---- running ---- */

static void say(void *user, myo_level level, const char *file, const char *text)
{
    (void)user;
    if (level == MYO_LEVEL_ERROR) {
        fprintf(stderr, "%s: %s\n", file ? file : "-", text);
    }
}

static const char *path_of(const char *name)
{
    static char path[8][2 * PATH];
    static int at;
    at = (at + 1) % 8;
    snprintf(path[at], sizeof path[at], "%s/%s", root, name);
    return path[at];
}

typedef struct setup { double chunk_s; int threads; const char *isa; myo_open_opts open; } setup;
static const setup usual = {.chunk_s = 2.0, .threads = 1, .isa = "auto"};

/* Results of the inputs in folder `out` below root. */
static void detect(const char *const *inputs, int n, const char *out, const setup *how)
{
    myo_params p;
    int n_failed = 0;
    myo_params_defaults(&p);
    p.run_chunk_s = how->chunk_s;
    ck_assert_int_eq(myo_isa_limit(how->isa, NULL), MYO_OK);
    const myo_detect_job job = {.inputs = inputs, .n_inputs = n, .out_dir = path_of(out), .params = &p, .open = how->open,
                                .n_threads = how->threads, .say = say};
    ck_assert_int_eq(myo_detect(&job, &n_failed), MYO_OK);
    ck_assert_int_eq(n_failed, 0);
}

static void detect_one(const char *input, const char *out, const setup *how)
{
    const char *const inputs[1] = {path_of(input)};
    detect(inputs, 1, out, how);
}

/* ---- recordings ---- */

static void synth(const char *scenario, const char *const *settings)
{
    const myo_synth_job job = {.scenario = scenario, .out_dir = root, .seed = 5, .settings = settings};
    ck_assert_int_eq(myo_synth(&job, NULL), MYO_OK);
}

/* Columns of numbers without a header; NaN is an empty cell. */
static void write_csv(const char *name, float *const *x, int n_ch, int64_t n)
{
    FILE *f = fopen(path_of(name), "w");
    ck_assert_ptr_nonnull(f);
    for (int64_t i = 0; i < n; i++) {
        for (int c = 0; c < n_ch; c++) {
            const char *end = c + 1 < n_ch ? "," : "\n";
            if (isnan(x[c][i])) {
                fprintf(f, "%s", end);
            } else {
                fprintf(f, "%.9g%s", (double)x[c][i], end);
            }
        }
    }
    ck_assert_int_eq(fclose(f), 0);
}

static const setup emg_csv = {.chunk_s = 2.0, .threads = 1, .isa = "auto",
                              .open = {.fs = 1000.0, .channels = "1=EMG:uV,2=EMG:uV"}};

/* Two channels of noise (3 uV) with strong bursts every 1.3 s, every third in both. */
static void make_emg(float *x[2], int64_t n)
{
    for (int c = 0; c < 2; c++) {
        x[c] = sig_new(n);
        sig_noise(x[c], n, 3.0, (uint64_t)(40 + c));
    }
    for (int k = 0; 1500 + 1300 * k + 200 < n; k++) {
        for (int c = 0; c < 2; c++) {
            if (k % 3 == 2 || k % 3 == c) {
                sig_noise(x[c] + 1500 + 1300 * k, 50 + 10 * (k % 5), 50.0, (uint64_t)(100 + 2 * k + c));
            }
        }
    }
}

/* With a time column that jumps twice, once by no whole number of samples, and missing samples in one channel. */
static void write_gaps(const char *name, float *const *x, int64_t n)
{
    FILE *f = fopen(path_of(name), "w");
    ck_assert_ptr_nonnull(f);
    fprintf(f, "time (s),EMG1 (uV),EMG2 (uV)\n");
    for (int64_t i = 0; i < n; i++) {
        const double at = (double)i / FS + (i >= n / 3 ? 3.7 : 0.0) + (i >= n / 2 ? 40.0005 : 0.0);
        const bool missing = i > n / 4 && i < n / 4 + 700;
        fprintf(f, missing ? "%.6f,,%.9g\n" : "%.6f,%.9g,%.9g\n", at, (double)x[missing ? 1 : 0][i], (double)x[1][i]);
    }
    ck_assert_int_eq(fclose(f), 0);
}

static void free_emg(float *x[2])
{
    myo_free(x[0]);
    myo_free(x[1]);
}

static void setup_root(void)
{
    static const char *const csv[] = {"duration_s=60", "format=csv", "missing_per_min=3", "dropout_per_min=5", "pop_per_min=5",
                                      "mains_uv=5", NULL};
    static const char *const acc[] = {"duration_s=60", NULL}, *const short_edf[] = {"duration_s=30", "mains_uv=5", NULL};
    snprintf(root, sizeof root, "/tmp/myotab-detect-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(root));
    float *x[2];
    synth("emg-hard", csv);
    synth("emg-mixed", short_edf);
    synth("acc-mixed", acc);
    make_emg(x, N_EMG);
    write_csv("plain.csv", x, 2, N_EMG);
    write_gaps("gaps.csv", x, N_EMG);
    free_emg(x);
}

static void remove_root(void)
{
    char command[2 * PATH];
    snprintf(command, sizeof command, "rm -rf '%s'", root);
    ck_assert_int_eq(system(command), 0);
}

static const char *first_that_is(const char *const *names)
{
    struct stat st;
    for (; *names; names++) {
        if (stat(path_of(*names), &st) == 0) {
            return *names;
        }
    }
    ck_abort_msg("no recording was made");
    return NULL;
}

static const char *emg_file(void)
{
    static const char *const names[] = {"emg-hard.csv", NULL};
    return first_that_is(names);
}

static const char *acc_file(void)
{
    static const char *const names[] = {"acc-mixed.csv", "acc-mixed.edf", "acc-mixed.bdf", "acc-mixed.wav", NULL};
    return first_that_is(names);
}

/* ---- comparing ---- */

static const char *const kinds[] = {"events.tsv",   "bursts.tsv",   "channels.tsv", "tremor.tsv",
                                    "coherence.tsv", "negative.tsv", "summary.tsv",  "run.json"};

static void assert_same_files(const char *stem, const char *a, const char *b)
{
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        char pa[PATH], pb[PATH];
        size_t na, nb;
        snprintf(pa, sizeof pa, "%s/%s_%s", a, stem, kinds[k]);
        snprintf(pb, sizeof pb, "%s/%s_%s", b, stem, kinds[k]);
        char *ta = tsv_slurp(path_of(pa), &na), *tb = tsv_slurp(path_of(pb), &nb);
        ck_assert_msg(na == nb && memcmp(ta, tb, na) == 0, "%s and %s differ", pa, pb);
        free(ta);
        free(tb);
    }
}

static tsv *table(const char *out, const char *name)
{
    char p[PATH];
    snprintf(p, sizeof p, "%s/%s", out, name);
    return tsv_read(path_of(p));
}

static void assert_at_least(const char *out, const char *name, int rows)
{
    tsv *t = table(out, name);
    ck_assert_int_ge(t->n_rows - 1, rows);
    tsv_free(t);
}

/* ---- what may not matter ---- */

START_TEST(blocks_do_not_matter)
{
    static const double chunk_s[] = {0.05, 0.37, 1000.0};
    for (int f = 0; f < 2; f++) {
        const char *file = f ? acc_file() : emg_file(), *stem = f ? "acc-mixed" : "emg-hard";
        setup how = usual;
        detect_one(file, "whole", &how);
        how.chunk_s = chunk_s[_i];
        detect_one(file, "cut", &how);
        assert_same_files(stem, "whole", "cut");
    }
    assert_at_least("whole", "emg-hard_bursts.tsv", 10);
    assert_at_least("whole", "acc-mixed_bursts.tsv", 5);
    assert_at_least("whole", "acc-mixed_tremor.tsv", 3);
}
END_TEST

START_TEST(threads_do_not_matter)
{
    const char *const inputs[2] = {path_of(emg_file()), path_of(acc_file())};
    setup how = usual;
    detect(inputs, 2, "one", &how);
    how.threads = 2 + _i;
    detect(inputs, 2, "many", &how);
    assert_same_files("emg-hard", "one", "many");
    assert_same_files("acc-mixed", "one", "many");
}
END_TEST

START_TEST(instruction_set_does_not_matter)
{
    static const char *const isa[] = {"sse2", "avx2", "avx512"};
    setup how = usual;
    how.isa = isa[_i];
    if (myo_isa_limit(how.isa, NULL) != MYO_OK) {
        printf("skipped: no %s here\n", how.isa);
        return;
    }
    for (int f = 0; f < 2; f++) {
        const char *file = f ? acc_file() : emg_file(), *stem = f ? "acc-mixed" : "emg-hard";
        how.isa = "ref";
        detect_one(file, "ref", &how);
        how.isa = isa[_i];
        detect_one(file, "isa", &how);
        assert_same_files(stem, "ref", "isa");
    }
}
END_TEST

/* All of them together: every set, one to three workers, blocks of three lengths; an EMG, an accelerometer and a recording
 * with gaps. */
START_TEST(nothing_of_them_matters)
{
    static const char *const sets[] = {"ref", "sse2", "avx2", "avx512"}, *const stems[] = {"emg-mixed", "acc-mixed", "gaps"};
    static const double chunk_s[] = {0.11, 2.0, 1000.0};
    const char *const inputs[3] = {"emg-mixed.edf", acc_file(), "gaps.csv"};
    const int set = _i / 3, threads = 1 + _i % 3;
    if (myo_isa_limit(sets[set], NULL) != MYO_OK) {
        printf("skipped: no %s here\n", sets[set]);
        return;
    }
    for (int k = 0; k < 3; k++) {
        detect_one(inputs[k], "plainly", &usual);
        for (int c = 0; c < 3; c++) {
            const setup how = {.chunk_s = chunk_s[c], .threads = threads, .isa = sets[set]};
            detect_one(inputs[k], "otherwise", &how);
            assert_same_files(stems[k], "plainly", "otherwise");
        }
    }
    assert_at_least("plainly", "emg-mixed_bursts.tsv", 10);
    assert_at_least("plainly", "acc-mixed_bursts.tsv", 5);
    assert_at_least("plainly", "gaps_bursts.tsv", 40);
}
END_TEST

START_TEST(two_runs_are_the_same)
{
    detect_one(emg_file(), "first", &usual);
    detect_one(acc_file(), "between", &usual);
    detect_one(emg_file(), "second", &usual);
    detect_one(emg_file(), "second", &usual); /* and over its own results */
    assert_same_files("emg-hard", "first", "second");
}
END_TEST

START_TEST(company_does_not_matter)
{
    const char *const inputs[2] = {path_of(acc_file()), path_of(emg_file())};
    detect(inputs, 2, "both", &usual);
    detect_one(emg_file(), "alone", &usual);
    assert_same_files("emg-hard", "both", "alone");
}
END_TEST

/* ---- what may matter in a known way ---- */

/* Every row of a between from_s and to_s must have its like in b: same channel and type, onset moved by move_s. */
static int assert_moved(const tsv *a, const tsv *b, double from_s, double to_s, double move_s, double tol_s)
{
    int n = 0;
    for (int i = 1; i < a->n_rows; i++) {
        const double on = tsv_number(a, i, "onset");
        if (on < from_s || on > to_s) {
            continue;
        }
        bool found = false;
        for (int j = 1; j < b->n_rows && !found; j++) {
            found = fabs(tsv_number(b, j, "onset") - on - move_s) <= tol_s &&
                    fabs(tsv_number(b, j, "duration") - tsv_number(a, i, "duration")) <= 2.0 * tol_s &&
                    strcmp(tsv_text(b, j, "channel"), tsv_text(a, i, "channel")) == 0;
        }
        ck_assert_msg(found, "nothing like %s at %g s (%s)", tsv_text(a, i, "channel"), on, tsv_text(a, i, "duration"));
        n++;
    }
    return n;
}

START_TEST(shifted_input_shifts_bursts)
{
    static const int shifts[] = {1, 137, 1000, 9973};
    const int k = shifts[_i];
    float *x[2];
    make_emg(x, N_EMG);
    float *late[2] = {x[0] + k, x[1] + k};
    write_csv("late.csv", late, 2, N_EMG - k);
    detect_one("plain.csv", "plain", &emg_csv);
    detect_one("late.csv", "late", &emg_csv);
    tsv *a = table("plain", "plain_bursts.tsv"), *b = table("late", "late_bursts.tsv");
    /* one sample, and half a microsecond for six decimals */
    const int n = assert_moved(a, b, 1.0 + k / FS, 59.0, -k / FS, 1.0 / FS + 5e-7);
    ck_assert_int_ge(n, 40);
    ck_assert_int_ge(assert_moved(b, a, 1.0, 59.0 - k / FS, k / FS, 1.0 / FS + 5e-7), 40);
    tsv_free(a);
    tsv_free(b);
    free_emg(x);
}
END_TEST

START_TEST(polarity_changes_no_time)
{
    float *x[2];
    make_emg(x, N_EMG);
    for (int i = 0; i < N_EMG; i++) {
        x[0][i] = -x[0][i];
        x[1][i] = -x[1][i];
    }
    write_csv("turned.csv", x, 2, N_EMG);
    detect_one("plain.csv", "plain", &emg_csv);
    detect_one("turned.csv", "turned", &emg_csv);
    static const char *const same[] = {"onset", "duration", "channel", "peak_time", "peak", "rms", "area", "snr_db",
                                       "rise_ms", "fall_ms", "median_freq_hz", "crest", "template_corr", "flags"};
    tsv *a = table("plain", "plain_bursts.tsv"), *b = table("turned", "turned_bursts.tsv");
    ck_assert_int_eq(a->n_rows, b->n_rows);
    ck_assert_int_ge(a->n_rows, 50);
    for (int i = 1; i < a->n_rows; i++) {
        for (int k = 0; k < 14; k++) {
            ck_assert_str_eq(tsv_text(a, i, same[k]), tsv_text(b, i, same[k]));
        }
    }
    tsv_free(a);
    tsv_free(b);
    free_emg(x);
}
END_TEST

START_TEST(scale_of_uncalibrated_samples_changes_no_time)
{
    static const float factors[] = {8.0f, 0.03125f, 1000.0f, 0.3f};
    const setup bare = {.chunk_s = 2.0, .threads = 1, .isa = "auto",
                        .open = {.fs = 1000.0, .channels = "1=EMG,2=EMG"}};
    float *x[2];
    make_emg(x, N_EMG);
    for (int i = 0; i < N_EMG; i++) {
        x[0][i] *= factors[_i];
        x[1][i] *= factors[_i];
    }
    write_csv("scaled.csv", x, 2, N_EMG);
    detect_one("plain.csv", "bare", &bare);
    detect_one("scaled.csv", "scaled", &bare);
    tsv *a = table("bare", "plain_bursts.tsv"), *b = table("scaled", "scaled_bursts.tsv");
    ck_assert_int_eq(a->n_rows, b->n_rows);
    ck_assert_int_ge(a->n_rows, 50);
    for (int i = 1; i < a->n_rows; i++) {
        /* powers of two are exact; others round */
        ck_assert_double_eq_tol(tsv_number(a, i, "onset"), tsv_number(b, i, "onset"), _i < 2 ? 1e-9 : 1.0 / FS + 5e-7);
        ck_assert_double_eq_tol(tsv_number(a, i, "duration"), tsv_number(b, i, "duration"),
                                _i < 2 ? 1e-9 : 2.0 / FS + 5e-7);
        ck_assert_str_eq(tsv_text(a, i, "unit"), "au");
        ck_assert_double_eq_tol(tsv_number(b, i, "rms") / tsv_number(a, i, "rms") / factors[_i], 1.0, 0.05);
    }
    tsv_free(a);
    tsv_free(b);
    free_emg(x);
}
END_TEST

START_TEST(missing_samples_stay_local)
{
    static const int lengths[] = {1, 20, 3000};
    const int from = 30210, to = from + lengths[_i];
    float *x[2];
    make_emg(x, N_EMG);
    for (int i = from; i < to; i++) {
        x[0][i] = NAN; /* the first channel only */
    }
    write_csv("holes.csv", x, 2, N_EMG);
    detect_one("plain.csv", "plain", &emg_csv);
    detect_one("holes.csv", "holes", &emg_csv);
    tsv *a = table("plain", "plain_bursts.tsv"), *b = table("holes", "holes_bursts.tsv");
    int n = assert_moved(a, b, 0.0, from / FS - 0.5, 0.0, 2.0 / FS);
    n += assert_moved(a, b, to / FS + 0.5, 60.0, 0.0, 2.0 / FS);
    ck_assert_int_ge(n, 45);
    for (int i = 1; i < b->n_rows; i++) { /* nothing is found inside the hole */
        const double on = tsv_number(b, i, "onset"), off = on + tsv_number(b, i, "duration");
        ck_assert(strcmp(tsv_text(b, i, "channel"), tsv_text(b, 1, "channel")) != 0 || off <= from / FS + 1e-6 ||
                  on >= to / FS - 1e-6 || lengths[_i] == 1);
    }
    tsv *c = table("holes", "holes_channels.tsv");
    ck_assert_double_eq_tol(tsv_number(c, 1, "gap_s"), lengths[_i] / FS, 1e-6);
    ck_assert_double_eq_tol(tsv_number(c, 1, "usable_s"), 60.0 - lengths[_i] / FS, 1e-6);
    ck_assert_double_eq_tol(tsv_number(c, 2, "usable_s"), 60.0, 1e-6);
    tsv_free(a);
    tsv_free(b);
    tsv_free(c);
    free_emg(x);
}
END_TEST

/* ---- the tables themselves ---- */

START_TEST(tables_keep_their_order_and_links)
{
    detect_one(emg_file(), "order", &usual);
    tsv *e = table("order", "emg-hard_events.tsv"), *b = table("order", "emg-hard_bursts.tsv");
    int64_t last_event = 0, bursts_of_events = 0;
    for (int i = 1; i < e->n_rows; i++) {
        const int64_t id = strtoll(tsv_text(e, i, "event_id"), NULL, 10);
        ck_assert_int_gt(id, last_event);
        last_event = id;
        bursts_of_events += strtoll(tsv_text(e, i, "n_bursts"), NULL, 10);
        ck_assert_double_gt(tsv_number(e, i, "duration"), 0.0);
        ck_assert(i == 1 || tsv_number(e, i, "onset") >= tsv_number(e, i - 1, "onset"));
        ck_assert_double_ge(tsv_number(e, i, "confidence"), 0.0);
        ck_assert_double_le(tsv_number(e, i, "confidence"), 1.0);
    }
    ck_assert_int_eq(bursts_of_events, b->n_rows - 1);
    for (int i = 1; i < b->n_rows; i++) {
        const int event = atoi(tsv_text(b, i, "event_id"));
        ck_assert_int_ge(event, 1);
        ck_assert_int_lt(event, e->n_rows);
        ck_assert_str_eq(tsv_text(b, i, "channel"), tsv_text(e, event, "channel"));
        ck_assert_double_ge(tsv_number(b, i, "onset"), tsv_number(e, event, "onset") - 1e-6);
        ck_assert_double_le(tsv_number(b, i, "onset") + tsv_number(b, i, "duration"),
                            tsv_number(e, event, "onset") + tsv_number(e, event, "duration") + 2e-6);
        ck_assert(i == 1 || tsv_number(b, i, "onset") >= tsv_number(b, i - 1, "onset"));
    }
    tsv_free(e);
    tsv_free(b);
}
END_TEST

START_TEST(summary_counts_the_events)
{
    detect_one(emg_file(), "sum", &usual);
    tsv *e = table("sum", "emg-hard_events.tsv"), *s = table("sum", "emg-hard_summary.tsv");
    for (int i = 1; i < s->n_rows; i++) {
        const char *channel = tsv_text(s, i, "channel"), *type = tsv_text(s, i, "trial_type");
        int n = 0;
        for (int k = 1; k < e->n_rows; k++) {
            n += strcmp(tsv_text(e, k, "trial_type"), type) == 0 && strcmp(tsv_text(e, k, "channel"), channel) == 0;
        }
        if (strcmp(channel, "all") != 0) {
            ck_assert_int_eq(atoi(tsv_text(s, i, "n")), n);
        }
        const double per_h = n * 3600.0 / tsv_number(s, i, "exposure_s");
        ck_assert(strcmp(channel, "all") == 0 || fabs(tsv_number(s, i, "rate_per_h") - per_h) <= 1e-4 * (1.0 + per_h));
    }
    ck_assert_int_eq(s->n_rows - 1, 8 * 3); /* two channels and all */
    tsv_free(e);
    tsv_free(s);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("detect");
    TCase *c = tcase_create("detect");
    tcase_set_timeout(c, 120);
    tcase_add_unchecked_fixture(c, setup_root, remove_root);
    tcase_add_loop_test(c, blocks_do_not_matter, 0, 3);
    tcase_add_loop_test(c, threads_do_not_matter, 0, 2);
    tcase_add_loop_test(c, instruction_set_does_not_matter, 0, 3);
    tcase_add_loop_test(c, nothing_of_them_matters, 0, 12);
    tcase_add_test(c, two_runs_are_the_same);
    tcase_add_test(c, company_does_not_matter);
    tcase_add_loop_test(c, shifted_input_shifts_bursts, 0, 4);
    tcase_add_test(c, polarity_changes_no_time);
    tcase_add_loop_test(c, scale_of_uncalibrated_samples_changes_no_time, 0, 4);
    tcase_add_loop_test(c, missing_samples_stay_local, 0, 3);
    tcase_add_test(c, tables_keep_their_order_and_links);
    tcase_add_test(c, summary_counts_the_events);
    suite_add_tcase(s, c);
    return sig_main(s);
}
