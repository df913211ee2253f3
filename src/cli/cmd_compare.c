/* cmd_compare.c - myotab compare: a study's results to comparison.tsv. */
#include "cli.h"

int cmd_compare(cmd_ctx *ctx) {
    if (ctx->out_dir == NULL) {
        cli_error(NULL, "compare: missing option -o DIR");
        return CLI_USAGE;
    }
    const myo_compare_job job = {
        .dirs = ctx->inputs,
        .n_dirs = ctx->n_inputs,
        .out_dir = ctx->out_dir,
        .design = ctx->design,
        .reference = ctx->reference,
        .baseline = ctx->baseline,
        .primary = ctx->primary,
        .by = ctx->by,
        .seed = ctx->seed,
        .resamples = ctx->resamples,
        .say = cli_say,
        .user = ctx,
    };
    const myo_err code = myo_compare(&job);
    if (code == MYO_OK) {
        cli_say(ctx, MYO_LEVEL_INFO, ctx->out_dir, "comparison.tsv written");
    }
    return myo_err_exit(code);
}
