/* test.h - what every test and every estimate with an interval gives back. */
#ifndef MYO_STATS_TEST_H
#define MYO_STATS_TEST_H

#include <math.h>
#include <stdint.h>

/* A two-sided test and, where there is one, an estimate with its interval. A number that cannot be
 * had is NaN. why: the reason, a literal text, if nothing could be made at all; NULL if it was. */
typedef struct myo_test {
    double estimate, low, high;
    double level;     /* nominal, or attained where the interval is discrete */
    double p;         /* two-sided */
    double statistic; /* what the method names so; NaN if it names none */
    const char *why;
    int64_t resamples; /* 0: none drawn */
} myo_test;

/* A test that cannot be made. */
static inline myo_test myo_test_none(const char *why) {
    return (myo_test){NAN, NAN, NAN, NAN, NAN, NAN, why, 0};
}

#endif
