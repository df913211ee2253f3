/* recordings.c - the list of recordings: read, made and analysed. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "accuracy.h"

enum { LIST_MAX_BYTES = 1 << 26, N_THREADS = 2 };

_Noreturn void acc_stop(const char *what, const char *why) {
    fprintf(stderr, "accuracy: %s: %s\n", what, why);
    exit(1);
}

/* --- the list --- */

const char *acc_cell(const myo_tsv *t, size_t row, const char *column) {
    myo_diag d = {0};
    int col = -1;
    if (myo_tsv_need(t, column, &col, &d) != MYO_OK) {
        acc_stop("list", d.message);
    }
    return myo_tsv_cell(t, row, col);
}

static void copy_cell(char *dst, size_t cap, const myo_tsv *t, size_t row, const char *column) {
    if ((size_t)snprintf(dst, cap, "%s", acc_cell(t, row, column)) >= cap) {
        acc_stop(column, "too long");
    }
}

void acc_read_table(myo_tsv *t, const char *path) {
    myo_diag d = {0};
    if (myo_tsv_read(t, path, LIST_MAX_BYTES, &d) != MYO_OK) {
        acc_stop(path, d.message);
    }
}

acc_recording *acc_read_list(const char *path, const char *work_dir, size_t *n) {
    myo_tsv t = {0};
    acc_read_table(&t, path);
    acc_recording *list = myo_alloc(t.n_rows + 1, sizeof *list);
    if (!list) {
        acc_stop(path, "no memory");
    }
    for (size_t i = 0; i < t.n_rows; i++) {
        acc_recording *r = &list[i];
        copy_cell(r->table, sizeof r->table, &t, i, "table");
        copy_cell(r->scenario, sizeof r->scenario, &t, i, "scenario");
        copy_cell(r->rate, sizeof r->rate, &t, i, "rate_hz");
        copy_cell(r->settings, sizeof r->settings, &t, i, "settings");
        r->seed = strtoull(acc_cell(&t, i, "seed"), NULL, 10);
        r->work_dir = work_dir;
        snprintf(r->name, sizeof r->name, "%s-%llu", r->scenario, (unsigned long long)r->seed);
    }
    *n = t.n_rows;
    myo_tsv_clear(&t);
    return list;
}

/* --- making and analysing --- */

/* WORK_DIR/A NAME B */
const char *acc_path(char *buf, const acc_recording *r, const char *a, const char *b) {
    snprintf(buf, ACC_PATH_MAX, "%s/%s%s%s", r->work_dir, a, r->name, b);
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
    char in[ACC_PATH_MAX], out[ACC_PATH_MAX];
    const char *const inputs[] = {acc_path(in, r, "", ".edf")};
    myo_params params;
    myo_params_defaults(&params);
    const myo_detect_job job = {
        .inputs = inputs,
        .n_inputs = 1,
        .out_dir = acc_path(out, r, "out-", ""),
        .params = &params,
        .explain = r->explain,
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

void acc_make_all(acc_recording *list, size_t n) {
    myo_pool *pool = NULL;
    if (myo_pool_new(&pool, N_THREADS) != MYO_OK) {
        acc_stop("threads", "no memory");
    }
    myo_pool_for(pool, (int)n, one_recording, list);
    myo_pool_free(&pool);
    for (size_t i = 0; i < n; i++) {
        if (list[i].err != MYO_OK) {
            acc_stop(list[i].name, list[i].why[0] ? list[i].why : myo_err_text(list[i].err));
        }
    }
}
