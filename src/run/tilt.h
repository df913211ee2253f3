/* tilt.h - is a channel active even in its quietest moments?
 *
 * Amplifier noise is about white from 60 to 420 Hz; surface EMG falls by 10-25 dB there (science.md 8.2: median
 * 60-120 Hz). So where the quietest half-seconds of a recording still fall steeply, they are muscle, and the floor
 * under them is what the highest frequencies show. Needs a rate of 1000 Hz. */
#ifndef MYO_RUN_TILT_H
#define MYO_RUN_TILT_H

#include <stdbool.h>
#include <stdint.h>
#include "myotab/err.h"

typedef struct myo_tilt myo_tilt;
myo_err myo_tilt_new(myo_tilt **out, double fs);     /* *out = NULL where the rate is too low */
myo_err myo_tilt_add(myo_tilt *t, const float *x, int64_t n); /* raw samples of one stretch */
void myo_tilt_break(myo_tilt *t);                    /* the next samples do not follow the last */
/* These end a stretch. True if the quietest fifth is active; *density gets the noise density under it, unit^2/Hz. */
bool myo_tilt_active(myo_tilt *t, double *density);
/* Share of the band lo..hi (Hz) that the quietest fifth's noise fills, as degrees of freedom count it: (sum S)^2 / (sum S^2 x
 * width) of the power law S = f^-p through its two bands; 1 for white noise, for an active channel, and where nothing is
 * known. Skin and electrode noise rises towards low frequencies (science.md 8.2). */
double myo_tilt_width(myo_tilt *t, double lo, double hi);
/* How high the highest line at 50 or 60 Hz or their second and third harmonics stands over what is beside it, in this coarse
 * spectrum, dB; INFINITY where the windows are too few to say (under 30 s). */
double myo_tilt_hum_db(myo_tilt *t);
void myo_tilt_free(myo_tilt **t);

#endif
