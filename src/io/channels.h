/* channels.h - who is who: names, kinds, units, sensors of a recording's channels. */
#ifndef MYO_IO_CHANNELS_H
#define MYO_IO_CHANNELS_H

#include <stdbool.h>
#include "io/readers.h"

/* A declared type ("EMG", "ACCEL", "XYZ", "ECG" ...) as a kind; MYO_N_KIND if the word is not
 * known. */
myo_kind myo_kind_from_type(const char *type);
/* What a label says by itself; MYO_N_KIND if nothing. */
myo_kind myo_kind_from_label(const char *label);
/* Is it the name of an EEG site: "Fp1", "Cz", "C3-A2"? */
bool myo_is_eeg_site(const char *label);
/* Channels of the sensor that the channel is an axis of; 0 for a lone one. */
int myo_sensor_axes(const myo_recinfo *info, const myo_channel *ch);

#endif
