/* feed.h - blocks of a recording to lanes that work side by side. */
#ifndef MYO_RUN_FEED_H
#define MYO_RUN_FEED_H

#include "base/base.h"
#include "myotab/rec.h"

/* The next block; one without channels is the end. */
typedef myo_err (*myo_next_fn)(void *from, myo_block *b);
/* Takes the next block on lane i; false: the lane failed, nothing more is wanted. */
typedef bool (*myo_feed_fn)(void *user, int i, const myo_block *b);

/* Every block that `next` gives, to each of n lanes in its order. With one worker one block after the other; with more,
 * reading runs ahead, and a worker without work takes whichever lane is most behind: no lane waits for another. The failure
 * of `next`, which one worker calls at a time; MYO_OK where a lane failed. MYO_ERR_STOPPED on a signal. */
myo_err myo_feed(myo_next_fn next, void *from, myo_pool *pool, int n, myo_feed_fn push, void *user);

#endif
