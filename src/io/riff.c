/* riff.c - the chunk list of WAV, RF64, W64, CAF and AIFF files. */
#include <inttypes.h>
#include <string.h>
#include "base/base.h"
#include "io/riff.h"

enum { MAX_CHUNKS = 10000 };

/* How one container writes its list. All ids begin with four letters, also W64's GUIDs. */
typedef struct layout {
    const char *name, *magic, *form;
    size_t magic_n;
    int form_at;      /* offset of `form` */
    int outer_at;     /* offset of the size of the whole; -1 none */
    int outer_add;    /* that size + this = bytes of the file */
    int first;        /* offset of the first chunk */
    int id, size;     /* bytes of a chunk's id and of its size */
    bool big, whole;  /* big-endian; size counts the chunk's own header */
    int align;        /* chunks begin at multiples of this */
    const char *data; /* id of the chunk with the samples */
    int skip;         /* bytes in it before the first sample */
} layout;

static const unsigned char w64_riff[] = "riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1";

static const layout layouts[] = {
    {"WAV", "RIFF", "WAVE", 4, 8, 4, 8, 12, 4, 4, false, false, 2, "data", 0},
    {"RF64", "RF64", "WAVE", 4, 8, -1, 8, 12, 4, 4, false, false, 2, "data", 0},
    {"W64", (const char *)w64_riff, "wave", 14, 24, 16, 0, 40, 16, 8, false, true, 8, "data", 0},
    {"CAF", "caff", "", 4, 0, -1, 0, 8, 4, 8, true, false, 1, "data", 4},
    {"AIFF", "FORM", "AIF", 4, 8, 4, 8, 12, 4, 4, true, false, 2, "SSND", 8},
};

typedef struct walk {
    const myo_reader *r;
    const layout *l;
    myo_chunks *out;
    int64_t outer;     /* size of the file as the file says it; -1 unknown */
    int64_t ds64_data; /* RF64: real size of the data chunk; -1 none */
    int64_t ds64_at;   /* where it is written */
    int64_t at;        /* next chunk */
    bool has_data;
} walk;

static const layout *layout_of(const unsigned char *head, size_t n) {
    for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++) {
        const layout *l = &layouts[i];
        const size_t form = strlen(l->form);
        const bool cut = n < (size_t)l->form_at + form;
        if (n >= l->magic_n && memcmp(head, l->magic, l->magic_n) == 0 &&
            (cut || memcmp(head + l->form_at, l->form, form) == 0)) {
            return l;
        }
    }
    return NULL;
}

bool myo_chunks_probe(const unsigned char *head, size_t n) {
    return layout_of(head, n) != NULL;
}

static uint64_t number(const unsigned char *p, int n, bool big) {
    uint64_t v = 0;
    for (int i = 0; i < n; i++) {
        v = v << 8 | p[big ? i : n - 1 - i];
    }
    return v;
}

static bool is_id(const unsigned char *p) {
    for (int i = 0; i < 4; i++) {
        if (p[i] < 0x20 || p[i] > 0x7e) {
            return false;
        }
    }
    return true;
}

/* Is the chunk at byte `at` as long as what it must hold? */
static myo_err holds(const walk *w, const char *chunk, int64_t at, int64_t size, int least) {
    return size >= least
               ? MYO_OK
               : myo_fail(w->r->d, MYO_ERR_DAMAGED,
                          "byte %" PRId64 ": %s chunk too short (found %" PRId64
                          " bytes, allowed %d or more)",
                          at, chunk, size, least);
}

/* "fmt " of WAV, RF64 and W64: what contradicts itself gives wrong samples at full confidence. */
static myo_err check_fmt(const walk *w, int64_t at, int64_t size) {
    unsigned char f[16];
    MYO_TRY(holds(w, "fmt", at, size, 16));
    MYO_TRY(myo_read_at(w->r, f, sizeof f, at));
    const uint64_t tag = number(f, 2, false), channels = number(f + 2, 2, false),
                   rate = number(f + 4, 4, false);
    const uint64_t bytes = number(f + 8, 4, false), frame = number(f + 12, 2, false),
                   bits = number(f + 14, 2, false);
    const bool plain = tag == 1 || tag == 3 || tag == 0xfffe;
    if (!plain && tag != 6 && tag != 7) {
        return myo_fail(w->r->d, MYO_ERR_UNSUPPORTED,
                        "byte %" PRId64 ": sample coding (found tag %" PRIu64
                        ", allowed 1 PCM, 3 float, 6 A-law, 7 u-law)",
                        at, tag);
    }
    if (channels < 1 || channels > MYO_MAX_CHANNELS) {
        return myo_fail(w->r->d, MYO_ERR_RANGE,
                        "byte %" PRId64 ": number of channels (found %" PRIu64 ", allowed 1 to %d)",
                        at + 2, channels, MYO_MAX_CHANNELS);
    }
    if (rate < 1 || rate > (uint64_t)MYO_MAX_RATE) {
        return myo_fail(w->r->d, MYO_ERR_RANGE,
                        "byte %" PRId64 ": sampling rate (found %" PRIu64 " Hz, allowed 1 to %.0f)",
                        at + 4, rate, MYO_MAX_RATE);
    }
    if (plain && frame != channels * ((bits + 7) / 8)) {
        return myo_fail(w->r->d, MYO_ERR_DAMAGED,
                        "byte %" PRId64 ": bytes per frame do not fit %" PRIu64
                        " channels of %" PRIu64 " bits (found %" PRIu64 ", expected %" PRIu64 ")",
                        at + 12, channels, bits, frame, channels * ((bits + 7) / 8));
    }
    if (plain && bytes != (rate * frame & 0xffffffffu)) {
        myo_warn(w->r->d, "byte %" PRId64 ": bytes per second are %" PRIu64 ", expected %" PRIu64,
                 at + 8, bytes, rate * frame);
    }
    return MYO_OK;
}

static myo_err read_ds64(walk *w, int64_t at, int64_t size) {
    unsigned char d[16];
    MYO_TRY(holds(w, "ds64", at, size, 24));
    MYO_TRY(myo_read_at(w->r, d, sizeof d, at));
    const uint64_t riff = number(d, 8, false), data = number(d + 8, 8, false);
    if (riff > INT64_MAX - 8 || data > INT64_MAX) {
        return myo_fail(w->r->d, MYO_ERR_RANGE,
                        "byte %" PRId64 ": size in ds64 is absurd (found %" PRIu64 ", %" PRIu64 ")",
                        at, riff, data);
    }
    w->outer = (int64_t)riff + 8;
    w->ds64_data = (int64_t)data;
    w->ds64_at = at + 8;
    return MYO_OK;
}

/* COMM of AIFF: channels, 2 bytes, then the frames, 4 (AIFF 1.3, 1989). */
static myo_err read_comm(walk *w, int64_t at, int64_t size) {
    unsigned char n[4];
    MYO_TRY(holds(w, "COMM", at, size, 18));
    MYO_TRY(myo_read_at(w->r, n, sizeof n, at + 2));
    w->out->frames = (int64_t)number(n, sizeof n, true);
    w->out->frames_at = at + 2;
    return MYO_OK;
}

/* The size of the data chunk as it ought to be written, so that the decoder can be shown a whole
 * file. */
static void mend_size(const walk *w, bool in_ds64) {
    myo_chunks *c = w->out;
    const int n = in_ds64 ? 8 : w->l->size;
    const uint64_t v =
        (uint64_t)(c->found +
                   (in_ds64 ? 0 : w->l->skip + (w->l->whole ? w->l->id + w->l->size : 0)));
    c->size_n = n;
    c->size_at = in_ds64 ? w->ds64_at : w->at + w->l->id;
    for (int i = 0; i < n; i++) {
        c->size[w->l->big ? n - 1 - i : i] = (unsigned char)(v >> (8 * i));
    }
}

/* The chunk with the samples, its content at `at`; size as written. */
static myo_err take_data(walk *w, int64_t at, uint64_t size) {
    const int64_t room = w->r->size - at;
    const uint64_t unknown = w->l->size == 4 ? UINT32_MAX : UINT64_MAX;
    if (w->has_data) {
        return myo_fail(w->r->d, MYO_ERR_UNSUPPORTED, "byte %" PRId64 ": a second data chunk", at);
    }
    w->has_data = true;
    const bool in_ds64 = size == unknown && w->ds64_data >= 0;
    if (in_ds64) {
        size = (uint64_t)w->ds64_data;
    }
    w->out->unclosed = size == unknown || (size == 0 && room > 0 && w->outer <= w->at);
    w->out->data_at = at + w->l->skip;
    if (w->out->unclosed) {
        w->out->promised = w->out->found = room - w->l->skip;
    } else {
        w->out->promised = size > INT64_MAX ? INT64_MAX : (int64_t)size - w->l->skip;
        w->out->found = w->out->promised < room - w->l->skip ? w->out->promised : room - w->l->skip;
    }
    if (w->out->promised < 0 || w->out->found < 0) {
        return myo_fail(w->r->d, MYO_ERR_TRUNCATED,
                        "byte %" PRId64 ": no samples in the data chunk (found %" PRId64 " bytes)",
                        at, room);
    }
    mend_size(w, in_ds64);
    return MYO_OK;
}

static myo_err take(walk *w, const unsigned char *head, int64_t at, uint64_t size, int64_t room) {
    if (memcmp(head, w->l->data, 4) == 0) {
        return take_data(w, at, size);
    }
    if (size > (uint64_t)room) {
        char name[24], raw[5] = {0};
        memcpy(raw, head, 4);
        myo_printable(name, sizeof name, raw);
        if (!w->has_data) {
            return myo_fail(w->r->d, MYO_ERR_TRUNCATED,
                            "byte %" PRId64 ": chunk '%s' runs past the end (found %" PRId64
                            " bytes, expected %" PRIu64 ")",
                            w->at, name, room, size);
        }
        myo_warn(w->r->d, "byte %" PRId64 ": chunk '%s' after the samples is cut: ignored", w->at,
                 name);
        return MYO_OK;
    }
    if (memcmp(head, "fmt ", 4) == 0 && !w->l->big) {
        return check_fmt(w, at, (int64_t)size);
    }
    if (memcmp(head, "ds64", 4) == 0 && w->l == &layouts[1]) {
        return read_ds64(w, at, (int64_t)size);
    }
    if (memcmp(head, "COMM", 4) == 0 && w->l == &layouts[4]) {
        return read_comm(w, at, (int64_t)size);
    }
    return MYO_OK;
}

/* One chunk; every step goes on by at least a chunk's header. */
static myo_err step(walk *w, bool *more) {
    const layout *l = w->l;
    unsigned char head[24];
    const int n = l->id + l->size;
    *more = false;
    MYO_TRY(myo_read_at(w->r, head, (size_t)n, w->at));
    if (!is_id(head)) {
        if (!w->has_data) {
            return myo_fail(w->r->d, MYO_ERR_DAMAGED,
                            "byte %" PRId64 ": no chunk where one must be", w->at);
        }
        myo_warn(w->r->d,
                 "byte %" PRId64 ": %" PRId64
                 " bytes that are no chunk follow the samples: ignored",
                 w->at, w->r->size - w->at);
        return MYO_OK;
    }
    uint64_t size = number(head + l->id, l->size, l->big);
    if (l->whole && size < (uint64_t)n) {
        return myo_fail(w->r->d, MYO_ERR_DAMAGED,
                        "byte %" PRId64 ": chunk size (found %" PRIu64 ", allowed %d or more)",
                        w->at, size, n);
    }
    size -= l->whole ? (uint64_t)n : 0;
    const int64_t at = w->at + n, room = w->r->size - at;
    const bool was_data = w->has_data;
    MYO_TRY(take(w, head, at, size, room));
    if (size >= (uint64_t)room || (w->has_data && !was_data && w->out->unclosed)) {
        w->at = w->r->size;
        return MYO_OK;
    }
    w->at = (at + (int64_t)size + l->align - 1) / l->align * l->align;
    *more = true;
    return MYO_OK;
}

/* The size of the whole, once the samples are known to be there. */
static void check_outer(const walk *w) {
    const myo_chunks *c = w->out;
    if (c->unclosed) {
        myo_warn(
            w->r->d,
            "the recorder did not close the file (no size of the data): samples taken to its end");
    } else if (w->outer >= 0 && w->outer != w->r->size && c->found == c->promised) {
        myo_warn(w->r->d,
                 "byte %d: size of the whole is wrong (%" PRId64 " bytes, the file has %" PRId64
                 "); the samples are complete",
                 w->l->outer_at > 0 ? w->l->outer_at : 12, w->outer, w->r->size);
    }
}

myo_err myo_chunks_walk(const myo_reader *r, myo_chunks *out) {
    unsigned char head[40] = {0};
    const size_t n = r->size < (int64_t)sizeof head ? (size_t)r->size : sizeof head;
    MYO_TRY(myo_read_at(r, head, n, 0));
    *out = (myo_chunks){.container = "", .frames = -1};
    walk w = {.r = r, .l = layout_of(head, n), .out = out, .outer = -1, .ds64_data = -1};
    if (w.l == NULL) {
        return myo_fail(r->d, MYO_ERR_FORMAT, "byte 0: no chunk container");
    }
    out->container = w.l->name;
    w.at = w.l->first;
    if (w.l->outer_at >= 0) {
        const uint64_t outer = number(head + w.l->outer_at, w.l->size, w.l->big);
        w.outer = outer > INT64_MAX - 8 ? INT64_MAX : (int64_t)outer + w.l->outer_add;
    }
    bool more = true;
    for (int i = 0; more && w.at + w.l->id + w.l->size <= r->size; i++) {
        if (i == MAX_CHUNKS) {
            return myo_fail(r->d, MYO_ERR_RANGE, "byte %" PRId64 ": too many chunks (allowed %d)",
                            w.at, MAX_CHUNKS);
        }
        MYO_TRY(step(&w, &more));
    }
    if (!w.has_data) {
        return myo_fail(r->d, MYO_ERR_TRUNCATED,
                        "%s without samples: no data chunk in %" PRId64 " bytes", w.l->name,
                        r->size);
    }
    if (more && w.at < r->size) {
        myo_warn(r->d, "byte %" PRId64 ": %" PRId64 " bytes follow the last chunk: ignored", w.at,
                 r->size - w.at);
    }
    check_outer(&w);
    return MYO_OK;
}
