/* sndfile.c - WAV, RF64, W64, CAF, AIFF and FLAC through libsndfile, which is not trusted to tell
 * of damage: the chunk list (riff.c) and FLAC's own checksums (flac.c) are read by hand first. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <sndfile.h>
#include <string.h>
#include <unistd.h>
#include "base/base.h"
#include "io/flac.h"
#include "io/planes.h"
#include "io/riff.h"
#include "io/sndfile.h"
#include "io/wavtext.h"

enum { BUFFER_VALUES = 1 << 18 };

typedef struct snd {
    SNDFILE *f;
    const myo_reader *r;
    int64_t at; /* of libsndfile's own reading, bytes */
    int error;  /* errno of a failed read */
    int channels;
    int64_t frames, next; /* in all; next to deliver */
    float *inter;         /* interleaved frames */
    float *gain;          /* per channel: value of a full-scale sample */
    int *whole;           /* the same as integers, where FLAC's MD5 is taken */
    myo_planes planes;
    bool mend; /* show libsndfile the size of the data chunk that fits the file */
    myo_chunks chunks;
    bool is_flac;
    myo_flac flac;
    myo_md5 *md5; /* NULL: nothing to compare with */
} snd;

/* libsndfile keeps the last failed open in globals. */
static pthread_mutex_t open_lock = PTHREAD_MUTEX_INITIALIZER;

static int snd_probe(const myo_probe *p) {
    return myo_chunks_probe(p->head, p->n) || (p->n >= 4 && memcmp(p->head, "fLaC", 4) == 0) ? 100
                                                                                             : 0;
}

/* --- the descriptor as libsndfile sees it: own offset, so that it can be shared --- */

static sf_count_t io_size(void *user) {
    const snd *s = user;
    return s->r->size;
}

static sf_count_t io_seek(sf_count_t offset, int whence, void *user) {
    snd *s = user;
    const int64_t from = whence == SEEK_CUR ? s->at : whence == SEEK_END ? s->r->size : 0;
    if (offset < -from || offset > INT64_MAX / 2) {
        return -1;
    }
    s->at = from + offset;
    return s->at;
}

/* In a cut file, or one that was never closed, libsndfile finds the size of what is there. */
static void mend(const snd *s, unsigned char *p, int64_t at, int64_t n) {
    const myo_chunks *c = &s->chunks;
    for (int i = 0; s->mend && i < c->size_n; i++) {
        if (c->size_at + i >= at && c->size_at + i < at + n) {
            p[c->size_at + i - at] = c->size[i];
        }
    }
}

static sf_count_t io_read(void *p, sf_count_t n, void *user) {
    snd *s = user;
    sf_count_t done = 0;
    while (done < n) {
        const ssize_t got = pread(s->r->fd, (char *)p + done, (size_t)(n - done), s->at);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            s->error = errno;
        }
        if (got <= 0) {
            break;
        }
        done += got;
        s->at += got;
    }
    mend(s, p, s->at - done, done);
    return done;
}

static sf_count_t io_tell(void *user) {
    const snd *s = user;
    return s->at;
}

static sf_count_t io_write(const void *p, sf_count_t n, void *user) {
    (void)p;
    (void)n;
    (void)user;
    return 0;
}

static myo_err open_library(myo_reader *r, snd *s, SF_INFO *info) {
    SF_VIRTUAL_IO io = {io_size, io_seek, io_read, io_write, io_tell};
    char why[256] = "";
    *info = (SF_INFO){0};
    s->r = r;
    pthread_mutex_lock(&open_lock);
    s->f = sf_open_virtual(&io, SFM_READ, info, s);
    if (s->f == NULL) {
        myo_printable(why, sizeof why, sf_strerror(NULL));
    }
    pthread_mutex_unlock(&open_lock);
    if (s->error != 0) {
        return myo_fail(r->d, MYO_ERR_INPUT, "byte %" PRId64 ": cannot be read: %s", s->at,
                        strerror(s->error));
    }
    if (s->f == NULL) {
        return myo_fail(r->d, MYO_ERR_DAMAGED, "%s header not accepted: %s", r->info->format, why);
    }
    if (info->channels < 1 || info->frames < 0) {
        return myo_fail(r->d, MYO_ERR_DAMAGED,
                        "%s header not valid (found %d channels, %" PRId64 " frames)",
                        r->info->format, info->channels, (int64_t)info->frames);
    }
    s->channels = info->channels;
    s->frames = info->frames;
    return MYO_OK;
}

/* --- sample formats --- */

typedef struct coding {
    int sub;
    int bytes;
    int bits;
    const char *lossy;
} coding; /* bits 0: no converter limits */

static const coding codings[] = {
    {SF_FORMAT_PCM_S8, 1, 8, NULL},   {SF_FORMAT_PCM_U8, 1, 8, NULL},
    {SF_FORMAT_PCM_16, 2, 16, NULL},  {SF_FORMAT_PCM_24, 3, 24, NULL},
    {SF_FORMAT_PCM_32, 4, 32, NULL},  {SF_FORMAT_FLOAT, 4, 0, NULL},
    {SF_FORMAT_DOUBLE, 8, 0, NULL},   {SF_FORMAT_ULAW, 1, 0, "u-law"},
    {SF_FORMAT_ALAW, 1, 0, "A-law"},  {SF_FORMAT_ALAC_16, 0, 16, NULL},
    {SF_FORMAT_ALAC_20, 0, 20, NULL}, {SF_FORMAT_ALAC_24, 0, 24, NULL},
    {SF_FORMAT_ALAC_32, 0, 32, NULL},
};

static myo_err find_coding(const myo_reader *r, int format, const coding **out) {
    for (size_t i = 0; i < sizeof codings / sizeof codings[0]; i++) {
        if (codings[i].sub == (format & SF_FORMAT_SUBMASK)) {
            *out = &codings[i];
            if (codings[i].lossy != NULL) {
                myo_warn(r->d, "%s coding loses detail: amplitudes are approximate",
                         codings[i].lossy);
            }
            return MYO_OK;
        }
    }
    return myo_fail(r->d, MYO_ERR_UNSUPPORTED,
                    "sample coding 0x%x of %s (allowed PCM, float, double, FLAC, ALAC)",
                    (unsigned)(format & SF_FORMAT_SUBMASK), r->info->format);
}

/* --- open --- */

/* What the chunk list promises against what is there. */
static myo_err judge_chunks(myo_reader *r, const myo_chunks *c) {
    if (c->found >= c->promised) {
        return MYO_OK;
    }
    if (!r->opts->salvage) {
        return myo_fail(r->d, MYO_ERR_TRUNCATED,
                        "the file is cut: its samples end at byte %" PRId64 " (found %" PRId64
                        " bytes of samples, expected %" PRId64 ")",
                        r->size, c->found, c->promised);
    }
    myo_warn(r->d, "cut file: %" PRId64 " of %" PRId64 " bytes of samples used", c->found,
             c->promised);
    r->info->truncated = true;
    return MYO_OK;
}

/* AIFF counts its frames beside the size of its samples. A recorder that did not close it leaves 0 or all ones. */
static myo_err judge_count(myo_reader *r, const myo_chunks *c, int64_t frame) {
    const int64_t held = c->promised / frame;
    if (c->frames < 0 || c->frames == held || (c->unclosed && (c->frames == 0 || c->frames == UINT32_MAX))) {
        return MYO_OK;
    }
    if (c->frames < held) {
        myo_warn(r->d, "byte %" PRId64 ": header counts %" PRId64 " frames, the samples are %" PRId64
                 ": all of them used", c->frames_at, c->frames, held);
        return MYO_OK;
    }
    if (!r->opts->salvage) {
        return myo_fail(r->d, MYO_ERR_TRUNCATED,
                        "byte %" PRId64 ": the file is cut or its header is wrong (found %" PRId64
                        " frames, expected %" PRId64 ")",
                        c->frames_at, held, c->frames);
    }
    myo_warn(r->d, "cut file: %" PRId64 " of %" PRId64 " frames used", c->found / frame, c->frames);
    r->info->truncated = true;
    return MYO_OK;
}

static myo_err check_frames(myo_reader *r, snd *s, const myo_chunks *c, const coding *k) {
    if (k->bytes == 0) {
        return MYO_OK;
    }
    const int64_t frame = (int64_t)k->bytes * s->channels;
    if (c->found % frame != 0) {
        myo_warn(r->d, "the samples end inside a frame: its %" PRId64 " bytes are left out",
                 c->found % frame);
    }
    if (s->frames != c->found / frame) {
        return myo_fail(r->d, MYO_ERR_DAMAGED,
                        "byte %" PRId64 ": header contradicts itself (found %" PRId64
                        " frames, expected %" PRId64 ")",
                        c->data_at, s->frames, c->found / frame);
    }
    return judge_count(r, c, frame);
}

static myo_err open_chunks(myo_reader *r, snd *s, SF_INFO *info, const coding **k) {
    const myo_chunks *c = &s->chunks;
    MYO_TRY(myo_chunks_walk(r, &s->chunks));
    snprintf(r->info->format, sizeof r->info->format, "%s", c->container);
    MYO_TRY(judge_chunks(r, c));
    s->mend = c->unclosed || c->found < c->promised;
    MYO_TRY(open_library(r, s, info));
    MYO_TRY(find_coding(r, info->format, k));
    return check_frames(r, s, c, *k);
}

static myo_err judge_flac(myo_reader *r, snd *s) {
    const myo_flac *f = &s->flac;
    if (!f->cut) {
        return MYO_OK;
    }
    if (!r->opts->salvage || f->good == 0) {
        return myo_fail(r->d, MYO_ERR_TRUNCATED,
                        "the file is cut or its end is damaged (found %" PRId64
                        " whole samples per channel in %" PRId64 " bytes, expected %" PRId64 ")",
                        f->good, r->size, f->total);
    }
    myo_warn(r->d, "cut file: %" PRId64 " of %" PRId64 " samples per channel used", f->good,
             f->total);
    r->info->truncated = true;
    return MYO_OK;
}

static myo_err open_flac(myo_reader *r, snd *s, SF_INFO *info, const coding **k) {
    static const unsigned char unknown[16];
    snprintf(r->info->format, sizeof r->info->format, "FLAC");
    s->is_flac = true;
    MYO_TRY(myo_flac_info(r, &s->flac));
    MYO_TRY(myo_flac_check(r, &s->flac));
    MYO_TRY(judge_flac(r, s));
    MYO_TRY(open_library(r, s, info));
    MYO_TRY(find_coding(r, info->format, k));
    if (s->channels != s->flac.channels || (*k)->bits != s->flac.bits) {
        return myo_fail(r->d, MYO_ERR_UNSUPPORTED,
                        "FLAC of %d bits and %d channels (allowed 8, 16 or 24 bits)", s->flac.bits,
                        s->flac.channels);
    }
    s->frames = s->flac.good;
    if (s->flac.total == 0) {
        myo_warn(r->d, "the FLAC header does not say how long it is: read to its end");
    }
    if (memcmp(s->flac.md5, unknown, 16) == 0) {
        myo_warn(r->d, "the FLAC header holds no checksum of the samples");
    } else if (!s->flac.cut) {
        s->md5 = myo_md5_new();
        if (s->md5 == NULL) {
            return myo_fail(r->d, MYO_ERR_NOMEM, "no memory for the checksum");
        }
    }
    return MYO_OK;
}

static myo_err make_channels(myo_reader *r, const snd *s, const SF_INFO *info, const coding *k) {
    const double fs = r->opts->fs > 0 ? r->opts->fs : info->samplerate;
    if (fs != info->samplerate) {
        myo_warn(r->d, "sampling rate taken as %.9g Hz as asked (the header says %d Hz)", fs,
                 info->samplerate);
    }
    if (s->frames > MYO_MAX_SAMPLES / s->channels) {
        return myo_fail(r->d, MYO_ERR_RANGE,
                        "too many samples (found %" PRId64 " in %d channels, allowed %" PRId64 ")",
                        s->frames, s->channels, MYO_MAX_SAMPLES);
    }
    MYO_TRY(myo_info_channels(r, s->channels));
    MYO_TRY(myo_rate_check(r, fs, 1));
    for (int c = 0; c < s->channels; c++) {
        myo_channel *ch = &r->info->ch[c];
        ch->fs = fs;
        ch->n_samples = s->frames;
        if (k->bits > 0) {
            ch->lsb = ldexp(1, 1 - k->bits);
            ch->rail_lo = -1;
            ch->rail_hi = 1 - ch->lsb;
        }
    }
    r->info->duration_s = (double)s->frames / fs;
    r->info->can_seek = info->seekable != 0;
    return MYO_OK;
}

/* Names and scales from the comment, where a device wrote them. */
static void take_comment(myo_reader *r, snd *s) {
    const char *comment = sf_get_string(s->f, SF_STR_COMMENT);
    bool named = false;
    for (int c = 0; comment != NULL && c < s->channels; c++) {
        myo_channel *ch = &r->info->ch[c];
        double full = 1;
        if (myo_wav_channel(comment, c + 1, ch->label, sizeof ch->label, &full)) {
            if (strncmp(ch->label, "Accel", 5) == 0) {
                snprintf(ch->file_unit, sizeof ch->file_unit, "g");
            }
            named = true;
            s->gain[c] = (float)full;
            ch->lsb *= full;
            ch->rail_lo *= full;
            ch->rail_hi *= full;
        } else if (named) {
            ch->kind = MYO_KIND_OTHER; /* an auxiliary channel beside the named ones */
        }
    }
}

static myo_err make_buffers(myo_reader *r, snd *s) {
    size_t cap[MYO_MAX_CHANNELS];
    const size_t per = (size_t)(BUFFER_VALUES / s->channels);
    for (int c = 0; c < s->channels; c++) {
        cap[c] = per;
    }
    s->gain = myo_alloc((size_t)s->channels, sizeof *s->gain);
    s->inter = myo_alloc(per * (size_t)s->channels, sizeof *s->inter);
    s->whole = s->is_flac ? myo_alloc(per * (size_t)s->channels, sizeof *s->whole) : NULL;
    if (s->gain == NULL || s->inter == NULL || (s->is_flac && s->whole == NULL) ||
        myo_planes_new(&s->planes, s->channels, cap) != MYO_OK) {
        return myo_fail(r->d, MYO_ERR_NOMEM, "no memory for the buffers");
    }
    for (int c = 0; c < s->channels; c++) {
        s->gain[c] = 1;
    }
    return MYO_OK;
}

static myo_err snd_open(myo_reader *r) {
    static const struct {
        const char *format, *endings;
    } names[] = {
        {"WAV", "wav wave"}, {"RF64", "rf64 wav wave"}, {"W64", "w64"},
        {"CAF", "caf"},      {"AIFF", "aif aiff aifc"}, {"FLAC", "flac"},
    };
    snd *s = r->priv;
    SF_INFO info;
    const coding *k = NULL;
    char magic[4];
    MYO_TRY(myo_read_at(r, magic, sizeof magic, 0));
    MYO_TRY((memcmp(magic, "fLaC", 4) == 0 ? open_flac : open_chunks)(r, s, &info, &k));
    if (s->frames == 0) {
        return myo_fail(r->d, MYO_ERR_TOO_SHORT, "no samples (found 0, allowed 1 or more)");
    }
    MYO_TRY(make_channels(r, s, &info, k));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i].format, r->info->format) == 0) {
            myo_ending_check(r, names[i].endings, r->info->format);
        }
    }
    MYO_TRY(make_buffers(r, s));
    take_comment(r, s);
    return MYO_OK;
}

/* --- read --- */

/* n interleaved frames into s->inter. FLAC comes as integers, for its checksum. */
static sf_count_t fetch(snd *s, int64_t n) {
    if (!s->is_flac) {
        return sf_readf_float(s->f, s->inter, n);
    }
    const sf_count_t got = sf_readf_int(s->f, s->whole, n);
    const size_t values = got > 0 ? (size_t)(got * s->channels) : 0;
    for (size_t i = 0; i < values; i++) {
        s->inter[i] = (float)((double)s->whole[i] * 0x1p-31);
    }
    if (s->md5 != NULL) {
        myo_md5_samples(s->md5, s->whole, values, s->flac.bits);
    }
    return got;
}

static myo_err check_md5(myo_reader *r, snd *s) {
    unsigned char sum[16];
    if (s->md5 == NULL || s->next < s->frames) {
        return MYO_OK;
    }
    myo_md5_end(s->md5, sum);
    myo_md5_free(s->md5);
    s->md5 = NULL;
    if (memcmp(sum, s->flac.md5, 16) != 0) {
        return myo_fail(r->d, MYO_ERR_DAMAGED,
                        "the checksum (MD5) of the decoded samples is not the one in the header");
    }
    return MYO_OK;
}

static myo_err snd_read(myo_reader *r, double max_s, myo_block *b) {
    snd *s = r->priv;
    const double fs = r->info->ch[0].fs;
    const int64_t left = s->frames - s->next, room = (int64_t)s->planes.cap[0];
    *b = (myo_block){0};
    if (left <= 0) {
        return MYO_OK;
    }
    const int64_t n = myo_frames_for(max_s, fs, left < room ? left : room);
    const sf_count_t got = fetch(s, n);
    if (s->error != 0) {
        return myo_fail(r->d, MYO_ERR_INPUT, "byte %" PRId64 ": cannot be read: %s", s->at,
                        strerror(s->error));
    }
    if (got != n) {
        return myo_fail(r->d, MYO_ERR_DAMAGED,
                        "samples end early or are damaged (found %" PRId64
                        " frames, expected %" PRId64 ")",
                        s->next + (got > 0 ? got : 0), s->frames);
    }
    for (int c = 0; c < s->channels; c++) {
        float *restrict x = s->planes.x[c];
        const float *restrict from = s->inter + c;
        for (int64_t i = 0; i < n; i++) {
            x[i] = from[i * s->channels] * s->gain[c];
        }
        s->planes.n[c] = n;
        s->planes.start[c] = (double)s->next / fs;
    }
    s->next += n;
    MYO_TRY(check_md5(r, s));
    myo_planes_show(&s->planes, false, b);
    return MYO_OK;
}

static myo_err snd_seek(myo_reader *r, double t) {
    snd *s = r->priv;
    const double at = floor(t * r->info->ch[0].fs);
    const int64_t frame = at < (double)s->frames ? (int64_t)at : s->frames;
    /* The end needs no seek; libsndfile refuses it in some formats. */
    if (frame < s->frames && sf_seek(s->f, frame, SEEK_SET) != frame) {
        return myo_fail(r->d, MYO_ERR_DAMAGED, "cannot seek to frame %" PRId64, frame);
    }
    if (s->md5 != NULL && frame == 0) {
        myo_md5_reset(s->md5);
    } else {
        myo_md5_free(s->md5);
        s->md5 = NULL;
    }
    s->next = frame;
    return MYO_OK;
}

static void snd_close(myo_reader *r) {
    snd *s = r->priv;
    if (s->f != NULL) {
        sf_close(s->f);
    }
    myo_md5_free(s->md5);
    myo_planes_free(&s->planes);
    myo_free(s->inter);
    myo_free(s->gain);
    myo_free(s->whole);
}

const char *myo_sndfile_version(void) {
    return sf_version_string();
}

const myo_reader_ops myo_sndfile_reader = {
    .name = "libsndfile",
    .endings = "wav wave rf64 w64 flac caf aif aiff aifc",
    .priv_size = sizeof(snd),
    .probe = snd_probe,
    .open = snd_open,
    .read = snd_read,
    .seek = snd_seek,
    .close = snd_close,
};
