/* spool.c - standard input as a file: readers need to seek, and the hash needs a second look. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cli.h"

#define SPOOL_MAX (INT64_C(1) << 36) /* bytes: 64 GiB */
enum { POLL_MS = 200 };              /* how late a signal may be noticed while nothing comes in */

static char folder[PATH_MAX], file[PATH_MAX]; /* "" when there is nothing to remove */

void cli_spool_remove(void)
{
    if (file[0] != '\0') {
        unlink(file);
    }
    if (folder[0] != '\0') {
        rmdir(folder);
    }
    file[0] = folder[0] = '\0';
}

/* The copy is called "stdin": results are named after it. */
static int create_spool(void)
{
    const char *tmp = getenv("TMPDIR");
    const char *base = tmp != NULL && tmp[0] != '\0' ? tmp : "/tmp";
    if (snprintf(folder, sizeof folder, "%.3900s/myotab-XXXXXX", base) < 0 || mkdtemp(folder) == NULL) {
        folder[0] = '\0';
        return -1;
    }
    snprintf(file, sizeof file, "%.4000s/stdin", folder);
    const int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        file[0] = '\0';
    }
    return fd;
}

static int write_all(int fd, const char *s, size_t n)
{
    while (n > 0) {
        const ssize_t k = write(fd, s, n);
        if (k < 0 && errno != EINTR) {
            return errno;
        }
        s += k < 0 ? 0 : k;
        n -= k < 0 ? 0 : (size_t)k;
    }
    return 0;
}

/* Bytes read, 0 at the end, -1 with errno; EINTR once a stop is asked for. */
static ssize_t read_some(char *buf, size_t n)
{
    struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
    for (;;) {
        if (myo_stop_requested()) {
            errno = EINTR;
            return -1;
        }
        const int ready = poll(&p, 1, POLL_MS);
        if (ready < 0 && errno != EINTR) {
            return -1;
        }
        if (ready > 0) {
            const ssize_t k = read(STDIN_FILENO, buf, n);
            if (k >= 0 || (errno != EINTR && errno != EAGAIN)) {
                return k;
            }
        }
    }
}

static int input_failed(void)
{
    if (myo_stop_requested()) {
        return 128 + myo_stop_signal();
    }
    cli_error("-", "cannot be read (%s)", strerror(errno));
    return myo_err_exit(MYO_ERR_INPUT);
}

static int output_failed(int why)
{
    cli_error("-", "%s: cannot be written (%s)", file[0] != '\0' ? file : "temporary copy", strerror(why));
    return CLI_SURROUNDINGS;
}

static int copy_stdin(int fd)
{
    static char part[65536];
    int64_t total = 0;
    for (;;) {
        const ssize_t n = read_some(part, sizeof part);
        if (n <= 0) {
            return n == 0 ? 0 : input_failed();
        }
        total += n;
        if (total > SPOOL_MAX) {
            cli_error("-", "too long (found more than 64 GiB, allowed 64 GiB)");
            return myo_err_exit(MYO_ERR_RANGE);
        }
        const int why = write_all(fd, part, (size_t)n);
        if (why != 0) {
            return output_failed(why);
        }
    }
}

static int spool(void)
{
    const int fd = create_spool();
    if (fd < 0) {
        return output_failed(errno);
    }
    atexit(cli_spool_remove);
    const int e = copy_stdin(fd);
    return close(fd) != 0 && e == 0 ? output_failed(errno) : e;
}

int cli_spool(cmd_ctx *ctx)
{
    int e = 0;
    for (int i = 0; i < ctx->n_inputs && e == 0; i++) {
        if (strcmp(ctx->inputs[i], "-") != 0) {
            continue;
        }
        if (file[0] != '\0') {
            cli_error("-", "standard input given twice");
            return CLI_USAGE;
        }
        e = spool();
        ctx->inputs[i] = file;
        cli_say_alias(file, "-");
    }
    return e;
}
