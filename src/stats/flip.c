/* flip.c - is the mean zero: by flipping signs. */
#include <math.h>
#include "base/base.h"
#include "myotab/stop.h"
#include "stats/draw.h"
#include "stats/order.h"
#include "stats/resample.h"

typedef struct flips {
    const double *d;
    size_t n;
    double slack; /* sums this near to 0 are 0 */
    myo_inversion v;
} flips;

/* The signs of a subset of `count` values with this sum are flipped. The sum of all falls by twice
 * the subset's: at least as large as observed if that is <= 0. */
static void flip(flips *f, size_t at, double sum, size_t count) {
    f->v.threshold[at] = sum / (double)count;
    f->v.upper += sum <= f->slack;
    f->v.lower += sum >= -f->slack;
}

static int count_bits(size_t v) {
    int n = 0;
    for (; v > 0; v &= v - 1) {
        n++;
    }
    return n;
}

/* threshold[mask] holds sums until all are there: a subset's is that of the same without its lowest
 * value, plus this. */
static void all_flips(flips *f) {
    const size_t n_subsets = (size_t)1 << f->n;
    double *sum = f->v.threshold;
    sum[0] = 0.0;
    for (size_t i = 0; i < f->n; i++) {
        const size_t half = (size_t)1 << i;
        for (size_t mask = 0; mask < half; mask++) {
            sum[half + mask] = sum[mask] + f->d[i];
        }
    }
    for (size_t mask = 1; mask < n_subsets; mask++) {
        flip(f, mask - 1, sum[mask], (size_t)count_bits(mask)); /* writes behind what it reads */
    }
}

static void random_flips(flips *f, uint64_t seed) {
    myo_rng rng = {0};
    /* after a stop the caller throws the test away */
    for (size_t b = 0; b < f->v.n && !myo_stop_requested(); b++) {
        size_t count = 0;
        double sum = 0.0;
        myo_draw_begin(&rng, seed, (int64_t)b);
        while (count == 0) { /* the observed arrangement is there already */
            uint32_t bits = 0;
            for (size_t i = 0; i < f->n; i++) {
                bits = i % 32 == 0 ? myo_rng_u32(&rng) : bits >> 1;
                sum += bits & 1 ? f->d[i] : 0.0;
                count += bits & 1;
            }
        }
        flip(f, b, sum, count);
    }
}

static const char *refuse(const double *d, size_t n, double level, myo_draws draws) {
    double most = 0.0;
    if (n < 2) {
        return n == 0 ? "no value" : "one value only";
    }
    if (!myo_level_ok(level)) {
        return myo_why_level;
    }
    if (!myo_all_finite(d, n)) {
        return myo_why_finite;
    }
    for (size_t i = 0; i < n; i++) {
        most = fmax(most, fabs(d[i]));
    }
    if (!(most > 0.0)) {
        return "all values are zero";
    }
    return n > MYO_SIGN_FLIP_EXACT ? myo_draws_why(draws) : NULL;
}

myo_err myo_sign_flip(const double *d, size_t n, double level, myo_draws draws, myo_test *out) {
    myo_test t = myo_test_none(refuse(d, n, level, draws));
    if (t.why) {
        *out = t;
        return MYO_OK;
    }
    const bool exact = n <= MYO_SIGN_FLIP_EXACT;
    double sum = 0.0, size = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += d[i];
        size += fabs(d[i]);
    }
    flips f = {.d = d, .n = n, .slack = 1e-12 * size, .v = {.lower = 1.0, .upper = 1.0}};
    f.v.n = exact ? ((size_t)1 << n) - 1 : (size_t)draws.resamples;
    f.v.threshold = myo_alloc(f.v.n + 1, sizeof *f.v.threshold);
    if (!f.v.threshold) {
        return MYO_ERR_NOMEM;
    }
    if (exact) {
        all_flips(&f);
    } else {
        random_flips(&f, draws.seed);
        t.resamples = draws.resamples;
    }
    myo_invert(&f.v, level, &t);
    t.estimate = t.statistic = sum / (double)n;
    myo_free(f.v.threshold);
    *out = t;
    return MYO_OK;
}
