/* cmd_batch.c - myotab batch: analyse a study. */
#include "cli.h"

static int show_plan(cmd_ctx *ctx, const myo_batch_job *job) {
    myo_diag d = {0};
    const myo_err err = myo_batch_plan(job, stdout, &d);
    return cli_finish_diag(ctx, ctx->inputs[0], err, &d);
}

void cli_sum_up(const cmd_ctx *ctx, const myo_batch_counts *n) {
    cli_failed(n->n_failed, n->n);
    if (n->n_left > 0) {
        cli_error(NULL, "%lld of %lld recordings left; the same command goes on with them",
                  (long long)n->n_left, (long long)n->n);
    }
    if (n->n > 0 && n->n_left == 0) {
        cli_say((void *)ctx, MYO_LEVEL_INFO, ctx->out_dir,
                "all recordings of this run are through");
    }
}

int cmd_batch(cmd_ctx *ctx) {
    if (ctx->out_dir == NULL) {
        cli_error(NULL, "batch: missing option -o DIR");
        return CLI_USAGE;
    }
    const myo_batch_job job = {
        .study = ctx->inputs[0],
        .out_dir = ctx->out_dir,
        .params = ctx->source,
        .open = ctx->open,
        .explain = ctx->explain,
        .allow_outside = ctx->allow_outside,
        .rows = ctx->rows,
        .participants = ctx->n_participants > 0 ? ctx->participants : NULL,
        .sessions = ctx->n_sessions > 0 ? ctx->sessions : NULL,
        .n_threads = ctx->n_threads,
        .say = cli_say,
        .progress = cli_has_progress(ctx) ? cli_progress : NULL,
        .user = ctx,
    };
    if (ctx->dry_run) {
        return show_plan(ctx, &job);
    }
    myo_batch_counts counts = {0};
    const myo_err code = myo_batch(&job, &counts);
    cli_progress_end();
    cli_sum_up(ctx, &counts);
    return myo_err_exit(code);
}
