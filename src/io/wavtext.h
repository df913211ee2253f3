/* wavtext.h - what the comment of a WAV file says about its channels.
 *
 * Axivity's converters write "Channel-1: Accel-X" and "Scale-1: 8" lines: the channel's name, and what a full-scale
 * sample means (g for accelerometers). */
#ifndef MYO_IO_WAVTEXT_H
#define MYO_IO_WAVTEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Name and full scale of channel n (1-based); false if the comment does not give both. */
bool myo_wav_channel(const char *comment, int n, char *name, size_t cap, double *full_scale);

#endif
