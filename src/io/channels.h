/* channels.h - who is who: names, kinds, units, sensors of a recording's channels. */
#ifndef MYO_IO_CHANNELS_H
#define MYO_IO_CHANNELS_H

#include "io/readers.h"

/* After a reader's open: labels made printable and unique; kind, unit, scale, sensor, muscle of every channel
 * from opts, sidecars, the reader's own word (kind other than MYO_N_KIND), unit and label, in this order.
 * Rails and lsb go from file units to delivered ones. */
myo_err myo_channels_identify(myo_reader *r);

/* A declared type ("EMG", "ACCEL", "XYZ", "ECG" ...) as a kind; MYO_N_KIND if the word is not known. */
myo_kind myo_kind_from_type(const char *type);
/* What a label says by itself; MYO_N_KIND if nothing. */
myo_kind myo_kind_from_label(const char *label);

#endif
