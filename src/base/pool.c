/* pool.c - a fixed set of worker threads that share out numbered items. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include "base/base.h"

enum { MAX_THREADS = 1024 };

typedef void (*work_fn)(void *user, int item);

struct myo_pool {
    pthread_mutex_t lock;
    pthread_cond_t start, done;
    pthread_t *threads;
    int n_helpers; /* threads besides the caller */
    uint64_t job;  /* number of the current job; helpers wait for it to move */
    int busy;      /* helpers still in the current job */
    bool quit;
    work_fn fn;
    void *user;
    int n;
    atomic_int next; /* first item nobody has claimed */
};

/* Denormals are flushed to zero alike in every worker: they would slow a run, and were they kept in
 * some threads only, results would depend on who did the work. Returns the state to restore. */
#if defined(__x86_64__)
static unsigned flush_denormals(void) {
    const unsigned ftz = 0x8000, daz = 0x0040;
    const unsigned before = __builtin_ia32_stmxcsr();
    __builtin_ia32_ldmxcsr(before | ftz | daz);
    return before;
}

static void restore_denormals(unsigned before) {
    __builtin_ia32_ldmxcsr(before);
}
#else
static unsigned flush_denormals(void) {
    return 0;
}

static void restore_denormals(unsigned before) {
    (void)before;
}
#endif

static void work(myo_pool *p) {
    const unsigned before = flush_denormals();
    for (;;) {
        const int i = atomic_fetch_add(&p->next, 1);
        if (i >= p->n) {
            break;
        }
        p->fn(p->user, i);
    }
    restore_denormals(before);
}

/* Waits for a job newer than *seen; false when the pool ends. */
static bool wait_for_job(myo_pool *p, uint64_t *seen) {
    pthread_mutex_lock(&p->lock);
    while (!p->quit && p->job == *seen) {
        pthread_cond_wait(&p->start, &p->lock);
    }
    *seen = p->job;
    const bool go = !p->quit;
    pthread_mutex_unlock(&p->lock);
    return go;
}

static void *helper(void *arg) {
    myo_pool *p = arg;
    uint64_t seen = 0;
    while (wait_for_job(p, &seen)) {
        work(p);
        pthread_mutex_lock(&p->lock);
        if (--p->busy == 0) {
            pthread_cond_signal(&p->done);
        }
        pthread_mutex_unlock(&p->lock);
    }
    return NULL;
}

/* Signals stay with the caller's thread. A thread the system refuses is done without: fewer workers
 * give the same results, later. */
static void start_helpers(myo_pool *p, int wanted) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    while (p->n_helpers < wanted &&
           pthread_create(&p->threads[p->n_helpers], NULL, helper, p) == 0) {
        p->n_helpers++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

myo_err myo_pool_new(myo_pool **out, int n_threads) {
    if (n_threads < 1 || n_threads > MAX_THREADS) {
        return MYO_ERR_RANGE;
    }
    myo_pool *p = myo_alloc(1, sizeof *p);
    pthread_t *threads = myo_alloc((size_t)n_threads, sizeof *threads);
    if (p == NULL || threads == NULL) {
        myo_free(threads);
        myo_free(p);
        return MYO_ERR_NOMEM;
    }
    p->threads = threads;
    pthread_mutex_init(&p->lock, NULL); /* these three cannot fail on Linux */
    pthread_cond_init(&p->start, NULL);
    pthread_cond_init(&p->done, NULL);
    start_helpers(p, n_threads - 1);
    *out = p;
    return MYO_OK;
}

void myo_pool_for(myo_pool *p, int n, void (*fn)(void *user, int item), void *user) {
    if (p == NULL) {
        for (int i = 0; i < n; i++) {
            fn(user, i);
        }
        return;
    }
    pthread_mutex_lock(&p->lock);
    p->fn = fn;
    p->user = user;
    p->n = n;
    atomic_store(&p->next, 0);
    p->busy = p->n_helpers;
    p->job++;
    pthread_cond_broadcast(&p->start);
    pthread_mutex_unlock(&p->lock);
    work(p);
    pthread_mutex_lock(&p->lock);
    while (p->busy > 0) {
        pthread_cond_wait(&p->done, &p->lock);
    }
    pthread_mutex_unlock(&p->lock);
}

int myo_pool_size(const myo_pool *p) {
    return p != NULL ? p->n_helpers + 1 : 1;
}

void myo_pool_free(myo_pool **p) {
    if (p == NULL || *p == NULL) {
        return;
    }
    myo_pool *q = *p;
    pthread_mutex_lock(&q->lock);
    q->quit = true;
    pthread_cond_broadcast(&q->start);
    pthread_mutex_unlock(&q->lock);
    for (int i = 0; i < q->n_helpers; i++) {
        pthread_join(q->threads[i], NULL);
    }
    pthread_cond_destroy(&q->done);
    pthread_cond_destroy(&q->start);
    pthread_mutex_destroy(&q->lock);
    myo_free(q->threads);
    myo_free(q);
    *p = NULL;
}
