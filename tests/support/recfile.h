/* recfile.h - files built byte by byte in a temporary folder, and recordings read whole, for the
 * reader tests. */
#ifndef RECFILE_H
#define RECFILE_H

#include <check.h>
#include <fcntl.h>
#include <ftw.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/base.h"
#include "myotab/rec.h"

#define UNUSED __attribute__((unused))

/* --- a growing row of bytes --- */
typedef struct bytes {
    unsigned char *p;
    size_t n, cap;
} bytes;

static UNUSED void put(bytes *b, const void *p, size_t n) {
    if (b->n + n > b->cap) {
        b->cap = 2 * (b->n + n);
        b->p = realloc(b->p, b->cap);
        ck_assert_ptr_nonnull(b->p);
    }
    if (n > 0) {
        memcpy(b->p + b->n, p, n);
    }
    b->n += n;
}

static UNUSED void put_text(bytes *b, const char *s) {
    put(b, s, strlen(s));
}

static UNUSED void put_number(bytes *b, uint64_t v, int n, bool big) {
    for (int i = 0; i < n; i++) {
        const unsigned char c = (unsigned char)(v >> (8 * (big ? n - 1 - i : i)));
        put(b, &c, 1);
    }
}

static UNUSED void put_le(bytes *b, int64_t v, int n) {
    put_number(b, (uint64_t)v, n, false);
}

static UNUSED void put_zeros(bytes *b, size_t n) {
    for (size_t i = 0; i < n; i++) {
        put(b, "", 1);
    }
}

/* Text in a field of w bytes, padded with blanks. */
static UNUSED void put_field(bytes *b, const char *s, size_t w) {
    for (size_t i = 0; i < w; i++) {
        put(b, i < strlen(s) ? s + i : " ", 1);
    }
}

/* --- files --- */
static char folder[64];

static UNUSED void make_folder(void) {
    snprintf(folder, sizeof folder, "/tmp/myotab-test-XXXXXX");
    if (mkdtemp(folder) == NULL) {
        perror("mkdtemp");
        exit(1);
    }
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw) {
    (void)st, (void)flag, (void)ftw;
    return remove(path);
}

static UNUSED void remove_folder(void) {
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static UNUSED const char *in_folder(const char *name) {
    static char path[4][512];
    static int next;
    char *p = path[next++ % 4];
    snprintf(p, sizeof path[0], "%s/%s", folder, name);
    return p;
}

static UNUSED const char *save(const bytes *b, const char *name) {
    const char *path = in_folder(name);
    FILE *f = fopen(path, "wb");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(b->n > 0 ? fwrite(b->p, 1, b->n, f) : 0, b->n);
    ck_assert_int_eq(fclose(f), 0);
    return path;
}

static UNUSED const char *save_text(const char *text, const char *name) {
    bytes b = {0};
    put_text(&b, text);
    const char *path = save(&b, name);
    free(b.p);
    return path;
}

static UNUSED bytes load(const char *path) {
    bytes b = {0};
    FILE *f = fopen(path, "rb");
    ck_assert_ptr_nonnull(f);
    unsigned char chunk[4096];
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, f)) > 0;) {
        put(&b, chunk, n);
    }
    fclose(f);
    return b;
}

/* A recording of the shared collection, or NULL (said once) where it is not there. */
static UNUSED const char *shared(const char *name) {
    static char path[1024];
    snprintf(path, sizeof path, "%s/../shared/data/%s", MYO_SOURCE_DIR, name);
    if (access(path, R_OK) != 0) {
        fprintf(stderr, "skipped: no %s\n", name);
        return NULL;
    }
    return path;
}

/* --- a recording, read whole --- */
enum { TAKE_CH = 256 };
typedef struct taken {
    int n_ch;
    float *x[TAKE_CH];
    int64_t n[TAKE_CH];
    double first_start; /* of channel 0 */
    int blocks, gaps;
    double gap_start[64]; /* start of channel 0 in the blocks after gaps */
    double duration_s;
    bool truncated;
    int64_t n_annotations;
    char format[32], start[40];
    myo_channel ch[TAKE_CH];
    myo_err err;
    myo_diag d;
} taken;

static UNUSED void drop(taken *t) {
    for (int c = 0; c < TAKE_CH; c++) {
        free(t->x[c]);
    }
    myo_diag_clear(&t->d);
    *t = (taken){0};
}

static void take_block(taken *t, const myo_block *b) {
    for (int c = 0; c < b->n_ch && c < TAKE_CH; c++) {
        if (b->n[c] > 0) {
            t->x[c] = realloc(t->x[c], (size_t)(t->n[c] + b->n[c]) * sizeof(float));
            memcpy(t->x[c] + t->n[c], b->x[c], (size_t)b->n[c] * sizeof(float));
        }
        if (t->blocks > 0 && !b->gap && t->gaps == 0 && b->n[c] > 0) {
            ck_assert_double_eq_tol(b->start_s[c], t->first_start + (double)t->n[c] / t->ch[c].fs,
                                    1e-3);
        }
        t->n[c] += b->n[c];
    }
    if (t->blocks == 0) {
        t->first_start = b->start_s[0];
    }
    if (b->gap && t->gaps < 64) {
        t->gap_start[t->gaps++] = b->start_s[0];
    }
    t->blocks++;
}

static void take_info(taken *t, const myo_recinfo *info) {
    t->n_ch = info->n_ch;
    t->duration_s = info->duration_s;
    t->truncated = info->truncated;
    t->n_annotations = info->n_annotations;
    memcpy(t->format, info->format, sizeof t->format);
    memcpy(t->start, info->start, sizeof t->start);
    memcpy(t->ch, info->ch,
           sizeof t->ch[0] * (size_t)(info->n_ch < TAKE_CH ? info->n_ch : TAKE_CH));
}

/* Everything from second `from` on, in blocks of max_s. */
static UNUSED void take_from(taken *t, const char *path, const myo_open_opts *o, double max_s,
                             double from) {
    myo_rec *r = NULL;
    *t = (taken){0};
    t->err = myo_rec_open(&r, path, o, &t->d);
    if (t->err != MYO_OK) {
        ck_assert_ptr_null(r);
        return;
    }
    take_info(t, myo_rec_info(r));
    if (from > 0) {
        t->err = myo_rec_seek(r, from);
    }
    while (t->err == MYO_OK) {
        myo_block b;
        t->err = myo_rec_read(r, max_s, &b);
        if (t->err != MYO_OK || b.n_ch == 0) {
            break;
        }
        take_block(t, &b);
    }
    take_info(t, myo_rec_info(r));
    myo_rec_close(&r);
    ck_assert_ptr_null(r);
}

static UNUSED void take(taken *t, const char *path, const myo_open_opts *o) {
    take_from(t, path, o, 7, 0);
}

static UNUSED bool warned(const taken *t, const char *part) {
    for (int i = 0; i < t->d.n_warnings; i++) {
        if (strstr(t->d.warnings[i], part) != NULL) {
            return true;
        }
    }
    return false;
}

/* The file must be refused with this code and these words. */
static UNUSED void refused(const char *path, const myo_open_opts *o, myo_err code,
                           const char *words) {
    taken t;
    take(&t, path, o);
    ck_assert_msg(t.err == code, "%s: code %d (%s), expected %d", path, (int)t.err, t.d.message,
                  (int)code);
    ck_assert_msg(strstr(t.d.message, words) != NULL, "%s: '%s' lacks '%s'", path, t.d.message,
                  words);
    ck_assert_ptr_null(strchr(t.d.message, '\n'));
    drop(&t);
}

static UNUSED void accepted(taken *t, const char *path, const myo_open_opts *o) {
    take(t, path, o);
    ck_assert_msg(t->err == MYO_OK, "%s: %s", path, t->d.message);
}

/* Blocks of any size give the same bits; a seek gives the tail of the whole. */
static UNUSED void check_chunks(const char *path, const myo_open_opts *o, double from) {
    static const double sizes[] = {0.01, 0.3, 7, 1000};
    taken whole, part;
    accepted(&whole, path, o);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        take_from(&part, path, o, sizes[i], 0);
        ck_assert_int_eq(part.err, MYO_OK);
        for (int c = 0; c < whole.n_ch; c++) {
            ck_assert_int_eq(part.n[c], whole.n[c]);
            ck_assert_int_eq(part.n[c], whole.ch[c].n_samples);
            ck_assert_mem_eq(part.x[c], whole.x[c], (size_t)part.n[c] * sizeof(float));
        }
        drop(&part);
    }
    take_from(&part, path, o, 0.3, from);
    ck_assert_int_eq(part.err, MYO_OK);
    ck_assert_double_le(part.first_start, from + 1e-9);
    for (int c = 0; c < whole.n_ch; c++) {
        ck_assert_int_gt(part.n[c], 0);
        ck_assert_int_lt(part.n[c], whole.n[c]);
        ck_assert_mem_eq(part.x[c], whole.x[c] + whole.n[c] - part.n[c],
                         (size_t)part.n[c] * sizeof(float));
    }
    drop(&part);
    drop(&whole);
}

/* The n-th allocation fails: an error or the same result, never a crash. */
static UNUSED void check_memory(const char *path) {
    taken whole, t;
    accepted(&whole, path, NULL);
    int failures = 0;
    for (int n = 1; n < 200; n++) {
        myo_mem_fail_at(n);
        take(&t, path, NULL);
        myo_mem_fail_at(0);
        failures += t.err != MYO_OK;
        if (t.err == MYO_OK) {
            ck_assert_int_eq(t.n[0], whole.n[0]);
            ck_assert_mem_eq(t.x[0], whole.x[0], (size_t)t.n[0] * sizeof(float));
        } else {
            ck_assert_int_eq(t.err, MYO_ERR_NOMEM);
        }
        drop(&t);
    }
    ck_assert_int_gt(failures, 5);
    drop(&whole);
}

/* --- a quick fuzz: n single mutations of the first `span` bytes; nothing may crash, hang or grow
 * --- */
static UNUSED void fuzz(const bytes *good, size_t span, const char *name, int n, unsigned seed) {
    static const unsigned char nasty[] = {0, 0xff, '-', '9', ' ', '.', 0x7f, 0x80, '0', 'e'};
    const myo_open_opts salvage = {.salvage = true};
    uint32_t s = seed;
    for (int i = 0; i < n; i++) {
        bytes b = {0};
        put(&b, good->p, good->n);
        for (int k = 0; k < 1 + i % 3; k++) {
            s = s * 1664525u + 1013904223u;
            const size_t at = (s >> 8) % (span < b.n ? span : b.n);
            s = s * 1664525u + 1013904223u;
            b.p[at] = (s >> 28) < 8 ? nasty[(s >> 8) % sizeof nasty] : (unsigned char)(s >> 16);
        }
        if (i % 7 == 0) {
            b.n = (s >> 8) % b.n;
        }
        taken t;
        take(&t, save(&b, name), i % 2 == 0 ? NULL : &salvage);
        ck_assert_msg(t.err == MYO_OK || t.d.message[0] != '\0', "refused without a word");
        drop(&t);
        free(b.p);
    }
}

static UNUSED int run_tests(Suite *suite) {
    make_folder();
    SRunner *sr = srunner_create(suite);
    srunner_run_all(sr, CK_NORMAL);
    const int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    remove_folder();
    return failed;
}

#endif
