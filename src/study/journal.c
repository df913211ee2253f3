/* journal.c - a line a row, each with its checksum. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "study/journal.h"

enum { CHECK_DIGITS = 16, N_FIELDS = 5 }; /* row, status, stem, fingerprint, reason */
#define JOURNAL_MAX ((size_t)1 << 30)

static const char *const status_names[] = {[MYO_ROW_DONE] = "done", [MYO_ROW_FAILED] = "failed"};

/* ---- lines ---- */

/* The first digits of the SHA-256 of n bytes. */
static bool checksum(const char *s, size_t n, char digits[CHECK_DIGITS + 1]) {
    char hex[65];
    myo_sha *sha = myo_sha_new();
    if (sha == NULL) {
        return false;
    }
    myo_sha_add(sha, s, n);
    myo_sha_hex(sha, hex);
    myo_sha_free(sha);
    memcpy(digits, hex, CHECK_DIGITS);
    digits[CHECK_DIGITS] = '\0';
    return true;
}

/* Ends the line that b holds. */
static void seal(myo_buf *b) {
    char digits[CHECK_DIGITS + 1];
    if (!b->failed && checksum(b->s, b->n, digits)) {
        myo_buf_printf(b, "\t%s\n", digits);
    } else {
        b->failed = true;
    }
}

/* Takes the checksum and its tab off the n bytes at s; false if it is wrong. */
static bool unseal(char *s, size_t n) {
    char digits[CHECK_DIGITS + 1];
    if (n <= CHECK_DIGITS || s[n - CHECK_DIGITS - 1] != '\t') {
        return false;
    }
    const size_t text = n - CHECK_DIGITS - 1;
    if (!checksum(s, text, digits) || memcmp(s + text + 1, digits, CHECK_DIGITS) != 0) {
        return false;
    }
    s[text] = '\0';
    return strlen(s) == text;
}

static void put_header(myo_buf *b, const char *key) {
    myo_buf_printf(b, "myotab-journal 1\t%s", key);
    seal(b);
}

static bool take_status(const char *s, myo_row_status *status) {
    for (int i = MYO_ROW_DONE; i <= MYO_ROW_FAILED; i++) {
        if (strcmp(s, status_names[i]) == 0) {
            *status = (myo_row_status)i;
            return true;
        }
    }
    return false;
}

static bool take_line(char *s, myo_journal_line *line) {
    const char *field[N_FIELDS];
    for (int i = 0; i < N_FIELDS; i++) {
        field[i] = s;
        s = s != NULL ? strchr(s, '\t') : NULL;
        if ((s == NULL) != (i == N_FIELDS - 1)) {
            return false;
        }
        if (s != NULL) {
            *s++ = '\0';
        }
    }
    *line = (myo_journal_line){.stem = field[2], .fingerprint = field[3], .reason = field[4]};
    return myo_parse_i64(field[0], strlen(field[0]), &line->row) && line->row > 0 &&
           take_status(field[1], &line->status);
}

/* ---- reading ---- */

/* The text up to its last newline, cut there; false if it does not begin as a journal of this
 * study. */
static bool load(const char *path, const char *key, myo_buf *text, size_t *header) {
    myo_buf want = {0};
    put_header(&want, key);
    bool ok = !want.failed && myo_slurp(path, JOURNAL_MAX, text, NULL) == MYO_OK;
    ok = ok && text->n >= want.n && memcmp(text->s, want.s, want.n) == 0;
    *header = want.n;
    myo_buf_clear(&want);
    while (ok && text->s[text->n - 1] != '\n') {
        text->n--; /* the header ends in one */
    }
    return ok;
}

myo_err myo_journal_read(const char *path, const char *key, myo_journal_fn fn, void *user) {
    myo_buf text = {0};
    size_t at;
    const bool ok = load(path, key, &text, &at);
    while (ok && at < text.n) {
        char *s = text.s + at;
        const size_t n = (size_t)((char *)memchr(s, '\n', text.n - at) - s);
        myo_journal_line line;
        if (unseal(s, n) && take_line(s, &line)) {
            fn(user, &line);
        }
        at += n + 1;
    }
    const myo_err err = text.failed ? MYO_ERR_NOMEM : MYO_OK;
    myo_buf_clear(&text);
    return err;
}

/* ---- writing ---- */

static myo_err cannot_write(const myo_journal *j, int why, myo_diag *d) {
    return myo_fail(d, MYO_ERR_OUTPUT, "%s: cannot be written (%s)", j->path, strerror(why));
}

/* All of it, or the file stays as it was. */
static myo_err append(myo_journal *j, const myo_buf *b, myo_diag *d) {
    if (b->failed) {
        return myo_fail(d, MYO_ERR_NOMEM, "%s: not enough memory", j->path);
    }
    for (size_t done = 0; done < b->n;) {
        const ssize_t n = pwrite(j->fd, b->s + done, b->n - done, j->end + (off_t)done);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            const myo_err err = cannot_write(j, n < 0 ? errno : EIO, d);
            return ftruncate(j->fd, j->end) == 0 ? err : MYO_ERR_OUTPUT;
        }
        done += (size_t)n;
    }
    j->end += (int64_t)b->n;
    return MYO_OK;
}

static myo_err begin(myo_journal *j, const char *key, myo_diag *d) {
    myo_buf text = {0};
    struct stat st;
    size_t header;
    const bool known = load(j->path, key, &text, &header);
    j->end = known ? (int64_t)text.n : 0;
    myo_buf_clear(&text);
    j->fd = open(j->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
    if (j->fd < 0 || fstat(j->fd, &st) != 0) {
        return cannot_write(j, errno, d);
    }
    if (!S_ISREG(st.st_mode)) {
        return cannot_write(j, EEXIST, d);
    }
    if (ftruncate(j->fd, j->end) != 0) {
        return cannot_write(j, errno, d);
    }
    if (known) {
        return MYO_OK;
    }
    put_header(&text, key);
    const myo_err err = append(j, &text, d);
    myo_buf_clear(&text);
    return err;
}

myo_err myo_journal_open(myo_journal *j, const char *path, const char *key, myo_diag *d) {
    *j = (myo_journal){.path = myo_strdup(path), .fd = -1};
    const myo_err err =
        j->path != NULL ? begin(j, key, d) : myo_fail(d, MYO_ERR_NOMEM, "not enough memory");
    if (err != MYO_OK) {
        myo_journal_close(j, false);
    }
    return err;
}

myo_err myo_journal_add(myo_journal *j, const myo_journal_line *line, myo_diag *d) {
    myo_buf b = {0};
    myo_buf_printf(&b, "%lld\t%s\t%s\t%s\t", (long long)line->row, status_names[line->status],
                   line->stem, line->fingerprint);
    for (const char *s = line->reason; *s != '\0';
         s++) { /* messages have neither, but the form needs it */
        myo_buf_put(&b, *s == '\t' || *s == '\n' ? " " : s, 1);
    }
    seal(&b);
    const myo_err err = append(j, &b, d);
    myo_buf_clear(&b);
    return err;
}

void myo_journal_close(myo_journal *j, bool sync) {
    if (j->fd >= 0) {
        if (sync) {
            fsync(j->fd); /* lost lines cost a second look at their rows, no more */
        }
        close(j->fd);
    }
    myo_free(j->path);
    *j = (myo_journal)MYO_JOURNAL_NONE;
}
