/* cmd_detect.c - myotab detect: analyse recordings. */
#include "cli.h"

int cmd_detect(cmd_ctx *ctx) {
    if (ctx->out_dir == NULL) {
        cli_error(NULL, "detect: missing option -o DIR");
        return CLI_USAGE;
    }
    const myo_detect_job job = {
        .inputs = ctx->inputs,
        .n_inputs = ctx->n_inputs,
        .out_dir = ctx->out_dir,
        .params = &ctx->params,
        .preset = ctx->preset,
        .open = ctx->open,
        .explain = ctx->explain,
        .rest_start_s = ctx->rest_from_s,
        .rest_end_s = ctx->rest_to_s,
        .n_threads = ctx->n_threads,
        .say = cli_say,
        .user = ctx,
    };
    int n_failed = 0;
    const myo_err code = myo_detect(&job, &n_failed);
    if (code == MYO_OK) {
        cli_say(ctx, MYO_LEVEL_INFO, ctx->out_dir,
                ctx->n_inputs == 1 ? "tables written" : "tables of all recordings written");
    }
    if (ctx->n_inputs > 1) {
        cli_failed(n_failed, ctx->n_inputs);
    }
    return myo_err_exit(code);
}
