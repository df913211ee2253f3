/* cmd_score.c - myotab score: found events against truth. */
#include <string.h>
#include "cli.h"

/* Which of the two files a message is about, where it does not say so itself. */
static const char *blamed(const cmd_ctx *ctx, const myo_diag *d) {
    const char *truth = ctx->inputs[0];
    return strncmp(d->message, truth, strlen(truth)) == 0 ? truth : ctx->inputs[1];
}

int cmd_score(cmd_ctx *ctx) {
    myo_diag d = {0};
    const myo_err err = myo_score(ctx->inputs[0], ctx->inputs[1], stdout, &d);
    return cli_finish_diag(ctx, blamed(ctx, &d), err, &d);
}
