/* readers.c - the table of input formats, and reading at an offset. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <unistd.h>
#include "base/base.h"
#include "io/readers.h"

extern const myo_reader_ops myo_edf_reader, myo_sndfile_reader, myo_wfdb_reader, myo_csv_reader;

const myo_reader_ops *const myo_readers[] = {
    &myo_edf_reader, &myo_sndfile_reader, &myo_wfdb_reader, &myo_csv_reader, NULL,
};

static myo_err read_exactly(const myo_reader *r, void *buf, size_t n, int64_t off) {
    size_t done = 0;
    while (done < n) {
        const ssize_t got = pread(r->fd, (char *)buf + done, n - done, off + (int64_t)done);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return myo_fail(r->d, MYO_ERR_INPUT, "byte %" PRId64 ": cannot be read: %s",
                            off + (int64_t)done, strerror(errno));
        }
        if (got == 0) {
            return myo_fail(r->d, MYO_ERR_TRUNCATED,
                            "byte %" PRId64 ": file ends (%zu bytes expected from byte %" PRId64
                            ")",
                            off + (int64_t)done, n, off);
        }
        done += (size_t)got;
    }
    return MYO_OK;
}

/* Hash what is new of n bytes at off; a header or the like that was passed over is read for it. */
static myo_err hash_along(const myo_reader *r, const void *buf, size_t n, int64_t off) {
    enum { NEAR = 1 << 16 };
    const int64_t end = off + (int64_t)n;
    myo_tap *tap = r->tap;
    unsigned char gap[4096];
    while (tap->done < off && off - tap->done <= NEAR) {
        const size_t part = off - tap->done < (int64_t)sizeof gap ? (size_t)(off - tap->done) : sizeof gap;
        MYO_TRY(read_exactly(r, gap, part, tap->done));
        myo_sha_add(tap->sha, gap, part);
        tap->done += (int64_t)part;
    }
    if (off <= tap->done && tap->done < end) {
        const int64_t known = tap->done - off;
        myo_sha_add(tap->sha, (const unsigned char *)buf + known, n - (size_t)known);
        tap->done = end;
    }
    return MYO_OK;
}

myo_err myo_read_at(const myo_reader *r, void *buf, size_t n, int64_t off) {
    MYO_TRY(read_exactly(r, buf, n, off));
    return r->tap != NULL && r->tap->sha != NULL && r->tap->fd == r->fd ? hash_along(r, buf, n, off) : MYO_OK;
}

myo_err myo_info_channels(myo_reader *r, int64_t n) {
    if (n < 1 || n > MYO_MAX_CHANNELS) {
        return myo_fail(r->d, MYO_ERR_RANGE,
                        "number of channels (found %" PRId64 ", allowed 1 to %d)", n,
                        MYO_MAX_CHANNELS);
    }
    r->info->ch = myo_alloc((size_t)n, sizeof *r->info->ch);
    if (r->info->ch == NULL) {
        return myo_fail(r->d, MYO_ERR_NOMEM, "no memory for %" PRId64 " channels", n);
    }
    r->info->n_ch = (int)n;
    for (int c = 0; c < r->info->n_ch; c++) {
        r->info->ch[c] = (myo_channel){.kind = MYO_N_KIND,
                                       .unit = "au",
                                       .scale = 1,
                                       .n_samples = -1,
                                       .rail_lo = NAN,
                                       .rail_hi = NAN,
                                       .axis = -1};
        snprintf(r->info->ch[c].label, sizeof r->info->ch[c].label, "%d", c + 1);
    }
    return MYO_OK;
}
