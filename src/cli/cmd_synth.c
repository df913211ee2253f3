/* cmd_synth.c - myotab synth: recordings with known truth. */
#include "cli.h"

int cmd_synth(cmd_ctx *ctx) {
    if (ctx->list) {
        myo_synth_list(stdout);
        putchar('\n');
        myo_synth_settings(stdout);
        return 0;
    }
    if (ctx->n_inputs == 0 || ctx->out_dir == NULL) {
        cli_error(NULL, "synth: missing %s (scenarios: myotab synth --list)",
                  ctx->n_inputs == 0 ? "SCENARIO" : "option -o DIR");
        return CLI_USAGE;
    }
    const myo_synth_job job = {
        .scenario = ctx->inputs[0],
        .out_dir = ctx->out_dir,
        .seed = ctx->seed,
        .settings = ctx->settings,
    };
    myo_diag d = {0};
    const myo_err err = myo_synth(&job, &d);
    return cli_finish_diag(ctx, ctx->inputs[0], err, &d);
}
