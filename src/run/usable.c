/* usable.c - exposure of all channels together: the union of what each could be used for. */
#include <string.h>
#include "base/base.h"
#include "run/usable.h"

static const double TOUCH_S = 1e-6;

myo_err myo_usable_add(myo_usable *u, double on, double off)
{
    if (u->n > 0 && on - u->stretch[u->n - 1].off < TOUCH_S) {
        u->stretch[u->n - 1].off = off;
        return MYO_OK;
    }
    MYO_TRY(myo_grow((void **)&u->stretch, &u->cap, u->n + 1, sizeof *u->stretch));
    u->stretch[u->n++] = (myo_stretch){on, off};
    return MYO_OK;
}

/* The lane whose next stretch begins first; -1: all are through. */
static int earliest(const myo_usable *const *lane, const size_t *next, int n)
{
    int best = -1;
    for (int i = 0; i < n; i++) {
        if (next[i] < lane[i]->n &&
            (best < 0 || lane[i]->stretch[next[i]].on < lane[best]->stretch[next[best]].on)) {
            best = i;
        }
    }
    return best;
}

myo_err myo_usable_union(const myo_usable *const *lane, int n, double *seconds)
{
    size_t *next = myo_alloc((size_t)n + 1, sizeof *next);
    if (!next) {
        return MYO_ERR_NOMEM;
    }
    myo_usable all = {0};
    myo_err err = MYO_OK;
    for (int i; err == MYO_OK && (i = earliest(lane, next, n)) >= 0;) {
        const myo_stretch s = lane[i]->stretch[next[i]++];
        const double last = all.n > 0 ? all.stretch[all.n - 1].off : s.on;
        err = myo_usable_add(&all, s.on, s.off > last ? s.off : last);
    }
    *seconds = 0.0;
    for (size_t i = 0; i < all.n; i++) {
        *seconds += all.stretch[i].off - all.stretch[i].on;
    }
    myo_usable_clear(&all);
    myo_free(next);
    return err;
}

void myo_usable_clear(myo_usable *u)
{
    myo_free(u->stretch);
    memset(u, 0, sizeof *u);
}
