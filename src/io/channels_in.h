/* channels_in.h - between channels.c, what sidecars say and the doubts there are. */
#ifndef MYO_IO_CHANNELS_IN_H
#define MYO_IO_CHANNELS_IN_H

#include <stdbool.h>
#include "io/readers.h"

/* What is known of a channel beside its own fields. */
typedef struct myo_known {
    const myo_side_row *row;
    bool own_kind, own_unit; /* the user names this channel's kind, its unit */
    char unit[MYO_UNIT_MAX]; /* unit that counts, after opts and sidecars */
    double scale;            /* file value * scale = unit */
} myo_known;

/* The row of _channels.tsv for the channel called `label`: of several of one name the first, for "name#2" the
 * second, as labels were made unique. NULL if there is none. */
const myo_side_row *myo_side_row_of(const myo_sidecar *side, const char *label);
/* The row of each channel; warns where table and recording do not have the same channels, fails where two
 * rows contradict each other. k: one of each. */
myo_err myo_channels_rows(const myo_reader *r, myo_known *k);
/* Rates of the sidecars against the recording's: warns, or takes the more exact one. */
void myo_channels_rates(const myo_reader *r, const myo_known *k);

/* Warns of what was guessed of the channels or is not known; k: one of each. */
void myo_channels_doubt(const myo_reader *r, const myo_known *k);

#endif
