/* boot.c - intervals by resampling blocks of neighbours. */
#include <math.h>
#include <string.h>
#include <gsl/gsl_cdf.h>
#include "base/base.h"
#include "stats/draw.h"
#include "stats/order.h"
#include "stats/resample.h"
#include "stats/stats.h"

typedef struct boot {
    myo_statistic fn;
    const void *user;
    size_t n, block;
    size_t *index;  /* n */
    double *value;  /* statistics of the resamples */
    size_t n_value; /* those that are not NaN */
} boot;

/* Blocks from random places, on a ring, until n units are there. */
static void draw_units(boot *b, myo_rng *rng) {
    for (size_t i = 0; i < b->n;) {
        const size_t start = myo_draw_below(rng, (uint32_t)b->n);
        for (size_t k = 0; k < b->block && i < b->n; k++) {
            b->index[i++] = (start + k) % b->n;
        }
    }
}

static void draw_all(boot *b, myo_draws draws) {
    myo_rng rng = {0};
    for (int64_t i = 0; i < draws.resamples; i++) {
        myo_draw_begin(&rng, draws.seed, i);
        draw_units(b, &rng);
        const double v = b->fn(b->user, b->index, b->n);
        if (isfinite(v)) {
            b->value[b->n_value++] = v;
        }
    }
    myo_sort_f64(b->value, b->n_value);
}

static double plain(boot *b) {
    for (size_t i = 0; i < b->n; i++) {
        b->index[i] = i;
    }
    return b->fn(b->user, b->index, b->n);
}

/* The statistic without block g. */
static double without(boot *b, size_t g) {
    size_t n = 0;
    for (size_t i = 0; i < b->n; i++) {
        if (i / b->block != g) {
            b->index[n++] = i;
        }
    }
    return b->fn(b->user, b->index, n);
}

/* Efron 1987: sum(d^3) / (6 sum(d^2)^(3/2)), d: mean of the left-out statistics less each. Blocks
 * without which there is no statistic say nothing. */
static double acceleration(boot *b) {
    const size_t n_blocks = (b->n + b->block - 1) / b->block;
    double sum = 0.0, count = 0.0, d2 = 0.0, d3 = 0.0;
    for (size_t g = 0; g < n_blocks; g++) {
        const double v = without(b, g);
        sum += isfinite(v) ? v : 0.0;
        count += isfinite(v);
    }
    for (size_t g = 0; g < n_blocks; g++) {
        const double d = sum / count - without(b, g);
        if (isfinite(d)) {
            d2 += d * d;
            d3 += d * d * d;
        }
    }
    return d2 > 0.0 ? d3 / (6.0 * d2 * sqrt(d2)) : 0.0;
}

/* The normal score of the share of resamples under the estimate, those equal to it by half. */
static double bias(const boot *b, double estimate) {
    double under = 0.0;
    const double n = (double)b->n_value;
    for (size_t i = 0; i < b->n_value; i++) {
        under += b->value[i] < estimate ? 1.0 : b->value[i] <= estimate ? 0.5 : 0.0;
    }
    return gsl_cdf_ugaussian_Pinv(fmin(fmax(under, 0.5), n - 0.5) / n);
}

static double bca_quantile(const boot *b, double z, double z0, double a) {
    const double room = 1.0 - a * (z0 + z);
    const double shifted = room > 0.0 ? z0 + (z0 + z) / room : z0 + z > 0.0 ? INFINITY : -INFINITY;
    return myo_quantile_sorted(b->value, b->n_value, gsl_cdf_ugaussian_P(shifted));
}

static void limits(boot *b, myo_boot_kind kind, double level, myo_test *t) {
    const double z = gsl_cdf_ugaussian_Qinv(0.5 * (1.0 - level));
    const bool bca = kind == MYO_BOOT_BCA;
    const double z0 = bca ? bias(b, t->estimate) : 0.0, a = bca ? acceleration(b) : 0.0;
    t->low = bca_quantile(b, -z, z0, a);
    t->high = bca_quantile(b, z, z0, a);
    t->level = level;
}

static const char *refuse(size_t n, size_t block, double level, myo_draws draws) {
    if (n == 0 || n > UINT32_MAX) {
        return n == 0 ? "no unit" : "too many units";
    }
    if (block == 0 || block > n / 2) {
        return "fewer than two blocks";
    }
    return myo_level_ok(level) ? myo_draws_why(draws) : myo_why_level;
}

static void run(boot *b, myo_boot_kind kind, double level, myo_draws draws, myo_test *t) {
    t->estimate = plain(b);
    if (!isfinite(t->estimate)) {
        *t = myo_test_none("the statistic has no value");
        return;
    }
    draw_all(b, draws);
    if ((double)b->n_value < 0.9 * (double)draws.resamples) {
        *t = myo_test_none("too many resamples without a value");
        return;
    }
    limits(b, kind, level, t);
    t->resamples = draws.resamples;
}

myo_err myo_block_bootstrap(myo_statistic fn, const void *user, size_t n, size_t block,
                            myo_boot_kind kind, double level, myo_draws draws, myo_test *out) {
    myo_test t = myo_test_none(refuse(n, block, level, draws));
    if (t.why) {
        *out = t;
        return MYO_OK;
    }
    boot b = {.fn = fn, .user = user, .n = n, .block = block};
    b.index = myo_alloc(n, sizeof *b.index);
    b.value = myo_alloc((size_t)draws.resamples, sizeof *b.value);
    const myo_err e = b.index && b.value ? MYO_OK : MYO_ERR_NOMEM;
    if (e == MYO_OK) {
        run(&b, kind, level, draws, &t);
        *out = t;
    }
    myo_free(b.index);
    myo_free(b.value);
    return e;
}
