/* edf.c - EDF, EDF+C, EDF+D, BDF, BDF+: bounded record reader.
 *
 *   file:   | header | record 0 | record 1 | ...
 *   record: | signal 0 | signal 1 | ... | annotations |
 *
 * Whole records are read into one buffer of at most BUFFER_BYTES. A record larger than that is read
 * in equal time slices, signal by signal, so that memory stays bounded whatever the header says. */
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "io/edf.h"
#include "kern/kern.h"

enum { BUFFER_BYTES = 2 << 20 };

typedef struct edf {
    edf_head h;
    myo_planes planes;
    unsigned char *raw; /* whole records; a slice; or a record's annotations */
    int64_t batch;      /* records that fit raw */
    int64_t n_slice;    /* parts of a record; 1: whole records */
    int64_t rec, slice; /* next to read */
    bool stamped;       /* times come from the time-keeping annotations */
    double zero;        /* onset of record 0 */
    double tolerance;   /* s: a smaller step between records is rounding */
    bool odd_time;      /* a record's stamp did not fit: told once */
    bool no_time;       /* a record had none: told once */
    double last;        /* onset of the record before, relative to zero; NaN at the beginning */
    edf_notes notes;
} edf;

static int edf_probe(const myo_probe *p) {
    if (p->n >= 8 && memcmp(p->head, "\377BIOSEMI", 8) == 0) {
        return 100;
    }
    if (p->n >= 8 && memcmp(p->head, "0       ", 8) == 0) {
        return p->n >= 256 ? 100 : 60;
    }
    return 0;
}

/* EDF+C promises regular times. Where first and last record say otherwise, believe them if they can
 * be true. */
static myo_err check_continuous(myo_reader *r, edf *e) {
    double first = 0, last = 0;
    myo_reader quiet = *r;
    quiet.d = NULL;
    if (edf_record_onset(&quiet, &e->h, 0, &first) != MYO_OK ||
        edf_record_onset(&quiet, &e->h, e->h.n_rec - 1, &last) != MYO_OK) {
        myo_warn(r->d,
                 "time-keeping annotations are missing or damaged: records taken as continuous");
        e->no_time = true;
        return MYO_OK;
    }
    const double want = (double)(e->h.n_rec - 1) * e->h.dur, extra = last - first - want;
    e->zero = first;
    if (extra > e->tolerance) {
        myo_warn(r->d,
                 "%s, but the last record begins %.6g s later than the records fill: gaps taken "
                 "from the "
                 "time-keeping annotations",
                 r->info->format, extra);
        e->stamped = true;
    } else if (extra < -e->tolerance) {
        myo_warn(
            r->d,
            "time-keeping annotations do not fit (last record at %.6g s, expected %.6g s): ignored",
            last - first, want);
    }
    return MYO_OK;
}

static myo_err set_times(myo_reader *r, edf *e) {
    double last = (double)(e->h.n_rec - 1) * e->h.dur;
    /* Stamps are rounded, by the usual writers to 0.1 ms; a lost sample is more than that. */
    e->tolerance = fmax(0.5 / e->h.fs_max, 2e-4);
    e->last = NAN;
    if (e->h.broken) {
        e->stamped = true;
        MYO_TRY(edf_record_onset(r, &e->h, 0, &e->zero));
    } else if (e->h.n_annot > 0) {
        MYO_TRY(check_continuous(r, e));
    } else if (e->h.plus) {
        myo_warn(r->d, "%s without an annotation signal: records taken as continuous",
                 r->info->format);
    }
    if (e->stamped) {
        MYO_TRY(edf_record_onset(r, &e->h, e->h.n_rec - 1, &last));
        last -= e->zero;
    }
    if (last < 0) {
        return myo_fail(r->d, MYO_ERR_DAMAGED,
                        "record %" PRId64 ": time goes back (begins at %.6g s, record 1 at 0 s)",
                        e->h.n_rec, last);
    }
    e->notes.zero = e->zero;
    e->notes.last_rec = -1;
    r->info->duration_s = last + e->h.dur;
    return MYO_OK;
}

static myo_err make_buffers(myo_reader *r, edf *e) {
    const edf_head *h = &e->h;
    e->batch = BUFFER_BYTES / h->rec_bytes;
    e->n_slice = 1;
    if (e->batch < 1) {
        e->batch = 1;
        e->n_slice = (h->rec_bytes + BUFFER_BYTES - 1) / BUFFER_BYTES;
    }
    if (e->batch > h->n_rec) {
        e->batch = h->n_rec;
    }
    size_t bytes = e->n_slice == 1 ? (size_t)(e->batch * h->rec_bytes) : (size_t)h->annot_bytes;
    size_t cap[MYO_MAX_CHANNELS];
    for (int i = 0; i < h->n_sig; i++) {
        const int64_t n = (h->sig[i].n + e->n_slice - 1) / e->n_slice;
        if (h->sig[i].ch >= 0) {
            cap[h->sig[i].ch] = (size_t)(n * e->batch);
        }
        if (bytes < (size_t)(n * h->width)) {
            bytes = (size_t)(n * h->width);
        }
    }
    e->raw = myo_alloc_room(bytes, 1);
    if (e->raw == NULL || myo_planes_new(&e->planes, r->info->n_ch, cap) != MYO_OK) {
        return myo_fail(r->d, MYO_ERR_NOMEM, "no memory for a buffer of %zu bytes", bytes);
    }
    return MYO_OK;
}

static myo_err edf_open(myo_reader *r) {
    edf *e = r->priv;
    MYO_TRY(edf_head_read(r, &e->h));
    MYO_TRY(edf_head_count(r, &e->h));
    MYO_TRY(edf_head_rate(r, &e->h));
    MYO_TRY(set_times(r, e));
    MYO_TRY(make_buffers(r, e));
    myo_ending_check(r, e->h.bdf ? "bdf" : "edf rec", r->info->format);
    r->info->can_seek = true;
    return MYO_OK;
}

/* n samples to physical values; how many lie outside the digital limits. */
static uint32_t decode24(const edf_signal *s, const unsigned char *restrict p, float *restrict x,
                         size_t n) {
    const double gain = s->gain, offset = s->offset;
    const int32_t lo = s->lo, hi = s->hi;
    uint32_t beyond = 0;
    for (size_t i = 0; i < n; i++, p += 3) {
        const uint32_t high = (uint32_t)p[0] << 8 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 24;
        const int32_t v = (int32_t)high / 256;
        beyond += (uint32_t)((v < lo) | (v > hi));
        x[i] = (float)((double)v * gain + offset);
    }
    return beyond;
}

static void decode(myo_reader *r, const edf *e, edf_signal *s, const unsigned char *p, size_t at,
                   size_t n) {
    float *x = e->planes.x[s->ch] + at;
    const double rule[4] = {s->gain, s->offset, (double)s->lo, (double)s->hi};
    const int64_t beyond =
        e->h.bdf ? decode24(s, p, x, n) : myo_kern()->decode16(x, p, rule, (int64_t)n);
    if (beyond > 0 && !s->beyond) {
        s->beyond = true;
        myo_warn(r->d, "signal %d: samples outside its digital limits %" PRId32 " to %" PRId32,
                 (int)(s - e->h.sig) + 1, s->lo, s->hi);
    }
}

/* Begin of record `rec`, whose annotation signals lie in raw from `annot` on (NULL: none read),
 * against the record before. *gap: time breaks here. */
static myo_err record_time(myo_reader *r, edf *e, const unsigned char *annot, size_t n, int64_t rec,
                           double last, double *time, bool *gap) {
    double onset = 0;
    const double regular = (double)rec * e->h.dur, expected = last + e->h.dur;
    *time = regular;
    *gap = false;
    const bool known = annot != NULL && edf_timekeeping(annot, n, &onset);
    if (!e->stamped) {
        if (annot != NULL && !known && !e->no_time) {
            e->no_time = true;
            myo_warn(r->d, "record %" PRId64 ": does not begin with its time: taken as continuous", rec + 1);
        }
        if (known && fabs(onset - e->zero - regular) > e->tolerance && !isnan(last) &&
            !e->odd_time) {
            e->odd_time = true;
            myo_warn(r->d, "record %" PRId64 ": time-keeping says %.6g s, expected %.6g s: ignored",
                     rec + 1, onset - e->zero, regular);
        }
        return MYO_OK;
    }
    if (!known) {
        return myo_fail(r->d, MYO_ERR_DAMAGED,
                        "byte %" PRId64 ": record %" PRId64 " does not begin with its time",
                        e->h.head_bytes + rec * e->h.rec_bytes, rec + 1);
    }
    *time = onset - e->zero;
    if (!isnan(last) && *time < expected - e->tolerance) {
        return myo_fail(r->d, MYO_ERR_DAMAGED,
                        "record %" PRId64 ": time goes back (begins at %.6g s, the record before "
                        "ends at %.6g s)",
                        rec + 1, *time, expected);
    }
    *gap = !isnan(last) && *time > expected + e->tolerance;
    return MYO_OK;
}

/* Texts of record `rec`, once; p is where its signals begin. */
static myo_err record_notes(myo_reader *r, edf *e, const unsigned char *rec_begin, int64_t rec) {
    bool first = true;
    for (int i = 0; rec > e->notes.last_rec && i < e->h.n_sig; i++) {
        const edf_signal *s = &e->h.sig[i];
        if (s->ch < 0) {
            MYO_TRY(edf_notes_add(&e->notes, rec_begin + s->off, (size_t)(s->n * e->h.width), rec,
                                  first, r));
            first = false;
        }
    }
    if (rec > e->notes.last_rec) {
        e->notes.last_rec = rec;
    }
    return MYO_OK;
}

static const edf_signal *first_annotation(const edf *e) {
    for (int i = 0; i < e->h.n_sig; i++) {
        if (e->h.sig[i].ch < 0) {
            return &e->h.sig[i];
        }
    }
    return NULL;
}

/* How many of the n records in raw belong together in time; notes the texts of those. */
static myo_err span_records(myo_reader *r, edf *e, int64_t n, int64_t *n_used, double *start,
                            bool *gap) {
    const edf_signal *a = first_annotation(e);
    for (*n_used = 0; *n_used < n; ++*n_used) {
        const unsigned char *p = e->raw + *n_used * e->h.rec_bytes;
        double time = 0;
        bool breaks = false;
        MYO_TRY(record_time(r, e, a != NULL ? p + a->off : NULL,
                            a != NULL ? (size_t)(a->n * e->h.width) : 0, e->rec + *n_used, e->last,
                            &time, &breaks));
        if (*n_used == 0) {
            *start = time;
            *gap = breaks;
        } else if (breaks) {
            return MYO_OK;
        }
        MYO_TRY(record_notes(r, e, p, e->rec + *n_used));
        e->last = time;
    }
    return MYO_OK;
}

static myo_err read_records(myo_reader *r, edf *e, double max_s, myo_block *b) {
    const edf_head *h = &e->h;
    int64_t most = h->n_rec - e->rec < e->batch ? h->n_rec - e->rec : e->batch, n = 0;
    const int64_t want = myo_frames_for(max_s, 1 / h->dur, most);
    double start = 0;
    bool gap = false;
    MYO_TRY(myo_read_at(r, e->raw, (size_t)(want * h->rec_bytes),
                        h->head_bytes + e->rec * h->rec_bytes));
    MYO_TRY(span_records(r, e, want, &n, &start, &gap));
    for (int i = 0; i < h->n_sig; i++) {
        edf_signal *s = &h->sig[i];
        if (s->ch < 0) {
            continue;
        }
        for (int64_t k = 0; k < n; k++) {
            decode(r, e, s, e->raw + k * h->rec_bytes + s->off, (size_t)(k * s->n), (size_t)s->n);
        }
        e->planes.n[s->ch] = n * s->n;
        e->planes.start[s->ch] = start;
    }
    e->rec += n;
    myo_planes_show(&e->planes, gap, b);
    return MYO_OK;
}

/* Annotation signals of the record at hand into raw, closely packed: time of the record, and its
 * texts. */
static myo_err slice_time(myo_reader *r, edf *e, bool *gap) {
    const int64_t begin = e->h.head_bytes + e->rec * e->h.rec_bytes;
    const edf_signal *a = first_annotation(e);
    size_t at = 0;
    for (int i = 0; i < e->h.n_sig; i++) {
        const edf_signal *s = &e->h.sig[i];
        if (s->ch < 0) {
            const size_t n = (size_t)(s->n * e->h.width);
            MYO_TRY(myo_read_at(r, e->raw + at, n, begin + s->off));
            at += n;
        }
    }
    double time = 0;
    MYO_TRY(record_time(r, e, a != NULL ? e->raw : NULL,
                        a != NULL ? (size_t)(a->n * e->h.width) : 0, e->rec, e->last, &time, gap));
    e->last = time;
    at = 0;
    for (int i = 0; e->rec > e->notes.last_rec && i < e->h.n_sig; i++) {
        const edf_signal *s = &e->h.sig[i];
        if (s->ch < 0) {
            MYO_TRY(edf_notes_add(&e->notes, e->raw + at, (size_t)(s->n * e->h.width), e->rec,
                                  at == 0, r));
            at += (size_t)(s->n * e->h.width);
        }
    }
    e->notes.last_rec = e->rec > e->notes.last_rec ? e->rec : e->notes.last_rec;
    return MYO_OK;
}

/* Slice j of a record: samples [n*j/m, n*(j+1)/m) of every signal. */
static myo_err read_slice(myo_reader *r, edf *e, myo_block *b) {
    const edf_head *h = &e->h;
    bool gap = false;
    if (e->slice == 0 || isnan(e->last)) {
        MYO_TRY(slice_time(r, e, &gap));
    }
    for (int i = 0; i < h->n_sig; i++) {
        edf_signal *s = &h->sig[i];
        if (s->ch < 0) {
            continue;
        }
        const int64_t from = s->n * e->slice / e->n_slice, to = s->n * (e->slice + 1) / e->n_slice;
        MYO_TRY(myo_read_at(r, e->raw, (size_t)((to - from) * h->width),
                            h->head_bytes + e->rec * h->rec_bytes + s->off + from * h->width));
        decode(r, e, s, e->raw, 0, (size_t)(to - from));
        e->planes.n[s->ch] = to - from;
        e->planes.start[s->ch] = e->last + (double)from / r->info->ch[s->ch].fs;
    }
    e->slice++;
    if (e->slice == e->n_slice) {
        e->slice = 0;
        e->rec++;
    }
    myo_planes_show(&e->planes, gap, b);
    return MYO_OK;
}

static myo_err edf_read(myo_reader *r, double max_s, myo_block *b) {
    edf *e = r->priv;
    if (e->rec >= e->h.n_rec) {
        *b = (myo_block){0};
        return MYO_OK;
    }
    return e->n_slice > 1 ? read_slice(r, e, b) : read_records(r, e, max_s, b);
}

/* Last record that begins at or before time s. */
static myo_err find_record(myo_reader *r, const edf *e, double s, int64_t *rec) {
    if (!e->stamped) {
        const double at = floor(s / e->h.dur);
        *rec = at < (double)e->h.n_rec ? (int64_t)at : e->h.n_rec - 1;
        return MYO_OK;
    }
    int64_t lo = 0, hi = e->h.n_rec;
    while (hi - lo > 1) {
        const int64_t mid = lo + (hi - lo) / 2;
        double onset = 0;
        MYO_TRY(edf_record_onset(r, &e->h, mid, &onset));
        if (onset - e->zero <= s) {
            lo = mid;
        } else {
            hi = mid;
        }
    }
    *rec = lo;
    return MYO_OK;
}

static myo_err edf_seek(myo_reader *r, double s) {
    edf *e = r->priv;
    int64_t rec = 0;
    double time = 0;
    if (s >= r->info->duration_s) {
        e->rec = e->h.n_rec;
        return MYO_OK;
    }
    MYO_TRY(find_record(r, e, s, &rec));
    time = (double)rec * e->h.dur;
    if (e->stamped) {
        MYO_TRY(edf_record_onset(r, &e->h, rec, &time));
        time -= e->zero;
    }
    const double part = floor((s - time) / e->h.dur * (double)e->n_slice);
    e->rec = rec;
    e->slice = part >= (double)e->n_slice ? e->n_slice - 1 : part > 0 ? (int64_t)part : 0;
    e->last = NAN;
    edf_notes_rewind(&e->notes, rec);
    r->info->n_annotations = (int64_t)e->notes.n;
    return MYO_OK;
}

static void edf_annotations(const myo_reader *r, myo_annot_fn fn, void *user) {
    const edf *e = r->priv;
    for (size_t i = 0; i < e->notes.n; i++) {
        fn(user, e->notes.v[i].onset, e->notes.v[i].duration, e->notes.v[i].text);
    }
}

static void edf_close(myo_reader *r) {
    edf *e = r->priv;
    edf_notes_free(&e->notes);
    myo_planes_free(&e->planes);
    myo_free(e->raw);
    myo_free(e->h.sig);
}

const myo_reader_ops myo_edf_reader = {
    .name = "EDF/BDF",
    .endings = "edf rec bdf",
    .priv_size = sizeof(edf),
    .probe = edf_probe,
    .open = edf_open,
    .read = edf_read,
    .seek = edf_seek,
    .annotations = edf_annotations,
    .close = edf_close,
};
