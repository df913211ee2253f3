/* store.c - records in memory or in a temporary file. */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "base/base.h"
#include "run/store.h"

enum { BUFFER = 128 * 1024 }; /* bytes kept in memory: the tail while writing, a window while reading */

struct myo_store {
    size_t size, per_buffer;
    char *dir;
    int fd;                /* -1 while everything fits the buffer */
    unsigned char *buf;
    int64_t first;         /* number of the record at buf[0] */
    size_t in_buf;
    int64_t n, flushed;    /* records in all; in the file */
    bool window;           /* buf holds records read back, not the tail */
};

myo_err myo_store_new(myo_store **out, const char *dir, size_t record_size)
{
    myo_store *s = myo_alloc(1, sizeof *s);
    if (!s) {
        return MYO_ERR_NOMEM;
    }
    s->fd = -1;
    s->size = record_size;
    s->per_buffer = BUFFER / record_size;
    s->dir = myo_strdup(dir);
    if (!s->dir) {
        myo_store_free(&s);
        return MYO_ERR_NOMEM;
    }
    *out = s;
    return MYO_OK;
}

void myo_store_free(myo_store **s)
{
    if (*s) {
        if ((*s)->fd >= 0) {
            close((*s)->fd);
        }
        myo_free((*s)->dir);
        myo_free((*s)->buf);
        myo_free(*s);
        *s = NULL;
    }
}

int64_t myo_store_count(const myo_store *s)
{
    return s->n;
}

static myo_err open_file(myo_store *s, myo_diag *d)
{
    s->fd = myo_unnamed_file(s->dir);
    return s->fd >= 0 ? MYO_OK : myo_fail(d, MYO_ERR_OUTPUT, "temporary file in %s: %s", s->dir, strerror(errno));
}

static myo_err whole(myo_store *s, int write_it, size_t bytes, int64_t at, myo_diag *d)
{
    size_t done = 0;
    while (done < bytes) {
        const ssize_t k = write_it ? pwrite(s->fd, s->buf + done, bytes - done, at + (off_t)done)
                                   : pread(s->fd, s->buf + done, bytes - done, at + (off_t)done);
        if (k < 0 && errno == EINTR) {
            continue;
        }
        if (k <= 0) {
            return myo_fail(d, MYO_ERR_OUTPUT, "temporary file in %s: %s", s->dir,
                            k < 0 ? strerror(errno) : "cut short");
        }
        done += (size_t)k;
    }
    return MYO_OK;
}

static myo_err flush(myo_store *s, myo_diag *d)
{
    if (s->fd < 0) {
        MYO_TRY(open_file(s, d));
    }
    MYO_TRY(whole(s, 1, s->in_buf * s->size, s->flushed * (int64_t)s->size, d));
    s->flushed += (int64_t)s->in_buf;
    s->first = s->flushed;
    s->in_buf = 0;
    return MYO_OK;
}

myo_err myo_store_add(myo_store *s, const void *record, myo_diag *d)
{
    if (!s->buf) {
        s->buf = myo_alloc_room(s->per_buffer, s->size);
        if (!s->buf) {
            return MYO_ERR_NOMEM;
        }
    }
    if (s->window) { /* all that is in it is in the file as well */
        s->window = false;
        s->first = s->flushed;
        s->in_buf = 0;
    }
    if (s->in_buf == s->per_buffer) {
        MYO_TRY(flush(s, d));
    }
    memcpy(s->buf + s->in_buf * s->size, record, s->size);
    s->in_buf++;
    s->n++;
    return MYO_OK;
}

myo_err myo_store_get(myo_store *s, int64_t i, void *record, myo_diag *d)
{
    if (i < s->first || i >= s->first + (int64_t)s->in_buf) {
        if (s->flushed < s->n) { /* the tail is only in memory yet */
            MYO_TRY(flush(s, d));
        }
        const int64_t left = s->n - i;
        s->window = true;
        s->first = i;
        s->in_buf = left < (int64_t)s->per_buffer ? (size_t)left : s->per_buffer;
        MYO_TRY(whole(s, 0, s->in_buf * s->size, i * (int64_t)s->size, d));
    }
    memcpy(record, s->buf + (size_t)(i - s->first) * s->size, s->size);
    return MYO_OK;
}
