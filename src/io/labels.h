/* labels.h - what channel labels tell: kinds, muscles, axes of one sensor. */
#ifndef MYO_IO_LABELS_H
#define MYO_IO_LABELS_H

#include "io/channels.h"

/* Muscle named by the label, as written there ("TA", "biceps"), into dst; "" if none. */
void myo_label_muscle(char *dst, size_t cap, const char *label);
/* Only a number, as recordings without names have them: "1", "ch1"? */
bool myo_is_numbered(const char *label);
/* Sensor and axis of accelerometer channels of one rate and unit: of two or three declared with one place (muscle), of
 * two or three whose labels differ in the axis letter alone, and of three without name and place whose kind is
 * declared. */
myo_err myo_sensors_find(myo_recinfo *info, myo_diag *d);

#endif
