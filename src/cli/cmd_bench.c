/* cmd_bench.c - myotab bench: speed of kernels, stages and the whole on this machine. */
#include "cli.h"

int cmd_bench(cmd_ctx *ctx) {
    const myo_bench_job job = {
        .input = ctx->n_inputs > 0 ? ctx->inputs[0] : NULL,
        .params = &ctx->params,
        .open = ctx->open,
        .n_threads = ctx->n_threads,
    };
    myo_diag d = {0};
    const myo_err err = myo_bench(&job, stdout, &d);
    return cli_finish_diag(ctx, err == MYO_ERR_OUTPUT ? NULL : job.input, err, &d);
}
