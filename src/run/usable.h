/* usable.h - the stretches of time in which a lane counts as looked at, and the time in which any lane does. */
#ifndef MYO_RUN_USABLE_H
#define MYO_RUN_USABLE_H

#include <stddef.h>
#include "myotab/err.h"

typedef struct myo_stretch {
    double on, off; /* s */
} myo_stretch;

/* In order, apart. Zero-initialise; release with myo_usable_clear(). */
typedef struct myo_usable {
    myo_stretch *stretch;
    size_t n, cap;
} myo_usable;

/* A stretch that begins where the last one ends (by less than a microsecond) makes it longer. */
myo_err myo_usable_add(myo_usable *u, double on, double off);
/* Seconds in which any of n lanes is usable. */
myo_err myo_usable_union(const myo_usable *const *lane, int n, double *seconds);
void myo_usable_clear(myo_usable *u);

#endif
