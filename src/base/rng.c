/* rng.c - random numbers that are the same for the same seed on every machine. */
#include <math.h>
#include "base/base.h"

#define PCG_MULTIPLIER UINT64_C(6364136223846793005) /* Knuth's, as in O'Neill 2014 */

uint32_t myo_rng_u32(myo_rng *r) {
    const uint64_t old = r->state;
    r->state = old * PCG_MULTIPLIER + r->inc;
    const uint32_t xorshifted = (uint32_t)(((old >> 18) ^ old) >> 27);
    const unsigned rot = (unsigned)(old >> 59);
    return xorshifted >> rot | xorshifted << (-rot & 31);
}

void myo_rng_seed(myo_rng *r, uint64_t seed, uint64_t stream) {
    *r = (myo_rng){.inc = stream << 1 | 1}; /* the increment must be odd */
    myo_rng_u32(r);
    r->state += seed;
    myo_rng_u32(r);
}

double myo_rng_uniform(myo_rng *r) {
    const uint64_t high = myo_rng_u32(r) >> 5; /* 27 bits */
    const uint64_t low = myo_rng_u32(r) >> 6;  /* 26 bits */
    return (double)(high << 26 | low) * 0x1p-53;
}

double myo_rng_normal(myo_rng *r) {
    if (r->has_spare) {
        r->has_spare = false;
        return r->spare;
    }
    double u, v, s;
    do { /* a point in the unit circle (Marsaglia and Bray 1964) */
        u = 2.0 * myo_rng_uniform(r) - 1.0;
        v = 2.0 * myo_rng_uniform(r) - 1.0;
        s = u * u + v * v;
    } while (s >= 1.0 || s <= 0.0);
    const double f = sqrt(-2.0 * log(s) / s);
    r->spare = v * f;
    r->has_spare = true;
    return u * f;
}

double myo_rng_exponential(myo_rng *r) {
    return -log1p(-myo_rng_uniform(r));
}

/* Marsaglia and Tsang 2000, for shape >= 1. */
static double gamma_large(myo_rng *r, double shape) {
    const double d = shape - 1.0 / 3.0;
    const double c = 1.0 / sqrt(9.0 * d);
    for (;;) {
        const double x = myo_rng_normal(r);
        const double t = 1.0 + c * x;
        if (t <= 0.0) {
            continue;
        }
        const double v = t * t * t;
        const double u = 1.0 - myo_rng_uniform(r); /* (0, 1]: its logarithm is finite */
        if (log(u) < 0.5 * x * x + d - d * v + d * log(v)) {
            return d * v;
        }
    }
}

double myo_rng_gamma(myo_rng *r, double shape) {
    if (shape >= 1.0) {
        return gamma_large(r, shape);
    }
    const double u = 1.0 - myo_rng_uniform(r);
    return gamma_large(r, shape + 1.0) * pow(u, 1.0 / shape); /* their section 6 */
}
