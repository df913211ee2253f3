/* crew.h - many recordings, few workers: one recording a worker, spare workers into its channels.
 */
#ifndef MYO_RUN_CREW_H
#define MYO_RUN_CREW_H

#include "base/base.h"

/* pool: the worker's own, for the channels of its recording; not to be kept. */
typedef void (*myo_crew_fn)(void *user, size_t item, myo_pool *pool);
/* fn for every item in [0, n), begun in that order; returns when all are done. Results must not
 * depend on which worker did what: every one has the same floating-point mode. */
myo_err myo_crew_run(int n_threads, size_t n, myo_crew_fn fn, void *user);

#endif
