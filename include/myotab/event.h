/* event.h - what the analysis finds: bursts, and the events (episodes) they make. */
#ifndef MYOTAB_EVENT_H
#define MYOTAB_EVENT_H

#include <stdint.h>
#include "myotab/params.h"
#include "myotab/rec.h"

/* The classes of contract.md 3.1, in table order; those behind indeterminate come with a preset only. */
typedef enum myo_class {
    MYO_JERK, MYO_CRAMP, MYO_TREMOR, MYO_FASCICULATION, MYO_TETANY, MYO_VOLUNTARY, MYO_ARTEFACT,
    MYO_INDETERMINATE,
    MYO_CLONUS, MYO_LEG_MOVEMENT, MYO_PLM, MYO_FRAGMENTARY,
    MYO_N_CLASS
} myo_class;
const char *myo_class_name(myo_class c);            /* "jerk" ... */
/* Class of a name, or -1. */
int myo_class_from_name(const char *name);
/* Classes a channel of this kind can show (contract.md 3.3), with a preset or without. */
int myo_class_in_kind(myo_class c, myo_kind kind);
/* The same with these parameters (NULL: the defaults): the classes of a preset only where its switch is on. */
int myo_class_shown(myo_class c, myo_kind kind, const myo_params *p);
/* Is it one of those that need no preset? */
int myo_class_is_usual(myo_class c);

/* Flags of a burst or event; names by myo_flag_name(). */
enum {
    MYO_FLAG_CLIPPED = 1 << 0,     /* touches a rail */
    MYO_FLAG_CUT_START = 1 << 1,   /* begins before the recording (or a gap's end) */
    MYO_FLAG_CUT_END = 1 << 2,     /* runs into the end (or a gap) */
    MYO_FLAG_MASKED = 1 << 3,      /* overlaps a masked span */
    MYO_FLAG_LOW_SNR = 1 << 4,     /* under 3 dB */
    MYO_FLAG_RHYTHM = 1 << 5,      /* found by its spectral peak, not by its energy */
    MYO_FLAG_CLONUS_LIKE = 1 << 6, /* 3-8 Hz, interval CV <= 0.15, EMG */
    MYO_FLAG_WALKING = 1 << 7,     /* locked to a slower rhythm under 3 Hz */
    MYO_FLAG_EMG_POSITIVE = 1 << 8, /* tetany: quadruplets and more for 2 min (Dee83) */
    MYO_FLAG_EXCESSIVE = 1 << 9,   /* fragmentary myoclonus: at least 5 a minute for at least 20 min */
    MYO_N_FLAG = 10
};
const char *myo_flag_name(int bit);

#endif
