/* repeat.c - frames of a sensor that repeat on all axes. */
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "dsp/repeat.h"

enum { MOVES, AT_REST, OFF_REST, ZERO };

/* A run of equal samples of one axis. */
typedef struct lone {
    float last;
    int64_t on, moved_before;   /* its first frame; frames that had moved by then */
    int64_t stuck;              /* of the runs before */
} lone;

struct myo_repeat {
    myo_repeat_cfg cfg;
    lone *axis;
    unsigned char *mark;        /* mark[0] is frame `base` */
    size_t cap;
    int64_t base, n;            /* n: frames so far */
    int64_t n_moved;
};

myo_err myo_repeat_new(myo_repeat **out, const myo_repeat_cfg *cfg)
{
    myo_repeat *r = myo_alloc(1, sizeof *r);
    if (!r) {
        return MYO_ERR_NOMEM;
    }
    r->cfg = *cfg;
    r->axis = myo_alloc((size_t)cfg->n_axes, sizeof *r->axis);
    if (!r->axis) {
        myo_repeat_free(&r);
        return MYO_ERR_NOMEM;
    }
    *out = r;
    return MYO_OK;
}

void myo_repeat_free(myo_repeat **r)
{
    if (*r) {
        myo_free((*r)->axis);
        myo_free((*r)->mark);
        myo_free(*r);
        *r = NULL;
    }
}

void myo_repeat_reset(myo_repeat *r)
{
    r->base = r->n = r->n_moved = 0;
    memset(r->axis, 0, sizeof *r->axis * (size_t)r->cfg.n_axes);
}

static int kind_of(const myo_repeat *r, const float *const *x, int64_t i)
{
    double ss = 0.0;
    for (int a = 0; a < r->cfg.n_axes; a++) {
        ss += (double)x[a][i] * (double)x[a][i];
    }
    const double norm = sqrt(ss);
    if (!(r->cfg.rest_lo < r->cfg.rest_hi) || (norm >= r->cfg.rest_lo && norm <= r->cfg.rest_hi)) {
        return AT_REST;
    }
    return ss > 0.0 ? OFF_REST : ZERO;
}

static void end_run(myo_repeat *r, lone *s)
{
    const int64_t n = r->n - s->on;
    if (n >= r->cfg.stuck_n && 2 * (r->n_moved - s->moved_before) >= n) {
        s->stuck += n;
    }
    s->on = r->n;
    s->moved_before = r->n_moved;
}

static int see_frame(myo_repeat *r, const float *const *x, int64_t i)
{
    bool same = r->n > 0;
    for (int a = 0; a < r->cfg.n_axes; a++) {
        lone *s = &r->axis[a];
        if (r->n == 0 || x[a][i] != s->last) {
            same = false;
            end_run(r, s);
        }
        s->last = x[a][i];
    }
    r->n_moved += !same;
    return same ? kind_of(r, x, i) : MOVES;
}

myo_err myo_repeat_push(myo_repeat *r, const float *const *x, int64_t from, int64_t n)
{
    MYO_TRY(myo_grow((void **)&r->mark, &r->cap, (size_t)(r->n - r->base + n), sizeof *r->mark));
    for (int64_t i = from; i < from + n; i++) {
        r->mark[r->n - r->base] = (unsigned char)see_frame(r, x, i);
        r->n++;
    }
    return MYO_OK;
}

int64_t myo_repeat_needs(const myo_repeat *r, int64_t frame)
{
    const int64_t n[] = {0, r->cfg.rest_n, r->cfg.off_n, r->cfg.zero_n};
    return n[r->mark[frame - r->base]];
}

void myo_repeat_drop(myo_repeat *r, int64_t before)
{
    const int64_t n = before - r->base;
    if (n > 0) {
        memmove(r->mark, r->mark + n, (size_t)(r->n - before));
        r->base = before;
    }
}

int64_t myo_repeat_stuck(myo_repeat *r, int axis)
{
    end_run(r, &r->axis[axis]);
    return r->axis[axis].stuck;
}
