/* laws.c - events that come one by one, or in clusters. */
#include <math.h>
#include "coverage.h"

const char *const cov_law_name[COV_N_LAW] = {"independent", "geometric", "threes",
                                             "seconds",     "minutes",   "gamma"};

/* Size of clusters, and the mean time from one event of a cluster to the next. Variance over mean
 * of counts in long spans is E S^2 / E S: of geometric sizes of mean m, 2 m - 1. */
static const struct {
    double mean_size, gap_s;
    bool fixed;
} laws[COV_N_LAW] = {
    {1.0, 0.0, true},  {2.0, 0.5, false},  {3.0, 0.5, true},
    {2.0, 5.0, false}, {2.0, 60.0, false}, {1.0, 0.0, true},
};
/* Gamma rates: what a minute's variance over mean has beyond 1. */
static const double GAMMA_EXCESS = 2.0, MINUTE_S = 60.0;

/* Streams of one generator with the same start are kin: the start is scattered too (Steele, Lea and
 * Flood 2014). */
myo_rng cov_rng(uint64_t seed, int64_t trial) {
    uint64_t z = seed + (uint64_t)trial * UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    myo_rng r;
    myo_rng_seed(&r, z ^ z >> 31, (uint64_t)trial);
    return r;
}

int64_t cov_poisson(myo_rng *r, double mean) {
    int64_t n = 0;
    for (double t = myo_rng_exponential(r); t < mean; t += myo_rng_exponential(r)) {
        n++;
    }
    return n;
}

static int64_t size_of_cluster(myo_rng *r, cov_law law) {
    if (laws[law].fixed) {
        return (int64_t)laws[law].mean_size;
    }
    int64_t n = 1;
    while (myo_rng_uniform(r) * laws[law].mean_size >= 1.0) {
        n++;
    }
    return n;
}

int64_t cov_count(myo_rng *r, cov_law law, double mean) {
    int64_t n = 0;
    for (int64_t left = cov_poisson(r, mean / laws[law].mean_size); left > 0; left--) {
        n += size_of_cluster(r, law);
    }
    return n;
}

static size_t gamma_onsets(myo_rng *r, double mean, double length_s, double *onset, size_t cap) {
    const double each = mean / length_s * MINUTE_S, shape = each / GAMMA_EXCESS;
    size_t n = 0;
    for (double from = 0.0; from < length_s; from += MINUTE_S) {
        int64_t left = cov_poisson(r, GAMMA_EXCESS * myo_rng_gamma(r, shape));
        for (; left > 0 && n < cap; left--) {
            const double t = from + MINUTE_S * myo_rng_uniform(r);
            onset[n] = t;
            n += t < length_s;
        }
    }
    myo_sort_f64(onset, n);
    return n;
}

size_t cov_onsets(myo_rng *r, cov_law law, double mean, double length_s, double *onset,
                  size_t cap) {
    if (law == COV_GAMMA) {
        return gamma_onsets(r, mean, length_s, onset, cap);
    }
    const double before_s = 60.0 * laws[law].gap_s; /* a cluster is hardly ever longer */
    const double per_s = mean / laws[law].mean_size / length_s;
    size_t n = 0;
    for (double at = myo_rng_exponential(r) / per_s - before_s; at < length_s;
         at += myo_rng_exponential(r) / per_s) {
        double t = at;
        for (int64_t left = size_of_cluster(r, law); left > 0; left--) {
            if (t >= 0.0 && t < length_s && n < cap) {
                onset[n++] = t;
            }
            t += laws[law].gap_s * myo_rng_exponential(r);
        }
    }
    myo_sort_f64(onset, n);
    return n;
}
