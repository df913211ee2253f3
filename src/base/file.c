/* file.c - files that are whole or absent, and small files read at once. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/base.h"

static myo_err write_failed(const char *path, int why, myo_diag *d) {
    return myo_fail(d, MYO_ERR_OUTPUT, "%s: cannot be written (%s)", path, strerror(why));
}

/* Length of the folder part of path, its slash counted in. */
static size_t folder_length(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

/* FOLDER/.NAME.PID.N.tmp; N tells two files of one run apart, a long NAME is cut to fit the file
 * system. */
static char *temp_name(const char *path) {
    static atomic_uint serial;
    const size_t folder = folder_length(path);
    myo_buf b = {0};
    myo_buf_put(&b, path, folder);
    myo_buf_printf(&b, ".%.200s.%ld.%u.tmp", path + folder, (long)getpid(),
                   atomic_fetch_add(&serial, 1));
    if (b.failed) {
        myo_buf_clear(&b);
        return NULL;
    }
    return b.s;
}

static void forget(myo_outfile *o) {
    myo_free(o->path);
    myo_free(o->temp);
    memset(o, 0, sizeof *o);
}

/* A left-over of a dead run that had the same process number is ours to replace. */
static int create_file(const char *name) {
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
    const int fd = open(name, flags, 0666);
    if (fd < 0 && errno == EEXIST && unlink(name) == 0) {
        return open(name, flags, 0666);
    }
    return fd;
}

static myo_err open_temp(myo_outfile *o, const char *path, myo_diag *d) {
    struct stat st;
    if (path[folder_length(path)] == '\0' || (stat(path, &st) == 0 && S_ISDIR(st.st_mode))) {
        return write_failed(path, EISDIR, d);
    }
    const int fd = create_file(o->temp);
    if (fd < 0) {
        return write_failed(path, errno, d);
    }
    o->f = fdopen(fd, "w");
    if (o->f == NULL) {
        const int why = errno;
        close(fd);
        unlink(o->temp);
        return write_failed(path, why, d);
    }
    return MYO_OK;
}

myo_err myo_outfile_open(myo_outfile *o, const char *path, myo_diag *d) {
    *o = (myo_outfile){.path = myo_strdup(path), .temp = temp_name(path)};
    if (o->path == NULL || o->temp == NULL) {
        forget(o);
        return myo_fail(d, MYO_ERR_NOMEM, "%s: not enough memory", path);
    }
    const myo_err e = open_temp(o, path, d);
    if (e != MYO_OK) {
        forget(o);
    }
    return e;
}

static int sync_fd(int fd) {
    int r;
    do {
        r = fsync(fd);
    } while (r != 0 && errno == EINTR);
    return r;
}

/* A write that failed long ago has left no errno: write once more into the doomed file to learn
 * why. */
static int reason_of_failure(int fd) {
    static const char block[65536];
    errno = 0;
    const ssize_t n = write(fd, block, sizeof block);
    return n < 0 && errno != 0 ? errno : EIO;
}

/* Everything onto the disk and the descriptor closed, whatever happens; 0 or the errno. */
static int flush_and_close(FILE *f) {
    int why = 0;
    const bool earlier = ferror(f) != 0;
    if (fflush(f) != 0) {
        why = errno;
    } else if (earlier) {
        why = reason_of_failure(fileno(f));
    } else if (sync_fd(fileno(f)) != 0) {
        why = errno;
    }
    if (fclose(f) != 0 && why == 0) {
        why = errno;
    }
    return why;
}

/* The rename itself must survive a power loss. Some file systems cannot sync a folder (EINVAL). */
static int sync_folder(const char *path) {
    const size_t n = folder_length(path);
    char folder[PATH_MAX];
    if (n >= sizeof folder) {
        return ENAMETOOLONG;
    }
    memcpy(folder, n > 0 ? path : ".", n > 0 ? n : 1);
    folder[n > 0 ? n : 1] = '\0';
    const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return errno == EACCES ? 0 : errno; /* a folder we may write but not list */
    }
    const int why = sync_fd(fd) != 0 && errno != EINVAL ? errno : 0;
    close(fd);
    return why;
}

myo_err myo_outfile_commit(myo_outfile *o, myo_diag *d) {
    if (o->f == NULL) {
        return myo_fail(d, MYO_ERR_OUTPUT, "no open output file");
    }
    int why = flush_and_close(o->f);
    o->f = NULL;
    if (why == 0 && rename(o->temp, o->path) != 0) {
        why = errno;
    }
    if (why != 0) {
        unlink(o->temp);
    } else {
        why = sync_folder(o->path);
        if (why != 0) {
            unlink(o->path); /* whole or absent, also where the folder could not be made safe */
        }
    }
    const myo_err e = why == 0 ? MYO_OK : write_failed(o->path, why, d);
    forget(o);
    return e;
}

void myo_outfile_abort(myo_outfile *o) {
    if (o->f != NULL) {
        fclose(o->f);
        unlink(o->temp);
    }
    forget(o);
}

/* Bytes from fd until its end or until b holds more than max. 0 or the errno. */
static int read_all(int fd, size_t max, myo_buf *b) {
    char part[16384];
    while (b->n <= max) {
        const ssize_t n = read(fd, part, sizeof part);
        if (n == 0) {
            break;
        }
        if (n < 0 && errno != EINTR) {
            return errno;
        }
        myo_buf_put(b, part, n < 0 ? 0 : (size_t)n);
        if (b->failed) {
            return ENOMEM;
        }
    }
    return 0;
}

static myo_err slurp_fd(int fd, const char *path, size_t max, myo_buf *b, myo_diag *d) {
    struct stat st;
    if (fstat(fd, &st) != 0) {
        return myo_fail(d, MYO_ERR_INPUT, "%s: cannot be read (%s)", path, strerror(errno));
    }
    if (!S_ISREG(st.st_mode)) {
        return myo_fail(d, MYO_ERR_INPUT, "%s: not a regular file", path);
    }
    myo_buf_put(b, "", 0); /* an empty file is an empty text, not no text */
    const int why = b->failed ? ENOMEM : read_all(fd, max, b);
    if (why == ENOMEM) {
        return myo_fail(d, MYO_ERR_NOMEM, "%s: not enough memory", path);
    }
    if (why != 0) {
        return myo_fail(d, MYO_ERR_INPUT, "%s: cannot be read (%s)", path, strerror(why));
    }
    if (b->n > max) {
        return myo_fail(d, MYO_ERR_RANGE, "%s: too large (found more than %zu bytes, allowed %zu)",
                        path, max, max);
    }
    return MYO_OK;
}

myo_err myo_slurp(const char *path, size_t max, myo_buf *b, myo_diag *d) {
    const int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC); /* a FIFO must not stop us */
    if (fd < 0) {
        return myo_fail(d, MYO_ERR_INPUT, "%s: cannot be read (%s)", path, strerror(errno));
    }
    myo_buf text = {0};
    const myo_err e = slurp_fd(fd, path, max, &text, d);
    close(fd);
    if (e != MYO_OK) {
        myo_buf_clear(&text);
        return e;
    }
    myo_buf_clear(b);
    *b = text;
    return MYO_OK;
}

int myo_unnamed_file(const char *dir) {
    int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0) {
        return fd;
    }
    myo_buf name = {0}; /* a file system without unnamed files */
    myo_buf_printf(&name, "%s/.myotab-XXXXXX", dir);
    if (name.failed) {
        errno = ENOMEM;
    } else {
        fd = mkostemp(name.s, O_CLOEXEC);
    }
    const int why = errno;
    if (fd >= 0) {
        unlink(name.s);
    }
    myo_buf_clear(&name);
    errno = why;
    return fd;
}
