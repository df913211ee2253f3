/* silences.c - silent periods of a lane: energies past the masks, spans in seconds and the lane's unit. */
#include <math.h>
#include "myotab/event.h"
#include "run/lane_in.h"

/* Negative jerks are a matter of muscle: an accelerometer at rest is silent by nature. */
myo_err myo_silences_alloc(myo_lane *l)
{
    const myo_params *p = l->cfg.params;
    const myo_silence_rule rule = {l->cfg.fs, p->negative_min_ms / 1000.0, p->negative_max_ms / 1000.0, p->negative_tone};
    const bool asked = l->sink.silence || l->sink.hold > 0;
    if (l->cfg.kind != MYO_KIND_EMG || !asked || l->sink.watch) {
        return MYO_OK;
    }
    return myo_silence_new(&l->silence, &rule);
}

void myo_silences_reset(myo_lane *l)
{
    if (l->silence) {
        myo_silence_reset(l->silence);
    }
}

static double floor_rms(const myo_lane *l, int64_t frame)
{
    const double part = (double)(frame - l->next_epoch * l->epoch) / (double)l->epoch;
    return sqrt(l->floor_before * pow(l->floor / l->floor_before, fmax(0.0, fmin(1.0, part))));
}

/* A lost contact too short for a mask: neighbouring samples stay within the step of a dropout through most of it. The
 * band-pass hides that under what it smears from the tone on both sides. */
static bool is_dead(const myo_lane *l, int64_t on, int64_t off)
{
    static const double MOST = 0.8;
    const myo_track *t = &l->raw[0];
    const int64_t first = on > t->base ? on : t->base + 1, end = off < t->base + t->n ? off : t->base + t->n;
    int64_t run = 0, longest = 0;
    for (int64_t i = first + 1; i < end; i++) {
        const double step = fabs((double)t->v[i - t->base] - (double)t->v[i - 1 - t->base]);
        run = step <= l->cfg.prior.dead_step ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return end > first && (double)longest > MOST * (double)(end - first);
}

static myo_err hand_on(void *user, const myo_silence_span *s)
{
    const myo_lane *l = user;
    if (is_dead(l, s->on, s->off)) {
        return MYO_OK;
    }
    const double rest = floor_rms(l, s->on), tone = rest * sqrt(s->before);
    if (l->cfg.calibrated && tone < l->cfg.params->emg_gate_uv) {
        return MYO_OK;
    }
    const myo_lapse lapse = {
        .on = l->seg_start + (double)s->on / l->cfg.fs, .off = l->seg_start + (double)s->off / l->cfg.fs,
        .tone = (float)tone, .after = (float)(rest * sqrt(s->after)), .core = (float)(rest * sqrt(s->core)),
        .rest = (float)rest,
    };
    return l->sink.silence(l->sink.user, &lapse);
}

/* Is frame `at` under a mask? *next: the first frame before `end` where that may change. */
static bool is_masked(const myo_lane *l, int64_t at, int64_t end, int64_t *next)
{
    bool masked = false;
    *next = end;
    for (size_t i = 0; i < l->n_spans; i++) {
        const myo_span *s = &l->spans[i];
        const bool over = s->on <= at && s->off > at;
        const int64_t edge = over ? s->off : s->on;
        if (s->kind != MYO_MASK_CLIP) {
            masked = masked || over;
            *next = edge > at && edge < *next ? edge : *next;
        }
    }
    return masked;
}

static myo_err push_masked(myo_lane *l, int64_t n)
{
    float none[256];
    for (int i = 0; i < 256; i++) {
        none[i] = NAN;
    }
    for (; n > 0; n -= 256) {
        MYO_TRY(myo_silence_push(l->silence, none, n < 256 ? n : 256, hand_on, l));
    }
    return MYO_OK;
}

myo_err myo_silences_run(myo_lane *l, int64_t on, int64_t end, bool last)
{
    if (!l->silence) {
        return MYO_OK;
    }
    for (int64_t at = on, next; at < end; at = next) {
        if (is_masked(l, at, end, &next)) {
            MYO_TRY(push_masked(l, next - at));
        } else {
            MYO_TRY(myo_silence_push(l->silence, l->u.v + (at - l->u.base), next - at, hand_on, l));
        }
    }
    return last ? myo_silence_finish(l->silence, hand_on, l) : MYO_OK;
}
