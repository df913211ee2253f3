/* cmd_bids.c - myotab bids: a BIDS-App (BIDS_DIR OUT_DIR participant|group).
 *
 * participant: analyse recordings, resuming by content, and publish their tables under BIDS names. The flat results
 * stay in OUT_DIR/.myotab. group: join what was analysed, compare conditions, write the report. */
#include <string.h>
#include "cli.h"

enum { BIDS, OUT, LEVEL, N_OPERANDS, PATH_BYTES = 4096 };

/* Error line and exit code of a diag. */
static int told(cmd_ctx *ctx, myo_diag *d) {
    return cli_finish_diag(ctx, ctx->inputs[OUT], d);
}

static myo_publish_job publishing(const cmd_ctx *ctx, const char *results) {
    return (myo_publish_job){
        .study = ctx->inputs[BIDS],
        .results = results,
        .out_dir = ctx->inputs[OUT],
        .participants = ctx->n_participants > 0 ? ctx->participants : NULL,
        .sessions = ctx->n_sessions > 0 ? ctx->sessions : NULL,
    };
}

/* Before anything is written: is it a dataset, and do its derivatives go elsewhere? */
static int check(cmd_ctx *ctx, const char *results) {
    myo_diag d = {0};
    const myo_publish_job job = publishing(ctx, results);
    if (myo_publish_check(&job, &d) == MYO_OK) {
        myo_diag_clear(&d); /* its warnings come with the work */
        return 0;
    }
    return cli_finish_diag(ctx, ctx->inputs[BIDS], &d);
}

static int publish(cmd_ctx *ctx, const char *results) {
    myo_diag d = {0};
    int64_t n = 0;
    char text[64];
    const myo_publish_job job = publishing(ctx, results);
    myo_publish(&job, &n, &d);
    snprintf(text, sizeof text, "%lld recording%s published", (long long)n, n == 1 ? "" : "s");
    cli_say(ctx, MYO_LEVEL_INFO, ctx->inputs[OUT], text);
    return told(ctx, &d);
}

static int participant(cmd_ctx *ctx, const char *results) {
    const myo_batch_job job = {
        .study = ctx->inputs[BIDS],
        .out_dir = results,
        .params = ctx->source,
        .open = ctx->open,
        .explain = ctx->explain,
        .participants = ctx->n_participants > 0 ? ctx->participants : NULL,
        .sessions = ctx->n_sessions > 0 ? ctx->sessions : NULL,
        .n_threads = ctx->n_threads,
        .say = cli_say,
        .progress = cli_has_progress(ctx) ? cli_progress : NULL,
        .user = ctx,
    };
    myo_batch_counts counts = {0};
    const int code = myo_err_exit(myo_batch(&job, &counts));
    cli_progress_end();
    cli_sum_up(ctx, &counts);
    if (code > 1) {
        return code;
    }
    const int published = publish(ctx, results);
    return published != 0 ? published : code;
}

/* A study with nothing to compare still has its tables and its page. */
static int compare(cmd_ctx *ctx, const char *results) {
    const char *const dirs[] = {results};
    const myo_compare_job job = {.dirs = dirs,
                                 .n_dirs = 1,
                                 .out_dir = results,
                                 .design = ctx->design,
                                 .reference = ctx->reference,
                                 .baseline = ctx->baseline,
                                 .primary = ctx->primary,
                                 .by = ctx->by,
                                 .seed = ctx->seed,
                                 .resamples = ctx->resamples,
                                 .say = cli_say,
                                 .user = ctx};
    return myo_err_exit(myo_compare(&job));
}

static int report(cmd_ctx *ctx, const char *results) {
    char out[PATH_BYTES];
    if (snprintf(out, sizeof out, "%s/report.html", ctx->inputs[OUT]) >= (int)sizeof out) {
        cli_error(ctx->inputs[OUT], "path too long");
        return CLI_USAGE;
    }
    const myo_report_job job = {.dir = results, .recordings = ctx->inputs[BIDS], .out = out, .say = cli_say, .user = ctx};
    return myo_err_exit(myo_report(&job));
}

static int group(cmd_ctx *ctx, const char *results) {
    myo_batch_counts counts = {0};
    const int collected = myo_err_exit(myo_collect(results, cli_say, ctx, &counts));
    cli_sum_up(ctx, &counts);
    if (collected > 1 || counts.n == counts.n_failed + counts.n_left) {
        return collected;
    }
    int code = compare(ctx, results);
    code = code == 0 ? publish(ctx, results) : code;
    code = code == 0 ? report(ctx, results) : code;
    return code != 0 ? code : collected;
}

/* "--participant-label 01 02 03", as BIDS-Apps have it: what follows the level are labels too. */
static bool take_labels(cmd_ctx *ctx) {
    const int more = ctx->n_inputs - N_OPERANDS;
    if (more > 0 && (ctx->n_participants == 0 || ctx->n_participants + more > CLI_MAX_PARTICIPANTS)) {
        cli_error(NULL, "bids: too many operands (found '%.200s' after the level)", ctx->inputs[N_OPERANDS]);
        return false;
    }
    for (int i = 0; i < more; i++) {
        ctx->participants[ctx->n_participants++] = ctx->inputs[N_OPERANDS + i];
    }
    return true;
}

int cmd_bids(cmd_ctx *ctx) {
    char results[PATH_BYTES];
    if (!take_labels(ctx)) {
        return CLI_USAGE;
    }
    if (snprintf(results, sizeof results, "%s/.myotab", ctx->inputs[OUT]) >= (int)sizeof results) {
        cli_error(ctx->inputs[OUT], "path too long");
        return CLI_USAGE;
    }
    static int (*const level[])(cmd_ctx *, const char *) = {participant, group};
    static const char *const name[] = {"participant", "group"};
    for (int i = 0; i < 2; i++) {
        if (strcmp(ctx->inputs[LEVEL], name[i]) == 0) {
            const int refused = check(ctx, results);
            return refused != 0 ? refused : level[i](ctx, results);
        }
    }
    cli_error(NULL, "bids: wrong level (found '%.100s', allowed participant or group)", ctx->inputs[LEVEL]);
    return CLI_USAGE;
}
