/* say.c - messages: "myotab: FILE: what is wrong", one line each on stderr. */
#include <math.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>
#include "cli.h"

enum {
    LINE_MAX_BYTES = 400, /* newline included */
    FILE_MAX_BYTES = 200  /* longer names keep their end, which tells more */
};

/* "FILE: " into dst; nothing for no file, or where the text already begins with its name. */
static void file_part(char *dst, size_t cap, const char *file, const char *text) {
    dst[0] = '\0';
    if (file == NULL || (file[0] != '\0' && strncmp(text, file, strlen(file)) == 0)) {
        return;
    }
    const size_t n = strlen(file);
    const bool cut = n > FILE_MAX_BYTES;
    char safe[FILE_MAX_BYTES];
    myo_printable(safe, sizeof safe, cut ? file + n - FILE_MAX_BYTES + 8 : file);
    snprintf(dst, cap, "%s%s: ", cut ? "..." : "", safe);
}

static int progress_width; /* characters of the line in progress on the terminal */

/* Blanks over the line in progress: what comes next stands alone. */
static void clear_progress(void) {
    if (progress_width > 0) {
        fprintf(stderr, "\r%*s\r", progress_width, "");
        progress_width = 0;
    }
}

/* One write for the whole line: lines of several workers do not mix. */
static void put_line(const char *file, const char *kind, const char *text) {
    char line[LINE_MAX_BYTES], name[FILE_MAX_BYTES + 8];
    file_part(name, sizeof name, file, text);
    const int n = snprintf(line, sizeof line, "myotab: %s%s", name, kind);
    myo_printable(line + n, sizeof line - 1 - (size_t)n, text);
    strcat(line, "\n");
    fflush(stdout);
    clear_progress();
    fputs(line, stderr);
}

void cli_error(const char *file, const char *fmt, ...) {
    char text[2 * LINE_MAX_BYTES];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    put_line(file, "", text);
}

void cli_failed(int64_t n_failed, int64_t n) {
    if (n_failed > 0) {
        cli_error(NULL, "%lld of %lld recording%s failed", (long long)n_failed, (long long)n, n == 1 ? "" : "s");
    }
}

void cli_say(void *user, myo_level level, const char *file, const char *text) {
    const cmd_ctx *ctx = user;
    if (level == MYO_LEVEL_ERROR) {
        put_line(file, "", text);
    } else if (level == MYO_LEVEL_WARNING && !ctx->quiet) {
        put_line(file, "warning: ", text);
    } else if ((level == MYO_LEVEL_NOTE && !ctx->quiet) ||
               (level == MYO_LEVEL_INFO && ctx->verbose)) {
        put_line(file, "", text);
    }
}

/* "1:02:03", "2:03" */
static void put_time(char *dst, size_t cap, double seconds) {
    const long long s = (long long)ceil(seconds), h = s / 3600, m = s / 60 % 60;
    if (h > 0) {
        snprintf(dst, cap, "%lld:%02lld:%02lld", h, m, s % 60);
    } else {
        snprintf(dst, cap, "%lld:%02lld", m, s % 60);
    }
}

void cli_progress(void *user, const myo_progress *p) {
    char line[120], left[32] = "?", failed[40] = "";
    (void)user;
    if (p->left_s >= 0.0 && p->left_s < 1e7) {
        put_time(left, sizeof left, p->left_s);
    }
    if (p->n_failed > 0) {
        snprintf(failed, sizeof failed, ", %lld failed", (long long)p->n_failed);
    }
    const int n = snprintf(line, sizeof line, "%lld of %lld recordings%s, %s left",
                           (long long)(p->n_done + p->n_failed), (long long)p->n, failed, left);
    const int width = n < (int)sizeof line ? n : (int)sizeof line - 1;
    const int over = progress_width > width ? progress_width - width : 0;
    fprintf(stderr, "\r%s%*s", line, over, "");
    progress_width = width + over;
    if (p->n_done + p->n_failed == p->n) {
        clear_progress();
    }
}

void cli_progress_end(void) {
    clear_progress();
}

bool cli_has_progress(const cmd_ctx *ctx) {
    return !ctx->quiet && isatty(STDERR_FILENO) == 1;
}

int cli_finish_diag(cmd_ctx *ctx, const char *file, myo_err err, myo_diag *d) {
    const myo_err e = d->code != MYO_OK ? d->code : err;
    myo_tell(cli_say, ctx, file, d, e);
    myo_diag_clear(d);
    return myo_err_exit(e);
}
