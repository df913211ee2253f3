/* bids_in.h - between bids.c and bids_channels.c. */
#ifndef MYO_IO_BIDS_IN_H
#define MYO_IO_BIDS_IN_H

#include "io/bids.h"

/* Rates a sidecar may state, MYO_MIN_RATE to MYO_MAX_RATE, in the words of a message. */
#define MYO_SIDE_RATES "a number from 1e-4 to 1e6"

/* A copy of n bytes as a string; NULL: no memory. */
char *myo_sidecar_text(const char *s, size_t n);
/* The rows of s->tsv_name, whose n bytes are at p; warns if there are none. */
myo_err myo_sidecar_rows(myo_sidecar *s, const char *p, size_t n, myo_diag *d);

#endif
