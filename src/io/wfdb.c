/* wfdb.c - samples of WFDB records: formats 16, 24, 32, 61, 80 and 212, several signals and files,
 * several samples per frame. The samples lie beside the header; nothing outside its folder is
 * opened. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/base.h"
#include "io/wfdb.h"

enum { BUFFER_SAMPLES = 1 << 18, FRAME_MAX = 1 << 20 };

/* Consecutive signals that share a file. Its samples are interleaved frame by frame. */
typedef struct group {
    int fd;
    int first, end; /* signals [first, end) */
    int64_t spf;    /* samples of all its signals per frame */
    int64_t size;   /* bytes of the file */
} group;

typedef struct wfdb {
    wfdb_head h;
    group *g;
    int n_groups;
    int64_t next;  /* frame */
    int64_t batch; /* frames that fit the buffers */
    unsigned char *raw;
    int32_t *samples; /* of one group, interleaved */
    uint32_t *sums;   /* per signal, of all samples so far */
    bool summing;     /* all was read since frame 0 */
    myo_planes planes;
} wfdb;

static int format_id(const wfdb *w, const group *g) {
    return w->h.sig[g->first].format->id;
}

/* Bytes that hold samples [0, n). Format 212 packs two into three bytes. */
static int64_t bytes_for(const wfdb *w, const group *g, int64_t n) {
    const int bits = w->h.sig[g->first].format->bits;
    return bits == 12 ? n / 2 * 3 + n % 2 * 2 : n * (bits / 8);
}

static myo_err open_beside(myo_reader *r, const char *name, group *g) {
    char path[8192], shown[300];
    struct stat st;
    const char *slash = strrchr(r->path, '/');
    const int folder = slash != NULL ? (int)(slash - r->path) + 1 : 0;
    if (snprintf(path, sizeof path, "%.*s%s", folder, r->path, name) >= (int)sizeof path) {
        return myo_fail(r->d, MYO_ERR_INPUT, "path too long (allowed %zu bytes)", sizeof path);
    }
    myo_printable(shown, sizeof shown, name);
    g->fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (g->fd < 0) {
        return myo_fail(r->d, MYO_ERR_INPUT, "sample file '%.150s' cannot be opened: %s", shown,
                        strerror(errno));
    }
    if (fstat(g->fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        return myo_fail(r->d, MYO_ERR_INPUT, "sample file '%.150s' is not a regular file", shown);
    }
    g->size = st.st_size;
    return MYO_OK;
}

static myo_err make_group(myo_reader *r, wfdb *w, int first) {
    const wfdb_signal *s = &w->h.sig[first];
    group *g = &w->g[w->n_groups];
    *g = (group){.fd = -1, .first = first, .end = first};
    for (int i = 0; i < first; i++) {
        if (strcmp(w->h.sig[i].file, s->file) == 0) {
            return myo_fail(r->d, MYO_ERR_DAMAGED,
                            "signals %d and %d share a file, but do not stand together", i + 1,
                            first + 1);
        }
    }
    while (g->end < w->h.n_sig && strcmp(w->h.sig[g->end].file, s->file) == 0) {
        const wfdb_signal *t = &w->h.sig[g->end];
        if (t->format != s->format || t->prolog != s->prolog) {
            return myo_fail(r->d, MYO_ERR_DAMAGED,
                            "signals %d and %d share a file, but not their format", first + 1,
                            g->end + 1);
        }
        g->spf += t->spf;
        g->end++;
    }
    w->n_groups++;
    return open_beside(r, s->file, g);
}

/* Frames promised against those in every file. */
static myo_err count_frames(myo_reader *r, wfdb *w) {
    int64_t most = INT64_MAX, samples = 0, all = 0;
    for (int i = 0; i < w->n_groups; i++) {
        const group *g = &w->g[i];
        const int64_t room = g->size - w->h.sig[g->first].prolog;
        const int bits = w->h.sig[g->first].format->bits;
        const int64_t held = room <= 0    ? 0
                             : bits == 12 ? room / 3 * 2 + (room % 3 == 2)
                                          : room / (bits / 8);
        most = held / g->spf < most ? held / g->spf : most;
        all += g->spf;
    }
    if (all > FRAME_MAX) {
        return myo_fail(r->d, MYO_ERR_RANGE, "samples per frame (found %" PRId64 ", allowed %d)",
                        all, FRAME_MAX);
    }
    if (w->h.n_frames < 0) {
        myo_warn(r->d,
                 "the header does not say how many samples there are: taken from the file's size");
        w->h.n_frames = most;
    }
    if (!myo_mul_i64(w->h.n_frames, all, &samples) || samples > MYO_MAX_SAMPLES) {
        return myo_fail(r->d, MYO_ERR_RANGE,
                        "too many samples (found %" PRId64 " frames of %" PRId64
                        ", allowed %" PRId64 " in all)",
                        w->h.n_frames, all, MYO_MAX_SAMPLES);
    }
    if (w->h.n_frames > most && (!r->opts->salvage || most == 0)) {
        return myo_fail(r->d, MYO_ERR_TRUNCATED,
                        "sample file is cut (found %" PRId64
                        " samples per signal, expected %" PRId64 ")",
                        most, w->h.n_frames);
    }
    if (w->h.n_frames > most) {
        myo_warn(r->d, "cut file: %" PRId64 " of %" PRId64 " samples per signal used", most,
                 w->h.n_frames);
        w->h.n_frames = most;
        r->info->truncated = true;
    }
    return w->h.n_frames > 0
               ? MYO_OK
               : myo_fail(r->d, MYO_ERR_TOO_SHORT, "no samples (found 0, allowed 1 or more)");
}

static void warn_surplus(myo_reader *r, const wfdb *w) {
    for (int i = 0; i < w->n_groups && !r->info->truncated; i++) {
        const group *g = &w->g[i];
        const int64_t need = w->h.sig[g->first].prolog + bytes_for(w, g, g->spf * w->h.n_frames);
        /* Format 212 may write a whole triple for an odd last sample. */
        const int64_t spare =
            w->h.sig[g->first].format->bits == 12 && g->spf * w->h.n_frames % 2 == 1;
        if (g->size > need + spare) {
            myo_warn(r->d, "sample file %d: %" PRId64 " bytes follow the last sample: ignored",
                     i + 1, g->size - need);
        }
    }
}

static myo_err make_buffers(myo_reader *r, wfdb *w) {
    int64_t widest = 1;
    for (int i = 0; i < w->n_groups; i++) {
        widest = w->g[i].spf > widest ? w->g[i].spf : widest;
    }
    w->batch = BUFFER_SAMPLES / widest > 0 ? BUFFER_SAMPLES / widest : 1;
    w->batch = w->batch < w->h.n_frames ? w->batch : w->h.n_frames;
    const size_t n = (size_t)(w->batch * widest);
    size_t cap[MYO_MAX_CHANNELS];
    for (int c = 0; c < w->h.n_sig; c++) {
        cap[c] = (size_t)(w->batch * w->h.sig[c].spf);
    }
    w->raw = myo_alloc(n + 2, 4);
    w->samples = myo_alloc(n + 2, sizeof *w->samples);
    w->sums = myo_alloc((size_t)w->h.n_sig, sizeof *w->sums);
    w->summing = true;
    if (w->raw == NULL || w->samples == NULL || w->sums == NULL ||
        myo_planes_new(&w->planes, w->h.n_sig, cap) != MYO_OK) {
        return myo_fail(r->d, MYO_ERR_NOMEM, "no memory for the buffers");
    }
    return MYO_OK;
}

static void apply_rate(myo_reader *r, wfdb *w) {
    const double want = r->opts->fs;
    if (want > 0 && fabs(want - w->h.fs) > 1e-9 * want) {
        myo_warn(r->d, "sampling rate taken as %.9g Hz as asked (the header says %.9g Hz)", want,
                 w->h.fs);
        for (int c = 0; c < w->h.n_sig; c++) {
            r->info->ch[c].fs = want * (double)w->h.sig[c].spf;
        }
        w->h.fs = want;
    }
}

static myo_err wfdb_open(myo_reader *r) {
    wfdb *w = r->priv;
    MYO_TRY(wfdb_head_read(r, &w->h));
    snprintf(r->info->format, sizeof r->info->format, "WFDB");
    apply_rate(r, w);
    w->g = myo_alloc((size_t)w->h.n_sig, sizeof *w->g);
    if (w->g == NULL) {
        return myo_fail(r->d, MYO_ERR_NOMEM, "no memory for %d signals", w->h.n_sig);
    }
    for (int i = 0; i < w->h.n_sig; i = w->g[w->n_groups - 1].end) {
        MYO_TRY(make_group(r, w, i));
    }
    MYO_TRY(count_frames(r, w));
    warn_surplus(r, w);
    for (int c = 0; c < w->h.n_sig; c++) {
        r->info->ch[c].n_samples = w->h.n_frames * w->h.sig[c].spf;
    }
    r->info->duration_s = (double)w->h.n_frames / w->h.fs;
    r->info->can_seek = true;
    return make_buffers(r, w);
}

static int32_t sample_212(const unsigned char *p, int64_t k) {
    p += k / 2 * 3;
    const int v = k % 2 == 0 ? (p[1] & 15) << 8 | p[0] : (p[1] >> 4) << 8 | p[2];
    return v >= 2048 ? v - 4096 : v;
}

/* n samples from p, which begins at sample k of the file (format 212: at the pair that holds it).
 */
static void unpack(int id, const unsigned char *p, int64_t k, int64_t n, int32_t *x) {
    for (int64_t i = 0; i < n; i++) {
        switch (id) {
        case 16:
            x[i] = (int16_t)(p[2 * i] | p[2 * i + 1] << 8);
            break;
        case 61:
            x[i] = (int16_t)(p[2 * i] << 8 | p[2 * i + 1]);
            break;
        case 80:
            x[i] = p[i] - 128;
            break;
        case 24:
            x[i] = (int32_t)((uint32_t)p[3 * i] << 8 | (uint32_t)p[3 * i + 1] << 16 |
                             (uint32_t)p[3 * i + 2] << 24) /
                   256;
            break;
        case 32:
            x[i] = (int32_t)(p[4 * i] | (uint32_t)p[4 * i + 1] << 8 | (uint32_t)p[4 * i + 2] << 16 |
                             (uint32_t)p[4 * i + 3] << 24);
            break;
        default:
            x[i] = sample_212(p, k % 2 + i);
            break;
        }
    }
}

static myo_err fetch(myo_reader *r, wfdb *w, const group *g, int64_t n) {
    const int64_t from = w->next * g->spf, count = n * g->spf;
    const bool packed = format_id(w, g) == 212;
    const int64_t begin = packed ? from / 2 * 3 : bytes_for(w, g, from),
                  end = bytes_for(w, g, from + count);
    myo_reader file = *r;
    file.fd = g->fd;
    MYO_TRY(myo_read_at(&file, w->raw, (size_t)(end - begin), w->h.sig[g->first].prolog + begin));
    unpack(format_id(w, g), w->raw, from, count, w->samples);
    return MYO_OK;
}

/* One signal out of a group's interleaved frames. */
static void pick(wfdb *w, const group *g, int c, int64_t at, int64_t n) {
    const wfdb_signal *s = &w->h.sig[c];
    float *x = w->planes.x[c];
    uint32_t sum = w->sums[c];
    for (int64_t f = 0; f < n; f++) {
        const int32_t *from = w->samples + f * g->spf + at;
        for (int64_t k = 0; k < s->spf; k++) {
            sum += (uint32_t)from[k];
            *x++ = from[k] == s->format->missing
                       ? NAN
                       : (float)(((double)from[k] - s->baseline) / s->gain);
        }
    }
    w->sums[c] = sum;
    w->planes.n[c] = n * s->spf;
    w->planes.start[c] = (double)w->next / w->h.fs;
}

/* The header holds a 16-bit sum of each signal's samples, and its first sample. */
static myo_err check_sums(myo_reader *r, wfdb *w) {
    for (int c = 0; w->summing && !r->info->truncated && c < w->h.n_sig; c++) {
        const wfdb_signal *s = &w->h.sig[c];
        if (s->has_sum && (w->sums[c] & 0xffff) != ((uint32_t)s->sum & 0xffff)) {
            return myo_fail(r->d, MYO_ERR_DAMAGED,
                            "signal %d: wrong checksum of the samples (found %u, expected %u)",
                            c + 1, w->sums[c] & 0xffff, (uint32_t)s->sum & 0xffff);
        }
    }
    return MYO_OK;
}

static void check_first(myo_reader *r, const wfdb *w, const group *g) {
    int64_t at = 0;
    for (int c = g->first; c < g->end; c++) {
        const wfdb_signal *s = &w->h.sig[c];
        if (s->has_first && s->spf == 1 && w->samples[at] != s->first) {
            myo_warn(r->d, "signal %d: first sample is %" PRId32 ", the header says %" PRId64,
                     c + 1, w->samples[at], s->first);
        }
        at += s->spf;
    }
}

static myo_err wfdb_read(myo_reader *r, double max_s, myo_block *b) {
    wfdb *w = r->priv;
    const int64_t left = w->h.n_frames - w->next;
    *b = (myo_block){0};
    if (left <= 0) {
        return check_sums(r, w);
    }
    const int64_t n = myo_frames_for(max_s, w->h.fs, left < w->batch ? left : w->batch);
    for (int i = 0; i < w->n_groups; i++) {
        const group *g = &w->g[i];
        MYO_TRY(fetch(r, w, g, n));
        if (w->next == 0) {
            check_first(r, w, g);
        }
        int64_t at = 0;
        for (int c = g->first; c < g->end; c++) {
            pick(w, g, c, at, n);
            at += w->h.sig[c].spf;
        }
    }
    w->next += n;
    myo_planes_show(&w->planes, false, b);
    return MYO_OK;
}

static myo_err wfdb_seek(myo_reader *r, double t) {
    wfdb *w = r->priv;
    const double at = floor(t * w->h.fs);
    w->next = at < (double)w->h.n_frames ? (int64_t)at : w->h.n_frames;
    w->summing = w->next == 0;
    memset(w->sums, 0, (size_t)w->h.n_sig * sizeof *w->sums);
    return MYO_OK;
}

static int wfdb_file(const myo_reader *r, int i) {
    const wfdb *w = r->priv;
    return i < w->n_groups ? w->g[i].fd : -1;
}

static void wfdb_close(myo_reader *r) {
    wfdb *w = r->priv;
    for (int i = 0; i < w->n_groups; i++) {
        if (w->g[i].fd >= 0) {
            close(w->g[i].fd);
        }
    }
    myo_planes_free(&w->planes);
    myo_free(w->raw);
    myo_free(w->samples);
    myo_free(w->sums);
    myo_free(w->g);
    myo_free(w->h.sig);
}

const myo_reader_ops myo_wfdb_reader = {
    .name = "WFDB",
    .endings = "hea",
    .priv_size = sizeof(wfdb),
    .probe = wfdb_head_probe,
    .open = wfdb_open,
    .read = wfdb_read,
    .seek = wfdb_seek,
    .file = wfdb_file,
    .close = wfdb_close,
};
