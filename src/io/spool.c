/* spool.c - standard input into an unnamed temporary file, so that readers may seek in it. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>
#include "base/base.h"
#include "io/readers.h"
#include "myotab/stop.h"

enum {
    CHUNK = 1 << 16,
    POLL_MS = 200
}; /* POLL_MS: a stop is noticed this soon while nothing comes */
static const int64_t spool_max = (int64_t)1 << 32; /* bytes */

static bool write_all(int fd, const char *p, size_t n) {
    while (n > 0) {
        const ssize_t done = write(fd, p, n);
        if (done < 0 && errno != EINTR) {
            return false;
        }
        if (done > 0) {
            p += done;
            n -= (size_t)done;
        }
    }
    return true;
}

/* Bytes read, 0 at the end, -1 with errno; EINTR only once a stop is asked for. */
static ssize_t read_some(char *chunk) {
    struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
    while (!myo_stop_requested()) {
        const int ready = poll(&p, 1, POLL_MS);
        if (ready == 0 || (ready < 0 && errno == EINTR)) {
            continue;
        }
        const ssize_t n = read(STDIN_FILENO, chunk, CHUNK);
        if (n >= 0 || (errno != EINTR && errno != EAGAIN)) {
            return n;
        }
    }
    errno = EINTR;
    return -1;
}

static myo_err copy(int fd, char *chunk, myo_diag *d) {
    for (int64_t total = 0;;) {
        const ssize_t n = read_some(chunk);
        if (n < 0 && errno == EINTR) {
            return myo_fail(d, MYO_ERR_STOPPED, "stopped by a signal");
        }
        if (n < 0) {
            return myo_fail(d, MYO_ERR_INPUT, "standard input cannot be read: %s", strerror(errno));
        }
        if (n == 0) {
            return MYO_OK;
        }
        total += n;
        if (total > spool_max) {
            return myo_fail(d, MYO_ERR_RANGE, "standard input too long (allowed %" PRId64 " bytes)",
                            spool_max);
        }
        if (!write_all(fd, chunk, (size_t)n)) {
            return myo_fail(d, MYO_ERR_OUTPUT, "standard input cannot be spooled: %s",
                            strerror(errno));
        }
    }
}

myo_err myo_spool_stdin(int *fd, myo_diag *d) {
    const int out = myo_unnamed_file(myo_temp_dir());
    if (out < 0) {
        return myo_fail(d, MYO_ERR_OUTPUT, "no temporary file for standard input: %s",
                        strerror(errno));
    }
    char *chunk = myo_alloc(CHUNK, 1);
    const myo_err err =
        chunk != NULL ? copy(out, chunk, d) : myo_fail(d, MYO_ERR_NOMEM, "no memory to spool");
    myo_free(chunk);
    if (err != MYO_OK) {
        close(out);
        return err;
    }
    *fd = out;
    return MYO_OK;
}
