/* draw.c - random and complete choices, and limits by inverted tests. */
#include <math.h>
#include "stats/draw.h"
#include "stats/order.h"

enum { STREAM_BLOCK = 1024 };

void myo_draw_begin(myo_rng *rng, uint64_t seed, int64_t b) {
    if (b % STREAM_BLOCK == 0) {
        myo_rng_seed(rng, seed, (uint64_t)(b / STREAM_BLOCK));
    }
}

uint32_t myo_draw_below(myo_rng *rng, uint32_t n) {
    const uint32_t uneven = (uint32_t)-n % n;
    for (;;) {
        const uint64_t m = (uint64_t)myo_rng_u32(rng) * n;
        if ((uint32_t)m >= uneven) {
            return (uint32_t)(m >> 32);
        }
    }
}

void myo_draw_choice(myo_rng *rng, size_t n, size_t m, bool *pick, uint32_t *order) {
    for (size_t i = 0; i < n; i++) {
        order[i] = (uint32_t)i;
        pick[i] = false;
    }
    for (size_t i = 0; i < m; i++) {
        const size_t at = i + myo_draw_below(rng, (uint32_t)(n - i));
        pick[order[at]] = true;
        order[at] = order[i];
    }
}

const char *myo_draws_why(myo_draws draws) {
    return draws.resamples < MYO_RESAMPLES_MIN || draws.resamples > MYO_RESAMPLES_MAX
               ? "the number of resamples is not within 199..1000000"
               : NULL;
}

double myo_n_choices(size_t n, size_t m) {
    double count = 1.0;
    m = m < n - m ? m : n - m;
    for (size_t i = 1; i <= m; i++) {
        count = count * (double)(n - m + i) / (double)i; /* whole at every step */
        if (count > 1e15) {
            return INFINITY;
        }
    }
    return count;
}

static void choices_from(size_t i, size_t n, size_t m, bool *pick,
                         void (*fn)(void *user, const bool *pick), void *user) {
    if (i == n) {
        fn(user, pick);
        return;
    }
    if (m > 0) {
        pick[i] = true;
        choices_from(i + 1, n, m - 1, pick, fn, user);
    }
    if (n - i > m) {
        pick[i] = false;
        choices_from(i + 1, n, m, pick, fn, user);
    }
}

void myo_all_choices(size_t n, size_t m, bool *pick, void (*fn)(void *user, const bool *pick),
                     void *user) {
    choices_from(0, n, m, pick, fn, user);
}

/* A shift is kept while more than tail * all arrangements are as extreme in either direction, the
 * observed one always being so: the limits are the k-th lowest and highest threshold. */
void myo_invert(myo_inversion *v, double level, myo_test *t) {
    const double all = (double)v->n + 1.0, tail = 0.5 * (1.0 - level) * (1.0 + 1e-12);
    const double k = fmax(floor(tail * all), 1.0);
    t->p = myo_two_sided(v->lower / all, v->upper / all);
    t->level = fmax(1.0 - 2.0 * k / all, 0.0);
    t->low = myo_kth(v->threshold, v->n, (size_t)k - 1);
    t->high = myo_kth(v->threshold, v->n, v->n - (size_t)k);
}
