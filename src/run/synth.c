/* synth.c - the job: plan a recording, stream it to its file, write its truth. */
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "myotab/run.h"
#include "myotab/stop.h"
#include "run/folder.h"
#include "run/synth.h"

typedef struct stream {
    const syn_world *w;
    syn_noise *noise;
    syn_truth *truth;
    syn_lapses *lapses;
    syn_file *file;
    syn_clip *live; /* rendered and not yet over */
    size_t n_live, cap_live;
    size_t next;          /* event to be rendered */
    float *x[SYN_MAX_CH]; /* one chunk */
    int cap;
} stream;

/* Slow drift of the muscle's gain: half-hour sine that reaches drift_db_h in an hour's worst
 * quarter. */
static double gain_at(const syn_world *w, int64_t frame) {
    const double dph = w->conf->drift_db_h;
    return dph > 0.0
               ? pow(10.0, 0.05 * 0.5 * dph * sin(2.0 * M_PI * (double)frame / w->fs / 1800.0))
               : 1.0;
}

/* Neighbours pick up a share, through more tissue: one pole at 120 Hz. */
static void add_crosstalk(const stream *s, const syn_clip *c, int64_t from, int64_t to,
                          int64_t t0) {
    const double pole = 1.0 - exp(-2.0 * M_PI * 120.0 / s->w->fs);
    for (int side = -1; side <= 1; side += 2) {
        const int col = c->col + side;
        if (col < 0 || col >= s->w->n_cols) {
            continue;
        }
        /* The filter runs from the clip's start each time: a chunk's beginning leaves no trace. */
        double y = 0.0;
        for (int64_t i = c->first; i < to; i++) {
            y += pole * (c->x[0][i - c->first] - y);
            if (i >= from) {
                s->x[col][i - t0] += (float)(s->w->conf->crosstalk * y);
            }
        }
    }
}

static void add_clip(const stream *s, const syn_clip *c, int64_t t0, int n) {
    const int64_t from = c->first > t0 ? c->first : t0;
    const int64_t to = c->first + c->n < t0 + n ? c->first + c->n : t0 + n;
    for (int a = 0; a < c->n_ax && !c->mute; a++) {
        float *x = s->x[c->col + a];
        for (int64_t i = from; i < to; i++) {
            const double gain = s->w->acc ? 1.0 : gain_at(s->w, i);
            x[i - t0] += (float)(gain * c->x[a][i - c->first]);
        }
    }
    if (s->w->conf->crosstalk > 0.0 && !c->mute && !s->w->acc && from < to) {
        add_crosstalk(s, c, from, to, t0);
    }
}

/* A loose contact: what comes through is next to nothing. After everything else. */
static void mute_clip(const stream *s, const syn_clip *c, int64_t t0, int n) {
    const int64_t from = c->first > t0 ? c->first : t0;
    const int64_t to = c->first + c->n < t0 + n ? c->first + c->n : t0 + n;
    for (int64_t i = from; i < to; i++) {
        s->x[c->col][i - t0] *= 0.02f;
    }
}

static myo_err render_next(stream *s) {
    if (myo_stop_requested()) {
        return MYO_ERR_STOPPED;
    }
    const syn_event *e = &s->w->ev[s->next++];
    if (e->cls == MYO_ARTEFACT && s->w->conf->clean > 0.5) {
        return MYO_OK;
    }
    if (syn_turns(e)) { /* gravity turns by itself */
        return syn_truth_span(s->truth, e);
    }
    syn_clip c;
    MYO_TRY(syn_render(s->w, e, &c));
    myo_err err = c.mute ? syn_truth_span(s->truth, e) : syn_truth_add(s->truth, e, &c);
    err = err == MYO_OK && c.n_lapse > 0 ? syn_lapses_add(s->lapses, e, &c) : err;
    void *p = s->live;
    if (err != MYO_OK || myo_grow(&p, &s->cap_live, s->n_live + 1, sizeof *s->live) != MYO_OK) {
        syn_clip_clear(&c);
        return err != MYO_OK ? err : MYO_ERR_NOMEM;
    }
    s->live = p;
    s->live[s->n_live++] = c;
    return MYO_OK;
}

static void drop_finished(stream *s, int64_t end) {
    size_t kept = 0;
    for (size_t i = 0; i < s->n_live; i++) {
        if (s->live[i].first + s->live[i].n <= end) {
            syn_clip_clear(&s->live[i]);
        } else {
            s->live[kept++] = s->live[i];
        }
    }
    s->n_live = kept;
}

static myo_err stream_chunk(stream *s, int64_t t0, int n, myo_diag *d) {
    const double reach = (double)(t0 + n) / s->w->fs + SYN_PAD_S;
    syn_noise_fill(s->noise, t0, n, s->x);
    while (s->next < s->w->n_ev && s->w->ev[s->next].t0 <= reach) {
        MYO_TRY(render_next(s));
    }
    for (size_t i = 0; i < s->n_live; i++) {
        add_clip(s, &s->live[i], t0, n);
    }
    for (size_t i = 0; i < s->n_live; i++) {
        if (s->live[i].mute) {
            mute_clip(s, &s->live[i], t0, n);
        }
    }
    drop_finished(s, t0 + n);
    return syn_file_put(s->file, n, s->x, d);
}

/* However long the chunks, a stop is noticed after so many samples. */
static const double k_most_samples = 1 << 20;

static myo_err stream_run(stream *s, myo_diag *d) {
    const double most = floor(k_most_samples / s->w->n_cols);
    s->cap = (int)fmax(1.0, fmin(most, floor(s->w->conf->chunk_s * s->w->fs)));
    for (int c = 0; c < s->w->n_cols; c++) {
        s->x[c] = myo_alloc((size_t)s->cap, sizeof *s->x[c]);
        if (!s->x[c]) {
            return MYO_ERR_NOMEM;
        }
    }
    for (int64_t t0 = 0; t0 < s->w->n; t0 += s->cap) {
        const int64_t left = s->w->n - t0;
        MYO_TRY(myo_stop_requested() ? MYO_ERR_STOPPED : MYO_OK);
        MYO_TRY(stream_chunk(s, t0, left < s->cap ? (int)left : s->cap, d));
    }
    return MYO_OK;
}

static void stream_clear(stream *s) {
    drop_finished(s, INT64_MAX);
    myo_free(s->live);
    for (int c = 0; c < SYN_MAX_CH; c++) {
        myo_free(s->x[c]);
    }
    syn_noise_free(&s->noise);
    syn_truth_free(&s->truth);
    syn_lapses_free(&s->lapses);
    syn_file_abort(&s->file);
}

static myo_err write_recording(const syn_world *w, const char *dir, const char *stem, myo_diag *d) {
    stream s = {.w = w};
    myo_err err = syn_noise_new(&s.noise, w);
    err = err != MYO_OK ? err : syn_truth_new(&s.truth, w);
    err = err != MYO_OK ? err : syn_lapses_new(&s.lapses, w);
    err = err != MYO_OK ? err : syn_file_open(&s.file, w, dir, stem, d);
    err = err != MYO_OK ? err : stream_run(&s, d);
    /* The truth first: it marks the recording as ours, also for the run after one that was killed. */
    err = err != MYO_OK ? err : syn_truth_write(s.truth, dir, stem, d);
    err = err != MYO_OK ? err : syn_lapses_write(s.lapses, dir, stem, d);
    err = err != MYO_OK ? err : syn_file_close(&s.file, d);
    stream_clear(&s);
    return err;
}

static myo_err one_recording(const syn_conf *c, const myo_synth_job *job, int person, int session,
                             const char *stem, myo_diag *d) {
    syn_world w;
    myo_err err = syn_world_make(&w, c, job->seed, person, session);
    err = err != MYO_OK ? err : syn_plan(&w, d);
    err = err != MYO_OK ? err : write_recording(&w, job->out_dir, stem, d);
    syn_world_clear(&w);
    return err;
}

static const char *const k_sessions[] = {"pre", "post"};

static void study_stem(char *stem, size_t cap, const syn_conf *c, int person, int session) {
    if (c->sessions > 1.5) {
        snprintf(stem, cap, "p%02d_%s", person + 1, k_sessions[session]);
    } else {
        snprintf(stem, cap, "p%02d", person + 1);
    }
}

/* ---- what is there already ---- */

static bool is_there(const char *dir, const char *name, const char *ending, bool *failed) {
    struct stat st;
    myo_buf path = {0};
    myo_buf_printf(&path, "%s/%s%s", dir, name, ending);
    *failed = *failed || path.failed;
    const bool there = !path.failed && lstat(path.s, &st) == 0;
    myo_buf_clear(&path);
    return there;
}

/* A recording is replaced if its truth lies beside it: then it is synthetic. `name` with `ending`
 * goes with the recording `stem`. */
static myo_err refuse_file(const char *dir, const char *name, const char *ending, const char *stem,
                           myo_diag *d) {
    bool failed = false;
    const bool other =
        is_there(dir, name, ending, &failed) && !is_there(dir, stem, "_truth.tsv", &failed);
    if (failed) {
        return MYO_ERR_NOMEM;
    }
    return !other ? MYO_OK
                  : myo_fail(d, MYO_ERR_USAGE,
                             "%s/%s%s: not replaced: not an earlier synthetic file (found no "
                             "%s_truth.tsv beside it)",
                             dir, name, ending, stem);
}

static myo_err refuse_recording(const syn_conf *c, const char *dir, const char *stem, myo_diag *d) {
    char ending[16];
    snprintf(ending, sizeof ending, ".%.8s", c->format);
    MYO_TRY(refuse_file(dir, stem, ending, stem, d));
    return strcmp(c->format, "wav") == 0 ? refuse_file(dir, stem, ".json", stem, d) : MYO_OK;
}

/* Before the first file is written. */
static myo_err refuse(const syn_conf *c, const char *dir, bool many, myo_diag *d) {
    char stem[32];
    if (!many) {
        return refuse_recording(c, dir, c->name, d);
    }
    study_stem(stem, sizeof stem, c, 0, 0);
    MYO_TRY(refuse_file(dir, "manifest", ".tsv", stem, d));
    for (int i = 0; i < (int)c->participants * (int)c->sessions; i++) {
        study_stem(stem, sizeof stem, c, i / (int)c->sessions, i % (int)c->sessions);
        MYO_TRY(refuse_recording(c, dir, stem, d));
    }
    return MYO_OK;
}

static myo_err study(const syn_conf *c, const myo_synth_job *job, myo_diag *d) {
    char stem[32];
    myo_buf b = {0};
    myo_buf_puts(&b, "path\tparticipant_id\tsession_id\tcondition\n");
    for (int person = 0; person < (int)c->participants; person++) {
        for (int session = 0; session < (int)c->sessions; session++) {
            study_stem(stem, sizeof stem, c, person, session);
            const myo_err err = one_recording(c, job, person, session, stem, d);
            if (err != MYO_OK) {
                myo_buf_clear(&b);
                return err;
            }
            myo_buf_printf(&b, "%s.%s\tp%02d\t%s\t%s\n", stem, c->format, person + 1,
                           k_sessions[session], k_sessions[session]);
        }
    }
    myo_outfile o;
    myo_buf path = {0};
    myo_buf_printf(&path, "%s/manifest.tsv", job->out_dir);
    myo_err err = b.failed || path.failed ? MYO_ERR_NOMEM : myo_outfile_open(&o, path.s, d);
    if (err == MYO_OK) {
        fwrite(b.s, 1, b.n, o.f);
        err = myo_outfile_commit(&o, d);
    }
    myo_buf_clear(&b);
    myo_buf_clear(&path);
    return err;
}

myo_err myo_synth(const myo_synth_job *job, myo_diag *d) {
    syn_conf c;
    MYO_TRY(syn_conf_load(&c, job->scenario, job->settings, d));
    const bool many = c.participants > 1.5 || c.sessions > 1.5;
    MYO_TRY(refuse(&c, job->out_dir, many, d));
    bool made;
    MYO_TRY(myo_folder_make(job->out_dir, &made, d));
    const myo_err err = many ? study(&c, job, d) : one_recording(&c, job, 0, 0, c.name, d);
    if (err != MYO_OK && made) {
        rmdir(job->out_dir); /* one made for nothing goes again */
    }
    /* Where nobody had a better word for it; the first message stays. */
    return err == MYO_OK ? err : myo_fail(d, err, "%s", myo_err_text(err));
}
