/* part.h - parting an activity into bursts at valleys of the short-scale energy.
 *
 * The long windows of the detector bridge the gaps between tremor or tetany bursts, so an activity may hold many
 * bursts. p[n], the centred mean of u over part_ms, is followed: a valley parts two bursts if it lies part_db
 * under both peaks, or at the noise while both peaks stand clear of it. A tonic contraction has neither. */
#ifndef MYO_DETECT_PART_H
#define MYO_DETECT_PART_H

#include <stdbool.h>
#include <stdint.h>

typedef struct myo_part_rule {
    float ratio;         /* part_db as a power ratio */
    float noise;         /* p below this is compatible with noise */
    float clear;         /* p above this is not */
    float clear_ratio;   /* least peak over a noise-level valley */
} myo_part_rule;

/* Streaming state inside one activity. */
typedef struct myo_part {
    int64_t on;          /* first frame of the present segment */
    float peak;          /* largest p since then */
    float valley;        /* smallest p since that peak */
    int64_t valley_at;
} myo_part;

void myo_part_start(myo_part *s, int64_t on);
/* Next value p of frame i. True: a burst [*on, *off) is complete and the next one has begun at *off. */
bool myo_part_feed(myo_part *s, const myo_part_rule *rule, int64_t i, float p, int64_t *on, int64_t *off);
/* The same for n values from frame i on, up to the first that parts: how many came before it. */
int64_t myo_part_pass(myo_part *s, const myo_part_rule *rule, int64_t i, const float *p, int64_t n);

#endif
