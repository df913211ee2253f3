/* lock.c - one owner for a folder's rows, told by a file and held by the system. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "myotab/stop.h"
#include "run/lock.h"

enum { TEXT_MAX = 1 << 20 }; /* bytes of a lock file that are looked at */

static const myo_range everything = {1, INT64_MAX};
const myo_rows myo_rows_all = {&everything, 1};

/* ---- rows as text ---- */

void myo_rows_text(const myo_rows *rows, myo_buf *b) {
    for (size_t i = 0; i < rows->n; i++) {
        const myo_range *r = &rows->range[i];
        myo_buf_puts(b, i > 0 ? "," : "");
        if (r->last == INT64_MAX) {
            myo_buf_puts(b, "all");
        } else if (r->first == r->last) {
            myo_buf_printf(b, "%lld", (long long)r->first);
        } else {
            myo_buf_printf(b, "%lld-%lld", (long long)r->first, (long long)r->last);
        }
    }
}

/* One "3", "3-5" or "all" of n bytes. */
static bool parse_range(const char *s, size_t n, myo_range *r) {
    const char *dash = memchr(s, '-', n);
    const size_t head = dash != NULL ? (size_t)(dash - s) : n;
    if (n == 3 && memcmp(s, "all", 3) == 0) {
        *r = everything;
        return true;
    }
    if (!myo_parse_i64(s, head, &r->first)) {
        return false;
    }
    r->last = r->first;
    return dash == NULL || myo_parse_i64(dash + 1, n - head - 1, &r->last);
}

static bool overlaps(const myo_rows *rows, const myo_range *r) {
    for (size_t i = 0; i < rows->n; i++) {
        if (rows->range[i].first <= r->last && r->first <= rows->range[i].last) {
            return true;
        }
    }
    return false;
}

/* Whether the rows of a lock file's text have some of `rows`. Text that does not read as rows may
 * mean any. */
static bool text_overlaps(const char *s, const myo_rows *rows) {
    for (;;) {
        const size_t n = strcspn(s, ",");
        myo_range r;
        if (!parse_range(s, n, &r) || overlaps(rows, &r)) {
            return true;
        }
        if (s[n] == '\0') {
            return false;
        }
        s += n + 1;
    }
}

/* ---- other runs ---- */

static bool is_lock_name(const char *name) {
    const size_t n = strlen(name);
    return n > 13 && strncmp(name, ".myotab-", 8) == 0 && strcmp(name + n - 5, ".lock") == 0;
}

/* flock decides. Where the file system has none, the process number does, on the host it is from;
 * an owner elsewhere is taken to be alive. */
static bool is_alive(int fd, const myo_owner *o) {
    char host[sizeof o->host] = "";
    if (flock(fd, LOCK_SH | LOCK_NB) == 0) {
        return false;
    }
    if (errno == EWOULDBLOCK) {
        return true;
    }
    gethostname(host, sizeof host - 1);
    return strcmp(host, o->host) != 0 || o->pid <= 0 || o->pid > INT32_MAX ||
           kill((pid_t)o->pid, 0) == 0 || errno != ESRCH;
}

static void cut_copy(char *dst, size_t cap, const char *s, size_t n) {
    const bool cut = n >= cap;
    memcpy(dst, s, cut ? cap : n);
    memcpy(cut ? dst + cap - 4 : dst + n, cut ? "..." : "", cut ? 4 : 1);
}

/* "PID HOST ROWS\n" */
static void read_owner(myo_owner *o, const char *text, const myo_rows *rows) {
    const size_t pid = strcspn(text, " ");
    const char *host = text[pid] != '\0' ? text + pid + 1 : text + pid;
    const size_t host_n = strcspn(host, " ");
    const char *list = host[host_n] != '\0' ? host + host_n + 1 : host + host_n;
    *o = (myo_owner){.pid = 0};
    myo_parse_i64(text, pid, &o->pid);
    cut_copy(o->host, sizeof o->host, host, host_n);
    cut_copy(o->rows, sizeof o->rows, list, strlen(list));
    o->mine = text_overlaps(list, rows);
}

static bool read_text(int fd, myo_buf *b) {
    char part[4096];
    ssize_t n;
    myo_buf_puts(b, "");
    while (b->n < TEXT_MAX && (n = read(fd, part, sizeof part)) > 0) {
        myo_buf_put(b, part, (size_t)n);
    }
    if (!b->failed) {
        b->s[strcspn(b->s, "\n")] = '\0';
    }
    return !b->failed;
}

static void visit_one(const char *path, const myo_rows *rows, myo_owner_fn fn, void *user) {
    struct stat st;
    myo_buf text = {0};
    myo_owner o;
    const int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 && errno == EACCES) { /* another user's: nothing says that he is gone */
        o = (myo_owner){.host = "?", .rows = "?", .alive = true, .mine = true};
        fn(user, path, &o);
    }
    if (fd < 0) {
        return; /* else given back a moment ago, or no file at all */
    }
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && read_text(fd, &text)) {
        read_owner(&o, text.s, rows);
        o.alive = is_alive(fd, &o);
        fn(user, path, &o);
    }
    myo_buf_clear(&text);
    close(fd);
}

myo_err myo_lock_visit(const char *dir, const char *own, const myo_rows *rows, myo_owner_fn fn,
                       void *user, myo_diag *d) {
    DIR *list = opendir(dir);
    if (list == NULL) {
        return myo_fail(d, MYO_ERR_OUTPUT, "%s: cannot be read (%s)", dir, strerror(errno));
    }
    for (struct dirent *e; (e = readdir(list)) != NULL;) {
        myo_buf path = {0};
        if (!is_lock_name(e->d_name)) {
            continue;
        }
        myo_buf_printf(&path, "%s/%s", dir, e->d_name);
        if (!path.failed && (own == NULL || strcmp(path.s, own) != 0)) {
            visit_one(path.s, rows, fn, user);
        }
        myo_buf_clear(&path);
    }
    closedir(list);
    return MYO_OK;
}

/* ---- the folder ---- */

/* flock on the folder; a file system without it must do with O_EXCL alone. */
static myo_err wait_for_folder(int fd, const char *dir, myo_diag *d) {
    while (flock(fd, LOCK_EX) != 0 && errno == EINTR) {
        if (myo_stop_requested()) {
            return myo_fail(d, MYO_ERR_STOPPED, "%s: stopped by a signal", dir);
        }
    }
    return MYO_OK;
}

myo_err myo_lock_enter(myo_lock *l, const char *dir, myo_diag *d) {
    const int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return myo_fail(d, MYO_ERR_OUTPUT, "%s: cannot be opened (%s)", dir, strerror(errno));
    }
    const myo_err err = wait_for_folder(fd, dir, d);
    if (err != MYO_OK) {
        close(fd);
        return err;
    }
    l->folder = fd;
    return MYO_OK;
}

void myo_lock_leave(myo_lock *l) {
    if (l->folder >= 0) {
        close(l->folder);
        l->folder = -1;
    }
}

/* ---- our own ---- */

typedef struct search {
    const char *dir;
    myo_owner found; /* alive and mine */
    char path[512];  /* its lock */
    myo_diag *d;
} search;

/* The living are counted, the dead buried. */
static void look(void *user, const char *path, const myo_owner *o) {
    search *s = user;
    if (o->alive && o->mine) {
        s->found = *o;
        cut_copy(s->path, sizeof s->path, path, strlen(path));
    } else if (!o->alive && unlink(path) == 0) {
        myo_warn(s->d,
                 "%s: took over from a run that did not end in order (process %lld on %s, rows %s)",
                 s->dir, (long long)o->pid, o->host, o->rows);
    }
}

/* Fails if a living run has rows of ours. own: not to be looked at, or NULL. */
static myo_err look_around(const char *dir, const char *own, const myo_rows *rows, myo_diag *d) {
    search s = {.dir = dir, .d = d};
    MYO_TRY(myo_lock_visit(dir, own, rows, look, &s, d));
    if (!s.found.alive) {
        return MYO_OK;
    }
    return myo_fail(d, MYO_ERR_LOCKED, "%s: in use by process %lld on %s (rows %s)", s.path,
                    (long long)s.found.pid, s.found.host, s.found.rows);
}

static myo_err cannot_write(const char *path, myo_diag *d) {
    return myo_fail(d, MYO_ERR_OUTPUT, "%s: cannot be written (%s)", path, strerror(errno));
}

static myo_err write_owner(int fd, const char *path, const myo_rows *rows, myo_diag *d) {
    char host[256] = "";
    myo_buf b = {0};
    gethostname(host, sizeof host - 1);
    myo_buf_printf(&b, "%ld %s ", (long)getpid(), host);
    myo_rows_text(rows, &b);
    myo_buf_puts(&b, "\n");
    const bool ok = !b.failed && write(fd, b.s, b.n) == (ssize_t)b.n;
    const myo_err err = b.failed ? MYO_ERR_NOMEM : ok ? MYO_OK : cannot_write(path, d);
    myo_buf_clear(&b);
    return err;
}

/* A file of this name that is not ours by now has a living owner: the dead are gone. */
static myo_err create(myo_lock *l, const char *dir, const myo_rows *rows, myo_diag *d) {
    l->fd = open(l->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (l->fd < 0) {
        return cannot_write(l->path, d);
    }
    if (flock(l->fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        close(l->fd); /* seen from another machine between these two lines */
        l->fd = -1;
        return myo_fail(d, MYO_ERR_LOCKED, "%s: in use by another run", dir);
    }
    return write_owner(l->fd, l->path, rows, d);
}

/* The second look is for folders that several machines share: there the folder's own lock may hold
 * on one of them only, but of two runs that create at once at least one sees the other. */
static myo_err take(myo_lock *l, const char *dir, const myo_rows *rows, myo_diag *d) {
    MYO_TRY(look_around(dir, NULL, rows, d));
    MYO_TRY(create(l, dir, rows, d));
    return look_around(dir, l->path, rows, d);
}

myo_err myo_lock_take(myo_lock *l, const char *dir, const myo_rows *rows, int64_t a, int64_t b,
                      myo_diag *d) {
    myo_buf path = {0};
    *l = (myo_lock)MYO_LOCK_NONE;
    myo_buf_printf(&path, "%s/.myotab-%lld-%lld.lock", dir, (long long)a, (long long)b);
    if (path.failed) {
        myo_buf_clear(&path);
        return myo_fail(d, MYO_ERR_NOMEM, "%s: not enough memory", dir);
    }
    l->path = path.s;
    myo_err err = myo_lock_enter(l, dir, d);
    err = err == MYO_OK ? take(l, dir, rows, d) : err;
    if (err != MYO_OK) {
        myo_lock_give_back(l);
    }
    return err;
}

void myo_lock_give_back(myo_lock *l) {
    if (l->fd >= 0) {
        unlink(l->path);
        close(l->fd);
    }
    myo_lock_leave(l);
    myo_free(l->path);
    *l = (myo_lock)MYO_LOCK_NONE;
}
