/* channels_in.h - between channels.c and the doubts it has. */
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

/* Warns of what was guessed of the channels or is not known; k: one of each. */
void myo_channels_doubt(const myo_reader *r, const myo_known *k);

#endif
