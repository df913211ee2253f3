/* memory.c - for tests/memory/run.sh, scripts/bench.sh and scripts/growth.sh:
 *   memory repeat IN.edf OUT.edf N   N times the data records of IN, one after the other
 *   memory peak PROGRAM ARGUMENT...  runs it; its peak resident memory in KiB and its seconds on stdout */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { FIXED_HEADER = 256, RECORDS_AT = 236, RECORDS_LEN = 8, HEADER_LEN_AT = 184 };

static void quit(const char *what, const char *name) {
    fprintf(stderr, "memory: %s: ", name);
    perror(what);
    exit(1);
}

/* A number of `len` characters in the header. */
static long field(const char *header, int at, int len) {
    char text[16] = "";
    memcpy(text, header + at, (size_t)len);
    return strtol(text, NULL, 10);
}

static void copy_header(FILE *in, FILE *out, long n_times) {
    char fixed[FIXED_HEADER], count[RECORDS_LEN + 1];
    if (fread(fixed, 1, sizeof fixed, in) != sizeof fixed) {
        quit("header", "IN");
    }
    const long rest = field(fixed, HEADER_LEN_AT, 8) - FIXED_HEADER;
    char *more = malloc((size_t)(rest > 0 ? rest : 1));
    snprintf(count, sizeof count, "%-8ld", field(fixed, RECORDS_AT, RECORDS_LEN) * n_times);
    memcpy(fixed + RECORDS_AT, count, RECORDS_LEN);
    if (more == NULL || rest <= 0 || fread(more, 1, (size_t)rest, in) != (size_t)rest) {
        quit("header", "IN");
    }
    fwrite(fixed, 1, sizeof fixed, out);
    fwrite(more, 1, (size_t)rest, out);
    free(more);
}

static int repeat(const char *from, const char *to, long n_times) {
    static char block[1 << 20];
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    if (in == NULL || out == NULL || n_times < 1) {
        quit("open", in == NULL ? from : to);
    }
    copy_header(in, out, n_times);
    const long data = ftell(in);
    for (long i = 0; i < n_times; i++) {
        size_t n;
        fseek(in, data, SEEK_SET);
        while ((n = fread(block, 1, sizeof block, in)) > 0) {
            fwrite(block, 1, n, out);
        }
    }
    fclose(in);
    if (ferror(out) != 0 || fclose(out) != 0) {
        quit("write", to);
    }
    return 0;
}

static int peak(char **argv) {
    struct timespec a, b;
    struct rusage used;
    int status = 0;
    clock_gettime(CLOCK_MONOTONIC, &a);
    const pid_t child = fork();
    if (child == 0) {
        execvp(argv[0], argv);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &used) != child) {
        quit("run", argv[0]);
    }
    clock_gettime(CLOCK_MONOTONIC, &b);
    const double s = (double)(b.tv_sec - a.tv_sec) + 1e-9 * (double)(b.tv_nsec - a.tv_nsec);
    printf("%ld %.3f\n", used.ru_maxrss, s);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

int main(int argc, char **argv) {
    if (argc == 5 && strcmp(argv[1], "repeat") == 0) {
        return repeat(argv[2], argv[3], strtol(argv[4], NULL, 10));
    }
    if (argc > 2 && strcmp(argv[1], "peak") == 0) {
        return peak(argv + 2);
    }
    fputs("usage: memory repeat IN.edf OUT.edf N | memory peak PROGRAM ARGUMENT...\n", stderr);
    return 2;
}
