/* bench.c - a comparison without files: names, a job, room for rows. */
#include <math.h>
#include <string.h>
#include "coverage.h"

enum { MAX_MINUTES = 1000 };

static void name(myo_labels *l, const char *text) {
    int index;
    if (myo_labels_add(l, text, &index) != MYO_OK) {
        cov_stop("names", "no memory");
    }
}

void cov_bench_init(cov_bench *b, const char *channel) {
    *b = (cov_bench){.dir = "", .recording = {.session = "1", .group = ""}};
    b->job = (myo_compare_job){.dirs = &b->dir,
                               .n_dirs = 1,
                               .reference = "a",
                               .primary = "jerk:burden_s_per_h:some",
                               .seed = 1,
                               .resamples = 1999};
    b->c = (myo_comparison){.job = &b->job, .d = &b->d};
    b->c.results.recordings.row = &b->recording;
    name(&b->c.participants, "somebody");
    name(&b->c.channels, channel);
    name(&b->c.types, "jerk");
    for (int i = 0; i < 2; i++) {
        name(&b->c.conditions, i ? "b" : "a");
        name(&b->c.groups, i ? "b" : "a");
    }
}

static void drop_rows(myo_comparison *c) {
    for (size_t i = 0; i < c->n_text; i++) {
        myo_free(c->text[i]);
    }
    c->n_text = c->n_rows = 0;
    myo_free(c->outcome);
    c->outcome = NULL;
}

void cov_bench_clear(cov_bench *b) {
    drop_rows(&b->c);
    myo_free(b->c.text);
    myo_free(b->c.row);
    myo_labels_clear(&b->c.participants);
    myo_labels_clear(&b->c.channels);
    myo_labels_clear(&b->c.types);
    myo_labels_clear(&b->c.conditions);
    myo_labels_clear(&b->c.groups);
    myo_diag_clear(&b->d);
}

cov_trial cov_bench_take(cov_bench *b, myo_metric_id metric, double truth) {
    const myo_cmp_row *row = b->c.row;
    while (row < b->c.row + b->c.n_rows && strcmp(row->metric, myo_metrics[metric].name) != 0) {
        row++;
    }
    if (row == b->c.row + b->c.n_rows) {
        cov_stop("rows", "none of this metric");
    }
    /* An open end is told in words, and n/a. */
    const bool open_low = isnan(row->low) && !isnan(row->high);
    const bool open_high = isnan(row->high) && !isnan(row->low);
    cov_trial t = cov_trial_of(open_low ? 0.0 : row->low, open_high ? INFINITY : row->high,
                               row->level, row->p, truth);
    t.wide = strstr(row->test, "quasi") != NULL;
    drop_rows(&b->c);
    return t;
}

myo_pooled cov_cell(int who, int condition, int64_t n, double hours, double fano) {
    return (myo_pooled){.participant = who,
                        .condition = condition,
                        .group = -1,
                        .n_recordings = 1,
                        .n = n,
                        .exposure_s = 3600.0 * hours,
                        .fano = fano,
                        .duration_ms_median = NAN,
                        .peak_median = NAN,
                        .freq_hz_median = NAN,
                        .unit = ""};
}

double cov_fano(const double *onset, size_t n, double length_s) {
    static _Thread_local double count[MAX_MINUTES];
    const size_t minutes = (size_t)(length_s / 60.0);
    memset(count, 0, sizeof count);
    for (size_t i = 0; i < n; i++) {
        count[(size_t)(onset[i] / 60.0)] += 1.0;
    }
    return myo_fano(count, NULL, minutes);
}
