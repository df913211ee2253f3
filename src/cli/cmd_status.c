/* cmd_status.c - myotab status: how far a study is. */
#include "cli.h"

int cmd_status(cmd_ctx *ctx) {
    myo_batch_counts n;
    myo_diag d = {0};
    const myo_err err = myo_status(ctx->inputs[0], stdout, &n, &d);
    return cli_finish_diag(ctx, ctx->inputs[0], err, &d);
}
