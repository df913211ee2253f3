/* ks.c - Kolmogorov and Smirnov's two samples, exact by counting paths. */
#include <math.h>
#include <string.h>
#include "base/base.h"
#include "stats/order.h"
#include "stats/rank.h"

/* Samples as a path from (0, 0) to (nx, ny): a step right for every x, up for every y, in order of
 * their values. Only where a run of equal values ends is the distance |i/nx - j/ny| looked at. */
typedef struct paths {
    size_t nx, ny;
    const bool *ends; /* ends[i + j]: no value equals the next one */
    uint64_t reach;   /* the distance to be reached, times nx ny */
} paths;

static uint64_t distance(size_t i, size_t j, size_t nx, size_t ny) {
    const uint64_t a = (uint64_t)i * ny, b = (uint64_t)j * nx;
    return a > b ? a - b : b - a;
}

/* The share of all orders of nx and ny values in which the distance is reached. hit[j], for one i:
 * the share among the paths to (i, j); such a path came from the left with probability i/(i+j). */
static double share_reached(const paths *p, double *hit) {
    for (size_t i = 0; i <= p->nx; i++) {
        for (size_t j = 0; j <= p->ny; j++) {
            const double left = i > 0 ? hit[j] : 0.0, below = j > 0 ? hit[j - 1] : 0.0;
            const double all = (double)(i + j);
            if (p->ends[i + j] && distance(i, j, p->nx, p->ny) >= p->reach) {
                hit[j] = 1.0;
            } else {
                hit[j] = all > 0.0 ? ((double)i * left + (double)j * below) / all : 0.0;
            }
        }
    }
    return hit[p->ny];
}

/* Smirnov's limit: P(K >= z) = 2 sum (-1)^(k-1) exp(-2 k^2 z^2); its theta-function twin for small
 * z, where that series is slow. */
static double smirnov_upper(double z) {
    double sum = 0.0;
    if (z < 0.2) {
        return 1.0; /* to 1e-12 */
    }
    if (z < 1.0) {
        for (int k = 1; k < 40; k += 2) {
            sum += exp(-(double)k * (double)k * M_PI * M_PI / (8.0 * z * z));
        }
        return 1.0 - sqrt(2.0 * M_PI) / z * sum;
    }
    for (int k = 1; k < 20; k++) {
        sum += (k % 2 ? 2.0 : -2.0) * exp(-2.0 * (double)k * (double)k * z * z);
    }
    return sum;
}

/* The largest distance, times nx ny; x and y are sorted. ends[0..nx+ny] is filled. */
static uint64_t largest(const double *x, size_t nx, const double *y, size_t ny, bool *ends) {
    uint64_t most = 0;
    size_t i = 0, j = 0;
    while (i < nx || j < ny) {
        const double v = j >= ny || (i < nx && x[i] <= y[j]) ? x[i] : y[j];
        while (i < nx && x[i] <= v) {
            i++;
        }
        while (j < ny && y[j] <= v) {
            j++;
        }
        ends[i + j] = true;
        const uint64_t here = distance(i, j, nx, ny);
        most = here > most ? here : most;
    }
    return most;
}

static const char *refuse(const double *x, size_t nx, const double *y, size_t ny) {
    if (nx == 0 || ny == 0) {
        return "a group is empty";
    }
    return myo_all_finite(x, nx) && myo_all_finite(y, ny) ? NULL : myo_why_finite;
}

myo_err myo_ks_test(const double *x, size_t nx, const double *y, size_t ny, myo_ks *out) {
    myo_ks r = {myo_test_none(refuse(x, nx, y, ny)), false};
    if (r.test.why) {
        *out = r;
        return MYO_OK;
    }
    double *all = myo_alloc(nx + ny, sizeof *all), *hit = myo_alloc(ny + 1, sizeof *hit);
    bool *ends = myo_alloc(nx + ny + 1, sizeof *ends);
    const myo_err e = all && hit && ends ? MYO_OK : MYO_ERR_NOMEM;
    if (e == MYO_OK) {
        memcpy(all, x, nx * sizeof *all);
        memcpy(all + nx, y, ny * sizeof *all);
        myo_sort_f64(all, nx);
        myo_sort_f64(all + nx, ny);
        const uint64_t most = largest(all, nx, all + nx, ny, ends), m = (uint64_t)nx * ny;
        const paths p = {nx, ny, ends, most};
        r.exact = m <= MYO_KS_EXACT;
        r.test.statistic = (double)most / (double)m;
        r.test.p = r.exact ? share_reached(&p, hit)
                           : smirnov_upper(r.test.statistic * sqrt((double)m / (double)(nx + ny)));
        *out = r;
    }
    myo_free(all);
    myo_free(hit);
    myo_free(ends);
    return e;
}
