/* edf_annot.c - EDF+ time-stamped annotation lists (TAL): record times and texts.
 *
 * A TAL is Onset [0x15 Duration] 0x14 Text 0x14 [Text 0x14]... 0x00; the first of a record has an
 * empty text and tells when the record starts (EDF+ specification 2003, 2.2). */
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "io/edf.h"

enum { NOTES_MAX = 100000, NOTES_BYTES = 16 << 20, NOTE_BYTES = 4096, STAMP_BYTES = 40 };
#define TIME_MAX 1e12 /* s; a stamp beyond is damage */

/* One stamp up to `end`: a sign is compulsory for the onset. */
static bool parse_stamp(const unsigned char *p, size_t n, bool onset, double *out) {
    if (n == 0 || n > STAMP_BYTES || (onset && p[0] != '+' && p[0] != '-')) {
        return false;
    }
    for (size_t i = onset ? 1 : 0; i < n; i++) {
        if ((p[i] < '0' || p[i] > '9') && p[i] != '.') {
            return false;
        }
    }
    const size_t skip = p[0] == '+';
    double v = 0;
    if (!myo_parse_f64((const char *)p + skip, n - skip, &v) || fabs(v) > TIME_MAX) {
        return false;
    }
    *out = v;
    return true;
}

/* Bytes before the first of the two marks. */
static size_t until(const unsigned char *p, size_t n, int a, int b) {
    size_t i = 0;
    while (i < n && p[i] != a && p[i] != b) {
        i++;
    }
    return i;
}

/* The stamps of the TAL at p: how many bytes they take with their closing 0x14, 0 if they are not
 * valid. */
static size_t parse_stamps(const unsigned char *p, size_t n, double *onset, double *duration) {
    const size_t first = until(p, n, 0x15, 0x14);
    *duration = -1;
    if (first == n || !parse_stamp(p, first, true, onset)) {
        return 0;
    }
    if (p[first] == 0x14) {
        return first + 1;
    }
    const size_t second = until(p + first + 1, n - first - 1, 0x14, 0x14);
    if (first + 1 + second == n || !parse_stamp(p + first + 1, second, false, duration)) {
        return 0;
    }
    return first + 1 + second + 1;
}

bool edf_timekeeping(const unsigned char *p, size_t n, double *onset) {
    double duration = 0;
    const size_t used =
        parse_stamps(p, n < 2 * STAMP_BYTES + 2 ? n : 2 * STAMP_BYTES + 2, onset, &duration);
    return used > 0 && used < n && p[used] == 0x14;
}

myo_err edf_record_onset(const myo_reader *r, const edf_head *h, int64_t rec, double *onset) {
    unsigned char head[2 * STAMP_BYTES + 2];
    const edf_signal *s = h->sig;
    while (s->ch >= 0) {
        s++;
    }
    const size_t n =
        (size_t)(s->n * h->width) < sizeof head ? (size_t)(s->n * h->width) : sizeof head;
    const int64_t at = h->head_bytes + rec * h->rec_bytes + s->off;
    MYO_TRY(myo_read_at(r, head, n, at));
    if (!edf_timekeeping(head, n, onset)) {
        return myo_fail(r->d, MYO_ERR_DAMAGED,
                        "byte %" PRId64 ": record %" PRId64 " does not begin with its time", at,
                        rec + 1);
    }
    return MYO_OK;
}

static myo_err keep(edf_notes *a, const unsigned char *text, size_t n, double onset,
                    double duration, int64_t rec, myo_reader *r) {
    r->info->n_annotations++;
    if (a->n >= NOTES_MAX || a->bytes + n > NOTES_BYTES) {
        myo_warn(r->d, "too many annotations: only the first %zu are kept", a->n);
        return MYO_OK;
    }
    if (n > NOTE_BYTES) {
        myo_warn(r->d, "record %" PRId64 ": annotation of %zu bytes cut to %d", rec + 1, n,
                 NOTE_BYTES);
        n = NOTE_BYTES;
    }
    void *v = a->v;
    const myo_err err = myo_grow(&v, &a->cap, a->n + 1, sizeof *a->v);
    a->v = v;
    char *copy = err == MYO_OK ? myo_alloc(n + 1, 1) : NULL;
    if (copy == NULL) {
        return myo_fail(r->d, MYO_ERR_NOMEM, "no memory for %zu annotations", a->n + 1);
    }
    memcpy(copy, text, n);
    a->v[a->n++] = (edf_note){onset - a->zero, duration, rec, copy};
    a->bytes += n;
    return MYO_OK;
}

myo_err edf_notes_add(edf_notes *a, const unsigned char *p, size_t n, int64_t rec, bool first,
                      myo_reader *r) {
    const unsigned char *const end = p + n;
    bool timekeeping = first;
    while (p < end) {
        if (*p == 0) {
            p++;
            continue;
        }
        const size_t len = until(p, (size_t)(end - p), 0, 0);
        double onset = 0, duration = 0;
        size_t at = parse_stamps(p, len, &onset, &duration);
        if (p + len == end && !a->open) {
            a->open = true;
            myo_warn(r->d, "record %" PRId64 ": annotations do not end before the record does", rec + 1);
        }
        if (at == 0 && !a->warned) {
            a->warned = true;
            myo_warn(r->d, "record %" PRId64 ": annotation without a valid time left out", rec + 1);
        }
        while (at > 0 && at < len) {
            const size_t text = until(p + at, len - at, 0x14, 0x14);
            if (text > 0 || !timekeeping) {
                MYO_TRY(keep(a, p + at, text, onset, duration, rec, r));
            }
            timekeeping = false;
            at += text + 1;
        }
        p += len;
    }
    return MYO_OK;
}

void edf_notes_rewind(edf_notes *a, int64_t rec) {
    while (a->n > 0 && a->v[a->n - 1].rec >= rec) {
        a->n--;
        a->bytes -= strlen(a->v[a->n].text);
        myo_free(a->v[a->n].text);
    }
    if (a->last_rec >= rec) {
        a->last_rec = rec - 1;
    }
}

void edf_notes_free(edf_notes *a) {
    edf_notes_rewind(a, -1);
    myo_free(a->v);
    *a = (edf_notes){0};
}
