/* pairs.c - numbers, intervals, reliability and cells from the pairs of a table. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/base.h"
#include "pairs.h"
#include "run/score.h"

const char *const acc_number_names[ACC_N_NUMBER] = {
    "detection_recall", "false_alarms_per_channel_hour", "macro_f1", "jerk_f1", "jerk_onset_mae_ms", "jerk_duration_mae_ms",
    "ece", "macro_f1_from_20_db", "jerk_f1_from_20_db", "jerk_onset_mae_ms_from_20_db", "jerk_duration_mae_ms_from_20_db",
    "tremor_freq_mae_hz", "error", "error_at_80_coverage", "error_share_at_80_coverage",
};

/* Resamples of the recordings: a recording is what may differ as a whole (its person, rate and noise). */
enum { N_RESAMPLES = 500, BOOT_SEED = 1, BINS = 10 };

bool acc_pairs_begin(acc_pairs *a, const char *rate, const char *scenario) {
    void *rec = a->rec;
    if (myo_grow(&rec, &a->cap_rec, a->n_rec + 1, sizeof *a->rec) != MYO_OK) {
        return false;
    }
    a->rec = rec;
    a->rec[a->n_rec++] = (acc_source){rate, scenario, 0.0};
    return true;
}

bool acc_pairs_add(acc_pairs *a, const myo_mark *t, const myo_mark *f) {
    void *pair = a->pair;
    if (myo_grow(&pair, &a->cap, a->n + 1, sizeof *a->pair) != MYO_OK) {
        return false;
    }
    a->pair = pair;
    acc_pair p = {.recording = (int)a->n_rec - 1, .truth = t ? (int)t->cls : ACC_NONE, .found = f ? (int)f->cls : ACC_NONE,
                  .snr_db = t ? t->snr_db : f->snr_db, .p = f ? f->confidence : NAN, .freq_hz = NAN};
    if (t && f) {
        p.onset_s = fabs(f->on - t->on);
        p.duration_s = fabs((f->off - f->on) - (t->off - t->on));
        p.freq_hz = fabs(f->freq_hz - t->freq_hz);
    }
    a->pair[a->n++] = p;
    return true;
}

void acc_pairs_clear(acc_pairs *a) {
    myo_free(a->pair);
    myo_free(a->rec);
    *a = (acc_pairs){0};
}

/* ---- numbers ---- */

static bool moves(int cls) {
    return cls != ACC_NONE && myo_is_movement((myo_class)cls);
}

static double over(double a, double b) {
    return b > 0.0 ? a / b : NAN;
}

typedef struct tally {
    double truth[MYO_N_CLASS], found[MYO_N_CLASS], tp[MYO_N_CLASS];
    double n_jerk, onset, duration; /* of jerks detected */
} tally;

static void add_pair(tally *y, const acc_pair *p, double w) {
    if (p->truth != ACC_NONE) {
        y->truth[p->truth] += w;
    }
    if (p->found != ACC_NONE) {
        y->found[p->found] += w;
        y->tp[p->found] += p->truth == p->found ? w : 0.0;
    }
    if (p->truth == MYO_JERK && p->found != ACC_NONE && p->found != MYO_ARTEFACT) {
        y->n_jerk += w;
        y->onset += w * p->onset_s;
        y->duration += w * p->duration_s;
    }
}

static double f1(const tally *y, int k) {
    return over(2.0 * y->tp[k], y->truth[k] + y->found[k]);
}

static double macro_f1(const tally *y) {
    double sum = 0.0, n = 0.0;
    for (int k = 0; k < MYO_N_CLASS; k++) {
        if (moves(k) && y->truth[k] > 0.0) {
            sum += f1(y, k);
            n++;
        }
    }
    return over(sum, n);
}

/* A found movement that says how sure it is; counted w times. */
typedef struct said {
    double p, right, w;
} said;

static int less_sure(const void *a, const void *b) {
    const said *x = a, *y = b;
    return x->p != y->p ? (x->p > y->p) - (x->p < y->p) : (x->right > y->right) - (x->right < y->right);
}

static size_t list_said(const acc_pairs *a, const int *draw, said *s) {
    size_t n = 0;
    for (size_t i = 0; i < a->n; i++) {
        const acc_pair *p = &a->pair[i];
        const int w = draw ? draw[p->recording] : 1;
        for (int k = 0; moves(p->found) && !isnan(p->p) && k < w; k++) {
            s[n++] = (said){p->p, p->truth == p->found, 1.0};
        }
    }
    if (n > 1) {
        qsort(s, n, sizeof *s, less_sure);
    }
    return n;
}

static double ece_of(const said *s, size_t n) {
    double sum = 0.0;
    for (size_t b = 0; b < BINS; b++) {
        double gap = 0.0;
        for (size_t i = b * n / BINS; i < (b + 1) * n / BINS; i++) {
            gap += s[i].right - s[i].p;
        }
        sum += fabs(gap);
    }
    return over(sum, (double)n);
}

/* Share wrong among the surest; n sorted by confidence. */
static double error_at(const said *s, size_t n, double coverage) {
    const size_t m = (size_t)llround(coverage * (double)n);
    double wrong = 0.0;
    for (size_t i = n - m; i < n; i++) {
        wrong += 1.0 - s[i].right;
    }
    return over(wrong, (double)m);
}

static size_t most_said(const acc_pairs *a) {
    return a->n * (a->n_rec + 1) + 1; /* every draw the same recording */
}

static void sure_numbers(const acc_pairs *a, const int *draw, said *s, double v[ACC_N_NUMBER]) {
    const size_t n = list_said(a, draw, s);
    v[ACC_ECE] = ece_of(s, n);
    v[ACC_ERROR] = error_at(s, n, 1.0);
    v[ACC_ERROR_80] = error_at(s, n, 0.8);
    v[ACC_ERROR_SHARE] = over(v[ACC_ERROR_80], v[ACC_ERROR]);
}

static void numbers(const acc_pairs *a, const int *draw, said *s, double v[ACC_N_NUMBER]) {
    static const double CLEAN_DB = 20.0;
    tally all = {.n_jerk = 0.0}, clean = {.n_jerk = 0.0};
    double exposure = 0.0, n_true = 0.0, n_detected = 0.0, n_false = 0.0, n_freq = 0.0, freq = 0.0;
    for (size_t i = 0; i < a->n_rec; i++) {
        exposure += a->rec[i].exposure_s * (draw ? draw[i] : 1);
    }
    for (size_t i = 0; i < a->n; i++) {
        const acc_pair *p = &a->pair[i];
        const double w = draw ? draw[p->recording] : 1;
        add_pair(&all, p, w);
        if (!(p->snr_db < CLEAN_DB)) {
            add_pair(&clean, p, w);
        }
        n_true += moves(p->truth) ? w : 0.0;
        n_detected += moves(p->truth) && p->found != ACC_NONE && p->found != MYO_ARTEFACT ? w : 0.0;
        n_false += moves(p->found) && !moves(p->truth) ? w : 0.0;
        if (p->truth == MYO_TREMOR && p->found == MYO_TREMOR && !isnan(p->freq_hz)) {
            n_freq += w;
            freq += w * p->freq_hz;
        }
    }
    v[ACC_DETECTION] = over(n_detected, n_true);
    v[ACC_FALSE_PER_H] = over(n_false, exposure / 3600.0);
    v[ACC_MACRO_F1] = macro_f1(&all);
    v[ACC_JERK_F1] = f1(&all, MYO_JERK);
    v[ACC_ONSET_MAE] = 1000.0 * over(all.onset, all.n_jerk);
    v[ACC_DURATION_MAE] = 1000.0 * over(all.duration, all.n_jerk);
    v[ACC_MACRO_F1_20] = macro_f1(&clean);
    v[ACC_JERK_F1_20] = f1(&clean, MYO_JERK);
    v[ACC_ONSET_MAE_20] = 1000.0 * over(clean.onset, clean.n_jerk);
    v[ACC_DURATION_MAE_20] = 1000.0 * over(clean.duration, clean.n_jerk);
    v[ACC_FREQ_MAE] = over(freq, n_freq);
    sure_numbers(a, draw, s, v);
}

static said *new_said(const acc_pairs *a) {
    said *s = myo_alloc(most_said(a), sizeof *s);
    if (!s) {
        fputs("accuracy: no memory\n", stderr);
        exit(1);
    }
    return s;
}

void acc_numbers(const acc_pairs *a, const int *draw, double v[ACC_N_NUMBER]) {
    said *s = new_said(a);
    numbers(a, draw, s, v);
    myo_free(s);
}

/* ---- blocks ---- */

static void put(FILE *f, double v, int decimals, char after) {
    char s[64];
    myo_format_fixed(s, sizeof s, v, decimals);
    fprintf(f, "%s%c", s, after);
}

static int by_value(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The q-th quantile of those that are numbers. */
static double quantile(double *x, size_t n, double q) {
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isnan(x[i])) {
            x[m++] = x[i];
        }
    }
    if (m == 0) {
        return NAN;
    }
    qsort(x, m, sizeof *x, by_value);
    return x[(size_t)llround(q * (double)(m - 1))];
}

void acc_print_intervals(const acc_pairs *a, FILE *f) {
    static double sample[ACC_N_NUMBER][N_RESAMPLES];
    double v[ACC_N_NUMBER];
    int *draw = myo_alloc(a->n_rec + 1, sizeof *draw);
    said *s = new_said(a);
    myo_rng rng;
    myo_rng_seed(&rng, BOOT_SEED, 0);
    for (int b = 0; draw && b < N_RESAMPLES; b++) {
        memset(draw, 0, sizeof *draw * (a->n_rec + 1));
        for (size_t i = 0; i < a->n_rec; i++) {
            draw[(size_t)(myo_rng_uniform(&rng) * (double)a->n_rec)]++;
        }
        numbers(a, draw, s, v);
        for (int k = 0; k < ACC_N_NUMBER; k++) {
            sample[k][b] = v[k];
        }
    }
    numbers(a, NULL, s, v);
    fputs("\nnumber\tvalue\tlow_95\thigh_95\n", f);
    for (int k = 0; k < ACC_N_NUMBER; k++) {
        fprintf(f, "%s\t", acc_number_names[k]);
        put(f, v[k], 4, '\t');
        put(f, quantile(sample[k], N_RESAMPLES, 0.025), 4, '\t');
        put(f, quantile(sample[k], N_RESAMPLES, 0.975), 4, '\n');
    }
    myo_free(s);
    myo_free(draw);
}

void acc_print_reliability(const acc_pairs *a, FILE *f) {
    said *s = new_said(a);
    const size_t n = list_said(a, NULL, s);
    fputs("\nconfidence_bin\tn\tmean_confidence\tright\n", f);
    for (size_t b = 0; b < BINS && n > 0; b++) {
        const size_t from = b * n / BINS, to = (b + 1) * n / BINS;
        double p = 0.0, right = 0.0;
        for (size_t i = from; i < to; i++) {
            p += s[i].p;
            right += s[i].right;
        }
        fprintf(f, "%zu\t%zu\t", b + 1, to - from);
        put(f, over(p, (double)(to - from)), 4, '\t');
        put(f, over(right, (double)(to - from)), 4, '\n');
    }
    fputs("\ncoverage\terror\n", f);
    for (int c = 100; c >= 50 && n > 0; c -= 5) {
        fprintf(f, "%.2f\t", c / 100.0);
        put(f, error_at(s, n, c / 100.0), 4, '\n');
    }
    myo_free(s);
}

/* ---- cells ---- */

static const struct band {
    const char *name;
    double from, below;
} bands[] = {{"<3", -INFINITY, 3.0}, {"3-6", 3.0, 6.0}, {"6-10", 6.0, 10.0}, {"10-20", 10.0, 20.0}, {">=20", 20.0, INFINITY}};
enum { N_BAND = (int)(sizeof bands / sizeof bands[0]) };

/* Is recording i the first of its rate and scenario? */
static bool leads(const acc_pairs *a, size_t i) {
    for (size_t k = 0; k < i; k++) {
        if (strcmp(a->rec[k].rate, a->rec[i].rate) == 0 && strcmp(a->rec[k].scenario, a->rec[i].scenario) == 0) {
            return false;
        }
    }
    return true;
}

static void print_cell(const acc_pairs *a, const acc_source *of, int cls, const struct band *b, FILE *f) {
    tally y = {.n_jerk = 0.0};
    double detected = 0.0, onset = 0.0;
    for (size_t i = 0; i < a->n; i++) {
        const acc_pair *p = &a->pair[i];
        const acc_source *r = &a->rec[p->recording];
        if (strcmp(r->rate, of->rate) != 0 || strcmp(r->scenario, of->scenario) != 0 ||
            !(p->snr_db >= b->from && p->snr_db < b->below)) {
            continue;
        }
        add_pair(&y, p, 1.0);
        if (p->truth == cls && p->found != ACC_NONE && p->found != MYO_ARTEFACT) {
            detected++;
            onset += p->onset_s;
        }
    }
    if (y.truth[cls] + y.found[cls] > 0.0) {
        fprintf(f, "%s\t%s\t%s\t%s\t%.0f\t%.0f\t%.0f\t%.0f\t", myo_class_name((myo_class)cls), b->name, of->rate,
                of->scenario, y.truth[cls], detected, y.found[cls], y.tp[cls]);
        put(f, f1(&y, cls), 4, '\t');
        put(f, 1000.0 * over(onset, detected), 3, '\n');
    }
}

void acc_print_cells(const acc_pairs *a, FILE *f) {
    fputs("\nclass\tsnr_db\trate_hz\tscenario\tn_truth\tn_detected\tn_found\ttp\tf1\tonset_mae_ms\n", f);
    for (int cls = 0; cls < MYO_N_CLASS; cls++) {
        for (int b = 0; moves(cls) && b < N_BAND; b++) {
            for (size_t i = 0; i < a->n_rec; i++) {
                if (leads(a, i)) {
                    print_cell(a, &a->rec[i], cls, &bands[b], f);
                }
            }
        }
    }
}
