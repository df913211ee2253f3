/* main.c - the program: surroundings made safe, a command chosen, its exit code kept honest. */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include "cli.h"

/* A closed descriptor 0-2 would be taken by the next file opened, and a message would end up in a
 * result. Opened the wrong way round, so that using it is still an error. */
static void open_standard_descriptors(void) {
    static const int modes[] = {O_WRONLY, O_RDONLY, O_RDWR};
    for (int fd = 0; fd < 3; fd++) {
        if (fcntl(fd, F_GETFD) == -1 && errno == EBADF && open("/dev/null", modes[fd]) != fd) {
            _exit(CLI_SURROUNDINGS);
        }
    }
}

static void set_handler(int sig, void (*handler)(int), int flags) {
    struct sigaction a = {.sa_flags = flags};
    a.sa_handler = handler;
    sigemptyset(&a.sa_mask);
    sigaction(sig, &a, NULL);
}

/* The first signal asks for an orderly end, the second ends at once; calls it interrupts come back
 * with EINTR, so that a wait for input ends too. A reader that left and a file-size limit become
 * errors of the write instead of sudden deaths. */
static void set_signals(void) {
    set_handler(SIGPIPE, SIG_IGN, 0);
    set_handler(SIGXFSZ, SIG_IGN, 0);
    set_handler(SIGINT, myo_stop_request, (int)SA_RESETHAND);
    set_handler(SIGTERM, myo_stop_request, (int)SA_RESETHAND);
    set_handler(SIGHUP, myo_stop_request, (int)SA_RESETHAND);
}

/* As many descriptors as we may have: many workers on recordings of many channels need more than the usual 1024. */
static void raise_descriptor_limit(void) {
    const rlim_t enough = 65536;
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < enough) {
        limit.rlim_cur = limit.rlim_max < enough ? limit.rlim_max : enough;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* What one recording gives back the next one takes: memory returned to the system between them would come back page by
 * page. A minute's buffers fit well under this. */
static void keep_memory(void) {
#ifdef __GLIBC__
    enum { KEPT = 32 << 20, OWN_PAGES = 4 << 20 };
    mallopt(M_MMAP_THRESHOLD, OWN_PAGES);
    mallopt(M_TRIM_THRESHOLD, KEPT);
    mallopt(M_TOP_PAD, 1 << 20);
#endif
}

/* Results on a full disk or in a closed pipe are not results. A command that saw it itself has told. */
static int check_stdout(int code) {
    errno = 0;
    const bool failed = ferror(stdout) != 0;
    if ((fflush(stdout) == 0 && !failed) || code == CLI_USAGE || code == CLI_SURROUNDINGS) {
        return code;
    }
    cli_error(NULL, "standard output: cannot be written (%s)", strerror(errno != 0 ? errno : EIO));
    return CLI_SURROUNDINGS;
}

static int run_command(const cmd *c, int argc, char **argv) {
    cmd_ctx ctx = {.cmd = c, .n_threads = cli_default_threads(), .seed = 1};
    myo_params_defaults(&ctx.params);
    const int e = cli_parse(&ctx, argc, argv);
    if (e != 0) {
        return e;
    }
    if (ctx.help) {
        cli_help(stdout, c);
        return 0;
    }
    if (ctx.version) {
        myo_version(stdout);
        return 0;
    }
    return c->run(&ctx);
}

static int help_command(int argc, char **argv) {
    const cmd *c = argc > 2 ? cli_find_cmd(argv[2]) : NULL;
    if (argc > 2 && c == NULL) {
        cli_error(NULL, "unknown command '%.100s' (see 'myotab help')", argv[2]);
        return CLI_USAGE;
    }
    if (c == NULL) {
        cli_usage(stdout);
    } else {
        cli_help(stdout, c);
    }
    return 0;
}

static int dispatch(int argc, char **argv) {
    const char *word = argc > 1 ? argv[1] : "";
    if (argc < 2) {
        cli_usage(stderr);
        return CLI_USAGE;
    }
    if (strcmp(word, "help") == 0 || strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        return help_command(argc, argv);
    }
    if (strcmp(word, "--version") == 0) {
        myo_version(stdout);
        return 0;
    }
    const cmd *c = cli_find_cmd(word);
    if (c == NULL) {
        cli_error(NULL, "unknown command '%.100s' (see 'myotab help')", word);
        return CLI_USAGE;
    }
    return run_command(c, argc - 1, argv + 1);
}

int main(int argc, char **argv) {
    open_standard_descriptors();
    set_signals();
    raise_descriptor_limit();
    keep_memory();
    const int code = dispatch(argc, argv);
    if (myo_stop_requested() && code != 0) {
        return 128 + myo_stop_signal();
    }
    return check_stdout(code);
}
