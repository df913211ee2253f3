/* cmd_collect.c - myotab collect: join the parts of a study. */
#include "cli.h"

int cmd_collect(cmd_ctx *ctx) {
    myo_batch_counts n = {0};
    const myo_err code = myo_collect(ctx->inputs[0], cli_say, ctx, &n);
    cli_failed(n.n_failed, n.n);
    if (n.n_left > 0) {
        cli_error(NULL, "%lld of %lld recordings left: no part has done them (see 'myotab status')",
                  (long long)n.n_left, (long long)n.n);
    }
    return myo_err_exit(code);
}
