/* edf_header.c - the EDF/BDF header: every field parsed strictly, nothing believed before it is
 * checked. */
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "io/edf.h"

enum { MAIN_BYTES = 256, SIGNAL_BYTES = 256, ANNOT_MAX = 8 << 20 };

/* One header field, for parsing and for messages. sig is 1-based, 0 in the main header. */
typedef struct field {
    const char *name;
    int64_t at;
    const char *s;
    size_t n;
    int sig;
} field;

/* The columns of the signal header: all labels, then all transducers, ... (EDF specification,
 * 1992). */
enum { LABEL, TRANSDUCER, UNIT, PMIN, PMAX, DMIN, DMAX, PREFILTER, SAMPLES, RESERVED, N_COLUMNS };
static const struct {
    const char *name;
    size_t width;
} columns[N_COLUMNS] = {
    {"label", 16},           {"transducer", 80},      {"physical dimension", 8},
    {"physical minimum", 8}, {"physical maximum", 8}, {"digital minimum", 8},
    {"digital maximum", 8},  {"prefiltering", 80},    {"samples per record", 8},
    {"reserved", 32},
};

static field main_field(const char *head, const char *name, size_t at, size_t n) {
    return (field){name, (int64_t)at, head + at, n, 0};
}

static field signal_field(const char *head, int n_sig, int sig, int column) {
    size_t at = MAIN_BYTES;
    for (int c = 0; c < column; c++) {
        at += columns[c].width * (size_t)n_sig;
    }
    at += columns[column].width * (size_t)sig;
    return (field){columns[column].name, (int64_t)at, head + at, columns[column].width, sig + 1};
}

static myo_err field_fail(const myo_reader *r, const field *f, const char *allowed) {
    char raw[96] = "", shown[256], where[32] = "";
    for (size_t i = 0, k = 0; i < f->n && i < 80; i++) {
        raw[k++] = f->s[i] != '\0' ? f->s[i] : '\1';
    }
    for (size_t k = strlen(raw); k > 0 && raw[k - 1] == ' '; k--) {
        raw[k - 1] = '\0';
    }
    myo_printable(shown, sizeof shown, raw);
    if (f->sig > 0) {
        snprintf(where, sizeof where, " of signal %d", f->sig);
    }
    return myo_fail(r->d, MYO_ERR_RANGE,
                    "byte %" PRId64 ": field %s%s: not valid (found '%s', allowed %s)", f->at,
                    f->name, where, shown, allowed);
}

static myo_err field_int(const myo_reader *r, const field *f, int64_t lo, int64_t hi,
                         int64_t *out) {
    int64_t v = 0;
    if (!myo_parse_i64(f->s, f->n, &v) || v < lo || v > hi) {
        char allowed[80];
        snprintf(allowed, sizeof allowed, "a whole number from %" PRId64 " to %" PRId64, lo, hi);
        return field_fail(r, f, allowed);
    }
    *out = v;
    return MYO_OK;
}

static myo_err field_real(const myo_reader *r, const field *f, double *out) {
    double v = 0;
    if (!myo_parse_f64(f->s, f->n, &v) || !(fabs(v) <= FLT_MAX)) {
        return field_fail(r, f, "a decimal number");
    }
    *out = v;
    return MYO_OK;
}

static bool is_utf8(const unsigned char *s) {
    while (*s != 0) {
        int more = *s < 0x80                 ? 0
                   : *s >= 0xc2 && *s < 0xe0 ? 1
                   : *s >= 0xe0 && *s < 0xf0 ? 2
                   : *s >= 0xf0 && *s < 0xf5 ? 3
                                             : -1;
        for (s++; more > 0; more--, s++) {
            if ((*s & 0xc0) != 0x80) {
                return false;
            }
        }
        if (more < 0) {
            return false;
        }
    }
    return true;
}

/* Trimmed text as UTF-8: the standard wants ASCII, the field writes the micro sign in Latin-1. A
 * NUL ends it. */
static void field_text(const field *f, char *dst, size_t cap) {
    char raw[128] = "";
    size_t n = 0, k = 0;
    while (n < f->n && n < sizeof raw - 1 && f->s[n] != '\0') {
        raw[n] = f->s[n];
        n++;
    }
    while (n > 0 && raw[n - 1] == ' ') {
        raw[--n] = '\0';
    }
    const unsigned char *s = (const unsigned char *)raw;
    while (*s == ' ') {
        s++;
    }
    const bool plain = is_utf8(s);
    for (; *s != 0 && k + 3 <= cap; s++) {
        if (plain || *s < 0x80) {
            dst[k++] = (char)*s;
        } else {
            dst[k++] = (char)(0xc0 | *s >> 6);
            dst[k++] = (char)(0x80 | (*s & 0x3f));
        }
    }
    dst[k] = '\0';
}

/* Scale of a signal: linear between (digital minimum, physical minimum) and (digital, physical
 * maximum). */
static myo_err read_scale(myo_reader *r, const char *head, const edf_head *h, int i, double phys[2],
                          edf_signal *s) {
    const int64_t lo = h->bdf ? -8388608 : -32768, hi = -lo - 1;
    const field fpmin = signal_field(head, h->n_sig, i, PMIN),
                fpmax = signal_field(head, h->n_sig, i, PMAX);
    const field fdmin = signal_field(head, h->n_sig, i, DMIN),
                fdmax = signal_field(head, h->n_sig, i, DMAX);
    int64_t dig[2] = {0, 0};
    MYO_TRY(field_real(r, &fpmin, &phys[0]));
    MYO_TRY(field_real(r, &fpmax, &phys[1]));
    MYO_TRY(field_int(r, &fdmin, lo, hi, &dig[0]));
    MYO_TRY(field_int(r, &fdmax, lo, hi, &dig[1]));
    if (dig[0] >= dig[1]) {
        char allowed[80];
        snprintf(allowed, sizeof allowed, "more than the digital minimum %" PRId64, dig[0]);
        return field_fail(r, &fdmax, allowed);
    }
    s->lo = (int32_t)dig[0];
    s->hi = (int32_t)dig[1];
    s->gain = (phys[1] - phys[0]) / (double)(dig[1] - dig[0]);
    s->offset = phys[0] - s->gain * (double)dig[0];
    if (s->gain == 0) {
        return field_fail(r, &fpmax, "another value than the physical minimum");
    }
    return MYO_OK;
}

static myo_err read_channel(myo_reader *r, const char *head, const edf_head *h, int i,
                            edf_signal *s) {
    double phys[2] = {0, 0};
    MYO_TRY(read_scale(r, head, h, i, phys, s));
    myo_channel *ch = &r->info->ch[s->ch];
    const field label = signal_field(head, h->n_sig, i, LABEL),
                unit = signal_field(head, h->n_sig, i, UNIT);
    field_text(&label, ch->label, sizeof ch->label);
    field_text(&unit, ch->file_unit, sizeof ch->file_unit);
    if (memchr(label.s, 0, label.n) != NULL || memchr(unit.s, 0, unit.n) != NULL) {
        myo_warn(r->d, "byte %" PRId64 ": text of signal %d holds NUL bytes: cut there", label.at,
                 i + 1);
    }
    if (ch->label[0] == '\0') {
        snprintf(ch->label, sizeof ch->label, "%d", i + 1);
        myo_warn(r->d, "byte %" PRId64 ": signal %d has no label: called '%d'", label.at, i + 1,
                 i + 1);
    }
    if (h->bdf && strcmp(ch->label, "Status") == 0) {
        ch->kind = MYO_KIND_OTHER; /* trigger bits, not a signal */
    }
    ch->fs = (double)s->n / h->dur;
    ch->rail_lo = fmin(phys[0], phys[1]);
    ch->rail_hi = fmax(phys[0], phys[1]);
    ch->lsb = fabs(s->gain);
    return myo_rate_check(r, ch->fs, i + 1);
}

static bool is_annotation(const field *label) {
    return memcmp(label->s, "EDF Annotations ", 16) == 0 ||
           memcmp(label->s, "BDF Annotations ", 16) == 0;
}

/* Where every signal's samples lie in a record. */
static myo_err read_layout(myo_reader *r, const char *head, edf_head *h) {
    h->sig = myo_alloc((size_t)h->n_sig, sizeof *h->sig);
    if (h->sig == NULL) {
        return myo_fail(r->d, MYO_ERR_NOMEM, "no memory for %d signals", h->n_sig);
    }
    int n_ch = 0;
    for (int i = 0; i < h->n_sig; i++) {
        edf_signal *s = &h->sig[i];
        const field label = signal_field(head, h->n_sig, i, LABEL);
        const field samples = signal_field(head, h->n_sig, i, SAMPLES);
        MYO_TRY(field_int(r, &samples, 1, 99999999, &s->n));
        s->ch = is_annotation(&label) ? -1 : n_ch++;
        s->off = h->rec_bytes;
        h->rec_bytes += s->n * h->width;
        if (s->ch < 0) {
            h->n_annot++;
            h->annot_bytes += s->n * h->width;
        }
    }
    if (h->annot_bytes > ANNOT_MAX) {
        return myo_fail(r->d, MYO_ERR_RANGE,
                        "annotation signals too large (found %" PRId64
                        " bytes a record, allowed %d)",
                        h->annot_bytes, ANNOT_MAX);
    }
    if (n_ch == 0) {
        return myo_fail(r->d, MYO_ERR_NO_CHANNEL,
                        "annotations only, no signal (found %d signals, all annotations)",
                        h->n_sig);
    }
    return myo_info_channels(r, n_ch);
}

static myo_err read_signals(myo_reader *r, const char *head, edf_head *h) {
    MYO_TRY(read_layout(r, head, h));
    if (h->dur <= 0) {
        const field f = main_field(head, "duration of a record", 244, 8);
        return field_fail(r, &f, "more than 0 s");
    }
    for (int i = 0; i < h->n_sig; i++) {
        if (h->sig[i].ch >= 0) {
            MYO_TRY(read_channel(r, head, h, i, &h->sig[i]));
            h->fs_max = fmax(h->fs_max, r->info->ch[h->sig[i].ch].fs);
        }
    }
    return MYO_OK;
}

static myo_err read_main(myo_reader *r, const char *head, edf_head *h) {
    const field n_sig = main_field(head, "number of signals", 252, 4),
                n_rec = main_field(head, "number of records", 236, 8);
    const field bytes = main_field(head, "header length", 184, 8),
                dur = main_field(head, "duration of a record", 244, 8);
    int64_t n = 0;
    h->bdf = (unsigned char)head[0] == 0xff;
    h->width = h->bdf ? 3 : 2;
    MYO_TRY(field_int(r, &n_sig, 1, MYO_MAX_CHANNELS, &n));
    h->n_sig = (int)n;
    h->head_bytes = MAIN_BYTES + SIGNAL_BYTES * n;
    if (h->head_bytes > r->size) {
        return myo_fail(r->d, MYO_ERR_TRUNCATED,
                        "byte 252: field number of signals: header of %" PRId64
                        " signals does not fit (found %" PRId64 " bytes, expected %" PRId64 ")",
                        n, r->size, h->head_bytes);
    }
    MYO_TRY(field_int(r, &bytes, h->head_bytes, h->head_bytes, &n));
    MYO_TRY(field_int(r, &n_rec, -1, 99999999, &h->n_rec));
    MYO_TRY(field_real(r, &dur, &h->dur));
    if (h->dur < 0) {
        return field_fail(r, &dur, "0 s or more");
    }
    const char *kind = head + 192;
    h->plus = memcmp(kind, h->bdf ? "BDF+" : "EDF+", 4) == 0;
    h->broken = h->plus && kind[4] == 'D';
    if (h->plus && kind[4] != 'C' && kind[4] != 'D') {
        myo_warn(r->d, "byte 196: neither C nor D follows '%.4s': taken as continuous", kind);
    }
    snprintf(r->info->format, sizeof r->info->format, "%s%s", h->bdf ? "BDF" : "EDF",
             h->broken ? "+D"
             : h->plus ? "+C"
                       : "");
    return MYO_OK;
}

myo_err edf_head_read(myo_reader *r, edf_head *h) {
    char head[MAIN_BYTES];
    if (r->size < MAIN_BYTES) {
        return myo_fail(r->d, MYO_ERR_TRUNCATED,
                        "EDF header cut (found %" PRId64 " bytes, expected %d)", r->size,
                        MAIN_BYTES);
    }
    MYO_TRY(myo_read_at(r, head, sizeof head, 0));
    MYO_TRY(read_main(r, head, h));
    edf_head_start(r, head, h);
    char *all = myo_alloc((size_t)h->head_bytes, 1);
    if (all == NULL) {
        return myo_fail(r->d, MYO_ERR_NOMEM, "no memory for a header of %" PRId64 " bytes",
                        h->head_bytes);
    }
    myo_err err = myo_read_at(r, all, (size_t)h->head_bytes, 0);
    if (err == MYO_OK) {
        err = read_signals(r, all, h);
    }
    myo_free(all);
    if (err == MYO_OK && h->broken && h->n_annot == 0) {
        err = myo_fail(r->d, MYO_ERR_DAMAGED,
                       "%s without an annotation signal: the times of its records are unknown",
                       r->info->format);
    }
    return err;
}

/* Is what follows the last promised record a record? An EDF+ record shows itself by its time; in
 * other files a filled-up rest is told from samples by being zero throughout. */
static bool more_records(const myo_reader *r, const edf_head *h) {
    unsigned char part[4096];
    double onset = 0;
    myo_reader quiet = *r;
    quiet.d = NULL;
    if (h->n_annot > 0) {
        return edf_record_onset(&quiet, h, h->n_rec, &onset) == MYO_OK;
    }
    const int64_t begin = h->head_bytes + h->n_rec * h->rec_bytes;
    for (int64_t done = 0; done < h->rec_bytes && done < 1 << 20; done += (int64_t)sizeof part) {
        const int64_t left = h->rec_bytes - done;
        const size_t n = left < (int64_t)sizeof part ? (size_t)left : sizeof part;
        if (myo_read_at(&quiet, part, n, begin + done) != MYO_OK) {
            return false;
        }
        for (size_t i = 0; i < n; i++) {
            if (part[i] != 0) {
                return true;
            }
        }
    }
    return false;
}

/* More data than the header promises: the recorder died, or something else follows. */
static void count_surplus(myo_reader *r, edf_head *h, int64_t whole, int64_t rest) {
    const bool fixed = h->n_rec > 0 && whole > h->n_rec && !more_records(r, h);
    const int64_t end = fixed ? h->n_rec : whole;
    if (end > h->n_rec) {
        myo_warn(r->d,
                 "byte 236: header counts %" PRId64 " records, the file holds %" PRId64
                 ": the recorder did not close it; count taken from the file's size",
                 h->n_rec, end);
        h->n_rec = end;
        if (rest > 0) {
            myo_warn(r->d, "the last record is incomplete: its %" PRId64 " bytes are left out",
                     rest);
        }
    } else if (r->size > h->head_bytes + end * h->rec_bytes) {
        myo_warn(r->d, "%" PRId64 " bytes follow the last record: ignored",
                 r->size - h->head_bytes - end * h->rec_bytes);
    }
}

myo_err edf_head_count(myo_reader *r, edf_head *h) {
    const int64_t whole = (r->size - h->head_bytes) / h->rec_bytes,
                  rest = (r->size - h->head_bytes) % h->rec_bytes;
    int64_t bytes = 0, samples = 0;
    if (!myo_mul_i64(h->n_rec > 0 ? h->n_rec : 0, h->rec_bytes, &bytes) ||
        bytes > INT64_MAX - h->head_bytes) {
        return myo_fail(r->d, MYO_ERR_RANGE,
                        "byte 236: %" PRId64 " records of %" PRId64 " bytes are too much", h->n_rec,
                        h->rec_bytes);
    }
    if (h->n_rec > whole) {
        if (!r->opts->salvage || whole == 0) {
            return myo_fail(r->d, MYO_ERR_TRUNCATED,
                            "the file is cut: %" PRId64 " of %" PRId64 " records (found %" PRId64
                            " bytes, expected %" PRId64 ")",
                            whole, h->n_rec, r->size, h->head_bytes + bytes);
        }
        myo_warn(r->d, "cut file: %" PRId64 " of %" PRId64 " records used", whole, h->n_rec);
        r->info->truncated = true;
        h->n_rec = whole;
    } else {
        count_surplus(r, h, whole, rest);
    }
    if (h->n_rec < 1) {
        return myo_fail(r->d, MYO_ERR_TOO_SHORT,
                        "no data records (found %" PRId64
                        " bytes after the header, a record has %" PRId64 ")",
                        r->size - h->head_bytes, h->rec_bytes);
    }
    if (!myo_mul_i64(h->n_rec, h->rec_bytes / h->width, &samples) || samples > MYO_MAX_SAMPLES) {
        return myo_fail(r->d, MYO_ERR_RANGE,
                        "too many samples (found %" PRId64 ", allowed %" PRId64 ")", samples,
                        MYO_MAX_SAMPLES);
    }
    for (int i = 0; i < h->n_sig; i++) {
        if (h->sig[i].ch >= 0) {
            r->info->ch[h->sig[i].ch].n_samples = h->sig[i].n * h->n_rec;
        }
    }
    return MYO_OK;
}

myo_err edf_head_rate(myo_reader *r, edf_head *h) {
    const double want = r->opts->fs, have = h->fs_max;
    if (want <= 0 || fabs(want - have) <= 1e-9 * have) {
        return MYO_OK;
    }
    for (int c = 0; c < r->info->n_ch; c++) {
        if (r->info->ch[c].fs != have || h->broken) {
            return myo_fail(
                r->d, MYO_ERR_PARAM,
                "the rate cannot be set for a file with %s (header %.6g Hz, asked %.6g Hz)",
                h->broken ? "gaps" : "several rates", have, want);
        }
    }
    myo_warn(r->d, "sampling rate taken as %.9g Hz as asked (the header says %.9g Hz)", want, have);
    h->dur *= have / want;
    h->fs_max = want;
    for (int c = 0; c < r->info->n_ch; c++) {
        r->info->ch[c].fs = want;
    }
    return myo_rate_check(r, want, 1);
}
