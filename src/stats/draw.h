/* draw.h - for the resampling tests: random streams, choices, and limits by inverted tests. */
#ifndef MYO_STATS_DRAW_H
#define MYO_STATS_DRAW_H

#include <stdbool.h>
#include <stddef.h>
#include "base/base.h"
#include "stats/resample.h"

/* Before resample b: block b / 1024 begins its own stream. */
void myo_draw_begin(myo_rng *rng, uint64_t seed, int64_t b);
/* A whole number in 0..n-1, each as likely (Lemire 2019). */
uint32_t myo_draw_below(myo_rng *rng, uint32_t n);
/* pick[0..n): a choice of m, marked true, of n; order: n cells of scratch. */
void myo_draw_choice(myo_rng *rng, size_t n, size_t m, bool *pick, uint32_t *order);
const char *myo_draws_why(myo_draws draws); /* NULL: fine */

/* choose(n, m), or INFINITY beyond 1e15. */
double myo_n_choices(size_t n, size_t m);
/* Calls fn for every choice of m of n. */
void myo_all_choices(size_t n, size_t m, bool *pick, void (*fn)(void *user, const bool *pick),
                     void *user);

/* A test of a shift by a group of `all` arrangements, the observed one included. Every other one
 * turns from "less extreme" to "as extreme" when the shift reaches its threshold. */
typedef struct myo_inversion {
    double *threshold;
    size_t n;            /* thresholds: all - 1 */
    double lower, upper; /* arrangements at most / at least as large as the observed at shift 0 */
} myo_inversion;
/* p, level, low and high of t. Reorders the thresholds. */
void myo_invert(myo_inversion *v, double level, myo_test *t);

#endif
