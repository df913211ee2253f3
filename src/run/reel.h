/* reel.h - copies of blocks: a reader's memory holds until its next read only. */
#ifndef MYO_RUN_REEL_H
#define MYO_RUN_REEL_H

#include "base/base.h"
#include "myotab/rec.h"

/* Zero-initialise; may be used again for another block. */
typedef struct myo_copy {
    myo_block b;
    float *data;
    size_t cap;
    const float **x;
    int64_t *n;
    double *start;
} myo_copy;

myo_err myo_copy_block(myo_copy *c, const myo_block *b);
void myo_copy_clear(myo_copy *c);

/* A short recording from its first block to its last, so that it is read and decoded once. Zero-initialise. */
typedef struct myo_reel {
    myo_copy *at;
    size_t n, cap;
} myo_reel;

/* All of rec, hashed on the way, in blocks of about block_s seconds. MYO_ERR_STOPPED on a signal. */
myo_err myo_reel_take(myo_reel *r, myo_rec *rec, double block_s);
void myo_reel_clear(myo_reel *r);

#endif
