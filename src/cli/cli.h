/* cli.h - what the commands share: the tables of commands and options, messages, help. */
#ifndef MYO_CLI_H
#define MYO_CLI_H

#include <stdio.h>
#include "myotab/myotab.h"

enum {
    CLI_USAGE = 2,
    CLI_SURROUNDINGS = 3
}; /* exit codes (contract.md 2) that no myo_err carries here */
enum { CLI_MAX_SETTINGS = 128, CLI_MAX_PARTICIPANTS = 1024 };

struct cmd;

/* One command line, read. Strings point into argv. */
typedef struct cmd_ctx {
    const struct cmd *cmd;
    const char **inputs; /* operands, NULL-ended */
    int n_inputs;
    const char *out_dir; /* of report: the page */
    const char *recordings; /* folder */
    int n_threads;
    bool quiet, verbose, json, list, help, version;
    const char *isa, *params_file, *preset;
    myo_params params;       /* filled from source */
    myo_param_source source; /* points into this struct */
    const char *settings[CLI_MAX_SETTINGS + 1]; /* "name=value" in the order of the line */
    int n_settings;
    uint64_t seed;
    const char *design, *reference, *baseline, *primary, *by; /* of compare; NULL: not given */
    int64_t resamples;                        /* 0: not given */
    myo_open_opts open;
    double rest_from_s, rest_to_s; /* both 0: not given */
    myo_row_range rows; /* of a study; {0, 0}: all */
    bool dry_run, allow_outside, explain;
    const char *participants[CLI_MAX_PARTICIPANTS + 1];
    int n_participants;
    const char *sessions[CLI_MAX_PARTICIPANTS + 1];
    int n_sessions;
} cmd_ctx;

/* Options by group: a command has the common ones, those of its mask and, with OPT_PARAMS, every
 * parameter. */
enum {
    OPT_COMMON = 1 << 0,
    OPT_OUT = 1 << 1,
    OPT_OPEN = 1 << 2,
    OPT_PARAMS = 1 << 3,
    OPT_JSON = 1 << 4,
    OPT_SEED = 1 << 5, /* --seed, --list and --set of a scenario */
    OPT_STUDY = 1 << 6,
    OPT_REPORT = 1 << 12, /* -o FILE and --recordings */
    OPT_LABELS = 1 << 9, /* people and sessions by label */
    OPT_BIDS = 1 << 10,
    OPT_EXPLAIN = 1 << 14,
    OPT_DETECT = 1 << 13, /* --rest */
    OPT_COMPARE = 1 << 8, /* --seed, and what is compared with what */
};

typedef struct cmd {
    const char *name, *group;
    const char *operands;       /* "INPUT... -o DIR" */
    const char *line;           /* one-line help */
    int options;                /* mask of OPT_* */
    int min_inputs, max_inputs; /* max < 0: any number */
    int (*run)(cmd_ctx *ctx);   /* returns the exit code */
    void (*more_help)(FILE *f); /* may be NULL */
} cmd;

extern const cmd cli_cmds[];
extern const int cli_n_cmds;
const cmd *cli_find_cmd(const char *name); /* NULL if there is none */

/* --- options (opt.c) --- */
typedef struct cli_opt {
    const char *name;
    char letter;     /* 0: long form only */
    const char *arg; /* name of its value; NULL for a switch */
    int group;
    const char *help;
    bool (*take)(cmd_ctx *ctx, const char *value); /* false: wrong value; may have told why */
    const char *allowed;                           /* for the message about a wrong value */
} cli_opt;

extern const cli_opt cli_opts[];
extern const int cli_n_opts;
/* Reads argv[1..) of a command; permutes argv. Returns 0, or the exit code after a message. */
int cli_parse(cmd_ctx *ctx, int argc, char **argv);
int cli_default_threads(void);

/* --- messages (say.c): one line each, at most 400 bytes, on stderr --- */
void cli_error(const char *file, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* "3 of 40 recordings failed"; nothing where none did. */
void cli_failed(int64_t n_failed, int64_t n);
/* A myo_say_fn; user is the cmd_ctx. */
void cli_say(void *user, myo_level level, const char *file, const char *text);
/* A myo_progress_fn: one line on the terminal, written over and over. end: clears what a stopped run left of it. */
void cli_progress(void *user, const myo_progress *p);
void cli_progress_end(void);
/* Progress is for people who look: stderr is a terminal, and nobody asked for quiet. */
bool cli_has_progress(const cmd_ctx *ctx);
/* myo_tell() of d and its error, or err, what the call that left d returned, where d has none; clears d. Returns the error's
 * exit code. */
int cli_finish_diag(cmd_ctx *ctx, const char *file, myo_err err, myo_diag *d);

/* --- help (help.c) --- */
void cli_usage(FILE *f);
void cli_help(FILE *f, const cmd *c);

/* How a batch went, where not all went well (cmd_batch.c). */
void cli_sum_up(const cmd_ctx *ctx, const myo_batch_counts *n);

/* --- commands --- */
int cmd_detect(cmd_ctx *ctx);
int cmd_info(cmd_ctx *ctx);
int cmd_synth(cmd_ctx *ctx);
int cmd_score(cmd_ctx *ctx);
int cmd_params(cmd_ctx *ctx);
int cmd_batch(cmd_ctx *ctx);
int cmd_bids(cmd_ctx *ctx);
int cmd_collect(cmd_ctx *ctx);
int cmd_status(cmd_ctx *ctx);
int cmd_report(cmd_ctx *ctx);
int cmd_compare(cmd_ctx *ctx);
int cmd_bench(cmd_ctx *ctx);

#endif
