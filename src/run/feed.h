/* feed.h - blocks of a recording to lanes that work side by side. */
#ifndef MYO_RUN_FEED_H
#define MYO_RUN_FEED_H

#include "base/base.h"
#include "myotab/rec.h"

/* Takes the next block on lane i; false: the lane failed, nothing more is wanted. */
typedef bool (*myo_feed_fn)(void *user, int i, const myo_block *b);

/* Every block of rec from where it stands, of about chunk_s seconds, to each of n lanes in its order. With one worker one
 * block after the other; with more, reading runs ahead, and a worker without work takes whichever lane is most behind: no
 * lane waits for another. The failure of the reader; MYO_OK where a lane failed. MYO_ERR_STOPPED on a signal. */
myo_err myo_feed(myo_rec *rec, double chunk_s, myo_pool *pool, int n, myo_feed_fn push, void *user, myo_diag *d);

#endif
