/* spread.h - how far over the body a jerk goes, and which way. */
#ifndef MYO_RUN_SPREAD_H
#define MYO_RUN_SPREAD_H

#include <stdbool.h>
#include "io/bodypart.h"

/* One muscle of a jerk. */
typedef struct myo_spread_site {
    myo_bodypart body;
    double on, sd_ms;   /* s; standard error of the onset */
} myo_spread_site;

/* focal, segmental, multifocal or generalised; NULL where one muscle is all that was looked at. n sites with the jerk of
 * n_usable looked at. *named: by the muscles' places; else some have none, and the number alone decides. */
const char *myo_spread_extent(const myo_spread_site *s, int n, int n_usable, bool *named);
/* left, right or both; NULL where a side is not known. */
const char *myo_spread_sides(const myo_spread_site *s, int n);
/* rostro_caudal, caudo_rostral, outward, together or mixed; NULL under two known levels. Onsets closer than their error
 * (1.96 standard errors, 1 ms at least) are no order. */
const char *myo_spread_order(const myo_spread_site *s, int n);

#endif
