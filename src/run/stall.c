/* stall.c - even stretches of an accelerometer: a quiet limb, or none. */
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "dsp/noise.h"
#include "run/stall.h"

static const double LONG_S = 2.0;
_Static_assert((int)MYO_MAX_AXES <= (int)MYO_REPEAT_AXES, "a lane's axes repeat together");

/* ---- what is seen ---- */

void myo_stall_init(myo_stall *s, const myo_lane_cfg *c)
{
    *s = (myo_stall){.n_axes = c->n_axes, .long_n = (int64_t)ceil(LONG_S * c->fs)};
    for (int a = 0; a < c->n_axes; a++) {
        s->least[a] = INFINITY;
        s->lo[a].x = INFINITY;
        s->hi[a].x = -INFINITY;
    }
}

/* Frames that repeat lengthen no run at an extreme: what clips is one axis, and the others move. */
static void see_end(myo_stall_end *e, float x, bool beyond, bool moved)
{
    if (beyond) {
        *e = (myo_stall_end){.x = x};
    }
    e->at = x == e->x ? e->at + moved : 0;
    e->run = e->at > e->run ? e->at : e->run;
}

/* How a frame differs from the one before. */
typedef struct change {
    bool moved;
    bool small;              /* by one of the smallest steps at most along each axis */
    bool back;               /* along an axis, where the one before came from */
} change;

/* What was counted by a step that is none of the smallest counts no longer. */
static change see_change(myo_stall *s, const float *const *x, int64_t i)
{
    change c = {.moved = s->n == 0, .small = s->n > 0};
    for (int a = 0; a < s->n_axes; a++) {
        const float step = s->n > 0 ? x[a][i] - s->last[a] : 0.0f, size = fabsf(step);
        if (size > 0.0f && size < s->least[a]) {
            if (size < 0.75f * s->least[a]) {
                s->n_back = s->n_repeat = 0;
            }
            s->least[a] = size;
        }
        c.moved = c.moved || size > 0.0f;
        c.small = c.small && (size == 0.0f || size < 1.5f * s->least[a]);
        c.back = c.back || (step > 0.0f && s->step[a] < 0.0f) || (step < 0.0f && s->step[a] > 0.0f);
        s->last[a] = x[a][i];
        s->step[a] = step;
    }
    return c;
}

void myo_stall_see(myo_stall *s, const float *const *x, int64_t on, int64_t off)
{
    for (int64_t i = on; i < off; i++) {
        const change c = see_change(s, x, i);
        for (int a = 0; a < s->n_axes; a++) {
            see_end(&s->lo[a], x[a][i], x[a][i] < s->lo[a].x, c.moved);
            see_end(&s->hi[a], x[a][i], x[a][i] > s->hi[a].x, c.moved);
        }
        s->n_repeat += s->small && !c.moved;
        s->n_back += s->small && c.small && c.back;
        s->small = c.moved && c.small;
        s->run = c.moved ? 1 : s->run + 1;
        s->n_long += s->run == s->long_n;
        s->n++;
    }
}

/* ---- conclusions ---- */

/* Is the sensor coarse against its noise? Behind one smallest step noise makes another one back, or none; a slow movement goes on. Of
 * Gaussian noise whose SD is half a step or more, none is the rarer by far (one in six on three axes, wherever they lie between their
 * steps); from 0.4 steps down it is one in four, and more. Where too few such frames tell, a limb may keep within steps of 2 mg, as its
 * pulse and breath are no more than that; and one that has many still spells does. */
static bool is_coarse(const myo_stall *s, const myo_lane_cfg *c)
{
    static const double SHARE = 0.25, STEP_G = 0.002, EACH_S = 60.0;
    enum { TELLING = 20, MANY = 5 };
    const int64_t quiet = s->n_back + s->n_repeat;
    double step = INFINITY;
    for (int a = 0; a < s->n_axes; a++) {
        step = fmin(step, (double)s->least[a] * c->prior.scale);
    }
    if (quiet >= TELLING && (double)s->n_repeat >= SHARE * (double)quiet) {
        return true;
    }
    const bool many = s->n_long >= MANY && (double)s->n_long * EACH_S * c->fs >= (double)s->n;
    return (!c->calibrated || step >= STEP_G) && (quiet < TELLING || many);
}

/* The length of gravity at rest, give or take 0.3 of it: more than sensors err by. Median of the frames that feel anything; in a
 * recording where it is none that a body can feel, the scale is not known. */
static myo_err find_rest(myo_lane_prior *p, float *const *kept, int64_t n_kept)
{
    static const double NOTHING = 0.05, LEAST = 0.5, MOST = 2.0, OFF = 0.3;
    float *norm = myo_alloc((size_t)n_kept, sizeof *norm);
    if (!norm) {
        return MYO_ERR_NOMEM;
    }
    int64_t n = 0;
    for (int64_t i = 0; i < n_kept; i++) {
        double ss = 0.0;
        for (int a = 0; a < MYO_MAX_AXES; a++) {
            const double x = ((double)kept[a][i] - p->offset[a]) * p->scale;
            ss += x * x;
        }
        norm[n] = (float)sqrt(ss);
        n += ss > NOTHING * NOTHING;
    }
    const double g = n > 0 ? (double)myo_order_statistic(norm, n, n / 2) : 0.0;
    if (g >= LEAST && g <= MOST) {
        p->rest_lo = (1.0 - OFF) * fmin(1.0, g);
        p->rest_hi = (1.0 + OFF) * fmax(1.0, g);
    }
    myo_free(norm);
    return MYO_OK;
}

myo_err myo_stall_conclude(const myo_stall *s, myo_plan_lane *l, float *const *kept, int64_t n_kept)
{
    myo_lane_prior *p = &l->cfg.prior;
    const int64_t quiet = s->n_back + s->n_repeat;
    p->repeat = quiet > 0 ? (double)s->n_repeat / (double)quiet : 0.0;
    p->coarse = is_coarse(s, &l->cfg);
    p->rest_lo = p->rest_hi = 0.0;
    const bool gravity = s->n_axes == MYO_MAX_AXES && l->cfg.calibrated && !strstr(l->flags, "without_gravity");
    return gravity && n_kept > 0 ? find_rest(p, kept, n_kept) : MYO_OK;
}

/* ---- the rule ---- */

myo_repeat_cfg myo_stall_rule(const myo_lane_cfg *c)
{
    /* A limb that does not feel 1 g is being moved: then frames seldom repeat, however coarse; one that feels nothing at all falls, for
     * no more than a moment. In the luckiest posture, all axes midway between steps, those of the least noisy sensor that is not coarse
     * repeat half the time. */
    static const double MOVED = 0.1, LUCKY = 0.5, STUCK_S = 60.0;
    const double flat_n = c->params->mask_flat_ms * c->fs / 1000.0;
    const double off_n = fmax(flat_n, myo_repeat_by_chance(fmin(MOVED, c->prior.repeat)));
    const double rest_n = fmax(off_n, fmax(myo_repeat_by_chance(LUCKY), LONG_S * c->fs));
    return (myo_repeat_cfg){
        .n_axes = c->n_axes,
        .rest_lo = c->prior.rest_lo,
        .rest_hi = c->prior.rest_hi,
        .off_n = (int64_t)off_n,
        .zero_n = (int64_t)fmin(off_n, fmax(flat_n, 3.0)),
        .rest_n = c->prior.coarse ? MYO_REPEAT_NEVER : (int64_t)rest_n,
        .stuck_n = c->prior.coarse || c->n_axes == 1 ? MYO_REPEAT_NEVER : (int64_t)(STUCK_S * c->fs),
    };
}
