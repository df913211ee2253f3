/* help.c - usage and help, printed from the tables so that they cannot lie. */
#include <string.h>
#include "cli.h"

void cli_usage(FILE *f) {
    const char *group = "";
    fputs("myotab finds muscle jerks, cramps and tremor in EMG and accelerometer recordings\n"
          "and writes one table row per event. For research; it makes no diagnosis.\n"
          "\nUsage: myotab COMMAND [OPTIONS]\n",
          f);
    for (int i = 0; i < cli_n_cmds; i++) {
        if (strcmp(cli_cmds[i].group, group) != 0) {
            group = cli_cmds[i].group;
            fprintf(f, "\n%s:\n", group);
        }
        fprintf(f, "  %-8s %-28s %s\n", cli_cmds[i].name, cli_cmds[i].operands, cli_cmds[i].line);
    }
    fputs("\nMore: myotab help COMMAND, myotab --version\n", f);
}

static void print_option(FILE *f, const cli_opt *o) {
    char left[64];
    const bool letter = o->letter != 0;
    snprintf(left, sizeof left, "%c%c%s--%s%s%s", letter ? '-' : ' ', letter ? o->letter : ' ',
             letter ? ", " : "  ", o->name, o->arg != NULL ? " " : "",
             o->arg != NULL ? o->arg : "");
    fprintf(f, "  %-28s %s\n", left, o->help);
}

/* "--emg.band_lo 20  lower edge ... [20 Hz; 0.05 to 5000]" */
static void print_param(FILE *f, const myo_param_row *r) {
    char def[32], lo[32], hi[32];
    myo_format_g(def, sizeof def, r->def, 15);
    myo_format_g(lo, sizeof lo, r->lo, 15);
    myo_format_g(hi, sizeof hi, r->hi, 15);
    fprintf(f, "  --%-24s   %s [%s%s%s; %s to %s]\n", r->name, r->help, def,
            r->unit[0] != '\0' ? " " : "", r->unit, lo, hi);
}

static void print_params(FILE *f) {
    fputs("\nParameters, each an option with a value [default; range]:\n", f);
    for (int i = 0; i < myo_n_params; i++) {
        print_param(f, &myo_param_rows[i]);
    }
    fputs("\nPresets:\n", f);
    for (int i = 0; i < myo_n_presets; i++) {
        fprintf(f, "  %-12s %s\n", myo_presets[i].name, myo_presets[i].help);
    }
}

void cli_help(FILE *f, const cmd *c) {
    fprintf(f, "myotab %s - %s\n\nUsage: myotab %s %s [OPTIONS]\n\nOptions:\n", c->name, c->line,
            c->name, c->operands);
    for (int i = 0; i < cli_n_opts; i++) {
        if ((cli_opts[i].group & c->options) != 0) {
            print_option(f, &cli_opts[i]);
        }
    }
    if ((c->options & OPT_PARAMS) != 0) {
        print_params(f);
    }
    if (c->more_help != NULL) {
        c->more_help(f);
    }
}
