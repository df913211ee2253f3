/* claim.c - what a row of a comparison allows to be said. */
#include "stats/claim.h"
#include <math.h>
#include <stddef.h>
#include <string.h>

const double myo_claim_level = 0.95;
/* Sen's interval and the score interval of a risk ratio are near their level, not at it, however
 * many there are; under this there are too few. (Signed ranks of 5 people give 93.75 %.) */
static const double NEAR_SEN = 0.94, NEAR_SCORE = 0.93;
static const double ROUNDING = 1e-9; /* of a level */

bool myo_claim_has_interval(const myo_claim *q) {
    return !isnan(q->level) && !(isnan(q->low) && isnan(q->high));
}

bool myo_claim_is_clear(const myo_claim *q) {
    return q->low > q->none || q->high < q->none;
}

/* The interval leaves "no change" out, or there is none beside an exact test; and p agrees. */
static bool is_agreed(const myo_claim *q) {
    const bool bare = q->kind == MYO_CLAIM_GROUPS && q->exact && !myo_claim_has_interval(q);
    const double p = isnan(q->p_adjusted) ? q->p : q->p_adjusted;
    return (myo_claim_is_clear(q) || bare) && !(p > 1.0 - myo_claim_level);
}

/* A ratio's interval from 0 to any size. */
static bool says_nothing(const myo_claim *q) {
    return q->none > 0.5 && q->low <= 0.0 && !isfinite(q->high);
}

static bool is_few(const myo_claim *q, bool agreed) {
    switch (q->kind) {
    case MYO_CLAIM_TREND:
        return q->level < NEAR_SEN || says_nothing(q);
    case MYO_CLAIM_STUDIES:
        return false;
    case MYO_CLAIM_GROUPS:
        return !agreed && (q->level < (q->exact ? NEAR_SCORE : myo_claim_level - ROUNDING) ||
                           (q->exact && q->least_p > 1.0 - myo_claim_level));
    default:
        return q->level < myo_claim_level - ROUNDING || says_nothing(q);
    }
}

double myo_claim_least_p(double n, double m) {
    const double ways = exp(lgamma(n + m + 1.0) - lgamma(n + 1.0) - lgamma(m + 1.0));
    return n > 0.0 && m > 0.0 ? fmin(1.0, (n == m ? 2.0 : 1.0) / ways) : NAN;
}

myo_reading myo_claim_read(const myo_claim *q) {
    if (!myo_claim_has_interval(q) && (q->kind != MYO_CLAIM_GROUPS || isnan(q->p))) {
        return MYO_READING_NONE;
    }
    const bool agreed = is_agreed(q);
    if (is_few(q, agreed)) {
        return MYO_READING_FEW;
    }
    return agreed ? MYO_READING_SHOWN : MYO_READING_UNSHOWN;
}

myo_claim_kind myo_claim_kind_of(const char *design, const char *reference) {
    if (!reference || reference[0] == '\0') {
        return MYO_CLAIM_TREND;
    }
    if (strcmp(design, "forest") == 0) {
        return MYO_CLAIM_STUDIES;
    }
    return strcmp(design, "parallel") == 0 ? MYO_CLAIM_GROUPS : MYO_CLAIM_SAME_PEOPLE;
}

bool myo_claim_is_exact(const char *metric) {
    static const char *const metrics[] = {"incidence", "grade", "onset_s"};
    for (size_t i = 0; i < sizeof metrics / sizeof metrics[0]; i++) {
        if (metric && strcmp(metrics[i], metric) == 0) {
            return true;
        }
    }
    return false;
}
