/* signal.c - the signals of a recording, found by its path and proved by its content. */
#include <math.h>
#include <string.h>
#include "report/signal.h"

struct myo_signal {
    myo_tracer *tracer;
    myo_params params; /* borrowed by the tracer, as is d */
    myo_diag d;
};

/* Names come from a table that anybody may have written: nothing outside the folder is opened. */
static bool leads_out(const char *path) {
    if (path[0] == '/') {
        return true;
    }
    for (const char *part = path; part != NULL; part = strchr(part, '/')) {
        part += part[0] == '/';
        if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == '\0')) {
            return true;
        }
    }
    return false;
}

static myo_open_opts options_of(const myo_rep_rec *rec) {
    return (myo_open_opts){.fs = rec->fs_opt,
                           .scale = rec->scale_opt,
                           .unit = rec->unit_opt[0] ? rec->unit_opt : NULL,
                           .channels = rec->channels_opt[0] ? rec->channels_opt : NULL,
                           .salvage = rec->salvage};
}

/* ---- is it what was analysed? ---- */

static bool same_sidecars(const myo_recinfo *info, const char *known) {
    myo_buf b = {0};
    for (int i = 0; i < info->n_sidecars; i++) {
        myo_buf_printf(&b, "%s ", info->sidecars[i].sha256);
    }
    const bool same = !b.failed && strcmp(b.s ? b.s : "", known) == 0;
    myo_buf_clear(&b);
    return same;
}

/* *why is NULL if it is. The diagnostics hold what is wrong with the file itself. */
static myo_err prove(const char *path, const myo_rep_rec *rec, const char **why, myo_diag *d) {
    const myo_open_opts open = options_of(rec);
    myo_rec *file = NULL;
    char hex[65];
    MYO_TRY(myo_rec_open(&file, path, &open, d));
    myo_err e = myo_rec_sha256(file, hex);
    *why = NULL;
    if (e == MYO_OK && strcmp(hex, rec->sha256) != 0) {
        *why = "the file is not the one that was analysed (its SHA-256 differs)";
    } else if (e == MYO_OK && !same_sidecars(myo_rec_info(file), rec->sidecars)) {
        *why = "a file beside it is not the one that was read when it was analysed (its SHA-256 "
               "differs)";
    }
    myo_rec_close(&file);
    return e;
}

static myo_err open_tracer(myo_signal *s, const char *path, const myo_rep_rec *rec) {
    const myo_open_opts open = options_of(rec);
    const myo_analyse_job job = {.input = path,
                                 .params = &s->params,
                                 .open = &open,
                                 .start_s = rec->start_s,
                                 .end_s = rec->end_s,
                                 .rest_start_s = rec->rest_start_s,
                                 .rest_end_s = rec->rest_end_s};
    return myo_tracer_open(&s->tracer, &job, &s->d);
}

/* Failures that are the machine's, not the recording's. */
static bool is_fatal(myo_err e) {
    return e == MYO_ERR_NOMEM || e == MYO_ERR_STOPPED;
}

static myo_err open_proved(myo_signal *s, myo_rep *r, const myo_rep_rec *rec, const char *path,
                           const char **why) {
    MYO_TRY(myo_rep_read_params(r, rec, &s->params));
    myo_err e = prove(path, rec, why, &s->d);
    if (e == MYO_OK && !*why) {
        e = open_tracer(s, path, rec);
    }
    if (e != MYO_OK && !is_fatal(e)) {
        *why = myo_rep_keep(r, s->d.message[0] ? s->d.message : myo_err_text(e));
        return MYO_OK;
    }
    return e;
}

myo_err myo_signal_open(myo_signal **out, myo_rep *r, const myo_close *c, const char **why) {
    const myo_rep_rec *rec = c->rec;
    *out = NULL;
    *why = !r->job->recordings    ? ""
           : !rec->has_run        ? "what it was made from is not known"
           : !rec->path[0]        ? "its path is not known"
           : leads_out(rec->path) ? "its path leads out of the folder of recordings"
                                  : NULL;
    if (*why) {
        return MYO_OK;
    }
    myo_buf path = {0};
    myo_signal *s = myo_alloc(1, sizeof *s);
    myo_buf_printf(&path, "%s/%s", r->job->recordings, rec->path);
    myo_err e = s && !path.failed ? open_proved(s, r, rec, path.s, why) : MYO_ERR_NOMEM;
    myo_buf_clear(&path);
    if (e == MYO_OK && !*why) {
        *out = s;
    } else {
        myo_signal_close(&s);
    }
    return e;
}

/* What cannot be drawn of one channel is left out; the next call may do better. */
static myo_err judge(myo_signal *s, myo_err e, bool *found) {
    *found = e == MYO_OK;
    if (!is_fatal(e)) {
        myo_diag_clear(&s->d);
        s->d = (myo_diag){.code = MYO_OK};
        return MYO_OK;
    }
    return e;
}

myo_err myo_signal_overview(myo_signal *s, const char *channel, int n_bins, myo_overview *out,
                            bool *found) {
    return judge(s, myo_trace_overview(s->tracer, channel, n_bins, out), found);
}

myo_err myo_signal_trace(myo_signal *s, const char *channel, double from_s, double to_s,
                         myo_trace *out, bool *found) {
    return judge(s, myo_trace_get(s->tracer, channel, from_s, to_s, out), found);
}

void myo_signal_close(myo_signal **s) {
    if (*s) {
        myo_tracer_close(&(*s)->tracer);
        myo_diag_clear(&(*s)->d);
        myo_free(*s);
        *s = NULL;
    }
}
