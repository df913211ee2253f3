/* opt.c - the options, one row each, and the reading of a command line. */
#include <getopt.h>
#include <sched.h>
#include <string.h>
#include "cli.h"

enum { MAX_THREADS = 1024, MAX_LONGS = 256, PARAM_BASE = 1000, OPT_BASE = 500, PAIR_MAX = 256 };

int cli_default_threads(void) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0) {
        return 1;
    }
    const int n = CPU_COUNT(&set);
    return n < 1 ? 1 : n > MAX_THREADS ? MAX_THREADS : n;
}

static bool take_out(cmd_ctx *c, const char *v) {
    c->out_dir = v;
    return v[0] != '\0';
}

static bool take_recordings(cmd_ctx *c, const char *v) {
    c->recordings = v;
    return v[0] != '\0';
}

static bool take_threads(cmd_ctx *c, const char *v) {
    int64_t n = 0;
    if (!myo_parse_i64(v, strlen(v), &n) || n < 1 || n > MAX_THREADS) {
        return false;
    }
    c->n_threads = (int)n;
    return true;
}

static bool take_quiet(cmd_ctx *c, const char *v) {
    (void)v;
    c->quiet = true;
    return true;
}

static bool take_verbose(cmd_ctx *c, const char *v) {
    (void)v;
    c->verbose = true;
    return true;
}

static bool take_params(cmd_ctx *c, const char *v) {
    c->params_file = v;
    return v[0] != '\0';
}

static bool take_preset(cmd_ctx *c, const char *v) {
    c->preset = v;
    return v[0] != '\0';
}

static bool take_setting(cmd_ctx *c, const char *v) {
    if (c->n_settings == CLI_MAX_SETTINGS || strchr(v, '=') == NULL || v[0] == '=') {
        return false;
    }
    c->settings[c->n_settings++] = v;
    return true;
}

static bool take_isa(cmd_ctx *c, const char *v) {
    c->isa = v;
    return true;
}

static bool take_help(cmd_ctx *c, const char *v) {
    (void)v;
    c->help = true;
    return true;
}

static bool take_version(cmd_ctx *c, const char *v) {
    (void)v;
    c->version = true;
    return true;
}

static bool take_json(cmd_ctx *c, const char *v) {
    (void)v;
    c->json = true;
    return true;
}

static bool take_list(cmd_ctx *c, const char *v) {
    (void)v;
    c->list = true;
    return true;
}

static bool take_seed(cmd_ctx *c, const char *v) {
    int64_t n = 0;
    if (!myo_parse_i64(v, strlen(v), &n) || n < 0) {
        return false;
    }
    c->seed = (uint64_t)n;
    return true;
}

static bool take_design(cmd_ctx *c, const char *v) {
    c->design = v;
    return v[0] != '\0';
}

static bool take_reference(cmd_ctx *c, const char *v) {
    c->reference = v;
    return v[0] != '\0';
}

static bool take_baseline(cmd_ctx *c, const char *v) {
    c->baseline = v;
    return v[0] != '\0';
}

static bool take_primary(cmd_ctx *c, const char *v) {
    c->primary = v;
    return v[0] != '\0';
}

static bool take_by(cmd_ctx *c, const char *v) {
    c->by = v;
    return v[0] != '\0';
}

static bool take_resamples(cmd_ctx *c, const char *v) {
    return myo_parse_i64(v, strlen(v), &c->resamples) && c->resamples > 0;
}

static bool take_fs(cmd_ctx *c, const char *v) {
    double fs = 0.0;
    if (!myo_parse_f64(v, strlen(v), &fs) || fs < 1e-3 || fs > MYO_MAX_RATE) {
        return false;
    }
    c->open.fs = fs;
    return true;
}

static bool take_scale(cmd_ctx *c, const char *v) {
    double scale = 0.0;
    if (!myo_parse_f64(v, strlen(v), &scale) || scale == 0.0) {
        return false;
    }
    c->open.scale = scale;
    return true;
}

static bool take_rest(cmd_ctx *c, const char *v) {
    const char *colon = strchr(v, ':');
    double from = 0.0, to = 0.0;
    if (!colon || !myo_parse_f64(v, (size_t)(colon - v), &from) ||
        !myo_parse_f64(colon + 1, strlen(colon + 1), &to) || !(from >= 0.0 && to > from)) {
        return false;
    }
    c->rest_from_s = from;
    c->rest_to_s = to;
    return true;
}

static bool take_unit(cmd_ctx *c, const char *v) {
    c->open.unit = myo_open_unit(v);
    return c->open.unit != NULL;
}

static bool take_channels(cmd_ctx *c, const char *v) {
    c->open.channels = v;
    return v[0] != '\0';
}

static bool take_salvage(cmd_ctx *c, const char *v) {
    (void)v;
    c->open.salvage = true;
    return true;
}

/* "A:B" */
static bool take_rows(cmd_ctx *c, const char *v) {
    const char *colon = strchr(v, ':');
    return colon != NULL && myo_parse_i64(v, (size_t)(colon - v), &c->rows.first) &&
           myo_parse_i64(colon + 1, strlen(colon + 1), &c->rows.last) && c->rows.first >= 1 &&
           c->rows.last >= c->rows.first;
}

static bool take_participant(cmd_ctx *c, const char *v) {
    if (v[0] == '\0' || c->n_participants == CLI_MAX_PARTICIPANTS) {
        return false;
    }
    c->participants[c->n_participants++] = v;
    return true;
}

static bool take_session(cmd_ctx *c, const char *v) {
    if (v[0] == '\0' || c->n_sessions == CLI_MAX_PARTICIPANTS) {
        return false;
    }
    c->sessions[c->n_sessions++] = v;
    return true;
}

static bool take_dry_run(cmd_ctx *c, const char *v) {
    (void)v;
    c->dry_run = true;
    return true;
}

static bool take_explain(cmd_ctx *c, const char *v) {
    (void)v;
    c->explain = true;
    return true;
}

static bool take_allow_outside(cmd_ctx *c, const char *v) {
    (void)v;
    c->allow_outside = true;
    return true;
}

const cli_opt cli_opts[] = {
    {"output", 'o', "DIR", OPT_OUT, "folder of the results, made if missing", take_out, "a folder"},
    {"rows", 0, "A:B", OPT_STUDY, "only these data rows of the manifest, counted from 1 (then collect)",
     take_rows, "A:B with 1 <= A <= B"},
    {"participant-label", 0, "ID", OPT_LABELS, "only this participant; may be repeated (then collect)",
     take_participant, "an id, 1024 times at most"},
    {"participant_label", 0, "ID", OPT_BIDS, "the same, as BIDS-Apps spell it", take_participant,
     "an id, 1024 times at most"},
    {"session-label", 0, "ID", OPT_LABELS, "only this session; may be repeated", take_session,
     "an id, 1024 times at most"},
    {"dry-run", 0, NULL, OPT_STUDY, "list what is done and what is left; write nothing", take_dry_run,
     NULL},
    {"explain", 0, NULL, OPT_EXPLAIN,
     "with STEM_explain.tsv: why each event has its class and confidence, condition by condition", take_explain, NULL},
    {"allow-outside", 0, NULL, OPT_STUDY,
     "recordings may lie outside the manifest's folder", take_allow_outside, NULL},
    {"output", 'o', "FILE", OPT_REPORT, "the page", take_out, "a file"},
    {"recordings", 0, "FOLDER", OPT_REPORT,
     "where the recordings' paths start, for figures of their signals", take_recordings, "a folder"},
    {"design", 0, "NAME", OPT_COMPARE, "how to compare [by the data]", take_design, "a design"},
    {"reference", 0, "LABEL", OPT_COMPARE,
     "condition (or group) that the others are compared with [the first]", take_reference,
     "a label"},
    {"baseline", 0, "LABEL", OPT_COMPARE,
     "condition that design parallel leaves out, NONE: none [the first, if most people have others]",
     take_baseline, "a label"},
    {"primary", 0, "OUTCOME", OPT_COMPARE,
     "the one question asked beforehand, TYPE:METRIC[:CHANNEL] [jerk:rate_per_h:all, jerk:incidence:clinician without recordings]", take_primary,
     "TYPE:METRIC[:CHANNEL]"},
    {"by", 0, "COLUMN", OPT_COMPARE,
     "manifest column that orders sessions in design trend [serum_mg_mmol_l, dose_mmol or "
     "minutes_from_dose]",
     take_by, "a column"},
    {"resamples", 0, "N", OPT_COMPARE, "random resamples of a test that draws them [100000]",
     take_resamples, "whole number from 1"},
    {"seed", 0, "N", OPT_SEED | OPT_COMPARE, "seed of the random numbers [1]", take_seed,
     "whole number from 0"},
    {"list", 0, NULL, OPT_SEED, "list the scenarios", take_list, NULL},
    {"json", 0, NULL, OPT_JSON, "JSON instead of text", take_json, NULL},
    {"fs", 0, "HZ", OPT_OPEN, "sampling rate, where the file has none or a wrong one", take_fs,
     "0.001 to 1000000 Hz"},
    {"scale", 0, "X", OPT_OPEN, "file value x X = value in --unit", take_scale, "a number, not 0"},
    {"unit", 0, "UNIT", OPT_OPEN, "unit of the samples: uV, mV, V, g, mg, m/s^2, counts", take_unit,
     "uV, mV, V, g, mg, m/s^2 or counts"},
    {"channels", 0, "LIST", OPT_OPEN,
     "channels to use, by label or number: label=KIND[:unit[:muscle]],... with KIND EMG, ACC or "
     "OTHER; ACC with the same muscle or place are axes of one sensor",
     take_channels, "label=KIND[:unit[:muscle]],..."},
    {"salvage", 0, NULL, OPT_OPEN, "use what a truncated recording still holds", take_salvage,
     NULL},
    {"rest", 0, "FROM:TO", OPT_DETECT,
     "a span of rest, s from the first sample, for the noise floor [the quiet moments]", take_rest,
     "two times in s, 0 <= FROM < TO"},
    {"jobs", 'j', "N", OPT_COMMON, "worker threads [number of processors]", take_threads,
     "whole number 1 to 1024"},
    {"quiet", 'q', NULL, OPT_COMMON, "errors only, no warnings", take_quiet, NULL},
    {"verbose", 'v', NULL, OPT_COMMON, "say what is being done", take_verbose, NULL},
    {"params", 0, "FILE", OPT_COMMON, "parameters from a JSON file", take_params, "a file"},
    {"preset", 0, "NAME", OPT_COMMON, "parameters for a purpose (list: myotab help params)",
     take_preset, "a preset"},
    {"set", 0, "NAME=VALUE", OPT_COMMON,
     "one parameter (of synth: one setting of the scenario); may be repeated", take_setting,
     "name=value, 128 times at most"},
    {"isa", 0, "NAME", OPT_COMMON, "cap the instruction set: auto, ref, sse2, avx2, avx512 [auto]",
     take_isa, NULL},
    {"version", 0, NULL, OPT_COMMON, "version of the program and its libraries", take_version,
     NULL},
    {"help", 'h', NULL, OPT_COMMON, "this help", take_help, NULL},
};
const int cli_n_opts = sizeof cli_opts / sizeof cli_opts[0];

/* The tables of this command in getopt's form. */
typedef struct opt_tables {
    char shorts[64];
    struct option longs[MAX_LONGS];
    char pairs[CLI_MAX_SETTINGS + 1][PAIR_MAX]; /* "name=value" of the parameters' own options */
    int n_pairs;
} opt_tables;

static void add_short(opt_tables *t, const cli_opt *o) {
    const size_t n = strlen(t->shorts);
    snprintf(t->shorts + n, sizeof t->shorts - n, "%c%s", o->letter, o->arg != NULL ? ":" : "");
}

static void make_tables(opt_tables *t, int groups) {
    int n = 0;
    memset(t, 0, sizeof *t);
    t->shorts[0] = ':'; /* a missing value is told apart from an unknown option */
    for (int i = 0; i < cli_n_opts; i++) {
        if ((cli_opts[i].group & groups) == 0) {
            continue;
        }
        t->longs[n++] = (struct option){cli_opts[i].name,
                                        cli_opts[i].arg != NULL ? required_argument : no_argument,
                                        NULL, OPT_BASE + i};
        if (cli_opts[i].letter != 0) {
            add_short(t, &cli_opts[i]);
        }
    }
    for (int i = 0; (groups & OPT_PARAMS) != 0 && i < myo_n_params && n < MAX_LONGS - 1; i++) {
        t->longs[n++] =
            (struct option){myo_param_rows[i].name, required_argument, NULL, PARAM_BASE + i};
    }
}

static const cli_opt *by_code(int code) {
    for (int i = 0; i < cli_n_opts; i++) {
        if (code == OPT_BASE + i || (code > 0 && code == cli_opts[i].letter)) {
            return &cli_opts[i];
        }
    }
    return NULL;
}

static int usage_error(const cmd_ctx *c, const char *what, const char *found) {
    cli_error(NULL, "%s '%.200s' (see 'myotab help %s')", what, found, c->cmd->name);
    return CLI_USAGE;
}

/* argv[optind - 1] is the word that getopt stumbled over, but for a letter inside a cluster. */
static int bad_option(const cmd_ctx *c, int code, char *const *argv) {
    char letter[3] = {'-', (char)optopt, '\0'};
    const bool is_letter = optopt > 0 && optopt < OPT_BASE;
    const char *word = is_letter ? letter : argv[optind - 1];
    if (code == ':') {
        return usage_error(c, "option needs a value:", word);
    }
    return usage_error(c, optopt >= OPT_BASE ? "option takes no value:" : "unknown option", word);
}

static int take_option(cmd_ctx *c, const cli_opt *o) {
    if (o->take(c, optarg)) {
        return 0;
    }
    cli_error(NULL, "option --%s: wrong value (found '%.120s', allowed %s)", o->name, optarg,
              o->allowed);
    return CLI_USAGE;
}

/* A parameter's own option is a setting like those of --set, in the order of the line. */
static int take_param(cmd_ctx *c, opt_tables *t, const myo_param_row *row) {
    char *pair = t->pairs[t->n_pairs];
    const int n = snprintf(pair, PAIR_MAX, "%s=%s", row->name, optarg);
    if (n < PAIR_MAX && take_setting(c, pair)) {
        t->n_pairs++;
        return 0;
    }
    cli_error(NULL, "option --%s: wrong value (found '%.80s', allowed a number; %d settings at most)",
              row->name, optarg, (int)CLI_MAX_SETTINGS);
    return CLI_USAGE;
}

static int read_options(cmd_ctx *c, opt_tables *t, int argc, char **argv) {
    int code;
    optind = 0;
    opterr = 0;
    while ((code = getopt_long(argc, argv, t->shorts, t->longs, NULL)) != -1) {
        if (code == '?' || code == ':') {
            return bad_option(c, code, argv);
        }
        const int e = code >= PARAM_BASE ? take_param(c, t, &myo_param_rows[code - PARAM_BASE])
                                         : take_option(c, by_code(code));
        if (e != 0) {
            return e;
        }
    }
    c->inputs = (const char **)argv + optind;
    c->n_inputs = argc - optind;
    return 0;
}

/* defaults <- preset <- file <- command line, wherever they stand on the line */
static myo_err fill_params(cmd_ctx *c, myo_diag *d) {
    const bool of_scenario = (c->cmd->options & OPT_SEED) != 0;
    c->source = (myo_param_source){.preset = c->preset,
                                   .file = c->params_file,
                                   .settings = of_scenario ? NULL : c->settings};
    return myo_params_from(&c->params, &c->source, d);
}

static int check_operands(const cmd_ctx *c) {
    const cmd *k = c->cmd;
    if (c->n_inputs < k->min_inputs && !c->list) {
        cli_error(NULL, "%s: missing operand (found %d, needed %s)", k->name, c->n_inputs,
                  k->operands);
        return CLI_USAGE;
    }
    if (k->max_inputs >= 0 && c->n_inputs > k->max_inputs) {
        return usage_error(c, "too many operands:", c->inputs[k->max_inputs]);
    }
    return 0;
}

int cli_parse(cmd_ctx *c, int argc, char **argv) {
    static opt_tables t; /* large; one command line a process */
    make_tables(&t, c->cmd->options);
    int e = read_options(c, &t, argc, argv);
    if (e != 0 || c->help || c->version) {
        return e;
    }
    myo_diag d = {0};
    myo_err err = fill_params(c, &d);
    if (err == MYO_OK && c->isa != NULL) {
        err = myo_isa_limit(c->isa, &d);
    }
    e = cli_finish_diag(c, NULL, err, &d);
    return e != 0 ? e : check_operands(c);
}
