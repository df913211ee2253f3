/* rec.c - a recording from open to close: one descriptor, one reader, canonical units. */
#include <errno.h>
#include <fcntl.h>
#include <float.h>
#include <inttypes.h>
#include <float.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/base.h"
#include "io/planes.h"
#include "io/sniff.h"
#include "kern/kern.h"
#include "myotab/stop.h"

struct myo_rec {
    myo_reader r;
    myo_recinfo info;
    myo_open_opts opts; /* own copies of the caller's strings */
    char *path, *read_path, *unit, *channels;
    struct stat st;       /* at open */
    struct stat *further; /* the same of the reader's further files */
    int n_further;
    myo_err failed; /* a failed read stays failed */
    bool whole;     /* read from the beginning, without a jump */
    myo_tap tap;
    int64_t *seen;  /* samples delivered per channel since open or seek */
    double end_s;   /* latest end of a sample met */
    double next_s;  /* where the next read starts, as far as known */
    bool selected;  /* info.from_s, to_s are set; blocks are cut into these: */
    const float **cut_x;
    int64_t *cut_n;
    double *cut_start;
};

const char *myo_kind_name(myo_kind kind) {
    static const char *const names[MYO_N_KIND] = {"EMG", "ACC", "OTHER"};
    return kind >= 0 && kind < MYO_N_KIND ? names[kind] : "OTHER";
}

/* A dangling link into .git/annex is the usual sight of a data set that was cloned, but not
 * fetched. */
static myo_err open_failed(const char *path, int error, myo_diag *d) {
    char target[4096];
    const ssize_t n = error == ENOENT ? readlink(path, target, sizeof target - 1) : -1;
    if (n < 0) {
        return myo_fail(d, MYO_ERR_INPUT, "cannot be opened: %s", strerror(error));
    }
    target[n] = '\0';
    if (strstr(target, "annex/objects/") != NULL) {
        return myo_fail(d, MYO_ERR_INPUT, "a git-annex link without its data; run `datalad get`");
    }
    return myo_fail(d, MYO_ERR_INPUT, "a link to a file that does not exist");
}

static myo_err check_regular(int fd, struct stat *st, myo_diag *d) {
    if (fstat(fd, st) != 0) {
        return myo_fail(d, MYO_ERR_INPUT, "cannot be examined: %s", strerror(errno));
    }
    if (!S_ISREG(st->st_mode)) {
        const char *what = S_ISDIR(st->st_mode)                           ? "a folder"
                           : S_ISFIFO(st->st_mode)                        ? "a pipe"
                           : S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode) ? "a device"
                                                                          : "not a file";
        return myo_fail(d, MYO_ERR_INPUT, "is %s (allowed: a regular file%s)", what,
                        S_ISFIFO(st->st_mode) ? ", or - for standard input" : "");
    }
    return MYO_OK;
}

/* x.dat with x.hea beside it is a WFDB recording named by its samples. */
static char *header_beside(const char *path) {
    struct stat st;
    char *hea = myo_name_ends(path, "dat") ? myo_strdup(path) : NULL;
    if (hea != NULL) {
        memcpy(hea + strlen(hea) - 3, "hea", 3);
        if (stat(hea, &st) == 0 && S_ISREG(st.st_mode)) {
            return hea;
        }
    }
    myo_free(hea);
    return NULL;
}

static myo_err open_file(myo_rec *rec, myo_diag *d) {
    if (strcmp(rec->path, "-") == 0) {
        MYO_TRY(myo_spool_stdin(&rec->r.fd, d));
    } else {
        rec->read_path = header_beside(rec->path);
        const char *path = rec->read_path != NULL ? rec->read_path : rec->path;
        /* O_NONBLOCK: a pipe without a writer must not stop us before we see that it is one. */
        rec->r.fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
        if (rec->r.fd < 0) {
            return open_failed(path, errno, d);
        }
    }
    MYO_TRY(check_regular(rec->r.fd, &rec->st, d));
    rec->r.size = rec->st.st_size;
    return MYO_OK;
}

static myo_err choose_reader(myo_rec *rec, myo_diag *d) {
    unsigned char head[MYO_PROBE_BYTES];
    myo_reader *r = &rec->r;
    const char *slash = strrchr(r->path, '/');
    myo_probe p = {.head = head, .name = slash != NULL ? slash + 1 : r->path, .size = r->size};
    p.n = r->size < MYO_PROBE_BYTES ? (size_t)r->size : MYO_PROBE_BYTES;
    MYO_TRY(myo_read_at(r, head, p.n, 0));
    MYO_TRY(myo_sniff_foreign(&p, d));
    int best = 0;
    for (int i = 0; myo_readers[i] != NULL; i++) {
        const int score = myo_readers[i]->probe(&p);
        if (score > best) {
            best = score;
            r->ops = myo_readers[i];
        }
    }
    if (r->ops == NULL) {
        return myo_sniff_unknown(&p, d);
    }
    r->priv = myo_alloc(1, r->ops->priv_size);
    return r->priv != NULL ? MYO_OK : myo_fail(d, MYO_ERR_NOMEM, "no memory for the reader");
}

static myo_err check_opts(const myo_open_opts *o, myo_diag *d) {
    if (o->fs != 0 && !(o->fs >= MYO_MIN_RATE && o->fs <= MYO_MAX_RATE)) {
        return myo_fail(d, MYO_ERR_PARAM,
                        "sampling rate asked for (found %.6g Hz, allowed %g to %g)", o->fs,
                        MYO_MIN_RATE, MYO_MAX_RATE);
    }
    if (!(fabs(o->scale) <= FLT_MAX)) {
        return myo_fail(d, MYO_ERR_PARAM, "scale asked for is not a number in range");
    }
    return MYO_OK;
}

static myo_err copy_opts(myo_rec *rec, const char *path, const myo_open_opts *o, myo_diag *d) {
    static const myo_open_opts none = {0};
    rec->opts = o != NULL ? *o : none;
    rec->path = myo_strdup(path);
    rec->unit = rec->opts.unit != NULL ? myo_strdup(rec->opts.unit) : NULL;
    rec->channels = rec->opts.channels != NULL ? myo_strdup(rec->opts.channels) : NULL;
    if (rec->path == NULL || (rec->opts.unit != NULL && rec->unit == NULL) ||
        (rec->opts.channels != NULL && rec->channels == NULL)) {
        return myo_fail(d, MYO_ERR_NOMEM, "no memory to open");
    }
    rec->opts.unit = rec->unit;
    rec->opts.channels = rec->channels;
    rec->info.path = rec->path;
    rec->info.duration_s = -1;
    rec->info.to_s = INFINITY;
    return check_opts(&rec->opts, d);
}

/* State at open of the files beside the first one. */
static myo_err note_further(myo_rec *rec, myo_diag *d) {
    const myo_reader *r = &rec->r;
    while (r->ops->file != NULL && r->ops->file(r, rec->n_further) >= 0) {
        rec->n_further++;
    }
    if (rec->n_further == 0) {
        return MYO_OK;
    }
    rec->further = myo_alloc((size_t)rec->n_further, sizeof *rec->further);
    if (rec->further == NULL) {
        return myo_fail(d, MYO_ERR_NOMEM, "no memory for %d files", rec->n_further);
    }
    for (int i = 0; i < rec->n_further; i++) {
        if (fstat(r->ops->file(r, i), &rec->further[i]) != 0) {
            return myo_fail(d, MYO_ERR_INPUT, "sample file %d: %s", i + 1, strerror(errno));
        }
    }
    return MYO_OK;
}

static myo_err open_rec(myo_rec *rec, const char *path, const myo_open_opts *o, myo_diag *d) {
    rec->r = (myo_reader){.fd = -1, .opts = &rec->opts, .info = &rec->info, .d = d};
    rec->whole = true;
    MYO_TRY(copy_opts(rec, path, o, d));
    MYO_TRY(open_file(rec, d));
    rec->r.path = rec->read_path != NULL ? rec->read_path : rec->path;
    MYO_TRY(choose_reader(rec, d));
    MYO_TRY(rec->r.ops->open(&rec->r));
    MYO_TRY(note_further(rec, d));
    if (rec->info.n_ch < 1) {
        return myo_fail(d, MYO_ERR_NO_CHANNEL, "no channels (found 0)");
    }
    myo_ending_check(&rec->r, rec->r.ops->endings, rec->info.format);
    const double fs = rec->info.ch[0].fs;
    MYO_TRY(myo_channels_identify(&rec->r));
    rec->info.sidecars = rec->r.side.used;
    rec->info.n_sidecars = rec->r.side.n_used;
    /* An audio header knows whole rates only; a sidecar may have told the true one. */
    if (rec->info.duration_s > 0 && rec->info.ch[0].fs != fs) {
        rec->info.duration_s *= fs / rec->info.ch[0].fs;
    }
    rec->seen = myo_alloc((size_t)rec->info.n_ch, sizeof *rec->seen);
    if (rec->seen == NULL) {
        return myo_fail(d, MYO_ERR_NOMEM, "no memory for %d channels", rec->info.n_ch);
    }
    return MYO_OK;
}

myo_err myo_rec_open(myo_rec **out, const char *path, const myo_open_opts *o, myo_diag *d) {
    myo_rec *rec = myo_alloc(1, sizeof *rec);
    if (rec == NULL) {
        return myo_fail(d, MYO_ERR_NOMEM, "no memory to open");
    }
    const myo_err err = open_rec(rec, path, o, d);
    if (err != MYO_OK) {
        myo_rec_close(&rec);
        return err;
    }
    *out = rec;
    return MYO_OK;
}

const myo_recinfo *myo_rec_info(const myo_rec *r) {
    return &r->info;
}

static void deliver_block(myo_rec *r, const myo_block *b) {
    for (int c = 0; c < b->n_ch; c++) {
        myo_channel *ch = &r->info.ch[c];
        /* The memory is the reader's scratch, filled anew by each read: scaled where it lies. */
        ch->n_delivered += b->n[c];
        ch->n_missing += myo_kern()->deliver((float *)(uintptr_t)b->x[c], ch->scale, b->n[c]);
    }
}

/* What the reader gave, whether it will be delivered or not. */
static void count_block(myo_rec *r, const myo_block *b) {
    for (int c = 0; c < b->n_ch; c++) {
        r->seen[c] += b->n[c];
        const double end = b->start_s[c] + (double)b->n[c] / r->info.ch[c].fs;
        if (b->n[c] > 0) {
            r->end_s = fmax(r->end_s, end);
            r->next_s = fmax(r->next_s, end);
        }
    }
}

int64_t myo_sample_at(double s, double fs) {
    /* A rate that is no round number puts a half a little to this or that side. */
    return (int64_t)floor(s * fs + 0.5 - 1e-6);
}

void myo_rail_limits(const myo_channel *c, double *lo, double *hi) {
    const double grain = (double)FLT_EPSILON * fmax(fabs(c->rail_lo), fabs(c->rail_hi));
    const double within = c->lsb > 0 ? 0.5 * c->lsb : grain;
    *lo = c->rail_lo + within;
    *hi = c->rail_hi - within;
}

/* Samples of a block of n that lie before time s, the first being at time `start`. */
static int64_t samples_before(double s, double start, double fs, int64_t n) {
    const double at = (s - start) * fs;
    if (at <= 0) {
        return 0;
    }
    return at >= (double)n ? n : myo_sample_at(s - start, fs);
}

/* Where the part ends for a channel of this rate, s. */
static double last_of(const myo_recinfo *info, double fs) {
    return isfinite(info->to_s) ? (double)myo_sample_at(info->to_s, fs) / fs : INFINITY;
}

static void cut_block(myo_rec *r, myo_block *b) {
    for (int c = 0; c < b->n_ch; c++) {
        const double fs = r->info.ch[c].fs, start = b->start_s[c];
        const int64_t lo = samples_before(r->info.from_s, start, fs, b->n[c]);
        const int64_t hi = samples_before(r->info.to_s, start, fs, b->n[c]);
        r->cut_x[c] = b->x[c] + lo;
        r->cut_n[c] = hi > lo ? hi - lo : 0;
        r->cut_start[c] = start + (double)lo / fs;
        if (hi <= lo) { /* nothing: no time outside the part either */
            const double first = (double)myo_sample_at(r->info.from_s, fs) / fs;
            r->cut_start[c] = start < first ? first : fmin(start, last_of(&r->info, fs));
        }
    }
    b->x = r->cut_x;
    b->n = r->cut_n;
    b->start_s = r->cut_start;
}

/* All was read: what the file did not say is known now, and what it said must hold. */
static myo_err finish(myo_rec *r) {
    for (int c = 0; r->whole && c < r->info.n_ch; c++) {
        myo_channel *ch = &r->info.ch[c];
        if (ch->n_samples < 0) {
            ch->n_samples = r->seen[c];
        } else if (ch->n_samples != r->seen[c]) {
            return myo_fail(r->r.d, MYO_ERR_DAMAGED,
                            "channel %d: %" PRId64 " samples read, %" PRId64 " promised", c + 1,
                            r->seen[c], ch->n_samples);
        }
    }
    if (r->info.duration_s < 0) {
        r->info.duration_s = r->end_s;
    }
    return MYO_OK;
}

myo_err myo_rec_read(myo_rec *r, double max_s, myo_block *b) {
    *b = (myo_block){0};
    if (r->failed != MYO_OK) {
        return r->failed;
    }
    if (!(max_s > 0)) {
        return myo_fail(r->r.d, MYO_ERR_PARAM,
                        "length of a block (found %g s, allowed more than 0)", max_s);
    }
    if (r->next_s < r->info.from_s - 1e-6) { /* a block starts with the part, as if the file did; never a sample late */
        max_s = fmin(max_s, r->info.from_s - r->next_s - 1e-9);
    }
    r->failed = r->r.ops->read(&r->r, max_s, b);
    if (r->failed == MYO_OK && b->n_ch == 0) {
        r->failed = finish(r);
    }
    if (r->failed != MYO_OK) {
        *b = (myo_block){0};
        return r->failed;
    }
    count_block(r, b);
    if (r->selected) {
        cut_block(r, b);
    }
    deliver_block(r, b);
    return MYO_OK;
}

myo_err myo_rec_seek(myo_rec *r, double s) {
    if (r->failed != MYO_OK) {
        return r->failed;
    }
    if (!(s >= 0) || (s > 0 && !r->info.can_seek)) {
        return myo_fail(r->r.d, MYO_ERR_PARAM, "cannot seek to %g s (allowed %s)", s,
                        r->info.can_seek ? "0 or more" : "0");
    }
    r->failed = r->r.ops->seek(&r->r, s);
    r->whole = s == 0;
    r->next_s = s;
    for (int c = 0; c < r->info.n_ch; c++) {
        r->seen[c] = 0;
        r->info.ch[c].n_missing = r->info.ch[c].n_delivered = 0;
    }
    return r->failed;
}

myo_err myo_rec_select(myo_rec *r, double from_s, double to_s) {
    const size_t n = (size_t)r->info.n_ch;
    if (!(from_s >= 0 && isfinite(from_s) && to_s > from_s)) {
        return myo_fail(r->r.d, MYO_ERR_RANGE, "part of a recording (found %g to %g s, allowed from 0, end after start)",
                        from_s, to_s);
    }
    if (r->cut_x == NULL) {
        r->cut_x = myo_alloc(n, sizeof *r->cut_x);
        r->cut_n = myo_alloc(n, sizeof *r->cut_n);
        r->cut_start = myo_alloc(n, sizeof *r->cut_start);
    }
    if (r->cut_x == NULL || r->cut_n == NULL || r->cut_start == NULL) {
        return myo_fail(r->r.d, MYO_ERR_NOMEM, "no memory for %zu channels", n);
    }
    r->info.from_s = from_s;
    r->info.to_s = to_s;
    r->selected = from_s > 0 || to_s < INFINITY;
    return MYO_OK;
}

double myo_rec_position(const myo_rec *r) {
    return r->next_s;
}

void myo_rec_annotations(const myo_rec *r, myo_annot_fn fn, void *user) {
    if (r->r.ops->annotations != NULL) {
        r->r.ops->annotations(&r->r, fn, user);
    }
}

static bool same(const struct stat *a, const struct stat *b) {
    return a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* One file from byte `off` into the hash; size: what it was at open. */
static myo_err hash_file(const myo_rec *r, int fd, int64_t off, int64_t size, myo_sha *sha) {
    enum { CHUNK = 1 << 18 };
    myo_reader at = r->r;
    unsigned char *chunk = myo_alloc(CHUNK, 1);
    myo_err err = chunk != NULL ? MYO_OK : myo_fail(at.d, MYO_ERR_NOMEM, "no memory for the hash");
    at.fd = fd;
    at.tap = NULL;
    for (; err == MYO_OK && off < size; off += CHUNK) {
        const size_t n = size - off < CHUNK ? (size_t)(size - off) : CHUNK;
        err = myo_stop_requested() ? myo_fail(at.d, MYO_ERR_STOPPED, "stopped by a signal")
                                   : myo_read_at(&at, chunk, n, off);
        if (err == MYO_OK) {
            myo_sha_add(sha, chunk, n);
        }
    }
    myo_free(chunk);
    return err;
}

/* File i of the recording (0: the one opened) is still what it was at open. */
static myo_err check_same(const myo_rec *r, int i, int fd) {
    const struct stat *was = i == 0 ? &r->st : &r->further[i - 1];
    struct stat now = {0};
    if (fstat(fd, &now) == 0 && same(&now, was)) {
        return MYO_OK;
    }
    return myo_fail(r->r.d, MYO_ERR_CHANGED,
                    "changed while it was read (opened with %" PRId64 " bytes, now %" PRId64 ")",
                    (int64_t)was->st_size, (int64_t)now.st_size);
}

/* off: how much of the first file is hashed already. */
static myo_err hash_all(const myo_rec *r, int64_t off, myo_sha *sha) {
    for (int i = 0; i <= r->n_further; i++) {
        const int fd = i == 0 ? r->r.fd : r->r.ops->file(&r->r, i - 1);
        MYO_TRY(check_same(r, i, fd));
        MYO_TRY(hash_file(r, fd, i == 0 ? off : 0, i == 0 ? r->r.size : r->further[i - 1].st_size, sha));
        MYO_TRY(check_same(r, i, fd));
    }
    return MYO_OK;
}

myo_err myo_rec_hash_along(myo_rec *r) {
    myo_sha_free(r->tap.sha);
    r->tap = (myo_tap){.sha = myo_sha_new(), .fd = r->r.fd};
    r->r.tap = &r->tap;
    return r->tap.sha != NULL ? MYO_OK : myo_fail(r->r.d, MYO_ERR_NOMEM, "no memory for the hash");
}

myo_err myo_rec_sha256(myo_rec *r, char hex[65]) {
    const int64_t done = r->tap.sha != NULL ? r->tap.done : 0;
    myo_sha *sha = r->tap.sha != NULL ? r->tap.sha : myo_sha_new();
    r->tap = (myo_tap){0};
    if (sha == NULL) {
        return myo_fail(r->r.d, MYO_ERR_NOMEM, "no memory for the hash");
    }
    const myo_err err = hash_all(r, done, sha);
    if (err == MYO_OK) {
        myo_sha_hex(sha, hex);
    }
    myo_sha_free(sha);
    return err;
}

void myo_rec_close(myo_rec **r) {
    myo_rec *rec = *r;
    if (rec == NULL) {
        return;
    }
    if (rec->r.priv != NULL) {
        rec->r.ops->close(&rec->r);
    }
    if (rec->r.fd >= 0) {
        close(rec->r.fd);
    }
    myo_sha_free(rec->tap.sha);
    myo_sidecar_free(&rec->r.side);
    myo_free(rec->r.priv);
    myo_free(rec->info.ch);
    myo_free(rec->seen);
    myo_free(rec->further);
    myo_free(rec->cut_x);
    myo_free(rec->cut_n);
    myo_free(rec->cut_start);
    myo_free(rec->path);
    myo_free(rec->read_path);
    myo_free(rec->unit);
    myo_free(rec->channels);
    myo_free(rec);
    *r = NULL;
}
