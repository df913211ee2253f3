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
#include <unistd.h>
#include <sys/stat.h>
#include "accuracy.h"
#include "out/tsv.h"

enum { LIST_MAX_BYTES = 1 << 20, MAX_TABLES = 16, N_THREADS = 2, PATH_MAX_BYTES = 1000 };

static _Noreturn void stop(const char *what, const char *why) {
    fprintf(stderr, "accuracy: %s: %s\n", what, why);
    exit(1);
}

/* --- the list --- */

static const char *cell(const myo_tsv *t, size_t row, const char *column) {
    myo_diag d = {0};
    int col = -1;
    if (myo_tsv_need(t, column, &col, &d) != MYO_OK) {
        stop("list", d.message);
    }
    return myo_tsv_cell(t, row, col);
}

static void copy_cell(char *dst, size_t cap, const myo_tsv *t, size_t row, const char *column) {
    if ((size_t)snprintf(dst, cap, "%s", cell(t, row, column)) >= cap) {
        stop(column, "too long");
    }
}

static void read_table(myo_tsv *t, const char *path) {
    myo_diag d = {0};
    if (myo_tsv_read(t, path, LIST_MAX_BYTES, &d) != MYO_OK) {
        stop(path, d.message);
    }
}

static acc_recording *read_list(const char *path, const char *work_dir, size_t *n) {
    myo_tsv t = {0};
    read_table(&t, path);
    acc_recording *list = myo_alloc(t.n_rows + 1, sizeof *list);
    if (!list) {
        stop(path, "no memory");
    }
    for (size_t i = 0; i < t.n_rows; i++) {
        acc_recording *r = &list[i];
        copy_cell(r->table, sizeof r->table, &t, i, "table");
        copy_cell(r->scenario, sizeof r->scenario, &t, i, "scenario");
        copy_cell(r->rate, sizeof r->rate, &t, i, "rate_hz");
        copy_cell(r->settings, sizeof r->settings, &t, i, "settings");
        r->seed = strtoull(cell(&t, i, "seed"), NULL, 10);
        r->work_dir = work_dir;
        snprintf(r->name, sizeof r->name, "%s-%llu", r->scenario, (unsigned long long)r->seed);
    }
    *n = t.n_rows;
    myo_tsv_clear(&t);
    return list;
}

/* --- making and analysing --- */

/* WORK_DIR/A NAME B */
static const char *path_of(char *buf, const acc_recording *r, const char *a, const char *b) {
    snprintf(buf, PATH_MAX_BYTES, "%s/%s%s%s", r->work_dir, a, r->name, b);
    return buf;
}

static myo_err make(const acc_recording *r, myo_diag *d) {
    char name[128], rate[64], words[ACC_TEXT_MAX], *rest = NULL;
    const char *settings[ACC_MAX_SETTINGS + 3] = {name, rate};
    int n = 2;
    snprintf(name, sizeof name, "name=%s", r->name);
    snprintf(rate, sizeof rate, "fs=%s", r->rate);
    memcpy(words, r->settings, sizeof words);
    for (char *w = strtok_r(words, " ", &rest); w; w = strtok_r(NULL, " ", &rest)) {
        if (n >= ACC_MAX_SETTINGS) {
            return myo_fail(d, MYO_ERR_PARAM, "too many settings");
        }
        settings[n++] = w;
    }
    settings[n] = NULL;
    const bool none = strcmp(r->settings, "n/a") == 0;
    if (none) {
        settings[2] = NULL;
    }
    const myo_synth_job job = {r->scenario, r->work_dir, r->seed, settings};
    return myo_synth(&job, d);
}

static void keep_error(void *user, myo_level level, const char *file, const char *text) {
    acc_recording *r = user;
    (void)file;
    if (level == MYO_LEVEL_ERROR) {
        snprintf(r->why, sizeof r->why, "%s", text);
    }
}

static myo_err analyse(acc_recording *r) {
    char in[PATH_MAX_BYTES], out[PATH_MAX_BYTES];
    const char *const inputs[] = {path_of(in, r, "", ".edf")};
    myo_params params;
    myo_params_defaults(&params);
    const myo_detect_job job = {
        .inputs = inputs,
        .n_inputs = 1,
        .out_dir = path_of(out, r, "out-", ""),
        .params = &params,
        .n_threads = 1,
        .say = keep_error,
        .user = r,
    };
    int n_failed = 0;
    const myo_err e = myo_detect(&job, &n_failed);
    unlink(in); /* the samples: the largest part, and no longer needed */
    return e;
}

static void one_recording(void *user, int item) {
    acc_recording *r = (acc_recording *)user + item;
    myo_diag d = {0};
    r->err = make(r, &d);
    if (r->err == MYO_OK) {
        r->err = analyse(r);
    } else {
        snprintf(r->why, sizeof r->why, "%s", d.message);
    }
    myo_diag_clear(&d);
}

static void make_all(acc_recording *list, size_t n) {
    myo_pool *pool = NULL;
    if (myo_pool_new(&pool, N_THREADS) != MYO_OK) {
        stop("threads", "no memory");
    }
    myo_pool_for(pool, (int)n, one_recording, list);
    myo_pool_free(&pool);
    for (size_t i = 0; i < n; i++) {
        if (list[i].err != MYO_OK) {
            stop(list[i].name, list[i].why[0] ? list[i].why : myo_err_text(list[i].err));
        }
    }
}

/* --- scoring --- */

static void add(myo_score_result *s, const acc_recording *r) {
    char truth[PATH_MAX_BYTES], out[PATH_MAX_BYTES], events[2 * PATH_MAX_BYTES];
    myo_diag d = {0};
    path_of(truth, r, "", "_truth.tsv");
    path_of(out, r, "out-", "");
    snprintf(events, sizeof events, "%s/%s_events.tsv", out, r->name);
    if (myo_score_add(s, truth, events, &d) != MYO_OK) {
        stop(r->name, d.message);
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
        stop(t->name, "too many rates and scenarios");
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
            stop(list[i].table, "too many tables");
        }
        t->name = list[i].table;
        t->recording = list[i].name;
        t->misses = misses;
        t->all.seen = acc_seen;
        t->all.user = t;
        add(&t->all, &list[i]);
        add_to_group(t, "rate_hz", list[i].rate, &list[i]);
        add_to_group(t, "scenario", list[i].scenario, &list[i]);
    }
}

static void write_tables(acc_table *tables, const char *work_dir) {
    for (int i = 0; i < MAX_TABLES && tables[i].name; i++) {
        char path[PATH_MAX_BYTES];
        snprintf(path, sizeof path, "%s/%s.tsv", work_dir, tables[i].name);
        FILE *f = fopen(path, "w");
        const bool ok = f && acc_print(&tables[i], f);
        if (!ok || fclose(f) != 0) {
            stop(path, strerror(errno));
        }
    }
}

/* --- bars --- */

static double bound(const char *s, double none) {
    double v = none;
    if (strcmp(s, "n/a") != 0 && !myo_parse_f64(s, strlen(s), &v)) {
        stop(s, "not a number");
    }
    return v;
}

/* NaN, where nothing was counted, is under no bar. */
static void check_bars(acc_table *tables, const char *path) {
    myo_tsv t = {0};
    read_table(&t, path);
    for (size_t i = 0; i < t.n_rows; i++) {
        acc_table *a = find_table(tables, MAX_TABLES, cell(&t, i, "table"));
        const char *metric = cell(&t, i, "metric");
        double value;
        if (!a || !a->name || !acc_metric(a, metric, &value)) {
            stop(metric, "no such table or metric");
        }
        const char *least = cell(&t, i, "at_least"), *most = cell(&t, i, "at_most");
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
        for (int k = 0; k < tables[i].n_groups; k++) {
            myo_score_clear(&tables[i].group[k].score);
        }
    }
}

int main(int argc, char **argv) {
    if (argc < 4 || argc > 5) {
        stop("usage", "accuracy RECORDINGS.tsv BARS.tsv WORK_DIR [MISSES.tsv]");
    }
    static acc_table tables[MAX_TABLES];
    size_t n = 0;
    acc_recording *list = read_list(argv[1], argv[3], &n);
    FILE *misses = argc == 5 ? fopen(argv[4], "w") : NULL;
    if (argc == 5 && !misses) {
        stop(argv[4], strerror(errno));
    }
    if (misses) {
        acc_misses_header(misses);
    }
    make_all(list, n);
    score_all(tables, list, n, misses);
    write_tables(tables, argv[3]);
    check_bars(tables, argv[2]);
    clear_tables(tables);
    myo_free(list);
    return misses && fclose(misses) != 0;
}
