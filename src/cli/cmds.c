/* cmds.c - the commands, one row each: dispatch, usage and help come from here. */
#include <string.h>
#include "cli.h"

static void synth_help(FILE *f) {
    fputs("\nScenarios:\n", f);
    myo_synth_list(f);
}

static void compare_help(FILE *f) {
    fputs("\nDesigns:\n", f);
    myo_compare_list(f);
}

const cmd cli_cmds[] = {
    {"detect", "Analysis", "INPUT... -o DIR", "analyse recordings: tables per recording",
     OPT_COMMON | OPT_OUT | OPT_OPEN | OPT_EXPLAIN | OPT_PARAMS | OPT_DETECT, 1, -1, cmd_detect, NULL},
    {"batch", "Analysis", "STUDY -o DIR [--rows A:B]",
     "a study: manifest.tsv or a BIDS dataset; resumes by itself",
     OPT_COMMON | OPT_OUT | OPT_OPEN | OPT_EXPLAIN | OPT_PARAMS | OPT_STUDY | OPT_LABELS, 1, 1, cmd_batch, NULL},
    {"collect", "Analysis", "DIR", "study tables from what --rows parts made", OPT_COMMON, 1, 1,
     cmd_collect, NULL},
    {"status", "Analysis", "DIR", "a study: done, failed and why, left", OPT_COMMON, 1, 1,
     cmd_status, NULL},
    {"compare", "Analysis", "DIR -o DIR", "a study's conditions: effects, intervals, tests",
     OPT_COMMON | OPT_OUT | OPT_COMPARE, 1, -1, cmd_compare, compare_help},
    {"report", "Analysis", "DIR -o FILE.html", "one self-contained page for a study or recordings",
     OPT_COMMON | OPT_REPORT, 1, 1, cmd_report, NULL},
    {"bids", "Analysis", "BIDS OUT participant|group",
     "BIDS-App: derivatives of a dataset, then the study's tables and page",
     OPT_COMMON | OPT_OPEN | OPT_EXPLAIN | OPT_PARAMS | OPT_COMPARE | OPT_LABELS | OPT_BIDS, 3, -1, cmd_bids,
     NULL},
    {"info", "Recordings", "INPUT... [--json]",
     "what is in a file: channels, kinds, rates, units, quality", OPT_COMMON | OPT_OPEN | OPT_JSON,
     1, -1, cmd_info, NULL},
    {"synth", "Recordings", "SCENARIO -o DIR [--seed N]", "synthetic recordings with known truth",
     OPT_COMMON | OPT_OUT | OPT_SEED, 0, 1, cmd_synth, synth_help},
    {"score", "Checks", "TRUTH.tsv EVENTS.tsv",
     "found events against truth: precision, recall, F1, timing errors", OPT_COMMON, 2, 2,
     cmd_score, NULL},
    {"bench", "Checks", "[INPUT]", "kernels and stages against the machine's limits",
     OPT_COMMON | OPT_OPEN | OPT_PARAMS, 0, 1, cmd_bench, NULL},
    {"params", "Settings", "[show|check|docs]", "every parameter: value, unit, range, meaning",
     OPT_COMMON | OPT_PARAMS | OPT_JSON, 0, 1, cmd_params, NULL},
};
const int cli_n_cmds = sizeof cli_cmds / sizeof cli_cmds[0];

const cmd *cli_find_cmd(const char *name) {
    for (int i = 0; i < cli_n_cmds; i++) {
        if (strcmp(cli_cmds[i].name, name) == 0) {
            return &cli_cmds[i];
        }
    }
    return NULL;
}
