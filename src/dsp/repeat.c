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
    lone axis[MYO_REPEAT_AXES];
    unsigned char *mark;        /* mark[0] is frame `base` */
    size_t cap;
    int64_t base, n;            /* n: frames so far */
    int64_t n_moved;
};

double myo_repeat_by_chance(double share)
{
    return ceil(log(1e-12) / log(fmin(0.999, fmax(1e-6, share))));
}

myo_err myo_repeat_new(myo_repeat **out, const myo_repeat_cfg *cfg)
{
    myo_repeat *r = myo_alloc(1, sizeof *r);
    if (!r) {
        return MYO_ERR_NOMEM;
    }
    r->cfg = *cfg;
    *out = r;
    return MYO_OK;
}

void myo_repeat_free(myo_repeat **r)
{
    if (*r) {
        myo_free((*r)->mark);
        myo_free(*r);
        *r = NULL;
    }
}

void myo_repeat_reset(myo_repeat *r)
{
    r->base = r->n = r->n_moved = 0;
    memset(r->axis, 0, sizeof r->axis);
}

static unsigned char kind_of(const myo_repeat *r, const float *const *x, int64_t i)
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

/* ---- axes that are stuck alone ---- */

/* The axis's run ends before frame `at`, before which so many frames moved; the next one begins with it. */
static void end_run(const myo_repeat *r, lone *s, int64_t at, int64_t moved)
{
    const int64_t n = at - s->on;
    if (n >= r->cfg.stuck_n && 2 * (moved - s->moved_before) >= n) {
        s->stuck += n;
    }
    s->on = at;
    s->moved_before = moved;
}

static int64_t moves_in(const unsigned char *mark, int64_t n)
{
    int64_t moves = 0;
    for (int64_t i = 0; i < n; i++) {
        moves += mark[i] == MOVES;
    }
    return moves;
}

/* The run that ends first in n frames x of the axis, and the start of the one that lasts: none between them is long enough. */
static void see_runs(const myo_repeat *r, lone *s, const float *x, const unsigned char *mark, int64_t n, int64_t moves)
{
    int64_t first = 0, last = n - 1;
    if (r->n > 0 && x[0] == s->last) {
        for (first = 1; first < n && x[first] == x[first - 1];) {
            first++;
        }
    }
    if (first == n) {
        return;
    }
    while (last > first && x[last] == x[last - 1]) {
        last--;
    }
    end_run(r, s, r->n + first, r->n_moved + moves_in(mark, first));
    s->on = r->n + last;
    s->moved_before = r->n_moved + moves - moves_in(mark + last, n - last);
}

/* ---- frames ---- */

/* Does each of n frames repeat the one before? */
static void mark_equal(const myo_repeat *r, unsigned char *mark, const float *const *x, int64_t n)
{
    mark[0] = r->n > 0;
    memset(mark + 1, 1, (size_t)(n - 1));
    for (int a = 0; a < r->cfg.n_axes; a++) {
        const float *v = x[a];
        mark[0] &= v[0] == r->axis[a].last;
        for (int64_t i = 1; i < n; i++) {
            mark[i] &= v[i] == v[i - 1];
        }
    }
}

/* Equal frames are of one kind. */
static void mark_kinds(const myo_repeat *r, unsigned char *mark, const float *const *x, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        if (mark[i] != MOVES) {
            mark[i] = i > 0 && mark[i - 1] != MOVES ? mark[i - 1] : kind_of(r, x, i);
        }
    }
}

static void see_piece(myo_repeat *r, const float *const *x, int64_t n)
{
    unsigned char *mark = r->mark + (r->n - r->base);
    mark_equal(r, mark, x, n);
    mark_kinds(r, mark, x, n);
    const int64_t moves = moves_in(mark, n);
    for (int a = 0; a < r->cfg.n_axes; a++) {
        if (r->cfg.stuck_n != MYO_REPEAT_NEVER) {
            see_runs(r, &r->axis[a], x[a], mark, n, moves);
        }
        r->axis[a].last = x[a][n - 1];
    }
    r->n_moved += moves;
    r->n += n;
}

myo_err myo_repeat_push(myo_repeat *r, const float *const *x, int64_t from, int64_t n)
{
    const int64_t most = r->cfg.stuck_n == MYO_REPEAT_NEVER ? n : r->cfg.stuck_n / 2; /* no such run lies within a piece */
    MYO_TRY(myo_grow((void **)&r->mark, &r->cap, (size_t)(r->n - r->base + n), sizeof *r->mark));
    for (int64_t i = 0; i < n; i += most) {
        const float *at[MYO_REPEAT_AXES];
        for (int a = 0; a < r->cfg.n_axes; a++) {
            at[a] = x[a] + from + i;
        }
        see_piece(r, at, n - i < most ? n - i : most);
    }
    return MYO_OK;
}

int64_t myo_repeat_needs(const myo_repeat *r, int64_t frame)
{
    const int64_t n[] = {0, r->cfg.rest_n, r->cfg.off_n, r->cfg.zero_n};
    return n[r->mark[frame - r->base]];
}

bool myo_repeat_pass(const myo_repeat *r, int64_t from, int64_t n, int64_t *on)
{
    const int64_t need[] = {INT64_MAX, r->cfg.rest_n, r->cfg.off_n, r->cfg.zero_n};
    const unsigned char *mark = r->mark + (from - r->base);
    int64_t start = *on;
    for (int64_t i = 0; i < n; i++) {
        start = mark[i] == MOVES ? from + i : start;
        if (from + i + 1 - start >= need[mark[i]]) {
            return false;
        }
    }
    *on = start;
    return true;
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
    end_run(r, &r->axis[axis], r->n, r->n_moved);
    return r->axis[axis].stuck;
}
