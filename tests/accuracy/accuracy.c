/* accuracy.c - how right the analysis is on synthetic recordings that were never used to tune it.
 *
 * accuracy RECORDINGS.tsv BARS.tsv WORK_DIR [MISSES.tsv]
 *
 * Makes every recording of the list below WORK_DIR, analyses it with the default settings, scores
 * it, and writes WORK_DIR/TABLE.tsv for each table of the list. Then one line for each bar: "ok" or
 * "FAIL", its name, what was measured and what is allowed. Exit status 1 only if that could not be
 * done. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "accuracy.h"

enum { MAX_TABLES = 16 };

/* --- scoring --- */

static void add(myo_score_result *s, const acc_recording *r) {
    char truth[ACC_PATH_MAX], out[ACC_PATH_MAX], events[2 * ACC_PATH_MAX];
    myo_diag d = {0};
    acc_path(truth, r, "", "_truth.tsv");
    acc_path(out, r, "out-", "");
    snprintf(events, sizeof events, "%s/%s_events.tsv", out, r->name);
    if (myo_score_add(s, truth, events, &d) != MYO_OK) {
        acc_stop(r->name, d.message);
    }
    myo_diag_clear(&d);
}

static void add_to_group(acc_table *t, const char *column, const char *name,
                         const acc_recording *r) {
    int i = 0;
    while (i < t->n_groups &&
           (strcmp(t->group[i].column, column) != 0 || strcmp(t->group[i].name, name) != 0)) {
        i++;
    }
    if (i == ACC_MAX_GROUPS) {
        acc_stop(t->name, "too many rates and scenarios");
    }
    t->group[i].column = column;
    t->group[i].name = name;
    t->n_groups += i == t->n_groups;
    add(&t->group[i].score, r);
}

static acc_table *find_table(acc_table *t, int n, const char *name) {
    int i = 0;
    while (i < n && t[i].name && strcmp(t[i].name, name) != 0) {
        i++;
    }
    return i < n ? &t[i] : NULL;
}

static void score_all(acc_table *tables, const acc_recording *list, size_t n, FILE *misses) {
    for (size_t i = 0; i < n; i++) {
        acc_table *t = find_table(tables, MAX_TABLES, list[i].table);
        if (!t) {
            acc_stop(list[i].table, "too many tables");
        }
        t->name = list[i].table;
        t->recording = list[i].name;
        t->misses = misses;
        t->all.seen = acc_seen;
        t->all.user = t;
        const double before = t->all.exposure_s;
        if (!acc_pairs_begin(&t->pairs, list[i].rate, list[i].scenario)) {
            acc_stop(list[i].name, "no memory");
        }
        add(&t->all, &list[i]);
        t->pairs.rec[t->pairs.n_rec - 1].exposure_s = t->all.exposure_s - before;
        add_to_group(t, "rate_hz", list[i].rate, &list[i]);
        add_to_group(t, "scenario", list[i].scenario, &list[i]);
    }
}

static void write_tables(acc_table *tables, const char *work_dir) {
    for (int i = 0; i < MAX_TABLES && tables[i].name; i++) {
        char path[ACC_PATH_MAX];
        snprintf(path, sizeof path, "%s/%s.tsv", work_dir, tables[i].name);
        FILE *f = fopen(path, "w");
        const bool ok = f && acc_print(&tables[i], f);
        if (!ok || fclose(f) != 0) {
            acc_stop(path, strerror(errno));
        }
    }
}

/* --- bars --- */

static double bound(const char *s, double none) {
    double v = none;
    if (strcmp(s, "n/a") != 0 && !myo_parse_f64(s, strlen(s), &v)) {
        acc_stop(s, "not a number");
    }
    return v;
}

/* NaN, where nothing was counted, is under no bar. */
static void check_bars(acc_table *tables, const char *path) {
    myo_tsv t = {0};
    acc_read_table(&t, path);
    for (size_t i = 0; i < t.n_rows; i++) {
        acc_table *a = find_table(tables, MAX_TABLES, acc_cell(&t, i, "table"));
        const char *metric = acc_cell(&t, i, "metric");
        double value;
        if (!a || !a->name || !acc_metric(a, metric, &value)) {
            acc_stop(metric, "no such table or metric");
        }
        const char *least = acc_cell(&t, i, "at_least"), *most = acc_cell(&t, i, "at_most");
        const bool ok = value >= bound(least, -INFINITY) && value <= bound(most, INFINITY);
        char text[64];
        myo_format_fixed(text, sizeof text, value, 4);
        printf("%s\t%s %s: %s (allowed %s to %s)\n", ok ? "ok" : "FAIL", a->name, metric, text,
               least, most);
    }
    myo_tsv_clear(&t);
}

static void clear_tables(acc_table *tables) {
    for (int i = 0; i < MAX_TABLES; i++) {
        myo_score_clear(&tables[i].all);
        acc_pairs_clear(&tables[i].pairs);
        for (int k = 0; k < tables[i].n_groups; k++) {
            myo_score_clear(&tables[i].group[k].score);
        }
    }
}

int main(int argc, char **argv) {
    if (argc < 4 || argc > 5) {
        acc_stop("usage", "accuracy RECORDINGS.tsv BARS.tsv WORK_DIR [MISSES.tsv]");
    }
    static acc_table tables[MAX_TABLES];
    size_t n = 0;
    acc_recording *list = acc_read_list(argv[1], argv[3], &n);
    FILE *misses = argc == 5 ? fopen(argv[4], "w") : NULL;
    if (argc == 5 && !misses) {
        acc_stop(argv[4], strerror(errno));
    }
    if (misses) {
        acc_misses_header(misses);
    }
    acc_make_all(list, n);
    score_all(tables, list, n, misses);
    write_tables(tables, argv[3]);
    check_bars(tables, argv[2]);
    clear_tables(tables);
    myo_free(list);
    return misses && fclose(misses) != 0;
}
