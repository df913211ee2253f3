/* tables.c - jerks by SNR band, and the tables of the accuracy suite. */
#include <math.h>
#include <string.h>
#include "accuracy.h"
#include "run/score_match.h"

static const struct band {
    const char *name;
    double from, below;
} k_band[ACC_N_BAND] = {
    [ACC_BAND_LOW] = {"<8", -INFINITY, 8.0},       [ACC_BAND_10] = {"8-12", 8.0, 12.0},
    [ACC_BAND_MID] = {"12-20", 12.0, 20.0},        [ACC_BAND_20] = {">=20", 20.0, INFINITY},
    [ACC_BAND_FROM_10] = {">=10", 10.0, INFINITY},
};

/* --- listening --- */

static void add_error(myo_score_count *c, const myo_mark *t, const myo_mark *f) {
    const double onset = f->on - t->on, offset = f->off - t->off;
    c->n_detected++;
    c->tp += f->cls == MYO_JERK;
    c->onset_abs += fabs(onset);
    c->onset_sum += onset;
    c->offset_abs += fabs(offset);
    c->duration_abs += fabs(offset - onset);
    c->duration_sum += offset - onset;
}

/* The true event's SNR decides, an extra one's own; where that is unknown it counts in each band.
 */
static void count_jerk(acc_table *a, const myo_mark *t, const myo_mark *f) {
    const double snr = t ? t->snr_db : f->snr_db;
    for (int b = 0; b < ACC_N_BAND; b++) {
        if (snr < k_band[b].from || snr >= k_band[b].below) {
            continue;
        }
        a->jerk[b].n_truth += t && t->cls == MYO_JERK;
        a->jerk[b].n_found += f && f->cls == MYO_JERK;
        if (t && t->cls == MYO_JERK && f && f->cls != MYO_ARTEFACT) {
            add_error(&a->jerk[b], t, f);
        }
    }
}

void acc_misses_header(FILE *f) {
    fputs("recording\tchannel\ttruth\tfound\ttrue_onset\ttrue_duration\ttrue_snr_db\tonset\t"
          "duration\tsnr_db\tconfidence\n",
          f);
}

static void put_num(FILE *f, double v, int decimals, char after) {
    char s[64];
    myo_format_fixed(s, sizeof s, v, decimals);
    fprintf(f, "%s%c", s, after);
}

static void list_miss(const acc_table *a, const char *channel, const myo_mark *t,
                      const myo_mark *f) {
    fprintf(a->misses, "%s\t%s\t%s\t%s\t", a->recording, channel,
            t ? myo_class_name(t->cls) : "extra", f ? myo_class_name(f->cls) : "missed");
    put_num(a->misses, t ? t->on : NAN, 6, '\t');
    put_num(a->misses, t ? t->off - t->on : NAN, 6, '\t');
    put_num(a->misses, t ? t->snr_db : NAN, 2, '\t');
    put_num(a->misses, f ? f->on : NAN, 6, '\t');
    put_num(a->misses, f ? f->off - f->on : NAN, 6, '\t');
    put_num(a->misses, f ? f->snr_db : NAN, 2, '\t');
    put_num(a->misses, f ? f->confidence : NAN, 4, '\n');
}

void acc_seen(void *table, const char *channel, const myo_mark *t, const myo_mark *f) {
    acc_table *a = table;
    count_jerk(a, t, f);
    if (!acc_pairs_add(&a->pairs, t, f)) {
        acc_stop(a->name, "no memory");
    }
    const bool right = t && f && t->cls == f->cls;
    if (a->misses && !right) {
        list_miss(a, channel, t, f);
    }
}

/* --- numbers --- */

static double per_hour(double n, const acc_table *a) {
    return a->all.n_no_exposure == 0 && a->all.exposure_s > 0.0 ? n / (a->all.exposure_s / 3600.0)
                                                                : NAN;
}

typedef struct metric {
    const char *name;
    double value;
    int decimals;
} metric;
enum { N_METRICS = 22 };

static void list_metrics(acc_table *a, metric m[N_METRICS]) {
    const myo_score_count sum = myo_score_of_stratum(&a->all, -1);
    const myo_score_rates all = myo_score_rates_of(&sum);
    myo_score_rates jerk[ACC_N_BAND];
    for (int b = 0; b < ACC_N_BAND; b++) {
        jerk[b] = myo_score_rates_of(&a->jerk[b]);
    }
    const metric list[N_METRICS] = {
        {"recordings", a->all.n_recordings, 0},
        {"channel_hours", per_hour(1.0, a) > 0.0 ? a->all.exposure_s / 3600.0 : NAN, 4},
        {"events", (double)sum.n_truth, 0},
        {"detection_recall", all.detection, 4},
        {"class_precision", all.precision, 4},
        {"class_recall", all.recall, 4},
        {"class_f1", all.f1, 4},
        {"macro_f1", myo_score_macro_f1(&a->all), 4},
        {"jerk_f1_from_10_db", jerk[ACC_BAND_FROM_10].f1, 4},
        {"jerk_onset_mae_ms_from_20_db", jerk[ACC_BAND_20].onset_mae, 3},
        {"jerk_onset_mae_ms_at_10_db", jerk[ACC_BAND_10].onset_mae, 3},
        {"false_alarms", (double)a->all.n_false, 0},
        {"false_alarms_inside_events", (double)a->all.n_part, 0},
        {"false_alarms_per_channel_hour", myo_score_false_per_h(&a->all), 4},
        {"set_aside", (double)a->all.n_set_aside, 0},
        {"set_aside_per_channel_hour", per_hour((double)a->all.n_set_aside, a), 4},
        {"split", (double)sum.n_split, 0},
        {"merge", (double)sum.n_merge, 0},
        {"faint_truth", (double)a->all.n_free, 0},
        {"ignored_events", (double)a->all.n_ignored, 0},
        {"ece", myo_score_ece(&a->all), 4},
        {"brier", myo_score_brier(&a->all), 4},
    };
    memcpy(m, list, sizeof list);
}

bool acc_metric(acc_table *a, const char *name, double *value) {
    metric m[N_METRICS];
    list_metrics(a, m);
    for (int i = 0; i < N_METRICS; i++) {
        if (strcmp(m[i].name, name) == 0) {
            *value = m[i].value;
            return true;
        }
    }
    double v[ACC_N_NUMBER];
    acc_numbers(&a->pairs, NULL, v);
    for (int i = 0; i < ACC_N_NUMBER; i++) {
        if (strcmp(acc_number_names[i], name) == 0) {
            *value = v[i];
            return true;
        }
    }
    return false;
}

/* --- blocks --- */

static void counts_header(const char *first, FILE *f) {
    fprintf(f,
            "%s\tn_truth\tn_detected\tn_found\ttp\tdetection\tprecision\trecall\tf1\t"
            "onset_mae_ms\tonset_bias_ms\toffset_mae_ms\tduration_mae_ms\tduration_bias_ms\t"
            "n_split\tn_merge\n",
            first);
}

static void counts_row(const char *name, const myo_score_count *c, FILE *f) {
    const myo_score_rates r = myo_score_rates_of(c);
    fprintf(f, "%s\t%lld\t%lld\t%lld\t%lld\t", name, (long long)c->n_truth,
            (long long)c->n_detected, (long long)c->n_found, (long long)c->tp);
    const double share[] = {r.detection, r.precision, r.recall, r.f1};
    for (size_t i = 0; i < sizeof share / sizeof *share; i++) {
        put_num(f, share[i], 4, '\t');
    }
    const double ms[] = {r.onset_mae, r.onset_bias, r.offset_mae, r.duration_mae, r.duration_bias};
    for (size_t i = 0; i < sizeof ms / sizeof *ms; i++) {
        put_num(f, ms[i], 3, '\t');
    }
    fprintf(f, "%lld\t%lld\n", (long long)c->n_split, (long long)c->n_merge);
}

static void print_classes(const acc_table *a, FILE *f) {
    counts_header("class", f);
    for (int k = 0; k < MYO_N_CLASS; k++) {
        const myo_score_count c = myo_score_of_class(&a->all, (myo_class)k);
        if (c.n_truth + c.n_found > 0) {
            counts_row(myo_class_name((myo_class)k), &c, f);
        }
    }
}

static void print_strata(const acc_table *a, FILE *f) {
    counts_header("snr_db", f);
    for (int s = 0; s < MYO_N_STRATUM; s++) {
        const myo_score_count c = myo_score_of_stratum(&a->all, s);
        if (c.n_truth + c.n_found > 0) {
            counts_row(myo_stratum_name(s), &c, f);
        }
    }
}

/* Parts and covers are not told to listeners: no such columns here. */
static void print_jerks(const acc_table *a, FILE *f) {
    fputs("jerks_snr_db\tn_truth\tn_detected\tn_found\ttp\tdetection\tf1\tonset_mae_ms\t"
          "onset_bias_ms\toffset_mae_ms\tduration_mae_ms\tduration_bias_ms\n",
          f);
    for (int b = 0; b < ACC_N_BAND; b++) {
        const myo_score_count *c = &a->jerk[b];
        const myo_score_rates r = myo_score_rates_of(c);
        fprintf(f, "%s\t%lld\t%lld\t%lld\t%lld\t", k_band[b].name, (long long)c->n_truth,
                (long long)c->n_detected, (long long)c->n_found, (long long)c->tp);
        put_num(f, r.detection, 4, '\t');
        put_num(f, r.f1, 4, '\t');
        put_num(f, r.onset_mae, 3, '\t');
        put_num(f, r.onset_bias, 3, '\t');
        put_num(f, r.offset_mae, 3, '\t');
        put_num(f, r.duration_mae, 3, '\t');
        put_num(f, r.duration_bias, 3, '\n');
    }
}

static void print_groups(const acc_table *a, const char *column, FILE *f) {
    fprintf(f,
            "%s\trecordings\tn_truth\tdetection\tclass_recall\tmacro_f1\tjerk_f1\t"
            "jerk_onset_mae_ms\tfalse_alarms_per_channel_hour\n",
            column);
    for (int i = 0; i < a->n_groups; i++) {
        const myo_score_result *r = &a->group[i].score;
        if (strcmp(a->group[i].column, column) != 0) {
            continue;
        }
        const myo_score_count sum = myo_score_of_stratum(r, -1),
                              j = myo_score_of_class(r, MYO_JERK);
        const myo_score_rates all = myo_score_rates_of(&sum), jerk = myo_score_rates_of(&j);
        fprintf(f, "%s\t%d\t%lld\t", a->group[i].name, r->n_recordings, (long long)sum.n_truth);
        put_num(f, all.detection, 4, '\t');
        put_num(f, all.recall, 4, '\t');
        put_num(f, myo_score_macro_f1(r), 4, '\t');
        put_num(f, jerk.f1, 4, '\t');
        put_num(f, jerk.onset_mae, 3, '\t');
        put_num(f, myo_score_false_per_h(r), 4, '\n');
    }
}

static void print_overall(acc_table *a, FILE *f) {
    metric m[N_METRICS];
    list_metrics(a, m);
    fputs("metric\tvalue\n", f);
    for (int i = 0; i < N_METRICS; i++) {
        fprintf(f, "%s\t", m[i].name);
        put_num(f, m[i].value, m[i].decimals, '\n');
    }
}

static void print_confusion(const acc_table *a, FILE *f) {
    fputs("truth", f);
    for (int k = 0; k < MYO_N_CLASS; k++) {
        if (myo_class_is_usual((myo_class)k)) {
            fprintf(f, "\t%s", myo_class_name((myo_class)k));
        }
    }
    fputs("\tmissed\n", f);
    for (int i = 0; i <= MYO_N_CLASS; i++) {
        if (i < MYO_N_CLASS && !myo_class_is_usual((myo_class)i)) {
            continue;
        }
        fputs(i < MYO_N_CLASS ? myo_class_name((myo_class)i) : "extra", f);
        for (int k = 0; k < MYO_N_CLASS; k++) {
            if (myo_class_is_usual((myo_class)k)) {
                fprintf(f, "\t%lld", (long long)a->all.confusion[i][k]);
            }
        }
        i < MYO_N_CLASS ? fprintf(f, "\t%lld\n", (long long)a->all.confusion[i][MYO_N_CLASS])
                        : fprintf(f, "\tn/a\n");
    }
}

bool acc_print(acc_table *a, FILE *f) {
    print_overall(a, f);
    fputc('\n', f);
    print_classes(a, f);
    fputc('\n', f);
    print_strata(a, f);
    fputc('\n', f);
    print_jerks(a, f);
    fputc('\n', f);
    print_groups(a, "rate_hz", f);
    fputc('\n', f);
    print_groups(a, "scenario", f);
    fputc('\n', f);
    print_confusion(a, f);
    acc_print_intervals(&a->pairs, f);
    acc_print_reliability(&a->pairs, f);
    acc_print_cells(&a->pairs, f);
    return !ferror(f);
}
