/* reel.c - copies of blocks, and a short recording as a row of them. */
#include <string.h>
#include "myotab/stop.h"
#include "run/reel.h"

myo_err myo_copy_block(myo_copy *c, const myo_block *b)
{
    const size_t n_ch = (size_t)b->n_ch;
    size_t total = 0;
    for (int k = 0; k < b->n_ch; k++) {
        total += (size_t)b->n[k];
    }
    if (!c->x) {
        c->x = myo_alloc(n_ch, sizeof *c->x);
        c->n = myo_alloc(n_ch, sizeof *c->n);
        c->start = myo_alloc(n_ch, sizeof *c->start);
    }
    if (!c->x || !c->n || !c->start) {
        return MYO_ERR_NOMEM;
    }
    MYO_TRY(myo_grow((void **)&c->data, &c->cap, total, sizeof *c->data));
    float *to = c->data;
    for (int k = 0; k < b->n_ch; k++) {
        if (b->n[k] > 0) {
            memcpy(to, b->x[k], sizeof *to * (size_t)b->n[k]);
        }
        c->x[k] = to;
        c->n[k] = b->n[k];
        c->start[k] = b->start_s[k];
        to += b->n[k];
    }
    c->b = (myo_block){b->n_ch, c->x, c->n, c->start, b->gap};
    return MYO_OK;
}

void myo_copy_clear(myo_copy *c)
{
    myo_free(c->data);
    myo_free(c->x);
    myo_free(c->n);
    myo_free(c->start);
    *c = (myo_copy){0};
}

static myo_err add(myo_reel *r, const myo_block *b)
{
    MYO_TRY(myo_grow((void **)&r->at, &r->cap, r->n + 1, sizeof *r->at));
    r->at[r->n] = (myo_copy){0};
    return myo_copy_block(&r->at[r->n++], b);
}

myo_err myo_reel_take(myo_reel *r, myo_rec *rec, double block_s)
{
    MYO_TRY(myo_rec_seek(rec, 0.0));
    MYO_TRY(myo_rec_hash_along(rec));
    for (;;) {
        myo_block b;
        if (myo_stop_requested()) {
            return MYO_ERR_STOPPED;
        }
        MYO_TRY(myo_rec_read(rec, block_s, &b));
        if (b.n_ch == 0) {
            return MYO_OK;
        }
        MYO_TRY(add(r, &b));
    }
}

void myo_reel_clear(myo_reel *r)
{
    for (size_t i = 0; i < r->n; i++) {
        myo_copy_clear(&r->at[i]);
    }
    myo_free(r->at);
    *r = (myo_reel){0};
}
