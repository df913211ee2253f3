/* text_kit.h - for tests of the text reader: a table from a string, read to its end through the
 * library. */
#ifndef MYO_TEXT_KIT_H
#define MYO_TEXT_KIT_H

#include <check.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/base.h"
#include "myotab/rec.h"

enum { KIT_CHANNELS = 40, KIT_GAPS = 8, KIT_SAMPLES = 1 << 20 };

/* One recording, read whole. */
typedef struct kit {
    myo_err err;
    myo_diag d;
    int n_ch;
    myo_channel ch[KIT_CHANNELS];
    char format[32], start[40];
    double duration;
    float *x[KIT_CHANNELS];
    int64_t n[KIT_CHANNELS];
    double gap[KIT_GAPS]; /* start of each block behind a break, s */
    int n_gaps;
    double worst_start; /* largest error of a block's start without gaps, s */
} kit;

static inline void kit_keep(kit *k, const myo_recinfo *info) {
    k->n_ch = info->n_ch < KIT_CHANNELS ? info->n_ch : KIT_CHANNELS;
    memcpy(k->ch, info->ch, (size_t)k->n_ch * sizeof *k->ch);
    memcpy(k->format, info->format, sizeof k->format);
    memcpy(k->start, info->start, sizeof k->start);
    k->duration = info->duration_s;
}

static inline void kit_add(kit *k, const myo_block *b) {
    if (b->gap && k->n_gaps < KIT_GAPS) {
        k->gap[k->n_gaps++] = b->start_s[0];
    }
    for (int c = 0; c < k->n_ch; c++) {
        const double late = b->start_s[c] - (double)k->n[c] / k->ch[c].fs;
        if (k->n_gaps == 0 && b->n[c] > 0 && fabs(late) > k->worst_start) {
            k->worst_start = fabs(late);
        }
        k->x[c] = myo_realloc(k->x[c], (size_t)(k->n[c] + b->n[c]), sizeof **k->x);
        ck_assert_ptr_nonnull(k->x[c]);
        memcpy(k->x[c] + k->n[c], b->x[c], (size_t)b->n[c] * sizeof **k->x);
        k->n[c] += b->n[c];
    }
}

static inline kit kit_read(const char *path, const myo_open_opts *o, double max_s) {
    kit k = {0};
    myo_rec *r = NULL;
    k.err = myo_rec_open(&r, path, o, &k.d);
    if (k.err != MYO_OK) {
        ck_assert_int_eq((int)k.d.code, (int)k.err);
        return k;
    }
    kit_keep(&k, myo_rec_info(r));
    for (;;) {
        myo_block b;
        k.err = myo_rec_read(r, max_s, &b);
        if (k.err != MYO_OK || b.n_ch == 0) {
            break;
        }
        kit_add(&k, &b);
    }
    kit_keep(&k, myo_rec_info(r));
    myo_rec_close(&r);
    return k;
}

static inline void kit_free(kit *k) {
    for (int c = 0; c < KIT_CHANNELS; c++) {
        myo_free(k->x[c]);
    }
    myo_diag_clear(&k->d);
}

static inline bool kit_warned(const kit *k, const char *part) {
    for (int i = 0; i < k->d.n_warnings; i++) {
        if (strstr(k->d.warnings[i], part) != NULL) {
            return true;
        }
    }
    return false;
}

/* A folder of its own for each test process, made again after kit_clean(). */
static char kit_made[64];

static inline const char *kit_folder(void) {
    if (kit_made[0] == '\0') {
        snprintf(kit_made, sizeof kit_made, "/tmp/myotab-text-XXXXXX");
        ck_assert_ptr_nonnull(mkdtemp(kit_made));
    }
    return kit_made;
}

static inline const char *kit_path(const char *name) {
    static char path[2][400];
    static int turn;
    turn = !turn;
    snprintf(path[turn], sizeof path[turn], "%s/%s", kit_folder(), name);
    return path[turn];
}

static inline void kit_write(const char *name, const void *s, size_t n) {
    FILE *f = fopen(kit_path(name), "wb");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(s, 1, n, f), n);
    ck_assert_int_eq(fclose(f), 0);
}

/* Names of files that tests leave; the folder goes with them. */
static inline void kit_clean(const char *const *names, size_t n) {
    for (size_t i = 0; i < n; i++) {
        unlink(kit_path(names[i]));
    }
    rmdir(kit_folder());
    kit_made[0] = '\0';
}

static inline kit kit_text_n(const char *s, size_t n, const myo_open_opts *o, double max_s) {
    static const char *const name = "t.csv";
    kit_write(name, s, n);
    kit k = kit_read(kit_path(name), o, max_s);
    kit_clean(&name, 1);
    return k;
}

static inline kit kit_text(const char *s, const myo_open_opts *o) {
    return kit_text_n(s, strlen(s), o, 1.0);
}

/* "head" and n rows; %T in the row is i / fs with `places` decimals, %V a sample. */
static inline double kit_sample(int i) {
    return round(1000 * (10 * sin(i * 0.7) + (i % 13))) / 1000;
}

static inline void kit_row(myo_buf *b, const char *row, int i, double fs, int places) {
    for (const char *p = row; *p != '\0'; p++) {
        if (p[0] == '%' && p[1] == 'T') {
            myo_buf_printf(b, "%.*f", places, i / fs);
            p++;
        } else if (p[0] == '%' && p[1] == 'V') {
            myo_buf_printf(b, "%.3f", kit_sample(i));
            p++;
        } else if (p[0] == '%' && p[1] == 'I') {
            myo_buf_printf(b, "%d", i);
            p++;
        } else {
            myo_buf_put(b, p, 1);
        }
    }
}

static inline myo_buf kit_table(const char *head, const char *row, int n, double fs, int places) {
    myo_buf b = {0};
    myo_buf_puts(&b, head);
    for (int i = 0; i < n; i++) {
        kit_row(&b, row, i, fs, places);
    }
    return b;
}

static inline kit kit_rows(const char *head, const char *row, int n, double fs, int places,
                           const myo_open_opts *o) {
    myo_buf b = kit_table(head, row, n, fs, places);
    kit k = kit_text_n(b.s, b.n, o, 1.0);
    myo_buf_clear(&b);
    return k;
}

/* A recording of the shared data, NULL (said) where it is not there. */
static inline const char *kit_shared(const char *name) {
    static char path[600];
    snprintf(path, sizeof path, "%s/../shared/data/%s", MYO_SOURCE_DIR, name);
    if (access(path, R_OK) != 0) {
        printf("skipped: %s is not here\n", name);
        return NULL;
    }
    return path;
}

#define KIT_FAILS(k, code, part)                                                                   \
    do {                                                                                           \
        ck_assert_msg((k).err == (code), "error %d, message '%s'", (int)(k).err, (k).d.message);   \
        ck_assert_msg(strstr((k).d.message, part) != NULL, "'%s' is not in '%s'", part,            \
                      (k).d.message);                                                              \
    } while (0)
#define KIT_OK(k) ck_assert_msg((k).err == MYO_OK, "error %d, '%s'", (int)(k).err, (k).d.message)

#endif
