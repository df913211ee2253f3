/* cmd_report.c - myotab report: one page for a study or a folder of recordings. */
#include "cli.h"

int cmd_report(cmd_ctx *ctx) {
    if (ctx->out_dir == NULL) {
        cli_error(NULL, "report: missing option -o FILE.html");
        return CLI_USAGE;
    }
    const myo_report_job job = {
        .dir = ctx->inputs[0],
        .recordings = ctx->recordings,
        .out = ctx->out_dir,
        .say = cli_say,
        .user = ctx,
    };
    const myo_err code = myo_report(&job);
    if (code == MYO_OK) {
        cli_say(ctx, MYO_LEVEL_INFO, ctx->out_dir, "page written");
    }
    return myo_err_exit(code);
}
