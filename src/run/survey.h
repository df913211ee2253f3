/* survey.h - one pass over a recording's lanes without looking for bursts: where its segments lie, how the noise floor
 * runs, and the extremes of the filtered signal in equal spans of time. */
#ifndef MYO_RUN_SURVEY_H
#define MYO_RUN_SURVEY_H

#include "base/base.h"
#include "run/plan.h"

/* A stretch without gap that was long enough for the filter. */
typedef struct myo_survey_segment {
    double start_s;
    int64_t n;               /* frames */
    size_t first_floor;      /* number of its first epoch */
} myo_survey_segment;

/* Noise energy at frame `on` of its segment, and an epoch later. */
typedef struct myo_survey_floor {
    int64_t on;
    double before, after;
} myo_survey_floor;

typedef struct myo_survey_lane {
    myo_survey_segment *segment;
    size_t n_segments, cap_segments;
    myo_survey_floor *floor;
    size_t n_floors, cap_floors;
    int64_t epoch;           /* frames */
    float *lo, *hi;          /* n_bins, over all axes, masked frames left out; NaN where there is none */
} myo_survey_lane;

typedef struct myo_survey {
    int n_lanes, n_bins;
    double from_s, to_s;     /* what the bins part */
    myo_survey_lane *lane;
} myo_survey;

/* Reads the recording's part through. Bins part [from_s, to_s); n_bins may be 0. pool may be NULL. Clear it always. */
myo_err myo_survey_run(myo_survey *s, const myo_plan *plan, myo_rec *rec, double chunk_s, myo_pool *pool, int n_bins,
                       double from_s, double to_s);
void myo_survey_clear(myo_survey *s);
/* Noise RMS at a frame of a segment. */
double myo_survey_noise(const myo_survey_lane *l, const myo_survey_segment *g, int64_t frame);

#endif
