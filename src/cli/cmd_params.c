/* cmd_params.c - myotab params: the parameters in force, as a table, a file or documentation. */
#include <string.h>
#include "cli.h"

static const char *bounds(char *dst, size_t cap, const myo_param_row *r) {
    char lo[32], hi[32];
    myo_format_g(lo, sizeof lo, r->lo, 15);
    myo_format_g(hi, sizeof hi, r->hi, 15);
    snprintf(dst, cap, "%s to %s", lo, hi);
    return dst;
}

static int show_table(const cmd_ctx *ctx) {
    puts("name\tvalue\tunit\tdefault\trange\tmeaning");
    for (int i = 0; i < myo_n_params; i++) {
        const myo_param_row *r = &myo_param_rows[i];
        char value[32], def[32], range[72];
        myo_format_g(value, sizeof value, myo_param_get(&ctx->params, r), 15);
        myo_format_g(def, sizeof def, r->def, 15);
        printf("%s\t%s\t%s\t%s\t%s\t%s\n", r->name, value, r->unit[0] != '\0' ? r->unit : "n/a",
               def, bounds(range, sizeof range, r), r->help);
    }
    return 0;
}

/* A file that --params reads back; 17 digits keep every value to the bit. */
static int show_json(const cmd_ctx *ctx) {
    puts("{");
    for (int i = 0; i < myo_n_params; i++) {
        char value[32];
        const double v = myo_param_get(&ctx->params, &myo_param_rows[i]);
        double back = 0.0;
        const int n = myo_format_g(value, sizeof value, v, 15);
        if (!myo_parse_f64(value, (size_t)n, &back) || back != v) {
            myo_format_g(value, sizeof value, v, 17);
        }
        printf("  \"%s\": %s%s\n", myo_param_rows[i].name, value, i + 1 < myo_n_params ? "," : "");
    }
    puts("}");
    return 0;
}

static int show(const cmd_ctx *ctx) {
    return ctx->json ? show_json(ctx) : show_table(ctx);
}

/* The command line's reading has checked everything already. */
static int check(const cmd_ctx *ctx) {
    (void)ctx;
    puts("parameters are valid");
    return 0;
}

static int docs(const cmd_ctx *ctx) {
    (void)ctx;
    puts("| parameter | default | unit | range | meaning |\n|---|---|---|---|---|");
    for (int i = 0; i < myo_n_params; i++) {
        const myo_param_row *r = &myo_param_rows[i];
        char def[32], range[72];
        myo_format_g(def, sizeof def, r->def, 15);
        printf("| `%s` | %s | %s | %s | %s |\n", r->name, def, r->unit,
               bounds(range, sizeof range, r), r->help);
    }
    return 0;
}

int cmd_params(cmd_ctx *ctx) {
    static const struct {
        const char *name;
        int (*run)(const cmd_ctx *ctx);
    } actions[] = {{"show", show}, {"check", check}, {"docs", docs}};
    const char *name = ctx->n_inputs > 0 ? ctx->inputs[0] : "show";
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (strcmp(actions[i].name, name) == 0) {
            return actions[i].run(ctx);
        }
    }
    cli_error(NULL, "params: unknown action (found '%.80s', allowed show, check or docs)", name);
    return CLI_USAGE;
}
