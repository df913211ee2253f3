/* trace.c - stretches of a lane's signal, each streamed with what its stages need around it. */
#include <math.h>
#include <string.h>
#include "myotab/stop.h"
#include "run/begin.h"
#include "run/survey.h"
#include "run/trace.h"

enum { TRACE_MAX = 50000000 }; /* samples */

struct myo_tracer {
    myo_rec *rec;
    myo_plan plan;
    myo_survey survey;
    bool surveyed;
    double part_from, part_to;
    double chunk_s;
    myo_pool *pool;
    myo_diag *d;
};

/* ---- the handle ---- */

myo_err myo_tracer_open(myo_tracer **out, const myo_analyse_job *job, myo_diag *d)
{
    myo_tracer *t = myo_alloc(1, sizeof *t);
    if (!t) {
        return myo_fail(d, MYO_ERR_NOMEM, "no memory for a figure");
    }
    t->d = d;
    t->pool = job->pool;
    t->chunk_s = job->params->run_chunk_s;
    const myo_err err = myo_begin(job, &t->rec, &t->plan, d);
    if (err != MYO_OK) {
        myo_tracer_close(&t);
        return err;
    }
    t->part_from = myo_rec_info(t->rec)->from_s;
    t->part_to = myo_rec_info(t->rec)->to_s;
    *out = t;
    return MYO_OK;
}

void myo_tracer_close(myo_tracer **tracer)
{
    myo_tracer *t = *tracer;
    if (t) {
        myo_survey_clear(&t->survey);
        myo_plan_free(&t->plan);
        myo_rec_close(&t->rec);
        myo_free(t);
        *tracer = NULL;
    }
}

int myo_tracer_channels(const myo_tracer *t)
{
    return t->plan.n_lanes;
}

const char *myo_tracer_channel(const myo_tracer *t, int i)
{
    return t->plan.lane[i].name;
}

/* A table puts a quote before what a spreadsheet would take for a formula. */
static myo_err find_channel(const myo_tracer *t, const char *channel, int *lane)
{
    const char *bare = channel[0] == '\'' ? channel + 1 : channel;
    for (int i = 0; i < t->plan.n_lanes; i++) {
        const char *name = t->plan.lane[i].name;
        if (strcmp(name, channel) == 0 || strcmp(name, bare) == 0) {
            *lane = i;
            return MYO_OK;
        }
    }
    return myo_fail(t->d, MYO_ERR_RANGE, "no analysed channel \"%.60s\" (found %d others)", channel, t->plan.n_lanes);
}

/* ---- the whole ---- */

/* Where the part ends; a text tells its length at its end. */
static double part_end(const myo_tracer *t)
{
    const double duration = myo_rec_info(t->rec)->duration_s;
    return fmin(t->part_to, duration < 0.0 ? INFINITY : duration);
}

static myo_err survey(myo_tracer *t, int n_bins)
{
    if (t->surveyed && (n_bins == 0 || n_bins == t->survey.n_bins)) {
        return MYO_OK;
    }
    if (n_bins > 0 && !isfinite(part_end(t))) {
        MYO_TRY(survey(t, 0));
    }
    myo_survey_clear(&t->survey);
    t->surveyed = false;
    MYO_TRY(myo_rec_select(t->rec, t->part_from, t->part_to));
    const double to = n_bins > 0 ? part_end(t) : t->part_from + 1.0;
    MYO_TRY(myo_survey_run(&t->survey, &t->plan, t->rec, t->chunk_s, t->pool, n_bins, t->part_from, to));
    t->surveyed = true;
    return MYO_OK;
}

myo_err myo_trace_overview(myo_tracer *t, const char *channel, int n_bins, myo_overview *out)
{
    int lane = 0;
    MYO_TRY(find_channel(t, channel, &lane));
    if (n_bins < 1 || n_bins > TRACE_MAX) {
        return myo_fail(t->d, MYO_ERR_RANGE, "spans of an overview (found %d, allowed 1 to %d)", n_bins, (int)TRACE_MAX);
    }
    MYO_TRY(survey(t, n_bins));
    *out = (myo_overview){n_bins, t->survey.from_s, t->survey.to_s, t->survey.lane[lane].lo, t->survey.lane[lane].hi,
                          t->plan.lane[lane].unit};
    return MYO_OK;
}

/* ---- a stretch ---- */

/* What is wanted: sample i of the trace is frame i + shift of the segment in hand. */
typedef struct stretch {
    const myo_plan_lane *lane;
    const myo_survey_lane *survey;
    myo_trace *out;
    float *raw[MYO_MAX_AXES], *filtered[MYO_MAX_AXES]; /* out->n each */
    const myo_survey_segment *segment;
    int64_t shift;
    int64_t on, off;         /* frames in hand: the wanted ones, and half a window of the envelope around them */
    float *x[MYO_MAX_AXES];  /* off - on filtered frames of each axis */
    double *sum;             /* of their squares up to each, off - on + 1 */
    bool *masked;
} stretch;

static myo_err on_segment(void *user, double start_s)
{
    (void)user, (void)start_s;
    return MYO_OK;
}

static myo_err on_masked(void *user, int64_t on, int64_t off)
{
    stretch *s = user;
    const int64_t lo = on > s->on ? on : s->on, hi = off < s->off ? off : s->off;
    for (int64_t i = lo; i < hi; i++) {
        s->masked[i - s->on] = true;
    }
    return MYO_OK;
}

static myo_err on_samples(void *user, int64_t first, int64_t n, const float *const *x)
{
    stretch *s = user;
    const int64_t lo = first > s->on ? first : s->on, hi = first + n < s->off ? first + n : s->off;
    for (int a = 0; hi > lo && a < s->lane->cfg.n_axes; a++) {
        memcpy(s->x[a] + (lo - s->on), x[a] + (lo - first), sizeof(float) * (size_t)(hi - lo));
    }
    return MYO_OK;
}

/* Frames [first, first + n) as recorded. */
static void take_raw(stretch *s, int64_t first, int64_t n, const float *const *x)
{
    for (int64_t i = 0; i < n; i++) {
        const int64_t at = first + i - s->shift;
        for (int a = 0; at >= 0 && at < s->out->n && a < s->lane->cfg.n_axes; a++) {
            s->raw[a][at] = (x[a][i] - (float)s->lane->cfg.prior.offset[a]) * (float)s->lane->cfg.prior.scale;
        }
    }
}

/* Frames [from, end) of the segment into the lane. */
static myo_err feed(myo_tracer *t, stretch *s, myo_lane *lane, int64_t from, int64_t end)
{
    const double fs = s->out->fs, start_s = s->segment->start_s, from_s = start_s + (double)from / fs;
    const bool ahead = !myo_rec_info(t->rec)->can_seek && myo_rec_position(t->rec) <= from_s;
    MYO_TRY(myo_rec_select(t->rec, from_s, start_s + (double)end / fs));
    MYO_TRY(ahead ? MYO_OK : myo_rec_seek(t->rec, myo_rec_info(t->rec)->can_seek ? from_s : 0.0));
    for (bool first = true;; first = false) {
        myo_block b;
        const float *x[MYO_MAX_AXES];
        const int c = s->lane->ch[0];
        if (myo_stop_requested()) {
            return MYO_ERR_STOPPED;
        }
        MYO_TRY(myo_rec_read(t->rec, t->chunk_s, &b));
        if (b.n_ch == 0) {
            break;
        }
        myo_plan_axes(s->lane, &b, x);
        MYO_TRY(myo_lane_push(lane, x, b.n[c], b.start_s[c], b.gap && !first));
        take_raw(s, (int64_t)floor((b.start_s[c] - start_s) * fs + 0.5), b.n[c], x);
    }
    return myo_lane_finish(lane);
}

/* ---- from filtered frames to the trace ---- */

static void set_envelope(stretch *s, const myo_lane *lane)
{
    const int64_t n = s->off - s->on, window = myo_lane_gate_window(lane);
    for (int64_t i = 0; i < n; i++) {
        double e = 0.0;
        for (int a = 0; a < s->lane->cfg.n_axes; a++) {
            e += (double)s->x[a][i] * s->x[a][i];
        }
        s->sum[i + 1] = s->sum[i] + e;
    }
    for (int64_t i = 0; i < n; i++) {
        const int64_t at = i + s->on - s->shift;
        int64_t lo = i - window / 2, hi = lo + window;
        lo = lo < 0 ? 0 : lo;
        hi = hi > n ? n : hi;
        if (at < 0 || at >= s->out->n || s->masked[i]) {
            continue;
        }
        for (int a = 0; a < s->lane->cfg.n_axes; a++) {
            s->filtered[a][at] = s->x[a][i];
        }
        s->out->envelope[at] = (float)sqrt((s->sum[hi] - s->sum[lo]) / (double)(hi - lo));
        s->out->threshold[at] =
            (float)myo_lane_gate(lane, myo_survey_noise(s->survey, s->segment, i + s->on));
    }
}

static myo_err make_room(stretch *s)
{
    const size_t n = (size_t)(s->off - s->on);
    bool ok = true;
    for (int a = 0; a < s->lane->cfg.n_axes; a++) {
        s->x[a] = myo_alloc(n, sizeof(float));
        ok = ok && s->x[a];
    }
    s->sum = myo_alloc(n + 1, sizeof *s->sum);
    s->masked = myo_alloc(n, sizeof *s->masked);
    return ok && s->sum && s->masked ? MYO_OK : MYO_ERR_NOMEM;
}

static void leave_segment(stretch *s)
{
    for (int a = 0; a < MYO_MAX_AXES; a++) {
        myo_free(s->x[a]);
        s->x[a] = NULL;
    }
    myo_free(s->sum);
    myo_free(s->masked);
    s->sum = NULL;
    s->masked = NULL;
}

static myo_err stream(myo_tracer *t, stretch *s)
{
    const myo_lane_watch watch = {on_segment, on_masked, on_samples, NULL, s};
    const myo_lane_sink sink = {.watch = &watch};
    myo_lane *lane = NULL;
    MYO_TRY(myo_lane_new(&lane, &s->lane->cfg, &sink));
    const int64_t window = myo_lane_gate_window(lane), n = s->segment->n;
    const int64_t first = s->shift > 0 ? s->shift : 0, last = s->shift + s->out->n < n ? s->shift + s->out->n : n;
    s->on = first - window < 0 ? 0 : first - window;
    s->off = last + window > n ? n : last + window;
    myo_err err = make_room(s);
    if (err == MYO_OK) {
        const int64_t end = s->off + myo_lane_ahead(lane), from = myo_lane_enter(lane, s->segment->start_s, s->on);
        err = feed(t, s, lane, from, end < n ? end : n);
    }
    if (err == MYO_OK) {
        set_envelope(s, lane);
    }
    leave_segment(s);
    myo_lane_free(&lane);
    return err;
}

/* Every segment that reaches into the stretch. */
static myo_err fill(myo_tracer *t, stretch *s)
{
    const double fs = s->out->fs;
    for (size_t i = 0; i < s->survey->n_segments; i++) {
        s->segment = &s->survey->segment[i];
        s->shift = -(int64_t)floor((s->segment->start_s - s->out->start_s) * fs + 0.5);
        if (s->shift < s->segment->n && s->shift + s->out->n > 0) {
            MYO_TRY(stream(t, s));
        }
    }
    return MYO_OK;
}

/* ---- the result ---- */

static int busiest_axis(const stretch *s)
{
    double most = -1.0;
    int axis = 0;
    for (int a = 0; a < s->lane->cfg.n_axes; a++) {
        double e = 0.0;
        for (int64_t i = 0; i < s->out->n; i++) {
            e += isnan(s->filtered[a][i]) ? 0.0 : (double)s->filtered[a][i] * s->filtered[a][i];
        }
        axis = e > most ? a : axis;
        most = fmax(most, e);
    }
    return axis;
}

static void take_mean_off(float *x, int64_t n)
{
    double sum = 0.0;
    int64_t count = 0;
    for (int64_t i = 0; i < n; i++) {
        sum += isnan(x[i]) ? 0.0 : (double)x[i];
        count += !isnan(x[i]);
    }
    const float mean = count > 0 ? (float)(sum / (double)count) : 0.0f;
    for (int64_t i = 0; i < n; i++) {
        x[i] -= mean;
    }
}

static float *row_of_nan(int64_t n)
{
    float *x = myo_alloc((size_t)n, sizeof *x);
    for (int64_t i = 0; x && i < n; i++) {
        x[i] = NAN;
    }
    return x;
}

static myo_err run(myo_tracer *t, stretch *s)
{
    const int64_t n = s->out->n;
    s->out->envelope = row_of_nan(n);
    s->out->threshold = row_of_nan(n);
    bool ok = s->out->envelope && s->out->threshold;
    for (int a = 0; a < s->lane->cfg.n_axes; a++) {
        s->raw[a] = row_of_nan(n);
        s->filtered[a] = row_of_nan(n);
        ok = ok && s->raw[a] && s->filtered[a];
    }
    MYO_TRY(ok ? fill(t, s) : MYO_ERR_NOMEM);
    const int axis = busiest_axis(s);
    take_mean_off(s->raw[axis], n);
    s->out->axis = axis;
    s->out->raw = s->raw[axis];
    s->out->filtered = s->filtered[axis];
    s->raw[axis] = s->filtered[axis] = NULL; /* the caller's now */
    return MYO_OK;
}

myo_err myo_trace_get(myo_tracer *t, const char *channel, double from_s, double to_s, myo_trace *out)
{
    int lane = 0;
    MYO_TRY(find_channel(t, channel, &lane));
    const myo_plan_lane *l = &t->plan.lane[lane];
    const double fs = l->cfg.fs;
    if (!(from_s >= 0.0 && to_s - from_s >= 1.0 / fs && (to_s - from_s) * fs <= (double)TRACE_MAX)) {
        return myo_fail(t->d, MYO_ERR_RANGE, "stretch of a figure (found %.9g to %.9g s, allowed from 0, at most %d samples)",
                        from_s, to_s, (int)TRACE_MAX);
    }
    MYO_TRY(survey(t, 0));
    const int64_t first = myo_sample_at(from_s, fs);
    myo_trace got = {.n = myo_sample_at(to_s, fs) - first, .fs = fs, .start_s = (double)first / fs};
    snprintf(got.unit, sizeof got.unit, "%s", l->unit);
    stretch s = {.lane = l, .survey = &t->survey.lane[lane], .out = &got};
    const myo_err err = run(t, &s);
    for (int a = 0; a < MYO_MAX_AXES; a++) {
        myo_free(s.raw[a]);
        myo_free(s.filtered[a]);
    }
    if (err != MYO_OK) {
        myo_trace_clear(&got);
        return err;
    }
    *out = got;
    return MYO_OK;
}

void myo_trace_clear(myo_trace *t)
{
    myo_free(t->raw);
    myo_free(t->filtered);
    myo_free(t->envelope);
    myo_free(t->threshold);
    *t = (myo_trace){0};
}
