/* limb.h - numbers of an accelerometer's burst that tell how its sensor was moved, from the unfiltered axes. */
#ifndef MYO_EVENT_LIMB_H
#define MYO_EVENT_LIMB_H

#include "event/burst.h"
#include "event/feature.h"

/* Unit vector along which the filtered axes vary most in [on, off); one axis: 1. */
void myo_main_direction(double dir[MYO_MAX_AXES], const myo_burst_view *v);

/* Sharpness under which it was a blow on the sensor: no limb answers a muscle so shortly (science.md 8.3). */
#define MYO_BLOW 1.2f

/* Fills sharp and lift; needs rms. Moves on and off of a knock, which the band-pass spreads, to where it really was. */
void myo_burst_limb(myo_burst *b, const myo_burst_view *v);

#endif
