/* flac.c - FLAC's own checks, made before any sample is used (format: RFC 9639).
 *
 * A FLAC decoder goes on after a damaged frame, and libsndfile then delivers zeros or a shorter
 * recording without an error. So every frame's CRC-16 is checked here first. A frame's length is
 * not written anywhere: it ends where the CRC over it is 0 and another frame's header, or the end
 * of the file, follows. */
#include <inttypes.h>
#include <string.h>
#include "base/base.h"
#include "io/flac.h"

enum { HEADER_MAX = 17, BUFFER = 8 << 20, FRAME_BYTES_MAX = 4 << 20, MAX_BLOCKS = 10000 };

typedef struct frame {
    int64_t sample;
    int n;
    int header;
} frame; /* first sample, samples, bytes of the header */

typedef struct scan {
    const myo_reader *r;
    const myo_flac *f;
    uint16_t crc16[256];
    uint8_t crc8[256];
    unsigned char *buf; /* file bytes [base, base + n) */
    int64_t base;
    size_t n;
} scan;

static void make_tables(scan *s) {
    for (unsigned i = 0; i < 256; i++) {
        unsigned a = i << 8, b = i;
        for (int k = 0; k < 8; k++) {
            a = (a & 0x8000u) != 0 ? (a << 1) ^ 0x8005u : a << 1;
            b = (b & 0x80u) != 0 ? (b << 1) ^ 0x07u : b << 1;
        }
        s->crc16[i] = (uint16_t)a;
        s->crc8[i] = (uint8_t)b;
    }
}

static uint64_t big(const unsigned char *p, int n) {
    uint64_t v = 0;
    for (int i = 0; i < n; i++) {
        v = v << 8 | p[i];
    }
    return v;
}

static myo_err read_streaminfo(const myo_reader *r, myo_flac *f) {
    unsigned char s[42];
    MYO_TRY(myo_read_at(r, s, sizeof s, 0));
    if ((s[4] & 0x7f) != 0 || big(s + 5, 3) != 34) {
        return myo_fail(r->d, MYO_ERR_DAMAGED,
                        "byte 4: FLAC without a STREAMINFO of 34 bytes (found type %d, %d bytes)",
                        s[4] & 0x7f, (int)big(s + 5, 3));
    }
    f->block_max = (int)big(s + 10, 2);
    f->rate = (int64_t)(big(s + 18, 3) >> 4);
    f->channels = (s[20] >> 1 & 7) + 1;
    f->bits = ((s[20] & 1) << 4 | s[21] >> 4) + 1;
    f->total = (int64_t)(big(s + 21, 5) & 0xfffffffff);
    memcpy(f->md5, s + 26, 16);
    if (f->block_max < 16) {
        return myo_fail(r->d, MYO_ERR_DAMAGED,
                        "byte 10: FLAC block size (found %d, allowed 16 or more)", f->block_max);
    }
    return MYO_OK;
}

myo_err myo_flac_info(const myo_reader *r, myo_flac *f) {
    *f = (myo_flac){0};
    MYO_TRY(read_streaminfo(r, f));
    int64_t at = 4;
    for (int i = 0; i < MAX_BLOCKS; i++) {
        unsigned char h[4];
        MYO_TRY(myo_read_at(r, h, sizeof h, at));
        const int64_t n = (int64_t)big(h + 1, 3);
        if (at + 4 + n > r->size) {
            return myo_fail(r->d, MYO_ERR_TRUNCATED,
                            "byte %" PRId64 ": FLAC metadata runs past the end (found %" PRId64
                            " bytes, expected %" PRId64 ")",
                            at, r->size - at - 4, n);
        }
        at += 4 + n;
        if ((h[0] & 0x80) != 0) {
            f->audio_at = at;
            return MYO_OK;
        }
    }
    return myo_fail(r->d, MYO_ERR_RANGE,
                    "byte %" PRId64 ": too many FLAC metadata blocks (allowed %d)", at, MAX_BLOCKS);
}

/* A number in FLAC's extension of UTF-8 (up to 36 bits): bytes used, 0 if not valid. */
static int coded_number(const unsigned char *p, int64_t *out) {
    int more = 0;
    while (more < 7 && (p[0] & (0x80 >> more)) != 0) {
        more++;
    }
    if (more == 1 || (more == 7 && (p[0] & 1) != 0)) {
        return 0;
    }
    int64_t v = more == 0 ? p[0] : p[0] & (0x7f >> more);
    const int n = more == 0 ? 1 : more;
    for (int i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80) {
            return 0;
        }
        v = v << 6 | (p[i] & 0x3f);
    }
    *out = v;
    return n;
}

static int block_size(int code, const unsigned char *p, int *used) {
    *used = code == 6 ? 1 : code == 7 ? 2 : 0;
    if (code == 6 || code == 7) {
        return (int)big(p, *used) + 1;
    }
    return code == 1 ? 192 : code >= 8 ? 256 << (code - 8) : code >= 2 ? 576 << (code - 2) : 0;
}

/* Is there a frame header at p (HEADER_MAX bytes, zero-padded)? */
static bool frame_header(const scan *s, const unsigned char *p, frame *out) {
    static const int widths[8] = {0, 8, 12, -1, 16, 20, 24, 32};
    const int channels = p[3] >> 4, width = widths[p[3] >> 1 & 7], rate = p[2] & 15;
    if (p[0] != 0xff || (p[1] & 0xfe) != 0xf8 || (p[3] & 1) != 0 || rate == 15 || channels > 10) {
        return false;
    }
    if ((channels < 8 ? channels + 1 : 2) != s->f->channels ||
        (width != 0 && width != s->f->bits)) {
        return false;
    }
    int64_t number = 0;
    int at = 4, used = coded_number(p + at, &number);
    if (used == 0) {
        return false;
    }
    at += used;
    out->n = block_size(p[2] >> 4, p + at, &used);
    at += used + (rate == 12 ? 1 : rate >= 13 ? 2 : 0);
    uint8_t crc = 0;
    for (int i = 0; i < at; i++) {
        crc = s->crc8[crc ^ p[i]];
    }
    out->header = at + 1;
    /* Fixed block size: frames are counted; variable: samples. */
    out->sample = (p[1] & 1) != 0 ? number : number * s->f->block_max;
    return out->n > 0 && out->n <= s->f->block_max && crc == p[at];
}

/* Let the buffer begin at `at` unless it holds enough behind it. */
static myo_err want(scan *s, int64_t at) {
    const int64_t left = s->r->size - at, need = left < FRAME_BYTES_MAX ? left : FRAME_BYTES_MAX;
    if (at >= s->base && at + need <= s->base + (int64_t)s->n) {
        return MYO_OK;
    }
    s->n = left < BUFFER ? (size_t)left : BUFFER;
    s->base = at;
    return myo_read_at(s->r, s->buf, s->n, at);
}

static bool header_at(const scan *s, int64_t at, frame *out) {
    unsigned char p[HEADER_MAX] = {0};
    const int64_t left = s->base + (int64_t)s->n - at;
    memcpy(p, s->buf + (at - s->base), left < HEADER_MAX ? (size_t)left : HEADER_MAX);
    return left >= 6 && frame_header(s, p, out);
}

/* Byte after the frame at `at`, or -1: damaged, or cut. Nothing need follow the last frame; where
 * bytes do, its end is the first place that fits. */
static int64_t frame_end(const scan *s, int64_t at, const frame *fr) {
    const unsigned char *p = s->buf + (at - s->base);
    const int64_t have = s->base + (int64_t)s->n - at,
                  most = have < FRAME_BYTES_MAX ? have : FRAME_BYTES_MAX;
    const bool last = s->f->total > 0 && fr->sample + fr->n >= s->f->total;
    int64_t fits = -1;
    uint16_t crc = 0;
    frame next;
    for (int64_t i = 0; i < most; i++) {
        crc = (uint16_t)((crc << 8) ^ s->crc16[(crc >> 8) ^ p[i]]);
        if (crc != 0 || i + 1 <= fr->header) {
            continue;
        }
        if (at + i + 1 == s->r->size || (!last && header_at(s, at + i + 1, &next))) {
            return at + i + 1;
        }
        fits = last && fits < 0 ? at + i + 1 : fits;
    }
    return fits;
}

/* Is there any later frame within reach? Then the one at `at` is damaged, not cut. */
static bool later_frame(const scan *s, int64_t at, int64_t sample) {
    frame fr;
    for (int64_t i = at + 1; i + 6 < s->base + (int64_t)s->n; i++) {
        if (s->buf[i - s->base] == 0xff && header_at(s, i, &fr) && fr.sample > sample) {
            return true;
        }
    }
    return false;
}

static myo_err bad_frame(const scan *s, int64_t at, int64_t k, int64_t sample, myo_flac *f) {
    if (later_frame(s, at, sample)) {
        return myo_fail(s->r->d, MYO_ERR_DAMAGED,
                        "byte %" PRId64 ": FLAC frame %" PRId64 " (from sample %" PRId64
                        ") is damaged",
                        at, k + 1, sample);
    }
    f->good = sample;
    f->cut = true;
    return MYO_OK;
}

static myo_err scan_frames(scan *s, myo_flac *f) {
    int64_t at = f->audio_at, sample = 0;
    for (int64_t k = 0; at < s->r->size && (f->total == 0 || sample < f->total); k++) {
        frame fr;
        MYO_TRY(want(s, at));
        const int64_t end =
            header_at(s, at, &fr) && fr.sample == sample ? frame_end(s, at, &fr) : -1;
        if (end < 0) {
            return bad_frame(s, at, k, sample, f);
        }
        at = end;
        sample += fr.n;
    }
    f->good = sample;
    f->cut = sample < f->total;
    if (f->total > 0 && sample > f->total) {
        return myo_fail(s->r->d, MYO_ERR_DAMAGED,
                        "FLAC frames hold %" PRId64 " samples, the header promises %" PRId64,
                        sample, f->total);
    }
    if (at < s->r->size) {
        myo_warn(s->r->d, "byte %" PRId64 ": %" PRId64 " bytes follow the last FLAC frame: ignored",
                 at, s->r->size - at);
    }
    return MYO_OK;
}

myo_err myo_flac_check(const myo_reader *r, myo_flac *f) {
    scan s = {.r = r, .f = f};
    make_tables(&s);
    const int64_t room = r->size < BUFFER ? r->size : BUFFER;
    s.buf = myo_alloc((size_t)room, 1);
    if (s.buf == NULL) {
        return myo_fail(r->d, MYO_ERR_NOMEM, "no memory to check the frames");
    }
    const myo_err err = scan_frames(&s, f);
    myo_free(s.buf);
    return err;
}
