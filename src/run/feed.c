/* feed.c - the order of reading and work, by one thread or by several. */
#include <pthread.h>
#include <string.h>
#include "myotab/stop.h"
#include "run/feed.h"
#include "run/reel.h"

enum { SLOTS = 8 }; /* blocks in memory: one that is read, and some for lanes that are behind or ahead */

typedef struct feed {
    myo_next_fn next;
    void *from;
    int n_lanes;
    myo_feed_fn push;
    void *user;
    pthread_mutex_t lock;
    pthread_cond_t moved;        /* something below changed */
    myo_copy slots[SLOTS];
    int64_t made;                /* blocks read; block k lies in slot k % SLOTS */
    int64_t *at;                 /* next block of each lane */
    int *last;                   /* worker that had the lane last: its caches may still hold it */
    bool *busy;
    bool reading, ended, failed;
    myo_err err;
} feed;

static myo_err read_block(myo_next_fn next, void *from, myo_block *b)
{
    return myo_stop_requested() ? MYO_ERR_STOPPED : next(from, b);
}

static myo_err one_after_the_other(myo_next_fn next, void *from, int n, myo_feed_fn push, void *user)
{
    for (;;) {
        myo_block b;
        MYO_TRY(read_block(next, from, &b));
        for (int i = 0; i < n && b.n_ch > 0; i++) {
            if (!push(user, i, &b)) {
                return MYO_OK;
            }
        }
        if (b.n_ch == 0) {
            return MYO_OK;
        }
    }
}

/* ---- several workers ---- */

static int64_t most_behind(const feed *f)
{
    int64_t least = f->made;
    for (int i = 0; i < f->n_lanes; i++) {
        least = f->at[i] < least ? f->at[i] : least;
    }
    return least;
}

/* The lane for worker w: one that is behind, of those one it had before; -1: none waits. */
static int next_lane(const feed *f, int w)
{
    int best = -1;
    int64_t least = 2 * f->made;
    for (int i = 0; i < f->n_lanes; i++) {
        const int64_t rank = 2 * f->at[i] + (f->last[i] != w);
        if (!f->busy[i] && f->at[i] < f->made && rank < least) {
            least = rank;
            best = i;
        }
    }
    return best;
}

/* With the lock held on entry and return; without it while reading. */
static void read_ahead(feed *f)
{
    myo_copy *s = &f->slots[f->made % SLOTS];
    myo_block b;
    f->reading = true;
    pthread_mutex_unlock(&f->lock);
    myo_err err = read_block(f->next, f->from, &b);
    if (err == MYO_OK && b.n_ch > 0) {
        err = myo_copy_block(s, &b);
    }
    pthread_mutex_lock(&f->lock);
    f->reading = false;
    f->ended = err != MYO_OK || b.n_ch == 0;
    f->made += !f->ended;
    f->err = err;
}

static void work_lane(feed *f, int w, int i)
{
    const myo_block *b = &f->slots[f->at[i] % SLOTS].b;
    f->busy[i] = true;
    f->last[i] = w;
    pthread_mutex_unlock(&f->lock);
    const bool ok = f->push(f->user, i, b);
    pthread_mutex_lock(&f->lock);
    f->busy[i] = false;
    f->at[i]++;
    f->failed = f->failed || !ok;
}

static void worker(void *user, int w)
{
    feed *f = user;
    pthread_mutex_lock(&f->lock);
    while (!f->failed && !(f->ended && most_behind(f) == f->made)) {
        const int lane = next_lane(f, w);
        const int64_t ahead = f->made - most_behind(f);
        if (!f->reading && !f->ended && ahead < (lane < 0 ? SLOTS : SLOTS / 2)) {
            read_ahead(f);
        } else if (lane >= 0) {
            work_lane(f, w, lane);
        } else {
            pthread_cond_wait(&f->moved, &f->lock);
            continue;
        }
        pthread_cond_broadcast(&f->moved);
    }
    pthread_cond_broadcast(&f->moved);
    pthread_mutex_unlock(&f->lock);
}

static myo_err side_by_side(feed *f, myo_pool *pool)
{
    const size_t n = (size_t)f->n_lanes;
    f->at = myo_alloc(n, sizeof *f->at);
    f->last = myo_alloc(n, sizeof *f->last);
    f->busy = myo_alloc(n, sizeof *f->busy);
    if (!f->at || !f->last || !f->busy) {
        return MYO_ERR_NOMEM;
    }
    for (int i = 0; i < f->n_lanes; i++) {
        f->last[i] = i % myo_pool_size(pool);
    }
    pthread_mutex_init(&f->lock, NULL); /* these two cannot fail on Linux */
    pthread_cond_init(&f->moved, NULL);
    myo_pool_for(pool, myo_pool_size(pool), worker, f);
    pthread_cond_destroy(&f->moved);
    pthread_mutex_destroy(&f->lock);
    return f->err;
}

myo_err myo_feed(myo_next_fn next, void *from, myo_pool *pool, int n, myo_feed_fn push, void *user)
{
    if (myo_pool_size(pool) == 1) {
        return one_after_the_other(next, from, n, push, user);
    }
    feed f = {.next = next, .from = from, .n_lanes = n, .push = push, .user = user};
    const myo_err err = side_by_side(&f, pool);
    for (int i = 0; i < SLOTS; i++) {
        myo_copy_clear(&f.slots[i]);
    }
    myo_free(f.at);
    myo_free(f.last);
    myo_free(f.busy);
    return err;
}
