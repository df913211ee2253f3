/* crew.c - recordings shared out among workers. */
#include <stdatomic.h>
#include <sys/resource.h>
#include "run/crew.h"

typedef struct crew {
    myo_crew_fn fn;
    void *user;
    myo_pool **pool; /* of each worker */
    size_t n;
    atomic_size_t next;
} crew;

/* One worker: the next recording nobody has begun, until there is none. Where the system refused
 * threads, fewer hands run these one after the other, and the first finds all the work. */
static void worker(void *user, int w) {
    crew *c = user;
    for (size_t i; (i = atomic_fetch_add(&c->next, 1)) < c->n;) {
        c->fn(c->user, i, c->pool[w]);
    }
}

/* Workers for whom there are descriptors (reliability.md 4.5): the program's own are spoken for,
 * and each worker may have a recording of two files and one result file open. */
static int affordable(int wanted) {
    enum { OWN = 6, EACH = 3 };
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= (rlim_t)(OWN + EACH * wanted)) {
        return wanted;
    }
    return limit.rlim_cur >= OWN + EACH ? (int)(limit.rlim_cur - OWN) / EACH : 1;
}

myo_err myo_crew_run(int n_threads, size_t n, myo_crew_fn fn, void *user) {
    const int threads = n_threads < 1 ? 1 : n_threads;
    const int workers = affordable(n == 0 ? 1 : n < (size_t)threads ? (int)n : threads);
    crew c = {.fn = fn, .user = user, .n = n};
    myo_pool *outer = NULL;
    c.pool = myo_alloc((size_t)workers, sizeof(myo_pool *));
    myo_err err = c.pool != NULL ? myo_pool_new(&outer, workers) : MYO_ERR_NOMEM;
    for (int w = 0; w < workers && err == MYO_OK; w++) {
        err = myo_pool_new(&c.pool[w], threads / workers);
    }
    if (err == MYO_OK) {
        myo_pool_for(outer, workers, worker, &c);
    }
    for (int w = 0; c.pool != NULL && w < workers; w++) {
        myo_pool_free(&c.pool[w]);
    }
    myo_pool_free(&outer);
    myo_free(c.pool);
    return err;
}
