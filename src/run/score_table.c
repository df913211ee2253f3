/* score_table.c - rates from the counts of a score, and the tables that show them. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/base.h"
#include "myotab/table.h"
#include "run/score.h"

enum { ECE_BINS = 10 };

const char *myo_stratum_name(int s) {
    static const char *const names[MYO_N_STRATUM] = {"n/a", "<3", "3-6", "6-10", "10-20", ">=20"};
    return s >= 0 && s < MYO_N_STRATUM ? names[s] : "n/a";
}

void myo_score_sum(myo_score_count *into, const myo_score_count *c) {
    into->n_truth += c->n_truth;
    into->n_detected += c->n_detected;
    into->n_found += c->n_found;
    into->tp += c->tp;
    into->n_split += c->n_split;
    into->n_merge += c->n_merge;
    into->n_iou50 += c->n_iou50;
    into->onset_abs += c->onset_abs;
    into->onset_sum += c->onset_sum;
    into->offset_abs += c->offset_abs;
    into->duration_abs += c->duration_abs;
    into->duration_sum += c->duration_sum;
}

myo_score_count myo_score_of_class(const myo_score_result *r, myo_class cls) {
    myo_score_count all = {0};
    for (int s = 0; s < MYO_N_STRATUM; s++) {
        myo_score_sum(&all, &r->c[s][cls]);
    }
    return all;
}

myo_score_count myo_score_of_stratum(const myo_score_result *r, int stratum) {
    myo_score_count all = {0};
    for (int s = 0; s < MYO_N_STRATUM; s++) {
        for (int k = 0; k < MYO_N_CLASS && (stratum < 0 || s == stratum); k++) {
            if (myo_is_movement((myo_class)k)) {
                myo_score_sum(&all, &r->c[s][k]);
            }
        }
    }
    return all;
}

static double ratio(double a, double b) {
    return b > 0.0 ? a / b : NAN;
}

myo_score_rates myo_score_rates_of(const myo_score_count *c) {
    const double ms = 1000.0, n = (double)c->n_detected;
    return (myo_score_rates){
        .detection = ratio(n, (double)c->n_truth),
        .precision = ratio((double)c->tp, (double)c->n_found),
        .recall = ratio((double)c->tp, (double)c->n_truth),
        .f1 = ratio(2.0 * (double)c->tp, (double)(c->n_truth + c->n_found)),
        .onset_mae = ms * ratio(c->onset_abs, n),
        .onset_bias = ms * ratio(c->onset_sum, n),
        .offset_mae = ms * ratio(c->offset_abs, n),
        .duration_mae = ms * ratio(c->duration_abs, n),
        .duration_bias = ms * ratio(c->duration_sum, n),
    };
}

double myo_score_macro_f1(const myo_score_result *r) {
    double sum = 0.0;
    int n = 0;
    for (int k = 0; k < MYO_N_CLASS; k++) {
        const myo_score_count c = myo_score_of_class(r, (myo_class)k);
        if (myo_is_movement((myo_class)k) && c.n_truth > 0) {
            sum += myo_score_rates_of(&c).f1;
            n++;
        }
    }
    return ratio(sum, n);
}

double myo_score_false_per_h(const myo_score_result *r) {
    return r->n_no_exposure > 0 ? NAN : ratio((double)r->n_false, r->exposure_s / 3600.0);
}

static int compare_conf(const void *a, const void *b) {
    const myo_score_conf *x = a, *y = b;
    const int order = (x->p > y->p) - (x->p < y->p);
    return order ? order : (int)x->right - (int)y->right;
}

/* Sum over the bins of |right answers - expected ones|, over all answers. */
double myo_score_ece(myo_score_result *r) {
    if (r->n_conf == 0) {
        return NAN;
    }
    qsort(r->conf, r->n_conf, sizeof *r->conf, compare_conf);
    double sum = 0.0;
    for (size_t b = 0; b < ECE_BINS; b++) {
        double gap = 0.0;
        for (size_t i = b * r->n_conf / ECE_BINS; i < (b + 1) * r->n_conf / ECE_BINS; i++) {
            gap += (double)r->conf[i].right - (double)r->conf[i].p;
        }
        sum += fabs(gap);
    }
    return sum / (double)r->n_conf;
}

double myo_score_brier(const myo_score_result *r) {
    double sum = 0.0;
    for (size_t i = 0; i < r->n_conf; i++) {
        const double miss = (double)r->conf[i].right - (double)r->conf[i].p;
        sum += miss * miss;
    }
    return ratio(sum, (double)r->n_conf);
}

/* --- tables --- */

#define TEXT(name)                                                                                 \
    { name, MYO_COL_TEXT, "", "" }
#define INT(name)                                                                                  \
    { name, MYO_COL_INT, "", "" }
#define NUM(name)                                                                                  \
    { name, MYO_COL_NUM, "", "" }
enum { COUNT_COLS = 18, CONFUSION_COLS = MYO_N_CLASS + 2 };

static const myo_column count_cols[COUNT_COLS] = {
    TEXT("class"),
    INT("n_truth"),
    INT("n_detected"),
    INT("n_found"),
    INT("tp"),
    NUM("detection"),
    NUM("precision"),
    NUM("recall"),
    NUM("f1"),
    NUM("onset_mae_ms"),
    NUM("onset_bias_ms"),
    NUM("offset_mae_ms"),
    NUM("duration_mae_ms"),
    NUM("duration_bias_ms"),
    INT("n_iou50"),
    NUM("iou50"),
    INT("n_split"),
    INT("n_merge"),
};

static myo_err count_row(myo_table *t, const char *name, const myo_score_count *c) {
    const myo_score_rates r = myo_score_rates_of(c);
    const myo_cell cells[COUNT_COLS] = {
        {.text = name},
        {.i = c->n_truth},
        {.i = c->n_detected},
        {.i = c->n_found},
        {.i = c->tp},
        {.num = r.detection},
        {.num = r.precision},
        {.num = r.recall},
        {.num = r.f1},
        {.num = r.onset_mae},
        {.num = r.onset_bias},
        {.num = r.offset_mae},
        {.num = r.duration_mae},
        {.num = r.duration_bias},
        {.i = c->n_iou50},
        {.num = ratio((double)c->n_iou50, (double)c->n_detected)},
        {.i = c->n_split},
        {.i = c->n_merge},
    };
    return myo_table_row(t, cells);
}

/* Rows: the classes, or (strata) the SNR bands with all movement classes together. Bands that hold
 * nothing are left out. */
static myo_err print_counts(const myo_score_result *r, bool strata, FILE *f, myo_diag *d) {
    myo_column cols[COUNT_COLS];
    memcpy(cols, count_cols, sizeof cols);
    cols[0].name = strata ? "snr_db" : "class";
    const myo_schema schema = {"score", "", cols, COUNT_COLS};
    myo_table *t = NULL;
    MYO_TRY(myo_table_stream(&t, &schema, f, d));
    for (int i = 0; i < (strata ? (int)MYO_N_STRATUM : (int)MYO_N_CLASS); i++) {
        const myo_score_count c =
            strata ? myo_score_of_stratum(r, i) : myo_score_of_class(r, (myo_class)i);
        if ((!strata && myo_class_is_usual((myo_class)i)) || c.n_truth + c.n_found > 0) {
            count_row(t, strata ? myo_stratum_name(i) : myo_class_name((myo_class)i), &c);
        }
    }
    return myo_table_close(&t);
}

/* Counts as integers beside rates: a column of text. No value is negative. */
static myo_err overall_row(myo_table *t, const char *name, bool is_count, double value) {
    char s[32];
    if (is_count) {
        snprintf(s, sizeof s, "%.0f", value);
    } else {
        myo_format_g(s, sizeof s, value, 6);
    }
    const myo_cell cells[] = {{.text = name}, {.text = s}};
    return myo_table_row(t, cells);
}

static myo_err print_overall(myo_score_result *r, FILE *f, myo_diag *d) {
    static const myo_column cols[] = {TEXT("metric"), TEXT("value")};
    static const myo_schema schema = {"score", "", cols, 2};
    const myo_score_count all = myo_score_of_stratum(r, -1);
    const myo_score_rates rates = myo_score_rates_of(&all);
    const struct {
        const char *name;
        bool is_count;
        double value;
    } rows[] = {
        {"recordings", true, r->n_recordings},
        {"detection_recall", false, rates.detection},
        {"class_precision", false, rates.precision},
        {"class_recall", false, rates.recall},
        {"class_f1", false, rates.f1},
        {"macro_f1", false, myo_score_macro_f1(r)},
        {"false_alarms", true, (double)r->n_false},
        {"channel_hours", false, r->n_no_exposure ? NAN : r->exposure_s / 3600.0},
        {"false_alarms_per_channel_hour", false, myo_score_false_per_h(r)},
        {"set_aside", true, (double)r->n_set_aside},
        {"faint_truth", true, (double)r->n_free},
        {"ignored_events", true, (double)r->n_ignored},
        {"n_confidence", true, (double)r->n_conf},
        {"ece", false, myo_score_ece(r)},
        {"brier", false, myo_score_brier(r)},
    };
    myo_table *t = NULL;
    MYO_TRY(myo_table_stream(&t, &schema, f, d));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        overall_row(t, rows[i].name, rows[i].is_count, rows[i].value);
    }
    return myo_table_close(&t);
}

/* A preset's class is shown where there is one. */
static bool is_counted(const myo_score_result *r, int cls) {
    int64_t n = cls == MYO_N_CLASS || myo_class_is_usual((myo_class)cls);
    for (int k = 0; k <= MYO_N_CLASS; k++) {
        n += r->confusion[cls][k] + r->confusion[k][cls];
    }
    return n > 0;
}

static myo_err print_confusion(const myo_score_result *r, FILE *f, myo_diag *d) {
    myo_column cols[CONFUSION_COLS] = {TEXT("truth")};
    int shown[MYO_N_CLASS + 1], n = 0;
    for (int k = 0; k <= MYO_N_CLASS; k++) {
        if (is_counted(r, k)) {
            const char *name = k < MYO_N_CLASS ? myo_class_name((myo_class)k) : "missed";
            cols[n + 1] = (myo_column)INT(name);
            shown[n++] = k;
        }
    }
    const myo_schema schema = {"score", "", cols, n + 1};
    myo_table *t = NULL;
    MYO_TRY(myo_table_stream(&t, &schema, f, d));
    for (int i = 0; i < n; i++) {
        myo_cell cells[CONFUSION_COLS] = {
            {.text = shown[i] < MYO_N_CLASS ? myo_class_name((myo_class)shown[i]) : "extra"}};
        for (int k = 0; k < n; k++) {
            const bool corner = i == n - 1 && k == n - 1; /* neither true nor found */
            cells[k + 1].i = corner ? MYO_NO_INT : r->confusion[shown[i]][shown[k]];
        }
        myo_table_row(t, cells);
    }
    return myo_table_close(&t);
}

static myo_err blank_line(FILE *f, myo_diag *d) {
    return fputc('\n', f) != EOF
               ? MYO_OK
               : myo_fail(d, MYO_ERR_OUTPUT, "standard output: cannot be written (%s)",
                          strerror(errno));
}

myo_err myo_score_print(myo_score_result *r, FILE *f, myo_diag *d) {
    MYO_TRY(print_counts(r, false, f, d));
    MYO_TRY(blank_line(f, d));
    MYO_TRY(print_counts(r, true, f, d));
    MYO_TRY(blank_line(f, d));
    MYO_TRY(print_overall(r, f, d));
    MYO_TRY(blank_line(f, d));
    return print_confusion(r, f, d);
}
