/* test_cli.c - the program from outside: exit codes, messages, closed and full streams, signals. */
#include <check.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/base.h"
#include "myotab/myotab.h"

static char program[PATH_MAX]; /* build/myotab, beside the folder of this test */

typedef struct outcome {
    int code; /* exit code; 1000 + signal if killed */
    char out[65536], err[8192];
} outcome;

static void find_program(void) {
    char self[PATH_MAX];
    const ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n < 0) {
        exit(1);
    }
    self[n] = '\0';
    snprintf(program, sizeof program, "%.4000s/../myotab", dirname(self));
}

static void slurp(FILE *f, char *dst, size_t cap) {
    rewind(f);
    dst[fread(dst, 1, cap - 1, f)] = '\0';
    fclose(f);
}

static int exit_code(pid_t pid) {
    int status = 0;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

/* Runs "myotab ARGUMENTS" through the shell; they may hold redirections. */
static void run(outcome *o, const char *arguments) {
    char command[PATH_MAX + 4096];
    snprintf(command, sizeof command, "exec '%s' %s", program, arguments);
    FILE *out = tmpfile(), *err = tmpfile();
    ck_assert(out != NULL && err != NULL);
    const pid_t pid = fork();
    if (pid == 0) {
        dup2(fileno(out), 1);
        dup2(fileno(err), 2);
        execl("/bin/bash", "bash", "-c", command, (char *)NULL);
        _exit(99);
    }
    o->code = exit_code(pid);
    slurp(out, o->out, sizeof o->out);
    slurp(err, o->err, sizeof o->err);
}

static int count_lines(const char *s) {
    int n = 0;
    for (; *s != '\0'; s++) {
        n += *s == '\n';
    }
    return n;
}

static const struct {
    const char *arguments;
    int code;
    const char *told; /* NULL: nothing on stderr */
} lines[] = {
    {"--help", 0, NULL},
    {"-h", 0, NULL},
    {"help", 0, NULL},
    {"help detect", 0, NULL},
    {"--version", 0, NULL},
    {"detect --help", 0, NULL},
    {"detect --version", 0, NULL},
    {"synth --list", 0, NULL},
    {"params", 0, NULL},
    {"params show --preset noisy", 0, NULL},
    {"params check", 0, NULL},
    {"params check --set emg.band_lo=30 --emg.band_hi 300 -j 2 -q -v --isa auto", 0, NULL},
    {"params check --isa=ref", 0, NULL},
    {"params docs", 0, NULL},
    {"help nothing", 2, "unknown command 'nothing'"},
    {"nothing", 2, "unknown command 'nothing'"},
    {"$'bad\\e[31m'", 2, "unknown command 'bad\\x1B[31m'"},
    {"--nothing", 2, "unknown command"},
    {"detect", 2, "missing operand"},
    {"detect x.edf", 2, "missing option -o DIR"},
    {"detect x.edf -o", 2, "option needs a value: '-o'"},
    {"detect x.edf --output=", 2, "option --output: wrong value"},
    {"detect x.edf -o d -j 0", 2, "option --jobs: wrong value (found '0'"},
    {"detect x.edf -o d -j 2x", 2, "found '2x'"},
    {"detect x.edf -o d -j 99999999999999999999", 2, "allowed whole number 1 to 1024"},
    {"detect x.edf -o d --fs 0", 2, "option --fs: wrong value"},
    {"detect x.edf -o d --fs nan", 2, "option --fs: wrong value"},
    {"detect x.edf -o d --fs 1e7", 2, "option --fs: wrong value"},
    {"detect x.edf -o d --scale 0", 2, "option --scale: wrong value"},
    {"detect x.edf -o d --unit kg", 2, "option --unit: wrong value (found 'kg'"},
    {"detect x.edf -o d --nothing", 2, "unknown option '--nothing'"},
    {"detect x.edf -o d -Z", 2, "unknown option '-Z'"},
    {"detect x.edf -o d --salvage=3", 2, "option takes no value"},
    {"detect x.edf -o d --preset none", 2, "unknown preset (found 'none'"},
    {"detect x.edf -o d --params /nowhere.json", 2, "/nowhere.json: cannot be read (No such file"},
    {"detect x.edf -o d --set emg.band_lo", 2, "option --set: wrong value"},
    {"detect x.edf -o d --set emg.nothing=1", 2, "unknown parameter 'emg.nothing'"},
    {"detect x.edf -o d --emg.band_lo=99999", 2, "allowed 0.05 to 5000 Hz"},
    {"detect x.edf -o d --emg.band_lo 450", 2, "must be below emg.band_hi"},
    {"detect x.edf -o d --isa z80", 2, "instruction set"},
    {"info", 2, "missing operand"},
    {"info x -o d", 2, "unknown option '-o'"},
    {"score one.tsv", 2, "missing operand"},
    {"score a b c", 2, "too many operands: 'c'"},
    {"synth", 2, "missing SCENARIO"},
    {"synth quiet", 2, "missing option -o DIR"},
    {"synth x -o d --seed -1", 2, "option --seed: wrong value"},
    {"synth x -o d --seed 1.5", 2, "option --seed: wrong value"},
    {"params nothing", 2, "unknown action (found 'nothing'"},
    {"params --js=3", 2, "option takes no value"},
    {"info /nowhere.edf", 1, "/nowhere.edf: "},
    {"info /nowhere/$'a\\nb'", 1, "a\\x0Ab: "},
};

START_TEST(exit_code_and_message) {
    static outcome o;
    run(&o, lines[_i].arguments);
    ck_assert_msg(o.code == lines[_i].code, "myotab %s: exit %d\n%s", lines[_i].arguments, o.code,
                  o.err);
    if (lines[_i].told == NULL) {
        ck_assert_str_eq(o.err, "");
        ck_assert_uint_gt(strlen(o.out), 0);
        return;
    }
    ck_assert_msg(strstr(o.err, lines[_i].told) != NULL, "%s", o.err);
    ck_assert_int_eq(strncmp(o.err, "myotab: ", 8), 0);
    ck_assert_int_eq(count_lines(o.err), 1);
    ck_assert_uint_le(strlen(o.err), 400);
    ck_assert_str_eq(o.out, "");
}
END_TEST

START_TEST(no_command_shows_usage_on_stderr) {
    static outcome o;
    run(&o, "");
    ck_assert_int_eq(o.code, 2);
    ck_assert_str_eq(o.out, "");
    ck_assert_ptr_nonnull(strstr(o.err, "Usage: myotab COMMAND"));
}
END_TEST

START_TEST(help_shows_every_parameter_with_its_default) {
    static outcome o;
    run(&o, "help detect");
    for (int i = 0; i < myo_n_params; i++) {
        const myo_param_row *row = &myo_param_rows[i];
        char option[80], def[40], shown[80];
        snprintf(option, sizeof option, "--%s ", row->name);
        const char *line = strstr(o.out, option);
        ck_assert_msg(line != NULL, "%s", option);
        myo_format_g(def, sizeof def, row->def, 15);
        snprintf(shown, sizeof shown, "[%s%s", def, row->unit[0] != '\0' ? " " : ";");
        const char *found = strstr(line, shown);
        ck_assert_msg(found != NULL && found < strchr(line, '\n'), "%s", row->name);
    }
}
END_TEST

START_TEST(order_is_defaults_preset_file_line) {
    static outcome o;
    char config[] = "/tmp/myotab-cli-XXXXXX", arguments[200];
    const char *text = "{\"emg.band_lo\": 50, \"emg.band_hi\": 260}";
    const int fd = mkstemp(config);
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    snprintf(arguments, sizeof arguments,
             "params --set emg.band_hi=270 --emg.band_hi=280 --params %s --preset noisy", config);
    run(&o, arguments);
    unlink(config);
    ck_assert_int_eq(o.code, 0);
    ck_assert_ptr_nonnull(strstr(o.out, "emg.band_lo\t50\t"));
    ck_assert_ptr_nonnull(strstr(o.out, "emg.band_hi\t280\t"));
}
END_TEST

START_TEST(json_of_params_reads_back) {
    static outcome o;
    char config[] = "/tmp/myotab-cli-XXXXXX", arguments[200];
    close(mkstemp(config));
    snprintf(arguments, sizeof arguments, "params show --json --emg.band_lo 31.1 > %s", config);
    run(&o, arguments);
    ck_assert_int_eq(o.code, 0);
    snprintf(arguments, sizeof arguments, "params --params %s", config);
    run(&o, arguments);
    unlink(config);
    ck_assert_int_eq(o.code, 0);
    ck_assert_ptr_nonnull(strstr(o.out, "emg.band_lo\t31.1\t"));
}
END_TEST

START_TEST(full_and_closed_stdout_is_told) {
    static outcome o;
    run(&o, "params > /dev/full");
    ck_assert_int_eq(o.code, 3);
    ck_assert_ptr_nonnull(strstr(o.err, "No space left on device"));
    run(&o, "params >&-");
    ck_assert_int_eq(o.code, 3);
    run(&o, "--version > /dev/full");
    ck_assert_int_eq(o.code, 3);
    run(&o, "params check 2>&-");
    ck_assert_int_eq(o.code, 0);
    run(&o, "params check <&-");
    ck_assert_int_eq(o.code, 0);
    run(&o, "params nothing >&- 2>&- <&-");
    ck_assert_int_eq(o.code, 2);
}
END_TEST

START_TEST(reader_that_left_is_an_error_not_a_signal) {
    int fds[2];
    ck_assert_int_eq(pipe(fds), 0);
    close(fds[0]);
    const pid_t pid = fork();
    if (pid == 0) {
        signal(SIGPIPE, SIG_DFL);
        dup2(fds[1], 1);
        dup2(open("/dev/null", O_WRONLY), 2);
        execl(program, program, "-h", (char *)NULL);
        _exit(99);
    }
    close(fds[1]);
    ck_assert_int_eq(exit_code(pid), 3);
}
END_TEST

START_TEST(standard_input_closed_or_not_a_recording) {
    static outcome o;
    run(&o, "info - <&-");
    ck_assert_int_eq(o.code, 1);
    ck_assert_int_eq(strncmp(o.err, "myotab: -: ", 11), 0);
    run(&o, "info - <<< 'plain prose, no recording'");
    ck_assert_int_eq(o.code, 1);
    run(&o, "info - < /dev/null");
    ck_assert_int_eq(o.code, 1);
}
END_TEST

/* Waits for input that never comes; the signal must end it soon, with its own exit code. */
START_TEST(signals_end_a_wait_for_input) {
    const int sig = _i == 0 ? SIGINT : SIGTERM;
    int fds[2];
    ck_assert_int_eq(pipe(fds), 0);
    const pid_t pid = fork();
    if (pid == 0) {
        dup2(fds[0], 0);
        close(fds[1]);
        const int null = open("/dev/null", O_WRONLY);
        dup2(null, 2);
        execl(program, program, "info", "-", (char *)NULL);
        _exit(99);
    }
    usleep(300000);
    kill(pid, sig);
    ck_assert_int_eq(exit_code(pid), 128 + sig);
    close(fds[0]);
    close(fds[1]);
}
END_TEST

/* Long work without a wait, stopped in its midst: in time, with the signal's exit code, and nothing left of it. */
START_TEST(signals_end_work) {
    static const struct {
        const char *arguments;
        int sig;
        useconds_t after_us;
    } row[] = {
        {"bench '" MYO_SOURCE_DIR "/samples/jerks.edf' -j1 >/dev/null", SIGTERM, 150000},
        {"bench '" MYO_SOURCE_DIR "/samples/jerks.edf' -j1 >/dev/null", SIGINT, 400000},
        {"bench >/dev/null", SIGTERM, 300000},
        {"synth emg-mixed -o '%s/made' --set duration_s=604800", SIGINT, 300000},
        {"synth acc-mixed -o '%s/made' --set duration_s=604800 --set chunk_s=60", SIGTERM, 300000},
    };
    char dir[] = "/tmp/test-cli-XXXXXX", command[PATH_MAX + 1024], arguments[512];
    ck_assert_ptr_nonnull(mkdtemp(dir));
    setenv("TMPDIR", dir, 1);
    const char *const at = strstr(row[_i].arguments, "%s");
    snprintf(arguments, sizeof arguments, "%.*s%s%s", at ? (int)(at - row[_i].arguments) : 400, row[_i].arguments,
             at ? dir : "", at ? at + 2 : "");
    snprintf(command, sizeof command, "exec '%s' %s 2>/dev/null", program, arguments);
    const pid_t pid = fork();
    if (pid == 0) {
        execl("/bin/bash", "bash", "-c", command, (char *)NULL);
        _exit(99);
    }
    usleep(row[_i].after_us);
    kill(pid, row[_i].sig);
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    ck_assert_int_eq(exit_code(pid), 128 + row[_i].sig);
    clock_gettime(CLOCK_MONOTONIC, &to);
    ck_assert_int_le(to.tv_sec - from.tv_sec, 2);
    ck_assert_int_eq(rmdir(dir), 0); /* it is empty */
}
END_TEST

START_TEST(locale_changes_nothing) {
    static outcome a, b;
    run(&a, "params --emg.band_lo 20.5");
    setenv("LC_ALL", "de_DE.UTF-8", 1);
    setenv("LC_NUMERIC", "de_DE.UTF-8", 1);
    run(&b, "params --emg.band_lo 20.5");
    ck_assert_int_eq(b.code, 0);
    ck_assert_str_eq(a.out, b.out);
}
END_TEST

START_TEST(info_goes_on_after_a_bad_file) {
    static outcome o;
    run(&o, "info /nowhere1 /nowhere2");
    ck_assert_int_eq(o.code, 1);
    ck_assert_int_eq(count_lines(o.err), 2);
}
END_TEST

int main(void) {
    find_program();
    Suite *s = suite_create("cli");
    TCase *t = tcase_create("cli");
    tcase_set_timeout(t, 20);
    tcase_add_loop_test(t, exit_code_and_message, 0, sizeof lines / sizeof lines[0]);
    tcase_add_test(t, no_command_shows_usage_on_stderr);
    tcase_add_test(t, help_shows_every_parameter_with_its_default);
    tcase_add_test(t, order_is_defaults_preset_file_line);
    tcase_add_test(t, json_of_params_reads_back);
    tcase_add_test(t, full_and_closed_stdout_is_told);
    tcase_add_test(t, reader_that_left_is_an_error_not_a_signal);
    tcase_add_test(t, standard_input_closed_or_not_a_recording);
    tcase_add_loop_test(t, signals_end_a_wait_for_input, 0, 2);
    tcase_add_loop_test(t, signals_end_work, 0, 5);
    tcase_add_test(t, locale_changes_nothing);
    tcase_add_test(t, info_goes_on_after_a_bad_file);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    const int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed;
}
