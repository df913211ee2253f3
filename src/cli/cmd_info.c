/* cmd_info.c - myotab info: what is in a file. */
#include "cli.h"

int cmd_info(cmd_ctx *ctx) {
    int worst = 0;
    bool printed = false;
    for (int i = 0; i < ctx->n_inputs; i++) {
        myo_diag d = {0};
        if (printed && !ctx->json) {
            putchar('\n');
            printed = false;
        }
        const myo_err err = myo_info(ctx->inputs[i], &ctx->open, ctx->json, stdout, &d);
        const int e = cli_finish_diag(ctx, ctx->inputs[i], err, &d);
        worst = e > worst ? e : worst;
        printed = printed || e == 0;
        if (e == myo_err_exit(MYO_ERR_STOPPED)) {
            break;
        }
    }
    return worst;
}
