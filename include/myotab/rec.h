/* rec.h - recordings: what is in a file, and its samples block by block.
 *
 * A recording is opened once (one descriptor from open to close), described by myo_recinfo, and read in
 * blocks of bounded size. Samples come in canonical units: EMG in uV, accelerometer in g; a channel whose
 * unit is unknown stays "in file units" (unit "au"). NaN marks a missing sample; a break in time is told
 * by myo_block.gap, never filled. */
#ifndef MYOTAB_REC_H
#define MYOTAB_REC_H

#include <stdbool.h>
#include <stdint.h>
#include "myotab/err.h"

enum { MYO_LABEL_MAX = 256, MYO_UNIT_MAX = 32, MYO_MAX_CHANNELS = 1024 };
#define MYO_MAX_RATE 1e6 /* Hz, reliability.md 4 */

typedef enum myo_kind { MYO_KIND_EMG, MYO_KIND_ACC, MYO_KIND_OTHER, MYO_N_KIND } myo_kind;
const char *myo_kind_name(myo_kind kind); /* "EMG", "ACC", "OTHER" */

typedef struct myo_channel {
    char label[MYO_LABEL_MAX];       /* unique in the recording, printable UTF-8 */
    myo_kind kind;
    char unit[MYO_UNIT_MAX];         /* of delivered samples: uV, g, au; the stated one of what is no EMG or accelerometer */
    char file_unit[MYO_UNIT_MAX];    /* as the file says it; "" if it says nothing */
    double scale;                    /* delivered = file value * scale */
    double fs;                       /* Hz, > 0; need not be whole */
    int64_t n_samples;               /* -1 while unknown (text files before their end) */
    int64_t n_delivered;             /* samples since open or the last seek */
    int64_t n_missing;               /* NaN delivered since open or the last seek (gaps in time are not NaN) */
    double rail_lo, rail_hi;         /* converter limits in delivered units; NaN if unknown */
    double lsb;                      /* one converter step in delivered units; 0 if unknown */
    char muscle[64];                 /* "" if nothing names it */
    char sensor[MYO_LABEL_MAX];      /* axes of one sensor share it; "" for a lone channel */
    int axis;                        /* 0 x, 1 y, 2 z; -1 no axis */
    bool guessed;                    /* the kind was guessed from the rate alone */
} myo_channel;

/* A file beside the recording that was read at open and may have changed scale, unit, rate or names. */
typedef struct myo_sidecar_file {
    char *name;                      /* without its folder */
    char sha256[65];                 /* of the bytes used */
} myo_sidecar_file;

typedef struct myo_recinfo {
    const char *path;                /* as the user gave it */
    char format[32];                 /* name of the reader's format, e.g. "EDF+D" */
    myo_channel *ch;
    int n_ch;
    double duration_s;               /* first to last sample, gaps counted in; -1 while unknown */
    char start[40];                  /* ISO 8601 local start time; "" if unknown */
    bool truncated;                  /* read under --salvage: fewer samples than promised */
    bool can_seek;
    int64_t n_annotations;           /* EDF+ texts, other than time-keeping */
    const myo_sidecar_file *sidecars; /* in the order they were read */
    int n_sidecars;
    double from_s, to_s;             /* the part that is delivered: 0 and INFINITY but for myo_rec_select() */
} myo_recinfo;

/* What the caller knows better than the file. Zero-initialise: 0, "" and NULL mean "as the file says". */
typedef struct myo_open_opts {
    double fs;               /* Hz; for text without a time column, or to correct a header */
    double scale;            /* file value * scale = unit */
    const char *unit;        /* unit of the samples (after scale): uV, mV, V, g, mg, m/s^2, counts */
    const char *channels;    /* "label=KIND[:unit[:muscle]],..."; by label or 1-based number; "" = all */
    bool salvage;            /* take what a truncated file still holds */
} myo_open_opts;
/* The unit as myo_open_opts has it ("uV" also for both micro signs); NULL if it is none of them. */
const char *myo_open_unit(const char *text);

/* One stretch of samples; valid until the next read. start_s counts from the file's first sample. */
typedef struct myo_block {
    int n_ch;
    const float *const *x;   /* x[c][0 .. n[c]) */
    const int64_t *n;        /* samples per channel; may be 0 for some */
    const double *start_s;   /* time of x[c][0], s */
    bool gap;                /* time breaks before this block: no filter may run across */
} myo_block;

typedef struct myo_rec myo_rec;

/* Open, identify channels, read sidecars. On failure *out is untouched and d says why. */
myo_err myo_rec_open(myo_rec **out, const char *path, const myo_open_opts *o, myo_diag *d);
const myo_recinfo *myo_rec_info(const myo_rec *r); /* n_samples and duration_s are final after the end */
/* Next block of about max_s seconds (> 0; the reader rounds to its own grain). b->n_ch == 0 at the end. */
myo_err myo_rec_read(myo_rec *r, double max_s, myo_block *b);
/* Next read starts at or shortly before time s (>= 0). Only s = 0 where !can_seek. */
myo_err myo_rec_seek(myo_rec *r, double s);
/* Where the next read begins, s, as far as known: the end of what was read, or where a seek went. */
double myo_rec_position(const myo_rec *r);
/* From the next read on, deliver only samples with from_s <= t < to_s (t from the file's first sample, both ends
 * rounded to the nearest sample of each channel, halves down, so that adjoining parts share no sample and lose none).
 * Blocks outside come out with n = 0: a file is still read through, since damage may show at its end only. from_s >= 0,
 * to_s > from_s, INFINITY for the end; n_missing counts within the part. */
myo_err myo_rec_select(myo_rec *r, double from_s, double to_s);
/* Number of the sample at time s, rounded so. */
int64_t myo_sample_at(double s, double fs);
/* From where on a delivered sample is at a rail: half a step within, or what single precision makes of the last code would
 * now and then lie inside. NaN where the rail is unknown. */
void myo_rail_limits(const myo_channel *c, double *lo, double *hi);
/* EDF+ annotations met so far: visit each (onset s, duration s or -1, text). */
typedef void (*myo_annot_fn)(void *user, double onset_s, double duration_s, const char *text);
void myo_rec_annotations(const myo_rec *r, myo_annot_fn fn, void *user);
/* From here on, hash the first file's bytes as they are read: myo_rec_sha256() then reads only what was left out. Costs
 * nothing but memory (MYO_ERR_NOMEM) where the file is read otherwise than from front to back. */
myo_err myo_rec_hash_along(myo_rec *r);
/* SHA-256 of the whole input as 64 hex digits + NUL, read through the same descriptor; fails with
 * MYO_ERR_CHANGED if size or modification time moved since open. */
myo_err myo_rec_sha256(myo_rec *r, char hex[65]);
void myo_rec_close(myo_rec **r);

#endif
