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
static int create_file(const char *name, mode_t mode) {
    const int flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
    const int fd = open(name, flags, mode);
    if (fd < 0 && errno == EEXIST && unlink(name) == 0) {
        return open(name, flags, mode);
    }
    return fd;
}

/* A link too: a file in its place would part it from what it leads to. */
static bool is_other_thing(const char *path) {
    struct stat st;
    return lstat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

static myo_err other_thing(const char *path, myo_diag *d) {
    return myo_fail(d, MYO_ERR_OUTPUT, "%s: cannot be written (not a regular file)", path);
}

static myo_err open_temp(myo_outfile *o, const char *path, myo_diag *d) {
    struct stat st;
    if (path[folder_length(path)] == '\0' || (stat(path, &st) == 0 && S_ISDIR(st.st_mode))) {
        return write_failed(path, EISDIR, d);
    }
    if (is_other_thing(path)) {
        return other_thing(path, d);
    }
    const int fd = create_file(o->temp, 0666);
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

/* Everything out of our own memory; 0 or the errno. */
static int flush_out(FILE *f) {
    const bool earlier = ferror(f) != 0;
    if (fflush(f) != 0) {
        return errno;
    }
    return earlier ? reason_of_failure(fileno(f)) : 0;
}

/* Everything out of our own memory and on its way to the disk, so that the file system can later flush its journal
 * once for many files. 0 or the errno. */
static int flush_and_start(FILE *f) {
    const int why = flush_out(f);
    if (why == 0) { /* only a hint, so its failure says nothing */
        sync_file_range(fileno(f), 0, 0, SYNC_FILE_RANGE_WRITE);
    }
    return why;
}

myo_err myo_outfile_park(myo_outfile *o, myo_diag *d) {
    int why = flush_and_start(o->f);
    why = fclose(o->f) != 0 && why == 0 ? errno : why;
    o->f = NULL;
    return why == 0 ? MYO_OK : write_failed(o->path, why, d);
}

/* Onto the disk, and closed whatever happens; 0 or the errno. fsync is about the file, whichever descriptor names
 * it. */
static int sync_one(myo_outfile *o, int why) {
    const int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW;
    const int fd = o->f != NULL ? fileno(o->f) : open(o->temp, flags);
    if (why == 0 && (fd < 0 || sync_fd(fd) != 0)) {
        why = errno;
    }
    const bool closed = o->f != NULL ? fclose(o->f) == 0 : fd < 0 || close(fd) == 0;
    o->f = NULL;
    return why == 0 && !closed ? errno : why;
}

/* All of them; *which: the first that failed. */
static int sync_all(myo_outfile *o, int n, int *which) {
    int why = 0;
    for (int i = 0; i < n && why == 0; i++) {
        why = o[i].f != NULL ? flush_and_start(o[i].f) : 0;
        *which = i;
    }
    for (int i = 0; i < n; i++) {
        const int then = sync_one(&o[i], why);
        *which = why == 0 ? i : *which;
        why = then;
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

/* Under their own names; *n_done of them are. 0 or the errno. */
static int rename_all(const myo_outfile *o, int n, int *n_done) {
    *n_done = 0;
    if (n > 1 && unlink(o[n - 1].path) != 0 && errno != ENOENT) {
        return errno;
    }
    while (*n_done < n) {
        if (rename(o[*n_done].temp, o[*n_done].path) != 0) {
            return errno;
        }
        (*n_done)++;
    }
    return sync_folder(o[0].path);
}

/* The first whose name something else has taken since it was opened; -1: none. */
static int find_other_thing(const myo_outfile *o, int n) {
    for (int i = 0; i < n; i++) {
        if (is_other_thing(o[i].path)) {
            return i;
        }
    }
    return -1;
}

myo_err myo_outfile_commit_all(myo_outfile *o, int n, myo_diag *d) {
    int which = 0, n_done = 0;
    for (int i = 0; i < n; i++) {
        if (o[i].temp == NULL) {
            return myo_fail(d, MYO_ERR_OUTPUT, "no open output file");
        }
    }
    int why = sync_all(o, n, &which);
    const int other = why == 0 ? find_other_thing(o, n) : -1;
    if (why == 0 && other < 0) {
        why = rename_all(o, n, &n_done);
        which = n_done < n ? n_done : 0;
    }
    for (int i = 0; i < n && (why != 0 || other >= 0); i++) {
        unlink(i < n_done ? o[i].path : o[i].temp); /* whole or absent */
    }
    const myo_err e = other >= 0 ? other_thing(o[other].path, d)
                      : why == 0 ? MYO_OK
                                 : write_failed(o[which].path, why, d);
    for (int i = 0; i < n; i++) {
        forget(&o[i]);
    }
    return e;
}

myo_err myo_outfile_commit(myo_outfile *o, myo_diag *d) {
    return myo_outfile_commit_all(o, 1, d);
}

void myo_outfile_abort(myo_outfile *o) {
    if (o->f != NULL) {
        fclose(o->f);
    }
    if (o->temp != NULL) {
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

static myo_err too_large(const char *path, size_t max, myo_diag *d) {
    return myo_fail(d, MYO_ERR_RANGE, "%s: too large (found more than %zu bytes, allowed %zu)",
                    path, max, max);
}

static myo_err slurp_fd(int fd, const char *path, size_t max, myo_buf *b, myo_diag *d) {
    struct stat st;
    if (fstat(fd, &st) != 0) {
        return myo_fail(d, MYO_ERR_INPUT, "%s: cannot be read (%s)", path, strerror(errno));
    }
    if (!S_ISREG(st.st_mode)) {
        return myo_fail(d, MYO_ERR_INPUT, "%s: not a regular file", path);
    }
    if ((uintmax_t)st.st_size > max) { /* known before a byte is read */
        return too_large(path, max, d);
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
        return too_large(path, max, d);
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

/* ---- files of ours ---- */

/* 1: the file begins with mark, 0: it does not, -1: it cannot be read, see errno. */
static int begins_with(const char *path, const char *mark) {
    char head[256];
    const size_t n = strlen(mark);
    const int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
    const ssize_t got = fd < 0 ? -1 : pread(fd, head, n < sizeof head ? n : sizeof head, 0);
    const int why = errno;
    if (fd >= 0) {
        close(fd);
    }
    errno = why;
    return got < 0 ? -1 : (size_t)got == n && memcmp(head, mark, n) == 0;
}

myo_err myo_file_owned(const char *path, const char *mark, const char *what, myo_diag *d) {
    struct stat st;
    if (lstat(path, &st) != 0) {
        return MYO_OK; /* none; or a folder that cannot be searched, which is told when it is opened */
    }
    if (!S_ISREG(st.st_mode)) {
        return myo_fail(d, MYO_ERR_USAGE, "%s: not replaced: not a regular file", path);
    }
    const int ours = begins_with(path, mark);
    if (ours < 0) {
        return myo_fail(d, MYO_ERR_USAGE, "%s: not replaced: cannot be read (%s)", path,
                        strerror(errno));
    }
    return ours ? MYO_OK
                : myo_fail(d, MYO_ERR_USAGE, "%s: not replaced: not %s", path, what);
}

/* ---- hashes ---- */

/* The file's bytes from the first one on; 0 or the errno. */
static int hash_fd(int fd, char hex[65]) {
    enum { PART = 65536 };
    myo_sha *sha = myo_sha_new();
    char *part = myo_alloc(PART, 1);
    int why = sha != NULL && part != NULL ? 0 : ENOMEM;
    for (off_t at = 0; why == 0;) {
        const ssize_t n = pread(fd, part, PART, at);
        if (n == 0) {
            break;
        }
        if (n > 0) {
            myo_sha_add(sha, part, (size_t)n);
            at += n;
        } else if (errno != EINTR) {
            why = errno;
        }
    }
    if (why == 0) {
        myo_sha_hex(sha, hex);
    }
    myo_free(part);
    myo_sha_free(sha);
    return why;
}

myo_err myo_outfile_sha256(myo_outfile *o, char hex[65], myo_diag *d) {
    const int fd = o->f != NULL ? fileno(o->f) : open(o->temp, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    int why = fd < 0 ? errno : o->f != NULL ? flush_out(o->f) : 0;
    why = why == 0 ? hash_fd(fd, hex) : why;
    if (o->f == NULL && fd >= 0) {
        close(fd);
    }
    if (why == ENOMEM) {
        return myo_fail(d, MYO_ERR_NOMEM, "%s: not enough memory", o->path);
    }
    return why == 0 ? MYO_OK : write_failed(o->path, why, d);
}

myo_err myo_file_sha256(const char *path, char hex[65], myo_diag *d) {
    struct stat st;
    const int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    int why = fd < 0 || fstat(fd, &st) != 0 ? errno : 0;
    why = why == 0 && !S_ISREG(st.st_mode) ? EISDIR : why;
    why = why == 0 ? hash_fd(fd, hex) : why;
    if (fd >= 0) {
        close(fd);
    }
    if (why == ENOMEM) {
        return myo_fail(d, MYO_ERR_NOMEM, "%s: not enough memory", path);
    }
    return why == 0 ? MYO_OK
                    : myo_fail(d, MYO_ERR_INPUT, "%s: cannot be read (%s)", path, strerror(why));
}

static char *temp_in(const char *dir, const char *what) {
    myo_buf b = {0};
    myo_buf_printf(&b, "%s/%s", dir, what);
    char *name = b.failed ? NULL : temp_name(b.s);
    myo_buf_clear(&b);
    return name;
}

const char *myo_temp_dir(void) {
    const char *dir = getenv("TMPDIR");
    return dir != NULL && dir[0] != '\0' ? dir : "/tmp";
}

char *myo_temp_folder(const char *what) {
    enum { TRIES = 100 }; /* left-overs of dead runs that had the same process number */
    for (int i = 0; i < TRIES; i++) {
        char *name = temp_in(myo_temp_dir(), what);
        if (name == NULL) {
            errno = ENOMEM;
            return NULL;
        }
        if (mkdir(name, 0700) == 0) {
            return name;
        }
        const int why = errno;
        myo_free(name);
        errno = why;
        if (why != EEXIST) {
            break;
        }
    }
    return NULL;
}

int myo_unnamed_file(const char *dir) {
    int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0) {
        return fd;
    }
    char *name = temp_in(dir, "unnamed"); /* a file system without unnamed files */
    fd = name != NULL ? create_file(name, 0600) : -1;
    const int why = name != NULL ? errno : ENOMEM;
    if (fd >= 0) {
        unlink(name);
    }
    myo_free(name);
    errno = why;
    return fd;
}
