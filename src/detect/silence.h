/* silence.h - silent periods in tonic activity: negative jerks (asterixis, negative myoclonus; science.md 1.1, 5.3).
 *
 *   energy  ######################..........#########################
 *   over    ######################..........#########################
 *   noise   |- 0.5 s of tone -|   |50-500 ms|  |- 0.3 s of tone -|
 *
 * The tone must stand over rest on both sides and be dense: motor units of a faint contraction leave gaps of their own,
 * tremor pauses in every cycle. Its end must be abrupt, and what is left no more than rest, but no less either: a dead
 * contact is quieter than skin. */
#ifndef MYO_DETECT_SILENCE_H
#define MYO_DETECT_SILENCE_H

#include <stdbool.h>
#include <stdint.h>
#include "myotab/err.h"

typedef struct myo_silence_rule {
    double fs;            /* Hz */
    double min_s, max_s;  /* length of a silent period */
    double tone;          /* least rms of the tone before, over rest */
} myo_silence_rule;

/* One silent period; frames count from the first one fed since reset. Energies are over the noise's. */
typedef struct myo_silence_span {
    int64_t on, off;
    double before, after, core;
} myo_silence_span;
typedef myo_err (*myo_silence_fn)(void *user, const myo_silence_span *s);

typedef struct myo_silence myo_silence;
myo_err myo_silence_new(myo_silence **out, const myo_silence_rule *rule);
/* u[0..n): energy over noise, NaN under a mask. Any cutting gives the same spans, in order of onset. */
myo_err myo_silence_push(myo_silence *s, const float *u, int64_t n, myo_silence_fn fn, void *user);
/* Nothing follows. */
myo_err myo_silence_finish(myo_silence *s, myo_silence_fn fn, void *user);
void myo_silence_reset(myo_silence *s);
void myo_silence_free(myo_silence **s);

#endif
