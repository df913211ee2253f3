/* edge.h - standard errors of a burst's edges. */
#ifndef MYO_EVENT_EDGE_H
#define MYO_EVENT_EDGE_H

#include "event/feature.h"

/* Fills onset_sd_ms and end_sd_ms. */
void myo_edge_errors(myo_burst *b, const myo_burst_view *v);
/* Of end minus onset; the two edges' errors have nothing to do with each other. */
double myo_duration_sd_ms(double onset_sd_ms, double end_sd_ms);

#endif
