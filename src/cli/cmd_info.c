/* cmd_info.c - myotab info: what is in a file. */
#include "cli.h"

int cmd_info(cmd_ctx *ctx) {
    int worst = 0;
    for (int i = 0; i < ctx->n_inputs; i++) {
        myo_diag d = {0};
        if (i > 0 && !ctx->json) {
            putchar('\n');
        }
        myo_info(ctx->inputs[i], &ctx->open, ctx->json, stdout, &d);
        const int e = cli_finish_diag(ctx, ctx->inputs[i], &d);
        worst = e > worst ? e : worst;
        if (e == myo_err_exit(MYO_ERR_STOPPED)) {
            break;
        }
    }
    return worst;
}
